//! Figures of earlier reports of the same form.

use crate::analytical::figures::figure::{Figure, Figures, Formula};
use crate::definitions::form::Form;
use crate::definitions::slot;
use crate::definitions::slot::Terms;
use crate::filed::form::Filed;
use crate::values::cells::Party;
use crate::values::period::Quarter;

/// An earlier report that can be asked.
#[derive(Debug)]
pub struct Before<'a> {
    pub quarter: Quarter,
    figures: Figures<'a>,
}

impl<'a> Before<'a> {
    /// The report of a form and quarter among those that were given; an incomplete quarter cannot be compared.
    pub fn find(reports: &'a [Filed<'a>], form: &Form, unit: Option<&Party>, quarter: Quarter) -> Option<Self> {
        let same = |report: &&Filed| report.form.form == form.form && report.period.quarter == quarter;
        let ended = |report: &&Filed| report.is_of(unit) && report.period.ended_months() == 3;
        let report = reports.iter().find(|report| same(report) && ended(report))?;
        Some(Self { quarter, figures: Figures::new(report.form, &report.cells) })
    }

    /// The figure as it stood there.
    pub fn of(&self, terms: &Terms) -> Option<Figure> {
        let value = self.figures.of(terms)?.number();
        let of = terms.iter().map(slot::Term::to_string).collect::<Vec<_>>().join("+");
        Some(Figure::count(Formula::Earlier { quarter: self.quarter, of, value }, value))
    }
}
