//! Settings: typed sections, each saved alone.

use base::settings::{self, SectionView};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Hidden, Time, UserId, Version};
use serde_json::{Map, Value};

use crate::extract::{Path, Write};
use crate::respond::{Answer, Done, List, Reply, shown};
use crate::schema::{body, view};

view! {
    /// A section of the settings.
    pub(crate) struct SectionJson {
        /// Its name.
        name: String = "orders",
        /// All its fields.
        value: Map<String, Value> = {"undo_seconds": 10},
        /// What the fields are when nobody sets them.
        defaults: Map<String, Value> = {"undo_seconds": 10},
        /// 0 when it was never set.
        version: Version = 0,
        /// When it was last set.
        changed_at: Option<Time>,
        /// Who set it last, if a person did.
        changed_by: Option<UserId>,
    }
}

body! {
    /// Fields of a section to change.
    pub(crate) struct SectionBody {
        /// The fields; one that is left out stays, one that is null gets its default back.
        value: Map<String, Value> = {"undo_seconds": 20},
        /// The version that was read.
        version: Option<Version> = 0,
    }
}

body! {
    /// The secret that signs webhooks.
    pub(crate) struct WebhookSecretBody {
        /// Base64, with or without `whsec_`; kept encrypted and never shown again.
        secret: Hidden = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }
}

/// `PUT /api/v1/settings/erp/secret`: what signs the webhooks to the back office from now on.
pub(crate) async fn put_webhook_secret(edge: Edge, write: Write<WebhookSecretBody>) -> Done {
    let secret = write.body.secret;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| save_webhook_secret(tx, ctx, &secret)).await?.into())
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

impl SectionJson {
    fn of(section: SectionView) -> SectionJson {
        SectionJson {
            name: section.name.to_owned(),
            value: fields(section.value),
            defaults: fields(section.defaults),
            version: section.version,
            changed_at: section.changed_at,
            changed_by: section.changed_by,
        }
    }
}

/// `GET /api/v1/settings`
pub(crate) async fn list(edge: Edge) -> Reply<List<SectionJson>> {
    let sections = edge.read(settings::list).await?;
    shown(List::whole(sections.into_iter().map(SectionJson::of).collect()))
}

/// Changes fields of a section, and looks at what only higher tiers know: whether the levels of the escalation name roles.
pub(crate) fn save(tx: &mut Tx, ctx: &Ctx, section: &str, value: &Map<String, Value>, version: Option<Version>) -> Result<SectionView, Error> {
    let saved = settings::set(tx, ctx, section, value, version)?;
    if saved.name == "escalation" {
        let after = settings::load(tx)?;
        orders::escalations::check_path(tx, &after)?;
    }
    Ok(saved)
}

/// Keeps the secret that signs webhooks from now on; `Invalid` names `secret`.
pub(crate) fn save_webhook_secret(tx: &mut Tx, ctx: &Ctx, secret: &Hidden) -> Result<(), Error> {
    base::http::check_signing_secret(secret).map_err(|_| Error::field("secret", "webhook.secret"))?;
    base::secrets::set(tx, ctx, &ctx.settings.erp.secret_name, secret)
}

/// `PUT /api/v1/settings/{section}`
pub(crate) async fn put(edge: Edge, Path(section): Path<String>, write: Write<SectionBody>) -> Answer<SectionJson> {
    let SectionBody { value, version } = write.body;
    let version = write.if_match.or(version);
    let answer = edge.write_once(write.key.as_ref(), move |tx, ctx| {
        let nested = |error| match error {
            Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(|field| field.inside("value")).collect()),
            other => other,
        };
        Ok(SectionJson::of(save(tx, ctx, &section, &value, version).map_err(nested)?))
    });
    Ok(answer.await?.into())
}
