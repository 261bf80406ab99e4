//! Blocks of any size give the rows that `csv` reads, on text that is as broken as it can be.

use crate::definitions::Definitions;
use crate::sources::bounds::Bounds;
use crate::sources::options::Options;
use crate::sources::raw::{Encoding, Format, FoundTable};
use crate::sources::text::block_rows::BlockRows;
use crate::sources::text::blocks::{Block, Blocks};
use crate::sources::text::csv;
use anyhow::Result;
use std::path::Path;

fn found(path: &Path) -> FoundTable {
    let headers = ["id", "name", "note"].map(str::to_owned).to_vec();
    let format = Format::Csv { encoding: Encoding::Utf8, signs: b','.into() };
    let columns = Vec::new();
    FoundTable {
        path: path.to_owned(),
        name: "x.csv".into(),
        sheet: None,
        table: 0,
        head_top: 1,
        head_rows: Vec::new(),
        header_line: 1,
        headers,
        columns,
        supplied: std::collections::BTreeMap::new(),
        habits: crate::sources::raw::Habits::default(),
        is_rest: false,
        format,
        spelled: std::sync::Arc::default(),
        layout: None,
        mends: None,
    }
}

fn by_blocks(found: &FoundTable, options: &Options, block: usize, definitions: &Definitions) -> Result<Vec<String>> {
    let (mut rows, mut blocks) = (Vec::new(), Blocks::open(&found.path, b',', &options.bounds, block, false)?);
    let mut reader = BlockRows::new(found, &table(definitions), b',', options);
    while let Some(block) = blocks.next(Block::default())? {
        let (mut at, mut line) = (0, block.line);
        loop {
            let mut sink = |row: &crate::sources::text::block_rows::Row<'_>| {
                rows.push(format!("{row:?}"));
                Ok(())
            };
            (at, line) = reader.row(&block, at, line, &mut sink)?;
            if at >= block.bytes.len() {
                break;
            }
        }
    }
    rows.extend(reader.finish().findings.iter().map(|finding| format!("{finding:?}")));
    Ok(rows)
}

fn table(definitions: &Definitions) -> crate::definitions::record::Table {
    let mut table = definitions.tables[0].clone();
    table.key.clear();
    table
}

#[test]
fn blocks_of_any_size_give_the_rows_of_the_file() -> Result<()> {
    let definitions = Definitions::load(None)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("x.csv");
    let pieces: [&[u8]; 18] = [
        b"a",
        b"1",
        "ә".as_bytes(),
        b",",
        b",",
        b"\n",
        b"\n",
        b"\r\n",
        b"\"",
        b"\"",
        b"\"\"",
        b"\r",
        b"\xFF",
        b" ",
        b"a,b,c\n",
        b"\"x,\ny\",b,c\n",
        b"1,\"a,x\n2,b\",y\n",
        b"\"a\" b,",
    ];
    let mut seed = 7_u64;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or(0) % below
    };
    for round in 0..3000 {
        let mut text = b"id,name,note\n".to_vec();
        let calm = draw(3); // some files have few quotes, or none
        for _ in 0..draw(60) {
            let piece = pieces[draw(pieces.len())];
            if calm == 0 || piece != b"\"" || draw(calm * 9) == 0 {
                text.extend_from_slice(piece);
            }
        }
        std::fs::write(&path, &text)?;
        let line_bytes = [16, 24, 1 << 20][draw(3)];
        let options = Options { bounds: Bounds { line_bytes, ..Bounds::default() }, ..Options::default() };
        let found = found(&path);
        let mut expected = Vec::new();
        let notices = csv::read(&found, &table(&definitions), (Encoding::Utf8, b','.into()), &options, &mut |row| {
            expected.push(format!("{row:?}"));
            Ok(())
        })?;
        expected.extend(notices.iter().filter(|notice| notice.name != "table_without_rows").map(|n| format!("{n:?}")));
        for block in [1, 2, 3, 5, 8, 13, 40, 1 << 20] {
            let rows = by_blocks(&found, &options, block, &definitions)?;
            assert_eq!(
                rows,
                expected,
                "round {round} block {block} {line_bytes} {:?}",
                text.escape_ascii().to_string()
            );
        }
    }
    Ok(())
}
