//! An XLS as programs wrote it before 1997: texts are bytes of a code page, which the file may not name.

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a short record");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// A sheet «services» with these texts; `code_page`: what the file says of its letters.
pub fn xls(code_page: Option<u16>, rows: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 5, kind, 0, 0xBB, 0x0D, 0xCC, 0x07]);
    let end = record(0x000A, &[]);
    let page = code_page.map(|page| record(0x0042, &page.to_le_bytes())).unwrap_or_default();
    let name = b"services";
    let start = begin(5).len() + page.len() + 4 + 7 + name.len() + end.len();
    let place = u32::try_from(start).expect("a small book").to_le_bytes();
    let length = u8::try_from(name.len()).expect("a short name");
    let sheet = record(0x0085, &[&place[..], &[0, 0, length], name].concat());
    let mut stream = [begin(5), page, sheet, end.clone(), begin(0x10)].concat();
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, text) in (0_u16..).zip(cells) {
            let length = u16::try_from(text.len()).expect("a short text");
            let head = [row, column, 15, length].map(u16::to_le_bytes).concat();
            stream.extend(record(0x0204, &[&head[..], text].concat()));
        }
    }
    stream.extend(end);
    compound("Book", stream)
}

/// Cells merged into one: first and last row, first and last column, from 0.
pub type Merged = [u16; 4];

/// The same as programs write it since 1997: texts in UTF-16, `shared`: in one list, as Excel has them; and merged cells.
pub fn xls8(rows: &[Vec<String>], merged: &[Merged], shared: bool) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0xBB, 0x0D, 0xCC, 0x07, 0, 0, 0, 0, 6, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let unicode = |text: &str| {
        let length = u16::try_from(text.encode_utf16().count()).expect("a short text").to_le_bytes();
        let letters = text.encode_utf16().flat_map(u16::to_le_bytes);
        length.into_iter().chain([1]).chain(letters).collect::<Vec<u8>>()
    };
    let texts: Vec<&String> = rows.iter().flatten().collect();
    let list: Vec<u8> = texts.iter().flat_map(|text| unicode(text)).collect();
    let shared = shared && list.len() < 8_000;
    let count = u32::try_from(texts.len()).expect("a small book").to_le_bytes();
    let list = if shared { record(0x00FC, &[&count[..], &count, &list].concat()) } else { Vec::new() };
    let page = record(0x0042, &1200_u16.to_le_bytes());
    let name = b"services";
    let start = begin(5).len() + page.len() + 4 + 8 + name.len() + list.len() + end.len();
    let place = u32::try_from(start).expect("a small book").to_le_bytes();
    let length = u8::try_from(name.len()).expect("a short name");
    let sheet = record(0x0085, &[&place[..], &[0, 0, length, 0], name].concat());
    let mut stream = [begin(5), page, sheet, list, end.clone(), begin(0x10)].concat();
    let mut number = 0_u32;
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, text) in (0_u16..).zip(cells) {
            let head = [row, column, 15].map(u16::to_le_bytes).concat();
            stream.extend(if shared {
                record(0x00FD, &[&head[..], &number.to_le_bytes()].concat())
            } else {
                record(0x0204, &[head, unicode(text)].concat())
            });
            number += 1;
        }
    }
    if !merged.is_empty() {
        let count = u16::try_from(merged.len()).expect("few").to_le_bytes();
        let areas = merged.iter().flatten().flat_map(|place| place.to_le_bytes());
        stream.extend(record(0x00E5, &count.into_iter().chain(areas).collect::<Vec<u8>>()));
    }
    stream.extend(end);
    compound("Workbook", stream)
}

/// A compound file (MS-CFB) with one stream.
fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).expect("a small stream");
    let mut links: Vec<u32> = vec![0xFFFF_FFFD, END];
    links.extend((0..sectors).map(|at| if at + 1 == sectors { END } else { at + 3 }));
    links.resize(128, u32::MAX);
    let mut file = vec![0; 512];
    file[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    file[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    for (at, word) in [(44, 1), (48, 1), (56, 4096), (60, END), (68, END)] {
        file[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
    }
    file[76..512].fill(0xFF);
    file[76..80].fill(0);
    file.extend(links.iter().flat_map(|link| link.to_le_bytes()));
    let length = u32::try_from(stream.len()).expect("a small stream");
    for (name, kind, child, start, length) in [("Root Entry", 5, 1, END, 0), (name, 2, u32::MAX, 2, length)] {
        let mut entry: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let letters = u8::try_from(entry.len()).expect("a short name");
        entry.resize(128, 0);
        (entry[64], entry[66], entry[67]) = (letters, kind, 1);
        for (at, word) in [(68, u32::MAX), (72, u32::MAX), (76, child), (116, start), (120, length)] {
            entry[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
        }
        file.extend(entry);
    }
    file.resize(512 * 3, 0);
    file.extend(stream);
    file
}
