//! SHA-256 of inputs and definitions: what a report was made from.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::io::{self, Read};
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128_with_secret};

/// For tables that are looked into once a record; never for what is printed in its order.
pub type QuickHash = BuildHasherDefault<Quick>;

/// Multiplies and folds numbers, xxh3 for bytes.
#[derive(Debug, Default, Clone, Copy)]
pub struct Quick(u64);

impl Quick {
    #[allow(clippy::cast_possible_truncation)] // both halves are taken
    fn mix(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number ^ 0xF39C_C060_5CED_C835) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product as u64) ^ (product >> 64) as u64;
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.mix(xxh3_64(bytes));
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number) + 1);
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number) + 1);
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number.wrapping_add(1));
    }

    #[allow(clippy::cast_possible_truncation)] // both halves are taken
    fn write_u128(&mut self, number: u128) {
        self.mix(number as u64);
        self.mix((number >> 64) as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64 + 1);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Bytes of a secret.
const SECRET: usize = 192;

/// Random bytes of one run: nobody can make texts that have the same fingerprint by them.
#[derive(Debug)]
pub struct Secret([u8; SECRET]);

impl Secret {
    pub fn new() -> Self {
        let random = RandomState::new();
        Self(std::array::from_fn(|at| random.hash_one(at / 8).to_le_bytes()[at % 8]))
    }

    /// A fingerprint for tables of this run; never for what is printed.
    #[inline]
    pub fn print(&self, bytes: &[u8]) -> u128 {
        xxh3_128_with_secret(bytes, &self.0)
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 of all that can be read, in bounded memory.
pub fn sha256(mut source: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// A digest of all that can be read that tells whether somebody changed it; no proof against intent.
pub fn quick(mut source: impl Read) -> io::Result<String> {
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok(hex(&hash.digest128().to_be_bytes())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Digests what is written to it.
#[derive(Debug, Default)]
pub struct Digester(Sha256);

impl Digester {
    /// SHA-256 of all that was written, in lower-case hexadecimal digits.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

impl io::Write for Digester {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
