//! What must hold in every shop at the end of every test, read from the tables themselves.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use base::counters::{self, OrderDay};
use base::{Base, chain};
use db::{Db, DbConfig, Engine, SystemTx, params};
use kernel::{Amount, Day, Error, OrgId};

/// Tables that looking around writes to: they say nothing about what an action did.
const BOOKKEEPING: &[&str] = &["migrations", "nodes", "key_checks", "sessions", "schedules"];

/// Rows of every table but the book-keeping.
#[expect(clippy::disallowed_methods, reason = "counts the rows of all organizations")]
pub(crate) async fn count_rows(base: &Base) -> BTreeMap<String, i64> {
    let counted = base.db().system_read(|tx| {
        let list = match tx.engine() {
            Engine::Sqlite => "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name",
            Engine::Postgres => "select tablename as name from pg_tables where schemaname = current_schema() order by tablename",
        };
        let names: Vec<(String,)> = tx.rows(list, params![])?;
        let names = names.into_iter().map(|(name,)| name).filter(|name| !BOOKKEEPING.contains(&name.as_str()));
        names.map(|name| Ok((name.clone(), count(tx, &name)?))).collect::<Result<BTreeMap<_, _>, Error>>()
    });
    counted.await.expect("rows can be counted")
}

fn count(tx: &mut SystemTx, table: &str) -> Result<i64, Error> {
    let (rows,): (i64,) = tx.one(&format!("select count(*) from {table}"), params![])?;
    Ok(rows)
}

/// Counters and the rollup by day against what they count.
pub(crate) async fn counters(base: &Base, org: OrgId) {
    let edge = base.system_edge(org).await;
    edge.read(move |tx, ctx| {
        for proof in orders::PROOFS.into_iter().chain(fields::PROOFS).chain(notifications::PROOFS) {
            let mut counted = (proof.recount)(tx, ctx)?;
            let mut stored = counters::read(tx, proof.name)?;
            counted.retain(|_, count| *count != 0);
            stored.retain(|_, count| *count != 0);
            assert_eq!(stored, counted, "the counters {} of {org} are off", proof.name);
        }
        let by_day = |days: Vec<OrderDay>| {
            let days = days.into_iter().filter(|day| day.orders != 0 || day.total != Amount::ZERO);
            days.map(|day| ((day.day, day.store_id, day.state, day.currency), (day.orders, day.total))).collect::<BTreeMap<_, _>>()
        };
        let stored = counters::order_days(tx, ctx.sees(), Day(i32::MIN), Day(i32::MAX))?;
        assert_eq!(by_day(stored), by_day(orders::recount_days(tx, ctx)?), "the rollup of {org} is off");
        assert_eq!(orders::series::broken(tx)?, [], "a series of {org} has a gap or a double");
        for (owners, facets, column) in [("orders", "order_facets", "order_id"), ("customers", "customer_facets", "customer_id")] {
            let names: Vec<(i64, String)> =
                tx.rows(&format!("select id, tags from {owners} where org_id = $1 and tags <> '[]' order by id"), params![tx.org()])?;
            let names = names.into_iter().map(|(id, tags)| (id, serde_json::from_str::<Vec<String>>(&tags).expect("tags are a list").len() as i64));
            let rows: Vec<(i64, i64)> = tx.rows(
                &format!("select {column}, count(*) from {facets} where org_id = $1 and field = 0 group by {column} order by {column}"),
                params![tx.org()],
            )?;
            assert_eq!(rows, names.collect::<Vec<_>>(), "{facets} of {org} say something else than the tags");
        }
        assert_eq!(orders::holds::off(tx)?, [], "orders of {org} do not know how many holds they have");
        assert_eq!(orders::cancellations::off(tx)?, [], "the rollup of cancellations of {org} is off");
        Ok(())
    })
    .await
    .unwrap_or_else(|error| panic!("the counters of {org} cannot be proved: {error}"));
}

/// The sealed part of every chain of events is whole.
pub(crate) async fn chains(base: &Base, orgs: &[OrgId]) {
    for org in orgs {
        let edge = base.system_edge(*org).await;
        let report = edge.read(chain::verify).await.expect("the chain can be read");
        assert!(report.broken.is_none(), "the chain of {org} is broken: {report:?}");
    }
}

/// Makes a database look as if a newer release had been at work there.
#[expect(clippy::disallowed_methods, reason = "the list of migrations is global")]
pub fn pretend_newer(path: &Path) {
    let db = Db::open(&DbConfig::sqlite(path)).expect("the database opens");
    let insert = "insert into migrations (number, name, sha256, applied_at) values (9999, 'from_the_future', '', 0)";
    db.blocking_system_write(move |tx| tx.execute(insert, params![])).expect("a migration can be noted");
    db.close(Duration::from_secs(10));
}
