//! What may be shown of a value outside the quarantine: never anything that may name a person (outputs.md).

use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::definitions::record::{Field, FieldType};
use crate::records::typed::{measured, short_day};
use crate::values::personal;
use std::borrow::Cow;

/// A value of a column as it may be shown: itself where it is a code, a day or a number, or of a field whose texts name
/// nobody; else its shape. `None`: a column that is no field.
pub fn shown<'t>(field: Option<&Field>, text: &'t str, definitions: &Definitions) -> Cow<'t, str> {
    let text = text.trim();
    let is_plain = field.is_some_and(|field| !field.private && is_plain(field, text, definitions));
    match is_plain && !personal::is_personal(text) {
        true if text.chars().any(char::is_control) => text.replace(char::is_control, " ").into(),
        true => Cow::Borrowed(text),
        false => personal::shape(text).into(),
    }
}

fn is_plain(field: &Field, text: &str, definitions: &Definitions) -> bool {
    match field.kind {
        FieldType::Text | FieldType::Identifier => field.open,
        FieldType::Code => {
            let list = field.list.as_ref().and_then(|list| definitions.codelist(list));
            // what is a label of the list with a slip of the pen is shown; names of people are less like one
            let is_slip = |list: &CodeList| field.open && !list.nearest(text).is_empty();
            list.is_some_and(|list| list.find(text).is_some() || is_slip(list))
        }
        // as far as it is written in digits, with a unit or the word for a year behind them
        FieldType::Date | FieldType::Moment | FieldType::Integer | FieldType::Boolean => {
            let has_known_unit = |list: &CodeList| measured(list, text).is_some_and(|(_, unit)| unit.is_some());
            !text.chars().any(|letter| letter.is_alphabetic() && !"TZ".contains(letter))
                || short_day(text).is_some()
                || definitions.codelists.iter().any(has_known_unit)
        }
    }
}

/// What a spreadsheet says where it could not calculate: `#N/A`.
pub fn is_error(text: &str) -> bool {
    text.starts_with('#') && text.len() <= 24 && !text.contains(char::is_whitespace)
}
