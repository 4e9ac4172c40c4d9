//! How pages write telephone numbers.

use base::Ctx;
use kernel::{Country, Permission, Phone};

/// A number as the people of this country write it, with its country code when it is of elsewhere, with dots for those who may not
/// see it whole.
pub(crate) fn shown_phone(ctx: &Ctx, phone: &Phone, country: Country) -> String {
    if ctx.can(Permission::PhoneSee) { whole_phone(phone, country) } else { customers::shown_phone(ctx, phone) }
}

/// The same, whole.
pub(crate) fn whole_phone(phone: &Phone, country: Country) -> String {
    let code = match country {
        Country::DZ => "+213",
        Country::BD => "+880",
        Country::KE => "+254",
        _ => return phone.e164().to_owned(),
    };
    if phone.e164().starts_with(code) { phone.national() } else { phone.e164().to_owned() }
}
