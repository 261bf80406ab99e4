//! Workbooks of records: any bytes as XLSX, XLS, ODS, and any part of a sound archive.
#![no_main]

use esep::ingest::Pace;
use esep_fuzz::{as_workbook, balance, counted, placed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| {
    let Some((name, bytes)) = as_workbook(data) else { return };
    let folder = placed(name, &bytes);
    counted(folder.path(), Pace { one_by_one: true, ..Pace::default() }).iter().for_each(balance);
}));
