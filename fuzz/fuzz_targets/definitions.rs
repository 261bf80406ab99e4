//! Definitions of any text in place of a shipped one: refused with a reason, or sound enough to count with.
#![no_main]

use esep::definitions::Definitions;
use libfuzzer_sys::fuzz_target;

const FILES: [&str; 10] = [
    "templates/forms/2-mk.toml",
    "templates/forms/3-mk.toml",
    "templates/findings/ingest.toml",
    "templates/words/explain.toml",
    "templates/analytical/control.toml",
    "templates/phrases.toml",
    "templates/deadlines.toml",
    "schemas/records/services.toml",
    "schemas/codelists/channel.toml",
    "schemas/calendar/2026.toml",
];

fuzz_target!(|data: &[u8]| esep_fuzz::judge(|| {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let name = FILES[usize::from(first % 10)];
    let folder = esep_fuzz::folder();
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, text).expect("written");
    let _ = Definitions::load(Some(folder.path()));
}));
