//! Files are written beside their place and renamed when all are whole.

use super::folder_name;
use crate::definitions::Definitions;
use crate::records::Quarantine;
use crate::render;
use crate::render::html_board::Member;
use crate::report::Report;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Output folders in the making; dropped half-way it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    out: PathBuf,
    scratch: TempDir,
    /// Folders and files, by name.
    folders: Vec<String>,
}

impl Staging {
    pub fn new(out: &Path) -> Result<Self> {
        fs::create_dir_all(out).with_context(|| format!("making {}", out.display()))?;
        let scratch = tempfile::Builder::new()
            .prefix(".esep-")
            .tempdir_in(out)
            .with_context(|| format!("writing in {}", out.display()))?;
        Ok(Self { out: out.to_owned(), scratch, folders: Vec::new() })
    }

    /// A new folder among the results.
    pub fn folder(&mut self, name: &str) -> Result<PathBuf> {
        let name = self.free_name(name.to_owned());
        let folder = self.scratch.path().join(&name);
        fs::create_dir_all(&folder)?;
        self.folders.push(name);
        Ok(folder)
    }

    /// A new file among the results.
    pub fn file(&mut self, name: &str) -> Result<PathBuf> {
        let file = self.scratch.path().join(name);
        self.folders.push(name.to_owned());
        Ok(file)
    }

    /// The folder for rejected rows while they are collected.
    pub fn quarantine(&self) -> Result<PathBuf> {
        let folder = self.scratch.path().join("quarantine");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Writes all files of the reports of a run.
    pub fn write(&mut self, reports: &[Report<'_>], quarantine: &Quarantine, definitions: &Definitions) -> Result<()> {
        let mut names = Vec::new();
        for report in reports {
            let name = self.free_name(folder_name(report));
            self.folders.push(name.clone());
            names.push(name);
        }
        for (report, name) in reports.iter().zip(&names) {
            self.write_one(report, name, quarantine, definitions)?;
            let path = self.scratch.path().join(name).join("review.html");
            let file = File::create(path).map(BufWriter::new).context("writing review.html")?;
            write_review(report, reports, &names, definitions, file).context("writing review.html")?;
        }
        Ok(())
    }

    fn write_one(
        &self,
        report: &Report<'_>,
        name: &str,
        quarantine: &Quarantine,
        definitions: &Definitions,
    ) -> Result<()> {
        let folder = self.scratch.path().join(name);
        fs::create_dir_all(&folder)?;
        let file =
            |name: &str| File::create(folder.join(name)).map(BufWriter::new).with_context(|| format!("writing {name}"));
        let findings = render::json::worded(report, definitions)?;
        render::csv::write(report, file("cells.csv")?).context("writing cells.csv")?;
        render::json::write(report, &findings, file("report.json")?).context("writing report.json")?;
        render::json::write_findings(report, &findings, file("findings.json")?).context("writing findings.json")?;
        render::xlsx::write(report, file("report.xlsx")?).context("writing report.xlsx")?;
        render::pdf_form::write(report, file("report.pdf")?).context("writing report.pdf")?;
        let rejected = Some(quarantine).filter(|_| report.unit.is_none());
        let workbook =
            render::xlsx_findings::write(report, &findings, rejected, definitions).context("making findings.xlsx")?;
        fs::write(folder.join("findings.xlsx"), workbook).context("writing findings.xlsx")?;
        if let Some(quarantine) = rejected.filter(|quarantine| !quarantine.names.is_empty()) {
            fs::create_dir_all(folder.join("quarantine"))?;
            for name in quarantine.names.values() {
                fs::copy(quarantine.folder().join(name), folder.join("quarantine").join(name))
                    .with_context(|| format!("writing quarantine/{name}"))?;
            }
        }
        Ok(())
    }

    fn free_name(&self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| !self.folders.contains(name)).unwrap_or(name)
    }

    /// Puts the finished folders in place; an existing one only with `force`.
    pub fn publish(self, force: bool) -> Result<Vec<String>> {
        let existing: Vec<&String> = self.folders.iter().filter(|name| self.out.join(name).exists()).collect();
        if let Some(name) = existing.first().filter(|_| !force) {
            bail!("{} exists already; --force replaces it", self.out.join(name).display());
        }
        for name in &self.folders {
            let place = self.out.join(name);
            if place.exists() {
                fs::rename(&place, self.scratch.path().join(format!("old-{name}")))
                    .with_context(|| format!("replacing {}", place.display()))?;
            }
            fs::rename(self.scratch.path().join(name), &place)
                .with_context(|| format!("writing {}", place.display()))?;
        }
        Ok(self.folders)
    }
}

/// The page of a report; that of the whole has a board of the units of the same run.
fn write_review(
    report: &Report<'_>,
    reports: &[Report<'_>],
    names: &[String],
    definitions: &Definitions,
    target: impl std::io::Write,
) -> Result<()> {
    let mut board = Vec::new();
    let own = |unit: &Report<'_>| report.unit.is_none() && unit.unit.is_some() && unit.form.form == report.form.form;
    for (unit, name) in reports.iter().zip(names).filter(|(unit, _)| own(unit)) {
        board.extend(Member::counted(unit, &render::json::worded(unit, definitions)?, name));
    }
    let findings = render::json::worded(report, definitions)?;
    render::html::write(report, &findings, &board, definitions, target)
}
