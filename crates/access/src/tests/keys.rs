//! Keys for programs.

use base::{Agents, Stores};
use kernel::{Permission, Permissions};

use super::*;
use crate::model::NewApiKey;
use crate::{authenticate_bearer, keys};

fn key(role: Option<kernel::RoleId>) -> NewApiKey {
    NewApiKey { name: "Web shop".into(), role, scopes: None, stores: None, expires_at: None }
}

on_both! {
    async fn a_key_of_a_role_belongs_to_the_organization(world) {
        let made = world
            .system(|tx, ctx| {
                let role = roles::by_name(tx, ctx, "Team Manager")?.id;
                keys::create(tx, ctx, &key(Some(role)))
            })
            .await;
        assert!(made.text.reveal().starts_with("kaf_"));
        let edge = authenticate_bearer(&world.base, made.text.reveal()).await.unwrap();
        assert_eq!((edge.ctx.actor, edge.ctx.user(), edge.ctx.session), (kernel::Actor::ApiKey(made.key.id), None, None));
        assert_eq!(edge.ctx.permissions, roles::SEEDS[1].rights());
        assert_eq!((&edge.ctx.sees.stores, edge.ctx.sees.agents), (&Stores::All, Agents::All));
        assert_eq!(code(edge.read(users::me).await), "unauthenticated");

        let id = made.key.id;
        let listed = world.admin().await.read(keys::list).await.unwrap();
        assert_eq!((listed.len(), listed[0].last_used_at), (1, Some(world.base.now())));
        world.admin().await.write(move |tx, ctx| keys::revoke(tx, ctx, id)).await.unwrap();
        assert_eq!(code(authenticate_bearer(&world.base, made.text.reveal()).await), "unauthenticated");
        assert_eq!(world.admin().await.read(keys::list).await.unwrap().len(), 0);
    }

    async fn the_organizations_key_sees_all_stores_and_of_orders_what_its_role_may(world) {
        let made = world
            .system(|tx, ctx| {
                let role = roles::by_name(tx, ctx, "agent")?.id;
                keys::create(tx, ctx, &key(Some(role)))
            })
            .await;
        let ctx = authenticate_bearer(&world.base, made.text.reveal()).await.unwrap().ctx;
        assert_eq!(ctx.sees.stores, Stores::All);
        assert_eq!(ctx.sees.agents, Agents::OwnAndFree(kernel::Id::from_i64(0)));
    }

    async fn a_key_never_does_more_than_its_scopes_and_its_owner(world) {
        let second = world.person("second@natu.dz", "Admin").await;
        let edge = world.edge_of("second@natu.dz").await;
        let store = world.main_store().await;
        let new = NewApiKey { scopes: Some(vec![Permission::OrderPlace, Permission::OrderRefund]), stores: Some(vec![store]), ..key(None) };
        let made = edge.write(move |tx, ctx| keys::create(tx, ctx, &new)).await.unwrap();
        let ctx = authenticate_bearer(&world.base, &format!("bearer {}", made.text.reveal())).await.unwrap().ctx;
        assert_eq!(ctx.permissions, [Permission::OrderPlace, Permission::OrderRefund].into_iter().collect::<Permissions>());
        assert_eq!(ctx.sees.stores, Stores::These(vec![store]));

        // Its owner becomes an agent: what an agent may not do, the key may not do.
        let agents = world.system(|tx, ctx| Ok(roles::by_name(tx, ctx, "Agent")?.id)).await;
        let change = crate::UserChange { role: Some(agents), ..Default::default() };
        let (id, version) = (second.id, second.version);
        world.system(move |tx, ctx| users::change(tx, ctx, id, &change, version)).await;
        let ctx = authenticate_bearer(&world.base, made.text.reveal()).await.unwrap().ctx;
        assert_eq!(ctx.permissions, [Permission::OrderPlace].into_iter().collect::<Permissions>());
        assert_eq!(ctx.sees.agents, Agents::OwnAndFree(id));

        // Its owner goes, and the key with them.
        world.system(move |tx, ctx| users::archive(tx, ctx, id)).await;
        assert_eq!(code(authenticate_bearer(&world.base, made.text.reveal()).await), "unauthenticated");
    }

    async fn a_key_ends_when_it_says(world) {
        let at = world.base.now().plus_us(Time::HOUR);
        let edge = world.admin().await;
        let made = edge.write(move |tx, ctx| keys::create(tx, ctx, &NewApiKey { expires_at: Some(at), ..key(None) })).await.unwrap();
        authenticate_bearer(&world.base, made.text.reveal()).await.unwrap();
        world.advance(Time::HOUR);
        assert_eq!(code(authenticate_bearer(&world.base, made.text.reveal()).await), "unauthenticated");
        let late = edge.write(move |tx, ctx| {
            let past = Some(ctx.now.plus_us(-1));
            keys::create(tx, ctx, &NewApiKey { name: " ".into(), scopes: Some(vec![]), expires_at: past, ..key(None) })
        });
        assert_eq!(code(late.await), "name: required, expires_at: time.past, scopes: required");
    }

    async fn keys_are_for_those_who_may(world) {
        world.person("manager@natu.dz", "Team Manager").await;
        let manager = world.edge_of("manager@natu.dz").await;
        assert_eq!(code(manager.write(|tx, ctx| keys::create(tx, ctx, &key(None))).await), "needs api_key.edit");
        let admins = world.admin().await.write(|tx, ctx| keys::create(tx, ctx, &key(None))).await.unwrap();
        assert_eq!(manager.read(keys::list).await.unwrap().len(), 0);
        let id = admins.key.id;
        assert_eq!(code(manager.write(move |tx, ctx| keys::revoke(tx, ctx, id)).await), "not_found");
        let text = admins.text.reveal();
        let at = text.len() - 5;
        let other = if text[at..].starts_with('A') { 'B' } else { 'A' };
        for bad in ["kaf_", "kaf_x_y_z", &text[..60], &format!("{}{other}{}", &text[..at], &text[at + 1..])] {
            assert_eq!(code(authenticate_bearer(&world.base, bad).await), "unauthenticated");
        }
    }
}
