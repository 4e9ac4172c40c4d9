//! Why orders are held back, called off and passed up the team: three lists of reasons.

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Permission};
use orders::reasons::{self, NewReason, Reason, ReasonChange, ReasonList};

use super::form::{Group, Input, Kind, Typed, label_inputs, read_labels, refuse};
use super::side::side;
use super::{Here, Top, bad, frame, toast, with_status};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Reader, html, see};
use crate::pages::view::Shell;
use crate::router::{Access, Route};
use crate::words::Words;

/// One of the lists: its path and the messages that name it.
#[derive(Clone, Copy, Debug)]
struct Which {
    list: ReasonList,
    path: &'static str,
    title: &'static str,
    about: &'static str,
}

const HOLDS: Which = Which { list: ReasonList::Hold, path: "/app/settings/hold-kinds", title: "set-hold-kinds", about: "set-hold-kinds-about" };
const CANCELLATIONS: Which = Which {
    list: ReasonList::Cancellation,
    path: "/app/settings/cancellation-reasons",
    title: "set-cancellation-reasons",
    about: "set-cancellation-reasons-about",
};
const ESCALATIONS: Which = Which {
    list: ReasonList::Escalation,
    path: "/app/settings/escalation-reasons",
    title: "set-escalation-reasons",
    about: "set-escalation-reasons-about",
};

macro_rules! routes_of {
    ($routes:ident, $which:expr, $list:literal, $new:literal, $one:literal, $ids:expr) => {
        let read = Access::Needs(Permission::SettingsRead);
        let edit = Access::Needs(Permission::SettingsEdit);
        let [a, b, c, d, e] = $ids;
        $routes.push(Route::page(Method::GET, $list, read, a, |edge: Edge, info: Info, uri: Uri| list($which, edge, info, uri)));
        $routes.push(Route::page(Method::GET, $new, edit, b, |edge: Edge, info: Info, uri: Uri| show_new($which, edge, info, uri)));
        $routes.push(Route::page(Method::POST, $list, edit, c, |edge: Edge, info: Info, uri: Uri, form: Form<Typed>| {
            add($which, edge, info, uri, form)
        }));
        $routes.push(Route::page(Method::GET, $one, read, d, |code: Path<String>, edge: Edge, info: Info, uri: Uri| {
            show($which, code, edge, info, uri)
        }));
        $routes.push(Route::page(Method::POST, $one, edit, e, |code: Path<String>, edge: Edge, info: Info, uri: Uri, form: Form<Typed>| {
            change($which, code, edge, info, uri, form)
        }));
    };
}

pub(super) fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    let ids = ["page_hold_kinds", "page_new_hold_kind", "page_add_hold_kind", "page_hold_kind", "page_change_hold_kind"];
    routes_of!(routes, HOLDS, "/app/settings/hold-kinds", "/app/settings/hold-kinds/new", "/app/settings/hold-kinds/{code}", ids);
    let ids = [
        "page_cancellation_reasons",
        "page_new_cancellation_reason",
        "page_add_cancellation_reason",
        "page_cancellation_reason",
        "page_change_cancellation_reason",
    ];
    routes_of!(
        routes,
        CANCELLATIONS,
        "/app/settings/cancellation-reasons",
        "/app/settings/cancellation-reasons/new",
        "/app/settings/cancellation-reasons/{code}",
        ids
    );
    let ids = [
        "page_escalation_reasons",
        "page_new_escalation_reason",
        "page_add_escalation_reason",
        "page_escalation_reason",
        "page_change_escalation_reason",
    ];
    routes_of!(
        routes,
        ESCALATIONS,
        "/app/settings/escalation-reasons",
        "/app/settings/escalation-reasons/new",
        "/app/settings/escalation-reasons/{code}",
        ids
    );
    routes
}

#[derive(Clone, Debug)]
struct ReasonRow {
    code: String,
    label: String,
    marks: Vec<String>,
    is_archived: bool,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "setup/reasons.html")]
struct ReasonsPage {
    page: Shell,
    top: Top,
    path: &'static str,
    rows: Vec<ReasonRow>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "setup/reason.html")]
struct ReasonPage {
    page: Shell,
    top: Top,
    back: &'static str,
    action: String,
    version: i64,
    groups: Vec<Group>,
    button: String,
    may_edit: bool,
}

async fn list(which: Which, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, all) = edge.read(move |tx, ctx| Ok((Reader::load(tx, ctx)?, reasons::list(tx, ctx, which.list, true)?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let row = |reason: &Reason| {
        let mut marks = Vec::new();
        if reason.needs_note {
            marks.push(say.t("reasons-needs-note"));
        }
        if reason.against_customer {
            marks.push(say.t("reasons-against"));
        }
        ReasonRow {
            code: reason.code.clone(),
            label: reason.label(ctx.locale).to_owned(),
            marks,
            is_archived: reason.archived_at.is_some(),
            is_own: !reason.is_seeded,
        }
    };
    let heading = say.t(which.title);
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri: &uri, toast: toast(say, &uri) };
    let page = frame(&reader, ctx, &info, here);
    let top = Top { heading, subtitle: say.t(which.about), side: side(ctx, which.path), ..Top::default() };
    html(&ReasonsPage { page, top, path: which.path, rows: all.iter().map(row).collect(), may_edit: ctx.can(Permission::SettingsEdit) })
}

fn groups(say: Words, which: Which, reason: Option<&Reason>) -> Vec<Group> {
    let labels = reason.map(|reason| reason.labels.clone()).unwrap_or_default();
    let mut inputs = Vec::new();
    if reason.is_none() {
        inputs.push(Input::text("code", say.t("reasons-code"), "").hint(say.t("reasons-code-hint")).ltr());
    }
    inputs.push(
        Input::check("needs_note", say.t("reasons-needs-note"), reason.is_some_and(|one| one.needs_note)).hint(say.t("reasons-needs-note-hint")),
    );
    if which.list == ReasonList::Cancellation {
        let against = reason.is_some_and(|one| one.against_customer);
        inputs.push(Input::check("against_customer", say.t("reasons-against"), against).hint(say.t("reasons-against-hint")));
    }
    let position = reason.map(|one| one.position.to_string()).unwrap_or_default();
    inputs.push(Input::new(Kind::Number, "position", say.t("set-position"), position).hint(say.t("set-position-hint")).optional());
    if let Some(reason) = reason {
        inputs.push(Input::check("is_archived", say.t("reasons-archived"), reason.archived_at.is_some()).hint(say.t("reasons-archived-hint")));
    }
    vec![
        Group { title: Some(say.t("set-labels")), text: Some(say.t("set-labels-text")), inputs: label_inputs(say, "labels.", &labels) },
        Group::of(None, inputs),
    ]
}

/// A reason that is there, or the form of a new one.
struct About {
    reader: Reader,
    reason: Option<Reason>,
}

impl About {
    fn load(tx: &mut Tx, ctx: &Ctx, which: Which, code: Option<&str>) -> Result<About, Error> {
        let reason = match code {
            None => None,
            Some(code) => {
                let all = reasons::list(tx, ctx, which.list, true)?;
                Some(all.into_iter().find(|reason| reason.code == code).ok_or(Error::not_found("reason"))?)
            }
        };
        Ok(About { reader: Reader::load(tx, ctx)?, reason })
    }

    fn page(&self, which: Which, ctx: &Ctx, info: &Info, uri: &Uri, refused: Option<(&Problem, &Typed)>) -> ReasonPage {
        let say = Words { locale: ctx.locale };
        let mut groups = groups(say, which, self.reason.as_ref());
        let notice = refused.and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
        let heading = self.reason.as_ref().map_or_else(|| say.t("reasons-new"), |reason| reason.label(ctx.locale).to_owned());
        let here = Here { heading: &heading, section: "shell-nav-settings", back: Some(which.path), uri, toast: None };
        let page = frame(&self.reader, ctx, info, here).under(vec![(which.path.to_owned(), say.t(which.title))]);
        let subtitle = self.reason.as_ref().map_or_else(|| say.t(which.title), |reason| format!("{} · {}", say.t(which.title), reason.code));
        ReasonPage {
            page,
            top: Top { heading, subtitle, side: side(ctx, which.path), notice, ..Top::default() },
            back: which.path,
            action: self.reason.as_ref().map_or_else(|| which.path.to_owned(), |reason| format!("{}/{}", which.path, reason.code)),
            version: self.reason.as_ref().map_or(0, |reason| reason.version),
            groups,
            button: say.t(if self.reason.is_some() { "set-save" } else { "set-add" }),
            may_edit: ctx.can(Permission::SettingsEdit),
        }
    }
}

async fn show_form(which: Which, edge: &Edge, info: &Info, uri: &Uri, code: Option<String>, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let about = edge.read(move |tx, ctx| About::load(tx, ctx, which, code.as_deref())).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&about.page(which, &edge.ctx, info, uri, refused.as_ref().map(|(problem, typed)| (problem, typed))), status)
}

async fn refused(which: Which, edge: &Edge, info: &Info, uri: &Uri, code: Option<String>, typed: Typed, error: Error) -> Outcome<Response> {
    match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } => {
            show_form(which, edge, info, uri, code, Some((error.into(), typed))).await
        }
        other => Err(other.into()),
    }
}

async fn show_new(which: Which, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(which, &edge, &info, &uri, None, None).await
}

async fn show(which: Which, Path(code): Path<String>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(which, &edge, &info, &uri, Some(code), None).await
}

async fn add(which: Which, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let added = edge.write(move |tx, ctx| {
        let new = NewReason {
            code: form.get("code").to_owned(),
            labels: read_labels(&form, "labels."),
            needs_note: form.has("needs_note"),
            against_customer: form.has("against_customer"),
            position: form.whole("position")?,
        };
        reasons::add(tx, ctx, which.list, &new)
    });
    match added.await {
        Ok(_) => Ok(see(&format!("{}?done=made", which.path))),
        Err(error) => refused(which, &edge, &info, &uri, None, typed, error).await,
    }
}

async fn change(which: Which, Path(code): Path<String>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let (form, name) = (typed.clone(), code.clone());
    let changed = edge.write(move |tx, ctx| {
        let change = ReasonChange {
            labels: Some(read_labels(&form, "labels.")),
            needs_note: Some(form.has("needs_note")),
            against_customer: (which.list == ReasonList::Cancellation).then(|| form.has("against_customer")),
            position: form.whole("position")?,
            is_archived: Some(form.has("is_archived")),
        };
        reasons::change(tx, ctx, which.list, &name, &change, form.version())
    });
    match changed.await {
        Ok(_) => Ok(see(&format!("{}?done=saved", which.path))),
        Err(error) => refused(which, &edge, &info, &uri, Some(code), typed, error).await,
    }
}
