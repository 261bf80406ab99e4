//! Which mends hold: the old text must still stand where it stood. What does not hold is told, and changes nothing.

use crate::definitions::record::Table;
use crate::sources::formats::read;
use crate::sources::found::Discovered;
use crate::sources::header::folded;
use crate::sources::mend::{Mend, MendAction, MendTarget, Mends, RowMend, TableMends, is_below};
use crate::sources::options::Options;
use crate::sources::raw::{FoundTable, Raw, Row};
use crate::values::personal::veiled;
use crate::words::finding::{Finding, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What came of a mend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum MendFate {
    /// Nothing is where it points to.
    #[default]
    Nowhere,
    Holds,
    /// A later one of the same cell holds.
    Superseded,
    /// Another text stands there.
    Lapsed,
}

/// Gives each table the mends that hold for it, and tells of all. Only tables that have any are read for it.
pub(crate) fn settle(discovered: &mut Discovered, tables: &[Table], options: &Options) {
    let Some(mends) = options.mends.as_deref() else { return };
    let names: BTreeSet<String> = discovered.tables.iter().map(|found| found.name.clone()).collect();
    let sources: Vec<Option<&String>> = mends.all.iter().map(|mend| source_of(mend, &names)).collect();
    let mut fates = vec![MendFate::Nowhere; mends.all.len()];
    for found in &mut discovered.tables {
        let mut own: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (place, mend) in mends.all.iter().enumerate() {
            let sheet = found.sheet.as_deref().unwrap_or_default();
            if sources[place] == Some(&found.name) && mend.sheet.trim() == sheet.trim() {
                own.entry(mend.line).or_default().push(place);
            }
        }
        if own.is_empty() {
            continue;
        }
        let mut settled = TableMends::new();
        let table = &tables[found.table];
        let read = read(found, table, options, &mut |row| {
            if let Some(places) = own.get(&row.line) {
                let judged = judge(found, table, row, (mends, places), &mut fates);
                settled.extend(judged.map(|mend| (row.line, mend)));
            }
            Ok(())
        });
        // a source that cannot be read to its end is told where it is counted
        drop(read);
        if !settled.is_empty() {
            discovered.findings.push(count(found, &settled));
            found.mends = Some(Arc::new(settled));
        }
    }
    for (place, fate) in fates.into_iter().enumerate() {
        discovered.findings.extend(tell(&mends.all[place], sources[place], fate));
    }
}

/// The source that is meant: by its whole name, or by the only one that ends or begins so.
fn source_of<'n>(mend: &Mend, names: &'n BTreeSet<String>) -> Option<&'n String> {
    if let Some(name) = names.get(&mend.source) {
        return Some(name);
    }
    let mut like = names.iter().filter(|name| is_below(name, &mend.source) || is_below(&mend.source, name));
    like.next().filter(|_| like.next().is_none())
}

/// What the mends of a row come to.
fn judge(
    found: &FoundTable,
    table: &Table,
    row: &Row<'_>,
    (mends, places): (&Mends, &[usize]),
    fates: &mut [MendFate],
) -> Option<RowMend> {
    let mut left_out = None;
    let mut cells: BTreeMap<MendTarget, Vec<usize>> = BTreeMap::new();
    for place in places {
        let mend = &mends.all[*place];
        let Some(target) = target(found, table, row, mend) else { continue };
        if mend.action == MendAction::Change {
            cells.entry(target).or_default().push(*place);
        } else if stands(row, target, &mend.old) {
            let before = left_out.replace(*place);
            fates[*place] = MendFate::Holds;
            if let Some(before) = before {
                fates[before] = MendFate::Superseded;
            }
        } else {
            fates[*place] = MendFate::Lapsed;
        }
    }
    let mut changes = Vec::new();
    for (target, places) in cells {
        // a mend may have been made of what an earlier one wrote
        let mut valid: Vec<&str> = Vec::new();
        let mut last = false;
        for place in &places {
            let mend = &mends.all[*place];
            let is_whole = row.fault.is_none();
            last = is_whole && (stands(row, target, &mend.old) || valid.iter().any(|text| is_same(text, &mend.old)));
            fates[*place] = if last { MendFate::Superseded } else { MendFate::Lapsed };
            valid.extend(last.then_some(mend.new.as_str()));
        }
        if let Some(place) = places.last().filter(|_| last) {
            fates[*place] = MendFate::Holds;
            changes.push((target, mends.all[*place].new.clone()));
        }
    }
    match left_out {
        Some(place) => Some(RowMend::LeftOut(mends.all[place].reason.clone())),
        None => (!changes.is_empty()).then_some(RowMend::Changed(changes)),
    }
}

/// The column by its header; of several alike the one with the old text. A field without a column by any of its names.
fn target(found: &FoundTable, table: &Table, row: &Row<'_>, mend: &Mend) -> Option<MendTarget> {
    let wanted = folded(&mend.column);
    let alike = (0..found.headers.len()).filter(|column| folded(&found.headers[*column]) == wanted);
    let alike: Vec<MendTarget> = alike.filter(|_| !wanted.is_empty()).map(MendTarget::Column).collect();
    match alike[..] {
        [] => {
            let is_meant = |field: &crate::definitions::record::Field| {
                field.name == mend.column.trim() || field.headers.all().any(|header| folded(header) == wanted)
            };
            let field = table.fields.iter().position(is_meant)?;
            Some(found.columns[field].map_or(MendTarget::Field(field), MendTarget::Column))
        }
        [only] => Some(only),
        _ => {
            let mut holding = alike.into_iter().filter(|target| stands(row, *target, &mend.old));
            holding.next().filter(|_| holding.next().is_none())
        }
    }
}

/// Whether a text stands in a cell; a day may be written as a spreadsheet shows it.
fn stands(row: &Row<'_>, target: MendTarget, old: &str) -> bool {
    let MendTarget::Column(column) = target else { return old.trim().is_empty() };
    let raw = row.cells.get(column).unwrap_or(&Raw::Empty);
    let printed = raw.print();
    let printed = String::from_utf8_lossy(&printed);
    let as_shown = || {
        let Raw::Moment { .. } = raw else { return false };
        let (day, time) = printed.split_once(' ').unwrap_or((&printed, ""));
        let parts: Vec<&str> = day.split('-').collect();
        let [year, month, day] = parts[..] else { return false };
        is_same(&format!("{day}.{month}.{year} {time}"), old)
    };
    is_same(&printed, old) || as_shown()
}

/// Texts that differ in nothing but white space, or in the mark of a text that must not be computed.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.strip_prefix('\'').map(str::to_owned).unwrap_or(text)
    };
    plain(one) == plain(other)
}

/// How much was mended in a source.
fn count(found: &FoundTable, settled: &TableMends) -> Finding {
    let (mut values, mut rows) = (0, 0);
    for mend in settled.values() {
        match mend {
            RowMend::LeftOut(_) => rows += 1,
            RowMend::Changed(changes) => values += changes.len(),
        }
    }
    let place = Place { line: None, ..found.place(found.header_line) };
    Finding::new("mends_used", place).with("values", values).with("rows", rows)
}

fn tell(mend: &Mend, source: Option<&String>, fate: MendFate) -> Option<Finding> {
    let name = match fate {
        MendFate::Holds => return None,
        MendFate::Nowhere => "mend_nowhere",
        MendFate::Superseded => "mend_superseded",
        MendFate::Lapsed => "mend_lapsed",
    };
    let place = Place {
        source: Some(source.unwrap_or(&mend.source).clone()),
        sheet: Some(mend.sheet.clone()).filter(|sheet| !sheet.is_empty()),
        line: Some(mend.line),
        ..Place::default()
    };
    Some(Finding::new(name, place).with("column", veiled(&mend.column)))
}
