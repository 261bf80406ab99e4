//! Arguments of `init`.

use super::lang;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Init {
    /// Your files and folders with records (CSV, XLSX, XLS, ODS)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Folder for organisation.toml and mapping.toml
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Language: kk, ru, en [default: that of the headers]
    #[arg(long)]
    pub lang: Option<String>,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

/// The request that the arguments make.
pub fn request(arguments: &Init) -> Result<crate::init::Request> {
    Ok(crate::init::Request {
        paths: arguments.paths.clone(),
        out: arguments.out.clone(),
        lang: arguments.lang.as_ref().map(lang).transpose()?,
        force: arguments.force,
    })
}
