use crate::sources::workbook::xls_size::*;

/// A compound file with one stream of sectors, as short as the reader takes it.
fn compound(name: &str, stream: &[u8], links: &dyn Fn(&mut Vec<u32>)) -> Vec<u8> {
    let sectors = stream.len().div_ceil(512).max(8);
    let mut table: Vec<u32> = vec![0xFFFF_FFFD, END];
    table.extend((0..sectors).map(|at| if at + 1 == sectors { END } else { u32::try_from(at + 3).unwrap_or(END) }));
    links(&mut table);
    table.resize(128, 0xFFFF_FFFF);
    let mut file = vec![0; 512];
    file[..8].copy_from_slice(MAGIC);
    for (at, bytes) in [
        (26, &[3, 0][..]),
        (30, &[9, 0]),
        (32, &[6, 0]),
        (44, &[1]),
        (48, &[1]),
        (60, &[0xFE, 0xFF, 0xFF, 0xFF]),
        (68, &[0xFE, 0xFF, 0xFF, 0xFF]),
    ] {
        file[at..at + bytes.len()].copy_from_slice(bytes);
    }
    file[76..512].fill(0xFF);
    file[76..80].fill(0);
    file.extend(table.iter().flat_map(|word| word.to_le_bytes()));
    for (name, start, length) in [("Root Entry", END, 0), (name, 2, u32::try_from(sectors * 512).unwrap_or_default())] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        file.extend(entry);
    }
    file.resize(512 * 3, 0);
    file.extend(stream);
    file.resize(512 * (3 + sectors), 0);
    file
}

/// Where the entry of the root lies in a file of `compound`; the stream's follows it.
const ROOT: usize = 1024;

fn patched(file: &[u8], changes: &[(usize, &[u8])]) -> Vec<u8> {
    let mut file = file.to_vec();
    for (at, bytes) in changes {
        file[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    file
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or_default();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn number_cell(row: u16, column: u16) -> Vec<u8> {
    record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
}

fn book(cells: &[Vec<u8>]) -> Vec<u8> {
    let start = record(0x0809, &[0, 6, 5, 0]);
    let sheet = record(0x0085, &[&29_u32.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
    let end = record(0x000A, &[]);
    [&start[..], &sheet, &[0x99, 0, 0, 0], &end, &[][..]]
        .concat()
        .into_iter()
        .chain([start, cells.concat(), end].concat())
        .collect()
}

#[test]
fn chains_and_cells_are_checked() {
    let keep: &dyn Fn(&mut Vec<u32>) = &|_| {};
    let dimensions =
        |rows: u32| record(0x0200, &[&0_u32.to_le_bytes()[..], &rows.to_le_bytes(), &[0, 0, 255, 0, 0, 0]].concat());
    let chart = [record(0x0809, &[0, 6, 0x20, 0]), number_cell(60_000, 60_000), record(0x000A, &[])].concat();
    let whole = book(&[number_cell(0, 0)]);
    // sectors in a circle, and a length that would follow it for gigabytes
    let circle = compound("Workbook", &book(&[]), &|table| table[3] = 3);
    for (file, expected) in [
        (compound("Workbook", &book(&[number_cell(0, 0), number_cell(9, 9)]), keep), Ok(())),
        (compound("Workbook", &book(&[dimensions(65_536), chart, number_cell(9, 9)]), keep), Ok(())),
        (
            compound("Workbook", &book(&[number_cell(0, 0), number_cell(65_535, 255)]), keep),
            Err(Objection::TooWide(65_536 * 256)),
        ),
        (
            compound("Workbook", &book(&[dimensions(u32::MAX)]), keep),
            Err(Objection::TooWide(u64::from(u32::MAX) * 255)),
        ),
        (compound("Workbook", &book(&[]), &|table| table[1] = 1), Err(Objection::Broken("compound file"))),
        (circle.clone(), Ok(())),
        (patched(&circle, &[(ROOT + 128 + 120, &[0, 0, 0, 0xF0])]), Err(Objection::Broken("compound file"))),
        (
            patched(&circle, &[(64, &[1]), (ROOT + 116, &[2, 0, 0, 0, 0, 0, 0, 0xF0])]),
            Err(Objection::Broken("compound file")),
        ),
        (
            compound("Workbook", &[&whole[..whole.len() - 4], &[0xFF; 2048]].concat(), keep),
            Err(Objection::Broken("sheet")),
        ),
        (compound("EncryptedPackage", b"", keep), Err(Objection::Protected)),
        (compound("Notes", b"", keep), Err(Objection::Broken("no workbook"))),
        (MAGIC.to_vec(), Err(Objection::Broken("compound file"))),
    ] {
        assert_eq!(inspect(&file, &Bounds::default()), expected);
    }
}

/// A record of four bytes is an object of many in the memory of the reader.
#[test]
fn styles_names_merged_areas_and_texts_are_counted() {
    let keep: &dyn Fn(&mut Vec<u32>) = &|_| {};
    let bounds = Bounds { objects: 1_000, strings: 1_000, ..Bounds::default() };
    let merged = |count: u16, areas: usize| record(0x00E5, &[&count.to_le_bytes()[..], &vec![0; areas * 8]].concat());
    let texts = |count: u32| record(0x00FC, &[&count.to_le_bytes()[..], &count.to_le_bytes()].concat());
    for (records, expected) in [
        (vec![record(0x00E0, &[]); 1_000], Ok(())),
        (vec![record(0x00E0, &[]); 1_001], Err(Objection::TooManyObjects)),
        (vec![record(0x041E, &[]), merged(1_000, 1_000)], Err(Objection::TooManyObjects)),
        (vec![record(0x0018, &[]); 1_001], Err(Objection::TooManyObjects)),
        (vec![texts(1_000)], Ok(())),
        (vec![texts(1_001)], Err(Objection::TooManyTexts(1_001))),
    ] {
        let file = compound("Workbook", &book(&records), keep);
        assert_eq!(inspect(&file, &bounds), expected);
        assert_eq!(inspect(&file, &Bounds::default()), Ok(()), "sound files stay far below");
    }
    for (count, areas) in [(0, 1), (1, 0), (2, 3), (8_192, 2)] {
        let file = compound("Workbook", &book(&[merged(count, areas)]), keep);
        assert_eq!(inspect(&file, &bounds), Err(Objection::Broken("merged areas")), "{count} of {areas}");
    }
}
