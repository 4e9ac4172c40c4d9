//! What is asked for, by whom, and its beginning.

use base::ctx::{Agents, Sees, Stores};
use base::tasks::{self, NewTask, TaskFilter};
use base::{Ctx, events};
use db::Tx;
use kernel::{Check, Details, Error, Event, FieldError, JobKind, Locale, OrderId, Permission, Permissions, StoreId, TaskId, UserId, words};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::columns::{self, CUSTOMERS, EVENTS, KAFILA};

words! {
    /// What a file is of.
    pub enum What {
        /// Orders.
        Orders = "orders",
        /// Customers.
        Customers = "customers",
        /// The audit trail.
        Events = "events",
    }

    /// What a row is.
    pub enum RowsAre {
        /// An order.
        Order = "order",
        /// A line of an order.
        Line = "line",
    }

    /// How the file is written.
    pub enum Format {
        /// Comma-separated values, UTF-8.
        Csv = "csv",
        /// A workbook.
        Xlsx = "xlsx",
    }

    /// For whom.
    pub enum Style {
        /// For people: numbers, dates and words as the store of the row writes them.
        Store = "store",
        /// For programs: decimal points, RFC 3339, our own words.
        Plain = "plain",
    }

    /// What parts the cells of CSV.
    pub enum Separator {
        /// `,`
        Comma = "comma",
        /// `;`, which spreadsheets want where the comma parts decimals.
        Semicolon = "semicolon",
        /// A tab.
        Tab = "tab",
    }
}

/// Most orders that can be named one by one.
pub const MOST_IDS: usize = 10_000;
const MOST_COLUMNS: usize = 100;
/// Most files that one person waits for at a time.
const MOST_OPEN: usize = 3;

/// A file that somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub struct NewExport {
    /// Of what.
    pub what: What,
    /// The parameters of the list, as views keep them; nothing for all.
    pub query: Map<String, Value>,
    /// These orders alone, in this order; then `query` says nothing.
    pub ids: Option<Vec<OrderId>>,
    /// What a row is.
    pub rows: RowsAre,
    /// The columns in their order; the usual ones when none are named. `kafila` stands for all that an import
    /// needs, in the plain style.
    pub columns: Vec<String>,
    /// How it is written.
    pub format: Format,
    /// The language of headings and words; the caller's when not given.
    pub language: Option<Locale>,
    /// For whom.
    pub style: Style,
    /// What parts the cells of CSV.
    pub separator: Separator,
    /// Whether CSV begins with the mark by which spreadsheets know UTF-8.
    pub has_bom: bool,
}

impl NewExport {
    /// All of it, the usual way.
    pub fn of(what: What) -> NewExport {
        NewExport {
            what,
            query: Map::new(),
            ids: None,
            rows: RowsAre::Order,
            columns: Vec::new(),
            format: Format::Csv,
            language: None,
            style: Style::Store,
            separator: Separator::Comma,
            has_bom: true,
        }
    }
}

/// What the search of a list is sealed for.
const PURPOSE: &str = "export.search";
const SEARCH: &str = "search";

/// The word for all columns of an import.
const FOR_IMPORT: &str = "kafila";

/// What the job works by: what is wanted, checked, and what the caller may see.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) what: What,
    /// Without what was searched for, which may name a person and is sealed.
    query: Map<String, Value>,
    sealed_search: Option<String>,
    pub(crate) ids: Option<Vec<OrderId>>,
    pub(crate) rows: RowsAre,
    pub(crate) columns: Vec<String>,
    pub(crate) format: Format,
    pub(crate) language: Locale,
    pub(crate) style: Style,
    pub(crate) separator: Separator,
    pub(crate) has_bom: bool,
    rights: Vec<String>,
    stores: Option<Vec<StoreId>>,
    agents: String,
    user: Option<UserId>,
}

impl Payload {
    /// The caller of then: nobody gets more by waiting.
    pub(crate) fn ctx(&self, ctx: &Ctx) -> Ctx {
        let permissions: Permissions = self.rights.iter().filter_map(|word| word.parse::<Permission>().ok()).collect();
        let stores = self.stores.clone().map_or(Stores::All, Stores::These);
        let agents = match (self.agents.as_str(), self.user) {
            ("all", _) => Agents::All,
            ("own_and_free", Some(user)) => Agents::OwnAndFree(user),
            (_, Some(user)) => Agents::Own(user),
            // Cannot be: somebody who sees her own orders is somebody. Then nothing is seen.
            (_, None) => return Ctx { permissions, sees: Sees { stores: Stores::These(Vec::new()), agents: Agents::All }, ..ctx.clone() },
        };
        Ctx { permissions, sees: Sees { stores, agents }, locale: self.language, ..ctx.clone() }
    }

    /// Which rows, without what may name a person.
    pub(crate) fn filter(&self) -> Value {
        if let Some(ids) = &self.ids {
            return json!({ "ids": ids.len() });
        }
        Value::Object(self.query.clone())
    }

    /// The parameters of the list, whole.
    pub(crate) fn query(&self, ctx: &Ctx) -> Result<Map<String, Value>, Error> {
        let mut query = self.query.clone();
        if let Some(sealed) = &self.sealed_search {
            let sealed = hex::decode(sealed).map_err(Error::internal)?;
            let search = String::from_utf8(ctx.secrets.open(ctx.org, PURPOSE, &sealed)?).map_err(Error::internal)?;
            query.insert(SEARCH.to_owned(), search.into());
        }
        Ok(query)
    }

    /// Whether telephone numbers stand in it whole, so that only who may see them gets it.
    pub(crate) fn shows_phones(&self) -> bool {
        self.shows(&["customer_phone", "note", "text", "changes"], Permission::PhoneSee)
    }

    /// The same of e-mail addresses and streets.
    pub(crate) fn shows_contacts(&self) -> bool {
        self.shows(&["customer_email", "address", "address2", "note", "text", "changes"], Permission::ContactSee)
    }

    fn shows(&self, columns: &[&str], right: Permission) -> bool {
        self.columns.iter().any(|name| columns.contains(&name.as_str())) && self.rights.iter().any(|one| one == right.as_str())
    }
}

/// Begins a file; its task shows how far it is, and its result how many rows it has, its SHA-256, and until when
/// it is kept. Needs `order.export`, and `order.read` or `customer.read`; the audit trail needs `audit.read` alone.
///
/// `Conflict` `export.too_many_open` while the caller waits for three others.
pub fn begin(tx: &mut Tx, ctx: &Ctx, new: &NewExport) -> Result<TaskId, Error> {
    match new.what {
        What::Orders => ctx.require(Permission::OrderExport).and(ctx.require(Permission::OrderRead))?,
        What::Customers => ctx.require(Permission::OrderExport).and(ctx.require(Permission::CustomerRead))?,
        What::Events => {
            ctx.require(Permission::AuditRead)?;
            events::filter_of(&new.query)?;
        }
    }

    let payload = checked(ctx, new)?;
    let open = tasks::list(tx, ctx, &TaskFilter { is_open: true, kind: Some(JobKind::Export), is_own: true, before: None }, 50)?;
    if open.len() >= MOST_OPEN {
        return Err(Error::conflict("export.too_many_open").with("max", MOST_OPEN));
    }

    let title = format!("{}.{}", payload.what, payload.format);
    let filter = payload.filter();
    let job = serde_json::to_value(&payload).map_err(Error::internal)?;
    let (task, _) = tasks::enqueue(tx, ctx, NewTask { kind: JobKind::Export, title }, job, None)?;

    let details = match new.query.get(SEARCH).and_then(Value::as_str) {
        Some(search) if payload.ids.is_none() => Details::text(search),
        _ => Details::none(),
    };
    let event = Event::ExportStarted { task, what: payload.what.to_string(), format: payload.format.to_string(), filter };
    events::record_with(tx, ctx, event, details)?;
    Ok(task)
}

fn checked(ctx: &Ctx, new: &NewExport) -> Result<Payload, Error> {
    let mut check = Check::new();
    let for_import = new.columns.iter().any(|name| name == FOR_IMPORT);
    let known = columns::of(new.what);
    let columns: Vec<String> = match (new.what, for_import, new.columns.is_empty()) {
        (What::Orders, true, _) => KAFILA.iter().map(|name| (*name).to_owned()).collect(),
        (What::Orders, false, true) => columns::order_columns_of(new.rows == RowsAre::Line),
        (What::Customers, _, true) => CUSTOMERS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        (What::Events, _, true) => EVENTS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        _ => new.columns.clone(),
    };
    if columns.len() > MOST_COLUMNS {
        check.push(FieldError::new("columns", "too_many").with("max", MOST_COLUMNS));
    }
    let by_line = new.rows == RowsAre::Line || for_import;
    let mut seen: Vec<&String> = Vec::new();
    for (place, name) in columns.iter().enumerate() {
        let field = format!("columns[{place}]");
        let is_known =
            columns::kind_of(known, name).is_some() && (new.what == What::Orders || !name.starts_with(columns::CUSTOM)) && name.len() <= 80;
        if !is_known {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            check.push(FieldError::new(field.clone(), "import.word").with("allowed", names.join(", ")));
        } else if columns::is_of_line(name) && !by_line {
            check.fail(field.clone(), "export.column_of_line");
        }
        if seen.contains(&name) {
            check.fail(field, "repeated");
        }
        seen.push(name);
    }
    if let Some(ids) = &new.ids {
        check.require(new.what == What::Orders, "ids", "export.ids_of_orders");
        check.require(!ids.is_empty(), "ids", "required");
        if ids.len() > MOST_IDS {
            check.push(FieldError::new("ids", "too_many").with("max", MOST_IDS));
        }
    }
    check.done()?;

    let (agents, user) = match ctx.sees().agents {
        Agents::All => ("all", None),
        Agents::OwnAndFree(user) => ("own_and_free", Some(user)),
        Agents::Own(user) => ("own", Some(user)),
    };
    let stores = match &ctx.sees().stores {
        Stores::All => None,
        Stores::These(stores) => Some(stores.clone()),
    };
    let mut query = if new.ids.is_some() { Map::new() } else { new.query.clone() };
    let search = query.remove(SEARCH).and_then(|search| search.as_str().map(str::to_owned));
    let seal = |search: String| ctx.secrets.seal(ctx.org, PURPOSE, search.as_bytes()).map(hex::encode);
    Ok(Payload {
        what: new.what,
        query,
        sealed_search: search.map(seal).transpose()?,
        ids: new.ids.clone(),
        rows: if by_line { RowsAre::Line } else { RowsAre::Order },
        columns,
        format: new.format,
        language: new.language.unwrap_or(ctx.locale),
        style: if for_import { Style::Plain } else { new.style },
        separator: new.separator,
        has_bom: new.has_bom,
        rights: ctx.permissions.words().into_iter().map(str::to_owned).collect(),
        stores,
        agents: agents.to_owned(),
        user,
    })
}
