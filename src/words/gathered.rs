//! Findings as they are met. What very many rows have in common is kept once with its lines, so that a bad file of
//! any size fits into memory; no line is left out.

use crate::words::finding::{Finding, Place};
use crate::words::lines::Lines;
use std::collections::BTreeMap;

/// So many rows with the same finding are told as one.
const SAME: usize = 1_000;
/// Findings of one kind that are told one by one, at most; of more, only the first says its value.
const ALONE: usize = 50_000;

/// Findings, by kind where they are about rows.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    others: Vec<Finding>,
    rows: BTreeMap<AlikeKind, Met>,
}

/// What may be told as one: name, source, sheet and field.
type AlikeKind = (&'static str, Option<String>, Option<String>, Option<String>);

/// Findings of one kind.
#[derive(Debug, Clone)]
enum Met {
    /// What is told, without its line → lines.
    Each(BTreeMap<Finding, Vec<u64>>),
    /// Too many values: the finding of the first line stands for all.
    All(Box<Finding>, Vec<u64>),
}

/// A finding without its line, and the line; a cell's address is left without its number.
fn part(mut finding: Finding) -> Result<(Finding, u64), Box<Finding>> {
    if finding.rule.is_some() || finding.at.is_some() || finding.lines.is_some() || finding.place.source.is_none() {
        return Err(Box::new(finding));
    }
    let Some(line) = finding.place.line.take() else { return Err(Box::new(finding)) };
    if let Some(cell) = &mut finding.place.cell {
        cell.truncate(cell.trim_end_matches(|sign: char| sign.is_ascii_digit()).len());
    }
    Ok((finding, line))
}

fn join(finding: &Finding, line: u64) -> Finding {
    let cell = finding.place.cell.as_ref().map(|column| format!("{column}{line}"));
    let place = Place { line: Some(line), cell, ..finding.place.clone() };
    Finding { place, ..finding.clone() }
}

impl Met {
    fn add(&mut self, finding: Finding, lines: &[u64]) {
        match self {
            Self::Each(values) => {
                values.entry(finding).or_default().extend(lines);
                if values.len() > ALONE {
                    self.unite();
                }
            }
            Self::All(first, all) => {
                if let Some(line) = lines.iter().min().filter(|line| Some(**line) < first.place.line) {
                    **first = Finding { place: Place { line: Some(*line), ..finding.place.clone() }, ..finding };
                }
                all.extend(lines);
            }
        }
    }

    /// From here on values are no longer told apart.
    fn unite(&mut self) {
        let Self::Each(values) = self else { return };
        let least = |(_, lines): &(&Finding, &Vec<u64>)| lines.iter().min().copied();
        let Some((finding, lines)) = values.iter().min_by_key(least) else { return };
        let place = Place { line: lines.iter().min().copied(), ..finding.place.clone() };
        let first = Finding { place, ..finding.clone() };
        *self = Self::All(Box::new(first), std::mem::take(values).into_values().flatten().collect());
    }

    fn tell(mut self, told: &mut Vec<Finding>) {
        if let Self::Each(values) = &self {
            let alone: usize = values.values().map(Vec::len).filter(|count| *count < SAME).sum();
            if alone > ALONE {
                self.unite();
            }
        }
        match self {
            Self::Each(values) => {
                for (finding, mut lines) in values {
                    if lines.len() < SAME {
                        told.extend(lines.into_iter().map(|line| join(&finding, line)));
                    } else {
                        lines.sort_unstable();
                        told.push(of_rows(&finding, &lines));
                    }
                }
            }
            Self::All(first, mut lines) => {
                lines.sort_unstable();
                told.push(of_rows(&first, &lines));
            }
        }
    }
}

/// One finding about many rows, at the first of them.
fn of_rows(finding: &Finding, lines: &[u64]) -> Finding {
    let Some(first) = lines.first() else { return finding.clone() };
    Finding { lines: Some(Lines::of(lines)), ..join(finding, *first) }
}

impl Gathered {
    pub fn push(&mut self, finding: Finding) {
        match part(finding) {
            Ok((finding, line)) => self.add(finding, &[line]),
            Err(finding) => self.others.push(*finding),
        }
    }

    fn add(&mut self, finding: Finding, lines: &[u64]) {
        let Place { source, sheet, field, .. } = finding.place.clone();
        let met = self.rows.entry((finding.name, source, sheet, field));
        met.or_insert_with(|| Met::Each(BTreeMap::new())).add(finding, lines);
    }

    /// Adds what another thread has met.
    pub fn absorb(&mut self, other: Self) {
        self.others.extend(other.others);
        for (kind, met) in other.rows {
            match (self.rows.get_mut(&kind), met) {
                (None, met) => {
                    self.rows.insert(kind, met);
                }
                (Some(own), Met::Each(values)) => {
                    for (finding, lines) in values {
                        own.add(finding, &lines);
                    }
                }
                (Some(own), Met::All(first, lines)) => {
                    own.unite();
                    own.add(*first, &lines);
                }
            }
        }
    }

    /// Takes findings back that were met before.
    pub fn withdraw(&mut self, findings: Vec<Finding>) {
        let mut gone: BTreeMap<Finding, Vec<u64>> = BTreeMap::new();
        for finding in findings {
            match part(finding) {
                Ok((finding, line)) => gone.entry(finding).or_default().push(line),
                Err(finding) => {
                    if let Some(place) = self.others.iter().position(|other| *other == *finding) {
                        self.others.remove(place);
                    }
                }
            }
        }
        for (finding, mut lines) in gone {
            let Place { source, sheet, field, .. } = finding.place.clone();
            let own = match self.rows.get_mut(&(finding.name, source, sheet, field)) {
                Some(Met::Each(values)) => values.get_mut(&finding),
                Some(Met::All(_, lines)) => Some(lines),
                None => None,
            };
            let Some(own) = own else { continue };
            own.sort_unstable();
            lines.sort_unstable();
            let mut lines = lines.into_iter().peekable();
            own.retain(|line| lines.next_if(|gone| gone == line).is_none());
        }
    }

    /// Everything, as it is told.
    /// How many findings of a name are about a source.
    pub fn count(&self, name: &str, source: &str) -> u64 {
        let is_own = |of: &str, at: &Option<String>| of == name && at.as_deref() == Some(source);
        let rows = self.rows.iter().filter(|((of, at, ..), _)| is_own(of, at)).map(|(_, met)| match met {
            Met::Each(values) => values.values().map(Vec::len).sum(),
            Met::All(_, lines) => lines.len(),
        });
        let others = self.others.iter().filter(|finding| is_own(finding.name, &finding.place.source)).count();
        (rows.sum::<usize>() + others) as u64
    }

    pub fn tell(self) -> Vec<Finding> {
        let mut told = self.others;
        self.rows.into_values().for_each(|met| met.tell(&mut told));
        told.sort();
        told
    }
}

impl Extend<Finding> for Gathered {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, findings: T) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl From<Vec<Finding>> for Gathered {
    fn from(findings: Vec<Finding>) -> Self {
        let mut gathered = Self::default();
        gathered.extend(findings);
        gathered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(value: usize, line: u64) -> Finding {
        let (source, field, value) = (Some("a.csv".to_owned()), Some("channel".to_owned()), value.to_string());
        let place = Place { source, field, line: Some(line), value: Some(value.clone()), ..Place::default() };
        Finding::new("code_unknown", place).with("value", value)
    }

    fn told(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
        // in any order, by any number of threads
        let mut parts = vec![Gathered::default(); 3];
        let all: Vec<Finding> = findings.collect();
        for (nth, finding) in all.iter().rev().enumerate() {
            parts[nth % 3].push(finding.clone());
        }
        let mut gathered = Gathered::default();
        for part in parts {
            gathered.absorb(part);
        }
        let told = gathered.tell();
        assert_eq!(told, Gathered::from(all).tell());
        told
    }

    #[test]
    fn few_are_told_one_by_one_and_many_with_their_lines() {
        let mut few: Vec<Finding> = (2..1001).map(|line| finding(0, line)).collect();
        assert_eq!(told(few.iter().cloned()), few);
        few.extend((1002..1004).map(|line| finding(0, line)));
        few.push(finding(1, 1001));
        let told = told(few.into_iter());
        assert_eq!(told.len(), 2);
        let lines = told[0].lines.as_ref().unwrap();
        assert_eq!(lines.to_string(), "2–1000, 1002–1003");
        assert!(lines.contains(1000) && !lines.contains(1001) && !lines.contains(1) && lines.contains(1003));
        assert_eq!((told[1].place.line, &told[1].lines), (Some(1001), &None));
    }

    #[test]
    fn of_too_many_values_the_first_stands_for_all() {
        let count = ALONE as u64 + 2;
        let told = told((2..2 + count).map(|line| finding(usize::try_from(line).unwrap(), line)));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].place.value.as_deref(), Some("2"));
        assert_eq!(told[0].lines.as_ref().unwrap().to_string(), format!("2–{}", count + 1));
    }

    #[test]
    fn what_is_withdrawn_is_not_told() {
        let mut gathered = Gathered::from((2..2000).map(|line| finding(0, line)).collect::<Vec<_>>());
        gathered.withdraw((2..1997).map(|line| finding(0, line)).collect());
        assert_eq!(gathered.tell(), (1997..2000).map(|line| finding(0, line)).collect::<Vec<_>>());
    }
}
