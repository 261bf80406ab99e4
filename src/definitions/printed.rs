//! The program's own words on the sheets, and texts in the languages of a report. Data in `templates/words.toml`.

use crate::definitions::form::{Column, Form, Grid, PeriodKind};
use crate::values::period::Quarter;
use crate::words::lang::{Lang, Text};
use anyhow::Result;
use serde::Deserialize;

/// Words beside the wording of the forms.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub unit: Text,
    /// Mark under the head of the second stub column.
    pub stub_mark: Text,
    pub quarter: Text,
    /// `{page}` of `{pages}`.
    pub page: Text,
    /// `{page}`, where it is not known of how many.
    pub page_alone: Text,
    /// Above the table on every page but the first.
    pub continued: Text,
    pub edition: Text,
    /// What stands before the digest of the cells.
    pub data: Text,
    pub signatures: Text,
    /// Name of the sheet of charts, and what stands above them.
    pub charts: Text,
    pub charts_note: Text,
    /// `{quarter}` of `{year}`.
    pub period: Text,
    /// The whole `{year}`, and the head of its column of totals.
    pub whole_year: Text,
    pub year: Text,
    /// The same where only `{count}` of its quarters are known.
    pub year_part: Text,
    /// January to December.
    pub months: Vec<Text>,
    pub refused_title: Text,
    /// What an empty form says to a value that its cell may not hold.
    pub refused: Text,
    pub check: CheckWords,
    pub revisions: RevisionWords,
}

/// Words of the sheet of adjustments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevisionWords {
    pub sheet: Text,
    pub revision: Text,
    pub row: Text,
    pub line: Text,
    pub column: Text,
    pub old: Text,
    pub new: Text,
    pub reason: Text,
    pub document: Text,
    pub person: Text,
    pub date: Text,
    /// In place of a reason: the cell is a sum of changed ones.
    pub sum_follows: Text,
    /// In place of an old value.
    pub new_line: Text,
    /// What a revision rests on: the decision with `{number}` and `{date}`, or that it was asked for.
    pub decision: Text,
    pub decision_asked: Text,
    pub chain: Text,
}

/// Words of the sheet of checks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckWords {
    pub sheet: Text,
    pub title: Text,
    pub elsewhere: Text,
    pub broken: Text,
    pub holds: Text,
    pub unchecked: Text,
    /// In place of the rules' texts, where one check counts several.
    pub counted: Text,
    /// Below the rule's text, where one check stands for `{places}` of them.
    pub gathered: Text,
    pub rule: Text,
    pub text: Text,
    pub place: Text,
    pub column: Text,
    pub cell: Text,
    pub left: Text,
    pub right: Text,
    pub difference: Text,
    pub verdict: Text,
}

impl Words {
    /// # Errors
    /// A year of other than twelve months.
    pub(crate) fn check(&self) -> Result<()> {
        anyhow::ensure!(self.months.len() == 12, "a year has twelve months");
        Ok(())
    }

    /// `III квартал 2026 года`.
    pub fn period(&self, quarter: Quarter) -> Text {
        let slots = [("quarter".to_owned(), roman(quarter).to_owned()), ("year".to_owned(), quarter.year.to_string())];
        self.period.fill(&slots)
    }

    /// The period of a form: its quarter, of a year's table the year.
    pub fn when(&self, form: &Form, quarter: Quarter) -> Text {
        match form.span {
            PeriodKind::Quarter => self.period(quarter),
            PeriodKind::Year => self.whole_year.fill(&[("year".to_owned(), quarter.year.to_string())]),
        }
    }
}

/// Prints texts in the languages of a report, the first one leading.
#[derive(Debug, Clone)]
pub struct Printer {
    pub langs: Vec<Lang>,
    pub words: Words,
}

/// The quarter as the forms write it: `III`.
pub fn roman(quarter: Quarter) -> &'static str {
    ["I", "II", "III", "IV"][(quarter.number.clamp(1, 4) - 1) as usize]
}

/// Fills the blanks of a label such as `___ квартал 20__ года`. Source: Annexes 1–4, "Reporting period".
pub fn fill_period(label: &Text, quarter: Quarter) -> Text {
    let fill = |text: &str| {
        let dated = text.replacen("20__", &quarter.year.to_string(), 1);
        match (dated.find('_'), dated.rfind('_')) {
            (Some(first), Some(last)) => format!("{}{}{}", &dated[..first], roman(quarter), &dated[last + 1..]),
            _ => dated,
        }
    };
    label.map(fill)
}

/// The title above the table, in one language.
pub fn table_title(form: &Form, lang: Lang) -> String {
    Form::label(&form.head, "data_title").map(|title| title.get(lang).to_owned()).unwrap_or_default()
}

impl Printer {
    /// Prints with the words of `templates/words.toml`.
    pub fn new(langs: &[Lang], words: &Words) -> Self {
        let langs = if langs.is_empty() { vec![Lang::Ru] } else { langs.to_vec() };
        Self { langs, words: words.clone() }
    }

    /// All languages, one under another.
    pub fn join(&self, text: &Text) -> String {
        text.join(&self.langs)
    }

    /// All languages in one line.
    pub fn beside(&self, text: &Text) -> String {
        self.join(text).replace('\n', " / ")
    }

    /// `III квартал 2026 года`.
    pub fn period(&self, quarter: Quarter) -> Text {
        self.words.period(quarter)
    }

    /// The period of a form: its quarter, of a year's table the year.
    pub fn when(&self, form: &Form, quarter: Quarter) -> Text {
        self.words.when(form, quarter)
    }

    /// A column in words: the month or the quarter with the applicant, or the printed number of the column.
    pub fn column(&self, form: &Form, grid: &Grid, column: &Column, quarter: Quarter) -> String {
        if !form.monthly {
            return column.mark.clone().unwrap_or_else(|| column.id.clone());
        }
        let (before, whole) = match form.span {
            PeriodKind::Quarter => ((quarter.number - 1) * 3, &self.words.quarter),
            PeriodKind::Year => (0, &self.words.year),
        };
        let month = column.month.and_then(|month| self.words.months.get((before + month - 1) as usize));
        let when = self.beside(month.unwrap_or(whole));
        let split = grid.columns.iter().filter(|other| other.month == column.month).count() > 1;
        match column.label.as_ref().filter(|_| split) {
            Some(label) => format!("{when}: {}", self.beside(label)),
            None => when,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_fills_its_blanks() {
        let filled = |label: &str| fill_period(&Text::same(label), Quarter { year: 2026, number: 3 });
        let kk = filled("Есепті кезең: 20__ жылғы ___ тоқсан");
        assert_eq!(kk.get(Lang::Kk), "Есепті кезең: 2026 жылғы III тоқсан");
        let ru = filled("Отчетный период: ___ квартал 20__ года");
        assert_eq!(ru.get(Lang::Ru), "Отчетный период: III квартал 2026 года");
        let en = filled("Reporting period: ___ quarter of 20__");
        assert_eq!(en.get(Lang::En), "Reporting period: III quarter of 2026");
    }
}
