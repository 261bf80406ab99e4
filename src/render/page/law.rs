//! What the cells of a form count, for the page: rows, columns and their filters in words.

use crate::definitions::Definitions;
use crate::definitions::dimension::SETS;
use crate::definitions::form::{Column, Filter, Form, Grid, LineBy, Measure, Row, RowKind};
use crate::definitions::printed::Printer;
use crate::render::page::texts::Texts;
use crate::values::period::Quarter;
use crate::words::lang::Text;
use serde::Serialize;

/// One row of the form.
#[derive(Debug, Serialize)]
pub struct PageRow<'a> {
    id: &'a str,
    no: &'a str,
    label: usize,
    section: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sum: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<&'a str>,
    measure: &'static str,
    stock: bool,
    distinct: bool,
    /// Lines by provider, service, information system.
    lines: bool,
    filter: Vec<Condition>,
    basis: usize,
}

/// A property and the codes of it that are counted.
#[derive(Debug, Serialize)]
pub struct Condition {
    name: usize,
    codes: Vec<usize>,
}

/// The columns of a table.
#[derive(Debug, Serialize)]
pub struct PageGrid<'a> {
    columns: Vec<PageColumn<'a>>,
}

#[derive(Debug, Serialize)]
struct PageColumn<'a> {
    id: &'a str,
    /// Heads from the top down to the column's own.
    path: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'a str>,
    /// Month of the quarter, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<u32>,
    /// The month or the quarter, where columns are months.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<usize>,
    /// Positions of the months that a quarter is made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    months: Vec<usize>,
    filter: Vec<Condition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<usize>,
}

#[derive(Debug, Serialize)]
pub struct PageSection<'a> {
    id: &'a str,
    /// Position of the grid in the form.
    grid: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<usize>,
}

/// The definitions of one form in words.
#[derive(Debug, Serialize)]
pub struct Law<'a> {
    pub rows: Vec<PageRow<'a>>,
    grids: Vec<PageGrid<'a>>,
    sections: Vec<PageSection<'a>>,
    months: Vec<usize>,
}

pub fn law<'a>(
    form: &'a Form,
    quarter: Quarter,
    printer: &Printer,
    definitions: &'a Definitions,
    texts: &mut Texts,
) -> Law<'a> {
    let months = (0..3).filter_map(|month| printer.words.months.get(((quarter.number - 1) * 3 + month) as usize));
    let months: Vec<Text> = months.cloned().collect();
    let sections = form.sections.iter();
    Law {
        rows: (0..form.rows.len()).map(|row| page_row(form, row, definitions, texts)).collect(),
        grids: form
            .grids
            .iter()
            .map(|grid| PageGrid {
                columns: grid
                    .columns
                    .iter()
                    .map(|column| page_column(form, grid, column, &months, &printer.words.quarter, definitions, texts))
                    .collect(),
            })
            .collect(),
        sections: sections
            .map(|section| PageSection {
                id: &section.id,
                grid: form.grids.iter().position(|grid| grid.id == section.grid).unwrap_or(0),
                label: section.label.as_ref().map(|label| texts.id(label)),
            })
            .collect(),
        months: months.iter().map(|month| texts.id(month)).collect(),
    }
}

fn page_row<'a>(form: &'a Form, position: usize, definitions: &'a Definitions, texts: &mut Texts) -> PageRow<'a> {
    let row: &Row = &form.rows[position];
    let set = row.facts.as_deref();
    PageRow {
        id: &row.id,
        no: &row.no,
        label: texts.id(&row.label),
        section: form.sections.iter().position(|section| section.id == row.section).unwrap_or(0),
        parent: row.parent.as_ref().and_then(|id| form.row_position(id)),
        sum: row.sum.iter().filter_map(|id| form.row_position(id)).collect(),
        facts: set,
        measure: match row.measure {
            Measure::Quantity => "quantity",
            Measure::Amount => "amount",
            Measure::Distinct | Measure::DistinctItems => "distinct",
        },
        stock: row.kind == RowKind::Stock,
        distinct: matches!(row.measure, Measure::Distinct | Measure::DistinctItems),
        lines: row.lines.iter().any(|by| matches!(by, LineBy::Provider | LineBy::Service | LineBy::System)),
        filter: conditions(&row.filter, set, definitions, texts),
        basis: texts.id(&joined(&definitions.citations.say(&row.basis), &row.source.say(&definitions.words))),
    }
}

/// Two texts, one behind the other.
fn joined(one: &Text, other: &Text) -> Text {
    Text::by(|lang| format!("{}; {}", one.get(lang), other.get(lang)))
}

fn page_column<'a>(
    form: &Form,
    grid: &'a Grid,
    column: &'a Column,
    months: &[Text],
    quarter: &Text,
    definitions: &'a Definitions,
    texts: &mut Texts,
) -> PageColumn<'a> {
    let mut path: Vec<usize> = column.label.iter().map(|label| texts.id(label)).collect();
    let mut next = column.group.as_ref();
    while let Some(group) = next.and_then(|id| grid.groups.iter().find(|group| group.id == *id)) {
        path.insert(0, texts.id(&group.label));
        next = group.parent.as_ref().filter(|_| path.len() <= grid.groups.len());
    }
    let when = column.month.map_or(Some(quarter), |month| months.get(month as usize - 1));
    PageColumn {
        id: &column.id,
        path,
        mark: column.mark.as_deref(),
        month: column.month,
        when: when.filter(|_| form.monthly).map(|when| texts.id(when)),
        months: column.months.iter().filter_map(|id| grid.column(id)).collect(),
        filter: conditions(&column.filter, None, definitions, texts),
        basis: column.basis.as_ref().map(|basis| texts.id(&definitions.citations.say(basis))),
    }
}

/// Filters in words: the name of the property, and the names of the codes. `set`: kind of the facts.
fn conditions(filter: &Filter, set: Option<&str>, definitions: &Definitions, texts: &mut Texts) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (name, codes) in filter {
        let mut dimensions = SETS.iter().filter(|facts| set.is_none_or(|set| set == facts.name));
        let dimension = dimensions.find_map(|facts| facts.dimensions.iter().find(|known| known.name == name));
        let list = dimension.and_then(|dimension| dimension.list).and_then(|list| definitions.codelist(list));
        let label = |code: &String| {
            let entry = list.and_then(|list| list.codes.iter().find(|entry| entry.code == *code));
            entry.map_or_else(|| definitions.words(code), |entry| &entry.label)
        };
        let title = list.map_or_else(|| definitions.words(&format!("review_flag_{name}")), |list| &list.names);
        let codes: Vec<usize> = codes.iter().map(|code| texts.id(label(code))).collect();
        conditions.push(Condition { name: texts.id(title), codes });
    }
    conditions
}
