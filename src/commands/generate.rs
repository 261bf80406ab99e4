//! `generate`: sources → raw rows → records → facts → cells → findings → files.

use crate::analytical::figures::material::{Material, testified};
use crate::analytical::figures::units::Member;
use crate::body::empty::Empty;
use crate::body::narrative::Narrative;
use crate::body::organisation::Organisation;
use crate::commands::args::beside::BesideArgs;
use crate::commands::args::ending::Ending;
use crate::commands::out::output::{Spared, Staging};
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, misuse};
use crate::commands::out::terminal;
use crate::commands::parts::count::{Counted, Counting};
use crate::commands::parts::telling::Telling;
use crate::commands::parts::{body, compared, given, mapping, recount};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::facts::apart::{ToldApart, told_apart};
use crate::facts::deriver::Derived;
use crate::render::pdf::lacking;
use crate::report::Report;
use crate::report::confirm::Confirmations;
use crate::report::filer;
use crate::report::known;
use crate::report::places;
use crate::report::standing::Standing;
use crate::report::wording::worst;
use crate::rules;
use crate::rules::beside::Beside;
use crate::rules::findings::Checked;
use crate::sources;
use crate::sources::Pace;
use crate::sources::bounds::Bounds;
use crate::sources::raw::Encoding;
use crate::values::abreast::{abreast, processors};
use crate::values::cells::{Cells, Established};
use crate::values::period::{Period, Quarter};
use crate::words::failure::Halt;
use crate::words::finding::{Finding, Severity};
use anyhow::{Context, Result, ensure};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// `generate`: records, forms and a quarter.
#[derive(Debug, Clone, Default, Args)]
#[allow(clippy::struct_excessive_bools)] // switches of the command line
pub struct GenerateArgs {
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Absent: the forms that the body files by its role.
    #[arg(long, value_delimiter = ',')]
    pub form: Vec<String>,
    #[arg(long)]
    pub period: String,
    #[arg(long, value_name = "FILE")]
    pub organisation: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub beside: BesideArgs,
    /// What the body confirmed about its own headers and values.
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// What people changed beside their sources.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub mends: Vec<PathBuf>,
    /// Which tables without a file had no cases.
    #[arg(long, value_name = "FILE")]
    pub empty: Option<PathBuf>,
    /// Confirmations of warnings.
    #[arg(long, value_name = "FILE")]
    pub confirm: Option<PathBuf>,
    #[arg(long)]
    pub by_unit: bool,
    #[arg(long, value_parser = encodings())]
    pub encoding: Option<Encoding>,
    #[arg(long)]
    pub separator: Option<String>,
    /// Count every cell a second time, slowly.
    #[arg(long)]
    pub paranoid: bool,
    /// Files that are not wanted.
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = spared())]
    pub without: Vec<Spared>,
    #[command(flatten)]
    pub ending: Ending,
    /// How the sources are read: nothing that a user could say.
    #[arg(skip)]
    pub bounds: Bounds,
    #[arg(skip)]
    pub pace: Pace,
}

fn encodings() -> impl TypedValueParser<Value = Encoding> {
    let names = Encoding::ALL.map(|encoding| encoding.label().to_ascii_lowercase());
    PossibleValuesParser::new(names).try_map(|name| Encoding::parse(&name).ok_or("no such encoding"))
}

fn spared() -> impl TypedValueParser<Value = Spared> {
    PossibleValuesParser::new(Spared::NAMES).try_map(|name| Spared::parse(&name).ok_or("no such files"))
}

impl GenerateArgs {
    /// Fills the forms and writes all files; the worst severity among the findings.
    ///
    /// # Errors
    /// What was asked for cannot be understood or done, no source could be read, results that cannot be written.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<Option<Severity>> {
        let quarter = Quarter::parse(&self.period).context(Misuse)?;
        let mut options = self.options().context(Misuse)?;
        let organisation = body::read(&self.organisation, definitions).context(Misuse)?;
        let langs = spoken.of_report(&organisation.languages);
        let taught = self.mapping.as_ref().map(|path| mapping::teach(path, definitions)).transpose().context(Misuse)?;
        let (used, taught) = taught.unzip();
        options.mapping = used.map(Arc::new);
        let definitions = taught.as_ref().unwrap_or(definitions);
        let paths = given::paths(&self.paths).context(Misuse)?;
        let previous = given::paths(&self.beside.previous).context(Misuse)?;
        let mends = given::paths(&self.mends).context(Misuse)?;
        options.mends = mapping::mends(&mends, definitions).context(Misuse)?;
        let empty = self.empty.as_ref().map(|path| Empty::read(path, definitions)).transpose().context(Misuse)?;
        let asked: Vec<String> = self.asked(&organisation, definitions)?.into_iter().collect();
        let forms: Result<Vec<&Form>> = asked.iter().map(|form| definitions.form(form, quarter)).collect();
        let forms = forms.context(Misuse)?;
        let period = self.beside.period(quarter);
        check_period(period, definitions).context(Misuse)?;
        let confirmations = self.confirm.as_ref().map(|path| Confirmations::read(path, definitions)).transpose();
        let mut confirmations = confirmations.context(Misuse)?.unwrap_or_default();
        let earlier = compared::earlier(&previous, &asked, definitions, &organisation)?;
        let telling = Telling::read(self.beside.told(), definitions, &forms)?;
        let mut staging = Staging::new(&self.out)?;
        staging.without.clone_from(&self.without);
        let counting = Counting {
            paths: &paths,
            options: &options,
            empty: empty.as_ref(),
            terminal: spoken.terminal,
            quiet: self.ending.quiet,
            definitions,
            organisation: &organisation,
            forms: &forms,
            period,
        };
        let mut counted = counting.count(&staging)?;
        let (filled, established, apart) = fill(&counting, &counted, self.by_unit)?;
        counted.derived.frames = Vec::new(); // what was in them stands in the cells
        if self.paranoid {
            let counted_elsewhere = counted.tables.iter().any(|table| definitions.tables[table.table].counted);
            ensure!(!counted_elsewhere, misuse(Halt::new("fault_facts_paranoid")));
            let (cells, unknown) = recount::recount(&counting, &counted, &filled)?;
            (counted.provenance.recounted, counted.provenance.not_recounted) = (Some(cells), unknown);
        }
        let beside = compared::beside(&earlier, &filled, &counted.derived, period, &organisation);
        let checked = check(&filled, &established, &beside);
        let units: Vec<Option<u32>> = filled.iter().map(|(_, unit, _)| *unit).collect();
        let (none, none_apart) = (Narrative::default(), ToldApart::new());
        let mut reports = Vec::new();
        for (((form, unit, cells), established), checked) in filled.into_iter().zip(established).zip(checked) {
            let alone = Report::of(definitions, form, period, &organisation, &langs, cells, &counted.provenance);
            let mut report = judged(Report { established, ..alone }, unit, &counted, checked);
            // Questions to people stand after the faults of records and cells.
            if unit.is_none() {
                let testimony = counted.testimony(&none_apart, None);
                let open = telling.findings(definitions, form, &report.cells, testimony, &[]);
                report.findings.extend(open.into_iter().map(Arc::new));
                let lacking = lacking::told(&report, &telling.narrative, testimony, definitions)?;
                report.findings.extend(lacking.map(Arc::new));
            }
            let (own, narrative) = (counted.testimony(&none_apart, unit), &telling.narrative);
            report.testified = testified(definitions, &report, if unit.is_none() { narrative } else { &none }, own);
            confirmations.apply(&mut report, definitions);
            reports.push(report);
        }
        confirmations.close(&mut reports);
        let worst = reports.iter().filter_map(worst).min();
        let members = members(&reports);
        let materials: Vec<Material<'_>> = reports
            .iter()
            .zip(units)
            .zip(&apart)
            .map(|((report, unit), apart)| Material {
                definitions,
                report,
                testimony: counted.testimony(apart, unit),
                units: if unit.is_none() { &members[report.form.form.as_str()] } else { &[] },
                earlier: &earlier,
                // what is told is told of the whole body
                narrative: if unit.is_none() { &telling.narrative } else { &none },
                attachments: telling.attachments.as_deref(),
                silent_of_terms: 0,
            })
            .collect();
        let paged = !self.without.contains(&Spared::Review);
        let records = if paged { counting.records(&counted, &reports)? } else { Vec::new() };
        staging.write(&reports, &materials, &records, Some(&counted.quarantine), definitions)?;
        let written = staging.publish(self.ending.force, (definitions, spoken.terminal))?;
        if !self.ending.quiet {
            terminal::print_summary(&reports, (&self.out, &written), definitions, spoken.terminal);
        }
        Ok(worst)
    }

    /// The forms to fill: those that are named, else those of the body's role.
    fn asked(&self, organisation: &Organisation, definitions: &Definitions) -> Result<BTreeSet<String>> {
        if !self.form.is_empty() {
            return Ok(self.form.iter().map(|form| definitions.form_meant(form).to_owned()).collect());
        }
        let own = organisation.role.map(|role| filer::forms(definitions, role.code(), false)).unwrap_or_default();
        ensure!(!own.is_empty(), misuse(Halt::new("fault_no_form")));
        Ok(own.into_iter().map(str::to_owned).collect())
    }

    /// How the sources are to be read.
    fn options(&self) -> Result<sources::Options> {
        let separator = |text: &String| match text.as_str() {
            "\\t" | "tab" => Ok(b'\t'),
            text => {
                ensure!(text.len() == 1, Halt::new("fault_separator").with("text", text));
                Ok(text.as_bytes()[0])
            }
        };
        Ok(sources::Options {
            encoding: self.encoding,
            separator: self.separator.as_ref().map(separator).transpose()?,
            bounds: self.bounds.clone(),
            pace: self.pace,
            mapping: None,
            mends: None,
        })
    }
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
            testified: None,
        }));
    }
    members
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

/// A form with its cells, of the whole body or of one of its units.
type Filled<'f> = (&'f Form, Option<u32>, Cells);

/// All forms of the whole and of units, what others established in each, and what is told apart in it.
fn fill<'f>(
    counting: &Counting<'f>,
    counted: &Counted,
    by_unit: bool,
) -> Result<(Vec<Filled<'f>>, Vec<Established>, Vec<ToldApart>)> {
    let Counting { definitions, period, .. } = *counting;
    let with_units = |form: &Form| units_of(by_unit && form.by_unit, &counted.derived).into_iter();
    let wanted = counting.forms.iter().flat_map(|form| with_units(form).map(|unit| (*form, unit)));
    let wanted: Vec<(&Form, Option<u32>)> = wanted.collect();
    let fill = |place: usize| {
        let (form, unit) = wanted[place];
        let cells = counting.fill(counted, form, unit)?;
        let established = counting.established(counted, form, unit)?;
        let apart = told_apart(form, &counted.derived, period, unit, definitions)?;
        anyhow::Ok(((form, unit, cells), (established, apart)))
    };
    let done: Result<(Vec<_>, Vec<_>)> = abreast(wanted.len(), processors(), fill).into_iter().collect();
    let (filled, beside) = done?;
    let (established, apart) = beside.into_iter().unzip();
    Ok((filled, established, apart))
}

/// What the rules say of each; units are looked at alone.
fn check(filled: &[Filled<'_>], established: &[Established], beside: &Beside) -> Vec<Checked> {
    let check = |place: usize| {
        let (form, unit, cells) = &filled[place];
        let known = if unit.is_some() { Beside::default() } else { beside.clone() };
        let established = BTreeMap::from([(form.form.clone(), established[place].clone())]);
        rules::check(form, cells, &Beside { established, ..known })
    };
    abreast(filled.len(), processors(), check)
}

/// The whole, and if wanted each unit that has facts or stands in the organisation file.
fn units_of(by_unit: bool, derived: &Derived) -> Vec<Option<u32>> {
    let mut units = vec![None];
    if by_unit {
        let count = u32::try_from(derived.units.printed.len()).unwrap_or(0);
        units.extend((1..count).map(Some));
    }
    units
}

/// The filled form with what is wrong with it and where it comes from.
fn judged<'a>(filled: Report<'a>, unit: Option<u32>, counted: &'a Counted, checked: Checked) -> Report<'a> {
    let (form, definitions) = (filled.form, filled.definitions);
    let mut deadlines = counted.derived.deadlines.of(unit, definitions);
    deadlines.retain(|known| known.concerns(form));
    let mut findings: Vec<Arc<Finding>> = checked.findings.into_iter().map(Arc::new).collect();
    if unit.is_none() {
        // Findings of records belong to the whole; those about another form's columns to that form.
        let own = |finding: &&Arc<Finding>| finding.place.form.as_ref().is_none_or(|of| *of == form.form);
        findings.extend(counted.findings.iter().filter(own).cloned());
        findings.extend(known::finding(form, &deadlines, definitions).map(Arc::new));
        findings.extend(filer::told(&filled).into_iter().chain(places::told(&filled)).map(Arc::new));
    }
    findings.sort();
    Report {
        unit: unit.and_then(|unit| counted.derived.units.party(unit)).map(|unit| unit.as_ref().clone()),
        findings,
        outcomes: checked.outcomes,
        ledger: &counted.ledger,
        decisions: counted.derived.decisions_of(unit, form, definitions),
        standing: Standing { marks: known::mark(&deadlines, definitions).into_iter().collect(), ..Standing::default() },
        deadlines,
        ..filled
    }
}
