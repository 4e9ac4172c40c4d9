"""Puts a few things into a fresh Kafila and writes a configuration for Schemathesis that names them, so that
bodies are tried on things that exist.

    fuzz_seed.py ADDRESS KEY FILE
"""

import json
import sys
import urllib.error
import urllib.request

address, key, file = sys.argv[1:]


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(address + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")


def items(path):
    return call("GET", path)["items"]


def dinars(amount):
    return {"amount": amount, "currency": "DZD"}


store = items("/api/v1/stores")[0]["id"]
orders = [
    call("POST", "/api/v1/orders", {
        "store_id": store,
        "external_ref": f"F-{n}",
        "customer": {"name": "Amina Benali", "phone": "0550 14 23 87", "email": "amina@example.dz"},
        "shipping_address": {"line1": "Cité 200 logts", "city": "Bir El Djir", "province": "Oran"},
        "lines": [{"sku": "LIN-M", "title": "Linen dress", "quantity": 2, "unit_price": dinars(840_000)}],
    })
    for n in range(5)
]
order = call("GET", f"/api/v1/orders/{orders[0]['id']}")
customer = order["customer"]["id"]
call("POST", f"/api/v1/customers/{customer}/addresses", {"line1": "Rue 7", "city": "Oran", "province": "Oran"})
second_store = call("POST", "/api/v1/stores", {"code": "NATU", "name": "Natu"})["id"]
role = call("POST", "/api/v1/roles", {"name": "Tried", "permissions": ["order.read"]})["id"]
user = call("POST", "/api/v1/users", {"email": "tried@example.dz", "name": "Tried", "role_id": role, "store_ids": [store]})["user"]["id"]
spare_key = call("POST", "/api/v1/api-keys", {"name": "Tried", "role_id": role})["key"]["id"]
schedule = next(one for one in items("/api/v1/schedules") if one["kind"] == "prove_counters")["id"]
job = call("POST", f"/api/v1/schedules/{schedule}/run")["job_id"]

# By the beginning of the path; the longest one counts.
things = {
    "/api/customer-service/customers/": {"id": customer},
    "/api/enhanced-orders/": {"id": order["id"]},
    "/api/v1/api-keys/": {"id": spare_key},
    "/api/v1/customers/": {"id": customer, "address_id": call("GET", f"/api/v1/customers/{customer}")["addresses"][0]["id"]},
    "/api/v1/jobs/": {"id": job},
    "/api/v1/orders/": {"id": order["id"], "line_id": order["lines"][0]["id"]},
    "/api/v1/places/": {"country": "DZ", "province": "31"},
    "/api/v1/roles/": {"id": role},
    "/api/v1/schedules/": {"id": schedule},
    "/api/v1/settings/": {"section": "orders"},
    "/api/v1/stores/": {"id": second_store},
    "/api/v1/users/": {"id": user},
    "/api/v1/variants/": {"id": items("/api/v1/variants")[0]["id"]},
    "/orders/": {"id": order["id"]},
}

with urllib.request.urlopen(f"{address}/api/openapi.json", timeout=30) as answer:
    paths = json.load(answer)["paths"]
with open(file, "w", encoding="utf-8") as out:
    for path in paths:
        begins = [begin for begin in things if path.startswith(begin)]
        values = things[max(begins, key=len)] if begins else {}
        named = {name: value for name, value in values.items() if "{" + name + "}" in path}
        if named:
            fields = ", ".join(f'"path.{name}" = {json.dumps(value)}' for name, value in named.items())
            out.write(f'[[operations]]\ninclude-path = {json.dumps(path)}\nparameters = {{ {fields} }}\n\n')
