//! `report.json` of any bytes: read and judged, or refused with a reason.
#![no_main]

use esep::check::{Beside, Other, check};
use esep_fuzz::definitions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| {
    let Ok(filed) = esep::filed::stored::read(data, definitions()) else { return };
    let reports = vec![Other::of(&filed, &[])];
    let _ = check(filed.form, &filed.cells, &Beside { reports, ..Beside::default() });
}));
