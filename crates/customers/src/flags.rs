//! Marks on customers: refuses parcels, is a VIP, speaks Kabyle. Each has a kind, a reason, a day, and
//! whoever put it there; it stands until its end or until somebody takes it off with a reason.
//!
//! Kinds come with Kafila ([`SEEDS`]) or are the organization's own. A kind is a word of small letters,
//! digits and underscores, with words for people in each language and a tone. An organization may give a
//! seeded kind another tone and other words, or put it away; marks that stand keep their kind.

use std::collections::BTreeMap;

use base::{Ctx, events};
use db::Tx;
use kernel::{Actor, Check, CustomerId, Error, Event, FieldError, FlagId, Id, Labels, Locale, Permission, Time, Tone, UserId, Version};

use crate::service::to_change;
use crate::store::{self, flags as rows};

/// Open marks of one customer.
const MOST: i64 = 50;
/// Kinds of one organization.
const MOST_KINDS: usize = 100;
/// Letters of a reason.
const REASON: usize = 500;

/// A kind that comes with Kafila.
pub struct Seed {
    /// Its word.
    pub code: &'static str,
    /// Its tone.
    pub tone: Tone,
    labels: [&'static str; 3],
}

const fn seed(code: &'static str, tone: Tone, labels: [&'static str; 3]) -> Seed {
    Seed { code, tone, labels }
}

/// The kinds of the first start: words in English, French and Arabic.
#[rustfmt::skip]
pub const SEEDS: &[Seed] = &[
    seed("refuser",     Tone::Bad,     ["Refuses parcels",   "Refuse ses colis",        "يرفض الطرود"]),
    seed("abusive",     Tone::Bad,     ["Abusive",           "Propos injurieux",        "مسيء في كلامه"]),
    seed("fraud",       Tone::Bad,     ["Fraud suspected",   "Soupçon de fraude",       "يُشتبه في الاحتيال"]),
    seed("do_not_call", Tone::Warn,    ["Do not call",       "Ne pas appeler",          "لا تتصل به"]),
    seed("vip",         Tone::Primary, ["VIP",               "VIP",                     "زبون مميز"]),
    seed("speaks",      Tone::Info,    ["Speaks …",          "Parle …",                 "يتكلم …"]),
];

impl Seed {
    /// Its words by language.
    pub fn labels(&self) -> Labels {
        [Locale::En, Locale::Fr, Locale::Ar].into_iter().zip(self.labels).map(|(locale, text)| (locale, text.to_owned())).collect()
    }
}

/// A kind of marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagKind {
    /// Its word.
    pub code: String,
    /// Words for people, by language.
    pub labels: Labels,
    /// Its colour.
    pub tone: Tone,
    /// Whether it came with Kafila.
    pub is_seeded: bool,
    /// Whether it is offered no more.
    pub is_archived: bool,
    /// 0 while nobody has changed a seeded kind; grows with each change.
    pub version: Version,
}

impl FlagKind {
    /// What people of this language read; the kind's word where no language has one.
    pub fn label(&self, locale: Locale) -> &str {
        locale.fallbacks().iter().find_map(|one| self.labels.get(one)).map_or(&self.code, |label| label)
    }
}

/// What a kind shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagKindChange {
    /// Words for people, by language; at least one. A seeded kind keeps its own where this is empty.
    pub labels: Labels,
    /// Its colour.
    pub tone: Tone,
    /// Whether it is offered no more.
    pub is_archived: bool,
    /// The version that was read.
    pub version: Option<Version>,
}

db::row! {
    /// A mark on a customer.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Flag {
        /// Which.
        pub id: FlagId,
        /// On whom.
        pub customer_id: CustomerId,
        /// Of which kind.
        pub kind: String,
        /// Why; may be empty where the kind says all.
        pub reason: String,
        /// Since when it is so.
        pub at: Time,
        /// When it goes by itself.
        pub expires_at: Option<Time>,
        /// Who put it there: the kind of actor.
        pub author_kind: String,
        /// Who put it there: the number.
        pub author_id: Option<i64>,
        /// When it was taken off.
        pub removed_at: Option<Time>,
        /// Who took it off: the kind of actor.
        pub removed_by_kind: Option<String>,
        /// Who took it off: the number.
        pub removed_by_id: Option<i64>,
        /// Why it was taken off.
        pub removed_reason: Option<String>,
    }
}

impl Flag {
    /// Who put it there.
    pub fn author(&self) -> Actor {
        Actor::from_columns(&self.author_kind, self.author_id)
    }

    /// Who took it off.
    pub fn removed_by(&self) -> Option<Actor> {
        self.removed_by_kind.as_deref().map(|kind| Actor::from_columns(kind, self.removed_by_id))
    }

    /// Whether it stands.
    pub fn is_open(&self, now: Time) -> bool {
        self.removed_at.is_none() && self.expires_at.is_none_or(|at| at > now)
    }
}

/// A mark to be put on a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlag {
    /// Of which kind.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Since when it is so; now when not given.
    pub at: Option<Time>,
    /// When it goes by itself.
    pub expires_at: Option<Time>,
}

/// All kinds, the seeded ones first. Whoever may see customers may see them.
pub fn list_kinds(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<FlagKind>, Error> {
    ctx.require(Permission::CustomerRead)?;
    kinds(tx)
}

fn kinds(tx: &mut Tx) -> Result<Vec<FlagKind>, Error> {
    let mut own: BTreeMap<String, FlagKind> = rows::list_kinds(tx)?.into_iter().map(|kind| (kind.code.clone(), kind)).collect();
    let mut all = Vec::new();
    for seed in SEEDS {
        all.push(match own.remove(seed.code) {
            Some(changed) if changed.labels.is_empty() => FlagKind { labels: seed.labels(), is_seeded: true, ..changed },
            Some(changed) => FlagKind { is_seeded: true, ..changed },
            None => FlagKind { code: seed.code.to_owned(), labels: seed.labels(), tone: seed.tone, is_seeded: true, is_archived: false, version: 0 },
        });
    }
    all.extend(own.into_values());
    Ok(all)
}

/// Makes a kind of one's own, or changes any kind. Needs `settings.edit`.
pub fn save_kind(tx: &mut Tx, ctx: &Ctx, code: &str, change: &FlagKindChange) -> Result<FlagKind, Error> {
    ctx.require(Permission::SettingsEdit)?;

    let all = kinds(tx)?;
    let standing = all.iter().find(|kind| kind.code == code);
    let mut check = Check::new();
    let is_word = (1..=40).contains(&code.len()) && code.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_');
    check.require(is_word, "code", "flag.code");
    check.require(standing.is_some() || all.len() < MOST_KINDS, "code", "flag.too_many_kinds");
    check.require(!change.labels.is_empty() || standing.is_some_and(|kind| kind.is_seeded), "labels", "required");
    for (locale, label) in &change.labels {
        if !(1..=60).contains(&label.trim().chars().count()) {
            check.push(FieldError::new(format!("labels.{locale}"), "too_long").with("max", 60));
        }
        check.require(!label.contains('\0'), format!("labels.{locale}"), "text.control");
    }
    check.done()?;
    let version = standing.map_or(0, |kind| kind.version);
    if change.version.is_some_and(|asked| asked != version) || !rows::save_kind(tx, code, change, version, ctx.now)? {
        return Err(Error::Stale { version, fields: vec!["labels", "tone", "is_archived"] });
    }

    let user = ctx.user().unwrap_or(UserId::from_i64(0));
    events::record(tx, ctx, Event::SettingChanged { user, name: format!("flag_kind.{code}") })?;
    kinds(tx)?.into_iter().find(|kind| kind.code == code).ok_or_else(|| Error::internal("the kind just written is not there"))
}

/// Puts a mark on a customer. The same kind may stand twice only with another reason.
pub fn add(tx: &mut Tx, ctx: &Ctx, id: CustomerId, new: &NewFlag) -> Result<Flag, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let customer = to_change(tx, ctx, id)?;
    let reason = new.reason.trim();
    let mut check = Check::new();
    let known = kinds(tx)?;
    if !known.iter().any(|kind| kind.code == new.kind && !kind.is_archived) {
        let offered: Vec<&str> = known.iter().filter(|kind| !kind.is_archived).map(|kind| kind.code.as_str()).collect();
        check.push(FieldError::new("type", "flag.kind").with("allowed", offered.join(", ")));
    }
    // Which language, otherwise?
    check.require(new.kind != "speaks" || !reason.is_empty(), "reason", "required");
    check_words(&mut check, "reason", reason);
    check.require(new.at.is_none_or(|at| at <= ctx.now.plus_s(300)), "date", "date.future");
    check.require(new.expires_at.is_none_or(|at| at > ctx.now), "expires_at", "time.past");
    check.done()?;
    let open = rows::open_of(tx, &[customer.id], ctx.now)?;
    if let Some(twin) = open.iter().find(|flag| flag.kind == new.kind && flag.reason == reason) {
        return Ok(twin.clone());
    }
    if open.len() as i64 >= MOST {
        return Err(Error::field("type", "too_many").with("max", MOST));
    }

    let flag: FlagId = tx.new_id();
    rows::insert(tx, ctx, flag, customer.id, new, reason)?;

    events::record(tx, ctx, Event::FlagAdded { customer: customer.id, flag, flag_kind: new.kind.clone() })?;
    rows::find(tx, customer.id, flag)?.ok_or_else(|| Error::internal("the mark just written is not there"))
}

fn check_words(check: &mut Check, field: &'static str, text: &str) {
    if text.chars().count() > REASON {
        check.push(FieldError::new(field, "too_long").with("max", REASON));
    }
    check.require(!text.contains('\0'), field, "text.control");
}

/// Takes a mark off, with a reason. `Conflict` `flag.removed` when somebody did already.
pub fn remove(tx: &mut Tx, ctx: &Ctx, id: CustomerId, flag: FlagId, reason: &str) -> Result<Flag, Error> {
    ctx.require(Permission::CustomerEdit)?;

    let customer = to_change(tx, ctx, id)?;
    let found = rows::find(tx, customer.id, flag)?.ok_or(Error::not_found("flag"))?;
    let reason = reason.trim();
    let mut check = Check::new();
    check.require(!reason.is_empty(), "reason", "required");
    check_words(&mut check, "reason", reason);
    check.done()?;
    if found.removed_at.is_some() || !rows::remove(tx, ctx, flag, reason)? {
        return Err(Error::conflict("flag.removed"));
    }

    events::record(tx, ctx, Event::FlagRemoved { customer: customer.id, flag, flag_kind: found.kind })?;
    rows::find(tx, customer.id, flag)?.ok_or_else(|| Error::internal("the mark just taken off is not there"))
}

/// A customer's marks, newest first: those that stand, or all with those taken off.
pub fn list(tx: &mut Tx, ctx: &Ctx, id: CustomerId, with_removed: bool) -> Result<Vec<Flag>, Error> {
    ctx.require(Permission::CustomerRead)?;
    let customer = store::find(tx, ctx, id)?.ok_or(Error::not_found("customer"))?;
    let flags = if with_removed { rows::list(tx, customer.id)? } else { rows::open_of(tx, &[customer.id], ctx.now)? };
    Ok(shown(ctx, flags))
}

/// All marks of a customer older than a place, newest first, for whoever has looked her up.
pub fn before(tx: &mut Tx, ctx: &Ctx, id: CustomerId, before: Option<(Time, i64)>, limit: u32) -> Result<Vec<Flag>, Error> {
    ctx.require(Permission::CustomerRead)?;
    Ok(shown(ctx, rows::before(tx, id, before, limit)?))
}

/// Free words in marks, for those without the rights to see telephones and addresses.
fn shown(ctx: &Ctx, flags: Vec<Flag>) -> Vec<Flag> {
    let words = |text: &str| crate::shown_words(ctx, text);
    let shown = |flag: Flag| Flag { reason: words(&flag.reason), removed_reason: flag.removed_reason.map(|why| words(&why)), ..flag };
    flags.into_iter().map(shown).collect()
}

/// The marks that stand on any of these customers: one statement for a whole list of orders, and none for
/// whoever may not see customers. The caller has looked the customers up before.
pub fn open_of(tx: &mut Tx, ctx: &Ctx, customers: &[CustomerId]) -> Result<Vec<Flag>, Error> {
    if customers.is_empty() || !ctx.can(Permission::CustomerRead) {
        return Ok(Vec::new());
    }
    let mut ids = customers.to_vec();
    ids.sort_unstable();
    ids.dedup();
    Ok(shown(ctx, rows::open_of(tx, &ids, ctx.now)?))
}

/// The kinds that these marks have, by their word, to show tone and words: one statement, none without marks.
pub fn kinds_of(tx: &mut Tx, flags: &[Flag]) -> Result<BTreeMap<String, FlagKind>, Error> {
    if flags.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(kinds(tx)?.into_iter().map(|kind| (kind.code.clone(), kind)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seeded_kind_has_its_words_and_none_stands_twice() {
        let mut codes: Vec<&str> = SEEDS.iter().map(|seed| seed.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), SEEDS.len());
        for seed in SEEDS {
            assert_eq!(seed.labels().values().filter(|label| !label.is_empty()).count(), 3, "{}", seed.code);
        }
    }
}
