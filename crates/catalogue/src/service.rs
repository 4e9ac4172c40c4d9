//! What can be done with the catalogue.

use std::collections::BTreeMap;

use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Currency, Details, Error, Event, FieldError, Id, Permission, VariantId, fold, mask};

use crate::model::{IntakeLine, NewVariant, Variant, VariantChange, VariantFilter, VariantPage};
use crate::store;

/// What a total counts to.
const COUNTED: i64 = 10_000;

/// The variants that the lines of a new order sell, in the order of the lines.
///
/// One statement when all are known. Unknown ones are made, in the order of their keys, so that two
/// orders that bring the same new things at once do not wait for each other in a circle. No right is
/// asked for: whoever may place the order may name what it sells.
pub fn variants_for(tx: &mut Tx, ctx: &Ctx, lines: &[IntakeLine<'_>], currency: Currency) -> Result<Vec<VariantId>, Error> {
    let keys: Vec<String> = lines.iter().map(known_by).collect();
    let mut distinct: Vec<String> = keys.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut known: BTreeMap<String, VariantId> = store::find_known(tx, &distinct)?.into_iter().collect();
    for key in &distinct {
        if known.contains_key(key) {
            continue;
        }
        let Some(line) = keys.iter().position(|one| one == key).map(|place| &lines[place]) else { continue };
        let new = NewVariant {
            kind: line.kind,
            sku: line.sku.unwrap_or_default().trim().to_owned(),
            title: line.title.trim().to_owned(),
            variant: line.variant.map(|variant| variant.trim().to_owned()),
            price: line.unit_price,
            currency,
        };
        let id = make(tx, ctx, key, &new)?;
        known.insert(key.clone(), id);
    }
    keys.iter().map(|key| known.get(key).copied().ok_or_else(|| Error::internal("a variant that was made is not there"))).collect()
}

fn known_by(line: &IntakeLine<'_>) -> String {
    match line.sku.map(str::trim).filter(|sku| !sku.is_empty()) {
        Some(sku) => format!("s:{sku}"),
        None => format!("t:{}|{}", fold(line.title), fold(line.variant.unwrap_or_default())),
    }
}

fn make(tx: &mut Tx, ctx: &Ctx, key: &str, new: &NewVariant) -> Result<VariantId, Error> {
    let product = match store::product_titled(tx, &new.title)? {
        Some(product) => product,
        None => store::insert_product(tx, &new.title, ctx.now)?,
    };
    let Some(id) = store::insert(tx, product, key, new, ctx.now)? else {
        // Somebody else's transaction was first; ours waited for it, so now it can be seen.
        let found = store::find_known(tx, &[key.to_owned()])?;
        return found.first().map(|(_, id)| *id).ok_or_else(|| Error::internal("a variant that was in the way is not there"));
    };
    events::record(tx, ctx, Event::VariantAdded { variant: id })?;
    Ok(id)
}

/// Enters a variant by hand. An SKU that is known already is refused.
pub fn create(tx: &mut Tx, ctx: &Ctx, new: &NewVariant) -> Result<Variant, Error> {
    ctx.require(Permission::CatalogueEdit)?;

    let mut check = Check::new();
    check.require(!new.sku.trim().is_empty(), "sku", "required");
    check_length(&mut check, "sku", &new.sku, 80);
    check_title(&mut check, &new.title);
    if let Some(variant) = &new.variant {
        check_length(&mut check, "variant", variant, 200);
    }
    check.require(new.price.0 >= 0 && new.price.is_within_limit(), "price", "money.range");
    let key = format!("s:{}", new.sku.trim());
    if check.is_ok() {
        check.require(store::find_known(tx, std::slice::from_ref(&key))?.is_empty(), "sku", "taken");
    }
    check.done()?;

    let id = make(tx, ctx, &key, &NewVariant { sku: new.sku.trim().to_owned(), ..new.clone() })?;
    store::find(tx, id)?.ok_or(Error::not_found("variant"))
}

/// One variant.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: VariantId) -> Result<Variant, Error> {
    ctx.require(Permission::CatalogueRead)?;
    store::find(tx, id)?.ok_or(Error::not_found("variant"))
}

/// These variants as they are sold today, in no order; unknown ones are left out. For actions of higher tiers, which
/// ask for rights. One statement for up to 500 of them.
pub fn find_all(tx: &mut Tx, ids: &[VariantId]) -> Result<Vec<Variant>, Error> {
    store::find_all(tx, ids)
}

/// The variants with these SKUs; unknown ones are left out. For filters of higher tiers, which ask for rights.
pub fn by_skus(tx: &mut Tx, skus: &[String]) -> Result<Vec<VariantId>, Error> {
    let keys: Vec<String> = skus.iter().map(|sku| format!("s:{}", sku.trim())).collect();
    Ok(store::find_known(tx, &keys)?.into_iter().map(|(_, id)| id).collect())
}

/// A page of variants, newest first.
pub fn list(tx: &mut Tx, ctx: &Ctx, filter: &VariantFilter) -> Result<VariantPage, Error> {
    ctx.require(Permission::CatalogueRead)?;
    let limit = filter.limit.clamp(1, 200);
    let mut items = store::list(tx, filter, limit + 1)?;
    let is_last = items.len() <= limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| !is_last).map(|last| last.id);
    let total = store::count(tx, filter)?;
    Ok(VariantPage { items, next_cursor, total: total.min(COUNTED), is_more: total > COUNTED })
}

/// Variants whose title or SKU contains the text. For searches of higher tiers, which ask for rights.
pub fn matching(tx: &mut Tx, text: &str, limit: u32) -> Result<Vec<VariantId>, Error> {
    let folded = fold(text);
    if folded.is_empty() { Ok(Vec::new()) } else { store::matching(tx, &folded, limit) }
}

/// Changes a variant's data.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: VariantId, change: &VariantChange) -> Result<Variant, Error> {
    ctx.require(Permission::CatalogueEdit)?;

    let before = store::find(tx, id)?.ok_or(Error::not_found("variant"))?;
    let mut check = Check::new();
    let mut after = before.clone();
    if let Some(title) = &change.title {
        check_title(&mut check, title);
        after.title = title.trim().to_owned();
    }
    if let Some(variant) = &change.variant {
        check_length(&mut check, "variant", variant.as_deref().unwrap_or_default(), 200);
        after.variant = variant.clone();
    }
    if let Some(price) = change.price {
        check.require(price.0 >= 0 && price.is_within_limit(), "price", "money.range");
        after.price = price;
    }
    if let Some(status) = change.status {
        after.status = status;
    }
    check.done()?;

    let mut details = Details::none();
    details.change("title", &before.title, &after.title);
    details.change("variant", &before.variant, &after.variant);
    details.change("price", &before.price, &after.price);
    details.change("status", &before.status, &after.status);
    let differing = || FIELDS.into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect();
    if change.version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: differing() });
    }
    if details.is_empty() {
        return Ok(before);
    }
    if !store::update(tx, &after, before.version, ctx.now)? {
        return Err(Error::Stale { version: before.version + 1, fields: differing() });
    }
    events::record_with(tx, ctx, Event::VariantChanged { variant: id, fields: details.fields() }, details)?;
    Ok(Variant { version: before.version + 1, updated_at: ctx.now, ..after })
}

const FIELDS: [&str; 4] = ["title", "variant", "price", "status"];

fn check_title(check: &mut Check, title: &str) {
    check.require(!title.trim().is_empty(), "title", "required");
    check_length(check, "title", title, 300);
}

fn check_length(check: &mut Check, field: &'static str, text: &str, most: usize) {
    if text.chars().count() > most {
        check.push(FieldError::new(field, "too_long").with("max", most));
    }
    // One of the engines cannot keep a zero letter.
    check.require(!text.contains('\0'), field, "text.control");
}

/// Forgets the words of an entry that name somebody: one that an order with a personal title made. For `orders`,
/// when it forgets whose order that was. Answers whether there was anything.
pub fn forget_person(tx: &mut Tx, ctx: &Ctx, id: VariantId, names: &dyn Fn(&str) -> bool) -> Result<bool, Error> {
    let Some(words) = store::words_of(tx, id)? else { return Ok(false) };
    let store::VariantWords { product_id, title, variant, sku, known_by, product_title } = words;
    let is_variant = variant.as_deref().is_some_and(names);
    let found = names(&title) || is_variant || (sku.is_none() && names(&known_by));
    if found {
        let title = if names(&title) { mask::DOTS } else { &title };
        store::set_words(tx, id, title, variant.as_deref().filter(|_| !is_variant), sku.as_deref(), ctx.now)?;
    }
    if names(&product_title) {
        store::set_product_title(tx, product_id, mask::DOTS, ctx.now)?;
    }
    if found {
        events::erase_details_of(tx, ctx, VariantId::PREFIX, id.to_i64())?;
        tx.touch("variant", id);
    }
    Ok(found)
}
