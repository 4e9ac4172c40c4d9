//! The order export of Shopify: one row for each line item; the columns of the order stand in its first row,
//! and are empty in those that follow. docs/import.md has the table of columns and states.

use kernel::{Currency, Error, OrderState};

use super::mapped::{Canon, Translated, Translator, of_order, reconcile};
use super::{columns, kafila};
use crate::dates::DateOrder;
use crate::mapping::{DecimalMark, Field, known_word};
use crate::piece::Problem;
use crate::table::{Columns, Row};
use crate::{amounts, dates};

columns! {
    Name "Name" [] true,
    Email "Email" [] false,
    Phone "Phone" [] false,
    Financial "Financial Status" [] true,
    PaidAt "Paid at" [] false,
    Fulfillment "Fulfillment Status" [] false,
    FulfilledAt "Fulfilled at" ["Fulfillment Date"] false,
    CancelledAt "Cancelled at" [] false,
    CreatedAt "Created at" [] true,
    Currency "Currency" [] false,
    Subtotal "Subtotal" [] false,
    Shipping "Shipping" [] false,
    Total "Total" [] false,
    DiscountAmount "Discount Amount" [] false,
    Outstanding "Outstanding Balance" [] false,
    Refunded "Refunded Amount" [] false,
    PaymentMethod "Payment Method" [] false,
    Quantity "Lineitem quantity" [] true,
    Title "Lineitem name" [] true,
    Price "Lineitem price" [] true,
    Sku "Lineitem sku" [] false,
    LineDiscount "Lineitem discount" [] false,
    RequiresShipping "Lineitem requires shipping" [] false,
    ShippingName "Shipping Name" [] false,
    ShippingStreet "Shipping Address1" ["Shipping Street"] false,
    ShippingStreet2 "Shipping Address2" [] false,
    ShippingCity "Shipping City" [] false,
    ShippingProvince "Shipping Province Name" ["Shipping Province"] false,
    ShippingZip "Shipping Zip" [] false,
    ShippingCountry "Shipping Country" [] false,
    ShippingPhone "Shipping Phone" [] false,
    BillingName "Billing Name" [] false,
    BillingStreet "Billing Address1" ["Billing Street"] false,
    BillingStreet2 "Billing Address2" [] false,
    BillingCity "Billing City" [] false,
    BillingProvince "Billing Province Name" ["Billing Province"] false,
    BillingZip "Billing Zip" [] false,
    BillingCountry "Billing Country" [] false,
    BillingPhone "Billing Phone" [] false,
    Notes "Notes" [] false,
    Attributes "Note Attributes" [] false,
    Tags "Tags" [] false,
    Source "Source" [] false,
}

type Ours = kafila::Column;

/// Which of our columns comes from which of Shopify's, for whoever is told that something is wrong.
const FROM: &[(&str, Column)] = &[
    ("order_ref", Column::Name),
    ("placed_at", Column::CreatedAt),
    ("customer_name", Column::ShippingName),
    ("customer_phone", Column::ShippingPhone),
    ("customer_email", Column::Email),
    ("address", Column::ShippingStreet),
    ("address2", Column::ShippingStreet2),
    ("city", Column::ShippingCity),
    ("province", Column::ShippingProvince),
    ("postal_code", Column::ShippingZip),
    ("country", Column::ShippingCountry),
    ("sku", Column::Sku),
    ("title", Column::Title),
    ("quantity", Column::Quantity),
    ("unit_price", Column::Price),
    ("discount", Column::LineDiscount),
    ("order_discount", Column::DiscountAmount),
    ("shipping_fee", Column::Shipping),
    ("currency", Column::Currency),
    ("payment_method", Column::PaymentMethod),
    ("state", Column::Financial),
    ("handed_over_at", Column::FulfilledAt),
    ("delivered_at", Column::FulfilledAt),
    ("ended_at", Column::CancelledAt),
    ("paid_amount", Column::Total),
    ("paid_at", Column::PaidAt),
    ("refunded_amount", Column::Refunded),
    ("total", Column::Total),
    ("note", Column::Notes),
    ("tags", Column::Tags),
];

/// Reads Shopify's rows.
pub(crate) struct Shopify {
    columns: Columns,
}

impl Shopify {
    pub(super) fn of(headers: &[String]) -> Result<Shopify, Error> {
        Ok(Shopify { columns: Columns::find(headers, COLUMNS)? })
    }

    /// Whether these are the headings of such a file.
    pub(crate) fn fits(headers: &[String]) -> bool {
        Shopify::of(headers).is_ok()
    }

    fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        // Shopify writes `'16000`, so that workbooks keep it a text.
        self.columns.get(row, column as usize).trim_start_matches('\'')
    }
}

impl Translator for Shopify {
    fn source(&self) -> &'static str {
        "shopify"
    }

    fn key(&self, row: &Row) -> Option<String> {
        Some(self.cell(row, Column::Name).to_owned()).filter(|name| !name.is_empty())
    }

    fn currency(&self, row: &Row) -> Option<Currency> {
        self.cell(row, Column::Currency).parse().ok()
    }

    fn translate(&self, rows: &[Row], currency: Currency) -> Translated {
        let mut order = Order { form: self, rows, currency, problems: Vec::new() };
        let rows = order.read();
        Translated { rows, problems: order.problems }
    }

    fn heading(&self, column: &str) -> String {
        FROM.iter().find(|(ours, _)| *ours == column).map_or(column, |(_, theirs)| theirs.heading()).to_owned()
    }
}

/// One order while it is read.
struct Order<'a> {
    form: &'a Shopify,
    rows: &'a [Row],
    currency: Currency,
    problems: Vec<Problem>,
}

impl Order<'_> {
    fn read(&mut self) -> Vec<Canon> {
        let mut canon: Vec<Canon> = self.rows.iter().map(|row| self.line(row)).collect();
        let amount = |this: &mut Self, column: Column, ours: &str| this.amount(this.said(column).to_owned(), ours);
        let subtotal = amount(self, Column::Subtotal, "total");
        let shipping = amount(self, Column::Shipping, "shipping_fee");
        let total = amount(self, Column::Total, "total");
        let outstanding = amount(self, Column::Outstanding, "paid_amount").unwrap_or(0);
        let refunded = amount(self, Column::Refunded, "refunded_amount").unwrap_or(0);
        self.let_lines_fit(&mut canon, subtotal);

        let method = self.method();
        let is_paid = matches!(self.status(Column::Financial).as_str(), "paid" | "partially_refunded" | "refunded");
        let paid = match self.status(Column::Financial).as_str() {
            "paid" | "partially_refunded" | "refunded" => total.unwrap_or(0),
            "partially_paid" => (total.unwrap_or(0) - outstanding).max(0),
            _ => 0,
        };
        let state = self.state(is_paid);
        let Some(first) = canon.first_mut() else { return canon };
        let text = |minor: i64| amounts::text(minor, self.currency);
        first.set(Ours::ShippingFee, text(shipping.unwrap_or(0)));
        first.set(Ours::CodFee, "0");
        if paid > 0 {
            first.set(Ours::PaidAmount, text(paid));
        }
        if refunded > 0 {
            first.set(Ours::RefundedAmount, text(refunded));
        }
        first.set(Ours::PaymentMethod, method);
        first.set(Ours::State, state.as_str());
        let first = &mut canon[0];
        self.times(first, state);
        self.who_and_where(first);
        self.rest(first);
        if let Some(total) = total {
            reconcile(&mut canon, total, self.currency);
        }
        canon
    }

    /// The first cell of a column that says something.
    fn said(&self, column: Column) -> &str {
        self.rows.iter().map(|row| self.form.cell(row, column)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    fn either(&self, one: Column, other: Column) -> &str {
        Some(self.said(one)).filter(|said| !said.is_empty()).unwrap_or_else(|| self.said(other))
    }

    fn status(&self, column: Column) -> String {
        self.said(column).to_ascii_lowercase().replace(' ', "_")
    }

    fn amount(&mut self, said: String, ours: &str) -> Option<i64> {
        if said.is_empty() {
            return None;
        }
        let minor = amounts::canonical(&said, DecimalMark::Point).and_then(|amount| amounts::minor(&amount, self.currency));
        if minor.is_none() {
            self.problems.push(of_order(ours, "import.amount", &said));
        }
        minor
    }

    fn line(&mut self, row: &Row) -> Canon {
        let cell = |column: Column| self.form.cell(row, column);
        let mut canon = Canon::new(row.line, 0);
        canon.set(Ours::OrderRef, cell(Column::Name));
        canon.set(Ours::Sku, cell(Column::Sku));
        canon.set(Ours::Title, cell(Column::Title));
        canon.set(Ours::Quantity, cell(Column::Quantity));
        canon.set(Ours::UnitPrice, amounts::canonical(cell(Column::Price), DecimalMark::Point).unwrap_or_default());
        if cell(Column::RequiresShipping).eq_ignore_ascii_case("false") {
            canon.set(Ours::Kind, "service");
        }
        let discount = amounts::canonical(cell(Column::LineDiscount), DecimalMark::Point).unwrap_or_default();
        if amounts::minor(&discount, self.currency).is_some_and(|minor| minor > 0) {
            canon.set(Ours::Discount, discount);
        }
        canon
    }

    /// Shopify's subtotal is what the lines come to after all discounts. Where the discounts of the lines
    /// say less than that, the rest is the order's; where they say more, they are counted there already.
    fn let_lines_fit(&mut self, canon: &mut [Canon], subtotal: Option<i64>) {
        let sums = |canon: &[Canon]| -> Option<(i64, i64)> {
            canon.iter().try_fold((0_i64, 0_i64), |(sum, discounts), row| {
                let price = amounts::minor(row.get(Ours::UnitPrice), self.currency)?;
                let quantity: i64 = row.get(Ours::Quantity).parse().ok()?;
                let discount = amounts::minor(row.get(Ours::Discount), self.currency).unwrap_or(0);
                Some((sum.checked_add(price.checked_mul(quantity)?)?, discounts + discount))
            })
        };
        let Some((sum, discounts)) = sums(canon) else { return };
        let given = amounts::canonical(self.said(Column::DiscountAmount), DecimalMark::Point);
        let given = given.and_then(|amount| amounts::minor(&amount, self.currency)).unwrap_or(0);
        let wanted = subtotal.map_or(given + discounts, |subtotal| sum - subtotal);
        let rest = wanted - discounts;
        if rest < 0 {
            canon.iter_mut().for_each(|row| row.set(Ours::Discount, ""));
        }
        let rest = if rest < 0 { wanted } else { rest };
        if rest > 0
            && let Some(first) = canon.first_mut()
        {
            first.set(Ours::OrderDiscount, amounts::text(rest, self.currency));
        }
    }

    fn method(&self) -> String {
        let said = self.said(Column::PaymentMethod);
        // Several are joined with a plus.
        let known = said.split('+').find_map(|one| known_word(Field::PaymentMethod, one.trim()));
        match (known, said) {
            (Some(known), _) => known,
            (None, "") if self.status(Column::Financial) != "paid" => "cod".to_owned(),
            (None, said) if said.to_lowercase().contains("cash on delivery") || said.contains("COD") => "cod".to_owned(),
            (None, _) => "other".to_owned(),
        }
    }

    /// Where an order stands, of what was paid, what was sent and whether it was called off.
    fn state(&mut self, is_paid: bool) -> OrderState {
        let (financial, fulfillment) = (self.status(Column::Financial), self.status(Column::Fulfillment));
        let is_sent = matches!(fulfillment.as_str(), "fulfilled" | "restocked");
        match (financial.as_str(), fulfillment.as_str()) {
            (_, "restocked") => OrderState::Returned,
            _ if !self.said(Column::CancelledAt).is_empty() && !is_sent => OrderState::Cancelled,
            ("voided" | "expired", _) => OrderState::Cancelled,
            ("refunded", "fulfilled") => OrderState::Refunded,
            ("refunded", _) => OrderState::Cancelled,
            (_, "fulfilled") if is_paid => OrderState::Delivered,
            (_, "fulfilled") => OrderState::Shipped,
            (_, "partial" | "partially_fulfilled" | "in_progress") => OrderState::Processing,
            (_, "" | "unfulfilled" | "pending" | "scheduled" | "on_hold" | "null") => match financial.as_str() {
                "paid" | "authorized" | "partially_paid" | "partially_refunded" => OrderState::Confirmed,
                "" | "pending" | "unpaid" => OrderState::Pending,
                _ => self.unknown("state", Column::Financial),
            },
            _ => self.unknown("state", Column::Fulfillment),
        }
    }

    fn unknown(&mut self, ours: &str, column: Column) -> OrderState {
        let said = self.said(column).to_owned();
        self.problems.push(of_order(ours, "import.word_unknown", &said));
        OrderState::Pending
    }

    fn times(&mut self, first: &mut Canon, state: OrderState) {
        let sent = [OrderState::Shipped, OrderState::Delivered, OrderState::Refunded, OrderState::Returned].contains(&state);
        let times = [
            (Column::CreatedAt, Ours::PlacedAt, true),
            (Column::PaidAt, Ours::PaidAt, true),
            (Column::FulfilledAt, Ours::HandedOverAt, sent),
            (Column::CancelledAt, Ours::EndedAt, true),
        ];
        for (theirs, ours, is_wanted) in times {
            let said = self.said(theirs).to_owned();
            if said.is_empty() || !is_wanted {
                continue;
            }
            match dates::canonical(&said, DateOrder::MonthFirst) {
                Some(date) => first.set(ours, date),
                None => self.problems.push(of_order(ours.heading(), "import.date", &said)),
            }
        }
    }

    fn who_and_where(&self, first: &mut Canon) {
        // An address is taken whole: the one for shipping, or, for what nobody ships, the one for billing.
        let is_shipped = [Column::ShippingName, Column::ShippingStreet, Column::ShippingCity].into_iter().any(|column| !self.said(column).is_empty());
        let pick = |shipping: Column, billing: Column| if is_shipped { self.said(shipping) } else { self.said(billing) };
        first.set(Ours::CustomerName, self.either(Column::ShippingName, Column::BillingName));
        let phone = self.either(Column::ShippingPhone, Column::BillingPhone);
        first.set(Ours::CustomerPhone, if phone.is_empty() { self.said(Column::Phone) } else { phone });
        first.set(Ours::CustomerEmail, self.said(Column::Email));
        first.set(Ours::Address, pick(Column::ShippingStreet, Column::BillingStreet));
        first.set(Ours::Address2, pick(Column::ShippingStreet2, Column::BillingStreet2));
        first.set(Ours::City, pick(Column::ShippingCity, Column::BillingCity));
        first.set(Ours::Province, pick(Column::ShippingProvince, Column::BillingProvince));
        first.set(Ours::PostalCode, pick(Column::ShippingZip, Column::BillingZip));
        first.set(Ours::Country, pick(Column::ShippingCountry, Column::BillingCountry));
        if self.said(Column::ShippingName).is_empty() && self.said(Column::BillingName).is_empty() {
            first.set(Ours::CustomerName, self.said(Column::Email));
        }
    }

    fn rest(&self, first: &mut Canon) {
        let notes: Vec<&str> =
            [Column::Notes, Column::Attributes].into_iter().map(|column| self.said(column)).filter(|said| !said.is_empty()).collect();
        first.set(Ours::Note, notes.join("\n"));
        first.set(Ours::Tags, self.said(Column::Tags).replace(',', ";"));
        first.set(Ours::Currency, self.said(Column::Currency));
        let channel = if self.said(Column::Source).eq_ignore_ascii_case("pos") { "in_store" } else { "web" };
        first.set(Ours::Channel, channel);
    }
}
