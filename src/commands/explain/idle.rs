//! The records of a report that feed none of its numbers, by the reason.

use crate::commands::explain::opened::Opened;
use crate::commands::explain::shown::{SourceAt, print_sources, section, states};
use crate::commands::explain::sources::{Retraced, Sources, Watched};
use crate::commands::explain::uncounted::Judge;
use crate::commands::out::speech::Speech;
use crate::facts::parts::Owner;
use crate::facts::trace::{RecordPlace, Traced, Wanted};
use crate::filed::form::Filed;
use crate::values::digest::sha256;
use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Records of a reason shown without `--all`.
const SHOWN: usize = 20;

/// All reasons, those of most records first.
#[derive(Debug, Clone, Serialize)]
pub struct IdlePage {
    pub version: u32,
    pub lang: &'static str,
    pub form: String,
    pub period: String,
    pub sources: Vec<SourceAt>,
    pub same_definitions: bool,
    pub count: usize,
    pub reasons: Vec<IdleReason>,
}

/// One reason, and the records of a table that it keeps out.
#[derive(Debug, Clone, Serialize)]
pub struct IdleReason {
    /// The same for the same table and reason.
    pub id: String,
    pub table: String,
    /// As people call it.
    pub name: String,
    pub why: String,
    pub count: usize,
    pub records: Vec<IdleRecord>,
}

#[derive(Debug, Clone, Serialize)]
pub struct IdleRecord {
    pub id: String,
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    pub line: u64,
}

/// Table, and sets and classes of the facts of a record.
type Codes = (usize, Vec<(usize, u64)>);

/// Records of one reason, and between which days theirs lie.
#[derive(Debug, Default)]
struct Kept {
    places: Vec<RecordPlace>,
    days: Option<(NaiveDate, NaiveDate)>,
}

/// Reads the sources once more; `all`: every record is named.
///
/// # Errors
/// The sources cannot be read.
pub fn explain(opened: &Opened<'_>, sources: &Sources, all: bool, speech: Speech<'_>) -> Result<IdlePage> {
    let Filed { form, cells, period, unit, .. } = &opened.filed;
    let (organisation, definitions) = (opened.organisation()?, speech.definitions);
    let none = BTreeSet::new();
    let reading = sources.trace(&opened.filed, &opened.made, &organisation, definitions, Wanted::Unfed, &none)?;
    let owner = Owner::new(&reading.derived, unit.as_ref());
    let judge = Judge { speech, form, period: *period, reading: &reading };
    let mut reasons: BTreeMap<(&str, String), Kept> = BTreeMap::new();
    // what a record's codes come to is the same for all records of these codes
    let mut known: HashMap<Codes, Option<String>> = HashMap::new();
    for (place, seen) in &reading.seen {
        let table = sources.tables[place.0].table;
        let name = definitions.tables[table].table.as_str();
        let own = facts_of(&reading, *place);
        let why = if own.is_empty() {
            Some(judge.why(name, seen, own))
        } else {
            let classes = own.iter().map(|fact| (fact.set, fact.fact.class)).collect();
            let told = known.entry((table, classes)).or_insert_with(|| {
                let feeds = !owner.cells(form, cells, *period, definitions, own).is_empty();
                (!feeds).then(|| judge.why(name, seen, own))
            });
            told.clone()
        };
        let Some(why) = why else { continue };
        let (why, day) = undated(&why, seen);
        let kept = reasons.entry((name, why)).or_default();
        kept.places.push(*place);
        let whole = kept.days.map_or_else(|| day.map(|day| (day, day)), |days| Some(widened(days, day)));
        kept.days = whole;
    }
    let most = if all { usize::MAX } else { SHOWN };
    let shown: BTreeSet<RecordPlace> =
        reasons.values().flat_map(|kept| kept.places.iter().take(most)).copied().collect();
    let ids = sources.ids(&shown, definitions)?;
    let record = |place: &RecordPlace| {
        let found = &sources.tables[place.0];
        let id = ids.get(place).cloned().unwrap_or_default();
        IdleRecord { id, source: found.name.clone(), sheet: found.sheet.clone(), line: place.1 }
    };
    let count = reasons.values().map(|kept| kept.places.len()).sum();
    let mut told: Vec<IdleReason> = Vec::new();
    for ((table, why), kept) in reasons {
        let position = definitions.table(table).unwrap_or_default();
        told.push(IdleReason {
            id: sha256(format!("{table} {why}").as_bytes())?[..16].to_owned(),
            table: table.to_owned(),
            name: definitions.tables[position].names.first().get(speech.lang).to_owned(),
            why: dated(&why, kept.days),
            count: kept.places.len(),
            records: kept.places.iter().take(most).map(record).collect(),
        });
    }
    told.sort_by(|one, other| (other.count, &one.table, &one.why).cmp(&(one.count, &other.table, &other.why)));
    Ok(IdlePage {
        version: 1,
        lang: speech.lang.code(),
        form: form.form.clone(),
        period: period.quarter.to_string(),
        sources: states(sources),
        same_definitions: opened.made.definitions == definitions.digest,
        count,
        reasons: told,
    })
}

/// The facts of a record; all are in the order of sources and lines.
fn facts_of(reading: &Retraced, place: RecordPlace) -> &[Traced] {
    let all = &reading.derived.traced;
    let first = all.partition_point(|fact| (fact.source, fact.line) < place);
    let count = all[first..].partition_point(|fact| (fact.source, fact.line) == place);
    &all[first..first + count]
}

/// Where a day of the record stands in a reason.
const DAY: &str = "{day}";

/// A reason without the day of its record, and that day: records of different days have one reason.
fn undated(why: &str, seen: &Watched) -> (String, Option<NaiveDate>) {
    let said = seen.days.values().map(|moment| moment.day()).find(|day| why.contains(&day.to_string()));
    said.map_or_else(|| (why.to_owned(), None), |day| (why.replace(&day.to_string(), DAY), Some(day)))
}

fn widened((first, last): (NaiveDate, NaiveDate), day: Option<NaiveDate>) -> (NaiveDate, NaiveDate) {
    day.map_or((first, last), |day| (first.min(day), last.max(day)))
}

fn dated(why: &str, days: Option<(NaiveDate, NaiveDate)>) -> String {
    match days {
        None => why.to_owned(),
        Some((first, last)) if first == last => why.replace(DAY, &first.to_string()),
        Some((first, last)) => why.replace(DAY, &format!("{first} – {last}")),
    }
}

impl IdlePage {
    /// The page for people.
    pub fn print(&self, speech: Speech<'_>) -> String {
        let mut text = String::new();
        for reason in &self.reasons {
            let slots = [("count", &*reason.count.to_string()), ("table", &reason.name), ("why", &reason.why)];
            let place = |record: &IdleRecord| {
                let sheet = record.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
                format!("{} · {}{sheet}:{}", record.id, record.source, record.line)
            };
            let left = reason.count - reason.records.len();
            let more = (left > 0).then(|| speech.fill("explain_more", &[("count", &left.to_string())]));
            section(&mut text, &speech.fill("explain_idle", &slots), reason.records.iter().map(place).chain(more));
        }
        if self.reasons.is_empty() {
            text += speech.words("explain_idle_none");
            text.push('\n');
        }
        print_sources(&mut text, &self.sources, self.same_definitions, speech);
        text
    }
}
