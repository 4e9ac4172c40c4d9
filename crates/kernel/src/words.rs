//! Closed sets of words: states, roles, kinds. One macro, so that each word reads the same in
//! tables, types, JSON, pages and logs.

/// A word did not belong to its set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordError {
    /// The set that was asked for.
    pub set: &'static str,
    /// The words that it has.
    pub allowed: &'static [&'static str],
}

impl std::fmt::Display for WordError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "expected one of {}", self.allowed.join(", "))
    }
}

impl std::error::Error for WordError {}

/// Declares an enum of words: `words! { /// Doc. pub enum Mood { /// Doc. Good = "good", } }`.
///
/// The enum gets `ALL`, `WORDS`, `as_str`, `Display`, `FromStr` (any ASCII case), serde as its word,
/// and stands in a database column as its word. Further words after the first are accepted, never written.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* pub enum $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal $(| $alias:literal)*),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$word_doc])* $variant),+ }

        impl $name {
            /// Every member, in order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// Every word, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word, as in tables and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::WordError;
            fn from_str(text: &str) -> Result<$name, $crate::words::WordError> {
                $(if text.eq_ignore_ascii_case($word) $(|| text.eq_ignore_ascii_case($alias))* {
                    return Ok($name::$variant);
                })+
                Err($crate::words::WordError { set: stringify!($name), allowed: $name::WORDS })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::value::ToValue for $name {
            fn to_value(&self) -> $crate::value::Value {
                $crate::value::Value::Text(self.as_str().to_owned())
            }
        }

        impl $crate::value::Column for $name {
            fn from_value(value: $crate::value::Value) -> Result<$name, $crate::value::ColumnError> {
                match &value {
                    $crate::value::Value::Text(text) => text
                        .parse()
                        .map_err(|_| $crate::value::ColumnError::new(stringify!($name), &value)),
                    other => Err($crate::value::ColumnError::new(stringify!($name), other)),
                }
            }
        }
    )+};
}
