//! Which language a customer writes: a small set of rules over one text of hers. Pure but for [`learn`].
//!
//! The rules are meant to be silent rather than wrong:
//!
//! | the text | is taken for |
//! |---|---|
//! | mostly Arabic letters, two words or more, with a word of the dialect | `dz` |
//! | mostly Arabic letters, two words or more, without one | `ar` |
//! | Latin letters with two different words of the dialect, and not fewer of French, which mixes into it | `dz` |
//! | Latin letters with two different small French words, more than of any other language | `fr` |
//! | Latin letters with two different small English words, more than of any other language | `en` |
//! | anything else: one word, names, numbers, a draw | nothing |
//!
//! A language that somebody chose is never changed by what she writes, and neither is a detected one by a
//! text that says nothing.

use base::Ctx;
use db::Tx;
use kernel::{Check, CustomerId, Error, FieldError, LanguageSource, Locale, Permission, fold};

use crate::model::Customer;
use crate::service::{save, to_change};

/// Letters of a text that are looked at.
const TEXT: usize = 2_000;

/// Words of the Algerian dialect in Arabic letters, folded, that standard Arabic does not use so.
const DIALECT_ARABIC: &[&str] = &[
    "واش",
    "وش",
    "راني",
    "راك",
    "راه",
    "راهي",
    "راهم",
    "بزاف",
    "كيفاش",
    "علاش",
    "وقتاش",
    "وين",
    "شحال",
    "تاع",
    "نتاع",
    "تاعي",
    "تاعك",
    "خويا",
    "درك",
    "دروك",
    "برك",
    "ماكاش",
    "مكاش",
    "كاين",
    "كاينه",
    "حاب",
    "حابه",
    "نحب",
    "يعطيك",
    "صحيت",
    "هاذي",
    "هاذا",
    "نعيطولك",
    "ديرلي",
    "جيبلي",
    "توصلني",
    "وصلتني",
    "ماوصلتنيش",
    "نجم",
    "خلاص",
    "غدوه",
    "ليفريزون",
    "كوموند",
];

/// The same in Latin letters and digits, as people type it.
const DIALECT_LATIN: &[&str] = &[
    "wach",
    "wesh",
    "wech",
    "rani",
    "rak",
    "raki",
    "rahi",
    "rahom",
    "bzaf",
    "bezaf",
    "kifach",
    "kifech",
    "3lach",
    "3lech",
    "3lah",
    "wa9tach",
    "win",
    "wayn",
    "ch7al",
    "chhal",
    "ta3",
    "nta3",
    "ta3i",
    "ta3ek",
    "khoya",
    "khouya",
    "khti",
    "drok",
    "dork",
    "derk",
    "berk",
    "makach",
    "makanch",
    "kayen",
    "kayna",
    "hab",
    "7ab",
    "haba",
    "7aba",
    "n7eb",
    "nheb",
    "saha",
    "sahit",
    "sa7a",
    "hadi",
    "hada",
    "ghodwa",
    "ghedwa",
    "salam",
    "inchallah",
    "nchallah",
    "labas",
    "chwiya",
    "mazal",
    "wslatni",
    "weslet",
];

/// Small French words, folded, that neither the dialect nor English uses as its own.
const FRENCH: &[&str] = &[
    "bonjour",
    "bonsoir",
    "merci",
    "svp",
    "je",
    "j",
    "vous",
    "nous",
    "tu",
    "il",
    "elle",
    "est",
    "et",
    "le",
    "la",
    "les",
    "des",
    "du",
    "une",
    "un",
    "mon",
    "ma",
    "mes",
    "votre",
    "vos",
    "pour",
    "avec",
    "dans",
    "sur",
    "pas",
    "ne",
    "que",
    "qui",
    "quand",
    "combien",
    "voudrais",
    "veux",
    "peux",
    "pouvez",
    "commande",
    "livraison",
    "colis",
    "taille",
    "couleur",
    "s",
    "il",
    "plait",
    "oui",
    "non",
    "demain",
    "encore",
];

/// Small English words that French and the dialect do not use as their own.
const ENGLISH: &[&str] = &[
    "the", "is", "are", "my", "your", "you", "i", "we", "it", "and", "please", "hello", "hi", "thanks", "thank", "when", "how", "much", "where",
    "what", "want", "would", "like", "can", "could", "order", "delivery", "size", "colour", "color", "yes", "not", "for", "with", "this", "that",
    "tomorrow", "still",
];

/// The language of a text, or nothing where the rules above are silent.
pub fn detect(text: &str) -> Option<Locale> {
    let text: String = text.chars().take(TEXT).collect();
    let folded = fold(&text);
    let words: Vec<&str> = folded.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).collect();
    if words.len() < 2 {
        return None;
    }
    let arabic = folded.chars().filter(|sign| ('\u{620}'..='\u{6ff}').contains(sign)).count();
    let latin = folded.chars().filter(char::is_ascii_alphabetic).count();
    let others = folded.chars().filter(|sign| sign.is_alphabetic()).count() - arabic - latin;
    // Persian, Bengali and the rest are not ours to name.
    if others * 4 > arabic + latin {
        return None;
    }
    if arabic > latin * 2 {
        let arabic_words = words.iter().filter(|word| word.chars().any(|sign| ('\u{620}'..='\u{6ff}').contains(&sign))).count();
        return (arabic_words >= 2).then(|| if seen(&words, DIALECT_ARABIC) > 0 { Locale::Dz } else { Locale::Ar });
    }
    if latin <= arabic * 2 {
        return None;
    }
    let (dialect, french, english) = (seen(&words, DIALECT_LATIN), seen(&words, FRENCH), seen(&words, ENGLISH));
    if dialect >= 2 && dialect >= french && dialect > english {
        Some(Locale::Dz)
    } else if french >= 2 && french > dialect && french > english {
        Some(Locale::Fr)
    } else if english >= 2 && english > dialect && english > french {
        Some(Locale::En)
    } else {
        None
    }
}

/// How many different words of a list a text has.
fn seen(words: &[&str], list: &[&str]) -> usize {
    let mut found: Vec<&str> = words.iter().copied().filter(|word| list.contains(word)).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// Learns a customer's language from something that she wrote, unless one was chosen. Answers the customer
/// and what the text alone was taken for. The text itself is not kept.
pub fn learn(tx: &mut Tx, ctx: &Ctx, id: CustomerId, text: &str) -> Result<(Customer, Option<Locale>), Error> {
    ctx.require(Permission::CustomerEdit)?;

    let before = to_change(tx, ctx, id)?;
    let mut check = Check::new();
    check.require(!text.trim().is_empty(), "text", "required");
    if text.chars().count() > 10_000 {
        check.push(FieldError::new("text", "too_long").with("max", 10_000));
    }
    check.done()?;
    let found = detect(text);
    let is_chosen = before.language.is_some() && before.language_source != Some(LanguageSource::Detected);
    let Some(language) = found.filter(|_| !is_chosen) else { return Ok((before, found)) };
    let after = Customer { language: Some(language), language_source: Some(LanguageSource::Detected), ..before.clone() };

    Ok((save(tx, ctx, &before, after, None)?, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(detect(text).map_or("nothing", Locale::as_str), expected, "{text}");
    }

    #[test]
    fn a_text_is_taken_for_its_language_or_for_nothing() {
        check("السلام عليكم، أريد تأكيد طلبي من فضلكم", "ar");
        check("متى يصل الطرد؟", "ar");
        check("واش راه الطرد تاعي؟", "dz");
        check("خويا شحال ليفريزون لوهران", "dz");
        check("Salam khoya ch7al livraison l wahran", "dz");
        check("rani n7eb nbedel la taille", "dz");
        check("Bonjour, je voudrais changer la taille de ma commande", "fr");
        check("C'est pour quand la livraison svp", "fr");
        check("Hello, when is my order coming?", "en");
        check("Please send the parcel tomorrow", "en");
    }

    #[test]
    fn what_says_nothing_is_taken_for_nothing() {
        for text in ["", "ok", "Amina Benali", "أمينة", "0550 14 23 87", "Rue 9, Oran", "👍👍", "taille M", "ধন্যবাদ আপনাকে অনেক", "merci thanks"]
        {
            check(text, "nothing");
        }
        // A draw between two languages.
        check("bonjour merci hello thanks", "nothing");
    }

    #[test]
    fn lists_hold_folded_words_that_stand_in_one_list_alone() {
        let lists = [DIALECT_ARABIC, DIALECT_LATIN, FRENCH, ENGLISH];
        for (place, list) in lists.iter().enumerate() {
            for word in *list {
                assert_eq!(&fold(word), word);
                let others = lists.iter().enumerate().filter(|(other, _)| *other != place);
                assert!(others.into_iter().all(|(_, other)| !other.contains(word)), "{word} stands in two lists");
            }
        }
    }
}
