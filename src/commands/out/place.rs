//! Results put in their place as one: all of a run, or none.

use crate::commands::out::journal::{JOURNAL, Sides, Step};
use crate::commands::out::moves::{Moves, settle, settle_folder};
use crate::commands::out::scratch::Scratch;
use crate::words::failure::{Halt, OrHalt};
use anyhow::Result;
use std::fs;
use std::path::Path;

/// Replaces all results of these names in `out` by those in the scratch folder.
///
/// # Errors
/// The disk cannot take them, or one cannot be moved: then the old ones are in their place, all of them.
pub fn put_all(scratch: &mut Scratch, names: &[String], out: &Path, moves: &Moves) -> Result<()> {
    let place = scratch.path().to_owned();
    let sides = Sides { scratch: &place, out, moves };
    for name in names {
        settle(&place.join(name)).or_halt(|| Halt::writing(out.join(name)))?;
    }
    sides.note(names).or_halt(|| Halt::writing(out))?;
    settle_folder(&place).or_halt(|| Halt::writing(out))?;
    let mut done: Vec<(&String, Step)> = Vec::new();
    for name in names {
        match sides.put(name) {
            Ok(step) => done.push((name, step)),
            Err(lost) => {
                let taken_back = done.iter().rev().all(|(name, step)| sides.take_back(name, *step).is_ok());
                let fault = Err(lost.fault).or_halt(|| Halt::writing(out.join(name)));
                if taken_back && !lost.is_aside {
                    return fault;
                }
                scratch.stay();
                return fault.or_halt(|| Halt::new("fault_aside").at(&place));
            }
        }
    }
    // from here on the next run has nothing to take back
    let _ = fs::remove_file(place.join(JOURNAL));
    settle_folder(out).or_halt(|| Halt::writing(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::io::{self, ErrorKind};
    use std::time::Duration;

    /// Results by name, old ones for those that were there before.
    fn prepare(out: &Path) -> Result<(Scratch, Vec<String>)> {
        let scratch = Scratch::new(out)?;
        let names = ["1-mk", "2-mk", "2-mk_unit", "new"].map(str::to_owned).to_vec();
        for name in &names {
            fs::create_dir_all(scratch.path().join(name))?;
            fs::write(scratch.path().join(name).join("report.json"), "new")?;
            if name != "new" {
                fs::create_dir_all(out.join(name))?;
                fs::write(out.join(name).join("report.json"), "old")?;
            }
        }
        Ok((scratch, names))
    }

    fn content(out: &Path, names: &[String]) -> Vec<String> {
        names.iter().map(|name| fs::read_to_string(out.join(name).join("report.json")).unwrap_or_default()).collect()
    }

    /// Renames fail from the nth on, so many times; where `exchanges`, two folders can be swapped at once.
    fn failing(nth: usize, times: usize, exchanges: bool) -> Moves {
        let count = Cell::new(0);
        let rename = move |from: &Path, to: &Path| {
            count.set(count.get() + 1);
            let fails = (nth..nth + times).contains(&count.get());
            if fails { Err(io::Error::from(ErrorKind::ResourceBusy)) } else { fs::rename(from, to) }
        };
        let swap = move |one: &Path, other: &Path| exchanges && (Moves::of_system().exchange)(one, other);
        Moves { rename: Box::new(rename), exchange: Box::new(swap), patience: Duration::ZERO }
    }

    const OLD: [&str; 4] = ["old", "old", "old", ""];
    const NEW: [&str; 4] = ["new"; 4];

    #[test]
    fn a_set_is_replaced_as_one_wherever_a_move_fails() -> Result<()> {
        for exchanges in [false, true] {
            for nth in 1..=9 {
                let out = tempfile::tempdir()?;
                let (mut scratch, names) = prepare(out.path())?;
                let done = put_all(&mut scratch, &names, out.path(), &failing(nth, 1, exchanges));
                let expected = if done.is_ok() { NEW } else { OLD };
                assert_eq!(content(out.path(), &names), expected, "{nth} {exchanges}");
                drop(scratch);
                assert_eq!(content(out.path(), &names), expected, "{nth} {exchanges}");
                let is_last = nth > if exchanges { 1 } else { 7 };
                assert_eq!(done.is_ok(), is_last, "{nth} {exchanges}: one rename a result, two where one is replaced");
                let left = fs::read_dir(out.path())?.flatten().count();
                assert_eq!(left, if is_last { 4 } else { 3 }, "{nth} {exchanges}");
            }
        }
        Ok(())
    }

    #[test]
    fn what_cannot_be_put_back_is_kept_and_told_and_the_next_run_puts_it_back() -> Result<()> {
        for nth in 1..=7 {
            let out = tempfile::tempdir()?;
            let (mut scratch, names) = prepare(out.path())?;
            // from the nth rename on nothing moves any more
            let fault = put_all(&mut scratch, &names, out.path(), &failing(nth, usize::MAX >> 1, false));
            let fault = fault.map_or_else(|fault| format!("{fault:#}"), |()| String::new());
            assert_eq!(fault.contains("fault_aside"), nth > 1, "{nth}: {fault}");
            drop(scratch);
            drop(Scratch::new(out.path())?);
            assert_eq!(content(out.path(), &names), OLD, "{nth}");
            assert_eq!(fs::read_dir(out.path())?.count(), 3, "{nth}");
        }
        Ok(())
    }

    /// Moves that end the process after so many, as a kill would.
    fn killed_after(count: usize, exchanges: bool) -> Moves {
        let moved = std::rc::Rc::new(Cell::new(0));
        let (own, other) = (std::rc::Rc::clone(&moved), moved);
        let go = move |moved: &Cell<usize>| {
            moved.set(moved.get() + 1);
            assert!(moved.get() <= count, "killed");
        };
        let rename = move |from: &Path, to: &Path| {
            go(&own);
            fs::rename(from, to)
        };
        let swap = move |one: &Path, two: &Path| {
            exchanges && {
                go(&other);
                (Moves::of_system().exchange)(one, two)
            }
        };
        Moves { rename: Box::new(rename), exchange: Box::new(swap), patience: Duration::ZERO }
    }

    #[test]
    fn a_run_that_is_killed_between_two_moves_is_taken_back_by_the_next() -> Result<()> {
        for exchanges in [false, true] {
            let all = if exchanges { 4 } else { 7 };
            for count in 0..=all {
                let out = tempfile::tempdir()?;
                let (mut scratch, names) = prepare(out.path())?;
                let moves = killed_after(count, exchanges);
                let work = || put_all(&mut scratch, &names, out.path(), &moves);
                let killed = crate::sources::caught::guarded(work).is_err();
                assert_eq!(killed, count < all);
                scratch.stay();
                drop(scratch); // lets go of the lock, as a killed process does
                drop(Scratch::new(out.path())?);
                let expected = if killed { OLD } else { NEW };
                assert_eq!(content(out.path(), &names), expected, "{count} {exchanges}");
                assert_eq!(fs::read_dir(out.path())?.count(), if killed { 3 } else { 4 }, "{count} {exchanges}");
            }
        }
        Ok(())
    }
}
