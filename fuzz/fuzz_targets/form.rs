//! Filled forms: any bytes as XLSX, XLS, ODS, and any part of a sound archive, are read, judged and worded.
#![no_main]

use esep::check::{Beside, check};
use esep::wording::word;
use esep_fuzz::{as_workbook, definitions, placed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| {
    let Some((name, bytes)) = as_workbook(data) else { return };
    let folder = placed(name, &bytes);
    let Ok((forms, findings)) = esep::filed::read(&folder.path().join(name), definitions()) else { return };
    for finding in &findings {
        let _ = word(finding, definitions(), None);
    }
    for filed in &forms {
        for finding in &check(filed.form, &filed.cells, &Beside::default()).findings {
            let _ = word(finding, definitions(), Some(filed.form));
        }
    }
}));
