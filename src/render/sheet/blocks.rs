//! The rows of the sheet: the header block, the lines of the form, the signature block.

use crate::body::organisation::PlaceNames;
use crate::definitions::form::{Form, Label, LineBy, Row};
use crate::definitions::place;
use crate::definitions::printed::fill_period;
use crate::definitions::theme::Role;
use crate::render::sheet::cell::{Body, Content, SheetCell, Strip};
use crate::render::sheet::layout::{FormSheet, Mode};
use crate::render::sheet::measure;
use crate::rules::recipe::{Level, Recipe};
use crate::values::cells::{Line, Value};
use crate::words::lang::Text;
use std::ops::Range;

/// A blank to fill by hand.
const BLANK: &str = "________________________";
/// Room for a signature above its line, in points.
pub const SIGNING: f64 = 10.0;

/// One step of indentation, in points, as spreadsheet programs draw it.
pub const INDENT: f64 = 7.5;

/// Heads that take more than this share of a page are tall.
const TALL: f64 = 0.28;

/// What decides how the cells of a line look: the role of its name, and how deep that stands.
pub type LineLook = (Role, u8);

impl FormSheet<'_> {
    pub fn look(&self, line: usize) -> LineLook {
        let line = &self.report.cells.lines[line];
        let row = &self.report.form.rows[line.row];
        let total = !row.sum.is_empty() || row.lines.first() == Some(&LineBy::Provider);
        match Level::of(line) {
            Level::Row if total => (Role::StubTotal, 0),
            Level::Row => (Role::Stub, depth(self.report.form, row)),
            Level::Provider => (Role::Provider, u8::from(!row.lines_only)),
            Level::Service => (Role::Line, depth(self.report.form, row).max(1) + u8::from(line.key.provider.is_none())),
        }
    }

    /// The cells of a row of the sheet, left to right.
    pub fn cells(&self, row: usize) -> Vec<SheetCell> {
        match &self.strips[row].body {
            Body::Block(cells) => cells.clone(),
            Body::Line(position) => line(self, *position),
        }
    }

    /// The number of a line: providers of a row that prints only its lines are numbered from the row's own number
    /// on (Rules, Annex 4: «1» stands beside the first of them).
    fn number(&self, position: usize) -> String {
        let line = &self.report.cells.lines[position];
        let row = &self.report.form.rows[line.row];
        let numbered = row.lines_only && Level::of(line) == Level::Provider;
        let Some(first) = row.print.parse::<usize>().ok().filter(|_| numbered) else { return String::new() };
        let nth = self.index.providers(line.row).binary_search(&position).unwrap_or(0);
        (first + nth).to_string()
    }

    /// Rows to repeat on a page that begins at `row`: the last heads above it that have the columns of its lines, or
    /// only their marks when the heads are tall (the marks are printed for that).
    pub fn repeated(&self, row: usize) -> Option<Range<usize>> {
        let above = || self.heads.iter().rev().filter(|heads| heads.end <= row);
        let own = self.grid_at(row);
        let heads = above().find(|heads| self.grid_at(heads.end) == own).or_else(|| above().next())?;
        let tall: f64 = self.strips[heads.clone()].iter().map(|strip| strip.height).sum();
        let marked = self.cells(heads.end - 1).first().is_some_and(|cell| cell.role == Role::HeadMark);
        let whole = !marked || tall < self.theme.area().1 * TALL;
        Some(if whole { heads.clone() } else { heads.end - 1..heads.end })
    }
}

/// The first column of the right part of the sheet.
fn middle(widths: &[f64]) -> usize {
    let whole: f64 = widths.iter().sum();
    let mut left = 0.0;
    let found = widths.iter().position(|width| {
        left += width;
        left > whole * 0.5
    });
    found.unwrap_or(1).clamp(2, widths.len() - 1)
}

/// A row of texts, each over a range of columns, as high as the highest of them.
fn row(sheet: &FormSheet, role: Role, texts: Vec<(usize, usize, String)>) -> Strip {
    let look = sheet.theme.look(role);
    let mut height = 0.0_f64;
    let mut cells = Vec::new();
    for (first, end, text) in texts {
        let room: f64 = sheet.widths[first..end].iter().sum();
        height = height.max(measure::height(&text, room - 16.0, look.size, look.bold));
        let indent = u8::from(first > 0 && role == Role::Signature);
        cells.push(SheetCell { indent, ..SheetCell::text(first, role, text).over(end - first, 1) });
    }
    Strip::block(cells, height)
}

/// A label with the names of places that the body asks for.
fn of_today(sheet: &FormSheet, label: &Text) -> Text {
    let (report, dated) = (sheet.report, sheet.mode != Mode::Blank { dated: false });
    match report.organisation.place_names {
        PlaceNames::AsInForm => label.clone(),
        PlaceNames::Current => place::current(&report.definitions.places, label, dated.then_some(report.period.as_of)),
    }
}

/// The header block with the real period; a unit's report names the unit. `beside`: two languages stand side by side.
pub fn head(sheet: &FormSheet, beside: bool) -> Vec<Strip> {
    let (report, printer, end) = (sheet.report, &sheet.printer, sheet.widths.len());
    let middle = middle(&sheet.widths);
    let mut strips = Vec::new();
    for label in &report.form.head {
        let (role, first) = match label.id.as_str() {
            "annex" | "form" => (Role::Annex, middle),
            "data_title" => (Role::Title, 0),
            _ => (Role::Note, 0),
        };
        let is_dated = sheet.mode != Mode::Blank { dated: false };
        let text = if label.id == "period" && is_dated {
            fill_period(&label.label, report.period.quarter)
        } else {
            of_today(sheet, &label.label)
        };
        let mut strip = match printer.langs.as_slice() {
            [one, other] if beside && role == Role::Note && text.get(*one) != text.get(*other) => {
                let halves = vec![(0, middle, text.get(*one).to_owned()), (middle, end, text.get(*other).to_owned())];
                row(sheet, Role::NoteBeside, halves)
            }
            // one short word
            _ if label.id == "form" => row(sheet, role, vec![(first, end, printer.beside(&text))]),
            _ => row(sheet, role, vec![(first, end, printer.join(&text))]),
        };
        strip.keep = role == Role::Title;
        strips.push(strip);
        for mark in report.standing.marks.iter().filter(|_| label.id == "period") {
            strips.push(row(sheet, Role::Title, vec![(0, end, printer.beside(mark))]));
        }
        if let Some(unit) = report.unit.as_ref().filter(|_| label.id == "period") {
            let text = format!("{}: {}", printer.beside(&printer.words.unit), unit.label());
            strips.push(row(sheet, Role::Note, vec![(0, end, text)]));
        }
    }
    strips
}

/// How deep the row stands below rows that it is a part of.
fn depth(form: &Form, row: &Row) -> u8 {
    let above = row.parent.as_ref().and_then(|id| form.row_position(id));
    above.map_or(0, |above| 1 + depth(form, &form.rows[above]).min(2))
}

fn stub(sheet: &FormSheet, position: usize) -> SheetCell {
    let line = &sheet.report.cells.lines[position];
    let row = &sheet.report.form.rows[line.row];
    let text = if line.key.is_row() { sheet.printer.join(&row.label) } else { named(sheet, line, row) };
    let (role, indent) = sheet.look(position);
    SheetCell { indent, ..SheetCell::text(1, role, text) }
}

/// The name of a line; in an empty form what the annex prints in its place.
fn named(sheet: &FormSheet, line: &Line, row: &Row) -> String {
    let blank = if Level::of(line) == Level::Provider { row.line_labels.first() } else { row.line_labels.last() };
    match blank.filter(|_| sheet.is_blank()) {
        Some(label) => sheet.printer.join(label),
        None => line.key.label(),
    }
}

/// The cells of a line of the form.
pub fn line(sheet: &FormSheet, position: usize) -> Vec<SheetCell> {
    let (lines, sums) = (&sheet.report.cells.lines, sheet.sums());
    let line = &lines[position];
    let row = &sheet.report.form.rows[line.row];
    let number = if line.key.is_row() { row.print.clone() } else { sheet.number(position) };
    let stub = stub(sheet, position);
    let role = if matches!(stub.role, Role::StubTotal | Role::Provider) { Role::Total } else { Role::Figure };
    let mut cells = vec![SheetCell::text(0, Role::StubNo, number), stub];
    let span = sheet.span(position);
    for (column, value) in line.values.iter().enumerate() {
        let holds = |recipe: &Recipe| sheet.is_blank() || sums.evaluate(recipe).as_ref() == Some(value);
        let recipe = sums.recipe(position, column).filter(holds);
        // the sum of nothing
        let shown = if sheet.is_blank() && recipe.is_some() { Value::NoInfo } else { value.clone() };
        let content = Content::Value(shown);
        cells.push(SheetCell {
            content,
            recipe,
            ..SheetCell::text(2 + column * span, role, String::new()).over(span, 1)
        });
    }
    cells
}

/// Height of a line of the form, in points.
pub fn line_height(sheet: &FormSheet, line: usize) -> f64 {
    let stub = stub(sheet, line);
    let look = sheet.theme.look(stub.role);
    let Content::Text(text) = &stub.content else { return look.size };
    measure::height(text, sheet.widths[1] - 6.0 - f64::from(stub.indent) * INDENT, look.size, look.bold)
}

/// `label: value`, one line for each language that differs.
fn filled(sheet: &FormSheet, labels: &[Label], id: &str, value: &Text) -> String {
    let printer = &sheet.printer;
    let Some(label) = Form::label(labels, id) else { return printer.join(value) };
    let bare = |text: &str| text.trim_end_matches(':').to_owned();
    let label = label.map(bare);
    if printer.langs.iter().all(|lang| value.get(*lang) == value.get(printer.langs[0])) {
        return format!("{}: {}", printer.beside(&label), value.get(printer.langs[0]));
    }
    printer.join(&Text::by(|lang| format!("{}: {}", label.get(lang), value.get(lang))))
}

fn same(value: &str) -> Text {
    let value = if value.trim().is_empty() { BLANK } else { value };
    Text::same(value)
}

/// The signature block, filled from the organisation, with blanks for what is signed by hand.
pub fn signature(sheet: &FormSheet) -> Vec<Strip> {
    let (labels, organisation) = (&sheet.report.form.signature, sheet.report.organisation);
    let (end, middle) = (sheet.widths.len(), middle(&sheet.widths));
    let plain = |id: &str| Form::label(labels, id).map(|label| sheet.printer.join(label)).unwrap_or_default();
    let fill = |id: &str, value: &str| filled(sheet, labels, id, &same(value));
    let signed = |id: &str, name: &str, after: &str| {
        let name = if name.trim().is_empty() { BLANK } else { name };
        filled(sheet, labels, id, &same(format!("{name}   {BLANK}   {after}").trim_end()))
    };
    let halves =
        |left: String, right: String| row(sheet, Role::Signature, vec![(0, middle, left), (middle, end, right)]);
    let whole = |role: Role, text: String| row(sheet, role, vec![(0, end, text)]);
    let signing = |text: String| {
        let mut strip = whole(Role::Signing, text);
        strip.height += SIGNING;
        strip
    };
    let body = filled(sheet, labels, "body", &organisation.name());
    let mut strips = vec![
        whole(Role::Signature, String::new()),
        halves(body, fill("address", &organisation.address)),
        halves(fill("phone", &organisation.phone), fill("email", &organisation.email)),
        signing(signed("performer", &organisation.performer, &organisation.performer_phone)),
        whole(Role::Hint, plain("performer_hint").replace('\n', "  /  ")),
        signing(signed("head", &organisation.head, "")),
        whole(Role::Hint, plain("head_hint").replace('\n', "  /  ")),
        halves(plain("date"), plain("stamp")),
    ];
    let last = strips.len() - 1;
    for strip in &mut strips[..last] {
        strip.keep = true;
    }
    strips
}
