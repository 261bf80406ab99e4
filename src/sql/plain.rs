//! Conditions under which a value of the text needs no second look. Source: records.md, Types.

use crate::definitions::marks::marks;
use crate::definitions::record::FieldType;
use crate::sql::letters::{DIGITS, LOWER, UPPER, of_ids, of_names};
use crate::sql::literal::{one_of, translated};
use crate::sql::plan::PlanField;
use std::collections::BTreeSet;

/// The column that says whether an id is of such letters alone as most are.
pub const IS_SIMPLE: &str = "has_simple_id";

/// The value of a column, empty where it is missing or says nothing; `otherwise`: the text of
/// what then stands for it.
pub fn given(column: &str, field: &PlanField<'_>, otherwise: &str) -> String {
    let words = field.field.written.missing().iter().map(|word| word.to_uppercase());
    let words: Vec<String> = words.chain(["-", "–", "—"].map(str::to_owned)).collect();
    let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or_default();
    let is_word = one_of(&translated(column, LOWER, UPPER), &words);
    format!(
        "CASE WHEN {column} = '' OR (LENGTH({column}) <= {longest} AND {is_word}) THEN {otherwise} ELSE {column} END"
    )
}

/// How days may be written in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// No table has short ones, so that the calendar knows none.
    Whole,
    /// Another table has short ones.
    WholeHere,
    Short,
}

/// Whether a value of a field is plainly what the contract wants; empty values are.
pub fn is_plain(field: &PlanField<'_>, is_id: bool, days: Days) -> String {
    let name = field.name;
    match field.field.kind {
        FieldType::Text => plain_text(name),
        FieldType::Identifier if is_id => plain_id(name),
        FieldType::Identifier => {
            // behind a quote a code may have become a day, too
            let bare = ['"', '«', '»'].map(|quote| format!("{name} NOT LIKE '%{quote}%'")).join(" AND ");
            format!("{} AND {bare} AND {}", plain_text(name), undamaged(name))
        }
        FieldType::Integer => {
            let least = field.field.min.map(|min| format!(" AND {name}_amount >= {min}")).unwrap_or_default();
            let most = field.field.max.map(|max| format!(" AND {name}_amount <= {max}")).unwrap_or_default();
            format!("{name} = '' OR ({name}_amount IS NOT NULL{least}{most})")
        }
        FieldType::Code => format!("{name} = '' OR {name}_code <> ''"),
        FieldType::Date | FieldType::Moment => {
            let seconds = one_of(&format!("SUBSTR({name}, 17)"), (0..60).map(|second| format!(":{second:02}")));
            let sign = one_of(&format!("SUBSTR({name}, 11, 1)"), [" ", "T"]);
            let timed = format!("{sign} AND {name}_clock IS NOT NULL AND (LENGTH({name}) = 16 OR {seconds})");
            let long = format!("{name} NOT LIKE '%,%'");
            let spelled = match days {
                Days::Whole => format!("LENGTH({name}) = 10 OR ({timed})"),
                Days::WholeHere => format!("(LENGTH({name}) = 10 OR ({timed})) AND {long}"),
                Days::Short => format!("LENGTH({name}) IN (8, 10) OR ({timed} AND {long})"),
            };
            format!("{name} = '' OR ({name}_no IS NOT NULL AND ({spelled}))")
        }
        // the tables of results have none
        FieldType::Boolean => format!("{name} = ''"),
    }
}

/// Only letters and signs that mean nothing by themselves, single spaces, none at the ends.
fn plain_text(name: &str) -> String {
    let strange = translated(name, &of_names(), "");
    format!(
        "{name} = '' OR ({strange} = '' AND {name} NOT LIKE ' %' AND {name} NOT LIKE '% ' AND {name} NOT LIKE '%  %')"
    )
}

/// No day or month that a spreadsheet made of a code.
fn undamaged(name: &str) -> String {
    let months = marks().months().iter().map(|month| month.to_uppercase());
    let month = translated(name, &format!("{LOWER}{DIGITS}.-/ "), UPPER);
    format!("NOT {} AND {}", one_of(&month, months), no_day(name))
}

/// No day as databases write it, no number with a fraction.
fn no_day(name: &str) -> String {
    let first = translated(&format!("SUBSTR({name}, 1, 1)"), DIGITS, "");
    format!(
        "NOT (SUBSTR({name}, 5, 1) = '-' AND SUBSTR({name}, 8, 1) = '-') AND NOT ({name} LIKE '%.%' AND {first} = '')"
    )
}

/// An id of letters, digits and dashes that begins as no word of totals does and is no month.
fn plain_id(name: &str) -> String {
    let totals: BTreeSet<String> =
        marks().totals().iter().map(|word| word.to_uppercase().chars().take(3).collect()).collect();
    let first = format!("SUBSTR({name}, 1, 3)");
    let any = format!(
        "{} = '' AND NOT {} AND {}",
        translated(name, &of_ids(), ""),
        one_of(&translated(&first, LOWER, UPPER), &totals),
        undamaged(name)
    );
    // most ids are of capitals and digits: to replace a hundred letters in each of them is what costs engines most
    let months = marks().months().iter().map(|month| month.to_uppercase());
    let simple = format!(
        "NOT {} AND NOT {} AND {}",
        one_of(&first, &totals),
        one_of(&translated(name, &format!("{DIGITS}-"), ""), months),
        no_day(name)
    );
    format!("{name} <> '' AND CASE WHEN {IS_SIMPLE} = 1 THEN {} ELSE {} END = 1", when(&simple), when(&any))
}

/// 1 where a condition holds, else 0.
pub fn when(condition: &str) -> String {
    format!("CASE WHEN {condition} THEN 1 ELSE 0 END")
}
