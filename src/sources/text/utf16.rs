//! UTF-16 as a stream of UTF-8. What is no letter becomes a byte that is never UTF-8, so that it is found again.

use encoding_rs::{Decoder, DecoderResult};
use std::collections::VecDeque;
use std::io::{self, Read};

/// Never part of UTF-8.
const NO_LETTER: u8 = 0xFF;

pub(crate) struct Utf16<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    filled: usize,
    used: usize,
    ended: bool,
    text: Vec<u8>,
    given: usize,
    /// Bytes of the file that were decoded, and bytes of text that came of them.
    read: u64,
    written: u64,
    /// Damage: its place in the text and in the file, in order.
    damage: VecDeque<(u64, u64)>,
}

impl<R: Read> Utf16<R> {
    /// `offset`: bytes of the file before `source`.
    pub fn new(source: R, little: bool, offset: u64) -> Self {
        let encoding = if little { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        Self {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; 1 << 16],
            filled: 0,
            used: 0,
            ended: false,
            text: Vec::new(),
            given: 0,
            read: offset,
            written: 0,
            damage: VecDeque::new(),
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        if self.used == self.filled && !self.ended {
            self.filled = self.source.read(&mut self.raw)?;
            self.used = 0;
            self.ended = self.filled == 0;
        }
        self.text.resize(1 << 16, 0);
        self.given = 0;
        let raw = &self.raw[self.used..self.filled];
        let (result, used, written) = self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.ended);
        self.text.truncate(written);
        let (start, before) = (self.read, self.written);
        self.mark_zeros(start, before);
        self.used += used;
        self.read += used as u64;
        self.written += written as u64;
        if let DecoderResult::Malformed(bad, after) = result {
            self.damage.push_back((self.written, self.read - u64::from(bad) - u64::from(after)));
            self.text.push(NO_LETTER);
            self.written += 1;
        } else if self.ended && result == DecoderResult::InputEmpty {
            self.ended = false;
            self.filled = 0;
            self.used = 0;
            self.raw.clear(); // nothing follows: a read into no space gives nothing
        }
        Ok(())
    }

    /// Zero characters are no text; `start`, `before`: where the decoded piece begins in the file and in the text.
    fn mark_zeros(&mut self, start: u64, before: u64) {
        if !self.text.contains(&0) {
            return;
        }
        let mut units = 0;
        let letters = String::from_utf8_lossy(&self.text).into_owned();
        for (at, letter) in letters.char_indices() {
            if letter == '\0' {
                self.damage.push_back((before + at as u64, start + units * 2));
                self.text[at] = NO_LETTER;
            }
            units += letter.len_utf16() as u64;
        }
    }

    /// Where in the file the first damage at or after this place of the text lies.
    pub fn offset_of(&self, text: u64) -> u64 {
        self.damage.iter().find(|(at, _)| *at >= text).map_or(self.read, |(_, offset)| *offset)
    }

    /// Forgets damage before this place of the text.
    pub fn forget_before(&mut self, text: u64) {
        while self.damage.front().is_some_and(|(at, _)| *at < text) {
            self.damage.pop_front();
        }
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.raw.is_empty() {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let count = space.len().min(self.text.len() - self.given);
        space[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_damage() -> io::Result<()> {
        let long = "Әділет қызметі;\u{1F600}\n".repeat(9_000);
        let mut bytes: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let at = bytes.len() as u64;
        bytes.extend([0x00, 0xD8, b'x', 0, b'y']);
        let mut decoded = Utf16::new(&bytes[..], true, 2);
        let mut text = Vec::new();
        decoded.read_to_end(&mut text)?;
        assert!(text.starts_with(long.as_bytes()));
        assert_eq!(&text[long.len()..], b"\xFFx\xFF");
        assert_eq!(decoded.offset_of(0), at + 2);
        assert_eq!(decoded.offset_of(long.len() as u64 + 1), at + 2 + 4);
        Ok(())
    }
}
