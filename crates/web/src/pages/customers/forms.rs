//! The forms about one customer: who they are, their numbers and addresses, marks, what they agreed to. Each is a page of its own, so it
//! works without script; what does not go through comes back with what was typed.

use axum::http::Method;
use axum::response::Response;
use base::{Ctx, Edge, places};
use customers::consent::NewConsent;
use customers::flags::{self, NewFlag};
use customers::{Address, AddressChange, Customer, CustomerChange, CustomerDetail, NewAddress, NewCustomer, PhoneChange, PhoneRow};
use db::Tx;
use kernel::{
    Actor, AddressId, Amount, Check, ConsentSource, ContactChannel, ContactPurpose, Country, CustomerId, Day, Error, FieldDef, FieldKind, FlagId,
    Locale, Permission, Phone, Required,
};
use serde_json::{Map, Value, json};

use super::detail_view::{language_name, names};
use super::history::text_of;
use super::query::HOME;
use super::sheet::{Past, Sheet};
use super::view::{home_country, isolated};
use crate::api::common::home_country_of;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Two};
use crate::pages::amounts::{amount, plain};
use crate::pages::context::{Reader, see};
use crate::pages::input::Input;
use crate::pages::phones::shown_phone;
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, Confirm};
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let edit = Access::Needs(Permission::CustomerEdit);
    let (get, post) = (Method::GET, Method::POST);
    vec![
        Route::page(get.clone(), "/app/customers/new", edit, "page_new_customer", new),
        Route::page(post.clone(), "/app/customers/new", edit, "page_create_customer", create),
        Route::page(get.clone(), "/app/customers/{id}/edit", edit, "page_edit_customer", edit_one),
        Route::page(post.clone(), "/app/customers/{id}/edit", edit, "page_change_customer", change_one),
        Route::page(get.clone(), "/app/customers/{id}/phones/new", edit, "page_new_phone", new_phone),
        Route::page(post.clone(), "/app/customers/{id}/phones/new", edit, "page_add_phone", add_phone),
        Route::page(get.clone(), "/app/customers/{id}/phones/{number}", edit, "page_phone", edit_phone),
        Route::page(post.clone(), "/app/customers/{id}/phones/{number}", edit, "page_change_phone", change_phone),
        Route::page(get.clone(), "/app/customers/{id}/addresses/new", edit, "page_new_address", new_address),
        Route::page(post.clone(), "/app/customers/{id}/addresses/new", edit, "page_add_address", add_address),
        Route::page(get.clone(), "/app/customers/{id}/addresses/{address_id}", edit, "page_address", edit_address),
        Route::page(post.clone(), "/app/customers/{id}/addresses/{address_id}", edit, "page_change_address", change_address),
        Route::page(get.clone(), "/app/customers/{id}/flags/new", edit, "page_new_flag", new_flag),
        Route::page(post.clone(), "/app/customers/{id}/flags/new", edit, "page_add_flag", add_flag),
        Route::page(get.clone(), "/app/customers/{id}/flags/{flag_id}/lift", edit, "page_flag", edit_flag),
        Route::page(post.clone(), "/app/customers/{id}/flags/{flag_id}/lift", edit, "page_lift_flag", lift_flag),
        Route::page(get, "/app/customers/{id}/consents", edit, "page_consents", new_consent),
        Route::page(post, "/app/customers/{id}/consents", edit, "page_record_consent", record_consent),
    ]
}

/// The message that names a way to reach somebody.
pub(super) fn channel(channel: ContactChannel) -> &'static str {
    match channel {
        ContactChannel::Email => "customers-way-email",
        ContactChannel::Sms => "customers-way-sms",
        ContactChannel::Whatsapp => "channel-whatsapp",
        ContactChannel::Telegram => "customers-way-telegram",
        ContactChannel::Messenger => "channel-messenger",
        ContactChannel::Instagram => "channel-instagram",
        ContactChannel::Phone => "customers-way-calls",
    }
}

/// The message that names what somebody is reached for.
pub(super) fn purpose(purpose: ContactPurpose) -> &'static str {
    match purpose {
        ContactPurpose::Order => "customers-purpose-order",
        ContactPurpose::Marketing => "customers-purpose-marketing",
    }
}

fn source(source: ConsentSource) -> &'static str {
    match source {
        ConsentSource::Call => "customers-source-call",
        ConsentSource::Form => "customers-source-form",
        ConsentSource::Message => "customers-source-message",
        ConsentSource::Link => "customers-source-link",
        ConsentSource::Import => "customers-source-import",
        ConsentSource::Staff => "customers-source-staff",
    }
}

/// Makes a form from what stands now.
type Make = fn(&mut Tx, &Ctx, &Reader, &Target) -> Result<Sheet, Error>;

/// What a form is about.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) id: CustomerId,
    /// The number, address or mark, as the address names it.
    pub(super) part: String,
}

impl Target {
    fn of(id: CustomerId) -> Target {
        Target { id, part: String::new() }
    }

    fn part(id: CustomerId, part: impl std::fmt::Display) -> Target {
        Target { id, part: part.to_string() }
    }
}

pub(super) async fn show(edge: &Edge, info: &Info, target: Target, make: Make) -> Outcome<Response> {
    let (reader, sheet) = edge.read(move |tx, ctx| with_reader(tx, ctx, &target, make)).await?;
    sheet.show(&edge.ctx, info, &reader)
}

fn with_reader(tx: &mut Tx, ctx: &Ctx, target: &Target, make: Make) -> Result<(Reader, Sheet), Error> {
    let reader = Reader::load(tx, ctx)?;
    let sheet = make(tx, ctx, &reader, target)?;
    Ok((reader, sheet))
}

/// Does what the form is for and leads on; shows it again where it does not go through.
pub(super) async fn save<T: Send + 'static>(
    edge: &Edge,
    info: &Info,
    target: Target,
    typed: Typed,
    make: Make,
    action: impl Fn(&mut Tx, &Ctx, &Typed) -> Result<T, Error> + Send + 'static,
    to: impl FnOnce(T) -> String,
) -> Outcome<Response> {
    let sent = typed.clone();
    match edge.write(move |tx, ctx| action(tx, ctx, &sent)).await {
        Ok(done) => Ok(see(&to(done))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            let problem = Problem::from(error);
            let (reader, sheet) = edge.read(move |tx, ctx| with_reader(tx, ctx, &target, make)).await?;
            sheet.again(&edge.ctx, info, &reader, &typed, &problem)
        }
        Err(other) => Err(other.into()),
    }
}

/// Back to the customer, who is called so.
pub(super) fn back_to(say: Words, customer: &Customer) -> (String, String) {
    let name = if customer.name.is_empty() { say.t("customers-nameless") } else { customer.name.clone() };
    (format!("{HOME}/{}", customer.id), name)
}

/// One who can still be changed.
fn standing(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<CustomerDetail, Error> {
    let detail = customers::detail(tx, ctx, id)?;
    if detail.customer.erased_at.is_some() { Err(Error::conflict("customer.erased")) } else { Ok(detail) }
}

fn read_phone(field: &str, text: &str, country: Country) -> Result<Phone, Error> {
    if text.is_empty() {
        return Err(Error::field(field, "required"));
    }
    Phone::parse(text, country).map_err(|_| Error::field(field, "phone"))
}

// ---- who they are

fn identity(ctx: &Ctx, say: Words, customer: Option<&Customer>) -> Vec<Input> {
    let text = |part: fn(&Customer) -> &str| customer.map(part).unwrap_or_default().to_owned();
    let email = customer.and_then(|one| one.email.as_deref()).map(|email| customers::shown_email(ctx, email)).unwrap_or_default();
    vec![
        Input::text("name", say.t("customers-name"), text(|one| &one.name)),
        Input::text("email", say.t("customers-email"), email).of("email").optional(),
        Input::select("language", say.t("customers-language"), languages(say, customer.and_then(|one| one.language)))
            .optional()
            .hint(say.t("customers-language-hint")),
    ]
}

fn languages(say: Words, chosen: Option<Locale>) -> Vec<Choosable> {
    let chosen = chosen.map(Locale::as_str).unwrap_or_default();
    let unknown = Choosable::new("", say.t("customers-language-unknown"), chosen);
    let offered = [Locale::Ar, Locale::Dz, Locale::Fr, Locale::En].into_iter();
    std::iter::once(unknown).chain(offered.map(|one| Choosable::new(one.as_str(), language_name(say, one), chosen))).collect()
}

fn labels(ctx: &Ctx, say: Words, customer: Option<&Customer>) -> Vec<Input> {
    let tags = customer.map(Customer::tags).unwrap_or_default().join(", ");
    let mut inputs = vec![Input::text("tags", say.t("customers-tags"), tags).optional().hint(say.t("customers-tags-hint"))];
    let custom = customer.map(|one| customers::shown_fields(ctx, one.custom())).unwrap_or_default();
    inputs.extend(
        ctx.settings
            .field_set
            .customer
            .iter()
            .map(|field| own_field(ctx, say, field, custom.get(&field.key).or(field.default.as_ref().filter(|_| customer.is_none())))),
    );
    inputs
}

/// A field of the team's own.
fn own_field(ctx: &Ctx, say: Words, field: &FieldDef, value: Option<&Value>) -> Input {
    let name = format!("custom.{}", field.key);
    let label = field.label(ctx.locale).to_owned();
    let plain = value.map(typed_text).unwrap_or_default();
    let chosen: Vec<String> = match value {
        Some(Value::Array(keys)) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(key)) => vec![key.clone()],
        _ => Vec::new(),
    };
    let choices = || {
        let offered = field.choices.iter().filter(|choice| !choice.is_archived || chosen.contains(&choice.key));
        offered.map(|choice| Choosable {
            value: choice.key.clone(),
            label: choice.label(ctx.locale).to_owned(),
            is_chosen: chosen.contains(&choice.key),
        })
    };
    let none = |is_chosen: bool| Choosable { value: String::new(), label: "–".to_owned(), is_chosen };
    let input = match field.kind {
        FieldKind::Text => Input::text(name, label, plain),
        FieldKind::Number | FieldKind::Money => Input::text(name, label, plain).keys("decimal"),
        FieldKind::Date => Input::text(name, label, plain).of("date"),
        FieldKind::Url => Input::text(name, label, plain).of("url"),
        FieldKind::Phone => Input::text(name, label, plain).of("tel"),
        FieldKind::Boolean => {
            let truth = value.and_then(Value::as_bool);
            let options = vec![
                none(truth.is_none()),
                Choosable { value: "true".to_owned(), label: say.t("form-yes"), is_chosen: truth == Some(true) },
                Choosable { value: "false".to_owned(), label: say.t("form-no"), is_chosen: truth == Some(false) },
            ];
            Input::select(name, label, options)
        }
        FieldKind::Choice => Input::select(name, label, std::iter::once(none(chosen.is_empty())).chain(choices()).collect()),
        FieldKind::MultiChoice => Input { options: choices().collect(), ..Input::text(name, label, "").of("many") },
    };
    if field.required == Required::Placing { input } else { input.optional() }
}

/// An amount with its currency, as it is kept.
fn money_of(value: &Value) -> Option<(i64, kernel::Currency)> {
    Some((value.get("amount")?.as_i64()?, value.get("currency")?.as_str()?.parse().ok()?))
}

/// A kept value as its form holds it.
fn typed_text(value: &Value) -> String {
    match money_of(value) {
        Some((amount, currency)) => plain(Amount(amount), currency),
        None if value.is_object() => String::new(),
        None => text_of(value),
    }
}

fn read_tags(typed: &Typed) -> Vec<String> {
    typed.get("tags").split([',', '،']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// The team's own fields as the form says them, over what stood there: what the form does not have, and what it shows as dots and was
/// not touched, stays.
fn read_custom(ctx: &Ctx, typed: &Typed, before: &Map<String, Value>, currency: kernel::Currency) -> Result<Map<String, Value>, Error> {
    let mut check = Check::new();
    let mut custom = before.clone();
    let shown = customers::shown_fields(ctx, before.clone());
    for field in &ctx.settings.field_set.customer {
        let name = format!("custom.{}", field.key);
        if field.kind == FieldKind::MultiChoice {
            let keys: Vec<&str> = typed.all(&name).filter(|key| !key.is_empty()).collect();
            custom.insert(field.key.clone(), json!(keys));
            continue;
        }
        if !typed.has(&name) {
            continue;
        }
        let text = typed.get(&name);
        let stands = shown.get(&field.key);
        if stands.is_some_and(|value| typed_text(value) == text) {
            continue;
        }
        // An amount that is there keeps its currency.
        let currency = stands.and_then(money_of).map_or(currency, |(_, currency)| currency);
        let value = match field.kind {
            _ if text.is_empty() => Value::Null,
            FieldKind::Money => match amount(text, currency) {
                Some(amount) => json!({ "amount": amount.0, "currency": currency.code() }),
                None => {
                    check.fail(name, "field.money");
                    continue;
                }
            },
            _ => Value::from(text),
        };
        custom.insert(field.key.clone(), value);
    }
    check.done()?;
    Ok(custom)
}

fn home_currency(tx: &mut Tx, ctx: &Ctx) -> Result<kernel::Currency, Error> {
    if !ctx.can(Permission::StoreRead) {
        return Ok(kernel::Currency::DZD);
    }
    Ok(access::stores::list(tx, ctx, false)?.first().map_or(kernel::Currency::DZD, |store| store.currency))
}

fn new_sheet(_: &mut Tx, ctx: &Ctx, _: &Reader, _: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let mut inputs = identity(ctx, say, None);
    let phone = Input::text("phone", say.t("customers-phone"), "").of("tel").keys("tel").optional().hint(say.t("customers-phone-hint"));
    inputs.insert(1, phone);
    inputs.extend(labels(ctx, say, None));
    let back = (HOME.to_owned(), say.t("customers-title"));
    Ok(Sheet::new(say.t("customers-new"), format!("{HOME}/new"), back, say.t("customers-new-save"), inputs))
}

/// `GET /app/customers/new`
async fn new(edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::of(kernel::Id::from_i64(0)), new_sheet).await
}

/// `POST /app/customers/new`
async fn create(edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        let country = home_country_of(tx, ctx)?;
        let mut check = Check::new();
        check.require(!typed.get("name").is_empty(), "name", "required");
        let phone = match typed.filled("phone").map(|text| read_phone("phone", &text, country)).transpose() {
            Err(Error::Invalid(wrong)) => {
                wrong.into_iter().for_each(|error| check.push(error));
                None
            }
            other => other?,
        };
        check.done()?;
        let custom = read_custom(ctx, typed, &Map::new(), home_currency(tx, ctx)?)?;
        let new = NewCustomer {
            name: typed.get("name").to_owned(),
            phone,
            email: typed.filled("email"),
            language: typed.read("language"),
            external_ref: None,
        };
        Ok(customers::create_with(tx, ctx, &new, &read_tags(typed), &custom, country)?.id)
    };
    let target = Target::of(kernel::Id::from_i64(0));
    save(&edge, &info, target, typed, new_sheet, action, |id: CustomerId| format!("{HOME}/{id}?done=made")).await
}

fn edit_sheet(tx: &mut Tx, ctx: &Ctx, _: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let customer = standing(tx, ctx, target.id)?.customer;
    let mut inputs = identity(ctx, say, Some(&customer));
    inputs.extend(labels(ctx, say, Some(&customer)));
    let action = format!("{HOME}/{}/edit", customer.id);
    let sheet = Sheet::new(say.t("customers-edit"), action, back_to(say, &customer), say.t("form-save"), inputs);
    Ok(Sheet { version: Some(customer.version), ..sheet })
}

/// `GET /app/customers/{id}/edit`
async fn edit_one(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::of(id), edit_sheet).await
}

/// `POST /app/customers/{id}/edit`
async fn change_one(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        let before = customers::find(tx, ctx, id)?;
        // Dots that nobody touched stand for the address that is there.
        let shown = before.email.as_deref().map(|email| customers::shown_email(ctx, email));
        let email = typed.filled("email");
        let change = CustomerChange {
            name: Some(typed.get("name").to_owned()),
            email: (email != shown).then_some(email),
            language: Some(typed.read::<Locale>("language")).filter(|language| *language != before.language),
            tags: Some(read_tags(typed)),
            custom: Some(read_custom(ctx, typed, &before.custom(), home_currency(tx, ctx)?)?),
            version: typed.read("version"),
        };
        customers::change(tx, ctx, id, &change)
    };
    save(&edge, &info, Target::of(id), typed, edit_sheet, action, move |_| format!("{HOME}/{id}?done=saved")).await
}

// ---- numbers

fn phone_inputs(say: Words, number: Input, row: Option<&PhoneRow>) -> Vec<Input> {
    let label = row.and_then(|row| row.label.clone()).unwrap_or_default();
    vec![
        number.of("tel").keys("tel"),
        Input::text("label", say.t("customers-phone-label"), label).optional().hint(say.t("customers-phone-label-hint")),
    ]
}

fn new_phone_sheet(tx: &mut Tx, ctx: &Ctx, _: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let detail = standing(tx, ctx, target.id)?;
    let number = Input::text("number", say.t("customers-phone"), "").hint(say.t("customers-phone-hint"));
    let mut inputs = phone_inputs(say, number, None);
    if !detail.phones.is_empty() {
        inputs.push(Input::check("main", say.t("customers-phone-main"), false));
    }
    let action = format!("{HOME}/{}/phones/new", detail.customer.id);
    Ok(Sheet::new(say.t("customers-phone-new"), action, back_to(say, &detail.customer), say.t("customers-phone-new"), inputs))
}

/// `GET /app/customers/{id}/phones/new`
async fn new_phone(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::of(id), new_phone_sheet).await
}

/// `POST /app/customers/{id}/phones/new`
async fn add_phone(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        customers::find(tx, ctx, id)?;
        let number = read_phone("number", typed.get("number"), home_country_of(tx, ctx)?)?;
        let made = customers::add_phone(tx, ctx, id, &number, typed.filled("label").as_deref())?;
        if typed.has("main") {
            customers::change_phone(tx, ctx, id, made, &PhoneChange { is_main: true, ..PhoneChange::default() })?;
        }
        Ok(())
    };
    save(&edge, &info, Target::of(id), typed, new_phone_sheet, action, move |()| format!("{HOME}/{id}?done=saved")).await
}

fn phone_sheet(tx: &mut Tx, ctx: &Ctx, reader: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let found = customers::find_phone(tx, ctx, target.id, &target.part)?;
    let detail = standing(tx, ctx, target.id)?;
    let row = detail.phones.iter().find(|row| row.id == found).ok_or(Error::not_found("phone"))?;
    let shown = shown_phone(ctx, &row.phone, home_country(reader));
    let number = if ctx.can(Permission::PhoneSee) {
        Input::text("number", say.t("customers-phone"), shown).hint(say.t("customers-phone-hint"))
    } else {
        Input::text("number", say.t("customers-phone"), "").optional().hint(say.one("customers-phone-hidden", "phone", shown))
    };
    let inputs = phone_inputs(say, number, Some(row));
    let action = format!("{HOME}/{}/phones/{}", detail.customer.id, row.id);
    let remove = Confirm {
        say,
        csrf: String::new(),
        id: "remove".to_owned(),
        class: "bad",
        button: say.t("customers-phone-remove"),
        title: say.t("customers-phone-remove-title"),
        text: say.t("customers-phone-remove-text"),
        verb: say.t("customers-phone-remove"),
        action: format!("{action}/remove"),
        hidden: Vec::new(),
    };
    let sheet = Sheet::new(say.t("customers-phone-edit"), action, back_to(say, &detail.customer), say.t("form-save"), inputs);
    Ok(Sheet { version: Some(row.version), remove: Some(remove), ..sheet })
}

/// `GET /app/customers/{id}/phones/{number}`
async fn edit_phone(Path(Two(id, named)): Path<Two<CustomerId, String>>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::part(id, named), phone_sheet).await
}

/// `POST /app/customers/{id}/phones/{number}`
async fn change_phone(Path(Two(id, named)): Path<Two<CustomerId, String>>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let target = Target::part(id, &named);
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        let found = customers::find_phone(tx, ctx, id, &named)?;
        let country = home_country_of(tx, ctx)?;
        // Somebody who sees dots leaves the number empty to keep it.
        let keeps = !ctx.can(Permission::PhoneSee) && typed.get("number").is_empty();
        let phone = if keeps { None } else { Some(read_phone("number", typed.get("number"), country)?) };
        let change = PhoneChange { phone, label: Some(typed.filled("label")), is_main: false, version: typed.read("version") };
        customers::change_phone(tx, ctx, id, found, &change)
    };
    save(&edge, &info, target, typed, phone_sheet, action, move |()| format!("{HOME}/{id}?done=saved")).await
}

// ---- addresses

fn address_inputs(ctx: &Ctx, say: Words, country: Country, row: Option<&Address>) -> Vec<Input> {
    let text = |part: fn(&Address) -> Option<&str>| row.and_then(part).unwrap_or_default().to_owned();
    let street = |part: fn(&Address) -> Option<&str>| customers::shown_street(ctx, &text(part));
    let country = row.map_or(country, |row| row.country);
    let province = text(|row| row.province.as_deref());
    let provinces = places::provinces(country);
    let place = if provinces.is_empty() {
        Input::text("province", say.t("customers-province"), province)
    } else {
        let is_listed = provinces.iter().any(|one| one.name == province);
        let name = |one: &places::Province| if say.locale.is_right_to_left() { one.local_name.clone() } else { one.name.clone() };
        let mut options = vec![Choosable::new("", "–", &province)];
        options.extend(provinces.iter().map(|one| Choosable::new(&one.name, format!("{} {}", one.code, name(one)), &province)));
        if !is_listed && !province.is_empty() {
            options.push(Choosable::new(&province, &province, &province));
        }
        Input::select("province", say.t("customers-province"), options)
    };
    vec![
        Input::text("label", say.t("customers-address-label"), text(|row| row.label.as_deref()))
            .optional()
            .hint(say.t("customers-address-label-hint")),
        Input::text("line1", say.t("customers-street"), street(|row| Some(&row.line1))),
        Input::text("line2", say.t("customers-street-more"), street(|row| row.line2.as_deref())).optional(),
        place.optional(),
        Input::text("city", say.t("customers-city"), text(|row| row.city.as_deref())).optional().hint(say.t("customers-city-hint")),
        Input::text("district", say.t("customers-district"), text(|row| row.district.as_deref())).optional(),
        Input { is_ltr: true, ..Input::text("postal_code", say.t("customers-postal-code"), text(|row| row.postal_code.as_deref())).optional() },
    ]
}

fn read_address(typed: &Typed, country: Option<Country>) -> Result<NewAddress, Error> {
    let line1 = typed.get("line1").to_owned();
    if line1.is_empty() {
        return Err(Error::field("line1", "required"));
    }
    Ok(NewAddress {
        label: typed.filled("label"),
        line1,
        line2: typed.filled("line2"),
        city: typed.filled("city"),
        district: typed.filled("district"),
        province: typed.filled("province"),
        country,
        postal_code: typed.filled("postal_code"),
        is_unknown: false,
    })
}

fn new_address_sheet(tx: &mut Tx, ctx: &Ctx, reader: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let customer = standing(tx, ctx, target.id)?.customer;
    let inputs = address_inputs(ctx, say, home_country(reader), None);
    let action = format!("{HOME}/{}/addresses/new", customer.id);
    Ok(Sheet::new(say.t("customers-address-new"), action, back_to(say, &customer), say.t("customers-address-new"), inputs))
}

/// `GET /app/customers/{id}/addresses/new`
async fn new_address(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::of(id), new_address_sheet).await
}

/// `POST /app/customers/{id}/addresses/new`
async fn add_address(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        customers::find(tx, ctx, id)?;
        let home = home_country_of(tx, ctx)?;
        customers::add_address(tx, ctx, id, &read_address(typed, None)?, home)
    };
    save(&edge, &info, Target::of(id), typed, new_address_sheet, action, move |_| format!("{HOME}/{id}?done=saved")).await
}

fn address_sheet(tx: &mut Tx, ctx: &Ctx, reader: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let detail = standing(tx, ctx, target.id)?;
    let row = detail.addresses.iter().find(|row| row.id.to_string() == target.part).ok_or(Error::not_found("address"))?;
    let inputs = address_inputs(ctx, say, home_country(reader), Some(row));
    let action = format!("{HOME}/{}/addresses/{}", detail.customer.id, row.id);
    let remove = Confirm {
        say,
        csrf: String::new(),
        id: "remove".to_owned(),
        class: "bad",
        button: say.t("customers-address-remove"),
        title: say.t("customers-address-remove-title"),
        text: say.t("customers-address-remove-text"),
        verb: say.t("customers-address-remove"),
        action: format!("{action}/remove"),
        hidden: Vec::new(),
    };
    let sheet = Sheet::new(say.t("customers-address-edit"), action, back_to(say, &detail.customer), say.t("form-save"), inputs);
    Ok(Sheet { version: Some(row.version), remove: Some(remove), ..sheet })
}

/// `GET /app/customers/{id}/addresses/{address_id}`
async fn edit_address(Path(Two(id, address)): Path<Two<CustomerId, AddressId>>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::part(id, address), address_sheet).await
}

/// `POST /app/customers/{id}/addresses/{address_id}`
async fn change_address(
    Path(Two(id, address)): Path<Two<CustomerId, AddressId>>,
    edge: Edge,
    info: Info,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        let detail = customers::detail(tx, ctx, id)?;
        let row = detail.addresses.iter().find(|row| row.id == address).ok_or(Error::not_found("address"))?;
        let mut new = read_address(typed, Some(row.country))?;
        // Dots that nobody touched stand for the street that is there.
        if new.line1 == customers::shown_street(ctx, &row.line1) {
            new.line1.clone_from(&row.line1);
        }
        if new.line2 == row.line2.as_deref().map(|line| customers::shown_street(ctx, line)) {
            new.line2.clone_from(&row.line2);
        }
        customers::change_address(tx, ctx, id, address, &AddressChange { address: new, version: typed.read("version") })
    };
    save(&edge, &info, Target::part(id, address), typed, address_sheet, action, move |()| format!("{HOME}/{id}?done=saved")).await
}

// ---- marks

fn new_flag_sheet(tx: &mut Tx, ctx: &Ctx, _: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let customer = standing(tx, ctx, target.id)?.customer;
    let kinds = flags::list_kinds(tx, ctx)?.into_iter().filter(|kind| !kind.is_archived);
    let options = kinds.map(|kind| Choosable::new(&kind.code, kind.label(ctx.locale), "")).collect();
    let inputs = vec![
        Input::select("type", say.t("customers-flag-kind"), options),
        Input::text("reason", say.t("customers-flag-reason"), "").of("area").optional().hint(say.t("customers-flag-reason-hint")),
        Input::text("expires_at", say.t("customers-flag-end"), "").of("date").optional().hint(say.t("customers-flag-end-hint")),
    ];
    let action = format!("{HOME}/{}/flags/new", customer.id);
    let sheet = Sheet::new(say.t("customers-flag-new"), action, back_to(say, &customer), say.t("customers-flag-new"), inputs);
    Ok(Sheet { intro: Some(say.t("customers-flag-intro")), ..sheet })
}

/// `GET /app/customers/{id}/flags/new`
async fn new_flag(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::of(id), new_flag_sheet).await
}

/// `POST /app/customers/{id}/flags/new`
async fn add_flag(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        customers::find(tx, ctx, id)?;
        let zone = Reader::load(tx, ctx)?.stores.first().map_or(jiff::tz::TimeZone::UTC, |store| store.zone.clone());
        let end = match typed.filled("expires_at") {
            // To the end of that day.
            Some(text) => Some(Day::parse(&text).ok_or_else(|| Error::field("expires_at", "field.date"))?.plus(1).start_in(&zone)),
            None => None,
        };
        let new = NewFlag { kind: typed.get("type").to_owned(), reason: typed.get("reason").to_owned(), at: None, expires_at: end };
        flags::add(tx, ctx, id, &new)
    };
    save(&edge, &info, Target::of(id), typed, new_flag_sheet, action, move |_| format!("{HOME}/{id}?done=flag")).await
}

fn flag_sheet(tx: &mut Tx, ctx: &Ctx, _: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let customer = standing(tx, ctx, target.id)?.customer;
    let flags = flags::list(tx, ctx, target.id, true)?;
    let flag = flags.iter().find(|flag| flag.id.to_string() == target.part).ok_or(Error::not_found("flag"))?;
    let kinds = flags::kinds_of(tx, std::slice::from_ref(flag))?;
    let kind = kinds.get(&flag.kind).map_or(flag.kind.as_str(), |kind| kind.label(ctx.locale));
    let heading = say.one("customers-flag-lift-title", "mark", kind);
    let inputs = vec![Input::text("reason", say.t("customers-flag-lift-reason"), "").of("area")];
    let action = format!("{HOME}/{}/flags/{}/lift", customer.id, flag.id);
    let sheet = Sheet::new(heading, action, back_to(say, &customer), say.t("customers-flag-lift"), inputs);
    Ok(Sheet { intro: Some(flag.reason.clone()).filter(|reason| !reason.is_empty()), ..sheet })
}

/// `GET /app/customers/{id}/flags/{flag_id}/lift`
async fn edit_flag(Path(Two(id, flag)): Path<Two<CustomerId, FlagId>>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::part(id, flag), flag_sheet).await
}

/// `POST /app/customers/{id}/flags/{flag_id}/lift`
async fn lift_flag(Path(Two(id, flag)): Path<Two<CustomerId, FlagId>>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| flags::remove(tx, ctx, id, flag, typed.get("reason"));
    save(&edge, &info, Target::part(id, flag), typed, flag_sheet, action, move |_| format!("{HOME}/{id}?done=lifted")).await
}

// ---- what they agreed to

fn consent_sheet(tx: &mut Tx, ctx: &Ctx, reader: &Reader, target: &Target) -> Result<Sheet, Error> {
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let customer = standing(tx, ctx, target.id)?.customer;
    let past = customers::consent::list(tx, ctx, customer.id)?;
    let authors: Vec<Actor> = past.iter().map(customers::consent::Consent::author).collect();
    let people = names(tx, ctx, &authors)?;
    let ways = ContactChannel::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(channel(*one)), "")).collect();
    let aims = ContactPurpose::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(purpose(*one)), "")).collect();
    let answers = vec![Choosable::new("yes", say.t("customers-consent-yes"), ""), Choosable::new("no", say.t("customers-consent-no"), "")];
    let sources = ConsentSource::ALL.iter().filter(|one| **one != ConsentSource::Import);
    let inputs = vec![
        Input::select("channel", say.t("customers-consent-way"), ways),
        Input::select("purpose", say.t("customers-consent-purpose"), aims),
        Input::select("given", say.t("customers-consent-answer"), answers),
        Input::select(
            "source",
            say.t("customers-consent-source"),
            sources.map(|one| Choosable::new(one.as_str(), say.t(source(*one)), "")).collect(),
        ),
        Input::text("words", say.t("customers-consent-words"), "").of("area").optional().hint(say.t("customers-consent-words-hint")),
    ];
    let action = format!("{HOME}/{}/consents", customer.id);
    let sheet = Sheet::new(say.t("customers-consent-title"), action, back_to(say, &customer), say.t("customers-consent-save"), inputs);
    let line = |one: customers::consent::Consent| {
        let who = match one.author() {
            Actor::User(id) => people.get(&id).cloned().unwrap_or_else(|| say.t("history-somebody")),
            _ => say.t("history-system"),
        };
        let key = if one.is_given { "customers-consent-was-given" } else { "customers-consent-was-taken" };
        let values = [
            ("channel", say.t(channel(one.channel))),
            ("purpose", say.t(purpose(one.purpose))),
            ("who", isolated(who)),
            ("source", say.t(source(one.source))),
        ];
        Past {
            tone: if one.is_given { "t-ok" } else { "t-neu" },
            icon: if one.is_given { "check" } else { "x" },
            title: say.with(key, &values),
            text: one.words,
            at: format.moment(one.at),
            at_exact: format.exact(one.at),
        }
    };
    Ok(Sheet { intro: Some(say.t("customers-consent-intro")), past: past.into_iter().map(line).collect(), ..sheet })
}

/// `GET /app/customers/{id}/consents`
async fn new_consent(Path(id): Path<CustomerId>, edge: Edge, info: Info) -> Outcome<Response> {
    show(&edge, &info, Target::of(id), consent_sheet).await
}

/// `POST /app/customers/{id}/consents`
async fn record_consent(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let action = move |tx: &mut Tx, ctx: &Ctx, typed: &Typed| {
        customers::find(tx, ctx, id)?;
        let wrong = |field: &str| Error::field(field, "required");
        let new = NewConsent {
            channel: typed.read("channel").ok_or_else(|| wrong("channel"))?,
            purpose: typed.read("purpose").ok_or_else(|| wrong("purpose"))?,
            is_given: match typed.get("given") {
                "yes" => true,
                "no" => false,
                _ => return Err(wrong("given")),
            },
            source: typed.read("source").ok_or_else(|| wrong("source"))?,
            at: None,
            words: typed.filled("words"),
        };
        care::record_consent(tx, ctx, id, &new).map(drop)
    };
    save(&edge, &info, Target::of(id), typed, consent_sheet, action, move |()| format!("{HOME}/{id}?done=consent")).await
}
