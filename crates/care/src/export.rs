//! Everything that is kept about a person, as a file for programs (JSON) and one for people (HTML).
//!
//! A job writes both while it reads, some orders at a time, so that it needs little memory however much there
//! is. It reads with all rights, because the files are for the person herself; whoever may ask for them has a
//! right of their own. The files go after a week.

use std::path::PathBuf;

use base::Ctx;
use base::events::{self, EventView};
use base::files::{self, NewFile};
use base::jobs::Next;
use base::tasks::{self, NewTask, Outcome, Progress, TaskView};
use base::worker::TaskRun;
use customers::merge;
use db::Tx;
use kernel::{CustomerId, Error, Event, FileId, JobKind, Locale, OrderId, Permission, TaskId, Time};
use orders::OrderDetail;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::html;
use crate::timeline::{EntryKind, What, timeline};

/// How long the files are kept.
const KEPT_DAYS: i64 = 7;
/// Orders that are read at a time.
const AT_A_TIME: u32 = 20;

#[derive(Serialize, Deserialize)]
struct Payload {
    customer: CustomerId,
    locale: Locale,
}

/// Which of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFile {
    /// For programs.
    Json,
    /// For people.
    Html,
}

/// Begins to write down everything that is kept about a person; the task shows how far it is. Needs
/// `customer.export`. `Conflict` `task.twin` while the same is under way, `customer.erased`.
pub fn begin(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<TaskId, Error> {
    ctx.require(Permission::CustomerExport)?;

    let customer = customers::find(tx, ctx, id)?;
    if customer.erased_at.is_some() {
        return Err(Error::conflict("customer.erased"));
    }
    let payload = serde_json::to_value(Payload { customer: customer.id, locale: ctx.locale }).map_err(Error::internal)?;
    let title = customer.id.to_string();
    let twin = Some(format!("export_person:{}", customer.id));
    let (task, _) = tasks::enqueue(tx, ctx, NewTask { kind: JobKind::ExportPerson, title }, payload, twin)?;

    events::record(tx, ctx, Event::PersonExported { customer: customer.id, task })?;
    Ok(task)
}

/// The file that came of a task, if it is about this person. Needs `customer.export`.
pub fn file(tx: &mut Tx, ctx: &Ctx, id: CustomerId, task: TaskId, which: ExportFile) -> Result<FileId, Error> {
    ctx.require(Permission::CustomerExport)?;

    let customer = customers::find(tx, ctx, id)?;
    let all = Ctx { permissions: kernel::Permissions::all(), ..ctx.clone() };
    let task: TaskView = tasks::view(tx, &all, task)?;
    let is_hers = task.kind == JobKind::ExportPerson && task.result["customer"] == json!(customer.id);
    if !is_hers || customer.erased_at.is_some() {
        return Err(Error::not_found("file"));
    }
    let name = match which {
        ExportFile::Json => "json_file",
        ExportFile::Html => "html_file",
    };
    task.result[name].as_str().and_then(|id| id.parse().ok()).ok_or(Error::not_found("file"))
}

/// Does the work: [`base::jobs::Runner::Task`] of [`JobKind::ExportPerson`]. It begins anew when it is broken off.
pub async fn run(job: TaskRun) -> Result<Next, Error> {
    let Payload { customer, locale } = serde_json::from_value(job.job.payload.clone()).map_err(Error::internal)?;
    let mut out = Out::open(&job, locale).await?;
    let result = write_all(&job, customer, &mut out).await;
    let done = match result {
        Ok(done) => done,
        Err(error) => {
            out.discard().await;
            return match error {
                // She was erased before the work began.
                Error::NotFound { .. } => Ok(Next::Fail { why: "the customer is gone".to_owned() }),
                other => Err(other),
            };
        }
    };
    let keep_until = Some(job.edge.base.now().plus_us(KEPT_DAYS * Time::DAY));
    let edge = job.edge.renewed().await;
    let kept = |ending: &str, content_type: &str| NewFile { name: format!("{customer}.{ending}"), content_type: content_type.to_owned(), keep_until };
    out.close().await?;
    let json_file = files::put_path(&edge, kept("json", "application/json"), &out.json_path).await?.id;
    let html_file = files::put_path(&edge, kept("html", "text/html; charset=utf-8"), &out.html_path).await?.id;
    out.discard().await;
    job.finish(move |_, _| {
        let result = json!({ "customer": customer, "json_file": json_file, "html_file": html_file, "orders": done });
        Ok((Progress { done, of: done, errors: None }, Outcome { result, file: Some(json_file), errors: None }))
    })
    .await
}

/// Both files while they are written.
struct Out {
    json: tokio::fs::File,
    html: tokio::fs::File,
    json_path: PathBuf,
    html_path: PathBuf,
    locale: Locale,
}

impl Out {
    async fn open(job: &TaskRun, locale: Locale) -> Result<Out, Error> {
        let folder = job.edge.base.data_dir().join("exports");
        let failed = |error: std::io::Error| Error::internal(format!("cannot write in {}: {error}", folder.display()));
        tokio::fs::create_dir_all(&folder).await.map_err(failed)?;
        let (json_path, html_path) = (folder.join(format!("{}.json", job.job.id)), folder.join(format!("{}.html", job.job.id)));
        let json = tokio::fs::File::create(&json_path).await.map_err(failed)?;
        let html = tokio::fs::File::create(&html_path).await.map_err(failed)?;
        Ok(Out { json, html, json_path, html_path, locale })
    }

    async fn write(&mut self, json: &str, html: &str) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::internal(format!("an export cannot be written: {error}"));
        self.json.write_all(json.as_bytes()).await.map_err(failed)?;
        self.html.write_all(html.as_bytes()).await.map_err(failed)
    }

    async fn close(&mut self) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::internal(format!("an export cannot be written: {error}"));
        self.json.flush().await.map_err(failed)?;
        self.html.flush().await.map_err(failed)
    }

    async fn discard(&self) {
        let _ = tokio::fs::remove_file(&self.json_path).await;
        let _ = tokio::fs::remove_file(&self.html_path).await;
    }
}

async fn write_all(job: &TaskRun, customer: CustomerId, out: &mut Out) -> Result<i64, Error> {
    let head = job.edge.read(move |tx, ctx| record(tx, ctx, customer)).await?;
    out.write("{\n", &html::head(out.locale)).await?;
    for (name, value) in &head {
        out.write(&format!("  {}: {value},\n", json!(name)), &html::part(out.locale, name, value)).await?;
    }
    let of: i64 = job.edge.read(move |tx, _| merge::orders_of(tx, customer)).await?;
    out.write("  \"orders\": [", &html::part(out.locale, "orders", &json!(of))).await?;
    let (mut after, mut done): (Option<(Time, OrderId)>, i64) = (None, 0);
    loop {
        let from = after;
        let (orders, last) = job.edge.read(move |tx, ctx| some_orders(tx, ctx, customer, from)).await?;
        for order in orders {
            let comma = if done == 0 { "\n    " } else { ",\n    " };
            let heading = order["number"].as_str().unwrap_or_default().to_owned();
            out.write(&format!("{comma}{order}"), &html::item(out.locale, &heading, &order)).await?;
            done += 1;
        }
        job.progress(done, of.max(done)).await?;
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    out.write("\n  ]\n}\n", html::FOOT).await?;
    Ok(done)
}

/// What is kept of a person besides her orders, by the name of the part.
fn record(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Vec<(&'static str, Value)>, Error> {
    let detail = customers::detail(tx, ctx, id)?;
    let one = &detail.customer;
    let id = one.id;
    if one.erased_at.is_some() {
        return Err(Error::not_found("customer"));
    }
    let customer = json!({
        "id": id, "name": one.name, "email": one.email, "language": one.language, "language_source": one.language_source,
        "external_ref": one.external_ref, "created_at": one.created_at, "updated_at": one.updated_at, "archived_at": one.archived_at,
        "tags": detail.customer.tags(), "custom": detail.customer.custom(),
    });
    let phones = detail.phones.iter().map(|row| json!({ "number": row.phone.e164(), "label": row.label })).collect();
    let addresses = detail.addresses.iter().map(|row| {
        json!({
            "label": row.label, "line1": row.line1, "line2": row.line2, "city": row.city, "district": row.district, "province": row.province,
            "country": row.country, "postal_code": row.postal_code,
        })
    });
    let totals = detail.totals.iter().map(|row| {
        json!({
            "store": row.store_id, "currency": row.currency, "orders": row.orders, "delivered": row.delivered, "returned": row.returned,
            "cancelled": row.cancelled, "ordered": row.ordered_total, "spent": row.delivered_total, "first_order_at": row.first_order_at,
            "last_order_at": row.last_order_at,
        })
    });
    let flags = customers::flags::list(tx, ctx, id, true)?;
    let flags = flags.iter().map(|flag| {
        json!({
            "kind": flag.kind, "reason": flag.reason, "at": flag.at, "expires_at": flag.expires_at, "removed_at": flag.removed_at,
            "removed_reason": flag.removed_reason,
        })
    });
    let consents = customers::consent::list(tx, ctx, id)?;
    let consents = consents.iter().map(|one| {
        json!({ "channel": one.channel, "purpose": one.purpose, "is_given": one.is_given, "at": one.at, "source": one.source, "words": one.words })
    });
    let merges = detail.merges.iter().map(|one| json!({ "id": one.id, "gone": one.gone_id, "at": one.created_at, "state": one.state }));
    let parts = vec![
        ("made_at", json!(ctx.now)),
        ("customer", customer),
        ("phones", Value::Array(phones)),
        ("addresses", addresses.collect()),
        ("totals", totals.collect()),
        ("flags", flags.collect()),
        ("consents", consents.collect()),
        ("merges", merges.collect()),
        ("notes", whole_line(tx, ctx, id, EntryKind::Note)?),
        ("credit_notes", whole_line(tx, ctx, id, EntryKind::CreditNote)?),
        ("history", whole_line(tx, ctx, id, EntryKind::Change)?),
    ];
    Ok(parts)
}

/// All entries of a kind, oldest first.
fn whole_line(tx: &mut Tx, ctx: &Ctx, id: CustomerId, kind: EntryKind) -> Result<Value, Error> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = timeline(tx, ctx, id, &[kind], before, 199)?;
        found.extend(page.items.into_iter().filter_map(|entry| match entry.what {
            What::Note(note) => Some(json!({ "text": note.text, "at": note.created_at })),
            What::CreditNote(note) => Some(json!({
                "kind": note.kind, "total": note.total, "currency": note.currency, "reason": note.reason, "at": note.created_at,
            })),
            What::Change(view) => Some(event(&view)),
            _ => None,
        }));
        match page.next {
            Some(next) => before = Some(next),
            None => break,
        }
    }
    found.reverse();
    Ok(Value::Array(found))
}

fn event(view: &EventView) -> Value {
    let changes: Vec<Value> =
        view.details.changes.iter().map(|one| json!({ "field": one.field, "before": one.before, "after": one.after })).collect();
    json!({ "what": view.kind, "at": view.at, "text": view.details.text, "changes": changes })
}

type Orders = (Vec<Value>, Option<(Time, OrderId)>);

fn some_orders(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, after: Option<(Time, OrderId)>) -> Result<Orders, Error> {
    let customer = customers::find(tx, ctx, customer)?.id;
    let ids = orders::care::ids_after(tx, customer, after, AT_A_TIME)?;
    let last = ids.last().copied().filter(|_| ids.len() == AT_A_TIME as usize);
    let mut found = Vec::with_capacity(ids.len());
    for (_, id) in ids {
        let detail = orders::detail(tx, ctx, id)?;
        let messages = notifications::list(tx, ctx, id)?;
        let movements = payments::list(tx, ctx, id)?;
        let messages = messages.iter().map(|one| {
            json!({
                "channel": one.channel, "to": one.recipient, "subject": one.subject, "body": one.body, "state": one.state, "at": one.created_at,
            })
        });
        let movements = movements.iter().map(|one| {
            json!({
                "kind": one.kind, "state": one.state, "method": one.method, "amount": one.amount, "currency": one.currency,
                "reference": one.reference, "at": one.at,
            })
        });
        let mut order = order(&detail);
        order["messages"] = messages.collect();
        order["payments"] = movements.collect();
        found.push(order);
    }
    Ok((found, last))
}

fn order(detail: &OrderDetail) -> Value {
    let one = &detail.order;
    let lines = detail.lines.iter().map(|line| {
        let spec: Value = line.spec.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        json!({
            "sku": line.sku, "title": line.title, "variant": line.variant, "spec": spec, "quantity": line.quantity, "unit_price": line.unit_price,
            "total": line.line_total,
        })
    });
    let notes = detail.notes.iter().map(|note| json!({ "text": note.text(), "audience": note.audience, "at": note.created_at }));
    let tracking = detail.tracking.iter().map(|entry| json!({ "status": entry.status, "place": entry.place, "text": entry.text, "at": entry.at }));
    json!({
        "id": one.id, "number": one.number, "store": one.store_id, "external_ref": one.external_ref, "channel": one.channel, "state": one.state,
        "placed_at": one.created_at, "contact_name": one.contact_name, "contact_phone": one.contact_phone.as_ref().map(|phone| phone.e164()),
        "line1": one.line1, "line2": one.line2, "city": one.city, "district": one.district, "province": one.province, "country": one.country,
        "postal_code": one.postal_code, "currency": one.currency, "total": one.total, "to_collect": one.to_collect,
        "payment_method": one.payment_method, "payment_state": one.payment_state, "tracking_number": one.tracking, "courier": one.courier,
        "tags": one.tags(), "custom": one.custom(), "lines": lines.collect::<Value>(), "notes": notes.collect::<Value>(),
        "tracking": tracking.collect::<Value>(), "history": detail.history.iter().map(event).collect::<Value>(),
    })
}
