//! Comparison with the previous quarter and the same quarter of the year before.

use crate::analytical::document::{ParagraphKind, Run, Side, TableColumn, TableRow};
use crate::analytical::figures::Figure;
use crate::analytical::figures::compare::Before;
use crate::analytical::figures::numeral::{decimal, signed};
use crate::analytical::say::{Teller, number_run};
use crate::analytical::tables::{STUB, capital, cell, column};
use crate::definitions::analytical::Compared;
use crate::definitions::printed::roman;
use crate::definitions::slot;
use crate::definitions::slot::{Bend, Terms};
use crate::values::period::Quarter;
use crate::words::number::{NBSP, grouped};
use anyhow::Result;

/// An indicator now and before.
struct Values {
    now: Option<Figure>,
    /// What a share is of.
    over: Option<Figure>,
}

impl Teller<'_> {
    /// Sentences for the indicators that are told, and a table of all.
    pub fn compare(&mut self, items: &[Compared]) -> Result<()> {
        let quarters: Vec<Quarter> =
            [&self.previous, &self.year_before].into_iter().flatten().map(|b| b.quarter).collect();
        if quarters.is_empty() {
            return Ok(());
        }
        let mut sentences: Vec<Run> = Vec::new();
        let mut rows = Vec::new();
        for item in items {
            let of = slot::terms(&item.of)?;
            let over = item.over.as_ref().map(|over| slot::terms(over)).transpose()?;
            let now = self.values(None, &of, over.as_ref());
            let before: Vec<Values> = [&self.previous, &self.year_before]
                .into_iter()
                .flatten()
                .map(|b| self.values(Some(b), &of, over.as_ref()))
                .collect();
            if now.now.is_none() && before.iter().all(|before| before.now.is_none()) {
                continue;
            }
            if let (true, Some(told)) = (item.say, before.first()) {
                let said = self.change_sentence(item, &now, told, quarters[0], sentences.is_empty());
                if !said.is_empty() && !sentences.is_empty() {
                    sentences.push(Run::plain(" "));
                }
                sentences.extend(said);
            }
            let name = capital(item.name.get(self.lang).trim_end_matches(','));
            let mut cells = vec![vec![Run::plain(name)], self.indicator(&now)];
            for before in &before {
                cells.push(self.indicator(before));
                cells.extend(self.changes(&now, before));
            }
            rows.push(TableRow { cells, total: false, level: 0 });
        }
        self.paragraph(ParagraphKind::Body, sentences);
        let columns = self.compare_heads(&quarters);
        self.table(&self.phrases.get("compared").clone(), columns, rows);
        Ok(())
    }

    fn compare_heads(&self, quarters: &[Quarter]) -> Vec<TableColumn> {
        let period = |quarter: Quarter| {
            let text = self.printer.period(quarter).get(self.lang).to_owned();
            column(vec![Run::reference(text)], Side::Right, 1.1)
        };
        let mut columns = vec![column(vec![Run::plain(self.word("indicator"))], Side::Left, STUB * 0.75)];
        columns.push(period(self.material.report.period.quarter));
        for quarter in quarters {
            columns.push(period(*quarter));
            columns.push(column(vec![Run::plain(self.word("change"))], Side::Right, 1.5));
            columns.push(column(vec![Run::plain(self.word("change_share"))], Side::Right, 1.5));
        }
        columns
    }

    fn values(&self, before: Option<&Before<'_>>, of: &Terms, over: Option<&Terms>) -> Values {
        let figure = |terms: &Terms| before.map_or_else(|| self.figures.of(terms), |before| before.of(terms));
        Values { now: figure(of), over: over.and_then(figure) }
    }

    /// A number, or a share; of a small base only its two numbers.
    fn indicator(&self, values: &Values) -> Vec<Run> {
        match (&values.now, &values.over) {
            (Some(part), Some(whole)) => {
                if let Some(share) = part.share(whole) {
                    return vec![self.percent(share)];
                }
                let whole_from = self.bent(whole.clone(), Bend::From);
                let (part, whole) = (vec![number_run(part.clone())], vec![number_run(whole.clone())]);
                self.phrase("part_of", &[("part", part), ("whole", whole), ("whole_from", whole_from)])
            }
            (figure, _) => cell(figure.clone()),
        }
    }

    /// The change as a number or in percentage points, and in per cent.
    fn changes(&mut self, now: &Values, before: &Values) -> [Vec<Run>; 2] {
        let none = || vec![Run::plain("–")];
        let (Some(is), Some(was)) = (&now.now, &before.now) else { return [none(), none()] };
        if let (Some(whole), Some(base)) = (&now.over, &before.over) {
            let (Some(is), Some(was)) = (is.share(whole), was.share(base)) else { return [none(), none()] };
            let points = is.minus(&was);
            let text = signed(decimal(points.value, self.lang), points.value.tenths());
            let text = self.word("points").replace("{number}", &text).replace(' ', &NBSP.to_string());
            return [vec![Run::figure(text, points)], none()];
        }
        let change = is.minus(was);
        let number = change.value.above;
        let absolute = vec![Run::figure(signed(grouped(number), number), change)];
        let share = is.change(was);
        self.small |= share.is_none();
        let signed_share =
            |share: Figure| vec![Run::figure(signed(decimal(share.value, self.lang), share.value.tenths()), share)];
        let share = share.map_or_else(none, signed_share);
        [absolute, share]
    }

    fn change_sentence(
        &self,
        item: &Compared,
        now: &Values,
        before: &Values,
        quarter: Quarter,
        first: bool,
    ) -> Vec<Run> {
        let (Some(is), Some(was)) = (&now.now, &before.now) else { return Vec::new() };
        let difference = is.minus(was);
        let (key, change) = match difference.number() {
            0 => ("same", difference),
            1.. => ("up", difference),
            _ => ("down", was.minus(is)),
        };
        let share = is.change(was).filter(|_| key != "same").map_or_else(Vec::new, |mut share| {
            share.value.above = share.value.above.abs();
            self.phrase("share_brackets", &[("share", vec![self.percent(share)])])
        });
        let name = item.name.get(self.lang);
        let slots = [
            ("year", vec![Run::reference(quarter.year.to_string())]),
            ("quarter", vec![Run::reference(roman(quarter))]),
            ("name", vec![Run::plain(if first { name.to_owned() } else { capital(name) })]),
            ("share", share),
            ("change", vec![number_run(change.clone())]),
            ("change_to", self.bent(change, Bend::To)),
            ("was", vec![number_run(was.clone())]),
            ("was_from", self.bent(was.clone(), Bend::From)),
            ("is", vec![number_run(is.clone())]),
            ("is_to", self.bent(is.clone(), Bend::To)),
        ];
        let again = match key {
            "same" => "same_again",
            "up" => "up_again",
            _ => "down_again",
        };
        self.phrase(if first { key } else { again }, &slots)
    }
}
