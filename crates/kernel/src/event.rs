//! Everything that can happen. An event is the history and the audit trail at once.
//!
//! No personal data in here: names, phones, addresses and free text stand in [`Details`], which are
//! kept apart, so that a person can be erased while the chain of events stays whole.

use serde::{Deserialize, Serialize};

use crate::{
    Amount, ApiKeyId, CreditNoteId, Currency, CustomerId, EventId, Id, JobId, LineId, LineState, MessageId, NoteAudience, NoteId, OrderAction,
    OrderId, OrderState, RoleId, ScheduleId, SessionId, StoreId, TaskId, TrackingEntryId, TransactionId, TransactionKind, TransactionState, UserId,
    VariantId,
};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $kind:literal $subject:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        /// Something that happened.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Event {
            $(
                $(#[$doc])*
                #[serde(rename = $kind)]
                $name {
                    $($(#[$field_doc])* $field: $type),*
                },
            )+
        }

        impl Event {
            /// Every kind there is, for filters and documents.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// Its kind: `order.placed`.
            pub fn kind(&self) -> &'static str {
                match self { $(Event::$name { .. } => $kind),+ }
            }

            /// What it happened to: the prefix of the id and its number.
            pub fn subject(&self) -> (&'static str, i64) {
                match self { $(Event::$name { $subject, .. } => subject_of(*$subject)),+ }
            }
        }
    };
}

fn subject_of<I: Id>(id: I) -> (&'static str, i64) {
    (I::PREFIX, id.to_i64())
}

events! {
    /// An organization began. Its subject is its first user, or the organization's default store.
    OrganizationCreated "organization.created" store { /// Its first store.
        store: StoreId }
    /// A store began.
    StoreCreated "store.created" store { /// Which.
        store: StoreId, /// Its code.
        code: String }
    /// A store's settings changed.
    StoreChanged "store.changed" store { /// Which.
        store: StoreId, /// Names of the fields.
        fields: Vec<String> }
    /// A store was put away.
    StoreArchived "store.archived" store { /// Which.
        store: StoreId }

    /// Somebody was invited.
    UserInvited "user.invited" user { /// Who.
        user: UserId, /// With which role.
        role: RoleId }
    /// Somebody set a password and is in.
    UserJoined "user.joined" user { /// Who.
        user: UserId }
    /// Somebody's name, role, stores or address changed.
    UserChanged "user.changed" user { /// Who.
        user: UserId, /// Names of the fields.
        fields: Vec<String> }
    /// Somebody may not sign in any more.
    UserArchived "user.archived" user { /// Who.
        user: UserId }
    /// Somebody proved an e-mail address.
    EmailVerified "user.email_verified" user { /// Who.
        user: UserId }
    /// Somebody asked for a new password.
    PasswordResetAsked "user.password_reset_asked" user { /// Who.
        user: UserId }
    /// A password changed; other sessions ended.
    PasswordChanged "user.password_changed" user { /// Who.
        user: UserId }
    /// The second factor was switched on or off.
    TotpChanged "user.totp_changed" user { /// Who.
        user: UserId, /// Whether it is on now.
        is_on: bool }
    /// Somebody signed in.
    SignedIn "session.signed_in" user { /// Who.
        user: UserId, /// The new session.
        session: SessionId, /// `password`, `password+totp` or `password+recovery`.
        method: String }
    /// Somebody tried to sign in and was refused.
    SignInRefused "session.refused" user { /// Whose name was used.
        user: UserId, /// `password`, `totp`, `locked`, `archived`.
        reason: String }
    /// A session ended by its owner or by somebody with the right.
    SessionEnded "session.ended" user { /// Whose.
        user: UserId, /// Which.
        session: SessionId }
    /// A role was made.
    RoleCreated "role.created" role { /// Which.
        role: RoleId }
    /// A role's name or rights changed.
    RoleChanged "role.changed" role { /// Which.
        role: RoleId, /// Rights it gained.
        gained: Vec<String>, /// Rights it lost.
        lost: Vec<String> }
    /// A role was removed.
    RoleRemoved "role.removed" role { /// Which.
        role: RoleId }
    /// A key for programs was made.
    ApiKeyCreated "api_key.created" api_key { /// Which.
        api_key: ApiKeyId }
    /// A key for programs was revoked.
    ApiKeyRevoked "api_key.revoked" api_key { /// Which.
        api_key: ApiKeyId }

    /// A customer appeared.
    CustomerCreated "customer.created" customer { /// Who.
        customer: CustomerId }
    /// A customer's data changed; before and after stand in the details.
    CustomerChanged "customer.changed" customer { /// Who.
        customer: CustomerId, /// Names of the fields.
        fields: Vec<String> }

    /// The catalogue learned a variant.
    VariantAdded "variant.added" variant { /// Which.
        variant: VariantId }
    /// A variant's title, price or status changed.
    VariantChanged "variant.changed" variant { /// Which.
        variant: VariantId, /// Names of the fields.
        fields: Vec<String> }

    /// An order came in.
    OrderPlaced "order.placed" order { /// Which.
        order: OrderId, /// Its number.
        number: String, /// Its total.
        total: Amount, /// In this currency.
        currency: Currency }
    /// An order moved.
    OrderMoved "order.moved" order { /// Which.
        order: OrderId, /// By this action.
        action: OrderAction, /// From here.
        from: OrderState, /// To here.
        to: OrderState, /// A reason code, where the action asks for one.
        reason: Option<String> }
    /// A move was taken back within its grace time.
    MoveUndone "order.move_undone" order { /// Which.
        order: OrderId, /// The move.
        undoes: EventId, /// Where the move had led.
        from: OrderState, /// Where it is again.
        to: OrderState }
    /// An order's facts changed; before and after stand in the details.
    OrderChanged "order.changed" order { /// Which.
        order: OrderId, /// Names of the fields.
        fields: Vec<String> }
    /// A line moved.
    LineMoved "order.line_moved" order { /// Of which order.
        order: OrderId, /// Which line.
        line: LineId, /// From here.
        from: LineState, /// To here.
        to: LineState }
    /// A note was written.
    NoteAdded "order.note_added" order { /// On which order.
        order: OrderId, /// Which note.
        note: NoteId, /// Who may read it.
        audience: NoteAudience }
    /// A tracking entry was written.
    TrackingAdded "order.tracking_added" order { /// On which order.
        order: OrderId, /// Which entry.
        entry: TrackingEntryId, /// The courier's or staff's word for the status.
        status: String }
    /// An order left the daily lists.
    OrderArchived "order.archived" order { /// Which.
        order: OrderId }
    /// An order is back in the daily lists.
    OrderUnarchived "order.unarchived" order { /// Which.
        order: OrderId }
    /// A rule or a model decided about an order.
    DecisionRecorded "order.decision" order { /// Which.
        order: OrderId, /// Who decided: the name of the rule set or model.
        source: String, /// Whether it would move on.
        should_progress: bool, /// Where to.
        next_state: Option<OrderState>, /// How sure, in millionths.
        confidence_ppm: i64, /// Whether it was carried out.
        is_applied: bool }
    /// Money or goods went back on paper.
    CreditNoteRecorded "order.credited" credit_note { /// Which note.
        credit_note: CreditNoteId, /// On which order, when one is known.
        order: Option<OrderId>, /// What went back.
        total: Amount }
    /// Money moved, or was promised.
    TransactionRecorded "order.transaction" order { /// For which order.
        order: OrderId, /// Which transaction.
        transaction: TransactionId, /// Which way.
        transaction_kind: TransactionKind, /// How far.
        state: TransactionState, /// How much, in the order's currency.
        amount: Amount }
    /// A message about an order was sent, or could not be.
    OrderNotified "order.notified" order { /// Which order.
        order: OrderId, /// Which message.
        message: MessageId, /// `email`, `sms`, …
        channel: String, /// The occasion.
        template: String, /// `sent`, `skipped`, `failed`.
        state: String }
    /// An order reached the ERP, or could not.
    OrderPushed "order.pushed" order { /// Which order.
        order: OrderId, /// The state that was told.
        to: OrderState, /// Whether the other side took it.
        is_taken: bool }

    /// Somebody began to bring in a file.
    ImportStarted "import.started" task { /// The work.
        task: TaskId, /// By which preset.
        preset: String, /// Whether nothing is written.
        is_dry_run: bool }
    /// A file is in.
    ImportFinished "import.finished" task { /// The work.
        task: TaskId, /// Orders made.
        created: u64, /// Orders that stood already.
        unchanged: u64, /// Rows refused.
        rejected: u64 }

    /// A setting changed.
    SettingChanged "setting.changed" user { /// By whom, or the organization's first user.
        user: UserId, /// Its name.
        name: String }
    /// A schedule's time or state changed.
    ScheduleChanged "schedule.changed" schedule { /// Which.
        schedule: ScheduleId }
    /// A dead job was sent to work again.
    JobRetried "job.retried" job { /// Which.
        job: JobId }
    /// A waiting job was called off.
    JobCancelled "job.cancelled" job { /// Which.
        job: JobId }
    /// The nightly proof found a counter that was off, and repaired it.
    CounterRepaired "counter.repaired" job { /// The proof.
        job: JobId, /// Which counter.
        counter: String, /// What it said.
        stored: i64, /// What there is.
        counted: i64 }
    /// The database was copied.
    BackupMade "backup.made" task { /// The work.
        task: TaskId, /// Size in bytes.
        bytes: u64 }
}

/// What an event says about persons or in free words: kept apart, salted, erasable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Free text: a note, a reason in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Fields before and after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
}

/// One field before and after; JSON texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What stood there.
    pub before: serde_json::Value,
    /// What stands there now.
    pub after: serde_json::Value,
}

impl Details {
    /// Nothing to say.
    pub fn none() -> Details {
        Details::default()
    }

    /// Free text alone.
    pub fn text(text: impl Into<String>) -> Details {
        Details { text: Some(text.into()), changes: Vec::new() }
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.text.is_none() && self.changes.is_empty()
    }

    /// Notes a field if it differs.
    pub fn change<T: Serialize + PartialEq>(&mut self, field: &str, before: &T, after: &T) {
        if before != after {
            let json = |value: &T| serde_json::to_value(value).unwrap_or(serde_json::Value::Null);
            self.changes.push(FieldChange { field: field.to_owned(), before: json(before), after: json(after) });
        }
    }

    /// The names of the changed fields.
    pub fn fields(&self) -> Vec<String> {
        self.changes.iter().map(|change| change.field.clone()).collect()
    }
}
