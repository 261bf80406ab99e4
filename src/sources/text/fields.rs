//! One record of a block, split at the marks: where its fields stand, if it is plainly well-formed.

use crate::sources::text::marks::find;
use memchr::memchr;

/// Bytes whose marks are found at once: they then are in the processor's nearest cache when they are split.
const STRETCH: usize = 1 << 13;

/// Walks over the marks of a block.
#[derive(Debug, Default)]
pub struct Splitter {
    marks: Vec<u32>,
    next: usize,
    /// Up to where marks were looked for.
    marked: usize,
    /// The fields of the record that `split` found, with their quotes.
    pub fields: Vec<(u32, u32)>,
}

impl Splitter {
    /// Goes to a place of a block; the first one is 0.
    pub fn go_to(&mut self, place: usize) {
        if place == 0 || place > self.marked {
            self.marks.clear();
            self.marked = place;
        }
        self.marks.drain(..self.marks.partition_point(|mark| (*mark as usize) < place));
        self.next = 0;
    }

    /// The place of a mark, counted from where it was gone to.
    #[inline]
    fn mark(&mut self, (bytes, separator): (&[u8], u8), number: usize) -> Option<usize> {
        loop {
            if let Some(mark) = self.marks.get(number) {
                return Some(*mark as usize);
            }
            if self.marked >= bytes.len() {
                return None;
            }
            let end = bytes.len().min(self.marked + STRETCH);
            find(&bytes[self.marked..end], self.marked, separator, &mut self.marks);
            self.marked = end;
        }
    }

    /// Splits the record at `start`; where the next one begins. `None`: it is not plain, and no mark was passed.
    pub fn split(&mut self, bytes: &[u8], start: usize, separator: u8) -> Option<usize> {
        self.fields.clear();
        let block = (bytes, separator);
        let mut next = self.next;
        let mut begin = start;
        loop {
            let Some(mark) = self.mark(block, next) else {
                self.push(begin, bytes.len());
                self.next = next;
                return Some(bytes.len());
            };
            next += 1;
            let end = if bytes[mark] == b'"' {
                let close = self.close(block, begin, mark, &mut next)?;
                let Some(mark) = self.mark(block, next) else {
                    self.next = next;
                    return (close == bytes.len()).then(|| {
                        self.push(begin, close);
                        bytes.len()
                    });
                };
                next += 1;
                if mark != close {
                    return None;
                }
                mark
            } else {
                mark
            };
            self.push(begin, end);
            match bytes[end] {
                byte if byte == separator => begin = end + 1,
                b'\n' => {
                    self.next = next;
                    return Some(end + 1);
                }
                b'\r' if bytes.get(end + 1) == Some(&b'\n') => {
                    self.next = next + 1;
                    return Some(end + 2);
                }
                _ => return None,
            }
        }
    }

    /// Behind the closing quote of a field on one line.
    fn close(&mut self, block: (&[u8], u8), begin: usize, open: usize, next: &mut usize) -> Option<usize> {
        if open != begin {
            return None;
        }
        loop {
            let mark = self.mark(block, *next)?;
            *next += 1;
            match block.0[mark] {
                b'\n' | b'\r' => return None,
                b'"' if block.0.get(mark + 1) == Some(&b'"') => *next += 1,
                b'"' => return Some(mark + 1),
                _ => {}
            }
        }
    }

    #[allow(clippy::cast_possible_truncation)] // a block has fewer than 2^32 bytes
    fn push(&mut self, begin: usize, end: usize) {
        self.fields.push((begin as u32, end as u32));
    }
}

/// The text of a field without its quotes; doubled ones within are taken out into the space.
pub fn unquoted<'t>(field: &'t [u8], space: &'t mut Vec<u8>) -> &'t [u8] {
    let Some(inner) = field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")) else { return field };
    if memchr(b'"', inner).is_none() {
        return inner;
    }
    space.clear();
    let mut rest = inner;
    while let Some(quote) = memchr(b'"', rest) {
        space.extend_from_slice(&rest[..=quote]);
        rest = rest.get(quote + 2..).unwrap_or_default();
    }
    space.extend_from_slice(rest);
    space
}

#[cfg(test)]
mod tests {
    use super::{STRETCH, Splitter, unquoted};

    fn split(text: &str) -> Vec<Option<Vec<String>>> {
        let bytes = text.as_bytes();
        let mut splitter = Splitter::default();
        splitter.go_to(0);
        let (mut at, mut rows) = (0, Vec::new());
        while at < bytes.len() {
            let row = splitter.split(bytes, at, b',');
            let field = |(from, to): &(u32, u32)| {
                String::from_utf8_lossy(unquoted(&bytes[*from as usize..*to as usize], &mut Vec::new())).into_owned()
            };
            let fields = splitter.fields.iter().map(field);
            rows.push(row.map(|_| fields.collect()));
            at = row.unwrap_or_else(|| text[at..].find('\n').map_or(text.len(), |line| at + line + 1));
            splitter.go_to(at);
        }
        rows
    }

    #[test]
    fn records_of_several_stretches_are_split_from_any_place() {
        let rows: Vec<String> = (0..STRETCH).map(|row| format!("{row},\"{}\",x\n", ",".repeat(row % 40))).collect();
        let text = rows.concat();
        let mut splitter = Splitter::default();
        for step in [1, 7, 700] {
            let mut at = 0;
            for group in rows.chunks(step) {
                splitter.go_to(at);
                let first = splitter.split(text.as_bytes(), at, b',').expect("a plain record");
                assert_eq!(&text[at..first], group[0]);
                assert_eq!(splitter.fields.len(), 3);
                at += group.iter().map(String::len).sum::<usize>();
            }
            assert_eq!(at, text.len());
        }
    }

    #[test]
    fn line_ends_and_doubled_quotes_may_lie_across_stretches() {
        let row = "7,\"say \"\"hi\"\"\",,x\r\n";
        for pad in 0..2 * row.len() {
            let text = format!("{},\r\n{}", "p".repeat(STRETCH - pad), row.repeat(3));
            let rows = split(&text);
            assert_eq!(rows.len(), 4, "{pad}");
            let known = ["7", "say \"hi\"", "", "x"].map(str::to_owned).to_vec();
            assert!(rows[1..].iter().all(|row| row.as_ref() == Some(&known)), "{pad}: {rows:?}");
        }
    }

    #[test]
    fn plain_records_are_split_and_others_left() {
        let row = |fields: &[&str]| Some(fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
        let text = "a,b\r\n,\n\"x, y\",\"\",\"say \"\"hi\"\"\"\nq\"x\",1\n\"open\n\"a\"b,1\nc\rd,2\n\"z\"";
        let expected =
            [row(&["a", "b"]), row(&["", ""]), row(&["x, y", "", "say \"hi\""]), None, None, None, None, row(&["z"])];
        assert_eq!(split(text), expected);
        assert_eq!(split("a,b"), [row(&["a", "b"])]);
        assert_eq!(split("a,\n\"b\",\n"), [row(&["a", ""]), row(&["b", ""])]);
    }
}
