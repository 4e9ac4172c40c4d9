use super::*;
#[test]
fn speed() {
    let shop = Shop::on(Engine::Sqlite);
    let ctx = Ctx { is_replay: false, ..shop.system() };
    let template = shop.new_order();
    for n in 0..2000 {
        let mut new = template.clone();
        new.customer.as_mut().unwrap().phone = Some(format!("0550 14 {:04}", n));
        shop.place(&ctx, &new);
    }
    let rounds = 400;
    let each = 64;
    let template = shop.new_order();
    let mut best = f64::MAX;
    for r in 0..rounds {
        let template = template.clone();
        let started = std::time::Instant::now();
        shop.write(&ctx, move |tx, ctx| {
            for i in 0..each {
                let mut new = template.clone();
                new.customer.as_mut().unwrap().phone = Some(format!("0550 14 {:04}", (r * 7919 + i * 104729) % 2000));
                crate::place(tx, ctx, &new)?;
            }
            Ok(())
        });
        let us = started.elapsed().as_micros() as f64 / each as f64;
        if us < best { best = us; }
        if r % 100 == 99 { println!("round {r}: {us:.1} us an order, best {best:.1}"); }
    }
    shop.db.record_statements(true);
    shop.place(&ctx, &template);
    for one in shop.db.take_recorded() { println!("- {}", &one.sql.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect::<String>()); }
    let last = shop.place(&ctx, &template);
    shop.db.take_recorded();
    shop.act(&ctx, &last, OrderAction::Confirm);
    for one in shop.db.take_recorded() { println!("* {}", &one.sql.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect::<String>()); }
    shop.db.record_statements(false);
    for (name, filter, key) in [("all", crate::OrderFilter::default(), crate::SortKey::CreatedAt), ("state", crate::OrderFilter { states: vec![OrderState::Pending], ..Default::default() }, crate::SortKey::CreatedAt), ("province total", crate::OrderFilter { provinces: vec!["DZ:31".into()], ..Default::default() }, crate::SortKey::Total)] {
        let sort = crate::Sort { key, is_descending: true };
        let page = crate::Page { sort, ..Default::default() };
        let started = std::time::Instant::now();
        for _ in 0..100 { let (f, p) = (filter.clone(), page.clone()); shop.read(&ctx, move |tx, ctx| crate::list(tx, ctx, &f, &p)); }
        println!("list {name}: {:.0} us", started.elapsed().as_micros() as f64 / 100.0);
    }
    for text in ["benali", "0550 14 0007", "zzzz nothing"] {
        let started = std::time::Instant::now();
        for _ in 0..20 { shop.read(&ctx, move |tx, ctx| crate::search(tx, ctx, &crate::Search { text: text.into(), ..Default::default() })); }
        println!("search {text}: {:.0} us", started.elapsed().as_micros() as f64 / 20.0);
    }
}
