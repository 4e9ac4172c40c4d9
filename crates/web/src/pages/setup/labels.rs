//! A team's own codes: tags with their colours, and fields that it defines for orders and customers.

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use db::Tx;
use fields::{Field, FieldChange, NewField, NewTag, Tag, TagChange, TagList, TagRow};
use kernel::{Choice, Error, FacetState, FieldId, FieldKind, Labels, Locale, Permission, Required, Subject, TagId, Tone};

use super::form::{Group, Input, Kind, Typed, label_inputs, read_labels, refuse, tone_classes, tones};
use super::settings::{change_section, section_groups};
use super::side::side;
use super::stores::said_options;
use super::{Here, Top, asked, bad, frame, toast, with_status};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::pages::context::{Reader, encoded, see};
use crate::pages::view::{Choosable, EmptyState, Notice, Pager, Shell};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let read = Access::Needs(Permission::SettingsRead);
    let tag = Access::Needs(Permission::TagEdit);
    let field = Access::Needs(Permission::FieldEdit);
    vec![
        Route::page(Method::GET, "/app/settings/tags", read, "page_tags", list_tags),
        Route::page(Method::POST, "/app/settings/tags", tag, "page_create_tag", create_tag),
        Route::page(Method::GET, "/app/settings/tags/{id}", tag, "page_tag", show_tag),
        Route::page(Method::POST, "/app/settings/tags/{id}", tag, "page_change_tag", change_tag),
        Route::page(Method::POST, "/app/settings/tags/{id}/merge", tag, "page_merge_tag", merge_tag),
        Route::page(Method::GET, "/app/settings/fields", read, "page_fields", list_fields),
        Route::page(Method::POST, "/app/settings/fields/switches", Access::Needs(Permission::SettingsEdit), "page_set_field_switches", set_switches),
        Route::page(Method::GET, "/app/settings/fields/new", field, "page_new_field", show_new_field),
        Route::page(Method::POST, "/app/settings/fields", field, "page_create_field", create_field),
        Route::page(Method::GET, "/app/settings/fields/{id}", field, "page_field", show_field),
        Route::page(Method::POST, "/app/settings/fields/{id}", field, "page_change_field", change_field),
    ]
}

/// A tag as a row.
#[derive(Clone, Debug)]
struct TagView {
    id: String,
    name: String,
    tone: (&'static str, &'static str),
    orders: Option<String>,
    customers: Option<String>,
    is_archived: bool,
}

#[derive(Template)]
#[template(path = "setup/tags.html")]
struct TagsPage {
    page: Shell,
    top: Top,
    q: String,
    tags: Vec<TagView>,
    groups: Vec<Group>,
    empty: EmptyState,
    pager: Option<Pager>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "setup/tag.html")]
struct TagPage {
    page: Shell,
    top: Top,
    id: String,
    version: i64,
    groups: Vec<Group>,
    /// Tags that this one may become.
    others: Vec<Choosable>,
}

fn tag_groups(say: Words, tag: Option<&Tag>) -> Vec<Group> {
    let mut inputs = vec![
        Input::text("name", say.t("tags-name"), tag.map(|tag| tag.name.clone()).unwrap_or_default()),
        Input::select("tone", say.t("set-tone"), tones(say, Some(tag.map_or(Tone::Neutral, |tag| tag.tone)))),
    ];
    if let Some(tag) = tag {
        inputs[0].hint = Some(say.t("tags-name-hint"));
        inputs
            .push(Input::new(Kind::Number, "position", say.t("set-position"), tag.position.to_string()).hint(say.t("set-position-hint")).optional());
        inputs.push(Input::check("is_archived", say.t("tags-archived"), tag.archived_at.is_some()).hint(say.t("tags-archived-hint")));
    }
    vec![Group::of(None, inputs)]
}

async fn tags_page(edge: &Edge, info: &Info, uri: &Uri, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let q = asked(uri, "q").unwrap_or_default();
    let wanted = TagList { search: Some(q.clone()).filter(|q| !q.is_empty()), with_archived: true, limit: 100, cursor: asked(uri, "cursor") };
    let (reader, found) = edge.read(move |tx, ctx| Ok((Reader::load(tx, ctx)?, fields::list_tags(tx, ctx, &wanted)?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let tags: Vec<TagView> = found
        .items
        .iter()
        .map(|TagRow { tag, orders, customers }| TagView {
            id: tag.id.to_string(),
            name: tag.name.clone(),
            tone: tone_classes(tag.tone),
            orders: orders.map(|count| format.number(count)),
            customers: customers.map(|count| format.number(count)),
            is_archived: tag.archived_at.is_some(),
        })
        .collect();
    let mut groups = tag_groups(say, None);
    let notice = refused.as_ref().and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
    let heading = say.t("set-tags");
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri, toast: toast(say, uri) };
    let page = frame(&reader, ctx, info, here);
    let top = Top { heading, subtitle: say.t("set-tags-about"), side: side(ctx, "/app/settings/tags"), notice, ..Top::default() };
    let empty = if q.is_empty() {
        EmptyState { icon: "tags", tone: "t-pri", title: say.t("tags-none"), text: say.t("tags-none-text"), action: None }
    } else {
        let clear = Some(("/app/settings/tags".to_owned(), say.t("orders-clear")));
        EmptyState { icon: "search-x", tone: "t-neu", title: say.one("set-no-match", "q", &q), text: say.t("set-no-match-text"), action: clear }
    };
    let pager = found.next_cursor.map(|cursor| Pager {
        say,
        range: say.count("tags-count", found.total, &format.number(found.total)),
        previous: None,
        next: Some(format!("/app/settings/tags?q={}&cursor={}", encoded(&q), encoded(&cursor))),
    });
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&TagsPage { page, top, q, tags, groups, empty, pager, may_edit: ctx.can(Permission::TagEdit) }, status)
}

/// `GET /app/settings/tags?q=…`
async fn list_tags(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    tags_page(&edge, &info, &uri, None).await
}

/// `POST /app/settings/tags`
async fn create_tag(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let new = NewTag { name: typed.get("name").to_owned(), tone: typed.read("tone").unwrap_or(Tone::Neutral), position: None };
    match edge.write(move |tx, ctx| fields::create_tag(tx, ctx, &new)).await {
        Ok(_) => Ok(see("/app/settings/tags?done=made")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => tags_page(&edge, &info, &uri, Some((error.into(), typed))).await,
        Err(error) => Err(error.into()),
    }
}

async fn tag_page(edge: &Edge, info: &Info, uri: &Uri, id: TagId, refused: Option<(Problem, Option<Typed>)>) -> Outcome<Response> {
    let (reader, row, others) = edge
        .read(move |tx, ctx| {
            let row = fields::find_tag(tx, ctx, id)?;
            let others = fields::list_tags(tx, ctx, &TagList { limit: 200, ..TagList::default() })?.items;
            Ok((Reader::load(tx, ctx)?, row, others))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let mut groups = tag_groups(say, Some(&row.tag));
    let notice = match &refused {
        Some((problem, Some(typed))) => refuse(say, problem, typed, &mut groups),
        Some((problem, None)) => {
            Some(problem.errors().first().map_or_else(|| problem.title(ctx.locale), |error| Problem::field_message(ctx.locale, error)))
        }
        None => None,
    };
    let notice = notice.and_then(bad);
    let heading = row.tag.name.clone();
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings/tags"), uri, toast: toast(say, uri) };
    let page = frame(&reader, ctx, info, here).under(vec![("/app/settings/tags".to_owned(), say.t("set-tags"))]);
    let count = row.orders.unwrap_or_default();
    let subtitle = say.count("tags-on-orders", count, &reader.format(ctx).number(count));
    let top = Top { heading, subtitle, side: side(ctx, "/app/settings/tags"), notice, ..Top::default() };
    let others = others.into_iter().filter(|other| other.tag.id != id).map(|other| Choosable::new(other.tag.id.to_string(), other.tag.name, ""));
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    with_status(&TagPage { page, top, id: id.to_string(), version: row.tag.version, groups, others: others.collect() }, status)
}

/// `GET /app/settings/tags/{id}`
async fn show_tag(Path(id): Path<TagId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    tag_page(&edge, &info, &uri, id, None).await
}

/// `POST /app/settings/tags/{id}`
async fn change_tag(Path(id): Path<TagId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let changed = edge.write(move |tx, ctx| {
        fields::find_tag(tx, ctx, id)?;
        let change = TagChange {
            name: Some(form.get("name").to_owned()),
            tone: form.read("tone"),
            position: form.whole("position")?,
            is_archived: Some(form.has("is_archived")),
            version: Some(form.version()),
        };
        fields::change_tag(tx, ctx, id, &change)
    });
    match changed.await {
        Ok(_) => Ok(see("/app/settings/tags?done=saved")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            tag_page(&edge, &info, &uri, id, Some((error.into(), Some(typed)))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /app/settings/tags/{id}/merge`
async fn merge_tag(Path(id): Path<TagId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let into: Option<TagId> = typed.read("into");
    let merged = edge.write(move |tx, ctx| {
        fields::find_tag(tx, ctx, id)?;
        fields::merge_tags(tx, ctx, id, into.ok_or_else(|| Error::field("into", "required"))?)
    });
    match merged.await {
        Ok(_) => Ok(see("/app/settings/tags?done=saved")),
        // Said above the form: the choice has no field among its inputs.
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => tag_page(&edge, &info, &uri, id, Some((error.into(), None))).await,
        Err(error) => Err(error.into()),
    }
}

/// A field as a row.
#[derive(Clone, Debug)]
struct FieldView {
    id: String,
    label: String,
    key: String,
    kind: &'static str,
    marks: Vec<String>,
    is_archived: bool,
}

#[derive(Template)]
#[template(path = "setup/fields.html")]
struct FieldsPage {
    page: Shell,
    top: Top,
    orders: Vec<FieldView>,
    customers: Vec<FieldView>,
    groups: Vec<Group>,
    version: i64,
    may_edit: bool,
    may_switch: bool,
}

#[derive(Template)]
#[template(path = "setup/field_form.html")]
struct FieldPage {
    page: Shell,
    top: Top,
    action: String,
    version: i64,
    groups: Vec<Group>,
    button: String,
}

fn kind_key(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "fields-kind-text",
        FieldKind::Number => "fields-kind-number",
        FieldKind::Money => "fields-kind-money",
        FieldKind::Date => "fields-kind-date",
        FieldKind::Boolean => "fields-kind-boolean",
        FieldKind::Choice => "fields-kind-choice",
        FieldKind::MultiChoice => "fields-kind-multi-choice",
        FieldKind::Url => "fields-kind-url",
        FieldKind::Phone => "fields-kind-phone",
    }
}

const REQUIRED: [(&str, &str); 3] =
    [("no", "fields-required-no"), ("placing", "fields-required-placing"), ("confirming", "fields-required-confirming")];
const SUBJECTS: [(&str, &str); 2] = [("order", "fields-of-orders"), ("customer", "fields-of-customers")];

fn field_view(say: Words, field: &Field, locale: Locale) -> FieldView {
    let mut marks = Vec::new();
    let mut mark = |is: bool, key: &str| {
        if is {
            marks.push(say.t(key));
        }
    };
    mark(field.required == Required::Placing, "fields-required-placing");
    mark(field.required == Required::Confirming, "fields-required-confirming");
    mark(field.is_filterable, "fields-filterable");
    mark(field.is_searchable, "fields-searchable");
    mark(field.is_listed, "fields-listed");
    mark(matches!(field.facets, FacetState::Filling | FacetState::Clearing), "fields-filling");
    FieldView {
        id: field.id.to_string(),
        label: field.definition().label(locale).to_owned(),
        key: field.key.clone(),
        kind: kind_key(field.kind),
        marks,
        is_archived: field.archived_at.is_some(),
    }
}

async fn fields_page(edge: &Edge, info: &Info, uri: &Uri, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let (reader, all, (mut groups, version)) =
        edge.read(|tx, ctx| Ok((Reader::load(tx, ctx)?, fields::list_fields(tx, ctx, None, true)?, section_groups(tx, ctx, "fields")?))).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let of =
        |subject: Subject| all.iter().filter(|field| field.subject == subject).map(|field| field_view(say, field, ctx.locale)).collect::<Vec<_>>();
    let notice = refused.as_ref().and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
    let heading = say.t("set-fields");
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings"), uri, toast: toast(say, uri) };
    let page = frame(&reader, ctx, info, here);
    let top = Top { heading, subtitle: say.t("set-fields-about"), side: side(ctx, "/app/settings/fields"), notice, ..Top::default() };
    let status = refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status());
    let template = FieldsPage {
        page,
        top,
        orders: of(Subject::Order),
        customers: of(Subject::Customer),
        groups,
        version,
        may_edit: ctx.can(Permission::FieldEdit),
        may_switch: ctx.can(Permission::SettingsEdit),
    };
    with_status(&template, status)
}

/// `GET /app/settings/fields`
async fn list_fields(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    fields_page(&edge, &info, &uri, None).await
}

/// `POST /app/settings/fields/switches`
async fn set_switches(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    match edge.write(move |tx, ctx| change_section(tx, ctx, "fields", &form)).await {
        Ok(_) => Ok(see("/app/settings/fields?done=saved")),
        Err(error @ (Error::Invalid(_) | Error::Stale { .. })) => fields_page(&edge, &info, &uri, Some((error.into(), typed))).await,
        Err(error) => Err(error.into()),
    }
}

/// What a choice offers, a line each: `xl: Extra large | Très grand | كبير جدا`.
fn write_choices(choices: &[Choice]) -> String {
    let line = |choice: &Choice| {
        let of = |locale: Locale| choice.labels.get(&locale).map_or("", String::as_str);
        let named = [of(Locale::En), of(Locale::Fr), of(Locale::Ar)].join(" | ");
        let named = named.trim_end_matches([' ', '|']);
        if named.is_empty() { choice.key.clone() } else { format!("{}: {named}", choice.key) }
    };
    choices.iter().filter(|choice| !choice.is_archived).map(line).collect::<Vec<_>>().join("\n")
}

/// The same back, over what stands, so that colours and the dialect are kept.
fn read_choices(text: &str, standing: &[Choice]) -> Vec<Choice> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (key, names) = line.split_once(':').unwrap_or((line, ""));
            let before = standing.iter().find(|choice| choice.key == key.trim());
            let mut labels: Labels = before.map(|choice| choice.labels.clone()).unwrap_or_default();
            labels.retain(|locale, _| *locale == Locale::Dz);
            for (locale, name) in [Locale::En, Locale::Fr, Locale::Ar].into_iter().zip(names.split('|').map(str::trim)) {
                if !name.is_empty() {
                    labels.insert(locale, name.to_owned());
                }
            }
            Choice { key: key.trim().to_owned(), labels, tone: before.map_or(Tone::Neutral, |choice| choice.tone), is_archived: false }
        })
        .collect()
}

fn field_groups(say: Words, field: Option<&Field>) -> Vec<Group> {
    let mut what = Vec::new();
    if field.is_none() {
        what.push(Input::select("subject", say.t("fields-subject"), said_options(say, &SUBJECTS, "order")));
        what.push(Input::text("key", say.t("fields-key"), "").hint(say.t("fields-key-hint")).ltr());
        let kinds = FieldKind::ALL.iter().map(|kind| Choosable::new(kind.as_str(), say.t(kind_key(*kind)), "text"));
        what.push(Input::select("kind", say.t("fields-kind"), kinds.collect()).hint(say.t("fields-kind-hint")));
    }
    let is_choice = field.is_none_or(|field| matches!(field.kind, FieldKind::Choice | FieldKind::MultiChoice));
    if is_choice {
        let choices = field.map(|field| write_choices(&field.choices)).unwrap_or_default();
        what.push(Input::new(Kind::Area, "choices", say.t("fields-choices"), choices).hint(say.t("fields-choices-hint")).optional());
    }
    let required = field.map_or("no", |field| field.required.as_str());
    what.push(Input::select("required", say.t("fields-required"), said_options(say, &REQUIRED, required)));
    let is = |of: fn(&Field) -> bool| field.is_some_and(of);
    what.extend([
        Input::check("is_filterable", say.t("fields-filterable"), is(|field| field.is_filterable)).hint(say.t("fields-filterable-hint")),
        Input::check("is_searchable", say.t("fields-searchable"), is(|field| field.is_searchable)),
        Input::check("is_listed", say.t("fields-listed"), is(|field| field.is_listed)),
    ]);
    let position = field.map(|field| field.position.to_string()).unwrap_or_default();
    what.push(Input::new(Kind::Number, "position", say.t("set-position"), position).hint(say.t("set-position-hint")).optional());
    if let Some(field) = field {
        what.push(Input::check("is_archived", say.t("fields-archived"), field.archived_at.is_some()).hint(say.t("fields-archived-hint")));
    }
    let labels = field.map(|field| field.labels.clone()).unwrap_or_default();
    let names = Group { title: Some(say.t("set-labels")), text: Some(say.t("set-labels-text")), inputs: label_inputs(say, "labels.", &labels) };
    vec![names, Group::of(None, what)]
}

async fn field_page(edge: &Edge, info: &Info, uri: &Uri, id: Option<FieldId>, refused: Option<(Problem, Typed)>) -> Outcome<Response> {
    let load = move |tx: &mut Tx, ctx: &Ctx| Ok((Reader::load(tx, ctx)?, id.map(|id| fields::find_field(tx, ctx, id)).transpose()?));
    let (reader, field) = edge.read(load).await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let mut groups = field_groups(say, field.as_ref());
    let notice = refused.as_ref().and_then(|(problem, typed)| refuse(say, problem, typed, &mut groups)).and_then(bad);
    let heading = field.as_ref().map_or_else(|| say.t("fields-new"), |field| field.definition().label(ctx.locale).to_owned());
    let here = Here { heading: &heading, section: "shell-nav-settings", back: Some("/app/settings/fields"), uri, toast: None };
    let page = frame(&reader, ctx, info, here).under(vec![("/app/settings/fields".to_owned(), say.t("set-fields"))]);
    let subtitle = field.as_ref().map_or_else(|| say.t("fields-new-text"), |field| format!("{} · {}", say.t(kind_key(field.kind)), field.key));
    let is_filling = field.as_ref().is_some_and(|field| matches!(field.facets, FacetState::Filling | FacetState::Clearing));
    let notice = notice.or_else(|| is_filling.then(|| Notice { tone: "info", text: say.t("fields-filling-text") }));
    let top = Top { heading, subtitle, side: side(ctx, "/app/settings/fields"), notice, ..Top::default() };
    let template = FieldPage {
        page,
        top,
        action: id.map_or_else(|| "/app/settings/fields".to_owned(), |id| format!("/app/settings/fields/{id}")),
        version: field.as_ref().map_or(0, |field| field.version),
        groups,
        button: say.t(if id.is_some() { "set-save" } else { "set-add" }),
    };
    with_status(&template, refused.as_ref().map_or(StatusCode::OK, |(problem, _)| problem.status()))
}

/// `GET /app/settings/fields/new`
async fn show_new_field(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    field_page(&edge, &info, &uri, None, None).await
}

/// `GET /app/settings/fields/{id}`
async fn show_field(Path(id): Path<FieldId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    field_page(&edge, &info, &uri, Some(id), None).await
}

/// `POST /app/settings/fields`
async fn create_field(edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let made = edge.write(move |tx, ctx| {
        let kind = form.read("kind").unwrap_or(FieldKind::Text);
        let is_choice = matches!(kind, FieldKind::Choice | FieldKind::MultiChoice);
        let new = NewField {
            labels: read_labels(&form, "labels."),
            required: form.read("required").unwrap_or(Required::No),
            choices: if is_choice { read_choices(form.get("choices"), &[]) } else { Vec::new() },
            is_filterable: form.has("is_filterable"),
            is_searchable: form.has("is_searchable"),
            is_listed: form.has("is_listed"),
            position: form.whole("position")?,
            ..NewField::new(form.read("subject").unwrap_or(Subject::Order), form.get("key"), kind)
        };
        fields::create_field(tx, ctx, &new)
    });
    match made.await {
        Ok(_) => Ok(see("/app/settings/fields?done=made")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => field_page(&edge, &info, &uri, None, Some((error.into(), typed))).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /app/settings/fields/{id}`
async fn change_field(Path(id): Path<FieldId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let form = typed.clone();
    let changed = edge.write(move |tx, ctx| {
        let before = fields::find_field(tx, ctx, id)?;
        let is_choice = matches!(before.kind, FieldKind::Choice | FieldKind::MultiChoice);
        let change = FieldChange {
            labels: Some(read_labels(&form, "labels.")),
            required: form.read("required"),
            choices: is_choice.then(|| read_choices(form.get("choices"), &before.choices)),
            is_filterable: Some(form.has("is_filterable")),
            is_searchable: Some(form.has("is_searchable")),
            is_listed: Some(form.has("is_listed")),
            position: form.whole("position")?,
            is_archived: Some(form.has("is_archived")),
            version: Some(form.version()),
            ..FieldChange::default()
        };
        fields::change_field(tx, ctx, id, &change)
    });
    match changed.await {
        Ok(_) => Ok(see("/app/settings/fields?done=saved")),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            field_page(&edge, &info, &uri, Some(id), Some((error.into(), typed))).await
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_as_they_are_written() {
        let text = "xl: Extra large | Très grand\nm\ns: Small";
        let choices = read_choices(text, &[]);
        assert_eq!(write_choices(&choices), text);
        assert_eq!(choices[0].labels[&Locale::Fr], "Très grand");
        let again = read_choices("xl: Huge", &[Choice { tone: Tone::Warn, ..choices[0].clone() }]);
        assert_eq!((again[0].tone, again[0].labels.get(&Locale::Fr)), (Tone::Warn, None));
    }
}
