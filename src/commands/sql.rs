//! `sql`: the definitions as a text for the database that has the records.

use crate::body::mapping::Head;
use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, misuse};
use crate::commands::parts::{body, given, mapping};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::records::Reader;
use crate::records::quarantine::Quarantine;
use crate::sources;
use crate::sources::raw::{FoundTable, Supplied};
use crate::sql::plan::{KNOWN_BEFORE, LakeTable, Plan};
use crate::values::period::{Period, Quarter};
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;
use clap::Args;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// `sql`: forms, a quarter, and what is known of the tables.
#[derive(Debug, Clone, Default, Args)]
pub struct SqlArgs {
    /// The register, and the first rows of the tables: their heads say which columns there are.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long, required = true, value_delimiter = ',')]
    pub form: Vec<String>,
    #[arg(long)]
    pub period: String,
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Who reports: how the terms are counted.
    #[arg(long, value_name = "FILE")]
    pub organisation: Option<PathBuf>,
    /// What the tables are selected from: `services=lake.services`.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub from: Vec<String>,
    /// The column that says the order of the records.
    #[arg(long, value_name = "COLUMN")]
    pub order: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long)]
    pub force: bool,
}

impl SqlArgs {
    /// Writes the texts, the small tables and the runners; their names.
    ///
    /// # Errors
    /// Unknown forms or tables, records without ids, a register that cannot be read, existing results.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<Vec<String>> {
        let quarter = Quarter::parse(&self.period).context(Misuse)?;
        let taught = self.mapping.as_ref().map(|path| mapping::teach(path, definitions)).transpose().context(Misuse)?;
        let (used, taught) = taught.unzip();
        let definitions = taught.as_ref().unwrap_or(definitions);
        let asked: BTreeSet<&String> = self.form.iter().collect();
        let forms: Result<Vec<&Form>> = asked.iter().map(|form| definitions.form(form, quarter)).collect();
        let forms = forms.context(Misuse)?;
        let period = Period { quarter, as_of: self.as_of.unwrap_or_else(|| quarter.day_after()) };
        let options = sources::Options { mapping: used.map(Arc::new), ..sources::Options::default() };
        let found = if self.paths.is_empty() {
            Vec::new()
        } else {
            let paths = given::paths(&self.paths).context(Misuse)?;
            let found = sources::discover(&paths, &definitions.tables, &options)?.tables;
            // all fields of the contract in its place would be an answer to another question
            let is_known = |path: &&PathBuf| {
                let whole = path.canonicalize();
                whole.is_ok_and(|whole| found.iter().any(|table| table.path.starts_with(&whole)))
            };
            if let Some(unknown) = paths.iter().find(|path| !is_known(path)) {
                bail!(misuse(Halt::new("fault_sql_head").at(unknown)));
            }
            found
        };
        let tables = self.tables(&found, &options, definitions)?;
        let organisation = self.organisation.as_ref().map(|path| body::read(path, definitions)).transpose();
        let organisation = organisation.context(Misuse)?.unwrap_or_default();
        let mut deriver = Plan::deriver(definitions, &forms, period, &organisation);
        let mut registers = found;
        registers.retain(|found| KNOWN_BEFORE.contains(&definitions.tables[found.table].table.as_str()));
        let names: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        let mut reader = Reader::new(definitions, &names, options.clone(), Quarantine::unwritten());
        reader.read_all(&registers, &mut |record, findings| deriver.take(record, findings))?;
        let mut plan = Plan::new(definitions, &forms, period, tables, &deriver)?;
        let values = options.mapping.iter().flat_map(|used| &used.mapping.values).filter(|values| values.confirmed);
        plan.spellings = values
            .flat_map(|values| {
                values.codes.iter().map(|(value, code)| (values.list.clone(), value.clone(), code.clone()))
            })
            .collect();
        let mut staging = Staging::new(&self.out)?;
        for (name, bytes) in files(&plan)? {
            let file = staging.file(&name);
            std::fs::write(&file, bytes).or_halt(|| Halt::writing(&file))?;
        }
        staging.publish(self.force, (definitions, spoken.terminal))
    }

    /// The tables of results: from the heads that were given, else from the mapping, else with all fields.
    fn tables(
        &self,
        found: &[FoundTable],
        options: &sources::Options,
        definitions: &Definitions,
    ) -> Result<Vec<LakeTable>> {
        let mut from = BTreeMap::new();
        for given in &self.from {
            let split = given.split_once('=').filter(|(_, name)| !name.trim().is_empty());
            let (table, name) = split.ok_or_else(|| misuse(Halt::new("fault_sql_from").with("text", given)))?;
            let place = definitions.table(table.trim()).filter(|place| definitions.tables[*place].is_result());
            let place = place.ok_or_else(|| misuse(Halt::new("fault_sql_from").with("text", given)))?;
            from.insert(place, name.trim().to_owned());
        }
        let empty = |table: usize| LakeTable {
            table,
            from: from.get(&table).cloned().unwrap_or_else(|| definitions.tables[table].table.clone()),
            order: self.order.clone(),
            columns: BTreeMap::new(),
            fixed: BTreeMap::new(),
            short_days: false,
        };
        let name = |table: usize| definitions.tables[table].table.clone();
        let heads = options.mapping.iter().flat_map(|used| &used.mapping.heads);
        let heads: Vec<(usize, &Head)> =
            heads.filter_map(|head| Some((definitions.table(&head.table)?, head))).collect();
        let heads = || heads.iter().filter(|(table, _)| definitions.tables[*table].is_result());
        for (table, head) in heads().filter(|(_, head)| head.confirmed) {
            of_a_database(head, &name(*table))?;
        }
        let mut known: BTreeMap<usize, LakeTable> = BTreeMap::new();
        for found in found.iter().filter(|found| definitions.tables[found.table].is_result()) {
            let columns = found.columns.iter().enumerate();
            let header = |column: usize| found.headers.get(column).map(|header| header.trim().to_owned());
            let fixed = found.supplied.iter().filter_map(|(field, supplied)| match supplied {
                Supplied::Fixed(value) => Some((*field, value.clone())),
                Supplied::Place => None,
            });
            let lake = LakeTable {
                columns: columns.filter_map(|(field, column)| Some((field, header((*column)?)?))).collect(),
                fixed: fixed.collect(),
                short_days: found.habits.short_days,
                ..empty(found.table)
            };
            join(&mut known, lake, &name(found.table))?;
        }
        let seen: BTreeSet<usize> = known.keys().copied().collect();
        for (table, head) in heads().filter(|(table, _)| !seen.contains(table)) {
            ensure!(head.confirmed, misuse(Halt::new("fault_sql_unconfirmed").with("table", name(*table))));
            let place = |field: &String| definitions.tables[*table].position(field);
            let columns = head.columns.iter();
            let fixed = head.fixed.iter();
            let lake = LakeTable {
                columns: columns.filter_map(|(header, field)| Some((place(field)?, header.clone()))).collect(),
                fixed: fixed.filter_map(|(field, value)| Some((place(field)?, value.clone()))).collect(),
                short_days: head.short_days,
                ..empty(*table)
            };
            join(&mut known, lake, &name(*table))?;
        }
        if known.is_empty() {
            let services = definitions.table("services").into_iter();
            for table in services.chain(from.keys().copied()).collect::<BTreeSet<_>>() {
                let fields = definitions.tables[table].fields.iter().enumerate();
                let columns = fields.map(|(field, definition)| (field, definition.name.clone())).collect();
                known.insert(table, LakeTable { columns, ..empty(table) });
            }
        }
        Ok(known.into_values().collect())
    }
}

/// Refuses what a mapping says of files and a table of a database does not have: nothing of it would be counted.
fn of_a_database(head: &Head, table: &str) -> Result<()> {
    let parts = [
        ("section", head.section.is_some()),
        ("sheet_name", head.sheet_name.is_some()),
        ("titled", !head.titled.is_empty()),
    ];
    if let Some((part, _)) = parts.into_iter().find(|(_, is_given)| *is_given) {
        bail!(misuse(Halt::new("fault_sql_part").with("part", part).with("table", table)));
    }
    ensure!(head.local_moments.is_none(), misuse(Halt::new("fault_sql_moments").with("table", table)));
    ensure!(!head.numbered, misuse(Halt::new("fault_sql_numbered").with("table", table)));
    Ok(())
}

/// Joins what several heads say of one table: it has one column for a field, and what is fixed is so in all its rows.
fn join(known: &mut BTreeMap<usize, LakeTable>, other: LakeTable, table: &str) -> Result<()> {
    let Some(own) = known.get_mut(&other.table) else {
        known.insert(other.table, other);
        return Ok(());
    };
    let agrees = |(field, column): (&usize, &String)| own.columns.get(field).is_none_or(|own| own == column);
    let is_same = own.fixed == other.fixed && own.short_days == other.short_days;
    ensure!(is_same && other.columns.iter().all(agrees), misuse(Halt::new("fault_sql_heads").with("table", table)));
    own.columns.extend(other.columns);
    Ok(())
}

/// All files by name.
fn files(plan: &Plan<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let small = plan.small_tables();
    let mut files = vec![("facts.sql".to_owned(), plan.facts().into_bytes())];
    files.extend(plan.rests().into_iter().map(|(name, _, text)| (name, text.into_bytes())));
    for table in &small {
        files.push((format!("{}.csv", table.name), table.csv()?));
        files.push((format!("{}.parquet", table.name), table.parquet()?));
    }
    files.push(("run_duckdb.sql".to_owned(), plan.duckdb(&small).into_bytes()));
    files.push(("run_postgres.sql".to_owned(), plan.postgres(&small).into_bytes()));
    files.push(("run_spark.py".to_owned(), plan.spark(&small).into_bytes()));
    let made = json!({
        "version": 1,
        "program": format!("esep {}", env!("CARGO_PKG_VERSION")),
        "definitions": plan.definitions.digest,
        "made_of": plan.made_of,
        "period": plan.period.quarter.to_string(),
        "as_of": plan.period.as_of.to_string(),
        "forms": plan.form_names(),
    });
    files.push(("definitions.json".to_owned(), (serde_json::to_string_pretty(&made)? + "\n").into_bytes()));
    Ok(files)
}
