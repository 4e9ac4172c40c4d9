//! Stores.

use kernel::{Amount, Currency};

use super::*;
use crate::model::NewStore;
use crate::stores;

on_both! {
    async fn a_store_is_opened_found_and_changed(world) {
        let edge = world.admin().await;
        let new = NewStore { code: " natu1 ".into(), zone: "Asia/Dhaka".into(), ..NewStore::algerian("", "Natu") };
        let made = edge.write({ let new = new.clone(); move |tx, ctx| stores::create(tx, ctx, &new) }).await.unwrap();
        assert_eq!((made.code.as_str(), made.zone_name(), made.calendar.zone.iana_name(), made.version), ("NATU1", "Asia/Dhaka", Some("Asia/Dhaka"), 1));
        assert_eq!(code(edge.write(move |tx, ctx| stores::create(tx, ctx, &new)).await), "code: store.code_taken");
        let id = made.id;
        assert_eq!(edge.read(|tx, ctx| stores::by_code(tx, ctx, "natu1")).await.unwrap().id, id);

        let form = NewStore { cod_fee: Amount(25_000), name: "Natu Dhaka".into(), ..NewStore::of(&made) };
        let changed = edge.write({ let form = form.clone(); move |tx, ctx| stores::change(tx, ctx, id, &form, 1) }).await.unwrap();
        assert_eq!((changed.cod_fee, changed.version), (Amount(25_000), 2));
        let late = NewStore { name: "Mine".into(), ..NewStore::of(&made) };
        assert_eq!(code(edge.write(move |tx, ctx| stores::change(tx, ctx, id, &late, 1)).await), "stale 2: name, cod_fee");
        let same = edge.write({ let form = form.clone(); move |tx, ctx| stores::change(tx, ctx, id, &form, 2) }).await.unwrap();
        assert_eq!(same.version, 2);
        let other = NewStore { currency: Currency::KES, ..form };
        assert_eq!(code(edge.write(move |tx, ctx| stores::change(tx, ctx, id, &other, 2)).await), "currency: store.currency_fixed");
    }

    async fn every_wrong_field_is_named(world) {
        let mut new = NewStore::algerian("N-1", "");
        new.zone = "Mars/Olympus".into();
        new.tax_rate_ppm = -1;
        new.shipping_fee = Amount(-1);
        new.color = Some("red".into());
        new.calendar.hours.monday = vec![base::calendar::Span { opens: 1_440, closes: 0 }];
        let refused = world.admin().await.write(move |tx, ctx| stores::create(tx, ctx, &new)).await;
        assert_eq!(
            code(refused),
            "code: store.code, name: required, tax_rate_ppm: setting.range, shipping_fee: money.negative, color: store.color, zone: store.zone, \
             calendar.hours.monday[0]: calendar.span"
        );
    }

    async fn one_open_store_remains(world) {
        let edge = world.admin().await;
        let main = world.main_store().await;
        assert_eq!(code(edge.write(move |tx, ctx| stores::archive(tx, ctx, main)).await), "store.last");
        edge.write(|tx, ctx| stores::create(tx, ctx, &NewStore::algerian("DILST", "Dilst"))).await.unwrap();
        assert!(edge.write(move |tx, ctx| stores::archive(tx, ctx, main)).await.unwrap().is_archived);
        let codes = |with| edge.read(move |tx, ctx| Ok(stores::list(tx, ctx, with)?.into_iter().map(|one| one.code).collect::<Vec<_>>()));
        assert_eq!((codes(false).await.unwrap(), codes(true).await.unwrap()), (vec!["DILST".to_owned()], vec!["DILST".to_owned(), "MAIN".to_owned()]));
        assert!(!edge.write(move |tx, ctx| stores::reopen(tx, ctx, main)).await.unwrap().is_archived);
    }

    async fn what_one_may_not_see_is_not_found(world) {
        let other = world.admin().await.write(|tx, ctx| stores::create(tx, ctx, &NewStore::algerian("PURNA", "Purna"))).await.unwrap();
        world.person("owner@natu.dz", "Shop Owner").await;
        let owner = world.edge_of("owner@natu.dz").await;
        assert_eq!(owner.ctx.sees.agents, base::Agents::All);
        let id = other.id;
        assert_eq!(code(owner.read(move |tx, ctx| stores::find(tx, ctx, id)).await), "not_found");
        assert_eq!(code(owner.read(|tx, ctx| stores::by_code(tx, ctx, "PURNA")).await), "not_found");
        assert_eq!(owner.read(|tx, ctx| stores::list(tx, ctx, true)).await.unwrap().len(), 1);
        assert_eq!(code(owner.write(|tx, ctx| stores::create(tx, ctx, &NewStore::algerian("XX", "X"))).await), "needs store.edit");
    }
}
