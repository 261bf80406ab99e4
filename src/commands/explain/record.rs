//! One record explained: the cells it feeds, why it feeds no other, or why it was rejected.

use crate::commands::explain::opened::Opened;
use crate::commands::explain::shown::{PageHead, line_label, print_sources, section, states};
use crate::commands::explain::sources::{Retraced, Sources};
use crate::commands::explain::uncounted::{Idle, Judge};
use crate::commands::out::speech::Speech;
use crate::commands::out::status::misuse;
use crate::facts::parts::Owner;
use crate::facts::trace::{RecordPlace, Traced, Wanted};
use crate::filed::form::Filed;
use crate::report::wording::{severity, word};
use crate::words::failure::Halt;
use crate::words::finding::{Finding, Severity};
use crate::words::lang::Text;
use anyhow::{Result, bail};
use serde::Serialize;

/// All records of one id, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct RecordPage {
    #[serde(flatten)]
    pub head: PageHead,
    pub records: Vec<RecordTold>,
}

/// What became of one record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordTold {
    pub id: String,
    pub table: String,
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    pub line: u64,
    pub verdict: RecordFate,
    /// Findings at the record: code and message.
    pub findings: Vec<String>,
    pub feeds: Vec<FedCell>,
    pub idle: Vec<Idle>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordFate {
    Accepted,
    Duplicate,
    Quarantined,
}

/// A cell that the record feeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FedCell {
    pub row: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    pub column: String,
    /// What the record alone adds; a thing counted once may already be counted by another record.
    pub quantity: i64,
}

/// Explains every record of the given id.
pub fn explain(opened: &Opened<'_>, id: &str, sources: &Sources, speech: Speech<'_>) -> Result<RecordPage> {
    let places = sources.with_id(id, speech.definitions)?;
    if places.is_empty() {
        let sources_in = |lang| {
            let mut text = String::new();
            print_sources(&mut text, &states(sources), true, Speech { lang, ..speech });
            text.trim_end().to_owned()
        };
        let halt = Halt::new("explain_no_record").with("id", id);
        bail!(misuse(halt.with_text("sources", &Text::by(sources_in))));
    }
    let ids = sources.ids(&places, speech.definitions)?;
    let wanted = Wanted::Records(places.clone());
    let organisation = opened.organisation()?;
    let reading = sources.trace(&opened.filed, &opened.made, &organisation, speech.definitions, wanted, &places)?;
    let tell = |at: &RecordPlace| {
        let id = ids.get(at).cloned().unwrap_or_default();
        tell(opened, *at, id, sources, &reading, speech)
    };
    Ok(RecordPage { head: PageHead::of(opened, sources, speech), records: places.iter().map(tell).collect() })
}

fn tell(
    opened: &Opened<'_>,
    at: RecordPlace,
    id: String,
    sources: &Sources,
    reading: &Retraced,
    speech: Speech<'_>,
) -> RecordTold {
    let Filed { form, cells, period, unit, .. } = &opened.filed;
    let found = &sources.tables[at.0];
    let table = &speech.definitions.tables[found.table].table;
    let seen = reading.seen.get(&at);
    let verdict = match seen {
        Some(_) => RecordFate::Accepted,
        None if reading.rejected.iter().any(|row| (row.source, row.line) == at) => RecordFate::Quarantined,
        None => RecordFate::Duplicate,
    };
    let here = |finding: &&Finding| {
        let place = &finding.place;
        place.source.as_ref() == Some(&found.name)
            && place.sheet == found.sheet
            && (finding.is_about(at.1)
                || place.line == Some(found.header_line)
                    && severity(finding, speech.definitions, None) == Severity::Error)
            && place.form.as_ref().is_none_or(|of| *of == form.form)
    };
    let worded = reading.findings.iter().filter(here).map(|finding| word(finding, speech.definitions, Some(form)));
    let findings = worded.map(|told| format!("{}: {}", told.code, told.message.get(speech.lang))).collect();
    let own: Vec<Traced> =
        reading.derived.traced.iter().filter(|traced| (traced.source, traced.line) == at).copied().collect();
    let owner = Owner::new(&reading.derived, unit.as_ref());
    let fed = owner.cells(form, cells, *period, speech.definitions, &own);
    let feeds = fed.into_iter().map(|((line, column), quantity)| {
        let line = &cells.lines[line];
        FedCell {
            row: form.rows[line.row].no.clone(),
            line: (!line.key.is_row()).then(|| line_label(line)),
            column: form.grid_of(line.row).columns[column].id.clone(),
            quantity,
        }
    });
    let judge = Judge { speech, form, period: *period, reading };
    RecordTold {
        id,
        table: table.clone(),
        source: found.name.clone(),
        sheet: found.sheet.clone(),
        line: at.1,
        verdict,
        findings,
        feeds: feeds.collect(),
        idle: seen.map(|seen| judge.idle(table, seen, &own)).unwrap_or_default(),
    }
}

impl RecordPage {
    /// The page for people.
    pub fn print(&self, speech: Speech<'_>) -> String {
        let mut text = String::new();
        for record in &self.records {
            record.print(&mut text, speech);
        }
        self.head.print(&mut text, speech);
        text
    }
}

impl RecordTold {
    fn print(&self, text: &mut String, speech: Speech<'_>) {
        let verdict = speech.words(match self.verdict {
            RecordFate::Accepted => "explain_accepted",
            RecordFate::Duplicate => "explain_duplicate",
            RecordFate::Quarantined => "explain_quarantined",
        });
        let sheet = self.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
        let head = format!("{} · {} · {}{sheet}:{} – {verdict}", self.id, self.table, self.source, self.line);
        let start = usize::from(text.is_empty());
        let mut own = String::new();
        section(&mut own, &head, self.findings.iter().cloned());
        text.push_str(&own[start..]);
        if self.verdict != RecordFate::Accepted {
            return;
        }
        let label = |line: &Option<String>| line.as_ref().map(|line| format!(" · {line}")).unwrap_or_default();
        let feeds = self
            .feeds
            .iter()
            .map(|cell| format!("{:>6}  {}{} · {}", cell.quantity, cell.row, label(&cell.line), cell.column));
        section(text, speech.words(if self.feeds.is_empty() { "explain_feeds_none" } else { "explain_feeds" }), feeds);
        let idle = self.idle.iter().map(|idle| {
            let columns =
                if idle.columns.is_empty() { String::new() } else { format!(" · {}", idle.columns.join(", ")) };
            format!("{}{columns}: {}", idle.rows.join(", "), idle.why)
        });
        if !self.idle.is_empty() {
            section(text, speech.words("explain_feeds_not"), idle);
        }
    }
}
