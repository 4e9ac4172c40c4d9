//! People around one order: who has its page open, notes on top of it, whom notes name.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::Method;
use axum::response::Response;
use base::presence::{Doing, Viewer};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Id, NoteAudience, NoteId, OrderId, Permission, UserId};
use orders::mentions::{self, Mentioned};
use orders::{Note, OrderDetail};

use super::detail::refused;
use super::story::Story;
use crate::badges;
use crate::error::Outcome;
use crate::extract::{Form, Info, Path, Two};
use crate::pages::context::{html, see};
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::page(Method::POST, "/app/orders/{id}/here", Needs(Permission::OrderRead), "page_here", here),
        Route::page(Method::POST, "/app/orders/{id}/mentions/seen", Needs(Permission::OrderRead), "page_see_mentions", seen),
        Route::page(Method::POST, "/app/orders/{id}/notes/{note_id}/pin", Needs(Permission::OrderNote), "page_pin_note", pin),
        Route::page(Method::POST, "/app/orders/{id}/notes/{note_id}/unpin", Needs(Permission::OrderNote), "page_unpin_note", unpin),
    ]
}

/// Names that stand in a sentence; the others are counted.
const NAMED: usize = 3;

/// Who else has the page of an order open. The template is `orders/here.html`; what changes in it is `orders/here_part.html`.
pub(crate) struct Here {
    pub(crate) say: Words,
    /// The address of the order.
    pub(crate) order: String,
    /// What the reader does on this page: `view` or `edit`.
    pub(crate) at: &'static str,
    /// The newest note that the page shows.
    pub(crate) note: String,
    pub(crate) faces: Vec<Face>,
    /// Who looks, in a sentence.
    pub(crate) viewing: Option<String>,
    /// Who has the form open, in a sentence.
    pub(crate) editing: Option<String>,
    /// Whether a note that the page does not show names the reader.
    pub(crate) is_named: bool,
}

/// What changes of it.
#[derive(Template)]
#[template(path = "orders/here_part.html")]
struct HerePart {
    here: Here,
}

/// Somebody, small.
pub(crate) struct Face {
    pub(crate) initials: String,
    pub(crate) tone: &'static str,
}

impl Here {
    /// Before anybody was looked for: the page asks for itself.
    pub(super) fn unasked(say: Words, id: OrderId, at: &'static str) -> Here {
        Here { say, order: format!("/app/orders/{id}"), at, note: String::new(), faces: Vec::new(), viewing: None, editing: None, is_named: false }
    }

    /// Who else is there, as it was found just now.
    pub(super) fn load(tx: &mut Tx, ctx: &Ctx, id: OrderId, found: &[Viewer], at: &'static str) -> Result<Here, Error> {
        let say = Words { locale: ctx.locale };
        let others: Vec<Viewer> = found.iter().filter(|viewer| Some(viewer.user) != ctx.user()).copied().collect();
        let ids: Vec<UserId> = others.iter().map(|viewer| viewer.user).collect();
        let names: BTreeMap<UserId, String> = access::users::names(tx, ctx, &ids)?.into_iter().map(|person| (person.id, person.name)).collect();
        let sentence = |key: &str, is_editing: bool| {
            let who: Vec<&str> = others
                .iter()
                .filter(|viewer| viewer.is_editing == is_editing)
                .filter_map(|viewer| names.get(&viewer.user))
                .map(String::as_str)
                .collect();
            let mut named = who.iter().take(NAMED).copied().collect::<Vec<_>>().join(&format!("{} ", say.t("people-between")));
            if who.len() > NAMED {
                named = format!("{named} +{}", who.len() - NAMED);
            }
            (!who.is_empty()).then(|| say.count(key, who.len() as i64, &named))
        };
        let face = |viewer: &Viewer| {
            names.get(&viewer.user).map(|name| Face { initials: badges::initials(name), tone: badges::person_tone(viewer.user.to_i64()) })
        };
        Ok(Here {
            viewing: sentence("people-viewing", false),
            editing: sentence(if at == "edit" { "people-editing-too" } else { "people-editing" }, true),
            faces: others.iter().filter_map(face).take(NAMED).collect(),
            ..Here::unasked(say, id, at)
        })
    }
}

/// A piece of a note: words, or a colleague's name.
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) is_name: bool,
}

/// A note on top of its order.
pub(crate) struct PinView {
    pub(crate) id: String,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) meta: String,
    pub(crate) at_iso: String,
    /// Whether the customer may read it.
    pub(crate) is_visible: bool,
}

/// A note that names the reader and that they had not seen.
pub(crate) struct NamesYou {
    pub(crate) sentence: String,
    pub(crate) pieces: Vec<Piece>,
}

/// A text in pieces, the names of those whom it names apart.
pub(super) fn pieces<'a>(text: &str, names: impl Iterator<Item = &'a String>) -> Vec<Piece> {
    let mut handles: Vec<String> = names.flat_map(|name| [name.clone(), name.split(' ').next().unwrap_or_default().to_owned()]).collect();
    handles.retain(|handle| !handle.is_empty());
    handles.sort_by_key(|handle| std::cmp::Reverse(handle.len()));
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at);
        let named = &after[1..];
        plain.push_str(before);
        match handles.iter().find(|handle| named.starts_with(handle.as_str())) {
            Some(handle) => {
                pieces.push(Piece { text: std::mem::take(&mut plain), is_name: false });
                pieces.push(Piece { text: format!("@{handle}"), is_name: true });
                rest = &named[handle.len()..];
            }
            None => {
                plain.push('@');
                rest = named;
            }
        }
    }
    plain.push_str(rest);
    pieces.push(Piece { text: plain, is_name: false });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Whom a note names.
pub(super) fn named(detail: &OrderDetail, note: NoteId) -> impl Iterator<Item = &Mentioned> {
    detail.mentions.iter().filter(move |one| one.note_id == note)
}

/// The notes on top, the latest first.
pub(super) fn pins(story: &Story<'_>) -> Vec<PinView> {
    let mut pinned: Vec<&Note> = story.detail.notes.iter().filter(|note| note.pinned_at.is_some()).collect();
    pinned.sort_by_key(|note| std::cmp::Reverse((note.pinned_at, note.id)));
    let view = |note: &Note| PinView {
        id: note.id.to_string(),
        pieces: story.pieces_of(note),
        meta: story.say.with("people-pin-by", &[("who", story.name_of(note.author())), ("at", story.format.moment(note.created_at))]),
        at_iso: story.format.iso(note.created_at),
        is_visible: note.audience == NoteAudience::Customer,
    };
    pinned.into_iter().map(view).collect()
}

/// What names the reader and was not seen, oldest first.
pub(super) fn names_you(ctx: &Ctx, story: &Story<'_>) -> Vec<NamesYou> {
    let Some(user) = ctx.user() else { return Vec::new() };
    let is_new = |note: &&Note| named(story.detail, note.id).any(|one| one.user_id == user && one.seen_at.is_none());
    let view =
        |note: &Note| NamesYou { sentence: story.say.one("people-named-you", "who", story.name_of(note.author())), pieces: story.pieces_of(note) };
    story.detail.notes.iter().filter(is_new).map(view).collect()
}

/// `POST /app/orders/{id}/here`: an open page says that somebody looks at it, and hears who else does. What names them there is seen by
/// that, as far as the page shows it.
async fn here(Path(id): Path<OrderId>, edge: Edge, Form(typed): Form<Typed>) -> Outcome<Response> {
    let (at, doing) = match typed.get("at") {
        "edit" => ("edit", Doing::Editing),
        "gone" => ("view", Doing::Gone),
        _ => ("view", Doing::Viewing),
    };
    let found = edge.base.viewers(edge.ctx.org, id);
    let up_to: Option<NoteId> = typed.read("note").filter(|_| doing == Doing::Viewing);
    let read = edge.read(move |tx, ctx| {
        orders::find(tx, ctx, id)?;
        let here = Here::load(tx, ctx, id, &found, at)?;
        Ok::<_, Error>((here, mentions::is_waiting(tx, ctx, id)?))
    });
    let (mut here, mut is_named) = read.await?;
    if let Some(user) = edge.ctx.user() {
        edge.base.say_here(edge.ctx.org, id, user, typed.read("page").unwrap_or(0), doing).await;
    }
    if is_named && let Some(up_to) = up_to {
        is_named = edge
            .write(move |tx, ctx| {
                mentions::see(tx, ctx, id, Some(up_to))?;
                mentions::is_waiting(tx, ctx, id)
            })
            .await?;
    }
    here.is_named = is_named && doing == Doing::Viewing;
    html(&HerePart { here })
}

/// `POST /app/orders/{id}/mentions/seen`: for pages without script, which cannot say that somebody looks at them.
async fn seen(Path(id): Path<OrderId>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| mentions::see(tx, ctx, id, None)).await?;
    Ok(see(&format!("/app/orders/{id}?done=seen")))
}

/// `POST /app/orders/{id}/notes/{note_id}/pin`
async fn pin(Path(Two(id, note)): Path<Two<OrderId, NoteId>>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::pin_note(tx, ctx, id, note)).await {
        Ok(_) => Ok(see(&format!("/app/orders/{id}?done=pinned&note={note}"))),
        Err(error) => refused(&edge, &info, id, "pin", Typed::default(), &[], error.into()).await,
    }
}

/// `POST /app/orders/{id}/notes/{note_id}/unpin`
async fn unpin(Path(Two(id, note)): Path<Two<OrderId, NoteId>>, edge: Edge, info: Info) -> Outcome<Response> {
    match edge.write(move |tx, ctx| orders::unpin_note(tx, ctx, id, note)).await {
        Ok(_) => Ok(see(&format!("/app/orders/{id}?done=unpinned&note={note}"))),
        Err(error) => refused(&edge, &info, id, "pin", Typed::default(), &[], error.into()).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_note_stand_apart() {
        let names = ["Ines Khelifi".to_owned(), "Ines".to_owned()];
        let told = |text: &str| {
            let one = |piece: Piece| if piece.is_name { format!("[{}]", piece.text) } else { piece.text };
            pieces(text, names.iter()).into_iter().map(one).collect::<String>()
        };
        assert_eq!(told("@Ines Khelifi, call; or @Ines. a@b @"), "[@Ines Khelifi], call; or [@Ines]. a@b @");
        assert_eq!(told("<b>@ines"), "<b>@ines");
        assert_eq!(told(""), "");
    }
}
