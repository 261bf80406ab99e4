//! Due dates as a calendar file (RFC 5545): whole-day events on the date of the Rules, with a reminder.

use crate::definitions::Definitions;
use crate::definitions::due::Due;
use crate::words::lang::Lang;
use anyhow::Result;
use std::io::Write;

/// Octets of a content line (RFC 5545, 3.1).
const WIDTH: usize = 75;
/// Days before the date on which a calendar reminds.
const REMIND: u32 = 3;

/// Writes the events. The time stamp is the day after the quarter, so that the same dates give the same bytes.
///
/// # Errors
/// The target cannot be written.
pub fn write(dues: &[Due<'_>], lang: Lang, definitions: &Definitions, mut target: impl Write) -> Result<()> {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//esep//deadlines//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
    ];
    for due in dues {
        event(due, lang, definitions, &mut lines);
    }
    lines.push("END:VCALENDAR".to_owned());
    for line in lines {
        target.write_all(fold(&line).as_bytes())?;
    }
    Ok(target.flush()?)
}

fn event(due: &Due<'_>, lang: Lang, definitions: &Definitions, lines: &mut Vec<String>) {
    let quarter = due.quarter;
    let index = due.form.map_or_else(|| due.title(definitions), |form| form.index.clone());
    let summary = definitions.words(if due.form.is_some() { "due_summary" } else { "due_paper" }).fill(&[
        ("form".to_owned(), index.get(lang).to_owned()),
        ("period".to_owned(), definitions.printed.period(quarter).get(lang).to_owned()),
        ("to".to_owned(), due.deadline.to.get(lang).to_owned()),
    ]);
    let mut description = vec![due.deadline.who.get(lang).to_owned()];
    description.extend(due.remark(definitions).map(|remark| remark.get(lang).to_owned()));
    description.push(due.cited(definitions).get(lang).to_owned());
    let date = |day: chrono::NaiveDate| day.format("%Y%m%d").to_string();
    let end = due.date.succ_opt().unwrap_or(due.date);
    lines.extend([
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{}-{}@esep", quarter.to_string().to_lowercase(), due.id(), due.deadline.role),
        format!("DTSTAMP:{}T000000Z", date(quarter.day_after())),
        format!("DTSTART;VALUE=DATE:{}", date(due.date)),
        format!("DTEND;VALUE=DATE:{}", date(end)),
        format!("SUMMARY:{}", escape(summary.get(lang))),
        format!("DESCRIPTION:{}", escape(&description.join("\n"))),
        "TRANSP:TRANSPARENT".to_owned(),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("DESCRIPTION:{}", escape(summary.get(lang))),
        format!("TRIGGER:-P{REMIND}D"),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
    ]);
}

/// Text values (RFC 5545, 3.3.11).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// A content line in pieces of at most 75 octets, never inside a letter (RFC 5545, 3.1).
fn fold(line: &str) -> String {
    let (mut folded, mut width) = (String::with_capacity(line.len() + 8), 0);
    for letter in line.chars() {
        if width + letter.len_utf8() > WIDTH {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(letter);
        width += letter.len_utf8();
    }
    folded + "\r\n"
}
