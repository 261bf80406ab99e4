//! What a body confirmed about its own files: source → table, header → field, value → code (`esep init`).

use crate::definitions::Definitions;
use crate::definitions::notation::parse_toml;
use crate::definitions::record::Table;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use crate::words::lang::{Text, fold, nearest};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The mapping file. Only what is confirmed is ever used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// All of it is confirmed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub confirmed: bool,
    #[serde(default, rename = "head")]
    pub heads: Vec<Head>,
    #[serde(default)]
    pub values: Vec<Values>,
}

/// Sources that have one head: what they are, and what their columns are. `headers`, where they are given, say which
/// sources are meant; their names then say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// `book.xlsx [Sheet]` or `table.csv`; `*` stands for anything.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sources: Vec<String>,
    /// The headers of the group, whatever the sources are called.
    #[serde(default, skip_serializing_if = "is_default")]
    pub headers: Vec<String>,
    /// Empty: the sources are not read.
    #[serde(default)]
    pub table: String,
    #[serde(default)]
    pub confirmed: bool,
    /// The records have no number of their own: their places are their ids.
    #[serde(default)]
    pub numbered: bool,
    /// `05.07.26` is a day of 2026, `18,08,2026` a day.
    #[serde(default, skip_serializing_if = "is_default")]
    pub short_days: bool,
    /// Moments of the old kind (INT96) of Parquet files are in Kazakhstan's time; false: in universal time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub local_moments: Option<bool>,
    /// The field whose value stands in a line above its rows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub section: Option<String>,
    /// The field whose value is the sheet's name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sheet_name: Option<String>,
    /// Header → field; an empty field leaves the column out.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Field → the value of records that say nothing of it.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Word before a colon above the head → the field whose value stands behind it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub titled: BTreeMap<String, String>,
}

/// Whether a value is as it is where nobody says anything.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Spellings of a code list's codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    pub list: String,
    #[serde(default)]
    pub confirmed: bool,
    /// Value → code.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
}

/// A mapping that was used, with the file it stood in: it changes the figures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Used {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    #[serde(flatten)]
    pub mapping: Mapping,
}

impl Used {
    /// Reads a mapping file; what is not confirmed stays in it, so that somebody can be told.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, or is not well-formed.
    pub fn read(path: &Path) -> Result<Self> {
        let place = || Halt::within(path);
        let text = text_file::text(path)?;
        Self::of(path, text.as_bytes(), parse_toml(&text).or_halt(place)?)
    }

    /// A mapping that stands in a file, in whatever form.
    ///
    /// # Errors
    /// None for bytes that are at hand.
    pub fn of(path: &Path, bytes: &[u8], mut mapping: Mapping) -> Result<Self> {
        if mapping.confirmed {
            mapping.heads.iter_mut().for_each(|head| head.confirmed = true);
            mapping.values.iter_mut().for_each(|values| values.confirmed = true);
            mapping.confirmed = false;
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let sha256 = crate::values::digest::sha256(bytes).or_halt(|| Halt::within(path))?;
        Ok(Self { name, bytes: bytes.len() as u64, sha256, mapping })
    }

    /// The same without what is not confirmed.
    #[must_use]
    pub fn confirmed(mut self) -> Self {
        self.mapping.heads.retain(|head| head.confirmed);
        self.mapping.values.retain(|values| values.confirmed);
        self
    }
}

impl Mapping {
    /// The values that are read by this mapping, list by list, and the lists that nobody confirmed.
    pub fn told(&self, definitions: &Definitions) -> Vec<Finding> {
        let told = |values: &Values| {
            let list = definitions.codelist(&values.list)?;
            if !values.confirmed {
                return Some(Finding::new("mapping_unconfirmed", Place::default()).with("part", &values.list));
            }
            let pairs = |lang| {
                let label = |code: &String| list.position(code).map(|code| list.codes[code].label.get(lang));
                let pair = |(value, code)| format!("«{value}» → «{}»", label(code).unwrap_or_default());
                values.codes.iter().map(pair).collect::<Vec<_>>().join(", ")
            };
            let text = Text::by(pairs);
            Some(Finding::new("mapping_values", Place::default()).of_unit(&text))
        };
        self.values.iter().filter(|values| !values.codes.is_empty()).filter_map(told).collect()
    }

    /// The values of this mapping that no record had, list by list. A quarter need not have every value that a body
    /// ever writes: it is worth a look, no more; a value that was rejected for a slip is told where it stands.
    /// `definitions` are those that the mapping taught, after all records were read by them.
    pub fn unmet(&self, definitions: &Definitions) -> Vec<Finding> {
        let told = |values: &Values| {
            let list = definitions.codelist(&values.list)?;
            let unmet = values.codes.keys().filter(|value| values.confirmed && list.is_unmet(value));
            let unmet: Vec<String> = unmet.map(|value| format!("«{value}»")).collect();
            let finding = || Finding::new("mapping_values_unmet", Place::default()).with_text("list", &list.names);
            (!unmet.is_empty()).then(|| finding().with("values", unmet.join(", ")))
        };
        self.values.iter().filter_map(told).collect()
    }

    /// The definitions with the spellings of this mapping.
    ///
    /// # Errors
    /// What is wrong with the mapping: names that nothing has, a field with two headers, a value with two codes.
    pub fn teach(&self, definitions: &Definitions) -> Result<Definitions, Box<Text>> {
        for head in self.heads.iter().filter(|head| head.confirmed) {
            head.check(definitions)?;
        }
        let mut taught = definitions.clone();
        for values in self.values.iter().filter(|values| values.confirmed) {
            let known = || definitions.codelists.iter().map(|list| list.list.as_str());
            let found = taught.codelists.iter_mut().find(|list| list.list == values.list);
            let unknown = || refusal(definitions, "mapping_no_list", &[("name", &values.list)], known());
            let list = found.ok_or_else(|| Box::new(unknown()))?;
            for (value, code) in &values.codes {
                let slots = [("value", value.as_str()), ("code", code), ("list", &values.list)];
                let Some(place) = list.position(code) else {
                    let codes = list.codes.iter().map(|code| code.code.as_str());
                    return Err(Box::new(refusal(definitions, "mapping_no_code", &slots, codes)));
                };
                if !list.learn(value, place) {
                    return Err(Box::new(refusal(definitions, "mapping_value_twice", &slots, std::iter::empty())));
                }
            }
        }
        taught.attach_codes();
        Ok(taught)
    }
}

impl Head {
    /// Whether a source is one of these, by its whole name or without the folders before it.
    pub fn is_of(&self, source: &str, sheet: Option<&str>) -> bool {
        let whole = sheet.map(|sheet| format!("{source} [{sheet}]"));
        let fits = |pattern: &String| {
            let names = whole.iter().map(String::as_str).chain([source]);
            names.into_iter().any(|name| {
                let below = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
                std::iter::once(name).chain(below).any(|name| is_like(&fold(pattern), &fold(name)))
            })
        };
        self.sources.iter().any(fits)
    }

    /// What a person calls it: the sources that it is named after, else its headers.
    pub fn label(&self) -> String {
        let of =
            |texts: &[String]| texts.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(", ");
        if self.sources.is_empty() { of(&self.headers) } else { of(&self.sources) }
    }

    fn check(&self, definitions: &Definitions) -> Result<(), Box<Text>> {
        let tables = || definitions.tables.iter().map(|table| table.table.as_str());
        if self.table.is_empty() {
            return Ok(());
        }
        let place = definitions.table(&self.table);
        let place = place
            .ok_or_else(|| Box::new(refusal(definitions, "mapping_no_table", &[("name", &self.table)], tables())))?;
        let table = &definitions.tables[place];
        let mut given: BTreeMap<&str, &str> = BTreeMap::new();
        let columns = self.columns.iter().filter(|(_, field)| !field.is_empty());
        let columns = columns.map(|(header, field)| (header.as_str(), field.as_str()));
        let fixed = self.fixed.iter().map(|(field, value)| (value.as_str(), field.as_str()));
        let titled = self.titled.iter().map(|(word, field)| (word.as_str(), field.as_str()));
        let alone = self.section.iter().chain(&self.sheet_name).map(|field| (field.as_str(), field.as_str()));
        for (said, field) in columns.chain(fixed).chain(titled).chain(alone) {
            let slots = [("field", field), ("table", &self.table), ("header", said)];
            if table.position(field).is_none() {
                let fields = table.fields.iter().map(|field| field.name.as_str());
                return Err(Box::new(refusal(definitions, "mapping_no_field", &slots, fields)));
            }
            if let Some(other) = given.insert(field, said) {
                let slots = [("field", field), ("first", other), ("second", said)];
                return Err(Box::new(refusal(definitions, "mapping_field_twice", &slots, std::iter::empty())));
            }
        }
        for (field, value) in &self.fixed {
            let list = table.position(field).and_then(|field| table.fields[field].list.as_ref());
            let list = list.and_then(|list| definitions.codelist(list));
            if let Some(list) = list.filter(|list| list.find(value).is_none()) {
                let slots = [("value", value.as_str()), ("code", value), ("list", &list.list)];
                let codes = list.codes.iter().map(|code| code.code.as_str());
                return Err(Box::new(refusal(definitions, "mapping_no_code", &slots, codes)));
            }
        }
        if self.numbered && numbered_field(table).is_none() {
            let slots = [("table", self.table.as_str())];
            return Err(Box::new(refusal(definitions, "mapping_not_numbered", &slots, std::iter::empty())));
        }
        Ok(())
    }
}

/// The field that a place in a source can stand for: the id, where no other table refers to it.
pub fn numbered_field(table: &Table) -> Option<usize> {
    let [key] = table.key.as_slice() else { return None };
    table.position(key).filter(|_| table.table != "control_events")
}

fn refusal<'k>(
    definitions: &Definitions,
    key: &str,
    slots: &[(&str, &str)],
    known: impl Iterator<Item = &'k str>,
) -> Text {
    let known: Vec<&str> = known.collect();
    let asked = slots.iter().find(|(slot, _)| ["name", "field", "code"].contains(slot)).map_or("", |slot| slot.1);
    let meant = nearest(asked, known.iter().copied()).map(|near| vec![near]).unwrap_or(known);
    let mut slots: Vec<(String, String)> =
        slots.iter().map(|(slot, value)| ((*slot).to_owned(), (*value).to_owned())).collect();
    slots.push(("known".to_owned(), meant.join(", ")));
    definitions.words(key).fill(&slots)
}

/// Whether a text is as the pattern says; `*` stands for anything.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(first) else { return false };
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.into_iter().any(|at| is_like(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::{Head, is_like};

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, like) in [
            ("a.csv", "a.csv", true),
            ("a.csv", "b.csv", false),
            ("журнал*.xlsx [*]", "журнал 3 кв.xlsx [июль]", true),
            ("журнал*.xlsx", "журнал.xlsx [июль]", false),
            ("*", "", true),
        ] {
            assert_eq!(is_like(pattern, text), like, "{pattern} {text}");
        }
        let head = Head { sources: vec!["Журнал.xlsx [Июль]".to_owned()], ..Head::default() };
        assert!(head.is_of("2026/журнал.xlsx", Some("июль")));
        assert!(!head.is_of("журнал.xlsx", Some("август")));
    }
}
