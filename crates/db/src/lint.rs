//! What a migration must not contain, so that one text runs on both engines and on a distributed one.

use std::collections::BTreeMap;

use crate::lexer;
use crate::migrate::Migration;

/// Longest name of an index or constraint: distributed engines append their own digits.
const NAME_BYTES: usize = 50;

/// Reads one migration and answers what is wrong with it, one sentence each; empty when nothing is.
pub fn lint_migration(sql: &str) -> Vec<String> {
    let mut problems = Vec::new();
    check_placement(sql, &mut problems);
    for statement in lexer::statements(sql) {
        check_words(&lexer::tokens(&statement), &mut problems);
    }
    check_twins([sql].into_iter(), &mut problems);
    problems
}

/// Reads the whole list; also finds two unique indexes on the same columns in different migrations.
pub fn lint_migrations(list: &[Migration]) -> Vec<String> {
    let mut problems = Vec::new();
    for migration in list {
        let own = lint_migration(migration.sql);
        problems.extend(own.into_iter().map(|problem| format!("{:04}_{}: {problem}", migration.number, migration.name)));
    }
    let mut twins = Vec::new();
    check_twins(list.iter().map(|migration| migration.sql), &mut twins);
    problems.extend(twins.into_iter().filter(|twin| !problems.iter().any(|problem| problem.ends_with(twin.as_str()))).collect::<Vec<_>>());
    problems
}

/// Each table says on the line before where it lives.
fn check_placement(sql: &str, problems: &mut Vec<String>) {
    let mut before = "";
    for line in sql.lines() {
        let line = line.trim();
        if line.to_lowercase().starts_with("create table") {
            let words: Vec<&str> = before.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let placed = before.starts_with("--") && matches!(words.first().copied(), Some("tenant" | "reference" | "coordinator"));
            if !placed {
                problems.push(format!("`{line}` needs `-- tenant`, `-- reference` or `-- coordinator` on the line before"));
            }
        }
        if !line.is_empty() {
            before = line;
        }
    }
}

fn check_words(words: &[String], problems: &mut Vec<String>) {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    if word(0) == "create" && matches!(word(1), "trigger" | "sequence") {
        problems.push(format!("`create {}` does not run on both engines", word(1)));
    }
    for (at, found) in words.iter().enumerate() {
        match found.as_str() {
            "serial" | "bigserial" | "smallserial" | "autoincrement" | "auto_increment" => {
                problems.push(format!("`{found}`: ids are made by us"));
            }
            "identity" if word(at.wrapping_sub(1)) == "as" => problems.push("`as identity`: ids are made by us".to_owned()),
            "deferrable" if word(at.wrapping_sub(1)) != "not" => {
                problems.push("`deferrable`: a check at commit would fail a whole batch".to_owned());
            }
            "set" if word(at + 1) == "null" && word(at.wrapping_sub(1)) == "delete" => {
                problems.push("`on delete set null` does not run on a distributed engine".to_owned());
            }
            "constraint" => check_name(word(at + 1), problems),
            // Its name would be lost on SQLite, and `on_unique` needs one.
            "unique" if word(0) != "create" || word(1) == "table" => {
                problems.push("write `create unique index <name>` instead of a unique constraint in the table".to_owned());
            }
            _ => {}
        }
    }
    if let Some((name, _, _)) = index_of(words) {
        check_name(&name, problems);
    }
}

fn check_name(name: &str, problems: &mut Vec<String>) {
    if name.len() > NAME_BYTES {
        problems.push(format!("the name {name} has {} bytes, {NAME_BYTES} are allowed", name.len()));
    }
    if crate::error::without_digits(name) != name {
        problems.push(format!("the name {name} ends in digits, which are stripped when a violation is named"));
    }
}

/// Name, table with columns, and whether it is unique, if this is a `create index`.
fn index_of(words: &[String]) -> Option<(String, String, bool)> {
    let mut rest = words.iter().map(String::as_str).peekable();
    if rest.next() != Some("create") {
        return None;
    }
    let unique = rest.next_if_eq(&"unique").is_some();
    if rest.next() != Some("index") {
        return None;
    }
    if rest.next_if_eq(&"if").is_some() {
        rest.by_ref().take(2).for_each(drop);
    }
    let name = rest.next()?.to_owned();
    if rest.next() != Some("on") {
        return None;
    }
    let columns: Vec<&str> = rest.take_while(|word| *word != "where").collect();
    Some((name, columns.join(" "), unique))
}

/// Two unique indexes on the same columns cannot be told apart on SQLite, which names columns.
fn check_twins<'a>(texts: impl Iterator<Item = &'a str>, problems: &mut Vec<String>) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for statement in texts.flat_map(|sql| lexer::statements(&one_engine(sql))) {
        let words = lexer::tokens(&statement);
        if words.first().map(String::as_str) == Some("drop") && words.get(1).map(String::as_str) == Some("index") {
            let dropped = words.last().cloned().unwrap_or_default();
            seen.retain(|_, name| *name != dropped);
        }
        let Some((name, columns, true)) = index_of(&words) else { continue };
        if let Some(other) = seen.insert(columns, name.clone()) {
            problems.push(format!("the unique indexes {other} and {name} stand on the same columns and cannot be told apart"));
        }
    }
}

/// The lines for SQLite, where twins matter; blocks for both engines may repeat an index.
fn one_engine(sql: &str) -> String {
    crate::dialect::ddl(crate::Engine::Sqlite, sql).join(";\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, problem: &str) {
        let found = lint_migration(sql);
        match problem {
            "" => assert!(found.is_empty(), "{sql}: {found:?}"),
            _ => assert!(found.iter().any(|one| one.contains(problem)), "{sql}: {found:?}"),
        }
    }

    #[test]
    fn a_migration_runs_everywhere_or_is_refused() {
        check("-- tenant\ncreate table a (org_id {id}, id {id}, primary key (org_id, id));\ncreate unique index a_x on a (org_id, x);", "");
        check("-- tenant: by org_id\n\ncreate table a (x {id})", "");
        check("create table a (x {id})", "on the line before");
        check("-- tenant\ncreate table a (x bigserial)", "made by us");
        check("create trigger t after insert on a begin select 1; end", "trigger");
        check("-- tenant\ncreate table a (x {text} unique)", "create unique index");
        check("create unique index a_x on a (x); create unique index a_y on a (x) where y is null", "cannot be told apart");
        check("create unique index a_x on a (x); drop index a_x; create unique index a_y on a (x)", "");
        check("-- sqlite:\ncreate unique index a_x on a (x);\n-- postgres:\ncreate unique index a_x on a (x);\n-- end", "");
        check(&format!("create index {} on a (x)", "i".repeat(51)), "51 bytes");
        check("create index a_x_2 on a (x)", "ends in digits");
        check("-- tenant\ncreate table a (b {id} references b (id) on delete set null)", "set null");
        check("-- tenant\ncreate table a (b {id} references b (id) deferrable initially deferred)", "batch");
        check("insert into a values ('a trigger; serial') -- unique", "");
    }

    #[test]
    fn twins_are_found_across_migrations() {
        let list = [
            Migration { number: 1, name: "one", sql: "create unique index a_x on a (x)" },
            Migration { number: 2, name: "two", sql: "create unique index a_y on a (x)" },
        ];
        assert_eq!(lint_migrations(&list).len(), 1);
    }
}
