//! Who is the same, for the second counter. Source: forms.md, Cells, "Who is the same".

use crate::values::cells::Party;
use crate::words::lang::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Somebody or something: by its code, or by its folded name where no one code carries the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Code(String),
    Name(String),
}

/// All spellings met: how many records, and the latest inclusion where the register spells it so.
#[derive(Debug, Default)]
pub struct Names {
    spelled: BTreeMap<(String, String), (u64, Option<i64>)>,
    /// Folded name → codes that carry it.
    carriers: BTreeMap<String, BTreeSet<String>>,
    printed: BTreeMap<Who, String>,
}

impl Names {
    /// A spelling in a record; `included`: days of the register's inclusion.
    pub fn meet(&mut self, code: &str, name: &str, included: Option<i64>) {
        if code.is_empty() && name.is_empty() {
            return;
        }
        if !code.is_empty() && !name.is_empty() {
            self.carriers.entry(fold(name)).or_default().insert(code.to_owned());
        }
        let known = self.spelled.entry((code.to_owned(), name.to_owned())).or_default();
        known.0 += 1;
        known.1 = known.1.max(included);
    }

    /// "A row without a code joins the one code that carries the same name."
    pub fn who(&self, code: &str, name: &str) -> Option<Who> {
        if !code.is_empty() {
            return Some(Who::Code(code.to_owned()));
        }
        if name.is_empty() {
            return None;
        }
        let name = fold(name);
        match self.carriers.get(&name) {
            Some(codes) if codes.len() == 1 => codes.first().map(|code| Who::Code(code.clone())),
            _ => Some(Who::Name(name)),
        }
    }

    /// Decides what is printed of everybody, when all spellings are known.
    pub fn close(&mut self) {
        let mut members: BTreeMap<Who, BTreeMap<&str, (Option<i64>, u64)>> = BTreeMap::new();
        for ((code, name), (count, included)) in &self.spelled {
            let Some(who) = self.who(code, name) else { continue };
            let names = members.entry(who).or_default();
            if !name.is_empty() {
                let known = names.entry(name).or_default();
                *known = (known.0.max(*included), known.1 + count);
            }
        }
        let printed = members.into_iter().map(|(who, names)| (who, printed(&names).unwrap_or_default())).collect();
        self.printed = printed;
    }

    /// Code and printed name.
    pub fn party(&self, who: &Who) -> Party {
        let code = if let Who::Code(code) = who { code.clone() } else { String::new() };
        Party { code, name: self.printed.get(who).cloned().unwrap_or_default() }
    }
}

/// "Printed: the register's name (latest inclusion), else the commonest spelling, ties by code point."
fn printed(names: &BTreeMap<&str, (Option<i64>, u64)>) -> Option<String> {
    let latest = names.values().filter_map(|(included, _)| *included).max();
    let most = names.values().map(|(_, count)| *count).max();
    let found = names.iter().find(|(_, (included, count))| match latest {
        Some(_) => *included == latest,
        None => Some(*count) == most,
    });
    found.map(|(name, _)| (*name).to_owned())
}
