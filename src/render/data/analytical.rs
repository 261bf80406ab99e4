//! `analytical.json`: the analytical report as data. Every number in it names its cells or its formula over them.

use crate::analytical::document::{Document, Origin, ParagraphKind, Piece, Run, TableRow};
use crate::analytical::figures::{At, Figure, Formula};
use crate::render::sheet::FormSheet;
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

/// Writes the documents of a report, and the annexes that nobody signs.
///
/// # Errors
/// The target cannot be written.
pub fn write(
    sheet: &FormSheet<'_>,
    documents: &[Document],
    annexes: &[Document],
    mut target: impl Write,
) -> Result<()> {
    let report = sheet.report;
    let [documents, annexes] =
        [documents, annexes].map(|all| all.iter().map(|document| whole(sheet, document)).collect::<Vec<Value>>());
    let form = &report.form.form;
    let whole = json!({ "version": 1, "form": form, "period": report.period.quarter.to_string(), "documents": documents, "annexes": annexes });
    serde_json::to_writer_pretty(&mut target, &whole)?;
    target.write_all(b"\n")?;
    target.flush()?;
    Ok(())
}

fn whole(sheet: &FormSheet<'_>, document: &Document) -> Value {
    let pieces: Vec<Value> = document.pieces.iter().map(|piece| data(sheet, piece)).collect();
    json!({ "language": document.lang.code(), "title": document.title, "pieces": pieces })
}

fn data(sheet: &FormSheet<'_>, piece: &Piece) -> Value {
    let runs = |runs: &[Run]| -> Vec<Value> { runs.iter().map(|run| run_data(sheet, run)).collect() };
    match piece {
        Piece::Heading { level, runs: text } => json!({ "heading": level, "runs": runs(text) }),
        Piece::Paragraph { kind, runs: text } => json!({ "paragraph": kind_name(*kind), "runs": runs(text) }),
        Piece::Table(table) => {
            let heads: Vec<Value> = table.columns.iter().map(|column| json!(runs(&column.head))).collect();
            let all = |rows: &[TableRow]| -> Vec<Vec<Vec<Value>>> {
                rows.iter().map(|row| row.cells.iter().map(|cell| runs(cell)).collect()).collect()
            };
            let mut data = json!({ "table": runs(&table.title), "heads": heads, "rows": all(&table.rows) });
            if let Some(beyond) = &table.beyond {
                data["beyond"] = json!(all(&beyond.rows));
            }
            data
        }
        Piece::Chart(chart) => {
            let value =
                |figure: &Option<Figure>| figure.as_ref().map_or(Value::Null, |figure| figure_data(sheet, figure));
            let series: Vec<Value> = chart
                .series
                .iter()
                .map(|series| json!({ "name": series.name, "values": series.values.iter().map(value).collect::<Vec<_>>() }))
                .collect();
            json!({ "chart": chart.title, "categories": chart.categories, "series": series })
        }
    }
}

fn kind_name(kind: ParagraphKind) -> &'static str {
    match kind {
        ParagraphKind::Title => "title",
        ParagraphKind::Subtitle => "subtitle",
        ParagraphKind::Body => "body",
        ParagraphKind::Item => "item",
        ParagraphKind::Question => "question",
        ParagraphKind::Note => "note",
        ParagraphKind::Signature => "signature",
    }
}

fn run_data(sheet: &FormSheet<'_>, run: &Run) -> Value {
    let origin = match &run.origin {
        Origin::Words => "words",
        Origin::Quoted => "quoted",
        Origin::Reference => "reference",
        Origin::Books => "books",
        Origin::Figure(figure) => {
            let mut data = figure_data(sheet, figure);
            data["text"] = json!(run.text);
            return data;
        }
    };
    json!({ "text": run.text, "origin": origin })
}

fn figure_data(sheet: &FormSheet<'_>, figure: &Figure) -> Value {
    let ratio = figure.value;
    let value = if ratio.below == 1 { json!(figure.number()) } else { json!(tenths(ratio.tenths())) };
    json!({ "origin": "figure", "value": value, "formula": formula(&figure.formula, &|at| address(sheet, at)) })
}

#[allow(clippy::cast_precision_loss)] // tenths of a per cent
fn tenths(tenths: i128) -> f64 {
    tenths as f64 / 10.0
}

fn address(sheet: &FormSheet<'_>, at: At) -> String {
    sheet.address(at.line, at.column).unwrap_or_default()
}

/// A formula over cells as people write it: `D12+F12`, `100*D12/D10`; what is no cell of this report is a call.
pub(crate) fn formula(of: &Formula, address: &dyn Fn(At) -> String) -> String {
    let bracket = |of: &Formula| match of {
        Formula::Sum(cells) if cells.len() == 1 => formula(of, address),
        Formula::Earlier { .. } | Formula::Unit { .. } | Formula::Records { .. } | Formula::Lines(_) => {
            formula(of, address)
        }
        _ => format!("({})", formula(of, address)),
    };
    match of {
        Formula::Sum(cells) => cells.iter().map(|at| address(*at)).collect::<Vec<_>>().join("+"),
        Formula::Earlier { quarter, of, value } => format!("earlier(\"{quarter}\",\"{of}\",{value})"),
        Formula::Unit { unit, of, value } => format!("unit(\"{unit}\",\"{of}\",{value})"),
        Formula::Records { field, value } => format!("records(\"{field}\",{value})"),
        Formula::Lines(count) => format!("lines({count})"),
        Formula::Minus(a, b) => format!("{}-{}", bracket(a), bracket(b)),
        Formula::Share(a, b) => format!("100*{}/{}", bracket(a), bracket(b)),
        Formula::Change(a, b) => format!("100*({}-{})/{}", bracket(a), bracket(b), bracket(b)),
    }
}
