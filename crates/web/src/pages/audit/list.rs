//! The trail over HTTP: filtered, page after page, each event opened field by field; its proof and its file.

use std::collections::BTreeMap;

use access::sessions::Origin;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::events::{self, EventFilter, EventPage, EventPlace, EventView};
use base::tasks::{self, TaskFilter, TaskView};
use base::{Ctx, Edge, chain};
use db::Tx;
use kernel::{Actor, Day, Error, Event, JobKind, Permission, SessionId, TaskState};
use reports::{Format as FileFormat, NewExport, What};
use serde_json::{Map, Value};

use super::kinds;
use super::view::{AuditPage, EventRow, FileView, ProofPart, ProofView};
use crate::badges::Badge;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::format::Format;
use crate::pages::context::{Place, Reader, encoded, html, is_part, see};
use crate::pages::imports::param;
use crate::pages::progress::{Bar, People, is_open};
use crate::pages::view::{Choosable, EmptyState, Pager, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

/// Events on a page.
const PAGE: u32 = 30;
const HERE: &str = "/app/audit";

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::AuditRead);
    vec![
        Route::page(Method::GET, HERE, needs, "page_audit", show),
        Route::page(Method::GET, "/app/audit/proof", needs, "page_audit_proof", show_proof),
        Route::page(Method::POST, "/app/audit/verify", needs, "page_verify_audit", verify),
        Route::page(Method::POST, "/app/audit/export", needs, "page_export_audit", export),
    ]
}

/// What the address or a form says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    actor: String,
    kind: String,
    subject: String,
    from: String,
    to: String,
}

impl Asked {
    fn of(get: impl Fn(&str) -> Option<String>) -> Asked {
        let text = |name: &str| get(name).unwrap_or_default().trim().to_owned();
        Asked { actor: text("actor"), kind: text("kind"), subject: text("subject"), from: text("from"), to: text("to") }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [("actor", &self.actor), ("kind", &self.kind), ("subject", &self.subject), ("from", &self.from), ("to", &self.to)];
        all.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.clone())).collect()
    }

    /// The address of the same filter at another place.
    fn address(&self, before: Option<EventPlace>) -> String {
        let mut parts: Vec<String> = self.pairs().into_iter().map(|(name, text)| format!("{name}={}", encoded(&text))).collect();
        parts.extend(before.map(|place| format!("before={place}")));
        if parts.is_empty() { HERE.to_owned() } else { format!("{HERE}?{}", parts.join("&")) }
    }

    /// The parameters as an export keeps them. Days are those of the reader's first store.
    fn query(&self, reader: &Reader) -> Result<Map<String, Value>, Error> {
        let zone = reader.stores.first().map_or(jiff::tz::TimeZone::UTC, |store| store.zone.clone());
        let day = |name: &'static str, text: &str| Day::parse(text).ok_or_else(|| Error::field(name, "import.day"));
        let mut query = Map::new();
        let mut say = |name: &str, text: String| drop(query.insert(name.to_owned(), text.into()));
        for (name, text) in [("actor", &self.actor), ("subject", &self.subject)] {
            if !text.is_empty() {
                say(name, text.clone());
            }
        }
        if !self.kind.is_empty() {
            say("kind", self.kinds().join(","));
        }
        if !self.from.is_empty() {
            say("from", day("from", &self.from)?.start_in(&zone).to_string());
        }
        if !self.to.is_empty() {
            say("until", day("to", &self.to)?.plus(1).start_in(&zone).to_string());
        }
        Ok(query)
    }

    /// The kinds: one, or all of an area (`order.*`).
    fn kinds(&self) -> Vec<String> {
        match self.kind.strip_suffix('*') {
            Some(area) => Event::KINDS.iter().filter(|kind| kind.starts_with(area)).map(|kind| (*kind).to_owned()).collect(),
            None => vec![self.kind.clone()],
        }
    }
}

/// What a page is made of.
struct Known {
    reader: Reader,
    found: EventPage,
    problem: Option<Error>,
    names: People,
    keys: BTreeMap<String, String>,
    origins: BTreeMap<SessionId, Origin>,
    people: Vec<access::User>,
    proof: Proof,
}

struct Proof {
    check: Option<TaskView>,
    checker: People,
    file: Option<TaskView>,
}

fn proof(tx: &mut Tx, ctx: &Ctx) -> Result<Proof, Error> {
    let check = chain::last_check(tx, ctx)?;
    let checker = People::load(tx, ctx, check.iter().map(|task| task.actor))?;
    let exports = tasks::list(tx, ctx, &TaskFilter { kind: Some(JobKind::Export), is_own: true, ..TaskFilter::default() }, 50)?;
    Ok(Proof { check, checker, file: exports.into_iter().find(|task| task.title.starts_with(What::Events.as_str())) })
}

fn load(tx: &mut Tx, ctx: &Ctx, asked: &Asked, before: Option<EventPlace>) -> Result<Known, Error> {
    let reader = Reader::load(tx, ctx)?;
    let filter = asked.query(&reader).and_then(|query| events::filter_of(&query));
    let (found, problem) = match filter {
        Ok(filter) => (events::list(tx, ctx, &EventFilter { before, limit: PAGE, ..filter })?, None),
        Err(error @ Error::Invalid(_)) => (EventPage { items: Vec::new(), next: None }, Some(error)),
        Err(other) => return Err(other),
    };
    let names = People::load(tx, ctx, found.items.iter().map(|event| event.actor))?;
    let mut sessions: Vec<SessionId> = found.items.iter().filter_map(|event| event.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    let origins = access::sessions::origins(tx, ctx, &sessions)?.into_iter().map(|origin| (origin.id, origin)).collect();
    let people = if ctx.can(Permission::UserRead) { access::users::list(tx, ctx, true)? } else { Vec::new() };
    // Whose number an order has, so that people know it again.
    let orders: Vec<kernel::OrderId> =
        found.items.iter().filter(|event| event.subject.0 == "ord").map(|event| kernel::Id::from_i64(event.subject.1)).collect();
    let standing = if ctx.can(Permission::OrderRead) { orders::standing(tx, ctx, &orders)? } else { Vec::new() };
    let keys = standing.into_iter().map(|order| (order.id.to_string(), order.number)).collect();
    Ok(Known { reader, found, problem, names, keys, origins, people, proof: proof(tx, ctx)? })
}

/// `GET /app/audit`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let asked = Asked::of(|name| param(&uri, name));
    let before = param(&uri, "before").and_then(|place| place.parse().ok());
    page(&edge, &info, asked, before, param(&uri, "done").as_deref(), None).await
}

async fn page(edge: &Edge, info: &Info, asked: Asked, before: Option<EventPlace>, done: Option<&str>, refused: Option<Problem>) -> Outcome<Response> {
    let wanted = asked.clone();
    let known = edge.read(move |tx, ctx| load(tx, ctx, &wanted, before)).await?;
    let say = Words { locale: edge.ctx.locale };
    let format = known.reader.format(&edge.ctx);
    let problem = refused.or_else(|| known.problem.clone_as_problem());
    let status = problem.as_ref().map_or(StatusCode::OK, Problem::status);
    let toast = match done {
        Some("checking") => Some(Toast::done(say.t("audit-checking"))),
        Some("exporting") => Some(Toast::done(say.t("audit-exporting"))),
        _ => None,
    };
    let place = Place { title: say.t("audit-window"), back: None, crumb: say.t("audit-title"), here: asked.address(None), toast };
    let has_log = edge.ctx.can(Permission::LogRead);
    let rows: Vec<EventRow> = known.found.items.iter().map(|event| row(say, &format, &known, event, has_log)).collect();
    let count = rows.len() as i64;
    let is_filtered = !asked.pairs().is_empty();
    let (title, text) = if is_filtered { ("audit-none-title", "audit-none-text") } else { ("audit-empty-title", "audit-empty-text") };
    let template = AuditPage {
        people: people_choices(say, &known.people, &asked.actor),
        kinds: kind_choices(say, &asked.kind),
        clear: is_filtered.then(|| HERE.to_owned()),
        hidden: asked.pairs(),
        problem: problem.map(|problem| crate::pages::imports::words_of(say, &problem)),
        empty: EmptyState {
            icon: "search-x",
            tone: "t-neu",
            title: say.t(title),
            text: say.t(text),
            action: is_filtered.then(|| (HERE.to_owned(), say.t("audit-clear"))),
        },
        pager: Pager {
            say,
            range: say.count("audit-count", count, &format.number(count)),
            previous: before.map(|_| asked.address(None)),
            next: known.found.next.map(|next| asked.address(Some(next))),
        },
        proof: proof_view(edge, info, &format, &known.proof),
        page: known.reader.shell(&edge.ctx, info, place),
        rows,
        subject: asked.subject,
        from: asked.from,
        to: asked.to,
    };
    let mut response = html(&template)?;
    *response.status_mut() = status;
    Ok(response)
}

/// What was wrong with the filter, as a page says it.
trait AsProblem {
    fn clone_as_problem(&self) -> Option<Problem>;
}

impl AsProblem for Option<Error> {
    fn clone_as_problem(&self) -> Option<Problem> {
        match self {
            Some(Error::Invalid(fields)) => Some(Problem::from(Error::Invalid(fields.clone()))),
            _ => None,
        }
    }
}

fn people_choices(say: Words, people: &[access::User], chosen: &str) -> Vec<Choosable> {
    let mut options = vec![Choosable::new("", say.t("audit-anybody"), chosen)];
    options.extend(people.iter().map(|user| Choosable::new(user.id.to_string(), &user.name, chosen)));
    options.push(Choosable::new("system", say.t("actor-system"), chosen));
    if !options.iter().any(|one| one.is_chosen) {
        options.push(Choosable::new(chosen, chosen, chosen));
    }
    options
}

/// Areas first, then each kind by its words.
fn kind_choices(say: Words, chosen: &str) -> Vec<Choosable> {
    const AREAS: [(&str, &str); 6] = [
        ("order.*", "audit-area-orders"),
        ("customer.*", "audit-area-customers"),
        ("session.*", "audit-area-sessions"),
        ("user.*", "audit-area-users"),
        ("import.*", "audit-area-imports"),
        ("setting.*", "audit-area-settings"),
    ];
    let mut options = vec![Choosable::new("", say.t("audit-anything"), chosen)];
    options.extend(AREAS.map(|(area, key)| Choosable::new(area, say.t(key), chosen)));
    let mut all: Vec<Choosable> = Event::KINDS.iter().map(|kind| Choosable::new(*kind, kinds::name(say, kind), chosen)).collect();
    all.sort_by(|one, other| one.label.cmp(&other.label));
    options.extend(all);
    if !options.iter().any(|one| one.is_chosen) {
        options.push(Choosable::new(chosen, chosen, chosen));
    }
    options
}

/// Where a thing is shown, if it has a page.
fn page_of(prefix: &str, id: &str) -> Option<String> {
    let folder = match prefix {
        "ord" => "orders",
        "cus" => "customers",
        "imp" => "imports",
        _ => return None,
    };
    Some(format!("/app/{folder}/{id}"))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn row(say: Words, format: &Format, known: &Known, event: &EventView, has_log: bool) -> EventRow {
    let (icon, tone) = kinds::face(&event.kind);
    let subject = event.subject_id();
    let mut facts = vec![(say.t("audit-fact-kind"), event.kind.clone()), (say.t("audit-fact-subject"), subject.clone())];
    let origin = event.session.and_then(|session| known.origins.get(&session));
    if let Some(ip) = origin.and_then(|origin| origin.ip.clone()) {
        facts.push((say.t("audit-fact-ip"), ip));
    }
    if let Some(agent) = origin.and_then(|origin| origin.user_agent.clone()) {
        facts.push((say.t("audit-fact-device"), agent));
    }
    match event.actor {
        Actor::ApiKey(key) => facts.push((say.t("audit-fact-key"), key.to_string())),
        Actor::Customer(customer) => facts.push((say.t("audit-fact-customer"), customer.to_string())),
        Actor::User(_) | Actor::System => {}
    }
    if let Some(session) = event.session {
        facts.push((say.t("audit-fact-session"), session.to_string()));
    }
    facts.push((say.t("audit-fact-id"), event.id.to_string()));
    facts.push((say.t("audit-fact-sealed"), say.t(if event.is_sealed { "system-yes" } else { "audit-not-yet" })));
    let data = event.data.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null() && shown(value) != subject);
    facts.extend(data.map(|(name, value)| (name.clone(), shown(value))));
    let request = Some(event.request_id.clone()).filter(|id| !id.is_empty());
    EventRow {
        id: event.id.to_string(),
        icon,
        tone,
        who: known.names.name(say, event.actor),
        what: kinds::name(say, &event.kind),
        href: page_of(&event.subject.0, &subject),
        subject: known.keys.get(&subject).map_or(subject, |number| format!("#{number}")),
        at: format.moment(event.at),
        at_exact: format.exact(event.at),
        at_iso: format.iso(event.at),
        text: event.details.text.clone(),
        changes: event.details.changes.iter().map(|change| (change.field.clone(), shown(&change.before), shown(&change.after))).collect(),
        facts,
        request: request.map(|id| (id.clone(), has_log.then(|| format!("/app/system/logs?request={}", encoded(&id))))),
        note: event.is_erased.then(|| say.t("audit-erased")),
    }
}

fn proof_view(edge: &Edge, info: &Info, format: &Format, proof: &Proof) -> ProofView {
    let say = Words { locale: edge.ctx.locale };
    let check = proof.check.as_ref();
    let is_running = check.is_some_and(|task| is_open(task.state));
    let result = check.filter(|task| task.state == TaskState::Done).map(|task| (task, &task.result));
    let (badge, icon, title, text) = match (is_running, result) {
        (true, _) => (Badge { key: "task-running", tone: "info" }, "clock", say.t("audit-checking"), say.t("audit-proof-text")),
        (false, Some((task, result))) => {
            let checked = result["checked"].as_i64().unwrap_or(0);
            let values = [
                ("n", format.number(checked)),
                ("who", proof.checker.name(say, task.actor)),
                ("when", format.moment(task.finished_at.unwrap_or(task.created_at))),
            ];
            if result["is_whole"].as_bool() == Some(true) {
                (Badge { key: "audit-whole", tone: "ok" }, "circle-check", say.t("audit-whole-title"), say.with("audit-whole-text", &values))
            } else {
                (Badge { key: "audit-broken", tone: "bad" }, "triangle-alert", broken(say, result), say.with("audit-broken-text", &values))
            }
        }
        (false, None) => (Badge { key: "audit-unchecked", tone: "neu" }, "lock", say.t("audit-unchecked-title"), say.t("audit-proof-text")),
    };
    let file = proof.file.as_ref().map(|task| FileView {
        bar: is_open(task.state).then(|| Bar::of(say, format, task)),
        text: match task.state {
            TaskState::Done => {
                let rows = task.result["rows"].as_i64().unwrap_or(0);
                say.count("audit-file-ready", rows, &format.number(rows))
            }
            TaskState::Failed => task.message.clone().unwrap_or_else(|| say.t("task-failed")),
            TaskState::Cancelled => say.t("task-cancelled"),
            TaskState::Waiting | TaskState::Running => say.t("audit-exporting"),
        },
        download: task.result_file.map(|_| format!("/app/tasks/{}/file", task.id)),
    });
    ProofView {
        say,
        csrf: info.csrf_token(),
        badge,
        icon,
        title,
        text,
        bar: check.filter(|_| is_running).map(|task| Bar::of(say, format, task)),
        is_live: is_running || file.as_ref().is_some_and(|file| file.bar.is_some()),
        file,
    }
}

/// What is wrong with the chain.
fn broken(say: Words, result: &Value) -> String {
    let place = shown(if result["event_id"].is_null() { &result["missing_from"] } else { &result["event_id"] });
    let key = match result["broken"].as_str().unwrap_or_default() {
        "altered" => "audit-altered",
        "details_altered" => "audit-details-altered",
        "removed" => "audit-removed",
        _ => "audit-inserted",
    };
    say.one(key, "place", place)
}

/// `GET /app/audit/proof`: how far the look and the file are.
async fn show_proof(edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    if !is_part(&headers) {
        return Ok(see(HERE));
    }
    let (reader, proof) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, proof(tx, ctx)?))).await?;
    html(&ProofPart { proof: proof_view(&edge, &info, &reader.format(&edge.ctx), &proof) })
}

/// `POST /app/audit/verify`
async fn verify(edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(chain::begin_check).await {
        Ok(_) => Ok(see(&format!("{HERE}?done=checking"))),
        Err(error @ Error::Conflict { .. }) => page(&edge, &info, Asked::default(), None, None, Some(Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/audit/export`: the trail as filtered, as a file that a task makes.
async fn export(edge: Edge, info: Info, Form(form): Form<Vec<(String, String)>>) -> Outcome<Response> {
    let get = |name: &str| form.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone());
    let asked = Asked::of(get);
    let format = get("format").and_then(|word| word.parse().ok()).unwrap_or(FileFormat::Csv);
    let wanted = asked.clone();
    let begun = edge.write(move |tx, ctx| {
        let query = wanted.query(&Reader::load(tx, ctx)?)?;
        reports::begin(tx, ctx, &NewExport { query, format, ..NewExport::of(What::Events) })
    });
    match begun.await {
        Ok(_) => {
            let here = asked.address(None);
            let sign = if here.contains('?') { '&' } else { '?' };
            Ok(see(&format!("{here}{sign}done=exporting")))
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => page(&edge, &info, asked, None, None, Some(Problem::from(error))).await,
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_its_address_and_an_area_is_all_of_its_kinds() {
        let asked = Asked::of(|name| match name {
            "kind" => Some("order.*".to_owned()),
            "subject" => Some(" ord_1 ".to_owned()),
            _ => None,
        });
        assert_eq!(asked.address(None), "/app/audit?kind=order.*&subject=ord_1");
        let kinds = asked.kinds();
        assert!(kinds.len() > 20 && kinds.iter().all(|kind| kind.starts_with("order.")), "{kinds:?}");
        assert_eq!(Asked::default().address(None), "/app/audit");
        assert_eq!(page_of("ord", "ord_1").as_deref(), Some("/app/orders/ord_1"));
        assert_eq!(page_of("usr", "usr_1"), None);
        let at = kernel::Time::parse("2026-11-21T09:00:00Z").unwrap();
        let place = EventPlace { at, id: kernel::Id::from_i64(5) };
        assert!(asked.address(Some(place)).ends_with(&format!("before={place}")));
    }
}
