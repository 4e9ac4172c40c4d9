//! What the templates before the door show.

use askama::Template;

use crate::pages::view::{Field, Gate, Step};

/// Name and password.
#[derive(Template)]
#[template(path = "gate/sign_in.html")]
pub(crate) struct SignInPage {
    pub(crate) page: Gate,
    pub(crate) login: Field,
    pub(crate) password: Field,
    pub(crate) is_trusted: bool,
}

/// The code of the second factor.
#[derive(Template)]
#[template(path = "gate/second_factor.html")]
pub(crate) struct SecondFactorPage {
    pub(crate) page: Gate,
    pub(crate) pending: String,
    pub(crate) error: Option<String>,
}

/// A link for a new password.
#[derive(Template)]
#[template(path = "gate/forgotten.html")]
pub(crate) struct ForgottenPage {
    pub(crate) page: Gate,
    pub(crate) login: Field,
    pub(crate) is_sent: bool,
}

/// A password to set, by invitation or after a reset.
#[derive(Template)]
#[template(path = "gate/new_password.html")]
pub(crate) struct NewPasswordPage {
    pub(crate) page: Gate,
    pub(crate) text: Option<String>,
    pub(crate) name: Option<Field>,
    /// Tells password managers whose it is.
    pub(crate) email: String,
    pub(crate) password: Field,
    pub(crate) button: String,
}

/// Something to read, and where to go on.
#[derive(Template)]
#[template(path = "gate/message.html")]
pub(crate) struct MessagePage {
    pub(crate) page: Gate,
    pub(crate) text: String,
    pub(crate) href: &'static str,
    pub(crate) button: String,
    /// Where the button sends a form instead of following a link.
    pub(crate) form_action: Option<String>,
}

/// A step of the first start.
#[derive(Template)]
#[template(path = "gate/set_up.html")]
pub(crate) struct SetUpPage {
    pub(crate) page: Gate,
    pub(crate) steps: Vec<Step>,
    pub(crate) steps_label: String,
    pub(crate) intro: &'static str,
    pub(crate) fields: Vec<Field>,
    pub(crate) password: Option<Field>,
    pub(crate) button: String,
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct ProblemPage {
    pub(crate) page: Gate,
    pub(crate) icon: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) text: String,
    /// The message before the code.
    pub(crate) code_label: &'static str,
    pub(crate) code: Option<String>,
    /// Whether the code is words to read, not signs to quote.
    pub(crate) is_word: bool,
    pub(crate) actions: Vec<Way>,
    pub(crate) has_search: bool,
}

/// A way out.
pub(crate) struct Way {
    pub(crate) href: String,
    pub(crate) label: String,
    /// Whether it is the page that one came from, which the browser may still have as it was.
    pub(crate) is_back: bool,
}
