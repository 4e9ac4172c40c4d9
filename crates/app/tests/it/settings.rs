//! Settings: typed sections, all wrong fields at once, effect at once.

use serde_json::{Value, json};
use testkit::both;

both! {
    async fn sections_are_read_with_their_defaults_and_changed_field_by_field(shop: Shop) {
        let admin = shop.admin();
        let sections = admin.get("/api/v1/settings").await.expect(200);
        let names: Vec<&str> = sections.items().iter().map(|section| section["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["general", "orders", "fields", "access", "notifications", "escalation", "erp", "tracking", "retention", "privacy"]);
        assert!(sections.items().iter().all(|section| section["value"] == section["defaults"] && section["version"] == 0));

        let set = admin.put("/api/v1/settings/orders", json!({"value": {"number_prefix": "K-", "max_lines": 2}})).await.expect(200);
        assert_eq!((&set.body["value"]["number_prefix"], &set.body["value"]["undo_seconds"], &set.body["version"]), (&json!("K-"), &json!(10), &json!(1)));
        let me = admin.get("/api/v1/me").await.expect(200).body["user"]["id"].clone();
        assert_eq!(set.body["changed_by"], me);
        // At once, for everybody.
        let order = shop.order().by(shop.agent()).await;
        assert!(order.number.starts_with("K-"), "{}", order.number);
        assert_eq!(shop.agent().get(&format!("/api/v1/search?q={}", order.number)).await.expect(200).items().len(), 1);
        let line = json!({"title": "A", "quantity": 1, "unit_price": {"amount": 1, "currency": "DZD"}});
        assert_eq!(shop.agent().place(shop.order().with("lines", json!([line, line, line])).body()).await.expect(422).fields(), ["lines: too_many"]);
        let back = admin.put("/api/v1/settings/orders", json!({"value": {"number_prefix": null}})).await.expect(200);
        assert_eq!((&back.body["value"]["number_prefix"], &back.body["value"]["max_lines"]), (&json!(""), &json!(2)));
        // The change is in the trail, with what stood there.
        let trail = admin.get("/api/v1/events?kind=setting.changed").await.expect(200);
        assert_eq!((&trail.items()[0]["data"]["name"], &trail.items()[0]["changes"]), (&json!("orders"), &json!([{"field": "number_prefix", "before": "K-", "after": ""}])));
    }

    async fn wrong_settings_are_named_all_at_once_and_change_nothing(shop: Shop) {
        let admin = shop.admin();
        let cases: Vec<(&str, Value, Vec<&str>)> = vec![
            ("orders", json!({"undo_seconds": 301, "max_lines": 0, "number_prefix": "has space", "colour": 1, "notifiable_states": ["LOST"]}),
                vec!["value.colour: unknown", "value.max_lines: setting.range", "value.notifiable_states: setting.type", "value.number_prefix: setting.prefix", "value.undo_seconds: setting.range"]),
            ("access", json!({"token_hours": 25, "password_min_score": 5, "lockout_attempts": 2, "session_idle_days": "many"}),
                vec!["value.lockout_attempts: setting.range", "value.password_min_score: setting.range", "value.session_idle_days: setting.type", "value.token_hours: setting.range"]),
            ("erp", json!({"url": "ftp://erp"}), vec!["value.url: setting.url"]),
            ("erp", json!({"url": "http://erp with space"}), vec!["value.url: setting.url"]),
            ("general", json!({"default_locale": "xx", "name": "x".repeat(201)}), vec!["value.default_locale: setting.type", "value.name: setting.text"]),
            ("retention", json!({"job_log_days": 0}), vec!["value.job_log_days: setting.range"]),
            ("privacy", json!({"keep_ip": "no"}), vec!["value.keep_ip: setting.type"]),
        ];
        for (section, value, expected) in cases {
            let answer = admin.put(&format!("/api/v1/settings/{section}"), json!({"value": value})).await.expect(422);
            let mut fields = answer.fields();
            fields.sort();
            assert_eq!(fields, expected, "{section}");
        }
        admin.put("/api/v1/settings/colours", json!({"value": {}})).await.expect(404);
        assert!(admin.get("/api/v1/settings").await.expect(200).items().iter().all(|section| section["version"] == 0));
        shop.manager().put("/api/v1/settings/orders", json!({"value": {"undo_seconds": 5}})).await.expect(403);
        shop.manager().get("/api/v1/settings").await.expect(200);
        shop.agent().get("/api/v1/settings").await.expect(403);
        assert_eq!(shop.foreigner().put("/api/v1/settings/orders", json!({"value": {"undo_seconds": 5}})).await.expect(200).body["version"], 1);
        assert!(admin.get("/api/v1/settings").await.expect(200).items().iter().all(|section| section["version"] == 0), "each organization has its own");
    }

    async fn preferences_belong_to_each_person(shop: Shop) {
        let agent = shop.agent();
        let set = agent.patch("/api/v1/me/preferences", json!({"preferences": {"theme": "dark", "columns.orders": ["number"], "page_size": 100}})).await.expect(200);
        assert_eq!(set.body["theme"], "dark");
        agent.patch("/api/v1/me/preferences", json!({"preferences": {"theme": null}})).await.expect(200);
        let me = agent.get("/api/v1/me").await.expect(200);
        assert_eq!((&me.body["preferences"]["theme"], &me.body["preferences"]["columns.orders"]), (&Value::Null, &json!(["number"])));
        assert_eq!(shop.colleague().get("/api/v1/me").await.expect(200).body["preferences"], json!({}));
        let large = json!({"preferences": {"columns.orders": "x".repeat(100_000)}});
        assert_eq!(agent.patch("/api/v1/me/preferences", large).await.expect(422).status, 422);
    }
}
