//! What goes in and what comes out.

use base::events::EventView;
use fields::{CustomTest, TagFilter};
use kernel::{Amount, Country, Currency, CustomerId, LanguageSource, Locale, Phone, PhoneId, StoreId, Time, Version};
use serde_json::{Map, Value};

use crate::consent::Consent;
use crate::elsewhere::Elsewhere;
use crate::erase::Erasure;
use crate::figures::Bought;
use crate::flags::Flag;
use crate::merge::Merge;
use crate::notes::Note;
use crate::sort::CustomerSort;

/// Somebody an order speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCustomer {
    /// As she writes herself; may be empty when only a number is known.
    pub name: String,
    /// Decides who she is.
    pub phone: Option<Phone>,
    /// Decides who she is when there is neither number nor shop's id.
    pub email: Option<String>,
    /// What messages to her are written in.
    pub language: Option<Locale>,
    /// The id that a shop or a file knows her by; decides who she is when there is no number.
    pub external_ref: Option<String>,
}

db::row! {
    /// A customer.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Customer {
        /// Her id.
        pub id: CustomerId,
        /// Her name.
        pub name: String,
        /// Where to write to.
        pub email: Option<String>,
        /// What messages to her are written in.
        pub language: Option<Locale>,
        /// The id that a shop or a file knows her by.
        pub external_ref: Option<String>,
        /// Grows with each change.
        pub version: Version,
        /// Since when we know her.
        pub created_at: Time,
        /// The last change.
        pub updated_at: Time,
        /// Since when she is out of the daily lists.
        pub archived_at: Option<Time>,
        /// Where her language comes from; none when it is not known.
        pub language_source: Option<LanguageSource>,
        /// Since when nothing personal is kept about her.
        pub erased_at: Option<Time>,
        /// JSON array of short words.
        pub tags: String,
        /// JSON object of the team's own fields.
        pub custom: String,
    }

    /// One of her numbers.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PhoneRow {
        /// Its id.
        pub id: PhoneId,
        /// The number; print it through [`shown_phone`](crate::shown_phone).
        pub phone: Phone,
        /// Whose or what for.
        pub label: Option<String>,
        /// Grows with each change.
        pub version: Version,
    }

    /// Where she receives parcels.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Address {
        /// Its id.
        pub id: kernel::AddressId,
        /// What she calls it.
        pub label: Option<String>,
        /// Street and house.
        pub line1: String,
        /// The rest of it.
        pub line2: Option<String>,
        /// City, commune or town.
        pub city: Option<String>,
        /// District, daira or sub-county.
        pub district: Option<String>,
        /// Province by the list's name, or as typed.
        pub province: Option<String>,
        /// Its code in the list.
        pub province_code: Option<String>,
        /// Country.
        pub country: Country,
        /// Postal code.
        pub postal_code: Option<String>,
        /// Whether the place was found in the lists.
        pub place_known: bool,
        /// Grows with each change.
        pub version: Version,
    }

    /// What she bought in one store.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoreTotals {
        /// Which store.
        pub store_id: StoreId,
        /// Its currency.
        pub currency: Currency,
        /// Orders placed.
        pub orders: i64,
        /// Of them delivered and not given back.
        pub delivered: i64,
        /// Of them back.
        pub returned: i64,
        /// Of them called off.
        pub cancelled: i64,
        /// What all orders came to.
        pub ordered_total: Amount,
        /// What the delivered ones came to.
        pub delivered_total: Amount,
        /// The first order.
        pub first_order_at: Time,
        /// The latest order.
        pub last_order_at: Time,
    }

    /// A customer as lists show her.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CustomerRow {
        /// Her id.
        pub id: CustomerId,
        /// Her name.
        pub name: String,
        /// One of her numbers; print it through [`shown_phone`](crate::shown_phone).
        pub phone: Option<Phone>,
        /// Where to write to.
        pub email: Option<String>,
        /// What messages to her are written in.
        pub language: Option<Locale>,
        /// Orders placed.
        pub orders: i64,
        /// Of them delivered.
        pub delivered: i64,
        /// Of them back.
        pub returned: i64,
        /// Of them called off.
        pub cancelled: i64,
        /// The latest order.
        pub last_order_at: Option<Time>,
        /// Since when we know her.
        pub created_at: Time,
        /// Grows with each change.
        pub version: Version,
        /// JSON array of short words.
        pub tags: String,
        /// JSON object of the team's own fields.
        pub custom: String,
    }
}

/// An address as it comes in. The place is looked up; see [`place_of`](crate::place_of).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAddress {
    /// What she calls it.
    pub label: Option<String>,
    /// Street and house.
    pub line1: String,
    /// The rest of it.
    pub line2: Option<String>,
    /// City, commune or town.
    pub city: Option<String>,
    /// District, daira or sub-county.
    pub district: Option<String>,
    /// Province by name or code, in any spelling the lists know.
    pub province: Option<String>,
    /// Country; the store's when not given.
    pub country: Option<Country>,
    /// Known to be in no list: it is kept as typed and flagged.
    pub is_unknown: bool,
    /// Postal code.
    pub postal_code: Option<String>,
}

/// An address that replaces another, if nobody changed it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressChange {
    /// All of it.
    pub address: NewAddress,
    /// The version that was read.
    pub version: Option<Version>,
}

/// What shall be different about a customer; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerChange {
    /// A new name.
    pub name: Option<String>,
    /// A new e-mail address, or none any more.
    pub email: Option<Option<String>>,
    /// Another language, or unknown.
    pub language: Option<Option<Locale>>,
    /// Other tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Other fields of the team's own, all of them.
    pub custom: Option<Map<String, Value>>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// One customer with everything kept about her.
#[derive(Clone, Debug)]
pub struct CustomerDetail {
    /// Herself.
    pub customer: Customer,
    /// Her numbers, the main one first.
    pub phones: Vec<PhoneRow>,
    /// Her addresses, the main one first.
    pub addresses: Vec<Address>,
    /// Marks on her that stand, newest first.
    pub flags: Vec<Flag>,
    /// What the team wrote about her, newest first; at most 50.
    pub notes: Vec<Note>,
    /// What she agreed to or took back last, for each way and purpose.
    pub consents: Vec<Consent>,
    /// Customers who became part of her, newest first.
    pub merges: Vec<Merge>,
    /// The latest erasing that waits, runs or is done.
    pub erasure: Option<Erasure>,
    /// What she bought, for each store that the caller may see.
    pub totals: Vec<StoreTotals>,
    /// What happened to her record, oldest first.
    pub history: Vec<EventView>,
}

/// Which customers, in which order, how many.
#[derive(Clone, Debug, Default)]
pub struct CustomerFilter {
    /// A name's beginning, a number in any spelling, its last four digits or more, or an e-mail address.
    pub search: Option<String>,
    /// The country whose spelling of numbers `search` may use.
    pub country: Option<Country>,
    /// Also those out of the daily lists.
    pub with_archived: bool,
    /// Only those who bear a mark of this kind.
    pub flag: Option<String>,
    /// Only those who bought in this store; figures are those of this store alone.
    pub store: Option<StoreId>,
    /// The store whose figures a second key compares where none is asked for above; narrows nothing.
    pub compared: Option<StoreId>,
    /// What they must have bought there. Where the caller sees several stores, one must be named.
    pub bought: Bought,
    /// What a higher tier knows of them, such as where their orders go.
    pub elsewhere: Option<Elsewhere>,
    /// With these tags.
    pub tags: TagFilter,
    /// With these values in the team's own fields; all of them must hold.
    pub custom: Vec<CustomTest>,
    /// The order.
    pub sort: CustomerSort,
    /// What decides among those that are equal by it. It compares something else.
    pub then: Option<CustomerSort>,
    /// At most so many; 1 to 200.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// A page of customers.
#[derive(Clone, Debug)]
pub struct CustomerPage {
    /// The customers.
    pub items: Vec<CustomerRow>,
    /// Where the next page begins; none when this is the last.
    pub next_cursor: Option<String>,
    /// How many there are, counted to 10,000 at most.
    pub total: i64,
    /// Whether there are more than `total`.
    pub is_more: bool,
}

/// What an order or a move adds to a customer's totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalsChange {
    /// The order's store.
    pub store_id: StoreId,
    /// Its currency.
    pub currency: Currency,
    /// Orders more.
    pub orders: i64,
    /// Delivered orders more, or fewer.
    pub delivered: i64,
    /// Returned orders more, or fewer.
    pub returned: i64,
    /// Cancelled orders more, or fewer.
    pub cancelled: i64,
    /// Ordered money more.
    pub ordered_total: Amount,
    /// Delivered money more, or less.
    pub delivered_total: Amount,
    /// When the order was placed.
    pub ordered_at: Time,
}

impl Customer {
    /// Her tags.
    pub fn tags(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    /// Her own fields.
    pub fn custom(&self) -> Map<String, Value> {
        serde_json::from_str(&self.custom).unwrap_or_default()
    }
}

impl CustomerRow {
    /// Her tags.
    pub fn tags(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    /// Those of the team's own fields that lists show.
    pub fn listed(&self, fields: &[kernel::FieldDef]) -> Map<String, Value> {
        if self.custom == "{}" || !fields.iter().any(|field| field.is_listed) {
            return Map::new();
        }
        let mut custom: Map<String, Value> = serde_json::from_str(&self.custom).unwrap_or_default();
        custom.retain(|name, _| fields.iter().any(|field| field.is_listed && field.key == *name));
        custom
    }
}
