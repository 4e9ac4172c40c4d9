//! What the templates for customers show.

use askama::Template;
use kernel::OrgId;
use tracking::{OwnRights, ShownLogo};

use crate::pages::view::{Choice, Choosable, Field, Notice};
use crate::words::Words;

/// The frame of a page for customers.
#[derive(Clone, Debug)]
pub(crate) struct Public {
    /// The reader's words.
    pub(crate) say: Words,
    /// `light` or `dark`; none follows the device.
    pub(crate) theme: Option<&'static str>,
    /// The window's title.
    pub(crate) title: String,
    /// The heading.
    pub(crate) heading: String,
    /// The name of the store, the organization, or Kafila.
    pub(crate) store: String,
    /// Its first letter.
    pub(crate) letter: String,
    /// Its logo; its letter stands in the place of one.
    pub(crate) logo: Option<Logo>,
    /// The six digits of its colour; none for Kafila's own.
    pub(crate) brand: Option<String>,
    /// Proof for forms; empty without a session of the staff's.
    pub(crate) csrf: String,
    /// What a change of language keeps of the address: `&shop=…` or nothing.
    pub(crate) keep: String,
    /// What forms and links keep of the address: `?shop=…` or nothing.
    pub(crate) query: String,
    /// What went wrong or well.
    pub(crate) notice: Option<Notice>,
}

/// A logo in the head of a page.
#[derive(Clone, Debug)]
pub(crate) struct Logo {
    pub(crate) src: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

impl Logo {
    /// Where it lies and how large it is shown.
    pub(crate) fn of(org: OrgId, logo: &ShownLogo) -> Logo {
        let (width, height) = logo.shown_size();
        Logo { src: logo.path(org), width, height }
    }
}

/// Something to read, and where to go on.
#[derive(Template)]
#[template(path = "public/message.html")]
pub(super) struct MessagePage {
    pub(super) page: Public,
    pub(super) text: String,
    pub(super) action: Option<(String, String)>,
}

/// Looking an order up.
#[derive(Template)]
#[template(path = "public/look_up.html")]
pub(super) struct LookUpPage {
    pub(super) page: Public,
    pub(super) number: Field,
    pub(super) proof: Field,
    pub(super) found: Vec<FoundView>,
    /// Pages of orders that fit, where there are several.
    pub(super) pages: Vec<(String, String)>,
    /// Where one's own orders are, when it is known of which organization.
    pub(super) mine: Option<String>,
}

/// What a number alone tells.
pub(super) struct FoundView {
    pub(super) number: String,
    pub(super) store: String,
    pub(super) key: &'static str,
    pub(super) fill: &'static str,
}

/// The page of one order.
#[derive(Template)]
#[template(path = "public/track.html")]
pub(super) struct TrackPage {
    pub(super) page: Public,
    /// What [`TrackedPart`] says.
    pub(super) body: String,
}

/// What the page of one order holds.
#[derive(Template)]
#[template(path = "public/tracked.html")]
pub(super) struct TrackedPart {
    pub(super) page: Public,
    pub(super) number: String,
    pub(super) tone: &'static str,
    /// Where the truck is on the picture: on the whole of it, and on the middle that a phone shows. Nowhere once the order left its way.
    pub(super) truck: Vec<(&'static str, u32, u32)>,
    pub(super) promise: Option<String>,
    pub(super) sentence: String,
    pub(super) progress: Option<String>,
    pub(super) meter: Option<Meter>,
    pub(super) steps: Vec<StepView>,
    pub(super) items: Vec<ItemView>,
    pub(super) courier: Option<String>,
    pub(super) parcel: Option<String>,
    pub(super) entries: Vec<EntryView>,
    pub(super) pay: Option<Pay>,
    /// What the total is made of, the total last.
    pub(super) sums: Vec<(String, String)>,
    /// What the customer may do herself.
    pub(super) own: OwnRights,
    pub(super) said: Vec<SaidView>,
    /// Lines, and whether each runs from left to right in every language.
    pub(super) address: Vec<(String, bool)>,
    pub(super) phone: Option<String>,
    pub(super) whatsapp: Option<String>,
    pub(super) contact: String,
    /// Whether something went wrong with it, so that who helps stands first.
    pub(super) is_urgent: bool,
    pub(super) ask: AskView,
    pub(super) token: String,
    pub(super) mine: Option<String>,
    pub(super) here: String,
    pub(super) as_of: String,
}

impl TrackedPart {
    /// Whether the store says how to reach it.
    fn has_contact(&self) -> bool {
        self.phone.is_some() || self.whatsapp.is_some()
    }
}

/// How far, as a bar.
pub(super) struct Meter {
    pub(super) class: &'static str,
    pub(super) label: String,
}

/// A stop of the way.
pub(super) struct StepView {
    pub(super) class: &'static str,
    pub(super) is_now: bool,
    pub(super) icon: Option<&'static str>,
    pub(super) label: String,
    /// Who carries it, or what was heard last.
    pub(super) note: Option<String>,
    pub(super) at: Option<(String, String)>,
}

/// A thing in the parcel.
pub(super) struct ItemView {
    pub(super) title: String,
    pub(super) variant: Option<String>,
    pub(super) quantity: String,
    pub(super) total: String,
}

/// Something heard of the parcel.
pub(super) struct EntryView {
    pub(super) iso: String,
    pub(super) at: String,
    pub(super) status: String,
    pub(super) place: Option<String>,
    pub(super) text: Option<String>,
}

/// What the store wrote.
pub(super) struct SaidView {
    pub(super) iso: String,
    pub(super) at: String,
    pub(super) text: String,
}

/// What is to be paid.
pub(super) struct Pay {
    pub(super) label: String,
    pub(super) amount: String,
    pub(super) icon: &'static str,
}

/// The form in which a customer asks for something.
pub(super) struct AskView {
    pub(super) title: String,
    pub(super) what: Choice,
    pub(super) text: String,
    pub(super) error: Option<String>,
    pub(super) is_open: bool,
}

/// Whose orders.
#[derive(Template)]
#[template(path = "public/contact.html")]
pub(super) struct ContactPage {
    pub(super) page: Public,
    pub(super) contact: Field,
}

/// The code that opens them.
#[derive(Template)]
#[template(path = "public/code.html")]
pub(super) struct CodePage {
    pub(super) page: Public,
    /// What was sent, as HTML with the contact set apart.
    pub(super) sent: Option<String>,
    pub(super) contact: String,
    pub(super) error: Option<String>,
}

/// A customer's own orders.
#[derive(Template)]
#[template(path = "public/mine.html")]
pub(super) struct MinePage {
    pub(super) page: Public,
    pub(super) figures: Vec<(String, String)>,
    pub(super) since: Option<String>,
    pub(super) shop: Option<String>,
    pub(super) q: String,
    pub(super) choices: Vec<Choice>,
    pub(super) is_narrowed: bool,
    pub(super) orders: Vec<OwnOrderView>,
    pub(super) many: Option<String>,
}

/// One of them.
pub(super) struct OwnOrderView {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) summary: String,
    pub(super) more: String,
    pub(super) key: &'static str,
    pub(super) fill: &'static str,
    pub(super) total: String,
}

/// Changing an order oneself.
#[derive(Template)]
#[template(path = "public/change.html")]
pub(super) struct ChangePage {
    pub(super) page: Public,
    pub(super) token: String,
    /// The things of the order, where they may change.
    pub(super) items: Vec<ChangeItem>,
    /// What is wrong with them together.
    pub(super) lines: Field,
    /// The first and the last day to choose.
    pub(super) days: (String, String),
    pub(super) day: Field,
    pub(super) line1: Field,
    pub(super) city: Field,
    /// A field where the country has no list of provinces.
    pub(super) province: Field,
    pub(super) provinces: Vec<Choosable>,
    pub(super) name: Field,
    pub(super) phone: Field,
    pub(super) proof: Field,
}

/// A thing whose quantity may change.
pub(super) struct ChangeItem {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) variant: Option<String>,
    pub(super) quantity: String,
    pub(super) error: Option<String>,
}

/// Calling an order off oneself.
#[derive(Template)]
#[template(path = "public/cancel.html")]
pub(super) struct CancelPage {
    pub(super) page: Public,
    pub(super) token: String,
    pub(super) number: String,
    pub(super) reasons: Vec<Choosable>,
    pub(super) text: Field,
    pub(super) proof: Field,
}

/// What a customer's orders come to.
#[derive(Template)]
#[template(path = "public/figures.html")]
pub(super) struct FiguresPage {
    pub(super) page: Public,
    pub(super) figures: Vec<(String, String)>,
    pub(super) since: Option<String>,
    /// Of each currency: what the delivered ones came to, and what one of them came to.
    pub(super) spent: Vec<(String, String)>,
    pub(super) months: Vec<MonthView>,
    pub(super) has_months: bool,
    pub(super) many: Option<String>,
}

/// A month with its bar.
pub(super) struct MonthView {
    pub(super) name: String,
    pub(super) class: &'static str,
    pub(super) orders: String,
    pub(super) delivered: String,
}
