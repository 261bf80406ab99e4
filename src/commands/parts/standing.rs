//! What the pages of a report say of it: provisional, adjusted.

use crate::definitions::Definitions;
use crate::report::standing::{Consolidated, Revision, Standing};
use crate::words::lang::Text;

/// The standing of a report with the marks that its pages carry.
pub fn marked(consolidated: Option<Consolidated>, revisions: Vec<Revision>, definitions: &Definitions) -> Standing {
    let mut marks: Vec<Text> = Vec::new();
    if let Some(whole) = consolidated.as_ref().filter(|whole| whole.provisional) {
        let slot = |name: &str, count: u64| (name.to_owned(), count.to_string());
        let slots = [slot("counted", whole.counted), slot("expected", whole.expected)];
        let mut mark = definitions.words("provisional_mark").fill(&slots);
        if whole.counted == whole.expected {
            let more = definitions.words("provisional_unsound");
            mark = Text::by(|lang| format!("{}, {}", mark.get(lang), more.get(lang)));
        }
        marks.push(mark);
    }
    if let Some(last) = revisions.last() {
        let slots = [("number".to_owned(), last.number.to_string())];
        marks.push(definitions.words("revision_mark").fill(&slots));
    }
    Standing { marks, consolidated, revisions }
}
