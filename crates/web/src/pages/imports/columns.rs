//! Which column is which field, as a form: made from a guess or a mapping, and read back into one.

use kernel::{Channel, OrderState, PaymentMethod, Priority};
use store_sync::{ColumnUse, Constant, DateOrder, DecimalMark, Definition, Field, Preview, Reason, RowKind, WordUse};

use super::view::{ColumnChoice, ColumnsForm, WordChoice};
use crate::pages::view::{Choice, Choosable};
use crate::sheets;
use crate::words::Words;

/// Fields that have no column of their own in the form, but one value for all rows.
const FOR_ALL: [Field; 2] = [Field::Channel, Field::PlacedAt];

/// What a field is called.
pub(super) fn field_name(say: Words, field: &str) -> String {
    field.strip_prefix("custom.").map_or_else(|| sheets::label(say.locale, "column", field), str::to_owned)
}

/// Why a column is taken for a field, in words.
pub(super) fn why(say: Words, reasons: &[Reason]) -> Vec<String> {
    let words = reasons.iter().filter_map(|reason| {
        let key = match reason.code {
            "heading" | "heading_part" => "imports-why-heading",
            "phone" => "imports-why-phone",
            "email" => "imports-why-email",
            "date" => "imports-why-date",
            "amount" => "imports-why-amount",
            "count" => "imports-why-count",
            "state" => "imports-why-state",
            "unlike" => "imports-why-unlike",
            _ => return None,
        };
        Some(say.one(key, "evidence", &reason.evidence))
    });
    words.collect()
}

/// The sets of our own words that the form knows by name.
fn own_words(field: Field) -> &'static [&'static str] {
    match field {
        Field::State => OrderState::WORDS,
        Field::PaymentMethod => PaymentMethod::WORDS,
        Field::Channel => Channel::WORDS,
        Field::Priority => Priority::WORDS,
        _ => &[],
    }
}

/// The form of a definition over a file.
pub(super) fn form(say: Words, looked: &Preview, definition: &Definition, custom: &[String]) -> ColumnsForm {
    let mut rest = definition.columns.clone();
    let columns = looked
        .guess
        .columns
        .iter()
        .map(|column| {
            let folded = kernel::fold(&column.heading);
            let place = rest.iter().position(|one| kernel::fold(&one.column) == folded);
            let chosen = place.map(|place| rest.remove(place).field).unwrap_or_default();
            ColumnChoice {
                options: options(say, &chosen, custom),
                why: if column.field.is_some_and(|field| field.as_str() == chosen) { why(say, &column.reasons) } else { Vec::new() },
                samples: column.samples.iter().take(3).cloned().collect(),
                heading: column.heading.clone(),
            }
        })
        .collect();

    let mut words: Vec<WordChoice> = definition.words.iter().map(|word| word_choice(say, &word.field, &word.from, &word.to)).collect();
    for column in &looked.guess.columns {
        let folded = kernel::fold(&column.heading);
        let Some(used) = definition.columns.iter().find(|one| kernel::fold(&one.column) == folded) else { continue };
        let Ok(field) = used.field.parse::<Field>() else { continue };
        if own_words(field).is_empty() {
            continue;
        }
        for sample in column.samples.iter().filter(|sample| !sample.trim().is_empty()) {
            let is_there = words.iter().any(|word| word.field == field.as_str() && kernel::fold(&word.from) == kernel::fold(sample));
            if !is_there {
                words.push(word_choice(say, field.as_str(), sample, ""));
            }
        }
    }

    let constant =
        |field: Field| definition.constants.iter().find(|one| one.field == field.as_str()).map(|one| one.value.clone()).unwrap_or_default();
    let others = definition.constants.iter().filter(|one| !FOR_ALL.iter().any(|field| field.as_str() == one.field));
    let channel = constant(Field::Channel);
    let mut channels = vec![Choosable::new("", say.t("imports-no-constant"), &channel)];
    channels.extend(Channel::WORDS.iter().map(|word| Choosable::new(*word, sheets::label(say.locale, "channel", word), &channel)));
    let choice = |name, label: &str, options| Choice { name, label: say.t(label), options, ..Choice::default() };
    ColumnsForm {
        columns,
        words,
        choices: vec![
            choice(
                "rows",
                "imports-rows",
                vec![
                    Choosable::new("line", say.t("imports-rows-line"), definition.rows.as_str()),
                    Choosable::new("order", say.t("imports-rows-order"), definition.rows.as_str()),
                ],
            ),
            choice(
                "dates",
                "imports-dates",
                vec![
                    Choosable::new("day_first", say.t("imports-dates-day"), definition.dates.as_str()),
                    Choosable::new("month_first", say.t("imports-dates-month"), definition.dates.as_str()),
                ],
            ),
            choice(
                "decimals",
                "imports-decimals",
                vec![
                    Choosable::new("auto", say.t("imports-decimals-auto"), definition.decimals.as_str()),
                    Choosable::new("point", say.t("imports-decimals-point"), definition.decimals.as_str()),
                    Choosable::new("comma", say.t("imports-decimals-comma"), definition.decimals.as_str()),
                ],
            ),
            choice("constant_channel", "imports-constant-channel", channels),
        ],
        placed_at: constant(Field::PlacedAt),
        currency: definition.currency.map(|currency| currency.to_string()).unwrap_or_default(),
        keep_columns: rest.iter().filter_map(|one| serde_json::to_string(one).ok()).collect(),
        keep_constants: others.filter_map(|one| serde_json::to_string(one).ok()).collect(),
        keep_store: definition.store.clone().unwrap_or_default(),
        keep_country: definition.phone_country.map(|country| country.to_string()).unwrap_or_default(),
    }
}

fn options(say: Words, chosen: &str, custom: &[String]) -> Vec<Choosable> {
    let mut options = vec![Choosable::new("", say.t("imports-left-alone"), chosen)];
    options.extend(Field::ALL.iter().map(|field| Choosable::new(field.as_str(), field_name(say, field.as_str()), chosen)));
    options.extend(custom.iter().map(|name| Choosable::new(format!("custom.{name}"), name.clone(), chosen)));
    if !options.iter().any(|one| one.is_chosen) {
        options.push(Choosable::new(chosen, field_name(say, chosen), chosen));
    }
    options
}

fn word_choice(say: Words, field: &str, from: &str, to: &str) -> WordChoice {
    let known = field.parse::<Field>().map(own_words).unwrap_or_default();
    let mut options = vec![Choosable::new("", say.t("imports-word-known"), to)];
    options.extend(known.iter().map(|word| Choosable::new(*word, sheets::label(say.locale, field, word), to)));
    if !options.iter().any(|one| one.is_chosen) {
        options.push(Choosable::new(to, to, to));
    }
    WordChoice { label: field_name(say, field), field: field.to_owned(), from: from.to_owned(), options }
}

/// Reads the form back. What it cannot read is left for the mapping's own check to name.
pub(super) fn read(fields: &[(String, String)]) -> Definition {
    let all = |name: &'static str| fields.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.trim());
    let get = |name: &'static str| all(name).next().unwrap_or_default();
    let mut definition = Definition::new();

    let columns = all("column").zip(all("field")).filter(|(_, field)| !field.is_empty());
    definition.columns = columns.map(|(column, field)| ColumnUse { column: column.to_owned(), field: field.to_owned() }).collect();
    definition.columns.extend(all("keep_column").filter_map(|text| serde_json::from_str::<ColumnUse>(text).ok()));

    for (field, value) in [(Field::Channel, get("constant_channel")), (Field::PlacedAt, get("constant_placed_at"))] {
        if !value.is_empty() {
            definition.constants.push(Constant { field: field.as_str().to_owned(), value: value.to_owned() });
        }
    }
    definition.constants.extend(all("keep_constant").filter_map(|text| serde_json::from_str::<Constant>(text).ok()));

    let words = all("word_field").zip(all("word_from")).zip(all("word_to")).filter(|(_, to)| !to.is_empty());
    definition.words = words.map(|((field, from), to)| WordUse { field: field.to_owned(), from: from.to_owned(), to: to.to_owned() }).collect();

    definition.rows = get("rows").parse().unwrap_or(RowKind::Line);
    definition.dates = get("dates").parse().unwrap_or(DateOrder::DayFirst);
    definition.decimals = get("decimals").parse().unwrap_or(DecimalMark::Auto);
    definition.currency = get("currency").to_uppercase().parse().ok();
    definition.store = Some(get("keep_store").to_owned()).filter(|store| !store.is_empty());
    definition.phone_country = get("keep_country").parse().ok();
    definition
}

#[cfg(test)]
mod tests {
    use kernel::Locale;
    use store_sync::{ColumnGuess, Guess};

    use super::*;

    fn looked() -> Preview {
        let column = |heading: &str, field, samples: &[&str]| ColumnGuess {
            heading: heading.to_owned(),
            field,
            reasons: vec![Reason { code: "heading", evidence: heading.to_lowercase() }],
            samples: samples.iter().map(|one| (*one).to_owned()).collect(),
        };
        let columns = vec![
            column("Client", Some(Field::CustomerName), &["Amina"]),
            column("Prix", Some(Field::UnitPrice), &["8400"]),
            column("Article", Some(Field::Title), &["Robe"]),
            column("Étape", None, &["OK client"]),
        ];
        let guess = Guess { columns, dates: DateOrder::DayFirst, dates_are_sure: false, decimals: DecimalMark::Auto };
        let headers = guess.columns.iter().map(|one| one.heading.clone()).collect();
        Preview { encoding: None, separator: None, headers, rows: Vec::new(), guess, missing: Vec::new(), preset: None }
    }

    /// The fields that a browser sends of a form that nobody has touched.
    fn sent(form: &ColumnsForm) -> Vec<(String, String)> {
        let chosen = |options: &[Choosable]| options.iter().find(|one| one.is_chosen).map(|one| one.value.clone()).unwrap_or_default();
        let mut fields = Vec::new();
        let mut say = |name: &str, value: String| fields.push((name.to_owned(), value));
        for column in &form.columns {
            say("column", column.heading.clone());
            say("field", chosen(&column.options));
        }
        for word in &form.words {
            say("word_field", word.field.clone());
            say("word_from", word.from.clone());
            say("word_to", chosen(&word.options));
        }
        for choice in &form.choices {
            say(choice.name, chosen(&choice.options));
        }
        form.keep_columns.iter().for_each(|text| say("keep_column", text.clone()));
        form.keep_constants.iter().for_each(|text| say("keep_constant", text.clone()));
        say("constant_placed_at", form.placed_at.clone());
        say("currency", form.currency.clone());
        say("keep_store", form.keep_store.clone());
        say("keep_country", form.keep_country.clone());
        fields
    }

    #[test]
    fn a_mapping_comes_back_from_its_form_as_it_was() {
        let use_of = |column: &str, field: &str| ColumnUse { column: column.to_owned(), field: field.to_owned() };
        let constant = |field: &str, value: &str| Constant { field: field.to_owned(), value: value.to_owned() };
        let definition = Definition {
            columns: vec![
                use_of("Client", "customer_name"),
                use_of("Prix", "unit_price"),
                use_of("Article", "title"),
                use_of("Étape", "state"),
                use_of("Elsewhere", "custom.size"),
            ],
            constants: vec![constant("channel", "facebook"), constant("placed_at", "2026-03-01"), constant("quantity", "1")],
            words: vec![WordUse { field: "state".to_owned(), from: "OK client".to_owned(), to: "CONFIRMED".to_owned() }],
            rows: RowKind::Order,
            dates: DateOrder::MonthFirst,
            decimals: DecimalMark::Comma,
            currency: "EUR".parse().ok(),
            store: Some("NATU".to_owned()),
            phone_country: "FR".parse().ok(),
        };
        let form = form(Words { locale: Locale::En }, &looked(), &definition, &["size".to_owned()]);
        assert_eq!(read(&sent(&form)), definition);
    }

    #[test]
    fn words_of_a_column_with_words_are_offered_to_be_named() {
        let mut definition = looked().guess.definition();
        definition.columns.push(ColumnUse { column: "Étape".to_owned(), field: "state".to_owned() });
        let form = form(Words { locale: Locale::En }, &looked(), &definition, &[]);
        assert_eq!(form.words.len(), 1);
        assert_eq!((form.words[0].from.as_str(), form.words[0].options[0].is_chosen), ("OK client", true));
        assert_eq!(form.columns[0].why, ["heading “client”"]);
        assert_eq!(read(&sent(&form)).words, []);
    }
}
