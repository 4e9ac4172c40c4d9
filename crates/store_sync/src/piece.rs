//! What a preset makes of rows: an order or a credit note, or words about what is wrong with them.

use kernel::{Args, FieldError, OrderAction, Time};
use orders::{NewCreditNote, NewOrder};
use payments::NewTransaction;

use crate::table::Row;

/// The rows of one order or credit note.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// What the file calls it.
    pub(crate) name: String,
    /// The code of its store.
    pub(crate) store: String,
    /// The rows that a refusal gives back.
    pub(crate) rows: Vec<Row>,
    /// How many rows of the file it is made of.
    pub(crate) lines: u64,
    /// What they mean.
    pub(crate) content: Content,
}

/// What rows mean.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// An order and what happened to it.
    Order(Box<ImportedOrder>),
    /// A credit note or an invoice that sells nothing.
    Credit(Box<NewCreditNote>),
    /// Nothing that could be kept.
    Refused(Vec<Problem>),
}

/// An order with its past.
#[derive(Clone, Debug)]
pub(crate) struct ImportedOrder {
    /// As it was placed. Its store is filled in where it is written.
    pub(crate) order: NewOrder,
    /// The moves that followed, in this order, each at its own time.
    pub(crate) steps: Vec<Step>,
    /// What was paid.
    pub(crate) payments: Vec<NewTransaction>,
}

/// A move of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Which.
    pub(crate) action: OrderAction,
    /// When.
    pub(crate) at: Time,
    /// Why, where the action asks for a reason.
    pub(crate) reason: Option<&'static str>,
}

impl Step {
    pub(crate) fn new(action: OrderAction, at: Time) -> Step {
        Step { action, at, reason: None }
    }

    pub(crate) fn because(action: OrderAction, at: Time, reason: &'static str) -> Step {
        Step { action, at, reason: Some(reason) }
    }
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The line of the file; none when it is about all rows of the piece.
    pub(crate) line: Option<u64>,
    /// The column, or the field of the order.
    pub(crate) field: String,
    /// Stable code.
    pub(crate) code: &'static str,
    /// What the words need.
    pub(crate) args: Args,
}

impl Problem {
    pub(crate) fn at(row: &Row, field: &str, code: &'static str) -> Problem {
        Problem { line: Some(row.line), field: field.to_owned(), code, args: Args::new() }
    }

    pub(crate) fn of(error: FieldError) -> Problem {
        Problem { line: None, field: error.field, code: error.code, args: error.args }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Problem {
        self.args.insert(name, value.to_string());
        self
    }
}
