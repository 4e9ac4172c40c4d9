//! People around an order: notes on top, colleagues whom a note names, who has the page open.

use base::presence::{Doing, SEAT_SECONDS};
use kernel::{OrderId, UserId};
use serde_json::{Value, json};
use testkit::{AGENT, Client, Engine, Shop, both};

use crate::streams::Stream;

async fn id_of(client: &Client) -> String {
    client.get("/api/v1/me").await.expect(200).body["user"]["id"].as_str().unwrap().to_owned()
}

async fn waiting(client: &Client) -> Vec<Value> {
    client.get("/api/v1/me/mentions").await.expect(200).items().to_vec()
}

fn names(list: &[Value]) -> Vec<&str> {
    list.iter().map(|one| one["name"].as_str().unwrap()).collect()
}

both! {
    async fn a_note_names_colleagues_by_their_name_until_they_have_seen_it(shop: Shop) {
        let order = shop.order().await;
        let (admin, agent) = (id_of(&shop.admin()).await, id_of(&shop.agent()).await);
        let text = "@Karima Admin can you look? @mourad, too. Not @Nobody, not agent@shop.test";
        let note = shop.agent().post(&order.path("/notes"), json!({"text": text})).await.expect(201).id().to_owned();
        let found = waiting(&shop.admin()).await;
        let [mention] = &found[..] else { panic!("{found:?}") };
        assert_eq!((&mention["note_id"], &mention["order_id"], &mention["text"]), (&json!(note), &json!(order.id), &json!(text)));
        assert_eq!((&mention["author"]["id"], &mention["order_number"]), (&json!(agent), &json!(order.number)));
        assert_eq!((waiting(&shop.manager()).await.len(), waiting(&shop.agent()).await.len(), waiting(&shop.colleague()).await.len()), (1, 0, 0));

        let notes = shop.agent().get(&order.path("/notes")).await.expect(200);
        assert_eq!(notes.items()[0]["mentions"].as_array().unwrap().len(), 2, "{notes}");
        let event = shop.admin().get(&order.path("/history")).await.expect(200);
        let event = event.items().iter().find(|event| event["kind"] == "order.note_added").unwrap().clone();
        assert!(event["data"]["mentions"].as_array().unwrap().contains(&json!(admin)) && !event.to_string().contains("look"), "{event}");

        shop.advance(60);
        assert_eq!(shop.admin().post(&order.path("/mentions/seen"), json!({})).await.expect(200).body["count"], 1);
        assert_eq!(shop.admin().post(&order.path("/mentions/seen"), json!({})).await.expect(200).body["count"], 0);
        assert_eq!((waiting(&shop.admin()).await.len(), waiting(&shop.manager()).await.len()), (0, 1));
        let read = shop.agent().get(&order.path("")).await.expect(200).body;
        let named = read["notes"][0]["mentions"].as_array().unwrap().clone();
        let seen: Vec<bool> = named.iter().map(|one| one["seen_at"] == "2026-11-21T09:01:00Z" && one["user_id"] == json!(admin)).collect();
        assert_eq!(seen.iter().filter(|seen| **seen).count(), 1, "{named:?}");
    }

    async fn only_who_may_see_the_order_can_be_named(shop: Shop) {
        let order = shop.order().await;
        let colleagues = shop.agent().get(&order.path("/colleagues")).await.expect(200);
        let listed = names(colleagues.items());
        assert!(listed.contains(&"Karima Admin") && listed.contains(&"Chakib Colleague"), "{listed:?}");
        for hidden in ["Nadia Neighbour", "Walid Weak", "Farid Foreign", "Amel Agent"] {
            assert!(!listed.contains(&hidden), "{hidden} sees another store, nothing, another shop, or asks: {listed:?}");
        }
        let few = shop.agent().get(&order.path("/colleagues?search=KARIM")).await.expect(200);
        assert_eq!(names(few.items()), ["Karima Admin"]);

        let neighbour = id_of(&shop.neighbour()).await;
        let notes = order.path("/notes");
        shop.agent().post(&notes, json!({"text": "@Nadia Neighbour and @Farid Foreign"})).await.expect(201);
        assert_eq!(waiting(&shop.neighbour()).await.len(), 0, "a name that fits nobody here is text");
        let admin = id_of(&shop.admin()).await;
        for (body, expected) in [
            (json!({"text": "look", "mentions": [neighbour]}), "mentions: mention.unseen"),
            (json!({"text": "look", "mentions": [admin], "audience": "customer"}), "mentions: mention.audience"),
            (json!({"text": "look", "mentions": ["nobody"]}), "mentions[0]: format"),
        ] {
            assert_eq!(shop.agent().post(&notes, body).await.expect(422).fields(), [expected]);
        }
        shop.agent().post(&notes, json!({"text": "by id", "mentions": [admin, admin, id_of(&shop.agent()).await]})).await.expect(201);
        assert_eq!(waiting(&shop.admin()).await.len(), 1);
        shop.agent().post(&notes, json!({"text": "@Karima Admin", "audience": "customer"})).await.expect(201);
        assert_eq!(waiting(&shop.admin()).await.len(), 1, "what the customer reads names nobody");

        // Whoever may no longer see an order hears no more of it.
        let (id, amel): (OrderId, UserId) = (order.id.parse().unwrap(), id_of(&shop.agent()).await.parse().unwrap());
        shop.edge().await.write(move |tx, ctx| orders::assign(tx, ctx, id, Some(amel)).map(drop)).await.unwrap();
        shop.admin().post(&notes, json!({"text": "@Amel Agent", "mentions": []})).await.expect(201);
        let listed = shop.agent().get(&order.path("/colleagues")).await.expect(200);
        assert!(!names(listed.items()).contains(&"Chakib Colleague"), "another agent does not see it: {listed}");
        assert_eq!(waiting(&shop.agent()).await.len(), 1);

        shop.weak().get(&order.path("/colleagues")).await.expect(403);
        shop.weak().get("/api/v1/me/mentions").await.expect(403);
        for stranger in [shop.neighbour(), shop.foreigner()] {
            stranger.get(&order.path("/colleagues")).await.expect(404);
            stranger.post(&order.path("/mentions/seen"), json!({})).await.expect(404);
            stranger.get(&order.path("/viewers")).await.expect(404);
        }
    }

    async fn a_few_notes_stand_on_top_of_an_order(shop: Shop) {
        let order = shop.order().await;
        let mut notes = Vec::new();
        for text in ["one", "two", "three", "four"] {
            notes.push(shop.agent().post(&order.path("/notes"), json!({"text": text})).await.expect(201).id().to_owned());
        }
        let pin = |note: &str| order.path(&format!("/notes/{note}/pin"));
        shop.advance(60);
        let pinned = shop.agent().put(&pin(&notes[0]), json!({})).await.expect(200);
        assert_eq!((&pinned.body["pinned_at"], &pinned.body["text"]), (&json!("2026-11-21T09:01:00Z"), &json!("one")));
        shop.advance(60);
        assert_eq!(shop.agent().put(&pin(&notes[0]), json!({})).await.expect(200).body["pinned_at"], "2026-11-21T09:01:00Z", "it stays");
        for note in &notes[1..3] {
            shop.agent().put(&pin(note), json!({})).await.expect(200);
        }
        assert_eq!(shop.agent().put(&pin(&notes[3]), json!({})).await.expect(409).code(), "note.pins");
        assert_eq!(shop.agent().delete(&pin(&notes[1])).await.expect(200).body["pinned_at"], Value::Null);
        shop.agent().delete(&pin(&notes[1])).await.expect(200);
        shop.agent().put(&pin(&notes[3]), json!({})).await.expect(200);
        let read = shop.agent().get(&order.path("/notes")).await.expect(200);
        let on_top: Vec<&str> = read.items().iter().filter(|note| !note["pinned_at"].is_null()).map(|note| note["text"].as_str().unwrap()).collect();
        assert_eq!(on_top, ["one", "three", "four"]);
        let history = shop.admin().get(&order.path("/history")).await.expect(200);
        let count = |kind: &str| history.items().iter().filter(|event| event["kind"] == kind).count();
        assert_eq!((count("order.note_pinned"), count("order.note_unpinned")), (4, 1), "what changed nothing is no event");

        let other = shop.order().await;
        shop.agent().put(&other.path(&format!("/notes/{}/pin", notes[0])), json!({})).await.expect(404);
        shop.weak().put(&pin(&notes[0]), json!({})).await.expect(403);
        shop.neighbour().delete(&pin(&notes[0])).await.expect(404);
    }

    async fn who_has_the_page_open_is_told_to_those_who_see_the_order(shop: Shop) {
        let order = shop.order().await;
        let address = shop.listen().await.to_string();
        let mut stream = Stream::open(&address, &shop.colleague().token().await, None).await;
        let browser = shop.browser(AGENT).await;
        let here = format!("/app/orders/{}/here", order.id);
        browser.submit(&here, &[("page", "7"), ("at", "view")]).await.expect(200);
        stream.until_change("presence", &order.id).await;
        let viewers = async || shop.colleague().get(&order.path("/viewers")).await.expect(200).items().to_vec();
        let agent = id_of(&shop.agent()).await;
        assert_eq!(viewers().await, [json!({"user_id": agent, "name": "Amel Agent", "is_editing": false})]);

        // The same again is no news; beginning to edit is, and leaving.
        browser.submit(&here, &[("page", "7"), ("at", "view")]).await.expect(200);
        browser.submit(&here, &[("page", "7"), ("at", "edit")]).await.expect(200);
        stream.until_change("presence", &order.id).await;
        assert_eq!(viewers().await[0]["is_editing"], true);
        browser.submit(&here, &[("page", "7"), ("at", "gone")]).await.expect(200);
        stream.until_change("presence", &order.id).await;
        assert_eq!(viewers().await, Vec::<Value>::new());

        // Who says nothing more is gone after half a minute.
        browser.submit(&here, &[("page", "8"), ("at", "view")]).await.expect(200);
        shop.advance(SEAT_SECONDS - 1);
        assert_eq!(viewers().await.len(), 1);
        shop.advance(1);
        assert_eq!(viewers().await.len(), 0);

        shop.browser(testkit::NEIGHBOUR).await.submit(&here, &[("page", "1"), ("at", "view")]).await.expect(404);
        shop.browser(testkit::FOREIGNER).await.submit(&here, &[("page", "1"), ("at", "view")]).await.expect(404);
        shop.browser(testkit::WEAK).await.submit(&here, &[("page", "1"), ("at", "view")]).await.expect(403);
        assert_eq!(viewers().await.len(), 0, "who may not see it does not look at it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_hears_who_looks_at_an_order() {
    let shop = Shop::on(Engine::Postgres).await;
    let other = shop.second_process().await;
    let order = shop.order().await;
    let mut stream = Stream::open(&other.listen().await.to_string(), &other.colleague().token().await, None).await;
    let id: OrderId = order.id.parse().unwrap();
    let agent: UserId = id_of(&shop.agent()).await.parse().unwrap();
    shop.base().say_here(shop.org(), id, agent, 1, Doing::Editing).await;
    stream.until_change("presence", &order.id).await;
    let seen = other.colleague().get(&order.path("/viewers")).await.expect(200);
    assert_eq!(seen.items(), [json!({"user_id": agent, "name": "Amel Agent", "is_editing": true})]);
    shop.base().say_here(shop.org(), id, agent, 1, Doing::Gone).await;
    stream.until_change("presence", &order.id).await;
    assert_eq!(other.colleague().get(&order.path("/viewers")).await.expect(200).items(), [] as [Value; 0]);
}
