//! The catalogue: variants, known by their SKU.

use base::Edge;
use catalogue::{NewVariant, Variant, VariantChange, VariantFilter, VariantStatus};
use kernel::{Money, ProductId, Time, VariantId, VariantKind, Version};

use super::common::{Limit, limit, money, total};
use crate::extract::{Path, Query, Write};
use crate::respond::{Answer, List, Made, Reply, shown, versioned};
use crate::schema::{Describe, Patch, body, view, word};

view! {
    /// A variant of a product.
    pub(crate) struct VariantView {
        /// Its id.
        id: VariantId,
        /// The product it is one of.
        product_id: ProductId,
        /// Whether it is packed or only charged.
        kind: VariantKind,
        /// Its SKU.
        sku: Option<String> = "LIN-M",
        /// Its title.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// What one costs.
        price: Money,
        /// Whether it is still sold.
        status: VariantStatus,
        /// Grows with each change.
        version: Version = 1,
        /// Since when it is known.
        created_at: Time,
        /// The last change.
        updated_at: Time,
    }
}

impl Describe for VariantStatus {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(VariantStatus::WORDS)
    }
}

impl VariantView {
    fn of(variant: Variant) -> VariantView {
        VariantView {
            id: variant.id,
            product_id: variant.product_id,
            kind: variant.kind,
            sku: variant.sku,
            title: variant.title,
            variant: variant.variant,
            price: money(variant.price, variant.currency),
            status: variant.status,
            version: variant.version,
            created_at: variant.created_at,
            updated_at: variant.updated_at,
        }
    }
}

body! {
    /// Which variants.
    pub(crate) struct VariantQuery {
        /// Part of a title or SKU.
        search: Option<String> = "dress",
        /// Only those still sold, or only the others.
        status: Option<VariantStatus>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<VariantId>,
    }

    /// A variant entered by hand.
    pub(crate) struct NewVariantBody {
        /// Whether it is packed or only charged; goods when left out.
        kind: Option<VariantKind>,
        /// Its SKU.
        sku: String = "LIN-M",
        /// Its title.
        title: String = "Linen dress",
        /// Size, colour and the like.
        variant: Option<String> = "sand, M",
        /// What one costs.
        price: Money,
    }

    /// What shall be different; what is left out stays.
    pub(crate) struct VariantChangeBody {
        /// A new title.
        title: Option<String>,
        /// Another size, colour and the like, or none.
        #[serde(default)]
        variant: Patch<String>,
        /// A new price in the variant's currency, in minor units.
        price: Option<kernel::Amount> = 840000,
        /// Whether it is still sold.
        status: Option<VariantStatus>,
        /// The version that was read.
        version: Option<Version> = 1,
    }
}

/// `GET /api/v1/variants`
pub(crate) async fn list(edge: Edge, Query(query): Query<VariantQuery>) -> Reply<List<VariantView>> {
    let filter = VariantFilter { search: query.search, status: query.status, limit: limit(query.limit)?, cursor: query.cursor };
    let page = edge.read(move |tx, ctx| catalogue::list(tx, ctx, &filter)).await?;
    shown(List {
        next_cursor: page.next_cursor.map(|id| id.to_string()),
        total: total(page.total, page.is_more),
        items: page.items.into_iter().map(VariantView::of).collect(),
    })
}

/// `GET /api/v1/variants/{id}`
pub(crate) async fn get(edge: Edge, Path(id): Path<VariantId>) -> Reply<VariantView> {
    let variant = edge.read(move |tx, ctx| catalogue::find(tx, ctx, id)).await?;
    let version = variant.version;
    versioned(VariantView::of(variant), version)
}

/// `POST /api/v1/variants`
pub(crate) async fn create(edge: Edge, write: Write<NewVariantBody>) -> Made<VariantView> {
    let body = write.body;
    let new = NewVariant {
        kind: body.kind.unwrap_or(VariantKind::Goods),
        sku: body.sku,
        title: body.title,
        variant: body.variant,
        price: body.price.amount,
        currency: body.price.currency,
    };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(VariantView::of(catalogue::create(tx, ctx, &new)?))).await?.into())
}

/// `PATCH /api/v1/variants/{id}`
pub(crate) async fn change(edge: Edge, Path(id): Path<VariantId>, write: Write<VariantChangeBody>) -> Answer<VariantView> {
    let body = write.body;
    let change = VariantChange {
        title: body.title,
        variant: body.variant.into_option(),
        price: body.price,
        status: body.status,
        version: write.if_match.or(body.version),
    };
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(VariantView::of(catalogue::change(tx, ctx, id, &change)?))).await?.into())
}
