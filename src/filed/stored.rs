//! Reading `report.json` back (`schemas/report.schema.json`).

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::filed::form::{Body, CellOrigin, Filed};
use crate::report::Provenance;
use crate::report::standing::Standing;
use crate::report::stored::{StoredLine, StoredReport, VERSION, party};
use crate::report::testified::Aside;
use crate::values::cells::{Cells, Line, LineKey, Value};
use crate::values::period::{Period, Quarter};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, nearest};
use anyhow::{Result, bail, ensure};
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Bytes of the largest `report.json` that is read: a country's has some tens of millions.
pub const LARGEST: u64 = 4 << 30;

/// A line with its values in any order.
type ReadLine<'a> = StoredLine<'a, BTreeMap<String, Value>>;

/// The report in `bytes`. Errors: not a `report.json`, another version, a form, row or column that no edition in
/// force knows. A cell that is absent is blank, one that is no number a fault: these are judged by the rules.
pub fn read<'d>(bytes: &[u8], definitions: &'d Definitions) -> Result<Filed<'d>> {
    let whole: StoredReport<'_, Vec<ReadLine<'_>>, (), IgnoredAny> =
        serde_json::from_slice(bytes).or_halt(|| Halt::new("fault_not_report"))?;
    ensure!(whole.version == VERSION, Halt::new("fault_version").with("version", whole.version).with("known", VERSION));
    let head = whole.head;
    let quarter = Quarter::parse(&head.period)?;
    let form = definitions.form(&head.form, quarter)?;
    let lines = whole.lines.into_iter().map(|line| read_line(line, form)).collect::<Result<_>>()?;
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
        organisation: Body { bin: head.organisation.bin.into_owned(), name: head.organisation.name },
        unit: head.unit.map(Cow::into_owned),
        langs: langs.collect::<Result<_>>()?,
        standing: Standing {
            marks: Vec::new(),
            consolidated: whole.consolidation.map(Cow::into_owned),
            revisions: whole.revisions.into_owned(),
        },
        cells: Cells { quarter, lines },
        aside: Aside {
            deadlines: whole.deadlines.into_owned(),
            established: whole.established.into_owned(),
            testified: whole.testified.map(Cow::into_owned),
        },
        origin: CellOrigin::default(),
    })
}

fn read_line(mut stored: ReadLine<'_>, form: &Form) -> Result<Line> {
    let id = &*stored.row_id;
    let Some(row) = form.row_position(id) else {
        let known = nearest(id, form.rows.iter().map(|row| row.id.as_str()));
        bail!(Halt::new("fault_stored_row").with("form", &form.form).with("row", id).near(known));
    };
    let columns = &form.grid_of(row).columns;
    let values = columns.iter().map(|column| stored.values.remove(&column.id).unwrap_or(Value::Blank)).collect();
    if let Some(column) = stored.values.keys().next() {
        bail!(Halt::new("fault_stored_column").with("row", id).with("column", column));
    }
    let key = LineKey {
        provider: party(stored.provider_bin, stored.provider_name),
        service: party(stored.service_code, stored.service_name),
        system: stored.information_system.map(Cow::into_owned),
    };
    Ok(Line { row, key, values })
}

/// From what the report in `bytes` was made. A report that does not name its forms was made alone.
///
/// # Errors
/// Not a `report.json`, or one that does not say it.
pub fn provenance(bytes: &[u8]) -> Result<Provenance> {
    let shape = || Halt::new("fault_not_report");
    let whole: StoredReport<'_, IgnoredAny, (), Option<Provenance>> = serde_json::from_slice(bytes).or_halt(shape)?;
    let mut made = whole.provenance.or_halt(shape)?;
    if made.forms.is_empty() {
        made.forms.push(whole.head.form.into_owned());
    }
    Ok(made)
}

#[cfg(test)]
#[path = "stored_tests.rs"]
mod tests;
