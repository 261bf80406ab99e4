//! What records say in words: causes, measures, titles, grouped and counted for the analytical report.

use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Block};
use crate::definitions::dimension::Class;
use crate::definitions::form::Form;
use crate::ingest::raw::FoundTable;
use crate::lang::fold;
use crate::records::Record;
use crate::typed::Typed;
use std::collections::{BTreeMap, HashMap};

/// Wordings of one field that are kept apart; what comes after them is counted as other wordings.
const WORDINGS: usize = 50_000;
/// Longest wording, in letters.
const LONGEST: usize = 400;
/// Digits of an individual identification number.
const IDENTIFIER: usize = 12;
/// Stands between the fields of a list.
pub const BETWEEN: char = '\u{1f}';
/// The wording of what was not kept apart.
pub const OTHER: &str = "\u{1e}";

/// Fields that are read together: one for groups, several for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    /// `violations.cause`, or `register.included_on` for a list by that date.
    name: String,
    date: Option<usize>,
    fields: Vec<(usize, Option<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    wanted: u32,
    set: u32,
    class: u64,
    unit: u32,
    /// Number of the folded wording.
    wording: u32,
}

/// Wordings in the making, and counted.
#[derive(Debug, Default)]
pub struct Texts {
    /// By table.
    tables: HashMap<usize, Vec<u32>>,
    wanted: Vec<Wanted>,
    /// (field, folded) → number.
    numbers: HashMap<(u32, String), u32>,
    /// Wording number → spelling → times.
    spellings: Vec<BTreeMap<String, u64>>,
    kept: Vec<usize>,
    counts: HashMap<Key, i64>,
}

/// One wording with the number of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The commonest spelling; codes stay codes.
    pub text: String,
    pub count: i64,
}

impl Texts {
    /// What the analytical reports of the forms ask of the records.
    pub fn new(definitions: &Definitions, forms: &[&Form]) -> Self {
        let mut texts = Self::default();
        let reports = definitions.analyticals.iter();
        let asked = |report: &&Analytical| forms.iter().any(|form| report.forms.contains(&form.form));
        for block in reports.filter(asked).flat_map(Analytical::blocks) {
            match block {
                Block::Texts { fields, .. } => {
                    for field in fields {
                        let Some((table, name)) = field.split_once('.') else { continue };
                        texts.want(definitions, table, field.clone(), None, &[name.to_owned()]);
                    }
                }
                Block::List { table, date, fields, .. } => {
                    texts.want(definitions, table, format!("{table}.{date}"), Some(date), fields);
                }
                _ => {}
            }
        }
        texts
    }

    /// Tables whose words are asked for.
    pub fn tables(&self) -> std::collections::BTreeSet<usize> {
        self.tables.keys().copied().collect()
    }

    /// Whether words of this source are asked for and there.
    pub fn reads(&self, found: &FoundTable) -> bool {
        let wanted = self.tables.get(&found.table).into_iter().flatten().map(|index| &self.wanted[*index as usize]);
        let mut fields = wanted.flat_map(|wanted| &wanted.fields);
        fields.any(|(field, _)| found.columns.get(*field).is_some_and(Option::is_some))
    }

    fn want(&mut self, definitions: &Definitions, table: &str, name: String, date: Option<&String>, fields: &[String]) {
        let Some(place) = definitions.table(table) else { return };
        let schema = &definitions.tables[place];
        let position = |field: &String| schema.position(field).map(|at| (at, schema.fields[at].list.clone()));
        let date = date.and_then(|date| schema.position(date));
        let wanted = Wanted { name, date, fields: fields.iter().filter_map(position).collect() };
        if !self.wanted.contains(&wanted) {
            self.tables.entry(place).or_default().push(u32::try_from(self.wanted.len()).unwrap_or(u32::MAX));
            self.wanted.push(wanted);
            self.kept.push(0);
        }
    }

    /// Takes the words of a record that feeds a fact.
    pub fn take(&mut self, record: &Record<'_, '_>, definitions: &Definitions, fact: (usize, u64, u32, i64)) {
        let (set, class, unit, quantity) = fact;
        for index in self.tables.get(&record.found.table).cloned().unwrap_or_default() {
            let wanted = &self.wanted[index as usize];
            if wanted.date.is_some() {
                continue;
            }
            if let Some(text) = wording(record, definitions, wanted) {
                let wording = self.number(index, text);
                let set = u32::try_from(set).unwrap_or(u32::MAX);
                *self.counts.entry(Key { wanted: index, set, class, unit, wording }).or_default() += quantity;
            }
        }
    }

    /// Lists a record whose date falls into what is reported.
    pub fn list(
        &mut self,
        record: &Record<'_, '_>,
        definitions: &Definitions,
        counts: impl Fn(chrono::NaiveDate) -> bool,
    ) {
        for index in self.tables.get(&record.found.table).cloned().unwrap_or_default() {
            let wanted = &self.wanted[index as usize];
            let day = wanted.date.and_then(|date| record.values.get(date)).and_then(Typed::day);
            if !day.is_some_and(&counts) {
                continue;
            }
            if let Some(text) = wording(record, definitions, wanted) {
                let wording = self.number(index, text);
                let key = Key { wanted: index, set: u32::MAX, class: 0, unit: 0, wording };
                *self.counts.entry(key).or_default() += 1;
            }
        }
    }

    fn number(&mut self, wanted: u32, text: String) -> u32 {
        let full = self.kept[wanted as usize] >= WORDINGS;
        let folded = (wanted, fold(&text));
        let known = !full || self.numbers.contains_key(&folded);
        let (folded, text) = if known { (folded, text) } else { ((wanted, OTHER.to_owned()), OTHER.to_owned()) };
        let next = u32::try_from(self.spellings.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(folded).or_insert(next);
        if number == next {
            self.spellings.push(BTreeMap::new());
            self.kept[wanted as usize] += 1;
        }
        *self.spellings[number as usize].entry(text).or_default() += 1;
        number
    }

    /// Replaces the units by who they turned out to be.
    #[must_use]
    pub fn resolved(mut self, units: &[u32]) -> Self {
        let mut counts: HashMap<Key, i64> = HashMap::new();
        let met: BTreeMap<Key, i64> = std::mem::take(&mut self.counts).into_iter().collect();
        for (key, count) in met {
            let unit = units.get(key.unit as usize).copied().unwrap_or(0);
            *counts.entry(Key { unit, ..key }).or_default() += count;
        }
        Self { counts, ..self }
    }

    /// Wordings of fields in records that pass, the most frequent first, ties by code point.
    pub fn groups(&self, names: &[String], unit: Option<u32>, passes: impl Fn(usize, Class) -> bool) -> Vec<Group> {
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        self.counts.iter().for_each(|(key, count)| {
            let wanted = &self.wanted[key.wanted as usize];
            let own = names.contains(&wanted.name) && unit.is_none_or(|unit| unit == key.unit);
            if own && wanted.date.is_none() && passes(key.set as usize, Class(key.class)) {
                *found.entry(self.spelling(key.wording)).or_default() += count;
            }
        });
        let mut groups: Vec<Group> = found.into_iter().map(|(text, count)| Group { text, count }).collect();
        groups.sort_by(|a, b| {
            let last = |group: &Group| group.text == OTHER;
            last(a).cmp(&last(b)).then(b.count.cmp(&a.count)).then_with(|| a.text.cmp(&b.text))
        });
        groups
    }

    /// Records of a list, by their fields.
    pub fn listed(&self, table: &str, date: &str, fields: usize) -> Vec<Vec<String>> {
        let name = format!("{table}.{date}");
        let found = self.counts.keys().filter(|key| {
            let wanted = &self.wanted[key.wanted as usize];
            wanted.date.is_some() && wanted.name == name && wanted.fields.len() == fields
        });
        let mut rows: Vec<Vec<String>> =
            found.map(|key| self.spelling(key.wording).split(BETWEEN).map(str::to_owned).collect()).collect();
        rows.sort();
        rows
    }

    fn spelling(&self, wording: u32) -> String {
        let spellings = self.spellings.get(wording as usize).into_iter().flatten();
        let best = spellings.min_by_key(|(text, times)| (std::cmp::Reverse(**times), text.as_str()));
        best.map(|(text, _)| text.clone()).unwrap_or_default()
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
                let list = list.as_ref().and_then(|list| definitions.codelist(list))?;
                list.codes.get(*code).map(|entry| entry.code.clone()).unwrap_or_default()
            }
            _ if nth == 0 => return None,
            _ => String::new(),
        };
        parts.push(part);
    }
    Some(parts.join(&BETWEEN.to_string()))
}

/// A text as it may be printed: numbers of twelve digits might be of a person.
fn veiled(text: &str) -> String {
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
    veiled.trim_end().to_owned() + cut
}

#[cfg(test)]
mod tests {
    use super::veiled;

    #[test]
    fn numbers_of_persons_are_veiled() {
        assert_eq!(veiled("ИИН 900101300017, приказ 12 от 2026"), "ИИН …, приказ 12 от 2026");
        assert_eq!(veiled("900101300017"), "…");
        assert_eq!(veiled("1234567890123"), "1234567890123");
        assert_eq!(veiled(&"ж".repeat(401)).chars().count(), 401);
    }
}
