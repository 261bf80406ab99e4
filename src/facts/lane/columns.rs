//! A row of columns that is plainly clean: what an entry of a dictionary means is asked once a group of rows.

use crate::facts::deriver::Deriver;
use crate::facts::lane::clean::{Clean, CleanRow, Given};
use crate::facts::lane::rules::FieldKind;
use crate::facts::source::SourceColumn;
use crate::sources::parquet::value::ParquetValue;

/// What entries of dictionaries were found to mean, by column and entry: the number of a spelling and one more; 0: not
/// asked for yet.
#[derive(Debug, Default)]
pub struct KnownEntries {
    numbers: Vec<Vec<u32>>,
    printed: Vec<u8>,
}

impl KnownEntries {
    /// In another group of rows the same entry means something else.
    pub fn forget(&mut self, columns: usize) {
        self.numbers.iter_mut().for_each(Vec::clear);
        self.numbers.resize(columns, Vec::new());
    }

    fn number(&self, column: usize, code: u32) -> Option<u32> {
        self.numbers[column].get(code as usize)?.checked_sub(1)
    }

    fn learn(&mut self, column: usize, code: u32, number: u32) {
        let (numbers, code) = (&mut self.numbers[column], code as usize);
        if numbers.len() <= code {
            numbers.resize(code + 1, 0);
        }
        numbers[code] = number + 1;
    }
}

impl Clean<'_> {
    /// Reads the values of a row; `None`: not plainly clean.
    pub fn read_values<'c>(
        &mut self,
        values: impl Iterator<Item = (SourceColumn, ParquetValue<'c>)>,
        known: &mut KnownEntries,
        source: usize,
        deriver: &mut Deriver<'_>,
    ) -> Option<CleanRow> {
        let mut given = Given::default();
        for (place, (column, value)) in values.enumerate() {
            if matches!(value, ParquetValue::Missing) {
                continue;
            }
            match (column, value.code()) {
                (SourceColumn::Field(field), Some(code)) if self.kind(field) == FieldKind::Spelling => {
                    let number = if let Some(number) = known.number(place, code) {
                        number
                    } else {
                        let number = self.number(field, value.text(&mut known.printed))?;
                        known.learn(place, code, number);
                        number
                    };
                    self.set_number(&mut given, field, number);
                    continue;
                }
                (SourceColumn::Field(field), _) => {
                    if let (FieldKind::Moment { day_only }, Some(moment)) = (self.kind(field), value.moment()) {
                        self.set_moment(&mut given, field, moment, day_only);
                        continue;
                    }
                }
                _ => {}
            }
            self.take(&mut given, column, value.text(&mut known.printed))?;
        }
        self.close(given, source, deriver)
    }
}
