//! What stands in a column: kinds of values, never whose.

use crate::commands::init::people::is_name;
use crate::definitions::Definitions;
use crate::records::typed::{clean, measured, parse_moment, short_day};
use crate::sources::raw::Raw;
use crate::sources::survey::folded;
use crate::values::moment::Moment;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// Values that are kept apart; a column with more of them has no codes.
const KEPT: usize = 200;
/// Rows whose values are looked at closely.
const CLOSELY: u64 = 5_000;

/// One column of sheets that have the same head.
#[derive(Debug, Default)]
pub struct OwnColumn {
    pub header: String,
    /// What stands above it in a head of several rows.
    pub above: String,
    pub filled: u64,
    /// Of the first rows: values looked at, and what they are.
    pub seen: u64,
    pub dates: u64,
    /// Of the dates: `05.07.26` and the like, which are read only where somebody says what they mean.
    pub short: u64,
    pub whole: u64,
    /// Numbers with their units: `5 раб. дней`.
    pub measured: u64,
    /// The greatest of the whole numbers.
    most: u64,
    pub bins: u64,
    pub units: u64,
    /// Numbers of people, or names.
    pub people: u64,
    /// Per code list: values that it knows.
    pub codes: Vec<u64>,
    /// Value → times; `None`: too many.
    pub values: Option<BTreeMap<String, u64>>,
    /// Months of the dates → times.
    pub months: BTreeMap<(i32, u32), u64>,
    /// The header says that it names people.
    of_people: bool,
    /// Code lists of units.
    units_of: BTreeSet<usize>,
    ids: HashSet<u64>,
    pub repeats: bool,
}

impl OwnColumn {
    pub fn new(header: &str, above: &str, definitions: &Definitions) -> Self {
        let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            header: spaced(header),
            above: spaced(above),
            of_people: is_of_people(&folded(header), definitions),
            units_of: lists_of_units(definitions),
            codes: vec![0; definitions.codelists.len()],
            values: Some(BTreeMap::new()),
            ..Self::default()
        }
    }

    pub fn take(&mut self, raw: &Raw<'_>, definitions: &Definitions) {
        let bytes = raw.print();
        let text = String::from_utf8_lossy(&bytes);
        let text = clean(&text);
        if matches!(text.as_ref(), "" | "-" | "–" | "—") {
            return;
        }
        self.filled += 1;
        self.repeats |= !self.ids.insert(xxh3_64(text.as_bytes()));
        if self.filled > CLOSELY {
            return;
        }
        self.seen += 1;
        let moment = match raw {
            Raw::Moment { minutes, timed } => Some(Moment { minutes: *minutes, timed: *timed }),
            Raw::Text(_) => parse_moment(&text).or_else(|| {
                let moment = short_day(&text)?;
                self.short += 1;
                Some(moment)
            }),
            _ => None,
        };
        if let Some(moment) = moment {
            let day: NaiveDate = moment.day();
            self.dates += 1;
            *self.months.entry((chrono::Datelike::year(&day), chrono::Datelike::month(&day))).or_default() += 1;
        }
        let is_measured =
            |list: &usize| measured(&definitions.codelists[*list], &text).is_some_and(|(_, unit)| unit.is_some());
        self.measured += u64::from(self.units_of.iter().any(is_measured));
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        self.whole += u64::from(is_number);
        self.most = self.most.max(text.parse().ok().filter(|_| is_number).unwrap_or(0));
        // the fifth digit of a BIN is 4, 5 or 6; in the number of a person it begins the day of birth
        let is_twelve = is_number && text.len() == 12;
        let is_bin = is_twelve && matches!(text.as_bytes()[4], b'4'..=b'6');
        self.bins += u64::from(is_bin);
        self.people += u64::from(is_twelve && !is_bin || is_name(&text));
        self.units += u64::from(is_number && text.len() == 9);
        for (list, count) in definitions.codelists.iter().zip(&mut self.codes) {
            *count += u64::from(list.find(&text).is_some());
        }
        if let Some(values) = &mut self.values {
            *values.entry(text.into_owned()).or_default() += 1;
            if values.len() > KEPT {
                self.values = None;
            }
        }
    }

    /// The header without what stands above it.
    pub fn lowest(&self) -> &str {
        let own = self.header.strip_prefix(self.above.as_str()).map(str::trim_start);
        own.filter(|own| !own.is_empty()).unwrap_or(&self.header)
    }

    /// A part of the values that were looked at.
    #[allow(clippy::cast_precision_loss)] // a share
    pub fn share(&self, of: u64) -> f64 {
        if self.seen == 0 { 0.0 } else { of as f64 / self.seen as f64 }
    }

    /// Whether it numbers the rows of a sheet and is no number of a record.
    pub fn is_ordinal(&self) -> bool {
        self.seen > 0 && self.whole == self.seen && self.most <= self.filled
    }

    /// Whether it names people: nothing of it is ever shown.
    pub fn is_personal(&self) -> bool {
        self.of_people || self.share(self.people) >= 0.2
    }

    /// The commonest values.
    pub fn commonest(&self) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> =
            self.values.iter().flatten().map(|(value, times)| (value.as_str(), *times)).collect();
        values.sort_by_key(|(value, times)| (std::cmp::Reverse(*times), *value));
        values
    }
}

/// Positions of the code lists that say in which unit a number is.
fn lists_of_units(definitions: &Definitions) -> BTreeSet<usize> {
    let units = definitions.tables.iter().flat_map(|table| {
        let units = (0..table.fields.len()).filter_map(|field| table.unit_of(field));
        units.filter_map(|unit| table.fields[unit].list.as_ref())
    });
    units.filter_map(|list| definitions.codelists.iter().position(|own| own.list == *list)).collect()
}

/// Whether a header is one that stands above people; a spelling of a field that names nobody is none: `svc_name`.
fn is_of_people(header: &str, definitions: &Definitions) -> bool {
    let is_named = |word: &String| {
        let word = folded(word);
        header == word || (word.chars().count() > 2 && format!(" {header} ").contains(&format!(" {word} ")))
    };
    let hints = |name: &str| definitions.hints.fields.get(name).into_iter().flatten().map(String::as_str);
    let fields = definitions.tables.iter().flat_map(|table| &table.fields).filter(|field| field.open);
    let mut spellings = fields.flat_map(|field| field.headers.all().chain(hints(&field.name)));
    definitions.hints.personal.iter().any(is_named) && !spellings.any(|spelling| folded(spelling) == header)
}
