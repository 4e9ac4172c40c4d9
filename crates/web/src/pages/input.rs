//! Fields of the forms of staff pages, whose names and kinds are known only when the page is made: fields of the team's own stand
//! beside those of the record. The template of one is `forms/input.html`, where `input` and `say` are in reach.

use kernel::FieldError;

use crate::error::Problem;
use crate::pages::typed::Typed;
use crate::pages::view::Choosable;
use crate::words::Words;

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Input {
    /// What it is called in the form, and what errors call it.
    pub(crate) name: String,
    pub(crate) label: String,
    /// A type of `<input>`, or `area`, `select`, `check` for one box, `many` for several.
    pub(crate) kind: &'static str,
    /// What stands there; `1` is a ticked box.
    pub(crate) value: String,
    /// What a `select` or `many` offers.
    pub(crate) options: Vec<Choosable>,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
    /// Whether its content runs from left to right in every language.
    pub(crate) is_ltr: bool,
    /// Whether it may stay empty.
    pub(crate) is_optional: bool,
    pub(crate) autocomplete: &'static str,
    /// Which keys a phone shows; empty for the usual ones.
    pub(crate) keys: &'static str,
}

impl Input {
    /// A line of text.
    pub(crate) fn text(name: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Input {
        Input { name: name.into(), label: label.into(), kind: "text", value: value.into(), autocomplete: "off", ..Input::default() }
    }

    /// The same of another kind.
    #[must_use]
    pub(crate) fn of(self, kind: &'static str) -> Input {
        Input { kind, is_ltr: self.is_ltr || matches!(kind, "email" | "tel" | "url" | "password" | "date"), ..self }
    }

    /// A list to choose one of.
    pub(crate) fn select(name: impl Into<String>, label: impl Into<String>, options: Vec<Choosable>) -> Input {
        let value = options.iter().find(|option| option.is_chosen).map(|option| option.value.clone()).unwrap_or_default();
        Input { options, ..Input::text(name, label, value).of("select") }
    }

    /// A box to tick.
    pub(crate) fn check(name: impl Into<String>, label: impl Into<String>, is_ticked: bool) -> Input {
        Input { is_optional: true, ..Input::text(name, label, if is_ticked { "1" } else { "" }).of("check") }
    }

    /// It may stay empty.
    #[must_use]
    pub(crate) fn optional(self) -> Input {
        Input { is_optional: true, ..self }
    }

    /// With words under its label.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Input {
        Input { hint: Some(hint.into()), ..self }
    }

    /// With the keys that a phone shows.
    #[must_use]
    pub(crate) fn keys(self, keys: &'static str) -> Input {
        Input { keys, ..self }
    }

    /// With what a browser may fill in.
    #[must_use]
    pub(crate) fn autocomplete(self, autocomplete: &'static str) -> Input {
        Input { autocomplete, ..self }
    }

    /// What was typed takes the place of what stood there. A box that was not sent was not ticked.
    pub(crate) fn fill(&mut self, typed: &Typed) {
        match self.kind {
            "check" => self.value = if typed.has(&self.name) { "1".to_owned() } else { String::new() },
            "many" => {
                let chosen: Vec<&str> = typed.all(&self.name).collect();
                for option in &mut self.options {
                    option.is_chosen = chosen.contains(&option.value.as_str());
                }
            }
            "password" => {}
            _ if !typed.has(&self.name) => {}
            "select" => {
                typed.get(&self.name).clone_into(&mut self.value);
                for option in &mut self.options {
                    option.is_chosen = option.value == self.value;
                }
            }
            _ => typed.get(&self.name).clone_into(&mut self.value),
        }
    }

    /// What stands there as a person reads it.
    pub(crate) fn shown(&self) -> String {
        match self.kind {
            "select" => self.options.iter().find(|option| option.is_chosen).map(|option| option.label.clone()).unwrap_or_default(),
            "many" => {
                let chosen = self.options.iter().filter(|option| option.is_chosen);
                chosen.map(|option| option.label.as_str()).collect::<Vec<_>>().join(", ")
            }
            _ => self.value.clone(),
        }
    }

    /// What describes it, for those who hear it.
    pub(crate) fn described(&self) -> Option<String> {
        let parts = [self.error.as_ref().map(|_| format!("{}-error", self.name)), self.hint.as_ref().map(|_| format!("{}-hint", self.name))];
        let by: Vec<String> = parts.into_iter().flatten().collect();
        (!by.is_empty()).then(|| by.join(" "))
    }
}

/// The words of a form's problem beside the fields that it names; what names no field of the form is answered.
pub(crate) fn explain(say: Words, problem: &Problem, inputs: &mut [Input]) -> Option<String> {
    let words = |error: &FieldError| Problem::field_message(say.locale, error);
    let mut rest = Vec::new();
    for error in problem.errors() {
        match inputs.iter_mut().find(|input| input.name == error.field) {
            Some(input) => input.error = Some(words(error)),
            None => rest.push(words(error)),
        }
    }
    if problem.errors().is_empty() {
        rest.push(problem.title(say.locale));
    }
    (!rest.is_empty()).then(|| rest.join(" "))
}

#[cfg(test)]
mod tests {
    use kernel::{Error, Locale};

    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let mut typed = Typed::default();
        pairs.iter().for_each(|(name, value)| typed.set(name, *value));
        typed
    }

    #[test]
    fn what_was_typed_stays_in_its_field_and_passwords_do_not() {
        let options = vec![Choosable::new("a", "A", "a"), Choosable::new("b", "B", "a")];
        let mut inputs = [
            Input::text("name", "Name", "Amina"),
            Input::select("kind", "Kind", options.clone()),
            Input::check("main", "Main", true),
            Input { options, ..Input::text("some", "Some", "").of("many") },
            Input::text("password", "Password", "").of("password"),
            Input::text("absent", "Absent", "stays"),
        ];
        let typed = typed(&[("name", " Samira "), ("kind", "b"), ("some", "b"), ("password", "secret")]);
        inputs.iter_mut().for_each(|input| input.fill(&typed));
        let shown: Vec<String> = inputs.iter().map(Input::shown).collect();
        assert_eq!(shown, ["Samira", "B", "", "B", "", "stays"]);
    }

    #[test]
    fn errors_stand_beside_their_fields_and_the_rest_above() {
        let mut inputs = [Input::text("name", "Name", "")];
        let problem = Problem::from(Error::Invalid(vec![FieldError::new("name", "required"), FieldError::new("other", "required")]));
        let rest = explain(Words { locale: Locale::En }, &problem, &mut inputs);
        assert!(inputs[0].error.is_some() && inputs[0].described().as_deref() == Some("name-error"), "{inputs:?}");
        assert!(rest.is_some());
        let conflict = Problem::from(Error::conflict("merge.same"));
        assert!(explain(Words { locale: Locale::En }, &conflict, &mut inputs).is_some());
    }
}
