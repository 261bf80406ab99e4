//! Lines that a submitted report lacks, put where the form prints them.

use crate::adjust::changes::NewLine;
use crate::adjust::key::{is_party, position_of_row};
use crate::definitions::form::{Form, LineBy};
use crate::definitions::spelling::fold_name;
use crate::rules::recipe::{Index, Level, Sums};
use crate::values::cells::{Line, LineKey, Party, Value};
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, bail, ensure};
use std::sync::Arc;

/// Puts a line into its block; its position. The cells that are sums stay blank until they are counted.
///
/// # Errors
/// A row without such lines, a line that is there already, a provider that is not, a value that is missing or is a sum.
pub fn insert(form: &Form, lines: &mut Vec<Line>, new: &NewLine) -> Result<usize> {
    let row = position_of_row(form, &new.row)?;
    let by = &form.rows[row].lines;
    ensure!(!by.is_empty(), Halt::new("fault_line_none"));
    let service = party(new.service.as_deref(), new.name.as_deref()).filter(|_| !new.provider_only(by));
    ensure!(service.is_some() || new.provider_only(by), Halt::new("fault_line_service"));
    let system = new.system.clone().filter(|system| !system.trim().is_empty());
    match (&system, by.contains(&LineBy::System)) {
        (None, true) => bail!(Halt::new("fault_line_system")),
        (Some(_), false) => bail!(Halt::new("fault_line_no_system")),
        _ => {}
    }
    let (at, provider) = place(lines, row, by, new)?;
    let key = LineKey { provider, service, system };
    let same = |line: &&Line| line.row == row && is_same(&line.key, &key);
    ensure!(!lines.iter().any(|line| same(&line)), Halt::new("fault_line_present"));
    let width = form.grid_of(row).columns.len();
    lines.insert(at, Line { row, key, values: vec![Value::Blank; width] });
    let filled = fill(form, lines, at, new);
    if filled.is_err() {
        lines.remove(at);
    }
    filled.map(|()| at)
}

fn party(code: Option<&str>, name: Option<&str>) -> Option<Arc<Party>> {
    let text = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
    let party = Party { code: text(code), name: text(name) };
    (!(party.code.is_empty() && party.name.is_empty())).then(|| Arc::new(party))
}

fn is_same(one: &LineKey, other: &LineKey) -> bool {
    let alike = |one: &Option<Arc<Party>>, other: &Option<Arc<Party>>| match (one, other) {
        (Some(one), Some(other)) => {
            let coded = !one.code.is_empty() && one.code == other.code;
            let uncoded = one.code.is_empty() || other.code.is_empty();
            coded || (uncoded && fold_name(&one.name) == fold_name(&other.name))
        }
        (one, other) => one == other,
    };
    let system = |key: &LineKey| fold_name(key.system.as_deref().unwrap_or_default());
    alike(&one.provider, &other.provider) && alike(&one.service, &other.service) && system(one) == system(other)
}

/// Where the line goes: behind the services of its provider, else behind the block.
fn place(lines: &[Line], row: usize, by: &[LineBy], new: &NewLine) -> Result<(usize, Option<Arc<Party>>)> {
    let end = lines.iter().position(|line| line.row > row).unwrap_or(lines.len());
    if !by.contains(&LineBy::Provider) {
        ensure!(new.provider.is_none(), Halt::new("fault_line_no_provider"));
        return Ok((end, None));
    }
    if new.provider_only(by) {
        return Ok((end, party(new.provider.as_deref(), new.name.as_deref())));
    }
    let is_mine = |line: &Line| {
        line.row == row
            && Level::of(line) == Level::Provider
            && is_party(line.key.provider.as_deref(), new.provider.as_deref())
    };
    let provider = lines.iter().position(is_mine).or_halt(|| Halt::new("fault_line_provider"))?;
    let services = lines[provider + 1..end].iter().take_while(|line| Level::of(line) == Level::Service).count();
    Ok((provider + 1 + services, lines[provider].key.provider.clone()))
}

/// Every cell that is no sum needs its value; a provider's cells follow from its services.
fn fill(form: &Form, lines: &mut [Line], at: usize, new: &NewLine) -> Result<()> {
    let row = lines[at].row;
    let columns = &form.grid_of(row).columns;
    let known = || columns.iter().map(|column| column.id.as_str()).collect::<Vec<_>>().join(", ");
    for id in new.values.keys() {
        let is_column = columns.iter().any(|column| column.id == *id);
        ensure!(is_column, Halt::new("fault_line_column").with("column", id).with("known", known()));
    }
    let index = Index::new(form, lines);
    let sums: Vec<bool> = {
        let sums = Sums { form, lines, index: &index };
        (0..columns.len()).map(|column| sums.recipe(at, column).is_some()).collect()
    };
    let is_provider = Level::of(&lines[at]) == Level::Provider;
    for (column, is_sum) in sums.into_iter().enumerate() {
        let id = &columns[column].id;
        let given = new.values.get(id);
        ensure!(given.is_none() || !(is_sum || is_provider), Halt::new("fault_line_sum").with("column", id));
        lines[at].values[column] = match given {
            Some(value) => value.clone(),
            None if is_provider => Value::NoInfo,
            None => {
                ensure!(is_sum, Halt::new("fault_line_value").with("column", id));
                Value::Blank
            }
        };
    }
    Ok(())
}
