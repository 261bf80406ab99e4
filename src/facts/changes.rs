//! What happened in the Register in the months that count: services included, excluded, changed (Annex 1, expl. 32).

use crate::facts::course::{Changed, RegisterChange};
use crate::facts::deriver::Deriver;
use crate::facts::identity::Resolved;
use crate::facts::register::{Inclusion, in_force};
use crate::words::lang::fold;
use std::collections::HashMap;

impl Deriver<'_> {
    /// A service that was in force on the day before is continued, and neither new nor excluded (D11).
    pub(crate) fn register_changes(
        &self,
        rows: &[Inclusion],
        of_service: &HashMap<u32, Vec<usize>>,
        services: &Resolved,
    ) -> Vec<RegisterChange> {
        let mut changes = Vec::new();
        for (nth, row) in rows.iter().enumerate() {
            let identity = services.identity[row.service as usize];
            let others = || of_service[&identity].iter().filter(|other| **other != nth).map(|other| &rows[*other]);
            let Some(party) = services.party(identity) else { continue };
            let own = self.services.party(row.service);
            let name = if own.name.is_empty() { &party.name } else { &own.name };
            let mut told = |on, what| {
                changes.push(RegisterChange { on, code: party.code.clone(), name: name.clone(), what });
            };
            if let (Some(_), Some(eve)) = (row.month, row.included.pred_opt()) {
                let before = others().filter(|other| in_force(other.included, other.excluded, eve));
                let before = before.max_by_key(|other| (other.provider == row.provider, other.included, other.line));
                told(row.included, before.map_or(Changed::Included, |before| self.continued(before, row)));
            }
            if let Some(out) = row.excluded.filter(|out| self.month(*out).is_some())
                && !others().any(|other| in_force(other.included, other.excluded, out))
            {
                told(out, Changed::Excluded);
            }
        }
        changes
    }

    fn continued(&self, before: &Inclusion, after: &Inclusion) -> Changed {
        let name = |row: &Inclusion| self.services.party(row.service).name.clone();
        let names = [name(before), name(after)];
        let is_other = names.iter().all(|name| !name.is_empty()) && fold(&names[0]) != fold(&names[1]);
        let term = (before.term != after.term).then_some([before.term, after.term]);
        Changed::Continued { name: is_other.then_some(names), term }
    }
}
