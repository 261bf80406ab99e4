//! Why rows were rejected, in words; of very many `rejected.csv`, since a workbook of so many rows cannot be opened.

use crate::definitions::Definitions;
use crate::records::quarantine::{Quarantine, Reason};
use crate::report::LedgerLine;
use crate::values::inert::inert;
use crate::words::lang::Lang;
use anyhow::Result;
use std::io::Write;

/// Rejected rows that the workbook of findings shows, at most.
pub const SHOWN: usize = 100_000;

/// Fields and reasons of a row.
pub(crate) fn words(reasons: &[Reason], definitions: &Definitions, lang: Lang) -> [String; 2] {
    let fields: Vec<&str> = reasons.iter().filter_map(|reason| reason.field.as_deref()).collect();
    let why = reasons.iter().map(|reason| definitions.wording(&reason.name).message.fill(&reason.slots));
    let why: Vec<String> = why.map(|message| message.get(lang).to_owned()).collect();
    [fields.join(", "), why.join("; ")]
}

/// Writes `rejected.csv`: a line for each rejected row, in the order of the quarantine's files.
///
/// # Errors
/// The reasons cannot be read again, or the target cannot be written.
pub fn write(
    quarantine: &Quarantine,
    ledger: &[LedgerLine],
    (definitions, lang): (&Definitions, Lang),
    target: impl Write,
) -> Result<()> {
    let mut writer = csv::Writer::from_writer(target);
    writer.write_record(["source", "sheet", "line", "field", "reason"])?;
    for (rejected, reasons) in quarantine.rejected.iter().zip(quarantine.reasons()?) {
        let line = &ledger[rejected.source];
        let [fields, why] = words(&reasons?, definitions, lang);
        let sheet = line.sheet.as_deref().unwrap_or_default();
        let cells = [line.source.as_str(), sheet, &rejected.line.to_string(), &fields, &why];
        writer.write_record(cells.map(|cell| inert(cell.as_bytes().into())))?;
    }
    writer.flush()?;
    Ok(())
}
