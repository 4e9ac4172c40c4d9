//! How the business' types stand in a database column.
//!
//! Four kinds are enough for both engines: null, whole number, text, bytes. Money is minor
//! units, time is microseconds, a truth is 0 or 1, a state is its word. Everything else is a
//! type of ours that says how it becomes one of these and back.

use std::fmt;

/// A bound parameter or a column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number: amounts, instants, ids, counts, truths.
    Int(i64),
    /// Text: names, words of states, JSON.
    Text(String),
    /// Raw bytes: hashes, ciphertexts, salts.
    Bytes(Vec<u8>),
}

/// A column held something its Rust type cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnError {
    /// The type that was asked for.
    pub wanted: &'static str,
    /// What stood there, without its content when it is text or bytes.
    pub found: String,
}

impl ColumnError {
    /// Names the wanted type and describes what was found.
    pub fn new(wanted: &'static str, found: &Value) -> ColumnError {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Int(n) => format!("the number {n}"),
            Value::Text(text) => format!("a text of {} bytes", text.len()),
            Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        };
        ColumnError { wanted, found }
    }
}

impl fmt::Display for ColumnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.wanted, self.found)
    }
}

impl std::error::Error for ColumnError {}

/// Can be bound to a statement.
pub trait ToValue {
    /// The value as the database keeps it.
    fn to_value(&self) -> Value;
}

/// Can be read from a column.
pub trait Column: ToValue + Sized {
    /// Reads what [`ToValue::to_value`] wrote.
    fn from_value(value: Value) -> Result<Self, ColumnError>;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Column for String {
    fn from_value(value: Value) -> Result<String, ColumnError> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(ColumnError::new("text", &other)),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl Column for Vec<u8> {
    fn from_value(value: Value) -> Result<Vec<u8>, ColumnError> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(ColumnError::new("bytes", &other)),
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}

impl Column for bool {
    fn from_value(value: Value) -> Result<bool, ColumnError> {
        match value {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(ColumnError::new("0 or 1", &other)),
        }
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: Value) -> Result<Option<T>, ColumnError> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {$(
        impl ToValue for $number {
            fn to_value(&self) -> Value {
                Value::Int(i64::from(*self))
            }
        }

        impl Column for $number {
            fn from_value(value: Value) -> Result<$number, ColumnError> {
                match value {
                    Value::Int(n) => <$number>::try_from(n)
                        .map_err(|_| ColumnError::new(stringify!($number), &Value::Int(n))),
                    other => Err(ColumnError::new(stringify!($number), &other)),
                }
            }
        }
    )+};
}

whole_numbers!(i64, i32, i16, u32, u16, u8);
