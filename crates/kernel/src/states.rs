//! The states things can be in and the moves between them. Which move is allowed from where stands
//! in the owner's table (`orders::state`), not here.

use crate::words;

words! {
    /// Where an order is in its life. Drafts and archived orders are marked apart.
    pub enum OrderState {
        /// Placed; nobody has agreed to it yet.
        Pending = "PENDING",
        /// The customer has agreed.
        Confirmed = "CONFIRMED",
        /// Agreed, but something it holds cannot ship yet.
        Backordered = "BACKORDERED",
        /// Being prepared.
        Processing = "PROCESSING",
        /// Handed to the courier.
        Shipped = "SHIPPED",
        /// With the delivery agent.
        OutForDelivery = "OUT_FOR_DELIVERY",
        /// In the customer's hands. `fulfilled` is accepted for it, never stored.
        Delivered = "DELIVERED" | "FULFILLED" | "COMPLETED",
        /// The customer wants to give it back.
        ReturnRequested = "RETURN_REQUESTED",
        /// It may come back.
        ReturnApproved = "RETURN_APPROVED",
        /// It came back.
        Returned = "RETURNED",
        /// The money went back.
        Refunded = "REFUNDED",
        /// Called off before it left.
        Cancelled = "CANCELLED" | "CANCELED",
    }

    /// A move in the order's life.
    pub enum OrderAction {
        /// The customer agrees.
        Confirm = "confirm",
        /// Something is missing.
        Backorder = "backorder",
        /// What was missing is here.
        Restock = "restock",
        /// Preparation begins.
        Process = "process",
        /// The courier takes the parcel.
        HandOver = "hand_over",
        /// The delivery agent has it.
        OutForDelivery = "out_for_delivery",
        /// The delivery agent could not deliver and keeps it.
        FailDelivery = "fail_delivery",
        /// The customer has it.
        Deliver = "deliver",
        /// The parcel comes back undelivered.
        ReturnToSender = "return_to_sender",
        /// The customer asks to give it back.
        RequestReturn = "request_return",
        /// It may come back.
        ApproveReturn = "approve_return",
        /// It may not come back.
        RejectReturn = "reject_return",
        /// It came back.
        ReceiveReturn = "receive_return",
        /// The money goes back.
        Refund = "refund",
        /// Called off.
        Cancel = "cancel",
        /// A cancelled order lives again.
        Reopen = "reopen",
        /// A step taken by mistake is put right, one state back, by somebody with that right.
        Correct = "correct",
    }

    /// How far the confirmation call has come.
    pub enum Confirmation {
        /// Not tried yet.
        Pending = "pending",
        /// Tried, not reached yet or asked to call later.
        Attempting = "attempting",
        /// Agreed.
        Confirmed = "confirmed",
        /// Refused.
        Failed = "failed",
        /// Given up.
        Abandoned = "abandoned",
    }

    /// Where the parcel is, apart from the order's own state.
    pub enum ShippingState {
        /// Nothing booked.
        None = "none",
        /// Booked, not handed over.
        Booked = "booked",
        /// On its way.
        InTransit = "in_transit",
        /// With the delivery agent.
        OutForDelivery = "out_for_delivery",
        /// Waiting at an office.
        AtOffice = "at_office",
        /// An attempt failed.
        FailedAttempt = "failed_attempt",
        /// Delivered.
        Delivered = "delivered",
        /// Coming back.
        Returning = "returning",
        /// Back.
        Returned = "returned",
        /// Lost or destroyed.
        Lost = "lost",
    }

    /// What has been paid, as the ledger says.
    pub enum PaymentState {
        /// Nothing yet.
        Unpaid = "unpaid",
        /// Promised by a provider.
        Authorized = "authorized",
        /// All of it.
        Paid = "paid",
        /// Some went back.
        PartRefunded = "part_refunded",
        /// All went back.
        Refunded = "refunded",
        /// Taken back by the bank.
        ChargedBack = "charged_back",
    }

    /// How the customer pays.
    pub enum PaymentMethod {
        /// Cash at the door.
        Cod = "cod",
        /// By card.
        Card = "card",
        /// By bank transfer or slip.
        Transfer = "transfer",
        /// By mobile wallet.
        Wallet = "wallet",
        /// By voucher.
        Voucher = "voucher",
        /// Otherwise.
        Other = "other",
    }

    /// How far a message to a customer has come.
    pub enum MessageState {
        /// Written, not sent yet.
        Queued = "queued",
        /// On its way or there.
        Sent = "sent",
        /// Not sent on purpose: no address, not wanted.
        Skipped = "skipped",
        /// Could not be sent.
        Failed = "failed",
    }

    /// What a variant is.
    pub enum VariantKind {
        /// Something that is packed.
        Goods = "goods",
        /// Postage, a fee, a manual entry: it is charged, never packed.
        Service = "service",
    }

    /// Which way money moved.
    pub enum TransactionKind {
        /// From the customer.
        Payment = "payment",
        /// Back to the customer.
        Refund = "refund",
        /// Taken back by the bank.
        Chargeback = "chargeback",
    }

    /// How far a transaction has come.
    pub enum TransactionState {
        /// Promised.
        Pending = "pending",
        /// The money moved.
        Settled = "settled",
        /// It did not.
        Failed = "failed",
    }

    /// Whether a line can ship.
    pub enum LineState {
        /// It can.
        Ready = "READY",
        /// It waits for stock.
        Backordered = "BACKORDERED",
        /// It was called off.
        Cancelled = "CANCELLED",
        /// It came back.
        Returned = "RETURNED",
    }

    /// How urgent an order is.
    pub enum Priority {
        /// Can wait.
        Low = "low",
        /// As usual.
        Normal = "normal",
        /// Sooner.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }

    /// Where an order came from.
    pub enum Channel {
        /// A web form or web shop.
        Web = "web",
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// Instagram.
        Instagram = "instagram",
        /// Facebook.
        Facebook = "facebook",
        /// Messenger.
        Messenger = "messenger",
        /// TikTok.
        Tiktok = "tiktok",
        /// A telephone call.
        Phone = "phone",
        /// A shop with a door.
        InStore = "in_store",
        /// A marketplace.
        Marketplace = "marketplace",
        /// Another program.
        Api = "api",
        /// A file.
        Import = "import",
    }

    /// Whether prices already hold the tax.
    pub enum TaxMode {
        /// Prices hold the tax.
        Inclusive = "inclusive",
        /// The tax comes on top.
        Exclusive = "exclusive",
    }

    /// Who may read a note.
    pub enum NoteAudience {
        /// Staff only.
        Internal = "internal",
        /// The customer, too.
        Customer = "customer",
    }

    /// What kind of gap a credit note fills.
    pub enum CreditKind {
        /// Goods came back.
        Return = "return",
        /// A discount, fee or correction after the fact.
        Adjustment = "adjustment",
    }
}

impl OrderState {
    /// How far along an order is, 0 to 100 %; none once it is called off or on its way back.
    pub fn progress(self) -> Option<u8> {
        match self {
            OrderState::Pending => Some(25),
            OrderState::Confirmed | OrderState::Backordered => Some(35),
            OrderState::Processing => Some(50),
            OrderState::Shipped => Some(75),
            OrderState::OutForDelivery => Some(90),
            OrderState::Delivered => Some(100),
            OrderState::ReturnRequested | OrderState::ReturnApproved | OrderState::Returned | OrderState::Refunded | OrderState::Cancelled => None,
        }
    }

    /// Whether no parcel is ahead of the order any more.
    pub fn is_closed(self) -> bool {
        matches!(self, OrderState::Delivered | OrderState::Returned | OrderState::Refunded | OrderState::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fulfilled_is_accepted_and_never_written() {
        assert_eq!("fulfilled".parse::<OrderState>().unwrap(), OrderState::Delivered);
        assert_eq!(OrderState::Delivered.to_string(), "DELIVERED");
        assert_eq!("Out_For_Delivery".parse::<OrderState>().unwrap(), OrderState::OutForDelivery);
        assert!("lost in space".parse::<OrderState>().is_err());
    }
}
