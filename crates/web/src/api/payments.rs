//! Money that moved for an order.

use base::Edge;
use kernel::{Money, OrderId, PaymentMethod, Time, TransactionId, TransactionKind, TransactionState};
use payments::{NewTransaction, Transaction};

use super::common::money;
use crate::extract::{Path, Write};
use crate::respond::{List, Made, Reply, shown};
use crate::schema::{body, view};

view! {
    /// A movement of money.
    pub(crate) struct TransactionView {
        /// Which.
        id: TransactionId,
        /// For which order.
        order_id: OrderId,
        /// Which way it went.
        kind: TransactionKind,
        /// How far it has come.
        state: TransactionState,
        /// By which means.
        method: PaymentMethod,
        /// How much.
        amount: Money,
        /// The other side's number for it.
        reference: Option<String> = "TRX-99812",
        /// When it moved.
        at: Time,
    }
}

impl TransactionView {
    pub(crate) fn of(transaction: Transaction) -> TransactionView {
        TransactionView {
            id: transaction.id,
            order_id: transaction.order_id,
            kind: transaction.kind,
            state: transaction.state,
            method: transaction.method,
            amount: money(transaction.amount, transaction.currency),
            reference: transaction.reference,
            at: transaction.at,
        }
    }
}

body! {
    /// A movement of money to be recorded.
    pub(crate) struct TransactionBody {
        /// Which way it goes.
        kind: TransactionKind,
        /// How far it has come; settled when left out.
        state: Option<TransactionState>,
        /// By which means.
        method: PaymentMethod,
        /// How much, in the order's currency; above zero.
        amount: Money,
        /// The other side's number for it; the same number is recorded once for an order.
        reference: Option<String> = "TRX-99812",
        /// When it moved; now when left out.
        at: Option<Time>,
    }
}

/// `GET /api/v1/orders/{id}/transactions`
pub(crate) async fn list(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<TransactionView>> {
    let transactions = edge.read(move |tx, ctx| payments::list(tx, ctx, id)).await?;
    shown(List::whole(transactions.into_iter().map(TransactionView::of).collect()))
}

/// `POST /api/v1/orders/{id}/transactions`
pub(crate) async fn record(edge: Edge, Path(id): Path<OrderId>, write: Write<TransactionBody>) -> Made<TransactionView> {
    let body = write.body;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let new = NewTransaction {
            kind: body.kind,
            state: body.state.unwrap_or(TransactionState::Settled),
            method: body.method,
            amount: body.amount.amount,
            currency: body.amount.currency,
            reference: body.reference.clone(),
            at: body.at.unwrap_or(ctx.now),
        };
        Ok(TransactionView::of(payments::record(tx, ctx, id, &new)?))
    });
    Ok(answer.await?.into())
}
