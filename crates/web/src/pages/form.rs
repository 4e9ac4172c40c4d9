//! A form that did not go through: its words beside the fields that they are about.

use kernel::FieldError;

use crate::error::Problem;
use crate::pages::view::Field;
use crate::words::Words;

/// The words of a form's problem beside the fields that it names; what names no field of the form is answered.
pub(crate) fn explain(say: Words, problem: &Problem, fields: &mut [&mut Field]) -> Option<String> {
    if problem.errors().is_empty() {
        return Some(problem.title(say.locale));
    }
    beside(say, problem.errors(), fields)
}

/// The words of these errors beside their fields; what names none of the fields is answered.
pub(crate) fn beside<'a>(say: Words, errors: impl IntoIterator<Item = &'a FieldError>, fields: &mut [&mut Field]) -> Option<String> {
    let mut rest = Vec::new();
    for error in errors {
        let words = Problem::field_message(say.locale, error);
        match fields.iter_mut().find(|field| field.name == error.field) {
            Some(field) => field.error = Some(words),
            None => rest.push(words),
        }
    }
    (!rest.is_empty()).then(|| rest.join(" "))
}
