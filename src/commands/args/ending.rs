//! How a command ends that judges and writes: what blocks, what is replaced, what is said.

use crate::words::finding::Severity;
use clap::Args;

/// What blocks, whether existing results are replaced, and whether the summary is spared.
#[derive(Debug, Clone, Default, Args)]
pub struct Ending {
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    pub deny: Option<String>,
    #[arg(long)]
    pub force: bool,
    #[arg(long)]
    pub quiet: bool,
}

impl Ending {
    /// The exit status by the worst finding: 1 where it blocks (an error; a warning only where those are denied), else 0.
    pub fn status(&self, worst: Option<Severity>) -> u8 {
        let least = if self.deny.is_some() { Severity::Warning } else { Severity::Error };
        u8::from(worst.is_some_and(|worst| worst <= least))
    }
}
