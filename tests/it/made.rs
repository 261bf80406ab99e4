//! Reports of units made by code, and runs of `consolidate` and `adjust` on them.

use super::bench::{BIN, definitions, quietly};
use esep::commands::adjust::AdjustArgs;
use esep::commands::check::CheckArgs;
use esep::commands::consolidate::ConsolidateArgs;
use esep::commands::out::spoken::Spoken;
use esep::commands::year::YearArgs;
use esep::definitions::Definitions;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A report of zeros with some cells set.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeReport {
    /// Name of the file.
    pub file: String,
    #[serde(default)]
    pub form: String,
    #[serde(default)]
    pub period: String,
    /// Code of the unit; empty: the report is of a body.
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub unit_name: String,
    #[serde(default)]
    pub bin: String,
    #[serde(default)]
    pub lang: String,
    /// Units that were consolidated in it.
    #[serde(default)]
    pub within: Vec<String>,
    /// Symbolic row, column, number; less than 0 is "-".
    #[serde(default)]
    pub cells: Vec<(String, String, i64)>,
    #[serde(default)]
    pub lines: Vec<MadeLine>,
    /// It says not whose it is.
    #[serde(default)]
    pub nameless: bool,
    /// Symbolic row and column of cells that hold nothing.
    #[serde(default)]
    pub blank: Vec<(String, String)>,
    /// Digest of the definitions that it was made with.
    #[serde(default)]
    pub definitions: String,
    /// Not all units that it was consolidated of were in.
    #[serde(default)]
    pub provisional: bool,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeLine {
    pub row: String,
    #[serde(default)]
    pub provider: String,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub name: String,
    pub system: Option<String>,
    /// Numbers of all columns.
    pub values: Vec<i64>,
}

fn figure(number: i64) -> Value {
    if number < 0 { json!("-") } else { json!(number) }
}

impl MadeReport {
    pub fn json(&self) -> Value {
        let form = definitions().forms.iter().find(|form| form.form == self.form).expect("a form");
        let mut lines = Vec::new();
        for (position, row) in form.rows.iter().enumerate() {
            let columns = &form.grid_of(position).columns;
            let head = |values: Map<String, Value>| json!({"section": row.section, "row": row.no, "row_id": row.id, "values": values});
            if !row.lines_only {
                let value = |column: &str| {
                    let set = self.cells.iter().find(|cell| cell.0 == row.id && cell.1 == column);
                    figure(set.map_or(0, |cell| cell.2))
                };
                lines.push(head(columns.iter().map(|column| (column.id.clone(), value(&column.id))).collect()));
            }
            for made in self.lines.iter().filter(|line| line.row == row.id) {
                let values =
                    columns.iter().zip(&made.values).map(|(column, number)| (column.id.clone(), figure(*number)));
                let mut line = head(values.collect());
                let mut set = |key: &str, value: &str| line[key] = json!(value);
                if !made.provider.is_empty() {
                    set("provider_bin", "");
                    set("provider_name", &made.provider);
                }
                if !(made.code.is_empty() && made.name.is_empty()) {
                    set("service_code", &made.code);
                    set("service_name", &made.name);
                }
                if let Some(system) = &made.system {
                    set("information_system", system);
                }
                lines.push(line);
            }
        }
        let bin = if self.bin.is_empty() { BIN } else { &self.bin };
        let lang = if self.lang.is_empty() { "ru" } else { &self.lang };
        let mut report = json!({
            "version": 1,
            "head": {
                "form": self.form, "edition": form.edition, "period": self.period, "as_of": "2027-01-01",
                "organisation": {"bin": bin, "name": {"kk": "Орган", "ru": "Орган", "en": "Body"}}, "languages": [lang],
            },
            "lines": lines,
        });
        if !(self.unit.is_empty() && self.unit_name.is_empty()) {
            let name =
                if self.unit_name.is_empty() { format!("Район {}", self.unit) } else { self.unit_name.clone() };
            report["head"]["unit"] = json!({"code": self.unit, "name": name});
        }
        if self.nameless {
            report["head"]["organisation"] = json!({"bin": "", "name": {"kk": "", "ru": "", "en": ""}});
        }
        if !self.within.is_empty() {
            let unit = |code: &String| json!({"code": code, "name": code, "counted": true, "sources": []});
            let (count, units) = (self.within.len(), self.within.iter().map(unit).collect::<Vec<_>>());
            report["consolidation"] =
                json!({"expected": count, "counted": count, "provisional": self.provisional, "units": units});
        }
        for (row, column) in &self.blank {
            let line = report["lines"].as_array_mut().unwrap().iter_mut().find(|line| line["row_id"] == row.as_str());
            line.expect("a row")["values"][column] = json!("");
        }
        if !self.definitions.is_empty() {
            report["provenance"] = json!({"definitions": self.definitions, "inputs": []});
        }
        report
    }

    pub fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join(&self.file);
        std::fs::write(&path, serde_json::to_vec(&self.json()).unwrap()).unwrap();
        path
    }
}

/// An organisation with units of these codes.
pub fn organisation(units: &[&str]) -> String {
    let mut text = format!("name_ru = \"Область\"\nbin = \"{BIN}\"\nlanguages = [\"ru\"]\n");
    for unit in units {
        text.push_str(&format!("\n[[unit]]\nkato = \"{unit}\"\nname_ru = \"Район {unit}\"\n"));
    }
    text
}

/// Consolidates into `folder/out`; the folder of the report.
pub fn consolidated(folder: &Path, files: Vec<PathBuf>, organisation: &str, received: Option<&str>) -> PathBuf {
    let path = folder.join("organisation.toml");
    std::fs::write(&path, organisation).unwrap();
    let receipts = received.map(|text| {
        let path = folder.join("received.csv");
        std::fs::write(&path, text).unwrap();
        path
    });
    let request = ConsolidateArgs {
        files,
        organisation: path,
        received: receipts,
        provisional: true,
        out: folder.join("out"),
        ending: quietly(),
        ..ConsolidateArgs::default()
    };
    request.run(&Spoken::default(), definitions()).expect("a consolidation");
    super::samples::only_folder(&folder.join("out"))
}

pub fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))).unwrap()
}

/// The question of a section that nobody has told about: no fault of the units.
pub const OPEN_QUESTION: &str = "F-201";

/// Codes of what fails.
pub fn codes(findings: &Value) -> BTreeSet<String> {
    let all = findings["findings"].as_array().expect("findings").iter();
    let failed = all.filter(|finding| finding["outcome"] == "fails" && finding["code"] != OPEN_QUESTION);
    failed.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

/// What the folder of a finding of consolidation or adjustment holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeCase {
    form: String,
    period: String,
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    units: Vec<String>,
    received: Option<String>,
    /// More of the organisation file.
    #[serde(default)]
    organisation: String,
    /// Rows of a returned file of remarks, the title first.
    #[serde(default)]
    answers: Vec<Vec<String>>,
    #[serde(default, rename = "report")]
    reports: Vec<MadeReport>,
    tamper: Option<Tamper>,
    /// Files beside the reports, empty ones: then the folder of all is given.
    #[serde(default)]
    beside: Vec<String>,
    /// The reports are of the quarters of a year.
    #[serde(default)]
    year: bool,
    /// The last report is adjusted, too.
    #[serde(default)]
    adjusted: bool,
    /// A row that a later edition of the form, from the third quarter on, has under another id.
    renamed: Option<String>,
}

/// What is done to an adjusted report before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tamper {
    file: String,
    #[serde(default)]
    remove: bool,
    /// Text and what stands in its place; an empty text is the whole file.
    replace: Option<(String, String)>,
    #[serde(default)]
    cells: Vec<(String, String, i64)>,
}

impl MadeCase {
    pub fn codes(&self) -> BTreeSet<String> {
        let scratch = tempfile::tempdir().unwrap();
        let of_case = |report: &MadeReport| {
            let mut report = report.clone();
            report.form = if report.form.is_empty() { self.form.clone() } else { report.form };
            report.period = if report.period.is_empty() { self.period.clone() } else { report.period };
            report.write(scratch.path())
        };
        let mut files: Vec<PathBuf> = self.reports.iter().map(of_case).collect();
        if !self.answers.is_empty() {
            let path = scratch.path().join("answers.xlsx");
            sheet_of(&self.answers, &path);
            files.push(path);
        }
        if !self.beside.is_empty() {
            let folder = scratch.path().join("reports");
            std::fs::create_dir(&folder).unwrap();
            self.beside.iter().for_each(|name| std::fs::write(folder.join(name), "").unwrap());
            for file in std::mem::replace(&mut files, vec![folder.clone()]) {
                std::fs::rename(&file, folder.join(file.file_name().unwrap())).unwrap();
            }
        }
        if self.year {
            if self.adjusted {
                files.push(adjusted(files.last().unwrap(), CHANGES, &scratch.path().join("adjusted")).unwrap());
            }
            let later = self.renamed.as_ref().map(|row| later_edition(&self.form, row, scratch.path()));
            let out = year(files, &scratch.path().join("out"), later.as_ref().unwrap_or_else(|| definitions()));
            return codes(&json_of(&out.join("findings.json")));
        }
        match &self.tamper {
            Some(tamper) => tampered(&files[0], tamper),
            None => {
                let units: Vec<&str> = self.units.iter().map(String::as_str).collect();
                let out = consolidated(
                    scratch.path(),
                    files,
                    &(organisation(&units) + &self.organisation),
                    self.received.as_deref(),
                );
                codes(&json_of(&out.join("findings.json")))
            }
        }
    }
}

/// The year of the reports; its folder.
pub fn year(files: Vec<PathBuf>, out: &Path, definitions: &Definitions) -> PathBuf {
    let request = YearArgs { files, out: out.to_owned(), ending: quietly(), ..YearArgs::default() };
    request.run(&Spoken::default(), definitions).expect("a year");
    super::samples::only_folder(out)
}

/// Definitions in which a row has another id from the third quarter of 2026 on.
fn later_edition(form: &str, row: &str, scratch: &Path) -> Definitions {
    let text = std::fs::read_to_string(super::bench::root().join(format!("templates/forms/{form}.toml"))).unwrap();
    let folder = scratch.join("definitions");
    std::fs::create_dir_all(folder.join("templates/forms")).unwrap();
    let first = text.replacen("valid_from = 2021-07-01", "valid_from = 2021-07-01\nvalid_to = 2026-06-30", 1);
    let later = text.replacen("valid_from = 2021-07-01", "valid_from = 2026-07-01", 1);
    let later = later.replace(&format!("\"{row}\""), &format!("\"{row}.later\""));
    let facts = |text: &str| ["facts = \"", "needs = [[\""].map(|start| format!("{start}{row}{text}\""));
    let later = facts(".later").iter().zip(facts("")).fold(later, |text, (new, old)| text.replacen(new, &old, 1));
    std::fs::write(folder.join(format!("templates/forms/{form}.toml")), first).unwrap();
    std::fs::write(folder.join(format!("templates/forms/{form}-later.toml")), later).unwrap();
    Definitions::load(Some(&folder)).expect("two editions")
}

/// A workbook of one sheet of texts.
pub fn sheet_of(rows: &[Vec<String>], path: &Path) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    workbook.save(path).unwrap();
}

/// Adjusts `training` of a report by its `m1`; the folder of the result.
pub fn adjusted(report: &Path, changes: &str, out: &Path) -> anyhow::Result<PathBuf> {
    let folder = out.parent().expect("a folder");
    let (file, act) = (folder.join("changes.toml"), folder.join("act.txt"));
    std::fs::write(&file, changes)?;
    std::fs::write(act, "акт")?;
    let (report, out) = (report.to_owned(), out.to_owned());
    let request = AdjustArgs { report, changes: file, out: out.clone(), ending: quietly(), ..AdjustArgs::default() };
    request.run(&Spoken::default(), definitions())?;
    Ok(super::samples::only_folder(&out))
}

pub const CHANGES: &str = "asked_for = true\nperson = \"Исполнитель\"\ndate = 2027-01-20\n[[change]]\nrow = \"training\"\ncolumn = \"m1\"\nold = 0\nnew = 2\nreason = \"Пропуск\"\ndocument = \"act.txt\"\n";

/// Codes that `check` finds.
pub fn checked(file: &Path) -> BTreeSet<String> {
    let out = tempfile::tempdir().unwrap();
    let request = CheckArgs {
        files: vec![file.to_owned()],
        out: Some(out.path().join("out")),
        ending: quietly(),
        ..CheckArgs::default()
    };
    request.run(&Spoken::default(), definitions()).unwrap();
    codes(&json_of(&super::samples::only_folder(&out.path().join("out")).join("findings.json")))
}

/// Sets cells of a stored report.
pub fn set_cells(path: &Path, cells: &[(String, String, i64)]) {
    let mut report = json_of(path);
    for (row, column, number) in cells {
        let line = report["lines"].as_array_mut().unwrap().iter_mut().find(|line| line["row_id"] == row.as_str());
        line.expect("a row")["values"][column] = figure(*number);
    }
    std::fs::write(path, serde_json::to_vec_pretty(&report).unwrap()).unwrap();
}

fn tampered(report: &Path, tamper: &Tamper) -> BTreeSet<String> {
    let folder = adjusted(report, CHANGES, &report.with_file_name("adjusted")).expect("an adjusted report");
    let file = folder.join(&tamper.file);
    if tamper.remove {
        std::fs::remove_file(&file).unwrap();
    }
    if let Some((from, to)) = &tamper.replace {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from:?} is not in {}", tamper.file);
        std::fs::write(&file, if from.is_empty() { to.clone() } else { text.replace(from, to) }).unwrap();
    }
    if !tamper.cells.is_empty() {
        set_cells(&file, &tamper.cells);
    }
    checked(&folder.join("report.json"))
}

/// The report with every sum counted anew, so that all its rules of sums hold.
pub fn sound(report: &Value) -> Value {
    use esep::rules::recipe::{Index, Sums};
    let mut filed = esep::filed::stored::read(&serde_json::to_vec(report).unwrap(), definitions()).unwrap();
    let index = Index::new(filed.form, &filed.cells.lines);
    for _ in 0..6 {
        for line in 0..filed.cells.lines.len() {
            for column in 0..filed.cells.lines[line].values.len() {
                let sums = Sums { form: filed.form, lines: &filed.cells.lines, index: &index };
                let value = sums.recipe(line, column).and_then(|recipe| sums.evaluate(&recipe));
                if let Some(value) = value {
                    filed.cells.lines[line].values[column] = value;
                }
            }
        }
    }
    let mut report = report.clone();
    for (stored, line) in report["lines"].as_array_mut().unwrap().iter_mut().zip(&filed.cells.lines) {
        let columns = &filed.form.grid_of(line.row).columns;
        for (column, value) in columns.iter().zip(&line.values) {
            stored["values"][&column.id] = figure(value.number().unwrap_or(-1));
        }
    }
    report
}
