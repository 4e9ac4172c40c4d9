//! Coming in and staying in: links, passwords, second factor, sessions, tokens, keys, and what protects them.

use axum::http::Method;
use base::secrets::MasterKey;
use base::{Base, BaseConfig, Clock};
use db::testing::{PostgresServer, sqlite_from_template, sqlite_template};
use db::{Db, DbConfig};
use serde_json::{Value, json};
use testkit::{AGENT, Answer, Client, Shop, both};
use web::{LimitsConfig, WebConfig, WebState};

const PASSWORD: &str = "correct horse battery 7 staple";
const NEW_PASSWORD: &str = "seven camels drink slowly";

fn credentials(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

async fn sign_in(shop: &Shop, email: &str, password: &str) -> Answer {
    shop.nobody().post("/api/v1/sign-in", credentials(email, password)).await
}

fn token_of(link: &str) -> &str {
    link.trim().rsplit('/').next().unwrap()
}

/// What was mailed so far, the oldest first.
async fn mails(shop: &Shop) -> Vec<String> {
    shop.run_jobs().await;
    let folder = shop.base().data_dir().join("mail");
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    // Quoted-printable breaks long lines with an equals sign at their end.
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=3D", "=")).collect()
}

/// The token of the link in a mail.
fn mailed_token(mail: &str) -> String {
    let link = mail.split_whitespace().find(|word| word.starts_with("http://shop.test/sign-in/")).unwrap_or_else(|| panic!("no link in {mail}"));
    token_of(link).to_owned()
}

/// A router of the same shop with another configuration.
fn with_config(shop: &Shop, config: WebConfig) -> Client {
    Client::nobody(web::app(WebState::new(shop.base().clone(), config, None)))
}

fn quiet() -> WebConfig {
    WebConfig { public_url: "http://shop.test".to_owned(), limits: LimitsConfig::off(), ..WebConfig::default() }
}

fn code(secret: &str, shop: &Shop, later_s: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate((shop.now().0 / 1_000_000 + later_s) as u64).to_string()
}

fn bearer(token: &Value) -> String {
    format!("Bearer {}", token.as_str().unwrap())
}

both! {
    async fn somebody_invited_joins_with_a_password_of_their_own(shop: Shop) {
        let admin = shop.admin();
        let role = admin.get("/api/v1/roles").await.expect(200).items().iter().find(|role| role["code"] == "agent_call_center").unwrap()["id"].clone();
        let new = json!({"email": "Samira@Shop.test", "name": "Samira", "role_id": role, "store_ids": [shop.main()], "locale": "fr"});
        let invited = admin.post("/api/v1/users", new.clone()).await.expect(201);
        assert_eq!((&invited.body["user"]["state"], &invited.body["user"]["email"]), (&json!("invited"), &json!("Samira@Shop.test")));
        let link = invited.body["link"].as_str().unwrap().to_owned();
        assert!(link.starts_with("http://shop.test/sign-in/join/"), "{link}");
        assert_eq!(admin.post("/api/v1/users", new.clone()).await.expect(422).fields(), ["email: email.taken"]);
        let mail = mails(&shop).await.pop().unwrap();
        assert!(mail.contains("To: Samira@Shop.test"), "{mail}");
        assert_eq!(sign_in(&shop, "samira@shop.test", "").await.status, 401);

        // A second invitation voids the first.
        let user = invited.body["user"]["id"].as_str().unwrap().to_owned();
        let again = admin.post(&format!("/api/v1/users/{user}/invite"), json!({})).await.expect(200);
        let (old, token) = (token_of(&link).to_owned(), token_of(again.body["link"].as_str().unwrap()).to_owned());
        let nobody = shop.nobody();
        assert_eq!(nobody.get(&format!("/api/v1/links/{old}")).await.expect(409).code(), "link.spent");
        let look = nobody.get(&format!("/api/v1/links/{token}")).await.expect(200);
        assert_eq!((&look.body["kind"], &look.body["name"], &look.body["email"]), (&json!("invitation"), &json!("Samira"), &json!("Samira@Shop.test")));

        let join = format!("/api/v1/links/{token}/join");
        for (password, expected) in [("short", "password: password.short"), ("password1", "password: password.weak"), (&"x".repeat(201), "password: password.long")] {
            assert_eq!(nobody.post(&join, json!({"password": password})).await.expect(422).fields(), [expected]);
        }
        let joined = nobody.post(&join, json!({"name": "Samira Haddad", "password": NEW_PASSWORD})).await.expect(200);
        let cookie = joined.header("set-cookie").split(';').next().unwrap().to_owned();
        let me = nobody.clone().with_header("cookie", &cookie).get("/api/v1/me").await.expect(200);
        assert_eq!((&me.body["user"]["name"], &me.body["user"]["state"], &me.body["locale"]), (&json!("Samira Haddad"), &json!("active"), &json!("fr")));
        assert!(me.body["user"]["email_verified_at"].is_string(), "following the link proves the address");
        assert_eq!(nobody.post(&join, json!({"password": NEW_PASSWORD})).await.expect(409).code(), "link.spent");
        assert_eq!(admin.post(&format!("/api/v1/users/{user}/invite"), json!({})).await.expect(409).code(), "user.joined");
        assert_eq!(sign_in(&shop, " SAMIRA@shop.test ", NEW_PASSWORD).await.expect(200).body["state"], "signed_in");
        // An invitation has its time.
        let late = admin.post("/api/v1/users", json!({"email": "late@shop.test", "name": "Late", "role_id": role, "store_ids": [shop.main()]})).await.expect(201);
        shop.advance(8 * 86_400);
        let token = token_of(late.body["link"].as_str().unwrap()).to_owned();
        assert_eq!(nobody.post(&format!("/api/v1/links/{token}/join"), json!({"password": NEW_PASSWORD})).await.expect(409).code(), "link.spent");
        for token in ["", "x", "org_0000000000001.inv_0000000000001.abc", &token[..token.len() - 1]] {
            assert!(matches!(nobody.get(&format!("/api/v1/links/{token}")).await.status, 404 | 409), "{token}");
        }
    }

    async fn nobody_gives_rights_that_they_do_not_have(shop: Shop) {
        let roles = shop.admin().get("/api/v1/roles").await.expect(200);
        let role = |code: &str| roles.items().iter().find(|role| role["code"] == code).unwrap()["id"].clone();
        let manager = shop.manager();
        let new = |role: Value| json!({"email": "new@shop.test", "name": "New", "role_id": role, "store_ids": [shop.main()]});
        assert_eq!(manager.post("/api/v1/users", new(role("admin"))).await.expect(403).code(), "forbidden");
        manager.post("/api/v1/users", new(role("agent"))).await.expect(201);
        let users = shop.admin().get("/api/v1/users").await.expect(200);
        let user = |email: &str| users.items().iter().find(|user| user["email"] == email).unwrap().clone();
        let (admin, own) = (user("admin@shop.test"), user("manager@shop.test"));
        let path = |user: &Value| format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        assert!(matches!(manager.patch(&path(&own), json!({"role_id": role("admin"), "version": own["version"]})).await.status, 403));
        manager.post(&format!("{}/archive", path(&admin)), json!({})).await.expect(403);
        manager.post(&format!("{}/totp/reset", path(&admin)), json!({})).await.expect(403);
        assert_eq!(shop.admin().post(&format!("{}/archive", path(&admin)), json!({})).await.status, 409, "nobody removes themselves");
        let admin_role = role("admin");
        let changed = shop.admin().put(&format!("/api/v1/roles/{}", admin_role.as_str().unwrap()), json!({"name": "Admin", "permissions": [], "version": 1})).await.expect(409);
        assert_eq!(changed.code(), "role.admin");
        shop.admin().delete(&format!("/api/v1/roles/{}", admin_role.as_str().unwrap())).await.expect(409);
        shop.manager().post("/api/v1/roles", json!({"name": "Mine", "permissions": ["order.read"]})).await.expect(403);

        // A custom role works like any other, and what it loses is lost at once.
        let night = shop.admin().post("/api/v1/roles", json!({"name": "Night", "permissions": ["order.read", "store.read"]})).await.expect(201);
        let agent = user("agent@shop.test");
        shop.admin().patch(&path(&agent), json!({"role_id": night.id(), "version": agent["version"]})).await.expect(200);
        shop.agent().get("/api/v1/orders").await.expect(200);
        shop.agent().place(shop.order().body()).await.expect(403);
        assert_eq!(shop.admin().delete(&format!("/api/v1/roles/{}", night.id())).await.expect(409).code(), "role.in_use");
        shop.admin().put(&format!("/api/v1/roles/{}", night.id()), json!({"name": "Night", "permissions": ["store.read"], "version": 1})).await.expect(200);
        shop.agent().get("/api/v1/orders").await.expect(403);
        // Archived, one is out at once.
        shop.admin().post(&format!("{}/archive", path(&agent)), json!({})).await.expect(200);
        shop.agent().get("/api/v1/me").await.expect(401);
        assert_eq!(sign_in(&shop, "agent@shop.test", PASSWORD).await.status, 401);
    }

    async fn a_browser_gets_a_cookie_and_proves_its_pages(shop: Shop) {
        let body = json!({"email": AGENT.email, "password": PASSWORD, "cookie": true});
        let signed_in = shop.nobody().post("/api/v1/sign-in", body.clone()).await.expect(200);
        assert_eq!(signed_in.body["token"], Value::Null);
        let cookie = signed_in.header("set-cookie");
        assert!(cookie.starts_with("kafila_session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "ends with the browser, and http cannot be secure: {cookie}");
        let trusted = shop.nobody().post("/api/v1/sign-in", json!({"email": AGENT.email, "password": PASSWORD, "cookie": true, "trusted": true})).await.expect(200);
        assert!(trusted.header("set-cookie").ends_with("; Max-Age=2592000"), "{}", trusted.header("set-cookie"));
        let https = with_config(&shop, WebConfig { public_url: "https://shop.test".to_owned(), ..quiet() });
        let secure = https.post("/api/v1/sign-in", body).await.expect(200);
        assert!(secure.header("set-cookie").contains("; Secure"));
        assert_eq!(secure.header("strict-transport-security"), "max-age=31536000; includeSubDomains");

        let browser = shop.nobody().with_header("cookie", cookie.split(';').next().unwrap());
        let me = browser.get("/api/v1/me").await.expect(200);
        let token = signed_in.body["csrf_token"].as_str().unwrap().to_owned();
        assert_eq!(me.body["csrf_token"], token.as_str());
        let order = shop.order().body();
        assert_eq!(browser.place(order.clone()).await.expect(403).code(), "csrf");
        assert_eq!(browser.clone().with_header("x-csrf-token", "0".repeat(32).as_str()).place(order.clone()).await.expect(403).code(), "csrf");
        let ours = browser.clone().with_header("x-csrf-token", &token);
        for (name, value) in [("origin", "http://evil.test"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "null")] {
            assert_eq!(ours.clone().with_header(name, value).place(order.clone()).await.expect(403).code(), "csrf", "{name}: {value}");
        }
        ours.clone().with_header("origin", "http://shop.test").place(order.clone()).await.expect(201);
        let other = shop.nobody().with_header("cookie", trusted.header("set-cookie").split(';').next().unwrap()).with_header("x-csrf-token", &token);
        assert_eq!(other.place(order.clone()).await.expect(403).code(), "csrf", "a token belongs to one session");
        // A cookie's value is no bearer value.
        let value = cookie.split(';').next().unwrap().trim_start_matches("kafila_session=").to_owned();
        shop.bearer(&value).get("/api/v1/me").await.expect(401);
        let signed_out = ours.post("/api/v1/sign-out", json!({})).await.expect(204);
        assert!(signed_out.header("set-cookie").contains("Max-Age=0"));
        browser.get("/api/v1/me").await.expect(401);
        // Seven days idle are enough, unless the device is trusted.
        let trusted = shop.nobody().with_header("cookie", trusted.header("set-cookie").split(';').next().unwrap());
        shop.advance(8 * 86_400);
        trusted.get("/api/v1/me").await.expect(200);
        shop.advance(23 * 86_400);
        trusted.get("/api/v1/me").await.expect(401);
    }

    async fn a_token_is_a_session_that_can_be_ended(shop: Shop) {
        let signed_in = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
        let token = signed_in.body["token"].as_str().unwrap().to_owned();
        assert_eq!(token.split('.').count(), 3, "a signed token");
        assert_eq!(signed_in.body["expires_at"], "2026-11-22T09:00:00Z");
        let own = shop.bearer(&token);
        own.get("/api/v1/me").await.expect(200);
        let sessions = own.get("/api/v1/me/sessions").await.expect(200);
        let current = sessions.items().iter().find(|session| session["is_current"] == true).unwrap();
        assert_eq!((&current["id"], &current["kind"]), (&signed_in.body["session_id"], &json!("token")));
        // Nobody else's, not even by its id; an administrator may.
        let path = format!("/api/v1/sessions/{}", current["id"].as_str().unwrap());
        shop.colleague().delete(&path).await.expect(404);
        shop.foreigner().delete(&path).await.expect(404);
        own.get("/api/v1/me").await.expect(200);
        shop.admin().delete(&path).await.expect(204);
        own.get("/api/v1/me").await.expect(401);

        let second = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
        let third = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
        let (second, third) = (shop.bearer(second.body["token"].as_str().unwrap()), shop.bearer(third.body["token"].as_str().unwrap()));
        assert!(second.post("/api/v1/me/sessions/end-others", json!({})).await.expect(200).body["count"].as_u64() >= Some(1));
        third.get("/api/v1/me").await.expect(401);
        second.get("/api/v1/me").await.expect(200);
        shop.advance(86_399);
        second.get("/api/v1/me").await.expect(200);
        shop.advance(1);
        second.get("/api/v1/me").await.expect(401);

        // Forged in every part.
        let token = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let parts: Vec<&str> = token.split('.').collect();
        let admin = sign_in(&shop, "admin@shop.test", PASSWORD).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let admin: Vec<&str> = admin.split('.').collect();
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        for forged in [
            format!("{}.{}.{}", parts[0], admin[1], parts[2]), format!("{}.{}.", parts[0], parts[1]), format!("{none}.{}.", parts[1]), format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}x", parts[0], parts[1], parts[2]), "x".repeat(5_000), "..".to_owned(), "kaf_".to_owned(), "kaf_org_0000000000001_key_0000000000001_x".to_owned(), String::new(),
        ] {
            let answer = shop.bearer(&forged).get("/api/v1/me").await;
            assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer"), "{forged:.60}");
        }
        for header in ["Basic YTpi", "Bearer", "Token x"] {
            shop.nobody().with_header("authorization", header).get("/api/v1/me").await.expect(401);
        }
    }

    async fn a_second_factor_is_asked_for_and_its_codes_count_once(shop: Shop) {
        let agent = shop.agent();
        let begun = agent.post("/api/v1/me/totp", json!({})).await.expect(200);
        let secret = begun.body["secret"].as_str().unwrap().to_owned();
        assert!(begun.body["url"].as_str().unwrap().starts_with("otpauth://totp/") && begun.body["qr_svg"].as_str().unwrap().contains("<svg"));
        sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
        assert_eq!(agent.post("/api/v1/me/totp/confirm", json!({"code": "000000"})).await.expect(422).fields(), ["code: totp.wrong"]);
        let codes = agent.post("/api/v1/me/totp/confirm", json!({"code": code(&secret, &shop, 0)})).await.expect(200);
        let recovery: Vec<String> = codes.body["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert_eq!(recovery.len(), 10);
        assert_eq!(agent.post("/api/v1/me/totp", json!({})).await.expect(409).code(), "totp.on");

        let challenge = async || {
            let answer = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
            assert_eq!((&answer.body["state"], &answer.body["token"]), (&json!("second_step"), &Value::Null));
            answer.body["challenge"].as_str().unwrap().to_owned()
        };
        let second = async |challenge: &str, code: &str| shop.nobody().post("/api/v1/sign-in/second-step", json!({"challenge": challenge, "code": code})).await;
        let first = challenge().await;
        assert_eq!(second(&first, &code(&secret, &shop, 0)).await.expect(422).fields(), ["code: totp.wrong"], "that code was used to switch it on");
        shop.advance(31);
        let good = code(&secret, &shop, 0);
        let token = second(&first, &good).await.expect(200).body["token"].clone();
        shop.nobody().with_header("authorization", &bearer(&token)).get("/api/v1/me").await.expect(200);
        second(&first, &good).await.expect(401);
        let again = challenge().await;
        assert_eq!(second(&again, &good).await.expect(422).fields(), ["code: totp.wrong"], "a code counts once");
        second(&again, &recovery[0].to_lowercase()).await.expect(200);
        let again = challenge().await;
        second(&again, &recovery[0]).await.expect(422);
        second(&again, &recovery[1]).await.expect(200);
        let late = challenge().await;
        shop.advance(301);
        second(&late, &code(&secret, &shop, 0)).await.expect(401);
        second("nothing", "123456").await.expect(401);

        let user = shop.admin().get("/api/v1/users").await.expect(200).items().iter().find(|user| user["email"] == "agent@shop.test").unwrap()["id"].clone();
        assert_eq!(shop.bearer(token.as_str().unwrap()).post("/api/v1/me/totp/disable", json!({"password": "wrong"})).await.expect(422).fields(), ["password: password.wrong"]);
        shop.admin().post(&format!("/api/v1/users/{}/totp/reset", user.as_str().unwrap()), json!({})).await.expect(204);
        shop.bearer(token.as_str().unwrap()).get("/api/v1/me").await.expect(401);
        assert_eq!(sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200).body["state"], "signed_in");
    }

    async fn too_many_wrong_passwords_lock_the_name_for_a_while(shop: Shop) {
        for _ in 0..5 {
            let wrong = sign_in(&shop, "agent@shop.test", "wrong").await;
            assert_eq!((wrong.status, wrong.code()), (401, "unauthenticated"));
        }
        let locked = sign_in(&shop, "Agent@shop.test", PASSWORD).await.expect(429);
        let wait: i64 = locked.header("retry-after").parse().unwrap();
        assert!(locked.code() == "too_many" && (1..=61).contains(&wait), "{locked} {wait}");
        sign_in(&shop, "colleague@shop.test", PASSWORD).await.expect(200);
        // A name that nobody has sounds the same.
        for _ in 0..5 {
            sign_in(&shop, "nobody@shop.test", "wrong").await.expect(401);
        }
        sign_in(&shop, "nobody@shop.test", "wrong").await.expect(429);
        shop.advance(wait);
        // One failure more locks for longer; a success forgets.
        sign_in(&shop, "agent@shop.test", "wrong").await.expect(401);
        let longer: i64 = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(429).header("retry-after").parse().unwrap();
        assert!(longer > wait, "{longer}");
        shop.advance(longer);
        sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
        sign_in(&shop, "agent@shop.test", "wrong").await.expect(401);
        sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200);
        let trail = shop.admin().get("/api/v1/events?kind=session.refused&limit=200").await.expect(200);
        let reasons: Vec<&str> = trail.items().iter().map(|event| event["data"]["reason"].as_str().unwrap()).collect();
        assert_eq!((reasons.iter().filter(|one| **one == "password").count(), reasons.iter().filter(|one| **one == "locked").count()), (7, 2));
    }

    async fn a_forgotten_password_is_replaced_by_a_mailed_link(shop: Shop) {
        let session = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let nobody = shop.nobody();
        nobody.post("/api/v1/password-reset", json!({"email": "nobody@shop.test"})).await.expect(204);
        assert_eq!(mails(&shop).await.len(), 0, "nobody learns which addresses are known");
        nobody.post("/api/v1/password-reset", json!({"email": "AGENT@shop.test"})).await.expect(204);
        let token = mailed_token(&mails(&shop).await[0]);
        assert_eq!(nobody.get(&format!("/api/v1/links/{token}")).await.expect(200).body["kind"], "reset");
        let reset = format!("/api/v1/links/{token}/reset");
        assert_eq!(nobody.post(&reset, json!({"password": "agent@shop.test"})).await.expect(422).fields(), ["password: password.weak"]);
        nobody.post(&format!("/api/v1/links/{token}/join"), json!({"password": NEW_PASSWORD})).await.expect(409);
        nobody.post(&reset, json!({"password": NEW_PASSWORD})).await.expect(204);
        assert_eq!(nobody.post(&reset, json!({"password": PASSWORD})).await.expect(409).code(), "link.spent");
        shop.bearer(&session).get("/api/v1/me").await.expect(401);
        sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(401);
        sign_in(&shop, "agent@shop.test", NEW_PASSWORD).await.expect(200);
        assert_eq!(mails(&shop).await.len(), 2, "its owner hears that it changed");
        nobody.post("/api/v1/password-reset", json!({"email": "agent@shop.test"})).await.expect(204);
        let late = mailed_token(mails(&shop).await.iter().rfind(|mail| mail.contains("/sign-in/reset/") && !mail.contains(&token)).unwrap());
        shop.advance(3_601);
        nobody.post(&format!("/api/v1/links/{late}/reset"), json!({"password": PASSWORD})).await.expect(409);
    }

    async fn people_change_their_own_password_and_address(shop: Shop) {
        let own = sign_in(&shop, "agent@shop.test", PASSWORD).await.expect(200).body["token"].as_str().unwrap().to_owned();
        let own = shop.bearer(&own);
        let wrong = own.post("/api/v1/me/password", json!({"current_password": "wrong", "new_password": NEW_PASSWORD})).await.expect(422);
        assert_eq!(wrong.fields(), ["current_password: password.wrong"]);
        let weak = own.post("/api/v1/me/password", json!({"current_password": PASSWORD, "new_password": "12345678"})).await.expect(422);
        assert_eq!(weak.fields(), ["new_password: password.weak"]);
        own.post("/api/v1/me/password", json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD})).await.expect(204);
        own.get("/api/v1/me").await.expect(200);
        shop.agent().get("/api/v1/me").await.expect(401);

        assert_eq!(own.post("/api/v1/me/email", json!({"email": "a b", "password": NEW_PASSWORD})).await.expect(422).fields(), ["email: email"]);
        own.post("/api/v1/me/email", json!({"email": "amel@shop.test", "password": NEW_PASSWORD})).await.expect(204);
        let mail = mails(&shop).await.into_iter().rfind(|mail| mail.contains("/sign-in/verify/")).unwrap();
        assert!(mail.contains("To: amel@shop.test"), "{mail}");
        sign_in(&shop, "agent@shop.test", NEW_PASSWORD).await.expect(200);
        let verify = format!("/api/v1/links/{}/verify-email", mailed_token(&mail));
        shop.nobody().post(&verify, json!({})).await.expect(204);
        sign_in(&shop, "agent@shop.test", NEW_PASSWORD).await.expect(401);
        sign_in(&shop, "amel@shop.test", NEW_PASSWORD).await.expect(200);
        shop.nobody().post(&verify, json!({})).await.expect(409);
    }

    async fn a_key_does_what_its_scopes_stores_and_time_allow(shop: Shop) {
        let admin = shop.admin();
        let make = async |body: Value| admin.post("/api/v1/api-keys", body).await.expect(201);
        let key = make(json!({"name": "Web shop", "scopes": ["order.place", "order.read"], "store_ids": [shop.second()], "expires_at": "2026-12-01T00:00:00Z"})).await;
        let text = key.body["secret"].as_str().unwrap().to_owned();
        assert!(text.starts_with("kaf_"));
        let program = shop.bearer(&text);
        program.place(shop.order().in_second_store().body()).await.expect(201);
        assert_eq!(program.place(shop.order().body()).await.expect(422).fields(), ["store_id: unknown"]);
        let main = shop.order().await;
        program.get(&main.path("")).await.expect(404);
        assert_eq!(program.get("/api/v1/orders").await.expect(200).body["total"], 1);
        assert_eq!(program.post(&main.path("/confirm"), json!({})).await.status, 404);
        program.get("/api/v1/customers").await.expect(403);
        program.get("/api/v1/users").await.expect(403);
        assert_eq!(program.get("/api/v1/me").await.expect(200).body["permissions"], json!(["order.read", "order.place"]));
        // Programs have no password, no second factor, and make no keys.
        for path in ["/api/v1/me/totp", "/api/v1/sign-out"] {
            assert!(matches!(program.post(path, json!({})).await.status, 401 | 403 | 404), "{path}");
        }
        program.post("/api/v1/api-keys", json!({"name": "more"})).await.expect(403);

        let listed = admin.get("/api/v1/api-keys").await.expect(200);
        assert!(!listed.text.contains(&text[30..]), "the secret is shown once");
        assert_eq!((listed.items().len(), &listed.items()[0]["name"], listed.items()[0]["last_used_at"].is_string()), (1, &json!("Web shop"), true));
        shop.colleague().delete(&format!("/api/v1/api-keys/{}", key.body["key"]["id"].as_str().unwrap())).await.expect(404);
        shop.advance(10 * 86_400);
        program.get("/api/v1/orders").await.expect(401);

        // The organization's own, bounded by a role; ended at once.
        let roles = admin.get("/api/v1/roles").await.expect(200);
        let role = roles.items().iter().find(|role| role["code"] == "shop_owner").unwrap()["id"].clone();
        let owned = make(json!({"name": "Reports", "role_id": role})).await;
        let reports = shop.bearer(owned.body["secret"].as_str().unwrap());
        reports.get("/api/v1/orders/stats").await.expect(200);
        reports.patch(&main.path(""), json!({"priority": "high"})).await.expect(403);
        admin.delete(&format!("/api/v1/api-keys/{}", owned.body["key"]["id"].as_str().unwrap())).await.expect(204);
        reports.get("/api/v1/orders/stats").await.expect(401);
        for (body, expected) in [
            (json!({"name": " "}), vec!["name: required"]), (json!({"name": "A", "scopes": []}), vec!["scopes: required"]), (json!({"name": "A", "scopes": ["order.eat"]}), vec!["scopes[0]: format"]),
            (json!({"name": "A", "store_ids": []}), vec!["store_ids: required"]), (json!({"name": "A", "expires_at": "2026-11-01T00:00:00Z"}), vec!["expires_at: time.past"]),
        ] {
            assert_eq!(admin.post("/api/v1/api-keys", body).await.expect(422).fields(), expected);
        }
        assert!(admin.post("/api/v1/api-keys", json!({"name": "A", "store_ids": [shop.foreign_store()]})).await.status == 422);
        shop.manager().post("/api/v1/api-keys", json!({"name": "A"})).await.expect(403);
    }

    async fn every_answer_protects_itself(shop: Shop) {
        let browser = shop.browser(AGENT).await;
        for (client, path) in [(&shop.agent(), "/api/v1/me"), (&shop.nobody(), "/api/v1/me"), (&shop.agent(), "/orders/stats"), (&browser, "/app/orders"), (&shop.nobody(), "/sign-in"),
            (&shop.nobody(), "/healthz"), (&shop.nobody(), "/docs"), (&shop.nobody(), "/nothing")] {
            let answer = client.get(path).await;
            let policy = answer.header("content-security-policy");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert!(!answer.header("x-request-id").is_empty() && !answer.header("referrer-policy").is_empty(), "{path}");
            if path.starts_with("/api/") || path.starts_with("/app/") {
                assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            }
        }
        assert_eq!(browser.get("/app/orders").await.expect(200).header("x-frame-options"), "DENY");
        // Other origins are let in by name only, and nobody is named by default.
        let foreign = shop.agent().with_header("origin", "https://admin.test").with_header("access-control-request-method", "POST");
        let preflight = foreign.send(Method::OPTIONS, "/api/v1/orders", None, Vec::new().into()).await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (405, ""));
        assert_eq!(foreign.get("/api/v1/me").await.expect(200).header("access-control-allow-origin"), "");
        let open = with_config(&shop, WebConfig { allowed_origins: vec!["https://admin.test".to_owned()], ..quiet() });
        for (origin, allowed) in [("https://admin.test", "https://admin.test"), ("https://admin.test.evil.test", ""), ("null", "")] {
            let asked = open.clone().with_header("origin", origin).with_header("access-control-request-method", "POST");
            let preflight = asked.send(Method::OPTIONS, "/api/v1/orders", None, Vec::new().into()).await;
            assert_eq!(preflight.header("access-control-allow-origin"), allowed, "{origin}");
            assert_eq!(preflight.header("access-control-allow-credentials"), "", "cookies stay at home");
        }
    }

    async fn callers_who_come_too_often_are_told_when_to_come_back(shop: Shop) {
        let limits = LimitsConfig { sign_in_per_address: 3, sign_in_per_account: 2, public_per_address: 4, api_per_actor: 5, ..LimitsConfig::off() };
        let client = with_config(&shop, WebConfig { limits, trust_forwarded_for: true, ..quiet() });
        let token = shop.admin().post("/api/v1/api-keys", json!({"name": "busy"})).await.expect(201).body["secret"].clone();
        let busy = client.clone().with_header("authorization", &bearer(&token));
        for _ in 0..5 {
            busy.get("/api/v1/me").await.expect(200);
        }
        let limited = busy.get("/api/v1/me").await.expect(429);
        let wait: i64 = limited.header("retry-after").parse().unwrap();
        assert!(limited.code() == "too_many" && (1..=60).contains(&wait), "{limited} {wait}");
        for _ in 0..10 {
            busy.get("/healthz").await.expect(200);
        }
        // Per account from wherever, per address whomever.
        let from = |address: &str| client.clone().with_header("x-forwarded-for", &format!("10.9.9.9, {address}"));
        let try_in = async |address: &str, email: &str| from(address).post("/api/v1/sign-in", credentials(email, "wrong")).await.status;
        assert_eq!((try_in("10.0.0.1", "a@b.dz").await, try_in("10.0.0.2", "a@b.dz").await, try_in("10.0.0.3", "A@b.dz").await), (401, 401, 429));
        assert_eq!((try_in("10.0.0.1", "c@b.dz").await, try_in("10.0.0.1", "d@b.dz").await, try_in("10.0.0.1", "e@b.dz").await), (401, 401, 429));
        for _ in 0..4 {
            from("10.0.0.7").get("/sign-in").await.expect(200);
        }
        from("10.0.0.7").get("/sign-in").await.expect(429);
        from("10.0.0.8").get("/sign-in").await.expect(200);
    }
}

/// On a database that nobody has signed in to yet, the link of the first start makes the first Admin, once.
async fn the_first_admin_comes_in_by_the_link_of_the_first_start(config: DbConfig, folder: &std::path::Path) {
    let base = Base::start(BaseConfig {
        db: Db::open(&config).unwrap(),
        data_dir: folder.to_owned(),
        clock: Clock::stopped(testkit::START),
        master_key: MasterKey::random(),
        smtp: None,
        public_url: "http://shop.test".to_owned(),
        is_public: true,
    })
    .unwrap();
    let link = access::first_start(&base).await.unwrap().set_up_link.unwrap();
    let newer = access::first_start(&base).await.unwrap().set_up_link.unwrap();
    let client = Client::nobody(web::app(WebState::new(base.clone(), quiet(), None)));
    assert!(newer.starts_with("http://shop.test/sign-in/set-up/"), "{newer}");
    assert_eq!(client.get(&format!("/api/v1/links/{}", token_of(&link))).await.expect(409).code(), "link.spent", "a newer start voids older links");

    let path = format!("/api/v1/links/{}", token_of(&newer));
    assert_eq!(client.get(&path).await.expect(200).body["kind"], "set_up");
    let wrong = client.post(&format!("{path}/set-up"), json!({"name": " ", "email": "x", "password": "short"})).await.expect(422);
    assert_eq!(wrong.fields(), ["name: required", "email: email", "password: password.short"]);
    let new = json!({"name": "Karim Meziane", "email": "karim@example.dz", "password": NEW_PASSWORD, "organization": "Dar El Moda"});
    let admin = client.post(&format!("{path}/set-up"), new.clone()).await.expect(200);
    let cookie = admin.header("set-cookie").split(';').next().unwrap().to_owned();
    let browser = client.clone().with_header("cookie", &cookie);
    let me = browser.get("/api/v1/me").await.expect(200);
    assert_eq!((&me.body["user"]["role_name"], me.body["permissions"].as_array().unwrap().len()), (&json!("Admin"), kernel::Permission::ALL.len()));
    let store = browser.get("/api/v1/stores").await.expect(200).items()[0].clone();
    assert_eq!((&store["code"], &store["currency"], &store["zone"]), (&json!("MAIN"), &json!("DZD"), &json!("Africa/Algiers")));
    assert_eq!(browser.get("/api/v1/settings").await.expect(200).items()[0]["value"]["name"], "Dar El Moda");

    assert_eq!(client.post(&format!("{path}/set-up"), new).await.expect(409).code(), "link.spent");
    assert_eq!(access::first_start(&base).await.unwrap().set_up_link, None);
    assert_eq!(client.post("/api/v1/sign-in", credentials("karim@example.dz", NEW_PASSWORD)).await.expect(200).body["state"], "signed_in");
    base.close(std::time::Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_admin_comes_in_by_the_link_of_the_first_start_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let config = sqlite_from_template(&sqlite_template(app::migrations(), "empty", |_| {}), folder.path());
    the_first_admin_comes_in_by_the_link_of_the_first_start(config, folder.path()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_admin_comes_in_by_the_link_of_the_first_start_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let server = PostgresServer::shared();
    let database = server.database(&server.template(app::migrations(), "empty", |_| {}));
    the_first_admin_comes_in_by_the_link_of_the_first_start(database.config(), folder.path()).await;
}
