//! Sentences: templates whose slots are filled with figures, in the right form of their words.

use crate::analytical::document::{ParagraphKind, Piece, Run, text};
use crate::analytical::figures::compare::Before;
use crate::analytical::figures::material::Material;
use crate::analytical::figures::numeral::{decimal, ending};
use crate::analytical::figures::{Figure, Figures};
use crate::definitions::analytical::{Analytical, OfTerms, Phrases, When};
use crate::definitions::printed::Printer;
use crate::definitions::slot;
use crate::definitions::slot::{Piece as Slot, Terms};
use crate::report::known::{KnownDeadlines, sum};
use crate::values::period::Quarter;
use crate::words::lang::{Lang, Text, bend};
use crate::words::number::{NBSP, grouped};
use anyhow::Result;

/// Tells the report in one language.
pub(crate) struct Teller<'a> {
    pub material: &'a Material<'a>,
    pub template: &'a Analytical,
    pub phrases: &'a Phrases,
    pub lang: Lang,
    pub figures: Figures<'a>,
    pub previous: Option<Before<'a>>,
    pub year_before: Option<Before<'a>>,
    pub printer: Printer,
    pub pieces: Vec<Piece>,
    /// A share was left out of a table because its base is small.
    pub small: bool,
}

impl<'a> Teller<'a> {
    /// A report about to be told in one language.
    pub fn new(material: &'a Material<'a>, template: &'a Analytical, lang: Lang) -> Self {
        let report = material.report;
        let (form, quarter) = (report.form, report.period.quarter);
        // An unfinished quarter cannot be compared with whole ones.
        let comparable = report.period.ended_months() == 3;
        let find = |quarter: Quarter| {
            if comparable { Before::find(material.earlier, form, report.unit.as_ref(), quarter) } else { None }
        };
        Self {
            material,
            template,
            phrases: &material.definitions.phrases,
            lang,
            figures: Figures::new(form, &report.cells)
                .telling(material.testimony.counts(quarter))
                .with_established(&report.established),
            previous: find(quarter.previous()),
            year_before: find(quarter.year_before()),
            printer: Printer::new(&[lang], &material.definitions.printed),
            pieces: Vec::new(),
            small: false,
        }
    }

    /// Adds a paragraph that is not empty.
    pub fn paragraph(&mut self, kind: ParagraphKind, runs: Vec<Run>) {
        if runs.iter().any(|run| !run.text.trim().is_empty()) {
            self.pieces.push(Piece::Paragraph { kind, runs });
        }
    }

    pub fn heading(&mut self, level: u8, number: &str, title: &str) {
        let runs = vec![Run::reference(number), Run::plain(format!(" {title}"))];
        self.pieces.push(Piece::Heading { level, runs });
    }

    /// The sentence, if all of its slots are known.
    pub fn say(&self, text: &Text) -> Result<Vec<Run>> {
        Ok(self.sentence(text.get(self.lang))?.unwrap_or_default())
    }

    /// Whether a figure is known, and zero.
    pub fn state(&self, of: &str) -> Result<When> {
        Ok(match self.figures.of(&slot::terms(of)?) {
            None => When::Unknown,
            Some(figure) if figure.number() == 0 => When::Zero,
            Some(_) => When::Some,
        })
    }

    /// `None`: a slot is not known.
    fn sentence(&self, text: &str) -> Result<Option<Vec<Run>>> {
        let mut runs: Vec<Run> = Vec::new();
        let mut after_number = false;
        for piece in slot::pieces(text)? {
            let number = matches!(piece, Slot::Number(_) | Slot::Bent(..));
            match piece {
                Slot::Words(words) => {
                    // A number stays with its word.
                    let tied = words.strip_prefix(' ').filter(|rest| after_number && !rest.starts_with(['—', '–']));
                    runs.push(Run::plain(tied.map_or(words.clone(), |rest| format!("{NBSP}{rest}"))));
                }
                Slot::Known(name) => runs.extend(self.known(&name)),
                Slot::Word(terms, forms) => {
                    let Some(figure) = self.figures.of(&terms) else { return Ok(None) };
                    runs.push(Run::plain(forms[self.lang.plural(figure.number())].as_str()));
                }
                Slot::Share(part, whole, words) => runs.extend(self.share_in_brackets(&part, &whole, &words)),
                Slot::Number(terms) => {
                    let Some(figure) = self.figures.of(&terms) else { return Ok(None) };
                    runs.push(number_run(figure));
                }
                Slot::Bent(terms, bend) => {
                    let Some(figure) = self.figures.of(&terms) else { return Ok(None) };
                    runs.extend(self.bent(figure, bend));
                }
            }
            after_number = number;
        }
        Ok(Some(runs))
    }

    /// A sentence about terms with what is said of results whose deadline nobody knows; where it says that nothing was
    /// late, only the others may be meant (forms.md, Deadlines that are not known).
    pub fn with_unknown_terms(&self, mut said: Vec<Run>, terms: Option<OfTerms>, is: When) -> Vec<Run> {
        let Some(terms) = terms.filter(|_| !said.is_empty()) else { return said };
        let of = |known: &&KnownDeadlines| match terms {
            OfTerms::Rendered => known.outcome == "rendered",
            OfTerms::Refused => known.outcome == "refused",
            OfTerms::All => true,
        };
        let own: Vec<KnownDeadlines> = self.material.report.deadlines.iter().filter(of).cloned().collect();
        let (unknown, results) = sum(&own);
        if self.material.silent_of_terms > 0 {
            let count = books(u64::try_from(self.material.silent_of_terms).unwrap_or(u64::MAX));
            said.push(Run::plain(" "));
            said.extend(self.phrase("terms_untold", &[("count", count)]));
        }
        if unknown == 0 {
            return said;
        }
        let key = match is {
            When::Zero if unknown == results => "unknown_all",
            When::Zero => "unknown_else",
            _ => "unknown_some",
        };
        let counts = [("unknown", unknown), ("results", results)];
        let counts = counts.map(|(slot, count)| (slot, books(count.unsigned_abs())));
        let nouns = match terms {
            OfTerms::Rendered => ["of_rendered", "one_rendered", "all_rendered"],
            OfTerms::Refused => ["of_refused", "one_refused", "all_refused"],
            OfTerms::All => ["of_results", "one_result", "all_results"],
        };
        let of =
            |key: &str| vec![Run::plain(bend(self.word(key).to_owned(), "results", &text(&counts[1].1), self.lang))];
        let nouns = ["of", "one", "all"].into_iter().zip(nouns.map(of));
        let unknown = self.phrase(key, &counts.iter().cloned().chain(nouns).collect::<Vec<_>>());
        if is == When::Zero && self.material.silent_of_terms == 0 {
            return unknown;
        }
        said.push(Run::plain(" "));
        said.extend(unknown);
        said
    }

    /// ` (12,5 % of so many)`, or nothing.
    fn share_in_brackets(&self, part: &Terms, whole: &Terms, words: &str) -> Vec<Run> {
        let (part, whole) = (self.figures.of(part), self.figures.of(whole));
        let share = part.zip(whole).and_then(|(part, whole)| part.share(&whole));
        share.map_or_else(Vec::new, |share| {
            let (before, after) = words.split_once('#').unwrap_or((words, ""));
            let share = vec![Run::plain(before), self.percent(share), Run::plain(after)];
            self.phrase("share_brackets", &[("share", share)])
        })
    }

    /// `12-ге`: the number and its ending.
    pub fn bent(&self, figure: Figure, bend: slot::Bend) -> Vec<Run> {
        let ending = format!("-{}", ending(figure.number(), bend, self.phrases));
        vec![number_run(figure), Run::plain(ending)]
    }

    /// `12,5 %`.
    pub fn percent(&self, share: Figure) -> Run {
        let number = decimal(share.value, self.lang);
        let text = self.phrases.get("percent").get(self.lang).replace("{number}", &number);
        Run::figure(text.replace(' ', &NBSP.to_string()), share)
    }

    /// A phrase of all reports with its slots filled; a slot without runs disappears.
    pub fn phrase(&self, key: &str, slots: &[(&str, Vec<Run>)]) -> Vec<Run> {
        let pattern = self.phrases.get(key).get(self.lang).to_owned();
        let bent = slots.iter().fold(pattern, |pattern, (name, runs)| bend(pattern, name, &text(runs), self.lang));
        fill(&bent, slots)
    }

    /// A phrase without slots.
    pub fn word(&self, key: &str) -> &'a str {
        self.phrases.get(key).get(self.lang)
    }

    /// Words with `{@form}` and the like filled.
    pub fn known_words(&self, text: &str) -> Vec<Run> {
        let slots = ["quarter", "year", "form"].map(|name| (format!("@{name}"), self.known(name)));
        let slots: Vec<(&str, Vec<Run>)> = slots.iter().map(|(name, runs)| (name.as_str(), runs.clone())).collect();
        fill(text, &slots)
    }
}

/// A count of records, files, findings.
pub(crate) fn books(count: u64) -> Vec<Run> {
    vec![Run::books(grouped(i128::from(count)))]
}

/// A whole number as it is printed.
pub(crate) fn number_run(figure: Figure) -> Run {
    Run::figure(grouped(figure.value.above / figure.value.below.max(1)), figure)
}

/// A pattern with `{slots}`.
fn fill(pattern: &str, slots: &[(&str, Vec<Run>)]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        if !before.is_empty() {
            runs.push(Run::plain(before));
        }
        let slot = slots.iter().find(|(slot, _)| *slot == name);
        runs.extend(slot.map(|(_, runs)| runs.clone()).unwrap_or_default());
        rest = behind;
    }
    if !rest.is_empty() {
        runs.push(Run::plain(rest));
    }
    runs
}
