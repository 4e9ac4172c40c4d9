//! Mappings under their names: written down, changed, removed, looked up.

use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Details, Error, Event, FieldError, MappingId, Permission, Time, Version};

use crate::mapping::Definition;
use crate::store::{self, MappingRow};

/// The live topic of mappings.
pub const MAPPING_TOPIC: &str = "import_mapping";
/// Most mappings of an organization.
const MOST: i64 = 500;

/// A mapping under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Which.
    pub id: MappingId,
    /// What people call it.
    pub name: String,
    /// How it reads columns.
    pub definition: Definition,
    /// Grows with each change; an import says which version it read with.
    pub version: Version,
    /// Since when it is there.
    pub created_at: Time,
    /// The last change.
    pub updated_at: Time,
}

impl Mapping {
    fn of(row: MappingRow) -> Result<Mapping, Error> {
        let definition = serde_json::from_str(&row.definition).map_err(Error::internal)?;
        Ok(Mapping { id: row.id, name: row.name, definition, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
    }
}

/// All mappings, by name; at most 500. Needs `order.import`.
pub fn list(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Mapping>, Error> {
    ctx.require(Permission::OrderImport)?;
    store::list_mappings(tx)?.into_iter().map(Mapping::of).collect()
}

/// One mapping. Needs `order.import`.
pub fn find(tx: &mut Tx, ctx: &Ctx, id: MappingId) -> Result<Mapping, Error> {
    ctx.require(Permission::OrderImport)?;
    store::find_mapping(tx, id)?.map(Mapping::of).transpose()?.ok_or(Error::not_found("import_mapping"))
}

/// The mapping with this id or name, in any case. `Invalid` with the field `mapping` when there is none.
/// Needs `order.import`.
pub fn named(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<Mapping, Error> {
    ctx.require(Permission::OrderImport)?;
    let found = match name.parse::<MappingId>() {
        Ok(id) => store::find_mapping(tx, id)?,
        Err(_) => store::mapping_named(tx, name)?,
    };
    found.map(Mapping::of).transpose()?.ok_or_else(|| Error::field("mapping", "unknown"))
}

/// Writes a mapping down. Everything that is wrong with it is named at once. Needs `order.import`.
pub fn create(tx: &mut Tx, ctx: &Ctx, name: &str, definition: &Definition) -> Result<Mapping, Error> {
    ctx.require(Permission::OrderImport)?;
    check(name, definition)?;
    if store::count_mappings(tx)? >= MOST {
        return Err(Error::Invalid(vec![FieldError::new("name", "too_many").with("max", MOST)]));
    }

    let id: MappingId = tx.new_id();
    store::insert_mapping(tx, id, name.trim(), &json(definition)?, ctx.now)?;
    events::record(tx, ctx, Event::MappingSaved { mapping: id, version: 1 })?;
    tx.touch(MAPPING_TOPIC, id);

    find(tx, ctx, id)
}

/// Changes a mapping to what is sent. Imports that ran keep the version that they read with. `Stale` names
/// what differs when somebody was faster. Needs `order.import`.
pub fn change(tx: &mut Tx, ctx: &Ctx, id: MappingId, name: &str, definition: &Definition, version: Version) -> Result<Mapping, Error> {
    ctx.require(Permission::OrderImport)?;

    let before = find(tx, ctx, id)?;
    check(name, definition)?;
    let mut details = Details::none();
    details.change("name", &before.name.as_str(), &name.trim());
    details.change("definition", &before.definition, definition);
    let stale = |version: Version| {
        let fields = ["name", "definition"].into_iter().filter(|field| details.changes.iter().any(|change| change.field == *field)).collect();
        Error::Stale { version, fields }
    };
    if before.version != version {
        return Err(stale(before.version));
    }
    if details.is_empty() {
        return Ok(before);
    }

    if !store::update_mapping(tx, id, version, name.trim(), &json(definition)?, ctx.now)? {
        return Err(stale(version + 1));
    }
    events::record_with(tx, ctx, Event::MappingSaved { mapping: id, version: version + 1 }, details)?;
    tx.touch(MAPPING_TOPIC, id);

    find(tx, ctx, id)
}

/// Removes a mapping; what it brought in stays. Needs `order.import`.
pub fn remove(tx: &mut Tx, ctx: &Ctx, id: MappingId) -> Result<(), Error> {
    ctx.require(Permission::OrderImport)?;
    if !store::delete_mapping(tx, id)? {
        return Err(Error::not_found("import_mapping"));
    }
    events::record(tx, ctx, Event::MappingRemoved { mapping: id })?;
    tx.touch(MAPPING_TOPIC, id);
    Ok(())
}

fn check(name: &str, definition: &Definition) -> Result<(), Error> {
    let mut check = Check::new();
    check.require(!kernel::fold(name).is_empty(), "name", "required");
    if name.chars().count() > 80 {
        check.push(FieldError::new("name", "too_long").with("max", 80));
    }
    // A name that reads as an id would be taken for one.
    check.require(name.parse::<MappingId>().is_err(), "name", "format");
    check.require(!name.contains('\0'), "name", "text.control");
    check.keep("definition", definition.check())?;
    check.done()
}

fn json(definition: &Definition) -> Result<String, Error> {
    serde_json::to_string(definition).map_err(Error::internal)
}
