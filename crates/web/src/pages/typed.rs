//! What somebody typed into a form, kept for the case that it does not go through: the form is shown again with it, open, with the
//! words of what is wrong beside the fields.

use std::collections::BTreeMap;

use base::IdempotencyKey;
use kernel::Error;
use serde::Deserialize;

use crate::error::Problem;
use crate::words::Words;

/// The fields of a form as they came. A name may come several times.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Typed(pub(crate) Vec<(String, String)>);

impl Typed {
    /// A field's text without the space around it; empty when it did not come.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim())
    }

    /// A field's text, when it says something.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether a field came at all, as a ticked box does.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(one, _)| one == name)
    }

    /// Every text of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.trim())
    }

    /// A field as something that its text spells; none when it does not.
    pub(crate) fn read<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// A field as a whole number, in digits of any script; none where it is empty. `Invalid` where it says something else.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, Error> {
        let text = kernel::western_digits(self.get(name));
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| Error::field(name.to_owned(), "format").with("expected", "100"))
    }

    /// The key that a page gave its form, bound to what the form says and to where it is sent, so that a form that is sent twice is
    /// done once; none where the form has none.
    pub(crate) fn once(&self, to: &str) -> Result<Option<IdempotencyKey>, Error> {
        let Some(key) = self.filled("key") else { return Ok(None) };
        // What is only looked for is not said.
        let said = self.0.iter().filter(|(name, _)| !matches!(name.as_str(), "key" | "find"));
        let body: Vec<String> = said.map(|(name, value)| format!("{name}={value}")).collect();
        IdempotencyKey::new(&key, "POST", to, body.join("&").as_bytes()).map(Some)
    }

    /// The version that the form was made from; nought where it names none.
    pub(crate) fn version(&self) -> i64 {
        self.read("version").unwrap_or(0)
    }

    /// Says something else in a field.
    #[cfg(test)]
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(one, _)| one != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Every field.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A form that did not go through; the default is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Again {
    form: &'static str,
    typed: Typed,
    errors: BTreeMap<String, String>,
    /// What is wrong with no field of it.
    pub(crate) rest: Option<String>,
}

impl Again {
    /// What went wrong with a form, in the reader's words; errors about other fields than `fields` go above it.
    pub(crate) fn new(say: Words, form: &'static str, typed: Typed, fields: &[&str], problem: &Problem) -> Again {
        let mut errors = BTreeMap::new();
        let mut rest = Vec::new();
        for error in problem.errors() {
            let text = Problem::field_message(say.locale, error);
            if fields.iter().any(|field| *field == error.field) || error.field.starts_with("custom.") {
                errors.insert(error.field.clone(), text);
            } else {
                rest.push(text);
            }
        }
        if problem.errors().is_empty() {
            rest.push(problem.title(say.locale));
        }
        Again { form, typed, errors, rest: (!rest.is_empty()).then(|| rest.join(" ")) }
    }

    /// Whether this form did not go through.
    pub(crate) fn is(&self, form: &str) -> bool {
        !self.form.is_empty() && self.form == form
    }

    /// What stood in a field of it.
    pub(crate) fn was(&self, form: &str, name: &str) -> &str {
        if self.is(form) { self.typed.get(name) } else { "" }
    }

    /// What stood in a field of it; before anybody typed, this.
    pub(crate) fn or<'a>(&'a self, form: &str, name: &str, before: &'a str) -> &'a str {
        if self.is(form) { self.typed.get(name) } else { before }
    }

    /// What is wrong with a field of it.
    pub(crate) fn wrong(&self, form: &str, name: &str) -> Option<&str> {
        if self.is(form) { self.errors.get(name).map(String::as_str) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::*;

    #[test]
    fn a_number_is_read_in_any_digits_and_told_when_it_is_none() {
        let typed = Typed(vec![("a".into(), " ١٢ ".into()), ("b".into(), "".into()), ("c".into(), "soon".into())]);
        assert_eq!((typed.whole("a").unwrap(), typed.whole("b").unwrap(), typed.whole("none").unwrap()), (Some(12), None, None));
        assert!(matches!(typed.whole("c"), Err(Error::Invalid(fields)) if fields[0].field == "c"));
    }

    #[test]
    fn a_form_comes_back_with_what_was_typed_and_what_is_wrong() {
        let typed = Typed(vec![("note".into(), " late ".into()), ("kind".into(), String::new())]);
        let problem = Problem::from(Error::field("kind", "required"));
        let again = Again::new(Words { locale: Locale::En }, "hold", typed, &["kind", "note"], &problem);
        assert!(again.is("hold") && !again.is("tag") && !Again::default().is(""));
        assert_eq!((again.was("hold", "note"), again.was("tag", "note"), again.or("tag", "note", "x")), ("late", "", "x"));
        assert!(again.wrong("hold", "kind").is_some() && again.wrong("hold", "note").is_none() && again.rest.is_none());
        let other = Again::new(Words { locale: Locale::En }, "hold", Typed::default(), &["kind"], &Problem::from(Error::conflict("order.archived")));
        assert!(other.rest.is_some());
    }
}
