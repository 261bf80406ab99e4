//! CSV of any bytes: books balance, and the pass on all processors gives what the reader of single records gives.
#![no_main]

use esep::ingest::Pace;
use esep_fuzz::{balance, counted, placed};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "services.csv",
    "refusals.csv",
    "complaints.csv",
    "control_events.csv",
    "violations.csv",
    "register.csv",
    "training.csv",
    "records.csv",
];

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| {
    let Some((first, text)) = data.split_first() else { return };
    let name = NAMES[usize::from(first % 8)];
    let folder = placed(name, text);
    let slow = counted(folder.path(), Pace { one_by_one: true, glance_bytes: u64::MAX, ..Pace::default() });
    slow.iter().for_each(balance);
    let block_bytes = 16 + usize::from(first / 8) * 7;
    let fast = Pace { threads: 2, block_bytes, glance_bytes: u64::MAX, ..Pace::default() };
    assert_eq!(slow, counted(folder.path(), fast), "{name}, blocks of {block_bytes} bytes");
}));
