//! The form of the page: the neutral sheet, laid out once in each language, as heads, tables and lines.

use crate::definitions::theme::Role;
use crate::facts::first::FirstRecords;
use crate::render::page::board::Shown;
use crate::render::page::texts::Texts;
use crate::render::sheet::{Content, FormSheet, SheetCell, Strip};
use crate::rules::recipe::Level;
use crate::values::cells::Value;
use crate::words::lang::Text;
use crate::words::lang::{ByLang, Lang};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A text of the header or signature block, as wide as its part of the page.
#[derive(Debug, Serialize)]
pub struct PagePart {
    role: Role,
    text: usize,
}

/// One tree of heads with the lines below it.
#[derive(Debug, Serialize)]
pub struct PageTable {
    /// Position in the form of the grid that the heads stand for; sections below may have fewer columns.
    grid: usize,
    heads: Vec<Vec<PageHead>>,
    /// How many of the last head rows stay in view.
    kept: usize,
    /// Position of the section whose name stands above the heads.
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<usize>,
}

/// One head.
#[derive(Debug, Serialize)]
struct PageHead {
    text: usize,
    columns: usize,
    rows: usize,
    /// First column of values below it; absent above the stub.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    upright: bool,
}

/// One line of the form.
#[derive(Debug, Serialize)]
pub struct PageLine<'a> {
    row: usize,
    table: usize,
    role: Role,
    indent: u8,
    number: usize,
    label: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    values: Vec<Shown<'a>>,
    /// The same cells in the previous quarter's report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<Option<Shown<'a>>>,
    /// By column: how many records contribute, and the first of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    records: BTreeMap<usize, CellRecords<'a>>,
}

/// A number of records, and of some their source in the ledger, line and id.
#[derive(Debug, Serialize)]
struct CellRecords<'a>(usize, &'a [(usize, u64, String)]);

/// Code and name.
#[derive(Debug, Serialize)]
pub struct Named<'a>(&'a str, &'a str);

/// The form of the page.
#[derive(Debug, Serialize)]
pub struct PageForm<'a> {
    head: Vec<Vec<PagePart>>,
    signature: Vec<Vec<PagePart>>,
    pub tables: Vec<PageTable>,
    pub lines: Vec<PageLine<'a>>,
}

/// The sheets of a form by language.
type Sheets<'a> = ByLang<&'a FormSheet<'a>>;

fn text(cell: Option<&SheetCell>) -> String {
    match cell.map(|cell| &cell.content) {
        Some(Content::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Calls `visit` with each cell of a row and its text; `at`: where the row stands on each sheet, whose pages differ.
fn row(sheets: &Sheets<'_>, at: &dyn Fn(&FormSheet<'_>) -> Option<usize>, visit: &mut dyn FnMut(&SheetCell, Text)) {
    let all = sheets.map(|sheet| at(sheet).map(|row| sheet.cells(row)).unwrap_or_default());
    for (place, cell) in all[Lang::Ru as usize].iter().enumerate() {
        visit(cell, Text::by(|lang| text(all[lang as usize].get(place))));
    }
}

/// So many rows from the one that `first` names.
fn parts(
    sheets: &Sheets<'_>,
    (first, count): (fn(&FormSheet<'_>) -> usize, usize),
    texts: &mut Texts,
) -> Vec<Vec<PagePart>> {
    let mut parts = Vec::new();
    for nth in 0..count {
        let mut line = Vec::new();
        row(sheets, &|sheet| Some(first(sheet) + nth), &mut |cell, text| {
            if !text.get(Lang::Ru).is_empty() {
                line.push(PagePart { role: cell.role, text: texts.id(&text) });
            }
        });
        parts.extend(Some(line).filter(|line| !line.is_empty()));
    }
    parts
}

/// The form of three equal sheets in kk, ru and en; only lines of `kept`.
pub fn form<'a>(
    sheets: &Sheets<'a>,
    kept: &BTreeSet<usize>,
    before: &'a BTreeMap<usize, Vec<Option<Value>>>,
    records: &'a BTreeMap<(usize, usize), FirstRecords>,
    texts: &mut Texts,
) -> PageForm<'a> {
    let sheet = sheets[Lang::Ru as usize];
    let report = sheet.report;
    let first = sheet.strips.iter().position(|strip| strip.line().is_some()).unwrap_or(sheet.signature);
    let top = sheet.heads.first().map_or(first, |heads| heads.start);
    let mut form = PageForm {
        head: parts(sheets, (|_| 0, top), texts),
        signature: parts(sheets, (|sheet| sheet.signature, sheet.strips.len() - sheet.signature), texts),
        tables: (0..sheet.heads.len()).map(|nth| table(sheets, nth, texts)).collect(),
        lines: Vec::new(),
    };
    for (place, strip) in sheet.strips.iter().enumerate() {
        let Some(position) = strip.line().filter(|line| kept.contains(line)) else { continue };
        let line = &report.cells.lines[position];
        let table = sheet.heads.iter().rposition(|heads| heads.end <= place).unwrap_or(0);
        let mut stub = Vec::new();
        let own = |sheet: &FormSheet<'_>| sheet.row_of(position);
        row(sheets, &own, &mut |cell, text| stub.extend((stub.len() < 2).then(|| (cell.clone(), text))));
        let Some((cell, label)) = stub.pop() else { continue };
        let number = stub.pop().map(|(_, number)| number).unwrap_or_default();
        let named = |party: &'a crate::values::cells::Party| Named(&party.code, &party.name);
        form.lines.push(PageLine {
            row: line.row,
            table,
            role: cell.role,
            indent: cell.indent,
            number: texts.id(&number),
            label: texts.id(&label),
            provider: line.key.provider.as_deref().map(named),
            service: line.key.service.as_deref().map(named),
            system: line.key.system.as_deref(),
            values: line.values.iter().map(Shown::of).collect(),
            records: records
                .range((position, 0)..(position + 1, 0))
                .map(|((_, column), met)| (*column, CellRecords(met.count, &met.first)))
                .collect(),
            before: before.get(&position).into_iter().flatten().map(|value| value.as_ref().map(Shown::of)).collect(),
        });
    }
    form
}

fn table(sheets: &Sheets<'_>, nth: usize, texts: &mut Texts) -> PageTable {
    let sheet = sheets[Lang::Ru as usize];
    let heads = sheet.heads[nth].clone();
    let below = sheet.strips[heads.end..].iter().find_map(Strip::line);
    let span = below.map_or(1, |line| sheet.span(line));
    let mut rows = Vec::new();
    for level in 0..heads.len() {
        let mut cells = Vec::new();
        let own = |sheet: &FormSheet<'_>| sheet.heads.get(nth).map(|heads| heads.start + level);
        row(sheets, &own, &mut |cell, text| {
            let column = cell.column.checked_sub(2).map(|column| column / span);
            let columns = if column.is_some() { cell.columns / span } else { cell.columns };
            cells.push(PageHead { text: texts.id(&text), columns, rows: cell.rows, column, upright: cell.upright });
        });
        rows.push(cells);
    }
    let titled = heads
        .start
        .checked_sub(1)
        .filter(|place| sheet.cells(*place).first().is_some_and(|cell| cell.role == Role::Section));
    let caption = titled.and(below).map(|line| {
        let row = &sheet.report.form.rows[sheet.report.cells.lines[line].row];
        sheet.report.form.sections.iter().position(|section| section.id == row.section).unwrap_or(0)
    });
    let kept = sheet.repeated(heads.end).map_or(0, |kept| kept.len());
    let form = sheet.report.form;
    let grid = below.map(|line| form.grid_of(sheet.report.cells.lines[line].row).id.as_str());
    let grid = form.grids.iter().position(|own| Some(own.id.as_str()) == grid).unwrap_or(0);
    PageTable { grid, heads: rows, kept, caption }
}

/// The lines to show when not all can be: rows and providers first, then lines with findings, then the others
/// in the order of the form.
pub fn kept(sheet: &FormSheet<'_>, marked: &BTreeSet<usize>, limit: usize) -> BTreeSet<usize> {
    let lines = &sheet.report.cells.lines;
    let printed: Vec<usize> = sheet.strips.iter().filter_map(Strip::line).collect();
    let rank = |line: usize| match Level::of(&lines[line]) {
        Level::Row => 0,
        _ if marked.contains(&line) => 1,
        Level::Provider => 2,
        Level::Service => 3,
    };
    let mut order = printed;
    order.sort_by_key(|line| (rank(*line), *line));
    order.into_iter().take(limit).collect()
}
