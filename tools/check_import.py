#!/usr/bin/env python3
"""Compares what `kafila import` wrote with an independent calculation from the file.

    tools/check_import.py online-retail online_retail_ii.csv.zst --database data/kafila.db
    tools/check_import.py olist         olist/                   --database data/kafila.db

Reads the database of the embedded engine and writes nothing. Needs Python 3.9 and, for `.zst`
files, the command `zstd`. Prints one line for each comparison and ends with 1 when one differs.
Nothing here is shared with the importer: the rules are written down a second time, from docs/import.md.
"""

import argparse
import collections
import csv
import datetime
import decimal
import gzip
import io
import json
import pathlib
import sqlite3
import subprocess
import sys
import zoneinfo

Decimal = decimal.Decimal
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


class Comparison:
    def __init__(self):
        self.failures = 0

    def same(self, what, expected, found):
        """Compares two values, or two dictionaries key by key."""
        if isinstance(expected, dict):
            keys = set(expected) | set(found)
            different = {key for key in keys if expected.get(key, 0) != found.get(key, 0)}
            size = f"{len(keys):,} keys"
        else:
            different = set() if expected == found else {""}
            size = f"{expected:,}" if isinstance(expected, int) else str(expected)
        if not different:
            print(f"same       {what}: {size}")
            return
        self.failures += 1
        print(f"DIFFERENT  {what}: {len(different):,} of {size}")
        for key in sorted(different, key=str)[:5]:
            pair = (expected.get(key, 0), found.get(key, 0)) if isinstance(expected, dict) else (expected, found)
            print(f"             {key} file {pair[0]} kafila {pair[1]}")


def rows_of(path):
    path = pathlib.Path(path)
    if path.suffix == ".zst":
        raw = subprocess.run(["zstd", "-dqc", str(path)], capture_output=True, check=True).stdout
    elif path.suffix == ".gz":
        raw = gzip.decompress(path.read_bytes())
    else:
        raw = path.read_bytes()
    # Spaces around a cell mean nothing.
    for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")):
        yield {name: cell.strip() for name, cell in row.items()}


def minor(price, quantity=1):
    """Price times quantity in hundredths, rounded half away from zero."""
    return int((Decimal(price) * quantity * 100).to_integral_value(rounding=decimal.ROUND_HALF_UP))


def micros(text, zone):
    at = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
    return (at.astimezone(UTC) - EPOCH) // datetime.timedelta(microseconds=1)


def month_of(at, zone):
    return (EPOCH + datetime.timedelta(microseconds=at)).astimezone(zone).strftime("%Y-%m")


def open_database(path):
    database = sqlite3.connect(f"file:{pathlib.Path(path).resolve()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def store_of(database, code):
    row = database.execute("select org_id, id from stores where code = ?", (code,)).fetchone()
    if row is None:
        sys.exit(f"there is no store {code}; was the file imported into another one (--store)?")
    return row["org_id"], row["id"]


def totals_of_counters(database, org, store):
    """Orders and money of the store as the rollup by day says."""
    return tuple(database.execute(
        "select coalesce(sum(orders), 0), coalesce(sum(total), 0) from order_days where org_id = ? and store_id = ?", (org, store)
    ).fetchone())


# Online Retail II

COUNTRIES = {
    "Australia": "AU", "Austria": "AT", "Bahrain": "BH", "Belgium": "BE", "Bermuda": "BM", "Brazil": "BR", "Canada": "CA",
    "Channel Islands": "GG", "Cyprus": "CY", "Czech Republic": "CZ", "Denmark": "DK", "EIRE": "IE", "Finland": "FI", "France": "FR",
    "Germany": "DE", "Greece": "GR", "Hong Kong": "HK", "Iceland": "IS", "Israel": "IL", "Italy": "IT", "Japan": "JP", "Korea": "KR",
    "Lebanon": "LB", "Lithuania": "LT", "Malta": "MT", "Netherlands": "NL", "Nigeria": "NG", "Norway": "NO", "Poland": "PL",
    "Portugal": "PT", "RSA": "ZA", "Saudi Arabia": "SA", "Singapore": "SG", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH",
    "Thailand": "TH", "USA": "US", "United Arab Emirates": "AE", "United Kingdom": "GB",
}
SERVICES = {"POST", "DOT", "C2", "C3", "M", "D", "BANK CHARGES", "AMAZONFEE", "CRUK", "B", "S", "ADJUST", "ADJUST2"}


def kind_of(invoice, lines):
    if invoice[0] in "Cc":
        return "return"
    sells = any(int(line["Quantity"]) > 0 and Decimal(line["Price"]) > 0 for line in lines)
    return "order" if invoice[0] not in "Aa" and sells else "adjustment"


def check_online_retail(comparison, source, database, store_code):
    zone = zoneinfo.ZoneInfo("Europe/London")
    invoices = collections.defaultdict(list)
    for row in rows_of(source):
        invoices[row["Invoice"]].append(row)

    count = collections.Counter()
    by_invoice, lines_of, places = {}, {}, {}
    month, country, product = (collections.defaultdict(collections.Counter) for _ in range(3))
    customers, services = {}, set()
    for invoice, lines in invoices.items():
        kind = kind_of(invoice, lines)
        count[kind] += 1
        count[kind + " lines"] += len(lines)
        amounts = [minor(line["Price"], int(line["Quantity"])) for line in lines]
        by_invoice[invoice] = sum(amounts)
        lines_of[invoice] = len(lines)
        at = micros(lines[0]["InvoiceDate"], zone)
        places[invoice] = at
        month[kind][month_of(at, zone)] += sum(amounts)
        country[kind][lines[0]["Country"]] += sum(amounts)
        for line, amount in zip(lines, amounts):
            product[kind][line["StockCode"]] += amount
            # The catalogue learns nothing from an adjustment.
            if kind != "adjustment" and line["StockCode"].upper() in SERVICES:
                services.add(line["StockCode"])
        if lines[0]["Customer ID"]:
            customers.setdefault(lines[0]["Customer ID"], collections.Counter())[kind] += sum(amounts)

    org, store = store_of(database, store_code or "RETAIL")
    known = {code: name for name, code in COUNTRIES.items()}
    place = lambda row, province: province if province else known.get(row["country"], row["country"])
    select = lambda sql: database.execute(sql, (org, store))
    orders = select("select id, external_ref, total, line_count, country, province, created_at, customer_id from orders where org_id = ? and store_id = ?").fetchall()
    notes = select("select id, external_ref, total, kind, country, created_at, order_id, customer_id from credit_notes where org_id = ? and store_id = ?").fetchall()
    kinds = {row["id"]: row["kind"] for row in notes}

    comparison.same("orders", count["order"], len(orders))
    comparison.same("credit notes", count["return"], sum(1 for row in notes if row["kind"] == "return"))
    comparison.same("adjustments", count["adjustment"], sum(1 for row in notes if row["kind"] == "adjustment"))
    comparison.same("total of each invoice", by_invoice,
                    {row["external_ref"]: row["total"] for row in orders} | {row["external_ref"]: -row["total"] for row in notes})
    comparison.same("time of each invoice", places, {row["external_ref"]: row["created_at"] for row in [*orders, *notes]})
    comparison.same("lines of each order", {name: lines for name, lines in lines_of.items() if kind_of(name, invoices[name]) == "order"},
                    {row["external_ref"]: row["line_count"] for row in orders})

    order_lines = select("select l.sku, l.quantity, l.unit_price, l.line_total, o.external_ref from orders o join order_lines l on l.org_id = o.org_id "
                         "and l.order_id = o.id where o.org_id = ? and o.store_id = ?").fetchall()
    note_lines = select("select l.sku, l.quantity, l.unit_price, l.line_total, n.external_ref, n.id from credit_notes n join credit_note_lines l "
                        "on l.org_id = n.org_id and l.credit_note_id = n.id where n.org_id = ? and n.store_id = ?").fetchall()
    comparison.same("all lines", sum(lines_of.values()), len(order_lines) + len(note_lines))
    signature = lambda name, sku, quantity, amount: f"{name}|{sku}|{quantity}|{amount}"
    expected = collections.Counter(signature(invoice, line["StockCode"], int(line["Quantity"]), minor(line["Price"], int(line["Quantity"])))
                                   for invoice, lines in invoices.items() for line in lines)
    found = collections.Counter(signature(row["external_ref"], row["sku"], row["quantity"], row["line_total"]) for row in order_lines)
    found.update(signature(row["external_ref"], row["sku"], -row["quantity"], -row["line_total"]) for row in note_lines)
    comparison.same("each line's product, quantity and amount", dict(expected), dict(found))

    found_month, found_country, found_product = (collections.defaultdict(collections.Counter) for _ in range(3))
    for row in orders:
        found_month["order"][month_of(row["created_at"], zone)] += row["total"]
        found_country["order"][place(row, row["province"])] += row["total"]
    for row in notes:
        found_month[row["kind"]][month_of(row["created_at"], zone)] -= row["total"]
        found_country[row["kind"]][place(row, None)] -= row["total"]
    for row in order_lines:
        found_product["order"][row["sku"]] += row["line_total"]
    for row in note_lines:
        found_product[kinds[row["id"]]][row["sku"]] -= row["line_total"]
    nowhere = [name for name in {name for kind in country.values() for name in kind} if name not in COUNTRIES]
    for kind, word in (("order", "sales"), ("return", "credit notes"), ("adjustment", "adjustments")):
        comparison.same(f"{word} per month", dict(month[kind]), dict(found_month[kind]))
        if kind != "order":
            # A credit note has no address: where the country has no code, it is the store's.
            for name in nowhere:
                country[kind]["United Kingdom"] += country[kind].pop(name, 0)
        comparison.same(f"{word} per country", dict(country[kind]), dict(found_country[kind]))
        comparison.same(f"{word} per product", dict(product[kind]), dict(found_product[kind]))

    named = select("select c.external_ref, sum(t.orders) as orders, sum(t.ordered_total) as total from customers c join customer_totals t "
                   "on t.org_id = c.org_id and t.customer_id = c.id where c.org_id = ? and t.store_id = ? group by c.id").fetchall()
    bought = {name: kinds["order"] for name, kinds in customers.items() if "order" in kinds}
    comparison.same("what each customer bought", bought, {row["external_ref"]: row["total"] for row in named})
    comparison.same("orders without customer", sum(1 for name, lines in invoices.items() if kind_of(name, lines) == "order" and not lines[0]["Customer ID"]),
                    sum(1 for row in orders if row["customer_id"] is None))
    marked = database.execute("select sku from variants where org_id = ? and kind = 'service' and sku is not null", (org,)).fetchall()
    comparison.same("services of the catalogue", " ".join(sorted(services)), " ".join(sorted(row["sku"] for row in marked)))
    comparison.same("rollup by day", str((count["order"], sum(month["order"].values()))), str(totals_of_counters(database, org, store)))
    check_links(comparison, invoices, orders, notes)


MOST_ORDERS = 200


def check_links(comparison, invoices, orders, notes):
    """A note belongs to the earlier order of its customer that holds most of its lines, each with enough left;
    among equals to the newest. The newest 200 orders are looked through."""
    names = {row["id"]: row["external_ref"] for row in orders}
    of_customer = collections.defaultdict(list)
    for row in sorted(orders, key=lambda row: (row["created_at"], row["id"]), reverse=True):
        of_customer[row["customer_id"]].append(row)
    expected, found = {}, {}
    for note in notes:
        if note["kind"] != "return":
            continue
        back = [(line["StockCode"], -int(line["Quantity"])) for line in invoices[note["external_ref"]]]
        best = (0, None)
        earlier = [row for row in of_customer[note["customer_id"]] if row["created_at"] <= note["created_at"]] if note["customer_id"] else []
        for row in earlier[:MOST_ORDERS]:
            left = [[line["StockCode"], int(line["Quantity"])] for line in invoices[row["external_ref"]]]
            matched = 0
            for code, quantity in back:
                for line in left if quantity > 0 else []:
                    if line[0] == code and line[1] >= quantity:
                        line[1] -= quantity
                        matched += 1
                        break
            if matched > best[0]:
                best = (matched, row["external_ref"])
        expected[note["external_ref"]] = best[1]
        found[note["external_ref"]] = names.get(note["order_id"])
    comparison.same("order that each credit note returns", expected, found)
    print(f"           {sum(1 for name in found.values() if name):,} of {len(found):,} credit notes are linked")


# Olist

STATES = {"created": "PENDING", "approved": "CONFIRMED", "processing": "PROCESSING", "invoiced": "PROCESSING", "shipped": "SHIPPED",
          "delivered": "DELIVERED", "canceled": "CANCELLED", "unavailable": "BACKORDERED"}
TAGS = {"invoiced": "invoiced", "unavailable": "unavailable"}
METHODS = {"credit_card": "card", "debit_card": "card", "boleto": "transfer", "voucher": "voucher"}


def table(folder, name):
    for ending in (".csv", ".csv.zst", ".csv.gz"):
        path = pathlib.Path(folder) / (name + ending)
        if path.exists():
            return list(rows_of(path))
    sys.exit(f"{name}.csv is not in {folder}")


def check_olist(comparison, source, database, store_code):
    zone = zoneinfo.ZoneInfo("America/Sao_Paulo")
    items, paid = collections.defaultdict(list), collections.defaultdict(list)
    for row in table(source, "olist_order_items_dataset"):
        items[row["order_id"]].append(row)
    for row in table(source, "olist_order_payments_dataset"):
        paid[row["order_id"]].append(row)
    people = {row["customer_id"]: row["customer_unique_id"] for row in table(source, "olist_customers_dataset")}

    state, total, freight, moves, days, late, money, tags, who, lines, promised = ({} for _ in range(11))
    for row in table(source, "olist_orders_dataset"):
        name, status = row["order_id"], row["order_status"]
        at = lambda column: micros(row[column], zone) if row[column] else None
        bought, approved = at("order_purchase_timestamp"), at("order_approved_at")
        carrier, delivered = at("order_delivered_carrier_date"), at("order_delivered_customer_date")
        payments = [minor(one["payment_value"]) for one in paid[name]]
        freight[name] = sum(minor(one["freight_value"]) for one in items[name])
        goods = sum(minor(one["price"]) for one in items[name]) if items[name] else sum(payments)
        state[name], total[name] = STATES[status], goods + freight[name]
        tags[name] = json.dumps([TAGS[status]] if status in TAGS else [])
        who[name], lines[name] = people[row["customer_id"]], max(len(items[name]), 1)
        promised[name] = row["order_estimated_delivery_date"][:10]
        moves[name + " placed"] = bought
        confirmed = approved or bought
        if status not in ("created", "canceled") or (status == "canceled" and approved):
            moves[name + " confirm"] = confirmed
        if status in ("processing", "invoiced", "shipped", "delivered"):
            moves[name + " process"] = carrier or confirmed
        if status in ("shipped", "delivered"):
            moves[name + " hand_over"] = carrier or confirmed
        if status == "delivered":
            moves[name + " deliver"] = delivered or carrier or confirmed
            days[name] = delivered - bought
            late[name] = int(row["order_delivered_customer_date"] > row["order_estimated_delivery_date"])
        if status == "canceled":
            moves[name + " cancel"] = confirmed
        if status == "unavailable":
            moves[name + " backorder"] = confirmed
        for one, value in zip(paid[name], payments):
            if value > 0:
                money[f"{name} {one['payment_sequential']}"] = f"{METHODS.get(one['payment_type'], 'other')} {value} {confirmed}"

    org, store = store_of(database, store_code or "OLIST")
    select = lambda sql: database.execute(sql, (org, store)).fetchall()
    orders = select("select o.*, c.external_ref as customer_ref from orders o left join customers c on c.org_id = o.org_id and c.id = o.customer_id "
                    "where o.org_id = ? and o.store_id = ?")
    by = lambda column: {row["external_ref"]: row[column] for row in orders}
    comparison.same("orders", len(state), len(orders))
    comparison.same("states", dict(collections.Counter(state.values())), dict(collections.Counter(row["state"] for row in orders)))
    comparison.same("state of each order", state, by("state"))
    comparison.same("total of each order", total, by("total"))
    comparison.same("freight of each order", freight, by("shipping_fee"))
    comparison.same("lines of each order", lines, by("line_count"))
    comparison.same("tags of each order", tags, by("tags"))
    comparison.same("customer of each order", who, by("customer_ref"))
    first_day = datetime.date(1970, 1, 1)
    comparison.same("promised day of each order", promised,
                    {name: str(first_day + datetime.timedelta(days=day)) for name, day in by("expected_on").items()})

    names = {row["id"]: row["external_ref"] for row in orders}
    found_moves, kinds = {}, ("order.placed", "order.moved")
    events = database.execute("select at, kind, subject_id, data from events where org_id = ? and subject_kind = 'ord' and kind in (?, ?)", (org, *kinds))
    for event in events:
        name = names.get(event["subject_id"])
        if name:
            action = "placed" if event["kind"] == "order.placed" else json.loads(event["data"])["action"]
            found_moves[f"{name} {action}"] = event["at"]
    comparison.same("time of each event", moves, found_moves)
    delivered = [name for name in state if state[name] == "DELIVERED"]
    comparison.same("days to the door", days, {name: found_moves.get(name + " deliver", 0) - found_moves.get(name + " placed", 0) for name in delivered})
    midnight = lambda name: micros(promised[name] + " 00:00:00", zone)
    comparison.same("late deliveries", late, {name: int(found_moves.get(name + " deliver", 0) > midnight(name)) for name in delivered})
    print(f"           {sum(late.values()):,} of {len(delivered):,} came late; {sum(days.values()) / max(len(days), 1) / 86_400e6:.2f} days on average")
    transactions = select("select t.reference, t.method, t.amount, t.at, o.external_ref from orders o join transactions t on t.org_id = o.org_id "
                          "and t.order_id = o.id where o.org_id = ? and o.store_id = ?")
    comparison.same("each payment", money, {f"{row['external_ref']} {row['reference']}": f"{row['method']} {row['amount']} {row['at']}" for row in transactions})
    sums = collections.Counter()
    for key, text in money.items():
        sums[key.split()[0]] += int(text.split()[1])
    state_of_payment = {name: "paid" if sums[name] >= total[name] and sums[name] > 0 else "unpaid" for name in state}
    comparison.same("what each order counts as paid", state_of_payment, by("payment_state"))
    comparison.same("rollup by day", str((len(state), sum(total.values()))), str(totals_of_counters(database, org, store)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("preset", choices=["online-retail", "olist"])
    arguments.add_argument("source", help="the imported file or folder")
    arguments.add_argument("--database", required=True, help="kafila.db of the data directory")
    arguments.add_argument("--store", help="the store's code, when --store was given to the import")
    given = arguments.parse_args()
    comparison = Comparison()
    check = check_online_retail if given.preset == "online-retail" else check_olist
    check(comparison, given.source, open_database(given.database), given.store)
    print("everything is the same" if comparison.failures == 0 else f"{comparison.failures} comparisons differ")
    sys.exit(1 if comparison.failures else 0)


if __name__ == "__main__":
    main()
