//! The changes file (`schemas/changes.toml`) with the documents that it rests on.

use crate::definitions::form::LineBy;
use crate::definitions::notation::parse_toml;
use crate::report::input_file::InputFile;
use crate::report::standing::Decision;
use crate::values::cells::Value;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, bail, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What is to be changed, with every reason and document in place.
#[derive(Debug, Clone)]
pub struct Changes {
    /// The Agency's decision; absent where it was only asked for.
    pub decision: Option<Decision>,
    pub figures: Vec<NewFigure>,
    pub lines: Vec<NewLine>,
}

/// What a change rests on.
#[derive(Debug, Clone)]
pub struct Grounds {
    pub reason: String,
    pub document: InputFile,
    pub person: String,
    pub date: String,
}

/// One change as it was asked for.
#[derive(Debug, Clone)]
pub struct NewFigure {
    /// Printed number or symbolic id.
    pub row: String,
    pub column: String,
    pub service: Option<String>,
    pub system: Option<String>,
    pub provider: Option<String>,
    pub old: Value,
    pub new: Value,
    pub grounds: Grounds,
}

/// A line that the report lacks.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// Printed number or symbolic id.
    pub row: String,
    pub provider: Option<String>,
    /// Code of the service.
    pub service: Option<String>,
    /// Name of the service; of the provider, where no service is given.
    pub name: Option<String>,
    pub system: Option<String>,
    /// Column → value, of all cells that are no sums.
    pub values: BTreeMap<String, Value>,
    pub grounds: Grounds,
}

impl NewLine {
    /// Whether it is the line of a provider, above its services.
    pub fn provider_only(&self, by: &[LineBy]) -> bool {
        by.contains(&LineBy::Provider) && self.service.is_none() && self.values.is_empty()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangesFile {
    decision: Option<StoredDecision>,
    #[serde(default)]
    asked_for: bool,
    person: Option<String>,
    date: Option<toml::value::Datetime>,
    #[serde(default)]
    change: Vec<StoredChange>,
    #[serde(default)]
    line: Vec<LineOfFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDecision {
    number: String,
    date: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredChange {
    row: String,
    column: String,
    service: Option<String>,
    system: Option<String>,
    provider: Option<String>,
    old: Figure,
    new: Figure,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    document: String,
    person: Option<String>,
    date: Option<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineOfFile {
    row: String,
    provider: Option<String>,
    service: Option<String>,
    name: Option<String>,
    system: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, Figure>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    document: String,
    person: Option<String>,
    date: Option<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Figure {
    Number(i64),
    Text(String),
}

impl Figure {
    fn read(&self, field: &str) -> Result<Value> {
        match self {
            Self::Number(number @ 0..) => Ok(Value::Number(*number)),
            Self::Text(text) if text.trim() == "-" => Ok(Value::NoInfo),
            Self::Number(number) => bail!(Halt::new("fault_figure").with("field", field).with("value", number)),
            Self::Text(text) => bail!(Halt::new("fault_figure").with("field", field).with("value", text)),
        }
    }
}

impl Changes {
    /// Reads the file and its documents.
    ///
    /// # Errors
    /// All that the file lacks: no changes, no decision of the Agency and none asked for, a change without reason, document, person or date, a document that is no
    /// file or is empty, a figure that a cell may not hold.
    pub fn read(path: &Path) -> Result<Self> {
        let text = text_file::text(path)?;
        let stored: ChangesFile = parse_toml(&text).or_halt(|| Halt::within(path))?;
        ensure!(!(stored.change.is_empty() && stored.line.is_empty()), Halt::new("fault_no_changes").at(path));
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        let (mut figures, mut lines, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (number, change) in (1..).zip(&stored.change) {
            match change.read(&stored, folder) {
                Ok(figure) => figures.push(figure),
                Err(fault) => faults.push(of_change(number, &change.row, &change.column, fault)),
            }
        }
        for (number, line) in (1..).zip(&stored.line) {
            match line.read(&stored, folder) {
                Ok(line) => lines.push(line),
                Err(fault) => faults.push(of_line(number, &line.row, fault)),
            }
        }
        ensure!(faults.is_empty(), Halt::within(path).parts(faults));
        let decision = stored.decision.as_ref().and_then(|decision| {
            let number = decision.number.trim().to_owned();
            decision.date.date.filter(|_| !number.is_empty()).map(|date| Decision { number, date: date.to_string() })
        });
        ensure!(decision.is_some() || stored.asked_for, Halt::new("fault_no_decision").at(path));
        Ok(Self { decision, figures, lines })
    }

    /// The first day on which something was changed, as the changes say: `2027-01-20`.
    pub fn first_day(&self) -> Option<&str> {
        let grounds =
            self.figures.iter().map(|figure| &figure.grounds).chain(self.lines.iter().map(|line| &line.grounds));
        grounds.map(|grounds| grounds.date.as_str()).min()
    }
}

impl StoredChange {
    fn read(&self, file: &ChangesFile, folder: &Path) -> Result<NewFigure> {
        let own = (self.person.as_ref(), self.date.as_ref());
        Ok(NewFigure {
            row: self.row.trim().to_owned(),
            column: self.column.trim().to_owned(),
            service: self.service.clone(),
            system: self.system.clone(),
            provider: self.provider.clone(),
            grounds: file.grounds(&self.reason, &self.document, own, folder)?,
            old: self.old.read("old")?,
            new: self.new.read("new")?,
        })
    }
}

/// What is wrong with a change, by its number in the changes file.
pub(crate) fn of_change(number: usize, row: &str, column: &str, fault: anyhow::Error) -> anyhow::Error {
    let halt = Halt::new("fault_change").with("number", number).with("row", row).with("column", column);
    halt.because(fault).into()
}

/// What is wrong with a line that is to be added, by its number in the changes file.
pub(crate) fn of_line(number: usize, row: &str, fault: anyhow::Error) -> anyhow::Error {
    Halt::new("fault_line").with("number", number).with("row", row).because(fault).into()
}

impl LineOfFile {
    fn read(&self, file: &ChangesFile, folder: &Path) -> Result<NewLine> {
        let own = (self.person.as_ref(), self.date.as_ref());
        let value = |(column, figure): (&String, &Figure)| Ok((column.clone(), figure.read(column)?));
        Ok(NewLine {
            row: self.row.trim().to_owned(),
            provider: self.provider.clone(),
            service: self.service.clone(),
            name: self.name.clone(),
            system: self.system.clone(),
            grounds: file.grounds(&self.reason, &self.document, own, folder)?,
            values: self.values.iter().map(value).collect::<Result<_>>()?,
        })
    }
}

impl ChangesFile {
    fn grounds(
        &self,
        reason: &str,
        paper: &str,
        own: (Option<&String>, Option<&toml::value::Datetime>),
        folder: &Path,
    ) -> Result<Grounds> {
        let reason = reason.trim();
        ensure!(!reason.is_empty(), Halt::new("fault_change_reason"));
        let person = own.0.or(self.person.as_ref()).map(|person| person.trim()).unwrap_or_default();
        ensure!(!person.is_empty(), Halt::new("fault_change_person"));
        let date = own.1.or(self.date.as_ref()).and_then(|date| date.date);
        let date = date.or_halt(|| Halt::new("fault_change_date"))?;
        let paper = paper.trim();
        ensure!(!paper.is_empty(), Halt::new("fault_change_document"));
        let document = document(folder, paper)?;
        Ok(Grounds { reason: reason.to_owned(), document, person: person.to_owned(), date: date.to_string() })
    }
}

fn document(folder: &Path, name: &str) -> Result<InputFile> {
    let path = folder.join(name);
    let about = path.metadata().or_halt(|| Halt::reading(&path))?;
    ensure!(about.is_file() && about.len() > 0, Halt::new("fault_document_empty").at(&path));
    InputFile::of(&path)
}
