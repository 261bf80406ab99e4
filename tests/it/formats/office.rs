//! ODS and XLS as LibreOffice writes them. Without LibreOffice on the machine these tests say that they did not run.

use super::super::books::{Cell, cells, edit_bytes, put};
use super::mutants::{self, Dice};
use super::{assert_books, case, places, run, services};
use rust_xlsxwriter::Workbook;
use std::path::Path;
use std::process::Command;

/// Converts a workbook; `None` when LibreOffice is not on this machine.
pub fn convert(book: &[u8], format: &str) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("services.xlsx");
    std::fs::write(&source, book).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let ran = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", format, "--outdir"])
        .args([folder.path(), Path::new(&source)])
        .output();
    let Ok(done) = ran else {
        eprintln!("SKIPPED: soffice is not on this machine, {format} was not tested");
        return None;
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(std::fs::read(folder.path().join(format!("services.{format}"))).expect("a converted workbook"))
}

fn days(id: &str) -> Vec<Cell> {
    cells(id, vec![("received_at", Cell::Day(1)), ("due_at", Cell::Day(10)), ("completed_at", Cell::Day(3))])
}

#[test]
fn ods_and_xls_give_what_the_xlsx_gives() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Услуги").unwrap();
    sheet.write(0, 0, "Сведения об услугах").unwrap();
    put(
        sheet,
        2,
        &[
            days("a1"),
            cells("a2", vec![("service_code", "00700".into()), ("service_name", "Үй «Ёлка» =1+1".into())]),
            cells("a3", vec![("quantity", Cell::Formula("=1+2", "3"))]),
            cells("a4", vec![("quantity", Cell::Formula("=1/0", "#DIV/0!"))]),
            cells("a5", vec![("service_code", Cell::Day(5))]),
            cells("a6", vec![("service_code", Cell::Number(700.0))]),
            days("a1"),
            cells("Итого", vec![("service_code", Cell::Skip)]),
        ],
    );
    put(book.add_worksheet().set_name("Ещё услуги").unwrap().set_hidden(true), 0, &[cells("b1", Vec::new())]);
    book.add_worksheet().set_name("Заметки").unwrap().write(0, 0, "проверено").unwrap();
    let book = book.save_to_buffer().unwrap();
    let expected = run("services.xlsx", &book);
    assert_eq!(services(&expected), ["00100101|Справка|5 0 0", "00700|Үй «Ёлка» =1+1|1 0 0", "700|Справка|1 0 0"]);
    assert_books(&expected, [8, 5, 1, 2], "XLSX");
    for format in ["ods", "xls"] {
        let Some(converted) = convert(&book, format) else { return };
        let ran = run(&format!("services.{format}"), converted);
        assert_eq!(services(&ran), services(&expected), "{format}");
        assert_eq!(places(&ran), places(&expected), "{format}");
        assert_eq!(ran.cells(), expected.cells(), "{format}");
        assert_books(&ran, [8, 5, 1, 2], format);
    }
}

/// A stray cell far away makes a rectangle of what the formats hold; it is refused before it is made.
#[test]
fn a_far_cell_of_an_xls_or_ods_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("services").unwrap();
    put(sheet, 0, &[cells("a1", Vec::new())]);
    sheet.write(65_535, 255, "x").unwrap();
    let book = book.save_to_buffer().unwrap();
    for format in ["ods", "xls"] {
        let Some(converted) = convert(&book, format) else { return };
        let folder = super::file(&format!("services.{format}"), converted);
        let (status, said) = case(folder.path()).terminal();
        assert!(status == 3 && said.contains("F-027"), "{format}: {status} {said}");
    }
}

#[test]
fn mutants_of_ods_and_xls() {
    let (Some(ods), Some(xls)) = (convert(&mutants::book(), "ods"), convert(&mutants::book(), "xls")) else { return };
    let mut dice = Dice(13);
    for number in 0..400 {
        mutants::check("services.xls", &xls, &dice.mutate(&xls), &format!("XLS {number}"));
        let mutant = edit_bytes(&ods, "content.xml", |bytes| dice.mutate(bytes));
        mutants::check("services.ods", &ods, &mutant, &format!("ODS {number}"));
    }
}
