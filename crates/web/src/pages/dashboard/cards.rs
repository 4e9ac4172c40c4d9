//! What the cards say, each read for itself.

use base::Ctx;
use base::counters::{self, OrderDay};
use db::Tx;
use kernel::{Amount, Error, OrderState, StoreId};
use orders::{OrderFilter, Page, Sort, SortKey, Total};

use super::chart::{Point, draw, spark};
use super::scope::{Period, Scope, Span};
use super::view::{BarRow, Bars, Chart, Figure, Recent};
use crate::badges;

/// States of orders that come or came back.
const BACK: &[OrderState] = &[OrderState::ReturnRequested, OrderState::ReturnApproved, OrderState::Returned, OrderState::Refunded];
/// States of orders that left the house.
const LEFT: &[OrderState] = &[
    OrderState::Shipped,
    OrderState::OutForDelivery,
    OrderState::Delivered,
    OrderState::ReturnRequested,
    OrderState::ReturnApproved,
    OrderState::Returned,
    OrderState::Refunded,
];
/// Days of the small lines.
const SPARK: i32 = 8;
/// Orders of the latest activity.
const LATEST: u32 = 6;

/// The rollup of days, of the stores that are asked for.
struct Days<'a> {
    scope: &'a Scope,
    days: Vec<OrderDay>,
}

impl Days<'_> {
    fn load<'a>(tx: &mut Tx, ctx: &Ctx, scope: &'a Scope) -> Result<Days<'a>, Error> {
        let today = scope.today();
        let mut days = counters::order_days(tx, ctx.sees(), today.plus(-59), today)?;
        days.retain(|day| scope.wants(day.store_id));
        Ok(Days { scope, days })
    }

    /// Orders that were placed in a span and stand in one of these states now; all when none is named.
    fn count(&self, span: Span, states: &[OrderState]) -> i64 {
        let wanted = |day: &&OrderDay| span.has(day.day) && (states.is_empty() || states.contains(&day.state));
        self.days.iter().filter(wanted).map(|day| day.orders).sum()
    }

    fn of_store(&self, span: Span, store: StoreId) -> i64 {
        self.days.iter().filter(|day| span.has(day.day) && day.store_id == store).map(|day| day.orders).sum()
    }

    /// What they come to, of those in the currency of the page.
    fn value(&self, span: Span) -> Amount {
        let currency = self.scope.currency();
        Amount(self.days.iter().filter(|day| span.has(day.day) && day.currency == currency).map(|day| day.total.0).sum())
    }

    /// Confirmed of decided.
    fn decided(&self, span: Span) -> (i64, i64) {
        let judged = self.count(span, &[]) - self.count(span, &[OrderState::Pending]);
        (judged - self.count(span, &[OrderState::Cancelled]), judged)
    }

    /// Delivered of arrived at the door.
    fn arrived(&self, span: Span) -> (i64, i64) {
        let delivered = self.count(span, &[OrderState::Delivered]);
        (delivered, delivered + self.count(span, BACK))
    }

    /// One value for each of the last days.
    fn last(&self, value: impl Fn(Span) -> i64) -> Vec<i64> {
        let today = self.scope.today();
        (1 - SPARK..=0).map(|back| today.plus(back)).map(|day| value(Span { from: day, to: day })).collect()
    }
}

fn ppm((part, whole): (i64, i64)) -> Option<i64> {
    (whole > 0).then(|| part * 1_000_000 / whole)
}

/// By how much something changed, in percent; nothing where there was nothing before.
fn change(scope: &Scope, now: i64, before: i64) -> Option<(String, &'static str)> {
    let change = ppm((now - before, before))?;
    Some(signed(change, scope.format().percent(change)))
}

/// By how much a share changed, in points.
fn points(scope: &Scope, now: Option<i64>, before: Option<i64>) -> Option<(String, &'static str)> {
    let change = now? - before?;
    Some(signed(change, scope.format().points(change)))
}

fn signed(change: i64, text: String) -> (String, &'static str) {
    match change {
        500.. => (format!("+{text}"), "up"),
        ..=-500 => (text, "down"),
        _ => (text, ""),
    }
}

/// What had come a week before when the day was as old as today is.
fn by_this_hour(tx: &mut Tx, ctx: &Ctx, scope: &Scope, store: Option<StoreId>) -> Result<i64, Error> {
    let (today, before) = Period::Today.spans(scope.today());
    let (start, elapsed) = (scope.start_of(before.from), scope.now().since_us(scope.start_of(today.from)));
    Ok(orders::placed_by_hour(tx, ctx, store, start, start.plus_us(elapsed))?.into_iter().sum())
}

/// The figures over the page.
pub(super) fn figures(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Figure>, Error> {
    let (say, format) = (scope.say(), scope.format());
    let days = Days::load(tx, ctx, scope)?;
    let today = scope.today();
    let (span, before) = scope.period().spans(today);
    let month = Period::Month.spans(today);
    let number = |count: i64| format.number(count);

    // A day that is not over is compared with the same hours a week before.
    let placed = days.count(span, &[]);
    let placed_before = match scope.period() {
        Period::Today => by_this_hour(tx, ctx, scope, scope.store())?,
        _ => days.count(before, &[]),
    };
    let compared = match scope.period() {
        Period::Today => "dash-by-this-hour",
        Period::Yesterday => "dash-week-before",
        Period::Week => "dash-seven-before",
        Period::Month => "dash-thirty-before",
    };
    let (value, value_before) = (days.value(span), days.value(before));
    let parts = format.money_parts(value, scope.currency());
    let is_over = scope.period() != Period::Today;
    let value_note = if is_over { compared } else { "dash-whole-day-before" };
    let waiting = pending(tx, ctx, scope)?;

    let (decided, decided_before) = (days.decided(span), days.decided(before));
    let (arrived, arrived_before) = (days.arrived(month.0), days.arrived(month.1));
    let share = |pair: (i64, i64)| ppm(pair).map_or_else(|| "–".to_owned(), |share| format.percent(share));
    let rates = days.last(|day| ppm(days.decided(day)).unwrap_or(-1));

    Ok(vec![
        Figure {
            label: say.t("dash-new"),
            value: number(placed),
            trend: change(scope, placed, placed_before),
            note: say.one(compared, "n", number(placed_before)),
            href: scope.placed(span, "all"),
            spark: spark(&days.last(|day| days.count(day, &[]))),
            ..Figure::default()
        },
        Figure {
            label: say.t("dash-value"),
            value: format!("{}{}", parts.before, parts.number),
            unit: parts.after,
            trend: if is_over { change(scope, value.0, value_before.0) } else { None },
            note: say.one(value_note, "n", format.money(value_before, scope.currency())),
            href: scope.placed(span, "all"),
            spark: spark(&days.last(|day| days.value(day).0)),
        },
        Figure {
            label: say.t("orders-view-to-confirm"),
            value: number(waiting),
            note: say.t("dash-right-now"),
            href: scope.orders(&[("view", "to_confirm".to_owned())]),
            ..Figure::default()
        },
        Figure {
            label: say.t("dash-confirmation"),
            value: share(decided),
            trend: points(scope, ppm(decided), ppm(decided_before)),
            note: say.with("dash-of-decided", &[("part", number(decided.0)), ("whole", number(decided.1))]),
            href: scope.placed(span, "confirmed"),
            spark: if rates.contains(&-1) { None } else { spark(&rates) },
            ..Figure::default()
        },
        Figure {
            label: say.t("dash-delivered"),
            value: share(arrived),
            trend: points(scope, ppm(arrived), ppm(arrived_before)),
            note: say.with("dash-of-arrived", &[("part", number(arrived.0)), ("whole", number(arrived.1))]),
            href: scope.placed(month.0, "delivered"),
            ..Figure::default()
        },
    ])
}

fn pending(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<i64, Error> {
    Ok(by_state(tx, ctx, scope)?.into_iter().filter(|(state, _)| *state == OrderState::Pending).map(|(_, count)| count).sum())
}

/// Orders of each state, of all days.
fn by_state(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<(OrderState, i64)>, Error> {
    let counts = counters::read(tx, counters::ORDERS_BY_STATE)?;
    let known = counts.into_iter().filter_map(|(key, count)| Some((counters::read_state_key(&key)?, count)));
    Ok(known.filter(|((store, _), _)| ctx.sees().store(*store) && scope.wants(*store)).map(|((_, state), count)| (state, count)).collect())
}

/// Figures of the orders that somebody sees who does not see everybody's: along the indexes of the list.
pub(super) fn own(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Figure>, Error> {
    let (say, format) = (scope.say(), scope.format());
    let mut count = |states: &[OrderState], today: bool| -> Result<String, Error> {
        let placed_from = today.then(|| scope.start_of(scope.today()));
        let filter = OrderFilter { states: states.to_vec(), placed_from, stores: scope.store().into_iter().collect(), ..OrderFilter::default() };
        let page = Page { limit: 1, ..Page::default() };
        Ok(match orders::list(tx, ctx, &filter, &page)?.total {
            Some(Total::Exact(count)) => format.number(count),
            Some(Total::AtLeast(count)) => say.one("orders-at-least", "n", format.number(count)),
            None => String::new(),
        })
    };
    let day = Span { from: scope.today(), to: scope.today() };
    let view = |view: &str| scope.orders(&[("view", view.to_owned())]);
    let figure =
        |key: &str, note: &str, value: String, href: String| Figure { label: say.t(key), note: say.t(note), value, href, ..Figure::default() };
    let moving = [OrderState::Shipped, OrderState::OutForDelivery];
    Ok(vec![
        figure("dash-new", "dash-today", count(&[], true)?, scope.placed(day, "all")),
        figure("orders-view-to-confirm", "dash-right-now", count(&[OrderState::Pending], false)?, view("to_confirm")),
        figure("orders-view-confirmed", "dash-right-now", count(&[OrderState::Confirmed], false)?, view("confirmed")),
        figure("orders-view-processing", "dash-right-now", count(&[OrderState::Processing], false)?, view("processing")),
        figure("orders-view-delivery", "dash-right-now", count(&moving, false)?, view("delivery")),
    ])
}

/// How orders came in: by the hour for one day, by the day for more.
pub(super) fn chart(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Chart, Error> {
    let (say, format) = (scope.say(), scope.format());
    let (span, before) = scope.period().spans(scope.today());
    let number = |count: i64| format.number(count);
    let is_hourly = span.from == span.to;
    let points = if is_hourly { hours(tx, ctx, scope, span, before)? } else { each_day(tx, ctx, scope, span, before)? };

    let placed: i64 = points.iter().filter_map(|point| point.now).sum();
    // What has not come yet is compared with nothing; the hour that runs, with its part so far.
    let placed_before: i64 = match scope.period() {
        Period::Today => by_this_hour(tx, ctx, scope, scope.store())?,
        _ => points.iter().map(|point| point.before).sum(),
    };
    let busiest = points.iter().filter(|point| point.now.is_some()).max_by_key(|point| point.now).map(|point| point.label.clone());
    let title = match ppm((placed - placed_before, placed_before)) {
        Some(change) if change >= 5_000 => say.one("dash-more-orders", "share", format.percent(change)),
        Some(change) if change <= -5_000 => say.one("dash-fewer-orders", "share", format.percent(-change)),
        Some(_) => say.t("dash-as-many-orders"),
        None => say.t("dash-orders-in"),
    };
    let values = [("now", number(placed)), ("before", number(placed_before)), ("peak", busiest.unwrap_or_else(|| "–".to_owned()))];
    let drawn = draw(points, number);
    Ok(Chart {
        title,
        about: say.one(if is_hourly { "dash-by-hour" } else { "dash-by-day" }, "store", scope.store_name()),
        name: say.t(if is_hourly { "dash-chart-hours" } else { "dash-chart-days" }),
        said: say.with("dash-chart-said", &values),
        now_name: scope.period_name(),
        before_name: say.t(match scope.period() {
            Period::Today | Period::Yesterday => "dash-line-week",
            Period::Week => "dash-line-seven",
            Period::Month => "dash-line-thirty",
        }),
        unit: say.t(if is_hourly { "dash-hour" } else { "dash-day" }),
        href: scope.placed(span, "all"),
        link: say.count("dash-see-orders", placed, &number(placed)),
        ..drawn
    })
}

fn hours(tx: &mut Tx, ctx: &Ctx, scope: &Scope, span: Span, before: Span) -> Result<Vec<Point>, Error> {
    let day = |of: Span| (scope.start_of(of.from), scope.start_of(of.from.plus(1)));
    let (from, until) = day(span);
    let (old_from, old_until) = day(before);
    let now = scope.now();
    let counts = orders::placed_by_hour(tx, ctx, scope.store(), from, until.min(now.plus_us(1)))?;
    let old = orders::placed_by_hour(tx, ctx, scope.store(), old_from, old_until)?;
    let format = scope.format();
    // Where a clock turns back the day has an hour more.
    let length = until.since_us(from).div_euclid(kernel::Time::HOUR).max(1) as usize;
    let point = |hour: usize| {
        let label = format.clock(from.plus_us(hour as i64 * kernel::Time::HOUR));
        Point {
            tick: hour.is_multiple_of(3).then(|| label.clone()),
            label,
            now: counts.get(hour).copied(),
            before: old.get(hour).copied().unwrap_or(0),
        }
    };
    Ok((0..length).map(point).collect())
}

fn each_day(tx: &mut Tx, ctx: &Ctx, scope: &Scope, span: Span, before: Span) -> Result<Vec<Point>, Error> {
    let days = Days::load(tx, ctx, scope)?;
    let every = if scope.period() == Period::Month { 5 } else { 1 };
    let pairs = span.days().into_iter().zip(before.days()).enumerate();
    let point = |(place, (day, old)): (usize, (kernel::Day, kernel::Day))| {
        let label = scope.format().date(scope.start_of(day));
        let one = |day: kernel::Day| Span { from: day, to: day };
        Point {
            tick: place.is_multiple_of(every).then(|| label.clone()),
            label,
            now: Some(days.count(one(day), &[])),
            before: days.count(one(old), &[]),
        }
    };
    Ok(pairs.map(point).collect())
}

/// Orders that are not through yet, by where they stand.
pub(super) fn states(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Bars, Error> {
    let (say, format) = (scope.say(), scope.format());
    let counts = by_state(tx, ctx, scope)?;
    let count = |states: &[OrderState]| -> i64 { counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum() };
    let view = |view: &str| scope.orders(&[("view", view.to_owned())]);
    let alone = |state: OrderState| scope.orders(&[("view", "all".to_owned()), ("state", state.to_string())]);
    // What is rare stands there only when there is some.
    let all: Vec<(&str, i64, String, bool)> = vec![
        ("orders-view-to-confirm", count(&[OrderState::Pending]), view("to_confirm"), true),
        ("orders-view-confirmed", count(&[OrderState::Confirmed]), view("confirmed"), true),
        ("orders-view-backordered", count(&[OrderState::Backordered]), view("backordered"), false),
        ("orders-view-processing", count(&[OrderState::Processing]), view("processing"), true),
        ("orders-view-delivery", count(&[OrderState::Shipped, OrderState::OutForDelivery]), view("delivery"), true),
        ("state-return-requested", count(&[OrderState::ReturnRequested]), alone(OrderState::ReturnRequested), false),
        ("state-return-approved", count(&[OrderState::ReturnApproved]), alone(OrderState::ReturnApproved), false),
    ];
    let open: i64 = all.iter().map(|(_, count, ..)| count).sum();
    let most = all.iter().map(|(_, count, ..)| *count).max().unwrap_or(0).max(1);
    let rows = all.into_iter().filter(|(_, count, _, stays)| *stays || *count > 0).map(|(key, count, href, _)| BarRow {
        label: say.t(key),
        value: format.number(count),
        note: ppm((count, open)).map(|share| format.percent(share)).unwrap_or_default(),
        width: (count * 100 / most).max(i64::from(count > 0)),
        href,
    });
    Ok(Bars { title: say.count("dash-open-title", open, &format.number(open)), about: say.t("dash-open-about"), rows: rows.collect() })
}

/// What became of the orders of the last 30 days so far.
pub(super) fn outcomes(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Bars, Error> {
    let (say, format) = (scope.say(), scope.format());
    let days = Days::load(tx, ctx, scope)?;
    let (span, _) = Period::Month.spans(scope.today());
    let all = days.count(span, &[]);
    let called_off = days.count(span, &[OrderState::Cancelled]);
    let steps = [
        ("dash-received", all, scope.placed(span, "all")),
        ("dash-not-called-off", all - called_off - days.count(span, &[OrderState::Pending]), scope.placed(span, "confirmed")),
        ("dash-handed-over", days.count(span, LEFT), scope.placed(span, "delivery")),
        ("orders-view-delivered", days.count(span, &[OrderState::Delivered]), scope.placed(span, "delivered")),
        ("orders-view-returns", days.count(span, BACK), scope.placed(span, "returns")),
        ("orders-view-cancelled", called_off, scope.placed(span, "cancelled")),
    ];
    let title = match ppm(days.decided(span)) {
        Some(share) => say.one("dash-outcomes-title", "share", format.percent(share)),
        None => say.t("dash-outcomes-none"),
    };
    let rows = steps.into_iter().map(|(key, count, href)| BarRow {
        label: say.t(key),
        value: format.number(count),
        note: ppm((count, all)).map(|share| format.percent(share)).unwrap_or_default(),
        width: (count * 100 / all.max(1)).max(i64::from(count > 0)),
        href,
    });
    Ok(Bars { title, about: say.t("dash-outcomes-about"), rows: rows.collect() })
}

/// The stores beside each other.
pub(super) fn stores(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Bars, Error> {
    let (say, format) = (scope.say(), scope.format());
    let days = Days::load(tx, ctx, scope)?;
    let (span, before) = scope.period().spans(scope.today());
    let mut counts: Vec<(&access::Store, i64)> = scope.reader().stores.iter().map(|store| (store, days.of_store(span, store.id))).collect();
    counts.sort_by_key(|(_, count)| -count);
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let is_today = scope.period() == Period::Today;
    let note = if is_today { "dash-store-before" } else { "dash-store-period-before" };
    let mut rows = Vec::new();
    for (store, count) in counts.into_iter().take(6) {
        let earlier = if is_today { by_this_hour(tx, ctx, scope, Some(store.id))? } else { days.of_store(before, store.id) };
        rows.push(BarRow {
            label: store.name.clone(),
            value: format.number(count),
            note: say.one(note, "n", format.number(earlier)),
            width: (count * 100 / most).max(i64::from(count > 0)),
            href: scope.orders(&[
                ("view", "all".to_owned()),
                ("from", span.from.to_string()),
                ("to", span.to.to_string()),
                ("store", store.id.to_string()),
            ]),
        });
    }
    let about = if is_today { say.t("dash-stores-about-today") } else { say.one("dash-stores-about", "period", scope.period_name()) };
    Ok(Bars { title: say.t("dash-stores-title"), about, rows })
}

/// The orders that moved last.
pub(super) fn recent(tx: &mut Tx, ctx: &Ctx, scope: &Scope) -> Result<Vec<Recent>, Error> {
    let format = scope.format();
    let filter = OrderFilter { stores: scope.store().into_iter().collect(), ..OrderFilter::default() };
    let sort = Sort::by(SortKey::MovedAt, true);
    let page = Page { limit: LATEST, sort, with_total: false, ..Page::default() };
    let found = orders::list(tx, ctx, &filter, &page)?;
    let line = |row: orders::OrderRow| Recent {
        href: format!("/app/orders/{}", row.id),
        badge: badges::order(row.state, row.confirmation, row.call_at.is_some(), row.shipping_state),
        icon: icon(row.state),
        amount: format.money(row.total, row.currency),
        at: format.ago(row.moved_at),
        at_iso: format.iso(row.moved_at),
        at_exact: format.exact(row.moved_at),
        number: row.number,
        name: row.contact_name,
    };
    Ok(found.items.into_iter().map(line).collect())
}

fn icon(state: OrderState) -> &'static str {
    match state {
        OrderState::Pending => "shopping-bag",
        OrderState::Shipped | OrderState::OutForDelivery => "truck",
        OrderState::Cancelled => "ban",
        OrderState::Returned | OrderState::ReturnApproved | OrderState::ReturnRequested => "undo-2",
        OrderState::Refunded => "banknote",
        OrderState::Processing | OrderState::Backordered => "package",
        OrderState::Confirmed | OrderState::Delivered => "circle-check",
    }
}
