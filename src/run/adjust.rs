//! `adjust`: a submitted report and its changes → a new revision with its history.

use super::check::organisation as body_of;
use super::output::Staging;
use super::standing::marked;
use super::{Misuse, terminal};
use crate::adjust::{Changes, FILE, History, apply, verify};
use crate::cells::Value;
use crate::check::{self, Beside};
use crate::definitions::Definitions;
use crate::digest;
use crate::filed::{self, Filed};
use crate::finding::{Finding, Severity};
use crate::lang::Lang;
use crate::organisation::Organisation;
use crate::report::{Document, Input, Provenance, Report, Revision};
use crate::wording::severity;
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct AdjustRequest {
    pub report: PathBuf,
    pub changes: PathBuf,
    /// For the signature block; else what the report says of its body.
    pub organisation: Option<PathBuf>,
    pub langs: Vec<Lang>,
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
    let (filed, submitted) = read(&request.report, definitions)?;
    let changes = Changes::read(&request.changes).context(Misuse)?;
    allowed(&filed, &changes).context(Misuse)?;
    let langs = if request.langs.is_empty() { filed.langs.clone() } else { request.langs.clone() };
    let history = history(&request.report, &filed, submitted.clone(), definitions, langs[0]).context(Misuse)?;
    let adjusted = apply(filed.form, &filed.cells, &changes).context(Misuse)?;
    let revision = Revision {
        authority: changes.authority.clone(),
        changes: adjusted.changes,
        followed: adjusted.followed,
        ..Revision::default()
    };
    let history = history.with(revision)?;
    let organisation = organisation(request, &filed).context(Misuse)?;
    let checked = check::check(filed.form, &adjusted.cells, &Beside::default());
    let mut findings = checked.findings;
    findings.sort();
    let provenance = Provenance {
        inputs: inputs(request, submitted, &history)?,
        definitions: definitions.digest.clone(),
        version: format!("esep {}", env!("CARGO_PKG_VERSION")),
        ..Provenance::default()
    };
    let report = Report {
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
    std::fs::write(folder.join(FILE), text).with_context(|| format!("writing {FILE}"))?;
    let written = staging.publish(request.force).context(Misuse)?;
    if !request.quiet {
        terminal::print_summary(std::slice::from_ref(&report), &written, definitions, langs[0]);
    }
    Ok(report.findings.iter().map(|finding| severity(finding, definitions, Some(report.form))).min())
}

/// The one form in the file, and the file.
fn read<'d>(path: &Path, definitions: &'d Definitions) -> Result<(Filed<'d>, Document)> {
    let shown = path.display().to_string();
    let (mut forms, findings) = filed::read(path, definitions)?;
    if forms.len() != 1 {
        terminal::print_findings(&findings, definitions, Lang::Ru);
        return Err(anyhow::anyhow!("{shown}: {} forms; an adjustment is of one", forms.len()).context(Misuse));
    }
    let filed = forms.remove(0);
    let unsound =
        filed.cells.lines.iter().flat_map(|line| &line.values).filter(|value| !Value::is_sound(value)).count();
    if unsound > 0 {
        let fault = anyhow::anyhow!("{shown}: {unsound} cells are blank or no numbers; \"esep check\" lists them");
        return Err(fault.context(Misuse));
    }
    let file = File::open(path).with_context(|| shown.clone())?;
    let bytes = file.metadata().with_context(|| shown.clone())?.len();
    let sha256 = digest::sha256(file).with_context(|| shown.clone())?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((filed, Document { name, bytes, sha256 }))
}

/// Para 63: only the results of the fourth quarter, unless somebody with the authority says otherwise.
fn allowed(filed: &Filed<'_>, changes: &Changes) -> Result<()> {
    let quarter = filed.period.quarter;
    ensure!(
        quarter.number == 4 || changes.authority.is_some(),
        "{quarter}: para 63 allows an adjustment only on the results of the fourth quarter; if an act allows this one, \
         name it in the changes file: authority = \"…\""
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
    let findings: Vec<Finding> = verify(path, filed);
    if !findings.is_empty() {
        terminal::print_findings(&findings, definitions, lang);
        bail!("the history of the report does not hold; \"esep check {}\" tells more", path.display());
    }
    if beside.exists() { History::read(&beside) } else { History::begin(filed, submitted) }
}

fn organisation(request: &AdjustRequest, filed: &Filed<'_>) -> Result<Organisation> {
    let Some(path) = &request.organisation else { return Ok(body_of(filed)) };
    let organisation = Organisation::read(path)?;
    let own = &filed.organisation.bin;
    ensure!(
        own.is_empty() || *own == organisation.bin,
        "the report is of {own}, the organisation file of {}",
        organisation.bin
    );
    Ok(organisation)
}

/// The report, the changes file, and the documents of the newest revision.
fn inputs(request: &AdjustRequest, submitted: Document, history: &History) -> Result<Vec<Input>> {
    let shown = || request.changes.display().to_string();
    let file = File::open(&request.changes).with_context(shown)?;
    let bytes = file.metadata().with_context(shown)?.len();
    let name = request.changes.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let changes = Input { name, bytes, sha256: digest::sha256(file).with_context(shown)? };
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
