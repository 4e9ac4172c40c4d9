//! Words about people who buy: how they may be reached, what they agreed to, where merging and erasing stand.

use crate::words;

words! {
    /// A way to reach a person.
    pub enum ContactChannel {
        /// E-mail.
        Email = "email",
        /// Text messages.
        Sms = "sms",
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// Telegram.
        Telegram = "telegram",
        /// Messenger.
        Messenger = "messenger",
        /// Instagram.
        Instagram = "instagram",
        /// Calls.
        Phone = "phone",
    }

    /// What somebody is written to or called for.
    pub enum ContactPurpose {
        /// Messages about an order of theirs. Allowed unless they took it back.
        Order = "order",
        /// Advertising. Allowed only when they agreed.
        Marketing = "marketing",
    }

    /// How somebody agreed, or took it back.
    pub enum ConsentSource {
        /// In a call.
        Call = "call",
        /// In a form of the shop.
        Form = "form",
        /// By a message.
        Message = "message",
        /// By a link in a message.
        Link = "link",
        /// From a file of another system.
        Import = "import",
        /// Told to somebody of the team in another way.
        Staff = "staff",
    }

    /// Where a language comes from.
    pub enum LanguageSource {
        /// The person or the team chose it.
        Chosen = "chosen",
        /// Found in what the person wrote.
        Detected = "detected",
    }

    /// Where the merging of two customers stands.
    pub enum MergeState {
        /// Orders are still on their way.
        Merging = "merging",
        /// One customer.
        Merged = "merged",
        /// Orders are on their way back.
        Undoing = "undoing",
        /// Two customers again.
        Undone = "undone",
        /// For good: the person was erased.
        Final = "final",
    }

    /// Where the erasing of a person stands.
    pub enum ErasureState {
        /// Can be called off.
        Waiting = "waiting",
        /// Under way; cannot be called off.
        Running = "running",
        /// Done.
        Done = "done",
        /// Called off in time.
        Cancelled = "cancelled",
    }

    /// Why a person is erased.
    pub enum ErasureCause {
        /// Somebody asked for it.
        Asked = "asked",
        /// Nothing was heard of them for as long as the settings say.
        Inactive = "inactive",
    }
}
