//! Figures of the units that a report stands for: districts of a region, territorial bodies of a central body.

use crate::analytical::figures::figure::{Figure, Figures, Formula};
use crate::definitions::analytical::{Owed, Section};
use crate::definitions::form::Form;
use crate::definitions::slot;
use crate::definitions::slot::Terms;
use crate::report::testified::Testified;
use crate::values::cells::Cells;
use crate::words::lang::Lang;
use crate::words::lang::Text;

/// A unit with the cells of its own report, in the edition of the whole.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    /// KATO or BIN; empty for a unit that is known by its name.
    pub code: String,
    pub name: Text,
    pub cells: &'a Cells,
    /// What its report tells beside the cells; `None`: it does not, or the whole was made of records.
    pub testified: Option<&'a Testified>,
}

/// Whether the report of a unit answers a section: with words of people, or with numbers that owe no causes and
/// measures but those that its records tell.
pub fn answers(member: &Member<'_>, section: &Section, form: &Form) -> bool {
    let told = member.testified.and_then(|testified| testified.section(&section.id));
    if told.is_some_and(|told| told.text.is_some()) {
        return true;
    }
    let counts = member.testified.map(|testified| &testified.counts);
    let figures = Figures::new(form, member.cells);
    let number = |of: &String| match counts.and_then(|counts| counts.get(of)) {
        Some(count) => Some(*count),
        None => figures.of(&slot::terms(of).ok()?).map(|figure| figure.number()),
    };
    let owes = |asked: &Owed| {
        number(&asked.of).is_some_and(|count| count > 0)
            && told.is_none_or(|told| told.words(&asked.fields).next().is_none())
    };
    section.answered_by.iter().any(|of| number(of).is_some()) && !section.asks.iter().any(owes)
}

/// The cells of one unit, ready to be asked.
#[derive(Debug)]
pub struct OfUnit<'a> {
    pub member: &'a Member<'a>,
    figures: Figures<'a>,
}

impl<'a> OfUnit<'a> {
    pub fn new(form: &'a Form, member: &'a Member<'a>) -> Self {
        Self { member, figures: Figures::new(form, member.cells) }
    }

    /// The figure as it stands in the unit's report; `None`: nobody knows.
    pub fn of(&self, terms: &Terms) -> Option<Figure> {
        let value = self.figures.of(terms)?.number();
        let of = terms.iter().map(slot::Term::to_string).collect::<Vec<_>>().join("+");
        let Member { code, name, .. } = self.member;
        let unit = if code.is_empty() { name.get(Lang::Ru) } else { code }.to_owned();
        Some(Figure::count(Formula::Unit { unit, of, value }, value))
    }
}
