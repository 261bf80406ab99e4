//! The small tables as Parquet, for engines that would read a CSV file's numbers as texts.

use crate::sql::small::SmallTable;
use anyhow::{Context, Result};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

impl SmallTable {
    /// The table as Parquet: texts, and whole numbers that may be missing.
    ///
    /// # Errors
    /// Those of the writer; a number that is none.
    pub fn parquet(&self) -> Result<Vec<u8>> {
        let columns = self.columns.iter().map(|(name, is_number)| {
            let kind = if *is_number { "optional int32 {}" } else { "required binary {} (UTF8)" };
            kind.replace("{}", name) + "; "
        });
        let schema = parse_message_type(&format!("message rows {{ {}}}", columns.collect::<String>()))?;
        // the same bytes whatever the library's version is
        let properties = WriterProperties::builder().set_created_by("esep".to_owned()).build();
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        for (place, (_, is_number)) in self.columns.iter().enumerate() {
            let values = self.rows.iter().map(|row| row[place].as_str());
            if *is_number { numbers(&mut group, values)? } else { texts(&mut group, values)? }
        }
        group.close()?;
        writer.close()?;
        Ok(bytes)
    }
}

fn texts<'r>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    values: impl Iterator<Item = &'r str>,
) -> Result<()> {
    let values: Vec<ByteArray> = values.map(ByteArray::from).collect();
    let mut column = group.next_column()?.context("a column")?;
    column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
    Ok(column.close()?)
}

fn numbers<'r>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    values: impl Iterator<Item = &'r str>,
) -> Result<()> {
    let (mut numbers, mut given) = (Vec::new(), Vec::new());
    for value in values {
        given.push(i16::from(!value.is_empty()));
        if !value.is_empty() {
            numbers.push(value.parse()?);
        }
    }
    let mut column = group.next_column()?.context("a column")?;
    column.typed::<Int32Type>().write_batch(&numbers, Some(&given), None)?;
    Ok(column.close()?)
}
