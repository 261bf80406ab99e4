//! Number formats of spreadsheets: by some of them a person reads another number than the cell holds.

use crate::definitions::marks::marks;

/// Signs of a format at most: spreadsheet programs take no more.
const LONGEST: usize = 255;

/// What a sheet shows in place of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeenNumber {
    /// A text that no reader takes for the number: `100%`, `12 тыс.`, `12 (12000)`.
    Other(String),
    /// The same number with zeros before it.
    Padded(String),
}

/// A format as workbooks write it: `0%`, `#,##0," тыс."`, `[>=1000]0,;0`.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberFormat {
    sections: Vec<FormatSection>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct FormatSection {
    parts: Vec<FormatPart>,
    /// A comparison and what the number is compared with.
    condition: Option<(String, f64)>,
    /// Of texts.
    is_of_texts: bool,
    /// Of days, powers, fractions, or a name of a program: what it shows is the number itself.
    is_whole: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum FormatPart {
    Word(String),
    Digit(char),
    Point,
    /// Between digits: groups of three.
    Groups,
    /// Behind the digits: thousands.
    Thousands,
    Percent,
    General,
}

impl NumberFormat {
    pub fn parse(code: &str) -> Self {
        let mut sections = vec![FormatSection::default()];
        let mut rest = code.char_indices().nth(LONGEST).map_or(code, |(end, _)| &code[..end]);
        while let Some(sign) = rest.chars().next() {
            rest = &rest[sign.len_utf8()..];
            if sign == ';' {
                sections.push(FormatSection::default());
            } else if let Some(section) = sections.last_mut() {
                rest = section.take(sign, rest);
            }
        }
        if sections.len() > 1 && sections.last().is_some_and(|section| section.is_of_texts) {
            sections.pop();
        }
        sections.iter_mut().for_each(FormatSection::settle);
        // no code at all is the general one
        sections[0].is_whole |= code.trim().is_empty();
        Self { sections }
    }

    /// Whether every number is shown as it is: asked of numbers on both sides of each bound.
    pub fn is_plain(&self) -> bool {
        let bounds = self.sections.iter().filter_map(|section| section.condition.as_ref());
        let near = bounds.flat_map(|(_, bound)| [bound.ceil() - 1.0, bound.floor(), bound.floor() + 1.0]);
        near.chain([0.0, 1.0, 1e12]).all(|number| self.seen(number).is_none())
    }

    /// What is shown in place of a number, if that reads otherwise. A negative one is no count, however it is shown.
    pub fn seen(&self, number: f64) -> Option<SeenNumber> {
        if number < 0.0 {
            return None;
        }
        let section = if self.is_conditional() {
            let meant = self.sections.iter().find(|section| section.holds(number));
            meant.or_else(|| self.sections.iter().rev().find(|section| section.condition.is_none()))
        } else {
            self.sections.get(2).filter(|_| number == 0.0).or_else(|| self.sections.first())
        };
        section?.seen(number)
    }

    fn is_conditional(&self) -> bool {
        self.sections.iter().any(|section| section.condition.is_some())
    }
}

impl FormatSection {
    /// Takes a sign of the code; what is left behind it.
    fn take<'c>(&mut self, sign: char, rest: &'c str) -> &'c str {
        let behind_next = || rest.char_indices().nth(1).map_or("", |(at, _)| &rest[at..]);
        let until = |end: char| rest.split_once(end).unwrap_or((rest, ""));
        match sign {
            '"' => {
                let (word, behind) = until('"');
                self.push_word(word);
                return behind;
            }
            '\\' => {
                self.push_word(&rest[..rest.len() - behind_next().len()]);
                return behind_next();
            }
            // the width of a sign, and a sign that fills what is left of the cell
            '_' | '*' => {
                self.push_word(" ");
                return behind_next();
            }
            '[' => {
                let (inner, behind) = until(']');
                self.bracket(inner);
                return behind;
            }
            '0' | '#' | '?' => self.parts.push(FormatPart::Digit(sign)),
            '.' if !self.parts.contains(&FormatPart::Point) => self.parts.push(FormatPart::Point),
            ',' => self.parts.push(FormatPart::Groups),
            '%' => self.parts.push(FormatPart::Percent),
            '@' => {
                self.is_of_texts = true;
                self.parts.push(FormatPart::General);
            }
            'G' | 'g' if rest.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("eneral")) => {
                self.parts.push(FormatPart::General);
                return &rest[6..];
            }
            '/' => self.is_whole = true,
            letter if letter.is_ascii_alphabetic() => self.is_whole = true,
            // beside digits programs show it; alone it names a format in somebody's language
            letter if letter.is_alphabetic() && !self.has_number() && !rest.contains(['0', '#', '?']) => {
                self.is_whole = true;
            }
            other => self.push_word(other.encode_utf8(&mut [0; 4])),
        }
        rest
    }

    fn push_word(&mut self, word: &str) {
        if let Some(FormatPart::Word(last)) = self.parts.last_mut() {
            last.push_str(word);
        } else {
            self.parts.push(FormatPart::Word(word.to_owned()));
        }
    }

    /// A currency, a condition, a unit of time, or a colour.
    fn bracket(&mut self, inner: &str) {
        if let Some(currency) = inner.strip_prefix('$') {
            self.push_word(currency.split('-').next().unwrap_or_default());
            return;
        }
        let number = inner.trim_start_matches(['<', '>', '=']);
        if number.len() < inner.len() {
            let sign = &inner[..inner.len() - number.len()];
            self.condition = number.trim().parse().ok().map(|number| (sign.to_owned(), number));
        } else if inner.chars().all(|letter| matches!(letter.to_ascii_lowercase(), 'h' | 'm' | 's')) {
            self.is_whole = true;
        }
    }

    fn has_number(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, FormatPart::Digit(_) | FormatPart::General))
    }

    /// Says of each comma and point what it is.
    fn settle(&mut self) {
        let is_digit = |part: &FormatPart| matches!(part, FormatPart::Digit(_));
        for at in 0..self.parts.len() {
            let (before, behind) = self.parts.split_at(at);
            if self.parts[at] == FormatPart::Point
                && ![before.last(), behind.get(1)].into_iter().flatten().any(is_digit)
            {
                self.parts[at] = FormatPart::Word(".".to_owned());
            }
            if self.parts[at] != FormatPart::Groups {
                continue;
            }
            let (before, behind) = self.parts.split_at(at);
            let next = behind.iter().find(|part| is_digit(part) || **part == FormatPart::Point);
            let is_within = next.is_some_and(is_digit) && !before.contains(&FormatPart::Point);
            if !before.iter().any(is_digit) {
                self.parts[at] = FormatPart::Word(",".to_owned());
            } else if !is_within {
                self.parts[at] = FormatPart::Thousands;
            }
        }
    }

    fn holds(&self, number: f64) -> bool {
        let Some((sign, bound)) = &self.condition else { return false };
        match sign.as_str() {
            "<" => number < *bound,
            "<=" => number <= *bound,
            ">" => number > *bound,
            ">=" => number >= *bound,
            // a count is whole, and a bound is written as it is
            "=" => number.to_bits() == bound.to_bits(),
            _ => number.to_bits() != bound.to_bits(),
        }
    }

    fn count(&self, wanted: &FormatPart) -> i32 {
        self.parts.iter().map(|part| i32::from(part == wanted)).sum()
    }

    fn seen(&self, number: f64) -> Option<SeenNumber> {
        if self.is_whole {
            return None;
        }
        let (percents, thousands) = (self.count(&FormatPart::Percent), self.count(&FormatPart::Thousands));
        // a dash or nothing in place of zero, as accountants have it
        if number == 0.0 && !self.parts.iter().any(|part| matches!(part, FormatPart::Digit('0') | FormatPart::General))
        {
            let text = self.print(0.0);
            let is_dash = !text.chars().any(char::is_numeric) && are_units(&text);
            return (!is_dash).then(|| told(&text, number));
        }
        if !self.has_number() {
            return Some(told(&self.print(0.0), number));
        }
        if percents == 0 && (thousands == 0 || number == 0.0) && !self.words_matter() {
            return self.padded(number);
        }
        Some(told(&self.print(number * 100_f64.powi(percents) / 1000_f64.powi(thousands)), number))
    }

    /// Zeros alone, more of them than the number has digits.
    fn padded(&self, number: f64) -> Option<SeenNumber> {
        let width = self.parts.len();
        let is_zeros = width > 1 && self.parts.iter().all(|part| *part == FormatPart::Digit('0'));
        let text = format!("{number:0>width$}");
        let is_longer = is_zeros && number.fract() == 0.0 && text.len() > number.to_string().len();
        is_longer.then_some(SeenNumber::Padded(text))
    }

    /// Whether words before, within or behind the digits make another number of them; a unit or a currency does not.
    fn words_matter(&self) -> bool {
        let is_number = |part: &FormatPart| {
            matches!(part, FormatPart::Digit(_) | FormatPart::General | FormatPart::Point | FormatPart::Groups)
        };
        let first = self.parts.iter().position(is_number).unwrap_or_default();
        let last = self.parts.iter().rposition(is_number).unwrap_or_default();
        let words = |parts: &[FormatPart]| {
            let words =
                parts.iter().filter_map(|part| if let FormatPart::Word(word) = part { Some(word) } else { None });
            words.cloned().collect::<Vec<_>>().join(" ")
        };
        let (before, within, behind) =
            (words(&self.parts[..first]), words(&self.parts[first..=last]), words(&self.parts[last + 1..]));
        let is_gap = |sign: char| sign.is_whitespace() || matches!(sign, '\'' | '’');
        let is_count = |sign: char| {
            sign.is_numeric()
                || matches!(sign, '%' | '‰' | '-' | '−' | '–' | '—' | '<' | '>' | '≤' | '≥' | '~' | '≈' | '±' | '×')
        };
        let around = format!("{before} {behind}");
        !within.chars().all(is_gap)
            || around.chars().any(is_count)
            || before.contains('(') && behind.contains(')')
            || !are_units(&around)
    }

    /// The number with the section's words; its decimal sign is a comma.
    fn print(&self, number: f64) -> String {
        let is_digit = |part: &&FormatPart| matches!(part, FormatPart::Digit(_));
        let point = self.parts.iter().position(|part| *part == FormatPart::Point).unwrap_or(self.parts.len());
        let decimals = self.parts[point..].iter().filter(is_digit);
        let needed = decimals.clone().filter(|part| **part == FormatPart::Digit('0')).count();
        let rounded = format!("{number:.*}", decimals.count());
        let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
        let fraction = &fraction[..fraction.trim_end_matches('0').len().max(needed.min(fraction.len()))];
        let places = self.parts[..point].iter().filter(is_digit).count();
        let zeros = self.parts[..point].iter().filter(|part| **part == FormatPart::Digit('0')).count();
        let whole = if whole == "0" && zeros == 0 { String::new() } else { format!("{whole:0>zeros$}") };
        let (mut text, mut rest, mut left) = (String::new(), whole.as_str(), places);
        for (at, part) in self.parts.iter().enumerate() {
            match part {
                FormatPart::Word(word) => text.push_str(word),
                FormatPart::Percent => text.push('%'),
                FormatPart::General => text.push_str(&number.to_string().replace('.', ",")),
                FormatPart::Point if !fraction.is_empty() => text.extend([",", fraction]),
                FormatPart::Digit(_) if at < point => {
                    // each place has a digit, the first one all that are more
                    left -= 1;
                    let (own, behind) = rest.split_at(rest.len().saturating_sub(left));
                    text.push_str(own);
                    rest = behind;
                }
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whether all words are units and currencies.
fn are_units(words: &str) -> bool {
    words.split(|sign: char| !sign.is_alphabetic()).all(|word| word.is_empty() || marks().is_unit(word))
}

/// The text that is shown; the number stands behind it where the text may be read as a number or as nothing.
fn told(text: &str, number: f64) -> SeenNumber {
    let is_bare = text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '.' | ','));
    let says_nothing = !text.chars().any(char::is_alphanumeric);
    SeenNumber::Other(match (is_bare, says_nothing) {
        (true, true) => format!("[ ] ({number})"),
        (false, false) => text.to_owned(),
        _ => format!("{text} ({number})"),
    })
}

#[cfg(test)]
#[path = "number_format_tests.rs"]
mod tests;
