//! The sources of a report: the same bytes or not, and read once more with a trace.

use crate::body::empty;
use crate::body::organisation::Organisation;
use crate::commands::explain::nearby;
use crate::commands::parts::count::reading_rank;
use crate::commands::parts::mapping::mends;
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::definitions::record::Table;
use crate::facts::deriver::{Derived, Deriver};
use crate::facts::trace::{RecordPlace, Trace, Wanted};
use crate::filed::form::Filed;
use crate::records::doubtful;
use crate::records::quarantine::{Quarantine, Rejected};
use crate::records::shown::shown;
use crate::records::typed::Typed;
use crate::records::{Reader, Record};
use crate::report::input_file::InputFile;
use crate::report::{LedgerLine, Provenance};
use crate::sources;
use crate::sources::mend::Mends;
use crate::sources::raw::{Encoding, FoundTable, Raw, Row};
use crate::sources::{Discovered, Options};
use crate::sql::plan::{KNOWN_BEFORE, Plan};
use crate::values::moment::Moment;
use crate::values::period::Period;
use crate::words::finding::Finding;
use anyhow::Result;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Whether a source is the one the report was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    Same,
    Changed,
    Missing,
    /// Not among the inputs of the report: left out.
    Foreign,
}

/// The sources that were found.
#[derive(Debug, Clone)]
pub struct Sources {
    /// By name, in the order of the report, foreign ones last.
    pub states: Vec<(String, SourceState)>,
    /// In the order of reading: the position is the `source` of everything below.
    pub tables: Vec<FoundTable>,
    options: Options,
}

/// What became of a file of the report; `found`: names and digests of those that are here.
fn state_of(input: &InputFile, found: &[(&str, &str)]) -> SourceState {
    if found.iter().any(|(_, sha256)| *sha256 == input.sha256) {
        SourceState::Same
    } else if found.iter().any(|(name, _)| *name == input.name) {
        SourceState::Changed
    } else {
        SourceState::Missing
    }
}

/// The mends of a report: those that are given, else those that are found as its sources are.
fn mends_of(
    made: &Provenance,
    paths: &[PathBuf],
    given: &[PathBuf],
    definitions: &Definitions,
) -> Result<Option<Arc<Mends>>> {
    if !given.is_empty() {
        return mends(given, definitions);
    }
    let found: Vec<PathBuf> = made.mends.iter().filter_map(|input| nearby::find(input, paths)).collect();
    mends(&found, definitions)
}

/// What reading the sources with a trace gave.
#[derive(Debug)]
pub struct Retraced {
    pub derived: Derived,
    pub ledger: Vec<LedgerLine>,
    pub findings: Vec<Finding>,
    pub rejected: Vec<Rejected>,
    /// Accepted records that were watched.
    pub seen: BTreeMap<RecordPlace, Watched>,
    /// End of each control event, when it has one.
    pub events: BTreeMap<String, Option<NaiveDate>>,
    /// Tables and columns that were handed over.
    pub given: BTreeSet<String>,
}

/// What is needed of a record to say why it feeds nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Watched {
    pub days: BTreeMap<String, Moment>,
    pub event: Option<String>,
    pub outcome: Option<usize>,
    pub addressee: Option<usize>,
    pub extended: i64,
}

impl Sources {
    /// Looks for the inputs of a report in `paths`; without any beside the report, above it and under the current folder.
    pub fn find(
        (made, report): (&Provenance, &Path),
        (paths, mends): (&[PathBuf], &[PathBuf]),
        definitions: &Definitions,
    ) -> Result<Self> {
        let places = if paths.is_empty() { nearby::folders(report) } else { paths.to_vec() };
        let near: Vec<PathBuf> = made.inputs.iter().filter_map(|input| nearby::find(input, &places)).collect();
        let paths = if paths.is_empty() { &near } else { paths };
        let options = Options {
            encoding: made.encoding.as_deref().and_then(Encoding::parse),
            mapping: made.mapping.clone().map(Arc::new),
            separator: made.separator.as_ref().and_then(|separator| separator.bytes().next()),
            mends: mends_of(made, &places, mends, definitions)?,
            ..Options::default()
        };
        let found = if paths.is_empty() {
            Discovered::default()
        } else {
            let mut found = sources::discover(paths, &definitions.tables, &options)?;
            doubtful::settle(&mut found, definitions, &options);
            found
        };
        let Discovered { files, mut tables, .. } = found;
        let mut states = Vec::new();
        let read: Vec<(&str, &str)> = files.iter().map(|file| (&*file.name, &*file.sha256)).collect();
        let mended = options.mends.iter().flat_map(|mends| &mends.files);
        let mended: Vec<(&str, &str)> = mended.map(|file| (&*file.name, &*file.sha256)).collect();
        let sources = made.inputs.iter().map(|input| (input, &read));
        for (input, found) in sources.chain(made.mends.iter().map(|input| (input, &mended))) {
            states.push((input.name.clone(), state_of(input, found)));
        }
        for file in &files {
            if !made.inputs.iter().any(|input| input.sha256 == file.sha256 || input.name == file.name) {
                states.push((file.name.clone(), SourceState::Foreign));
                tables.retain(|table| table.path != file.path);
            }
        }
        tables.sort_by_key(|table| reading_rank(&definitions.tables[table.table].table));
        Ok(Self { states, tables, options })
    }

    /// Every input is there, byte for byte.
    pub fn are_same(&self) -> bool {
        self.states.iter().all(|(_, state)| matches!(state, SourceState::Same | SourceState::Foreign))
    }

    /// Records whose key holds `id`, whatever became of them.
    pub fn with_id(&self, id: &str, definitions: &Definitions) -> Result<BTreeSet<RecordPlace>> {
        let mut places = BTreeSet::new();
        self.rows(definitions, &mut |at, found, row| {
            let key = key_of(found, row, definitions);
            if key.iter().any(|(_, part)| part == id.trim()) {
                places.insert(at);
            }
            Ok(())
        })?;
        Ok(places)
    }

    /// The ids of the records at these places, as they stand in their sources.
    pub fn ids(
        &self,
        places: &BTreeSet<RecordPlace>,
        definitions: &Definitions,
    ) -> Result<BTreeMap<RecordPlace, String>> {
        let mut ids = BTreeMap::new();
        if places.is_empty() {
            return Ok(ids);
        }
        self.rows(definitions, &mut |at, found, row| {
            if places.contains(&at) {
                ids.insert(at, shown_key(found, row, definitions));
            }
            Ok(())
        })?;
        Ok(ids)
    }

    /// Calls `take` with the id of each record, in the order of sources and lines.
    ///
    /// # Errors
    /// A source cannot be read, or what `take` says.
    pub fn each_id(
        &self,
        definitions: &Definitions,
        take: &mut dyn FnMut(RecordPlace, String) -> Result<()>,
    ) -> Result<()> {
        self.rows(definitions, &mut |at, found, row| take(at, shown_key(found, row, definitions)))
    }

    /// How records at these places spell some fields, each spelling once; only of what a database counted.
    pub fn spelled(
        &self,
        places: &BTreeSet<RecordPlace>,
        fields: &[&str],
        definitions: &Definitions,
    ) -> Result<BTreeSet<Vec<String>>> {
        let mut spelled = BTreeSet::new();
        self.rows(definitions, &mut |at, found, row| {
            let table = &definitions.tables[found.table];
            if table.counted && places.contains(&at) {
                let value = |name: &&str| {
                    let column = table.position(name).and_then(|field| found.columns[field]);
                    let raw = column.and_then(|column| row.cells.get(column));
                    raw.map(|raw| String::from_utf8_lossy(&raw.print()).into_owned()).unwrap_or_default()
                };
                spelled.insert(fields.iter().map(value).collect());
            }
            Ok(())
        })?;
        Ok(spelled)
    }

    /// A deriver that has read what decides about rows of results: the register, established violations.
    pub fn register<'d>(
        &self,
        forms: &[&Form],
        period: Period,
        organisation: &Organisation,
        definitions: &'d Definitions,
    ) -> Result<Deriver<'d>> {
        let names: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        let mut reader = Reader::new(definitions, &names, self.options.clone(), Quarantine::unwritten());
        let mut deriver = Plan::deriver(definitions, forms, period, organisation);
        let is_known = |table: &&FoundTable| KNOWN_BEFORE.contains(&definitions.tables[table.table].table.as_str());
        for table in self.tables.iter().filter(is_known) {
            reader.read(table, &mut |record, findings| deriver.take(record, findings))?;
        }
        Ok(deriver)
    }

    fn rows(
        &self,
        definitions: &Definitions,
        take: &mut dyn FnMut(RecordPlace, &FoundTable, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        for (source, found) in self.tables.iter().enumerate() {
            let table = &definitions.tables[found.table];
            sources::read(found, table, &self.options, &mut |row| take((source, row.line), found, row))?;
        }
        Ok(())
    }

    /// Reads all sources as the report did, and keeps the facts that are wanted.
    ///
    /// # Errors
    /// A source cannot be read.
    pub fn trace(
        &self,
        filed: &Filed<'_>,
        made: &Provenance,
        organisation: &Organisation,
        definitions: &Definitions,
        wanted: Wanted,
        watched: &BTreeSet<RecordPlace>,
    ) -> Result<Retraced> {
        let mut seen = BTreeMap::new();
        let reading = self.retrace((filed, made), organisation, definitions, wanted, &mut |record, _| {
            let at = (record.source, record.line);
            if watched.contains(&at) {
                seen.insert(at, Watched::of(record, definitions));
            }
            Ok(())
        })?;
        Ok(Retraced { seen, ..reading })
    }

    /// The same with `met` called for each accepted record once it is taken: it may look at it, and take its facts.
    ///
    /// # Errors
    /// A source cannot be read, or what `met` says.
    pub fn retrace(
        &self,
        (filed, made): (&Filed<'_>, &Provenance),
        organisation: &Organisation,
        definitions: &Definitions,
        wanted: Wanted,
        met: &mut dyn FnMut(&Record<'_, '_>, &mut Deriver<'_>) -> Result<()>,
    ) -> Result<Retraced> {
        let forms: Vec<&Form> =
            made.forms.iter().map(|form| definitions.form(form, filed.period.quarter)).collect::<Result<_>>()?;
        let asked: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        let mut reader = Reader::new(definitions, &asked, self.options.clone(), Quarantine::unwritten());
        let mut deriver = Deriver::new(definitions, filed.period, &forms, organisation);
        deriver.trace = Some(Trace::new(wanted));
        let mut events = BTreeMap::new();
        reader.read_all(&self.tables, &mut |record, findings| {
            let definition = &definitions.tables[record.found.table];
            if definition.table == "control_events"
                && let Some(id) = value(record, definition, "event_id").text()
            {
                events.insert(id.to_owned(), value(record, definition, "finished_on").day());
            }
            deriver.take(record, findings)?;
            met(record, &mut deriver)
        })?;
        let Reader { mut ledger, mut findings, quarantine, .. } = reader;
        let derived = deriver.finish(&mut ledger, &mut findings)?;
        let mut given = Reader::handed_over(definitions, &self.tables);
        empty::hand_over(&mut given, &made.empty, definitions);
        let (findings, rejected, seen) = (findings.tell(), quarantine.rejected, BTreeMap::new());
        Ok(Retraced { derived, ledger, findings, rejected, seen, events, given })
    }
}

impl Watched {
    /// What an accepted record says.
    pub fn of(record: &Record<'_, '_>, definitions: &Definitions) -> Self {
        let definition = &definitions.tables[record.found.table];
        let value = |name| value(record, definition, name);
        let days = definition.fields.iter().zip(record.values);
        let days = days.filter_map(|(field, value)| Some((field.name.clone(), value.moment()?)));
        Self {
            days: days.collect(),
            event: value("event_id").text().map(str::to_owned),
            outcome: value("outcome").code(),
            addressee: value("addressee").code(),
            extended: value("extended_working_days").integer().unwrap_or(0),
        }
    }
}

/// A field of a record by name.
fn value<'v, 'a>(record: &Record<'v, 'a>, table: &Table, name: &str) -> &'v Typed<'a> {
    table.position(name).map_or(&Typed::Missing, |place| &record.values[place])
}

/// The id of a record as it may be shown.
fn shown_key(found: &FoundTable, row: &Row<'_>, definitions: &Definitions) -> String {
    let fields = &definitions.tables[found.table].fields;
    let parts = key_of(found, row, definitions);
    let parts = parts.iter().map(|(field, part)| shown(Some(&fields[*field]), part, definitions));
    parts.collect::<Vec<_>>().join(" · ")
}

/// The parts of a record's key, as they stand: field and text.
fn key_of(found: &FoundTable, row: &Row<'_>, definitions: &Definitions) -> Vec<(usize, String)> {
    let table = &definitions.tables[found.table];
    let fields = table.key.iter().filter_map(|name| table.position(name));
    let printed = |raw: &Raw<'_>| String::from_utf8_lossy(&raw.print()).trim().to_owned();
    fields
        .filter(|field| !table.fields[*field].private)
        .filter_map(|field| {
            let own = found.columns[field].and_then(|column| row.cells.get(column)).map(printed);
            let part = own.filter(|part| !part.is_empty()).or_else(|| found.supply(field, row.line));
            part.map(|part| (field, part))
        })
        .collect()
}
