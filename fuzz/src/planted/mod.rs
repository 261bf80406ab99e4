//! Numbered records planted into files as people make them: each must count once, repeat another, be rejected, or be
//! covered by an error, and nothing else may count.

pub mod dice;
pub mod letters;
pub mod value;
pub mod grid;
pub mod text;
pub mod book;
pub mod columns;
#[allow(clippy::duplicate_mod)] // the tests have it under their own roof, the fuzzer here
#[path = "../../../tests/it/books/old.rs"]
mod old;

use super::{Counted, balance, definitions, placed, taken};
use dice::Dice;
use esep::definitions::record::Table;
use esep::records::Record;
use esep::records::typed::Typed;
use esep::report::wording::severity;
use esep::sources::Pace;
use esep::words::finding::{Finding, Severity};
use grid::Grid;
use std::collections::BTreeMap;
use text::Written;

/// What was counted of a line.
struct Accepted {
    table: String,
    values: BTreeMap<String, String>,
}

/// How the records of a file fared, for figures.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Fared {
    pub accepted: usize,
    /// Of these, in CSV, XLSX, ODS, XLS and Parquet.
    pub formats: [usize; 5],
    pub repeated: usize,
    /// Told by an error about its own line.
    pub rejected: usize,
    /// Told by an error about its file, or about the quote that swallowed it.
    pub covered: usize,
}

impl Fared {
    pub fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        for (own, other) in self.formats.iter_mut().zip(other.formats) {
            *own += other;
        }
        self.repeated += other.repeated;
        self.rejected += other.rejected;
        self.covered += other.covered;
    }
}

/// Plants and reads.
///
/// # Panics
/// A record is lost, counts twice or as something else, or something counts that was not planted.
pub fn planted(data: &[u8]) -> Fared {
    let mut dice = Dice::new(data);
    let is_text = dice.is_one_in(2);
    dice.is_russian = dice.is_one_in(3);
    let is_merged = !is_text && !dice.is_russian;
    let is_columnar = !is_text && dice.is_one_in(6);
    let mut grid = if is_columnar { grid::plain(&mut dice) } else { grid::make(&mut dice, is_merged) };
    let written = match (is_columnar, is_text) {
        (true, _) => columns::write(&grid, &mut dice),
        (_, true) => text::write(&mut grid, &mut dice),
        _ => book::write(&grid, &mut dice),
    };
    let folder = placed(written.name, &written.bytes);
    let mut accepted: BTreeMap<u64, Vec<Accepted>> = BTreeMap::new();
    let slow = Pace { one_by_one: true, glance_bytes: u64::MAX, ..Pace::default() };
    let slow = taken(folder.path(), slow, &FORMS, &mut |record| {
        accepted.entry(record.line).or_default().push(said(record));
    });
    balance(&slow);
    let block_bytes = 16 + dice.roll(200) * 7;
    let fast = Pace { threads: 2, block_bytes, glance_bytes: u64::MAX, ..Pace::default() };
    let fast = taken(folder.path(), fast, &FORMS, &mut |_| {});
    assert_eq!(slow, fast, "blocks of {block_bytes} bytes: {}", shown(&written));
    judge(&grid, &written, &slow, &accepted)
}

/// Records are counted for a form that needs few fields.
const FORMS: [&str; 1] = ["2-mk"];

fn said(record: &Record<'_, '_>) -> Accepted {
    let table = &definitions().tables[record.found.table];
    let values = table.fields.iter().zip(record.values);
    let values = values.map(|(field, value)| (field.name.clone(), print(table, &field.name, value)));
    Accepted { table: table.table.clone(), values: values.collect() }
}

fn print(table: &Table, field: &str, value: &Typed<'_>) -> String {
    let list = table.fields[table.position(field).expect("a field")].list.as_ref();
    match value {
        Typed::Missing => String::new(),
        Typed::Text(text) => text.to_string(),
        Typed::Moment(moment) => moment.day().to_string(),
        Typed::Integer(number) => number.to_string(),
        Typed::Boolean(flag) => flag.to_string(),
        Typed::Code(code) => {
            let list = list.and_then(|list| definitions().codelist(list)).expect("a list");
            list.codes[*code].code.clone()
        }
    }
}

fn judge(grid: &Grid, written: &Written, counted: &Counted, accepted: &BTreeMap<u64, Vec<Accepted>>) -> Fared {
    let fault = |line: u64, what: &str| -> ! {
        let told = |finding: &Finding| {
            let place = (&finding.place.line, &finding.place.field, &finding.place.value);
            format!("{} {place:?} {:?}", finding.name, finding.lines)
        };
        let findings: Vec<String> = counted.findings.iter().map(told).collect();
        panic!("line {line}: {what}\n{}\n{}", findings.join("\n"), shown(written))
    };
    let is_error = |finding: &Finding| severity(finding, definitions(), None) == Severity::Error;
    let errs = |line: u64| counted.findings.iter().any(|finding| is_error(finding) && finding.is_about(line));
    let is_guessed = counted.findings.iter().any(|finding| finding.name == "encoding_guessed");
    // of two tables beside one another an error must speak: at their head, of the file, or of each row
    let is_of_both = |line: u64, head: usize| {
        let of_all = |finding: &&Finding| finding.place.line.is_none() || finding.is_about(written.places[head]);
        let mut told = counted.findings.iter().filter(|finding| is_error(finding));
        // of a file that was refused as a whole one error speaks, wherever it points
        errs(line) || told.any(|finding| counted.ledger.is_empty() || of_all(&finding))
    };
    let mut fared = Fared::default();
    for (line, place) in grid.lines.iter().zip(&written.places) {
        if line.beside.is_some_and(|head| !is_of_both(*place, head)) {
            fault(*place, "what stands beside is lost");
        }
    }
    let lines = grid.lines.iter().zip(&written.places).zip(&written.swallowed);
    for ((line, place), swallowed) in lines.clone().map(|((line, place), swallowed)| ((line, *place), *swallowed)) {
        let Some(planted) = &line.planted else {
            if accepted.contains_key(&place) {
                fault(place, "no record was planted, one counts");
            }
            continue;
        };
        let repeats = |finding: &Finding| finding.name == "duplicate_same" && finding.is_about(place);
        match accepted.get(&place).map(Vec::as_slice) {
            Some([one]) => {
                fared.accepted += 1;
                let of = written.name.split('.').nth(1).unwrap_or_default();
                let format = ["csv", "xlsx", "ods", "xls", "parquet"].iter().position(|own| *own == of);
                fared.formats[format.expect("a known format")] += 1;
                if one.table != planted.table {
                    fault(place, &format!("counts as {}", one.table));
                }
                for (field, means) in &planted.means {
                    let own = one.values.get(*field).map(String::as_str).unwrap_or_default();
                    match means {
                        Some(means) if means == own => {}
                        // said once of the whole file
                        Some(_) if is_guessed && matches!(*field, "service_name" | "course") => {}
                        Some(means) => fault(place, &format!("{field} was {means:?}, counts as {own:?}")),
                        None => fault(place, &format!("{field} cannot be known, counts as {own:?}")),
                    }
                }
            }
            Some(_) => fault(place, "counts more than once"),
            None if line.cells.iter().all(value::Cell::is_blank) => {}
            None if counted.findings.iter().any(repeats) => fared.repeated += 1,
            None if errs(place) => fared.rejected += 1,
            None if counted.ledger.is_empty() && counted.findings.iter().any(is_error) => fared.covered += 1,
            None if swallowed.is_some_and(errs) => fared.covered += 1,
            None if line.beside.is_some_and(|head| is_of_both(place, head)) => fared.covered += 1,
            None => fault(place, "is lost"),
        }
    }
    let known = |line: &u64| written.places.contains(line);
    if let Some(line) = accepted.keys().find(|line| !known(line)) {
        fault(*line, "nothing was planted, something counts");
    }
    fared
}

/// A file for a person to look at.
fn shown(written: &Written) -> String {
    if !written.text.is_empty() {
        return format!("{}:\n{}", written.name, written.text);
    }
    let place = std::env::temp_dir().join(format!("planted-{}", written.name));
    let _ = std::fs::write(&place, &written.bytes);
    format!("{} is in the folder of temporary files", written.name)
}
