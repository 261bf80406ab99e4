//! The changes file (`schemas/changes.toml`) with the documents that it rests on.

use crate::cells::Value;
use crate::definitions::load::parse_toml;
use crate::digest;
use crate::halt::{Halt, OrHalt};
use crate::report::Document;
use anyhow::{Result, bail, ensure};
use serde::Deserialize;
use std::path::Path;

/// What is to be changed, with every reason and document in place.
#[derive(Debug, Clone)]
pub struct Changes {
    pub authority: Option<String>,
    pub figures: Vec<NewFigure>,
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
    pub reason: String,
    pub document: Document,
    pub person: String,
    pub date: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    authority: Option<String>,
    person: Option<String>,
    date: Option<toml::value::Datetime>,
    #[serde(default)]
    change: Vec<StoredChange>,
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
    /// All that the file lacks: no changes, a change without reason, document, person or date, a document that is no
    /// file or is empty, a figure that a cell may not hold.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).or_halt(|| Halt::reading(path))?;
        let stored: Stored = parse_toml(&text).or_halt(|| Halt::within(path))?;
        ensure!(!stored.change.is_empty(), Halt::new("fault_no_changes").at(path));
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        let (mut figures, mut faults) = (Vec::new(), Vec::new());
        for (number, change) in (1..).zip(&stored.change) {
            match change.read(&stored, folder) {
                Ok(figure) => figures.push(figure),
                Err(fault) => faults.push(of_change(number, &change.row, &change.column, fault)),
            }
        }
        ensure!(faults.is_empty(), Halt::within(path).parts(faults));
        let authority = stored.authority.map(|act| act.trim().to_owned()).filter(|act| !act.is_empty());
        Ok(Self { authority, figures })
    }
}

impl StoredChange {
    fn read(&self, file: &Stored, folder: &Path) -> Result<NewFigure> {
        let reason = self.reason.trim();
        ensure!(!reason.is_empty(), Halt::new("fault_change_reason"));
        let person = self.person.as_ref().or(file.person.as_ref()).map(|person| person.trim()).unwrap_or_default();
        ensure!(!person.is_empty(), Halt::new("fault_change_person"));
        let date = self
            .date
            .as_ref()
            .or(file.date.as_ref())
            .and_then(|date| date.date)
            .or_halt(|| Halt::new("fault_change_date"))?;
        ensure!(!self.document.trim().is_empty(), Halt::new("fault_change_document"));
        Ok(NewFigure {
            row: self.row.trim().to_owned(),
            column: self.column.trim().to_owned(),
            service: self.service.clone(),
            system: self.system.clone(),
            provider: self.provider.clone(),
            old: self.old.read("old")?,
            new: self.new.read("new")?,
            reason: reason.to_owned(),
            document: document(folder, self.document.trim())?,
            person: person.to_owned(),
            date: date.to_string(),
        })
    }
}

/// What is wrong with a change, by its number in the changes file.
pub(super) fn of_change(number: usize, row: &str, column: &str, fault: anyhow::Error) -> anyhow::Error {
    let halt = Halt::new("fault_change").with("number", number).with("row", row).with("column", column);
    halt.because(fault).into()
}

fn document(folder: &Path, name: &str) -> Result<Document> {
    let path = folder.join(name);
    let file = std::fs::File::open(&path).or_halt(|| Halt::reading(&path))?;
    let about = file.metadata().or_halt(|| Halt::reading(&path))?;
    ensure!(about.is_file() && about.len() > 0, Halt::new("fault_document_empty").at(&path));
    let sha256 = digest::sha256(file).or_halt(|| Halt::reading(&path))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Document { name, bytes: about.len(), sha256 })
}
