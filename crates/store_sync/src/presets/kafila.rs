//! Our own columns: one row for each line of an order. docs/import.md explains each.
//!
//! Rows with the same `order_ref` (in the same store) are one order, wherever they stand. What is said
//! about the whole order may stand in any of its rows, or in all, but not differently. A row without
//! `order_ref` is an order of its own; its reference is made from what the row says, and from how many
//! rows before it say the same, so that a second run finds it again.

use std::collections::HashMap;

use kernel::{
    Amount, Channel, Currency, Day, Locale, Money, OrderState, PaymentMethod, Priority, Time, TransactionKind, TransactionState, VariantKind,
    WordError, fold,
};
use orders::{NewAddress, NewContact, NewDiscount, NewLine, NewOrder};
use payments::NewTransaction;
use sha2::{Digest, Sha256};

use super::{Pieces, Survey, Target, Targets, WantedStore, columns, store_code, target, unreadable};
use crate::countries;
use crate::decimal::Decimal;
use crate::groups::{Census, Groups};
use crate::history::{self, Times};
use crate::model::Options;
use crate::piece::{Content, ImportedOrder, Piece, Problem};
use crate::table::{Columns, Row, Table};

columns! {
    OrderRef "order_ref" ["order number", "reference"] false,
    Store "store" [] false,
    PlacedAt "placed_at" ["date"] false,
    Channel "channel" [] false,
    CustomerName "customer_name" ["customer"] false,
    CustomerPhone "customer_phone" ["phone"] false,
    CustomerEmail "customer_email" ["email"] false,
    CustomerRef "customer_ref" [] false,
    Language "language" [] false,
    Address "address" ["line1"] false,
    Address2 "address2" ["line2"] false,
    City "city" ["commune"] false,
    District "district" [] false,
    Province "province" ["wilaya", "county"] false,
    Country "country" [] false,
    PostalCode "postal_code" [] false,
    Sku "sku" [] false,
    Title "title" ["product"] true,
    Variant "variant" [] false,
    Kind "kind" [] false,
    Quantity "quantity" ["qty"] true,
    UnitPrice "unit_price" ["price"] true,
    Discount "discount" [] false,
    OrderDiscount "order_discount" [] false,
    ShippingFee "shipping_fee" [] false,
    CodFee "cod_fee" [] false,
    Currency "currency" [] false,
    PaymentMethod "payment_method" [] false,
    Priority "priority" [] false,
    ExpectedOn "expected_on" [] false,
    Tags "tags" [] false,
    Note "note" [] false,
    State "state" [] false,
    ConfirmedAt "confirmed_at" [] false,
    HandedOverAt "handed_over_at" ["shipped_at"] false,
    DeliveredAt "delivered_at" [] false,
    EndedAt "ended_at" ["cancelled_at", "returned_at"] false,
    PaidAmount "paid_amount" [] false,
    PaidAt "paid_at" [] false,
    RefundedAmount "refunded_amount" [] false,
}

const NAME: &str = "kafila";
const STORE: &str = "MAIN";
/// Headings that begin so are fields of the team's own.
pub(super) const CUSTOM: &str = "custom.";
/// Stands between the parts of a key and in no cell.
const BETWEEN: char = '\u{1f}';

pub(super) fn survey(options: &Options) -> Result<Survey, kernel::Error> {
    let table = Table::open(&options.source)?;
    let headers = table.headers().to_vec();
    let form = Form {
        columns: Columns::find(&headers, COLUMNS)?,
        custom: headers.iter().enumerate().filter_map(|(place, heading)| Some((heading.strip_prefix(CUSTOM)?.to_owned(), place))).collect(),
        store: options.store.as_deref().map(store_code),
    };
    let mut stores: HashMap<String, Option<Currency>> = HashMap::new();
    let census = Census::take(
        table,
        |row| form.key(row),
        |row| {
            let currency = form.cell(row, Column::Currency).parse().ok();
            let known = stores.entry(form.store(row)).or_default();
            *known = known.or(currency);
        },
    )?;
    let rows = census.rows();
    let wanted = |(code, currency): (&String, &Option<Currency>)| WantedStore { code: code.clone(), currency: *currency, template: None };
    let stores = stores.iter().map(wanted).collect();
    let source = options.source.clone();
    let open = move |targets: Targets| -> Result<Pieces, kernel::Error> {
        let keys = form.clone();
        let groups = Groups::new(Table::open(&source)?, census, move |row| keys.key(row));
        let mut reader = Reader::new(form, targets, NAME);
        Ok(Box::new(groups.map(move |group| match group {
            Ok(rows) => reader.piece(rows),
            Err(bad) => unreadable(&bad),
        })))
    };
    Ok(Survey { rows, headers, stores, open: Box::new(open), heading_of: super::headings(options.preset) })
}

/// Whether these are our own headings: those that must be there, and one more that nobody else calls so.
pub(super) fn fits(headers: &[String]) -> bool {
    let own = ["order_ref", "customer_phone", "customer_name", "placed_at"];
    Columns::find(headers, COLUMNS).is_ok() && own.iter().any(|name| headers.iter().any(|header| header == name))
}

/// How this file is filled in.
#[derive(Clone)]
pub(super) struct Form {
    columns: Columns,
    custom: Vec<(String, usize)>,
    /// The store of all rows, whatever they say.
    store: Option<String>,
}

impl Form {
    /// Rows with all our columns in their order, and after them those of the team's own fields.
    pub(super) fn in_order(custom: &[String], store: Option<String>) -> Form {
        let own = custom.iter().enumerate().map(|(place, name)| (name.clone(), COLUMNS.len() + place));
        Form { columns: Columns::in_order(COLUMNS.len()), custom: own.collect(), store }
    }

    fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        unguarded(self.columns.get(row, column as usize))
    }

    fn store(&self, row: &Row) -> String {
        match (&self.store, self.cell(row, Column::Store)) {
            (Some(code), _) => code.clone(),
            (None, "") => STORE.to_owned(),
            (None, code) => store_code(code),
        }
    }

    /// Store and reference; none for a row that is an order of its own.
    fn key(&self, row: &Row) -> Option<String> {
        let reference = self.cell(row, Column::OrderRef);
        (!reference.is_empty()).then(|| format!("{}{BETWEEN}{reference}", self.store(row)))
    }
}

/// Makes orders of rows in our columns.
pub(super) struct Reader {
    form: Form,
    targets: Targets,
    /// The preset that the orders came by.
    source: &'static str,
    /// How often a content without reference was met.
    seen: HashMap<[u8; 16], u32>,
}

impl Reader {
    pub(super) fn new(form: Form, targets: Targets, source: &'static str) -> Reader {
        Reader { form, targets, source, seen: HashMap::new() }
    }

    /// The store that gets orders of these rows.
    pub(super) fn target(&self, store: &str) -> Result<&Target, Vec<Problem>> {
        target(&self.targets, store)
    }

    pub(super) fn piece(&mut self, rows: Vec<Row>) -> Piece {
        let Some(first) = rows.first() else {
            return Piece { name: String::new(), store: String::new(), rows, lines: 0, content: Content::Refused(Vec::new()) };
        };
        let store = self.form.store(first);
        let name = match self.form.cell(first, Column::OrderRef) {
            "" => self.made_reference(first),
            reference => reference.to_owned(),
        };
        let content = self.content(&name, &store, &rows).map_or_else(Content::Refused, |order| Content::Order(Box::new(order)));
        Piece { name, store, lines: rows.len() as u64, rows, content }
    }

    /// `row-`, a fingerprint of what the row says under headings we know, and which of those it is.
    fn made_reference(&mut self, row: &Row) -> String {
        let mut hash = Sha256::new();
        let known = COLUMNS.iter().enumerate().map(|(place, spec)| (spec.name.to_owned(), self.form.columns.get(row, place)));
        let custom = self.form.custom.iter().map(|(name, place)| (format!("{CUSTOM}{name}"), row.cell(*place)));
        let mut said: Vec<(String, &str)> = known.chain(custom).filter(|(_, cell)| !cell.is_empty()).collect();
        said.sort_unstable();
        for (heading, cell) in said {
            hash.update(format!("{heading}{BETWEEN}{cell}{BETWEEN}"));
        }
        let mut content = [0; 16];
        content.copy_from_slice(&hash.finalize()[..16]);
        let count = self.seen.entry(content).or_default();
        *count += 1;
        format!("row-{}-{count}", hex::encode(&content[..10]))
    }

    fn content(&self, name: &str, store: &str, rows: &[Row]) -> Result<ImportedOrder, Vec<Problem>> {
        let target = target(&self.targets, store)?;
        let mut order = Draft { form: &self.form, target, rows, source: self.source, problems: Vec::new() };
        let read = order.read(name);
        if order.problems.is_empty() { Ok(read) } else { Err(order.problems) }
    }
}

/// An order while it is read. Wrong cells are noted, and reading goes on, so that all are told at once.
struct Draft<'a> {
    form: &'a Form,
    target: &'a Target,
    rows: &'a [Row],
    source: &'static str,
    problems: Vec<Problem>,
}

impl<'a> Draft<'a> {
    fn read(&mut self, name: &str) -> ImportedOrder {
        let placed_at = self.time(Column::PlacedAt);
        let currency = self.one(Column::Currency, |text, _| text.parse::<Currency>().map_err(|_| "import.currency"));
        if let Some(found) = currency.filter(|currency| *currency != self.target.currency) {
            let row = self.said(Column::Currency).map(|(row, _)| row);
            let wrong = Problem { line: row.map(|row| row.line), ..self.problem(Column::Currency, "currency.store") };
            self.problems.push(wrong.with("expected", self.target.currency).with("found", found));
        }
        let lines = self.rows.iter().map(|row| self.line(row)).collect();
        let order = NewOrder {
            external_ref: Some(name.to_owned()),
            channel: self.word(Column::Channel).unwrap_or(Channel::Import),
            placed_at,
            customer: self.contact(),
            shipping_address: self.address(),
            lines,
            discount: self.one(Column::OrderDiscount, discount),
            shipping_fee: self.one(Column::ShippingFee, money),
            cod_fee: self.one(Column::CodFee, money),
            payment_method: self.word(Column::PaymentMethod).unwrap_or(PaymentMethod::Cod),
            priority: self.word(Column::Priority).unwrap_or(Priority::Normal),
            expected_on: self.one(Column::ExpectedOn, |text, _| Day::parse(text.get(..10).unwrap_or(text)).ok_or("import.day")),
            tags: self.said(Column::Tags).map(|(_, text)| tags(text)).unwrap_or_default(),
            custom: self.custom(),
            note: self.said(Column::Note).map(|(_, text)| text.to_owned()),
            import_source: Some(self.source.to_owned()),
            ..NewOrder::new(kernel::Id::from_i64(0))
        };
        ImportedOrder { payments: self.payments(&order, placed_at), steps: self.steps(placed_at), order }
    }

    /// What was paid and what was given back of it. A time that is missing is that of the delivery, else
    /// of the placing.
    fn payments(&mut self, order: &NewOrder, placed: Option<Time>) -> Vec<NewTransaction> {
        if self.said(Column::PaidAmount).is_none() && self.said(Column::RefundedAmount).is_none() {
            return Vec::new();
        }
        let at = self.time(Column::PaidAt).or_else(|| self.time(Column::DeliveredAt)).or(placed);
        let ended = self.time(Column::EndedAt).or(at);
        let moves = [(Column::PaidAmount, TransactionKind::Payment, at), (Column::RefundedAmount, TransactionKind::Refund, ended)];
        let mut payments = Vec::new();
        for (column, kind, at) in moves {
            let Some(money) = self.one(column, money) else { continue };
            if money.amount.0 < 0 {
                let row = self.said(column).map(|(row, _)| row.line);
                self.problems.push(Problem { line: row, ..self.problem(column, "import.amount") });
            }
            let Some(at) = at else {
                let row = self.said(column).map(|(row, _)| row.line);
                self.problems.push(Problem { line: row, ..self.problem(Column::PlacedAt, "import.past_needs_time") });
                continue;
            };
            if money.amount.0 > 0 {
                payments.push(NewTransaction {
                    kind,
                    state: TransactionState::Settled,
                    method: order.payment_method,
                    amount: money.amount,
                    currency: money.currency,
                    reference: None,
                    at,
                });
            }
        }
        payments
    }

    fn problem(&self, column: Column, code: &'static str) -> Problem {
        Problem { line: None, field: column.heading().to_owned(), code, args: kernel::Args::new() }
    }

    /// What the order's rows say in a column: the first that says something; another that says something
    /// else is wrong.
    fn said(&mut self, column: Column) -> Option<(&'a Row, &'a str)> {
        let form = self.form;
        let mut said = self.rows.iter().map(|row| (row, form.cell(row, column))).filter(|(_, text)| !text.is_empty());
        let (first, text) = said.next()?;
        if let Some((other, _)) = said.find(|(_, other)| *other != text) {
            let wrong = Problem::at(other, column.heading(), "import.differs").with("first", first.line);
            if !self.problems.contains(&wrong) {
                self.problems.push(wrong);
            }
        }
        Some((first, text))
    }

    fn one<T>(&mut self, column: Column, read: impl FnOnce(&str, &Target) -> Result<T, &'static str>) -> Option<T> {
        let (row, text) = self.said(column)?;
        match read(text, self.target) {
            Ok(value) => Some(value),
            Err(code) => {
                let wrong = Problem::at(row, column.heading(), code).with("currency", self.target.currency);
                if !self.problems.contains(&wrong) {
                    self.problems.push(wrong);
                }
                None
            }
        }
    }

    fn word<T: std::str::FromStr<Err = WordError>>(&mut self, column: Column) -> Option<T> {
        let (row, text) = self.said(column)?;
        text.parse()
            .map_err(|error: WordError| {
                self.problems.push(Problem::at(row, column.heading(), "import.word").with("allowed", error.allowed.join(", ")))
            })
            .ok()
    }

    fn time(&mut self, column: Column) -> Option<Time> {
        self.one(column, time)
    }

    fn text(&mut self, column: Column) -> Option<String> {
        self.said(column).map(|(_, text)| text.to_owned())
    }

    fn contact(&mut self) -> Option<NewContact> {
        let contact = NewContact {
            name: self.text(Column::CustomerName).unwrap_or_default(),
            phone: self.text(Column::CustomerPhone),
            email: self.text(Column::CustomerEmail),
            language: self.word::<Locale>(Column::Language),
            external_ref: self.text(Column::CustomerRef),
        };
        (contact != NewContact { language: contact.language, ..NewContact::default() }).then_some(contact)
    }

    fn address(&mut self) -> Option<NewAddress> {
        let country = self.one(Column::Country, |text, _| countries::find(text).ok_or("import.country"));
        let address = NewAddress {
            line1: self.text(Column::Address).unwrap_or_default(),
            line2: self.text(Column::Address2),
            city: self.text(Column::City),
            district: self.text(Column::District),
            province: self.text(Column::Province),
            country,
            postal_code: self.text(Column::PostalCode),
            ..NewAddress::default()
        };
        (address != NewAddress::default()).then_some(address)
    }

    fn custom(&mut self) -> serde_json::Map<String, serde_json::Value> {
        let form = self.form;
        let mut custom = serde_json::Map::new();
        for (name, place) in &form.custom {
            let mut said = self.rows.iter().filter(|row| !row.cell(*place).is_empty());
            let Some(first) = said.next() else { continue };
            if let Some(other) = said.find(|row| row.cell(*place) != first.cell(*place)) {
                self.problems.push(Problem::at(other, &format!("{CUSTOM}{name}"), "import.differs").with("first", first.line));
            }
            custom.insert(name.clone(), unguarded(first.cell(*place)).into());
        }
        custom
    }

    fn line(&mut self, row: &Row) -> NewLine {
        let form = self.form;
        let target = self.target;
        let mut wrong = |column: Column, code: &'static str, allowed: &str| {
            self.problems.push(Problem::at(row, column.heading(), code).with("currency", target.currency).with("allowed", allowed));
        };
        let cell = |column: Column| form.cell(row, column);
        let quantity = cell(Column::Quantity).parse::<i64>().ok().filter(|quantity| *quantity > 0);
        if quantity.is_none() {
            wrong(Column::Quantity, "quantity", "");
        }
        let price = Decimal::parse(cell(Column::UnitPrice));
        let unit_price = match (price, quantity) {
            (None, _) => Err("import.amount"),
            (Some(price), Some(quantity)) => price.unit_price(quantity, target.currency),
            (Some(_), None) => Ok(Amount::ZERO),
        };
        let unit_price = unit_price.unwrap_or_else(|code| {
            wrong(Column::UnitPrice, code, "");
            Amount::ZERO
        });
        if cell(Column::Title).is_empty() {
            wrong(Column::Title, "required", "");
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let discount = some(cell(Column::Discount)).and_then(|text| discount(&text, target).map_err(|code| wrong(Column::Discount, code, "")).ok());
        let kind = match cell(Column::Kind) {
            "" => VariantKind::Goods,
            word => word.parse().unwrap_or_else(|error: WordError| {
                wrong(Column::Kind, "import.word", &error.allowed.join(", "));
                VariantKind::Goods
            }),
        };
        NewLine {
            variant: some(cell(Column::Variant)),
            discount,
            kind,
            ..NewLine::new(
                some(cell(Column::Sku)).as_deref(),
                cell(Column::Title),
                quantity.unwrap_or(1),
                Money { amount: unit_price, currency: target.currency },
            )
        }
    }

    fn steps(&mut self, placed: Option<Time>) -> Vec<crate::piece::Step> {
        let times = Times {
            placed: placed.unwrap_or_default(),
            confirmed: self.time(Column::ConfirmedAt),
            handed_over: self.time(Column::HandedOverAt),
            delivered: self.time(Column::DeliveredAt),
            ended: self.time(Column::EndedAt),
        };
        let Some(state) = self.word::<OrderState>(Column::State) else { return Vec::new() };
        let row = self.said(Column::State).map(|(row, _)| row);
        if placed.is_none() && state != OrderState::Pending {
            self.problems.push(Problem { line: row.map(|row| row.line), ..self.problem(Column::PlacedAt, "import.past_needs_time") });
        }
        history::steps(state, &times)
    }
}

fn money(text: &str, target: &Target) -> Result<Money, &'static str> {
    let amount = Decimal::parse(text).ok_or("import.amount")?.unit_price(1, target.currency)?;
    Ok(Money { amount, currency: target.currency })
}

/// `500`, or `10%`.
fn discount(text: &str, target: &Target) -> Result<NewDiscount, &'static str> {
    let Some(percent) = text.strip_suffix('%') else { return money(text, target).map(NewDiscount::Amount) };
    // Ten thousand millionths are one per cent: read with four decimals.
    let ppm = Decimal::parse(percent.trim()).and_then(|percent| percent.scaled(4)).ok_or("import.percent")?;
    Ok(NewDiscount::Percent(ppm))
}

/// An instant with its offset, or a local time or day of the store.
fn time(text: &str, target: &Target) -> Result<Time, &'static str> {
    let local = || Time::parse_local(text, &target.zone);
    let day = || Some(Day::parse(text)?.start_in(&target.zone));
    Time::parse(text).or_else(local).or_else(day).ok_or("import.time")
}

/// A text without the apostrophe that an export puts before what a spreadsheet would take for a formula.
pub(super) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(inner) if inner.starts_with(['=', '+', '-', '@', '\t', '\r']) => inner,
        _ => text,
    }
}

/// Words between semicolons or bars.
fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([';', '|']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|one| fold(one) == fold(tag)) {
            tags.push(tag.to_owned());
        }
    }
    tags
}
