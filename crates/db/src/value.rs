//! Values on their way to and from the two drivers.

use std::error::Error as StdError;

use bytes::BytesMut;
use kernel::value::{ColumnError, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// Values for the markers `$1`, `$2`, … of a statement.
///
/// ```
/// use db::{Value, params};
/// assert_eq!(params![7_i64, "seven", None::<String>], vec![Value::Int(7), Value::Text("seven".into()), Value::Null]);
/// ```
#[macro_export]
macro_rules! params {
    () => { ::std::vec::Vec::<$crate::Value>::new() };
    ($($value:expr),+ $(,)?) => { ::std::vec![$($crate::ToValue::to_value(&$value)),+] };
}

pub(crate) type Boxed = Box<dyn StdError + Sync + Send>;

/// A value bound to a SQLite statement.
pub(crate) struct SqliteBind<'a>(pub(crate) &'a Value);

impl rusqlite::ToSql for SqliteBind<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub(crate) fn from_sqlite(raw: ValueRef<'_>) -> Result<Value, ColumnError> {
    match raw {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(n) => Ok(Value::Int(n)),
        // `avg` and division by a fraction: whole results only, as on PostgreSQL.
        ValueRef::Real(n) if n.fract() == 0.0 && n.abs() < 9e15 => Ok(Value::Int(n as i64)),
        ValueRef::Real(_) => Err(ColumnError { wanted: "a whole number", found: "a fraction".to_owned() }),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(ColumnError { wanted: "text", found: "broken UTF-8".to_owned() }),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
    }
}

/// A value bound to a PostgreSQL statement. It takes the type the server inferred for the marker.
#[derive(Debug)]
pub(crate) struct PgBind(pub(crate) Value);

impl ToSql for PgBind {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match &self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(n) => write_int(*n, kind, out)?,
            Value::Text(text) => match *kind {
                Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => out.extend_from_slice(text.as_bytes()),
                Type::JSONB => {
                    out.extend_from_slice(&[1]);
                    out.extend_from_slice(text.as_bytes());
                }
                _ => return Err(format!("a text cannot stand for {kind}").into()),
            },
            Value::Bytes(bytes) => match *kind {
                Type::BYTEA => out.extend_from_slice(bytes),
                _ => return Err(format!("bytes cannot stand for {kind}").into()),
            },
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn write_int(n: i64, kind: &Type, out: &mut BytesMut) -> Result<(), Boxed> {
    match *kind {
        Type::INT8 => out.extend_from_slice(&n.to_be_bytes()),
        Type::INT4 => out.extend_from_slice(&i32::try_from(n)?.to_be_bytes()),
        Type::INT2 => out.extend_from_slice(&i16::try_from(n)?.to_be_bytes()),
        Type::BOOL => out.extend_from_slice(&[u8::from(n != 0)]),
        Type::FLOAT8 => out.extend_from_slice(&(n as f64).to_be_bytes()),
        Type::NUMERIC => out.extend_from_slice(&numeric(n)),
        _ => return Err(format!("a whole number cannot stand for {kind}").into()),
    }
    Ok(())
}

/// PostgreSQL's binary form of a whole NUMERIC: count, weight, sign, scale, digits of base 10,000.
fn numeric(n: i64) -> Vec<u8> {
    let mut digits: Vec<i16> = Vec::new();
    let mut rest = n.unsigned_abs();
    while rest > 0 {
        digits.push((rest % 10_000) as i16);
        rest /= 10_000;
    }
    digits.reverse();
    let weight = digits.len().saturating_sub(1) as i16;
    let sign: i16 = if n < 0 { 0x4000 } else { 0 };
    let mut out = Vec::with_capacity(8 + digits.len() * 2);
    for part in [digits.len() as i16, weight, sign, 0].iter().chain(&digits) {
        out.extend_from_slice(&part.to_be_bytes());
    }
    out
}

fn whole(raw: &[u8]) -> Result<i64, Boxed> {
    let part = |at: usize| raw.get(at * 2..at * 2 + 2).map(|two| i16::from_be_bytes([two[0], two[1]])).ok_or("a cut numeric");
    let (count, weight, sign) = (part(0)?, part(1)?, part(2)?);
    if !matches!(sign, 0 | 0x4000) {
        return Err("a numeric that is no number".into());
    }
    let mut n: i128 = 0;
    for place in 0..i16::max(count, weight.saturating_add(1)) {
        let digit = if place < count { i128::from(part(4 + place as usize)?) } else { 0 };
        if place <= weight {
            n = n.checked_mul(10_000).and_then(|n| n.checked_add(digit)).ok_or("a numeric beyond 64 bits")?;
        } else if digit != 0 {
            return Err("a numeric with a fraction".into());
        }
    }
    Ok(i64::try_from(if sign == 0 { n } else { -n }).map_err(|_| "a numeric beyond 64 bits")?)
}

/// A column of a PostgreSQL row.
pub(crate) struct PgColumn(pub(crate) Value);

impl<'a> FromSql<'a> for PgColumn {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<PgColumn, Boxed> {
        Ok(PgColumn(match *kind {
            Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Value::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::INT2 => Value::Int(i64::from(i16::from_be_bytes(raw.try_into()?))),
            Type::BOOL => Value::Int(i64::from(raw != [0])),
            Type::NUMERIC => Value::Int(whole(raw)?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => Value::Text(std::str::from_utf8(raw)?.to_owned()),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            _ => return Err(format!("the type {kind}, which has no value of ours; cast it").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<PgColumn, Boxed> {
        Ok(PgColumn(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The innermost text of an error: the drivers wrap ours.
pub(crate) fn root_cause(error: &dyn StdError) -> String {
    let mut inner = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numerics_come_back() {
        for n in [0, 1, -1, 9_999, 10_000, 123_456_789, 100_000_000, i64::MAX, i64::MIN] {
            assert_eq!(whole(&numeric(n)).unwrap(), n, "{n}");
        }
        // 10000 is stored as one digit of weight 1: trailing zeros are left out.
        assert_eq!(whole(&[0, 1, 0, 1, 0, 0, 0, 0, 0, 1]).unwrap(), 10_000);
        // 0.5: one digit 5000 of weight -1.
        assert!(whole(&[0, 1, 0xff, 0xff, 0, 0, 0, 1, 0x13, 0x88]).is_err());
        assert!(whole(&[0, 0, 0, 0, 0xc0, 0, 0, 0]).is_err(), "NaN");
    }
}
