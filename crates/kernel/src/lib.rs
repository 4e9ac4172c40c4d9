//! The business' words as types: ids, money, time, phones, states, rights, events, errors.
//!
//! Everything here is plain data and pure functions. No IO, no clock, no database: how a value
//! stands in a column ([`value`]) is known here, how a column is read is not.

mod actor;
mod error;
mod event;
mod fold;
pub mod id;
mod job;
mod locale;
mod money;
mod permission;
mod personal;
mod phone;
mod states;
mod time;
pub mod value;
pub mod words;

pub use actor::Actor;
pub use error::{Args, Check, Error, FieldError, Version};
pub use event::{Details, Event, FieldChange};
pub use fold::{cut, fold};
pub use id::{
    AddressId, ApiKeyId, CreditNoteId, CustomerId, EventId, FileId, Id, IdError, IdSource, InviteId, JobId, LineId, MessageId, NoteId, OrderId,
    OrgId, ProductId, RoleId, ScheduleId, SessionId, StoreId, TaskId, TrackingEntryId, TransactionId, UserId, VariantId,
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
