//! A sheet as a CSV file of some program, or of somebody who mended it by hand.

use super::dice::Dice;
use super::grid::{Grid, Planted};
use super::letters::windows_1251;
use std::io::Write;
use std::ops::Range;

/// A file and where its lines stand.
pub struct Written {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// Of a file of text what stands in it.
    pub text: String,
    /// Of each line of the sheet where it stands in the file, from 1.
    pub places: Vec<u64>,
    /// Of each line the place of an open quote above it that may have swallowed it.
    pub swallowed: Vec<Option<u64>>,
}

/// Writes a sheet; records that are damaged on the way are spoilt.
pub fn write(grid: &mut Grid, dice: &mut Dice<'_>) -> Written {
    let separator = dice.of(&[",", ";", "\t", "|"]);
    let end = dice.of(&["\n", "\r\n", "\n", "\r"]);
    let style = Style { separator, quotes_all: dice.is_one_in(4), backslash: dice.is_one_in(10) };
    let (mut text, mut line, mut places, mut swallowed) = (String::new(), 1, Vec::new(), Vec::new());
    let mut open: Option<u64> = None;
    let is_planted: Vec<bool> = grid.lines.iter().map(|line| line.planted.is_some()).collect();
    // behind a break in its first field stands a whole record, whatever its line was joined to
    let parts: Vec<bool> = grid
        .lines
        .iter()
        .map(|line| line.cells.first().is_some_and(|cell| cell.print().contains(['\n', '\r'])))
        .collect();
    let mut is_joined = false;
    let mut spans: Vec<Option<Range<usize>>> = Vec::new();
    // a word for Excel, which no other program knows
    if dice.is_one_in(12) {
        text = format!("sep={separator}{end}");
        line = 2;
    }
    for (number, own) in grid.lines.iter_mut().enumerate() {
        let before = text.len();
        let was_joined = is_joined;
        let mut cells: Vec<String> = own.cells.iter().map(|cell| style.field(&cell.print())).collect();
        let mut opens = false;
        if let Some(planted) = own.planted.as_mut().filter(|_| dice.is_one_in(16)) {
            let at = dice.roll(cells.len());
            let is_plain = !cells[at].is_empty() && !cells[at].contains(['"', '\n', '\t']);
            // of «#N/A"» nobody can tell what it was
            let is_broken = cells[at].starts_with(['#', 'E']) || !planted.says(at);
            match dice.roll(7) {
                0 if is_plain => {
                    cells[at] = format!("\"{}", cells[at]);
                    opens = true;
                    planted.spoil();
                }
                1 if is_plain => {
                    cells[at] = format!("\"{}\" доп.", cells[at]);
                    planted.spoil();
                }
                2 if is_plain && !is_broken && own.cells[at].print().trim() == own.cells[at].print() => {
                    cells[at].push('"');
                    planted.mean(at, |field, means| match field {
                        // quotes mean nothing in a code's label
                        "channel" | "applicant" => Some(means.to_owned()),
                        "record_id" | "service_code" | "service_name" | "course" => Some(format!("{means}\"")),
                        _ => None,
                    });
                }
                3 => {
                    cells.push("лишнее".to_owned());
                    planted.spoil();
                }
                4 => {
                    cells.pop();
                    planted.spoil();
                }
                // what stands behind a break in the first field is a whole record
                6 if is_plain && at > 0 && cells[at].contains(' ') && end != "\r" => {
                    // the break of a line that nobody quoted
                    cells[at] = cells[at].trim().replace(' ', "\n");
                    planted.spoil();
                }
                5 if is_plain => cells[at] = format!("=\"{}\"", cells[at]),
                _ => {}
            }
        }
        if own.planted.is_some() && cells.len() >= own.cells.len() && dice.is_one_in(12) {
            cells.extend([String::new(), String::new()]);
        }
        text.push_str(&cells.join(separator));
        let joined_to = places.last().copied().filter(|_| is_joined);
        if is_joined {
            own.planted.iter_mut().for_each(Planted::spoil);
        }
        // two records in one line: its end was lost
        let may_be_joined = own.planted.is_some() && is_planted.get(number + 1) == Some(&true) && !parts[number + 1];
        is_joined = may_be_joined && dice.is_one_in(60);
        spans.push((!is_joined && !was_joined).then_some(before..text.len()));
        if is_joined {
            own.planted.iter_mut().for_each(Planted::spoil);
        } else {
            text.push_str(end);
        }
        places.push(joined_to.unwrap_or(line));
        // the next quote may end what was opened
        swallowed.push(open);
        if opens {
            open = Some(line);
        } else if text[before..].contains('"') {
            open = None;
        }
        line += breaks(&text[before..]);
    }
    if dice.is_one_in(4) {
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
    }
    let mut bytes = encode(&text, dice);
    if dice.is_one_in(6) && bytes == text.as_bytes() {
        damage(grid, &mut bytes, &spans, dice);
    }
    let (name, bytes) = match dice.roll(8) {
        0 => ("services.csv.gz", gzip(&bytes)),
        1 => ("services.csv.zst", zstd::encode_all(bytes.as_slice(), 0).expect("packed")),
        _ => ("services.csv", bytes),
    };
    Written { name, bytes, text, places, swallowed }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("packed");
    packed.finish().expect("packed")
}

/// Puts a byte that is no text into a record of a file that is plainly UTF-8 otherwise.
fn damage(grid: &mut Grid, bytes: &mut Vec<u8>, spans: &[Option<Range<usize>>], dice: &mut Dice<'_>) {
    if bytes.iter().filter(|byte| !byte.is_ascii()).count() < 400 {
        return;
    }
    let line = dice.roll(spans.len());
    let Some(span) = spans[line].clone().filter(|span| span.end <= bytes.len()) else { return };
    let Some(planted) = grid.lines[line].planted.as_mut() else { return };
    let at = span.start + dice.roll(span.len());
    // within a letter, too: then its own bytes are no text either
    bytes.insert(at, [0xFF, 0xC0, 0x80, 0xE2][dice.roll(4)]);
    planted.spoil();
}

/// How a program writes its fields.
struct Style<'s> {
    separator: &'s str,
    quotes_all: bool,
    /// A quote within quotes is written `\"`.
    backslash: bool,
}

impl Style<'_> {
    fn field(&self, text: &str) -> String {
        let needs = text.contains(['"', '\n', '\r']) || text.contains(self.separator);
        let quote = if self.backslash { "\\\"" } else { "\"\"" };
        if needs || self.quotes_all { format!("\"{}\"", text.replace('"', quote)) } else { text.to_owned() }
    }
}

/// Line ends: LF, CR LF, CR.
fn breaks(text: &str) -> u64 {
    (text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count()) as u64
}

fn encode(text: &str, dice: &mut Dice<'_>) -> Vec<u8> {
    match dice.roll(10) {
        0 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        1 => [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        2 => [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        3 | 4 => text.chars().map(windows_1251).collect::<Option<_>>().unwrap_or_else(|| text.as_bytes().to_vec()),
        5 | 6 => old(text, OLD[dice.roll(OLD.len())]).unwrap_or_else(|| text.as_bytes().to_vec()),
        _ => text.as_bytes().to_vec(),
    }
}

const OLD: [&encoding_rs::Encoding; 4] =
    [encoding_rs::KOI8_R, encoding_rs::X_MAC_CYRILLIC, encoding_rs::ISO_8859_5, encoding_rs::IBM866];

/// In an old encoding; of a text with few letters nobody can tell.
fn old(text: &str, encoding: &'static encoding_rs::Encoding) -> Option<Vec<u8>> {
    let letters = text.chars().filter(|letter| !letter.is_ascii()).count();
    let (bytes, _, is_lossy) = encoding.encode(text);
    (letters >= 40 && !is_lossy).then(|| bytes.into_owned())
}
