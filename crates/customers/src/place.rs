//! Addresses against the lists of places. Pure.

use base::places;
use kernel::{Check, Country, cut, fold};

use crate::NewAddress;

/// A place as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The list's name of the province, or what was typed.
    pub province: Option<String>,
    /// The list's code, when the province was found.
    pub province_code: Option<String>,
    /// The list's name of the district, commune or town, or what was typed.
    pub city: Option<String>,
    /// Whether everything that the lists could judge was found in them.
    pub is_known: bool,
}

impl Place {
    /// What filters compare: country and code, or country and the folded typed name.
    pub fn key(&self, country: Country) -> Option<String> {
        match (&self.province_code, &self.province) {
            (Some(code), _) => Some(format!("{country}:{code}")),
            (None, Some(typed)) => Some(format!("{country}:{}", cut(&fold(typed), 40))),
            (None, None) => None,
        }
    }
}

/// Looks an address up. What the lists do not know stays as typed, and the answer says so. A country
/// without lists is taken at its word.
pub fn place_of(country: Country, province: Option<&str>, city: Option<&str>) -> Place {
    let found = places::resolve(country, province.unwrap_or_default(), city.unwrap_or_default());
    let text = |text: String| if text.is_empty() { None } else { Some(text) };
    Place { province: text(found.province), province_code: found.province_code, city: text(found.district), is_known: found.is_known }
}

/// Notes what is wrong with an address as it came in, field by field.
pub fn check_address(check: &mut Check, prefix: &str, address: &NewAddress) {
    let texts = [
        ("line1", Some(&address.line1), 300),
        ("line2", address.line2.as_ref(), 300),
        ("city", address.city.as_ref(), 120),
        ("district", address.district.as_ref(), 120),
        ("province", address.province.as_ref(), 120),
        ("postal_code", address.postal_code.as_ref(), 20),
        ("label", address.label.as_ref(), 60),
    ];
    for (field, text, most) in texts {
        let field = if prefix.is_empty() { field.to_owned() } else { format!("{prefix}.{field}") };
        if text.is_some_and(|text| text.chars().count() > most) {
            check.push(kernel::FieldError::new(&field, "too_long").with("max", most));
        }
        if text.is_some_and(|text| text.contains('\0')) {
            check.fail(field, "text.control");
        }
    }
}
