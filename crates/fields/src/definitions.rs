//! What can be done with the definitions of fields.

use base::tasks::{self, NewTask};
use base::{Ctx, events};
use db::Tx;
use kernel::{
    Check, Choice, Country, Currency, Details, Error, Event, FacetState, FieldDef, FieldError, FieldId, FieldKind, JobKind, Labels, Permission,
    Required, Subject, TaskId,
};
use serde_json::{Value, json};

use crate::model::{Field, FieldChange, NewField};
use crate::store;
use crate::values::{self, Surroundings};

/// Fields of one subject.
const FIELDS: usize = 100;
/// Choices of one field.
const CHOICES: usize = 500;
/// Letters of a label.
const LABEL: usize = 80;
/// Bytes of a key.
const KEY: usize = 40;
/// Another process may use the settings that it read before for so long: the index is filled when all know.
const SETTLED_US: i64 = 6 * kernel::Time::SECOND;

/// The fields of a subject, or of both, by their place.
pub fn list_fields(tx: &mut Tx, ctx: &Ctx, subject: Option<Subject>, with_archived: bool) -> Result<Vec<Field>, Error> {
    ctx.require(Permission::OrderRead)?;
    store::fields(tx, subject, with_archived)
}

/// One field.
pub fn find_field(tx: &mut Tx, ctx: &Ctx, id: FieldId) -> Result<Field, Error> {
    ctx.require(Permission::OrderRead)?;
    store::field(tx, id)?.ok_or(Error::not_found("field"))
}

/// A field as it stands, for the job that fills its index.
pub fn load_field(tx: &mut Tx, id: FieldId) -> Result<Option<Field>, Error> {
    store::field(tx, id)
}

/// Defines a field. Where lists shall be filtered or searches shall look at it, a job writes what stands already into
/// the index; its task is answered beside.
pub fn create_field(tx: &mut Tx, ctx: &Ctx, new: &NewField) -> Result<(Field, Option<TaskId>), Error> {
    ctx.require(Permission::FieldEdit)?;

    let mut check = Check::new();
    check_key(&mut check, "key", &new.key);
    let mut field = Field {
        id: tx.new_id(),
        subject: new.subject,
        key: new.key.clone(),
        labels: new.labels.clone(),
        kind: new.kind,
        required: new.required,
        default: new.default.clone(),
        choices: new.choices.clone(),
        is_filterable: new.is_filterable,
        is_searchable: new.is_searchable,
        is_listed: new.is_listed,
        facets: FacetState::None,
        position: new.position.unwrap_or(0),
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        archived_at: None,
    };
    check_field(&mut check, &mut field, new.position);
    check.done()?;
    let standing = base::field_set::lock(tx)?;
    let others = store::fields(tx, Some(new.subject), true)?;
    if others.iter().any(|other| other.key == new.key) {
        return Err(Error::field("key", "taken"));
    }
    if others.len() >= FIELDS {
        return Err(Error::conflict("field.most").with("max", FIELDS));
    }
    if new.position.is_none() {
        field.position = others.iter().map(|other| other.position).max().unwrap_or(0) + 1;
    }
    if has_facets(&field) {
        field.facets = FacetState::Filling;
    }

    store::insert_field(tx, &field)?;
    publish(tx, ctx, standing)?;
    let task = fill(tx, ctx, &field)?;
    events::record_with(tx, ctx, Event::FieldCreated { field: field.id }, Details::text(field.key.clone()))?;
    Ok((field, task))
}

/// Changes a definition. Values that stand stay as they are; they are judged when they change.
pub fn change_field(tx: &mut Tx, ctx: &Ctx, id: FieldId, change: &FieldChange) -> Result<(Field, Option<TaskId>), Error> {
    ctx.require(Permission::FieldEdit)?;

    let standing = base::field_set::lock(tx)?;
    let before = store::field(tx, id)?.ok_or(Error::not_found("field"))?;
    let mut after = before.clone();
    if let Some(labels) = &change.labels {
        after.labels = labels.clone();
    }
    after.required = change.required.unwrap_or(before.required);
    if let Some(default) = &change.default {
        after.default = default.clone();
    }
    if let Some(choices) = &change.choices {
        after.choices = merged(&before.choices, choices);
    }
    after.is_filterable = change.is_filterable.unwrap_or(before.is_filterable);
    after.is_searchable = change.is_searchable.unwrap_or(before.is_searchable);
    after.is_listed = change.is_listed.unwrap_or(before.is_listed);
    after.position = change.position.unwrap_or(before.position);
    if let Some(is_archived) = change.is_archived {
        after.archived_at = if is_archived { before.archived_at.or(Some(ctx.now)) } else { None };
    }
    let mut check = Check::new();
    check_field(&mut check, &mut after, change.position);
    check.done()?;

    let details = differences(&before, &after);
    if change.version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: named(&details) });
    }
    if details.is_empty() {
        return Ok((before, None));
    }
    let is_wanted = |field: &Field| (has_facets(field), field.is_filterable, field.is_searchable);
    // Labels of choices are searched by.
    let words_differ = after.is_searchable && after.choices != before.choices;
    let is_refilled = is_wanted(&before) != is_wanted(&after) || words_differ;
    if is_refilled {
        after.facets = if has_facets(&after) { FacetState::Filling } else { FacetState::Clearing };
    }
    after.version = before.version + 1;
    after.updated_at = ctx.now;
    if !store::update_field(tx, &after, before.version)? {
        return Err(Error::Stale { version: before.version + 1, fields: named(&details) });
    }
    publish(tx, ctx, standing)?;
    let task = if is_refilled { fill(tx, ctx, &after)? } else { None };
    events::record_with(tx, ctx, Event::FieldChanged { field: id, fields: details.fields() }, details)?;
    Ok((after, task))
}

/// Lets everybody know the fields in use.
fn publish(tx: &mut Tx, ctx: &Ctx, standing: kernel::Version) -> Result<(), Error> {
    let mut set = kernel::FieldSet::default();
    for field in store::fields(tx, None, false)? {
        match field.subject {
            Subject::Order => set.order.push(field.definition()),
            Subject::Customer => set.customer.push(field.definition()),
        }
    }
    base::field_set::publish(tx, ctx, &set, standing)
}

/// The index of a field says what stands: lists can be filtered by it from now on.
pub fn settled(tx: &mut Tx, ctx: &Ctx, field: &Field) -> Result<(), Error> {
    let standing = base::field_set::lock(tx)?;
    store::set_facets(tx, field.id, if has_facets(field) { FacetState::Ready } else { FacetState::None })?;
    publish(tx, ctx, standing)
}

fn has_facets(field: &Field) -> bool {
    field.archived_at.is_none() && (field.is_filterable || field.is_searchable)
}

impl Field {
    /// The definition as settings carry it.
    pub fn definition(&self) -> FieldDef {
        FieldDef {
            id: self.id,
            key: self.key.clone(),
            labels: self.labels.clone(),
            kind: self.kind,
            required: self.required,
            default: self.default.clone(),
            choices: self.choices.clone(),
            is_filterable: self.is_filterable && self.archived_at.is_none(),
            is_searchable: self.is_searchable && self.archived_at.is_none(),
            is_listed: self.is_listed,
            facets: self.facets,
        }
    }
}

fn fill(tx: &mut Tx, ctx: &Ctx, field: &Field) -> Result<Option<TaskId>, Error> {
    if !matches!(field.facets, FacetState::Filling | FacetState::Clearing) {
        return Ok(None);
    }
    let task = tasks::create(tx, ctx, NewTask { kind: JobKind::FillField, title: field.key.clone() })?;
    let job = base::jobs::NewJob {
        run_at: ctx.now.plus_us(SETTLED_US),
        unique_key: Some(format!("fill_field:{}", field.id)),
        task: Some(task),
        ..base::jobs::NewJob::now(ctx, JobKind::FillField, json!({ "field": field.id }))
    };
    // A job that has begun reads the definition at each slice, but would not go back to what it has passed.
    base::jobs::enqueue(tx, ctx, job)?.ok_or(Error::conflict("field.filling").with("field", &field.key))?;
    Ok(Some(task))
}

/// The new choices, and those that were left out, which are offered no more.
fn merged(before: &[Choice], wanted: &[Choice]) -> Vec<Choice> {
    let gone = before.iter().filter(|choice| !wanted.iter().any(|one| one.key == choice.key));
    wanted.iter().cloned().chain(gone.map(|choice| Choice { is_archived: true, ..choice.clone() })).collect()
}

fn check_key(check: &mut Check, field: &str, key: &str) {
    let is_key = (1..=KEY).contains(&key.len())
        && key.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_')
        && key.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    check.require(is_key, field, "field.key");
}

fn check_labels(check: &mut Check, prefix: &str, labels: &Labels) {
    for (locale, label) in labels {
        let field = format!("{prefix}.{locale}");
        check.require(!label.trim().is_empty(), &field, "required");
        if label.chars().count() > LABEL {
            check.push(FieldError::new(&field, "too_long").with("max", LABEL));
        }
        check.require(!label.chars().any(char::is_control), &field, "text.control");
    }
}

/// Notes what is wrong with a definition, and brings its default into the form in which values are kept.
fn check_field(check: &mut Check, field: &mut Field, position: Option<i64>) {
    check_labels(check, "labels", &field.labels);
    let has_choices = matches!(field.kind, FieldKind::Choice | FieldKind::MultiChoice);
    check.require(has_choices || field.choices.is_empty(), "choices", "field.no_choices");
    check.require(!has_choices || field.choices.iter().any(|choice| !choice.is_archived), "choices", "required");
    if field.choices.len() > CHOICES {
        check.push(FieldError::new("choices", "too_many").with("max", CHOICES));
    }
    for (place, choice) in field.choices.iter().enumerate() {
        let name = |part: &str| format!("choices[{place}].{part}");
        check_key(check, &name("key"), &choice.key);
        check.require(!field.choices[..place].iter().any(|other| other.key == choice.key), name("key"), "repeated");
        check_labels(check, &name("labels"), &choice.labels);
    }
    if field.subject == Subject::Customer {
        check.require(field.required != Required::Confirming, "required", "field.confirming");
    }
    if position.is_some_and(|position| !(0..=1_000_000).contains(&position)) {
        check.push(FieldError::new("position", "range").with("least", 0).with("most", 1_000_000));
    }
    if let Some(default) = field.default.take().filter(|default| !default.is_null()) {
        let around = Surroundings { country: Country::DZ, currency: None::<Currency> };
        match values::read(&field.definition(), &default, around) {
            Ok(read) => field.default = Some(read),
            Err(wrong) => {
                check.push(FieldError { field: "default".to_owned(), ..wrong });
                field.default = Some(default);
            }
        }
    }
}

fn differences(before: &Field, after: &Field) -> Details {
    let mut details = Details::none();
    details.change("labels", &before.labels, &after.labels);
    details.change("required", &before.required, &after.required);
    details.change("default", &before.default.clone().unwrap_or(Value::Null), &after.default.clone().unwrap_or(Value::Null));
    details.change("choices", &json!(before.choices), &json!(after.choices));
    details.change("is_filterable", &before.is_filterable, &after.is_filterable);
    details.change("is_searchable", &before.is_searchable, &after.is_searchable);
    details.change("is_listed", &before.is_listed, &after.is_listed);
    details.change("position", &before.position, &after.position);
    details.change("archived_at", &before.archived_at, &after.archived_at);
    details
}

const NAMES: [&str; 9] = ["labels", "required", "default", "choices", "is_filterable", "is_searchable", "is_listed", "position", "archived_at"];

fn named(details: &Details) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| details.changes.iter().any(|change| change.field == *name)).collect()
}
