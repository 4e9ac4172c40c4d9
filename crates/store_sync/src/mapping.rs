//! A mapping: which column of somebody's files is which field of an order, and how their words, dates and
//! amounts are read. It is written down once, checked as a whole, and used again under its name.

use std::collections::BTreeMap;
use std::str::FromStr;

use kernel::{
    Channel, Check, Country, Currency, Error, FieldError, Locale, OrderState, PaymentMethod, Priority, VariantKind, WordError, fold, words,
};
use serde::{Deserialize, Serialize};

use crate::countries;
use crate::dates::DateOrder;

words! {
    /// A field that a column can fill. They are our own columns, and three more that are turned into them.
    pub enum Field {
        /// The shop's reference.
        OrderRef = "order_ref",
        /// The code of the store.
        Store = "store",
        /// When it was placed.
        PlacedAt = "placed_at",
        /// Where it came from.
        Channel = "channel",
        /// Who buys; several columns are joined.
        CustomerName = "customer_name",
        /// Her telephone; of several columns the first that says something.
        CustomerPhone = "customer_phone",
        /// Where to write to.
        CustomerEmail = "customer_email",
        /// The shop's number of her.
        CustomerRef = "customer_ref",
        /// What messages to her are written in.
        Language = "language",
        /// Street and house; several columns are joined.
        Address = "address",
        /// The rest of it.
        Address2 = "address2",
        /// City or commune.
        City = "city",
        /// District or daira.
        District = "district",
        /// Province or wilaya.
        Province = "province",
        /// Country.
        Country = "country",
        /// Postal code.
        PostalCode = "postal_code",
        /// The SKU.
        Sku = "sku",
        /// What is sold; several columns are joined.
        Title = "title",
        /// Size, colour; several columns are joined.
        Variant = "variant",
        /// Goods or service.
        Kind = "kind",
        /// How many.
        Quantity = "quantity",
        /// What one costs.
        UnitPrice = "unit_price",
        /// What the line costs in all; instead of the price of one.
        LineTotal = "line_total",
        /// Less this on the line.
        Discount = "discount",
        /// Less this on the order.
        OrderDiscount = "order_discount",
        /// For delivery.
        ShippingFee = "shipping_fee",
        /// For cash on delivery.
        CodFee = "cod_fee",
        /// What the customer owes in all. Where no column holds prices, they are made of it.
        Total = "total",
        /// Of all amounts.
        Currency = "currency",
        /// How she pays.
        PaymentMethod = "payment_method",
        /// How urgent it is.
        Priority = "priority",
        /// When it was promised.
        ExpectedOn = "expected_on",
        /// Words of the team's own.
        Tags = "tags",
        /// An internal note; several columns are joined.
        Note = "note",
        /// Where it stands.
        State = "state",
        /// When it was confirmed.
        ConfirmedAt = "confirmed_at",
        /// When the courier took it.
        HandedOverAt = "handed_over_at",
        /// When she got it.
        DeliveredAt = "delivered_at",
        /// When it was called off or came back.
        EndedAt = "ended_at",
        /// What was paid.
        PaidAmount = "paid_amount",
        /// When.
        PaidAt = "paid_at",
        /// What was given back of it.
        RefundedAmount = "refunded_amount",
    }

    /// What a row of the file is.
    pub enum RowKind {
        /// A line of an order; rows with the same reference are one order.
        Line = "line",
        /// A whole order.
        Order = "order",
    }

    /// Which sign parts decimals.
    pub enum DecimalMark {
        /// Whatever an amount itself says; `1,234` is not read, because nobody knows.
        Auto = "auto",
        /// `1,234.50`
        Point = "point",
        /// `1.234,50`
        Comma = "comma",
    }
}

/// Fields that begin so are the team's own.
pub(crate) const CUSTOM: &str = "custom.";
const MOST_COLUMNS: usize = 200;
const MOST_WORDS: usize = 500;
const TEXT: usize = 200;

/// A column of the file and the field that it fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnUse {
    /// Its heading, in any case and spelling of spaces.
    pub column: String,
    /// A [`Field`], or `custom.` and the name of a field of the team's own.
    pub field: String,
}

/// A field that is the same for all rows, where the row says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// Which.
    pub field: String,
    /// What it is.
    pub value: String,
}

/// What a word of the file means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordUse {
    /// In which field: `state`, `payment_method`, `channel`, `priority`, `language`, `kind` or `country`.
    pub field: String,
    /// The word, in any case; `*` for all that are not named.
    pub from: String,
    /// Our word for it.
    pub to: String,
}

/// How the columns of a file are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Which column is which field.
    pub columns: Vec<ColumnUse>,
    /// What is the same for all rows.
    #[serde(default)]
    pub constants: Vec<Constant>,
    /// What words mean.
    #[serde(default)]
    pub words: Vec<WordUse>,
    /// What a row is.
    pub rows: RowKind,
    /// Which part of a date is the day.
    pub dates: DateOrder,
    /// Which sign parts decimals.
    pub decimals: DecimalMark,
    /// Of all amounts; the store's when not given.
    pub currency: Option<Currency>,
    /// The code of the store that gets the orders.
    pub store: Option<String>,
    /// Where telephones without a country's number are from; the address' or the store's when not given.
    pub phone_country: Option<Country>,
}

impl Definition {
    /// Nothing is known of the columns yet.
    pub fn new() -> Definition {
        Definition {
            columns: Vec::new(),
            constants: Vec::new(),
            words: Vec::new(),
            rows: RowKind::Line,
            dates: DateOrder::DayFirst,
            decimals: DecimalMark::Auto,
            currency: None,
            store: None,
            phone_country: None,
        }
    }

    /// Whether a column or a constant fills a field.
    pub(crate) fn fills(&self, field: Field) -> bool {
        let is_it = |name: &str| name == field.as_str();
        self.columns.iter().any(|one| is_it(&one.field)) || self.constants.iter().any(|one| is_it(&one.field))
    }

    /// Names of the team's own fields, in the order in which they are first named.
    pub(crate) fn custom(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for field in self.columns.iter().map(|one| &one.field).chain(self.constants.iter().map(|one| &one.field)) {
            if let Some(name) = field.strip_prefix(CUSTOM)
                && !names.iter().any(|one| one == name)
            {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Everything that is wrong with it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut check = Check::new();
        for (list, count, most) in [
            ("columns", self.columns.len(), MOST_COLUMNS),
            ("constants", self.constants.len(), MOST_COLUMNS),
            ("words", self.words.len(), MOST_WORDS),
        ] {
            if count > most {
                check.push(FieldError::new(list, "too_many").with("max", most));
            }
        }
        check.require(!self.columns.is_empty(), "columns", "required");
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (place, one) in self.columns.iter().enumerate() {
            check_text(&mut check, &format!("columns[{place}].column"), &one.column);
            check_field(&mut check, &format!("columns[{place}].field"), &one.field);
            if seen.insert(format!("{}\u{1f}{}", fold(&one.column), one.field), place).is_some() {
                check.fail(format!("columns[{place}].column"), "import.mapping_twice");
            }
        }
        for (place, one) in self.constants.iter().enumerate() {
            let (field, value) = (format!("constants[{place}].field"), format!("constants[{place}].value"));
            check_field(&mut check, &field, &one.field);
            check_text(&mut check, &value, &one.value);
            if let Ok(known) = one.field.parse::<Field>()
                && let Err(allowed) = fits(known, &one.value)
            {
                check.push(FieldError::new(value, "import.word").with("allowed", allowed));
            }
        }
        for (place, one) in self.words.iter().enumerate() {
            self.check_word(&mut check, place, one);
        }
        let has_price = [Field::UnitPrice, Field::LineTotal, Field::Total].into_iter().any(|field| self.fills(field));
        check.require(has_price, "columns", "import.mapping_price");
        check.require(self.fills(Field::Title) || self.fills(Field::Sku), "columns", "import.mapping_title");
        let is_grouped = self.rows == RowKind::Order || self.columns.iter().any(|one| one.field == Field::OrderRef.as_str());
        check.require(is_grouped, "rows", "import.mapping_key");
        if let Some(store) = &self.store {
            check_text(&mut check, "store", store);
        }
        check.done()
    }

    fn check_word(&self, check: &mut Check, place: usize, one: &WordUse) {
        check_text(check, &format!("words[{place}].from"), &one.from);
        let field = one.field.parse::<Field>().ok().filter(|field| has_words(*field));
        let Some(field) = field else {
            let named: Vec<&str> = Field::ALL.iter().filter(|field| has_words(**field)).map(|field| field.as_str()).collect();
            check.push(FieldError::new(format!("words[{place}].field"), "import.word").with("allowed", named.join(", ")));
            return;
        };
        if let Err(allowed) = fits(field, &one.to) {
            check.push(FieldError::new(format!("words[{place}].to"), "import.word").with("allowed", allowed));
        }
        let is_twin = |other: &WordUse| other.field == one.field && fold(&other.from) == fold(&one.from) && (other.from == "*") == (one.from == "*");
        if self.words[..place].iter().any(is_twin) {
            check.fail(format!("words[{place}].from"), "import.mapping_twice");
        }
    }

    /// What a word of the file means in a field: as the mapping says, else as we know it; none when nobody
    /// knows.
    pub(crate) fn word(&self, field: Field, text: &str) -> Option<String> {
        let folded = fold(text);
        let own = self.words.iter().filter(|one| one.field == field.as_str());
        let named = own.clone().find(|one| one.from != "*" && fold(&one.from) == folded);
        if let Some(named) = named {
            return Some(named.to.clone());
        }
        known_word(field, text).or_else(|| own.clone().find(|one| one.from == "*").map(|one| one.to.clone()))
    }
}

impl Default for Definition {
    fn default() -> Definition {
        Definition::new()
    }
}

fn check_text(check: &mut Check, field: &str, text: &str) {
    check.require(!text.trim().is_empty(), field, "required");
    if text.chars().count() > TEXT {
        check.push(FieldError::new(field, "too_long").with("max", TEXT));
    }
    check.require(!text.contains('\0'), field, "text.control");
}

fn check_field(check: &mut Check, place: &str, field: &str) {
    let is_custom = field.strip_prefix(CUSTOM).is_some_and(|name| (1..=60).contains(&name.len()) && !name.contains('\0'));
    if !is_custom && !Field::WORDS.contains(&field) {
        check.push(FieldError::new(place, "import.word").with("allowed", format!("{}, custom.NAME", Field::WORDS.join(", "))));
    }
}

/// Fields whose values are words.
fn has_words(field: Field) -> bool {
    matches!(
        field,
        Field::State | Field::PaymentMethod | Field::Channel | Field::Priority | Field::Language | Field::Kind | Field::Country | Field::Currency
    )
}

/// Whether a value is one that a field can have; else which ones it can have.
fn fits(field: Field, value: &str) -> Result<(), String> {
    fn word<T: FromStr<Err = WordError>>(value: &str) -> Result<(), String> {
        value.parse::<T>().map(drop).map_err(|error| error.allowed.join(", "))
    }
    match field {
        Field::State => word::<OrderState>(value),
        Field::PaymentMethod => word::<PaymentMethod>(value),
        Field::Channel => word::<Channel>(value),
        Field::Priority => word::<Priority>(value),
        Field::Language => word::<Locale>(value),
        Field::Kind => word::<VariantKind>(value),
        Field::Country => countries::find(value).map(drop).ok_or_else(|| "DZ, FR".to_owned()),
        Field::Currency => value.parse::<Currency>().map(drop).map_err(|_| "DZD, EUR".to_owned()),
        _ => Ok(()),
    }
}

/// What shops, couriers and call centres call the places where an order stands, in English, French and
/// Arabic, folded.
const STATES: &[(OrderState, &[&str])] = &[
    (
        OrderState::Pending,
        &[
            "pending",
            "new",
            "open",
            "unpaid",
            "to confirm",
            "on hold",
            "pending payment",
            "en attente",
            "nouveau",
            "nouvelle",
            "a confirmer",
            "non confirme",
            "en attente de confirmation",
            "en attente de paiement",
            "قيد الانتظار",
            "في الانتظار",
            "جديد",
            "جديده",
            "معلق",
            "غير موكد",
        ],
    ),
    (OrderState::Confirmed, &["confirmed", "confirme", "confirmee", "accepted", "موكد", "موكده", "تم التاكيد", "مقبول"]),
    (OrderState::Backordered, &["backordered", "out of stock", "rupture", "rupture de stock", "نفاذ المخزون", "نفد المخزون"]),
    (
        OrderState::Processing,
        &[
            "processing",
            "packed",
            "ready to ship",
            "in preparation",
            "en preparation",
            "en cours",
            "en cours de preparation",
            "en dispatch",
            "pret a expedier",
            "prepare",
            "قيد التجهيز",
            "قيد المعالجه",
            "قيد التحضير",
            "جاهز للشحن",
        ],
    ),
    (
        OrderState::Shipped,
        &[
            "shipped",
            "in transit",
            "sent",
            "handed over",
            "expedie",
            "expediee",
            "en transit",
            "vers wilaya",
            "تم الشحن",
            "مشحون",
            "في الطريق",
            "تم الارسال",
        ],
    ),
    (OrderState::OutForDelivery, &["out for delivery", "en livraison", "en cours de livraison", "sorti en livraison", "خرج للتوصيل", "قيد التوصيل"]),
    (
        OrderState::Delivered,
        &[
            "delivered",
            "fulfilled",
            "completed",
            "complete",
            "livre",
            "livree",
            "livre et encaisse",
            "termine",
            "terminee",
            "تم التوصيل",
            "تم التسليم",
            "مكتمل",
            "مكتمله",
        ],
    ),
    (OrderState::Returned, &["returned", "return", "retour", "retourne", "retournee", "retour recu", "مرتجع", "راجع", "تم الارجاع", "مسترجع"]),
    (OrderState::Refunded, &["refunded", "rembourse", "remboursee", "مسترد", "تم الاسترداد"]),
    (
        OrderState::Cancelled,
        &[
            "cancelled",
            "canceled",
            "failed",
            "rejected",
            "refused",
            "annule",
            "annulee",
            "echoue",
            "refuse",
            "abandonne",
            "ملغي",
            "ملغاه",
            "تم الالغاء",
            "مرفوض",
            "فشل",
        ],
    ),
];

const PAYMENTS: &[(PaymentMethod, &[&str])] = &[
    (
        PaymentMethod::Cod,
        &[
            "cod",
            "cash on delivery",
            "cash on delivery cod",
            "cash",
            "paiement a la livraison",
            "a la livraison",
            "contre remboursement",
            "especes",
            "الدفع عند الاستلام",
            "الدفع عند التسليم",
            "نقدا",
        ],
    ),
    (
        PaymentMethod::Card,
        &[
            "card",
            "credit card",
            "debit card",
            "carte",
            "carte bancaire",
            "cib",
            "edahabia",
            "dahabia",
            "stripe",
            "shopify payments",
            "paypal",
            "بطاقه",
            "البطاقه الذهبيه",
        ],
    ),
    (
        PaymentMethod::Transfer,
        &["transfer", "bank transfer", "bank deposit", "bacs", "virement", "virement bancaire", "baridimob", "ccp", "تحويل", "تحويل بنكي"],
    ),
    (PaymentMethod::Wallet, &["wallet", "bkash", "nagad", "m pesa", "mpesa", "محفظه"]),
    (PaymentMethod::Voucher, &["voucher", "gift card", "bon d achat", "carte cadeau", "قسيمه"]),
];

const CHANNELS: &[(Channel, &[&str])] = &[
    (Channel::Web, &["web", "website", "site", "site web", "online store", "online", "landing page", "الموقع", "متجر"]),
    (Channel::Whatsapp, &["whatsapp", "wa", "واتساب", "واتس اب"]),
    (Channel::Instagram, &["instagram", "insta", "ig", "انستغرام", "انستقرام"]),
    (Channel::Facebook, &["facebook", "fb", "meta", "فيسبوك"]),
    (Channel::Messenger, &["messenger", "ماسنجر"]),
    (Channel::Tiktok, &["tiktok", "tik tok", "تيك توك"]),
    (Channel::Phone, &["phone", "telephone", "tel", "appel", "call", "هاتف"]),
    (Channel::InStore, &["in store", "pos", "point of sale", "boutique", "magasin", "محل"]),
];

/// What a word means that the mapping does not name.
pub(crate) fn known_word(field: Field, text: &str) -> Option<String> {
    fn find<T: Copy + std::fmt::Display>(table: &[(T, &[&str])], folded: &str) -> Option<String> {
        table.iter().find(|(_, words)| words.contains(&folded)).map(|(one, _)| one.to_string())
    }
    if fits(field, text).is_ok() {
        return Some(text.to_owned());
    }
    let folded = fold(text);
    match field {
        Field::State => find(STATES, folded.strip_prefix("wc ").unwrap_or(&folded)),
        Field::PaymentMethod => find(PAYMENTS, &folded),
        Field::Channel => find(CHANNELS, &folded),
        Field::Language => match folded.as_str() {
            "arabic" | "arabe" | "العربيه" => Some("ar".to_owned()),
            "french" | "francais" | "الفرنسيه" => Some("fr".to_owned()),
            "english" | "anglais" | "الانجليزيه" => Some("en".to_owned()),
            _ => None,
        },
        Field::Currency => match folded.as_str() {
            "da" | "dinar" | "دج" | "د ج" => Some("DZD".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> Definition {
        let column = |column: &str, field: &str| ColumnUse { column: column.into(), field: field.into() };
        Definition {
            columns: vec![column("Ref", "order_ref"), column("Produit", "title"), column("Prix", "unit_price")],
            words: vec![WordUse { field: "state".into(), from: "OK client".into(), to: "CONFIRMED".into() }],
            ..Definition::new()
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Definition), expected: &[&str]) {
        let mut one = definition();
        change(&mut one);
        let found = match one.check() {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(fields)) => fields.into_iter().map(|field| format!("{} {}", field.field, field.code)).collect(),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        check(|_| {}, &[]);
        check(
            |one| one.columns.clear(),
            &["columns required", "columns import.mapping_price", "columns import.mapping_title", "rows import.mapping_key"],
        );
        check(
            |one| {
                one.columns.push(ColumnUse { column: " ".into(), field: "colour".into() });
                one.columns.push(ColumnUse { column: "REF".into(), field: "order_ref".into() });
                one.constants.push(Constant { field: "channel".into(), value: "pigeon".into() });
                one.words.push(WordUse { field: "city".into(), from: "x".into(), to: "y".into() });
                one.words.push(WordUse { field: "state".into(), from: "ok CLIENT".into(), to: "GONE".into() });
            },
            &[
                "columns[3].column required",
                "columns[3].field import.word",
                "columns[4].column import.mapping_twice",
                "constants[0].value import.word",
                "words[1].field import.word",
                "words[2].to import.word",
                "words[2].from import.mapping_twice",
            ],
        );
        check(|one| one.rows = RowKind::Order, &[]);
        check(|one| drop(one.columns.remove(0)), &["rows import.mapping_key"]);
    }

    #[test]
    fn words_are_the_mappings_own_first_and_then_those_that_everybody_uses() {
        let mut one = definition();
        assert_eq!(one.word(Field::State, "ok client").as_deref(), Some("CONFIRMED"));
        assert_eq!(one.word(Field::State, "LIVRÉ").as_deref(), Some("DELIVERED"));
        assert_eq!(one.word(Field::State, "تم التوصيل").as_deref(), Some("DELIVERED"));
        assert_eq!(one.word(Field::State, "wc-on-hold").as_deref(), Some("PENDING"));
        assert_eq!(one.word(Field::State, "SHIPPED").as_deref(), Some("SHIPPED"));
        assert_eq!(one.word(Field::State, "who knows"), None);
        one.words.push(WordUse { field: "state".into(), from: "*".into(), to: "PENDING".into() });
        assert_eq!(one.word(Field::State, "who knows").as_deref(), Some("PENDING"));
        assert_eq!(one.word(Field::PaymentMethod, "Paiement à la livraison").as_deref(), Some("cod"));
    }

    #[test]
    fn known_words_are_written_as_they_are_compared() {
        for word in STATES.iter().flat_map(|(_, words)| words.iter()).chain(PAYMENTS.iter().flat_map(|(_, words)| words.iter())) {
            assert_eq!(fold(word), *word);
        }
    }
}
