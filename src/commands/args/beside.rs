//! What is given beside the figures of a report.

use crate::commands::args::day::day;
use crate::values::period::{Period, Quarter};
use chrono::NaiveDate;
use clap::Args;
use std::path::{Path, PathBuf};

/// The day of the report, earlier reports, and what people tell.
#[derive(Debug, Clone, Default, Args)]
pub struct BesideArgs {
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    /// Earlier reports to compare with.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub previous: Vec<PathBuf>,
    /// What people tell about sections of the analytical report (TOML or Markdown).
    #[arg(long, value_name = "FILE")]
    pub narrative: Option<PathBuf>,
    /// Folder of attached materials.
    #[arg(long, value_name = "DIR")]
    pub attachments: Option<PathBuf>,
}

impl BesideArgs {
    /// The narrative and the folder of attached materials.
    pub fn told(&self) -> (Option<&Path>, Option<&Path>) {
        (self.narrative.as_deref(), self.attachments.as_deref())
    }

    /// The quarter as of its day; that after the quarter where none is given.
    pub fn period(&self, quarter: Quarter) -> Period {
        Period { quarter, as_of: self.as_of.unwrap_or_else(|| quarter.day_after()) }
    }
}
