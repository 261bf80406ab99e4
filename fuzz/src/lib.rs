//! What the fuzz targets share: definitions read once, and one way from a file to cells.

pub mod planted;
pub mod targets;

use chrono::NaiveDate;
use esep::body::organisation::Organisation;
use esep::definitions::Definitions;
use esep::definitions::form::Form;
use esep::facts::deriver::Deriver;
use esep::facts::pass;
use esep::facts::pass::Again;
use esep::facts::tabulate::Tabulator;
use esep::records::quarantine::Quarantine;
use esep::records::{Reader, Record};
use esep::sources;
use esep::sources::raw::FoundTable;
use esep::sources::{Options, Pace};
use esep::values::cells::Cells;
use esep::values::period::{Period, Quarter};
use esep::words::finding::Finding;
use esep::words::progress::Progress;
use std::cell::RefCell;
use std::fs;
use std::io::{Cursor, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Once, OnceLock};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const FORMS: [&str; 4] = ["1-mk", "2-mk", "3-mk", "4-mk"];

pub fn definitions() -> &'static Definitions {
    static DEFINITIONS: OnceLock<Definitions> = OnceLock::new();
    DEFINITIONS.get_or_init(|| Definitions::load(None).expect("shipped definitions"))
}

/// Runs a target. Panics that the program catches and tells as damage are no crash; any other is.
#[allow(dead_code)] // tests call the targets by themselves
pub fn judge(target: impl FnOnce()) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let loud = std::panic::take_hook();
        drop(loud); // that of the fuzzer aborts at once
        std::panic::set_hook(Box::new(|panic| LAST.with_borrow_mut(|last| *last = panic.to_string())));
    });
    if catch_unwind(AssertUnwindSafe(target)).is_err() {
        eprintln!("crash: {}", LAST.with_borrow(Clone::clone));
        std::process::abort();
    }
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A folder in memory where the system has one.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder")
}

/// What a file of records came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Counted {
    /// Read, accepted, duplicates, quarantined; a line a source.
    pub ledger: Vec<[u64; 4]>,
    pub cells: Vec<Cells>,
    pub findings: Vec<Finding>,
}

/// Counts the records under a folder for all forms; `None` where no table stands there.
pub fn counted(folder: &Path, pace: Pace) -> Option<Counted> {
    Some(taken(folder, pace, &FORMS, &mut |_| {})).filter(|counted| !counted.ledger.is_empty())
}

/// Counts the records under a folder for some forms; `watch` sees those that are read one by one.
pub fn taken(folder: &Path, pace: Pace, asked: &[&str], watch: &mut dyn FnMut(&Record<'_, '_>)) -> Counted {
    taken_once(folder, pace, asked, watch).unwrap_or_else(|again| {
        assert_eq!(again, Again::InOrder, "nothing was only glanced at");
        taken_once(folder, Pace { in_order: true, ..pace }, asked, watch).expect("read in order")
    })
}

fn taken_once(
    folder: &Path,
    pace: Pace,
    asked: &[&str],
    watch: &mut dyn FnMut(&Record<'_, '_>),
) -> Result<Counted, Again> {
    let definitions = definitions();
    let quarter = Quarter::parse("2026Q3").expect("a quarter");
    let as_of = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day");
    let period = Period { quarter, as_of };
    let organisation = Organisation::default();
    let options = Options { pace, ..Options::default() };
    let mut found = sources::discover(&[folder.to_owned()], &definitions.tables, &options).expect("a readable folder");
    let scratch = self::folder();
    let forms: Vec<&Form> = asked.iter().map(|form| definitions.form(form, quarter).expect("in force")).collect();
    let mut reader = Reader::new(definitions, asked, options, Quarantine::new(scratch.path()));
    reader.findings = found.findings.into();
    let mut deriver = Deriver::new(definitions, period, &forms, &organisation);
    let results = |table: &FoundTable| !pace.one_by_one && definitions.tables[table.table].is_result();
    for tables in found.tables.chunk_by(|one, next| results(one) == results(next)) {
        if results(&tables[0]) {
            let progress = Progress::new(0, None);
            let again = pass::read(&mut reader, &mut deriver, tables, &mut found.files, &progress, scratch.path());
            if let Some(again) = again.expect("a readable source") {
                return Err(again);
            }
        } else {
            for table in tables {
                let taken = reader.read(table, &mut |record, findings| {
                    watch(record);
                    deriver.take(record, findings)
                });
                taken.expect("a readable source");
            }
        }
    }
    let Reader { mut ledger, mut findings, .. } = reader;
    let derived = deriver.finish(&mut ledger, &mut findings).expect("facts");
    let given = Reader::handed_over(definitions, &found.tables);
    let zeros = organisation.zeros;
    let tabulator = Tabulator { definitions, derived: &derived, given: &given, period, zeros, unit: None };
    let cells = forms.iter().map(|form| tabulator.fill(form).expect("cells")).collect();
    let ledger = ledger.iter().map(|line| [line.read, line.accepted, line.duplicates, line.quarantined]).collect();
    Ok(Counted { ledger, cells, findings: findings.tell() })
}

/// No record is lost and none is invented.
pub fn balance(counted: &Counted) {
    for line @ [read, accepted, duplicates, quarantined] in &counted.ledger {
        assert_eq!(*read, accepted + duplicates + quarantined, "{line:?}");
    }
}

/// Names of the parts of a workbook with one part that is still to be written.
pub fn workbook(parts: &[(&str, &str)], part: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in parts.iter().filter(|(name, _)| *name != part) {
        archive.start_file(*name, options).expect("a part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.start_file(part, options).expect("a part");
    archive.write_all(content).expect("written");
    archive.finish().expect("an archive").into_inner()
}

/// Parts of an XLSX workbook of one sheet.
pub const XLSX: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
    (
        "xl/worksheets/sheet1.xml",
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>"#,
    ),
];

/// Parts of an ODS workbook.
pub const ODS: [(&str, &str); 2] =
    [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<office:document-content/>")];

/// Bytes as a file of a workbook: as they are, or as one of its parts. The first byte says which.
pub fn as_workbook(data: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let (first, rest) = data.split_first()?;
    Some(match first % 6 {
        0 => ("a.xlsx", rest.to_vec()),
        1 => ("a.xls", rest.to_vec()),
        2 => ("a.ods", rest.to_vec()),
        3 => ("a.ods", workbook(&ODS, "content.xml", rest)),
        4 => ("a.xlsx", workbook(&XLSX, "xl/workbook.xml", rest)),
        _ => ("a.xlsx", workbook(&XLSX, "xl/worksheets/sheet1.xml", rest)),
    })
}

/// Writes a file into a folder of its own.
pub fn placed(name: &str, bytes: &[u8]) -> TempDir {
    let folder = folder();
    fs::write(folder.path().join(name), bytes).expect("written");
    folder
}
