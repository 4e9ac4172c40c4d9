//! What every handler can reach, and how the web is set up.

use std::sync::Arc;
use std::time::Duration;

use base::Base;

use crate::limits::{Limits, LimitsConfig};

/// A key of the configuration on which speed, memory or a limit hangs, as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its key in `kafila.toml`.
    pub key: &'static str,
    /// The variable that sets it.
    pub variable: String,
    /// What is in force.
    pub value: String,
    /// What is in force when nobody says anything.
    pub default: String,
}

/// How the web is set up. Every field has its place in the configuration file.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// Where people reach us: `https://shop.example`. Cookies are `Secure` and HSTS is sent when it is https.
    pub public_url: String,
    /// Origins (`https://admin.example`) whose scripts may call the API with a bearer token; none by default.
    pub allowed_origins: Vec<String>,
    /// Whether `X-Forwarded-For` names the caller: only behind a proxy of one's own that sets it.
    pub trust_forwarded_for: bool,
    /// How long a request may take before 503, in milliseconds; uploads, exports and live streams are exempt.
    pub request_timeout_ms: u64,
    /// The largest body of a JSON request, in bytes.
    pub body_limit_bytes: usize,
    /// The largest file that may be uploaded, in bytes.
    pub upload_limit_bytes: usize,
    /// The largest photo or file that may be attached to something, in bytes.
    pub attachment_limit_bytes: usize,
    /// Whether each request leaves a line in the log at level info; at debug it always does.
    pub access_log: bool,
    /// How often who may call what.
    pub limits: LimitsConfig,
    /// What can be tuned, for people to look at.
    pub parameters: Vec<Parameter>,
}

impl Default for WebConfig {
    fn default() -> WebConfig {
        WebConfig {
            public_url: "http://127.0.0.1:8080".to_owned(),
            allowed_origins: Vec::new(),
            trust_forwarded_for: false,
            request_timeout_ms: 30_000,
            body_limit_bytes: 1 << 20,
            upload_limit_bytes: 512 << 20,
            attachment_limit_bytes: 20 << 20,
            access_log: false,
            limits: LimitsConfig::default(),
            parameters: Vec::new(),
        }
    }
}

/// Renders the figures for Prometheus.
pub type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// What every handler can reach. Cloning copies a pointer.
#[derive(Clone)]
pub struct WebState(Arc<Inner>);

struct Inner {
    base: Base,
    config: WebConfig,
    limits: Limits,
    metrics: Option<MetricsText>,
}

impl WebState {
    /// Brings together what handlers need. Without `metrics`, `/metrics` answers that it is off.
    pub fn new(base: Base, config: WebConfig, metrics: Option<MetricsText>) -> WebState {
        let limits = Limits::new(&config.limits);
        WebState(Arc::new(Inner { base, config, limits, metrics }))
    }

    /// The process-wide parts: database, clock, live hub.
    pub fn base(&self) -> &Base {
        &self.0.base
    }

    /// How the web is set up.
    pub fn config(&self) -> &WebConfig {
        &self.0.config
    }

    /// Who called how often.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn metrics(&self) -> Option<&MetricsText> {
        self.0.metrics.as_ref()
    }

    /// Whether people reach us by https.
    pub fn is_https(&self) -> bool {
        self.0.config.public_url.starts_with("https://")
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.0.config.request_timeout_ms)
    }
}
