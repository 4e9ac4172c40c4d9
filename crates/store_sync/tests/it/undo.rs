//! Taking imports back.

use std::collections::BTreeMap;

use base::worker::Worker;
use db::Value;
use kernel::{ImportId, TaskState};
use orders::{Move, NewNote};
use store_sync::{Done, ImportState, Preset};

use crate::jobs::{file, runner, view};
use crate::world::{World, on_both};

/// Everything that an import must not leave: all rows of all tables but history, tasks, jobs, files and the
/// record of imports; counters whose sum is nothing count as none.
async fn traces(world: &World) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    let counted: [(&str, &str); 12] = [
        ("orders", "select number || coalesce(external_ref, '') || state as text from orders where org_id = $1 order by id"),
        ("lines", "select cast(id as text) as text from order_lines where org_id = $1 order by id"),
        ("notes", "select cast(id as text) as text from order_notes where org_id = $1 order by id"),
        ("cancellations", "select cast(id as text) as text from order_cancellations where org_id = $1 order by id"),
        ("credits", "select cast(id as text) as text from credit_notes where org_id = $1 order by id"),
        ("credit lines", "select cast(id as text) as text from credit_note_lines where org_id = $1 order by id"),
        ("money", "select cast(id as text) as text from transactions where org_id = $1 order by id"),
        ("customers", "select name || coalesce((select min(phone) from customer_phones p where p.org_id = $1 and p.customer_id = c.id), '') as text
                         from customers c where org_id = $1 order by id"),
        (
            "totals",
            "select customer_id || ' ' || orders || ' ' || delivered || ' ' || cancelled || ' ' || ordered_total || ' ' || first_order_at || ' ' || last_order_at as text
               from customer_totals where org_id = $1 order by customer_id",
        ),
        ("catalogue", "select known_by as text from variants where org_id = $1 union all select title from products where org_id = $1 order by 1"),
        ("counters", "select key || ' ' || sum(value) as text from counters where org_id = $1 group by key having sum(value) <> 0 order by key"),
        (
            "days",
            "select day || ' ' || state || ' ' || sum(orders) || ' ' || sum(total) as text from order_days where org_id = $1
              group by day, state having sum(orders) <> 0 order by day, state",
        ),
    ];
    for (name, sql) in counted {
        all.insert(name, world.texts(sql).await);
    }
    all
}

async fn undone(world: &World, import: ImportId) -> kernel::TaskId {
    let task = world.write(move |tx, ctx| store_sync::begin_undo(tx, ctx, import)).await;
    let ran = Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
    assert_eq!(ran.failed, []);
    task
}

async fn record(world: &World, import: ImportId) -> store_sync::Import {
    world.edge().await.read(move |tx, ctx| store_sync::find_import(tx, ctx, import)).await.unwrap()
}

const PAST: &str = "order_ref,placed_at,customer_name,customer_phone,sku,title,quantity,unit_price,state,note,paid_amount,tags\n\
    P-1,2026-03-01,Amina,0550142387,LIN,Dress,2,100,DELIVERED,call first,200,vip\n\
    P-2,2026-03-02,Amina,0550142387,LIN,Dress,1,100,CANCELLED,,,\n\
    P-3,2026-03-03,Karim,0661223344,SOAP,Soap,1,50,PENDING,,,\n\
    P-4,2026-03-04,Lina,0770112233,SOAP,Soap,1,50,RETURNED,,,\n";

async fn import(world: &World, name: &str, text: &str) -> Done {
    let path = world.file(name, text);
    world.import(&path, Preset::Kafila, |_| {}).await.unwrap()
}

#[tokio::test]
async fn an_import_undone_leaves_no_trace_but_history() {
    on_both(|world| async move {
        // Amina and the soap were known before.
        import(
            &world,
            "before.csv",
            "order_ref,placed_at,customer_name,customer_phone,sku,title,quantity,unit_price\nB-1,2026-02-01,Amina,0550142387,SOAP,Soap,1,50\n",
        )
        .await;
        let before = traces(&world).await;
        let done = import(&world, "past.csv", PAST).await;
        assert_eq!(done.summary.orders_created, 4);
        assert_ne!(traces(&world).await, before);

        let task = undone(&world, done.import.unwrap()).await;
        assert_eq!(traces(&world).await, before);
        let seen = view(&world, task).await;
        assert_eq!((seen.state, seen.result["removed"].as_i64(), seen.result["kept"].as_i64()), (TaskState::Done, Some(4), Some(0)));
        let record = record(&world, done.import.unwrap()).await;
        assert_eq!((record.state, record.made, record.removed, record.kept), (ImportState::Undone, 4, 4, 0));
        let history = world
            .texts("select kind || ' ' || count(*) as text from events where org_id = $1 and kind like '%taken_back' group by kind order by kind")
            .await;
        assert_eq!(history, ["customer.taken_back 2", "order.taken_back 4"]);

        // It can come in again, and be taken back again.
        let again = import(&world, "past.csv", PAST).await;
        assert_eq!(again.summary.orders_created, 4);
        undone(&world, again.import.unwrap()).await;
        assert_eq!(traces(&world).await, before);
        let refused = world.edge().await.write(move |tx, ctx| store_sync::begin_undo(tx, ctx, again.import.unwrap())).await.unwrap_err();
        assert_eq!(refused.code(), "import.undone");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_has_touched_stays_and_is_named() {
    on_both(|world| async move {
        let done = import(&world, "past.csv", PAST).await;
        let import = done.import.unwrap();
        world
            .write(|tx, ctx| {
                let store = access::stores::by_code(tx, ctx, "MAIN")?.id;
                let touched = orders::find_by_ref(tx, ctx, store, "P-3")?.unwrap();
                orders::act(tx, ctx, touched.id, &Move::new(kernel::OrderAction::Confirm))?;
                let noted = orders::find_by_ref(tx, ctx, store, "P-4")?.unwrap();
                let note = NewNote {
                    audience: kernel::NoteAudience::Internal,
                    text: "hm".into(),
                    kind: None,
                    data: serde_json::Map::new(),
                    mentions: Vec::new(),
                };
                orders::add_note(tx, ctx, noted.id, &note).map(drop)
            })
            .await;
        let task = undone(&world, import).await;
        assert_eq!(world.texts("select external_ref as text from orders where org_id = $1 order by external_ref").await, ["P-3", "P-4"]);
        let seen = view(&world, task).await;
        assert_eq!((seen.result["removed"].as_i64(), seen.result["kept"].as_i64()), (Some(2), Some(2)));
        let named: Vec<&str> = seen.result["kept_orders"].as_array().unwrap().iter().map(|one| one["because"].as_str().unwrap()).collect();
        assert_eq!(named, ["touched", "touched"]);
        let (kept, _) = base::files::open(&world.edge().await, seen.result_file.unwrap()).await.unwrap();
        let text = std::fs::read_to_string(kept.path(&world.base)).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        // Their customers stay with them; Amina is gone.
        assert_eq!(world.texts("select name as text from customers where org_id = $1 order by name").await, ["Karim", "Lina"]);
        assert_eq!(world.texts("select known_by as text from variants where org_id = $1").await, ["s:SOAP"]);
        assert_eq!(std::fs::read_dir(world.base.data_dir().join("imports")).unwrap().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_customer_somebody_has_changed_stays() {
    let world = World::on(db::Engine::Sqlite).await;
    let done = import(&world, "past.csv", PAST).await;
    world
        .write(|tx, ctx| {
            let karim = customers::by_phone(tx, &kernel::Phone::from_e164("+213661223344").unwrap())?.unwrap();
            customers::change(tx, ctx, karim.id, &customers::CustomerChange { name: Some("Karim Z".into()), ..Default::default() }).map(drop)
        })
        .await;
    undone(&world, done.import.unwrap()).await;
    assert_eq!(world.texts("select name as text from customers where org_id = $1").await, ["Karim Z"]);
    assert_eq!(world.number("select count(*) from customer_totals where org_id = $1").await, 0);
}

#[tokio::test]
async fn credit_notes_of_an_import_go_with_it() {
    on_both(|world| async move {
        let text = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n\
            500001,70000,LAMP,2,2010-03-01 09:00:00,1.25,13000,France\n\
            C600000,70000,LAMP,-1,2010-03-02 09:00:00,1.25,13000,France\n\
            A600001,B,Adjust bad debt,1,2010-03-03 09:00:00,-5.00,,France\n";
        // The store stays open, as stores do.
        let path = world.file("retail.csv", text);
        let first = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap();
        undone(&world, first.import.unwrap()).await;
        let before = traces(&world).await;
        assert!(before["orders"].is_empty() && before["credits"].is_empty() && before["customers"].is_empty(), "{before:?}");
        let done = world.import(&path, Preset::OnlineRetail, |_| {}).await.unwrap();
        assert_eq!((done.summary.orders_created, done.summary.credit_notes_linked, done.summary.adjustments), (1, 1, 1));
        undone(&world, done.import.unwrap()).await;
        assert_eq!(traces(&world).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_undo_that_was_broken_off_goes_on_where_it_was() {
    on_both(|world| async move {
        let before = traces(&world).await;
        let done = import(&world, "orders.csv", &file(150, 0)).await;
        let import = done.import.unwrap();
        let task = world.write(move |tx, ctx| store_sync::begin_undo(tx, ctx, import)).await;
        // A later slice finds the database failing: the attempt ends, the job waits for the next one.
        world.base.db().fail_statement(1_700);
        let worker = Worker::new(world.base.clone(), runner);
        assert_eq!(worker.run_until_idle().await.unwrap().failed.len(), 1, "the failure was asked for");
        let left = world.number("select count(*) from orders where org_id = $1").await;
        assert!((1..150).contains(&left), "of 150 orders {left} are left");
        world.base.clock().advance_us(60 * kernel::Time::SECOND);
        assert_eq!(worker.run_until_idle().await.unwrap().failed, []);
        assert_eq!(view(&world, task).await.result["removed"].as_i64(), Some(150));
        assert_eq!(traces(&world).await, before);
    })
    .await;
}

#[tokio::test]
async fn the_command_takes_back_without_a_job() {
    let world = World::on(db::Engine::Sqlite).await;
    let before = traces(&world).await;
    let done = import(&world, "orders.csv", &file(90, 0)).await;
    let mut told = Vec::new();
    let undone = store_sync::undo(&world.edge().await, done.import.unwrap(), |undone| told.push(undone.removed)).await.unwrap();
    assert_eq!((undone.removed, undone.kept, undone.of), (90, 0, 90));
    assert_eq!(told, [40, 80, 90]);
    assert_eq!(traces(&world).await, before);
}

#[tokio::test]
async fn a_dry_run_is_no_import_and_an_import_under_way_is_not_taken_back() {
    let world = World::on(db::Engine::Sqlite).await;
    let path = world.file("past.csv", PAST);
    let dry = world.import(&path, Preset::Kafila, |options| options.is_dry_run = true).await.unwrap();
    assert_eq!(dry.import, None);
    assert_eq!(world.number("select count(*) from imports where org_id = $1").await, 0);

    let new = crate::jobs::uploaded(&world, "orders.csv", &file(3, 0)).await;
    crate::jobs::begin(&world, &new).await.unwrap();
    let all = world.edge().await.read(|tx, ctx| store_sync::list_imports(tx, ctx, None, 10)).await.unwrap();
    let id = all[0].id;
    let refused = world.edge().await.write(move |tx, ctx| store_sync::begin_undo(tx, ctx, id)).await.unwrap_err();
    assert_eq!(refused.code(), "import.running");
    Worker::new(world.base.clone(), runner).run_until_idle().await.unwrap();
    undone(&world, id).await;
    assert_eq!(record(&world, id).await.state, ImportState::Undone);
}

#[tokio::test]
async fn an_order_that_something_points_to_stays() {
    on_both(|world| async move {
        let done = import(&world, "past.csv", PAST).await;
        world
            .write(|tx, ctx| {
                let store = access::stores::by_code(tx, ctx, "MAIN")?.id;
                let told = orders::find_by_ref(tx, ctx, store, "P-3")?.unwrap();
                tx.execute(
                    "insert into messages (org_id, id, order_id, channel, template, locale, subject, body, state, created_at)
                     values ($1, 1, $2, 'email', 'order', 'fr', '', '', 'sent', 1)",
                    vec![Value::Int(kernel::Id::to_i64(tx.org())), Value::Int(kernel::Id::to_i64(told.id))],
                )
            })
            .await;
        let task = undone(&world, done.import.unwrap()).await;
        let seen = view(&world, task).await;
        assert_eq!(seen.result["kept_orders"][0]["because"], "used", "{seen:?}");
        assert_eq!(world.texts("select external_ref as text from orders where org_id = $1").await, ["P-3"]);
        assert_eq!(world.texts("select name as text from customers where org_id = $1").await, ["Karim"]);
    })
    .await;
}
