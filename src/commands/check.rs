//! `check`: filed forms → findings.

use crate::adjust;
use crate::body::organisation::Organisation;
use crate::commands::out::output::Staging;
use crate::commands::out::status::Misuse;
use crate::commands::out::terminal;
use crate::definitions::Definitions;
use crate::filed;
use crate::filed::Filed;
use crate::render;
use crate::render::data::json::CheckedFile;
use crate::render::page::Subject;
use crate::report::standing::Standing;
use crate::report::wording::{Worded, word};
use crate::report::{Outcomes, Provenance, Report};
use crate::rules;
use crate::rules::beside::{Beside, Other};
use crate::values::cells::Party;
use crate::words::failure::{Halt, OrHalt, say};
use crate::words::finding::{Finding, Kind, Place, Severity};
use crate::words::lang::{Lang, fold};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct CheckRequest {
    pub files: Vec<PathBuf>,
    /// Reports of earlier quarters and other forms that are not judged themselves.
    pub previous: Vec<PathBuf>,
    pub out: Option<PathBuf>,
    /// Prints `check --json` to standard output.
    pub json: bool,
    pub lang: Option<Lang>,
    pub force: bool,
    pub quiet: bool,
}

/// What came of all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    pub worst: Option<Severity>,
    /// Some file could not be read at all.
    pub unreadable: bool,
}

/// One file as it was read.
struct Source<'d> {
    /// As the user gave it.
    shown: String,
    forms: Vec<Filed<'d>>,
    findings: Vec<Finding>,
}

/// A form, or a file without one, with its findings in words.
struct Verdict<'d> {
    file: String,
    filed: Option<Filed<'d>>,
    organisation: Organisation,
    outcomes: Outcomes,
    findings: Vec<Worded>,
}

/// Judges filed forms and writes what was found.
///
/// # Errors
/// The results cannot be written.
pub fn check(request: &CheckRequest, definitions: &Definitions) -> Result<Judged> {
    let sources: Vec<Source<'_>> = request.files.iter().map(|path| read(path, definitions)).collect();
    let previous: Vec<Source<'_>> = request.previous.iter().map(|path| read(path, definitions)).collect();
    let mut judged = Judged::default();
    for source in sources.iter().chain(&previous) {
        let broken = |finding: &Finding| definitions.wording(finding.name).kind == Kind::Source;
        judged.unreadable |= source.forms.is_empty() && source.findings.iter().any(broken);
    }
    let mut verdicts: Vec<Verdict<'_>> = Vec::new();
    for source in &sources {
        verdicts.extend(judge(source, &sources, &previous, definitions)?);
    }
    // an earlier report that could not be read is told, too
    for source in previous.iter().filter(|source| source.forms.is_empty()) {
        verdicts.extend(judge(source, &[], &[], definitions)?);
    }
    judged.worst = verdicts.iter().flat_map(|verdict| &verdict.findings).map(|finding| finding.severity).min();
    let earlier: Vec<&Filed<'_>> = previous.iter().flat_map(|source| &source.forms).collect();
    write(request, &verdicts, &earlier, definitions)?;
    Ok(judged)
}

fn read<'d>(path: &Path, definitions: &'d Definitions) -> Source<'d> {
    let shown = path.display().to_string();
    match filed::read(path, definitions) {
        Ok((forms, findings)) => Source { shown, forms, findings },
        Err(fault) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let place = Place { source: name, ..Place::default() };
            let finding = Finding::new("filed_unreadable", place).with_text("reason", &say(&fault, &definitions.words));
            Source { shown, forms: Vec::new(), findings: vec![finding] }
        }
    }
}

/// Every form of a file, or the file itself where no form was found in it.
fn judge<'d>(
    source: &Source<'d>,
    all: &[Source<'d>],
    previous: &[Source<'d>],
    definitions: &'d Definitions,
) -> Result<Vec<Verdict<'d>>> {
    let mut verdicts = Vec::new();
    for (nth, filed) in source.forms.iter().enumerate() {
        let beside = beside(filed, all, previous);
        let mut checked = rules::check(filed.form, &filed.cells, &beside);
        rules::causes::explain(filed.form, &filed.cells, &beside, &mut checked);
        let first = nth == 0;
        let reading = source.findings.iter().filter(|finding| {
            let sheet = finding.place.sheet.as_ref();
            let nobodys = sheet.is_none() || !source.forms.iter().any(|form| form.origin.is_on(sheet));
            if nobodys { first } else { filed.origin.is_on(sheet) }
        });
        let history = adjust::verify::verify(Path::new(&source.shown), filed, definitions);
        let mut findings: Vec<Finding> = reading.cloned().chain(checked.findings).chain(history).collect();
        findings.sort();
        let organisation = organisation(filed);
        let addresses = addresses(filed, definitions, &organisation)?;
        let worded = findings.iter().map(|finding| {
            let mut worded = word(finding, definitions, Some(filed.form));
            if let Some((line, column)) = finding.at {
                worded.place.cell = addresses(line, column);
                worded.place.source = Some(filed.origin.source.clone());
                worded.place.sheet = filed.origin.sheet_of(line, column).cloned();
                worded.place.line = filed.origin.place(line, column).map(|(row, _)| u64::from(row) + 1);
            }
            worded
        });
        let findings = worded.collect();
        verdicts.push(Verdict {
            file: source.shown.clone(),
            filed: Some(filed.clone()),
            organisation,
            outcomes: checked.outcomes,
            findings,
        });
    }
    if source.forms.is_empty() {
        let findings = source.findings.iter().map(|finding| word(finding, definitions, None)).collect();
        let (file, organisation) = (source.shown.clone(), Organisation::default());
        verdicts.push(Verdict { file, filed: None, organisation, outcomes: Outcomes::default(), findings });
    }
    Ok(verdicts)
}

/// A1 addresses of the cells of a form: in its own sheet, or in the workbook that esep would make of it.
#[allow(clippy::type_complexity)] // a question with an answer
pub(crate) fn addresses(
    filed: &Filed<'_>,
    definitions: &Definitions,
    organisation: &Organisation,
) -> Result<Box<dyn Fn(usize, usize) -> Option<String>>> {
    if filed.origin.sheet.is_some() {
        let origin = filed.origin.clone();
        return Ok(Box::new(move |line, column| {
            let (row, column) = origin.place(line, column)?;
            Some(render::sheet::a1(row as usize, column as usize))
        }));
    }
    let provenance = Provenance::default();
    let report = report(definitions, filed, organisation, Outcomes::default(), &provenance);
    let sheet = render::sheet::build(&report)?;
    let mut known: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for (line, values) in filed.cells.lines.iter().enumerate() {
        for column in 0..values.values.len() {
            known.extend(sheet.address(line, column).map(|address| ((line, column), address)));
        }
    }
    Ok(Box::new(move |line, column| known.get(&(line, column)).cloned()))
}

fn report<'r>(
    definitions: &'r Definitions,
    filed: &'r Filed<'_>,
    organisation: &'r Organisation,
    outcomes: Outcomes,
    provenance: &'r Provenance,
) -> Report<'r> {
    Report {
        definitions,
        fingerprint: OnceLock::new(),
        form: filed.form,
        period: filed.period,
        organisation,
        unit: filed.unit.clone(),
        langs: &filed.langs,
        cells: filed.cells.clone(),
        findings: Vec::new(),
        outcomes,
        ledger: &[],
        provenance,
        decisions: BTreeMap::new(),
        standing: Standing::default(),
    }
}

/// The body as far as the form tells it.
pub(crate) fn organisation(filed: &Filed<'_>) -> Organisation {
    let name = &filed.organisation.name;
    Organisation {
        name_ru: name.ru.clone(),
        name_kk: name.kk.clone(),
        name_en: name.en.clone(),
        bin: filed.organisation.bin.clone(),
        languages: filed.langs.clone(),
        ..Organisation::default()
    }
}

/// What the checks of a form may look at: reports of the same body, and other forms that tell of it.
fn beside(filed: &Filed<'_>, all: &[Source<'_>], previous: &[Source<'_>]) -> Beside {
    let body = &filed.organisation;
    let names = Lang::ALL.map(|lang| body.name.get(lang).to_owned());
    let coded = Party { code: body.bin.clone(), name: String::new() };
    let named = names.into_iter().map(|name| Party { code: String::new(), name });
    let own: Vec<Arc<Party>> =
        [coded].into_iter().chain(named).filter(|party| *party != Party::default()).map(Arc::new).collect();
    let others = all.iter().map(|source| (source, false)).chain(previous.iter().map(|source| (source, true)));
    let forms = others.flat_map(|(source, given)| source.forms.iter().map(move |form| (form, given)));
    let reports = forms
        .filter(|(other, given)| {
            let is_unit_like = other.unit == filed.unit;
            other.form.form != filed.form.form || (is_unit_like && same_body(filed, other, *given))
        })
        .map(|(other, _)| Other::of(other, &own));
    Beside { reports: reports.collect(), executed_later: None }
}

/// Whether two reports are of one body; where one of them does not say, a report given as earlier is believed.
fn same_body(one: &Filed<'_>, other: &Filed<'_>, given: bool) -> bool {
    let (one, other) = (&one.organisation, &other.organisation);
    if !one.bin.is_empty() && !other.bin.is_empty() {
        return one.bin == other.bin;
    }
    let names = |body: &filed::Body| {
        let all = Lang::ALL.map(|lang| fold(body.name.get(lang)));
        all.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>()
    };
    let (one, other) = (names(one), names(other));
    if one.is_empty() || other.is_empty() { given } else { one.iter().any(|name| other.contains(name)) }
}

fn write(
    request: &CheckRequest,
    verdicts: &[Verdict<'_>],
    earlier: &[&Filed<'_>],
    definitions: &Definitions,
) -> Result<()> {
    let provenance = Provenance::default();
    let reports: Vec<Option<Report<'_>>> = verdicts
        .iter()
        .map(|verdict| {
            let filed = verdict.filed.as_ref()?;
            Some(report(definitions, filed, &verdict.organisation, verdict.outcomes, &provenance))
        })
        .collect();
    let lang = |report: &Option<Report<'_>>| {
        let own = report.as_ref().and_then(|report| report.langs.first().copied());
        request.lang.or(own).unwrap_or(Lang::Ru)
    };
    if let Some(out) = &request.out {
        let mut staging = Staging::new(out)?;
        for (verdict, report) in verdicts.iter().zip(&reports) {
            let folder = staging.folder(&folder_name(verdict))?;
            let file = File::create(folder.join("findings.json"))
                .map(BufWriter::new)
                .or_halt(|| Halt::writing("findings.json"))?;
            CheckedFile::new(&verdict.file, report.as_ref(), &verdict.findings).write(file)?;
            let (findings, lang) = (&verdict.findings, lang(report));
            let workbook =
                render::xlsx::findings::write_checked(&verdict.file, report.as_ref(), findings, lang, definitions)?;
            std::fs::write(folder.join("findings.xlsx"), workbook).or_halt(|| Halt::writing("findings.xlsx"))?;
            if let Some(report) = report {
                let page = File::create(folder.join("review.html"))
                    .map(BufWriter::new)
                    .or_halt(|| Halt::writing("review.html"))?;
                let own = |other: &&&Filed<'_>| {
                    verdict
                        .filed
                        .as_ref()
                        .is_some_and(|filed| other.unit == filed.unit && same_body(filed, other, true))
                };
                let earlier: Vec<&Filed<'_>> = earlier.iter().filter(own).copied().collect();
                let subject = Subject { report, findings, board: &[], earlier: &earlier, records: None, definitions };
                render::page::write(subject, page).or_halt(|| Halt::writing("review.html"))?;
            }
        }
        staging.publish(request.force).context(Misuse)?;
    }
    if request.json {
        let files: Vec<CheckedFile<'_>> = verdicts
            .iter()
            .zip(&reports)
            .map(|(verdict, report)| CheckedFile::new(&verdict.file, report.as_ref(), &verdict.findings))
            .collect();
        render::data::json::write_checked(&files, std::io::stdout().lock())?;
    }
    if !request.quiet {
        for (verdict, report) in verdicts.iter().zip(&reports) {
            let (findings, written) = (&verdict.findings, request.out.is_some());
            terminal::print_checked(&verdict.file, report.as_ref(), findings, written, definitions, lang(report));
        }
    }
    Ok(())
}

/// The file's name without its extension; a report of esep is always called so, and is named by its folder.
fn folder_name(verdict: &Verdict<'_>) -> String {
    let path = Path::new(&verdict.file);
    let stem = path.file_stem().map_or_else(|| "form".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    match folder.filter(|_| stem == "report") {
        Some(folder) => folder,
        None => stem,
    }
}
