//! Coming in: passwords, locks, the second factor, sessions, tokens.

use kernel::Hidden;

use super::*;
use crate::model::UserState;
use crate::sign_in::second_step;
use crate::{account, authenticate_bearer, sessions, totp};

fn reset_link(text: &str) -> String {
    text.lines().find(|line| line.contains("/sign-in/")).unwrap().rsplit('/').next().unwrap().to_owned()
}

/// The words of the newest mail that waits.
async fn newest_mail(world: &World) -> String {
    world
        .system(|tx, ctx| {
            let (payload,): (String,) =
                tx.one("select payload from jobs where org_id = $1 and kind = 'send_mail' order by id desc limit 1", db::params![tx.org()])?;
            let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
            let sealed = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, payload["sealed"].as_str().unwrap()).unwrap();
            let mail: base::mail::Mail = serde_json::from_slice(&ctx.secrets.open(tx.org(), "mail", &sealed)?).unwrap();
            Ok(mail.text.reveal().to_owned())
        })
        .await
}

async fn mails(world: &World) -> i64 {
    world.system(|tx, _| Ok(tx.one::<(i64,)>("select count(*) from jobs where org_id = $1 and kind = 'send_mail'", db::params![tx.org()])?.0)).await
}

fn totp_code(secret: &Hidden, world: &World, later_s: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.reveal()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate((world.base.now().0 / Time::SECOND + later_s) as u64).to_string()
}

async fn challenge(world: &World, email: &str) -> String {
    match world.sign_in(email, PASSWORD).await.unwrap() {
        SignedIn::SecondStep { challenge, .. } => challenge,
        SignedIn::Done(_) => panic!("no second step"),
    }
}

on_both! {
    async fn the_first_start_makes_one_admin_and_then_is_over(world) {
        let again = first_start(&world.base).await.unwrap();
        assert_eq!((again.org, again.set_up_link), (world.org, None));

        let edge = world.admin().await;
        assert_eq!(edge.ctx.permissions, kernel::Permissions::all());
        assert_eq!(edge.ctx.settings.general.name, "Natu");
        let (roles, stores) = edge.read(|tx, ctx| Ok((roles::list(tx, ctx)?, stores_of::list(tx, ctx, false)?))).await.unwrap();
        assert_eq!(roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["Admin", "Team Manager", "Agent Suivi", "Agent Call Center", "Agent", "Shop Owner"]);
        assert_eq!((stores.len(), stores[0].code.as_str(), stores[0].zone_name()), (1, "MAIN", "Africa/Algiers"));
    }

    async fn a_right_password_opens_and_a_wrong_one_leaves_a_trace(world) {
        let session = world.enter(" Samira@NATU.dz ", PASSWORD).await;
        let edge = authenticate_session(&world.base, session.token.reveal()).await.unwrap();
        assert_eq!(edge.ctx.user(), Some(world.admin.user));
        assert_eq!(edge.ctx.session, Some(session.session));

        assert_eq!(code(world.sign_in(ADMIN, "wrong").await), "unauthenticated");
        assert_eq!(code(world.sign_in("nobody@natu.dz", PASSWORD).await), "unauthenticated");
        let history = world.history(world.admin.user).await;
        assert_eq!(history, ["user.joined", "session.signed_in", "session.signed_in", "session.refused"]);
        for bad in ["", "x.y.z", &format!("{}x", session.token.reveal()), &session.token.reveal().replace(&session.token.reveal()[30..40], "AAAAAAAAAA")] {
            assert_eq!(code(authenticate_session(&world.base, bad).await), "unauthenticated", "{bad}");
        }
    }

    async fn too_many_failures_lock_names_that_exist_and_names_that_do_not_alike(world) {
        let allowed = world.admin().await.ctx.settings.access.lockout_attempts;
        for name in [ADMIN, "nobody@natu.dz"] {
            for _ in 0..allowed {
                assert_eq!(code(world.sign_in(name, "wrong").await), "unauthenticated");
            }
            assert_eq!(code(world.sign_in(name, PASSWORD).await), "too_many", "{name}");
        }
        assert!(matches!(world.sign_in(ADMIN, PASSWORD).await, Err(Error::TooMany { retry_after_s: 50..=61 })));
        world.advance(61 * Time::SECOND);
        assert_eq!(code(world.sign_in(ADMIN, "wrong").await), "unauthenticated");
        world.advance(61 * Time::SECOND);
        assert_eq!(code(world.sign_in(ADMIN, PASSWORD).await), "too_many", "the second lock is longer");
        world.advance(60 * Time::SECOND);
        world.enter(ADMIN, PASSWORD).await;
        assert_eq!(code(world.sign_in(ADMIN, "wrong").await), "unauthenticated");
        world.enter(ADMIN, PASSWORD).await;
    }

    async fn an_address_is_locked_whatever_names_it_tries(world) {
        let allowed = world.admin().await.ctx.settings.access.lockout_attempts * crate::rules::ADDRESS_ALLOWANCE;
        let client = Client { ip: Some("203.0.113.7".into()), ..Client::default() };
        let keys = |name: &str| crate::lockout::Keys::new("sign_in", name, client.ip.as_deref());
        for number in 0..allowed {
            let keys = keys(&format!("name{number}@natu.dz"));
            world.system(move |tx, ctx| crate::lockout::failed(tx, ctx, &keys)).await;
        }
        let credentials = Credentials { email: ADMIN.into(), password: Hidden::new(PASSWORD) };
        let tried = crate::sign_in::sign_in(&world.base, &credentials, &client, SessionKind::Browser).await;
        assert_eq!(code(tried), "too_many");
        world.enter(ADMIN, PASSWORD).await;
    }

    async fn guesses_at_once_count_like_guesses_in_a_row(world) {
        let allowed = world.admin().await.ctx.settings.access.lockout_attempts as usize;
        let mut guesses = tokio::task::JoinSet::new();
        for _ in 0..allowed + 6 {
            let base = world.base.clone();
            guesses.spawn(async move {
                let credentials = Credentials { email: ADMIN.into(), password: Hidden::new("wrong") };
                code(crate::sign_in::sign_in(&base, &credentials, &Client::default(), SessionKind::Browser).await)
            });
        }
        let answers = guesses.join_all().await;
        assert_eq!(answers.iter().filter(|answer| *answer == "unauthenticated").count(), allowed);
        assert_eq!(code(world.sign_in(ADMIN, PASSWORD).await), "too_many");
    }

    async fn a_bcrypt_hash_is_accepted_and_upgraded(world) {
        let user = world.person("amina@natu.dz", "Agent").await.id;
        let old = bcrypt::hash("correct horse", 4).unwrap();
        let imported = PasswordHash::imported(&old).unwrap();
        world.system(move |tx, _| crate::store::users::set_password(tx, user, &imported)).await;
        assert_eq!(code(world.sign_in("amina@natu.dz", "wrong horse").await), "unauthenticated");
        world.enter("amina@natu.dz", "correct horse").await;
        let stored = world.system(move |tx, _| Ok(crate::store::users::proofs(tx, user)?.unwrap().password_hash.unwrap())).await;
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        world.enter("amina@natu.dz", "correct horse").await;
        assert_eq!(code(PasswordHash::imported("plain")), "password_hash: password.hash");
    }

    async fn the_second_factor_counts_each_code_once(world) {
        let edge = world.admin().await;
        let begun = totp::begin(&edge).await.unwrap();
        assert!(begun.url.reveal().starts_with("otpauth://totp/") && begun.qr_svg.reveal().contains("<svg"));
        assert_eq!(code(totp::confirm(&edge, "000000").await), "code: totp.wrong");
        let other = world.enter(ADMIN, PASSWORD).await;
        let codes = totp::confirm(&edge, &totp_code(&begun.secret, world, 0)).await.unwrap();
        assert_eq!(codes.0.len(), 10);
        assert_eq!(code(authenticate_session(&world.base, other.token.reveal()).await), "unauthenticated", "other sessions end");
        assert_eq!(code(totp::begin(&edge).await), "totp.on");

        // The code that switched it on is spent.
        let asked = challenge(world, ADMIN).await;
        let client = Client::default();
        assert_eq!(code(second_step(&world.base, &asked, &totp_code(&begun.secret, world, 0), &client).await), "code: totp.wrong");
        world.advance(30 * Time::SECOND);
        let right = totp_code(&begun.secret, world, 0);
        let session = second_step(&world.base, &asked, &right, &client).await.unwrap();
        authenticate_session(&world.base, session.token.reveal()).await.unwrap();
        assert_eq!(code(second_step(&world.base, &asked, &right, &client).await), "unauthenticated", "a challenge works once");
        let asked = challenge(world, ADMIN).await;
        assert_eq!(code(second_step(&world.base, &asked, &right, &client).await), "code: totp.wrong", "a code works once");

        // A recovery code, in small letters and with spaces, once.
        let recovery = codes.0[3].reveal().to_lowercase().replace('-', " ");
        second_step(&world.base, &asked, &recovery, &client).await.unwrap();
        let asked = challenge(world, ADMIN).await;
        assert_eq!(code(second_step(&world.base, &asked, &recovery, &client).await), "code: totp.wrong");
        assert_eq!(edge.read(totp::recovery_codes_left).await.unwrap(), 9);

        // Five wrong codes spend the challenge, five minutes do, too.
        for _ in 0..4 {
            assert_eq!(code(second_step(&world.base, &asked, "123456", &client).await), "code: totp.wrong");
        }
        assert_eq!(code(second_step(&world.base, &asked, codes.0[4].reveal(), &client).await), "unauthenticated");
        // They are failures of the name like wrong passwords, which lock it for a minute.
        world.advance(2 * Time::MINUTE);
        let asked = challenge(world, ADMIN).await;
        world.advance(5 * Time::MINUTE);
        assert_eq!(code(second_step(&world.base, &asked, codes.0[4].reveal(), &client).await), "unauthenticated");

        // As of now, when the lock is over.
        let edge = world.admin().await;
        assert_eq!(code(totp::turn_off(&edge, &Hidden::new("wrong")).await), "password: password.wrong");
        world.advance(3 * Time::MINUTE);
        let edge = world.admin().await;
        totp::turn_off(&edge, &Hidden::new(PASSWORD)).await.unwrap();
        world.enter(ADMIN, PASSWORD).await;
    }

    async fn an_ended_session_is_refused_at_once(world) {
        let first = world.enter(ADMIN, PASSWORD).await;
        let second = world.enter(ADMIN, PASSWORD).await;
        let edge = authenticate_session(&world.base, first.token.reveal()).await.unwrap();
        authenticate_session(&world.base, second.token.reveal()).await.unwrap();
        let own = edge.read(sessions::list_own).await.unwrap();
        assert_eq!(own.len(), 3);
        assert_eq!(own.iter().filter(|one| one.is_current).map(|one| one.id).collect::<Vec<_>>(), [first.session]);

        let id = second.session;
        edge.write(move |tx, ctx| sessions::end(tx, ctx, id)).await.unwrap();
        assert_eq!(code(authenticate_session(&world.base, second.token.reveal()).await), "unauthenticated");
        assert_eq!(edge.write(sessions::end_own_others).await.unwrap(), 1);
        assert_eq!(code(authenticate_session(&world.base, world.admin.token.reveal()).await), "unauthenticated");
        edge.write(sessions::sign_out).await.unwrap();
        assert_eq!(code(authenticate_session(&world.base, first.token.reveal()).await), "unauthenticated");
    }

    async fn others_sessions_are_not_found_without_the_right(world) {
        world.person("amina@natu.dz", "Agent").await;
        let agent = world.edge_of("amina@natu.dz").await;
        let admins = world.admin.session;
        assert_eq!(code(agent.write(move |tx, ctx| sessions::end(tx, ctx, admins)).await), "not_found");
        assert_eq!(code(agent.read(|tx, ctx| sessions::list(tx, ctx, None)).await), "needs session.edit");
        let own = agent.ctx.session.unwrap();
        world.admin().await.write(move |tx, ctx| sessions::end(tx, ctx, own)).await.unwrap();
    }

    async fn a_session_ends_by_itself_unless_it_is_used(world) {
        let token = world.admin.token.reveal();
        for _ in 0..3 {
            world.advance(6 * Time::DAY);
            authenticate_session(&world.base, token).await.unwrap();
            // The process believes a value for five real seconds; make it look again.
            let own = world.admin.session;
            world.system(move |tx, _| { tx.touch(sessions::TOPIC, own); Ok(()) }).await;
        }
        world.advance(7 * Time::DAY);
        assert_eq!(code(authenticate_session(&world.base, token).await), "unauthenticated");
        let trusted = Client { is_trusted: true, ..Client::default() };
        let credentials = Credentials { email: ADMIN.into(), password: Hidden::new(PASSWORD) };
        let SignedIn::Done(session) = crate::sign_in::sign_in(&world.base, &credentials, &trusted, SessionKind::Browser).await.unwrap() else { panic!() };
        world.advance(29 * Time::DAY);
        authenticate_session(&world.base, session.token.reveal()).await.unwrap();
        world.advance(Time::DAY);
        assert_eq!(code(authenticate_session(&world.base, session.token.reveal()).await), "unauthenticated");
    }

    async fn a_signed_token_lives_a_day_and_ends_with_its_session(world) {
        let credentials = Credentials { email: ADMIN.into(), password: Hidden::new(PASSWORD) };
        let client = Client::default();
        let sign_in = || crate::sign_in::sign_in(&world.base, &credentials, &client, SessionKind::Token);
        let SignedIn::Done(token) = sign_in().await.unwrap() else { panic!() };
        let bearer = format!("Bearer {}", token.token.reveal());
        let edge = authenticate_bearer(&world.base, &bearer).await.unwrap();
        assert_eq!((edge.ctx.user(), edge.ctx.session), (Some(world.admin.user), Some(token.session)));
        // A token is no cookie, a cookie no token.
        assert_eq!(code(authenticate_session(&world.base, token.token.reveal()).await), "unauthenticated");
        assert_eq!(code(authenticate_bearer(&world.base, world.admin.token.reveal()).await), "unauthenticated");
        // Signed by somebody else, or not at all.
        let (head, rest) = token.token.reveal().split_once('.').unwrap();
        let (claims, _) = rest.split_once('.').unwrap();
        for forged in [format!("{head}.{claims}."), format!("eyJhbGciOiJub25lIn0.{claims}."), format!("{head}.{claims}.AAAA")] {
            assert_eq!(code(authenticate_bearer(&world.base, &forged).await), "unauthenticated");
        }

        let id = token.session;
        edge.write(move |tx, ctx| sessions::end(tx, ctx, id)).await.unwrap();
        assert_eq!(code(authenticate_bearer(&world.base, &bearer).await), "unauthenticated");
        let SignedIn::Done(token) = sign_in().await.unwrap() else { panic!() };
        world.advance(24 * Time::HOUR - Time::SECOND);
        authenticate_bearer(&world.base, token.token.reveal()).await.unwrap();
        world.advance(Time::SECOND);
        assert_eq!(code(authenticate_bearer(&world.base, token.token.reveal()).await), "unauthenticated");
    }

    async fn a_forgotten_password_is_reset_by_mail_once(world) {
        let client = Client::default();
        account::ask_reset(&world.base, "nobody@natu.dz", &client).await.unwrap();
        let before = mails(world).await;
        account::ask_reset(&world.base, "SAMIRA@natu.dz", &client).await.unwrap();
        assert_eq!(mails(world).await, before + 1);
        let token = reset_link(&newest_mail(world).await);
        assert_eq!(joining::look(&world.base, &token).await.unwrap().kind, crate::LinkKind::Reset);

        let new = Hidden::new("eleven olives ripen quickly");
        assert_eq!(code(account::reset(&world.base, &token, &Hidden::new("samira"), &client).await), "password: password.short");
        account::reset(&world.base, &token, &new, &client).await.unwrap();
        assert_eq!(code(account::reset(&world.base, &token, &new, &client).await), "link.spent");
        assert_eq!(code(authenticate_session(&world.base, world.admin.token.reveal()).await), "unauthenticated");
        assert_eq!(code(world.sign_in(ADMIN, PASSWORD).await), "unauthenticated");
        world.enter(ADMIN, new.reveal()).await;

        account::ask_reset(&world.base, ADMIN, &client).await.unwrap();
        let token = reset_link(&newest_mail(world).await);
        world.advance(Time::HOUR);
        assert_eq!(code(account::reset(&world.base, &token, &new, &client).await), "link.spent");
    }

    async fn a_new_password_ends_other_sessions(world) {
        let other = world.enter(ADMIN, PASSWORD).await;
        let edge = world.admin().await;
        let new = Hidden::new("eleven olives ripen quickly");
        assert_eq!(code(account::change_password(&edge, &Hidden::new("wrong"), &new).await), "current_password: password.wrong");
        assert_eq!(code(account::change_password(&edge, &Hidden::new(PASSWORD), &Hidden::new("samira.natu")).await), "password: password.weak");
        account::change_password(&edge, &Hidden::new(PASSWORD), &new).await.unwrap();
        assert_eq!(code(authenticate_session(&world.base, other.token.reveal()).await), "unauthenticated");
        world.admin().await;
        world.enter(ADMIN, new.reveal()).await;
    }

    async fn a_new_address_counts_when_it_is_proved(world) {
        let edge = world.admin().await;
        world.person("amina@natu.dz", "Agent").await;
        assert_eq!(code(account::ask_email_change(&edge, "no address", &Hidden::new(PASSWORD)).await), "email: email");
        account::ask_email_change(&edge, "Amina@natu.dz", &Hidden::new(PASSWORD)).await.unwrap();
        let taken = reset_link(&newest_mail(world).await);
        assert_eq!(code(account::verify_email(&world.base, &taken).await), "email: email.taken");
        account::ask_email_change(&edge, "Samira@purna.dz", &Hidden::new(PASSWORD)).await.unwrap();
        let token = reset_link(&newest_mail(world).await);
        world.enter(ADMIN, PASSWORD).await;
        account::verify_email(&world.base, &token).await.unwrap();
        assert_eq!(code(account::verify_email(&world.base, &token).await), "link.spent");
        assert_eq!(code(world.sign_in(ADMIN, PASSWORD).await), "unauthenticated");
        world.enter("samira@purna.dz", PASSWORD).await;
    }

    async fn knowing_a_value_again_costs_no_database(world) {
        let token = world.admin.token.reveal();
        authenticate_session(&world.base, token).await.unwrap();
        world.base.db().record_statements(true);
        let started = std::time::Instant::now();
        for _ in 0..1_000 {
            authenticate_session(&world.base, token).await.unwrap();
        }
        let each = started.elapsed() / 1_000;
        assert_eq!(world.base.db().take_recorded().len(), 0);
        world.base.db().record_statements(false);
        println!("authenticating again takes {each:?}");
        assert_eq!(world.system(|tx, ctx| users::list(tx, ctx, false)).await[0].state, UserState::Active);
    }
}
