//! Fields that a record lacks and that no asked form counts by: told, and nothing is rejected for them.

use crate::definitions::Definitions;
use crate::records::Record;
use crate::records::typed::Typed;
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;

/// A field that some other form would need, with the codes of another field that ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Unneeded {
    table: usize,
    field: usize,
    /// Field whose codes decide.
    other: usize,
    codes: Vec<usize>,
}

/// All of them, for the asked forms.
pub(crate) fn find(definitions: &Definitions, forms: &[String]) -> Vec<Unneeded> {
    let mut found = Vec::new();
    for (place, table) in definitions.tables.iter().enumerate() {
        for (field, definition) in table.fields.iter().enumerate() {
            let Some(when) = definition.required_when.as_ref().filter(|when| !when.concerns(forms)) else { continue };
            let Some(other) = table.position(&when.field) else { continue };
            let list = table.fields[other].list.as_ref().and_then(|list| definitions.codelist(list));
            let codes = when.values.iter().filter_map(|code| list?.position(code)).collect();
            found.push(Unneeded { table: place, field, other, codes });
        }
    }
    found
}

/// The fields that a row of a table lacks.
pub(crate) fn lacking<'u>(
    unneeded: &'u [Unneeded],
    table: usize,
    values: &[Typed<'_>],
) -> impl Iterator<Item = &'u Unneeded> {
    unneeded.iter().filter(move |one| {
        one.table == table
            && values[one.field].is_missing()
            && values[one.other].code().is_some_and(|code| one.codes.contains(&code))
    })
}

/// Tells of the fields that a record lacks.
pub(crate) fn tell(unneeded: &[Unneeded], definitions: &Definitions, record: &Record<'_, '_>, findings: &mut Gathered) {
    for one in lacking(unneeded, record.found.table, record.values) {
        let field = &definitions.tables[one.table].fields[one.field];
        let forms = field.required_when.as_ref().map(|when| definitions.indexes(&when.forms)).unwrap_or_default();
        let finding = Finding::new("field_unneeded", record.place(&field.name)).of_unit(&field.headers.first());
        findings.push(finding.with_text("forms", &forms));
    }
}
