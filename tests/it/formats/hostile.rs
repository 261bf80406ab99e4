//! Files that ask for more than they are worth: refused with a finding, in the memory of a sound one.

use super::super::books::{HEAD, SHEET, archive, cells, edit, hostile, ods, ods_row, old, put, record, services};
use super::{assert_books, case, file, places, run};
use rust_xlsxwriter::Workbook;
use std::time::Instant;

/// Every hostile workbook ends in exit status 3 and this finding, at once, in 2 GiB of address space.
#[test]
fn hostile_workbooks_are_refused_at_once() {
    for (name, book, code) in [
        ("services.xlsx", hostile::declared_bomb(), "F-025"),
        ("services.xlsx", hostile::undeclared_bomb(64 << 20), "F-021"),
        ("services.xlsx", hostile::many_members(), "F-024"),
        ("services.xlsx", hostile::endless_text(), "F-026"),
        ("services.xlsx", hostile::declared_strings(), "F-028"),
        ("services.ods", hostile::repeated_cells(), "F-027"),
        ("services.ods", hostile::counted_spaces(9, 5_000_000_000), "F-025"),
        ("services.ods", hostile::counted_spaces(9_000, 1_000_000), "F-025"),
        ("services.ods", hostile::repeated_spaces(), "F-025"),
        (
            "services.xlsx",
            hostile::many_objects("xl/styles.xml", "<cellXfs count=\"1\">", "<xf/>", 10_000_000),
            "F-069",
        ),
        (
            "services.xlsx",
            hostile::many_objects(
                "xl/workbook.xml",
                "</sheets>",
                "<definedNames><definedName name=\"a\">b</definedName></definedNames>",
                2_000_000,
            ),
            "F-069",
        ),
        (
            "services.xlsx",
            hostile::many_objects(SHEET, "</sheetData>", "<mergeCell ref=\"A1:B2\"/>", 2_000_000),
            "F-069",
        ),
        ("services.xlsx", hostile::many_objects("xl/sharedStrings.xml", "</si>", "<si><t/></si>", 11_000_000), "F-028"),
        ("services.xlsx", hostile::password(), "F-022"),
        ("services.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "F-021"),
        ("services.csv", b"PK\x03\x04 cut".to_vec(), "F-021"),
    ] {
        let folder = file(name, book);
        let begun = Instant::now();
        let mut case = case(folder.path());
        case.memory = Some(2 << 20);
        let (status, said) = case.terminal();
        assert_eq!(status, 3, "{code}: {said}");
        assert!(said.contains(code), "{code}: {said}");
        assert!(begun.elapsed().as_secs() < 20, "{code}: {:?}", begun.elapsed());
    }
}

/// A picture of one colour has no sign of XML for megabytes, and is no text; what only says that it is XML is.
#[test]
fn pictures_are_no_texts() {
    let with = |head: &[u8]| {
        let picture = [head, &vec![b'x'; 20 << 20]].concat();
        let book = services(&[cells("a1", Vec::new())]);
        let mut read = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
        let mut members = vec![("xl/media/image1.bmp".to_owned(), picture)];
        for index in 0..read.len() {
            let mut entry = read.by_index(index).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
            members.push((entry.name().unwrap().into_owned(), content));
        }
        archive(members.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
    };
    let ran = run("services.xlsx", with(b"BM"));
    assert_books(&ran, [1, 1, 0, 0], "a picture");
    let folder = file("services.xlsx", with(b"<x>"));
    let (status, said) = case(folder.path()).terminal();
    assert_eq!((status, said.contains("F-026")), (3, true), "{said}");
}

/// Counts of an XLS that are not true: what they hide is never passed over.
#[test]
fn counts_that_lie() {
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    rows.extend((1..=3).map(|number| record(&format!("a{number}")).to_vec()));
    let sound = old::xls8(&rows, &[], true);
    let list = sound.windows(2).position(|kind| kind == [0xFC, 0]).unwrap();
    let patched = |at: usize, bytes: &[u8]| {
        let mut book = sound.clone();
        book[at..at + bytes.len()].copy_from_slice(bytes);
        book
    };
    // how many texts there are is read from the texts themselves
    for count in [0_u32, 1, 1_000] {
        let bytes = [count.to_le_bytes(), count.to_le_bytes()].concat();
        let ran = run("services.xls", patched(list + 4, &bytes));
        assert_books(&ran, [3, 3, 0, 0], &format!("{count} texts"));
        assert!(places(&ran).is_empty());
    }
    let refused = |book: Vec<u8>, code: &str, what: &str| {
        let folder = file("services.xls", book);
        let (status, said) = case(folder.path()).terminal();
        assert_eq!((status, said.contains(code)), (3, true), "{what}: {said}");
    };
    refused(patched(list + 8, &u32::MAX.to_le_bytes()), "F-028", "more texts than anything holds");
    // a cell whose text is not in the list: the last cell, an empty one where the reader is asked
    let cell = [3_u16, 8, 15].map(u16::to_le_bytes).concat();
    let cell = sound.windows(6).position(|head| head == cell).unwrap();
    for number in [36_u32, 1_000, u32::MAX] {
        refused(patched(cell + 6, &number.to_le_bytes()), "F-021", "a text beyond the list");
    }
    let merged = old::xls8(&rows, &[[1, 2, 2, 2], [1, 2, 3, 3]], true);
    assert_books(&run("services.xls", &merged), [3, 3, 0, 0], "merged areas");
    let areas = merged.windows(4).position(|kind| kind == [0xE5, 0, 18, 0]).unwrap();
    for count in [0_u8, 1, 3, 200] {
        let mut book = merged.clone();
        book[areas + 4] = count;
        refused(book, "F-021", "merged areas");
    }
}

/// Of two sheets of one name a reader gives the rows of one in place of both.
#[test]
fn sheets_of_one_name_are_refused() {
    let mut book = Workbook::new();
    for (name, id) in [("services", "a1"), ("Services ", "a2")] {
        put(book.add_worksheet().set_name(name).unwrap(), 0, &[cells(id, Vec::new())]);
    }
    let book = book.save_to_buffer().unwrap();
    assert_books(&run("services.xlsx", &book), [2, 2, 0, 0], "two names");
    let same = edit(&book, "xl/workbook.xml", |text| text.replace("\"Services \"", "\"services\""));
    let rows = |id: &str| {
        [HEAD.map(str::to_owned), record(id)].map(|row| ods_row(&row.each_ref().map(String::as_str))).concat()
    };
    let tables = |other: &str| {
        let next = format!("</table:table><table:table table:name=\"{other}\">");
        ods(&[rows("a1"), next, rows("a2")].concat())
    };
    assert_books(&run("services.ods", tables("other")), [2, 2, 0, 0], "two names");
    for (name, book) in [("services.xlsx", same), ("services.ods", tables("services"))] {
        let folder = file(name, book);
        let (status, said) = case(folder.path()).terminal();
        assert_eq!((status, said.contains("F-021")), (3, true), "{name}: {said}");
    }
}
