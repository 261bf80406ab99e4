//! `generate --paranoid`: the second counter beside the first.

use crate::commands::parts::count::{Counted, Counting};
use crate::definitions::form::Form;
use crate::records::quarantine::Quarantine;
use crate::records::{Reader, Record};
use crate::recount::{Filled, Outcome, Recount};
use crate::values::cells::Cells;
use crate::words::failure::Halt;
use anyhow::{Result, anyhow};

/// Marks that the two counters disagree (exit status 4): the program is at fault, not the records.
#[derive(Debug)]
pub struct Disagreement;

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("")
    }
}

/// Counts every cell a second time; the number of cells, all of them equal, and the rows that were not recounted.
pub(crate) fn recount(
    counting: &Counting<'_>,
    counted: &Counted,
    filled: &[(&Form, Option<u32>, Cells)],
) -> Result<(u64, Vec<String>)> {
    let Counting { options, definitions, organisation, forms, period, .. } = *counting;
    let recount = Recount { definitions, organisation, period, given: counted.given.clone() };
    let asked: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
    let mut read = |take: &mut dyn FnMut(&Record<'_, '_>)| {
        let mut reader = Reader::new(definitions, &asked, options.clone(), Quarantine::unwritten());
        reader.read_all(&counted.tables, &mut |record, _| {
            take(record);
            Ok(())
        })
    };
    let units = &counted.derived.units;
    let filled = filled.iter().map(|(form, unit, cells)| Filled {
        form,
        unit: unit.and_then(|id| units.party(id)).map(AsRef::as_ref),
        cells,
    });
    let Outcome { cells, differences, unknown } = recount.check(&filled.collect::<Vec<_>>(), &mut read)?;
    if !differences.is_empty() {
        let halt = Halt::new("fault_recount").because(anyhow!(differences.join("\n")));
        return Err(anyhow::Error::from(halt).context(Disagreement));
    }
    Ok((cells, unknown.into_iter().collect()))
}
