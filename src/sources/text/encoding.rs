//! Which encoding a CSV file is in: found from its bytes, or given and then checked.

use crate::sources::raw::Encoding;
use crate::sources::text::likeness::Likeness;
use crate::sources::text::single_byte::KAZAKH;
use crate::words::finding::{Finding, Place};
use memchr::{memchr, memmem};
use sha2::{Digest, Sha256};
use std::io::{self, Read};

impl Encoding {
    pub const ALL: [Self; 9] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Windows1251,
        Self::Kz1048,
        Self::Koi8R,
        Self::MacCyrillic,
        Self::Iso8859_5,
        Self::Cp866,
    ];

    /// The name that is printed and understood in options.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1251 => "Windows-1251",
            Self::Koi8R => "KOI8-R",
            Self::MacCyrillic => "Mac-Cyrillic",
            Self::Iso8859_5 => "ISO-8859-5",
            Self::Cp866 => "CP866",
            Self::Kz1048 => "KZ-1048",
        }
    }

    /// Reads a name such as `utf-8`, `cp1251`, `kz1048`, whatever its case and dashes.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = |name: &str| -> String {
            let signs = name.chars().filter(char::is_ascii_alphanumeric);
            signs.map(|sign| sign.to_ascii_lowercase()).collect()
        };
        let name = plain(name);
        let other = match name.as_str() {
            "utf16" => Some(Self::Utf16Le),
            "cp1251" | "1251" => Some(Self::Windows1251),
            "koi8" => Some(Self::Koi8R),
            "xmaccyrillic" => Some(Self::MacCyrillic),
            "ibm866" | "866" => Some(Self::Cp866),
            "strk1048" | "rk1048" => Some(Self::Kz1048),
            _ => None,
        };
        other.or_else(|| Self::ALL.into_iter().find(|encoding| plain(encoding.label()) == name))
    }

    /// The bytes with which a file in it may begin; encodings of one byte a letter have none.
    pub(crate) fn mark(self) -> Option<&'static [u8]> {
        MARKS.iter().find(|(_, marked)| *marked == self).map(|(mark, _)| *mark)
    }
}

/// What one pass over a file shows: its fingerprint and what its bytes look like.
#[derive(Debug, Default)]
pub(crate) struct Look {
    pub bytes: u64,
    pub sha256: String,
    /// A quote stands behind a backslash, perhaps.
    has_backslash: bool,
    /// The first bytes, up to 64 KiB.
    pub head: Vec<u8>,
    /// Bytes over 0x7F within valid UTF-8, and outside of it.
    good: u64,
    bad: u64,
    first_high: Option<u64>,
    first_bad: Option<u64>,
    /// How often each byte over 0x7F stands outside of valid UTF-8, and where first.
    high: Vec<(u64, u64)>,
    /// Bytes of valid UTF-8 that begin a Russian letter, and where the first one stands.
    russian: u64,
    first_russian: Option<u64>,
    zeros: u64,
    first_zero: Option<u64>,
}

const HEAD: usize = 1 << 16;
const MARKS: [(&[u8], Encoding); 3] =
    [(b"\xEF\xBB\xBF", Encoding::Utf8), (b"\xFF\xFE", Encoding::Utf16Le), (b"\xFE\xFF", Encoding::Utf16Be)];
/// Marks of UTF-32, which nothing writes but programmers; the first begins as that of UTF-16.
const WIDER: [&[u8]; 2] = [b"\xFF\xFE\0\0", b"\0\0\xFE\xFF"];

/// Reads a file once, in bounded memory.
pub(crate) fn look(mut source: impl Read) -> io::Result<Look> {
    let mut found = Look { high: vec![(0, 0); 128], ..Look::default() };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut kept = 0;
    loop {
        let read = source.read(&mut buffer[kept..])?;
        let fresh = &buffer[kept..kept + read];
        hash.update(fresh);
        found.note_backslash(kept, &buffer[..kept + read]);
        if found.head.len() < HEAD {
            found.head.extend_from_slice(&fresh[..read.min(HEAD - found.head.len())]);
        }
        let filled = kept + read;
        let judged = found.judge(&buffer[..filled], read == 0);
        found.bytes += judged as u64;
        buffer.copy_within(judged..filled, 0);
        kept = filled - judged;
        if read == 0 {
            found.sha256 = crate::values::digest::hex(&hash.finalize());
            return Ok(found);
        }
    }
}

/// A large file by its beginning, as if all of it were such UTF-8; who reads it then counts as `look` would
/// (`crate::sources::observed`). `None`: it must be looked at as a whole.
pub(crate) fn glance(mut source: impl Read, bytes: u64) -> io::Result<Option<Look>> {
    let mut head = Vec::new();
    source.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let whole = std::str::from_utf8(&head).map_or_else(|fault| fault.valid_up_to(), str::len);
    let is_cut = head.len() == HEAD && head.len() - whole < 4;
    let has_backslash = memmem::find(&head, b"\\\"").is_some();
    let glanced = Look { bytes, has_backslash, head, ..Look::default() };
    let is_other = glanced.mark().is_some_and(|(encoding, _)| encoding != Encoding::Utf8);
    let is_plain = (whole == glanced.head.len() || is_cut) && !glanced.head.contains(&0) && !is_other;
    Ok((is_plain && !glanced.is_blank()).then_some(glanced))
}

impl Look {
    /// Counts what is valid UTF-8; returns how many bytes were judged (a letter may be cut at the end).
    fn judge(&mut self, bytes: &[u8], last: bool) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let (valid, invalid) = match std::str::from_utf8(&bytes[at..]) {
                Ok(_) => (bytes.len() - at, 0),
                Err(fault) => match fault.error_len() {
                    None if !last => (fault.valid_up_to(), 0),
                    length => (fault.valid_up_to(), length.unwrap_or(bytes.len() - at - fault.valid_up_to())),
                },
            };
            if valid == 0 && invalid == 0 {
                break;
            }
            self.count_valid(&bytes[at..at + valid], self.bytes + at as u64);
            for (index, byte) in bytes[at + valid..at + valid + invalid].iter().enumerate() {
                self.count_invalid(*byte, self.bytes + (at + valid + index) as u64);
            }
            at += valid + invalid;
        }
        at
    }

    fn count_valid(&mut self, bytes: &[u8], offset: u64) {
        let high = bytes.iter().filter(|byte| **byte >= 0x80).count() as u64;
        self.good += high;
        if high > 0 {
            let russian = |byte: &&u8| matches!(**byte, 0xD0 | 0xD1);
            self.russian += bytes.iter().filter(russian).count() as u64;
            let first = || bytes.iter().position(|byte| russian(&byte)).map(|at| offset + at as u64);
            self.first_russian = self.first_russian.or_else(first);
        }
        if high > 0 && self.first_high.is_none() {
            self.first_high = bytes.iter().position(|byte| *byte >= 0x80).map(|at| offset + at as u64);
        }
        let mut at = 0;
        while let Some(zero) = bytes[at..].iter().position(|byte| *byte == 0) {
            self.first_zero.get_or_insert(offset + (at + zero) as u64);
            self.zeros += 1;
            at += zero + 1;
        }
    }

    fn count_invalid(&mut self, byte: u8, offset: u64) {
        self.bad += 1;
        self.first_high.get_or_insert(offset);
        self.first_bad.get_or_insert(offset);
        let (count, first) = &mut self.high[usize::from(byte & 0x7F)];
        *first = if *count == 0 { offset } else { *first };
        *count += 1;
    }

    /// Looks for `\"` in what was read; a byte before it may have been read earlier.
    fn note_backslash(&mut self, kept: usize, bytes: &[u8]) {
        let fresh = &bytes[kept.saturating_sub(1)..];
        self.has_backslash |=
            memmem::find(fresh, b"\\\"").is_some() || (self.bytes > 0 && fresh.first() == Some(&b'"'));
    }

    /// The encoding that the byte order mark states, and the mark's length.
    pub fn mark(&self) -> Option<(Encoding, usize)> {
        MARKS.iter().find(|(mark, _)| self.head.starts_with(mark)).map(|(mark, encoding)| (*encoding, mark.len()))
    }

    pub fn is_blank(&self) -> bool {
        let text = &self.head[self.mark().map_or(0, |(_, length)| length)..];
        self.bytes <= HEAD as u64 && text.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    }

    /// Nearly all of what is not ASCII is UTF-8: the rest is damage in single rows.
    /// Of Windows-1251 letters hardly two in a hundred happen to look like UTF-8; of a short text a greater part must,
    /// and then as Russian letters.
    fn is_nearly_utf8(&self) -> bool {
        self.good >= 9 * self.bad || (self.good >= self.bad && self.is_russian_utf8())
    }

    /// Whether what is valid UTF-8 mostly is Russian letters: two bytes each.
    fn is_russian_utf8(&self) -> bool {
        self.good >= 8 && self.russian * 5 >= self.good * 2
    }

    /// Whether a quote behind a backslash may stand in the text.
    pub fn has_backslash(&self) -> bool {
        let is_wide = self.mark().is_some_and(|(encoding, _)| encoding != Encoding::Utf8);
        self.has_backslash || is_wide && memchr(b'\\', &self.head).is_some()
    }

    /// Where a byte first stands that Russian texts never have in Windows-1251 and Kazakh ones do in KZ-1048.
    fn first_kazakh(&self) -> Option<u64> {
        let letters = (0x80..=0xFF_u8).filter(|byte| KAZAKH.iter().any(|(kazakh, _)| kazakh == byte));
        letters
            .map(|byte| self.high[usize::from(byte & 0x7F)])
            .filter(|(count, _)| *count > 0)
            .map(|(_, first)| first)
            .min()
    }
}

/// Finds the encoding, or checks the one that is given. `None` with a finding when the file cannot be read so.
pub(crate) fn find(
    look: &Look,
    given: Option<Encoding>,
    place: &Place,
    findings: &mut Vec<Finding>,
) -> Option<Encoding> {
    let place = || place.clone();
    if let Some(given) = given {
        let Some(offset) = contradiction(look, given) else { return Some(given) };
        findings.push(Finding::new("encoding_wrong", place()).with("encoding", given.label()).with("offset", offset));
        return None;
    }
    if WIDER.iter().any(|mark| look.head.starts_with(mark)) {
        let first = look.head.iter().position(|byte| *byte == 0);
        findings.push(Finding::new("file_not_text", place()).with("offset", first.unwrap_or_default()));
        return None;
    }
    if let Some((encoding, _)) = look.mark() {
        return Some(encoding);
    }
    if look.zeros * 100 > look.bytes {
        findings.push(Finding::new("file_not_text", place()).with("offset", look.first_zero.unwrap_or_default()));
        return None;
    }
    if look.is_nearly_utf8() {
        return Some(Encoding::Utf8);
    }
    let Some(likely) = Likeness::of(&look.high) else {
        findings.push(Finding::new("encoding_unknown", place()).with("offset", look.first_bad.unwrap_or_default()));
        return None;
    };
    if look.is_russian_utf8() && look.good * 10 >= look.bad {
        let offset = look.first_russian.unwrap_or_default();
        findings.push(Finding::new("encoding_mixed", place()).with("offset", offset));
    }
    let found = likely.encoding;
    if let Some(other) = likely.other {
        let finding = Finding::new("encoding_guessed", place());
        findings.push(finding.with("encoding", found.label()).with("other", other.label()));
    }
    if let Some(offset) = look.first_kazakh().filter(|_| found == Encoding::Windows1251) {
        findings.push(Finding::new("encoding_doubtful", place()).with("offset", offset));
    }
    Some(found)
}

/// Offset of the first byte that speaks against the given encoding.
fn contradiction(look: &Look, given: Encoding) -> Option<u64> {
    if let Some((mark, _)) = look.mark() {
        return (mark != given).then_some(0);
    }
    match given {
        Encoding::Utf8 => look.first_bad.filter(|_| !look.is_nearly_utf8()),
        Encoding::Utf16Le | Encoding::Utf16Be => not_utf16(&look.head, given == Encoding::Utf16Le),
        _ if look.zeros * 100 > look.bytes => look.first_zero,
        // four bytes of letters are never UTF-8 by chance alone
        _ => look.first_high.filter(|_| look.bad == 0 && look.good >= 4),
    }
}

/// Text of our field is Latin, Cyrillic and signs; read in a wrong encoding it becomes ideographs.
fn not_utf16(head: &[u8], little: bool) -> Option<u64> {
    let unit = |pair: &[u8]| {
        if little { u16::from_le_bytes([pair[0], pair[1]]) } else { u16::from_be_bytes([pair[0], pair[1]]) }
    };
    let known = |unit: u16| matches!(unit, 9..=0x5FF | 0x2000..=0x22FF | 0xFEFF);
    let pairs = || head.chunks_exact(2).map(unit);
    let strange = pairs().filter(|unit| !known(*unit)).count();
    let first = pairs().position(|unit| !known(unit)).map(|index| index as u64 * 2);
    first.filter(|_| strange * 10 > head.len() / 2)
}

#[cfg(test)]
#[path = "encoding_tests.rs"]
mod tests;
