//! Invoice lines as in the UCI data set Online Retail II: one row for each line of an invoice.
//!
//! | invoice | becomes |
//! |---|---|
//! | that sells something | an order, placed and delivered when the invoice was written |
//! | beginning with `C` | a credit note, linked to the order which it returns where one is found |
//! | beginning with `A` (bad debt), or without a line that sells | an adjustment: a credit note that is about no sale |
//!
//! Rows without `Customer ID` make an order without customer. Postage, fees, discounts and the like
//! are lines as all others, but services, not goods. Times are those of London; when the rows of an
//! invoice have several, the first counts. Credit notes come last, because the order that one returns
//! may stand anywhere in the file.

use kernel::{Channel, CreditKind, Money, PaymentMethod, Time, VariantKind, WeekStart};
use orders::{NewAddress, NewContact, NewCreditLine, NewCreditNote, NewLine, NewOrder};

use super::{Pieces, Survey, Target, Targets, WantedStore, columns, store_code, target, unreadable};
use crate::countries;
use crate::decimal::Decimal;
use crate::groups::{Census, Groups};
use crate::history::{self, Times};
use crate::model::Options;
use crate::piece::{Content, ImportedOrder, Piece, Problem};
use crate::table::{Columns, Row, Table};

columns! {
    Invoice "Invoice" ["InvoiceNo"] true,
    StockCode "StockCode" [] true,
    Description "Description" [] true,
    Quantity "Quantity" [] true,
    InvoiceDate "InvoiceDate" [] true,
    Price "Price" ["UnitPrice"] true,
    Customer "Customer ID" ["CustomerID"] true,
    Country "Country" [] true,
}

const NAME: &str = "online-retail";
const STORE: &str = "RETAIL";
const ZONE: &str = "Europe/London";

/// Stock codes that are no goods: postage and carriage (POST, DOT, C2, C3), entries by hand (M),
/// discounts (D), charges and commissions (BANK CHARGES, AMAZONFEE, CRUK), bad debt (B), samples (S),
/// adjustments. All others are goods, also those that do not begin with five digits: DCGS…, gift_…, PADS, SP1002, TEST….
const SERVICES: &[&str] = &["POST", "DOT", "C2", "C3", "M", "D", "BANK CHARGES", "AMAZONFEE", "CRUK", "B", "S", "ADJUST", "ADJUST2"];

/// The tag of orders whose country has no code of its own: they keep the word as their province.
const COUNTRY_UNKNOWN: &str = "country-unknown";

pub(super) fn survey(options: &Options) -> Result<Survey, kernel::Error> {
    let table = Table::open(&options.source)?;
    let headers = table.headers().to_vec();
    let columns = Columns::find(&headers, COLUMNS)?;
    let key = move |columns: &Columns, row: &Row| Some(columns.get(row, Column::Invoice as usize).to_owned()).filter(|invoice| !invoice.is_empty());
    let census = Census::take(table, |row| key(&columns, row), |_| {})?;
    let rows = census.rows();
    let store = options.store.as_deref().map_or_else(|| STORE.to_owned(), store_code);
    let currency = "GBP".parse().map_err(kernel::Error::internal)?;
    let template = access::NewStore {
        currency,
        country: "GB".parse().map_err(kernel::Error::internal)?,
        zone: ZONE.to_owned(),
        week_start: WeekStart::Monday,
        number_style: kernel::NumberStyle::CommaPoint,
        notify_language: kernel::Locale::En,
        tax_label: "VAT".to_owned(),
        ..access::NewStore::algerian(&store, "Online Retail")
    };
    let wanted = WantedStore { code: store.clone(), currency: Some(currency), template: Some(Box::new(template)) };
    let source = options.source.clone();
    let open = move |targets: Targets| -> Result<Pieces, kernel::Error> {
        let read = columns.clone();
        let groups = Groups::new(Table::open(&source)?, census, move |row| key(&read, row));
        let mut reader = Reader { columns, store, targets, zone: jiff::tz::TimeZone::get(ZONE).map_err(kernel::Error::internal)? };
        let mut credits: Vec<Piece> = Vec::new();
        let mut groups = groups.map(move |group| match group {
            Ok(rows) => reader.piece(rows),
            Err(bad) => unreadable(&bad),
        });
        let mut is_read = false;
        Ok(Box::new(std::iter::from_fn(move || {
            while !is_read {
                match groups.next() {
                    Some(piece) if is_return(&piece) => credits.push(piece),
                    Some(piece) => return Some(piece),
                    None => {
                        is_read = true;
                        credits.reverse();
                    }
                }
            }
            credits.pop()
        })))
    };
    Ok(Survey { rows, headers, stores: vec![wanted], open: Box::new(open), heading_of: super::headings(options.preset) })
}

/// Whether these are the headings of such a file.
pub(super) fn fits(headers: &[String]) -> bool {
    Columns::find(headers, COLUMNS).is_ok()
}

fn is_return(piece: &Piece) -> bool {
    matches!(&piece.content, Content::Credit(note) if note.kind == CreditKind::Return)
}

struct Reader {
    columns: Columns,
    store: String,
    targets: Targets,
    zone: jiff::tz::TimeZone,
}

/// What all rows of an invoice have in common.
struct Head<'a> {
    at: Time,
    customer: &'a str,
    country: &'a str,
}

/// A row that makes sense.
struct Line<'a> {
    code: &'a str,
    title: &'a str,
    quantity: i64,
    price: Decimal,
    unit_price: Money,
}

impl Reader {
    fn piece(&mut self, rows: Vec<Row>) -> Piece {
        let name = rows.first().map(|row| self.columns.get(row, Column::Invoice as usize).to_owned()).unwrap_or_default();
        let content = self.content(&name, &rows).unwrap_or_else(Content::Refused);
        Piece { name, store: self.store.clone(), lines: rows.len() as u64, rows, content }
    }

    fn content(&self, invoice: &str, rows: &[Row]) -> Result<Content, Vec<Problem>> {
        let target = target(&self.targets, &self.store)?;
        let mut problems = Vec::new();
        let head = self.head(rows, &mut problems);
        let lines: Vec<Line<'_>> = rows.iter().filter_map(|row| self.line(row, target, &mut problems)).collect();
        let Some(head) = head.filter(|_| problems.is_empty()) else { return Err(problems) };
        Ok(match invoice.as_bytes().first() {
            Some(b'C' | b'c') => credit(invoice, CreditKind::Return, &head, &lines),
            Some(b'A' | b'a') => credit(invoice, CreditKind::Adjustment, &head, &lines),
            _ if lines.iter().any(|line| line.quantity > 0 && line.price.is_positive()) => order(invoice, target, &head, &lines),
            _ => credit(invoice, CreditKind::Adjustment, &head, &lines),
        })
    }

    fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        self.columns.get(row, column as usize)
    }

    fn head<'a>(&self, rows: &'a [Row], problems: &mut Vec<Problem>) -> Option<Head<'a>> {
        let first = rows.first()?;
        if self.cell(first, Column::Invoice).is_empty() {
            problems.push(Problem::at(first, Column::Invoice.heading(), "required"));
        }
        for column in [Column::Customer, Column::Country] {
            if let Some(other) = rows.iter().find(|row| self.cell(row, column) != self.cell(first, column)) {
                problems.push(Problem::at(other, column.heading(), "import.differs").with("first", first.line));
            }
        }
        let at = Time::parse_local(self.cell(first, Column::InvoiceDate), &self.zone);
        if at.is_none() {
            problems.push(Problem::at(first, Column::InvoiceDate.heading(), "import.time"));
        }
        // Some programs write whole numbers with a decimal.
        let customer = self.cell(first, Column::Customer);
        Some(Head { at: at?, customer: customer.strip_suffix(".0").unwrap_or(customer), country: self.cell(first, Column::Country) })
    }

    fn line<'a>(&self, row: &'a Row, target: &Target, problems: &mut Vec<Problem>) -> Option<Line<'a>> {
        let quantity: Option<i64> = self.cell(row, Column::Quantity).parse().ok().filter(|quantity| *quantity != 0);
        if quantity.is_none() {
            problems.push(Problem::at(row, Column::Quantity.heading(), "import.quantity"));
        }
        let price = Decimal::parse(self.cell(row, Column::Price));
        if price.is_none() {
            problems.push(Problem::at(row, Column::Price.heading(), "import.amount"));
        }
        let code = self.cell(row, Column::StockCode);
        if code.is_empty() {
            problems.push(Problem::at(row, Column::StockCode.heading(), "required"));
        }
        let (quantity, price) = (quantity?, price?);
        match price.unit_price(quantity, target.currency) {
            Ok(amount) => {
                let title = self.cell(row, Column::Description);
                // What a spreadsheet had left empty some programs write as `nan`.
                let title = if title.is_empty() || title == "nan" { code } else { title };
                Some(Line { code, title, quantity, price, unit_price: Money { amount, currency: target.currency } })
            }
            Err(why) => {
                problems.push(Problem::at(row, Column::Price.heading(), why).with("currency", target.currency));
                None
            }
        }
    }
}

fn kind_of(code: &str) -> VariantKind {
    if SERVICES.iter().any(|service| service.eq_ignore_ascii_case(code)) { VariantKind::Service } else { VariantKind::Goods }
}

fn contact(head: &Head<'_>) -> Option<NewContact> {
    (!head.customer.is_empty()).then(|| NewContact {
        name: format!("Customer {}", head.customer),
        external_ref: Some(head.customer.to_owned()),
        ..NewContact::default()
    })
}

fn order(invoice: &str, target: &Target, head: &Head<'_>, lines: &[Line<'_>]) -> Content {
    let country = countries::find(head.country);
    let is_unknown = country.is_none();
    let nothing = Money { amount: kernel::Amount::ZERO, currency: target.currency };
    let order = NewOrder {
        external_ref: Some(invoice.to_owned()),
        channel: Channel::Import,
        placed_at: Some(head.at),
        customer: contact(head),
        shipping_address: Some(NewAddress {
            country,
            province: is_unknown.then(|| head.country.to_owned()).filter(|country| !country.is_empty()),
            is_unknown,
            ..NewAddress::default()
        }),
        lines: lines
            .iter()
            .map(|line| NewLine { kind: kind_of(line.code), ..NewLine::new(Some(line.code), line.title, line.quantity, line.unit_price) })
            .collect(),
        shipping_fee: Some(nothing),
        cod_fee: Some(nothing),
        payment_method: PaymentMethod::Other,
        tags: if is_unknown { vec![COUNTRY_UNKNOWN.to_owned()] } else { Vec::new() },
        import_source: Some(NAME.to_owned()),
        ..NewOrder::new(kernel::Id::from_i64(0))
    };
    let times = Times { placed: head.at, ..Times::default() };
    let steps = history::steps(kernel::OrderState::Delivered, &times);
    Content::Order(Box::new(ImportedOrder { order, steps, payments: Vec::new() }))
}

fn credit(invoice: &str, kind: CreditKind, head: &Head<'_>, lines: &[Line<'_>]) -> Content {
    Content::Credit(Box::new(NewCreditNote {
        store_id: kernel::Id::from_i64(0),
        external_ref: Some(invoice.to_owned()),
        kind,
        order_id: None,
        customer: contact(head).map(|contact| customers::NewCustomer {
            name: contact.name,
            external_ref: contact.external_ref,
            ..customers::NewCustomer::default()
        }),
        country: countries::find(head.country),
        lines: lines
            .iter()
            .map(|line| NewCreditLine {
                sku: Some(line.code.to_owned()),
                title: line.title.to_owned(),
                kind: kind_of(line.code),
                // A note says what goes back, an invoice what goes out.
                quantity: -line.quantity,
                unit_price: line.unit_price.amount,
            })
            .collect(),
        given_at: Some(head.at),
        reason: None,
        import_source: Some(NAME.to_owned()),
    }))
}
