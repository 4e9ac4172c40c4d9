//! One customer as their page shows them: who they are, what they bought, what was agreed, what happened, what goes on.

use std::collections::{BTreeMap, BTreeSet};

use base::Ctx;
use base::tasks::{self, TaskFilter, TaskView};
use care::{EntryKind, Likeness, Page, What};
use customers::flags::{self, FlagKind};
use customers::{Address, CustomerDetail};
use db::Tx;
use kernel::{
    Actor, Amount, ContactChannel, ContactPurpose, Country, Currency, CustomerId, ErasureCause, ErasureState, Error, Id, JobKind, LanguageSource,
    Locale, MergeState, Permission, Phone, PhoneId, TaskState, Time, UserId,
};
use orders::OrderRow;
use serde_json::Value;

use super::detail::Asked;
use super::history::{Lines, text_of};
use super::query::HOME;
use super::view::{
    AddressLine, Bar, ConsentLine, DetailPage, ErasureLine, Figure, HistoryTab, Mark, MarkLine, May, MergeLine, OrderLine, Person, PersonFile,
    PhoneLine, Sum, WorkView, home_country, isolated, likeness,
};
use crate::badges;
use crate::format::Format;
use crate::pages::context::Reader;
use crate::pages::phones::{shown_phone, whole_phone};
use crate::pages::view::{LANGUAGES, Notice, Shell};
use crate::words::Words;

/// Entries of the history on a page.
const ENTRIES: u32 = 30;
/// Orders that stand in short over the history.
const ORDERS: u32 = 5;
/// How long the files about a person are kept.
const FILES_DAYS: i64 = 7;

/// The kinds of entries that can be shown alone.
const PARTS: [(Option<EntryKind>, &str); 6] = [
    (None, "customers-history-all"),
    (Some(EntryKind::Order), "customers-history-orders"),
    (Some(EntryKind::Message), "customers-history-messages"),
    (Some(EntryKind::Payment), "customers-history-payments"),
    (Some(EntryKind::Note), "customers-history-notes"),
    (Some(EntryKind::Change), "customers-history-changes"),
];

/// A customer with everything around them.
pub(super) struct Detail {
    say: Words,
    format: Format,
    country: Country,
    detail: CustomerDetail,
    kinds: Vec<FlagKind>,
    orders: Vec<OrderRow>,
    line: Page,
    people: BTreeMap<UserId, String>,
    twins: Vec<(Person, Vec<&'static str>)>,
    /// Names of the records that became part of this one.
    gone: BTreeMap<CustomerId, String>,
    /// Work about this person that the reader may see.
    tasks: Vec<TaskView>,
}

impl Detail {
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, reader: &Reader, id: CustomerId, asked: &Asked) -> Result<Detail, Error> {
        let detail = customers::detail(tx, ctx, id)?;
        let id = detail.customer.id;
        let kinds: Vec<EntryKind> = asked.kind.into_iter().collect();
        let line = care::timeline(tx, ctx, id, &kinds, asked.before, ENTRIES)?;
        let orders = if ctx.can(Permission::OrderRead) { orders::care::of_customer_before(tx, ctx, id, None, ORDERS + 1)? } else { Vec::new() };
        let country = home_country(reader);
        let twins = if detail.customer.erased_at.is_none() { care::twins(tx, ctx, id)? } else { Vec::new() };
        let twin = |pair: care::Suggestion| {
            let reasons: Vec<Likeness> = pair.reasons;
            (Person::of(ctx, country, &pair.other, &pair.other_phones), reasons.into_iter().map(likeness).collect())
        };
        let mut gone = BTreeMap::new();
        for merge in &detail.merges {
            if let Some(name) = customers::merge::name_of(tx, ctx, merge)? {
                gone.insert(merge.gone_id, name);
            }
        }
        let people = people_of(tx, ctx, &detail, &line)?;
        let mut tasks = if ctx.can(Permission::CustomerExport) { exports_of(tx, ctx, id)? } else { Vec::new() };
        for merge in detail.merges.iter().filter(|merge| matches!(merge.state, MergeState::Merging | MergeState::Undoing)) {
            if let Some(task) = merge.task_id {
                match tasks::view(tx, ctx, task) {
                    Ok(task) => tasks.push(task),
                    Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(Detail {
            say: Words { locale: ctx.locale },
            format: reader.format(ctx),
            country,
            kinds: flags::list_kinds(tx, ctx)?,
            orders,
            line,
            people,
            twins: twins.into_iter().take(5).map(twin).collect(),
            gone,
            tasks,
            detail,
        })
    }

    pub(super) fn id(&self) -> CustomerId {
        self.detail.customer.id
    }

    /// Their name, or what stands for one.
    pub(super) fn shown_name(&self) -> String {
        let customer = &self.detail.customer;
        match (customer.erased_at, customer.name.is_empty()) {
            (Some(_), _) => self.say.t("customers-erased-name"),
            (None, true) => self.say.t("customers-nameless"),
            (None, false) => customer.name.clone(),
        }
    }

    fn may(&self, ctx: &Ctx) -> May {
        let is_there = self.detail.customer.erased_at.is_none();
        May {
            edit: is_there && ctx.can(Permission::CustomerEdit),
            merge: is_there && ctx.can(Permission::CustomerMerge),
            export: is_there && ctx.can(Permission::CustomerExport),
            erase: is_there && ctx.can(Permission::CustomerErase),
            order: is_there && ctx.can(Permission::OrderPlace),
        }
    }

    pub(super) fn into_page(
        self,
        ctx: &Ctx,
        page: Shell,
        asked: &Asked,
        notice: Option<Notice>,
        note: String,
        revealed: Option<&(PhoneId, Phone)>,
    ) -> DetailPage {
        let (say, format) = (self.say, &self.format);
        let customer = &self.detail.customer;
        let may = self.may(ctx);
        let name = self.shown_name();
        let lines = Lines {
            ctx,
            say,
            format,
            people: &self.people,
            kinds: &self.kinds,
            customer: customer.id.to_string(),
            name: name.clone(),
            csrf: page.csrf.clone(),
            can_edit: may.edit,
        };
        let here = format!("{HOME}/{}", customer.id);
        let show = asked.kind.map(|kind| format!("show={kind}&")).unwrap_or_default();
        let (figures, success) = self.figures();
        let first = self.detail.totals.iter().map(|totals| totals.first_order_at).min().unwrap_or(customer.created_at);
        DetailPage {
            may,
            id: customer.id.to_string(),
            initials: badges::initials(&customer.name),
            tone: badges::person_tone(customer.id.to_i64()),
            since: say.one("customers-since", "day", format.date(first)),
            is_archived: customer.archived_at.is_some(),
            is_erased: customer.erased_at.is_some(),
            notice,
            note,
            marks: self.marks(ctx),
            figures,
            success,
            orders: self.orders.iter().take(ORDERS as usize).map(|order| self.order(order)).collect(),
            has_more_orders: self.orders.len() > ORDERS as usize,
            phones: self.phones(ctx, revealed),
            email: customer.email.as_deref().map(|email| customers::shown_email(ctx, email)),
            can_write: ctx.can(Permission::ContactSee),
            language: customer.language.map(|language| language_name(say, language)),
            language_source: customer.language_source.map(|source| match source {
                LanguageSource::Chosen => "customers-language-chosen",
                LanguageSource::Detected => "customers-language-found",
            }),
            reference: customer.external_ref.clone(),
            addresses: self.addresses(ctx),
            tags: customer.tags(),
            fields: own_fields(ctx, &customers::shown_fields(ctx, customer.custom()), format),
            consents: self.consents(),
            twins: self.twins.clone(),
            merges: self.merges(ctx),
            work: self.work(ctx, page.csrf.clone()),
            tabs: PARTS
                .iter()
                .filter(|(kind, _)| match kind {
                    Some(EntryKind::Order | EntryKind::Message) => ctx.can(Permission::OrderRead),
                    Some(EntryKind::Payment) => ctx.can(Permission::PaymentRead),
                    _ => true,
                })
                .map(|(kind, key)| HistoryTab {
                    key,
                    href: kind.map_or_else(|| here.clone(), |kind| format!("{here}?show={kind}")),
                    is_here: *kind == asked.kind,
                })
                .collect(),
            history: self.line.items.iter().map(|item| lines.entry(item)).collect(),
            older: self.line.next.map(|(at, id)| format!("{here}?{show}before={}.{id}", at.0)),
            name,
            page,
        }
    }

    fn marks(&self, ctx: &Ctx) -> Vec<MarkLine> {
        let (say, format) = (self.say, &self.format);
        let line = |flag: &flags::Flag| {
            let mut note = say.with("customers-flag-by", &[("who", isolated(self.who(flag.author()))), ("day", isolated(format.date(flag.at)))]);
            if let Some(until) = flag.expires_at {
                note = format!("{note} · {}", say.one("customers-flag-until", "day", format.date(until.plus_us(-1))));
            }
            MarkLine { mark: Mark::of(ctx, &self.kinds, flag), note, lift: format!("{HOME}/{}/flags/{}/lift", self.id(), flag.id) }
        };
        self.detail.flags.iter().map(line).collect()
    }

    fn who(&self, actor: Actor) -> String {
        match actor {
            Actor::User(id) => self.people.get(&id).cloned().unwrap_or_else(|| self.say.t("history-somebody")),
            Actor::ApiKey(_) => self.say.t("channel-api"),
            Actor::Customer(_) => self.shown_name(),
            Actor::System => self.say.t("history-system"),
        }
    }

    fn figures(&self) -> (Vec<Figure>, Option<(i64, String)>) {
        let (say, format, totals) = (self.say, &self.format, &self.detail.totals);
        let sum = |part: fn(&customers::StoreTotals) -> i64| totals.iter().map(part).sum::<i64>();
        let (delivered, returned) = (sum(|one| one.delivered), sum(|one| one.returned));
        let count = |key: &str, count: i64| Figure { label: say.t(key), value: format.number(count) };
        let mut figures = vec![
            count("customers-orders", sum(|one| one.orders)),
            count("customers-delivered", delivered),
            count("customers-returned", returned),
            count("customers-cancelled", sum(|one| one.cancelled)),
        ];
        let mut spent: BTreeMap<Currency, Amount> = BTreeMap::new();
        for one in totals {
            *spent.entry(one.currency).or_insert(Amount::ZERO) += one.delivered_total;
        }
        figures.extend(spent.into_iter().map(|(currency, amount)| Figure { label: say.t("customers-spent"), value: format.money(amount, currency) }));
        let closed = delivered + returned;
        let success = (closed > 0).then(|| (delivered * 100 / closed, format.percent(delivered * 1_000_000 / closed)));
        (figures, success)
    }

    fn order(&self, order: &OrderRow) -> OrderLine {
        let format = &self.format;
        let more = order.summary.rsplit_once(" + ").filter(|_| order.line_count > 1).map_or(order.summary.as_str(), |(first, _)| first);
        OrderLine {
            id: order.id.to_string(),
            number: order.number.clone(),
            item: more.to_owned(),
            badge: badges::order(order.state, order.confirmation, order.call_at.is_some(), order.shipping_state),
            total: format.money_parts(order.total, order.currency),
            at: Sum { text: format.ago(order.created_at), iso: format.iso(order.created_at), exact: format.exact(order.created_at) },
        }
    }

    fn phones(&self, ctx: &Ctx, revealed: Option<&(PhoneId, Phone)>) -> Vec<PhoneLine> {
        let sees = ctx.can(Permission::PhoneSee);
        let line = |(place, row): (usize, &customers::PhoneRow)| {
            let is_revealed = revealed.is_some_and(|(id, _)| *id == row.id);
            let is_whole = sees || is_revealed;
            PhoneLine {
                id: row.id.to_string(),
                text: if is_whole { whole_phone(&row.phone, self.country) } else { shown_phone(ctx, &row.phone, self.country) },
                label: row.label.clone(),
                is_main: place == 0,
                whole: is_whole.then(|| row.phone.e164().to_owned()),
                can_reveal: !is_whole && ctx.can(Permission::PhoneReveal),
            }
        };
        self.detail.phones.iter().enumerate().map(line).collect()
    }

    fn addresses(&self, ctx: &Ctx) -> Vec<AddressLine> {
        let line = |(place, row): (usize, &Address)| AddressLine {
            id: row.id.to_string(),
            label: row.label.clone(),
            lines: address_lines(ctx, row),
            is_main: place == 0,
            is_known: row.place_known,
        };
        self.detail.addresses.iter().enumerate().map(line).collect()
    }

    /// The latest word of each way and purpose; silence means yes for orders, no for advertising.
    fn consents(&self) -> Vec<ConsentLine> {
        let is_there = self.detail.customer.erased_at.is_none();
        let says = |channel: ContactChannel, purpose: ContactPurpose| {
            let latest = self.detail.consents.iter().find(|one| one.channel == channel && one.purpose == purpose);
            is_there && latest.map_or(purpose == ContactPurpose::Order, |one| one.is_given)
        };
        let line = |channel: &ContactChannel| ConsentLine {
            channel: self.say.t(super::forms::channel(*channel)),
            says: vec![says(*channel, ContactPurpose::Order), says(*channel, ContactPurpose::Marketing)],
        };
        ContactChannel::ALL.iter().map(line).collect()
    }

    fn merges(&self, ctx: &Ctx) -> Vec<MergeLine> {
        let line = |merge: &customers::merge::Merge| {
            let name = self.gone.get(&merge.gone_id).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| self.say.t("customers-nameless"));
            let day = isolated(self.format.date(merge.created_at));
            let values = [("name", isolated(name)), ("day", day), ("who", isolated(self.who(merge.author())))];
            MergeLine {
                id: merge.id.to_string(),
                text: self.say.with("customers-merge-was", &values),
                can_undo: merge.state == MergeState::Merged && ctx.can(Permission::CustomerMerge),
            }
        };
        self.detail.merges.iter().map(line).collect()
    }

    /// What goes on about this person, and what can be begun.
    pub(super) fn work(&self, ctx: &Ctx, csrf: String) -> WorkView {
        let (say, format) = (self.say, &self.format);
        let is_open = |task: &&TaskView| matches!(task.state, TaskState::Waiting | TaskState::Running);
        let bars: Vec<Bar> = self
            .tasks
            .iter()
            .filter(is_open)
            .map(|task| {
                let key = if task.kind == JobKind::ExportPerson { "customers-work-export" } else { "customers-work-merge" };
                Bar { text: say.t(key), percent: (task.total > 0).then(|| (task.done * 100 / task.total).clamp(0, 100)) }
            })
            .collect();
        let files = self
            .tasks
            .iter()
            .filter(|task| task.kind == JobKind::ExportPerson && task.state == TaskState::Done)
            .filter_map(|task| {
                let until = task.finished_at?.plus_us(FILES_DAYS * Time::DAY);
                let file = |format: &str| format!("{HOME}/{}/exports/{}?format={format}", self.id(), task.id);
                (until > ctx.now).then(|| PersonFile {
                    made: say.one("customers-file-made", "at", format.moment(task.created_at)),
                    until: say.one("customers-file-until", "day", format.date(until)),
                    html: file("html"),
                    json: file("json"),
                })
            })
            .take(3)
            .collect();
        let is_exporting = self.tasks.iter().filter(is_open).any(|task| task.kind == JobKind::ExportPerson);
        let is_erasing = self.detail.erasure.as_ref().is_some_and(|erasure| erasure.state == ErasureState::Running);
        let may = self.may(ctx);
        WorkView {
            say,
            csrf,
            id: self.id().to_string(),
            again: (!bars.is_empty() || is_erasing).then(|| format!("{HOME}/{}/work", self.id())),
            can_begin: may.export && !is_exporting,
            may,
            bars,
            files,
            erasure: self.detail.erasure.as_ref().filter(|erasure| erasure.state != ErasureState::Cancelled).map(|erasure| {
                let erased = erasure.erased();
                let figure = |key: &str, count: u64| (count > 0).then(|| (say.t(key), format.number(i64::try_from(count).unwrap_or(i64::MAX))));
                let figures = [
                    figure("customers-erased-orders", erased.orders),
                    figure("customers-erased-messages", erased.messages),
                    figure("customers-erased-notes", erased.notes),
                    figure("customers-erased-files", erased.files),
                    figure("customers-erased-events", erased.events),
                ];
                let day = isolated(format.moment(erasure.finished_at.unwrap_or(erasure.due_at)));
                let text = match (erasure.state, erasure.cause) {
                    (ErasureState::Done, ErasureCause::Inactive) => say.one("customers-erasure-done-rule", "day", day),
                    (ErasureState::Done, _) => say.one("customers-erasure-done", "day", day),
                    (ErasureState::Running, _) => say.t("customers-erasure-runs"),
                    _ => say.with("customers-erasure-waits", &[("day", day), ("who", isolated(self.who(erasure.author())))]),
                };
                ErasureLine {
                    tone: if erasure.state == ErasureState::Done { "neu" } else { "bad" },
                    text,
                    figures: figures.into_iter().flatten().collect(),
                    can_cancel: erasure.state == ErasureState::Waiting && ctx.can(Permission::CustomerErase),
                    is_over: erasure.state == ErasureState::Done,
                }
            }),
        }
    }
}

/// Everybody whom the page names.
fn people_of(tx: &mut Tx, ctx: &Ctx, detail: &CustomerDetail, line: &Page) -> Result<BTreeMap<UserId, String>, Error> {
    let mut actors: Vec<Actor> = detail.flags.iter().map(flags::Flag::author).collect();
    actors.extend(detail.merges.iter().map(customers::merge::Merge::author));
    actors.extend(detail.erasure.as_ref().map(customers::erase::Erasure::author));
    for item in &line.items {
        match &item.what {
            What::Note(note) => actors.push(note.author()),
            What::Flag(flag) => {
                actors.push(flag.author());
                actors.extend(flag.removed_by());
            }
            What::Consent(consent) => actors.push(consent.author()),
            What::Merge(merge) => actors.push(merge.author()),
            What::Change(event) => actors.push(event.actor),
            What::Order(_) | What::Message(_) | What::Payment(_) | What::CreditNote(_) => {}
        }
    }
    names(tx, ctx, &actors)
}

/// Names of the persons among these.
pub(super) fn names(tx: &mut Tx, ctx: &Ctx, actors: &[Actor]) -> Result<BTreeMap<UserId, String>, Error> {
    let ids: BTreeSet<UserId> = actors.iter().filter_map(|actor| if let Actor::User(id) = actor { Some(*id) } else { None }).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<UserId> = ids.into_iter().collect();
    Ok(access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect())
}

/// Files about this person that were asked for: one's own, or all for those who look after the system.
fn exports_of(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Vec<TaskView>, Error> {
    let filter = TaskFilter { kind: Some(JobKind::ExportPerson), ..TaskFilter::default() };
    let title = id.to_string();
    Ok(tasks::list(tx, ctx, &filter, tasks::MAX_PAGE)?.into_iter().filter(|task| task.title == title).collect())
}

/// An address line by line, as this reader may see it.
pub(super) fn address_lines(ctx: &Ctx, row: &Address) -> Vec<String> {
    let place = [row.city.clone(), row.district.clone().filter(|district| row.city.as_ref() != Some(district)), row.province.clone()];
    let place: Vec<String> = place.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let street = |line: &str| customers::shown_street(ctx, line);
    let lines = [Some(street(&row.line1)), row.line2.as_deref().map(street), Some(place.join(", ")), row.postal_code.clone()];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

/// A language by its own name.
pub(super) fn language_name(say: Words, language: Locale) -> String {
    let known = LANGUAGES.iter().find(|(code, _)| *code == language.as_str());
    known.map_or_else(
        || say.t(if language == Locale::Dz { "customers-language-dz" } else { "customers-language-other" }),
        |(_, name)| (*name).to_owned(),
    )
}

/// Fields of the team's own as people read them, in the order of their definitions, then what no definition knows.
fn own_fields(ctx: &Ctx, custom: &serde_json::Map<String, Value>, format: &Format) -> Vec<(String, String)> {
    let own = &ctx.settings.field_set.customer;
    let known = own.iter().filter_map(|field| {
        let value = custom.get(&field.key)?;
        let choice =
            |key: &str| field.choices.iter().find(|one| one.key == key).map_or_else(|| key.to_owned(), |one| one.label(ctx.locale).to_owned());
        let text = match value {
            Value::String(key) if field.kind == kernel::FieldKind::Choice => choice(key),
            Value::Array(keys) if field.kind == kernel::FieldKind::MultiChoice => {
                Words { locale: ctx.locale }.list(&keys.iter().filter_map(Value::as_str).map(choice).collect::<Vec<_>>())
            }
            Value::Object(money) if field.kind == kernel::FieldKind::Money => {
                let currency = money.get("currency").and_then(Value::as_str).and_then(|code| code.parse::<Currency>().ok());
                match (money.get("amount").and_then(Value::as_i64), currency) {
                    (Some(amount), Some(currency)) => format.money(Amount(amount), currency),
                    _ => text_of(value),
                }
            }
            Value::String(day) if field.kind == kernel::FieldKind::Date => kernel::Day::parse(day).map_or_else(|| day.clone(), |day| format.day(day)),
            other => text_of(other),
        };
        Some((field.label(ctx.locale).to_owned(), text))
    });
    let unknown = custom.iter().filter(|(key, _)| !own.iter().any(|field| field.key == **key)).map(|(key, value)| (key.clone(), text_of(value)));
    known.chain(unknown).collect()
}
