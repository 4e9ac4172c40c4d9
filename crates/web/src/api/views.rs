//! Views of lists: kept, shared, kept at hand with their counts; and the last settings of a list.

use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, FieldError, Permission, RoleId, Time, UserId, Version, ViewId};
use orders::views::{self, Audience, Density, NewView, View, ViewChange, ViewList};
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::Components;
use utoipa::openapi::{RefOr, Schema};

use super::common::{Nothing, total};
use super::users::needed_version;
use crate::error::Problem;
use crate::extract::{Path, Query, Write};
use crate::lists;
use crate::respond::{Answer, Done, List, Made, Reply, Total, shown, versioned};
use crate::schema::{Describe, Patch, body, view, word};

/// Where the last settings of the list of orders stand among somebody's preferences.
const LAST: &str = "list.orders";

macro_rules! described {
    ($($set:ident),+ $(,)?) => {$(
        impl Describe for $set {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                word($set::WORDS)
            }
        }
    )+};
}

described! { Audience, Density, ViewList }

body! {
    /// Which views.
    pub(crate) struct ViewQuery {
        /// Of this list; `orders` when left out.
        list: Option<ViewList>,
    }

    /// A view to be kept.
    pub(crate) struct ViewBody {
        /// The list; `orders` when left out.
        list: Option<ViewList>,
        /// Its name.
        name: String = "Oran, waiting for a call",
        /// Who sees it: `private` (the usual), `role` or `everybody`. Sharing needs `view.share`.
        audience: Option<Audience>,
        /// Which role, when it is for one.
        role_id: Option<RoleId>,
        /// The parameters of the list.
        #[serde(default)]
        filter: Map<String, Value> = {"state": ["PENDING"], "province": ["DZ:31"]},
        /// The columns in their order; the usual ones when left out.
        columns: Option<Vec<String>> = ["number", "customer", "total"],
        /// The sort; the list's own when left out.
        sort: Option<String> = "-created_at",
        /// How close rows stand.
        density: Option<Density>,
        /// How many on a page, 10 to 200.
        page_size: Option<i64> = 50,
        /// Its place among the others, the smallest first.
        position: Option<i64> = 0,
    }

    /// What changes about a view; what is left out stays.
    pub(crate) struct ViewChangeBody {
        /// Another name.
        name: Option<String>,
        /// Another audience, together with its role.
        audience: Option<Audience>,
        /// Which role, when it is for one.
        role_id: Option<RoleId>,
        /// Other parameters of the list, all of them.
        filter: Option<Map<String, Value>>,
        /// Other columns; null means the usual ones.
        #[serde(default)]
        columns: Patch<Vec<String>>,
        /// Another sort; null means the list's own.
        #[serde(default)]
        sort: Patch<String>,
        /// Another density; null means none.
        #[serde(default)]
        density: Patch<Density>,
        /// Another page size; null means none.
        #[serde(default)]
        page_size: Patch<i64>,
        /// Another place.
        position: Option<i64>,
        /// The version that was read; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }

    /// The name of a copy.
    pub(crate) struct CopyBody {
        /// Another name; left out, the same with a number.
        name: Option<String>,
    }

    /// Where to keep a view at hand.
    pub(crate) struct PinBody {
        /// The place among those kept at hand, the smallest first.
        #[serde(default)]
        position: i64 = 0,
    }

    /// Which roles begin with a view.
    pub(crate) struct DefaultBody {
        /// These, and no others.
        role_ids: Vec<RoleId>,
    }

    /// How somebody left a list.
    pub(crate) struct ListStateBody {
        /// The view that it began with.
        view_id: Option<ViewId>,
        /// The parameters of the list.
        #[serde(default)]
        filter: Map<String, Value> = {"state": ["PENDING"]},
        /// The columns in their order.
        columns: Option<Vec<String>>,
        /// The sort.
        sort: Option<String> = "-created_at",
        /// How close rows stand.
        density: Option<Density>,
        /// How many on a page, 10 to 200.
        page_size: Option<i64> = 50,
    }
}

view! {
    /// A list as somebody likes to see it.
    pub(crate) struct ViewView {
        /// Which.
        id: ViewId,
        /// The list.
        list: ViewList,
        /// Its name.
        name: String = "Oran, waiting for a call",
        /// Who sees it.
        audience: Audience,
        /// Which role, when it is for one.
        role_id: Option<RoleId>,
        /// Who made it.
        owner_id: Option<UserId>,
        /// The parameters of the list.
        filter: Map<String, Value> = {"state": ["PENDING"]},
        /// The columns in their order; null means the usual ones.
        columns: Option<Vec<String>>,
        /// The sort; null means the list's own.
        sort: Option<String> = "-created_at",
        /// How close rows stand.
        density: Option<Density>,
        /// How many on a page.
        page_size: Option<i64> = 50,
        /// Its place among the others.
        position: i64 = 0,
        /// The place among those that you keep at hand; null when it is not.
        pin: Option<i64> = 0,
        /// Whether your role begins with it.
        is_default: bool = false,
        /// The roles that begin with it.
        default_of: Vec<RoleId>,
        /// Whether you may change it.
        may_edit: bool = true,
        /// What its filter names and that is no more, or that you may not see. Such a view still opens.
        problems: Vec<ViewProblem>,
        /// Grows with each change.
        version: Version = 1,
        /// When it was made.
        created_at: Time,
        /// When it changed last.
        updated_at: Time,
    }

    /// Something that a filter names and that is no more.
    pub(crate) struct ViewProblem {
        /// The parameter.
        field: String = "filter.store_id",
        /// The stable code.
        code: &'static str = "view.gone",
        /// The same in words.
        message: String,
    }

    /// How many orders a view has.
    pub(crate) struct ViewCount {
        /// Which view.
        view_id: ViewId,
        /// How many there are: a number up to 10,000 or from the counters, else `{"at_least": 10000}`. Null for a search or a
        /// filter that the list does not take any more.
        total: Option<CountTotal> = 45,
    }

    /// How somebody left a list, or how their role begins with it.
    pub(crate) struct ListStateView {
        /// `last` as they left it, `default` as their role begins, `plain` when there is neither.
        source: &'static str = "last",
        /// The view that it began with.
        view_id: Option<ViewId>,
        /// The parameters of the list.
        filter: Map<String, Value>,
        /// The columns in their order; null means the usual ones.
        columns: Option<Vec<String>>,
        /// The sort; null means the list's own.
        sort: Option<String>,
        /// How close rows stand.
        density: Option<Density>,
        /// How many on a page.
        page_size: Option<i64>,
        /// What the filter names and that is no more.
        problems: Vec<ViewProblem>,
    }
}

/// A total as lists write it.
#[derive(Debug, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct CountTotal(Total);

impl Describe for CountTotal {
    fn schema(components: &mut Components) -> RefOr<Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder};
        let at_least = ObjectBuilder::new().property("at_least", u64::schema(components)).required("at_least");
        RefOr::T(Schema::OneOf(OneOfBuilder::new().item(u64::schema(components)).item(at_least.build()).build()))
    }
}

/// What is wrong with a kept filter now: parameters that the list does not take any more, things that are gone.
fn problems(tx: &mut Tx, ctx: &Ctx, filter: &Map<String, Value>) -> Result<Vec<ViewProblem>, Error> {
    let fields = match lists::read_orders(filter) {
        Ok(chosen) => views::missing(tx, ctx, &chosen.filter)?.into_iter().map(|field| field.inside("filter")).collect(),
        Err(Error::Invalid(fields)) => fields,
        Err(other) => return Err(other),
    };
    let problem = |field: FieldError| ViewProblem { message: Problem::field_message(ctx.locale, &field), code: field.code, field: field.field };
    Ok(fields.into_iter().map(problem).collect())
}

impl ViewView {
    fn of(tx: &mut Tx, ctx: &Ctx, view: View) -> Result<ViewView, Error> {
        let View { id, view, owner, pin, is_default, default_of, may_edit, version, created_at, updated_at } = view;
        Ok(ViewView {
            id,
            problems: problems(tx, ctx, &view.query)?,
            list: view.list,
            name: view.name,
            audience: view.audience,
            role_id: view.role,
            owner_id: owner,
            filter: view.query,
            columns: view.columns,
            sort: view.sort,
            density: view.density,
            page_size: view.page_size,
            position: view.position,
            pin,
            is_default,
            default_of,
            may_edit,
            version,
            created_at,
            updated_at,
        })
    }
}

/// `GET /api/v1/views`
pub(crate) async fn list(edge: Edge, Query(query): Query<ViewQuery>) -> Reply<List<ViewView>> {
    let of = query.list.unwrap_or(ViewList::Orders);
    let all = edge.read(move |tx, ctx| {
        let found = views::list(tx, ctx, of)?;
        found.into_iter().map(|view| ViewView::of(tx, ctx, view)).collect::<Result<Vec<_>, Error>>()
    });
    shown(List::whole(all.await?))
}

/// `GET /api/v1/views/counts`: of the views kept at hand.
pub(crate) async fn counts(edge: Edge, Query(query): Query<ViewQuery>) -> Reply<List<ViewCount>> {
    let of = query.list.unwrap_or(ViewList::Orders);
    let counts = edge.read(move |tx, ctx| {
        let pinned: Vec<View> = views::list(tx, ctx, of)?.into_iter().filter(|view| view.pin.is_some()).take(views::MOST_PINS as usize).collect();
        pinned.into_iter().map(|view| Ok(ViewCount { view_id: view.id, total: count(tx, ctx, &view)? })).collect::<Result<Vec<_>, Error>>()
    });
    shown(List::whole(counts.await?))
}

fn count(tx: &mut Tx, ctx: &Ctx, view: &View) -> Result<Option<CountTotal>, Error> {
    let chosen = match lists::read_orders(&view.view.query) {
        Ok(chosen) if chosen.search.is_none() => chosen,
        Ok(_) | Err(Error::Invalid(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    Ok(Some(CountTotal(match orders::count(tx, ctx, &chosen.filter)? {
        orders::Total::Exact(count) => total(count, false),
        orders::Total::AtLeast(count) => total(count, true),
    })))
}

/// `GET /api/v1/views/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<ViewId>) -> Reply<ViewView> {
    let view = edge.read(move |tx, ctx| {
        let view = views::find(tx, ctx, id)?;
        ViewView::of(tx, ctx, view)
    });
    let view = view.await?;
    let version = view.version;
    versioned(view, version)
}

/// `POST /api/v1/views`
pub(crate) async fn create(edge: Edge, write: Write<ViewBody>) -> Made<ViewView> {
    let body = write.body;
    lists::read_orders(&body.filter)?;
    let new = NewView {
        list: body.list.unwrap_or(ViewList::Orders),
        name: body.name,
        audience: body.audience.unwrap_or(Audience::Private),
        role: body.role_id,
        query: body.filter,
        columns: body.columns,
        sort: body.sort,
        density: body.density,
        page_size: body.page_size,
        position: body.position.unwrap_or(0),
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let view = views::create(tx, ctx, &new)?;
        ViewView::of(tx, ctx, view)
    });
    Ok(answer.await?.into())
}

/// `PATCH /api/v1/views/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<ViewId>, write: Write<ViewChangeBody>) -> Answer<ViewView> {
    let version = needed_version(write.if_match, write.body.version)?;
    let body = write.body;
    if let Some(filter) = &body.filter {
        lists::read_orders(filter)?;
    }
    let audience = match (body.audience, body.role_id) {
        (Some(audience), role) => Some((audience, role)),
        (None, None) => None,
        (None, Some(_)) => return Err(Error::field("audience", "required").into()),
    };
    let change = ViewChange {
        name: body.name,
        audience,
        query: body.filter,
        columns: body.columns.into_option(),
        sort: body.sort.into_option(),
        density: body.density.into_option(),
        page_size: body.page_size.into_option(),
        position: body.position,
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let view = views::change(tx, ctx, id, &change, version)?;
        ViewView::of(tx, ctx, view)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/views/{id}`
pub(crate) async fn remove(edge: Edge, Path(id): Path<ViewId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| views::remove(tx, ctx, id)).await?.into())
}

/// `POST /api/v1/views/{id}/duplicate`
pub(crate) async fn duplicate(edge: Edge, Path(id): Path<ViewId>, write: Write<CopyBody>) -> Made<ViewView> {
    let name = write.body.name;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let view = views::duplicate(tx, ctx, id, name.as_deref())?;
        ViewView::of(tx, ctx, view)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/views/{id}/pin`
pub(crate) async fn pin(edge: Edge, Path(id): Path<ViewId>, write: Write<PinBody>) -> Answer<ViewView> {
    let position = write.body.position;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let view = views::pin(tx, ctx, id, position)?;
        ViewView::of(tx, ctx, view)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/views/{id}/pin`
pub(crate) async fn unpin(edge: Edge, Path(id): Path<ViewId>, write: Write<Nothing>) -> Answer<ViewView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let view = views::unpin(tx, ctx, id)?;
        ViewView::of(tx, ctx, view)
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/views/{id}/default`
pub(crate) async fn set_default(edge: Edge, Path(id): Path<ViewId>, write: Write<DefaultBody>) -> Answer<ViewView> {
    let roles = write.body.role_ids;
    if roles.len() > 100 {
        return Err(Error::Invalid(vec![FieldError::new("role_ids", "too_many").with("max", 100)]).into());
    }
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let view = views::set_default(tx, ctx, id, &roles)?;
        ViewView::of(tx, ctx, view)
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/me/lists/orders`
pub(crate) async fn last(edge: Edge) -> Reply<ListStateView> {
    shown(edge.read(last_of).await?)
}

/// As somebody left the list; else as their role begins; else plain.
fn last_of(tx: &mut Tx, ctx: &Ctx) -> Result<ListStateView, Error> {
    ctx.require(Permission::OrderRead)?;
    let kept = access::preferences::get(tx, ctx)?.get(LAST).cloned();
    // What an older release kept may say less; what it said otherwise is not believed.
    if let Some(body) = kept.and_then(|kept| serde_json::from_value::<ListStateBody>(kept).ok()) {
        let ListStateBody { view_id, filter, columns, sort, density, page_size } = body;
        let problems = problems(tx, ctx, &filter)?;
        return Ok(ListStateView { source: "last", view_id, filter, columns, sort, density, page_size, problems });
    }
    let Some(View { id, view, .. }) = views::default_of_caller(tx, ctx, ViewList::Orders)? else {
        return Ok(ListStateView {
            source: "plain",
            view_id: None,
            filter: Map::new(),
            columns: None,
            sort: None,
            density: None,
            page_size: None,
            problems: Vec::new(),
        });
    };
    let problems = problems(tx, ctx, &view.query)?;
    Ok(ListStateView {
        source: "default",
        view_id: Some(id),
        filter: view.query,
        columns: view.columns,
        sort: view.sort,
        density: view.density,
        page_size: view.page_size,
        problems,
    })
}

/// `PUT /api/v1/me/lists/orders`
pub(crate) async fn set_last(edge: Edge, write: Write<ListStateBody>) -> Answer<ListStateView> {
    let ListStateBody { view_id, filter, columns, sort, density, page_size } = write.body;
    lists::read_orders(&filter)?;
    let mut check = kernel::Check::new();
    views::check_look(&mut check, columns.as_deref(), sort.as_deref(), page_size);
    check.done()?;
    let kept = json!({
        "view_id": view_id, "filter": filter, "columns": columns, "sort": sort, "density": density, "page_size": page_size,
    });
    let changes = Map::from_iter([(LAST.to_owned(), kept)]);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        ctx.require(Permission::OrderRead)?;
        access::preferences::set(tx, ctx, &changes)?;
        last_of(tx, ctx)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/me/lists/orders`: as the role begins again.
pub(crate) async fn forget_last(edge: Edge, write: Write<Nothing>) -> Answer<ListStateView> {
    let changes = Map::from_iter([(LAST.to_owned(), Value::Null)]);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        ctx.require(Permission::OrderRead)?;
        access::preferences::set(tx, ctx, &changes)?;
        last_of(tx, ctx)
    });
    Ok(answer.await?.into())
}
