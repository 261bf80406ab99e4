//! `questions.xlsx`: the same as `mapping.toml`, to be answered with a mouse.

use crate::commands::init::codes::Unknown;
use crate::commands::init::guess::{Guess, SURE};
use crate::commands::init::layout::Layout;
use crate::commands::init::page::{about, is_doubtful, label, met};
use crate::commands::init::supply::FixedValue;
use crate::commands::init::unreadable;
use crate::commands::out::speech::Speech;
use crate::definitions::record::{Field, Table};
use crate::render::xlsx::questions::{Question, write as write_workbook};
use crate::sources::workbook::asked::ALL;
use anyhow::Result;
use std::collections::BTreeMap;

/// Name of the file.
pub const FILE: &str = "questions.xlsx";
/// Names of the lists of all tables, and of yes and no.
const TABLES: &str = " tables";
const TRUTH: &str = " truth";

/// The whole workbook.
///
/// # Errors
/// Those of the library.
pub fn write(parts: &[(Layout, Vec<Guess>)], unknown: &[Unknown<'_>], speech: Speech<'_>) -> Result<Vec<u8>> {
    let mut questions = Questions { speech, all: Vec::new() };
    questions.truth(ALL, "", speech.words("ask_all"), false, true, speech.words("ask_all_why"));
    for (layout, guesses) in parts {
        let unreadable = unreadable::told(layout, speech);
        match guesses.first() {
            Some(guess) if !guess.is_clear(layout) => questions.group(layout, guess, &unreadable),
            None if !unreadable.is_empty() => questions.unread(layout, &unreadable),
            _ => {}
        }
    }
    for one in unknown {
        questions.values(one);
    }
    let titles = ["ask_place", "ask_written", "ask_samples", "ask_answer", "ask_offered", "ask_why"];
    let titles = titles.map(|key| speech.words(key).to_owned());
    write_workbook(speech.words("ask_sheet"), &titles, &questions.all, &lists(speech))
}

/// What answers are chosen from: fields of each table, codes of each list, tables, yes and no.
fn lists(speech: Speech<'_>) -> BTreeMap<String, Vec<String>> {
    let out = || speech.words("ask_leave_out").to_owned();
    let called = |field: &Field| field.headers.first().get(speech.lang).to_owned();
    let of_table =
        |table: &Table| (table.table.clone(), std::iter::once(out()).chain(table.fields.iter().map(called)).collect());
    let mut lists: BTreeMap<String, Vec<String>> = speech.definitions.tables.iter().map(of_table).collect();
    let codes = speech.definitions.codelists.iter();
    lists.extend(codes.map(|list| {
        let labels = list.codes.iter().map(|code| code.label.get(speech.lang).to_owned());
        (format!("={}", list.list), labels.collect())
    }));
    let names = speech.definitions.tables.iter().map(|table| table.names.first().get(speech.lang).to_owned());
    lists.insert(TABLES.to_owned(), std::iter::once(out()).chain(names).collect());
    lists.insert(TRUTH.to_owned(), ["yes", "no"].map(|key| speech.words(key).to_owned()).to_vec());
    lists
}

/// The files and sheets of a layout.
fn places(layout: &Layout) -> String {
    let sources = layout.sources.iter().map(|source| label(&source.name, source.sheet.as_deref()));
    sources.collect::<Vec<_>>().join(", ")
}

struct Questions<'s> {
    speech: Speech<'s>,
    all: Vec<Question>,
}

impl Questions<'_> {
    /// A question whose answer is yes or no; `asked`: nothing holds until somebody answers yes.
    fn truth(&mut self, key: &'static str, slot: &str, written: &str, holds: bool, asked: bool, why: &str) {
        let yes = self.speech.words("yes").to_owned();
        let answer = if holds { yes.clone() } else { String::new() };
        self.all.push(Question {
            key,
            slot: slot.to_owned(),
            written: written.to_owned(),
            answer,
            offered: if asked { yes } else { String::new() },
            why: why.to_owned(),
            list: TRUTH.to_owned(),
            ..Question::default()
        });
    }

    /// Sheets of which nothing is asked before they are put in order.
    fn unread(&mut self, layout: &Layout, unreadable: &[String]) {
        self.all.push(Question {
            place: places(layout),
            written: self.speech.fill("init_rows", &[("count", &layout.rows.to_string())]),
            why: unreadable.join("\n"),
            ..Question::default()
        });
    }

    fn group(&mut self, layout: &Layout, guess: &Guess, unreadable: &[String]) {
        let speech = self.speech;
        let table = &speech.definitions.tables[guess.table];
        let called = |field: usize| table.fields[field].headers.first().get(speech.lang).to_owned();
        let name = table.names.first().get(speech.lang).to_owned();
        self.all.push(Question {
            key: "group",
            place: places(layout),
            written: speech.fill("init_rows", &[("count", &layout.rows.to_string())]),
            answer: if guess.weak { String::new() } else { name.clone() },
            offered: name,
            why: match layout.repeated().as_slice() {
                _ if !unreadable.is_empty() => unreadable.join("\n"),
                [] => speech.words(if guess.weak { "init_weak" } else { "ask_group_why" }).to_owned(),
                repeated => speech.fill("init_repeated", &[("columns", &repeated.join(", "))]),
            },
            list: TABLES.to_owned(),
            ..Question::default()
        });
        self.truth("confirm", "", speech.words("ask_confirm"), false, true, "");
        if guess.numbered && layout.table.is_none() {
            self.truth("numbered", "", speech.words("init_numbered"), true, false, "");
        }
        let short: u64 = guess.proposals.iter().map(|one| layout.columns[one.column].short).sum();
        if short > 0 {
            let asked = speech.fill("init_short_days", &[("count", &short.to_string())]);
            self.truth("short_days", "", &asked, false, true, "");
        }
        if guess.has_old_moments(layout) {
            let asked = speech.fill("init_local_moments", &[]);
            self.truth("local_moments", "", &asked, false, false, "");
        }
        let supplied = [("section", guess.supply.section), ("sheet_name", guess.supply.sheet_name)];
        for (key, field) in supplied {
            if let Some(field) = field {
                let written = speech.words(if key == "section" { "ask_section" } else { "ask_sheet_name" });
                self.field(table, key, ("", written), &called(field), true, "");
            }
        }
        for (index, column) in layout.named() {
            let own = guess.proposals.iter().find(|proposal| proposal.column == index);
            let sure = own.filter(|one| one.score >= SURE);
            let about = about((column, layout), own, table, speech);
            let samples = about.trim_start_matches([' ', '·']).to_owned();
            let offered = match own {
                Some(one) => called(one.field),
                None => speech.words("ask_leave_out").to_owned(),
            };
            let holds = sure.is_some() || own.is_none() && !is_doubtful(column, table);
            let why = if own.is_none() && is_doubtful(column, table) { speech.words("init_people") } else { "" };
            self.field(table, "column", (&samples, &column.header), &offered, holds, why);
        }
        for (word, field) in &guess.supply.titled {
            self.field(table, "titled", ("", word), &called(*field), true, speech.words("ask_titled"));
        }
        for FixedValue { field, value, asked } in &guess.supply.fixed {
            let field = &table.fields[*field];
            let list = field.list.as_ref().and_then(|list| speech.definitions.codelist(list));
            let code = list.and_then(|list| Some(list.codes[list.position(value)?].label.get(speech.lang).to_owned()));
            let offered = code.unwrap_or_else(|| value.clone());
            self.all.push(Question {
                key: "fixed",
                slot: field.name.clone(),
                written: field.headers.first().get(speech.lang).to_owned(),
                answer: if *asked { String::new() } else { offered.clone() },
                offered,
                why: speech.words("ask_fixed").to_owned(),
                list: list.map(|list| format!("={}", list.list)).unwrap_or_default(),
                ..Question::default()
            });
        }
    }

    /// A question whose answer is a field of a table.
    fn field(
        &mut self,
        table: &Table,
        key: &'static str,
        (samples, written): (&str, &str),
        offered: &str,
        holds: bool,
        why: &str,
    ) {
        self.all.push(Question {
            key,
            written: written.to_owned(),
            samples: samples.to_owned(),
            answer: if holds { offered.to_owned() } else { String::new() },
            offered: offered.to_owned(),
            why: why.to_owned(),
            list: table.table.clone(),
            ..Question::default()
        });
    }

    fn values(&mut self, one: &Unknown<'_>) {
        let speech = self.speech;
        let name = one.list.names.get(speech.lang);
        let written = speech.fill("ask_values", &[("list", name)]);
        self.truth("values", &one.list.list, &written, false, true, "");
        for (value, own) in &one.values {
            let label = own.meaning.and_then(|meaning| one.list.position(meaning.code));
            let offered = label.map(|code| one.list.codes[code].label.get(speech.lang).to_owned()).unwrap_or_default();
            let asked = own.meaning.is_none_or(|meaning| meaning.asked);
            let why = match (own.hidden, asked, own.meaning) {
                (true, ..) => "ask_value_hidden",
                (_, true, None) => "ask_value_strange",
                (_, true, Some(_)) => "ask_value_why",
                _ => "",
            };
            self.all.push(Question {
                key: "value",
                slot: one.list.list.clone(),
                written: value.clone(),
                samples: met(own, speech),
                answer: if asked { String::new() } else { offered.clone() },
                offered,
                why: if why.is_empty() { String::new() } else { speech.words(why).to_owned() },
                list: format!("={}", one.list.list),
                ..Question::default()
            });
        }
    }
}
