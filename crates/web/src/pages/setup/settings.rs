//! The settings, part by part: a list beside a form, each form saved alone. Each setting says its default and what it changes.

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::settings::{self, SectionView};
use base::{Ctx, Edge};
use db::Tx;
use kernel::{Error, Hidden, Permission};
use serde_json::{Map, Value, json};

use super::form::{Group, Input, Kind, Typed, refuse};
use super::side::{PARTS, Part, side};
use super::stores::{language_options, said_options};
use super::{Here, Top, asked, bad, frame, toast, with_status};
use crate::api::settings::{save, save_webhook_secret};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Reader, html, see};
use crate::pages::view::{Choosable, EmptyState, Shell};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let read = Access::Needs(Permission::SettingsRead);
    let edit = Access::Needs(Permission::SettingsEdit);
    vec![
        Route::page(Method::GET, "/app/settings", read, "page_settings", index),
        Route::page(Method::GET, "/app/settings/{section}", read, "page_setting", show),
        Route::page(Method::POST, "/app/settings/{section}", edit, "page_set_setting", change),
        Route::page(Method::POST, "/app/settings/erp/secret", edit, "page_set_webhook_secret", change_secret),
    ]
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Words,
    /// Text that runs from left to right in every language.
    Plain,
    /// A whole number; the message of its unit, with the number as `$n`.
    Number(&'static str),
    YesNo,
    Language,
    /// Levels of the escalation: roles and hours.
    Levels,
    /// What is different for some stores.
    Fronts,
    /// Until when customers may do something themselves.
    Until,
}

/// A setting: its section and field, the message that names it, the message that says what it changes.
#[derive(Clone, Copy, Debug)]
struct Setting {
    section: &'static str,
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    shape: Shape,
}

const fn setting(section: &'static str, field: &'static str, label: &'static str, hint: &'static str, shape: Shape) -> Setting {
    Setting { section, field, label, hint, shape }
}

use Shape::{Fronts, Language, Levels, Number, Plain, Until, Words as Text, YesNo};

/// Every setting that has a field here. The marks of states stand with the statuses.
#[rustfmt::skip]
static SETTINGS: &[Setting] = &[
    setting("general", "name", "set-general-name", "set-general-name-hint", Text),
    setting("general", "default_locale", "set-general-default-locale", "set-general-default-locale-hint", Language),
    setting("orders", "undo_seconds", "set-orders-undo-seconds", "set-orders-undo-seconds-hint", Number("set-unit-seconds")),
    setting("orders", "bulk_undo_minutes", "set-orders-bulk-undo-minutes", "set-orders-bulk-undo-minutes-hint", Number("set-unit-minutes")),
    setting("orders", "draft_days", "set-orders-draft-days", "set-orders-draft-days-hint", Number("set-unit-days")),
    setting("orders", "max_lines", "set-orders-max-lines", "set-orders-max-lines-hint", Number("set-unit-lines")),
    setting("orders", "number_prefix", "set-orders-number-prefix", "set-orders-number-prefix-hint", Plain),
    setting("fields", "new_tags", "set-fields-new-tags", "set-fields-new-tags-hint", YesNo),
    setting("fields", "keep_unknown", "set-fields-keep-unknown", "set-fields-keep-unknown-hint", YesNo),
    setting("access", "session_idle_days", "set-access-session-idle-days", "set-access-session-idle-days-hint", Number("set-unit-days")),
    setting("access", "trusted_days", "set-access-trusted-days", "set-access-trusted-days-hint", Number("set-unit-days")),
    setting("access", "token_hours", "set-access-token-hours", "set-access-token-hours-hint", Number("set-unit-hours")),
    setting("access", "password_min_score", "set-access-password-min-score", "set-access-password-min-score-hint", Number("set-unit-score")),
    setting("access", "lockout_attempts", "set-access-lockout-attempts", "set-access-lockout-attempts-hint", Number("set-unit-attempts")),
    setting("access", "lockout_minutes", "set-access-lockout-minutes", "set-access-lockout-minutes-hint", Number("set-unit-minutes")),
    setting("access", "invite_hours", "set-access-invite-hours", "set-access-invite-hours-hint", Number("set-unit-hours")),
    setting("access", "reset_minutes", "set-access-reset-minutes", "set-access-reset-minutes-hint", Number("set-unit-minutes")),
    setting("notifications", "email", "set-notifications-email", "set-notifications-email-hint", YesNo),
    setting("notifications", "sender_name", "set-notifications-sender-name", "set-notifications-sender-name-hint", Text),
    setting("escalation", "agent_hours", "set-escalation-agent-hours", "set-escalation-agent-hours-hint", Number("set-unit-hours")),
    setting("escalation", "levels", "set-escalation-levels", "set-escalation-levels-hint", Levels),
    setting("escalation", "mail", "set-escalation-mail", "set-escalation-mail-hint", YesNo),
    setting("tracking", "is_on", "set-tracking-is-on", "set-tracking-is-on-hint", YesNo),
    setting("tracking", "link_days", "set-tracking-link-days", "set-tracking-link-days-hint", Number("set-unit-days")),
    setting("tracking", "phone", "set-tracking-phone", "set-tracking-phone-hint", Plain),
    setting("tracking", "whatsapp", "set-tracking-whatsapp", "set-tracking-whatsapp-hint", Plain),
    setting("tracking", "accent", "set-tracking-accent", "set-tracking-accent-hint", Plain),
    setting("tracking", "change", "set-tracking-change", "set-tracking-change-hint", Until),
    setting("tracking", "cancel", "set-tracking-cancel", "set-tracking-cancel-hint", Until),
    setting("tracking", "stores", "set-tracking-stores", "set-tracking-stores-hint", Fronts),
    setting("erp", "url", "set-erp-url", "set-erp-url-hint", Plain),
    setting("erp", "secret_name", "set-erp-secret-name", "set-erp-secret-name-hint", Plain),
    setting("retention", "job_log_days", "set-retention-job-log-days", "set-retention-job-log-days-hint", Number("set-unit-days")),
    setting("retention", "messages_days", "set-retention-messages-days", "set-retention-messages-days-hint", Number("set-unit-days")),
    setting("privacy", "keep_ip", "set-privacy-keep-ip", "set-privacy-keep-ip-hint", YesNo),
    setting("privacy", "erase_wait_hours", "set-privacy-erase-wait-hours", "set-privacy-erase-wait-hours-hint", Number("set-unit-hours")),
    setting("privacy", "forget_after_months", "set-privacy-forget-after-months", "set-privacy-forget-after-months-hint", Number("set-unit-months")),
];

/// Until when customers may do something themselves, with the message that says so.
const UNTIL: [(&str, &str); 3] = [("never", "set-until-never"), ("until_confirmed", "set-until-confirmed"), ("until_prepared", "set-until-prepared")];

/// Levels that a path may have.
const MOST_LEVELS: usize = 6;

/// A found setting, or a part of the settings.
#[derive(Clone, Debug)]
struct Found {
    href: String,
    icon: &'static str,
    title: String,
    text: String,
    value: Option<String>,
}

#[derive(Template)]
#[template(path = "setup/settings.html")]
struct SettingsPage {
    page: Shell,
    top: Top,
    q: String,
    found: Vec<Found>,
    empty: EmptyState,
}

#[derive(Template)]
#[template(path = "setup/setting.html")]
struct SettingPage {
    page: Shell,
    top: Top,
    action: String,
    version: i64,
    groups: Vec<Group>,
    may_edit: bool,
    /// Facts in place of fields, for whoever may only look.
    facts: Vec<(String, String)>,
    changed: Option<String>,
    /// The form of the secret that signs webhooks.
    secret: Option<Input>,
}

fn unit(say: Words, key: &str, number: i64) -> String {
    say.count(key, number, &number.to_string())
}

/// A value of a setting, for people.
fn shown(say: Words, setting: &Setting, value: &Value) -> String {
    match (setting.shape, value) {
        (Shape::Number(key), Value::Number(number)) => unit(say, key, number.as_i64().unwrap_or_default()),
        (Shape::YesNo, Value::Bool(is)) => say.t(if *is { "set-yes" } else { "set-no" }),
        (Shape::Language, Value::String(word)) => {
            crate::pages::LANGUAGES.iter().find(|(code, _)| code == word).map_or_else(|| word.clone(), |(_, name)| (*name).to_owned())
        }
        (Shape::Until, Value::String(word)) => UNTIL.iter().find(|(one, _)| one == word).map_or_else(|| word.clone(), |(_, key)| say.t(key)),
        (Shape::Levels, Value::Array(levels)) => {
            let count = levels.len() as i64;
            say.count("set-unit-levels", count, &count.to_string())
        }
        (Shape::Fronts, Value::Array(stores)) => {
            let count = stores.len() as i64;
            say.count("set-unit-stores", count, &count.to_string())
        }
        (_, Value::String(text)) if !text.is_empty() => text.clone(),
        _ => say.t("set-nothing"),
    }
}

/// The fields of a section as they stand.
fn inputs(say: Words, view: &SectionView, roles: &[access::Role], stores: &[access::Store]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut plain = Vec::new();
    for one in SETTINGS.iter().filter(|one| one.section == view.name) {
        let value = &view.value[one.field];
        let usual = Some(say.one("set-usual", "value", shown(say, one, &view.defaults[one.field])));
        let (label, hint) = (say.t(one.label), Some(say.t(one.hint)));
        let text = value.as_str().unwrap_or_default();
        let input = match one.shape {
            Shape::Words => Input::text(one.field, label, text).quiet(),
            Shape::Plain => Input::text(one.field, label, text).ltr().quiet(),
            Shape::Number(..) => Input::new(Kind::Number, one.field, label, value.to_string()).quiet(),
            Shape::YesNo => Input::check(one.field, label, value.as_bool().unwrap_or_default()),
            Shape::Language => Input::select(one.field, label, language_options(text)),
            Shape::Until => Input::select(one.field, label, UNTIL.iter().map(|(word, key)| Choosable::new(*word, say.t(key), text)).collect()),
            Shape::Levels => {
                groups.push(Group { title: Some(label), text: hint, inputs: levels(say, value, roles) });
                continue;
            }
            Shape::Fronts => {
                groups.push(Group { title: Some(label), text: hint, inputs: fronts(say, value, stores) });
                continue;
            }
        };
        plain.push(Input { hint, usual, ..input });
    }
    groups.insert(0, Group::of(None, plain));
    groups
}

/// The levels of an escalation, and an empty one below them.
fn levels(say: Words, value: &Value, roles: &[access::Role]) -> Vec<Input> {
    let standing: Vec<(&str, i64)> = value
        .as_array()
        .into_iter()
        .flatten()
        .map(|level| (level["role"].as_str().unwrap_or_default(), level["hours"].as_i64().unwrap_or_default()))
        .collect();
    let rows = MOST_LEVELS.min(standing.len() + 1);
    let mut inputs = Vec::new();
    for place in 0..rows {
        let (role, hours) = standing.get(place).copied().unwrap_or(("", 8));
        let mut options = vec![Choosable::new("", say.t("set-level-none"), role)];
        // A role of the first start goes by its word, so that the path stays readable.
        options.extend(roles.iter().map(|one| Choosable::new(one.code.clone().unwrap_or_else(|| one.id.to_string()), one.name.clone(), role)));
        if !role.is_empty() && options.iter().all(|option| !option.is_chosen) {
            options.push(Choosable::new(role, role, role));
        }
        let n = (place + 1).to_string();
        inputs.push(Input::select(format!("levels[{place}].role"), say.one("set-level-role", "n", &n), options).quiet());
        inputs.push(Input {
            is_optional: true,
            is_quiet: true,
            ..Input::new(Kind::Number, format!("levels[{place}].hours"), say.one("set-level-hours", "n", &n), hours.to_string())
        });
    }
    inputs
}

/// What each store's customers see in place of what stands above.
fn fronts(say: Words, value: &Value, stores: &[access::Store]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for store in stores {
        let id = store.id.to_string();
        let own = value.as_array().and_then(|all| all.iter().find(|one| one["store"] == json!(id)));
        for (field, key) in FRONT {
            let text = own.and_then(|own| own[field].as_str()).unwrap_or_default();
            inputs.push(Input::text(format!("stores[{id}].{field}"), say.one(key, "store", &store.name), text).ltr().quiet());
        }
    }
    inputs
}

/// What may be different for a store, with the message that names it.
const FRONT: [(&str, &str); 3] = [("phone", "set-front-phone"), ("whatsapp", "set-front-whatsapp"), ("accent", "set-front-accent")];

/// The stores that the form says something of, in its order.
fn named_stores(typed: &Typed) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for (name, value) in &typed.0 {
        let id = name.strip_prefix("stores[").and_then(|rest| rest.split_once(']')).map(|(id, _)| id.to_owned());
        if let Some(id) = id.filter(|id| !value.trim().is_empty() && !ids.contains(id)) {
            ids.push(id);
        }
    }
    ids
}

/// What the form says, as the action reads it: an empty number asks for the default.
fn read(section: &str, typed: &Typed) -> Map<String, Value> {
    let mut fields = Map::new();
    for one in SETTINGS.iter().filter(|one| one.section == section) {
        let text = typed.get(one.field);
        let value = match one.shape {
            Shape::Words | Shape::Plain | Shape::Language | Shape::Until => Value::from(text),
            Shape::YesNo => Value::Bool(typed.has(one.field)),
            Shape::Number(..) if text.is_empty() => Value::Null,
            // What is no number stays a text, so that the action names the field.
            Shape::Number(..) => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
            Shape::Levels => {
                let rows = (0..MOST_LEVELS).filter_map(|place| Some((typed.filled(&format!("levels[{place}].role"))?, place)));
                let level = |(role, place): (String, usize)| json!({ "role": role, "hours": typed.read::<u32>(&format!("levels[{place}].hours")).unwrap_or(0) });
                Value::Array(rows.map(level).collect())
            }
            Shape::Fronts => {
                let front = |id: String| {
                    let mut own = Map::from_iter([("store".to_owned(), Value::from(id.as_str()))]);
                    for (field, _) in FRONT {
                        if let Some(text) = typed.filled(&format!("stores[{id}].{field}")) {
                            own.insert(field.to_owned(), Value::from(text));
                        }
                    }
                    Value::Object(own)
                };
                Value::Array(named_stores(typed).into_iter().map(front).collect())
            }
        };
        fields.insert(one.field.to_owned(), value);
    }
    fields
}

/// `GET /app/settings?q=…`
async fn index(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let (reader, sections) = edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, settings::list(tx, ctx)?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let q = asked(&uri, "q").unwrap_or_default();
    let words = kernel::fold(&q);
    let matches = |texts: &[&str]| words.is_empty() || texts.iter().any(|text| kernel::fold(text).contains(&words));
    let open = side(ctx, "");
    let part_of = |href: &str| open.iter().find(|item| item.part.href == href).map(|item| item.part);
    let mut found: Vec<Found> = Vec::new();
    for item in &open {
        let (title, text) = (say.t(item.part.key), say.t(item.part.about));
        if matches(&[&title, &text]) {
            found.push(Found { href: item.part.href.to_owned(), icon: item.part.icon, title, text, value: None });
        }
    }
    if !words.is_empty() {
        for one in SETTINGS {
            let (title, text) = (say.t(one.label), say.t(one.hint));
            let Some(part) = part_of(&href_of(one.section)) else { continue };
            if !matches(&[&title, &text]) {
                continue;
            }
            let value = sections.iter().find(|section| section.name == one.section).map(|section| shown(say, one, &section.value[one.field]));
            found.push(Found { href: format!("{}#f-{}", part.href, one.field), icon: part.icon, title, text, value });
        }
    }
    let heading = say.t("set-title");
    let page = frame(&reader, ctx, &info, Here { heading: &heading, section: "shell-nav-settings", back: None, uri: &uri, toast: toast(say, &uri) });
    let clear = Some(("/app/settings".to_owned(), say.t("orders-clear")));
    let empty =
        EmptyState { icon: "search-x", tone: "t-neu", title: say.one("set-no-match", "q", &q), text: say.t("set-no-match-text"), action: clear };
    html(&SettingsPage { page, top: Top { heading, subtitle: say.t("set-subtitle"), ..Top::default() }, q, found, empty })
}

fn href_of(section: &str) -> String {
    format!("/app/settings/{section}")
}

fn part_of(section: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.href == href_of(section))
}

/// What a section's page is made from.
struct About {
    reader: Reader,
    view: SectionView,
    roles: Vec<access::Role>,
    changed_by: Option<String>,
}

impl About {
    fn load(tx: &mut Tx, ctx: &Ctx, section: &str) -> Result<About, Error> {
        let known = part_of(section).is_some() && SETTINGS.iter().any(|one| one.section == section);
        let view = settings::list(tx, ctx)?.into_iter().find(|view| known && view.name == section).ok_or(Error::not_found("setting"))?;
        let roles = if ctx.can(Permission::UserRead) { access::roles::list(tx, ctx)? } else { Vec::new() };
        let by: Vec<kernel::UserId> = view.changed_by.into_iter().collect();
        let changed_by = access::users::names(tx, ctx, &by)?.pop().map(|person| person.name);
        Ok(About { reader: Reader::load(tx, ctx)?, view, roles, changed_by })
    }

    fn page(&self, ctx: &Ctx, info: &Info, uri: &Uri, refused: Option<(&Problem, &Typed)>) -> SettingPage {
        let say = Words { locale: ctx.locale };
        let mut groups = inputs(say, &self.view, &self.roles, &self.reader.stores);
        let is_secret = refused.is_some_and(|(_, typed)| typed.has("secret"));
        let mut secret = (self.view.name == "erp")
            .then(|| Input::new(Kind::Secret, "secret", say.t("set-erp-secret"), "").hint(say.t("set-erp-secret-hint")).ltr());
        let notice = match (refused, &mut secret) {
            (Some((problem, typed)), Some(input)) if is_secret => {
                let mut alone = [Group::of(None, vec![input.clone()])];
                let rest = refuse(say, problem, typed, &mut alone);
                if let Some(refused) = alone.into_iter().flat_map(|group| group.inputs).next() {
                    *input = refused;
                }
                rest
            }
            (Some((problem, typed)), _) => refuse(say, problem, typed, &mut groups),
            (None, _) => None,
        };
        let part = part_of(self.view.name);
        let heading = part.map_or_else(String::new, |part| say.t(part.key));
        let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri, toast: toast(say, uri) };
        let page = frame(&self.reader, ctx, info, here);
        let may_edit = ctx.can(Permission::SettingsEdit);
        let facts = SETTINGS
            .iter()
            .filter(|one| one.section == self.view.name && !may_edit)
            .map(|one| (say.t(one.label), shown(say, one, &self.view.value[one.field])));
        let changed = self.view.changed_at.map(|at| {
            let when = self.reader.format(ctx).moment(at);
            match &self.changed_by {
                Some(name) => say.with("set-changed-by", &[("when", when), ("name", name.clone())]),
                None => say.one("set-changed", "when", when),
            }
        });
        let action = href_of(self.view.name);
        let top = Top {
            heading,
            subtitle: part.map_or_else(String::new, |part| say.t(part.about)),
            side: side(ctx, &action),
            notice: notice.and_then(bad),
            ..Top::default()
        };
        SettingPage {
            page,
            top,
            action,
            version: self.view.version,
            groups,
            may_edit,
            facts: facts.collect(),
            changed,
            secret: secret.filter(|_| may_edit),
        }
    }
}

async fn show_form(edge: &Edge, info: &Info, uri: &Uri, section: String, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let about = edge.read(move |tx, ctx| About::load(tx, ctx, &section)).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&about.page(&edge.ctx, info, uri, refused.as_ref().map(|(problem, typed)| (problem, typed))), status)
}

/// `GET /app/settings/{section}`
async fn show(Path(section): Path<String>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    show_form(&edge, &info, &uri, section, None).await
}

/// Changes a section by its form.
pub(super) fn change_section(tx: &mut Tx, ctx: &Ctx, section: &str, typed: &Typed) -> Result<SectionView, Error> {
    save(tx, ctx, section, &read(section, typed), Some(typed.version())).map_err(|error| beside(error, typed))
}

/// Stores stand in the settings one after the other, and by their ids in the form.
fn beside(error: Error, typed: &Typed) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let ids = named_stores(typed);
    let renamed = fields.into_iter().map(|field| {
        let place = field.field.strip_prefix("stores[").and_then(|rest| rest.split_once(']'));
        match place.and_then(|(at, rest)| Some((ids.get(at.parse::<usize>().ok()?)?, rest))) {
            Some((id, rest)) => kernel::FieldError { field: format!("stores[{id}]{rest}"), ..field },
            None => field,
        }
    });
    Error::Invalid(renamed.collect())
}

/// The fields of a section, for a page that has more than those.
pub(super) fn section_groups(tx: &mut Tx, ctx: &Ctx, section: &str) -> Result<(Vec<Group>, i64), Error> {
    let view = settings::list(tx, ctx)?.into_iter().find(|view| view.name == section).ok_or(Error::not_found("setting"))?;
    Ok((inputs(Words { locale: ctx.locale }, &view, &[], &[]), view.version))
}

/// `POST /app/settings/{section}`
async fn change(Path(section): Path<String>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let (form, name) = (typed.clone(), section.clone());
    let saved = edge.write(move |tx, ctx| {
        if SETTINGS.iter().all(|one| one.section != name) {
            return Err(Error::not_found("setting"));
        }
        change_section(tx, ctx, &name, &form)
    });
    match saved.await {
        Ok(_) => Ok(see(&format!("{}?done=saved", href_of(&section)))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            show_form(&edge, &info, &uri, section, Some((error.into(), typed))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /app/settings/erp/secret`
async fn change_secret(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let secret = Hidden::new(typed.get("secret").to_owned());
    match edge.write(move |tx, ctx| save_webhook_secret(tx, ctx, &secret)).await {
        Ok(()) => Ok(see("/app/settings/erp?done=saved")),
        Err(error @ Error::Invalid(_)) => {
            let typed = Typed(vec![("secret".to_owned(), String::new())]);
            show_form(&edge, &info, &uri, "erp".to_owned(), Some((error.into(), typed))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Yes, no, or as usual.
pub(super) fn yes_no(say: Words, chosen: Option<bool>, usual: &str) -> Vec<Choosable> {
    let chosen = match chosen {
        None => "",
        Some(true) => "yes",
        Some(false) => "no",
    };
    let mut options = vec![Choosable::new("", say.t(usual), chosen)];
    options.extend(
        said_options(say, &[("yes", "set-yes"), ("no", "set-no")], if chosen.is_empty() { "yes" } else { chosen })
            .into_iter()
            .map(|option| Choosable { is_chosen: option.value == chosen, ..option }),
    );
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_field_on_some_page() {
        // The marks of states are set with the statuses.
        let elsewhere = [("orders", "notifiable_states"), ("orders", "syncable_states")];
        for (section, fields) in settings::SECTIONS {
            for field in *fields {
                let is_here = SETTINGS.iter().any(|one| one.section == *section && one.field == *field);
                assert!(is_here != elsewhere.contains(&(*section, *field)), "{section}.{field}");
            }
            assert!(part_of(section).is_some(), "{section} stands in no list");
        }
    }

    #[test]
    fn an_empty_number_asks_for_the_default_and_a_wrong_one_stays_wrong() {
        let typed = Typed(vec![("undo_seconds".into(), "".into()), ("draft_days".into(), "soon".into()), ("max_lines".into(), " 20 ".into())]);
        let fields = read("orders", &typed);
        assert_eq!(fields["undo_seconds"], Value::Null);
        assert_eq!((&fields["draft_days"], &fields["max_lines"]), (&json!("soon"), &json!(20)));
    }
}
