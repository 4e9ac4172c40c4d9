//! Just enough reading of SQL to leave quoted text and comments alone.

/// A stretch of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Code(&'a str),
    /// `'…'` or `"…"`, with its quotes.
    Quoted(&'a str),
    /// `-- …` to the end of the line, or `/* … */`.
    Comment(&'a str),
}

/// Cuts SQL into stretches; put together again they are the whole text.
pub(crate) fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let rest = &sql[at..];
        let end = match bytes[at] {
            quote @ (b'\'' | b'"') => Some(at + 1 + quoted_length(&rest[1..], char::from(quote))),
            b'-' if rest.starts_with("--") => Some(at + rest.find('\n').unwrap_or(rest.len())),
            b'/' if rest.starts_with("/*") => Some(rest.find("*/").map_or(bytes.len(), |length| at + length + 2)),
            _ => None,
        };
        let Some(end) = end else {
            at += 1;
            continue;
        };
        if start < at {
            found.push(Piece::Code(&sql[start..at]));
        }
        let text = &sql[at..end];
        found.push(if matches!(bytes[at], b'\'' | b'"') { Piece::Quoted(text) } else { Piece::Comment(text) });
        (start, at) = (end, end);
    }
    if start < at {
        found.push(Piece::Code(&sql[start..at]));
    }
    found
}

/// The length up to and with the closing quote. A doubled quote closes and opens again, which is as good.
fn quoted_length(rest: &str, quote: char) -> usize {
    rest.find(quote).map_or(rest.len(), |at| at + 1)
}

/// `$1` becomes `?1`: SQLite numbers `$1` by first appearance, so `select $2, $1` would swap silently.
pub(crate) fn question_marks(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for piece in pieces(sql) {
        match piece {
            Piece::Code(code) => {
                let bytes = code.as_bytes();
                for (at, sign) in code.char_indices() {
                    let marker = sign == '$' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                    out.push(if marker { '?' } else { sign });
                }
            }
            Piece::Quoted(text) | Piece::Comment(text) => out.push_str(text),
        }
    }
    out
}

/// The statements of a text, without their semicolons; those that are only comments are left out.
pub(crate) fn statements(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut text, mut has_code) = (String::new(), false);
    let mut close = |text: &mut String, has_code: &mut bool| {
        let statement = std::mem::take(text);
        if std::mem::take(has_code) {
            found.push(statement.trim().to_owned());
        }
    };
    for piece in pieces(sql) {
        match piece {
            Piece::Code(code) => {
                for (nth, part) in code.split(';').enumerate() {
                    if nth > 0 {
                        close(&mut text, &mut has_code);
                    }
                    has_code |= !part.trim().is_empty();
                    text.push_str(part);
                }
            }
            Piece::Quoted(part) => {
                has_code = true;
                text.push_str(part);
            }
            Piece::Comment(part) => text.push_str(part),
        }
    }
    close(&mut text, &mut has_code);
    found
}

/// The words and signs of a statement, in small letters, without comments and quotes around names.
pub(crate) fn tokens(sql: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in pieces(sql) {
        match piece {
            Piece::Comment(_) => {}
            Piece::Quoted(text) if text.starts_with('"') => found.push(text.trim_matches('"').to_owned()),
            Piece::Quoted(text) => found.push(text.to_owned()),
            Piece::Code(code) => {
                let mut word = String::new();
                for sign in code.chars() {
                    if sign.is_alphanumeric() || sign == '_' {
                        word.extend(sign.to_lowercase());
                        continue;
                    }
                    if !word.is_empty() {
                        found.push(std::mem::take(&mut word));
                    }
                    if !sign.is_whitespace() {
                        found.push(sign.to_string());
                    }
                }
                if !word.is_empty() {
                    found.push(word);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_change_only_in_code() {
        let check = |sql: &str, wanted: &str| assert_eq!(question_marks(sql), wanted);
        check("select $2, $1", "select ?2, ?1");
        check("select '$1', \"a$1\", $12 -- $3\n, $4", "select '$1', \"a$1\", ?12 -- $3\n, ?4");
        check("select 'it''s $1' || $1 /* $2 ' */ , $2", "select 'it''s $1' || ?1 /* $2 ' */ , ?2");
        check("select '٣$1', 'é' || $1", "select '٣$1', 'é' || ?1");
        check("select '$1", "select '$1");
    }

    #[test]
    fn statements_end_at_semicolons_outside_quotes_and_comments() {
        let sql = "create table a (x text default ';'); -- a; b\n/* ; */ insert into a values ('it''s; fine') ;\n-- the end;\n";
        let found = statements(sql);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].ends_with("';')"));
        assert!(found[1].ends_with("('it''s; fine')"));
    }
}
