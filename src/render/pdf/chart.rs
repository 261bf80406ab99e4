//! Charts of the analytical report as vectors: bars one under another, columns over the months.

use crate::analytical::document::{Chart, Series};
use crate::definitions::analytical::Draw;
use crate::render::pdf::flow::{Flow, PITCH, height, kind};
use crate::render::pdf::font::{ASCENT, Face};
use crate::render::pdf::page::{Anchor, Ink};
use crate::render::pdf::text;
use crate::render::pdf::text::Type;
use crate::words::number::grouped;

/// Share of the width that the names of bars take.
const NAMES: f64 = 0.42;
/// Height of the area of columns, in points.
const TALL: f64 = 120.0;
/// Lines of a name at most.
const LINES: usize = 3;

/// Places a chart; nothing parts it.
pub(crate) fn place(flow: &mut Flow<'_>, chart: &Chart) {
    let caption = kind(&flow.theme.prose.caption);
    let small = kind(&flow.theme.prose.chart);
    let title = text::lines(&flow.file.fonts, &chart.title, flow.width(), caption);
    match chart.draw {
        Draw::Bars => bars(flow, chart, &title, caption, small),
        Draw::Months => columns(flow, chart, &title, caption, small),
    }
    flow.top += 10.0;
}

/// The value of a series at a place; what nobody knows is drawn as nothing.
fn value(series: &Series, nth: usize) -> Option<i64> {
    series.values.get(nth)?.as_ref().map(crate::analytical::figures::Figure::number)
}

fn greatest(chart: &Chart) -> i64 {
    let values =
        chart.series.iter().flat_map(|series| (0..chart.categories.len()).filter_map(|nth| value(series, nth)));
    values.max().unwrap_or(0).max(1)
}

#[allow(clippy::cast_precision_loss)] // a length on paper
fn length(value: i64, greatest: i64, whole: f64) -> f64 {
    value as f64 / greatest as f64 * whole
}

/// A name in a few lines.
fn name(flow: &Flow<'_>, text: &str, room: f64, small: Type) -> Vec<String> {
    let mut lines = text::lines(&flow.file.fonts, text, room, small);
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && flow.file.fonts.width(&format!("{last}…"), small.face, small.size) > room {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

fn bars(flow: &mut Flow<'_>, chart: &Chart, title: &[String], caption: Type, small: Type) {
    let Some(series) = chart.series.first() else { return };
    let room = flow.width() * NAMES - 8.0;
    let names: Vec<Vec<String>> = chart.categories.iter().map(|text| name(flow, text, room, small)).collect();
    let tall = |lines: &Vec<String>| (height(lines, small) + 4.0).max(15.0);
    let all: f64 = names.iter().map(tall).sum();
    flow.need(height(title, caption) + 4.0 + all);
    flow.lines(title, caption, flow.theme.prose.caption.align, 0.0);
    flow.top += 4.0;
    let (left, width, greatest) = (flow.theme.portrait.left, flow.width(), greatest(chart));
    let start = left + width * NAMES;
    let figures = flow.file.fonts.width(&grouped(i128::from(greatest)), small.face, small.size) + 6.0;
    let ink = Ink::hex(&flow.theme.palette[0]);
    let (axis, from) = (Ink::hex(&flow.theme.line), flow.top);
    for (nth, lines) in names.iter().enumerate() {
        let (row, top) = (tall(lines), flow.top);
        let (page, fonts) = flow.page();
        let mut y = top + (row - height(lines, small)) / 2.0 + small.size * ASCENT;
        for line in lines {
            page.text(fonts, start - 6.0, y, line, small, Ink::BLACK, Anchor::End);
            y += small.size * PITCH;
        }
        let middle = top + row / 2.0;
        if let Some(value) = value(series, nth) {
            let long = length(value, greatest, width * (1.0 - NAMES) - figures);
            page.fill(start, middle - 5.0, long.max(0.5), 10.0, ink);
            let text = grouped(i128::from(value));
            page.text(fonts, start + long + 4.0, middle + small.size * 0.33, &text, small, Ink::BLACK, Anchor::Start);
        }
        flow.top += row;
    }
    let end = flow.top;
    flow.page().0.line(&[(start, from), (start, end)], 0.7, axis);
}

fn columns(flow: &mut Flow<'_>, chart: &Chart, title: &[String], caption: Type, small: Type) {
    let width = flow.width();
    let half = width / 2.0 - 16.0;
    let legend: Vec<Vec<String>> = chart.series.iter().map(|series| name(flow, &series.name, half, small)).collect();
    let rows: f64 =
        legend.chunks(2).map(|pair| pair.iter().map(|lines| height(lines, small) + 3.0).fold(0.0, f64::max)).sum();
    flow.need(height(title, caption) + TALL + 34.0 + rows);
    flow.lines(title, caption, flow.theme.prose.caption.align, 0.0);
    flow.top += 14.0;
    let (left, greatest) = (flow.theme.portrait.left, greatest(chart));
    let palette: Vec<Ink> = flow.theme.palette.iter().map(|hex| Ink::hex(hex)).collect();
    let axis = Ink::hex(&flow.theme.line);
    let base = flow.top + TALL;
    let (page, fonts) = flow.page();
    #[allow(clippy::cast_precision_loss)] // months and series are few
    let (months, count) = (chart.categories.len() as f64, chart.series.len().max(1) as f64);
    let group = width / months;
    let wide = ((group - 24.0) / count).min(46.0);
    for (nth, month) in chart.categories.iter().enumerate() {
        #[allow(clippy::cast_precision_loss)] // months are few
        let middle = left + group * (nth as f64 + 0.5);
        let mut x = middle - wide * count / 2.0;
        for (series, ink) in chart.series.iter().zip(palette.iter().cycle()) {
            if let Some(value) = value(series, nth) {
                let tall = length(value, greatest, TALL);
                page.fill(x + 1.0, base - tall, wide - 2.0, tall.max(0.5), *ink);
                let text = grouped(i128::from(value));
                let fit = (wide + 6.0) / fonts.width(&text, Face::Regular, small.size).max(1.0);
                let kind = Type { size: small.size * fit.min(1.0), ..small };
                page.text(fonts, x + wide / 2.0, base - tall - 2.5, &text, kind, Ink::BLACK, Anchor::Middle);
            }
            x += wide;
        }
        page.text(fonts, middle, base + 11.0, month, small, Ink::BLACK, Anchor::Middle);
    }
    page.line(&[(left, base), (left + width, base)], 0.7, axis);
    flow.top = base + 18.0;
    draw_legend(flow, &legend, &palette, small);
}

/// Squares of colour with names, two in a row.
fn draw_legend(flow: &mut Flow<'_>, legend: &[Vec<String>], palette: &[Ink], small: Type) {
    let (left, half) = (flow.theme.portrait.left, flow.width() / 2.0);
    for (row, pair) in legend.chunks(2).enumerate() {
        let top = flow.top;
        for (nth, lines) in pair.iter().enumerate() {
            let x = if nth == 0 { left } else { left + half };
            let ink = palette[(row * 2 + nth) % palette.len()];
            let (page, fonts) = flow.page();
            page.fill(x, top + 1.5, 8.0, 8.0, ink);
            let mut y = top + small.size * ASCENT + 1.0;
            for line in lines {
                page.text(fonts, x + 12.0, y, line, small, Ink::BLACK, Anchor::Start);
                y += small.size * PITCH;
            }
        }
        flow.top += pair.iter().map(|lines| height(lines, small) + 3.0).fold(0.0, f64::max);
    }
}
