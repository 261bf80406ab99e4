//! Texts from files and of names of files as a terminal may show them: what steers a terminal is written out.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with its line ends, and all else that steers a terminal written out: `\u{1b}`.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    written_out(text, |letter| letter != '\n' && steers(letter))
}

/// The text on one line: its line ends are written out, too.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, steers)
}

fn written_out(text: &str, is_hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_hidden) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' if is_hidden(letter) => shown.extend(letter.escape_default()),
            letter if is_hidden(letter) => {
                let _ = write!(shown, "\\u{{{:x}}}", letter as u32);
            }
            letter => shown.push(letter),
        }
    }
    shown.into()
}

/// Whether a letter moves the cursor, clears the screen, ends a line or turns the order of letters round.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        assert_eq!(visible("a\u{1b}[2Jb\nc\r\u{9b}1m"), "a\\u{1b}[2Jb\\nc\\r\\u{9b}1m");
        assert_eq!(visible_lines("a\nb\u{7}"), "a\nb\\u{7}");
        assert_eq!(visible("отчёт\u{202e}xslx.exe"), "отчёт\\u{202e}xslx.exe");
        assert!(matches!(visible("Қазақша – «текст»\u{a0}1"), Cow::Borrowed(_)));
    }
}
