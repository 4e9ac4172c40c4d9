//! Whose an order is, on its page and in the short look: who has it, giving it to somebody else, taking it.

use axum::http::Method;
use axum::response::Response;
use base::{Agents, Ctx, Edge};
use db::Tx;
use kernel::{Error, Event, Id, OrderId, Permission};
use orders::{Giving, Order, OrderDetail};

use super::detail::refused;
use crate::api::orders::people::{NOBODY, whose};
use crate::badges;
use crate::error::Outcome;
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::context::{own_path, see};
use crate::pages::typed::Typed;
use crate::pages::view::Choosable;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page(Method::POST, "/app/orders/{id}/agent", Access::Needs(Permission::OrderAssign), "page_assign_order", change)]
}

/// Who has an order.
pub(crate) struct AgentCard {
    /// Their name; none when nobody has it.
    pub(crate) name: Option<String>,
    pub(crate) initials: String,
    pub(crate) tone: &'static str,
    /// Whether it is the reader.
    pub(crate) is_mine: bool,
    /// Since when.
    pub(crate) since: Option<String>,
    /// The list of what they have.
    pub(crate) theirs: Option<String>,
    /// Whose it is, for the form: what somebody changed meanwhile is not written over.
    pub(crate) was: String,
    /// Whether the reader may take it.
    pub(crate) can_take: bool,
    /// Whom the reader may give it to; nobody where they may not.
    pub(crate) options: Vec<Choosable>,
}

impl AgentCard {
    /// `people` are those whom it can be given to.
    pub(super) fn of(ctx: &Ctx, say: Words, format: &Format, detail: &OrderDetail, name: Option<String>, people: &[access::Person]) -> AgentCard {
        let agent = detail.order.agent_id;
        let given = detail.history.iter().rfind(|event| matches!(event.event(), Ok(Event::OrderAssigned { to, .. }) if to == agent));
        let is_mine = agent.is_some() && agent == ctx.user();
        let was = agent.map_or_else(|| NOBODY.to_owned(), |agent| agent.to_string());
        let mut options = Vec::new();
        if !people.is_empty() {
            // Who has it but could not be given it: nobody else is chosen before the reader chooses.
            if agent.is_some_and(|agent| people.iter().all(|person| person.id != agent)) {
                options.push(Choosable { value: String::new(), label: say.t("order-agent-choose"), is_chosen: true });
            }
            options.extend(people.iter().map(|person| Choosable::new(person.id.to_string(), person.name.clone(), &was)));
            options.push(Choosable::new(NOBODY, say.t("orders-nobody"), &was));
        }
        AgentCard {
            initials: name.as_deref().map(badges::initials).unwrap_or_default(),
            tone: agent.map_or("neu", |agent| badges::person_tone(agent.to_i64())),
            since: agent.and(given).map(|event| say.one("order-agent-since", "at", format.moment(event.at))),
            theirs: agent.map(|agent| format!("/app/orders?view=all&agent={agent}")),
            can_take: !is_mine && people.iter().any(|person| Some(person.id) == ctx.user()),
            name,
            is_mine,
            was,
            options,
        }
    }
}

/// Whom the reader may give an order to; nobody where they may not, and when it is archived.
pub(super) fn takers(tx: &mut Tx, ctx: &Ctx, order: &Order) -> Result<Vec<access::Person>, Error> {
    if order.archived_at.is_some() || !ctx.can(Permission::OrderAssign) {
        return Ok(Vec::new());
    }
    orders::takers(tx, ctx, order.id)
}

/// What a toast says after it: whose the order is now.
pub(super) fn said(ctx: &Ctx, say: Words, order: &Order, name: Option<&str>) -> String {
    match (order.agent_id, name) {
        (Some(agent), _) if Some(agent) == ctx.user() => say.t("order-done-taken"),
        (Some(_), Some(name)) => say.one("order-done-given", "name", name),
        _ => say.t("order-done-freed"),
    }
}

/// `POST /app/orders/{id}/agent`
async fn change(Path(id): Path<OrderId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let back = own_path(typed.get("back")).filter(|back| !back.is_empty()).map(str::to_owned);
    let own = typed.clone();
    let given = edge.write(move |tx, ctx| {
        // Whether the order is there comes first.
        orders::find(tx, ctx, id)?;
        let was = own.filled("was").map(|was| whose(ctx, "was", &was)).transpose()?;
        orders::give(tx, ctx, id, Giving { to: whose(ctx, "agent_id", own.get("agent_id"))?, was })
    });
    match given.await {
        Ok(given) => {
            let sees = match edge.ctx.sees().agents {
                Agents::All => true,
                Agents::OwnAndFree(user) => given.order.agent_id.is_none_or(|agent| agent == user),
                Agents::Own(user) => given.order.agent_id == Some(user),
            };
            let done = given.event.map(|event| format!("done=assigned&event={event}"));
            Ok(match (back, sees) {
                (Some(back), _) => see(&with(&back, done.as_deref())),
                (None, true) => see(&format!("{}#agent", with(&format!("/app/orders/{id}"), done.as_deref()))),
                // It is somebody else's now, and out of sight.
                (None, false) => see(&with("/app/orders", done.as_deref())),
            })
        }
        Err(error) => refused(&edge, &info, id, "agent", typed, &["agent_id"], error.into()).await,
    }
}

/// An address that says what was done, where something was.
fn with(path: &str, said: Option<&str>) -> String {
    match said {
        None => path.to_owned(),
        Some(said) => format!("{path}{}{said}", if path.contains('?') { '&' } else { '?' }),
    }
}
