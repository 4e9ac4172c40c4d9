//! The business' words as types: ids, money, time, phones, states, rights, events, errors.
//!
//! Everything here is plain data and pure functions. No IO, no clock, no database: how a value
//! stands in a column ([`value`]) is known here, how a column is read is not.

mod actor;
mod care;
mod error;
mod event;
mod fields;
mod fold;
pub mod id;
mod job;
mod locale;
pub mod mask;
mod money;
mod permission;
mod personal;
mod phone;
mod states;
mod time;
pub mod value;
pub mod words;

pub use actor::Actor;
pub use care::{ConsentSource, ContactChannel, ContactPurpose, ErasureCause, ErasureState, LanguageSource, MergeState};
pub use error::{Args, Check, Error, FieldError, Version};
pub use event::{Details, Event, FieldChange};
pub use fields::{AttachmentKind, Choice, FacetState, FieldDef, FieldKind, FieldSet, Labels, Required, Subject, Tone};
pub use fold::{cut, fold};
pub use id::{
    AddressId, ApiKeyId, AttachmentId, BulkId, CancellationId, CodeId, ConsentId, CreditNoteId, CustomerId, DraftId, EditId, ErasureId, EscalationId,
    EventId, FieldId, FileId, FlagId, HoldId, Id, IdError, IdSource, ImportId, InviteId, JobId, LineId, MappingId, MergeId, MessageId, NoteId,
    NumberId, OrderId, OrgId, PhoneId, ProductId, ReasonId, RoleId, ScheduleId, SessionId, StoreId, TagId, TaskId, TrackingEntryId, TransactionId,
    UserId, VariantId, ViewId,
};
pub use job::{JobKind, JobState, TaskState};
pub use locale::{Country, CountryError, Locale, NumberStyle, WeekStart};
pub use money::{Amount, Currency, CurrencyError, Money};
pub use permission::{Permission, Permissions};
pub use personal::Hidden;
pub use phone::{Phone, PhoneError, western_digits};
pub use states::{
    Channel, Confirmation, CreditKind, LineState, MessageState, NoteAudience, OrderAction, OrderState, PaymentMethod, PaymentState, Priority,
    ShippingState, TaxMode, TransactionKind, TransactionState, VariantKind,
};
pub use time::{Day, Time};
pub use words::WordError;
