//! The bare loop: the statements and bound values of one real action, replayed with fresh ids.
//!
//! Prepared, on one thread, same file, same pragmas, no JSON, no HTTP, no rules: what the database
//! alone could do. Ids that the action made are made anew for each round; a reference, a number or
//! an id that stands inside a text is replaced there; everything else is bound as it was recorded.

use db::bare::Bare;
use db::{Recorded, Value};
use kernel::id::{IdSource, show};

/// A recorded action, ready to be replayed.
#[derive(Clone, Debug)]
pub(super) struct Script {
    statements: Vec<(String, Vec<Part>)>,
    slots: usize,
}

#[derive(Clone, Debug)]
enum Part {
    Fixed(Value),
    /// The n-th id that the action made.
    Made(usize),
    /// The id that each round is about.
    Subject,
    /// A number that no two rounds share.
    Count,
    Text(Vec<Piece>),
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Made(usize, String),
    Subject(String),
    Token,
}

/// What differs from round to round.
#[derive(Clone, Debug, Default)]
pub(super) struct Varying {
    /// The lowest id that the action could have made.
    pub(super) mark: i64,
    /// The id that the action was about, when it was about one that existed.
    pub(super) subject: Option<i64>,
    /// Texts that must not occur twice: a reference, an idempotency key, an order's number.
    pub(super) tokens: Vec<String>,
    /// A number that must not occur twice: an order's place in the count.
    pub(super) count: Option<i64>,
}

/// Prefixes under which ids stand inside texts.
const PREFIXES: &[&str] = &["ord", "lin", "cus", "evt", "job", "adr", "not", "prd", "var"];

impl Script {
    /// Learns a script from what was recorded of one action.
    pub(super) fn learn(recorded: &[Recorded], varying: &Varying) -> Script {
        let mut made: Vec<i64> = Vec::new();
        for value in recorded.iter().flat_map(|one| &one.params) {
            if let Value::Int(id) = value
                && *id >= varying.mark
                && !made.contains(id)
            {
                made.push(*id);
            }
        }
        made.sort_unstable();
        let statements = recorded.iter().map(|one| (one.sql.clone(), one.params.iter().map(|value| part(value, &made, varying)).collect())).collect();
        Script { statements, slots: made.len() }
    }

    /// How many statements one round sends.
    pub(super) fn len(&self) -> usize {
        self.statements.len()
    }

    /// Replays the script once. `subject` stands for the id that the recorded action was about; `token`
    /// must be different in each round of a write.
    pub(super) fn play(&self, bare: &mut Bare, ids: &IdSource, subject: i64, token: &str) -> Result<(), String> {
        let made = self.fresh(ids);
        for (sql, parts) in &self.statements {
            bare.run(sql, &bound(parts, &made, subject, token)).map_err(|error| format!("{error} in the bare loop's statement: {sql}"))?;
        }
        Ok(())
    }

    /// Replays the script with all its statements in one send.
    pub(super) fn play_at_once(&self, bare: &mut Bare, ids: &IdSource, token: &str) -> Result<(), String> {
        let made = self.fresh(ids);
        let statements = self.statements.iter().map(|(sql, parts)| (sql.as_str(), bound(parts, &made, 0, token))).collect();
        bare.run_all(statements).map_err(|error| error.to_string())
    }

    fn fresh(&self, ids: &IdSource) -> Vec<i64> {
        (0..self.slots).map(|_| ids.next()).collect()
    }
}

fn bound(parts: &[Part], made: &[i64], subject: i64, token: &str) -> Vec<Value> {
    parts.iter().map(|part| part.bind(made, subject, token)).collect()
}

impl Part {
    fn bind(&self, made: &[i64], subject: i64, token: &str) -> Value {
        match self {
            Part::Fixed(value) => value.clone(),
            Part::Made(slot) => Value::Int(made[*slot]),
            Part::Subject => Value::Int(subject),
            Part::Count => Value::Int(made.last().copied().unwrap_or(0)),
            Part::Text(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Literal(literal) => text.push_str(literal),
                        Piece::Made(slot, prefix) => text.push_str(&show(prefix, made[*slot])),
                        Piece::Subject(prefix) => text.push_str(&show(prefix, subject)),
                        Piece::Token => text.push_str(token),
                    }
                }
                Value::Text(text)
            }
        }
    }
}

fn part(value: &Value, made: &[i64], varying: &Varying) -> Part {
    match value {
        Value::Int(id) if Some(*id) == varying.subject => Part::Subject,
        Value::Int(count) if Some(*count) == varying.count => Part::Count,
        Value::Int(id) => made.iter().position(|one| one == id).map_or_else(|| Part::Fixed(value.clone()), Part::Made),
        Value::Text(text) => {
            let pieces = pieces(text, made, varying);
            match pieces.as_slice() {
                [Piece::Literal(_)] | [] => Part::Fixed(value.clone()),
                _ => Part::Text(pieces),
            }
        }
        other => Part::Fixed(other.clone()),
    }
}

fn pieces(text: &str, made: &[i64], varying: &Varying) -> Vec<Piece> {
    let mut needles: Vec<(String, Piece)> = varying.tokens.iter().map(|token| (token.clone(), Piece::Token)).collect();
    for prefix in PREFIXES {
        needles.extend(made.iter().enumerate().map(|(slot, id)| (show(prefix, *id), Piece::Made(slot, (*prefix).to_owned()))));
        needles.extend(varying.subject.map(|id| (show(prefix, id), Piece::Subject((*prefix).to_owned()))));
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, needle, piece)) =
        needles.iter().filter_map(|(needle, piece)| rest.find(needle.as_str()).map(|at| (at, needle, piece))).min_by_key(|found| found.0)
    {
        if at > 0 {
            pieces.push(Piece::Literal(rest[..at].to_owned()));
        }
        pieces.push(piece.clone());
        rest = &rest[at + needle.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_ids_stand_wherever_the_old_ones_stood() {
        let recorded = [Recorded {
            sql: "insert".to_owned(),
            params: vec![
                Value::Int(7),
                Value::Int(1_000),
                Value::Int(5),
                Value::Text(format!("{{\"a\":\"{}\",\"ref\":\"tok-1\"}}", show("ord", 1_000))),
            ],
        }];
        let script = Script::learn(&recorded, &Varying { mark: 900, subject: Some(5), tokens: vec!["tok-1".to_owned()], count: None });
        assert_eq!((script.slots, script.len()), (1, 1));
        let bound: Vec<Value> = script.statements[0].1.iter().map(|part| part.bind(&[2_000], 6, "tok-2")).collect();
        let text = format!("{{\"a\":\"{}\",\"ref\":\"tok-2\"}}", show("ord", 2_000));
        assert_eq!(bound, [Value::Int(7), Value::Int(2_000), Value::Int(6), Value::Text(text)]);
    }
}
