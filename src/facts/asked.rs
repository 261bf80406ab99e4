//! Records of results that others ask for by id: whether they are late, whatever their period (D15).

use crate::facts::deadline::FirstDay;
use crate::facts::fact::Fact;
use crate::values::moment::Moment;
use crate::words::finding::Place;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Ids that are asked for, and what was found of them.
#[derive(Debug, Default)]
pub(crate) struct AskedFor {
    ids: Arc<AskedIds>,
    /// Records under these ids, and how many times each was met.
    pub(crate) found: BTreeMap<AskedResult, i64>,
}

/// Ids of records, and their fingerprints.
#[derive(Debug, Default, Clone)]
struct AskedIds {
    ids: HashSet<String>,
    prints: HashSet<u64>,
}

/// What is known of a result that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AskedResult {
    pub(crate) id: String,
    pub(crate) refused: bool,
    pub(crate) received: Moment,
    pub(crate) first: FirstDay,
    pub(crate) completed: Moment,
    /// Its term is the register's, which is known only at the end.
    pub(crate) by_register: bool,
    pub(crate) due: Option<Moment>,
    /// Its service and provider.
    pub(crate) fact: Fact,
}

/// A violation that others established, which counts unless a late record of the body's own repeats it.
#[derive(Debug, Clone)]
pub(crate) struct EstablishedRecord {
    pub(crate) source: usize,
    pub(crate) line: u64,
    pub(crate) place: Place,
    /// The body's own record.
    pub(crate) own: Option<String>,
    pub(crate) refused: bool,
    pub(crate) fact: Fact,
}

impl AskedFor {
    /// Asks for a record; before results are read.
    pub(crate) fn ask(&mut self, id: &str, print: u64) {
        let ids = Arc::make_mut(&mut self.ids);
        ids.ids.insert(id.to_owned());
        ids.prints.insert(print);
    }

    /// All ids that are asked for, in their order.
    pub(crate) fn all(&self) -> BTreeSet<&str> {
        self.ids.ids.iter().map(String::as_str).collect()
    }

    /// Whether a record is asked for.
    pub(crate) fn wants(&self, id: &str) -> bool {
        !self.ids.ids.is_empty() && self.ids.ids.contains(id)
    }

    /// Whether a record with this fingerprint of its id may be asked for.
    #[inline]
    pub(crate) fn may_want(&self, print: u64) -> bool {
        !self.ids.prints.is_empty() && self.ids.prints.contains(&print)
    }

    /// The same questions, with nothing found yet.
    pub(crate) fn fork(&self) -> Self {
        Self { ids: Arc::clone(&self.ids), found: BTreeMap::new() }
    }

    /// Adds what a fork has found; its services and providers have other numbers here.
    pub(crate) fn absorb(&mut self, fork: Self, services: &[u32], providers: &[u32]) {
        for (mut result, times) in fork.found {
            result.fact.service = services[result.fact.service as usize];
            result.fact.provider = providers[result.fact.provider as usize];
            *self.found.entry(result).or_default() += times;
        }
    }
}
