//! What pages and the API ask the database for is found by an index, so that an answer takes as long in a shop of
//! ten years as in one of a week.
//!
//! The embedded engine does not know how much stands in a table, so its plans are the same in an empty shop and in a full one.

use std::collections::BTreeMap;

use axum::http::Method;
use kernel::JobKind;
use serde_json::json;
use testkit::{ADMIN, Shop};
use web::{Kind, route_table};

use crate::matrix::{World, call, key_of};

/// Tables that grow with what a shop sells. The others hold what people set up.
const GROWING: [&str; 32] = [
    "attachments",
    "bulk_items",
    "credit_note_lines",
    "credit_notes",
    "customer_addresses",
    "customer_codes",
    "customer_consents",
    "customer_facets",
    "customer_flags",
    "customer_merge_items",
    "customer_merges",
    "customer_notes",
    "customer_phones",
    "customer_totals",
    "customers",
    "document_numbers",
    "escalations",
    "event_details",
    "events",
    "files",
    "idempotency",
    "import_items",
    "note_mentions",
    "order_edits",
    "order_facets",
    "order_holds",
    "order_lines",
    "order_notes",
    "orders",
    "tracking_entries",
    "tracking_links",
    "transactions",
];

/// What needs a customer's link, a session of one's own, or something that this shop does not have: a backup, a draft of the rules, a
/// file that was made.
const NOT_LOOKED_AT: [&str; 28] = [
    "lookAtLink",
    "listOwnSessions",
    "getQuote",
    "trackOrder",
    "listOwnOrders",
    "personFile",
    "taskFile",
    "getBackup",
    "takeBackup",
    "takeManifest",
    "getRuleDraft",
    "page_reset",
    "page_join",
    "page_verify",
    "page_set_up",
    "page_tracked",
    "page_own_change",
    "page_own_cancel",
    "page_own_figures",
    "page_own_orders",
    "page_own_order",
    "page_new_bulk",
    "page_task_file",
    "page_backup",
    "page_take_backup",
    "page_take_manifest",
    "page_person_file",
    "page_quote",
];

/// The table behind a name that a statement gives it.
fn table<'a>(sql: &'a str, name: &'a str) -> &'a str {
    let words: Vec<&str> = sql.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_')).filter(|word| !word.is_empty()).collect();
    let named = words.windows(3).find(|three| matches!(three[0], "from" | "join") && three[2] == name);
    named.map_or(name, |three| three[1])
}

/// What a line of a plan reads whole, if it does: the name of a table.
fn read_whole(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix("SCAN ") {
        return rest.split(' ').next();
    }
    // The organization is the same in all rows of nearly every shop.
    let rest = line.strip_prefix("SEARCH ")?;
    rest.ends_with("(org_id=?)").then(|| rest.split(' ').next()).flatten()
}

#[tokio::test]
async fn a_worker_finds_its_jobs_however_many_of_other_kinds_are_due() {
    let shop = Shop::new().await;
    let purge = |tx: &mut db::Tx, ctx: &base::Ctx| base::jobs::enqueue(tx, ctx, base::jobs::NewJob::now(ctx, JobKind::Purge, json!({})));
    shop.edge().await.write(purge).await.unwrap();
    let db = shop.base().db();
    db.record_statements(true);
    assert_eq!(shop.run_jobs().await.done, 1);
    db.record_statements(false);
    let leasing = db.take_recorded().into_iter().find(|told| told.sql.contains("with due as")).expect("jobs were looked for");
    let explain = format!("explain query plan {}", leasing.sql);
    let steps: Vec<(i64, i64, i64, String)> = db.system_read(move |tx| tx.rows(&explain, leasing.params.clone())).await.unwrap();
    let reads: Vec<&str> = steps.iter().map(|(.., step)| step.as_str()).filter(|step| step.contains(" jobs ")).collect();
    let (of_kind, by_id): (Vec<&str>, Vec<&str>) =
        reads.iter().partition(|step| step.contains("jobs_due_by_kind (org_id=? AND kind=? AND run_at<?)"));
    assert_eq!(of_kind.len(), JobKind::ALL.len(), "{steps:#?}");
    assert!(by_id.len() == 1 && by_id[0].ends_with("(org_id=? AND id=?)"), "{by_id:?}");
    assert_eq!(steps.iter().filter(|(.., step)| step.contains("TEMP B-TREE")).count(), 1, "each kind is in order by itself: {steps:?}");
}

#[tokio::test]
async fn nothing_that_is_looked_at_reads_a_growing_table_whole() {
    let shop = Shop::new().await;
    let world = World::of(&shop).await;
    let (token, cookie) = (key_of(&shop.admin()).await, shop.cookie(ADMIN).await);
    let db = shop.base().db();
    let (mut asked, mut refused) = (BTreeMap::new(), Vec::new());
    for route in route_table().iter().filter(|route| route.method == Method::GET && matches!(route.kind, Kind::Page | Kind::Api)) {
        let asks = if route.id == "search" { "?q=amina" } else { "" };
        let path = format!("{}{asks}", world.path(route));
        db.record_statements(true);
        let answer = call(&shop, route, &path, None, Some(&token), Some(&cookie)).await;
        db.record_statements(false);
        if answer.status.is_client_error() || answer.status.is_server_error() {
            refused.push(route.id);
        }
        for told in db.take_recorded() {
            asked.entry(told.sql).or_insert((path.clone(), told.params));
        }
    }
    assert_eq!(refused, NOT_LOOKED_AT, "what is refused is not looked at");
    assert!(asked.len() > 150, "only {} statements were seen", asked.len());
    let mut wrong = Vec::new();
    for (sql, (path, params)) in asked {
        let explain = format!("explain query plan {sql}");
        let steps: Vec<(i64, i64, i64, String)> = db.system_read(move |tx| tx.rows(&explain, params.clone())).await.unwrap();
        for (_, within, _, step) in &steps {
            let Some(name) = read_whole(step).map(|name| table(&sql, name)).filter(|name| GROWING.contains(name)) else { continue };
            // The first of many in the order of an index: reading ends when enough are found.
            let is_sorted_after = steps.iter().any(|(_, beside, _, other)| beside == within && other.contains("TEMP B-TREE FOR ORDER BY"));
            if is_sorted_after || !sql.contains(" limit ") {
                let steps: Vec<&str> = steps.iter().map(|(.., step)| step.as_str()).collect();
                wrong.push(format!("{path} reads {name} whole: {}\n  {sql}", steps.join("; ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} statements:\n{}", wrong.len(), wrong.join("\n"));
}
