//! People and roles: inviting, changing, letting go, and who may do so.

use base::{Agents, Stores};
use kernel::{Permission, Permissions};
use serde_json::json;

use super::*;
use crate::model::{RoleChange, UserChange, UserState};
use crate::{LinkKind, preferences};

const URL: &str = "http://127.0.0.1:8080";

fn change_role(role: kernel::RoleId) -> UserChange {
    UserChange { role: Some(role), ..UserChange::default() }
}

on_both! {
    async fn somebody_invited_joins_with_a_password_of_their_own(world) {
        let store = world.main_store().await;
        let invited = world
            .admin()
            .await
            .write(move |tx, ctx| {
                let role = roles::by_name(tx, ctx, "agent call center")?.id;
                let new = NewUser { email: " Amina@natu.dz".into(), name: "Amina".into(), role, stores: vec![store], locale: Some(kernel::Locale::Ar) };
                users::invite(tx, ctx, &new, URL)
            })
            .await
            .unwrap();
        assert_eq!(invited.user.state, UserState::Invited);
        let token = invited.link.strip_prefix("http://127.0.0.1:8080/sign-in/join/").unwrap().to_owned();
        assert_eq!(code(world.sign_in("amina@natu.dz", "").await), "unauthenticated");

        let seen = joining::look(&world.base, &token).await.unwrap();
        assert_eq!((seen.kind, seen.name.as_deref(), seen.email.as_deref(), seen.organization.as_str()), (LinkKind::Invitation, Some("Amina"), Some("Amina@natu.dz"), "Natu"));
        let client = Client::default();
        assert_eq!(code(joining::accept(&world.base, &token, Some(" "), &Hidden::new("short"), &client).await), "name: required, password: password.short");
        let session = joining::accept(&world.base, &token, None, &Hidden::new(PASSWORD), &client).await.unwrap();
        assert_eq!(code(joining::accept(&world.base, &token, None, &Hidden::new(PASSWORD), &client).await), "link.spent");

        let edge = authenticate_session(&world.base, session.token.reveal()).await.unwrap();
        assert_eq!(edge.ctx.sees.stores, Stores::These(vec![store]));
        assert_eq!(edge.ctx.sees.agents, Agents::OwnAndFree(invited.user.id));
        assert_eq!(edge.ctx.locale, kernel::Locale::Ar);
        let me = edge.read(users::me).await.unwrap();
        assert!(me.user.email_verified_at.is_some() && me.permissions.has(Permission::OrderConfirm) && !me.permissions.has(Permission::OrderImport));
    }

    async fn an_invitation_can_be_sent_again_and_runs_out(world) {
        let edge = world.admin().await;
        let invited = edge
            .write(|tx, ctx| {
                let role = roles::by_name(tx, ctx, "Supervisor")?.id;
                users::invite(tx, ctx, &NewUser { email: "k@natu.dz".into(), name: "Karim".into(), role, stores: vec![], locale: None }, URL)
            })
            .await
            .unwrap();
        assert_eq!(invited.user.role_name, "Team Manager");
        let id = invited.user.id;
        let again = edge.write(move |tx, ctx| users::invite_again(tx, ctx, id, URL)).await.unwrap();
        let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
        assert_eq!(code(joining::look(&world.base, &token(&invited.link)).await), "link.spent");
        world.advance(7 * Time::DAY - Time::SECOND);
        joining::look(&world.base, &token(&again.link)).await.unwrap();
        world.advance(Time::SECOND);
        assert_eq!(code(joining::accept(&world.base, &token(&again.link), None, &Hidden::new(PASSWORD), &Client::default()).await), "link.spent");
    }

    async fn an_address_belongs_to_one_person(world) {
        world.person("amina@natu.dz", "Agent").await;
        let admin = world.admin().await;
        let again = admin.write(|tx, ctx| {
            let role = roles::by_name(tx, ctx, "Admin")?.id;
            users::invite(tx, ctx, &NewUser { email: "AMINA@natu.dz".into(), name: "A".into(), role, stores: vec![], locale: None }, URL)
        });
        assert_eq!(code(again.await), "email: email.taken");
        let bad = admin.write(|tx, ctx| {
            let role = roles::by_name(tx, ctx, "Agent")?.id;
            users::invite(tx, ctx, &NewUser { email: "x".into(), name: "".into(), role, stores: vec![], locale: None }, URL)
        });
        assert_eq!(code(bad.await), "email: email, name: required");
        let nowhere = admin.write(|tx, ctx| {
            let role = roles::by_name(tx, ctx, "Agent")?.id;
            users::invite(tx, ctx, &NewUser { email: "x@natu.dz".into(), name: "X".into(), role, stores: vec![], locale: None }, URL)
        });
        assert_eq!(code(nowhere.await), "stores: required");
    }

    async fn nobody_gives_what_they_do_not_have(world) {
        world.person("manager@natu.dz", "Team Manager").await;
        let manager = world.edge_of("manager@natu.dz").await;
        let admin = world.admin.user;
        let invite = |role: &'static str| {
            manager.write(move |tx, ctx| {
                let role = roles::by_name(tx, ctx, role)?.id;
                users::invite(tx, ctx, &NewUser { email: "new@natu.dz".into(), name: "New".into(), role, stores: vec![], locale: None }, URL)
            })
        };
        assert_eq!(code(invite("Admin").await), "needs phone.reveal");
        assert_eq!(code(invite("Agent Suivi").await), "ok");
        assert_eq!(code(manager.write(move |tx, ctx| users::archive(tx, ctx, admin)).await), "needs phone.reveal");
        assert_eq!(code(manager.write(move |tx, ctx| crate::totp::reset_of(tx, ctx, admin)).await), "needs phone.reveal");
        let rename = UserChange { name: Some("Mine".into()), ..UserChange::default() };
        assert_eq!(code(manager.write(move |tx, ctx| users::change(tx, ctx, admin, &rename, 1)).await), "needs phone.reveal");

        world.person("agent@natu.dz", "Agent").await;
        let agent = world.edge_of("agent@natu.dz").await;
        assert_eq!(code(agent.read(|tx, ctx| users::list(tx, ctx, false)).await), "needs user.read");
        assert_eq!(code(agent.read(roles::list).await), "needs user.read");
        assert_eq!(code(agent.read(move |tx, ctx| users::find(tx, ctx, admin)).await), "needs user.read");
        let own = agent.ctx.user().unwrap();
        assert_eq!(code(agent.read(move |tx, ctx| users::find(tx, ctx, own)).await), "ok");
        assert_eq!(agent.read(users::list_agents).await.unwrap().len(), 3);
    }

    async fn the_last_admin_stays(world) {
        let admin = world.admin.user;
        let agent = world.person("amina@natu.dz", "Agent").await;
        let edge = world.admin().await;
        assert_eq!(code(edge.write(move |tx, ctx| users::archive(tx, ctx, admin)).await), "user.oneself");
        let agents = agent.role;
        let store = world.main_store().await;
        let edge = &edge;
        let demote = move |version| {
            let change = UserChange { stores: Some(vec![store]), ..change_role(agents) };
            edge.write(move |tx, ctx| users::change(tx, ctx, admin, &change, version))
        };
        let version = world.system(move |tx, ctx| Ok(users::find(tx, ctx, admin)?.version)).await;
        assert_eq!(code(demote(version).await), "user.last_admin");
        let by_system = world.base.system_edge(world.org).await.write(move |tx, ctx| users::archive(tx, ctx, admin)).await;
        assert_eq!(code(by_system), "user.last_admin");

        // An invited Admin cannot sign in yet and does not count.
        world
            .system(|tx, ctx| {
                let role = roles::by_name(tx, ctx, "Admin")?.id;
                users::invite(tx, ctx, &NewUser { email: "later@natu.dz".into(), name: "L".into(), role, stores: vec![], locale: None }, URL)
            })
            .await;
        assert_eq!(code(demote(version).await), "user.last_admin");
        world.person("second@natu.dz", "Admin").await;
        assert_eq!(code(demote(version).await), "ok");
    }

    async fn two_admins_cannot_both_let_the_other_go(world) {
        world.person("second@natu.dz", "Admin").await;
        let (first, second) = (world.admin().await, world.edge_of("second@natu.dz").await);
        let (one, other) = (first.ctx.user().unwrap(), second.ctx.user().unwrap());
        let mut both = tokio::task::JoinSet::new();
        both.spawn(async move { code(first.write(move |tx, ctx| users::archive(tx, ctx, other)).await) });
        both.spawn(async move { code(second.write(move |tx, ctx| users::archive(tx, ctx, one)).await) });
        let mut answers = both.join_all().await;
        answers.sort();
        assert_eq!(answers, ["ok", "user.last_admin"]);
    }

    async fn whoever_is_let_go_is_out_at_once_and_their_address_is_free(world) {
        let user = world.person("amina@natu.dz", "Agent").await;
        let session = world.enter("amina@natu.dz", PASSWORD).await;
        authenticate_session(&world.base, session.token.reveal()).await.unwrap();
        let id = user.id;
        let archived = world.admin().await.write(move |tx, ctx| users::archive(tx, ctx, id)).await.unwrap();
        assert_eq!(archived.state, UserState::Archived);
        assert_eq!(code(authenticate_session(&world.base, session.token.reveal()).await), "unauthenticated");
        assert_eq!(code(world.sign_in("amina@natu.dz", PASSWORD).await), "unauthenticated");
        assert_eq!(code(world.admin().await.write(move |tx, ctx| users::archive(tx, ctx, id)).await), "user.archived");
        assert_ne!(world.person("amina@natu.dz", "Agent").await.id, id);
        let (shown, all) = world.system(|tx, ctx| Ok((users::list(tx, ctx, false)?.len(), users::list(tx, ctx, true)?.len()))).await;
        assert_eq!((shown, all), (2, 3));
        let names = world.system(move |tx, ctx| users::names(tx, ctx, &[id])).await;
        assert_eq!(names[0].name, "Amina");
    }

    async fn a_changed_role_is_felt_at_once(world) {
        let user = world.person("amina@natu.dz", "Agent").await;
        let session = world.enter("amina@natu.dz", PASSWORD).await;
        let see = || authenticate_session(&world.base, session.token.reveal());
        assert!(!see().await.unwrap().ctx.can(Permission::OrderConfirm));

        let admin = world.admin().await;
        let caller = admin.read(|tx, ctx| roles::by_name(tx, ctx, "call_center")).await.unwrap();
        let (id, role, version) = (user.id, caller.id, user.version);
        admin.write(move |tx, ctx| users::change(tx, ctx, id, &change_role(role), version)).await.unwrap();
        assert!(see().await.unwrap().ctx.can(Permission::OrderConfirm));
        let late = UserChange { name: Some("Amina B.".into()), ..UserChange::default() };
        assert_eq!(code(admin.write(move |tx, ctx| users::change(tx, ctx, id, &late, version)).await), format!("stale {}: name", version + 1));

        let fewer = RoleChange { name: caller.name.clone(), permissions: [Permission::OrderRead].into_iter().collect() };
        let version = caller.version;
        admin.write(move |tx, ctx| roles::change(tx, ctx, role, &fewer, version)).await.unwrap();
        let edge = see().await.unwrap();
        assert_eq!(edge.ctx.permissions, [Permission::OrderRead].into_iter().collect::<Permissions>());
    }

    async fn custom_roles_come_and_go(world) {
        let edge = world.admin().await;
        let new = |name: &str, permissions: &[Permission]| RoleChange { name: name.into(), permissions: permissions.iter().copied().collect() };
        let form = new("Night shift", &[Permission::OrderRead]);
        let role = edge.write(move |tx, ctx| roles::create(tx, ctx, &form)).await.unwrap();
        let form = new("night SHIFT", &[]);
        assert_eq!(code(edge.write(move |tx, ctx| roles::create(tx, ctx, &form)).await), "name: role.name_taken");
        let (id, form) = (role.id, new("Nights", &[Permission::OrderRead, Permission::OrderNote]));
        let changed = edge.write(move |tx, ctx| roles::change(tx, ctx, id, &form, 1)).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.version), ("Nights", 2));
        let form = new("Other", &[Permission::OrderRead]);
        assert_eq!(code(edge.write(move |tx, ctx| roles::change(tx, ctx, id, &form, 1)).await), "stale 2: name, permissions");

        let roles_now = edge.read(roles::list).await.unwrap();
        let (admin, agent) = (roles_now[0].clone(), roles_now[4].clone());
        let form = new("Admin", &[Permission::OrderRead]);
        assert_eq!(code(edge.write(move |tx, ctx| roles::change(tx, ctx, admin.id, &form, 1)).await), "role.admin");
        assert_eq!(code(edge.write(move |tx, ctx| roles::remove(tx, ctx, agent.id)).await), "role.seeded");

        let user = world.person("n@natu.dz", "nights").await;
        assert_eq!(code(edge.write(move |tx, ctx| roles::remove(tx, ctx, id)).await), "role.in_use");
        let (person, version, agents) = (user.id, user.version, roles_now[4].id);
        edge.write(move |tx, ctx| users::change(tx, ctx, person, &change_role(agents), version)).await.unwrap();
        edge.write(move |tx, ctx| roles::remove(tx, ctx, id)).await.unwrap();
        assert_eq!(code(edge.read(move |tx, ctx| roles::find(tx, ctx, id)).await), "not_found");
        assert_eq!(code(edge.read(|tx, ctx| roles::by_name(tx, ctx, "nights")).await), "role: role.unknown");
    }

    async fn preferences_are_ones_own_and_small(world) {
        let edge = world.admin().await;
        let set = |value: serde_json::Value| {
            let changes = value.as_object().unwrap().clone();
            edge.write(move |tx, ctx| preferences::set(tx, ctx, &changes))
        };
        set(json!({"theme": "dark", "locale": "fr", "columns.orders": ["number", "state"]})).await.unwrap();
        set(json!({"theme": null, "page_size": 50})).await.unwrap();
        let all = edge.read(preferences::get).await.unwrap();
        assert_eq!(serde_json::Value::Object(all), json!({"locale": "fr", "columns.orders": ["number", "state"], "page_size": 50}));
        assert_eq!(world.admin().await.ctx.locale, kernel::Locale::Fr);
        assert_eq!(code(set(json!({"theme": "pink", "Bad Key": 1})).await), "Bad Key: preferences.value, theme: preferences.value");
        assert_eq!(code(set(json!({"big": "x".repeat(9_000)})).await), ": preferences.size");
    }

    async fn organizations_do_not_see_each_other(world) {
        #[expect(clippy::disallowed_methods, reason = "a second organization, as only the server makes one")]
        let other = world.base.db().system_write(|tx| base::organizations::create(tx, "Purna", Time(0))).await.unwrap();
        let there = world.base.system_edge(other).await;
        let (user, session, store) = (world.admin.user, world.admin.session, world.main_store().await);
        assert_eq!(code(there.read(move |tx, ctx| users::find(tx, ctx, user)).await), "not_found");
        assert_eq!(code(there.write(move |tx, ctx| crate::sessions::end(tx, ctx, session)).await), "not_found");
        assert_eq!(code(there.read(move |tx, ctx| stores_of::find(tx, ctx, store)).await), "not_found");
        assert_eq!(there.read(|tx, ctx| users::list(tx, ctx, true)).await.unwrap().len(), 0);
        // The same session under the other organization's name.
        let token = world.admin.token.reveal();
        let foreign = format!("{}.{}", &crate::tokens::show(other, session, &Hidden::new(""))[..13], token.split_once('.').unwrap().1);
        assert_eq!(code(authenticate_session(&world.base, &foreign).await), "unauthenticated");
    }

    async fn what_is_past_its_time_is_removed(world) {
        world.enter(ADMIN, PASSWORD).await;
        assert_eq!(code(world.sign_in(ADMIN, "wrong").await), "unauthenticated");
        let now = world.base.now();
        assert_eq!(world.system(move |tx, _| crate::purge::purge(tx, now, 100)).await, 0);
        let later = now.plus_us(90 * Time::DAY);
        assert_eq!(world.system(move |tx, _| crate::purge::purge(tx, later, 100)).await, 4);
    }
}
