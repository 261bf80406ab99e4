//! The organisation file as a sheet, and what its settings decide.

use super::bench::{BIN, Case, definitions, folder};
use esep::commands::parts::body;
use esep::words::lang::Lang;
use rust_xlsxwriter::Workbook;
use std::process::Command;
use tempfile::TempDir;

/// An organisation file as a workbook.
pub fn sheet(rows: &[&[&str]]) -> (TempDir, std::path::PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("organisation.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write(row as u32 + 1, column as u16 + 1, *cell).unwrap();
        }
    }
    book.save(&path).unwrap();
    (place, path)
}

#[test]
fn labels_in_three_languages_and_units_in_rows() {
    let (_place, path) = sheet(&[
        &["Сведения об органе"],
        &["Наименование органа:", "Тестовый орган"],
        &["БСН", BIN],
        &["languages", "kk, ru"],
        &[],
        &["КАТО", "Наименование подразделения", "Контакт", "Другие написания наименования"],
        &["439100000", "Первый район", "+7", "1-й район; Район № 1"],
        &["439200000", "Второй район"],
    ]);
    let body = body::read(&path, definitions()).unwrap();
    assert_eq!((body.name_ru.as_str(), body.bin.as_str()), ("Тестовый орган", BIN));
    assert_eq!(body.languages, [Lang::Kk, Lang::Ru]);
    let units: Vec<(&str, &str)> = body.units.iter().map(|unit| (unit.kato.as_str(), unit.name_ru.as_str())).collect();
    assert_eq!(units, [("439100000", "Первый район"), ("439200000", "Второй район")]);
    assert_eq!(body.units[0].names, ["1-й район", "Район № 1"]);
}

#[test]
fn what_is_wrong_with_the_sheet_is_said() {
    let fault = |rows: &[&[&str]]| {
        let (_place, path) = sheet(rows);
        format!("{:#}", body::read(&path, definitions()).unwrap_err())
    };
    assert!(fault(&[&["Наименавание органа", "Орган"]]).contains("near=\"Наименование органа\""));
    assert!(fault(&[&["БИН", BIN], &["БСН", BIN]]).contains("fault_label_twice"));
    assert!(fault(&[&["БИН", "123"], &["Наименование органа", "Орган"]]).contains("fault_organisation_bin"));
}

const NOTHING: &str = "record_id,service_code,service_name,channel,received_at,completed_at,outcome\n";

#[test]
fn a_renamed_place_is_printed_as_in_the_form_or_as_it_is_called() {
    let dir = folder(&[("services.csv", NOTHING)]);
    for form in ["1-mk", "2-mk"] {
        for (setting, old, new) in [("", true, false), ("as_in_form", true, false), ("current", false, true)] {
            let mut case = Case::new(dir.path(), form, "2026Q3");
            if !setting.is_empty() {
                case.organisation.push_str(&format!("place_names = \"{setting}\"\n"));
            }
            let ran = case.run();
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(ran.folder.join("report.xlsx")).unwrap();
            let name = calamine::Reader::sheet_names(&book)[0].clone();
            let range = calamine::Reader::worksheet_range(&mut book, &name).unwrap();
            let text: String = range.rows().take(8).flatten().map(|cell| cell.to_string() + "\n").collect();
            let found = (text.contains("Нур-Султан"), text.contains("Астана"));
            assert_eq!(found, (old, new), "{form} {setting}: {text}");
            // and the method note says which name stands there, and since when there is another
            let told = ran.json("analytical.json")["documents"].to_string();
            let note = if new {
                "приведено на день отчета"
            } else {
                "приведено по приложению к Правилам"
            };
            assert!(told.contains(note) && told.contains("17 сентября 2022"), "{form} {setting}");
        }
    }
}

#[test]
fn the_role_decides_which_forms_are_filled_where_none_is_named() {
    let dir = folder(&[("services.csv", NOTHING)]);
    for (role, forms) in
        [("central", "1-mk"), ("territorial", "1-mk"), ("akimat", "2-mk"), ("informatization", "3-mk 4-mk")]
    {
        let place = tempfile::tempdir().unwrap();
        let (file, out) = (place.path().join("organisation.toml"), place.path().join("out"));
        std::fs::write(&file, format!("name_ru = \"Орган\"\nbin = \"{BIN}\"\nrole = \"{role}\"\n")).unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_esep"));
        run.arg("generate").arg(dir.path().join("services.csv")).args(["--period", "2026Q3", "--quiet"]);
        let ran = run.arg("--organisation").arg(&file).arg("--out").arg(&out).output().unwrap();
        let mut made: Vec<String> = std::fs::read_dir(&out)
            .unwrap_or_else(|_| panic!("{role}: {}", String::from_utf8_lossy(&ran.stderr)))
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("-mk_"))
            .map(|name| name.split('_').next().unwrap().to_owned())
            .collect();
        made.sort();
        assert_eq!(made.join(" "), forms, "{role}");
    }
}
