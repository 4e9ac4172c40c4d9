//! Fields that a team keeps of its own: what a definition says. How values are judged is known by the
//! crate `fields`; here only the shape, so that settings can carry a snapshot of the definitions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{FieldId, Locale, words};

words! {
    /// What tags and custom fields are about.
    pub enum Subject {
        /// Orders.
        Order = "order",
        /// Customers.
        Customer = "customer",
    }

    /// A colour of the palette. It never stands alone: words go with it.
    pub enum Tone {
        /// Grey.
        Neutral = "neutral",
        /// Blue: news.
        Info = "info",
        /// Green: well.
        Ok = "ok",
        /// Amber: waits for somebody.
        Warn = "warn",
        /// Red: loss or danger.
        Bad = "bad",
        /// Violet: on its way.
        Violet = "violet",
        /// The house's own green.
        Primary = "primary",
    }

    /// What a field holds.
    pub enum FieldKind {
        /// Words on one or several lines.
        Text = "text",
        /// A number with at most six decimals.
        Number = "number",
        /// An amount with its currency.
        Money = "money",
        /// A day.
        Date = "date",
        /// Yes or no.
        Boolean = "boolean",
        /// One of a list.
        Choice = "choice",
        /// Some of a list.
        MultiChoice = "multi_choice",
        /// The address of a page.
        Url = "url",
        /// A telephone number.
        Phone = "phone",
    }

    /// When a field must have a value.
    pub enum Required {
        /// Never.
        No = "no",
        /// When the order is placed or the customer is entered.
        Placing = "placing",
        /// Before the order is confirmed.
        Confirming = "confirming",
    }

    /// Whether the values of a field stand in the index of filters.
    pub enum FacetState {
        /// They do not.
        None = "none",
        /// Values from before are being written.
        Filling = "filling",
        /// All of them do.
        Ready = "ready",
        /// They are being removed.
        Clearing = "clearing",
    }
}

/// Words by language.
pub type Labels = BTreeMap<Locale, String>;

/// One of the values that a choice offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is stored: small letters, digits, underscores.
    pub key: String,
    /// What people read; the key where a language has none.
    #[serde(default)]
    pub labels: Labels,
    /// Its colour.
    #[serde(default = "neutral")]
    pub tone: Tone,
    /// Offered no more; values that stand stay.
    #[serde(default)]
    pub is_archived: bool,
}

fn neutral() -> Tone {
    Tone::Neutral
}

/// A field of the team's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDef {
    /// Which.
    pub id: FieldId,
    /// Its name in `custom`.
    pub key: String,
    /// What people read; the key where a language has none.
    pub labels: Labels,
    /// What it holds; never changes.
    pub kind: FieldKind,
    /// When it must have a value.
    pub required: Required,
    /// What it holds when nothing is said; as JSON of its kind.
    pub default: Option<Value>,
    /// What a choice offers.
    pub choices: Vec<Choice>,
    /// Whether lists can be filtered by it.
    pub is_filterable: bool,
    /// Whether searches look at it.
    pub is_searchable: bool,
    /// Whether lists show it.
    pub is_listed: bool,
    /// Whether its values stand in the index of filters.
    pub facets: FacetState,
}

impl FieldDef {
    /// Whether its values are written into the index of filters.
    pub fn has_facets(&self) -> bool {
        self.is_filterable || self.is_searchable
    }

    /// What people of this language read.
    pub fn label(&self, locale: Locale) -> &str {
        label(&self.labels, locale).unwrap_or(&self.key)
    }
}

impl Choice {
    /// What people of this language read.
    pub fn label(&self, locale: Locale) -> &str {
        label(&self.labels, locale).unwrap_or(&self.key)
    }
}

fn label(labels: &Labels, locale: Locale) -> Option<&str> {
    locale.fallbacks().iter().find_map(|language| labels.get(language)).map(String::as_str)
}

/// The fields that are in use, by subject, in the order that people gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldSet {
    /// Those of orders.
    pub order: Vec<FieldDef>,
    /// Those of customers.
    pub customer: Vec<FieldDef>,
}

impl FieldSet {
    /// The fields of a subject.
    pub fn of(&self, subject: Subject) -> &[FieldDef] {
        match subject {
            Subject::Order => &self.order,
            Subject::Customer => &self.customer,
        }
    }

    /// The field of this name.
    pub fn find(&self, subject: Subject, key: &str) -> Option<&FieldDef> {
        self.of(subject).iter().find(|field| field.key == key)
    }
}

words! {
    /// What a photo or file shows.
    pub enum AttachmentKind {
        /// The goods being packed.
        Packing = "packing",
        /// The parcel on its way.
        Shipping = "shipping",
        /// That it arrived, was paid, was refused.
        Proof = "proof",
        /// Anything else.
        Other = "other",
    }
}
