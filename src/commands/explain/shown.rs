//! What the pages of a cell and of a record have in common: their sections, lines and sources.

use crate::commands::explain::opened::Opened;
use crate::commands::explain::sources::{SourceState, Sources};
use crate::commands::out::speech::Speech;
use crate::values::cells::Line;
use serde::Serialize;

/// A source, and whether it is the one the report was made from.
#[derive(Debug, Clone, Serialize)]
pub struct SourceAt {
    pub name: String,
    pub state: SourceState,
}

/// Of which report a page of records speaks, and from what.
#[derive(Debug, Clone, Serialize)]
pub struct PageHead {
    pub version: u32,
    pub lang: &'static str,
    pub form: String,
    pub period: String,
    pub sources: Vec<SourceAt>,
    /// The report was made with the definitions that explain it.
    pub same_definitions: bool,
}

impl PageHead {
    pub(crate) fn of(opened: &Opened<'_>, sources: &Sources, speech: Speech<'_>) -> Self {
        Self {
            version: 1,
            lang: speech.lang.code(),
            form: opened.filed.form.form.clone(),
            period: opened.filed.period.quarter.to_string(),
            sources: states(sources),
            same_definitions: opened.made.definitions == speech.definitions.digest,
        }
    }

    /// The sources at the foot of the page.
    pub(crate) fn print(&self, text: &mut String, speech: Speech<'_>) {
        print_sources(text, &self.sources, self.same_definitions, speech);
    }
}

/// Provider and service of a line, as printed.
pub fn line_label(line: &Line) -> String {
    let own = line.key.label();
    match line.key.provider.as_ref().filter(|_| line.key.service.is_some()) {
        Some(provider) => format!("{} · {own}", provider.label()),
        None => own,
    }
}

/// The sources with what is known of them.
pub(crate) fn states(sources: &Sources) -> Vec<SourceAt> {
    sources.states.iter().map(|(name, state)| SourceAt { name: name.clone(), state: *state }).collect()
}

/// A heading with lines below it.
pub(crate) fn section(text: &mut String, head: &str, lines: impl Iterator<Item = String>) {
    text.push('\n');
    text.push_str(head);
    text.push('\n');
    for line in lines {
        text.push_str("  ");
        text.push_str(&line);
        text.push('\n');
    }
}

/// The sources, those of one kind together.
pub(crate) fn print_sources(text: &mut String, sources: &[SourceAt], same_definitions: bool, speech: Speech<'_>) {
    let state = |source: &SourceAt| {
        speech.words(match source.state {
            SourceState::Same => "explain_source_same",
            SourceState::Changed => "explain_source_changed",
            SourceState::Missing => "explain_source_missing",
            SourceState::Foreign => "explain_source_foreign",
        })
    };
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for source in sources {
        match lines.iter_mut().find(|(known, _)| *known == state(source)) {
            Some((_, names)) => names.push(&source.name),
            None => lines.push((state(source), vec![&source.name])),
        }
    }
    let lines = lines.into_iter().map(|(state, names)| format!("{state}: {}", names.join(", ")));
    let other = (!same_definitions).then(|| speech.words("explain_other_definitions").to_owned());
    section(text, speech.words("explain_sources"), lines.chain(other));
}
