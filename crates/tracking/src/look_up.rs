//! Finding an order by its number: alone it tells the state, with a proof it leads to the page.

use base::Ctx;
use db::Tx;
use kernel::{Error, OrderId, western_digits};

use crate::require_on;
use crate::rules::{Standing, ends_with};

/// What a number alone tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// The number, as the store writes it.
    pub number: String,
    /// Which store.
    pub store_name: String,
    /// Where the order stands.
    pub standing: Standing,
}

/// The orders of this number, and where they stand; nothing about a person. Several where a shop's own number is also one of ours.
pub fn numbered(tx: &mut Tx, ctx: &Ctx, number: &str) -> Result<Vec<Numbered>, Error> {
    require_on(ctx)?;
    let mut found = Vec::new();
    for id in orders::numbered(tx, number)? {
        let order = orders::find(tx, ctx, id)?;
        let store = access::stores::find(tx, ctx, order.store_id)?;
        let standing = Standing::of(order.state, order.confirmation, order.shipping_state);
        found.push(Numbered { number: order.number, store_name: store.name.clone(), standing });
    }
    Ok(found)
}

/// The orders of this number that the proof fits: the last four digits of the telephone on the order, or more of them, or its
/// customer's e-mail address. The same is read whether or not there is such an order, so that time tells nothing.
pub fn look_up(tx: &mut Tx, ctx: &Ctx, number: &str, proof: &str) -> Result<Vec<OrderId>, Error> {
    require_on(ctx)?;
    let mut candidates = orders::numbered(tx, number)?;
    let none = kernel::Id::from_i64(0);
    if candidates.is_empty() {
        candidates.push(none);
    }
    let mut fitting = Vec::new();
    for id in candidates {
        if fits(tx, ctx, id, proof)? {
            fitting.push(id);
        }
    }
    Ok(fitting)
}

/// Whether a proof fits an order; the same is read whether or not there is one.
pub(crate) fn fits(tx: &mut Tx, ctx: &Ctx, id: OrderId, proof: &str) -> Result<bool, Error> {
    let order = or_none(orders::find(tx, ctx, id))?;
    let customer = order.as_ref().and_then(|order| order.customer_id).unwrap_or_else(|| kernel::Id::from_i64(0));
    let customer = or_none(customers::find(tx, ctx, customer))?;
    let phone = order.and_then(|order| order.contact_phone).map(|phone| phone.e164().to_owned()).unwrap_or_default();
    let email = customer.and_then(|customer| customer.email).unwrap_or_default();
    Ok(proves(&phone, &email, proof))
}

/// Whether what somebody typed is the end of this number or this address.
fn proves(phone: &str, email: &str, proof: &str) -> bool {
    use subtle::ConstantTimeEq;
    let typed = proof.trim().to_lowercase();
    if typed.contains('@') {
        return !email.is_empty() && typed.as_bytes().ct_eq(email.to_lowercase().as_bytes()).into();
    }
    let plain: String = western_digits(&typed).chars().filter(|sign| !matches!(sign, ' ' | '-' | '.' | '(' | ')' | '+' | '•')).collect();
    ends_with(phone, &plain)
}

fn or_none<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_the_end_of_the_number_or_the_whole_address() {
        let fits = |proof: &str| proves("+213550142387", "amina@example.dz", proof);
        assert!(fits("2387") && fits(" ٢٣٨٧ ") && fits("0550 14 23 87") && fits("+213 550-14-23-87") && fits("Amina@Example.dz"));
        assert!(!fits("") && !fits("387") && !fits("amina@") && !fits("@") && !fits("example.dz") && !fits("2387x"));
        assert!(!proves("", "", "@") && !proves("", "", "0000"));
    }
}
