//! Random walks through the API over the whole table of states, in stores of several currencies. After each
//! step the order is where the table says; at the end parts make totals, counters say what there is, and
//! customers' totals are sums. A walk that fails is made smaller, and its seed is kept in `walks.regressions`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;

use kernel::{OrderAction, OrderState, Time};
use orders::state;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use serde_json::{Value, json};
use testkit::{Answer, Client, Engine, Shop};

use crate::deployment::{all, figures_equal_lists};

/// A step of somebody; orders are counted from the first, and wrap.
#[derive(Clone, Debug)]
enum Step {
    Place(Box<Placing>),
    /// Any action, mostly one that cannot be here.
    Act {
        order: usize,
        by: usize,
        action: OrderAction,
    },
    /// One of the actions that can.
    Go {
        order: usize,
        by: usize,
        nth: usize,
    },
    Undo {
        order: usize,
        by: usize,
    },
    Change {
        order: usize,
        priority: &'static str,
        tags: u8,
    },
    Archive {
        order: usize,
        is_archived: bool,
    },
    Line {
        order: usize,
        line: usize,
        state: &'static str,
    },
    Note {
        order: usize,
    },
    Wait {
        seconds: i64,
    },
    Work,
}

#[derive(Clone, Debug)]
struct Placing {
    store: usize,
    customer: usize,
    lines: Vec<(i64, i64, Reduction, bool)>,
    discount: Reduction,
    fees: Option<(i64, i64)>,
    is_cod: bool,
    hours_ago: i64,
}

#[derive(Clone, Copy, Debug)]
enum Reduction {
    None,
    Ppm(i64),
    Amount(i64),
}

fn reduction() -> impl Strategy<Value = Reduction> {
    prop_oneof![2 => Just(Reduction::None), 1 => (0_i64..=1_000_000).prop_map(Reduction::Ppm), 1 => (0_i64..50).prop_map(Reduction::Amount)]
}

fn placing() -> impl Strategy<Value = Step> {
    let line = (1_i64..6, 50_i64..2_000_000, reduction(), prop::bool::weighted(0.1));
    let fees = prop::option::of((0_i64..100_000, 0_i64..5_000));
    (0..STORES.len(), 0_usize..3, prop::collection::vec(line, 1..5), reduction(), fees, any::<bool>(), 0_i64..800).prop_map(
        |(store, customer, lines, discount, fees, is_cod, hours_ago)| {
            Step::Place(Box::new(Placing { store, customer, lines, discount, fees, is_cod, hours_ago }))
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let order = || 0_usize..3;
    // The first row of a state is the usual way, which leads to where the rarer rows are.
    let nth = || prop_oneof![3 => Just(0_usize), 2 => 0_usize..4];
    prop_oneof![
        2 => placing(),
        4 => (order(), 0_usize..2, prop::sample::select(OrderAction::ALL)).prop_map(|(order, by, action)| Step::Act { order, by, action }),
        16 => (order(), 0_usize..2, nth()).prop_map(|(order, by, nth)| Step::Go { order, by, nth }),
        3 => (order(), 0_usize..2).prop_map(|(order, by)| Step::Undo { order, by }),
        1 => (order(), prop::sample::select(&["low", "normal", "high"][..]), 0_u8..3).prop_map(|(order, priority, tags)| Step::Change { order, priority, tags }),
        2 => (order(), any::<bool>()).prop_map(|(order, is_archived)| Step::Archive { order, is_archived }),
        2 => (order(), 0_usize..4, prop::sample::select(&["READY", "BACKORDERED"][..])).prop_map(|(order, line, state)| Step::Line { order, line, state }),
        1 => order().prop_map(|order| Step::Note { order }),
        // Never 10 s together: there a move may be undone, or its jobs may have begun.
        2 => prop::sample::select(&[4_i64, 11, 7_200, 50_000][..]).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Work),
    ]
}

/// Two orders to begin with, then anything.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    (prop::collection::vec(placing(), 2), prop::collection::vec(step(), 30..120)).prop_map(|(first, then)| [first, then].concat())
}

/// Code, currency, country, zone, how it is taxed: none, two and three decimals.
const STORES: [(&str, &str, &str, &str, &str, i64); 4] = [
    ("ALG", "DZD", "DZ", "Africa/Algiers", "inclusive", 190_000),
    ("TUN", "TND", "TN", "Africa/Tunis", "exclusive", 70_000),
    ("KAM", "XAF", "CM", "Africa/Douala", "exclusive", 192_500),
    ("NAI", "KES", "KE", "Africa/Nairobi", "inclusive", 160_000),
];

/// An order as the walk expects it.
struct Expected {
    id: String,
    state: OrderState,
    /// The last move, until it is undone: its event, where it came from, its moment, who made it.
    last: Option<(Value, OrderState, Time, usize)>,
    is_archived: bool,
    backordered: i64,
    notes: i64,
    version: i64,
    money: Value,
}

struct Walk {
    shop: Shop,
    people: [Client; 2],
    stores: Vec<Value>,
    orders: Vec<Expected>,
    /// Which rows of the table were walked.
    moves: Vec<(OrderState, OrderAction)>,
}

impl Walk {
    async fn begin(shop: Shop) -> Walk {
        let mut stores = Vec::new();
        for (code, currency, country, zone, tax_mode, rate) in STORES {
            let new = json!({"code": code, "name": code, "currency": currency, "country": country, "zone": zone, "tax_mode": tax_mode, "tax_rate_ppm": rate,
                             "shipping_fee": 700, "cod_fee": 33});
            stores.push(shop.admin().post("/api/v1/stores", new).await.expect(201).body);
        }
        let people = [shop.admin(), shop.manager()];
        Walk { shop, people, stores, orders: Vec::new(), moves: Vec::new() }
    }

    async fn take(&mut self, step: &Step) {
        self.shop.base().clock().advance_us(7);
        let place = |order: &usize| (!self.orders.is_empty()).then(|| order % self.orders.len());
        match step {
            Step::Place(new) => self.place(new).await,
            Step::Wait { seconds } => self.shop.advance(*seconds),
            Step::Work => {
                let ran = self.shop.run_jobs().await;
                assert!(ran.failed.is_empty(), "{:?}", ran.failed);
            }
            Step::Act { order, by, action } => {
                let Some(order) = place(order) else { return };
                self.act(order, *by, *action).await;
                self.look_at(order).await;
            }
            Step::Go { order, by, nth } => {
                let Some(order) = place(order) else { return };
                let allowed: Vec<OrderAction> = state::actions(self.orders[order].state).map(|row| row.action).collect();
                if !allowed.is_empty() {
                    self.act(order, *by, allowed[nth % allowed.len()]).await;
                }
                self.look_at(order).await;
            }
            Step::Undo { order, by } => {
                let Some(order) = place(order) else { return };
                self.undo(order, *by).await;
                self.look_at(order).await;
            }
            Step::Change { order, priority, tags } => {
                let Some(order) = place(order) else { return };
                let body = json!({"priority": priority, "tags": (0..*tags).map(|n| format!("tag{n}")).collect::<Vec<_>>(), "version": self.orders[order].version});
                let path = self.path(order, "");
                let answer = self.people[0].patch(&path, body).await.expect(200);
                self.orders[order].version = answer.body["version"].as_i64().unwrap();
                self.look_at(order).await;
            }
            Step::Archive { order, is_archived } => {
                let Some(order) = place(order) else { return };
                let path = self.path(order, if *is_archived { "/archive" } else { "/unarchive" });
                self.people[1].post(&path, json!({})).await.expect(200);
                let expected = &mut self.orders[order];
                expected.version += i64::from(expected.is_archived != *is_archived);
                expected.is_archived = *is_archived;
                self.look_at(order).await;
            }
            Step::Line { order, line, state } => {
                let Some(order) = place(order) else { return };
                self.set_line(order, *line, state).await;
                self.look_at(order).await;
            }
            Step::Note { order } => {
                let Some(order) = place(order) else { return };
                let path = self.path(order, "/notes");
                self.people[0].post(&path, json!({"text": "on the way"})).await.expect(201);
                self.orders[order].notes += 1;
                self.look_at(order).await;
            }
        }
    }

    fn path(&self, order: usize, rest: &str) -> String {
        format!("/api/v1/orders/{}{rest}", self.orders[order].id)
    }

    async fn place(&mut self, new: &Placing) {
        let store = &self.stores[new.store];
        let money = |amount: i64| json!({"amount": amount, "currency": store["currency"]});
        let reduction = |reduction: Reduction| match reduction {
            Reduction::None => Value::Null,
            Reduction::Ppm(ppm) => json!({"percent_ppm": ppm}),
            Reduction::Amount(amount) => json!({"amount": money(amount)}),
        };
        let lines = new.lines.iter().enumerate().map(|(n, (quantity, price, discount, is_backordered))| {
            json!({"sku": format!("S{n}"), "title": format!("Thing {n}"), "quantity": quantity, "unit_price": money(*price), "discount": reduction(*discount),
                   "is_backordered": is_backordered})
        });
        let mut body = json!({
            "store_id": store["id"],
            "customer": {"name": "Amina", "phone": format!("+21355010000{}", new.customer)},
            "lines": lines.collect::<Vec<_>>(),
            "discount": reduction(new.discount),
            "payment_method": if new.is_cod { "cod" } else { "card" },
            "placed_at": self.shop.now().plus_s(-3_600 * new.hours_ago),
        });
        if let Some((shipping, cod)) = new.fees {
            body["shipping_fee"] = money(shipping);
            body["cod_fee"] = money(cod);
        }
        let answer = self.people[0].place(body).await;
        if answer.status == 422 {
            // A discount of more than there is left.
            assert!(answer.fields().iter().all(|field| field.ends_with("discount: discount.too_large")), "{answer}");
            return;
        }
        let placed = answer.expect(201).body;
        let backordered = new.lines.iter().filter(|line| line.3).count() as i64;
        let id = placed["id"].as_str().unwrap().to_owned();
        let money = money_of(&placed);
        self.orders.push(Expected { id, state: OrderState::Pending, last: None, is_archived: false, backordered, notes: 0, version: 1, money });
        self.look_at(self.orders.len() - 1).await;
    }

    async fn act(&mut self, order: usize, by: usize, action: OrderAction) {
        let now = self.shop.now();
        let answer = self.people[by].post(&self.path(order, &format!("/{action}")), json!({"reason": "asked_for"})).await;
        let expected = &mut self.orders[order];
        let is_forward = matches!(action, OrderAction::Process | OrderAction::HandOver | OrderAction::Restock);
        match state::transition(expected.state, action) {
            Err(_) => refused(&answer, "order.state"),
            Ok(_) if expected.is_archived => refused(&answer, "order.archived"),
            Ok(_) if is_forward && expected.backordered > 0 => refused(&answer, "order.backordered"),
            Ok(row) => {
                assert_eq!(answer.status, 200, "{action} of {}: {answer}", expected.state);
                self.moves.push((expected.state, action));
                expected.last = Some((answer.body["event_id"].clone(), expected.state, now, by));
                expected.state = row.to;
                expected.version += 1;
            }
        }
    }

    async fn undo(&mut self, order: usize, by: usize) {
        let Some((event, from, at, actor)) = self.orders[order].last.clone() else { return };
        let answer = self.people[by].post(&self.path(order, "/undo"), json!({"event_id": event})).await;
        let now = self.shop.now();
        let expected = &mut self.orders[order];
        if actor != by {
            refused(&answer, "undo.not_yours");
        } else if expected.is_archived {
            refused(&answer, "order.archived");
        } else if now > at.plus_s(10) {
            refused(&answer, "undo.too_late");
        } else {
            assert_eq!((answer.status, &answer.body["state"]), (200, &json!(from)), "{answer}");
            expected.state = from;
            expected.last = None;
            expected.version += 1;
            // What is undone is not undone again.
            let again = self.people[by].post(&self.path(order, "/undo"), json!({"event_id": event})).await;
            refused(&again, "undo.not_last");
        }
    }

    async fn set_line(&mut self, order: usize, line: usize, to: &str) {
        let detail = self.people[0].get(&self.path(order, "")).await.body;
        let lines = detail["lines"].as_array().unwrap();
        let line = &lines[line % lines.len()];
        let path = self.path(order, &format!("/lines/{}/state", line["id"].as_str().unwrap()));
        let answer = self.people[0].post(&path, json!({"state": to})).await;
        let expected = &mut self.orders[order];
        if line["state"] == to {
            assert_eq!(answer.status, 200, "{answer}");
        } else if answer.status == 200 {
            assert!(!expected.is_archived, "{answer}");
            expected.backordered += if to == "BACKORDERED" { 1 } else { -1 };
            expected.version += 1;
        } else {
            assert!(expected.is_archived || expected.state.is_closed(), "{answer}");
            refused(&answer, "line.state");
        }
    }

    /// The order is as it should be, whatever was done or refused.
    async fn look_at(&self, order: usize) {
        let expected = &self.orders[order];
        let seen = self.people[1].get(&self.path(order, "")).await.expect(200);
        let body = &seen.body;
        assert_eq!(body["state"], json!(expected.state), "{seen}");
        assert_eq!(body["version"], expected.version, "{seen}");
        assert_eq!(!body["archived_at"].is_null(), expected.is_archived, "{seen}");
        assert_eq!((&body["backordered_count"], &body["note_count"]), (&json!(expected.backordered), &json!(expected.notes)), "{seen}");
        assert_eq!(money_of(body), expected.money, "nothing that happens to an order changes its money");
        adds_up(body);
        let offered: Vec<&str> = body["actions"].as_array().unwrap().iter().map(|action| action["action"].as_str().unwrap()).collect();
        let allowed: Vec<&str> =
            if expected.is_archived { Vec::new() } else { state::actions(expected.state).map(|row| row.action.as_str()).collect() };
        assert_eq!(offered, allowed, "{seen}");
        // Whoever reads the history from the beginning comes to where the order is.
        let mut state = json!("PENDING");
        for event in body["history"].as_array().unwrap() {
            if matches!(event["kind"].as_str(), Some("order.moved" | "order.move_undone" | "move.undone")) {
                assert_eq!(event["data"]["from"], state, "{seen}");
                state = event["data"]["to"].clone();
            }
        }
        assert_eq!(state, body["state"], "{seen}");
    }

    /// What must hold over everything at the end.
    async fn end(self) {
        let admin = &self.people[0];
        figures_equal_lists(admin).await;
        let mut sums: BTreeMap<(String, String), [i64; 6]> = BTreeMap::new();
        for order in all(admin, "/api/v1/orders?archived=any").await {
            let total = order["total"]["amount"].as_i64().unwrap();
            let is = |states: &[&str]| i64::from(states.contains(&order["state"].as_str().unwrap()));
            let delivered = is(&["DELIVERED", "RETURN_REQUESTED", "RETURN_APPROVED"]);
            let own = [1, delivered, is(&["RETURNED", "REFUNDED"]), is(&["CANCELLED"]), total, delivered * total];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let sum = sums.entry((text(&order["customer"]["id"]), text(&order["store_id"]))).or_default();
            sum.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
        }
        let mut stored = BTreeMap::new();
        for customer in all(admin, "/api/v1/customers").await {
            let detail = admin.get(&format!("/api/v1/customers/{}", customer["id"].as_str().unwrap())).await.expect(200);
            for row in detail.body["totals"].as_array().unwrap() {
                let figures =
                    [&row["orders"], &row["delivered"], &row["returned"], &row["cancelled"], &row["ordered"]["amount"], &row["spent"]["amount"]];
                let key = (detail.id().to_owned(), row["store_id"].as_str().unwrap().to_owned());
                stored.insert(key, figures.map(|figure| figure.as_i64().unwrap()));
            }
        }
        assert_eq!(stored, sums, "customers' totals are the sums of their orders");
        // Counters, the rollup by day and the chain of events.
        self.shop.finish().await;
    }
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.code()), (409, code), "{answer}");
}

fn money_of(order: &Value) -> Value {
    json!([order["subtotal"], order["discount"], order["shipping_fee"], order["cod_fee"], order["tax"], order["total"], order["to_collect"]])
}

/// Parts make the total, to the last unit.
#[track_caller]
fn adds_up(order: &Value) {
    let of = |value: &Value| value["amount"].as_i64().unwrap();
    let lines = order["lines"].as_array().unwrap();
    let sum = |field: &str| lines.iter().map(|line| of(&line[field])).sum::<i64>();
    for line in lines {
        assert_eq!(of(&line["line_total"]), line["quantity"].as_i64().unwrap() * of(&line["unit_price"]) - of(&line["discount"]), "{line}");
        assert!(of(&line["line_total"]) >= of(&line["order_discount"]) && of(&line["discount"]) >= 0 && of(&line["tax"]) >= 0, "{line}");
    }
    assert_eq!(
        (sum("line_total"), sum("order_discount"), sum("tax")),
        (of(&order["subtotal"]), of(&order["discount"]), of(&order["tax"])),
        "{order}"
    );
    let on_top = if order["tax_mode"] == "exclusive" { of(&order["tax"]) } else { 0 };
    let total = of(&order["subtotal"]) - of(&order["discount"]) + of(&order["shipping_fee"]) + of(&order["cod_fee"]) + on_top;
    assert_eq!(of(&order["total"]), total, "{order}");
    assert_eq!(of(&order["to_collect"]), if order["payment_method"] == "cod" { total } else { 0 }, "{order}");
    let currency = &order["total"]["currency"];
    assert!(lines.iter().all(|line| line["line_total"]["currency"] == *currency), "one currency: {order}");
}

fn walk(engine: Engine, cases: u32) {
    const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/walks.regressions");
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 200,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..ProptestConfig::default()
    };
    let taken = AssertUnwindSafe(RefCell::new(Taken::default()));
    TestRunner::new(config)
        .run(&steps(), |steps| {
            testkit::run(engine, async |shop| {
                let mut walk = Walk::begin(shop).await;
                for step in &steps {
                    walk.take(step).await;
                }
                taken.borrow_mut().add(&walk, steps.len());
                walk.end().await;
            });
            Ok(())
        })
        .unwrap();
    let Taken { steps, orders, moves, rows } = taken.0.into_inner();
    println!("{engine:?}: {cases} walks, {steps} steps, {orders} orders, {moves} moves over {} of {} rows", rows.len(), state::TRANSITIONS.len());
    assert!(moves * 10 > steps, "too idle a stroll");
}

/// What all walks together came to.
#[derive(Default)]
struct Taken {
    steps: usize,
    orders: usize,
    moves: usize,
    rows: BTreeSet<(OrderState, OrderAction)>,
}

impl Taken {
    fn add(&mut self, walk: &Walk, steps: usize) {
        self.steps += steps;
        self.orders += walk.orders.len();
        self.moves += walk.moves.len();
        self.rows.extend(&walk.moves);
    }
}

#[test]
fn on_sqlite() {
    walk(Engine::Sqlite, 24);
}

#[test]
fn on_postgres() {
    walk(Engine::Postgres, 6);
}
