//! Movements on both engines.

#![expect(clippy::disallowed_methods, reason = "a shop of tests stands outside of any edge")]

use std::sync::Arc;

use base::settings::Settings;
use base::{Ctx, organizations};
use db::testing::{PostgresServer, TestDatabase, sqlite_from_template, sqlite_template};
use db::{Db, Engine, Migration, Tx, params};
use kernel::{Amount, Currency, Error, Money, OrderId, OrgId, PaymentMethod, PaymentState, Permissions, Time, TransactionKind, TransactionState};
use orders::{NewLine, NewOrder};

use crate::{NewTransaction, list, record};

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "base_core", sql: include_str!("../../../migrations/0001_base_core.sql") },
    Migration { number: 2, name: "base_work", sql: include_str!("../../../migrations/0002_base_work.sql") },
    Migration { number: 3, name: "access", sql: include_str!("../../../migrations/0003_access.sql") },
    Migration { number: 4, name: "customers", sql: include_str!("../../../migrations/0004_customers.sql") },
    Migration { number: 5, name: "catalogue", sql: include_str!("../../../migrations/0005_catalogue.sql") },
    Migration { number: 6, name: "orders", sql: include_str!("../../../migrations/0006_orders.sql") },
    Migration { number: 7, name: "notifications", sql: include_str!("../../../migrations/0007_notifications.sql") },
    Migration { number: 8, name: "payments", sql: include_str!("../../../migrations/0008_payments.sql") },
    Migration { number: 9, name: "orders_edit", sql: include_str!("../../../migrations/0009_orders_edit.sql") },
    Migration { number: 10, name: "orders_drafts", sql: include_str!("../../../migrations/0010_orders_drafts.sql") },
    Migration { number: 11, name: "orders_holds", sql: include_str!("../../../migrations/0011_orders_holds.sql") },
    Migration { number: 12, name: "fields", sql: include_str!("../../../migrations/0012_fields.sql") },
    Migration { number: 13, name: "attachments", sql: include_str!("../../../migrations/0013_attachments.sql") },
    Migration { number: 14, name: "statuses", sql: include_str!("../../../migrations/0014_statuses.sql") },
    Migration { number: 15, name: "series", sql: include_str!("../../../migrations/0015_series.sql") },
    Migration { number: 16, name: "bulk", sql: include_str!("../../../migrations/0016_bulk.sql") },
    Migration { number: 17, name: "views", sql: include_str!("../../../migrations/0017_views.sql") },
    Migration { number: 18, name: "customers_care", sql: include_str!("../../../migrations/0018_customers_care.sql") },
    Migration { number: 19, name: "import_export", sql: include_str!("../../../migrations/0019_import_export.sql") },
    Migration { number: 23, name: "mentions", sql: include_str!("../../../migrations/0023_mentions.sql") },
    Migration { number: 24, name: "list_indexes", sql: include_str!("../../../migrations/0024_list_indexes.sql") },
];

/// 2026-11-21T09:00:00Z.
const NOW: Time = Time(1_795_251_600_000_000);

/// A shop with one order of 100 dinars, to be paid at the door.
struct Shop {
    db: Db,
    ctx: Ctx,
    order: OrderId,
    // Dropped last: the database ends before its files.
    _place: (tempfile::TempDir, Option<TestDatabase>),
}

impl Shop {
    fn on(engine: Engine) -> Shop {
        let dir = tempfile::tempdir().unwrap();
        let (database, config) = match engine {
            Engine::Sqlite => (None, sqlite_from_template(&sqlite_template(MIGRATIONS, "payments", |_| {}), dir.path())),
            Engine::Postgres => {
                let server = PostgresServer::shared();
                let database = server.database(&server.template(MIGRATIONS, "payments", |_| {}));
                let config = database.config();
                (Some(database), config)
            }
        };
        let db = Db::open(&config).unwrap();
        let org: OrgId = db.blocking_system_write(|tx| organizations::create(tx, "Boutique", NOW)).unwrap();
        let ctx = Ctx::system(org, NOW, Arc::new(Settings::default()));
        let owner = ctx.clone();
        let place = move |tx: &mut Tx| {
            let store = access::stores::create(tx, &owner, &access::NewStore::algerian("NATU", "Natu"))?;
            let mut new = NewOrder::new(store.id);
            new.shipping_fee = Some(Money { amount: Amount::ZERO, currency: Currency::DZD });
            new.lines.push(NewLine::new(Some("SOAP"), "Soap", 1, Money { amount: Amount(10_000), currency: Currency::DZD }));
            new.customer = Some(orders::NewContact { name: "Amina".into(), phone: Some("0550142387".into()), ..orders::NewContact::default() });
            Ok(orders::place(tx, &owner, &new)?.id)
        };
        let order = db.blocking_write(org, place).unwrap();
        Shop { db, ctx, order, _place: (dir, database) }
    }

    fn write<T: Send + 'static>(&self, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let ctx = self.ctx.clone();
        self.db.blocking_write(ctx.org, move |tx| f(tx, &ctx))
    }

    fn record(&self, new: &NewTransaction) -> Result<i64, Error> {
        let (order, new) = (self.order, new.clone());
        self.write(move |tx, ctx| Ok(kernel::Id::to_i64(record(tx, ctx, order, &new)?.id)))
    }

    fn stands(&self) -> (PaymentState, i64) {
        let id = self.order;
        let order = self.write(move |tx, ctx| orders::find(tx, ctx, id)).unwrap();
        (order.payment_state, order.to_collect.0)
    }
}

fn paid(amount: i64, reference: &str) -> NewTransaction {
    NewTransaction {
        kind: TransactionKind::Payment,
        state: TransactionState::Settled,
        method: PaymentMethod::Card,
        amount: Amount(amount),
        currency: Currency::DZD,
        reference: (!reference.is_empty()).then(|| reference.to_owned()),
        at: NOW,
    }
}

fn on_both(check: impl Fn(&Shop)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        check(&Shop::on(engine));
    }
}

#[test]
fn an_order_is_paid_when_its_movements_make_its_total() {
    on_both(|shop| {
        assert_eq!(shop.stands(), (PaymentState::Unpaid, 10_000));
        shop.record(&paid(4_000, "a")).unwrap();
        assert_eq!(shop.stands(), (PaymentState::Unpaid, 6_000));
        shop.record(&paid(6_000, "")).unwrap();
        assert_eq!(shop.stands(), (PaymentState::Paid, 0));
        shop.record(&NewTransaction { kind: TransactionKind::Refund, ..paid(2_500, "b") }).unwrap();
        assert_eq!(shop.stands().0, PaymentState::PartRefunded);
        let order = shop.order;
        let amounts: Vec<i64> = shop.write(move |tx, ctx| list(tx, ctx, order)).unwrap().iter().map(|one| one.amount.0).collect();
        assert_eq!(amounts, [4_000, 6_000, 2_500]);
    });
}

#[test]
fn a_reference_is_recorded_once() {
    on_both(|shop| {
        let first = shop.record(&paid(4_000, "bank-1")).unwrap();
        assert_eq!(shop.record(&paid(4_000, "bank-1")).unwrap(), first);
        assert_eq!(shop.record(&paid(4_001, "bank-1")).unwrap_err().code(), "transaction.reference");
        assert_eq!(shop.stands(), (PaymentState::Unpaid, 6_000));
    });
}

#[test]
fn a_pending_payment_settles_or_fails_once_under_its_reference() {
    on_both(|shop| {
        let pending = |reference: &str| NewTransaction { state: TransactionState::Pending, ..paid(10_000, reference) };
        let failed = |reference: &str| NewTransaction { state: TransactionState::Failed, ..paid(10_000, reference) };
        let first = shop.record(&pending("bank-1")).unwrap();
        assert_eq!(shop.stands(), (PaymentState::Authorized, 10_000), "the door collects what is only promised");
        assert_eq!(shop.record(&failed("bank-1")).unwrap(), first);
        assert_eq!(shop.stands(), (PaymentState::Unpaid, 10_000));
        assert_eq!(shop.record(&paid(10_000, "bank-1")).unwrap_err().code(), "transaction.reference");

        let second = shop.record(&pending("bank-2")).unwrap();
        let late = NewTransaction { amount: Amount(9_999), ..paid(10_000, "bank-2") };
        assert_eq!(shop.record(&late).unwrap_err().code(), "transaction.reference");
        for again in [paid(10_000, "bank-2"), paid(10_000, "bank-2"), pending("bank-2")] {
            assert_eq!(shop.record(&again).unwrap(), second);
            assert_eq!(shop.stands(), (PaymentState::Paid, 0));
        }
        assert_eq!(shop.record(&failed("bank-2")).unwrap_err().code(), "transaction.reference");
        let order = shop.order;
        let states: Vec<TransactionState> = shop.write(move |tx, ctx| list(tx, ctx, order)).unwrap().iter().map(|one| one.state).collect();
        assert_eq!(states, [TransactionState::Failed, TransactionState::Settled]);
    });
}

#[test]
fn two_payments_at_once_are_both_seen() {
    on_both(|shop| {
        let owner = &shop;
        std::thread::scope(|scope| {
            for half in 0..2 {
                scope.spawn(move || owner.record(&paid(5_000, &format!("half-{half}"))).unwrap());
            }
        });
        assert_eq!(shop.stands(), (PaymentState::Paid, 0));
    });
}

#[test]
fn wrong_movements_are_refused_and_nothing_stays() {
    on_both(|shop| {
        let mut wrong = paid(0, "");
        wrong.currency = "EUR".parse().unwrap();
        wrong.at = NOW.plus_s(3_600);
        let Err(Error::Invalid(fields)) = shop.record(&wrong) else { panic!("accepted") };
        let named: Vec<String> = fields.iter().map(|one| format!("{} {}", one.field, one.code)).collect();
        assert_eq!(named, ["amount money.positive", "amount.currency money.currency", "at time.future"]);

        let (order, stranger) = (shop.order, Ctx { permissions: Permissions::default(), ..shop.ctx.clone() });
        let refused = shop.write(move |tx, _| record(tx, &stranger, order, &paid(100, "")));
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
        let rows: Vec<(i64,)> = shop.write(|tx, _| tx.rows("select id from transactions where org_id = $1", params![tx.org()])).unwrap();
        assert!(rows.is_empty());
    });
}
