//! Sound files with one fault each: none stops the program, and none makes a number quietly smaller.

use super::super::bench::definitions;
use super::super::books::{Cell, SHEET, cells, csv, edit_bytes, record, services as workbook};
use esep::records::Reader;
use esep::records::quarantine::Quarantine;
use esep::sources;
use esep::sources::Options;
use esep::words::finding::Finding;
use std::path::Path;

pub(super) const RECORDS: u64 = 12;

/// A sequence that looks random and is the same in every run.
pub(super) struct Dice(pub u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// Changes, takes out, doubles or adds a byte or a piece, or cuts the end.
    pub(super) fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let at = self.roll(bytes.len());
        let end = (at + 1 + self.roll(40)).min(bytes.len());
        let strange = [0, b'"', b'\n', b'\r', b',', b';', b'<', b'>', b'&', b'9', 0x7F, 0x98, 0xC3, 0xFF];
        let mut mutant = bytes.to_vec();
        match self.roll(6) {
            0 => mutant[at] = u8::try_from(self.roll(256)).unwrap(),
            1 => mutant[at] = strange[self.roll(strange.len())],
            2 => drop(mutant.drain(at..end)),
            3 => drop(mutant.splice(at..at, bytes[at..end].iter().copied())),
            4 => mutant.insert(at, strange[self.roll(strange.len())]),
            _ => mutant.truncate(at),
        }
        mutant
    }
}

/// Rows read and accepted, and the findings, of one file; the books balance or this fails.
fn read(path: &Path, quarantine: &Path) -> (u64, u64, Vec<Finding>) {
    let definitions = definitions();
    let found = sources::discover(&[path.to_owned()], &definitions.tables, &Options::default()).expect("a file");
    let mut reader = Reader::new(definitions, &["2-mk"], Options::default(), Quarantine::new(quarantine));
    reader.findings = found.findings.into();
    for table in &found.tables {
        reader.read(table, &mut |_, _| Ok(())).expect("the books balance");
    }
    let sum = |of: fn(&esep::report::LedgerLine) -> u64| reader.ledger.iter().map(of).sum();
    (sum(|line| line.read), sum(|line| line.accepted), reader.findings.tell())
}

/// All records are accepted, or something was found. Nobody can tell a CSV that ends between two records from a
/// shorter one.
pub(super) fn check(name: &str, sound: &[u8], mutant: &[u8], what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, mutant).unwrap();
    let (read, accepted, findings) = read(&path, folder.path());
    let is_beginning = sound.starts_with(mutant) && read == accepted && name.ends_with(".csv");
    if accepted < RECORDS && findings.is_empty() && !is_beginning {
        let kept = std::env::temp_dir().join(format!("mutant-{name}"));
        std::fs::write(&kept, mutant).unwrap();
        panic!("{what}: {accepted} of {RECORDS} accepted, {read} read, and nothing found: {}", kept.display());
    }
}

#[test]
fn of_csv_files() {
    let records: Vec<_> = (0..RECORDS).map(|number| record(&format!("id-{number}"))).collect();
    let text = csv(&records);
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let legacy = encoding_rs::WINDOWS_1251.encode(&text).0.into_owned();
    for (encoding, bytes) in [("UTF-8", text.clone().into_bytes()), ("UTF-16", utf16), ("Windows-1251", legacy)] {
        let mut dice = Dice(7);
        for number in 0..1_000 {
            check("services.csv", &bytes, &dice.mutate(&bytes), &format!("{encoding} {number}"));
        }
    }
}

/// A sound workbook.
pub(super) fn book() -> Vec<u8> {
    let days = || vec![("received_at", Cell::Day(1)), ("quantity", Cell::Number(1.0))];
    workbook(&(0..RECORDS).map(|number| cells(&format!("id-{number}"), days())).collect::<Vec<_>>())
}

#[test]
fn of_workbooks() {
    let book = book();
    let mut dice = Dice(11);
    for number in 0..300 {
        check("services.xlsx", &book, &dice.mutate(&book), &format!("archive {number}"));
    }
    for member in [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"] {
        for number in 0..if member == SHEET { 1_500 } else { 200 } {
            let mutant = edit_bytes(&book, member, |bytes| dice.mutate(bytes));
            check("services.xlsx", &book, &mutant, &format!("{member} {number}"));
        }
    }
}
