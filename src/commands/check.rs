//! `check`: filed forms → findings.

use crate::adjust;
use crate::commands::args::ending::Ending;
use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::Misuse;
use crate::commands::out::terminal;
use crate::commands::parts::given;
use crate::commands::parts::judged::JudgedForm;
use crate::definitions::Definitions;
use crate::filed;
use crate::filed::form::Filed;
use crate::render;
use crate::render::data::json::CheckedFile;
use crate::render::page::Subject;
use crate::report::alike::unite;
use crate::report::wording::{Worded, word};
use crate::report::{Provenance, Report};
use crate::rules::beside::{Beside, Other};
use crate::values::cells::Party;
use crate::values::file_name::with_slashes;
use crate::words::failure::{Halt, OrHalt, say};
use crate::words::finding::{Finding, Kind, Place, Severity};
use crate::words::lang::{Lang, fold};
use anyhow::{Context, Result};
use clap::Args;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `check`: which filed forms, and what to look at beside them.
#[derive(Debug, Clone, Default, Args)]
pub struct CheckArgs {
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Reports of earlier quarters and other forms that are not judged themselves.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub previous: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub ending: Ending,
}

/// What came of all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckOutcome {
    pub worst: Option<Severity>,
    /// Some file could not be read at all.
    pub unreadable: bool,
}

/// One file as it was read.
struct GivenFile<'d> {
    /// As the user gave it.
    shown: String,
    forms: Vec<Filed<'d>>,
    findings: Vec<Finding>,
}

/// A form, or a file without one, with its findings in words.
struct ToldForm<'f, 'd> {
    file: &'f str,
    judged: Option<JudgedForm<'f, 'd>>,
    findings: Vec<Worded>,
    /// The same, where they say one thing of many cells once: for all but the page, which marks each cell.
    united: Vec<Worded>,
}

impl CheckArgs {
    /// Judges filed forms and writes what was found.
    ///
    /// # Errors
    /// A pattern under which there is nothing, results that cannot be written.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<CheckOutcome> {
        let except: Vec<&Path> = self.out.iter().chain(&self.previous).map(PathBuf::as_path).collect();
        let files = given::reports(&self.files, &except).context(Misuse)?;
        let previous = given::reports(&self.previous, &[]).context(Misuse)?;
        let mut files: Vec<GivenFile<'_>> = files.iter().map(|path| read(path, definitions)).collect();
        let previous: Vec<GivenFile<'_>> = previous.iter().map(|path| read(path, definitions)).collect();
        let broken = |finding: &Finding| definitions.wording(finding.name).kind == Kind::Source;
        let unreadable = |file: &GivenFile<'_>| file.forms.is_empty() && file.findings.iter().any(broken);
        let mut is_unreadable = files.iter().chain(&previous).any(unreadable);
        // what of a folder is no form that can be read is told, and fails nothing
        let unread = given::unread(&self.files, &except).context(Misuse)?.into_iter().map(|finding| GivenFile {
            shown: finding.place.source.clone().unwrap_or_default(),
            forms: Vec::new(),
            findings: vec![finding],
        });
        let read = files.len();
        files.extend(unread);
        is_unreadable |= read == 0 && !files.is_empty();
        let mut told: Vec<ToldForm<'_, '_>> = Vec::new();
        for file in &files {
            told.extend(judge(file, &files, &previous, definitions)?);
        }
        // an earlier report that could not be read is told, too
        for file in previous.iter().filter(|file| file.forms.is_empty()) {
            told.extend(judge(file, &[], &[], definitions)?);
        }
        let worst = told.iter().flat_map(|told| &told.findings).map(|finding| finding.severity).min();
        let earlier: Vec<&Filed<'_>> = previous.iter().flat_map(|file| &file.forms).collect();
        self.write(&told, &earlier, spoken, definitions)?;
        Ok(CheckOutcome { worst, unreadable: is_unreadable })
    }

    fn write(
        &self,
        all: &[ToldForm<'_, '_>],
        earlier: &[&Filed<'_>],
        spoken: &Spoken,
        definitions: &Definitions,
    ) -> Result<()> {
        let provenance = Provenance::default();
        let reports: Vec<Option<Report<'_>>> =
            all.iter().map(|told| Some(told.judged.as_ref()?.report(definitions, &provenance))).collect();
        let lang = |report: &Option<Report<'_>>| {
            let own = report.as_ref().and_then(|report| report.langs.first().copied());
            spoken.first().or(own).unwrap_or(Lang::Ru)
        };
        if let Some(out) = &self.out {
            let mut staging = Staging::new(out)?;
            for (told, report) in all.iter().zip(&reports) {
                let folder = staging.folder(&folder_name(told.file))?;
                let create = |name: &'static str| {
                    File::create(folder.join(name)).map(BufWriter::new).or_halt(|| Halt::writing(name))
                };
                let ToldForm { file, findings, united, .. } = told;
                CheckedFile::new(file, report.as_ref(), united).write(create("findings.json")?)?;
                let workbook = staging.making("findings.xlsx", || {
                    render::xlsx::findings::write_checked(file, report.as_ref(), united, lang(report), definitions)
                })?;
                std::fs::write(folder.join("findings.xlsx"), workbook).or_halt(|| Halt::writing("findings.xlsx"))?;
                if let Some((report, judged)) = report.as_ref().zip(told.judged.as_ref()) {
                    let own =
                        |other: &&&Filed<'_>| other.unit == judged.filed.unit && same_body(judged.filed, other, true);
                    let earlier: Vec<&Filed<'_>> = earlier.iter().filter(own).copied().collect();
                    let subject = Subject {
                        report,
                        own: None,
                        findings,
                        board: &[],
                        earlier: &earlier,
                        records: None,
                        definitions,
                    };
                    let page = create("review.html")?;
                    render::page::write(subject, page).or_halt(|| Halt::writing("review.html"))?;
                }
            }
            staging.publish(self.ending.force, (definitions, spoken.terminal))?;
        }
        let told = || all.iter().zip(&reports);
        if self.json {
            let files: Vec<CheckedFile<'_>> =
                told().map(|(told, report)| CheckedFile::new(told.file, report.as_ref(), &told.united)).collect();
            render::data::json::write_checked(&files, BufWriter::new(terminal::output()))
                .or_halt(|| Halt::new("fault_answer"))?;
        }
        if !self.ending.quiet {
            for (ToldForm { file, united, .. }, report) in told() {
                let written = self.out.is_some();
                terminal::print_checked(file, report.as_ref(), united, written, definitions, lang(report));
            }
        }
        Ok(())
    }
}

fn read<'d>(path: &Path, definitions: &'d Definitions) -> GivenFile<'d> {
    let shown = with_slashes(path);
    match filed::read::read(path, definitions) {
        Ok((forms, findings)) => GivenFile { shown, forms, findings },
        Err(fault) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let place = Place { source: name, ..Place::default() };
            let finding = Finding::new("filed_unreadable", place).with_text("reason", &say(&fault, &definitions.words));
            GivenFile { shown, forms: Vec::new(), findings: vec![finding] }
        }
    }
}

/// Every form of a file, or the file itself where no form was found in it.
fn judge<'f, 'd>(
    file: &'f GivenFile<'d>,
    all: &[GivenFile<'d>],
    previous: &[GivenFile<'d>],
    definitions: &'d Definitions,
) -> Result<Vec<ToldForm<'f, 'd>>> {
    let mut told = Vec::new();
    for (nth, filed) in file.forms.iter().enumerate() {
        let first = nth == 0;
        let reading = file.findings.iter().filter(|finding| {
            let sheet = finding.place.sheet.as_ref();
            let nobodys = sheet.is_none() || !file.forms.iter().any(|form| form.origin.is_on(sheet));
            if nobodys { first } else { filed.origin.is_on(sheet) }
        });
        let history = adjust::verify::verify(Path::new(&file.shown), filed, definitions);
        let judged = JudgedForm::beside(filed, reading.chain(&history), &beside(filed, all, previous));
        let findings = judged.words(definitions)?;
        let united = unite(&findings, definitions);
        told.push(ToldForm { file: &file.shown, judged: Some(judged), findings, united });
    }
    if file.forms.is_empty() {
        let findings: Vec<Worded> = file.findings.iter().map(|finding| word(finding, definitions, None)).collect();
        let united = unite(&findings, definitions);
        told.push(ToldForm { file: &file.shown, judged: None, findings, united });
    }
    Ok(told)
}

/// What the checks of a form may look at: reports of the same body, and other forms that tell of it.
fn beside(filed: &Filed<'_>, all: &[GivenFile<'_>], previous: &[GivenFile<'_>]) -> Beside {
    let body = &filed.organisation;
    let names = Lang::ALL.map(|lang| body.name.get(lang).to_owned());
    let coded = Party { code: body.bin.clone(), name: String::new() };
    let named = names.into_iter().map(|name| Party { code: String::new(), name });
    let own: Vec<Arc<Party>> =
        [coded].into_iter().chain(named).filter(|party| *party != Party::default()).map(Arc::new).collect();
    let others = all.iter().map(|file| (file, false)).chain(previous.iter().map(|file| (file, true)));
    let forms = others.flat_map(|(file, given)| file.forms.iter().map(move |form| (form, given)));
    let reports = forms
        .filter(|(other, given)| {
            let is_unit_like = other.unit == filed.unit;
            other.form.form != filed.form.form || (is_unit_like && same_body(filed, other, *given))
        })
        .map(|(other, _)| Other::of(other, &own));
    Beside { reports: reports.collect(), ..Beside::default() }
}

/// Whether two reports are of one body; where one of them does not say, a report given as earlier is believed.
fn same_body(one: &Filed<'_>, other: &Filed<'_>, given: bool) -> bool {
    let (one, other) = (&one.organisation, &other.organisation);
    if !one.bin.is_empty() && !other.bin.is_empty() {
        return one.bin == other.bin;
    }
    let names = |body: &filed::form::Body| {
        let all = Lang::ALL.map(|lang| fold(body.name.get(lang)));
        all.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>()
    };
    let (one, other) = (names(one), names(other));
    if one.is_empty() || other.is_empty() { given } else { one.iter().any(|name| other.contains(name)) }
}

/// The file's name without its extension; a report of esep is always called so, and is named by its folder.
fn folder_name(file: &str) -> String {
    let path = Path::new(file);
    let stem = path.file_stem().map_or_else(|| "form".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    match folder.filter(|_| stem == "report") {
        Some(folder) => folder,
        None => stem,
    }
}
