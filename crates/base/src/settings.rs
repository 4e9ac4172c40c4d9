//! An organization's settings: typed sections, each a row of JSON, each field documented here.
//!
//! What is not set has its default, so a new field needs no migration. Setting refuses unknown fields
//! and wrong values, all at once; reading skips fields it does not know, because the next release may
//! have written them. Actions see a snapshot in `ctx.settings`; a process keeps it for at most 5 s,
//! and forgets it at once when a change is committed here or announced by another process.
//!
//! Not here: secrets (they are sealed, see [`crate::secrets`]), configuration of the process (app).

#![expect(clippy::disallowed_methods, reason = "the process' cache reads for no caller in particular")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use db::{Db, Tx, params};
use kernel::{Check, Details, Error, Event, FieldError, FieldSet, Id, Locale, OrderState, OrgId, Permission, Phone, StoreId, Time, UserId, Version};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ctx::Ctx;
use crate::events;
use crate::rules::{self, Because, RuleSet};
use crate::system::caches::{CacheFigures, Tally};

/// The live topic of a changed setting.
pub const TOPIC: &str = "settings";

/// How long a process may use settings without looking.
const FRESH: Duration = Duration::from_secs(5);

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident: $section:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty = $default:expr),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub struct $section { $($(#[$field_doc])* pub $field: $kind),+ }

            impl Default for $section {
                fn default() -> $section {
                    $section { $($field: $default),+ }
                }
            }
        )+

        /// All sections of an organization.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Settings {
            /// Grows with every change of any section; 0 when nothing was ever set.
            pub version: Version,
            /// The rule set in force; see [`crate::rules`].
            pub rules: Arc<RuleSet>,
            /// Its version; 0 when nobody ever changed it.
            pub rules_version: Version,
            /// The fields of the team's own that are in use.
            pub field_set: Arc<FieldSet>,
            $($(#[$doc])* pub $name: $section),+
        }

        /// The names of the sections and of their fields.
        pub const SECTIONS: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($field)),+])),+];

        impl Settings {
            /// A section as JSON, defaults included.
            pub fn section(&self, name: &str) -> Option<Value> {
                match name {
                    $(stringify!($name) => serde_json::to_value(&self.$name).ok(),)+
                    _ => None,
                }
            }

            /// Replaces a section by complete JSON of it.
            fn replace(&mut self, name: &str, value: Value) -> Result<(), serde_json::Error> {
                match name {
                    $(stringify!($name) => self.$name = serde_json::from_value(value)?,)+
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

/// A level to which problems with orders go up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationLevel {
    /// Who is there: the word of a role of the first start, such as `team_manager`, or the id of a role.
    pub role: String,
    /// Working hours of the store after which it goes up by itself. 1 to 1,000.
    pub hours: u32,
}

impl EscalationLevel {
    /// A level of this role with so many working hours.
    pub fn new(role: &str, hours: u32) -> EscalationLevel {
        EscalationLevel { role: role.to_owned(), hours }
    }
}

/// What one store's customers see in place of what the section says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreFront {
    /// Which store.
    pub store: StoreId,
    /// Where its customers call; the section's when left out.
    #[serde(default)]
    pub phone: Option<String>,
    /// Where they write by WhatsApp; the section's when left out.
    #[serde(default)]
    pub whatsapp: Option<String>,
    /// Its colour; the section's when left out.
    #[serde(default)]
    pub accent: Option<String>,
}

kernel::words! {
    /// How far an order may have come while its customer still changes it alone.
    pub enum CustomerMay {
        /// Never: she asks, and the team decides.
        Never = "never",
        /// Until somebody confirmed it with her.
        UntilConfirmed = "until_confirmed",
        /// Until it is being packed.
        UntilPrepared = "until_prepared",
    }
}

impl CustomerMay {
    /// Whether an order in this state is still hers to change.
    pub fn in_state(self, state: OrderState) -> bool {
        use OrderState::{Backordered, Confirmed, Pending};
        match self {
            CustomerMay::Never => false,
            CustomerMay::UntilConfirmed => state == Pending,
            CustomerMay::UntilPrepared => matches!(state, Pending | Confirmed | Backordered),
        }
    }
}

sections! {
    /// The organization itself.
    general: General {
        /// Its name on pages, mails and documents.
        name: String = String::new(),
        /// The language of a new user and of texts to nobody in particular.
        default_locale: Locale = Locale::En,
    }

    /// How orders are taken and moved.
    orders: Orders {
        /// Seconds in which an actor may take a move back; effects outside wait as long. 0 to 300.
        undo_seconds: u32 = 10,
        /// Minutes in which one action on many orders may be taken back; effects outside wait as long. 0 to 1,440.
        bulk_undo_minutes: u32 = 10,
        /// The states whose arrival the customer hears of: the marks of the rule set.
        notifiable_states: Vec<OrderState> = RuleSet::default().notifiable_states(),
        /// The states that the ERP hears of, once it has an address: the marks of the rule set.
        syncable_states: Vec<OrderState> = RuleSet::default().syncable_states(),
        /// Most lines that one order may have. 1 to 5,000.
        max_lines: u32 = 1_000,
        /// Days after its last change on which a draft is deleted. 1 to 365.
        draft_days: u32 = 14,
        /// Stands before an order's number: `K-` makes `K-1041`. At most 8 letters, digits, dashes.
        number_prefix: String = String::new(),
    }

    /// Tags and fields of the team's own.
    fields: Fields {
        /// Whether whoever writes an order or a customer may use a new tag, which begins with it; otherwise that
        /// takes the right to edit tags.
        new_tags: bool = true,
        /// Whether names in `custom` that no field has are kept; otherwise they are refused.
        keep_unknown: bool = true,
    }

    /// Signing in.
    access: Access {
        /// Days without a request after which a browser must sign in again. 1 to 90.
        session_idle_days: u32 = 7,
        /// Days that a trusted device stays signed in. 1 to 365.
        trusted_days: u32 = 30,
        /// Hours that a token of the API lives. 1 to 24.
        token_hours: u32 = 24,
        /// The least strength of a password, 0 to 4, as zxcvbn counts it.
        password_min_score: u8 = 3,
        /// Wrong passwords in a row after which signing in is locked. 3 to 100.
        lockout_attempts: u32 = 5,
        /// Minutes that it stays locked. 1 to 1,440.
        lockout_minutes: u32 = 15,
        /// Hours that an invitation can be used. 1 to 720.
        invite_hours: u32 = 168,
        /// Minutes that a link for a new password can be used. 5 to 1,440.
        reset_minutes: u32 = 60,
    }

    /// Messages to customers and users.
    notifications: Notifications {
        /// Whether customers get e-mail.
        email: bool = true,
        /// Who a mail is from, as people read it; empty means the organization's name.
        sender_name: String = String::new(),
    }

    /// How a problem goes up the team: from the agent, level 0, through the levels to the last.
    escalation: Escalation {
        /// Working hours of the store that an answered one may wait with its agent. 1 to 1,000.
        agent_hours: u32 = 8,
        /// The levels above the agent, lowest first: who is there and how long they have. 1 to 6.
        levels: Vec<EscalationLevel> = vec![EscalationLevel::new("team_manager", 8), EscalationLevel::new("admin", 16)],
        /// Whether the people of a level get e-mail.
        mail: bool = true,
    }

    /// The organization's own back office.
    erp: Erp {
        /// Where moves are told to, `https://…`; empty means nowhere.
        url: String = String::new(),
        /// The name of the secret that signs or authorizes what is told.
        secret_name: String = String::from("erp"),
    }

    /// What customers see of their orders: look-up, tracking page, own history.
    tracking: Tracking {
        /// Whether customers can look at their orders by number, by link and by code.
        is_on: bool = true,
        /// Days that a link to an order can be used. 1 to 730.
        link_days: u32 = 90,
        /// Where customers call, with the country's code: `+213 550 14 23 87`; empty shows nothing.
        phone: String = String::new(),
        /// Where they write by WhatsApp, in the same form; empty shows nothing.
        whatsapp: String = String::new(),
        /// The colour of headings and buttons, `#0b6b5d`, on which white is readable; empty takes the store's own colour
        /// where white is readable on it.
        accent: String = String::new(),
        /// Until when customers change things, address and day of an order themselves: `never`, `until_confirmed`, `until_prepared`.
        change: CustomerMay = CustomerMay::UntilConfirmed,
        /// Until when they call an order off themselves, in the same words.
        cancel: CustomerMay = CustomerMay::UntilConfirmed,
        /// What is different for some stores; at most 200.
        stores: Vec<StoreFront> = Vec::new(),
    }

    /// How long things are kept. Events are kept for good.
    retention: Retention {
        /// Days that finished jobs are kept. 1 to 3,650.
        job_log_days: u32 = 30,
        /// Days that messages to customers are kept. 1 to 3,650.
        messages_days: u32 = 730,
    }

    /// What is done to protect people.
    privacy: Privacy {
        /// Whether the address of a request is kept with sign-ins.
        keep_ip: bool = true,
        /// Hours between asking to erase a person and doing it, in which it can be called off. 0 to 720.
        erase_wait_hours: u32 = 24,
        /// Months without an order or a change after which a customer is erased; 0 means never. 0 to 240.
        forget_after_months: u32 = 0,
    }
}

impl Settings {
    /// What the values must be beyond their types; one entry per field of this section.
    fn check(&self, section: &str) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        match section {
            "general" => text(&mut wrong, "name", &self.general.name, 200),
            "orders" => {
                range(&mut wrong, "undo_seconds", self.orders.undo_seconds, 0, 300);
                range(&mut wrong, "bulk_undo_minutes", self.orders.bulk_undo_minutes, 0, 1_440);
                range(&mut wrong, "max_lines", self.orders.max_lines, 1, 5_000);
                range(&mut wrong, "draft_days", self.orders.draft_days, 1, 365);
                let prefix = &self.orders.number_prefix;
                if prefix.len() > 8 || !prefix.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-') {
                    wrong.push(FieldError::new("number_prefix", "setting.prefix"));
                }
            }
            "access" => {
                range(&mut wrong, "session_idle_days", self.access.session_idle_days, 1, 90);
                range(&mut wrong, "trusted_days", self.access.trusted_days, 1, 365);
                range(&mut wrong, "token_hours", self.access.token_hours, 1, 24);
                range(&mut wrong, "password_min_score", u32::from(self.access.password_min_score), 0, 4);
                range(&mut wrong, "lockout_attempts", self.access.lockout_attempts, 3, 100);
                range(&mut wrong, "lockout_minutes", self.access.lockout_minutes, 1, 1_440);
                range(&mut wrong, "invite_hours", self.access.invite_hours, 1, 720);
                range(&mut wrong, "reset_minutes", self.access.reset_minutes, 5, 1_440);
            }
            "notifications" => text(&mut wrong, "sender_name", &self.notifications.sender_name, 200),
            "escalation" => {
                range(&mut wrong, "agent_hours", self.escalation.agent_hours, 1, 1_000);
                let levels = &self.escalation.levels;
                if !(1..=6).contains(&levels.len()) {
                    wrong.push(FieldError::new("levels", "range").with("least", 1).with("most", 6));
                }
                for (place, level) in levels.iter().enumerate() {
                    range(&mut wrong, &format!("levels[{place}].hours"), level.hours, 1, 1_000);
                    if level.role.is_empty() {
                        wrong.push(FieldError::new(format!("levels[{place}].role"), "required"));
                    }
                    text(&mut wrong, &format!("levels[{place}].role"), &level.role, 60);
                }
            }
            "erp" => {
                let url = &self.erp.url;
                let is_web = url.starts_with("https://") || url.starts_with("http://");
                if !url.is_empty() && (!is_web || url.len() > 2_000 || url.chars().any(|sign| sign.is_whitespace() || sign.is_control())) {
                    wrong.push(FieldError::new("url", "setting.url"));
                }
                text(&mut wrong, "secret_name", &self.erp.secret_name, 100);
            }
            "tracking" => {
                let tracking = &self.tracking;
                range(&mut wrong, "link_days", tracking.link_days, 1, 730);
                telephone(&mut wrong, "phone".to_owned(), &tracking.phone);
                telephone(&mut wrong, "whatsapp".to_owned(), &tracking.whatsapp);
                colour(&mut wrong, "accent".to_owned(), &tracking.accent);
                if tracking.stores.len() > 200 {
                    wrong.push(FieldError::new("stores", "setting.range").with("least", 0).with("most", 200));
                }
                for (place, front) in tracking.stores.iter().enumerate() {
                    telephone(&mut wrong, format!("stores[{place}].phone"), front.phone.as_deref().unwrap_or_default());
                    telephone(&mut wrong, format!("stores[{place}].whatsapp"), front.whatsapp.as_deref().unwrap_or_default());
                    colour(&mut wrong, format!("stores[{place}].accent"), front.accent.as_deref().unwrap_or_default());
                }
            }
            "retention" => {
                range(&mut wrong, "job_log_days", self.retention.job_log_days, 1, 3_650);
                range(&mut wrong, "messages_days", self.retention.messages_days, 1, 3_650);
            }
            "privacy" => {
                range(&mut wrong, "erase_wait_hours", self.privacy.erase_wait_hours, 0, 720);
                range(&mut wrong, "forget_after_months", self.privacy.forget_after_months, 0, 240);
            }
            _ => {}
        }
        wrong
    }
}

fn range(wrong: &mut Vec<FieldError>, field: &str, value: u32, least: u32, most: u32) {
    if !(least..=most).contains(&value) {
        wrong.push(FieldError::new(field, "setting.range").with("least", least).with("most", most));
    }
}

/// Nothing, or a telephone number with its country's code.
fn telephone(wrong: &mut Vec<FieldError>, field: String, value: &str) {
    let plain: String = value.chars().filter(|sign| !matches!(sign, ' ' | '-' | '.' | '(' | ')')).collect();
    if !value.is_empty() && (value.len() > 40 || Phone::from_e164(&plain).is_err()) {
        wrong.push(FieldError::new(field, "setting.phone"));
    }
}

/// Nothing, or a colour on which white is readable.
fn colour(wrong: &mut Vec<FieldError>, field: String, value: &str) {
    if value.is_empty() {
        return;
    }
    match white_on(value) {
        None => wrong.push(FieldError::new(field, "setting.colour")),
        Some(contrast) if contrast < READABLE => {
            wrong.push(FieldError::new(field, "setting.contrast").with("found", format!("{contrast:.1}")));
        }
        Some(_) => {}
    }
}

/// The least contrast at which text is readable (WCAG 2.2 AA).
pub const READABLE: f64 = 4.5;

/// The contrast of white on a colour, `#rrggbb`; none for what is no colour.
pub fn white_on(colour: &str) -> Option<f64> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|sign| sign.is_ascii_hexdigit()))?;
    let bits = u32::from_str_radix(digits, 16).ok()?;
    let part = |shift: u32| {
        let value = f64::from((bits >> shift) & 0xff) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    Some(1.05 / (0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0) + 0.05))
}

fn text(wrong: &mut Vec<FieldError>, field: &str, value: &str, most: usize) {
    if value.len() > most || value.chars().any(char::is_control) {
        wrong.push(FieldError::new(field, "setting.text").with("most", most));
    }
}

/// A section as people see and edit it.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionView {
    /// Its name.
    pub name: &'static str,
    /// All its fields.
    pub value: Value,
    /// What the fields are when nobody sets them.
    pub defaults: Value,
    /// 0 when it was never set.
    pub version: Version,
    /// When it was last set.
    pub changed_at: Option<Time>,
    /// Who set it last, if a person did.
    pub changed_by: Option<UserId>,
}

db::row! {
    struct Stored {
        name: String,
        value: String,
        version: i64,
        changed_at: Time,
        changed_by: Option<UserId>,
    }
}

/// All sections, with their defaults. Needs `settings.read`.
pub fn list(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<SectionView>, Error> {
    ctx.require(Permission::SettingsRead)?;

    let stored = list_stored(tx)?;
    let settings = read(&stored);
    let defaults = Settings::default();
    let view = |name: &'static str| {
        let row = stored.iter().find(|row| row.name == name);
        Some(SectionView {
            name,
            value: settings.section(name)?,
            defaults: defaults.section(name)?,
            version: row.map_or(0, |row| row.version),
            changed_at: row.map(|row| row.changed_at),
            changed_by: row.and_then(|row| row.changed_by),
        })
    };
    Ok(SECTIONS.iter().filter_map(|(name, _)| view(name)).collect())
}

/// Changes the given fields of a section; a field that is `null` gets its default back. Needs `settings.edit`.
///
/// `Invalid` names every unknown field and wrong value; `Stale` when `version` is given and another
/// one stands.
pub fn set(tx: &mut Tx, ctx: &Ctx, section: &str, fields: &Map<String, Value>, version: Option<Version>) -> Result<SectionView, Error> {
    ctx.require(Permission::SettingsEdit)?;

    let &(name, known) = SECTIONS.iter().find(|(name, _)| *name == section).ok_or(Error::not_found("setting"))?;
    let stored = list_stored(tx)?;
    let before = read(&stored);
    let standing = stored.iter().find(|row| row.name == name).map_or(0, |row| row.version);

    let after = merged(&before, name, known, fields)?;
    let details = differences(&before, &after, name, known);
    if version.is_some_and(|version| version != standing) {
        let fields = known.iter().copied().filter(|field| fields.contains_key(*field)).collect();
        return Err(Error::Stale { version: standing, fields });
    }

    if !details.changes.is_empty() {
        let value = after.section(name).unwrap_or_default().to_string();
        write(tx, ctx, name, &value, standing)?;
        save_marks(tx, ctx, &before, &after)?;
        let user = ctx.user().unwrap_or(UserId::from_i64(0));
        events::record_with(tx, ctx, Event::SettingChanged { user, name: name.to_owned() }, details)?;
        tx.touch(TOPIC, ctx.org);
    }

    list_one(tx, ctx, name)
}

/// What stands in the rule set and is set here goes there, as a version of its own.
fn save_marks(tx: &mut Tx, ctx: &Ctx, before: &Settings, after: &Settings) -> Result<(), Error> {
    let marks = |settings: &Settings| (settings.orders.notifiable_states.clone(), settings.orders.syncable_states.clone());
    let (notifiable, syncable) = marks(after);
    if marks(before) == (notifiable.clone(), syncable.clone()) {
        return Ok(());
    }
    let rules = before.rules.marked(&notifiable, &syncable);
    rules::save(tx, ctx, &rules, before.rules_version, &Because { origin: "settings", note: None, mapping: None })?;
    Ok(())
}

fn list_one(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<SectionView, Error> {
    let reader = Ctx { permissions: [Permission::SettingsRead].into_iter().collect(), ..ctx.clone() };
    list(tx, &reader)?.into_iter().find(|view| view.name == name).ok_or(Error::not_found("setting"))
}

/// The settings with these fields changed, or every field that cannot be.
fn merged(before: &Settings, name: &str, known: &[&str], fields: &Map<String, Value>) -> Result<Settings, Error> {
    let mut check = Check::new();
    let mut whole = before.section(name).unwrap_or_default();
    let defaults = Settings::default().section(name).unwrap_or_default();
    for (field, value) in fields {
        if !known.contains(&field.as_str()) {
            check.fail(field, "unknown");
            continue;
        }
        let value = if value.is_null() { defaults[field].clone() } else { value.clone() };
        let mut alone = whole.clone();
        alone[field] = value.clone();
        // One at a time, so that every field of a wrong type is named.
        match before.clone().replace(name, alone) {
            Ok(()) => whole[field] = value,
            Err(_) => check.fail(field, "setting.type"),
        }
    }
    let mut after = before.clone();
    after.replace(name, whole).map_err(Error::internal)?;
    for wrong in after.check(name) {
        check.push(wrong);
    }
    check.done()?;
    Ok(after)
}

fn differences(before: &Settings, after: &Settings, name: &str, known: &[&str]) -> Details {
    let (before, after) = (before.section(name).unwrap_or_default(), after.section(name).unwrap_or_default());
    let mut details = Details::none();
    for field in known {
        details.change(field, &before[*field], &after[*field]);
    }
    details
}

/// The settings of the transaction's organization as they stand.
pub fn load(tx: &mut Tx) -> Result<Settings, Error> {
    Ok(read(&list_stored(tx)?))
}

/// What the rows say over the defaults. A section that cannot be read has its defaults, and the log says so.
fn read(stored: &[Stored]) -> Settings {
    let mut settings = Settings::default();
    for row in stored {
        settings.version += row.version;
        if row.name == rules::NAME {
            settings.rules_version = row.version;
            match RuleSet::parse(&row.value) {
                Ok(rules) => settings.rules = Arc::new(rules),
                Err(error) => tracing::error!("The stored rule set cannot be read, so none is used: {error}"),
            }
        }
        if row.name == crate::field_set::NAME {
            match serde_json::from_str(&row.value) {
                Ok(set) => settings.field_set = Arc::new(set),
                Err(error) => tracing::error!("The stored fields cannot be read, so none are used: {error}"),
            }
        }
        let Some((name, known)) = SECTIONS.iter().find(|(name, _)| *name == row.name) else { continue };
        let mut value: Value = serde_json::from_str(&row.value).unwrap_or_default();
        if let Value::Object(fields) = &mut value {
            fields.retain(|field, _| known.contains(&field.as_str()));
        }
        if let Err(error) = settings.replace(name, value) {
            tracing::error!(setting = row.name, "Stored settings cannot be read, so defaults are used: {error}");
        }
    }
    settings.orders.notifiable_states = settings.rules.notifiable_states();
    settings.orders.syncable_states = settings.rules.syncable_states();
    settings
}

fn list_stored(tx: &mut Tx) -> Result<Vec<Stored>, Error> {
    tx.rows(
        "select name, value, version, changed_at, changed_by
           from settings
          where org_id = $1
          order by name
          limit 100",
        params![tx.org()],
    )
}

pub(crate) fn write(tx: &mut Tx, ctx: &Ctx, name: &str, value: &str, standing: Version) -> Result<(), Error> {
    let written = tx.execute(
        "insert into settings (org_id, name, value, version, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (org_id, name) do update
            set value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
          where settings.version = $7",
        params![tx.org(), name, value, standing + 1, ctx.now, ctx.user(), standing],
    )?;
    // Somebody else's change was committed between our look and our write.
    if written == 0 { Err(Error::Stale { version: standing + 1, fields: Vec::new() }) } else { Ok(()) }
}

/// What a process remembers of settings.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    kept: Mutex<HashMap<OrgId, Kept>>,
    tally: Tally,
}

#[derive(Debug, Default)]
struct Kept {
    settings: Arc<Settings>,
    /// None when a change was heard of and the next look has not come back.
    read_at: Option<Instant>,
    /// Grows with each change heard of, so that a look that began before does not count.
    changes: u64,
}

impl Kept {
    /// Keeps what a look found that began after so many changes. A slow look may come back after a newer one, so
    /// it counts only when nothing was heard of meanwhile, or it knows more versions.
    fn take(&mut self, settings: Settings, changes: u64) {
        let is_current = self.changes == changes;
        // By version: the same snapshot is shared by as many callers as possible.
        if self.settings.version != settings.version && (is_current || settings.version > self.settings.version) {
            self.settings = Arc::new(settings);
        }
        if is_current {
            self.read_at = Some(Instant::now());
        }
    }
}

impl Cache {
    /// Fresh settings; the last known ones when the database does not answer.
    pub(crate) async fn get(&self, db: &Db, org: OrgId) -> Arc<Settings> {
        let changes = {
            let mut kept = self.lock();
            let kept = kept.entry(org).or_default();
            let is_known = kept.read_at.is_some_and(|at| at.elapsed() < FRESH);
            self.tally.count(is_known);
            if is_known {
                return Arc::clone(&kept.settings);
            }
            kept.changes
        };
        let read = db.read(org, load).await;
        let mut kept = self.lock();
        let kept = kept.entry(org).or_default();
        match read {
            Ok(settings) => {
                kept.take(settings, changes);
            }
            Err(error) => tracing::warn!(org.id = %org, "Settings cannot be read, the last known ones are used: {error}"),
        }
        Arc::clone(&kept.settings)
    }

    /// How it is. What was never read or is to be read anew does not count as an entry.
    pub(crate) fn figures(&self) -> CacheFigures {
        let entries = self.lock().values().filter(|kept| kept.read_at.is_some()).count();
        self.tally.figures("settings", entries, None)
    }

    /// The next look at any organization goes to the database.
    pub(crate) fn clear(&self) {
        for kept in self.lock().values_mut() {
            kept.read_at = None;
            kept.changes += 1;
        }
    }

    /// The next look goes to the database.
    pub(crate) fn forget(&self, org: OrgId) {
        let mut kept = self.lock();
        let kept = kept.entry(org).or_default();
        kept.read_at = None;
        kept.changes += 1;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(section: &str, fields: &str, expected: &str) {
        let known = SECTIONS.iter().find(|(name, _)| *name == section).unwrap().1;
        let answer = match merged(&Settings::default(), section, known, &serde_json::from_str(fields).unwrap()) {
            Ok(after) => differences(&Settings::default(), &after, section, known).fields().join(" "),
            Err(Error::Invalid(wrong)) => wrong.iter().map(|one| format!("{}={}", one.field, one.code)).collect::<Vec<_>>().join(" "),
            Err(other) => other.to_string(),
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn wrong_fields_are_named_all_at_once() {
        check("orders", r#"{"undo_seconds": 20}"#, "undo_seconds");
        check("orders", r#"{"undo_seconds": 10, "max_lines": null}"#, "");
        check(
            "orders",
            r#"{"undo_seconds": "soon", "colour": 1, "max_lines": 0}"#,
            "colour=unknown undo_seconds=setting.type max_lines=setting.range",
        );
        check("orders", r#"{"notifiable_states": ["DELIVERED", "LOST"]}"#, "notifiable_states=setting.type");
        check("orders", r#"{"number_prefix": "K-2026"}"#, "number_prefix");
        check("orders", r#"{"number_prefix": "K 2"}"#, "number_prefix=setting.prefix");
        check("erp", r#"{"url": "ftp://erp"}"#, "url=setting.url");
        check("general", r#"{"name": "Boutique\u0007", "default_locale": "ar"}"#, "name=setting.text");
        check("tracking", r##"{"phone": "+213 550 14 23 87", "whatsapp": "+213550142387", "accent": "#7A1F5C"}"##, "phone whatsapp accent");
        check(
            "tracking",
            r##"{"phone": "0550 14", "accent": "#ffcc00", "link_days": 0, "stores": [{"store": "sto_0000000000001", "accent": "red"}]}"##,
            "link_days=setting.range phone=setting.phone accent=setting.contrast stores[0].accent=setting.colour",
        );
    }

    #[test]
    fn the_contrast_of_white_is_that_of_the_guidelines() {
        for (colour, expected) in [("#ffffff", "1.00"), ("#000000", "21.00"), ("#0b6b5d", "6.41"), ("#767676", "4.54")] {
            assert_eq!(format!("{:.2}", white_on(colour).unwrap()), expected, "{colour}");
        }
        assert!(white_on("0b6b5d").is_none() && white_on("#0b6b5").is_none() && white_on("#0b6b5g").is_none());
    }

    #[test]
    fn a_slow_look_does_not_undo_a_newer_one() {
        let at = |version: Version| Settings { version, ..Settings::default() };
        let mut kept = Kept::default();
        kept.take(at(1), 0);
        kept.changes += 1;
        kept.read_at = None;
        kept.take(at(2), 1);
        kept.take(at(1), 0);
        assert_eq!((kept.settings.version, kept.read_at.is_some()), (2, true));
        // What was heard of while a look was under way is looked at again, but what it found is used.
        kept.changes += 1;
        kept.read_at = None;
        kept.take(at(3), 1);
        assert_eq!((kept.settings.version, kept.read_at.is_some()), (3, false));
    }

    #[test]
    fn what_a_newer_release_wrote_is_skipped() {
        let row = |name: &str, value: &str| Stored { name: name.into(), value: value.into(), version: 2, changed_at: Time(0), changed_by: None };
        let settings = read(&[row("orders", r#"{"undo_seconds": 30, "from_tomorrow": true}"#), row("tomorrow", "{}"), row("erp", "broken")]);
        assert_eq!(settings.orders.undo_seconds, 30);
        assert_eq!(settings.orders.max_lines, 1_000);
        assert_eq!(settings.erp, Erp::default());
        assert_eq!(settings.version, 6);
    }
}
