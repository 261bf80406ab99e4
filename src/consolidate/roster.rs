//! Who must report, and whose reports are in: missing, late, twice, of another period or form, through two parents.

use crate::body::organisation::{Organisation, Unit};
use crate::consolidate::names;
use crate::consolidate::names::{quoted, unit_name};
use crate::consolidate::part::{NameNumbers, UnitReport};
use crate::consolidate::receipts::Receipts;
use crate::definitions::Definitions;
use crate::definitions::due::{Due, of_units};
use crate::definitions::spelling::{fold_name, holds_words};
use crate::report::standing::{Consolidated, UnitState};
use crate::values::period::Quarter;
use crate::words::failure::Halt;
use crate::words::finding::{Finding, Place};
use crate::words::lang::{Lang, Text};
use anyhow::{Result, ensure};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The units of the organisation file.
#[derive(Debug)]
pub struct Roster<'o> {
    organisation: &'o Organisation,
    /// In which units are named in the report.
    lang: Lang,
    /// KATO or BIN → position of the unit.
    codes: BTreeMap<&'o str, usize>,
    /// Folded name → position of the unit.
    names: BTreeMap<String, usize>,
    /// Names of files whose reports say no name → position of the unit.
    files: BTreeMap<&'o str, usize>,
}

/// Which reports are counted, and what is to be said about the others.
#[derive(Debug)]
pub struct Accepted {
    /// Positions of the reports whose figures are counted, in the order of their first unit.
    pub counted: Vec<usize>,
    /// With the position of the unit in the organisation file.
    pub findings: Vec<(Option<usize>, Finding)>,
    pub consolidated: Consolidated,
}

impl<'o> Roster<'o> {
    /// # Errors
    /// The organisation names no units, or two of them have one code.
    pub fn new(organisation: &'o Organisation, lang: Lang) -> Result<Self> {
        ensure!(!organisation.units.is_empty(), Halt::new("fault_no_units"));
        let mut ids = BTreeSet::new();
        let (mut codes, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (position, unit) in organisation.units.iter().enumerate() {
            let id = identity(unit.code(), unit.name().get(Lang::Ru));
            ensure!(!id.is_empty(), Halt::new("fault_unit_nameless"));
            ensure!(ids.insert(id.clone()), Halt::new("fault_unit_repeated").with("unit", &id));
            for code in [&unit.kato, &unit.bin].into_iter().filter(|code| !code.is_empty()) {
                codes.entry(code.as_str()).or_insert(position);
            }
            for name in [&unit.name_ru, &unit.name_kk].into_iter().chain(&unit.names) {
                names.entry(fold_name(name)).or_insert(position);
            }
        }
        names.remove("");
        let files = organisation.units.iter().enumerate();
        let files = files.flat_map(|(position, unit)| unit.names.iter().map(move |name| (name.as_str(), position)));
        Ok(Self { organisation, lang, codes, names, files: files.collect() })
    }

    pub fn units(&self) -> &'o [Unit] {
        &self.organisation.units
    }

    /// The unit with this code, else with this name.
    fn find(&self, code: &str, name: &str) -> Option<usize> {
        self.codes.get(code).or_else(|| self.names.get(&fold_name(name))).copied()
    }

    /// Reads the days on which reports of the units came in.
    ///
    /// # Errors
    /// Those of the file.
    pub fn receipts(&self, path: &Path, definitions: &Definitions) -> Result<Receipts> {
        Receipts::read(path, &|name| self.find(name, name), definitions)
    }

    /// Position of the unit that filed a report.
    pub fn filer(&self, part: &UnitReport<'_>) -> Option<usize> {
        let named = || self.find(&part.filer.code, &part.filer.name);
        if part.is_nameless() { self.files.get(part.file()).copied() } else { named() }
    }

    /// The unit whose name stands in a title; of several the longest name.
    pub fn titled(&self, title: &str) -> Option<usize> {
        let title = fold_name(title);
        let held = self.names.iter().filter(|(name, _)| holds_words(&title, name));
        held.max_by_key(|(name, _)| name.len()).map(|(_, unit)| *unit)
    }

    /// Units that a report speaks for: its own, and those within it.
    fn covers(&self, part: &UnitReport<'_>) -> BTreeSet<String> {
        let own = self.filer(part).map(|unit| self.id(unit));
        let within = part.within.iter().filter(|unit| unit.counted).map(|unit| {
            self.find(&unit.code, &unit.name).map_or_else(|| identity(&unit.code, &unit.name), |unit| self.id(unit))
        });
        own.into_iter().chain(within).collect()
    }

    fn id(&self, unit: usize) -> String {
        let unit = &self.units()[unit];
        identity(unit.code(), unit.name().get(Lang::Ru))
    }

    /// Decides which reports are counted. Nothing here depends on the order of the reports.
    pub fn accept(
        &self,
        parts: &[UnitReport<'_>],
        wanted: (&str, Quarter),
        receipts: &Receipts,
        spellings: &NameNumbers,
        definitions: &Definitions,
    ) -> Accepted {
        let mut findings: Vec<(Option<usize>, Finding)> = Vec::new();
        let mut candidates: Vec<usize> = Vec::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for (position, part) in parts.iter().enumerate() {
            let unit = self.filer(part);
            let own_whole = part.bin == self.organisation.bin && !part.within.is_empty();
            if unit.is_none() && !own_whole {
                let (near, finding) = names::stranger(self.units(), part, definitions);
                seen.extend(near);
                findings.push((near, finding));
                continue;
            }
            let finding = if part.form.form != wanted.0 {
                let finding = Finding::new("unit_wrong_form", part.place()).of_unit(&self.label(unit, part));
                Some(finding.with_text("form", &part.form.index).with_text("wanted", &definitions.indexes(&[wanted.0])))
            } else if part.period.quarter != wanted.1 {
                let finding = Finding::new("unit_wrong_period", part.place()).of_unit(&self.label(unit, part));
                Some(finding.with("period", part.period.quarter).with("wanted", wanted.1))
            } else {
                None
            };
            seen.extend(unit);
            match finding {
                Some(finding) => findings.push((unit, finding)),
                None => candidates.push(position),
            }
        }
        let candidates = self.without_twins((parts, receipts), candidates, spellings, &mut findings);
        let counted = self.without_parents(parts, candidates, &mut findings);
        // Of each unit the reports that speak for it.
        let mut holders: BTreeMap<String, Vec<&UnitReport<'_>>> = BTreeMap::new();
        for part in counted.iter().map(|part| &parts[*part]) {
            for unit in self.covers(part) {
                holders.entry(unit).or_default().push(part);
            }
        }
        for part in counted.iter().map(|part| &parts[*part]).filter(|part| part.errors > 0) {
            let unit = self.filer(part);
            let finding = Finding::new("unit_has_errors", part.place()).of_unit(&self.label(unit, part));
            findings.push((unit, finding.with("count", part.errors)));
        }
        let form = counted.first().map(|part| parts[*part].form);
        let form = form.or_else(|| definitions.form(wanted.0, wanted.1).ok());
        let due = form.and_then(|form| of_units(definitions, form, wanted.1));
        for (position, unit) in self.units().iter().enumerate() {
            let held = holders.get(&self.id(position));
            if held.is_none() && !seen.contains(&position) {
                let (form, period, value) = (wanted.0.to_owned(), wanted.1.to_string(), self.id(position));
                let place = Place { form: Some(form), period: Some(period), value: Some(value), ..Place::default() };
                let finding = Finding::new("unit_missing", place).of_unit(&unit_name(unit));
                findings.push((
                    Some(position),
                    finding.with("contact", if unit.contact.is_empty() { "–" } else { &unit.contact }),
                ));
            }
            if let (Some(due), Some(held)) = (due.as_ref(), held) {
                let place = held[0].place();
                findings.extend(
                    self.lateness(position, due, receipts, place, definitions).map(|late| (Some(position), late)),
                );
            }
        }
        let unsound = counted.iter().any(|part| parts[*part].unsound > 0);
        let consolidated = self.consolidated(unsound, &holders, receipts);
        findings.sort();
        Accepted { counted, findings, consolidated }
    }

    /// Of reports of one unit: equal ones count once; of differing ones that which the organisation file names or
    /// which came in last, else none.
    fn without_twins(
        &self,
        (parts, receipts): (&[UnitReport<'_>], &Receipts),
        candidates: Vec<usize>,
        spellings: &NameNumbers,
        findings: &mut Vec<(Option<usize>, Finding)>,
    ) -> Vec<usize> {
        let mut groups: BTreeMap<BTreeSet<String>, Vec<usize>> = BTreeMap::new();
        for position in candidates {
            groups.entry(self.covers(&parts[position])).or_default().push(position);
        }
        let mut left = Vec::new();
        for mut group in groups.into_values() {
            group.sort_by_key(|position| (&parts[*position].source.name, &parts[*position].source.sha256));
            let digests: BTreeSet<String> = group.iter().map(|position| parts[*position].digest(spellings)).collect();
            let first = &parts[group[0]];
            let unit = self.filer(first);
            let files =
                || group.iter().map(|position| parts[*position].source.name.as_str()).collect::<Vec<_>>().join(", ");
            if digests.len() > 1 {
                let chosen = self.chosen((parts, receipts), &group, spellings);
                let name = chosen.map_or("unit_twice_differing", |(name, _)| name);
                let holds = chosen.map_or(first, |(_, position)| &parts[position]);
                let finding = Finding::new(name, holds.place()).of_unit(&self.label(unit, first));
                let line = format!("report = {}", quoted(parts[group[group.len() - 1]].file()));
                findings.push((unit, finding.with("files", files()).with("file", holds.file()).with("line", line)));
                left.extend(chosen.map(|(_, position)| position));
                continue;
            }
            if group.len() > 1 {
                let finding = Finding::new("unit_twice", first.place()).of_unit(&self.label(unit, first));
                findings.push((unit, finding.with("files", files())));
            }
            left.push(group[0]);
        }
        left
    }

    /// Which of the differing reports of a unit holds: the one that the organisation file names, else the one that the
    /// table of receipts says holds, else the one that came in after all others.
    fn chosen(
        &self,
        (parts, receipts): (&[UnitReport<'_>], &Receipts),
        group: &[usize],
        spellings: &NameNumbers,
    ) -> Option<(&'static str, usize)> {
        let is_one = |positions: &[usize]| {
            let digests: BTreeSet<String> = positions.iter().map(|at| parts[*at].digest(spellings)).collect();
            digests.len() == 1
        };
        let named = self.filer(&parts[group[0]]).map(|unit| self.units()[unit].report.as_str());
        let is_named = |at: &&usize| named.is_some_and(|name| !name.is_empty() && parts[**at].file() == name);
        let named: Vec<usize> = group.iter().filter(is_named).copied().collect();
        let holding: Vec<usize> = group.iter().filter(|at| receipts.holds(parts[**at].file())).copied().collect();
        for chosen in [named, holding] {
            if is_one(&chosen) {
                return Some(("unit_chosen", chosen[0]));
            }
        }
        let days: Option<Vec<NaiveDate>> = group.iter().map(|at| receipts.day_of_file(parts[*at].file())).collect();
        let days = days?;
        let last = days.iter().max()?;
        let latest: Vec<usize> = group.iter().zip(&days).filter(|(_, day)| *day == last).map(|(at, _)| *at).collect();
        is_one(&latest).then(|| ("unit_later", latest[0]))
    }

    /// A unit whose figures are in two reports: its own one yields to the consolidated one; of two consolidated
    /// reports neither can be counted.
    #[allow(clippy::needless_pass_by_value)] // what is left of it comes back
    fn without_parents(
        &self,
        parts: &[UnitReport<'_>],
        candidates: Vec<usize>,
        findings: &mut Vec<(Option<usize>, Finding)>,
    ) -> Vec<usize> {
        let covers: Vec<BTreeSet<String>> = candidates.iter().map(|part| self.covers(&parts[*part])).collect();
        let mut holders: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
        for (at, units) in covers.iter().enumerate() {
            for unit in units {
                holders.entry(unit).or_default().push(at);
            }
        }
        let mut dropped: BTreeSet<usize> = BTreeSet::new();
        for (id, at) in holders.into_iter().filter(|(_, at)| at.len() > 1) {
            let (whole, single): (Vec<usize>, Vec<usize>) = at.iter().partition(|at| covers[**at].len() > 1);
            dropped.extend(if whole.len() > 1 { at.clone() } else { single });
            let files: Vec<&str> = at.iter().map(|at| parts[candidates[*at]].source.name.as_str()).collect();
            let unit = (0..self.units().len()).find(|unit| self.id(*unit) == *id);
            let label = unit.map_or_else(|| Text::same(id), |unit| unit_name(&self.units()[unit]));
            let finding = Finding::new("unit_two_parents", parts[candidates[at[0]]].place()).of_unit(&label);
            findings.push((unit, finding.with("files", files.join(", "))));
        }
        let kept = candidates.iter().enumerate().filter(|(at, _)| !dropped.contains(at));
        kept.map(|(_, position)| *position).collect()
    }

    fn lateness(
        &self,
        unit: usize,
        due: &Due<'_>,
        receipts: &Receipts,
        place: Place,
        definitions: &Definitions,
    ) -> Option<Finding> {
        let day = |date: NaiveDate| date.format("%d.%m.%Y").to_string();
        let label = unit_name(&self.units()[unit]);
        let Some(received) = receipts.day(unit) else {
            return Some(Finding::new("receipt_unknown", place).of_unit(&label).with("due", day(due.date)));
        };
        if received <= due.date {
            return None;
        }
        let finding = Finding::new("unit_late", place).of_unit(&label).with("received", day(received));
        let finding = finding.with("due", day(due.date)).with("days", (received - due.date).num_days());
        let remark = due.remark(definitions).unwrap_or_default();
        let behind = remark.map(|text| if text.is_empty() { String::new() } else { format!(". {text}") });
        Some(finding.with_text("remark", &behind))
    }

    fn consolidated(
        &self,
        unsound: bool,
        holders: &BTreeMap<String, Vec<&UnitReport<'_>>>,
        receipts: &Receipts,
    ) -> Consolidated {
        let states: Vec<UnitState> = (0..self.units().len())
            .map(|position| {
                let unit = &self.units()[position];
                let held = holders.get(&self.id(position));
                UnitState {
                    code: unit.code().to_owned(),
                    name: unit_name(unit).get(self.lang).to_owned(),
                    counted: held.is_some(),
                    received: receipts.day(position).map(|day| day.to_string()),
                    sources: held.into_iter().flatten().map(|part| part.source.name.clone()).collect(),
                }
            })
            .collect();
        let (expected, in_it) = (states.len() as u64, states.iter().filter(|unit| unit.counted).count() as u64);
        Consolidated { expected, counted: in_it, provisional: in_it < expected || unsound, units: states }
    }

    fn label(&self, unit: Option<usize>, part: &UnitReport<'_>) -> Text {
        unit.map_or_else(|| Text::same(part.filer.label()), |unit| unit_name(&self.units()[unit]))
    }
}

/// Code, else folded name.
fn identity(code: &str, name: &str) -> String {
    if code.is_empty() { fold_name(name) } else { code.to_owned() }
}
