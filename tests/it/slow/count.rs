//! The cells of a form. 1-mk and 2-mk: which rows, lines, sums and "-" there are (what one month of one row
//! counts: `monthly.rs`); 3-mk and 4-mk: `quarterly.rs`.
//! Row numbers here are 1-mk's (forms.md, top).

use super::identity::{SERVICE, Who, everyone, printed_name};
use super::monthly::count;
use super::world::{Month, World};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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
    let world = World::new(dir, form, period, as_of);
    let mut cells = match form {
        "1-mk" | "2-mk" => quarter_with_months(&world, form),
        "3-mk" => super::quarterly::form_3(&world),
        "4-mk" => super::quarterly::form_4(&world),
        other => panic!("no form {other}"),
    };
    if zeros_as_dash {
        // A stock keeps its zeros: "-" would bring back the value of an older month (README, Decisions).
        let stock: &[&str] = if form == "1-mk" { &["10", "11"] } else { &["10"] };
        for (_, value) in cells.iter_mut().filter(|(key, _)| !stock.contains(&key.row.as_str())) {
            *value = value.filter(|number| *number != 0);
        }
    }
    let mut ledger = BTreeMap::new();
    for (name, table) in &world.tables {
        if table.handed_over {
            let accepted = table.rows.len() as u64;
            assert_eq!(table.read, accepted + table.duplicates + table.quarantined, "the ledger of {name}");
            ledger.insert((*name).to_string(), [table.read, accepted, table.duplicates, table.quarantined]);
        }
    }
    Counted { cells, ledger }
}

/// The printed rows in order: number, and what it is the sum of (forms.md, "Σ"; empty: counted itself).
const ROWS: &[(&str, &[&str])] = &[
    ("1", &["1.1", "1.2"]),
    ("1.1", &[]),
    ("1.2", &[]),
    ("2", &["2.1", "2.2", "2.3", "2.4"]),
    ("2.1", &[]),
    ("2.2", &[]),
    ("2.3", &[]),
    ("2.4", &[]),
    ("3", &["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10"]),
    ("3.1", &[]),
    ("3.2", &[]),
    ("3.3", &[]),
    ("3.4", &[]),
    ("3.5", &[]),
    ("3.6", &[]),
    ("3.7", &[]),
    ("3.8", &[]),
    ("3.9", &[]),
    ("3.10", &[]),
    ("4", &[]),
    ("5", &[]),
    ("6", &[]),
    ("7", &["7.1", "7.2", "7.3", "7.4", "7.5", "7.6"]),
    ("7.1", &[]),
    ("7.2", &[]),
    ("7.3", &[]),
    ("7.4", &[]),
    ("7.5", &[]),
    ("7.6", &[]),
    ("8", &["8.1", "8.2", "8.3"]),
    ("8.1", &[]),
    ("8.2", &[]),
    ("8.3", &[]),
    ("9", &["9.1", "9.2"]),
    ("9.1", &[]),
    ("9.2", &[]),
    ("10", &[]),
    ("10.1", &[]),
    ("11", &[]),
    ("12", &["12.1", "12.2", "12.3", "12.4"]),
    ("12.1", &[]),
    ("12.2", &[]),
    ("12.3", &[]),
    ("12.4", &[]),
    ("13", &["13.1", "13.2"]),
    ("13.1", &[]),
    ("13.2", &[]),
    ("14", &["14.1", "14.2", "14.3", "14.4"]),
    ("14.1", &[]),
    ("14.2", &[]),
    ("14.3", &[]),
    ("14.4", &[]),
    ("15", &["15.1", "15.2", "15.3", "15.4"]),
    ("15.1", &[]),
    ("15.2", &[]),
    ("15.3", &[]),
    ("15.4", &[]),
    ("16", &["16.1", "16.2", "16.3"]),
    ("16.1", &[]),
    ("16.2", &[]),
    ("16.3", &[]),
    ("17", &["17.1", "17.2", "17.3", "17.4", "17.5", "17.6", "17.7"]),
    ("17.1", &[]),
    ("17.2", &[]),
    ("17.3", &[]),
    ("17.4", &[]),
    ("17.5", &[]),
    ("17.6", &[]),
    ("17.7", &[]),
    ("18", &["18.1", "18.2", "18.3"]),
    ("18.1", &[]),
    ("18.2", &[]),
    ("18.3", &[]),
    ("19", &[]),
    ("20", &[]),
    ("21", &[]),
    ("22", &[]),
];

/// Rows with a variable block of lines by service (forms.md, "lines"; labels.tsv, the `.svc` rows).
const LINES_BY_SERVICE: &[&str] = &[
    "10", "10.1", "11", "12.1", "12.2", "14.1", "14.2", "14.4", "15.1", "15.2", "15.4", "16.1", "16.2", "16.3", "18.1",
    "18.2", "18.3",
];
const LINES_BY_SERVICE_AND_SYSTEM: &[&str] = &["12.3", "12.4", "14.3", "15.3"];

fn main_number(row: &str) -> u32 {
    row.split('.').next().and_then(|number| number.parse().ok()).expect("a row number")
}

/// "2-mk has no row 11 and its later rows are one lower".
fn printed_number(form: &str, row: &str) -> Option<String> {
    let main = main_number(row);
    match (form, main) {
        ("2-mk", 11) => None,
        ("2-mk", 12..) => Some(row.replacen(&main.to_string(), &(main - 1).to_string(), 1)),
        _ => Some(row.to_string()),
    }
}

/// What narrows a row down: a line's service and system, a column's applicant. None: all.
#[derive(Clone, Default)]
pub struct Narrow {
    pub service: Option<Who>,
    pub system: Option<String>,
    pub applicant: Option<&'static str>,
}

fn quarter_with_months(world: &World, form: &str) -> BTreeMap<Key, Option<i64>> {
    let mut cells = BTreeMap::new();
    let mut systems = BTreeSet::new();
    for outcome in &world.outcomes {
        systems.extend(outcome.row.text("information_system").map(str::to_string));
    }
    for (row, _) in ROWS {
        let Some(number) = printed_number(form, row) else { continue };
        put(&mut cells, world, row, &Key { row: number.clone(), ..Key::default() }, &Narrow::default());
        let by_system = LINES_BY_SERVICE_AND_SYSTEM.contains(row);
        if !by_system && !LINES_BY_SERVICE.contains(row) {
            continue;
        }
        for service in everyone(&world.tables, SERVICE) {
            let mut names: Vec<Option<String>> = vec![None];
            if by_system {
                names = systems.iter().cloned().map(Some).collect();
            }
            for system in names {
                let narrow = Narrow { service: Some(service.clone()), system: system.clone(), applicant: None };
                // "It exists when something fed it in an ended month of the quarter."
                let fed = world.months.iter().any(|month| month_value(world, row, &narrow, *month).unwrap_or(0) > 0);
                if fed {
                    let key = Key {
                        row: number.clone(),
                        service_code: code(&service),
                        service_name: printed_name(&world.tables, &service, SERVICE),
                        information_system: system.unwrap_or_default(),
                        ..Key::default()
                    };
                    put(&mut cells, world, row, &key, &narrow);
                }
            }
        }
    }
    cells
}

pub fn code(someone: &Who) -> String {
    match someone {
        Who::Code(code) => code.clone(),
        Who::Name(_) => String::new(),
    }
}

/// Puts the 4 or 8 cells of one printed line (forms.md, Layout: 2.1 and 2.2, rows 12–15, have 8).
fn put(cells: &mut BTreeMap<Key, Option<i64>>, world: &World, row: &str, key: &Key, narrow: &Narrow) {
    let applicants: &[Option<&'static str>] =
        if (12..=15).contains(&main_number(row)) { &[Some("individual"), Some("legal_entity")] } else { &[None] };
    for applicant in applicants {
        let narrow = Narrow { applicant: *applicant, ..narrow.clone() };
        let months = world.months.map(|month| month_value(world, row, &narrow, month));
        // "stock: the quarter is the last month that has a value, not the sum" (rows 10 and 11).
        let is_stock = row == "10" || row == "11";
        let quarter = if is_stock { months.iter().rev().find_map(|value| *value) } else { sum(&months) };
        let values = [("m1", months[0]), ("m2", months[1]), ("m3", months[2]), ("q", quarter)];
        for (column, value) in values {
            let column = applicant.map_or(column.to_string(), |who| format!("{column}.{who}"));
            let before = cells.insert(Key { column, ..key.clone() }, value);
            assert!(before.is_none(), "two lines of one name: {key:?}");
        }
    }
}

/// D2: "Sums skip "-"; a sum of only "-" is "-"."
pub fn sum(values: &[Option<i64>]) -> Option<i64> {
    let known: Vec<i64> = values.iter().flatten().copied().collect();
    if known.is_empty() { None } else { Some(known.iter().sum()) }
}

fn month_value(world: &World, row: &str, narrow: &Narrow, month: Month) -> Option<i64> {
    let parts = ROWS.iter().find(|(number, _)| *number == row).expect("a row").1;
    if !parts.is_empty() {
        let values: Vec<Option<i64>> = parts.iter().map(|part| month_value(world, part, narrow, month)).collect();
        return sum(&values);
    }
    // D1: months that have not ended, and tables that were not handed over, give "-".
    if !world.has_ended(month) || !is_known(world, row) {
        return None;
    }
    Some(count(world, row, narrow, month))
}

/// D1: "A row needs all of its tables".
fn is_known(world: &World, row: &str) -> bool {
    let all = |tables: &[&str]| tables.iter().all(|table| world.handed_over(table));
    match main_number(row) {
        1 => all(&["control_events"]),
        2 => all(&["control_events", "control_objects"]),
        3..=6 => all(&["control_events", "violations"]),
        7 | 8 => all(&["sanctions"]),
        9 => all(&["control_events", "recommendations"]),
        10 => all(&["register"]),
        11 => all(&["bylaws"]),
        12 | 14 => all(&["services"]),
        13 | 15 => world.refusals_handed_over(),
        16..=18 => all(&["complaints"]),
        19 => all(&["restorations"]),
        20 | 21 => all(&["outreach"]),
        22 => all(&["training"]),
        other => panic!("no row {other}"),
    }
}
