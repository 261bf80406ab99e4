//! What is given beside the figures of a report.

use crate::commands::args::day::day;
use chrono::NaiveDate;
use clap::Args;
use std::path::PathBuf;

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
