//! Values of typed columns as the text that a CSV file would have for them.

use crate::values::moment::{DAY, Moment, OFFSET, print_moment};
use parquet::basic::{ConvertedType as Converted, LogicalType as Logical, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;
use std::io::Write;

/// Day of 1970-01-01 among Julian days.
const JULIAN: i64 = 2_440_588;
/// Digits that a decimal may have behind its point.
const DIGITS: usize = 38;
const NANOS_OF_MINUTE: i64 = 60_000_000_000;
/// Microseconds of a minute.
const MICROS: i64 = 60_000_000;
/// Days beyond which no calendar is printed: the years 1 to 9999.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;

/// What the numbers of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Integer,
    Unsigned,
    /// Digits behind the point.
    Decimal(usize),
    Date,
    /// Units of a minute, and minutes to add.
    Moment {
        minute: i64,
        shift: i64,
    },
    Float,
    Double,
}

/// How a column is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PrintKind {
    Text,
    /// Numbers of so many bytes.
    Number(usize, Meaning),
    Boolean,
    /// Days and nanoseconds, of older programs, and minutes to add.
    Int96(i64),
    /// Big-endian decimals of so many bytes; `None`: each with its length.
    Decimal(Option<usize>, usize),
    Uuid,
}

impl Meaning {
    /// A number of 32 bits.
    pub fn narrow(self, number: i32) -> i64 {
        if self == Self::Unsigned { i64::from(number.cast_unsigned()) } else { i64::from(number) }
    }

    pub fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Moment { .. })
    }
}

impl PrintKind {
    /// What whole numbers mean; `None`: another kind of values.
    pub fn whole(self) -> Option<Meaning> {
        match self {
            Self::Number(_, Meaning::Float | Meaning::Double) => None,
            Self::Number(_, meaning) => Some(meaning),
            _ => None,
        }
    }

    /// `None`: a column that no text can be made of.
    pub fn of(column: &ColumnDescriptor) -> Option<Self> {
        let scale = decimals(column);
        let bytes = usize::try_from(column.type_length()).unwrap_or(0);
        let is_uuid = matches!(column.logical_type_ref(), Some(Logical::Uuid));
        match column.physical_type() {
            Type::BOOLEAN => Some(Self::Boolean),
            Type::INT32 => meaning(column).map(|meaning| Self::Number(4, meaning)),
            Type::INT64 => meaning(column).map(|meaning| Self::Number(8, meaning)),
            Type::INT96 => Some(Self::Int96(OFFSET)),
            Type::FLOAT => Some(Self::Number(4, Meaning::Float)),
            Type::DOUBLE => Some(Self::Number(8, Meaning::Double)),
            Type::BYTE_ARRAY => Some(scale.map_or(Self::Text, |scale| Self::Decimal(None, scale))),
            Type::FIXED_LEN_BYTE_ARRAY if is_uuid && bytes == 16 => Some(Self::Uuid),
            Type::FIXED_LEN_BYTE_ARRAY if bytes > 0 => scale.map(|scale| Self::Decimal(Some(bytes), scale)),
            Type::FIXED_LEN_BYTE_ARRAY => None,
        }
    }
}

/// Digits behind the point, of decimals.
fn decimals(column: &ColumnDescriptor) -> Option<usize> {
    let is_decimal =
        matches!(column.logical_type_ref(), Some(Logical::Decimal(_))) || column.converted_type() == Converted::DECIMAL;
    usize::try_from(column.type_scale()).ok().filter(|scale| is_decimal && *scale <= DIGITS)
}

/// `None`: times of no day.
fn meaning(column: &ColumnDescriptor) -> Option<Meaning> {
    let moment = |minute: i64, is_utc: bool| Meaning::Moment { minute, shift: if is_utc { OFFSET } else { 0 } };
    if let Some(scale) = decimals(column) {
        return Some(Meaning::Decimal(scale));
    }
    Some(match (column.logical_type_ref(), column.converted_type()) {
        (Some(Logical::Date), _) | (None, Converted::DATE) => Meaning::Date,
        (Some(Logical::Timestamp(kind)), _) => {
            let minute = match kind.unit {
                TimeUnit::MILLIS => 60_000,
                TimeUnit::MICROS => MICROS,
                TimeUnit::NANOS => NANOS_OF_MINUTE,
            };
            moment(minute, kind.is_adjusted_to_u_t_c)
        }
        // before logical types every timestamp was in UTC
        (None, Converted::TIMESTAMP_MILLIS) => moment(60_000, true),
        (None, Converted::TIMESTAMP_MICROS) => moment(MICROS, true),
        (Some(Logical::Time(_)), _) | (None, Converted::TIME_MILLIS | Converted::TIME_MICROS) => return None,
        (Some(Logical::Integer(kind)), _) if !kind.is_signed => Meaning::Unsigned,
        (None, Converted::UINT_8 | Converted::UINT_16 | Converted::UINT_32 | Converted::UINT_64) => Meaning::Unsigned,
        _ => Meaning::Integer,
    })
}

/// A little-endian fraction of 4 or 8 bytes.
pub(crate) fn float(bytes: &[u8], out: &mut Vec<u8>) {
    let _ = match (<[u8; 4]>::try_from(bytes), <[u8; 8]>::try_from(bytes)) {
        (Ok(narrow), _) => write!(out, "{}", f32::from_le_bytes(narrow)),
        (_, Ok(wide)) => write!(out, "{}", f64::from_le_bytes(wide)),
        _ => return,
    };
}

/// A whole number with its meaning.
pub(crate) fn whole(number: i64, meaning: Meaning, out: &mut Vec<u8>) {
    if let Some(moment) = moment_of(number, meaning) {
        out.extend_from_slice(print_moment(moment).as_bytes());
        return;
    }
    let _ = match meaning {
        Meaning::Decimal(scale) => return decimal(i128::from(number), scale, out),
        Meaning::Unsigned => write!(out, "{}", number.cast_unsigned()),
        _ => write!(out, "{number}"),
    };
}

/// The day or moment of a number; `None`: it means none, or one outside of the calendar, which stays a number.
#[inline]
pub(crate) fn moment_of(number: i64, meaning: Meaning) -> Option<Moment> {
    let moment = match meaning {
        Meaning::Date => Moment { minutes: number.checked_mul(DAY)?, timed: false },
        Meaning::Moment { minute, shift } => {
            let (minutes, rest) = match minute {
                MICROS => (number.div_euclid(MICROS), number.rem_euclid(MICROS)), // the usual one: divided by a constant
                _ => (number.div_euclid(minute), number.rem_euclid(minute)),
            };
            let minutes = minutes + shift;
            // midnight sharp is a day without a time, as in workbooks
            let is_midnight = rest == 0 && minutes.rem_euclid(DAY) == 0;
            Moment { minutes, timed: !is_midnight }
        }
        _ => return None,
    };
    DAYS.contains(&moment.minutes.div_euclid(DAY)).then_some(moment)
}

/// Nanoseconds of a day, then the Julian day; `shift`: minutes to Kazakhstan's time.
pub(crate) fn int96(bytes: &[u8], shift: i64, out: &mut Vec<u8>) {
    let (nanos, day) = bytes.split_at(bytes.len().min(8));
    let nanos = nanos.try_into().map_or(0, i64::from_le_bytes);
    let day = day.try_into().map_or(0, |day| i64::from(u32::from_le_bytes(day))) - JULIAN;
    let minutes = day * DAY + nanos.div_euclid(NANOS_OF_MINUTE) + shift;
    let is_midnight = nanos.rem_euclid(NANOS_OF_MINUTE) == 0 && minutes.rem_euclid(DAY) == 0;
    if DAYS.contains(&minutes.div_euclid(DAY)) {
        out.extend_from_slice(print_moment(Moment { minutes, timed: !is_midnight }).as_bytes());
    } else {
        let _ = write!(out, "{day}");
    }
}

/// A big-endian number in two's complement.
pub(crate) fn big_decimal(bytes: &[u8], scale: usize, out: &mut Vec<u8>) {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let start = if negative { -1_i128 } else { 0 };
    let used = &bytes[bytes.len().saturating_sub(16)..];
    decimal(used.iter().fold(start, |number, byte| number << 8 | i128::from(*byte)), scale, out);
}

fn decimal(number: i128, scale: usize, out: &mut Vec<u8>) {
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if number < 0 { "-" } else { "" };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let _ = write!(out, "{sign}{whole}{point}{fraction}");
}

pub(crate) fn uuid(bytes: &[u8], out: &mut Vec<u8>) {
    for (place, byte) in bytes.iter().enumerate() {
        let dash = if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" };
        let _ = write!(out, "{dash}{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(print: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        print(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn numbers_are_what_a_csv_file_has() {
        let micros = Meaning::Moment { minute: 60_000_000, shift: 0 };
        let utc = Meaning::Moment { minute: 60_000, shift: OFFSET };
        for (number, meaning, expected) in [
            (20_665, Meaning::Date, "2026-07-31"),
            (20_665 * 86_400_000_000, micros, "2026-07-31"),
            (20_665 * 86_400_000_000 + 1, micros, "2026-07-31 00:00"),
            (20_665 * 86_400_000_000 + 845 * 60_000_000 + 59_999_999, micros, "2026-07-31 14:05"),
            (20_665 * 86_400_000 + 845 * 60_000, utc, "2026-07-31 19:05"),
            (20_665 * 86_400_000 + 19 * 3_600_000, utc, "2026-08-01"),
            (-1, micros, "1969-12-31 23:59"),
            (i64::MAX, Meaning::Date, "9223372036854775807"),
            (12_345, Meaning::Decimal(2), "123.45"),
            (-5, Meaning::Decimal(2), "-0.05"),
            (300, Meaning::Decimal(2), "3"),
            (-7, Meaning::Integer, "-7"),
        ] {
            assert_eq!(text(|out| whole(number, meaning, out)), expected, "{number} {meaning:?}");
        }
        assert_eq!(text(|out| float(&1e11_f64.to_le_bytes(), out)), "100000000000");
        assert_eq!(text(|out| float(&2.5_f32.to_le_bytes(), out)), "2.5");
        assert_eq!(text(|out| whole(Meaning::Unsigned.narrow(-1), Meaning::Unsigned, out)), "4294967295");
        assert_eq!(text(|out| big_decimal(&[0xFF, 0x38], 1, out)), "-20");
        let julian = [&(845 * NANOS_OF_MINUTE).to_le_bytes()[..], &2_461_253_u32.to_le_bytes()].concat();
        assert_eq!(text(|out| int96(&julian, OFFSET, out)), "2026-07-31 19:05");
        assert_eq!(text(|out| int96(&julian, 0, out)), "2026-07-31 14:05");
    }
}
