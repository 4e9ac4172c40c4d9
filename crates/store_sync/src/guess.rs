//! What the columns of an unknown file probably are, and why it looks so.
//!
//! Two things speak for a field: the words of the heading (English, French, Arabic) and what stands in the
//! cells (telephones, dates, e-mail addresses, words of states, amounts). Both are told, so that people can
//! judge; nothing is brought in by a guess unless somebody asks for it with the preset `generic`.

use std::collections::BTreeMap;

use kernel::{fold, western_digits};
use serde::Serialize;

use crate::dates::{self, DateOrder};
use crate::mapping::{ColumnUse, Constant, DecimalMark, Definition, Field, RowKind, known_word};
use crate::table::{Row, Table};

/// Rows that a guess looks at.
const SAMPLE: usize = 200;
/// Of so many cells in a hundred a pattern must be true.
const ENOUGH: usize = 60;

/// Words of headings by field, folded, the surest first: English, French, Arabic.
pub(crate) const HEADINGS: &[(Field, &[&str])] = &[
    (
        Field::OrderRef,
        &[
            "ref",
            "order ref",
            "order reference",
            "order id",
            "order number",
            "order",
            "reference",
            "reference de la commande",
            "commande",
            "numero de commande",
            "id",
            "رقم الطلب",
            "مرجع الطلب",
            "الطلب",
            "n commande",
            "no commande",
            "order no",
            "order name",
            "bon de commande",
            "numero commande",
        ],
    ),
    (
        Field::PlacedAt,
        &[
            "created at",
            "order date",
            "date",
            "date de commande",
            "date de la commande",
            "date de creation",
            "تاريخ الطلب",
            "تاريخ الانشاء",
            "التاريخ",
            "placed at",
            "date creation",
            "timestamp",
            "horodateur",
            "time",
            "heure",
        ],
    ),
    (
        Field::State,
        &[
            "status new",
            "status",
            "order status",
            "confirmation status",
            "statut",
            "statut de la commande",
            "etat",
            "حاله الطلب",
            "الحاله",
            "state",
            "statut commande",
            "etat de la commande",
            "confirmation",
            "suivi",
        ],
    ),
    (
        Field::CustomerName,
        &[
            "full name",
            "customer name",
            "customer",
            "client",
            "nom complet",
            "nom du client",
            "nom et prenom",
            "الاسم الكامل",
            "اسم الزبون",
            "اسم العميل",
            "الزبون",
            "العميل",
            "name",
            "nom",
            "nom client",
            "destinataire",
            "recipient",
            "buyer",
            "acheteur",
            "الاسم",
            "المستلم",
        ],
    ),
    (
        Field::CustomerPhone,
        &[
            "phone",
            "phone number",
            "customer phone",
            "telephone",
            "numero de telephone",
            "رقم الهاتف",
            "الهاتف",
            "mobile",
            "tel",
            "gsm",
            "numero",
            "phone 1",
            "whatsapp",
            "n telephone",
            "contact",
            "contact number",
            "portable",
            "الجوال",
            "رقم الجوال",
        ],
    ),
    (Field::CustomerEmail, &["email", "customer email", "e mail", "البريد الالكتروني"]),
    (
        Field::Address,
        &["address", "first line", "shipping address", "adresse", "adresse de livraison", "العنوان", "street", "rue", "line1", "عنوان التوصيل"],
    ),
    (Field::Address2, &["second line", "address 2", "adresse 2", "العنوان 2"]),
    (Field::City, &["city", "shipping city", "ville", "commune", "المدينه", "البلديه", "town", "baladia", "بلديه"]),
    (
        Field::Province,
        &[
            "region",
            "state",
            "province",
            "wilaya",
            "الولايه",
            "المنطقه",
            "الجهه",
            "governorate",
            "gouvernorat",
            "departement",
            "county",
            "district",
            "ولايه",
        ],
    ),
    (Field::PostalCode, &["zip code", "zip", "postal code", "code postal", "الرمز البريدي"]),
    (Field::Country, &["country code", "country", "pays", "البلد", "الدوله"]),
    (Field::Sku, &["sku", "variant sku", "product sku", "رمز المنتج"]),
    (
        Field::Title,
        &[
            "product name",
            "product",
            "product title",
            "products",
            "item",
            "produit",
            "nom du produit",
            "produits",
            "المنتج",
            "اسم المنتج",
            "المنتجات",
            "article",
            "articles",
            "designation",
            "item name",
            "title",
            "libelle",
            "nom produit",
            "سلعه",
        ],
    ),
    (
        Field::Variant,
        &["variant", "variants", "options", "variante", "الخيارات", "المتغير", "size", "color", "colour", "taille", "couleur", "المقاس", "اللون"],
    ),
    (Field::Quantity, &["quantity", "total quantity", "qty", "quantite", "الكميه", "nb", "nbr", "qte", "qnt", "nombre", "pieces", "العدد"]),
    (
        Field::UnitPrice,
        &[
            "price",
            "unit price",
            "variant price",
            "product price",
            "prix",
            "prix unitaire",
            "السعر",
            "سعر المنتج",
            "ثمن المنتج",
            "cost",
            "pu",
            "prix produit",
            "الثمن",
        ],
    ),
    (
        Field::ShippingFee,
        &[
            "shipping price",
            "shipping",
            "shipping fee",
            "shipping cost",
            "frais de livraison",
            "livraison",
            "سعر الشحن",
            "سعر التوصيل",
            "تكلفه الشحن",
            "delivery fee",
            "delivery",
            "frais livraison",
            "tarif livraison",
            "delivery price",
            "shipping amount",
            "التوصيل",
        ],
    ),
    (Field::OrderDiscount, &["discount", "discount amount", "remise", "reduction", "الخصم", "التخفيض"]),
    (
        Field::Total,
        &[
            "total",
            "total price",
            "order total",
            "total amount",
            "montant total",
            "prix total",
            "المجموع",
            "الاجمالي",
            "المبلغ الاجمالي",
            "amount",
            "montant",
            "cod amount",
            "a encaisser",
            "montant a encaisser",
            "المبلغ",
        ],
    ),
    (Field::Currency, &["currency", "devise", "العمله"]),
    (
        Field::PaymentMethod,
        &["gateway type text", "payment method", "payment gateway", "payment", "methode de paiement", "mode de paiement", "طريقه الدفع"],
    ),
    (Field::Tags, &["tags", "etiquettes", "الوسوم"]),
    (Field::Note, &["notes", "note", "remarques", "ملاحظات", "ملاحظه", "comment", "comments", "commentaire", "remarque", "observation", "remarks"]),
    (Field::LineTotal, &["line total", "total ligne", "montant ligne", "sous total", "subtotal"]),
    (Field::Discount, &["line discount", "remise ligne"]),
    (Field::Channel, &["channel", "source", "canal", "origine", "المصدر", "القناه"]),
    (Field::DeliveredAt, &["delivered at", "delivery date", "date de livraison", "livre le", "تاريخ التسليم"]),
    (Field::District, &["daira", "الدايره"]),
    (Field::Store, &["store", "shop", "boutique", "magasin", "المتجر"]),
];

/// Headings that only part of a name stands under.
const FIRST_NAMES: &[&str] = &["first name", "customer first name", "prenom", "prenom du client", "الاسم الاول"];
const LAST_NAMES: &[&str] =
    &["last name", "customer last name", "family name", "surname", "nom de famille", "nom", "اللقب", "الاسم الاخير", "اسم العايله"];

/// Why a column is taken for a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `heading`, `heading_part`, `phone`, `email`, `date`, `amount`, `count`, `state`, or, against it, `unlike`.
    pub code: &'static str,
    /// The word that was found, or the share of cells that look so: `94%`.
    pub evidence: String,
}

/// A column and what it probably is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnGuess {
    /// Its heading.
    pub heading: String,
    /// Its field; none when nothing speaks for one.
    pub field: Option<Field>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The first few different cells.
    pub samples: Vec<String>,
}

/// A file and what it probably says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Its columns in their order.
    pub columns: Vec<ColumnGuess>,
    /// Which part of a date is the day.
    pub dates: DateOrder,
    /// Whether a date says so itself; else the day comes first, as it does in most countries.
    pub dates_are_sure: bool,
    /// Which sign parts decimals.
    pub decimals: DecimalMark,
}

impl Guess {
    /// The guess as a mapping.
    pub fn definition(&self) -> Definition {
        let columns = self
            .columns
            .iter()
            .filter_map(|column| column.field.map(|field| ColumnUse { column: column.heading.clone(), field: field.as_str().to_owned() }));
        let columns: Vec<ColumnUse> = columns.collect();
        let has_ref = columns.iter().any(|one| one.field == Field::OrderRef.as_str());
        let has_channel = columns.iter().any(|one| one.field == Field::Channel.as_str());
        let constants = if has_channel { Vec::new() } else { vec![Constant { field: "channel".to_owned(), value: "import".to_owned() }] };
        let rows = if has_ref { RowKind::Line } else { RowKind::Order };
        Definition { columns, constants, rows, dates: self.dates, decimals: self.decimals, ..Definition::new() }
    }
}

/// What a mapping cannot do without, and does not have.
pub(crate) fn missing(definition: &Definition) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if !definition.fills(Field::Title) && !definition.fills(Field::Sku) {
        missing.push(Field::Title.as_str());
    }
    if ![Field::UnitPrice, Field::LineTotal, Field::Total].into_iter().any(|field| definition.fills(field)) {
        missing.push(Field::UnitPrice.as_str());
    }
    missing
}

/// The first rows of a table that can be read.
pub(crate) fn sample(mut table: Table) -> Vec<Row> {
    std::iter::from_fn(|| table.next_row()).take(SAMPLE).filter_map(Result::ok).collect()
}

/// What speaks for a field in a column.
struct Candidate {
    place: usize,
    field: Field,
    score: usize,
    reasons: Vec<Reason>,
}

/// Guesses the columns of a file by its headings and some of its rows.
pub(crate) fn guess(headers: &[String], rows: &[Row]) -> Guess {
    let looks: Vec<Look> = (0..headers.len()).map(|place| Look::at(rows, place)).collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    for (place, heading) in headers.iter().enumerate() {
        candidates.extend(candidates_of(place, &fold(heading), &looks[place]));
    }
    // The strongest first; among equals the column that stands first.
    candidates.sort_by_key(|one| (std::cmp::Reverse(one.score), one.place));
    let mut taken: BTreeMap<usize, Candidate> = BTreeMap::new();
    let mut used: Vec<Field> = Vec::new();
    for one in candidates {
        let is_second_name = one.field == Field::CustomerName && one.reasons.iter().any(|reason| is_half_a_name(&reason.evidence));
        if !taken.contains_key(&one.place) && (!used.contains(&one.field) || is_second_name) {
            used.push(one.field);
            taken.insert(one.place, one);
        }
    }
    let columns = headers.iter().enumerate().map(|(place, heading)| {
        let found = taken.remove(&place);
        let (field, reasons) = found.map_or((None, Vec::new()), |one| (Some(one.field), one.reasons));
        ColumnGuess { heading: heading.clone(), field, reasons, samples: looks[place].samples.clone() }
    });
    let columns: Vec<ColumnGuess> = columns.collect();
    let dates = looks.iter().filter(|look| look.share(look.dates) >= ENOUGH).find_map(|look| look.order);
    Guess { decimals: decimals_of(&columns, rows), columns, dates: dates.unwrap_or(DateOrder::DayFirst), dates_are_sure: dates.is_some() }
}

fn candidates_of(place: usize, heading: &str, look: &Look) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut add = |field: Field, score: usize, reasons: Vec<Reason>| found.push(Candidate { place, field, score, reasons });
    let reason = |code: &'static str, evidence: &str| Reason { code, evidence: evidence.to_owned() };
    for (field, names) in HEADINGS {
        let by_cells = look.speaks_for(*field);
        let mut reasons: Vec<Reason> = Vec::new();
        let mut score = 0;
        if let Some(rank) = names.iter().position(|name| *name == heading) {
            score = 200 - rank;
            reasons.push(reason("heading", names[rank]));
        } else if let Some(name) = names.iter().filter(|name| name.len() > 3 && has_words(heading, name)).max_by_key(|name| name.len()) {
            // What a heading is about stands at its end more often: the customer's note.
            score = 80 + name.len().min(20) + if heading.ends_with(name) { 6 } else { 0 };
            reasons.push(reason("heading_part", name));
        }
        match by_cells {
            Some((code, share)) if share >= ENOUGH => {
                // Amounts and counts are too many to name a field by themselves.
                let is_telling = matches!(code, "phone" | "email" | "date" | "state");
                if score > 0 || is_telling && matches!(field, Field::CustomerPhone | Field::CustomerEmail | Field::PlacedAt | Field::State) {
                    score += 40;
                    reasons.push(reason(code, &format!("{share}%")));
                }
            }
            Some((_, share)) if score > 0 && look.filled > 0 => {
                score = score.saturating_sub(70).max(1);
                reasons.push(reason("unlike", &format!("{share}%")));
            }
            _ => {}
        }
        if score > 0 {
            add(*field, score, reasons);
        }
    }
    for names in [FIRST_NAMES, LAST_NAMES] {
        if let Some(name) = names.iter().find(|name| **name == heading) {
            add(Field::CustomerName, 150, vec![reason("heading_part", name)]);
        }
    }
    found
}

fn is_half_a_name(word: &str) -> bool {
    FIRST_NAMES.contains(&word) || LAST_NAMES.contains(&word)
}

/// Whether a heading holds these words side by side.
fn has_words(heading: &str, words: &str) -> bool {
    format!(" {heading} ").contains(&format!(" {words} "))
}

/// What the cells of a column look like.
#[derive(Default)]
struct Look {
    filled: usize,
    phones: usize,
    emails: usize,
    dates: usize,
    amounts: usize,
    counts: usize,
    states: usize,
    order: Option<DateOrder>,
    samples: Vec<String>,
}

impl Look {
    fn at(rows: &[Row], place: usize) -> Look {
        let mut look = Look::default();
        for cell in rows.iter().map(|row| row.cell(place)).filter(|cell| !cell.is_empty()) {
            look.filled += 1;
            if look.samples.len() < 3 && !look.samples.iter().any(|one| one == cell) {
                look.samples.push(kernel::cut(cell, 80).to_owned());
            }
            let date = dates::evidence(cell);
            look.dates += usize::from(date.is_some());
            look.order = look.order.or(date.flatten());
            look.emails += usize::from(is_email(cell));
            look.phones += usize::from(date.is_none() && is_phone(cell));
            look.amounts += usize::from(date.is_none() && is_amount(cell));
            look.counts += usize::from(western_digits(cell).parse::<u32>().is_ok_and(|count| (1..1_000).contains(&count)));
            look.states += usize::from(known_word(Field::State, cell).is_some());
        }
        look
    }

    fn share(&self, count: usize) -> usize {
        (count * 100).checked_div(self.filled).unwrap_or(0)
    }

    /// How many cells in a hundred look as those of a field do; none for fields that look like nothing.
    fn speaks_for(&self, field: Field) -> Option<(&'static str, usize)> {
        Some(match field {
            Field::CustomerPhone => ("phone", self.share(self.phones)),
            Field::CustomerEmail => ("email", self.share(self.emails)),
            Field::PlacedAt | Field::ExpectedOn | Field::ConfirmedAt | Field::HandedOverAt | Field::DeliveredAt | Field::PaidAt => {
                ("date", self.share(self.dates))
            }
            Field::State => ("state", self.share(self.states)),
            Field::UnitPrice | Field::LineTotal | Field::Total | Field::ShippingFee | Field::OrderDiscount => ("amount", self.share(self.amounts)),
            Field::Quantity => ("count", self.share(self.counts)),
            _ => return None,
        })
    }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(' '))
}

fn is_phone(text: &str) -> bool {
    let text = western_digits(text.trim_start_matches(['\'', '=']).trim_matches('"'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_plain = text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '+' | '-' | '.' | '(' | ')' | '/'));
    let begins = text.starts_with(['0', '+', '(']) || matches!(digits.len(), 9 | 12) && digits.starts_with(['2', '5', '6', '7']);
    is_plain && (8..=15).contains(&digits.len()) && begins
}

fn is_amount(text: &str) -> bool {
    let mark = if text.contains(',') && !text.contains('.') { DecimalMark::Comma } else { DecimalMark::Point };
    crate::amounts::canonical(text, mark).or_else(|| crate::amounts::canonical(text, DecimalMark::Comma)).is_some() && !is_phone(text)
}

/// Which sign parts decimals, as far as the amounts themselves say.
fn decimals_of(columns: &[ColumnGuess], rows: &[Row]) -> DecimalMark {
    let money = [Field::UnitPrice, Field::LineTotal, Field::Total, Field::ShippingFee, Field::OrderDiscount];
    let places = columns.iter().enumerate().filter(|(_, column)| column.field.is_some_and(|field| money.contains(&field))).map(|(place, _)| place);
    let (mut point, mut comma) = (0, 0);
    for place in places {
        for cell in rows.iter().map(|row| row.cell(place)) {
            let as_point = crate::amounts::canonical(cell, DecimalMark::Point);
            let as_comma = crate::amounts::canonical(cell, DecimalMark::Comma);
            match (as_point, as_comma) {
                (Some(_), None) => point += 1,
                (None, Some(_)) => comma += 1,
                _ => {}
            }
        }
    }
    match (point, comma) {
        (0, 0) => DecimalMark::Auto,
        (_, 0) => DecimalMark::Point,
        (0, _) => DecimalMark::Comma,
        _ => DecimalMark::Auto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(text: &str) -> (Guess, String) {
        let mut lines = text.lines().map(|line| line.split(';').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
        let headers = lines.next().unwrap();
        let rows: Vec<Row> = lines.enumerate().map(|(place, cells)| Row::new(place as u64 + 2, &cells)).collect();
        let guess = guess(&headers, &rows);
        let fields = guess.columns.iter().map(|column| column.field.map_or("-", |field| field.as_str())).collect::<Vec<_>>().join(" ");
        (guess, fields)
    }

    #[track_caller]
    fn check(text: &str, fields: &str) {
        assert_eq!(guessed(text).1, fields);
    }

    #[test]
    fn headings_in_three_languages_are_understood() {
        check(
            "Order ID;Date;Full name;Phone;City;Product;Qty;Price\n1;2026-03-01;Lina;0550142387;Oran;Dress;1;8400",
            "order_ref placed_at customer_name customer_phone city title quantity unit_price",
        );
        check(
            "N° commande;Nom et prénom;Téléphone;Wilaya;Commune;Produit;Quantité;Prix total\n1;Lina;0550142387;Oran;Bir El Djir;Robe;2;16800",
            "order_ref customer_name customer_phone province city title quantity total",
        );
        check(
            "رقم الطلب;الاسم الكامل;رقم الهاتف;الولاية;المنتج;الكمية;السعر\n1;لينا;٠٥٥٠١٤٢٣٨٧;وهران;فستان;1;8400",
            "order_ref customer_name customer_phone province title quantity unit_price",
        );
    }

    #[test]
    fn cells_speak_where_headings_do_not() {
        let (guess, fields) =
            guessed("A;B;C;Produit;Montant\n31/03/2026;0550 14 23 87;Livré;Robe;1.250,00\n30/03/2026;0661 22 33 44;Annulé;Robe;950,50");
        assert_eq!(fields, "placed_at customer_phone state title total");
        assert_eq!(guess.columns[1].reasons, [Reason { code: "phone", evidence: "100%".into() }]);
        assert_eq!((guess.dates, guess.dates_are_sure), (DateOrder::DayFirst, true));
        assert_eq!(guess.decimals, DecimalMark::Comma);
        assert!(missing(&guess.definition()).is_empty());
        assert_eq!(missing(&guessed("A;B\nx;y").0.definition()), ["title", "unit_price"]);
    }

    #[test]
    fn a_heading_that_its_cells_deny_is_believed_less() {
        let (guess, fields) = guessed("Phone;Contact number;Product;Price\nNokia;0550142387;Case;900\nSamsung;0661223344;Case;900");
        assert_eq!(fields, "- customer_phone title unit_price", "{guess:?}");
    }

    #[test]
    fn first_and_last_names_are_one_name() {
        check("First name;Last name;Product;Price\nLina;Haddad;Dress;8400", "customer_name customer_name title unit_price");
    }

    #[test]
    fn decimals_say_which_sign_parts_them() {
        assert_eq!(guessed("Product;Price\nDress;1.250,00\nScarf;900").0.decimals, DecimalMark::Comma);
        assert_eq!(guessed("Product;Price\nDress;1,250.00\nScarf;900").0.decimals, DecimalMark::Point);
        assert_eq!(guessed("Product;Price\nDress;1250\nScarf;900").0.decimals, DecimalMark::Auto);
    }

    #[test]
    fn headings_are_written_as_they_are_compared() {
        for name in HEADINGS.iter().flat_map(|(_, names)| names.iter()).chain(FIRST_NAMES).chain(LAST_NAMES) {
            assert_eq!(fold(name), **name);
        }
    }
}
