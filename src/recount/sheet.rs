//! Tallies → the cells of one form. Source: forms.md, Layout, Cells (D1, D2), Rows.

use crate::body::organisation::Zeros;
use crate::definitions::form::{Form, Recounted, Row};
use crate::recount::judge::Tally;
use crate::recount::who::Who;
use crate::recount::world::World;
use crate::values::cells::{LineKey, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Symbolic row, line, column.
pub type Key = (String, LineKey, String);

/// Provider, service and system of a line; all absent: the row itself.
type Line = (Option<Who>, Option<Who>, Option<Who>);

/// Rows that are the sum of those whose ids begin with theirs (Σ in forms.md).
const SUMS: [&str; 13] = [
    "events",
    "objects",
    "violations",
    "sanctions",
    "persons",
    "recommendations",
    "rendered",
    "refused",
    "rendered_late",
    "refused_late",
    "complaints",
    "complaint_sources",
    "complaints_late",
];

/// The counts of one form, of the whole or of one unit.
#[derive(Debug)]
pub struct CountedSheet {
    unit: Option<Who>,
    counts: BTreeMap<(String, Line, String), i64>,
    once: BTreeSet<(String, u32, String)>,
}

impl CountedSheet {
    pub fn new(unit: Option<Who>) -> Self {
        Self { unit, counts: BTreeMap::new(), once: BTreeSet::new() }
    }

    fn is_own(&self, tally: &Tally) -> bool {
        self.unit.is_none() || self.unit == tally.unit
    }

    fn count(&mut self, row: &str, line: Line, column: &str, quantity: i64) {
        *self.counts.entry((row.to_owned(), line, column.to_owned())).or_default() += quantity;
    }

    /// 1-mk, 2-mk.
    pub fn add_monthly(&mut self, tally: &Tally) {
        if !self.is_own(tally) {
            return;
        }
        let in_row = self.is_first(tally, "");
        let column = column(&tally.row, tally.month, &tally.applicant);
        let quantity = tally.quantity;
        if in_row {
            self.count(&tally.row, Line::default(), &column, quantity);
        }
        if let Some((parent, _)) = tally.row.split_once('.').filter(|(parent, _)| in_row && SUMS.contains(parent)) {
            self.count(parent, Line::default(), &column, quantity);
        }
        if has_lines(&tally.row) && self.is_first(tally, &format!("{:?}", tally.service)) {
            let system = tally.system.clone().filter(|_| by_system(&tally.row));
            self.count(&tally.row, (None, tally.service.clone(), system), &column, quantity);
        }
    }

    /// Whether what counts once a month is new in the row, or in one of its lines.
    fn is_first(&mut self, tally: &Tally, line: &str) -> bool {
        let Some(once) = &tally.once else { return true };
        self.once.insert((format!("{} {line}", tally.row), tally.month, once.clone()))
    }

    /// 3-mk, 4-mk; `whole`: the row itself is printed, too.
    pub fn add_quarterly(&mut self, tally: &Tally, whole: bool) {
        for column in &tally.columns {
            let mut add = |row: &str, line: Line| self.count(row, line, column, tally.quantity);
            add("total", Line::default());
            if whole {
                add(&tally.row, Line::default());
            }
            add(&tally.row, (tally.provider.clone(), None, None));
            add(&tally.row, (tally.provider.clone(), tally.service.clone(), None));
        }
    }

    /// All cells of the form, as the second counter sees them. Rows that it does not know are left out.
    pub fn cells(&self, form: &Form, world: &World<'_>, zeros: Zeros) -> BTreeMap<Key, Value> {
        let mut cells = BTreeMap::new();
        for row in &form.rows {
            let Some(tables) = tables_of(form, &row.id) else { continue };
            let mut lines: BTreeSet<&Line> =
                self.counts.keys().filter(|key| key.0 == row.id).map(|key| &key.1).collect();
            let whole = Line::default();
            lines.insert(&whole);
            for line in lines {
                let values = if form.monthly {
                    self.months(&row.id, line, &tables, world)
                } else {
                    let columns =
                        &form.grids.iter().flat_map(|grid| &grid.columns).map(|one| &one.id).collect::<Vec<_>>();
                    self.quarter(&row.id, line, columns, form, world)
                };
                let empty = values.iter().all(|(_, value)| value.number().unwrap_or(0) == 0);
                let unprinted = row.lines_only;
                if *line == whole && unprinted || *line != whole && empty {
                    continue;
                }
                let key = line_key(&row.id, line, world);
                for (column, value) in values {
                    // "The organisation may choose to print its known zeros as "-" too"; a stock keeps its zeros.
                    let hidden = zeros == Zeros::Dash && value == Value::Number(0) && !is_stock(&row.id);
                    let value = if hidden { Value::NoInfo } else { value };
                    cells.insert((row.id.clone(), key.clone(), column), value);
                }
            }
        }
        cells
    }

    fn number(&self, row: &str, line: &Line, column: &str) -> i64 {
        self.counts.get(&(row.to_owned(), line.clone(), column.to_owned())).copied().unwrap_or(0)
    }

    /// Months and quarter of a line.
    fn months(&self, row: &str, line: &Line, tables: &[&[&str]], world: &World<'_>) -> Vec<(String, Value)> {
        let of_whole = row.starts_with("register") || row == "bylaws";
        let known = are_given(tables, world) && !(of_whole && self.unit.is_some());
        let applicants: &[&str] = if by_applicant(row) { &["individual", "legal_entity"] } else { &[""] };
        let mut cells = Vec::new();
        for applicant in applicants {
            let mut months = Vec::new();
            for month in 0..3 {
                let column = column(row, month, applicant);
                let counted = known && world.has_ended(month);
                let value = counted.then(|| self.number(row, line, &column));
                months.push(value);
                cells.push((column, value.map_or(Value::NoInfo, Value::Number)));
            }
            let quarter = if is_stock(row) {
                months.iter().rev().find_map(|month| *month)
            } else {
                // D2: sums skip "-"; a sum of only "-" is "-"
                months.iter().flatten().copied().reduce(|a, b| a + b)
            };
            let column = if applicant.is_empty() { "q".to_owned() } else { format!("q.{applicant}") };
            cells.push((column, quarter.map_or(Value::NoInfo, Value::Number)));
        }
        cells
    }

    /// The columns of a line of 3-mk or 4-mk.
    fn quarter(
        &self,
        row: &str,
        line: &Line,
        columns: &[&String],
        form: &Form,
        world: &World<'_>,
    ) -> Vec<(String, Value)> {
        // forms.md: the refusals of 3-mk stand in columns 9–13, those of 4-mk in 4–6
        let refusals = if form.recount == Some(Recounted::StateCorporation) { 9..=13 } else { 4..=6 };
        let begun = world.has_ended(0);
        let value = |column: &&String| {
            let of_refusals = column.parse().is_ok_and(|number: u32| refusals.contains(&number));
            let tables: &[&[&str]] = if of_refusals { &[REFUSALS] } else { &[&["services"]] };
            let known = begun && are_given(tables, world);
            let value = if known { Value::Number(self.number(row, line, column)) } else { Value::NoInfo };
            ((*column).clone(), value)
        };
        columns.iter().map(value).collect()
    }
}

fn column(row: &str, month: u32, applicant: &str) -> String {
    let month = month + 1;
    if by_applicant(row) { format!("m{month}.{applicant}") } else { format!("m{month}") }
}

/// Sections 2.1 and 2.2: services rendered and refused, in time and late.
fn by_applicant(row: &str) -> bool {
    row.starts_with("rendered") || row.starts_with("refused")
}

/// "10 … stock", "11 … stock".
fn is_stock(row: &str) -> bool {
    row == "register" || row == "bylaws"
}

fn has_lines(row: &str) -> bool {
    let families = ["rendered.", "rendered_late.", "refused_late.", "complaints.", "complaints_late."];
    ["register", "register.included", "bylaws"].contains(&row) || families.iter().any(|family| row.starts_with(family))
}

fn by_system(row: &str) -> bool {
    row.starts_with("rendered.is_") || row == "rendered_late.systems" || row == "refused_late.systems"
}

const REFUSALS: &[&str] = &["refusals", "services.outcome"];

/// What distinguishes a line.
fn line_key(row: &str, line: &Line, world: &World<'_>) -> LineKey {
    if *line == Line::default() {
        return LineKey::default();
    }
    let name = |who: &Who| world.systems.party(who).name;
    LineKey {
        provider: line.0.as_ref().map(|who| world.providers.party(who).into()),
        service: line.1.as_ref().map(|who| world.services.party(who).into()),
        system: by_system(row).then(|| line.2.as_ref().map(name).unwrap_or_default()),
    }
}

/// Whether the second counter counts the row.
pub fn knows(form: &Form, row: &Row) -> bool {
    tables_of(form, &row.id).is_some()
}

/// D1: "A row needs all of its tables", each by any of the given names; `None`: a row this counter does not know.
fn tables_of(form: &Form, row: &str) -> Option<Vec<&'static [&'static str]>> {
    if form.recount? != Recounted::OwnWork {
        return ["total", "paper", "electronic"].contains(&row).then(Vec::new);
    }
    let events: &[&str] = &["control_events"];
    let family = row.split('.').next().unwrap_or(row);
    Some(match family {
        "events" => vec![events],
        "objects" => vec![events, &["control_objects"]],
        "violations" | "violations_restored" | "persons_restored" | "complaint_deadline_violations" => {
            vec![events, &["violations"]]
        }
        "sanctions" | "persons" => vec![&["sanctions"]],
        "recommendations" => vec![events, &["recommendations"]],
        "register" => vec![&["register"]],
        "bylaws" => vec![&["bylaws"]],
        "rendered" | "rendered_late" => vec![&["services"]],
        "refused" | "refused_late" => vec![REFUSALS],
        "complaints" | "complaint_sources" | "complaints_late" => vec![&["complaints"]],
        "restorations" => vec![&["restorations"]],
        "outreach" => vec![&["outreach"]],
        "training" => vec![&["training"]],
        _ => return None,
    })
}

fn are_given(tables: &[&[&str]], world: &World<'_>) -> bool {
    tables.iter().all(|any| any.iter().any(|table| world.given.contains(*table)))
}
