//! Events, the chain, settings, secrets, nodes, live.

use std::sync::Arc;
use std::time::Duration;

use db::params;
use kernel::{Actor, Amount, CustomerId, Details, Error, Event, EventId, Hidden, Id, JobKind, OrderAction, OrderId, OrderState, Time, UserId};
use serde_json::json;

use super::{ENGINES, World, start};
use crate::chain::{self, Break};
use crate::events::{self, EventFilter};
use crate::{Ctx, Edge, live, secrets, settings};

fn placed(n: i64) -> Event {
    Event::OrderPlaced { order: OrderId::from_i64(n), number: n.to_string(), total: Amount(100), currency: "DZD".parse().unwrap(), substatus: None }
}

fn moved(n: i64, to: OrderState) -> Event {
    Event::OrderMoved {
        order: OrderId::from_i64(n),
        action: OrderAction::Confirm,
        from: OrderState::Pending,
        to,
        reason: None,
        from_substatus: None,
        to_substatus: None,
    }
}

async fn jobs(edge: &Edge) -> Vec<(String, i64)> {
    edge.read(|tx, _| tx.rows("select kind, run_at from jobs where org_id = $1 order by id", params![tx.org()])).await.unwrap()
}

#[tokio::test]
async fn an_event_brings_its_jobs_and_its_history() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let (first, second) = edge
            .write(|tx, ctx| {
                let first = events::record(tx, ctx, placed(7))?;
                let second = events::record_with(tx, ctx, moved(7, OrderState::Confirmed), Details::text("she said yes"))?;
                events::record_without(tx, ctx, moved(7, OrderState::Shipped), Details::none(), &[JobKind::NotifyCustomer])?;
                events::record(tx, &ctx.at(Time(5)), moved(8, OrderState::Shipped))?;
                Ok((first, second))
            })
            .await
            .unwrap();

        let later = edge.ctx.now.plus_s(10).0;
        assert_eq!(jobs(&edge).await, [("notify_customer".to_owned(), later)], "confirmed only: not placed, not without, not replayed");

        let history = edge.read(|tx, ctx| events::of_subject(tx, ctx, "ord", 7, 50)).await.unwrap();
        assert_eq!(history.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["order.placed", "order.moved", "order.moved"]);
        assert_eq!((history[0].id, history[1].id), (first, second));
        assert_eq!(history[0].event().unwrap(), placed(7));
        assert_eq!(history[1].details, Details::text("she said yes"));
        assert!(history[0].automated && !history[0].is_sealed && history[1].data.get("kind").is_none());

        let all = |filter: EventFilter| edge.read(move |tx, ctx| events::list(tx, ctx, &filter));
        let page = all(EventFilter { limit: 3, ..EventFilter::default() }).await.unwrap();
        assert_eq!(page.items.len(), 3);
        let rest = all(EventFilter { limit: 3, before: page.next, ..EventFilter::default() }).await.unwrap();
        assert_eq!((rest.items.len(), rest.next, rest.items[0].at), (1, None, Time(5)));
        let some = |filter| async { all(filter).await.unwrap().items.len() };
        assert_eq!(some(EventFilter { kinds: vec!["order.moved".into()], limit: 9, ..EventFilter::default() }).await, 3);
        assert_eq!(some(EventFilter { subject: Some(("ord".into(), 8)), limit: 9, ..EventFilter::default() }).await, 1);
        assert_eq!(some(EventFilter { actor: Some(Actor::System), limit: 9, ..EventFilter::default() }).await, 4);
        assert_eq!(some(EventFilter { actor: Some(Actor::User(UserId::from_i64(1))), limit: 9, ..EventFilter::default() }).await, 0);
        assert_eq!(some(EventFilter { from: Some(Time(6)), until: Some(edge.ctx.now), limit: 9, ..EventFilter::default() }).await, 0);
    }
}

async fn seal_all(edge: &Edge) {
    while edge.write(|tx, ctx| chain::seal_until(tx, ctx, EventId::from_i64(i64::MAX))).await.unwrap() > 0 {}
}

async fn broken(edge: &Edge) -> Option<Break> {
    edge.read(chain::verify).await.unwrap().broken
}

async fn tamper(edge: &Edge, sql: &'static str, id: EventId) {
    assert_eq!(edge.write(move |tx, _| tx.execute(sql, params![tx.org(), id])).await.unwrap(), 1, "{sql}");
}

#[tokio::test]
async fn the_chain_shows_what_was_altered_removed_or_inserted() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let record = |n: i64| {
            edge.write(move |tx, ctx| {
                let details = Details::text(format!("Amina {n}"));
                events::record_with(tx, ctx, Event::CustomerChanged { customer: CustomerId::from_i64(n), fields: vec![] }, details)
            })
        };
        let first = edge.write(|tx, ctx| {
            let event = Event::CustomerChanged { customer: CustomerId::from_i64(0), fields: vec![] };
            Ok((events::record_with(tx, ctx, event, Details::text("Amina 0".to_owned()))?, chain::seal(tx, ctx)?))
        });
        let (first, sealed) = first.await.unwrap();
        assert_eq!(sealed, 0, "too young");
        let mut ids = vec![first];
        for n in 1..7 {
            ids.push(record(n).await.unwrap());
        }
        seal_all(&edge).await;
        let report = edge.read(chain::verify).await.unwrap();
        assert_eq!((report.checked, report.sealed, report.waiting, report.broken), (7, 7, 0, None));

        // Erasing a person leaves the chain whole.
        assert!(
            edge.write({
                let id = ids[2];
                move |tx, ctx| events::erase_details(tx, ctx, id)
            })
            .await
            .unwrap()
        );
        assert_eq!(edge.write(|tx, ctx| events::erase_details_of(tx, ctx, "cus", 3)).await.unwrap(), 1);
        assert_eq!(broken(&edge).await, None);
        let erased = edge
            .read({
                let id = ids[2];
                move |tx, ctx| events::find(tx, ctx, id)
            })
            .await
            .unwrap()
            .unwrap();
        assert!(erased.is_erased && erased.details.is_empty() && erased.is_sealed);

        tamper(&edge, "update event_details set data = '{}' where org_id = $1 and event_id = $2", ids[5]).await;
        assert_eq!(broken(&edge).await, Some(Break::DetailsAltered { event: ids[5] }));
        tamper(&edge, "update events set at = at + 1 where org_id = $1 and id = $2", ids[4]).await;
        assert_eq!(broken(&edge).await, Some(Break::Altered { event: ids[4] }));
        tamper(&edge, "delete from events where org_id = $1 and id = $2", ids[1]).await;
        assert_eq!(broken(&edge).await, Some(Break::Removed { seq: 2 }));
    }
}

#[tokio::test]
async fn the_ends_of_the_chain_are_guarded_and_stragglers_are_sealed() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        let mut ids = Vec::new();
        for n in 0..3 {
            ids.push(edge.write(move |tx, ctx| events::record(tx, ctx, placed(n))).await.unwrap());
        }
        // The largest id was committed first; the smaller ones come late and are not skipped.
        let last = ids[2];
        edge.write(move |tx, _| tx.execute("update events set chain_seq = -id where org_id = $1 and id <> $2", params![tx.org(), last]))
            .await
            .unwrap();
        seal_all(&edge).await;
        edge.write(|tx, _| tx.execute("update events set chain_seq = null where org_id = $1 and chain_seq < 0", params![tx.org()])).await.unwrap();
        seal_all(&edge).await;
        let report = edge.read(chain::verify).await.unwrap();
        assert_eq!((report.checked, report.broken), (3, None));

        let extra = edge.write(|tx, ctx| events::record(tx, ctx, placed(9))).await.unwrap();
        tamper(&edge, "update events set chain_seq = 4, chain_hash = details_hash where org_id = $1 and id = $2", extra).await;
        assert_eq!(broken(&edge).await, Some(Break::Inserted { event: extra }));
        tamper(&edge, "delete from events where org_id = $1 and id = $2", extra).await;
        tamper(&edge, "delete from events where org_id = $1 and id = $2", ids[1]).await;
        assert_eq!(broken(&edge).await, Some(Break::Removed { seq: 3 }), "the newest is gone");
    }
}

#[tokio::test]
async fn a_changed_setting_is_seen_at_once_and_remembered() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        assert_eq!(edge.ctx.settings.orders.undo_seconds, 10);
        let set = |fields: serde_json::Value, version: Option<i64>| {
            edge.write(move |tx, ctx| settings::set(tx, ctx, "orders", fields.as_object().unwrap(), version))
        };
        let view = set(json!({"undo_seconds": 30}), Some(0)).await.unwrap();
        assert_eq!((view.version, view.value["undo_seconds"].clone(), view.value["max_lines"].clone()), (1, json!(30), json!(1_000)));
        assert_eq!(world.base.settings(world.org).await.orders.undo_seconds, 30);
        assert_eq!(set(json!({"undo_seconds": 30}), None).await.unwrap().version, 1, "nothing changed");
        assert!(matches!(set(json!({"undo_seconds": 5}), Some(0)).await, Err(Error::Stale { version: 1, fields }) if fields == ["undo_seconds"]));
        assert!(matches!(set(json!({"undo_seconds": 5, "x": 1}), None).await, Err(Error::Invalid(_))));
        assert!(matches!(edge.write(|tx, ctx| settings::set(tx, ctx, "x", &serde_json::Map::new(), None)).await, Err(Error::NotFound { .. })));

        let changes = edge.read(|tx, ctx| events::of_subject(tx, ctx, "usr", 0, 9)).await.unwrap();
        assert_eq!(
            (changes.len(), changes[0].details.changes[0].before.clone(), changes[0].details.changes[0].after.clone()),
            (1, json!(10), json!(30))
        );
        let listed = edge.read(settings::list).await.unwrap();
        assert_eq!(listed.len(), settings::SECTIONS.len());

        let weak = Ctx { permissions: kernel::Permissions::default(), ..(*edge.ctx).clone() };
        let weak = world.base.edge(weak);
        assert!(matches!(weak.read(settings::list).await, Err(Error::Forbidden { .. })));
    }
}

#[tokio::test]
async fn secrets_are_sealed_in_the_database_and_a_wrong_key_is_noticed() {
    for engine in ENGINES {
        let world = World::on(engine).await;
        let edge = world.edge().await;
        edge.write(|tx, ctx| secrets::set(tx, ctx, "erp", &Hidden::new("hush"))).await.unwrap();
        let found = edge.read(|tx, ctx| secrets::find(tx, ctx, "erp")).await.unwrap();
        assert_eq!(found.unwrap().reveal(), "hush");
        let (sealed,): (Vec<u8>,) = edge.read(|tx, _| tx.one("select sealed from secrets where org_id = $1", params![tx.org()])).await.unwrap();
        assert!(!sealed.windows(4).any(|some| some == b"hush"));
        assert_eq!(edge.read(secrets::list).await.unwrap()[0].name, "erp");

        let db = world.base.db().clone();
        let wrong = secrets::Secrets::new(secrets::MasterKey::random());
        let said = secrets::check_key(&db, &wrong).unwrap_err().to_string();
        assert!(said.contains("not the master key") && said.contains("KAFILA_MASTER_KEY"), "{said}");

        // Rotation: the old key opens, the new one seals, then the old one is not needed any more.
        let with = |keys: &[[u8; 32]]| {
            let text = keys.iter().map(hex::encode).collect::<Vec<_>>().join("\n");
            let secrets = Arc::new(secrets::Secrets::new(secrets::MasterKey::parse(&text, "x").unwrap()));
            move |ctx: &Ctx| Ctx { secrets: Arc::clone(&secrets), ..ctx.clone() }
        };
        let (old, new) = ([1; 32], [2; 32]);
        let (only_old, both, only_new) = (with(&[old]), with(&[new, old]), with(&[new]));
        edge.write(move |tx, ctx| secrets::set(tx, &only_old(ctx), "erp", &Hidden::new("hush"))).await.unwrap();
        assert_eq!(edge.write(move |tx, ctx| secrets::rewrap(tx, &both(ctx))).await.unwrap(), 1);
        assert_eq!(edge.read(move |tx, ctx| secrets::find(tx, &only_new(ctx), "erp")).await.unwrap().unwrap().reveal(), "hush");
        edge.write(|tx, ctx| secrets::remove(tx, ctx, "erp")).await.unwrap();
        assert!(matches!(edge.write(|tx, ctx| secrets::remove(tx, ctx, "erp")).await, Err(Error::NotFound { .. })));
    }
}

#[tokio::test]
async fn two_processes_have_two_nodes_and_hear_of_each_other() {
    let world = World::on(db::Engine::Postgres).await;
    let listeners = async |edge: &Edge| -> i64 {
        let sql = "select count(*) from pg_stat_activity where datname = current_database() and lower(query) like 'listen%'";
        edge.read(move |tx, _| tx.one::<(i64,)>(sql, params![])).await.unwrap().0
    };
    let second = world.second();
    let node = |base: &crate::Base| crate::nodes::node_of(base.db().ids().next());
    assert_ne!(node(&world.base), node(&second));
    assert_eq!(listeners(&world.edge().await).await, 2);

    let (mut here, mut there) = (world.base.live().subscribe(world.org, None), second.live().subscribe(world.org, None));
    let before = second.settings(world.org).await;
    assert_eq!(before.orders.undo_seconds, 10);
    let edge = world.edge().await;
    edge.write(|tx, ctx| settings::set(tx, ctx, "orders", json!({"undo_seconds": 20}).as_object().unwrap(), None)).await.unwrap();
    for stream in [&mut here, &mut there] {
        loop {
            let event = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("heard in time").unwrap();
            if event.topic == settings::TOPIC {
                break;
            }
        }
    }
    assert_eq!(second.settings(world.org).await.orders.undo_seconds, 20);

    // A number given back is taken again.
    let given_back = node(&second);
    drop((there, second));
    // What a process held is free after it: no thread keeps the database open.
    let waiting = async {
        while listeners(&edge).await > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("its connections end");
    let third = world.second();
    assert_eq!(node(&third), given_back);
}

#[tokio::test]
async fn a_change_without_a_notification_is_found_by_looking() {
    let world = World::on(db::Engine::Postgres).await;
    let edge = world.edge().await;
    let mut stream = world.base.live().subscribe(world.org, None);
    // As if another process had written it, whose notification was lost.
    let (org, id) = (world.org, world.base.db().ids().next());
    edge.write(move |tx, _| {
        tx.execute(
            "insert into events (org_id, id, at, kind, subject_kind, subject_id, actor_kind, automated, request_id, data)
             values ($1, $2, 0, 'order.moved', 'ord', 77, 'system', 1, '', '{}')",
            params![org, id],
        )
    })
    .await
    .unwrap();
    let event = tokio::time::timeout(Duration::from_secs(15), stream.next()).await.expect("found in time").unwrap();
    assert_eq!((event.topic, event.id), (live::topic_of("ord"), 77));
}

#[tokio::test]
async fn a_wrong_key_stops_the_start() {
    let world = World::on(db::Engine::Sqlite).await;
    let config = world.base.db().config().clone();
    let (dir, key) = (world.place.dir.path().to_owned(), world.key.clone());
    let World { base, place, .. } = world;
    drop(base);
    let error = loop {
        // The file is free a moment after the last handle is gone.
        match db::Db::open(&config) {
            Err(_) => tokio::task::yield_now().await,
            Ok(opened) => {
                drop(opened);
                break start(&config, crate::secrets::MasterKey::random(), dir.clone()).err().unwrap();
            }
        }
    };
    assert!(error.to_string().contains("Put the right keys/master.key back"), "{error}");
    start(&config, key, dir).unwrap();
    drop(place);
}
