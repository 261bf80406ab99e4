//! Records that no requested form counts: how many, why, and which form counts them.

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::report::filled::LedgerLine;
use crate::report::idle_rows::IdleWhy;
use crate::values::period::Quarter;
use crate::words::lang::{Lang, Text};
use std::collections::BTreeMap;

/// How many records of each kind feed no cell: the reason with a channel's code, else with the table.
pub fn kinds(ledger: &[LedgerLine]) -> BTreeMap<(IdleWhy, &str), u64> {
    let mut kinds: BTreeMap<(IdleWhy, &str), u64> = BTreeMap::new();
    for line in ledger {
        for idle in &line.idle {
            let of = idle.channel.as_deref().unwrap_or(&line.table);
            *kinds.entry((idle.why, of)).or_default() += idle.rows;
        }
        let rest = line.feeds_nothing.saturating_sub(line.idle.iter().map(|idle| idle.rows).sum());
        if rest > 0 {
            *kinds.entry((IdleWhy::Other, &line.table)).or_default() += rest;
        }
    }
    kinds
}

/// In words: what is not in the form, and then each kind of it.
pub fn told(ledger: &[LedgerLine], form: &Form, quarter: Quarter, definitions: &Definitions) -> Vec<Text> {
    let kinds = kinds(ledger);
    if kinds.is_empty() {
        return Vec::new();
    }
    let head = definitions.words("idle_all").fill(&with(kinds.values().sum(), "form", &form.index));
    let kinds = kinds.into_iter().map(|(kind, count)| of_kind(kind, count, quarter, definitions));
    std::iter::once(head).chain(kinds).collect()
}

/// One kind in words; `of`: a channel's code, or a table.
pub fn of_kind((why, of): (IdleWhy, &str), count: u64, quarter: Quarter, definitions: &Definitions) -> Text {
    let filled = |key: &str, name: &str, text: &Text| definitions.words(key).fill(&with(count, name, text));
    match why {
        IdleWhy::Channel => {
            let counting = counting(of, quarter, definitions);
            let name = Text::by(|lang| definitions.code_label("channel", of, lang));
            let forms = definitions.indexes(&counting.iter().map(|form| &form.form).collect::<Vec<_>>());
            let key = if counting.is_empty() { "idle_channel_none" } else { "idle_channel" };
            let mut slots = with(count, "channel", &name);
            slots.extend(with(count, "forms", &forms));
            definitions.words(key).fill(&slots)
        }
        IdleWhy::Outside => filled("idle_outside", "", &Text::default()),
        IdleWhy::Unfinished => filled("idle_unfinished", "", &Text::default()),
        IdleWhy::Other => {
            let table = definitions.table(of).map(|place| definitions.tables[place].names.first());
            filled("idle_other", "table", &table.unwrap_or_default())
        }
    }
}

/// The forms in force that count results of a channel, in time or late.
fn counting<'d>(channel: &str, quarter: Quarter, definitions: &'d Definitions) -> Vec<&'d Form> {
    let is_counting = |form: &&Form| {
        let results = form.rows.iter().filter(|row| row.facts.as_deref() == Some("results"));
        let has = |codes: &Vec<String>| codes.iter().any(|code| code == channel);
        let takes = |row: &crate::definitions::form::Row| {
            !row.filter.contains_key("late") && row.filter.get("channel").is_none_or(has)
        };
        results.into_iter().any(takes)
    };
    let in_force =
        |form: &&Form| definitions.form(&form.form, quarter).is_ok_and(|known| known.edition == form.edition);
    definitions.forms.iter().filter(in_force).filter(is_counting).collect()
}

fn with(count: u64, name: &str, text: &Text) -> Vec<(String, String)> {
    let texts = Lang::ALL.map(|lang| (format!("{name}_{}", lang.code()), text.get(lang).to_owned()));
    [("count".to_owned(), count.to_string())].into_iter().chain(texts).collect()
}
