//! Reading `report.json` back (`schemas/report.schema.json`).

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::filed::form::{Body, CellOrigin, Filed};
use crate::report::standing::{Consolidated, Revision, Standing};
use crate::values::cells::{Cells, Line, LineKey, Party, Value};
use crate::values::period::{Period, Quarter};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, Text, nearest};
use anyhow::{Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The published shape that this program reads.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Whole {
    version: u32,
    head: Head,
    lines: Vec<StoredLine>,
    consolidation: Option<Consolidated>,
    #[serde(default)]
    revisions: Vec<Revision>,
}

#[derive(Deserialize)]
struct Head {
    form: String,
    period: String,
    as_of: String,
    organisation: StoredBody,
    unit: Option<Unit>,
    languages: Vec<String>,
}

#[derive(Deserialize)]
struct StoredBody {
    bin: String,
    name: Text,
}

#[derive(Deserialize)]
struct Unit {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct StoredLine {
    row_id: String,
    provider_bin: Option<String>,
    provider_name: Option<String>,
    service_code: Option<String>,
    service_name: Option<String>,
    information_system: Option<String>,
    values: BTreeMap<String, Json>,
}

/// The report in `bytes`. Errors: not a `report.json`, another version, a form, row or column that no edition in
/// force knows. A cell that is absent is blank, one that is no number a fault: these are judged by the rules.
pub fn read<'d>(bytes: &[u8], definitions: &'d Definitions) -> Result<Filed<'d>> {
    let whole: Whole = serde_json::from_slice(bytes).or_halt(|| Halt::new("fault_not_report"))?;
    ensure!(whole.version == VERSION, Halt::new("fault_version").with("version", whole.version).with("known", VERSION));
    let head = whole.head;
    let quarter = Quarter::parse(&head.period)?;
    let form = definitions.form(&head.form, quarter)?;
    let lines = whole.lines.into_iter().map(|line| line.read(form)).collect::<Result<_>>()?;
    let langs = head.languages.iter().map(|code| {
        Lang::parse(code).or_halt(|| Halt::new("fault_stored_value").with("name", "languages").with("value", code))
    });
    Ok(Filed {
        form,
        period: Period {
            quarter,
            as_of: head
                .as_of
                .parse()
                .or_halt(|| Halt::new("fault_stored_value").with("name", "as_of").with("value", &head.as_of))?,
        },
        organisation: Body { bin: head.organisation.bin, name: head.organisation.name },
        unit: head.unit.map(|unit| Party { code: unit.code, name: unit.name }),
        langs: langs.collect::<Result<_>>()?,
        standing: Standing { marks: Vec::new(), consolidated: whole.consolidation, revisions: whole.revisions },
        cells: Cells { quarter, lines },
        origin: CellOrigin::default(),
    })
}

impl StoredLine {
    fn read(mut self, form: &Form) -> Result<Line> {
        let Some(row) = form.row_position(&self.row_id) else {
            let known = nearest(&self.row_id, form.rows.iter().map(|row| row.id.as_str()));
            bail!(Halt::new("fault_stored_row").with("form", &form.form).with("row", &self.row_id).near(known));
        };
        let columns = &form.grid_of(row).columns;
        let values = columns.iter().map(|column| value(self.values.remove(&column.id))).collect();
        if let Some(column) = self.values.keys().next() {
            bail!(Halt::new("fault_stored_column").with("row", &self.row_id).with("column", column));
        }
        let key = LineKey {
            provider: party(self.provider_bin, self.provider_name),
            service: party(self.service_code, self.service_name),
            system: self.information_system,
        };
        Ok(Line { row, key, values })
    }
}

fn party(code: Option<String>, name: Option<String>) -> Option<Arc<Party>> {
    let given = code.is_some() || name.is_some();
    given.then(|| Party { code: code.unwrap_or_default(), name: name.unwrap_or_default() }.into())
}

fn value(stored: Option<Json>) -> Value {
    match stored {
        None | Some(Json::Null) => Value::Blank,
        Some(Json::Number(number)) => match number.as_i64() {
            Some(whole) if whole >= 0 => Value::Number(whole),
            _ => Value::Fault(number.to_string()),
        },
        Some(Json::String(text)) if text == "-" => Value::NoInfo,
        Some(Json::String(text)) if text.is_empty() => Value::Blank,
        Some(Json::String(text)) => Value::Fault(text),
        Some(other) => Value::Fault(other.to_string()),
    }
}

#[cfg(test)]
#[path = "stored_tests.rs"]
mod tests;
