//! What goes in and what comes out.

use kernel::{Choice, FacetState, FieldId, FieldKind, Labels, Required, Subject, TagId, Time, Tone, Version};
use serde_json::Value;

db::row! {
    /// A tag.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Tag {
        /// Which.
        pub id: TagId,
        /// What people call it.
        pub name: String,
        /// Its colour.
        pub tone: Tone,
        /// Its place among the others; the smallest first.
        pub position: i64,
        /// Grows with each change.
        pub version: Version,
        /// When it began.
        pub created_at: Time,
        /// The last change.
        pub updated_at: Time,
        /// Since when it is offered no more.
        pub archived_at: Option<Time>,
    }
}

/// A tag as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRow {
    /// The tag.
    pub tag: Tag,
    /// Orders that bear it, archived ones included, in the stores that the caller may see; none for whoever
    /// sees only their own.
    pub orders: Option<i64>,
    /// Customers that bear it; none for whoever does not see all stores.
    pub customers: Option<i64>,
}

/// Which tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagList {
    /// Whose name begins so, folded.
    pub search: Option<String>,
    /// Also those that are offered no more.
    pub with_archived: bool,
    /// At most so many; 1 to 200.
    pub limit: u32,
    /// Where the part before ended.
    pub cursor: Option<String>,
}

/// A part of the tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPage {
    /// The tags.
    pub items: Vec<TagRow>,
    /// Where the next part begins; none when this is the last.
    pub next_cursor: Option<String>,
    /// How many there are in all.
    pub total: i64,
}

/// A tag to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTag {
    /// What people call it: at most 40 letters.
    pub name: String,
    /// Its colour.
    pub tone: Tone,
    /// Its place; the last when not given.
    pub position: Option<i64>,
}

/// What shall be different about a tag; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChange {
    /// Another name, which orders and customers take over.
    pub name: Option<String>,
    /// Another colour.
    pub tone: Option<Tone>,
    /// Another place.
    pub position: Option<i64>,
    /// Whether it is offered no more.
    pub is_archived: Option<bool>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}

/// The definition of a field as people edit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// What it is about.
    pub subject: Subject,
    /// Its name in `custom`.
    pub key: String,
    /// What people read.
    pub labels: Labels,
    /// What it holds.
    pub kind: FieldKind,
    /// When it must have a value.
    pub required: Required,
    /// What it holds when nothing is said.
    pub default: Option<Value>,
    /// What a choice offers.
    pub choices: Vec<Choice>,
    /// Whether lists can be filtered by it.
    pub is_filterable: bool,
    /// Whether searches look at it.
    pub is_searchable: bool,
    /// Whether lists show it.
    pub is_listed: bool,
    /// Whether its values stand in the index of filters.
    pub facets: FacetState,
    /// Its place among the others; the smallest first.
    pub position: i64,
    /// Grows with each change.
    pub version: Version,
    /// When it was defined.
    pub created_at: Time,
    /// The last change.
    pub updated_at: Time,
    /// Since when it is not used.
    pub archived_at: Option<Time>,
}

/// A field to be defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewField {
    /// What it is about.
    pub subject: Subject,
    /// Its name in `custom`: small letters, digits, underscores; a letter first.
    pub key: String,
    /// What people read.
    pub labels: Labels,
    /// What it holds.
    pub kind: FieldKind,
    /// When it must have a value.
    pub required: Required,
    /// What it holds when nothing is said.
    pub default: Option<Value>,
    /// What a choice offers.
    pub choices: Vec<Choice>,
    /// Whether lists can be filtered by it.
    pub is_filterable: bool,
    /// Whether searches look at it.
    pub is_searchable: bool,
    /// Whether lists show it.
    pub is_listed: bool,
    /// Its place; the last when not given.
    pub position: Option<i64>,
}

impl NewField {
    /// A field with nothing said about it but what it holds.
    pub fn new(subject: Subject, key: &str, kind: FieldKind) -> NewField {
        NewField {
            subject,
            key: key.to_owned(),
            labels: Labels::new(),
            kind,
            required: Required::No,
            default: None,
            choices: Vec::new(),
            is_filterable: false,
            is_searchable: false,
            is_listed: false,
            position: None,
        }
    }
}

/// What shall be different about a field; `None` leaves it as it is. Subject, key and kind stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldChange {
    /// Other words.
    pub labels: Option<Labels>,
    /// When it must have a value.
    pub required: Option<Required>,
    /// Another default, or none.
    pub default: Option<Option<Value>>,
    /// Other choices, all of them. A key that is left out is offered no more; values that stand stay.
    pub choices: Option<Vec<Choice>>,
    /// Whether lists can be filtered by it.
    pub is_filterable: Option<bool>,
    /// Whether searches look at it.
    pub is_searchable: Option<bool>,
    /// Whether lists show it.
    pub is_listed: Option<bool>,
    /// Another place.
    pub position: Option<i64>,
    /// Whether it is not used any more; values that stand stay, and nobody judges them.
    pub is_archived: Option<bool>,
    /// The version that was read; without it the change always goes through.
    pub version: Option<Version>,
}
