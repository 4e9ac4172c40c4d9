//! The kinds of work that happen later.

use crate::words;

words! {
    /// A kind of job. Its function stands in the app's `runners.rs`.
    pub enum JobKind {
        /// Tell the customer about an order's move.
        NotifyCustomer = "notify_customer",
        /// Send one message that was written to a customer.
        SendMessage = "send_message",
        /// Tell the ERP about an order's move.
        PushToErp = "push_to_erp",
        /// Send one e-mail.
        SendMail = "send_mail",
        /// Release a hold whose date has come.
        ReleaseHold = "release_hold",
        /// Pass an escalation up whose deadline is over.
        RaiseEscalation = "raise_escalation",
        /// Tell the people of a level about an escalation.
        NotifyEscalation = "notify_escalation",
        /// Bring orders in from a file.
        ImportOrders = "import_orders",
        /// Take an import back.
        UndoImport = "undo_import",
        /// Make a file of orders or customers.
        Export = "export",
        /// Try a rule set against the orders that there are.
        TryRules = "try_rules",
        /// Move orders out of sub-statuses that are gone.
        MoveSubstatuses = "move_substatuses",
        /// Prepare, carry out or take back one action on many orders.
        Bulk = "bulk",
        /// Seal new events into the organization's chain.
        SealEvents = "seal_events",
        /// Check that nobody changed the audit trail.
        VerifyChain = "verify_chain",
        /// Prove that counters equal what they count.
        ProveCounters = "prove_counters",
        /// Remove what is past its time: spent sessions, old idempotency keys, finished jobs.
        Purge = "purge",
        /// Copy the database.
        Backup = "backup",
        /// Bring the orders of a merged customer over, or back.
        MergeCustomers = "merge_customers",
        /// Write down everything that is kept about a person.
        ExportPerson = "export_person",
        /// Forget a person.
        ErasePerson = "erase_person",
        /// Find people of whom nothing was heard for long.
        ForgetInactive = "forget_inactive",
        /// Carry a tag's new name or a merge through to orders and customers.
        Retag = "retag",
        /// Write or remove the values of a custom field in the index of filters.
        FillField = "fill_field",
        /// Remove deleted attachments and content that nothing names.
        SweepFiles = "sweep_files",
    }

    /// Where a job stands.
    pub enum JobState {
        /// Waits for its time or for a worker.
        Waiting = "waiting",
        /// A worker has it.
        Running = "running",
        /// Done.
        Done = "done",
        /// Failed too often; a person decides.
        Dead = "dead",
        /// Called off.
        Cancelled = "cancelled",
    }

    /// Where a task stands.
    pub enum TaskState {
        /// Not begun.
        Waiting = "waiting",
        /// Under way.
        Running = "running",
        /// Done.
        Done = "done",
        /// Failed; the message says why.
        Failed = "failed",
        /// Called off.
        Cancelled = "cancelled",
    }
}
