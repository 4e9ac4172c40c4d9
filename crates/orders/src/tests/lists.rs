use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use kernel::{Channel, OrderId, PaymentMethod, PaymentState, Priority, ShippingState};

use super::*;
use crate::escalations::NewEscalation;
use crate::{Archived, Assigned, OrderFilter, Page, PageStart, Sort, SortKey, Total};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.roll(some.len())]
    }
}

const AGENTS: [i64; 2] = [71, 72];
const PROVINCES: [&str; 4] = ["Oran", "Alger", "Tlemcen", "Atlantis"];
const CITIES: [Option<&str>; 4] = [None, None, Some("Bir El Djir"), Some("Es Senia")];
const SKUS: [&str; 3] = ["LIN-M", "SCA-R", "HAT"];

/// A shop with orders of every kind, and the orders.
fn filled(engine: Engine) -> (Shop, Vec<Order>) {
    filled_with(engine, 240)
}

fn filled_with(engine: Engine, count: i64) -> (Shop, Vec<Order>) {
    let shop = Shop::on(engine);
    let (natu, purna) = (shop.natu, shop.purna);
    let template = shop.new_order();
    let ids: Vec<OrderId> = shop.write(&shop.system(), move |tx, ctx| {
        let mut dice = Dice(7);
        let mut ids = Vec::new();
        for n in 0..count {
            let mut new = template.clone();
            new.store_id = dice.of(&[natu, natu, purna]);
            new.channel = dice.of(&[Channel::Web, Channel::Whatsapp, Channel::Phone]);
            new.priority = dice.of(&[Priority::Normal, Priority::Normal, Priority::High, Priority::Urgent, Priority::Low]);
            new.placed_at = Some(NOW.plus_s(-3_600 * dice.roll(400) as i64));
            new.lines = (0..1 + dice.roll(3)).map(|_| NewLine::new(Some(dice.of(&SKUS)), "A thing", 1, dinars(900))).collect();
            new.lines[0].unit_price = dinars(1_000 + dice.roll(40) as i64 * 100);
            new.payment_method = dice.of(&[PaymentMethod::Cod, PaymentMethod::Cod, PaymentMethod::Card, PaymentMethod::Transfer]);
            let contact = new.customer.as_mut().unwrap();
            contact.phone = Some(format!("0550 14 23 {:02}", dice.roll(20)));
            new.shipping_address.as_mut().unwrap().province = Some(dice.of(&PROVINCES).to_owned());
            new.shipping_address.as_mut().unwrap().city = dice.of(&CITIES).map(str::to_owned);
            let id = crate::place(tx, ctx, &new)?.id;
            let ctx = Ctx { now: NOW.plus_s(n), ..ctx.clone() };
            for _ in 0..dice.roll(5) {
                let state = crate::find(tx, &ctx, id)?.state;
                let rows: Vec<_> = crate::state::actions(state).collect();
                if !rows.is_empty() {
                    let action = rows[dice.roll(rows.len())].action;
                    crate::act(tx, &ctx, id, &crate::Move::because(action, "dice"))?;
                }
            }
            match dice.roll(4) {
                0 => crate::set_agent(tx, &ctx, id, Some(UserId::from_i64(AGENTS[0])))?,
                1 => crate::set_agent(tx, &ctx, id, Some(UserId::from_i64(AGENTS[1])))?,
                2 => crate::set_payment_state(tx, &ctx, id, PaymentState::Paid, Amount::ZERO)?,
                _ => {}
            }
            if dice.roll(10) == 0 {
                let new = crate::holds::NewHold { kind: ["stock", "address"][dice.roll(2)].to_owned(), ..Default::default() };
                // A closed order cannot be held.
                let _ = crate::holds::set(tx, &ctx, id, &new);
            }
            if dice.roll(12) == 0 {
                let ctx = Ctx { actor: Actor::User(UserId::from_i64(7)), ..ctx.clone() };
                let new = NewEscalation { reason: "other".to_owned(), message: "Look at this".to_owned(), level: None };
                let _ = crate::escalations::escalate(tx, &ctx, id, &new);
            }
            if dice.roll(8) == 0 {
                crate::archive(tx, &ctx, id)?;
            }
            ids.push(id);
        }
        Ok(ids)
    });
    let orders = shop.read(&shop.system(), move |tx, ctx| ids.iter().map(|id| crate::find(tx, ctx, *id)).collect());
    (shop, orders)
}

/// What stands beside the orders.
struct Beside {
    skus: BTreeMap<OrderId, BTreeSet<String>>,
    escalated: BTreeSet<OrderId>,
}

fn beside(shop: &Shop) -> Beside {
    let (lines, open) = shop.read(&shop.system(), |tx, _| {
        let lines: Vec<(OrderId, String)> = tx.rows("select order_id, sku from order_lines where org_id = $1", params![tx.org()])?;
        let open: Vec<(OrderId,)> = tx.rows("select order_id from escalations where org_id = $1 and resolved_at is null", params![tx.org()])?;
        Ok((lines, open))
    });
    let mut skus: BTreeMap<OrderId, BTreeSet<String>> = BTreeMap::new();
    for (order, sku) in lines {
        skus.entry(order).or_default().insert(sku);
    }
    Beside { skus, escalated: open.into_iter().map(|(order,)| order).collect() }
}

fn passes(order: &Order, beside: &Beside, filter: &OrderFilter) -> bool {
    fn among<T: PartialEq>(some: &[T], one: &T) -> bool {
        some.is_empty() || some.contains(one)
    }
    among(&filter.stores, &order.store_id)
        && among(&filter.states, &order.state)
        && among(&filter.shipping_states, &order.shipping_state)
        && among(&filter.payment_states, &order.payment_state)
        && among(&filter.confirmations, &order.confirmation)
        && among(&filter.channels, &order.channel)
        && among(&filter.priorities, &order.priority)
        && (filter.provinces.is_empty() || order.province_key.as_ref().is_some_and(|key| filter.provinces.contains(key)))
        && among(&filter.payment_methods, &order.payment_method)
        && (filter.cities.is_empty() || order.city.as_ref().is_some_and(|city| filter.cities.contains(city)))
        && (filter.skus.is_empty() || filter.skus.iter().any(|sku| beside.skus[&order.id].contains(sku)))
        && filter.is_escalated.is_none_or(|is_escalated| beside.escalated.contains(&order.id) == is_escalated)
        && filter.currency.is_none_or(|currency| order.currency == currency)
        && filter.customer.is_none_or(|customer| order.customer_id == Some(customer))
        && among(&filter.assigned, &order.agent_id.map_or(Assigned::Free, Assigned::To))
        && filter.placed_from.is_none_or(|at| order.created_at >= at)
        && filter.placed_until.is_none_or(|at| order.created_at < at)
        && filter.placed_on.is_none_or(|day| order.placed_day == day)
        && filter.total_from.is_none_or(|total| order.total >= total)
        && filter.total_to.is_none_or(|total| order.total <= total)
        && filter.is_held.is_none_or(|is_held| (order.hold_count > 0) == is_held)
        && filter.place_known.is_none_or(|is_known| order.place_known == is_known)
        && match filter.archived {
            Archived::Any => true,
            Archived::No => order.archived_at.is_none(),
            Archived::Only => order.archived_at.is_some(),
        }
        && (filter.any.is_empty() || filter.any.iter().any(|group| passes(order, beside, &OrderFilter { archived: Archived::Any, ..group.clone() })))
}

fn expected(orders: &[Order], beside: &Beside, filter: &OrderFilter, sort: Sort) -> Vec<OrderId> {
    let mut some: Vec<&Order> = orders.iter().filter(|order| passes(order, beside, filter)).collect();
    let value = |order: &Order, key: SortKey| match key {
        SortKey::CreatedAt => order.created_at.0,
        SortKey::Total => order.total.0,
        SortKey::MovedAt => order.moved_at.0,
        SortKey::Number => order.seq,
        SortKey::Priority => Priority::ALL.iter().position(|one| *one == order.priority).unwrap() as i64,
    };
    // The most urgent always come first, and the newest of them, unless a second key says otherwise.
    let mut keys = vec![(sort.key, sort.is_descending || sort.key == SortKey::Priority)];
    match sort.then {
        Some(then) => keys.push((then.key, then.is_descending || then.key == SortKey::Priority)),
        None if sort.key == SortKey::Priority => keys.push((SortKey::CreatedAt, true)),
        None => {}
    }
    some.sort_by(|one, other| {
        let turned = |order: Ordering, is_descending: bool| if is_descending { order.reverse() } else { order };
        let by_keys = keys
            .iter()
            .fold(Ordering::Equal, |so_far, (key, is_descending)| so_far.then(turned(value(one, *key).cmp(&value(other, *key)), *is_descending)));
        by_keys.then(turned(one.id.cmp(&other.id), keys.last().unwrap().1))
    });
    some.into_iter().map(|order| order.id).collect()
}

fn random_filter(dice: &mut Dice, orders: &[Order]) -> OrderFilter {
    let mut filter = random_conditions(dice, orders);
    if dice.roll(2) == 0 {
        filter.any = (0..1 + dice.roll(3)).map(|_| random_conditions(dice, orders)).collect();
        filter.any.retain(|group| *group != OrderFilter::default());
    }
    filter.archived = dice.of(&[Archived::No, Archived::No, Archived::Only, Archived::Any]);
    filter
}

fn random_conditions(dice: &mut Dice, orders: &[Order]) -> OrderFilter {
    let mut filter = OrderFilter::default();
    let some = &orders[dice.roll(orders.len())];
    for _ in 0..dice.roll(4) {
        match dice.roll(21) {
            0 => filter.stores = vec![some.store_id],
            1 => filter.states = vec![some.state],
            2 => filter.states = ALL_OPEN.to_vec(),
            3 => filter.shipping_states = vec![some.shipping_state, ShippingState::Lost],
            4 => filter.payment_states = vec![some.payment_state],
            5 => filter.confirmations = vec![some.confirmation],
            6 => filter.channels = vec![some.channel, Channel::Phone],
            7 => filter.priorities = vec![some.priority],
            8 => filter.provinces = some.province_key.iter().cloned().collect(),
            9 => filter.customer = some.customer_id,
            10 => filter.assigned = vec![Assigned::Free, Assigned::To(UserId::from_i64(AGENTS[0]))],
            11 => (filter.placed_from, filter.placed_until) = (Some(NOW.plus_s(-3_600 * 300)), Some(some.created_at.plus_s(1))),
            12 => (filter.total_from, filter.total_to) = (Some(Amount(200_000)), Some(some.total)),
            13 => filter.is_held = Some(dice.roll(2) == 0),
            14 => {
                filter.payment_methods =
                    dice.of(&[&[PaymentMethod::Cod, PaymentMethod::Card][..], &[PaymentMethod::Card], &[PaymentMethod::Wallet]]).to_vec()
            }
            15 => filter.cities = CITIES[2 + dice.roll(2)..].iter().flatten().map(|city| (*city).to_owned()).collect(),
            16 => filter.skus = SKUS[dice.roll(3)..].iter().map(|sku| (*sku).to_owned()).collect(),
            17 => filter.is_escalated = Some(dice.roll(3) > 0),
            18 => filter.currency = Some(dice.of(&[Currency::DZD, Currency::DZD, Currency::BDT])),
            // More than an arm each.
            19 => filter.channels = Channel::ALL.to_vec(),
            _ => filter.placed_on = Some(some.placed_day),
        }
    }
    filter
}

fn random_sort(dice: &mut Dice) -> Sort {
    let sort = Sort::by(dice.of(SortKey::ALL), dice.roll(2) == 0);
    let then = dice.of(SortKey::ALL);
    if dice.roll(3) == 0 && then != sort.key { sort.then(then, dice.roll(2) == 0) } else { sort }
}

/// All the orders of a list, part after part.
fn paged(shop: &Shop, filter: &OrderFilter, sort: Sort, limit: u32) -> Vec<OrderId> {
    let mut found = Vec::new();
    let mut start = PageStart::First;
    loop {
        let (asked, page) = (filter.clone(), Page { limit, start, sort, with_total: false });
        let answer = shop.read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &asked, &page));
        found.extend(answer.items.iter().map(|row| row.id));
        match answer.next_cursor {
            Some(cursor) => start = PageStart::Cursor(cursor),
            None => return found,
        }
    }
}

#[test]
fn two_keys_in_any_direction_page_through_every_order_once() {
    for engine in ENGINES {
        let (shop, _) = filled_with(engine, 60);
        // Many orders share a total, a day and the time of their last change.
        shop.write(&shop.system(), |tx, _| {
            tx.execute(
                "update orders set created_at = created_at / 86400000000 * 86400000000, moved_at = moved_at / 60000000 * 60000000 where org_id = $1",
                params![tx.org()],
            )?;
            tx.execute("update order_lines set placed_at = placed_at / 86400000000 * 86400000000 where org_id = $1", params![tx.org()]).map(drop)
        });
        let orders: Vec<Order> = shop.read(&shop.system(), |tx, ctx| {
            let ids: Vec<(OrderId,)> = tx.rows("select id from orders where org_id = $1", params![tx.org()])?;
            ids.into_iter().map(|(id,)| crate::find(tx, ctx, id)).collect()
        });
        let beside = beside(&shop);
        let filters = [
            OrderFilter { archived: Archived::Any, ..OrderFilter::default() },
            OrderFilter { states: ALL_OPEN.to_vec(), ..OrderFilter::default() },
            OrderFilter { skus: SKUS[..2].iter().map(|sku| (*sku).to_owned()).collect(), ..OrderFilter::default() },
        ];
        for first in SortKey::ALL {
            for second in SortKey::ALL.iter().filter(|second| *second != first) {
                // One of the engines is asked less: what differs between them is few words.
                for ways in if engine == Engine::Sqlite { 0..4 } else { 1..3 } {
                    let sort = Sort::by(*first, ways & 1 == 1).then(*second, ways & 2 == 2);
                    let filter = &filters[ways % filters.len()];
                    let expected = expected(&orders, &beside, filter, sort);
                    assert!(expected.len() > 15);
                    assert_eq!(paged(&shop, filter, sort, 25), expected, "{engine:?} {filter:?} {sort}");
                }
            }
        }
    }
}

#[test]
fn every_list_is_what_it_says() {
    for engine in ENGINES {
        let (shop, orders) = filled(engine);
        let beside = beside(&shop);
        assert!(beside.escalated.len() > 5);
        let mut dice = Dice(11);
        let rounds = if engine == Engine::Sqlite { 250 } else { 90 };
        for _ in 0..rounds {
            let filter = random_filter(&mut dice, &orders);
            let sort = random_sort(&mut dice);
            let expected = expected(&orders, &beside, &filter, sort);
            let limit = dice.of(&[7, 50, 200]);

            let mut found = Vec::new();
            let mut start = PageStart::First;
            loop {
                let (asked, page) = (filter.clone(), Page { limit, start, sort, with_total: true });
                let answer = shop.read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &asked, &page));
                assert_eq!(answer.total, Some(Total::Exact(expected.len() as i64)), "{engine:?} {filter:?} {sort}");
                found.extend(answer.items.iter().map(|row| row.id));
                match answer.next_cursor {
                    Some(cursor) => start = PageStart::Cursor(cursor),
                    None => break,
                }
            }
            assert_eq!(found, expected, "{engine:?} {filter:?} {sort}");

            let (asked, page) = (filter.clone(), Page { limit: 7, start: PageStart::Number(2), sort, with_total: false });
            let second = shop.read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &asked, &page));
            let ids: Vec<OrderId> = second.items.iter().map(|row| row.id).collect();
            assert_eq!(ids, expected.iter().copied().skip(7).take(7).collect::<Vec<_>>(), "{filter:?} {sort}");
        }
    }
}

#[test]
fn groups_are_few_and_each_asks_something() {
    let shop = Shop::on(Engine::Sqlite);
    let refused = |any: Vec<OrderFilter>| {
        let filter = OrderFilter { any, ..OrderFilter::default() };
        code(shop.try_read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &filter, &Page::default())))
    };
    let held = OrderFilter { is_held: Some(true), ..OrderFilter::default() };
    assert_eq!(refused(vec![held.clone(), OrderFilter::default()]), "any.2=filter.group_empty");
    assert_eq!(refused(vec![held.clone(); 6]), "any=filter.groups");
    assert_eq!(refused(vec![OrderFilter { any: vec![held.clone()], ..held }]), "any.1.any=unknown_field");
    let many = OrderFilter { cities: (0..201).map(|one| one.to_string()).collect(), ..OrderFilter::default() };
    assert_eq!(refused(vec![many]), "any=filter.values");
    let all = OrderFilter {
        states: vec![kernel::OrderState::Pending],
        channels: vec![Channel::Web],
        priorities: vec![Priority::High],
        cities: vec!["Oran".to_owned()],
        is_held: Some(true),
        is_escalated: Some(false),
        place_known: Some(true),
        total_from: Some(Amount(1)),
        payment_states: vec![PaymentState::Paid],
        ..OrderFilter::default()
    };
    assert_eq!(refused(vec![all]), "any.1=filter.conditions");
}

#[test]
fn a_group_means_what_the_caller_means_by_it() {
    let (shop, orders) = filled_with(Engine::Sqlite, 60);
    let me = UserId::from_i64(AGENTS[0]);
    let mine = Ctx { actor: Actor::User(me), ..shop.system() };
    let nobody = OrderFilter { skus: vec!["NONE".to_owned()], ..OrderFilter::default() };
    let own = OrderFilter { assigned: vec![Assigned::Caller], ..OrderFilter::default() };
    let filter = OrderFilter { any: vec![nobody.clone(), own], archived: Archived::Any, ..OrderFilter::default() };
    let expected = orders.iter().filter(|order| order.agent_id == Some(me)).count();
    let page = Page { limit: 200, ..Page::default() };
    assert!(expected > 3);
    assert_eq!(shop.read(&mine, move |tx, ctx| crate::list(tx, ctx, &filter, &page)).items.len(), expected);
    let none = OrderFilter { any: vec![nobody], archived: Archived::Any, ..OrderFilter::default() };
    assert_eq!(shop.read(&mine, move |tx, ctx| crate::count(tx, ctx, &none)), Total::Exact(0));
}

#[test]
fn what_one_may_not_see_is_not_found() {
    for engine in ENGINES {
        let (shop, orders) = filled(engine);
        let me = UserId::from_i64(AGENTS[0]);
        let viewers = [
            shop.seeing(&[shop.purna], Agents::All),
            shop.seeing(&[shop.natu, shop.purna], Agents::Own(me)),
            shop.seeing(&[shop.natu], Agents::OwnAndFree(me)),
            shop.seeing(&[], Agents::All),
        ];
        for ctx in viewers {
            let (seen, hidden): (Vec<&Order>, Vec<&Order>) = orders.iter().partition(|order| ctx.sees.row(order.store_id, order.agent_id));
            let all = OrderFilter { archived: Archived::Any, ..OrderFilter::default() };
            let page = Page { limit: 200, ..Page::default() };
            let answer = shop.read(&ctx, move |tx, ctx| crate::list(tx, ctx, &all, &page));
            assert_eq!(answer.total, Some(Total::Exact(seen.len() as i64)));
            assert!(answer.items.iter().all(|row| ctx.sees.row(row.store_id, row.agent_id)));
            for order in hidden.iter().take(5) {
                let id = order.id;
                assert_eq!(code(shop.try_read(&ctx, move |tx, ctx| crate::find(tx, ctx, id))), "not_found");
                assert_eq!(code(shop.try_read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id))), "not_found");
                assert_eq!(code(shop.try_read(&ctx, move |tx, ctx| crate::progress(tx, ctx, id))), "not_found");
                assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::cancel(tx, ctx, id, "walk"))), "not_found");
                assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::change(tx, ctx, id, &crate::OrderChange::default()))), "not_found");
                assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::archive(tx, ctx, id))), "not_found");
                let text = order.number.clone();
                let found = shop.read(&ctx, move |tx, ctx| crate::search(tx, ctx, &crate::Search { text: text.clone(), ..Default::default() }));
                assert!(found.items.iter().all(|row| row.id != id));
            }
            let stats = shop.read(&ctx, crate::stats);
            let in_stores = orders.iter().filter(|order| ctx.sees.store(order.store_id)).count() as i64;
            assert_eq!(stats.total, in_stores);
        }
    }
}

#[test]
fn figures_come_from_the_counters() {
    let (shop, orders) = filled(Engine::Sqlite);
    let stats = shop.read(&shop.system(), crate::stats);
    assert_eq!(stats.total, 240);
    assert_eq!(stats.archived, orders.iter().filter(|order| order.archived_at.is_some()).count() as i64);
    for (state, count) in &stats.by_state {
        assert_eq!(*count, orders.iter().filter(|order| order.state == *state).count() as i64, "{state}");
    }
    let today = NOW.day_in(&jiff::tz::TimeZone::get("Africa/Algiers").unwrap());
    assert_eq!(stats.today, orders.iter().filter(|order| order.placed_day == today).count() as i64);
    assert!(stats.recent.windows(2).all(|two| two[0].moved_at >= two[1].moved_at) && stats.recent.len() == 10);
    shop.assert_counts_are_true();
}

#[test]
fn a_page_too_far_is_refused() {
    let shop = Shop::on(Engine::Sqlite);
    let page = Page { start: PageStart::Number(1_000), ..Page::default() };
    assert_eq!(code(shop.try_read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &OrderFilter::default(), &page))), "page=page.too_far");
    let page = Page { start: PageStart::Cursor("-total.0.1.ord_0".into()), ..Page::default() };
    assert_eq!(code(shop.try_read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &OrderFilter::default(), &page))), "cursor=cursor");
}
