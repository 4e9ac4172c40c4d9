//! The ways by which a code reaches its customer. A messenger takes its place here, before the mail; until then a customer without
//! an address hears the code from somebody of the team.

use base::Ctx;
use base::mail::{self, Mail};
use customers::Customer;
use db::Tx;
use kernel::{Error, Hidden, Locale};

/// Sends a code by the first way that leads to her; answers which, or nothing.
pub(crate) fn send(tx: &mut Tx, ctx: &Ctx, customer: &Customer, code: &Hidden) -> Result<Option<&'static str>, Error> {
    by_mail(tx, ctx, customer, code)
}

fn by_mail(tx: &mut Tx, ctx: &Ctx, customer: &Customer, code: &Hidden) -> Result<Option<&'static str>, Error> {
    let Some(to) = customer.email.as_deref().filter(|_| ctx.settings.notifications.email) else { return Ok(None) };
    let shop = match ctx.settings.general.name.trim() {
        "" => "Kafila",
        name => name,
    };
    let words = |text: &str| text.replace("{shop}", shop).replace("{code}", code.reveal());
    let (subject, body) = text(ctx.locale);
    let mail = Mail { to: Hidden::new(to), subject: words(subject), text: Hidden::new(words(body)), html: None, from_name: None };
    match mail::enqueue(tx, ctx, &mail) {
        Ok(_) => Ok(Some("email")),
        // No mail can reach this address.
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Subject and words; the code does not stand in the subject, which locked telephones show.
fn text(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::Fr => (
            "Votre code pour voir vos commandes chez {shop}",
            "Bonjour,\n\nvotre code est {code}. Il est valable 10 minutes et ouvre la liste de vos commandes chez {shop}.\n\nSi vous n’avez rien demandé, ignorez ce message et ne donnez le code à personne.\n",
        ),
        Locale::Ar | Locale::Dz => (
            "رمزك لرؤية طلباتك لدى {shop}",
            "مرحبا،\n\nرمزك هو {code}. صلاحيته 10 دقائق ويفتح قائمة طلباتك لدى {shop}.\n\nإن لم تطلب شيئا فتجاهل هذه الرسالة ولا تعط الرمز لأحد.\n",
        ),
        Locale::En => (
            "Your code to see your orders at {shop}",
            "Hello,\n\nyour code is {code}. It can be used for 10 minutes and opens the list of your orders at {shop}.\n\nIf you did not ask for it, ignore this message and give the code to nobody.\n",
        ),
    }
}
