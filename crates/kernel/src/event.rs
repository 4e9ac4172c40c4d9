//! Everything that can happen. An event is the history and the audit trail at once.
//!
//! No personal data in here: names, phones, addresses and free text stand in [`Details`], which are
//! kept apart, so that a person can be erased while the chain of events stays whole.

use serde::{Deserialize, Serialize};

use crate::{
    Amount, ApiKeyId, AttachmentId, AttachmentKind, BulkId, ConsentId, ContactChannel, ContactPurpose, CreditNoteId, Currency, CustomerId, DraftId,
    ErasureCause, ErasureId, EscalationId, EventId, FieldId, FlagId, HoldId, Id, ImportId, JobId, LineId, LineState, MappingId, MergeId, MessageId,
    NoteAudience, NoteId, NumberId, OrderAction, OrderId, OrderState, PhoneId, ReasonId, RoleId, ScheduleId, SessionId, StoreId, TagId, TaskId, Time,
    TrackingEntryId, TransactionId, TransactionKind, TransactionState, UserId, VariantId, ViewId,
};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $kind:literal $subject:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        /// Something that happened.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

            /// An event of this kind from its kept fields. An error when another release wrote it and this one does not know it.
            pub fn read(kind: &str, fields: &serde_json::Value) -> Result<Event, serde_json::Error> {
                match kind {
                    $($kind => {
                        #[derive(Deserialize)]
                        struct Fields { $($(#[$field_doc])* $field: $type),* }
                        let Fields { $($field),* } = Fields::deserialize(fields)?;
                        Ok(Event::$name { $($field),* })
                    })+
                    _ => Err(serde::de::Error::unknown_variant(kind, Event::KINDS)),
                }
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

    /// Somebody put a mark on a customer; why stands with the mark.
    FlagAdded "customer.flag_added" customer { /// On whom.
        customer: CustomerId, /// Which mark.
        flag: FlagId, /// What kind of mark.
        flag_kind: String }
    /// A mark was taken off.
    FlagRemoved "customer.flag_removed" customer { /// Of whom.
        customer: CustomerId, /// Which mark.
        flag: FlagId, /// What kind of mark.
        flag_kind: String }
    /// Somebody wrote a note about a customer.
    CustomerNoteAdded "customer.note_added" customer { /// About whom.
        customer: CustomerId, /// Which note.
        note: NoteId }
    /// A note about a customer was erased.
    CustomerNoteErased "customer.note_erased" customer { /// About whom.
        customer: CustomerId, /// Which note.
        note: NoteId }
    /// A customer agreed to messages, or took that back.
    ConsentChanged "customer.consent" customer { /// Who.
        customer: CustomerId, /// The entry.
        consent: ConsentId, /// On which way.
        channel: ContactChannel, /// For what.
        purpose: ContactPurpose, /// Whether they agreed.
        is_given: bool }
    /// A customer took in another one who is the same person.
    CustomersMerged "customer.merged" customer { /// Who was kept.
        customer: CustomerId, /// Who is part of them now.
        gone: CustomerId, /// Which merge.
        merge: MergeId }
    /// A customer became part of another one.
    CustomerMergedAway "customer.merged_away" customer { /// Who is gone.
        customer: CustomerId, /// Whom they are part of.
        kept: CustomerId, /// Which merge.
        merge: MergeId }
    /// Two merged customers are two again.
    CustomersUnmerged "customer.unmerged" customer { /// Who had been kept.
        customer: CustomerId, /// Who stands for themselves again.
        gone: CustomerId, /// Which merge.
        merge: MergeId }
    /// Everything that is kept about a customer was taken out.
    PersonExported "customer.exported" customer { /// About whom.
        customer: CustomerId, /// The work.
        task: TaskId }
    /// Somebody who sees dots asked for one telephone number whole.
    PhoneRevealed "customer.phone_revealed" customer { /// Whose.
        customer: CustomerId, /// Which number.
        phone: PhoneId }
    /// Somebody wants a customer erased; until the time has come it can be called off.
    ErasureAsked "customer.erasure_asked" customer { /// Whom.
        customer: CustomerId, /// Which erasing.
        erasure: ErasureId, /// Why.
        cause: ErasureCause, /// When it begins.
        due_at: Time }
    /// The erasing of a customer was called off in time.
    ErasureCancelled "customer.erasure_cancelled" customer { /// Whose.
        customer: CustomerId, /// Which erasing.
        erasure: ErasureId }
    /// A customer was erased: the certificate. Figures alone; amounts, provinces and dates of the orders stay.
    PersonErased "customer.erased" customer { /// Who.
        customer: CustomerId, /// Which erasing.
        erasure: ErasureId, /// Why.
        cause: ErasureCause, /// Orders that name nobody any more.
        orders: u64, /// Messages whose words are gone.
        messages: u64, /// Notes, marks and consents that are gone.
        notes: u64, /// Files that are gone because they named the person.
        files: u64, /// Details of events that are gone.
        events: u64 }

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
        currency: Currency, /// The sub-status that it began in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        substatus: Option<String> }
    /// An order moved.
    OrderMoved "order.moved" order { /// Which.
        order: OrderId, /// By this action.
        action: OrderAction, /// From here.
        from: OrderState, /// To here.
        to: OrderState, /// A reason code, where the action asks for one.
        reason: Option<String>, /// From this sub-status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_substatus: Option<String>, /// To this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_substatus: Option<String> }
    /// An order moved inside its state.
    SubstatusMoved "order.substatus_moved" order { /// Which.
        order: OrderId, /// Where it stands.
        state: OrderState, /// From this sub-status.
        from: Option<String>, /// To this one.
        to: Option<String>, /// A reason code, where one was given.
        reason: Option<String> }
    /// A move was taken back within its grace time.
    MoveUndone "order.move_undone" order { /// Which.
        order: OrderId, /// The move.
        undoes: EventId, /// Where the move had led.
        from: OrderState, /// Where it is again.
        to: OrderState, /// The sub-status where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_substatus: Option<String>, /// The sub-status where it is again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_substatus: Option<String> }
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
        audience: NoteAudience, /// Whom it names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<UserId> }
    /// A note was put on top of its order.
    NotePinned "order.note_pinned" order { /// Of which order.
        order: OrderId, /// Which note.
        note: NoteId }
    /// A note stands on top of its order no more.
    NoteUnpinned "order.note_unpinned" order { /// Of which order.
        order: OrderId, /// Which note.
        note: NoteId }
    /// A tracking entry was written; the courier's or staff's word for the status stands in the details.
    TrackingAdded "order.tracking_added" order { /// On which order.
        order: OrderId, /// Which entry.
        entry: TrackingEntryId }
    /// An order left the daily lists.
    OrderArchived "order.archived" order { /// Which.
        order: OrderId }
    /// An order is back in the daily lists.
    OrderUnarchived "order.unarchived" order { /// Which.
        order: OrderId }
    /// A photo or file was attached to an order.
    AttachmentAdded "order.attachment_added" order { /// To which order.
        order: OrderId, /// Which attachment.
        attachment: AttachmentId, /// What it shows.
        attachment_kind: AttachmentKind, /// Who may see it.
        audience: NoteAudience }
    /// What is said about an attachment changed; before and after stand in the details.
    AttachmentChanged "order.attachment_changed" order { /// Of which order.
        order: OrderId, /// Which attachment.
        attachment: AttachmentId, /// Names of the fields.
        fields: Vec<String> }
    /// An attachment was removed from an order.
    AttachmentRemoved "order.attachment_removed" order { /// From which order.
        order: OrderId, /// Which attachment.
        attachment: AttachmentId }
    /// A removed attachment was put back in time.
    AttachmentRestored "order.attachment_restored" order { /// To which order.
        order: OrderId, /// Which attachment.
        attachment: AttachmentId }
    /// A rule or a model decided about an order.
    DecisionRecorded "order.decision" order { /// Which.
        order: OrderId, /// Whether it would move on.
        should_progress: bool, /// Where to.
        next_state: Option<OrderState>, /// How sure, in millionths.
        confidence_ppm: i64, /// Whether it was carried out.
        is_applied: bool }
    /// An order is held back for one more reason; words about it stand in the details.
    HoldSet "order.hold_set" order { /// Which order.
        order: OrderId, /// The hold.
        hold: HoldId, /// The code of the reason.
        hold_kind: String, /// When it is released by itself.
        release_at: Option<Time> }
    /// A hold's note, owner or release date changed.
    HoldChanged "order.hold_changed" order { /// Which order.
        order: OrderId, /// The hold.
        hold: HoldId, /// Names of the fields.
        fields: Vec<String> }
    /// A reason to hold an order back is gone.
    HoldReleased "order.hold_released" order { /// Which order.
        order: OrderId, /// The hold.
        hold: HoldId, /// The code of the reason.
        hold_kind: String, /// Whether its date had come, so that nobody needed to release it.
        is_due: bool }
    /// The setting or releasing of a hold was taken back within its grace time.
    HoldUndone "order.hold_undone" order { /// Which order.
        order: OrderId, /// The hold.
        hold: HoldId, /// What is taken back.
        undoes: EventId, /// Whether the order is held by it again.
        is_open: bool }
    /// A problem with an order was passed up the team.
    EscalationRaised "order.escalated" order { /// Which order.
        order: OrderId, /// The escalation.
        escalation: EscalationId, /// To which level; 0 is the agent.
        level: i64, /// The code of the reason.
        reason: String, /// Until when somebody there must have answered.
        due_at: Time }
    /// Somebody on the level took an escalation on.
    EscalationAcknowledged "order.escalation_acknowledged" order { /// Which order.
        order: OrderId, /// The escalation.
        escalation: EscalationId, /// On which level.
        level: i64 }
    /// An escalation went up.
    EscalationMoved "order.escalation_moved" order { /// Which order.
        order: OrderId, /// The escalation.
        escalation: EscalationId, /// From this level.
        from: i64, /// To this one.
        to: i64, /// Whether nobody answered in time, so that it went by itself.
        is_overdue: bool, /// Until when somebody there must have answered.
        due_at: Time }
    /// An escalation went back to the agent with an answer.
    EscalationAnswered "order.escalation_answered" order { /// Which order.
        order: OrderId, /// The escalation.
        escalation: EscalationId, /// From this level.
        from: i64, /// Until when the agent must have done something about it.
        due_at: Time }
    /// Nobody on the last level answered in time.
    EscalationOverdue "order.escalation_overdue" order { /// Which order.
        order: OrderId, /// The escalation.
        escalation: EscalationId, /// The last level.
        level: i64 }
    /// An escalation is settled.
    EscalationResolved "order.escalation_resolved" order { /// Which order.
        order: OrderId, /// The escalation.
        escalation: EscalationId, /// On which level.
        level: i64 }
    /// A reason was added to one of the lists.
    ReasonAdded "order_reason.added" reason { /// Which.
        reason: ReasonId, /// `hold`, `cancellation` or `escalation`.
        list: String, /// Its code.
        code: String }
    /// A reason of one of the lists changed.
    ReasonChanged "order_reason.changed" reason { /// Which.
        reason: ReasonId, /// `hold`, `cancellation` or `escalation`.
        list: String, /// Its code.
        code: String, /// Names of the fields.
        fields: Vec<String> }
    /// An order's lines, prices, address or buyer changed by a proposal; before and after stand in the details.
    OrderEdited "order.edited" order { /// Which.
        order: OrderId, /// Names of the fields.
        fields: Vec<String>, /// What it came to.
        from_total: Amount, /// What it comes to.
        to_total: Amount, /// In this currency.
        currency: Currency }
    /// An edit was taken back within its grace time.
    EditUndone "order.edit_undone" order { /// Which order.
        order: OrderId, /// The edit.
        undoes: EventId, /// What it came to.
        from_total: Amount, /// What it comes to again.
        to_total: Amount, /// In this currency.
        currency: Currency }
    /// An order that was placed to try things out is gone; its history stays.
    OrderDeleted "order.deleted" order { /// Which.
        order: OrderId, /// Its number.
        number: String }
    /// Somebody began to put an order together.
    DraftBegun "draft.begun" draft { /// Which.
        draft: DraftId, /// For which store.
        store: StoreId, /// The order that it repeats.
        repeats: Option<OrderId> }
    /// A draft changed.
    DraftChanged "draft.changed" draft { /// Which.
        draft: DraftId, /// Names of the fields.
        fields: Vec<String> }
    /// A draft got a link for its customer, or lost it.
    DraftShared "draft.shared" draft { /// Which.
        draft: DraftId, /// Whether there is a link now.
        is_on: bool }
    /// A draft became an order.
    DraftPlaced "draft.placed" draft { /// Which.
        draft: DraftId, /// The order.
        order: OrderId, /// Whether the customer accepted it by the link.
        by_customer: bool }
    /// A draft is gone.
    DraftDeleted "draft.deleted" draft { /// Which.
        draft: DraftId }
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

    /// The links by which customers look at an order were ended.
    OrderLinksRevoked "order.links_revoked" order { /// Which order.
        order: OrderId }
    /// A customer asked for a code that opens her own history.
    CustomerCodeAsked "customer.code_asked" customer { /// Who.
        customer: CustomerId, /// How it was sent: `email`; none where no way leads to her.
        channel: Option<String> }
    /// Somebody read such a code out to a customer.
    CustomerCodeIssued "customer.code_issued" customer { /// Who.
        customer: CustomerId }
    /// A customer opened her own history.
    CustomerEntered "customer.entered" customer { /// Who.
        customer: CustomerId }

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

    /// Somebody began to take an import back.
    ImportUndoStarted "import.undo_started" import { /// Which.
        import: ImportId, /// The work.
        task: TaskId }
    /// An import was taken back.
    ImportUndone "import.undone" import { /// Which.
        import: ImportId, /// Orders and credit notes that are gone.
        removed: u64, /// Those that stay, because somebody has touched them.
        kept: u64 }
    /// An order is gone with the import that made it; its history stays.
    OrderTakenBack "order.taken_back" order { /// Which.
        order: OrderId, /// Its number.
        number: String, /// With which import.
        import: ImportId }
    /// A customer is gone with the import that made her.
    CustomerTakenBack "customer.taken_back" customer { /// Who.
        customer: CustomerId, /// With which import.
        import: ImportId }
    /// How columns are read was written down or changed.
    MappingSaved "import_mapping.saved" mapping { /// Which.
        mapping: MappingId, /// Its version now.
        version: i64 }
    /// How columns are read was removed.
    MappingRemoved "import_mapping.removed" mapping { /// Which.
        mapping: MappingId }
    /// Somebody began to take orders or customers out as a file.
    ExportStarted "export.started" task { /// The work.
        task: TaskId, /// `orders` or `customers`.
        what: String, /// `csv` or `xlsx`.
        format: String, /// Which rows, as the parameters of the list; what was searched for stands in the details.
        filter: serde_json::Value }
    /// The file is made.
    ExportFinished "export.finished" task { /// The work.
        task: TaskId, /// Rows of it, the heading not counted.
        rows: u64, /// Which rows, as the parameters of the list.
        filter: serde_json::Value, /// Its content.
        sha256: String }

    /// An order got the number of its invoice.
    InvoiceNumbered "order.invoice_numbered" order { /// Which order.
        order: OrderId, /// Which entry of the ledger.
        number_id: NumberId, /// The number.
        number: String }
    /// An order's invoice counts no more; its number stays with it.
    InvoiceVoided "order.invoice_voided" order { /// Which order.
        order: OrderId, /// Which entry of the ledger.
        number_id: NumberId, /// The number.
        number: String }
    /// A credit note got its number.
    CreditNumbered "credit_note.numbered" credit_note { /// Which note.
        credit_note: CreditNoteId, /// Which entry of the ledger.
        number_id: NumberId, /// The number.
        number: String }
    /// A credit note counts no more; its number stays with it.
    CreditVoided "credit_note.voided" credit_note { /// Which note.
        credit_note: CreditNoteId, /// Which entry of the ledger.
        number_id: NumberId, /// The number.
        number: String }
    /// How a series of numbers looks changed.
    SeriesChanged "series.changed" store { /// Of which store.
        store: StoreId, /// `invoice`, `credit_note`.
        number_kind: String }
    /// The nightly proof found that a series has a gap or a double. It cannot be repaired.
    SeriesBroken "series.broken" job { /// The proof.
        job: JobId, /// Of which store.
        store: StoreId, /// `invoice`, `credit_note`.
        number_kind: String, /// Of which year; 0 when the series does not begin anew.
        year: i64, /// Numbers that should be there.
        expected: i64, /// Numbers that are there.
        found: i64 }

    /// Another version of the rule set came into force.
    RulesChanged "rules.changed" user { /// By whom, or the organization's first user.
        user: UserId, /// Which version.
        version: i64 }
    /// A tag began.
    TagCreated "tag.created" tag { /// Which.
        tag: TagId }
    /// A tag's name, colour, place or state changed; before and after stand in the details.
    TagChanged "tag.changed" tag { /// Which.
        tag: TagId, /// Names of the fields.
        fields: Vec<String> }
    /// A tag was merged into another.
    TagMerged "tag.merged" tag { /// Which is no more.
        tag: TagId, /// Which stands for it now.
        into: TagId }
    /// A field of the team's own was defined.
    FieldCreated "field.created" field { /// Which.
        field: FieldId }
    /// The definition of a field changed; before and after stand in the details.
    FieldChanged "field.changed" field { /// Which.
        field: FieldId, /// Names of what changed.
        fields: Vec<String> }

    /// Somebody began one action on many orders.
    BulkStarted "bulk.started" bulk { /// Which.
        bulk: BulkId, /// The action's word.
        action: String, /// How many orders.
        orders: u64 }
    /// It came to its end, or to a halt on the way.
    BulkEnded "bulk.ended" bulk { /// Which.
        bulk: BulkId, /// Where it stands: `done`, `paused`, `stopped`, `cancelled`.
        state: String, /// Orders done.
        done: u64, /// Orders refused.
        refused: u64, /// Orders that were changed meanwhile.
        skipped: u64 }
    /// It was taken back.
    BulkUndone "bulk.undone" bulk { /// Which.
        bulk: BulkId, /// Orders that are as before.
        undone: u64, /// Orders that stay, because somebody has touched them or something has gone out.
        kept: u64 }
    /// It was said whose an order is.
    OrderAssigned "order.assigned" order { /// Which.
        order: OrderId, /// Whose it was.
        from: Option<UserId>, /// Whose it is.
        to: Option<UserId> }
    /// Somebody asked that the customer hears where the order stands.
    MessageAsked "order.message_asked" order { /// Which order.
        order: OrderId, /// Where it stood.
        state: OrderState }
    /// That message was called off before it went out.
    MessageCalledOff "order.message_called_off" order { /// Which order.
        order: OrderId, /// The asking.
        undoes: EventId }
    /// A view of a list began.
    ViewCreated "view.created" view { /// Which.
        view: ViewId, /// `private`, `role` or `everybody`.
        audience: String }
    /// A view of a list changed.
    ViewChanged "view.changed" view { /// Which.
        view: ViewId, /// Names of the fields.
        fields: Vec<String> }
    /// A view of a list is gone.
    ViewRemoved "view.removed" view { /// Which.
        view: ViewId }

    /// A setting changed.
    SettingChanged "setting.changed" user { /// By whom, or the organization's first user.
        user: UserId, /// Its name.
        name: String }
    /// A cache of a process was emptied.
    CacheCleared "cache.cleared" user { /// By whom, or the organization's first user.
        user: UserId, /// Which.
        cache: String }
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
    /// Somebody wants a backup now.
    BackupAsked "backup.asked" task { /// The work.
        task: TaskId }
    /// Somebody took a backup out.
    BackupTaken "backup.taken" user { /// Who.
        user: UserId, /// Which file.
        file: String }
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
