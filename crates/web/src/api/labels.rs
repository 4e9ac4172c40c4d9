//! Tags and the team's own fields: their rows, and tags on orders and customers.

use base::{Edge, tasks};
use fields::{Field, FieldChange, NewField, NewTag, Tag, TagChange, TagList, TagRow};
use kernel::{Choice, CustomerId, FacetState, FieldId, FieldKind, Labels, Locale, OrderId, Required, Subject, TagId, TaskId, Time, Tone, Version};
use serde_json::Value;

use super::common::{Limit, Nothing, limit};
use super::customers::CustomerView;
use super::orders::view::OrderView;
use super::work::TaskJson;
use crate::extract::{Path, Query, Two, Write};
use crate::respond::{Answer, Begun, List, Made, Reply, shown, versioned};
use crate::schema::{Patch, body, view};

view! {
    /// A short word that orders and customers are marked with.
    pub(crate) struct TagView {
        /// Which.
        id: TagId,
        /// What people call it.
        name: String = "gift",
        /// Its colour.
        tone: Tone = "info",
        /// Its place among the others; the smallest first.
        position: i64 = 1,
        /// Orders that bear it, archived ones included, in the stores that you see; null where you see only your own.
        orders: Option<i64> = 120,
        /// Customers that bear it; null where you do not see all stores.
        customers: Option<i64> = 8,
        /// The task that carries a new name through to orders and customers, when this call began one.
        #[serde(skip_serializing_if = "Option::is_none")]
        task_id: Option<TaskId>,
        /// When it began.
        created_at: Time,
        /// The last change.
        updated_at: Time,
        /// Since when it is offered no more.
        archived_at: Option<Time>,
        /// Grows with each change.
        version: Version = 1,
    }

    /// A field that a team keeps of its own.
    pub(crate) struct FieldView {
        /// Which.
        id: FieldId,
        /// What it is about.
        subject: Subject,
        /// Its name in `custom`.
        key: String = "size",
        /// What people read, by language.
        labels: LabelsView,
        /// What it holds.
        kind: FieldKind,
        /// When it must have a value.
        required: Required,
        /// What it holds when nothing is said.
        default: Value = null,
        /// What a choice offers.
        choices: Vec<ChoiceView>,
        /// Whether lists can be filtered by it.
        is_filterable: bool = true,
        /// Whether searches look at it.
        is_searchable: bool = false,
        /// Whether lists show it.
        is_listed: bool = true,
        /// Whether its values stand in the index of filters: `ready` when lists can be filtered by it.
        facets: FacetState,
        /// The task that writes the index, when this call began one.
        #[serde(skip_serializing_if = "Option::is_none")]
        task_id: Option<TaskId>,
        /// Its place among the others; the smallest first.
        position: i64 = 1,
        /// When it was defined.
        created_at: Time,
        /// The last change.
        updated_at: Time,
        /// Since when it is not used.
        archived_at: Option<Time>,
        /// Grows with each change.
        version: Version = 1,
    }

    /// Words by language.
    pub(crate) struct LabelsView {
        /// English.
        en: Option<String> = "Size",
        /// French.
        fr: Option<String> = "Taille",
        /// Arabic.
        ar: Option<String> = "المقاس",
        /// Algerian dialect.
        dz: Option<String>,
    }

    /// One of the values that a choice offers.
    pub(crate) struct ChoiceView {
        /// What is stored.
        key: String = "xl",
        /// What people read, by language.
        labels: LabelsView,
        /// Its colour.
        tone: Tone,
        /// Whether it is offered no more.
        is_archived: bool = false,
    }
}

body! {
    /// Which tags.
    pub(crate) struct TagQuery {
        /// Whose name, present or former, begins so.
        search: Option<String> = "gi",
        /// Also those that are offered no more.
        with_archived: Option<bool>,
        /// How many, 1 to 200.
        limit: Option<Limit> = 50,
        /// Where the part before ended.
        cursor: Option<String>,
    }

    /// A tag to begin with.
    pub(crate) struct NewTagBody {
        /// What people call it; at most 40 letters.
        name: String = "gift",
        /// Its colour; `neutral` when left out.
        tone: Option<Tone> = "info",
        /// Its place; the last when left out.
        position: Option<i64>,
    }

    /// What shall be different about a tag; what is left out stays.
    pub(crate) struct TagChangeBody {
        /// Another name, which orders and customers take over. The old one goes on meaning this tag.
        name: Option<String>,
        /// Another colour.
        tone: Option<Tone>,
        /// Another place.
        position: Option<i64>,
        /// Whether it is offered no more.
        is_archived: Option<bool>,
        /// The version that was read.
        version: Option<Version> = 1,
    }

    /// Where a tag goes.
    pub(crate) struct MergeTagBody {
        /// The tag that stands for both from now on.
        into_id: TagId,
    }

    /// Tags to put on something.
    pub(crate) struct TagsBody {
        /// By their names.
        tags: Vec<String> = ["gift"],
    }

    /// Which fields.
    pub(crate) struct FieldQuery {
        /// Those of orders or of customers; both when left out.
        subject: Option<Subject>,
        /// Also those that are not used any more.
        with_archived: Option<bool>,
    }

    /// Words by language; where one has none the next is read (dialect, Arabic, French, English).
    pub(crate) struct LabelsBody {
        /// English.
        en: Option<String> = "Size",
        /// French.
        fr: Option<String> = "Taille",
        /// Arabic.
        ar: Option<String>,
        /// Algerian dialect.
        dz: Option<String>,
    }

    /// One of the values that a choice offers.
    pub(crate) struct ChoiceBody {
        /// What is stored: small letters, digits, underscores.
        key: String = "xl",
        /// What people read.
        labels: Option<LabelsBody>,
        /// Its colour; `neutral` when left out.
        tone: Option<Tone>,
        /// Whether it is offered no more.
        is_archived: Option<bool>,
    }

    /// A field to be defined.
    pub(crate) struct NewFieldBody {
        /// What it is about.
        subject: Subject,
        /// Its name in `custom`: small letters, digits, underscores, a letter first.
        key: String = "size",
        /// What people read.
        labels: Option<LabelsBody>,
        /// What it holds; never changes.
        kind: FieldKind = "text",
        /// When it must have a value; `no` when left out.
        required: Option<Required>,
        /// What it holds when nothing is said.
        default: Option<Value>,
        /// What a choice offers.
        #[serde(default)]
        choices: Vec<ChoiceBody> = [],
        /// Whether lists can be filtered by it.
        is_filterable: Option<bool>,
        /// Whether searches look at it.
        is_searchable: Option<bool>,
        /// Whether lists show it.
        is_listed: Option<bool>,
        /// Its place; the last when left out.
        position: Option<i64>,
    }

    /// What shall be different about a field; what is left out stays.
    pub(crate) struct FieldChangeBody {
        /// Other words, all of them.
        labels: Option<LabelsBody>,
        /// When it must have a value.
        required: Option<Required>,
        /// Another default, or null for none.
        #[serde(default)]
        default: Patch<Value>,
        /// Other choices, all of them; one that is left out is offered no more.
        choices: Option<Vec<ChoiceBody>>,
        /// Whether lists can be filtered by it; a task writes what stands already into the index.
        is_filterable: Option<bool>,
        /// Whether searches look at it; likewise.
        is_searchable: Option<bool>,
        /// Whether lists show it.
        is_listed: Option<bool>,
        /// Another place.
        position: Option<i64>,
        /// Whether it is not used any more.
        is_archived: Option<bool>,
        /// The version that was read.
        version: Option<Version> = 1,
    }
}

impl TagView {
    fn of(row: TagRow, task_id: Option<TaskId>) -> TagView {
        let TagRow { tag, orders, customers } = row;
        let Tag { id, name, tone, position, version, created_at, updated_at, archived_at } = tag;
        TagView { id, name, tone, position, orders, customers, task_id, created_at, updated_at, archived_at, version }
    }
}

impl LabelsView {
    fn of(mut labels: Labels) -> LabelsView {
        let mut of = |locale| labels.remove(&locale);
        LabelsView { en: of(Locale::En), fr: of(Locale::Fr), ar: of(Locale::Ar), dz: of(Locale::Dz) }
    }
}

impl LabelsBody {
    fn into_labels(self) -> Labels {
        let all = [(Locale::En, self.en), (Locale::Fr, self.fr), (Locale::Ar, self.ar), (Locale::Dz, self.dz)];
        all.into_iter().filter_map(|(locale, label)| Some((locale, label?.trim().to_owned()))).collect()
    }
}

impl ChoiceBody {
    fn into_choice(self) -> Choice {
        Choice {
            key: self.key,
            labels: self.labels.map(LabelsBody::into_labels).unwrap_or_default(),
            tone: self.tone.unwrap_or(Tone::Neutral),
            is_archived: self.is_archived.unwrap_or(false),
        }
    }
}

impl FieldView {
    fn of(field: Field, task_id: Option<TaskId>) -> FieldView {
        let choice = |choice: Choice| ChoiceView {
            key: choice.key,
            labels: LabelsView::of(choice.labels),
            tone: choice.tone,
            is_archived: choice.is_archived,
        };
        FieldView {
            id: field.id,
            subject: field.subject,
            key: field.key,
            labels: LabelsView::of(field.labels),
            kind: field.kind,
            required: field.required,
            default: field.default.unwrap_or(Value::Null),
            choices: field.choices.into_iter().map(choice).collect(),
            is_filterable: field.is_filterable,
            is_searchable: field.is_searchable,
            is_listed: field.is_listed,
            facets: field.facets,
            task_id,
            position: field.position,
            created_at: field.created_at,
            updated_at: field.updated_at,
            archived_at: field.archived_at,
            version: field.version,
        }
    }
}

/// `GET /api/v1/tags`
pub(crate) async fn list_tags(edge: Edge, Query(query): Query<TagQuery>) -> Reply<List<TagView>> {
    let wanted =
        TagList { search: query.search, with_archived: query.with_archived.unwrap_or(false), limit: limit(query.limit)?, cursor: query.cursor };
    let page = edge.read(move |tx, ctx| fields::list_tags(tx, ctx, &wanted)).await?;
    shown(List {
        items: page.items.into_iter().map(|row| TagView::of(row, None)).collect(),
        next_cursor: page.next_cursor,
        total: super::common::total(page.total, false),
    })
}

/// `POST /api/v1/tags`
pub(crate) async fn create_tag(edge: Edge, write: Write<NewTagBody>) -> Made<TagView> {
    let NewTagBody { name, tone, position } = write.body;
    let new = NewTag { name, tone: tone.unwrap_or(Tone::Neutral), position };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let tag = fields::create_tag(tx, ctx, &new)?;
        Ok(TagView::of(TagRow { tag, orders: Some(0), customers: Some(0) }, None))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/tags/{id}`
pub(crate) async fn get_tag(edge: Edge, Path(id): Path<TagId>) -> Reply<TagView> {
    let row = edge.read(move |tx, ctx| fields::find_tag(tx, ctx, id)).await?;
    let version = row.tag.version;
    versioned(TagView::of(row, None), version)
}

/// `PATCH /api/v1/tags/{id}`
pub(crate) async fn change_tag(edge: Edge, Path(id): Path<TagId>, write: Write<TagChangeBody>) -> Answer<TagView> {
    let TagChangeBody { name, tone, position, is_archived, version } = write.body;
    let change = TagChange { name, tone, position, is_archived, version: write.if_match.or(version) };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let (tag, task) = fields::change_tag(tx, ctx, id, &change)?;
        Ok(TagView::of(TagRow { tag, orders: None, customers: None }, task))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/tags/{id}/merge`
pub(crate) async fn merge_tag(edge: Edge, Path(id): Path<TagId>, write: Write<MergeTagBody>) -> Begun<TaskJson> {
    let into = write.body.into_id;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let task = fields::merge_tags(tx, ctx, id, into)?;
        Ok(TaskJson::of(tasks::view(tx, ctx, task)?))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/fields`
pub(crate) async fn list_fields(edge: Edge, Query(query): Query<FieldQuery>) -> Reply<List<FieldView>> {
    let with_archived = query.with_archived.unwrap_or(false);
    let found = edge.read(move |tx, ctx| fields::list_fields(tx, ctx, query.subject, with_archived)).await?;
    shown(List::whole(found.into_iter().map(|field| FieldView::of(field, None)).collect()))
}

/// `POST /api/v1/fields`
pub(crate) async fn create_field(edge: Edge, write: Write<NewFieldBody>) -> Made<FieldView> {
    let body = write.body;
    let new = NewField {
        labels: body.labels.map(LabelsBody::into_labels).unwrap_or_default(),
        required: body.required.unwrap_or(Required::No),
        default: body.default,
        choices: body.choices.into_iter().map(ChoiceBody::into_choice).collect(),
        is_filterable: body.is_filterable.unwrap_or(false),
        is_searchable: body.is_searchable.unwrap_or(false),
        is_listed: body.is_listed.unwrap_or(false),
        position: body.position,
        ..NewField::new(body.subject, &body.key, body.kind)
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let (field, task) = fields::create_field(tx, ctx, &new)?;
        Ok(FieldView::of(field, task))
    });
    Ok(answer.await?.into())
}

/// `GET /api/v1/fields/{id}`
pub(crate) async fn get_field(edge: Edge, Path(id): Path<FieldId>) -> Reply<FieldView> {
    let field = edge.read(move |tx, ctx| fields::find_field(tx, ctx, id)).await?;
    let version = field.version;
    versioned(FieldView::of(field, None), version)
}

/// `PATCH /api/v1/fields/{id}`
pub(crate) async fn change_field(edge: Edge, Path(id): Path<FieldId>, write: Write<FieldChangeBody>) -> Answer<FieldView> {
    let body = write.body;
    let change = FieldChange {
        labels: body.labels.map(LabelsBody::into_labels),
        required: body.required,
        default: body.default.into_option(),
        choices: body.choices.map(|choices| choices.into_iter().map(ChoiceBody::into_choice).collect()),
        is_filterable: body.is_filterable,
        is_searchable: body.is_searchable,
        is_listed: body.is_listed,
        position: body.position,
        is_archived: body.is_archived,
        version: write.if_match.or(body.version),
    };
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let (field, task) = fields::change_field(tx, ctx, id, &change)?;
        Ok(FieldView::of(field, task))
    });
    Ok(answer.await?.into())
}

/// `POST /api/v1/orders/{id}/tags`
pub(crate) async fn tag_order(edge: Edge, Path(id): Path<OrderId>, write: Write<TagsBody>) -> Answer<OrderView> {
    let tags = write.body.tags;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(OrderView::of(ctx, orders::add_tags(tx, ctx, id, &tags)?))).await?.into())
}

/// `DELETE /api/v1/orders/{id}/tags/{tag}`
pub(crate) async fn untag_order(edge: Edge, Path(Two(id, tag)): Path<Two<OrderId, String>>, write: Write<Nothing>) -> Answer<OrderView> {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| Ok(OrderView::of(ctx, orders::remove_tag(tx, ctx, id, &tag)?))).await?.into())
}

/// `POST /api/v1/customers/{id}/tags`
pub(crate) async fn tag_customer(edge: Edge, Path(id): Path<CustomerId>, write: Write<TagsBody>) -> Answer<CustomerView> {
    let tags = write.body.tags;
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::add_tags(tx, ctx, id, &tags)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}

/// `DELETE /api/v1/customers/{id}/tags/{tag}`
pub(crate) async fn untag_customer(edge: Edge, Path(Two(id, tag)): Path<Two<CustomerId, String>>, write: Write<Nothing>) -> Answer<CustomerView> {
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        customers::remove_tag(tx, ctx, id, &tag)?;
        CustomerView::load(tx, ctx, id)
    });
    Ok(answer.await?.into())
}
