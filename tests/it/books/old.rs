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
