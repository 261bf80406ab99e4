//! The units that a report stands for, side by side.

use crate::analytical::document::{Run, Side, TableRow};
use crate::analytical::figures::Figure;
use crate::analytical::figures::units::OfUnit;
use crate::analytical::say::Teller;
use crate::analytical::tables::{STUB, cell, column, number_column};
use crate::definitions::analytical::{Chart, OfUnits};
use crate::definitions::slot;
use crate::definitions::slot::Terms;
use crate::words::lang::Text;
use anyhow::Result;

impl Teller<'_> {
    /// One row a unit, in the order of the units, and the whole below; bars of the first indicator.
    pub fn units(&mut self, title: &Text, columns: &[OfUnits], chart: Option<&Chart>) -> Result<()> {
        let (form, members) = (self.material.report.form, self.material.units);
        if members.is_empty() {
            return Ok(());
        }
        let terms = |of: &OfUnits| -> Result<(Terms, Option<Terms>)> {
            Ok((slot::terms(&of.of)?, of.over.as_ref().map(|over| slot::terms(over)).transpose()?))
        };
        let asked: Vec<(Terms, Option<Terms>)> = columns.iter().map(terms).collect::<Result<_>>()?;
        let units: Vec<OfUnit<'_>> = members.iter().map(|member| OfUnit::new(form, member)).collect();
        let mut rows = Vec::new();
        for unit in &units {
            let name = vec![Run::quoted(unit.member.name.get(self.lang))];
            rows.push(self.unit_row(name, &asked, |_, terms| unit.of(terms)));
        }
        let whole = vec![Run::plain(self.word("total"))];
        let mut whole = self.unit_row(whole, &asked, |teller, terms| teller.figures.of(terms));
        whole.total = true;
        rows.push(whole);
        let mut heads = vec![column(vec![Run::plain(self.word("unit"))], Side::Left, STUB)];
        heads.extend(columns.iter().map(|of| number_column(of.head.get(self.lang))));
        self.table(title, heads, rows);
        if let (Some(chart), Some((first, _))) = (chart, asked.first()) {
            let bar = |unit: &OfUnit<'_>| Some((unit.member.name.get(self.lang).to_owned(), unit.of(first)?));
            let mut bars: Vec<(String, Figure)> = units.iter().filter_map(bar).collect();
            bars.retain(|(_, figure)| figure.number() > 0);
            bars.sort_by_key(|(_, figure)| std::cmp::Reverse(figure.number()));
            self.bars(chart, bars);
        }
        Ok(())
    }

    fn unit_row(
        &mut self,
        name: Vec<Run>,
        asked: &[(Terms, Option<Terms>)],
        of: impl Fn(&Self, &Terms) -> Option<Figure>,
    ) -> TableRow {
        let mut cells = vec![name];
        for (terms, over) in asked {
            let part = of(self, terms);
            cells.push(match over {
                None => cell(part),
                Some(over) => {
                    let whole = of(self, over);
                    self.share_cell(part.as_ref(), whole.as_ref())
                }
            });
        }
        TableRow { cells, total: false, level: 0 }
    }
}
