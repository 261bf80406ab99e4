//! Our workbooks in LibreOffice, which recalculates every formula by itself.

use super::bench::{BIN, Case, Ran, root};
use calamine::Reader;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// All sheets as CSV, formatted as shown.
const ALL_SHEETS: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
/// How the line of a broken check ends.
const BROKEN: &str = ",broken\n";
/// Tells LibreOffice to recalculate a workbook when it is opened, always.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;

/// Whether LibreOffice is there; without it a test says so and ends, except in CI, which installs it.
pub fn is_there(test: &str) -> bool {
    let there = Command::new("soffice").arg("--version").output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "CI must install LibreOffice");
    if !there {
        eprintln!("SKIPPED {test}: LibreOffice (soffice) is not installed");
    }
    there
}

/// Converts a file with a profile of its own that recalculates; the folder of results.
pub fn convert(file: &Path, to: &str) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    let profile = place.path().join("profile/user");
    fs::create_dir_all(&profile).expect("a folder");
    fs::write(profile.join("registrymodifications.xcu"), PROFILE).expect("written");
    let ran = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", place.path().join("profile").display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(place.path().join("out"))
        .arg(file)
        .output()
        .expect("soffice runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    place
}

/// Sheets as CSV: the form, then the checks.
fn sheets(file: &Path) -> [String; 2] {
    let place = convert(file, ALL_SHEETS);
    let mut files: Vec<PathBuf> =
        fs::read_dir(place.path().join("out")).expect("results").map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).expect("UTF-8")).collect();
    let is_check = |text: &&String| text.contains("sum.");
    let check = texts.iter().find(is_check).expect("the sheet of checks");
    [texts.iter().find(|text| !is_check(text)).expect("the form").clone(), check.clone()]
}

/// The workbook with the number of one cell of its first sheet replaced, as a hand would.
fn edited(workbook: &Path, cell: &str, number: i64) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    let mut archive = zip::ZipArchive::new(fs::File::open(workbook).unwrap()).expect("a workbook");
    let mut writer = zip::ZipWriter::new(fs::File::create(place.path().join("report.xlsx")).unwrap());
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = member.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let text = String::from_utf8(bytes).unwrap();
            let start = text.find(&format!("<c r=\"{cell}\"")).expect("the cell");
            let inside = start + text[start..].find('>').unwrap() + 1;
            let end = inside + text[inside..].find("</c>").expect("a cell with content");
            bytes = format!("{}<v>{number}</v>{}", &text[..inside], &text[end..]).into_bytes();
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap();
    place
}

fn report(sample: &str, form: &str) -> (TempDir, PathBuf) {
    let out = tempfile::tempdir().expect("a folder");
    let folder = root().join("sample-data").join(sample);
    let status = Command::new(env!("CARGO_BIN_EXE_esep"))
        .arg("generate")
        .arg(&folder)
        .args(["--form", form, "--period", "2026Q3", "--lang", "en", "--quiet", "--organisation"])
        .arg(folder.join("organisation.toml"))
        .arg("--out")
        .arg(out.path())
        .status()
        .expect("esep runs");
    assert_eq!(status.code(), Some(1), "the samples have planted errors");
    let folder = fs::read_dir(out.path()).unwrap().next().unwrap().unwrap().path();
    (out, folder)
}

/// Address of the first cell of the form with a number of its own, from the sheet of checks: the left side of a sum
/// of rows stands there, its first addend one row below.
fn first_addend(checks: &str) -> (String, String) {
    let line = checks.lines().find(|line| line.starts_with("sum.")).expect("a sum");
    let fields = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes()).records().next();
    let cell = fields.unwrap().unwrap()[4].to_owned();
    let letters: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    let row: u32 = cell[letters.len()..].parse().expect("an address");
    (cell, format!("{letters}{}", row + 1))
}

#[test]
fn formulas_come_to_our_numbers_and_an_edit_turns_the_checks() {
    if !is_there("formulas_come_to_our_numbers_and_an_edit_turns_the_checks") {
        return;
    }
    for (sample, form) in [("akimat-2026Q3", "2-mk"), ("central-body-2026Q3", "1-mk")] {
        let (_out, folder) = report(sample, form);
        let workbook = folder.join("report.xlsx");
        let [sheet, checks] = sheets(&workbook);
        let mut cells = csv::Reader::from_path(folder.join("cells.csv")).unwrap();
        let ours: Vec<String> = cells.records().map(|record| record.unwrap()[12].to_owned()).collect();
        let mut shown = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(sheet.as_bytes());
        let shown: Vec<Vec<String>> =
            shown.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let is_value = |cell: &&String| *cell == "-" || (!cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit()));
        let mut theirs = shown.iter().flat_map(|row| row.iter().filter(is_value)).peekable();
        for (place, value) in ours.iter().enumerate() {
            assert!(
                theirs.any(|cell| cell == value),
                "{form}: value {place} ({value}) is not shown after recalculation"
            );
        }
        assert!(checks.contains(",holds\n") && !checks.contains(BROKEN), "{form}: nothing is broken");

        let (sum, addend) = first_addend(&checks);
        let hand = edited(&workbook, &addend, 977);
        let [_, after] = sheets(&hand.path().join("report.xlsx"));
        let carried = after.lines().any(|line| line.contains(&format!(",{sum},")) && line.contains(",98"));
        assert!(carried && !after.contains(BROKEN), "{form}: the sum {sum} follows its addend {addend}");
        let hand = edited(&workbook, &sum, 977);
        let [_, after] = sheets(&hand.path().join("report.xlsx"));
        let turned =
            after.lines().any(|line| line.contains(&format!(",{sum},977,")) && line.ends_with(BROKEN.trim_end()));
        assert!(turned, "{form}: {sum} was overwritten, and its check did not turn");
    }
}

/// A form of more than 5,000 lines: three providers with 1,700 services each, one record of each.
fn large() -> Ran {
    let place = tempfile::tempdir().expect("a folder");
    let mut text = "record_id,provider_bin,provider_name,service_code,service_name,channel,form,applicant,received_at,\
        due_at,completed_at,outcome\n"
        .to_owned();
    for (record, provider) in (0..5_100).zip(["971240001315", "061211600012", BIN].into_iter().cycle()) {
        text.push_str(&format!(
            "r-{record},{provider},Услугодатель {provider},{:08},Услуга {},state_corporation,electronic,individual,\
            2026-07-06 09:00,2026-07-10,2026-07-08 09:00,rendered\n",
            100_000 + record / 3,
            record / 3,
        ));
    }
    let file = place.path().join("services.csv");
    fs::write(&file, text).expect("written");
    let mut case = Case::new(&file, "3-mk", "2026Q3");
    case.organisation = case.organisation.replace("\"ru\"", "\"en\"");
    case.run()
}

/// Of the gathered checks of a sheet: rule, first cell, left side and verdict.
fn gathered(checks: &str) -> Vec<[String; 4]> {
    let rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(checks.as_bytes()).into_records();
    let rows = rows.map(|row| row.expect("a row")).filter(|row| row[1].contains("Checks: "));
    rows.map(|row| [0, 4, 5, 8].map(|column| row[column].to_owned())).collect()
}

#[test]
fn checks_of_a_large_form_are_gathered_and_name_the_cell_that_was_changed() {
    if !is_there("checks_of_a_large_form_are_gathered_and_name_the_cell_that_was_changed") {
        return;
    }
    let ran = large();
    let workbook = ran.folder.join("report.xlsx");
    let mut book = calamine::open_workbook_auto(&workbook).expect("a workbook");
    let range = book.worksheet_range("Check").expect("the sheet of checks");
    let shown = |row: usize, column: usize| range.get((row, column)).map(ToString::to_string).unwrap_or_default();
    let written: Vec<[String; 4]> = (6..range.height())
        .filter(|row| shown(*row, 1).contains("Checks: "))
        .map(|row| [0, 4, 5, 8].map(|column| shown(row, column)))
        .collect();
    assert_eq!(written.len(), 5, "the providers and four rules between columns, each once");
    assert!(written.iter().all(|[_, cell, count, verdict]| cell == "-" && count == "0" && verdict == "holds"));
    let [form, checks] = sheets(&workbook);
    assert_eq!(gathered(&checks), written, "recalculated as written");
    assert!(!checks.contains(BROKEN) && checks.contains(",holds,"));

    // the second provider with its first service: rows of the sheet, from 1
    let of = |text: &str| 1 + form.lines().position(|line| line.contains(text)).expect("a line of the form");
    let provider =
        form.lines().enumerate().filter(|(_, line)| line.contains("Услугодатель")).nth(1).expect("two").0 + 1;
    let service = provider + 1;
    assert!(of("Услугодатель") < provider && of("Услуга") < service);
    let turned = |cell: &str| {
        let hand = edited(&workbook, cell, 977);
        let [_, after] = sheets(&hand.path().join("report.xlsx"));
        gathered(&after).into_iter().filter(|line| line[3] != "holds").collect::<Vec<_>>()
    };
    let line = |rule: &str, cell: String, count: &str| [rule.to_owned(), cell, count.to_owned(), "broken".to_owned()];
    // a sum of a provider overwritten: that of its services is another one, and more is late than was given
    let expected =
        [line("lines.providers", format!("D{provider}"), "1"), line("columns.late", format!("D{provider}"), "1")];
    assert_eq!(turned(&format!("D{provider}")), expected);
    // a service: the sum of its provider follows
    let expected =
        [line("columns.late", format!("D{provider}"), "2"), line("columns.late_bound", format!("D{service}"), "1")];
    assert_eq!(turned(&format!("D{service}")), expected);
}

#[test]
fn records_saved_by_libreoffice_in_other_formats_give_the_same_cells() {
    if !is_there("records_saved_by_libreoffice_in_other_formats_give_the_same_cells") {
        return;
    }
    let sample = root().join("sample-data");
    let cells = |records: &Path| {
        let mut case = Case::new(records, "2-mk", "2026Q3");
        case.organisation = fs::read_to_string(sample.join("akimat-2026Q3/organisation.toml")).unwrap();
        let mut ran = case.run();
        ran.folder = fs::read_dir(ran.out.path().join("out")).unwrap().next().unwrap().unwrap().path();
        (ran.file("cells.csv"), ran.ledger())
    };
    let ours = cells(&sample.join("akimat-2026Q3.xlsx"));
    for format in ["ods", "xls", "xlsx"] {
        let place = convert(&sample.join("akimat-2026Q3.xlsx"), format);
        let theirs = cells(&place.path().join("out").join(format!("akimat-2026Q3.{format}")));
        assert!(ours == theirs, "{format}: other cells, or another ledger");
    }
}
