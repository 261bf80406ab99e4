//! The filled form as data: the narrow waist between everything that reads and everything that writes.

use crate::values::period::Quarter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one cell holds. Source: Rules, Annex 1 expl. 31, Annex 2 expl. 30.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A counted number, 0 included.
    Number(i64),
    /// "No information", printed "-".
    NoInfo,
    /// Of a year's table: the report that would say it was not given; printed "?".
    Unknown,
    /// Nothing at all: a fault of a filed form.
    Blank,
    /// Not a whole number ≥ 0: a fault of a filed form, as it stands there.
    Fault(String),
}

impl Value {
    pub fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// Whether the cell holds what a cell may hold.
    pub fn is_sound(&self) -> bool {
        matches!(self, Self::Number(_) | Self::NoInfo | Self::Unknown)
    }

    /// As printed: digits, `-`, `?`, or what stands there.
    pub fn print(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::NoInfo => "-".to_owned(),
            Self::Unknown => "?".to_owned(),
            Self::Blank => String::new(),
            Self::Fault(text) => text.clone(),
        }
    }

    /// Sum that skips "-" and what is unknown; of only these it is "-" (forms.md, D2). `None` when a value is blank or at fault.
    pub fn sum<'a>(values: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut total = Self::NoInfo;
        for value in values {
            match value {
                Self::Number(number) => total = Self::Number(total.number().unwrap_or(0) + number),
                Self::NoInfo | Self::Unknown => {}
                Self::Blank | Self::Fault(_) => return None,
            }
        }
        Some(total)
    }

    /// The last that is a number; of only "-" it is "-".
    pub fn last<'a>(values: impl IntoIterator<Item = &'a Self>) -> Self {
        values.into_iter().filter(|value| value.number().is_some()).last().cloned().unwrap_or(Self::NoInfo)
    }
}

/// Somebody or something with a code of its own (BIN, service code, KATO) and a printed name.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Party {
    pub code: String,
    pub name: String,
}

impl Party {
    /// The name, else the code.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.code } else { &self.name }
    }
}

/// What distinguishes a line from the others of its row; all absent: the row itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey {
    pub provider: Option<Arc<Party>>,
    pub service: Option<Arc<Party>>,
    pub system: Option<String>,
}

impl LineKey {
    pub fn is_row(&self) -> bool {
        self.provider.is_none() && self.service.is_none()
    }

    /// As printed in the stub of the form: `service — system`.
    pub fn label(&self) -> String {
        let name = self.service.as_deref().or(self.provider.as_deref()).map_or("", Party::label);
        match &self.system {
            Some(system) if !system.is_empty() => format!("{name} — {system}"),
            _ => name.to_owned(),
        }
    }
}

/// One printed line: a row of the form, or a line of its variable block, with one value a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Position of the row in the form's definition.
    pub row: usize,
    pub key: LineKey,
    /// One value for each column of the grid of the row's section.
    pub values: Vec<Value>,
}

/// A filled form: its lines in printed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    pub quarter: Quarter,
    pub lines: Vec<Line>,
}

impl Cells {
    /// The line of a row itself, not of its block.
    pub fn row(&self, row: usize) -> Option<&Line> {
        self.lines.iter().find(|line| line.row == row && line.key.is_row())
    }

    /// The variable block of a row.
    pub fn block(&self, row: usize) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.row == row && !line.key.is_row())
    }
}

/// How much of the cells of rows others established, by positions of row and column: rules leave it out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Established(pub BTreeMap<(usize, usize), i64>);
