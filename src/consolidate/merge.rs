//! Lines of all reports under one name each, and their cells as the definitions of the rows say.

use crate::consolidate::part::{NO_INFO, NameNumbers, UnitReport};
use crate::definitions::form::{Consolidate, Form, LineBy, RowKind};
use crate::definitions::spelling::{fold_name, foreign_letters};
use crate::facts::identity::{Parties, Resolved};
use crate::values::cells::{Cells, Line, LineKey, Party, Value};
use crate::values::period::Quarter;
use crate::words::finding::{Finding, Place};
use crate::words::lang::{Lang, Text};
use std::collections::{BTreeMap, BTreeSet};

/// The cells of the whole with those they are made of.
#[derive(Debug)]
pub struct Merged {
    pub cells: Cells,
    /// Of each line of the whole: (report, its line).
    pub contributors: Vec<Vec<(usize, usize)>>,
    pub renamed: Vec<Renamed>,
    pub findings: Vec<Finding>,
}

/// Names of one service (provider, system) that differ among the reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    pub level: LineBy,
    /// As printed in the whole.
    pub party: Party,
    /// Other spelling → positions of the reports that have it.
    pub others: BTreeMap<String, BTreeSet<usize>>,
    /// Some other spelling is another name, not the same one with other letters, quotes or spaces.
    pub truly: bool,
}

/// Row and identities of provider, service and system; zeros for the row itself.
type MergedKey = (usize, [u32; 3]);
/// Lines of the reports under one key.
type Sources = Vec<(usize, usize)>;

/// Who is the same among providers, services and systems.
struct Same<'a> {
    spellings: &'a NameNumbers,
    /// Spelling → number among the parties of a level.
    numbers: [BTreeMap<u32, u32>; 3],
    resolved: [Resolved; 3],
}

const LEVELS: [LineBy; 3] = [LineBy::Provider, LineBy::Service, LineBy::System];

/// The reports that become one.
#[derive(Debug, Clone, Copy)]
pub struct Reports<'a> {
    pub form: &'a Form,
    pub quarter: Quarter,
    pub parts: &'a [&'a UnitReport<'a>],
    /// How the unit of each report is called.
    pub names: &'a [Text],
    pub spellings: &'a NameNumbers,
    /// The leading language of the whole.
    pub lang: Lang,
}

/// Makes one report of many. The order of the reports changes nothing but the numbers of contributors.
pub fn merge(reports: Reports<'_>) -> Merged {
    let Reports { form, quarter, parts, spellings, lang, .. } = reports;
    let same = Same::new(parts, spellings, lang);
    let mut sources: BTreeMap<MergedKey, Sources> = BTreeMap::new();
    for (number, part) in parts.iter().enumerate() {
        for (line, packed) in part.lines.iter().enumerate() {
            let key = (usize::from(packed.row), same.identities(packed.key));
            sources.entry(key).or_default().push((number, line));
        }
    }
    let mut merged = Merged {
        cells: Cells { quarter, lines: Vec::new() },
        contributors: Vec::new(),
        renamed: same.renamed(parts, lang),
        findings: Vec::new(),
    };
    for row in 0..form.rows.len() {
        merged.row(reports, row, &mut sources, &same);
    }
    merged.findings.extend(same.ambiguous(form, quarter));
    merged
}

impl Merged {
    fn row(&mut self, reports: Reports<'_>, row: usize, sources: &mut BTreeMap<MergedKey, Sources>, same: &Same<'_>) {
        let Reports { form, parts, .. } = reports;
        let definition = &form.rows[row];
        let block: Vec<([u32; 3], Sources)> = sources
            .range((row, [0, 0, 1])..=(row, [u32::MAX; 3]))
            .map(|((_, ids), found)| (*ids, found.clone()))
            .collect();
        let own = sources.remove(&(row, [0; 3])).unwrap_or_default();
        let mut lines = Vec::new();
        for (ids, found) in block {
            let values = values(form, row, parts, &found, None);
            if values.iter().any(|value| value.number().unwrap_or(0) != 0) {
                lines.push((Line { row, key: same.key(form, row, ids), values }, found));
            }
        }
        if !definition.lines_only {
            let below: Vec<&Line> = lines.iter().map(|(line, _)| line).collect();
            let values = values(form, row, parts, &own, Some(&below));
            self.remarks(reports, row, &own, sources);
            self.cells.lines.push(Line { row, key: LineKey::default(), values });
            self.contributors.push(own);
        }
        for (line, found) in lines {
            self.cells.lines.push(line);
            self.contributors.push(found);
        }
    }

    /// What the way of consolidating leaves open.
    fn remarks(&mut self, reports: Reports<'_>, row: usize, own: &Sources, sources: &BTreeMap<MergedKey, Sources>) {
        let Reports { form, parts, names, .. } = reports;
        let definition = &form.rows[row];
        let place = || Place {
            form: Some(form.form.clone()),
            period: Some(self.cells.quarter.to_string()),
            section: Some(definition.section.clone()),
            row: Some(definition.no.clone()),
            ..Place::default()
        };
        let counts: Vec<usize> = own
            .iter()
            .filter(|(part, line)| parts[*part].lines[*line].values.iter().any(|value| *value > 0))
            .map(|(part, _)| *part)
            .collect();
        if counts.len() < 2 {
            return;
        }
        match definition.consolidate {
            Consolidate::SumOfDistinct if definition.sum.is_empty() => {
                self.findings.push(Finding::new("distinct_summed", place()).with("units", counts.len()));
            }
            Consolidate::SumOfItems => {
                self.findings.push(Finding::new("items_summed", place()).with("units", counts.len()));
            }
            Consolidate::DistinctLines => {
                let lines = sources.range((row, [0, 0, 1])..=(row, [u32::MAX; 3]));
                let with_lines: BTreeSet<usize> = lines.flat_map(|(_, found)| found).map(|(part, _)| *part).collect();
                let bare = counts.iter().filter(|part| !with_lines.contains(part));
                for part in bare {
                    let source = Some(parts[*part].source.name.clone());
                    let finding = Finding::new("distinct_without_lines", Place { source, ..place() });
                    self.findings.push(finding.of_unit(&names[*part]));
                }
            }
            _ => {}
        }
    }
}

/// Values of a line of the whole; `below` are the lines of the row's block when it is the row itself.
fn values(form: &Form, row: usize, parts: &[&UnitReport<'_>], found: &Sources, below: Option<&[&Line]>) -> Vec<Value> {
    let definition = &form.rows[row];
    let grid = form.grid_of(row);
    let distinct = definition.consolidate == Consolidate::DistinctLines;
    let mut values: Vec<Value> = (0..grid.columns.len())
        .map(|column| {
            let numbers = found
                .iter()
                .filter_map(|(part, line)| parts[*part].lines[*line].values.get(column).copied())
                .filter(|value| *value > NO_INFO);
            // Who is in several units is one: the lines are united, and the row is at least their sum.
            let of_lines = below.filter(|_| distinct).unwrap_or_default();
            let lines = Value::sum(of_lines.iter().map(|line| &line.values[column])).and_then(|sum| sum.number());
            let number = if distinct { numbers.chain(lines).max() } else { numbers.reduce(i64::saturating_add) };
            number.map_or(Value::NoInfo, Value::Number)
        })
        .collect();
    for (place, column) in grid.columns.iter().enumerate().filter(|(_, column)| !column.months.is_empty()) {
        let months = column.months.iter().filter_map(|id| grid.column(id)).map(|month| &values[month]);
        values[place] = match definition.kind {
            RowKind::Stock => Value::last(months),
            RowKind::Flow if distinct => Value::sum(months).unwrap_or(Value::NoInfo),
            RowKind::Flow => continue,
        };
    }
    values
}

impl<'a> Same<'a> {
    fn new(parts: &[&UnitReport<'_>], spellings: &'a NameNumbers, lang: Lang) -> Self {
        let mut parties = LEVELS.map(|_| Parties::folding(fold_name));
        let mut numbers: [BTreeMap<u32, u32>; 3] = Default::default();
        for part in parts {
            // The name in the leading language, with the fewest letters of another alphabet, is printed.
            let own = i32::from(part.langs.first() == Some(&lang));
            for line in &part.lines {
                for level in 0..LEVELS.len() {
                    let spelling = line.key[level];
                    let party = spellings.party(spelling);
                    let foreign = i32::try_from(foreign_letters(&party.name)).unwrap_or(i32::MAX / 4);
                    let number = parties[level].register(&party.code, &party.name, own * (1 << 20) - foreign);
                    numbers[level].insert(spelling, number);
                }
            }
        }
        let resolved = parties.map(|parties| parties.resolve());
        Self { spellings, numbers, resolved }
    }

    fn identity(&self, level: usize, spelling: u32) -> u32 {
        let number = self.numbers[level].get(&spelling).copied().unwrap_or(0);
        self.resolved[level].identity.get(number as usize).copied().unwrap_or(0)
    }

    fn identities(&self, key: [u32; 3]) -> [u32; 3] {
        std::array::from_fn(|level| self.identity(level, key[level]))
    }

    fn key(&self, form: &Form, row: usize, ids: [u32; 3]) -> LineKey {
        let party = |level: usize| self.resolved[level].party(ids[level]).cloned();
        let by_system = form.rows[row].lines.contains(&LineBy::System);
        LineKey {
            provider: party(0),
            service: party(1),
            system: by_system.then(|| party(2).map(|system| system.name.clone()).unwrap_or_default()),
        }
    }

    /// Names that the printed one stands for. Names in other languages are translations, not other names.
    fn renamed(&self, parts: &[&UnitReport<'_>], lang: Lang) -> Vec<Renamed> {
        let mut met: BTreeMap<(usize, u32), BTreeMap<String, BTreeSet<usize>>> = BTreeMap::new();
        for (number, part) in parts.iter().enumerate() {
            for line in &part.lines {
                for level in 0..LEVELS.len() {
                    let name = &self.spellings.party(line.key[level]).name;
                    let identity = self.identity(level, line.key[level]);
                    let printed = self.resolved[level].party(identity);
                    if printed.is_some_and(|printed| printed.name != *name) && !name.is_empty() {
                        met.entry((level, identity)).or_default().entry(name.clone()).or_default().insert(number);
                    }
                }
            }
        }
        let all = met.into_iter().filter_map(|((level, identity), others)| {
            let party = self.resolved[level].party(identity)?.as_ref().clone();
            let own = |number: &usize| parts[*number].langs.contains(&lang);
            let truly = others
                .iter()
                .any(|(name, reports)| fold_name(name) != fold_name(&party.name) && reports.iter().any(own));
            Some(Renamed { level: LEVELS[level], party, others, truly })
        });
        all.collect()
    }

    /// Lines without a code whose name several codes carry: they stay lines of their own.
    fn ambiguous(&self, form: &Form, quarter: Quarter) -> Vec<Finding> {
        let mut findings = Vec::new();
        for level in [0, 1] {
            let mut codes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for party in self.resolved[level].printed.iter().filter(|party| !party.code.is_empty()) {
                codes.entry(fold_name(&party.name)).or_default().push(&party.code);
            }
            for party in self.resolved[level].printed.iter().filter(|party| party.code.is_empty()) {
                if let Some(codes) = codes.get(&fold_name(&party.name)).filter(|codes| codes.len() > 1) {
                    let (form, period) = (Some(form.form.clone()), Some(quarter.to_string()));
                    let mut place = Place { form, period, ..Place::default() };
                    let name = if level == 0 { &mut place.provider_name } else { &mut place.service_name };
                    *name = Some(party.name.clone());
                    let finding = Finding::new("name_of_several_codes", place);
                    findings.push(finding.with("name", &party.name).with("codes", codes.join(", ")));
                }
            }
        }
        findings
    }
}
