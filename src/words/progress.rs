//! How far the reading is, for a person at a terminal; nothing that is written depends on it.

use crate::words::lang::{Lang, Text};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Time between two drawings.
const PAUSE: Duration = Duration::from_millis(200);

/// Rows and bytes so far, shown on one line of standard error when that is a terminal.
#[derive(Debug)]
pub struct Progress {
    /// With slots for rows, rows a second, per cent and the time left; `None`: nothing is shown.
    wording: Option<(Text, Lang)>,
    total: u64,
    begun: Instant,
    drawn: AtomicU64,
    bytes: AtomicU64,
    rows: AtomicU64,
    /// Letters of the longest line so far.
    width: AtomicUsize,
}

impl Progress {
    /// `total`: bytes to read. `wording` with the slots `{rows}`, `{rate}`, `{share}` and `{left}`.
    pub fn new(total: u64, wording: Option<(&Text, Lang)>) -> Self {
        let wording = wording.filter(|_| std::io::stderr().is_terminal()).map(|(text, lang)| (text.clone(), lang));
        let zero = || AtomicU64::new(0);
        let width = AtomicUsize::new(0);
        Self { wording, total, begun: Instant::now(), drawn: zero(), bytes: zero(), rows: zero(), width }
    }

    pub fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Relaxed);
    }

    /// Adds bytes that were read, and draws when it is time to.
    pub fn add_bytes(&self, bytes: u64) {
        let bytes = self.bytes.fetch_add(bytes, Relaxed) + bytes;
        let Some((wording, lang)) = &self.wording else { return };
        let elapsed = self.begun.elapsed();
        let step = u64::try_from(elapsed.as_millis() / PAUSE.as_millis()).unwrap_or(u64::MAX);
        if self.drawn.fetch_max(step, Relaxed) < step {
            let line = self.over(&self.line(wording, *lang, elapsed, bytes));
            let _ = write!(std::io::stderr(), "\r{line}");
        }
    }

    fn line(&self, wording: &Text, lang: Lang, elapsed: Duration, bytes: u64) -> String {
        let (rows, millis) = (self.rows.load(Relaxed), u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1));
        let left = self.total.saturating_sub(bytes).saturating_mul(millis) / bytes.max(1) / 1000;
        let slots = [
            ("rows", grouped(rows)),
            ("rate", grouped(rows.saturating_mul(1000) / millis)),
            ("share", (bytes.saturating_mul(100) / self.total.max(1)).min(100).to_string()),
            ("left", format!("{}:{:02}", left / 60, left % 60)),
        ];
        let slots = slots.map(|(slot, value)| (slot.to_owned(), value));
        wording.fill(&slots).get(lang).to_owned()
    }

    /// The line with spaces over what is left of a longer one: a plain console knows no sign that clears a line.
    fn over(&self, line: &str) -> String {
        let letters = line.chars().count();
        let width = self.width.fetch_max(letters, Relaxed).max(letters);
        format!("{line:<width$}")
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.wording.is_some() {
            let _ = write!(std::io::stderr(), "\r{}\r", self.over(""));
        }
    }
}

/// `73 000 000`, with no-break spaces.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let gap = |place: usize| place > 0 && (digits.len() - place).is_multiple_of(3);
    digits.char_indices().flat_map(|(place, digit)| gap(place).then_some('\u{a0}').into_iter().chain([digit])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_rows_rate_share_and_time_left() {
        let progress = Progress::new(4000, None);
        progress.add_rows(1_234_567);
        let wording = Text::same("{rows} {rows?строка|строки|строк} {rate}/s {share} % {left}");
        let line = progress.line(&wording, Lang::Ru, Duration::from_secs(30), 1000);
        assert_eq!(line, "1\u{a0}234\u{a0}567 строк 41\u{a0}152/s 25 % 1:30");
        assert_eq!(grouped(999), "999");
        assert_eq!([progress.over("1234"), progress.over("12"), progress.over("")], ["1234", "12  ", "    "]);
    }
}
