//! Panics of libraries over damaged files or full disks: caught, told as faults, and not printed.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

thread_local! {
    /// How deep the thread is in guarded work.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// From now on panics inside guarded work are not printed; all others are.
pub fn hush() {
    let usual = take_hook();
    set_hook(Box::new(move |panic| {
        if DEPTH.get() == 0 {
            usual(panic);
        }
    }));
}

/// Does work that may panic.
///
/// # Errors
/// What the panic says.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    DEPTH.set(DEPTH.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    done.map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        said.unwrap_or("unknown").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_fault() {
        assert_eq!(guarded(|| 1), Ok(1));
        let numbers: Vec<i32> = Vec::new();
        let fault = guarded(|| numbers[3]).expect_err("caught");
        assert!(fault.contains("index out of bounds"), "{fault}");
    }
}
