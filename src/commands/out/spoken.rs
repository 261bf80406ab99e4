//! In which languages a run speaks.

use crate::words::lang::Lang;

/// The languages of what is written, and of what is said on the terminal.
#[derive(Debug, Clone, Default)]
pub struct Spoken {
    /// `--lang`.
    pub given: Vec<Lang>,
    pub terminal: Lang,
}

impl Spoken {
    /// The one language of an answer, where it was asked for.
    pub fn first(&self) -> Option<Lang> {
        self.given.first().copied()
    }

    /// Languages of a report: `--lang`, else those of its body, else Russian.
    pub fn of_report(&self, own: &[Lang]) -> Vec<Lang> {
        let given = [&self.given, own].into_iter().find(|langs| !langs.is_empty());
        given.map_or_else(|| vec![Lang::Ru], <[Lang]>::to_vec)
    }
}
