//! Choices: from the bytes of a fuzzer while they last, then from a generator that they seed.

/// The same bytes give the same choices.
pub struct Dice<'b> {
    bytes: std::slice::Iter<'b, u8>,
    state: u64,
    /// Letters of one code page only, that of Russian.
    pub is_russian: bool,
}

impl<'b> Dice<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        let mixed = |state: u64, byte: &u8| (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        Self { is_russian: false, bytes: bytes.iter(), state: bytes.iter().fold(0xCBF2_9CE4_8422_2325, mixed) }
    }

    /// One of so many.
    pub fn roll(&mut self, sides: usize) -> usize {
        if let Some(byte) = self.bytes.next() {
            return usize::from(*byte) % sides.max(1);
        }
        // splitmix64
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides.max(1) as u64).unwrap_or_default()
    }

    /// Once in so many times.
    pub fn is_one_in(&mut self, times: usize) -> bool {
        self.roll(times) + 1 == times
    }

    pub fn of<'v, T: ?Sized>(&mut self, all: &[&'v T]) -> &'v T {
        all[self.roll(all.len())]
    }
}
