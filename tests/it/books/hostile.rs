//! Workbooks that ask for more than they are worth.

use super::{HEAD, SHEET, archive, cells, edit, ods, ods_row, services};

fn sound() -> Vec<u8> {
    services(&[cells("a1", Vec::new())])
}

/// Where the last member's entry in the archive's directory begins.
fn last_entry(book: &[u8]) -> usize {
    book.windows(4).rposition(|window| window == b"PK\x01\x02").expect("a directory")
}

/// The directory declares four gigabytes.
pub fn declared_bomb() -> Vec<u8> {
    let mut book = sound();
    let entry = last_entry(&book);
    book[entry + 24..entry + 28].copy_from_slice(&0xFFFF_FFF0_u32.to_le_bytes());
    book
}

/// The directory declares 100 bytes; a sheet of megabytes is unpacked.
pub fn undeclared_bomb(bytes: usize) -> Vec<u8> {
    let book = edit(&sound(), SHEET, |text| {
        text.replace("</sheetData>", &format!("{}</sheetData>", "<row/>".repeat(bytes / 6)))
    });
    let mut book = book;
    let mut at = 0;
    while let Some(next) = book[at..].windows(4).position(|window| window == b"PK\x01\x02") {
        at += next;
        let name = book[at + 46..].starts_with(SHEET.as_bytes());
        if name {
            book[at + 24..at + 28].copy_from_slice(&100_u32.to_le_bytes());
        }
        at += 4;
    }
    book
}

pub fn many_members() -> Vec<u8> {
    let names: Vec<String> = (0..10_001).map(|number| format!("m{number}")).collect();
    archive(names.iter().map(|name| (name.as_str(), &b""[..])))
}

/// 17 MiB of spaces between two tags.
pub fn endless_text() -> Vec<u8> {
    edit(&sound(), SHEET, |text| text.replace("</sheetData>", &format!("{}</sheetData>", " ".repeat(17 << 20))))
}

pub fn declared_strings() -> Vec<u8> {
    edit(&sound(), "xl/sharedStrings.xml", |text| {
        let start = text.find("uniqueCount=\"").expect("the number of strings") + 13;
        let end = start + text[start..].find('"').expect("its end");
        format!("{}99999999999{}", &text[..start], &text[end..])
    })
}

/// An ODS of two cells, one of which stands a million rows down and 16,000 columns to the right.
pub fn repeated_cells() -> Vec<u8> {
    let far = r#"<table:table-cell table:number-columns-repeated="16000"/>"#;
    let empty = format!(r#"<table:table-row table:number-rows-repeated="1000000">{far}</table:table-row>"#);
    let last = ods_row(&["x"]).replace("<table:table-row>", &format!("<table:table-row>{far}"));
    ods(&format!("{}{empty}{last}", ods_row(&HEAD)))
}

/// Spaces that an ODS writes as a number of them: gigabytes of text in kilobytes, in one cell or in many.
pub fn counted_spaces(cells: usize, spaces: u64) -> Vec<u8> {
    let cell = format!(
        r#"<table:table-cell office:value-type="string"><text:p>a<text:s text:c="{spaces}"/></text:p></table:table-cell>"#
    );
    let row = format!("<table:table-row>{}</table:table-row>", cell.repeat(9));
    ods(&format!("{}{}", ods_row(&HEAD), row.repeat(cells.div_ceil(9))))
}

/// One cell of spaces, repeated over columns and rows.
pub fn repeated_spaces() -> Vec<u8> {
    let cell = r#"<table:table-cell table:number-columns-repeated="9" office:value-type="string"><text:p>a<text:s text:c="100000"/></text:p></table:table-cell>"#;
    let row = format!(r#"<table:table-row table:number-rows-repeated="10000">{cell}</table:table-row>"#);
    ods(&format!("{}{row}", ods_row(&HEAD)))
}

/// Members with millions of small objects, each of which the reader would keep.
pub fn many_objects(member: &str, before: &str, object: &str, count: usize) -> Vec<u8> {
    edit(&sound(), member, |text| text.replacen(before, &format!("{before}{}", object.repeat(count)), 1))
}

/// The envelope of a workbook with a password: a compound file that holds `EncryptedPackage` (MS-OFFCRYPTO).
pub fn password() -> Vec<u8> {
    let mut file = vec![0; 512];
    let words = |file: &mut Vec<u8>, at: usize, words: &[u32]| {
        for (index, word) in words.iter().enumerate() {
            file[at + index * 4..at + index * 4 + 4].copy_from_slice(&word.to_le_bytes());
        }
    };
    const END: u32 = 0xFFFF_FFFE;
    file[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    // version 3, sectors of 512 bytes, short ones of 64
    file[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    words(&mut file, 44, &[1, 1, 0, 4096, END, 0, END, 0, 0]);
    file[80..512].fill(0xFF);
    // sector 0: the links; sector 1: the directory; sectors 2 to 9: the stream
    file.resize(512 * 11, 0);
    file[512..1024].fill(0xFF);
    words(&mut file, 512, &[0xFFFF_FFFD, END, 3, 4, 5, 6, 7, 8, 9, END]);
    for (entry, (name, kind, start, length)) in
        [("Root Entry", 5, END, 0), ("EncryptedPackage", 2, 2, 4096)].into_iter().enumerate()
    {
        let at = 1024 + entry * 128;
        let letters: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        file[at..at + letters.len()].copy_from_slice(&letters);
        file[at + 64] = u8::try_from(letters.len()).expect("a short name");
        file[at + 66] = kind;
        words(&mut file, at + 68, &[u32::MAX, u32::MAX, u32::MAX]);
        words(&mut file, at + 116, &[start, length]);
    }
    file
}
