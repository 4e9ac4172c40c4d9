//! How somebody likes their pages: a small JSON object, read with each page, without versions; the
//! last one to set a key wins.

use base::Ctx;
use db::Tx;
use kernel::{Check, Error, FieldError, Locale};
use serde_json::{Map, Value};

use crate::account::person;
use crate::store;

/// Most bytes of all preferences together.
pub const MOST_BYTES: usize = 8 * 1024;

/// The caller's preferences; empty for programs.
pub fn get(tx: &mut Tx, ctx: &Ctx) -> Result<Map<String, Value>, Error> {
    let Some(user) = ctx.user() else { return Ok(Map::new()) };
    let (json, locale) = store::users::preferences(tx, user)?.ok_or(Error::not_found("user"))?;
    let mut all: Map<String, Value> = serde_json::from_str(&json).unwrap_or_default();
    if let Some(locale) = locale {
        all.insert("locale".to_owned(), Value::from(locale.as_str()));
    }
    Ok(all)
}

/// Sets some of the caller's preferences; `null` removes one. Answers all of them.
///
/// Known keys are `locale` (a language of the interface), `theme` (`light`, `dark`, `auto`), `density`
/// (`comfortable`, `compact`) and `page_size` (10 to 200); any other key of small letters, digits,
/// `_`, `.` and `-` is a page's own (`columns.orders`), and its value is kept as it is.
pub fn set(tx: &mut Tx, ctx: &Ctx, changes: &Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let user = person(ctx)?;

    check(changes)?;
    let mut all = get(tx, ctx)?;
    for (key, value) in changes {
        if value.is_null() {
            all.remove(key);
        } else {
            all.insert(key.clone(), value.clone());
        }
    }
    let json = Value::Object(all.clone()).to_string();
    if json.len() > MOST_BYTES {
        return Err(Error::field("", "preferences.size").with("most", MOST_BYTES));
    }

    // The language has a column of its own: authenticating reads it there, colleagues may set it.
    let mut own = all.clone();
    let locale = own.remove("locale").and_then(|locale| locale.as_str()?.parse::<Locale>().ok());
    store::users::set_preferences(tx, user, &Value::Object(own).to_string(), locale)?;
    tx.touch(crate::users::TOPIC, user);
    Ok(all)
}

fn check(changes: &Map<String, Value>) -> Result<(), Error> {
    let mut check = Check::new();
    for (key, value) in changes.iter().filter(|(_, value)| !value.is_null()) {
        let one_of = |words: &[&str]| value.as_str().is_some_and(|word| words.contains(&word));
        let good = match key.as_str() {
            "locale" => one_of(&Locale::INTERFACE.map(Locale::as_str)),
            "theme" => one_of(&["light", "dark", "auto"]),
            "density" => one_of(&["comfortable", "compact"]),
            "page_size" => value.as_i64().is_some_and(|size| (10..=200).contains(&size)),
            own => {
                let good_sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, b'_' | b'.' | b'-');
                (1..=60).contains(&own.len()) && own.bytes().all(good_sign)
            }
        };
        if !good {
            check.push(FieldError::new(kernel::cut(key, 60), "preferences.value"));
        }
    }
    check.done()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn known_preferences_have_known_values() {
        let try_one = |value: Value| check(value.as_object().unwrap()).map_err(|error| error.to_string());
        assert_eq!(
            try_one(json!({"locale": "ar", "theme": "dark", "density": "compact", "page_size": 50, "columns.orders": ["number"], "x": null})),
            Ok(())
        );
        for bad in [json!({"locale": "dz"}), json!({"theme": 1}), json!({"page_size": 5}), json!({"Key": 1}), json!({"": 1})] {
            assert!(try_one(bad.clone()).is_err(), "{bad}");
        }
    }
}
