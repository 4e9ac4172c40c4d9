//! Tags and the team's own fields, on orders and customers.

use serde_json::{Value, json};
use testkit::{Answer, Client, PlacedOrder, Shop, both};

async fn order(shop: &Shop, tags: Value) -> PlacedOrder {
    shop.order().with("tags", tags).await
}

async fn customer(shop: &Shop, order: &PlacedOrder) -> String {
    shop.admin().get(&order.path("")).await.expect(200).body["customer"]["id"].as_str().unwrap().to_owned()
}

async fn tag_called(client: &Client, name: &str) -> Value {
    let listed = client.get(&format!("/api/v1/tags?with_archived=true&search={name}")).await.expect(200);
    listed.items().iter().find(|tag| tag["name"] == name).unwrap_or_else(|| panic!("no tag {name}: {listed}")).clone()
}

/// The numbers of the orders that a filter finds, newest first.
async fn found(client: &Client, filter: &str) -> Vec<String> {
    let listed = client.get(&format!("/api/v1/orders?{filter}")).await.expect(200);
    assert_eq!(listed.body["total"], json!(listed.items().len()), "{listed}");
    listed.items().iter().map(|order| order["number"].as_str().unwrap().to_owned()).collect()
}

fn numbers(orders: &[&PlacedOrder]) -> Vec<String> {
    orders.iter().map(|order| order.number.clone()).collect()
}

async fn field(shop: &Shop, body: Value) -> Answer {
    let mut whole = json!({"subject": "order", "kind": "text", "is_filterable": true});
    for (name, value) in body.as_object().unwrap() {
        whole[name] = value.clone();
    }
    shop.admin().post("/api/v1/fields", whole).await
}

/// Jobs of fields begin when every process knows the new definition.
async fn settled(shop: &Shop) {
    shop.advance(10);
    assert_eq!(shop.run_jobs().await.failed, []);
}

both! {
    async fn a_tag_begins_with_its_first_use_and_is_one_however_it_is_spelled(shop: Shop) {
        let first = order(&shop, json!(["Cadeau", "vip"])).await;
        let second = order(&shop, json!(["  CADEAU ", "cadeau", "هدية"])).await;
        assert_eq!(first.body["tags"], json!(["Cadeau", "vip"]));
        assert_eq!(second.body["tags"], json!(["Cadeau", "هدية"]));
        let tags = shop.agent().get("/api/v1/tags").await.expect(200);
        let shown: Vec<Value> = tags.items().iter().map(|tag| json!([tag["name"], tag["tone"], tag["orders"], tag["customers"]])).collect();
        assert_eq!((shown.len(), &tags.body["total"]), (3, &json!(3)));
        assert!(shown.contains(&json!(["Cadeau", "neutral", null, null])), "an agent sees only her own orders: {shown:?}");
        let cadeau = tag_called(&shop.admin(), "Cadeau").await;
        assert_eq!((&cadeau["orders"], &cadeau["customers"], &cadeau["version"]), (&json!(2), &json!(0), &json!(1)));

        // An order without tags has no row in the index.
        shop.order().await;
        let rows: i64 = shop.edge().await.read(|tx, _| {
            let (rows,): (i64,) = tx.one("select count(*) from order_facets where org_id = $1", db::params![tx.org()])?;
            Ok(rows)
        }).await.unwrap();
        assert_eq!(rows, 4);
    }

    async fn single_tags_come_and_go_without_a_version(shop: Shop) {
        let order = order(&shop, json!(["vip"])).await;
        let tags = order.path("/tags");
        let tagged = shop.agent().post(&tags, json!({"tags": ["gift", "VIP"]})).await.expect(200);
        assert_eq!((&tagged.body["tags"], &tagged.body["version"]), (&json!(["vip", "gift"]), &json!(2)));
        let again = shop.colleague().post(&tags, json!({"tags": ["gift"]})).await.expect(200);
        assert_eq!(again.body["version"], 2, "nothing changed");
        let gift = tag_called(&shop.admin(), "gift").await;
        let without = shop.agent().delete(&order.path("/tags/vip")).await.expect(200);
        assert_eq!(without.body["tags"], json!(["gift"]));
        let none = shop.agent().delete(&order.path(&format!("/tags/{}", gift["id"].as_str().unwrap()))).await.expect(200);
        assert_eq!((&none.body["tags"], &none.body["version"]), (&json!([]), &json!(4)));
        shop.agent().delete(&order.path("/tags/never")).await.expect(404);
        assert_eq!(tag_called(&shop.admin(), "gift").await["orders"], 0);

        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        let changes: Vec<Value> = history.items().iter().filter(|event| event["kind"] == "order.changed").map(|event| event["changes"][0].clone()).collect();
        assert_eq!(changes[0], json!({"field": "tags", "before": ["vip"], "after": ["vip", "gift"]}));
        assert_eq!(changes.len(), 3);

        for (body, expected) in [
            (json!({"tags": []}), "tags: required"), (json!({"tags": [" "]}), "tags[0]: required"), (json!({"tags": ["x".repeat(41)]}), "tags[0]: too_long"),
            (json!({"tags": (0..51).map(|n| format!("t{n}")).collect::<Vec<_>>()}), "tags: too_many"),
        ] {
            assert_eq!(shop.agent().post(&tags, body).await.expect(422).fields(), [expected]);
        }
        shop.weak().post(&tags, json!({"tags": ["x"]})).await.expect(403);
        shop.neighbour().post(&tags, json!({"tags": ["x"]})).await.expect(404);
        let once = shop.agent().once("tag");
        let one = once.post(&tags, json!({"tags": ["late"]})).await.expect(200);
        assert_eq!(once.post(&tags, json!({"tags": ["late"]})).await.expect(200).text, one.text);
    }

    async fn new_tags_may_need_the_right(shop: Shop) {
        let known = order(&shop, json!(["vip"])).await;
        shop.admin().put("/api/v1/settings/fields", json!({"value": {"new_tags": false}})).await.expect(200);
        assert_eq!(shop.agent().post(&known.path("/tags"), json!({"tags": ["VIP", "new"]})).await.expect(422).fields(), ["tags[1]: tag.unknown"]);
        let mut body = shop.order().with("tags", json!(["vip", "new"])).body();
        body["priority"] = json!("high");
        body["lines"][0]["quantity"] = json!(0);
        // Together with whatever else is wrong.
        assert_eq!(shop.agent().place(body).await.expect(422).fields(), ["lines[0].quantity: quantity", "tags[1]: tag.unknown"]);
        shop.agent().patch(&known.path(""), json!({"tags": ["vip"]})).await.expect(200);
        shop.manager().post(&known.path("/tags"), json!({"tags": ["new"]})).await.expect(200);
        shop.agent().post(&known.path("/tags"), json!({"tags": ["new"]})).await.expect(200);

        let new = tag_called(&shop.admin(), "new").await;
        let path = format!("/api/v1/tags/{}", new["id"].as_str().unwrap());
        shop.agent().patch(&path, json!({"is_archived": true})).await.expect(403);
        shop.manager().patch(&path, json!({"is_archived": true, "version": 1})).await.expect(200);
        assert_eq!(shop.agent().get("/api/v1/tags").await.expect(200).body["total"], 1);
        let other = shop.order().await;
        assert_eq!(shop.agent().post(&other.path("/tags"), json!({"tags": ["new"]})).await.expect(422).fields(), ["tags[0]: tag.archived"]);
        // Where it stands it may stay.
        shop.agent().patch(&known.path(""), json!({"tags": ["new"]})).await.expect(200);
    }

    async fn tags_are_made_changed_and_refused_like_everything_that_people_edit(shop: Shop) {
        let made = shop.manager().post("/api/v1/tags", json!({"name": "Fragile", "tone": "warn"})).await.expect(201);
        let path = format!("/api/v1/tags/{}", made.id());
        assert_eq!((&made.body["tone"], &made.body["position"], &made.body["orders"]), (&json!("warn"), &json!(1), &json!(0)));
        for (body, expected) in [
            (json!({"name": " "}), "name: required"), (json!({"name": "fragile"}), "name: taken"), (json!({"name": "x", "tone": "pink"}), "tone: format"),
            (json!({"name": "x".repeat(41)}), "name: too_long"), (json!({"name": "x", "position": -1}), "position: range"), (json!({"name": "a\nb"}), "name: text.control"),
        ] {
            assert_eq!(shop.manager().post("/api/v1/tags", body).await.expect(422).fields(), [expected]);
        }
        shop.agent().post("/api/v1/tags", json!({"name": "x"})).await.expect(403);
        let changed = shop.manager().patch(&path, json!({"tone": "bad", "version": 1})).await.expect(200);
        assert_eq!((&changed.body["version"], changed.body["task_id"].is_null()), (&json!(2), true));
        let stale = shop.manager().patch(&path, json!({"tone": "ok", "position": 7, "version": 1})).await.expect(409);
        assert_eq!((&stale.body["version"], &stale.body["fields"]), (&json!(2), &json!(["tone", "position"])));
        let read = shop.agent().get(&path).await.expect(200);
        assert_eq!((read.header("etag"), &read.body["tone"]), ("\"2\"", &json!("bad")));
        shop.foreigner().get(&path).await.expect(404);
        let events = shop.admin().get("/api/v1/events?kind=tag.changed").await.expect(200);
        assert_eq!(events.items()[0]["changes"], json!([{"field": "tone", "before": "warn", "after": "bad"}]));

        for n in 0..4 {
            shop.manager().post("/api/v1/tags", json!({"name": format!("t{n}")})).await.expect(201);
        }
        let part = shop.agent().get("/api/v1/tags?limit=2").await.expect(200);
        let rest = shop.agent().get(&format!("/api/v1/tags?limit=200&cursor={}", part.body["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!((part.items().len(), rest.items().len(), &rest.body["next_cursor"]), (2, 3, &Value::Null));
    }

    async fn a_rename_goes_through_to_everything_that_bears_the_tag(shop: Shop) {
        let first = order(&shop, json!(["gift", "vip"])).await;
        let second = order(&shop, json!(["vip"])).await;
        let buyer = customer(&shop, &first).await;
        shop.agent().post(&format!("/api/v1/customers/{buyer}/tags"), json!({"tags": ["vip"]})).await.expect(200);
        let vip = tag_called(&shop.admin(), "vip").await;
        let renamed = shop.manager().patch(&format!("/api/v1/tags/{}", vip["id"].as_str().unwrap()), json!({"name": "Gold"})).await.expect(200);
        let task = renamed.body["task_id"].as_str().unwrap().to_owned();

        // At once by either name, before the job.
        for name in ["Gold", "vip"] {
            assert_eq!(found(&shop.agent(), &format!("tag={name}")).await, numbers(&[&second, &first]));
        }
        assert_eq!(shop.run_jobs().await.failed, []);
        let done = shop.manager().get(&format!("/api/v1/tasks/{task}")).await.expect(200);
        assert_eq!((&done.body["state"], &done.body["done"], &done.body["total"]), (&json!("done"), &json!(3), &json!(3)), "{done}");
        let read = shop.agent().get(&first.path("")).await.expect(200).body;
        assert_eq!((&read["tags"], &read["version"]), (&json!(["gift", "Gold"]), &json!(1)), "no editor collides with it");
        assert_eq!(shop.agent().get(&format!("/api/v1/customers/{buyer}")).await.expect(200).body["tags"], json!(["Gold"]));
        // A program that knows the old name goes on using it.
        let third = order(&shop, json!(["VIP"])).await;
        assert_eq!(third.body["tags"], json!(["Gold"]));
        assert_eq!(tag_called(&shop.admin(), "Gold").await["orders"], 3);
        // Somebody may give the old name to a new tag.
        shop.manager().post("/api/v1/tags", json!({"name": "vip"})).await.expect(201);
        assert_eq!(found(&shop.agent(), "tag=vip").await, [""; 0]);
    }

    async fn two_tags_become_one(shop: Shop) {
        let first = order(&shop, json!(["gift", "present"])).await;
        let second = order(&shop, json!(["present"])).await;
        let third = order(&shop, json!(["gift"])).await;
        let (gift, present) = (tag_called(&shop.admin(), "gift").await, tag_called(&shop.admin(), "present").await);
        let path = format!("/api/v1/tags/{}/merge", present["id"].as_str().unwrap());
        assert_eq!(shop.manager().post(&path, json!({"into_id": present["id"]})).await.expect(422).fields(), ["into_id: tag.itself"]);
        assert_eq!(shop.manager().post(&path, json!({"into_id": "tag_0000000000009"})).await.expect(422).fields(), ["into_id: unknown"]);
        shop.agent().post(&path, json!({"into_id": gift["id"]})).await.expect(403);
        shop.manager().post(&path, json!({"into_id": gift["id"]})).await.expect(202);

        // Filters follow at once.
        assert_eq!(found(&shop.agent(), "tag=gift").await, numbers(&[&third, &second, &first]));
        assert_eq!(found(&shop.agent(), "tag_all=present").await, numbers(&[&third, &second, &first]));
        assert_eq!(found(&shop.agent(), "tag_none=gift").await, [""; 0]);
        assert_eq!(shop.run_jobs().await.failed, []);
        for order in [&first, &second, &third] {
            assert_eq!(shop.agent().get(&order.path("")).await.expect(200).body["tags"], json!(["gift"]));
        }
        shop.agent().get(&format!("/api/v1/tags/{}", present["id"].as_str().unwrap())).await.expect(404);
        assert_eq!(found(&shop.agent(), "tag=present").await, numbers(&[&third, &second, &first]));
        assert_eq!((&tag_called(&shop.admin(), "gift").await["orders"], &shop.agent().get("/api/v1/tags").await.expect(200).body["total"]), (&json!(3), &json!(1)));
    }

    async fn orders_are_filtered_by_any_all_or_none_of_their_tags(shop: Shop) {
        let ab = order(&shop, json!(["a", "b"])).await;
        let bc = order(&shop, json!(["b", "c"])).await;
        let a = order(&shop, json!(["a"])).await;
        let none = shop.order().with("priority", json!("high")).await;
        let agent = shop.agent();
        for (filter, expected) in [
            ("tag=a", vec![&a, &ab]), ("tag=a,c", vec![&a, &bc, &ab]), ("tag=A,b,c", vec![&a, &bc, &ab]), ("tag_all=a,b", vec![&ab]), ("tag_all=a,c", vec![]),
            ("tag_none=b", vec![&none, &a]), ("tag=b&tag_none=c", vec![&ab]), ("tag=a&tag_all=b", vec![&ab]), ("tag=never", vec![]), ("tag_none=never", vec![&none, &a, &bc, &ab]),
            ("tag=a&sort=created_at", vec![&ab, &a]), ("tag=a,b&sort=-number", vec![&a, &bc, &ab]), ("tag=b&state=PENDING", vec![&bc, &ab]), ("tag=a&state=SHIPPED", vec![]),
            ("tag=a,b&sort=priority", vec![&a, &bc, &ab]), ("tag_none=a,b&priority=high", vec![&none]), ("tag=a&archived=any", vec![&a, &ab]), ("tag=a&archived=only", vec![]),
        ] {
            assert_eq!(found(&agent, filter).await, numbers(&expected), "{filter}");
        }
        // A page at a time, however the tags overlap.
        let first = agent.get("/api/v1/orders?tag=a,b,c&limit=2").await.expect(200);
        let rest = agent.get(&format!("/api/v1/orders?tag=a,b,c&limit=2&cursor={}", first.body["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!((first.items().len(), &first.body["total"], rest.items().len(), &rest.items()[0]["number"]), (2, &json!(3), 1, &json!(ab.number)));
        // What is archived leaves the daily lists, also those of a tag.
        shop.manager().post(&ab.path("/archive"), json!({})).await.expect(200);
        assert_eq!(found(&agent, "tag=a").await, numbers(&[&a]));
        assert_eq!(found(&agent, "tag=a&archived=only").await, numbers(&[&ab]));
        assert_eq!(found(&agent, "tag_all=a,b&archived=any").await, numbers(&[&ab]));
        shop.manager().post(&ab.path("/unarchive"), json!({})).await.expect(200);
        assert_eq!(found(&agent, "tag=a").await, numbers(&[&a, &ab]));
        assert_eq!(found(&shop.neighbour(), "tag=a").await, [""; 0]);
        let many = (0..51).map(|n| format!("t{n}")).collect::<Vec<_>>().join(",");
        assert_eq!(agent.get(&format!("/api/v1/orders?tag={many}")).await.expect(422).fields(), ["tag: too_many"]);
    }

    async fn customers_bear_tags_and_fields_too(shop: Shop) {
        shop.admin().post("/api/v1/fields", json!({"subject": "customer", "key": "class", "kind": "choice", "choices": [{"key": "gold"}, {"key": "silver"}], "is_filterable": true, "is_listed": true})).await.expect(201);
        settled(&shop).await;
        let post = async |name: &str, body: Value| {
            let mut whole = json!({"name": name});
            for (field, value) in body.as_object().unwrap() {
                whole[field] = value.clone();
            }
            shop.manager().post("/api/v1/customers", whole).await
        };
        let amina = post("Amina", json!({"tags": ["vip", "vip"], "custom": {"class": "Gold", "note": 7}})).await.expect(201);
        assert_eq!((&amina.body["tags"], &amina.body["custom"]), (&json!(["vip"]), &json!({"class": "gold", "note": 7})));
        let sara = post("Sara", json!({})).await.expect(201);
        assert_eq!(post("Nora", json!({"custom": {"class": "iron"}})).await.expect(422).fields(), ["custom.class: field.choice"]);
        let path = format!("/api/v1/customers/{}", sara.id());
        let changed = shop.manager().patch(&path, json!({"custom": {"class": "silver"}, "tags": ["new"], "version": sara.body["version"]})).await.expect(200);
        assert_eq!((&changed.body["custom"], &changed.body["tags"]), (&json!({"class": "silver"}), &json!(["new"])));
        let event = changed.body["history"].as_array().unwrap().iter().find(|event| event["kind"] == "customer.changed").unwrap();
        assert!(event["changes"].as_array().unwrap().contains(&json!({"field": "custom.class", "before": null, "after": "silver"})), "{event}");
        shop.manager().post(&format!("{path}/tags"), json!({"tags": ["vip"]})).await.expect(200);
        shop.manager().delete(&format!("{path}/tags/new")).await.expect(200);
        let names = async |filter: &str| -> Vec<String> {
            let listed = shop.manager().get(&format!("/api/v1/customers?sort=name&{filter}")).await.expect(200);
            assert_eq!(listed.body["total"], json!(listed.items().len()));
            listed.items().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        for (filter, expected) in [
            ("tag=vip", vec!["Amina", "Sara"]), ("tag=vip&custom=class:gold", vec!["Amina"]), ("custom=class:gold|silver", vec!["Amina", "Sara"]), ("tag=new", vec![]),
            ("tag_none=vip", vec![]), ("custom=class:silver&tag_all=vip", vec!["Sara"]),
        ] {
            assert_eq!(names(filter).await, expected, "{filter}");
        }
        let listed = shop.manager().get("/api/v1/customers?tag=vip").await.expect(200);
        assert_eq!((&listed.items()[0]["tags"], &listed.items()[1]["custom"]), (&json!(["vip"]), &json!({"class": "gold"})), "lists show what they shall");
        assert_eq!(tag_called(&shop.admin(), "vip").await["customers"], 2);
    }

    async fn fields_are_defined_once_and_checked(shop: Shop) {
        let made = field(&shop, json!({"key": "size", "labels": {"en": "Size", "ar": "المقاس"}, "kind": "choice", "choices": [{"key": "m", "labels": {"fr": "Moyen"}, "tone": "ok"}, {"key": "xl"}], "default": "M"})).await.expect(201);
        assert_eq!((&made.body["default"], &made.body["facets"], &made.body["position"], &made.body["choices"][0]["tone"]), (&json!("m"), &json!("filling"), &json!(1), &json!("ok")));
        for (body, expected) in [
            (json!({"key": "size"}), vec!["key: taken"]), (json!({"key": "Size"}), vec!["key: field.key"]), (json!({"key": "x", "kind": "choice"}), vec!["choices: required"]),
            (json!({"key": "x", "choices": [{"key": "a"}]}), vec!["choices: field.no_choices"]), (json!({"key": "x", "kind": "number", "default": "many"}), vec!["default: field.number"]),
            (json!({"key": "x", "labels": {"fr": " "}, "position": -1}), vec!["labels.fr: required", "position: range"]), (json!({"key": "x", "subject": "customer", "required": "confirming"}), vec!["required: field.confirming"]),
            (json!({"key": "x", "kind": "choice", "choices": [{"key": "a"}, {"key": "a"}, {"key": "B"}]}), vec!["choices[1].key: repeated", "choices[2].key: field.key"]), (json!({"key": "x", "kind": "picture"}), vec!["kind: format"]),
        ] {
            assert_eq!(field(&shop, body).await.expect(422).fields(), expected);
        }
        shop.manager().post("/api/v1/fields", json!({"subject": "order", "key": "x", "kind": "text"})).await.expect(403);
        let path = format!("/api/v1/fields/{}", made.id());
        let without = shop.admin().patch(&path, json!({"choices": [{"key": "xl"}]})).await.expect(422);
        assert_eq!(without.fields(), ["default: field.choice"], "the default must be offered");
        let changed = shop.admin().patch(&path, json!({"choices": [{"key": "xl"}], "default": "xl", "is_listed": true, "version": 1})).await.expect(200);
        let choices: Vec<(&Value, &Value)> = changed.body["choices"].as_array().unwrap().iter().map(|one| (&one["key"], &one["is_archived"])).collect();
        assert_eq!(choices, [(&json!("xl"), &json!(false)), (&json!("m"), &json!(true))], "what was left out is offered no more");
        assert_eq!(shop.admin().patch(&path, json!({"is_listed": false, "version": 1})).await.expect(409).body["fields"], json!(["is_listed"]));
        assert_eq!(shop.agent().get("/api/v1/fields?subject=order").await.expect(200).items().len(), 1);
        assert_eq!(shop.agent().get("/api/v1/fields?subject=customer").await.expect(200).items().len(), 0);
        shop.foreigner().get(&path).await.expect(404);
        assert_eq!(shop.agent().get(&path).await.expect(200).header("etag"), "\"2\"");
        settled(&shop).await;
        assert_eq!(shop.agent().get(&path).await.expect(200).body["facets"], "ready");
        shop.admin().patch(&path, json!({"is_archived": true})).await.expect(200);
        settled(&shop).await;
        assert_eq!(shop.agent().get("/api/v1/fields").await.expect(200).items().len(), 0);
        // Nobody judges it any more.
        assert_eq!(shop.order().with("custom", json!({"size": "enormous"})).await.body["custom"], json!({"size": "enormous"}));
    }

    async fn values_are_judged_when_an_order_comes_in_and_when_it_changes(shop: Shop) {
        for body in [
            json!({"key": "size", "kind": "choice", "choices": [{"key": "m", "labels": {"fr": "Moyen"}}, {"key": "xl"}], "default": "m", "is_listed": true}), json!({"key": "weight", "kind": "number"}),
            json!({"key": "deposit", "kind": "money"}), json!({"key": "due", "kind": "date"}), json!({"key": "fragile", "kind": "boolean"}), json!({"key": "extras", "kind": "multi_choice", "choices": [{"key": "ribbon"}, {"key": "card"}]}),
            json!({"key": "page", "kind": "url"}), json!({"key": "second_phone", "kind": "phone"}), json!({"key": "desk", "required": "placing"}), json!({"key": "checked_by", "required": "confirming"}),
        ] {
            field(&shop, body).await.expect(201);
        }
        settled(&shop).await;
        let place = async |custom: Value| shop.agent().place(shop.order().with("custom", custom).body()).await;
        let wrong = place(json!({"weight": "heavy", "deposit": {"amount": 5, "currency": "EUR"}, "due": "tomorrow", "fragile": 3, "extras": ["bow"], "page": "x", "second_phone": "12", "size": "s"})).await.expect(422);
        assert_eq!(wrong.fields(), [
            "custom.deposit: currency.store", "custom.due: field.date", "custom.extras: field.choice", "custom.fragile: field.boolean", "custom.page: field.url", "custom.second_phone: phone",
            "custom.size: field.choice", "custom.weight: field.number", "custom.desk: required",
        ]);
        let placed = place(json!({"weight": "1,5", "deposit": "12.50", "due": "2026-12-01", "fragile": "oui", "extras": ["card", "card"], "page": "https://shop.example/1", "second_phone": "0661 22 33 44", "desk": " Nadia ", "campaign": {"id": 7}})).await.expect(201);
        assert_eq!(placed.body["custom"], json!({
            "weight": 1.5, "deposit": {"amount": 1250, "currency": "DZD"}, "due": "2026-12-01", "fragile": true, "extras": ["card"], "page": "https://shop.example/1", "second_phone": "+213661223344",
            "desk": "Nadia", "campaign": {"id": 7}, "size": "m",
        }));
        let order = PlacedOrder::of(placed.body.clone());

        let refused = shop.agent().post(&order.path("/confirm"), json!({})).await.expect(422);
        assert_eq!(refused.fields(), ["custom.checked_by: required"]);
        let mut custom = placed.body["custom"].clone();
        custom["checked_by"] = json!("Nadia");
        custom["weight"] = json!(2);
        custom.as_object_mut().unwrap().remove("page");
        let changed = shop.agent().patch(&order.path(""), json!({"custom": custom, "version": 1})).await.expect(200);
        assert_eq!((&changed.body["custom"]["weight"], changed.body["custom"].get("page")), (&json!(2), None));
        let history = shop.agent().get(&order.path("/history")).await.expect(200);
        assert_eq!(history.items().last().unwrap()["changes"], json!([
            {"field": "custom.checked_by", "before": null, "after": "Nadia"}, {"field": "custom.page", "before": "https://shop.example/1", "after": null}, {"field": "custom.weight", "before": 1.5, "after": 2},
        ]));
        let stale = shop.agent().patch(&order.path(""), json!({"custom": {}, "version": 1})).await.expect(422);
        assert_eq!(stale.fields(), ["custom.desk: required"], "what was required does not go");
        shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200);

        let listed = shop.agent().get("/api/v1/orders").await.expect(200);
        assert_eq!(listed.items()[0]["custom"], json!({"size": "m"}), "lists show what they shall");
        shop.admin().put("/api/v1/settings/fields", json!({"value": {"keep_unknown": false}})).await.expect(200);
        assert_eq!(place(json!({"desk": "x", "campaign": 7})).await.expect(422).fields(), ["custom.campaign: custom.unknown"]);
    }

    async fn orders_are_filtered_by_what_their_fields_hold(shop: Shop) {
        // What was there before a field was defined is found, too.
        let early = shop.order().with("custom", json!({"size": "xl", "weight": 3, "due": "2026-11-01", "city_hall": "Rue Didouche Mourad"})).await;
        for body in [
            json!({"key": "size"}), json!({"key": "weight", "kind": "number"}), json!({"key": "due", "kind": "date"}), json!({"key": "deposit", "kind": "money"}),
            json!({"key": "gift", "kind": "boolean"}), json!({"key": "extras", "kind": "multi_choice", "choices": [{"key": "ribbon"}, {"key": "card"}]}), json!({"key": "city_hall", "is_filterable": false, "is_searchable": true}),
        ] {
            field(&shop, body).await.expect(201);
        }
        let waiting = shop.agent().get("/api/v1/orders?custom=size:xl").await.expect(409);
        assert_eq!(waiting.code(), "field.filling");
        settled(&shop).await;
        let late = shop.order().with("custom", json!({"size": "XL", "weight": 12.5, "due": "2026-12-24", "deposit": {"amount": 5000, "currency": "DZD"}, "gift": true, "extras": ["ribbon", "card"]})).await;
        let small = shop.order().with("custom", json!({"size": "S, wide", "weight": -1, "gift": false, "extras": ["card"]})).with("tags", json!(["a"])).await;
        shop.order().await;
        let agent = shop.agent();
        for (filter, expected) in [
            ("custom=size:xl", vec![&late, &early]), ("custom=size:xl|s%20wide", vec![&small, &late, &early]), ("custom=size:S%252C%20wide", vec![&small]), ("custom=weight:3", vec![&early]), ("custom=weight:3|12.50", vec![&late, &early]),
            ("custom=weight:..3", vec![&small, &early]), ("custom=weight:3..", vec![&late, &early]), ("custom=weight:-1..3,size:xl", vec![&early]), ("custom=due:2026-11-01..2026-11-30", vec![&early]),
            ("custom=deposit:1..9999", vec![&late]), ("custom=deposit:5000", vec![&late]), ("custom=gift:true", vec![&late]), ("custom=gift:false", vec![&small]), ("custom=extras:card", vec![&small, &late]), ("custom=extras:ribbon|card", vec![&small, &late]),
            ("custom=extras:card&tag_none=a", vec![&late]), ("custom=size:xl&sort=created_at", vec![&early, &late]), ("custom=weight:..99&sort=-number&limit=3", vec![&small, &late, &early]),
        ] {
            assert_eq!(found(&agent, filter).await, numbers(&expected), "{filter}");
        }
        for (filter, expected) in [
            ("custom=colour:red", "custom.colour: field.not_filterable"), ("custom=city_hall:x", "custom.city_hall: field.not_filterable"), ("custom=weight:heavy", "custom.weight: field.test"), ("custom=size:a..b", "custom.size: field.test"), ("custom=size", "custom: format"),
        ] {
            assert_eq!(agent.get(&format!("/api/v1/orders?{filter}")).await.expect(422).fields(), [expected], "{filter}");
        }
        for text in ["rue didouche", "Mourad", "didou"] {
            let hits = agent.get(&format!("/api/v1/orders?search={}", text.replace(' ', "%20"))).await.expect(200);
            assert_eq!(hits.items().iter().map(|hit| hit["number"].as_str().unwrap()).collect::<Vec<_>>(), [early.number.as_str()], "{text}");
        }
        // A change is found at once; a field that is no filter any more leaves the index.
        agent.patch(&late.path(""), json!({"custom": {"size": "m"}})).await.expect(200);
        assert_eq!(found(&agent, "custom=size:xl").await, numbers(&[&early]));
        assert_eq!(found(&agent, "custom=weight:3..").await, numbers(&[&early]));
        let fields = agent.get("/api/v1/fields").await.expect(200);
        for field in fields.items() {
            let path = format!("/api/v1/fields/{}", field["id"].as_str().unwrap());
            shop.admin().patch(&path, json!({"is_filterable": false, "is_searchable": false})).await.expect(200);
        }
        settled(&shop).await;
        let rows: i64 = shop.edge().await.read(|tx, _| {
            let (rows,): (i64,) = tx.one("select count(*) from order_facets where org_id = $1 and field <> 0", db::params![tx.org()])?;
            Ok(rows)
        }).await.unwrap();
        assert_eq!(rows, 0);
        assert_eq!(agent.get("/api/v1/orders?custom=size:xl").await.expect(422).fields(), ["custom.size: field.not_filterable"]);
    }

    async fn a_field_is_filled_in_slices_and_says_how_far_it_is(shop: Shop) {
        let placed = shop.order().with("custom", json!({"size": "xl"})).await;
        // More than one slice looks at.
        for _ in 0..6 {
            shop.edge().await.write(|tx, ctx| {
                for n in 0..100 {
                    let mut new = orders::NewOrder::new(tx.one::<(kernel::StoreId,)>("select min(id) from stores where org_id = $1", db::params![tx.org()])?.0);
                    new.channel = kernel::Channel::InStore;
                    new.lines.push(orders::NewLine::new(None, "Lamp", 1, kernel::Money { amount: kernel::Amount(100), currency: kernel::Currency::DZD }));
                    if n % 2 == 0 {
                        new.custom.insert("size".to_owned(), json!(if n % 4 == 0 { "XL" } else { "s" }));
                    }
                    orders::place(tx, ctx, &new)?;
                }
                Ok(())
            }).await.unwrap();
        }
        let made = field(&shop, json!({"key": "size"})).await.expect(201);
        let task = made.body["task_id"].as_str().unwrap().to_owned();
        settled(&shop).await;
        let done = shop.admin().get(&format!("/api/v1/tasks/{task}")).await.expect(200);
        assert_eq!((&done.body["state"], &done.body["done"], &done.body["total"]), (&json!("done"), &json!(601), &json!(601)), "{done}");
        assert_eq!(shop.admin().get("/api/v1/orders?custom=size:xl&limit=1").await.expect(200).body["total"], 151);
        assert_eq!(shop.admin().get("/api/v1/orders?custom=size:xl&sort=created_at&limit=1").await.expect(200).items()[0]["number"], json!(placed.number));
    }

    async fn placing_without_tags_and_fields_costs_no_statement_more(shop: Shop) {
        // The first order of a shop makes what later ones find.
        let store = shop.main();
        let mut new = orders::NewOrder::new(store);
        new.customer = Some(orders::NewContact { name: "Amina".to_owned(), phone: Some("0550142387".to_owned()), ..orders::NewContact::default() });
        new.lines.push(orders::NewLine::new(Some("LIN-M"), "Linen dress", 1, kernel::Money { amount: kernel::Amount(100), currency: kernel::Currency::DZD }));
        let place = async |new: &orders::NewOrder| {
            let (edge, new) = (shop.edge().await, new.clone());
            edge.write(move |tx, ctx| orders::place(tx, ctx, &new).map(|order| order.id)).await
        };
        place(&new).await.unwrap();
        let statements = async |new: &orders::NewOrder| {
            let mut n = 1;
            loop {
                shop.fail_statement(n).await;
                let placed = place(new).await;
                shop.base().db().fail_statement(0);
                if placed.is_ok() {
                    return n - 1;
                }
                n += 1;
            }
        };
        // On PostgreSQL numbers are taken by the hundred, so one of the two looks may be one dearer.
        let before = statements(&new).await.min(statements(&new).await);
        field(&shop, json!({"key": "size", "is_searchable": true})).await.expect(201);
        settled(&shop).await;
        order(&shop, json!(["gift"])).await;
        let after = statements(&new).await.min(statements(&new).await);
        assert_eq!(after, before);

        // With a tag that is known: two to look it up, one for the index; its counter goes with the others.
        let tagged = orders::NewOrder { tags: vec!["gift".to_owned()], ..new.clone() };
        let with_tag = statements(&tagged).await.min(statements(&tagged).await);
        assert_eq!(with_tag, before + 3);
    }
}
