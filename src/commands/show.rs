//! `esep forms`, `rules`, `schema`, `calendar`: the definitions in force, for people.

use crate::commands::out::speech::{Speech, one_line};
use crate::definitions::Definitions;
use crate::definitions::calendar::DayKind;
use crate::definitions::form::Row;
use crate::definitions::law::{Paragraph, cited};
use crate::definitions::record::FieldType;
use crate::facts::parts::set_of;
use crate::rules::part;
use crate::rules::part::Hold;
use crate::values::period::Quarter;
use crate::words::failure::Halt;
use crate::words::finding::Severity;
use crate::words::lang::{Lang, nearest};
use anyhow::{Result, bail, ensure};
use chrono::Datelike;
use std::fmt::Write;

/// Editions of all forms, and what each row counts.
pub fn forms(definitions: &Definitions, lang: Lang) -> String {
    let mut text = String::new();
    let speech = Speech { definitions, lang };
    for form in &definitions.forms {
        let until = form.valid_to.map_or_else(|| "…".to_owned(), |day| day.to_string());
        let basis = definitions.citations.say(&form.basis);
        let _ = writeln!(text, "{} {} ({} – {until}) {}", form.form, form.edition, form.valid_from, basis.get(lang));
        for row in &form.rows {
            let basis = definitions.citations.say(&row.basis);
            let _ = writeln!(text, "  {:>6}  {}  [{}]", row.no, one_line(row.label.get(lang)), row.id);
            let source = row.source.say(&definitions.words);
            let (counts, basis, source) = (counts(row, speech), basis.get(lang), source.get(lang));
            let _ = writeln!(text, "          {counts}\n          {basis}\n          {source}");
        }
    }
    text
}

fn counts(row: &Row, speech: Speech<'_>) -> String {
    match set_of(row) {
        Some(set) => speech.counts_of(row, set).join("; "),
        None => format!("Σ {}", row.sum.join(" + ")),
    }
}

/// Rules of all forms with their source.
pub fn rules(definitions: &Definitions, lang: Lang) -> String {
    let mut text = String::new();
    for form in &definitions.forms {
        for rule in &form.rules {
            let severity = definitions.words(match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Notice => "notice",
            });
            let _ = writeln!(text, "{}.{} · {}", form.form, rule.id, severity.get(lang));
            let _ = writeln!(text, "  {}\n  {}", rule.text.get(lang), definitions.citations.say(&rule.basis).get(lang));
        }
    }
    text
}

/// Each paragraph of the Rules and each explanation: what it says, what answers it, what tests that.
pub fn law(definitions: &Definitions, lang: Lang) -> String {
    let mut text = String::new();
    for place in &definitions.law {
        let at: Vec<String> = place.at.iter().map(|at| definitions.citations.say(at).get(lang).to_owned()).collect();
        let (rows, rules, wordings) = answers(definitions, place);
        let mut by: Vec<String> = rows.iter().map(|(form, row)| format!("{form} {} [{}]", row.no, row.id)).collect();
        by.extend(rules.iter().cloned());
        by.extend(wordings.iter().map(|(code, _)| (*code).to_owned()).chain(place.by.iter().cloned()));
        let titles = || one_line(rows.first().map_or("", |(_, row)| row.label.get(lang))).clone();
        let says = place.says.as_ref().map_or_else(titles, |says| says.get(lang).to_owned());
        let tests: Vec<String> =
            wordings.iter().map(|(code, name)| format!("{code}-{name}")).chain(place.tests.iter().cloned()).collect();
        let _ = writeln!(text, "{}\n  {says}", at.join("; "));
        for (key, line) in [("law_by", by), ("law_tests", tests)].into_iter().filter(|(_, line)| !line.is_empty()) {
            let _ = writeln!(text, "  {}: {}", definitions.words(key).get(lang), line.join(", "));
        }
        if let Some(none) = &place.none {
            let _ = writeln!(text, "  {}: {}", definitions.words("law_none").get(lang), none.get(lang));
        }
    }
    text
}

/// Rows with their forms, rules, and findings (code and name) whose basis cites the place.
type Answers<'d> = (Vec<(&'d str, &'d Row)>, Vec<String>, Vec<(&'d str, &'d str)>);

fn answers<'d>(definitions: &'d Definitions, place: &Paragraph) -> Answers<'d> {
    let cites = |basis: &str| cited(basis).iter().any(|at| place.at.contains(at));
    let (mut rows, mut rules) = (Vec::new(), Vec::new());
    for form in &definitions.forms {
        rows.extend(form.rows.iter().filter(|row| cites(&row.basis)).map(|row| (form.form.as_str(), row)));
        let citing = form.rules.iter().filter(|rule| cites(&rule.basis));
        rules.extend(citing.map(|rule| format!("{}.{}", form.form, rule.id)));
    }
    let wordings = definitions.wordings.iter().filter(|wording| cites(&wording.basis));
    (rows, rules, wordings.map(|wording| (wording.code.as_str(), wording.name.as_str())).collect())
}

/// Cells (rows × columns) that no rule touches, and those that only their own quarter holds.
pub fn coverage(definitions: &Definitions, lang: Lang) -> String {
    let mut text = String::new();
    for form in &definitions.forms {
        let day = form.valid_from;
        let quarter = Quarter { year: day.year(), number: day.month0() / 3 + 1 };
        let held = part::holds(&definitions.forms, form, quarter);
        let count = |hold: Hold| held.values().filter(|known| **known == hold).count();
        let _ = writeln!(
            text,
            "{} {}: {} {}",
            form.form,
            form.edition,
            held.len(),
            definitions.words("coverage_cells").get(lang)
        );
        for (hold, key) in
            [(Hold::Bound, "coverage_bound"), (Hold::Quarter, "coverage_quarter"), (Hold::Free, "coverage_free")]
        {
            let _ = writeln!(text, "  {:>5}  {}", count(hold), definitions.words(key).get(lang));
            let mut rows: Vec<(usize, Vec<&str>)> = Vec::new();
            for ((row, column), _) in held.iter().filter(|(_, known)| **known == hold && hold != Hold::Bound) {
                let id = form.grid_of(*row).columns[*column].id.as_str();
                match rows.last_mut().filter(|(last, _)| last == row) {
                    Some((_, columns)) => columns.push(id),
                    None => rows.push((*row, vec![id])),
                }
            }
            for (row, columns) in rows {
                let _ =
                    writeln!(text, "         {:>6}  {}  {}", form.rows[row].no, form.rows[row].id, columns.join(" "));
            }
        }
    }
    text
}

/// One table or all of them, with the spellings of their headers.
///
/// # Errors
/// There is no such table.
pub fn schema(definitions: &Definitions, name: Option<&str>, lang: Lang) -> Result<String> {
    let mut text = String::new();
    let words = |key: &str| definitions.words(key).get(lang);
    let known = definitions.tables.iter().map(|table| table.table.as_str());
    if let Some(name) = name.filter(|name| definitions.table(name).is_none()) {
        let all = known.clone().collect::<Vec<_>>().join(", ");
        bail!(Halt::new("fault_table").with("table", name).with("known", all).near(nearest(name, known)));
    }
    for table in definitions.tables.iter().filter(|table| name.is_none_or(|name| name == table.table)) {
        let _ = writeln!(text, "{} – {}", table.table, table.names.first().get(lang));
        for field in &table.fields {
            let list = field.list.as_ref().and_then(|list| definitions.codelist(list));
            let list = list.map_or("", |list| list.names.get(lang));
            let kind = words(kind(field.kind)).replace("{list}", list);
            let required = if field.required { format!(" · {}", words("schema_required")) } else { String::new() };
            let spellings = field.headers.all().collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "  {} · {kind}{required}", field.name);
            let _ = writeln!(text, "      {}\n      {}: {spellings}", field.help.get(lang), words("schema_headers"));
        }
    }
    Ok(text)
}

fn kind(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Identifier => "schema_identifier",
        FieldType::Text => "schema_text",
        FieldType::Date => "schema_date",
        FieldType::Moment => "schema_moment",
        FieldType::Integer => "schema_integer",
        FieldType::Boolean => "schema_boolean",
        FieldType::Code => "schema_code",
    }
}

/// Days that break the pattern of the week, with their basis.
///
/// # Errors
/// A year that the calendar does not know.
pub fn calendar(definitions: &Definitions, year: i32, lang: Lang) -> Result<String> {
    let mut text = String::new();
    let days: Vec<_> = definitions.calendar.year(year).collect();
    ensure!(!days.is_empty(), Halt::new("fault_year").with("year", year));
    for day in days {
        let kind = definitions.words(if day.kind == DayKind::Off { "calendar_off" } else { "calendar_working" });
        let basis = definitions.citations.say(&day.basis);
        let _ = writeln!(
            text,
            "{} · {} · {} · {}",
            day.date.format("%d.%m.%Y"),
            kind.get(lang),
            day.name.get(lang),
            basis.get(lang)
        );
    }
    Ok(text)
}
