//! What reading the sources of a report once gave, kept for many questions: what grows with the records lies in files
//! without a name.

use crate::commands::explain::opened::Opened;
use crate::commands::explain::sources::{Retraced, Sources, Watched};
use crate::definitions::Definitions;
use crate::facts::trace::{NUMBERS, RecordPlace, Trace, Traced, Wanted};
use crate::facts::unfed::Unfed;
use crate::values::aside::{Shelf, Tape};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;

/// The sources of a report, read once.
#[derive(Debug)]
pub struct Kept {
    pub sources: Sources,
    /// Without its facts, its findings and the rows that were refused.
    pub reading: Retraced,
    facts: Tape<NUMBERS>,
    /// Source, line and reason of each record that feeds nothing, unless records behind it say otherwise.
    unfed: Tape<3>,
    /// What these records say, but for those of a channel that no asked form counts.
    seen: Shelf,
    /// The ids of all records, where they are to be at hand.
    ids: Option<Shelf>,
}

impl Kept {
    /// Reads the sources of an opened report and keeps the facts that are wanted.
    ///
    /// # Errors
    /// A source or the organisation file cannot be read; there is no room for what is kept.
    pub fn read(sources: Sources, opened: &Opened<'_>, wanted: Wanted, definitions: &Definitions) -> Result<Self> {
        let organisation = opened.organisation()?;
        let (mut facts, mut unfed, mut seen) = (Tape::new()?, Tape::new()?, Shelf::new()?);
        let of = (&opened.filed, &opened.made);
        let mut reading = sources.retrace(of, &organisation, definitions, wanted, &mut |record, deriver| {
            for traced in deriver.trace.iter_mut().flat_map(Trace::take) {
                facts.push(traced.numbers())?;
            }
            let Some(why) = deriver.unfed() else { return Ok(()) };
            unfed.push([record.source as u64, record.line, why.number()])?;
            if matches!(why, Unfed::Channel(_)) {
                return Ok(());
            }
            seen.put((record.source as u64, record.line), &Watched::of(record, definitions))
        })?;
        for traced in std::mem::take(&mut reading.derived.traced) {
            facts.push(traced.numbers())?;
        }
        (reading.findings, reading.rejected) = (Vec::new(), Vec::new());
        Ok(Self { sources, reading, facts, unfed, seen, ids: None })
    }

    /// The same with all facts, and with the ids of all records at hand: for many questions.
    ///
    /// # Errors
    /// As of `read`.
    pub fn whole(sources: Sources, opened: &Opened<'_>, definitions: &Definitions) -> Result<Self> {
        let again = sources.clone();
        let (kept, ids) = thread::scope(|scope| {
            let ids = scope.spawn(|| ids_of(&again, definitions));
            (Self::read(sources, opened, Wanted::All, definitions), ids.join())
        });
        let ids = ids.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(Self { ids: Some(ids), ..kept? })
    }

    /// Facts in the order of sources and lines.
    ///
    /// # Errors
    /// What was put aside cannot be read.
    pub fn facts(&self, is_wanted: &mut dyn FnMut(&Traced) -> bool) -> Result<Vec<Traced>> {
        let mut facts = Vec::new();
        self.facts.each(&mut |numbers| {
            facts.extend(Some(Traced::of_numbers(numbers)).filter(|traced| is_wanted(traced)));
            Ok(())
        })?;
        facts.sort_by_key(Traced::order);
        Ok(facts)
    }

    /// Calls `meet` for each record that feeds nothing, unless records behind it say otherwise.
    ///
    /// # Errors
    /// What was put aside cannot be read.
    pub fn unfed(&self, meet: &mut dyn FnMut(RecordPlace, Unfed)) -> Result<()> {
        self.unfed.each(&mut |[source, line, why]| {
            meet((usize::try_from(source)?, line), Unfed::of_number(why));
            Ok(())
        })
    }

    /// What records say that feed nothing.
    ///
    /// # Errors
    /// What was put aside cannot be read.
    pub fn seen(&self, places: &BTreeSet<RecordPlace>) -> Result<BTreeMap<RecordPlace, Watched>> {
        found(&self.seen, places)
    }

    /// The ids of records, as they stand in their sources.
    ///
    /// # Errors
    /// A source, or what was put aside, cannot be read.
    pub fn ids(
        &self,
        places: &BTreeSet<RecordPlace>,
        definitions: &Definitions,
    ) -> Result<BTreeMap<RecordPlace, String>> {
        match &self.ids {
            Some(ids) => found(ids, places),
            None => self.sources.ids(places, definitions),
        }
    }
}

/// The ids of all records, put aside.
fn ids_of(sources: &Sources, definitions: &Definitions) -> Result<Shelf> {
    let mut ids = Shelf::new()?;
    sources.each_id(definitions, &mut |at, id| ids.put((at.0 as u64, at.1), &id))?;
    Ok(ids)
}

fn found<T: serde::de::DeserializeOwned>(
    shelf: &Shelf,
    places: &BTreeSet<RecordPlace>,
) -> Result<BTreeMap<RecordPlace, T>> {
    let wanted = places.iter().map(|at| (at.0 as u64, at.1)).collect();
    let found = shelf.at(&wanted)?.into_iter();
    found.map(|((source, line), value)| Ok(((usize::try_from(source)?, line), value))).collect()
}
