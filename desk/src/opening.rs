//! What opens in another program's window.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// Opens a page or a folder with the program that the system has for it.
///
/// # Errors
/// There is none.
pub fn open(what: impl AsRef<OsStr>) -> std::io::Result<()> {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else {
        Command::new("xdg-open")
    };
    command.arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    Ok(())
}
