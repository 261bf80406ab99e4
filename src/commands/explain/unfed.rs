//! The records that no requested form counts: how many of each kind, and where they stand.

use crate::commands::explain::kept::Kept;
use crate::commands::explain::opened::Opened;
use crate::commands::explain::shown::{PageHead, section};
use crate::commands::explain::uncounted::Judge;
use crate::commands::out::speech::Speech;
use crate::definitions::Definitions;
use crate::facts::parts::{Owner, Part, parts};
use crate::facts::trace::{RecordPlace, Traced};
use crate::filed::form::Filed;
use crate::report::idle;
use crate::report::idle_rows::IdleWhy;
use crate::words::failure::Halt;
use anyhow::{Result, bail};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// All such records, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct UnfedPage {
    #[serde(flatten)]
    pub head: PageHead,
    pub kinds: Vec<UnfedKind>,
}

/// Records that are not in the form for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct UnfedKind {
    pub why: String,
    pub count: u64,
    pub records: Vec<UnfedRecord>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
pub struct UnfedRecord {
    pub id: String,
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    pub line: u64,
    /// What the record itself says, where the kind leaves it open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
}

/// Lists what feeds nothing, by kind and place; `shown`: which records of each kind, or of the one that is asked for.
///
/// # Errors
/// What was kept of the sources cannot be read; sources of the report were not found.
pub fn explain(
    opened: &Opened<'_>,
    kept: &Kept,
    shown: &Range<usize>,
    only: Option<usize>,
    speech: Speech<'_>,
) -> Result<UnfedPage> {
    let Kept { sources, reading, .. } = kept;
    let (definitions, quarter) = (speech.definitions, opened.filed.period.quarter);
    if sources.tables.is_empty() {
        bail!(Halt::new("explain_unfed_sources"));
    }
    let kinds: Vec<((IdleWhy, &str), u64)> = idle::kinds(&reading.ledger).into_iter().collect();
    let mut met: Vec<Vec<RecordPlace>> = vec![Vec::new(); kinds.len()];
    kept.unfed(&mut |at, why| {
        let (why, channel) = why.why(definitions);
        let of = (why, channel.unwrap_or(&definitions.tables[sources.tables[at.0].table].table));
        let kind = kinds.iter().position(|(kind, _)| *kind == of);
        if let Some(kind) = kind.filter(|kind| only.is_none_or(|only| only == *kind)) {
            met[kind].push(at);
        }
    })?;
    // records that waited for others, which settled that they count
    let counted = counted(opened, kept, &met.iter().flatten().copied().collect(), definitions)?;
    for places in &mut met {
        places.retain(|at| !counted.contains(at));
        *places = places.iter().skip(shown.start).take(shown.len()).copied().collect();
    }
    let places: BTreeSet<RecordPlace> = met.iter().flatten().copied().collect();
    let (ids, seen) = (kept.ids(&places, definitions)?, kept.seen(&places)?);
    let facts = facts_of(kept, &mut |traced| seen.contains_key(&(traced.source, traced.line)))?;
    let judge = Judge { speech, form: opened.filed.form, period: opened.filed.period, reading };
    let record = |at: RecordPlace| {
        let found = &sources.tables[at.0];
        let own = facts.get(&at).map(Vec::as_slice).unwrap_or_default();
        let whys = seen.get(&at).map(|seen| {
            let idle = judge.idle(&definitions.tables[found.table].table, seen, own).into_iter();
            idle.filter(|idle| idle.columns.is_empty()).map(|idle| idle.why).collect::<BTreeSet<_>>()
        });
        UnfedRecord {
            id: ids.get(&at).cloned().unwrap_or_default(),
            source: found.name.clone(),
            sheet: found.sheet.clone(),
            line: at.1,
            because: whys.unwrap_or_default().into_iter().collect(),
        }
    };
    let told = kinds.into_iter().zip(met).map(|((kind, count), places)| UnfedKind {
        why: idle::of_kind(kind, count, quarter, definitions).get(speech.lang).to_owned(),
        count,
        records: places.into_iter().map(record).collect(),
    });
    Ok(UnfedPage { kinds: told.collect(), head: PageHead::of(opened, sources, speech) })
}

/// Which of the records feed a cell of the form after all.
fn counted(
    opened: &Opened<'_>,
    kept: &Kept,
    places: &BTreeSet<RecordPlace>,
    definitions: &Definitions,
) -> Result<BTreeSet<RecordPlace>> {
    let Filed { form, cells, period, unit, .. } = &opened.filed;
    let rows: BTreeSet<usize> = cells.lines.iter().map(|line| line.row).collect();
    let parts: Vec<Part> = rows
        .into_iter()
        .flat_map(|row| (0..form.grid_of(row).columns.len()).map(move |column| (row, column)))
        .flat_map(|(row, column)| parts(form, row, column, *period, definitions))
        .collect();
    // facts have few classes
    let mut takes: HashMap<(usize, u64), bool> = HashMap::new();
    let facts = facts_of(kept, &mut |traced| {
        let taken = || parts.iter().any(|part| part.takes(traced));
        *takes.entry((traced.set, traced.fact.class)).or_insert_with(taken)
            && places.contains(&(traced.source, traced.line))
    })?;
    let owner = Owner::new(&kept.reading.derived, unit.as_ref());
    let feeds = |own: &[Traced]| !owner.cells(form, cells, *period, definitions, own).is_empty();
    Ok(facts.into_iter().filter(|(_, own)| feeds(own)).map(|(at, _)| at).collect())
}

/// Facts by the records that made them.
fn facts_of(kept: &Kept, is_wanted: &mut dyn FnMut(&Traced) -> bool) -> Result<BTreeMap<RecordPlace, Vec<Traced>>> {
    let mut facts: BTreeMap<RecordPlace, Vec<Traced>> = BTreeMap::new();
    for traced in kept.facts(is_wanted)? {
        facts.entry((traced.source, traced.line)).or_default().push(traced);
    }
    Ok(facts)
}

impl UnfedPage {
    /// The page for people.
    pub fn print(&self, speech: Speech<'_>) -> String {
        let mut text = String::new();
        if self.kinds.is_empty() {
            text.push_str(speech.words("explain_unfed_none"));
            text.push('\n');
        }
        for kind in &self.kinds {
            let rest = kind.count.saturating_sub(kind.records.len() as u64);
            let more = (rest > 0).then(|| speech.fill("explain_more", &[("count", &rest.to_string())]));
            section(&mut text, &kind.why, kind.records.iter().map(UnfedRecord::print).chain(more));
        }
        self.head.print(&mut text, speech);
        text
    }
}

impl UnfedRecord {
    fn print(&self) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
        let place = format!("{}{sheet}:{}", self.source, self.line);
        // an id that is the place says nothing more
        let id = if self.id == place { String::new() } else { format!(" · {}", self.id) };
        let because = if self.because.is_empty() { String::new() } else { format!(": {}", self.because.join("; ")) };
        format!("{place}{id}{because}")
    }
}
