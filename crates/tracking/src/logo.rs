//! The logos that customers see on their pages: one for all stores, and a store's own where it has one.

use attachments::Logo;
use base::{Ctx, events};
use db::Tx;
use kernel::{Details, Error, Event, Id, OrgId, Permission, StoreId, Time, UserId};
use sha2::{Digest, Sha256};

use crate::store::logos;

/// A logo as pages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownLogo {
    /// Whose; none for all stores.
    pub store: Option<StoreId>,
    /// What stands in its address; another picture has another one.
    pub hash: String,
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
    /// In bytes.
    pub size: i64,
    /// When it was set.
    pub changed_at: Time,
}

impl ShownLogo {
    /// Where it lies: for ever the same picture, so browsers keep it.
    pub fn path(&self, org: OrgId) -> String {
        format!("/logo/{org}/{}", self.hash)
    }

    /// How wide and how high it is shown, in points: as high as the line of the store's name, or lower where it is long.
    pub fn shown_size(&self) -> (i64, i64) {
        let (width, height) = (self.width.max(1), self.height.max(1));
        let high = height.min(40).min(160 * height / width).max(1);
        ((width * high / height).max(1), high)
    }
}

/// The picture itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoContent {
    /// `image/png` or `image/jpeg`.
    pub content_type: String,
    /// The bytes.
    pub content: Vec<u8>,
}

/// Where the logo of all stores is kept.
fn key(store: Option<StoreId>) -> i64 {
    store.map_or(0, Id::to_i64)
}

/// All logos, that of all stores first. Needs `settings.read`.
pub fn list_logos(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<ShownLogo>, Error> {
    ctx.require(Permission::SettingsRead)?;
    let mut all: Vec<ShownLogo> = logos::list(tx)?.into_iter().map(shown).collect();
    all.retain(|logo| logo.store.is_none_or(|store| ctx.sees().store(store)));
    Ok(all)
}

/// Sets the logo of a store, or of all stores that have none of their own. Needs `settings.edit`.
pub fn set_logo(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>, logo: &Logo) -> Result<ShownLogo, Error> {
    may_set_logo(tx, ctx, store)?;

    let before = logos::find(tx, key(store))?.map(shown);
    let row = logos::LogoRow {
        store_id: key(store),
        sha256: Sha256::digest(&logo.bytes).to_vec(),
        width: i64::from(logo.width),
        height: i64::from(logo.height),
        size: logo.bytes.len() as i64,
        changed_at: ctx.now,
    };
    logos::save(tx, &row, logo.content_type, &logo.bytes)?;
    let after = shown(row);
    tell(tx, ctx, store, before.as_ref(), Some(&after))?;
    Ok(after)
}

/// Removes a logo; pages show the store's letter again. One that is gone already is gone. Needs `settings.edit`.
pub fn remove_logo(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>) -> Result<(), Error> {
    may_set_logo(tx, ctx, store)?;

    let Some(before) = logos::find(tx, key(store))?.map(shown) else { return Ok(()) };
    logos::delete(tx, key(store))?;
    tell(tx, ctx, store, Some(&before), None)
}

/// The logo that customers of a store see: its own, else that of all stores. Everybody may see it.
pub fn logo_of(tx: &mut Tx, store: Option<StoreId>) -> Result<Option<ShownLogo>, Error> {
    let own = match store {
        Some(_) => logos::find(tx, key(store))?,
        None => None,
    };
    let found = match own {
        Some(own) => Some(own),
        None => logos::find(tx, key(None))?,
    };
    Ok(found.map(shown))
}

/// The picture of this address. Everybody may see it; `NotFound` once another one took its place.
pub fn logo_content(tx: &mut Tx, hash: &str) -> Result<LogoContent, Error> {
    let gone = || Error::not_found("logo");
    let hash = hex::decode(hash).ok().filter(|hash| hash.len() == 32).ok_or_else(gone)?;
    logos::content(tx, &hash)?.map(|(content_type, content)| LogoContent { content_type, content }).ok_or_else(gone)
}

/// Whether the caller may set or remove the logo of a store, or of all stores: to be asked before a picture is read. Needs `settings.edit`.
pub fn may_set_logo(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>) -> Result<(), Error> {
    ctx.require(Permission::SettingsEdit)?;
    match store {
        Some(store) if ctx.sees().store(store) => access::stores::find(tx, ctx, store).map(drop),
        Some(_) => Err(Error::not_found("store")),
        None => Ok(()),
    }
}

fn shown(row: logos::LogoRow) -> ShownLogo {
    ShownLogo {
        store: (row.store_id != 0).then(|| StoreId::from_i64(row.store_id)),
        hash: hex::encode(&row.sha256),
        width: row.width,
        height: row.height,
        size: row.size,
        changed_at: row.changed_at,
    }
}

fn tell(tx: &mut Tx, ctx: &Ctx, store: Option<StoreId>, before: Option<&ShownLogo>, after: Option<&ShownLogo>) -> Result<(), Error> {
    let mut details = Details::none();
    let field = store.map_or_else(|| "logo".to_owned(), |store| format!("stores[{store}].logo"));
    details.change(&field, &before.map(|logo| &logo.hash), &after.map(|logo| &logo.hash));
    if details.is_empty() {
        return Ok(());
    }
    let user = ctx.user().unwrap_or(UserId::from_i64(0));
    events::record_with(tx, ctx, Event::SettingChanged { user, name: "tracking".to_owned() }, details).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: i64, height: i64, expected: (i64, i64)) {
        let logo = ShownLogo { store: None, hash: String::new(), width, height, size: 1, changed_at: Time(0) };
        assert_eq!(logo.shown_size(), expected);
    }

    #[test]
    fn a_logo_is_shown_as_high_as_a_line_and_never_too_long() {
        check(96, 96, (40, 40));
        check(288, 96, (120, 40));
        check(400, 40, (160, 16));
        check(30, 20, (30, 20));
        check(400, 1, (400, 1));
    }
}
