//! A page of everything that is kept about a person, for a person: headings and tables, no script, no picture,
//! readable in any browser and on paper.

use kernel::Locale;
use serde_json::{Map, Value};

/// A part of the page, by the name that the same part has in the JSON file: English, French, Arabic.
#[rustfmt::skip]
const TITLES: &[(&str, [&str; 3])] = &[
    ("title",        ["Everything kept about a person", "Tout ce qui est conservé sur une personne", "كل ما هو محفوظ عن شخص"]),
    ("made_at",      ["Made at",                        "Établi le",                                 "أُعدّ في"]),
    ("customer",     ["Record",                         "Fiche",                                     "السجل"]),
    ("phones",       ["Telephone numbers",              "Numéros de téléphone",                      "أرقام الهاتف"]),
    ("addresses",    ["Addresses",                      "Adresses",                                  "العناوين"]),
    ("totals",       ["Purchases by store",             "Achats par boutique",                       "المشتريات حسب المتجر"]),
    ("notes",        ["Notes of the team",              "Notes de l'équipe",                         "ملاحظات الفريق"]),
    ("flags",        ["Marks",                          "Marques",                                   "العلامات"]),
    ("consents",     ["Consents",                       "Consentements",                             "الموافقات"]),
    ("merges",       ["Merged records",                 "Fiches fusionnées",                         "السجلات المدمجة"]),
    ("history",      ["Changes of the record",          "Modifications de la fiche",                 "تغييرات السجل"]),
    ("credit_notes", ["Credit notes",                   "Avoirs",                                    "إشعارات الدائن"]),
    ("orders",       ["Orders",                         "Commandes",                                 "الطلبات"]),
    ("lines",        ["Items",                          "Articles",                                  "المنتجات"]),
    ("tracking",     ["Tracking",                       "Suivi",                                     "التتبع"]),
    ("messages",     ["Messages",                       "Messages",                                  "الرسائل"]),
    ("payments",     ["Payments",                       "Paiements",                                 "المدفوعات"]),
];

/// The heading of a part in a language; the part's name where it has none.
fn title(locale: Locale, part: &str) -> String {
    let place = match locale {
        Locale::En => 0,
        Locale::Fr => 1,
        Locale::Ar | Locale::Dz => 2,
    };
    TITLES.iter().find(|(name, _)| *name == part).map_or_else(|| readable(part), |(_, words)| words[place].to_owned())
}

fn readable(name: &str) -> String {
    name.replace('_', " ")
}

/// The beginning of the page.
pub(crate) fn head(locale: Locale) -> String {
    let direction = if locale.is_right_to_left() { "rtl" } else { "ltr" };
    let lang = if locale == Locale::Dz { "ar" } else { locale.as_str() };
    let title = title(locale, "title");
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{direction}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>\
         body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111}}\
         table{{border-collapse:collapse;width:100%;margin:.5rem 0}}th,td{{border:1px solid #bbb;padding:.25rem .5rem;text-align:start;vertical-align:top}}\
         th{{width:14rem;font-weight:600;background:#f3f3f3}}section{{break-inside:avoid}}</style></head><body>\n<h1>{title}</h1>\n"
    )
}

/// The end of the page.
pub(crate) const FOOT: &str = "</body></html>\n";

/// One part with its heading.
pub(crate) fn part(locale: Locale, name: &str, value: &Value) -> String {
    if is_nothing(value) {
        return String::new();
    }
    format!("<section><h2>{}</h2>\n{}</section>\n", escaped(&title(locale, name)), shown(locale, value))
}

/// One of several things, with its own heading.
pub(crate) fn item(locale: Locale, heading: &str, value: &Value) -> String {
    format!("<section><h3>{}</h3>\n{}</section>\n", escaped(heading), shown(locale, value))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn shown(locale: Locale, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "✓" } else { "–" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("<bdi>{}</bdi>", escaped(text)),
        Value::Array(items) => items.iter().map(|item| shown(locale, item)).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => table(locale, fields),
    }
}

fn table(locale: Locale, fields: &Map<String, Value>) -> String {
    let mut rows = String::from("<table>");
    for (name, value) in fields.iter().filter(|(_, value)| !is_nothing(value)) {
        rows.push_str(&format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(&title(locale, name)), shown(locale, value)));
    }
    rows.push_str("</table>");
    rows
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_wrote_is_text_and_never_markup() {
        let page = part(Locale::En, "notes", &json!([{"text": "<script>alert(1)</script> & \"so\""}]));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;"), "{page}");
        assert!(page.contains("<h2>Notes of the team</h2>"));
        assert_eq!(part(Locale::En, "notes", &json!([])), "");
    }

    #[test]
    fn every_heading_has_three_languages() {
        for (name, words) in TITLES {
            assert!(words.iter().all(|word| !word.is_empty()), "{name}");
        }
        assert!(head(Locale::Ar).contains("dir=\"rtl\"") && head(Locale::Dz).contains("lang=\"ar\""));
    }
}
