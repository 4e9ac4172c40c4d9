//! The draft: what it changes, where orders of dropped sub-statuses move, how it would do on the orders there are, putting it in force.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::tasks::{self, TaskView};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, OrderState, Permission, TaskState};
use orders::overlay::asked;
use serde_json::Value;

use super::diff::{self, Difference};
use super::{EDIT, HOME, READ, Work, below, guards, name_of, sides, tabs};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::pages::context::{html, is_part, see};
use crate::pages::setup::form::Typed;
use crate::pages::setup::{Top, bad, with_status};
use crate::pages::view::{Choosable, Confirm, EmptyState, Notice, Shell};
use crate::router::Route;
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/settings/statuses/draft", READ, "page_rule_draft", show),
        Route::page(Method::POST, "/app/settings/statuses/draft/mapping", EDIT, "page_map_rule_draft", map),
        Route::page(Method::POST, "/app/settings/statuses/draft/try", EDIT, "page_try_rule_draft", begin_trial),
        Route::page(Method::POST, "/app/settings/statuses/draft/rebase", EDIT, "page_rebase_rule_draft", rebase),
        Route::page(Method::POST, "/app/settings/statuses/draft/activate", EDIT, "page_activate_rule_draft", activate),
        Route::page(Method::POST, "/app/settings/statuses/draft/discard", EDIT, "page_discard_rule_draft", discard),
    ]
}

/// A dropped sub-status and where its orders move.
#[derive(Clone, Debug)]
struct GoneRow {
    key: String,
    name: String,
    state: String,
    error: Option<String>,
    options: Vec<Choosable>,
}

/// Something that trying the draft found.
#[derive(Clone, Debug)]
struct Finding {
    words: String,
    place: String,
    count: String,
    examples: Vec<String>,
    tone: &'static str,
}

/// How trying the draft goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    /// Whether somebody began one.
    is_begun: bool,
    is_running: bool,
    /// 0 to 100.
    done: u8,
    words: String,
    findings: Vec<Finding>,
    has_failed: bool,
}

#[derive(Template)]
#[template(path = "setup/draft.html")]
struct DraftPage {
    page: Shell,
    top: Top,
    empty: Option<EmptyState>,
    differences: Vec<Difference>,
    gone: Vec<GoneRow>,
    version: i64,
    trial: Trial,
    is_outdated: bool,
    discard: Option<Confirm>,
    may_edit: bool,
    note: String,
    who: String,
}

#[derive(Template)]
#[template(path = "setup/trial.html")]
struct TrialPart {
    say: Words,
    trial: Trial,
}

/// What the page of a draft is made from.
struct About {
    work: Work,
    task: Option<TaskView>,
    who: Option<String>,
}

impl About {
    fn load(tx: &mut Tx, ctx: &Ctx) -> Result<About, Error> {
        let work = Work::load(tx, ctx)?;
        let task = match work.draft.as_ref().and_then(|draft| draft.trial) {
            Some(id) => match tasks::view(tx, ctx, id) {
                Ok(task) => Some(task),
                // Somebody else's work, or one that was purged.
                Err(Error::NotFound { .. }) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        let by: Vec<kernel::UserId> = work.draft.as_ref().and_then(|draft| draft.changed_by).into_iter().collect();
        let who = access::users::names(tx, ctx, &by)?.pop().map(|person| person.name);
        Ok(About { work, task, who })
    }

    fn trial(&self, ctx: &Ctx) -> Trial {
        let say = Words { locale: ctx.locale };
        let Some(task) = &self.task else { return Trial::default() };
        let format = self.work.reader.format(ctx);
        let is_running = matches!(task.state, TaskState::Waiting | TaskState::Running);
        let share = if task.total > 0 { (task.done * 100 / task.total).clamp(0, 100) } else { 0 };
        let orders = task.result["orders"].as_i64().unwrap_or(task.done);
        let findings: Vec<Finding> =
            task.result["findings"].as_array().into_iter().flatten().map(|one| self.finding(say, ctx, one, &|n| format.number(n))).collect();
        let words = if is_running {
            say.with("status-trial-running", &[("done", format.number(task.done)), ("total", format.number(task.total))])
        } else if task.state != TaskState::Done {
            say.t("status-trial-failed")
        } else if findings.is_empty() {
            say.count("status-trial-clean", orders, &format.number(orders))
        } else {
            say.count("status-trial-found", orders, &format.number(orders))
        };
        let done = if is_running { u8::try_from(share).unwrap_or(0) } else { 100 };
        Trial { is_begun: true, is_running, done, words, findings, has_failed: !is_running && task.state != TaskState::Done }
    }

    fn finding(&self, say: Words, ctx: &Ctx, one: &Value, number: &dyn Fn(i64) -> String) -> Finding {
        let text = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
        let state: Option<OrderState> = text("state").parse().ok();
        let place = state.map_or_else(|| text("state"), |state| name_of(ctx, self.work.rules(), state));
        let label = |key: &str| {
            let sub = state.and_then(|state| self.work.rules().substatus(state, key).or_else(|| self.work.in_force.substatus(state, key)));
            sub.and_then(|sub| base::rules::label(&sub.labels, ctx.locale)).unwrap_or(key).to_owned()
        };
        let substatus = text("substatus");
        let place = if substatus.is_empty() { place } else { format!("{place} · {}", label(&substatus)) };
        let (words, tone) = match text("finding").as_str() {
            "substatus_gone" => {
                let to = text("to");
                (say.one("status-found-gone", "to", if to.is_empty() { say.t("status-no-substatus") } else { label(&to) }), "info")
            }
            "substatus_archived" => (say.t("status-found-archived"), "warn"),
            "without_substatus" => (say.t("status-found-without"), "info"),
            "stuck" => (say.t("status-found-stuck"), "bad"),
            "guard_unmet" => {
                let action: Option<kernel::OrderAction> = text("action").parse().ok();
                let action = action.map_or_else(|| text("action"), |action| say.t(badges::action(action).verb));
                (say.with("status-found-guard", &[("action", action), ("guard", self.guard_words(say, &text("guard")))]), "warn")
            }
            other => (other.to_owned(), "neu"),
        };
        let examples = one["examples"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        Finding { words, place, count: number(one["count"].as_i64().unwrap_or_default()), examples, tone }
    }

    /// A guard that a finding names in short, in words.
    fn guard_words(&self, say: Words, short: &str) -> String {
        let rules = self.work.rules();
        let of_places = rules.states.values().flat_map(|of| of.substatuses.iter()).flat_map(|one| one.guards.iter());
        let mut all = rules.moves.iter().flat_map(|rule| rule.guards.iter()).chain(of_places);
        all.find(|guard| asked(guard) == short).map_or_else(|| short.to_owned(), |guard| guards::words_of(say, guard))
    }

    fn gone(&self, ctx: &Ctx, problem: Option<&Problem>) -> Vec<GoneRow> {
        let say = Words { locale: ctx.locale };
        let Some(draft) = &self.work.draft else { return Vec::new() };
        let row = |(state, key): (OrderState, String)| {
            let chosen = draft.mapping.get(&key);
            let word = match chosen {
                None => "?",
                Some(None) => "",
                Some(Some(to)) => to,
            };
            let mut options = vec![Choosable::new("?", say.t("status-map-choose"), word), Choosable::new("", say.t("status-map-default"), word)];
            let open = draft.rules.open(state);
            options.extend(open.map(|one| Choosable::new(one.key.clone(), base::rules::label(&one.labels, ctx.locale).unwrap_or(&one.key), word)));
            let field = format!("mapping.{key}");
            let error = problem.and_then(|problem| problem.errors().iter().find(|error| error.field == field));
            let own = self.work.in_force.substatus(state, &key).and_then(|one| base::rules::label(&one.labels, ctx.locale));
            GoneRow {
                name: own.unwrap_or(&key).to_owned(),
                state: name_of(ctx, &self.work.in_force, state),
                error: error.map(|error| Problem::field_message(ctx.locale, error)),
                options,
                key,
            }
        };
        orders::gone_by(&self.work.in_force, &draft.rules).into_iter().map(row).collect()
    }

    fn page(&self, ctx: &Ctx, info: &Info, uri: &Uri, refused: Option<(&Problem, &Typed)>) -> DraftPage {
        let say = Words { locale: ctx.locale };
        let heading = say.t("status-draft-title");
        let page = below(&self.work.reader, ctx, info, uri, &heading);
        let draft = self.work.draft.as_ref();
        let is_outdated = draft.is_some_and(|draft| draft.based_on != self.work.version);
        let gone = self.gone(ctx, refused.map(|(problem, _)| problem));
        let mut notice = refused.map(|(problem, _)| {
            let named: Vec<String> =
                problem.errors().iter().map(|error| format!("{}: {}", error.field, Problem::field_message(ctx.locale, error))).collect();
            match (problem.code(), named.is_empty()) {
                ("stale", _) => say.t("status-draft-stale"),
                (_, true) => problem.title(ctx.locale),
                (_, false) => named.join(" "),
            }
        });
        if notice.is_none() && is_outdated {
            notice = Some(say.one("status-draft-outdated", "n", self.work.version));
        }
        let tone = if refused.is_some() { "bad" } else { "warn" };
        let empty = draft.is_none().then(|| EmptyState {
            icon: "pencil",
            tone: "t-pri",
            title: say.t("status-draft-none"),
            text: say.t("status-draft-none-text"),
            action: Some((HOME.to_owned(), say.t("status-tab-states"))),
        });
        let may_edit = ctx.can(Permission::SettingsEdit);
        let discard = (may_edit && draft.is_some()).then(|| Confirm {
            say,
            csrf: page.csrf.clone(),
            id: "discard".to_owned(),
            class: "bad",
            button: say.t("status-discard"),
            title: say.t("status-discard-title"),
            text: say.t("status-discard-text"),
            verb: say.t("status-discard"),
            action: format!("{HOME}/draft/discard"),
            hidden: Vec::new(),
        });
        let who = draft.map_or_else(String::new, |draft| {
            let when = self.work.reader.format(ctx).moment(draft.changed_at);
            match &self.who {
                Some(name) => say.with("set-changed-by", &[("when", when), ("name", name.clone())]),
                None => say.one("set-changed", "when", when),
            }
        });
        DraftPage {
            page,
            top: Top {
                heading,
                subtitle: say.t("status-draft-about"),
                tabs: tabs(say, "/draft"),
                side: sides(ctx),
                notice: notice.map(|text| Notice { tone, text }),
            },
            empty,
            differences: draft.map(|draft| diff::differences(&self.work.in_force, &draft.rules)).unwrap_or_default(),
            gone,
            version: self.work.draft_version(),
            trial: self.trial(ctx),
            is_outdated,
            discard,
            may_edit,
            note: refused.map(|(_, typed)| typed.get("note").to_owned()).unwrap_or_default(),
            who,
        }
    }
}

/// `GET /app/settings/statuses/draft`; its part is how trying it goes.
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    let about = edge.read(About::load).await?;
    if is_part(&headers) {
        return html(&TrialPart { say: Words { locale: edge.ctx.locale }, trial: about.trial(&edge.ctx) });
    }
    with_status(&about.page(&edge.ctx, &info, &uri, None), StatusCode::OK)
}

/// The draft as it stands, with why something could not be done.
async fn refused(edge: &Edge, info: &Info, uri: &Uri, typed: &Typed, error: Error) -> Outcome<Response> {
    match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } => {
            let problem = Problem::from(error);
            let about = edge.read(About::load).await?;
            with_status(&about.page(&edge.ctx, info, uri, Some((&problem, typed))), problem.status())
        }
        // Somebody else put it into force or threw it away.
        Error::NotFound { .. } => {
            let about = edge.read(About::load).await?;
            let mut page = about.page(&edge.ctx, info, uri, None);
            page.top.notice = bad(Words { locale: edge.ctx.locale }.t("status-draft-gone"));
            with_status(&page, StatusCode::CONFLICT)
        }
        other => Err(other.into()),
    }
}

/// What the form says about dropped sub-statuses, over what stands.
fn read_mapping(typed: &Typed, standing: &BTreeMap<String, Option<String>>, gone: &[(OrderState, String)]) -> BTreeMap<String, Option<String>> {
    let mut mapping = standing.clone();
    for (_, key) in gone {
        let name = format!("to.{key}");
        match (typed.has(&name), typed.get(&name)) {
            (false, _) => {}
            (true, "?") => drop(mapping.remove(key)),
            (true, "") => drop(mapping.insert(key.clone(), None)),
            (true, to) => drop(mapping.insert(key.clone(), Some(to.to_owned()))),
        }
    }
    mapping
}

/// `POST /app/settings/statuses/draft/mapping`
async fn map(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let saved = edge.write(move |tx, ctx| {
        let work = Work::load(tx, ctx)?;
        let draft = work.draft.as_ref().ok_or(Error::not_found("rules_draft"))?;
        let mapping = read_mapping(&form, &draft.mapping, &orders::gone_by(&work.in_force, &draft.rules));
        let rules = serde_json::to_value(&draft.rules).map_err(Error::internal)?;
        orders::save_rule_draft(tx, ctx, &rules, &mapping, None, Some(form.version()))
    });
    match saved.await {
        Ok(_) => Ok(see(&format!("{HOME}/draft?done=saved"))),
        Err(error) => refused(&edge, &info, &uri, &typed, error).await,
    }
}

/// `POST /app/settings/statuses/draft/try`
async fn begin_trial(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    match edge.write(orders::try_rule_draft).await {
        Ok(_) => Ok(see(&format!("{HOME}/draft#trial"))),
        Err(error) => refused(&edge, &info, &uri, &Typed::default(), error).await,
    }
}

/// `POST /app/settings/statuses/draft/rebase`: the draft is compared with what came into force meanwhile.
async fn rebase(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let saved = edge.write(|tx, ctx| {
        let work = Work::load(tx, ctx)?;
        let draft = work.draft.as_ref().ok_or(Error::not_found("rules_draft"))?;
        let rules = serde_json::to_value(&draft.rules).map_err(Error::internal)?;
        orders::save_rule_draft(tx, ctx, &rules, &draft.mapping, Some(work.version), Some(draft.version))
    });
    match saved.await {
        Ok(_) => Ok(see(&format!("{HOME}/draft"))),
        Err(error) => refused(&edge, &info, &uri, &Typed::default(), error).await,
    }
}

/// `POST /app/settings/statuses/draft/activate`
async fn activate(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let (note, version) = (typed.filled("note"), typed.version());
    match edge.write(move |tx, ctx| orders::activate_rule_draft(tx, ctx, note.clone(), Some(version))).await {
        Ok(_) => Ok(see(&format!("{HOME}?done=activated"))),
        Err(error) => refused(&edge, &info, &uri, &typed, error).await,
    }
}

/// `POST /app/settings/statuses/draft/discard`
async fn discard(edge: Edge) -> Outcome<Response> {
    edge.write(orders::discard_rule_draft).await?;
    Ok(see(&format!("{HOME}?done=discarded")))
}
