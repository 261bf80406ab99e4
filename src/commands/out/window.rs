//! The window of a program that was started with the mouse: it closes when the program ends, so the reader comes first.

use std::io::{BufRead, IsTerminal};

/// Says the words and waits for Enter, where the program was started from the file manager of Windows.
pub fn stay(words: &str) {
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && is_started_by_mouse() {
        crate::commands::out::terminal::tell(format!("\n{words}"));
        let _ = std::io::stdin().lock().read_line(&mut String::new());
    }
}

/// A program that runs: its number, the number of the one that started it, and its name.
#[cfg(any(windows, test))]
type Running = (u32, u32, String);

#[cfg(windows)]
fn is_started_by_mouse() -> bool {
    use winsafe::{GetCurrentProcessId, HPROCESSLIST, co};
    let Ok(mut list) = HPROCESSLIST::CreateToolhelp32Snapshot(co::TH32CS::SNAPPROCESS, None) else { return false };
    let running: Vec<Running> = list
        .iter_processes()
        .map_while(Result::ok)
        .map(|one| (one.th32ProcessID, one.th32ParentProcessID, one.szExeFile()))
        .collect();
    is_of_file_manager(GetCurrentProcessId(), &running)
}

#[cfg(not(windows))]
fn is_started_by_mouse() -> bool {
    false
}

/// Whether the file manager of Windows started the program of this number.
#[cfg(any(windows, test))]
fn is_of_file_manager(own: u32, running: &[Running]) -> bool {
    let parent = running.iter().find(|(number, ..)| *number == own).map(|(_, parent, _)| *parent);
    let name = |number| running.iter().find(|(other, ..)| *other == number).map(|(.., name)| name);
    parent.and_then(name).is_some_and(|name| name.eq_ignore_ascii_case("explorer.exe"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_file_manager_started_waits() {
        let running =
            [(1, 0, "Explorer.EXE"), (2, 1, "cmd.exe"), (3, 2, "esep.exe"), (4, 1, "esep.exe"), (5, 9, "esep.exe")];
        let running = running.map(|(number, parent, name)| (number, parent, name.to_owned()));
        assert_eq!([3, 4, 5, 6].map(|own| is_of_file_manager(own, &running)), [false, true, false, false]);
    }
}
