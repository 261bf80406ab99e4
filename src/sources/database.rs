//! Files that came out of a database together: the groups that it counted, and the rest of its rows.

use crate::body::mapping::Mapping;
use crate::definitions::record::Table;
use crate::sources::found::Discovered;
use crate::sources::raw::Format;
use crate::words::finding::Finding;

/// Whether a mapping says of a table how its days are written in short.
pub(crate) fn has_short_days(mapping: Option<&Mapping>, table: &Table) -> bool {
    let heads = mapping.iter().flat_map(|mapping| &mapping.heads);
    heads.filter(|head| head.confirmed && head.table == table.table).any(|head| head.short_days)
}

/// Beside counted groups, tables of results under the names of the contract are their rest: rows may be missing, and
/// what a mapping says of the days in the database holds for them; a value of several lines is one there, too.
pub(crate) fn settle(discovered: &mut Discovered, tables: &[Table], mapping: Option<&Mapping>) {
    if !discovered.tables.iter().any(|found| tables[found.table].counted) {
        return;
    }
    for found in &mut discovered.tables {
        let table = &tables[found.table];
        found.is_rest = table.is_result() && found.headers.iter().all(|header| table.position(header).is_some());
        if found.is_rest
            && let Format::Csv { signs, .. } = &mut found.format
        {
            signs.whole = true;
        }
        if found.is_rest && !found.habits.short_days && has_short_days(mapping, table) {
            found.habits.short_days = true;
            discovered.findings.push(Finding::new("mapping_short_days", found.place(found.header_line)));
        }
    }
}
