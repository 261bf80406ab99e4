//! From an empty form to an adjusted report: only the program and LibreOffice touch the files.

use super::filed::blank::entries;
use super::made::json_of;
use super::office::is_there;
use super::samples::only_folder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const REGION: &str = "090340017774";
/// Districts with their BIN, and the format in which each saves its form.
const DISTRICTS: [(&str, &str, &str, &str); 3] = [
    ("Первый район (пример)", "100140007774", "calc8", "ods"),
    ("Второй район (пример)", "110240012342", "Calc MS Excel 2007 XML", "xlsx"),
    ("Третий район (пример)", "120340001230", "Calc MS Excel 2007 XML", "xlsx"),
];

/// Types into cells as a person does, recalculates and saves.
const MACRO: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Main(form As String, entries As String, target As String, filter As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim document As Object, sheet As Object, cell As Object, line As String, at As Integer, text As String
  document = StarDesktop.loadComponentFromURL(ConvertToURL(form), "_blank", 0, hidden())
  sheet = document.Sheets.getByIndex(0)
  Dim file As Integer
  file = FreeFile
  Open entries For Input As #file
  Do While Not Eof(file)
    Line Input #file, line
    at = InStr(line, "=")
    If at &gt; 0 Then
      cell = sheet.getCellRangeByName(Left(line, at - 1))
      text = Mid(line, at + 1)
      If IsNumeric(text) Then
        cell.setValue(CDbl(text))
      Else
        cell.setString(text)
      End If
    End If
  Loop
  Close #file
  document.calculateAll()
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  saved(0).Name = "FilterName"
  saved(0).Value = filter
  document.storeToURL(ConvertToURL(target), saved())
  document.close(True)
End Sub
</script:module>
"#;
/// Runs the program; its exit status must be the expected one.
fn esep(arguments: &[&str], expected: i32) {
    let ran = Command::new(env!("CARGO_BIN_EXE_esep")).args(arguments).output().expect("esep runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(expected), "esep {}\n{said}", arguments.join(" "));
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A body's file; a region's has its districts.
fn organisation(place: &Path, name: &str, bin: &str, districts: bool) -> PathBuf {
    let mut text = format!("name_ru = \"{name}\"\nbin = \"{bin}\"\nlanguages = [\"ru\"]\nzeros = \"0\"\n");
    for (name, bin, ..) in DISTRICTS.iter().filter(|_| districts) {
        text.push_str(&format!("[[unit]]\nname_ru = \"{name}\"\nbin = \"{bin}\"\n"));
    }
    let path = place.join(format!("{bin}.toml"));
    fs::write(&path, text).unwrap();
    path
}

/// Types the entries into the form with LibreOffice.
fn type_in(profile: &Path, form: &Path, entries: &[(String, String)], target: &Path, filter: &str) {
    let soffice = || {
        let mut command = Command::new("soffice");
        command.arg(format!("-env:UserInstallation=file://{}", profile.display())).args(["--headless", "--norestore"]);
        command
    };
    // a profile of LibreOffice's own making takes the macro
    soffice().arg("--terminate_after_init").output().expect("soffice runs");
    fs::write(profile.join("user/basic/Standard/Module1.xba"), MACRO).expect("a profile with a library");
    let list = target.with_extension("txt");
    let lines: Vec<String> = entries.iter().map(|(cell, value)| format!("{cell}={value}\n")).collect();
    fs::write(&list, lines.concat()).unwrap();
    let call = [text(form), text(&list), text(target), filter].map(|argument| format!("\"{argument}\"")).join(",");
    let ran = soffice().arg(format!("macro:///Standard.Module1.Main({call})")).output().expect("soffice runs");
    assert!(target.exists(), "{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
}

/// Row, service and system → values.
fn cells(report: &Value) -> BTreeMap<[String; 3], BTreeMap<String, i64>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let values = |line: &Value| {
        let all = line["values"].as_object().unwrap().iter();
        all.map(|(column, value)| (column.clone(), value.as_i64().unwrap_or(0))).collect()
    };
    let key = |line: &Value| ["row_id", "service_name", "information_system"].map(|key| text(&line[key]));
    report["lines"].as_array().unwrap().iter().map(|line| (key(line), values(line))).collect()
}

#[test]
fn from_an_empty_form_to_an_adjusted_report() {
    if !is_there("from_an_empty_form_to_an_adjusted_report") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let mut filled = Vec::new();
    let mut typed = BTreeMap::new();
    for (nth, (name, bin, filter, extension)) in DISTRICTS.iter().enumerate() {
        let organisation = organisation(place.path(), name, bin, false);
        let out = path(&format!("blank{nth}"));
        let arguments = ["blank", "--form", "2-mk", "--lang", "ru", "--period", "2026Q4", "--lines", "2"];
        let more = ["--organisation", text(&organisation), "--out", text(&out)];
        esep(&[&arguments[..], &more].concat(), 0);
        let form = fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
        // each district has figures of its own
        let own = |(cell, value): (String, String)| match value.parse::<i64>() {
            Ok(number) => (cell, (number * (nth as i64 + 1)).to_string()),
            Err(_) => (cell, value),
        };
        let entries: Vec<(String, String)> = entries(&form).into_iter().map(own).collect();
        let target = path(&format!("district{nth}.{extension}"));
        type_in(&path("profile"), &form, &entries, &target, filter);
        let checked = path(&format!("checked{nth}"));
        esep(&["check", text(&target), "--out", text(&checked)], 0);
        let told = json_of(&only_folder(&checked).join("findings.json"));
        assert_eq!(told["counts"]["error"], 0, "{told}");
        typed.insert(nth, entries.len());
        filled.push(target);
    }
    assert!(typed.values().all(|count| *count > 200), "{typed:?}");

    let region = organisation(place.path(), "Область (пример)", REGION, true);
    let out = path("region");
    let files: Vec<&str> = filled.iter().map(|file| text(file)).collect();
    let more = ["--organisation", text(&region), "--out", text(&out)];
    esep(&[&["consolidate"][..], &files, &more].concat(), 0);
    let whole = only_folder(&out);
    let consolidated = cells(&json_of(&whole.join("report.json")));
    // the districts' figures are in the proportion 1 : 2 : 3, so the whole is six times the first; the register is one
    // and the same for all, so it is as large as the largest
    let one = path("one");
    let alone = [files[0], "--provisional", "--organisation", text(&region), "--out", text(&one)];
    esep(&[&["consolidate"][..], &alone].concat(), 1); // two districts are missing
    let first = cells(&json_of(&only_folder(&one).join("report.json")));
    assert_eq!(first.keys().collect::<Vec<_>>(), consolidated.keys().collect::<Vec<_>>());
    let mut sums = 0;
    for (key, values) in &first {
        for (column, value) in values {
            let times = if key[0].starts_with("register") { 3 } else { 6 };
            assert_eq!(consolidated[key][column], times * value, "{key:?} {column}");
            sums += i64::from(*value > 0);
        }
    }
    assert!(sums > 200, "{sums}");

    let row = ["training".to_owned(), String::new(), String::new()];
    let old = consolidated[&row]["m2"];
    fs::write(path("act.txt"), "Акт сверки (пример)").unwrap();
    let change = format!(
        "asked_for = true\nperson = \"Ответственный за отчет\"\ndate = 2027-01-20\n[[change]]\nrow = \"training\"\ncolumn = \"m2\"\n\
         old = {old}\nnew = {}\nreason = \"Список поступил после сдачи отчета\"\ndocument = \"act.txt\"\n",
        old + 4
    );
    fs::write(path("changes.toml"), change).unwrap();
    let adjusted = path("adjusted");
    let submitted = whole.join("report.xlsx");
    esep(&["adjust", text(&submitted), "--changes", text(&path("changes.toml")), "--out", text(&adjusted)], 0);
    let edition = only_folder(&adjusted);
    let after = cells(&json_of(&edition.join("report.json")));
    assert_eq!((after[&row]["m2"], after[&row]["q"]), (old + 4, consolidated[&row]["q"] + 4));
    for file in ["report.xlsx", "report.json"] {
        esep(&["check", text(&edition.join(file))], 0);
    }
}
