//! The corpus of the fuzz targets: what they have found interesting stays harmless.

#[path = "../../fuzz/src/lib.rs"]
mod fuzz;

use super::bench::root;
use fuzz::targets;

/// A target by its name.
type Target = (&'static str, fn(&[u8]));

#[test]
fn what_fuzzing_has_found_stays_harmless() {
    let all: [Target; 7] = [
        ("csv", targets::csv),
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
