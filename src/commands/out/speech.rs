//! The words of the definitions in the language of the reader.

use crate::definitions::Definitions;
use crate::words::lang::Lang;

/// Who speaks, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'d> {
    pub definitions: &'d Definitions,
    pub lang: Lang,
}

impl<'d> Speech<'d> {
    pub fn words(&self, key: &str) -> &'d str {
        self.definitions.words(key).get(self.lang)
    }

    pub fn fill(&self, key: &str, slots: &[(&str, &str)]) -> String {
        let slots: Vec<(String, String)> =
            slots.iter().map(|(slot, value)| ((*slot).to_owned(), (*value).to_owned())).collect();
        self.definitions.words(key).fill(&slots).get(self.lang).to_owned()
    }

    /// The same as lines of a comment; a value with a line break stays in it.
    pub fn comment(&self, key: &str, slots: &[(&str, &str)]) -> String {
        self.fill(key, slots).lines().flat_map(|line| ["# ", line, "\n"]).collect()
    }
}

/// A label without its line breaks.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
