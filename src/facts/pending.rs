//! Results that wait for identities, and what the asked forms tell apart among late and refused ones.

use crate::definitions::Definitions;
use crate::definitions::dimension::{Class, DELAY_CAUSE, RESULTS};
use crate::definitions::form::{Check, Filter, Form};
use crate::definitions::sieve::Sieve;
use crate::facts::deadline::FirstDay;
use crate::facts::fact::Fact;
use crate::values::moment::Moment;
use crate::words::finding::Place;

/// Positions in the dimensions of results.
pub(crate) const CHANNEL: usize = 0;
pub(crate) const OUTCOME: usize = 1;
pub(crate) const LATE: usize = 6;

/// A result whose term is the register's, kept until everybody's identity is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pending {
    pub(crate) fact: Fact,
    pub(crate) received: Moment,
    pub(crate) first: FirstDay,
    /// `None`: still in progress.
    pub(crate) completed: Option<Moment>,
    pub(crate) source: usize,
    /// Line of the record when it is traced, so that records stay apart; else 0.
    pub(crate) line: u64,
    /// Kept only where a finding may be due.
    pub(crate) place: Option<Place>,
    pub(crate) has_act: bool,
}

impl Pending {
    /// Numbers of a fork become those here.
    pub(crate) fn renumber(&mut self, services: &[u32], systems: &[u32], providers: &[u32], units: &[u32]) {
        let fact = &mut self.fact;
        fact.service = services[fact.service as usize];
        fact.system = systems[fact.system as usize];
        fact.provider = providers[fact.provider as usize];
        fact.unit = units[fact.unit as usize];
    }
}

/// A column that is the sum of others: a record in the left one must be in one of the right ones.
#[derive(Debug, Clone)]
pub(crate) struct Breakdown {
    pub left: Sieve,
    pub right: Vec<Sieve>,
    pub(crate) columns: (String, String),
    pub(crate) form: String,
    /// Causes of delay that must be confirmed by an act here.
    acts: Vec<usize>,
}

/// The sums of columns of the asked forms, as checks of single records.
pub(crate) fn breakdowns(definitions: &Definitions, forms: &[&Form]) -> Vec<Breakdown> {
    let causes = definitions.codelist("delay_cause");
    let mut found = Vec::new();
    for form in forms {
        for rule in form.rules.iter().filter(|rule| rule.check == Check::ColumnsSum) {
            for row in form.rows.iter().filter(|row| row.facts.as_deref() == Some("results")) {
                let sieve = |id: &String| {
                    let column =
                        form.grids.iter().find_map(|grid| grid.column(id).map(|place| &grid.columns[place]))?;
                    Sieve::new(RESULTS, &[&row.filter as &Filter, &column.filter], definitions)
                };
                let left: Vec<Sieve> = rule.left_columns.iter().filter_map(sieve).collect();
                let right: Vec<Sieve> = rule.right_columns.iter().filter_map(sieve).collect();
                let columns = (rule.left_columns.join(", "), rule.right_columns.join(", "));
                let acts = rule.acts.iter().filter_map(|cause| causes?.position(cause)).collect::<Vec<_>>();
                found.extend(left.into_iter().map(|left| Breakdown {
                    left,
                    right: right.clone(),
                    columns: columns.clone(),
                    form: form.form.clone(),
                    acts: acts.clone(),
                }));
            }
        }
    }
    found
}

impl Breakdown {
    /// Whether a finding may come of a record of this class.
    pub(crate) fn concerns(&self, class: Class) -> bool {
        self.left.passes(class)
    }

    /// Whether a late result of this class counts here by a cause that an act must confirm.
    pub(crate) fn needs_act(&self, class: Class) -> bool {
        self.left.passes(class) && self.acts.iter().any(|cause| cause + 1 == class.code(DELAY_CAUSE))
    }
}
