//! A neutral document: headings, paragraphs, tables, charts. Each number in it knows where it comes from.

use crate::analytical::figures::Figure;
use crate::definitions::analytical::Draw;
use crate::words::lang::Lang;

/// Where a piece of text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Words of the templates; they hold no number.
    Words,
    /// Words of others: names, records, the narrative, attached files.
    Quoted,
    /// A day, a period, a paragraph of the Rules, the number of a heading.
    Reference,
    /// Counts of the ledger, of findings, sizes of files.
    Books,
    Figure(Box<Figure>),
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub origin: Origin,
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), origin: Origin::Words }
    }

    pub fn quoted(text: impl Into<String>) -> Self {
        Self { text: text.into(), origin: Origin::Quoted }
    }

    pub fn reference(text: impl Into<String>) -> Self {
        Self { text: text.into(), origin: Origin::Reference }
    }

    pub fn books(text: impl Into<String>) -> Self {
        Self { text: text.into(), origin: Origin::Books }
    }

    pub fn figure(text: impl Into<String>, figure: Figure) -> Self {
        Self { text: text.into(), origin: Origin::Figure(Box::new(figure)) }
    }
}

/// The text of runs.
pub fn text(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// What a paragraph is for; each has a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParagraphKind {
    Title,
    Subtitle,
    Body,
    /// One of a list.
    Item,
    /// An open question to people.
    Question,
    Note,
    /// A line of the signature block.
    Signature,
}

/// How a column of a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    pub head: Vec<Run>,
    pub side: Side,
    /// Share of the width that the column asks for.
    pub weight: f64,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    pub cells: Vec<Vec<Run>>,
    pub total: bool,
    /// Levels that the first cell stands below its row.
    pub level: u8,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub title: Vec<Run>,
    pub columns: Vec<TableColumn>,
    /// A row of one cell is a line across the table.
    pub rows: Vec<TableRow>,
    /// Rows that the page has no room for.
    pub beyond: Option<Beyond>,
}

/// Rows that stand on a sheet of the workbook, and in the data of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The sheet, with all rows of the table.
    pub sheet: String,
    /// How many rows of the table stand before them.
    pub after: usize,
    pub rows: Vec<TableRow>,
}

/// Values of a chart under one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    /// One a category; absent where nobody knows.
    pub values: Vec<Option<Figure>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    pub draw: Draw,
    pub categories: Vec<String>,
    pub series: Vec<Series>,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Level 1 or 2, with its number.
    Heading {
        level: u8,
        runs: Vec<Run>,
    },
    Paragraph {
        kind: ParagraphKind,
        runs: Vec<Run>,
    },
    Table(Table),
    Chart(Chart),
}

/// A document in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub lang: Lang,
    pub title: String,
    pub pieces: Vec<Piece>,
}

impl Document {
    /// Tables that the page has no room for, with their rows beyond it.
    pub fn shortened(&self) -> impl Iterator<Item = (&Table, &Beyond)> {
        let tables =
            self.pieces.iter().filter_map(|piece| if let Piece::Table(table) = piece { Some(table) } else { None });
        tables.filter_map(|table| Some((table, table.beyond.as_ref()?)))
    }

    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.pieces.iter().filter_map(|piece| if let Piece::Chart(chart) = piece { Some(chart) } else { None })
    }
}

impl Chart {
    /// Whether there is anything to draw.
    pub fn has_data(&self) -> bool {
        let values = self.series.iter().flat_map(|series| &series.values).flatten();
        self.categories.len() > 1 && values.into_iter().any(|figure| figure.number() > 0)
    }
}
