//! Records in a database, and what counting them there comes to.

use crate::bench::{Case, Ran, definitions};
use esep::commands::out::spoken::Spoken;
use esep::commands::sql::SqlArgs;
use esep::records::doubtful;
use esep::sources::raw::Raw;
use esep::sources::{self, Options};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Records in a database, and what is asked of them.
pub struct Lake {
    pub name: String,
    pub place: TempDir,
    /// The small tables, handed over whole.
    pub others: Vec<PathBuf>,
    pub case: Case,
    /// `esep sql` is given no file of the tables: only a mapping says what columns there are.
    pub unseen: bool,
}

/// Field → value as it stands.
type LakeRow = BTreeMap<usize, String>;

impl Lake {
    /// The services and refusals of a folder as tables of a database: canonical columns, values as they stand.
    pub fn of(name: &str, folder: &Path, case: Case) -> Option<Self> {
        let place = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(place.path().join("lake")).unwrap();
        let options = Options::default();
        let mut found = sources::discover(&[folder.to_owned()], &definitions().tables, &options).ok()?;
        doubtful::settle(&mut found, definitions(), &options);
        let mut others = BTreeSet::new();
        let mut tables: BTreeMap<usize, (BTreeSet<usize>, Vec<LakeRow>)> = BTreeMap::new();
        for table in &found.tables {
            let definition = &definitions().tables[table.table];
            if !definition.is_result() {
                others.insert(table.path.clone());
                continue;
            }
            let (columns, rows) = tables.entry(table.table).or_default();
            columns.extend((0..definition.fields.len()).filter(|field| table.columns[*field].is_some()));
            sources::read(table, definition, &options, &mut |row| {
                let is_bad = |raw: &Raw<'_>| matches!(raw, Raw::BadBytes(..));
                if row.fault.is_none() && !row.cells.iter().any(is_bad) {
                    let value = |raw: &Raw<'_>| String::from_utf8(raw.print().into_owned()).unwrap();
                    let fields = table.columns.iter().enumerate();
                    let given = fields.filter_map(|(field, column)| Some((field, row.cells.get((*column)?)?)));
                    rows.push(given.map(|(field, raw)| (field, value(raw))).collect());
                }
                Ok(())
            })
            .unwrap();
        }
        for (table, (columns, rows)) in &tables {
            let definition = &definitions().tables[*table];
            let path = place.path().join("lake").join(format!("{}.csv", definition.table));
            let mut writer = csv::Writer::from_path(path).unwrap();
            writer.write_record(columns.iter().map(|field| &definition.fields[*field].name)).unwrap();
            for row in rows {
                let none = String::new();
                writer.write_record(columns.iter().map(|field| row.get(field).unwrap_or(&none))).unwrap();
            }
            writer.flush().unwrap();
        }
        let others: Vec<PathBuf> = others.into_iter().collect();
        (!tables.is_empty()).then_some(Self { name: name.to_owned(), place, others, case, unseen: false })
    }

    /// Files of records as they stand, under their own headers.
    pub fn with_own_headers(name: &str, files: &[(&str, &str)], case: Case) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(place.path().join("lake")).unwrap();
        for (file, text) in files {
            std::fs::write(place.path().join("lake").join(file), text).unwrap();
        }
        Self { name: name.to_owned(), place, others: Vec::new(), case, unseen: false }
    }

    pub fn label(&self) -> String {
        self.name.clone()
    }

    pub fn lake(&self) -> PathBuf {
        self.place.path().join("lake")
    }

    pub fn texts(&self) -> PathBuf {
        self.place.path().join("texts")
    }

    /// Files of a folder with this beginning of their names.
    pub fn files(folder: &Path, beginnings: &[&str]) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_meant = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.ends_with(".csv") && beginnings.iter().any(|beginning| name.starts_with(beginning))
        };
        let mut files: Vec<PathBuf> = entries.filter(is_meant).collect();
        files.sort();
        files
    }

    pub fn write_texts(&self) {
        let seen = if self.unseen { Vec::new() } else { Self::files(&self.lake(), &["services", "refusals"]) };
        let mut paths = seen;
        paths.extend(self.others.iter().cloned());
        let organisation = self.place.path().join("organisation.toml");
        std::fs::write(&organisation, &self.case.organisation).unwrap();
        let request = SqlArgs {
            organisation: Some(organisation),
            paths,
            form: self.case.forms.clone(),
            period: self.case.period.clone(),
            as_of: self.case.as_of,
            mapping: self.case.mapping.clone(),
            order: Some("line_no".to_owned()),
            out: self.texts(),
            ..SqlArgs::default()
        };
        request.run(&Spoken::default(), definitions()).expect("texts");
    }

    /// What came out of the database, and the small tables.
    pub fn files_of_parts(&self) -> Vec<PathBuf> {
        Self::files(&self.texts(), &["facts", "rest"]).into_iter().chain(self.others.clone()).collect()
    }

    /// What the two parts come to.
    pub fn parts(&mut self) -> anyhow::Result<Ran> {
        self.case.paths = self.files_of_parts();
        self.case.try_run()
    }

    /// Records that the engine counted.
    fn counted(&self) -> u64 {
        let mut facts = csv::Reader::from_path(self.texts().join("facts.csv")).unwrap();
        let place = facts.headers().unwrap().iter().position(|head| head == "records").unwrap();
        facts.records().map(|row| row.unwrap()[place].parse::<u64>().unwrap()).sum()
    }

    /// What the records themselves come to, and what the two parts come to.
    pub fn compare(mut self) -> u64 {
        let records = Self::files(&self.lake(), &["services", "refusals"]);
        self.case.paths = records.into_iter().chain(self.others.clone()).collect();
        let records = self.case.try_run();
        let parts = self.parts();
        let (Ok(records), Ok(parts)) = (&records, &parts) else {
            panic!(
                "{}: {:?} {:?}",
                self.name,
                records.err().map(|f| format!("{f:#}")),
                parts.err().map(|f| format!("{f:#}"))
            )
        };
        let (mut one, mut two) = (rejected(records), rejected(parts));
        if self.case.mapping.is_some() {
            // the same rows, once under the body's headers and once under ours
            let id = |row: &mut BTreeMap<String, String>| row.retain(|_, value| value.starts_with("Р"));
            let own = |row: BTreeMap<String, String>| row.into_values().map(|id| ("id".to_owned(), id)).collect();
            one.iter_mut().chain(&mut two).for_each(id);
            (one, two) = (one.into_iter().map(own).collect(), two.into_iter().map(own).collect());
            one.sort();
            two.sort();
        }
        let differ = |a: &[BTreeMap<String, String>], b: &[BTreeMap<String, String>]| {
            a.iter().filter(|row| !b.contains(row)).take(5).cloned().collect::<Vec<_>>()
        };
        assert!(one == two, "{}: records {:#?}, parts {:#?}", self.name, differ(&one, &two), differ(&two, &one));
        let (one, two) = (cells(records), cells(parts));
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).take(5).cloned().collect::<Vec<_>>();
        assert!(one == two, "{}: records {:#?}, parts {:#?}", self.name, only(&one, &two), only(&two, &one));
        assert_eq!(records.ledger(), parts.ledger(), "{}: ledger", self.name);
        assert_eq!(idle(records), idle(parts), "{}: what feeds nothing", self.name);
        // the parts name the engine; that a field which no form counts by is empty is not told of counted rows, and
        // how headers were understood is told of files that have them
        let of_one = ["F-086", "F-478", "F-037", "F-038"];
        let codes = |ran: &Ran| -> BTreeSet<String> {
            ran.codes().into_iter().filter(|code| !of_one.contains(&code.as_str())).collect()
        };
        assert_eq!(codes(records), codes(parts), "{}: findings", self.name);
        let decisions = |ran: &Ran| ran.json("report.json")["decisions"].clone();
        assert_eq!(decisions(records), decisions(parts), "{}: decisions", self.name);
        let made = parts.json("report.json")["provenance"]["databases"].clone();
        let told = made.as_array().into_iter().flatten().map(|part| part["counted"].as_u64().unwrap());
        let counted = self.counted();
        assert_eq!(told.sum::<u64>(), counted, "{}: provenance {made}", self.name);
        counted
    }
}

/// The rows of the quarantine, whatever their files are called.
fn rejected(ran: &Ran) -> Vec<BTreeMap<String, String>> {
    let folder = ran.folder.join("quarantine");
    let mut rows = Vec::new();
    let files = if folder.is_dir() { Lake::files(&folder, &["rest", "services", "refusals"]) } else { Vec::new() };
    for file in files {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).unwrap();
        let heads = reader.headers().unwrap().clone();
        for record in reader.records().map(Result::unwrap) {
            let filled = heads.iter().zip(record.iter()).filter(|(_, value)| !value.is_empty());
            rows.push(filled.map(|(head, value)| (head.to_owned(), value.to_owned())).collect());
        }
    }
    rows.sort();
    rows
}

/// The cells of all reports of a run, of the whole and of its units.
fn cells(ran: &Ran) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let reports = ran.folder.parent().unwrap();
    for folder in std::fs::read_dir(reports).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(folder.join("cells.csv")) else { continue };
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        all.extend(text.lines().map(|line| format!("{name}: {line}")));
    }
    all
}

/// Rows that feed nothing, by why, of services and refusals together.
fn idle(ran: &Ran) -> BTreeMap<String, u64> {
    let report = ran.json("report.json");
    let mut rows = BTreeMap::new();
    for one in
        report["ledger"].as_array().unwrap().iter().flat_map(|line| line["idle"].as_array().into_iter().flatten())
    {
        *rows.entry(format!("{} {}", one["why"], one["channel"])).or_default() += one["rows"].as_u64().unwrap();
    }
    rows
}
