//! Numbers that are stored as what each is more than the one before it (Parquet, `DELTA_BINARY_PACKED`).

use crate::sources::parquet::page::Fallible;
use crate::sources::parquet::rle::{take, unsigned};

/// Numbers that a page may say it has.
const NUMBERS: u64 = 1 << 24;

/// The numbers, and how many bytes they took.
pub(crate) fn numbers(bytes: &[u8]) -> Fallible<(Vec<i64>, usize)> {
    let mut rest = bytes;
    let block = unsigned(&mut rest)?;
    let parts = unsigned(&mut rest)?;
    let count = unsigned(&mut rest)?;
    let mut last = signed(&mut rest)?;
    let size = block.checked_div(parts).unwrap_or(0);
    if count > NUMBERS || block > NUMBERS || size == 0 || size % 32 != 0 || size * parts != block {
        return Err("differences in blocks of an unknown size".to_owned());
    }
    let count = usize::try_from(count).map_err(crate::sources::parquet::page::told)?;
    let mut numbers = Vec::with_capacity(count);
    if count > 0 {
        numbers.push(last);
    }
    while numbers.len() < count {
        let least = signed(&mut rest)?;
        let widths = take(&mut rest, parts)?;
        for width in widths {
            if numbers.len() == count {
                break;
            }
            if *width > 64 {
                return Err(format!("differences of {width} bits"));
            }
            let packed = take(&mut rest, size / 8 * u64::from(*width))?;
            let left = count - numbers.len();
            for place in 0..usize::try_from(size).unwrap_or(0).min(left) {
                last = last.wrapping_add(least).wrapping_add(bits(packed, place, usize::from(*width)).cast_signed());
                numbers.push(last);
            }
        }
    }
    Ok((numbers, bytes.len() - rest.len()))
}

/// The number at a place among numbers of so many bits.
fn bits(packed: &[u8], place: usize, width: usize) -> u64 {
    let start = place * width;
    (0..=width.div_ceil(8)).fold(0_u64, |number, byte| {
        let at = start / 8 + byte;
        let value = u128::from(packed.get(at).copied().unwrap_or(0)) << (8 * byte);
        number | u64::try_from((value >> (start % 8)) & mask(width)).unwrap_or(0)
    })
}

fn mask(width: usize) -> u128 {
    (1 << width) - 1
}

/// The sign in the lowest bit.
fn signed(rest: &mut &[u8]) -> Fallible<i64> {
    let number = unsigned(rest)?;
    Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_grow_and_fall() {
        // 1 to 5: blocks of 128 in 4 parts, 5 numbers from 1, each difference is 1
        assert_eq!(numbers(&[0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0, 9]), Ok((vec![1, 2, 3, 4, 5], 10)));
        // 7, 5, 3, 1, 2, 3, 4, 5: the least difference is -2, the others are 3 more
        let mut bytes = vec![0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0];
        bytes.extend([0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]);
        assert_eq!(numbers(&bytes), Ok((vec![7, 5, 3, 1, 2, 3, 4, 5], 18)));
        assert!(numbers(&bytes[..12]).is_err(), "cut short");
        assert!(numbers(&[0x80, 1, 0, 5, 2]).is_err() && numbers(&[0xFF; 20]).is_err());
        assert_eq!(bits(&[0xFF; 9], 1, 33), (1 << 33) - 1);
    }
}
