//! What the form of an edit shows: what stands, what was typed, and what a proposal would do.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::Store;
use askama::Template;
use axum::http::StatusCode;
use base::{Ctx, places};
use catalogue::Variant;
use customers::{Customer, CustomerRow};
use kernel::{Amount, FieldError, Locale, UserId};
use orders::{Edit, EditField, EditPreview, Line, LinePreview, LineStep, Order};

use super::edit::{FINE, texts, with_change};
use super::page_view::Pair;
use super::people::Here;
use super::story::{field_name, user_of, value_text};
use crate::error::Problem;
use crate::format::{Format, MoneyParts, dotted};
use crate::pages::context::Reader;
use crate::pages::drafts::desk::provinces;
use crate::pages::drafts::sheet::{Sheet, field_of, province_code};
use crate::pages::drafts::view::LineView;
use crate::pages::typed::Typed;
use crate::pages::view::{Choosable, Shell};
use crate::words::Words;

/// `GET /app/orders/{id}/edit`, `GET /app/orders/{id}/edits/{edit_id}`
#[derive(Template)]
#[template(path = "orders/edit.html")]
pub(crate) struct EditPage {
    pub(crate) page: Shell,
    /// Who else has the order open.
    pub(crate) here: Here,
    pub(crate) form: Form,
}

/// The form alone, for one that is being typed in.
#[derive(Template)]
#[template(path = "orders/edit_form.html")]
pub(crate) struct EditPart {
    pub(crate) form: Form,
}

/// What was read for a form.
pub(super) struct Loaded {
    pub(super) reader: Reader,
    pub(super) store: Arc<Store>,
    pub(super) order: Order,
    pub(super) lines: Vec<Line>,
    pub(super) sheet: Sheet,
    pub(super) found: Vec<Variant>,
    pub(super) people: Vec<CustomerRow>,
    pub(super) customer: Option<Customer>,
    pub(super) others: Vec<Edit>,
    pub(super) authors: BTreeMap<UserId, String>,
}

/// What is said above a form, and whether it shows what was typed.
pub(super) struct Said {
    pub(super) status: StatusCode,
    notice: Option<String>,
    errors: Vec<FieldError>,
    overtaken: Vec<String>,
    is_typed: bool,
}

impl Default for Said {
    fn default() -> Said {
        Said { status: FINE, notice: None, errors: Vec::new(), overtaken: Vec::new(), is_typed: false }
    }
}

impl Said {
    /// Nothing is wrong; the form is shown as it was typed.
    pub(super) fn typed() -> Said {
        Said { is_typed: true, ..Said::default() }
    }

    /// Somebody else changed what was typed in meanwhile.
    pub(super) fn overtaken(locale: Locale, overtaken: Vec<String>) -> Said {
        let notice = Some(Words { locale }.t("edit-overtaken"));
        Said { status: StatusCode::CONFLICT, notice, overtaken, is_typed: true, ..Said::default() }
    }

    /// It did not go through.
    pub(super) fn problem(locale: Locale, problem: &Problem) -> Said {
        let say = Words { locale };
        let notice = if problem.errors().is_empty() { problem.title(locale) } else { say.t("draft-wrong") };
        Said { status: problem.status(), notice: Some(notice), errors: problem.errors().to_vec(), is_typed: true, ..Said::default() }
    }
}

/// The form with everything around it.
pub(crate) struct Form {
    pub(crate) say: Words,
    pub(crate) csrf: String,
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) notice: Option<String>,
    /// Other proposals that are open.
    pub(crate) others: Vec<(String, String)>,
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) was: BTreeMap<String, String>,
    pub(crate) lines: Vec<EditLine>,
    pub(crate) added: Vec<LineView>,
    pub(crate) find: String,
    pub(crate) found: Vec<(String, String, String, String)>,
    pub(crate) provinces: Vec<Choosable>,
    pub(crate) cities: Vec<String>,
    pub(crate) who: String,
    pub(crate) people: Vec<(String, String, String)>,
    pub(crate) customer: String,
    pub(crate) note: String,
    pub(crate) open: Vec<EditField>,
    pub(crate) errors: BTreeMap<String, String>,
    pub(crate) preview: Option<PreviewView>,
}

/// A line that stands.
pub(crate) struct EditLine {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) is_gone: bool,
}

/// What a proposal would do.
pub(crate) struct PreviewView {
    pub(crate) href: String,
    pub(crate) version: i64,
    pub(crate) order_version: i64,
    pub(crate) lines: Vec<DiffLine>,
    pub(crate) changes: Vec<Diff>,
    pub(crate) sums: Vec<Diff>,
    pub(crate) before: String,
    pub(crate) after: Option<MoneyParts>,
    /// What the door would collect more or less, in words.
    pub(crate) difference: String,
    pub(crate) is_more: bool,
    pub(crate) refusals: Vec<String>,
    /// What somebody else changed since, beside each other.
    pub(crate) sides: Vec<Sides>,
    /// What they changed and this does not touch.
    pub(crate) theirs: Vec<Pair>,
    pub(crate) can_apply: bool,
}

/// A line before and after.
pub(crate) struct DiffLine {
    pub(crate) title: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) key: &'static str,
    pub(crate) tone: &'static str,
}

/// A fact before and after.
pub(crate) struct Diff {
    pub(crate) label: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// A field that two people changed.
pub(crate) struct Sides {
    pub(crate) field: String,
    pub(crate) label: String,
    pub(crate) base: String,
    pub(crate) theirs: String,
    pub(crate) mine: String,
}

impl Form {
    pub(super) fn new(ctx: &Ctx, csrf: &str, action: String, loaded: Loaded, preview: Option<EditPreview>, typed: &Typed, said: Said) -> Form {
        let say = Words { locale: ctx.locale };
        let Loaded { reader, store, order, lines, sheet, found, people, customer, others, authors } = loaded;
        let format = reader.format(ctx).of_store(store.number_style, &store.zone);
        let was = texts(ctx, &order, &lines);
        let (mut texts, mut added) = match &preview {
            Some(preview) => with_change(ctx, &order, was.clone(), &preview.edit.change),
            None => (was.clone(), Sheet::default()),
        };
        if said.is_typed {
            for (name, text) in &mut texts {
                let is_gone = name.starts_with("gone.");
                if typed.has(name) || is_gone {
                    typed.get(name).clone_into(text);
                }
            }
            if let Some(customer) = typed.filled("use") {
                texts.insert("customer_id".to_owned(), customer);
            }
            added = Sheet { find: sheet.find.clone(), ..sheet };
        }
        let mut errors: BTreeMap<String, String> = BTreeMap::new();
        for error in &said.errors {
            errors.insert(own_field(&error.field, preview.as_ref(), typed), Problem::field_message(say.locale, error));
        }
        for name in &said.overtaken {
            errors.insert(name.clone(), say.one("edit-stands", "value", was.get(name).map_or("", String::as_str)));
        }
        let open_edit = preview.as_ref().map(|preview| preview.edit.id);
        let other = |edit: &Edit| {
            let who = user_of(edit.author).and_then(|id| authors.get(&id).cloned()).unwrap_or_else(|| say.t("history-somebody"));
            let text = say.with("edit-other", &[("who", who), ("at", format.moment(edit.created_at))]);
            (format!("/app/orders/{}/edits/{}", order.id, edit.id), text)
        };
        let code = province_code(order.country, texts.get("province").map_or("", String::as_str));
        let is_arabic = say.locale.is_right_to_left();
        Form {
            say,
            csrf: csrf.to_owned(),
            action,
            back: format!("/app/orders/{}", order.id),
            notice: said.notice,
            others: others.iter().filter(|edit| Some(edit.id) != open_edit).map(other).collect(),
            lines: lines.iter().map(|line| edit_line(line, &texts)).collect(),
            added: added.lines.iter().map(|line| LineView::of(line, String::new())).collect(),
            find: added.find.clone(),
            found: found.iter().map(|one| found_row(&format, one)).collect(),
            provinces: provinces(say.locale, order.country, &code),
            cities: places::districts(order.country, &code).iter().map(|one| if is_arabic { &one.local_name } else { &one.name }).cloned().collect(),
            who: typed.get("who").to_owned(),
            people: people
                .iter()
                .map(|row| {
                    let phone = row.phone.as_ref().map(|phone| customers::shown_phone(ctx, phone)).unwrap_or_default();
                    (row.id.to_string(), row.name.clone(), phone)
                })
                .collect(),
            customer: customer.map(|customer| customer.name).unwrap_or_default(),
            note: preview
                .as_ref()
                .and_then(|preview| preview.edit.change.note.clone())
                .filter(|_| !said.is_typed)
                .unwrap_or_else(|| typed.get("note").to_owned()),
            open: orders::open_fields(order.state),
            preview: preview.map(|preview| view(ctx, say, &format, preview)),
            errors,
            texts,
            was,
        }
    }

    /// Whether a part may change now.
    pub(crate) fn may(&self, field: &str) -> bool {
        self.open.iter().any(|open| open.as_str() == field)
    }

    /// What stands in a field.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// What stands in a field of a line.
    pub(crate) fn of(&self, what: &str, line: &str) -> &str {
        self.texts.get(&format!("{what}.{line}")).map_or("", String::as_str)
    }

    /// What is wrong with a field.
    pub(crate) fn wrong(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// What is wrong with a field of a line.
    pub(crate) fn wrong_of(&self, what: &str, line: &str) -> Option<&str> {
        self.errors.get(&format!("{what}.{line}")).map(String::as_str)
    }

    /// What is wrong with a field of a line more.
    pub(crate) fn wrong_in(&self, what: &str, at: &usize) -> Option<&str> {
        self.errors.get(&format!("{what}.{at}")).map(String::as_str)
    }
}

/// The field of the form that an error of an edit is about.
fn own_field(error: &str, preview: Option<&EditPreview>, typed: &Typed) -> String {
    if let Some(rest) = error.strip_prefix("change_lines[")
        && let Some((at, what)) = rest.split_once("].")
        && let Some(preview) = preview
        && let Some(line) = at.parse::<usize>().ok().and_then(|at| preview.edit.change.change_lines.get(at))
    {
        let what = if what == "unit_price" { "price" } else { what };
        return format!("{what}.{}", line.line);
    }
    if let Some(rest) = error.strip_prefix("change_lines[")
        && let Some((_, what)) = rest.split_once("].")
    {
        // Of a form that is no proposal yet: the first line whose field was touched.
        let what = if what == "unit_price" { "price" } else { what };
        let prefix = format!("{what}.lin_");
        let touched = typed.pairs().iter().find(|(name, value)| name.starts_with(&prefix) && value.trim() != typed.get(&format!("was.{name}")));
        if let Some((name, _)) = touched {
            return name.clone();
        }
    }
    match error.strip_prefix("add_lines[") {
        Some(rest) => field_of(&format!("lines[{rest}")),
        None if error.contains(".lin_") => error.to_owned(),
        None => error.strip_prefix("shipping_address.").unwrap_or(error).to_owned(),
    }
}

fn edit_line(line: &Line, texts: &BTreeMap<String, String>) -> EditLine {
    EditLine {
        id: line.id.to_string(),
        title: line.title.clone(),
        note: dotted([&line.variant, &line.sku]),
        is_gone: texts.get(&format!("gone.{}", line.id)).is_some_and(|text| !text.is_empty()),
    }
}

fn found_row(format: &Format, one: &Variant) -> (String, String, String, String) {
    (one.id.to_string(), one.title.clone(), dotted([&one.variant, &one.sku]), format.money(one.price, one.currency))
}

fn view(ctx: &Ctx, say: Words, format: &Format, preview: EditPreview) -> PreviewView {
    let (before, currency) = (&preview.before, preview.before.currency);
    let money = |amount: Amount| format.money(amount, currency);
    let difference = preview.after.as_ref().map_or(Amount::ZERO, |after| after.to_collect - before.to_collect);
    let mut sums = Vec::new();
    if let Some(after) = &preview.after {
        let mut add = |key: &str, of: fn(&Order) -> Amount| {
            if of(before) != of(after) {
                sums.push(Diff { label: say.t(key), before: money(of(before)), after: money(of(after)) });
            }
        };
        add("order-subtotal", |order| order.subtotal);
        add("order-discount", |order| order.discount);
        add("order-shipping-fee", |order| order.shipping_fee);
        add("order-cod-fee", |order| order.cod_fee);
        add("order-field-tax", |order| order.tax);
        add("order-payment-due", |order| order.to_collect);
    }
    let is_money =
        |field: &str| matches!(field, "subtotal" | "discount" | "shipping_fee" | "cod_fee" | "tax" | "total" | "to_collect" | "payment_state");
    let text = |field: &str, value: &serde_json::Value| value_text(say, format, currency, field, &customers::shown_value(ctx, field, value.clone()));
    let changes = preview.changes.iter().filter(|one| !is_money(&one.field) && !one.field.starts_with("lines"));
    let changes =
        changes.map(|one| Diff { label: field_name(say, &one.field), before: text(&one.field, &one.before), after: text(&one.field, &one.after) });
    let title_of = |field: &str| {
        let id = field.strip_prefix("lines.").and_then(|rest| rest.split('.').next());
        let line = preview.lines.iter().find_map(|one| one.before.as_ref().filter(|line| Some(line.id.to_string().as_str()) == id));
        line.map(|line| line.title.clone())
    };
    let label = |field: &str| {
        let name = field_name(say, field);
        title_of(field).map_or(name.clone(), |title| format!("{title} · {name}"))
    };
    let side = |one: &orders::Differing| Sides {
        field: one.field.clone(),
        label: label(&one.field),
        base: text(&one.field, &one.base),
        theirs: text(&one.field, &one.theirs),
        mine: text(&one.field, one.mine.as_ref().unwrap_or(&serde_json::Value::Null)),
    };
    let closed = preview.closed.iter().map(|field| {
        let error = FieldError::new(field.as_str(), "edit.field_closed").with("state", before.state);
        format!("{}: {}", field_name(say, field.as_str()), Problem::field_message(say.locale, &error))
    });
    let wrong = preview.wrong.iter().map(|error| Problem::field_message(say.locale, error));
    let refusals: Vec<String> = closed.chain(wrong).collect();
    let has_overlap = preview.differing.iter().any(|one| one.overlaps);
    PreviewView {
        href: format!("/app/orders/{}/edits/{}", preview.edit.order_id, preview.edit.id),
        version: preview.edit.version,
        order_version: before.version,
        lines: preview.lines.iter().filter(|line| line.step != LineStep::Kept).map(|line| diff_line(format, currency, line)).collect(),
        changes: changes.collect(),
        sums,
        before: money(before.total),
        after: preview.after.as_ref().map(|after| format.money_parts(after.total, currency)),
        is_more: difference > Amount::ZERO,
        difference: match difference {
            Amount::ZERO => say.t("edit-same"),
            more if more > Amount::ZERO => say.one("edit-more", "amount", money(more)),
            less => say.one("edit-less", "amount", money(-less)),
        },
        can_apply: refusals.is_empty() && preview.after.is_some() && !preview.fields.is_empty() && !has_overlap,
        refusals,
        sides: preview.differing.iter().filter(|one| one.overlaps).map(side).collect(),
        theirs: preview
            .differing
            .iter()
            .filter(|one| !one.overlaps)
            .map(|one| Pair { label: label(&one.field), value: text(&one.field, &one.theirs) })
            .collect(),
    }
}

fn diff_line(format: &Format, currency: kernel::Currency, line: &LinePreview) -> DiffLine {
    let text = |line: &Line| {
        let less = if line.discount == Amount::ZERO { String::new() } else { format!(" − {}", format.amount(line.discount, currency)) };
        format!("{} × {}{less}", format.number(line.quantity), format.amount(line.unit_price, currency))
    };
    let (key, tone) = match line.step {
        LineStep::Added => ("edit-step-added", "ok"),
        LineStep::Removed => ("edit-step-removed", "bad"),
        LineStep::Replaced => ("edit-step-replaced", "info"),
        LineStep::Kept | LineStep::Changed => ("edit-step-changed", "info"),
    };
    let shown = line.after.as_ref().or(line.before.as_ref());
    DiffLine {
        title: shown.map(|line| line.title.clone()).unwrap_or_default(),
        before: line.before.as_ref().map(text),
        after: line.after.as_ref().map(text),
        key,
        tone,
    }
}
