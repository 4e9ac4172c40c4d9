//! Whoever asks: who they are, how they like their pages, their sessions, their second factor.

use access::{Session, SessionKind, account, preferences, sessions, totp, users};
use base::Edge;
use kernel::{Hidden, Locale, Permission, SessionId, Time, UserId};
use serde_json::{Map, Value};

use super::common::{ActorView, Nothing};
use super::users::UserView;
use crate::extract::{Info, Json, Path, Query, Write};
use crate::respond::{Answer, Done, List, Reply, done, shown};
use crate::schema::{Describe, body, view, word};

view! {
    /// The caller.
    pub(crate) struct MeView {
        /// A person, a key, or the system.
        actor: ActorView,
        /// The person; none for a program.
        user: Option<UserView>,
        /// What the caller may do.
        permissions: Vec<Permission>,
        /// How they like their pages.
        preferences: Map<String, Value> = {"theme": "dark"},
        /// The language of answers.
        locale: Locale,
        /// What browsers send as `X-CSRF-Token` with every change; empty for bearer tokens.
        csrf_token: String = "",
    }

    /// A signed-in browser or token.
    pub(crate) struct SessionView {
        /// Which.
        id: SessionId,
        /// Whose.
        user_id: UserId,
        /// A cookie or a token.
        kind: SessionKind,
        /// Whether the device is trusted.
        is_trusted: bool = true,
        /// What the browser calls itself.
        user_agent: Option<String> = "Mozilla/5.0",
        /// Where it came from when it began.
        ip: Option<String> = "105.235.128.4",
        /// When it began.
        created_at: Time,
        /// When it was last used, to five minutes.
        last_seen_at: Time,
        /// When it ends by itself.
        expires_at: Time,
        /// Whether it is the one that asks.
        is_current: bool = true,
    }

    /// What an authenticator needs; shown this once.
    pub(crate) struct EnrollmentView {
        /// For typing, in base 32.
        secret: String = "JBSWY3DPEHPK3PXP",
        /// The `otpauth://` address.
        url: String = "otpauth://totp/…",
        /// The same as a picture to scan.
        qr_svg: String = "<svg …>",
    }

    /// Codes for the day the authenticator is lost; shown this once.
    pub(crate) struct RecoveryCodesView {
        /// Each can be used once.
        codes: Vec<String> = ["ABCD-EFGH-JKLM-NPQR"],
    }

    /// How many there were.
    pub(crate) struct CountView {
        /// So many.
        count: u64 = 3,
    }
}

body! {
    /// Preferences to set; null removes one.
    pub(crate) struct PreferencesBody {
        /// `locale`, `theme`, `density`, `page_size`, and whatever pages keep for themselves.
        preferences: Map<String, Value> = {"theme": "dark", "columns.orders": ["number", "customer"]},
    }

    /// One's own name.
    pub(crate) struct OwnNameBody {
        /// As colleagues see it.
        name: String = "Samira Haddad",
    }

    /// Whose sessions.
    pub(crate) struct SessionQuery {
        /// This person's; everybody's when left out.
        user_id: Option<UserId>,
    }

    /// A code of the authenticator.
    pub(crate) struct CodeBody {
        /// Six digits.
        code: String = "123456",
    }

    /// The password, to prove that it is still you.
    pub(crate) struct PasswordBody {
        /// The present one.
        password: Hidden,
    }

    /// A new password.
    pub(crate) struct PasswordChangeBody {
        /// The present one.
        current_password: Hidden,
        /// The new one.
        new_password: Hidden,
    }

    /// A new address.
    pub(crate) struct EmailBody {
        /// Where the link to prove it is sent.
        email: String = "samira@example.dz",
        /// The present password.
        password: Hidden,
    }
}

impl Describe for SessionKind {
    fn schema(_: &mut utoipa::openapi::schema::Components) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        word(SessionKind::WORDS)
    }
}

impl SessionView {
    fn of(session: Session) -> SessionView {
        SessionView {
            id: session.id,
            user_id: session.user,
            kind: session.kind,
            is_trusted: session.is_trusted,
            user_agent: session.user_agent,
            ip: session.ip,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            is_current: session.is_current,
        }
    }
}

/// `GET /api/v1/me`
pub(crate) async fn get(edge: Edge, info: Info) -> Reply<MeView> {
    let token = if edge.ctx.session.is_some() && info.is_by_cookie() { info.csrf_token() } else { String::new() };
    let view = edge.read(move |tx, ctx| {
        let me = if ctx.user().is_some() { Some(users::me(tx, ctx)?) } else { None };
        let preferences = me.as_ref().map(|me| me.preferences.clone()).unwrap_or_default();
        Ok(MeView {
            actor: ActorView::of(ctx.actor),
            user: me.map(|me| UserView::of(me.user)),
            permissions: ctx.permissions.iter().collect(),
            preferences,
            locale: ctx.locale,
            csrf_token: token.clone(),
        })
    });
    shown(view.await?)
}

/// `PATCH /api/v1/me/preferences`
pub(crate) async fn set_preferences(edge: Edge, write: Write<PreferencesBody>) -> Answer<Map<String, Value>> {
    let changes = write.body.preferences;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| preferences::set(tx, ctx, &changes)).await?.into())
}

/// `POST /api/v1/me/name`
pub(crate) async fn rename(edge: Edge, write: Write<OwnNameBody>) -> Done {
    let name = write.body.name;
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| account::rename(tx, ctx, &name)).await?.into())
}

/// `GET /api/v1/me/sessions`
pub(crate) async fn list_sessions(edge: Edge) -> Reply<List<SessionView>> {
    let own = edge.read(sessions::list_own).await?;
    shown(List::whole(own.into_iter().map(SessionView::of).collect()))
}

/// `GET /api/v1/sessions`
pub(crate) async fn list_all_sessions(edge: Edge, Query(query): Query<SessionQuery>) -> Reply<List<SessionView>> {
    let all = edge.read(move |tx, ctx| sessions::list(tx, ctx, query.user_id)).await?;
    shown(List::whole(all.into_iter().map(SessionView::of).collect()))
}

/// `DELETE /api/v1/sessions/{id}`: one's own, or anybody's with the right.
pub(crate) async fn end_session(edge: Edge, Path(id): Path<SessionId>, write: Write<Nothing>) -> Done {
    Ok(edge.write_once(write.key.as_ref(), move |tx, ctx| sessions::end(tx, ctx, id)).await?.into())
}

/// `POST /api/v1/me/sessions/end-others`
pub(crate) async fn end_other_sessions(edge: Edge, write: Write<Nothing>) -> Answer<CountView> {
    let answer = edge.write_once(write.key.as_ref(), |tx, ctx| Ok(CountView { count: sessions::end_own_others(tx, ctx)? as u64 }));
    Ok(answer.await?.into())
}

/// `POST /api/v1/me/totp`: begins; nothing changes until it is confirmed.
pub(crate) async fn enroll_totp(edge: Edge, Json(Nothing {}): Json<Nothing>) -> Reply<EnrollmentView> {
    let begun = totp::begin(&edge).await?;
    shown(EnrollmentView { secret: begun.secret.reveal().to_owned(), url: begun.url.reveal().to_owned(), qr_svg: begun.qr_svg.reveal().to_owned() })
}

fn codes(codes: &totp::RecoveryCodes) -> RecoveryCodesView {
    RecoveryCodesView { codes: codes.0.iter().map(|code| code.reveal().to_owned()).collect() }
}

/// `POST /api/v1/me/totp/confirm`
pub(crate) async fn confirm_totp(edge: Edge, Json(body): Json<CodeBody>) -> Reply<RecoveryCodesView> {
    shown(codes(&totp::confirm(&edge, &body.code).await?))
}

/// `POST /api/v1/me/totp/disable`
pub(crate) async fn disable_totp(edge: Edge, Json(body): Json<PasswordBody>) -> Done {
    totp::turn_off(&edge, &body.password).await?;
    done()
}

/// `POST /api/v1/me/totp/recovery-codes`
pub(crate) async fn renew_recovery_codes(edge: Edge, Json(body): Json<PasswordBody>) -> Reply<RecoveryCodesView> {
    shown(codes(&totp::renew_recovery_codes(&edge, &body.password).await?))
}
