//! The words of the interface, in the reader's language.
//!
//! Messages are Fluent, one file per language and area, carried in the binary. A key is `area-thing`; a sentence is whole, with named
//! values, never joined from parts. What is missing in one language is looked for in the next (Algerian dialect, Arabic, French,
//! English); tests keep every key in every language, with the same values, and none unused.

use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::{Args, Locale};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<(Locale, Bundle)>> = LazyLock::new(|| Locale::INTERFACE.iter().map(|locale| (*locale, bundle(*locale))).collect());

fn bundle(locale: Locale) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![locale.as_str().parse().expect("two letters are a language")]);
    // Isolating marks would travel into titles, files and clipboards; pages isolate with <bdi> instead.
    bundle.set_use_isolating(false);
    for (_, area, source) in FILES.iter().filter(|(language, _, _)| *language == locale.as_str()) {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) => resource,
            Err((readable, errors)) => {
                tracing::error!(locale = %locale, area, "Messages could not be read in full: {errors:?}");
                readable
            }
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A text by its key, with the values that it names. A whole number among the values chooses the plural form.
///
/// A key that no language has answers itself: better an odd word on the page than no page.
pub(crate) fn text(locale: Locale, key: &str, args: &Args) -> String {
    let mut values = FluentArgs::new();
    for (name, value) in args {
        values.set(*name, value_of(value));
    }
    render(locale, key, &values).unwrap_or_else(|| key.to_owned())
}

/// A text by its key, or nothing where no language has it.
pub(crate) fn find(locale: Locale, key: &str, args: &Args) -> Option<String> {
    let mut values = FluentArgs::new();
    for (name, value) in args {
        values.set(*name, value_of(value));
    }
    render(locale, key, &values)
}

/// The same with values whose names were kept beside them.
pub(crate) fn find_named(locale: Locale, key: &str, args: &std::collections::BTreeMap<String, String>) -> Option<String> {
    let mut values = FluentArgs::new();
    for (name, value) in args {
        values.set(name.clone(), value_of(value));
    }
    render(locale, key, &values)
}

fn render(locale: Locale, key: &str, values: &FluentArgs<'_>) -> Option<String> {
    locale.fallbacks().iter().find_map(|language| {
        let (_, bundle) = BUNDLES.iter().find(|(one, _)| one == language)?;
        let pattern = bundle.get_message(key)?.value()?;
        Some(bundle.format_pattern(pattern, Some(values), &mut Vec::new()).into_owned())
    })
}

/// A number stays one only if it reads back the same: `0550` is a text.
fn value_of(text: &str) -> FluentValue<'_> {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => FluentValue::from(number),
        _ => FluentValue::from(text),
    }
}

/// The words for one reader, as templates use them: `{{ say.t("orders-title") }}`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// The reader's language.
    pub(crate) locale: Locale,
}

impl Words {
    /// A text without values.
    pub(crate) fn t(&self, key: &str) -> String {
        render(self.locale, key, &FluentArgs::new()).unwrap_or_else(|| key.to_owned())
    }

    /// A text with one value.
    pub(crate) fn one(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.with(key, &[(name, value.to_string())])
    }

    /// A text with values.
    pub(crate) fn with(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value_of(value));
        }
        render(self.locale, key, &args).unwrap_or_else(|| key.to_owned())
    }

    /// A text about a number of things: `$count` chooses the plural form, `$n` is the number as written.
    pub(crate) fn count(&self, key: &str, count: i64, written: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("count", count);
        args.set("n", written);
        render(self.locale, key, &args).unwrap_or_else(|| key.to_owned())
    }

    /// A text whose values are HTML already (see [`strong`]). The message itself has no markup; a test looks.
    pub(crate) fn rich(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, FluentValue::from(value.as_str()));
        }
        render(self.locale, key, &args).unwrap_or_else(|| key.to_owned())
    }

    /// Parts side by side, with the comma of the language.
    pub(crate) fn list(&self, parts: &[impl AsRef<str>]) -> String {
        let comma = if self.locale.is_right_to_left() { "، " } else { ", " };
        parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(comma)
    }

    /// `en`, `fr`, `ar`.
    pub(crate) fn lang(&self) -> &'static str {
        match self.locale {
            Locale::Dz => "ar",
            other => other.as_str(),
        }
    }

    /// `ltr` or `rtl`.
    pub(crate) fn dir(&self) -> &'static str {
        if self.locale.is_right_to_left() { "rtl" } else { "ltr" }
    }
}

/// A value for [`Words::rich`]: in bold, set apart from the direction of the sentence.
pub(crate) fn strong(value: &str) -> String {
    format!("<b><bdi>{}</bdi></b>", escaped(value))
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
