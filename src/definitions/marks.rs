//! Words of rows that are no records, and texts that spreadsheets leave in place of a value. Data in `schemas/marks.toml`.

use crate::words::lang::fold;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::sync::OnceLock;

/// Words are kept folded; errors and months as spreadsheets write them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    totals: Vec<String>,
    groups: Vec<String>,
    remarks: Vec<String>,
    month_lines: Vec<String>,
    month_words: Vec<String>,
    counts: Vec<String>,
    errors: Vec<String>,
    months: Vec<String>,
    headers: Vec<String>,
    units: Vec<String>,
}

/// One list for the whole process: a cell is typed far from where definitions are held.
static MARKS: OnceLock<Marks> = OnceLock::new();

/// The marks in force: those of the definitions that were loaded first, else those inside the binary.
pub fn marks() -> &'static Marks {
    MARKS.get_or_init(|| Marks::read(include_str!("../../schemas/marks.toml")).unwrap_or_default())
}

impl Marks {
    fn read(text: &str) -> Result<Self> {
        let marks: Self = toml::from_str(text).context("schemas/marks.toml")?;
        Ok(marks.folded())
    }

    /// Puts these marks in force, unless others are already.
    pub(crate) fn put_in_force(self) {
        MARKS.get_or_init(|| self.folded());
    }

    fn folded(mut self) -> Self {
        for words in [
            &mut self.totals,
            &mut self.groups,
            &mut self.remarks,
            &mut self.counts,
            &mut self.month_lines,
            &mut self.units,
        ] {
            for word in words.iter_mut() {
                *word = fold(word);
            }
            // «итого» before «итог»
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        self
    }

    /// Words of totals, folded.
    pub fn totals(&self) -> &[String] {
        &self.totals
    }

    /// Words of headers that no table has.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Whether a word beside a number is a unit or a currency, which changes nothing of it.
    pub fn is_unit(&self, word: &str) -> bool {
        self.units.contains(&fold(word))
    }

    /// Short names of months, in small letters.
    pub fn months(&self) -> &[String] {
        &self.months
    }

    /// Whether a text is a word of totals and nothing else: «Итого», «Всего:».
    pub fn is_total(&self, text: &str) -> bool {
        text.len() < 80 && self.totals.iter().any(|word| fold(text.trim()).trim_end_matches([':', '.', ' ']) == word)
    }

    /// Whether a text begins with a word of totals: «Итого за июль», but not «Итоговая аттестация».
    pub fn begins_total(&self, text: &str) -> bool {
        begins_letter(text) && begins(&fold(text), &self.totals)
    }

    /// Whether a text ends with a word of totals, as a spreadsheet names the total of a group: «Выдача справки Итог».
    pub fn ends_total(&self, text: &str) -> bool {
        let folded = fold(text.trim());
        let before = |word: &String| folded.strip_suffix(word.as_str()).is_some_and(|rest| rest.ends_with(' '));
        self.totals.iter().chain(&self.groups).any(before)
    }

    /// Whether a text is of those that stand below tables: «Примечание: …», «Исполнитель …», «(3 rows affected)».
    pub fn is_remark(&self, text: &str) -> bool {
        let folded = fold(text);
        let counts = || {
            folded.chars().any(|letter| letter.is_ascii_digit())
                && self.counts.iter().any(|word| folded.contains(word.as_str()))
        };
        begins(folded.trim_start_matches(['(', '*', ' ']), &self.remarks) || counts()
    }

    /// Whether a text is the name of a month and nothing else but a year: «Июль», «ШІЛДЕ айы», «2026 жылғы тамыз».
    pub fn is_month_line(&self, text: &str) -> bool {
        let folded = fold(text);
        let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let is_year = |word: &str| word.len() == 4 && word.bytes().all(|digit| digit.is_ascii_digit());
        let has = |words: &[String], word: &str| words.iter().any(|own| own == word);
        let months = words.clone().filter(|word| has(&self.month_lines, word)).count();
        months == 1 && words.into_iter().all(|w| is_year(w) || has(&self.month_lines, w) || has(&self.month_words, w))
    }

    /// The error of a spreadsheet that a text is: `#N/A`, `#ССЫЛКА!`, `Err:502`.
    pub fn error(&self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        if let Some(number) = text.strip_prefix("Err:").or_else(|| text.strip_prefix("Ошибка:")) {
            return (number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit())).then_some("Err");
        }
        let word = text.strip_prefix('#')?;
        // another language's, or a column too narrow for its number
        let named = word.strip_suffix(['!', '?']).is_some_and(|name| {
            name.chars().filter(|letter| letter.is_uppercase()).count() > 1
                && name.chars().all(|letter| letter.is_uppercase() || matches!(letter, '/' | '0' | '_' | ' '))
        });
        if named || (word.len() > 1 && word.bytes().all(|sign| sign == b'#')) {
            return Some("#");
        }
        let upper = text.to_uppercase();
        marks().errors.iter().find(|error| **error == upper).map(String::as_str)
    }

    /// Whether a text is what a spreadsheet shows of a code that it took for a day: `10.мар`, `3-Oct`, `мар.26`.
    pub fn is_month_of_code(&self, text: &str) -> bool {
        // day, month, year and two signs between them
        if text.len() > 20 || !text.as_bytes().iter().any(u8::is_ascii_digit) {
            return false;
        }
        let parts = || text.split(['.', '-', ' ', '/']).filter(|part| !part.is_empty());
        let is_day_or_year = |part: &&str| {
            let is_year = part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
            (is_year || part.len() <= 2) && part.bytes().all(|digit| digit.is_ascii_digit())
        };
        // most texts end here
        let (count, numbers) = (parts().count(), parts().filter(is_day_or_year).count());
        if !(2..=3).contains(&count) || numbers + 1 != count {
            return false;
        }
        parts().any(|part| {
            // «Мар» and «мар» are written by spreadsheets, «МАР-10» is somebody's own number
            let is_written_so = part.chars().skip(1).all(char::is_lowercase);
            is_written_so && self.months.iter().any(|month| part.chars().flat_map(char::to_lowercase).eq(month.chars()))
        })
    }
}

/// Most texts begin otherwise: nothing is folded for them.
fn begins_letter(text: &str) -> bool {
    text.trim_start().chars().next().is_some_and(|letter| "аАиИвВбБжЖпПоОсСтТқҚtTsSgG«\"'".contains(letter))
}

fn begins(folded: &str, words: &[String]) -> bool {
    let ends = |rest: &str| rest.chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '-');
    words.iter().any(|word| folded.strip_prefix(word.as_str()).is_some_and(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_well_formed() {
        let marks = Marks::read(include_str!("../../schemas/marks.toml")).expect("schemas/marks.toml");
        assert!(!marks.totals.is_empty() && !marks.errors.is_empty());
        for word in &marks.totals {
            assert!(marks.is_total(word) && marks.begins_total(word), "{word}");
        }
        assert!(marks.errors.iter().all(|error| *error == error.to_uppercase() && error.starts_with('#')));
    }

    #[test]
    fn totals_and_remarks() {
        for text in
            ["Итог", "Жалпы саны:", "Grand Total", "Қорытынды", "БАРЛЫҒЫ 15", "Всего за июль", "Итого: 3", "«Итого»"]
        {
            assert!(marks().begins_total(text), "{text}");
        }
        for text in ["Итоговая аттестация", "Всеволод", "TOTAL-7", "Summary", "Суммарно", "Жалпылама", ""]
        {
            assert!(!marks().begins_total(text), "{text}");
        }
        for text in ["(3 rows affected)", "Примечание: без отказов", "* Ескерту", "(12 строк)", "Исполнитель:", "М.П."]
        {
            assert!(marks().is_remark(text), "{text}");
        }
        for text in ["Июль", "ШІЛДЕ айы", "2026 жылғы тамыз", "за сентябрь 2026 г."] {
            assert!(marks().is_month_line(text), "{text}");
        }
        for text in ["Майоров", "Июль Анна", "июль – август", "2026", "март 12", ""] {
            assert!(!marks().is_month_line(text), "{text}");
        }
        for text in ["Примечательная услуга", "rows affected", "A-17", "Исполнительный лист", "3", "Noteworthy"]
        {
            assert!(!marks().is_remark(text), "{text}");
        }
    }

    #[test]
    fn errors_of_every_language() {
        for text in [
            "#N/A",
            "#Н/Д",
            "#ССЫЛКА!",
            "#ДЕЛ/0!",
            " #знач! ",
            "#имя?",
            "Err:502",
            "#REF!",
            "#БӨЛ/0!",
            "#BEZUG!",
            "###",
        ] {
            assert!(marks().error(text).is_some(), "{text}");
        }
        for text in ["#1", "Err:5020", "Err: 502", "№1", "N/A", "#", "#Н/Д1", "#12!", "#a!"] {
            assert_eq!(marks().error(text), None, "{text}");
        }
    }

    #[test]
    fn codes_that_became_months() {
        for text in
            ["10.мар", "3-Oct", "03.июл", "мар.26", "Mar-10", "1-янв-26", "01 сен 2026", "5.қаң.", "3/Oct", "10.Мар"]
        {
            assert!(marks().is_month_of_code(text), "{text}");
        }
        for text in [
            "МАР-10",
            "10.03",
            "мар",
            "10.марка",
            "MAY-0001",
            "may-123",
            "А-10",
            "10-март-0001",
            "00401001",
            "10.мар.5.окт",
        ] {
            assert!(!marks().is_month_of_code(text), "{text}");
        }
    }
}
