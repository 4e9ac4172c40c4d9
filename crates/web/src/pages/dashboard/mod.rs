//! The dashboard: figures of a period, how orders come in, where they stand, what waits for the reader, what moved last.
//!
//! Each card is read for itself, from counters or along an index; a card that fails says so and leaves the others alone. Figures of
//! everybody's orders need `stats.read` and sight of all agents; others see what waits for them and what moved.

mod alerts;
mod cards;
mod chart;
mod scope;
mod view;

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base::{Agents, Ctx, Edge};
use kernel::{Error, Permission};

use self::scope::{Asked, Scope};
use self::view::{AlertsPage, AlertsPart, Dashboard, DashboardPage, DashboardPart, Shown};
use crate::error::Outcome;
use crate::extract::Info;
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::sections::{self, ALERTS, HOME};
use crate::router::{Access, Route};
use crate::words::Words;

/// Alerts on the dashboard; the page of alerts shows all.
const FEW: usize = 5;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app", Access::Session, "page_dashboard", show),
        Route::page(Method::GET, "/app/alerts", Access::Needs(Permission::OrderRead), "page_alerts", show_alerts),
    ]
}

/// Whether the reader may see figures of everybody.
fn sees_figures(ctx: &Ctx) -> bool {
    ctx.can(Permission::StatsRead) && ctx.sees().agents == Agents::All
}

/// What a card became; what the reader may not see is absent.
fn shown<T>(card: &'static str, info: &Info, result: Result<T, Error>) -> Shown<T> {
    match result {
        Ok(card) => Shown::Here(card),
        Err(Error::Forbidden { .. }) => Shown::Absent,
        Err(error) => {
            tracing::error!(reference = %info.id, card, "A card of the dashboard failed: {error}");
            Shown::Failed(info.id.clone())
        }
    }
}

/// `GET /app`
async fn show(edge: Edge, info: Info, uri: Uri, headers: HeaderMap) -> Outcome<Response> {
    if !edge.ctx.can(Permission::OrderRead) {
        return match sections::landing(&edge.ctx) {
            Some(place) => Ok(see(place)),
            None => Err(Error::Forbidden { needs: Permission::OrderRead }.into()),
        };
    }
    let asked = Asked::read(uri.query().unwrap_or_default());
    let scope = edge.read(move |tx, ctx| Scope::load(tx, ctx, &asked)).await?;
    let ctx = &edge.ctx;

    let is_open = sees_figures(ctx);
    let one = scope.clone();
    let figures = if is_open { shown("figures", &info, edge.read(move |tx, ctx| cards::figures(tx, ctx, &one)).await) } else { Shown::Absent };
    let one = scope.clone();
    let chart = if is_open { shown("chart", &info, edge.read(move |tx, ctx| cards::chart(tx, ctx, &one)).await) } else { Shown::Absent };
    let one = scope.clone();
    let states = if is_open { shown("states", &info, edge.read(move |tx, ctx| cards::states(tx, ctx, &one)).await) } else { Shown::Absent };
    let one = scope.clone();
    let outcomes = if is_open { shown("outcomes", &info, edge.read(move |tx, ctx| cards::outcomes(tx, ctx, &one)).await) } else { Shown::Absent };
    let one = scope.clone();
    let has_stores = is_open && scope.store().is_none() && scope.reader().stores.len() > 1;
    let stores = if has_stores { shown("stores", &info, edge.read(move |tx, ctx| cards::stores(tx, ctx, &one)).await) } else { Shown::Absent };
    let mine = if is_open {
        Shown::Absent
    } else {
        let scope = scope.clone();
        shown("own figures", &info, edge.read(move |tx, ctx| cards::own(tx, ctx, &scope)).await)
    };
    let (one, two) = (scope.clone(), scope.clone());
    let alerts = shown("alerts", &info, edge.read(move |tx, ctx| alerts::load(tx, ctx, &one)).await);
    let recent = shown("recent", &info, edge.read(move |tx, ctx| cards::recent(tx, ctx, &two)).await);

    let say = Words { locale: ctx.locale };
    let (alerts, more) = match alerts {
        Shown::Here(mut all) => {
            let more = all.len() > FEW;
            all.truncate(FEW);
            (Shown::Here(all), more)
        }
        other => (other, false),
    };
    let board = Dashboard {
        say,
        here: scope.here(),
        title: scope.greeting(ctx),
        subtitle: scope.subtitle(),
        // What somebody sees of their own is of this moment.
        periods: if is_open { scope.periods() } else { Vec::new() },
        period: scope.period_name(),
        store_choice: scope.stores(),
        store: scope.store_name(),
        figures: if matches!(mine, Shown::Absent) { figures } else { mine },
        chart,
        states,
        outcomes,
        stores,
        alerts,
        has_more_alerts: more,
        recent,
    };
    if is_part(&headers) {
        return html(&DashboardPart { board });
    }
    let place = Place { title: say.t("dash-window"), back: None, crumb: say.t("shell-nav-home"), here: scope.here(), toast: None };
    html(&DashboardPage { page: scope.reader().shell(ctx, &info, place), board })
}

/// `GET /app/alerts`
async fn show_alerts(edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    let (scope, alerts) = edge
        .read(|tx, ctx| {
            let scope = Scope::load(tx, ctx, &Asked::default())?;
            let alerts = alerts::load(tx, ctx, &scope)?;
            Ok((scope, alerts))
        })
        .await?;
    let say = Words { locale: edge.ctx.locale };
    if is_part(&headers) {
        return html(&AlertsPart { say, alerts });
    }
    let reader: &Reader = scope.reader();
    let place = Place { title: say.t("alerts-window"), back: None, crumb: say.t("shell-nav-alerts"), here: ALERTS.to_owned(), toast: None };
    let count = alerts.len() as i64;
    let subtitle = say.count("alerts-subtitle", count, &count.to_string());
    html(&AlertsPage { page: reader.shell(&edge.ctx, &info, place), subtitle, alerts, home: HOME })
}
