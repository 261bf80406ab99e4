//! The test bench: a run of the program in the test's own process, and the binary for what only it shows.

use chrono::NaiveDate;
use esep::commands::args::beside::BesideArgs;
use esep::commands::args::ending::Ending;
use esep::commands::generate::GenerateArgs;
use esep::commands::out::spoken::Spoken;
use esep::definitions::Definitions;
use esep::sources;
use esep::sources::raw::Encoding;
use esep::words::finding::Severity;
use esep::words::lang::Lang;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

pub const BIN: &str = "160440007161";

/// Whatever stood there is replaced, and nothing is said.
pub fn quietly() -> Ending {
    Ending { force: true, quiet: true, ..Ending::default() }
}

pub fn definitions() -> &'static Definitions {
    static LOADED: OnceLock<Definitions> = OnceLock::new();
    LOADED.get_or_init(|| Definitions::load(None).expect("the embedded definitions"))
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Results of one run.
pub struct Ran {
    pub out: TempDir,
    pub worst: Option<Severity>,
    pub folder: PathBuf,
}

/// What to run; `new` has the defaults of a test.
pub struct Case {
    pub paths: Vec<PathBuf>,
    pub forms: Vec<String>,
    pub period: String,
    pub as_of: Option<NaiveDate>,
    pub organisation: String,
    pub by_unit: bool,
    pub previous: Vec<PathBuf>,
    pub encoding: Option<String>,
    pub separator: Option<String>,
    pub bounds: sources::bounds::Bounds,
    pub pace: sources::Pace,
    /// Address space of the binary in KiB.
    pub memory: Option<u64>,
    /// Text of the narrative; `None`: every section is told about, so that no question stays open.
    pub narrative: Option<String>,
    pub attachments: Option<PathBuf>,
    pub langs: Vec<Lang>,
    pub confirm: Option<PathBuf>,
    pub mapping: Option<PathBuf>,
    pub mends: Vec<PathBuf>,
    pub empty: Option<PathBuf>,
    pub paranoid: bool,
}

impl Case {
    pub fn new(path: &Path, form: &str, period: &str) -> Self {
        Self {
            paths: vec![path.to_owned()],
            forms: vec![form.to_owned()],
            period: period.to_owned(),
            as_of: None,
            organisation: format!("name_ru = \"Тестовый орган\"\nbin = \"{BIN}\"\nlanguages = [\"ru\"]\n"),
            by_unit: false,
            previous: Vec::new(),
            encoding: None,
            separator: None,
            bounds: sources::bounds::Bounds::default(),
            pace: sources::Pace::default(),
            memory: None,
            narrative: None,
            attachments: None,
            langs: Vec::new(),
            confirm: None,
            mapping: None,
            mends: Vec::new(),
            empty: None,
            paranoid: false,
        }
    }

    pub fn try_run(&self) -> anyhow::Result<Ran> {
        let out = tempfile::tempdir()?;
        let organisation = out.path().join("organisation.toml");
        std::fs::write(&organisation, &self.organisation)?;
        let narrative = out.path().join("narrative.toml");
        std::fs::write(&narrative, self.narrative.clone().unwrap_or_else(|| told(&self.forms)))?;
        let request = GenerateArgs {
            beside: BesideArgs {
                as_of: self.as_of,
                previous: self.previous.clone(),
                narrative: Some(narrative),
                attachments: self.attachments.clone(),
            },
            paths: self.paths.clone(),
            form: self.forms.clone(),
            period: self.period.clone(),
            organisation,
            out: out.path().join("out"),
            confirm: self.confirm.clone(),
            mapping: self.mapping.clone(),
            mends: self.mends.clone(),
            empty: self.empty.clone(),
            by_unit: self.by_unit,
            paranoid: self.paranoid,
            ending: quietly(),
            encoding: self.encoding.as_ref().map(|name| Encoding::parse(name).expect("an encoding")),
            separator: self.separator.clone(),
            bounds: self.bounds.clone(),
            pace: self.pace,
            ..GenerateArgs::default()
        };
        let spoken = Spoken { given: self.langs.clone(), terminal: Lang::Ru };
        let worst = request.run(&spoken, definitions())?;
        let folder = out.path().join(format!("out/{}_{}_{BIN}", self.forms[0], self.period));
        Ok(Ran { out, worst, folder })
    }

    pub fn run(&self) -> Ran {
        self.try_run().expect("a run")
    }

    /// Exit status of the binary, and what it says on the terminal.
    pub fn terminal(&self) -> (i32, String) {
        let out = tempfile::tempdir().expect("a folder");
        let organisation = out.path().join("organisation.toml");
        std::fs::write(&organisation, &self.organisation).expect("written");
        let limit = self.memory.map_or("unlimited".to_owned(), |memory| memory.to_string());
        let mut command = Command::new("sh");
        let script = "ulimit -v \"$1\"; shift; exec \"$@\"";
        command.args(["-c", script, "sh", &limit, env!("CARGO_BIN_EXE_esep")]);
        command.arg("generate").args(&self.paths).args(["--form", &self.forms.join(","), "--period", &self.period]);
        command.arg("--organisation").arg(organisation).arg("--out").arg(out.path().join("out"));
        for (option, value) in [("--encoding", &self.encoding), ("--separator", &self.separator)] {
            command.args(value.iter().flat_map(|value| [option, value]));
        }
        let done = command.output().expect("the binary");
        (done.status.code().expect("an exit status"), String::from_utf8(done.stderr).expect("UTF-8"))
    }
}

/// A narrative that answers every section of the forms.
fn told(forms: &[String]) -> String {
    let reports =
        definitions().analyticals.iter().filter(|report| report.forms.iter().any(|form| forms.contains(form)));
    let ids: BTreeSet<&str> = reports.flat_map(|report| report.sections()).map(|section| section.id.as_str()).collect();
    ids.into_iter().map(|id| format!("[{id}]\ntext = \"Рассказано.\"\n")).collect()
}

impl Ran {
    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
    }

    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.file(name)).expect("JSON")
    }

    /// `cells.csv` from the row number on, as a set of lines.
    pub fn cells(&self) -> BTreeSet<String> {
        let text = self.file("cells.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .records()
            .map(|record| {
                let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
                writer.write_record(record.expect("a record").iter().skip(5)).expect("written");
                String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8").trim_end().to_owned()
            })
            .collect()
    }

    /// The results of another run in this one's place.
    pub fn within(out: TempDir, worst: Option<Severity>) -> Self {
        let folder = super::samples::only_folder(&out.path().join("out"));
        Self { out, worst, folder }
    }

    /// Value of one cell of a row without lines.
    pub fn cell(&self, row: &str, column: &str) -> String {
        let start = format!("{row},,,,,,{column},");
        let found = self.cells().into_iter().find(|line| line.starts_with(&start));
        found.unwrap_or_else(|| panic!("no cell {row} {column}"))[start.len()..].to_owned()
    }

    /// Totals of the ledger: read, accepted, duplicates, quarantined.
    pub fn ledger(&self) -> [u64; 4] {
        let report = self.json("report.json");
        let lines = report["ledger"].as_array().expect("ledger");
        ["read", "accepted", "duplicates", "quarantined"]
            .map(|key| lines.iter().map(|line| line[key].as_u64().unwrap()).sum())
    }

    /// Codes of the findings, without what could not be checked.
    pub fn codes(&self) -> Vec<String> {
        let findings = self.json("findings.json");
        let all = findings["findings"].as_array().expect("findings").clone();
        all.iter()
            .filter(|finding| finding["outcome"] == "fails")
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Writes files into a fresh folder.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).expect("written");
    }
    dir
}
