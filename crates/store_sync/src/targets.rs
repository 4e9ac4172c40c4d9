//! The stores that get the orders of a file.

use access::{NewStore, Store, stores};
use base::Ctx;
use db::Tx;
use kernel::{Error, FieldError, StoreId};

use crate::presets::{Target, WantedStore};

/// What a file's orders need to know of their store, and its id.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) id: StoreId,
    pub(crate) target: Target,
    /// Whether it was opened for this file.
    pub(crate) is_new: bool,
}

/// Finds a store, or opens it. The inner error says why this store cannot get the orders, so that its
/// rows are refused and others go on.
pub(crate) fn find_or_open(tx: &mut Tx, ctx: &Ctx, wanted: &WantedStore, may_open: bool) -> Result<Result<Found, Vec<FieldError>>, Error> {
    let refused = |code: &'static str| Ok(Err(vec![FieldError::new("store", code).with("store", &wanted.code)]));
    let (store, is_new) = match stores::by_code(tx, ctx, &wanted.code) {
        Ok(store) => (store, false),
        Err(Error::NotFound { .. }) if !may_open => return refused("import.store_missing"),
        Err(Error::NotFound { .. }) => match open(tx, ctx, wanted) {
            Ok(store) => (store, true),
            Err(Error::Invalid(fields)) => return Ok(Err(fields)),
            Err(Error::Forbidden { .. }) => return refused("import.store_missing"),
            Err(other) => return Err(other),
        },
        Err(other) => return Err(other),
    };
    if let Some(currency) = wanted.currency.filter(|currency| wanted.template.is_some() && *currency != store.currency) {
        let wrong = FieldError::new("store", "import.store_currency").with("store", &wanted.code).with("expected", store.currency);
        return Ok(Err(vec![wrong.with("found", currency)]));
    }
    let target = Target { currency: store.currency, country: store.country, zone: store.zone.clone() };
    Ok(Ok(Found { id: store.id, target, is_new }))
}

fn open(tx: &mut Tx, ctx: &Ctx, wanted: &WantedStore) -> Result<std::sync::Arc<Store>, Error> {
    let new = match &wanted.template {
        Some(template) => NewStore::clone(template),
        None => like_the_first(tx, ctx, wanted)?,
    };
    stores::create(tx, ctx, &new)
}

/// A store like the organization's first one, in the currency that the file names.
fn like_the_first(tx: &mut Tx, ctx: &Ctx, wanted: &WantedStore) -> Result<NewStore, Error> {
    let known = stores::list(tx, ctx, false)?;
    let named = NewStore::algerian(&wanted.code, &wanted.code);
    let Some(first) = known.iter().min_by_key(|store| store.created_at) else { return Ok(named) };
    Ok(NewStore {
        currency: wanted.currency.unwrap_or(first.currency),
        country: first.country,
        zone: first.zone_name().to_owned(),
        week_start: first.week_start,
        number_style: first.number_style,
        notify_language: first.notify_language,
        ..named
    })
}
