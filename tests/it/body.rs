//! The organisation file as a sheet.

use super::bench::{BIN, definitions};
use esep::commands::parts::body;
use esep::words::lang::Lang;
use rust_xlsxwriter::Workbook;
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
