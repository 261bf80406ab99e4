//! What was worked out about results before, so that nothing is worked out twice.

use crate::facts::deadline::{FirstDay, Term};
use crate::values::digest::QuickHash;
use crate::values::moment::Moment;
use std::collections::HashMap;

/// What was worked out before.
#[allow(clippy::option_option)] // the register's answer: only identities can tell, no term, a term
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// By day of receipt, term and its first day.
    pub(crate) terms: HashMap<(i64, Term, FirstDay), Worked, QuickHash>,
    /// By service and day of receipt.
    pub(crate) registered: HashMap<(u32, i64), Option<Option<Term>>, QuickHash>,
    pub(crate) classes: HashMap<u64, Judged, QuickHash>,
}

/// A deadline that was worked out, and the decisions that it rests on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Worked {
    pub(crate) due: Option<Moment>,
    pub(crate) d5: Option<FirstDay>,
    pub(crate) d9: bool,
}

/// What the forms make of a class of results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    /// Some sum of columns has it, and none of its parts.
    pub(crate) is_outside: bool,
    /// It counts by a cause that an act must confirm.
    pub(crate) needs_act: bool,
}
