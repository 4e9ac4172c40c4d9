use std::collections::BTreeSet;
use std::thread;

use kernel::{CreditKind, LineState, PaymentMethod};

use super::*;
use crate::{NewCreditLine, NewCreditNote, NewDiscount, NewNote, OrderFilter, Page, Total};

#[test]
fn an_order_comes_in_whole() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let order = shop.place(&shop.system(), &shop.new_order());
        assert_eq!(order.subtotal, Amount(1_140_000));
        assert_eq!(order.total, Amount(1_200_000), "the store's fee for delivery");
        assert_eq!((order.number.as_str(), order.state, order.item_count), ("1", OrderState::Pending, 3));
        assert_eq!((order.province_key.as_deref(), order.place_known), (Some("DZ:31"), true));
        assert_eq!(order.summary, "Linen dress + 1");

        let detail = shop.read(&shop.system(), move |tx, ctx| crate::detail(tx, ctx, order.id));
        assert_eq!(detail.order, order);
        assert_eq!(detail.lines.iter().map(|line| line.line_total.0).sum::<i64>(), 1_140_000);
        assert_eq!(detail.history.len(), 1);
        assert_eq!(detail.actions.len(), 4);
        shop.assert_counts_are_true();
    }
}

#[test]
fn a_known_customer_buys_known_things_in_few_statements() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.system();
        shop.place(&ctx, &shop.new_order());
        shop.db.record_statements(true);
        let second = shop.place(&ctx, &shop.new_order());
        let recorded = shop.db.take_recorded();
        let statements: Vec<String> = recorded.iter().map(|one| one.sql.split_whitespace().take(4).collect::<Vec<_>>().join(" ")).collect();
        assert!(statements.len() <= 12, "{engine:?} {statements:#?}");
        shop.act(&ctx, &second, OrderAction::Confirm);
        let moved = shop.db.take_recorded();
        assert!(moved.len() <= 6, "{:#?}", moved.iter().map(|one| one.sql.clone()).collect::<Vec<_>>());
        shop.db.record_statements(false);
        let (customers, variants): (i64, i64) = shop.read(&ctx, |tx, _| {
            tx.one("select (select count(*) from customers where org_id = $1), (select count(*) from variants where org_id = $1)", params![tx.org()])
        });
        assert_eq!((customers, variants), (1, 2));
    }
}

#[test]
fn the_same_reference_is_the_same_order() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.system();
        let new = NewOrder { external_ref: Some("W-1041".into()), ..shop.new_order() };
        let first = shop.place(&ctx, &new);
        let again = new.clone();
        let placed = shop.write(&ctx, move |tx, ctx| crate::place_once(tx, ctx, &again));
        assert_eq!((placed.order.id, placed.is_new), (first.id, false));
        let other = NewOrder { priority: kernel::Priority::Urgent, ..new.clone() };
        assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::place(tx, ctx, &other))), "order.external_ref");
        // Another store may use the same reference.
        let elsewhere = NewOrder { store_id: shop.purna, ..new };
        assert_ne!(shop.place(&ctx, &elsewhere).id, first.id);
        shop.assert_counts_are_true();
    }
}

#[test]
fn many_at_once_with_one_reference_make_one_order() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let new = NewOrder { external_ref: Some("W-7".into()), ..shop.new_order() };
        let ids: BTreeSet<_> = thread::scope(|scope| {
            let workers: Vec<_> = (0..8)
                .map(|_| {
                    let (shop, new) = (&shop, new.clone());
                    scope.spawn(move || shop.place(&shop.system(), &new).id)
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        assert_eq!(ids.len(), 1);
        shop.assert_counts_are_true();
    }
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let shop = Shop::on(Engine::Sqlite);
    let mut new = shop.new_order();
    new.lines[0].quantity = -1;
    new.lines[1].unit_price.currency = "EUR".parse().unwrap();
    new.lines[1].title = "x".repeat(301);
    new.customer.as_mut().unwrap().phone = Some("call me".into());
    new.placed_at = Some(NOW.plus_s(3_600));
    new.tags = vec![String::new()];
    new.discount = Some(NewDiscount::Amount(Money { amount: Amount(-5), currency: Currency::DZD }));
    let found = code(shop.try_write(&shop.system(), move |tx, ctx| crate::place(tx, ctx, &new)));
    assert_eq!(
        found,
        "placed_at=date.future customer.phone=phone lines[0].quantity=quantity lines[1].unit_price=currency.store \
         lines[1].title=too_long tags[0]=required discount=negative"
    );
    let mut huge = shop.new_order();
    huge.lines[0].quantity = 1_000_000;
    huge.lines[0].unit_price.amount = Amount(1_000_000_000_000);
    assert_eq!(code(shop.try_write(&shop.system(), move |tx, ctx| crate::place(tx, ctx, &huge))), "lines[0].unit_price=money.overflow");
    let nameless = NewOrder { customer: Some(NewContact { name: "Amina".into(), ..NewContact::default() }), ..shop.new_order() };
    assert_eq!(code(shop.try_write(&shop.system(), move |tx, ctx| crate::place(tx, ctx, &nameless))), "customer.phone=required");
    let nobody = NewOrder { customer: None, ..shop.new_order() };
    let over_the_counter = NewOrder { channel: kernel::Channel::InStore, ..nobody.clone() };
    assert_eq!(code(shop.try_write(&shop.system(), move |tx, ctx| crate::place(tx, ctx, &nobody))), "customer=required");
    assert_eq!(shop.place(&shop.system(), &over_the_counter).customer_id, None);
    let foreign = NewOrder { store_id: StoreId::from_i64(5), ..shop.new_order() };
    assert_eq!(code(shop.try_write(&shop.system(), move |tx, ctx| crate::place(tx, ctx, &foreign))), "store_id=unknown");
    let not_hers = shop.new_order();
    let purna = shop.purna;
    assert_eq!(code(shop.try_write(&shop.seeing(&[purna], Agents::All), move |tx, ctx| crate::place(tx, ctx, &not_hers))), "store_id=unknown");
    let plain = shop.new_order();
    assert_eq!(code(shop.try_write(&shop.with_rights(&[Permission::OrderRead]), move |tx, ctx| crate::place(tx, ctx, &plain))), "forbidden");
}

#[test]
fn an_unknown_place_is_kept_and_flagged() {
    let shop = Shop::on(Engine::Sqlite);
    let mut new = shop.new_order();
    new.shipping_address = Some(NewAddress { line1: "Rue 1".into(), province: Some("Atlantis".into()), ..NewAddress::default() });
    let order = shop.place(&shop.system(), &new);
    assert_eq!((order.province.as_deref(), order.place_known, order.province_key.as_deref()), (Some("Atlantis"), false, Some("DZ:atlantis")));
    let flagged = OrderFilter { place_known: Some(false), ..OrderFilter::default() };
    let page = shop.read(&shop.system(), move |tx, ctx| crate::list(tx, ctx, &flagged, &Page::default()));
    assert_eq!(page.total, Some(Total::Exact(1)));
}

#[test]
fn a_failing_statement_leaves_nothing_behind() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.system();
        let new = NewOrder { external_ref: Some("W-1".into()), note: Some("Call first".into()), ..shop.new_order() };
        let mut failures = 0;
        for n in 1.. {
            shop.db.fail_statement(n);
            let again = new.clone();
            let placed = shop.try_write(&ctx, move |tx, ctx| crate::place(tx, ctx, &again));
            let was_hit = !shop.db.failure_pending();
            shop.db.fail_statement(0);
            let rows: Vec<(i64,)> = shop.read(&ctx, |tx, _| {
                let mut rows = Vec::new();
                for table in ["orders", "order_lines", "order_notes", "customers", "customer_totals", "variants", "jobs", "order_days"] {
                    rows.extend(tx.rows::<(i64,)>(&format!("select count(*) from {table} where org_id = $1"), params![tx.org()])?);
                }
                Ok(rows)
            });
            match placed {
                Ok(_) => {
                    assert!(!was_hit);
                    break;
                }
                Err(error) => {
                    failures += 1;
                    assert!(was_hit, "statement {n}: {error:?}");
                    assert!(rows.iter().all(|(count,)| *count == 0), "statement {n}: {rows:?}");
                }
            }
        }
        assert!(failures >= 12, "{failures}");
        shop.assert_counts_are_true();
    }
}

#[test]
fn an_import_is_placed_in_its_own_time() {
    let shop = Shop::on(Engine::Sqlite);
    let at = Time::parse("2010-12-01T08:26:00Z").unwrap();
    let mut new = shop.new_order();
    new.customer = Some(NewContact { external_ref: Some("17850".into()), ..NewContact::default() });
    (new.placed_at, new.external_ref, new.import_source) = (Some(at), Some("536365".into()), Some("online-retail".into()));
    new.payment_method = PaymentMethod::Card;
    let (first, second) =
        shop.write(&shop.system(), move |tx, ctx| Ok((crate::place_imported(tx, ctx, &new)?, crate::place_imported(tx, ctx, &new)?)));
    assert!(first.is_new && !second.is_new);
    assert_eq!((first.order.created_at, first.order.moved_at, first.order.recorded_at), (at, at, NOW));
    assert_eq!(first.order.to_collect, Amount::ZERO);
    let jobs: (i64,) = shop.read(&shop.system(), |tx, _| tx.one("select count(*) from jobs where org_id = $1", params![tx.org()]));
    assert_eq!(jobs.0, 0, "nobody hears of the past");
    shop.assert_counts_are_true();

    let order = first.order;
    let natu = shop.natu;
    let credited = shop.write(&shop.system(), move |tx, ctx| {
        let note = |quantity: i64, external_ref: &str| NewCreditNote {
            store_id: natu,
            external_ref: Some(external_ref.into()),
            kind: CreditKind::Return,
            order_id: None,
            customer: Some(customers::NewCustomer { external_ref: Some("17850".into()), ..customers::NewCustomer::default() }),
            country: None,
            lines: vec![NewCreditLine {
                sku: Some("SCA-R".into()),
                kind: kernel::VariantKind::Goods,
                title: "Silk scarf".into(),
                quantity,
                unit_price: Amount(150_000),
            }],
            given_at: Some(at.plus_s(86_400)),
            reason: None,
            import_source: Some("online-retail".into()),
        };
        Ok((
            crate::record_credit_note(tx, ctx, &note(2, "C536379"))?,
            crate::record_credit_note(tx, ctx, &note(2, "C536379"))?,
            crate::record_credit_note(tx, ctx, &note(3, "C536380"))?,
        ))
    });
    assert_eq!((credited.0.order_id, credited.0.total, credited.0.is_new), (Some(order.id), Amount(300_000), true));
    assert!(!credited.1.is_new);
    assert_eq!(credited.2.order_id, None, "it never sold three");
}

#[test]
fn notes_and_tracking_stand_on_the_order() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let order = shop.place(&shop.system(), &shop.new_order());
        let id = order.id;
        shop.write(&shop.person(7), move |tx, ctx| {
            let data = serde_json::Map::from_iter([("minutes".to_owned(), serde_json::json!(3))]);
            crate::add_note(
                tx,
                ctx,
                id,
                &NewNote {
                    audience: kernel::NoteAudience::Internal,
                    text: "Wants blue".into(),
                    kind: Some("call".into()),
                    data,
                    mentions: Vec::new(),
                },
            )?;
            let entry = crate::NewTrackingEntry { at: None, status: "picked up".into(), place: Some("Oran".into()), text: None, source: None };
            crate::add_tracking(tx, ctx, id, &entry)?;
            crate::set_tracking(tx, ctx, id, Some("YAL-77"), Some("yalidine"))
        });
        let detail = shop.read(&shop.system(), move |tx, ctx| crate::detail(tx, ctx, id));
        assert_eq!((detail.notes[0].text().as_str(), detail.order.note_count), ("Wants blue", 1));
        assert_eq!(detail.notes[0].author(), Actor::User(UserId::from_i64(7)));
        assert_eq!(detail.tracking[0].place.as_deref(), Some("Oran"));
        assert_eq!(detail.order.tracking.as_deref(), Some("YAL-77"));
        assert!(!format!("{:?}", detail.history).contains("Wants blue"), "events hold no free text");
        assert_eq!(detail.lines[0].state, LineState::Ready);
    }
}
