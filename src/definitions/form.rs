//! Editions of the forms: what is printed and what each row counts. Data in `templates/forms/*.toml`.

use crate::definitions::whose::WhoseWords;
use crate::words::finding::{Kind, Severity};
use crate::words::lang::Text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Field of a fact → codes that pass.
pub type Filter = BTreeMap<String, Vec<String>>;

/// One edition of one form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// `2-mk`.
    pub form: String,
    /// Index as printed.
    pub index: Text,
    pub edition: String,
    /// First day of the first quarter that is reported in this edition.
    #[serde(deserialize_with = "crate::definitions::date::required")]
    pub valid_from: NaiveDate,
    #[serde(default, deserialize_with = "crate::definitions::date::optional")]
    pub valid_to: Option<NaiveDate>,
    pub basis: String,
    /// Day of the month after the quarter by which the form is filed.
    pub deadline_day: u32,
    pub deadline_basis: String,
    /// The form counts months and the quarter (1-mk, 2-mk), or the quarter only.
    pub monthly: bool,
    /// The form can be made for each unit.
    pub by_unit: bool,
    /// Of forms that the same records fill: the one that most bodies file.
    #[serde(default)]
    pub usual: bool,
    /// By which part of the second counter the form can be recounted (`--paranoid`); absent: by none.
    pub recount: Option<Recounted>,
    /// Header block, top to bottom.
    pub head: Vec<Label>,
    /// Signature block, top to bottom.
    pub signature: Vec<Label>,
    #[serde(rename = "grid")]
    pub grids: Vec<Grid>,
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    /// What its cells are summed over: a form of the Rules is of a quarter.
    #[serde(skip)]
    pub span: PeriodKind,
    /// For each row its grid: asked for once a line, and a form may have a hundred thousand lines.
    #[serde(skip)]
    grids_of_rows: OnceLock<Vec<usize>>,
}

/// What a table is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PeriodKind {
    #[default]
    Quarter,
    /// The year's table, made of the reports of its quarters.
    Year,
}

/// Parts of the second counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recounted {
    /// What a body does itself, by month (1-mk, 2-mk).
    OwnWork,
    /// Results of the State Corporation (3-mk).
    StateCorporation,
    /// Results of the portals (4-mk).
    Portals,
}

/// A printed text with a symbolic id.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub id: String,
    pub label: Text,
    /// Whose words the label is.
    #[serde(default)]
    pub source: WhoseWords,
}

/// The columns under which a section stands, with the tree of heads above them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    pub id: String,
    /// Heads of the two stub columns: number and activity.
    pub stub: Vec<Label>,
    /// Heads that span columns; `parent` is another group.
    #[serde(default, rename = "group")]
    pub groups: Vec<Group>,
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    pub parent: Option<String>,
    pub label: Text,
    /// Whose words the label is.
    #[serde(default)]
    pub source: WhoseWords,
}

/// One column of values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// As in `cells.csv`: `m1`, `q.individual`, `13`.
    pub id: String,
    pub group: Option<String>,
    pub label: Option<Text>,
    /// Whose words the label is.
    #[serde(default)]
    pub source: WhoseWords,
    /// Letter or number printed under the head.
    pub mark: Option<String>,
    /// Month of the quarter, 1 to 3; absent: the quarter.
    pub month: Option<u32>,
    /// For a quarter column: the month columns it is made of.
    #[serde(default)]
    pub months: Vec<String>,
    #[serde(default, rename = "where")]
    pub filter: Filter,
    /// Tables without which the column is "-": each inner list is satisfied by any of its members.
    #[serde(default)]
    pub needs: Vec<Vec<String>>,
    pub basis: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// As in `cells.csv`: `1`, `2`, `2.1`.
    pub id: String,
    pub grid: String,
    pub label: Option<Text>,
    /// Whose words the label is.
    #[serde(default)]
    pub source: WhoseWords,
    /// The heads of the grid are printed above the section.
    #[serde(default)]
    pub heads: bool,
}

/// One row of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Symbolic, the same in all forms and editions.
    pub id: String,
    /// Number as in `cells.csv`, without a final dot.
    pub no: String,
    /// Number as printed.
    pub print: String,
    pub section: String,
    pub parent: Option<String>,
    pub label: Text,
    /// Whose words the label is.
    #[serde(default)]
    pub source: WhoseWords,
    /// The row is the sum of these rows.
    #[serde(default)]
    pub sum: Vec<String>,
    /// Facts that are counted; absent for sums.
    pub facts: Option<String>,
    #[serde(default, rename = "where")]
    pub filter: Filter,
    #[serde(default)]
    pub measure: Measure,
    #[serde(default)]
    pub kind: RowKind,
    /// What distinguishes the lines of the variable block.
    #[serde(default)]
    pub lines: Vec<LineBy>,
    /// What stands in the stub of an empty line.
    #[serde(default)]
    pub line_labels: Vec<Text>,
    /// The row itself is not printed, only its lines (4-mk).
    #[serde(default)]
    pub lines_only: bool,
    /// As for columns: tables without which the row is "-".
    #[serde(default)]
    pub needs: Vec<Vec<String>>,
    /// How reports of units become one.
    #[serde(default)]
    pub consolidate: Consolidate,
    /// A unit's own form holds "-" here (forms.md, by-unit).
    #[serde(default)]
    pub whole_only: bool,
    pub basis: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Sum of `quantity`.
    #[default]
    Quantity,
    /// Sum of the second number of a fact: persons, people covered.
    Amount,
    /// Distinct items: persons, services.
    Distinct,
    /// Distinct items in the row, and in each of its lines: an item of several lines counts once in the row.
    DistinctItems,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// The quarter is the sum of the months.
    #[default]
    Flow,
    /// The quarter is the last month that has a value.
    Stock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineBy {
    Provider,
    Service,
    System,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consolidate {
    /// Cells of units are added.
    #[default]
    Sum,
    /// Lines are merged by service; the row is the number of distinct lines.
    DistinctLines,
    /// Added; a person who is in two units is counted twice, and the report says so.
    SumOfDistinct,
    /// Added; an act of two bodies is counted twice, and the report says so.
    SumOfItems,
}

/// A rule over cells, with its source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: String,
    pub kind: Kind,
    pub check: Check,
    pub severity: Severity,
    /// Rows on the left side (all lines of a 3-mk or 4-mk when empty).
    #[serde(default)]
    pub left: Vec<String>,
    /// Rows on the right side.
    #[serde(default)]
    pub right: Vec<String>,
    /// Columns, for rules between columns.
    #[serde(default)]
    pub left_columns: Vec<String>,
    #[serde(default)]
    pub right_columns: Vec<String>,
    /// Causes of delay that an act must confirm: their columns count them all the same, each without an act is told.
    #[serde(default)]
    pub acts: Vec<String>,
    /// The form whose columns stand on the right side, for rules between forms.
    pub other_form: Option<String>,
    #[serde(default)]
    pub missing: Missing,
    /// Violations that others established are left out of the left side, where the records tell which they are.
    #[serde(default)]
    pub leaves_out_established: bool,
    /// What to do, where it is not what every rule says.
    pub hint: Option<Text>,
    /// Shown to the user.
    pub text: Text,
    pub basis: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Left row = Σ right rows, per column.
    RowsSum,
    /// Row = Σ of the lines of its block, per column (per level: provider = Σ services).
    LinesSum,
    /// Each line of a block ≤ its row, per column.
    LinesBound,
    /// Row ≤ Σ of the lines of its block, per column; no lines are nothing.
    RowWithinLines,
    /// Quarter = Σ months.
    QuarterFlow,
    /// Quarter = the last month that has a value.
    QuarterStock,
    /// Left columns = Σ right columns, on every line.
    ColumnsSum,
    /// Left columns ≤ right columns, on every line.
    ColumnsBound,
    /// Σ left rows ≤ Σ right rows, per column.
    RowsBound,
    /// Left row = right row, per column.
    RowsEqual,
    /// Left > 0 only if right > 0, per column.
    NeedsOther,
    /// As `NeedsOther` for the quarter, where the right side may also be > 0 in the previous quarter.
    NeedsOtherNowOrBefore,
    /// Two lines of one block have the same three months, at least two of them ≥ 10.
    RepeatedLines,
    /// The quarter is several times that of an earlier report.
    Jump,
    /// Σ left rows of the quarter = right columns of the other form, for the providers of this report.
    OtherForm,
    /// Recommendations of the previous quarter that the records show executed later ≤ left row of its report.
    ExecutedLater,
    /// The stock at the end of the previous quarter, this one and the inclusions agree.
    StockAgainstPrevious,
}

impl Check {
    /// Whether it looks at the report of another quarter.
    pub fn is_between_quarters(self) -> bool {
        matches!(self, Self::NeedsOtherNowOrBefore | Self::Jump | Self::ExecutedLater | Self::StockAgainstPrevious)
    }
}

/// What "-" means to a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// "-" is skipped; a rule of only "-" holds when both sides are "-".
    #[default]
    Skip,
    /// A side that is "-" makes the rule uncheckable.
    CannotBeChecked,
}

impl Form {
    /// What rows and columns are based on.
    pub fn bases(&self) -> impl Iterator<Item = &str> {
        let columns = self.grids.iter().flat_map(|grid| &grid.columns);
        let columns = columns.filter_map(|column| column.basis.as_deref());
        self.rows.iter().map(|row| row.basis.as_str()).chain(columns)
    }

    pub fn row_position(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    /// Section of a row; the references are cross-checked at load.
    pub fn section_of(&self, row: usize) -> &Section {
        self.sections.iter().find(|section| section.id == self.rows[row].section).unwrap_or(&self.sections[0])
    }

    /// Grid under which a row stands; the references are cross-checked at load.
    pub fn grid_of(&self, row: usize) -> &Grid {
        let of = |row: usize| {
            let id = &self.section_of(row).grid;
            self.grids.iter().position(|grid| grid.id == *id).unwrap_or(0)
        };
        let known = self.grids_of_rows.get_or_init(|| (0..self.rows.len()).map(of).collect());
        &self.grids[known.get(row).copied().unwrap_or_else(|| of(row))]
    }

    pub fn label<'a>(list: &'a [Label], id: &str) -> Option<&'a Text> {
        list.iter().find(|label| label.id == id).map(|label| &label.label)
    }
}

impl Grid {
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }
}
