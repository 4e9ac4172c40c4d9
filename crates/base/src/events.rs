//! Events: what happened, to what, by whom. The history of each thing and the audit trail at once.
//!
//! [`record`] writes an event and the jobs that follow from it in the caller's transaction, so neither
//! is there without the other. Events are never changed or deleted; what they say about persons
//! stands in `event_details`, salted and erasable, while the event keeps its hash. [`crate::chain`]
//! seals events.
//!
//! Not here: which job follows from which event (the table in [`crate::reactions`]), names of users
//! (access), words for people (message files, by kind).

use std::collections::BTreeMap;

use db::{Tx, Value, params};
use kernel::value::ToValue;
use kernel::{Actor, ApiKeyId, CustomerId, Details, Error, Event, EventId, Id, JobKind, Permission, SessionId, Time, UserId, mask};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::ctx::Ctx;
use crate::jobs::{self, NewJob};
use crate::live::topic_of;
use crate::reactions::{reactions, waits_for_undo};

/// Most events of one page.
pub const MAX_PAGE: u32 = 1_000;

/// Writes an event, and a job for each reaction that the settings call for.
pub fn record(tx: &mut Tx, ctx: &Ctx, event: Event) -> Result<EventId, Error> {
    record_without(tx, ctx, event, Details::none(), &[])
}

/// The same with what it says about persons or in free words.
pub fn record_with(tx: &mut Tx, ctx: &Ctx, event: Event, details: Details) -> Result<EventId, Error> {
    record_without(tx, ctx, event, details, &[])
}

/// The same without some of the reactions: a move that shall not notify the customer.
pub fn record_without(tx: &mut Tx, ctx: &Ctx, event: Event, details: Details, without: &[JobKind]) -> Result<EventId, Error> {
    let id: EventId = tx.new_id();
    insert(tx, ctx, id, &event, &details)?;
    if !ctx.is_replay {
        let kinds = reactions(&event, &ctx.settings).into_iter().filter(|kind| !without.contains(kind));
        jobs::enqueue_all(tx, ctx, kinds.map(|kind| follow_up(ctx, id, &event, kind)).collect())?;
    }
    let (prefix, subject) = event.subject();
    tx.touch(topic_of(prefix), EventId::from_i64(subject));
    Ok(id)
}

/// Jobs carry ids and find the present state themselves; the state that was reached tells the occasion.
fn follow_up(ctx: &Ctx, id: EventId, event: &Event, kind: JobKind) -> NewJob {
    let payload = match event {
        Event::OrderPlaced { order, substatus: None, .. } => json!({ "order": order, "event": id, "state": kernel::OrderState::Pending }),
        Event::OrderPlaced { order, substatus, .. } => {
            json!({ "order": order, "event": id, "state": kernel::OrderState::Pending, "substatus": substatus })
        }
        Event::OrderMoved { order, to, to_substatus: None, .. } => json!({ "order": order, "event": id, "state": to }),
        Event::OrderMoved { order, to, to_substatus, .. } => json!({ "order": order, "event": id, "state": to, "substatus": to_substatus }),
        Event::SubstatusMoved { order, state, to, .. } => {
            json!({ "order": order, "event": id, "state": state, "substatus": to, "inside": true })
        }
        _ => json!({ "event": id }),
    };
    let wait_s = if waits_for_undo(kind) { i64::from(ctx.settings.orders.undo_seconds) } else { 0 };
    NewJob { kind, payload, run_at: ctx.now.plus_s(wait_s), unique_key: None, event: Some(id), task: None }
}

fn insert(tx: &mut Tx, ctx: &Ctx, id: EventId, event: &Event, details: &Details) -> Result<(), Error> {
    let (subject_kind, subject_id) = event.subject();
    let (actor_kind, actor_id) = ctx.actor.columns();
    let data = payload_of(event)?;
    let details = if details.is_empty() { None } else { Some(Kept::of(details)?) };

    let org = tx.org();
    let event_values = params![
        org,
        id,
        ctx.now,
        event.kind(),
        subject_kind,
        subject_id,
        actor_kind,
        actor_id,
        ctx.actor.is_automated(),
        ctx.session,
        ctx.request_id,
        data,
        details.as_ref().map(Kept::hash),
    ];
    const INSERT: &str = "insert into events (org_id, id, at, kind, subject_kind, subject_id, actor_kind, actor_id, automated, session_id,
                             request_id, data, details_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    match details {
        None => tx.execute(INSERT, event_values).map(drop),
        Some(kept) => tx
            .run_all(vec![
                (INSERT, event_values),
                (
                    "insert into event_details (org_id, event_id, salt, data) values ($1, $2, $3, $4)",
                    params![org, id, kept.salt.as_slice(), kept.data],
                ),
            ])
            .map(drop),
    }
}

/// The event's own fields as JSON; its kind has a column, and stands first in the whole.
fn payload_of(event: &Event) -> Result<String, Error> {
    let whole = serde_json::to_string(event).map_err(Error::internal)?;
    let fields = whole.strip_prefix("{\"kind\":\"").and_then(|rest| rest.strip_prefix(event.kind())).and_then(|rest| rest.strip_prefix('"'));
    let fields = fields.ok_or_else(|| Error::internal("an event does not begin with its kind"))?;
    Ok(format!("{{{}", fields.trim_start_matches(',')))
}

/// Details on their way to their row.
struct Kept {
    salt: [u8; 16],
    data: String,
}

impl Kept {
    fn of(details: &Details) -> Result<Kept, Error> {
        Ok(Kept { salt: rand::random(), data: serde_json::to_string(details).map_err(Error::internal)? })
    }

    fn hash(&self) -> Vec<u8> {
        details_hash(&self.salt, &self.data)
    }
}

/// SHA-256 of salt and text. Without the salt, which is erased with the text, a guess cannot be tried.
pub(crate) fn details_hash(salt: &[u8], data: &str) -> Vec<u8> {
    Sha256::new().chain_update(salt).chain_update(data.as_bytes()).finalize().to_vec()
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// About this thing: the prefix of its id and the number.
    pub subject: Option<(String, i64)>,
    /// Of these kinds; all when empty.
    pub kinds: Vec<String>,
    /// By this actor.
    pub actor: Option<Actor>,
    /// Not before.
    pub from: Option<Time>,
    /// Before.
    pub until: Option<Time>,
    /// Older than this place, as an earlier page answered.
    pub before: Option<EventPlace>,
    /// How many; at most [`MAX_PAGE`].
    pub limit: u32,
}

/// A place in the list of events, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventPlace {
    /// When the event was.
    pub at: Time,
    /// Which of that moment.
    pub id: EventId,
}

/// A place in the trail as a cursor: the moment and the event.
impl std::fmt::Display for EventPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.0, self.id)
    }
}

impl std::str::FromStr for EventPlace {
    type Err = Error;

    fn from_str(text: &str) -> Result<EventPlace, Error> {
        let read = text.split_once('.').and_then(|(at, id)| Some(EventPlace { at: Time(at.parse().ok()?), id: id.parse().ok()? }));
        read.ok_or_else(|| Error::field("cursor", "cursor"))
    }
}

/// Reads `prefix_…` as the subject of events.
pub fn subject_of(text: &str) -> Result<(String, i64), Error> {
    let read = text.split_once('_').and_then(|(prefix, _)| Some((prefix.to_owned(), kernel::id::read(prefix, text)?)));
    read.ok_or_else(|| Error::field("subject", "format").with("expected", "ord_…"))
}

/// Reads the id of a user, key or customer, or `system`, as who did something.
pub fn actor_of(text: &str) -> Result<Actor, Error> {
    if text == "system" {
        return Ok(Actor::System);
    }
    let user = text.parse::<UserId>().map(Actor::User).ok();
    let found = user.or_else(|| text.parse::<ApiKeyId>().map(Actor::ApiKey).ok()).or_else(|| text.parse::<CustomerId>().map(Actor::Customer).ok());
    found.ok_or_else(|| Error::field("actor", "format").with("expected", "usr_…, key_…, cus_…, system"))
}

/// `Invalid` when one of these is no kind of event.
pub fn check_kinds(kinds: &[String]) -> Result<(), Error> {
    match kinds.iter().find(|kind| !Event::KINDS.contains(&kind.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(Error::field("kind", "format").with("expected", "order.placed, order.moved, …").with("found", unknown)),
    }
}

/// Which events the parameters `subject`, `kind` (several with commas), `actor`, `from` and `until` name. `Invalid` names what cannot be
/// read, and any other parameter.
pub fn filter_of(query: &serde_json::Map<String, serde_json::Value>) -> Result<EventFilter, Error> {
    let time =
        |name: &'static str, text: &str| Time::parse(text).ok_or_else(|| Error::field(name, "format").with("expected", "2026-11-21T09:00:00Z"));
    let mut filter = EventFilter { limit: MAX_PAGE, ..EventFilter::default() };
    for (name, value) in query {
        let text = value.as_str().ok_or_else(|| Error::field(format!("filter.{}", kernel::cut(name, 60)), "type"))?;
        match name.as_str() {
            "subject" => filter.subject = Some(subject_of(text)?),
            "kind" => filter.kinds = text.split(',').map(str::to_owned).collect(),
            "actor" => filter.actor = Some(actor_of(text)?),
            "from" => filter.from = Some(time("from", text)?),
            "until" => filter.until = Some(time("until", text)?),
            other => return Err(Error::field(format!("filter.{}", kernel::cut(other, 60)), "unknown_field")),
        }
    }
    check_kinds(&filter.kinds)?;
    Ok(filter)
}

/// An event as it is read.
#[derive(Clone, Debug)]
pub struct EventView {
    /// Which.
    pub id: EventId,
    /// When it happened.
    pub at: Time,
    /// Its kind: `order.moved`.
    pub kind: String,
    /// What it happened to: the prefix of the id and its number.
    pub subject: (String, i64),
    /// By whom.
    pub actor: Actor,
    /// Whether no person was at work.
    pub automated: bool,
    /// In which session.
    pub session: Option<SessionId>,
    /// By which request.
    pub request_id: String,
    /// The fields of the event.
    pub data: serde_json::Value,
    /// What it says about persons or in free words; empty when there was nothing or it was erased.
    pub details: Details,
    /// Whether there were details that are erased now.
    pub is_erased: bool,
    /// Whether the chain holds it.
    pub is_sealed: bool,
}

impl EventView {
    /// The event itself. An error when another release wrote a kind that this one does not know.
    pub fn event(&self) -> Result<Event, Error> {
        Event::read(&self.kind, &self.data).map_err(Error::internal)
    }

    /// What the id of its subject looks like to people.
    pub fn subject_id(&self) -> String {
        kernel::id::show(&self.subject.0, self.subject.1)
    }

    /// As somebody with these rights may see it: telephones, e-mail addresses and streets are dots without
    /// theirs, also inside of free words.
    #[must_use]
    fn shown_to(mut self, ctx: &Ctx) -> EventView {
        let (phones, contacts) = (ctx.can(Permission::PhoneSee), ctx.can(Permission::ContactSee));
        if phones && contacts {
            return self;
        }
        if let Some(text) = self.details.text.take() {
            self.details.text = Some(words_for(&text, phones, contacts));
        }
        for change in &mut self.details.changes {
            let is_street = change.field.contains("address") || change.field.contains("line");
            for value in [&mut change.before, &mut change.after] {
                hide(value, phones, contacts, is_street && !contacts);
            }
        }
        self
    }

    /// Its place in a list.
    pub fn place(&self) -> EventPlace {
        EventPlace { at: self.at, id: self.id }
    }
}

/// Free words as somebody may see them.
fn words_for(text: &str, phones: bool, contacts: bool) -> String {
    let text = if phones { text.into() } else { mask::hide_phones(text) };
    if contacts { text.into_owned() } else { mask::hide_emails(&text).into_owned() }
}

fn hide(value: &mut serde_json::Value, phones: bool, contacts: bool, whole: bool) {
    match value {
        serde_json::Value::String(text) if whole => mask::DOTS.clone_into(text),
        serde_json::Value::String(text) => *text = words_for(text, phones, contacts),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| hide(item, phones, contacts, whole)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|item| hide(item, phones, contacts, whole)),
        _ => {}
    }
}

/// A page of events, the newest first.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The events.
    pub items: Vec<EventView>,
    /// Where the next page begins, when there is one.
    pub next: Option<EventPlace>,
}

db::row! {
    struct Stored {
        id: EventId,
        at: Time,
        kind: String,
        subject_kind: String,
        subject_id: i64,
        actor_kind: String,
        actor_id: Option<i64>,
        automated: bool,
        session_id: Option<SessionId>,
        request_id: String,
        data: String,
        has_details: bool,
        details: Option<String>,
        is_sealed: bool,
    }
}

const COLUMNS: &str = "e.id, e.at, e.kind, e.subject_kind, e.subject_id, e.actor_kind, e.actor_id, e.automated, e.session_id, e.request_id, e.data,
       case when e.details_hash is null then 0 else 1 end as has_details, d.data as details,
       case when e.chain_seq is null then 0 else 1 end as is_sealed
  from events e
  left join event_details d
    on d.org_id = e.org_id
   and d.event_id = e.id";

impl From<Stored> for EventView {
    fn from(row: Stored) -> EventView {
        EventView {
            id: row.id,
            at: row.at,
            actor: Actor::from_columns(&row.actor_kind, row.actor_id),
            kind: row.kind,
            subject: (row.subject_kind, row.subject_id),
            automated: row.automated,
            session: row.session_id,
            request_id: row.request_id,
            data: serde_json::from_str(&row.data).unwrap_or_default(),
            is_erased: row.has_details && row.details.is_none(),
            details: row.details.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            is_sealed: row.is_sealed,
        }
    }
}

/// The audit trail, newest first. Needs `audit.read`. For an export, ask for page after page with
/// `before` set to the last page's `next`, each in its own read.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &EventFilter) -> Result<EventPage, Error> {
    ctx.require(Permission::AuditRead)?;
    let page = list_filtered(tx, filter)?;
    Ok(EventPage { items: page.items.into_iter().map(|view| view.shown_to(ctx)).collect(), ..page })
}

/// The history of one thing, oldest first; at most the newest `limit`. Whoever may see the thing may
/// see its history, so the caller has looked it up before.
pub fn of_subject(tx: &mut Tx, ctx: &Ctx, prefix: &str, id: i64, limit: u32) -> Result<Vec<EventView>, Error> {
    let sql = format!(
        "select {COLUMNS}
          where e.org_id = $1
            and e.subject_kind = $2
            and e.subject_id = $3
          order by e.at desc, e.id desc
          limit $4"
    );
    let rows: Vec<Stored> = tx.rows(&sql, params![tx.org(), prefix, id, limit.min(MAX_PAGE)])?;
    Ok(rows.into_iter().rev().map(EventView::from).map(|view| view.shown_to(ctx)).collect())
}

/// The history of several things together, newest first, before a place: for histories that are read page
/// by page. Whoever may see the things may see their history, so the caller has looked them up before.
pub fn of_subjects_before(
    tx: &mut Tx,
    ctx: &Ctx,
    prefix: &str,
    ids: &[i64],
    kinds: &[&str],
    before: Option<EventPlace>,
    limit: u32,
) -> Result<Vec<EventView>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = params![tx.org(), prefix, limit.min(MAX_PAGE)];
    let mut list = |items: Vec<Value>| {
        let first = values.len() + 1;
        let count = items.len();
        values.extend(items);
        db::dialect::markers(first, count)
    };
    let subjects = list(ids.iter().map(ToValue::to_value).collect());
    let mut conditions = format!("e.subject_id in ({subjects})");
    if !kinds.is_empty() {
        let kinds = list(kinds.iter().map(ToValue::to_value).collect());
        conditions.push_str(&format!("\n            and e.kind in ({kinds})"));
    }
    if let Some(before) = before {
        values.extend(params![before.at, before.id]);
        conditions.push_str(&format!("\n            and (e.at, e.id) < (${}, ${})", values.len() - 1, values.len()));
    }
    let sql = format!(
        "select {COLUMNS}
          where e.org_id = $1
            and e.subject_kind = $2
            and {conditions}
          order by e.at desc, e.id desc
          limit $3"
    );
    let rows: Vec<Stored> = tx.rows(&sql, values)?;
    Ok(rows.into_iter().map(EventView::from).map(|view| view.shown_to(ctx)).collect())
}

/// How many events each of these things has; those without any are left out. At most a few hundred things
/// at once.
pub fn counts_of(tx: &mut Tx, _ctx: &Ctx, prefix: &str, ids: &[i64]) -> Result<BTreeMap<i64, i64>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut values = params![tx.org(), prefix];
    values.extend(ids.iter().map(ToValue::to_value));
    let sql = format!(
        "select subject_id, count(*)
           from events
          where org_id = $1
            and subject_kind = $2
            and subject_id in ({})
          group by subject_id
          limit 100000",
        db::dialect::markers(3, ids.len())
    );
    let rows: Vec<(i64, i64)> = tx.rows(&sql, values)?;
    Ok(rows.into_iter().collect())
}

db::row! {
    /// One event of many things, without what it says about persons.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PlainEvent {
        /// What it happened to.
        pub subject_id: i64,
        /// Its kind.
        pub kind: String,
        /// When.
        pub at: Time,
        /// Its fields as JSON.
        pub data: String,
    }
}

/// Events of one kind of several things, by thing and oldest first. At most a few hundred things at once;
/// whoever may see the things may see their history, so the caller has looked them up before.
pub fn of_subjects(tx: &mut Tx, _ctx: &Ctx, prefix: &str, ids: &[i64], kind: &str) -> Result<Vec<PlainEvent>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = params![tx.org(), prefix, kind];
    values.extend(ids.iter().map(ToValue::to_value));
    let sql = format!(
        "select subject_id, kind, at, data
           from events
          where org_id = $1
            and subject_kind = $2
            and kind = $3
            and subject_id in ({})
          order by subject_id, at, id
          limit 100000",
        db::dialect::markers(4, ids.len())
    );
    tx.rows(&sql, values)
}

/// One event.
pub fn find(tx: &mut Tx, _ctx: &Ctx, id: EventId) -> Result<Option<EventView>, Error> {
    let sql = format!("select {COLUMNS} where e.org_id = $1 and e.id = $2");
    let row: Option<Stored> = tx.optional(&sql, params![tx.org(), id])?;
    Ok(row.map(EventView::from))
}

/// Erases what an event says about persons; the event and its hash stay. Answers whether there was anything.
pub fn erase_details(tx: &mut Tx, _ctx: &Ctx, id: EventId) -> Result<bool, Error> {
    Ok(tx.execute("delete from event_details where org_id = $1 and event_id = $2", params![tx.org(), id])? > 0)
}

/// Erases what all events of one thing say about persons: the history of a customer who asked for it.
pub fn erase_details_of(tx: &mut Tx, _ctx: &Ctx, prefix: &str, id: i64) -> Result<u64, Error> {
    tx.execute(
        "delete from event_details
          where org_id = $1
            and event_id in (select id
                               from events
                              where org_id = $1
                                and subject_kind = $2
                                and subject_id = $3)",
        params![tx.org(), prefix, id],
    )
}

/// The same for several things at once: the orders of somebody who asked for it. At most some hundreds.
pub fn erase_details_of_many(tx: &mut Tx, _ctx: &Ctx, prefix: &str, ids: &[i64]) -> Result<u64, Error> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut values = params![tx.org(), prefix];
    values.extend(ids.iter().map(ToValue::to_value));
    let sql = format!(
        "delete from event_details
          where org_id = $1
            and event_id in (select id
                               from events
                              where org_id = $1
                                and subject_kind = $2
                                and subject_id in ({}))",
        db::dialect::markers(3, ids.len())
    );
    tx.execute(&sql, values)
}

fn list_filtered(tx: &mut Tx, filter: &EventFilter) -> Result<EventPage, Error> {
    let limit = filter.limit.clamp(1, MAX_PAGE);
    let mut values = params![tx.org()];
    let mut sql = format!("select {COLUMNS}\n where e.org_id = $1");
    let mut and = |condition: &str, bound: Vec<Value>| {
        let mut condition = condition.to_owned();
        for value in bound {
            values.push(value);
            condition = condition.replacen('?', &format!("${}", values.len()), 1);
        }
        sql.push_str("\n   and ");
        sql.push_str(&condition);
    };
    if let Some((prefix, id)) = &filter.subject {
        and("e.subject_kind = ? and e.subject_id = ?", params![prefix, id]);
    }
    if !filter.kinds.is_empty() {
        let marks = vec!["?"; filter.kinds.len()].join(", ");
        and(&format!("e.kind in ({marks})"), filter.kinds.iter().map(ToValue::to_value).collect());
    }
    if let Some(actor) = filter.actor {
        let (kind, id) = actor.columns();
        match id {
            Some(id) => and("e.actor_kind = ? and e.actor_id = ?", params![kind, id]),
            None => and("e.actor_kind = ? and e.actor_id is null", params![kind]),
        }
    }
    if let Some(from) = filter.from {
        and("e.at >= ?", params![from]);
    }
    if let Some(until) = filter.until {
        and("e.at < ?", params![until]);
    }
    if let Some(before) = filter.before {
        and("(e.at, e.id) < (?, ?)", params![before.at, before.id]);
    }
    values.push((limit + 1).to_value());
    sql.push_str(&format!("\n order by e.at desc, e.id desc\n limit ${}", values.len()));

    let rows: Vec<Stored> = tx.rows(&sql, values)?;
    let mut items: Vec<EventView> = rows.into_iter().map(EventView::from).collect();
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    Ok(EventPage { next: if more { items.last().map(EventView::place) } else { None }, items })
}

/// Seals new events into the chain; see [`crate::chain::seal`].
pub use crate::chain::{seal, verify as verify_chain};
