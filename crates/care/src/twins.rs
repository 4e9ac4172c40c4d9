//! Which customers are likely one person, with the reasons: where a merge could help.
//!
//! The same digits of a number or the same e-mail address are reason enough; the same name only together with
//! the same street, because many people have the same name.

use std::collections::{BTreeMap, BTreeSet};

use base::Ctx;
use customers::{Customer, merge, twins as records};
use db::Tx;
use kernel::{CustomerId, Error, Phone, words};

/// Most suggestions of one list.
const MOST: usize = 50;

words! {
    /// Why two customers are likely one.
    pub enum Likeness {
        /// The same digits of a telephone number.
        Phone = "phone",
        /// The same e-mail address.
        Email = "email",
        /// The same name.
        Name = "name",
        /// The same street in the same province.
        Address = "address",
    }
}

/// Two customers who are likely one.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The one who was asked about, or the newer one.
    pub customer: Customer,
    /// Their numbers.
    pub phones: Vec<Phone>,
    /// The other one.
    pub other: Customer,
    /// The other's numbers.
    pub other_phones: Vec<Phone>,
    /// Why.
    pub reasons: Vec<Likeness>,
}

/// Customers who are likely the same person as this one, the likeliest first; at most 50.
pub fn twins(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Vec<Suggestion>, Error> {
    let (customer, likes) = records::like(tx, ctx, id, MOST)?;
    if likes.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<CustomerId> = likes.iter().map(|(other, _)| other.id).collect();
    ids.push(customer.id);
    let mut streets: BTreeMap<CustomerId, BTreeSet<String>> = BTreeMap::new();
    for (id, street) in records::streets_of(tx, &ids)?.into_iter().chain(orders::care::streets_of(tx, &ids)?) {
        if street.trim().chars().count() > 4 {
            streets.entry(id).or_default().insert(street);
        }
    }
    let none = BTreeSet::new();
    let own = streets.get(&customer.id).unwrap_or(&none);
    let phones = phones_of(tx, customer.id)?;
    let mut found = Vec::new();
    for (other, likes) in likes {
        let mut reasons: Vec<Likeness> = likes.into_iter().map(reason).collect();
        if streets.get(&other.id).is_some_and(|theirs| !theirs.is_disjoint(own)) {
            reasons.push(Likeness::Address);
        }
        if reasons == [Likeness::Name] {
            continue;
        }
        let other_phones = phones_of(tx, other.id)?;
        found.push(Suggestion { customer: customer.clone(), phones: phones.clone(), other, other_phones, reasons });
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.reasons.len()));
    Ok(found)
}

fn reason(like: records::Likeness) -> Likeness {
    match like {
        records::Likeness::Phone => Likeness::Phone,
        records::Likeness::Email => Likeness::Email,
        records::Likeness::Name => Likeness::Name,
    }
}

fn phones_of(tx: &mut Tx, id: CustomerId) -> Result<Vec<Phone>, Error> {
    Ok(merge::phones_of(tx, id)?.into_iter().map(|row| row.phone).collect())
}

/// Pairs among the newest customers, each once; at most `limit`, which is at most 50.
pub fn suggestions(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<Vec<Suggestion>, Error> {
    let limit = (limit as usize).clamp(1, MOST);
    let mut found: Vec<Suggestion> = Vec::new();
    for suspect in records::suspects(tx, ctx, MOST as u32)? {
        for pair in twins(tx, ctx, suspect)? {
            let is_known = found.iter().any(|one| one.customer.id == pair.other.id && one.other.id == pair.customer.id);
            if !is_known {
                found.push(pair);
            }
            if found.len() == limit {
                return Ok(found);
            }
        }
    }
    Ok(found)
}
