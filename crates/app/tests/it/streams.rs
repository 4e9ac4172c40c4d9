//! Changes as they happen: a stream of server-sent events, to each what they may see.

use std::collections::BTreeSet;
use std::time::Duration;

use base::live::KEPT;
use db::Change;
use serde_json::{Value, json};
use testkit::{AGENT, Client, Engine, Shop, both};

use crate::binary::PATIENCE;

/// A reader of `/api/v1/live`.
pub struct Stream {
    response: reqwest::Response,
    unread: Vec<u8>,
}

/// Something that was read from a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// `hello`, `change`, `reload`; empty for a comment.
    pub event: String,
    /// The number to come back with.
    pub id: String,
    /// What it says.
    pub data: Value,
}

impl Stream {
    /// Begins to read, from after an event if one is named.
    pub async fn open(address: &str, token: &str, last_seen: Option<&str>) -> Stream {
        let response = Stream::ask(address, token, last_seen).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Stream { response, unread: Vec::new() };
        if last_seen.is_none() {
            assert_eq!(stream.next().await.unwrap().event, "hello");
        }
        stream
    }

    async fn ask(address: &str, token: &str, last_seen: Option<&str>) -> reqwest::Response {
        let mut request = testkit::http().get(format!("http://{address}/api/v1/live")).bearer_auth(token);
        if let Some(last_seen) = last_seen {
            request = request.header("Last-Event-ID", last_seen);
        }
        request.send().await.unwrap()
    }

    /// What comes next; nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let rest = self.unread.split_off(end + 2);
                let text = String::from_utf8(std::mem::replace(&mut self.unread, rest)).unwrap();
                return Some(Told::read(&text));
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("the stream is silent");
            // Whoever serves may be killed: that ends a stream, too.
            self.unread.extend_from_slice(&chunk.ok()??);
        }
    }

    /// The next change, past comments.
    pub async fn next_change(&mut self) -> Told {
        loop {
            let told = self.next().await.expect("the stream has ended");
            assert_ne!(told.event, "reload", "nothing should be missing");
            if told.event == "change" {
                return told;
            }
        }
    }

    /// Reads on until this change comes.
    pub async fn until_change(&mut self, topic: &str, id: &str) -> Told {
        loop {
            let told = self.next_change().await;
            if told.data == json!({"topic": topic, "id": id}) {
                return told;
            }
        }
    }

    /// All changes until the stream ends.
    async fn rest(mut self) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some(told) = self.next().await {
            if told.event == "change" {
                all.push(told);
            }
        }
        all
    }
}

impl Told {
    fn read(text: &str) -> Told {
        let mut told = Told::default();
        for line in text.lines() {
            match line.split_once(": ").unwrap_or((line, "")) {
                ("event", event) => told.event = event.to_owned(),
                ("id", id) => told.id = id.to_owned(),
                ("data", data) => told.data = serde_json::from_str(data).unwrap(),
                _ => assert!(line.is_empty() || line.starts_with(':'), "not an event: {line:?}"),
            }
        }
        told
    }
}

async fn watch(shop: &Shop, client: &Client, last_seen: Option<&str>) -> Stream {
    Stream::open(&shop.listen().await.to_string(), &client.token().await, last_seen).await
}

async fn id_of(client: &Client) -> Value {
    client.get("/api/v1/me").await.body["user"]["id"].clone()
}

fn of_topic<'a>(all: &'a [Told], topic: &str) -> Vec<&'a str> {
    all.iter().filter(|told| told.data["topic"] == topic).map(|told| told.data["id"].as_str().unwrap()).collect()
}

both! {
    async fn a_change_by_somebody_else_arrives(shop: Shop) {
        let mut stream = watch(&shop, &shop.colleague(), None).await;
        let order = shop.order().by(shop.agent()).await;
        let placed = stream.until_change("order", &order.id).await;
        assert!(!placed.id.is_empty());
        // No content: whoever hears fetches what they show, with their own rights.
        assert_eq!(placed.data.as_object().unwrap().len(), 2, "{placed:?}");
        shop.agent().post(&order.path("/confirm"), json!({})).await.expect(200);
        let moved = stream.until_change("order", &order.id).await;
        assert!(moved.id.parse::<u64>().unwrap() > placed.id.parse::<u64>().unwrap());
        shop.agent().post(&order.path("/notes"), json!({"text": "wants it in blue"})).await.expect(201);
        stream.until_change("order", &order.id).await;
        // A refusal changes nothing, so the next that is heard is the move after it.
        shop.agent().post(&order.path("/confirm"), json!({})).await.expect(409);
        shop.admin().post(&order.path("/process"), json!({})).await.expect(200);
        let told = stream.next_change().await;
        assert_eq!((told.id.parse::<u64>().unwrap() > moved.id.parse::<u64>().unwrap(), &told.data["id"]), (true, &json!(order.id)));
    }

    async fn nobody_hears_of_what_they_may_not_see(shop: Shop) {
        let neighbour = watch(&shop, &shop.neighbour(), None).await;
        let foreigner = watch(&shop, &shop.foreigner(), None).await;
        let agent = watch(&shop, &shop.agent(), None).await;
        let weak = watch(&shop, &shop.weak(), None).await;
        let mut admin = watch(&shop, &shop.admin(), None).await;
        let mut abroad = watch(&shop, &shop.foreigner(), None).await;
        let colleague = id_of(&shop.colleague()).await;

        let in_main = shop.order().for_phone("Amina", "0550 11 11 11").await;
        let in_natu = shop.order().in_second_store().for_phone("Zoë", "0550 22 22 22").await;
        let of_colleague = shop.order().with("agent_id", colleague.clone()).for_phone("Lina", "0550 33 33 33").await;
        let elsewhere = shop.order().by(shop.foreigner()).with("store_id", json!(shop.foreign_store())).for_phone("Farid", "0550 44 44 44").await;
        for order in [&in_main, &in_natu, &of_colleague] {
            shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        }
        // What comes after all of it was heard, so that all of it is to be told; closing ends every stream after that.
        let last = shop.order().with("agent_id", colleague).for_phone("Nour", "0550 55 55 55").await;
        admin.until_change("order", &last.id).await;
        abroad.until_change("order", &elsewhere.id).await;
        shop.base().live().close();

        let (neighbour, foreigner, agent) = (neighbour.rest().await, foreigner.rest().await, agent.rest().await);
        // Changes of one order that are told together are told once.
        let orders = |told: &[Told]| of_topic(told, "order").into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
        assert_eq!(orders(&neighbour), BTreeSet::from([in_natu.id.clone()]));
        assert_eq!(orders(&agent), BTreeSet::from([in_main.id.clone()]));
        assert_eq!(orders(&foreigner), BTreeSet::from([elsewhere.id.clone()]));
        assert!(weak.rest().await.is_empty());
        // The people who bought are as secret as what they bought.
        let customer = |order: &testkit::PlacedOrder| order.body["customer"]["id"].as_str().unwrap().to_owned();
        for (heard, own) in [(&neighbour, &in_natu), (&foreigner, &elsewhere), (&agent, &in_main)] {
            for other in [&in_main, &in_natu, &elsewhere].into_iter().filter(|other| other.id != own.id) {
                assert!(!of_topic(heard, "customer").contains(&customer(other).as_str()), "{heard:?}");
            }
        }
        for told in neighbour.iter().chain(&agent) {
            assert!(!matches!(told.data["topic"].as_str(), Some("job" | "user" | "settings" | "api_key")), "agents hear of orders: {told:?}");
        }
    }

    async fn a_reader_that_comes_back_gets_what_it_missed(shop: Shop) {
        let mut stream = watch(&shop, &shop.agent(), None).await;
        let order = shop.order().await;
        let seen = stream.until_change("order", &order.id).await.id;
        drop(stream);
        for action in ["confirm", "process", "hand_over"] {
            shop.admin().post(&order.path(&format!("/{action}")), json!({})).await.expect(200);
        }
        let unseen = shop.order().in_second_store().await;

        let mut stream = watch(&shop, &shop.agent(), Some(&seen)).await;
        let mut last = seen.clone();
        for _ in 0..3 {
            let told = stream.until_change("order", &order.id).await;
            assert!(told.id.parse::<u64>().unwrap() > last.parse::<u64>().unwrap());
            last = told.id;
        }
        // From the last one on nothing was missed, and what comes now is new.
        let mut again = watch(&shop, &shop.agent(), Some(&last)).await;
        shop.admin().post(&order.path("/deliver"), json!({})).await.expect(200);
        assert_eq!(again.next_change().await, stream.next_change().await);
        shop.base().live().close();
        let rest = stream.rest().await;
        assert!(!of_topic(&rest, "order").contains(&unseen.id.as_str()), "what is missed is filtered as well: {rest:?}");
    }

    async fn a_gap_says_so(shop: Shop) {
        // A number of another process, or of long ago.
        let mut stream = watch(&shop, &shop.agent(), Some("7")).await;
        let told = stream.next().await.unwrap();
        assert_eq!((told.event.as_str(), told.id.is_empty()), ("reload", false));
        let order = shop.order().await;
        let seen = stream.until_change("order", &order.id).await.id;
        drop(stream);

        // More than is kept happens while the reader is away.
        let changes: Vec<Change> = (0..=KEPT as i64).map(|id| Change { topic: "order", id }).collect();
        shop.base().live().publish(shop.org(), &changes);
        let mut stream = watch(&shop, &shop.agent(), Some(&seen)).await;
        let told = stream.next().await.unwrap();
        assert_eq!(told.event, "reload");
        shop.admin().post(&order.path("/confirm"), json!({})).await.expect(200);
        let heard = stream.until_change("order", &order.id).await;
        assert!(heard.id.parse::<u64>().unwrap() > told.id.parse::<u64>().unwrap());
    }

    async fn a_stream_needs_somebody_who_reads_it(shop: Shop) {
        let address = shop.listen().await.to_string();
        assert_eq!(Stream::ask(&address, "kaf_nothing", None).await.status(), 401);
        let wrong = Stream::ask(&address, &shop.agent().token().await, Some("yesterday")).await;
        assert_eq!(wrong.status(), 422);
        let problem: Value = serde_json::from_str(&wrong.text().await.unwrap()).unwrap();
        assert_eq!(problem["errors"][0]["field"], "Last-Event-ID", "{problem}");
    }
}

/// Proxies cut what is silent for long. Takes as long as a heartbeat.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_is_broken_by_a_heartbeat() {
    let shop = Shop::on(Engine::Sqlite).await;
    let mut stream = watch(&shop, &shop.agent(), None).await;
    let heard = tokio::time::timeout(Duration::from_secs(40), stream.next()).await.expect("silent for 40 s");
    assert_eq!(heard, Some(Told::default()), "a comment, which readers skip");
    let order = shop.order().by(shop.role(AGENT.role)).await;
    stream.until_change("order", &order.id).await;
}
