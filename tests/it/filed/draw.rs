//! A form drawn by another hand, from its definition and cells.

use super::canvas::{Canvas, CanvasRow, Spec, Tag};
use esep::definitions::form::{Form, Grid};
use esep::values::cells::{Cells, Line, Value};
use esep::words::lang::{Lang, Text};

/// How numbers of rows are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// `3.10.`
    Printed,
    /// `3.10` as text.
    Bare,
    /// As a number: 3.10 becomes 3.1.
    Number,
    /// As a date: the third of October.
    Day,
    /// In one cell with the label.
    WithLabel,
    Absent,
}

/// How values are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Plain,
    /// Numbers as text.
    Text,
    /// Text with no-break spaces between groups, and long dashes.
    Grouped,
}

#[derive(Debug, Clone)]
pub struct Style {
    pub langs: Vec<Lang>,
    pub numbers: Numbers,
    pub values: Values,
    /// First column of the table.
    pub right: u16,
    /// Blank columns between the stub and the values.
    pub gap: u16,
    /// Rows of 4 columns span pairs of the 8.
    pub wide: bool,
    pub merged: bool,
    /// Letters and numbers under the heads.
    pub marks: bool,
    /// The heads name only the months of the quarter.
    pub own_months: bool,
    /// Texts above the table.
    pub titles: Vec<String>,
    pub lines_numbered: bool,
    /// Blanks before services.
    pub indented: bool,
}

impl Style {
    pub fn new(form: &Form) -> Self {
        let titles = vec![
            format!("Индекс: {}", form.index.get(Lang::Ru)),
            "Отчетный период: III квартал 2026 года".to_owned(),
            "Данные".to_owned(),
        ];
        Self {
            langs: vec![Lang::Ru],
            numbers: Numbers::Printed,
            values: Values::Plain,
            right: 0,
            gap: 0,
            wide: true,
            merged: true,
            marks: true,
            own_months: false,
            titles,
            lines_numbered: false,
            indented: true,
        }
    }

    fn say(&self, text: &Text) -> String {
        text.join(&self.langs)
    }
}

/// The form as a canvas.
pub fn draw(form: &Form, cells: &Cells, style: &Style) -> Canvas {
    let mut canvas = Canvas { rows: Vec::new(), down: 0 };
    for title in &style.titles {
        let mut row = CanvasRow::new(Tag::Title);
        row.put(style.right, Spec::Text(title.clone()));
        canvas.rows.push(row);
    }
    let mut section = None;
    let mut counts = [0, 0];
    for line in &cells.lines {
        let row = &form.rows[line.row];
        if section != Some(&row.section) {
            let first = section.is_none();
            section = Some(&row.section);
            let own = form.section_of(line.row);
            if first || own.heads {
                canvas.rows.extend(heads(form, form.grid_of(line.row), style));
            }
            if let Some(label) = &own.label {
                let mut title = CanvasRow::new(Tag::Section);
                title.put(style.right, Spec::Text(style.say(label)));
                canvas.rows.push(title);
            }
        }
        if line.key.is_row() {
            counts = [0, 0];
            if row.lines_only {
                continue;
            }
        }
        canvas.rows.push(body(form, line, style, &mut counts));
    }
    let mut signature = CanvasRow::new(Tag::Signature);
    let label = Form::label(&form.signature, "body").unwrap();
    signature.put(style.right, Spec::Text(format!("{}: Управление образцов", label.get(Lang::Ru))));
    canvas.rows.push(signature);
    let mut phone = CanvasRow::new(Tag::Signature);
    phone.put(style.right, Spec::Text("Телефон: 8 7172 123456".to_owned()));
    canvas.rows.push(phone);
    canvas
}

/// Columns of the sheet for each column of a grid.
pub fn span(form: &Form, grid: &Grid, style: &Style) -> u16 {
    let most = form.grids.iter().map(|grid| grid.columns.len()).max().unwrap();
    if style.wide { u16::try_from(most / grid.columns.len()).unwrap().max(1) } else { 1 }
}

/// Column of the sheet of a column of a grid.
pub fn column(form: &Form, grid: &Grid, style: &Style, nth: usize) -> u16 {
    style.right + 2 + style.gap + u16::try_from(nth).unwrap() * span(form, grid, style)
}

fn heads(form: &Form, grid: &Grid, style: &Style) -> Vec<CanvasRow> {
    let mut rows = vec![CanvasRow::new(Tag::Head), CanvasRow::new(Tag::Head), CanvasRow::new(Tag::Head)];
    for (nth, stub) in grid.stub.iter().enumerate() {
        rows[0].put(style.right + u16::try_from(nth).unwrap(), Spec::Text(style.say(&stub.label)));
    }
    let group = |id: &Option<String>| id.as_ref().and_then(|id| grid.groups.iter().find(|group| group.id == *id));
    let months = ["июль", "август", "сентябрь"];
    let mut met: Vec<String> = Vec::new();
    for (nth, own) in grid.columns.iter().enumerate() {
        let at = column(form, grid, style, nth);
        let parent = group(&own.group);
        let above = parent.and_then(|parent| group(&parent.parent));
        let chain: Vec<_> = [above, parent].into_iter().flatten().collect();
        for (level, head) in chain.iter().enumerate() {
            if !met.contains(&head.id) {
                met.push(head.id.clone());
                let mut text = style.say(&head.label);
                if let Some(month) = own.month.filter(|_| style.own_months && level == 1) {
                    text = months[month as usize - 1].to_owned();
                }
                rows[level].put(at, Spec::Text(text));
            }
        }
        let label = own.label.as_ref().map(|label| style.say(label)).unwrap_or_default();
        let month = own.month.filter(|_| style.own_months && chain.len() < 2);
        let label = month.map_or(label, |month| months[month as usize - 1].to_owned());
        rows[chain.len()].put(at, Spec::Text(label));
    }
    rows.retain(|row| !row.cells.is_empty());
    if style.marks && grid.columns[0].mark.is_some() {
        let mut marks = CanvasRow::new(Tag::Head);
        marks.put(style.right, Spec::Text("А".to_owned()));
        marks.put(style.right + 1, Spec::Text("Б".to_owned()));
        for (nth, own) in grid.columns.iter().enumerate() {
            let mark: f64 = own.mark.as_ref().unwrap().parse().unwrap();
            marks.put(column(form, grid, style, nth), Spec::Number(mark));
        }
        rows.push(marks);
    }
    rows
}

fn body(form: &Form, line: &Line, style: &Style, counts: &mut [u32; 2]) -> CanvasRow {
    let row = &form.rows[line.row];
    let is_row = line.key.is_row();
    let mut drawn = CanvasRow::new(if is_row { Tag::Row(row.no.clone()) } else { Tag::Line(row.no.clone()) });
    let mut label = if is_row { style.say(&row.label) } else { line.key.label() };
    if is_row {
        number(&mut drawn, &row.no, &row.print, style, &mut label);
    } else {
        let is_provider = line.key.service.is_none();
        *counts = if is_provider { [counts[0] + 1, 0] } else { [counts[0], counts[1] + 1] };
        if style.lines_numbered {
            let number = if is_provider {
                format!("{}.{}", row.no, counts[0])
            } else {
                format!("{}.{}.{}", row.no, counts[0], counts[1])
            };
            drawn.put(style.right, Spec::Text(number));
        }
        if style.indented && line.key.provider.is_some() && !is_provider {
            label = format!("    {label}");
        }
    }
    drawn.put(style.right + 1, Spec::Text(label));
    let grid = form.grid_of(line.row);
    let span = span(form, grid, style);
    for (nth, value) in line.values.iter().enumerate() {
        let at = column(form, grid, style, nth);
        drawn.put(at, spec(value, style.values));
        if style.merged && span > 1 {
            drawn.merges.push((at, at + span - 1));
        }
    }
    drawn
}

fn number(drawn: &mut CanvasRow, no: &str, print: &str, style: &Style, label: &mut String) {
    if print.is_empty() {
        return;
    }
    let parts: Vec<u8> = no.split('.').map(|part| part.parse().unwrap()).collect();
    let spec = match (style.numbers, parts.as_slice()) {
        (Numbers::Printed, _) => Spec::Text(print.to_owned()),
        (Numbers::Number, _) => Spec::Number(no.parse().unwrap()),
        (Numbers::Day, [day, month]) => Spec::Day(2026, *month, *day),
        (Numbers::Bare | Numbers::Day, _) => Spec::Text(no.to_owned()),
        (Numbers::WithLabel, _) => {
            *label = format!("{print} {label}");
            return;
        }
        (Numbers::Absent, _) => return,
    };
    drawn.put(style.right, spec);
}

pub fn spec(value: &Value, style: Values) -> Spec {
    match (value, style) {
        (Value::Number(number), Values::Plain) => Spec::Number(*number as f64),
        (Value::Number(number), Values::Text) => Spec::Text(number.to_string()),
        (Value::Number(number), Values::Grouped) => Spec::Text(grouped(*number)),
        (Value::NoInfo, Values::Plain | Values::Text) => Spec::Text("-".to_owned()),
        (Value::NoInfo, _) => Spec::Text(" — ".to_owned()),
        (other, _) => Spec::Text(other.print()),
    }
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}
