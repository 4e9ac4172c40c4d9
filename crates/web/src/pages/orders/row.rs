//! Orders as rows of the list.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use access::Store;
use base::{Ctx, places};
use db::Tx;
use kernel::{Error, Id, Locale, Permission, StoreId, UserId};
use orders::{Order, OrderRow, overlay};

use super::view::{Extra, Face, Row};
use crate::badges;
use crate::format::Format;
use crate::pages::phones::shown_phone;
use crate::words::Words;

/// What rows need besides themselves: who the agents are, how each store writes.
pub(super) struct Surroundings {
    say: Words,
    format: Format,
    agents: BTreeMap<UserId, String>,
    stores: BTreeMap<StoreId, Arc<Store>>,
}

impl Surroundings {
    /// Loads what these orders need, each thing once.
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, format: &Format, rows: &[OrderRow]) -> Result<Surroundings, Error> {
        let mut ids: Vec<UserId> = rows.iter().filter_map(|row| row.agent_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let people = if ids.is_empty() { Vec::new() } else { access::users::names(tx, ctx, &ids)? };
        let agents = people.into_iter().map(|person| (person.id, person.name)).collect();

        let mut stores = BTreeMap::new();
        for row in rows {
            if let Entry::Vacant(free) = stores.entry(row.store_id) {
                free.insert(access::stores::find(tx, ctx, row.store_id)?);
            }
        }
        Ok(Surroundings { say: Words { locale: ctx.locale }, format: format.clone(), agents, stores })
    }

    /// The rows as the list shows them.
    pub(super) fn rows(&self, ctx: &Ctx, rows: &[OrderRow]) -> Vec<Row> {
        rows.iter().map(|row| self.row(ctx, row)).collect()
    }

    fn row(&self, ctx: &Ctx, row: &OrderRow) -> Row {
        let say = self.say;
        let store = self.stores.get(&row.store_id);
        let format = store.map_or_else(|| self.format.clone(), |store| self.format.of_store(store.number_style, &store.zone));
        let (channel_icon, channel) = badges::channel(row.channel);
        let more = row.line_count - 1;
        let progress = ctx.settings.rules.progress(row.state, row.substatus.as_deref());
        let rules = &ctx.settings.rules;
        let substatus = row.substatus.as_deref().and_then(|key| rules.substatus(row.state, key));
        let percent = |progress: u8| say.one("orders-progress", "percent", format.percent(i64::from(progress) * 10_000));
        Row {
            id: row.id.to_string(),
            version: row.version,
            number: row.number.clone(),
            channel: say.t(channel),
            channel_icon,
            name: row.contact_name.clone(),
            phone: row.contact_phone.as_ref().map(|phone| shown_phone(ctx, phone, row.country)),
            dial: row.contact_phone.as_ref().filter(|_| ctx.can(Permission::PhoneSee)).map(|phone| phone.e164().to_owned()).unwrap_or_default(),
            priority: badges::priority(row.priority),
            item: first_item(&row.summary, row.line_count).to_owned(),
            more_items: (more > 0).then(|| say.count("orders-more-items", more, &format.number(more))),
            place: place(say.locale, row),
            district: row.city.clone().unwrap_or_default(),
            total: format.money_parts(row.total, row.currency),
            badge: badges::order(row.state, row.confirmation, row.call_at.is_some(), row.shipping_state),
            substatus: substatus.map(|one| base::rules::label(&one.labels, ctx.locale).unwrap_or(&one.key).to_owned()),
            is_held: row.hold_count > 0,
            progress,
            progress_label: progress.map(percent).unwrap_or_default(),
            agent: row.agent_id.map(|id| face(id, self.agents.get(&id).map(String::as_str).unwrap_or_default())),
            at: format.ago(row.created_at),
            at_iso: format.iso(row.created_at),
            at_exact: format.exact(row.created_at),
            next: next(ctx, row),
            extra: Extra {
                collect: format.money(row.to_collect, row.currency),
                payment: say.t(badges::payment(row.payment_state).key),
                shipping: say.t(badges::shipping(row.shipping_state).key),
                tracking: row.tracking.clone().unwrap_or_default(),
                store: store.map(|store| store.name.clone()).unwrap_or_default(),
                tags: serde_json::from_str::<Vec<String>>(&row.tags).unwrap_or_default().join(" · "),
                priority: say.t(badges::priority_name(row.priority)),
                expected: row.expected_on.map(|day| format.day(day)).unwrap_or_default(),
                moved: format.ago(row.moved_at),
            },
        }
    }
}

/// The move that comes next when all goes well, if this reader may make it at once.
fn next(ctx: &Ctx, row: &OrderRow) -> Option<(&'static str, &'static str)> {
    let rules = &ctx.settings.rules;
    let to = overlay::expected_next(rules, row.state, row.substatus.as_deref())?;
    let way = overlay::actions(rules, row.state, row.substatus.as_deref()).find(|way| way.to == to && !way.needs_reason)?;
    let may = row.archived_at.is_none() && ctx.can(way.permission) && overlay::has_rights(rules, way, &ctx.permissions);
    may.then(|| (way.action.as_str(), badges::action(way.action).verb))
}

/// The first thing of a summary; the list says apart how many more there are.
fn first_item(summary: &str, lines: i64) -> &str {
    summary.rsplit_once(" + ").filter(|_| lines > 1).map_or(summary, |(first, _)| first)
}

/// The province in the reader's script, where the lists have it.
fn place(locale: Locale, row: &OrderRow) -> String {
    let Some(name) = &row.province else { return String::new() };
    if locale.is_right_to_left()
        && let Some(province) = places::find_province(row.country, name)
    {
        return province.local_name.clone();
    }
    name.clone()
}

/// Somebody as initials.
pub(super) fn face(id: UserId, name: &str) -> Face {
    Face {
        short: name.split_whitespace().next().unwrap_or_default().to_owned(),
        initials: badges::initials(name),
        tone: badges::person_tone(id.to_i64()),
        name: name.to_owned(),
    }
}

/// An order that was read whole, as lists show it.
pub(super) fn row_of(order: Order) -> OrderRow {
    OrderRow {
        id: order.id,
        seq: order.seq,
        number: order.number,
        store_id: order.store_id,
        external_ref: order.external_ref,
        channel: order.channel,
        customer_id: order.customer_id,
        contact_name: order.contact_name,
        contact_phone: order.contact_phone,
        city: order.city,
        province: order.province,
        country: order.country,
        place_known: order.place_known,
        state: order.state,
        confirmation: order.confirmation,
        call_at: order.call_at,
        agent_id: order.agent_id,
        shipping_state: order.shipping_state,
        payment_state: order.payment_state,
        payment_method: order.payment_method,
        tracking: order.tracking,
        courier: order.courier,
        substatus: order.substatus,
        hold_count: order.hold_count,
        priority: order.priority,
        expected_on: order.expected_on,
        currency: order.currency,
        total: order.total,
        to_collect: order.to_collect,
        line_count: order.line_count,
        item_count: order.item_count,
        backordered_count: order.backordered_count,
        note_count: order.note_count,
        summary: order.summary,
        tags: order.tags,
        custom: order.custom,
        archived_at: order.archived_at,
        created_at: order.created_at,
        updated_at: order.updated_at,
        moved_at: order.moved_at,
        version: order.version,
    }
}
