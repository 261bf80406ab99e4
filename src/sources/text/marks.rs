//! Where the signs that shape a CSV file stand: separators, line ends, quotes.

/// Adds the places of separators, quotes, LF and CR among the bytes, in order; `first`: the place of the first byte in its
/// block, which has fewer than 2^32.
pub fn find(bytes: &[u8], first: usize, separator: u8, places: &mut Vec<u32>) {
    let mut chunks = bytes.chunks_exact(64);
    #[allow(clippy::cast_possible_truncation)]
    let mut base = first as u32;
    for chunk in &mut chunks {
        if let Ok(chunk) = chunk.try_into() {
            push(mask(chunk, separator), base, places);
        }
        base += 64;
    }
    let mut last = [0; 64];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    let filled = (1_u64 << chunks.remainder().len()) - 1;
    push(mask(&last, separator) & filled, base, places);
}

fn push(mut mask: u64, base: u32, places: &mut Vec<u32>) {
    while mask != 0 {
        places.push(base + mask.trailing_zeros());
        mask &= mask - 1;
    }
}

/// One bit a byte. The comparisons become vector instructions; a product then gathers the bits of eight bytes.
fn mask(bytes: &[u8; 64], separator: u8) -> u64 {
    let marks = bytes.map(|byte| {
        u8::from(byte == separator) | u8::from(byte == b'"') | u8::from(byte == b'\n') | u8::from(byte == b'\r')
    });
    let gathered = |part: usize| {
        let flags = u64::from_le_bytes(std::array::from_fn(|byte| marks[part * 8 + byte]));
        flags.wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    (0..8).fold(0, |mask, part| mask | gathered(part) << (part * 8))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_mark_is_found_in_order() {
        let text: Vec<u8> = (0..999_u32).map(|place| b"ab;\xD0\"\n\rxyz;"[(place * place % 11) as usize]).collect();
        for length in [0, 1, 63, 64, 65, 128, 200, 999] {
            let mut found = Vec::new();
            super::find(&text[..length], 1000, b';', &mut found);
            let expected: Vec<u32> = (0..length)
                .filter(|place| matches!(text[*place], b';' | b'"' | b'\n' | b'\r'))
                .map(|place| u32::try_from(place + 1000).expect("small"))
                .collect();
            assert_eq!(found, expected);
        }
    }
}
