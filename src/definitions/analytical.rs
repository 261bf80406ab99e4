//! What the analytical report says: sections of the Rules in their order, sentences with slots, tables, charts.
//! Data in `templates/analytical/*.toml`.

use crate::words::lang::Text;
use anyhow::{Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The analytical report of some forms.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analytical {
    pub forms: Vec<String>,
    pub title: Text,
    /// Of which report; `{@form}` is its index.
    pub about: Text,
    /// Short names of rows and columns in place of the form's wording.
    pub names: BTreeMap<String, Text>,
    /// Below the title, by form; where the Rules ask for the report.
    pub asked_by: BTreeMap<String, Text>,
    /// Sentences before the first section.
    #[serde(default)]
    pub lead: Vec<Block>,
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

/// A subparagraph of the Rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub id: String,
    pub title: Text,
    /// What stands before its first section.
    #[serde(default)]
    pub lead: Vec<Block>,
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// What one indent of the Rules asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Also the key of the narrative file.
    pub id: String,
    pub title: Text,
    /// What people are asked when neither data nor narrative answer.
    pub ask: Text,
    /// The section is answered when one of these is known; empty: only people know.
    #[serde(default)]
    pub answered_by: Vec<String>,
    /// What the section must say beside numbers: causes, measures. Numbers do not answer for them.
    #[serde(default)]
    pub asks: Vec<Owed>,
    #[serde(default, rename = "block")]
    pub blocks: Vec<Block>,
}

/// Causes or measures that a section must tell of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// Rows; nothing is asked where they are zero.
    pub of: String,
    /// `table.field` in which records tell; empty: records cannot.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// When a sentence is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    #[default]
    Some,
    Zero,
    /// "-": nobody knows.
    Unknown,
}

/// Results whose terms a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfTerms {
    Rendered,
    Refused,
    All,
}

/// A piece of a section.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A sentence; sentences that follow each other make a paragraph.
    Say {
        of: String,
        #[serde(default)]
        is: When,
        /// A second figure that must be as `beside_is`.
        beside: Option<String>,
        #[serde(default)]
        beside_is: When,
        /// The sentence is about terms of results of this outcome, or of both: what is said of unknown deadlines
        /// stands behind it, and in its place when it says that nothing was late.
        terms: Option<OfTerms>,
        text: Text,
    },
    /// Rows of the form: months, quarter, share of the first row.
    Rows {
        title: Text,
        rows: Vec<String>,
        /// The rows' own parts stand below them.
        #[serde(default)]
        parts: bool,
        /// Print the share of the whole.
        share_of: Option<String>,
        chart: Option<Chart>,
    },
    /// The longest lines of variable blocks, by service or provider.
    Lines {
        title: Text,
        rows: Vec<String>,
        by: By,
        /// Column of the quarter that ranks; absent: all columns of the quarter.
        column: Option<String>,
        /// More columns of the table, each with a head; `over` makes it a share.
        #[serde(default)]
        more: Vec<More>,
        longest: usize,
        chart: Option<Chart>,
    },
    /// Columns of the form as rows of the table: causes, reasons.
    Columns {
        title: Text,
        rows: Vec<String>,
        of: String,
        columns: Vec<String>,
        /// The columns are parts of the whole: what they do not hold is a row of its own.
        #[serde(default)]
        rest: bool,
        chart: Option<Chart>,
    },
    /// What the records say in a field, grouped and counted.
    Texts {
        title: Text,
        head: Text,
        /// `table.field`, the same thing in several tables.
        fields: Vec<String>,
        /// Rows that the records feed.
        rows: Vec<String>,
        /// What the groups are parts of; absent: the rows.
        of: Option<String>,
        chart: Option<Chart>,
    },
    /// Records whose date falls into the quarter, one row each.
    List { title: Text, none: Text, table: String, date: String, fields: Vec<String>, heads: Vec<Text> },
    /// What rows count, told apart by what the form does not print: services of refusals, causes of late results.
    Apart { title: Text, by: Apart, columns: Vec<OfUnits>, longest: usize },
    /// Records that no cell tells: control events, the plan, the monitoring; nothing where none was handed over.
    Course {
        title: Text,
        /// Said where the tables were handed over and nothing is to be listed.
        none: Option<Text>,
        /// Said where they were not handed over.
        absent: Option<Text>,
        list: CourseList,
        columns: Vec<CourseColumn>,
        longest: usize,
    },
    /// Indicators of the units that the report stands for, one row a unit; nothing without units.
    Units { title: Text, columns: Vec<OfUnits>, chart: Option<Chart> },
    /// Against the previous quarter and the same quarter of the year before.
    Compare { items: Vec<Compared> },
}

/// What tells the facts of a row apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    Service,
    /// Cause of the delay.
    Cause,
}

/// A list of records that no cell tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseList {
    Events,
    /// Violations by object.
    Objects,
    Overdue,
    Plan,
    Points,
    Proposals,
    Included,
    Excluded,
    Continued,
}

/// A column of such a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseColumn {
    pub of: String,
    pub head: Text,
    /// Share of the width that it asks for.
    pub weight: f64,
}

impl CourseList {
    /// The columns that it has.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["number", "title", "basis", "order", "held", "act", "objects"],
            Self::Objects => &[
                "object",
                "kind",
                "violations",
                "complaint_deadline_violations",
                "violations_restored",
                "persons_restored",
            ],
            Self::Overdue => &["recommendation", "event", "due", "executed", "reason"],
            Self::Plan => &["quarter", "object", "topic", "fact"],
            Self::Points => &["point", "held", "service", "result"],
            Self::Proposals => &["kind", "proposal", "addressed", "submitted", "due", "answer"],
            Self::Included | Self::Excluded => &["name", "code", "on"],
            Self::Continued => &["name", "code", "on", "change"],
        }
    }

    /// The tables without which nothing is known of it.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["control_events"],
            Self::Objects => &["control_events", "violations"],
            Self::Overdue => &["control_events", "recommendations"],
            Self::Plan => &["control_plan"],
            Self::Points | Self::Proposals => &["monitoring"],
            Self::Included | Self::Excluded | Self::Continued => &["register"],
        }
    }

    /// Units have no part of it of their own.
    pub fn is_of_the_whole(self) -> bool {
        matches!(self, Self::Plan | Self::Included | Self::Excluded | Self::Continued)
    }
}

/// An indicator of units, or a column of numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfUnits {
    pub head: Text,
    pub of: String,
    /// What it is a share of.
    pub over: Option<String>,
}

/// What distinguishes lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Service,
    Provider,
}

/// A further column of a table of lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct More {
    pub head: Text,
    pub column: String,
    /// Column of which it is the share.
    pub over: Option<String>,
}

/// A drawing of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub title: Text,
    pub draw: Draw,
    /// Rows that are drawn over the months; absent: those of the table.
    #[serde(default)]
    pub rows: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draw {
    /// Columns side by side over the months.
    Months,
    /// Bars, one a row of the table.
    Bars,
}

/// An indicator that is compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    pub of: String,
    /// Compared as a share of this, in percentage points.
    pub over: Option<String>,
    /// Neuter: «число нарушений».
    pub name: Text,
    /// Also said in a sentence.
    #[serde(default)]
    pub say: bool,
}

/// What all analytical reports share. Data in `templates/phrases.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// Where the wording of a row ends and its enumeration begins.
    pub tails: Vec<String>,
    pub words: BTreeMap<String, Text>,
    /// January to December as of a day: «1 октября», «1 қазандағы».
    pub as_of: Vec<Text>,
    /// Last spoken part of a Kazakh number → endings «to» and «from».
    pub numerals: BTreeMap<String, [String; 2]>,
    /// Decisions of the method, `D1` and on.
    pub decisions: BTreeMap<String, Text>,
    /// What is counted, and the date that decides its month.
    pub dates: Vec<Deciding>,
}

/// What is counted, and the date that decides its month.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    /// Tables that are concerned.
    pub tables: Vec<String>,
    pub what: Text,
    pub date: Text,
}

impl Phrases {
    /// A phrase; that every key exists is tested.
    pub fn get(&self, key: &str) -> &Text {
        static MISSING: Text = Text::NONE;
        self.words.get(key).unwrap_or(&MISSING)
    }

    pub(crate) fn check(&self) -> Result<()> {
        let dates = self.dates.iter().flat_map(|date| [&date.what, &date.date]);
        let incomplete =
            self.words.values().chain(self.decisions.values()).chain(dates).find(|text| text.is_incomplete());
        ensure!(incomplete.is_none(), "{incomplete:?} lacks a language");
        Ok(())
    }
}

impl Analytical {
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.parts.iter().flat_map(|part| &part.sections)
    }

    /// Sections with their numbers as printed, without a final dot: `2.1`.
    pub fn numbered(&self) -> impl Iterator<Item = (String, &Section)> {
        let parts = self.parts.iter().enumerate();
        parts.flat_map(|(nth, part)| {
            let own = part.sections.iter().enumerate();
            own.map(move |(below, section)| (format!("{}.{}", nth + 1, below + 1), section))
        })
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        let parts = self.parts.iter().flat_map(|part| &part.lead);
        self.lead.iter().chain(parts).chain(self.sections().flat_map(|section| &section.blocks))
    }
}
