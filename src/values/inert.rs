//! Texts in tables that people open in a spreadsheet program: none may become a live formula there.

use std::borrow::Cow;

/// What a text that a spreadsheet program would compute, or take for a number, begins with.
const LIVE: &[u8] = b"=+-@\t\r";

/// The text, behind a `'` where a spreadsheet program would compute it; read back it is its text again. A lone sign
/// is no formula.
pub fn inert(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if text.len() < 2 || !LIVE.contains(&text[0]) {
        return text;
    }
    [b"'", text.as_ref()].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_computed_is_marked_as_text() {
        let of = |text: &'static str| String::from_utf8(inert(text.as_bytes().into()).into_owned());
        for (text, marked) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+77010000000", "'+77010000000"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("-", "-"),
            ("=", "="),
            ("", ""),
            ("00401001", "00401001"),
            ("'=1", "'=1"),
            ("– 5", "– 5"),
        ] {
            assert_eq!(of(text).as_deref(), Ok(marked));
        }
    }
}
