//! Columns whose header may as well stand above names of people («Заявитель»): what they hold decides (records.md).

use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::definitions::record::Field;
use crate::records::typed::clean;
use crate::sources::group;
use crate::sources::raw::{FoundTable, Raw};
use crate::sources::survey::folded;
use crate::sources::{self, Discovered, Options};
use crate::words::finding::{Finding, Place};
use anyhow::{Result, bail};

/// So many values of a column say what it holds.
const ENOUGH: u64 = 10_000;

/// Leaves out such columns in which less than half of the values are codes or labels, and tells of each, without its
/// values. What a body confirmed of its columns is so.
pub fn settle(discovered: &mut Discovered, definitions: &Definitions, options: &Options) {
    for found in &mut discovered.tables {
        for (index, field) in definitions.tables[found.table].fields.iter().enumerate() {
            let Some(column) = found.columns[index].filter(|_| !field.doubtful.is_empty()) else { continue };
            let header = folded(&found.headers[column]);
            let list = field.list.as_ref().and_then(|list| definitions.codelist(list));
            let is_doubtful = field.doubtful.iter().any(|own| folded(own) == header);
            let Some(list) = list.filter(|_| is_doubtful && !is_confirmed(found, field, &header, options)) else {
                continue;
            };
            let (known, all) = count(found, column, list, definitions, options);
            if known * 2 < all {
                found.columns[index] = None;
                let place = Place { field: Some(field.name.clone()), ..found.place(found.header_line) };
                let header = found.headers[column].split_whitespace().collect::<Vec<_>>().join(" ");
                let finding = Finding::new("column_of_people", place).with("column", header);
                discovered.findings.push(finding.with("known", known).with("all", all));
            }
        }
    }
}

fn is_confirmed(found: &FoundTable, field: &Field, header: &str, options: &Options) -> bool {
    let heads = options.mapping.iter().flat_map(|used| &used.mapping.heads);
    let mut own = heads.filter(|head| head.confirmed && group::is_of(head, found));
    own.any(|head| head.columns.iter().any(|(own, meant)| folded(own) == header && *meant == field.name))
}

/// Values of a column that a code list knows, and all that are given, of the first rows.
fn count(
    found: &FoundTable,
    column: usize,
    list: &CodeList,
    definitions: &Definitions,
    options: &Options,
) -> (u64, u64) {
    let (mut known, mut all) = (0, 0);
    let read: Result<_> = sources::read(found, &definitions.tables[found.table], options, &mut |row| {
        let text = row.cells.get(column).map(Raw::print).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let text = clean(&text);
        if !matches!(text.as_ref(), "" | "-" | "–" | "—") {
            all += 1;
            known += u64::from(list.find(&text).is_some());
        }
        if all >= ENOUGH {
            bail!("enough");
        }
        Ok(())
    });
    // a source that cannot be read to its end is told where it is counted
    drop(read);
    (known, all)
}
