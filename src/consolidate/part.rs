//! One report as it is kept until all are read: numbers only, names once for all reports.

use crate::definitions::form::Form;
use crate::definitions::spelling::fold_name;
use crate::filed::form::Filed;
use crate::report::input_file::InputFile;
use crate::report::standing::UnitState;
use crate::report::testified::Aside;
use crate::values::cells::{Cells, Line, LineKey, Party, Value};
use crate::values::period::{Period, Quarter};
use crate::words::finding::Place;
use crate::words::lang::Lang;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// `NameNumbers` of providers, services and systems, each stored once; number 0 is nobody.
#[derive(Debug)]
pub struct NameNumbers {
    numbers: HashMap<Party, u32>,
    met: Vec<Party>,
}

impl Default for NameNumbers {
    fn default() -> Self {
        let nobody = Party::default();
        Self { numbers: HashMap::from([(nobody.clone(), 0)]), met: vec![nobody] }
    }
}

impl NameNumbers {
    fn number(&mut self, party: &Party) -> u32 {
        if let Some(number) = self.numbers.get(party) {
            return *number;
        }
        let number = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        self.numbers.insert(party.clone(), number);
        self.met.push(party.clone());
        number
    }

    pub fn party(&self, number: u32) -> &Party {
        &self.met[number as usize]
    }
}

/// "-" among packed numbers.
pub const NO_INFO: i64 = -1;
/// A cell that is blank or at fault, among packed numbers.
pub const UNSOUND: i64 = -2;

/// Figures of a line without a name are summed under this one.
const NAMELESS: &str = "—";

/// A line of a form without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub row: u16,
    /// `NameNumbers` of provider, service and system.
    pub key: [u32; 3],
    /// Numbers, [`NO_INFO`] or [`UNSOUND`].
    pub values: Box<[i64]>,
}

impl Packed {
    /// The values as a form has them; what was no figure is blank.
    pub fn unpack(&self) -> Vec<Value> {
        let value = |value: &i64| match *value {
            NO_INFO => Value::NoInfo,
            number if number >= 0 => Value::Number(number),
            _ => Value::Blank,
        };
        self.values.iter().map(value).collect()
    }
}

/// One report of a unit, or of several that were consolidated before.
#[derive(Debug, Clone)]
pub struct UnitReport<'d> {
    pub form: &'d Form,
    pub period: Period,
    pub source: InputFile,
    /// Name of the sheet, where a file holds several forms.
    pub sheet: Option<String>,
    /// Who files, as the report says: the unit, else the body.
    pub filer: Party,
    /// BIN of the body, where the report says it.
    pub bin: String,
    pub langs: Vec<Lang>,
    /// Set for a report that was itself consolidated.
    pub within: Vec<UnitState>,
    pub lines: Vec<Packed>,
    /// What it says beside its cells.
    pub aside: Aside,
    /// Cells that hold no figure though they should.
    pub unsound: usize,
    /// Findings of severity error over its cells.
    pub errors: usize,
}

impl<'d> UnitReport<'d> {
    pub fn new(filed: &Filed<'d>, source: InputFile, errors: usize, spellings: &mut NameNumbers) -> Self {
        let names = &filed.organisation.name;
        let lang = filed.langs.first().copied().unwrap_or(Lang::Ru);
        let body = Party { code: filed.organisation.bin.clone(), name: names.get(lang).to_owned() };
        let lines: Vec<Packed> = filed.cells.lines.iter().filter_map(|line| pack(line, spellings)).collect();
        Self {
            form: filed.form,
            period: filed.period,
            source,
            sheet: filed.origin.sheet.clone(),
            filer: filed.unit.clone().unwrap_or(body),
            bin: filed.organisation.bin.clone(),
            langs: filed.langs.clone(),
            within: filed.standing.consolidated.iter().flat_map(|whole| whole.units.clone()).collect(),
            unsound: lines.iter().flat_map(|line| &line.values).filter(|value| **value == UNSOUND).count(),
            lines,
            aside: filed.aside.clone(),
            errors,
        }
    }

    /// Whether it says neither whose it is nor the BIN.
    pub fn is_nameless(&self) -> bool {
        self.filer.label().is_empty()
    }

    /// Which report it is, for findings.
    pub fn place(&self) -> Place {
        Place {
            source: Some(self.source.name.clone()),
            sheet: self.sheet.clone(),
            form: Some(self.form.form.clone()),
            period: Some(self.period.quarter.to_string()),
            ..Place::default()
        }
    }

    /// Name of its file, without folders.
    pub fn file(&self) -> &str {
        self.source.name.rsplit('/').next().unwrap_or_default()
    }

    /// The rows of the report, without their lines, in the edition of the whole.
    pub fn rows(&self, form: &Form, quarter: Quarter) -> Cells {
        let rows = self.lines.iter().filter(|line| line.key == [0; 3]).filter_map(|packed| {
            let own = usize::from(packed.row);
            let row = form.row_position(&self.form.rows[own].id)?;
            let columns = &self.form.grid_of(own).columns;
            let values = packed.unpack();
            let value = |id: &String| columns.iter().position(|column| column.id == *id).map(|at| values[at].clone());
            let values = form.grid_of(row).columns.iter().map(|column| value(&column.id).unwrap_or(Value::Blank));
            Some(Line { row, key: LineKey::default(), values: values.collect() })
        });
        Cells { quarter, lines: rows.collect() }
    }

    /// SHA-256 over the cells: equal for equal reports, whatever files they came in.
    pub fn digest(&self, spellings: &NameNumbers) -> String {
        let mut lines: BTreeSet<String> = BTreeSet::new();
        for line in self.lines.iter().filter(|line| line.key == [0; 3] || line.values.iter().any(|value| *value > 0)) {
            let who = line.key.map(|number| {
                let party = spellings.party(number);
                if party.code.is_empty() { fold_name(&party.name) } else { party.code.clone() }
            });
            lines.insert(format!("{} {who:?} {:?}", line.row, line.values));
        }
        let mut digest = Sha256::new();
        for line in lines {
            digest.update(line.as_bytes());
            digest.update(b"\n");
        }
        crate::values::digest::hex(&digest.finalize())
    }
}

/// `None` for a line of a block that was left empty.
fn pack(line: &Line, spellings: &mut NameNumbers) -> Option<Packed> {
    let nameless = |key: [u32; 3]| !line.key.is_row() && key == [0; 3];
    let system = line.key.system.as_ref().map(|name| Party { code: String::new(), name: name.clone() });
    let parties = [line.key.provider.as_deref(), line.key.service.as_deref(), system.as_ref()];
    let mut key = parties.map(|party| party.map_or(0, |party| spellings.number(party)));
    let values = line.values.iter().map(|value| match value {
        Value::Number(number) if *number >= 0 => *number,
        Value::NoInfo => NO_INFO,
        _ => UNSOUND,
    });
    let values: Box<[i64]> = values.collect();
    if nameless(key) {
        if values.iter().all(|value| *value <= 0) {
            return None;
        }
        key[1] = spellings.number(&Party { code: String::new(), name: NAMELESS.to_owned() });
    }
    Some(Packed { row: u16::try_from(line.row).unwrap_or(u16::MAX), key, values })
}
