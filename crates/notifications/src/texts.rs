//! The words that customers get, in four languages. The Algerian dialect stands for itself; a
//! language without a text falls back as [`Locale::fallbacks`] says.
//!
//! `{link}` stands for the page of the order. It is filled in when the message is sent, so that no link is kept; a line whose
//! link cannot be made is left out ([`with_link`]).

use kernel::{Locale, OrderState};
use orders::Order;

/// A finished text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// Whether there are words for an order's coming to this state.
pub fn is_told(state: OrderState) -> bool {
    TEXTS.iter().any(|(of, ..)| *of == state)
}

/// Writes the text for a sub-status, in the words that the organization gave it.
pub(crate) fn of_substatus(label: &str, locale: Locale, order: &Order, store: &str) -> Text {
    let name = if order.contact_name.is_empty() { store } else { &order.contact_name };
    let (subject, body) = match locale {
        En => {
            ("Order {number}: {label}", "Hello {name},\n\nthere is news about your order {number}: {label}.\nFollow your order: {link}\n\n{store}\n")
        }
        Fr => (
            "Commande {number} : {label}",
            "Bonjour {name},\n\ndu nouveau pour votre commande {number} : {label}.\nSuivez votre commande : {link}\n\n{store}\n",
        ),
        Ar => ("الطلب {number}: {label}", "مرحبا {name}،\n\nجديد طلبك {number}: {label}.\nتابع طلبك: {link}\n\n{store}\n"),
        Dz => {
            ("الكوموند {number}: {label}", "السلام {name}،\n\nكاين جديد في الكوموند تاعك {number}: {label}.\nتبع الكوموند تاعك: {link}\n\n{store}\n")
        }
    };
    let fill = |text: &str| text.replace("{label}", label).replace("{number}", &order.number).replace("{store}", store).replace("{name}", name);
    Text { subject: fill(subject), body: fill(body) }
}

/// Writes the text for a state; none when that state has no words.
pub(crate) fn write(state: OrderState, locale: Locale, order: &Order, store: &str) -> Option<Text> {
    let (.., subject, body) =
        locale.fallbacks().iter().find_map(|locale| TEXTS.iter().find(|(of, language, ..)| *of == state && language == locale))?;
    let name = if order.contact_name.is_empty() { store } else { &order.contact_name };
    let currency = order.currency;
    let total = format!("{} {currency}", currency.show_amount(order.to_collect));
    let fill = |text: &str| {
        text.replace("{name}", name)
            .replace("{number}", &order.number)
            .replace("{store}", store)
            .replace("{total}", &total)
            .replace("{tracking}", order.tracking.as_deref().unwrap_or("–"))
    };
    Some(Text { subject: fill(subject), body: fill(body) })
}

/// What stands for the page of the order until the message is sent.
const LINK: &str = "{link}";

/// The words with this link, or without the line that would hold one.
pub(crate) fn with_link(body: &str, link: Option<&str>) -> String {
    match link {
        Some(link) => body.replace(LINK, link),
        None => body.split_inclusive('\n').filter(|line| !line.contains(LINK)).collect(),
    }
}

/// Whether the words hold a place for a link.
pub(crate) fn has_link(body: &str) -> bool {
    body.contains(LINK)
}

use Locale::{Ar, Dz, En, Fr};
use OrderState::{Cancelled, Confirmed, Delivered, OutForDelivery, Pending, Shipped};

#[rustfmt::skip]
const TEXTS: &[(OrderState, Locale, &str, &str)] = &[
    (Pending, En, "We have your order {number}", "Hello {name},\n\nthank you. {store} has received your order {number} and will call you to confirm it.\nTo pay on delivery: {total}.\nFollow your order: {link}\n"),
    (Pending, Fr, "Commande {number} reçue", "Bonjour {name},\n\nmerci. {store} a bien reçu votre commande {number} et vous appellera pour la confirmer.\nÀ payer à la livraison : {total}.\nSuivez votre commande : {link}\n"),
    (Pending, Ar, "استلمنا طلبك {number}", "مرحبا {name}،\n\nشكرا لك. استلم متجر {store} طلبك {number} وسنتصل بك لتأكيده.\nالمبلغ عند الاستلام: {total}.\nتابع طلبك: {link}\n"),
    (Pending, Dz, "وصلتنا الكوموند تاعك {number}", "السلام {name}،\n\nيعطيك الصحة. {store} وصلتو الكوموند {number}، نعيطولك باش نأكدوها.\nتخلص كي توصلك: {total}.\nتبع الكوموند تاعك: {link}\n"),

    (Confirmed, En, "Order {number} is confirmed", "Hello {name},\n\nyour order {number} is confirmed and will be prepared now.\nFollow your order: {link}\n\n{store}\n"),
    (Confirmed, Fr, "Commande {number} confirmée", "Bonjour {name},\n\nvotre commande {number} est confirmée, nous la préparons.\nSuivez votre commande : {link}\n\n{store}\n"),
    (Confirmed, Ar, "تم تأكيد الطلب {number}", "مرحبا {name}،\n\nتم تأكيد طلبك {number} ونحن نحضّره الآن.\nتابع طلبك: {link}\n\n{store}\n"),
    (Confirmed, Dz, "الكوموند {number} تأكدات", "السلام {name}،\n\nالكوموند تاعك {number} تأكدات وراحنا نوجدوها.\nتبع الكوموند تاعك: {link}\n\n{store}\n"),

    (Shipped, En, "Order {number} is on its way", "Hello {name},\n\nyour order {number} was handed to the courier. Tracking number: {tracking}.\nTo pay on delivery: {total}.\nFollow your order: {link}\n\n{store}\n"),
    (Shipped, Fr, "Commande {number} expédiée", "Bonjour {name},\n\nvotre commande {number} a été remise au livreur. Numéro de suivi : {tracking}.\nÀ payer à la livraison : {total}.\nSuivez votre commande : {link}\n\n{store}\n"),
    (Shipped, Ar, "طلبك {number} في الطريق", "مرحبا {name}،\n\nسُلّم طلبك {number} إلى شركة التوصيل. رقم التتبع: {tracking}.\nالمبلغ عند الاستلام: {total}.\nتابع طلبك: {link}\n\n{store}\n"),
    (Shipped, Dz, "الكوموند {number} راهي في الطريق", "السلام {name}،\n\nعطينا الكوموند تاعك {number} لليفرور. رقم التتبع: {tracking}.\nتخلص كي توصلك: {total}.\nتبع الكوموند تاعك: {link}\n\n{store}\n"),

    (OutForDelivery, En, "Order {number} comes today", "Hello {name},\n\nthe courier has your order {number} with them today. Keep your telephone near.\nTo pay: {total}.\nFollow your order: {link}\n\n{store}\n"),
    (OutForDelivery, Fr, "Commande {number} : livraison aujourd'hui", "Bonjour {name},\n\nle livreur a votre commande {number} aujourd'hui. Gardez votre téléphone à portée.\nÀ payer : {total}.\nSuivez votre commande : {link}\n\n{store}\n"),
    (OutForDelivery, Ar, "طلبك {number} يصل اليوم", "مرحبا {name}،\n\nطلبك {number} مع عامل التوصيل اليوم. أبق هاتفك قريبا منك.\nالمبلغ: {total}.\nتابع طلبك: {link}\n\n{store}\n"),
    (OutForDelivery, Dz, "الكوموند {number} توصلك اليوم", "السلام {name}،\n\nالليفرور راه جاي بالكوموند {number} اليوم. خلي التيليفون حذاك.\nتخلص: {total}.\nتبع الكوموند تاعك: {link}\n\n{store}\n"),

    (Delivered, En, "Order {number} is delivered", "Hello {name},\n\nyour order {number} is delivered. Thank you for buying at {store}.\nFollow your order: {link}\n"),
    (Delivered, Fr, "Commande {number} livrée", "Bonjour {name},\n\nvotre commande {number} est livrée. Merci d'avoir choisi {store}.\nSuivez votre commande : {link}\n"),
    (Delivered, Ar, "تم تسليم الطلب {number}", "مرحبا {name}،\n\nتم تسليم طلبك {number}. شكرا لاختيارك {store}.\nتابع طلبك: {link}\n"),
    (Delivered, Dz, "الكوموند {number} وصلات", "السلام {name}،\n\nالكوموند تاعك {number} وصلات. صحيت كي خيرت {store}.\nتبع الكوموند تاعك: {link}\n"),

    (Cancelled, En, "Order {number} is cancelled", "Hello {name},\n\nyour order {number} is cancelled; nothing will be delivered and nothing is to be paid.\n\n{store}\n"),
    (Cancelled, Fr, "Commande {number} annulée", "Bonjour {name},\n\nvotre commande {number} est annulée ; rien ne sera livré et rien n'est à payer.\n\n{store}\n"),
    (Cancelled, Ar, "تم إلغاء الطلب {number}", "مرحبا {name}،\n\nتم إلغاء طلبك {number}؛ لن يُسلَّم شيء ولا شيء عليك دفعه.\n\n{store}\n"),
    (Cancelled, Dz, "الكوموند {number} تلغات", "السلام {name}،\n\nالكوموند تاعك {number} تلغات، ما يوصلك والو وما تخلص والو.\n\n{store}\n"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_told_state_has_words_in_every_language() {
        for state in OrderState::ALL.iter().copied().filter(|state| is_told(*state)) {
            for locale in Locale::ALL {
                let texts = TEXTS.iter().filter(|(of, language, ..)| *of == state && language == locale).count();
                assert_eq!(texts, 1, "{state} in {locale}");
            }
        }
    }

    #[test]
    fn texts_name_only_what_is_filled_in() {
        for (state, locale, subject, body) in TEXTS {
            let rest = ["{name}", "{number}", "{store}", "{total}", "{tracking}", "{link}"]
                .iter()
                .fold(format!("{subject}{body}"), |text, name| text.replace(name, ""));
            assert!(!rest.contains(['{', '}']), "{state} in {locale}");
            assert!(subject.contains("{number}") && !subject.contains("{link}"), "{state} in {locale}");
            let of_link = body.lines().filter(|line| line.contains("{link}")).count();
            assert_eq!(of_link, usize::from(*state != Cancelled), "{state} in {locale}");
        }
    }

    #[test]
    fn a_line_without_its_link_is_left_out() {
        let body = "Hello,\n\nit is on its way.\nFollow it: {link}\n\nYasmine\n";
        assert_eq!(with_link(body, Some("https://a.dz/t/x")), "Hello,\n\nit is on its way.\nFollow it: https://a.dz/t/x\n\nYasmine\n");
        assert_eq!(with_link(body, None), "Hello,\n\nit is on its way.\n\nYasmine\n");
        assert!(has_link(body) && !has_link("Hello"));
    }
}
