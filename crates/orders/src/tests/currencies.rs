//! Stores of several currencies in one organization: their amounts never meet.

use kernel::CustomerId;

use super::*;
use crate::{OrderFilter, Page, Search};

/// A store that sells in this currency, without tax and fees.
fn store_of(shop: &Shop, code: &'static str, currency: &'static str) -> StoreId {
    shop.write(&shop.system(), move |tx, ctx| {
        let new = NewStore {
            currency: currency.parse().unwrap(),
            tax_rate_ppm: 0,
            shipping_fee: Amount::ZERO,
            cod_fee: Amount::ZERO,
            ..NewStore::algerian(code, code)
        };
        Ok(access::stores::create(tx, ctx, &new)?.id)
    })
}

fn order_of(shop: &Shop, store: StoreId, currency: &str, minor: i64) -> NewOrder {
    let price = Money { amount: Amount(minor), currency: currency.parse().unwrap() };
    let fee = Money { amount: Amount::ZERO, ..price };
    NewOrder { store_id: store, lines: vec![NewLine::new(Some("TEA"), "Tea", 1, price)], shipping_fee: Some(fee), ..shop.new_order() }
}

#[test]
fn amounts_of_different_currencies_never_meet() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let (kuwait, tokyo) = (store_of(&shop, "KWT", "KWD"), store_of(&shop, "TOKYO", "JPY"));
        // 12.000 dinars of Kuwait, 12,000 yen, 120.00 dinars of Algeria: the same minor units.
        let orders: Vec<Order> = [(kuwait, "KWD"), (tokyo, "JPY"), (shop.natu, "DZD")]
            .into_iter()
            .map(|(store, currency)| shop.place(&ctx, &order_of(&shop, store, currency, 12_000)))
            .collect();
        assert!(orders.iter().all(|order| order.total == Amount(12_000)));

        // A range of amounts is of one currency.
        let list = |filter: OrderFilter, ctx: &Ctx| {
            shop.try_read(ctx, move |tx, ctx| Ok(crate::list(tx, ctx, &filter, &Page::default())?.items.iter().map(|row| row.id).collect::<Vec<_>>()))
        };
        let range = OrderFilter { total_from: Some(Amount(12_000)), ..OrderFilter::default() };
        assert_eq!(code(list(range.clone(), &ctx)), "currency=currency.needed");
        assert_eq!(list(OrderFilter { currency: Some("KWD".parse().unwrap()), ..range.clone() }, &ctx).unwrap(), [orders[0].id]);
        assert_eq!(list(OrderFilter { currency: Some("JPY".parse().unwrap()), ..OrderFilter::default() }, &ctx).unwrap(), [orders[1].id]);
        assert_eq!(list(OrderFilter { stores: vec![tokyo], ..range.clone() }, &ctx).unwrap(), [orders[1].id], "one store has one currency");
        assert_eq!(
            list(range.clone(), &shop.seeing(&[shop.natu, shop.purna], Agents::All)).unwrap(),
            [orders[2].id],
            "who sees one currency need not name it"
        );

        // Typed amounts are read with the decimals of each currency.
        let search = |text: &'static str| {
            let wanted = Search { text: text.into(), ..Search::default() };
            shop.read(&ctx, move |tx, ctx| Ok(crate::search(tx, ctx, &wanted)?.items.iter().map(|row| row.id).collect::<Vec<_>>()))
        };
        assert_eq!(search("12.000"), [orders[0].id]);
        assert_eq!(search("120.00"), [orders[2].id]);
        assert!(search("12000").contains(&orders[1].id) && !search("12000").contains(&orders[2].id));

        // Figures are apart.
        let today = shop.read(&ctx, |tx, ctx| Ok(crate::stats(tx, ctx)?.today_totals));
        let today: Vec<String> = today.iter().map(|money| format!("{} {}", money.amount.0, money.currency)).collect();
        let mut sorted = today.clone();
        sorted.sort();
        assert_eq!(sorted, ["12000 DZD", "12000 JPY", "12000 KWD"]);
        let customer: CustomerId = orders[0].customer_id.unwrap();
        let totals = shop.read(&ctx, move |tx, ctx| Ok(customers::detail(tx, ctx, customer)?.totals));
        assert_eq!(totals.len(), 3);
        assert!(totals.iter().all(|row| row.orders == 1 && row.ordered_total == Amount(12_000)));

        // What goes back goes back in what was paid.
        let note = crate::NewCreditNote {
            store_id: tokyo,
            external_ref: None,
            kind: kernel::CreditKind::Adjustment,
            order_id: Some(orders[0].id),
            customer: None,
            country: None,
            lines: vec![crate::NewCreditLine {
                sku: None,
                kind: kernel::VariantKind::Service,
                title: "Sorry".into(),
                quantity: 1,
                unit_price: Amount(1_000),
            }],
            given_at: None,
            reason: None,
            import_source: None,
        };
        assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| crate::record_credit_note(tx, ctx, &note))), "order_id=money.currency");
        shop.assert_counts_are_true();
    }
}
