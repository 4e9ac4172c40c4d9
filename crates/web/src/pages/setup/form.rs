//! Forms of the set-up: fields whose names come from data, and both sides of a stale edit.
//!
//! A field is described once, with its value as it stands; a refused form is the same description over what was typed, with words
//! beside the fields that they are about, and, after somebody else's change, with what stands now.

use kernel::{Labels, Locale, Tone};

use crate::error::Problem;
pub(super) use crate::pages::typed::Typed;
use crate::pages::view::Choosable;
use crate::words::Words;

/// What a field looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Text,
    Email,
    Number,
    Day,
    Color,
    Secret,
    Area,
    Select,
    Check,
    Many,
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    /// What it is when nobody says anything.
    pub(super) usual: Option<String>,
    /// What somebody else has made of it meanwhile.
    pub(super) theirs: Option<String>,
    pub(super) error: Option<String>,
    pub(super) kind: Kind,
    pub(super) value: String,
    /// What can be chosen, and what is.
    pub(super) options: Vec<Choosable>,
    /// What stands behind a number.
    pub(super) unit: Option<String>,
    pub(super) is_ltr: bool,
    pub(super) is_optional: bool,
    /// Whether it may stay empty without saying so: everything around it may, too.
    pub(super) is_quiet: bool,
}

impl Input {
    pub(super) fn new(kind: Kind, name: impl Into<String>, label: String, value: impl Into<String>) -> Input {
        Input { name: name.into(), label, kind, value: value.into(), ..Input::default() }
    }

    pub(super) fn text(name: impl Into<String>, label: String, value: impl Into<String>) -> Input {
        Input::new(Kind::Text, name, label, value)
    }

    pub(super) fn select(name: impl Into<String>, label: String, options: Vec<Choosable>) -> Input {
        let value = options.iter().find(|one| one.is_chosen).map(|one| one.value.clone()).unwrap_or_default();
        Input { options, ..Input::new(Kind::Select, name, label, value) }
    }

    pub(super) fn many(name: impl Into<String>, label: String, options: Vec<Choosable>) -> Input {
        Input { options, is_optional: true, ..Input::new(Kind::Many, name, label, "") }
    }

    pub(super) fn check(name: impl Into<String>, label: String, is_checked: bool) -> Input {
        Input { is_optional: true, ..Input::new(Kind::Check, name, label, if is_checked { "1" } else { "" }) }
    }

    #[must_use]
    pub(super) fn hint(self, hint: String) -> Input {
        Input { hint: Some(hint), ..self }
    }

    #[must_use]
    pub(super) fn ltr(self) -> Input {
        Input { is_ltr: true, ..self }
    }

    #[must_use]
    pub(super) fn optional(self) -> Input {
        Input { is_optional: true, ..self }
    }

    #[must_use]
    pub(super) fn quiet(self) -> Input {
        Input { is_optional: true, is_quiet: true, ..self }
    }

    /// The type of a plain field.
    pub(super) fn type_word(&self) -> &'static str {
        match self.kind {
            Kind::Email => "email",
            Kind::Day => "date",
            Kind::Color => "color",
            Kind::Secret => "password",
            _ => "text",
        }
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        matches!(
            (self.kind, kind),
            (Kind::Area, "area") | (Kind::Select, "select") | (Kind::Check, "check") | (Kind::Many, "many") | (Kind::Number, "number")
        )
    }

    /// The ids of the texts that belong to it.
    pub(super) fn described(&self) -> String {
        let texts = [(self.error.is_some(), "error"), (self.theirs.is_some(), "theirs"), (self.hint.is_some() || self.usual.is_some(), "hint")];
        texts.iter().filter(|(is_there, _)| *is_there).map(|(_, text)| format!("f-{}-{text}", self.name)).collect::<Vec<_>>().join(" ")
    }

    /// Takes what was typed in place of what stands.
    pub(super) fn retype(&mut self, typed: &Typed) {
        match self.kind {
            Kind::Many => {
                let chosen: Vec<&str> = typed.all(&self.name).collect();
                for option in &mut self.options {
                    option.is_chosen = chosen.contains(&option.value.as_str());
                }
            }
            Kind::Select => {
                let chosen = typed.get(&self.name);
                for option in &mut self.options {
                    option.is_chosen = option.value == chosen;
                }
                self.value = chosen.to_owned();
            }
            Kind::Check => self.value = typed.get(&self.name).to_owned(),
            Kind::Secret => {}
            _ => self.value = typed.get(&self.name).to_owned(),
        }
    }

    /// What it says, for people.
    fn shown(&self, say: Words) -> String {
        let chosen = || self.options.iter().filter(|one| one.is_chosen).map(|one| one.label.clone()).collect::<Vec<_>>().join(" · ");
        let shown = match self.kind {
            Kind::Select | Kind::Many => chosen(),
            Kind::Check => say.t(if self.value.is_empty() { "set-no" } else { "set-yes" }),
            _ => self.value.clone(),
        };
        if shown.is_empty() { say.t("set-nothing") } else { shown }
    }
}

/// Fields that belong together.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) title: Option<String>,
    pub(super) text: Option<String>,
    pub(super) inputs: Vec<Input>,
}

impl Group {
    pub(super) fn of(title: Option<String>, inputs: Vec<Input>) -> Group {
        Group { title, text: None, inputs }
    }
}

/// The form again over what was typed, with its words beside the fields; what names no field of the form is answered.
///
/// Names in problems may stand inside something: `value.` is left out where the form's fields do not have it.
pub(super) fn refuse(say: Words, problem: &Problem, typed: &Typed, groups: &mut [Group]) -> Option<String> {
    let is_stale = problem.code() == "stale";
    for input in groups.iter_mut().flat_map(|group| group.inputs.iter_mut()) {
        let standing = input.shown(say);
        input.retype(typed);
        if is_stale && input.shown(say) != standing {
            input.theirs = Some(say.one("set-theirs", "value", standing));
        }
    }
    let mut rest = Vec::new();
    for error in problem.errors() {
        let words = Problem::field_message(say.locale, error);
        let name = error.field.strip_prefix("value.").unwrap_or(&error.field);
        let mut inputs = groups.iter_mut().flat_map(|group| group.inputs.iter_mut());
        match inputs.find(|input| input.name == name || name.strip_prefix(input.name.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']))) {
            Some(input) => input.error = Some(words),
            None => rest.push(words),
        }
    }
    if problem.errors().is_empty() {
        rest.push(if is_stale { say.t("set-stale") } else { problem.title(say.locale) });
    }
    (!rest.is_empty()).then(|| rest.join(" "))
}

/// The languages in which a team names its own things.
pub(super) const NAMED_IN: [(Locale, &str, &str); 4] =
    [(Locale::En, "en", "set-label-en"), (Locale::Fr, "fr", "set-label-fr"), (Locale::Ar, "ar", "set-label-ar"), (Locale::Dz, "dz", "set-label-dz")];

/// A field for a name in each language; their names are `prefix` and the language.
pub(super) fn label_inputs(say: Words, prefix: &str, labels: &Labels) -> Vec<Input> {
    let input = |(locale, word, key): &(Locale, &str, &str)| {
        Input::text(format!("{prefix}{word}"), say.t(key), labels.get(locale).cloned().unwrap_or_default()).quiet()
    };
    NAMED_IN.iter().map(input).collect()
}

/// The names that such fields hold.
pub(super) fn read_labels(typed: &Typed, prefix: &str) -> Labels {
    NAMED_IN.iter().filter_map(|(locale, word, _)| Some((*locale, typed.filled(&format!("{prefix}{word}"))?))).collect()
}

/// The palette, each tone by its name.
pub(super) fn tones(say: Words, chosen: Option<Tone>) -> Vec<Choosable> {
    Tone::ALL.iter().map(|tone| Choosable { value: tone.to_string(), label: say.t(tone_name(*tone)), is_chosen: chosen == Some(*tone) }).collect()
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "set-tone-neutral",
        Tone::Info => "set-tone-info",
        Tone::Ok => "set-tone-ok",
        Tone::Warn => "set-tone-warn",
        Tone::Bad => "set-tone-bad",
        Tone::Violet => "set-tone-violet",
        Tone::Primary => "set-tone-primary",
    }
}

/// The class of a tone's soft fill and of its dot.
pub(super) fn tone_classes(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Neutral => ("neu", "d-neu"),
        Tone::Info => ("info", "d-info"),
        Tone::Ok => ("ok", "d-ok"),
        Tone::Warn => ("warn", "d-warn"),
        Tone::Bad => ("bad", "d-bad"),
        Tone::Violet => ("vio", "d-vio"),
        Tone::Primary => ("pri-soft", "d-pri"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use kernel::FieldError;

    use super::*;

    const SAY: Words = Words { locale: Locale::En };

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_wrong_field_keeps_what_was_typed_and_has_its_words_beside_it() {
        let mut groups = [Group::of(None, vec![Input::text("code", String::new(), "NATU"), Input::check("mail", String::new(), true)])];
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").field(FieldError::new("value.code", "required"));
        let problem = problem.field(FieldError::new("elsewhere", "required"));
        let rest = refuse(SAY, &problem, &typed(&[("code", " x ")]), &mut groups);
        let [code, mail] = &groups[0].inputs[..] else { panic!() };
        assert_eq!((code.value.as_str(), code.error.is_some(), mail.value.as_str()), ("x", true, ""));
        assert!(rest.is_some());
    }

    #[test]
    fn a_stale_form_shows_both_sides_of_what_differs() {
        let mut groups = [Group::of(None, vec![Input::text("name", String::new(), "Theirs"), Input::text("code", String::new(), "SAME")])];
        let problem = Problem::new(StatusCode::CONFLICT, "stale");
        let rest = refuse(SAY, &problem, &typed(&[("name", "Mine"), ("code", "SAME")]), &mut groups);
        let [name, code] = &groups[0].inputs[..] else { panic!() };
        assert_eq!(name.value, "Mine");
        assert!(name.theirs.as_deref().is_some_and(|theirs| theirs.contains("Theirs")));
        assert_eq!(code.theirs, None);
        assert!(rest.is_some());
    }
}
