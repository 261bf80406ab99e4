//! `esep-desk [FOLDER]`: opens the desk in the browser. See `README.md`.

use anyhow::{Context, Result, anyhow};
use esep::commands::args::language;
use esep::commands::out::terminal::{answer, tell};
use esep::definitions::Definitions;
use esep_desk::folder::Folder;
use esep_desk::gate::{Gate, secret};
use esep_desk::profile::{self, Held, Open, Start};
use esep_desk::run::AS_ESEP;
use esep_desk::state::App;
use esep_desk::{opening, page, server, words};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Seconds after the last sign of the page, after which the desk ends.
const IDLE: u64 = 15 * 60;

/// What was asked for on the command line.
#[derive(Debug, Default)]
struct Asked {
    folder: Option<PathBuf>,
    /// The browser is opened by somebody else.
    no_browser: bool,
    idle: Option<u64>,
}

fn main() -> ExitCode {
    let mut all: Vec<OsString> = std::env::args_os().collect();
    if all.get(1).is_some_and(|first| first == AS_ESEP) {
        all.remove(1);
        return esep::commands::main_of(&all);
    }
    match asked(all).and_then(|asked| run(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tell(format!("esep-desk: {fault:#}"));
            // the window that a double-click opened is shut with the program
            if cfg!(windows) && std::io::stdin().is_terminal() {
                let _ = std::io::stdin().read_line(&mut String::new());
            }
            ExitCode::from(2)
        }
    }
}

/// Why the desk does not open, in the language of the system.
fn refused(key: &str, place: &Path) -> Result<anyhow::Error> {
    let (words, definitions) = (words::load()?, Definitions::load(None)?);
    let text = words.get(key).context("desk/words")?;
    let slots = [("place".to_owned(), place.display().to_string())];
    Ok(anyhow!(text.fill(&slots).get(language::of(&[], &definitions)).to_owned()))
}

fn asked(all: Vec<OsString>) -> Result<Asked> {
    let mut asked = Asked::default();
    let mut rest = all.into_iter().skip(1);
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("--no-browser") => asked.no_browser = true,
            Some("--idle") => {
                let seconds = rest.next().and_then(|seconds| seconds.to_str()?.parse().ok());
                asked.idle = Some(seconds.context("--idle SECONDS")?);
            }
            Some(option) if option.starts_with('-') => {
                anyhow::bail!("esep-desk [--no-browser] [--idle SECONDS] [FOLDER]")
            }
            _ => asked.folder = Some(PathBuf::from(word)),
        }
    }
    Ok(asked)
}

fn run(asked: &Asked) -> Result<()> {
    match profile::start()? {
        Start::Second(open) => {
            if open.token.is_empty() {
                return Err(refused("refused_starting", &open.root)?);
            }
            // the desk that runs keeps one folder: that of another is not shown for the one that was asked for
            if asked.folder.as_ref().is_some_and(|folder| !folder.canonicalize().is_ok_and(|own| own == open.root)) {
                return Err(refused("refused_other_folder", &open.root)?);
            }
            present(&open, asked)
        }
        Start::First(held) => serve(&held, asked),
    }
}

fn serve(held: &Held, asked: &Asked) -> Result<()> {
    let own = || profile::home().map(|home| home.join("esep"));
    let root = asked.folder.clone().or_else(|| held.remembered()).or_else(own).context("no folder")?;
    let Ok(folder) = Folder::open(&root) else { return Err(refused("refused_no_folder", &root)?) };
    let Ok(_kept) = folder.keep() else { return Err(refused("refused_kept", folder.root())?) };
    let page = page::page(&words::load()?)?;
    let definitions = Definitions::load(None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (port, token) = (listener.local_addr()?.port(), secret()?);
        let open = Open { root: folder.root().to_owned(), port, token };
        let app = Arc::new(App::new(folder, definitions, page, Gate::new(port, &open.token)));
        held.tell(&open)?;
        present(&open, asked)?;
        let idle = Duration::from_secs(asked.idle.unwrap_or(IDLE));
        server::serve(listener, app, idle).await;
        held.tell(&Open { root: open.root, ..Open::default() })?;
        Ok(())
    })
}

/// Opens the page in the browser; where there is none, its address is said.
fn present(open: &Open, asked: &Asked) -> Result<()> {
    let address = format!("http://127.0.0.1:{}/#{}", open.port, open.token);
    if asked.no_browser || opening::open(&address).is_err() {
        answer(&format!("{address}\n"))?;
    }
    Ok(())
}
