//! One filled form and all that is known about it.

use crate::body::mapping::Used;
use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::definitions::form::{Form, PeriodKind};
use crate::report::database_part::DatabasePart;
use crate::report::idle_rows::IdleRows;
use crate::report::input_file::InputFile;
use crate::report::known::KnownDeadlines;
use crate::report::standing::Standing;
use crate::report::testified::Testified;
use crate::values::cells::{Cells, Established, Party};
use crate::values::period::Period;
use crate::words::finding::Finding;
use crate::words::lang::{Lang, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// One filled form and all that is known about it.
#[derive(Debug)]
pub struct Report<'a> {
    pub definitions: &'a Definitions,
    pub form: &'a Form,
    pub period: Period,
    pub organisation: &'a Organisation,
    /// The unit, when the report is of one unit of the organisation.
    pub unit: Option<Party>,
    /// Languages of the printed form, first one leading.
    pub langs: &'a [Lang],
    pub cells: Cells,
    /// Findings over the cells of this form, and those of its records.
    pub findings: Vec<Arc<Finding>>,
    pub outcomes: Outcomes,
    pub ledger: &'a [LedgerLine],
    pub provenance: &'a Provenance,
    /// Decisions of forms.md that were used, e.g. `D1`, with the number of records concerned where known.
    pub decisions: BTreeMap<String, u64>,
    /// How many results have a deadline that is not known, by channel and outcome, as far as the form counts them.
    pub deadlines: Vec<KnownDeadlines>,
    /// How much of the cells others established (D15), where records were read.
    pub established: Established,
    /// What is told beside the cells: causes, measures, answers.
    pub testified: Testified,
    pub standing: Standing,
    /// Fingerprint of the cells as they are printed in `cells.csv`, worked out when it is first asked for.
    pub fingerprint: OnceLock<String>,
}

/// How many checks of rules came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    pub holds: u64,
    pub fails: u64,
    pub cannot_be_checked: u64,
}

impl std::ops::AddAssign for Outcomes {
    fn add_assign(&mut self, other: Self) {
        self.holds += other.holds;
        self.fails += other.fails;
        self.cannot_be_checked += other.cannot_be_checked;
    }
}

/// Rows of one table in one source: `read = accepted + duplicates + quarantined`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    pub table: String,
    pub read: u64,
    pub accepted: u64,
    pub duplicates: u64,
    pub quarantined: u64,
    /// Of the accepted: rows that feed no cell of this quarter.
    pub feeds_nothing: u64,
    /// Of those: why, where it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub idle: Vec<IdleRows>,
}

/// From what the report was made, as `report.json` holds it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// `esep` and its version.
    #[serde(default)]
    pub program: String,
    /// SHA-256 over the definitions in force.
    pub definitions: String,
    /// Forms asked for in the same run: they decide which fields a record needs.
    #[serde(default)]
    pub forms: Vec<String>,
    /// How CSV files were to be read, when the user said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// Cells that the second counter recounted, when it was asked to (`--paranoid`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recounted: Option<u64>,
    /// Rows that the second counter does not know, `2-mk 23`; only the terminal tells of them.
    #[serde(skip)]
    pub not_recounted: Vec<String>,
    /// The mapping of the body's own headers and values, when one was given; only what was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Used>,
    /// Files of mends that were applied while the sources were read (`--mends`); their values stand nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mends: Vec<InputFile>,
    /// Tables of which there were no cases, as the body says (`--empty`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<String>,
    /// Channels whose terms include the day of receipt, as the organisation file says (forms.md, D5).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipt_day_counts: Vec<String>,
    /// What databases counted of the records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub databases: Vec<DatabasePart>,
    pub inputs: Vec<InputFile>,
}

impl Provenance {
    /// Made by this program with these definitions, of nothing yet.
    pub fn of(definitions: &Definitions) -> Self {
        let program = format!("esep {}", env!("CARGO_PKG_VERSION"));
        Self { program, definitions: definitions.digest.clone(), ..Self::default() }
    }
}

impl<'a> Report<'a> {
    /// The filled form alone: of the whole body, without findings, from no records.
    pub fn of(
        definitions: &'a Definitions,
        form: &'a Form,
        period: Period,
        organisation: &'a Organisation,
        langs: &'a [Lang],
        cells: Cells,
        provenance: &'a Provenance,
    ) -> Self {
        Self {
            definitions,
            form,
            period,
            organisation,
            unit: None,
            langs,
            cells,
            findings: Vec::new(),
            outcomes: Outcomes::default(),
            ledger: &[],
            provenance,
            decisions: BTreeMap::new(),
            deadlines: Vec::new(),
            established: Established::default(),
            testified: Testified::default(),
            standing: Standing::default(),
            fingerprint: OnceLock::new(),
        }
    }

    /// Who reports, in the words of `print`; a unit's report names the unit, too.
    pub fn reporter(&self, print: &dyn Fn(&Text) -> String) -> String {
        let name = print(&self.organisation.name());
        self.unit.as_ref().map_or_else(|| name.clone(), |unit| format!("{name}  ·  {}", unit.label()))
    }

    /// The folder of a report: `2-mk_2026Q3_<organisation>`.
    pub fn folder_name(&self) -> String {
        format!("{}_{}_{}", self.form.form, self.period_id(), self.organisation_id())
    }

    /// The period as programs read it: `2026Q3`, of a year's table `2026`.
    pub fn period_id(&self) -> String {
        match self.form.span {
            PeriodKind::Quarter => self.period.quarter.to_string(),
            PeriodKind::Year => self.period.quarter.year.to_string(),
        }
    }

    /// BIN of the organisation, with the unit's code or transliterated name: the name of the output folder.
    pub fn organisation_id(&self) -> String {
        match &self.unit {
            None => self.organisation.bin.clone(),
            Some(unit) if unit.code.is_empty() => format!("{}_{}", self.organisation.bin, transliterate(&unit.name)),
            Some(unit) => format!("{}_{}", self.organisation.bin, unit.code),
        }
    }
}

/// A name in `[a-z0-9-]`, at most 40 characters.
pub fn transliterate(name: &str) -> String {
    let mut latin = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        latin.push_str(match letter {
            'а' | 'ә' => "a",
            'б' => "b",
            'в' => "v",
            'г' | 'ғ' => "g",
            'д' => "d",
            'е' | 'э' => "e",
            'ё' => "yo",
            'ж' => "zh",
            'з' => "z",
            'и' | 'й' | 'і' | 'ы' => "i",
            'к' => "k",
            'қ' => "q",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'ң' => "ng",
            'о' | 'ө' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' | 'ұ' | 'ү' => "u",
            'ф' => "f",
            'х' | 'һ' => "h",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shch",
            'ю' => "yu",
            'я' => "ya",
            'ь' | 'ъ' => "",
            'a'..='z' | '0'..='9' => {
                latin.push(letter);
                continue;
            }
            _ if latin.is_empty() || latin.ends_with('-') => "",
            _ => "-",
        });
    }
    latin.truncate(40);
    latin.trim_matches('-').to_owned()
}
