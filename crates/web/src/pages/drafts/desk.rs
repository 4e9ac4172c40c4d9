//! A new order: put together in one form, priced by the server while it is typed, placed or kept as a draft.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::Store;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base::{Ctx, Edge, places};
use catalogue::{VariantFilter, VariantStatus};
use customers::CustomerFilter;
use db::Tx;
use kernel::{
    Amount, Channel, Country, Currency, CustomerId, Error, FieldError, Id, Locale, OrderId, PaymentMethod, Permission, Phone, Priority, VariantId,
};
use orders::{Look, NewAddress, NewOrder, Order, OrderFilter, Page, Priced};

use super::sheet::{Sheet, field_of, province_code};
use super::view::{Desk, DeskPage, DeskPart, Found, LineView, Recall};
use crate::badges;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info};
use crate::format::{Format, dotted};
use crate::pages::amounts::plain;
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::phones::shown_phone;
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, Shell};
use crate::router::{Access, Route};
use crate::words::Words;

/// Fewer digits than this are no number to look for.
const DIGITS: usize = 4;
/// How many things of the catalogue are offered.
const FOUND: u32 = 6;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/app/orders/new", Access::Needs(Permission::OrderPlace), "page_new_order", show),
        Route::page(Method::POST, "/app/orders/new", Access::Needs(Permission::OrderPlace), "page_place_order", send),
    ]
}

/// What a form comes to, as it was worked out.
pub(super) struct Worked {
    pub(super) reader: Reader,
    pub(super) sheet: Sheet,
    pub(super) store: Arc<Store>,
    stores: Vec<Arc<Store>>,
    recall: Vec<Known>,
    found: Vec<catalogue::Variant>,
    look: Look,
    unread: Vec<FieldError>,
}

struct Known {
    id: CustomerId,
    name: String,
    phone: Option<Phone>,
    address: Option<NewAddress>,
    record: [i64; 3],
    last: Vec<orders::OrderRow>,
}

/// What a button of the form asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    add: Option<VariantId>,
    adds_free: bool,
    removes: Option<usize>,
    uses: Option<CustomerId>,
}

impl Steps {
    pub(super) fn read(typed: &Typed) -> Steps {
        Steps { add: typed.read("add"), adds_free: typed.get("add") == "free", removes: typed.read("remove"), uses: typed.read("use") }
    }

    fn focus(&self) -> &'static str {
        let is_step = self.add.is_some() || self.adds_free || self.removes.is_some() || self.uses.is_some();
        if is_step { "find" } else { "" }
    }
}

/// Works a form out: what its buttons ask for, who the number belongs to, what was looked for, what it comes to.
pub(super) fn work(tx: &mut Tx, ctx: &Ctx, mut sheet: Sheet, steps: &Steps, before: Option<&NewOrder>) -> Result<Worked, Error> {
    let reader = Reader::load(tx, ctx)?;
    let stores: Vec<Arc<Store>> = reader.stores.iter().filter(|store| !store.is_archived).map(|store| store.clone().into()).collect();
    let wanted = sheet.store.and_then(|id| stores.iter().find(|store| store.id == id));
    let store = match wanted.or_else(|| stores.first()) {
        Some(store) => Arc::clone(store),
        None => match sheet.store {
            Some(id) => access::stores::find(tx, ctx, id)?,
            None => return Err(Error::not_found("store")),
        },
    };
    sheet.store = Some(store.id);

    if let Some(id) = steps.add {
        sheet.add(&catalogue::find(tx, ctx, id)?);
    }
    if steps.adds_free {
        sheet.add_free();
    }
    if let Some(at) = steps.removes.filter(|at| *at < sheet.lines.len()) {
        sheet.lines.remove(at);
    }
    let recall = recalled(tx, ctx, &sheet, &store)?;
    if let Some(known) = steps.uses.and_then(|id| recall.iter().find(|known| known.id == id)) {
        take_over(ctx, &mut sheet, known);
    } else if let [known] = recall.as_slice()
        && sheet.name.is_empty()
        && sheet.line1.is_empty()
        && is_the_number(&sheet, known, &store)
    {
        // The whole number is theirs and nobody has typed anything else: it is them.
        take_over(ctx, &mut sheet, known);
    }
    let found = if sheet.find.is_empty() || !ctx.can(Permission::CatalogueRead) {
        Vec::new()
    } else {
        let filter = VariantFilter { search: Some(sheet.find.clone()), status: Some(VariantStatus::Active), limit: FOUND, cursor: None };
        let mut items = catalogue::list(tx, ctx, &filter)?.items;
        items.retain(|variant| variant.currency == store.currency);
        items
    };
    let (new, unread) = sheet.to_new(&store, before);
    let look = orders::look_at(tx, ctx, &new)?;
    Ok(Worked { reader, sheet, store, stores, recall, found, look, unread })
}

/// A form for somebody whose page it was opened from. Their whole number is enough: the rest is recalled by it; whoever may not see it
/// begins with the name and the address.
fn for_customer(tx: &mut Tx, ctx: &Ctx, id: CustomerId) -> Result<Sheet, Error> {
    let known = customers::detail(tx, ctx, id)?;
    let mut sheet = Sheet::default();
    match known.phones.first().filter(|_| ctx.can(Permission::PhoneSee)) {
        Some(row) => row.phone.e164().clone_into(&mut sheet.phone),
        None => {
            let address = known.addresses.into_iter().next().filter(|_| ctx.can(Permission::ContactSee)).map(typed);
            sheet.take_over(&known.customer.name, None, address.as_ref(), known.customer.id.to_string());
        }
    }
    Ok(sheet)
}

fn take_over(ctx: &Ctx, sheet: &mut Sheet, known: &Known) {
    // Somebody who sees dots does not send them back; the number that was typed stays.
    let phone = known.phone.as_ref().filter(|_| ctx.can(Permission::PhoneSee)).map(Phone::national);
    let address = known.address.as_ref().filter(|_| ctx.can(Permission::ContactSee));
    sheet.take_over(&known.name, phone.filter(|_| sheet.phone.is_empty()), address, known.id.to_string());
}

fn is_the_number(sheet: &Sheet, known: &Known, store: &Store) -> bool {
    Phone::parse(&sheet.phone, store.country).is_ok_and(|typed| known.phone.as_ref() == Some(&typed))
}

/// Who the number that is being typed may belong to, with what they bought.
fn recalled(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet, store: &Store) -> Result<Vec<Known>, Error> {
    let digits = kernel::western_digits(&sheet.phone).bytes().filter(u8::is_ascii_digit).count();
    if digits < DIGITS || !ctx.can(Permission::CustomerRead) {
        return Ok(Vec::new());
    }
    let filter = CustomerFilter { search: Some(sheet.phone.clone()), country: Some(store.country), limit: 3, ..CustomerFilter::default() };
    let rows = customers::list(tx, ctx, &filter)?.items;
    let mut known = Vec::with_capacity(rows.len());
    for row in rows {
        let detail = customers::detail(tx, ctx, row.id)?;
        let orders = OrderFilter { customer: Some(row.id), ..OrderFilter::default() };
        let last = orders::list(tx, ctx, &orders, &Page { limit: 3, with_total: false, ..Page::default() })?.items;
        // Who has no address of their own lives where the last parcel went.
        let address = match (detail.addresses.into_iter().next(), last.first()) {
            (Some(address), _) => Some(typed(address)),
            (None, Some(order)) => address_of(orders::find(tx, ctx, order.id)?),
            (None, None) => None,
        };
        known.push(Known { id: row.id, name: row.name, phone: row.phone, address, record: [row.orders, row.delivered, row.returned], last });
    }
    Ok(known)
}

/// Where somebody lives, as a form holds it.
fn typed(address: customers::Address) -> NewAddress {
    NewAddress {
        line1: address.line1,
        line2: address.line2,
        city: address.city,
        province: address.province,
        country: Some(address.country),
        ..NewAddress::default()
    }
}

/// Where an order went.
fn address_of(order: Order) -> Option<NewAddress> {
    Some(NewAddress {
        line1: order.line1?,
        line2: order.line2,
        city: order.city,
        province: order.province,
        country: Some(order.country),
        ..NewAddress::default()
    })
}

/// How a form is shown.
pub(super) struct Frame<'a> {
    pub(super) csrf: &'a str,
    pub(super) action: String,
    pub(super) key: String,
    pub(super) version: Option<i64>,
    /// Whether what is missing is said beside the fields: after placing or keeping did not go through.
    pub(super) errors: &'a [FieldError],
    pub(super) notice: Option<String>,
    pub(super) focus: &'static str,
}

impl Worked {
    fn format(&self, ctx: &Ctx) -> Format {
        self.reader.format(ctx).of_store(self.store.number_style, &self.store.zone)
    }

    /// The form with everything that was worked out.
    pub(super) fn desk(&self, ctx: &Ctx, frame: Frame<'_>) -> Desk {
        let say = Words { locale: ctx.locale };
        let format = self.format(ctx);
        let (sheet, store) = (&self.sheet, &*self.store);
        let currency = store.currency;
        let mut errors: BTreeMap<String, String> = BTreeMap::new();
        // What cannot be read is said at once, what is missing only when it is asked for.
        for error in self.unread.iter().filter(|error| error.code != "required").chain(frame.errors) {
            errors.entry(field_of(&error.field)).or_insert_with(|| Problem::field_message(say.locale, error));
        }
        let priced = self.look.priced.as_ref().filter(|_| !sheet.lines.is_empty());
        let is_algeria = store.country == Country::DZ;
        let provinces = provinces(say.locale, store.country, &sheet.province);
        let code = province_code(store.country, &sheet.province);
        let cities = places::districts(store.country, &code).iter();
        let choose = |wanted: &str, before: &'static str| if wanted.is_empty() { before.to_owned() } else { wanted.to_owned() };
        let (channel, method) = (choose(&sheet.channel, Channel::Phone.as_str()), choose(&sheet.payment_method, PaymentMethod::Cod.as_str()));
        let priority = choose(&sheet.priority, Priority::Normal.as_str());
        let collects = method == PaymentMethod::Cod.as_str();
        Desk {
            say,
            csrf: frame.csrf.to_owned(),
            action: frame.action,
            key: frame.key,
            version: frame.version,
            notice: frame.notice,
            sides: Vec::new(),
            stores: self.stores.iter().map(|one| Choosable::new(one.id.to_string(), one.name.clone(), &store.id.to_string())).collect(),
            store: store.id.to_string(),
            phone: sheet.phone.clone(),
            name: sheet.name.clone(),
            used: sheet.used.clone(),
            recall: self.recall.iter().map(|known| self.recall(ctx, &format, known)).collect(),
            line1: sheet.line1.clone(),
            line2: sheet.line2.clone(),
            province_label: if is_algeria { "draft-wilaya" } else { "draft-province" },
            city_label: if is_algeria { "draft-commune" } else { "draft-city" },
            provinces,
            province: sheet.province.clone(),
            cities: cities.map(|district| if say.locale.is_right_to_left() { &district.local_name } else { &district.name }).cloned().collect(),
            city: sheet.city.clone(),
            lines: self.lines(&format, currency, priced),
            find: sheet.find.clone(),
            found: self.found.iter().map(|variant| found(&format, variant)).collect(),
            can_add_free: !sheet.find.is_empty(),
            discount: sheet.discount.clone(),
            shipping_fee: sheet.shipping_fee.clone(),
            shipping_hint: plain(store.shipping_fee, currency),
            cod_fee: sheet.cod_fee.clone(),
            payment_methods: PaymentMethod::ALL
                .iter()
                .map(|one| Choosable::new(one.as_str(), say.t(badges::payment_method(*one)), &method))
                .collect(),
            channels: CHANNELS.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::channel(*one).1), &channel)).collect(),
            priorities: Priority::ALL.iter().map(|one| Choosable::new(one.as_str(), say.t(badges::priority_name(*one)), &priority)).collect(),
            expected_on: sheet.expected_on.clone(),
            note: sheet.note.clone(),
            is_test: sheet.is_test,
            sums: priced.map(|priced| sums(say, &format, currency, priced)).unwrap_or_default(),
            total: priced.map(|priced| format.money_parts(priced.total, currency)),
            total_label: say.t(if collects { "order-to-collect" } else { "order-total" }),
            lacks: self.look.missing.iter().filter(|error| error.code == "required").map(|error| lack(say, &error.field)).collect(),
            errors,
            focus: frame.focus,
        }
    }

    fn lines(&self, format: &Format, currency: Currency, priced: Option<&Priced>) -> Vec<LineView> {
        let total =
            |at: usize| priced.and_then(|priced| priced.lines.get(at)).map(|line| format.amount(line.line_total, currency)).unwrap_or_default();
        self.sheet.lines.iter().enumerate().map(|(at, line)| LineView::of(line, total(at))).collect()
    }

    fn recall(&self, ctx: &Ctx, format: &Format, known: &Known) -> Recall {
        let say = Words { locale: ctx.locale };
        let address = known.address.as_ref().map(|address| {
            let parts = [Some(customers::shown_street(ctx, &address.line1)), address.city.clone(), address.province.clone()];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        });
        let [orders, delivered, returned] = known.record.map(|count| format.number(count));
        Recall {
            id: known.id.to_string(),
            initials: badges::initials(&known.name),
            tone: badges::person_tone(known.id.to_i64()),
            name: known.name.clone(),
            phone: known.phone.as_ref().map(|phone| shown_phone(ctx, phone, self.store.country)).unwrap_or_default(),
            address: address.unwrap_or_default(),
            record: say.with("draft-record", &[("orders", orders), ("delivered", delivered), ("returned", returned)]),
            last: known
                .last
                .iter()
                .map(|row| {
                    let state = say.t(badges::order(row.state, row.confirmation, row.call_at.is_some(), row.shipping_state).key);
                    format!("#{} · {} · {}", row.number, row.summary, state)
                })
                .collect(),
            is_used: self.sheet.used == known.id.to_string(),
        }
    }
}

/// Where orders that people enter come from.
const CHANNELS: &[Channel] = &[
    Channel::Phone,
    Channel::Whatsapp,
    Channel::Instagram,
    Channel::Facebook,
    Channel::Messenger,
    Channel::Tiktok,
    Channel::InStore,
    Channel::Web,
    Channel::Marketplace,
    Channel::Api,
    Channel::Import,
];

/// The provinces of a country in the reader's letters; empty where there is no list.
pub(crate) fn provinces(locale: Locale, country: Country, chosen: &str) -> Vec<Choosable> {
    let chosen = province_code(country, chosen);
    let name = |province: &places::Province| {
        let name = if locale.is_right_to_left() && !province.local_name.is_empty() { &province.local_name } else { &province.name };
        format!("{} {name}", province.code)
    };
    places::provinces(country).iter().map(|province| Choosable::new(province.code.clone(), name(province), &chosen)).collect()
}

fn found(format: &Format, variant: &catalogue::Variant) -> Found {
    Found {
        id: variant.id.to_string(),
        title: variant.title.clone(),
        note: dotted([&variant.variant, &variant.sku]),
        price: format.money(variant.price, variant.currency),
    }
}

/// What stands over a total.
pub(super) fn sums(say: Words, format: &Format, currency: Currency, priced: &Priced) -> Vec<(String, String)> {
    let mut sums = vec![(say.t("order-subtotal"), format.amount(priced.subtotal, currency))];
    let mut add = |key: &str, amount: Amount| {
        if amount != Amount::ZERO {
            sums.push((say.t(key), format.amount(amount, currency)));
        }
    };
    add("order-discount", -priced.discount);
    add("order-shipping-fee", priced.shipping_fee);
    add("order-cod-fee", priced.cod_fee);
    add("order-field-tax", priced.tax);
    sums
}

/// What an order still needs, in a word.
fn lack(say: Words, field: &str) -> String {
    match field_of(field).as_str() {
        "phone" => say.t("draft-phone"),
        "name" => say.t("draft-name"),
        "find" => say.t("order-items"),
        "line1" => say.t("order-address"),
        "city" => say.t("draft-city"),
        "province" => say.t("draft-province"),
        other => other.rsplit('.').next().unwrap_or(other).replace('_', " "),
    }
}

/// The frame of the page of a new order.
fn shell(ctx: &Ctx, info: &Info, worked: &Worked) -> Shell {
    let say = Words { locale: ctx.locale };
    let place = Place {
        title: say.t("draft-new-window"),
        back: Some("/app/orders".to_owned()),
        crumb: say.t("draft-new-title"),
        here: "/app/orders/new".to_owned(),
        toast: None,
    };
    worked.reader.shell(ctx, info, place)
}

fn frame<'a>(csrf: &'a str, key: String, errors: &'a [FieldError], notice: Option<String>, focus: &'static str) -> Frame<'a> {
    Frame { csrf, action: "/app/orders/new".to_owned(), key, version: None, errors, notice, focus }
}

/// `GET /app/orders/new`
async fn show(edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let named = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "customer");
    let customer: Option<CustomerId> = named.and_then(|(_, id)| id.parse().ok());
    let worked = edge
        .read(move |tx, ctx| {
            let sheet = customer.map(|id| for_customer(tx, ctx, id)).transpose()?.unwrap_or_default();
            work(tx, ctx, sheet, &Steps::default(), None)
        })
        .await?;
    let page = shell(&edge.ctx, &info, &worked);
    let desk = worked.desk(&edge.ctx, frame(&page.csrf, page.once.clone(), &[], None, "phone"));
    html(&DeskPage { desk, page, draft: None })
}

/// `POST /app/orders/new`: a button of the form, the draft, or the order itself.
async fn send(edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    let wanted = typed.get("do").to_owned();
    let sheet = Sheet::read(&typed);
    if !matches!(&*wanted, "place" | "draft") {
        return again(&edge, &info, &headers, &typed, sheet, None).await;
    }
    let key = typed.once(&wanted)?.ok_or_else(|| Error::field("key", "required"))?;
    let own = sheet.clone();
    let places = wanted == "place";
    let made = edge.write_once(Some(&key), move |tx, ctx| {
        let worked = work(tx, ctx, own.clone(), &Steps::default(), None)?;
        let (new, mut wrong) = worked.sheet.to_new(&worked.store, None);
        if !wrong.is_empty() {
            // Everything that is wrong is named at once; what a draft may still lack is not.
            wrong.extend(worked.look.missing.into_iter().filter(|error| places || error.code != "required"));
            return Err(Error::Invalid(wrong));
        }
        if places {
            return Ok(format!("/app/orders/{}?done=placed", orders::place_once(tx, ctx, &new)?.order.id));
        }
        Ok(format!("/app/drafts/{}?done=saved", orders::begin_draft(tx, ctx, &new)?.row.id))
    });
    match made.await {
        Ok(answer) => Ok(see(&serde_json::from_str::<String>(&answer.body).map_err(Error::internal)?)),
        Err(error) => again(&edge, &info, &headers, &typed, sheet, Some(error)).await,
    }
}

/// The form again: after one of its buttons, or because it did not go through.
async fn again(edge: &Edge, info: &Info, headers: &HeaderMap, typed: &Typed, sheet: Sheet, error: Option<Error>) -> Outcome<Response> {
    let say = Words { locale: edge.ctx.locale };
    let steps = if error.is_some() { Steps::default() } else { Steps::read(typed) };
    let focus = steps.focus();
    let worked = edge.read(move |tx, ctx| work(tx, ctx, sheet.clone(), &steps, None)).await?;
    let (status, errors, notice, key) = match error {
        None => (StatusCode::OK, Vec::new(), None, typed.filled("key")),
        Some(Error::Conflict { code: "idempotency.other_body", .. }) => (StatusCode::CONFLICT, Vec::new(), Some(say.t("draft-placed-already")), None),
        Some(Error::Invalid(fields)) => (StatusCode::UNPROCESSABLE_ENTITY, fields, Some(say.t("draft-wrong")), typed.filled("key")),
        Some(error @ (Error::Conflict { .. } | Error::Stale { .. })) => {
            let problem = Problem::from(error);
            (problem.status(), Vec::new(), Some(problem.title(say.locale)), typed.filled("key"))
        }
        Some(other) => return Err(other.into()),
    };
    let page = shell(&edge.ctx, info, &worked);
    let key = key.unwrap_or_else(|| page.once.clone());
    let desk = worked.desk(&edge.ctx, frame(&page.csrf, key, &errors, notice, focus));
    let mut response = if is_part(headers) { html(&DeskPart { desk })? } else { html(&DeskPage { desk, page, draft: None })? };
    *response.status_mut() = status;
    Ok(response)
}

/// The order that a draft or form became.
pub(super) fn order_page(order: OrderId) -> String {
    format!("/app/orders/{order}?done=placed")
}
