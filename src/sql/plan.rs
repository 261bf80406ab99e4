//! What a text is made of: tables of a database, forms, a period, the register's terms.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::definitions::record::{Field, Table};
use crate::facts::deadline::Term;
use crate::facts::deriver::Deriver;
use crate::facts::groups::made_of;
use crate::values::period::Period;
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A table of results in a database.
#[derive(Debug, Clone)]
pub struct LakeTable {
    /// Position of the table of the contract.
    pub table: usize,
    /// What it is selected from, as the engine wants it.
    pub from: String,
    /// The column that says the order of the records, if there is one.
    pub order: Option<String>,
    /// Field → column of the database.
    pub columns: BTreeMap<usize, String>,
    /// Field → the value of records that say nothing of it.
    pub fixed: BTreeMap<usize, String>,
    /// Its days may be written in short, as a mapping says.
    pub short_days: bool,
}

/// A field of the text: of services, of refusals, or of both under one name.
#[derive(Debug, Clone)]
pub struct PlanField<'d> {
    /// Its name in the text.
    pub name: &'d str,
    pub field: &'d Field,
}

/// When a service's term of the register is known by its code alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TermSpan {
    pub code: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// `None`: rows of the register differ, and only identities can tell.
    pub term: Option<Term>,
}

/// What the texts say.
#[derive(Debug)]
pub struct Plan<'d> {
    pub definitions: &'d Definitions,
    pub forms: Vec<&'d Form>,
    pub period: Period,
    pub tables: Vec<LakeTable>,
    pub terms: Vec<TermSpan>,
    /// The register gives terms; by names: no term is known by a code alone.
    pub has_register: bool,
    pub by_names: bool,
    /// Ids of records that the authorised bodies ask for (D15): their rows go to the rest.
    pub asked: Vec<String>,
    /// Channels whose terms include the day of receipt (D5).
    pub with_receipt: Vec<&'d str>,
    /// Further spellings of codes: list, spelling, code.
    pub spellings: Vec<(String, String, String)>,
    pub made_of: String,
}

/// Tables that decide what becomes of a row of results.
pub const KNOWN_BEFORE: [&str; 2] = ["register", "established_violations"];

/// The field of refusals that is the end of a service.
const REFUSED_AT: &str = "refused_at";
/// The end of a service.
pub const COMPLETED_AT: &str = "completed_at";

impl<'d> Plan<'d> {
    /// What is counted by these forms for a period; `deriver`: it has read the register.
    ///
    /// # Errors
    /// Those of the digest.
    pub fn new(
        definitions: &'d Definitions,
        forms: &[&'d Form],
        period: Period,
        tables: Vec<LakeTable>,
        deriver: &Deriver<'_>,
    ) -> Result<Self> {
        let terms = &deriver.terms;
        Ok(Self {
            definitions,
            forms: forms.to_vec(),
            period,
            tables,
            terms: spans(deriver),
            has_register: !terms.is_empty(),
            by_names: terms.iter().any(|row| row.by_name),
            asked: deriver.asked.all().into_iter().map(str::to_owned).collect(),
            with_receipt: with_receipt(definitions, deriver),
            spellings: Vec::new(),
            made_of: made_of(definitions, deriver)?,
        })
    }

    /// A deriver that has read nothing yet.
    pub fn deriver(
        definitions: &'d Definitions,
        forms: &[&Form],
        period: Period,
        organisation: &Organisation,
    ) -> Deriver<'d> {
        Deriver::new(definitions, period, forms, organisation)
    }

    pub fn table(&self, lake: &LakeTable) -> &'d Table {
        &self.definitions.tables[lake.table]
    }

    /// Names of the asked forms.
    pub fn form_names(&self) -> Vec<&str> {
        self.forms.iter().map(|form| form.form.as_str()).collect()
    }

    /// The fields of all tables, each under one name.
    pub fn fields(&self) -> Vec<PlanField<'d>> {
        let mut names = BTreeSet::new();
        let mut fields = Vec::new();
        for table in self.tables.iter().map(|lake| self.table(lake)) {
            for field in &table.fields {
                let name = shared_name(&field.name);
                if names.insert(name) {
                    fields.push(PlanField { name, field });
                }
            }
        }
        // a table of refusals alone has no outcome column: its outcome is fixed
        if let Some(services) = self.definitions.table("services").map(|table| &self.definitions.tables[table]) {
            for field in &services.fields {
                if names.insert(&field.name) {
                    fields.push(PlanField { name: &field.name, field });
                }
            }
        }
        fields
    }

    /// Whether days of some table may be written in short.
    pub fn has_short_days(&self) -> bool {
        self.tables.iter().any(|lake| lake.short_days)
    }

    /// Position of a field of the text in a table.
    pub fn position(&self, lake: &LakeTable, name: &str) -> Option<usize> {
        self.table(lake).fields.iter().position(|field| shared_name(&field.name) == name)
    }
}

/// The name of a field in the text.
pub fn shared_name(name: &str) -> &str {
    if name == REFUSED_AT { COMPLETED_AT } else { name }
}

fn with_receipt<'d>(definitions: &'d Definitions, deriver: &Deriver<'_>) -> Vec<&'d str> {
    let channels = definitions.codelist("channel").into_iter().flat_map(|list| &list.codes);
    channels.zip(&deriver.receipt_days).filter(|(_, counts)| **counts).map(|(code, _)| code.code.as_str()).collect()
}

/// Days between which the term of a code does not change.
fn spans(deriver: &Deriver<'_>) -> Vec<TermSpan> {
    let mut days: BTreeMap<&str, BTreeSet<NaiveDate>> = BTreeMap::new();
    for row in &deriver.terms {
        let own = days.entry(&row.code).or_default();
        own.insert(row.included);
        own.extend(row.excluded);
        own.insert(NaiveDate::MAX);
    }
    let mut spans = Vec::new();
    for (code, days) in days {
        for (first, next) in days.iter().zip(days.iter().skip(1)) {
            let answer = deriver.registered_term(code, *first);
            // no row in force: no term, and no span
            if answer != Some(None) {
                let last = if *next == NaiveDate::MAX { *next } else { next.pred_opt().unwrap_or(*next) };
                spans.push(TermSpan { code: code.to_owned(), first: *first, last, term: answer.flatten() });
            }
        }
    }
    spans
}
