//! Sales channels.

use base::calendar::StoreCalendar;
use db::{Column, ColumnError, OnUnique, ToValue, Tx, Value, params};
use jiff::tz::TimeZone;
use kernel::{Amount, Country, Currency, Error, Locale, NumberStyle, StoreId, TaxMode, Time, Version, WeekStart};

use crate::model::{NewStore, Store};

struct Zone(TimeZone);

impl ToValue for Zone {
    fn to_value(&self) -> Value {
        self.0.iana_name().unwrap_or("UTC").to_value()
    }
}

impl Column for Zone {
    fn from_value(value: Value) -> Result<Zone, ColumnError> {
        match &value {
            Value::Text(name) => TimeZone::get(name).map(Zone).map_err(|_| ColumnError::new("a time zone", &value)),
            other => Err(ColumnError::new("a time zone", other)),
        }
    }
}

struct Calendar(StoreCalendar);

impl ToValue for Calendar {
    fn to_value(&self) -> Value {
        serde_json::to_string(&self.0).unwrap_or_else(|_| "{}".to_owned()).to_value()
    }
}

impl Column for Calendar {
    fn from_value(value: Value) -> Result<Calendar, ColumnError> {
        let wrong = ColumnError::new("a calendar", &value);
        serde_json::from_str(&String::from_value(value)?).map(Calendar).map_err(|_| wrong)
    }
}

db::row! {
    struct StoreRow {
        id: StoreId,
        code: String,
        name: String,
        currency: Currency,
        country: Country,
        zone: Zone,
        week_start: WeekStart,
        number_style: NumberStyle,
        tax_mode: TaxMode,
        tax_rate_ppm: i64,
        tax_label: String,
        shipping_fee: Amount,
        cod_fee: Amount,
        color: Option<String>,
        calendar: Calendar,
        notify_language: Locale,
        archived_at: Option<Time>,
        created_at: Time,
        version: i64,
    }
}

impl From<StoreRow> for Store {
    fn from(row: StoreRow) -> Store {
        Store {
            id: row.id,
            code: row.code,
            name: row.name,
            currency: row.currency,
            country: row.country,
            zone: row.zone.0,
            week_start: row.week_start,
            number_style: row.number_style,
            tax_mode: row.tax_mode,
            tax_rate_ppm: row.tax_rate_ppm,
            tax_label: row.tax_label,
            shipping_fee: row.shipping_fee,
            cod_fee: row.cod_fee,
            color: row.color,
            calendar: row.calendar.0,
            notify_language: row.notify_language,
            is_archived: row.archived_at.is_some(),
            created_at: row.created_at,
            version: row.version,
        }
    }
}

macro_rules! columns {
    () => {
        "id, code, name, currency, country, zone, week_start, number_style, tax_mode, tax_rate_ppm, tax_label, shipping_fee, cod_fee,
                color, calendar, notify_language, archived_at, created_at, version"
    };
}

pub(crate) fn find(tx: &mut Tx, id: StoreId) -> Result<Option<Store>, Error> {
    let row: Option<StoreRow> = tx.optional(concat!("select ", columns!(), " from stores where org_id = $1 and id = $2"), params![tx.org(), id])?;
    Ok(row.map(Store::from))
}

pub(crate) fn find_by_code(tx: &mut Tx, code: &str) -> Result<Option<Store>, Error> {
    let row: Option<StoreRow> =
        tx.optional(concat!("select ", columns!(), " from stores where org_id = $1 and code = $2"), params![tx.org(), code])?;
    Ok(row.map(Store::from))
}

pub(crate) fn list(tx: &mut Tx, with_archived: bool) -> Result<Vec<Store>, Error> {
    let only = if with_archived { "" } else { " and archived_at is null" };
    let sql = format!(concat!("select ", columns!(), " from stores where org_id = $1{} order by code limit 10000"), only);
    let rows: Vec<StoreRow> = tx.rows(&sql, params![tx.org()])?;
    Ok(rows.into_iter().map(Store::from).collect())
}

/// Which of these are stores.
pub(crate) fn existing(tx: &mut Tx, ids: &[StoreId]) -> Result<Vec<StoreId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = params![tx.org()];
    params.extend(ids.iter().map(ToValue::to_value));
    let sql = format!("select id from stores where org_id = $1 and id in ({})", db::dialect::markers(2, ids.len()));
    let rows: Vec<(StoreId,)> = tx.rows(&sql, params)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) fn insert(tx: &mut Tx, id: StoreId, new: &NewStore, zone: &TimeZone, now: Time) -> Result<(), Error> {
    tx.execute(
        "insert into stores (org_id, id, code, name, currency, country, zone, week_start, number_style, tax_mode, tax_rate_ppm, tax_label,
                             shipping_fee, cod_fee, color, calendar, notify_language, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)",
        params![
            tx.org(),
            id,
            new.code,
            new.name,
            new.currency,
            new.country,
            Zone(zone.clone()),
            new.week_start,
            new.number_style,
            new.tax_mode,
            new.tax_rate_ppm,
            new.tax_label,
            new.shipping_fee,
            new.cod_fee,
            new.color,
            Calendar(new.calendar.clone()),
            new.notify_language,
            now
        ],
    )
    .on_unique("stores_code", code_taken)?;
    Ok(())
}

fn code_taken() -> Error {
    Error::field("code", "store.code_taken")
}

/// False when the version has moved on.
pub(crate) fn update(tx: &mut Tx, id: StoreId, version: Version, new: &NewStore, zone: &TimeZone) -> Result<bool, Error> {
    let changed = tx
        .execute(
            "update stores
                set code = $4, name = $5, country = $6, zone = $7, week_start = $8, number_style = $9, tax_mode = $10, tax_rate_ppm = $11,
                    tax_label = $12, shipping_fee = $13, cod_fee = $14, color = $15, calendar = $16, notify_language = $17,
                    version = version + 1
              where org_id = $1
                and id = $2
                and version = $3",
            params![
                tx.org(),
                id,
                version,
                new.code,
                new.name,
                new.country,
                Zone(zone.clone()),
                new.week_start,
                new.number_style,
                new.tax_mode,
                new.tax_rate_ppm,
                new.tax_label,
                new.shipping_fee,
                new.cod_fee,
                new.color,
                Calendar(new.calendar.clone()),
                new.notify_language
            ],
        )
        .on_unique("stores_code", code_taken)?;
    Ok(changed > 0)
}

pub(crate) fn set_archived(tx: &mut Tx, id: StoreId, at: Option<Time>) -> Result<(), Error> {
    tx.execute("update stores set archived_at = $3, version = version + 1 where org_id = $1 and id = $2", params![tx.org(), id, at])?;
    Ok(())
}

pub(crate) fn others_open(tx: &mut Tx, but: StoreId) -> Result<bool, Error> {
    let found: Option<(StoreId,)> =
        tx.optional("select id from stores where org_id = $1 and id <> $2 and archived_at is null limit 1", params![tx.org(), but])?;
    Ok(found.is_some())
}
