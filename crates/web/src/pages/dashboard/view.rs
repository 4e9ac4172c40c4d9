//! What the templates of the dashboard show. Plain data.

use askama::Template;

use crate::badges::Badge;
use crate::pages::view::{Choosable, Shell};
use crate::words::Words;

/// `GET /app`
#[derive(Template)]
#[template(path = "dashboard/page.html")]
pub(super) struct DashboardPage {
    pub(super) page: Shell,
    pub(super) board: Dashboard,
}

/// The same without its frame, for the next look.
#[derive(Template)]
#[template(path = "dashboard/board.html")]
pub(super) struct DashboardPart {
    pub(super) board: Dashboard,
}

/// `GET /app/alerts`
#[derive(Template)]
#[template(path = "dashboard/alerts.html")]
pub(super) struct AlertsPage {
    pub(super) page: Shell,
    pub(super) subtitle: String,
    pub(super) alerts: Vec<Alert>,
    pub(super) home: &'static str,
}

/// The list alone.
#[derive(Template)]
#[template(path = "dashboard/alert_list.html")]
pub(super) struct AlertsPart {
    pub(super) say: Words,
    pub(super) alerts: Vec<Alert>,
}

/// A card: there, failed with a code to quote, or not for this reader.
pub(super) enum Shown<T> {
    Here(T),
    Failed(String),
    Absent,
}

impl<T> Shown<T> {
    /// Whether the reader gets no such card.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Shown::Absent)
    }
}

/// Everything on it.
pub(super) struct Dashboard {
    pub(super) say: Words,
    pub(super) here: String,
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Addresses and names.
    pub(super) periods: Vec<Choosable>,
    pub(super) period: String,
    pub(super) store_choice: Vec<Choosable>,
    pub(super) store: String,
    pub(super) figures: Shown<Vec<Figure>>,
    pub(super) chart: Shown<Chart>,
    pub(super) states: Shown<Bars>,
    pub(super) outcomes: Shown<Bars>,
    pub(super) stores: Shown<Bars>,
    pub(super) alerts: Shown<Vec<Alert>>,
    pub(super) has_more_alerts: bool,
    pub(super) recent: Shown<Vec<Recent>>,
}

/// A figure that leads to what it counts.
#[derive(Default)]
pub(super) struct Figure {
    pub(super) label: String,
    pub(super) value: String,
    /// The unit behind it, subdued.
    pub(super) unit: String,
    /// The change, with its class: `up`, `down` or none.
    pub(super) trend: Option<(String, &'static str)>,
    pub(super) note: String,
    pub(super) href: String,
    /// The path of a small line.
    pub(super) spark: Option<String>,
}

/// Bars with a line.
#[derive(Default)]
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) about: String,
    /// What it is called for those who hear it, and what it says.
    pub(super) name: String,
    pub(super) said: String,
    pub(super) now_name: String,
    pub(super) before_name: String,
    /// The heading of the table's first column.
    pub(super) unit: String,
    pub(super) href: String,
    pub(super) link: String,
    pub(super) width: i64,
    pub(super) levels: Vec<String>,
    pub(super) bars: Vec<Bar>,
    pub(super) line: String,
    /// Where the present moment is.
    pub(super) now: Option<String>,
    pub(super) ticks: Vec<String>,
    /// Label, now, before.
    pub(super) rows: Vec<(String, Option<String>, String)>,
}

/// One bar of the drawing.
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) height: String,
}

/// Named bars beside each other.
pub(super) struct Bars {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) rows: Vec<BarRow>,
}

/// One of them.
pub(super) struct BarRow {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) note: String,
    /// 0 to 100.
    pub(super) width: i64,
    pub(super) href: String,
}

/// Something that waits for the reader.
pub(super) struct Alert {
    pub(super) icon: &'static str,
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    /// What somebody wrote, or the name of a file; it has its own direction.
    pub(super) quote: Option<String>,
    pub(super) href: Option<String>,
    pub(super) button: String,
}

/// An order that moved.
pub(super) struct Recent {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) badge: Badge,
    pub(super) icon: &'static str,
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) at: String,
    pub(super) at_iso: String,
    pub(super) at_exact: String,
}
