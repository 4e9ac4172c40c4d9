use kernel::{CustomerId, EditId, LineState, OrderId, PaymentState, TaxMode};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::place::search_document;
use crate::store::{find_any, list_lines};
use crate::{ApplyEdit, EditChange, EditPreview, Edited, Line, LineChange, LineReplacement, NewDiscount, Owed, ReviseEdit};

/// Nobody has paid anything.
fn unpaid(_: &mut Tx, order: &Order, total: Amount) -> Result<Owed, Error> {
    let is_cod = order.payment_method == kernel::PaymentMethod::Cod;
    Ok(Owed { payment_state: PaymentState::Unpaid, to_collect: if is_cod { total } else { Amount::ZERO } })
}

impl Shop {
    fn try_begin(&self, ctx: &Ctx, id: OrderId, change: &EditChange) -> Result<EditPreview, Error> {
        let change = change.clone();
        self.try_write(ctx, move |tx, ctx| crate::begin_edit(tx, ctx, id, &change, unpaid))
    }

    #[track_caller]
    fn begin(&self, ctx: &Ctx, id: OrderId, change: &EditChange) -> EditId {
        self.try_begin(ctx, id, change).unwrap().edit.id
    }

    fn try_apply(&self, ctx: &Ctx, id: OrderId, edit: EditId, wanted: ApplyEdit) -> Result<Edited, Error> {
        self.try_write(ctx, move |tx, ctx| crate::apply_edit(tx, ctx, id, edit, &wanted, unpaid))
    }

    #[track_caller]
    fn edit(&self, ctx: &Ctx, id: OrderId, change: &EditChange) -> Edited {
        let edit = self.begin(ctx, id, change);
        self.try_apply(ctx, id, edit, ApplyEdit::default()).unwrap()
    }

    #[track_caller]
    fn standing(&self, id: OrderId) -> (Order, Vec<Line>) {
        self.read(&self.system(), move |tx, _| Ok((find_any(tx, id)?.unwrap(), list_lines(tx, id)?)))
    }

    /// Parts make the total, the row says what its lines say, and it is found by what it says.
    #[track_caller]
    fn assert_adds_up(&self, id: OrderId) {
        let (order, lines) = self.standing(id);
        let sum = |part: fn(&Line) -> Amount| lines.iter().map(part).sum::<Amount>();
        for line in &lines {
            assert_eq!(line.line_total, Amount(line.quantity * line.unit_price.0) - line.discount, "{line:?}");
            assert!(line.order_discount <= line.line_total && line.discount.0 >= 0, "{line:?}");
            assert!(line.variant_id.is_some(), "{line:?}");
        }
        assert_eq!(sum(|line| line.line_total), order.subtotal);
        assert_eq!(sum(|line| line.order_discount), order.discount);
        assert_eq!(sum(|line| line.tax), order.tax);
        let on_top = if order.tax_mode == TaxMode::Exclusive { order.tax } else { Amount::ZERO };
        assert_eq!(order.subtotal - order.discount + order.shipping_fee + order.cod_fee + on_top, order.total);
        assert_eq!(order.to_collect, order.total, "all are paid at the door");
        assert_eq!((order.line_count, order.item_count), (lines.len() as i64, lines.iter().map(|line| line.quantity).sum::<i64>()));
        assert_eq!(order.backordered_count, lines.iter().filter(|line| line.state == LineState::Backordered).count() as i64);
        assert!(order.summary.starts_with(&lines[0].title), "{}", order.summary);
        let (search,): (String,) =
            self.read(&self.system(), move |tx, _| tx.one("select search from orders where org_id = $1 and id = $2", params![tx.org(), id]));
        assert_eq!(search, search_document(&order));
    }
}

fn add(sku: &str, title: &str, quantity: i64, price: i64) -> EditChange {
    EditChange { add_lines: vec![NewLine::new(Some(sku), title, quantity, dinars(price))], ..EditChange::default() }
}

#[test]
fn an_edit_is_looked_at_and_then_written() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let order = shop.place(&ctx, &shop.new_order());
        let (id, (_, lines)) = (order.id, shop.standing(order.id));
        let change = EditChange {
            change_lines: vec![LineChange { quantity: Some(3), ..LineChange::of(lines[1].id) }],
            discount: Some(Some(NewDiscount::Percent(100_000))),
            contact_name: Some("Amina B.".into()),
            contact_phone: Some(Some("0661 00 00 01".into())),
            note: Some("wants three".into()),
            ..add("BAG-1", "Bag", 1, 2_000)
        };
        let preview = shop.try_begin(&ctx, id, &change).unwrap();
        let after = preview.after.unwrap();
        // 8,400 + 3 × 1,500 + 2,000 less a tenth, and 600 for delivery.
        assert_eq!((after.subtotal, after.discount, after.total), (Amount(1_490_000), Amount(149_000), Amount(1_401_000)));
        assert_eq!((after.to_collect, after.line_count, after.item_count), (Amount(1_401_000), 3, 5));
        assert_eq!((preview.fields.len(), preview.closed.len(), preview.can_merge), (4, 0, true));
        assert_eq!(shop.standing(id), (order.clone(), lines.clone()), "looking changes nothing");

        let edited = shop.try_apply(&ctx, id, preview.edit.id, ApplyEdit::default()).unwrap();
        assert_eq!((edited.order.total, edited.order.version, edited.undo_until), (Amount(1_401_000), 2, Some(NOW.plus_s(10))));
        shop.assert_adds_up(id);
        shop.assert_counts_are_true();
        let history = shop.read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id)).history;
        let event = history.last().unwrap();
        assert_eq!((event.kind.as_str(), event.details.text.as_deref()), ("order.edited", Some("wants three")));
        assert!(!event.data.to_string().contains("661") && !event.data.to_string().contains("Amina"), "{}", event.data);
        let fields = event.details.fields();
        assert!(fields.contains(&format!("lines.{}", lines[1].id)) && fields.contains(&"contact_phone".to_owned()), "{fields:?}");
        assert_eq!(code(shop.try_apply(&ctx, id, preview.edit.id, ApplyEdit::default())), "edit.applied");
    }
}

#[test]
fn undo_puts_the_same_lines_and_totals_back() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let other = NewOrder {
            customer: Some(NewContact { name: "Karim".into(), phone: Some("0770 00 00 07".into()), ..NewContact::default() }),
            ..shop.new_order()
        };
        let karim = shop.place(&ctx, &other).customer_id;
        let order = shop.place(&ctx, &shop.new_order());
        let (id, before) = (order.id, shop.standing(order.id));
        let change = EditChange {
            replace_lines: vec![LineReplacement { line: before.1[0].id, with: NewLine::new(Some("COAT"), "Coat", 1, dinars(9_000)) }],
            remove_lines: vec![before.1[1].id],
            discount: Some(Some(NewDiscount::Amount(dinars(100)))),
            shipping_fee: Some(dinars(0)),
            shipping_address: Some(NewAddress { line1: "Rue 2".into(), province: Some("Alger".into()), ..NewAddress::default() }),
            contact_name: Some("Karim".into()),
            contact_phone: Some(None),
            customer_id: karim,
            ..add("BAG-1", "Bag", 1, 2_000)
        };
        let edited = shop.edit(&ctx, id, &change);
        let (row, lines) = shop.standing(id);
        assert_eq!((row.customer_id, row.contact_phone.clone(), row.province_key.as_deref()), (karim, None, Some("DZ:16")));
        assert_eq!(lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>(), ["Coat", "Bag"]);
        assert_eq!(lines[0].id, before.1[0].id, "another thing on the same line");
        shop.assert_adds_up(id);
        shop.assert_counts_are_true();

        let event = edited.event;
        let undo = |ctx: &Ctx| shop.try_write(ctx, move |tx, ctx| crate::undo_step(tx, ctx, event, unpaid));
        assert_eq!(code(undo(&shop.person(6))), "undo.not_yours");
        assert_eq!(code(undo(&Ctx { now: NOW.plus_s(11), ..ctx.clone() })), "undo.too_late");
        let shown = shop.read(&ctx, move |tx, ctx| crate::detail(tx, ctx, id)).undo;
        assert_eq!(shown, Some((event, NOW.plus_s(10))));
        // A parcel number that came meanwhile is no reason against, and stays.
        shop.write(&ctx, move |tx, ctx| crate::set_tracking(tx, ctx, id, Some("YAL-7"), Some("Yalidine")));
        undo(&ctx).unwrap();
        let (row, lines) = shop.standing(id);
        let expected =
            Order { version: 3, updated_at: row.updated_at, tracking: Some("YAL-7".into()), courier: Some("Yalidine".into()), ..before.0.clone() };
        assert_eq!((row, lines), (expected, before.1.clone()));
        shop.assert_adds_up(id);
        shop.assert_counts_are_true();
        assert_eq!(code(undo(&ctx)), "undo.not_last");

        // A later change closes the way back.
        let again = shop.edit(&ctx, id, &add("BAG-1", "Bag", 1, 2_000)).event;
        shop.act(&ctx, &order, OrderAction::Confirm);
        assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::undo_step(tx, ctx, again, unpaid))), "undo.not_last");
    }
}

#[test]
fn the_state_decides_what_may_still_change() {
    let shop = Shop::on(Engine::Sqlite);
    let ctx = shop.person(7);
    let order = shop.place(&ctx, &shop.new_order());
    let id = order.id;
    let line = shop.standing(id).1[0].id;
    let lines = EditChange { change_lines: vec![LineChange { quantity: Some(2), ..LineChange::of(line) }], ..EditChange::default() };
    let address = EditChange { shipping_address: Some(NewAddress { line1: "Rue 9".into(), ..NewAddress::default() }), ..EditChange::default() };
    let fee = EditChange { shipping_fee: Some(dinars(1)), ..EditChange::default() };
    let name = EditChange { contact_name: Some("A. B.".into()), ..EditChange::default() };
    // The same proposals, as far along as the order comes.
    let edits: Vec<EditId> = [&lines, &address, &fee, &name].into_iter().map(|change| shop.begin(&ctx, id, change)).collect();
    let verdicts = || -> Vec<String> {
        edits
            .iter()
            .map(|edit| {
                let edit = *edit;
                let looked = shop.read(&ctx, move |tx, ctx| crate::preview_edit(tx, ctx, id, edit, unpaid));
                looked.closed.iter().map(|field| field.to_string()).collect::<Vec<_>>().join(",")
            })
            .collect()
    };
    assert_eq!(verdicts(), ["", "", "", ""]);
    shop.act(&ctx, &order, OrderAction::Process);
    assert_eq!(verdicts(), ["", "", "", ""]);
    shop.act(&ctx, &order, OrderAction::HandOver);
    assert_eq!(verdicts(), ["lines", "", "", ""]);
    shop.act(&ctx, &order, OrderAction::OutForDelivery);
    assert_eq!(verdicts(), ["lines", "shipping_address", "", ""]);
    shop.act(&ctx, &order, OrderAction::Deliver);
    assert_eq!(verdicts(), ["lines", "shipping_address", "shipping_fee", ""]);
    let merged = ApplyEdit { merges: true, ..ApplyEdit::default() };
    assert_eq!(code(shop.try_apply(&ctx, id, edits[2], merged)), "edit.closed");
    assert_eq!(shop.try_apply(&ctx, id, edits[3], merged).unwrap().order.contact_name, "A. B.");
    shop.act(&ctx, &order, OrderAction::Refund);
    assert_eq!(code(shop.try_begin(&ctx, id, &name)), "edit.closed");
    shop.write(&ctx, move |tx, ctx| crate::archive(tx, ctx, id));
    assert_eq!(code(shop.try_begin(&ctx, id, &name)), "order.archived");
    shop.assert_counts_are_true();
}

#[test]
fn two_editors_hear_of_each_other_and_merge_what_does_not_overlap() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let (nadia, samir) = (shop.person(7), shop.person(8));
        let order = shop.place(&nadia, &shop.new_order());
        let id = order.id;
        let lines = shop.standing(id).1;
        let hers = EditChange { change_lines: vec![LineChange { quantity: Some(4), ..LineChange::of(lines[0].id) }], ..EditChange::default() };
        let edit = shop.begin(&nadia, id, &hers);
        shop.edit(&samir, id, &EditChange { shipping_fee: Some(dinars(900)), ..EditChange::default() });

        assert_eq!(code(shop.try_apply(&nadia, id, edit, ApplyEdit::default())), "edit.stale");
        let preview = shop.read(&nadia, move |tx, ctx| crate::preview_edit(tx, ctx, id, edit, unpaid));
        let shown: Vec<_> = preview.differing.iter().map(|one| (one.field.as_str(), one.base.clone(), one.theirs.clone(), one.overlaps)).collect();
        assert_eq!(shown, [("shipping_fee", 60_000.into(), 90_000.into(), false)]);
        assert!(preview.can_merge);
        let merged = shop.try_apply(&nadia, id, edit, ApplyEdit { merges: true, ..ApplyEdit::default() }).unwrap();
        assert_eq!((merged.order.shipping_fee, merged.order.item_count), (Amount(90_000), 6));
        shop.assert_adds_up(id);

        // The same field of the same line cannot be merged; seeing both sides, she says it anew.
        let edit = shop.begin(
            &nadia,
            id,
            &EditChange { change_lines: vec![LineChange { quantity: Some(5), ..LineChange::of(lines[0].id) }], ..EditChange::default() },
        );
        shop.edit(
            &samir,
            id,
            &EditChange { change_lines: vec![LineChange { quantity: Some(1), ..LineChange::of(lines[0].id) }], ..EditChange::default() },
        );
        assert_eq!(code(shop.try_apply(&nadia, id, edit, ApplyEdit { merges: true, ..ApplyEdit::default() })), "edit.overlap");
        let version = shop.standing(id).0.version;
        let revised = ReviseEdit {
            change: EditChange { change_lines: vec![LineChange { quantity: Some(5), ..LineChange::of(lines[0].id) }], ..EditChange::default() },
            version: Some(1),
            order_version: Some(version),
        };
        let stale = ReviseEdit { order_version: Some(version - 1), ..revised.clone() };
        assert_eq!(
            code(shop.try_write(&nadia, move |tx, ctx| crate::revise_edit(tx, ctx, id, edit, &stale, unpaid))),
            format!("stale {version} order")
        );
        shop.write(&nadia, move |tx, ctx| crate::revise_edit(tx, ctx, id, edit, &revised, unpaid));
        assert_eq!(code(shop.try_apply(&nadia, id, edit, ApplyEdit { version: Some(1), merges: false })), "stale 2 edit");
        assert_eq!(shop.try_apply(&nadia, id, edit, ApplyEdit::default()).unwrap().order.item_count, 7);

        // A line that somebody removed cannot change; a move that was taken back is no difference.
        let edit = shop.begin(
            &nadia,
            id,
            &EditChange { change_lines: vec![LineChange { unit_price: Some(dinars(1)), ..LineChange::of(lines[1].id) }], ..EditChange::default() },
        );
        let moved = shop.act(&samir, &order, OrderAction::Confirm).event;
        assert_eq!(code(shop.try_apply(&nadia, id, edit, ApplyEdit::default())), "edit.stale");
        shop.write(&samir, move |tx, ctx| crate::undo(tx, ctx, moved));
        let other = shop.begin(&nadia, id, &add("HAT", "Hat", 1, 500));
        shop.try_apply(&nadia, id, other, ApplyEdit::default()).unwrap();
        shop.edit(&samir, id, &EditChange { remove_lines: vec![lines[1].id], ..EditChange::default() });
        assert_eq!(code(shop.try_apply(&nadia, id, edit, ApplyEdit { merges: true, ..ApplyEdit::default() })), "edit.overlap");
        shop.assert_adds_up(id);
        shop.assert_counts_are_true();
    }
}

#[test]
fn every_wrong_field_of_an_edit_is_named() {
    let shop = Shop::on(Engine::Sqlite);
    let ctx = shop.person(7);
    let id = shop.place(&ctx, &shop.new_order()).id;
    let lines = shop.standing(id).1;
    let (first, second) = (lines[0].id, lines[1].id);
    let check = |change: EditChange, expected: &str| assert_eq!(code(shop.try_begin(&ctx, id, &change)), expected);
    let euros = Money { amount: Amount(5), currency: "EUR".parse().unwrap() };
    check(
        EditChange {
            add_lines: vec![NewLine { quantity: 0, ..NewLine::new(None, " ", 1, euros) }],
            change_lines: vec![LineChange { quantity: Some(0), ..LineChange::of(first) }, LineChange::of(first)],
            replace_lines: vec![LineReplacement { line: kernel::LineId::from_i64(1), with: NewLine::new(None, "Hat", 1, dinars(1)) }],
            remove_lines: vec![second, second],
            shipping_fee: Some(dinars(-1)),
            contact_name: Some(" ".into()),
            contact_phone: Some(Some("12".into())),
            note: Some("x".repeat(10_001)),
            ..EditChange::default()
        },
        "change_lines[1].line_id=edit.line_twice replace_lines[0].line_id=unknown remove_lines[1]=edit.line_twice \
         change_lines[0].quantity=quantity add_lines[0].quantity=quantity add_lines[0].unit_price=currency.store add_lines[0].title=required \
         contact_name=required contact_phone=phone shipping_fee=negative note=too_long",
    );
    let less = Some(Some(NewDiscount::Amount(dinars(9_000))));
    check(
        EditChange {
            change_lines: vec![LineChange { discount: less, ..LineChange::of(first) }],
            discount: Some(Some(NewDiscount::Percent(-1))),
            ..EditChange::default()
        },
        "change_lines[0].discount=discount.too_large discount=percent",
    );
    check(EditChange { remove_lines: vec![first, second], ..EditChange::default() }, "remove_lines=edit.no_lines");
    check(EditChange { customer_id: Some(CustomerId::from_i64(1)), ..EditChange::default() }, "customer_id=unknown");
    let nothing = shop.begin(&ctx, id, &EditChange { contact_name: Some("Amina Benali".into()), ..EditChange::default() });
    assert_eq!(code(shop.try_apply(&ctx, id, nothing, ApplyEdit::default())), "edit.nothing");
    let weak = shop.with_rights(&[Permission::OrderRead]);
    assert_eq!(code(shop.try_begin(&weak, id, &EditChange::default())), "forbidden");
    for _ in 1..20 {
        shop.begin(&ctx, id, &EditChange::default());
    }
    assert_eq!(code(shop.try_begin(&ctx, id, &EditChange::default())), "edit.too_many");
    shop.write(&ctx, move |tx, ctx| crate::drop_edit(tx, ctx, id, nothing));
    shop.begin(&ctx, id, &EditChange::default());
    assert_eq!(code(shop.try_apply(&ctx, id, nothing, ApplyEdit::default())), "not_found");
}

#[test]
fn a_long_order_is_edited_in_as_few_statements_as_a_short_one() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let mut counts = Vec::new();
        for length in [5, 500] {
            let line = |n: i64| NewLine::new(Some(&format!("S-{n}")), &format!("Thing {n}"), 1 + n % 3, dinars(100 + n));
            let order = shop.place(&ctx, &NewOrder { lines: (0..length).map(line).collect(), ..shop.new_order() });
            let (id, lines) = (order.id, shop.standing(order.id).1);
            // Every line changes, one goes, one becomes another, one comes.
            let change = EditChange {
                change_lines: lines[2..].iter().map(|line| LineChange { quantity: Some(line.quantity + 1), ..LineChange::of(line.id) }).collect(),
                replace_lines: vec![LineReplacement { line: lines[0].id, with: line(3) }],
                remove_lines: vec![lines[1].id],
                add_lines: vec![line(2)],
                discount: Some(Some(NewDiscount::Percent(70_000))),
                ..EditChange::default()
            };
            let edit = shop.begin(&ctx, id, &change);
            let count = |what: &str| {
                let recorded = shop.db.take_recorded();
                assert!(!recorded.is_empty(), "{what}");
                recorded.len()
            };
            shop.db.record_statements(true);
            shop.read(&ctx, move |tx, ctx| crate::preview_edit(tx, ctx, id, edit, unpaid));
            let previewing = count("preview");
            let edited = shop.try_apply(&ctx, id, edit, ApplyEdit::default()).unwrap();
            let applying = count("apply");
            let event = edited.event;
            let after = shop.standing(id);
            shop.db.take_recorded();
            shop.write(&ctx, move |tx, ctx| crate::undo_step(tx, ctx, event, unpaid));
            let undoing = count("undo");
            shop.db.record_statements(false);
            assert_eq!((after.1.len() as i64, shop.standing(id).1), (length, lines));
            counts.push((previewing, applying, undoing));
            shop.assert_adds_up(id);
        }
        assert_eq!(counts[0], counts[1], "{engine:?}");
        println!("{engine:?}: preview, apply, undo take {:?} statements", counts[0]);
        assert!(counts[0].1 <= 14, "{counts:?}");
        shop.assert_counts_are_true();
    }
}

/// What somebody tries on one of two orders.
#[derive(Clone, Debug)]
enum Try {
    Edit { order: usize, ops: Vec<(u8, usize, i64, i64, Reduction)>, discount: Reduction, fee: Option<i64>, buyer: Option<bool> },
    Act(usize, OrderAction),
    Undo(usize),
}

#[derive(Clone, Copy, Debug)]
enum Reduction {
    Stays,
    Goes,
    Ppm(i64),
    Amount(i64),
}

impl Reduction {
    fn wish(self) -> Option<Option<NewDiscount>> {
        match self {
            Reduction::Stays => None,
            Reduction::Goes => Some(None),
            Reduction::Ppm(ppm) => Some(Some(NewDiscount::Percent(ppm))),
            Reduction::Amount(amount) => Some(Some(NewDiscount::Amount(Money { amount: Amount(amount), currency: Currency::DZD }))),
        }
    }
}

fn reductions() -> impl Strategy<Value = Reduction> {
    prop_oneof![
        3 => Just(Reduction::Stays),
        1 => Just(Reduction::Goes),
        2 => (0_i64..=400_000).prop_map(Reduction::Ppm),
        2 => (0_i64..30_000).prop_map(Reduction::Amount),
    ]
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let op = (0_u8..4, 0_usize..6, 1_i64..6, 0_i64..400_000, reductions());
    let edit = (0_usize..2, prop::collection::vec(op, 0..4), reductions(), prop::option::of(0_i64..90_000), prop::option::of(any::<bool>()))
        .prop_map(|(order, ops, discount, fee, buyer)| Try::Edit { order, ops, discount, fee, buyer });
    let act = (
        0_usize..2,
        prop::sample::select(&[OrderAction::Confirm, OrderAction::Cancel, OrderAction::Reopen, OrderAction::Process, OrderAction::Correct][..]),
    );
    let one = prop_oneof![5 => edit, 2 => act.prop_map(|(order, action)| Try::Act(order, action)), 2 => (0_usize..2).prop_map(Try::Undo)];
    prop::collection::vec(one, 5..25)
}

fn change_of(lines: &[Line], ops: &[(u8, usize, i64, i64, Reduction)]) -> EditChange {
    let mut change = EditChange::default();
    let price = |amount: i64| Money { amount: Amount(amount), currency: Currency::DZD };
    let mut used = Vec::new();
    for (kind, place, quantity, amount, reduction) in ops.iter().copied() {
        let new = || NewLine {
            discount: reduction.wish().flatten(),
            is_backordered: place == 5,
            ..NewLine::new(Some(&format!("N-{place}")), &format!("New {place}"), quantity, price(amount))
        };
        let line = lines[place % lines.len()].id;
        if kind == 0 || used.contains(&line) {
            change.add_lines.push(new());
            continue;
        }
        used.push(line);
        match kind {
            1 => change.change_lines.push(LineChange {
                line,
                quantity: Some(quantity),
                unit_price: (place > 2).then(|| price(amount)),
                discount: reduction.wish(),
            }),
            2 => change.replace_lines.push(LineReplacement { line, with: new() }),
            _ => change.remove_lines.push(line),
        }
    }
    change
}

#[test]
fn whatever_is_edited_parts_make_the_total_and_counters_say_what_there_is() {
    let mut seen = (0, 0, 0);
    for (engine, cases) in [(Engine::Sqlite, 24), (Engine::Postgres, 6)] {
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let counted = std::cell::RefCell::new((0, 0, 0));
        TestRunner::new(config)
            .run(&(tries(), any::<bool>()), |(tries, is_exclusive)| {
                let (applied, refused, undone) = walk(engine, &tries, is_exclusive);
                let mut counted = counted.borrow_mut();
                *counted = (counted.0 + applied, counted.1 + refused, counted.2 + undone);
                Ok(())
            })
            .unwrap();
        let counted = counted.into_inner();
        seen = (seen.0 + counted.0, seen.1 + counted.1, seen.2 + counted.2);
    }
    println!("{} edits applied, {} refused, {} taken back", seen.0, seen.1, seen.2);
    assert!(seen.0 > 50 && seen.2 > 5, "too idle: {seen:?}");
}

/// What can be taken back: the event, whether it was an edit, and the order before it.
type Step = (kernel::EventId, bool, (Order, Vec<Line>));

fn walk(engine: Engine, tries: &[Try], is_exclusive: bool) -> (u32, u32, u32) {
    let shop = Shop::on(engine);
    let ctx = shop.person(7);
    let tax_mode = if is_exclusive { TaxMode::Exclusive } else { TaxMode::Inclusive };
    let taxed = NewStore { tax_mode, tax_rate_ppm: 190_000, shipping_fee: Amount(45_050), cod_fee: Amount(99), ..NewStore::algerian("TAX", "TAX") };
    let store = shop.write(&shop.system(), move |tx, ctx| Ok(access::stores::create(tx, ctx, &taxed)?.id));
    let orders: Vec<Order> = ["0550 14 23 87", "0770 00 00 07"]
        .into_iter()
        .map(|phone| {
            let customer = NewContact { name: "Amina".into(), phone: Some(phone.into()), ..NewContact::default() };
            shop.place(
                &ctx,
                &NewOrder { store_id: store, customer: Some(customer), discount: Some(NewDiscount::Percent(33_333)), ..shop.new_order() },
            )
        })
        .collect();
    let buyers: Vec<CustomerId> = orders.iter().map(|order| order.customer_id.unwrap()).collect();
    let mut last: [Option<Step>; 2] = [None, None];
    let (mut applied, mut refused, mut undone) = (0, 0, 0);
    for one in tries {
        match one {
            Try::Edit { order: n, ops, discount, fee, buyer } => {
                let id = orders[*n].id;
                let before = shop.standing(id);
                let change = EditChange {
                    discount: discount.wish(),
                    shipping_fee: fee.map(|fee| Money { amount: Amount(fee), currency: Currency::DZD }),
                    customer_id: buyer.map(|first| buyers[usize::from(first)]),
                    contact_name: fee.map(|fee| format!("Amina {fee}")),
                    ..change_of(&before.1, ops)
                };
                let result = shop.try_begin(&ctx, id, &change).and_then(|preview| {
                    let edited = shop.try_apply(&ctx, id, preview.edit.id, ApplyEdit::default())?;
                    assert_eq!(Some(edited.order.total), preview.after.map(|after| after.total), "what was shown is what is written");
                    Ok(edited)
                });
                match result {
                    Ok(edited) => {
                        last[*n] = Some((edited.event, true, before));
                        applied += 1;
                    }
                    Err(_) => {
                        assert_eq!(shop.standing(id), before, "what is refused changes nothing");
                        refused += 1;
                    }
                }
            }
            Try::Act(n, action) => {
                let id = orders[*n].id;
                let before = shop.standing(id);
                let wanted = crate::Move::because(*action, "asked_for");
                if let Ok(moved) = shop.try_write(&ctx, move |tx, ctx| crate::act(tx, ctx, id, &wanted)) {
                    last[*n] = Some((moved.event, false, before));
                }
            }
            Try::Undo(n) => {
                let Some((event, is_edit, before)) = last[*n].take() else { continue };
                let id = orders[*n].id;
                shop.write(&ctx, move |tx, ctx| crate::undo_step(tx, ctx, event, unpaid));
                let now = shop.standing(id);
                let expected = Order { version: now.0.version, updated_at: now.0.updated_at, ..before.0 };
                assert_eq!(now, (expected, before.1));
                undone += u32::from(is_edit);
            }
        }
        for order in &orders {
            shop.assert_adds_up(order.id);
        }
    }
    shop.assert_counts_are_true();
    (applied, refused, undone)
}

#[test]
fn what_is_past_its_time_goes() {
    let shop = Shop::on(Engine::Sqlite);
    let ctx = shop.person(7);
    let id = shop.place(&ctx, &shop.new_order()).id;
    let edit = shop.begin(&ctx, id, &add("HAT", "Hat", 1, 500));
    shop.edit(&ctx, id, &add("BAG", "Bag", 1, 500));
    let left = |now: Time| shop.write(&ctx, move |tx, _| crate::purge_edits(tx, now, 500));
    assert_eq!(left(NOW.plus_s(3_599)), 0);
    assert_eq!(left(NOW.plus_s(3_601)), 1, "what an undo needs is not kept for long");
    let later = Ctx { now: NOW.plus_us(7 * Time::DAY), ..ctx.clone() };
    assert_eq!(code(shop.try_apply(&later, id, edit, ApplyEdit::default())), "not_found");
    assert_eq!(left(later.now), 1);
}
