//! `esep forms`, `rules`, `schema`, `calendar`: the definitions in force, for people.
#![allow(clippy::print_stdout)] // these commands answer on standard output

use crate::check::part::{self, Hold};
use crate::definitions::Definitions;
use crate::definitions::calendar::DayKind;
use crate::lang::{Text, nearest};
use crate::period::Quarter;
use anyhow::{Result, bail, ensure};
use chrono::Datelike;

fn all(text: &Text) -> String {
    format!("{} · {} · {}", text.kk, text.ru, text.en)
}

/// Editions and rows of all forms.
pub fn forms(definitions: &Definitions) {
    for form in &definitions.forms {
        let until = form.valid_to.map_or_else(|| "…".to_owned(), |day| day.to_string());
        println!("{} {} ({} – {until}) {}", form.form, form.edition, form.valid_from, form.basis);
        for row in &form.rows {
            let counts = row.facts.as_ref().map_or_else(
                || format!("Σ {}", row.sum.join(" + ")),
                |facts| format!("{facts} {:?} {:?}", row.measure, row.filter),
            );
            println!("  {:>6}  {}  {}\n          {counts}\n          {}", row.no, row.id, all(&row.label), row.basis);
        }
    }
}

/// Rules of all forms with their source.
pub fn rules(definitions: &Definitions) {
    for form in &definitions.forms {
        for rule in &form.rules {
            println!(
                "{}.{} {:?} {:?}\n  {}\n  {}",
                form.form,
                rule.id,
                rule.severity,
                rule.check,
                all(&rule.text),
                rule.basis
            );
        }
    }
}

/// Cells (rows × columns) that no rule touches, and those that only their own quarter holds.
pub fn coverage(definitions: &Definitions) {
    for form in &definitions.forms {
        let day = form.valid_from;
        let quarter = Quarter { year: day.year(), number: day.month0() / 3 + 1 };
        let held = part::holds(&definitions.forms, form, quarter);
        let count = |hold: Hold| held.values().filter(|known| **known == hold).count();
        println!("{} {}: {} {}", form.form, form.edition, held.len(), all(definitions.words("coverage_cells")));
        for (hold, key) in
            [(Hold::Bound, "coverage_bound"), (Hold::Quarter, "coverage_quarter"), (Hold::Free, "coverage_free")]
        {
            println!("  {:>5}  {}", count(hold), all(definitions.words(key)));
            let mut rows: Vec<(usize, Vec<&str>)> = Vec::new();
            for ((row, column), _) in held.iter().filter(|(_, known)| **known == hold && hold != Hold::Bound) {
                let id = form.grid_of(*row).columns[*column].id.as_str();
                match rows.last_mut().filter(|(last, _)| last == row) {
                    Some((_, columns)) => columns.push(id),
                    None => rows.push((*row, vec![id])),
                }
            }
            for (row, columns) in rows {
                println!("         {:>6}  {}  {}", form.rows[row].no, form.rows[row].id, columns.join(" "));
            }
        }
    }
}

/// One table or all of them, with the spellings of their headers.
pub fn schema(definitions: &Definitions, name: Option<&str>) -> Result<()> {
    let known = definitions.tables.iter().map(|table| table.table.as_str());
    if let Some(name) = name.filter(|name| definitions.table(name).is_none()) {
        match nearest(name, known) {
            Some(near) => bail!("no table {name:?}; did you mean {near:?}?"),
            None => bail!("no table {name:?}"),
        }
    }
    for table in definitions.tables.iter().filter(|table| name.is_none_or(|name| name == table.table)) {
        println!("{} — {}", table.table, all(&table.names.first()));
        for field in &table.fields {
            let list = field.list.as_ref().map(|list| format!(" {list}")).unwrap_or_default();
            let required = if field.required { " !" } else { "" };
            println!(
                "  {}{required} {:?}{list}: {}",
                field.name,
                field.kind,
                field.headers.all().collect::<Vec<_>>().join(", ")
            );
            println!("      {}", all(&field.help));
        }
    }
    Ok(())
}

/// Days that break the pattern of the week, with their basis.
pub fn calendar(definitions: &Definitions, year: i32) -> Result<()> {
    let days: Vec<_> = definitions.calendar.year(year).collect();
    ensure!(!days.is_empty(), "the calendar does not know {year}");
    for day in days {
        let kind = if day.kind == DayKind::Off { "−" } else { "+" };
        println!("{kind} {} {}  {}", day.date, all(&day.name), day.basis);
    }
    Ok(())
}
