//! How the parts of a process come together, and how they are put away again.
//!
//! In this order: the data directory, its lock (SQLite only), the database, a backup when migrations
//! wait, the migrations, the master key, [`Base`], the first organization. Every command that touches
//! data goes through [`open`], so the first one of any kind makes a new data directory usable.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use base::files::{Bucket, BucketConfig, FileStore};
use base::mail::{SmtpConfig, SmtpTls};
use base::secrets::{KeyError, MasterKey};
use base::{Base, BaseConfig, Clock};
use db::{Db, DbConfig, OpenError};
use kernel::{Error, OrgId};

use crate::backup;
use crate::config::{Config, FilePlace, MailSecurity};
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, file_failure};
use crate::migrations::migrations;

/// How long closing waits for what is still being written.
const CLOSE: Duration = Duration::from_secs(10);

/// A process with its database open.
pub struct Kafila {
    /// What it was configured with.
    pub config: Config,
    /// The ground under the domains.
    pub base: Base,
    /// The organization that the first start made; commands without another word mean it.
    pub org: OrgId,
    data: DataDir,
}

/// Opens everything. `clock` is the system's but for simulations.
pub async fn open(config: &Config, mut data: DataDir, clock: Clock) -> Result<Kafila, Failure> {
    let place = config.database(data.path());
    if let DbConfig::Sqlite { path, .. } = &place {
        data.lock()?;
        make_private(path)?;
    }
    data.folder("keys")?;
    let db = Db::open(&place).map_err(|error| on_this_disk(&data, error))?;
    if let Err(failure) = bring_up_to_date(config, &data, &db, &clock) {
        db.close(CLOSE);
        return Err(failure);
    }

    let base = key_is_there(config, &data, &db).and_then(|()| start_base(config, &data, &db, clock)).inspect_err(|_| db.close(CLOSE))?;
    crate::runners::keep_backups(config.backup.keep);
    let org = access::first_start::ensure(&base).await?;
    Ok(Kafila { config: config.clone(), base, org, data })
}

impl Kafila {
    /// The data directory.
    pub fn data(&self) -> &DataDir {
        &self.data
    }

    /// Where people reach this process when it listens here.
    pub fn public_url(&self) -> &str {
        self.base.public_url()
    }

    /// Writes what waits, copies the log into the database, gives the directory back.
    pub fn close(self) {
        self.base.db().close(CLOSE);
    }
}

/// SQLite calls a disk without room for its log an input/output error, which helps nobody.
fn on_this_disk(data: &DataDir, error: OpenError) -> Failure {
    const NO_ROOM: u64 = 1 << 20;
    match error {
        OpenError::CannotReach { place, .. } if Path::new(&place).starts_with(data.path()) && data.room().is_some_and(|room| room < NO_ROOM) => {
            OpenError::DiskFull { path: place }.into()
        }
        other => other.into(),
    }
}

/// A new database begins as an empty file that nobody else may read; its log and index follow it.
fn make_private(path: &Path) -> Result<(), Failure> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(file_failure("create", path, &error)),
        _ => Ok(()),
    }
}

fn bring_up_to_date(config: &Config, data: &DataDir, db: &Db, clock: &Clock) -> Result<(), Failure> {
    let newest = migrations().last().map_or(0, |last| last.number);
    if let DbConfig::Sqlite { path, .. } = db.config() {
        let version = db::sqlite_version(path)?;
        if version > 0 && version < newest {
            tracing::info!(from = version, to = newest, "Migrations wait; making a backup first");
            backup::make(data, clock.now(), config.backup.keep, backup::With::ListOfFiles)?;
        }
    }
    db.migrate(migrations()).map_err(|error| on_this_disk(data, error))?;
    Ok(())
}

/// A database with secrets has a key already: a new one would open nothing, and look like the right one.
fn key_is_there(config: &Config, data: &DataDir, db: &Db) -> Result<(), Failure> {
    if config.master_key.is_some() || MasterKey::exists(data.path()) || !base::secrets::are_sealed(db)? {
        return Ok(());
    }
    let path = data.path().join("keys/master.key");
    Err(Failure::new(Exit::Key, format!("{} is not there, and this database's secrets were sealed with it", path.display()))
        .remedy("Put it back from your backup (it is not part of a backup of the database), or set KAFILA_MASTER_KEY to it."))
}

fn start_base(config: &Config, data: &DataDir, db: &Db, clock: Clock) -> Result<Base, Failure> {
    let key = match &config.master_key {
        Some(key) => MasterKey::parse(key.reveal(), "KAFILA_MASTER_KEY"),
        None => MasterKey::load(data.path()),
    };
    let wrong_key = |error: &KeyError| Failure::new(Exit::Key, error.to_string());
    let base = BaseConfig {
        db: db.clone(),
        data_dir: data.path().to_owned(),
        clock,
        master_key: key.map_err(|error| wrong_key(&error))?,
        smtp: smtp(config),
        public_url: config.public_url(),
        is_public: !config.public_url.is_empty(),
    };
    let store = file_store(config)?;
    Base::start_with(base, store).map_err(|error| match &error {
        Error::Internal(cause) => match cause.downcast_ref::<KeyError>() {
            Some(error) => wrong_key(error),
            None => error.into(),
        },
        _ => error.into(),
    })
}

/// Where files lie, as configured; nothing is sent yet.
pub fn file_store(config: &Config) -> Result<FileStore, Failure> {
    match bucket(config) {
        None => Ok(FileStore::Disk),
        Some(bucket) => {
            let opened = Bucket::open(&bucket).map_err(|why| Failure::new(Exit::Config, format!("the store of files cannot be used: {why}")));
            opened.map(FileStore::Bucket)
        }
    }
}

fn bucket(config: &Config) -> Option<BucketConfig> {
    let files = &config.files;
    if files.store == FilePlace::Disk {
        return None;
    }
    Some(BucketConfig {
        endpoint: files.s3_endpoint.clone().unwrap_or_default(),
        bucket: files.s3_bucket.clone()?,
        region: files.s3_region.clone(),
        prefix: files.s3_prefix.clone(),
        access_key: files.s3_access_key.clone()?,
        secret_key: files.s3_secret_key.clone()?,
        is_path_style: files.s3_path_style,
    })
}

fn smtp(config: &Config) -> Option<SmtpConfig> {
    let mail = &config.mail;
    Some(SmtpConfig {
        host: mail.host.clone()?,
        port: Some(mail.port),
        user: mail.user.clone().unwrap_or_default(),
        password: mail.password.clone().unwrap_or_default(),
        from: mail.from.clone(),
        tls: match mail.security {
            MailSecurity::Starttls => SmtpTls::Starttls,
            MailSecurity::Tls => SmtpTls::Tls,
            MailSecurity::None => SmtpTls::None,
        },
    })
}

/// How the web is set up.
pub fn web_config(config: &Config) -> web::WebConfig {
    let limits = &config.limits;
    web::WebConfig {
        public_url: config.public_url(),
        allowed_origins: config.web.allowed_origins.clone(),
        trust_forwarded_for: config.web.trust_forwarded_for,
        request_timeout_ms: config.web.request_timeout_ms,
        body_limit_bytes: config.web.body_limit_bytes,
        upload_limit_bytes: config.web.upload_limit_bytes,
        attachment_limit_bytes: config.files.attachment_limit_bytes,
        access_log: config.web.access_log,
        parameters: config.parameters(),
        limits: web::LimitsConfig {
            sign_in_per_address: limits.sign_in_per_address,
            sign_in_per_account: limits.sign_in_per_account,
            public_per_address: limits.public_per_address,
            api_per_actor: limits.api_per_actor,
            lookup_per_address: limits.lookup_per_address,
            lookup_per_number: limits.lookup_per_number,
        },
    }
}
