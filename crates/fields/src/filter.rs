//! Filters by tags and fields: what is asked, and what the index is asked for it.

use base::Ctx;
use db::Tx;
use kernel::{Check, Country, Day, Error, FacetState, FieldDef, FieldError, FieldKind, Id, Phone, Subject};

use crate::facets::compared;
use crate::values::{chosen, number_of, number_text};
use crate::{store, tags};

/// Most names in one filter.
const NAMES: usize = 50;
/// Most conditions on fields in one filter.
const TESTS: usize = 20;

/// Which tags are wanted, each by its id or by a name that it has or had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagFilter {
    /// At least one of these; all will do when it is empty.
    pub any: Vec<String>,
    /// Every one of these.
    pub all: Vec<String>,
    /// None of these.
    pub none: Vec<String>,
}

impl TagFilter {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.none.is_empty()
    }
}

/// A condition on a field: `size:XL|L`, `weight:10..20`, `due:2026-11-01..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomTest {
    /// The field's name.
    pub key: String,
    /// Values of which one will do.
    pub values: Vec<String>,
    /// From here on, where a range is asked for.
    pub from: Option<String>,
    /// To here, itself included.
    pub to: Option<String>,
}

/// The text is no condition on a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongTest;

impl std::fmt::Display for WrongTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a condition such as size:XL|L or weight:10..20")
    }
}

impl std::error::Error for WrongTest {}

impl std::str::FromStr for CustomTest {
    type Err = WrongTest;

    /// Commas, bars and percent signs within a value are written `%2C`, `%7C`, `%25`.
    fn from_str(text: &str) -> Result<CustomTest, WrongTest> {
        let (key, rest) = text.split_once(':').ok_or(WrongTest)?;
        let (key, rest) = (key.trim(), rest.trim());
        if key.is_empty() || rest.is_empty() {
            return Err(WrongTest);
        }
        let part = |text: &str| {
            let text = plain(text.trim());
            (!text.is_empty()).then_some(text)
        };
        let test = CustomTest { key: key.to_owned(), values: Vec::new(), from: None, to: None };
        match rest.split_once("..") {
            Some((from, to)) => {
                let test = CustomTest { from: part(from), to: part(to), ..test };
                if test.from.is_none() && test.to.is_none() { Err(WrongTest) } else { Ok(test) }
            }
            None => {
                let values: Vec<String> = rest.split('|').filter_map(part).collect();
                if values.is_empty() { Err(WrongTest) } else { Ok(CustomTest { values, ..test }) }
            }
        }
    }
}

impl std::fmt::Display for CustomTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let escaped = |text: &str| text.replace('%', "%25").replace(',', "%2C").replace('|', "%7C");
        write!(f, "{}:", self.key)?;
        if self.values.is_empty() {
            let end = |text: &Option<String>| text.as_deref().map(escaped).unwrap_or_default();
            return write!(f, "{}..{}", end(&self.from), end(&self.to));
        }
        f.write_str(&self.values.iter().map(|value| escaped(value)).collect::<Vec<_>>().join("|"))
    }
}

fn plain(text: &str) -> String {
    text.replace("%2C", ",").replace("%2c", ",").replace("%7C", "|").replace("%7c", "|").replace("%25", "%")
}

/// What the index is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetTest {
    /// 0 for tags, else the number of the field.
    pub field: i64,
    /// What must hold.
    pub how: FacetHow,
}

/// What must hold for the rows of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FacetHow {
    /// One row has one of these values; nothing passes when there are none.
    Any(Vec<String>),
    /// No row has one of these values.
    None(Vec<String>),
    /// One row has a number in this range, ends included.
    Range {
        /// From here on.
        from: Option<i64>,
        /// To here.
        to: Option<i64>,
    },
}

/// What the index is asked for these tags and fields. Names that no tag has find nothing. `Invalid` names
/// conditions on fields that lists cannot be filtered by, `Conflict` `field.filling` says that the
/// index of a field is still being written.
pub fn resolve(tx: &mut Tx, ctx: &Ctx, subject: Subject, tags: &TagFilter, custom: &[CustomTest]) -> Result<Vec<FacetTest>, Error> {
    let mut tests = custom_tests(ctx, subject, custom)?;
    if tags.is_empty() {
        return Ok(tests);
    }
    let mut check = Check::new();
    for (field, names) in [("tag", &tags.any), ("tag_all", &tags.all), ("tag_none", &tags.none)] {
        if names.len() > NAMES {
            check.push(FieldError::new(field, "too_many").with("max", NAMES));
        }
    }
    check.done()?;

    let asked: Vec<&str> = tags.any.iter().chain(&tags.all).chain(&tags.none).map(String::as_str).collect();
    let known = tags::ids_of(tx, &asked)?;
    let of = |name: &String| known.get(name.as_str()).cloned().unwrap_or_default();
    if !tags.any.is_empty() {
        let mut values: Vec<String> = Vec::new();
        for value in tags.any.iter().flat_map(of) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        tests.push(FacetTest { field: 0, how: FacetHow::Any(values) });
    }
    tests.extend(tags.all.iter().map(|name| FacetTest { field: 0, how: FacetHow::Any(of(name)) }));
    let none: Vec<String> = tags.none.iter().flat_map(of).collect();
    if !none.is_empty() {
        tests.push(FacetTest { field: 0, how: FacetHow::None(none) });
    }
    Ok(tests)
}

fn custom_tests(ctx: &Ctx, subject: Subject, custom: &[CustomTest]) -> Result<Vec<FacetTest>, Error> {
    let mut check = Check::new();
    if custom.len() > TESTS {
        check.push(FieldError::new("custom", "too_many").with("max", TESTS));
    }
    let mut tests = Vec::with_capacity(custom.len());
    for test in custom {
        let field = format!("custom.{}", test.key);
        let Some(def) = ctx.settings.field_set.find(subject, &test.key).filter(|def| def.is_filterable) else {
            check.fail(field, "field.not_filterable");
            continue;
        };
        if def.facets != FacetState::Ready {
            return Err(Error::conflict("field.filling").with("field", &test.key));
        }
        if test.values.len() > NAMES {
            check.push(FieldError::new(field.clone(), "too_many").with("max", NAMES));
        }
        match how(def, test) {
            Some(how) => tests.push(FacetTest { field: def.id.to_i64(), how }),
            None => check.push(FieldError::new(field, "field.test").with("kind", def.kind)),
        }
    }
    check.done()?;
    Ok(tests)
}

/// What a condition asks of a field of this kind; none when it makes no sense.
fn how(field: &FieldDef, test: &CustomTest) -> Option<FacetHow> {
    if test.values.is_empty() {
        let end = |text: &Option<String>| text.as_deref().map(|text| number(field, text)).map_or(Some(None), |read| read.map(Some));
        return Some(FacetHow::Range { from: end(&test.from)?, to: end(&test.to)? });
    }
    test.values.iter().map(|text| value(field, text)).collect::<Option<Vec<_>>>().map(FacetHow::Any)
}

fn number(field: &FieldDef, text: &str) -> Option<i64> {
    match field.kind {
        FieldKind::Number => number_of(&serde_json::Value::from(text)),
        FieldKind::Money => text.parse().ok(),
        FieldKind::Date => Day::parse(text).map(|day| i64::from(day.0)),
        _ => None,
    }
}

fn value(field: &FieldDef, text: &str) -> Option<String> {
    match field.kind {
        FieldKind::Text | FieldKind::Url => Some(compared(text)),
        FieldKind::Number => number_of(&serde_json::Value::from(text)).map(number_text),
        FieldKind::Money => text.parse::<i64>().ok().map(|minor| minor.to_string()),
        FieldKind::Date => Day::parse(text).map(|day| day.to_string()),
        FieldKind::Boolean => matches!(text, "true" | "false").then(|| text.to_owned()),
        // A choice that is offered no more still stands where it stood.
        FieldKind::Choice | FieldKind::MultiChoice => Some(chosen(field, text).unwrap_or_else(|| text.to_owned())),
        FieldKind::Phone => Some(Phone::parse(text, Country::DZ).map_or_else(|_| text.to_owned(), |phone| phone.e164().to_owned())),
    }
}

/// Orders or customers, by the numbers of their ids, in whose searched fields a word begins with this text; at
/// most so many. No statement when no field is searched.
pub fn searchable_texts(tx: &mut Tx, ctx: &Ctx, subject: Subject, text: &str, limit: u32) -> Result<Vec<i64>, Error> {
    let fields: Vec<i64> = ctx.settings.field_set.of(subject).iter().filter(|field| field.is_searchable).map(|field| -field.id.to_i64()).collect();
    let folded = compared(text);
    if fields.is_empty() || folded.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let digits: String = kernel::western_digits(text).chars().filter(char::is_ascii_digit).collect();
    let is_number = !text.chars().any(char::is_alphabetic) && digits.len() >= 4;
    let mut wanted = vec![folded];
    if is_number {
        // Telephones stand without the zeros that are dialled before them.
        wanted.push(digits.trim_start_matches('0').to_owned());
    }
    wanted.dedup();
    let mut found = Vec::new();
    for text in wanted.iter().filter(|text| !text.is_empty()) {
        found.extend(store::beginning(tx, subject, &fields, text, limit)?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_reads_back_as_it_was_written() {
        for text in ["size:XL|L", "weight:10..20", "due:2026-11-01..", "due:..2026-11-01", "words:a%2Cb%7Cc%25"] {
            let test: CustomTest = text.parse().unwrap();
            assert_eq!(test.to_string(), text);
        }
        assert_eq!("words:a%2Cb".parse::<CustomTest>().unwrap().values, ["a,b"]);
        for wrong in ["size", ":XL", "size:", "size:|", "size:.."] {
            assert_eq!(wrong.parse::<CustomTest>(), Err(WrongTest), "{wrong}");
        }
    }
}
