//! How programs write what is no value, and what they make of values. Data in `schemas/spellings.toml`.

use crate::definitions::spelling::looks_folded;
use serde::Deserialize;

/// Spellings of nothing, of errors, of damage and of units.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    missing: Vec<String>,
    errors: Vec<String>,
    months: Vec<String>,
    units: Vec<String>,
    /// Bytes of the longest word for nothing; filled at load.
    #[serde(skip)]
    longest: usize,
    /// First bytes of words for nothing, in both cases; filled at load.
    #[serde(skip)]
    firsts: Vec<u8>,
}

impl Written {
    /// The spellings inside the binary.
    #[cfg(test)]
    pub(crate) fn read() -> Self {
        let mut written: Self = toml::from_str(include_str!("../../schemas/spellings.toml")).unwrap_or_default();
        written.index();
        written
    }

    /// Builds the index by which most values are known not to be words for nothing.
    pub(crate) fn index(&mut self) {
        self.longest = self.missing.iter().map(|word| word.to_uppercase().len().max(word.len())).max().unwrap_or(0);
        let both = self.missing.iter().flat_map(|word| [word.to_lowercase(), word.to_uppercase()]);
        self.firsts = both.filter_map(|word| word.bytes().next()).collect();
        self.firsts.sort_unstable();
        self.firsts.dedup();
    }

    /// Whether a value is a word for nothing.
    pub fn is_missing(&self, text: &str) -> bool {
        self.may_be_missing(text.as_bytes()) && has(&self.missing, text)
    }

    /// Whether a value has the length and the first byte of a word for nothing.
    #[inline]
    pub fn may_be_missing(&self, text: &[u8]) -> bool {
        text.len() <= self.longest && text.first().is_some_and(|first| self.firsts.contains(first))
    }

    /// Whether a value is what a spreadsheet shows in place of one: an error in any language, or a column too narrow.
    pub fn is_error(&self, text: &str) -> bool {
        let Some(word) = text.strip_prefix('#') else {
            let number = text.strip_prefix("Err:").unwrap_or_default();
            return number.len() == 3 && number.bytes().all(|sign| sign.is_ascii_digit());
        };
        let named = word.strip_suffix(['!', '?']).is_some_and(|name| {
            name.chars().filter(|letter| letter.is_uppercase()).count() > 1
                && name.chars().all(|letter| letter.is_uppercase() || matches!(letter, '/' | '0' | '_' | ' '))
        });
        named || (word.len() > 1 && word.bytes().all(|sign| sign == b'#')) || has(&self.errors, text)
    }

    /// Whether a value is a code that became a day of a month: `10.мар`, `3-Oct`, `мар.10`. Capitals throughout are
    /// somebody's own code.
    pub fn is_month(&self, text: &str) -> bool {
        let (Some(at), true) = (text.find(['.', '-', '/']), text.len() < 20) else { return false };
        let mut parts = text.split(['.', '-', '/']).filter(|part| !part.is_empty());
        let (Some(one), Some(other), year, None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let digits = |part: &str, most: usize| part.len() <= most && part.bytes().all(|sign| sign.is_ascii_digit());
        let month = |part: &str| !part.chars().skip(1).any(char::is_uppercase) && has(&self.months, part);
        let is_day = at <= 2 && digits(one, 2) && month(other) && year.is_none_or(|year| digits(year, 4));
        is_day || (year.is_none() && digits(other, 4) && month(one))
    }

    /// Whether a folded word behind a header is the unit of what is counted one by one.
    pub fn is_unit(&self, word: &str) -> bool {
        self.units.iter().any(|unit| looks_folded(unit) == word)
    }
}

fn has(words: &[String], text: &str) -> bool {
    words.iter().any(|word| text.chars().flat_map(char::to_lowercase).eq(word.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing() {
        for word in ["NULL", "null", "\\N", "nan", "NaN", "NaT", "None", "<NA>", "(null)", "н/д", "Н/Д"] {
            assert!(Written::read().is_missing(word), "{word}");
        }
        for word in ["", "0", "нет", "Нет данных", "NA-1", "N", "Nancy", "Нурлан"] {
            assert!(!Written::read().is_missing(word), "{word}");
        }
    }

    #[test]
    fn errors_in_any_language() {
        let errors = "#N/A #Н/Д #REF! #ССЫЛКА! #DIV/0! #ДЕЛ/0! #NAME? #ИМЯ? #ЗНАЧ! #NV #BEZUG! #ПЕРЕНОС! ### Err:502";
        for word in errors.split(' ') {
            assert!(Written::read().is_error(word), "{word}");
        }
        for word in ["#", "#1", "#12!", "№ 1!", "#a!", "Error", "ERR", ""] {
            assert!(!Written::read().is_error(word), "{word}");
        }
    }

    #[test]
    fn codes_that_became_days() {
        for word in ["10.мар", "3-Oct", "3-oct", "мар.10", "Oct-03", "1.май.2026", "12-дек", "5.нау", "10.мар."]
        {
            assert!(Written::read().is_month(word), "{word}");
        }
        for word in ["2026-07-31", "12-ДЕК", "100-мар", "мар", "10-марта", "У07-000001", "a-b-c-d", "10.03", ""]
        {
            assert!(!Written::read().is_month(word), "{word}");
        }
    }
}
