//! Records as a Parquet file of texts, as a program of databases writes it.

use super::dice::Dice;
use super::grid::Grid;
use super::text::Written;
use super::value::Cell;
use parquet::basic::{Encoding, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::sync::Arc;

/// Writes records under a head; a row's line is its number.
pub fn write(grid: &Grid, dice: &mut Dice<'_>) -> Written {
    let names: Vec<String> = grid.lines[0].cells.iter().map(Cell::print).collect();
    let column = |name: &String| {
        let of = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
        Arc::new(of.with_repetition(Repetition::OPTIONAL).build().expect("a column"))
    };
    let schema = Type::group_type_builder("records").with_fields(names.iter().map(column).collect()).build();
    let mut file = Vec::new();
    let settings = Arc::new(settings(dice));
    let schema = Arc::new(schema.expect("a schema"));
    let mut writer = SerializedFileWriter::new(&mut file, schema, settings).expect("a file");
    for rows in grid.lines[1..].chunks(1 + dice.roll(20)) {
        let mut group = writer.next_row_group().expect("a group");
        for place in 0..names.len() {
            let texts: Vec<String> = rows.iter().map(|line| line.cells[place].print()).collect();
            // a missing value is none, or an empty text
            let is_missing = |text: &String| text.is_empty() && place % 2 == 0;
            let levels: Vec<i16> = texts.iter().map(|text| i16::from(!is_missing(text))).collect();
            let given = texts.iter().filter(|text| !is_missing(text));
            let values: Vec<ByteArray> = given.map(|text| ByteArray::from(text.as_str())).collect();
            let mut column = group.next_column().expect("a column").expect("a column");
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).expect("written");
            column.close().expect("written");
        }
        group.close().expect("written");
    }
    writer.close().expect("written");
    let places = (0..grid.lines.len() as u64).collect();
    let swallowed = vec![None; grid.lines.len()];
    Written { name: "services.parquet", bytes: file, text: String::new(), places, swallowed }
}

fn settings(dice: &mut Dice<'_>) -> WriterProperties {
    let version = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0][dice.roll(2)];
    let all = WriterProperties::builder().set_writer_version(version).set_data_page_row_count_limit(1 + dice.roll(9));
    match dice.roll(4) {
        0 => all.build(),
        1 => all.set_dictionary_enabled(false).set_encoding(Encoding::DELTA_BYTE_ARRAY).build(),
        2 => all.set_dictionary_enabled(false).set_encoding(Encoding::DELTA_LENGTH_BYTE_ARRAY).build(),
        _ => all.set_dictionary_enabled(false).set_encoding(Encoding::PLAIN).build(),
    }
}
