//! Stores: the sales channels of an organization.

use access::{NewStore, Store, stores};
use base::Edge;
use base::calendar::StoreCalendar;
use kernel::{Amount, Country, Currency, Error, Locale, NumberStyle, StoreId, TaxMode, Time, Version, WeekStart};

use super::common::Nothing;
use super::users::needed_version;
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, List, Made, Reply, shown, versioned};
use crate::schema::{Patch, body, view};

view! {
    /// A sales channel.
    pub(crate) struct StoreView {
        /// Which.
        id: StoreId,
        /// 2 to 12 capital letters and digits.
        code: String = "NATU",
        /// As people and customers see it.
        name: String = "Natu Beauty",
        /// Of all its orders.
        currency: Currency,
        /// Where addresses and telephones are read by default.
        country: Country,
        /// Its time zone.
        zone: String = "Africa/Algiers",
        /// The first day of its week.
        week_start: WeekStart,
        /// How it writes numbers.
        number_style: NumberStyle,
        /// Whether prices hold the tax.
        tax_mode: TaxMode,
        /// The tax in millionths: 19 % is 190,000.
        tax_rate_ppm: i64 = 190000,
        /// What the tax is called.
        tax_label: String = "TVA",
        /// What shipping costs unless an order says otherwise, in minor units.
        shipping_fee: Amount = 60000,
        /// What paying at the door costs on top, in minor units.
        cod_fee: Amount = 0,
        /// The colour of its badge.
        color: Option<String> = "#0e7490",
        /// Working hours, holidays, Ramadan.
        calendar: serde_json::Value,
        /// The language of its customers unless they said otherwise.
        notify_language: Locale,
        /// Whether it was put away: it takes no new orders.
        is_archived: bool = false,
        /// When it began.
        created_at: Time,
        /// Grows with each change.
        version: Version = 1,
    }
}

body! {
    /// Which stores.
    pub(crate) struct StoreQuery {
        /// Also those that were put away.
        with_archived: Option<bool>,
    }

    /// A store to be opened; what is left out is as in Algeria.
    pub(crate) struct NewStoreBody {
        /// 2 to 12 letters and digits; written in capitals.
        code: String = "NATU",
        /// As people and customers see it.
        name: String = "Natu Beauty",
        /// Fixed once the store exists.
        currency: Option<Currency> = "DZD",
        /// Where it sells.
        country: Option<Country> = "DZ",
        /// An IANA name.
        zone: Option<String> = "Africa/Algiers",
        /// The first day of its week.
        week_start: Option<WeekStart>,
        /// How it writes numbers.
        number_style: Option<NumberStyle>,
        /// Whether prices hold the tax.
        tax_mode: Option<TaxMode>,
        /// The tax in millionths, 0 to 1,000,000.
        tax_rate_ppm: Option<i64> = 190000,
        /// What the tax is called.
        tax_label: Option<String> = "TVA",
        /// What shipping costs, in minor units.
        shipping_fee: Option<Amount> = 60000,
        /// What paying at the door costs on top, in minor units.
        cod_fee: Option<Amount> = 0,
        /// The colour of its badge.
        #[serde(default)]
        color: Patch<String>,
        /// Working hours, holidays, Ramadan.
        calendar: Option<serde_json::Value>,
        /// The language of its customers.
        notify_language: Option<Locale> = "ar",
    }

    /// What changes about a store; what is left out stays.
    pub(crate) struct StoreChangeBody {
        /// Another code.
        code: Option<String>,
        /// Another name.
        name: Option<String> = "Natu Beauty",
        /// Where it sells.
        country: Option<Country>,
        /// An IANA name.
        zone: Option<String>,
        /// The first day of its week.
        week_start: Option<WeekStart>,
        /// How it writes numbers.
        number_style: Option<NumberStyle>,
        /// Whether prices hold the tax.
        tax_mode: Option<TaxMode>,
        /// The tax in millionths, 0 to 1,000,000.
        tax_rate_ppm: Option<i64>,
        /// What the tax is called.
        tax_label: Option<String>,
        /// What shipping costs, in minor units.
        shipping_fee: Option<Amount>,
        /// What paying at the door costs on top, in minor units.
        cod_fee: Option<Amount>,
        /// The colour of its badge, or none.
        #[serde(default)]
        color: Patch<String>,
        /// Working hours, holidays, Ramadan.
        calendar: Option<serde_json::Value>,
        /// The language of its customers.
        notify_language: Option<Locale>,
        /// The version that was read; needed here or in `If-Match`.
        version: Option<Version> = 1,
    }
}

impl StoreView {
    fn of(store: &Store) -> StoreView {
        StoreView {
            id: store.id,
            code: store.code.clone(),
            name: store.name.clone(),
            currency: store.currency,
            country: store.country,
            zone: store.zone_name().to_owned(),
            week_start: store.week_start,
            number_style: store.number_style,
            tax_mode: store.tax_mode,
            tax_rate_ppm: store.tax_rate_ppm,
            tax_label: store.tax_label.clone(),
            shipping_fee: store.shipping_fee,
            cod_fee: store.cod_fee,
            color: store.color.clone(),
            calendar: serde_json::to_value(&store.calendar).unwrap_or_default(),
            notify_language: store.notify_language,
            is_archived: store.is_archived,
            created_at: store.created_at,
            version: store.version,
        }
    }
}

fn read_calendar(value: serde_json::Value) -> Result<StoreCalendar, Error> {
    serde_json::from_value(value).map_err(|error| Error::field("calendar", "format").with("expected", error))
}

impl NewStoreBody {
    fn into_new(self) -> Result<NewStore, Error> {
        let usual = NewStore::algerian(&self.code, &self.name);
        Ok(NewStore {
            currency: self.currency.unwrap_or(usual.currency),
            country: self.country.unwrap_or(usual.country),
            zone: self.zone.unwrap_or(usual.zone),
            week_start: self.week_start.unwrap_or(usual.week_start),
            number_style: self.number_style.unwrap_or(usual.number_style),
            tax_mode: self.tax_mode.unwrap_or(usual.tax_mode),
            tax_rate_ppm: self.tax_rate_ppm.unwrap_or(usual.tax_rate_ppm),
            tax_label: self.tax_label.unwrap_or(usual.tax_label),
            shipping_fee: self.shipping_fee.unwrap_or(usual.shipping_fee),
            cod_fee: self.cod_fee.unwrap_or(usual.cod_fee),
            color: self.color.into_option().unwrap_or(usual.color),
            calendar: self.calendar.map(read_calendar).transpose()?.unwrap_or(usual.calendar),
            notify_language: self.notify_language.unwrap_or(usual.notify_language),
            code: usual.code,
            name: usual.name,
        })
    }
}

impl StoreChangeBody {
    fn over(self, before: &Store) -> Result<NewStore, Error> {
        let stands = NewStore::of(before);
        Ok(NewStore {
            code: self.code.unwrap_or(stands.code),
            name: self.name.unwrap_or(stands.name),
            currency: stands.currency,
            country: self.country.unwrap_or(stands.country),
            zone: self.zone.unwrap_or(stands.zone),
            week_start: self.week_start.unwrap_or(stands.week_start),
            number_style: self.number_style.unwrap_or(stands.number_style),
            tax_mode: self.tax_mode.unwrap_or(stands.tax_mode),
            tax_rate_ppm: self.tax_rate_ppm.unwrap_or(stands.tax_rate_ppm),
            tax_label: self.tax_label.unwrap_or(stands.tax_label),
            shipping_fee: self.shipping_fee.unwrap_or(stands.shipping_fee),
            cod_fee: self.cod_fee.unwrap_or(stands.cod_fee),
            color: self.color.into_option().unwrap_or(stands.color),
            calendar: self.calendar.map(read_calendar).transpose()?.unwrap_or(stands.calendar),
            notify_language: self.notify_language.unwrap_or(stands.notify_language),
        })
    }
}

/// `GET /api/v1/stores`
pub(crate) async fn list(edge: Edge, Query(query): Query<StoreQuery>) -> Reply<List<StoreView>> {
    let with_archived = query.with_archived.unwrap_or(false);
    let all = edge.read(move |tx, ctx| stores::list(tx, ctx, with_archived)).await?;
    shown(List::whole(all.iter().map(StoreView::of).collect()))
}

/// `GET /api/v1/stores/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<StoreId>) -> Reply<StoreView> {
    let store = edge.read(move |tx, ctx| stores::find(tx, ctx, id)).await?;
    versioned(StoreView::of(&store), store.version)
}

/// `POST /api/v1/stores`
pub(crate) async fn create(edge: Edge, write: Write<NewStoreBody>) -> Made<StoreView> {
    let new = write.body.into_new()?;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(StoreView::of(&*stores::create(tx, ctx, &new)?))).await?.into())
}

/// `PATCH /api/v1/stores/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<StoreId>, write: Write<StoreChangeBody>) -> Answer<StoreView> {
    let version = needed_version(write.if_match, write.body.version)?;
    let body = write.body;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let before = stores::find(tx, ctx, id)?;
        let new = body.clone().over(&before)?;
        Ok(StoreView::of(&*stores::change(tx, ctx, id, &new, version)?))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/stores/{id}/archive`
pub(crate) async fn archive(edge: Edge, Path(id): Path<StoreId>, write: Write<Nothing>) -> Answer<StoreView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(StoreView::of(&*stores::archive(tx, ctx, id)?))).await?.into())
}

/// `POST /api/v1/stores/{id}/reopen`
pub(crate) async fn reopen(edge: Edge, Path(id): Path<StoreId>, write: Write<Nothing>) -> Answer<StoreView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(StoreView::of(&*stores::reopen(tx, ctx, id)?))).await?.into())
}
