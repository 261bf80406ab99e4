//! Rejected rows, one file per source, in the source's own columns, ready to be mended and sent again.

use crate::finding::Finding;
use crate::ingest::raw::{Format, FoundTable, Raw, Row};
use crate::typed::{Moment, print_moment};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Writes rejected rows as they come; keeps in memory only where and why.
#[derive(Debug)]
pub struct Quarantine {
    folder: PathBuf,
    files: BTreeMap<usize, csv::Writer<BufWriter<File>>>,
    pub names: BTreeMap<usize, String>,
    separators: BTreeMap<usize, u8>,
    pub rejected: Vec<Rejected>,
}

/// Where a rejected row stood and why it was rejected.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// Position of the source in the ledger.
    pub source: usize,
    pub line: u64,
    /// Fields at fault with the name of the finding.
    pub reasons: Vec<(Option<String>, Finding)>,
}

impl Quarantine {
    /// Files go into `folder`, which must exist.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
            names: BTreeMap::new(),
            separators: BTreeMap::new(),
            rejected: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, found: &FoundTable, source: usize, row: &Row<'_>, findings: &[Finding]) -> Result<()> {
        if !self.files.contains_key(&source) {
            let name = self.free_name(found);
            let separator = if let Format::Csv { separator, .. } = found.format { separator } else { b',' };
            let file = File::create(self.folder.join(&name)).with_context(|| format!("writing quarantine/{name}"))?;
            let mut writer =
                csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(BufWriter::new(file));
            writer.write_record(&found.headers)?;
            self.files.insert(source, writer);
            self.names.insert(source, name);
            self.separators.insert(source, separator);
        }
        if let Some(writer) = self.files.get_mut(&source) {
            writer.write_record(row.cells.iter().map(print))?;
        }
        let reasons = findings.iter().map(|finding| (finding.place.field.clone(), finding.clone())).collect();
        self.rejected.push(Rejected { source, line: row.line, reasons });
        Ok(())
    }

    /// `services-2026-07.csv`; for a sheet its own name and the workbook's; numbered when taken.
    fn free_name(&self, found: &FoundTable) -> String {
        let stem = found.name.rsplit('/').next().unwrap_or(&found.name);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let stem = match &found.sheet {
            Some(sheet) => format!("{sheet}-{stem}"),
            None => stem.to_owned(),
        };
        let stem: String = stem
            .chars()
            .map(|letter| if letter.is_alphanumeric() || "-_ ".contains(letter) { letter } else { '_' })
            .collect();
        let taken = |name: &String| self.names.values().any(|other| other == name);
        let numbered = (2..).map(|number| format!("{stem}-{number}.csv"));
        std::iter::once(format!("{stem}.csv")).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }

    /// Finishes all files; names of the files by source.
    pub fn finish(&mut self) -> Result<()> {
        for (source, mut writer) in std::mem::take(&mut self.files) {
            writer.flush().with_context(|| format!("writing quarantine/{}", self.names[&source]))?;
        }
        Ok(())
    }

    /// Separator of the file of a source.
    pub fn separator(&self, source: usize) -> u8 {
        self.separators.get(&source).copied().unwrap_or(b',')
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A raw cell as text again.
pub fn print<'a>(raw: &Raw<'a>) -> std::borrow::Cow<'a, [u8]> {
    match raw {
        Raw::Empty => (&b""[..]).into(),
        Raw::Text(text) | Raw::Error(text) => text.as_bytes().into(),
        // without its "=": a rejected formula must not become one again
        Raw::Uncached(formula) => formula.trim_start_matches('=').as_bytes().into(),
        Raw::BadBytes(bytes, _) => (*bytes).into(),
        Raw::Integer(number) => number.to_string().into_bytes().into(),
        Raw::Number(number) => number.to_string().into_bytes().into(),
        Raw::Boolean(flag) => flag.to_string().into_bytes().into(),
        Raw::Moment { minutes, timed } => print_moment(Moment { minutes: *minutes, timed: *timed }).into_bytes().into(),
    }
}
