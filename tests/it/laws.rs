//! Laws: order, splitting and disguise change nothing; adding records adds cells.

use super::bench::{Case, Ran, definitions};
use super::slow::generate::{Rng, record_set};
use esep::definitions::record::FieldType;
use esep::words::lang::Lang;
use std::collections::BTreeMap;
use std::path::Path;

type Table = (Vec<String>, Vec<Vec<String>>);

fn read(path: &Path) -> Table {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).expect("a file");
    let header = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

fn csv_text(header: &[String], rows: &[Vec<String>], separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Table name → its rows, from a record set without faults and repeats of ids ("the first" depends on order).
fn clean_set(seed: u64, dir: &Path) -> Option<(Case, BTreeMap<String, Table>)> {
    let set = record_set(seed, dir);
    if esep::values::period::Quarter::parse(&set.period).unwrap().first() >= set.as_of {
        return None;
    }
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
        let (header, rows) = read(&path);
        let rows = rows.into_iter().filter(|row| row.len() == header.len());
        let known = tables.entry(stem).or_insert_with(|| (header.clone(), Vec::new()));
        if known.0 != header {
            return None;
        }
        let all: Vec<Vec<String>> = known.1.drain(..).chain(rows).collect();
        known.1 = all;
    }
    for (name, (header, rows)) in &mut tables {
        let table = &definitions().tables[definitions().table(name).unwrap()];
        let places: Vec<Option<usize>> =
            table.key.iter().map(|key| header.iter().position(|field| field == key)).collect();
        let mut ids = std::collections::BTreeSet::new();
        rows.retain(|row| {
            let cell = |place: &Option<usize>| {
                place.map(|place| esep::records::typed::clean(&row[place]).into_owned()).unwrap_or_default()
            };
            ids.insert(places.iter().map(cell).collect::<Vec<_>>())
        });
    }
    if tables.is_empty() {
        return None;
    }
    let mut case = Case::new(dir, &set.form, &set.period);
    case.as_of = Some(set.as_of);
    Some((case, tables))
}

fn run_tables(case: &Case, files: &[(String, Vec<u8>)]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let again = Case {
        paths: vec![dir.path().to_owned()],
        forms: case.forms.clone(),
        period: case.period.clone(),
        ..Case::new(dir.path(), "", "")
    };
    Case { as_of: case.as_of, ..again }.run()
}

fn plain(tables: &BTreeMap<String, Table>) -> Vec<(String, Vec<u8>)> {
    tables
        .iter()
        .map(|(name, (header, rows))| (format!("{name}.csv"), csv_text(header, rows, b',').into_bytes()))
        .collect()
}

/// The bytes of `cells.csv` and the totals of the ledger.
fn outcome(ran: &Ran) -> (String, [u64; 4]) {
    (ran.file("cells.csv"), ran.ledger())
}

fn sets(count: usize) -> impl Iterator<Item = (u64, Case, BTreeMap<String, Table>)> {
    (1000..)
        .filter_map(|seed| {
            let dir = tempfile::tempdir().unwrap();
            clean_set(seed, dir.path()).map(|(case, tables)| (seed, case, tables))
        })
        .take(count)
}

#[test]
fn shuffled_and_split_sources_give_the_same_bytes() {
    for (seed, case, tables) in sets(12) {
        let expected = outcome(&run_tables(&case, &plain(&tables)));
        let mut rng = Rng(seed);
        let mut files = Vec::new();
        for (name, (header, rows)) in &tables {
            let mut rows = rows.clone();
            for place in (1..rows.len()).rev() {
                rows.swap(place, rng.below(place as u64 + 1) as usize);
            }
            let half = rows.len() / 2;
            for (part, rows) in [&rows[..half], &rows[half..]].into_iter().enumerate() {
                files.push((format!("{name}-{part}.csv"), csv_text(header, rows, b',').into_bytes()));
            }
        }
        assert!(outcome(&run_tables(&case, &files)) == expected, "seed {seed}");
    }
}

#[test]
fn every_disguise_gives_the_same_bytes() {
    for (seed, case, tables) in sets(10) {
        let expected = outcome(&run_tables(&case, &plain(&tables)));
        for lang in ["ru", "kk"] {
            for disguise in ["utf-8-bom;", "utf-16le\t", "windows-1251|", "xlsx"] {
                let Some(files) = disguised(&tables, lang, disguise) else { continue };
                assert!(outcome(&run_tables(&case, &files)) == expected, "seed {seed} {lang} {disguise}");
            }
        }
    }
}

/// The same tables with headers and labels of a language, in another encoding or as one workbook.
fn disguised(tables: &BTreeMap<String, Table>, lang: &str, disguise: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, (header, rows)) in tables {
        let table = &definitions().tables[definitions().table(name).unwrap()];
        let spelled =
            |text: &esep::words::lang::Text| text.get(if lang == "ru" { Lang::Ru } else { Lang::Kk }).to_owned();
        let fields: Vec<_> = header.iter().map(|field| &table.fields[table.position(field).unwrap()]).collect();
        let head: Vec<String> = fields.iter().map(|field| spelled(&field.headers.first())).collect();
        let body: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .zip(&fields)
                    .map(|(cell, field)| match (&field.list, field.kind) {
                        (Some(list), FieldType::Code) => {
                            let list = definitions().codelist(list).unwrap();
                            list.find(cell.trim()).map_or_else(|| cell.clone(), |code| spelled(&list.codes[code].label))
                        }
                        _ => cell.clone(),
                    })
                    .collect()
            })
            .collect();
        if disguise == "xlsx" {
            let sheet = workbook.add_worksheet();
            sheet.set_name(spelled(&table.names.first())).unwrap();
            sheet.write_string(0, 0, "Сведения за квартал").unwrap();
            for (line, row) in std::iter::once(&head).chain(&body).enumerate() {
                for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    sheet.write_string(line as u32 + 2, column as u16, cell).unwrap();
                }
            }
            continue;
        }
        let separator = disguise.as_bytes()[disguise.len() - 1];
        let text = csv_text(&head, &body, separator);
        let bytes = match &disguise[..disguise.len() - 1] {
            "utf-8-bom" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            "utf-16le" => [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            _ => {
                let (bytes, _, lossy) = encoding_rs::WINDOWS_1251.encode(&text);
                if lossy {
                    return None;
                }
                bytes.into_owned()
            }
        };
        files.push((format!("{name}.csv"), bytes));
    }
    if disguise == "xlsx" {
        files.push(("book.xlsx".to_owned(), workbook.save_to_buffer().unwrap()));
    }
    Some(files)
}

/// `tabulate(A ∪ B) = tabulate(A) + tabulate(B)` where the form says that units are added.
#[test]
fn adding_record_sets_adds_cells() {
    for (seed, case, tables) in sets(10) {
        let form =
            definitions().form(&case.forms[0], esep::values::period::Quarter::parse(&case.period).unwrap()).unwrap();
        // what others depend on stays in both halves
        let shared = ["control_events", "register", "bylaws"];
        // a violation stays with the record of the body's own that it repeats
        let place_of = |record: &str| {
            ["services", "refusals"].iter().find_map(|table| {
                let (head, rows) = tables.get(*table)?;
                let id = head.iter().position(|field| field == "record_id")?;
                rows.iter().position(|row| row[id] == record)
            })
        };
        let half_of = |name: &str, head: &[String], place: usize, row: &[String]| {
            let own =
                head.iter().position(|field| field == "service_record_id").filter(|_| name == "established_violations");
            own.and_then(|own| place_of(&row[own])).unwrap_or(place) % 2
        };
        let half = |keep: usize| -> Vec<(String, Vec<u8>)> {
            tables
                .iter()
                .map(|(name, (header, rows))| {
                    let rows: Vec<_> = rows
                        .iter()
                        .enumerate()
                        .filter(|(place, row)| {
                            shared.contains(&name.as_str()) || half_of(name, header, *place, row) == keep
                        })
                        .map(|(_, row)| row.clone())
                        .collect();
                    (format!("{name}.csv"), csv_text(header, &rows, b',').into_bytes())
                })
                .collect()
        };
        let [whole, one, two] = [plain(&tables), half(0), half(1)].map(|files| run_tables(&case, &files));
        let mut checked = 0;
        for row in form
            .rows
            .iter()
            .filter(|row| row.consolidate == esep::definitions::form::Consolidate::Sum && !row.lines_only)
        {
            let facts = row.facts.clone().or_else(|| {
                form.rows.iter().find(|part| row.sum.contains(&part.id)).and_then(|part| part.facts.clone())
            });
            if facts.as_deref() == Some("events") || row.id == "total" {
                continue;
            }
            let grid = form.grid_of(form.row_position(&row.id).unwrap());
            for column in &grid.columns {
                let value = |ran: &Ran| ran.cell(&row.no, &column.id).parse::<i64>().ok();
                let sum = [value(&one), value(&two)].into_iter().flatten().reduce(|a, b| a + b);
                assert_eq!(value(&whole), sum, "seed {seed} row {} {}", row.no, column.id);
                checked += 1;
            }
        }
        assert!(checked > 10 || case.forms[0] == "4-mk", "seed {seed}");
    }
}
