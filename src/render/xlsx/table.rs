//! A plain table of texts in a workbook, written row by row; rows grow with their text.

use crate::render::sheet::measure::height;
use crate::render::xlsx::worksheet::{TALLEST, at, put_text, put_value, short};
use crate::values::cells::Value;
use anyhow::{Context, Result};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};

/// Type size in points.
const SIZE: f64 = 10.0;

/// The looks of the two kinds of rows.
#[derive(Debug, Clone)]
pub struct TableFormats {
    head: Format,
    plain: Format,
    answer: Format,
    title: Format,
}

impl Default for TableFormats {
    fn default() -> Self {
        let plain = Format::new()
            .set_font_name("Times New Roman")
            .set_font_size(SIZE)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin);
        let title = plain.clone().set_border(FormatBorder::None).set_bold().set_font_size(SIZE + 2.0);
        let answer = plain.clone().set_num_format("@").set_unlocked().set_background_color("FFF9DB");
        Self { head: plain.clone().set_bold().set_background_color("F2F2F2"), plain, answer, title }
    }
}

/// The table in the making; it writes to the last sheet of the workbook.
pub struct TextTable<'w> {
    workbook: &'w mut Workbook,
    looks: TableFormats,
    widths: Vec<f64>,
    row: u32,
    /// Of each column the last text with its face and height.
    measured: Vec<(String, bool, f64)>,
}

impl<'w> TextTable<'w> {
    /// Begins a sheet of its own; `widths` of columns in letters.
    pub fn begin(workbook: &'w mut Workbook, name: &str, widths: &[f64], looks: &TableFormats) -> Result<Self> {
        let mut table = Self { workbook, looks: looks.clone(), widths: widths.to_vec(), row: 0, measured: Vec::new() };
        table.turn(name)?;
        Ok(table)
    }

    /// Goes on in a new sheet.
    pub fn turn(&mut self, name: &str) -> Result<()> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (column, width) in (0_u16..).zip(&self.widths) {
            sheet.set_column_width(column, *width)?;
        }
        self.row = 0;
        Ok(())
    }

    fn sheet(&mut self) -> Result<&mut Worksheet> {
        self.workbook.worksheets_mut().last_mut().context("a table without a sheet")
    }

    /// Rows written so far.
    pub fn rows(&self) -> u32 {
        self.row
    }

    pub fn head<S: AsRef<str>>(&mut self, words: &[S]) -> Result<()> {
        let format = self.looks.head.clone();
        self.write(words, &format, true)
    }

    pub fn body<S: AsRef<str>>(&mut self, words: &[S]) -> Result<()> {
        let format = self.looks.plain.clone();
        self.write(words, &format, false)
    }

    /// A row of texts and, behind them, numbers.
    pub fn counts<S: AsRef<str>>(&mut self, words: &[S], numbers: &[u64]) -> Result<()> {
        self.body(words)?;
        let (row, format) = (self.row - 1, self.looks.plain.clone());
        for (column, number) in (words.len()..).zip(numbers) {
            #[allow(clippy::cast_precision_loss)] // counts of rows stay far below 2^53
            let number = *number as f64;
            self.sheet()?.write_number_with_format(row, at(0, column)?.1, number, &format)?;
        }
        Ok(())
    }

    /// A row of texts and, behind them, values of a form.
    pub fn values<S: AsRef<str>>(&mut self, words: &[S], values: &[Value], total: bool) -> Result<()> {
        let look = if total { self.looks.head.clone() } else { self.looks.plain.clone() };
        self.write(words, &look, total)?;
        let (row, format) = (self.row - 1, look.set_num_format("#,##0"));
        for (column, value) in (words.len()..).zip(values) {
            put_value(self.sheet()?, row, at(0, column)?.1, value, &format)?;
        }
        Ok(())
    }

    /// A row of texts and a cell to write in, with what was written there before; all else is locked by `lock`.
    pub fn question<S: AsRef<str>>(&mut self, words: &[S], answer: &str) -> Result<()> {
        self.body(words)?;
        let (row, format) = (self.row - 1, self.looks.answer.clone());
        let column = at(0, words.len())?.1;
        if answer.is_empty() {
            self.sheet()?.write_blank(row, column, &format)?;
            return Ok(());
        }
        put_text(self.sheet()?, row, column, answer, &format)
    }

    /// A text over the whole width.
    pub fn title(&mut self, title: &str, bold: bool) -> Result<()> {
        let TableFormats { title: large, plain, .. } = self.looks.clone();
        let format = if bold { large } else { plain.set_border(FormatBorder::None) };
        let (row, last) = (self.row, at(0, self.widths.len() - 1)?.1);
        let width: f64 = self.widths.iter().sum();
        let size = if bold { SIZE + 2.0 } else { SIZE };
        let tallest = height(title, width * 7.0 * 0.75 - 8.0, size, bold).min(TALLEST);
        let sheet = self.sheet()?;
        sheet.set_row_height(row, tallest)?;
        sheet.merge_range(row, 0, row, last, "", &format)?;
        put_text(sheet, row, 0, title, &format)?;
        self.row += 1;
        Ok(())
    }

    /// Locks all cells but those to write in.
    pub fn lock(&mut self) -> Result<()> {
        self.sheet()?.protect();
        Ok(())
    }

    /// A label that looks like a head, and its value.
    pub fn fact(&mut self, label: &str, value: &str) -> Result<()> {
        let tallest = self.room(label, 0, true).max(self.room(value, 1, false));
        let (row, TableFormats { head, plain, .. }) = (self.row, self.looks.clone());
        let sheet = self.sheet()?;
        sheet.set_row_height(row, tallest)?;
        put_text(sheet, row, 0, label, &head)?;
        put_text(sheet, row, 1, value, &plain)?;
        self.row += 1;
        Ok(())
    }

    pub fn gap(&mut self) {
        self.row += 1;
    }

    /// The first row stays in sight and, where asked, filters the others.
    pub fn finish(mut self, filter: bool) -> Result<()> {
        let (rows, columns) = (self.row, at(0, self.widths.len() - 1)?.1);
        let sheet = self.sheet()?;
        sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        if filter && rows > 0 {
            sheet.autofilter(0, 0, rows - 1, columns)?;
        }
        Ok(())
    }

    /// The first `rows` rows stay in sight.
    pub fn finish_below(mut self, rows: u32) -> Result<()> {
        let sheet = self.sheet()?;
        sheet.set_freeze_panes(rows, 0)?.set_repeat_rows(0, rows - 1)?;
        Ok(())
    }

    fn write<S: AsRef<str>>(&mut self, words: &[S], format: &Format, bold: bool) -> Result<()> {
        let mut tallest = 0.0_f64;
        self.measured.resize(self.measured.len().max(words.len()), (String::new(), false, 0.0));
        for (column, word) in words.iter().enumerate() {
            // Rows below one another often have the same text.
            let (known, face, _) = &self.measured[column];
            if known != word.as_ref() || *face != bold {
                self.measured[column] = (word.as_ref().to_owned(), bold, self.room(word.as_ref(), column, bold));
            }
            tallest = tallest.max(self.measured[column].2);
        }
        let row = self.row;
        let sheet = self.sheet()?;
        sheet.set_row_height(row, tallest)?;
        let Some(last) = words.len().checked_sub(1) else {
            self.row += 1;
            return Ok(());
        };
        // The format of each cell would be looked up among all: those between the ends get theirs at once.
        for (column, word) in words.iter().map(AsRef::as_ref).enumerate() {
            let column_of = at(0, column)?.1;
            if column == 0 || column == last {
                put_text(sheet, row, column_of, word, format)?;
            } else if !word.is_empty() {
                sheet.write_string(row, column_of, short(word))?;
            }
        }
        sheet.set_range_format(row, 0, row, at(0, last)?.1, format)?;
        self.row += 1;
        Ok(())
    }

    /// Height of a text in its column, in points. A letter of the default face is 7 pixels wide, the rim 5.
    fn room(&self, text: &str, column: usize, bold: bool) -> f64 {
        let width = self.widths.get(column).copied().unwrap_or(8.43);
        height(text, width * 7.0 * 0.75 - 2.0, SIZE, bold).min(TALLEST)
    }
}
