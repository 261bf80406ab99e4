//! The corpus of the fuzz targets: what they have found interesting stays harmless.

#[path = "../../fuzz/src/lib.rs"]
mod fuzz;

use super::bench::root;
use fuzz::targets;

/// A target by its name.
type Target = (&'static str, fn(&[u8]));

#[test]
fn what_fuzzing_has_found_stays_harmless() {
    let all: [Target; 8] = [
        ("csv", targets::csv),
        ("planted", targets::planted),
        ("parquet", targets::parquet),
        ("header", targets::header),
        ("workbook", targets::workbook),
        ("form", targets::form),
        ("definitions", targets::changed_definitions),
        ("report", targets::report),
    ];
    for (target, run) in all {
        let folder = root().join("fuzz/corpus").join(target);
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let count = files.map(|file| run(&std::fs::read(file).unwrap())).count();
        assert!(count > 9, "{target}: {count} files");
    }
}

/// Files as people make them, made from numbers: each planted record counts once, repeats another, or is told.
#[test]
fn no_planted_record_is_lost() {
    let first: u64 = number("ESEP_PLANTED_FIRST").unwrap_or(1000);
    let count = number("ESEP_PLANTED").unwrap_or(210);
    let (mut all, mut faults) = (fuzz::planted::Fared::default(), Vec::new());
    for seed in (0..count).map(|number| first + number) {
        // every byte of it decides something
        let bytes = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
        match std::panic::catch_unwind(|| fuzz::planted::planted(&bytes)) {
            Ok(fared) => all.add(fared),
            Err(fault) => faults.push((seed, fault)),
        }
    }
    println!("{all:?}");
    let said = |(seed, fault): &(u64, Box<dyn std::any::Any + Send>)| {
        let text = fault.downcast_ref::<String>().map_or("?", String::as_str);
        format!("seed {seed}: {text}")
    };
    assert!(faults.is_empty(), "{}", faults.iter().map(said).collect::<Vec<_>>().join("\n\n"));
    let least = count as usize;
    assert!(!all.formats.contains(&0), "{all:?}");
    assert!(all.accepted > least && all.rejected > least && all.covered > 0 && all.repeated > 0, "{all:?}");
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
