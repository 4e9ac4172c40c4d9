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
        /// Bring orders in from a file.
        ImportOrders = "import_orders",
        /// Seal new events into the organization's chain.
        SealEvents = "seal_events",
        /// Prove that counters equal what they count.
        ProveCounters = "prove_counters",
        /// Remove what is past its time: spent sessions, old idempotency keys, finished jobs.
        Purge = "purge",
        /// Copy the database.
        Backup = "backup",
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
