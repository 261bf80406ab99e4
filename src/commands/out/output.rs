//! Files are written beside their place and renamed when all are whole.

use crate::analytical::annexes;
use crate::analytical::figures::material::Material;
use crate::commands::out::interruption::publishing;
use crate::commands::out::kept;
use crate::commands::out::moves::{Moves, is_there, settling};
use crate::commands::out::place;
use crate::commands::out::scratch::Scratch;
use crate::commands::out::status::misuse;
use crate::commands::out::terminal::tell;
use crate::definitions::Definitions;
use crate::facts::first::FirstRecords;
use crate::filed::form::Filed;
use crate::records::quarantine;
use crate::records::quarantine::Quarantine;
use crate::render;
use crate::render::data::findings::Findings;
use crate::render::data::rejected::Rejects;
use crate::render::drawn::Drawn;
use crate::render::page::Subject;
use crate::render::page::board::Member;
use crate::report::Report;
use crate::report::fingerprint::write_cells;
use crate::sources::caught::guarded;
use crate::values::abreast::{abreast, processors};
use crate::values::file_name::{fitting, is_same};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::Lang;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The first records of the cells of a report, by line and column.
pub type CellRecords = BTreeMap<(usize, usize), FirstRecords>;

/// Output folders in the making; dropped half-way it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    out: PathBuf,
    scratch: Scratch,
    /// Folders and files, by name.
    folders: Vec<String>,
    /// Files that are not wanted.
    pub without: Vec<Spared>,
}

/// What `--without` spares: of a whole country these have thousands of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spared {
    Pdf,
    Review,
}

impl Spared {
    /// As the command line has them.
    pub const NAMES: [&str; 2] = ["pdf", "review"];

    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().zip([Self::Pdf, Self::Review]).find(|(known, _)| **known == name).map(|(_, spared)| spared)
    }
}

impl Staging {
    pub fn new(out: &Path) -> Result<Self> {
        fs::create_dir_all(out).or_halt(|| Halt::writing(out))?;
        let scratch = Scratch::new(out).or_halt(|| Halt::writing(out))?;
        Ok(Self { out: out.to_owned(), scratch, folders: Vec::new(), without: Vec::new() })
    }

    /// Where the results go.
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// A new folder among the results.
    pub fn folder(&mut self, name: &str) -> Result<PathBuf> {
        let name = self.free_name(&fitting(name));
        let folder = self.scratch.path().join(&name);
        fs::create_dir_all(&folder)?;
        self.folders.push(name);
        Ok(folder)
    }

    /// A new file among the results.
    pub fn file(&mut self, name: &str) -> PathBuf {
        self.folders.push(name.to_owned());
        self.scratch.path().join(name)
    }

    /// The folder for rejected rows while they are collected.
    pub fn quarantine(&self) -> Result<PathBuf> {
        let folder = self.scratch.path().join("quarantine");
        quarantine::create_folder(&folder)?;
        Ok(folder)
    }

    /// The folder for files that are needed only while records are read.
    pub fn temporary(&self) -> Result<PathBuf> {
        let folder = self.scratch.path().join("temporary");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Writes all files of a report that was made of other reports; its folder, for more of them. Without material
    /// there is no analytical report; `board`: the units whose reports it was made of.
    pub fn report(
        &mut self,
        report: &Report<'_>,
        material: Option<&Material<'_>>,
        board: &[Member<'_>],
        definitions: &Definitions,
    ) -> Result<PathBuf> {
        let materials = material.map_or(&[][..], std::slice::from_ref);
        self.write_all(std::slice::from_ref(report), materials, &[], None, board, definitions)?;
        let name = self.folders.last().context("a report without a folder")?;
        Ok(self.scratch.path().join(name))
    }

    /// Writes all files of the reports, on all processors; quarantine where they were counted from records.
    ///
    /// # Errors
    /// The first one in the order of the reports.
    pub fn write(
        &mut self,
        reports: &[Report<'_>],
        materials: &[Material<'_>],
        records: &[CellRecords],
        quarantine: Option<&Quarantine>,
        definitions: &Definitions,
    ) -> Result<()> {
        self.write_all(reports, materials, records, quarantine, &[], definitions)
    }

    fn write_all(
        &mut self,
        reports: &[Report<'_>],
        materials: &[Material<'_>],
        records: &[CellRecords],
        quarantine: Option<&Quarantine>,
        board: &[Member<'_>],
        definitions: &Definitions,
    ) -> Result<()> {
        let mut folders: Vec<PathBuf> = Vec::new();
        for report in reports {
            let name = self.free_name(&fitting(&report.folder_name()));
            folders.push(self.scratch.path().join(&name));
            fs::create_dir_all(self.scratch.path().join(&name))?;
            self.folders.push(name);
        }
        let given = materials.iter().map(Some).chain(std::iter::repeat(None));
        let drawn: Vec<Drawn<'_>> =
            reports.iter().zip(given).map(|(report, material)| Drawn::new(report, material)).collect();
        let wanted = |part: &&FilePart| !part.spared().is_some_and(|spared| self.without.contains(&spared));
        let tasks: Vec<Task<'_, '_>> = FilePart::ALL
            .iter()
            .flat_map(|parts| {
                let records = records.iter().map(Some).chain(std::iter::repeat(None));
                let whole = drawn.iter().zip(&folders).zip(records);
                let all = (drawn.as_slice(), folders.as_slice());
                whole.flat_map(move |((drawn, folder), records)| {
                    let task = move |part: &FilePart| Task { part: *part, drawn, records, folder, board, all };
                    parts.iter().filter(wanted).map(task)
                })
            })
            .collect();
        let write = |task: &Task<'_, '_>| self.working(|| task.write(quarantine, definitions));
        let all = settling(|written| {
            let done = |task: usize| write(&tasks[task]).map(|()| drop(written.send(tasks[task].folder.to_owned())));
            abreast(tasks.len(), processors(), done)
        });
        all.into_iter().collect()
    }

    /// Makes something of this name among the results.
    ///
    /// # Errors
    /// It cannot be made or written.
    pub fn making<T>(&self, name: &str, make: impl FnOnce() -> Result<T>) -> Result<T> {
        self.working(make).or_halt(|| Halt::writing(name))
    }

    fn working<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        render::xlsx::temporary::within(self.scratch.path(), || whole(work))
    }

    fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let is_free = |name: &String| !self.folders.iter().any(|taken| is_same(taken, name));
        names.find(is_free).unwrap_or_default()
    }

    /// Puts the finished results in place, all or none; existing ones are replaced only with `force`. What people put
    /// or changed there goes along, and is told.
    ///
    /// # Errors
    /// Something is there already (exit status 2), or the disk does not take the results.
    pub fn publish(mut self, force: bool, (definitions, lang): (&Definitions, Lang)) -> Result<Vec<String>> {
        let existing: Vec<&String> = self.folders.iter().filter(|name| is_there(&self.out.join(name))).collect();
        if let Some(name) = existing.first().filter(|_| !force) {
            bail!(misuse(Halt::new("fault_exists").at(self.out.join(name))));
        }
        let mut kept = Vec::new();
        for name in &self.folders {
            let (made, place) = (self.scratch.path().join(name), self.out.join(name));
            if !made.is_dir() {
                continue;
            }
            kept::list(&made).or_halt(|| Halt::writing(&place))?;
            if place.is_dir() {
                let own = kept::carry(&place, &made).or_halt(|| Halt::writing(&place))?;
                kept.extend(own.into_iter().map(|kept| (place.join(kept.was), place.join(kept.is))));
            }
        }
        publishing(|| place::put_all(&mut self.scratch, &self.folders, &self.out, &Moves::of_system()))?;
        for (was, is) in kept {
            let is_filled_in = kept::FILLED_IN.iter().any(|name| was.ends_with(name));
            let key = match was == is {
                true if is_filled_in => "kept_filled_in",
                true => "kept",
                false => "kept_edited",
            };
            let slots = [("was", was), ("is", is)].map(|(slot, path)| (slot.to_owned(), path.display().to_string()));
            tell(definitions.words(key).fill(&slots).get(lang));
        }
        for left in self.scratch.clear() {
            let slots = [("path".to_owned(), left.display().to_string())];
            tell(definitions.words("left_held").fill(&slots).get(lang));
        }
        Ok(self.folders)
    }
}

/// The writer of workbooks panics where the disk is full: here that is an error like any other.
fn whole<T>(write: impl FnOnce() -> Result<T>) -> Result<T> {
    guarded(write).unwrap_or_else(|said| match of_system(&said) {
        Some(fault) => Err(fault).or_halt(|| Halt::new("fault_temporary")),
        None => Err(anyhow!(said)),
    })
}

/// The fault of the system that a panic tells of: `… Os { code: 28, kind: StorageFull, … }`.
fn of_system(said: &str) -> Option<std::io::Error> {
    let (_, code) = said.split_once("Os { code: ")?;
    Some(std::io::Error::from_raw_os_error(code.split(',').next()?.parse().ok()?))
}

/// Files of a report that are made together; the cells, whose fingerprint others print, then those that take longest.
#[derive(Debug, Clone, Copy)]
enum FilePart {
    Cells,
    Workbook,
    Analytical,
    Print,
    Review,
    Findings,
    Data,
    Rejected,
}

impl FilePart {
    /// What stands together is made at the same time: two pages of large reports would need most memory.
    const ALL: [&[Self]; 7] = [
        &[Self::Cells],
        &[Self::Workbook],
        &[Self::Analytical],
        &[Self::Print],
        &[Self::Findings],
        &[Self::Review, Self::Data],
        &[Self::Rejected],
    ];

    fn spared(self) -> Option<Spared> {
        match self {
            Self::Print => Some(Spared::Pdf),
            Self::Review => Some(Spared::Review),
            _ => None,
        }
    }
}

/// Some of the files of one report.
struct Task<'t, 'r> {
    part: FilePart,
    drawn: &'t Drawn<'r>,
    records: Option<&'t CellRecords>,
    folder: &'t Path,
    /// Units of a report that was made of theirs.
    board: &'t [Member<'t>],
    /// All reports of the run with their folders.
    all: (&'t [Drawn<'r>], &'t [PathBuf]),
}

impl Task<'_, '_> {
    fn file(&self, name: &str) -> Result<BufWriter<File>> {
        File::create(self.folder.join(name)).map(BufWriter::new).or_halt(|| Halt::writing(name))
    }

    fn write(&self, quarantine: Option<&Quarantine>, definitions: &Definitions) -> Result<()> {
        let (drawn, report) = (self.drawn, self.drawn.report);
        match self.part {
            FilePart::Cells => write_cells(report, self.file("cells.csv")?).or_halt(|| Halt::writing("cells.csv")),
            FilePart::Workbook => {
                let (analytical, file) = (drawn.documents()?, self.file("report.xlsx")?);
                render::xlsx::report::write(drawn.sheet(), analytical, file).or_halt(|| Halt::writing("report.xlsx"))
            }
            FilePart::Analytical => drawn.material.map_or(Ok(()), |_| self.write_analytical()),
            FilePart::Print => render::pdf::form::write(drawn.sheet(), self.file("report.pdf")?)
                .or_halt(|| Halt::writing("report.pdf")),
            FilePart::Review => self.write_review(definitions).or_halt(|| Halt::writing("review.html")),
            FilePart::Findings => self.write_findings(quarantine, definitions),
            FilePart::Rejected => {
                let rejected = quarantine.filter(|quarantine| report.unit.is_none() && !quarantine.names.is_empty());
                rejected.map_or(Ok(()), |rejected| self.write_rejected(rejected, definitions))
            }
            FilePart::Data => {
                let findings = Findings::of(drawn, definitions);
                render::data::json::write(report, &findings, self.file("report.json")?)
                    .or_halt(|| Halt::writing("report.json"))?;
                render::data::json::write_findings(report, &findings, self.file("findings.json")?)
                    .or_halt(|| Halt::writing("findings.json"))
            }
        }
    }

    fn write_analytical(&self) -> Result<()> {
        let (report, told) = (self.drawn.report, self.drawn.documents()?);
        let annexes = self.drawn.material.map(annexes).transpose()?.unwrap_or_default();
        let file = |name: &str| self.file(name);
        render::data::analytical::write(self.drawn.sheet(), told, &annexes, file("analytical.json")?)
            .or_halt(|| Halt::writing("analytical.json"))?;
        render::pdf::analytical::write(report, told, file("analytical.pdf")?)
            .or_halt(|| Halt::writing("analytical.pdf"))?;
        render::pdf::analytical::write(report, &annexes, file("internal.pdf")?)
            .or_halt(|| Halt::writing("internal.pdf"))?;
        render::docx::write(report, told, file("analytical.docx")?).or_halt(|| Halt::writing("analytical.docx"))
    }

    /// The page of a report; that of the whole has a board of the units of the same run, or of those that reported.
    fn write_review(&self, definitions: &Definitions) -> Result<()> {
        let whole = self.drawn.report;
        let own = |unit: &Report<'_>| whole.unit.is_none() && unit.unit.is_some() && unit.form.form == whole.form.form;
        let mut board = self.board.to_vec();
        for (unit, folder) in self.all.0.iter().zip(self.all.1).filter(|(unit, _)| own(unit.report)) {
            let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            board.extend(Member::counted(unit.report, &Findings::of(unit, definitions).all(), &name));
        }
        let findings = Findings::of(self.drawn, definitions).all();
        let earlier: Vec<&Filed<'_>> =
            self.drawn.material.map_or(&[][..], |material| material.earlier).iter().collect();
        let (report, board, records, own) = (whole, board.as_slice(), self.records, Some(self.drawn.sheet()));
        let subject = Subject { report, own, findings: &findings, board, earlier: &earlier, records, definitions };
        render::page::write(subject, self.file("review.html")?)
    }

    fn write_findings(&self, quarantine: Option<&Quarantine>, definitions: &Definitions) -> Result<()> {
        let (report, folder) = (self.drawn.report, self.folder);
        let findings = Findings::of(self.drawn, definitions);
        let rejected = quarantine.filter(|_| report.unit.is_none());
        let workbook = render::xlsx::findings::write(report, &findings, rejected, definitions)
            .or_halt(|| Halt::writing("findings.xlsx"))?;
        fs::write(folder.join("findings.xlsx"), workbook).or_halt(|| Halt::writing("findings.xlsx"))?;
        if quarantine.is_some() {
            let lang = report.langs.first().copied().unwrap_or(Lang::Ru);
            let confirmations = render::data::ready::confirmations(report, &findings, definitions, lang);
            let narrative = render::data::ready::narrative(report, definitions, lang);
            for (name, text) in kept::FILLED_IN.into_iter().zip([confirmations, narrative]) {
                if let Some(text) = text {
                    fs::write(folder.join(name), text).or_halt(|| Halt::writing(name))?;
                }
            }
        }
        Ok(())
    }

    /// The rejected rows: as they stood, and to be mended.
    fn write_rejected(&self, quarantine: &Quarantine, definitions: &Definitions) -> Result<()> {
        let (report, folder) = (self.drawn.report, self.folder.join("quarantine"));
        quarantine::create_folder(&folder)?;
        let lang = report.langs.first().copied().unwrap_or(Lang::Ru);
        let rejects = Rejects { quarantine, ledger: report.ledger, definitions, lang };
        let asked = |name: &str| quarantine::create(&folder.join(name)).map(BufWriter::new);
        if quarantine.rejected.len() > render::data::rejected::SHOWN {
            rejects.write(self.file("rejected.csv")?).or_halt(|| Halt::writing("rejected.csv"))?;
            rejects.write_asked(asked("rejected.csv")?).or_halt(|| Halt::writing("quarantine/rejected.csv"))?;
        } else {
            let workbook = render::xlsx::rejected::write(rejects)?;
            asked("rejected.xlsx")?.write_all(&workbook).or_halt(|| Halt::writing("quarantine/rejected.xlsx"))?;
        }
        for name in quarantine.names.values() {
            fs::copy(quarantine.folder().join(name), folder.join(name))
                .or_halt(|| Halt::writing(format!("quarantine/{name}")))?;
        }
        Ok(())
    }
}
