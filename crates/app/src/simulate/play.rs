//! Playing the simulation: people and stores first, then the stories of all orders in the order of time.

use std::collections::HashMap;
use std::sync::Arc;

use access::{NewStore, NewUser, PasswordHash};
use base::{Ctx, Edge};
use kernel::{Actor, Amount, Channel, Currency, Error, Hidden, Money, OrderAction, OrderId, Priority, StoreId, Time, UserId};
use orders::{Move, NewAddress, NewContact, NewLine, NewNote, NewOrder, NewTrackingEntry, OrderChange};
use serde_json::{Map, json};

use super::PASSWORD;
use super::dice::Dice;
use super::story::{self, Hand, Step, Told};
use super::world::{self, Buyer, PEOPLE, STORES};
use crate::failure::{Exit, Failure};
use crate::wiring::Kafila;

/// Steps in one transaction.
const BATCH: usize = 200;

/// What to play.
pub(super) struct Script {
    pub(super) orders: u64,
    pub(super) days: i64,
    pub(super) seed: u64,
}

/// What was played.
pub(super) struct Played {
    pub(super) orders: usize,
    pub(super) steps: usize,
}

/// Whose a data directory is.
pub(super) enum Whose {
    Nobody,
    Demo,
    Somebody,
}

/// Whether somebody works here already.
pub(super) async fn whose(kafila: &Kafila) -> Result<Whose, Failure> {
    let edge = kafila.base.system_edge(kafila.org).await;
    let (users, orders) = edge
        .read(|tx, ctx| {
            Ok((
                access::users::list(tx, ctx, true)?,
                orders::list(tx, ctx, &orders::OrderFilter::default(), &orders::Page { limit: 1, ..orders::Page::default() })?,
            ))
        })
        .await
        .map_err(failed)?;
    Ok(if users.iter().any(|user| user.email == PEOPLE[0].email) {
        Whose::Demo
    } else if users.is_empty() && orders.items.is_empty() {
        Whose::Nobody
    } else {
        Whose::Somebody
    })
}

/// Plays the whole simulation up to now.
pub(super) async fn play(kafila: &Kafila, script: &Script) -> Result<Played, Failure> {
    let edge = kafila.base.system_edge(kafila.org).await;
    let cast = cast(&edge, script.days).await.map_err(failed)?;
    let mut acts = acts(script, &cast, kafila.base.now());
    acts.sort_by_key(|act| (act.at, act.order));

    let bar = indicatif::ProgressBar::new(acts.len() as u64).with_message("playing ninety days of a shop");
    bar.set_style(indicatif::ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta}").expect("a fixed form"));
    let steps = acts.len();
    let mut known: HashMap<usize, OrderId> = HashMap::new();
    let mut rest = acts.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Vec<Act> = rest.by_ref().take(BATCH).collect();
        let before: HashMap<usize, OrderId> = batch.iter().filter_map(|act| Some((act.order, *known.get(&act.order)?))).collect();
        let count = batch.len() as u64;
        let (batch, before) = (Arc::new(batch), Arc::new(before));
        let placed = edge
            .write_background(move |tx, ctx| {
                let mut ids = HashMap::clone(&before);
                for act in batch.iter() {
                    let as_person = Ctx { actor: act.actor, ..ctx.at(act.at) };
                    act.perform(tx, &as_person, &mut ids)?;
                }
                Ok(ids)
            })
            .await
            .map_err(failed)?;
        known.extend(placed);
        bar.inc(count);
    }
    bar.finish_and_clear();
    Ok(Played { orders: script.orders as usize, steps })
}

fn failed(error: Error) -> Failure {
    Failure::new(Exit::Failed, format!("the simulation stopped: {error}"))
}

/// Stores and people, by what they do.
struct Cast {
    stores: Vec<StoreId>,
    /// Who calls, for each store.
    callers: Vec<Vec<UserId>>,
    follow_up: Vec<UserId>,
}

async fn cast(edge: &Edge, days: i64) -> Result<Cast, Error> {
    let began = edge.base.now().plus_us(-(days + 2) * Time::DAY);
    let stores = edge
        .write(move |tx, ctx| {
            let ctx = &ctx.at(began);
            let mut name = Map::new();
            name.insert("name".to_owned(), json!("Yasmine"));
            name.insert("default_locale".to_owned(), json!("fr"));
            base::settings::set(tx, ctx, "general", &name, None)?;
            let main = access::stores::by_code(tx, ctx, "MAIN")?;
            let mut ids = Vec::new();
            for plan in STORES {
                let new = NewStore { shipping_fee: Amount(60_000), ..NewStore::algerian(plan.code, plan.name) };
                let store = match ids.is_empty() {
                    true => access::stores::change(tx, ctx, main.id, &new, main.version)?,
                    false => access::stores::create(tx, ctx, &new)?,
                };
                ids.push(store.id);
            }
            Ok(ids)
        })
        .await?;

    let password = PasswordHash::prepare(&Hidden::new(PASSWORD), &[], edge.ctx.settings.access.password_min_score).await?;
    let for_users = stores.clone();
    let users = edge
        .write(move |tx, ctx| {
            let ctx = &ctx.at(began);
            let mut ids = Vec::new();
            for person in PEOPLE {
                let role = access::roles::by_name(tx, ctx, person.role)?;
                let stores = person.stores.iter().filter_map(|code| position(code).map(|place| for_users[place])).collect();
                let new =
                    NewUser { email: person.email.to_owned(), name: person.name.to_owned(), role: role.id, stores, locale: Some(person.locale) };
                ids.push(access::users::create(tx, ctx, &new, &password)?.id);
            }
            Ok(ids)
        })
        .await?;

    let with_role = |roles: &[&str], store: Option<&str>| -> Vec<UserId> {
        let works = |person: &world::Person| {
            roles.contains(&person.role) && store.is_none_or(|code| person.stores.is_empty() || person.stores.contains(&code))
        };
        PEOPLE.iter().zip(&users).filter(|(person, _)| works(person)).map(|(_, id)| *id).collect()
    };
    Ok(Cast {
        callers: STORES.iter().map(|plan| with_role(&["agent_call_center", "agent"], Some(plan.code))).collect(),
        follow_up: with_role(&["agent_suivi"], None),
        stores,
    })
}

fn position(code: &str) -> Option<usize> {
    STORES.iter().position(|plan| plan.code == code)
}

/// Something that somebody does at a moment.
struct Act {
    at: Time,
    /// Which story it belongs to.
    order: usize,
    actor: Actor,
    what: What,
}

enum What {
    Place(Box<NewOrder>),
    Step(Step),
}

impl Act {
    fn perform(&self, tx: &mut db::Tx, ctx: &Ctx, ids: &mut HashMap<usize, OrderId>) -> Result<(), Error> {
        let step = match &self.what {
            What::Place(new) => {
                ids.insert(self.order, orders::place(tx, ctx, new)?.id);
                return Ok(());
            }
            What::Step(step) => step,
        };
        let id = *ids.get(&self.order).ok_or_else(|| Error::internal("a story began in the middle"))?;
        match step {
            Step::Move(action, reason) => {
                orders::act(tx, ctx, id, &Move { reason: reason.map(str::to_owned), ..Move::new(*action) })?;
                if *action == OrderAction::HandOver {
                    let number = format!("YAL-{:08}", self.order * 97 + 10_000_000);
                    orders::set_tracking(tx, ctx, id, Some(&number), Some("Yalidine"))?;
                }
            }
            Step::Note(audience, text) => {
                let note =
                    NewNote { audience: *audience, text: (*text).to_owned(), kind: Some("call".to_owned()), data: Map::new(), mentions: Vec::new() };
                orders::add_note(tx, ctx, id, &note)?;
            }
            Step::Tracking(status, place) => {
                let entry = NewTrackingEntry {
                    at: None,
                    status: (*status).to_owned(),
                    place: Some((*place).to_owned()),
                    text: None,
                    source: Some("Yalidine".to_owned()),
                };
                orders::add_tracking(tx, ctx, id, &entry)?;
            }
            Step::Raise(priority) => {
                orders::change(tx, ctx, id, &OrderChange { priority: Some(*priority), ..OrderChange::default() })?;
            }
        }
        Ok(())
    }
}

/// Draws all stories, and keeps what has happened by now.
fn acts(script: &Script, cast: &Cast, now: Time) -> Vec<Act> {
    let mut dice = Dice::new(script.seed);
    let mut buyers: Vec<Buyer> = Vec::new();
    let mut acts = Vec::new();
    let mut moments: Vec<Time> = (0..script.orders).map(|_| story::placed_at(&mut dice, now, script.days)).collect();
    moments.sort_unstable();
    for (order, placed_at) in moments.into_iter().enumerate() {
        let store = *dice.weighed(&[0, 1, 2, 3, 4], |place| STORES[*place as usize].share) as usize;
        // A third buys again, mostly those who bought lately.
        let buyer = if !buyers.is_empty() && dice.chance(34) {
            let recent = buyers.len() as u64 / 3 + 1;
            buyers[buyers.len() - 1 - dice.below(recent) as usize].clone()
        } else {
            let buyer = Buyer::draw(&mut dice, buyers.len() as u64);
            buyers.push(buyer.clone());
            buyer
        };
        let caller = *dice.pick(&cast.callers[store]);
        let new = new_order(&mut dice, order, store, cast.stores[store], &buyer, placed_at, caller);
        acts.push(Act { at: placed_at, order, actor: Actor::System, what: What::Place(Box::new(new)) });
        for Told { at, hand, step } in story::draw(&mut dice, placed_at) {
            let follow_up = *dice.pick(&cast.follow_up);
            let actor = match hand {
                Hand::Agent => Actor::User(caller),
                Hand::FollowUp => Actor::User(follow_up),
                Hand::System => Actor::System,
            };
            if at <= now {
                acts.push(Act { at, order, actor, what: What::Step(step) });
            }
        }
    }
    acts
}

fn new_order(dice: &mut Dice, number: usize, store: usize, store_id: StoreId, buyer: &Buyer, placed_at: Time, caller: UserId) -> NewOrder {
    let dinars = |whole: i64| Money { amount: Amount(whole * 100), currency: Currency::DZD };
    let count = dice.weighed(&[(1, 70), (2, 22), (3, 8)], |lines| lines.1).0;
    let mut lines: Vec<NewLine> = Vec::new();
    while (lines.len() as u64) < count {
        let product = dice.pick(STORES[store].products);
        if lines.iter().any(|line| line.sku.as_deref().is_some_and(|sku| sku.starts_with(product.sku))) {
            continue;
        }
        let variant = (!product.variants.is_empty()).then(|| dice.below(product.variants.len() as u64) as usize);
        let sku = variant.map_or_else(|| product.sku.to_owned(), |place| format!("{}-{}", product.sku, place + 1));
        let quantity = dice.weighed(&[(1, 82), (2, 14), (3, 4)], |quantity| quantity.1).0;
        lines.push(NewLine {
            variant: variant.map(|place| product.variants[place].to_owned()),
            ..NewLine::new(Some(&sku), product.title, quantity, dinars(product.price))
        });
    }
    let channel = world::channel(dice);
    NewOrder {
        external_ref: (channel == Channel::Web).then(|| format!("W-{}-{:06}", STORES[store].code, number + 10_000)),
        channel,
        placed_at: Some(placed_at),
        customer: Some(NewContact {
            name: buyer.name.clone(),
            phone: Some(buyer.phone.clone()),
            language: Some(buyer.language),
            ..NewContact::default()
        }),
        shipping_address: Some(NewAddress {
            line1: buyer.line1.clone(),
            city: Some(buyer.city.clone()),
            province: Some(buyer.province.clone()),
            country: Some(kernel::Country::DZ),
            ..NewAddress::default()
        }),
        lines,
        shipping_fee: Some(Money { amount: world::shipping_fee(&buyer.province), currency: Currency::DZD }),
        priority: Priority::Normal,
        agent_id: Some(caller),
        ..NewOrder::new(store_id)
    }
}
