//! The units of a region on the page: who reported, how well, and their figures.

use crate::render::page::texts::Texts;
use crate::report::Report;
use crate::report::wording::Worded;
use crate::values::cells::{Cells, Value};
use crate::words::finding::Severity;
use crate::words::lang::Text;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of a unit's report. Source: Rules, para 60–61 (who reports to whom by when).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Counted from the same records as the whole.
    Counted,
    OnTime,
    /// On a day that nobody gave.
    Received,
    Late,
    Missing,
    Twice,
    WrongPeriod,
    WrongForm,
    /// Received, but with errors.
    Faulty,
    /// A report came in under a name that is nearly the unit's.
    OtherName,
    /// A report that says not whose it is.
    Nameless,
}

impl Standing {
    pub const ALL: [Self; 11] = [
        Self::Counted,
        Self::OnTime,
        Self::Received,
        Self::Late,
        Self::Missing,
        Self::Twice,
        Self::WrongPeriod,
        Self::WrongForm,
        Self::Faulty,
        Self::OtherName,
        Self::Nameless,
    ];
}

/// One unit of the board.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    /// KATO, else BIN; empty for a unit that is known by its name.
    pub code: String,
    pub name: Text,
    pub standing: Standing,
    /// Errors, warnings and notices over the unit's own cells.
    pub counts: [usize; 3],
    /// The unit's own page, relative to this one, with `/` between folders.
    pub page: Option<String>,
    pub cells: Option<&'a Cells>,
}

impl<'a> Member<'a> {
    /// A unit of the same run. `folder`: of its report, beside the folder of the whole.
    pub fn counted(report: &'a Report<'a>, findings: &[Worded], folder: &str) -> Option<Self> {
        let unit = report.unit.as_ref()?;
        let label = unit.label();
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Some(Self {
            code: unit.code.clone(),
            name: Text::same(label),
            standing: Standing::Counted,
            counts: [of(Severity::Error), of(Severity::Warning), of(Severity::Notice)],
            page: Some(format!("../{folder}/review.html")),
            cells: Some(&report.cells),
        })
    }
}

/// A unit in the page's data.
#[derive(Debug, Serialize)]
pub struct Tile<'a> {
    code: &'a str,
    name: usize,
    standing: Standing,
    counts: [usize; 3],
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'a str>,
    /// Position of the row → its values.
    values: BTreeMap<usize, Vec<Shown<'a>>>,
}

/// A value as JSON: a number, or the text that stands there.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Shown<'a> {
    Number(i64),
    Text(&'a str),
}

impl<'a> Shown<'a> {
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(*number),
            Value::NoInfo => Self::Text("-"),
            Value::Unknown => Self::Text("?"),
            Value::Blank => Self::Text(""),
            Value::Fault(text) => Self::Text(text),
        }
    }
}

pub fn tiles<'a>(board: &'a [Member<'a>], texts: &mut Texts) -> Vec<Tile<'a>> {
    board
        .iter()
        .map(|member| {
            let rows = member.cells.into_iter().flat_map(|cells| &cells.lines).filter(|line| line.key.is_row());
            Tile {
                code: &member.code,
                name: texts.id(&member.name),
                standing: member.standing,
                counts: member.counts,
                page: member.page.as_deref(),
                values: rows.map(|line| (line.row, line.values.iter().map(Shown::of).collect())).collect(),
            }
        })
        .collect()
}
