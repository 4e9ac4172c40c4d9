//! How types describe themselves in the OpenAPI document.
//!
//! One trait and three macros. [`body!`] declares what comes in (unknown fields are refused),
//! [`query!`] the parameters of a list, [`view!`] what goes out; each makes the struct, its serde
//! code and its schema from one text, so they cannot drift apart. `= "…"` after a field is its
//! example.

use std::collections::BTreeMap;

use kernel::{Amount, Country, Currency, Day, Hidden, Id, Money, Time};
use utoipa::openapi::schema::{AdditionalProperties, AllOfBuilder, ArrayBuilder, Components, ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema, SchemaFormat};

/// A type that can stand in the OpenAPI document.
pub(crate) trait Describe {
    /// Whether a field of this type may be left out of a body.
    const OPTIONAL: bool = false;

    /// The schema, or a reference after adding it to the components.
    fn schema(components: &mut Components) -> RefOr<Schema>;
}

/// A struct whose fields are known: a body, a view, or the parameters of a query.
pub(crate) trait Fields {
    /// Each field in order.
    fn fields(components: &mut Components) -> Vec<FieldShape>;
}

/// One field of a struct.
pub(crate) struct FieldShape {
    pub(crate) name: &'static str,
    pub(crate) doc: String,
    pub(crate) required: bool,
    pub(crate) schema: RefOr<Schema>,
    pub(crate) example: Option<serde_json::Value>,
}

/// Doc comments as one paragraph.
pub(crate) fn doc(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Adds a struct to the components once and answers a reference to it.
pub(crate) fn component<T: Fields>(name: &'static str, doc: String, closed: bool, components: &mut Components) -> RefOr<Schema> {
    if !components.schemas.contains_key(name) {
        components.schemas.insert(name.to_owned(), RefOr::T(Schema::Object(ObjectBuilder::new().build())));
        let fields = T::fields(components);
        components.schemas.insert(name.to_owned(), RefOr::T(object(fields, doc, closed)));
    }
    RefOr::Ref(Ref::from_schema_name(name))
}

/// An object of these fields.
pub(crate) fn object(fields: Vec<FieldShape>, doc: String, closed: bool) -> Schema {
    let mut object = ObjectBuilder::new();
    if !doc.is_empty() {
        object = object.description(Some(doc));
    }
    for field in fields {
        if field.required {
            object = object.required(field.name);
        }
        object = object.property(field.name, described(field.schema, &field.doc, field.example));
    }
    if closed {
        object = object.additional_properties(Some(AdditionalProperties::FreeForm(false)));
    }
    Schema::Object(object.build())
}

/// The same schema with a description and an example beside it.
pub(crate) fn described(schema: RefOr<Schema>, doc: &str, example: Option<serde_json::Value>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            if !doc.is_empty() {
                object.description = Some(doc.to_owned());
            }
            object.examples.extend(example);
            RefOr::T(Schema::Object(object))
        }
        RefOr::T(Schema::Array(mut array)) => {
            if !doc.is_empty() {
                array.description = Some(doc.to_owned());
            }
            array.examples.extend(example);
            RefOr::T(Schema::Array(array))
        }
        RefOr::Ref(mut link) => {
            link.description = doc.to_owned();
            match example {
                // Some readers ignore siblings of a reference, so an example goes around it.
                Some(example) => {
                    RefOr::T(Schema::AllOf(AllOfBuilder::new().item(RefOr::Ref(link)).description(Some(doc)).examples([example]).build()))
                }
                None => RefOr::Ref(link),
            }
        }
        RefOr::T(Schema::OneOf(mut one_of)) => {
            if !doc.is_empty() {
                one_of.description = Some(doc.to_owned());
            }
            one_of.examples.extend(example);
            RefOr::T(Schema::OneOf(one_of))
        }
        other => other,
    }
}

fn simple(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

/// A text with a form.
pub(crate) fn text(format: Option<&str>, pattern: Option<&str>, example: Option<&str>) -> RefOr<Schema> {
    let mut object = simple(Type::String);
    if let Some(format) = format {
        object = object.format(Some(SchemaFormat::Custom(format.to_owned())));
    }
    if let Some(pattern) = pattern {
        object = object.pattern(Some(pattern));
    }
    if let Some(example) = example {
        object = object.examples([example]);
    }
    RefOr::T(Schema::Object(object.build()))
}

/// A text of so many letters.
pub(crate) fn text_of(least: usize, most: usize, example: &str) -> RefOr<Schema> {
    RefOr::T(Schema::Object(simple(Type::String).min_length(Some(least)).max_length(Some(most)).examples([example]).build()))
}

/// A text out of a set of words.
pub(crate) fn word(words: &[&str]) -> RefOr<Schema> {
    RefOr::T(Schema::Object(simple(Type::String).enum_values(Some(words.iter().copied())).build()))
}

/// Anything that is JSON.
pub(crate) fn anything() -> RefOr<Schema> {
    RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(SchemaType::AnyValue).build()))
}

impl Describe for String {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(None, None, None)
    }
}

impl Describe for &str {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(None, None, None)
    }
}

impl Describe for Hidden {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(Some("password"), None, None)
    }
}

impl Describe for bool {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        RefOr::T(Schema::Object(simple(Type::Boolean).build()))
    }
}

/// A whole number within bounds.
pub(crate) fn whole_between(least: i64, most: i64) -> RefOr<Schema> {
    RefOr::T(Schema::Object(simple(Type::Integer).minimum(Some(least)).maximum(Some(most)).build()))
}

macro_rules! whole_numbers {
    ($($number:ty = $from:expr, $to:expr);+ $(;)?) => {$(
        impl Describe for $number {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                let mut object = simple(Type::Integer);
                object = object.minimum(Option::<i64>::from($from)).maximum(Option::<i64>::from($to));
                RefOr::T(Schema::Object(object.build()))
            }
        }
    )+};
}

whole_numbers! {
    i64 = i64::MIN, i64::MAX;
    i32 = i64::from(i32::MIN), i64::from(i32::MAX);
    u64 = 0, None;
    u32 = 0, i64::from(u32::MAX);
    u16 = 0, i64::from(u16::MAX);
    u8 = 0, i64::from(u8::MAX);
    usize = 0, None;
}

impl Describe for f64 {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        RefOr::T(Schema::Object(simple(Type::Number).build()))
    }
}

impl Describe for serde_json::Value {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        anything()
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn schema(components: &mut Components) -> RefOr<Schema> {
        RefOr::T(Schema::Array(ArrayBuilder::new().items(T::schema(components)).build()))
    }
}

impl<T: Describe> Describe for BTreeMap<String, T> {
    fn schema(components: &mut Components) -> RefOr<Schema> {
        let values = T::schema(components);
        RefOr::T(Schema::Object(simple(Type::Object).additional_properties(Some(AdditionalProperties::RefOr(values))).build()))
    }
}

impl Describe for serde_json::Map<String, serde_json::Value> {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        RefOr::T(Schema::Object(simple(Type::Object).additional_properties(Some(AdditionalProperties::FreeForm(true))).build()))
    }
}

impl<T: Describe> Describe for Option<T> {
    const OPTIONAL: bool = true;

    fn schema(components: &mut Components) -> RefOr<Schema> {
        match T::schema(components) {
            RefOr::T(Schema::Object(mut object)) => match object.schema_type {
                SchemaType::Type(kind) => {
                    object.schema_type = SchemaType::Array(vec![kind, Type::Null]);
                    if let Some(words) = &mut object.enum_values {
                        words.push(serde_json::Value::Null);
                    }
                    RefOr::T(Schema::Object(object))
                }
                SchemaType::Array(_) | SchemaType::AnyValue => RefOr::T(Schema::Object(object)),
            },
            RefOr::T(Schema::Array(mut array)) => {
                array.schema_type = SchemaType::Array(vec![Type::Array, Type::Null]);
                RefOr::T(Schema::Array(array))
            }
            other => RefOr::T(Schema::OneOf(OneOfBuilder::new().item(other).item(simple(Type::Null).build()).build())),
        }
    }
}

impl<T: Describe> Describe for Box<T> {
    const OPTIONAL: bool = T::OPTIONAL;

    fn schema(components: &mut Components) -> RefOr<Schema> {
        T::schema(components)
    }
}

impl Describe for Amount {
    fn schema(components: &mut Components) -> RefOr<Schema> {
        i64::schema(components)
    }
}

impl Describe for Time {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(Some("date-time"), None, Some("2026-11-21T09:00:00Z"))
    }
}

impl Describe for Day {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(Some("date"), None, Some("2026-11-21"))
    }
}

impl Describe for Currency {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(None, Some("^[A-Za-z]{3}$"), Some("DZD"))
    }
}

impl Describe for Country {
    fn schema(_: &mut Components) -> RefOr<Schema> {
        text(None, Some("^[A-Za-z]{2}$"), Some("DZ"))
    }
}

impl Fields for Money {
    fn fields(components: &mut Components) -> Vec<FieldShape> {
        let field = |name, doc: &str, schema, example| FieldShape { name, doc: doc.to_owned(), required: true, schema, example: Some(example) };
        vec![
            field("amount", "Minor units: centimes for the dinar.", Amount::schema(components), 125_000.into()),
            field("currency", "ISO 4217 code.", Currency::schema(components), "DZD".into()),
        ]
    }
}

impl Describe for Money {
    fn schema(components: &mut Components) -> RefOr<Schema> {
        component::<Money>("Money", "An amount with its currency.".to_owned(), true, components)
    }
}

/// The form of an id with this prefix.
pub(crate) fn id<I: Id>() -> RefOr<Schema> {
    let zero = kernel::id::show(I::PREFIX, 0);
    text(None, Some(&format!("^{}_[0-9A-Za-z]{{13}}$", I::PREFIX)), Some(&zero))
}

macro_rules! ids {
    ($($id:ident),+ $(,)?) => {$(
        impl Describe for kernel::$id {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                id::<kernel::$id>()
            }
        }
    )+};
}

ids! {
    OrgId, StoreId, UserId, RoleId, SessionId, ApiKeyId, InviteId, CustomerId, AddressId, ProductId, VariantId, OrderId, LineId, NoteId,
    TrackingEntryId, CreditNoteId, EventId, JobId, TaskId, ScheduleId, MessageId, FileId, TransactionId, NumberId, TagId, FieldId, AttachmentId, EditId, DraftId, ImportId, MappingId, BulkId, ViewId,
    HoldId, EscalationId, CancellationId,
    PhoneId, FlagId, ConsentId, MergeId, ErasureId,
}

macro_rules! closed_words {
    ($($set:ident),+ $(,)?) => {$(
        impl Describe for kernel::$set {
            fn schema(_: &mut Components) -> RefOr<Schema> {
                word(kernel::$set::WORDS)
            }
        }
    )+};
}

closed_words! {
    OrderState, OrderAction, Confirmation, ShippingState, PaymentState, PaymentMethod, LineState, Priority, Channel, TaxMode, NoteAudience,
    CreditKind, VariantKind, MessageState, TransactionKind, TransactionState, JobKind, JobState, TaskState, Permission, Locale, NumberStyle, WeekStart,
    Subject, Tone, FieldKind, Required, FacetState, AttachmentKind,
    ContactChannel, ContactPurpose, ConsentSource, LanguageSource, MergeState, ErasureCause, ErasureState,
}

/// Declares what comes in: Deserialize, unknown fields refused, with its schema.
macro_rules! body {
    ($($(#[doc = $doc:literal])* $vis:vis struct $name:ident { $($(#[doc = $field_doc:literal])* $(#[serde($serde:meta)])? $field:ident: $type:ty $(= $example:tt)?),* $(,)? })+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $vis struct $name { $($(#[doc = $field_doc])* $(#[serde($serde)])? pub(crate) $field: $type),* }

        $crate::schema::described_struct!($name, true, [$($doc),*], $($field, $type, [$($field_doc),*], [$($serde)?], [$($example)?];)*);
    )+};
}

/// Declares what goes out: Serialize, with its schema.
macro_rules! view {
    ($($(#[doc = $doc:literal])* $vis:vis struct $name:ident { $($(#[doc = $field_doc:literal])* $(#[serde($serde:meta)])? $field:ident: $type:ty $(= $example:tt)?),* $(,)? })+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, serde::Serialize)]
        $vis struct $name { $($(#[doc = $field_doc])* $(#[serde($serde)])? pub(crate) $field: $type),* }

        $crate::schema::described_struct!($name, false, [$($doc),*], $($field, $type, [$($field_doc),*], [skip_serializing $($serde)?], [$($example)?];)*);
    )+};
}

macro_rules! described_struct {
    ($name:ident, $closed:literal, [$($doc:literal),*], $($field:ident, $type:ty, [$($field_doc:literal),*], [$($serde:tt)*], [$($example:tt)?];)*) => {
        impl $crate::schema::Fields for $name {
            fn fields(components: &mut utoipa::openapi::schema::Components) -> Vec<$crate::schema::FieldShape> {
                // A struct without fields does not touch them.
                let _ = &components;
                vec![$($crate::schema::FieldShape {
                    name: stringify!($field).trim_start_matches("r#"),
                    doc: $crate::schema::doc(&[$($field_doc),*]),
                    required: $crate::schema::is_required($closed, <$type as $crate::schema::Describe>::OPTIONAL, stringify!($($serde)*)),
                    schema: <$type as $crate::schema::Describe>::schema(components),
                    example: $crate::schema::example!($($example)?),
                }),*]
            }
        }

        impl $crate::schema::Describe for $name {
            fn schema(components: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::schema::component::<$name>(stringify!($name), $crate::schema::doc(&[$($doc),*]), $closed, components)
            }
        }
    };
}

macro_rules! example {
    () => {
        None
    };
    ($example:tt) => {
        Some(serde_json::json!($example))
    };
}

/// What comes in may leave out what is optional or has a default; what goes out is always there
/// unless it is skipped.
pub(crate) fn is_required(comes_in: bool, is_optional: bool, serde: &str) -> bool {
    if comes_in { !is_optional && !serde.contains("default") } else { !serde.contains("skip_serializing_if") }
}

pub(crate) use {body, described_struct, example, view};

/// A field of a change: left out means "as it is", null means "nothing".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Patch<T> {
    /// Not mentioned.
    #[default]
    Keep,
    /// To this, or to nothing.
    Set(Option<T>),
}

impl<T> Patch<T> {
    /// As the two options that actions take.
    pub(crate) fn into_option(self) -> Option<Option<T>> {
        match self {
            Patch::Keep => None,
            Patch::Set(value) => Some(value),
        }
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Patch<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Patch<T>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Patch::Set)
    }
}

impl<T: Describe> Describe for Patch<T> {
    const OPTIONAL: bool = true;

    fn schema(components: &mut Components) -> RefOr<Schema> {
        Option::<T>::schema(components)
    }
}

/// Several words in one parameter, parted by commas: `state=PENDING,CONFIRMED`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Many<T> {
        Many(Vec::new())
    }
}

impl<'de, T: std::str::FromStr<Err: std::fmt::Display>> serde::Deserialize<'de> for Many<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Many<T>, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let read = |part: &str| match part.trim() {
            // A filter by nothing would be taken for no filter at all.
            "" => Err(serde::de::Error::custom("expected a word, or no such parameter")),
            part => part.parse().map_err(serde::de::Error::custom),
        };
        text.split(',').map(read).collect::<Result<_, _>>().map(Many)
    }
}

impl<T: Describe> Describe for Many<T> {
    const OPTIONAL: bool = true;

    fn schema(components: &mut Components) -> RefOr<Schema> {
        Vec::<T>::schema(components)
    }
}
