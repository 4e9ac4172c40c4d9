//! How a number is written: words in braces are filled in, the rest stands as it is.

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// As it stands.
    Text(String),
    /// The store's code.
    Store,
    /// The year in four digits.
    Year,
    /// The year's last two digits.
    Yy,
    /// The counted part, at least so many digits wide.
    Seq(usize),
}

/// A pattern that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

impl Pattern {
    /// Reads `{store}-{year}-{seq:5}`. `Err` is the code of what is wrong.
    ///
    /// There is `{store}`, `{year}`, `{yy}`, `{seq}` and `{seq:n}` for n of 1 to 12; `{seq}` stands once.
    /// Beside them letters, digits and `- / _ .`.
    pub fn parse(text: &str) -> Result<Pattern, &'static str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('{') {
                let (word, after) = inner.split_once('}').ok_or("series.pattern")?;
                parts.push(match word.split_once(':') {
                    None => match word {
                        "store" => Part::Store,
                        "year" => Part::Year,
                        "yy" => Part::Yy,
                        "seq" => Part::Seq(1),
                        _ => return Err("series.pattern"),
                    },
                    Some(("seq", width)) => match width.parse() {
                        Ok(width @ 1..=12) => Part::Seq(width),
                        _ => return Err("series.pattern"),
                    },
                    Some(_) => return Err("series.pattern"),
                });
                rest = after;
                continue;
            }
            let end = rest.find('{').unwrap_or(rest.len());
            let (plain, after) = rest.split_at(end);
            if !plain.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '/' | '_' | '.')) {
                return Err("series.pattern");
            }
            parts.push(Part::Text(plain.to_owned()));
            rest = after;
        }
        if parts.iter().filter(|part| matches!(part, Part::Seq(_))).count() == 1 { Ok(Pattern(parts)) } else { Err("series.pattern") }
    }

    /// Whether the counting begins anew each year.
    pub fn is_yearly(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Year | Part::Yy))
    }

    /// A number.
    pub fn write(&self, store: &str, year: i16, seq: i64) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Store => store.to_owned(),
            Part::Year => format!("{year:04}"),
            Part::Yy => format!("{:02}", year.rem_euclid(100)),
            Part::Seq(width) => format!("{seq:0width$}"),
        };
        self.0.iter().map(part).collect()
    }

    /// What two stores whose numbers could be the same have in common.
    pub(super) fn skeleton(&self, store: &str) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Store => store.to_owned(),
            Part::Year | Part::Yy => "{year}".to_owned(),
            Part::Seq(_) => "{seq}".to_owned(),
        };
        self.0.iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, expected: &str) {
        let written = Pattern::parse(pattern).map(|pattern| pattern.write("NATU", 2026, 42));
        assert_eq!(written.unwrap_or_else(str::to_owned), expected, "{pattern}");
    }

    #[test]
    fn a_pattern_says_how_a_number_is_written() {
        check("{store}-{year}-{seq:5}", "NATU-2026-00042");
        check("FA{yy}/{seq}", "FA26/42");
        check("{seq:1}", "42");
        for wrong in ["", "INV", "{seq}{seq}", "{seq", "{seq:0}", "{seq:13}", "{month}-{seq}", "{year:2}{seq}", "N° {seq}", "{seq}}", "{{seq}}"] {
            check(wrong, "series.pattern");
        }
    }

    #[test]
    fn two_stores_are_told_apart() {
        let skeleton = |pattern: &str, store: &str| Pattern::parse(pattern).unwrap().skeleton(store);
        assert_ne!(skeleton("{store}-{seq}", "MAIN"), skeleton("{store}-{seq}", "NATU"));
        assert_eq!(skeleton("MAIN-{year}-{seq:5}", "NATU"), skeleton("{store}-{yy}-{seq:4}", "MAIN"));
        assert!(Pattern::parse("{yy}-{seq}").unwrap().is_yearly() && !Pattern::parse("A{seq}").unwrap().is_yearly());
    }
}
