//! What an import is asked for and what it answers.

use std::sync::Arc;

use kernel::{Amount, ImportId, Version, words};
use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;
use crate::mapping::Definition;

pub use crate::table::Source;

words! {
    /// How the columns of a file are called, and what its rows mean.
    pub enum Preset {
        /// Our own columns, one row for each line of an order.
        Kafila = "kafila",
        /// Invoice lines as in the UCI data set Online Retail II.
        OnlineRetail = "online-retail" | "online_retail",
        /// A folder of tables as in the Brazilian E-Commerce Public Dataset by Olist.
        Olist = "olist",
        /// The order export of Shopify.
        Shopify = "shopify",
        /// Orders as the usual export plugins of WooCommerce write them.
        Woocommerce = "woocommerce",
        /// The order export of YouCan.
        Youcan = "youcan",
        /// Whatever headings and cells look like; the preview shows what that is.
        Generic = "generic",
        /// A mapping that somebody has written down.
        Mapping = "mapping",
    }
}

/// What is to be brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The file; for `olist` the folder.
    pub source: Source,
    /// What its rows mean.
    pub preset: Preset,
    /// The code of the store that gets the orders; without it the preset's own, or the one the file names.
    pub store: Option<String>,
    /// Whether stores that the file needs and that are not there are opened.
    pub may_open_stores: bool,
    /// Whether everything is tried and nothing kept.
    pub is_dry_run: bool,
    /// Where a run before this one had come to; nothing for a fresh start.
    pub resume: Option<Cursor>,
    /// How columns are read, for the preset `mapping`.
    pub mapping: Option<Arc<Definition>>,
    /// The name and the version of that mapping.
    pub mapping_name: Option<(String, Version)>,
    /// In which letters the file is written; found out when not given. Presets with columns of their own
    /// (`kafila`, `online-retail`, `olist`) read UTF-8.
    pub encoding: Option<Encoding>,
    /// The import that this run belongs to; made at the start when not given, unless nothing is kept.
    pub import: Option<ImportId>,
}

impl Options {
    /// A fresh start that keeps what it writes.
    pub fn new(source: Source, preset: Preset) -> Options {
        Options {
            source,
            preset,
            store: None,
            may_open_stores: true,
            is_dry_run: false,
            resume: None,
            mapping: None,
            mapping_name: None,
            encoding: None,
            import: None,
        }
    }
}

/// How far an import has come: everything before it is committed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Orders and credit notes that were handled, in the order in which the file gives them.
    pub pieces: u64,
    /// What they came to.
    pub summary: Summary,
    /// Codes of the stores that were opened for the file.
    #[serde(default)]
    pub stores_opened: Vec<String>,
    /// Bytes of the file of refused rows that tell of them.
    pub rejects_bytes: u64,
}

/// What an import did. A second run of the same file finds everything as it stands, so it differs in
/// what was created and what was unchanged, and in nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Orders made.
    pub orders_created: u64,
    /// Orders of the file that stood already, the same.
    pub orders_unchanged: u64,
    /// Credit notes of the file, made now or before.
    pub credit_notes: u64,
    /// Of them those that are linked to the order which they return.
    pub credit_notes_linked: u64,
    /// Invoices of the file that sell nothing, made now or before.
    pub adjustments: u64,
    /// Credit notes and adjustments that stood already.
    pub credits_unchanged: u64,
    /// Rows of the file that were taken.
    pub lines: u64,
    /// Rows of the file that were refused.
    pub rejected: u64,
    /// Whether the stores of the file sell in several currencies. The two sums below stay 0 then, because they would mix them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_several_currencies: bool,
    /// What the orders of the file come to, in minor units.
    pub sales_total_minor: Amount,
    /// What its credit notes and adjustments give back, in minor units.
    pub credits_total_minor: Amount,
}

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Rows handled.
    pub done: u64,
    /// Rows of the file.
    pub total: u64,
    /// Rows handled in a second, of late.
    pub rate_per_s: f64,
    /// Seconds to the end at this rate.
    pub left_s: Option<u64>,
    /// Where a later run can go on.
    pub cursor: Cursor,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// Go on.
    On,
    /// Stop here; what is committed stays.
    Stop,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Figures.
    pub summary: Summary,
    /// Codes of the stores that were opened for the file; of a dry run those that would be.
    pub stores_opened: Vec<String>,
    /// Whether it was stopped before its end.
    pub is_stopped: bool,
    /// Under which id it can be taken back; none when nothing was kept.
    pub import: Option<ImportId>,
}
