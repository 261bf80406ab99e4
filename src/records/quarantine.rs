//! Rejected rows, one file per source, in the source's own columns, ready to be mended and sent again.

use crate::sources::files::unpacked_name;
use crate::sources::raw::{Format, FoundTable, Raw, Row, RowFault};
use crate::values::file_name::{fitting, is_same};
use crate::values::inert::inert;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Finding;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Writes rejected rows as they come, in any order; keeps in memory only where and why.
#[derive(Debug)]
pub struct Quarantine {
    folder: PathBuf,
    /// Not where the rows were written before.
    writes: bool,
    heads: BTreeMap<usize, Head>,
    /// All rows so far, each with its reasons behind it, one behind another.
    spool: Option<BufWriter<File>>,
    spooled: u64,
    /// Names of the files by source.
    pub names: BTreeMap<usize, String>,
    pub rejected: Vec<Rejected>,
    /// Of sources that lack a column that is needed: why all of their rows are rejected.
    absent: BTreeMap<usize, Vec<Reason>>,
}

/// Where a rejected row stood, and where it stands in the spool; ordered as in the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// Position of the source in the ledger.
    pub source: usize,
    pub line: u64,
    start: u64,
    length: u32,
    /// Bytes of the reasons.
    reasons: u32,
}

/// Why a row was rejected; its values are such as may be shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reason {
    pub field: Option<String>,
    /// Name of the finding.
    pub name: String,
    pub slots: Vec<(String, String)>,
    /// What a person said who left the row out: shown in the quarantine alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}

/// The file of a source.
#[derive(Debug)]
pub struct Head {
    stem: String,
    /// As the sender writes them.
    pub headers: Vec<String>,
    separator: u8,
    /// Position of the table in the definitions.
    pub table: usize,
    /// For each field of the table its column.
    columns: Vec<Option<usize>>,
}

/// A rejected row as it went into the quarantine.
#[derive(Debug)]
pub struct RejectedRow {
    /// Position of the source in the ledger.
    pub source: usize,
    pub line: u64,
    /// In the sender's own columns.
    pub cells: csv::ByteRecord,
    pub reasons: Vec<Reason>,
}

/// Reasons of all rejected rows, a line each.
const REASONS: &str = ".reasons";
const SPOOL: &str = ".rows";

impl Quarantine {
    /// Files go into `folder`, which must exist.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            writes: true,
            heads: BTreeMap::new(),
            spool: None,
            spooled: 0,
            names: BTreeMap::new(),
            rejected: Vec::new(),
            absent: BTreeMap::new(),
        }
    }

    /// For sources that are read once more: remembers where and why, and writes nothing.
    pub fn unwritten() -> Self {
        Self { writes: false, ..Self::new(Path::new("")) }
    }

    /// Adds a row of a source.
    pub fn add(&mut self, found: &FoundTable, source: usize, row: &Row<'_>, findings: &[Finding]) -> Result<()> {
        let mut rejected = Rejected { source, line: row.line, start: self.spooled, length: 0, reasons: 0 };
        if self.writes {
            let head = self.heads.entry(source).or_insert_with(|| Head::of(found));
            let mut writer = csv::WriterBuilder::new().delimiter(head.separator).flexible(true).from_writer(Vec::new());
            writer.write_record(row.cells.iter().map(for_people))?;
            let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
            let said = if let Some(RowFault::LeftOut { reason }) = &row.fault { reason } else { "" };
            let reasons = findings.iter().map(|finding| Reason { said: said.to_owned(), ..Reason::of(finding) });
            let reasons = serde_json::to_vec(&reasons.collect::<Vec<_>>())?;
            if self.spool.is_none() {
                self.spool = Some(BufWriter::new(self.create(SPOOL)?));
            }
            if let Some(spool) = &mut self.spool {
                spool.write_all(&bytes).or_halt(|| Halt::writing("quarantine"))?;
                spool.write_all(&reasons).or_halt(|| Halt::writing("quarantine"))?;
            }
            (rejected.length, rejected.reasons) = (u32::try_from(bytes.len())?, u32::try_from(reasons.len())?);
            self.spooled += (bytes.len() + reasons.len()) as u64;
        }
        self.rejected.push(rejected);
        Ok(())
    }

    /// Writes the files, each in the order of its source.
    pub fn finish(&mut self) -> Result<()> {
        self.rejected.sort_unstable();
        let Some(spool) = self.spool.take() else { return Ok(()) };
        spool.into_inner().map_err(std::io::IntoInnerError::into_error).or_halt(|| Halt::writing("quarantine"))?;
        let mut spool = BufReader::new(File::open(self.folder.join(SPOOL))?);
        let writing = || Halt::writing("quarantine");
        let mut reasons = BufWriter::new(self.create(REASONS)?);
        let rows = std::mem::take(&mut self.rejected);
        for rows in rows.chunk_by(|one, next| one.source == next.source) {
            let source = rows[0].source;
            let name = self.free_name(&self.heads[&source].stem);
            let writing = || Halt::writing(format!("quarantine/{name}"));
            let file = BufWriter::new(self.create(&name)?);
            let mut head = csv::WriterBuilder::new().delimiter(self.separator(source)).from_writer(file);
            head.write_record(self.heads[&source].headers.iter().map(|header| inert(header.as_bytes().into())))?;
            let mut file = head.into_inner().map_err(csv::IntoInnerError::into_error).or_halt(writing)?;
            let mut bytes = Vec::new();
            for row in rows {
                bytes.resize((row.length + row.reasons) as usize, 0);
                let here = spool.stream_position()?;
                spool.seek_relative(i64::try_from(row.start)? - i64::try_from(here)?)?;
                spool.read_exact(&mut bytes)?;
                file.write_all(&bytes[..row.length as usize]).or_halt(writing)?;
                bytes.push(b'\n');
                reasons.write_all(&bytes[row.length as usize..]).or_halt(writing)?;
            }
            file.flush().or_halt(writing)?;
            self.names.insert(source, name);
        }
        reasons.flush().or_halt(writing)?;
        self.rejected = rows;
        std::fs::remove_file(self.folder.join(SPOOL))?;
        Ok(())
    }

    /// A file of the folder, for its owner alone.
    fn create(&self, name: &str) -> Result<File> {
        create(&self.folder.join(name)).or_halt(|| Halt::writing(format!("quarantine/{name}")))
    }

    /// Remembers why all rows of a source are rejected.
    pub fn lacks(&mut self, source: usize, finding: &Finding) {
        self.absent.entry(source).or_default().push(Reason::of(finding));
    }

    /// All rejected rows, in the order of `rejected`.
    ///
    /// # Errors
    /// They cannot be read again.
    pub fn rows(&self) -> Result<impl Iterator<Item = Result<RejectedRow>>> {
        let mut reasons = BufReader::new(File::open(self.folder.join(REASONS))?).lines();
        let mut held: Option<(usize, csv::ByteRecordsIntoIter<File>)> = None;
        Ok(self.rejected.iter().map(move |rejected| {
            let source = rejected.source;
            if held.as_ref().is_none_or(|(held, _)| *held != source) {
                let mut reader = csv::ReaderBuilder::new();
                let reader = reader.flexible(true).delimiter(self.separator(source));
                held = Some((source, reader.from_path(self.folder.join(&self.names[&source]))?.into_byte_records()));
            }
            let cells = held.as_mut().and_then(|(_, records)| records.next()).transpose()?.unwrap_or_default();
            let line = reasons.next().transpose()?.unwrap_or_default();
            let own: Vec<Reason> = serde_json::from_str(&line)?;
            let reasons = if own.is_empty() { self.absent.get(&source).cloned().unwrap_or_default() } else { own };
            Ok(RejectedRow { source, line: rejected.line, cells, reasons })
        }))
    }

    /// The head of a source that has rejected rows.
    pub fn head(&self, source: usize) -> Option<&Head> {
        self.heads.get(&source)
    }

    /// `services-2026-07.csv`, numbered when taken.
    fn free_name(&self, stem: &str) -> String {
        // the list to fill in has this name
        let taken = |name: &String| name == "rejected.csv" || self.names.values().any(|other| is_same(other, name));
        let numbered = (2..).map(|number| format!("{stem}-{number}.csv"));
        std::iter::once(format!("{stem}.csv")).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }

    /// Separator of the file of a source.
    pub fn separator(&self, source: usize) -> u8 {
        self.heads.get(&source).map_or(b',', |head| head.separator)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Head {
    /// The stem of the source's name; for a sheet its own name and the workbook's.
    fn of(found: &FoundTable) -> Self {
        let stem = found.name.rsplit('/').next().unwrap_or(&found.name);
        let stem = unpacked_name(stem);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let stem = match &found.sheet {
            Some(sheet) => format!("{sheet}-{stem}"),
            None => stem.to_owned(),
        };
        let stem = stem
            .chars()
            .map(|letter| if letter.is_alphanumeric() || "-_ ".contains(letter) { letter } else { '_' })
            .collect::<String>();
        let stem = fitting(&stem).into_owned();
        let separator = if let Format::Csv { signs, .. } = found.format { signs.separator } else { b',' };
        let (headers, columns) = (found.headers.clone(), found.columns.clone());
        Self { stem, headers, separator, table: found.table, columns }
    }

    /// The field of a column.
    pub fn field(&self, column: usize) -> Option<usize> {
        self.columns.iter().position(|place| *place == Some(column))
    }

    /// The column of a field.
    pub fn column(&self, field: usize) -> Option<usize> {
        self.columns.get(field).copied().flatten()
    }
}

impl Reason {
    fn of(finding: &Finding) -> Self {
        let (field, slots) = (finding.place.field.clone(), finding.slots.clone());
        Self { field, name: finding.name.to_owned(), slots, said: String::new() }
    }
}

/// Makes a folder that its owner alone can read.
///
/// # Errors
/// Those of the file system.
pub fn create_folder(path: &Path) -> std::io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are given to a folder on Unix alone"))]
    let mut folder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    match folder.create(path) {
        // the folder around it is not made anew: an interrupted run has removed it
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Makes a file that its owner alone can read.
///
/// # Errors
/// Those of the file system.
pub fn create(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(true).open(path)
}

/// A raw cell as people see it in a spreadsheet program: no text of a sender becomes a formula there.
fn for_people<'a>(raw: &'a Raw<'_>) -> std::borrow::Cow<'a, [u8]> {
    let text = raw.print();
    if matches!(raw, Raw::Integer(_) | Raw::Number(_)) { text } else { inert(text) }
}
