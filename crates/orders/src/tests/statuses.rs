//! Sub-statuses, forbidden and guarded moves, changing rule sets, and random walks under random ones.

use std::collections::BTreeMap;

use base::jobs::{Job, Next};
use base::rules::{Guard, MoveRule, RuleSet, StateRules, Substatus};
use base::settings;
use kernel::{EventId, JobId, JobKind, OrderId, Tone};
use proptest::prelude::*;
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use serde_json::{Value, json};

use super::*;
use crate::{Move, MoveInside, NewRules, OrderFilter, Page, overlay, state};

impl Shop {
    /// Puts rules into force; the shop's contexts have them from now on.
    fn put(&mut self, rules: Value, mapping: &[(&str, Option<&str>)]) {
        let mapping: BTreeMap<String, Option<String>> = mapping.iter().map(|(from, to)| ((*from).to_owned(), to.map(str::to_owned))).collect();
        let new = NewRules { rules, mapping, note: Some("a test".into()), version: None };
        self.write(&self.person(7), move |tx, ctx| crate::put_rules(tx, ctx, &new));
        self.renew();
    }

    fn renew(&mut self) {
        self.settings = Arc::new(self.read(&self.system(), |tx, _| settings::load(tx)));
    }

    fn try_move(&self, ctx: &Ctx, id: OrderId, wanted: Move) -> Result<Order, Error> {
        self.try_write(ctx, move |tx, ctx| Ok(crate::act(tx, ctx, id, &wanted)?.order))
    }

    fn try_inside(&self, ctx: &Ctx, id: OrderId, to: &str) -> Result<(Order, EventId), Error> {
        let wanted = MoveInside::to(to);
        self.try_write(ctx, move |tx, ctx| crate::move_inside(tx, ctx, id, &wanted).map(|moved| (moved.order, moved.event)))
    }

    /// Runs a job of these rules to its end.
    fn run(&self, runner: fn(&mut Tx, &Ctx, &Job) -> Result<Next, Error>, payload: Value) {
        let mut job = Job {
            org: self.org,
            id: JobId::from_i64(1),
            kind: JobKind::MoveSubstatuses,
            payload,
            run_at: NOW,
            event: None,
            task: None,
            actor: Actor::System,
            attempts: 1,
            cursor: Value::Null,
            done: 0,
            created_at: NOW,
        };
        loop {
            let own = job.clone();
            match self.write(&self.system(), move |tx, ctx| runner(tx, ctx, &own)) {
                Next::Slice { cursor, done, .. } => (job.cursor, job.done) = (cursor, done),
                Next::Done => return,
                other => panic!("{other:?}"),
            }
        }
    }
}

fn call_rules() -> Value {
    json!({
        "states": {
            "PENDING": {"progress": 20, "substatuses": [
                {"key": "fresh", "labels": {"en": "New"}, "is_default": true, "next": ["no_answer"]},
                {"key": "no_answer", "labels": {"en": "No answer"}, "progress": 22, "forbids": ["process"]},
                {"key": "checked", "labels": {"en": "Checked"}, "guards": [{"require": "tag", "tag": "checked"}, {"require": "note"}]}]},
            "CONFIRMED": {"substatuses": [{"key": "waits", "labels": {"en": "Waits"}}]}
        },
        "moves": [
            {"from": "CONFIRMED", "action": "backorder", "is_forbidden": true},
            {"from": "PENDING", "action": "cancel", "guards": [{"require": "notes", "kind": "call", "least": 1}]}]
    })
}

#[test]
fn orders_move_within_what_the_rules_leave() {
    for engine in ENGINES {
        let mut shop = Shop::on(engine);
        shop.put(call_rules(), &[]);
        let ctx = shop.person(7);
        let order = shop.place(&ctx, &shop.new_order());
        let id = order.id;
        assert_eq!(order.substatus.as_deref(), Some("fresh"), "a new order lands in the default");
        let actions = |order: &Order| overlay::actions_from(&ctx.settings.rules, order, &ctx.permissions);
        assert!(actions(&order).contains(&OrderAction::Process));

        // Inside the state, along `next`.
        assert_eq!(code(shop.try_inside(&ctx, id, "checked")), "substatus.next");
        assert_eq!(code(shop.try_inside(&ctx, id, "waits")), "substatus=substatus.unknown");
        assert_eq!(code(shop.try_inside(&ctx, id, "fresh")), "substatus.same");
        let (order, event) = shop.try_inside(&ctx, id, "no_answer").unwrap();
        assert_eq!((order.state, order.substatus.as_deref(), order.version, order.moved_at), (OrderState::Pending, Some("no_answer"), 2, NOW));
        assert!(!actions(&order).contains(&OrderAction::Process));
        assert_eq!(code(shop.try_move(&ctx, id, Move::new(OrderAction::Process))), "order.forbidden");
        assert_eq!(shop.read(&ctx, move |tx, ctx| Ok(crate::progress(tx, ctx, id)?.percentage)), Some(22));

        // Taken back by its actor, and only the last move.
        assert_eq!(code(shop.try_write(&shop.person(8), move |tx, ctx| crate::undo(tx, ctx, event))), "undo.not_yours");
        let back = shop.write(&ctx, move |tx, ctx| crate::undo(tx, ctx, event));
        assert_eq!((back.substatus.as_deref(), back.version), (Some("fresh"), 3));
        assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::undo(tx, ctx, event))), "undo.not_last");

        // Guards of the place: words first, then the order.
        shop.try_inside(&ctx, id, "no_answer").unwrap();
        assert_eq!(code(shop.try_inside(&ctx, id, "checked")), "note=required");
        let with_note = MoveInside { note: Some("She has it".into()), ..MoveInside::to("checked") };
        let try_it = |wanted: MoveInside| shop.try_write(&ctx, move |tx, ctx| Ok(crate::move_inside(tx, ctx, id, &wanted)?.order));
        assert_eq!(code(try_it(with_note.clone())), "order.guard");

        // Guards of a move.
        assert_eq!(code(shop.try_move(&ctx, id, Move::because(OrderAction::Cancel, "asked_for"))), "order.guard");
        shop.write(&ctx, move |tx, ctx| {
            let note = crate::NewNote {
                audience: kernel::NoteAudience::Internal,
                text: "Rang twice".into(),
                kind: Some("call".into()),
                data: serde_json::Map::new(),
                mentions: Vec::new(),
            };
            crate::add_note(tx, ctx, id, &note)
        });
        let cancelled = shop.try_move(&ctx, id, Move::because(OrderAction::Cancel, "asked_for")).unwrap();
        assert_eq!((cancelled.state, cancelled.substatus), (OrderState::Cancelled, None));

        // A move may name where it leads; one that is switched off has no way round.
        let order = shop.place(&ctx, &shop.new_order());
        let id = order.id;
        let wanted = |substatus: &str| Move { substatus: Some(substatus.to_owned()), ..Move::new(OrderAction::Confirm) };
        assert_eq!(code(shop.try_move(&ctx, id, wanted("fresh"))), "substatus=substatus.unknown");
        let confirmed = shop.try_move(&ctx, id, wanted("waits")).unwrap();
        assert_eq!((confirmed.state, confirmed.substatus.as_deref()), (OrderState::Confirmed, Some("waits")));
        assert_eq!(code(shop.try_move(&ctx, id, Move::new(OrderAction::Backorder))), "order.forbidden");
        assert_eq!(
            code(shop.try_write(&ctx, move |tx, ctx| crate::move_to(tx, ctx, id, OrderState::Backordered, &Move::new(OrderAction::Correct)))),
            "order.forbidden"
        );
        let replayed = shop.try_move(&ctx.at(NOW), id, Move::new(OrderAction::Backorder)).unwrap();
        assert_eq!(replayed.state, OrderState::Backordered, "what happened, happened");

        // Filters find them.
        let find = |keys: &[&str]| {
            let filter = OrderFilter { substatuses: keys.iter().map(|key| (*key).to_owned()).collect(), ..OrderFilter::default() };
            shop.read(&ctx, move |tx, ctx| Ok(crate::list(tx, ctx, &filter, &Page::default())?.items.len()))
        };
        shop.place(&ctx, &shop.new_order());
        assert_eq!((find(&["fresh"]), find(&["fresh", "waits"]), find(&["waits"])), (1, 1, 0));
        shop.assert_counts_are_true();
    }
}

#[test]
fn what_vanishes_is_mapped_and_its_orders_follow() {
    for engine in ENGINES {
        let mut shop = Shop::on(engine);
        shop.put(call_rules(), &[]);
        let ctx = shop.person(7);
        let ids: Vec<OrderId> = (0..250).map(|_| shop.place(&ctx, &shop.new_order()).id).collect();
        let kept = ids[3];
        shop.try_inside(&ctx, kept, "no_answer").unwrap();

        let smaller = json!({"states": {"PENDING": {"substatuses": [{"key": "no_answer", "labels": {"en": "No answer"}}]}}});
        let put = |rules: Value, mapping: &[(&str, Option<&str>)], version: Option<i64>| {
            let mapping = mapping.iter().map(|(from, to)| ((*from).to_owned(), to.map(str::to_owned))).collect();
            let new = NewRules { rules, mapping, note: None, version };
            shop.try_write(&ctx, move |tx, ctx| crate::put_rules(tx, ctx, &new))
        };
        assert_eq!(code(put(smaller.clone(), &[], None)), "mapping.fresh=rules.unmapped mapping.checked=rules.unmapped mapping.waits=rules.unmapped");
        assert_eq!(
            code(put(smaller.clone(), &[("fresh", Some("gone")), ("checked", None), ("waits", None), ("no_answer", None)], None)),
            "mapping.fresh=substatus.unknown mapping.no_answer=rules.not_gone"
        );
        assert_eq!(code(put(smaller.clone(), &[], Some(0))), "stale 1 rules");
        let moved_key = json!({"states": {"CONFIRMED": {"substatuses": [{"key": "fresh", "labels": {"en": "New"}}]}}});
        assert!(code(put(moved_key, &[], None)).contains("rules.states.CONFIRMED.substatuses[0].key=rules.key_state"));
        assert_eq!(
            code(put(
                json!({"moves": [{"from": "PENDING", "action": "cancel", "guards": [{"require": "role", "role": "Wizard"}]}]}),
                &[("fresh", None), ("checked", None), ("waits", None), ("no_answer", None)],
                None
            )),
            "rules.moves[0].guards[0].role=unknown"
        );

        let applied = put(smaller.clone(), &[("fresh", Some("no_answer")), ("checked", None), ("waits", None)], Some(1)).unwrap();
        assert_eq!((applied.view.version, applied.task.is_some()), (2, true));
        shop.renew();
        let standing = |shop: &Shop, key: &'static str| {
            let filter = OrderFilter { substatuses: vec![key.to_owned()], ..OrderFilter::default() };
            shop.read(&ctx, move |tx, ctx| Ok(crate::list(tx, ctx, &filter, &Page { limit: 200, ..Page::default() })?.total))
        };
        assert_eq!(standing(&shop, "fresh"), Some(crate::Total::Exact(249)), "orders follow by the job");
        shop.run(crate::move_substatuses, json!({}));
        assert_eq!((standing(&shop, "fresh"), standing(&shop, "no_answer")), (Some(crate::Total::Exact(0)), Some(crate::Total::Exact(250))));
        let id = ids[0];
        let history = shop.read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id)).history;
        let last = history.last().unwrap();
        assert_eq!((last.kind.as_str(), &last.data["reason"]), ("order.substatus_moved", &json!("rules_changed")));

        // Going back is a new version, with a mapping of its own.
        let again = NewRules { rules: Value::Null, mapping: BTreeMap::new(), note: Some("It was better".into()), version: Some(2) };
        let restored = shop.write(&ctx, move |tx, ctx| crate::restore_rules(tx, ctx, 1, &again));
        assert_eq!((restored.view.version, restored.task), (3, None));
        let versions = shop.read(&ctx, |tx, ctx| crate::list_rules(tx, ctx, None, 10));
        let origins: Vec<(i64, &str)> = versions.iter().map(|one| (one.version, one.origin.as_str())).collect();
        assert_eq!(origins, [(3, "restore"), (2, "rules"), (1, "rules")]);
        shop.renew();
        let second = shop.read(&ctx, |tx, ctx| crate::find_rules_version(tx, ctx, 2));
        assert!(second.rules != *shop.settings.rules && second.rules.substatuses().count() == 1);
        shop.assert_counts_are_true();
    }
}

#[test]
fn the_older_settings_are_a_window_to_the_marks() {
    for engine in ENGINES {
        let mut shop = Shop::on(engine);
        let ctx = shop.person(7);
        let set = |fields: Value| {
            let fields = fields.as_object().unwrap().clone();
            shop.write(&ctx, move |tx, ctx| settings::set(tx, ctx, "orders", &fields, None))
        };
        set(json!({"undo_seconds": 20}));
        assert_eq!(shop.read(&ctx, |tx, _| settings::load(tx)).rules_version, 0, "nothing about marks was said");
        set(json!({"notifiable_states": ["REFUNDED"]}));
        shop.renew();
        assert_eq!((shop.settings.rules_version, shop.settings.rules.notifiable_states()), (1, vec![OrderState::Refunded]));
        assert_eq!(shop.settings.rules.syncable_states(), OrderState::ALL);
        shop.put(json!({"states": {"DELIVERED": {"notifies": false}}}), &[]);
        assert!(
            !shop.settings.orders.notifiable_states.contains(&OrderState::Delivered)
                && shop.settings.orders.notifiable_states.contains(&OrderState::Shipped)
        );
        assert_eq!(shop.settings.orders.undo_seconds, 20);
    }
}

#[test]
fn the_settings_of_before_are_taken_over_by_the_migration() {
    let older: Vec<Migration> = MIGRATIONS.iter().copied().filter(|step| step.number < 14).collect();
    for engine in ENGINES {
        let dir = tempfile::tempdir().unwrap();
        let (_database, config) = match engine {
            Engine::Sqlite => (None, sqlite_from_template(&sqlite_template(&older, "orders_before_rules", |_| {}), dir.path())),
            Engine::Postgres => {
                let server = PostgresServer::shared();
                let database = server.database(&server.template(&older, "orders_before_rules", |_| {}));
                let config = database.config();
                (Some(database), config)
            }
        };
        let db = Db::open(&config).unwrap();
        let org = db.blocking_system_write(|tx| organizations::create(tx, "Boutique", NOW)).unwrap();
        let older = r#"{"max_lines":7,"notifiable_states":["PENDING","REFUNDED"],"syncable_states":["SHIPPED"]}"#;
        let insert = "insert into settings (org_id, name, value, version, changed_at) values ($1, 'orders', $2, 3, 0)";
        db.blocking_write(org, move |tx| tx.execute(insert, params![tx.org(), older])).unwrap();
        db.migrate(MIGRATIONS).unwrap();
        let settings = db.blocking_read(org, settings::load).unwrap();
        assert_eq!(settings.orders.notifiable_states, [OrderState::Pending, OrderState::Refunded]);
        assert_eq!(
            (settings.orders.syncable_states.as_slice(), settings.orders.max_lines, settings.rules_version),
            (&[OrderState::Shipped][..], 7, 1)
        );
        db.close(std::time::Duration::from_secs(10));
    }
}

/// Rules out of a handful of dice: sub-statuses for some states, rows switched off, guards.
fn random_rules() -> impl Strategy<Value = RuleSet> {
    let substatus = |state: usize, place: usize| {
        (
            any::<bool>(),
            any::<bool>(),
            proptest::option::of(0_u8..=100),
            proptest::collection::vec(proptest::sample::select(OrderAction::ALL), 0..2),
            any::<bool>(),
        )
            .prop_map(move |(is_archived, restricts, progress, forbids, asks)| Substatus {
                key: format!("s{state}_{place}"),
                labels: BTreeMap::from([(kernel::Locale::En, format!("S{place}"))]),
                tone: Some(Tone::Info),
                color: None,
                position: place as i64,
                is_default: place == 0,
                is_archived: is_archived && place != 0,
                progress,
                notifies: None,
                syncs: None,
                next: restricts.then(|| vec![format!("s{state}_{}", (place + 1) % 3)]),
                forbids: forbids.into_iter().filter(|action| state::actions(OrderState::ALL[state]).any(|row| row.action == *action)).collect(),
                guards: if asks && place == 2 { vec![Guard::Tag { tag: "vip".into() }] } else { Vec::new() },
            })
    };
    let states = (0..OrderState::ALL.len())
        .map(|state| {
            let places = (substatus(state, 0), substatus(state, 1), substatus(state, 2));
            proptest::option::of(places.prop_map(|(a, b, c)| StateRules { substatuses: vec![a, b, c], ..StateRules::default() })).boxed()
        })
        .collect::<Vec<_>>();
    let moves = proptest::collection::vec((0..state::TRANSITIONS.len(), any::<bool>(), any::<bool>()), 0..12);
    (states, moves).prop_map(|(states, moves)| {
        let mut rules = RuleSet::default();
        for (state, of) in OrderState::ALL.iter().zip(states) {
            rules.states.extend(of.map(|of| (*state, of)));
        }
        for (row, is_forbidden, asks) in moves {
            let row = &state::TRANSITIONS[row];
            if rules.move_rule(row.from, row.action).is_none() {
                let guards = if asks { vec![Guard::Note] } else { Vec::new() };
                rules.moves.push(MoveRule { from: row.from, action: row.action, is_forbidden, guards });
            }
        }
        rules
    })
}

#[derive(Clone, Debug)]
enum Step {
    Act(OrderAction, Option<usize>, bool),
    Inside(usize),
    Undo,
}

#[test]
fn random_walks_under_random_rules_never_pass_a_forbidden_move() {
    let step = prop_oneof![
        6 => (proptest::sample::select(OrderAction::ALL), proptest::option::of(0_usize..3), any::<bool>()).prop_map(|(action, place, notes)| Step::Act(action, place, notes)),
        3 => (0_usize..3).prop_map(Step::Inside),
        1 => Just(Step::Undo),
    ];
    let walk = (random_rules(), proptest::collection::vec((0_usize..3, step), 1..60));
    for engine in ENGINES {
        let mut shop = Shop::on(engine);
        let cases = if engine == Engine::Sqlite { 30 } else { 6 };
        let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
        let shop = std::cell::RefCell::new(&mut shop);
        let case = |(rules, steps): (RuleSet, Vec<(usize, Step)>)| {
            let mut shop = shop.borrow_mut();
            // Rules that are good in themselves; what putting them into force checks has tests of its own.
            shop.settings = Arc::new(settings::Settings { rules: Arc::new(rules.clone()), ..settings::Settings::default() });
            let ctx = shop.person(7);
            let tagged = NewOrder { tags: vec!["vip".into()], ..shop.new_order() };
            let mut orders: Vec<Order> = vec![
                shop.place(&ctx, &shop.new_order()),
                shop.place(&ctx, &tagged),
                shop.place(&ctx, &NewOrder { store_id: shop.purna, ..shop.new_order() }),
            ];
            let mut last = vec![None; orders.len()];
            for (at, (place, step)) in steps.into_iter().enumerate() {
                let ctx = Ctx { now: NOW.plus_s(at as i64), ..ctx.clone() };
                let before = orders[place].clone();
                let id = before.id;
                let key = |state: OrderState, place: usize| format!("s{}_{place}", OrderState::ALL.iter().position(|one| *one == state).unwrap());
                match step {
                    Step::Act(action, target, notes) => {
                        let to = state::transition(before.state, action).map(|row| row.to);
                        let substatus = to.as_ref().ok().and_then(|to| target.map(|place| key(*to, place)));
                        let note = notes.then(|| "said so".to_owned());
                        let wanted = Move { reason: Some("walk".into()), note: note.clone(), substatus: substatus.clone(), ..Move::new(action) };
                        let moved = shop.try_write(&ctx, move |tx, ctx| crate::act(tx, ctx, id, &wanted));
                        let is_off = rules.forbids(before.state, before.substatus.as_deref(), action);
                        if let Ok(moved) = moved {
                            prop_assert!(!is_off, "{} {action} is switched off", before.state);
                            prop_assert_eq!(moved.order.state, to.unwrap());
                            let landed = substatus.or_else(|| rules.default_of(moved.order.state).map(|one| one.key.clone()));
                            prop_assert_eq!(&moved.order.substatus, &landed);
                            let asks = rules.move_rule(before.state, action).is_some_and(|rule| rule.guards.contains(&Guard::Note));
                            prop_assert!(!asks || note.is_some(), "{} {action} asks for a note", before.state);
                            last[place] = Some(moved.event);
                        } else if let Ok(to) = to {
                            let open = substatus.is_none_or(|key| rules.open(to).any(|one| one.key == key));
                            let has_guards = rules.move_rule(before.state, action).is_some_and(|rule| !rule.guards.is_empty())
                                || rules.states.get(&to).is_some_and(|of| of.substatuses.iter().any(|one| !one.guards.is_empty()));
                            prop_assert!(is_off || !open || has_guards, "{} {action} was refused for nothing", before.state);
                        }
                    }
                    Step::Inside(target) => {
                        let to = key(before.state, target);
                        let wanted = MoveInside::to(&to);
                        let moved = shop.try_write(&ctx, move |tx, ctx| crate::move_inside(tx, ctx, id, &wanted));
                        if let Ok(moved) = moved {
                            let may = overlay::siblings(&rules, before.state, before.substatus.as_deref()).any(|one| one.key == to);
                            prop_assert!(may, "{:?} to {to} is not allowed", before.substatus);
                            prop_assert_eq!((moved.order.state, moved.order.moved_at), (before.state, before.moved_at));
                            last[place] = Some(moved.event);
                        }
                    }
                    Step::Undo => {
                        if let Some(event) = last[place] {
                            let _ = shop.try_write(&ctx, move |tx, ctx| crate::undo(tx, ctx, event));
                        }
                    }
                }
                let now = shop.read(&ctx, move |tx, ctx| crate::find(tx, ctx, id));
                let is_there = now.substatus.as_deref().is_none_or(|key| rules.substatus(now.state, key).is_some());
                prop_assert!(is_there, "{} has no {:?}", now.state, now.substatus);
                orders[place] = now;
            }
            shop.settings = Arc::default();
            shop.assert_counts_are_true();
            Ok(())
        };
        runner.run(&walk, case).unwrap();
    }
}
