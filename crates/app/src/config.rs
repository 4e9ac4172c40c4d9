//! Configuration: what is fixed while a process runs. Flags over `KAFILA_*` over `kafila.toml`.
//!
//! Each section is a small struct whose fields are the keys; `docs/configuration.md` explains them,
//! and a test holds the two together. Every key has a default, a key that nobody knows stops the
//! start, and all problems are reported at once. What may change while Kafila runs is a setting of
//! the organization, not configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::Provider;
use figment::error::{Actual, Kind};
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Value};
use kernel::Hidden;
use serde::{Deserialize, Serialize, Serializer};

/// The name of the file that is looked for in the data directory.
pub const FILE: &str = "kafila.toml";

/// Everything that is configured.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `HOST:PORT` to listen on.
    pub listen: String,
    /// How others reach us, for links in mails and webhooks; empty means `http://` and `listen`.
    pub public_url: String,
    /// Encrypts stored secrets, instead of the file `keys/master.key`: 64 hexadecimal digits, or several
    /// such keys with commas between, the newest first.
    #[serde(serialize_with = "dots")]
    pub master_key: Option<Hidden>,
    /// Where the data is.
    pub database: Database,
    /// What is logged, and where.
    pub log: Log,
    /// How mail leaves.
    pub mail: Mail,
    /// What the web server accepts.
    pub web: Web,
    /// How often who may call.
    pub limits: Limits,
    /// Copies of the database.
    pub backup: Backup,
    /// Where files lie: photos, documents, imports.
    pub files: Files,
    /// The service that sends text messages.
    pub sms: Sms,
}

/// Where the data is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://user:password@host:port/database`; nothing means SQLite in the data directory.
    #[serde(serialize_with = "url_dots")]
    pub url: Option<Hidden>,
    /// Connections of this process to PostgreSQL.
    pub connections: usize,
    /// Reads of SQLite that run at once, beside the one that writes.
    pub readers: usize,
    /// Kilobytes of pages that each of them keeps in memory; the writer keeps twice as much.
    pub cache_kb: usize,
}

/// What is logged, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or per part as in `info,orders=debug`.
    pub level: String,
    /// How lines look on standard error.
    pub format: LogFormat,
    /// Daily files kept in `logs/`, always JSON; 0 writes none.
    pub keep_files: usize,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Human on a terminal, JSON elsewhere.
    Auto,
    /// For the eye.
    Human,
    /// For programs.
    Json,
}

/// How mail leaves. Without a host, mails are written to `mail/` in the data directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The SMTP server.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// The name to sign in with.
    pub user: Option<String>,
    /// The password to sign in with.
    #[serde(serialize_with = "dots")]
    pub password: Option<Hidden>,
    /// The sender: `Kafila <shop@example.com>`.
    pub from: String,
    /// How the connection is protected.
    pub security: MailSecurity,
}

/// How the connection to the SMTP server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// Begins in the open and must upgrade (port 587).
    Starttls,
    /// Encrypted from the first byte (port 465).
    Tls,
    /// Not at all: only for a server on the same machine.
    None,
}

/// What the web server accepts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Origins whose pages may call the API from a browser (CORS).
    pub allowed_origins: Vec<String>,
    /// Whether `X-Forwarded-For` names the caller; without a proxy that sets it, callers could choose their address.
    pub trust_forwarded_for: bool,
    /// How long a request may take, in milliseconds; uploads, exports and live streams are exempt.
    pub request_timeout_ms: u64,
    /// The largest body of a JSON request, in bytes.
    pub body_limit_bytes: usize,
    /// The largest file that may be uploaded, in bytes.
    pub upload_limit_bytes: usize,
    /// Whether each request leaves a line in the log at level `info`; at `debug` it always does.
    pub access_log: bool,
}

/// Calls per minute, look-ups of one number per hour; 0 switches a limit off.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Sign-in, reset and second-factor calls per address.
    pub sign_in_per_address: u32,
    /// The same per account named.
    pub sign_in_per_account: u32,
    /// Calls to what needs no session, per address.
    pub public_per_address: u32,
    /// API calls per user or key.
    pub api_per_actor: u32,
    /// Customers' look-ups of orders, and their codes, per address.
    pub lookup_per_address: u32,
    /// The same per order's number, telephone or e-mail address named, in an hour.
    pub lookup_per_number: u32,
}

/// Copies of the database (SQLite; for PostgreSQL use `pg_dump`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Newest copies kept in `backups/`; older ones are removed after a new one is verified.
    pub keep: usize,
}

/// Where files lie: photos, documents, imports.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// `disk`: below the data directory; `s3`: in an S3-compatible store.
    pub store: FilePlace,
    /// The largest photo or file that can be attached to an order or a customer, in bytes.
    pub attachment_limit_bytes: usize,
    /// The address of the store, `https://s3.example.com`; nothing means Amazon's own, by region.
    pub s3_endpoint: Option<String>,
    /// The bucket; it must be there.
    pub s3_bucket: Option<String>,
    /// Its region; many stores take any.
    pub s3_region: String,
    /// Stands before each name, so that a bucket can be shared: `kafila/`.
    pub s3_prefix: String,
    /// The id of the key.
    #[serde(serialize_with = "dots")]
    pub s3_access_key: Option<Hidden>,
    /// The key itself.
    #[serde(serialize_with = "dots")]
    pub s3_secret_key: Option<Hidden>,
    /// Whether the bucket stands in the path of addresses rather than in the host's name.
    pub s3_path_style: bool,
}

/// Where files lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilePlace {
    /// Below the data directory.
    Disk,
    /// In an S3-compatible store.
    S3,
}

/// The service that sends text messages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Which service.
    pub provider: Option<String>,
    /// Its key.
    #[serde(serialize_with = "dots")]
    pub api_key: Option<Hidden>,
    /// What receivers see as the sender.
    pub sender_id: Option<String>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: String::new(),
            master_key: None,
            database: Database {
                url: None,
                connections: db::POSTGRES_CONNECTIONS,
                readers: db::Tuning::default().readers,
                cache_kb: db::Tuning::default().cache_kb,
            },
            log: Log { level: "info".to_owned(), format: LogFormat::Auto, keep_files: 14 },
            mail: Mail {
                host: None,
                port: 587,
                user: None,
                password: None,
                from: "Kafila <kafila@localhost>".to_owned(),
                security: MailSecurity::Starttls,
            },
            web: Web {
                allowed_origins: Vec::new(),
                trust_forwarded_for: false,
                request_timeout_ms: 30_000,
                body_limit_bytes: 1 << 20,
                upload_limit_bytes: 512 << 20,
                access_log: false,
            },
            limits: Limits {
                sign_in_per_address: 30,
                sign_in_per_account: 10,
                public_per_address: 300,
                api_per_actor: 6_000,
                lookup_per_address: 30,
                lookup_per_number: 20,
            },
            backup: Backup { keep: 14 },
            files: Files {
                store: FilePlace::Disk,
                attachment_limit_bytes: 20 << 20,
                s3_endpoint: None,
                s3_bucket: None,
                s3_region: "us-east-1".to_owned(),
                s3_prefix: String::new(),
                s3_access_key: None,
                s3_secret_key: None,
                s3_path_style: true,
            },
            sms: Sms { provider: None, api_key: None, sender_id: None },
        }
    }
}

const DOTS: &str = "•••";

/// Keys whose values never reach a screen.
const SECRET: &[&str] = &["master_key", "database.url", "mail.password", "sms.api_key", "files.s3_access_key", "files.s3_secret_key"];

/// Names from outside that are read although they do not begin with `KAFILA_`.
const OTHER_NAMES: &[(&str, &str)] = &[("SMS_PROVIDER", "sms.provider"), ("SMS_API_KEY", "sms.api_key"), ("SMS_SENDER_ID", "sms.sender_id")];

/// `KAFILA_` names that are no keys: where to look for the rest.
const PLACES: &[&str] = &["KAFILA_DATA", "KAFILA_CONFIG"];

/// The environment variable of a key: `log.level` is `KAFILA_LOG_LEVEL`.
pub fn variable(key: &str) -> String {
    format!("KAFILA_{}", key.replace('.', "_").to_uppercase())
}

/// One thing that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which file, variable or flag.
    pub place: String,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What was read, and everything that is wrong with it. With problems, `config` is what remains
/// without the wrong keys.
#[derive(Debug)]
pub struct Read {
    /// What would be used.
    pub config: Config,
    /// Everything that stops the start.
    pub problems: Vec<Problem>,
    /// Which keys were set, and where: the last one counts.
    pub set: BTreeMap<String, String>,
}

/// Values that came from one file, variable or flag.
struct Given {
    place: String,
    key: String,
    value: Value,
}

/// Reads the file, the environment and the flags. `file` must exist when it was named; otherwise
/// `kafila.toml` in the data directory is read if it is there.
pub fn read(data: &Path, file: Option<&Path>, variables: impl Iterator<Item = (String, String)>, flags: &[(&str, String)]) -> Read {
    let mut problems = Vec::new();
    let mut given = from_file(data, file, &mut problems);
    given.extend(from_variables(variables, &mut problems));
    given.extend(flags.iter().map(|(key, value)| Given {
        place: format!("--{}", key.replace('_', "-")),
        key: (*key).to_owned(),
        value: Value::from(value.clone()),
    }));

    let mut merged = defaults();
    let mut set = BTreeMap::new();
    for one in given {
        // Alone over the defaults, so that one wrong key does not hide the next.
        let alone = defaults().merge(Serialized::default(&one.key, &one.value));
        match alone.extract::<Config>() {
            Ok(_) => {
                merged = merged.merge(Serialized::default(&one.key, &one.value));
                set.insert(one.key, one.place);
            }
            Err(error) => problems.extend(error.into_iter().map(|error| explain(&one, &error))),
        }
    }
    let config = merged.extract().unwrap_or_else(|error| {
        problems.push(Problem { place: "configuration".to_owned(), what: error.to_string() });
        Config::default()
    });
    problems.extend(check(&config, &set));
    Read { config, problems, set }
}

/// Every key there is, sorted, with its default as TOML writes it; `None` where nothing is the default.
pub fn keys() -> BTreeMap<String, Option<String>> {
    let dict = Serialized::defaults(Config::default()).data().expect("the defaults can be written").into_values().next().unwrap_or_default();
    let mut leaves = Vec::new();
    flatten("", dict, &mut leaves);
    leaves.into_iter().map(|(key, value)| (key, shown(&value))).collect()
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Empty(..) => None,
        Value::String(_, text) => Some(format!("\"{text}\"")),
        Value::Bool(_, truth) => Some(truth.to_string()),
        Value::Array(_, items) => Some(format!("[{}]", items.iter().filter_map(shown).collect::<Vec<_>>().join(", "))),
        other => other.to_u128().map(|number| number.to_string()),
    }
}

/// The keys on which speed, memory and limits hang, in the order of the page that shows them.
const PERFORMANCE: &[&str] = &[
    "database.readers",
    "database.cache_kb",
    "database.connections",
    "web.request_timeout_ms",
    "web.body_limit_bytes",
    "web.upload_limit_bytes",
    "files.attachment_limit_bytes",
    "limits.sign_in_per_address",
    "limits.sign_in_per_account",
    "limits.public_per_address",
    "limits.api_per_actor",
    "limits.lookup_per_address",
    "limits.lookup_per_number",
    "log.keep_files",
    "backup.keep",
];

impl Config {
    /// What can be tuned, with the values in force and the defaults.
    pub fn parameters(&self) -> Vec<web::Parameter> {
        let dict = Serialized::defaults(self).data().ok().and_then(|data| data.into_values().next()).unwrap_or_default();
        let mut leaves = Vec::new();
        flatten("", dict, &mut leaves);
        let defaults = keys();
        let parameter = |key: &&'static str| {
            let value = leaves.iter().find(|(name, _)| name == key).and_then(|(_, value)| shown(value))?;
            Some(web::Parameter { key, variable: variable(key), value, default: defaults.get(*key).cloned().flatten().unwrap_or_default() })
        };
        PERFORMANCE.iter().filter_map(parameter).collect()
    }

    /// The configuration as `kafila.toml` would say it, with dots for secrets.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_else(|error| format!("# cannot be shown: {error}\n"))
    }

    /// How others reach us.
    pub fn public_url(&self) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        // All addresses of this machine: the one that always works here.
        match self.listen.rsplit_once(':') {
            Some(("0.0.0.0" | "[::]", port)) => format!("http://localhost:{port}"),
            _ => format!("http://{}", self.listen),
        }
    }

    /// Where the data is.
    pub fn database(&self, data: &Path) -> db::DbConfig {
        match &self.database.url {
            Some(url) => db::DbConfig::Postgres { url: url.reveal().to_owned(), connections: self.database.connections },
            None => db::DbConfig::Sqlite {
                path: data.join("kafila.db"),
                tuning: db::Tuning { readers: self.database.readers, cache_kb: self.database.cache_kb },
            },
        }
    }
}

fn defaults() -> Figment {
    Figment::from(Serialized::defaults(Config::default()))
}

fn from_file(data: &Path, file: Option<&Path>, problems: &mut Vec<Problem>) -> Vec<Given> {
    let path = file.map_or_else(|| data.join(FILE), Path::to_path_buf);
    let place = path.display().to_string();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        // What is wrong with the data directory itself is told by whoever opens it.
        Err(error) if file.is_none() && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Vec::new(),
        Err(error) => {
            problems.push(Problem { place, what: format!("cannot be read ({error})") });
            return Vec::new();
        }
    };
    match Toml::string(&text).data() {
        Ok(profiles) => {
            let mut leaves = Vec::new();
            flatten("", profiles.into_values().next().unwrap_or_default(), &mut leaves);
            leaves.into_iter().map(|(key, value)| Given { place: place.clone(), key, value }).collect()
        }
        Err(error) => {
            problems.push(Problem { place, what: format!("is not TOML: {}", error.to_string().trim()) });
            Vec::new()
        }
    }
}

fn from_variables(variables: impl Iterator<Item = (String, String)>, problems: &mut Vec<Problem>) -> Vec<Given> {
    let keys = keys();
    let mut given = Vec::new();
    for (name, text) in variables {
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, key)| *key);
        let own = || keys.keys().map(String::as_str).find(|key| variable(key) == name);
        match other.or_else(own) {
            Some(key) => {
                let value = like_default(&text, keys.get(key).and_then(Option::as_deref));
                given.push(Given { place: name, key: key.to_owned(), value });
            }
            None if name.starts_with("KAFILA_") && !PLACES.contains(&name.as_str()) => {
                let nearest = nearest(&name, keys.keys().map(|key| variable(key)));
                problems.push(Problem { place: name, what: format!("no such key; the nearest is {nearest}") });
            }
            None => {}
        }
    }
    // The general names first, so that `KAFILA_SMS_PROVIDER` wins over `SMS_PROVIDER`.
    given.sort_by_key(|one| one.place.starts_with("KAFILA_"));
    given
}

/// A variable is text; what it means is decided by the key's default, so that a password of
/// digits stays a text.
fn like_default(text: &str, default: Option<&str>) -> Value {
    match default {
        Some("true" | "false") => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
        Some(list) if list.starts_with('[') => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::from(items.map(Value::from).collect::<Vec<_>>())
        }
        Some(number) if number.starts_with(|sign: char| sign.is_ascii_digit()) => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        _ => Value::from(text),
    }
}

fn flatten(prefix: &str, dict: Dict, into: &mut Vec<(String, Value)>) {
    for (name, value) in dict {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Dict(_, inner) if !inner.is_empty() => flatten(&key, inner, into),
            other => into.push((key, other)),
        }
    }
}

fn explain(given: &Given, error: &figment::Error) -> Problem {
    let is_secret = SECRET.contains(&given.key.as_str());
    let what = match &error.kind {
        Kind::UnknownField(_, _) => {
            let keys = keys();
            return Problem {
                place: given.place.clone(),
                what: format!("`{}` is no key; the nearest is `{}`", given.key, nearest(&given.key, keys.into_keys())),
            };
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) if is_secret => format!("must be {}", in_words(expected)),
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
            format!("must be {}, not {}", in_words(expected), found(actual))
        }
        Kind::UnknownVariant(actual, allowed) => format!("must be one of {}, not `{actual}`", allowed.join(", ")),
        Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_) => "is out of range".to_owned(),
        other => other.to_string(),
    };
    Problem { place: given.place.clone(), what: format!("`{}` {what}", given.key) }
}

/// The type that was wanted, as people say it.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "a boolean" => "true or false",
        "a string" | "string" => "a text in quotes",
        "a sequence" => "a list",
        other => other,
    }
}

fn found(actual: &Actual) -> String {
    match actual {
        Actual::Unsigned(number) => number.to_string(),
        Actual::Signed(number) => number.to_string(),
        Actual::Str(text) => format!("\"{text}\""),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a section".to_owned(),
        other => other.to_string(),
    }
}

fn nearest(wrong: &str, names: impl Iterator<Item = String>) -> String {
    names.min_by_key(|name| distance(wrong, name)).unwrap_or_default()
}

/// How many signs must be added, removed or changed to make one name the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (y, sign) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = y + 1;
        for (x, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(sign != *other);
            diagonal = row[x + 1];
            row[x + 1] = changed.min(row[x] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

/// What the types cannot say.
fn check(config: &Config, set: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut require = |holds: bool, key: &str, what: &str| {
        if !holds {
            let place = set.get(key).cloned().unwrap_or_else(|| "configuration".to_owned());
            problems.push(Problem { place, what: format!("`{key}` {what}") });
        }
    };
    let is_web = |url: &str| url.starts_with("http://") || url.starts_with("https://");
    let has_port = config.listen.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    require(has_port, "listen", "must be HOST:PORT, for example 127.0.0.1:8080");
    require(config.public_url.is_empty() || is_web(&config.public_url), "public_url", "must begin with http:// or https://");
    let is_postgres = |url: &Hidden| url.reveal().starts_with("postgres://") || url.reveal().starts_with("postgresql://");
    require(config.database.url.as_ref().is_none_or(is_postgres), "database.url", "must begin with postgres://; leave it out for SQLite");
    require((1..=500).contains(&config.database.connections), "database.connections", "must be between 1 and 500");
    require((1..=64).contains(&config.database.readers), "database.readers", "must be between 1 and 64");
    require((500..=4_000_000).contains(&config.database.cache_kb), "database.cache_kb", "must be between 500 and 4000000");
    require(crate::logging::is_level(&config.log.level), "log.level", "must be error, warn, info, debug, trace, or such as info,orders=debug");
    require(config.mail.from.contains('@'), "mail.from", "must be an address, for example Kafila <shop@example.com>");
    require(config.mail.user.is_some() || config.mail.password.is_none(), "mail.password", "needs mail.user");
    require(config.mail.password.is_some() || config.mail.user.is_none(), "mail.user", "needs mail.password");
    require(config.mail.host.is_some() || config.mail.user.is_none(), "mail.user", "needs mail.host");
    require(
        config.web.allowed_origins.iter().all(|origin| is_web(origin)),
        "web.allowed_origins",
        "must be origins such as https://shop.example.com",
    );
    require(config.web.request_timeout_ms >= 1_000, "web.request_timeout_ms", "must be at least 1000");
    require(config.web.body_limit_bytes >= 1 << 16, "web.body_limit_bytes", "must be at least 65536");
    require(config.backup.keep >= 1, "backup.keep", "must be at least 1");
    let files = &config.files;
    require((1 << 16..=100 << 20).contains(&files.attachment_limit_bytes), "files.attachment_limit_bytes", "must be between 65536 and 104857600");
    if files.store == FilePlace::S3 {
        require(files.s3_bucket.as_deref().is_some_and(|name| !name.is_empty()), "files.s3_bucket", "is needed when files.store is s3");
        require(files.s3_access_key.is_some(), "files.s3_access_key", "is needed when files.store is s3");
        require(files.s3_secret_key.is_some(), "files.s3_secret_key", "is needed when files.store is s3");
        require(files.s3_endpoint.is_some() || !files.s3_region.is_empty(), "files.s3_region", "is needed without files.s3_endpoint");
    }
    require(files.s3_endpoint.as_deref().is_none_or(is_web), "files.s3_endpoint", "must begin with https:// (or http:// on the same machine)");
    let is_prefix = |text: &str| !text.starts_with('/') && !text.contains("//") && (text.is_empty() || text.ends_with('/'));
    require(is_prefix(&files.s3_prefix), "files.s3_prefix", "must end with a slash and not begin with one, for example kafila/");
    require(config.sms.provider.is_none() || config.sms.api_key.is_some(), "sms.provider", "needs sms.api_key (SMS_API_KEY)");
    if let Some(key) = &config.master_key {
        let is_key = |one: &str| one.len() == 64 && one.bytes().all(|sign| sign.is_ascii_hexdigit());
        require(
            key.reveal().split(',').map(str::trim).all(is_key),
            "master_key",
            "must be 64 hexadecimal digits, for example from `openssl rand -hex 32`",
        );
    }
    problems
}

fn dots<S: Serializer>(secret: &Option<Hidden>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(|_| DOTS).serialize(serializer)
}

fn url_dots<S: Serializer>(url: &Option<Hidden>, serializer: S) -> Result<S::Ok, S::Error> {
    url.as_ref().map(|url| without_password(url.reveal())).serialize(serializer)
}

/// A URL with dots for its password.
pub fn without_password(url: &str) -> String {
    let hidden = || {
        let (scheme, rest) = url.split_once("://")?;
        let (user, place) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:{DOTS}@{place}"))
    };
    let url = hidden().unwrap_or_else(|| url.to_owned());
    match url.split_once("password=") {
        Some((before, after)) => format!("{before}password={DOTS}{}", after.find('&').map_or("", |at| &after[at..])),
        None => url,
    }
}

/// The data directory and the file that the flags name.
#[derive(Clone, Debug)]
pub struct Places {
    /// The data directory.
    pub data: PathBuf,
    /// A configuration file elsewhere.
    pub file: Option<PathBuf>,
}

impl Places {
    /// Reads the configuration of this process.
    pub fn read(&self, flags: &[(&str, String)]) -> Read {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let variables = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        read(&self.data, self.file.as_deref(), variables, flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, variables: &[(&str, &str)], flags: &[(&str, String)]) -> Read {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        read(folder.path(), None, variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())), flags)
    }

    fn problems(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
        read_text(text, variables, &[]).problems.into_iter().map(|problem| problem.what).collect()
    }

    #[test]
    fn flags_win_over_variables_over_the_file() {
        let text = "listen = \"1.1.1.1:1\"\n[log]\nlevel = \"warn\"\nkeep_files = 3\n[backup]\nkeep = 2\n";
        let read = read_text(text, &[("KAFILA_LISTEN", "2.2.2.2:2"), ("KAFILA_BACKUP_KEEP", "5")], &[("listen", "3.3.3.3:3".to_owned())]);
        assert_eq!(read.problems, []);
        let config = read.config;
        assert_eq!((config.listen.as_str(), config.log.level.as_str(), config.log.keep_files, config.backup.keep), ("3.3.3.3:3", "warn", 3, 5));
        assert_eq!(config.mail.port, 587, "a section that is partly given keeps its other defaults");
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let found = problems(
            "listen = 8080\nlisen = \"x\"\n[log]\nformat = \"xml\"\n[mail]\npassword = 12345\n[backup]\nkeep = \"many\"\n",
            &[("KAFILA_LOG_LEVLE", "info"), ("KAFILA_WEB_TRUST_FORWARDED_FOR", "perhaps"), ("KAFILA_DATA", "/x"), ("HOME", "/root")],
        );
        assert_eq!(
            found,
            [
                "no such key; the nearest is KAFILA_LOG_LEVEL",
                "`backup.keep` must be a whole number that is not negative, not \"many\"",
                "`lisen` is no key; the nearest is `listen`",
                "`listen` must be a text in quotes, not 8080",
                "`log.format` must be one of auto, human, json, not `xml`",
                "`mail.password` must be a text in quotes",
                "`web.trust_forwarded_for` must be true or false, not \"perhaps\"",
            ]
        );
        assert!(problems("listen = ", &[])[0].starts_with("is not TOML"));
        assert_eq!(problems("", &[("KAFILA_LISTEN", "8080")]), ["`listen` must be HOST:PORT, for example 127.0.0.1:8080"]);
        assert_eq!(problems("[mial]\nhost = \"x\"\n[sms]\n", &[]), ["`mial.host` is no key; the nearest is `mail.host`"]);
    }

    #[test]
    fn secrets_stay_dark() {
        let variables =
            [("KAFILA_DATABASE_URL", "postgres://kafila:geheim@db:5432/shop"), ("SMS_API_KEY", "123456"), ("KAFILA_MAIL_PASSWORD", "geheim")];
        let read = read_text("", &variables, &[]);
        assert_eq!(read.config.sms.api_key.as_ref().map(Hidden::reveal), Some("123456"), "digits stay a text");
        let shown = read.config.to_toml() + &format!("{:?}", read.config);
        assert!(!shown.contains("geheim") && !shown.contains("123456"), "{shown}");
        assert!(shown.contains("postgres://kafila:•••@db:5432/shop"), "{shown}");
        assert_eq!(without_password("postgres://db/shop?user=a&password=geheim&x=1"), "postgres://db/shop?user=a&password=•••&x=1");
    }

    #[test]
    fn the_document_explains_every_key_and_no_other() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
        let text = std::fs::read_to_string(path).unwrap();
        let rows = text.lines().filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
            let key = cells.next()?;
            let (name, default) = (cells.next()?, cells.next()?);
            Some((key, (name, default)))
        });
        let written: BTreeMap<String, (String, String)> = rows.collect();
        let expected: BTreeMap<String, (String, String)> =
            keys().into_iter().map(|(key, default)| (key.clone(), (variable(&key), default.unwrap_or_else(|| "none".to_owned())))).collect();
        assert_eq!(written, expected);
    }
}
