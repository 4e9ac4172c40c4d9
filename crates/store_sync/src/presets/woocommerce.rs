//! Orders of WooCommerce as its two usual export plugins write them.
//!
//! | layout | known by | rows |
//! |---|---|---|
//! | headings in words (`Order Number`, `First Name (Billing)`) | `Order Number` and `Order Status` | one for each product; the order's columns stand in each |
//! | names of fields (`order_id`, `billing_first_name`, `line_item_1`) | `order_id` or `order_number`, and `line_item_1` | one for each order, products in `line_item_…` |
//!
//! docs/import.md has the tables of columns and states.

use std::sync::Arc;

use kernel::{Currency, Error, OrderState, fold};

use super::mapped::{Canon, Translated, Translator, of_order, reconcile};
use super::{columns, kafila};
use crate::dates::DateOrder;
use crate::mapping::{DecimalMark, Field, known_word};
use crate::piece::Problem;
use crate::table::{Columns, Row};
use crate::{amounts, dates};

columns! {
    OrderNumber "Order Number" ["order_number", "Order ID", "order_id"] true,
    Status "Order Status" ["status"] true,
    Date "Order Date" ["order_date", "date"] true,
    PaidDate "Paid Date" ["paid_date"] false,
    CompletedDate "Completed Date" ["date_completed", "completed_date"] false,
    Currency "Currency" ["order_currency", "Order Currency"] false,
    PaymentMethod "Payment Method Title" ["payment_method_title", "Payment Method", "payment_method"] false,
    Shipping "Order Shipping Amount" ["shipping_total", "order_shipping"] false,
    Total "Order Total Amount" ["order_total", "Order Total"] false,
    Refunded "Order Refund Amount" ["refunded_total", "order_refund"] false,
    Email "Email (Billing)" ["billing_email", "customer_email"] false,
    Phone "Phone (Billing)" ["billing_phone"] false,
    ShippingPhone "Phone (Shipping)" ["shipping_phone"] false,
    FirstName "First Name (Shipping)" ["shipping_first_name"] false,
    LastName "Last Name (Shipping)" ["shipping_last_name"] false,
    BillingFirstName "First Name (Billing)" ["billing_first_name"] false,
    BillingLastName "Last Name (Billing)" ["billing_last_name"] false,
    Street "Address 1&2 (Shipping)" ["shipping_address_1", "Address 1 (Shipping)", "shipping_address"] false,
    Street2 "Address 2 (Shipping)" ["shipping_address_2"] false,
    City "City (Shipping)" ["shipping_city"] false,
    Province "State Name (Shipping)" ["State Code (Shipping)", "shipping_state"] false,
    Zip "Postcode (Shipping)" ["shipping_postcode"] false,
    Country "Country Code (Shipping)" ["Country Name (Shipping)", "shipping_country"] false,
    BillingStreet "Address 1&2 (Billing)" ["billing_address_1", "Address 1 (Billing)", "billing_address"] false,
    BillingStreet2 "Address 2 (Billing)" ["billing_address_2"] false,
    BillingCity "City (Billing)" ["billing_city"] false,
    BillingProvince "State Name (Billing)" ["State Code (Billing)", "billing_state"] false,
    BillingZip "Postcode (Billing)" ["billing_postcode"] false,
    BillingCountry "Country Code (Billing)" ["Country Name (Billing)", "billing_country"] false,
    Note "Customer Note" ["customer_note"] false,
    ItemName "Item Name" ["Name", "item_name"] false,
    ItemVariation "Product Variation" [] false,
    ItemSku "SKU" ["item_sku"] false,
    ItemQuantity "Quantity" ["Quantity (- Refund)", "item_quantity"] false,
    ItemCost "Item Cost" ["item_price"] false,
    ItemTotal "Order Line Total" ["Order Line (w/o tax)", "item_total"] false,
}

type Ours = kafila::Column;

/// Which of our columns comes from which of theirs.
const FROM: &[(&str, Column)] = &[
    ("order_ref", Column::OrderNumber),
    ("placed_at", Column::Date),
    ("state", Column::Status),
    ("customer_name", Column::BillingFirstName),
    ("customer_phone", Column::Phone),
    ("customer_email", Column::Email),
    ("address", Column::BillingStreet),
    ("address2", Column::BillingStreet2),
    ("city", Column::BillingCity),
    ("province", Column::BillingProvince),
    ("postal_code", Column::BillingZip),
    ("country", Column::BillingCountry),
    ("sku", Column::ItemSku),
    ("title", Column::ItemName),
    ("variant", Column::ItemVariation),
    ("quantity", Column::ItemQuantity),
    ("unit_price", Column::ItemCost),
    ("shipping_fee", Column::Shipping),
    ("total", Column::Total),
    ("paid_amount", Column::Total),
    ("paid_at", Column::PaidDate),
    ("refunded_amount", Column::Refunded),
    ("currency", Column::Currency),
    ("payment_method", Column::PaymentMethod),
    ("delivered_at", Column::CompletedDate),
    ("note", Column::Note),
];

/// How products stand in the file.
enum Items {
    /// Each in a row of its own.
    Rows,
    /// In these columns of the order's row.
    Cells(Vec<usize>),
}

struct Woocommerce {
    columns: Columns,
    headers: Vec<String>,
    items: Items,
    dates: DateOrder,
}

/// Knows which of the two layouts a file has. Some of its rows say which part of a date is the day: one of the plugins
/// writes `9/6/2016 6:29:00` for the sixth of September, others write as the site does.
pub(super) fn of(headers: &[String], rows: &[Row]) -> Result<Arc<dyn Translator>, Error> {
    let columns = Columns::find(headers, COLUMNS)?;
    let is_item = |header: &String| fold(header).strip_prefix("line item ").is_some_and(|number| number.parse::<u32>().is_ok());
    let cells: Vec<usize> = headers.iter().enumerate().filter(|(_, header)| is_item(header)).map(|(place, _)| place).collect();
    let has = |column: Column| columns.has(column as usize);
    let items = if !cells.is_empty() {
        Items::Cells(cells)
    } else {
        let wanted = [Column::ItemName, Column::ItemQuantity];
        let mut missing: Vec<&str> = wanted.into_iter().filter(|column| !has(*column)).map(Column::heading).collect();
        if !has(Column::ItemCost) && !has(Column::ItemTotal) {
            missing.push(Column::ItemCost.heading());
        }
        if !missing.is_empty() {
            return Err(Error::field("file", "import.columns_missing").with("columns", missing.join(", ")));
        }
        Items::Rows
    };
    let order = rows.iter().find_map(|row| dates::evidence(columns.get(row, Column::Date as usize)).flatten());
    Ok(Arc::new(Woocommerce { columns, headers: headers.to_vec(), items, dates: order.unwrap_or(DateOrder::MonthFirst) }))
}

/// Whether these are the headings of such a file.
pub(crate) fn fits(headers: &[String]) -> bool {
    of(headers, &[]).is_ok()
}

impl Woocommerce {
    fn cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        self.columns.get(row, column as usize)
    }
}

impl Translator for Woocommerce {
    fn source(&self) -> &'static str {
        "woocommerce"
    }

    fn key(&self, row: &Row) -> Option<String> {
        Some(self.cell(row, Column::OrderNumber).to_owned()).filter(|number| !number.is_empty())
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
        let Some((_, theirs)) = FROM.iter().find(|(ours, _)| *ours == column) else { return column.to_owned() };
        if let Items::Cells(_) = self.items
            && matches!(theirs, Column::ItemName | Column::ItemSku | Column::ItemQuantity | Column::ItemCost | Column::ItemVariation)
        {
            return "line_item".to_owned();
        }
        self.columns.place(*theirs as usize).map_or_else(|| theirs.heading().to_owned(), |place| self.headers[place].clone())
    }
}

struct Order<'a> {
    form: &'a Woocommerce,
    rows: &'a [Row],
    currency: Currency,
    problems: Vec<Problem>,
}

impl Order<'_> {
    fn read(&mut self) -> Vec<Canon> {
        let mut canon = match &self.form.items {
            Items::Rows => self.rows.iter().filter_map(|row| self.of_row(row)).collect::<Vec<_>>(),
            Items::Cells(places) => {
                let cells: Vec<(u64, String)> =
                    self.rows.iter().flat_map(|row| places.iter().map(|place| (row.line, row.cell(*place).to_owned()))).collect();
                cells.into_iter().filter(|(_, cell)| !cell.is_empty()).map(|(line, cell)| self.of_cell(line, &cell)).collect()
            }
        };
        if canon.is_empty() {
            let line = self.rows.first().map_or(0, |row| row.line);
            canon.push(Canon::new(line, 0));
        }
        let shipping = self.amount(Column::Shipping, "shipping_fee");
        let total = self.amount(Column::Total, "total");
        let refunded = self.amount(Column::Refunded, "refunded_amount").map_or(0, i64::abs);
        let method = self.method();
        let state = self.state(&method);
        let is_paid = !self.said(Column::PaidDate).is_empty()
            || matches!(state, OrderState::Delivered | OrderState::Refunded)
            || state == OrderState::Confirmed && method != "cod";
        let text = |minor: i64| amounts::text(minor, self.currency);
        let number = self.said(Column::OrderNumber).to_owned();
        for row in &mut canon {
            row.set(Ours::OrderRef, number.clone());
        }
        let first = &mut canon[0];
        first.set(Ours::ShippingFee, text(shipping.unwrap_or(0)));
        first.set(Ours::CodFee, "0");
        first.set(Ours::PaymentMethod, method);
        first.set(Ours::State, state.as_str());
        first.set(Ours::Channel, "web");
        first.set(Ours::Currency, self.said(Column::Currency));
        first.set(Ours::Note, self.said(Column::Note));
        if let Some(total) = total.filter(|total| is_paid && *total > 0) {
            first.set(Ours::PaidAmount, text(total));
            let refunded = if refunded == 0 && state == OrderState::Refunded { total } else { refunded };
            if refunded > 0 {
                first.set(Ours::RefundedAmount, text(refunded));
            }
        }
        self.times(first);
        self.who_and_where(first);
        if let Some(total) = total {
            reconcile(&mut canon, total, self.currency);
        }
        canon
    }

    fn said(&self, column: Column) -> &str {
        self.rows.iter().map(|row| self.form.cell(row, column)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    fn amount(&mut self, column: Column, ours: &str) -> Option<i64> {
        let said = self.said(column).to_owned();
        if said.is_empty() {
            return None;
        }
        let minor = amounts::canonical(&said, DecimalMark::Point).and_then(|amount| amounts::minor(&amount, self.currency));
        if minor.is_none() {
            self.problems.push(of_order(ours, "import.amount", &said));
        }
        minor
    }

    /// A product in a row of its own; none when the row holds no product.
    fn of_row(&mut self, row: &Row) -> Option<Canon> {
        let cell = |column: Column| self.form.cell(row, column);
        if cell(Column::ItemName).is_empty() && cell(Column::ItemSku).is_empty() {
            return None;
        }
        let mut canon = Canon::new(row.line, 0);
        let title = if cell(Column::ItemName).is_empty() { cell(Column::ItemSku) } else { cell(Column::ItemName) };
        canon.set(Ours::Title, title);
        canon.set(Ours::Variant, cell(Column::ItemVariation));
        canon.set(Ours::Sku, cell(Column::ItemSku));
        canon.set(Ours::Quantity, cell(Column::ItemQuantity));
        let amount = |text: &str| amounts::canonical(text, DecimalMark::Point);
        let cost = amount(cell(Column::ItemCost)).filter(|cost| amounts::minor(cost, self.currency).is_some());
        let quantity = cell(Column::ItemQuantity).parse::<i64>().ok().filter(|count| *count > 0);
        let sum = amount(cell(Column::ItemTotal)).and_then(|sum| amounts::minor(&sum, self.currency));
        match (cost, quantity.zip(sum)) {
            (Some(cost), _) => canon.set(Ours::UnitPrice, cost),
            (None, Some((quantity, sum))) if sum >= 0 => self.price(&mut canon, sum, quantity),
            _ => {}
        }
        Some(canon)
    }

    /// A product in a cell: `name:Linen dress|product_id:7|sku:LIN-M|quantity:2|total:16800.00|sub_total:16800.00`.
    fn of_cell(&mut self, line: u64, cell: &str) -> Canon {
        let mut canon = Canon::new(line, 0);
        let mut sums: (Option<i64>, Option<i64>) = (None, None);
        for part in cell.split('|') {
            let Some((name, value)) = part.split_once(':') else { continue };
            let value = value.trim();
            let minor = || amounts::canonical(value, DecimalMark::Point).and_then(|amount| amounts::minor(&amount, self.currency));
            match name.trim() {
                "name" => canon.set(Ours::Title, value),
                "sku" => canon.set(Ours::Sku, value),
                "quantity" => canon.set(Ours::Quantity, value),
                "total" => sums.0 = minor(),
                "sub_total" | "subtotal" => sums.1 = minor(),
                _ => {}
            }
        }
        if canon.get(Ours::Title).is_empty() {
            let sku = canon.get(Ours::Sku).to_owned();
            canon.set(Ours::Title, sku);
        }
        let quantity = canon.get(Ours::Quantity).parse::<i64>().ok().filter(|count| *count > 0);
        // Before discounts; what they take off is the order's.
        if let (Some(quantity), Some(sum)) = (quantity, sums.1.or(sums.0))
            && sum >= 0
        {
            self.price(&mut canon, sum, quantity);
        }
        canon
    }

    fn price(&self, canon: &mut Canon, sum: i64, quantity: i64) {
        let (each, rest) = amounts::split(sum, quantity);
        canon.set(Ours::UnitPrice, amounts::text(each, self.currency));
        if rest > 0 {
            canon.set(Ours::Discount, amounts::text(rest, self.currency));
        }
    }

    fn method(&self) -> String {
        let said = self.said(Column::PaymentMethod);
        if said.is_empty() {
            return "cod".to_owned();
        }
        known_word(Field::PaymentMethod, said).unwrap_or_else(|| "other".to_owned())
    }

    /// WooCommerce takes an order that is paid at the door as `processing` at once, before anybody called.
    fn state(&mut self, method: &str) -> OrderState {
        let said = self.said(Column::Status).to_owned();
        let folded = fold(&said);
        match folded.strip_prefix("wc ").unwrap_or(&folded) {
            "pending" | "pending payment" | "on hold" | "checkout draft" | "draft" => OrderState::Pending,
            "processing" if method == "cod" => OrderState::Pending,
            "processing" => OrderState::Confirmed,
            "completed" => OrderState::Delivered,
            "cancelled" | "canceled" | "failed" | "trash" => OrderState::Cancelled,
            "refunded" => OrderState::Refunded,
            // Shops add their own.
            _ => match known_word(Field::State, &said).and_then(|word| word.parse().ok()) {
                Some(state) => state,
                None => {
                    self.problems.push(of_order("state", "import.word_unknown", &said));
                    OrderState::Pending
                }
            },
        }
    }

    fn times(&mut self, first: &mut Canon) {
        for (theirs, ours) in [(Column::Date, Ours::PlacedAt), (Column::PaidDate, Ours::PaidAt), (Column::CompletedDate, Ours::DeliveredAt)] {
            let said = self.said(theirs).to_owned();
            if said.is_empty() {
                continue;
            }
            match dates::canonical(&said, self.form.dates) {
                Some(date) => first.set(ours, date),
                None => self.problems.push(of_order(ours.heading(), "import.date", &said)),
            }
        }
    }

    fn who_and_where(&self, first: &mut Canon) {
        let is_shipped = [Column::Street, Column::City, Column::Province].into_iter().any(|column| !self.said(column).is_empty());
        let pick = |shipping: Column, billing: Column| if is_shipped { self.said(shipping) } else { self.said(billing) };
        let name = |first: Column, last: Column| format!("{} {}", self.said(first), self.said(last)).trim().to_owned();
        let shipping = name(Column::FirstName, Column::LastName);
        first.set(Ours::CustomerName, if shipping.is_empty() { name(Column::BillingFirstName, Column::BillingLastName) } else { shipping });
        let phone = self.said(Column::Phone);
        first.set(Ours::CustomerPhone, if phone.is_empty() { self.said(Column::ShippingPhone) } else { phone });
        first.set(Ours::CustomerEmail, self.said(Column::Email));
        first.set(Ours::Address, pick(Column::Street, Column::BillingStreet));
        first.set(Ours::Address2, pick(Column::Street2, Column::BillingStreet2));
        first.set(Ours::City, pick(Column::City, Column::BillingCity));
        first.set(Ours::Province, pick(Column::Province, Column::BillingProvince));
        first.set(Ours::PostalCode, pick(Column::Zip, Column::BillingZip));
        first.set(Ours::Country, pick(Column::Country, Column::BillingCountry));
        if first.get(Ours::CustomerName).is_empty() {
            first.set(Ours::CustomerName, self.said(Column::Email));
        }
    }
}
