//! Two records of one person made one: who it could be, both side by side with what would move, and the way back.

use axum::http::{Method, Uri};
use axum::response::Response;
use base::{Ctx, Edge};
use care::Preview;
use customers::merge::{Choices, side};
use customers::{Customer, CustomerFilter};
use db::Tx;
use kernel::{Check, CustomerId, Error, Locale, MergeId, Permission, Phone};

use super::detail::{act, refused};
use super::detail_view::language_name;
use super::query::HOME;
use super::view::{Candidate, MergeChoice, MergePage, Person, PickPage, home_country, likeness};
use crate::error::{Outcome, Problem};
use crate::extract::{Form, Info, Path};
use crate::format::Format;
use crate::pages::context::{Place, Reader, html, see};
use crate::pages::typed::Typed;
use crate::router::{Access, Route};
use crate::words::Words;

/// Customers that a search offers.
const FOUND: u32 = 10;

pub(super) fn routes() -> Vec<Route> {
    let merge = Access::Needs(Permission::CustomerMerge);
    vec![
        Route::page(Method::GET, "/app/customers/{id}/merge", merge, "page_merge", show),
        Route::page(Method::POST, "/app/customers/{id}/merge", merge, "page_merge_customers", join),
        Route::page(Method::POST, "/app/customers/{id}/unmerge", merge, "page_unmerge_customers", part),
    ]
}

/// What the address says besides the customer.
#[derive(Default)]
struct Asked {
    with: Option<CustomerId>,
    q: String,
}

impl Asked {
    fn read(uri: &Uri) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "with" => asked.with = value.parse().ok(),
                "q" => kernel::cut(value.trim(), 200).replace('\0', "").clone_into(&mut asked.q),
                _ => {}
            }
        }
        asked
    }
}

/// `GET /app/customers/{id}/merge`: the record in the address stays, the one behind `with` becomes part of it.
async fn show(Path(id): Path<CustomerId>, edge: Edge, info: Info, uri: Uri) -> Outcome<Response> {
    let asked = Asked::read(&uri);
    match asked.with {
        Some(gone) => html(&compare(&edge, &info, id, gone, None).await?),
        None => pick(&edge, &info, id, asked.q).await,
    }
}

async fn pick(edge: &Edge, info: &Info, id: CustomerId, q: String) -> Outcome<Response> {
    let asked = q.clone();
    let (reader, customer, twins, found) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let country = home_country(&reader);
            let customer = customers::find(tx, ctx, id)?;
            let pairs = care::twins(tx, ctx, customer.id)?;
            let twins: Vec<(Person, Vec<&'static str>)> = pairs
                .into_iter()
                .map(|pair| (Person::of(ctx, country, &pair.other, &pair.other_phones), pair.reasons.iter().map(|why| likeness(*why)).collect()))
                .collect();
            let found = if asked.is_empty() { Vec::new() } else { search(tx, ctx, country, customer.id, asked.clone())? };
            Ok((reader, customer, twins, found))
        })
        .await?;
    let say = Words { locale: edge.ctx.locale };
    let (back, name) = super::forms::back_to(say, &customer);
    let title = say.t("customers-merge-title");
    let place = Place {
        title: say.one("customers-form-window", "heading", &title),
        back: Some(back.clone()),
        crumb: title,
        here: format!("{back}/merge"),
        toast: None,
    };
    let page = reader.shell(&edge.ctx, info, place).under(vec![(back, name.clone())]);
    html(&PickPage { page, id: customer.id.to_string(), name, has_searched: !q.is_empty(), q, twins, found })
}

fn search(tx: &mut Tx, ctx: &Ctx, country: kernel::Country, id: CustomerId, text: String) -> Result<Vec<Person>, Error> {
    let filter = CustomerFilter { search: Some(text), country: Some(country), with_archived: true, limit: FOUND, ..CustomerFilter::default() };
    let mut found = Vec::new();
    for row in customers::list(tx, ctx, &filter)?.items.into_iter().filter(|row| row.id != id) {
        let customer = customers::find(tx, ctx, row.id)?;
        let phones: Vec<Phone> = row.phone.into_iter().collect();
        found.push(Person::of(ctx, country, &customer, &phones));
    }
    Ok(found)
}

async fn compare(edge: &Edge, info: &Info, kept: CustomerId, gone: CustomerId, tried: Option<(&Typed, &Problem)>) -> Outcome<MergePage> {
    let (reader, kept_side, gone_side, preview) = edge
        .read(move |tx, ctx| {
            let reader = Reader::load(tx, ctx)?;
            let preview = care::preview(tx, ctx, kept, gone)?;
            let format = reader.format(ctx);
            let one = candidate(tx, ctx, &reader, &format, &preview.kept)?;
            let other = candidate(tx, ctx, &reader, &format, &preview.gone)?;
            Ok((reader, one, other, preview))
        })
        .await?;
    let ctx = &edge.ctx;
    let say = Words { locale: ctx.locale };
    let format = reader.format(ctx);
    let (back, name) = super::forms::back_to(say, &preview.kept);
    let title = say.t("customers-merge-title");
    let place = Place {
        title: say.one("customers-form-window", "heading", &title),
        back: Some(back.clone()),
        crumb: title,
        here: format!("{back}/merge?with={gone}"),
        toast: None,
    };
    let page = reader.shell(ctx, info, place).under(vec![(back.clone(), name)]);
    Ok(MergePage {
        page,
        problem: tried.map(|(_, problem)| match problem.errors().first() {
            Some(error) => Problem::field_message(ctx.locale, error),
            None => problem.title(ctx.locale),
        }),
        swap: format!("{HOME}/{gone}/merge?with={kept}"),
        back,
        choices: choices(ctx, say, &preview, tried.map(|(typed, _)| typed)),
        moves: moves(say, &format, &preview),
        sums: preview
            .sums
            .iter()
            .map(|(currency, (orders, _, spent))| {
                (say.count("customers-orders-n", *orders, &format.number(*orders)), format.money(*spent, *currency))
            })
            .collect(),
        is_slow: preview.is_slow,
        kept: kept_side.person.id.clone(),
        gone: gone_side.person.id.clone(),
        sides: vec![kept_side, gone_side],
    })
}

/// One of the two, with what tells them apart.
fn candidate(tx: &mut Tx, ctx: &Ctx, reader: &Reader, format: &Format, customer: &Customer) -> Result<Candidate, Error> {
    let say = Words { locale: ctx.locale };
    let detail = customers::detail(tx, ctx, customer.id)?;
    let phones: Vec<Phone> = detail.phones.iter().map(|row| row.phone.clone()).collect();
    let sum = |part: fn(&customers::StoreTotals) -> i64| detail.totals.iter().map(part).sum::<i64>();
    let mut facts = vec![
        (say.t("customers-orders"), format.number(sum(|one| one.orders))),
        (say.t("customers-delivered"), format.number(sum(|one| one.delivered))),
        (say.t("customers-returned"), format.number(sum(|one| one.returned))),
        (say.t("customers-language"), customer.language.map_or_else(|| "–".to_owned(), |language| language_name(say, language))),
        (say.t("customers-known-since"), format.date(customer.created_at)),
    ];
    if let Some(address) = detail.addresses.first() {
        facts.push((say.t("customers-address"), super::detail_view::address_lines(ctx, address).join(", ")));
    }
    Ok(Candidate { person: Person::of(ctx, home_country(reader), customer, &phones), facts })
}

fn choices(ctx: &Ctx, say: Words, preview: &Preview, typed: Option<&Typed>) -> Vec<MergeChoice> {
    let choice = |conflict: &care::Conflict| {
        let shown = |text: &str| match conflict.field {
            "email" => customers::shown_email(ctx, text),
            "language" => text.parse::<Locale>().map_or_else(|_| text.to_owned(), |language| language_name(say, language)),
            _ => text.to_owned(),
        };
        let label = match conflict.field {
            "email" => "customers-email",
            "language" => "customers-language",
            _ => "customers-name",
        };
        MergeChoice {
            name: conflict.field,
            label: say.t(label),
            kept: shown(&conflict.kept),
            gone: shown(&conflict.gone),
            is_gone: typed.is_some_and(|typed| typed.get(conflict.field) == "gone"),
        }
    };
    preview.conflicts.iter().map(choice).collect()
}

fn moves(say: Words, format: &Format, preview: &Preview) -> Vec<(String, String)> {
    let counts = &preview.counts;
    let all = [
        ("customers-moves-orders", preview.orders),
        ("customers-phones", counts.phones),
        ("customers-addresses", counts.addresses),
        ("customers-notes", counts.notes),
        ("customers-flags", counts.flags),
        ("customers-consents", counts.consents),
    ];
    all.into_iter().map(|(key, count)| (say.t(key), format.number(count))).collect()
}

/// `POST /app/customers/{id}/merge`
async fn join(Path(id): Path<CustomerId>, edge: Edge, info: Info, Form(typed): Form<Typed>) -> Outcome<Response> {
    let Some(gone) = typed.read::<CustomerId>("gone_id") else {
        edge.read(move |tx, ctx| customers::find(tx, ctx, id)).await?;
        return Ok(see(&format!("{HOME}/{id}/merge")));
    };
    let mut check = Check::new();
    let word = |name: &str| typed.filled(name);
    let choices = Choices {
        name: side(&mut check, "name", word("name").as_deref()),
        email: side(&mut check, "email", word("email").as_deref()),
        language: side(&mut check, "language", word("language").as_deref()),
    };
    check.done()?;
    match edge.write(move |tx, ctx| care::merge(tx, ctx, id, gone, &choices)).await {
        Ok(merged) => Ok(see(&format!("{HOME}/{}?done=merged&event={}", merged.merge.kept_id, merged.merge.id))),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. } | Error::Stale { .. })) => {
            let problem = Problem::from(error);
            match compare(&edge, &info, id, gone, Some((&typed, &problem))).await {
                Ok(page) => {
                    let mut response = html(&page)?;
                    *response.status_mut() = problem.status();
                    Ok(response)
                }
                // What stands in the way of the merge stands in the way of looking at it, too.
                Err(_) => refused(&edge, &info, id, &problem).await,
            }
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /app/customers/{id}/unmerge`: the merge stands in the form, or in the address where a toast offers the way back.
async fn part(Path(id): Path<CustomerId>, edge: Edge, info: Info, uri: Uri, Form(typed): Form<Typed>) -> Outcome<Response> {
    let asked =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "merge").map(|(_, value)| value.into_owned());
    let merge: Option<MergeId> = typed.read("merge").or_else(|| asked.and_then(|text| text.parse().ok()));
    act(&edge, &info, id, "unmerged", move |tx, ctx| {
        let customer = customers::find(tx, ctx, id)?;
        let merge = merge.ok_or(Error::not_found("merge"))?;
        if customers::merge::find(tx, ctx, merge)?.kept_id != customer.id {
            return Err(Error::not_found("merge"));
        }
        care::unmerge(tx, ctx, merge).map(drop)
    })
    .await
}
