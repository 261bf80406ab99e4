//! `mapping.toml`: what seems to be what, line by line, for somebody with Notepad to confirm.

use crate::commands::init::codes;
use crate::commands::init::codes::{Unknown, UnknownValue};
use crate::commands::init::column::OwnColumn;
use crate::commands::init::guess::{Guess, Proposal, SURE};
use crate::commands::init::layout::Layout;
use crate::commands::init::supply::FixedValue;
use crate::commands::init::unreadable;
use crate::commands::out::speech::Speech;
use crate::definitions::record::{FieldType, Table};
use crate::records::shown::shown;
use crate::sources::survey::folded;
use crate::values::personal::veiled;
use std::borrow::Cow;
use std::fmt::Write;

/// Name of the file.
pub const FILE: &str = "mapping.toml";
/// Values shown of a column.
const SHOWN: usize = 3;
/// Before a line that is a question with its first answer; without it the answer holds.
pub const QUESTION: &str = "#? ";

/// The whole file.
pub fn write(parts: &[(Layout, Vec<Guess>)], unknown: &[Unknown<'_>], speech: Speech<'_>) -> String {
    let mut text = speech.comment("init_mapping_head", &[]);
    text.push_str("confirmed = false\n");
    for (layout, guesses) in parts {
        text.push('\n');
        head(layout, guesses, speech, &mut text);
    }
    for one in unknown {
        let _ = write!(text, "\n{}", speech.comment("init_values_head", &[("list", one.list.names.get(speech.lang))]));
        let codes = one.list.codes.iter().map(|code| format!("{} – {}", code.code, code.label.get(speech.lang)));
        text.extend(codes.map(|code| format!("#   {code}\n")));
        let _ = writeln!(text, "[[values]]\nlist = {}\nconfirmed = false\n[values.codes]", quoted(&one.list.list));
        for (value, own) in &one.values {
            let times = met(own, speech);
            let _ = if let Some(meaning) = &own.meaning {
                let open = if meaning.asked { QUESTION } else { "" };
                let asked = if meaning.asked { speech.words("init_asked_value") } else { "" };
                let (value, code) = (quoted(value), quoted(meaning.code));
                writeln!(text, "{open}{value} = {code}  # {times}{asked}")
            } else {
                let hidden = if own.hidden { speech.words("init_hidden_value") } else { "" };
                writeln!(text, "# {} = \"\"  # {times}{hidden}", quoted(value))
            };
        }
    }
    text
}

/// How often a value stands there, and in which columns.
pub fn met(value: &UnknownValue<'_>, speech: Speech<'_>) -> String {
    let columns: Vec<String> = value.columns.iter().map(|header| format!("«{}»", veiled(header))).collect();
    let times = speech.fill("init_times", &[("count", &value.times.to_string())]);
    if columns.is_empty() { times } else { format!("{times} · {}", columns.join(", ")) }
}

fn head(layout: &Layout, guesses: &[Guess], speech: Speech<'_>, text: &mut String) {
    let sources: Vec<String> =
        layout.sources.iter().map(|source| label(&source.name, source.sheet.as_deref())).collect();
    let unreadable = unreadable::told(layout, speech);
    let told: String = unreadable.iter().flat_map(|said| ["# ", said, "\n"]).collect();
    let Some(guess) = guesses.first() else {
        let all = sources.join(", ");
        if told.is_empty() {
            text.push_str(&speech.comment("init_no_table", &[("sources", &all)]));
        } else {
            text.extend(["# ", &all, "\n", &told]);
        }
        return;
    };
    let table = &speech.definitions.tables[guess.table];
    let name = table.names.first().get(speech.lang).to_owned();
    let all = sources.join(", ");
    if guess.is_clear(layout) {
        text.push_str(&speech.comment("init_recognised", &[("sources", &all), ("table", &name)]));
        return;
    }
    let others: Vec<String> = guesses[1..]
        .iter()
        .take(2)
        .filter(|other| other.weight > guess.weight * 0.6)
        .map(|other| {
            let table = &speech.definitions.tables[other.table];
            format!("{} (table = \"{}\")", table.names.first().get(speech.lang), table.table)
        })
        .collect();
    let slots = [("sources", all.as_str()), ("table", &name), ("rows", &layout.rows.to_string())];
    text.push_str(&speech.comment("init_head", &slots));
    if !others.is_empty() {
        text.push_str(&speech.comment("init_others", &[("tables", &others.join(", "))]));
    }
    let headers = layout.headers().iter().map(|header| quoted(header)).collect::<Vec<_>>().join(", ");
    let _ = writeln!(text, "[[head]]\nheaders = [{headers}]");
    if guess.weak {
        text.push_str(&speech.comment("init_weak", &[]));
    }
    let repeated = layout.repeated();
    if !repeated.is_empty() {
        text.push_str(&speech.comment("init_repeated", &[("columns", &repeated.join(", "))]));
    }
    text.push_str(&told);
    let open = if guess.weak { QUESTION } else { "" };
    let _ = writeln!(text, "{open}table = {}\nconfirmed = false", quoted(&table.table));
    if guess.numbered && layout.table.is_none() {
        let _ = writeln!(text, "{}numbered = true", speech.comment("init_numbered", &[]));
    }
    let short: u64 = guess.proposals.iter().map(|one| layout.columns[one.column].short).sum();
    if short > 0 {
        let asked = speech.comment("init_short_days", &[("count", &short.to_string())]);
        let _ = writeln!(text, "{asked}{QUESTION}short_days = true");
    }
    if guess.has_old_moments(layout) {
        let asked = speech.comment("init_local_moments", &[]);
        let _ = writeln!(text, "{asked}{QUESTION}local_moments = false");
    }
    let called = |field: usize| table.fields[field].headers.first().get(speech.lang).to_owned();
    let supplied =
        [("section", guess.supply.section, "init_section"), ("sheet_name", guess.supply.sheet_name, "init_sheet_name")];
    for (key, field, said) in supplied {
        if let Some(field) = field {
            let said = speech.comment(said, &[("field", called(field).as_str())]);
            let _ = writeln!(text, "{said}{key} = {}", quoted(&table.fields[field].name));
        }
    }
    text.push_str("[head.columns]\n");
    for (index, column) in layout.named() {
        let own = guess.proposals.iter().find(|proposal| proposal.column == index);
        line((column, layout), own, guess.foreign.contains(&index), table, speech, text);
    }
    fixed(layout, guess, table, speech, text);
    if !guess.supply.titled.is_empty() {
        text.push_str("[head.titled]\n");
    }
    for (word, field) in &guess.supply.titled {
        let _ = writeln!(text, "{} = {}  # {}", quoted(word), quoted(&table.fields[*field].name), called(*field));
    }
}

fn line(
    (column, layout): (&OwnColumn, &Layout),
    own: Option<&Proposal>,
    is_foreign: bool,
    table: &Table,
    speech: Speech<'_>,
    text: &mut String,
) {
    let header = quoted(&column.header);
    let about = about((column, layout), own, table, speech);
    let _ = match own {
        Some(one) => {
            let field = &table.fields[one.field];
            let meaning = field.headers.first();
            let open = if one.score >= SURE { "" } else { "# " };
            writeln!(text, "{open}{header} = {}  # {}{about}", quoted(&field.name), meaning.get(speech.lang))
        }
        None if is_doubtful(column, table) => {
            writeln!(text, "{QUESTION}{header} = \"\"  # {}{about}", speech.words("init_people"))
        }
        None if is_foreign && column.is_ordinal() => {
            writeln!(text, "{header} = \"\"  # {}{about}", speech.words("init_ordinal"))
        }
        None if is_foreign => writeln!(text, "{header} = \"\"  # {}{about}", speech.fill("init_left_out", &[])),
        None => writeln!(text, "# {header} = \"\"  # {}{about}", speech.fill("init_unknown", &[])),
    };
}

/// Whether a header may as well stand above names of people.
pub fn is_doubtful(column: &OwnColumn, table: &Table) -> bool {
    let header = folded(&column.header);
    table.fields.iter().flat_map(|field| &field.doubtful).any(|own| folded(own) == header)
}

/// Why: the spelling, the kind of the values, some of them where they name nobody.
pub fn about(
    (column, layout): (&OwnColumn, &Layout),
    own: Option<&Proposal>,
    table: &Table,
    speech: Speech<'_>,
) -> String {
    let mut parts = Vec::new();
    if let Some(like) = own.filter(|one| !one.known && one.score >= 0.3).and_then(|one| one.like.as_ref()) {
        parts.push(speech.fill("init_like", &[("other", like)]));
    }
    let is_personal = column.is_personal();
    let kinds = [("init_dates", column.dates), ("init_bins", column.bins), ("init_whole", column.whole)];
    let kind = kinds.into_iter().find(|(_, count)| column.share(*count) >= 0.5);
    match kind.filter(|_| !is_personal) {
        Some((key, count)) => {
            parts.push(speech.fill(key, &[("count", &count.to_string()), ("all", &column.seen.to_string())]));
        }
        None => parts.push(speech.fill("init_filled", &[("count", &column.filled.to_string())])),
    }
    let field = own.filter(|one| one.score >= SURE).map(|one| &table.fields[one.field]);
    let is_day = field.is_some_and(|field| matches!(field.kind, FieldType::Date | FieldType::Moment));
    if is_day && column.dates < column.seen {
        parts.push(speech.fill("init_unreadable", &[("count", &(column.seen - column.dates).to_string())]));
    }
    // a text that seldom repeats may hold anything about anybody
    let is_kind = |kinds: &[FieldType]| field.is_some_and(|field| kinds.contains(&field.kind));
    let typed = is_kind(&[FieldType::Date, FieldType::Moment, FieldType::Code, FieldType::Integer, FieldType::Boolean]);
    let repeats = column.values.as_ref().is_some_and(|values| values.len() as u64 * 2 <= column.seen);
    let is_shown = field.is_some_and(|field| !field.private) && !is_personal && (typed || repeats || column.bins > 0);
    if is_personal {
        parts.push(speech.fill("init_personal", &[]));
    } else if is_shown {
        let commonest = column.commonest();
        let is_shown = |value: &str, times| {
            field.is_some_and(|field| codes::is_shown((value, times), (column, layout), field, speech.definitions))
        };
        let values = commonest.iter().take(SHOWN).map(|(value, times)| {
            if is_shown(value, *times) { Cow::Borrowed(*value) } else { shown(field, value, speech.definitions) }
        });
        let values: Vec<String> = values.map(|value| format!("«{value}»")).collect();
        if !values.is_empty() {
            parts.push(speech.fill("init_sample", &[("values", &values.join(", "))]));
        }
    }
    parts.insert(0, String::new());
    parts.join(" · ")
}

/// Fields that no column holds: one value for all rows may do.
fn fixed(layout: &Layout, guess: &Guess, table: &Table, speech: Speech<'_>, text: &mut String) {
    let needed =
        |(_, field): &(usize, &crate::definitions::record::Field)| field.required || !field.required_for.is_empty();
    let mut missing: Vec<usize> = table
        .fields
        .iter()
        .enumerate()
        .filter(needed)
        .map(|(index, _)| index)
        .filter(|field| !guess.has(*field))
        .collect();
    missing.extend(guess.missing(table).into_iter().filter(|field| !missing.contains(field)).collect::<Vec<_>>());
    missing.extend(codes::asked(layout, guess, speech.definitions));
    missing.retain(|field| !(guess.numbered && crate::body::mapping::numbered_field(table) == Some(*field)));
    missing.retain(|field| !guess.supply.has(*field) && !guess.supply.fixed.iter().any(|fixed| fixed.field == *field));
    if missing.is_empty() && guess.supply.fixed.is_empty() {
        return;
    }
    let said = if missing.is_empty() { String::new() } else { speech.comment("init_fixed", &[]) };
    let _ = writeln!(text, "{said}[head.fixed]");
    for FixedValue { field, value, asked } in &guess.supply.fixed {
        let field = &table.fields[*field];
        let list = field.list.as_ref().and_then(|list| speech.definitions.codelist(list));
        let label = list.and_then(|list| Some(list.codes[list.position(value)?].label.get(speech.lang)));
        let called = field.headers.first();
        let open = if *asked { QUESTION } else { "" };
        let (called, label) = (called.get(speech.lang), label.unwrap_or_default());
        let _ = writeln!(text, "{open}{} = {}  # {called}: {label}", field.name, quoted(value));
    }
    for field in missing {
        let field = &table.fields[field];
        let list = field.list.as_ref().and_then(|list| speech.definitions.codelist(list));
        let codes = list.map(|list| list.codes.iter().map(|code| code.code.as_str()).collect::<Vec<_>>().join(", "));
        let codes = codes.map(|codes| format!(": {codes}")).unwrap_or_default();
        let forms = if field.required_for.is_empty() {
            String::new()
        } else {
            format!(" ({})", speech.definitions.indexes(&field.required_for).get(speech.lang))
        };
        let _ = writeln!(text, "# {} = \"\"  # {}{forms}{codes}", field.name, field.headers.first().get(speech.lang));
    }
}

/// `book.xlsx [Sheet]`.
pub fn label(name: &str, sheet: Option<&str>) -> String {
    sheet.map_or_else(|| name.to_owned(), |sheet| format!("{name} [{sheet}]"))
}

/// A string of TOML.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => quoted.push(' '),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}
