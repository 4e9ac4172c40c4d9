//! The set-up's pages: stores, people, roles, keys, settings, statuses with their draft, the steps of the first start.

use serde_json::{Value, json};
use testkit::{ADMIN, AGENT, Client, MANAGER, Shop, both};

async fn admin(shop: &Shop) -> Client {
    shop.browser(ADMIN).await
}

/// A hidden field of a form, or the value of any field of this name.
#[track_caller]
fn value_of(page: &str, name: &str) -> String {
    let mark = format!(r#"name="{name}""#);
    let at = page.find(&mark).unwrap_or_else(|| panic!("no field {name} in {page}"));
    let rest = &page[at..];
    rest.split(r#"value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn id_of(shop: &Shop, path: &str, field: &str, value: &str) -> String {
    let all = shop.admin().get(path).await.expect(200);
    let found = all.items().iter().find(|item| item[field] == value).unwrap_or_else(|| panic!("{value} is not in {all}"));
    found["id"].as_str().unwrap().to_owned()
}

/// Every field of a store's form, as it stands in the test shop.
fn store_form<'a>(name: &'a str, code: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("name", name),
        ("code", code),
        ("color", "#0e7490"),
        ("notify_language", "fr"),
        ("country", "DZ"),
        ("zone", "Africa/Algiers"),
        ("week_start", "sunday"),
        ("number_style", "space_comma"),
        ("shipping_fee", "600"),
        ("cod_fee", ""),
        ("tax_mode", "inclusive"),
        ("tax_rate_ppm", "19"),
        ("tax_label", "TVA"),
        ("hours_monday", "09:00-12:00, 13:00-18:00"),
        ("holidays", "2026-11-01"),
    ]
}

both! {
    async fn a_store_is_opened_changed_and_put_away_by_its_pages(shop: Shop) {
        let browser = admin(&shop).await;
        assert!(browser.get("/app/stores").await.expect(200).text.contains("MAIN"));
        let mut new = store_form("Oran", "oran", "0");
        new.push(("currency", "EUR"));
        assert_eq!(browser.submit("/app/stores", &new).await.expect(303).header("location"), "/app/stores?done=made");
        let id = id_of(&shop, "/api/v1/stores", "code", "ORAN").await;
        let made = shop.admin().get(&format!("/api/v1/stores/{id}")).await.expect(200).body;
        assert_eq!((&made["currency"], &made["shipping_fee"], &made["tax_rate_ppm"]), (&json!("EUR"), &json!(60_000), &json!(190_000)));
        assert_eq!(made["calendar"]["hours"]["monday"], json!([{"opens": 540, "closes": 720}, {"opens": 780, "closes": 1080}]));
        assert_eq!(made["calendar"]["holidays"], json!(["2026-11-01"]));

        // What is wrong comes back beside its field, over what was typed.
        let path = format!("/app/stores/{id}");
        let mut wrong = store_form("Oran", "TOO LONG A CODE", "1");
        wrong.retain(|(name, _)| *name != "hours_monday");
        wrong.push(("hours_monday", "from nine"));
        let refused = browser.submit(&path, &wrong).await.expect(422);
        assert!(refused.text.contains("TOO LONG A CODE") || refused.text.contains("from nine"), "{refused}");
        assert!(refused.text.contains(r#"aria-invalid="true""#), "{refused}");
        let refused = browser.submit(&path, &store_form("Oran", "TOO LONG A CODE", "1")).await.expect(422);
        assert!(refused.text.contains("f-code-error"), "{refused}");

        // Somebody else was faster: both sides stand on the page, and saving again keeps one's own.
        shop.admin().patch(&format!("/api/v1/stores/{id}"), json!({"name": "Oran centre", "version": 1})).await.expect(200);
        let stale = browser.submit(&path, &store_form("Oran west", "ORAN", "1")).await.expect(409);
        assert!(stale.text.contains("Oran west") && stale.text.contains("Oran centre") && stale.text.contains("f-name-theirs"), "{stale}");
        let version = value_of(&stale.text, "version");
        browser.submit(&path, &store_form("Oran west", "ORAN", &version)).await.expect(303);

        browser.submit(&format!("{path}/archive"), &[]).await.expect(303);
        assert!(browser.get(&path).await.expect(200).text.contains(&format!("{path}/reopen")));
        browser.submit(&format!("{path}/reopen"), &[]).await.expect(303);
        assert_eq!(shop.admin().get(&format!("/api/v1/stores/{id}")).await.expect(200).body["is_archived"], false);
    }

    async fn what_a_role_may_not_do_is_absent_and_refused(shop: Shop) {
        let (manager, agent) = (shop.browser(MANAGER).await, shop.browser(AGENT).await);
        let people = manager.get("/app/users").await.expect(200).text;
        assert!(people.contains("/app/users/new") && !people.contains("/app/users/keys") && !people.contains(r#"href="/app/stores""#), "{people}");
        let settings = manager.get("/app/settings/orders").await.expect(200).text;
        assert!(!settings.contains("<form class=\"card fcard\""), "who may only look has no form: {settings}");
        for path in ["/app/users", "/app/settings", "/app/stores", "/app/users/keys", "/app/settings/statuses", "/app/set-up"] {
            agent.get(path).await.expect(403);
        }
        manager.submit("/app/settings/orders", &[("undo_seconds", "20")]).await.expect(403);
        manager.submit("/app/settings/statuses/draft/activate", &[]).await.expect(403);
    }

    async fn somebody_is_invited_changed_let_go_and_invited_back(shop: Shop) {
        let browser = admin(&shop).await;
        let role = id_of(&shop, "/api/v1/roles", "code", "agent").await;
        let store = shop.main().to_string();
        let nothing = browser.submit("/app/users", &[("name", ""), ("email", "x"), ("role", &role)]).await.expect(422);
        assert!(nothing.text.contains("f-email-error") && nothing.text.contains("f-name-error"), "{nothing}");
        let new = [("name", "Samira Haddad"), ("email", "samira@shop.test"), ("role", role.as_str()), ("stores", store.as_str()), ("locale", "fr")];
        let invited = browser.submit("/app/users", &new).await.expect(200);
        assert!(invited.text.contains("http://shop.test/sign-in/join/") && invited.text.contains("https://wa.me/?text=Bonjour"), "{invited}");
        assert_eq!(invited.header("cache-control"), "no-store", "the link lets somebody in");

        let id = id_of(&shop, "/api/v1/users", "email", "samira@shop.test").await;
        let path = format!("/app/users/{id}");
        let page = browser.get(&path).await.expect(200).text;
        assert!(page.contains(&format!("{path}/invite")) && page.contains(&format!("{path}/archive")), "{page}");
        let other = id_of(&shop, "/api/v1/roles", "code", "agent_call_center").await;
        let second = shop.second().to_string();
        let version = value_of(&page, "version");
        let change = [("version", version.as_str()), ("name", "Samira H."), ("role", &other), ("stores", &second), ("locale", "")];
        browser.submit(&path, &change).await.expect(303);
        let changed = shop.admin().get(&format!("/api/v1/users/{id}")).await.expect(200).body;
        assert_eq!((&changed["name"], &changed["role_id"], &changed["store_ids"]), (&json!("Samira H."), &json!(other), &json!([second])));
        browser.submit(&path, &change).await.expect(409);

        browser.submit(&format!("{path}/archive"), &[]).await.expect(303);
        assert!(!browser.get("/app/users").await.expect(200).text.contains("samira@shop.test"));
        assert!(browser.get("/app/users?state=archived").await.expect(200).text.contains("samira@shop.test"));
        let back = browser.submit(&format!("{path}/reopen"), &[]).await.expect(200);
        assert!(back.text.contains("/sign-in/join/"), "{back}");
        let here = shop.admin().get(&format!("/api/v1/users/{id}")).await.expect(200).body;
        assert_eq!((&here["state"], &here["role_id"]), (&json!("invited"), &json!(other)));
        assert_eq!(shop.admin().post(&format!("/api/v1/users/{id}/reopen"), json!({})).await.expect(409).code(), "user.not_archived");
        let oneself = id_of(&shop, "/api/v1/users", "email", ADMIN.email).await;
        browser.submit(&format!("/app/users/{oneself}/archive"), &[]).await.expect(409);
    }

    async fn an_address_that_somebody_took_meanwhile_keeps_the_old_owner_out(shop: Shop) {
        let role = id_of(&shop, "/api/v1/roles", "code", "agent").await;
        let new = json!({"email": "twice@shop.test", "name": "One", "role_id": role, "store_ids": [shop.main()]});
        let first = shop.admin().post("/api/v1/users", new.clone()).await.expect(201).body["user"]["id"].as_str().unwrap().to_owned();
        shop.admin().post(&format!("/api/v1/users/{first}/archive"), json!({})).await.expect(200);
        shop.admin().post("/api/v1/users", new).await.expect(201);
        let refused = shop.admin().post(&format!("/api/v1/users/{first}/reopen"), json!({})).await.expect(422);
        assert_eq!(refused.fields(), ["email: email.taken"]);
        admin(&shop).await.submit(&format!("/app/users/{first}/reopen"), &[]).await.expect(422);
    }

    async fn a_role_of_ones_own_begins_with_another_and_shows_what_differs(shop: Shop) {
        let browser = admin(&shop).await;
        let form = browser.get("/app/users/roles/new?from=agent").await.expect(200).text;
        assert!(form.contains(r#"value="order.place" checked"#) && !form.contains(r#"value="order.refund" checked"#), "{form}");
        let made = browser.submit("/app/users/roles", &[("name", "Night shift"), ("compared", "agent"), ("rights", "order.read"), ("rights", "order.bulk")]);
        let path = made.await.expect(303).header("location").split('?').next().unwrap().to_owned();
        let page = browser.get(&format!("{path}?with=agent")).await.expect(200).text;
        assert!(page.contains("allow more") && page.contains("allow less"), "{page}");
        let version = value_of(&page, "version");
        let taken = browser.submit(&path, &[("name", "Admin"), ("version", &version), ("rights", "order.read")]).await.expect(422);
        assert!(taken.text.contains("name-error"), "{taken}");
        browser.submit(&path, &[("name", "Night"), ("version", &version), ("rights", "order.read")]).await.expect(303);
        let stale = browser.submit(&path, &[("name", "Nights"), ("version", &version), ("rights", "order.read")]).await.expect(409);
        assert!(stale.text.contains("Night"), "{stale}");
        assert!(browser.get("/app/users/roles").await.expect(200).text.contains("Night"));
        browser.submit(&format!("{path}/remove"), &[]).await.expect(303);
        browser.get(&path).await.expect(404);
        let admin_role = id_of(&shop, "/api/v1/roles", "code", "admin").await;
        assert!(!browser.get(&format!("/app/users/roles/{admin_role}")).await.expect(200).text.contains(r#"name="rights""#));
    }

    async fn a_key_is_shown_once_and_ended(shop: Shop) {
        let browser = admin(&shop).await;
        let past = browser.submit("/app/users/keys", &[("name", "Shop"), ("expires_at", "2020-01-01")]).await.expect(422);
        assert!(past.text.contains("f-expires_at-error"), "{past}");
        let made = browser.submit("/app/users/keys", &[("name", "Web shop"), ("role", ""), ("scopes", "order.read"), ("expires_at", "2027-12-31")]).await.expect(200);
        let secret = value_of(&made.text.replace(r#"id="secret""#, r#"name="secret""#), "secret");
        assert!(secret.starts_with("kaf_"), "{secret}");
        let program = shop.bearer(&secret);
        program.get("/api/v1/orders").await.expect(200);
        program.get("/api/v1/users").await.expect(403);
        let list = browser.get("/app/users/keys").await.expect(200).text;
        assert!(list.contains("Web shop") && !list.contains(&secret));
        let id = id_of(&shop, "/api/v1/api-keys", "name", "Web shop").await;
        browser.submit(&format!("/app/users/api-keys/{id}/revoke"), &[]).await.expect(303);
        assert!(!browser.get("/app/users/keys").await.expect(200).text.contains("Web shop"));
    }

    async fn sessions_are_listed_and_ended(shop: Shop) {
        let (browser, agent) = (admin(&shop).await, shop.browser(AGENT).await);
        agent.get("/app/orders").await.expect(200);
        let page = browser.get("/app/users/sessions").await.expect(200).text;
        assert!(page.contains(AGENT.name), "{page}");
        let id = id_of(&shop, "/api/v1/users", "email", AGENT.email).await;
        browser.submit(&format!("/app/users/{id}/sessions/end"), &[]).await.expect(303);
        assert!(agent.get("/app/orders").await.expect(303).header("location").starts_with("/sign-in"));
    }

    async fn a_part_of_the_settings_is_saved_alone_with_its_version(shop: Shop) {
        let browser = admin(&shop).await;
        let page = browser.get("/app/settings/orders").await.expect(200).text;
        assert!(page.contains("Default: 10 seconds"), "{page}");
        let all = |undo: &'static str, version: &'static str| {
            [("version", version), ("undo_seconds", undo), ("bulk_undo_minutes", ""), ("draft_days", "20"), ("max_lines", "100"), ("number_prefix", "K-")]
        };
        browser.submit("/app/settings/orders", &all("25", "0")).await.expect(303);
        let stands = |settings: Value| settings["items"].as_array().unwrap().iter().find(|one| one["name"] == "orders").unwrap()["value"].clone();
        let value = stands(shop.admin().get("/api/v1/settings").await.expect(200).body);
        assert_eq!((&value["undo_seconds"], &value["bulk_undo_minutes"], &value["number_prefix"]), (&json!(25), &json!(10), &json!("K-")));
        let wrong = browser.submit("/app/settings/orders", &all("soon", "1")).await.expect(422);
        assert!(wrong.text.contains("f-undo_seconds-error") && wrong.text.contains("soon"), "{wrong}");
        let stale = browser.submit("/app/settings/orders", &all("30", "0")).await.expect(409);
        assert!(stale.text.contains("f-undo_seconds-theirs"), "{stale}");

        // The path of escalations is judged as the API judges it.
        let levels = [("version", "0"), ("agent_hours", "4"), ("levels[0].role", "no such role"), ("levels[0].hours", "8"), ("mail", "1")];
        let refused = browser.submit("/app/settings/escalation", &levels).await.expect(422);
        assert!(refused.text.contains("f-levels[0].role-error"), "{refused}");
        let levels = [("version", "0"), ("agent_hours", "4"), ("levels[0].role", "team_manager"), ("levels[0].hours", "6")];
        browser.submit("/app/settings/escalation", &levels).await.expect(303);
        let found = browser.get("/app/settings?q=lock").await.expect(200).text;
        assert!(found.contains("/app/settings/access#f-lockout_minutes") && !found.contains("#f-undo_seconds"), "{found}");
        assert!(browser.get("/app/settings?q=zebra").await.expect(200).text.contains("zebra"));
        browser.get("/app/settings/nothing").await.expect(404);
        let secret = browser.submit("/app/settings/erp/secret", &[("secret", "short")]).await.expect(422);
        assert!(secret.text.contains("f-secret-error") && !secret.text.contains(r#"value="short""#), "{secret}");
    }

    async fn reasons_tags_fields_and_numbers_are_kept_by_their_pages(shop: Shop) {
        let browser = admin(&shop).await;
        let refused = browser.submit("/app/settings/cancellation-reasons", &[("code", "Not A Code"), ("labels.en", "Gift")]).await.expect(422);
        assert!(refused.text.contains("f-code-error"), "{refused}");
        let reason = [("code", "gift_wrap"), ("labels.en", "No gift wrap"), ("labels.ar", "بلا تغليف"), ("needs_note", "1"), ("against_customer", "1")];
        browser.submit("/app/settings/cancellation-reasons", &reason).await.expect(303);
        let list = browser.get("/app/settings/cancellation-reasons").await.expect(200).text;
        assert!(list.contains("No gift wrap"), "{list}");
        browser.submit("/app/settings/cancellation-reasons/gift_wrap", &[("version", "1"), ("labels.en", "Wrap"), ("is_archived", "1")]).await.expect(303);
        let reasons = shop.admin().get("/api/v1/cancellation-reasons?with_archived=true").await.expect(200);
        let changed = reasons.items().iter().find(|one| one["code"] == "gift_wrap").unwrap();
        assert_eq!((&changed["labels"], &changed["needs_note"], changed["archived_at"].is_null()), (&json!({"en": "Wrap"}), &json!(false), false));

        browser.submit("/app/settings/tags", &[("name", "gift"), ("tone", "info")]).await.expect(303);
        browser.submit("/app/settings/tags", &[("name", "present"), ("tone", "ok")]).await.expect(303);
        let (gift, present) = (id_of(&shop, "/api/v1/tags", "name", "gift").await, id_of(&shop, "/api/v1/tags", "name", "present").await);
        browser.submit(&format!("/app/settings/tags/{gift}"), &[("version", "1"), ("name", "gifts"), ("tone", "bad")]).await.expect(303);
        browser.submit(&format!("/app/settings/tags/{gift}/merge"), &[("into", "")]).await.expect(422);
        shop.run_jobs().await;
        browser.submit(&format!("/app/settings/tags/{gift}/merge"), &[("into", &present)]).await.expect(303);

        let field = [("subject", "order"), ("key", "size"), ("kind", "choice"), ("labels.en", "Size"), ("choices", "s: Small\nxl: Extra large | Très grand"), ("required", "no")];
        browser.submit("/app/settings/fields", &field).await.expect(303);
        let id = id_of(&shop, "/api/v1/fields", "key", "size").await;
        let page = browser.get(&format!("/app/settings/fields/{id}")).await.expect(200).text;
        assert!(page.contains("xl: Extra large | Très grand"), "{page}");
        browser.submit("/app/settings/fields/switches", &[("version", "0"), ("new_tags", "1")]).await.expect(303);

        let main = shop.main().to_string();
        let (pattern, first) = (format!("pattern-{main}-invoice"), format!("first-{main}-invoice"));
        let path = format!("/app/settings/stores/{main}/series/invoice");
        let wrong = browser.submit(&path, &[("version", "0"), (&pattern, "no number"), (&first, "1")]).await.expect(422);
        assert!(wrong.text.contains(&format!("f-{pattern}-error")), "{wrong}");
        browser.submit(&path, &[("version", "0"), (&pattern, "{store}/{year}/{seq:4}"), (&first, "7")]).await.expect(303);
        assert!(browser.get("/app/settings/numbers").await.expect(200).text.contains("MAIN/"));
    }

    async fn a_change_of_statuses_waits_as_a_draft_is_tried_and_comes_into_force(shop: Shop) {
        let browser = admin(&shop).await;
        let order = shop.order().await;
        assert!(browser.get("/app/settings/statuses").await.expect(200).text.contains("<svg viewBox"));
        let state = "/app/settings/statuses/states/PENDING";
        let sub = [
            ("version", "0"),
            ("labels.en", "To confirm"),
            ("notifies", "yes"),
            ("substatuses[0].key", "fresh"),
            ("substatuses[0].labels.en", "Fresh"),
            ("substatuses[0].labels.dz", "جديدة"),
            ("substatuses[0].tone", "info"),
            ("substatuses[0].position", "1"),
            ("substatuses[0].is_default", "1"),
        ];
        let mut wrong = sub.to_vec();
        wrong[3] = ("substatuses[0].key", "Not a key");
        let refused = browser.submit(state, &wrong).await.expect(422);
        assert!(refused.text.contains("f-substatuses[0].key-error"), "{refused}");
        browser.submit(state, &sub).await.expect(303);
        assert_eq!(browser.submit(state, &sub).await.status, 409, "another draft stands by now");
        let draft = shop.admin().get("/api/v1/rules/draft").await.expect(200).body;
        assert_eq!((&draft["version"], &draft["based_on"]), (&json!(1), &json!(0)));
        assert_eq!(draft["rules"]["states"]["PENDING"]["substatuses"][0]["labels"]["dz"], "جديدة");
        assert_eq!(shop.admin().get("/api/v1/rules").await.expect(200).body["version"], 0, "nothing is in force yet");

        let moved = "/app/settings/statuses/moves/PENDING/cancel";
        let guards = [("version", "1"), ("guards[0].require", "notes"), ("guards[0].value", "call 3"), ("guards[1].require", "note")];
        browser.submit(moved, &guards).await.expect(303);
        let wrong = browser.submit(moved, &[("version", "2"), ("guards[1].require", "role"), ("guards[1].value", "Nobody's")]).await.expect(422);
        assert!(wrong.text.contains("f-guards[1].value-error"), "{wrong}");
        browser.get("/app/settings/statuses/moves/CANCELLED/ship").await.expect(404);

        let page = browser.get("/app/settings/statuses/draft").await.expect(200).text;
        assert!(page.contains("PENDING.fresh") && page.contains("PENDING.cancel.guards"), "{page}");
        browser.submit("/app/settings/statuses/draft/try", &[]).await.expect(303);
        shop.run_jobs().await;
        let part = shop.browser(ADMIN).await.with_header("HX-Request-Type", "partial").get("/app/settings/statuses/draft").await.expect(200).text;
        assert!(part.contains(r#"id="trial""#) && part.contains("1 order looked at") && !part.contains("data-poll"), "{part}");
        let applied = browser.submit("/app/settings/statuses/draft/activate", &[("version", "2"), ("note", "Calls first")]).await.expect(303);
        assert_eq!(applied.header("location"), "/app/settings/statuses?done=activated");
        shop.admin().get("/api/v1/rules/draft").await.expect(404);
        assert_eq!(shop.admin().post(&order.path("/cancel"), json!({"reason": "customer_refused"})).await.status, 422, "a note is asked for");

        let versions = browser.get("/app/settings/statuses/versions").await.expect(200).text;
        assert!(versions.contains("Calls first") && versions.contains(ADMIN.name), "{versions}");
        assert!(browser.get("/app/settings/statuses/versions/1").await.expect(200).text.contains("PENDING.fresh"));
    }

    async fn a_dropped_substatus_asks_where_its_orders_go(shop: Shop) {
        let browser = admin(&shop).await;
        let rules = json!({"states": {"PENDING": {"substatuses": [{"key": "fresh", "labels": {"en": "Fresh"}, "is_default": true}, {"key": "late", "labels": {"en": "Late"}}]}}});
        shop.admin().put("/api/v1/rules", json!({"rules": rules})).await.expect(200);
        shop.order().await;
        let gone = [("version", "0"), ("substatuses[0].remove", "1"), ("substatuses[1].labels.en", "Late"), ("substatuses[1].position", "1")];
        browser.submit("/app/settings/statuses/states/PENDING", &gone).await.expect(303);
        let refused = browser.submit("/app/settings/statuses/draft/activate", &[("version", "1")]).await.expect(422);
        assert!(refused.text.contains("to-fresh") && refused.text.contains("field wrong"), "{refused}");
        browser.submit("/app/settings/statuses/draft/mapping", &[("version", "1"), ("to.fresh", "late")]).await.expect(303);
        // Other rules came into force since: the draft says so, and is compared with them first.
        shop.admin().put("/api/v1/rules", json!({"rules": rules, "mapping": {}})).await.expect(200);
        browser.submit("/app/settings/statuses/draft/activate", &[("version", "2")]).await.expect(303);
        shop.run_jobs().await;
        let orders = shop.admin().get("/api/v1/orders?substatus=late").await.expect(200);
        assert_eq!(orders.items().len(), 1, "{orders}");

        let draft = json!({"rules": {"states": {}}, "mapping": {"late": null}});
        shop.admin().put("/api/v1/rules/draft", draft).await.expect(200);
        shop.admin().put("/api/v1/rules", json!({"rules": {"states": {"PENDING": {"progress": 30, "substatuses": [{"key": "late", "labels": {"en": "Late"}}]}}}})).await.expect(200);
        assert_eq!(shop.admin().post("/api/v1/rules/draft/activate", json!({})).await.expect(409).code(), "stale");
        browser.submit("/app/settings/statuses/draft/activate", &[("version", "1")]).await.expect(409);
        browser.submit("/app/settings/statuses/draft/rebase", &[]).await.expect(303);
        browser.submit("/app/settings/statuses/draft/discard", &[]).await.expect(303);
        shop.admin().get("/api/v1/rules/draft").await.expect(404);
        browser.submit("/app/settings/statuses/draft/activate", &[("version", "1")]).await.expect(409);
    }

    async fn the_rules_go_out_and_come_in_as_one_file(shop: Shop) {
        let browser = admin(&shop).await;
        let rules = json!({"states": {"PROCESSING": {"progress": 55, "substatuses": [{"key": "packed", "labels": {"fr": "Emballée"}}]}}});
        shop.admin().put("/api/v1/rules", json!({"rules": rules})).await.expect(200);
        let file = browser.get("/app/settings/statuses/file/rules.json").await.expect(200);
        assert!(file.header("content-disposition").contains("rules-1.json"));
        assert_eq!(file.body["states"]["PROCESSING"]["progress"], 55);
        let broken = browser.submit("/app/settings/statuses/file", &[("version", "0"), ("rules", "{\n not json")]).await.expect(422);
        assert!(broken.text.contains("line 2"), "{broken}");
        let wrong = r#"{"states": {"PENDING": {"progress": 400, "substatuses": [{"key": "a", "labels": {"xx": "?"}}]}}, "colour": 1}"#;
        let refused = browser.submit("/app/settings/statuses/file", &[("version", "0"), ("rules", wrong)]).await.expect(422);
        for place in ["states.PENDING.progress", "states.PENDING.substatuses[0].labels.xx", "colour"] {
            assert!(refused.text.contains(place), "{place}: {refused}");
        }
        let text = file.text.replace("55", "60");
        browser.submit("/app/settings/statuses/file", &[("version", "0"), ("rules", &text)]).await.expect(303);
        let page = browser.get("/app/settings/statuses/draft").await.expect(200).text;
        assert!(page.contains("PROCESSING.progress"), "{page}");
        browser.submit("/app/settings/statuses/versions/1/draft", &[]).await.expect(303);
        assert!(!browser.get("/app/settings/statuses/draft").await.expect(200).text.contains("PROCESSING.progress"), "back to what is in force");
    }

    async fn the_first_start_goes_from_the_shop_to_the_first_orders(shop: Shop) {
        let browser = admin(&shop).await;
        assert!(browser.get("/app/set-up").await.expect(200).text.contains("Step 2 of 5"));
        browser.submit("/app/set-up", &[("name", ""), ("code", "MAIN"), ("language", "en")]).await.expect(422);
        let stored = browser.submit("/app/set-up", &[("name", "Yasmine"), ("code", "MAIN"), ("language", "en")]).await.expect(303);
        assert_eq!(stored.header("location"), "/app/set-up/money");
        let money = |fee| [("country", "DZ"), ("currency", "DZD"), ("zone", "Africa/Algiers"), ("week_start", "sunday"), ("number_style", "space_comma"), ("shipping_fee", fee)];
        browser.submit("/app/set-up/money", &money("much")).await.expect(422);
        assert_eq!(browser.submit("/app/set-up/money", &money("450")).await.expect(303).header("location"), "/app/set-up/team");
        let store = shop.admin().get(&format!("/api/v1/stores/{}", shop.main())).await.expect(200).body;
        assert_eq!((&store["name"], &store["shipping_fee"]), (&json!("Yasmine"), &json!(45_000)));
        assert_eq!(browser.submit("/app/set-up/team", &[]).await.expect(303).header("location"), "/app/set-up/orders");

        // A country alone brings what is usual there, to look at before it counts.
        let away = [("country", "KE"), ("currency", "DZD"), ("zone", "Africa/Algiers"), ("week_start", "sunday"), ("number_style", "space_comma")];
        let with_fee: Vec<(&str, &str)> = away.into_iter().chain([("shipping_fee", "300")]).collect();
        let offered = browser.submit("/app/set-up/money", &with_fee).await.expect(200).text;
        for part in ["This is usual in the country", "value=\"KES\" selected", "value=\"Africa/Nairobi\" selected", "name=\"seen\" value=\"KE\"", "value=\"300\""] {
            assert!(offered.contains(part), "{part} in {offered}");
        }
        // Who meant another country is offered that one's.
        let other = [("country", "TN"), ("currency", "KES"), ("zone", "Africa/Nairobi"), ("week_start", "monday"), ("number_style", "comma_point"), ("seen", "KE"), ("shipping_fee", "7")];
        let offered = browser.submit("/app/set-up/money", &other).await.expect(200).text;
        for part in ["value=\"TND\" selected", "value=\"Africa/Tunis\" selected", "name=\"seen\" value=\"TN\"", "value=\"7\""] {
            assert!(offered.contains(part), "{part} in {offered}");
        }
        // And who goes back, what stood there; a fee that nobody typed does not become one of other money.
        let back = [("country", "DZ"), ("currency", "KES"), ("zone", "Africa/Nairobi"), ("week_start", "monday"), ("number_style", "comma_point"), ("seen", "KE"), ("shipping_fee", "7")];
        let offered = browser.submit("/app/set-up/money", &back).await.expect(200).text;
        assert!(offered.contains("value=\"DZD\" selected") && offered.contains("value=\"Africa/Algiers\" selected"), "{offered}");
        let standing: Vec<(&str, &str)> = away.into_iter().chain([("shipping_fee", "450")]).collect();
        let offered = browser.submit("/app/set-up/money", &standing).await.expect(200).text;
        assert!(offered.contains("value=\"KES\" selected") && !offered.contains("value=\"450\""), "{offered}");
        let unclear: Vec<(&str, &str)> = away.into_iter().chain([("seen", "KE"), ("shipping_fee", "much")]).collect();
        let refused = browser.submit("/app/set-up/money", &unclear).await.expect(422).text;
        assert!(refused.contains("name=\"seen\" value=\"KE\"") && refused.contains("value=\"DZD\" selected"), "what was set back stays so: {refused}");
        let of_store = async || shop.admin().get(&format!("/api/v1/stores/{}", shop.main())).await.expect(200).body;
        assert_eq!(of_store().await["country"], "DZ", "nothing is kept yet");
        let as_it_was: Vec<(&str, &str)> = away.into_iter().chain([("seen", "KE"), ("shipping_fee", "450")]).collect();
        browser.submit("/app/set-up/money", &as_it_was).await.expect(303);
        let kept = of_store().await;
        assert_eq!((&kept["country"], &kept["currency"]), (&json!("KE"), &json!("DZD")), "who wants it otherwise has it so");

        let role = id_of(&shop, "/api/v1/roles", "code", "agent").await;
        let wrong = browser.submit("/app/set-up/team", &[("name1", "Ines"), ("email1", "no"), ("role1", &role)]).await.expect(422);
        assert!(wrong.text.contains("f-email1-error"), "{wrong}");
        let invited = browser.submit("/app/set-up/team", &[("name0", "Ines"), ("email0", "ines@shop.test"), ("role0", &role)]).await.expect(200);
        assert!(invited.text.contains("/sign-in/join/"), "{invited}");
        assert!(browser.get("/app/set-up/orders").await.expect(200).text.contains("/app/orders"));
    }

    async fn pages_say_everything_in_every_language(shop: Shop) {
        let browser = admin(&shop).await;
        for language in ["fr", "ar"] {
            browser.submit("/app/preferences", &[("language", language)]).await.expect(303);
            for path in ["/app/stores", "/app/stores/new", "/app/users", "/app/users/new", "/app/users/roles", "/app/users/roles/new", "/app/users/sessions",
                "/app/users/keys", "/app/users/keys/new", "/app/settings", "/app/settings/access", "/app/settings/escalation", "/app/settings/tracking",
                "/app/settings/tags", "/app/settings/fields", "/app/settings/fields/new", "/app/settings/numbers", "/app/settings/hold-kinds", "/app/settings/statuses",
                "/app/settings/statuses/states/PENDING", "/app/settings/statuses/moves", "/app/settings/statuses/moves/PENDING/cancel", "/app/settings/statuses/draft",
                "/app/settings/statuses/versions", "/app/settings/statuses/file", "/app/set-up/team"] {
                let page = browser.get(path).await.expect(200);
                assert!(page.text.contains(&format!(r#"lang="{language}""#)), "{path}");
                for key in ["set-", "status-", "people-", "stores-", "right-", "area-", "keysof-", "roles-", "guard-", "fields-"] {
                    assert!(!page.text.contains(&format!(">{key}")), "{path} in {language} has no words for a {key}…");
                }
            }
        }
    }
}
