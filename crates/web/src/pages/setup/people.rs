//! People: the list, inviting by a link, changing somebody, letting go and letting in again.

use access::users::Invited;
use access::{NewUser, Role, Session, User, UserChange, UserState, roles, sessions, totp, users};
use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Id, Locale, OrderState, Permission, RoleId, StoreId, UserId};
use orders::{Archived, Assigned, OrderFilter, Total};

use super::form::{Group, Input, Kind, Typed, refuse};
use super::sessions::{SessionRow, session_row};
use super::stores::language_options;
use super::{Here, Top, asked, bad, frame, toast, with_status};
use crate::badges::{self, Badge};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Reader, encoded, html, see};
use crate::pages::view::{Choosable, Confirm, EmptyState, Notice, Shell, TabLink, Tabs};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let read = Access::Needs(Permission::UserRead);
    let edit = Access::Needs(Permission::UserEdit);
    vec![
        Route::page(Method::GET, "/app/users", read, "page_users", list),
        Route::page(Method::GET, "/app/users/new", edit, "page_new_user", show_new),
        Route::page(Method::POST, "/app/users", edit, "page_invite_user", invite),
        Route::page(Method::GET, "/app/users/{id}", read, "page_user", show),
        Route::page(Method::POST, "/app/users/{id}", edit, "page_change_user", change),
        Route::page(Method::POST, "/app/users/{id}/invite", edit, "page_invite_again", invite_again),
        Route::page(Method::POST, "/app/users/{id}/archive", edit, "page_archive_user", archive),
        Route::page(Method::POST, "/app/users/{id}/reopen", edit, "page_reopen_user", reopen),
        Route::page(Method::POST, "/app/users/{id}/second-factor", edit, "page_reset_factor", reset_factor),
    ]
}

/// The pages about people, beside each other.
pub(super) fn tabs(ctx: &Ctx, here: &str) -> Tabs {
    let say = Words { locale: ctx.locale };
    let all = [
        ("/app/users", "people-title", Permission::UserRead),
        ("/app/users/roles", "roles-title", Permission::UserRead),
        ("/app/users/sessions", "sessions-title", Permission::SessionEdit),
        ("/app/users/keys", "keysof-title", Permission::ApiKeyEdit),
    ];
    let open = all.into_iter().filter(|(_, _, right)| ctx.can(*right));
    let items = open.map(|(href, key, _)| TabLink { href: href.to_owned(), label: say.t(key), count: String::new(), is_here: href == here });
    Tabs { label: say.t("people-tabs"), items: items.collect() }
}

/// Somebody as a row of the list.
#[derive(Clone, Debug)]
struct PersonRow {
    id: String,
    name: String,
    initials: String,
    tone: &'static str,
    email: String,
    role: String,
    stores: String,
    seen: Option<(String, String, String)>,
    state: Badge,
    has_factor: bool,
    is_me: bool,
}

#[derive(Template)]
#[template(path = "setup/people.html")]
struct PeoplePage {
    page: Shell,
    top: Top,
    q: String,
    state: String,
    choices: Vec<TabLink>,
    rows: Vec<PersonRow>,
    empty: EmptyState,
    may_invite: bool,
}

#[derive(Template)]
#[template(path = "setup/person.html")]
struct PersonPage {
    page: Shell,
    top: Top,
    /// Facts that nobody types: state, e-mail, last seen, second factor.
    facts: Vec<(String, String)>,
    badge: Option<Badge>,
    action: String,
    version: i64,
    groups: Vec<Group>,
    button: String,
    may_edit: bool,
    /// Actions in the head: a form's address and the words of its button.
    acts: Vec<(String, String)>,
    factor: Option<Confirm>,
    archive: Option<Confirm>,
    sessions: Vec<SessionRow>,
    end_all: Option<Confirm>,
    open_orders: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "setup/invited.html")]
struct InvitedPage {
    page: Shell,
    top: Top,
    link: String,
    mail: String,
    whatsapp: String,
    until: String,
}

/// Where somebody stands.
fn state_badge(state: UserState) -> Badge {
    match state {
        UserState::Invited => Badge { key: "people-invited", tone: "warn" },
        UserState::Active => Badge { key: "people-active", tone: "ok" },
        UserState::Archived => Badge { key: "people-archived", tone: "neu" },
    }
}

fn stores_of(say: Words, reader: &Reader, role: Option<&Role>, ids: &[StoreId]) -> String {
    if role.is_some_and(|role| role.permissions.has(Permission::StoreSeeAll)) {
        return say.t("people-all-stores");
    }
    let names = ids.iter().map(|id| reader.stores.iter().find(|store| store.id == *id).map_or_else(|| "…".to_owned(), |store| store.name.clone()));
    say.list(&names.collect::<Vec<_>>())
}

/// `GET /app/users?state=…&q=…`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, everybody, roles) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, users::list(tx, ctx, true)?, roles::list(tx, ctx)?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let q = asked(&uri, "q").unwrap_or_default();
    let wanted: Option<UserState> = asked(&uri, "state").and_then(|word| word.parse().ok());
    let words = kernel::fold(&q);
    let is_called =
        |user: &User| words.is_empty() || [&user.name, &user.email, &user.role_name].iter().any(|text| kernel::fold(text).contains(&words));

    let rows: Vec<PersonRow> = everybody
        .iter()
        .filter(|user| wanted.map_or(user.state != UserState::Archived, |state| user.state == state) && is_called(user))
        .map(|user| PersonRow {
            id: user.id.to_string(),
            name: user.name.clone(),
            initials: badges::initials(&user.name),
            tone: badges::person_tone(user.id.to_i64()),
            email: user.email.clone(),
            role: user.role_name.clone(),
            stores: stores_of(say, &reader, roles.iter().find(|role| role.id == user.role), &user.stores),
            seen: user.last_sign_in_at.map(|at| (format.iso(at), format.exact(at), format.ago(at))),
            state: state_badge(user.state),
            has_factor: user.has_totp,
            is_me: ctx.user() == Some(user.id),
        })
        .collect();

    let count = |state: Option<UserState>| {
        everybody.iter().filter(|user| state.map_or(user.state != UserState::Archived, |state| user.state == state)).count().to_string()
    };
    let choice = |state: Option<UserState>, key: &str| TabLink {
        href: state.map_or_else(|| "/app/users".to_owned(), |state| format!("/app/users?state={state}")),
        label: say.t(key),
        count: count(state),
        is_here: wanted == state,
    };
    let choices = vec![
        choice(None, "people-everybody"),
        choice(Some(UserState::Active), "people-active"),
        choice(Some(UserState::Invited), "people-invited"),
        choice(Some(UserState::Archived), "people-archived"),
    ];
    let empty = if q.is_empty() {
        EmptyState { icon: "users", tone: "t-neu", title: say.t("people-none"), text: say.t("people-none-text"), action: None }
    } else {
        let clear = Some(("/app/users".to_owned(), say.t("orders-clear")));
        EmptyState { icon: "search-x", tone: "t-neu", title: say.one("people-no-match", "q", &q), text: say.t("people-no-match-text"), action: clear }
    };
    let heading = say.t("people-title");
    let active = everybody.iter().filter(|user| user.state == UserState::Active).count() as i64;
    let subtitle = say.count("people-subtitle", active, &format.number(active));
    let page = frame(&reader, ctx, &info, Here { heading: &heading, section: "shell-nav-people", back: None, uri: &uri, toast: toast(say, &uri) });
    let top = Top { heading, subtitle, tabs: Some(tabs(ctx, "/app/users")), ..Top::default() };
    let state = wanted.map(|state| state.to_string()).unwrap_or_default();
    html(&PeoplePage { page, top, q, state, choices, rows, empty, may_invite: ctx.can(Permission::UserEdit) })
}

/// What the form about somebody is made from.
struct About {
    reader: Reader,
    user: Option<User>,
    roles: Vec<Role>,
    sessions: Vec<Session>,
    /// Open orders that are theirs.
    open: Option<i64>,
}

impl About {
    fn load(tx: &mut Tx, ctx: &Ctx, id: Option<UserId>) -> Result<About, Error> {
        let user = id.map(|id| users::find(tx, ctx, id)).transpose()?;
        let sessions = match id {
            Some(id) if ctx.can(Permission::SessionEdit) => sessions::list(tx, ctx, Some(id))?,
            _ => Vec::new(),
        };
        let open = match id {
            Some(id) if ctx.can(Permission::OrderRead) => {
                let states = OrderState::ALL.iter().copied().filter(|state| !state.is_closed()).collect();
                let filter = OrderFilter { assigned: vec![Assigned::To(id)], states, archived: Archived::No, ..OrderFilter::default() };
                let (Total::Exact(count) | Total::AtLeast(count)) = orders::count(tx, ctx, &filter)?;
                Some(count)
            }
            _ => None,
        };
        Ok(About { reader: Reader::load(tx, ctx)?, user, roles: roles::list(tx, ctx)?, sessions, open })
    }

    fn groups(&self, say: Words, ctx: &Ctx) -> Vec<Group> {
        let user = self.user.as_ref();
        let role = user.map(|user| user.role.to_string()).unwrap_or_default();
        // What the caller may not give is not offered, unless it stands.
        let may_give = |one: &&Role| one.id.to_string() == role || one.permissions.iter().all(|right| ctx.can(right));
        let roles = self.roles.iter().filter(may_give).map(|one| Choosable::new(one.id.to_string(), one.name.clone(), &role)).collect();
        let stores = self.reader.stores.iter().map(|store| Choosable {
            value: store.id.to_string(),
            label: store.name.clone(),
            is_chosen: user.is_some_and(|user| user.stores.contains(&store.id)),
        });
        let language = user.and_then(|user| user.locale).map(|locale| locale.as_str()).unwrap_or_default();
        let mut languages = language_options(language);
        languages.insert(0, Choosable::new("", say.t("people-language-usual"), language));
        let mut inputs = vec![Input::text("name", say.t("people-name"), user.map(|user| user.name.clone()).unwrap_or_default())];
        if user.is_none() {
            inputs.push(Input::new(Kind::Email, "email", say.t("gate-login"), "").hint(say.t("people-email-hint")).ltr());
        }
        inputs.extend([
            Input::select("role", say.t("people-role"), roles).hint(say.t("people-role-hint")),
            Input::select("locale", say.t("shell-language"), languages),
        ]);
        let stores = Input::many("stores", say.t("people-stores"), stores.collect()).hint(say.t("people-stores-hint"));
        vec![Group::of(None, inputs), Group::of(None, vec![stores])]
    }

    fn page(&self, ctx: &Ctx, info: &Info, uri: &Uri, refused: Option<(&Problem, &Typed)>) -> PersonPage {
        let say = Words { locale: ctx.locale };
        let format = self.reader.format(ctx);
        let mut groups = self.groups(say, ctx);
        let notice = refused.and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
        let heading = self.user.as_ref().map_or_else(|| say.t("people-invite"), |user| user.name.clone());
        let here = Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users"), uri, toast: toast(say, uri) };
        let page = frame(&self.reader, ctx, info, here);
        let csrf = page.csrf.clone();
        let Some(user) = &self.user else {
            let top = Top { heading, subtitle: say.t("people-invite-text"), notice, ..Top::default() };
            return PersonPage {
                page,
                top,
                facts: Vec::new(),
                badge: None,
                action: "/app/users".to_owned(),
                version: 0,
                groups,
                button: say.t("people-invite-button"),
                may_edit: true,
                acts: Vec::new(),
                factor: None,
                archive: None,
                sessions: Vec::new(),
                end_all: None,
                open_orders: None,
            };
        };

        let id = user.id;
        let is_me = ctx.user() == Some(id);
        let is_archived = user.state == UserState::Archived;
        let role = self.roles.iter().find(|role| role.id == user.role);
        // Nobody changes somebody who may do more.
        let may_edit = ctx.can(Permission::UserEdit) && role.is_some_and(|role| role.permissions.iter().all(|right| ctx.can(right)));
        let mut facts = vec![
            (say.t("gate-login"), user.email.clone()),
            (say.t("people-seen"), user.last_sign_in_at.map_or_else(|| say.t("people-never"), |at| format.moment(at))),
            (say.t("people-factor"), say.t(if user.has_totp { "people-factor-on" } else { "people-factor-off" })),
            (say.t("people-since"), format.date(user.created_at)),
        ];
        if !may_edit {
            facts.insert(1, (say.t("people-role"), user.role_name.clone()));
            facts.insert(2, (say.t("people-stores"), stores_of(say, &self.reader, role, &user.stores)));
        }
        let confirm = |name: &str, class, button: &str, title: String, text: String, action: &str| Confirm {
            say,
            csrf: csrf.clone(),
            id: name.to_owned(),
            class,
            button: say.t(button),
            title,
            text,
            verb: say.t(button),
            action: format!("/app/users/{id}/{action}"),
            hidden: Vec::new(),
        };
        let archive_text = match self.open {
            Some(open) if open > 0 => say.count("people-let-go-orders", open, &format.number(open)),
            _ => say.t("people-let-go-text"),
        };
        let archive = (may_edit && !is_me && !is_archived)
            .then(|| confirm("let-go", "bad", "people-let-go", say.one("people-let-go-title", "name", &user.name), archive_text, "archive"));
        let factor = (may_edit && user.has_totp && !is_archived).then(|| {
            let title = say.one("people-reset-factor-title", "name", &user.name);
            confirm("factor", "", "people-reset-factor", title, say.t("people-reset-factor-text"), "second-factor")
        });
        let mut acts = Vec::new();
        if may_edit && user.state == UserState::Invited {
            acts.push((format!("/app/users/{id}/invite"), say.t("people-invite-again")));
        }
        if may_edit && is_archived {
            acts.push((format!("/app/users/{id}/reopen"), say.t("people-reopen")));
        }
        let end_all = (self.sessions.len() > 1 && !is_me).then(|| Confirm {
            action: format!("/app/users/{id}/sessions/end"),
            ..confirm(
                "end-all",
                "sm bad",
                "sessions-end-all",
                say.one("sessions-end-all-title", "name", &user.name),
                say.t("sessions-end-all-text"),
                "",
            )
        });
        let notice = notice.or_else(|| is_archived.then(|| Notice { tone: "warn", text: say.t("people-is-archived") }));
        let open_orders = self
            .open
            .filter(|open| *open > 0)
            .map(|open| (format!("/app/orders?agent={id}"), say.count("people-open-orders", open, &format.number(open))));
        PersonPage {
            page,
            top: Top { heading, subtitle: user.role_name.clone(), notice, ..Top::default() },
            facts,
            badge: Some(state_badge(user.state)),
            action: format!("/app/users/{id}"),
            version: user.version,
            groups,
            button: say.t("set-save"),
            may_edit: may_edit && !is_archived,
            acts,
            factor,
            archive,
            sessions: self.sessions.iter().map(|session| session_row(say, &format, session, None)).collect(),
            end_all,
            open_orders,
        }
    }
}

async fn show_form(edge: &Edge, info: &Info, uri: &Uri, id: Option<UserId>, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let about = edge.read(move |tx, ctx| About::load(tx, ctx, id)).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&about.page(&edge.ctx, info, uri, refused.as_ref().map(|(problem, typed)| (problem, typed))), status)
}

/// The form again when something can be put right there.
async fn refused(edge: &Edge, info: &Info, uri: &Uri, id: Option<UserId>, typed: Typed, error: Error) -> Outcome<Response> {
    match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } => show_form(edge, info, uri, id, Some((error.into(), typed))).await,
        other => Err(other.into()),
    }
}

/// What could not be done to somebody, over the person as they stand.
async fn stands(edge: &Edge, info: &Info, uri: &Uri, id: UserId, error: Error) -> Outcome<Response> {
    let (Error::Conflict { .. } | Error::Invalid(_)) = error else { return Err(error.into()) };
    let problem = Problem::from(error);
    let about = edge.read(move |tx, ctx| About::load(tx, ctx, Some(id))).await?;
    let mut page = about.page(&edge.ctx, info, uri, None);
    let words = problem.errors().first().map_or_else(|| problem.title(edge.ctx.locale), |error| Problem::field_message(edge.ctx.locale, error));
    page.top.notice = bad(words);
    with_status(&page, problem.status())
}

/// `GET /app/users/new`
async fn show_new(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, None, None).await
}

/// `GET /app/users/{id}`
async fn show(Path(id): Path<UserId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, Some(id), None).await
}

fn read_stores(typed: &Typed) -> Vec<StoreId> {
    typed.all("stores").filter_map(|id| id.parse().ok()).collect()
}

fn read_role(typed: &Typed) -> Result<RoleId, Error> {
    typed.read("role").ok_or_else(|| Error::field("role", "required"))
}

/// `POST /app/users`
async fn invite(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let url = edge.base.public_url().to_owned();
    let invited = edge.write(move |tx, ctx| {
        let new = NewUser {
            email: form.get("email").to_owned(),
            name: form.get("name").to_owned(),
            role: read_role(&form)?,
            stores: read_stores(&form),
            locale: form.read::<Locale>("locale"),
        };
        users::invite(tx, ctx, &new, &url)
    });
    match invited.await {
        Ok(invited) => show_invited(&edge, &info, &uri, invited).await,
        Err(error) => refused(&edge, &info, &uri, None, typed, error).await,
    }
}

/// The link, this once, and ways to send it.
async fn show_invited(edge: &Edge, info: &Info, uri: &Uri, invited: Invited) -> Outcome<Response> {
    let reader = edge.read(Reader::load).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let locale = invited.user.locale.unwrap_or(ctx.settings.general.default_locale);
    let organization = if ctx.settings.general.name.is_empty() { say.t("shell-name") } else { ctx.settings.general.name.clone() };
    // In the language of whoever reads it.
    let theirs = Words { locale };
    let values = [("name", invited.user.name.clone()), ("organization", organization.clone()), ("link", invited.link.clone())];
    let message = theirs.with("people-invite-message", &values);
    let subject = theirs.one("people-invite-subject", "organization", &organization);
    let plain = |text: &str| encoded(text).replace('+', "%20");
    let heading = say.one("people-invited-title", "name", &invited.user.name);
    let page = frame(&reader, ctx, info, Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users"), uri, toast: None });
    let mut response = html(&InvitedPage {
        page,
        top: Top { heading, subtitle: invited.user.role_name.clone(), ..Top::default() },
        mail: format!("mailto:{}?subject={}&body={}", invited.user.email, plain(&subject), plain(&message)),
        whatsapp: plain(&message),
        until: reader.format(ctx).exact(invited.expires_at),
        link: invited.link,
    })?;
    // The link lets somebody in: no copy of the page may stay.
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /app/users/{id}`
async fn change(Path(id): Path<UserId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let changed = edge.write(move |tx, ctx| {
        // Who is not here is not found, whatever the form says.
        let before = users::find(tx, ctx, id)?;
        // A store that is put away is not offered, so the form says nothing about it.
        let offered = Reader::load(tx, ctx)?.stores;
        let kept = before.stores.into_iter().filter(|id| offered.iter().all(|store| store.id != *id));
        let change = UserChange {
            name: Some(form.get("name").to_owned()),
            role: Some(read_role(&form)?),
            stores: Some(read_stores(&form).into_iter().chain(kept).collect()),
            locale: Some(form.read::<Locale>("locale")),
        };
        users::change(tx, ctx, id, &change, form.version())
    });
    match changed.await {
        Ok(_) => Ok(see(&format!("/app/users/{id}?done=saved"))),
        Err(error) => refused(&edge, &info, &uri, Some(id), typed, error).await,
    }
}

/// `POST /app/users/{id}/invite`
async fn invite_again(Path(id): Path<UserId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let url = edge.base.public_url().to_owned();
    match edge.write(move |tx, ctx| users::invite_again(tx, ctx, id, &url)).await {
        Ok(invited) => show_invited(&edge, &info, &uri, invited).await,
        Err(error) => stands(&edge, &info, &uri, id, error).await,
    }
}

/// `POST /app/users/{id}/archive`
async fn archive(Path(id): Path<UserId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    match edge.write(move |tx, ctx| users::archive(tx, ctx, id)).await {
        Ok(_) => Ok(see(&format!("/app/users/{id}?done=let-go"))),
        Err(error) => stands(&edge, &info, &uri, id, error).await,
    }
}

/// `POST /app/users/{id}/reopen`
async fn reopen(Path(id): Path<UserId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let url = edge.base.public_url().to_owned();
    match edge.write(move |tx, ctx| users::reopen(tx, ctx, id, &url)).await {
        Ok(invited) => show_invited(&edge, &info, &uri, invited).await,
        Err(error) => stands(&edge, &info, &uri, id, error).await,
    }
}

/// `POST /app/users/{id}/second-factor`: switches it off for somebody who lost it.
async fn reset_factor(Path(id): Path<UserId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    match edge.write(move |tx, ctx| totp::reset_of(tx, ctx, id)).await {
        Ok(()) => Ok(see(&format!("/app/users/{id}?done=factor"))),
        Err(error) => stands(&edge, &info, &uri, id, error).await,
    }
}
