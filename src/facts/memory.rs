//! What was worked out about results before, so that nothing is worked out twice.

use crate::facts::deadline::{FirstDay, Term, TermUnit};
use crate::values::digest::QuickHash;
use crate::values::moment::Moment;
use std::collections::HashMap;
use std::ops::Range;

/// What was worked out before.
#[allow(clippy::option_option)] // the register's answer: only identities can tell, no term, a term
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) known: Option<Known>,
    pub(crate) terms: HashMap<(i64, i64, u32), Worked, QuickHash>,
    pub(crate) registered: HashMap<(u32, i64), Option<Option<Term>>, QuickHash>,
    pub(crate) classes: HashMap<u64, Judged, QuickHash>,
    /// By the first day of the term: the day after receipt, that of receipt.
    pub(crate) d5: [i64; 2],
    pub(crate) d9: i64,
    /// Records whose channel or applicant is one that the Rules do not name.
    pub(crate) d17: i64,
}

/// Positions of codes, and the months that count, in minutes.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) refused: Option<usize>,
    pub(crate) in_progress: Option<usize>,
    pub(crate) rendered: Option<usize>,
    pub(crate) reasons: Vec<usize>,
    /// What a channel or an applicant counts as.
    pub(crate) channels: Vec<usize>,
    pub(crate) applicants: Vec<usize>,
    pub(crate) units: Vec<Option<TermUnit>>,
    pub(crate) months: Vec<(i64, i64)>,
    pub(crate) plausible: Range<i64>,
    pub(crate) end: Moment,
}

/// A deadline that was worked out, and the decisions that it rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worked {
    pub(crate) due: Option<Moment>,
    pub(crate) d5: Option<FirstDay>,
    pub(crate) d9: bool,
}

/// What the forms make of a class of results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) has_finding: bool,
    pub(crate) needs_act: bool,
    pub(crate) fed: bool,
}
