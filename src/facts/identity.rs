//! Who is the same: services, providers, units and systems by code, else by name. Source: forms.md, Cells.

use crate::definitions::spelling::looks;
use crate::values::cells::Party;
use crate::words::lang::fold;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Spellings met in records, each with a number; numbers become identities in `resolve`.
#[derive(Debug)]
pub struct Parties {
    numbers: HashMap<Party, u32>,
    met: Vec<Met>,
    /// What makes two spellings of a name equal.
    fold: fn(&str) -> String,
}

impl Default for Parties {
    fn default() -> Self {
        Self { numbers: HashMap::new(), met: Vec::new(), fold }
    }
}

#[derive(Debug, Clone, Default)]
struct Met {
    party: Party,
    /// How many records spelled it so; none are left of a spelling whose records were taken back.
    count: i64,
    /// The register's word for it, with the day from which it holds (days from the common era).
    registered: Option<i32>,
}

/// Number 0: nobody. Records without a provider, unit or system have it.
pub const NOBODY: u32 = 0;

impl Parties {
    pub fn new() -> Self {
        Self::folding(fold)
    }

    /// Parties whose names are equal when `fold` makes them equal.
    pub fn folding(fold: fn(&str) -> String) -> Self {
        Self { numbers: HashMap::new(), met: vec![Met::default()], fold }
    }

    /// What a number stands for, as it was spelled.
    pub fn party(&self, number: u32) -> &Party {
        &self.met[number as usize].party
    }

    /// The number of a code and name as spelled in a record.
    pub fn meet(&mut self, code: &str, name: &str) -> u32 {
        self.meet_times(code, name, 1)
    }

    /// So many more records of a spelling that was met before; negative numbers take records back.
    pub fn meet_again(&mut self, number: u32, times: i64) {
        if number != NOBODY {
            self.met[number as usize].count += times;
        }
    }

    /// The same spellings under the same numbers, without their records: for a thread of its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        let met = self.met.iter().map(|met| Met { count: 0, registered: None, ..met.clone() });
        Self { numbers: self.numbers.clone(), met: met.collect(), fold: self.fold }
    }

    /// Adds what a fork has met; its numbers → the numbers here.
    pub fn absorb(&mut self, fork: &Self) -> Vec<u32> {
        let met = fork.met.iter();
        met.map(|met| {
            if met.count == 0 {
                return self.numbers.get(&met.party).copied().unwrap_or(NOBODY);
            }
            self.meet_times(&met.party.code, &met.party.name, met.count)
        })
        .collect()
    }

    /// A spelling of the register: its latest inclusion is what is printed.
    pub fn register(&mut self, code: &str, name: &str, included: i32) -> u32 {
        let number = self.meet(code, name);
        if number == NOBODY {
            return NOBODY;
        }
        let met = &mut self.met[number as usize];
        met.registered = met.registered.max(Some(included));
        number
    }

    /// As `meet`, for so many records at once; a negative number takes records back.
    pub fn meet_times(&mut self, code: &str, name: &str, times: i64) -> u32 {
        if code.is_empty() && name.is_empty() {
            return NOBODY;
        }
        let party = Party { code: code.to_owned(), name: name.to_owned() };
        let next = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(party.clone()).or_insert(next);
        if number == next {
            self.met.push(Met { party, count: 0, registered: None });
        }
        self.met[number as usize].count += times;
        number
    }

    /// Decides who is the same, what is printed, and the printed order.
    pub fn resolve(&self) -> Resolved {
        let mut codes_of_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let there = |met: &&Met| met.count > 0 || met.registered.is_some();
        for met in self.met.iter().filter(there).filter(|met| !met.party.code.is_empty() && !met.party.name.is_empty())
        {
            let codes = codes_of_name.entry((self.fold)(&met.party.name)).or_default();
            if !codes.contains(&met.party.code.as_str()) {
                codes.push(&met.party.code);
            }
        }
        // Identity: the code, or the folded name when no single code carries it. Codes sort first.
        let mut members: BTreeMap<(bool, String), Vec<u32>> = BTreeMap::new();
        for (number, met) in self.met.iter().enumerate().skip(1).filter(|(_, met)| there(met)) {
            let identity = if met.party.code.is_empty() {
                let name = (self.fold)(&met.party.name);
                match codes_of_name.get(&name).map(Vec::as_slice) {
                    Some([code]) => (false, (*code).to_owned()),
                    _ => (true, name),
                }
            } else {
                (false, met.party.code.clone())
            };
            members.entry(identity).or_default().push(u32::try_from(number).unwrap_or(u32::MAX));
        }
        let mut resolved = Resolved { identity: vec![NOBODY; self.met.len()], printed: vec![Arc::default()] };
        for ((by_name, key), numbers) in members {
            let identity = u32::try_from(resolved.printed.len()).unwrap_or(u32::MAX);
            for number in &numbers {
                resolved.identity[*number as usize] = identity;
            }
            let code = if by_name { String::new() } else { key };
            resolved.printed.push(Arc::new(Party { code, name: self.printed_name(&numbers) }));
        }
        resolved
    }

    /// The register's name of the latest inclusion, else the commonest spelling; ties by code point.
    fn printed_name(&self, numbers: &[u32]) -> String {
        let mut spellings: BTreeMap<&str, (Option<i32>, i64)> = BTreeMap::new();
        for met in numbers.iter().map(|number| &self.met[*number as usize]).filter(|met| !met.party.name.is_empty()) {
            let known = spellings.entry(&met.party.name).or_default();
            known.0 = known.0.max(met.registered);
            known.1 += met.count;
        }
        let best = spellings.into_iter().min_by_key(|(name, (registered, count))| {
            (std::cmp::Reverse(*registered), std::cmp::Reverse(if registered.is_some() { 0 } else { *count }), *name)
        });
        best.map(|(name, _)| name.to_owned()).unwrap_or_default()
    }
}

/// Identities in printed order: codes first, by code point, then names.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Number as met → identity.
    pub identity: Vec<u32>,
    /// Identity → what is printed; 0 is nobody.
    pub printed: Vec<Arc<Party>>,
}

impl Resolved {
    /// Codes and names that look the same and count apart: Latin letters in place of Cyrillic ones.
    pub fn alike(&self) -> Vec<(&str, &str)> {
        let mut met: BTreeMap<(bool, String), &str> = BTreeMap::new();
        let spelled = |party: &'_ Party| !party.code.is_empty();
        let mut pairs = Vec::new();
        for party in self.printed.iter().skip(1) {
            let (coded, text) = if spelled(party) { (true, &party.code) } else { (false, &party.name) };
            let look = looks(&if coded { text.clone() } else { fold(text) });
            let first = *met.entry((coded, look)).or_insert(text);
            pairs.extend((first != text).then_some((first, text.as_str())));
        }
        pairs
    }

    /// Codes of digits that differ by zeros before them, which spreadsheets drop.
    pub fn without_zeros(&self) -> Vec<(&str, &str)> {
        let codes = self.printed.iter().skip(1).map(|party| party.code.as_str());
        let digits = codes.filter(|code| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()));
        let mut met: BTreeMap<&str, &str> = BTreeMap::new();
        digits.filter_map(|code| met.insert(code.trim_start_matches('0'), code).map(|first| (first, code))).collect()
    }

    /// The printed party of an identity; `None` for nobody.
    pub fn party(&self, identity: u32) -> Option<&Arc<Party>> {
        if identity == NOBODY { None } else { self.printed.get(identity as usize) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_joins_the_one_code_that_carries_it() {
        let mut parties = Parties::new();
        let coded = parties.meet("001", "Выдача «справки»");
        let named = parties.meet("", "выдача  справки");
        let other = parties.meet("002", "Приём");
        let twin = parties.meet("003", "прием");
        let ambiguous = parties.meet("", "Прием");
        let resolved = parties.resolve();
        let of = |number: u32| resolved.identity[number as usize];
        assert_eq!(of(coded), of(named));
        assert!(of(ambiguous) != of(other) && of(ambiguous) != of(twin));
    }

    #[test]
    fn codes_and_names_that_look_the_same() {
        let mut parties = Parties::new();
        for (code, name) in [("А-1", "Справка"), ("A-1", "Справка"), ("", "Выдача"), ("", "Выдaча"), ("2", "Приём")]
        {
            parties.meet(code, name);
        }
        for code in ["00401001", "401001", "0", "00", "0А", "А"] {
            parties.meet(code, "");
        }
        let resolved = parties.resolve();
        assert_eq!(resolved.without_zeros(), [("0", "00"), ("00401001", "401001")]);
        assert_eq!(resolved.alike(), [("A-1", "А-1"), ("Выдaча", "Выдача")]);
    }

    #[test]
    fn printed_is_the_registers_name_else_the_commonest() {
        let mut parties = Parties::new();
        let number = parties.meet("1", "Б");
        parties.meet("1", "А");
        assert_eq!(parties.resolve().printed[1].name, "А");
        parties.meet("1", "Б");
        assert_eq!(parties.resolve().printed[1].name, "Б");
        parties.register("1", "Я", 5);
        parties.register("1", "Ю", 4);
        let resolved = parties.resolve();
        assert_eq!(resolved.printed[resolved.identity[number as usize] as usize].name, "Я");
    }
}
