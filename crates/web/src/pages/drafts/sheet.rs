//! The form of a new order as it was typed, and what it means: an order to be, or what is wrong with which field.

use access::Store;
use base::places;
use catalogue::Variant;
use kernel::{Amount, Channel, Country, Currency, Day, FieldError, Money, PaymentMethod, Priority, StoreId, VariantKind, mask};
use orders::{NewAddress, NewContact, NewDiscount, NewLine, NewOrder};

use crate::pages::amounts::{amount, plain};
use crate::pages::typed::Typed;

/// A line as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SheetLine {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) variant: String,
    /// Charged, never packed.
    pub(crate) is_service: bool,
    pub(crate) quantity: String,
    pub(crate) price: String,
    pub(crate) discount: String,
}

/// The form as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) store: Option<StoreId>,
    pub(crate) phone: String,
    pub(crate) name: String,
    /// The customer whose data were taken over, by their id.
    pub(crate) used: String,
    pub(crate) line1: String,
    pub(crate) line2: String,
    /// A province by its code, or as typed where the country has no list.
    pub(crate) province: String,
    pub(crate) city: String,
    pub(crate) lines: Vec<SheetLine>,
    pub(crate) find: String,
    pub(crate) discount: String,
    pub(crate) shipping_fee: String,
    pub(crate) cod_fee: String,
    pub(crate) payment_method: String,
    pub(crate) channel: String,
    pub(crate) priority: String,
    pub(crate) expected_on: String,
    pub(crate) note: String,
    pub(crate) is_test: bool,
}

/// The most lines that a form is read for; an order may have fewer.
const LINES: usize = 200;

impl Sheet {
    pub(crate) fn read(typed: &Typed) -> Sheet {
        let text = |name: &str| typed.get(name).to_owned();
        let line = |at: usize| {
            let of = |name: &str| text(&format!("{name}.{at}"));
            SheetLine {
                sku: of("sku"),
                title: of("title"),
                variant: of("variant"),
                is_service: of("kind") == VariantKind::Service.as_str(),
                quantity: of("quantity"),
                price: of("price"),
                discount: of("discount"),
            }
        };
        Sheet {
            store: typed.read("store_id"),
            phone: text("phone"),
            name: text("name"),
            used: text("used"),
            line1: text("line1"),
            line2: text("line2"),
            province: text("province"),
            city: text("city"),
            lines: (0..LINES).take_while(|at| typed.has(&format!("title.{at}"))).map(line).collect(),
            find: text("find"),
            discount: text("discount"),
            shipping_fee: text("shipping_fee"),
            cod_fee: text("cod_fee"),
            payment_method: text("payment_method"),
            channel: text("channel"),
            priority: text("priority"),
            expected_on: text("expected_on"),
            note: text("note"),
            is_test: typed.has("is_test"),
        }
    }

    /// What stands in a draft, as the form holds it.
    pub(crate) fn of(content: &NewOrder, country: Country, currency: Currency) -> Sheet {
        let some = |text: &Option<String>| text.clone().unwrap_or_default();
        let contact = content.customer.clone().unwrap_or_default();
        let address = content.shipping_address.clone().unwrap_or_default();
        let country = address.country.unwrap_or(country);
        let line = |line: &NewLine| SheetLine {
            sku: some(&line.sku),
            title: line.title.clone(),
            variant: some(&line.variant),
            is_service: line.kind == VariantKind::Service,
            quantity: line.quantity.to_string(),
            price: plain(line.unit_price.amount, currency),
            discount: discount_text(line.discount, currency),
        };
        let fee = |fee: Option<Money>| fee.map(|fee| plain(fee.amount, currency)).unwrap_or_default();
        Sheet {
            store: Some(content.store_id),
            phone: some(&contact.phone),
            name: contact.name,
            used: String::new(),
            line1: address.line1.clone(),
            line2: some(&address.line2),
            province: province_code(country, address.province.as_deref().unwrap_or_default()),
            city: some(&address.city),
            lines: content.lines.iter().map(line).collect(),
            find: String::new(),
            discount: discount_text(content.discount, currency),
            shipping_fee: fee(content.shipping_fee),
            cod_fee: fee(content.cod_fee),
            payment_method: content.payment_method.as_str().to_owned(),
            channel: content.channel.as_str().to_owned(),
            priority: content.priority.as_str().to_owned(),
            expected_on: content.expected_on.map(|day| day.to_string()).unwrap_or_default(),
            note: some(&content.note),
            is_test: content.is_test,
        }
    }

    /// Puts one more of something from the catalogue on it.
    pub(crate) fn add(&mut self, variant: &Variant) {
        let sku = variant.sku.clone().unwrap_or_default();
        if let Some(line) = self.lines.iter_mut().find(|line| !sku.is_empty() && line.sku == sku) {
            let one_more = line.quantity.parse::<i64>().unwrap_or(0).saturating_add(1);
            line.quantity = one_more.to_string();
        } else {
            self.lines.push(SheetLine {
                sku,
                title: variant.title.clone(),
                variant: variant.variant.clone().unwrap_or_default(),
                is_service: variant.kind == VariantKind::Service,
                quantity: "1".to_owned(),
                price: plain(variant.price, variant.currency),
                discount: String::new(),
            });
        }
        self.find.clear();
    }

    /// Puts something on it that the catalogue does not know.
    pub(crate) fn add_free(&mut self) {
        let title = std::mem::take(&mut self.find);
        self.lines.push(SheetLine { title, quantity: "1".to_owned(), ..SheetLine::default() });
    }

    /// Takes over who a customer is and where they live.
    pub(crate) fn take_over(&mut self, name: &str, phone: Option<String>, address: Option<&NewAddress>, id: String) {
        name.clone_into(&mut self.name);
        if let Some(phone) = phone {
            self.phone = phone;
        }
        if let Some(address) = address {
            self.line1.clone_from(&address.line1);
            self.line2 = address.line2.clone().unwrap_or_default();
            self.city = address.city.clone().unwrap_or_default();
            self.province = province_code(address.country.unwrap_or(Country::DZ), address.province.as_deref().unwrap_or_default());
        }
        self.used = id;
    }

    /// The order that this form means, with what cannot be read of it by the names that errors of orders use. What cannot be read
    /// counts as not given, so that the rest can be priced. `before` is what a draft holds that no form shows.
    pub(crate) fn to_new(&self, store: &Store, before: Option<&NewOrder>) -> (NewOrder, Vec<FieldError>) {
        let mut wrong = Vec::new();
        let currency = store.currency;
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let money = |wrong: &mut Vec<FieldError>, field: String, text: &str| match amount(text, currency) {
            Some(amount) => Some(Money { amount, currency }),
            None => {
                wrong.push(FieldError::new(field, "amount.text"));
                None
            }
        };
        let reduction = |wrong: &mut Vec<FieldError>, field: String, text: &str| {
            let read = discount_of(text, currency);
            if read.is_none() {
                wrong.push(FieldError::new(field, "discount.text"));
            }
            read.flatten()
        };

        let mut lines = Vec::with_capacity(self.lines.len());
        for (at, line) in self.lines.iter().enumerate() {
            let kept = before.and_then(|before| before.lines.iter().find(|one| one.sku.as_deref() == Some(&line.sku) && one.title == line.title));
            let price = if line.price.is_empty() {
                wrong.push(FieldError::new(format!("lines[{at}].unit_price"), "required"));
                None
            } else {
                money(&mut wrong, format!("lines[{at}].unit_price"), &line.price)
            };
            lines.push(NewLine {
                sku: filled(&line.sku),
                kind: if line.is_service { VariantKind::Service } else { VariantKind::Goods },
                title: line.title.clone(),
                variant: filled(&line.variant),
                spec: kept.and_then(|kept| kept.spec.clone()),
                quantity: whole_number(&line.quantity),
                unit_price: price.unwrap_or(Money { amount: Amount::ZERO, currency }),
                discount: reduction(&mut wrong, format!("lines[{at}].discount"), &line.discount),
                is_backordered: kept.is_some_and(|kept| kept.is_backordered),
            });
        }

        let has_contact = !self.phone.is_empty() || !self.name.is_empty();
        let known = before.and_then(|before| before.customer.clone()).unwrap_or_default();
        // What the reader sees as dots stays as it is.
        let phone = if mask::has_dots(&self.phone) { known.phone.clone() } else { filled(&self.phone) };
        let customer = NewContact { name: self.name.clone(), phone, ..known };
        let has_address = [&self.line1, &self.line2, &self.city, &self.province].iter().any(|text| !text.is_empty());
        let known = before.and_then(|before| before.shipping_address.clone()).unwrap_or_default();
        let address = NewAddress {
            line1: if mask::has_dots(&self.line1) { known.line1.clone() } else { self.line1.clone() },
            line2: if mask::has_dots(&self.line2) { known.line2.clone() } else { filled(&self.line2) },
            city: filled(&self.city),
            province: filled(&self.province),
            ..known
        };
        let fee = |wrong: &mut Vec<FieldError>, field: &str, text: &str| if text.is_empty() { None } else { money(wrong, field.to_owned(), text) };
        let expected_on = Day::parse(&self.expected_on);
        if expected_on.is_none() && !self.expected_on.is_empty() {
            wrong.push(FieldError::new("expected_on", "field.date"));
        }
        let new = NewOrder {
            channel: self.channel.parse().unwrap_or(Channel::Phone),
            customer: has_contact.then_some(customer),
            shipping_address: has_address.then_some(address),
            lines,
            discount: reduction(&mut wrong, "discount".to_owned(), &self.discount),
            shipping_fee: fee(&mut wrong, "shipping_fee", &self.shipping_fee),
            cod_fee: fee(&mut wrong, "cod_fee", &self.cod_fee),
            payment_method: self.payment_method.parse().unwrap_or(PaymentMethod::Cod),
            priority: self.priority.parse().unwrap_or(Priority::Normal),
            expected_on,
            note: self.note_over(before.and_then(|before| before.note.as_deref()), &mut wrong),
            is_test: self.is_test,
            ..before.cloned().unwrap_or_else(|| NewOrder::new(store.id))
        };
        (new, wrong)
    }

    /// The note. One that is shown with dots and comes back as it was shown stands for what is there; other words with such dots
    /// would write them over it.
    fn note_over(&self, before: Option<&str>, wrong: &mut Vec<FieldError>) -> Option<String> {
        let typed = self.note.replace("\r\n", "\n");
        if !typed.contains(mask::DOTS) {
            return Some(self.note.trim().to_owned()).filter(|note| !note.is_empty());
        }
        let known = before.unwrap_or_default();
        let lines = known.replace("\r\n", "\n");
        let shown = [mask::hide_phones(&lines), mask::hide_emails(&lines), mask::hide_emails(&mask::hide_phones(&lines)).into_owned().into()];
        if shown.iter().all(|shown| shown.trim() != typed.trim()) {
            wrong.push(FieldError::new("note", "contact.masked"));
        }
        before.map(str::to_owned)
    }
}

/// The name of a form's field for what an error of an order names.
pub(crate) fn field_of(error: &str) -> String {
    if let Some((at, what)) = error.strip_prefix("lines[").and_then(|rest| rest.split_once("].")) {
        let what = if what == "unit_price" { "price" } else { what };
        return format!("{what}.{at}");
    }
    let plain = match error {
        "customer" | "customer.phone" => "phone",
        "customer.name" => "name",
        "lines" => "find",
        "shipping_address" => "line1",
        other => other.strip_prefix("shipping_address.").unwrap_or(other),
    };
    plain.to_owned()
}

/// A whole number in any digits; 0, which no order takes, when it is none.
fn whole_number(text: &str) -> i64 {
    kernel::western_digits(text).trim().parse().unwrap_or(0)
}

/// A reduction as people type it: `500` or `10%`. None when it is neither; none inside when there is none.
pub(crate) fn discount_of(text: &str, currency: Currency) -> Option<Option<NewDiscount>> {
    let western = kernel::western_digits(text);
    let text = western.trim().trim_start_matches('−');
    if text.is_empty() {
        return Some(None);
    }
    let share = text.strip_suffix(['%', '٪']).map(|share| share.trim().replace(',', "."));
    let Some(share) = share else { return amount(text, currency).map(|amount| Some(NewDiscount::Amount(Money { amount, currency }))) };
    let (whole, decimals) = share.split_once('.').unwrap_or((&share, ""));
    if whole.is_empty() || decimals.len() > 4 || !whole.bytes().chain(decimals.bytes()).all(|sign| sign.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{decimals:0<4}").parse().ok().map(|ppm| Some(NewDiscount::Percent(ppm)))
}

/// A reduction as the form holds it.
pub(crate) fn discount_text(discount: Option<NewDiscount>, currency: Currency) -> String {
    match discount {
        None => String::new(),
        Some(NewDiscount::Amount(money)) => plain(money.amount, currency),
        Some(NewDiscount::Percent(ppm)) => {
            let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
            format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

/// A province by its code, where the country's list has it.
pub(crate) fn province_code(country: Country, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    places::find_province(country, text).map_or_else(|| text.to_owned(), |province| province.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reductions_are_typed_as_amounts_or_shares() {
        let dzd = Currency::DZD;
        let read = |text: &str| discount_of(text, dzd).map(|read| discount_text(read, dzd));
        for (typed, kept) in [("", ""), ("500", "500"), ("1 500,50", "1500.50"), ("10%", "10%"), ("٪١٠", "x"), ("١٠٪", "10%"), ("12,5 %", "12.5%")]
        {
            let found = read(typed);
            if kept == "x" { assert_eq!(found, None, "{typed}") } else { assert_eq!(found.as_deref(), Some(kept), "{typed}") }
        }
        for wrong in ["ten", "%", "1.2.3%", "5 eggs"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn errors_of_an_order_find_the_fields_of_the_form() {
        for (error, field) in [
            ("customer", "phone"),
            ("customer.phone", "phone"),
            ("customer.name", "name"),
            ("lines", "find"),
            ("lines[2].unit_price", "price.2"),
            ("lines[0].quantity", "quantity.0"),
            ("shipping_address.city", "city"),
            ("discount", "discount"),
        ] {
            assert_eq!(field_of(error), field);
        }
    }
}
