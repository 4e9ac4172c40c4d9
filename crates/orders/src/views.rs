//! Views: a list as somebody likes to see it, kept for oneself or shared with a role or everybody.
//!
//! A view holds the parameters of the list as they are sent, the columns in their order, sort, density and page
//! size. Its filter is checked by the list itself before it comes here; what it names may be gone later, and then the
//! view still opens and [`missing`] says what is gone. What somebody keeps at hand, and the view that a role begins
//! with, are their own rows.
//!
//! Not here: the parameters of a list (web), the last settings of a person (access' preferences).

use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Details, Error, Event, FieldError, Permission, RoleId, Time, UserId, Version, ViewId, words};
use serde_json::{Map, Value};

use crate::Sort;
use crate::filter::{Assigned, OrderFilter};
use crate::store::views::{self as store, Row, Viewer};

/// The live topic of views.
pub const VIEW_TOPIC: &str = "view";
/// Most views of one person, shared ones of an organization, and those kept at hand.
const MOST_OWN: i64 = 100;
const MOST_SHARED: i64 = 200;
/// Each has a count, so there are few.
pub const MOST_PINS: i64 = 20;
const MOST_COLUMNS: usize = 60;
const MOST_NAME: usize = 80;
const MOST_QUERY: usize = 8 * 1024;

words! {
    /// The list that a view is of.
    pub enum ViewList {
        /// Orders.
        Orders = "orders",
    }

    /// Who sees a view.
    pub enum Audience {
        /// Its owner.
        Private = "private",
        /// People of one role.
        Role = "role",
        /// Everybody.
        Everybody = "everybody",
    }

    /// How close rows stand.
    pub enum Density {
        /// With air.
        Comfortable = "comfortable",
        /// Many on a screen.
        Compact = "compact",
    }
}

/// What people edit of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewView {
    /// The list.
    pub list: ViewList,
    /// Its name.
    pub name: String,
    /// Who sees it.
    pub audience: Audience,
    /// Which role, when it is for one.
    pub role: Option<RoleId>,
    /// The parameters of the list, checked by it.
    pub query: Map<String, Value>,
    /// The columns in their order; the usual ones when none are named.
    pub columns: Option<Vec<String>>,
    /// The sort; the list's own when none is given.
    pub sort: Option<String>,
    /// How close rows stand.
    pub density: Option<Density>,
    /// How many on a page, 10 to 200.
    pub page_size: Option<i64>,
    /// Its place among the others.
    pub position: i64,
}

/// What shall be different about a view; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewChange {
    /// Another name.
    pub name: Option<String>,
    /// Another audience, with its role.
    pub audience: Option<(Audience, Option<RoleId>)>,
    /// Other parameters, checked by the list.
    pub query: Option<Map<String, Value>>,
    /// Other columns, or the usual ones.
    pub columns: Option<Option<Vec<String>>>,
    /// Another sort, or the list's own.
    pub sort: Option<Option<String>>,
    /// Another density, or none.
    pub density: Option<Option<Density>>,
    /// Another page size, or none.
    pub page_size: Option<Option<i64>>,
    /// Another place.
    pub position: Option<i64>,
}

/// A view as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which.
    pub id: ViewId,
    /// What people edit.
    pub view: NewView,
    /// Who made it.
    pub owner: Option<UserId>,
    /// The place among those that the viewer keeps at hand; none when it is not.
    pub pin: Option<i64>,
    /// Whether the viewer's role begins with it.
    pub is_default: bool,
    /// The roles that begin with it.
    pub default_of: Vec<RoleId>,
    /// Whether the viewer may change it.
    pub may_edit: bool,
    /// Grows with each change.
    pub version: Version,
    /// When it was made.
    pub created_at: Time,
    /// When it changed last.
    pub updated_at: Time,
}

fn viewer(tx: &mut Tx, ctx: &Ctx) -> Result<Viewer, Error> {
    let role = match ctx.user() {
        Some(user) => access::team::role_of(tx, user)?.map(|role| role.id),
        None => None,
    };
    Ok(Viewer { user: ctx.user(), role, shares: ctx.can(Permission::ViewShare) })
}

fn person(ctx: &Ctx) -> Result<UserId, Error> {
    ctx.user().ok_or(Error::Unauthenticated)
}

/// The views of a list that the caller sees: kept at hand first, then by place and name. Needs `order.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, of: ViewList) -> Result<Vec<View>, Error> {
    ctx.require(Permission::OrderRead)?;
    let viewer = viewer(tx, ctx)?;
    let defaults = store::defaults(tx, of)?;
    store::list(tx, viewer, of)?.into_iter().map(|row| shown(viewer, row, &defaults)).collect()
}

/// One view. Needs `order.read`.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: ViewId) -> Result<View, Error> {
    ctx.require(Permission::OrderRead)?;
    let viewer = viewer(tx, ctx)?;
    let row = store::find(tx, viewer, id)?.ok_or(Error::not_found("view"))?;
    let defaults = store::defaults(tx, row.list)?;
    shown(viewer, row, &defaults)
}

/// Keeps a view. A shared one needs `view.share`; programs have none.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &NewView) -> Result<View, Error> {
    ctx.require(Permission::OrderRead)?;
    let user = person(ctx)?;
    if new.audience != Audience::Private {
        ctx.require(Permission::ViewShare)?;
    }
    check(tx, new)?;
    let (own, shared) = store::counts(tx, user)?;
    if own >= MOST_OWN || (new.audience != Audience::Private && shared >= MOST_SHARED) {
        return Err(Error::conflict("view.too_many").with("max", if own >= MOST_OWN { MOST_OWN } else { MOST_SHARED }));
    }

    let id: ViewId = tx.new_id();
    let row = Row { created_at: ctx.now, ..row_of(id, Some(user), new, 1, ctx.now)? };
    store::insert(tx, &row)?;

    let mut details = Details::none();
    details.change("name", &"", &row.name.as_str());
    events::record_with(tx, ctx, Event::ViewCreated { view: id, audience: new.audience.to_string() }, details)?;
    find(tx, ctx, id)
}

/// Changes a view: one's own, or a shared one with `view.share`. Who shares it, or shared it, needs that right.
///
/// `Stale` names the fields that differ from what stands when somebody was faster.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: ViewId, change: &ViewChange, version: Version) -> Result<View, Error> {
    let before = editable(tx, ctx, id)?;
    let mut view = before.view.clone();
    if let Some(name) = &change.name {
        view.name.clone_from(name);
    }
    if let Some((audience, role)) = change.audience {
        (view.audience, view.role) = (audience, role);
    }
    if let Some(query) = &change.query {
        view.query.clone_from(query);
    }
    if let Some(columns) = &change.columns {
        view.columns.clone_from(columns);
    }
    if let Some(sort) = &change.sort {
        view.sort.clone_from(sort);
    }
    if let Some(density) = change.density {
        view.density = density;
    }
    if let Some(page_size) = change.page_size {
        view.page_size = page_size;
    }
    if let Some(position) = change.position {
        view.position = position;
    }
    if view.audience != Audience::Private {
        ctx.require(Permission::ViewShare)?;
    }
    check(tx, &view)?;
    view.name = view.name.trim().to_owned();

    let details = differences(&before.view, &view);
    let named = || FIELDS.into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect::<Vec<_>>();
    if before.version != version {
        return Err(Error::Stale { version: before.version, fields: named() });
    }
    if details.is_empty() {
        return Ok(before);
    }
    let row = row_of(id, before.owner, &view, version + 1, ctx.now)?;
    if !store::update(tx, &row, version)? {
        return Err(Error::Stale { version: version + 1, fields: named() });
    }
    store::unpin_strangers(tx, &row)?;

    events::record_with(tx, ctx, Event::ViewChanged { view: id, fields: details.fields() }, details)?;
    find(tx, ctx, id)
}

/// Removes a view: one's own, or a shared one with `view.share`.
pub fn remove(tx: &mut Tx, ctx: &Ctx, id: ViewId) -> Result<(), Error> {
    let view = editable(tx, ctx, id)?;
    if !store::remove(tx, id, view.version)? {
        return Err(Error::Stale { version: view.version + 1, fields: Vec::new() });
    }
    events::record(tx, ctx, Event::ViewRemoved { view: id })?;
    Ok(())
}

/// Makes a private copy of any view that the caller sees, under another name if one is given.
pub fn duplicate(tx: &mut Tx, ctx: &Ctx, id: ViewId, name: Option<&str>) -> Result<View, Error> {
    let view = find(tx, ctx, id)?.view;
    let name = match name {
        Some(name) => name.to_owned(),
        None => {
            let cut: String = view.name.chars().take(MOST_NAME - 4).collect();
            format!("{cut} (2)")
        }
    };
    create(tx, ctx, &NewView { name, audience: Audience::Private, role: None, ..view })
}

/// Keeps a view at hand, at this place.
pub fn pin(tx: &mut Tx, ctx: &Ctx, id: ViewId, position: i64) -> Result<View, Error> {
    find(tx, ctx, id)?;
    let user = person(ctx)?;
    if store::count_pins(tx, user, id)? >= MOST_PINS {
        return Err(Error::conflict("view.too_many").with("max", MOST_PINS));
    }
    store::pin(tx, user, id, position)?;
    tx.touch(VIEW_TOPIC, id);
    find(tx, ctx, id)
}

/// Keeps it at hand no more.
pub fn unpin(tx: &mut Tx, ctx: &Ctx, id: ViewId) -> Result<View, Error> {
    find(tx, ctx, id)?;
    let user = person(ctx)?;
    store::unpin(tx, user, id)?;
    tx.touch(VIEW_TOPIC, id);
    find(tx, ctx, id)
}

/// Says which roles begin with this view: these, and no others. Needs `view.share`.
///
/// `Conflict` `view.not_shared` when somebody of these roles does not see it.
pub fn set_default(tx: &mut Tx, ctx: &Ctx, id: ViewId, roles: &[RoleId]) -> Result<View, Error> {
    ctx.require(Permission::ViewShare)?;
    let view = find(tx, ctx, id)?;
    let mut check = Check::new();
    for (place, role) in roles.iter().enumerate() {
        check.require(access::team::role(tx, &role.to_string())?.is_some(), format!("role_ids[{place}]"), "unknown");
    }
    check.done()?;
    let sees = |role: &RoleId| match view.view.audience {
        Audience::Everybody => true,
        Audience::Role => view.view.role == Some(*role),
        Audience::Private => false,
    };
    if !roles.iter().all(sees) {
        return Err(Error::conflict("view.not_shared"));
    }

    store::unset_default(tx, id)?;
    for role in roles {
        store::set_default(tx, view.view.list, *role, id)?;
    }
    events::record(tx, ctx, Event::ViewChanged { view: id, fields: vec!["default_of".to_owned()] })?;
    find(tx, ctx, id)
}

/// The view that the caller's role begins with.
pub fn default_of_caller(tx: &mut Tx, ctx: &Ctx, of: ViewList) -> Result<Option<View>, Error> {
    ctx.require(Permission::OrderRead)?;
    let viewer = viewer(tx, ctx)?;
    let defaults = store::defaults(tx, of)?;
    let Some((_, id)) = defaults.iter().find(|(role, _)| Some(*role) == viewer.role) else { return Ok(None) };
    store::find(tx, viewer, *id)?.map(|row| shown(viewer, row, &defaults)).transpose()
}

/// Something that a filter names and that is no more, or that the caller may not see: the parameter and what it said.
pub fn missing(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter) -> Result<Vec<FieldError>, Error> {
    let mut gone = missing_of(tx, ctx, filter)?;
    for (place, group) in filter.any.iter().enumerate() {
        let inside = format!("any.{}", place + 1);
        gone.extend(missing_of(tx, ctx, group)?.into_iter().map(|field| field.inside(&inside)));
    }
    Ok(gone)
}

fn missing_of(tx: &mut Tx, ctx: &Ctx, filter: &OrderFilter) -> Result<Vec<FieldError>, Error> {
    let mut gone = Vec::new();
    let mut note = |field: &str, value: String| gone.push(FieldError::new(field, "view.gone").with("value", value));
    for store in &filter.stores {
        match access::stores::find(tx, ctx, *store) {
            Ok(_) => {}
            Err(Error::NotFound { .. }) => note("store_id", store.to_string()),
            Err(other) => return Err(other),
        }
    }
    for assigned in &filter.assigned {
        if let Assigned::To(user) = assigned
            && access::team::person(tx, *user)?.is_none()
        {
            note("agent_id", user.to_string());
        }
    }
    if let Some(customer) = filter.customer {
        match customers::find(tx, ctx, customer) {
            Ok(_) | Err(Error::Forbidden { .. }) => {}
            Err(Error::NotFound { .. }) => note("customer_id", customer.to_string()),
            Err(other) => return Err(other),
        }
    }
    Ok(gone)
}

fn editable(tx: &mut Tx, ctx: &Ctx, id: ViewId) -> Result<View, Error> {
    let view = find(tx, ctx, id)?;
    if view.may_edit { Ok(view) } else { Err(Error::Forbidden { needs: Permission::ViewShare }) }
}

/// The fields that differ, by the names that events and `Stale` use.
const FIELDS: [&str; 9] = ["name", "audience", "role_id", "filter", "columns", "sort", "density", "page_size", "position"];

fn differences(before: &NewView, after: &NewView) -> Details {
    let mut details = Details::none();
    details.change("name", &before.name, &after.name);
    details.change("audience", &before.audience, &after.audience);
    details.change("role_id", &before.role, &after.role);
    details.change("filter", &before.query, &after.query);
    details.change("columns", &before.columns, &after.columns);
    details.change("sort", &before.sort, &after.sort);
    details.change("density", &before.density, &after.density);
    details.change("page_size", &before.page_size, &after.page_size);
    details.change("position", &before.position, &after.position);
    details
}

fn check(tx: &mut Tx, view: &NewView) -> Result<(), Error> {
    let mut check = Check::new();
    check.require(!view.name.trim().is_empty(), "name", "required");
    crate::limits::text(&mut check, "name", Some(&view.name), MOST_NAME);
    match (view.audience, view.role) {
        (Audience::Role, None) => check.fail("role_id", "required"),
        (Audience::Role, Some(role)) => check.require(access::team::role(tx, &role.to_string())?.is_some(), "role_id", "unknown"),
        (Audience::Private | Audience::Everybody, role) => check.require(role.is_none(), "role_id", "view.no_role"),
    }
    let bytes = serde_json::to_string(&view.query).map_or(usize::MAX, |text| text.len());
    if bytes > MOST_QUERY {
        check.push(FieldError::new("filter", "too_long").with("max", MOST_QUERY));
    }
    check_look(&mut check, view.columns.as_deref(), view.sort.as_deref(), view.page_size);
    check.require((-10_000..=10_000).contains(&view.position), "position", "view.position");
    check.done()
}

/// How a list shall look: names of columns, each once; a sort that the list knows; a page that fits.
pub fn check_look(check: &mut Check, columns: Option<&[String]>, sort: Option<&str>, page_size: Option<i64>) {
    if let Some(columns) = columns {
        check.require(!columns.is_empty(), "columns", "required");
        if columns.len() > MOST_COLUMNS {
            check.push(FieldError::new("columns", "too_many").with("max", MOST_COLUMNS));
        }
        for (place, name) in columns.iter().enumerate() {
            let is_sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, b'_' | b'.' | b'-');
            let is_name = (1..=60).contains(&name.len()) && name.bytes().all(is_sign);
            check.require(is_name, format!("columns[{place}]"), "view.column");
            check.require(!columns[..place].contains(name), format!("columns[{place}]"), "repeated");
        }
    }
    if let Some(Err(Error::Invalid(fields))) = sort.map(Sort::parse) {
        fields.into_iter().for_each(|field| check.push(field));
    }
    if page_size.is_some_and(|size| !(10..=200).contains(&size)) {
        check.push(FieldError::new("page_size", "range").with("least", 10).with("most", 200));
    }
}

fn row_of(id: ViewId, owner: Option<UserId>, view: &NewView, version: Version, now: Time) -> Result<Row, Error> {
    let json = |result: serde_json::Result<String>| result.map_err(Error::internal);
    Ok(Row {
        id,
        list: view.list,
        name: view.name.trim().to_owned(),
        owner_id: owner,
        audience: view.audience,
        role_id: view.role,
        query: json(serde_json::to_string(&view.query))?,
        columns: view.columns.as_ref().map(|columns| json(serde_json::to_string(columns))).transpose()?,
        sort: view.sort.clone(),
        density: view.density,
        page_size: view.page_size,
        position: view.position,
        version,
        created_at: now,
        updated_at: now,
        pin_position: None,
    })
}

fn shown(viewer: Viewer, row: Row, defaults: &[(RoleId, ViewId)]) -> Result<View, Error> {
    let is_own = row.owner_id.is_some() && row.owner_id == viewer.user;
    let default_of: Vec<RoleId> = defaults.iter().filter(|(_, view)| *view == row.id).map(|(role, _)| *role).collect();
    Ok(View {
        id: row.id,
        owner: row.owner_id,
        pin: row.pin_position,
        is_default: viewer.role.is_some_and(|role| default_of.contains(&role)),
        default_of,
        may_edit: if row.audience == Audience::Private { is_own } else { viewer.shares },
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        view: NewView {
            list: row.list,
            name: row.name,
            audience: row.audience,
            role: row.role_id,
            query: serde_json::from_str(&row.query).map_err(Error::internal)?,
            columns: row.columns.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?,
            sort: row.sort,
            density: row.density,
            page_size: row.page_size,
            position: row.position,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(columns: &[&str], sort: Option<&str>, page_size: Option<i64>, expected: &str) {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let mut check = Check::new();
        check_look(&mut check, Some(&columns), sort, page_size);
        let wrong = match check.done() {
            Ok(()) => String::new(),
            Err(Error::Invalid(fields)) => fields.iter().map(|one| format!("{}={}", one.field, one.code)).collect::<Vec<_>>().join(" "),
            Err(other) => other.to_string(),
        };
        assert_eq!(wrong, expected);
    }

    #[test]
    fn a_look_names_columns_once_and_a_sort_that_there_is() {
        check(&["number", "custom.size", "total"], Some("-total"), Some(50), "");
        check(&["number", "number"], None, None, "columns[1]=repeated");
        check(&["Number"], Some("colour"), Some(5), "columns[0]=view.column sort=unknown page_size=range");
        check(&[], None, None, "columns=required");
    }
}
