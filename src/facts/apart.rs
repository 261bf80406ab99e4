//! What rows count, told apart by what the form does not print (Annex 1, expl. 21: refusals by service).

use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Apart, Block, OfUnits};
use crate::definitions::dimension::{Class, DELAY_CAUSE, RESULTS};
use crate::definitions::form::Form;
use crate::definitions::slot;
use crate::facts::deriver::Derived;
use crate::facts::fact::facts;
use crate::facts::parts::{Part, parts};
use crate::values::cells::Party;
use crate::values::period::Period;
use anyhow::Result;
use std::collections::BTreeMap;

/// A service, or a cause by its code, with a number for each column; a party without a name: not stated.
pub type ApartRow = (Party, Vec<i64>);

/// Numbers of the blocks of a report that tell rows apart, by `key`.
pub type ToldApart = BTreeMap<String, Vec<ApartRow>>;

/// What tells blocks apart.
pub fn key(by: Apart, columns: &[OfUnits]) -> String {
    format!("{by:?} {}", columns.iter().map(|column| column.of.as_str()).collect::<Vec<_>>().join(" "))
}

/// The numbers of all blocks of the form's report that tell results apart, of the whole or of one unit.
///
/// # Errors
/// The facts have another shape.
pub fn told_apart(
    form: &Form,
    derived: &Derived,
    period: Period,
    unit: Option<u32>,
    definitions: &Definitions,
) -> Result<ToldApart> {
    let mut told = ToldApart::new();
    let own = definitions.analyticals.iter().filter(|report| report.forms.contains(&form.form));
    for block in own.flat_map(Analytical::blocks) {
        let Block::Apart { by, columns, .. } = block else { continue };
        let parts: Vec<Vec<Part>> =
            columns.iter().map(|column| parts_of(column, form, period, definitions)).collect::<Result<_>>()?;
        let mut found: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        let all = facts(&derived.frames[RESULTS])?;
        for fact in all.iter().filter(|fact| unit.is_none_or(|unit| unit == fact.unit)) {
            let class = Class(fact.class);
            let apart = match by {
                Apart::Service => fact.service,
                Apart::Cause => u32::try_from(class.code(DELAY_CAUSE)).unwrap_or(0),
            };
            for (column, parts) in parts.iter().enumerate() {
                let times = parts.iter().filter(|part| part.passes(RESULTS, class)).count();
                if times > 0 && fact.quantity != 0 {
                    let numbers = found.entry(apart).or_insert_with(|| vec![0; columns.len()]);
                    numbers[column] += fact.quantity * i64::try_from(times).unwrap_or(0);
                }
            }
        }
        let party = |apart: u32| match by {
            Apart::Service => derived.services.party(apart).map(|party| party.as_ref().clone()),
            Apart::Cause => {
                let list = definitions.codelist("delay_cause");
                let code = list.and_then(|list| list.codes.get((apart as usize).checked_sub(1)?));
                code.map(|code| Party { code: code.code.clone(), name: code.code.clone() })
            }
        };
        let rows = found.into_iter().map(|(apart, numbers)| (party(apart).unwrap_or_default(), numbers));
        told.insert(key(*by, columns), rows.collect());
    }
    Ok(told)
}

/// The parts of all cells that a column adds up: rows without a column mean their columns of the quarter.
fn parts_of(column: &OfUnits, form: &Form, period: Period, definitions: &Definitions) -> Result<Vec<Part>> {
    let mut found = Vec::new();
    for term in slot::terms(&column.of)? {
        let Some(row) = form.row_position(&term.row) else { continue };
        let grid = form.grid_of(row);
        let own = |id: &str, month: Option<u32>| term.column.as_deref().map_or(month.is_none(), |of| of == id);
        let columns = grid.columns.iter().enumerate().filter(|(_, column)| own(&column.id, column.month));
        for (place, _) in columns {
            found.extend(parts(form, row, place, period, definitions));
        }
    }
    Ok(found)
}
