//! Orders on both engines, and the small shop they are tried in.

#![expect(clippy::disallowed_methods, reason = "a shop of tests stands outside of any edge")]

mod coming_in;
mod currencies;
mod editing;
mod holding;
mod lists;
mod moving;
mod numbering;
mod plans;
mod searching;
mod statuses;

use std::sync::Arc;

use access::NewStore;
use base::settings::Settings;
use base::{Agents, Ctx, Sees, Stores, counters, organizations};
use db::testing::{PostgresServer, TestDatabase, sqlite_from_template, sqlite_template};
use db::{Db, Engine, Migration, Tx, params};
use kernel::{Actor, Amount, Currency, Error, Id, Money, OrderAction, OrderState, OrgId, Permission, Permissions, StoreId, Time, UserId};

use crate::{NewAddress, NewContact, NewLine, NewOrder, Order, PROOFS};

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

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// 2026-11-21T09:00:00Z.
const NOW: Time = Time(1_795_251_600_000_000);

/// A shop with two stores on a database of its own.
struct Shop {
    db: Db,
    org: OrgId,
    natu: StoreId,
    purna: StoreId,
    settings: Arc<Settings>,
    // Dropped last: the database ends before its files.
    _place: (tempfile::TempDir, Option<TestDatabase>),
}

impl Shop {
    fn on(engine: Engine) -> Shop {
        let dir = tempfile::tempdir().unwrap();
        let (database, config) = match engine {
            Engine::Sqlite => (None, sqlite_from_template(&sqlite_template(MIGRATIONS, "orders", |_| {}), dir.path())),
            Engine::Postgres => {
                let server = PostgresServer::shared();
                let database = server.database(&server.template(MIGRATIONS, "orders", |_| {}));
                let config = database.config();
                (Some(database), config)
            }
        };
        let db = Db::open(&config).unwrap();
        let org = db.blocking_system_write(|tx| organizations::create(tx, "Boutique", NOW)).unwrap();
        let mut shop = Shop { db, org, natu: StoreId::from_i64(0), purna: StoreId::from_i64(0), settings: Arc::default(), _place: (dir, database) };
        let new = |code: &str| NewStore { tax_rate_ppm: 0, shipping_fee: Amount(60_000), cod_fee: Amount::ZERO, ..NewStore::algerian(code, code) };
        (shop.natu, shop.purna) = shop.write(&shop.system(), move |tx, ctx| {
            Ok((access::stores::create(tx, ctx, &new("NATU"))?.id, access::stores::create(tx, ctx, &new("PURNA"))?.id))
        });
        shop
    }

    fn system(&self) -> Ctx {
        Ctx::system(self.org, NOW, Arc::clone(&self.settings))
    }

    /// Somebody with all rights and a name.
    fn person(&self, user: i64) -> Ctx {
        Ctx { actor: Actor::User(UserId::from_i64(user)), ..self.system() }
    }

    fn seeing(&self, stores: &[StoreId], agents: Agents) -> Ctx {
        Ctx { sees: Sees { stores: Stores::These(stores.to_vec()), agents }, ..self.person(9) }
    }

    fn with_rights(&self, rights: &[Permission]) -> Ctx {
        Ctx { permissions: rights.iter().copied().collect::<Permissions>(), ..self.person(8) }
    }

    #[track_caller]
    fn write<T: Send + 'static>(&self, ctx: &Ctx, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> T {
        self.try_write(ctx, f).unwrap()
    }

    fn try_write<T: Send + 'static>(&self, ctx: &Ctx, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let ctx = ctx.clone();
        self.db.blocking_write(self.org, move |tx| f(tx, &ctx))
    }

    #[track_caller]
    fn read<T: Send + 'static>(&self, ctx: &Ctx, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> T {
        self.try_read(ctx, f).unwrap()
    }

    fn try_read<T: Send + 'static>(&self, ctx: &Ctx, f: impl Fn(&mut Tx, &Ctx) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let ctx = ctx.clone();
        self.db.blocking_read(self.org, move |tx| f(tx, &ctx))
    }

    /// An order as the design shows it.
    fn new_order(&self) -> NewOrder {
        let mut new = NewOrder::new(self.natu);
        new.customer = Some(NewContact { name: "Amina Benali".into(), phone: Some("0550 14 23 87".into()), ..NewContact::default() });
        new.shipping_address = Some(NewAddress {
            line1: "Cité 200 logts, bloc 7".into(),
            city: Some("Bir El Djir".into()),
            province: Some("Oran".into()),
            ..NewAddress::default()
        });
        new.lines = vec![NewLine::new(Some("LIN-M"), "Linen dress", 1, dinars(8_400)), NewLine::new(Some("SCA-R"), "Silk scarf", 2, dinars(1_500))];
        new
    }

    #[track_caller]
    fn place(&self, ctx: &Ctx, new: &NewOrder) -> Order {
        let new = new.clone();
        self.write(ctx, move |tx, ctx| crate::place(tx, ctx, &new))
    }

    #[track_caller]
    fn act(&self, ctx: &Ctx, order: &Order, action: OrderAction) -> crate::Moved {
        let id = order.id;
        let wanted = crate::Move { reason: Some("asked_for".into()), ..crate::Move::new(action) };
        self.write(ctx, move |tx, ctx| crate::act(tx, ctx, id, &wanted))
    }

    /// Counters, rollup and customers' totals say what there is.
    #[track_caller]
    fn assert_counts_are_true(&self) {
        let (repairs, days, totals) = self.write(&self.system(), |tx, ctx| {
            let repairs = counters::prove(tx, ctx, tx.new_id(), &PROOFS)?;
            let days = counters::prove_days(tx, ctx, tx.new_id(), crate::recount_days)?;
            assert_eq!((crate::holds::prove(tx, ctx, tx.new_id())?, crate::cancellations::prove(tx, ctx, tx.new_id())?), (Vec::new(), Vec::new()));
            Ok((repairs, days, untrue_totals(tx)?))
        });
        assert_eq!((repairs, days, totals), (Vec::new(), Vec::new(), 0));
    }
}

/// Rows of customers' totals that do not say what their orders say.
fn untrue_totals(tx: &mut Tx) -> Result<i64, Error> {
    let (untrue,): (i64,) = tx.one(
        "select count(*)
           from customer_totals t
          where t.org_id = $1
            and exists (select 1
                          from (select count(*) as orders,
                                       coalesce(sum(case when o.state in ('DELIVERED', 'RETURN_REQUESTED', 'RETURN_APPROVED') then 1 else 0 end), 0) as delivered,
                                       coalesce(sum(case when o.state in ('RETURNED', 'REFUNDED') then 1 else 0 end), 0) as returned,
                                       coalesce(sum(case when o.state = 'CANCELLED' then 1 else 0 end), 0) as cancelled,
                                       coalesce(sum(o.total), 0) as ordered_total,
                                       coalesce(sum(case when o.state in ('DELIVERED', 'RETURN_REQUESTED', 'RETURN_APPROVED') then o.total else 0 end), 0) as delivered_total
                                  from orders o
                                 where o.org_id = $1 and o.customer_id = t.customer_id and o.store_id = t.store_id) s
                         where s.orders <> t.orders or s.delivered <> t.delivered or s.returned <> t.returned or s.cancelled <> t.cancelled
                            or s.ordered_total <> t.ordered_total or s.delivered_total <> t.delivered_total)",
        params![tx.org()],
    )?;
    Ok(untrue)
}

fn dinars(whole: i64) -> Money {
    Money { amount: Amount(whole * 100), currency: Currency::DZD }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(fields) => fields.iter().map(|one| format!("{}={}", one.field, one.code)).collect::<Vec<_>>().join(" "),
        Error::Stale { version, fields } => format!("stale {version} {}", fields.join(",")),
        other => other.code().to_owned(),
    }
}

const ALL_OPEN: [OrderState; 6] =
    [OrderState::Pending, OrderState::Confirmed, OrderState::Backordered, OrderState::Processing, OrderState::Shipped, OrderState::OutForDelivery];
