//! Changing what was placed: proposals, what they would do, applying and dropping them; and deleting test orders.

use base::{Ctx, Edge};
use kernel::{CustomerId, EditId, Error, EventId, FieldError, LineId, Money, OrderId, PaymentState, Time, Version};
use orders::{ApplyEdit, Edit, EditChange, EditField, EditPreview, Edited, LineChange, LineReplacement, LineStep, Order, ReviseEdit};
use serde_json::Value;

use super::place::{DiscountBody, LineBody};
use super::view::{LineView, OrderView};
use crate::api::common::{ActorView, ChangeView, Nothing, money};
use crate::api::customers::AddressBody;
use crate::error::Problem;
use crate::extract::{Path, Two, Write};
use crate::respond::{Answer, Done, List, Made, Reply, shown, versioned};
use crate::schema::{Describe, Patch, body, view, word};

body! {
    /// What shall be different about a placed order; what is left out stays.
    pub(crate) struct EditBody {
        /// Lines more.
        #[serde(default)]
        add_lines: Vec<LineBody> = [],
        /// Lines that stay, with another quantity, price or discount.
        #[serde(default)]
        change_lines: Vec<LineChangeBody> = [],
        /// Lines that give their place to another thing.
        #[serde(default)]
        replace_lines: Vec<LineReplacementBody> = [],
        /// Lines that go.
        #[serde(default)]
        remove_lines: Vec<LineId> = [],
        /// Another discount of the order, or null for none.
        #[serde(default)]
        discount: Patch<DiscountBody>,
        /// Another fee for delivery.
        shipping_fee: Option<Money>,
        /// Another fee for cash on delivery.
        cod_fee: Option<Money>,
        /// Another address, all of it.
        shipping_address: Option<AddressBody>,
        /// Another name on the order.
        contact_name: Option<String>,
        /// Another number on the order in any spelling, or null for none.
        #[serde(default)]
        contact_phone: Patch<String>,
        /// Another customer.
        customer_id: Option<CustomerId>,
        /// Why, in words.
        note: Option<String> = "She wants the scarf too",
        /// The version of the proposal that was read, when it is revised.
        version: Option<Version>,
        /// The version of the order that was read, when a revised proposal shall stand on it.
        order_version: Option<Version>,
    }

    /// What shall be different about a line.
    pub(crate) struct LineChangeBody {
        /// Which.
        line_id: LineId,
        /// So many.
        quantity: Option<i64> = 2,
        /// At this price.
        unit_price: Option<Money>,
        /// With this discount, or null for none.
        #[serde(default)]
        discount: Patch<DiscountBody>,
    }

    /// Another thing in the place of a line.
    pub(crate) struct LineReplacementBody {
        /// Which line.
        line_id: LineId,
        /// What stands there instead.
        with: LineBody,
    }

    /// How to apply a proposal.
    pub(crate) struct ApplyBody {
        /// The version of the proposal that was previewed.
        version: Option<Version> = 1,
        /// Whether what somebody else changed meanwhile stays beside it, where the two do not overlap.
        merge: Option<bool> = false,
    }
}

view! {
    /// A proposal to change an order.
    pub(crate) struct EditView {
        /// Which.
        id: EditId,
        /// Of which order.
        order_id: OrderId,
        /// Who began it.
        author: ActorView,
        /// What shall be different, in the form in which it is sent.
        change: Value = {"shipping_fee": {"amount": 60000, "currency": "DZD"}},
        /// The version of the order that it stands on.
        order_version: Version = 3,
        /// Grows with each change of the proposal.
        version: Version = 1,
        /// When it was begun.
        created_at: Time,
        /// Its last change.
        updated_at: Time,
        /// When it is dropped by itself.
        expires_at: Time,
    }

    /// What a proposal would do to the order as it stands now.
    pub(crate) struct EditPreviewView {
        /// The proposal.
        edit: EditView,
        /// The version of the order now.
        order_version: Version = 3,
        /// What the order comes to.
        before: OrderMoneyView,
        /// What it would come to; null when something about the proposal is wrong.
        after: Option<OrderMoneyView>,
        /// How much more the customer would owe; less than nothing when less.
        total_difference: Money,
        /// How much more the door would collect.
        to_collect_difference: Money,
        /// Each line before and after, removed ones last.
        lines: Vec<LinePreviewView>,
        /// What else would differ, before and after; amounts in minor units.
        changes: Vec<ChangeView>,
        /// The parts that would differ.
        fields: Vec<EditField> = ["lines"],
        /// Why it cannot be applied, part by part; empty when it can.
        refusals: Vec<EditRefusalView>,
        /// Whether the order changed since the proposal was made.
        is_stale: bool = false,
        /// What changed meanwhile: as it was, as it stands, as it is wanted.
        differing: Vec<DifferingView>,
        /// Whether both can stand.
        can_merge: bool = true,
    }

    /// What an order comes to.
    pub(crate) struct OrderMoneyView {
        /// All lines.
        subtotal: Money,
        /// The order's own discount.
        discount: Money,
        /// For delivery.
        shipping_fee: Money,
        /// For cash on delivery.
        cod_fee: Money,
        /// The tax, inside or on top.
        tax: Money,
        /// What the customer owes.
        total: Money,
        /// What of it is collected at the door.
        to_collect: Money,
        /// What it counts as paid.
        payment_state: PaymentState,
        /// How many lines.
        line_count: i64 = 2,
        /// How many things.
        item_count: i64 = 3,
    }

    /// A line before and after.
    pub(crate) struct LinePreviewView {
        /// `kept`, `changed`, `replaced`, `added` or `removed`.
        step: &'static str = "changed",
        /// As it stands; null for an added one.
        before: Option<LineView>,
        /// As it would stand; null for a removed one.
        after: Option<LineView>,
    }

    /// Why a part of a proposal cannot be applied.
    pub(crate) struct EditRefusalView {
        /// Which part.
        field: String = "lines",
        /// The stable code.
        code: &'static str = "edit.field_closed",
        /// What is wrong, in the caller's language.
        message: String = "This cannot change while the order is SHIPPED.",
    }

    /// A field that somebody else changed since.
    pub(crate) struct DifferingView {
        /// Which.
        field: String = "discount",
        /// As the proposal's author saw it.
        base: Value = 0,
        /// As it stands now.
        theirs: Value = 50000,
        /// As the proposal wants it; null when it does not touch it.
        mine: Value = 80000,
        /// Whether the two cannot both stand.
        overlaps: bool = true,
    }

    /// What an edit did.
    pub(crate) struct EditedView {
        /// The order as it stands now.
        order: OrderView,
        /// The event; whoever applied the edit may take it back with it.
        event_id: EventId,
        /// Until when; null when it cannot be taken back.
        undo_until: Option<Time>,
    }
}

impl Describe for EditField {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(EditField::WORDS)
    }
}

impl EditBody {
    fn into_change(self) -> Result<EditChange, Error> {
        let discount =
            |patch: Patch<DiscountBody>, field: &str| patch.into_option().map(|one| one.map(|one| one.into_new(field)).transpose()).transpose();
        let mut change_lines = Vec::with_capacity(self.change_lines.len());
        for (place, one) in self.change_lines.into_iter().enumerate() {
            change_lines.push(LineChange {
                line: one.line_id,
                quantity: one.quantity,
                unit_price: one.unit_price,
                discount: discount(one.discount, &format!("change_lines[{place}].discount"))?,
            });
        }
        let mut replace_lines = Vec::with_capacity(self.replace_lines.len());
        for (place, one) in self.replace_lines.into_iter().enumerate() {
            replace_lines.push(LineReplacement { line: one.line_id, with: one.with.into_new(&format!("replace_lines[{place}].with"))? });
        }
        let mut add_lines = Vec::with_capacity(self.add_lines.len());
        for (place, one) in self.add_lines.into_iter().enumerate() {
            add_lines.push(one.into_new(&format!("add_lines[{place}]"))?);
        }
        Ok(EditChange {
            add_lines,
            change_lines,
            replace_lines,
            remove_lines: self.remove_lines,
            discount: discount(self.discount, "discount")?,
            shipping_fee: self.shipping_fee,
            cod_fee: self.cod_fee,
            shipping_address: self.shipping_address.map(AddressBody::into_new),
            contact_name: self.contact_name,
            contact_phone: self.contact_phone.into_option(),
            customer_id: self.customer_id,
            note: self.note,
        })
    }
}

impl EditView {
    fn of(ctx: &Ctx, edit: Edit) -> EditView {
        EditView {
            id: edit.id,
            order_id: edit.order_id,
            author: ActorView::of(edit.author),
            change: customers::shown_value(ctx, "", edit.change_json),
            order_version: edit.order_version,
            version: edit.version,
            created_at: edit.created_at,
            updated_at: edit.updated_at,
            expires_at: edit.expires_at,
        }
    }
}

impl OrderMoneyView {
    fn of(order: &Order) -> OrderMoneyView {
        let in_currency = |amount| money(amount, order.currency);
        OrderMoneyView {
            subtotal: in_currency(order.subtotal),
            discount: in_currency(order.discount),
            shipping_fee: in_currency(order.shipping_fee),
            cod_fee: in_currency(order.cod_fee),
            tax: in_currency(order.tax),
            total: in_currency(order.total),
            to_collect: in_currency(order.to_collect),
            payment_state: order.payment_state,
            line_count: order.line_count,
            item_count: order.item_count,
        }
    }
}

fn step(step: LineStep) -> &'static str {
    match step {
        LineStep::Kept => "kept",
        LineStep::Changed => "changed",
        LineStep::Replaced => "replaced",
        LineStep::Added => "added",
        LineStep::Removed => "removed",
    }
}

impl EditPreviewView {
    pub(crate) fn of(ctx: &Ctx, preview: EditPreview) -> EditPreviewView {
        let currency = preview.before.currency;
        let state = preview.before.state;
        let closed = preview.closed.iter().map(|field| FieldError::new(field.as_str(), "edit.field_closed").with("state", state));
        let refusals = closed.chain(preview.wrong).map(|error| EditRefusalView {
            message: Problem::field_message(ctx.locale, &error),
            field: error.field,
            code: error.code,
        });
        let difference = |of: fn(&Order) -> kernel::Amount| {
            let after = preview.after.as_ref().map_or_else(|| of(&preview.before), of);
            money(after - of(&preview.before), currency)
        };
        EditPreviewView {
            order_version: preview.before.version,
            total_difference: difference(|order| order.total),
            to_collect_difference: difference(|order| order.to_collect),
            before: OrderMoneyView::of(&preview.before),
            after: preview.after.as_ref().map(OrderMoneyView::of),
            lines: preview
                .lines
                .into_iter()
                .map(|line| LinePreviewView {
                    step: step(line.step),
                    before: line.before.map(|before| LineView::of(before, currency)),
                    after: line.after.map(|after| LineView::of(after, currency)),
                })
                .collect(),
            changes: preview
                .changes
                .into_iter()
                .map(|one| ChangeView {
                    before: customers::shown_value(ctx, &one.field, one.before),
                    after: customers::shown_value(ctx, &one.field, one.after),
                    field: one.field,
                })
                .collect(),
            fields: preview.fields,
            refusals: refusals.collect(),
            is_stale: !preview.differing.is_empty(),
            differing: sides(ctx, preview.differing),
            can_merge: preview.can_merge,
            edit: EditView::of(ctx, preview.edit),
        }
    }
}

fn sides(ctx: &Ctx, differing: Vec<orders::Differing>) -> Vec<DifferingView> {
    let view = |one: orders::Differing| DifferingView {
        base: customers::shown_value(ctx, &one.field, one.base),
        theirs: customers::shown_value(ctx, &one.field, one.theirs),
        mine: customers::shown_value(ctx, &one.field, one.mine.unwrap_or_default()),
        field: one.field,
        overlaps: one.overlaps,
    };
    differing.into_iter().map(view).collect()
}

impl EditedView {
    fn of(ctx: &Ctx, edited: Edited) -> EditedView {
        EditedView { order: OrderView::of(ctx, edited.order), event_id: edited.event, undo_until: edited.undo_until }
    }
}

/// `POST /api/v1/orders/{id}/edits`
pub(crate) async fn begin(edge: Edge, Path(id): Path<OrderId>, write: Write<EditBody>) -> Made<EditPreviewView> {
    let change = write.body.into_change()?;
    let answer =
        edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(EditPreviewView::of(ctx, orders::begin_edit(tx, ctx, id, &change, payments::owed)?)));
    Ok(answer.await?.into())
}

/// `GET /api/v1/orders/{id}/edits`
pub(crate) async fn list(edge: Edge, Path(id): Path<OrderId>) -> Reply<List<EditView>> {
    let edits = edge.read(move |tx, ctx| {
        let edits = orders::list_edits(tx, ctx, id)?;
        Ok(edits.into_iter().map(|edit| EditView::of(ctx, edit)).collect())
    });
    shown(List::whole(edits.await?))
}

/// `GET /api/v1/orders/{id}/edits/{edit_id}`
pub(crate) async fn preview(edge: Edge, Path(Two(id, edit)): Path<Two<OrderId, EditId>>) -> Reply<EditPreviewView> {
    let view = previewed(&edge, id, edit).await?;
    let version = view.edit.version;
    versioned(view, version)
}

async fn previewed(edge: &Edge, id: OrderId, edit: EditId) -> Result<EditPreviewView, Error> {
    edge.read(move |tx, ctx| Ok(EditPreviewView::of(ctx, orders::preview_edit(tx, ctx, id, edit, payments::owed)?))).await
}

/// `PUT /api/v1/orders/{id}/edits/{edit_id}`
pub(crate) async fn revise(edge: Edge, Path(Two(id, edit)): Path<Two<OrderId, EditId>>, write: Write<EditBody>) -> Answer<EditPreviewView> {
    let version = write.if_match.or(write.body.version);
    let order_version = write.body.order_version;
    let revised = ReviseEdit { change: write.body.into_change()?, version, order_version };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        Ok(EditPreviewView::of(ctx, orders::revise_edit(tx, ctx, id, edit, &revised, payments::owed)?))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/orders/{id}/edits/{edit_id}/apply`
///
/// Where somebody else changed the order meanwhile the refusal shows both sides.
pub(crate) async fn apply(edge: Edge, Path(Two(id, edit)): Path<Two<OrderId, EditId>>, write: Write<ApplyBody>) -> Answer<EditedView> {
    let wanted = ApplyEdit { version: write.if_match.or(write.body.version), merges: write.body.merge.unwrap_or(false) };
    let answer =
        edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(EditedView::of(ctx, orders::apply_edit(tx, ctx, id, edit, &wanted, payments::owed)?)));
    match answer.await {
        Ok(saved) => Ok(saved.into()),
        Err(error) if matches!(error.code(), "edit.stale" | "edit.overlap") => Err(with_sides(&edge, id, edit, error).await),
        Err(other) => Err(other.into()),
    }
}

/// A refusal with both sides of what differs, as it stands a moment later.
async fn with_sides(edge: &Edge, id: OrderId, edit: EditId, error: Error) -> Problem {
    match previewed(edge, id, edit).await {
        Ok(view) => Problem::from(error).differing(view.order_version, serde_json::to_value(view.differing).unwrap_or_default()),
        Err(_) => error.into(),
    }
}

/// `DELETE /api/v1/orders/{id}/edits/{edit_id}`
pub(crate) async fn drop_edit(edge: Edge, Path(Two(id, edit)): Path<Two<OrderId, EditId>>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| orders::drop_edit(tx, ctx, id, edit)).await?.into())
}

/// `DELETE /api/v1/orders/{id}`: only an order that was placed to try things out.
pub(crate) async fn delete(edge: Edge, Path(id): Path<OrderId>, write: Write<Nothing>) -> Done {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        orders::delete_test_order(tx, ctx, id, |tx, id| {
            payments::forget(tx, id)?;
            notifications::forget(tx, id)
        })
    });
    Ok(answer.await?.into())
}
