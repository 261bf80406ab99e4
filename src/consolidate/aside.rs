//! What the reports of units say beside their cells, added up for the whole.

use crate::consolidate::part::UnitReport;
use crate::definitions::form::Form;
use crate::report::known::KnownDeadlines;
use crate::report::testified;
use crate::report::testified::{SectionTold, Testified};
use crate::values::cells::Established;
use std::collections::BTreeMap;

/// What the whole can say beside its cells.
#[derive(Debug, Default)]
pub struct WholeAside {
    pub deadlines: Vec<KnownDeadlines>,
    /// Reports that do not say of how many results the deadline is not known.
    pub silent_of_terms: usize,
    pub established: Established,
    /// Counts that every unit gives, and what records of all units say.
    pub testified: Testified,
}

impl WholeAside {
    pub fn of(form: &Form, parts: &[&UnitReport<'_>]) -> Self {
        let mut deadlines: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
        for known in parts.iter().flat_map(|part| &part.aside.deadlines) {
            let sum = deadlines.entry((&known.channel, &known.outcome)).or_default();
            *sum = (sum.0 + known.unknown, sum.1 + known.results);
        }
        let known = |((channel, outcome), (unknown, results)): ((&str, &str), (i64, i64))| {
            let [channel, outcome] = [channel, outcome].map(str::to_owned);
            KnownDeadlines { channel, outcome, unknown, results }
        };
        let silent = |part: &&&UnitReport<'_>| part.aside.deadlines.is_empty() && part.aside.testified.is_none();
        Self {
            deadlines: deadlines.into_iter().map(known).collect(),
            silent_of_terms: parts.iter().filter(silent).count(),
            established: testified::established(form, parts.iter().flat_map(|part| &part.aside.established)),
            testified: told(parts),
        }
    }
}

fn told(parts: &[&UnitReport<'_>]) -> Testified {
    let told: Vec<&Testified> = parts.iter().filter_map(|part| part.aside.testified.as_ref()).collect();
    let mut counts: BTreeMap<&String, (i64, usize)> = BTreeMap::new();
    let mut sections: BTreeMap<&String, SectionTold> = BTreeMap::new();
    for told in &told {
        for (name, count) in &told.counts {
            let sum = counts.entry(name).or_default();
            *sum = (sum.0 + count, sum.1 + 1);
        }
        for section in &told.sections {
            let own = sections.entry(&section.section).or_default();
            own.section.clone_from(&section.section);
            for words in &section.words {
                let same = own.words.iter_mut().find(|known| known.field == words.field && known.text == words.text);
                match same {
                    Some(known) => known.count += words.count,
                    None => own.words.push(words.clone()),
                }
            }
        }
    }
    // what one unit does not count nobody can add up
    let of_all = counts.into_iter().filter(|(_, (_, times))| *times == parts.len());
    let mut sections: Vec<SectionTold> = sections.into_values().filter(|section| !section.words.is_empty()).collect();
    for section in &mut sections {
        section
            .words
            .sort_by(|one, other| (&one.field, -one.count, &one.text).cmp(&(&other.field, -other.count, &other.text)));
    }
    Testified { counts: of_all.map(|(name, (count, _))| (name.clone(), count)).collect(), sections }
}
