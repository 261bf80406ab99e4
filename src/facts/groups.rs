//! Records that a database counted by the text of `esep sql`: their groups join the facts of the records read here.

use crate::definitions::Definitions;
use crate::definitions::dimension::{Class, DELAY_CAUSE, RESULTS};
use crate::facts::databases::{DatabaseTable, Numbers};
use crate::facts::deriver::{Deriver, yes};
use crate::facts::fact::Fact;
use crate::facts::pending::LATE;
use crate::facts::register::RegisterTerm;
use crate::facts::unfed::Unfed;
use crate::facts::wordings::kept::Case;
use crate::records::Record;
use crate::report::LedgerLine;
use crate::report::database_part::DatabasePart;
use crate::sources::rows::LEFT_OUT;
use crate::values::digest;
use crate::values::period::Period;
use crate::words::failure::Halt;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use anyhow::{Result, bail, ensure};
use std::collections::BTreeMap;

/// The name of a month of the period, such as `2026-07`.
pub fn month_name(period: Period, month: u32) -> String {
    period.quarter.month_start(month).format("%Y-%m").to_string()
}

/// What stands for that digest where the engine does not understand the text as it is meant.
pub const UNSUITED: &str = "unsuited";

/// SHA-256 over all that decides what a database counts: definitions, spellings of codes, first days of terms, terms of the register, records
/// that others ask for.
pub fn made_of(definitions: &Definitions, deriver: &Deriver<'_>) -> Result<String> {
    let mut text = format!("{}\n", definitions.digest);
    for list in &definitions.codelists {
        text.extend(list.spellings().into_iter().map(|(spelling, code)| format!("{} {code} {spelling}\n", list.list)));
    }
    let channels = definitions.codelist("channel").into_iter().flat_map(|list| &list.codes);
    let with_receipt = channels.zip(&deriver.receipt_days).filter(|(_, counts)| **counts);
    text.extend(with_receipt.map(|(code, _)| format!("receipt_day_counts {}\n", code.code)));
    let mut terms: Vec<String> = deriver.terms.iter().map(RegisterTerm::print).collect();
    terms.sort_unstable();
    text.extend(terms);
    text.extend(deriver.asked.all().into_iter().map(|id| format!("{id}\n")));
    Ok(digest::sha256(text.as_bytes())?)
}

impl Deriver<'_> {
    /// A group of records that a database counted. Source: records.md, services; forms.md, Deadlines of records.
    pub(crate) fn group(&mut self, record: &Record<'_, '_>) -> Result<bool> {
        self.check_made(record)?;
        let of = self.text(record, "facts_of");
        let table = self.definitions.table(of).filter(|table| self.definitions.tables[*table].is_result());
        let Some(table) = table else { bail!(refused("fault_facts_of", record).with("table", of)) };
        let (engine, part) = (self.text(record, "engine").to_owned(), self.text(record, "part").to_owned());
        let all = self.field(record, "table_records").integer().unwrap_or_default();
        let records = self.field(record, "records").integer().unwrap_or_default();
        *self.databases.more.entry(record.source).or_default() += records - 1;
        let numbers = self.databases.counted.entry(DatabaseTable { table, engine, part }).or_default();
        let is_new = numbers.all == 0 || numbers.all == all;
        ensure!(is_new, refused("fault_facts_mixed", record).with("first", numbers.all).with("second", all));
        *numbers = Numbers { all, counted: numbers.counted + records, source: record.source };
        if records == 0 {
            return Ok(false);
        }
        self.times = records;
        let fed = self.count_group(record, table);
        self.times = records - 1; // the last one is told by who asked
        self.feed(record.source, matches!(fed, Ok(true)));
        if let Some(why) = self.unfed.filter(|_| matches!(fed, Ok(false))) {
            self.unfed_rows.note(record.source, why, self.times);
        }
        self.times = 1;
        fed
    }

    fn count_group(&mut self, record: &Record<'_, '_>, table: usize) -> Result<bool> {
        let parties = self.parties(record.found.table, record.values, self.times);
        let unit = parties.unit;
        let name = self.text(record, "month");
        if name.is_empty() {
            let is_open = self.field(record, "outcome").code() == self.code("outcome", "in_progress");
            self.unfed = Some(if is_open { Unfed::Unfinished } else { Unfed::Outside });
            return Ok(false);
        }
        let ended = self.period.ended_months();
        let Some(month) = (0..ended).find(|month| month_name(self.period, *month) == name) else {
            bail!(refused("fault_facts_period", record).with("was", name).with("is", self.period.quarter))
        };
        let [own_channel, outcome, own_applicant, form, cause, reason, late] =
            ["channel", "outcome", "applicant", "form", "delay_cause", "refusal_reason", "late"]
                .map(|name| self.field(record, name).code());
        let (channel, applicant) = (self.top("channel", own_channel), self.top("applicant", own_applicant));
        let is_late = late.is_some() && late == self.code("late", "yes");
        let top = reason.map(|reason| self.top_reason(reason));
        let class = Class::new(month, &[channel, outcome, applicant, form, cause, top, yes(is_late), yes(false)]);
        let quantity = self.field(record, "quantity").integer().unwrap_or_default();
        let is_refused = outcome == self.code("outcome", "refused");
        self.deadlines.note(unit, channel, is_refused, quantity, late == self.code("late", "unknown"));
        let fact = Fact { class: class.0, quantity, ..parties };
        let d17 = ((channel, applicant) != (own_channel, own_applicant)).then_some("D17");
        for decision in self.text(record, "terms").split_whitespace().chain(d17) {
            self.decided(&fact, decision);
        }
        let plain = class.with(LATE, yes(false)).with(DELAY_CAUSE, None);
        let field = self.definitions.tables[table].position("refusal_reason");
        if let Some((field, reason)) = field.zip(reason)
            && self.is_counted(RESULTS, plain.0)
        {
            let case = Case { set: u32::try_from(RESULTS).unwrap_or(u32::MAX), class: plain.0, unit };
            self.texts.take_code(table, (field, reason), case, quantity);
        }
        self.unfed = channel.map(Unfed::Channel);
        self.push(RESULTS, fact)
    }

    /// The text that counted was made of the same definitions, for the same period and for these forms.
    fn check_made(&mut self, record: &Record<'_, '_>) -> Result<()> {
        let made_of = match self.databases.made_of.take() {
            Some(made_of) => made_of,
            None => made_of(self.definitions, self)?,
        };
        let engine = self.text(record, "engine");
        let is_suited = self.text(record, "definitions") != UNSUITED;
        ensure!(is_suited, refused("fault_facts_engine", record).with("engine", engine));
        let is_same = self.text(record, "definitions") == made_of;
        self.databases.made_of = Some(made_of);
        ensure!(is_same, refused("fault_facts_definitions", record));
        let (was, as_of) = (self.text(record, "period"), self.field(record, "as_of").day());
        let period = self.period;
        let differs = |was: String, is: String| refused("fault_facts_period", record).with("was", was).with("is", is);
        ensure!(was == period.quarter.to_string(), differs(was.to_owned(), period.quarter.to_string()));
        let was = as_of.map(|day| day.to_string()).unwrap_or_default();
        ensure!(as_of == Some(period.as_of), differs(was, period.as_of.to_string()));
        let forms: Vec<&str> = self.text(record, "forms").split(',').map(str::trim).collect();
        let foreign = self.databases.forms.iter().find(|form| !forms.contains(&form.as_str()));
        ensure!(
            foreign.is_none(),
            refused("fault_facts_forms", record)
                .with("was", forms.join(", "))
                .with("is", foreign.map_or("", |form| form))
        );
        Ok(())
    }

    /// Whether a database counted records of a table.
    pub fn is_counted_elsewhere(&self, table: usize) -> bool {
        self.databases.counted.keys().any(|of| of.table == table)
    }

    /// The books of both parts: what databases counted, and the rest that was read here.
    pub(crate) fn settle_databases(&mut self, ledger: &mut [LedgerLine], findings: &mut Gathered) -> Vec<DatabasePart> {
        let databases = std::mem::take(&mut self.databases);
        for (source, more) in databases.more {
            let line = &mut ledger[source];
            line.read = line.read.saturating_add_signed(more);
            line.accepted = line.accepted.saturating_add_signed(more);
        }
        let mut parts = Vec::new();
        let mut rest: BTreeMap<usize, (i64, i64, usize)> = BTreeMap::new();
        for (DatabaseTable { table, engine, part }, Numbers { all, counted, source }) in databases.counted {
            let name = self.definitions.tables[table].names.first();
            let place = Place { source: Some(ledger[source].source.clone()), ..Place::default() };
            let finding = Finding::new("counted_in_database", place).with("engine", &engine).with("part", &part);
            let finding = finding.of_unit(&name);
            findings.push(finding.with("count", counted).with("all", all));
            let name = self.definitions.tables[table].table.clone();
            let [number, of] = [counted, all].map(|number| u64::try_from(number).unwrap_or_default());
            parts.push(DatabasePart { table: name, engine, part, counted: number, all: of });
            let rest = rest.entry(table).or_default();
            *rest = (rest.0 + all, rest.1 + all - counted, source);
        }
        for (table, (all, expected, source)) in rest {
            let own = ledger.iter().filter(|line| line.table == self.definitions.tables[table].table);
            // totals and remarks among the rows of the rest are no records, yet the database counted them as rows
            let left_out =
                |line: &LedgerLine| -> u64 { LEFT_OUT.iter().map(|name| findings.count(name, &line.source)).sum() };
            let read: u64 = own.map(|line| line.read + left_out(line)).sum();
            if i64::try_from(read) != Ok(expected) {
                let name = self.definitions.tables[table].names.first();
                let place = Place { source: Some(ledger[source].source.clone()), ..Place::default() };
                let finding = Finding::new("facts_incomplete", place).with("all", all).with("expected", expected);
                findings.push(finding.with("read", read).of_unit(&name));
            }
        }
        parts
    }
}

/// Why facts cannot be added, with the place.
fn refused(key: &'static str, record: &Record<'_, '_>) -> Halt {
    Halt::new(key).with("source", &record.found.name).with("line", record.line)
}
