//! Arguments of `init`.

use crate::words::lang::Lang;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Init {
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long)]
    pub force: bool,
}

/// The request that the arguments make.
pub fn request(arguments: &Init, lang: Option<Lang>, terminal: Lang) -> crate::commands::init::Request {
    crate::commands::init::Request {
        paths: arguments.paths.clone(),
        out: arguments.out.clone(),
        lang,
        terminal,
        force: arguments.force,
    }
}
