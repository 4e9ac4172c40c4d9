//! Roles: who may do what, in plain words; a role of one's own from another; what differs from where it began.

use access::roles::SEEDS;
use access::{Role, RoleChange, User, UserState, roles, users};
use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Id, Permission, Permissions, RoleId};

use super::form::Typed;
use super::people::tabs;
use super::rights::{AREAS, words};
use super::{Here, Top, asked, bad, frame, toast, with_status};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Reader, html, see};
use crate::pages::view::{Choosable, Confirm, Notice, Shell};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let read = Access::Needs(Permission::UserRead);
    let edit = Access::Needs(Permission::RoleEdit);
    vec![
        Route::page(Method::GET, "/app/users/roles", read, "page_roles", list),
        Route::page(Method::GET, "/app/users/roles/new", edit, "page_new_role", show_new),
        Route::page(Method::POST, "/app/users/roles", edit, "page_create_role", create),
        Route::page(Method::GET, "/app/users/roles/{id}", read, "page_role", show),
        Route::page(Method::POST, "/app/users/roles/{id}", edit, "page_change_role", change),
        Route::page(Method::POST, "/app/users/roles/{id}/remove", edit, "page_remove_role", remove),
    ]
}

/// How much of an area a role has.
#[derive(Clone, Debug)]
struct Share {
    role: String,
    class: &'static str,
    words: String,
}

/// A role as a card and as a column of the matrix.
#[derive(Clone, Debug)]
struct RoleCard {
    id: String,
    name: String,
    people: String,
    rights: String,
    /// How it differs from where it began.
    note: String,
    is_own: bool,
}

/// An area as a row of the matrix.
#[derive(Clone, Debug)]
struct AreaRow {
    key: &'static str,
    icon: &'static str,
    shares: Vec<Share>,
}

#[derive(Template)]
#[template(path = "setup/roles.html")]
struct RolesPage {
    page: Shell,
    top: Top,
    roles: Vec<RoleCard>,
    areas: Vec<AreaRow>,
    may_edit: bool,
}

/// A right in the form of a role.
#[derive(Clone, Debug)]
struct RightRow {
    word: &'static str,
    key: &'static str,
    has: bool,
    /// Whether the caller may change it: nobody gives what they do not have.
    is_open: bool,
    /// `more` or `less` than the role that it is compared with.
    differs: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct AreaForm {
    key: &'static str,
    icon: &'static str,
    rights: Vec<RightRow>,
    count: String,
}

#[derive(Template)]
#[template(path = "setup/role.html")]
struct RolePage {
    page: Shell,
    top: Top,
    action: String,
    version: i64,
    name: String,
    name_error: Option<String>,
    areas: Vec<AreaForm>,
    may_edit: bool,
    button: String,
    /// What the marks compare with.
    compared: Vec<Choosable>,
    compare_action: String,
    differences: String,
    people: Vec<(String, String, &'static str, String)>,
    remove: Option<Confirm>,
    copy: Option<String>,
}

/// A role that rights are compared with: as a role is now, or as one was at the first start.
#[derive(Clone, Debug)]
struct Base {
    id: String,
    name: String,
    rights: Permissions,
}

fn differing(one: &Permissions, other: &Permissions) -> usize {
    Permission::ALL.iter().filter(|right| one.has(**right) != other.has(**right)).count()
}

/// Every role that one may be compared with: the roles of the first start as they began, then the organization's own as they are.
fn bases(roles: &[Role], but: Option<RoleId>) -> Vec<Base> {
    let seeded = SEEDS.iter().map(|seed| {
        // People call it as it is called here.
        let here = roles.iter().find(|role| role.code.as_deref() == Some(seed.code));
        Base { id: seed.code.to_owned(), name: here.map_or_else(|| seed.name.to_owned(), |role| role.name.clone()), rights: seed.rights() }
    });
    let own = roles.iter().filter(|role| role.code.is_none() && Some(role.id) != but);
    let own = own.map(|role| Base { id: role.id.to_string(), name: role.name.clone(), rights: role.permissions.clone() });
    seeded.chain(own).collect()
}

/// Where a role began: a role of the first start as itself, one's own as the one that it differs from the least.
fn base_of<'a>(role: &Role, bases: &'a [Base]) -> Option<&'a Base> {
    match &role.code {
        Some(code) => bases.iter().find(|base| base.id == *code),
        None => {
            bases.iter().filter(|base| SEEDS.iter().any(|seed| seed.code == base.id)).min_by_key(|base| differing(&role.permissions, &base.rights))
        }
    }
}

fn difference_words(say: Words, rights: &Permissions, base: &Base) -> String {
    let more = rights.iter().filter(|right| !base.rights.has(*right)).count();
    let less = base.rights.iter().filter(|right| !rights.has(*right)).count();
    match (more, less) {
        (0, 0) => say.one("roles-same", "base", &base.name),
        _ => say.with("roles-differs", &[("base", base.name.clone()), ("more", more.to_string()), ("less", less.to_string())]),
    }
}

/// `GET /app/users/roles`
async fn list(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, all) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, roles::list(tx, ctx)?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let bases = bases(&all, None);
    let cards = all.iter().map(|role| RoleCard {
        id: role.id.to_string(),
        name: role.name.clone(),
        people: say.count("roles-people", role.users, &role.users.to_string()),
        rights: rights_words(say, &role.permissions),
        note: base_of(role, &bases).map(|base| difference_words(say, &role.permissions, base)).unwrap_or_default(),
        is_own: role.code.is_none(),
    });
    let areas =
        AREAS.iter().map(|area| AreaRow { key: area.key, icon: area.icon, shares: all.iter().map(|role| share(say, role, area.rights)).collect() });
    let heading = say.t("roles-title");
    let here = Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users"), uri: &uri, toast: toast(say, &uri) };
    let page = frame(&reader, ctx, &info, here);
    let top = Top { heading, subtitle: say.t("roles-subtitle"), tabs: Some(tabs(ctx, "/app/users/roles")), ..Top::default() };
    html(&RolesPage { page, top, roles: cards.collect(), areas: areas.collect(), may_edit: ctx.can(Permission::RoleEdit) })
}

fn rights_words(say: Words, rights: &Permissions) -> String {
    let (has, all) = (rights.iter().count(), Permission::ALL.len());
    say.with("roles-rights", &[("n", has.to_string()), ("all", all.to_string())])
}

fn share(say: Words, role: &Role, rights: &[(Permission, &str)]) -> Share {
    let has = rights.iter().filter(|(right, _)| role.permissions.has(*right)).count();
    let (class, words) = match has {
        0 => ("none", say.t("roles-share-none")),
        _ if has == rights.len() => ("all", say.t("roles-share-all")),
        _ => ("some", say.with("roles-share-some", &[("n", has.to_string()), ("all", rights.len().to_string())])),
    };
    Share { role: role.name.clone(), class, words }
}

/// What the page of a role is made from.
struct About {
    reader: Reader,
    role: Option<Role>,
    all: Vec<Role>,
    people: Vec<User>,
}

impl About {
    fn load(tx: &mut Tx, ctx: &Ctx, id: Option<RoleId>) -> Result<About, Error> {
        let role = id.map(|id| roles::find(tx, ctx, id)).transpose()?;
        let mut people = if role.is_some() { users::list(tx, ctx, false)? } else { Vec::new() };
        people.retain(|user| Some(user.role) == id && user.state != UserState::Archived);
        Ok(About { reader: Reader::load(tx, ctx)?, role, all: roles::list(tx, ctx)?, people })
    }

    fn page(&self, ctx: &Ctx, info: &Info, uri: &Uri, refused: Option<(&Problem, &Typed)>) -> RolePage {
        let say = Words { locale: ctx.locale };
        let id = self.role.as_ref().map(|role| role.id);
        let bases = bases(&self.all, id);
        let asked_for = |name: &str| asked(uri, name).and_then(|wanted| bases.iter().find(|base| base.id == wanted));
        let typed = refused.map(|(_, typed)| typed);

        let base = match (&self.role, typed) {
            (_, Some(typed)) => bases.iter().find(|base| base.id == typed.get("compared")).or(bases.first()),
            (Some(role), None) => asked_for("with").or_else(|| base_of(role, &bases)),
            // The one with the fewest rights is the safest to begin with.
            (None, None) => asked_for("from").or_else(|| bases.iter().min_by_key(|base| base.rights.iter().count())),
        };
        let standing = match (&self.role, base) {
            (Some(role), _) => role.permissions.clone(),
            (None, Some(base)) => base.rights.iter().filter(|right| ctx.can(*right)).collect(),
            (None, None) => Permissions::default(),
        };
        let rights = typed.map_or_else(|| standing.clone(), read_rights);
        let is_admin = self.role.as_ref().is_some_and(|role| role.code.as_deref() == Some(roles::ADMIN));
        // Nobody changes a role that may do more than they.
        let may_edit = ctx.can(Permission::RoleEdit) && !is_admin && standing.iter().all(|right| ctx.can(right));

        let areas = AREAS.iter().map(|area| AreaForm {
            key: area.key,
            icon: area.icon,
            rights: area
                .rights
                .iter()
                .map(|(right, key)| RightRow {
                    word: right.as_str(),
                    key,
                    has: rights.has(*right),
                    is_open: may_edit && ctx.can(*right),
                    differs: base.and_then(|base| match (rights.has(*right), base.rights.has(*right)) {
                        (true, false) => Some("more"),
                        (false, true) => Some("less"),
                        _ => None,
                    }),
                })
                .collect(),
            count: format!("{}/{}", area.rights.iter().filter(|(right, _)| rights.has(*right)).count(), area.rights.len()),
        });

        let heading = self.role.as_ref().map_or_else(|| say.t("roles-new"), |role| role.name.clone());
        let here = Here { heading: &heading, section: "shell-nav-people", back: Some("/app/users/roles"), uri, toast: toast(say, uri) };
        let page = frame(&self.reader, ctx, info, here);
        let (mut notice, mut name_error) = (None, None);
        if let Some((problem, _)) = refused {
            name_error = problem.errors().iter().find(|error| error.field == "name").map(|error| Problem::field_message(ctx.locale, error));
            let text = match problem.code() {
                "stale" => Some(self.stale_words(say, &rights)),
                _ if name_error.is_some() => None,
                _ => Some(problem.errors().first().map_or_else(|| problem.title(ctx.locale), |error| Problem::field_message(ctx.locale, error))),
            };
            notice = text.and_then(bad);
        } else if is_admin {
            notice = Some(Notice { tone: "info", text: say.t("roles-admin-fixed") });
        } else if ctx.can(Permission::RoleEdit) && !may_edit {
            notice = Some(Notice { tone: "info", text: say.t("roles-above-you") });
        }
        let is_removable = may_edit && self.role.as_ref().is_some_and(|role| role.code.is_none() && role.users == 0);
        let remove = self.role.as_ref().filter(|_| is_removable).map(|role| Confirm {
            say,
            csrf: page.csrf.clone(),
            id: "remove".to_owned(),
            class: "bad",
            button: say.t("roles-remove"),
            title: say.one("roles-remove-title", "name", &role.name),
            text: say.t("roles-remove-text"),
            verb: say.t("roles-remove"),
            action: format!("/app/users/roles/{}/remove", role.id),
            hidden: Vec::new(),
        });
        let chosen = base.map(|base| base.id.clone()).unwrap_or_default();
        let subtitle = match &self.role {
            Some(role) => format!("{} · {}", rights_words(say, &rights), say.count("roles-people", role.users, &role.users.to_string())),
            None => say.t("roles-new-text"),
        };
        let people = self
            .people
            .iter()
            .map(|user| (user.id.to_string(), badges::initials(&user.name), badges::person_tone(user.id.to_i64()), user.name.clone()));
        RolePage {
            page,
            top: Top { heading, subtitle, notice, ..Top::default() },
            action: id.map_or_else(|| "/app/users/roles".to_owned(), |id| format!("/app/users/roles/{id}")),
            version: self.role.as_ref().map_or(0, |role| role.version),
            name: typed.map(|typed| typed.get("name").to_owned()).or_else(|| self.role.as_ref().map(|role| role.name.clone())).unwrap_or_default(),
            name_error,
            areas: areas.collect(),
            may_edit,
            button: say.t(if id.is_some() { "set-save" } else { "roles-make" }),
            compared: bases.iter().map(|base| Choosable::new(base.id.clone(), base.name.clone(), &chosen)).collect(),
            compare_action: id.map_or_else(|| "/app/users/roles/new".to_owned(), |id| format!("/app/users/roles/{id}")),
            differences: base.map(|base| difference_words(say, &rights, base)).unwrap_or_default(),
            people: people.collect(),
            remove,
            copy: id.filter(|_| ctx.can(Permission::RoleEdit)).map(|id| {
                let from = self.role.as_ref().and_then(|role| role.code.clone()).unwrap_or_else(|| id.to_string());
                format!("/app/users/roles/new?from={from}")
            }),
        }
    }

    /// What somebody else has made of the role meanwhile, beside what was typed.
    fn stale_words(&self, say: Words, typed: &Permissions) -> String {
        let Some(role) = &self.role else { return say.t("set-stale") };
        let named = |these: &Permissions, others: &Permissions| {
            these.iter().filter(|right| !others.has(*right)).map(|right| say.t(words(right))).collect::<Vec<_>>().join(" · ")
        };
        let (theirs, yours) = (named(&role.permissions, typed), named(typed, &role.permissions));
        let or_nothing = |text: String| if text.is_empty() { say.t("set-nothing") } else { text };
        say.with("roles-stale", &[("name", role.name.clone()), ("theirs", or_nothing(theirs)), ("yours", or_nothing(yours))])
    }
}

fn read_rights(typed: &Typed) -> Permissions {
    typed.all("rights").filter_map(|word| word.parse::<Permission>().ok()).collect()
}

async fn show_form(edge: &Edge, info: &Info, uri: &Uri, id: Option<RoleId>, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let about = edge.read(move |tx, ctx| About::load(tx, ctx, id)).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&about.page(&edge.ctx, info, uri, refused.as_ref().map(|(problem, typed)| (problem, typed))), status)
}

async fn refused(edge: &Edge, info: &Info, uri: &Uri, id: Option<RoleId>, typed: Typed, error: Error) -> Outcome<Response> {
    match error {
        Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. } => show_form(edge, info, uri, id, Some((error.into(), typed))).await,
        other => Err(other.into()),
    }
}

/// `GET /app/users/roles/new?from=…`
async fn show_new(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, None, None).await
}

/// `GET /app/users/roles/{id}?with=…`
async fn show(Path(id): Path<RoleId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, Some(id), None).await
}

/// `POST /app/users/roles`
async fn create(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let new = RoleChange { name: typed.get("name").to_owned(), permissions: read_rights(&typed) };
    match edge.write(move |tx, ctx| roles::create(tx, ctx, &new)).await {
        Ok(role) => Ok(see(&format!("/app/users/roles/{}?done=made", role.id))),
        Err(error) => refused(&edge, &info, &uri, None, typed, error).await,
    }
}

/// `POST /app/users/roles/{id}`
async fn change(Path(id): Path<RoleId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let changed = edge.write(move |tx, ctx| {
        let before = roles::find(tx, ctx, id)?;
        // What the caller does not have stands as it is: their form cannot say it.
        let kept = before.permissions.iter().filter(|right| !ctx.can(*right));
        let new = RoleChange { name: form.get("name").to_owned(), permissions: read_rights(&form).iter().chain(kept).collect() };
        roles::change(tx, ctx, id, &new, form.version())
    });
    match changed.await {
        Ok(_) => Ok(see(&format!("/app/users/roles/{id}?done=saved"))),
        Err(error) => refused(&edge, &info, &uri, Some(id), typed, error).await,
    }
}

/// `POST /app/users/roles/{id}/remove`
async fn remove(Path(id): Path<RoleId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    match edge.write(move |tx, ctx| roles::remove(tx, ctx, id)).await {
        Ok(()) => Ok(see("/app/users/roles?done=removed")),
        Err(error @ Error::Conflict { .. }) => {
            let problem = Problem::from(error);
            let about = edge.read(move |tx, ctx| About::load(tx, ctx, Some(id))).await?;
            let mut page = about.page(&edge.ctx, &info, &uri, None);
            page.top.notice = bad(problem.title(edge.ctx.locale));
            with_status(&page, problem.status())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(code: Option<&str>, permissions: Permissions) -> Role {
        Role { id: RoleId::from_i64(7), code: code.map(str::to_owned), name: "One".to_owned(), permissions, users: 0, version: 1 }
    }

    #[test]
    fn a_role_of_ones_own_is_compared_with_the_one_it_is_nearest_to() {
        let agent: Permissions = SEEDS.iter().find(|seed| seed.code == "agent").unwrap().rights();
        let more = agent.iter().chain([Permission::OrderBulk]).collect();
        let bases = bases(&[], None);
        assert_eq!(base_of(&role(None, more), &bases).unwrap().id, "agent");
        assert_eq!(base_of(&role(Some("shop_owner"), agent), &bases).unwrap().id, "shop_owner");
    }
}
