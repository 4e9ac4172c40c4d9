//! Editing what was placed: a form, what it would change, and then applying or dropping it; both sides where somebody else was faster.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use base::{Ctx, Edge};
use catalogue::{VariantFilter, VariantStatus};
use customers::CustomerFilter;
use db::Tx;
use kernel::{CustomerId, EditId, Error, FieldError, LineId, Money, OrderId, Permission, VariantId, Version, mask};
use orders::{ApplyEdit, Edit, EditChange, EditPreview, LineChange, NewAddress, Order, ReviseEdit};

use super::detail_view::number_of;
use super::edit_view::{EditPage, EditPart, Form as View, Loaded, Said};
use super::people::Here;
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path, Two};
use crate::pages::amounts::{amount, plain};
use crate::pages::context::{Place, Reader, html, is_part, see};
use crate::pages::drafts::sheet::{Sheet, discount_of, discount_text};
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::words::Words;

pub(super) fn routes() -> Vec<Route> {
    let needs = Access::Needs(Permission::OrderEdit);
    const ONE: &str = "/app/orders/{id}/edits/{edit_id}";
    vec![
        Route::page(Method::GET, "/app/orders/{id}/edit", needs, "page_edit_order", show),
        Route::page(Method::POST, "/app/orders/{id}/edit", needs, "page_propose_edit", propose),
        Route::page(Method::GET, ONE, needs, "page_edit", show_one),
        Route::page(Method::POST, ONE, needs, "page_revise_edit", revise),
        Route::page(Method::POST, "/app/orders/{id}/edits/{edit_id}/apply", needs, "page_apply_edit", apply),
        Route::page(Method::POST, "/app/orders/{id}/edits/{edit_id}/merge", needs, "page_merge_edit", merge),
        Route::page(Method::POST, "/app/orders/{id}/edits/{edit_id}/drop", needs, "page_drop_edit", drop_one),
    ]
}

/// How many things of the catalogue, and customers, are offered.
const FOUND: u32 = 6;

/// What a form needs around the order.
fn load(tx: &mut Tx, ctx: &Ctx, id: OrderId, typed: &Typed) -> Result<Loaded, Error> {
    let order = orders::find(tx, ctx, id)?;
    if order.archived_at.is_some() {
        return Err(Error::conflict("order.archived"));
    }
    let store = access::stores::find(tx, ctx, order.store_id)?;
    let mut sheet = Sheet::read(typed);
    if let Some(variant) = typed.read::<VariantId>("add") {
        sheet.add(&catalogue::find(tx, ctx, variant)?);
    }
    if typed.get("add") == "free" {
        sheet.add_free();
    }
    if let Some(at) = typed.read::<usize>("remove").filter(|at| *at < sheet.lines.len()) {
        sheet.lines.remove(at);
    }
    let mut found = Vec::new();
    if !sheet.find.is_empty() && ctx.can(Permission::CatalogueRead) {
        let filter = VariantFilter { search: Some(sheet.find.clone()), status: Some(VariantStatus::Active), limit: FOUND, cursor: None };
        found = catalogue::list(tx, ctx, &filter)?.items;
        found.retain(|variant| variant.currency == order.currency);
    }
    let mut people = Vec::new();
    if !typed.get("who").is_empty() && ctx.can(Permission::CustomerRead) {
        let filter = CustomerFilter { search: typed.filled("who"), country: Some(order.country), limit: FOUND, ..CustomerFilter::default() };
        people = customers::list(tx, ctx, &filter)?.items;
    }
    let customer = typed.read::<CustomerId>("use").or_else(|| typed.read("customer_id")).or(order.customer_id);
    let customer = match customer.filter(|_| ctx.can(Permission::CustomerRead)) {
        Some(customer) => Some(customers::find(tx, ctx, customer)?),
        None => None,
    };
    let others = orders::list_edits(tx, ctx, id)?;
    let authors: Vec<kernel::UserId> = others.iter().filter_map(|edit| super::story::user_of(edit.author)).collect();
    let people_names = access::users::names(tx, ctx, &authors)?.into_iter().map(|person| (person.id, person.name)).collect();
    let lines = orders::list_lines(tx, ctx, id)?;
    Ok(Loaded { reader: Reader::load(tx, ctx)?, store, lines, sheet, found, people, customer, others, authors: people_names, order })
}

/// What a form would show of an order that nobody has touched: field by field, as text.
pub(super) fn texts(ctx: &Ctx, order: &Order, lines: &[orders::Line]) -> BTreeMap<String, String> {
    let currency = order.currency;
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let less = |amount: kernel::Amount| if amount == kernel::Amount::ZERO { String::new() } else { plain(amount, currency) };
    let street = |text: &Option<String>| customers::shown_street(ctx, &some(text));
    let province = order.province.as_deref().unwrap_or_default();
    let mut texts: BTreeMap<String, String> = [
        ("discount", less(order.discount)),
        ("shipping_fee", plain(order.shipping_fee, currency)),
        ("cod_fee", plain(order.cod_fee, currency)),
        ("contact_name", order.contact_name.clone()),
        ("contact_phone", order.contact_phone.as_ref().map(|phone| crate::pages::phones::shown_phone(ctx, phone, order.country)).unwrap_or_default()),
        ("line1", street(&order.line1)),
        ("line2", street(&order.line2)),
        ("city", some(&order.city)),
        ("province", crate::pages::drafts::sheet::province_code(order.country, province)),
        ("customer_id", order.customer_id.map(|id| id.to_string()).unwrap_or_default()),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text))
    .collect();
    for line in lines {
        texts.insert(format!("quantity.{}", line.id), line.quantity.to_string());
        texts.insert(format!("price.{}", line.id), plain(line.unit_price, currency));
        texts.insert(format!("discount.{}", line.id), less(line.discount));
        texts.insert(format!("gone.{}", line.id), String::new());
    }
    texts
}

/// What a proposal makes of these texts, and the things that it adds.
pub(super) fn with_change(ctx: &Ctx, order: &Order, mut texts: BTreeMap<String, String>, change: &EditChange) -> (BTreeMap<String, String>, Sheet) {
    let currency = order.currency;
    let mut put = |name: String, text: String| texts.insert(name, text);
    for line in &change.change_lines {
        if let Some(quantity) = line.quantity {
            put(format!("quantity.{}", line.line), quantity.to_string());
        }
        if let Some(price) = line.unit_price {
            put(format!("price.{}", line.line), plain(price.amount, currency));
        }
        if let Some(discount) = line.discount {
            put(format!("discount.{}", line.line), discount_text(discount, currency));
        }
    }
    for line in change.remove_lines.iter().copied().chain(change.replace_lines.iter().map(|one| one.line)) {
        put(format!("gone.{line}"), "1".to_owned());
    }
    if let Some(discount) = change.discount {
        put("discount".to_owned(), discount_text(discount, currency));
    }
    for (name, fee) in [("shipping_fee", change.shipping_fee), ("cod_fee", change.cod_fee)] {
        if let Some(fee) = fee {
            put(name.to_owned(), plain(fee.amount, currency));
        }
    }
    if let Some(name) = &change.contact_name {
        put("contact_name".to_owned(), name.clone());
    }
    if let Some(phone) = &change.contact_phone {
        put("contact_phone".to_owned(), phone.clone().unwrap_or_default());
    }
    if let Some(address) = &change.shipping_address {
        put("line1".to_owned(), customers::shown_street(ctx, &address.line1));
        put("line2".to_owned(), customers::shown_street(ctx, address.line2.as_deref().unwrap_or_default()));
        put("city".to_owned(), address.city.clone().unwrap_or_default());
        let province = address.province.as_deref().unwrap_or_default();
        put("province".to_owned(), crate::pages::drafts::sheet::province_code(address.country.unwrap_or(order.country), province));
    }
    if let Some(customer) = change.customer_id {
        put("customer_id".to_owned(), customer.to_string());
    }
    let added = change.add_lines.iter().chain(change.replace_lines.iter().map(|one| &one.with)).cloned().collect();
    let sheet = Sheet::of(&orders::NewOrder { lines: added, ..orders::NewOrder::new(order.store_id) }, order.country, currency);
    (texts, sheet)
}

/// What a form asks for: every field whose text is another one than the form showed at first. With what cannot be read of it.
fn change_of(typed: &Typed, order: &Order, lines: &[orders::Line], added: &Sheet, store: &access::Store) -> (EditChange, Vec<FieldError>) {
    let currency = order.currency;
    let mut wrong = Vec::new();
    let touched = |name: &str| typed.has(name) && typed.get(name) != typed.get(&format!("was.{name}"));
    let money = |wrong: &mut Vec<FieldError>, field: &str, name: &str| {
        let read = amount(typed.get(name), currency);
        if read.is_none() {
            wrong.push(FieldError::new(field, "amount.text"));
        }
        read.map(|amount| Money { amount, currency })
    };
    let reduction = |wrong: &mut Vec<FieldError>, field: &str, name: &str| {
        let read = discount_of(typed.get(name), currency);
        if read.is_none() {
            wrong.push(FieldError::new(field, "discount.text"));
        }
        read
    };

    let mut change = EditChange { note: typed.filled("note"), ..EditChange::default() };
    for line in lines {
        let id = line.id;
        if typed.has(&format!("gone.{id}")) {
            change.remove_lines.push(id);
            continue;
        }
        let (quantity, price, discount) = (format!("quantity.{id}"), format!("price.{id}"), format!("discount.{id}"));
        let mut one = LineChange::of(id);
        if touched(&quantity) {
            one.quantity = Some(kernel::western_digits(typed.get(&quantity)).parse().unwrap_or(0));
        }
        if touched(&price) {
            one.unit_price = money(&mut wrong, &price, &price);
        }
        if touched(&discount) {
            one.discount = reduction(&mut wrong, &discount, &discount);
        }
        if one != LineChange::of(id) {
            change.change_lines.push(one);
        }
    }
    let (new, unread) = Sheet { find: String::new(), ..lines_alone(added) }.to_new(store, None);
    wrong.extend(unread);
    change.add_lines = new.lines;
    if touched("discount") {
        change.discount = reduction(&mut wrong, "discount", "discount");
    }
    if touched("shipping_fee") {
        change.shipping_fee = money(&mut wrong, "shipping_fee", "shipping_fee");
    }
    if touched("cod_fee") {
        change.cod_fee = money(&mut wrong, "cod_fee", "cod_fee");
    }
    if touched("contact_name") {
        change.contact_name = Some(typed.get("contact_name").to_owned());
    }
    if touched("contact_phone") {
        change.contact_phone = Some(typed.filled("contact_phone"));
    }
    if ["line1", "line2", "city", "province"].into_iter().any(touched) {
        // Where dots stand, nobody typed: the street stays as it is.
        let kept = |name: &str, now: &Option<String>| if mask::has_dots(typed.get(name)) { now.clone() } else { typed.filled(name) };
        change.shipping_address = Some(NewAddress {
            line1: kept("line1", &order.line1).unwrap_or_default(),
            line2: kept("line2", &order.line2),
            city: typed.filled("city"),
            district: order.district.clone().filter(|_| !touched("city") && !touched("province")),
            province: typed.filled("province"),
            country: Some(order.country),
            postal_code: order.postal_code.clone().filter(|_| !touched("city") && !touched("province")),
            ..NewAddress::default()
        });
    }
    let customer = typed.read::<CustomerId>("use").or_else(|| typed.read("customer_id").filter(|_| touched("customer_id")));
    change.customer_id = customer.filter(|customer| Some(*customer) != order.customer_id);
    (change, wrong)
}

fn lines_alone(sheet: &Sheet) -> Sheet {
    Sheet { lines: sheet.lines.clone(), ..Sheet::default() }
}

/// The fields of a form that somebody touched and that stand otherwise by now than the form showed.
fn overtaken(typed: &Typed, now: &BTreeMap<String, String>) -> Vec<String> {
    let is_overtaken = |(name, now): &(&String, &String)| {
        let was = format!("was.{name}");
        typed.has(&was) && typed.get(name) != typed.get(&was) && typed.get(&was) != now.trim() && typed.get(name) != now.trim()
    };
    now.iter().filter(is_overtaken).map(|(name, _)| name.clone()).collect()
}

/// `GET /app/orders/{id}/edit`
async fn show(Path(id): Path<OrderId>, edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    page(&edge, &info, &headers, id, None, &Typed::default(), Said::default()).await
}

/// `GET /app/orders/{id}/edits/{edit_id}`
async fn show_one(Path(Two(id, edit)): Path<Two<OrderId, EditId>>, edge: Edge, info: Info, headers: HeaderMap) -> Outcome<Response> {
    page(&edge, &info, &headers, id, Some(edit), &Typed::default(), Said::default()).await
}

/// The form: of the order, of a proposal with what it would do, or as it was typed.
async fn page(edge: &Edge, info: &Info, headers: &HeaderMap, id: OrderId, edit: Option<EditId>, typed: &Typed, said: Said) -> Outcome<Response> {
    let own = typed.clone();
    let read = edge.read(move |tx, ctx| {
        let preview = match edit {
            Some(edit) => Some(orders::preview_edit(tx, ctx, id, edit, payments::owed)?),
            None => None,
        };
        let loaded = load(tx, ctx, id, &own)?;
        Ok((loaded, preview))
    });
    let (loaded, preview) = read.await?;
    render(edge, info, headers, loaded, preview, typed, said)
}

fn render(
    edge: &Edge,
    info: &Info,
    headers: &HeaderMap,
    loaded: Loaded,
    preview: Option<EditPreview>,
    typed: &Typed,
    said: Said,
) -> Outcome<Response> {
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let id = loaded.order.id;
    let number = number_of(say, &loaded.order.number);
    let here = match &preview {
        Some(preview) => format!("/app/orders/{id}/edits/{}", preview.edit.id),
        None => format!("/app/orders/{id}/edit"),
    };
    let place = Place {
        title: say.one("edit-window", "number", &number),
        back: Some(format!("/app/orders/{id}")),
        crumb: say.t("edit-title"),
        here: here.clone(),
        toast: None,
    };
    let page = loaded.reader.shell(ctx, info, place).under(vec![(format!("/app/orders/{id}"), number)]);
    let status = said.status;
    let form = View::new(ctx, &page.csrf, here, loaded, preview, typed, said);
    let mut response =
        if is_part(headers) { html(&EditPart { form })? } else { html(&EditPage { here: Here::unasked(say, id, "edit"), form, page })? };
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /app/orders/{id}/edit`: a button of the form, or the beginning of a proposal.
async fn propose(Path(id): Path<OrderId>, edge: Edge, info: Info, headers: HeaderMap, Form(typed): Form<Typed>) -> Outcome<Response> {
    if typed.get("do") != "preview" {
        return page(&edge, &info, &headers, id, None, &typed, Said::typed()).await;
    }
    let own = typed.clone();
    let begun = edge.write(move |tx, ctx| {
        let loaded = load(tx, ctx, id, &own)?;
        let overtaken = overtaken(&own, &texts(ctx, &loaded.order, &loaded.lines));
        if !overtaken.is_empty() {
            return Ok(Err(overtaken));
        }
        let (change, wrong) = change_of(&own, &loaded.order, &loaded.lines, &loaded.sheet, &loaded.store);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        if change == (EditChange { note: change.note.clone(), ..EditChange::default() }) {
            return Err(Error::conflict("edit.nothing"));
        }
        Ok(Ok(orders::begin_edit(tx, ctx, id, &change, payments::owed)?.edit.id))
    });
    match begun.await {
        Ok(Ok(edit)) => Ok(see(&format!("/app/orders/{id}/edits/{edit}"))),
        Ok(Err(overtaken)) => page(&edge, &info, &headers, id, None, &typed, Said::overtaken(edge.ctx.locale, overtaken)).await,
        Err(error) => wrong(&edge, &info, &headers, id, None, &typed, error).await,
    }
}

/// `POST /app/orders/{id}/edits/{edit_id}`: a button of the form, or what the proposal shall say instead.
async fn revise(
    Path(Two(id, edit)): Path<Two<OrderId, EditId>>,
    edge: Edge,
    info: Info,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let own = typed.clone();
    let revised = edge.write(move |tx, ctx| {
        let loaded = load(tx, ctx, id, &own)?;
        let (change, wrong) = change_of(&own, &loaded.order, &loaded.lines, &loaded.sheet, &loaded.store);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let revised = ReviseEdit { change, version: None, order_version: None };
        let preview = orders::revise_edit(tx, ctx, id, edit, &revised, payments::owed)?;
        Ok((loaded, preview))
    });
    match revised.await {
        // What was typed stands in the proposal now; only what is being looked for does not.
        Ok((loaded, preview)) if typed.get("do") != "preview" => render(&edge, &info, &headers, loaded, Some(preview), &typed, Said::typed()),
        Ok(_) => Ok(see(&format!("/app/orders/{id}/edits/{edit}"))),
        Err(error) => wrong(&edge, &info, &headers, id, Some(edit), &typed, error).await,
    }
}

/// The form again, with what is wrong with it.
async fn wrong(edge: &Edge, info: &Info, headers: &HeaderMap, id: OrderId, edit: Option<EditId>, typed: &Typed, error: Error) -> Outcome<Response> {
    let problem = Problem::from(error);
    if !matches!(problem.status().as_u16(), 409 | 422) {
        return Err(problem);
    }
    page(edge, info, headers, id, edit, typed, Said::problem(edge.ctx.locale, &problem)).await
}

/// `POST /app/orders/{id}/edits/{edit_id}/apply`
async fn apply(
    Path(Two(id, edit)): Path<Two<OrderId, EditId>>,
    edge: Edge,
    info: Info,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let wanted = ApplyEdit { version: typed.read("version"), merges: typed.has("merge") };
    match edge.write(move |tx, ctx| orders::apply_edit(tx, ctx, id, edit, &wanted, payments::owed)).await {
        Ok(edited) => Ok(see(&format!("/app/orders/{id}?done=edited&event={}", edited.event))),
        Err(Error::Conflict { code: "edit.applied", .. }) => Ok(see(&format!("/app/orders/{id}?done=edited"))),
        // The page shows both sides by itself.
        Err(error) => wrong(&edge, &info, &headers, id, Some(edit), &Typed::default(), error).await,
    }
}

/// `POST /app/orders/{id}/edits/{edit_id}/merge`: for each field that two people changed, whose value stands; then it is applied.
async fn merge(
    Path(Two(id, edit)): Path<Two<OrderId, EditId>>,
    edge: Edge,
    info: Info,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Outcome<Response> {
    let order_version: Option<Version> = typed.read("order_version");
    let own = typed.clone();
    let merged = edge.write(move |tx, ctx| {
        let preview = orders::preview_edit(tx, ctx, id, edit, payments::owed)?;
        let change = merged_change(&own, preview.edit);
        let order_version = Some(order_version.unwrap_or(preview.before.version));
        let revised = ReviseEdit { change, version: None, order_version };
        let preview = orders::revise_edit(tx, ctx, id, edit, &revised, payments::owed)?;
        if preview.fields.is_empty() {
            // Theirs in everything: nothing is left to do.
            orders::drop_edit(tx, ctx, id, edit)?;
            return Ok(None);
        }
        orders::apply_edit(tx, ctx, id, edit, &ApplyEdit::default(), payments::owed).map(Some)
    });
    match merged.await {
        Ok(Some(edited)) => Ok(see(&format!("/app/orders/{id}?done=edited&event={}", edited.event))),
        Ok(None) => Ok(see(&format!("/app/orders/{id}?done=dropped"))),
        Err(error) => wrong(&edge, &info, &headers, id, Some(edit), &Typed::default(), error).await,
    }
}

/// A proposal without the fields whose other side was picked.
fn merged_change(typed: &Typed, edit: Edit) -> EditChange {
    let mut change = edit.change;
    let picked = typed.pairs().iter().filter(|(name, value)| name.starts_with("pick.") && value == "theirs");
    for (name, _) in picked {
        leave_out(&mut change, name.trim_start_matches("pick."));
    }
    change
}

/// Leaves a field of a proposal as it stands.
fn leave_out(change: &mut EditChange, field: &str) {
    match field {
        "discount" => change.discount = None,
        "shipping_fee" => change.shipping_fee = None,
        "cod_fee" => change.cod_fee = None,
        "shipping_address" => change.shipping_address = None,
        "contact_name" => change.contact_name = None,
        "contact_phone" => change.contact_phone = None,
        "customer_id" => change.customer_id = None,
        other => {
            let Some((line, what)) = other.strip_prefix("lines.").and_then(|rest| rest.split_once('.')) else { return };
            let Ok(id) = line.parse::<LineId>() else { return };
            change.remove_lines.retain(|one| *one != id);
            change.replace_lines.retain(|one| one.line != id);
            for one in change.change_lines.iter_mut().filter(|one| one.line == id) {
                match what {
                    "quantity" => one.quantity = None,
                    "unit_price" => one.unit_price = None,
                    "discount" => one.discount = None,
                    _ => {}
                }
            }
            change.change_lines.retain(|one| *one != LineChange::of(one.line));
        }
    }
}

/// `POST /app/orders/{id}/edits/{edit_id}/drop`
async fn drop_one(Path(Two(id, edit)): Path<Two<OrderId, EditId>>, edge: Edge) -> Outcome<Response> {
    edge.write(move |tx, ctx| orders::drop_edit(tx, ctx, id, edit)).await?;
    Ok(see(&format!("/app/orders/{id}?done=dropped")))
}

/// What a page answers where nothing is wrong.
pub(super) const FINE: StatusCode = StatusCode::OK;

#[cfg(test)]
mod tests {
    use kernel::{Amount, Currency};

    use super::*;

    #[test]
    fn the_side_that_is_not_picked_leaves_the_proposal() {
        let line: LineId = "lin_0000000000001".parse().unwrap();
        let money = Money { amount: Amount(5), currency: Currency::DZD };
        let mut change = EditChange {
            change_lines: vec![LineChange { quantity: Some(2), unit_price: Some(money), ..LineChange::of(line) }],
            shipping_fee: Some(money),
            ..EditChange::default()
        };
        leave_out(&mut change, "shipping_fee");
        leave_out(&mut change, "lines.lin_0000000000001.quantity");
        assert_eq!((change.shipping_fee, change.change_lines[0].quantity, change.change_lines[0].unit_price), (None, None, Some(money)));
        leave_out(&mut change, "lines.lin_0000000000001.unit_price");
        leave_out(&mut change, "nonsense");
        assert_eq!(change, EditChange::default());
        let mut change = EditChange { remove_lines: vec![line], ..EditChange::default() };
        leave_out(&mut change, "lines.lin_0000000000001.thing");
        assert_eq!(change, EditChange::default());
    }
}
