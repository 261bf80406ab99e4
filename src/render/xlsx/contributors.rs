//! `contributors.xlsx`: who reported, what every line is made of, and names that differ.

use crate::consolidate::merge::Renamed;
use crate::definitions::Definitions;
use crate::definitions::form::{Grid, LineBy};
use crate::definitions::printed::Printer;
use crate::definitions::spelling::fold_name;
use crate::render::data::contributors::Contributors;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::temporary::{saved, workbook};
use crate::values::cells::Value;
use anyhow::Result;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use std::collections::BTreeSet;

/// Rows of a sheet that are used before the next one is begun; Excel ends at 1,048,576.
const SHEET_ROWS: u32 = 1_000_000;

struct Book<'a> {
    of: &'a Contributors<'a>,
    definitions: &'a Definitions,
    printer: Printer,
    looks: TableFormats,
    workbook: Workbook,
}

/// Makes the workbook.
///
/// # Errors
/// The library refuses.
pub fn write(of: &Contributors<'_>, definitions: &Definitions) -> Result<Vec<u8>> {
    let printer = Printer::new(&of.report.langs[..1.min(of.report.langs.len())], &definitions.printed);
    let mut book = Book { of, definitions, printer, looks: TableFormats::default(), workbook: workbook()? };
    let day = of.report.period.as_of;
    let created = ExcelDateTime::from_timestamp(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())?;
    book.workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    book.units()?;
    let used = |grid: &&Grid| of.report.cells.lines.iter().any(|line| of.report.form.grid_of(line.row).id == grid.id);
    let grids: Vec<&Grid> = of.report.form.grids.iter().filter(used).collect();
    for (number, grid) in grids.iter().enumerate() {
        let number = if grids.len() > 1 { (number + 1).to_string() } else { String::new() };
        book.cells(grid, &number)?;
    }
    book.names()?;
    saved(&mut book.workbook)
}

impl Book<'_> {
    fn words(&self, key: &str) -> String {
        self.definitions.words(key).get(self.printer.langs[0]).to_owned()
    }

    fn units(&mut self) -> Result<()> {
        let heads = ["unit_code", "unit", "unit_counted", "unit_received", "unit_sources"].map(|key| self.words(key));
        let name = self.words("units_sheet");
        let said = [true, false].map(|yes| self.words(if yes { "yes" } else { "no" }));
        let marks: Vec<String> = self.of.report.standing.marks.iter().map(|mark| self.printer.beside(mark)).collect();
        let mut table = TextTable::begin(&mut self.workbook, &name, &[16.0, 50.0, 14.0, 14.0, 50.0], &self.looks)?;
        table.head(&heads)?;
        for unit in self.of.report.standing.consolidated.iter().flat_map(|whole| &whole.units) {
            let counted = &said[usize::from(!unit.counted)];
            let received = unit.received.as_deref().unwrap_or("–");
            table.body(&[&unit.code, &unit.name, counted, received, &unit.sources.join(", ")])?;
        }
        for mark in marks {
            table.title(&mark, true)?;
        }
        table.finish(false)
    }

    /// One sheet for the rows of a grid: each line of the whole, and below it the units that it is made of.
    fn cells(&mut self, grid: &Grid, number: &str) -> Result<()> {
        let (of, form) = (self.of, self.of.report.form);
        let quarter = of.report.period.quarter;
        let columns: Vec<String> =
            grid.columns.iter().map(|column| self.printer.column(form, grid, column, quarter)).collect();
        let keys = ["row", "row_label", "provider", "service", "system", "unit"];
        let heads: Vec<String> = keys.iter().map(|key| self.words(key)).chain(columns).collect();
        let name = self.definitions.words("contributors_sheet").fill(&[("number".to_owned(), number.to_owned())]);
        let name = name.get(self.printer.langs[0]).trim().to_owned();
        let whole = self.words("whole");
        let mut widths = vec![8.0, 44.0, 24.0, 40.0, 20.0, 32.0];
        widths.extend(grid.columns.iter().map(|_| 13.0));
        let lang = self.printer.langs[0];
        let mut table = TextTable::begin(&mut self.workbook, &name, &widths, &self.looks)?;
        table.head(&heads)?;
        let mut part = 1;
        for (position, line) in of.report.cells.lines.iter().enumerate() {
            if form.grid_of(line.row).id != grid.id {
                continue;
            }
            let row = &form.rows[line.row];
            let label = |party: Option<&crate::values::cells::Party>| {
                party.map_or("", crate::values::cells::Party::label).to_owned()
            };
            let (provider, service) = (label(line.key.provider.as_deref()), label(line.key.service.as_deref()));
            let system = line.key.system.clone().unwrap_or_default();
            let stub = row.label.get(lang).replace('\n', " ");
            let words = |unit: &str| {
                [row.no.clone(), stub.clone(), provider.clone(), service.clone(), system.clone(), unit.to_owned()]
            };
            table.values(&words(&whole), &line.values, true)?;
            for (contributor, values) in of.of_line(position) {
                if values.iter().any(|value| !matches!(value, Value::NoInfo | Value::Number(0))) {
                    table.values(&words(&of.names[contributor]), &values, false)?;
                }
            }
            if table.rows() >= SHEET_ROWS {
                part += 1;
                table.turn(&format!("{name} {part}"))?;
                table.head(&heads)?;
            }
        }
        table.finish(true)
    }

    fn names(&mut self) -> Result<()> {
        if self.of.merged.renamed.is_empty() {
            return Ok(());
        }
        let keys = ["level", "unit_code", "printed_name", "other_name", "name_change", "units_sheet"];
        let heads = keys.map(|key| self.words(key));
        let name = self.words("renamed_sheet");
        let mut rows: Vec<[String; 6]> = Vec::new();
        for renamed in &self.of.merged.renamed {
            let level = self.words(match renamed.level {
                LineBy::Provider => "provider",
                LineBy::Service => "service",
                LineBy::System => "system",
            });
            for (other, parts) in &renamed.others {
                let units: BTreeSet<&str> = parts.iter().map(|part| self.of.names[*part].as_str()).collect();
                rows.push([
                    level.clone(),
                    renamed.party.code.clone(),
                    renamed.party.name.clone(),
                    other.clone(),
                    self.words(self.difference(renamed, other)),
                    units.into_iter().collect::<Vec<_>>().join(", "),
                ]);
            }
        }
        let widths = [18.0, 14.0, 46.0, 46.0, 20.0, 46.0];
        let mut table = TextTable::begin(&mut self.workbook, &name, &widths, &self.looks)?;
        table.head(&heads)?;
        for row in &rows {
            table.body(row)?;
        }
        table.finish(true)
    }

    fn difference(&self, renamed: &Renamed, other: &str) -> &'static str {
        let own = self.printer.langs[0];
        let parts = renamed.others.get(other);
        let in_own = parts.is_some_and(|parts| parts.iter().any(|part| self.of.parts[*part].langs.contains(&own)));
        if fold_name(other) == fold_name(&renamed.party.name) {
            "name_spelling"
        } else if in_own {
            "name_truly"
        } else {
            "name_language"
        }
    }
}
