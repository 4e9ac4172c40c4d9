//! Care for people who buy: marks, notes and consents, their language, their whole history, merging two records
//! of one person, writing everything down and forgetting.

use std::collections::BTreeMap;

use base::files;
use base::{Ctx, Edge, tasks};
use care::{EntryKind, ExportFile, Likeness, Merged, Preview, Suggestion, What};
use customers::consent::{Consent, NewConsent};
use customers::erase::Erasure;
use customers::flags::{Flag, FlagKind, FlagKindChange, NewFlag};
use customers::merge::{Choices, Merge, side};
use customers::notes::Note;
use customers::{consent, erase, flags, language, notes};
use db::Tx;
use kernel::{
    Check, ConsentId, ConsentSource, ContactChannel, ContactPurpose, CustomerId, ErasureCause, ErasureId, ErasureState, Error, FlagId, Id, Locale,
    MergeId, MergeState, Money, NoteId, TaskId, Time, Tone, Version,
};
use tokio_util::io::ReaderStream;
use utoipa::openapi::schema::Components;
use utoipa::openapi::{RefOr, Schema};

use super::common::{ActorView, EventJson, Limit, limit, money, phone};
use super::credits::CreditNoteView;
use super::customers::{CustomerView, TotalsView};
use super::messages::MessageView;
use super::orders::view::OrderRowView;
use super::payments::TransactionView;
use super::work::TaskJson;
use crate::error::Outcome;
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, Begun, Done, List, Made, Reply, Streamed, Total, shown};
use crate::schema::{Describe, Many, body, view, word};

impl Describe for EntryKind {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        word(EntryKind::WORDS)
    }
}

impl Describe for Likeness {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        word(Likeness::WORDS)
    }
}

view! {
    /// A mark on a customer.
    pub(crate) struct FlagView {
        /// Which.
        id: FlagId,
        /// Of which kind.
        r#type: String = "refuser",
        /// The kind in your language.
        label: String = "Refuses parcels",
        /// Its colour.
        tone: Tone,
        /// Why.
        reason: String = "Refused three parcels at the door",
        /// Since when it is so.
        date: Time,
        /// When it goes by itself.
        expires_at: Option<Time>,
        /// Who put it there.
        added_by: ActorView,
        /// When it was taken off.
        removed_at: Option<Time>,
        /// Who took it off.
        removed_by: Option<ActorView>,
        /// Why it was taken off.
        removed_reason: Option<String>,
    }

    /// A mark as orders and lists show it, in short.
    pub(crate) struct FlagMarkView {
        /// Of which kind.
        r#type: String = "refuser",
        /// The kind in your language.
        label: String = "Refuses parcels",
        /// Its colour.
        tone: Tone,
        /// Why.
        reason: String = "Refused three parcels at the door",
    }

    /// A kind of marks.
    pub(crate) struct FlagKindView {
        /// Its word.
        code: String = "refuser",
        /// The kind in your language.
        label: String = "Refuses parcels",
        /// Words for people, by language.
        labels: BTreeMap<String, String> = {"en": "Refuses parcels"},
        /// Its colour.
        tone: Tone,
        /// Whether it came with Kafila.
        is_seeded: bool = true,
        /// Whether it is offered no more.
        is_archived: bool = false,
        /// 0 while nobody has changed a seeded kind; grows with each change.
        version: Version = 0,
    }

    /// A note about a customer.
    pub(crate) struct CustomerNoteView {
        /// Which.
        id: NoteId,
        /// What it says.
        content: String = "Calls back after five",
        /// When it was written.
        date: Time,
        /// Who wrote it.
        added_by: ActorView,
    }

    /// One time that a customer agreed to something, or took it back.
    pub(crate) struct ConsentView {
        /// Which.
        id: ConsentId,
        /// On which way.
        channel: ContactChannel,
        /// For what.
        purpose: ContactPurpose,
        /// Whether they agreed.
        is_given: bool = true,
        /// When they said so.
        at: Time,
        /// How they said so.
        source: ConsentSource,
        /// What they said, or where it can be found.
        words: Option<String> = "ticked the box at checkout",
        /// Who wrote it down.
        added_by: ActorView,
    }

    /// What a customer said, and what may be done now.
    pub(crate) struct ConsentsView {
        /// Everything they ever said, newest first.
        items: Vec<ConsentView>,
        /// What is allowed now, way by way.
        allowed: Vec<AllowedView>,
    }

    /// Whether a customer may be reached.
    pub(crate) struct AllowedView {
        /// On which way.
        channel: ContactChannel,
        /// Whether messages about their orders may go there.
        order: bool = true,
        /// Whether advertising may go there.
        marketing: bool = false,
    }

    /// What a text was taken for, and the language that stands now.
    pub(crate) struct LanguageView {
        /// The language of the text; null when the rules are silent.
        detected: Option<Locale>,
        /// The customer's language now.
        language: Option<Locale>,
        /// Where that comes from.
        language_source: Option<kernel::LanguageSource>,
    }

    /// Two records that became one.
    pub(crate) struct MergeView {
        /// Which.
        id: MergeId,
        /// Who was kept.
        kept_id: CustomerId,
        /// Who is part of them.
        gone_id: CustomerId,
        /// Where it stands.
        state: MergeState,
        /// The work, when there were too many orders for one moment.
        task_id: Option<TaskId>,
        /// Who merged.
        merged_by: ActorView,
        /// When.
        created_at: Time,
        /// When it was undone.
        undone_at: Option<Time>,
    }

    /// A merge, or its undoing, with the customer as it stands now.
    pub(crate) struct MergedView {
        /// The merge.
        merge: MergeView,
        /// The customer who was kept.
        customer: CustomerView,
    }

    /// What a merge would do.
    pub(crate) struct MergePreviewView {
        /// Who would be kept.
        kept: PersonView,
        /// Who would become part of them.
        gone: PersonView,
        /// What moves.
        moves: MovesView,
        /// What the kept one will have bought in each store that you may see.
        totals: Vec<TotalsView>,
        /// The sums of those, one for each currency.
        sums: Vec<SumView>,
        /// What has to be chosen; the kept one's value stays where nothing is.
        conflicts: Vec<ConflictView>,
        /// Whether orders move behind the merge, with a task to watch.
        is_slow: bool = false,
    }

    /// A person in short.
    pub(crate) struct PersonView {
        /// Who.
        id: CustomerId,
        /// As they write themselves.
        name: String = "Amina Benali",
        /// Where to write to.
        email: Option<String>,
        /// Their numbers, the main one first.
        phones: Vec<String> = ["+213550142387"],
        /// Since when we know them.
        created_at: Time,
    }

    /// How much moves with a merge.
    pub(crate) struct MovesView {
        /// Telephone numbers.
        phones: i64 = 1,
        /// Addresses.
        addresses: i64 = 2,
        /// Orders.
        orders: i64 = 7,
        /// Notes.
        notes: i64 = 1,
        /// Marks.
        flags: i64 = 0,
        /// Consents.
        consents: i64 = 0,
    }

    /// Orders and money in one currency.
    pub(crate) struct SumView {
        /// Orders placed.
        orders: i64 = 11,
        /// What all orders came to.
        ordered: Money,
        /// What the delivered ones came to.
        spent: Money,
    }

    /// A field that both records fill differently.
    pub(crate) struct ConflictView {
        /// Which: `name`, `email`, `language`.
        field: &'static str = "name",
        /// What the kept record says.
        kept: String = "Amina Benali",
        /// What the other one says.
        gone: String = "A. Benali",
    }

    /// Two customers who are likely one person.
    pub(crate) struct TwinView {
        /// One.
        customer: PersonView,
        /// The other.
        other: PersonView,
        /// Why.
        reasons: Vec<Likeness>,
    }

    /// An entry of a customer's line. What it is about stands under the name of its kind.
    pub(crate) struct TimelineView {
        /// Which.
        id: String = "ord_0000000000001",
        /// When.
        at: Time,
        /// What it is about.
        kind: EntryKind,
        /// An order as it stands now.
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<OrderRowView>,
        /// A message.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<MessageView>,
        /// A movement of money.
        #[serde(skip_serializing_if = "Option::is_none")]
        payment: Option<TransactionView>,
        /// A credit note.
        #[serde(skip_serializing_if = "Option::is_none")]
        credit_note: Option<CreditNoteView>,
        /// A note about the customer.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<CustomerNoteView>,
        /// A mark, taken off or not.
        #[serde(skip_serializing_if = "Option::is_none")]
        flag: Option<FlagView>,
        /// A consent.
        #[serde(skip_serializing_if = "Option::is_none")]
        consent: Option<ConsentView>,
        /// A merge, undone or not.
        #[serde(skip_serializing_if = "Option::is_none")]
        merge: Option<MergeView>,
        /// An event about the record.
        #[serde(skip_serializing_if = "Option::is_none")]
        change: Option<EventJson>,
    }

    /// The erasing of a person.
    pub(crate) struct ErasureView {
        /// Which.
        id: ErasureId,
        /// Where it stands.
        state: ErasureState,
        /// Why.
        cause: ErasureCause,
        /// When it begins, or began; until then it can be called off.
        due_at: Time,
        /// What is gone.
        erased: ErasedView,
        /// Who asked for it.
        asked_by: ActorView,
        /// When it was asked for.
        created_at: Time,
        /// When it was done or called off.
        finished_at: Option<Time>,
    }

    /// What an erasing took away, in figures.
    pub(crate) struct ErasedView {
        /// Orders that name nobody any more.
        orders: u64 = 7,
        /// Messages whose words are gone.
        messages: u64 = 12,
        /// Notes, marks, consents, numbers and addresses.
        notes: u64 = 3,
        /// Files that named the person.
        files: u64 = 1,
        /// Details of events.
        events: u64 = 40,
        /// Kept answers and other traces.
        traces: u64 = 2,
    }

    /// Whether a customer is to be erased, or was.
    pub(crate) struct ErasureStatusView {
        /// The latest erasing; null when nobody ever asked for one.
        erasure: Option<ErasureView>,
    }
}

body! {
    /// A mark to be put on a customer.
    pub(crate) struct FlagBody {
        /// Of which kind.
        r#type: String = "refuser",
        /// Why; may be left out where the kind says all.
        reason: Option<String> = "Refused three parcels at the door",
        /// Since when it is so; now when left out.
        date: Option<Time>,
        /// When it goes by itself.
        expires_at: Option<Time>,
    }

    /// Why something is taken away.
    pub(crate) struct WhyBody {
        /// Why.
        reason: String = "Paid in full and apologized",
    }

    /// Which marks.
    pub(crate) struct FlagQuery {
        /// Also those that ended or were taken off.
        with_removed: Option<bool>,
    }

    /// What a kind of marks shall be.
    pub(crate) struct FlagKindBody {
        /// Words for people, by language; a seeded kind keeps its own when left out.
        #[serde(default)]
        labels: BTreeMap<String, String> = {"en": "Never at home", "fr": "Jamais chez lui"},
        /// Its colour.
        tone: Tone,
        /// Whether it is offered no more.
        is_archived: Option<bool> = false,
        /// The version that was read.
        version: Option<Version> = 0,
    }

    /// A note to be written.
    pub(crate) struct CustomerNoteBody {
        /// What it says.
        content: String = "Calls back after five",
    }

    /// A part of a list.
    pub(crate) struct PartQuery {
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// What a customer agrees to, or takes back.
    pub(crate) struct ConsentBody {
        /// On which way.
        channel: ContactChannel,
        /// For what.
        purpose: ContactPurpose,
        /// Whether they agree.
        is_given: bool = true,
        /// How they said so.
        source: ConsentSource,
        /// When they said so; now when left out.
        at: Option<Time>,
        /// What they said, or where it can be found.
        words: Option<String> = "ticked the box at checkout",
    }

    /// Something that the customer wrote.
    pub(crate) struct WroteBody {
        /// Their words, as they wrote them.
        text: String = "Bonjour, je voudrais changer la taille de ma commande",
    }

    /// Which entries of a customer's line.
    pub(crate) struct TimelineQuery {
        /// About these alone.
        #[serde(default)]
        kind: Many<EntryKind> = ["order", "note"],
        /// How many, 1 to 199.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// Whom to look at together with the customer in the path.
    pub(crate) struct MergePreviewBody {
        /// Who would become part of them.
        gone_id: CustomerId,
    }

    /// Whom to merge into the customer in the path.
    pub(crate) struct MergeBody {
        /// Who becomes part of them.
        gone_id: CustomerId,
        /// Whose name: `kept` or `gone`.
        name: Option<String> = "kept",
        /// Whose e-mail address: `kept` or `gone`.
        email: Option<String> = "kept",
        /// Whose language: `kept` or `gone`.
        language: Option<String> = "kept",
    }

    /// Which merge to undo.
    pub(crate) struct UnmergeBody {
        /// The merge.
        merge_id: MergeId,
    }

    /// Which of the files.
    pub(crate) struct ExportFileQuery {
        /// `json` for programs, `html` for people.
        format: Option<String> = "json",
    }

    /// That somebody really means it.
    pub(crate) struct EraseBody {
        /// The customer's name or id, typed.
        confirm: String = "Amina Benali",
    }
}

fn label(kinds: &BTreeMap<String, FlagKind>, code: &str, locale: Locale) -> (String, Tone) {
    kinds.get(code).map_or_else(|| (code.to_owned(), Tone::Neutral), |kind| (kind.label(locale).to_owned(), kind.tone))
}

impl FlagView {
    fn of(ctx: &Ctx, kinds: &BTreeMap<String, FlagKind>, flag: Flag) -> FlagView {
        let (label, tone) = label(kinds, &flag.kind, ctx.locale);
        FlagView {
            id: flag.id,
            label,
            tone,
            added_by: ActorView::of(flag.author()),
            removed_by: flag.removed_by().map(ActorView::of),
            r#type: flag.kind,
            reason: flag.reason,
            date: flag.at,
            expires_at: flag.expires_at,
            removed_at: flag.removed_at,
            removed_reason: flag.removed_reason,
        }
    }

    pub(crate) fn all(tx: &mut Tx, ctx: &Ctx, flags: Vec<Flag>) -> Result<Vec<FlagView>, Error> {
        let kinds = flags::kinds_of(tx, &flags)?;
        Ok(flags.into_iter().map(|flag| FlagView::of(ctx, &kinds, flag)).collect())
    }
}

impl Clone for FlagMarkView {
    fn clone(&self) -> FlagMarkView {
        FlagMarkView { r#type: self.r#type.clone(), label: self.label.clone(), tone: self.tone, reason: self.reason.clone() }
    }
}

/// The marks that stand on the customers of a list, by customer: two statements for the whole list, one where
/// nobody bears any.
pub(crate) fn marks(tx: &mut Tx, ctx: &Ctx, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, Vec<FlagMarkView>>, Error> {
    let found = flags::open_of(tx, ctx, customers)?;
    let kinds = flags::kinds_of(tx, &found)?;
    let mut marks: BTreeMap<CustomerId, Vec<FlagMarkView>> = BTreeMap::new();
    for flag in found {
        let (label, tone) = label(&kinds, &flag.kind, ctx.locale);
        marks.entry(flag.customer_id).or_default().push(FlagMarkView { r#type: flag.kind, label, tone, reason: flag.reason });
    }
    Ok(marks)
}

impl FlagKindView {
    fn of(ctx: &Ctx, kind: FlagKind) -> FlagKindView {
        FlagKindView {
            label: kind.label(ctx.locale).to_owned(),
            labels: kind.labels.iter().map(|(locale, text)| (locale.to_string(), text.clone())).collect(),
            code: kind.code,
            tone: kind.tone,
            is_seeded: kind.is_seeded,
            is_archived: kind.is_archived,
            version: kind.version,
        }
    }
}

impl CustomerNoteView {
    pub(crate) fn of(note: Note) -> CustomerNoteView {
        CustomerNoteView { id: note.id, added_by: ActorView::of(note.author()), content: note.text, date: note.created_at }
    }
}

impl ConsentView {
    pub(crate) fn of(one: Consent) -> ConsentView {
        ConsentView {
            id: one.id,
            added_by: ActorView::of(one.author()),
            channel: one.channel,
            purpose: one.purpose,
            is_given: one.is_given,
            at: one.at,
            source: one.source,
            words: one.words,
        }
    }
}

impl MergeView {
    pub(crate) fn of(merge: Merge) -> MergeView {
        MergeView {
            id: merge.id,
            kept_id: merge.kept_id,
            gone_id: merge.gone_id,
            state: merge.state,
            task_id: merge.task_id,
            merged_by: ActorView::of(merge.author()),
            created_at: merge.created_at,
            undone_at: merge.undone_at,
        }
    }
}

impl MergedView {
    fn load(tx: &mut Tx, ctx: &Ctx, merged: Merged) -> Result<MergedView, Error> {
        let customer = CustomerView::load(tx, ctx, merged.merge.kept_id)?;
        Ok(MergedView { merge: MergeView::of(merged.merge), customer })
    }
}

impl PersonView {
    fn of(ctx: &Ctx, customer: customers::Customer, phones: &[kernel::Phone]) -> PersonView {
        PersonView {
            id: customer.id,
            name: customer.name,
            email: customer.email.as_deref().map(|email| customers::shown_email(ctx, email)),
            phones: phones.iter().map(|number| phone(ctx, number)).collect(),
            created_at: customer.created_at,
        }
    }
}

impl MergePreviewView {
    fn of(tx: &mut Tx, ctx: &Ctx, preview: Preview) -> Result<MergePreviewView, Error> {
        let kept_phones: Vec<kernel::Phone> = customers::merge::phones_of(tx, preview.kept.id)?.into_iter().map(|row| row.phone).collect();
        let gone_phones: Vec<kernel::Phone> = preview.phones.into_iter().map(|row| row.phone).collect();
        let conflict = |one: care::Conflict| {
            let show = |text: String| if one.field == "email" { customers::shown_email(ctx, &text) } else { text };
            ConflictView { field: one.field, kept: show(one.kept), gone: show(one.gone) }
        };
        Ok(MergePreviewView {
            kept: PersonView::of(ctx, preview.kept, &kept_phones),
            gone: PersonView::of(ctx, preview.gone, &gone_phones),
            moves: MovesView {
                phones: preview.counts.phones,
                addresses: preview.counts.addresses,
                orders: preview.orders,
                notes: preview.counts.notes,
                flags: preview.counts.flags,
                consents: preview.counts.consents,
            },
            totals: preview.totals.into_iter().map(TotalsView::of).collect(),
            sums: preview
                .sums
                .into_iter()
                .map(|(currency, (orders, ordered, spent))| SumView { orders, ordered: money(ordered, currency), spent: money(spent, currency) })
                .collect(),
            conflicts: preview.conflicts.into_iter().map(conflict).collect(),
            is_slow: preview.is_slow,
        })
    }
}

impl TwinView {
    fn of(ctx: &Ctx, pair: Suggestion) -> TwinView {
        TwinView {
            customer: PersonView::of(ctx, pair.customer, &pair.phones),
            other: PersonView::of(ctx, pair.other, &pair.other_phones),
            reasons: pair.reasons,
        }
    }
}

impl ErasureView {
    pub(crate) fn of(erasure: Erasure) -> ErasureView {
        let erased = erasure.erased();
        ErasureView {
            id: erasure.id,
            state: erasure.state,
            cause: erasure.cause,
            due_at: erasure.due_at,
            erased: ErasedView {
                orders: erased.orders,
                messages: erased.messages,
                notes: erased.notes,
                files: erased.files,
                events: erased.events,
                traces: erased.traces,
            },
            asked_by: ActorView::of(erasure.author()),
            created_at: erasure.created_at,
            finished_at: erasure.finished_at,
        }
    }
}

/// `GET /api/v1/customers/{id}/flags`
pub(crate) async fn list_flags(edge: Edge, Path(id): Path<CustomerId>, Query(query): Query<FlagQuery>) -> Reply<List<FlagView>> {
    let with_removed = query.with_removed.unwrap_or(false);
    let views = edge.read(move |tx, ctx| {
        let flags = flags::list(tx, ctx, id, with_removed)?;
        FlagView::all(tx, ctx, flags)
    });
    shown(List::whole(views.await?))
}

/// `POST /api/v1/customers/{id}/flags`
pub(crate) async fn add_flag(edge: Edge, Path(id): Path<CustomerId>, write: Write<FlagBody>) -> Made<FlagView> {
    let FlagBody { r#type, reason, date, expires_at } = write.body;
    let new = NewFlag { kind: r#type, reason: reason.unwrap_or_default(), at: date, expires_at };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let flag = flags::add(tx, ctx, id, &new)?;
        one_flag(tx, ctx, flag)
    });
    Ok(answer.await?.into())
}

fn one_flag(tx: &mut Tx, ctx: &Ctx, flag: Flag) -> Result<FlagView, Error> {
    FlagView::all(tx, ctx, vec![flag])?.pop().ok_or_else(|| Error::internal("one mark is one view"))
}

/// `POST /api/v1/customers/{id}/flags/{flag_id}/remove`
pub(crate) async fn remove_flag(edge: Edge, Path(Two(id, flag)): Path<Two<CustomerId, FlagId>>, write: Write<WhyBody>) -> Answer<FlagView> {
    let why = write.body.reason;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let flag = flags::remove(tx, ctx, id, flag, &why)?;
        one_flag(tx, ctx, flag)
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/flag-kinds`
pub(crate) async fn list_flag_kinds(edge: Edge) -> Reply<List<FlagKindView>> {
    let kinds = edge.read(|tx, ctx| Ok(flags::list_kinds(tx, ctx)?.into_iter().map(|kind| FlagKindView::of(ctx, kind)).collect())).await?;
    shown(List::whole(kinds))
}

/// `PUT /api/v1/flag-kinds/{code}`
pub(crate) async fn save_flag_kind(edge: Edge, Path(code): Path<String>, write: Write<FlagKindBody>) -> Answer<FlagKindView> {
    let version = write.if_match.or(write.body.version);
    let FlagKindBody { labels, tone, is_archived, .. } = write.body;
    let mut check = Check::new();
    let mut read = BTreeMap::new();
    for (word, text) in labels {
        match word.parse::<Locale>() {
            Ok(locale) => {
                read.insert(locale, text.trim().to_owned());
            }
            Err(_) => check.push(kernel::FieldError::new(format!("labels.{word}"), "format").with("expected", Locale::WORDS.join(", "))),
        }
    }
    check.done()?;
    let change = FlagKindChange { labels: read, tone, is_archived: is_archived.unwrap_or(false), version };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(FlagKindView::of(ctx, flags::save_kind(tx, ctx, &code, &change)?)));
    Ok(answer.await?.into())
}

/// A place in a list by time as a cursor: the moment and the row.
fn cursor(place: (Time, i64)) -> String {
    format!("{}.{}", place.0.0, place.1)
}

pub(crate) fn read_cursor(text: Option<&str>) -> Result<Option<(Time, i64)>, Error> {
    let Some(text) = text else { return Ok(None) };
    let read = text.split_once('.').and_then(|(at, id)| Some((Time(at.parse().ok()?), id.parse().ok()?)));
    read.map(Some).ok_or_else(|| Error::field("cursor", "cursor"))
}

/// A page of something that is not counted: one row more than asked tells that there is more.
fn part<T>(mut items: Vec<T>, limit: u32, place: impl Fn(&T) -> (Time, i64)) -> (Vec<T>, Option<String>, Total) {
    let is_more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if is_more { items.last().map(|last| cursor(place(last))) } else { None };
    let count = items.len() as u64;
    let total = if is_more { Total::AtLeast { at_least: count + 1 } } else { Total::Exactly(count) };
    (items, next, total)
}

/// `GET /api/v1/customers/{id}/notes`
pub(crate) async fn list_notes(edge: Edge, Path(id): Path<CustomerId>, Query(query): Query<PartQuery>) -> Reply<List<CustomerNoteView>> {
    let limit = limit(query.limit)?;
    let before = read_cursor(query.cursor.as_deref())?;
    let found = edge.read(move |tx, ctx| notes::list(tx, ctx, id, before, limit + 1)).await?;
    let (found, next_cursor, total) = part(found, limit, |note| (note.created_at, note.id.to_i64()));
    shown(List { items: found.into_iter().map(CustomerNoteView::of).collect(), next_cursor, total })
}

/// `POST /api/v1/customers/{id}/notes`
pub(crate) async fn add_note(edge: Edge, Path(id): Path<CustomerId>, write: Write<CustomerNoteBody>) -> Made<CustomerNoteView> {
    let text = write.body.content;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let made = notes::add(tx, ctx, id, &text)?;
        let newest = notes::list(tx, ctx, id, None, 10)?;
        let note = newest.into_iter().find(|note| note.id == made).ok_or_else(|| Error::internal("the note just written is not there"))?;
        Ok(CustomerNoteView::of(note))
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/customers/{id}/notes/{note_id}`
pub(crate) async fn erase_note(edge: Edge, Path(Two(id, note)): Path<Two<CustomerId, NoteId>>, write: Write<super::common::Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| notes::erase(tx, ctx, id, note)).await?.into())
}

fn consents(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<ConsentsView, Error> {
    let items = consent::list(tx, ctx, id)?;
    // The latest word of each way and purpose stands first; silence means yes for orders, no for advertising.
    let says = |channel: ContactChannel, purpose: ContactPurpose| {
        let latest = items.iter().find(|one| one.channel == channel && one.purpose == purpose);
        latest.map_or(purpose == ContactPurpose::Order, |one| one.is_given)
    };
    let is_erased = customers::find(tx, ctx, id)?.erased_at.is_some();
    let allowed = ContactChannel::ALL.iter().copied().map(|channel| AllowedView {
        channel,
        order: !is_erased && says(channel, ContactPurpose::Order),
        marketing: !is_erased && says(channel, ContactPurpose::Marketing),
    });
    Ok(ConsentsView { allowed: allowed.collect(), items: items.into_iter().map(ConsentView::of).collect() })
}

/// `GET /api/v1/customers/{id}/consents`
pub(crate) async fn list_consents(edge: Edge, Path(id): Path<CustomerId>) -> Reply<ConsentsView> {
    shown(edge.read(move |tx, ctx| consents(tx, ctx, id)).await?)
}

/// `POST /api/v1/customers/{id}/consents`
pub(crate) async fn record_consent(edge: Edge, Path(id): Path<CustomerId>, write: Write<ConsentBody>) -> Made<ConsentsView> {
    let ConsentBody { channel, purpose, is_given, source, at, words } = write.body;
    let new = NewConsent { channel, purpose, is_given, source, at, words };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        care::record_consent(tx, ctx, id, &new)?;
        consents(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/language`
pub(crate) async fn learn_language(edge: Edge, Path(id): Path<CustomerId>, write: Write<WroteBody>) -> Answer<LanguageView> {
    let text = write.body.text;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let (customer, detected) = language::learn(tx, ctx, id, &text)?;
        Ok(LanguageView { detected, language: customer.language, language_source: customer.language_source })
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/customers/{id}/timeline`
pub(crate) async fn timeline(edge: Edge, Path(id): Path<CustomerId>, Query(query): Query<TimelineQuery>) -> Reply<List<TimelineView>> {
    let limit = limit(query.limit)?;
    let before = read_cursor(query.cursor.as_deref())?;
    let kinds = query.kind.0;
    shown(edge.read(move |tx, ctx| line(tx, ctx, id, &kinds, before, limit)).await?)
}

/// A part of a customer's line, as it is sent.
pub(crate) fn line(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CustomerId,
    kinds: &[EntryKind],
    before: Option<(Time, i64)>,
    limit: u32,
) -> Result<List<TimelineView>, Error> {
    let page = care::timeline(tx, ctx, id, kinds, before, limit)?;
    let marked: Vec<Flag> =
        page.items.iter().filter_map(|entry| if let What::Flag(flag) = &entry.what { Some(flag.clone()) } else { None }).collect();
    let flag_kinds = flags::kinds_of(tx, &marked)?;
    let count = page.items.len() as u64;
    let mut items = Vec::with_capacity(page.items.len());
    for entry in page.items {
        let mut view = TimelineView {
            id: String::new(),
            at: entry.at,
            kind: entry.kind(),
            order: None,
            message: None,
            payment: None,
            credit_note: None,
            note: None,
            flag: None,
            consent: None,
            merge: None,
            change: None,
        };
        match entry.what {
            What::Order(row) => (view.id, view.order) = (row.id.to_string(), Some(OrderRowView::of(ctx, *row))),
            What::Message(one) => (view.id, view.message) = (one.id.to_string(), Some(MessageView::of(*one))),
            What::Payment(one) => (view.id, view.payment) = (one.id.to_string(), Some(TransactionView::of(one))),
            What::CreditNote(one) => (view.id, view.credit_note) = (one.id.to_string(), Some(CreditNoteView::of(*one, None))),
            What::Note(one) => (view.id, view.note) = (one.id.to_string(), Some(CustomerNoteView::of(one))),
            What::Flag(one) => (view.id, view.flag) = (one.id.to_string(), Some(FlagView::of(ctx, &flag_kinds, one))),
            What::Consent(one) => (view.id, view.consent) = (one.id.to_string(), Some(ConsentView::of(one))),
            What::Merge(one) => (view.id, view.merge) = (one.id.to_string(), Some(MergeView::of(one))),
            What::Change(one) => (view.id, view.change) = (one.id.to_string(), Some(EventJson::of(*one))),
        }
        items.push(view);
    }
    let total = if page.next.is_some() { Total::AtLeast { at_least: count + 1 } } else { Total::Exactly(count) };
    Ok(List { items, next_cursor: page.next.map(cursor), total })
}

/// `GET /api/v1/customers/{id}/twins`
pub(crate) async fn twins(edge: Edge, Path(id): Path<CustomerId>) -> Reply<List<TwinView>> {
    let found = edge.read(move |tx, ctx| Ok(care::twins(tx, ctx, id)?.into_iter().map(|pair| TwinView::of(ctx, pair)).collect())).await?;
    shown(List::whole(found))
}

body! {
    /// How many suggestions.
    pub(crate) struct TwinsQuery {
        /// How many, 1 to 200; more than 50 are never looked for.
        limit: Option<Limit> = 20,
    }
}

/// `GET /api/v1/customers/twins`
pub(crate) async fn all_twins(edge: Edge, Query(query): Query<TwinsQuery>) -> Reply<List<TwinView>> {
    let limit = limit(query.limit)?;
    let found = edge.read(move |tx, ctx| Ok(care::suggestions(tx, ctx, limit)?.into_iter().map(|pair| TwinView::of(ctx, pair)).collect())).await?;
    shown(List::whole(found))
}

/// `POST /api/v1/customers/{id}/merge/preview`
pub(crate) async fn preview_merge(edge: Edge, Path(id): Path<CustomerId>, write: Write<MergePreviewBody>) -> Reply<MergePreviewView> {
    let gone = write.body.gone_id;
    let view = edge.read(move |tx, ctx| {
        let preview = care::preview(tx, ctx, id, gone)?;
        MergePreviewView::of(tx, ctx, preview)
    });
    shown(view.await?)
}

/// `POST /api/v1/customers/{id}/merge`
pub(crate) async fn merge(edge: Edge, Path(id): Path<CustomerId>, write: Write<MergeBody>) -> Answer<MergedView> {
    let MergeBody { gone_id, name, email, language } = write.body;
    let mut check = Check::new();
    let choices = Choices {
        name: side(&mut check, "name", name.as_deref()),
        email: side(&mut check, "email", email.as_deref()),
        language: side(&mut check, "language", language.as_deref()),
    };
    check.done()?;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let merged = care::merge(tx, ctx, id, gone_id, &choices)?;
        MergedView::load(tx, ctx, merged)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/unmerge`
pub(crate) async fn unmerge(edge: Edge, Path(id): Path<CustomerId>, write: Write<UnmergeBody>) -> Answer<MergedView> {
    let merge = write.body.merge_id;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let customer = customers::find(tx, ctx, id)?;
        if customers::merge::find(tx, ctx, merge)?.kept_id != customer.id {
            return Err(Error::not_found("merge"));
        }
        let merged = care::unmerge(tx, ctx, merge)?;
        MergedView::load(tx, ctx, merged)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/export`
pub(crate) async fn begin_export(edge: Edge, Path(id): Path<CustomerId>, write: Write<super::common::Nothing>) -> Begun<TaskJson> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = care::begin_export(tx, ctx, id)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/customers/{id}/exports/{task_id}`
pub(crate) async fn export_file(
    edge: Edge,
    Path(Two(id, task)): Path<Two<CustomerId, TaskId>>,
    Query(query): Query<ExportFileQuery>,
) -> Outcome<Streamed> {
    let which = match query.format.as_deref() {
        None | Some("json") => ExportFile::Json,
        Some("html") => ExportFile::Html,
        Some(_) => return Err(Error::field("format", "format").with("expected", "json, html").into()),
    };
    let file = edge.read(move |tx, ctx| care::export_file(tx, ctx, id, task, which)).await?;
    let (_, content) = files::open(&edge, file).await?;
    let (media_type, ending) = match which {
        ExportFile::Json => ("application/json", "json"),
        ExportFile::Html => ("text/html; charset=utf-8", "html"),
    };
    Ok(Streamed { media_type, file_name: format!("{id}.{ending}"), body: axum::body::Body::from_stream(ReaderStream::new(content)) })
}

/// `GET /api/v1/customers/{id}/erasure`
pub(crate) async fn erasure(edge: Edge, Path(id): Path<CustomerId>) -> Reply<ErasureStatusView> {
    let found = edge.read(move |tx, ctx| {
        customers::find(tx, ctx, id)?;
        match erase::find(tx, ctx, id) {
            Ok(erasure) => Ok(Some(erasure)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    });
    shown(ErasureStatusView { erasure: found.await?.map(ErasureView::of) })
}

/// `POST /api/v1/customers/{id}/erasure`
pub(crate) async fn ask_erasure(edge: Edge, Path(id): Path<CustomerId>, write: Write<EraseBody>) -> Begun<ErasureView> {
    let confirm = write.body.confirm;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(ErasureView::of(erase::ask(tx, ctx, id, &confirm)?)));
    Ok(answer.await?.into())
}

/// `POST /api/v1/customers/{id}/erasure/cancel`
pub(crate) async fn cancel_erasure(edge: Edge, Path(id): Path<CustomerId>, write: Write<super::common::Nothing>) -> Answer<ErasureView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(ErasureView::of(erase::cancel(tx, ctx, id)?)));
    Ok(answer.await?.into())
}
