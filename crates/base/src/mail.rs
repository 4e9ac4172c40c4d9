//! Mail to users and customers.
//!
//! A mail is a job: [`enqueue`] writes it in the caller's transaction, sealed, because links in it open
//! doors; the runner opens it, sends it by SMTP, and tries again when that fails. Without SMTP it is
//! written below the data directory, readable by the owner alone, and the log says where.
//!
//! Not here: what mails say (access, notifications).

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use db::Tx;
use kernel::{Error, Hidden, JobId, JobKind};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::ctx::Ctx;
use crate::jobs::{self, Ask, Heard, Job, NewJob, Next, Runner};

const PURPOSE: &str = "mail";
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// One address, `Amina Benali <amina@example.dz>` or the address alone.
    pub to: Hidden,
    /// The subject; shown to nobody but the reader.
    pub subject: String,
    /// The words.
    pub text: Hidden,
    /// The same as HTML.
    pub html: Option<Hidden>,
    /// Who it is from, as people read it; what the mail server is told when there is nothing. [`enqueue`] fills it in.
    #[serde(default)]
    pub from_name: Option<String>,
}

/// Who an organization's mails are from, as people read it: by its settings, else its name.
pub fn from_name(ctx: &Ctx) -> Option<String> {
    let settings = &ctx.settings;
    [&settings.notifications.sender_name, &settings.general.name].into_iter().map(|name| name.trim()).find(|name| !name.is_empty()).map(str::to_owned)
}

kernel::words! {
    /// How the way to the mail server is kept from others' eyes.
    pub enum SmtpTls {
        /// In the open first, then protected (port 587). A server that cannot is refused.
        Starttls = "starttls",
        /// Protected from the beginning (port 465).
        Tls = "tls",
        /// In the open: for a server on the same machine.
        None = "none",
    }
}

/// The mail server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name.
    pub host: String,
    /// Its port; the usual one of `tls` when it is not set.
    #[serde(default)]
    pub port: Option<u16>,
    /// Who we are to it; nobody when empty.
    #[serde(default)]
    pub user: String,
    /// How we prove it.
    #[serde(default)]
    pub password: Hidden,
    /// How the way is protected.
    #[serde(default = "starttls")]
    pub tls: SmtpTls,
    /// Who mails are from: `Kafila <orders@example.com>`.
    pub from: String,
}

fn starttls() -> SmtpTls {
    SmtpTls::Starttls
}

/// Enqueues a mail; `None` when the past is being written down (`ctx.is_replay`). `Invalid` names an
/// address that cannot be.
pub fn enqueue(tx: &mut Tx, ctx: &Ctx, mail: &Mail) -> Result<Option<JobId>, Error> {
    if mail.to.reveal().parse::<Mailbox>().is_err() {
        return Err(Error::field("to", "email"));
    }
    if ctx.is_replay {
        return Ok(None);
    }
    let mail = Mail { from_name: mail.from_name.clone().or_else(|| from_name(ctx)), ..mail.clone() };
    let plain = serde_json::to_vec(&mail).map_err(Error::internal)?;
    let sealed = ctx.secrets.seal(tx.org(), PURPOSE, &plain)?;
    jobs::enqueue(tx, ctx, NewJob::now(ctx, JobKind::SendMail, json!({ "sealed": BASE64.encode(sealed) })))
}

/// Seals the mails that still wait again with the current key; answers how many needed it.
pub fn rewrap(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Error> {
    let mut changed = 0;
    for (id, payload) in jobs::payloads(tx, JobKind::SendMail)? {
        let Some(sealed) = ctx.secrets.rewrapped(tx.org(), PURPOSE, &sealed_in(&payload)?)? else { continue };
        jobs::set_payload(tx, id, &json!({ "sealed": BASE64.encode(sealed) }))?;
        changed += 1;
    }
    Ok(changed)
}

fn sealed_in(payload: &serde_json::Value) -> Result<Vec<u8>, Error> {
    payload["sealed"].as_str().and_then(|text| BASE64.decode(text).ok()).ok_or_else(|| Error::internal("the job holds no mail"))
}

/// How a mail's job is done, for the app's table of runners.
pub const RUNNER: Runner = Runner::Outside { ask, heard };

fn ask(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Ask, Error> {
    let plain = ctx.secrets.open(tx.org(), PURPOSE, &sealed_in(&job.payload)?)?;
    Ok(Ask::Mail(serde_json::from_slice(&plain).map_err(Error::internal)?))
}

fn heard(_tx: &mut Tx, _ctx: &Ctx, _job: &Job, heard: &Heard) -> Result<Next, Error> {
    Ok(match heard {
        Heard::Mail(Err(why)) => Next::Again { why: why.clone() },
        Heard::Mail(Ok(())) | Heard::Http(_) => Next::Done,
    })
}

/// The sender of a process. Cloning it is cheap.
#[derive(Clone)]
pub struct Mailer(Arc<Way>);

enum Way {
    Smtp(Box<Smtp>),
    Folder(PathBuf),
}

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Way::Smtp(_) => f.write_str("Mailer(smtp)"),
            Way::Folder(folder) => write!(f, "Mailer({})", folder.display()),
        }
    }
}

impl Mailer {
    /// By SMTP, or into `mail/` below the data directory. `Invalid` names what is wrong in the
    /// configuration; the server is not called before the first mail.
    pub fn new(smtp: Option<SmtpConfig>, data_dir: &Path) -> Result<Mailer, Error> {
        let Some(config) = smtp else { return Ok(Mailer(Arc::new(Way::Folder(data_dir.join("mail"))))) };
        let from: Mailbox = config.from.parse().map_err(|_| Error::field("smtp.from", "email"))?;
        let tls = |host: &str| TlsParameters::new(host.to_owned()).map_err(|_| Error::field("smtp.host", "host"));
        let (way, usual_port) = match config.tls {
            SmtpTls::Starttls => (Tls::Required(tls(&config.host)?), 587),
            SmtpTls::Tls => (Tls::Wrapper(tls(&config.host)?), 465),
            SmtpTls::None => (Tls::None, 25),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host.as_str())
            .port(config.port.unwrap_or(usual_port))
            .tls(way)
            .timeout(Some(SMTP_TIMEOUT));
        if !config.user.is_empty() {
            builder = builder.credentials(Credentials::new(config.user, config.password.reveal().to_owned()));
        }
        Ok(Mailer(Arc::new(Way::Smtp(Box::new(Smtp { transport: builder.build(), from })))))
    }

    /// Whether mails leave this machine.
    pub fn is_smtp(&self) -> bool {
        matches!(*self.0, Way::Smtp(_))
    }

    /// Sends a mail, or writes it to the folder. `name` tells mails apart: the job's id. The error is a
    /// sentence without secrets.
    pub async fn send(&self, mail: &Mail, name: &str) -> Result<(), String> {
        match &*self.0 {
            Way::Smtp(smtp) => {
                let message = message(mail, smtp.from.clone(), name)?;
                let sent = tokio::time::timeout(SMTP_TIMEOUT * 2, smtp.transport.send(message)).await;
                match sent {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(without_address(told(&error), mail)),
                    Err(_) => Err("the mail server did not answer in time".to_owned()),
                }
            }
            Way::Folder(folder) => {
                let from = Mailbox::new(Some("Kafila".to_owned()), "kafila@localhost".parse().expect("a valid address"));
                let bytes = message(mail, from, name)?.formatted();
                let path = folder.join(format!("{name}.eml"));
                let written = path.clone();
                let result = tokio::task::spawn_blocking(move || write_private(&written, &bytes)).await;
                result.map_err(|error| error.to_string())?.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
                tracing::info!(path = %path.display(), "No SMTP is configured, so a mail was written to {}", path.display());
                Ok(())
            }
        }
    }
}

/// The same name gives the same Message-ID, so that a mail sent twice can be told.
fn message(mail: &Mail, from: Mailbox, name: &str) -> Result<Message, String> {
    let to: Mailbox = mail.to.reveal().parse().map_err(|_| "the address of the receiver cannot be read".to_owned())?;
    let domain = from.email.domain().to_owned();
    let from = match &mail.from_name {
        Some(name) => Mailbox::new(Some(name.clone()), from.email),
        None => from,
    };
    let builder = Message::builder().from(from).to(to).subject(&mail.subject).message_id(Some(format!("<{name}@{domain}>")));
    let text = mail.text.reveal().to_owned();
    let message = match &mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(text, html.reveal().to_owned())),
        None => builder.singlepart(lettre::message::SinglePart::plain(text)),
    };
    message.map_err(|error| format!("the mail cannot be written: {error}"))
}

/// What the server said, down to the cause.
fn told(error: &lettre::transport::smtp::Error) -> String {
    let kind = if error.is_permanent() {
        "the mail server refuses"
    } else if error.is_transient() {
        "the mail server cannot take it now"
    } else {
        "the mail server cannot be reached"
    };
    match std::error::Error::source(error) {
        Some(cause) => format!("{kind}: {cause}"),
        None => kind.to_owned(),
    }
}

/// Servers like to repeat the address that they refuse.
fn without_address(text: String, mail: &Mail) -> String {
    match mail.to.reveal().parse::<Mailbox>() {
        Ok(to) => text.replace(&to.email.to_string(), "•••"),
        Err(_) => text,
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    fn mail() -> Mail {
        Mail {
            to: Hidden::new("Amina Benali <amina@example.dz>"),
            subject: "Réinitialiser le mot de passe".into(),
            text: Hidden::new("Ouvrez https://example.dz/r/secret"),
            html: Some(Hidden::new("<p>Ouvrez <a href=\"https://example.dz/r/secret\">le lien</a></p>")),
            from_name: None,
        }
    }

    fn config(port: u16) -> SmtpConfig {
        SmtpConfig {
            host: "127.0.0.1".into(),
            port: Some(port),
            user: String::new(),
            password: Hidden::default(),
            tls: SmtpTls::None,
            from: "Kafila <orders@example.com>".into(),
        }
    }

    #[tokio::test]
    async fn without_a_server_a_mail_is_a_private_file() {
        let dir = tempfile::tempdir().unwrap();
        let mailer = Mailer::new(None, dir.path()).unwrap();
        assert!(!mailer.is_smtp());
        mailer.send(&mail(), "job_1").await.unwrap();

        let path = dir.path().join("mail/job_1.eml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("To: \"Amina Benali\" <amina@example.dz>\r\n") && text.contains("https://example.dz/r/secret"), "{text}");
        assert!(text.contains("Message-ID: <job_1@localhost>\r\n"), "{text}");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    }

    #[test]
    fn a_mail_prints_as_dots() {
        let text = format!("{:?}", mail());
        assert!(!text.contains("amina") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn a_mail_goes_to_the_server() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailer = Mailer::new(Some(config(listener.local_addr().unwrap().port())), Path::new("/nowhere")).unwrap();
        let server = async {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 ready\r\n").await.unwrap();
            let mut heard = String::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.unwrap();
                heard.push_str(&line);
                match line.trim_end() {
                    "." => {
                        stream.write_all(b"250 taken\r\n").await.unwrap();
                        return heard;
                    }
                    "DATA" => stream.write_all(b"354 go on\r\n").await.unwrap(),
                    _ if heard.contains("DATA\r\n") => {}
                    _ => stream.write_all(b"250 fine\r\n").await.unwrap(),
                }
            }
        };
        let letter = mail();
        let (heard, sent) = tokio::join!(server, mailer.send(&letter, "job_2"));
        sent.unwrap();
        assert!(heard.contains("RCPT TO:<amina@example.dz>") && heard.contains("Message-ID: <job_2@example.com>"), "{heard}");
    }

    #[tokio::test]
    async fn a_server_that_is_away_is_named_without_secrets() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mailer = Mailer::new(Some(config(port)), Path::new("/nowhere")).unwrap();
        let error = mailer.send(&mail(), "job_3").await.unwrap_err();
        assert!(error.contains("cannot be reached") && !error.contains("amina"), "{error}");

        let wrong = SmtpConfig { from: "nobody".into(), ..config(25) };
        assert!(matches!(Mailer::new(Some(wrong), Path::new("/")), Err(Error::Invalid(_))));
    }
}
