//! `generate`: sources → raw rows → records → facts → cells → findings → files.

use crate::analytical::figures::material::Material;
use crate::analytical::figures::units::Member;
use crate::body::narrative::Narrative;
use crate::body::organisation::Organisation;
use crate::commands::out::terminal;
use crate::commands::parts::body;
use crate::commands::parts::compared;
use crate::commands::parts::mapping;
use crate::commands::recount;
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::facts::deriver::Derived;
use crate::report::Report;
use crate::report::confirm::Confirmations;
use crate::report::standing::Standing;
use crate::report::wording::severity;
use crate::rules;
use crate::rules::beside::Beside;
use crate::sources;
use crate::values::cells::{Cells, Party};
use crate::values::period::{Period, Quarter};
use crate::words::failure::Halt;
use crate::words::finding::{Finding, Severity};
use crate::words::lang::Lang;
use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;

use crate::commands::out::output::Spared;
use crate::commands::out::output::Staging;
use crate::commands::parts::count::{Counted, Counting};
use crate::commands::parts::telling::Telling;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::commands::out::status::Misuse;

/// What the user asked for.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // switches of the command line
pub struct Request {
    pub paths: Vec<PathBuf>,
    pub forms: Vec<String>,
    pub quarter: Quarter,
    pub as_of: Option<NaiveDate>,
    pub organisation: PathBuf,
    pub out: PathBuf,
    pub langs: Vec<Lang>,
    /// Language of what is said on the terminal.
    pub terminal: Lang,
    pub previous: Vec<PathBuf>,
    /// What people tell about sections of the analytical report (TOML or Markdown).
    pub narrative: Option<PathBuf>,
    /// Folder of attached materials.
    pub attachments: Option<PathBuf>,
    /// What the body confirmed about its own headers and values.
    pub mapping: Option<PathBuf>,
    /// Confirmations of warnings.
    pub confirm: Option<PathBuf>,
    pub by_unit: bool,
    /// Count every cell a second time, slowly.
    pub paranoid: bool,
    /// Files that are not wanted.
    pub without: Vec<Spared>,
    pub force: bool,
    pub quiet: bool,
    pub ingest: sources::Options,
}

/// Fills the forms and writes all files; the worst severity among the findings.
pub fn generate(request: &Request, definitions: &Definitions) -> Result<Option<Severity>> {
    let organisation = body::read(&request.organisation, definitions).context(Misuse)?;
    let langs = languages(request, &organisation);
    let (request, taught) = mapping::teach(request, definitions).context(Misuse)?;
    let (request, definitions) = (&request, taught.as_ref().unwrap_or(definitions));
    let forms: Vec<&Form> = request
        .forms
        .iter()
        .map(|form| definitions.form(form, request.quarter))
        .collect::<Result<_>>()
        .context(Misuse)?;
    let period =
        Period { quarter: request.quarter, as_of: request.as_of.unwrap_or_else(|| request.quarter.day_after()) };
    check_period(period, definitions).context(Misuse)?;
    let mut confirmations = match &request.confirm {
        Some(path) => Confirmations::read(path, definitions).context(Misuse)?,
        None => Confirmations::default(),
    };
    let earlier = compared::earlier(&request.previous, &request.forms, definitions, &organisation)?;
    let telling = Telling::read((request.narrative.as_deref(), request.attachments.as_deref()), definitions, &forms)?;
    let mut staging = Staging::new(&request.out)?;
    staging.without.clone_from(&request.without);
    let counting = Counting { request, definitions, organisation: &organisation, forms: &forms, period };
    let mut counted = counting.count(&staging)?;
    let mut filled = Vec::new();
    for form in &forms {
        for unit in units_of(request, form, &counted.derived) {
            filled.push((*form, unit, counting.fill(&counted, form, unit)?));
        }
    }
    counted.derived.frames = Vec::new(); // what was in them stands in the cells
    if request.paranoid {
        let (cells, unknown) = recount::recount(&counting, &counted, &filled)?;
        (counted.provenance.recounted, counted.provenance.not_recounted) = (Some(cells), unknown);
    }
    let beside = compared::beside(&earlier, &filled, &counted.derived, period, &organisation);
    let units: Vec<Option<u32>> = filled.iter().map(|(_, unit, _)| *unit).collect();
    let mut reports = Vec::new();
    for (form, unit, cells) in filled {
        let mut report = report(definitions, &counted, form, period, &organisation, &langs, cells, unit, &beside);
        // Questions to people stand after the faults of records and cells.
        if unit.is_none() {
            report.findings.extend(telling.findings(definitions, form, &report.cells).into_iter().map(Arc::new));
        }
        confirmations.apply(&mut report, definitions);
        reports.push(report);
    }
    confirmations.close(&mut reports);
    let judged = reports
        .iter()
        .flat_map(|report| report.findings.iter().map(|finding| severity(finding, definitions, Some(report.form))));
    let worst = judged.min();
    let members = members(&reports);
    let none = Narrative::default();
    let materials: Vec<Material<'_>> = reports
        .iter()
        .zip(units)
        .map(|(report, unit)| Material {
            definitions,
            report,
            texts: &counted.derived.texts,
            unit,
            units: if unit.is_none() { &members[report.form.form.as_str()] } else { &[] },
            earlier: &earlier,
            // what is told is told of the whole body
            narrative: if unit.is_none() { &telling.narrative } else { &none },
            attachments: telling.attachments.as_deref(),
            given: &counted.given,
        })
        .collect();
    let records = counting.records(&counted, &reports)?;
    staging.write(&reports, &materials, &records, Some(&counted.quarantine), definitions)?;
    let written = staging.publish(request.force).context(Misuse)?;
    if !request.quiet {
        terminal::print_summary(&reports, &written, definitions, request.terminal);
    }
    Ok(worst)
}

/// The units of each form.
fn members<'r>(reports: &'r [Report<'r>]) -> BTreeMap<&'r str, Vec<Member<'r>>> {
    let mut members: BTreeMap<&str, Vec<Member<'_>>> = BTreeMap::new();
    for report in reports {
        let own = members.entry(&report.form.form).or_default();
        own.extend(report.unit.iter().map(|unit| Member {
            code: unit.code.clone(),
            name: report.organisation.unit_name(unit),
            cells: &report.cells,
        }));
    }
    members
}

/// `--lang`, else the organisation's languages, else Russian.
fn languages(request: &Request, organisation: &Organisation) -> Vec<Lang> {
    let given = [&request.langs, &organisation.languages].into_iter().find(|langs| !langs.is_empty());
    given.cloned().unwrap_or_else(|| vec![Lang::Ru])
}

fn check_period(period: Period, definitions: &Definitions) -> Result<()> {
    let (first, last) = definitions.calendar.span();
    let known = period.quarter.first() >= first && period.quarter.last() <= last;
    ensure!(
        known,
        Halt::new("fault_calendar_span").with("period", period.quarter).with("first", first).with("last", last)
    );
    ensure!(
        period.as_of > period.quarter.first(),
        Halt::new("fault_as_of").with("date", period.as_of).with("period", period.quarter)
    );
    Ok(())
}

/// The whole, and with `--by-unit` each unit that has facts or stands in the organisation file.
fn units_of(request: &Request, form: &Form, derived: &Derived) -> Vec<Option<u32>> {
    let mut units = vec![None];
    if request.by_unit && form.by_unit {
        let count = u32::try_from(derived.units.printed.len()).unwrap_or(0);
        units.extend((1..count).map(Some));
    }
    units
}

#[allow(clippy::too_many_arguments)] // the parts of a report
fn report<'a>(
    definitions: &'a Definitions,
    counted: &'a Counted,
    form: &'a Form,
    period: Period,
    organisation: &'a Organisation,
    langs: &'a [Lang],
    cells: Cells,
    unit: Option<u32>,
    beside: &Beside,
) -> Report<'a> {
    let alone = Beside::default();
    let checked = rules::check(form, &cells, if unit.is_some() { &alone } else { beside });
    let mut findings: Vec<Arc<Finding>> = checked.findings.into_iter().map(Arc::new).collect();
    if unit.is_none() {
        // Findings of records belong to the whole; those about another form's columns to that form.
        let own = |finding: &&Arc<Finding>| finding.place.form.as_ref().is_none_or(|of| *of == form.form);
        findings.extend(counted.findings.iter().filter(own).cloned());
    }
    findings.sort();
    let unit: Option<Party> = unit.and_then(|unit| counted.derived.units.party(unit)).map(|unit| unit.as_ref().clone());
    Report {
        definitions,
        fingerprint: OnceLock::new(),
        form,
        period,
        organisation,
        unit,
        langs,
        cells,
        findings,
        outcomes: checked.outcomes,
        ledger: &counted.ledger,
        provenance: &counted.provenance,
        decisions: counted.derived.decisions.clone(),
        standing: Standing::default(),
    }
}

/// The folder of a report: `2-mk_2026Q3_<organisation>`.
pub(crate) fn folder_name(report: &Report<'_>) -> String {
    format!("{}_{}_{}", report.form.form, report.period.quarter, report.organisation_id())
}
