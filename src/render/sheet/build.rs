//! A report laid out: header, sections with their heads, lines, signatures.

use crate::definitions::printed::Printer;
use crate::definitions::theme::Role;
use crate::render::sheet::cell::{Body, SheetCell, Strip};
use crate::render::sheet::layout::{FormSheet, Mode};
use crate::render::sheet::{blocks, heads, measure, pages};
use crate::report::Report;
use crate::rules::recipe::Index;
use crate::words::lang::Lang;

/// Lays a report out.
pub fn build<'a>(report: &'a Report<'a>) -> FormSheet<'a> {
    pages::paginated(fitted(report, Mode::Filled))
}

/// Lays a report out in other languages than it is printed in, without pages.
pub fn build_in<'a>(report: &'a Report<'a>, langs: &[Lang]) -> FormSheet<'a> {
    lay(report, langs, Mode::Filled)
}

/// The header block in two languages side by side where the table then begins below it, else one below the other.
fn fitted<'a>(report: &'a Report<'a>, mode: Mode) -> FormSheet<'a> {
    let mut sheet = lay(report, report.langs, mode);
    let beside = blocks::head(&sheet, true);
    let below: Vec<Strip> = sheet.strips.splice(..beside.len(), beside).collect();
    if !pages::begins_with_its_table(&sheet) {
        sheet.strips.splice(..below.len(), below);
    }
    sheet
}

/// Lays an empty form out.
pub fn build_blank<'a>(report: &'a Report<'a>, dated: bool) -> FormSheet<'a> {
    pages::paginated(fitted(report, Mode::Blank { dated }))
}

fn lay<'a>(report: &'a Report<'a>, langs: &[Lang], mode: Mode) -> FormSheet<'a> {
    let (theme, printer) = (&report.definitions.theme, Printer::new(langs, &report.definitions.printed));
    let lines = &report.cells.lines;
    let index = Index::new(report.form, lines);
    let widths = pages::widths(report, theme);
    let mut sheet = FormSheet {
        report,
        mode,
        theme,
        printer,
        index,
        widths,
        strips: Vec::new(),
        heads: Vec::new(),
        titles: None,
        breaks: Vec::new(),
        signature: 0,
        places: vec![None; lines.len()],
    };
    sheet.strips = blocks::head(&sheet, false);
    let mut section = None;
    for (position, line) in lines.iter().enumerate() {
        let row = &report.form.rows[line.row];
        if line.key.is_row() && row.lines_only {
            continue;
        }
        if section != Some(&row.section) {
            section = Some(&row.section);
            sheet.begin_section(line.row);
        }
        sheet.places[position] = Some(sheet.strips.len());
        let height = blocks::line_height(&sheet, position);
        sheet.strips.push(Strip { height, keep: false, again: false, body: Body::Line(position) });
    }
    // A page that holds signatures alone proves nothing: the last line goes with them.
    if let Some(last) = sheet.strips.last_mut() {
        last.keep = true;
    }
    sheet.signature = sheet.strips.len();
    let signature = blocks::signature(&sheet);
    sheet.strips.extend(signature);
    sheet
}

impl FormSheet<'_> {
    fn begin_section(&mut self, row: usize) {
        let form = self.report.form;
        let section = form.section_of(row);
        let title = section.label.as_ref().map(|label| {
            let text = self.printer.join(label);
            let look = self.theme.look(Role::Section);
            let height = measure::height(&text, self.widths.iter().sum::<f64>() - 8.0, look.size, look.bold);
            Strip::block(vec![SheetCell::text(0, Role::Section, text).over(self.widths.len(), 1)], height).kept()
        });
        // As printed: the first heads stand above the first section, later ones below the section's name.
        let first = self.heads.is_empty();
        let (before, after) = if first { (None, title) } else { (title, None) };
        self.strips.extend(before);
        if first || section.heads {
            let grid = form.grid_of(row);
            let span = ((self.widths.len() - 2) / grid.columns.len().max(1)).max(1);
            let heads = heads::strips(grid, &self.widths, span, &self.printer, self.theme);
            self.heads.push(self.strips.len()..self.strips.len() + heads.len());
            self.strips.extend(heads);
        }
        self.strips.extend(after);
    }
}
