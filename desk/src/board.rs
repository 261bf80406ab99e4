//! The board of a region: which units reported, what came of each file, whose it is.

use crate::received::{self, Receipts};
use anyhow::Result;
use esep::body::organisation::Organisation;
use esep::commands::parts::board::{figures, members};
use esep::commands::parts::gathered::{ReadReports, gather};
use esep::commands::parts::returns::{of_form, of_unit};
use esep::consolidate::names::{stranger, unit_name};
use esep::consolidate::part::UnitReport;
use esep::consolidate::roster::{Accepted, Roster};
use esep::definitions::Definitions;
use esep::definitions::due::{DayOfDue, of_units};
use esep::definitions::form::Form;
use esep::filed;
use esep::render::page::board::Standing;
use esep::report::wording::{Worded, word};
use esep::values::period::Quarter;
use esep::words::lang::{Lang, Text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The board, as the page reads it, and what changes of it need.
#[derive(Debug, Default)]
pub struct Board {
    pub told: Value,
    /// File → code or name of its unit, as the table of receipts has it.
    pub units: BTreeMap<String, String>,
    /// File → what its sender is called, where no unit is.
    pub strangers: BTreeMap<String, String>,
    /// Of each unit what is said of its report as a part of the whole.
    pub of_whole: Vec<Vec<Worded>>,
}

/// What the board is of.
#[derive(Debug, Clone, Copy)]
pub struct Asks<'a> {
    /// Where the files stand.
    pub received: &'a Path,
    pub receipts: &'a Receipts,
    pub organisation: &'a Organisation,
    pub form: &'a Form,
    pub quarter: Quarter,
}

/// Reads everything that came in.
///
/// # Errors
/// A file vanishes meanwhile; two units cannot be told apart.
pub fn board(asks: &Asks<'_>, definitions: &Definitions) -> Result<Board> {
    let Asks { organisation, form, quarter, receipts, .. } = *asks;
    if organisation.units.is_empty() {
        return Ok(Board { told: json!({ "units": [], "files": [], "answers": [] }), ..Board::default() });
    }
    let roster = Roster::new(organisation, Lang::Ru)?;
    let gathered = gather(&files(asks.received)?, &roster, definitions)?;
    let called = |unit: usize| match roster.units()[unit].code() {
        "" => roster.units()[unit].name().get(Lang::Ru).to_owned(),
        code => code.to_owned(),
    };
    let mut board = Board::default();
    for part in &gathered.parts {
        let file = part.file().to_owned();
        match roster.filer(part) {
            Some(unit) => drop(board.units.insert(file, called(unit))),
            None => drop(board.strangers.insert(file, spelling(part))),
        }
    }
    let mut table = tempfile::Builder::new().prefix(".esep-").suffix(".csv").tempfile()?;
    let rows = board.units.iter().map(|(file, unit)| (file.as_str(), unit.as_str()));
    let text = received::table(rows, receipts).map_err(|_| anyhow::anyhow!(received::TABLE))?;
    table.write_all(text.as_bytes())?;
    let days = roster.receipts(table.path(), definitions)?;
    let accepted = roster.accept(&gathered.parts, (&form.form, quarter), &days, &gathered.spellings, definitions);
    let own = figures(&accepted, &gathered.parts, &roster, form);
    let tiles = members(&accepted, &gathered.counts, &roster, &own);
    let units: Vec<Value> = tiles
        .iter()
        .zip(roster.units())
        .enumerate()
        .map(|(position, (tile, unit))| {
            let said = of_unit(&accepted, position, form, definitions);
            let told: Vec<&Text> = said.iter().map(|worded| &worded.message).collect();
            let state = &accepted.consolidated.units[position];
            let value = json!({
                "name": tile.name, "code": tile.code, "contact": unit.contact,
                "standing": tile.standing, "standing_name": standing_name(tile.standing, definitions),
                "counted": state.counted, "received": state.received, "counts": tile.counts, "told": told,
            });
            board.of_whole.push(said);
            value
        })
        .collect();
    let due = of_units(definitions, form, quarter);
    let due = due.map(|due| {
        let off = if let DayOfDue::Off { name, next } = due.day { Some((name, next)) } else { None };
        let next = off.as_ref().and_then(|(_, next)| next.map(|day| day.to_string()));
        json!({ "date": due.date.to_string(), "off": off.map(|(name, _)| name), "next": next })
    });
    let whole = &accepted.consolidated;
    board.told = json!({
        "units": units,
        "files": told_files(&gathered, &accepted, &roster, receipts, definitions),
        "answers": answers(&gathered, &roster),
        "due": due,
        "expected": whole.expected, "counted": whole.counted, "provisional": whole.provisional,
    });
    Ok(board)
}

/// Files of a folder; hidden ones are the program's own.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let entry = entry?;
        if entry.file_type()?.is_file() && !entry.file_name().to_string_lossy().starts_with('.') {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// What the sender of a report calls itself; where it says nothing, its file.
fn spelling(part: &UnitReport<'_>) -> String {
    if part.is_nameless() { part.file().to_owned() } else { part.filer.label().to_owned() }
}

fn standing_name(standing: Standing, definitions: &Definitions) -> &Text {
    let key = serde_json::to_value(standing).ok();
    definitions.words(&format!("review_standing_{}", key.as_ref().and_then(Value::as_str).unwrap_or_default()))
}

/// Every file: the forms in it with their units, the day, or what is wrong with it.
fn told_files(
    gathered: &ReadReports<'_>,
    accepted: &Accepted,
    roster: &Roster<'_>,
    receipts: &Receipts,
    definitions: &Definitions,
) -> Vec<Value> {
    let mut names: Vec<&str> = gathered.inputs.iter().map(|input| input.name.as_str()).collect();
    names.extend(gathered.findings.iter().filter_map(|finding| finding.place.source.as_deref()));
    names.sort_unstable();
    names.dedup();
    let told = |name: &str| {
        let own = gathered.parts.iter().enumerate().filter(|(_, part)| part.source.name == name);
        let forms: Vec<Value> = own
            .map(|(at, part)| {
                let unit = roster.filer(part);
                let near = if unit.is_none() { stranger(roster.units(), part, definitions).0 } else { None };
                json!({
                    "form": part.form.form, "index": part.form.index, "period": part.period.quarter.to_string(),
                    "unit": unit, "near": near, "sender": spelling(part),
                    "counts": gathered.counts[at], "counted": accepted.counted.contains(&at),
                })
            })
            .collect();
        let faults = gathered.findings.iter().filter(|finding| finding.place.source.as_deref() == Some(name));
        let faults: Vec<Text> = faults.map(|finding| word(finding, definitions, None).message).collect();
        let answers = gathered.answers.iter().filter(|answer| answer.source == name).count();
        let receipt = receipts.get(name).cloned().unwrap_or_default();
        json!({
            "name": name, "forms": forms, "faults": faults, "answers": answers,
            "day": receipt.day, "holds": receipt.holds,
        })
    };
    names.into_iter().map(told).collect()
}

fn answers(gathered: &ReadReports<'_>, roster: &Roster<'_>) -> Vec<Value> {
    let told = gathered.answers.iter().map(|answer| {
        let [code, cell, row, column] = &answer.remark;
        json!({
            "unit": answer.unit, "name": unit_name(&roster.units()[answer.unit]), "code": code, "cell": cell,
            "row": row, "column": column, "text": answer.text, "source": answer.source,
        })
    });
    told.collect()
}

/// What is said to a unit of the forms in its files.
///
/// # Errors
/// A file cannot be read.
pub fn remarks(files: &[PathBuf], definitions: &Definitions) -> Result<Vec<Worded>> {
    let mut all = Vec::new();
    for path in files {
        let (forms, reading) = filed::read::read(path, definitions)?;
        for filed in &forms {
            let mut own = of_form(filed, &reading, definitions)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            for worded in &mut own {
                worded.place.source.clone_from(&name);
            }
            all.extend(own);
        }
    }
    Ok(all)
}
