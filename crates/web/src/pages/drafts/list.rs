//! The drafts that somebody may see, the newest first.

use std::collections::BTreeMap;

use axum::http::{Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use kernel::{DraftId, Error, Permission, Time, UserId};
use orders::{DraftFilter, DraftPage, DraftRow, DraftState};

use super::view::{DraftRowView, DraftsPage};
use crate::badges::{self, Badge};
use crate::error::Outcome;
use crate::extract::Info;
use crate::format::Format;
use crate::pages::context::{Place, Reader, html};
use crate::pages::view::{EmptyState, Pager, TabLink, Tabs, Toast};
use crate::router::{Access, Route};
use crate::words::Words;

/// How many stand on a page.
const LIMIT: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::GET, "/app/drafts", Access::Needs(Permission::OrderPlace), "page_drafts", show)]
}

/// What the address asks for.
struct Asked {
    state: DraftState,
    before: Option<(Time, DraftId)>,
    is_deleted: bool,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let mut asked = Asked { state: DraftState::Open, before: None, is_deleted: false };
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match (&*name, &*value) {
                ("state", "placed") => asked.state = DraftState::Placed,
                ("after", place) => {
                    asked.before = place.split_once('~').and_then(|(id, at)| Some((Time(at.parse().ok()?), id.parse().ok()?)));
                }
                ("done", "deleted") => asked.is_deleted = true,
                _ => {}
            }
        }
        asked
    }

    fn query(&self) -> &'static str {
        if self.state == DraftState::Placed { "?state=placed" } else { "" }
    }
}

/// `GET /app/drafts`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    let filter = DraftFilter { state: Some(asked.state), limit: LIMIT, before: asked.before, ..DraftFilter::default() };
    let (reader, drafts, people) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let drafts = orders::list_drafts(tx, ctx, &filter)?;
            let ids: Vec<UserId> = drafts.items.iter().filter_map(|row| row.agent_id).collect();
            let people = access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect();
            Ok::<_, Error>((reader, drafts, people))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let place = Place {
        title: say.t("drafts-window"),
        back: None,
        crumb: say.t("drafts-title"),
        here: "/app/drafts".to_owned(),
        toast: asked.is_deleted.then(|| Toast::done(say.t("draft-deleted"))),
    };
    html(&DraftsPage {
        page: reader.shell(ctx, &info, place),
        subtitle: say.t("drafts-subtitle"),
        tabs: tabs(say, asked.state),
        rows: drafts.items.iter().map(|row| view(ctx, say, &reader, &people, row)).collect(),
        empty: empty(say, asked.state),
        pager: pager(say, &format, &asked, &drafts),
    })
}

fn tabs(say: Words, here: DraftState) -> Tabs {
    let tab =
        |state: DraftState, key: &str, href: &str| TabLink { href: href.to_owned(), label: say.t(key), count: String::new(), is_here: here == state };
    Tabs {
        label: say.t("drafts-views"),
        items: vec![tab(DraftState::Open, "drafts-open", "/app/drafts"), tab(DraftState::Placed, "drafts-placed", "/app/drafts?state=placed")],
    }
}

fn empty(say: Words, state: DraftState) -> EmptyState {
    match state {
        DraftState::Open => EmptyState {
            icon: "file-text",
            tone: "t-pri",
            title: say.t("drafts-empty-title"),
            text: say.t("drafts-empty-text"),
            action: Some(("/app/orders/new".to_owned(), say.t("draft-new-title"))),
        },
        DraftState::Placed => {
            EmptyState { icon: "file-text", tone: "t-neu", title: say.t("drafts-none-title"), text: say.t("drafts-none-text"), action: None }
        }
    }
}

fn pager(say: Words, format: &Format, asked: &Asked, drafts: &DraftPage) -> Pager {
    let sign = if asked.query().is_empty() { '?' } else { '&' };
    let last = drafts.items.last().filter(|_| drafts.is_more);
    Pager {
        say,
        range: say.count("drafts-count", drafts.total, &format.number(drafts.total)),
        previous: asked.before.map(|_| format!("/app/drafts{}", asked.query())),
        next: last.map(|last| format!("/app/drafts{}{sign}after={}~{}", asked.query(), last.id, last.created_at.0)),
    }
}

fn view(ctx: &Ctx, say: Words, reader: &Reader, people: &BTreeMap<UserId, String>, row: &DraftRow) -> DraftRowView {
    let store = reader.stores.iter().find(|store| store.id == row.store_id);
    let format = store.map_or_else(|| reader.format(ctx), |store| reader.format(ctx).of_store(store.number_style, &store.zone));
    let (channel_icon, channel) = badges::channel(row.channel);
    let is_shared = row.link_expires_at.is_some_and(|until| until > ctx.now);
    let badge = match row.state {
        DraftState::Placed => Badge { key: "draft-state-placed", tone: "ok" },
        DraftState::Open if is_shared => Badge { key: "draft-state-shared", tone: "info" },
        DraftState::Open => Badge { key: "draft-state-open", tone: "neu" },
    };
    let name = if row.contact_name.is_empty() { say.t("draft-nobody") } else { row.contact_name.clone() };
    DraftRowView {
        href: row.order_id.map_or_else(|| format!("/app/drafts/{}", row.id), |order| format!("/app/orders/{order}")),
        name,
        summary: if row.summary.is_empty() { say.t("draft-nothing") } else { row.summary.clone() },
        channel_icon,
        channel: say.t(channel),
        total: format.money_parts(row.total, row.currency),
        badge,
        agent: row.agent_id.and_then(|id| people.get(&id).cloned()).unwrap_or_default(),
        at: format.ago(row.updated_at),
        at_iso: format.iso(row.updated_at),
        at_exact: format.exact(row.updated_at),
        expires: if row.state == DraftState::Open { say.one("draft-expires", "at", format.date(row.expires_at)) } else { String::new() },
    }
}
