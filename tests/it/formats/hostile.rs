//! Files that ask for more than they are worth: refused with a finding, in the memory of a sound one.

use super::super::books::{SHEET, hostile};
use super::{case, file};
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
