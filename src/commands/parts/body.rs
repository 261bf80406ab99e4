//! The organisation file: TOML, or a sheet with labels beside their values and, where there are any, units in rows.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::definitions::letterhead::Letterhead;
use crate::report::wording::word;
use crate::sources::bounds::Bounds;
use crate::sources::workbook::grid;
use crate::sources::workbook::grid::{Cell, Datum, Grid};
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;
use toml::{Table, Value};

/// The field of the terms that include the day of receipt (forms.md, D5).
const RECEIPT_DAY_COUNTS: &str = "receipt_day_counts";

/// Reads who reports. Errors name the file, the cell and, where one is near, what was meant.
pub fn read(path: &Path, definitions: &Definitions) -> Result<Organisation> {
    let organisation = as_written(path, definitions)?;
    organisation.terms.by_channel(definitions).or_halt(|| Halt::within(path))?;
    Ok(organisation)
}

fn as_written(path: &Path, definitions: &Definitions) -> Result<Organisation> {
    if !grid::is_workbook(&text_file::bytes(path)?) {
        return Organisation::read(path);
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let grids = match grid::read(path, &name, &Bounds::default())? {
        Ok(grids) => grids,
        Err(finding) => {
            bail!(Halt::new("fault_told").with_text("message", &word(&finding, definitions, None).message))
        }
    };
    let mut found = Table::new();
    for sheet in &grids.sheets {
        fill(sheet, &definitions.letterhead, &mut found)
            .or_halt(|| Halt::within(format!("{} [{}]", path.display(), sheet.sheet)))?;
    }
    let organisation: Organisation = found.try_into().or_halt(|| Halt::within(path))?;
    organisation.check().or_halt(|| Halt::within(path))?;
    Ok(organisation)
}

fn fill(sheet: &Grid, letterhead: &Letterhead, found: &mut Table) -> Result<()> {
    let mut units: Option<Vec<Option<&str>>> = None;
    for row in sheet.rows() {
        let cells: Vec<String> = sheet.row(row).map(|(_, cell)| print(cell)).filter(|text| !text.is_empty()).collect();
        let heads: Vec<Option<&str>> =
            (0..=width(sheet)).map(|column| unit_head(sheet, row, column, letterhead)).collect();
        if heads.iter().flatten().count() > 1 {
            units = Some(heads);
        } else if let Some(heads) = &units {
            let unit = heads.iter().enumerate().filter_map(|(column, head)| {
                let text = print(sheet.cells.get(&(row, u32::try_from(column).ok()?))?);
                let head = (*head)?;
                let value = if head == "names" { Value::Array(spellings(&text)) } else { Value::String(text) };
                Some((head.to_owned(), value))
            });
            let unit: Table = unit.collect();
            let list = found.entry("unit").or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().context("units")?.push(Value::Table(unit));
        } else if let [label, values @ ..] = cells.as_slice()
            && !values.is_empty()
        {
            let Some(field) = letterhead.field(label) else {
                let halt = Halt::new("fault_label").with("row", row + 1).with("label", label);
                bail!(halt.near(letterhead.nearest(label)));
            };
            let (name, value) = match field.name.as_str() {
                "languages" => (field.name.as_str(), Value::Array(codes(values))),
                RECEIPT_DAY_COUNTS => ("terms", terms(values)),
                name => (name, Value::String(values[0].clone())),
            };
            let twice = found.insert(name.to_owned(), value).is_some();
            ensure!(!twice, Halt::new("fault_label_twice").with("row", row + 1).with("label", label));
        }
    }
    Ok(())
}

fn width(sheet: &Grid) -> u32 {
    sheet.cells.keys().map(|(_, column)| *column).max().unwrap_or(0).min(100)
}

fn unit_head<'l>(sheet: &Grid, row: u32, column: u32, letterhead: &'l Letterhead) -> Option<&'l str> {
    letterhead.unit_field(sheet.text(row, column)?).map(|field| field.name.as_str())
}

/// Several names in one cell.
fn spellings(text: &str) -> Vec<Value> {
    let names = text.split([';', '\n']).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| Value::String(name.to_owned())).collect()
}

/// Channels in one cell or in several.
fn terms(values: &[String]) -> Value {
    let channels = values.iter().flat_map(|value| spellings(value)).collect();
    Value::Table(Table::from_iter([(RECEIPT_DAY_COUNTS.to_owned(), Value::Array(channels))]))
}

/// `kk, ru` in one cell or in several.
fn codes(values: &[String]) -> Vec<Value> {
    let codes = values.iter().flat_map(|value| value.split([',', ';', ' ', '+'])).filter(|code| !code.is_empty());
    codes.map(|code| Value::String(code.to_lowercase())).collect()
}

fn print(cell: &Cell) -> String {
    match &cell.datum {
        Datum::Text(text) => text.trim().to_owned(),
        Datum::Integer(number) => number.to_string(),
        Datum::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
