//! Counters: figures that change with what they count, in the same transaction.
//!
//! [`Counters`] collects the deltas of an action and writes them last, sorted, so that two actions never
//! wait for each other crosswise. On PostgreSQL each process has its own row of each counter and
//! reading adds the rows up, so no row is hot between processes. Keys hold the store
//! (`orders.state.<store>.<STATE>`), so that figures can be answered for what a viewer may see.
//! A nightly [`prove`] counts again, repairs what is off and says so.
//!
//! Also here: numbers that people see ([`number`]), which only ever grow; gaps are allowed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use db::{Change, Db, Engine, Tx, Value, dialect, params};
use kernel::value::ToValue;
use kernel::{Amount, Currency, Day, Error, Event, EventId, Id, JobId, OrderState, OrgId, Permission, StoreId};

use crate::ctx::{Ctx, Sees};
use crate::{events, nodes};

/// Where orders are counted by store and state.
pub const ORDERS_BY_STATE: &str = "orders.state.";

/// The deltas of one action. Collect while it works, [`Counters::flush`] as its last statements.
#[derive(Debug, Default)]
pub struct Counters {
    deltas: BTreeMap<String, i64>,
    days: BTreeMap<(Day, StoreId, &'static str, Currency), (i64, i64)>,
    cancellations: BTreeMap<(Day, StoreId, String, &'static str), (i64, i64)>,
}

impl Counters {
    /// Nothing counted yet.
    pub fn new() -> Counters {
        Counters::default()
    }

    /// Adds to a counter.
    pub fn add(&mut self, key: impl Into<String>, delta: i64) {
        *self.deltas.entry(key.into()).or_default() += delta;
    }

    /// An order came into a state (`orders` = 1) or left it (-1): its store's counter and the rollup of
    /// the local day on which it was placed. `total` has the same sign as `orders`.
    pub fn order(&mut self, day: Day, store: StoreId, state: OrderState, currency: Currency, orders: i64, total: Amount) {
        self.add(state_key(store, state), orders);
        let (count, sum) = self.days.entry((day, store, state.as_str(), currency)).or_default();
        *count += orders;
        *sum += total.0;
    }

    /// An order's total changed while it stays where it is.
    pub fn order_total(&mut self, day: Day, store: StoreId, state: OrderState, currency: Currency, delta: Amount) {
        self.days.entry((day, store, state.as_str(), currency)).or_default().1 += delta.0;
    }

    /// Orders were called off on a day of their store, for a reason, because somebody wanted it; `reopened` of
    /// them live again. Both may be negative.
    pub fn cancellation(&mut self, day: Day, store: StoreId, reason: &str, cause: &'static str, cancelled: i64, reopened: i64) {
        let (count, again) = self.cancellations.entry((day, store, reason.to_owned(), cause)).or_default();
        *count += cancelled;
        *again += reopened;
    }

    /// Writes all deltas, sorted by key, in one go. The last thing an action does. Inside of [`gather`] they
    /// are added to what is written at its end.
    pub fn flush(self, tx: &mut Tx) -> Result<(), Error> {
        match tx.aside_mut::<Counters>() {
            Some(gathered) => {
                gathered.merge(self);
                Ok(())
            }
            None => self.write(tx),
        }
    }

    fn merge(&mut self, other: Counters) {
        for (key, delta) in other.deltas {
            self.add(key, delta);
        }
        for (entry, (orders, total)) in other.days {
            let (count, sum) = self.days.entry(entry).or_default();
            *count += orders;
            *sum += total;
        }
        for ((day, store, reason, cause), (cancelled, reopened)) in other.cancellations {
            self.cancellation(day, store, &reason, cause, cancelled, reopened);
        }
    }

    fn write(self, tx: &mut Tx) -> Result<(), Error> {
        let node = nodes::node_of(tx.new_id::<EventId>().to_i64());
        let deltas: Vec<(String, i64)> = self.deltas.into_iter().filter(|(_, delta)| *delta != 0).collect();
        let days: Vec<_> = self.days.into_iter().filter(|(_, change)| *change != (0, 0)).collect();

        // Long actions (imports) touch many days; a statement takes a bounded number of values.
        let mut statements: Vec<(String, Vec<Value>)> = Vec::new();
        for some in deltas.chunks(CHUNK) {
            let mut values = Vec::with_capacity(some.len() * 4);
            for (key, delta) in some {
                values.extend([tx.org().to_value(), key.to_value(), node.to_value(), delta.to_value()]);
            }
            statements.push((add_sql(some.len()), values));
        }
        for some in days.chunks(CHUNK) {
            let mut values = Vec::with_capacity(some.len() * 8);
            for ((day, store, state, currency), (orders, total)) in some {
                values.extend([tx.org().to_value(), day.to_value(), store.to_value(), state.to_value(), currency.to_value()]);
                values.extend([node.to_value(), orders.to_value(), total.to_value()]);
            }
            statements.push((add_days_sql(some.len()), values));
        }
        let cancellations: Vec<_> = self.cancellations.into_iter().filter(|(_, change)| *change != (0, 0)).collect();
        for some in cancellations.chunks(CHUNK) {
            let mut values = Vec::with_capacity(some.len() * 8);
            for ((day, store, reason, cause), (cancelled, reopened)) in some {
                values.extend([tx.org().to_value(), day.to_value(), store.to_value(), reason.to_value(), cause.to_value()]);
                values.extend([node.to_value(), cancelled.to_value(), reopened.to_value()]);
            }
            statements.push((add_cancellations_sql(some.len()), values));
        }
        if !statements.is_empty() {
            tx.run_all(statements.iter_mut().map(|(sql, values)| (sql.as_str(), std::mem::take(values))).collect())?;
        }
        Ok(())
    }
}

/// Runs several actions in one transaction, and writes the counters of all of them once, at the end: so
/// nobody waits for the rows of counters while the actions run, and nobody waits crosswise.
pub fn gather<T>(tx: &mut Tx, actions: impl FnOnce(&mut Tx) -> Result<T, Error>) -> Result<T, Error> {
    let outer = tx.set_aside(Some(Box::new(Counters::new())));
    let result = actions(tx);
    let gathered = tx.set_aside(outer);
    let answer = result?;
    match gathered.map(|aside| aside.downcast::<Counters>()) {
        Some(Ok(counters)) => counters.flush(tx)?,
        Some(Err(_)) | None => return Err(Error::internal("the gathered counters are gone")),
    }
    Ok(answer)
}

/// Runs one action of several, which may be refused without the others: what it wrote and counted is taken
/// back then. The outer error is about the database, and then nothing of the transaction stays.
pub fn attempt<T>(tx: &mut Tx, action: impl FnOnce(&mut Tx) -> Result<T, Error>) -> Result<Result<T, Error>, Error> {
    tx.attempt(|tx| gather(tx, action))
}

const CHUNK: usize = 100;

fn add_sql(rows: usize) -> String {
    format!(
        "insert into counters (org_id, key, node, value)
         values {}
         on conflict (org_id, key, node) do update set value = counters.value + excluded.value",
        dialect::value_rows(rows, 4)
    )
}

fn add_days_sql(rows: usize) -> String {
    format!(
        "insert into order_days (org_id, day, store_id, state, currency, node, orders, total)
         values {}
         on conflict (org_id, day, store_id, state, currency, node) do update
            set orders = order_days.orders + excluded.orders, total = order_days.total + excluded.total",
        dialect::value_rows(rows, 8)
    )
}

fn add_cancellations_sql(rows: usize) -> String {
    format!(
        "insert into cancellation_days (org_id, day, store_id, reason, cause, node, cancelled, reopened)
         values {}
         on conflict (org_id, day, store_id, reason, cause, node) do update
            set cancelled = cancellation_days.cancelled + excluded.cancelled, reopened = cancellation_days.reopened + excluded.reopened",
        dialect::value_rows(rows, 8)
    )
}

/// The key of the counter of a store's orders in a state.
pub fn state_key(store: StoreId, state: OrderState) -> String {
    format!("{ORDERS_BY_STATE}{store}.{state}")
}

/// Reads a key that [`state_key`] wrote.
pub fn read_state_key(key: &str) -> Option<(StoreId, OrderState)> {
    let (store, state) = key.strip_prefix(ORDERS_BY_STATE)?.split_once('.')?;
    Some((store.parse().ok()?, state.parse().ok()?))
}

/// All counters whose key begins so.
pub fn read(tx: &mut Tx, prefix: &str) -> Result<BTreeMap<String, i64>, Error> {
    let sql = format!(
        "select key, cast(sum(value) as bigint)
           from counters
          where org_id = $1
            and {}
          group by key
          order by key
          limit 100000",
        dialect::search_like("key", "$2")
    );
    let rows: Vec<(String, i64)> = tx.rows(&sql, params![tx.org(), dialect::like_prefix(prefix)])?;
    // `like` ignores the case of letters on the embedded engine.
    Ok(rows.into_iter().filter(|(key, _)| key.starts_with(prefix)).collect())
}

/// Orders by state in the stores that the caller may see; of all agents.
pub fn orders_by_state(tx: &mut Tx, sees: &Sees) -> Result<BTreeMap<OrderState, i64>, Error> {
    let mut by_state = BTreeMap::new();
    for (key, count) in read(tx, ORDERS_BY_STATE)? {
        if let Some((store, state)) = read_state_key(&key)
            && sees.store(store)
        {
            *by_state.entry(state).or_default() += count;
        }
    }
    Ok(by_state)
}

db::row! {
    /// The orders of one day, store, state and currency.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OrderDay {
        /// The store's day on which they were placed.
        pub day: Day,
        /// Their store.
        pub store_id: StoreId,
        /// Where they are now.
        pub state: OrderState,
        /// The currency of their totals.
        pub currency: Currency,
        /// How many.
        pub orders: i64,
        /// What they come to together.
        pub total: Amount,
    }
}

/// The rollup from one day to another, both included, in the stores that the caller may see.
pub fn order_days(tx: &mut Tx, sees: &Sees, from: Day, to: Day) -> Result<Vec<OrderDay>, Error> {
    let mut values = params![tx.org(), from, to];
    let stores = sees.store_clause("store_id", &mut values);
    let sql = format!(
        "select day, store_id, state, currency, cast(sum(orders) as bigint) as orders, cast(sum(total) as bigint) as total
           from order_days
          where org_id = $1
            and day >= $2
            and day <= $3{stores}
          group by day, store_id, state, currency
          order by day, store_id, state, currency
          limit 200000"
    );
    let days: Vec<OrderDay> = tx.rows(&sql, values)?;
    Ok(days.into_iter().filter(|day| day.orders != 0 || day.total != Amount::ZERO).collect())
}

/// What a nightly proof counts again.
#[derive(Clone, Copy)]
pub struct Proof {
    /// The prefix of the keys that it accounts for; a stored key with it that is not counted is wrong.
    pub name: &'static str,
    /// Counts what there is; counters of zero may be left out.
    pub recount: Recount,
}

/// Counts again what counters say, by their keys.
pub type Recount = fn(&mut Tx, &Ctx) -> Result<BTreeMap<String, i64>, Error>;

/// A counter that was off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Which.
    pub counter: String,
    /// What it said.
    pub stored: i64,
    /// What there is.
    pub counted: i64,
}

/// Whether a counter looks off. What is being written meanwhile may look so, too: [`prove`] looks again.
pub fn is_off(tx: &mut Tx, ctx: &Ctx, proofs: &[Proof]) -> Result<bool, Error> {
    for proof in proofs {
        if !differences(&read(tx, proof.name)?, &(proof.recount)(tx, ctx)?).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Compares the counters with what they count, repairs those that are off and records each repair.
///
/// The recount and the counters must be of one moment, or an order placed in between looks like an
/// error. So what differs is looked at again with the counters' rows locked, and a counter that
/// still changed around the recount (its row is new, so nothing was there to lock) is left for the
/// next night. Needs `system.edit`.
pub fn prove(tx: &mut Tx, ctx: &Ctx, job: JobId, proofs: &[Proof]) -> Result<Vec<Repair>, Error> {
    ctx.require(Permission::SystemEdit)?;
    let mut repairs = Vec::new();
    for proof in proofs {
        if !is_off(tx, ctx, std::slice::from_ref(proof))? {
            continue;
        }
        lock_counters(tx, proof.name)?;
        let before = read(tx, proof.name)?;
        let counted = (proof.recount)(tx, ctx)?;
        let stored = read(tx, proof.name)?;
        for repair in differences(&stored, &counted).into_iter().filter(|repair| before.get(&repair.counter) == stored.get(&repair.counter)) {
            let mut counters = Counters::new();
            counters.add(repair.counter.clone(), repair.counted - repair.stored);
            counters.flush(tx)?;
            tracing::error!(counter = repair.counter, stored = repair.stored, counted = repair.counted, "A counter was off and is repaired");
            let Repair { counter, stored, counted } = repair.clone();
            events::record(tx, ctx, Event::CounterRepaired { job, counter, stored, counted })?;
            repairs.push(repair);
        }
    }
    Ok(repairs)
}

/// Waits for the actions that hold these counters, and keeps others from them until the end. An action
/// writes its counters last, so whoever waits here has nothing that they need.
fn lock_counters(tx: &mut Tx, prefix: &str) -> Result<(), Error> {
    let sql = format!(
        "select key, node from counters where org_id = $1 and {} order by key, node{}",
        dialect::search_like("key", "$2"),
        dialect::for_update(tx.engine())
    );
    let _: Vec<(String, i64)> = tx.rows(&sql, params![tx.org(), dialect::like_prefix(prefix)])?;
    Ok(())
}

fn differences(stored: &BTreeMap<String, i64>, counted: &BTreeMap<String, i64>) -> Vec<Repair> {
    let mut keys: Vec<&String> = stored.keys().chain(counted.keys()).collect();
    keys.sort();
    keys.dedup();
    let of = |map: &BTreeMap<String, i64>, key: &String| map.get(key).copied().unwrap_or(0);
    keys.into_iter()
        .map(|key| Repair { counter: key.clone(), stored: of(stored, key), counted: of(counted, key) })
        .filter(|repair| repair.stored != repair.counted)
        .collect()
}

/// Counts the rollup of days again.
pub type RecountDays = fn(&mut Tx, &Ctx) -> Result<Vec<OrderDay>, Error>;

/// Whether the rollup looks off, like [`is_off`].
pub fn is_days_off(tx: &mut Tx, ctx: &Ctx, recount: RecountDays) -> Result<bool, Error> {
    Ok(!days_off(&all_days(tx)?, &by_entry(recount(tx, ctx)?)).is_empty())
}

/// Compares the rollup of the organization's orders by day with what there is, repairs the entries that are
/// off and records each repair: the second half of a proof, with the same care for what is written
/// meanwhile as [`prove`]. A repair tells orders, or totals when only those were off. Needs `system.edit`.
pub fn prove_days(tx: &mut Tx, ctx: &Ctx, job: JobId, recount: RecountDays) -> Result<Vec<Repair>, Error> {
    ctx.require(Permission::SystemEdit)?;
    if !is_days_off(tx, ctx, recount)? {
        return Ok(Vec::new());
    }
    lock_days(tx)?;
    let before = all_days(tx)?;
    let counted = by_entry(recount(tx, ctx)?);
    let stored = all_days(tx)?;
    let mut off = days_off(&stored, &counted);
    off.retain(|entry, _| before.get(entry) == stored.get(entry));

    let mut repairs = Vec::new();
    for (entry @ (day, store, state, currency), (orders, total)) in &off {
        let (was, is) = (stored.get(entry).copied().unwrap_or_default(), counted.get(entry).copied().unwrap_or_default());
        let name = format!("order_days.{day}.{store}.{state}.{currency}");
        let repair = if *orders != 0 {
            Repair { counter: format!("{name}.orders"), stored: was.0, counted: is.0 }
        } else {
            Repair { counter: format!("{name}.total"), stored: was.1, counted: is.1 }
        };
        tracing::error!(
            counter = repair.counter,
            stored = repair.stored,
            counted = repair.counted,
            total_off = total,
            "The rollup was off and is repaired"
        );
        let Repair { counter, stored, counted } = repair.clone();
        events::record(tx, ctx, Event::CounterRepaired { job, counter, stored, counted })?;
        repairs.push(repair);
    }
    Counters { days: off, ..Counters::default() }.flush(tx)?;
    Ok(repairs)
}

type Entry = (Day, StoreId, &'static str, Currency);

fn by_entry(days: Vec<OrderDay>) -> BTreeMap<Entry, (i64, i64)> {
    days.into_iter().map(|day| ((day.day, day.store_id, day.state.as_str(), day.currency), (day.orders, day.total.0))).collect()
}

fn all_days(tx: &mut Tx) -> Result<BTreeMap<Entry, (i64, i64)>, Error> {
    Ok(by_entry(order_days(tx, &Sees::everything(), Day(i32::MIN), Day(i32::MAX))?))
}

/// What has to be added to the stored entries.
fn days_off(stored: &BTreeMap<Entry, (i64, i64)>, counted: &BTreeMap<Entry, (i64, i64)>) -> BTreeMap<Entry, (i64, i64)> {
    let mut changes: BTreeMap<Entry, (i64, i64)> = BTreeMap::new();
    for (days, sign) in [(counted, 1), (stored, -1)] {
        for (entry, (orders, total)) in days {
            let change = changes.entry(*entry).or_default();
            *change = (change.0 + sign * orders, change.1 + sign * total);
        }
    }
    changes.retain(|_, change| *change != (0, 0));
    changes
}

/// See [`lock_counters`].
fn lock_days(tx: &mut Tx) -> Result<(), Error> {
    let sql = format!(
        "select day, node from order_days where org_id = $1 order by day, store_id, state, currency, node{}",
        dialect::for_update(tx.engine())
    );
    let _: Vec<(Day, i64)> = tx.rows(&sql, params![tx.org()])?;
    Ok(())
}

// Numbers.

/// Numbers that a process takes at a time from a shared database, so that orders placed at once do not
/// wait for one row. Each is used at most once; those of a transaction that fails are lost.
const BLOCK: i64 = 100;
const BLOCK_TOPIC: &str = "number_block";
const FIRST: i64 = 1;

type Place = (usize, OrgId, String);

#[derive(Default)]
struct Blocks {
    /// What may be given out, by next number, with its end (exclusive).
    open: HashMap<Place, BTreeMap<i64, i64>>,
    /// Taken by a transaction that is not committed yet, by its token.
    taken: HashMap<i64, (Place, i64, i64)>,
}

static BLOCKS: LazyLock<Mutex<Blocks>> = LazyLock::new(Mutex::default);

fn blocks() -> MutexGuard<'static, Blocks> {
    BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next number of this name, from 1. Numbers only grow, but need not be without gaps, and on
/// PostgreSQL two processes give out from different hundreds.
pub fn number(tx: &mut Tx, _ctx: &Ctx, name: &str) -> Result<i64, Error> {
    let size = match tx.engine() {
        // One writer: the row is in memory and nobody waits for it.
        Engine::Sqlite => 1,
        Engine::Postgres => BLOCK,
    };
    let place = (tx.database(), tx.org(), name.to_owned());
    if size > 1
        && let Some(open) = blocks().open.get_mut(&place)
        && let Some((next, end)) = open.pop_first()
    {
        if next + 1 < end {
            open.insert(next + 1, end);
        }
        return Ok(next);
    }

    let (end,): (i64,) = tx.one(
        "insert into numbers (org_id, name, next)
         values ($1, $2, $3)
         on conflict (org_id, name) do update set next = numbers.next + $4
         returning next",
        params![tx.org(), name, FIRST + size, size],
    )?;
    let first = end - size;
    if size > 1 {
        // The rest is open to others only when this is committed: otherwise they would be given out twice.
        let token: EventId = tx.new_id();
        let mut blocks = blocks();
        if blocks.taken.len() > 10_000 {
            blocks.taken.clear();
        }
        blocks.taken.insert(token.to_i64(), (place, first + 1, end));
        drop(blocks);
        tx.touch(BLOCK_TOPIC, token);
    }
    Ok(first)
}

/// Opens the blocks whose transactions were committed. Called for each commit.
pub(crate) fn committed(changes: &[Change]) {
    for change in changes.iter().filter(|change| change.topic == BLOCK_TOPIC) {
        let mut blocks = blocks();
        let Some((place, next, end)) = blocks.taken.remove(&change.id) else { continue };
        blocks.open.entry(place).or_default().insert(next, end);
    }
}

/// Whether a change is bookkeeping of this module, of no interest to anybody who watches.
pub(crate) fn is_internal(topic: &str) -> bool {
    topic == BLOCK_TOPIC
}

/// Forgets blocks of a database that was open at the same place in memory before.
#[expect(clippy::disallowed_methods, reason = "asks the database which one it is, above organizations")]
pub(crate) fn forget_blocks(db: &Db) -> Result<(), Error> {
    let database = db.blocking_system_read(|tx| tx.with_org(OrgId::from_i64(0), |tx| Ok(tx.database())))?;
    blocks().open.retain(|(of, _, _), _| *of != database);
    Ok(())
}
