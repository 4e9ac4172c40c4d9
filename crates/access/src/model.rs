//! What access knows: people, roles, sessions, keys and stores, and the forms to make and change them.

use base::calendar::{Span, StoreCalendar, WeeklyHours};
use jiff::civil::Weekday::{Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
use jiff::tz::TimeZone;
use kernel::{
    Amount, ApiKeyId, Country, Currency, Hidden, Locale, NumberStyle, Permission, Permissions, RoleId, SessionId, StoreId, TaxMode, Time, UserId,
    Version, WeekStart, words,
};

words! {
    /// Where somebody stands.
    pub enum UserState {
        /// Has a link, no password yet.
        Invited = "invited",
        /// May sign in.
        Active = "active",
        /// May not sign in any more.
        Archived = "archived",
    }

    /// What a session is carried by.
    pub enum SessionKind {
        /// A cookie.
        Browser = "browser",
        /// A signed token of the API.
        Token = "token",
    }

    /// What a link that works once is for.
    pub enum LinkKind {
        /// Makes the first Admin.
        SetUp = "set_up",
        /// Lets somebody join.
        Invitation = "invitation",
        /// Proves a new e-mail address.
        VerifyEmail = "verify_email",
        /// Sets a new password.
        Reset = "reset",
        /// Stands between the password and the code of the second factor.
        SecondStep = "second_step",
    }
}

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The address, as the web layer trusts it.
    pub ip: Option<String>,
    /// What the browser calls itself; kept to 300 bytes.
    pub user_agent: Option<String>,
    /// Whether its owner said that nobody else uses this device.
    pub is_trusted: bool,
}

/// Somebody as the user screen shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// As typed; compared without case.
    pub email: String,
    /// As colleagues see it.
    pub name: String,
    /// With which rights.
    pub role: RoleId,
    /// The role's name.
    pub role_name: String,
    /// Where they stand.
    pub state: UserState,
    /// The stores they are assigned to; without meaning when the role sees all stores.
    pub stores: Vec<StoreId>,
    /// Their language, when they chose one.
    pub locale: Option<Locale>,
    /// Whether the second factor is on.
    pub has_totp: bool,
    /// When the address was proved.
    pub email_verified_at: Option<Time>,
    /// When they last signed in.
    pub last_sign_in_at: Option<Time>,
    /// Since when we know them.
    pub created_at: Time,
    /// Grows with each change.
    pub version: Version,
}

/// Somebody as lists of orders and assignments show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// As colleagues see it.
    pub name: String,
}

/// Somebody as they see themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Me {
    /// The same as others see.
    pub user: User,
    /// What they may do.
    pub permissions: Permissions,
    /// How they like their pages.
    pub preferences: serde_json::Map<String, serde_json::Value>,
}

/// Somebody to be let in.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// 3 to 254 bytes with an `@`; unique on this server, without case.
    pub email: String,
    /// 1 to 100 letters.
    pub name: String,
    /// With which rights; none that the caller does not have.
    pub role: RoleId,
    /// At least one unless the role sees all stores.
    pub stores: Vec<StoreId>,
    /// The language of the invitation and of the pages.
    pub locale: Option<Locale>,
}

/// What changes about somebody; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// As colleagues see it.
    pub name: Option<String>,
    /// With which rights.
    pub role: Option<RoleId>,
    /// Their stores, all of them.
    pub stores: Option<Vec<StoreId>>,
    /// Their language; `Some(None)` means the organization's.
    pub locale: Option<Option<Locale>>,
}

/// A named set of rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Which.
    pub id: RoleId,
    /// The word of a role from the first start (`admin`); none for custom roles.
    pub code: Option<String>,
    /// Its name, unique without case.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// How many people who are not archived have it.
    pub users: i64,
    /// Grows with each change.
    pub version: Version,
}

/// A role to be made, or what a role shall be.
#[derive(Clone, Debug)]
pub struct RoleChange {
    /// 1 to 60 letters.
    pub name: String,
    /// None that the caller does not have.
    pub permissions: Permissions,
}

/// Somebody's signed-in browser or token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// A cookie or a token.
    pub kind: SessionKind,
    /// Whether the device is trusted.
    pub is_trusted: bool,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// Where it came from when it began, unless the organization keeps no addresses.
    pub ip: Option<String>,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to five minutes.
    pub last_seen_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
    /// Whether it is the caller's own.
    pub is_current: bool,
}

/// A key for programs, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Which.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// The role whose rights bound it, when it belongs to the organization.
    pub role: Option<RoleId>,
    /// The person whose rights bound it, when it belongs to one.
    pub user: Option<UserId>,
    /// What it may do at most; `None` means all that its role may.
    pub scopes: Option<Permissions>,
    /// The stores it may see at most; `None` means all that its owner may.
    pub stores: Option<Vec<StoreId>>,
    /// Who made it, if a person did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// When it was last used, to five minutes.
    pub last_used_at: Option<Time>,
    /// When somebody ended it.
    pub revoked_at: Option<Time>,
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// 1 to 100 letters.
    pub name: String,
    /// A role makes it the organization's own; without one it belongs to the caller and follows
    /// the caller's role.
    pub role: Option<RoleId>,
    /// What it may do at most; `None` means all that its role may.
    pub scopes: Option<Vec<Permission>>,
    /// The stores it may see at most; `None` means all that its owner may, and for the organization's
    /// own key all there are.
    pub stores: Option<Vec<StoreId>>,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
}

/// A sales channel.
#[derive(Clone, Debug)]
pub struct Store {
    /// Which.
    pub id: StoreId,
    /// 2 to 12 capital letters and digits: `NATU`.
    pub code: String,
    /// As people and customers see it.
    pub name: String,
    /// Of all its orders.
    pub currency: Currency,
    /// Where addresses and telephones are read by default.
    pub country: Country,
    /// Its days and hours.
    pub zone: TimeZone,
    /// The first day of its week.
    pub week_start: WeekStart,
    /// How it writes numbers.
    pub number_style: NumberStyle,
    /// Whether prices hold the tax.
    pub tax_mode: TaxMode,
    /// The tax in millionths: 19 % is 190,000.
    pub tax_rate_ppm: i64,
    /// What the tax is called: `TVA`.
    pub tax_label: String,
    /// What shipping costs unless an order says otherwise.
    pub shipping_fee: Amount,
    /// What paying at the door costs on top.
    pub cod_fee: Amount,
    /// The colour of its badge, `#rrggbb`.
    pub color: Option<String>,
    /// Working hours, holidays, Ramadan.
    pub calendar: StoreCalendar,
    /// The language of its customers unless they said otherwise.
    pub notify_language: Locale,
    /// Whether it was put away: it takes no new orders.
    pub is_archived: bool,
    /// When it began.
    pub created_at: Time,
    /// Grows with each change.
    pub version: Version,
}

impl Store {
    /// The zone's name: `Africa/Algiers`.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }
}

/// A store to be made, or what a store shall be. Texts are as people typed them.
#[derive(Clone, Debug)]
pub struct NewStore {
    /// 2 to 12 letters and digits; written in capitals.
    pub code: String,
    /// 1 to 100 letters.
    pub name: String,
    /// Fixed once the store exists: its orders hold plain amounts.
    pub currency: Currency,
    /// Where it sells.
    pub country: Country,
    /// An IANA name: `Africa/Algiers`.
    pub zone: String,
    /// The first day of its week.
    pub week_start: WeekStart,
    /// How it writes numbers.
    pub number_style: NumberStyle,
    /// Whether prices hold the tax.
    pub tax_mode: TaxMode,
    /// 0 to 1,000,000.
    pub tax_rate_ppm: i64,
    /// At most 30 letters.
    pub tax_label: String,
    /// Not negative.
    pub shipping_fee: Amount,
    /// Not negative.
    pub cod_fee: Amount,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// Working hours, holidays, Ramadan. Its zone is taken from the store's.
    pub calendar: StoreCalendar,
    /// The language of its customers unless they said otherwise.
    pub notify_language: Locale,
}

impl NewStore {
    /// A store as the first start makes it: Algeria's dinar, zone, week and
    /// working hours.
    pub fn algerian(code: &str, name: &str) -> NewStore {
        NewStore {
            code: code.to_owned(),
            name: name.to_owned(),
            currency: Currency::DZD,
            country: Country::DZ,
            zone: "Africa/Algiers".to_owned(),
            week_start: WeekStart::Sunday,
            number_style: NumberStyle::SpaceComma,
            tax_mode: TaxMode::Inclusive,
            tax_rate_ppm: 0,
            tax_label: "TVA".to_owned(),
            shipping_fee: Amount::ZERO,
            cod_fee: Amount::ZERO,
            color: None,
            calendar: StoreCalendar::new(
                TimeZone::UTC,
                WeeklyHours::on(&[Saturday, Sunday, Monday, Tuesday, Wednesday, Thursday], &[Span::of((9, 0), (18, 0))]),
            ),
            notify_language: Locale::Fr,
        }
    }

    /// What a store is, as a form to change it.
    pub fn of(store: &Store) -> NewStore {
        NewStore {
            code: store.code.clone(),
            name: store.name.clone(),
            currency: store.currency,
            country: store.country,
            zone: store.zone_name().to_owned(),
            week_start: store.week_start,
            number_style: store.number_style,
            tax_mode: store.tax_mode,
            tax_rate_ppm: store.tax_rate_ppm,
            tax_label: store.tax_label.clone(),
            shipping_fee: store.shipping_fee,
            cod_fee: store.cod_fee,
            color: store.color.clone(),
            calendar: store.calendar.clone(),
            notify_language: store.notify_language,
        }
    }
}

/// What somebody types to come in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// In any case.
    pub email: String,
    /// As typed.
    pub password: Hidden,
}
