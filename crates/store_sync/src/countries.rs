//! Countries by the names that files call them.

use kernel::{Country, fold};

/// English names, and those of the countries we know best in their own languages, folded.
const NAMES: &[(&str, &str)] = &[
    ("algeria", "DZ"),
    ("algerie", "DZ"),
    ("الجزاير", "DZ"),
    ("australia", "AU"),
    ("austria", "AT"),
    ("bahrain", "BH"),
    ("bangladesh", "BD"),
    ("belgium", "BE"),
    ("bermuda", "BM"),
    ("brasil", "BR"),
    ("brazil", "BR"),
    ("canada", "CA"),
    // Jersey and Guernsey have a code each, the islands together have none. Guernsey's stands for both.
    ("channel islands", "GG"),
    ("cyprus", "CY"),
    ("czech republic", "CZ"),
    ("denmark", "DK"),
    ("egypt", "EG"),
    ("eire", "IE"),
    ("finland", "FI"),
    ("france", "FR"),
    ("germany", "DE"),
    ("greece", "GR"),
    ("hong kong", "HK"),
    ("iceland", "IS"),
    ("ireland", "IE"),
    ("israel", "IL"),
    ("italy", "IT"),
    ("japan", "JP"),
    ("kenya", "KE"),
    ("korea", "KR"),
    ("lebanon", "LB"),
    ("lithuania", "LT"),
    ("malta", "MT"),
    ("maroc", "MA"),
    ("morocco", "MA"),
    ("netherlands", "NL"),
    ("nigeria", "NG"),
    ("norway", "NO"),
    ("poland", "PL"),
    ("portugal", "PT"),
    ("rsa", "ZA"),
    ("saudi arabia", "SA"),
    ("singapore", "SG"),
    ("south africa", "ZA"),
    ("spain", "ES"),
    ("sweden", "SE"),
    ("switzerland", "CH"),
    ("thailand", "TH"),
    ("tunisia", "TN"),
    ("tunisie", "TN"),
    ("uk", "GB"),
    ("united arab emirates", "AE"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("usa", "US"),
];

/// The country of a two-letter code or a name.
pub(crate) fn find(text: &str) -> Option<Country> {
    let folded = fold(text);
    let named = NAMES.iter().find(|(name, _)| *name == folded).map(|(_, code)| *code);
    named.or((text.trim().len() == 2).then_some(text)).and_then(|code| code.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_codes() {
        for (name, code) in NAMES {
            assert_eq!(find(name).map(|country| country.code().to_owned()).as_deref(), Some(*code), "{name}");
            assert_eq!(fold(name), *name);
        }
        assert_eq!(find(" dz ").map(|country| country.code().to_owned()).as_deref(), Some("DZ"));
        assert_eq!(find("الجزائر"), find("Algérie"));
        for unknown in ["Unspecified", "European Community", "West Indies", "", "Q!"] {
            assert_eq!(find(unknown), None, "{unknown}");
        }
    }
}
