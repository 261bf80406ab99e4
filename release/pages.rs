//! `pages FOLDER`: what a Linux system keeps beside a program: `completions/` for shells, `man/` with a page a command
//! in Kazakh, Russian and English.
#![allow(clippy::unwrap_used, clippy::pedantic)]

use clap_complete::{Shell, generate_to};
use esep::commands::described;
use esep::definitions::Definitions;
use esep::words::lang::Lang;
use std::fs;
use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("a folder"));
    let definitions = Definitions::load(None)?;
    let shells = folder.join("completions");
    fs::create_dir_all(&shells)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        generate_to(shell, &mut described(&definitions, Lang::En), "esep", &shells)?;
    }
    for lang in Lang::ALL {
        // where a system looks for pages of a language; English ones have no folder of their own
        let place =
            if lang == Lang::En { folder.join("man/man1") } else { folder.join("man").join(lang.code()).join("man1") };
        fs::create_dir_all(&place)?;
        let command = described(&definitions, lang);
        // the pages of `help` would say every one of them again
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            clap_mangen::Man::new(below.clone()).generate_to(&place)?;
        }
        clap_mangen::Man::new(command).generate_to(&place)?;
    }
    Ok(())
}
