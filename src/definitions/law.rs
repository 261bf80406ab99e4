//! Paragraphs of the Rules and explanations of the annexes, and what answers each. Data in `templates/law.toml`.
//!
//! What cites a place by its basis is found by that (`cited`); the file names only the rest.

use crate::words::lang::Text;
use serde::Deserialize;
use std::collections::BTreeSet;

/// One paragraph, or explanations of several annexes that say the same.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// As a basis names them: `Rules, para 41`, `Rules, Annex 1, expl. 5`.
    pub at: Vec<String>,
    /// What it says, in short; absent: what the rows that cite it are called.
    pub says: Option<Text>,
    /// Fields (`table.field`), codes of findings and commands beside what cites it.
    #[serde(default)]
    pub by: Vec<String>,
    /// Folders of tests and functions.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Whose it is, where nothing in the program answers it.
    pub none: Option<Text>,
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Law {
    pub place: Vec<Paragraph>,
}

/// The paragraphs and explanations of the Rules that a basis names, each as `Paragraph::at` writes it.
pub fn cited(basis: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut rules, mut kind, mut annexes) = (true, "", Vec::new());
    for part in basis.split([';', ',', ':']).map(str::trim) {
        let mut rest = part;
        if !part.starts_with(|letter: char| letter.is_ascii_digit()) {
            let (word, behind) = part.split_once(' ').unwrap_or((part, ""));
            rest = behind;
            match word {
                "Law" | "Order" => rules = false,
                "Rules" | "Annex" | "Annexes" => (rules, annexes) = (true, Vec::new()),
                _ => {}
            }
            kind = word;
        }
        for number in rest.split(" and ").flat_map(numbers).filter(|_| rules) {
            match kind {
                "Annex" | "Annexes" => annexes.push(number),
                "para" => drop(found.insert(format!("Rules, para {number}"))),
                "expl." => found.extend(annexes.iter().map(|annex| format!("Rules, Annex {annex}, expl. {number}"))),
                _ => {}
            }
        }
    }
    found
}

/// `16–18` → 16, 17, 18.
fn numbers(text: &str) -> Vec<u32> {
    let (first, last) = text.split_once('–').unwrap_or((text, text));
    let number = |text: &str| text.split(' ').next().and_then(|digits| digits.parse::<u32>().ok());
    number(first).map_or_else(Vec::new, |first| (first..=number(last).unwrap_or(first)).collect())
}
