//! The second factor: a picture to scan, the first code, recovery codes shown once, and the way back.

use access::totp::{self, Enrollment, RecoveryCodes};
use askama::filters::Safe;
use axum::http::Method;
use axum::response::Response;
use base::Edge;
use kernel::{Error, Hidden};

use super::HOME;
use super::overview::{again, hidden};
use super::view::{CodesPage, FactorPage};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::limits::RateClass;
use crate::pages::context::{Place, Reader, html, see};
use crate::pages::input::{self, Input};
use crate::pages::typed::Typed;
use crate::pages::view::Shell;
use crate::router::{Access, Route};
use crate::words::Words;

/// Where it is set up.
const SET_UP: &str = "/app/account/second-factor";

pub(super) fn routes() -> Vec<Route> {
    let mine = Access::Session;
    vec![
        Route::page(Method::GET, SET_UP, mine, "page_second_factor", show),
        Route::page(Method::POST, SET_UP, mine, "page_begin_second_factor", begin),
        Route::page(Method::POST, "/app/account/second-factor/confirm", mine, "page_confirm_second_factor", confirm).rate(RateClass::SignIn),
        Route::page(Method::POST, "/app/account/second-factor/off", mine, "page_second_factor_off", turn_off).rate(RateClass::SignIn),
        Route::page(Method::POST, "/app/account/second-factor/codes", mine, "page_renew_codes", renew).rate(RateClass::SignIn),
    ]
}

async fn shell(edge: &Edge, info: &Info, key: &str) -> Outcome<Shell> {
    let reader = edge.read(Reader::load).await?;
    let say = Words { locale: edge.ctx.locale };
    let title = say.t(key);
    let place = Place {
        title: say.one("account-part-window", "heading", &title),
        back: Some(HOME.to_owned()),
        crumb: title,
        here: SET_UP.to_owned(),
        toast: None,
    };
    Ok(reader.shell(&edge.ctx, info, place).under(vec![(HOME.to_owned(), say.t("account-title"))]))
}

/// `POST /app/account/second-factor`: a new secret; nothing changes until its first code.
async fn begin(edge: Edge, info: Info) -> Outcome<Response> {
    match totp::begin(&edge).await {
        Ok(_) => Ok(see(SET_UP)),
        Err(error) => again(&edge, &info, "factor", Typed::default(), error).await,
    }
}

/// `GET /app/account/second-factor`: what was begun, to scan or to type.
async fn show(edge: Edge, info: Info) -> Outcome<Response> {
    match totp::pending(&edge).await? {
        Some(begun) => html(&set_up(&edge, &info, &begun, None).await?),
        None => Ok(see(HOME)),
    }
}

async fn set_up(edge: &Edge, info: &Info, begun: &Enrollment, problem: Option<&Problem>) -> Outcome<FactorPage> {
    let say = Words { locale: edge.ctx.locale };
    let mut page = shell(edge, info, "account-factor-title").await?;
    let code =
        Input::text("code", say.t("gate-code-label"), "").keys("numeric").autocomplete("one-time-code").hint(say.t("account-factor-code-hint"));
    let mut inputs = [Input { is_ltr: true, ..code }];
    let rest = problem.and_then(|problem| input::explain(say, problem, &mut inputs));
    if problem.is_some() {
        page.title = say.one("form-error-window", "title", &page.title);
    }
    let [code] = inputs;
    Ok(FactorPage {
        page,
        picture: Safe(inline(begun.qr_svg.reveal(), &say.t("account-factor-picture"))),
        secret: grouped(begun.secret.reveal()),
        url: begun.url.reveal().to_owned(),
        code,
        rest,
    })
}

/// A picture as a part of the page: without the head of a document of its own, with a name for those who hear it.
fn inline(document: &str, name: &str) -> String {
    let picture = document.find("<svg").map_or(document, |start| &document[start..]);
    let name: String = name.chars().filter(|sign| !matches!(sign, '"' | '<' | '>' | '&')).collect();
    picture.replacen("<svg", &format!("<svg role=\"img\" aria-label=\"{name}\""), 1)
}

/// Letters in groups of four, as people read them to each other.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn codes_page(edge: &Edge, info: &Info, codes: &RecoveryCodes) -> Outcome<Response> {
    let codes: Vec<String> = codes.0.iter().map(|code: &Hidden| code.reveal().to_owned()).collect();
    html(&CodesPage { page: shell(edge, info, "account-codes-title").await?, all: codes.join("\n"), codes })
}

/// `POST /app/account/second-factor/confirm`
async fn confirm(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    match totp::confirm(&edge, typed.get("code")).await {
        Ok(codes) => codes_page(&edge, &info, &codes).await,
        Err(error @ Error::Invalid(_)) => match totp::pending(&edge).await? {
            Some(begun) => {
                let problem = Problem::from(error);
                let mut response = html(&set_up(&edge, &info, &begun, Some(&problem)).await?)?;
                *response.status_mut() = problem.status();
                Ok(response)
            }
            None => Ok(see(HOME)),
        },
        Err(error) => again(&edge, &info, "factor", typed, error).await,
    }
}

/// `POST /app/account/second-factor/off`
async fn turn_off(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    match totp::turn_off(&edge, &hidden(&typed, "factor_password")).await {
        Ok(()) => Ok(see(&format!("{HOME}?done=off"))),
        Err(error) => again(&edge, &info, "factor", typed, error).await,
    }
}

/// `POST /app/account/second-factor/codes`
async fn renew(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    match totp::renew_recovery_codes(&edge, &hidden(&typed, "factor_password")).await {
        Ok(codes) => codes_page(&edge, &info, &codes).await,
        Err(error) => again(&edge, &info, "factor", typed, error).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_becomes_a_part_of_the_page_with_a_name() {
        let document = "<?xml version=\"1.0\"?><svg xmlns=\"x\"><path/></svg>";
        assert_eq!(inline(document, "A \"code\""), "<svg role=\"img\" aria-label=\"A code\" xmlns=\"x\"><path/></svg>");
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
