//! `adjust`: a submitted report and its changes → a new revision with its history.

use crate::adjust::changes::Changes;
use crate::adjust::history::{FILE, History};
use crate::adjust::{apply, verify};
use crate::body::organisation::Organisation;
use crate::commands::check::organisation as body_of;
use crate::commands::out::output::Staging;
use crate::commands::out::status::{Misuse, misuse};
use crate::commands::out::terminal;
use crate::commands::parts::standing::marked;
use crate::definitions::Definitions;
use crate::filed;
use crate::filed::Filed;
use crate::report::standing::{Document, Revision};
use crate::report::wording::severity;
use crate::report::{Input, Provenance, Report};
use crate::rules;
use crate::rules::beside::Beside;
use crate::values::cells::Value;
use crate::values::digest;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Severity};
use crate::words::lang::Lang;
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct AdjustRequest {
    pub report: PathBuf,
    pub changes: PathBuf,
    /// For the signature block; else what the report says of its body.
    pub organisation: Option<PathBuf>,
    pub langs: Vec<Lang>,
    /// Language of what is said on the terminal.
    pub terminal: Lang,
    pub out: PathBuf,
    pub force: bool,
    pub quiet: bool,
}

/// Writes the adjusted report; the worst severity among its findings.
///
/// # Errors
/// A report that is not one sound form, another quarter than the fourth without an authority, changes that do not fit,
/// a history that does not hold, results that cannot be written.
pub fn adjust(request: &AdjustRequest, definitions: &Definitions) -> Result<Option<Severity>> {
    let (filed, submitted) = read(&request.report, definitions, request.terminal)?;
    let changes = Changes::read(&request.changes).context(Misuse)?;
    allowed(&filed, &changes).context(Misuse)?;
    let langs = if request.langs.is_empty() { filed.langs.clone() } else { request.langs.clone() };
    let history = history(&request.report, &filed, submitted.clone(), definitions, request.terminal).context(Misuse)?;
    let adjusted = apply::apply(filed.form, &filed.cells, &changes).context(Misuse)?;
    let revision = Revision {
        authority: changes.authority.clone(),
        changes: adjusted.changes,
        followed: adjusted.followed,
        ..Revision::default()
    };
    let history = history.with(revision)?;
    let organisation = organisation(request, &filed).context(Misuse)?;
    let checked = rules::check(filed.form, &adjusted.cells, &Beside::default());
    let mut findings: Vec<_> = checked.findings.into_iter().map(Arc::new).collect();
    findings.sort();
    let provenance = Provenance {
        inputs: inputs(request, submitted, &history)?,
        definitions: definitions.digest.clone(),
        version: format!("esep {}", env!("CARGO_PKG_VERSION")),
        ..Provenance::default()
    };
    let report = Report {
        definitions,
        fingerprint: OnceLock::new(),
        form: filed.form,
        period: filed.period,
        organisation: &organisation,
        unit: filed.unit.clone(),
        langs: &langs,
        cells: adjusted.cells,
        findings,
        outcomes: checked.outcomes,
        ledger: &[],
        provenance: &provenance,
        decisions: BTreeMap::new(),
        standing: marked(filed.standing.consolidated.clone(), history.revisions.clone(), definitions),
    };
    let mut staging = Staging::new(&request.out)?;
    let folder = staging.report(&report, None, &[], definitions)?;
    let mut text = serde_json::to_vec_pretty(&history)?;
    text.push(b'\n');
    std::fs::write(folder.join(FILE), text).or_halt(|| Halt::writing(FILE))?;
    let written = staging.publish(request.force).context(Misuse)?;
    if !request.quiet {
        terminal::print_summary(std::slice::from_ref(&report), &written, definitions, request.terminal);
    }
    Ok(report.findings.iter().map(|finding| severity(finding, definitions, Some(report.form))).min())
}

/// The one form in the file, and the file.
fn read<'d>(path: &Path, definitions: &'d Definitions, lang: Lang) -> Result<(Filed<'d>, Document)> {
    let (mut forms, findings) = filed::read(path, definitions)?;
    if forms.len() != 1 {
        terminal::print_findings(&findings, definitions, lang);
        bail!(misuse(Halt::new("fault_one_form").at(path).with("count", forms.len())));
    }
    let filed = forms.remove(0);
    let unsound =
        filed.cells.lines.iter().flat_map(|line| &line.values).filter(|value| !Value::is_sound(value)).count();
    if unsound > 0 {
        bail!(misuse(Halt::new("fault_unsound").at(path).with("count", unsound)));
    }
    let file = File::open(path).or_halt(|| Halt::reading(path))?;
    let bytes = file.metadata().or_halt(|| Halt::reading(path))?.len();
    let sha256 = digest::sha256(file).or_halt(|| Halt::reading(path))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((filed, Document { name, bytes, sha256 }))
}

/// Para 63: only the results of the fourth quarter, unless somebody with the authority says otherwise.
fn allowed(filed: &Filed<'_>, changes: &Changes) -> Result<()> {
    let quarter = filed.period.quarter;
    ensure!(
        quarter.number == 4 || changes.authority.is_some(),
        Halt::new("fault_fourth_quarter").with("period", quarter)
    );
    Ok(())
}

/// The history so far: that which lies beside an adjusted report, else a new one.
fn history(
    path: &Path,
    filed: &Filed<'_>,
    submitted: Document,
    definitions: &Definitions,
    lang: Lang,
) -> Result<History> {
    let beside = path.with_file_name(FILE);
    let findings: Vec<Finding> = verify::verify(path, filed, definitions);
    if !findings.is_empty() {
        terminal::print_findings(&findings, definitions, lang);
        bail!(Halt::new("fault_history_broken").at(path));
    }
    if beside.exists() { History::read(&beside) } else { History::begin(filed, submitted) }
}

fn organisation(request: &AdjustRequest, filed: &Filed<'_>) -> Result<Organisation> {
    let Some(path) = &request.organisation else { return Ok(body_of(filed)) };
    let organisation = Organisation::read(path)?;
    let own = &filed.organisation.bin;
    ensure!(
        own.is_empty() || *own == organisation.bin,
        Halt::new("fault_other_body").with("own", own).with("other", &organisation.bin)
    );
    Ok(organisation)
}

/// The report, the changes file, and the documents of the newest revision.
fn inputs(request: &AdjustRequest, submitted: Document, history: &History) -> Result<Vec<Input>> {
    let shown = || Halt::reading(&request.changes);
    let file = File::open(&request.changes).or_halt(shown)?;
    let bytes = file.metadata().or_halt(shown)?.len();
    let name = request.changes.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let changes = Input { name, bytes, sha256: digest::sha256(file).or_halt(shown)? };
    let newest = history.revisions.last().into_iter().flat_map(|revision| &revision.changes);
    let documents: BTreeSet<(&String, u64, &String)> =
        newest.map(|change| (&change.document.name, change.document.bytes, &change.document.sha256)).collect();
    let documents = documents.into_iter().map(|(name, bytes, sha256)| Document {
        name: name.clone(),
        bytes,
        sha256: sha256.clone(),
    });
    let input = |document: Document| Input { name: document.name, bytes: document.bytes, sha256: document.sha256 };
    Ok([submitted].into_iter().map(input).chain([changes]).chain(documents.map(input)).collect())
}
