//! A page with one form about a customer: its fields, what was wrong, what somebody else saved meanwhile, and what can be taken away.

use askama::Template;
use axum::response::Response;
use base::Ctx;
use kernel::Version;

use crate::error::{Outcome, Problem};
use crate::extract::Info;
use crate::pages::context::{Place, Reader, html};
use crate::pages::input::{self, Input};
use crate::pages::typed::Typed;
use crate::pages::view::{Confirm, Shell};
use crate::words::Words;

/// A form as it stands when nobody has typed anything yet.
pub(super) struct Sheet {
    pub(super) heading: String,
    pub(super) intro: Option<String>,
    /// Where it is sent.
    pub(super) action: String,
    /// Where it leads back to, and what that is called.
    pub(super) back: (String, String),
    pub(super) button: String,
    pub(super) inputs: Vec<Input>,
    /// The version that was read.
    pub(super) version: Option<Version>,
    pub(super) remove: Option<Confirm>,
    /// What follows from it, where it cannot be undone.
    pub(super) consequences: Vec<String>,
    pub(super) is_danger: bool,
    /// What was said before, for forms that only add.
    pub(super) past: Vec<Past>,
}

/// Something that was said before.
pub(super) struct Past {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) text: Option<String>,
    pub(super) at: String,
    pub(super) at_exact: String,
}

/// A field that somebody else changed meanwhile.
pub(super) struct Side {
    pub(super) label: String,
    pub(super) yours: String,
    pub(super) theirs: String,
}

/// The page of a [`Sheet`].
#[derive(Template)]
#[template(path = "customers/form.html")]
pub(super) struct SheetPage {
    page: Shell,
    sheet: Sheet,
    /// What is wrong with no field.
    rest: Option<String>,
    /// Fields with something wrong: name, label, words.
    wrong: Vec<(String, String, String)>,
    sides: Vec<Side>,
}

impl Sheet {
    /// A form that is sent there.
    pub(super) fn new(heading: String, action: String, back: (String, String), button: String, inputs: Vec<Input>) -> Sheet {
        Sheet {
            heading,
            intro: None,
            action,
            back,
            button,
            inputs,
            version: None,
            remove: None,
            consequences: Vec::new(),
            is_danger: false,
            past: Vec::new(),
        }
    }

    /// The page before anybody typed.
    pub(super) fn show(self, ctx: &Ctx, info: &Info, reader: &Reader) -> Outcome<Response> {
        html(&self.into_page(ctx, info, reader, None))
    }

    /// The page after it did not go through: what was typed is kept, what is wrong stands beside it. When somebody else was faster
    /// the form takes on the version that stands now and shows both sides.
    pub(super) fn again(self, ctx: &Ctx, info: &Info, reader: &Reader, typed: &Typed, problem: &Problem) -> Outcome<Response> {
        let mut response = html(&self.into_page(ctx, info, reader, Some((typed, problem))))?;
        *response.status_mut() = problem.status();
        Ok(response)
    }

    fn into_page(mut self, ctx: &Ctx, info: &Info, reader: &Reader, tried: Option<(&Typed, &Problem)>) -> SheetPage {
        let say = Words { locale: ctx.locale };
        let mut title = say.one("customers-form-window", "heading", &self.heading);
        let (mut rest, mut sides) = (None, Vec::new());
        if let Some((typed, problem)) = tried {
            let is_stale = problem.code() == "stale";
            for input in &mut self.inputs {
                let theirs = input.shown();
                input.fill(typed);
                if is_stale && input.shown() != theirs {
                    sides.push(Side { label: input.label.clone(), yours: input.shown(), theirs });
                }
            }
            rest = input::explain(say, problem, &mut self.inputs);
            if is_stale {
                rest = Some(say.t("customers-form-stale"));
            }
            title = say.one("form-error-window", "title", title);
        }
        let wrong = self.inputs.iter().filter_map(|input| Some((input.name.clone(), input.label.clone(), input.error.clone()?))).collect();
        let place = Place { title, back: Some(self.back.0.clone()), crumb: self.heading.clone(), here: self.action.clone(), toast: None };
        let mut page = reader.shell(ctx, info, place);
        if let Some(remove) = &mut self.remove {
            remove.csrf.clone_from(&page.csrf);
        }
        if self.back.0 != super::query::HOME {
            page = page.under(vec![self.back.clone()]);
        }
        SheetPage { page, sheet: self, rest, wrong, sides }
    }
}
