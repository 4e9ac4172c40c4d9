//! The mails of access, in the languages of the interface: plain words and one link, no pictures.

use base::Ctx;
use base::mail::{self, Mail};
use db::Tx;
use kernel::{Error, Hidden, Locale};

/// Where links lead; the token follows.
pub(crate) const SET_UP_PATH: &str = "/sign-in/set-up/";
pub(crate) const JOIN_PATH: &str = "/sign-in/join/";
pub(crate) const RESET_PATH: &str = "/sign-in/reset/";
pub(crate) const VERIFY_PATH: &str = "/sign-in/verify/";

/// One mail in one language; `{name}` and `{org}` are filled in.
struct Words {
    subject: &'static str,
    body: &'static str,
    /// What the link's button says.
    link: &'static str,
}

pub(crate) fn invitation(tx: &mut Tx, ctx: &Ctx, locale: Locale, to: &str, name: &str, link: &str) -> Result<(), Error> {
    let words = match shown(locale) {
        Locale::Fr => Words {
            subject: "{org} vous invite sur Kafila",
            body: "Bonjour {name},\n\n{org} vous invite à travailler sur ses commandes. Suivez le lien pour choisir votre mot de passe.",
            link: "Rejoindre l’équipe",
        },
        Locale::Ar => Words {
            subject: "{org} تدعوك إلى قافلة",
            body: "مرحبا {name}،\n\nتدعوك {org} إلى العمل على طلباتها. اتبع الرابط لاختيار كلمة المرور.",
            link: "الانضمام إلى الفريق",
        },
        _ => Words {
            subject: "{org} invites you to Kafila",
            body: "Hello {name},\n\n{org} invites you to work on its orders. Follow the link to choose your password.",
            link: "Join the team",
        },
    };
    send(tx, ctx, locale, to, name, &words, Some(link))
}

pub(crate) fn reset(tx: &mut Tx, ctx: &Ctx, locale: Locale, to: &str, name: &str, link: &str) -> Result<(), Error> {
    let words = match shown(locale) {
        Locale::Fr => Words {
            subject: "Nouveau mot de passe",
            body: "Bonjour {name},\n\nquelqu’un, sans doute vous, demande un nouveau mot de passe. Si ce n’est pas vous, ignorez ce message : rien ne change.",
            link: "Choisir un nouveau mot de passe",
        },
        Locale::Ar => Words {
            subject: "كلمة مرور جديدة",
            body: "مرحبا {name}،\n\nطلب أحدهم، والأرجح أنك أنت، كلمة مرور جديدة. إن لم تكن أنت فتجاهل هذه الرسالة: لن يتغير شيء.",
            link: "اختيار كلمة مرور جديدة",
        },
        _ => Words {
            subject: "A new password",
            body: "Hello {name},\n\nsomebody, probably you, asked for a new password. If it was not you, ignore this message: nothing changes.",
            link: "Choose a new password",
        },
    };
    send(tx, ctx, locale, to, name, &words, Some(link))
}

pub(crate) fn verify_email(tx: &mut Tx, ctx: &Ctx, locale: Locale, to: &str, name: &str, link: &str) -> Result<(), Error> {
    let words = match shown(locale) {
        Locale::Fr => Words {
            subject: "Confirmez votre adresse",
            body: "Bonjour {name},\n\nsuivez le lien pour vous connecter désormais avec cette adresse.",
            link: "Confirmer l’adresse",
        },
        Locale::Ar => {
            Words {
                subject: "تأكيد عنوانك", body: "مرحبا {name}،\n\nاتبع الرابط لتسجيل الدخول بهذا العنوان من الآن فصاعدا.", link: "تأكيد العنوان"
            }
        }
        _ => Words {
            subject: "Confirm your address",
            body: "Hello {name},\n\nfollow the link to sign in with this address from now on.",
            link: "Confirm the address",
        },
    };
    send(tx, ctx, locale, to, name, &words, Some(link))
}

pub(crate) fn email_changed(tx: &mut Tx, ctx: &Ctx, locale: Locale, to: &str, name: &str) -> Result<(), Error> {
    let words = match shown(locale) {
        Locale::Fr => Words {
            subject: "Votre adresse a changé",
            body: "Bonjour {name},\n\nvotre compte chez {org} utilise désormais une autre adresse. Si ce n’est pas vous, prévenez votre administrateur tout de suite.",
            link: "",
        },
        Locale::Ar => Words {
            subject: "تغير عنوانك",
            body: "مرحبا {name}،\n\nيستعمل حسابك لدى {org} من الآن عنوانا آخر. إن لم تكن أنت فأخبر المسؤول فورا.",
            link: "",
        },
        _ => Words {
            subject: "Your address has changed",
            body: "Hello {name},\n\nyour account at {org} has another address now. If it was not you, tell your administrator at once.",
            link: "",
        },
    };
    send(tx, ctx, locale, to, name, &words, None)
}

pub(crate) fn password_changed(tx: &mut Tx, ctx: &Ctx, locale: Locale, to: &str, name: &str) -> Result<(), Error> {
    let words = match shown(locale) {
        Locale::Fr => Words {
            subject: "Votre mot de passe a changé",
            body: "Bonjour {name},\n\nle mot de passe de votre compte chez {org} a changé. Si ce n’est pas vous, prévenez votre administrateur tout de suite.",
            link: "",
        },
        Locale::Ar => Words {
            subject: "تغيرت كلمة المرور",
            body: "مرحبا {name}،\n\nتغيرت كلمة مرور حسابك لدى {org}. إن لم تكن أنت فأخبر المسؤول فورا.",
            link: "",
        },
        _ => Words {
            subject: "Your password has changed",
            body: "Hello {name},\n\nthe password of your account at {org} has changed. If it was not you, tell your administrator at once.",
            link: "",
        },
    };
    send(tx, ctx, locale, to, name, &words, None)
}

/// The dialect is for customers; colleagues read Arabic.
fn shown(locale: Locale) -> Locale {
    if locale == Locale::Dz { Locale::Ar } else { locale }
}

fn send(tx: &mut Tx, ctx: &Ctx, locale: Locale, to: &str, name: &str, words: &Words, link: Option<&str>) -> Result<(), Error> {
    let org = match ctx.settings.general.name.trim() {
        "" => "Kafila",
        name => name,
    };
    let fill = |text: &str| text.replace("{org}", org).replace("{name}", name);
    let body = fill(words.body);
    let text = link.map_or_else(|| body.clone(), |link| format!("{body}\n\n{}\n{link}\n", words.link));
    let direction = if locale.is_right_to_left() { "rtl" } else { "ltr" };
    let paragraphs: String = body.split("\n\n").map(|part| format!("<p>{}</p>", escape(part))).collect();
    let button = link.map(|link| format!("<p><a href=\"{}\">{}</a></p>", escape(link), words.link)).unwrap_or_default();
    let html = format!("<!doctype html><html lang=\"{locale}\" dir=\"{direction}\"><meta charset=\"utf-8\"><body>{paragraphs}{button}</body></html>");

    let mail = Mail { to: Hidden::new(to), subject: fill(words.subject), text: Hidden::new(text), html: Some(Hidden::new(html)), from_name: None };
    match mail::enqueue(tx, ctx, &mail) {
        Ok(_) => Ok(()),
        // An address that no mail can reach: whoever asked for a link must hear it, but a notice must
        // not stop what it is about.
        Err(Error::Invalid(_)) if link.is_none() => Ok(()),
        Err(Error::Invalid(_)) => Err(Error::field("email", "email")),
        Err(other) => Err(other),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
