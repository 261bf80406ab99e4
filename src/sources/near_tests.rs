//! Headers as bodies write them, of fields on which the numbers depend: none of them is left out in silence.

use crate::definitions::Definitions;
use crate::sources::header::{HeadRow, Heads, Verdict};
use crate::sources::judgement::about;
use crate::words::finding::Place;

/// What is said of a header beside the columns that its table requires: the field that is read or named, or nothing.
fn said(definitions: &Definitions, table: &str, header: &str) -> String {
    let heads = Heads::new(&definitions.tables, None);
    let definition = &definitions.tables[definitions.table(table).expect("a table")];
    let needed = definition.required().map(|field| definition.fields[field].name.clone());
    let mut cells: Vec<String> = needed.chain(definition.any_of.first().cloned()).collect();
    cells.push(header.to_owned());
    let Verdict::Found(found) = heads.recognise(&[HeadRow { line: 1, cells }], &[table]) else {
        return "no table".to_owned();
    };
    let fields = &heads.table(found.table).fields;
    let last = Some(found.cells.len() - 1);
    if let Some(field) = found.columns.iter().position(|column| *column == last) {
        return fields[field].name.clone();
    }
    let findings = about(&heads, &found, &Place::default(), false);
    let near = findings.iter().find(|finding| finding.name == "column_similar");
    near.and_then(|near| near.place.field.clone()).unwrap_or_default()
}

#[test]
fn headers_that_change_numbers_are_read_or_told() {
    let definitions = Definitions::load(None).expect("definitions");
    let list = include_str!("../../tests/data/near_headers.tsv");
    let mut silent = Vec::new();
    for line in list.lines().skip(1) {
        let [table, field, header] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let said = said(&definitions, table, &header.replace("\\n", "\n"));
        if !field.split('|').any(|field| said == field) {
            silent.push(format!("{line}: {said:?}"));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
