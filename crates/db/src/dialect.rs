//! The few places where the engines differ, by name.
//!
//! Queries are one text for both. What cannot be said in one text is a function here, so that no
//! other crate asks which engine runs.

use crate::Engine;
use crate::lexer::{self, Piece};

/// Takes rows that nobody else is taking; SQLite has one writer, so there is nobody else.
pub fn for_update_skip_locked(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update skip locked",
    }
}

/// Keeps the selected rows from others until the end of the transaction.
pub fn for_update(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update",
    }
}

/// The function that answers the largest of its arguments (null when any is null, on SQLite only).
pub fn greatest(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "max",
        Engine::Postgres => "greatest",
    }
}

/// The function that answers the smallest of its arguments (null when any is null, on SQLite only).
pub fn least(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "min",
        Engine::Postgres => "least",
    }
}

/// The condition that a folded column contains what [`like_pattern`] bound to `marker` says.
/// SQLite ignores the case of ASCII letters in it, so both sides must be folded before.
pub fn search_like(column: &str, marker: &str) -> String {
    format!("{column} like {marker} escape '\\'")
}

/// SQLite's name of our function behind [`contains`].
pub(crate) const CONTAINS: &str = "text_contains";

/// Whether a folded column contains a folded text, for looking through many rows. `marker` is bound to
/// what [`containing`] answers. On SQLite it is our own function, which looks at many bytes at a time: a quarter less
/// than its `instr` or `like` take for the whole search.
pub fn contains(engine: Engine, column: &str, marker: &str) -> String {
    match engine {
        Engine::Sqlite => format!("{CONTAINS}({column}, {marker})"),
        Engine::Postgres => search_like(column, marker),
    }
}

/// What to bind for [`contains`].
pub fn containing(engine: Engine, text: &str) -> String {
    match engine {
        Engine::Sqlite => text.to_owned(),
        Engine::Postgres => like_pattern(text),
    }
}

/// A pattern for [`search_like`]: the text anywhere in the column, its own `%` and `_` meaning themselves.
pub fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    push_escaped(&mut pattern, text);
    pattern.push('%');
    pattern
}

/// As [`like_pattern`], but only at the beginning of the column.
pub fn like_prefix(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    push_escaped(&mut pattern, text);
    pattern.push('%');
    pattern
}

fn push_escaped(pattern: &mut String, text: &str) {
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
}

/// A column as it is checked beside the index that shall lead. SQLite, which does not know the data, would
/// take any index of the column, so the column is hidden from it; PostgreSQL knows the data, and
/// hiding the column would hide what it knows. `empty` is what stands for null: `0` or `''`.
pub fn beside_index(engine: Engine, column: &str, empty: &str) -> String {
    match engine {
        Engine::Sqlite => format!("coalesce({column}, {empty})"),
        Engine::Postgres => column.to_owned(),
    }
}

/// Whether a search in a folded column looks through the newest rows one after the other. PostgreSQL has
/// an index of every three letters, which needs three letters to be of use.
pub fn searches_one_by_one(engine: Engine, text: &str) -> bool {
    engine == Engine::Sqlite || text.chars().count() < 3
}

/// Markers for a list: `markers(3, 2)` is `$3, $4`.
pub fn markers(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    all.join(", ")
}

/// Markers for the rows of an insert: `value_rows(2, 3)` is `($1, $2, $3), ($4, $5, $6)`.
pub fn value_rows(rows: usize, columns: usize) -> String {
    let all: Vec<String> = (0..rows).map(|row| format!("({})", markers(row * columns + 1, columns))).collect();
    all.join(", ")
}

/// The statements of a migration as this engine wants them.
///
/// - `{id}`, `{bigint}`: a whole number. `{text}`, `{json}`: text. `{bytes}`, or the plain word
///   `bytes` as a column's type: raw bytes.
/// - `{pk id}`: a primary key of one whole number, which on SQLite is spelled so that it becomes the
///   row's own number; a plain `bigint primary key` is spelled so, too.
/// - Lines between `-- sqlite:` or `-- postgres:` and `-- end` (or the next such line) are for that
///   engine alone.
pub fn ddl(engine: Engine, sql: &str) -> Vec<String> {
    lexer::statements(&lines_for(engine, sql)).iter().map(|statement| template(engine, statement)).collect()
}

fn lines_for(engine: Engine, sql: &str) -> String {
    let mut only = None;
    let mut kept = String::with_capacity(sql.len());
    for line in sql.lines() {
        match line.trim() {
            "-- sqlite:" => only = Some(Engine::Sqlite),
            "-- postgres:" => only = Some(Engine::Postgres),
            "-- end" => only = None,
            _ if only.is_none_or(|only| only == engine) => {
                kept.push_str(line);
                kept.push('\n');
            }
            _ => {}
        }
    }
    kept
}

fn template(engine: Engine, statement: &str) -> String {
    let (whole, bytes) = match engine {
        Engine::Sqlite => ("integer", "blob"),
        Engine::Postgres => ("bigint", "bytea"),
    };
    let head = lexer::tokens(statement);
    let defines_columns = matches!(head.first().map(String::as_str), Some("create" | "alter")) && head.get(1).is_some_and(|word| word == "table");
    let mut out = String::with_capacity(statement.len());
    for piece in lexer::pieces(statement) {
        match piece {
            Piece::Code(code) => {
                let code = braces(code, whole, bytes);
                out.push_str(&if defines_columns { type_words(&code, engine, bytes) } else { code });
            }
            Piece::Quoted(text) | Piece::Comment(text) => out.push_str(text),
        }
    }
    out
}

fn braces(code: &str, whole: &str, bytes: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((word, after)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match word.trim() {
            "id" | "bigint" => out.push_str(whole),
            "text" | "json" => out.push_str("text"),
            "bytes" => out.push_str(bytes),
            other => match other.strip_prefix("pk ") {
                Some(column) => out.push_str(&format!("{} {whole} primary key", column.trim())),
                None => out.push_str(&format!("{{{other}}}")),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Plain type words in a `create table` or `alter table`: `x bytes`, `id bigint primary key`.
fn type_words(code: &str, engine: Engine, bytes: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut previous = String::new();
    for part in code.split_inclusive(|sign: char| !(sign.is_alphanumeric() || sign == '_')) {
        let word = part.trim_end_matches(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
        let tail = &part[word.len()..];
        let after_name = !previous.is_empty() && !matches!(previous.as_str(), "column" | "add" | "table" | "rename" | "to" | "drop" | "key");
        out.push_str(if word == "bytes" && after_name { bytes } else { word });
        out.push_str(tail);
        if !word.is_empty() {
            previous = word.to_owned();
        }
        if tail.contains(['(', ',', ')']) {
            previous.clear();
        }
    }
    if engine == Engine::Sqlite { out.replace(" bigint primary key", " integer primary key") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_becomes_two() {
        let sql = "-- tenant\ncreate table files (org_id {id} not null, {pk id}, size bigint, sha256 bytes, hash {bytes}, note {text} default '{id}');\n\
                   -- sqlite:\ncreate index f on files (size);\n-- postgres:\ncreate index f on files using gin (note);\n-- end\ninsert into files (bytes) values ('x');";
        let sqlite = ddl(Engine::Sqlite, sql);
        let postgres = ddl(Engine::Postgres, sql);
        assert!(
            sqlite[0].ends_with("(org_id integer not null, id integer primary key, size bigint, sha256 blob, hash blob, note text default '{id}')"),
            "{}",
            sqlite[0]
        );
        assert!(
            postgres[0].ends_with("(org_id bigint not null, id bigint primary key, size bigint, sha256 bytea, hash bytea, note text default '{id}')"),
            "{}",
            postgres[0]
        );
        assert_eq!((sqlite.len(), postgres.len()), (3, 3));
        assert_eq!(sqlite[1], "create index f on files (size)");
        assert!(postgres[1].contains("gin"));
        assert_eq!(sqlite[2], "insert into files (bytes) values ('x')");
    }

    #[test]
    fn a_single_key_is_the_rows_number_on_sqlite() {
        let sql = "create table o (id bigint primary key, bytes bigint, raw bytes not null)";
        assert_eq!(ddl(Engine::Sqlite, sql), ["create table o (id integer primary key, bytes bigint, raw blob not null)"]);
        assert_eq!(ddl(Engine::Postgres, sql), ["create table o (id bigint primary key, bytes bigint, raw bytea not null)"]);
        assert_eq!(ddl(Engine::Postgres, "alter table o add column bytes bytes"), ["alter table o add column bytes bytea"]);
    }

    #[test]
    fn a_search_takes_signs_as_they_are() {
        assert_eq!(like_pattern(r"50%_\"), r"%50\%\_\\%");
        assert_eq!(search_like("search", "$2"), r"search like $2 escape '\'");
        assert_eq!(value_rows(2, 2), "($1, $2), ($3, $4)");
    }
}
