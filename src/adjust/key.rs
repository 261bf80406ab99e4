//! What names a line of a form in changes and histories: the same in a `report.json` and in a workbook.

use crate::cells::{Line, LineKey, Party};
use crate::definitions::form::Form;
use crate::filed::spelling::fold_name;
use crate::report::Moved;

/// Row, provider, service and system; parties by code, else by folded name.
pub type Key = [String; 4];

fn party(party: Option<&Party>) -> String {
    party.map(|party| named(&party.code, &party.name)).unwrap_or_default()
}

fn named(code: &str, name: &str) -> String {
    if code.is_empty() { fold_name(name) } else { code.to_owned() }
}

pub fn of_line(form: &Form, line: &Line) -> Key {
    let LineKey { provider, service, system } = &line.key;
    let row = form.rows[line.row].id.clone();
    [row, party(provider.as_deref()), party(service.as_deref()), fold_name(system.as_deref().unwrap_or_default())]
}

pub fn of_moved(moved: &Moved) -> Key {
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
