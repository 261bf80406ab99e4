//! Fuzz target: see `targets::planted`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| esep_fuzz::targets::planted(data)));
