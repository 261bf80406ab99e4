//! Fuzz target: see `targets::parquet`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| esep_fuzz::targets::parquet(data)));
