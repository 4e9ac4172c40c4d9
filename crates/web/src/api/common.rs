//! What several domains share: pages, money, events, bodies without fields.

use axum::extract::multipart::Field;
use axum::http::StatusCode;
use base::events::EventView;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Actor, Amount, Country, Currency, Error, EventId, FieldError, Money, Permission, SessionId, Time};
use utoipa::openapi::schema::Components;
use utoipa::openapi::{RefOr, Schema};

use crate::error::{Outcome, Problem};
use crate::respond::Total;
use crate::schema::{Describe, body, view, whole_between};

/// The largest part of a list.
pub(crate) const MAX_LIMIT: u32 = 200;
/// The usual part of a list.
pub(crate) const DEFAULT_LIMIT: u32 = 50;

/// How many of a list, as asked.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Limit(pub(crate) u32);

impl Describe for Limit {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        whole_between(1, i64::from(MAX_LIMIT))
    }
}

/// The number of a page, from 1.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct PageNumber(pub(crate) u32);

impl Describe for PageNumber {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        whole_between(1, i64::from(u32::MAX))
    }
}

/// From 1 on; pages are not counted from 0.
pub(crate) fn page_number(asked: Option<PageNumber>) -> Result<Option<u32>, Error> {
    match asked {
        Some(PageNumber(0)) => Err(Error::Invalid(vec![FieldError::new("page", "range").with("least", 1).with("most", u32::MAX)])),
        asked => Ok(asked.map(|page| page.0)),
    }
}

/// Between 1 and [`MAX_LIMIT`]; anything else is the caller's mistake.
pub(crate) fn limit(asked: Option<Limit>) -> Result<u32, Error> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(Limit(limit)) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => Err(Error::Invalid(vec![FieldError::new("limit", "range").with("least", 1).with("most", MAX_LIMIT)])),
    }
}

/// An amount with its currency.
pub(crate) fn money(amount: Amount, currency: Currency) -> Money {
    Money { amount, currency }
}

/// A count that may have stopped early.
pub(crate) fn total(count: i64, is_more: bool) -> Total {
    let count = u64::try_from(count).unwrap_or(0);
    if is_more { Total::AtLeast { at_least: count } } else { Total::Exactly(count) }
}

body! {
    /// Nothing needs to be said; the body may be left out.
    pub(crate) struct Nothing {}
}

view! {
    /// Who did something.
    pub(crate) struct ActorView {
        /// `user`, `api_key`, `customer` or `system`.
        kind: &'static str = "user",
        /// Whose id; none for the system itself.
        id: Option<String> = "usr_0000000000001",
    }

    /// Something that happened.
    pub(crate) struct EventJson {
        /// Which.
        id: EventId,
        /// When.
        at: Time,
        /// What: `order.moved`.
        kind: String = "order.moved",
        /// To what.
        subject: String = "ord_0000000000001",
        /// By whom.
        actor: ActorView,
        /// Whether no person was at work.
        automated: bool = false,
        /// In which session.
        session_id: Option<SessionId>,
        /// By which request.
        request_id: Option<String>,
        /// The fields of the event.
        data: serde_json::Value = {"from": "PENDING", "to": "CONFIRMED"},
        /// Free words about it.
        text: Option<String>,
        /// Fields before and after.
        changes: Vec<ChangeView>,
        /// Whether what it said about persons was erased.
        is_erased: bool = false,
        /// Whether the chain holds it.
        is_sealed: bool = true,
    }

    /// A field before and after.
    pub(crate) struct ChangeView {
        /// Its name.
        field: String = "priority",
        /// What stood there.
        before: serde_json::Value = "normal",
        /// What stands there now.
        after: serde_json::Value = "high",
    }
}

impl ActorView {
    pub(crate) fn of(actor: Actor) -> ActorView {
        let id = match actor {
            Actor::User(id) => Some(id.to_string()),
            Actor::ApiKey(id) => Some(id.to_string()),
            Actor::Customer(id) => Some(id.to_string()),
            Actor::System => None,
        };
        ActorView { kind: actor.columns().0, id }
    }
}

impl EventJson {
    pub(crate) fn of(event: EventView) -> EventJson {
        let subject = event.subject_id();
        let changes = event.details.changes.into_iter();
        EventJson {
            id: event.id,
            at: event.at,
            kind: event.kind,
            subject,
            actor: ActorView::of(event.actor),
            automated: event.automated,
            session_id: event.session,
            request_id: Some(event.request_id).filter(|id| !id.is_empty()),
            data: event.data,
            text: event.details.text,
            changes: changes.map(|change| ChangeView { field: change.field, before: change.before, after: change.after }).collect(),
            is_erased: event.is_erased,
            is_sealed: event.is_sealed,
        }
    }
}

/// Shows a number as this caller may see it.
pub(crate) fn phone(ctx: &Ctx, phone: &kernel::Phone) -> String {
    customers::shown_phone(ctx, phone)
}

/// The country whose spelling of telephone numbers a caller uses: that of the first store.
pub(crate) async fn home_country(edge: &Edge) -> Result<Country, Error> {
    edge.read(home_country_of).await
}

/// The same inside a transaction.
pub(crate) fn home_country_of(tx: &mut Tx, ctx: &Ctx) -> Result<Country, Error> {
    if !ctx.can(Permission::StoreRead) {
        return Ok(Country::DZ);
    }
    Ok(access::stores::list(tx, ctx, false)?.first().map_or(Country::DZ, |store| store.country))
}

/// Reads a field of a form of at most so many bytes: more is refused before it is in memory.
pub(crate) async fn field_text(name: &str, mut field: Field<'_>, most: usize) -> Outcome<String> {
    let broken = |_| Problem::new(StatusCode::BAD_REQUEST, "body.broken");
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > most {
            return Err(Error::Invalid(vec![FieldError::new(name, "too_long").with("max", most)]).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body.broken"))
}

/// Names fields as the body names them, where an action has another name.
pub(crate) fn renamed(error: Error, names: &'static [(&'static str, &'static str)]) -> Error {
    let rename = |field: &str| names.iter().find(|(from, _)| *from == field).map(|(_, to)| *to);
    match error {
        Error::Invalid(fields) => {
            Error::Invalid(fields.into_iter().map(|one| FieldError { field: rename(&one.field).map_or(one.field, str::to_owned), ..one }).collect())
        }
        Error::Stale { version, fields } => Error::Stale { version, fields: fields.into_iter().map(|one| rename(one).unwrap_or(one)).collect() },
        other => other,
    }
}
