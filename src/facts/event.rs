//! What a control event hands to the records that hang on it.

/// What later records need to know of a control event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    /// Month in which it was finished, if that month is counted.
    pub(crate) month: Option<u32>,
    /// It was finished in the previous quarter.
    pub(crate) before: bool,
    pub(crate) unit: u32,
}
