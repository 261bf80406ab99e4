//! The cells of a form by the second counter (`esep::recount`), fed by the slow reader of these tests: nothing that
//! the program reads, types, derives or tabulates with takes part, but the second counter and its definitions.

use super::read::{Row, Tables, read_dir};
use super::value::{Moment as Day, Value};
use crate::bench::definitions;
use chrono::{NaiveDate, Timelike};
use esep::body::organisation::{Organisation, Zeros};
use esep::records::Record;
use esep::records::typed::Typed;
use esep::recount::Recount;
use esep::sources::raw::{Encoding, Format, FoundTable};
use esep::values::cells::{LineKey, Value as CellValue};
use esep::values::moment::Moment;
use esep::values::period::{Period, Quarter};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The identifying columns of cells.csv (outputs.md).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Key {
    pub row: String,
    pub provider_bin: String,
    pub provider_name: String,
    pub service_code: String,
    pub service_name: String,
    pub information_system: String,
    pub column: String,
}

#[derive(Debug)]
pub struct Counted {
    /// None is "-".
    pub cells: BTreeMap<Key, Option<i64>>,
    /// Table → read, accepted, duplicates, quarantined; tables that were handed over.
    pub ledger: BTreeMap<String, [u64; 4]>,
}

impl Counted {
    /// Sorted lines `row,provider_bin,provider_name,service_code,service_name,information_system,column,value`.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.cells.iter().map(|(key, value)| line(key, *value)).collect();
        lines.sort();
        lines
    }
}

fn line(key: &Key, value: Option<i64>) -> String {
    let value = value.map_or("-".to_string(), |number| number.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let fields = [
        &key.row,
        &key.provider_bin,
        &key.provider_name,
        &key.service_code,
        &key.service_name,
        &key.information_system,
        &key.column,
        &value,
    ];
    writer.write_record(fields).expect("a line");
    let bytes = writer.into_inner().expect("a line");
    String::from_utf8(bytes).expect("UTF-8").trim_end_matches('\n').to_string()
}

/// All cells of one form; `zeros_as_dash`: D1, "print its known zeros as "-" too".
pub fn cells(dir: &Path, form: &str, period: &str, as_of: NaiveDate, zeros_as_dash: bool) -> Counted {
    let tables = read_dir(dir, form);
    let quarter = Quarter::parse(period).expect("a quarter");
    let form = definitions().form(form, quarter).expect("a form");
    let zeros = if zeros_as_dash { Zeros::Dash } else { Zeros::Zero };
    let organisation = Organisation { zeros, ..Organisation::default() };
    let period = Period { quarter, as_of };
    let recount = Recount { definitions: definitions(), organisation: &organisation, period, given: given(&tables) };
    let records = Records::new(&tables);
    let mut read = |take: &mut dyn FnMut(&Record<'_, '_>)| {
        records.each(take);
        Ok(())
    };
    let counted = recount.cells(&[(form, None)], &mut read).expect("a count").remove(0);
    let printed = |(row, line, column): (String, LineKey, String)| {
        let row = &form.rows[form.row_position(&row).expect("a row")];
        let [provider, service] = [line.provider, line.service].map(|party| party.map(|party| party.as_ref().clone()));
        let (provider, service) = (provider.unwrap_or_default(), service.unwrap_or_default());
        Key {
            // outputs.md: "In 4-mk provider and service lines have row `1`": the printed number says so
            row: row.no.clone(),
            provider_bin: provider.code,
            provider_name: provider.name,
            service_code: service.code,
            service_name: service.name,
            information_system: line.system.unwrap_or_default(),
            column,
        }
    };
    let cells = counted.into_iter().map(|(key, value)| {
        let value = match value {
            CellValue::Number(number) => Some(number),
            CellValue::NoInfo => None,
            fault => panic!("{fault:?}"),
        };
        (printed(key), value)
    });
    let cells: BTreeMap<Key, Option<i64>> = cells.collect();
    let mut ledger = BTreeMap::new();
    for (name, table) in tables.iter().filter(|(_, table)| table.handed_over) {
        let accepted = table.rows.len() as u64;
        assert_eq!(table.read, accepted + table.duplicates + table.quarantined, "the ledger of {name}");
        ledger.insert((*name).to_string(), [table.read, accepted, table.duplicates, table.quarantined]);
    }
    Counted { cells, ledger }
}

/// Tables handed over, and `table.field` for their columns.
fn given(tables: &Tables) -> BTreeSet<String> {
    let mut given = BTreeSet::new();
    for (name, table) in tables.iter().filter(|(_, table)| table.handed_over) {
        given.insert((*name).to_owned());
        given.extend(table.columns.iter().map(|column| format!("{name}.{column}")));
    }
    given
}

/// The slow reader's rows as records, in the order in which the program reads tables.
struct Records {
    /// Source, and its rows: one value a field.
    tables: Vec<(FoundTable, Vec<Vec<Typed<'static>>>)>,
}

impl Records {
    fn new(tables: &Tables) -> Self {
        let found = |(place, definition): (usize, &esep::definitions::record::Table)| {
            let table = tables.get(definition.table.as_str())?;
            let values = table.rows.iter().map(|row| {
                definition.fields.iter().map(|field| typed(row, field, &definition.table)).collect::<Vec<_>>()
            });
            let found = FoundTable {
                path: PathBuf::new(),
                name: definition.table.clone(),
                sheet: None,
                table: place,
                head_top: 1,
                head_rows: Vec::new(),
                header_line: 1,
                headers: Vec::new(),
                columns: Vec::new(),
                supplied: BTreeMap::new(),
                habits: esep::sources::raw::Habits::default(),
                is_rest: false,
                format: Format::Csv { encoding: Encoding::Utf8, signs: b','.into() },
                spelled: std::sync::Arc::default(),
                layout: None,
                mends: None,
            };
            Some((found, values.collect()))
        };
        Self { tables: definitions().tables.iter().enumerate().filter_map(found).collect() }
    }

    fn each(&self, take: &mut dyn FnMut(&Record<'_, '_>)) {
        for (source, (found, rows)) in self.tables.iter().enumerate() {
            for (line, values) in rows.iter().enumerate() {
                take(&Record { found, values, source, line: line as u64 + 2 });
            }
        }
    }
}

/// A value of the slow reader as the counter takes it.
fn typed(row: &Row, field: &esep::definitions::record::Field, table: &str) -> Typed<'static> {
    match row.values.get(field.name.as_str()) {
        None => Typed::Missing,
        Some(Value::Int(number)) => Typed::Integer(*number),
        Some(Value::Bool(flag)) => Typed::Boolean(*flag),
        Some(Value::Moment(Day { day, time })) => {
            let midnight = Moment::from_day(*day);
            let minutes = time.map(|time| i64::from(time.hour() * 60 + time.minute()));
            Typed::Moment(Moment { minutes: midnight.minutes + minutes.unwrap_or(0), timed: time.is_some() })
        }
        Some(Value::Text(text)) => match &field.list {
            Some(list) => {
                let list = definitions().codelist(list).expect("a code list");
                Typed::Code(list.position(text).unwrap_or_else(|| panic!("{table}.{}: {text}", field.name)))
            }
            None => Typed::Text(Cow::Owned(text.clone())),
        },
    }
}
