//! `questions.xlsx` with its answers, as a mapping.

use crate::body::mapping::{Head, Mapping, Used, Values};
use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::definitions::record::Table;
use crate::sources::survey::folded;
use crate::sources::workbook::asked::ALL;
use crate::sources::workbook::texts::{TextRow, texts};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, fold};
use anyhow::Result;
use std::path::Path;

/// Columns of the workbook, from 0.
const KEY: usize = 0;
const SLOT: usize = 1;
const WRITTEN: usize = 3;
const ANSWER: usize = 5;

/// The mapping that the answers of a workbook are, `called` as people know it; `None`: the file is no such workbook.
///
/// # Errors
/// The file cannot be read, or an answer is none of those that can be chosen.
pub fn read(path: &Path, called: &Path, definitions: &Definitions) -> Result<Option<Used>> {
    let cell = |row: &[String], column: usize| row.get(column).map(|text| text.trim().to_owned()).unwrap_or_default();
    let is_ours = |rows: &[TextRow]| rows.iter().any(|(_, row)| cell(row, KEY) == ALL);
    let rows = texts(path, is_ours).or_halt(|| Halt::reading(called))?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut answers = Answers { definitions, mapping: Mapping::default() };
    for (line, row) in &rows {
        let [key, slot, written, answer] = [KEY, SLOT, WRITTEN, ANSWER].map(|column| cell(row, column));
        let taken = answers.take(&key, &slot, &written, &answer);
        if taken.is_none() {
            let wrong = Halt::new("answer_unknown").with("line", line).with("answer", answer);
            return Err(Halt::within(called).because(wrong).into());
        }
    }
    let bytes = std::fs::read(path).or_halt(|| Halt::reading(called))?;
    Used::of(called, &bytes, answers.mapping).map(Some)
}

struct Answers<'d> {
    definitions: &'d Definitions,
    mapping: Mapping,
}

impl Answers<'_> {
    /// Takes one row; `None`: its answer is none of those that can be chosen.
    fn take(&mut self, key: &str, slot: &str, written: &str, answer: &str) -> Option<()> {
        let is_yes = Lang::ALL.iter().any(|lang| fold(answer) == fold(self.definitions.words("yes").get(*lang)));
        match key {
            ALL => self.mapping.confirmed = is_yes,
            "group" => {
                let table = if answer.is_empty() || self.is_left_out(answer) { "" } else { &self.table(answer)?.table };
                let head = Head { table: table.to_owned(), ..Head::default() };
                self.mapping.heads.push(head);
            }
            "values" => {
                let values = Values { list: slot.to_owned(), confirmed: is_yes, ..Values::default() };
                self.mapping.values.push(values);
            }
            "value" => {
                let code = if answer.is_empty() { None } else { Some(code(self.definitions.codelist(slot)?, answer)?) };
                let own = self.mapping.values.last_mut()?;
                own.codes.extend(code.map(|code| (written.to_owned(), code)));
            }
            "confirm" => self.mapping.heads.last_mut()?.confirmed = is_yes,
            "numbered" => self.mapping.heads.last_mut()?.numbered = is_yes,
            "short_days" => self.mapping.heads.last_mut()?.short_days = is_yes,
            "local_moments" => {
                self.mapping.heads.last_mut()?.local_moments = (!answer.is_empty()).then_some(is_yes);
            }
            "section" | "sheet_name" | "column" | "titled" | "fixed" => self.answer(key, slot, written, answer)?,
            _ => {}
        }
        Some(())
    }

    /// An answer about a group.
    fn answer(&mut self, key: &str, slot: &str, written: &str, answer: &str) -> Option<()> {
        let table = self.mapping.heads.last()?.table.clone();
        let is_out = self.is_left_out(answer);
        // of a table that nobody named nothing is read
        let open = table.is_empty() || answer.is_empty();
        let place = self.definitions.table(&table).map(|place| &self.definitions.tables[place]);
        let field = if open || is_out || key == "fixed" { None } else { Some(field(place?, answer)?) };
        let fixed = match place.filter(|_| !open && key == "fixed") {
            Some(table) => {
                let field = &table.fields[table.position(slot)?];
                let list = field.list.as_ref().and_then(|list| self.definitions.codelist(list));
                Some(match list {
                    Some(list) => code(list, answer)?,
                    None => answer.to_owned(),
                })
            }
            None => None,
        };
        let head = self.mapping.heads.last_mut()?;
        match key {
            "section" => head.section = field,
            "sheet_name" => head.sheet_name = field,
            "titled" => head.titled.extend(field.map(|field| (written.to_owned(), field))),
            "fixed" => head.fixed.extend(fixed.map(|value| (slot.to_owned(), value))),
            _ => {
                head.headers.push(written.to_owned());
                if !open {
                    head.columns.insert(written.to_owned(), field.unwrap_or_default());
                }
            }
        }
        Some(())
    }

    fn is_left_out(&self, answer: &str) -> bool {
        Lang::ALL.iter().any(|lang| fold(answer) == fold(self.definitions.words("ask_leave_out").get(*lang)))
    }

    fn table(&self, answer: &str) -> Option<&Table> {
        let is_meant =
            |table: &&Table| table.table == answer || table.names.all().any(|name| folded(name) == folded(answer));
        self.definitions.tables.iter().find(is_meant)
    }
}

/// The field that a table calls so, in any language.
fn field(table: &Table, answer: &str) -> Option<String> {
    let first = |field: &&crate::definitions::record::Field| {
        let header = field.headers.first();
        field.name == answer || Lang::ALL.iter().any(|lang| folded(header.get(*lang)) == folded(answer))
    };
    let any = |field: &&crate::definitions::record::Field| field.headers.all().any(|own| folded(own) == folded(answer));
    table.fields.iter().find(first).or_else(|| table.fields.iter().find(any)).map(|field| field.name.clone())
}

fn code(list: &CodeList, answer: &str) -> Option<String> {
    list.find(answer).map(|place| list.codes[place].code.clone())
}
