//! What the templates about one's own account show.

use askama::Template;
use askama::filters::Safe;

use crate::pages::input::Input;
use crate::pages::view::{Confirm, Notice, Shell};

/// `GET /app/account`
#[derive(Template)]
#[template(path = "account/overview.html")]
pub(super) struct AccountPage {
    pub(super) page: Shell,
    pub(super) notice: Option<Notice>,
    /// Each part with a form of its own.
    pub(super) forms: Vec<FormCard>,
    pub(super) factor: FactorCard,
    pub(super) sessions: Vec<SessionLine>,
    pub(super) has_others: bool,
    pub(super) everywhere: Confirm,
}

/// A card with a form.
pub(super) struct FormCard {
    /// Names it in addresses and answers.
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) text: Option<String>,
    pub(super) inputs: Vec<Input>,
    pub(super) button: String,
    /// What is wrong with no field of it.
    pub(super) rest: Option<String>,
}

/// Where the second factor stands.
pub(super) struct FactorCard {
    pub(super) is_on: bool,
    pub(super) text: String,
    /// Codes left, in words.
    pub(super) codes: Option<String>,
    /// The password that is asked for, to switch it off or to renew the codes.
    pub(super) password: Input,
}

/// A signed-in browser or program.
pub(super) struct SessionLine {
    pub(super) id: String,
    pub(super) icon: &'static str,
    pub(super) device: String,
    pub(super) ip: Option<String>,
    pub(super) began: String,
    pub(super) seen: String,
    pub(super) seen_exact: String,
    pub(super) is_current: bool,
    pub(super) is_trusted: bool,
}

/// `GET /app/account/second-factor`
#[derive(Template)]
#[template(path = "account/factor.html")]
pub(super) struct FactorPage {
    pub(super) page: Shell,
    /// The picture to scan, drawn by us.
    pub(super) picture: Safe<String>,
    /// The same for typing, in groups.
    pub(super) secret: String,
    pub(super) url: String,
    pub(super) code: Input,
    pub(super) rest: Option<String>,
}

/// Recovery codes, shown once.
#[derive(Template)]
#[template(path = "account/codes.html")]
pub(super) struct CodesPage {
    pub(super) page: Shell,
    pub(super) codes: Vec<String>,
    pub(super) all: String,
}
