//! What every reader does with a row: blank ones are none, totals are left out with a notice, the rest goes on.

use crate::definitions::marks::marks;
use crate::definitions::record::Table;
use crate::sources::aside::{Aside, Stray, is_day};
use crate::sources::below::Below;
use crate::sources::group::section_text;
use crate::sources::raw::{Format, FoundTable, Raw, Row, RowFault, column_letters, is_empty};
use crate::sources::totals;
use crate::sources::totals::Totals;
use crate::words::finding::Finding;
use anyhow::Result;

/// Values of a total or a remark, at most.
const SHORT: usize = 3;

/// Findings about a row each: it was taken for no record.
pub const LEFT_OUT: [&str; 3] = ["totals_left_out", "numbering_left_out", "remark_left_out"];

pub(crate) struct Sieve<'f> {
    found: &'f FoundTable,
    totals: Totals,
    aside: Aside,
    below: Below<'f>,
    pub rows: u64,
    /// Columns up to the last one that has a name.
    pub named: usize,
    /// Columns within the head that have no name.
    unnamed: Vec<usize>,
    /// The first value that no header names.
    pub outside: Option<(usize, u64)>,
    /// The text of the last line that stands above its rows, and how many such lines there were, the first of them.
    section: String,
    sections: Option<(u64, u64)>,
    pub findings: Vec<Finding>,
}

impl<'f> Sieve<'f> {
    pub fn new(found: &'f FoundTable, definition: &Table) -> Self {
        let (own, headers) = (&found.headers[..found.width()], found.headers.iter().enumerate());
        Self {
            found,
            totals: Totals::new(found, definition),
            aside: Aside::new(found, definition),
            below: Below::new(found, definition),
            rows: 0,
            named: own.iter().rposition(|header| !header.trim().is_empty()).map_or(0, |last| last + 1),
            unnamed: headers.filter(|(_, header)| header.trim().is_empty()).map(|(column, _)| column).collect(),
            outside: None,
            section: String::new(),
            sections: None,
            findings: Vec::new(),
        }
    }

    /// Whether a row below the head is a head itself, which is told; of what a database wrote each row is a record of it.
    pub fn is_head(&mut self, line: u64, cells: &[Raw<'_>]) -> bool {
        !self.found.is_rest && self.below.is_head(line, cells)
    }

    /// Whether a row stands below a head with other columns.
    pub fn is_below_other(&self) -> bool {
        self.below.fault().is_some()
    }

    /// Whether a head with other columns was met.
    pub fn has_other_head(&self) -> bool {
        self.below.has_other()
    }

    /// A record of a text that has so many fields, of which the first are the cells.
    pub fn record(
        &mut self,
        line: u64,
        (cells, count): (&[Raw<'_>], usize),
        fault: Option<RowFault>,
        sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let head = self.found.header_line;
        if line < head {
            return self.above(line, cells, fault.as_ref(), sink);
        }
        if line == head || self.is_head(line, cells) {
            return Ok(());
        }
        let fault = fault.or_else(|| self.ragged(cells, count));
        self.pass(line, cells, fault, sink)
    }

    /// Fields beyond the named columns may be there when the header has them too, or when they are empty.
    fn ragged(&self, cells: &[Raw<'_>], count: usize) -> Option<RowFault> {
        let headers = self.found.width();
        let extra_filled = cells.iter().skip(headers).any(|cell| !is_empty(cell)) || count > cells.len();
        (count < self.named || extra_filled).then_some(RowFault::Ragged { found: count, expected: headers })
    }

    /// A row below the head, with what is wrong with it.
    pub fn pass(
        &mut self,
        line: u64,
        cells: &[Raw<'_>],
        fault: Option<RowFault>,
        sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        // a total may be shorter than a record
        let is_whole = !matches!(fault, Some(RowFault::OpenQuote | RowFault::TooLong { .. }));
        let fault = self.below.fault().or(fault);
        if is_whole && !self.found.is_rest && (is_blank(cells) || is_end_of_file(cells)) {
            return Ok(());
        }
        // of a row below other headers only a short one without a day is no record for sure
        let is_short = || cells.iter().filter(|cell| !is_empty(cell)).count() <= SHORT && !cells.iter().any(is_day);
        let is_known = self.below.fault().is_none() || is_short();
        if is_whole && is_known {
            let may_be_record = || self.aside.lacks_only_id(cells);
            if let Some(word) = self.totals.word(cells, may_be_record) {
                self.findings.push(totals::notice(self.found.place(line), word));
                return Ok(());
            }
            if self.found.habits.section.is_some() && self.is_section(line, cells) {
                return Ok(());
            }
            if let Some(what) = self.aside.what(line, cells) {
                self.findings.push(what.notice(self.found, line));
                return Ok(());
            }
        }
        self.rows += 1;
        let stray = |column: &&usize| cells.get(**column).is_some_and(|cell| !is_empty(cell));
        if fault.is_none() && self.unnamed.iter().any(|column| stray(&column)) {
            let outside = self.unnamed.iter().filter(stray).map(|column| (*column, cells[*column].clone()));
            self.outside(line, &outside.collect::<Vec<_>>());
        }
        if let Some(column) = self.found.habits.section {
            let mut whole: Vec<Raw<'_>> = cells.iter().take(column).cloned().collect();
            whole.resize(column, Raw::Empty);
            whole.push(if self.section.is_empty() { Raw::Empty } else { Raw::Text(&self.section) });
            return sink(&Row { line, cells: &whole, fault });
        }
        // empty fields beyond the header mean nothing
        let width = if fault.is_none() { cells.len().min(self.found.headers.len()) } else { cells.len() };
        sink(&Row { line, cells: &cells[..width], fault })
    }

    /// A row above the head: what may be a record is refused, as nobody said what its columns are.
    pub fn above(
        &mut self,
        line: u64,
        cells: &[Raw<'_>],
        fault: Option<&RowFault>,
        sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        // a quote hides the fields that it makes one of, and an open one all that follows it
        let is_torn = match fault {
            Some(RowFault::OpenQuote) if cells.iter().filter(|cell| !is_empty(cell)).count() > 1 => true,
            Some(RowFault::OpenQuote | RowFault::BehindQuote) => self.aside.may_be_torn(&self.parted(cells)),
            _ => false,
        };
        if line >= self.found.head_top || !is_torn && !self.aside.may_be_record(cells) {
            return Ok(());
        }
        self.rows += 1;
        sink(&Row { line, cells, fault: Some(RowFault::AboveHead { line: self.found.header_line }) })
    }

    /// The fields of a row of which a quote made one.
    fn parted<'c>(&self, cells: &[Raw<'c>]) -> Vec<Raw<'c>> {
        let Format::Csv { signs, .. } = self.found.format else { return Vec::new() };
        let texts = cells.iter().filter_map(|cell| if let Raw::Text(text) = cell { Some(*text) } else { None });
        texts.flat_map(|text| text.split(char::from(signs.separator))).map(Raw::Text).collect()
    }

    /// Whether a row is a line that says what the rows below it have; it is kept.
    fn is_section(&mut self, line: u64, cells: &[Raw<'_>]) -> bool {
        let own = &cells[..cells.len().min(self.found.width())];
        if self.aside.has_day(own) {
            return false;
        }
        let number =
            own.iter().find_map(|cell| if let Raw::Integer(number) = cell { Some(number.to_string()) } else { None });
        let mut texts: Vec<&str> = number.as_deref().into_iter().collect();
        for cell in own.iter().filter(|cell| !is_empty(cell)) {
            match cell {
                Raw::Text(text) => texts.push(text.trim()),
                Raw::Integer(_) => {}
                _ => return false,
            }
        }
        let spelled = self.found.spelled.get(self.found.table);
        let is_header = |word: &str| spelled.is_some_and(|fields| fields.contains_key(word));
        let Some(text) =
            section_text(&texts, is_header).filter(|text| !marks().is_remark(text) && !marks().is_month_line(text))
        else {
            return false;
        };
        text.clone_into(&mut self.section);
        let (first, count) = self.sections.unwrap_or((line, 0));
        self.sections = Some((first, count + 1));
        true
    }

    /// A text over all columns is a title between records, or what the rows below it have.
    pub fn title(&mut self, line: u64, cells: &[Raw<'_>]) {
        if self.found.habits.section.is_some() && self.is_section(line, cells) {
            return;
        }
        self.findings.push(Stray::Remark.notice(self.found, line));
    }

    /// Filled cells of a row that no header names are left out: the first one is told, and each head of a table beside.
    pub fn outside(&mut self, line: u64, cells: &[(usize, Raw<'_>)]) {
        if let Some((column, _)) = cells.first()
            && !self.below.is_head_beside(line, cells)
        {
            self.outside.get_or_insert((*column, line));
        }
    }

    /// A table without rows counts as handed over, but somebody should know.
    pub fn finish(mut self) -> Vec<Finding> {
        if self.rows == 0 && !self.found.is_rest {
            self.findings.push(without_rows(self.found));
        }
        self.told()
    }

    /// The rows end before the sheet does.
    pub fn cut(mut self, last: u64) -> Vec<Finding> {
        self.findings.push(Finding::new("sheet_cut", self.found.place(last)).with("line", last));
        self.told()
    }

    /// What was no record, in its order within each kind.
    pub fn notices(&mut self) -> Vec<Finding> {
        self.findings.append(&mut self.below.findings);
        std::mem::take(&mut self.findings)
    }

    fn told(mut self) -> Vec<Finding> {
        if let Some((line, count)) = self.sections {
            self.findings.push(Finding::new("mapping_sections", self.found.place(line)).with("count", count));
        }
        let mut findings = self.notices();
        if let Some((column, line)) = self.outside {
            findings.push(without_header(self.found, column, line));
        }
        findings
    }
}

/// A value that no header names.
pub fn without_header(found: &FoundTable, column: usize, line: u64) -> Finding {
    let cell = format!("{}{line}", column_letters(column));
    Finding::new("cells_without_header", found.place_of(line, &cell)).with("cell", cell)
}

/// Somebody should know of a table without rows.
pub fn without_rows(found: &FoundTable) -> Finding {
    Finding::new("table_without_rows", found.place(found.header_line))
}

/// The sign by which programs of DOS ended a text.
fn is_end_of_file(cells: &[Raw<'_>]) -> bool {
    matches!(cells, [Raw::Text("\u{1a}")])
}

pub(crate) fn is_blank(cells: &[Raw<'_>]) -> bool {
    cells.iter().all(is_empty)
}

/// The vector's space for cells of another lifetime: collecting an emptied vector takes its space over.
pub(crate) fn reuse<'b>(mut cells: Vec<Raw<'_>>) -> Vec<Raw<'b>> {
    cells.clear();
    cells.into_iter().map(|_| Raw::Empty).collect()
}
