//! Texts broken into lines: Kazakh, Russian and English between words, what is longer than a line anywhere.

use crate::render::pdf::font::{Face, Fonts, seen};
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    pub face: Face,
    /// Points.
    pub size: f64,
}

/// No line ends after a number sign or begins with a dash.
const TIED: [(&str, &str); 3] = [("№ ", "№\u{a0}"), (" — ", "\u{a0}— "), (" – ", "\u{a0}– ")];

/// The lines of a text in a column of `room` points, without the spaces at their ends.
pub fn lines(fonts: &Fonts, text: &str, room: f64, kind: Type) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let clean: String =
            seen(paragraph).chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let clean = if clean.contains(['№', '—', '–']) {
            TIED.iter().fold(clean, |text, (loose, tied)| text.replace(loose, tied))
        } else {
            clean
        };
        wrap(fonts, clean.trim_end(), room, kind, &mut lines);
    }
    lines
}

/// Width of the widest line.
pub fn widest(fonts: &Fonts, lines: &[String], kind: Type) -> f64 {
    lines.iter().map(|line| fonts.width(line, kind.face, kind.size)).fold(0.0, f64::max)
}

fn wrap(fonts: &Fonts, text: &str, room: f64, kind: Type, lines: &mut Vec<String>) {
    let width = |part: &str| fonts.width(part, kind.face, kind.size);
    // most texts need no look at where they could break; sums of parts differ by less
    if width(text) + 1e-6 <= room {
        lines.push(text.to_owned());
        return;
    }
    let (mut line, mut used) = (String::new(), 0.0);
    let mut start = 0;
    for (end, _) in
        linebreaks(text).filter(|(_, kind)| matches!(kind, BreakOpportunity::Allowed | BreakOpportunity::Mandatory))
    {
        // A hyphen after a figure holds: 2-МК, 15-тен.
        let figure = text[..end].strip_suffix('-').is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        if figure && end < text.len() {
            continue;
        }
        let word = &text[start..end];
        start = end;
        let need = width(word);
        if !line.is_empty() && used + width(word.trim_end()) > room {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0.0;
        }
        if line.is_empty() && width(word.trim_end()) > room {
            let last = pieces(word, room, &width, lines);
            used = width(&last);
            line = last;
            continue;
        }
        line.push_str(word);
        used += need;
    }
    lines.push(line.trim_end().to_owned());
}

/// Cuts a word that is wider than a line; the last piece is still open.
fn pieces(word: &str, room: f64, width: &impl Fn(&str) -> f64, lines: &mut Vec<String>) -> String {
    let mut piece = String::new();
    let mut used = 0.0;
    for letter in word.chars() {
        let need = width(letter.encode_utf8(&mut [0; 4]));
        if !piece.is_empty() && used + need > room {
            lines.push(std::mem::take(&mut piece));
            used = 0.0;
        }
        piece.push(letter);
        used += need;
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Type = Type { face: Face::Regular, size: 10.0 };

    fn broken(text: &str, room: f64) -> Vec<String> {
        let fonts = Fonts::read().expect("the fonts");
        let lines = lines(&fonts, text, room, TEN);
        assert!(lines.iter().all(|line| line.chars().count() == 1 || fonts.width(line, TEN.face, 10.0) <= room));
        lines
    }

    #[test]
    fn text_breaks_between_words_and_at_given_lines() {
        assert_eq!(broken("", 100.0), [""]);
        assert_eq!(broken("бір\nодин", 100.0), ["бір", "один"]);
        assert_eq!(broken("мемлекеттік қызмет", 60.0), ["мемлекеттік", "қызмет"]);
        assert_eq!(broken("1-МК нысаны (тоқсандық)", 60.0), ["1-МК нысаны", "(тоқсандық)"]);
    }

    #[test]
    fn nothing_is_lost_of_a_very_long_word() {
        let word = "ж".repeat(100);
        let lines = broken(&format!("а {word} б"), 60.0);
        assert!(lines.len() > 9);
        assert_eq!(lines.concat().replace([' ', 'а', 'б'], ""), word);
        assert_eq!(broken(&word, 0.5).len(), 100);
    }

    #[test]
    fn number_signs_and_dashes_stay_with_their_neighbours() {
        assert_eq!(broken("шы № 78", 30.0), ["шы", "№\u{a0}78"]);
        assert_eq!(broken("услуга — ИС", 45.0), ["услуга\u{a0}—", "ИС"]);
    }

    #[test]
    fn a_hyphen_after_a_figure_holds() {
        assert_eq!(broken("нысан 2-МК 15-тен", 40.0), ["нысан", "2-МК", "15-тен"]);
        assert_eq!(broken("іс-шара 5-", 24.0), ["іс-", "шара", "5-"]);
    }

    #[test]
    fn no_break_spaces_hold() {
        assert_eq!(broken("итого 1\u{a0}234\u{a0}567", 55.0), ["итого", "1\u{a0}234\u{a0}567"]);
    }
}
