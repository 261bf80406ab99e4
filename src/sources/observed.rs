//! What a file turned out to be while it was read: its fingerprint, and whether it is the UTF-8 that it began as.

use memchr::memchr_iter;
use sha2::{Digest, Sha256};

/// Counts of the bytes of a file that was glanced at (`encoding::glance`).
#[derive(Debug)]
pub struct Seen {
    /// None of a packed file: its own bytes are not those of the text.
    hash: Option<Sha256>,
    pub bytes: u64,
    high: u64,
    zeros: u64,
    /// Bytes were passed over whose letters nobody has read.
    unread: bool,
}

impl Seen {
    pub(crate) fn new(hashed: bool) -> Self {
        Self { hash: hashed.then(Sha256::new), bytes: 0, high: 0, zeros: 0, unread: false }
    }

    /// Adds bytes; all of a file, in order.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        if let Some(hash) = &mut self.hash {
            hash.update(bytes);
        }
        self.bytes += bytes.len() as u64;
        self.zeros += memchr_iter(0, bytes).count() as u64;
        // sums of a byte's width are what vector instructions add fastest
        self.high +=
            bytes.chunks(255).map(|part| u64::from(part.iter().map(|byte| byte >> 7).sum::<u8>())).sum::<u64>();
    }

    pub(crate) fn pass_over(&mut self, bytes: &[u8]) {
        self.take(bytes);
        self.unread = true;
    }

    /// Whether `encoding::find` would have called the file UTF-8; `bad`: bytes outside of valid UTF-8.
    pub fn is_utf8(&self, bad: u64) -> bool {
        !self.unread && (self.high - bad.min(self.high)) >= 9 * bad && self.zeros * 100 <= self.bytes
    }

    /// SHA-256 in lower-case hexadecimal digits; `None` of a packed file.
    pub fn sha256(self) -> Option<String> {
        self.hash.map(|hash| crate::values::digest::hex(&hash.finalize()))
    }
}

/// Bytes outside of valid UTF-8, as `encoding::look` counts them.
pub(crate) fn count_bad(bytes: &[u8]) -> u64 {
    bytes.utf8_chunks().map(|chunk| chunk.invalid().len() as u64).sum()
}
