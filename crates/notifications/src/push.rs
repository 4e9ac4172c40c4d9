//! Telling the ERP: a signed webhook for each move that the settings mark.
//!
//! The body carries ids and the state, nothing personal; the ERP reads the rest through the API. The
//! same delivery keeps its id through all repetitions, so the other side can tell a twin.

use base::http::HttpRequest;
use base::jobs::{Ask, Heard, Job, Next, Runner};
use base::{Ctx, events, secrets};
use db::Tx;
use kernel::{Error, Event, OrderId, OrderState};
use serde::{Deserialize, Serialize};

/// Tells the ERP about a move.
pub const RUNNER: Runner = Runner::Outside { ask, heard };

#[derive(Deserialize)]
struct Occasion {
    order: OrderId,
    state: OrderState,
    #[serde(default)]
    substatus: Option<String>,
}

/// What the ERP gets.
#[derive(Serialize)]
struct Delivery<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: kernel::Time,
    data: Moved<'a>,
}

#[derive(Serialize)]
struct Moved<'a> {
    order_id: OrderId,
    number: &'a str,
    external_ref: Option<&'a str>,
    state: OrderState,
    #[serde(skip_serializing_if = "Option::is_none")]
    substatus: Option<&'a str>,
    version: i64,
}

fn occasion(job: &Job) -> Result<Occasion, Error> {
    serde_json::from_value(job.payload.clone()).map_err(Error::internal)
}

fn ask(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Ask, Error> {
    let occasion = occasion(job)?;
    let erp = &ctx.settings.erp;
    if erp.url.is_empty() {
        return Ok(Ask::Nothing);
    }
    let order = orders::find(tx, ctx, occasion.order)?;
    let data = Moved {
        order_id: order.id,
        number: &order.number,
        external_ref: order.external_ref.as_deref(),
        state: occasion.state,
        substatus: occasion.substatus.as_deref(),
        version: order.version,
    };
    let delivery = Delivery { kind: "order.moved", timestamp: job.created_at, data };
    let request = HttpRequest::post(erp.url.as_str()).json(&delivery)?;
    // Unsigned, nobody could tell it from a stranger's: it waits, and says why, until there is a secret.
    let secret = secrets::find(tx, ctx, &erp.secret_name)?.ok_or_else(|| Error::conflict("webhook.no_secret"))?;
    Ok(Ask::Http(request.signed(&secret, &job.id.to_string(), ctx.now)?))
}

fn heard(tx: &mut Tx, ctx: &Ctx, job: &Job, heard: &Heard) -> Result<Next, Error> {
    let Occasion { order, state, .. } = occasion(job)?;
    let answer = match heard {
        Heard::Http(answer) => answer,
        Heard::Mail(_) => return Err(Error::internal("a webhook was answered by mail")),
    };
    let is_taken = answer.as_ref().is_ok_and(base::http::HttpResponse::is_success);
    if !is_taken && job.attempts < base::jobs::max_attempts(job.kind) {
        let why = match answer {
            Ok(answer) => format!("the ERP answered {}", answer.status),
            Err(why) => why.clone(),
        };
        return Ok(Next::Again { why });
    }
    events::record(tx, ctx, Event::OrderPushed { order, to: state, is_taken })?;
    Ok(if is_taken { Next::Done } else { Next::Fail { why: "the ERP did not take it in time".to_owned() } })
}
