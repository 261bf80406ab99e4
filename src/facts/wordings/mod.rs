//! What records say in words: causes, measures, titles, grouped and counted for the analytical report.

pub mod kept;

use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Block};
use crate::definitions::dimension::Class;
use crate::definitions::form::Form;
use crate::facts::wordings::kept::{Gathered, Wordings};
use crate::records::Record;
use crate::records::typed::Typed;
use crate::values::personal::{is_personal, shape};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::facts::wordings::kept::{Case, Count, OTHER};

/// Longest wording, in letters.
const LONGEST: usize = 400;
/// Digits of an individual identification number.
const IDENTIFIER: usize = 12;
/// Stands between the fields of a list.
pub const BETWEEN: char = '\u{1f}';

/// Fields that are read together: one for groups, several for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    /// `violations.cause`, or `register.included_on` for a list by that date.
    name: String,
    date: Option<usize>,
    fields: Vec<(usize, Option<String>)>,
}

/// What is asked of the records.
#[derive(Debug, Default)]
struct Asked {
    /// By table.
    tables: HashMap<usize, Vec<usize>>,
    wanted: Vec<Wanted>,
}

/// Wordings in the making.
#[derive(Debug, Default)]
pub struct Texts {
    asked: Arc<Asked>,
    /// In the order of what is wanted.
    wordings: Vec<Wordings>,
    /// Records of kinds that no form counts.
    told: Wordings,
    /// Codes of results that were counted in brief, with table, field and code.
    brief: Gathered<(usize, (usize, usize), Case)>,
}

/// A wording with what it counts in each case.
type Wording = (String, Vec<(Case, i64)>);

/// Wordings of all records, counted.
#[derive(Debug, Default)]
pub struct Told {
    asked: Arc<Asked>,
    /// In the order of what is wanted.
    wordings: Vec<Vec<Wording>>,
    /// Records of kinds that no form counts.
    found: Vec<Wording>,
}

/// How the words of a table's records are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brevity {
    /// Fields, as bits, whose words are taken from whole records of refusals.
    pub whole: u64,
    /// Dates, as bits, by which whole records of any outcome are listed.
    pub listed: u64,
    /// Whether the codes of the one field that may be counted in brief are asked for.
    pub coded: bool,
}

/// One wording with the number of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingGroup {
    /// The commonest spelling; codes stay codes.
    pub text: String,
    pub count: i64,
}

impl Texts {
    /// What the analytical reports of the forms ask of the records.
    pub fn new(definitions: &Definitions, forms: &[&Form]) -> Self {
        let mut asked = Asked::default();
        let reports = definitions.analyticals.iter();
        let is_own = |report: &&Analytical| forms.iter().any(|form| report.forms.contains(&form.form));
        for block in reports.filter(is_own).flat_map(Analytical::blocks) {
            match block {
                Block::Texts { fields, .. } => {
                    for field in fields {
                        let Some((table, name)) = field.split_once('.') else { continue };
                        asked.want(definitions, table, field.clone(), None, &[name.to_owned()]);
                    }
                }
                Block::List { table, date, fields, .. } => {
                    asked.want(definitions, table, format!("{table}.{date}"), Some(date), fields);
                }
                _ => {}
            }
        }
        Self::of(Arc::new(asked))
    }

    fn of(asked: Arc<Asked>) -> Self {
        let wordings = asked.wanted.iter().map(|_| Wordings::default()).collect();
        Self { asked, wordings, told: Wordings::default(), brief: Gathered::default() }
    }

    /// The same questions, with nothing counted yet.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::of(Arc::clone(&self.asked))
    }

    /// Adds what a fork has counted; its units stand for others here.
    pub fn absorb(&mut self, mut fork: Self, definitions: &Definitions, units: &[u32]) {
        fork.settle(definitions);
        self.told.absorb(fork.told, units);
        for (wordings, forked) in self.wordings.iter_mut().zip(fork.wordings) {
            wordings.absorb(forked, units);
        }
    }

    /// Which records of a table of results must be taken whole; `code`: the field whose codes may be counted in brief.
    pub fn brevity(&self, table: usize, code: Option<usize>) -> Brevity {
        let mut brevity = Brevity::default();
        for wanted in self.asked.of(table).map(|(_, wanted)| wanted) {
            let first = wanted.fields.first().map(|(field, _)| *field);
            match wanted.date {
                Some(date) => brevity.listed |= 1 << date,
                None if code.is_some() && wanted.code() == code => brevity.coded = true,
                None => brevity.whole |= first.map_or(0, |field| 1 << field),
            }
        }
        brevity
    }

    /// Takes the words of a record that feeds a fact; `times`: −1 takes them back.
    pub fn take(&mut self, record: &Record<'_, '_>, definitions: &Definitions, case: Case, count: Count) {
        for (index, wanted) in self.asked.of(record.found.table).filter(|(_, wanted)| wanted.date.is_none()) {
            if let Some(text) = wording(record, definitions, wanted) {
                self.wordings[index].add(text, case, count);
            }
        }
    }

    /// Takes note of a record of a kind that no form counts.
    pub fn count(&mut self, case: Case, count: Count) {
        self.told.add(String::new(), case, count);
    }

    /// Takes a code of a result of this table.
    pub fn take_code(&mut self, table: usize, code: (usize, usize), case: Case, quantity: i64) {
        self.brief.add((table, code, case), quantity);
    }

    /// Codes that were taken in brief join the others.
    fn settle(&mut self, definitions: &Definitions) {
        for ((table, (field, code), case), count) in self.brief.take() {
            for (index, wanted) in self.asked.of(table).filter(|(_, wanted)| wanted.code() == Some(field)) {
                if let Some(text) = code_of(definitions, wanted.fields[0].1.as_ref(), code) {
                    self.wordings[index].add(text, case, count);
                }
            }
        }
    }

    /// Lists a record whose date falls into what is reported; `times`: −1 takes it back.
    pub fn list(
        &mut self,
        record: &Record<'_, '_>,
        definitions: &Definitions,
        times: i64,
        counts: impl Fn(chrono::NaiveDate) -> bool,
    ) {
        for (index, wanted) in self.asked.of(record.found.table) {
            let day = wanted.date.and_then(|date| record.values.get(date)).and_then(Typed::day);
            if !day.is_some_and(&counts) {
                continue;
            }
            if let Some(text) = wording(record, definitions, wanted) {
                let case = Case { set: u32::MAX, class: 0, unit: 0 };
                self.wordings[index].add(text, case, Count { quantity: times, times });
            }
        }
    }

    /// All is read; units become who they turned out to be.
    pub fn finish(mut self, definitions: &Definitions, units: &[u32]) -> Told {
        self.settle(definitions);
        let wordings = self.wordings.into_iter().map(|wordings| wordings.finish(units)).collect();
        Told { asked: self.asked, wordings, found: self.told.finish(units) }
    }
}

impl Asked {
    fn want(&mut self, definitions: &Definitions, table: &str, name: String, date: Option<&String>, fields: &[String]) {
        let Some(place) = definitions.table(table) else { return };
        let schema = &definitions.tables[place];
        let position = |field: &String| schema.position(field).map(|at| (at, schema.fields[at].list.clone()));
        let date = date.and_then(|date| schema.position(date));
        let wanted = Wanted { name, date, fields: fields.iter().filter_map(position).collect() };
        if !self.wanted.contains(&wanted) {
            self.tables.entry(place).or_default().push(self.wanted.len());
            self.wanted.push(wanted);
        }
    }

    /// What is wanted of a table.
    fn of(&self, table: usize) -> impl Iterator<Item = (usize, &Wanted)> {
        let places = self.tables.get(&table).into_iter().flatten();
        places.map(|place| (*place, &self.wanted[*place]))
    }
}

impl Wanted {
    /// The field, when it is one and has codes.
    fn code(&self) -> Option<usize> {
        match self.fields.as_slice() {
            [(field, Some(_))] if self.date.is_none() => Some(*field),
            _ => None,
        }
    }
}

impl Told {
    /// Wordings of fields in records that pass, the most frequent first, ties by code point.
    pub fn groups(
        &self,
        names: &[String],
        unit: Option<u32>,
        passes: impl Fn(usize, Class) -> bool,
    ) -> Vec<WordingGroup> {
        let mut found: BTreeMap<&str, i64> = BTreeMap::new();
        let own = |wanted: &Wanted| wanted.date.is_none() && names.contains(&wanted.name);
        let asked = self.asked.wanted.iter().zip(&self.wordings).filter(|(wanted, _)| own(wanted));
        for (text, counts) in asked.flat_map(|(_, wordings)| wordings) {
            for (case, count) in counts.iter().filter(|(case, _)| unit.is_none_or(|unit| unit == case.unit)) {
                if passes(case.set as usize, Class(case.class)) {
                    *found.entry(text).or_default() += count;
                }
            }
        }
        let mut groups: Vec<WordingGroup> =
            found.into_iter().map(|(text, count)| WordingGroup { text: text.to_owned(), count }).collect();
        groups.sort_by(|a, b| {
            let last = |group: &WordingGroup| group.text == OTHER;
            last(a).cmp(&last(b)).then(b.count.cmp(&a.count)).then_with(|| a.text.cmp(&b.text))
        });
        groups
    }

    /// How many records of a kind that no form counts there are.
    pub fn count(&self, set: usize, unit: Option<u32>) -> i64 {
        let cases = self.found.iter().flat_map(|(_, counts)| counts);
        let own = cases.filter(|(case, _)| case.set as usize == set && unit.is_none_or(|unit| unit == case.unit));
        own.map(|(_, count)| count).sum()
    }

    /// All wordings.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.wordings.iter().flatten().map(|(text, _)| text.as_str())
    }

    /// Records of a list, by their fields.
    pub fn listed(&self, table: &str, date: &str, fields: usize) -> Vec<Vec<String>> {
        let name = format!("{table}.{date}");
        let own = |wanted: &Wanted| wanted.date.is_some() && wanted.name == name && wanted.fields.len() == fields;
        let asked = self.asked.wanted.iter().zip(&self.wordings).filter(|(wanted, _)| own(wanted));
        let found = asked.flat_map(|(_, wordings)| wordings);
        let mut rows: Vec<Vec<String>> =
            found.map(|(text, _)| text.split(BETWEEN).map(str::to_owned).collect()).collect();
        rows.sort();
        rows
    }
}

/// The words of a record, its fields one after another; `None` when the first one is missing.
fn wording(record: &Record<'_, '_>, definitions: &Definitions, wanted: &Wanted) -> Option<String> {
    let mut parts = Vec::new();
    for (nth, (field, list)) in wanted.fields.iter().enumerate() {
        let part = match record.values.get(*field) {
            Some(Typed::Text(text)) => veiled(text),
            Some(Typed::Moment(moment)) => moment.day().to_string(),
            Some(Typed::Code(code)) => {
                definitions.codelist(list.as_ref()?)?;
                code_of(definitions, list.as_ref(), *code).unwrap_or_default()
            }
            _ if nth == 0 => return None,
            _ => String::new(),
        };
        parts.push(part);
    }
    Some(parts.join(&BETWEEN.to_string()))
}

fn code_of(definitions: &Definitions, list: Option<&String>, code: usize) -> Option<String> {
    definitions.codelist(list?)?.codes.get(code).map(|entry| entry.code.clone())
}

/// A text as it may be printed: numbers of twelve digits might be of a person.
pub(crate) fn veiled(text: &str) -> String {
    let mut veiled = String::with_capacity(text.len());
    let mut digits = String::new();
    for letter in text.chars().take(LONGEST).chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        veiled.push_str(if digits.len() == IDENTIFIER { "…" } else { &digits });
        digits.clear();
        veiled.push(letter);
    }
    let cut = if text.chars().count() > LONGEST { "…" } else { "" };
    let veiled = veiled.trim_end().to_owned() + cut;
    if !is_personal(&veiled) {
        return veiled;
    }
    // a telephone, an account, an address, or a number in groups
    let word = |word: &str| {
        if word.contains('@') { shape(word) } else { word.replace(|sign: char| sign.is_ascii_digit(), "#") }
    };
    veiled.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::veiled;

    #[test]
    fn numbers_of_persons_are_veiled() {
        assert_eq!(veiled("ИИН 900101300017, приказ 12 от 2026"), "ИИН …, приказ 12 от 2026");
        assert_eq!(veiled("900101300017"), "…");
        assert_eq!(veiled("1234567890123"), "1234567890123");
        assert_eq!(veiled("ИИН 900101 300017, т. 8 701 234 56 78"), "ИИН ###### ######, т. # ### ### ## ##");
        assert_eq!(veiled("писать на хат@почта.қаз, № 5"), "писать на xxx@xxxxx.xxx, № #");
        assert_eq!(veiled(&"ж".repeat(401)).chars().count(), 401);
    }
}
