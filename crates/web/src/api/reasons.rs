//! The lists of reasons: to hold orders back, to call them off, to pass problems up the team.

use std::collections::BTreeMap;

use base::{Ctx, Edge};
use kernel::{Error, FieldError, Labels, Locale, Time, Version};
use orders::holds;
use orders::reasons::{self, NewReason, Reason, ReasonChange, ReasonList};

use super::users::needed_version;
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, List, Made, Reply, shown};
use crate::schema::{body, view};

body! {
    /// Which reasons.
    pub(crate) struct ReasonQuery {
        /// Whether also those that cannot be chosen any more.
        with_archived: Option<bool>,
    }

    /// A reason to be added.
    pub(crate) struct NewReasonBody {
        /// Small letters, digits and underscores; never changes.
        code: String = "gift_wrap",
        /// What people read, by language: `en`, `fr`, `ar`, `dz`.
        labels: BTreeMap<String, String> = {"en": "Gift wrap is missing", "fr": "Emballage cadeau manquant"},
        /// Whether whoever gives it must say more.
        #[serde(default)]
        needs_note: bool = false,
        /// Whether a cancellation for it counts against the customer; only in the list of cancellations.
        #[serde(default)]
        against_customer: bool = false,
        /// Its place, the lowest first; the last when left out.
        position: Option<i64>,
    }

    /// What changes about a reason; what is left out stays.
    pub(crate) struct ReasonChangeBody {
        /// Other words, all languages at once.
        labels: Option<BTreeMap<String, String>> = {"en": "Wrapping is missing"},
        /// Whether whoever gives it must say more.
        needs_note: Option<bool>,
        /// Whether a cancellation for it counts against the customer.
        against_customer: Option<bool>,
        /// Another place.
        position: Option<i64>,
        /// Out of the list, or back in it.
        is_archived: Option<bool>,
        /// The version that was read; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }
}

view! {
    /// A reason of one of the lists.
    pub(crate) struct ReasonView {
        /// Small letters, digits and underscores; never changes.
        code: String = "address",
        /// What people of your language read.
        label: String = "Address to be checked",
        /// What people read, by language.
        labels: BTreeMap<String, String> = {"en": "Address to be checked"},
        /// Whether whoever gives it must say more.
        needs_note: bool = false,
        /// Whether a cancellation for it counts against the customer.
        against_customer: bool = false,
        /// Its place, the lowest first.
        position: i64 = 10,
        /// Since when it cannot be chosen any more.
        archived_at: Option<Time>,
        /// Whether it came with the program.
        is_seeded: bool = true,
        /// Grows with each change.
        version: Version = 1,
        /// Open holds of this kind in your stores; only in the list of kinds of holds.
        #[serde(skip_serializing_if = "Option::is_none")]
        open: Option<i64>,
    }
}

impl ReasonView {
    fn of(ctx: &Ctx, reason: Reason, open: Option<i64>) -> ReasonView {
        ReasonView {
            label: reason.label(ctx.locale).to_owned(),
            code: reason.code,
            labels: reason.labels.into_iter().map(|(locale, label)| (locale.to_string(), label)).collect(),
            needs_note: reason.needs_note,
            against_customer: reason.against_customer,
            position: reason.position,
            archived_at: reason.archived_at,
            is_seeded: reason.is_seeded,
            version: reason.version,
            open,
        }
    }
}

/// Words by language; a language that there is not is named.
fn read_labels(labels: BTreeMap<String, String>) -> Result<Labels, Error> {
    let mut read = Labels::new();
    let mut wrong = Vec::new();
    for (locale, label) in labels {
        match locale.parse::<Locale>() {
            Ok(locale) => drop(read.insert(locale, label)),
            Err(_) => wrong.push(FieldError::new(format!("labels.{locale}"), "format").with("expected", Locale::WORDS.join(", "))),
        }
    }
    if wrong.is_empty() { Ok(read) } else { Err(Error::Invalid(wrong)) }
}

async fn list(edge: Edge, list: ReasonList, query: ReasonQuery) -> Reply<List<ReasonView>> {
    let with_archived = query.with_archived.unwrap_or(false);
    let views = edge.read(move |tx, ctx| {
        let all = reasons::list(tx, ctx, list, with_archived)?;
        let open = if list == ReasonList::Hold { Some(holds::count_open(tx, ctx)?) } else { None };
        let of_kind = |reason: &Reason| open.as_ref().map(|open| open.get(&reason.code).copied().unwrap_or(0));
        Ok(all.into_iter().map(|reason| (of_kind(&reason), reason)).map(|(open, reason)| ReasonView::of(ctx, reason, open)).collect())
    });
    shown(List::whole(views.await?))
}

async fn add(edge: Edge, list: ReasonList, write: Write<NewReasonBody>) -> Made<ReasonView> {
    let NewReasonBody { code, labels, needs_note, against_customer, position } = write.body;
    let new = NewReason { code, labels: read_labels(labels)?, needs_note, against_customer, position };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(ReasonView::of(ctx, reasons::add(tx, ctx, list, &new)?, None))).await?.into())
}

async fn change(edge: Edge, list: ReasonList, code: String, write: Write<ReasonChangeBody>) -> Answer<ReasonView> {
    let ReasonChangeBody { labels, needs_note, against_customer, position, is_archived, version } = write.body;
    let version = needed_version(write.if_match, version)?;
    let change = ReasonChange { labels: labels.map(read_labels).transpose()?, needs_note, against_customer, position, is_archived };
    let answer =
        edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(ReasonView::of(ctx, reasons::change(tx, ctx, list, &code, &change, version)?, None)));
    Ok(answer.await?.into())
}

/// `GET /api/v1/hold-kinds`
pub(crate) async fn hold_kinds(edge: Edge, Query(query): Query<ReasonQuery>) -> Reply<List<ReasonView>> {
    list(edge, ReasonList::Hold, query).await
}

/// `POST /api/v1/hold-kinds`
pub(crate) async fn add_hold_kind(edge: Edge, write: Write<NewReasonBody>) -> Made<ReasonView> {
    add(edge, ReasonList::Hold, write).await
}

/// `PATCH /api/v1/hold-kinds/{code}`
pub(crate) async fn change_hold_kind(edge: Edge, Path(code): Path<String>, write: Write<ReasonChangeBody>) -> Answer<ReasonView> {
    change(edge, ReasonList::Hold, code, write).await
}

/// `GET /api/v1/cancellation-reasons`
pub(crate) async fn cancellation_reasons(edge: Edge, Query(query): Query<ReasonQuery>) -> Reply<List<ReasonView>> {
    list(edge, ReasonList::Cancellation, query).await
}

/// `POST /api/v1/cancellation-reasons`
pub(crate) async fn add_cancellation_reason(edge: Edge, write: Write<NewReasonBody>) -> Made<ReasonView> {
    add(edge, ReasonList::Cancellation, write).await
}

/// `PATCH /api/v1/cancellation-reasons/{code}`
pub(crate) async fn change_cancellation_reason(edge: Edge, Path(code): Path<String>, write: Write<ReasonChangeBody>) -> Answer<ReasonView> {
    change(edge, ReasonList::Cancellation, code, write).await
}

/// `GET /api/v1/escalation-reasons`
pub(crate) async fn escalation_reasons(edge: Edge, Query(query): Query<ReasonQuery>) -> Reply<List<ReasonView>> {
    list(edge, ReasonList::Escalation, query).await
}

/// `POST /api/v1/escalation-reasons`
pub(crate) async fn add_escalation_reason(edge: Edge, write: Write<NewReasonBody>) -> Made<ReasonView> {
    add(edge, ReasonList::Escalation, write).await
}

/// `PATCH /api/v1/escalation-reasons/{code}`
pub(crate) async fn change_escalation_reason(edge: Edge, Path(code): Path<String>, write: Write<ReasonChangeBody>) -> Answer<ReasonView> {
    change(edge, ReasonList::Escalation, code, write).await
}
