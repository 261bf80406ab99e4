//! The charts of the analytical report as native charts of the workbook, over the form's own cells.

use crate::analytical::document::{Chart, Document};
use crate::analytical::figures::{At, Figure, Formula};
use crate::analytical::tables::capital;
use crate::definitions::analytical::Draw;
use crate::definitions::theme::{Role, Theme};
use crate::render::xlsx::formula::Refs;
use crate::render::xlsx::style::{Style, Styles};
use crate::render::xlsx::temporary::saved;
use crate::render::xlsx::worksheet::{around, at, clean_name, paper, put_text};
use crate::words::lang::Lang;
use anyhow::{Context, Result};
use rust_xlsxwriter::{
    Chart as Drawing, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType,
    Formula as Written, Workbook, Worksheet,
};

/// Width of the names, and of a column of numbers, in pixels.
const NAMES: u32 = 330;
const NUMBERS: u32 = 96;
/// Columns of numbers before the drawings.
const COLUMNS: usize = 5;
/// Size of a drawing in pixels, and how many rows of the sheet it covers.
const DRAWING: (u32, u32) = (620, 350);
const COVERED: usize = 19;
const ROW: u32 = 20;
/// Letters of a name in one line.
const LETTERS: usize = 48;

/// Writes the charts of a document, each beside its numbers.
pub fn write(worksheet: &mut Worksheet, refs: &Refs, document: &Document, styles: &mut Styles) -> Result<()> {
    let (sheet, lang) = (refs.sheet, document.lang);
    let words = &sheet.printer.words;
    let name = clean_name(words.charts.get(lang));
    worksheet.set_name(&name)?;
    worksheet.set_column_width_pixels(0, NAMES)?;
    for column in 1..=COLUMNS {
        worksheet.set_column_width_pixels(u16::try_from(column)?, NUMBERS)?;
    }
    around(worksheet, sheet, None);
    paper(worksheet, sheet);
    worksheet.set_default_row_height_pixels(ROW);
    let note = styles.get(Style::plain(Role::Note)).clone();
    worksheet.set_row_height_pixels(0, ROW * 2)?;
    worksheet.merge_range(0, 0, 0, u16::try_from(COLUMNS)?, words.charts_note.get(lang), &note)?;
    let (mut row, mut breaks) = (2, Vec::new());
    for (nth, chart) in document.charts().enumerate() {
        if nth > 0 && nth % 2 == 0 {
            breaks.push(u32::try_from(row)?);
        }
        let used = block(worksheet, refs, chart, (&name, lang), row, styles)?;
        row += used.max(COVERED) + 1;
    }
    worksheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// Title, heads and numbers of a chart with its drawing at their right; how many rows it takes.
fn block(
    worksheet: &mut Worksheet,
    refs: &Refs,
    chart: &Chart,
    (name, lang): (&str, Lang),
    row: usize,
    styles: &mut Styles,
) -> Result<usize> {
    let (first, last) = (row + 2, row + 1 + chart.categories.len());
    let style = |role| Style::plain(role);
    let (top, _) = at(row, 0)?;
    put_text(worksheet, top, 0, &chart.title, styles.get(style(Role::Section)))?;
    put_text(worksheet, top + 1, 0, "", styles.get(style(Role::Head)))?;
    for (nth, series) in chart.series.iter().enumerate() {
        let quarter = capital(refs.sheet.printer.words.quarter.get(lang));
        let head = if chart.series.len() > 1 { series.name.as_str() } else { &quarter };
        put_text(worksheet, top + 1, at(0, nth + 1)?.1, head, styles.get(style(Role::Head)))?;
    }
    if chart.series.len() > 1 {
        worksheet.set_row_height_pixels(top + 1, ROW * 3)?;
    }
    for (nth, category) in chart.categories.iter().enumerate() {
        let (line, _) = at(first + nth, 0)?;
        put_text(worksheet, line, 0, category, styles.get(style(Role::Line)))?;
        if category.chars().count() > LETTERS {
            worksheet.set_row_height_pixels(line, ROW * 2)?;
        }
        for (column, series) in chart.series.iter().enumerate() {
            let (line, column) = at(first + nth, column + 1)?;
            let format = styles.get(Style { value: true, ..style(Role::Figure) });
            match series.values.get(nth).and_then(Option::as_ref) {
                Some(figure) => {
                    let formula = Written::new(format!("={}", written(&figure.formula, refs)));
                    let formula = formula.set_result(figure.number().to_string());
                    worksheet.write_formula_with_format(line, column, formula, format)?;
                }
                None => put_text(worksheet, line, column, "-", format)?,
            }
        }
    }
    let drawing = drawing(chart, refs.sheet.theme, name, (row + 1, first, last))?;
    worksheet.insert_chart_with_offset(top, at(0, COLUMNS + 1)?.1, &drawing, 0, 5)?;
    Ok(chart.categories.len() + 2)
}

/// The native chart over the numbers of a sheet: row of the names of the series, first and last row of the numbers.
fn drawing(chart: &Chart, theme: &Theme, name: &str, (heads, first, last): (usize, usize, usize)) -> Result<Drawing> {
    let kind = if chart.draw == Draw::Bars { ChartType::Bar } else { ChartType::Column };
    let mut drawing = Drawing::new(kind);
    let font = ChartFont::new().set_name(&theme.font).set_size(9).clone();
    for nth in 0..chart.series.len() {
        let ((head, _), (top, column), (bottom, _)) = (at(heads, 0)?, at(first, nth + 1)?, at(last, nth + 1)?);
        let color = theme.palette.get(nth % theme.palette.len().max(1)).map_or("0072B2", String::as_str);
        let mut label = ChartDataLabel::new();
        label.show_value().set_font(&font).set_num_format("#,##0");
        let fill = ChartSolidFill::new().set_color(format!("#{color}").as_str()).clone();
        let series = drawing.add_series();
        series.set_categories((name, top, 0, bottom, 0)).set_values((name, top, column, bottom, column));
        series.set_format(ChartFormat::new().set_solid_fill(&fill)).set_data_label(&label);
        series.set_gap(if chart.draw == Draw::Bars { 45 } else { 70 });
        if chart.series.len() > 1 {
            series.set_name((name, head, column));
        }
    }
    drawing.title().set_name(&chart.title).set_font(ChartFont::new().set_name(&theme.font).set_size(11).set_bold());
    drawing.x_axis().set_font(&font).set_major_gridlines(false);
    drawing.y_axis().set_font(&font).set_major_gridlines(false);
    if chart.draw == Draw::Bars {
        // The library calls the upright axis y; the first name stands on top, and bars carry their numbers.
        drawing.y_axis().set_reverse();
        drawing.x_axis().set_hidden(true);
    } else {
        drawing.y_axis().set_hidden(true);
    }
    if chart.series.len() > 1 {
        drawing.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    } else {
        drawing.legend().set_hidden();
    }
    drawing.set_width(DRAWING.0).set_height(DRAWING.1).set_alt_text(&chart.title);
    Ok(drawing)
}

/// A formula over the form's cells; what is no cell of this report is a number.
fn written(formula: &Formula, refs: &Refs) -> String {
    let cell = |at: &At| {
        let address = refs.sheet.address(at.line, at.column).unwrap_or_default();
        format!("{}{address}", refs.prefix)
    };
    match formula {
        // A sum skips "-", a reference would repeat it.
        Formula::Sum(cells) => format!("SUM({})", cells.iter().map(cell).collect::<Vec<_>>().join(",")),
        Formula::Earlier { value, .. } | Formula::Unit { value, .. } | Formula::Records { value, .. } => {
            value.to_string()
        }
        Formula::Lines(count) => count.to_string(),
        Formula::Minus(a, b) => format!("({}-{})", written(a, refs), written(b, refs)),
        Formula::Share(a, b) => format!("100*{}/{}", written(a, refs), written(b, refs)),
        Formula::Change(a, b) => {
            let (a, b) = (written(a, refs), written(b, refs));
            format!("100*({a}-{b})/{b}")
        }
    }
}

/// The numbers of a chart as a workbook of its own, for a text document that carries its charts.
///
/// # Errors
/// The library refuses.
pub fn data(chart: &Chart) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2021, 7, 1)?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    for (nth, series) in chart.series.iter().enumerate() {
        sheet.write_string(0, at(0, nth + 1)?.1, &series.name)?;
        for (row, value) in series.values.iter().enumerate() {
            let (row, column) = at(row + 1, nth + 1)?;
            if let Some(figure) = value {
                sheet.write_number(row, column, whole(figure))?;
            }
        }
    }
    for (nth, category) in chart.categories.iter().enumerate() {
        sheet.write_string(at(nth + 1, 0)?.0, 0, category)?;
    }
    saved(&mut workbook).context("the numbers of a chart")
}

#[allow(clippy::cast_precision_loss)] // a spreadsheet keeps 15 digits
fn whole(figure: &Figure) -> f64 {
    figure.number() as f64
}
