//! Small numbers in runs of equals and of packed ones (Parquet, RLE/bit-packing hybrid).

use crate::sources::parquet::page::{CUT, Fallible, told};

/// Appends numbers of so many bits, in runs of equals and of others.
pub(crate) fn runs(bytes: &[u8], bits: u8, count: usize, out: &mut Vec<u32>) -> Fallible<()> {
    if bits > 32 {
        return Err(format!("numbers of {bits} bits"));
    }
    let (end, mut rest) = (out.len() + count, bytes);
    while out.len() < end && !rest.is_empty() {
        let left = end - out.len();
        let head = unsigned(&mut rest)?;
        if head & 1 == 1 {
            let length = (head >> 1).saturating_mul(u64::from(bits)).min(rest.len() as u64);
            // a last run may be cut at the end of the values
            let packed = take(&mut rest, length)?;
            unpack(packed, u32::from(bits), left, out);
        } else {
            let value = take(&mut rest, u64::from(bits.div_ceil(8)))?;
            let number = value.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
            let times = usize::try_from(head >> 1).map_err(told)?.min(left);
            out.resize(out.len() + times, number);
        }
    }
    // of no bits there is only 0, and a last run may be left out
    if bits == 0 {
        out.resize(end, 0);
    }
    if out.len() == end { Ok(()) } else { Err(CUT.to_owned()) }
}

#[allow(clippy::cast_possible_truncation)] // cut to the bits of a number
fn unpack(packed: &[u8], bits: u32, most: usize, out: &mut Vec<u32>) {
    let mask = (1_u64 << bits) - 1;
    let (mut held, mut have, end) = (0_u64, 0, out.len() + most);
    for byte in packed {
        held |= u64::from(*byte) << have;
        have += 8;
        while have >= bits {
            if out.len() == end {
                return;
            }
            out.push((held & mask) as u32);
            held >>= bits;
            have -= bits;
        }
    }
}

/// The next bytes.
pub(crate) fn take<'b>(rest: &mut &'b [u8], bytes: u64) -> Fallible<&'b [u8]> {
    let bytes = usize::try_from(bytes).map_err(told)?;
    let (taken, behind) = rest.split_at_checked(bytes).ok_or(CUT)?;
    *rest = behind;
    Ok(taken)
}

/// Seven bits a byte, the lowest first.
pub(crate) fn unsigned(rest: &mut &[u8]) -> Fallible<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(rest, 1)?[0];
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err("a number of too many bytes".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_equals_and_of_packed_numbers() {
        let mut out = Vec::new();
        // eight numbers of three bits, then five times 6
        assert_eq!(runs(&[3, 0b1000_1000, 0b1100_0110, 0b1111_1010, 10, 6], 3, 12, &mut out), Ok(()));
        assert_eq!(out, [0, 1, 2, 3, 4, 5, 6, 7, 6, 6, 6, 6]);
        assert!(runs(&[10, 6], 3, 6, &mut Vec::new()).is_err());
        assert!(runs(&[0; 9000], 1, 6, &mut Vec::new()).is_err(), "runs of no length");
        let mut none = Vec::new();
        assert_eq!((runs(&[], 0, 3, &mut none), none), (Ok(()), vec![0; 3]));
    }
}
