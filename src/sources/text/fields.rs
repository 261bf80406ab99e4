//! One record of a block, split at the marks: where its fields stand, if it is plainly well-formed.

use memchr::memchr;

/// Walks over the marks of a block.
#[derive(Debug, Default)]
pub struct Splitter {
    marks: Vec<u32>,
    next: usize,
    /// The fields of the record that `split` found, with their quotes.
    pub fields: Vec<(u32, u32)>,
}

impl Splitter {
    /// Begins a block.
    pub fn begin(&mut self, bytes: &[u8], separator: u8) {
        self.marks.clear();
        self.next = 0;
        crate::sources::text::marks::find(bytes, separator, &mut self.marks);
    }

    /// Goes to the marks behind a place.
    pub fn go_to(&mut self, place: usize) {
        self.next = self.marks.partition_point(|mark| (*mark as usize) < place);
    }

    /// Splits the record at `start`; where the next one begins. `None`: it is not plain, and no mark was passed.
    pub fn split(&mut self, bytes: &[u8], start: usize, separator: u8) -> Option<usize> {
        self.fields.clear();
        let mut next = self.next;
        let mut begin = start;
        loop {
            let Some(mark) = self.marks.get(next).map(|mark| *mark as usize) else {
                self.push(begin, bytes.len());
                self.next = next;
                return Some(bytes.len());
            };
            next += 1;
            let end = if bytes[mark] == b'"' {
                let close = self.close(bytes, begin, mark, &mut next)?;
                let Some(mark) = self.marks.get(next).map(|mark| *mark as usize) else {
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
    fn close(&self, bytes: &[u8], begin: usize, open: usize, next: &mut usize) -> Option<usize> {
        if open != begin {
            return None;
        }
        loop {
            let mark = *self.marks.get(*next)? as usize;
            *next += 1;
            match bytes[mark] {
                b'\n' | b'\r' => return None,
                b'"' if bytes.get(mark + 1) == Some(&b'"') => *next += 1,
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
    use super::{Splitter, unquoted};

    fn split(text: &str) -> Vec<Option<Vec<String>>> {
        let bytes = text.as_bytes();
        let mut splitter = Splitter::default();
        splitter.begin(bytes, b',');
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
