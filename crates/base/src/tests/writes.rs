//! Counters, numbers and idempotency, under many writers at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use db::params;
use kernel::{Amount, Currency, Day, Error, Id, JobId, OrderState, StoreId};
use serde_json::json;

use super::{ENGINES, World};
use crate::counters::{self, Counters, Proof};
use crate::{Agents, Edge, IdempotencyKey, Sees, Stores, events, idempotency};

fn store(n: i64) -> StoreId {
    StoreId::from_i64(n)
}

fn dzd() -> Currency {
    "DZD".parse().unwrap()
}

#[tokio::test]
async fn counters_are_sums_and_are_answered_by_store() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let writers = (0..40).map(|n| {
            let edge = edge.clone();
            async move {
                edge.write(move |tx, _| {
                    let mut counters = Counters::new();
                    counters.order(Day(5), store(n % 2), OrderState::Pending, dzd(), 1, Amount(100));
                    if n % 4 == 0 {
                        counters.order(Day(5), store(0), OrderState::Pending, dzd(), -1, Amount(-100));
                        counters.order(Day(5), store(0), OrderState::Confirmed, dzd(), 1, Amount(100));
                        counters.order_total(Day(5), store(0), OrderState::Confirmed, dzd(), Amount(11));
                    }
                    counters.add("orders.STATE.x", 1);
                    counters.flush(tx)
                })
                .await
                .unwrap();
            }
        });
        futures_util::future::join_all(writers).await;

        let by_state = |sees: Sees| edge.read(move |tx, _| counters::orders_by_state(tx, &sees));
        let all = by_state(Sees::everything()).await.unwrap();
        assert_eq!(all, BTreeMap::from([(OrderState::Pending, 30), (OrderState::Confirmed, 10)]));
        let one = by_state(Sees { stores: Stores::These(vec![store(1)]), agents: Agents::All }).await.unwrap();
        assert_eq!(one, BTreeMap::from([(OrderState::Pending, 20)]));
        let none = edge.read(|tx, _| counters::order_days(tx, &Sees { stores: Stores::These(vec![]), agents: Agents::All }, Day(0), Day(9))).await;
        assert!(none.unwrap().is_empty());
        let days = edge.read(|tx, _| counters::order_days(tx, &Sees::everything(), Day(5), Day(5))).await.unwrap();
        let days: Vec<_> = days.iter().map(|day| (day.store_id.to_i64(), day.state, day.orders, day.total.0)).collect();
        assert_eq!(days, [(0, OrderState::Confirmed, 10, 1110), (0, OrderState::Pending, 10, 1000), (1, OrderState::Pending, 20, 2000)]);
    }
}

fn recount(_: &mut db::Tx, _: &crate::Ctx) -> Result<BTreeMap<String, i64>, Error> {
    Ok(BTreeMap::from([(counters::state_key(store(1), OrderState::Pending), 2), (counters::state_key(store(3), OrderState::Pending), 1)]))
}

fn true_days() -> Vec<counters::OrderDay> {
    vec![counters::OrderDay { day: Day(5), store_id: store(1), state: OrderState::Pending, currency: dzd(), orders: 2, total: Amount(200) }]
}

fn recount_days(_: &mut db::Tx, _: &crate::Ctx) -> Result<Vec<counters::OrderDay>, Error> {
    Ok(true_days())
}

#[tokio::test]
async fn the_proof_repairs_what_is_off_and_says_so() {
    const PROOFS: &[Proof] = &[Proof { name: counters::ORDERS_BY_STATE, recount }];
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        edge.write(|tx, _| {
            let mut counters = Counters::new();
            counters.order(Day(5), store(1), OrderState::Pending, dzd(), 5, Amount(500));
            counters.order(Day(6), store(2), OrderState::Pending, dzd(), 1, Amount(100));
            counters.flush(tx)
        })
        .await
        .unwrap();
        let job = JobId::from_i64(4);
        let repairs = edge.write(move |tx, ctx| counters::prove(tx, ctx, job, PROOFS)).await.unwrap();
        let repairs: Vec<_> = repairs.iter().map(|one| (one.stored, one.counted)).collect();
        assert_eq!(repairs, [(5, 2), (1, 0), (0, 1)]);
        assert!(edge.write(move |tx, ctx| counters::prove(tx, ctx, job, PROOFS)).await.unwrap().is_empty());
        let said = edge.read(|tx, ctx| events::of_subject(tx, ctx, "job", 4, 9)).await.unwrap();
        assert_eq!(said.len(), 3);

        let repairs = edge.write(move |tx, ctx| counters::prove_days(tx, ctx, job, recount_days)).await.unwrap();
        let repairs: Vec<_> = repairs.iter().map(|one| (one.stored, one.counted)).collect();
        assert_eq!(repairs, [(5, 2), (1, 0)]);
        assert!(edge.write(move |tx, ctx| counters::prove_days(tx, ctx, job, recount_days)).await.unwrap().is_empty());
        assert_eq!(edge.read(|tx, ctx| events::of_subject(tx, ctx, "job", 4, 9)).await.unwrap().len(), 5);
        let days = edge.read(|tx, _| counters::order_days(tx, &Sees::everything(), Day(0), Day(9))).await.unwrap();
        assert_eq!(days, true_days());
    }
}

#[tokio::test]
async fn numbers_are_never_given_twice_even_when_transactions_fail() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let second = (engine == db::Engine::Postgres).then(|| world.second());
        let mut edges = vec![edge.clone()];
        if let Some(base) = &second {
            edges.push(base.edge((*edge.ctx).clone()));
        }
        let tries = (0..600).map(|n: usize| {
            let edge = edges[n % edges.len()].clone();
            async move {
                let result = edge.write(move |tx, ctx| {
                    let number = counters::number(tx, ctx, "order")?;
                    if n.is_multiple_of(7) { Err(Error::conflict("changed.mind")) } else { Ok(number) }
                });
                result.await.ok()
            }
        });
        let given: Vec<i64> = futures_util::future::join_all(tries).await.into_iter().flatten().collect();
        let distinct: BTreeSet<i64> = given.iter().copied().collect();
        assert_eq!((given.len(), distinct.len()), (514, 514));
        assert!(distinct.first().is_some_and(|least| *least >= 1));
        if engine == db::Engine::Sqlite {
            assert_eq!(distinct.last(), Some(&514), "no gaps with one writer");
        }
        let other = edge.write(|tx, ctx| counters::number(tx, ctx, "invoice")).await.unwrap();
        assert_eq!(other, 1);
    }
}

async fn count(edge: &Edge) -> i64 {
    let key = "test.effects";
    edge.read(move |tx, _| counters::read(tx, key)).await.unwrap().get(key).copied().unwrap_or(0)
}

async fn effect(edge: &Edge, key: Option<&IdempotencyKey>, runs: &Arc<AtomicU32>) -> Result<crate::Answer, Error> {
    let runs = Arc::clone(runs);
    edge.write_once(key, move |tx, _| {
        let run = runs.fetch_add(1, Ordering::SeqCst);
        let mut counters = Counters::new();
        counters.add("test.effects", 1);
        counters.flush(tx)?;
        Ok(json!({ "run": run }))
    })
    .await
}

#[tokio::test]
async fn a_hundred_writers_with_one_key_have_one_effect_and_one_answer() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let key = IdempotencyKey::new("a", "POST", "/orders", b"{}").unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let answers = futures_util::future::join_all((0..100).map(|_| effect(&edge, Some(&key), &runs))).await;
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        assert_eq!(count(&edge).await, 1);

        let other_body = IdempotencyKey::new("a", "POST", "/orders", b"{1}").unwrap();
        assert_eq!(effect(&edge, Some(&other_body), &runs).await.unwrap_err().code(), "idempotency.other_body");
        assert_eq!(count(&edge).await, 1);
        // Another caller may use the same key; without a key nothing is kept.
        let other = world.base.edge(crate::Ctx { actor: kernel::Actor::ApiKey(kernel::ApiKeyId::from_i64(1)), ..(*edge.ctx).clone() });
        assert!(!effect(&other, Some(&key), &runs).await.unwrap().replayed);
        assert!(!effect(&edge, None, &runs).await.unwrap().replayed);
        assert_eq!(count(&edge).await, 3);

        // A day later the key is free again, purged or not.
        let later = edge.base.edge(crate::Ctx { now: edge.ctx.now.plus_us(idempotency::KEPT_FOR_US), ..(*edge.ctx).clone() });
        assert!(!effect(&later, Some(&key), &runs).await.unwrap().replayed);
        let now = later.ctx.now;
        assert_eq!(later.write(move |tx, _| idempotency::purge(tx, now, 10)).await.unwrap(), 1);
        assert!(effect(&later, Some(&key), &runs).await.unwrap().replayed);
    }
}

#[tokio::test]
async fn a_call_that_its_own_first_run_made_impossible_gets_the_kept_answer() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let key = IdempotencyKey::new("confirm", "POST", "/orders/1/confirm", b"").unwrap();
        let confirm = |key: IdempotencyKey| {
            let edge = edge.clone();
            async move {
                edge.write_once(Some(&key), |tx, _| {
                    let state = "insert into organizations (id, name, created_at) values (1, 'confirmed', 0) on conflict (id) do nothing";
                    if tx.execute(state, params![])? == 0 { Err(Error::conflict("order.state")) } else { Ok(json!("confirmed")) }
                })
                .await
            }
        };
        assert!(!confirm(key.clone()).await.unwrap().replayed);
        assert!(confirm(key.clone()).await.unwrap().replayed);
        let again = IdempotencyKey::new("again", "POST", "/orders/1/confirm", b"").unwrap();
        assert_eq!(confirm(again.clone()).await.unwrap_err().code(), "order.state");
        // A refusal was not kept.
        edge.write(|tx, _| tx.execute("delete from organizations where id = 1", params![])).await.unwrap();
        assert!(!confirm(again).await.unwrap().replayed);
    }
}

#[tokio::test]
async fn the_nth_statement_fails_and_nothing_stays() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        for n in 1.. {
            let key = IdempotencyKey::new(&format!("k{n}"), "POST", "/", b"").unwrap();
            let runs = Arc::new(AtomicU32::new(0));
            edge.base.db().fail_statement(n);
            let answer = effect(&edge, Some(&key), &runs).await;
            edge.base.db().fail_statement(0);
            match answer {
                Ok(_) => break,
                Err(_) => assert_eq!(count(&edge).await, 0),
            }
        }
        assert_eq!(count(&edge).await, 1);
    }
}

#[test]
fn keys_are_checked() {
    assert!(IdempotencyKey::new("", "POST", "/", b"").is_err());
    assert!(IdempotencyKey::new(&"k".repeat(256), "POST", "/", b"").is_err());
    assert!(IdempotencyKey::new("a\nb", "POST", "/", b"").is_err());
    let one = IdempotencyKey::new("a", "POST", "/x", b"y").unwrap();
    assert_ne!(one.fingerprint, IdempotencyKey::new("a", "POST", "/xy", b"").unwrap().fingerprint);
}
