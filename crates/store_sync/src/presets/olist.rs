//! A folder of tables as in the Brazilian E-Commerce Public Dataset by Olist.
//!
//! `olist_orders_dataset`, `olist_order_items_dataset`, `olist_order_payments_dataset` and
//! `olist_customers_dataset` must be there, as `.csv`, `.csv.zst` or `.csv.gz`; with
//! `olist_products_dataset` and `product_category_name_translation` products get a name. Everything but
//! the orders is held in memory.
//!
//! Orders are placed when they were purchased and moved by the same actions as all others, with the
//! clock of each event: confirmed when the payment was approved, prepared and handed over when the
//! carrier took them, delivered when the customer got them. Freight is the shipping fee. Times are
//! those of São Paulo.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::{
    Amount, Channel, Currency, Error, Money, NumberStyle, OrderState, PaymentMethod, Time, TransactionKind, TransactionState, VariantKind, WeekStart,
};
use orders::{NewAddress, NewContact, NewLine, NewOrder};
use payments::NewTransaction;
use serde_json::{Map, Value};

use super::{Pieces, Survey, Target, Targets, WantedStore, store_code, target, unreadable};
use crate::decimal::Decimal;
use crate::groups::Census;
use crate::history::{self, Times};
use crate::model::{Options, Source};
use crate::piece::{Content, ImportedOrder, Piece, Problem};
use crate::table::{ColumnSpec, Columns, Row, Table};

const NAME: &str = "olist";
const STORE: &str = "OLIST";
const ZONE: &str = "America/Sao_Paulo";
/// The one line of an order whose items are not in the file.
const NO_ITEMS: &str = "Items not in the file";

/// The tables, and the columns that are read of each.
mod table {
    pub(super) const ORDERS: (&str, &[&str]) = (
        "olist_orders_dataset",
        &[
            "order_id",
            "customer_id",
            "order_status",
            "order_purchase_timestamp",
            "order_approved_at",
            "order_delivered_carrier_date",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        ],
    );
    pub(super) const ITEMS: (&str, &[&str]) =
        ("olist_order_items_dataset", &["order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"]);
    pub(super) const PAYMENTS: (&str, &[&str]) =
        ("olist_order_payments_dataset", &["order_id", "payment_sequential", "payment_type", "payment_value"]);
    pub(super) const CUSTOMERS: (&str, &[&str]) =
        ("olist_customers_dataset", &["customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city", "customer_state"]);
    pub(super) const PRODUCTS: (&str, &[&str]) = ("olist_products_dataset", &["product_id", "product_category_name"]);
    pub(super) const NAMES: (&str, &[&str]) = ("product_category_name_translation", &["product_category_name", "product_category_name_english"]);
}

pub(super) fn survey(options: &Options) -> Result<Survey, Error> {
    let folder = &options.source.path;
    if !folder.is_dir() {
        return Err(Error::field("file", "import.folder_wanted").with("name", &options.source.name));
    }
    let orders = find(folder, table::ORDERS.0)?;
    let orders_table = Table::open(&orders)?;
    let headers = orders_table.headers().to_vec();
    let columns = columns_of(&headers, table::ORDERS.1)?;
    let rows = Census::take(orders_table, |_| None, |_| {})?.rows();
    let beside = Beside::read(folder)?;

    let store = options.store.as_deref().map_or_else(|| STORE.to_owned(), store_code);
    let currency: Currency = "BRL".parse().map_err(Error::internal)?;
    let template = access::NewStore {
        currency,
        country: "BR".parse().map_err(Error::internal)?,
        zone: ZONE.to_owned(),
        week_start: WeekStart::Sunday,
        number_style: NumberStyle::PointComma,
        notify_language: kernel::Locale::En,
        tax_label: String::new(),
        ..access::NewStore::algerian(&store, "Olist")
    };
    let wanted = WantedStore { code: store.clone(), currency: Some(currency), template: Some(Box::new(template)) };
    let open = move |targets: Targets| -> Result<Pieces, Error> {
        let mut rows = Table::open(&orders)?;
        let reader = Reader { columns, beside, store, targets, zone: TimeZone::get(ZONE).map_err(Error::internal)? };
        Ok(Box::new(std::iter::from_fn(move || {
            Some(match rows.next_row()? {
                Ok(row) => reader.piece(row),
                Err(bad) => unreadable(&bad),
            })
        })))
    };
    Ok(Survey { rows, headers, stores: vec![wanted], open: Box::new(open), heading_of: super::headings(options.preset) })
}

fn find(folder: &Path, name: &str) -> Result<Source, Error> {
    find_optional(folder, name).ok_or_else(|| Error::field("file", "import.table_missing").with("table", format!("{name}.csv")))
}

fn find_optional(folder: &Path, name: &str) -> Option<Source> {
    let path = |ending: &str| -> PathBuf { folder.join(format!("{name}{ending}")) };
    [".csv", ".csv.zst", ".csv.gz"].into_iter().map(path).find(|path| path.is_file()).map(|path| Source::at(&path))
}

fn columns_of(headers: &[String], names: &'static [&'static str]) -> Result<Columns, Error> {
    let specs: Vec<ColumnSpec> = names.iter().map(|name| ColumnSpec { name, also: &[], is_required: true }).collect();
    Columns::find(headers, &specs)
}

/// The tables beside the orders.
struct Beside {
    items: HashMap<String, Vec<Item>>,
    payments: HashMap<String, Vec<Payment>>,
    customers: HashMap<String, Customer>,
    categories: HashMap<String, Arc<str>>,
}

struct Item {
    number: u32,
    product: String,
    seller: Arc<str>,
    price: String,
    freight: String,
}

struct Payment {
    sequential: String,
    kind: String,
    value: String,
}

struct Customer {
    unique_id: String,
    zip: String,
    city: String,
    state: String,
}

impl Beside {
    fn read(folder: &Path) -> Result<Beside, Error> {
        let mut beside = Beside { items: HashMap::new(), payments: HashMap::new(), customers: HashMap::new(), categories: HashMap::new() };
        let mut sellers: HashMap<String, Arc<str>> = HashMap::new();
        each(&find(folder, table::ITEMS.0)?, table::ITEMS.1, |cell| {
            let seller = sellers.entry(cell(3).to_owned()).or_insert_with(|| Arc::from(cell(3)));
            beside.items.entry(cell(0).to_owned()).or_default().push(Item {
                number: cell(1).parse().unwrap_or(u32::MAX),
                product: cell(2).to_owned(),
                seller: Arc::clone(seller),
                price: cell(4).to_owned(),
                freight: cell(5).to_owned(),
            });
        })?;
        beside.items.values_mut().for_each(|items| items.sort_by_key(|item| item.number));
        each(&find(folder, table::PAYMENTS.0)?, table::PAYMENTS.1, |cell| {
            let payment = Payment { sequential: cell(1).to_owned(), kind: cell(2).to_owned(), value: cell(3).to_owned() };
            beside.payments.entry(cell(0).to_owned()).or_default().push(payment);
        })?;
        each(&find(folder, table::CUSTOMERS.0)?, table::CUSTOMERS.1, |cell| {
            let customer = Customer { unique_id: cell(1).to_owned(), zip: cell(2).to_owned(), city: cell(3).to_owned(), state: cell(4).to_owned() };
            beside.customers.insert(cell(0).to_owned(), customer);
        })?;
        let mut names: HashMap<String, Arc<str>> = HashMap::new();
        if let Some(table) = find_optional(folder, table::NAMES.0) {
            each(&table, table::NAMES.1, |cell| drop(names.insert(cell(0).to_owned(), Arc::from(title_of(&cell(1))))))?;
        }
        if let Some(table) = find_optional(folder, table::PRODUCTS.0) {
            each(&table, table::PRODUCTS.1, |cell| {
                if !cell(1).is_empty() {
                    let name = names.entry(cell(1).to_owned()).or_insert_with(|| Arc::from(title_of(&cell(1))));
                    beside.categories.insert(cell(0).to_owned(), Arc::clone(name));
                }
            })?;
        }
        Ok(beside)
    }
}

/// `health_beauty` as people read it.
fn title_of(category: &str) -> String {
    let mut title = category.replace('_', " ");
    if let Some(first) = title.get(..1) {
        title.replace_range(..1, &first.to_ascii_uppercase());
    }
    title
}

/// Reads a table beside the orders; a row that cannot be read refuses the whole folder, because nobody
/// knows which order it belongs to.
fn each(source: &Source, names: &'static [&'static str], mut take: impl FnMut(&dyn Fn(usize) -> String)) -> Result<(), Error> {
    let mut table = Table::open(source)?;
    let columns = columns_of(table.headers(), names).map_err(|error| error.with("table", &source.name))?;
    while let Some(row) = table.next_row() {
        let row = row.map_err(|bad| Error::field("file", bad.code).with("table", &source.name).with("line", bad.line))?;
        take(&|place| columns.get(&row, place).to_owned());
    }
    Ok(())
}

struct Reader {
    columns: Columns,
    beside: Beside,
    store: String,
    targets: Targets,
    zone: TimeZone,
}

impl Reader {
    fn piece(&self, row: Row) -> Piece {
        let name = self.columns.get(&row, 0).to_owned();
        let lines = self.beside.items.get(&name).map_or(0, Vec::len) as u64;
        let content = self.content(&name, &row).map_or_else(Content::Refused, |order| Content::Order(Box::new(order)));
        Piece { name, store: self.store.clone(), rows: vec![row], lines, content }
    }

    fn content(&self, name: &str, row: &Row) -> Result<ImportedOrder, Vec<Problem>> {
        let target = target(&self.targets, &self.store)?;
        let mut problems = Vec::new();
        let wrong = |problems: &mut Vec<Problem>, place: usize, code: &'static str| problems.push(Problem::at(row, table::ORDERS.1[place], code));
        let cell = |place: usize| self.columns.get(row, place);
        if name.is_empty() {
            wrong(&mut problems, 0, "required");
        }
        let customer = self.beside.customers.get(cell(1));
        if customer.is_none() {
            wrong(&mut problems, 1, "import.no_such_row");
        }
        let status = STATUSES.into_iter().find(|(word, _, _)| *word == cell(2));
        if status.is_none() {
            problems.push(Problem::at(row, table::ORDERS.1[2], "import.word").with("allowed", STATUSES.map(|status| status.0).join(", ")));
        }
        let mut times = [None; 5];
        for (place, time) in (3..).zip(&mut times) {
            *time = Time::parse_local(cell(place), &self.zone);
            if time.is_none() && (place == 3 || !cell(place).is_empty()) {
                wrong(&mut problems, place, "import.time");
            }
        }
        let (items, payments) = (self.items(name, row, target, &mut problems), self.payments(name, row, target, &mut problems));
        let [Some(purchased), approved, carrier, delivered, promised] = times else { return Err(problems) };
        let (Some((_, state, tag)), Some(customer), true) = (status, customer, problems.is_empty()) else { return Err(problems) };

        let times = Times { placed: purchased, confirmed: approved, handed_over: carrier, delivered, ended: None };
        let paid_at = approved.unwrap_or(purchased);
        let order = self.order(name, target, purchased, customer, items, &payments);
        let order = NewOrder { expected_on: promised.map(|at| at.day_in(&self.zone)), tags: tag.map(str::to_owned).into_iter().collect(), ..order };
        Ok(ImportedOrder {
            order,
            steps: history::steps(state, &times),
            payments: payments.into_iter().filter_map(|paid| paid.transaction(target.currency, paid_at)).collect(),
        })
    }

    fn order(&self, name: &str, target: &Target, purchased: Time, customer: &Customer, items: Items, payments: &[Paid]) -> NewOrder {
        let money = |amount: Amount| Money { amount, currency: target.currency };
        let Items { mut lines, freight } = items;
        if lines.is_empty() {
            let paid = payments.iter().map(|paid| paid.amount).sum();
            lines.push(NewLine { kind: VariantKind::Service, ..NewLine::new(None, NO_ITEMS, 1, money(paid)) });
        }
        let largest = payments.iter().max_by_key(|paid| paid.amount);
        NewOrder {
            external_ref: Some(name.to_owned()),
            channel: Channel::Marketplace,
            placed_at: Some(purchased),
            customer: Some(NewContact {
                name: format!("Customer {}", customer.unique_id.get(..8).unwrap_or(&customer.unique_id)),
                external_ref: Some(customer.unique_id.clone()),
                ..NewContact::default()
            }),
            shipping_address: Some(NewAddress {
                city: Some(customer.city.clone()),
                province: Some(customer.state.clone()),
                postal_code: Some(customer.zip.clone()),
                country: Some(target.country),
                ..NewAddress::default()
            }),
            lines,
            shipping_fee: Some(money(freight)),
            cod_fee: Some(money(Amount::ZERO)),
            payment_method: largest.map_or(PaymentMethod::Other, |paid| paid.method),
            import_source: Some(NAME.to_owned()),
            ..NewOrder::new(kernel::Id::from_i64(0))
        }
    }

    fn items(&self, name: &str, row: &Row, target: &Target, problems: &mut Vec<Problem>) -> Items {
        let mut found = Items { lines: Vec::new(), freight: Amount::ZERO };
        for item in self.beside.items.get(name).into_iter().flatten() {
            let mut amount = |text: &str, field: &str| {
                let amount = Decimal::parse(text).ok_or("import.amount").and_then(|price| price.unit_price(1, target.currency));
                amount.map_err(|code| problems.push(Problem::at(row, field, code).with("item", item.number).with("currency", target.currency))).ok()
            };
            let (price, freight) = (amount(&item.price, "price"), amount(&item.freight, "freight_value"));
            let (Some(price), Some(freight)) = (price, freight) else { continue };
            // A category alone would make one product of all that is in it.
            let category = self.beside.categories.get(&item.product).map_or("Product", |category| category);
            let title = format!("{category} {}", item.product.get(..8).unwrap_or(&item.product));
            let mut spec = Map::new();
            spec.insert("seller".to_owned(), Value::from(item.seller.as_ref()));
            spec.insert("freight".to_owned(), Value::from(freight.0));
            let money = Money { amount: price, currency: target.currency };
            found.lines.push(NewLine { spec: Some(spec), ..NewLine::new(Some(&item.product), &title, 1, money) });
            match found.freight.plus(freight) {
                Ok(sum) => found.freight = sum,
                Err(_) => problems.push(Problem::at(row, "freight_value", "money.overflow")),
            }
        }
        found
    }

    fn payments(&self, name: &str, row: &Row, target: &Target, problems: &mut Vec<Problem>) -> Vec<Paid> {
        let mut found = Vec::new();
        for payment in self.beside.payments.get(name).into_iter().flatten() {
            match Decimal::parse(&payment.value).ok_or("import.amount").and_then(|value| value.unit_price(1, target.currency)) {
                Ok(amount) => found.push(Paid { amount, method: method(&payment.kind), reference: payment.sequential.clone() }),
                Err(code) => problems.push(Problem::at(row, "payment_value", code).with("currency", target.currency)),
            }
        }
        found
    }
}

struct Items {
    lines: Vec<NewLine>,
    freight: Amount,
}

struct Paid {
    amount: Amount,
    method: PaymentMethod,
    reference: String,
}

impl Paid {
    /// A payment of nothing (a voucher that was used up) moved nothing.
    fn transaction(self, currency: Currency, at: Time) -> Option<NewTransaction> {
        (self.amount > Amount::ZERO).then_some(NewTransaction {
            kind: TransactionKind::Payment,
            state: TransactionState::Settled,
            method: self.method,
            amount: self.amount,
            currency,
            reference: Some(self.reference),
            at,
        })
    }
}

fn method(kind: &str) -> PaymentMethod {
    match kind {
        "credit_card" | "debit_card" => PaymentMethod::Card,
        // A slip that is paid at a bank.
        "boleto" => PaymentMethod::Transfer,
        "voucher" => PaymentMethod::Voucher,
        _ => PaymentMethod::Other,
    }
}

/// Where an order of a status stands, and the tag that keeps what our states do not tell apart.
const STATUSES: [(&str, OrderState, Option<&str>); 8] = [
    ("created", OrderState::Pending, None),
    ("approved", OrderState::Confirmed, None),
    ("processing", OrderState::Processing, None),
    ("invoiced", OrderState::Processing, Some("invoiced")),
    ("shipped", OrderState::Shipped, None),
    ("delivered", OrderState::Delivered, None),
    ("canceled", OrderState::Cancelled, None),
    ("unavailable", OrderState::Backordered, Some("unavailable")),
];
