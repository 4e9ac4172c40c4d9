//! A customer's way to all of her orders: a code that is sent or read out to her, and the short session that it opens.

use access::shared;
use base::{Ctx, events, places};
use customers::Customer;
use db::Tx;
use kernel::{Actor, CodeId, CustomerId, Error, Event, Hidden, Id, OrgId, Permission, Phone, SessionId, Time, western_digits};

use crate::{channels, require_on, store};

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// How long it can be used.
const CODE_US: i64 = 10 * Time::MINUTE;
/// How often it can be tried.
const TRIES: i64 = 5;
/// How many are made for one person in an hour.
const AN_HOUR: u32 = 5;
/// How long a customer may look at her orders before she needs another code.
const SESSION_US: i64 = 30 * Time::MINUTE;

const SUBJECT: &str = "customer code subject";
const CODE: &str = "customer code";

/// A code that somebody of the team reads out.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The digits; shown once.
    pub code: Hidden,
    /// Until when it can be used.
    pub expires_at: Time,
}

/// What became of a code.
#[derive(Clone, Debug)]
pub enum Entered {
    /// It opens her history.
    In(NewSession),
    /// It does not fit, is too old, or was tried too often. The try counts, so this is no error.
    Refused,
}

/// A session that was just opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What the customer's browser or program bears.
    pub token: Hidden,
    /// Until when it lasts.
    pub expires_at: Time,
}

/// Whom a code is for.
struct Subject {
    hash: [u8; 32],
    customer: Option<Customer>,
}

/// Sends a code to the customer with this number or e-mail address, by a way that leads to her. Whether there is such a customer
/// shows neither in the answer nor in what is written: others get a code that nobody hears. At most five an hour.
pub fn ask_code(tx: &mut Tx, ctx: &Ctx, contact: &str) -> Result<(), Error> {
    require_on(ctx)?;

    let Subject { hash, customer } = subject(tx, ctx, contact)?;
    if store::count_codes(tx, &hash, ctx.now.plus_us(-Time::HOUR), AN_HOUR)? >= i64::from(AN_HOUR) {
        return Ok(());
    }
    let code = make(tx, ctx, &hash, customer.as_ref().map(|customer| customer.id))?;
    let Some(customer) = customer else { return Ok(()) };
    let channel = channels::send(tx, ctx, &customer, &code.code)?.map(str::to_owned);

    events::record(tx, ctx, Event::CustomerCodeAsked { customer: customer.id, channel })?;
    Ok(())
}

/// Makes a code to read out to a customer who called, and ends the one before.
pub fn issue_code(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Issued, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let customer = customers::find(tx, ctx, id)?;
    require_on(ctx)?;
    if customer.erased_at.is_some() {
        return Err(Error::conflict("customer.erased"));
    }
    let hash = of_customer(ctx, tx.org(), customer.id)?;
    let issued = make(tx, ctx, &hash, Some(customer.id))?;

    events::record(tx, ctx, Event::CustomerCodeIssued { customer: customer.id })?;
    Ok(issued)
}

fn make(tx: &mut Tx, ctx: &Ctx, subject: &[u8], customer: Option<CustomerId>) -> Result<Issued, Error> {
    let id: CodeId = tx.new_id();
    let digits: u32 = rand::random_range(0..10_u32.pow(CODE_DIGITS as u32));
    let code = Hidden::new(format!("{digits:0width$}", width = CODE_DIGITS));
    let expires_at = ctx.now.plus_us(CODE_US);
    store::insert_code(tx, id, subject, customer, &hash_of(ctx, tx.org(), id, code.reveal())?, ctx.now, expires_at)?;
    Ok(Issued { code, expires_at })
}

/// Opens a customer's history with a code: the newest that was made for her.
pub fn enter(tx: &mut Tx, ctx: &Ctx, contact: &str, code: &str) -> Result<Entered, Error> {
    use subtle::ConstantTimeEq;
    require_on(ctx)?;

    let Subject { hash, .. } = subject(tx, ctx, contact)?;
    let typed: String = western_digits(code).chars().filter(char::is_ascii_digit).collect();
    let Some(kept) = store::try_code(tx, &hash, ctx.now, TRIES)? else { return Ok(Entered::Refused) };
    let is_right: bool = hash_of(ctx, tx.org(), kept.id, &typed)?.ct_eq(&kept.code_hash[..]).into();
    let Some(customer) = kept.customer_id.filter(|_| is_right) else { return Ok(Entered::Refused) };
    store::spend_code(tx, kept.id, ctx.now)?;

    let id: SessionId = tx.new_id();
    let made = shared::make(tx.org(), id);
    let expires_at = ctx.now.plus_us(SESSION_US);
    store::insert_session(tx, id, customer, &made.secret_hash, ctx.now, expires_at)?;
    let hers = Ctx { actor: Actor::Customer(customer), ..ctx.clone() };
    events::record(tx, &hers, Event::CustomerEntered { customer })?;
    Ok(Entered::In(NewSession { token: made.text, expires_at }))
}

/// A session as a browser or program bears it.
#[derive(Clone, Debug)]
pub struct Session(shared::Link<SessionId>);

impl Session {
    /// The organization it belongs to, as it says; [`owner`] proves it.
    pub fn org(&self) -> OrgId {
        self.0.org()
    }
}

/// Reads what a customer bears; nothing when it cannot be a session.
pub fn read_session(token: &str) -> Option<Session> {
    shared::read(token).map(Session)
}

/// Whose session it is. `Unauthenticated` when it is over, or never was.
pub fn owner(tx: &mut Tx, ctx: &Ctx, session: &Session) -> Result<CustomerId, Error> {
    require_on(ctx)?;
    let found = store::find_session(tx, session.0.id(), ctx.now)?;
    let (customer, hash) = found.filter(|_| session.org() == tx.org()).ok_or(Error::Unauthenticated)?;
    if !session.0.matches(&hash) {
        return Err(Error::Unauthenticated);
    }
    // An old id leads to the customer that was kept.
    match customers::find(tx, ctx, customer) {
        Ok(customer) if customer.erased_at.is_none() => Ok(customer.id),
        Ok(_) | Err(Error::NotFound { .. }) => Err(Error::Unauthenticated),
        Err(other) => Err(other),
    }
}

/// Ends a session. What is over already stays so.
pub fn leave(tx: &mut Tx, ctx: &Ctx, session: &Session) -> Result<(), Error> {
    match owner(tx, ctx, session) {
        Ok(_) => store::delete_session(tx, session.0.id()),
        Err(Error::Unauthenticated) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Forgets codes and sessions of a person who is being erased; answers how many rows. For `care`.
pub fn forget_person(tx: &mut Tx, customer: CustomerId) -> Result<u64, Error> {
    store::forget(tx, customer)
}

/// Removes what is past its time, at most so many rows of each kind. Codes stay for the hour in which they count.
pub fn purge(tx: &mut Tx, now: Time, limit: u32) -> Result<u64, Error> {
    store::purge(tx, now.plus_us(-Time::HOUR), now, limit)
}

/// Whose number or address it is, in any spelling that one of the stores' countries knows. Nobody's has a subject, too.
fn subject(tx: &mut Tx, ctx: &Ctx, contact: &str) -> Result<Subject, Error> {
    let typed = contact.trim();
    if typed.is_empty() || typed.len() > 254 || typed.contains('\0') {
        return Err(Error::field("contact", "contact"));
    }
    let customer = if typed.contains('@') { customers::by_email(tx, typed)? } else { by_phone(tx, ctx, typed)? };
    let customer = customer.filter(|customer| customer.erased_at.is_none());
    let hash = match &customer {
        Some(customer) => of_customer(ctx, tx.org(), customer.id)?,
        None => ctx.secrets.sign(tx.org(), SUBJECT, format!("contact {}", folded(typed)).as_bytes())?,
    };
    Ok(Subject { hash, customer })
}

fn of_customer(ctx: &Ctx, org: OrgId, customer: CustomerId) -> Result<[u8; 32], Error> {
    ctx.secrets.sign(org, SUBJECT, format!("customer {}", customer.to_i64()).as_bytes())
}

fn by_phone(tx: &mut Tx, ctx: &Ctx, typed: &str) -> Result<Option<Customer>, Error> {
    let mut countries: Vec<kernel::Country> = access::stores::list(tx, ctx, true)?.iter().map(|store| store.country).collect();
    countries.extend(places::countries().iter().copied());
    countries.sort_unstable();
    countries.dedup();
    let mut found = None;
    for country in countries {
        if let Ok(phone) = Phone::parse(typed, country)
            && found.is_none()
        {
            found = customers::by_phone(tx, &phone)?;
        }
    }
    Ok(found)
}

/// The same for every spelling of something that nobody has.
fn folded(typed: &str) -> String {
    if typed.contains('@') {
        return typed.to_lowercase();
    }
    western_digits(typed).chars().filter(char::is_ascii_digit).collect()
}

fn hash_of(ctx: &Ctx, org: OrgId, id: CodeId, code: &str) -> Result<[u8; 32], Error> {
    ctx.secrets.sign(org, CODE, format!("{} {code}", id.to_i64()).as_bytes())
}
