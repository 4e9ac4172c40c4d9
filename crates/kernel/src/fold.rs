//! Folding: the form of a text that searches compare. Small letters, no accents, one spelling for
//! Arabic letters that people mix, western digits, single spaces.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::phone::western_digits;

/// Folds a text for comparing: `Aïcha  BEN-ALI` and `aicha ben ali` become the same.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for sign in western_digits(text).nfkd() {
        if is_combining_mark(sign) || sign == '\u{640}' {
            continue;
        }
        let sign = match sign {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ئ' => 'ي',
            'ؤ' => 'و',
            'ة' => 'ه',
            other => other,
        };
        if sign.is_alphanumeric() {
            folded.extend(sign.to_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Cuts a text to at most `bytes` bytes without cutting a letter in two.
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected);
    }

    #[test]
    fn spellings_meet() {
        check("Aïcha  BEN-ALI", "aicha ben ali");
        check("أمينة", "امينه");
        check("مُحَمَّد", "محمد");
        check("W-1041", "w 1041");
        check("٠٥٥٠", "0550");
        check("  ", "");
    }

    #[test]
    fn a_cut_never_splits_a_letter() {
        assert_eq!(cut("éé", 3), "é");
        assert_eq!(cut("abc", 9), "abc");
    }
}
