//! `sql`: the definitions as a text for the database that has the records.

use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, misuse};
use crate::commands::parts::{body, given, mapping};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::records::Reader;
use crate::records::quarantine::Quarantine;
use crate::sources;
use crate::sources::raw::FoundTable;
use crate::sql::plan::{KNOWN_BEFORE, LakeTable, Plan};
use crate::values::period::{Period, Quarter};
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Context, Result, ensure};
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
            sources::discover(&given::paths(&self.paths).context(Misuse)?, &definitions.tables, &options)?.tables
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
        let mut known: BTreeMap<usize, LakeTable> = BTreeMap::new();
        let empty = |table: usize| LakeTable {
            table,
            from: from.get(&table).cloned().unwrap_or_else(|| definitions.tables[table].table.clone()),
            order: self.order.clone(),
            columns: BTreeMap::new(),
            fixed: BTreeMap::new(),
            short_days: false,
        };
        let heads = options.mapping.iter().flat_map(|used| &used.mapping.heads).filter(|head| head.confirmed);
        for head in heads {
            let Some(table) = definitions.table(&head.table).filter(|table| definitions.tables[*table].is_result())
            else {
                continue;
            };
            ensure!(!head.numbered, misuse(Halt::new("fault_sql_numbered").with("table", &head.table)));
            let lake = known.entry(table).or_insert_with(|| empty(table));
            lake.short_days |= head.short_days;
            let place = |field: &String| definitions.tables[table].position(field);
            lake.columns
                .extend(head.columns.iter().filter_map(|(header, field)| Some((place(field)?, header.clone()))));
            lake.fixed.extend(head.fixed.iter().filter_map(|(field, value)| Some((place(field)?, value.clone()))));
        }
        for found in found.iter().filter(|found| definitions.tables[found.table].is_result()) {
            let lake = known.entry(found.table).or_insert_with(|| empty(found.table));
            let columns = found
                .columns
                .iter()
                .enumerate()
                .filter_map(|(field, column)| Some((field, found.headers.get((*column)?)?.trim().to_owned())));
            lake.columns.extend(columns);
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
