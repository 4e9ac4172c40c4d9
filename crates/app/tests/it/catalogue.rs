//! The catalogue: what orders sell, known by its SKU.

use serde_json::{Value, json};
use testkit::both;

both! {
    async fn orders_teach_the_catalogue_what_is_sold(shop: Shop) {
        let line = |sku: Option<&str>, title: &str, variant: &str| json!({"sku": sku, "title": title, "variant": variant, "quantity": 1, "unit_price": {"amount": 100, "currency": "DZD"}});
        let lines = json!([line(Some("A-1"), "Dress", "M"), line(Some("A-2"), "Dress", "L"), line(None, "Scarf", "red"), line(None, "scarf ", "RED"), line(Some("A-1"), "Dress (sale)", "M")]);
        let order = shop.order().with("lines", lines).await;
        let read = shop.agent().get(&order.path("")).await.expect(200).body;
        let variants: Vec<&str> = read["lines"].as_array().unwrap().iter().map(|line| line["variant_id"].as_str().unwrap()).collect();
        assert_eq!((variants[0], variants[2]), (variants[4], variants[3]), "one SKU is one entry, and without one the title");
        let all = shop.agent().get("/api/v1/variants").await.expect(200);
        assert_eq!((all.items().len(), &all.body["total"]), (3, &json!(3)));
        let product = |variant: &str| all.items().iter().find(|one| one["id"] == variant).unwrap()["product_id"].clone();
        assert_eq!(product(variants[0]), product(variants[1]), "variants of one title are one product");
        assert_eq!(all.items().iter().find(|one| one["sku"] == "A-1").unwrap()["title"], "Dress", "as it was first called");
        // What it is called later changes nothing about what was sold.
        shop.admin().patch(&format!("/api/v1/variants/{}", variants[0]), json!({"title": "Linen dress", "price": 200})).await.expect(200);
        let read = shop.agent().get(&order.path("")).await.expect(200).body;
        assert_eq!((&read["lines"][0]["title"], &read["lines"][0]["unit_price"]["amount"]), (&json!("Dress"), &json!(100)));
    }

    async fn variants_are_entered_changed_searched_and_paged(shop: Shop) {
        let manager = shop.manager();
        let new = |sku: &str, title: &str| json!({"sku": sku, "title": title, "variant": "blue", "price": {"amount": 1_500, "currency": "DZD"}});
        let made = manager.post("/api/v1/variants", new("SOAP-1", "Savon à l'huile")).await.expect(201);
        assert_eq!((&made.body["kind"], &made.body["status"], &made.body["version"]), (&json!("goods"), &json!("active"), &json!(1)));
        let path = format!("/api/v1/variants/{}", made.id());
        assert_eq!(manager.get(&path).await.expect(200).header("etag"), "\"1\"");
        assert_eq!(manager.post("/api/v1/variants", new("SOAP-1", "Other")).await.expect(422).fields(), ["sku: taken"]);
        for (body, expected) in [
            (json!({"sku": "", "title": " ", "price": {"amount": -1, "currency": "DZD"}}), vec!["sku: required", "title: required", "price: money.range"]),
            (json!({"sku": "x".repeat(81), "title": "x".repeat(301), "variant": "x".repeat(201), "price": {"amount": 1, "currency": "DZD"}}), vec!["sku: too_long", "title: too_long", "variant: too_long"]),
            (json!({"sku": "A", "title": "A"}), vec!["price: required"]), (json!({"sku": "A", "title": "A", "price": {"amount": 1, "currency": "dinar"}}), vec!["price.currency: format"]),
        ] {
            assert_eq!(manager.post("/api/v1/variants", body).await.expect(422).fields(), expected);
        }
        let changed = manager.patch(&path, json!({"price": 1_700, "status": "inactive", "variant": null})).await.expect(200);
        assert_eq!((&changed.body["price"]["amount"], &changed.body["status"], &changed.body["variant"]), (&json!(1_700), &json!("inactive"), &Value::Null));
        shop.agent().patch(&path, json!({"price": 1})).await.expect(403);
        shop.agent().post("/api/v1/variants", new("X", "X")).await.expect(403);

        for n in 0..5 {
            manager.post("/api/v1/variants", new(&format!("CUP-{n}"), "Cup of clay")).await.expect(201);
        }
        let found = async |query: &str| manager.get(&format!("/api/v1/variants?{query}")).await.expect(200);
        assert_eq!((found("search=huile").await.items().len(), found("search=HUILE%20").await.items().len(), found("search=cup-3").await.items().len()), (1, 1, 1));
        assert_eq!((found("status=inactive").await.body["total"].clone(), found("status=active").await.body["total"].clone()), (json!(1), json!(5)));
        let first = found("limit=4").await;
        let rest = found(&format!("limit=4&cursor={}", first.body["next_cursor"].as_str().unwrap())).await;
        let mut ids: Vec<&str> = first.items().iter().chain(rest.items()).map(|one| one["id"].as_str().unwrap()).collect();
        ids.dedup();
        assert_eq!((ids.len(), &rest.body["next_cursor"], &first.body["total"]), (6, &Value::Null, &json!(6)));
        manager.get("/api/v1/variants/var_0000000000001").await.expect(404);
        assert_eq!(manager.get("/api/v1/variants?status=sold").await.expect(422).fields(), ["status: format"]);
    }
}
