//! What can be done with tags.

use std::collections::{BTreeMap, BTreeSet};

use base::tasks::{self, NewTask};
use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Details, Error, Event, FieldError, JobKind, Permission, TagId, TaskId, Tone, cut, fold};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::facets;
use crate::model::{NewTag, Tag, TagChange, TagList, TagPage, TagRow};
use crate::store;

/// Letters of a name.
const NAME: usize = 40;
/// Tags of an organization.
const TAGS: i64 = 5_000;
/// The kind of job that carries a new name or a merge through.
pub const RETAG: JobKind = JobKind::Retag;
/// The live topic of tags.
const TOPIC: &str = "tag";

/// What a job of the kind [`RETAG`] goes through: everything that bears this tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagJob {
    /// Which tag.
    pub tag: TagId,
}

/// By what names are compared: folded, so that `Cadeau` and `cadeau` are one tag.
pub(crate) fn key(name: &str) -> String {
    let folded = fold(name);
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

/// A part of the tags, by their place.
pub fn list_tags(tx: &mut Tx, ctx: &Ctx, wanted: &TagList) -> Result<TagPage, Error> {
    ctx.require(Permission::OrderRead)?;

    let limit = wanted.limit.clamp(1, 200);
    let after = wanted.cursor.as_deref().map(read_cursor).transpose()?;
    let search = wanted.search.as_deref().map(key).filter(|text| !text.is_empty());
    let mut tags = store::list(tx, search.as_deref(), wanted.with_archived, after, limit + 1)?;
    let is_last = tags.len() <= limit as usize;
    tags.truncate(limit as usize);
    let total = store::count(tx, search.as_deref(), wanted.with_archived)?;
    let counts = facets::counts(tx, ctx)?;
    let next_cursor = tags.last().filter(|_| !is_last).map(|last| format!("{}~{}", last.position, last.id));
    let row = |tag: Tag| {
        let (orders, customers) = counts.of(tag.id);
        TagRow { tag, orders, customers }
    };
    Ok(TagPage { items: tags.into_iter().map(row).collect(), next_cursor, total })
}

fn read_cursor(cursor: &str) -> Result<(i64, TagId), Error> {
    let read = || {
        let (position, id) = cursor.split_once('~')?;
        Some((position.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Error::field("cursor", "cursor"))
}

/// One tag.
pub fn find_tag(tx: &mut Tx, ctx: &Ctx, id: TagId) -> Result<TagRow, Error> {
    ctx.require(Permission::OrderRead)?;
    let tag = store::find(tx, id)?.ok_or(Error::not_found("tag"))?;
    let (orders, customers) = facets::counts(tx, ctx)?.of(id);
    Ok(TagRow { tag, orders, customers })
}

/// Makes a tag.
pub fn create_tag(tx: &mut Tx, ctx: &Ctx, new: &NewTag) -> Result<Tag, Error> {
    ctx.require(Permission::TagEdit)?;

    let mut check = Check::new();
    check_name(&mut check, "name", &new.name);
    check_position(&mut check, new.position);
    check.done()?;
    room(tx, 1)?;
    let id = tx.new_id();
    if !store::claim_name(tx, &key(&new.name), id)? {
        // A name that a tag had before may be given to a new one.
        let owner = store::by_keys(tx, &[key(&new.name)])?.into_iter().next().map(|(_, tag)| tag);
        match owner {
            Some(tag) if key(&tag.name) != key(&new.name) => store::give_name(tx, &key(&new.name), id)?,
            _ => return Err(Error::field("name", "taken")),
        }
    }
    begin(tx, ctx, id, new)
}

fn begin(tx: &mut Tx, ctx: &Ctx, id: TagId, new: &NewTag) -> Result<Tag, Error> {
    let position = match new.position {
        Some(position) => position,
        None => store::last_position(tx)? + 1,
    };
    let tag = Tag {
        id,
        name: new.name.trim().to_owned(),
        tone: new.tone,
        position,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        archived_at: None,
    };
    store::insert_tag(tx, &tag)?;
    events::record_with(tx, ctx, Event::TagCreated { tag: id }, named("name", "", &tag.name))?;
    tx.touch(TOPIC, id);
    Ok(tag)
}

fn named(field: &str, before: &str, after: &str) -> Details {
    let mut details = Details::none();
    details.change(field, &before, &after);
    details
}

fn check_name(check: &mut Check, field: &str, name: &str) {
    check.require(!name.trim().is_empty(), field, "required");
    if name.trim().chars().count() > NAME {
        check.push(FieldError::new(field, "too_long").with("max", NAME));
    }
    check.require(!name.chars().any(char::is_control), field, "text.control");
}

fn check_position(check: &mut Check, position: Option<i64>) {
    if position.is_some_and(|position| !(0..=1_000_000).contains(&position)) {
        check.push(FieldError::new("position", "range").with("least", 0).with("most", 1_000_000));
    }
}

fn room(tx: &mut Tx, more: i64) -> Result<(), Error> {
    if store::count(tx, None, true)? + more > TAGS {
        return Err(Error::conflict("tag.most").with("max", TAGS));
    }
    Ok(())
}

/// Changes a tag. With a new name a job carries it through to the orders and customers that bear it; the task
/// is answered beside. Filters follow at once, and the old name goes on meaning this tag.
pub fn change_tag(tx: &mut Tx, ctx: &Ctx, id: TagId, change: &TagChange) -> Result<(Tag, Option<TaskId>), Error> {
    ctx.require(Permission::TagEdit)?;

    let before = store::find_to_change(tx, id)?.ok_or(Error::not_found("tag"))?;
    let mut check = Check::new();
    let mut after = before.clone();
    if let Some(name) = &change.name {
        check_name(&mut check, "name", name);
        after.name = name.trim().to_owned();
    }
    check_position(&mut check, change.position);
    check.done()?;
    after.tone = change.tone.unwrap_or(before.tone);
    after.position = change.position.unwrap_or(before.position);
    if let Some(is_archived) = change.is_archived {
        after.archived_at = if is_archived { before.archived_at.or(Some(ctx.now)) } else { None };
    }
    let mut details = Details::none();
    details.change("name", &before.name, &after.name);
    details.change("tone", &before.tone, &after.tone);
    details.change("position", &before.position, &after.position);
    details.change("archived_at", &before.archived_at, &after.archived_at);
    if change.version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale { version: before.version, fields: differing(&details) });
    }
    if details.is_empty() {
        return Ok((before, None));
    }
    let is_renamed = before.name != after.name;
    if is_renamed && key(&before.name) != key(&after.name) && !store::claim_name(tx, &key(&after.name), id)? {
        let owner = store::by_keys(tx, &[key(&after.name)])?.into_iter().next().map(|(_, tag)| tag);
        match owner {
            // Its own name from before.
            Some(tag) if tag.id == id => {}
            // A name that somebody else had before.
            Some(tag) if key(&tag.name) != key(&after.name) => store::give_name(tx, &key(&after.name), id)?,
            _ => return Err(Error::field("name", "taken")),
        }
    }

    after.version = before.version + 1;
    after.updated_at = ctx.now;
    if !store::update_tag(tx, &after, before.version)? {
        return Err(Error::Stale { version: before.version + 1, fields: differing(&details) });
    }
    let task = if is_renamed { Some(carry_through(tx, ctx, id, &after.name)?) } else { None };
    events::record_with(tx, ctx, Event::TagChanged { tag: id, fields: details.fields() }, details)?;
    tx.touch(TOPIC, id);
    Ok((after, task))
}

fn differing(details: &Details) -> Vec<&'static str> {
    ["name", "tone", "position", "archived_at"].into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect()
}

fn carry_through(tx: &mut Tx, ctx: &Ctx, tag: TagId, title: &str) -> Result<TaskId, Error> {
    let task = NewTask { kind: RETAG, title: title.to_owned() };
    let (task, _) = tasks::enqueue(tx, ctx, task, json!(TagJob { tag }), Some(format!("retag:{tag}")))?;
    Ok(task)
}

/// Merges a tag into another: its names mean that one from now on, filters follow at once, and a job goes
/// through the orders and customers that bear it. Then it is gone.
pub fn merge_tags(tx: &mut Tx, ctx: &Ctx, id: TagId, into: TagId) -> Result<TaskId, Error> {
    ctx.require(Permission::TagEdit)?;

    if id == into {
        return Err(Error::field("into_id", "tag.itself"));
    }
    // In the order of their ids, so that two merges do not wait for each other.
    let (first, second) = (id.min(into), id.max(into));
    let locked = [store::find_to_change(tx, first)?, store::find_to_change(tx, second)?];
    let [Some(one), Some(two)] = locked else {
        let is_known = locked.iter().flatten().any(|tag| tag.id == id);
        return Err(if is_known { Error::field("into_id", "unknown") } else { Error::not_found("tag") });
    };
    let target = if one.id == into { one } else { two };

    store::give_names(tx, id, into)?;
    store::set_merged(tx, id, into, ctx.now)?;
    let task = carry_through(tx, ctx, id, &target.name)?;
    events::record(tx, ctx, Event::TagMerged { tag: id, into })?;
    tx.touch(TOPIC, id);
    tx.touch(TOPIC, into);
    Ok(task)
}

/// Everything that bore a merged tag bears the other one now: its row goes.
pub fn end_merge(tx: &mut Tx, id: TagId) -> Result<(), Error> {
    store::delete_merged(tx, id)
}

/// The tags of these names, each once, in this order; one that nobody used before begins here, where the
/// settings or the caller's rights allow it. `standing` are names that are there already: they may stay
/// although they are offered no more. Wrong names are noted as `tags[0]`.
pub fn ensure_tags(tx: &mut Tx, ctx: &Ctx, names: &[String], standing: &[String]) -> Result<Vec<Tag>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    let wanted: Vec<String> = keys.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let mut known: BTreeMap<String, Tag> = store::by_keys(tx, &wanted)?.into_iter().collect();
    let standing: BTreeSet<String> = standing.iter().map(|name| key(name)).collect();

    let mut check = Check::new();
    for (place, key) in keys.iter().enumerate() {
        let field = format!("tags[{place}]");
        match known.get(key) {
            Some(tag) if tag.archived_at.is_some() && !standing.contains(key) && !ctx.is_replay => check.fail(field, "tag.archived"),
            Some(_) => {}
            None => check.require(ctx.settings.fields.new_tags || ctx.can(Permission::TagEdit), field, "tag.unknown"),
        }
    }
    check.done()?;

    let new: Vec<&String> = wanted.iter().filter(|key| !known.contains_key(*key)).collect();
    if !new.is_empty() {
        room(tx, new.len() as i64)?;
    }
    // By key, so that two who begin the same tags do not wait for each other.
    for key in new {
        let name = keys.iter().position(|one| one == key).map(|place| cut(names[place].trim(), NAME * 4).to_owned()).unwrap_or_default();
        let id: TagId = tx.new_id();
        let tag = if store::claim_name(tx, key, id)? {
            begin(tx, ctx, id, &NewTag { name, tone: Tone::Neutral, position: None })?
        } else {
            // Somebody else was faster, and is committed now.
            let found = store::by_keys(tx, std::slice::from_ref(key))?.into_iter().next();
            found.map(|(_, tag)| tag).ok_or_else(|| Error::internal("a tag that was in the way is not there"))?
        };
        known.insert(key.clone(), tag);
    }

    let mut tags: Vec<Tag> = Vec::with_capacity(keys.len());
    for tag in keys.iter().filter_map(|key| known.get(key)) {
        if !tags.iter().any(|one| one.id == tag.id) {
            tags.push(tag.clone());
        }
    }
    Ok(tags)
}

/// The names as they are written now, each once, and the ids; a name that no tag has stays as it is.
pub fn names_of(tx: &mut Tx, names: &[String]) -> Result<Vec<(String, Option<TagId>)>, Error> {
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    let wanted: Vec<String> = keys.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let known: BTreeMap<String, Tag> = store::by_keys(tx, &wanted)?.into_iter().collect();
    let mut found: Vec<(String, Option<TagId>)> = Vec::with_capacity(names.len());
    for (name, key) in names.iter().zip(&keys) {
        let one = known.get(key).map_or_else(|| (name.clone(), None), |tag| (tag.name.clone(), Some(tag.id)));
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

/// What these names are now: the present name and the tag, by the name that was asked for.
pub fn renamed(tx: &mut Tx, names: &[String]) -> Result<BTreeMap<String, (String, Option<TagId>)>, Error> {
    let keys: BTreeSet<String> = names.iter().map(|name| key(name)).collect();
    let known: BTreeMap<String, Tag> = store::by_keys(tx, &keys.into_iter().collect::<Vec<_>>())?.into_iter().collect();
    let found = names.iter().filter_map(|name| {
        let tag = known.get(&key(name))?;
        Some((name.clone(), (tag.name.clone(), Some(tag.id))))
    });
    Ok(found.collect())
}

/// The tag that a path names, by its id or by a name that it has or had.
pub fn tag_called(tx: &mut Tx, called: &str) -> Result<Tag, Error> {
    let found = match called.parse::<TagId>() {
        Ok(id) => store::find(tx, id)?,
        Err(_) => store::by_keys(tx, &[key(called)])?.into_iter().next().map(|(_, tag)| tag),
    };
    found.ok_or(Error::not_found("tag"))
}

/// The ids that stand for these ids or names in the facets: also those of tags that are being merged into them.
pub(crate) fn ids_of(tx: &mut Tx, called: &[&str]) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut ids: BTreeMap<String, TagId> = BTreeMap::new();
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in called {
        match name.parse::<TagId>() {
            Ok(id) => drop(ids.insert((*name).to_owned(), id)),
            Err(_) => keys.entry(key(name)).or_default().push((*name).to_owned()),
        }
    }
    if !keys.is_empty() {
        let wanted: Vec<String> = keys.keys().cloned().collect();
        for (key, tag) in store::by_keys(tx, &wanted)? {
            ids.extend(keys.get(&key).into_iter().flatten().map(|name| (name.clone(), tag.id)));
        }
    }
    let all: Vec<TagId> = ids.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut merging: BTreeMap<TagId, Vec<String>> = BTreeMap::new();
    if !all.is_empty() {
        for (id, into) in store::merging_into(tx, &all)? {
            merging.entry(into).or_default().push(id.to_string());
        }
    }
    let with_merging = |id: TagId| std::iter::once(id.to_string()).chain(merging.get(&id).into_iter().flatten().cloned()).collect();
    Ok(ids.into_iter().map(|(name, id)| (name, with_merging(id))).collect())
}
