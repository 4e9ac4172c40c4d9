//! The SQL of access, a file for each group of tables.

pub(crate) mod credentials;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod stores;
pub(crate) mod team;
pub(crate) mod users;

use db::{Column, ColumnError, ToValue, Value};
use kernel::{Permissions, StoreId};

/// A set of rights as a column: a JSON list of words. Words of another release are skipped.
pub(crate) struct Rights(pub(crate) Permissions);

impl ToValue for Rights {
    fn to_value(&self) -> Value {
        serde_json::json!(self.0.words()).to_string().to_value()
    }
}

impl Column for Rights {
    fn from_value(value: Value) -> Result<Rights, ColumnError> {
        let wrong = ColumnError::new("a list of rights", &value);
        let words: Vec<String> = serde_json::from_str(&String::from_value(value)?).map_err(|_| wrong)?;
        Ok(Rights(words.iter().filter_map(|word| word.parse().ok()).collect()))
    }
}

/// A list of stores as a column: JSON.
pub(crate) struct StoreList(pub(crate) Vec<StoreId>);

impl ToValue for StoreList {
    fn to_value(&self) -> Value {
        serde_json::json!(self.0).to_string().to_value()
    }
}

impl Column for StoreList {
    fn from_value(value: Value) -> Result<StoreList, ColumnError> {
        let wrong = ColumnError::new("a list of stores", &value);
        serde_json::from_str(&String::from_value(value)?).map(StoreList).map_err(|_| wrong)
    }
}
