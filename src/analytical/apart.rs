//! Rows told apart by what the form does not print: services of refusals, causes of late results.

use crate::analytical::document::{Piece, Run, Side, Table, TableRow};
use crate::analytical::figures::{Figure, Formula};
use crate::analytical::say::Teller;
use crate::analytical::tables::{STUB, capital, cell, column, number_column};
use crate::definitions::analytical::{Apart, OfUnits};
use crate::definitions::slot;
use crate::facts::apart::key;
use crate::values::cells::Party;
use crate::words::lang::Text;
use anyhow::Result;

impl Teller<'_> {
    /// One row a service or cause, the largest first; the cells of the form below.
    pub fn apart(&mut self, title: &Text, by: Apart, columns: &[OfUnits], longest: usize) -> Result<()> {
        let Some(told) = self.material.testimony.apart.get(&key(by, columns)) else { return Ok(()) };
        let whole: Vec<Option<Figure>> =
            columns.iter().map(|column| Ok(self.figures.of(&slot::terms(&column.of)?))).collect::<Result<_>>()?;
        let mut told: Vec<&(Party, Vec<i64>)> = told.iter().collect();
        let label = |party: &Party| (party.label().is_empty(), party.label().to_owned());
        told.sort_by_cached_key(|(party, numbers)| {
            let most = numbers.iter().copied().max().unwrap_or(0);
            (std::cmp::Reverse(most), label(party))
        });
        if told.is_empty() || whole.iter().all(Option::is_none) {
            return Ok(());
        }
        let field = if by == Apart::Service { "service_name" } else { "delay_cause" };
        let row = |(party, numbers): &&(Party, Vec<i64>)| {
            let mut cells = vec![self.apart_name(by, party)];
            cells.extend(numbers.iter().zip(&whole).map(|(value, whole)| {
                let formula = Formula::Records { field: field.to_owned(), value: *value };
                cell(whole.as_ref().map(|_| Figure::count(formula, *value)))
            }));
            TableRow { cells, total: false, level: 0 }
        };
        let mut rows: Vec<TableRow> = told.iter().map(row).collect();
        let beyond = self.shorten(&mut rows, longest);
        let total = vec![Run::plain(self.word("total"))];
        let cells = std::iter::once(total).chain(whole.into_iter().map(cell)).collect();
        rows.push(TableRow { cells, total: true, level: 0 });
        let head = if by == Apart::Service {
            self.material.definitions.words("service").get(self.lang)
        } else {
            self.word("delay_cause")
        };
        let mut heads = vec![column(vec![Run::plain(head)], Side::Left, STUB)];
        heads.extend(columns.iter().map(|own| number_column(own.head.get(self.lang))));
        let title = vec![Run::plain(title.get(self.lang))];
        self.pieces.push(Piece::Table(Table { title, columns: heads, rows, beyond }));
        Ok(())
    }

    fn apart_name(&self, by: Apart, party: &Party) -> Vec<Run> {
        let definitions = self.material.definitions;
        match by {
            _ if party.label().is_empty() => vec![Run::plain(capital(self.word("not_stated")))],
            Apart::Service => vec![Run::quoted(party.label())],
            // not the words of the list: those say that an act confirms the cause
            Apart::Cause => vec![Run::quoted(capital(&definitions.code_short("delay_cause", &party.code, self.lang)))],
        }
    }
}
