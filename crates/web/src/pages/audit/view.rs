//! What the template of the audit trail shows. Plain data.

use askama::Template;

use crate::badges::Badge;
use crate::pages::progress::Bar;
use crate::pages::view::{Choosable, EmptyState, Pager, Shell};
use crate::words::Words;

/// `GET /app/audit`
#[derive(Template)]
#[template(path = "audit/list.html")]
pub(super) struct AuditPage {
    pub(super) page: Shell,
    pub(super) people: Vec<Choosable>,
    pub(super) kinds: Vec<Choosable>,
    pub(super) subject: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) problem: Option<String>,
    pub(super) clear: Option<String>,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) rows: Vec<EventRow>,
    pub(super) empty: EmptyState,
    pub(super) pager: Pager,
    pub(super) proof: ProofView,
}

/// The proof alone, while it is looked for, and the file while it is made.
#[derive(Template)]
#[template(path = "audit/proof.html")]
pub(super) struct ProofPart {
    pub(super) proof: ProofView,
}

/// Whether somebody changed the trail, and the trail as a file.
pub(super) struct ProofView {
    pub(super) say: Words,
    pub(super) csrf: String,
    pub(super) badge: Badge,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) bar: Option<Bar>,
    pub(super) is_live: bool,
    /// The last file of the trail: how far it is, or where it lies.
    pub(super) file: Option<FileView>,
}

/// A file of the trail.
pub(super) struct FileView {
    pub(super) bar: Option<Bar>,
    pub(super) text: String,
    pub(super) download: Option<String>,
}

/// Something that happened.
pub(super) struct EventRow {
    pub(super) id: String,
    pub(super) icon: &'static str,
    pub(super) tone: &'static str,
    pub(super) who: String,
    pub(super) what: String,
    /// What it happened to, and where that is shown.
    pub(super) subject: String,
    pub(super) href: Option<String>,
    pub(super) at: String,
    pub(super) at_exact: String,
    pub(super) at_iso: String,
    pub(super) text: Option<String>,
    pub(super) changes: Vec<(String, String, String)>,
    pub(super) facts: Vec<(String, String)>,
    /// The request, and its lines of the log.
    pub(super) request: Option<(String, Option<String>)>,
    pub(super) note: Option<String>,
}
