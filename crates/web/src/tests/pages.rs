//! The pages as a browser without script meets them: plain GET, plain POST, redirects.

use axum::body::Body;
use axum::http::{Method, Request, header};
use kernel::Locale;

use super::{Answer, World};
use crate::{SESSION_COOKIE, csrf_token};

impl World {
    async fn page(&self, path: &str) -> Answer {
        let cookie = format!("{SESSION_COOKIE}={}", self.cookie);
        self.send(Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    async fn part(&self, path: &str) -> Answer {
        let cookie = format!("{SESSION_COOKIE}={}", self.cookie);
        let request = Request::builder().uri(path).header(header::COOKIE, cookie).header("hx-request-type", "partial");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = csrf_token(&self.cookie);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).append_pair("csrf", &token).finish();
        let request = Request::builder().method(Method::POST).uri(path).header(header::COOKIE, format!("{SESSION_COOKIE}={}", self.cookie));
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_lets_in_and_tells_nothing_else() {
    let world = World::new().await;
    let plain = |path: &str| Request::builder().uri(path.to_owned()).header("accept", "text/html").body(Body::empty()).unwrap();
    let away = world.send(plain("/app/orders?q=amina")).await;
    assert_eq!((away.status.as_u16(), away.header("location")), (303, "/sign-in?next=%2Fapp%2Forders%3Fq%3Damina"));
    assert_eq!(world.send(plain("/")).await.header("location"), "/sign-in");
    let french = world.send(plain("/sign-in?lang=fr")).await;
    assert!(french.text.contains("<html lang=\"fr\" dir=\"ltr\">") && french.header("set-cookie").contains("kafila_lang=fr"), "{}", french.text);

    let try_in = |email: &'static str, password: &'static str| {
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("email", email).append_pair("password", password).finish();
        let request = Request::builder().method(Method::POST).uri("/sign-in?next=%2Fapp%2Forders%3Fview%3Ddelivery");
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
    };
    let wrong = world.send(try_in("samira@natu.dz", "not it at all")).await;
    let nobody = world.send(try_in("nobody@natu.dz", "not it at all")).await;
    assert_eq!((wrong.status.as_u16(), nobody.status.as_u16()), (422, 422));
    assert_eq!(wrong.text.replace("samira", "nobody"), nobody.text);
    let inside = world.send(try_in("samira@natu.dz", "seven camels drink slowly")).await;
    assert_eq!((inside.status.as_u16(), inside.header("location")), (303, "/app/orders?view=delivery"));
    assert!(inside.header("set-cookie").contains("HttpOnly"));

    let elsewhere = Request::builder()
        .method(Method::GET)
        .uri("/sign-in?next=//evil.example")
        .header(header::COOKIE, format!("{SESSION_COOKIE}={}", world.cookie));
    assert_eq!(world.send(elsewhere.body(Body::empty()).unwrap()).await.header("location"), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_filters_and_pages_in_every_language() {
    let world = World::new().await;
    assert!(world.page("/app/orders").await.text.contains("Your orders will appear here"));
    let id = world.placed().await;

    let list = world.page("/app/orders").await;
    assert!(list.text.contains(&format!("id=\"{id}\"")) && list.text.contains("Amina Benali") && list.text.contains("17,400"), "{}", list.text);
    let part = world.part("/app/orders?view=to_confirm&province=DZ%3A31&min=17000").await;
    assert!(part.text.trim_start().starts_with("<section") && part.text.contains(&id), "{}", part.text);
    for nothing in ["view=delivery", "province=DZ%3A16", "max=100", "channel=phone", "q=zzzz"] {
        assert!(!world.part(&format!("/app/orders?{nothing}")).await.text.contains(&id), "{nothing}");
    }
    assert!(world.page("/app/orders?q=0550142387").await.text.contains(&id));
    assert_eq!(world.page("/app/orders?page=x&sort=colour&view=none&from=soon").await.status, 200);
    assert_eq!(world.page("/app/orders?page=9999").await.status, 422, "too far for page numbers");
    assert!(world.part(&format!("/app/orders/rows?ids={id},ord_0000000000001,rubbish")).await.text.contains("data-version=\"1\""));
    let since = |us: i64| format!("/app/orders/fresh?since={us}");
    assert_eq!(world.part(&since(0)).await.text, "1 new order");
    assert_eq!(world.part(&since(world.base.now().0)).await.text, "");

    for locale in Locale::INTERFACE {
        let set = world.form("/app/preferences", &[("language", locale.as_str()), ("back", "/app/orders")]).await;
        assert_eq!((set.status.as_u16(), set.header("location")), (303, "/app/orders"));
        let list = world.page("/app/orders").await.text;
        assert!(list.contains(&format!("<html lang=\"{locale}\"")) && !list.contains("{ $") && !list.contains("orders-"), "{list}");
    }
    assert!(world.page("/app/orders").await.text.contains("17,400<"), "Arabic keeps western digits");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_moved_taken_back_and_written_on_from_its_page() {
    let world = World::new().await;
    let id = world.placed().await;
    let path = format!("/app/orders/{id}");

    let moved = world.form(&format!("{path}/moves"), &[("action", "confirm"), ("version", "1")]).await;
    assert_eq!(moved.status, 303, "{}", moved.text);
    let page = world.page(moved.header("location")).await;
    let undo = page.text.split("action=\"").filter_map(|rest| rest.split('"').next()).find(|action| action.contains("/undo/"));
    let undo = undo.expect("the way back is offered").to_owned();
    assert_eq!(world.form(&undo, &[]).await.header("location"), format!("{path}?done=undone"));

    let stale = world.form(&format!("{path}/moves"), &[("action", "confirm"), ("version", "1")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text.contains("role=\"alert\"") && stale.text.contains("action=\"confirm\"") || stale.text.contains("value=\"confirm\""));
    let without = world.form(&format!("{path}/moves"), &[("action", "cancel"), ("reason", "")]).await;
    assert_eq!(without.status, 422);
    let cancelled = world.form(&format!("{path}/moves"), &[("action", "cancel"), ("reason", "price"), ("note", "5 < 6 & so on")]).await;
    assert_eq!(cancelled.status, 303, "{}", cancelled.text);
    let noted = world.form(&format!("{path}/notes"), &[("text", "<b>Call</b> later"), ("is_visible", "1")]).await;
    assert_eq!(noted.header("location"), format!("{path}?done=note#activity"));

    let page = world.page(&path).await.text;
    assert!(page.contains("Reason: Price") && page.contains("5 &#60; 6 &#38; so on") && page.contains("&#60;b&#62;Call"), "{page}");
    assert!(!page.contains("<b>Call") && !page.contains("style="));
    assert_eq!(world.page("/app/orders/ord_0000000000001").await.status, 404);

    let forged =
        Request::builder().method(Method::POST).uri(format!("{path}/notes")).header(header::COOKIE, format!("{SESSION_COOKIE}={}", world.cookie));
    let forged = forged.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from("text=hi")).unwrap();
    assert_eq!(world.send(forged).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_come_packed_and_stay_for_ever() {
    let world = World::new().await;
    let page = world.page("/app/orders").await.text;
    let style = page.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|href| href.ends_with("/app.css")).unwrap().to_owned();
    let ask = |encoding: &'static str| Request::builder().uri(style.clone()).header(header::ACCEPT_ENCODING, encoding).body(Body::empty()).unwrap();
    let packed = world.send(ask("gzip, br")).await;
    assert_eq!((packed.status.as_u16(), packed.header("content-encoding")), (200, "br"));
    assert!(packed.header("cache-control").contains("immutable"));
    assert_eq!(world.send(ask("gzip")).await.header("content-encoding"), "gzip");
    assert_eq!(world.send(ask("br;q=0")).await.header("content-encoding"), "");
    assert_eq!(world.page("/a/0000000000000000/app.css").await.status, 404);
}
