//! Numbers of legal documents: no gap, no double, whatever fails in between.

use kernel::OrderId;

use super::*;
use crate::series::{self, NewSeries, NumberFilter, NumberKind};

impl Shop {
    fn placed(&self) -> OrderId {
        self.place(&self.person(7), &self.new_order()).id
    }

    fn invoice(&self, id: OrderId) -> Result<String, Error> {
        self.try_write(&self.person(7), move |tx, ctx| Ok(series::invoice(tx, ctx, id)?.0.number))
    }
}

#[test]
fn fifty_writers_and_failures_in_between_leave_no_gap_and_no_double() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let orders: Vec<OrderId> = (0..50).map(|_| shop.placed()).collect();
        let numbers: Vec<String> = std::thread::scope(|scope| {
            let workers: Vec<_> = orders
                .iter()
                .enumerate()
                .map(|(place, id)| {
                    let (shop, id) = (&shop, *id);
                    scope.spawn(move || {
                        // Every third one fails after it has taken its number, some by an error, some by a statement.
                        if place % 3 == 0 {
                            let failed: Result<(), Error> = shop.try_write(&shop.person(7), move |tx, ctx| {
                                series::invoice(tx, ctx, id)?;
                                if place % 2 == 0 {
                                    tx.execute("insert into document_numbers (org_id, id) values ($1, 1)", params![tx.org()])?;
                                }
                                Err(Error::conflict("order.held"))
                            });
                            assert!(failed.is_err());
                        }
                        loop {
                            match shop.invoice(id) {
                                Ok(number) => return number,
                                Err(Error::Busy { .. }) => std::thread::sleep(std::time::Duration::from_millis(20)),
                                Err(error) => panic!("{error}"),
                            }
                        }
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        let mut sorted = numbers.clone();
        sorted.sort();
        let expected: Vec<String> = (1..=50).map(|seq| format!("NATU-2026-{seq:05}")).collect();
        assert_eq!(sorted, expected, "{engine:?}");
        assert_eq!(shop.read(&shop.system(), |tx, _| series::broken(tx)), []);
        // Asked again, each answers the number that it has.
        for (id, number) in orders.iter().zip(&numbers) {
            assert_eq!(shop.invoice(*id).unwrap(), *number);
        }
        shop.assert_counts_are_true();
    }
}

#[test]
fn a_number_is_bound_for_good_and_a_voided_one_keeps_its_place() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        let ctx = shop.person(7);
        let (first, second) = (shop.placed(), shop.placed());
        assert_eq!(shop.invoice(first).unwrap(), "NATU-2026-00001");
        let ledger = |filter: NumberFilter| shop.read(&ctx, move |tx, ctx| series::list(tx, ctx, &filter, 50));
        let id = ledger(NumberFilter::default())[0].id;
        let void = |reason: &'static str| shop.try_write(&ctx, move |tx, ctx| series::void(tx, ctx, id, reason));
        assert_eq!(code(void(" ")), "reason=required");
        let voided = void("Wrong company name").unwrap();
        assert_eq!(
            (voided.void_reason.as_deref(), voided.voided_at, voided.number.as_str()),
            (Some("Wrong company name"), Some(NOW), "NATU-2026-00001")
        );
        assert_eq!(code(void("again")), "number.voided");
        assert_eq!(shop.invoice(second).unwrap(), "NATU-2026-00002", "nobody gets the voided one");
        assert_eq!(shop.invoice(first).unwrap(), "NATU-2026-00003", "the order may get another");
        let of_first: Vec<String> =
            ledger(NumberFilter { order: Some(first), ..NumberFilter::default() }).into_iter().map(|one| one.number).collect();
        assert_eq!(of_first, ["NATU-2026-00003", "NATU-2026-00001"]);
        assert_eq!(ledger(NumberFilter { is_voided: Some(true), ..NumberFilter::default() }).len(), 1);

        // A year later the counting begins anew; a pattern without a year goes on for good.
        let later = Ctx { now: NOW.plus_s(60 * 86_400), ..ctx.clone() };
        let third = shop.placed();
        let number = shop.write(&later, move |tx, ctx| Ok(series::invoice(tx, ctx, third)?.0));
        assert_eq!((number.number.as_str(), number.year), ("NATU-2027-00001", 2027));
        let natu = shop.natu;
        let set = |pattern: &'static str, first: i64, version: i64| {
            let new = NewSeries { pattern: pattern.to_owned(), first: Some(first), version: Some(version) };
            shop.try_write(&ctx, move |tx, ctx| series::set(tx, ctx, NumberKind::Invoice, natu, &new))
        };
        assert_eq!(code(set("FA{seq", 0, 0)), "pattern=series.pattern first=range");
        assert_eq!(code(set("PURNA-{year}-{seq}", 1, 0)), "pattern=series.taken");
        assert_eq!(set("FA/{seq:4}", 1_041, 0).unwrap().next, "FA/0001", "the series has begun, so it does not begin at 1041");
        assert_eq!(code(set("FA/{seq:5}", 1, 0)), "stale 1 pattern");
        let fourth = shop.placed();
        assert_eq!(shop.invoice(fourth).unwrap(), "FA/0001");
        let purna = shop.purna;
        let new = NewSeries { pattern: "P{seq}".to_owned(), first: Some(1_041), version: None };
        let set = shop.write(&ctx, move |tx, ctx| series::set(tx, ctx, NumberKind::Invoice, purna, &new));
        assert_eq!(set.next, "P1041");
        let fifth = shop.place(&ctx, &NewOrder { store_id: purna, ..shop.new_order() }).id;
        assert_eq!(shop.invoice(fifth).unwrap(), "P1041");

        // Who sees one store sees its numbers.
        let seeing = shop.seeing(&[purna], Agents::All);
        assert_eq!(shop.read(&seeing, |tx, ctx| series::list(tx, ctx, &NumberFilter::default(), 50)).len(), 1);
        assert_eq!(code(shop.try_write(&seeing, move |tx, ctx| series::void(tx, ctx, id, "x"))), "not_found");
        assert_eq!(code(shop.try_write(&shop.with_rights(&[Permission::OrderRead]), move |tx, ctx| series::invoice(tx, ctx, first))), "forbidden");

        // Cancelled and test orders get none.
        let gone = shop.placed();
        shop.write(&ctx, move |tx, ctx| crate::cancel(tx, ctx, gone, "asked_for"));
        assert_eq!(code(shop.invoice(gone).map(drop)), "number.cancelled");
        let test = shop.place(&ctx, &NewOrder { is_test: true, ..shop.new_order() }).id;
        assert_eq!(code(shop.invoice(test).map(drop)), "number.test");
        assert_eq!(shop.read(&shop.system(), |tx, _| series::broken(tx)), []);
    }
}

#[test]
fn the_proof_finds_a_gap_and_says_so() {
    for engine in ENGINES {
        let shop = Shop::on(engine);
        for _ in 0..3 {
            let id = shop.placed();
            shop.invoice(id).unwrap();
        }
        assert_eq!(shop.write(&shop.system(), |tx, ctx| series::prove(tx, ctx, tx.new_id())), []);
        // Somebody with the database in hand takes one out.
        shop.write(&shop.system(), |tx, _| tx.execute("delete from document_numbers where org_id = $1 and seq = 2", params![tx.org()]));
        let broken = shop.write(&shop.system(), |tx, ctx| series::prove(tx, ctx, tx.new_id()));
        assert_eq!((broken.len(), broken[0].expected, broken[0].found), (1, 3, 2));
        let told = shop.read(&shop.system(), |tx, ctx| {
            base::events::list(tx, ctx, &base::events::EventFilter { kinds: vec!["series.broken".into()], limit: 10, ..Default::default() })
        });
        assert_eq!(told.items.len(), 1);
    }
}
