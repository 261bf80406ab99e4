//! What a program must know to read a workbook back: hidden names in the workbook, hidden columns at the right.

use crate::definitions::form::Form;
use crate::render::xlsx::worksheet::short;
use crate::report::Report;
use crate::report::standing::Standing;
use crate::rules::recipe::Level;
use crate::values::cells::Line;
use crate::words::failure::Halt;
use anyhow::{Result, bail};
use rust_xlsxwriter::Workbook;

/// Longest text in a formula (Excel's limit).
const LONGEST: usize = 255;
/// Letters that are told of a code that is too long.
const TOLD: usize = 40;

/// What the hidden columns hold for a line.
///
/// # Errors
/// A cell cannot hold a code: cut, it would be another one.
pub fn machine<'a>(form: &'a Form, line: &'a Line) -> Result<[&'a str; 5]> {
    let provider = line.key.provider.as_ref().map_or("", |party| party.code.as_str());
    let service = line.key.service.as_ref().map_or("", |party| party.code.as_str());
    let system = line.key.system.as_deref().unwrap_or("");
    let texts = [Level::of(line).code(), &form.rows[line.row].id, provider, service, system];
    match texts.iter().find(|text| short(text) != **text) {
        Some(code) => bail!(Halt::new("fault_code_too_long").with("code", code.chars().take(TOLD).collect::<String>())),
        None => Ok(texts),
    }
}

/// Adds the names `esep_form`, `esep_edition`, … as text constants; an undated form has no period yet.
pub fn define(workbook: &mut Workbook, report: &Report, dated: bool) -> Result<()> {
    let of_period = |value: String| if dated { value } else { String::new() };
    let langs: Vec<&str> = report.langs.iter().map(|lang| lang.code()).collect();
    let unit = report.unit.as_ref();
    let names = [
        ("esep_form", report.form.form.clone()),
        ("esep_edition", report.form.edition.clone()),
        ("esep_period", of_period(report.period.quarter.to_string())),
        ("esep_as_of", of_period(report.period.as_of.to_string())),
        ("esep_organisation", report.organisation.bin.clone()),
        ("esep_unit", unit.map_or("", |unit| unit.code.as_str()).to_owned()),
        ("esep_unit_name", unit.map_or("", |unit| unit.name.as_str()).to_owned()),
        ("esep_languages", langs.join(",")),
        ("esep_definitions", report.provenance.definitions.clone()),
        ("esep_version", report.provenance.program.clone()),
    ];
    let mut names: Vec<(String, String)> = names.map(|(name, value)| (name.to_owned(), value)).into();
    names.extend(standing(&report.standing));
    for (name, value) in names {
        let value: String = value.chars().take(LONGEST).collect();
        workbook.define_name(&name, &format!("=\"{}\"", value.replace('"', "\"\"")))?;
    }
    Ok(())
}

/// Who is in a consolidated report, in pieces that a formula can hold, and the last adjustment.
fn standing(standing: &Standing) -> Vec<(String, String)> {
    const PIECE: usize = 100;
    let clean = |text: &str| text.replace([';', '|'], " ");
    let counted = standing.consolidated.iter().flat_map(|whole| &whole.units).filter(|unit| unit.counted);
    let listed: String = counted.map(|unit| [&clean(&unit.code), "|", &clean(&unit.name), ";"].concat()).collect();
    let letters: Vec<char> = listed.chars().collect();
    let pieces = letters.chunks(PIECE).map(|piece| piece.iter().collect::<String>());
    let mut names: Vec<(String, String)> =
        (1..).zip(pieces).map(|(number, piece): (u32, _)| (format!("esep_units_{number}"), piece)).collect();
    if let Some(last) = standing.revisions.last() {
        names.push(("esep_revision".to_owned(), last.number.to_string()));
        names.push(("esep_history".to_owned(), last.hash.clone()));
    }
    names
}
