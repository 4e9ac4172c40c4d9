//! Permissions name actions, not pages. A role is a set of them.

use std::collections::BTreeSet;

use crate::words;

words! {
    /// The right to do one kind of thing.
    pub enum Permission {
        /// See orders.
        OrderRead = "order.read",
        /// Place orders.
        OrderPlace = "order.place",
        /// Change an order's facts: priority, expected delivery, contact.
        OrderEdit = "order.edit",
        /// Confirm, backorder and restock.
        OrderConfirm = "order.confirm",
        /// Begin preparation.
        OrderProcess = "order.process",
        /// Hand over and report on the way.
        OrderShip = "order.ship",
        /// Report delivery.
        OrderDeliver = "order.deliver",
        /// Cancel and reopen.
        OrderCancel = "order.cancel",
        /// Ask for a return.
        OrderReturn = "order.return",
        /// Approve, reject and receive returns.
        OrderReturnApprove = "order.return_approve",
        /// Give money back.
        OrderRefund = "order.refund",
        /// Put a wrong step right.
        OrderCorrect = "order.correct",
        /// Write notes and tracking entries.
        OrderNote = "order.note",
        /// Hold orders back and release them.
        OrderHold = "order.hold",
        /// Pass a problem up the team.
        OrderEscalate = "order.escalate",
        /// Take on, answer and resolve what was passed up to one's level.
        EscalationHandle = "escalation.handle",
        /// Attach photos and files.
        OrderAttach = "order.attach",
        /// Carry out one action on many orders; each action asks for its own right besides.
        OrderBulk = "order.bulk",
        /// Say whose an order is.
        OrderAssign = "order.assign",
        /// Take orders out of the daily lists.
        OrderArchive = "order.archive",
        /// Record the decision of a rule or a model.
        OrderDecide = "order.decide",
        /// Bring orders in from files.
        OrderImport = "order.import",
        /// Take orders out as files.
        OrderExport = "order.export",
        /// See the orders of all agents, not only one's own and free ones.
        OrderSeeAll = "order.see_all",
        /// See payments and refunds.
        PaymentRead = "payment.read",
        /// Record payments and refunds.
        PaymentRecord = "payment.record",
        /// See the numbers of invoices and other legal documents.
        NumberRead = "number.read",
        /// Give such numbers to documents, and void documents.
        NumberIssue = "number.issue",
        /// See figures.
        StatsRead = "stats.read",
        /// See customers.
        CustomerRead = "customer.read",
        /// Change customers.
        CustomerEdit = "customer.edit",
        /// Merge two customers, and undo it.
        CustomerMerge = "customer.merge",
        /// Take out everything that is kept about a person.
        CustomerExport = "customer.export",
        /// Erase a person.
        CustomerErase = "customer.erase",
        /// See telephone numbers whole.
        PhoneSee = "phone.see",
        /// See one telephone number at a time whole; each look is written down.
        PhoneReveal = "phone.reveal",
        /// See e-mail addresses and streets whole.
        ContactSee = "contact.see",
        /// See products.
        CatalogueRead = "catalogue.read",
        /// Change products.
        CatalogueEdit = "catalogue.edit",
        /// See stores.
        StoreRead = "store.read",
        /// Create and change stores.
        StoreEdit = "store.edit",
        /// See all stores, not only those assigned.
        StoreSeeAll = "store.see_all",
        /// See users and roles.
        UserRead = "user.read",
        /// Invite, change and archive users.
        UserEdit = "user.edit",
        /// Create and change roles.
        RoleEdit = "role.edit",
        /// See and end other people's sessions.
        SessionEdit = "session.edit",
        /// Create and revoke API keys.
        ApiKeyEdit = "api_key.edit",
        /// Make, rename, merge and archive tags.
        TagEdit = "tag.edit",
        /// Define fields of the team's own.
        FieldEdit = "field.edit",
        /// Share views of lists with roles and everybody.
        ViewShare = "view.share",
        /// See settings.
        SettingsRead = "settings.read",
        /// Change settings and secrets.
        SettingsEdit = "settings.edit",
        /// Read the audit trail.
        AuditRead = "audit.read",
        /// See jobs, tasks, schedules and health.
        SystemRead = "system.read",
        /// Retry and cancel jobs, change schedules, make backups.
        SystemEdit = "system.edit",
        /// Read the log of the server.
        LogRead = "log.read",
        /// Take backups out: everything of everybody.
        BackupTake = "backup.take",
    }
}

/// A set of permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    /// Every permission there is.
    pub fn all() -> Permissions {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether this right is among them.
    pub fn has(&self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// What both sets have: a key never does more than its scopes and its owner's role.
    #[must_use]
    pub fn and(&self, other: &Permissions) -> Permissions {
        Permissions(self.0 & other.0)
    }

    /// Each permission, in order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        Permission::ALL.iter().copied().filter(|one| self.has(*one))
    }

    /// The words, sorted, as stored with a role.
    pub fn words(&self) -> BTreeSet<&'static str> {
        self.iter().map(Permission::as_str).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Permissions {
        Permissions(permissions.into_iter().fold(0, |bits, one| bits | (1 << one as u64)))
    }
}

const _: () = assert!(Permission::ALL.len() <= 64, "a set is one machine word");
