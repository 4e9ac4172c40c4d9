//! What goes in and what comes out.

use kernel::{Amount, Currency, ProductId, Time, VariantId, VariantKind, Version, words};

words! {
    /// Whether a variant is still sold.
    pub enum VariantStatus {
        /// It is.
        Active = "active",
        /// Not any more; orders that hold it keep it.
        Inactive = "inactive",
    }
}

/// What a line of a new order says about the thing it sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeLine<'a> {
    /// Its SKU, if the shop has one.
    pub sku: Option<&'a str>,
    /// What it is.
    pub kind: VariantKind,
    /// Its title.
    pub title: &'a str,
    /// Size, colour and the like.
    pub variant: Option<&'a str>,
    /// What one costs.
    pub unit_price: Amount,
}

db::row! {
    /// A variant of a product.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Variant {
        /// Its id.
        pub id: VariantId,
        /// The product it is one of.
        pub product_id: ProductId,
        /// What it is.
        pub kind: VariantKind,
        /// Its SKU.
        pub sku: Option<String>,
        /// Its title.
        pub title: String,
        /// Size, colour and the like.
        pub variant: Option<String>,
        /// What one costs, as first seen or as set since.
        pub price: Amount,
        /// In this currency.
        pub currency: Currency,
        /// Whether it is still sold.
        pub status: VariantStatus,
        /// Grows with each change.
        pub version: Version,
        /// Since when it is known.
        pub created_at: Time,
        /// The last change.
        pub updated_at: Time,
    }
}

/// A variant entered by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariant {
    /// What it is.
    pub kind: VariantKind,
    /// Its SKU.
    pub sku: String,
    /// Its title.
    pub title: String,
    /// Size, colour and the like.
    pub variant: Option<String>,
    /// What one costs.
    pub price: Amount,
    /// In this currency.
    pub currency: Currency,
}

/// What shall be different about a variant; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariantChange {
    /// A new title.
    pub title: Option<String>,
    /// Another size, colour and the like.
    pub variant: Option<Option<String>>,
    /// A new price.
    pub price: Option<Amount>,
    /// Whether it is still sold.
    pub status: Option<VariantStatus>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// Which variants, how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariantFilter {
    /// Part of a title or SKU, folded.
    pub search: Option<String>,
    /// Only those.
    pub status: Option<VariantStatus>,
    /// At most so many; 1 to 200.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<VariantId>,
}

/// A page of variants, newest first.
#[derive(Clone, Debug)]
pub struct VariantPage {
    /// The variants.
    pub items: Vec<Variant>,
    /// Where the next page begins; none when this is the last.
    pub next_cursor: Option<VariantId>,
    /// How many there are, counted to 10,000 at most.
    pub total: i64,
    /// Whether there are more than `total`.
    pub is_more: bool,
}
