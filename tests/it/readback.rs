//! Our workbook, read again by another library, holds the same cells.

use super::bench::{Case, definitions, root};
use super::made::year;
use calamine::{Data, Reader, Xlsx, open_workbook};
use esep::sources::raw::column_letters;
use std::path::Path;

/// A sheet says how far it reaches, and some readers go no further: that is as far as its cells.
fn reaches_its_cells(workbook: &Path) {
    let mut book: Xlsx<_> = open_workbook(workbook).unwrap();
    let (_, last) = book.worksheet_range_at(0).unwrap().unwrap().end().unwrap();
    let mut parts = zip::ZipArchive::new(std::fs::File::open(workbook).unwrap()).unwrap();
    let own = std::io::read_to_string(parts.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    let said = own.split_once("<dimension ref=\"A1:").unwrap().1.split(char::is_numeric).next();
    assert_eq!(said, Some(column_letters(last as usize).as_str()), "{}", workbook.display());
}

#[test]
fn the_workbook_holds_the_cells() {
    for (folder, form) in [
        ("akimat-2026Q3", "2-mk"),
        ("central-body-2026Q3", "1-mk"),
        ("national-2026Q3", "3-mk"),
        ("national-2026Q3", "4-mk"),
    ] {
        let path = root().join("sample-data").join(folder);
        let mut case = Case::new(&path, form, "2026Q3");
        case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
        let ran = case.run();
        let out = std::fs::read_dir(ran.out.path().join("out"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.is_dir())
            .unwrap();
        reaches_its_cells(&out.join("report.xlsx"));
        let scratch = tempfile::tempdir().unwrap();
        reaches_its_cells(&year(vec![out.clone()], scratch.path(), definitions()).join("year.xlsx"));
        let mut expected: Vec<String> = Vec::new();
        let mut cells = csv::Reader::from_path(out.join("cells.csv")).unwrap();
        for record in cells.records() {
            expected.push(record.unwrap()[12].to_owned());
        }
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(out.join("report.xlsx")).unwrap();
        let sheet = book.sheet_names()[0].clone();
        let range = book.worksheet_range(&sheet).unwrap();
        // the symbolic row id stands in a hidden column of every line of the table
        let found: Vec<String> = super::samples::table_values(&range, form);
        assert_eq!(found.len(), expected.len(), "{form}");
        assert_eq!(found, expected, "{form}");
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().count() > 5, "{form}: live sums");
        assert!(!range.used_cells().any(|(_, _, cell)| matches!(cell, Data::Error(_))), "{form}: no error cells");
    }
}
