//! What makes the exit status of a run that was not done.

use crate::words::failure::Halt;
use crate::words::finding::Finding;

/// Marks a run that cannot be done as asked: wrong usage or configuration (exit status 2).
#[derive(Debug)]
pub struct Misuse;

impl std::fmt::Display for Misuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("")
    }
}

/// The fault of a run over a report that cannot be read (exit status 3).
pub(crate) fn unreadable(fault: anyhow::Error) -> anyhow::Error {
    fault.context(NothingRead { findings: Vec::new() })
}

/// The fault of a run that cannot be done as asked.
pub(crate) fn misuse(halt: Halt) -> anyhow::Error {
    anyhow::Error::from(halt).context(Misuse)
}

/// Marks that no source could be read as a table (exit status 3).
#[derive(Debug)]
pub struct NothingRead {
    /// Why.
    pub findings: Vec<Finding>,
}

impl std::fmt::Display for NothingRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("")
    }
}

impl NothingRead {
    /// The fault of a run that found no table.
    pub fn halt(findings: Vec<Finding>) -> anyhow::Error {
        anyhow::Error::from(Halt::new("fault_nothing_read")).context(Self { findings })
    }
}
