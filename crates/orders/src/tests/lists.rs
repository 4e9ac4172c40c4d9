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
    let shop = Shop::on(engine);
    let (natu, purna) = (shop.natu, shop.purna);
    let template = shop.new_order();
    let ids: Vec<OrderId> = shop.write(&shop.system(), move |tx, ctx| {
        let mut dice = Dice(7);
        let mut ids = Vec::new();
        for n in 0..240_i64 {
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
}

fn expected(orders: &[Order], beside: &Beside, filter: &OrderFilter, sort: Sort) -> Vec<OrderId> {
    let mut some: Vec<&Order> = orders.iter().filter(|order| passes(order, beside, filter)).collect();
    some.sort_by_key(|order| match sort.key {
        SortKey::CreatedAt => (0, order.created_at.0, order.id),
        SortKey::Total => (0, order.total.0, order.id),
        SortKey::MovedAt => (0, order.moved_at.0, order.id),
        SortKey::Number => (0, order.seq, order.id),
        SortKey::Priority => (Priority::ALL.iter().position(|one| *one == order.priority).unwrap() as i64, order.created_at.0, order.id),
    });
    if sort.is_descending || sort.key == SortKey::Priority {
        some.reverse();
    }
    some.into_iter().map(|order| order.id).collect()
}

fn random_filter(dice: &mut Dice, orders: &[Order]) -> OrderFilter {
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
    filter.archived = dice.of(&[Archived::No, Archived::No, Archived::Only, Archived::Any]);
    filter
}

#[test]
fn every_list_is_what_it_says() {
    for engine in ENGINES {
        let (shop, orders) = filled(engine);
        let beside = beside(&shop);
        assert!(beside.escalated.len() > 5);
        let mut dice = Dice(11);
        let rounds = if engine == Engine::Sqlite { 400 } else { 150 };
        for _ in 0..rounds {
            let filter = random_filter(&mut dice, &orders);
            let sort = Sort { key: dice.of(SortKey::ALL), is_descending: dice.roll(2) == 0 };
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
