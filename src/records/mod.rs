//! Raw rows become typed records, or go to the quarantine; `read = accepted + duplicates + quarantined`.

pub mod quarantine;
pub mod repeat_runs;
pub mod typed;
pub mod row;
pub mod shown;
pub mod unseen;
pub mod copies;
pub mod doubtful;

use crate::records::copies::Copies;
use crate::records::quarantine::Quarantine;
use crate::records::shown::{is_error, shown};

use crate::definitions::Definitions;
use crate::definitions::spelling::looks;
use crate::records::typed::{Fault, Typed};
use crate::records::unseen::Unseen;
use crate::report::LedgerLine;
use crate::sources;
use crate::sources::Options;
use crate::sources::raw::{Format, FoundTable, Raw, Row, column_letters};
use crate::values::personal::cut;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use anyhow::{Result, ensure};
use std::collections::{BTreeSet, HashMap};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A record that was accepted, with its place.
#[derive(Debug)]
pub struct Record<'r, 'a> {
    /// The table and source it stands in.
    pub found: &'r FoundTable,
    /// One value a field of the table.
    pub values: &'r [Typed<'a>],
    /// Position of the source in the ledger.
    pub source: usize,
    pub line: u64,
}

/// Reads tables one after another and keeps the books.
#[derive(Debug)]
pub struct Reader<'d> {
    pub definitions: &'d Definitions,
    /// Forms that are asked for: some fields are needed only by some.
    pub forms: Vec<String>,
    pub options: Options,
    pub ledger: Vec<LedgerLine>,
    pub findings: Gathered,
    pub quarantine: Quarantine,
    pub copies: Copies,
    /// Per table: key → first record with it.
    seen: HashMap<usize, HashMap<u128, First>>,
    /// Per table: how a key looks → its first record, of keys with letters.
    alike: HashMap<usize, HashMap<u128, (u128, First)>>,
    bad_bins: BTreeSet<(usize, String)>,
    repeats: repeat_runs::Runs,
}

#[derive(Debug, Clone, Copy)]
struct First {
    content: u64,
    source: u32,
    line: u64,
}

/// What a row came to.
#[derive(Debug)]
pub enum Verdict {
    Accepted,
    Duplicate,
    Quarantined(Vec<Finding>),
}

impl<'d> Reader<'d> {
    pub fn new(definitions: &'d Definitions, forms: &[&str], options: Options, quarantine: Quarantine) -> Self {
        Self {
            definitions,
            forms: forms.iter().map(|form| (*form).to_owned()).collect(),
            options,
            ledger: Vec::new(),
            findings: Gathered::default(),
            quarantine,
            copies: Copies::default(),
            seen: HashMap::new(),
            alike: HashMap::new(),
            bad_bins: BTreeSet::new(),
            repeats: repeat_runs::Runs::default(),
        }
    }

    /// Reads one table of one source; accepted records go to `sink`, which may add findings.
    pub fn read(
        &mut self,
        found: &FoundTable,
        sink: &mut dyn FnMut(&Record<'_, '_>, &mut Gathered) -> Result<()>,
    ) -> Result<()> {
        let definitions = self.definitions;
        let table = &definitions.tables[found.table];
        let (source, absent) = self.open(found);
        let options = self.options.clone();
        let mut unseen = Unseen::default();
        let notices = sources::read(found, table, &options, &mut |row| {
            self.ledger[source].read += 1;
            unseen.note(found, row);
            let (values, faults) = row::parse(table, definitions, found, row, &self.forms);
            let verdict =
                if absent { Verdict::Quarantined(Vec::new()) } else { self.judge(found, source, row, &values, faults) };
            match verdict {
                Verdict::Duplicate => self.ledger[source].duplicates += 1,
                Verdict::Quarantined(findings) => {
                    self.ledger[source].quarantined += 1;
                    self.quarantine.add(found, source, row, &findings)?;
                    self.findings.extend(findings);
                }
                Verdict::Accepted => {
                    self.ledger[source].accepted += 1;
                    self.copies.note((found, source), row, &values);
                    self.check_bins(found, source, row, &values);
                    sink(&Record { found, values: &values, source, line: row.line }, &mut self.findings)?;
                }
            }
            Ok(())
        })?;
        self.findings.extend(notices);
        self.findings.extend(unseen.tell(found, table));
        self.close(source)
    }

    /// Reads tables in their order, one record after another.
    ///
    /// # Errors
    /// A source cannot be read, or what `sink` says.
    pub fn read_all(
        &mut self,
        tables: &[FoundTable],
        sink: &mut dyn FnMut(&Record<'_, '_>, &mut Gathered) -> Result<()>,
    ) -> Result<()> {
        tables.iter().try_for_each(|table| self.read(table, sink))
    }

    /// A line of the ledger for a table; whether the table lacks a column that the asked forms need.
    pub fn open(&mut self, found: &FoundTable) -> (usize, bool) {
        self.ledger.push(LedgerLine {
            source: found.name.clone(),
            sheet: found.sheet.clone(),
            table: self.definitions.tables[found.table].table.clone(),
            ..LedgerLine::default()
        });
        let source = self.ledger.len() - 1;
        (source, self.absent_column(found, source))
    }

    /// Tells what repeats are still to be told, and proves the books of a table.
    pub fn close(&mut self, source: usize) -> Result<()> {
        self.repeats.close(&mut self.findings);
        let line = &self.ledger[source];
        let books = line.accepted + line.duplicates + line.quarantined;
        ensure!(line.read == books, "{}: {} rows read, {books} accounted for", line.source, line.read);
        Ok(())
    }

    /// A column that the asked forms need and the source has not: one finding, all rows quarantined.
    fn absent_column(&mut self, found: &FoundTable, source: usize) -> bool {
        let table = &self.definitions.tables[found.table];
        let mut absent = false;
        for (index, field) in table.fields.iter().enumerate() {
            let needed = field.required_for.iter().any(|form| self.forms.contains(form));
            if needed && !found.has(index) {
                absent = true;
                let place = Place { field: Some(field.name.clone()), ..found.place(found.header_line) };
                let header = field.headers.first();
                let forms = self.definitions.indexes(&field.required_for);
                let finding = Finding::new("column_absent", place).of_unit(&header).with_text("forms", &forms);
                self.quarantine.lacks(source, &finding);
                self.findings.push(finding);
            }
        }
        absent
    }

    /// Decides on a row that was typed: faults, repeats of its id. Records are judged in the order of their sources.
    pub fn judge(
        &mut self,
        found: &FoundTable,
        source: usize,
        row: &Row<'_>,
        values: &[Typed<'_>],
        faults: Vec<(Option<usize>, Fault)>,
    ) -> Verdict {
        if !faults.is_empty() {
            let findings = faults.into_iter().map(|(field, fault)| self.refuse(found, row, field, fault)).collect();
            return Verdict::Quarantined(findings);
        }
        let table = &self.definitions.tables[found.table];
        let key = row::key(table, values);
        let content = xxh3_64(&row::content(values));
        let id = table.position(&table.key[0]);
        if let Some(first) = self.seen.get(&found.table).and_then(|seen| seen.get(&xxh3_128(&key))).copied() {
            let same = first.content == content;
            let fault = Fault::new(if same { "duplicate_same" } else { "duplicate_changed" })
                .with("first", self.print_place(first));
            let finding = self.refuse(found, row, id, fault);
            if same {
                self.repeats.add((source, row.line), (first.source, first.line), finding, &mut self.findings);
                return Verdict::Duplicate;
            }
            return Verdict::Quarantined(vec![finding]);
        }
        if let Some(first) = self.refused_elsewhere(found.table, values, &key) {
            let fault = Fault::new("refused_twice").with("first", self.print_place(first));
            return Verdict::Quarantined(vec![self.refuse(found, row, id, fault)]);
        }
        let first = First { content, source: u32::try_from(source).unwrap_or(u32::MAX), line: row.line };
        self.seen.entry(found.table).or_default().insert(xxh3_128(&key), first);
        self.compare_looks(found, row, values, first);
        Verdict::Accepted
    }

    /// An id that looks like another one and is none: Latin letters in place of Cyrillic ones.
    fn compare_looks(&mut self, found: &FoundTable, row: &Row<'_>, values: &[Typed<'_>], own: First) {
        let table = &self.definitions.tables[found.table];
        let field = table.position(&table.key[0]).filter(|_| table.key.len() == 1);
        let Some((field, id)) = field.and_then(|field| Some((field, values[field].text()?))) else { return };
        if !id.chars().any(char::is_alphabetic) {
            return;
        }
        let (key, look) = (xxh3_128(id.as_bytes()), xxh3_128(looks(id).as_bytes()));
        let met = self.alike.entry(found.table).or_default();
        let (first_key, first) = *met.entry(look).or_insert((key, own));
        if first_key != key {
            let fault = Fault::new("ids_alike").with("first", self.print_place(first));
            let finding = self.refuse(found, row, Some(field), fault);
            self.findings.push(finding);
        }
    }

    /// The refusal with the same id, for a refused service: `refusals` is read first and wins.
    fn refused_elsewhere(&self, table: usize, values: &[Typed<'_>], key: &[u8]) -> Option<First> {
        let services = &self.definitions.tables[table];
        let refused = self.definitions.codelist("outcome").and_then(|list| list.position("refused"));
        let outcome = values.get(services.position("outcome")?)?.code();
        if services.table != "services" || outcome != refused {
            return None;
        }
        self.seen.get(&self.definitions.table("refusals")?)?.get(&xxh3_128(key)).copied()
    }

    fn print_place(&self, first: First) -> String {
        let source = &self.ledger[first.source as usize];
        let sheet = source.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
        format!("{}{sheet}:{}", source.source, first.line)
    }

    fn refuse(&self, found: &FoundTable, row: &Row<'_>, field: Option<usize>, fault: Fault) -> Finding {
        refuse(self.definitions, found, row, field, fault)
    }

    /// A wrong check digit is a warning, once a BIN and source.
    fn check_bins(&mut self, found: &FoundTable, source: usize, row: &Row<'_>, values: &[Typed<'_>]) {
        for (bin, finding) in bad_bins(self.definitions, found, row, values) {
            if self.bad_bins.insert((source, bin)) {
                self.findings.push(finding);
            }
        }
    }

    /// Tables that were handed over, and `table.field` for each of their columns.
    pub fn handed_over(definitions: &Definitions, found: &[FoundTable]) -> BTreeSet<String> {
        let mut given = BTreeSet::new();
        for source in found {
            let table = &definitions.tables[source.table];
            given.insert(table.table.clone());
            for (_, field) in table.fields.iter().enumerate().filter(|(field, _)| source.has(*field)) {
                given.insert(format!("{}.{}", table.table, field.name));
            }
        }
        given
    }
}

impl Record<'_, '_> {
    /// The place of a field of the record.
    pub fn place(&self, field: &str) -> Place {
        Place { field: Some(field.to_owned()), ..self.found.place(self.line) }
    }
}

/// A fault of a row or a field, as a finding with its exact place.
pub fn refuse(
    definitions: &Definitions,
    found: &FoundTable,
    row: &Row<'_>,
    field: Option<usize>,
    fault: Fault,
) -> Finding {
    let table = &definitions.tables[found.table];
    let mut finding = Finding::new(fault.name, found.place(row.line));
    finding.slots = fault.slots;
    if let Some(field) = field {
        let definition = &table.fields[field];
        finding.place.field = Some(definition.name.clone());
        let veil = |text: &str| cut(&shown(Some(definition), text, definitions));
        let raw = found.columns[field].and_then(|column| row.cells.get(column));
        finding.place.value = raw.map(|raw| match raw {
            Raw::Error(error) if is_error(error) => (*error).to_owned(),
            raw => veil(&String::from_utf8_lossy(&raw.print())),
        });
        for (_, value) in finding.slots.iter_mut().filter(|(slot, value)| slot == "value" && !is_error(value)) {
            *value = veil(value);
        }
        let column = found.columns[field].filter(|_| found.format == Format::Workbook);
        finding.place.cell = column.map(|column| format!("{}{}", column_letters(column), row.line));
    }
    finding
}

/// BINs of a record whose check digit is wrong, each with its finding.
pub fn bad_bins(
    definitions: &Definitions,
    found: &FoundTable,
    row: &Row<'_>,
    values: &[Typed<'_>],
) -> Vec<(String, Finding)> {
    let fields = definitions.tables[found.table].fields.iter().enumerate().filter(|(_, field)| field.bin);
    let bins = fields.filter_map(|(index, _)| values[index].text().map(|bin| (index, bin)));
    let bad = bins.filter(|(_, bin)| !crate::values::business_number::is_sound(bin));
    bad.map(|(index, bin)| {
        let fault = Fault::new("bin_check_digit").with("value", bin);
        (bin.to_owned(), refuse(definitions, found, row, Some(index), fault))
    })
    .collect()
}
