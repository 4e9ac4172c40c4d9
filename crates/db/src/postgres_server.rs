//! Where PostgreSQL is and how it is reached: what its address says, with TLS where the address asks for it.
//!
//! `sslmode` and `sslrootcert` are those of libpq, so that one address serves `psql`, `pg_dump` and Kafila, but for one thing: who asks
//! for TLS always gets a certificate that was checked, and the name in it as well. See
//! <https://www.postgresql.org/docs/current/libpq-ssl.html>.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::postgres_session::describe;

/// What an address says.
struct Address {
    config: Config,
    tls: Tls,
}

/// How far a connection is protected.
#[derive(Debug, PartialEq, Eq)]
enum Tls {
    /// Not at all.
    Off,
    /// By a certificate that an authority of this file signed; without a file, one that the system trusts.
    On(Option<String>),
}

/// A server that can be connected to, again and again.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
    tls: MakeRustlsConnect,
}

/// The other half of a connection: it carries what the client sends and hears.
pub(crate) type Wire = Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

impl Server {
    /// Reads an address, and the certificates that it names.
    pub(crate) fn read(url: &str) -> Result<Server, String> {
        let Address { config, tls } = Address::read(url)?;
        let mut roots = RootCertStore::empty();
        match tls {
            Tls::Off => {}
            Tls::On(Some(file)) => {
                let unreadable = |error: &dyn std::fmt::Display| format!("sslrootcert: {file} holds no certificates in PEM format: {error}");
                for certificate in CertificateDer::pem_file_iter(Path::new(&file)).map_err(|error| unreadable(&error))? {
                    let certificate = certificate.map_err(|error| unreadable(&error))?;
                    roots.add(certificate).map_err(|error| unreadable(&error))?;
                }
                if roots.is_empty() {
                    return Err(unreadable(&"none found"));
                }
            }
            Tls::On(None) => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    return Err("this system trusts no certificate authority: install ca-certificates, or name one with sslrootcert=/path/to/ca.pem"
                        .to_owned());
                }
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
        let tls = MakeRustlsConnect::new(client.with_root_certificates(roots).with_no_client_auth());
        Ok(Server { config, tls })
    }

    /// Connects.
    pub(crate) async fn connect(&self) -> Result<(Client, Wire), tokio_postgres::Error> {
        self.config.connect(self.tls.clone()).await
    }
}

/// Where the database is, without a password.
pub(crate) fn place(url: &str) -> String {
    let Ok(Address { config, .. }) = Address::read(url) else { return "the given address".to_owned() };
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    let ports: Vec<String> = config.get_ports().iter().map(u16::to_string).collect();
    format!("{}:{}/{}", hosts.join(","), ports.join(","), config.get_dbname().unwrap_or(""))
}

/// Whether what is sent to this address could be read on the way: no TLS, and not on this machine.
pub fn is_in_the_open(url: &str) -> bool {
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback()),
        Host::Unix(_) => true,
    };
    Address::read(url).is_ok_and(|address| address.tls == Tls::Off && !address.config.get_hosts().iter().all(is_here))
}

impl Address {
    fn read(url: &str) -> Result<Address, String> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut authority, mut others) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => authority = Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned()),
                _ => others.push(pair),
            }
        }
        let tls = match (mode, authority) {
            (None | Some("disable"), None) => Tls::Off,
            (None | Some("disable"), Some(_)) => return Err("sslrootcert needs sslmode=verify-full".to_owned()),
            // What the system trusts, as libpq has it.
            (Some("require" | "verify-ca" | "verify-full"), Some(system)) if system == "system" => Tls::On(None),
            (Some("require" | "verify-ca" | "verify-full"), authority) => Tls::On(authority),
            (Some(other), _) => {
                return Err(format!("sslmode={other} is not known here: say verify-full for TLS with a checked certificate, or disable for none"));
            }
        };
        let url = if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
        let mut config: Config = url.parse().map_err(|error| describe(&error))?;
        config.ssl_mode(if tls == Tls::Off { SslMode::Disable } else { SslMode::Require });
        // A name that operators see, and no endless waiting for a dead host.
        if config.get_application_name().is_none() {
            config.application_name("kafila");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        Ok(Address { config, tls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(url: &str) -> Result<Tls, String> {
        Address::read(url).map(|address| address.tls)
    }

    #[test]
    fn an_address_says_whether_there_is_tls_and_whom_to_trust() {
        for plain in ["postgres://u:p@h/d", "postgres://u@h/d?sslmode=disable", "postgres://u@h:5433/d?connect_timeout=3"] {
            assert_eq!(tls(plain), Ok(Tls::Off), "{plain}");
        }
        assert_eq!(tls("postgres://u@h/d?sslmode=require"), Ok(Tls::On(None)));
        assert_eq!(tls("postgres://u@h/d?sslrootcert=system&sslmode=verify-full"), Ok(Tls::On(None)));
        assert_eq!(tls("postgres://u@h/d?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem"), Ok(Tls::On(Some("/etc/my ca.pem".to_owned()))));
        let refused = [("?sslmode=prefer", "verify-full"), ("?sslmode=disable&sslrootcert=/a", "sslmode"), ("?sslkey=/a", "sslkey")];
        for (query, word) in refused {
            let error = tls(&format!("postgres://u@h/d{query}")).unwrap_err();
            assert!(error.contains(word), "{query}: {error}");
        }
    }

    #[test]
    fn what_else_an_address_says_stays() {
        let address = Address::read("postgres://u@h:5433/d?connect_timeout=3&sslmode=require&application_name=mine").unwrap();
        assert_eq!(address.config.get_connect_timeout(), Some(&Duration::from_secs(3)));
        assert_eq!(address.config.get_application_name(), Some("mine"));
        assert_eq!(place("postgres://u:secret@h:5433/d?sslmode=require"), "h:5433/d");
    }

    #[test]
    fn only_a_way_over_a_network_without_tls_is_in_the_open() {
        for (url, is_open) in [
            ("postgres://u@db.example/d", true),
            ("postgres://u@10.0.0.4/d?sslmode=disable", true),
            ("postgres://u@db.example/d?sslmode=verify-full", false),
            ("postgres://u@127.0.0.1/d", false),
            ("postgres://u@localhost/d", false),
            ("postgres://u@/d?host=/run/postgresql", false),
        ] {
            assert_eq!(is_in_the_open(url), is_open, "{url}");
        }
    }
}
