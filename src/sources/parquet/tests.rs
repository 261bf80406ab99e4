//! Damage that no decoder notices, and numbers that few writers write.

use crate::sources::parquet::*;
use parquet::basic::{ConvertedType, Encoding, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io::Write;

const WIDE: [u64; 5] = [0, u64::MAX, 7, 1 << 63, 1];
const NARROW: [u32; 5] = [0, u32::MAX, 7, 3_000_000_000, i32::MAX as u32];

/// A text and two unsigned numbers a row, in groups of five rows; numbers by this encoding, or by dictionaries.
fn written(groups: usize, encoding: Option<Encoding>) -> Vec<u8> {
    let column = |name, physical, converted| {
        let of = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
        Arc::new(of.with_converted_type(converted).build().unwrap_or_else(|fault| panic!("{fault}")))
    };
    let columns = vec![
        column("record_id", Physical::BYTE_ARRAY, ConvertedType::UTF8),
        column("wide", Physical::INT64, ConvertedType::UINT_64),
        column("narrow", Physical::INT32, ConvertedType::UINT_32),
    ];
    let schema = Type::group_type_builder("rows").with_fields(columns).build();
    let settings = match encoding {
        Some(encoding) => WriterProperties::builder().set_dictionary_enabled(false).set_encoding(encoding),
        None => WriterProperties::builder(),
    };
    let settings = settings.set_column_encoding("record_id".into(), Encoding::PLAIN).build();
    let schema = Arc::new(schema.unwrap_or_else(|fault| panic!("{fault}")));
    let mut file = Vec::new();
    let write = |file: &mut Vec<u8>| -> parquet::errors::Result<()> {
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(settings))?;
        for group in 0..groups {
            let ids: Vec<ByteArray> = (0..5).map(|row| format!("R{group}-{row}").as_str().into()).collect();
            let mut columns = writer.next_row_group()?;
            let mut place = 0;
            while let Some(mut column) = columns.next_column()? {
                match place {
                    0 => column.typed::<ByteArrayType>().write_batch(&ids, None, None)?,
                    1 => column.typed::<Int64Type>().write_batch(&WIDE.map(u64::cast_signed), None, None)?,
                    _ => column.typed::<Int32Type>().write_batch(&NARROW.map(u32::cast_signed), None, None)?,
                };
                column.close()?;
                place += 1;
            }
            columns.close()?;
        }
        writer.close().map(|_| ())
    };
    write(&mut file).unwrap_or_else(|fault| panic!("{fault}"));
    file
}

/// All texts of a file.
fn texts(bytes: &[u8]) -> io::Result<Vec<Vec<String>>> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(bytes)?;
    let parquet = Parquet::open(file.path())?;
    let mut rows = Vec::new();
    for group in 0..parquet.groups() {
        let mut columns = parquet.group(group)?;
        loop {
            let count = columns.advance()?;
            if count == 0 {
                break;
            }
            let text = |value: ParquetValue<'_>| String::from_utf8_lossy(value.text(&mut Vec::new())).into_owned();
            let own = |row| columns.values(row).map(text).collect();
            rows.extend((0..count).map(own));
        }
    }
    Ok(rows)
}

#[test]
fn unsigned_numbers_are_the_same_by_any_encoding() {
    let columns: Vec<Vec<String>> = (0..5).map(|row| vec![WIDE[row].to_string(), NARROW[row].to_string()]).collect();
    for encoding in [None, Some(Encoding::PLAIN), Some(Encoding::DELTA_BINARY_PACKED)] {
        let rows = texts(&written(1, encoding)).unwrap_or_else(|fault| panic!("{fault}"));
        let numbers: Vec<Vec<String>> = rows.iter().map(|row| row[1..].to_vec()).collect();
        assert_eq!(numbers, columns, "{encoding:?}");
    }
}

/// Every bit of what a file says of itself: never does it have fewer rows, or more, without a word.
#[test]
fn no_changed_bit_takes_rows_away() {
    let whole = written(3, None);
    let (rows, mut told) = (texts(&whole).map_or(0, |rows| rows.len()), 0);
    assert_eq!(rows, 15);
    crate::sources::caught::hush();
    let mut wrong = Vec::new();
    for place in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[place / 8] ^= 1 << (place % 8);
        match texts(&changed) {
            Ok(found) if found.len() != rows => wrong.push((place / 8, place % 8, found.len())),
            Ok(_) => {}
            Err(_) => told += 1,
        }
    }
    assert!(wrong.is_empty(), "of {} bytes {wrong:?}", whole.len());
    assert!(told > 1000, "{told}");
}
