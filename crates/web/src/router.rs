//! Every address there is, in one table: who may call it, what answers, how it is described.
//!
//! From these rows are made: the router itself, the OpenAPI document, the list that the access tests
//! walk through, and the answer to a method that a path does not offer. API rows stand here by
//! domain; aliases (`aliases.rs`) and pages (`pages/`) add theirs in the same form.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use kernel::Permission;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::error::Problem;
use crate::frame::{Framed, Handle};
use crate::limits::RateClass;
use crate::openapi::{Documented, Sketch};
use crate::security::{self, Kind};
use crate::state::WebState;

/// Who may call a route. What an action needs beyond it, the action asks for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever is signed in or has a token.
    Session,
    /// Whoever has this right.
    Needs(Permission),
}

/// A row of the table, without its handler.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// The method.
    pub method: Method,
    /// The path, with `{names}` for its segments.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Which limit it draws from.
    pub rate: RateClass,
    /// The name of the operation, as generated clients call it.
    pub id: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// The part of the document it stands in.
    pub tag: &'static str,
    /// API, alias, page or plain file.
    pub kind: Kind,
    /// Whether it is exempt from the time limit: uploads, exports, live streams.
    pub is_slow: bool,
    /// Whether it repeats another row under a second spelling of the path.
    pub is_twin: bool,
}

/// A row of the table.
pub(crate) struct Route {
    pub(crate) info: RouteInfo,
    pub(crate) describe: Option<fn(Sketch<'_>) -> Sketch<'_>>,
    handle: Handle,
}

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

impl Route {
    /// A row of the API, described by its handler.
    pub(crate) fn api<T: 'static, H: Documented<T>>(
        method: Method,
        path: &'static str,
        access: Access,
        id: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Route {
        let mut route = Route::plain(method, path, access, Kind::Api, id, summary, handler);
        route.describe = Some(<H as Documented<T>>::describe);
        route
    }

    /// A row that is not in the document: pages, files, health.
    pub(crate) fn plain<T: 'static, H: Handler<T, WebState, Future = Answering>>(
        method: Method,
        path: &'static str,
        access: Access,
        kind: Kind,
        id: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Route {
        let rate = if access == Access::Public { RateClass::Public } else { RateClass::Api };
        let info = RouteInfo { method, path, access, rate, id, summary, tag: "", kind, is_slow: false, is_twin: false };
        let handle: Handle = Box::new(move |request, state| handler.clone().call(request, state));
        Route { info, describe: None, handle }
    }

    /// A row of the pages that somebody signed in looks at or changes something with.
    pub(crate) fn page<T: 'static, H: Handler<T, WebState, Future = Answering>>(
        method: Method,
        path: &'static str,
        access: Access,
        id: &'static str,
        handler: H,
    ) -> Route {
        Route::plain(method, path, access, Kind::Page, id, "", handler)
    }

    /// Draws from another limit.
    #[must_use]
    pub(crate) fn rate(mut self, rate: RateClass) -> Route {
        self.info.rate = rate;
        self
    }

    /// Takes its time.
    #[must_use]
    pub(crate) fn slow(mut self) -> Route {
        self.info.is_slow = true;
        self
    }

    /// Is an alias: bearer tokens only.
    #[must_use]
    pub(crate) fn alias(mut self) -> Route {
        self.info.kind = Kind::Alias;
        self
    }

    /// Is the same under another spelling.
    #[must_use]
    pub(crate) fn twin(mut self) -> Route {
        self.info.is_twin = true;
        self
    }

    pub(crate) fn tagged(mut self, tag: &'static str) -> Route {
        self.info.tag = tag;
        self
    }
}

fn get<T: 'static>(path: &'static str, access: impl Into<Access>, id: &'static str, summary: &'static str, handler: impl Documented<T>) -> Route {
    Route::api(Method::GET, path, access.into(), id, summary, handler)
}

fn post<T: 'static>(path: &'static str, access: impl Into<Access>, id: &'static str, summary: &'static str, handler: impl Documented<T>) -> Route {
    Route::api(Method::POST, path, access.into(), id, summary, handler)
}

fn put<T: 'static>(path: &'static str, access: impl Into<Access>, id: &'static str, summary: &'static str, handler: impl Documented<T>) -> Route {
    Route::api(Method::PUT, path, access.into(), id, summary, handler)
}

fn patch<T: 'static>(path: &'static str, access: impl Into<Access>, id: &'static str, summary: &'static str, handler: impl Documented<T>) -> Route {
    Route::api(Method::PATCH, path, access.into(), id, summary, handler)
}

fn delete<T: 'static>(path: &'static str, access: impl Into<Access>, id: &'static str, summary: &'static str, handler: impl Documented<T>) -> Route {
    Route::api(Method::DELETE, path, access.into(), id, summary, handler)
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Access {
        Access::Needs(permission)
    }
}

fn group(tag: &'static str, routes: Vec<Route>) -> impl Iterator<Item = Route> {
    routes.into_iter().map(move |route| route.tagged(tag))
}

/// What a part of the document is about.
pub(crate) fn tag_words(tag: &str) -> &'static str {
    TAGS.iter().find(|(name, _)| *name == tag).map_or("", |(_, words)| words)
}

const TAGS: &[(&str, &str)] = &[
    ("access", "Signing in and out, joining, new passwords."),
    ("me", "Whoever asks: profile, sessions, second factor."),
    ("users", "People, roles and keys of the organization."),
    ("stores", "Sales channels."),
    ("orders", "Orders: in, found, moved, watched."),
    ("escalations", "Problems that go up the team."),
    ("reasons", "Why orders are held back, called off and passed up."),
    ("bulk", "One action on many orders: prepared, looked at, begun, taken back."),
    ("views", "Lists as somebody likes to see them: kept, shared, kept at hand with their counts."),
    ("drafts", "Orders being put together: carts, quotes, orders taken in a chat; and the links by which customers accept them."),
    (
        "tracking",
        "What customers see of their orders without an account: by number, by link, by code; and the links and codes that the team gives them.",
    ),
    ("customers", "Who buys."),
    ("labels", "A team's own codes: tags, and fields that it defines."),
    ("catalogue", "What is sold."),
    ("imports", "Orders from files."),
    ("exports", "Orders and customers as files."),
    ("work", "Tasks that people wait for, jobs and schedules behind them."),
    ("system", "The installation: health, log, backups."),
    ("audit", "Who did what, when; the proof that nobody changed it."),
    ("settings", "How the organization works; places."),
    ("live", "Changes as they happen."),
    ("aliases", "Paths of other systems, understood here. Bearer tokens only; with and without a slash at the end."),
];

/// Every row: the API by domain, then aliases and pages.
#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Route> {
    use kernel::Permission::*;
    use kernel::{CustomerId, OrderId};

    use crate::api::{attachments, auth, bulk, care, catalogue, credits, customers, docs, drafts, escalations, events, exports, health, imports, labels, live, logos, me, messages, numbers, orders, payments, places, reasons, rules, settings, stores, tracking, system, users, views, work};
    use crate::assets;
    const OPEN: Access = Access::Public;
    const SESSION: Access = Access::Session;
    const SIGN_IN: RateClass = RateClass::SignIn;

    let mut all: Vec<Route> = Vec::with_capacity(260);
    all.extend(group("access", vec![
        post("/api/v1/sign-in",                    OPEN,    "signIn",        "Signs in, for a token or a cookie",              auth::sign_in).rate(SIGN_IN),
        post("/api/v1/sign-in/second-step",        OPEN,    "secondStep",    "Signs in with the second factor",                auth::second_step).rate(SIGN_IN),
        post("/api/v1/sign-out",                   SESSION, "signOut",       "Ends the session",                               auth::sign_out),
        post("/api/v1/password-reset",             OPEN,    "askReset",      "Mails a link for a new password",                auth::ask_reset).rate(SIGN_IN),
        get("/api/v1/links/{token}",               OPEN,    "lookAtLink",    "What a link is for",                             auth::look).rate(SIGN_IN),
        post("/api/v1/links/{token}/set-up",       OPEN,    "setUp",         "Makes the first Admin by the set-up link",       auth::set_up).rate(SIGN_IN),
        post("/api/v1/links/{token}/join",         OPEN,    "join",          "Joins by an invitation",                         auth::join).rate(SIGN_IN),
        post("/api/v1/links/{token}/reset",        OPEN,    "resetPassword", "Sets a new password by a link",                  auth::reset).rate(SIGN_IN),
        post("/api/v1/links/{token}/verify-email", OPEN,    "verifyEmail",   "Proves a new e-mail address by a link",          auth::verify_email).rate(SIGN_IN),
    ]));
    all.extend(group("me", vec![
        get("/api/v1/me",                          SESSION, "getMe",             "Who asks and what they may do",              me::get),
        patch("/api/v1/me/preferences",            SESSION, "setPreferences",    "Sets some of one's preferences",             me::set_preferences),
        post("/api/v1/me/name",                    SESSION, "renameMe",          "Changes one's own name",                     me::rename),
        post("/api/v1/me/password",                SESSION, "changePassword",    "Changes one's password",                     auth::change_password),
        post("/api/v1/me/email",                   SESSION, "changeEmail",       "Mails a link to prove a new address",        auth::change_email),
        get("/api/v1/me/sessions",                 SESSION, "listOwnSessions",   "One's own sessions",                         me::list_sessions),
        post("/api/v1/me/sessions/end-others",     SESSION, "endOtherSessions",  "Ends one's sessions but this one",           me::end_other_sessions),
        post("/api/v1/me/totp",                    SESSION, "enrollTotp",        "Begins to switch the second factor on",      me::enroll_totp),
        post("/api/v1/me/totp/confirm",            SESSION, "confirmTotp",       "Switches the second factor on",              me::confirm_totp),
        post("/api/v1/me/totp/disable",            SESSION, "disableTotp",       "Switches the second factor off",             me::disable_totp),
        post("/api/v1/me/totp/recovery-codes",     SESSION, "renewRecoveryCodes", "Replaces one's recovery codes",             me::renew_recovery_codes),
        delete("/api/v1/sessions/{id}",            SESSION, "endSession",        "Ends a session",                             me::end_session),
    ]));
    all.extend(group("users", vec![
        get("/api/v1/sessions",                    SessionEdit, "listSessions",  "Everybody's sessions, or one person's",      me::list_all_sessions),
        get("/api/v1/users",                       UserRead,    "listUsers",     "Everybody, by name",                         users::list),
        post("/api/v1/users",                      UserEdit,    "inviteUser",    "Invites somebody",                           users::invite),
        get("/api/v1/users/{id}",                  SESSION,     "getUser",       "One person",                                 users::get),
        patch("/api/v1/users/{id}",                UserEdit,    "changeUser",    "Changes somebody",                           users::change),
        post("/api/v1/users/{id}/invite",          UserEdit,    "inviteUserAgain", "Invites somebody again",                   users::invite_again),
        post("/api/v1/users/{id}/archive",         UserEdit,    "archiveUser",   "Lets somebody go",                           users::archive),
        post("/api/v1/users/{id}/reopen",          UserEdit,    "reopenUser",    "Invites somebody back who was let go",       users::reopen),
        post("/api/v1/users/{id}/totp/reset",      UserEdit,    "resetUserTotp", "Switches somebody's second factor off",      users::reset_totp),
        get("/api/v1/roles",                       UserRead,    "listRoles",     "All roles",                                  users::list_roles),
        post("/api/v1/roles",                      RoleEdit,    "createRole",    "Makes a role",                               users::create_role),
        get("/api/v1/roles/{id}",                  UserRead,    "getRole",       "One role",                                   users::get_role),
        put("/api/v1/roles/{id}",                  RoleEdit,    "changeRole",    "Changes a role",                             users::change_role),
        delete("/api/v1/roles/{id}",               RoleEdit,    "removeRole",    "Removes a custom role that nobody has",      users::remove_role),
        get("/api/v1/api-keys",                    SESSION,     "listApiKeys",   "Keys for programs: one's own, or all",       users::list_keys),
        post("/api/v1/api-keys",                   ApiKeyEdit,  "createApiKey",  "Makes a key; its text is shown once",        users::create_key),
        delete("/api/v1/api-keys/{id}",            SESSION,     "revokeApiKey",  "Ends a key",                                 users::revoke_key),
    ]));
    all.extend(group("stores", vec![
        get("/api/v1/stores",                      StoreRead, "listStores",   "Stores that you may see",                       stores::list),
        post("/api/v1/stores",                     StoreEdit, "createStore",  "Opens a store",                                 stores::create),
        get("/api/v1/stores/{id}",                 SESSION,   "getStore",     "One store",                                     stores::get),
        patch("/api/v1/stores/{id}",               StoreEdit, "changeStore",  "Changes a store",                               stores::change),
        post("/api/v1/stores/{id}/archive",        StoreEdit, "archiveStore", "Puts a store away",                             stores::archive),
        post("/api/v1/stores/{id}/reopen",         StoreEdit, "reopenStore",  "Opens an archived store again",                 stores::reopen),
    ]));
    all.extend(group("orders", vec![
        get("/api/v1/orders",                      OrderRead,    "listOrders",      "Orders, filtered, sorted, searched",      orders::read::list),
        post("/api/v1/orders",                     OrderPlace,   "placeOrder",      "Places an order",                         orders::place::place),
        get("/api/v1/orders/stats",                StatsRead,    "orderStats",      "Figures of all orders",                   orders::figures::stats),
        get("/api/v1/orders/cancellations",        StatsRead,    "cancellationReport", "Cancellations by reason",              orders::cancellations::report),
        get("/api/v1/orders/{id}",                 OrderRead,    "getOrder",        "One order with lines, notes and history", orders::read::get),
        patch("/api/v1/orders/{id}",               OrderEdit,    "changeOrder",     "Changes an order's facts",                orders::place::change),
        delete("/api/v1/orders/{id}",              OrderArchive, "deleteOrder",     "Deletes an order placed to try things out", orders::edit::delete),
        get("/api/v1/orders/{id}/edits",           OrderEdit,    "listEdits",       "Open proposals to change an order",       orders::edit::list),
        post("/api/v1/orders/{id}/edits",          OrderEdit,    "beginEdit",       "Proposes a change and shows what it would do", orders::edit::begin),
        get("/api/v1/orders/{id}/edits/{edit_id}", OrderEdit,    "previewEdit",     "What a proposal would do now",            orders::edit::preview),
        put("/api/v1/orders/{id}/edits/{edit_id}", OrderEdit,    "reviseEdit",      "Replaces what a proposal says",           orders::edit::revise),
        delete("/api/v1/orders/{id}/edits/{edit_id}", OrderEdit, "dropEdit",        "Drops a proposal",                        orders::edit::drop_edit),
        post("/api/v1/orders/{id}/edits/{edit_id}/apply", OrderEdit, "applyEdit",   "Writes a proposal into its order",        orders::edit::apply),
        post("/api/v1/orders/{id}/reorder",        OrderPlace,   "reorder",         "Begins a draft of the same at today's prices", drafts::reorder),
        post("/api/v1/orders/{id}/moves",          SESSION,      "moveOrder",       "Moves an order by action or to a state",  orders::act::any),
        post("/api/v1/orders/{id}/substatus",      OrderEdit,    "moveInside",      "Moves an order inside its state",         orders::act::move_inside),
        post("/api/v1/orders/{id}/invoice-number", NumberIssue,  "issueInvoiceNumber", "Gives an order the number of its invoice, once", numbers::invoice),
        post("/api/v1/orders/{id}/undo",           SESSION,      "undoMove",        "Takes one's last move back",              orders::act::undo),
        get("/api/v1/orders/{id}/progress",        OrderRead,    "orderProgress",   "How far along an order is",               orders::figures::progress),
        get("/api/v1/orders/{id}/history",         OrderRead,    "orderHistory",    "Everything that happened to an order",    orders::read::history),
        get("/api/v1/orders/{id}/notes",           OrderRead,    "listNotes",       "Notes of an order",                       orders::read::notes),
        post("/api/v1/orders/{id}/notes",          OrderNote,    "addNote",         "Writes a note",                           orders::act::add_note),
        put("/api/v1/orders/{id}/notes/{note_id}/pin",    OrderNote, "pinNote",    "Puts a note on top of its order",         orders::people::pin),
        delete("/api/v1/orders/{id}/notes/{note_id}/pin", OrderNote, "unpinNote",  "Takes a note from the top of its order",  orders::people::unpin),
        get("/api/v1/orders/{id}/colleagues",      OrderNote,    "listColleagues",  "Whom a note of an order may name",        orders::people::colleagues),
        post("/api/v1/orders/{id}/mentions/seen",  OrderRead,    "seeMentions",     "Says that you saw what names you in an order", orders::people::seen),
        get("/api/v1/orders/{id}/agents",          OrderAssign,  "listAgents",      "Whom an order can be given to",           orders::people::takers),
        post("/api/v1/orders/{id}/assign",         OrderAssign,  "assignOrder",     "Says whose an order is",                  orders::people::assign),
        get("/api/v1/orders/{id}/viewers",         OrderRead,    "listViewers",     "Who has the page of an order open",       orders::people::viewers),
        get("/api/v1/me/mentions",                 OrderRead,    "listMentions",    "Notes that name you and that you have not seen", orders::people::waiting),
        get("/api/v1/orders/{id}/tracking",        OrderRead,    "listTracking",    "Tracking entries of an order",            orders::read::tracking),
        post("/api/v1/orders/{id}/tracking",       OrderNote,    "addTracking",     "Writes a tracking entry",                 orders::act::add_tracking),
        get("/api/v1/orders/{id}/messages",        OrderRead,    "listMessages",    "What the customer was told",              messages::list),
        get("/api/v1/orders/{id}/transactions",    PaymentRead,  "listTransactions", "Money that moved for an order",          payments::list),
        post("/api/v1/orders/{id}/transactions",   PaymentRecord, "recordTransaction", "Records money that moved",            payments::record),
        post("/api/v1/orders/{id}/decisions",      OrderDecide,  "recordDecision",  "Keeps what a rule or a model decided",    orders::act::decide),
        post("/api/v1/orders/{id}/archive",        OrderArchive, "archiveOrder",    "Takes an order out of the daily lists",   orders::act::archive),
        post("/api/v1/orders/{id}/unarchive",      OrderArchive, "unarchiveOrder",  "Puts an order back into the daily lists", orders::act::unarchive),
        post("/api/v1/orders/{id}/lines/{line_id}/state", OrderConfirm, "setLineState", "Says whether a line can ship",           orders::act::set_line_state),
        post("/api/v1/orders/{id}/cancel",         OrderCancel,  "cancelOrder",     "Calls an order off",                      orders::cancellations::cancel),
        get("/api/v1/orders/{id}/cancellations",   OrderRead,    "listCancellations", "Each time that an order was called off", orders::cancellations::of_order),
        get("/api/v1/orders/{id}/holds",           OrderRead,    "listHolds",       "What holds or held an order back",        orders::holds::list),
        post("/api/v1/orders/{id}/holds",          OrderHold,    "setHold",         "Holds an order back",                     orders::holds::set),
        patch("/api/v1/orders/{id}/holds/{hold_id}", OrderHold,  "changeHold",      "Changes a hold",                          orders::holds::change),
        post("/api/v1/orders/{id}/holds/{hold_id}/release", OrderHold, "releaseHold", "Releases a hold",                       orders::holds::release),
        get("/api/v1/orders/{id}/escalations",     OrderRead,    "listOrderEscalations", "What was passed up about an order",  escalations::of_order),
        post("/api/v1/orders/{id}/escalations",    OrderEscalate, "escalateOrder",  "Passes a problem up the team",            escalations::escalate),
        post("/api/v1/orders/{id}/tags",           OrderEdit,    "tagOrder",        "Puts tags on an order",                   labels::tag_order),
        delete("/api/v1/orders/{id}/tags/{tag}",   OrderEdit,    "untagOrder",      "Takes a tag from an order",               labels::untag_order),
        get("/api/v1/orders/{id}/attachments",     OrderRead,    "listAttachments", "Photos and files of an order",            attachments::list::<OrderId>),
        post("/api/v1/orders/{id}/attachments",    OrderAttach,  "addAttachment",   "Attaches a photo or file to an order",    attachments::add::<OrderId>).slow(),
        get("/api/v1/orders/{id}/attachments/{attachment_id}",    OrderRead,   "getAttachment",    "One photo or file",         attachments::get::<OrderId>),
        patch("/api/v1/orders/{id}/attachments/{attachment_id}",  OrderAttach, "changeAttachment", "Changes what is said about it", attachments::change::<OrderId>),
        delete("/api/v1/orders/{id}/attachments/{attachment_id}", OrderAttach, "removeAttachment", "Removes a photo or file",   attachments::remove::<OrderId>),
        post("/api/v1/orders/{id}/attachments/{attachment_id}/restore", OrderAttach, "restoreAttachment", "Puts it back in time", attachments::restore::<OrderId>),
        get("/api/v1/orders/{id}/attachments/{attachment_id}/content", OrderRead, "attachmentContent", "The file itself, or a small picture of it", attachments::content::<OrderId>).slow(),
        post("/api/v1/orders/{id}/{action}",       SESSION,      "act",             "Moves an order by one of its actions",    orders::act::act),
        get("/api/v1/search",                      OrderRead,    "search",          "Finds orders by whatever is known",       orders::read::search),
        get("/api/v1/credit-notes",                OrderRead,    "listCreditNotes", "What orders gave back",                   credits::list),
        get("/api/v1/credit-notes/{id}",           OrderRead,    "getCreditNote",   "One credit note with its lines",          credits::get),
        post("/api/v1/credit-notes/{id}/number",   NumberIssue,  "issueCreditNumber", "Gives a credit note its number, once",  numbers::credit),
        get("/api/v1/document-numbers",            NumberRead,   "listDocumentNumbers", "The numbers that documents were given", numbers::list),
        post("/api/v1/document-numbers/{id}/void", NumberIssue,  "voidDocumentNumber", "Says that a document counts no more",  numbers::void),
        get("/api/v1/statuses",                    OrderRead,    "listStatuses",    "What orders can be, in your language",    rules::statuses),
    ]));
    all.extend(group("escalations", vec![
        get("/api/v1/escalations",                 OrderRead,        "listEscalations",       "Open escalations, the earliest deadline first", escalations::list),
        get("/api/v1/escalations/counts",          OrderRead,        "countEscalations",      "How many escalations are open",         escalations::counts),
        get("/api/v1/escalations/path",            OrderRead,        "escalationPath",        "The levels that problems go up",        escalations::path),
        get("/api/v1/escalations/{id}",            OrderRead,        "getEscalation",         "One escalation with its steps",         escalations::get),
        post("/api/v1/escalations/{id}/acknowledge", SESSION,        "acknowledgeEscalation", "Takes an escalation on",                escalations::acknowledge),
        post("/api/v1/escalations/{id}/answer",    EscalationHandle, "answerEscalation",      "Sends an escalation back to the agent", escalations::answer),
        post("/api/v1/escalations/{id}/pass-up",   SESSION,          "passEscalationUp",      "Passes an escalation further up",       escalations::pass_up),
        post("/api/v1/escalations/{id}/resolve",   SESSION,          "resolveEscalation",     "Settles an escalation",                 escalations::resolve),
    ]));
    all.extend(group("reasons", vec![
        get("/api/v1/hold-kinds",                     OrderRead,    "listHoldKinds",            "Reasons to hold orders back",       reasons::hold_kinds),
        post("/api/v1/hold-kinds",                    SettingsEdit, "addHoldKind",              "Adds a reason to hold orders back", reasons::add_hold_kind),
        patch("/api/v1/hold-kinds/{code}",            SettingsEdit, "changeHoldKind",           "Changes a reason to hold orders back", reasons::change_hold_kind),
        get("/api/v1/cancellation-reasons",           OrderRead,    "listCancellationReasons",  "Reasons to call orders off",        reasons::cancellation_reasons),
        post("/api/v1/cancellation-reasons",          SettingsEdit, "addCancellationReason",    "Adds a reason to call orders off",  reasons::add_cancellation_reason),
        patch("/api/v1/cancellation-reasons/{code}",  SettingsEdit, "changeCancellationReason", "Changes a reason to call orders off", reasons::change_cancellation_reason),
        get("/api/v1/escalation-reasons",             OrderRead,    "listEscalationReasons",    "Reasons to pass problems up",       reasons::escalation_reasons),
        post("/api/v1/escalation-reasons",            SettingsEdit, "addEscalationReason",      "Adds a reason to pass problems up", reasons::add_escalation_reason),
        patch("/api/v1/escalation-reasons/{code}",    SettingsEdit, "changeEscalationReason",   "Changes a reason to pass problems up", reasons::change_escalation_reason),
    ]));
    all.extend(group("bulk", vec![
        post("/api/v1/bulk",                       OrderBulk, "beginBulk",     "Prepares one action on many orders",               bulk::begin),
        get("/api/v1/bulk",                        OrderBulk, "listBulk",      "Actions on many orders, newest first",             bulk::list),
        get("/api/v1/bulk/{id}",                   OrderBulk, "getBulk",       "How far one of them is",                           bulk::get),
        get("/api/v1/bulk/{id}/items",             OrderBulk, "listBulkItems", "What became of each order",                        bulk::items),
        get("/api/v1/bulk/{id}/items/file",        OrderBulk, "bulkItemsFile", "What became of each order, as a file",             bulk::file).slow(),
        post("/api/v1/bulk/{id}/export",           OrderExport, "exportBulk",  "Makes a file of its orders",                       bulk::export),
        post("/api/v1/bulk/{id}/start",            OrderBulk, "startBulk",     "Begins it, or lets it go on",                      bulk::start),
        post("/api/v1/bulk/{id}/cancel",           OrderBulk, "cancelBulk",    "Calls it off; what is done stays",                 bulk::cancel),
        post("/api/v1/bulk/{id}/retry",            OrderBulk, "retryBulk",     "Tries those once more that were refused",          bulk::retry),
        post("/api/v1/bulk/{id}/undo",             OrderBulk, "undoBulk",      "Takes it back where nobody was since",             bulk::undo),
    ]));
    all.extend(group("views", vec![
        get("/api/v1/views",                       OrderRead, "listViews",      "Views of a list that you see",                    views::list),
        post("/api/v1/views",                      OrderRead, "createView",     "Keeps a view",                                    views::create),
        get("/api/v1/views/counts",                OrderRead, "countViews",     "How many orders the views at hand have",          views::counts),
        get("/api/v1/views/{id}",                  OrderRead, "getView",        "One view",                                        views::get),
        patch("/api/v1/views/{id}",                OrderRead, "changeView",     "Changes a view",                                  views::change),
        delete("/api/v1/views/{id}",               OrderRead, "removeView",     "Removes a view",                                  views::remove),
        post("/api/v1/views/{id}/duplicate",       OrderRead, "duplicateView",  "Makes a private copy",                            views::duplicate),
        post("/api/v1/views/{id}/pin",             OrderRead, "pinView",        "Keeps a view at hand",                            views::pin),
        delete("/api/v1/views/{id}/pin",           OrderRead, "unpinView",      "Keeps it at hand no more",                        views::unpin),
        post("/api/v1/views/{id}/default",         ViewShare, "setDefaultView", "Says which roles begin with it",                  views::set_default),
        get("/api/v1/me/lists/orders",             OrderRead, "getListState",   "How you left the list of orders",                 views::last),
        put("/api/v1/me/lists/orders",             OrderRead, "setListState",   "Remembers how you leave the list of orders",      views::set_last),
        delete("/api/v1/me/lists/orders",          OrderRead, "forgetListState", "Begins the list of orders as your role does",    views::forget_last),
    ]));
    all.extend(group("drafts", vec![
        get("/api/v1/drafts",                      OrderPlace, "listDrafts",   "Drafts, newest first",                          drafts::list),
        post("/api/v1/drafts",                     OrderPlace, "beginDraft",   "Begins a draft",                                drafts::begin),
        get("/api/v1/drafts/{id}",                 OrderPlace, "getDraft",     "One draft, priced as of now",                   drafts::get),
        patch("/api/v1/drafts/{id}",               OrderPlace, "changeDraft",  "Changes a draft",                               drafts::change),
        delete("/api/v1/drafts/{id}",              OrderPlace, "deleteDraft",  "Deletes a draft with everything in it",         drafts::delete),
        post("/api/v1/drafts/{id}/share",          OrderPlace, "shareDraft",   "Makes a link for the customer",                 drafts::share),
        post("/api/v1/drafts/{id}/unshare",        OrderPlace, "unshareDraft", "Ends the customer's link",                      drafts::unshare),
        post("/api/v1/drafts/{id}/place",          OrderPlace, "placeDraft",   "Makes a draft an order",                        drafts::place),
        get("/api/v1/quotes/{token}",              OPEN,       "getQuote",     "A draft as its customer sees it",               drafts::quote),
        post("/api/v1/quotes/{token}/accept",      OPEN,       "acceptQuote",  "Places a draft by its link",                    drafts::accept),
    ]));
    all.extend(group("tracking", vec![
        post("/api/v1/track",                      OPEN,         "lookUpOrder",     "Where an order stands; with a proof, a link to its page", tracking::look_up).rate(RateClass::Lookup),
        get("/api/v1/track/{token}",               OPEN,         "trackOrder",      "An order as its customer sees it",           tracking::show),
        post("/api/v1/track/{token}/requests",     OPEN,         "requestChange",   "Asks the team for a change of an order",     tracking::ask),
        post("/api/v1/track/{token}/changes",      OPEN,         "changeOwnOrder",  "Changes an order as its customer wants it",  tracking::change).rate(RateClass::Lookup),
        post("/api/v1/track/{token}/cancel",       OPEN,         "cancelOwnOrder",  "Calls an order off as its customer wants it", tracking::cancel).rate(RateClass::Lookup),
        post("/api/v1/orders/{id}/tracking-link",  OrderRead,    "makeTrackingLink", "Makes a link to an order for its customer", tracking::link),
        delete("/api/v1/orders/{id}/tracking-link", OrderEdit,   "revokeTrackingLinks", "Ends all links to an order",             tracking::revoke),
        post("/api/v1/customers/{id}/code",        CustomerEdit, "issueCustomerCode", "Makes a code to read out to a customer",   tracking::issue_code),
        post("/api/v1/my-orders/code",             OPEN,         "askCustomerCode", "Sends a customer a code, if one is known there", tracking::ask_code).rate(RateClass::Lookup),
        post("/api/v1/my-orders/enter",            OPEN,         "enterCustomerCode", "Opens a customer's own orders with a code", tracking::enter).rate(RateClass::Lookup),
        get("/api/v1/my-orders",                   OPEN,         "listOwnOrders",   "A customer's own orders, with the token that a code opened", tracking::own_orders),
        post("/api/v1/my-orders/leave",            OPEN,         "leaveOwnOrders",  "Ends a customer's session",                  tracking::leave),
    ]));
    all.extend(group("customers", vec![
        get("/api/v1/customers",                   CustomerRead, "listCustomers",     "Customers, found by name or number",    customers::list),
        post("/api/v1/customers",                  CustomerEdit, "createCustomer",    "Enters a customer by hand",             customers::create),
        get("/api/v1/customers/{id}",              CustomerRead, "getCustomer",       "One customer with everything kept",     customers::get),
        patch("/api/v1/customers/{id}",            CustomerEdit, "changeCustomer",    "Changes a customer",                    customers::change),
        get("/api/v1/customers/{id}/cancellations", OrderRead,   "listCustomerCancellations", "Orders that were called off for one customer", orders::cancellations::of_customer),
        get("/api/v1/customers/{id}/orders",       OrderRead,    "listCustomerOrders", "Orders of one customer",               orders::read::of_customer),
        get("/api/v1/customers/twins",             CustomerRead, "listTwins",         "Customers who are likely one person",   care::all_twins),
        get("/api/v1/customers/{id}/timeline",     CustomerRead, "customerTimeline",  "Everything between a customer and the shop", care::timeline),
        get("/api/v1/customers/{id}/flags",        CustomerRead, "listFlags",         "Marks on a customer",                   care::list_flags),
        post("/api/v1/customers/{id}/flags",       CustomerEdit, "addFlag",           "Puts a mark on a customer",             care::add_flag),
        post("/api/v1/customers/{id}/flags/{flag_id}/remove", CustomerEdit, "removeFlag", "Takes a mark off",                   care::remove_flag),
        get("/api/v1/flag-kinds",                  CustomerRead, "listFlagKinds",     "Kinds of marks",                        care::list_flag_kinds),
        put("/api/v1/flag-kinds/{code}",           SettingsEdit, "saveFlagKind",      "Makes or changes a kind of marks",      care::save_flag_kind),
        get("/api/v1/customers/{id}/notes",        CustomerRead, "listCustomerNotes", "Notes about a customer",                care::list_notes),
        post("/api/v1/customers/{id}/notes",       CustomerEdit, "addCustomerNote",   "Writes a note about a customer",        care::add_note),
        delete("/api/v1/customers/{id}/notes/{note_id}", CustomerEdit, "eraseCustomerNote", "Erases a note about a customer",  care::erase_note),
        get("/api/v1/customers/{id}/consents",     CustomerRead, "listConsents",      "What a customer agreed to",             care::list_consents),
        post("/api/v1/customers/{id}/consents",    CustomerEdit, "recordConsent",     "Writes down a yes or a no",             care::record_consent),
        post("/api/v1/customers/{id}/language",    CustomerEdit, "learnLanguage",     "Learns a language from what somebody wrote", care::learn_language),
        get("/api/v1/customers/{id}/twins",        CustomerRead, "listTwinsOf",       "Who is likely the same person",         care::twins),
        post("/api/v1/customers/{id}/merge/preview", CustomerMerge, "previewMerge",   "What a merge would do",                 care::preview_merge),
        post("/api/v1/customers/{id}/merge",       CustomerMerge, "mergeCustomers",   "Makes two customers one",               care::merge),
        post("/api/v1/customers/{id}/unmerge",     CustomerMerge, "unmergeCustomers", "Makes a merged customer two again",     care::unmerge),
        post("/api/v1/customers/{id}/export",      CustomerExport, "exportPerson",    "Writes down everything about a person", care::begin_export),
        get("/api/v1/customers/{id}/exports/{task_id}", CustomerExport, "personFile", "The file about a person",               care::export_file).slow(),
        get("/api/v1/customers/{id}/erasure",      CustomerRead, "getErasure",        "Whether a person is to be erased",      care::erasure),
        post("/api/v1/customers/{id}/erasure",     CustomerErase, "erasePerson",      "Asks for a person to be erased",        care::ask_erasure),
        post("/api/v1/customers/{id}/erasure/cancel", CustomerErase, "cancelErasure", "Calls an erasing off",                  care::cancel_erasure),
        post("/api/v1/customers/{id}/archive",     CustomerEdit, "archiveCustomer",   "Takes a customer out of the daily lists", customers::archive),
        post("/api/v1/customers/{id}/unarchive",   CustomerEdit, "unarchiveCustomer", "Puts a customer back",                  customers::unarchive),
        post("/api/v1/customers/{id}/phones",      CustomerEdit, "addPhone",          "Gives a customer one more number",      customers::add_phone),
        post("/api/v1/customers/{id}/phones/order", CustomerEdit, "orderPhones",     "Puts a customer's numbers in order",    customers::order_phones),
        patch("/api/v1/customers/{id}/phones/{number}", CustomerEdit, "changePhone", "Changes a customer's number",           customers::change_phone),
        delete("/api/v1/customers/{id}/phones/{number}", CustomerEdit, "removePhone", "Takes a number from a customer",        customers::remove_phone),
        post("/api/v1/customers/{id}/phones/{number}/reveal", CustomerRead, "revealPhone", "Shows one number whole, and writes it down", customers::reveal_phone),
        post("/api/v1/customers/{id}/addresses",   CustomerEdit, "addAddress",        "Gives a customer an address",           customers::add_address),
        post("/api/v1/customers/{id}/addresses/order", CustomerEdit, "orderAddresses", "Puts a customer's addresses in order", customers::order_addresses),
        post("/api/v1/customers/{id}/addresses/{address_id}/main", CustomerEdit, "setMainAddress", "Makes an address the main one", customers::set_main_address),
        put("/api/v1/customers/{id}/addresses/{address_id}",    CustomerEdit, "changeAddress", "Replaces an address",          customers::change_address),
        post("/api/v1/customers/{id}/tags",        CustomerEdit, "tagCustomer",       "Puts tags on a customer",               labels::tag_customer),
        delete("/api/v1/customers/{id}/tags/{tag}", CustomerEdit, "untagCustomer",    "Takes a tag from a customer",           labels::untag_customer),
        get("/api/v1/customers/{id}/attachments",  CustomerRead, "listCustomerAttachments", "Photos and files of a customer",  attachments::list::<CustomerId>),
        post("/api/v1/customers/{id}/attachments", CustomerEdit, "addCustomerAttachment", "Attaches a photo or file to a customer", attachments::add::<CustomerId>).slow(),
        get("/api/v1/customers/{id}/attachments/{attachment_id}",    CustomerRead, "getCustomerAttachment",    "One photo or file", attachments::get::<CustomerId>),
        patch("/api/v1/customers/{id}/attachments/{attachment_id}",  CustomerEdit, "changeCustomerAttachment", "Changes what is said about it", attachments::change::<CustomerId>),
        delete("/api/v1/customers/{id}/attachments/{attachment_id}", CustomerEdit, "removeCustomerAttachment", "Removes a photo or file", attachments::remove::<CustomerId>),
        post("/api/v1/customers/{id}/attachments/{attachment_id}/restore", CustomerEdit, "restoreCustomerAttachment", "Puts it back in time", attachments::restore::<CustomerId>),
        get("/api/v1/customers/{id}/attachments/{attachment_id}/content", CustomerRead, "customerAttachmentContent", "The file itself, or a small picture of it", attachments::content::<CustomerId>).slow(),
        delete("/api/v1/customers/{id}/addresses/{address_id}", CustomerEdit, "removeAddress", "Removes an address",           customers::remove_address),
    ]));
    all.extend(group("catalogue", vec![
        get("/api/v1/variants",                    CatalogueRead, "listVariants",  "Variants, newest first",                    catalogue::list),
        post("/api/v1/variants",                   CatalogueEdit, "createVariant", "Enters a variant by hand",                  catalogue::create),
        get("/api/v1/variants/{id}",               CatalogueRead, "getVariant",    "One variant",                               catalogue::get),
        patch("/api/v1/variants/{id}",             CatalogueEdit, "changeVariant", "Changes a variant",                         catalogue::change),
    ]));
    all.extend(group("labels", vec![
        get("/api/v1/tags",                        OrderRead,    "listTags",     "Tags, with how many bear them",               labels::list_tags),
        post("/api/v1/tags",                       TagEdit,      "createTag",    "Makes a tag",                                 labels::create_tag),
        get("/api/v1/tags/{id}",                   OrderRead,    "getTag",       "One tag",                                     labels::get_tag),
        patch("/api/v1/tags/{id}",                 TagEdit,      "changeTag",    "Renames, colours, orders or archives a tag",  labels::change_tag),
        post("/api/v1/tags/{id}/merge",            TagEdit,      "mergeTag",     "Merges a tag into another",                   labels::merge_tag),
        get("/api/v1/fields",                      OrderRead,    "listFields",   "Fields of the team's own",                    labels::list_fields),
        post("/api/v1/fields",                     FieldEdit,    "createField",  "Defines a field",                             labels::create_field),
        get("/api/v1/fields/{id}",                 OrderRead,    "getField",     "One field",                                   labels::get_field),
        patch("/api/v1/fields/{id}",               FieldEdit,    "changeField",  "Changes the definition of a field",           labels::change_field),
    ]));
    all.extend(group("imports", vec![
        post("/api/v1/imports",                    OrderImport, "beginImport",  "Brings orders in from a file",                 imports::begin).slow(),
        get("/api/v1/imports",                     OrderImport, "listImports",  "Files that were brought in",                   imports::list),
        post("/api/v1/imports/of-file",            OrderImport, "beginImportOfFile", "Brings in a file that was looked at",     imports::begin_of_file),
        get("/api/v1/imports/{id}",                OrderImport, "getImport",    "One file that was brought in",                 imports::get),
        post("/api/v1/imports/{id}/undo",          OrderImport, "undoImport",   "Takes back what an import made",               imports::undo),
        post("/api/v1/import-previews",            OrderImport, "previewImport", "A first look at a file",                      imports::preview).slow(),
        get("/api/v1/import-mappings",             OrderImport, "listMappings", "How columns of files are read",                imports::list_mappings),
        post("/api/v1/import-mappings",            OrderImport, "createMapping", "Writes a mapping down",                       imports::create_mapping),
        get("/api/v1/import-mappings/{id}",        OrderImport, "getMapping",   "One mapping",                                  imports::get_mapping),
        put("/api/v1/import-mappings/{id}",        OrderImport, "changeMapping", "Changes a mapping",                           imports::change_mapping),
        delete("/api/v1/import-mappings/{id}",     OrderImport, "removeMapping", "Removes a mapping",                           imports::remove_mapping),
        get("/api/v1/tasks/{id}/file",             SESSION,     "taskFile",     "The file that came of a task",                 imports::result_file).slow(),
    ]));
    all.extend(group("exports", vec![
        post("/api/v1/exports",                    OrderExport, "beginExport",  "Makes a file of orders or customers",          exports::begin),
        get("/api/v1/exports",                     OrderExport, "listExports",  "Files that were asked for, newest first",      exports::list),
        get("/api/v1/export-columns",              OrderExport, "listExportColumns", "Columns that a file can have",            exports::columns),
    ]));
    all.extend(group("work", vec![
        get("/api/v1/tasks",                       SESSION,    "listTasks",      "Long work: one's own, or all",                work::list_tasks),
        get("/api/v1/tasks/{id}",                  SESSION,    "getTask",        "How far one task is",                         work::get_task),
        post("/api/v1/tasks/{id}/cancel",          SESSION,    "cancelTask",     "Asks a task to stop",                         work::cancel_task),
        get("/api/v1/jobs",                        SystemRead, "listJobs",       "Jobs, newest first",                          work::list_jobs),
        get("/api/v1/jobs/{id}",                   SystemRead, "getJob",         "One job",                                     work::get_job),
        post("/api/v1/jobs/{id}/retry",            SystemEdit, "retryJob",       "Sends a dead job to work again",              work::retry_job),
        post("/api/v1/jobs/{id}/cancel",           SystemEdit, "cancelJob",      "Calls off a job",                             work::cancel_job),
        get("/api/v1/schedules",                   SystemRead, "listSchedules",  "Work that comes again by the clock",          work::list_schedules),
        patch("/api/v1/schedules/{id}",            SystemEdit, "changeSchedule", "Changes a schedule",                          work::change_schedule),
        post("/api/v1/schedules/{id}/run",         SystemEdit, "runSchedule",    "Runs a schedule's job now",                   work::run_schedule),
    ]));
    all.extend(group("system", vec![
        get("/api/v1/health",                      SystemRead, "getHealth",      "How the installation is",                     system::health),
        get("/api/v1/logs",                        LogRead,    "listLogs",       "The server's log, newest first",              system::list_logs),
        get("/api/v1/logs/failures",               LogRead,    "listFailures",   "Errors of the last seven days, by kind",      system::list_failures),
        get("/api/v1/caches",                      SystemRead, "listCaches",     "Caches of this process, with how they help",  system::list_caches),
        post("/api/v1/caches/{name}/clear",        SystemEdit, "clearCache",     "Empties a cache of this process",             system::clear_cache),
        get("/api/v1/parameters",                  SystemRead, "listParameters", "What can be tuned, with the values in force", system::list_parameters),
        get("/api/v1/backups",                     SystemRead, "listBackups",    "Backups, newest first",                       system::list_backups),
        post("/api/v1/backups",                    SystemEdit, "beginBackup",    "Makes a backup now",                          system::begin_backup),
        get("/api/v1/backups/{backup}",            SystemRead, "getBackup",      "What one backup holds",                       system::get_backup),
        get("/api/v1/backups/{backup}/copy",       BackupTake, "takeBackup",     "The copy of the database",                    system::backup_copy).slow(),
        get("/api/v1/backups/{backup}/manifest",   BackupTake, "takeManifest",   "The manifest beside the copy",                system::backup_manifest).slow(),
    ]));
    all.extend(group("audit", vec![
        get("/api/v1/events",                      AuditRead, "listEvents",   "The audit trail, newest first",                  events::list),
        get("/api/v1/events/export",               AuditRead, "exportEvents", "The audit trail as a file",                      events::export).slow(),
        post("/api/v1/events/verify",              AuditRead, "verifyChain",  "Proves that nobody changed the trail",           events::verify).slow(),
    ]));
    all.extend(group("settings", vec![
        get("/api/v1/settings",                    SettingsRead, "listSettings", "All sections with their defaults",            settings::list),
        put("/api/v1/settings/erp/secret",         SettingsEdit, "setWebhookSecret", "Stores the secret that signs webhooks",   settings::put_webhook_secret),
        get("/api/v1/logos",                       SettingsRead, "listLogos",    "Logos that customers see",                    logos::list),
        put("/api/v1/logos",                       SettingsEdit, "setLogo",      "Sets the logo of all stores",                 logos::set_for_all).slow(),
        delete("/api/v1/logos",                    SettingsEdit, "removeLogo",   "Removes the logo of all stores",              logos::remove_for_all),
        put("/api/v1/stores/{id}/logo",            SettingsEdit, "setStoreLogo", "Sets the logo of one store",                  logos::set_for_store).slow(),
        delete("/api/v1/stores/{id}/logo",         SettingsEdit, "removeStoreLogo", "Removes the logo of one store",            logos::remove_for_store),
        put("/api/v1/settings/{section}",          SettingsEdit, "setSettings",  "Changes fields of a section",                 settings::put),
        get("/api/v1/rules",                       SettingsRead, "getRules",     "The rule set in force",                       rules::get),
        put("/api/v1/rules",                       SettingsEdit, "setRules",     "Puts a rule set into force",                  rules::put),
        post("/api/v1/rules/dry-run",              SettingsEdit, "tryRules",     "Tries a rule set against the orders there are", rules::dry_run),
        get("/api/v1/rules/draft",                 SettingsRead, "getRuleDraft", "The rule set that is worked on",              rules::get_draft),
        put("/api/v1/rules/draft",                 SettingsEdit, "saveRuleDraft", "Keeps a rule set as the draft",              rules::put_draft),
        delete("/api/v1/rules/draft",              SettingsEdit, "discardRuleDraft", "Throws the draft away",                   rules::discard_draft),
        post("/api/v1/rules/draft/dry-run",        SettingsEdit, "tryRuleDraft", "Tries the draft against the orders there are", rules::try_draft),
        post("/api/v1/rules/draft/activate",       SettingsEdit, "activateRuleDraft", "Puts the draft into force",              rules::activate_draft),
        get("/api/v1/rules/versions",              SettingsRead, "listRuleVersions", "Versions of the rule set, newest first",  rules::versions),
        get("/api/v1/rules/versions/{version}",    SettingsRead, "getRuleVersion", "A version of the rule set",                 rules::version),
        post("/api/v1/rules/versions/{version}/restore", SettingsEdit, "restoreRules", "Goes back to a version of the rule set", rules::restore),
        get("/api/v1/series",                      NumberRead,   "listSeries",   "How numbers of documents look",               numbers::list_series),
        put("/api/v1/stores/{id}/series/{kind}",   SettingsEdit, "setSeries",    "Says how numbers of documents look in a store", numbers::set_series),
        get("/api/v1/places",                      SESSION,      "listCountries", "Countries with a list of places",            places::countries),
        get("/api/v1/places/{country}",            SESSION,      "listProvinces", "Provinces of a country",                     places::provinces),
        get("/api/v1/places/{country}/{province}", SESSION,      "listDistricts", "Districts of a province",                    places::districts),
    ]));
    all.extend(group("live", vec![
        get("/api/v1/live",                        SESSION,      "live",          "Changes as server-sent events",              live::stream).slow(),
    ]));
    all.extend([
        plain("/healthz",          "healthz", "The process answers",             health::alive).rate(RateClass::Free),
        plain("/readyz",           "readyz",  "The server can work",             health::ready).rate(RateClass::Free),
        plain("/metrics",          "metrics", "Figures for Prometheus",          health::metrics).rate(RateClass::Free),
        plain("/api/openapi.json", "openapi", "The API's own description",       docs::document).rate(RateClass::Free),
        plain("/docs",             "docs",    "A reader for the description",    docs::reader).rate(RateClass::Free),
        plain("/logo/{org}/{hash}", "logo",   "A logo that customers see",       logos::serve).rate(RateClass::Free),
        plain("/manifest/{lang}",  "app",     "What an installed app is called", assets::manifest).rate(RateClass::Free),
        plain("/a/{hash}/{name}",  "asset",   "Styles, scripts, icons, fonts",   assets::serve).rate(RateClass::Free),
        plain("/sw.js",            "worker",  "What answers without a network",  assets::worker).rate(RateClass::Free),
        plain("/favicon.ico",      "favicon", "The icon",                        assets::favicon).rate(RateClass::Free),
    ]);
    all.extend(crate::aliases::routes());
    all.extend(crate::pages::routes());
    all
}

fn plain<T: 'static, H: Handler<T, WebState, Future = Answering>>(path: &'static str, id: &'static str, summary: &'static str, handler: H) -> Route {
    Route::plain(Method::GET, path, Access::Public, Kind::Plain, id, summary, handler)
}

/// What can be called, by whom: for tests and documents.
pub fn route_table() -> Vec<RouteInfo> {
    routes().into_iter().map(|route| route.info).collect()
}

/// The OpenAPI document as JSON.
pub fn openapi_json(public_url: &str) -> String {
    crate::openapi::json(&crate::openapi::document(&routes(), public_url))
}

/// Everything that answers HTTP. Serve it with connect info, so that limits know the caller's address.
pub fn app(state: WebState) -> Router {
    router_of(routes(), state)
}

/// The router of these rows.
pub(crate) fn router_of(routes: Vec<Route>, state: WebState) -> Router {
    let mut by_path: BTreeMap<&'static str, (MethodRouter<WebState>, Vec<Method>, Kind)> = BTreeMap::new();
    for route in routes {
        let Route { info, handle, .. } = route;
        let (path, method, kind) = (info.path, info.method.clone(), info.kind);
        let Ok(filter) = MethodFilter::try_from(method.clone()) else { continue };
        let framed = Framed::new(info, handle);
        let answer = move |State(state): State<WebState>, request: Request| {
            let framed = Arc::clone(&framed);
            async move { framed.answer(state, request).await }
        };
        let entry = by_path.entry(path).or_insert_with(|| (MethodRouter::new(), Vec::new(), kind));
        let so_far = std::mem::take(&mut entry.0);
        entry.0 = so_far.merge(on(filter, answer));
        entry.1.push(method);
    }

    let mut router = Router::new();
    for (path, (methods, offered, kind)) in by_path {
        router = router.route(path, methods.fallback(no_such_method(kind, &offered)));
    }
    // Not worth it for small answers; assets come compressed already.
    let worth_it = SizeAbove::new(1_024).and(NotForContentType::GRPC).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    router
        .fallback(no_such_path())
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest).compress_when(worth_it))
        .with_state(state)
}

fn framed(info: RouteInfo, handle: Handle) -> impl Fn(State<WebState>, Request) -> Answering + Clone + Send + Sync + 'static {
    let framed = Framed::new(info, handle);
    move |State(state), request| {
        let framed = Arc::clone(&framed);
        Box::pin(framed.answer(state, request))
    }
}

fn fallback_info(id: &'static str, kind: Kind) -> RouteInfo {
    let (access, rate) = (Access::Public, RateClass::Public);
    RouteInfo { method: Method::GET, path: "", access, rate, id, summary: "", tag: "", kind, is_slow: false, is_twin: false }
}

/// Answers preflights of allowed origins; everything else that a path does not offer is refused.
fn no_such_method(kind: Kind, offered: &[Method]) -> impl Fn(State<WebState>, Request) -> Answering + Clone + Send + Sync + 'static {
    let mut allowed: Vec<&str> = offered.iter().map(Method::as_str).collect();
    if offered.contains(&Method::GET) {
        allowed.push("HEAD");
    }
    let allowed = allowed.join(", ");
    let handle: Handle = Box::new(move |request: Request, state: WebState| {
        let allowed = allowed.clone();
        Box::pin(async move {
            if request.method() == Method::OPTIONS
                && let Some(headers) = security::preflight(&state, request.headers())
            {
                return (StatusCode::NO_CONTENT, headers).into_response();
            }
            let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method").with("allowed", &allowed).into_response();
            if let Ok(value) = HeaderValue::from_str(&allowed) {
                response.headers_mut().insert(header::ALLOW, value);
            }
            response
        })
    });
    framed(fallback_info("no_such_method", kind), handle)
}

/// A path that nothing answers to: a document under `/api`, a page elsewhere.
fn no_such_path() -> impl Fn(State<WebState>, Request) -> Answering + Clone + Send + Sync + 'static {
    fn nothing() -> Handle {
        Box::new(|_, _| Box::pin(async { Problem::new(StatusCode::NOT_FOUND, "path").into_response() }))
    }
    let api = framed(fallback_info("no_such_path", Kind::Api), nothing());
    let page = framed(fallback_info("no_such_path", Kind::Page), nothing());
    move |state, request: Request| {
        let reads_html = request.headers().get(header::ACCEPT).is_some_and(|value| value.as_bytes().windows(9).any(|part| part == b"text/html"));
        if reads_html && !request.uri().path().starts_with("/api/") { page(state, request) } else { api(state, request) }
    }
}
