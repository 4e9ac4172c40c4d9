//! Files of others, read by turning their rows into rows of our own columns.
//!
//! A [`Translator`] knows how a file's columns are called and what its words mean; what comes out of it is
//! read as the preset `kafila` reads its own. The rows of the file itself are kept, so that a refusal
//! gives back what came in, and headings, so that it names what people see.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kernel::{Args, Currency, Error, Phone, western_digits};

use super::kafila::{self, COLUMNS, Column, Form, Reader};
use super::{HeadingOf, Pieces, Survey, Targets, WantedStore, inner, shopify, store_code, unreadable, woocommerce, youcan};
use crate::encoding::Encoding;
use crate::groups::{Census, Groups};
use crate::mapping::{Definition, Field, RowKind};
use crate::model::{Options, Preset};
use crate::piece::{Content, Piece, Problem};
use crate::table::{Row, Table};
use crate::{amounts, dates, guess};

/// Rows of a file in our columns, and what could not be turned into them.
pub(crate) struct Translated {
    pub(crate) rows: Vec<Canon>,
    pub(crate) problems: Vec<Problem>,
}

/// Knows the columns of a file.
pub(crate) trait Translator: Send + Sync {
    /// The preset that its orders came by.
    fn source(&self) -> &'static str;

    /// What rows of one order have in common; none for a row that is an order of its own.
    fn key(&self, row: &Row) -> Option<String>;

    /// The code of the store that the row or the file names.
    fn store(&self, _row: &Row) -> Option<String> {
        None
    }

    /// The currency of the row's amounts, where the file says it.
    fn currency(&self, row: &Row) -> Option<Currency>;

    /// The rows of one order in our columns. Amounts are those of the store, which has this currency.
    fn translate(&self, rows: &[Row], currency: Currency) -> Translated;

    /// What the file calls one of our columns.
    fn heading(&self, column: &str) -> String;

    /// The names of the team's own fields that it fills.
    fn custom(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A row of our own columns while it is filled in.
#[derive(Clone, Debug)]
pub(crate) struct Canon {
    line: u64,
    cells: Vec<String>,
}

impl Canon {
    pub(super) fn new(line: u64, custom: usize) -> Canon {
        Canon { line, cells: vec![String::new(); COLUMNS.len() + custom] }
    }

    pub(super) fn get(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    pub(super) fn set(&mut self, column: Column, text: impl Into<String>) {
        self.cells[column as usize] = text.into();
    }

    fn set_custom(&mut self, place: usize, text: &str) {
        self.cells[COLUMNS.len() + place] = text.to_owned();
    }

    /// What the line comes to; none when it is not known yet.
    fn sum(&self, currency: Currency) -> Option<i64> {
        let quantity: i64 = self.get(Column::Quantity).parse().ok()?;
        let price = amounts::minor(self.get(Column::UnitPrice), currency)?;
        let discount = match self.get(Column::Discount) {
            "" => 0,
            text => amounts::minor(text, currency)?,
        };
        price.checked_mul(quantity)?.checked_sub(discount)
    }
}

/// What a translator calls the line that makes an order's parts add up to its total.
const REST: &str = "Taxes and fees";

/// Lets an order come to the total that its file gives: what its lines come to beyond that is the order's
/// discount; what is missing is the fee for shipping where the file has none, else a line of its own, a service.
pub(super) fn reconcile(rows: &mut Vec<Canon>, total: i64, currency: Currency) {
    let Some(sum) = rows.iter().map(|row| row.sum(currency)).sum::<Option<i64>>() else { return };
    let Some(first) = rows.first_mut() else { return };
    let part = |text: &str| if text.is_empty() { Some(0) } else { amounts::minor(text, currency) };
    let has_fee = !first.get(Column::ShippingFee).is_empty();
    let parts = (part(first.get(Column::ShippingFee)), part(first.get(Column::CodFee)), part(first.get(Column::OrderDiscount)));
    let (Some(shipping), Some(cod), Some(discount)) = parts else { return };
    let missing = total - (sum + shipping + cod - discount);
    let line = first.line;
    first.set(Column::ShippingFee, amounts::text(shipping, currency));
    first.set(Column::CodFee, amounts::text(cod, currency));
    if missing < 0 {
        first.set(Column::OrderDiscount, amounts::text(discount - missing, currency));
    } else if missing > 0 && !has_fee {
        first.set(Column::ShippingFee, amounts::text(missing, currency));
    } else if missing > 0 {
        let mut rest = Canon { line, cells: vec![String::new(); first.cells.len()] };
        rest.set(Column::Title, REST);
        rest.set(Column::Kind, "service");
        rest.set(Column::Quantity, "1");
        rest.set(Column::UnitPrice, amounts::text(missing, currency));
        rest.set(Column::Store, first.get(Column::Store).to_owned());
        rest.set(Column::OrderRef, first.get(Column::OrderRef).to_owned());
        rows.push(rest);
    }
}

/// Looks through a file that a translator reads.
pub(super) fn survey(options: &Options) -> Result<Survey, Error> {
    let encoding = match options.encoding {
        Some(encoding) => encoding,
        None => options.source.encoding(None)?.unwrap_or(Encoding::Utf8),
    };
    let translator = translator(options, encoding)?;
    let table = Table::open_as(&options.source, encoding)?;
    let headers = table.headers().to_vec();
    let forced = options.store.as_deref().map(store_code);
    let store = {
        let translator = Arc::clone(&translator);
        move |row: &Row| forced.clone().or_else(|| translator.store(row).map(|code| store_code(&code))).unwrap_or_else(|| STORE.to_owned())
    };
    let key = {
        let (translator, store) = (Arc::clone(&translator), store.clone());
        move |row: &Row| translator.key(row).map(|key| format!("{}\u{1f}{key}", store(row)))
    };
    let mut stores: HashMap<String, Option<Currency>> = HashMap::new();
    let census = Census::take(table, &key, |row| {
        let known = stores.entry(store(row)).or_default();
        *known = known.or_else(|| translator.currency(row));
    })?;
    let rows = census.rows();
    let wanted = |(code, currency): (&String, &Option<Currency>)| WantedStore { code: code.clone(), currency: *currency, template: None };
    let stores = stores.iter().map(wanted).collect();
    let heading_of: HeadingOf = {
        let translator = Arc::clone(&translator);
        Arc::new(move |field| translator.heading(our_column(field)))
    };
    let source = options.source.clone();
    let open = move |targets: Targets| -> Result<Pieces, Error> {
        let groups = Groups::new(Table::open_as(&source, encoding)?, census, key);
        let mut reader = Reader::new(Form::in_order(&translator.custom(), None), targets, translator.source());
        Ok(Box::new(groups.map(move |group| match group {
            Ok(rows) => piece(&mut reader, &*translator, &store, rows),
            Err(bad) => unreadable(&bad),
        })))
    };
    Ok(Survey { rows, headers, stores, open: Box::new(open), heading_of })
}

const STORE: &str = "MAIN";

fn translator(options: &Options, encoding: Encoding) -> Result<Arc<dyn Translator>, Error> {
    let table = Table::open_as(&options.source, encoding)?;
    let headers = table.headers().to_vec();
    Ok(match options.preset {
        Preset::Shopify => Arc::new(shopify::Shopify::of(&headers)?),
        Preset::Woocommerce => woocommerce::of(&headers, &guess::sample(table))?,
        Preset::Youcan => Arc::new(ByDefinition::of(youcan::definition(&headers)?, &headers, "youcan")?),
        Preset::Mapping => {
            let definition = options.mapping.as_deref().ok_or_else(|| Error::field("mapping", "required"))?;
            Arc::new(ByDefinition::of(definition.clone(), &headers, "mapping")?)
        }
        _ => {
            let guessed = guess::guess(&headers, &guess::sample(table)).definition();
            let missing = guess::missing(&guessed);
            if !missing.is_empty() {
                return Err(Error::field("file", "import.columns_missing").with("columns", missing.join(", ")));
            }
            Arc::new(ByDefinition::of(guessed, &headers, "generic")?)
        }
    })
}

/// Our column that a field of an order comes from.
fn our_column(field: &str) -> &str {
    match inner(field) {
        "line1" => "address",
        "line2" => "address2",
        "external_ref" => "order_ref",
        "customer.name" => "customer_name",
        "customer.phone" => "customer_phone",
        "customer.email" => "customer_email",
        "customer.external_ref" => "customer_ref",
        "store_id" => "store",
        other => other,
    }
}

fn piece(reader: &mut Reader, translator: &dyn Translator, store: &impl Fn(&Row) -> String, rows: Vec<Row>) -> Piece {
    let Some(first) = rows.first() else {
        return Piece { name: String::new(), store: String::new(), rows, lines: 0, content: Content::Refused(Vec::new()) };
    };
    let code = store(first);
    let currency = match reader.target(&code) {
        Ok(target) => target.currency,
        Err(problems) => {
            let name = translator.key(first).unwrap_or_default();
            return Piece { name, store: code, lines: rows.len() as u64, rows, content: Content::Refused(problems) };
        }
    };
    let Translated { rows: mut canon, problems } = translator.translate(&rows, currency);
    for row in &mut canon {
        row.set(Column::Store, code.clone());
    }
    let canon = canon.into_iter().map(|row| Row::new(row.line, &row.cells)).collect();
    let read = reader.piece(canon);
    let content = if problems.is_empty() {
        read.content
    } else {
        // What could not be turned is empty now; that it is missing was not the file's fault.
        let mut all = problems;
        if let Content::Refused(more) = read.content {
            let more = more.into_iter().filter(|one| one.code != "import.past_needs_time" && !all.iter().any(|other| other.field == one.field));
            let more: Vec<Problem> = more.collect();
            all.extend(more);
        }
        Content::Refused(all)
    };
    Piece { name: read.name, store: code, lines: rows.len() as u64, rows, content }
}

/// A file that a mapping reads.
pub(crate) struct ByDefinition {
    definition: Definition,
    source: &'static str,
    /// The places of the columns of each field, in the order of the mapping.
    places: BTreeMap<Field, Vec<usize>>,
    custom: Vec<(String, Vec<usize>)>,
    headers: Vec<String>,
}

impl ByDefinition {
    /// The file's headings against the mapping's. `Invalid` `import.columns_missing` names all that are not
    /// there.
    pub(crate) fn of(definition: Definition, headers: &[String], source: &'static str) -> Result<ByDefinition, Error> {
        let folded: Vec<String> = headers.iter().map(|header| kernel::fold(header)).collect();
        let mut places: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        let mut custom: Vec<(String, Vec<usize>)> = definition.custom().into_iter().map(|name| (name, Vec::new())).collect();
        let mut missing = Vec::new();
        for one in &definition.columns {
            let wanted = kernel::fold(&one.column);
            let exact = headers.iter().position(|header| *header == one.column);
            let Some(place) = exact.or_else(|| folded.iter().position(|header| *header == wanted)) else {
                missing.push(one.column.as_str());
                continue;
            };
            if let Some(name) = one.field.strip_prefix(kafila::CUSTOM) {
                custom.iter_mut().filter(|(known, _)| known == name).for_each(|(_, places)| places.push(place));
            } else if let Ok(field) = one.field.parse() {
                places.entry(field).or_default().push(place);
            }
        }
        if !missing.is_empty() {
            return Err(Error::field("file", "import.columns_missing").with("columns", missing.join(", ")));
        }
        Ok(ByDefinition { definition, source, places, custom, headers: headers.to_vec() })
    }

    /// What a row says in the columns of a field, else the constant.
    fn said(&self, row: &Row, field: Field) -> String {
        let between = match field {
            Field::CustomerName | Field::Title => Some(" "),
            Field::Address | Field::Variant => Some(", "),
            Field::Note => Some("\n"),
            _ => None,
        };
        let cells = self.places.get(&field).into_iter().flatten().map(|place| kafila::unguarded(row.cell(*place))).filter(|cell| !cell.is_empty());
        let said = match between {
            Some(between) => {
                let mut parts: Vec<&str> = Vec::new();
                cells.for_each(|cell| {
                    if !parts.contains(&cell) {
                        parts.push(cell)
                    }
                });
                parts.join(between)
            }
            None => cells.into_iter().next().unwrap_or_default().to_owned(),
        };
        if said.is_empty() { self.constant(field.as_str()).to_owned() } else { said }
    }

    fn constant(&self, field: &str) -> &str {
        self.definition.constants.iter().find(|one| one.field == field).map_or("", |one| one.value.as_str())
    }
}

impl Translator for ByDefinition {
    fn source(&self) -> &'static str {
        self.source
    }

    fn key(&self, row: &Row) -> Option<String> {
        if self.definition.rows == RowKind::Order {
            return None;
        }
        Some(self.said(row, Field::OrderRef)).filter(|reference| !reference.is_empty())
    }

    fn store(&self, row: &Row) -> Option<String> {
        Some(self.said(row, Field::Store)).filter(|code| !code.is_empty()).or_else(|| self.definition.store.clone())
    }

    fn currency(&self, row: &Row) -> Option<Currency> {
        let said = self.said(row, Field::Currency);
        self.definition.word(Field::Currency, &said).and_then(|word| word.parse().ok()).or(self.definition.currency)
    }

    fn translate(&self, rows: &[Row], currency: Currency) -> Translated {
        let mut problems = Vec::new();
        let mut totals = Vec::new();
        let mut canon: Vec<Canon> = Vec::with_capacity(rows.len());
        for row in rows {
            let mut reading = Reading { form: self, row, currency, canon: Canon::new(row.line, self.custom.len()), problems: &mut problems };
            totals.extend(reading.read(rows.len() == 1));
            canon.push(reading.canon);
        }
        if let (Some(total), true) = (totals.first(), problems.is_empty()) {
            reconcile(&mut canon, *total, currency);
        }
        Translated { rows: canon, problems }
    }

    fn heading(&self, column: &str) -> String {
        let places = match column.strip_prefix(kafila::CUSTOM) {
            Some(name) => self.custom.iter().find(|(known, _)| known == name).map(|(_, places)| places.as_slice()),
            None => column.parse::<Field>().ok().and_then(|field| self.places.get(&field)).map(Vec::as_slice),
        };
        let named: Vec<&str> = places.unwrap_or_default().iter().map(|place| self.headers[*place].as_str()).collect();
        if named.is_empty() { column.replace('.', "_") } else { named.join(" / ") }
    }

    fn custom(&self) -> Vec<String> {
        self.custom.iter().map(|(name, _)| name.clone()).collect()
    }
}

/// One row on its way into our columns.
struct Reading<'a> {
    form: &'a ByDefinition,
    row: &'a Row,
    currency: Currency,
    canon: Canon,
    problems: &'a mut Vec<Problem>,
}

/// Fields that are taken as they stand.
const PLAIN: &[(Field, Column)] = &[
    (Field::OrderRef, Column::OrderRef),
    (Field::CustomerName, Column::CustomerName),
    (Field::CustomerEmail, Column::CustomerEmail),
    (Field::CustomerRef, Column::CustomerRef),
    (Field::Address, Column::Address),
    (Field::Address2, Column::Address2),
    (Field::City, Column::City),
    (Field::District, Column::District),
    (Field::Province, Column::Province),
    (Field::PostalCode, Column::PostalCode),
    (Field::Sku, Column::Sku),
    (Field::Variant, Column::Variant),
    (Field::Note, Column::Note),
];

const WORDS: &[(Field, Column)] = &[
    (Field::State, Column::State),
    (Field::PaymentMethod, Column::PaymentMethod),
    (Field::Channel, Column::Channel),
    (Field::Priority, Column::Priority),
    (Field::Language, Column::Language),
    (Field::Kind, Column::Kind),
    (Field::Country, Column::Country),
    (Field::Currency, Column::Currency),
];

const DATES: &[(Field, Column)] = &[
    (Field::PlacedAt, Column::PlacedAt),
    (Field::ExpectedOn, Column::ExpectedOn),
    (Field::ConfirmedAt, Column::ConfirmedAt),
    (Field::HandedOverAt, Column::HandedOverAt),
    (Field::DeliveredAt, Column::DeliveredAt),
    (Field::EndedAt, Column::EndedAt),
    (Field::PaidAt, Column::PaidAt),
];

const AMOUNTS: &[(Field, Column)] = &[
    (Field::UnitPrice, Column::UnitPrice),
    (Field::OrderDiscount, Column::OrderDiscount),
    (Field::ShippingFee, Column::ShippingFee),
    (Field::CodFee, Column::CodFee),
    (Field::PaidAmount, Column::PaidAmount),
    (Field::RefundedAmount, Column::RefundedAmount),
];

impl Reading<'_> {
    /// Fills in the row; answers the order's total, when the row says one.
    fn read(&mut self, is_alone: bool) -> Option<i64> {
        for (field, column) in PLAIN {
            let said = self.form.said(self.row, *field);
            self.canon.set(*column, said);
        }
        for (field, column) in WORDS {
            self.word(*field, *column);
        }
        for (field, column) in DATES {
            self.date(*field, *column);
        }
        for (field, column) in AMOUNTS {
            let amount = self.amount(*field).unwrap_or_default();
            self.canon.set(*column, amount);
        }
        self.discount();
        self.phone();
        let tags = self.form.said(self.row, Field::Tags).replace(',', ";");
        self.canon.set(Column::Tags, tags);
        let title = self.form.said(self.row, Field::Title);
        let title = if title.is_empty() { self.canon.get(Column::Sku).to_owned() } else { title };
        self.canon.set(Column::Title, title);
        for (place, (name, places)) in self.form.custom.iter().enumerate() {
            let said = places.iter().map(|place| self.row.cell(*place)).find(|cell| !cell.is_empty());
            let constant = self.form.constant(&format!("{}{name}", kafila::CUSTOM));
            self.canon.set_custom(place, said.unwrap_or(constant));
        }
        let quantity = self.quantity();
        self.price(quantity, is_alone)
    }

    fn wrong(&mut self, field: Field, code: &'static str, said: &str) {
        let wrong = Problem::at(self.row, field.as_str(), code).with("found", kernel::cut(said, 60)).with("currency", self.currency);
        self.problems.push(wrong);
    }

    fn word(&mut self, field: Field, column: Column) {
        let said = self.form.said(self.row, field);
        if said.is_empty() {
            return;
        }
        match self.form.definition.word(field, &said) {
            Some(word) => self.canon.set(column, word),
            None => self.wrong(field, "import.word_unknown", &said),
        }
    }

    fn date(&mut self, field: Field, column: Column) {
        let said = self.form.said(self.row, field);
        if said.is_empty() {
            return;
        }
        match dates::canonical(&said, self.form.definition.dates) {
            Some(date) => self.canon.set(column, date),
            None => self.wrong(field, "import.date", &said),
        }
    }

    /// The amount in a field; none when there is none, or it is wrong, which is noted.
    fn amount(&mut self, field: Field) -> Option<String> {
        let said = self.form.said(self.row, field);
        if said.is_empty() {
            return None;
        }
        let amount = amounts::canonical(&said, self.form.definition.decimals);
        if amount.is_none() {
            self.wrong(field, "import.amount", &said);
        }
        amount
    }

    /// The same in minor units.
    fn minor(&mut self, field: Field) -> Option<i64> {
        let amount = self.amount(field)?;
        let minor = amounts::minor(&amount, self.currency);
        if minor.is_none() {
            self.wrong(field, "import.price_too_fine", &amount);
        }
        minor
    }

    fn discount(&mut self) {
        let said = self.form.said(self.row, Field::Discount);
        let text = match said.strip_suffix('%') {
            Some(percent) => amounts::canonical(percent, self.form.definition.decimals).map(|percent| format!("{percent}%")),
            None if said.is_empty() => return,
            None => amounts::canonical(&said, self.form.definition.decimals),
        };
        match text {
            Some(text) => self.canon.set(Column::Discount, text),
            None => self.wrong(Field::Discount, "import.amount", &said),
        }
    }

    fn phone(&mut self) {
        let said = self.form.said(self.row, Field::CustomerPhone);
        // Workbooks and exports put a sign before a number, so that it stays a text.
        let said = said.trim_start_matches(['\'', '=']).trim_matches('"').to_owned();
        let country = self.form.definition.phone_country;
        let read = country.and_then(|country| Phone::parse(&said, country).ok());
        self.canon.set(Column::CustomerPhone, read.map_or(said, |phone| phone.e164().to_owned()));
    }

    fn quantity(&mut self) -> i64 {
        let said = self.form.said(self.row, Field::Quantity);
        let digits = western_digits(said.trim_start_matches(['x', 'X', '×', ' ']));
        let whole = digits.split(['.', ',']).next().unwrap_or_default().to_owned();
        let is_whole = digits[whole.len()..].trim_start_matches(['.', ',']).bytes().all(|sign| sign == b'0');
        let quantity = if said.is_empty() { Some(1) } else { whole.parse().ok().filter(|count| *count > 0 && is_whole) };
        match quantity {
            Some(count) => self.canon.set(Column::Quantity, count.to_string()),
            None => self.wrong(Field::Quantity, "import.quantity", &said),
        }
        quantity.unwrap_or(1)
    }

    /// The price of one, from whichever column knows it; answers the order's total.
    fn price(&mut self, quantity: i64, is_alone: bool) -> Option<i64> {
        let total = self.minor(Field::Total);
        if !self.canon.get(Column::UnitPrice).is_empty() {
            return total;
        }
        let is_wrong = |problems: &[Problem], line: u64| problems.iter().any(|one| one.line == Some(line) && one.field == "unit_price");
        // A share of a sum that is not known yet cannot be taken; the sum has it already.
        let part = |canon: &Canon, column: Column| amounts::minor(canon.get(column), self.currency).unwrap_or(0);
        let discount = part(&self.canon, Column::Discount);
        let around = part(&self.canon, Column::ShippingFee) + part(&self.canon, Column::CodFee) - part(&self.canon, Column::OrderDiscount);
        let sum = match (self.minor(Field::LineTotal), total) {
            (Some(sum), _) => Some(sum + discount),
            (None, Some(total)) if is_alone => Some(total - around + discount),
            _ => None,
        };
        match sum {
            Some(sum) if sum >= 0 => {
                let (each, rest) = amounts::split(sum, quantity);
                self.canon.set(Column::UnitPrice, amounts::text(each, self.currency));
                let discount = if discount + rest > 0 { amounts::text(discount + rest, self.currency) } else { String::new() };
                self.canon.set(Column::Discount, discount);
                if self.canon.get(Column::ShippingFee).is_empty() && total.is_some() && is_alone {
                    self.canon.set(Column::ShippingFee, "0");
                }
            }
            Some(_) => self.wrong(Field::Total, "import.amount", ""),
            None if !is_wrong(self.problems, self.row.line) => self.wrong(Field::UnitPrice, "import.amount", ""),
            None => {}
        }
        total
    }
}

/// A problem of the whole order.
pub(super) fn of_order(field: &str, code: &'static str, found: &str) -> Problem {
    let mut args = Args::new();
    args.insert("found", kernel::cut(found, 60).to_owned());
    Problem { line: None, field: field.to_owned(), code, args }
}
