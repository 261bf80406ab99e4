//! The page: one document with style, script and words in it, allowed by their hashes and nothing else.

use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine};
use esep::words::lang::Text;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../page/page.html");
/// The review page's looks first: the desk looks like one thing with it.
const STYLES: [&str; 6] = [
    include_str!("../../templates/review/page.css"),
    include_str!("../../templates/review/parts.css"),
    include_str!("../page/frame.css"),
    include_str!("../page/controls.css"),
    include_str!("../page/screens.css"),
    include_str!("../page/tables.css"),
];
/// In the order in which they build on each other.
const SCRIPTS: [&str; 16] = [
    include_str!("../page/model.js"),
    include_str!("../../templates/review/element.js"),
    include_str!("../page/parts.js"),
    include_str!("../page/start.js"),
    include_str!("../page/files.js"),
    include_str!("../page/columns.js"),
    include_str!("../page/rows.js"),
    include_str!("../page/errors.js"),
    include_str!("../page/form.js"),
    include_str!("../page/idle.js"),
    include_str!("../page/documents.js"),
    include_str!("../page/questions.js"),
    include_str!("../page/warnings.js"),
    include_str!("../page/print.js"),
    include_str!("../page/region.js"),
    include_str!("../page/desk.js"),
];

/// The page and what it may load and run.
#[derive(Debug, Clone)]
pub struct DeskPage {
    pub html: String,
    pub policy: String,
}

/// # Errors
/// The words cannot be written.
pub fn page(words: &BTreeMap<String, Text>) -> Result<DeskPage> {
    let words: BTreeMap<&str, &[String]> =
        words.iter().map(|(key, text)| (key.as_str(), text.all().as_slice())).collect();
    // no text of the words can end the element
    let data = serde_json::to_string(&words)?.replace('<', "\\u003c");
    let (style, script) = (STYLES.concat(), format!("(() => {{\n\"use strict\";\n{}}})();\n", SCRIPTS.concat()));
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; frame-src 'self'; \
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(&style),
        hash(&script)
    );
    let html = PAGE.replace("{{style}}", &style).replace("{{words}}", &data).replace("{{script}}", &script);
    Ok(DeskPage { html, policy })
}

#[cfg(test)]
mod tests {
    use super::{SCRIPTS, page};
    use crate::words::load;

    #[test]
    fn every_word_of_the_page_is_there_in_every_language_and_used() {
        let words = load().unwrap();
        for (key, text) in &words {
            assert!(!text.is_incomplete(), "{key}");
        }
        let script = SCRIPTS.concat();
        let mut used = Vec::new();
        for part in script.split("word(\"").skip(1) {
            let key = part.split('"').next().unwrap();
            assert!(words.contains_key(key), "no word {key}");
            used.push(key.to_owned());
        }
        let rust = [
            include_str!("api/asked.rs"),
            include_str!("api/body.rs"),
            include_str!("api/mended.rs"),
            include_str!("api/outcome.rs"),
            include_str!("api/quarters.rs"),
            include_str!("api/records.rs"),
            include_str!("api/region.rs"),
            include_str!("api/mod.rs"),
            include_str!("gate.rs"),
            include_str!("journal.rs"),
            include_str!("run.rs"),
            include_str!("refusal.rs"),
            include_str!("folder.rs"),
            include_str!("quarter.rs"),
            include_str!("sent.rs"),
            include_str!("store.rs"),
            include_str!("warnings.rs"),
            include_str!("server.rs"),
            include_str!("mends.rs"),
            include_str!("results.rs"),
            include_str!("main.rs"),
            include_str!("mapping.rs"),
            include_str!("api/answers.rs"),
        ];
        let rust = rust.concat() + &script;
        // keys that are made of a beginning and what the desk sends
        let made = [
            ("screen_", "standing("),
            ("step_", "standing("),
            ("did_", ""),
            ("field_", "FIELDS"),
            ("paper_", "PAPERS"),
            ("unit_", "UNIT_FIELDS"),
        ];
        for key in words.keys() {
            let is_made = made.iter().any(|(start, of)| key.starts_with(start) && script.contains(of));
            assert!(is_made || rust.contains(&format!("\"{key}\"")), "unused word {key}");
        }
        let changes = rust.split("change(app, &open, \"").chain(rust.split(".change(\"")).skip(1);
        for what in changes.filter_map(|part| part.split('"').next()).filter(|what| what.len() < 30) {
            assert!(words.contains_key(&format!("did_{what}")), "no word did_{what}");
        }
        for key in rust.split("\"refused_").skip(1).map(|part| part.split('"').next().unwrap()) {
            assert!(words.contains_key(&format!("refused_{key}")), "no word refused_{key}");
        }
    }

    #[test]
    fn the_page_takes_no_markup_from_data() {
        let script = SCRIPTS.concat();
        for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
            assert!(!script.contains(sink), "{sink}");
        }
        assert!(page(&load().unwrap()).unwrap().policy.contains("frame-ancestors 'none'"));
    }
}
