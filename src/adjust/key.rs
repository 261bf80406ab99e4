//! What names a line of a form in changes and histories: the same in a `report.json` and in a workbook.

use crate::definitions::form::Form;
use crate::definitions::spelling::fold_name;
use crate::report::standing::Moved;
use crate::values::cells::{Line, LineKey, Party};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::nearest;
use anyhow::Result;

/// Row, provider, service and system; parties by code, else by folded name.
pub type FigureKey = [String; 4];

fn party(party: Option<&Party>) -> String {
    party.map(|party| named(&party.code, &party.name)).unwrap_or_default()
}

fn named(code: &str, name: &str) -> String {
    if code.is_empty() { fold_name(name) } else { code.to_owned() }
}

pub fn of_line(form: &Form, line: &Line) -> FigureKey {
    let LineKey { provider, service, system } = &line.key;
    let row = form.rows[line.row].id.clone();
    [row, party(provider.as_deref()), party(service.as_deref()), fold_name(system.as_deref().unwrap_or_default())]
}

pub fn of_moved(moved: &Moved) -> FigureKey {
    [
        moved.row_id.clone(),
        named(&moved.provider_bin, &moved.provider_name),
        named(&moved.service_code, &moved.service_name),
        fold_name(&moved.information_system),
    ]
}

/// A cell of a line, before and after.
pub fn moved(form: &Form, line: &Line, column: usize, old: String, new: String) -> Moved {
    let row = &form.rows[line.row];
    let (provider, service) =
        (line.key.provider.clone().unwrap_or_default(), line.key.service.clone().unwrap_or_default());
    Moved {
        row_id: row.id.clone(),
        row: row.no.clone(),
        provider_bin: provider.code.clone(),
        provider_name: provider.name.clone(),
        service_code: service.code.clone(),
        service_name: service.name.clone(),
        information_system: line.key.system.clone().unwrap_or_default(),
        column: form.grid_of(line.row).columns[column].id.clone(),
        old,
        new,
    }
}

/// Position of a row by its printed number or symbolic id.
pub(crate) fn position_of_row(form: &Form, wanted: &str) -> Result<usize> {
    let row = form.rows.iter().position(|row| row.id == wanted || row.no == wanted.trim_end_matches('.'));
    row.or_halt(|| {
        let known = form.rows.iter().flat_map(|row| [row.id.as_str(), row.no.as_str()]);
        Halt::new("fault_changed_row").with("form", &form.form).near(nearest(wanted, known))
    })
}

/// Whether a party is the one that a code or a name means.
pub(crate) fn is_party(party: Option<&Party>, wanted: Option<&str>) -> bool {
    match (party, wanted) {
        (None, None) => true,
        (Some(party), Some(wanted)) => party.code == wanted.trim() || fold_name(&party.name) == fold_name(wanted),
        _ => false,
    }
}
