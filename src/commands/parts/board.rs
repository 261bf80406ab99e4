//! The board of units of a consolidated report: who reported, how well, and their figures.

use crate::consolidate::names::unit_name;
use crate::consolidate::part::UnitReport;
use crate::consolidate::roster::{Accepted, Roster};
use crate::definitions::form::Form;
use crate::render::page::board::{Member, Standing};
use crate::report::standing::UnitState;
use crate::values::cells::Cells;
use crate::words::lang::Text;

/// The report of each unit that was counted by itself, in the order of the roster: its position among the reports,
/// and its rows.
pub fn figures(
    accepted: &Accepted,
    parts: &[UnitReport<'_>],
    roster: &Roster<'_>,
    form: &Form,
) -> Vec<Option<(usize, Cells)>> {
    let own = |unit: usize| {
        let part = accepted.counted.iter().copied().find(|part| roster.filer(&parts[*part]) == Some(unit))?;
        Some((part, parts[part].rows(form, parts[part].period.quarter)))
    };
    (0..roster.units().len()).map(own).collect()
}

/// A tile for each unit that must report, and for each report that says not whose it is; `counts`: of each report its errors, warnings and notices.
pub fn members<'a>(
    accepted: &Accepted,
    counts: &[[usize; 3]],
    roster: &Roster<'_>,
    figures: &'a [Option<(usize, Cells)>],
) -> Vec<Member<'a>> {
    let units = accepted.consolidated.units.iter().zip(figures).enumerate();
    let mut members = Vec::new();
    for (position, (unit, own)) in units {
        members.push(Member {
            code: unit.code.clone(),
            name: unit_name(&roster.units()[position]),
            standing: standing(position, unit, accepted),
            counts: own.as_ref().map_or([0; 3], |(part, _)| counts[*part]),
            page: None,
            cells: own.as_ref().map(|(_, cells)| cells),
        });
    }
    for (_, finding) in accepted.findings.iter().filter(|(of, finding)| of.is_none() && finding.name == "unit_nameless")
    {
        let file = finding.place.source.clone().unwrap_or_default();
        members.push(Member {
            code: String::new(),
            name: Text::same(&file),
            standing: Standing::Nameless,
            counts: [0; 3],
            page: None,
            cells: None,
        });
    }
    members
}

/// What became of the unit's report. Lateness goes before errors: these are counted on the tile as well.
fn standing(position: usize, unit: &UnitState, accepted: &Accepted) -> Standing {
    let is_said =
        |name: &str| accepted.findings.iter().any(|(of, finding)| *of == Some(position) && finding.name == name);
    let order: &[(&str, Standing)] = if unit.counted {
        &[("unit_late", Standing::Late), ("unit_has_errors", Standing::Faulty), ("receipt_unknown", Standing::Received)]
    } else {
        &[
            ("unit_twice_differing", Standing::Twice),
            ("unit_two_parents", Standing::Twice),
            ("unit_wrong_period", Standing::WrongPeriod),
            ("unit_wrong_form", Standing::WrongForm),
            ("unit_similar", Standing::OtherName),
            ("unit_nameless", Standing::Nameless),
        ]
    };
    let otherwise = if unit.counted { Standing::OnTime } else { Standing::Missing };
    order.iter().find(|(name, _)| is_said(name)).map_or(otherwise, |(_, standing)| *standing)
}
