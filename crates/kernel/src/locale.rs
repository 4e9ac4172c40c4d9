//! Countries and languages.

use std::fmt;

use crate::value::{Column, ColumnError, ToValue, Value};
use crate::words;

words! {
    /// A language that texts exist in. The interface has the first three; `dz` is the Algerian
    /// dialect, for customers only, and falls back to Arabic, then French, then English.
    pub enum Locale {
        /// English.
        En = "en",
        /// French.
        Fr = "fr",
        /// Arabic.
        Ar = "ar",
        /// Algerian dialect (darija), written from right to left.
        Dz = "dz",
    }

    /// How a store writes numbers.
    pub enum NumberStyle {
        /// `12,900.50`.
        CommaPoint = "comma_point",
        /// `12 900,50` with a narrow no-break space.
        SpaceComma = "space_comma",
        /// `12.900,50`.
        PointComma = "point_comma",
    }

    /// The first day of a store's week.
    pub enum WeekStart {
        /// Saturday, as in much of Bangladesh.
        Saturday = "saturday",
        /// Sunday, as in Algeria.
        Sunday = "sunday",
        /// Monday, as in Kenya.
        Monday = "monday",
    }
}

impl Locale {
    /// Languages of the interface.
    pub const INTERFACE: [Locale; 3] = [Locale::En, Locale::Fr, Locale::Ar];

    /// Whether lines run from right to left.
    pub fn is_right_to_left(self) -> bool {
        matches!(self, Locale::Ar | Locale::Dz)
    }

    /// Where to look for a text, first to last.
    pub fn fallbacks(self) -> &'static [Locale] {
        match self {
            Locale::En => &[Locale::En],
            Locale::Fr => &[Locale::Fr, Locale::En],
            Locale::Ar => &[Locale::Ar, Locale::Fr, Locale::En],
            Locale::Dz => &[Locale::Dz, Locale::Ar, Locale::Fr, Locale::En],
        }
    }
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Algeria.
    pub const DZ: Country = Country(*b"DZ");
    /// Bangladesh.
    pub const BD: Country = Country(*b"BD");
    /// Kenya.
    pub const KE: Country = Country(*b"KE");

    /// The two letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("made from two ASCII letters")
    }
}

/// The text was not two letters that name a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountryError;

impl fmt::Display for CountryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an ISO 3166 country code such as DZ")
    }
}

impl std::error::Error for CountryError {}

impl std::str::FromStr for Country {
    type Err = CountryError;
    fn from_str(text: &str) -> Result<Country, CountryError> {
        let upper = text.trim().to_ascii_uppercase();
        let bytes: [u8; 2] = upper.as_bytes().try_into().map_err(|_| CountryError)?;
        // The telephone library knows every country that has a numbering plan.
        upper.parse::<phonenumber::country::Id>().map_err(|_| CountryError)?;
        Ok(Country(bytes))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Country, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl ToValue for Country {
    fn to_value(&self) -> Value {
        Value::Text(self.code().to_owned())
    }
}

impl Column for Country {
    fn from_value(value: Value) -> Result<Country, ColumnError> {
        match &value {
            Value::Text(text) => text.parse().map_err(|_| ColumnError::new("Country", &value)),
            other => Err(ColumnError::new("Country", other)),
        }
    }
}
