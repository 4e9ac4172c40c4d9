//! The order export of YouCan. The seller chooses its columns and their language, and no list of them is
//! published; so headings are looked for under the names that the programming interface, the seller's area and
//! shops' own sheets use. What is not found is left alone.

use kernel::Error;

use crate::dates::DateOrder;
use crate::guess;
use crate::mapping::{ColumnUse, Constant, DecimalMark, Definition, Field, RowKind};

/// How the columns of this file are read.
pub(super) fn definition(headers: &[String]) -> Result<Definition, Error> {
    let found = found(headers);
    let missing = guess::missing(&found);
    if missing.is_empty() { Ok(found) } else { Err(Error::field("file", "import.columns_missing").with("columns", missing.join(", "))) }
}

fn found(headers: &[String]) -> Definition {
    let folded: Vec<String> = headers.iter().map(|header| kernel::fold(header)).collect();
    let mut columns: Vec<ColumnUse> = Vec::new();
    let mut add = |field: Field, place: usize| columns.push(ColumnUse { column: headers[place].clone(), field: field.as_str().to_owned() });
    for (field, names) in guess::HEADINGS {
        // `State` is the region here.
        let names = names.iter().filter(|name| *field != Field::State || **name != "state");
        if let Some(place) = names.into_iter().find_map(|name| folded.iter().position(|header| header == name)) {
            add(*field, place);
        }
    }
    // Names come in two columns where the seller chose so.
    let at = |names: &[&str]| names.iter().find_map(|name| folded.iter().position(|header| header == name));
    if let (Some(first), Some(last)) = (
        at(&["first name", "customer first name", "prenom", "الاسم الاول", "الاسم"]),
        at(&["last name", "customer last name", "nom", "اللقب", "الاسم الاخير", "اسم العائله"]),
    ) && at(&["full name", "customer name", "nom complet", "الاسم الكامل"]).is_none()
    {
        add(Field::CustomerName, first);
        add(Field::CustomerName, last);
    }
    let has_ref = columns.iter().any(|one| one.field == Field::OrderRef.as_str());
    Definition {
        columns,
        // A shop of theirs sells by its website.
        constants: vec![Constant { field: Field::Channel.as_str().to_owned(), value: "web".to_owned() }],
        rows: if has_ref { RowKind::Line } else { RowKind::Order },
        dates: DateOrder::DayFirst,
        decimals: DecimalMark::Point,
        ..Definition::new()
    }
}

/// Whether these can be the headings of such a file: those that only its programming interface has.
pub(crate) fn fits(headers: &[String]) -> bool {
    let folded: Vec<String> = headers.iter().map(|header| kernel::fold(header)).collect();
    let own = ["status new", "gateway type text", "payment status new", "confirmation status"];
    own.iter().any(|name| folded.iter().any(|header| header == name)) && guess::missing(&found(headers)).is_empty()
}
