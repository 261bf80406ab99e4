//! What a control event hands to the records that hang on it.

use chrono::NaiveDate;

/// What later records need to know of a control event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    /// Month in which it was finished, if that month is counted.
    pub(crate) month: Option<u32>,
    /// It was finished in the previous quarter.
    pub(crate) before: bool,
    /// The day on which it was finished, if the period knows it.
    pub(crate) finished: Option<NaiveDate>,
    pub(crate) unit: u32,
    /// Its place among the events that count.
    pub(crate) place: Option<usize>,
}
