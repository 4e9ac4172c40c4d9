//! What every page's template needs: the frame with its menus, fields, notices, icons.
//!
//! Parts for every page, each a struct here and a template that a page's template takes in where a variable of that name is in reach:
//! - [`Confirm`] as `confirm`: `{% include "parts/confirm.html" %}`, a button that asks in a dialog before it sends a form, for what
//!   cannot be undone. What can be undone asks nothing: it answers with a [`Toast`] that has the way back (`Toast::with_undo`).
//! - [`EmptyState`] as `empty`: `{% include "parts/empty.html" %}`, what stands where a list has nothing to show.
//! - [`Pager`] as `pager`: `{% include "parts/pager.html" %}`, the foot of a list.
//! - [`Tabs`] as `tabs`: `{% include "parts/tabs.html" %}`, pages or views beside each other.
//! - [`Toast`] in `Place::toast`: after a form has done its work it leads to an address with `?done=…`, whose page says so once;
//!   `kafila.js` takes `done` and `event` out of the address.
//! - [`Shell::under`]: the pages between the section and this one, for pages that lie deeper than one below their section.
//!
//! A form with `data-guard` asks before its words are lost; a button with `data-key="x"` is pressed by that key.

use askama::filters::Safe;

use crate::assets;
use crate::pages::sections::Section;
use crate::words::Words;

/// The languages of the interface, each by its own name.
pub(crate) const LANGUAGES: &[(&str, &str)] = &[("en", "English"), ("fr", "Français"), ("ar", "العربية")];

/// An icon of the sprite, hidden from screen readers: words stand beside it or name its button. The arrow that points onward turns
/// with the direction of the lines.
pub(crate) fn i(name: &str) -> Safe<String> {
    i_as(name, if name == "arrow-right" { "flip" } else { "" })
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
    /// Names what the forms of this page ask for, so that a form that is sent twice counts once.
    pub(crate) once: String,
    /// The organization's name.
    pub(crate) organization: String,
    /// How many stores.
    pub(crate) stores: String,
    /// The reader.
    pub(crate) user_name: String,
    /// Their id, so that a page that was open for long knows its reader again.
    pub(crate) user_id: String,
    pub(crate) user_initials: String,
    pub(crate) user_tone: &'static str,
    pub(crate) email: String,
    pub(crate) role: String,
    /// The pages that exist and that the reader may see.
    pub(crate) nav: Vec<NavItem>,
    /// What waits for the reader, in words; nothing when nothing does.
    pub(crate) waiting: Option<String>,
    /// Whether single keys are shortcuts.
    pub(crate) has_single_keys: bool,
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
    /// The pages between the section and this one.
    pub(crate) trail: Vec<(String, String)>,
}

impl Shell {
    /// The same page below others of its section, each by address and name, the outermost first.
    #[must_use]
    pub(crate) fn under(self, trail: Vec<(String, String)>) -> Shell {
        Shell { trail, ..self }
    }
}

/// A place in the side bar.
#[derive(Clone, Debug)]
pub(crate) struct NavItem {
    pub(crate) section: &'static Section,
    /// The heading before it.
    pub(crate) group: Option<&'static str>,
    pub(crate) is_here: bool,
    /// Whether it stands in the bottom bar of a phone.
    pub(crate) is_quick: bool,
    /// How much there waits for the reader; only where somebody must act.
    pub(crate) count: Option<String>,
}

/// What has just happened, with the way back where there is one.
#[derive(Clone, Debug)]
pub(crate) struct Toast {
    pub(crate) text: String,
    pub(crate) seconds: i64,
    /// Where the form that takes it back is sent.
    pub(crate) undo: Option<String>,
}

impl Toast {
    /// Something is done.
    pub(crate) fn done(text: impl Into<String>) -> Toast {
        Toast { text: text.into(), seconds: 6, undo: None }
    }

    /// Something is done, and a form sent there takes it back.
    pub(crate) fn with_undo(text: impl Into<String>, undo: impl Into<String>) -> Toast {
        Toast { text: text.into(), seconds: 10, undo: Some(undo.into()) }
    }
}

/// A button that asks before it sends its form: what cannot be undone. The template is `parts/confirm.html`.
#[derive(Clone, Debug)]
pub(crate) struct Confirm {
    pub(crate) say: Words,
    /// Proof for the form.
    pub(crate) csrf: String,
    /// Names the parts of the dialog; one of its own on the page.
    pub(crate) id: String,
    /// The looks of the button that opens it: `bad`, `sm bad`, `ghost`.
    pub(crate) class: &'static str,
    /// The words of the button that opens it.
    pub(crate) button: String,
    /// Names the thing: "Delete the draft D-12?"
    pub(crate) title: String,
    /// What follows from it.
    pub(crate) text: String,
    /// The verb on the button that does it.
    pub(crate) verb: String,
    /// Where the form is sent.
    pub(crate) action: String,
    /// Further fields of the form.
    pub(crate) hidden: Vec<(&'static str, String)>,
}

/// What stands where a list has nothing to show. The template is `parts/empty.html`.
#[derive(Clone, Debug)]
pub(crate) struct EmptyState {
    pub(crate) icon: &'static str,
    /// `t-pri` the first time, `t-neu` after filtering, `t-ok` when all is done.
    pub(crate) tone: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
    /// Where to go on, and the words for it.
    pub(crate) action: Option<(String, String)>,
}

/// The foot of a list: what is shown, and the pages beside it. The template is `parts/pager.html`.
#[derive(Clone, Debug)]
pub(crate) struct Pager {
    pub(crate) say: Words,
    /// "1 to 50 of 312", or how many.
    pub(crate) range: String,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

/// Pages or views beside each other. The template is `parts/tabs.html`.
#[derive(Clone, Debug)]
pub(crate) struct Tabs {
    /// What they are, for those who hear it.
    pub(crate) label: String,
    pub(crate) items: Vec<TabLink>,
}

/// One of the tabs.
#[derive(Clone, Debug)]
pub(crate) struct TabLink {
    pub(crate) href: String,
    pub(crate) label: String,
    /// How many, or nothing.
    pub(crate) count: String,
    pub(crate) is_here: bool,
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

/// A name or a number within a sentence, set apart from its direction.
pub(crate) fn isolated(text: impl std::fmt::Display) -> String {
    format!("\u{2068}{text}\u{2069}")
}
