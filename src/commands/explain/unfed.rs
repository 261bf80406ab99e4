//! The records that no requested form counts: how many of each kind, and where they stand.

use crate::commands::explain::opened::Opened;
use crate::commands::explain::shown::{PageHead, section};
use crate::commands::explain::sources::Sources;
use crate::commands::explain::uncounted::Judge;
use crate::commands::out::speech::Speech;
use crate::facts::parts::Owner;
use crate::facts::trace::{RecordPlace, Traced, Wanted};
use crate::filed::form::Filed;
use crate::report::idle;
use crate::report::idle_rows::IdleWhy;
use crate::words::failure::Halt;
use anyhow::{Result, bail};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Records of a kind that are shown without `--all`, and of which the reason is looked up at all.
const SHOWN: usize = 20;
const LOOKED_UP: usize = 20_000;

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

/// Reads the sources and lists what feeds nothing, by kind and place.
///
/// # Errors
/// A source or the organisation file cannot be read; sources of the report were not found.
pub fn explain(opened: &Opened<'_>, sources: &Sources, all: bool, speech: Speech<'_>) -> Result<UnfedPage> {
    let (definitions, quarter) = (speech.definitions, opened.filed.period.quarter);
    if sources.tables.is_empty() {
        bail!(Halt::new("explain_unfed_sources"));
    }
    let organisation = opened.organisation()?;
    let limit = if all { usize::MAX } else { SHOWN };
    let mut met: BTreeMap<(IdleWhy, String), Vec<RecordPlace>> = BTreeMap::new();
    let ledger = sources.unfed(&opened.filed, &opened.made, &organisation, definitions, &mut |at, why| {
        let (why, channel) = why.why(definitions);
        let of = channel.unwrap_or(&definitions.tables[sources.tables[at.0].table].table);
        let first = met.entry((why, of.to_owned())).or_default();
        if first.len() < limit {
            first.push(at);
        }
    })?;
    let places: BTreeSet<RecordPlace> = met.values().flatten().copied().collect();
    let looked_up: BTreeSet<RecordPlace> = places.iter().take(LOOKED_UP).copied().collect();
    let ids = sources.ids(&places, definitions)?;
    let wanted = Wanted::Records(looked_up.clone());
    let reading = sources.trace(&opened.filed, &opened.made, &organisation, definitions, wanted, &looked_up)?;
    let Filed { form, cells, period, unit, .. } = &opened.filed;
    let judge = Judge { speech, form, period: *period, reading: &reading };
    let owner = Owner::new(&reading.derived, unit.as_ref());
    let mut facts: BTreeMap<RecordPlace, Vec<Traced>> = BTreeMap::new();
    for traced in &reading.derived.traced {
        facts.entry((traced.source, traced.line)).or_default().push(*traced);
    }
    let mut told = Vec::new();
    for ((why, of), count) in idle::kinds(&ledger) {
        let mut records = Vec::new();
        for at in met.remove(&(why, of.to_owned())).unwrap_or_default() {
            let found = &sources.tables[at.0];
            let own = facts.get(&at).map(Vec::as_slice).unwrap_or_default();
            // it waited for other records, which settled that it counts
            if !owner.cells(form, cells, *period, definitions, own).is_empty() {
                continue;
            }
            let whys = reading.seen.get(&at).filter(|_| why != IdleWhy::Channel).map(|seen| {
                let idle = judge.idle(&definitions.tables[found.table].table, seen, own).into_iter();
                idle.filter(|idle| idle.columns.is_empty()).map(|idle| idle.why).collect::<BTreeSet<_>>()
            });
            records.push(UnfedRecord {
                id: ids.get(&at).cloned().unwrap_or_default(),
                source: found.name.clone(),
                sheet: found.sheet.clone(),
                line: at.1,
                because: whys.unwrap_or_default().into_iter().collect(),
            });
        }
        let why = idle::of_kind((why, of), count, quarter, definitions).get(speech.lang).to_owned();
        told.push(UnfedKind { why, count, records });
    }
    Ok(UnfedPage { head: PageHead::of(opened, sources, speech), kinds: told })
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
