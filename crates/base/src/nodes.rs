//! Nodes: each process on a shared database leases a number from 0 to 1023, which makes its ids
//! distinct from all others'. The embedded engine has one process, which is node 0.
//!
//! The lease lasts 60 s and is renewed every 10 s by a thread that ends with the [`Lease`]. A process that
//! lost its lease (it slept for a minute) takes another number. Until it notices, at most 10 s after
//! it woke, two processes may share a number; their ids still differ unless both make one in the same
//! millisecond with the same count, and then the primary key refuses the second.

#![expect(clippy::disallowed_methods, reason = "leases belong to the process, above organizations")]

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use db::{Db, Engine, SystemTx, params};
use kernel::{Error, Time};

use crate::edge::Clock;

const NODES: i64 = 1024;
const BEAT: Duration = Duration::from_secs(10);
const EXPIRY_US: i64 = 60 * Time::SECOND;

/// A leased node number; dropping it gives the number back.
pub(crate) struct Lease {
    renewal: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
}

/// Leases a number and tells the source of ids.
pub(crate) fn lease(db: &Db) -> Result<Lease, Error> {
    if db.engine() == Engine::Sqlite {
        db.ids().set_node(0);
        return Ok(Lease { renewal: None });
    }
    let holder = hex::encode(rand::random::<[u8; 16]>());
    let mut node = take(db, &holder)?;
    db.ids().set_node(node as u16);

    let (stop, stopped) = mpsc::channel();
    let db = db.clone();
    let renewal = thread::Builder::new()
        .name("node lease".to_owned())
        .spawn(move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                match renew(&db, node, &holder) {
                    Ok(true) => {}
                    Ok(false) => match take(&db, &holder) {
                        Ok(other) => {
                            tracing::warn!(node, other, "The lease of this node was lost; another one is taken");
                            node = other;
                            db.ids().set_node(node as u16);
                        }
                        Err(error) => tracing::error!(node, "No node can be leased: {error}"),
                    },
                    Err(error) => tracing::warn!(node, "The lease of this node was not renewed: {error}"),
                }
            }
            if let Err(error) = give_back(&db, node, &holder) {
                tracing::debug!(node, "The node was not given back: {error}");
            }
        })
        .map_err(Error::internal)?;
    Ok(Lease { renewal: Some((stop, renewal)) })
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some((stop, renewal)) = self.renewal.take() {
            drop(stop);
            drop(renewal.join());
        }
    }
}

// Wall time, not the process' clock: tests stop that one, and leases are between processes.
fn wall_time() -> Time {
    Clock::System.now()
}

fn take(db: &Db, holder: &str) -> Result<i64, Error> {
    // Two processes that look at the same moment want the same number; the loser looks again.
    for _ in 0..100 {
        let holder = holder.to_owned();
        if let Some(node) = db.blocking_system_write(move |tx| try_take(tx, &holder))? {
            return Ok(node);
        }
    }
    Err(Error::internal("no node number could be leased: 1,024 processes are connected to this database"))
}

fn try_take(tx: &mut SystemTx, holder: &str) -> Result<Option<i64>, Error> {
    let now = wall_time();
    let held: Vec<(i64,)> = tx.rows("select node from nodes where until > $1 order by node", params![now])?;
    let Some(free) = (0..NODES).find(|node| !held.contains(&(*node,))) else { return Ok(None) };
    let taken = tx.execute(
        "insert into nodes (node, holder, started_at, until)
         values ($1, $2, $3, $4)
         on conflict (node) do update
            set holder = excluded.holder, started_at = excluded.started_at, until = excluded.until
          where nodes.until <= excluded.started_at",
        params![free, holder, now, now.plus_us(EXPIRY_US)],
    )?;
    Ok((taken > 0).then_some(free))
}

fn renew(db: &Db, node: i64, holder: &str) -> Result<bool, Error> {
    let holder = holder.to_owned();
    db.blocking_system_write(move |tx| {
        let until = wall_time().plus_us(EXPIRY_US);
        Ok(tx.execute("update nodes set until = $3 where node = $1 and holder = $2", params![node, holder, until])? > 0)
    })
}

fn give_back(db: &Db, node: i64, holder: &str) -> Result<u64, Error> {
    let holder = holder.to_owned();
    db.blocking_system_write(move |tx| tx.execute("delete from nodes where node = $1 and holder = $2", params![node, holder]))
}

/// The node on which an id was made.
pub(crate) fn node_of(id: i64) -> i64 {
    (id >> 12) & (NODES - 1)
}
