//! What customers were told about their orders.

use base::Edge;
use kernel::{Locale, MessageId, MessageState, OrderId, Time};
use notifications::Message;

use crate::extract::Path;
use crate::respond::{List, Reply, shown};
use crate::schema::view;

view! {
    /// A message to a customer.
    pub(crate) struct MessageView {
        /// Which.
        id: MessageId,
        /// About which order.
        order_id: OrderId,
        /// How it goes.
        channel: String = "email",
        /// On which occasion.
        template: String = "order.shipped",
        /// In which language.
        locale: Locale,
        /// The subject.
        subject: String = "Order 1041 is on its way",
        /// The words.
        body: String,
        /// How far it has come.
        state: MessageState,
        /// Why it was skipped or could not be sent.
        reason: Option<String> = "no_address",
        /// When it was written.
        created_at: Time,
        /// When it was sent, skipped or given up.
        ended_at: Option<Time>,
    }
}

impl MessageView {
    pub(crate) fn of(message: Message) -> MessageView {
        MessageView {
            id: message.id,
            order_id: message.order_id,
            channel: message.channel,
            template: message.template,
            locale: message.locale,
            subject: message.subject,
            body: message.body,
            state: message.state,
            reason: message.reason,
            created_at: message.created_at,
            ended_at: message.ended_at,
        }
    }
}

/// `GET /api/v1/orders/{id}/messages`
pub(crate) async fn list(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<MessageView>> {
    let messages = edge.read(move |tx, ctx| notifications::list(tx, ctx, id)).await?;
    shown(List::whole(messages.into_iter().map(MessageView::of).collect()))
}
