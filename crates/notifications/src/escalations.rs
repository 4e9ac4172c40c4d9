//! Telling the team: a mail to the people of a level when an escalation comes to them, back to them, or
//! waits there beyond its deadline.
//!
//! The job finds the present state itself: what was settled or moved on meanwhile is told by the event
//! that says so, not by this one.

use base::jobs::{Job, Next, Runner};
use base::mail::{self, Mail};
use base::{Ctx, events};
use db::Tx;
use kernel::{Error, EscalationId, Event, EventId, Hidden, Locale};
use orders::escalations::{self, Escalation, EscalationState};
use orders::reasons::{self, ReasonList};
use serde::Deserialize;

/// Tells the people of a level about an escalation.
pub const RUNNER: Runner = Runner::Local(tell);

#[derive(Deserialize)]
struct Occasion {
    event: EventId,
}

/// What is told, and about which level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// It has come to this level.
    Here(i64),
    /// It is back with an answer.
    Answered,
    /// It waits on the last level beyond its deadline.
    Overdue(i64),
}

fn tell(tx: &mut Tx, ctx: &Ctx, job: &Job) -> Result<Next, Error> {
    let occasion: Occasion = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
    let Some(event) = events::find(tx, ctx, occasion.event)? else { return Ok(Next::Done) };
    let Some((id, news)) = news(&event.event()?) else { return Ok(Next::Done) };
    let row = match escalations::find(tx, ctx, id) {
        Ok((row, _)) => row,
        Err(Error::NotFound { .. }) => return Ok(Next::Done),
        Err(other) => return Err(other),
    };
    if !stands(&row, news) {
        return Ok(Next::Done);
    }

    let order = orders::find(tx, ctx, row.order_id)?;
    let store = access::stores::find(tx, ctx, row.store_id)?;
    // On the clock of the store.
    let due = row.due_at.timestamp().to_zoned(store.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    for person in escalations::audience(tx, ctx, &row)? {
        let locale = shown(person.locale.unwrap_or(ctx.settings.general.default_locale));
        let reader = Ctx { locale, ..ctx.clone() };
        let labels = reasons::labels(tx, &reader, ReasonList::Escalation)?;
        let reason = labels.get(&row.reason).map_or(row.reason.as_str(), String::as_str);
        let said = if news == News::Answered { row.answer.as_deref().unwrap_or_default() } else { &row.message };
        let (subject, body) = write(news, locale);
        let fill = |text: &str| {
            text.replace("{number}", &order.number)
                .replace("{store}", &store.name)
                .replace("{reason}", reason)
                .replace("{due}", &due)
                .replace("{name}", &person.name)
                // Last, so that nothing in it is filled in.
                .replace("{message}", said)
        };
        let mail = Mail { to: Hidden::new(person.email.clone()), subject: fill(subject), text: Hidden::new(fill(body)), html: None, from_name: None };
        match mail::enqueue(tx, ctx, &mail) {
            // An address that no mail can reach keeps nobody else from hearing.
            Ok(_) | Err(Error::Invalid(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(Next::Done)
}

fn news(event: &Event) -> Option<(EscalationId, News)> {
    match event {
        Event::EscalationRaised { escalation, level, .. } => Some((*escalation, News::Here(*level))),
        Event::EscalationMoved { escalation, to, .. } => Some((*escalation, News::Here(*to))),
        Event::EscalationAnswered { escalation, .. } => Some((*escalation, News::Answered)),
        Event::EscalationOverdue { escalation, level, .. } => Some((*escalation, News::Overdue(*level))),
        _ => None,
    }
}

fn stands(row: &Escalation, news: News) -> bool {
    match news {
        News::Here(level) => row.state == EscalationState::Open && row.level == level,
        News::Answered => row.state == EscalationState::Answered,
        News::Overdue(level) => row.resolved_at.is_none() && row.level == level,
    }
}

/// The dialect is for customers; colleagues read Arabic.
fn shown(locale: Locale) -> Locale {
    if locale == Locale::Dz { Locale::Ar } else { locale }
}

#[rustfmt::skip]
fn write(news: News, locale: Locale) -> (&'static str, &'static str) {
    match (news, locale) {
        (News::Here(_), Locale::Fr) => ("Commande {number} : {reason}", "Bonjour {name},\n\nun problème avec la commande {number} ({store}) attend une réponse de votre niveau avant le {due}.\n\n{reason}\n{message}\n"),
        (News::Here(_), Locale::Ar) => ("الطلبية {number}: {reason}", "مرحبا {name}،\n\nمشكلة في الطلبية {number} ({store}) تنتظر جوابا من مستواك قبل {due}.\n\n{reason}\n{message}\n"),
        (News::Here(_), _) => ("Order {number}: {reason}", "Hello {name},\n\na problem with order {number} ({store}) waits for an answer from your level until {due}.\n\n{reason}\n{message}\n"),

        (News::Answered, Locale::Fr) => ("Réponse pour la commande {number}", "Bonjour {name},\n\nil y a une réponse au problème de la commande {number} ({store}). Réglez-le ou faites-le remonter avant le {due}.\n\n{message}\n"),
        (News::Answered, Locale::Ar) => ("جواب بخصوص الطلبية {number}", "مرحبا {name}،\n\nوصل جواب عن مشكلة الطلبية {number} ({store}). عالجها أو ارفعها من جديد قبل {due}.\n\n{message}\n"),
        (News::Answered, _) => ("An answer about order {number}", "Hello {name},\n\nthere is an answer to the problem with order {number} ({store}). Settle it or pass it up again until {due}.\n\n{message}\n"),

        (News::Overdue(_), Locale::Fr) => ("En retard : commande {number}", "Bonjour {name},\n\nle problème de la commande {number} ({store}) devait être réglé avant le {due}.\n\n{reason}\n{message}\n"),
        (News::Overdue(_), Locale::Ar) => ("تأخير: الطلبية {number}", "مرحبا {name}،\n\nكان ينبغي حل مشكلة الطلبية {number} ({store}) قبل {due}.\n\n{reason}\n{message}\n"),
        (News::Overdue(_), _) => ("Overdue: order {number}", "Hello {name},\n\nthe problem with order {number} ({store}) should have been settled by {due}.\n\n{reason}\n{message}\n"),
    }
}
