//! One row against its table: types, required fields, fields that go together.

use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::definitions::record::Table;
use crate::definitions::spelling::looks;
use crate::records::typed;
use crate::records::typed::{Fault, Typed};
use crate::sources::raw::{FoundTable, Raw, Row, RowFault, is_empty};
use crate::words::lang::Text;
use xxhash_rust::xxh3::xxh3_64;

/// Types a row; faults carry the field they are about, if any. With faults the values mean nothing.
pub fn parse<'a>(
    table: &Table,
    definitions: &Definitions,
    found: &FoundTable,
    row: &Row<'a>,
    forms: &[String],
) -> (Vec<Typed<'a>>, Vec<(Option<usize>, Fault)>) {
    let mut faults = Vec::new();
    if let Some(fault) = &row.fault {
        return (Vec::new(), vec![(None, row_fault(fault))]);
    }
    for raw in row.cells {
        if let Raw::BadBytes(_, offset) = raw {
            return (Vec::new(), vec![(None, Fault::new("bytes_invalid").with("offset", offset))]);
        }
    }
    let mut values = Vec::with_capacity(table.fields.len());
    let mut units = Vec::new();
    for (index, field) in table.fields.iter().enumerate() {
        let raw = found.columns[index].and_then(|column| row.cells.get(column)).unwrap_or(&Raw::Empty);
        let list = field.list.as_ref().and_then(|list| definitions.codelist(list));
        let mut value = typed::parse(field, list, raw);
        if value.is_err() && found.habits.short_days {
            value = typed::parse_short(field, raw).map_or(value, Ok);
        }
        if value.is_err()
            && let Some(own) = measured((table, definitions), index, raw)
        {
            value = own.map(|(number, unit, code)| {
                units.push((index, unit, code));
                number
            });
        }
        if let (Ok(Typed::Missing), Some(supplied)) = (&value, found.supply(index, row.line)) {
            value = typed::parse(field, list, &Raw::Text(&supplied)).map(into_owned);
        }
        values.push(value.and_then(|value| complete(table, index, list, value, forms)).unwrap_or_else(|fault| {
            faults.push((Some(index), fault));
            Typed::Missing
        }));
    }
    for (index, unit, code) in units {
        let own = found.columns[unit].and_then(|column| row.cells.get(column)).is_some_and(|raw| !is_empty(raw));
        if own && values[unit].code() != Some(code) {
            faults.push((Some(index), Fault::new("term_unit_twice")));
        }
        values[unit] = Typed::Code(code);
    }
    if !found.supplied.is_empty() {
        unsupply(table, found, row, &mut values);
    }
    check_together((table, definitions), &values, forms, &mut faults);
    (values, faults)
}

/// A number that stands in one cell with its unit: the number, the field that the unit has, and its code.
fn measured<'a>(
    (table, definitions): (&Table, &Definitions),
    index: usize,
    raw: &Raw<'_>,
) -> Option<Result<(Typed<'a>, usize, usize), Fault>> {
    let Raw::Text(text) = raw else { return None };
    let unit = table.unit_of(index)?;
    let list = definitions.codelist(table.fields[unit].list.as_ref()?)?;
    let (number, code) = typed::measured(list, text)?;
    let unclear = || Fault::new("term_unit_unclear").with("value", typed::clean(text));
    let number = typed::within(&table.fields[index], number);
    Some(number.and_then(|number| Ok((number, unit, code.ok_or_else(unclear)?))))
}

/// Types one field of a row of a plain source, as `parse` does.
///
/// # Errors
/// The value does not parse, or is missing and needed.
pub fn value<'a>(
    (table, definitions): (&Table, &Definitions),
    index: usize,
    raw: &Raw<'a>,
    forms: &[String],
) -> Result<Typed<'a>, Fault> {
    let list = table.fields[index].list.as_ref().and_then(|list| definitions.codelist(list));
    complete(table, index, list, typed::parse(&table.fields[index], list, raw)?, forms)
}

/// A value, or the field's default in its place.
fn complete<'a>(
    table: &Table,
    index: usize,
    list: Option<&CodeList>,
    value: Typed<'a>,
    forms: &[String],
) -> Result<Typed<'a>, Fault> {
    let field = &table.fields[index];
    let needed = field.required || field.required_for.iter().any(|form| forms.contains(form));
    match (&value, &field.default) {
        (Typed::Missing, _) if needed => Err(missing(table, index)),
        (Typed::Missing, Some(default)) => {
            Ok(typed::parse(field, list, &Raw::Text(default)).map_or(Typed::Missing, into_owned))
        }
        _ => Ok(value),
    }
}

/// What a mapping supplies to go with another field says nothing where that one is missing: the unit of no term.
fn unsupply(table: &Table, found: &FoundTable, row: &Row<'_>, values: &mut [Typed<'_>]) {
    let own =
        |field: usize| found.columns[field].and_then(|column| row.cells.get(column)).is_some_and(|raw| !is_empty(raw));
    for group in &table.together {
        let fields: Vec<usize> = group.iter().filter_map(|name| table.position(name)).collect();
        if fields.iter().any(|field| found.supplied.contains_key(field)) && !fields.iter().any(|field| own(*field)) {
            for field in fields {
                values[field] = Typed::Missing;
            }
        }
    }
}

/// The value, whatever it was read from.
pub fn into_owned<'a>(value: Typed<'_>) -> Typed<'a> {
    match value {
        Typed::Text(text) => Typed::Text(text.into_owned().into()),
        Typed::Missing => Typed::Missing,
        Typed::Moment(moment) => Typed::Moment(moment),
        Typed::Integer(number) => Typed::Integer(number),
        Typed::Boolean(flag) => Typed::Boolean(flag),
        Typed::Code(code) => Typed::Code(code),
    }
}

fn row_fault(fault: &RowFault) -> Fault {
    match fault {
        RowFault::Ragged { found, expected } => {
            Fault::new("row_ragged").with("found", found).with("expected", expected)
        }
        RowFault::OpenQuote => Fault::new("row_open_quote"),
        RowFault::BehindQuote => Fault::new("row_behind_quote"),
        RowFault::TooLong { bytes } => Fault::new("row_too_long").with("bytes", bytes),
        RowFault::Merged { cells } => Fault::new("cells_merged").with("cells", cells),
        RowFault::BelowHead { line } => Fault::new("row_below_head").with("head", line),
        RowFault::AboveHead { line } => Fault::new("row_above_head").with("head", line),
        RowFault::LeftOut { .. } => Fault::new("row_left_out"),
    }
}

fn missing(table: &Table, field: usize) -> Fault {
    let header = table.fields[field].headers.first();
    Fault::new("value_missing").named(&header)
}

/// Fields that go together, or that others ask for.
pub fn check_together(
    (table, definitions): (&Table, &Definitions),
    values: &[Typed<'_>],
    forms: &[String],
    faults: &mut Vec<(Option<usize>, Fault)>,
) {
    let refused =
        |field: usize, faults: &[(Option<usize>, Fault)]| faults.iter().any(|(place, _)| *place == Some(field));
    let absent = |name: &str| table.position(name).is_none_or(|field| values[field].is_missing());
    let first = table.any_of.first().and_then(|name| table.position(name));
    if let Some(first) = first
        && table.any_of.iter().all(|name| absent(name))
        && !table.any_of.iter().filter_map(|name| table.position(name)).any(|field| refused(field, faults))
    {
        faults.push((Some(first), missing(table, first)));
    }
    for (index, field) in table.fields.iter().enumerate() {
        let Some(when) = field.required_when.as_ref().filter(|when| when.concerns(forms)) else { continue };
        let code = table.position(&when.field).and_then(|other| values[other].code());
        let list = table.position(&when.field).and_then(|other| table.fields[other].list.as_ref());
        let list = list.and_then(|list| definitions.codelist(list));
        let needed = code.zip(list).is_some_and(|(code, list)| when.values.contains(&list.codes[code].code));
        if needed && values[index].is_missing() && !refused(index, faults) {
            faults.push((Some(index), missing(table, index)));
        }
    }
    for group in &table.together {
        let given = group.iter().filter(|name| !absent(name)).count();
        let lacking = group.iter().filter_map(|name| table.position(name)).find(|field| values[*field].is_missing());
        if let Some(lacking) = lacking.filter(|lacking| given > 0 && !refused(*lacking, faults)) {
            faults.push((Some(lacking), only_together(table, group)));
        }
    }
    check_outcome(table, definitions, values, faults);
}

fn only_together(table: &Table, group: &[String]) -> Fault {
    let said = |lang| {
        let fields = group.iter().filter_map(|name| table.position(name));
        fields
            .map(|field| format!("«{}»", table.fields[field].headers.first().get(lang)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Fault::new("only_together").named(&Text::by(said))
}

/// Rendered or refused without the day of the result: quarantined (records.md, services).
fn check_outcome(
    table: &Table,
    definitions: &Definitions,
    values: &[Typed<'_>],
    faults: &mut Vec<(Option<usize>, Fault)>,
) {
    let (Some(outcome), Some(completed)) = (table.position("outcome"), table.position("completed_at")) else { return };
    let in_progress = definitions.codelist("outcome").and_then(|list| list.position("in_progress"));
    let issued = values[outcome].code().is_some_and(|code| Some(code) != in_progress);
    if issued && values[completed].is_missing() && !faults.iter().any(|(place, _)| *place == Some(completed)) {
        faults.push((Some(completed), Fault::new("outcome_without_date")));
    }
}

/// The fingerprint of a record's only key field; ids that look the same have the same.
pub fn fingerprint(id: &[u8]) -> u64 {
    if id.is_ascii() {
        return xxh3_64(id);
    }
    std::str::from_utf8(id).map_or_else(|_| xxh3_64(id), |text| xxh3_64(looks(text).as_bytes()))
}

/// The bytes that identify a record within its table.
pub fn key(table: &Table, values: &[Typed<'_>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(32);
    for field in table.key.iter().filter_map(|name| table.position(name)) {
        append(&values[field], &mut bytes);
    }
    bytes
}

/// The bytes of all typed values: equal for identical repeats, however they are written.
pub fn content(values: &[Typed<'_>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    for value in values {
        append(value, &mut bytes);
    }
    bytes
}

/// Adds the bytes of a value; no other value has the same.
pub fn append(value: &Typed<'_>, bytes: &mut Vec<u8>) {
    match value {
        Typed::Missing => bytes.push(0),
        Typed::Text(text) => {
            bytes.push(1);
            bytes.extend(text.as_bytes());
        }
        Typed::Moment(moment) => {
            bytes.push(if moment.timed { 2 } else { 3 });
            bytes.extend(moment.minutes.to_le_bytes());
        }
        Typed::Integer(number) => {
            bytes.push(4);
            bytes.extend(number.to_le_bytes());
        }
        Typed::Boolean(flag) => bytes.extend([5, u8::from(*flag)]),
        Typed::Code(code) => bytes.extend([6, u8::try_from(*code).unwrap_or(u8::MAX)]),
    }
    bytes.push(0xFF); // never part of UTF-8: fields cannot run into each other
}
