//! Persons brought to responsibility, counted once a month (forms.md, D7).

use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Persons brought to responsibility; names are pseudonyms and are never printed.
#[derive(Debug, Default)]
pub(crate) struct Persons {
    pub(crate) months: HashMap<u32, BTreeSet<u32>>,
    pub(crate) kinds: HashMap<u32, (usize, Place)>,
    pub(crate) two_kinds: BTreeMap<Place, Place>,
}

impl Persons {
    /// A person under two kinds is a warning, persons of several months a count in a notice (D7).
    pub(crate) fn report(&self, decisions: &mut BTreeMap<(u32, &'static str), i64>, findings: &mut Gathered) {
        findings.extend(self.two_kinds.keys().map(|place| Finding::new("person_two_kinds", place.clone())));
        let several = self.months.values().filter(|months| months.len() > 1).count();
        if several > 0 {
            decisions.insert((0, "D7"), i64::try_from(several).unwrap_or(i64::MAX));
            findings.push(Finding::new("persons_several_months", Place::default()).with("count", several));
        }
    }
}
