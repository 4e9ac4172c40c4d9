//! Stores: the sales channels of an organization. Orders, rights and calendars hang on them.
//!
//! A store's currency never changes: its orders hold plain amounts. Stores are archived, never
//! deleted; one open store always remains.

use std::sync::Arc;

use base::{Ctx, events};
use db::Tx;
use jiff::tz::TimeZone;
use kernel::{Check, Details, Error, Event, FieldError, Permission, StoreId, Version};

use crate::model::{NewStore, Store};
use crate::rules;
use crate::store::stores as store;

/// The live topic of a changed store.
pub const TOPIC: &str = "store";

/// A store that the caller may see, open or archived; one statement by primary key. Asks for no
/// right: whoever may see an order may know its store.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: StoreId) -> Result<Arc<Store>, Error> {
    if !ctx.sees().store(id) {
        return Err(Error::not_found("store"));
    }
    store::find(tx, id)?.map(Arc::new).ok_or(Error::not_found("store"))
}

/// A store that the caller may see, by its code in any case.
pub fn by_code(tx: &mut Tx, ctx: &Ctx, code: &str) -> Result<Arc<Store>, Error> {
    let found = store::find_by_code(tx, &code.trim().to_ascii_uppercase())?.filter(|found| ctx.sees().store(found.id));
    found.map(Arc::new).ok_or(Error::not_found("store"))
}

/// The stores that the caller may see, by code. Needs `store.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx, with_archived: bool) -> Result<Vec<Store>, Error> {
    ctx.require(Permission::StoreRead)?;
    let mut stores = store::list(tx, with_archived)?;
    stores.retain(|one| ctx.sees().store(one.id));
    Ok(stores)
}

/// Opens a store. Needs `store.edit` and `store.see_all`: who sees some stores cannot add to them.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &NewStore) -> Result<Arc<Store>, Error> {
    ctx.require(Permission::StoreEdit)?;
    ctx.require(Permission::StoreSeeAll)?;

    let (new, zone) = checked(new)?;
    let id = tx.new_id();
    store::insert(tx, id, &new, &zone, ctx.now)?;
    events::record(tx, ctx, Event::StoreCreated { store: id, code: new.code.clone() })?;
    tx.touch(TOPIC, id);

    find(tx, ctx, id)
}

/// Changes a store to what the form says. Needs `store.edit`.
///
/// `Stale` names the fields that differ from the caller's when somebody was faster; the currency
/// cannot change (`store.currency_fixed`).
pub fn change(tx: &mut Tx, ctx: &Ctx, id: StoreId, new: &NewStore, version: Version) -> Result<Arc<Store>, Error> {
    ctx.require(Permission::StoreEdit)?;

    let before = find(tx, ctx, id)?;
    let (new, zone) = checked(new)?;
    if new.currency != before.currency {
        return Err(Error::field("currency", "store.currency_fixed"));
    }
    let fields = differing(&before, &new);
    if before.version != version {
        return Err(Error::Stale { version: before.version, fields });
    }
    if fields.is_empty() {
        return Ok(before);
    }

    if !store::update(tx, id, version, &new, &zone)? {
        return Err(Error::Stale { version: version + 1, fields });
    }
    let fields = fields.into_iter().map(str::to_owned).collect();
    events::record_with(tx, ctx, Event::StoreChanged { store: id, fields }, details(&before, &new))?;
    tx.touch(TOPIC, id);

    find(tx, ctx, id)
}

/// Puts a store away: it takes no new orders. Needs `store.edit`. `store.last` for the last open one.
pub fn archive(tx: &mut Tx, ctx: &Ctx, id: StoreId) -> Result<Arc<Store>, Error> {
    ctx.require(Permission::StoreEdit)?;

    let before = find(tx, ctx, id)?;
    if before.is_archived {
        return Ok(before);
    }
    if !store::others_open(tx, id)? {
        return Err(Error::conflict("store.last"));
    }

    store::set_archived(tx, id, Some(ctx.now))?;
    events::record(tx, ctx, Event::StoreArchived { store: id })?;
    tx.touch(TOPIC, id);

    find(tx, ctx, id)
}

/// Opens an archived store again. Needs `store.edit`.
pub fn reopen(tx: &mut Tx, ctx: &Ctx, id: StoreId) -> Result<Arc<Store>, Error> {
    ctx.require(Permission::StoreEdit)?;

    let before = find(tx, ctx, id)?;
    if !before.is_archived {
        return Ok(before);
    }

    store::set_archived(tx, id, None)?;
    events::record(tx, ctx, Event::StoreChanged { store: id, fields: vec!["is_archived".to_owned()] })?;
    tx.touch(TOPIC, id);

    find(tx, ctx, id)
}

/// The form as it will be stored, or every field that cannot be.
fn checked(new: &NewStore) -> Result<(NewStore, TimeZone), Error> {
    let mut new = NewStore {
        code: new.code.trim().to_ascii_uppercase(),
        name: new.name.trim().to_owned(),
        zone: new.zone.trim().to_owned(),
        tax_label: new.tax_label.trim().to_owned(),
        color: new.color.as_deref().map(str::trim).filter(|color| !color.is_empty()).map(str::to_ascii_lowercase),
        ..new.clone()
    };

    let mut check = Check::new();
    let good_code = (2..=12).contains(&new.code.len()) && new.code.bytes().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit());
    check.require(good_code, "code", "store.code");
    rules::check_name(&mut check, "name", &new.name, 100);
    if !new.tax_label.is_empty() {
        rules::check_name(&mut check, "tax_label", &new.tax_label, 30);
    }
    if !(0..=1_000_000).contains(&new.tax_rate_ppm) {
        check.push(FieldError::new("tax_rate_ppm", "setting.range").with("least", 0).with("most", 1_000_000));
    }
    for (field, fee) in [("shipping_fee", new.shipping_fee), ("cod_fee", new.cod_fee)] {
        check.require(fee.0 >= 0, field, "money.negative");
        check.require(fee.is_within_limit(), field, "money.overflow");
    }
    let good_color = |color: &str| color.len() == 7 && color.starts_with('#') && color[1..].bytes().all(|sign| sign.is_ascii_hexdigit());
    check.require(new.color.as_deref().is_none_or(good_color), "color", "store.color");
    // A name of the list only: "Local" or "+01:00" would depend on the machine or on the season.
    let zone = TimeZone::get(&new.zone).ok().filter(|zone| zone.iana_name().is_some());
    check.require(zone.is_some(), "zone", "store.zone");
    check.keep("calendar", new.calendar.check())?;
    check.done()?;
    let zone = zone.unwrap_or(TimeZone::UTC);
    new.calendar.zone = zone.clone();
    Ok((new, zone))
}

fn differing(before: &Store, new: &NewStore) -> Vec<&'static str> {
    let mut fields = Vec::new();
    let mut note = |differs: bool, field| {
        if differs {
            fields.push(field);
        }
    };
    note(before.code != new.code, "code");
    note(before.name != new.name, "name");
    note(before.country != new.country, "country");
    note(before.zone_name() != new.zone, "zone");
    note(before.week_start != new.week_start, "week_start");
    note(before.number_style != new.number_style, "number_style");
    note(before.tax_mode != new.tax_mode, "tax_mode");
    note(before.tax_rate_ppm != new.tax_rate_ppm, "tax_rate_ppm");
    note(before.tax_label != new.tax_label, "tax_label");
    note(before.shipping_fee != new.shipping_fee, "shipping_fee");
    note(before.cod_fee != new.cod_fee, "cod_fee");
    note(before.color != new.color, "color");
    note(before.calendar != new.calendar, "calendar");
    note(before.notify_language != new.notify_language, "notify_language");
    fields
}

fn details(before: &Store, new: &NewStore) -> Details {
    let mut details = Details::none();
    details.change("code", &before.code, &new.code);
    details.change("name", &before.name, &new.name);
    details.change("country", &before.country, &new.country);
    details.change("zone", &before.zone_name(), &new.zone.as_str());
    details.change("tax_mode", &before.tax_mode, &new.tax_mode);
    details.change("tax_rate_ppm", &before.tax_rate_ppm, &new.tax_rate_ppm);
    details.change("shipping_fee", &before.shipping_fee, &new.shipping_fee);
    details.change("cod_fee", &before.cod_fee, &new.cod_fee);
    details
}
