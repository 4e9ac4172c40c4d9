//! What every page's template needs: the frame with its menus, fields, notices, icons.

use askama::filters::Safe;

use crate::assets;
use crate::pages::sections::Section;
use crate::words::Words;

/// The languages of the interface, each by its own name.
pub(crate) const LANGUAGES: &[(&str, &str)] = &[("en", "English"), ("fr", "Français"), ("ar", "العربية")];

/// An icon of the sprite, hidden from screen readers: words stand beside it or name its button.
pub(crate) fn i(name: &str) -> Safe<String> {
    i_as(name, "")
}

/// An icon with further classes; `flip` mirrors it where lines run from right to left.
pub(crate) fn i_as(name: &str, classes: &str) -> Safe<String> {
    let space = if classes.is_empty() { "" } else { " " };
    Safe(format!(r##"<svg class="i{space}{classes}" aria-hidden="true"><use href="{}#{name}"/></svg>"##, assets::url("icons.svg")))
}

/// The frame of a staff page.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    /// The reader's words.
    pub(crate) say: Words,
    /// `light` or `dark`; none follows the device.
    pub(crate) theme: Option<&'static str>,
    /// The window's title.
    pub(crate) title: String,
    /// Proof for forms.
    pub(crate) csrf: String,
    /// The organization's name.
    pub(crate) organization: String,
    /// How many stores.
    pub(crate) stores: String,
    /// The reader.
    pub(crate) user_name: String,
    pub(crate) user_initials: String,
    pub(crate) user_tone: &'static str,
    pub(crate) email: String,
    pub(crate) role: String,
    /// The pages that exist and that the reader may see.
    pub(crate) nav: Vec<NavItem>,
    /// The section that it belongs to, for the way back.
    pub(crate) section: &'static Section,
    /// The page above this one.
    pub(crate) back: Option<String>,
    /// The last part of the way here.
    pub(crate) crumb: String,
    /// The address of this page, to come back to.
    pub(crate) here: String,
    /// What has just happened.
    pub(crate) toast: Option<Toast>,
}

/// A place in the side bar.
#[derive(Clone, Debug)]
pub(crate) struct NavItem {
    pub(crate) section: &'static Section,
    /// The heading before it.
    pub(crate) group: Option<&'static str>,
    pub(crate) is_here: bool,
}

/// What has just happened, with the way back where there is one.
#[derive(Clone, Debug)]
pub(crate) struct Toast {
    pub(crate) text: String,
    pub(crate) seconds: i64,
    /// Where the form that takes it back is sent.
    pub(crate) undo: Option<String>,
}

/// The frame of a page with one thing to do, for people who are not in.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    /// The reader's words.
    pub(crate) say: Words,
    /// `light` or `dark`; none follows the device.
    pub(crate) theme: Option<&'static str>,
    /// The window's title.
    pub(crate) title: String,
    /// The heading.
    pub(crate) heading: String,
    /// The organization's name, or Kafila's.
    pub(crate) organization: String,
    /// Proof for forms; empty without a session.
    pub(crate) csrf: String,
    /// What a change of language keeps of the address: `&next=…` or nothing.
    pub(crate) keep: String,
    /// What a form keeps of the address: `?next=…` or nothing.
    pub(crate) query: String,
    /// What went wrong or well.
    pub(crate) notice: Option<Notice>,
}

/// A line above a form.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// `bad`, `warn`, `ok`, `info`.
    pub(crate) tone: &'static str,
    pub(crate) text: String,
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) autocomplete: &'static str,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
    /// Whether its content runs from left to right in every language.
    pub(crate) is_ltr: bool,
    /// Whether it may stay empty.
    pub(crate) is_optional: bool,
    /// Whether a link for a lost password stands beside its label.
    pub(crate) forgotten: bool,
}

impl Field {
    /// Ties hint and error to the field for those who hear it.
    pub(crate) fn described(&self) -> Safe<String> {
        let mut by = Vec::new();
        if self.error.is_some() {
            by.push(format!("{}-error", self.name));
        }
        if self.hint.is_some() {
            by.push(format!("{}-hint", self.name));
        }
        let described = if by.is_empty() { String::new() } else { format!(r#" aria-describedby="{}""#, by.join(" ")) };
        let wrong = if self.error.is_some() { r#" aria-invalid="true" autofocus"# } else { "" };
        Safe(format!("{described}{wrong}"))
    }
}

/// A choice of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) name: &'static str,
    /// In forms the words, in filters the message.
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) options: Vec<Choosable>,
}

/// One of the things to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choosable {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

impl Choosable {
    /// A thing to choose, chosen when its value is this one.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>, chosen: &str) -> Choosable {
        let value = value.into();
        Choosable { is_chosen: value == chosen, value, label: label.into() }
    }
}

/// A point on a way: `done`, `now` or not yet; `red` where it leads back.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) class: &'static str,
    pub(crate) title: &'static str,
    pub(crate) note: String,
}
