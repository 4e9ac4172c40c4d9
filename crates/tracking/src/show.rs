//! One order as its customer sees it. What leads to a person is dots: links travel.

use std::sync::Arc;

use base::Ctx;
use db::Tx;
use kernel::mask::{hide_emails, hide_phones};
use kernel::{Amount, Currency, Day, Error, LineId, NoteAudience, OrderId, OrderState, PaymentMethod, PaymentState, TaxMode, Time};

use crate::front::{Front, front_of};
use crate::logo::{ShownLogo, logo_of};
use crate::own::{self, OwnRights};
use crate::require_on;
use crate::rules::{Part, Standing, Wish, route, shown_name, shown_street};

/// An order as its customer sees it.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Which.
    pub order: OrderId,
    /// As the store writes it.
    pub number: String,
    /// Which store.
    pub store: Arc<access::Store>,
    /// How to reach it, its colour.
    pub front: Front,
    /// The order's state.
    pub state: OrderState,
    /// The same in a customer's words.
    pub standing: Standing,
    /// The day that was promised.
    pub promised_on: Option<Day>,
    /// Whether that day is over and the order is still to come.
    pub is_late: bool,
    /// How far it is, 0 to 100; none once it left its way.
    pub progress: Option<u8>,
    /// The stops of its way.
    pub route: Vec<Part>,
    /// What it comes to.
    pub total: Amount,
    /// What of it is to be paid still; none once it was called off or is on its way back.
    pub to_pay: Option<Amount>,
    /// Of its amounts.
    pub currency: Currency,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// What it holds.
    pub items: Vec<Item>,
    /// Whom it is for: the first name and a letter.
    pub name: String,
    /// The number to call, all but its beginning and end hidden.
    pub phone: Option<String>,
    /// The first word of the street.
    pub street: Option<String>,
    /// City, commune or town.
    pub city: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// Who carries it.
    pub courier: Option<String>,
    /// The courier's number of the parcel.
    pub parcel: Option<String>,
    /// What was heard of the parcel, newest first.
    pub entries: Vec<Entry>,
    /// What the store wrote to its customer, newest first.
    pub said: Vec<Said>,
    /// What she may ask for now.
    pub wishes: &'static [Wish],
    /// What she may do herself now.
    pub own: OwnRights,
    /// The logo of the store.
    pub logo: Option<ShownLogo>,
    /// What the things come to before discount, fees and tax.
    pub subtotal: Amount,
    /// What is taken off.
    pub discount: Amount,
    /// What delivery and cash on delivery cost.
    pub fees: Amount,
    /// The tax on top; nothing where prices hold it already.
    pub tax: Amount,
    /// When it was placed.
    pub placed_at: Time,
    /// The last change of any kind.
    pub updated_at: Time,
}

/// A thing in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which line.
    pub id: LineId,
    /// What it comes to, before what is taken off the whole order.
    pub total: Amount,
    /// What it is.
    pub title: String,
    /// Size, colour and the like.
    pub variant: Option<String>,
    /// How many.
    pub quantity: i64,
}

/// Something heard of a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was so.
    pub at: Time,
    /// The courier's or the team's word.
    pub status: String,
    /// Where.
    pub place: Option<String>,
    /// More words.
    pub text: Option<String>,
}

/// Something the store wrote to its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: Time,
    /// What.
    pub text: String,
}

/// Entries and words that one page shows; the newest ones.
const SHOWN: usize = 20;

/// An order for whoever bears its link. The bearer was proved before; nothing is asked here but whether the pages are on.
pub fn show(tx: &mut Tx, ctx: &Ctx, id: OrderId) -> Result<Tracked, Error> {
    require_on(ctx)?;
    let progress = orders::progress(tx, ctx, id)?;
    let lines = orders::list_lines(tx, ctx, id)?;
    let notes = orders::list_notes(tx, ctx, id, Some(NoteAudience::Customer))?;
    let entries = orders::list_tracking(tx, ctx, id)?;
    let store = access::stores::find(tx, ctx, progress.order.store_id)?;
    let has_proof = own::has_proof(tx, ctx, &progress.order)?;
    let own = own::rights(ctx, &progress.order, has_proof);
    let logo = logo_of(tx, Some(store.id))?;

    let order = progress.order;
    let standing = Standing::of(order.state, order.confirmation, order.shipping_state);
    let came: Vec<(OrderState, Time)> = progress.timeline.iter().map(|step| (step.to, step.at)).collect();
    let today = ctx.now.day_in(&store.zone);
    let hidden = |text: &str| hide_emails(&hide_phones(text)).into_owned();
    let entries = entries.into_iter().rev().take(SHOWN).map(|entry| Entry {
        at: entry.at,
        status: hidden(&entry.status),
        place: entry.place.as_deref().map(hidden),
        text: entry.text.as_deref().map(hidden),
    });
    let said = notes.iter().rev().take(SHOWN).map(|note| Said { at: note.created_at, text: note.text() });
    Ok(Tracked {
        order: order.id,
        number: order.number,
        front: front_of(ctx, &store),
        state: order.state,
        standing,
        promised_on: order.expected_on,
        is_late: standing.is_coming() && order.expected_on.is_some_and(|day| day < today),
        progress: progress.percentage,
        route: route(&came, order.created_at, order.state),
        total: order.total,
        to_pay: to_pay(standing, order.payment_method, order.payment_state, order.total, order.to_collect),
        currency: order.currency,
        payment_method: order.payment_method,
        items: lines
            .into_iter()
            .map(|line| Item { id: line.id, total: line.line_total, title: line.title, variant: line.variant, quantity: line.quantity })
            .collect(),
        name: shown_name(&order.contact_name),
        phone: order.contact_phone.map(|phone| phone.masked()),
        street: order.line1.as_deref().map(shown_street),
        city: order.city,
        province: order.province,
        courier: order.courier,
        parcel: order.tracking,
        entries: entries.collect(),
        said: said.collect(),
        wishes: standing.wishes(),
        own,
        logo,
        subtotal: order.subtotal,
        discount: order.discount,
        fees: order.shipping_fee + order.cod_fee,
        tax: if order.tax_mode == TaxMode::Exclusive { order.tax } else { Amount::ZERO },
        placed_at: order.created_at,
        updated_at: order.updated_at,
        store,
    })
}

/// What a customer still has to pay: at the door what the courier collects, else all of it until it is paid.
fn to_pay(standing: Standing, method: PaymentMethod, paid: PaymentState, total: Amount, to_collect: Amount) -> Option<Amount> {
    if standing.is_over() || standing == Standing::Lost {
        return None;
    }
    let is_settled = matches!(paid, PaymentState::Paid | PaymentState::PartRefunded | PaymentState::Refunded) || standing == Standing::Delivered;
    Some(match (is_settled, method) {
        (true, _) => Amount::ZERO,
        (false, PaymentMethod::Cod) => to_collect,
        (false, _) => total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_paid_follows_method_and_payments() {
        let pay = |standing, method, paid| to_pay(standing, method, paid, Amount(900), Amount(700));
        assert_eq!(pay(Standing::Sent, PaymentMethod::Cod, PaymentState::Unpaid), Some(Amount(700)));
        assert_eq!(pay(Standing::Sent, PaymentMethod::Card, PaymentState::Unpaid), Some(Amount(900)));
        assert_eq!(pay(Standing::Sent, PaymentMethod::Card, PaymentState::Paid), Some(Amount::ZERO));
        assert_eq!(pay(Standing::Delivered, PaymentMethod::Cod, PaymentState::Unpaid), Some(Amount::ZERO));
        assert_eq!(pay(Standing::Cancelled, PaymentMethod::Cod, PaymentState::Unpaid), None);
    }
}
