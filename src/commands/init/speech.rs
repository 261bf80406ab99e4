//! Words of `init` in the language of the reader.

use crate::definitions::Definitions;
use crate::words::lang::Lang;

#[derive(Debug, Clone, Copy)]
pub struct Speech<'d> {
    pub definitions: &'d Definitions,
    pub lang: Lang,
}

impl Speech<'_> {
    pub fn say(self, key: &str, slots: &[(&str, &str)]) -> String {
        let slots: Vec<(String, String)> =
            slots.iter().map(|(slot, value)| ((*slot).to_owned(), (*value).to_owned())).collect();
        self.definitions.words(key).fill(&slots).get(self.lang).to_owned()
    }

    /// The same as lines of a comment; a value with a line break stays in it.
    pub fn comment(self, key: &str, slots: &[(&str, &str)]) -> String {
        let said = self.say(key, slots);
        said.lines().flat_map(|line| ["# ", line, "\n"]).collect()
    }
}
