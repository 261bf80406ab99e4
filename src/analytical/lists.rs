//! Services and providers ranked, what records say in words, and lists of records.

use crate::analytical::document::{ParagraphKind, Run, Side, TableRow};
use crate::analytical::figures::lines::{Ranked, ranked};
use crate::analytical::figures::material::sieves;
use crate::analytical::figures::{At, Figure, Formula};
use crate::analytical::say::{Teller, number_run};
use crate::analytical::tables::{STUB, capital, cell, column, number_column, term};
use crate::definitions::analytical;
use crate::definitions::analytical::{By, More};
use crate::definitions::slot;
use crate::facts::wordings::kept::OTHER;
use crate::words::lang::Text;
use anyhow::Result;

/// Wordings of a table at most; the rest is one line.
const WORDINGS: usize = 12;

impl Teller<'_> {
    /// The longest lines of the rows' blocks.
    pub fn lines(
        &mut self,
        title: &Text,
        rows: &[String],
        by: By,
        ranking: Option<&str>,
        (more, longest): (&[More], usize),
        chart: Option<&analytical::Chart>,
    ) {
        let all = ranked(&self.figures, rows, by, ranking);
        if all.is_empty() {
            return;
        }
        let (shown, others) = all.split_at(longest.min(all.len()));
        let mut lines: Vec<TableRow> = Vec::new();
        for line in shown {
            let name = vec![Run::quoted(line.party.label())];
            lines.push(self.line_row(
                name,
                |teller, column| teller.figures.sum(line.cells(&teller.figures, column)),
                ranking,
                more,
            ));
        }
        if !others.is_empty() {
            let count = vec![number_run(Self::how_many(others.len()))];
            let name = self.phrase("rest", &[("count", count)]);
            let rest = |teller: &Self, column: Option<&str>| {
                let parts = shown.iter().flat_map(|line| line.cells(&teller.figures, column)).collect();
                Some(teller.whole(rows, column)?.minus(&teller.figures.sum(parts)?))
            };
            lines.push(self.line_row(name, rest, ranking, more));
        }
        let total = vec![Run::plain(self.word("total"))];
        let mut total = self.line_row(total, |teller, column| teller.whole(rows, column), ranking, more);
        total.total = true;
        lines.push(total);
        let by = if by == By::Service { "service" } else { "provider" };
        let by = self.material.definitions.words(by).get(self.lang);
        let first = ranking
            .map_or_else(|| self.word("count").to_owned(), |column| self.name(self.totalling(rows), Some(column)));
        let mut columns = vec![column(vec![Run::plain(by)], Side::Left, STUB), number_column(first)];
        columns.extend(more.iter().map(|more| {
            let share = if more.over.is_some() { ", %" } else { "" };
            number_column(format!("{}{share}", capital(more.head.get(self.lang))))
        }));
        self.table(title, columns, lines);
        if let Some(chart) = chart {
            let bar = |line: &Ranked| {
                Some((line.party.label().to_owned(), self.figures.sum(line.cells(&self.figures, ranking))?))
            };
            let bars = shown.iter().filter_map(bar).collect();
            self.bars(chart, bars);
        }
    }

    fn line_row(
        &mut self,
        name: Vec<Run>,
        of: impl Fn(&Self, Option<&str>) -> Option<Figure>,
        ranking: Option<&str>,
        more: &[More],
    ) -> TableRow {
        let mut cells = vec![name, cell(of(self, ranking))];
        for more in more {
            let part = of(self, Some(&more.column));
            cells.push(match &more.over {
                None => cell(part),
                Some(over) => {
                    let whole = of(self, Some(over));
                    self.share_cell(part.as_ref(), whole.as_ref())
                }
            });
        }
        TableRow { cells, total: false, level: 0 }
    }

    /// The sum of rows; a row of which only the lines are printed is found in the row that sums it.
    fn whole(&self, rows: &[String], column: Option<&str>) -> Option<Figure> {
        let form = self.material.report.form;
        let printed = |row: &&String| form.row_position(row).is_some_and(|place| self.figures.line(place).is_some());
        let own: Vec<At> =
            rows.iter().filter(printed).flat_map(|row| self.figures.cells_of(&term(row, column))).collect();
        if own.is_empty() { self.figures.of(&term(self.totalling(rows), column)) } else { self.figures.sum(own) }
    }

    /// The row that sums the rows, else the first of them.
    fn totalling<'r>(&'r self, rows: &'r [String]) -> &'r str {
        let form = self.material.report.form;
        let sum = form.rows.iter().find(|row| rows.iter().all(|part| row.sum.contains(part)));
        sum.map(|row| row.id.as_str()).or(rows.first().map(String::as_str)).unwrap_or_default()
    }

    /// What the records behind rows say in a field, the rest being what they do not say.
    pub fn texts(
        &mut self,
        title: &Text,
        head: &Text,
        fields: &[String],
        rows: &[String],
        of: Option<&str>,
        chart: Option<&analytical::Chart>,
    ) -> Result<()> {
        let of = of.map_or_else(|| rows.join("+"), str::to_owned);
        let Some(whole) = self.figures.of(&slot::terms(&of)?) else { return Ok(()) };
        let sieves = sieves(self.material.report.form, self.material.definitions, rows);
        let passes = |set: usize, class| sieves.iter().any(|(of, sieve)| *of == set && sieve.passes(class));
        let mut groups = self.material.testimony.texts.groups(fields, self.material.testimony.unit, passes);
        if groups.is_empty() {
            return Ok(());
        }
        let field = fields.join(", ");
        let figure = |value: i64| Figure::count(Formula::Records { field: field.clone(), value }, value);
        let stated = figure(groups.iter().map(|group| group.count).sum());
        let beyond = groups.split_off(WORDINGS.min(groups.len()));
        let mut named: Vec<(Vec<Run>, Figure)> =
            groups.iter().map(|group| (vec![self.wording(&group.text, fields)], figure(group.count))).collect();
        if !beyond.is_empty() {
            let count = vec![number_run(Self::how_many(beyond.len()))];
            let value = beyond.iter().map(|group| group.count).sum();
            named.push((self.phrase("rest", &[("count", count)]), figure(value)));
        }
        if let Some(rest) = Self::rest(&whole, &stated) {
            let key = if rest.number() > 0 { "not_stated" } else { "beyond" };
            named.push((vec![Run::plain(capital(self.word(key)))], rest));
        }
        let mut lines = Vec::new();
        let total = (vec![Run::plain(self.word("total"))], whole.clone());
        for (nth, (name, count)) in named.iter().chain([&total]).enumerate() {
            let mut cells = vec![name.clone(), cell(Some(count.clone()))];
            cells.extend(count.share(&whole).map(|share| vec![self.decimal_run(share)]));
            lines.push(TableRow { cells, total: nth == named.len(), level: 0 });
        }
        let mut columns =
            vec![column(vec![Run::plain(head.get(self.lang))], Side::Left, STUB), number_column(self.word("count"))];
        if whole.share(&whole).is_some() {
            columns.push(number_column(self.word("share")));
        }
        self.table(title, columns, lines);
        if let Some(chart) = chart {
            let bars = named.into_iter().map(|(name, figure)| (crate::analytical::document::text(&name), figure));
            self.bars(chart, bars.filter(|(_, figure)| figure.number() > 0).collect());
        }
        Ok(())
    }

    /// A wording as printed: a code in words, the words of a record with a capital.
    pub(crate) fn wording(&self, text: &str, fields: &[String]) -> Run {
        if text == OTHER {
            return Run::plain(capital(self.word("other_wordings")));
        }
        let definitions = self.material.definitions;
        let list = fields.first().and_then(|field| field.split_once('.')).and_then(|(table, name)| {
            let table = &definitions.tables[definitions.table(table)?];
            table.fields[table.position(name)?].list.as_deref()
        });
        Run::quoted(list.map_or_else(|| capital(text), |list| capital(&definitions.code_label(list, text, self.lang))))
    }

    /// Records whose date falls into the period, one row each.
    pub fn list(&mut self, title: &Text, none: &Text, (table, date): (&str, &str), fields: &[String], heads: &[Text]) {
        let testimony = self.material.testimony;
        // A unit has no part of the register of its own.
        if !testimony.given.contains(table) || testimony.unit.is_some() {
            return;
        }
        let listed = alike_joined(testimony.texts.listed(table, date, fields.len()));
        if listed.is_empty() {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(none.get(self.lang))]);
            return;
        }
        let cell = |text: String| {
            vec![if text.is_empty() { Run::plain(self.word("not_stated")) } else { Run::quoted(day(text)) }]
        };
        let cells = |row: Vec<String>| row.into_iter().map(cell).collect();
        let rows = listed.into_iter().map(|row| TableRow { cells: cells(row), total: false, level: 0 }).collect();
        let head = |(nth, head): (usize, &Text)| {
            column(vec![Run::plain(head.get(self.lang))], Side::Left, if nth == 0 { STUB } else { 1.2 })
        };
        let columns = heads.iter().enumerate().map(head).collect();
        self.table(title, columns, rows);
    }
}

/// Rows that differ in their last field only are one: an act is told once, with all of its services.
fn alike_joined(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut joined: Vec<Vec<String>> = Vec::new();
    for mut row in rows {
        let own = row.len().saturating_sub(1);
        match joined.last_mut().filter(|last| last[..own] == row[..own]) {
            Some(last) => {
                let more = row.pop().unwrap_or_default();
                last[own] = format!("{}; {more}", last[own]);
            }
            None => joined.push(row),
        }
    }
    joined
}

/// A day as people write it: `31.07.2026`.
fn day(text: String) -> String {
    match chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        Ok(day) => day.format("%d.%m.%Y").to_string(),
        Err(_) => text,
    }
}
