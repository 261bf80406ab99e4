//! The texts themselves: what they call, and who understands them.

use super::samples;
use esep::sql::text::FUNCTIONS;

#[test]
fn the_text_calls_only_listed_functions_and_has_no_dialect() {
    let lake = samples().remove(0);
    lake.write_texts();
    let words = ["AND", "OR", "NOT", "IN", "AS", "ON", "WHEN", "THEN", "ELSE", "SELECT", "WHERE", "FROM", "BY", "CASE"];
    for file in ["facts.sql", "rest.sql", "rest_refusals.sql"] {
        let text = std::fs::read_to_string(lake.texts().join(file)).unwrap();
        // quoted texts are values
        let code: String = text.split('\'').step_by(2).collect();
        for (at, _) in code.match_indices('(') {
            let before = code[..at].trim_end();
            let name: String = before.chars().rev().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
            let name: String = name.chars().rev().collect();
            let known = name.is_empty() || words.contains(&name.as_str()) || FUNCTIONS.contains(&name.as_str());
            assert!(known, "{file}: {name}(");
        }
        for strange in ["CAST", "DATE", "INTERVAL", "LOWER", "REGEXP", "::", "\"", "`", "||", "\\", "OVER", "LIMIT"] {
            assert!(
                !code
                    .split(|sign: char| !sign.is_alphanumeric() && !"_:|`\"\\".contains(sign))
                    .any(|word| word == strange),
                "{file}: {strange}"
            );
        }
        assert!(!text.contains('\\'), "{file}: a backslash means something else to Spark");
    }
}
