//! Tables of rows and of columns of the form, with their charts.

use crate::analytical::document::{Chart, Piece, Run, Series, Side, Table, TableColumn, TableRow};
use crate::analytical::figures::{Figure, Formula};
use crate::analytical::say::{Teller, number_run};
use crate::definitions::analytical;
use crate::definitions::analytical::Draw;
use crate::definitions::slot::{Term, Terms};
use crate::words::lang::Text;

/// Months of a quarter.
const MONTHS: u32 = 3;
/// Bars of a chart at most.
pub(crate) const BARS: usize = 12;
/// Share of the width that the first column asks for, a number being one.
pub(crate) const STUB: f64 = 4.0;

pub(crate) fn column(head: Vec<Run>, side: Side, weight: f64) -> TableColumn {
    TableColumn { head, side, weight }
}

pub(crate) fn number_column(head: impl Into<String>) -> TableColumn {
    column(vec![Run::plain(head)], Side::Right, 1.0)
}

/// One row in the columns of the quarter, or in one.
pub(crate) fn term(row: &str, column: Option<&str>) -> Terms {
    vec![Term { row: row.to_owned(), column: column.map(str::to_owned) }]
}

/// Zero and "-" are different things.
pub(crate) fn cell(figure: Option<Figure>) -> Vec<Run> {
    figure.map_or_else(|| vec![Run::plain("-")], |figure| vec![number_run(figure)])
}

impl Teller<'_> {
    /// Short name of a row, or of a column of it; else the form's wording up to its enumeration.
    pub fn name(&self, row: &str, column: Option<&str>) -> String {
        let key = column.map_or_else(|| row.to_owned(), |column| format!("{row}:{column}"));
        let form = self.material.report.form;
        let names = &self.template.names;
        if let Some(name) = names.get(&format!("{}/{key}", form.form)).or_else(|| names.get(&key)) {
            return name.get(self.lang).to_owned();
        }
        let Some(place) = form.row_position(row) else { return key };
        let grid = form.grid_of(place);
        let of_column = column.and_then(|id| grid.column(id)).and_then(|place| grid.columns[place].label.as_ref());
        let label = of_column.unwrap_or(&form.rows[place].label).get(self.lang);
        let ends = self.phrases.tails.iter().filter_map(|tail| label.find(tail.as_str()));
        label[..ends.min().unwrap_or(label.len())].trim_end_matches(':').to_owned()
    }

    /// A share for a table; a small base leaves it out.
    pub fn share_cell(&mut self, part: Option<&Figure>, whole: Option<&Figure>) -> Vec<Run> {
        let (Some(part), Some(whole)) = (part, whole) else { return vec![Run::plain("-")] };
        if let Some(share) = part.share(whole) {
            return vec![self.decimal_run(share)];
        }
        self.small |= whole.number() > 0;
        vec![Run::plain("–")]
    }

    /// Per cent without the sign.
    pub fn decimal_run(&self, share: Figure) -> Run {
        Run::figure(crate::analytical::figures::numeral::decimal(share.value, self.lang), share)
    }

    /// Adds a table that has rows.
    pub fn table(&mut self, title: &Text, columns: Vec<TableColumn>, rows: Vec<TableRow>) {
        if !rows.is_empty() {
            let title = vec![Run::plain(title.get(self.lang))];
            self.pieces.push(Piece::Table(Table { title, columns, rows, beyond: None }));
        }
    }

    /// Adds a chart that shows something.
    pub fn chart(&mut self, chart: &analytical::Chart, categories: Vec<String>, series: Vec<Series>) {
        let title = chart.title.get(self.lang).to_owned();
        let chart = Chart { title, draw: chart.draw, categories, series };
        if chart.has_data() {
            self.pieces.push(Piece::Chart(chart));
        }
    }

    /// Rows of the form with their parts: months, quarter, share.
    pub fn rows(
        &mut self,
        title: &Text,
        rows: &[String],
        parts: bool,
        share_of: Option<&str>,
        chart: Option<&analytical::Chart>,
    ) {
        let form = self.material.report.form;
        let mut named: Vec<(&str, u8)> = Vec::new();
        for row in rows.iter().filter(|row| form.row_position(row).is_some()) {
            named.push((row, 0));
            let below = form.rows.iter().filter(|part| parts && part.parent.as_ref() == Some(row));
            named.extend(below.map(|part| (part.id.as_str(), 1)));
        }
        let of = |teller: &Self, row: &str| teller.figures.of(&term(row, None));
        // Rows of nothing are left out, and so is a table of nothing.
        named.retain(|(row, level)| *level == 0 || of(self, row).is_some_and(|figure| figure.number() > 0));
        if !named.iter().any(|(row, _)| of(self, row).is_some_and(|figure| figure.number() > 0)) {
            return;
        }
        let whole = share_of.and_then(|share| of(self, share));
        let mut lines = Vec::new();
        for (row, level) in &named {
            let figure = of(self, row);
            let mut cells = vec![vec![Run::plain(self.name(row, None))]];
            if form.monthly {
                cells.extend((1..=MONTHS).map(|month| cell(self.figures.month(row, month))));
            }
            cells.push(cell(figure.clone()));
            if let Some(share_of) = share_of {
                let place = form.row_position(row);
                let part = place.is_some_and(|place| form.rows[place].parent.as_deref() == Some(share_of));
                let shared = part || *row == share_of;
                cells.push(if shared { self.share_cell(figure.as_ref(), whole.as_ref()) } else { Vec::new() });
            }
            lines.push(TableRow { cells, total: *level == 0, level: *level });
        }
        let mut columns = vec![column(vec![Run::plain(self.word("indicator"))], Side::Left, STUB)];
        if form.monthly {
            columns.extend(self.month_names().into_iter().map(number_column));
        }
        columns.push(number_column(self.word("quarter")));
        if share_of.is_some() {
            columns.push(number_column(self.word("share")));
        }
        self.table(title, columns, lines);
        let Some(chart) = chart else { return };
        let drawn: Vec<String> = if chart.rows.is_empty() {
            let below = named.iter().filter(|(_, level)| *level == u8::from(parts));
            below.map(|(row, _)| (*row).to_owned()).collect()
        } else {
            chart.rows.clone()
        };
        self.draw(chart, &drawn);
    }

    fn draw(&mut self, chart: &analytical::Chart, rows: &[String]) {
        let name = |row: &String| self.name(row, None);
        match chart.draw {
            Draw::Months => {
                let values = |row: &String| (1..=MONTHS).map(|month| self.figures.month(row, month)).collect();
                let series: Vec<Series> =
                    rows.iter().map(|row| Series { name: name(row), values: values(row) }).collect();
                let series = series.into_iter().filter(|series| series.values.iter().flatten().any(|f| f.number() > 0));
                let series = series.collect();
                self.chart(chart, self.month_names(), series);
            }
            Draw::Bars => {
                let mut bars: Vec<(String, Figure)> =
                    rows.iter().filter_map(|row| Some((name(row), self.figures.of(&term(row, None))?))).collect();
                bars.sort_by_key(|(_, figure)| std::cmp::Reverse(figure.number()));
                self.bars(chart, bars);
            }
        }
    }

    /// Adds a chart of bars, the largest first as they come.
    pub fn bars(&mut self, chart: &analytical::Chart, mut bars: Vec<(String, Figure)>) {
        bars.truncate(BARS);
        let (categories, values): (Vec<String>, Vec<Option<Figure>>) =
            bars.into_iter().map(|(name, figure)| (name, Some(figure))).unzip();
        self.chart(chart, categories, vec![Series { name: chart.title.get(self.lang).to_owned(), values }]);
    }

    pub fn month_names(&self) -> Vec<String> {
        let first = (self.material.report.period.quarter.number.clamp(1, 4) - 1) * MONTHS;
        let months = self.printer.words.months.iter().skip(first as usize).take(MONTHS as usize);
        months.map(|month| capital(month.get(self.lang))).collect()
    }

    /// Columns of the form as rows: causes, reasons.
    pub fn columns(
        &mut self,
        title: &Text,
        rows: &[String],
        of: &str,
        (columns, rest): (&[String], bool),
        chart: Option<&analytical::Chart>,
    ) {
        let Some(first) = rows.first() else { return };
        let figure = |teller: &Self, row: &str, id: &str| teller.figures.of(&term(row, Some(id)));
        let whole = figure(self, first, of);
        if whole.as_ref().is_none_or(|whole| whole.number() <= 0) {
            return;
        }
        let mut lines = Vec::new();
        for id in columns {
            let mut cells = vec![vec![Run::plain(self.name(first, Some(id)))]];
            cells.extend(rows.iter().map(|row| cell(figure(self, row, id))));
            let own = figure(self, first, id);
            cells.push(self.share_cell(own.as_ref(), whole.as_ref()));
            lines.push(TableRow { cells, total: id == of, level: u8::from(id != of) });
        }
        let parts = || columns.iter().filter(|id| *id != of).map(String::as_str);
        let beyond = |teller: &Self, row: &str| {
            let terms = parts().flat_map(|id| term(row, Some(id))).collect();
            Some(figure(teller, row, of)?.minus(&teller.figures.of(&terms)?))
        };
        let unstated = beyond(self, first).filter(|figure| rest && figure.number() > 0);
        if unstated.is_some() {
            let mut cells = vec![vec![Run::plain(self.word("not_stated"))]];
            cells.extend(rows.iter().map(|row| cell(beyond(self, row))));
            cells.push(self.share_cell(unstated.as_ref(), whole.as_ref()));
            lines.push(TableRow { cells, total: false, level: 1 });
        }
        let mut heads = vec![column(vec![Run::plain(self.word("indicator"))], Side::Left, STUB)];
        heads.extend(rows.iter().map(|row| number_column(self.name(row, None))));
        heads.push(number_column(self.word("share")));
        self.table(title, heads, lines);
        if let Some(chart) = chart {
            let bars = parts().filter_map(|id| Some((self.name(first, Some(id)), figure(self, first, id)?)));
            let unstated = unstated.map(|figure| (self.word("not_stated").to_owned(), figure));
            let bars = bars.chain(unstated);
            let mut bars: Vec<(String, Figure)> = bars.filter(|(_, figure)| figure.number() > 0).collect();
            bars.sort_by_key(|(_, figure)| std::cmp::Reverse(figure.number()));
            self.bars(chart, bars);
        }
    }

    /// The rest of a whole beyond parts; `None` when nothing remains.
    pub fn rest(whole: &Figure, parts: &Figure) -> Option<Figure> {
        let rest = whole.minus(parts);
        Some(rest).filter(|rest| rest.number() != 0)
    }

    /// How many things are summed up in one line.
    pub fn how_many(count: usize) -> Figure {
        Figure::count(Formula::Lines(count), i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
