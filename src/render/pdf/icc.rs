//! A colour profile for the archive: sRGB, with the curve as a power of 2.2. Layout: ICC.1:2001-04.

/// White of the connection space (D50) and the three colours of sRGB seen under it, as X, Y, Z.
const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];
const COLOURS: [[f64; 3]; 3] = [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141]];
/// 2.2 in 256ths.
const GAMMA: u16 = 0x0233;

#[allow(clippy::cast_possible_truncation)] // the numbers above
fn xyz(values: [f64; 3]) -> Vec<u8> {
    let fixed = values.into_iter().flat_map(|value| ((value * 65536.0).round() as i32).to_be_bytes());
    b"XYZ \0\0\0\0".iter().copied().chain(fixed).collect()
}

/// A description: name in ASCII, none in Unicode, none for old Macintoshes.
fn description(name: &str) -> Vec<u8> {
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend(word(name.len() + 1));
    tag.extend(name.bytes());
    tag.extend([0; 1 + 8 + 3 + 67]);
    tag
}

fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

/// The profile.
pub fn srgb() -> Vec<u8> {
    let [red, green, blue] = COLOURS.map(xyz);
    let mut curve = b"curv\0\0\0\0\0\0\0\x01".to_vec();
    curve.extend(GAMMA.to_be_bytes());
    let text = b"text\0\0\0\0No copyright, use freely\0".to_vec();
    let blocks: [(&[&[u8; 4]], Vec<u8>); 7] = [
        (&[b"desc"], description("sRGB")),
        (&[b"cprt"], text),
        (&[b"wtpt"], xyz(WHITE)),
        (&[b"rXYZ"], red),
        (&[b"gXYZ"], green),
        (&[b"bXYZ"], blue),
        (&[b"rTRC", b"gTRC", b"bTRC"], curve),
    ];
    let count: usize = blocks.iter().map(|(names, _)| names.len()).sum();
    let (mut table, mut data) = (word(count).to_vec(), Vec::new());
    let start = 128 + 4 + 12 * count;
    for (names, block) in blocks {
        for name in names {
            table.extend(*name);
            table.extend(word(start + data.len()));
            table.extend(word(block.len()));
        }
        data.extend(block);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = word(start + data.len()).to_vec();
    profile.extend(b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    // The day of the specification's edition; any fixed day will do.
    profile.extend([2001_u16, 4, 1, 0, 0, 0].into_iter().flat_map(u16::to_be_bytes));
    profile.extend(b"acsp");
    profile.resize(68, 0);
    profile.extend(&xyz(WHITE)[8..]);
    profile.resize(128, 0);
    profile.extend(table);
    profile.extend(data);
    profile
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_profile_says_its_own_length() {
        let profile = super::srgb();
        assert_eq!(profile[..4], super::word(profile.len()));
        assert_eq!(&profile[36..40], b"acsp");
        assert_eq!(profile.len() % 4, 0);
    }
}
