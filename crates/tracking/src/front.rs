//! What a store shows of itself to its customers: how to reach it, its colour.

use base::Ctx;
use base::settings::{READABLE, white_on};

/// A store as its customers see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// Where to call, as it shall be read.
    pub phone: Option<String>,
    /// Where to write by WhatsApp, as it shall be read.
    pub whatsapp: Option<String>,
    /// `#rrggbb`, on which white is readable; none for Kafila's own.
    pub accent: Option<String>,
}

/// What the settings say about a store, else about all, else its own colour.
pub fn front_of(ctx: &Ctx, store: &access::Store) -> Front {
    let all = &ctx.settings.tracking;
    let own = all.stores.iter().find(|front| front.store == store.id);
    let pick = |own: Option<&String>, all: &str| own.map(String::as_str).or(Some(all)).filter(|text| !text.is_empty()).map(str::to_owned);
    let accent = pick(own.and_then(|front| front.accent.as_ref()), &all.accent).or_else(|| store.color.clone());
    Front {
        phone: pick(own.and_then(|front| front.phone.as_ref()), &all.phone),
        whatsapp: pick(own.and_then(|front| front.whatsapp.as_ref()), &all.whatsapp),
        accent: accent.filter(|colour| white_on(colour).is_some_and(|contrast| contrast >= READABLE)),
    }
}
