//! Customers who may be one person: the same number under another country's code, the same e-mail address,
//! the same folded name. A name alone says little, so whoever shows these looks at the addresses, too.

use base::Ctx;
use db::Tx;
use kernel::{CustomerId, Error, Permission};

use crate::model::Customer;
use crate::store::{self, twins as rows};

/// Why two customers may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same digits of a telephone number.
    Phone,
    /// The same e-mail address.
    Email,
    /// The same folded name.
    Name,
}

/// Somebody who may be the same person, and why.
pub type Twin = (Customer, Vec<Likeness>);

/// Customers like this one, each with the reasons; at most `limit`, those with more reasons first. Only
/// customers that the caller may see.
pub fn like(tx: &mut Tx, ctx: &Ctx, id: CustomerId, limit: usize) -> Result<(Customer, Vec<Twin>), Error> {
    ctx.require(Permission::CustomerRead)?;

    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let mut found: Vec<(CustomerId, Vec<Likeness>)> = Vec::new();
    let mut add = |ids: Vec<CustomerId>, why: Likeness| {
        for other in ids.into_iter().filter(|other| *other != customer.id) {
            match found.iter_mut().find(|(one, _)| *one == other) {
                Some((_, reasons)) => reasons.push(why),
                None => found.push((other, vec![why])),
            }
        }
    };
    add(rows::by_digits(tx, customer.id)?, Likeness::Phone);
    if let Some(email) = &customer.email {
        add(rows::by_email(tx, email)?, Likeness::Email);
    }
    if !customer.name.trim().is_empty() {
        add(rows::by_name(tx, &kernel::fold(&customer.name))?, Likeness::Name);
    }
    found.sort_by_key(|(_, reasons)| std::cmp::Reverse(reasons.len()));
    let mut likes = Vec::new();
    for (other, reasons) in found {
        if likes.len() == limit {
            break;
        }
        if let Some(other) = store::find(tx, ctx, other)? {
            likes.push((other, reasons));
        }
    }
    Ok((customer, likes))
}

/// Streets of these customers as they are kept with them: folded, with the province, so that they can be
/// compared.
pub fn streets_of(tx: &mut Tx, ids: &[CustomerId]) -> Result<Vec<(CustomerId, String)>, Error> {
    rows::streets_of(tx, ids)
}

/// The newest customers whose number, e-mail address or name somebody else has, too: where to begin looking.
pub fn suspects(tx: &mut Tx, ctx: &Ctx, limit: u32) -> Result<Vec<CustomerId>, Error> {
    ctx.require(Permission::CustomerRead)?;
    rows::suspects(tx, ctx, limit)
}
