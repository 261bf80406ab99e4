//! Slots of a sentence: `{events}`, `{%late/rendered}`, `{events?мероприятие|мероприятия|мероприятий}`.
//!
//! A slot names symbolic rows, `row` or `row:column`, joined by `+`; no other arithmetic exists.

use anyhow::{Context, Result, ensure};
use std::borrow::Cow;

/// One row, in one column or, when none is named, in the columns of the quarter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    pub row: String,
    pub column: Option<String>,
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.row)?;
        self.column.as_ref().map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

/// Rows that are added.
pub type Terms = Vec<Term>;

/// How a Kazakh number is bent: `12-ге`, `12-ден`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bend {
    To,
    From,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    /// What the program knows by name: `{@period}`.
    Known(String),
    Number(Terms),
    Bent(Terms, Bend),
    /// The form of a word that goes with the number.
    Word(Terms, Vec<String>),
    /// A share in brackets, with its space and, at `#`, among the words that say of what; nothing where the base is small.
    Share(Terms, Terms, String),
}

/// Reads the terms of a slot.
///
/// # Errors
/// A term without a row.
pub fn terms(text: &str) -> Result<Terms> {
    let term = |term: &str| {
        let (row, column) = term.split_once(':').map_or((term, None), |(row, column)| (row, Some(column)));
        ensure!(!row.trim().is_empty(), "{text:?}: no row");
        Ok(Term { row: row.trim().to_owned(), column: column.map(|column| column.trim().to_owned()) })
    };
    text.split('+').map(term).collect()
}

/// Takes a sentence apart.
///
/// # Errors
/// A bracket that is not closed, or a slot that cannot be read.
pub fn pieces(sentence: &str) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').with_context(|| format!("{sentence:?}: a bracket is not closed"))? + open;
        if open > 0 {
            pieces.push(Piece::Words(rest[..open].to_owned()));
        }
        pieces.push(piece(&rest[open + 1..close])?);
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

fn piece(slot: &str) -> Result<Piece> {
    if let Some(name) = slot.strip_prefix('@') {
        return Ok(Piece::Known(name.to_owned()));
    }
    if let Some(share) = slot.strip_prefix('%') {
        let (part, whole) = share.split_once('/').with_context(|| format!("{{{slot}}}: a share has two sides"))?;
        let (whole, words) = whole.split_once('|').unwrap_or((whole, "#"));
        ensure!(words.matches('#').count() == 1, "{{{slot}}}: the share stands at one #");
        return Ok(Piece::Share(terms(part)?, terms(whole)?, words.to_owned()));
    }
    if let Some((of, forms)) = slot.split_once('?') {
        return Ok(Piece::Word(terms(of)?, forms.split('|').map(str::to_owned).collect()));
    }
    if let Some((of, bend)) = slot.split_once('~') {
        let bend = match bend {
            "to" => Bend::To,
            "from" => Bend::From,
            _ => anyhow::bail!("{{{slot}}}: a number is bent ~to or ~from"),
        };
        return Ok(Piece::Bent(terms(of)?, bend));
    }
    Ok(Piece::Number(terms(slot)?))
}

impl Piece {
    /// All terms that the piece names.
    pub fn terms(&self) -> Cow<'_, [Term]> {
        match self {
            Self::Words(_) | Self::Known(_) => Cow::Borrowed(&[]),
            Self::Number(terms) | Self::Bent(terms, _) | Self::Word(terms, _) => Cow::Borrowed(terms),
            Self::Share(part, whole, _) => Cow::Owned(part.iter().chain(whole).cloned().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_comes_apart() {
        let found = pieces("из них {a.b+c:2} {a?дело|дела|дел}{%a/b}, {@period}; {a~to}").expect("a sentence");
        let term = |row: &str, column: Option<&str>| Term { row: row.to_owned(), column: column.map(str::to_owned) };
        let (a, b) = (vec![term("a", None)], vec![term("b", None)]);
        let forms = ["дело", "дела", "дел"].map(str::to_owned).to_vec();
        let plain = |text: &str| Piece::Words(text.to_owned());
        assert_eq!(
            found,
            [
                plain("из них "),
                Piece::Number(vec![term("a.b", None), term("c", Some("2"))]),
                plain(" "),
                Piece::Word(a.clone(), forms),
                Piece::Share(a.clone(), b, "#".to_owned()),
                plain(", "),
                Piece::Known("period".to_owned()),
                plain("; "),
                Piece::Bent(a, Bend::To),
            ]
        );
    }

    #[test]
    fn faults_are_refused() {
        for bad in ["{a", "{%a}", "{%a/b|из всех}", "{a~up}", "{}", "{a+}"] {
            assert!(pieces(bad).is_err(), "{bad}");
        }
    }
}
