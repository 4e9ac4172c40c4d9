use super::*;
use crate::{OrderFilter, Search};

#[track_caller]
fn check(shop: &Shop, text: &str, expected: &[&Order]) {
    let search = Search { text: text.to_owned(), ..Search::default() };
    let page = shop.read(&shop.system(), move |tx, ctx| crate::search(tx, ctx, &search));
    let found: Vec<&str> = page.items.iter().map(|row| row.number.as_str()).collect();
    let expected: Vec<&str> = expected.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(found, expected, "{text}");
}

/// What is named comes first; what contains it may follow.
#[track_caller]
fn check_first(shop: &Shop, text: &str, expected: &Order) {
    let search = Search { text: text.to_owned(), ..Search::default() };
    let page = shop.read(&shop.system(), move |tx, ctx| crate::search(tx, ctx, &search));
    assert_eq!(page.items[0].number, expected.number, "{text}");
}

#[test]
fn one_box_finds_everything() {
    for engine in ENGINES {
        let mut shop = Shop::on(engine);
        let mut settings = Settings::default();
        settings.orders.number_prefix = "K-".to_owned();
        shop.settings = Arc::new(settings);
        let ctx = shop.system();
        let at = |days: i64| Some(NOW.plus_s(-86_400 * days));
        let amina = shop.place(&ctx, &NewOrder { external_ref: Some("W-1041".into()), placed_at: at(3), ..shop.new_order() });
        let mut new = shop.new_order();
        new.customer = Some(NewContact { name: "أمينة بن علي".into(), phone: Some("0661 99 88 77".into()), ..NewContact::default() });
        new.lines = vec![NewLine::new(Some("BAG-9"), "Leather bag", 1, dinars(12_345))];
        new.placed_at = at(2);
        let arabic = shop.place(&ctx, &new);
        let id = arabic.id;
        shop.write(&ctx, move |tx, ctx| crate::set_tracking(tx, ctx, id, Some("YAL-XY12"), Some("yalidine")));
        let arabic = shop.read(&ctx, move |tx, ctx| crate::find(tx, ctx, id));

        check_first(&shop, "K-1", &amina);
        check_first(&shop, &format!("#{}", arabic.number.to_lowercase()), &arabic);
        check_first(&shop, "1", &amina);
        check(&shop, &amina.id.to_string(), &[&amina]);
        check(&shop, "W-1041", &[&amina]);
        check(&shop, "w 1041", &[&amina]);
        check(&shop, "0550 14 23 87", &[&amina]);
        check(&shop, "+213 550-142-387", &[&amina]);
        check(&shop, "2387", &[&amina]);
        check(&shop, "99 88 77", &[&arabic]);
        check(&shop, "BENALI", &[&amina]);
        check(&shop, "امينه", &[&arabic]);
        check(&shop, "YAL-XY12", &[&arabic]);
        check(&shop, "yal xy", &[&arabic]);
        check(&shop, "scarf", &[&amina]);
        check(&shop, "bag-9", &[&arabic]);
        check(&shop, "12 000", &[&amina]);
        check(&shop, "12945,00", &[&arabic]);
        check(&shop, "18/11/2026", &[&amina]);
        check(&shop, "2026-11-19", &[&arabic]);
        check(&shop, "nobody at all", &[]);
        check(&shop, "100%", &[]);
        check(&shop, "", &[&arabic, &amina]);
        let mut both = shop.read(&ctx, |tx, ctx| {
            let filter = OrderFilter { states: vec![OrderState::Cancelled], ..OrderFilter::default() };
            crate::search(tx, ctx, &Search { text: "Amina".into(), filter, ..Search::default() })
        });
        assert!(both.items.is_empty());
        shop.act(&ctx, &amina, OrderAction::Cancel);
        both = shop.read(&ctx, |tx, ctx| {
            let filter = OrderFilter { states: vec![OrderState::Cancelled], ..OrderFilter::default() };
            crate::search(tx, ctx, &Search { text: "Amina".into(), filter, ..Search::default() })
        });
        assert_eq!(both.items.len(), 1);
        assert_eq!(both.older, None, "all of them were looked at");
    }
}

#[test]
fn customers_are_found_and_hidden() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.system();
        let order = shop.place(&ctx, &shop.new_order());
        let id = order.customer_id.unwrap();
        let find = |ctx: &Ctx, text: &str| {
            let filter = customers::CustomerFilter { search: Some(text.to_owned()), limit: 10, ..Default::default() };
            shop.read(ctx, move |tx, ctx| customers::list(tx, ctx, &filter)).items.len()
        };
        for text in ["amina", "0550142387", "2387", "+213550142387"] {
            assert_eq!(find(&ctx, text), 1, "{text}");
            assert_eq!(find(&shop.seeing(&[shop.purna], Agents::All), text), 0, "{text}");
        }
        let page = shop.read(&ctx, |tx, ctx| customers::list(tx, ctx, &customers::CustomerFilter { limit: 10, ..Default::default() }));
        assert_eq!((page.total, page.items[0].orders, page.items[0].last_order_at), (1, 1, Some(NOW)));
        assert_eq!(code(shop.try_read(&shop.seeing(&[shop.purna], Agents::All), move |tx, ctx| customers::detail(tx, ctx, id))), "not_found");

        let change = customers::CustomerChange { email: Some(Some("Amina@Example.DZ".into())), version: Some(1), ..Default::default() };
        let again = change.clone();
        let changed = shop.write(&ctx, move |tx, ctx| customers::change(tx, ctx, id, &change));
        assert_eq!((changed.email.as_deref(), changed.version), (Some("amina@example.dz"), 2));
        let other = customers::CustomerChange { name: Some("Amina B.".into()), ..again };
        assert_eq!(code(shop.try_write(&ctx, move |tx, ctx| customers::change(tx, ctx, id, &other))), "stale 2 name");
        let phone = kernel::Phone::from_e164("+213770000001").unwrap();
        let address = NewAddress { line1: "Rue 9".into(), province: Some("Oran".into()), ..NewAddress::default() };
        let detail = shop.write(&ctx, move |tx, ctx| {
            customers::add_phone(tx, ctx, id, &phone, Some("husband"))?;
            customers::add_address(tx, ctx, id, &address, kernel::Country::DZ)?;
            customers::detail(tx, ctx, id)
        });
        assert_eq!((detail.phones.len(), detail.addresses.len(), detail.totals[0].orders), (2, 1, 1));
        assert_eq!(detail.addresses[0].province_code.as_deref(), Some("31"));
        // The second number is hers, too.
        let mut second = shop.new_order();
        second.customer.as_mut().unwrap().phone = Some("0770 00 00 01".into());
        assert_eq!(shop.place(&ctx, &second).customer_id, Some(id));
        let blind = shop.with_rights(&[Permission::CustomerRead]);
        assert_eq!(customers::shown_phone(&blind, &detail.phones[0].phone), "+213•••••••87");
    }
}
