//! What the templates of new orders and drafts show.

use std::collections::BTreeMap;

use askama::Template;

use super::sheet::SheetLine;
use crate::badges::Badge;
use crate::format::{MoneyParts, dotted};
use crate::pages::view::{Choosable, EmptyState, Gate, Pager, Shell, Tabs};
use crate::words::Words;

/// `GET /app/orders/new`, `GET /app/drafts/{id}`
#[derive(Template)]
#[template(path = "drafts/page.html")]
pub(crate) struct DeskPage {
    pub(crate) page: Shell,
    pub(crate) desk: Desk,
    /// What a saved draft offers beside the form.
    pub(crate) draft: Option<DraftSide>,
}

/// The parts of the form that the server works out, for a form that is being typed in.
#[derive(Template)]
#[template(path = "drafts/form.html")]
pub(crate) struct DeskPart {
    pub(crate) desk: Desk,
}

/// The form of an order that is being put together.
pub(crate) struct Desk {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) action: String,
    /// Says which call this is, so that sending it twice makes one order.
    pub(crate) key: String,
    /// The version of the draft.
    pub(crate) version: Option<i64>,
    pub(crate) notice: Option<String>,
    /// What somebody else changed meanwhile.
    pub(crate) sides: Vec<SideBySide>,
    pub(crate) stores: Vec<Choosable>,
    pub(crate) store: String,
    pub(crate) phone: String,
    pub(crate) name: String,
    pub(crate) used: String,
    pub(crate) recall: Vec<Recall>,
    pub(crate) line1: String,
    pub(crate) line2: String,
    pub(crate) province_label: &'static str,
    pub(crate) city_label: &'static str,
    /// Empty where the country has no list.
    pub(crate) provinces: Vec<Choosable>,
    pub(crate) province: String,
    pub(crate) cities: Vec<String>,
    pub(crate) city: String,
    pub(crate) lines: Vec<LineView>,
    pub(crate) find: String,
    pub(crate) found: Vec<Found>,
    /// What was looked for can be added though nothing was found.
    pub(crate) can_add_free: bool,
    pub(crate) discount: String,
    pub(crate) shipping_fee: String,
    pub(crate) shipping_hint: String,
    pub(crate) cod_fee: String,
    pub(crate) payment_methods: Vec<Choosable>,
    pub(crate) channels: Vec<Choosable>,
    pub(crate) priorities: Vec<Choosable>,
    pub(crate) expected_on: String,
    pub(crate) note: String,
    pub(crate) is_test: bool,
    pub(crate) sums: Vec<(String, String)>,
    pub(crate) total: Option<MoneyParts>,
    pub(crate) total_label: String,
    /// What an order still needs, in words.
    pub(crate) lacks: Vec<String>,
    pub(crate) errors: BTreeMap<String, String>,
    /// The field to go to after the form came back.
    pub(crate) focus: &'static str,
}

impl Desk {
    /// What is wrong with a field.
    pub(crate) fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.get(field).map(String::as_str)
    }

    /// What is wrong with a field of a line.
    pub(crate) fn wrong_in(&self, field: &str, at: &usize) -> Option<&str> {
        self.errors.get(&format!("{field}.{at}")).map(String::as_str)
    }
}

/// A field that two people changed.
pub(crate) struct SideBySide {
    pub(crate) label: String,
    pub(crate) theirs: String,
    pub(crate) mine: String,
}

/// A customer whom the number may belong to.
pub(crate) struct Recall {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) initials: String,
    pub(crate) tone: &'static str,
    pub(crate) phone: String,
    pub(crate) address: String,
    /// "6 orders, 5 delivered, 1 returned"
    pub(crate) record: String,
    /// Their last orders.
    pub(crate) last: Vec<String>,
    pub(crate) is_used: bool,
}

/// Something of the catalogue.
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) price: String,
}

/// A line of the form.
pub(crate) struct LineView {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) variant: String,
    pub(crate) kind: &'static str,
    /// SKU and variant, in one line.
    pub(crate) note: String,
    pub(crate) quantity: String,
    pub(crate) price: String,
    pub(crate) discount: String,
    /// Empty where it is not known yet.
    pub(crate) total: String,
}

impl LineView {
    /// The line as it was typed.
    pub(crate) fn of(line: &SheetLine, total: String) -> LineView {
        LineView {
            note: dotted([&Some(line.variant.clone()), &Some(line.sku.clone())]),
            sku: line.sku.clone(),
            title: line.title.clone(),
            variant: line.variant.clone(),
            kind: if line.is_service { "service" } else { "goods" },
            quantity: line.quantity.clone(),
            price: line.price.clone(),
            discount: line.discount.clone(),
            total,
        }
    }
}

/// What a saved draft offers beside its form.
pub(crate) struct DraftSide {
    pub(crate) href: String,
    pub(crate) expires: String,
    /// Until when its link can be used.
    pub(crate) link_until: Option<String>,
    /// The link itself, once, right after it was made.
    pub(crate) link: Option<String>,
    /// What opens WhatsApp with the link in a message.
    pub(crate) whatsapp: String,
    /// What is different today from the order that it repeats.
    pub(crate) changes: Vec<String>,
}

/// `GET /app/drafts`
#[derive(Template)]
#[template(path = "drafts/list.html")]
pub(crate) struct DraftsPage {
    pub(crate) page: Shell,
    pub(crate) subtitle: String,
    pub(crate) tabs: Tabs,
    pub(crate) rows: Vec<DraftRowView>,
    pub(crate) empty: EmptyState,
    pub(crate) pager: Pager,
}

/// A draft in the list.
pub(crate) struct DraftRowView {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) channel_icon: &'static str,
    pub(crate) channel: String,
    pub(crate) total: MoneyParts,
    pub(crate) badge: Badge,
    pub(crate) agent: String,
    pub(crate) at: String,
    pub(crate) at_iso: String,
    pub(crate) at_exact: String,
    /// When it goes by itself.
    pub(crate) expires: String,
}

/// `GET /q/{token}`
#[derive(Template)]
#[template(path = "drafts/quote.html")]
pub(crate) struct QuotePage {
    pub(crate) page: Gate,
    /// The store's.
    pub(crate) logo: Option<crate::pages::Logo>,
    pub(crate) quote: Option<QuoteView>,
    pub(crate) errors: BTreeMap<&'static str, String>,
    pub(crate) typed: BTreeMap<&'static str, String>,
}

impl QuotePage {
    pub(crate) fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.get(field).map(String::as_str)
    }

    pub(crate) fn was(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }
}

/// An offer as its customer sees it.
pub(crate) struct QuoteView {
    pub(crate) number: Option<String>,
    pub(crate) version: i64,
    /// The total that is agreed to, in minor units.
    pub(crate) total_minor: i64,
    pub(crate) lines: Vec<QuoteLine>,
    pub(crate) sums: Vec<(String, String)>,
    pub(crate) total: Option<MoneyParts>,
    pub(crate) payment: String,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) address: Vec<String>,
    pub(crate) until: Option<String>,
    pub(crate) asks_contact: bool,
    pub(crate) asks_address: bool,
    pub(crate) provinces: Vec<Choosable>,
    /// Whether it can be accepted.
    pub(crate) is_open: bool,
}

/// A line of an offer.
pub(crate) struct QuoteLine {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) sum: String,
    pub(crate) total: String,
}
