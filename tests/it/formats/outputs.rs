//! Text that looks like a formula stays text in everything that is written.

use super::super::bench::Ran;
use super::super::books::{Cell, cells, changed, csv, services as workbook};
use super::{assert_books, case, file};
use calamine::{Data, Reader};

const NAMES: [&str; 5] = ["=1+1", "+7 701 000 00 00", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x\";\"y\")"];

/// All cells of a workbook as text, and all its formulas.
fn contents(ran: &Ran, name: &str) -> (Vec<String>, Vec<String>) {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(ran.folder.join(name)).expect("a workbook");
    let (mut texts, mut formulas) = (Vec::new(), Vec::new());
    for sheet in book.sheet_names() {
        let cells = book.worksheet_range(&sheet).unwrap();
        texts.extend(cells.used_cells().filter_map(|(_, _, cell)| match cell {
            Data::String(text) => Some(text.clone()),
            _ => None,
        }));
        formulas.extend(book.worksheet_formula(&sheet).unwrap().used_cells().map(|(_, _, formula)| formula.clone()));
    }
    (texts, formulas)
}

#[test]
fn text_never_becomes_a_formula() {
    let records: Vec<_> = (0..)
        .zip(NAMES)
        .flat_map(|(index, name)| {
            let code = format!("0{index}");
            let sound = changed(&format!("a{index}"), &[("service_code", &code), ("service_name", name)]);
            // the same in a row that is rejected, and in the value that is at fault
            let rejected = changed(&format!("b{index}"), &[("service_name", name), ("channel", name)]);
            [sound, rejected]
        })
        .collect();
    let as_cells: Vec<Vec<Cell>> =
        records.iter().map(|record| record.iter().map(|value| Cell::from(value.as_str())).collect()).collect();
    for (file_name, content) in [("services.csv", csv(&records).into_bytes()), ("services.xlsx", workbook(&as_cells))] {
        let folder = file(file_name, content);
        for form in ["2-mk", "4-mk"] {
            let mut case = case(folder.path());
            case.forms = vec![form.to_owned()];
            case.organisation = case.organisation.replace("Тестовый орган", "=2+2");
            let ran = case.run();
            for book in ["report.xlsx", "findings.xlsx"] {
                let (texts, formulas) = contents(&ran, book);
                for name in NAMES.iter().chain([&"=2+2"]) {
                    let inner = name.trim_start_matches('=');
                    assert!(!formulas.iter().any(|formula| formula.trim_start_matches('=') == inner), "{book}: {name}");
                }
                if form == "2-mk" {
                    // a telephone is shown in the form alone, whose line it names
                    for name in NAMES.iter().filter(|name| book == "report.xlsx" || !name.starts_with('+')) {
                        assert!(texts.iter().any(|text| text.contains(*name)), "{file_name} {book}: {name} is lost");
                    }
                }
            }
            if form == "2-mk" {
                assert_books(&ran, [10, 5, 0, 5], file_name);
                let lines = super::services(&ran).join("\n");
                for name in NAMES {
                    assert!(lines.contains(name), "{name}: {lines}");
                    // no code, and perhaps a name: it stands in the quarantine alone
                    assert!(!ran.file("findings.json").contains(&name.replace('"', "\\\"")), "{name}");
                }
            }
        }
    }
}

/// A formula of the source never reaches the quarantine as one.
#[test]
fn a_rejected_formula_is_no_formula() {
    let book = workbook(&[
        cells("a1", Vec::new()),
        cells("a2", vec![("quantity", Cell::Skip), ("channel", Cell::Formula("=WEBSERVICE(\"http://x\")", "nowhere"))]),
    ]);
    let folder = file("services.xlsx", book);
    let ran = case(folder.path()).run();
    assert_books(&ran, [2, 1, 0, 1], "a formula");
    let quarantined = ran.file("quarantine/services-services.csv");
    assert!(quarantined.contains("nowhere") && !quarantined.contains("WEBSERVICE"), "{quarantined}");
}

/// Texts longer than a spreadsheet's cell must not stop a run.
#[test]
fn a_text_longer_than_a_cell_is_written() {
    let name = "я".repeat(40_000);
    let ran = super::run("services.csv", csv(&[changed("a1", &[("service_name", &name)])]));
    assert_eq!(super::services(&ran), [format!("00100101|{name}|1 0 0")]);
    let (texts, _) = contents(&ran, "report.xlsx");
    assert!(texts.iter().any(|text| text.contains("яяя")));
}
