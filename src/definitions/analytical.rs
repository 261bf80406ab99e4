//! What the analytical report says: sections of the Rules in their order, sentences with slots, tables, charts.
//! Data in `templates/analytical/*.toml`.

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::definitions::slot;
use crate::definitions::slot::{Piece, Terms};
use crate::words::lang::{Lang, Text};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

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
    #[serde(default, rename = "block")]
    pub blocks: Vec<Block>,
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

/// A piece of a section.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A sentence; sentences that follow each other make a paragraph.
    Say {
        of: String,
        #[serde(default)]
        is: When,
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
    /// Indicators of the units that the report stands for, one row a unit; nothing without units.
    Units { title: Text, columns: Vec<OfUnits>, chart: Option<Chart> },
    /// Against the previous quarter and the same quarter of the year before.
    Compare { items: Vec<Compared> },
}

/// An indicator of units.
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
        static MISSING: Text = Text { kk: String::new(), ru: String::new(), en: String::new() };
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

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.lead.iter().chain(self.sections().flat_map(|section| &section.blocks))
    }

    /// Every slot, row, column, table and field exists, every text has its languages and no number of its own.
    pub(crate) fn check(&self, definitions: &Definitions) -> Result<()> {
        let mut ids = BTreeSet::new();
        for section in self.sections() {
            ensure!(ids.insert(&section.id), "section {:?} stands twice", section.id);
            whole(&section.title).and_then(|()| whole(&section.ask)).with_context(|| section.id.clone())?;
        }
        for text in self.names.values().chain([&self.title, &self.about]) {
            whole(text)?;
        }
        for text in self.asked_by.values() {
            ensure!(!text.is_incomplete(), "asked_by lacks a language");
        }
        let forms: Vec<&Form> = definitions.forms.iter().filter(|form| self.forms.contains(&form.form)).collect();
        ensure!(!forms.is_empty(), "no form {:?}", self.forms);
        self.names.keys().try_for_each(|name| known(name, &forms))?;
        for section in self.sections() {
            section.answered_by.iter().try_for_each(|of| known(of, &forms)).with_context(|| section.id.clone())?;
        }
        self.blocks().try_for_each(|block| check_block(block, &forms, definitions))
    }
}

/// A text in all languages, without a number: numbers come from cells.
fn whole(text: &Text) -> Result<()> {
    ensure!(!text.is_incomplete(), "a text lacks a language: {:?}", text.ru);
    for lang in Lang::ALL {
        for piece in slot::pieces(text.get(lang))? {
            let Piece::Words(words) = piece else { continue };
            ensure!(!words.contains(|sign: char| sign.is_ascii_digit()), "{words:?}: a number that is no slot");
        }
    }
    Ok(())
}

/// Some form has the rows and columns.
fn known(of: &str, forms: &[&Form]) -> Result<()> {
    slot::terms(of)?.iter().try_for_each(|term| {
        let has = forms.iter().any(|form| {
            let row = form.row_position(&term.row);
            let column = |row| term.column.as_ref().is_none_or(|column| form.grid_of(row).column(column).is_some());
            row.is_some_and(column)
        });
        ensure!(has, "no row {:?} with column {:?}", term.row, term.column);
        Ok(())
    })
}

fn check_block(block: &Block, forms: &[&Form], definitions: &Definitions) -> Result<()> {
    let rows = |rows: &[String]| rows.iter().try_for_each(|row| known(row, forms));
    let chart = |chart: &Option<Chart>| chart.as_ref().map_or(Ok(()), |chart| whole(&chart.title));
    match block {
        Block::Say { of, text, .. } => {
            known(of, forms)?;
            whole(text)?;
            Lang::ALL.iter().try_for_each(|lang| sentence(text.get(*lang), *lang, forms))
        }
        Block::Rows { title, rows: named, share_of, chart: drawn, .. } => {
            share_of.iter().try_for_each(|of| known(of, forms))?;
            whole(title).and_then(|()| rows(named)).and_then(|()| chart(drawn))
        }
        Block::Lines { title, rows: named, more, chart: drawn, .. } => {
            more.iter().try_for_each(|more| whole(&more.head))?;
            whole(title).and_then(|()| rows(named)).and_then(|()| chart(drawn))
        }
        Block::Columns { title, rows: named, of, columns, chart: drawn, .. } => {
            for row in named {
                columns.iter().chain([of]).try_for_each(|column| known(&format!("{row}:{column}"), forms))?;
            }
            whole(title).and_then(|()| chart(drawn))
        }
        Block::Texts { title, head, fields: read, rows: named, of, chart: drawn } => {
            for field in read {
                let (table, name) = field.split_once('.').with_context(|| format!("{field:?}: table.field"))?;
                fields(table, &[name.to_owned()], definitions)?;
            }
            of.iter().try_for_each(|of| known(of, forms))?;
            whole(head).and_then(|()| whole(title)).and_then(|()| rows(named)).and_then(|()| chart(drawn))
        }
        Block::List { title, none, table, date, fields: named, heads } => {
            ensure!(heads.len() == named.len(), "{table}: a head for each field");
            fields(table, named, definitions)?;
            fields(table, std::slice::from_ref(date), definitions)?;
            heads.iter().chain([title, none]).try_for_each(whole)
        }
        Block::Units { title, columns, chart: drawn } => {
            columns.iter().try_for_each(|column| {
                known(&column.of, forms)?;
                column.over.iter().try_for_each(|over| known(over, forms))?;
                whole(&column.head)
            })?;
            whole(title).and_then(|()| chart(drawn))
        }
        Block::Compare { items } => items.iter().try_for_each(|item| {
            known(&item.of, forms)?;
            item.over.iter().try_for_each(|over| known(over, forms))?;
            whole(&item.name)
        }),
    }
}

/// Every piece of a sentence can be filled, every word has the forms that its language needs.
fn sentence(text: &str, lang: Lang, forms: &[&Form]) -> Result<()> {
    let need = match lang {
        Lang::Kk => 1,
        Lang::Ru => 3,
        Lang::En => 2,
    };
    for piece in slot::pieces(text)? {
        let terms: Terms = piece.terms().into_owned();
        for term in &terms {
            let column = term.column.as_ref().map_or(String::new(), |column| format!(":{column}"));
            known(&format!("{}{column}", term.row), forms)?;
        }
        match piece {
            Piece::Word(_, words) => ensure!(words.len() == need, "{text:?}: {need} forms of {words:?}"),
            Piece::Bent(..) => ensure!(lang == Lang::Kk, "{text:?}: only Kazakh numbers are bent"),
            _ => {}
        }
    }
    Ok(())
}

/// The table has the fields, and none of them is private.
fn fields(table: &str, names: &[String], definitions: &Definitions) -> Result<()> {
    let place = definitions.table(table).with_context(|| format!("no table {table:?}"))?;
    for name in names {
        let table = &definitions.tables[place];
        let field = table.position(name).with_context(|| format!("{}: no field {name:?}", table.table))?;
        if table.fields[field].private {
            bail!("{}.{name} is never printed", table.table);
        }
    }
    Ok(())
}
