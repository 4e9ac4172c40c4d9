//! What follows from a move: the customer's mail, the ERP's webhook.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use kernel::{Hidden, JobKind};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use testkit::{Shop, both};

fn mails(shop: &Shop) -> Vec<String> {
    let folder = shop.base().data_dir().join("mail");
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// A back office that remembers what it was told and answers as it is told to.
#[derive(Clone, Default)]
struct Erp {
    heard: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Erp {
    async fn listen() -> (Erp, SocketAddr) {
        let erp = Erp::default();
        let app = Router::new().route("/hook", axum::routing::post(Erp::hear)).with_state(erp.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        (erp, address)
    }

    async fn hear(State(erp): State<Erp>, headers: HeaderMap, body: Bytes) -> StatusCode {
        erp.heard.lock().unwrap().push((headers, body));
        let answer = erp.answers.lock().unwrap().pop().unwrap_or(204);
        StatusCode::from_u16(answer).unwrap()
    }

    /// The next answers, the first one first.
    fn will_answer(&self, answers: &[u16]) {
        *self.answers.lock().unwrap() = answers.iter().rev().copied().collect();
    }

    fn heard(&self) -> Vec<(HeaderMap, Value)> {
        self.heard.lock().unwrap().iter().map(|(headers, body)| (headers.clone(), serde_json::from_slice(body).unwrap())).collect()
    }
}

async fn with_erp(shop: &Shop, address: SocketAddr, states: Value) {
    let url = format!("http://{address}/hook");
    shop.admin().put("/api/v1/settings/erp", json!({"value": {"url": url}})).await.expect(200);
    shop.admin().put("/api/v1/settings/erp/secret", json!({"secret": base::http::new_signing_secret().reveal()})).await.expect(204);
    shop.admin().put("/api/v1/settings/orders", json!({"value": {"syncable_states": states, "notifiable_states": []}})).await.expect(200);
}

both! {
    async fn a_shipped_order_is_told_to_its_customer_in_their_language(shop: Shop) {
        let customer = json!({"name": "Amina Benali", "phone": "0550142387", "email": "amina@example.dz", "language": "fr"});
        let order = shop.order().with("customer", customer).processing().await;
        shop.advance(60);
        shop.run_jobs().await;
        let before = mails(&shop).len();
        shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        shop.run_jobs().await;
        assert_eq!(mails(&shop).len(), before, "nothing goes out while it can be taken back");
        shop.advance(10);
        shop.run_jobs().await;
        let mails = mails(&shop);
        let mail = mails.last().unwrap();
        assert_eq!(mails.len(), before + 1);
        assert!(mail.contains("To: amina@example.dz"), "{mail}");
        assert!(mail.contains(&order.number) && mail.contains("9000.00 DZD"), "{mail}");

        let progress = shop.agent().get(&order.path("/progress")).await.expect(200);
        let told = progress.body["notifications"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&told["channel"], &told["template"], &told["state"]), (&json!("email"), &json!("order.shipped"), &json!("sent")));
        assert_eq!(told["timestamp"], "2026-11-21T09:01:10Z");
        let messages = shop.agent().get(&order.path("/messages")).await.expect(200);
        let message = messages.items().last().unwrap();
        assert_eq!((&message["id"], &message["locale"], &message["state"]), (&told["message_id"], &json!("fr"), &json!("sent")));
        assert_eq!(message["subject"], format!("Commande {} expédiée", order.number));
        assert!(message["body"].as_str().unwrap().starts_with("Bonjour Amina Benali,"), "{message}");
        shop.neighbour().get(&order.path("/messages")).await.expect(404);
        let stats = shop.admin().get("/api/v1/orders/stats").await.expect(200).body["notifications"].clone();
        assert_eq!((&stats["failed"], &stats["skipped"], &stats["sent_ppm"]), (&json!(0), &json!(0), &json!(1_000_000)));
        assert_eq!(stats["sent"], json!(progress.body["notifications"].as_array().unwrap().len()));
        let event = shop.admin().get("/api/v1/events?kind=order.notified").await.expect(200).items()[0].clone();
        assert!(event["automated"] == true && !event.to_string().contains("amina@"), "{event}");
    }

    async fn figures_of_messages_are_those_of_the_stores_that_one_sees(shop: Shop) {
        let told = async |shop: &Shop, second: bool| {
            let order = shop.order().with("customer", json!({"name": "Amina", "phone": "0550142387", "email": "amina@example.dz"}));
            let order = if second { order.in_second_store().await } else { order.await };
            shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
            shop.advance(10);
            shop.run_jobs().await;
        };
        told(&shop, false).await;
        let own = shop.role("shop_owner").get("/api/v1/orders/stats").await.expect(200).body["notifications"].clone();
        told(&shop, true).await;
        told(&shop, true).await;
        let all = shop.admin().get("/api/v1/orders/stats").await.expect(200).body["notifications"]["sent"].as_i64().unwrap();
        assert_eq!(shop.role("shop_owner").get("/api/v1/orders/stats").await.expect(200).body["notifications"], own);
        assert!(own["sent"].as_i64() > Some(0) && all == 3 * own["sent"].as_i64().unwrap(), "{own} of {all}");
        assert!(mails(&shop).last().unwrap().contains("From: "));
        // They are kept as long as the settings say, and are counted as long as they are kept.
        shop.admin().put("/api/v1/settings/retention", json!({"value": {"messages_days": 1}})).await.expect(200);
        shop.advance(3 * 86_400);
        let removed = shop.edge().await.write(|tx, ctx| notifications::purge(tx, ctx, 500)).await.unwrap();
        assert_eq!(removed, u64::try_from(all).unwrap());
        assert_eq!(shop.admin().get("/api/v1/orders/stats").await.expect(200).body["notifications"]["sent"], 0);
        shop.assert_counters_true().await;
    }

    async fn mails_are_from_whom_the_settings_name(shop: Shop) {
        shop.admin().put("/api/v1/settings/notifications", json!({"value": {"sender_name": "Boutique Natu"}})).await.expect(200);
        shop.order().with("customer", json!({"name": "Amina", "phone": "0550142387", "email": "amina@example.dz"})).confirmed().await;
        shop.advance(10);
        shop.run_jobs().await;
        let mail = mails(&shop).pop().unwrap();
        assert!(mail.contains("From: \"Boutique Natu\" <"), "{mail}");
    }

    async fn without_a_secret_nothing_is_told_and_the_job_says_why(shop: Shop) {
        let (erp, address) = Erp::listen().await;
        let url = format!("http://{address}/hook");
        shop.admin().put("/api/v1/settings/erp", json!({"value": {"url": url}})).await.expect(200);
        shop.admin().put("/api/v1/settings/orders", json!({"value": {"syncable_states": ["CONFIRMED"], "notifiable_states": []}})).await.expect(200);
        let order = shop.order().await;
        shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        shop.advance(10);
        shop.jobs_may_fail();
        shop.run_jobs().await;
        assert_eq!(erp.heard().len(), 0);
        let jobs = shop.admin().get("/api/v1/jobs?kind=push_to_erp").await.expect(200);
        assert!(jobs.items()[0].to_string().contains("webhook.no_secret"), "{jobs}");

        let path = "/api/v1/settings/erp/secret";
        assert_eq!(shop.admin().put(path, json!({"secret": "short!"})).await.expect(422).fields(), ["secret: webhook.secret"]);
        shop.manager().put(path, json!({"secret": "x"})).await.expect(403);
        shop.admin().put(path, json!({"secret": base::http::new_signing_secret().reveal()})).await.expect(204);
        shop.advance(3_600);
        shop.run_jobs().await;
        assert_eq!(erp.heard().len(), 1);
        assert!(erp.heard()[0].0.contains_key("webhook-id") && erp.heard()[0].0.contains_key("webhook-signature"));
        assert!(!shop.admin().get("/api/v1/settings").await.expect(200).text.contains("whsec_"), "it is never shown again");
    }

    async fn whoever_has_no_address_or_wants_none_is_skipped_and_counted(shop: Shop) {
        shop.order().confirmed().await;
        shop.advance(10);
        shop.run_jobs().await;
        let customer = json!({"name": "Amina", "email": "amina@example.dz"});
        shop.admin().put("/api/v1/settings/notifications", json!({"value": {"email": false}})).await.expect(200);
        let order = shop.order().with("customer", customer).confirmed().await;
        shop.advance(10);
        shop.run_jobs().await;
        assert_eq!(mails(&shop), Vec::<String>::new());
        let progress = shop.agent().get(&order.path("/progress")).await.expect(200);
        assert_eq!(progress.body["notifications"][0]["state"], "skipped");
        assert_eq!(shop.agent().get(&order.path("/messages")).await.expect(200).items()[0]["reason"], "switched_off");
        let stats = shop.admin().get("/api/v1/orders/stats").await.expect(200).body["notifications"].clone();
        assert_eq!(stats, json!({"sent": 0, "skipped": 2, "failed": 0, "sent_ppm": null}));
        // What the order has left behind is not announced.
        shop.admin().put("/api/v1/settings/notifications", json!({"value": {"email": true}})).await.expect(200);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        shop.admin().post(&order.path("/deliver"), json!({})).await.expect(200);
        shop.advance(10);
        shop.run_jobs().await;
        assert_eq!(mails(&shop).len(), 1, "only that it was delivered");
    }

    async fn the_erp_hears_of_each_move_signed_and_again_until_it_takes_it(shop: Shop) {
        let (erp, address) = Erp::listen().await;
        with_erp(&shop, address, json!(["CONFIRMED", "SHIPPED"])).await;
        let secret = base::http::new_signing_secret();
        let kept = secret.clone();
        shop.edge().await.write(move |tx, ctx| base::secrets::set(tx, ctx, "erp", &kept)).await.unwrap();
        let order = shop.order().await;
        shop.admin().post(&order.path("/confirm"), json!({"note": "Amina is at home after five"})).await.expect(200);
        erp.will_answer(&[500, 503, 200]);
        shop.jobs_may_fail();
        shop.run_jobs().await;
        assert_eq!(erp.heard().len(), 0, "it can still be taken back");
        shop.advance(10);
        for attempts in 1..=3 {
            shop.run_jobs().await;
            shop.run_jobs().await;
            assert_eq!(erp.heard().len(), attempts, "not again before its time");
            shop.advance(60);
        }
        shop.run_jobs().await;
        assert_eq!(erp.heard().len(), 3);
        let heard = erp.heard();
        let (headers, body) = &heard[0];
        assert_eq!(body["type"], "order.moved");
        assert_eq!(body["data"], json!({"order_id": order.id, "number": order.number, "external_ref": order.body["external_ref"], "state": "CONFIRMED", "version": 2}));
        assert!(!body.to_string().contains("Amina"), "ids and states alone");
        let header = |headers: &HeaderMap, name: &str| headers[name].to_str().unwrap().to_owned();
        for (headers, _) in &heard {
            assert_eq!(header(headers, "webhook-id"), header(&heard[0].0, "webhook-id"), "one delivery, one id");
        }
        let raw = erp.heard.lock().unwrap()[2].clone();
        let (id, seconds) = (header(&raw.0, "webhook-id"), header(&raw.0, "webhook-timestamp").parse().unwrap());
        let expected = Webhook::new(Hidden::reveal(&secret)).unwrap().sign(&id, seconds, &raw.1).unwrap();
        assert_eq!(header(&raw.0, "webhook-signature"), expected);
        assert_ne!(header(headers, "webhook-timestamp"), header(&raw.0, "webhook-timestamp"));

        let pushed = shop.admin().get("/api/v1/events?kind=order.pushed").await.expect(200);
        assert_eq!((pushed.items().len(), &pushed.items()[0]["data"]["is_taken"], &pushed.items()[0]["data"]["to"]), (1, &json!(true), &json!("CONFIRMED")));
        // PROCESSING is not among the states that it hears of; a move taken back is never told.
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        let shipped = shop.admin().post(&order.path("/hand_over"), json!({})).await.expect(200);
        shop.admin().post(&order.path("/undo"), json!({"event_id": shipped.body["event_id"]})).await.expect(200);
        shop.advance(3_600);
        shop.run_jobs().await;
        assert_eq!(erp.heard().len(), 3);
    }

    async fn an_erp_that_never_answers_leaves_a_dead_letter_and_the_truth(shop: Shop) {
        let (erp, address) = Erp::listen().await;
        with_erp(&shop, address, json!(["CONFIRMED"])).await;
        let order = shop.order().confirmed().await;
        erp.will_answer(&[500; 30]);
        shop.jobs_may_fail();
        for _ in 0..24 {
            shop.advance(3_700);
            shop.run_jobs().await;
        }
        let jobs = shop.admin().get("/api/v1/jobs?kind=push_to_erp").await.expect(200);
        assert_eq!((&jobs.items()[0]["state"], &jobs.items()[0]["attempts"]), (&json!("dead"), &json!(base::jobs::max_attempts(JobKind::PushToErp))));
        let pushed = shop.admin().get(&format!("/api/v1/events?kind=order.pushed&subject={}", order.id)).await.expect(200);
        assert_eq!(pushed.items()[0]["data"]["is_taken"], false);
        assert_eq!(shop.admin().get(&order.path("")).await.expect(200).body["state"], "CONFIRMED");
        // Sent to work again when it is back.
        erp.will_answer(&[]);
        let before = erp.heard().len();
        shop.admin().post(&format!("/api/v1/jobs/{}/retry", jobs.items()[0]["id"].as_str().unwrap()), json!({})).await.expect(200);
        shop.run_jobs().await;
        assert_eq!(erp.heard().len(), before + 1);
        let pushed = shop.admin().get("/api/v1/events?kind=order.pushed").await.expect(200);
        assert_eq!(pushed.items()[0]["data"]["is_taken"], true);
    }
}
