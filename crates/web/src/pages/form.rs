//! A form that did not go through: its words beside the fields that they are about.

use kernel::FieldError;

use crate::error::Problem;
use crate::pages::view::Field;
use crate::words::Words;

/// The words of a form's problem beside the fields that it names; what names no field of the form is answered.
pub(crate) fn explain(say: Words, problem: &Problem, fields: &mut [&mut Field]) -> Option<String> {
    let mut rest = Vec::new();
    for error in problem.errors() {
        match fields.iter_mut().find(|field| field.name == error.field) {
            Some(field) => field.error = Some(words_of(say, error)),
            None => rest.push(words_of(say, error)),
        }
    }
    if problem.errors().is_empty() {
        rest.push(problem.title(say.locale));
    }
    (!rest.is_empty()).then(|| rest.join(" "))
}

fn words_of(say: Words, error: &FieldError) -> String {
    Problem::field_message(say.locale, error)
}
