//! Terms that the register gives for services.

use crate::facts::deadline::Term;
use chrono::NaiveDate;

/// A row of the register that gives a term.
#[derive(Debug, Clone)]
pub(crate) struct RegisterTerm {
    pub(crate) service: u32,
    pub(crate) code: String,
    pub(crate) provider: u32,
    pub(crate) included: NaiveDate,
    pub(crate) excluded: Option<NaiveDate>,
    pub(crate) term: Term,
    /// Some row of the register has no code: who is who is known only at the end.
    pub(crate) by_name: bool,
}

/// A row of the register; one that is included in a month that counts is new, unless the service was in force before.
#[derive(Debug, Clone)]
pub(crate) struct Inclusion {
    pub(crate) service: u32,
    pub(crate) provider: u32,
    pub(crate) term: Option<Term>,
    pub(crate) included: NaiveDate,
    pub(crate) excluded: Option<NaiveDate>,
    /// Where it stands, and the month that its inclusion counts in.
    pub(crate) source: usize,
    pub(crate) line: u64,
    pub(crate) month: Option<u32>,
    /// It counts as being in force already.
    pub(crate) fed: bool,
}

impl RegisterTerm {
    /// All that decides about a deadline, on a line.
    pub(crate) fn print(&self) -> String {
        let Self { code, included, excluded, term, by_name, .. } = self;
        format!("{code} {included} {excluded:?} {} {:?} {by_name}\n", term.value, term.unit)
    }

    pub(crate) fn in_force(&self, day: NaiveDate) -> bool {
        in_force(self.included, self.excluded, day)
    }
}

/// In force on a day: `excluded` is the first day out (forms.md, row 10).
pub(crate) fn in_force(included: NaiveDate, excluded: Option<NaiveDate>, day: NaiveDate) -> bool {
    included <= day && excluded.is_none_or(|excluded| excluded > day)
}
