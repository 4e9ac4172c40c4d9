//! The page of one's own account: name, looks, password, second factor, sessions.

use serde_json::json;
use testkit::{AGENT, Answer, PASSWORD, Shop, WEAK, both};

const NEW_PASSWORD: &str = "seven camels drink slowly 9";

#[track_caller]
fn shows(answer: &Answer, words: &[&str]) {
    for word in words {
        assert!(answer.text.contains(word), "no {word:?} in {}", answer.text);
    }
}

#[track_caller]
fn led(answer: Answer) -> String {
    let answer = answer.expect(303);
    answer.header("location").to_owned()
}

/// The code of an authenticator with this key, so many seconds from now.
fn code(secret: &str, shop: &Shop, later_s: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate((shop.now().0 / 1_000_000 + later_s) as u64).to_string()
}

#[track_caller]
fn between<'a>(text: &'a str, opening: &str, closing: &str) -> &'a str {
    let start = text.find(opening).unwrap_or_else(|| panic!("no {opening:?} in {text}")) + opening.len();
    &text[start..start + text[start..].find(closing).unwrap()]
}

both! {
    async fn everybody_has_an_account_with_a_name_and_looks_of_their_own(shop: Shop) {
        let browser = shop.browser(WEAK).await;
        shows(&browser.get("/app/account").await.expect(200), &["Your account", "Walid Weak", WEAK.email, "Second factor", "Where you are signed in", "This device"]);
        let wrong = browser.submit("/app/account/name", &[("name", " ")]).await.expect(422);
        shows(&wrong, &["<title>Error:", "id=\"name-error\""]);
        assert_eq!(led(browser.submit("/app/account/name", &[("name", "Walid W.")]).await), "/app/account?done=name");
        shows(&browser.get("/app/account?done=name").await.expect(200), &["Walid W.", "Saved"]);
        let events = shop.admin().get("/api/v1/events?kind=user.changed").await.expect(200);
        assert_eq!(events.items()[0]["changes"][0], json!({"field": "name", "before": "Walid Weak", "after": "Walid W."}));

        let set = browser.submit("/app/account/preferences", &[("locale", "fr"), ("theme", "dark"), ("page_size", "25"), ("keys", "off")]).await.expect(303);
        assert!(set.headers.get_all("set-cookie").iter().count() == 2, "language and theme for pages before the door");
        let french = browser.get("/app/account").await.expect(200);
        shows(&french, &["<html lang=\"fr\"", "data-theme=\"dark\"", "Votre compte", "data-keys=\"off\"", "<option value=\"25\" selected>"]);
        browser.submit("/app/account/preferences", &[("theme", "pink")]).await.expect(422);
        browser.submit("/app/account/preferences", &[("page_size", "5")]).await.expect(422);
    }

    async fn a_password_changes_with_the_present_one_and_ends_other_sessions(shop: Shop) {
        let (browser, other) = (shop.browser(AGENT).await, shop.browser(AGENT).await);
        let wrong = browser.submit("/app/account/password", &[("current_password", "wrong"), ("new_password", NEW_PASSWORD)]).await.expect(422);
        shows(&wrong, &["id=\"current_password-error\""]);
        assert!(!wrong.text.contains(NEW_PASSWORD), "no password comes back");
        let weak = browser.submit("/app/account/password", &[("current_password", PASSWORD), ("new_password", "12345678")]).await.expect(422);
        shows(&weak, &["id=\"new_password-error\""]);
        assert_eq!(led(browser.submit("/app/account/password", &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]).await), "/app/account?done=password");
        browser.get("/app/account").await.expect(200);
        assert!(led(other.get("/app/account").await).starts_with("/sign-in"));
        browser.submit("/app/account/email", &[("email", "x"), ("password", NEW_PASSWORD)]).await.expect(422);
        assert_eq!(led(browser.submit("/app/account/email", &[("email", "amel@elsewhere.test"), ("password", NEW_PASSWORD)]).await), "/app/account?done=email");
    }

    async fn a_second_factor_is_set_up_by_a_picture_and_switched_off_by_the_password(shop: Shop) {
        let browser = shop.browser(AGENT).await;
        assert_eq!(led(browser.get("/app/account/second-factor").await), "/app/account", "nothing was begun");
        assert_eq!(led(browser.submit("/app/account/second-factor", &[]).await), "/app/account/second-factor");
        let page = browser.get("/app/account/second-factor").await.expect(200);
        shows(&page, &["<svg role=\"img\" aria-label=\"QR code for the authenticator\"", "otpauth://totp/"]);
        assert!(!page.text.contains("<?xml") && !page.text.contains(" style="), "the picture keeps the content policy");
        let secret = between(&page.text, "ltr secret\">", "<").to_owned();
        shows(&browser.submit("/app/account/second-factor/confirm", &[("code", "000000")]).await.expect(422), &["id=\"code-error\"", &secret]);
        let codes = browser.submit("/app/account/second-factor/confirm", &[("code", &code(&secret, &shop, 0))]).await.expect(200);
        assert_eq!(codes.text.matches("<li><bdi class=\"ltr\">").count(), 10, "{}", codes.text);
        let on = browser.get("/app/account").await.expect(200);
        shows(&on, &["Signing in asks for a code", "10 recovery codes are left.", "second-factor/off"]);
        browser.submit("/app/account/second-factor", &[]).await.expect(409);

        browser.submit("/app/account/second-factor/codes", &[("factor_password", "wrong")]).await.expect(422);
        let renewed = browser.submit("/app/account/second-factor/codes", &[("factor_password", PASSWORD)]).await.expect(200);
        assert_ne!(between(&renewed.text, "<li><bdi class=\"ltr\">", "<"), between(&codes.text, "<li><bdi class=\"ltr\">", "<"));
        shows(&browser.submit("/app/account/second-factor/off", &[("factor_password", "wrong")]).await.expect(422), &["id=\"factor_password-error\""]);
        assert_eq!(led(browser.submit("/app/account/second-factor/off", &[("factor_password", PASSWORD)]).await), "/app/account?done=off");
        shows(&browser.get("/app/account").await.expect(200), &["a stolen password is not enough"]);
    }

    async fn sessions_are_listed_and_ended_one_by_one_and_everywhere(shop: Shop) {
        let (browser, phone, third) = (shop.browser(AGENT).await, shop.browser(AGENT).await, shop.browser(AGENT).await);
        let page = browser.get("/app/account").await.expect(200);
        let others = page.text.matches("/end\">").count();
        assert!(others >= 2 && page.text.matches("This device").count() == 1, "{}", page.text);
        let one = between(&page.text, "/app/account/sessions/", "/end").to_owned();
        assert_eq!(led(browser.submit(&format!("/app/account/sessions/{one}/end"), &[]).await), "/app/account?done=ended#sessions");
        assert_eq!(browser.get("/app/account").await.expect(200).text.matches("/end\">").count(), others - 1);
        browser.submit(&format!("/app/account/sessions/{one}/end"), &[]).await.expect(404);
        // Somebody else's is not there, not even for an Admin.
        let admin = shop.browser(testkit::ADMIN).await;
        let theirs = shop.admin().get("/api/v1/sessions").await.expect(200);
        let agent = shop.admin().get("/api/v1/users").await.expect(200).items().iter().find(|user| user["email"] == AGENT.email).unwrap()["id"].clone();
        let theirs = theirs.items().iter().find(|session| session["user_id"] == agent).unwrap()["id"].as_str().unwrap().to_owned();
        admin.submit(&format!("/app/account/sessions/{theirs}/end"), &[]).await.expect(404);

        led(browser.submit("/app/account/sessions/end-others", &[]).await);
        browser.get("/app/account").await.expect(200);
        for gone in [phone, third] {
            assert!(led(gone.get("/app/account").await).starts_with("/sign-in"));
        }
        let out = browser.submit("/app/account/sessions/end-all", &[]).await.expect(303);
        assert_eq!(out.header("location"), "/sign-in?out=1");
        assert!(led(browser.get("/app/account").await).starts_with("/sign-in"));
    }
}
