//! Results whose deadline is not known: nothing may be claimed of them (forms.md, Deadlines that are not known).

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::words::finding::{Finding, Place, worded};
use crate::words::lang::Text;
use crate::words::number::grouped;
use serde::{Deserialize, Serialize};

/// Results of one channel and outcome that were issued in the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDeadlines {
    /// Code of the list `channel`.
    pub channel: String,
    /// Code of the list `outcome`: rendered or refused.
    pub outcome: String,
    /// Of the results: those whose deadline is not known.
    pub unknown: i64,
    pub results: i64,
}

impl KnownDeadlines {
    /// Whether a form counts results of the channel and outcome at all, in time or late.
    pub fn concerns(&self, form: &Form) -> bool {
        let passes = |row: &crate::definitions::form::Row, dimension: &str, code: &String| {
            row.filter.get(dimension).is_none_or(|codes| codes.contains(code))
        };
        let results = form.rows.iter().filter(|row| row.facts.as_deref() == Some("results"));
        let mut results = results.filter(|row| passes(row, "channel", &self.channel));
        results.any(|row| passes(row, "outcome", &self.outcome))
    }
}

/// Unknown deadlines and all results.
pub fn sum(known: &[KnownDeadlines]) -> (i64, i64) {
    known.iter().fold((0, 0), |(unknown, results), one| (unknown + one.unknown, results + one.results))
}

/// What is printed below the head of the form and on every page; `None`: every deadline is known.
pub fn mark(known: &[KnownDeadlines], definitions: &Definitions) -> Option<Text> {
    let (unknown, results) = sum(known);
    let [unknown_said, results] = [unknown, results].map(|count| grouped(i128::from(count)));
    let slots = [("unknown".to_owned(), unknown_said), ("results".to_owned(), results)];
    (unknown > 0).then(|| definitions.words("unknown_mark").fill(&slots))
}

/// The warning of a form, by channel; `None`: every deadline is known.
pub fn finding(form: &Form, known: &[KnownDeadlines], definitions: &Definitions) -> Option<Finding> {
    let (unknown, results) = sum(known);
    if unknown == 0 {
        return None;
    }
    let mut channels: Vec<(&str, i64, i64)> = Vec::new();
    for one in known {
        match channels.iter_mut().find(|(channel, ..)| *channel == one.channel) {
            Some((_, unknown, results)) => (*unknown, *results) = (*unknown + one.unknown, *results + one.results),
            None => channels.push((&one.channel, one.unknown, one.results)),
        }
    }
    channels.retain(|(_, unknown, _)| *unknown > 0);
    let said: Vec<Text> = channels
        .iter()
        .map(|(channel, unknown, results)| {
            let name = |lang| definitions.code_label("channel", channel, lang);
            let slots = [("unknown".to_owned(), unknown.to_string()), ("results".to_owned(), results.to_string())];
            let share = definitions.words("unknown_of").fill(&slots);
            Text::by(|lang| format!("{} – {}", name(lang), share.get(lang)))
        })
        .collect();
    let joined = Text::by(|lang| said.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join("; "));
    let place = Place { form: Some(form.form.clone()), ..Place::default() };
    let by = channels.iter().map(|(channel, unknown, _)| format!("{channel}: {unknown}")).collect::<Vec<_>>();
    let told = Finding::new("no_deadline", place).with("count", unknown).with("results", results);
    Some(worded(told.with("by", by.join(", ")), "channels_", &joined))
}
