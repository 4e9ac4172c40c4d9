//! What was sent, as a fingerprint: whether an order that comes in again is the same one.

use sha2::{Digest, Sha256};

use crate::model::{NewDiscount, NewOrder};

/// Feeds a hash so that no two contents read alike: each part with its length.
struct Content(Sha256);

impl Content {
    fn text(&mut self, text: &str) {
        self.number(text.len() as i64);
        self.0.update(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            None => self.number(-1),
            Some(text) => self.text(text),
        }
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn maybe(&mut self, number: Option<i64>) {
        self.number(i64::from(number.is_some()));
        self.number(number.unwrap_or(0));
    }

    fn discount(&mut self, discount: Option<NewDiscount>) {
        match discount {
            None => self.number(0),
            Some(NewDiscount::Amount(money)) => {
                self.number(1);
                self.number(money.amount.0);
            }
            Some(NewDiscount::Percent(ppm)) => {
                self.number(2);
                self.number(ppm);
            }
        }
    }
}

/// Sixteen bytes that stand for everything the sender said. The first note, the agent and the preset
/// are ours, not the sender's, and do not count.
pub(crate) fn content_hash(new: &NewOrder) -> Vec<u8> {
    let mut content = Content(Sha256::new());
    content.text(new.channel.as_str());
    content.maybe(new.placed_at.map(|at| at.0));
    match &new.customer {
        None => content.number(0),
        Some(contact) => {
            content.number(1);
            content.text(&contact.name);
            content.optional(contact.phone.as_deref());
            content.optional(contact.email.as_deref());
            content.optional(contact.language.map(|language| language.as_str()));
            content.optional(contact.external_ref.as_deref());
        }
    }
    match &new.shipping_address {
        None => content.number(0),
        Some(address) => {
            content.number(1);
            content.text(&address.line1);
            for part in [&address.line2, &address.city, &address.district, &address.province, &address.postal_code] {
                content.optional(part.as_deref());
            }
            content.optional(address.country.as_ref().map(|country| country.code()));
        }
    }
    content.number(new.lines.len() as i64);
    for line in &new.lines {
        content.optional(line.sku.as_deref());
        content.text(line.kind.as_str());
        content.text(&line.title);
        content.optional(line.variant.as_deref());
        content.optional(line.spec.as_ref().map(|spec| serde_json::Value::Object(spec.clone()).to_string()).as_deref());
        content.number(line.quantity);
        content.number(line.unit_price.amount.0);
        content.discount(line.discount);
    }
    content.discount(new.discount);
    content.maybe(new.shipping_fee.map(|money| money.amount.0));
    content.maybe(new.cod_fee.map(|money| money.amount.0));
    content.text(new.payment_method.as_str());
    content.text(new.priority.as_str());
    content.maybe(new.expected_on.map(|day| i64::from(day.0)));
    content.number(new.tags.len() as i64);
    for tag in &new.tags {
        content.text(tag);
    }
    if !new.custom.is_empty() {
        content.text(&serde_json::Value::Object(new.custom.clone()).to_string());
    }
    content.0.finalize()[..16].to_vec()
}

#[cfg(test)]
mod tests {
    use kernel::{Amount, Currency, Id, Money, StoreId};

    use super::*;
    use crate::model::NewLine;

    #[test]
    fn any_difference_is_another_content() {
        let mut new = NewOrder::new(StoreId::from_i64(1));
        new.lines.push(NewLine::new(Some("LIN-M"), "Linen dress", 1, Money { amount: Amount(840_000), currency: Currency::DZD }));
        let first = content_hash(&new);
        assert_eq!(content_hash(&new.clone()), first);
        let mut other = new.clone();
        other.lines[0].quantity = 2;
        assert_ne!(content_hash(&other), first);
        let mut other = new.clone();
        other.note = Some("ours".into());
        assert_eq!(content_hash(&other), first, "a note of ours is not content");
        let mut other = new;
        other.tags = vec!["gift".into()];
        assert_ne!(content_hash(&other), first);
    }
}
