//! The presets: how the columns of a file are called, and what its rows mean.
//!
//! A preset looks through its file once ([`survey`]) and says how many rows there are and which
//! stores they need; then it reads the file again and hands over pieces: orders and credit notes, or
//! words about what is wrong with their rows. It never touches the database.

mod kafila;
pub(crate) mod mapped;
mod olist;
mod online_retail;
mod shopify;
mod woocommerce;
mod youcan;

use std::collections::BTreeMap;

use access::NewStore;
use jiff::tz::TimeZone;
use kernel::{Country, Currency, Error, FieldError};

use crate::model::{Options, Preset};
use crate::piece::{Content, Piece, Problem};
use crate::table::{BadRow, Row};

/// What a first look at a file says.
pub(crate) struct Survey {
    /// Its rows, the heading not counted.
    pub(crate) rows: u64,
    /// Its headings, for the file of refused rows.
    pub(crate) headers: Vec<String>,
    /// The stores that its orders belong to.
    pub(crate) stores: Vec<WantedStore>,
    /// Reads it.
    pub(crate) open: Open,
    /// How it calls a field of an order.
    pub(crate) heading_of: HeadingOf,
}

/// The heading in a file that a field of an order comes from, so that people find it.
pub(crate) type HeadingOf = std::sync::Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Begins the second reading.
pub(crate) type Open = Box<dyn FnOnce(Targets) -> Result<Pieces, Error> + Send>;
/// What a file brings, piece by piece.
pub(crate) type Pieces = Box<dyn Iterator<Item = Piece> + Send>;

/// A store that a file needs.
#[derive(Clone, Debug)]
pub(crate) struct WantedStore {
    pub(crate) code: String,
    /// The currency of the file's amounts, as far as it is known before its rows are read.
    pub(crate) currency: Option<Currency>,
    /// How it is made when it is missing, by presets that know all about their store and take no other
    /// currency; without it a missing store is made like the organization's first one.
    pub(crate) template: Option<Box<NewStore>>,
}

/// What a preset knows about a store that gets its orders.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) currency: Currency,
    pub(crate) country: Country,
    pub(crate) zone: TimeZone,
}

/// The stores by code, or why one cannot be had.
pub(crate) type Targets = BTreeMap<String, Result<Target, Vec<FieldError>>>;

/// Looks through a file.
pub(crate) fn survey(options: &Options) -> Result<Survey, Error> {
    match options.preset {
        Preset::Kafila => kafila::survey(options),
        Preset::OnlineRetail => online_retail::survey(options),
        Preset::Olist => olist::survey(options),
        Preset::Shopify | Preset::Woocommerce | Preset::Youcan | Preset::Generic | Preset::Mapping => mapped::survey(options),
    }
}

/// The preset whose headings a file has, the most particular first.
pub(crate) fn fitting(headers: &[String]) -> Option<Preset> {
    let fits = |preset: &Preset| match preset {
        Preset::Shopify => shopify::Shopify::fits(headers),
        Preset::Woocommerce => woocommerce::fits(headers),
        Preset::OnlineRetail => online_retail::fits(headers),
        Preset::Kafila => kafila::fits(headers),
        Preset::Youcan => youcan::fits(headers),
        Preset::Olist | Preset::Generic | Preset::Mapping => false,
    };
    [Preset::Shopify, Preset::Woocommerce, Preset::OnlineRetail, Preset::Kafila, Preset::Youcan].into_iter().find(fits)
}

/// A field of an order or of one of its lines without what stands around it.
fn inner(field: &str) -> &str {
    let field = field.strip_prefix("lines[").and_then(|rest| rest.split_once("].")).map_or(field, |(_, of_line)| of_line);
    field.strip_prefix("shipping_address.").unwrap_or(field)
}

fn headings(preset: Preset) -> HeadingOf {
    std::sync::Arc::new(move |field| heading_of(preset, field))
}

fn heading_of(preset: Preset, field: &str) -> String {
    let field = inner(field);
    let heading = match (preset, field) {
        (Preset::Kafila, "line1") => "address",
        (Preset::Kafila, "line2") => "address2",
        (Preset::Kafila, "external_ref") => "order_ref",
        (Preset::OnlineRetail, "quantity") => "Quantity",
        (Preset::OnlineRetail, "unit_price") => "Price",
        (Preset::OnlineRetail, "title") => "Description",
        (Preset::OnlineRetail, "sku") => "StockCode",
        (Preset::OnlineRetail, "placed_at" | "given_at") => "InvoiceDate",
        (Preset::OnlineRetail, "external_ref") => "Invoice",
        (Preset::OnlineRetail, "customer.external_ref" | "customer.name") => "Customer ID",
        (Preset::Olist, "external_ref") => "order_id",
        (Preset::Olist, "placed_at") => "order_purchase_timestamp",
        (_, other) => other,
    };
    heading.replace('.', "_")
}

/// The code of a store as it is written.
fn store_code(text: &str) -> String {
    text.trim().to_ascii_uppercase()
}

/// A row that nobody can read.
fn unreadable(bad: &BadRow) -> Piece {
    Piece {
        name: String::new(),
        store: String::new(),
        rows: vec![Row::unreadable(bad.line)],
        lines: 1,
        content: Content::Refused(vec![Problem { line: Some(bad.line), field: String::new(), code: bad.code, args: kernel::Args::new() }]),
    }
}

/// The target of a piece, or why it is refused.
fn target<'a>(targets: &'a Targets, code: &str) -> Result<&'a Target, Vec<Problem>> {
    match targets.get(code) {
        Some(Ok(target)) => Ok(target),
        Some(Err(fields)) => Err(fields.iter().cloned().map(|field| Problem { field: "store".to_owned(), ..Problem::of(field) }).collect()),
        None => Err(vec![Problem { line: None, field: "store".to_owned(), code: "unknown", args: kernel::Args::new() }]),
    }
}

/// Declares the columns of a preset: `columns! { Invoice "Invoice" ["InvoiceNo"] true, … }`.
macro_rules! columns {
    ($($name:ident $heading:literal [$($also:literal),*] $is_required:literal),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Column { $($name),+ }

        pub(super) const COLUMNS: &[$crate::table::ColumnSpec] =
            &[$($crate::table::ColumnSpec { name: $heading, also: &[$($also),*], is_required: $is_required }),+];

        impl Column {
            pub(super) fn heading(self) -> &'static str {
                COLUMNS[self as usize].name
            }
        }
    };
}
use columns;
