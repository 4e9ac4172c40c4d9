use kernel::{Confirmation, LineState, Priority, ShippingState};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::holds::NewHold;
use crate::{Move, OrderChange, state};

#[test]
fn an_order_is_delivered() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let order = shop.place(&ctx, &shop.new_order());
        for action in [OrderAction::Confirm, OrderAction::Process, OrderAction::HandOver, OrderAction::OutForDelivery, OrderAction::Deliver] {
            shop.act(&ctx, &order, action);
        }
        let id = order.id;
        let progress = shop.read(&ctx, move |tx, ctx| crate::progress(tx, ctx, id));
        assert_eq!((progress.percentage, progress.current, progress.next), (Some(100), OrderState::Delivered, None));
        assert_eq!(progress.timeline.len(), 6);
        assert_eq!(progress.order.confirmation, Confirmation::Confirmed);
        assert_eq!(progress.order.shipping_state, ShippingState::Delivered);
        assert!(progress.timeline.iter().all(|step| !step.automated));
        shop.assert_counts_are_true();
    }
}

#[test]
fn what_is_in_the_way_is_said() {
    let shop = Shop::on(Engine::Sqlite);
    let ctx = shop.person(7);
    let order = shop.place(&ctx, &shop.new_order());
    let id = order.id;
    let act = |ctx: &Ctx, wanted: Move| shop.try_write(ctx, move |tx, ctx| crate::act(tx, ctx, id, &wanted));
    assert_eq!(code(act(&ctx, Move::new(OrderAction::Deliver))), "order.state");
    assert_eq!(code(act(&ctx, Move::new(OrderAction::Cancel))), "reason=required");
    assert_eq!(code(act(&ctx, Move::because(OrderAction::Cancel, "Amina said no"))), "reason=reason.code");
    assert_eq!(code(act(&shop.with_rights(&[Permission::OrderRead]), Move::new(OrderAction::Confirm))), "forbidden");
    assert_eq!(code(act(&ctx, Move { version: Some(9), ..Move::new(OrderAction::Confirm) })), "stale 1 state");

    let hold = shop.write(&ctx, move |tx, ctx| crate::holds::set(tx, ctx, id, &NewHold { kind: "stock".into(), ..NewHold::default() })).hold.id;
    assert_eq!(code(act(&ctx, Move::new(OrderAction::Process))), "order.held");
    shop.write(&ctx, move |tx, ctx| crate::holds::release(tx, ctx, id, hold, None));

    let line = shop.read(&ctx, move |tx, ctx| crate::list_lines(tx, ctx, id))[0].id;
    shop.write(&ctx, move |tx, ctx| crate::set_line_state(tx, ctx, id, line, LineState::Backordered));
    assert_eq!(code(act(&ctx, Move::new(OrderAction::Process))), "order.backordered");
    shop.act(&ctx, &order, OrderAction::Backorder);
    assert_eq!(code(act(&ctx, Move::new(OrderAction::Restock))), "order.backordered");
    shop.write(&ctx, move |tx, ctx| crate::set_line_state(tx, ctx, id, line, LineState::Ready));
    assert_eq!(shop.act(&ctx, &order, OrderAction::Restock).order.state, OrderState::Confirmed);

    shop.write(&ctx, move |tx, ctx| crate::archive(tx, ctx, id));
    assert_eq!(code(act(&ctx, Move::new(OrderAction::Process))), "order.archived");
    shop.assert_counts_are_true();
    shop.write(&ctx, move |tx, ctx| crate::unarchive(tx, ctx, id));
    shop.act(&ctx, &order, OrderAction::Process);
    shop.assert_counts_are_true();
}

#[test]
fn a_move_is_taken_back_by_its_actor_for_a_while() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let order = shop.place(&Ctx { now: NOW.plus_s(-100), ..ctx.clone() }, &shop.new_order());
        let moved = shop.act(&ctx, &order, OrderAction::Confirm);
        let event = moved.event;
        let undo = |ctx: &Ctx| shop.try_write(ctx, move |tx, ctx| crate::undo(tx, ctx, event));
        assert_eq!(moved.undo_until, Some(NOW.plus_s(10)));
        assert_eq!(code(undo(&shop.person(6))), "undo.not_yours");
        assert_eq!(code(undo(&Ctx { now: NOW.plus_s(11), ..ctx.clone() })), "undo.too_late");

        let id = order.id;
        let detail = shop.read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id));
        assert_eq!(detail.undo, Some((event, NOW.plus_s(10))));
        let back = undo(&Ctx { now: NOW.plus_s(5), ..ctx.clone() }).unwrap();
        assert_eq!((back.state, back.confirmation, back.moved_at), (OrderState::Pending, Confirmation::Pending, order.moved_at));
        assert_eq!(code(undo(&ctx)), "undo.not_last");
        let waiting: (i64,) = shop.read(&ctx, move |tx, _| {
            tx.one("select count(*) from jobs where org_id = $1 and event_id = $2 and state = 'waiting'", params![tx.org(), event])
        });
        assert_eq!(waiting.0, 0, "what was to follow is called off");
        let progress = shop.read(&ctx, move |tx, ctx| crate::progress(tx, ctx, id));
        assert!(progress.timeline.last().unwrap().is_undo);
        shop.assert_counts_are_true();

        // A later move closes the way back to an earlier one.
        let first = shop.act(&ctx, &order, OrderAction::Confirm).event;
        shop.act(&Ctx { now: NOW.plus_s(1), ..ctx.clone() }, &order, OrderAction::Process);
        assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::undo(tx, ctx, first))), "undo.not_last");
    }
}

#[test]
fn two_editors_hear_of_each_other() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let order = shop.place(&ctx, &shop.new_order());
        let id = order.id;
        let edit = |change: OrderChange| shop.try_write(&ctx, move |tx, ctx| crate::change(tx, ctx, id, &change));
        let first = OrderChange { priority: Some(Priority::Urgent), tags: Some(vec!["gift".into()]), version: Some(1), ..OrderChange::default() };
        assert_eq!(edit(first.clone()).unwrap().version, 2);
        assert_eq!(edit(first).unwrap_err().to_string(), "changed meanwhile to version 2: ", "what is as wanted does not differ");
        let second = OrderChange { priority: Some(Priority::Low), contact_name: Some("Amina B.".into()), version: Some(1), ..OrderChange::default() };
        assert_eq!(code(edit(second.clone())), "stale 2 priority,contact_name");
        let saved = edit(OrderChange { version: Some(2), ..second }).unwrap();
        assert_eq!((saved.priority, saved.contact_name.as_str(), saved.version), (Priority::Low, "Amina B.", 3));
        let moved = OrderChange {
            shipping_address: Some(NewAddress { line1: "Rue 2".into(), province: Some("Alger".into()), ..NewAddress::default() }),
            contact_phone: Some(Some("0661 00 00 01".into())),
            ..OrderChange::default()
        };
        assert_eq!(edit(moved).unwrap().province_key.as_deref(), Some("DZ:16"));
        let history = shop.read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id)).history;
        let last = history.last().unwrap();
        assert_eq!(last.details.fields(), ["contact_phone", "shipping_address"]);
        assert!(!last.data.to_string().contains("0661"), "{}", last.data);
        assert_eq!(code(edit(OrderChange { contact_name: Some(" ".into()), ..OrderChange::default() })), "contact_name=required");
    }
}

#[test]
fn two_moves_at_once_are_one_move() {
    let shop = Shop::on(Engine::Postgres);
    let ctx = shop.person(7);
    let order = shop.place(&ctx, &shop.new_order());
    let id = order.id;
    let done: Vec<bool> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (shop, ctx) = (&shop, ctx.clone());
                scope.spawn(move || shop.try_write(&ctx, move |tx, ctx| crate::confirm(tx, ctx, id, None)).is_ok())
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|is_done| **is_done).count(), 1);
    shop.assert_counts_are_true();
}

/// What somebody may try on one of a few orders.
#[derive(Clone, Debug)]
enum Try {
    Act(OrderAction),
    Undo,
    Hold(bool),
    Archive(bool),
}

fn tries() -> impl Strategy<Value = Vec<(usize, Try)>> {
    let action = proptest::sample::select(OrderAction::ALL).prop_map(Try::Act);
    let other = prop_oneof![Just(Try::Undo), any::<bool>().prop_map(Try::Hold), any::<bool>().prop_map(Try::Archive)];
    proptest::collection::vec((0_usize..3, prop_oneof![6 => action, 1 => other]), 1..60)
}

#[test]
fn random_walks_keep_totals_and_counters_true() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let cases = if engine == Engine::Sqlite { 24 } else { 6 };
        let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
        let walk = |tries: Vec<(usize, Try)>| {
            let ctx = shop.person(7);
            let mut orders: Vec<Order> =
                [shop.natu, shop.natu, shop.purna].into_iter().map(|store_id| shop.place(&ctx, &NewOrder { store_id, ..shop.new_order() })).collect();
            let mut last = vec![None; orders.len()];
            for (step, (place, one)) in tries.into_iter().enumerate() {
                let ctx = Ctx { now: NOW.plus_s(step as i64), ..ctx.clone() };
                let id = orders[place].id;
                let from = orders[place].state;
                match one {
                    Try::Act(action) => {
                        let moved = shop.try_write(&ctx, move |tx, ctx| crate::act(tx, ctx, id, &Move::because(action, "walk")));
                        if let Ok(moved) = moved {
                            prop_assert_eq!(moved.order.state, state::transition(from, action).unwrap().to);
                            last[place] = Some(moved.event);
                        }
                    }
                    Try::Undo => {
                        if let Some(event) = last[place] {
                            let _ = shop.try_write(&ctx, move |tx, ctx| crate::undo(tx, ctx, event));
                        }
                    }
                    Try::Hold(true) => {
                        let _ = shop
                            .try_write(&ctx, move |tx, ctx| crate::holds::set(tx, ctx, id, &NewHold { kind: "stock".into(), ..NewHold::default() }));
                    }
                    Try::Hold(false) => {
                        let open = shop.read(&ctx, move |tx, ctx| crate::holds::list(tx, ctx, id, true));
                        if let Some(hold) = open.first().map(|hold| hold.id) {
                            shop.write(&ctx, move |tx, ctx| crate::holds::release(tx, ctx, id, hold, None));
                        }
                    }
                    Try::Archive(is_archived) => {
                        shop.write(&ctx, move |tx, ctx| if is_archived { crate::archive(tx, ctx, id) } else { crate::unarchive(tx, ctx, id) });
                    }
                }
                let now = shop.read(&ctx, move |tx, ctx| crate::find(tx, ctx, id));
                prop_assert_eq!(now.total, orders[place].total, "moving changes no money");
                orders[place] = now;
            }
            shop.assert_counts_are_true();
            Ok(())
        };
        runner.run(&tries(), walk).unwrap();
    }
}
