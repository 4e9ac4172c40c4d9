//! Holds, escalations and cancellations: random walks, and what the nightly proof puts right.

use std::cell::Cell;

use base::jobs::{Job, Next};
use kernel::{EscalationId, EventId, HoldId, JobKind, UserId};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::*;
use crate::escalations::{EscalationState, NewEscalation};
use crate::holds::NewHold;
use crate::reasons::{NewReason, ReasonChange, ReasonList};
use crate::{Move, OrderChange, cancellations, escalations, holds, reasons, state};

const HOUR: i64 = 3_600;

fn job(org: OrgId, kind: JobKind, payload: serde_json::Value) -> Job {
    Job {
        org,
        id: Id::from_i64(1),
        kind,
        payload,
        run_at: NOW,
        event: None,
        task: None,
        actor: Actor::System,
        attempts: 1,
        cursor: serde_json::Value::Null,
        done: 0,
        created_at: NOW,
    }
}

/// What somebody may try on one of a few orders.
#[derive(Clone, Debug)]
enum Try {
    Act(OrderAction),
    /// The usual action of where it stands.
    Go,
    /// By the state it shall lead to.
    MoveTo(OrderState),
    UndoMove,
    Hold {
        kind: &'static str,
        hours: Option<i64>,
    },
    Release,
    UndoHold,
    Archive(bool),
    Escalate,
    Acknowledge,
    Answer,
    PassUp,
    Resolve,
    Wait(i64),
}

fn tries() -> impl Strategy<Value = Vec<(usize, Try)>> {
    let kinds = || proptest::sample::select(&["stock", "address", "payment"][..]);
    let one = prop_oneof![
        3 => proptest::sample::select(OrderAction::ALL).prop_map(Try::Act),
        8 => Just(Try::Go),
        2 => proptest::sample::select(OrderState::ALL).prop_map(Try::MoveTo),
        2 => Just(Try::UndoMove),
        5 => (kinds(), proptest::option::of(1_i64..6)).prop_map(|(kind, hours)| Try::Hold { kind, hours }),
        4 => Just(Try::Release),
        2 => Just(Try::UndoHold),
        1 => any::<bool>().prop_map(Try::Archive),
        2 => Just(Try::Escalate),
        1 => Just(Try::Acknowledge),
        1 => Just(Try::Answer),
        1 => Just(Try::PassUp),
        1 => Just(Try::Resolve),
        3 => proptest::sample::select(&[4_i64, 11, 2 * HOUR, 30 * HOUR][..]).prop_map(Try::Wait),
    ];
    proptest::collection::vec((0_usize..2, one), 20..90)
}

/// An order as the walk expects it.
#[derive(Clone, Debug, Default)]
struct Expected {
    open: Vec<(HoldId, Option<Time>)>,
    /// The last setting or releasing: its event, its moment, the hold, whether it was set, its date.
    last_hold: Option<(EventId, Time, HoldId, bool, Option<Time>)>,
    last_move: Option<EventId>,
    escalation: Option<EscalationId>,
}

#[test]
fn a_held_order_never_passes_and_counts_are_what_they_count() {
    // Of both engines together: few walks alone may well never come to one of them.
    let (refused, went_up, released) = (Cell::new(0), Cell::new(0), Cell::new(0));
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let cases = if engine == Engine::Sqlite { 32 } else { 6 };
        let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
        let walk = |tries: Vec<(usize, Try)>| {
            let person = shop.person(7);
            let mut now = NOW;
            let orders: Vec<Order> =
                [shop.natu, shop.purna].into_iter().map(|store_id| shop.place(&person, &NewOrder { store_id, ..shop.new_order() })).collect();
            let mut expected = vec![Expected::default(); orders.len()];
            for (place, one) in tries {
                now = now.plus_us(7);
                let ctx = Ctx { now, ..person.clone() };
                let id = orders[place].id;
                let before = shop.read(&ctx, move |tx, ctx| crate::find(tx, ctx, id));
                let is_held = !expected[place].open.is_empty();
                prop_assert_eq!(before.hold_count, expected[place].open.len() as i64);
                match one {
                    Try::Act(_) | Try::Go | Try::MoveTo(_) => {
                        let usual = state::actions(before.state).next().map(|row| row.action);
                        let action = match one {
                            Try::Act(action) => Some(action),
                            Try::MoveTo(to) => state::action_between(before.state, to).ok(),
                            _ => usual,
                        };
                        let Some(action) = action else { continue };
                        let wanted = Move::because(action, "walk");
                        let moved = match one {
                            Try::MoveTo(to) => shop.try_write(&ctx, move |tx, ctx| crate::move_to(tx, ctx, id, to, &wanted)),
                            _ => shop.try_write(&ctx, move |tx, ctx| crate::act(tx, ctx, id, &wanted)),
                        };
                        match moved {
                            Ok(moved) => {
                                prop_assert!(!(is_held && holds::blocks(action)), "{} passed while held", action);
                                prop_assert_eq!(crate::obstacle(&before, action), None);
                                expected[place].last_move = Some(moved.event);
                            }
                            Err(error) if error.code() == "order.held" => {
                                refused.set(refused.get() + 1);
                                prop_assert!(is_held && holds::blocks(action));
                                prop_assert_eq!(crate::obstacle(&before, action), Some("order.held"));
                            }
                            Err(_) => {}
                        }
                    }
                    Try::UndoMove => {
                        if let Some(event) = expected[place].last_move {
                            let undone = shop.try_write(&ctx, move |tx, ctx| crate::undo(tx, ctx, event));
                            if let Ok(after) = undone {
                                // Only what was there already while it was held may be there again.
                                let led_on = after.state.progress() > before.state.progress() && before.state != OrderState::Cancelled;
                                let beyond = matches!(after.state, OrderState::Processing | OrderState::Shipped | OrderState::OutForDelivery);
                                prop_assert!(!(is_held && led_on && beyond), "an undo led from {} to {}", before.state, after.state);
                            }
                        }
                    }
                    Try::Hold { kind, hours } => {
                        let release_at = hours.map(|hours| now.plus_s(hours * HOUR));
                        let new = NewHold { kind: kind.to_owned(), release_at, ..NewHold::default() };
                        match shop.try_write(&ctx, move |tx, ctx| holds::set(tx, ctx, id, &new)) {
                            Ok(held) => {
                                expected[place].open.push((held.hold.id, release_at));
                                expected[place].last_hold = Some((held.event, now, held.hold.id, true, release_at));
                            }
                            Err(error) => prop_assert!(matches!(error.code(), "hold.closed" | "order.archived" | "hold.too_many"), "{}", error),
                        }
                    }
                    Try::Release => {
                        if let Some((hold, release_at)) = expected[place].open.first().copied() {
                            let held = shop.write(&ctx, move |tx, ctx| holds::release(tx, ctx, id, hold, Some("done")));
                            expected[place].open.remove(0);
                            expected[place].last_hold = Some((held.event, now, hold, false, release_at));
                        }
                    }
                    Try::UndoHold => {
                        if let Some((event, at, hold, was_set, release_at)) = expected[place].last_hold {
                            let undone = shop.try_write(&ctx, move |tx, ctx| crate::undo(tx, ctx, event));
                            let is_young = now <= at.plus_s(10);
                            match undone {
                                Ok(_) => {
                                    prop_assert!(is_young, "an undo after its time");
                                    if was_set {
                                        expected[place].open.retain(|(open, _)| *open != hold);
                                    } else {
                                        expected[place].open.push((hold, release_at));
                                    }
                                    expected[place].last_hold = None;
                                }
                                Err(error) => prop_assert!(!is_young || before.archived_at.is_some(), "{}", error),
                            }
                        }
                    }
                    Try::Archive(is_archived) => {
                        shop.write(&ctx, move |tx, ctx| if is_archived { crate::archive(tx, ctx, id) } else { crate::unarchive(tx, ctx, id) });
                    }
                    Try::Escalate => {
                        let new = NewEscalation { reason: "other".into(), message: "Look at this".into(), level: None };
                        match shop.try_write(&ctx, move |tx, ctx| escalations::escalate(tx, ctx, id, &new)) {
                            Ok(row) => {
                                prop_assert!(expected[place].escalation.is_none(), "a second open escalation");
                                expected[place].escalation = Some(row.id);
                            }
                            Err(error) if error.code() == "escalation.open" => prop_assert!(expected[place].escalation.is_some()),
                            Err(error) => prop_assert_eq!(error.code(), "order.archived"),
                        }
                    }
                    Try::Acknowledge | Try::Answer | Try::PassUp | Try::Resolve => {
                        let Some(escalation) = expected[place].escalation else { continue };
                        // Kafila itself stands on every level.
                        let system = Ctx { now, ..shop.system() };
                        let step = one.clone();
                        let done = shop.try_write(&system, move |tx, ctx| match step {
                            Try::Acknowledge => escalations::acknowledge(tx, ctx, escalation, None),
                            Try::Answer => escalations::answer(tx, ctx, escalation, "Do this", None),
                            Try::PassUp => escalations::pass_up(tx, ctx, escalation, "Higher", None, None),
                            _ => escalations::resolve(tx, ctx, escalation, None, None),
                        });
                        if matches!(one, Try::Resolve) {
                            prop_assert_eq!(done.unwrap().state, EscalationState::Resolved);
                            expected[place].escalation = None;
                        } else if let Err(error) = done {
                            prop_assert!(matches!(error.code(), "escalation.state" | "escalation.top"), "{}", error);
                        }
                    }
                    Try::Wait(seconds) => {
                        now = now.plus_s(seconds);
                        let system = Ctx { now, ..shop.system() };
                        for (place, order) in orders.iter().enumerate() {
                            let id = order.id;
                            // The jobs of dates and deadlines, also those that come too early.
                            for (hold, _) in expected[place].open.clone() {
                                let due = job(shop.org, JobKind::ReleaseHold, json!({"order": id, "hold": hold}));
                                let next = shop.write(&system, move |tx, ctx| holds::release_due(tx, ctx, &due));
                                prop_assert_eq!(next, Next::Done);
                            }
                            let open = expected[place].open.len();
                            expected[place].open.retain(|(_, at)| at.is_none_or(|at| at > now));
                            released.set(released.get() + open - expected[place].open.len());
                            if let Some(escalation) = expected[place].escalation {
                                let (row, _) = shop.read(&system, move |tx, ctx| escalations::find(tx, ctx, escalation));
                                let due = job(shop.org, JobKind::RaiseEscalation, json!({"escalation": escalation, "moves": row.moves}));
                                shop.write(&system, move |tx, ctx| escalations::raise_due(tx, ctx, &due));
                                let (after, _) = shop.read(&system, move |tx, ctx| escalations::find(tx, ctx, escalation));
                                let goes_up = row.is_overdue(now) && row.level < 2;
                                went_up.set(went_up.get() + i64::from(goes_up));
                                prop_assert_eq!(after.level, row.level + i64::from(goes_up));
                                prop_assert!(after.due_at > now || after.level == 2);
                            }
                        }
                    }
                }
            }
            for (place, order) in orders.iter().enumerate() {
                let id = order.id;
                let open = shop.read(&person, move |tx, ctx| holds::list(tx, ctx, id, true));
                let mut ids: Vec<HoldId> = expected[place].open.iter().map(|(hold, _)| *hold).collect();
                ids.sort();
                prop_assert_eq!(open.iter().map(|hold| hold.id).collect::<Vec<_>>(), ids);
            }
            shop.assert_counts_are_true();
            Ok(())
        };
        runner.run(&tries(), walk).unwrap();
    }
    println!("{} moves refused, {} times up, {} released by date", refused.get(), went_up.get(), released.get());
    assert!(refused.get() > 0 && went_up.get() > 0 && released.get() > 0, "too idle a stroll");
}

#[test]
fn the_nightly_proof_finds_and_repairs_what_is_off() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let held = shop.place(&ctx, &shop.new_order());
        let cancelled = shop.place(&ctx, &shop.new_order());
        let id = held.id;
        shop.write(&ctx, move |tx, ctx| holds::set(tx, ctx, id, &NewHold { kind: "stock".into(), ..NewHold::default() }));
        shop.act(&ctx, &cancelled, OrderAction::Cancel);
        shop.assert_counts_are_true();
        shop.write(&shop.system(), move |tx, _| {
            tx.execute("update orders set hold_count = 4 where org_id = $1 and id = $2", params![tx.org(), id])?;
            tx.execute("update cancellation_days set cancelled = cancelled + 2 where org_id = $1", params![tx.org()])
        });
        let (counts, days) =
            shop.write(&shop.system(), |tx, ctx| Ok((holds::prove(tx, ctx, tx.new_id())?, cancellations::prove(tx, ctx, tx.new_id())?)));
        assert_eq!((counts[0].counter.clone(), counts[0].stored, counts[0].counted), (format!("orders.hold_count.{id}"), 4, 1));
        assert_eq!((days.len(), days[0].stored, days[0].counted), (1, 3, 1));
        shop.assert_counts_are_true();
        assert_eq!(shop.read(&ctx, move |tx, ctx| crate::find(tx, ctx, id)).hold_count, 1);
    }
}

#[test]
fn a_reason_is_added_changed_archived_and_never_reused() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let new = |code: &str, label: &str| NewReason {
            code: code.into(),
            labels: [(kernel::Locale::En, label.to_owned())].into_iter().collect(),
            ..NewReason::default()
        };
        let add = |new: NewReason| shop.try_write(&ctx, move |tx, ctx| reasons::add(tx, ctx, ReasonList::Hold, &new));
        assert_eq!(code(add(new("Gift wrap", ""))), "code=reason.code labels=required");
        assert_eq!(code(add(new("stock", "Stock"))), "code=taken");
        assert_eq!(code(add(NewReason { against_customer: true, ..new("gift", "Gift") })), "against_customer=reason.customer");
        assert_eq!(code(add(NewReason { position: Some(-1), ..new("gift", "x".repeat(81).as_str()) })), "labels.en=too_long position=range");
        let own = add(NewReason { needs_note: true, ..new("gift", " Gift wrap ") }).unwrap();
        assert_eq!((own.label(kernel::Locale::Fr), own.is_seeded, own.version), ("Gift wrap", false, 1));
        assert_eq!(code(add(new("gift", "Again"))), "code=taken");

        let order = shop.place(&ctx, &shop.new_order()).id;
        let set = |kind: &str, note: Option<&str>| {
            let new = NewHold { kind: kind.to_owned(), note: note.map(str::to_owned), ..NewHold::default() };
            shop.try_write(&ctx, move |tx, ctx| holds::set(tx, ctx, order, &new))
        };
        assert_eq!(code(set("gift", None)), "note=required");
        assert_eq!(code(set("gift", Some(" "))), "note=required");
        assert_eq!(code(set("nothing", None)), "kind=unknown");
        set("gift", Some("Red paper")).unwrap();

        let change = |code: &'static str, change: ReasonChange, version: i64| {
            shop.try_write(&ctx, move |tx, ctx| reasons::change(tx, ctx, ReasonList::Hold, code, &change, version))
        };
        let archived = ReasonChange { is_archived: Some(true), ..ReasonChange::default() };
        assert_eq!(code(change("gift", archived.clone(), 7)), "stale 1 is_archived");
        assert_eq!(change("gift", archived.clone(), 1).unwrap().version, 2);
        assert_eq!(code(set("gift", Some("Red paper"))), "kind=reason.archived");
        // One of the program's own, which has no row before its first change.
        assert_eq!(change("stock", archived.clone(), 1).unwrap().version, 2);
        assert_eq!(code(change("stock", archived, 1)), "stale 2 ");
        assert_eq!(code(set("stock", None)), "kind=reason.archived");
        let listed = |with_archived| {
            let all = shop.read(&ctx, move |tx, ctx| reasons::list(tx, ctx, ReasonList::Hold, with_archived));
            all.into_iter().map(|reason| reason.code).collect::<Vec<_>>()
        };
        assert_eq!(listed(true).len(), listed(false).len() + 2);
        assert!(!listed(false).contains(&"stock".to_owned()) && listed(true).last().unwrap() == "gift");
        assert_eq!(change("stock", ReasonChange { is_archived: Some(false), ..ReasonChange::default() }, 2).unwrap().version, 3);
        set("stock", None).unwrap();
        assert_eq!(code(change("nothing", ReasonChange::default(), 1)), "not_found");
        let weak = shop.with_rights(&[Permission::OrderRead, Permission::OrderHold]);
        assert_eq!(code(shop.try_write(&weak, move |tx, ctx| reasons::add(tx, ctx, ReasonList::Hold, &NewReason::default()))), "forbidden");
        shop.assert_counts_are_true();
    }
}

#[test]
fn a_change_of_urgency_leaves_what_stood_there_and_who_changed_it() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let order = shop.place(&ctx, &shop.new_order());
        let id = order.id;
        for priority in [kernel::Priority::Urgent, kernel::Priority::Low, kernel::Priority::High, kernel::Priority::Normal] {
            shop.write(&ctx, move |tx, ctx| crate::change(tx, ctx, id, &OrderChange { priority: Some(priority), ..OrderChange::default() }));
        }
        let history = shop.read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id)).history;
        let changes: Vec<String> = history
            .iter()
            .filter(|event| event.kind == "order.changed" && event.actor == Actor::User(UserId::from_i64(7)))
            .flat_map(|event| event.details.changes.iter().map(|change| format!("{} {}-{}", change.field, change.before, change.after)))
            .collect();
        assert_eq!(
            changes,
            [r#"priority "normal"-"urgent""#, r#"priority "urgent"-"low""#, r#"priority "low"-"high""#, r#"priority "high"-"normal""#]
        );
    }
}
