//! Figures of the units that a report stands for: districts of a region, territorial bodies of a central body.

use super::{Figure, Figures, Formula};
use crate::cells::{Cells, Party};
use crate::definitions::form::Form;
use crate::definitions::slot::{self, Terms};

/// A unit with the cells of its own report, in the edition of the whole.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    pub party: Party,
    pub cells: &'a Cells,
}

/// The cells of one unit, ready to be asked.
#[derive(Debug)]
pub struct OfUnit<'a> {
    pub party: &'a Party,
    figures: Figures<'a>,
}

impl<'a> OfUnit<'a> {
    pub fn new(form: &'a Form, member: &'a Member<'a>) -> Self {
        Self { party: &member.party, figures: Figures::new(form, member.cells) }
    }

    /// The figure as it stands in the unit's report; `None`: nobody knows.
    pub fn of(&self, terms: &Terms) -> Option<Figure> {
        let value = self.figures.of(terms)?.number();
        let of = terms.iter().map(slot::Term::to_string).collect::<Vec<_>>().join("+");
        let Party { code, name } = self.party;
        let unit = if code.is_empty() { name } else { code }.clone();
        Some(Figure::count(Formula::Unit { unit, of, value }, value))
    }
}
