//! Imports as jobs.

use base::files::{self, NewFile};
use base::jobs::{Next, Runner};
use base::tasks::{self, TaskView};
use base::worker::{TaskRun, Worker};
use base::{Ctx, Sees, Stores};
use kernel::{Error, JobKind, Permission, TaskId, TaskState};
use store_sync::{NewImport, Preset};

use crate::world::{World, on_both};

pub(crate) fn runner(kind: JobKind) -> Runner {
    match kind {
        JobKind::ImportOrders => Runner::Task(|run: TaskRun| Box::pin(store_sync::run_job(run, crate::world::words))),
        JobKind::UndoImport => Runner::Task(|run: TaskRun| Box::pin(store_sync::run_undo(run, crate::world::words))),
        _ => Runner::Local(|_, _, _| Ok(Next::Done)),
    }
}

pub(crate) fn file(orders: u32, bad: u32) -> String {
    let mut text = "order_ref,placed_at,customer_name,customer_phone,title,quantity,unit_price\n".to_owned();
    for n in 0..orders {
        text.push_str(&format!("J-{n},2026-03-01,Lina,0550{:06},Dress,1,100\n", 100_000 + n));
    }
    for n in 0..bad {
        text.push_str(&format!("B-{n},2026-03-01,Lina,12,Dress,1,100\n"));
    }
    text
}

pub(crate) async fn uploaded(world: &World, name: &str, content: &str) -> NewImport {
    let new = NewFile { name: name.to_owned(), content_type: "text/csv".to_owned(), keep_until: None };
    let file = files::put(&world.edge().await, new, content.as_bytes()).await.unwrap();
    NewImport { file: file.id, preset: Preset::Kafila, store: None, is_dry_run: false, mapping: None, encoding: None }
}

pub(crate) async fn begin(world: &World, new: &NewImport) -> Result<TaskId, Error> {
    let new = new.clone();
    world.edge().await.write(move |tx, ctx| store_sync::begin(tx, ctx, &new)).await
}

pub(crate) async fn view(world: &World, task: TaskId) -> TaskView {
    world.edge().await.read(move |tx, ctx| tasks::view(tx, ctx, task)).await.unwrap()
}

#[tokio::test]
async fn an_upload_is_brought_in_and_its_task_tells_what_came_of_it() {
    on_both(|world| async move {
        let new = uploaded(&world, "orders.csv", &file(130, 3)).await;
        let task = begin(&world, &new).await.unwrap();
        assert_eq!(begin(&world, &new).await.unwrap_err().code(), "task.twin");
        let ran = Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
        assert_eq!(ran.failed, []);

        let seen = view(&world, task).await;
        assert_eq!((seen.state, seen.done, seen.total, seen.errors), (TaskState::Done, 133, 133, 3));
        assert_eq!((&seen.result["orders_created"], &seen.result["rejected"], &seen.result["dry_run"]), (&130.into(), &3.into(), &false.into()));
        let (kept, _) = files::open(&world.edge().await, seen.result_file.unwrap()).await.unwrap();
        assert_eq!(kept.name, "orders.csv.rejects.csv");
        let refused = std::fs::read_to_string(kept.path(&world.base)).unwrap();
        assert_eq!(refused.lines().count(), 4);
        assert!(refused.contains("customer_phone,phone,en: phone"), "{refused}");
        let told = world.texts("select kind from events where org_id = $1 and kind like 'import.%' order by id").await;
        assert_eq!(told, ["import.started", "import.finished"]);
        assert_eq!(std::fs::read_dir(world.base.data_dir().join("imports")).unwrap().count(), 0, "nothing is left lying about");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_leaves_only_its_task() {
    on_both(|world| async move {
        let before = world.rows_in_all().await;
        let new = NewImport { is_dry_run: true, ..uploaded(&world, "orders.csv", &file(60, 1)).await };
        let task = begin(&world, &new).await.unwrap();
        Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
        let seen = view(&world, task).await;
        assert_eq!((seen.state, seen.result["orders_created"].as_i64(), seen.errors), (TaskState::Done, Some(60), 1));
        assert_eq!(world.rows_in_all().await, before + 2, "two events tell that it was tried");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_was_broken_off_goes_on_behind_its_last_batch() {
    on_both(|world| async move {
        let new = uploaded(&world, "orders.csv", &file(170, 2)).await;
        let task = begin(&world, &new).await.unwrap();
        // The second batch finds the database failing: the attempt ends, the job waits for the next one.
        world.base.db().fail_statement(1_500);
        let worker = Worker::new(world.base.clone(), runner);
        let ran = worker.run_until_idle().await.unwrap();
        assert_eq!(ran.failed.len(), 1, "the failure was asked for");
        let so_far = world.number("select count(*) from orders where org_id = $1").await;
        assert!((1..170).contains(&so_far), "{so_far}");

        world.base.clock().advance_us(60 * kernel::Time::SECOND);
        let ran = worker.run_until_idle().await.unwrap();
        assert_eq!(ran.failed, []);
        let seen = view(&world, task).await;
        assert_eq!((seen.state, seen.result["orders_created"].as_i64(), seen.errors), (TaskState::Done, Some(170), 2), "what was done counts once");
        assert_eq!(world.number("select count(*) from orders where org_id = $1").await, 170);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_file_fails_at_once_and_says_why() {
    let world = World::on(db::Engine::Sqlite).await;
    let new = uploaded(&world, "orders.csv", "a,b\n1,2\n").await;
    let task = begin(&world, &new).await.unwrap();
    Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
    let seen = view(&world, task).await;
    assert_eq!(seen.state, TaskState::Failed);
    assert_eq!(seen.message.as_deref(), Some("en: import.columns_missing columns title, quantity, unit_price"));
}

#[tokio::test]
async fn who_does_not_see_the_store_does_not_import_into_it() {
    let world = World::on(db::Engine::Sqlite).await;
    let new = uploaded(&world, "orders.csv", &file(3, 0)).await;
    let main = world.write(|tx, ctx| Ok(access::stores::by_code(tx, ctx, "MAIN")?.id)).await;
    let purna = world.write(|tx, ctx| Ok(access::stores::create(tx, ctx, &access::NewStore::algerian("PURNA", "Purna"))?.id)).await;
    let rights = [Permission::OrderImport, Permission::StoreRead];
    let refused = |store: Option<&str>| {
        let (world, new) = (&world, NewImport { store: store.map(str::to_owned), ..new.clone() });
        async move {
            let edge = world.edge().await;
            let sees = Sees { stores: Stores::These(vec![main]), ..Sees::everything() };
            let ctx = Ctx { permissions: rights.into_iter().collect(), sees, ..(*edge.ctx).clone() };
            world.base.edge(ctx).write(move |tx, ctx| store_sync::begin(tx, ctx, &new)).await
        }
    };
    assert_eq!(refused(None).await.unwrap_err().to_string(), "invalid input (store: required)");
    assert_eq!(refused(Some("PURNA")).await.unwrap_err().to_string(), "invalid input (store: unknown)");
    refused(Some("main")).await.unwrap();
    let _ = purna;
}
