//! One cell, typed by the schema or refused: text → day, number, code. Source: records.md, "Types".

use crate::definitions::codelist::CodeList;
use crate::definitions::marks::marks;
use crate::definitions::record::{Field, FieldType};
use crate::sources::raw::Raw;
use crate::values::moment::{DAY, Moment, OFFSET, plain, print_moment};
use crate::words::lang::{Lang, Text, fold, is_unseen};
use chrono::NaiveDate;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A value as the schema understands it.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed<'a> {
    Missing,
    Text(Cow<'a, str>),
    Moment(Moment),
    Integer(i64),
    Boolean(bool),
    /// Position in the code list.
    Code(usize),
}

/// Why a value was refused: a name of the catalogue and the slots of its wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub name: &'static str,
    pub slots: Vec<(String, String)>,
}

impl Fault {
    pub fn new(name: &'static str) -> Self {
        Self { name, slots: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, slot: &str, value: impl std::fmt::Display) -> Self {
        self.slots.push((slot.to_owned(), value.to_string()));
        self
    }

    /// Fills the slots `{kk}`, `{ru}`, `{en}` with a name in each language.
    #[must_use]
    pub fn named(self, name: &Text) -> Self {
        Lang::ALL.into_iter().fold(self, |fault, lang| fault.with(lang.code(), name.get(lang)))
    }
}

/// Types one cell of a field.
///
/// # Errors
/// The value does not parse; nothing is ever turned into a missing value.
pub fn parse<'a>(field: &Field, list: Option<&CodeList>, raw: &Raw<'a>) -> Result<Typed<'a>, Fault> {
    let text = match raw {
        Raw::Empty => return Ok(Typed::Missing),
        Raw::Text(text) => *text,
        Raw::Error(error) => return Err(Fault::new("cell_error").with("value", error)),
        Raw::Uncached(_) => return Err(Fault::new("formula_uncached")),
        Raw::BadBytes(_, offset) => return Err(Fault::new("bytes_invalid").with("offset", offset)),
        other => return parse_native(field, other),
    };
    let text = unforced(clean(text));
    if matches!(text.as_ref(), "" | "-" | "–" | "—") || field.written.is_missing(&text) {
        return Ok(Typed::Missing);
    }
    if marks().error(&text).is_some() {
        return Err(Fault::new("cell_error").with("value", text));
    }
    match field.kind {
        FieldType::Identifier if is_damaged(&text) => Err(Fault::new("identifier_damaged").with("value", text)),
        FieldType::Text | FieldType::Identifier => Ok(Typed::Text(text)),
        FieldType::Date | FieldType::Moment => match parse_moment(&text) {
            Some(moment) => Ok(Typed::Moment(cut(field, moment))),
            None => Err(Fault::new("date_unreadable").with("value", text)),
        },
        FieldType::Integer => parse_integer(field, &text),
        FieldType::Boolean => match fold(&text).as_str() {
            "true" | "1" | "yes" | "да" | "иә" => Ok(Typed::Boolean(true)),
            "false" | "0" | "no" | "нет" | "жоқ" => Ok(Typed::Boolean(false)),
            _ => Err(Fault::new("boolean_unreadable").with("value", text)),
        },
        FieldType::Code => {
            let Some(list) = list else { return Err(Fault::new("code_unknown").with("value", text)) };
            list.read(&text).map(Typed::Code).ok_or_else(|| unknown_code(list, &text))
        }
    }
}

/// A number and the unit behind it, where the list knows that: `5 раб. дней`; `None`: no number with letters behind it.
pub fn measured(list: &CodeList, text: &str) -> Option<(i64, Option<usize>)> {
    let text = clean(text);
    let unit = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let number = text[..text.len() - unit.len()].parse().ok()?;
    unit.chars().any(char::is_alphabetic).then(|| (number, list.read(unit.trim())))
}

/// A cell that a spreadsheet has typed already.
fn parse_native<'a>(field: &Field, raw: &Raw<'a>) -> Result<Typed<'a>, Fault> {
    let whole = match raw {
        Raw::Integer(number) => Some(*number),
        #[allow(clippy::cast_possible_truncation)] // within the range in which a float is exact
        Raw::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
        _ => None,
    };
    let shown = || match raw {
        Raw::Integer(number) => number.to_string(),
        Raw::Number(number) => number.to_string(),
        Raw::Boolean(flag) => flag.to_string(),
        Raw::Moment { minutes, timed } => print_moment(Moment { minutes: *minutes, timed: *timed }),
        _ => String::new(),
    };
    match (field.kind, raw, whole) {
        // a spreadsheet keeps fifteen digits of a number and writes zeros for the rest
        (FieldType::Identifier, _, Some(number)) if number.unsigned_abs() >= 1_000_000_000_000_000 => {
            Err(Fault::new("identifier_damaged").with("value", number))
        }
        (FieldType::Text | FieldType::Identifier, _, Some(number)) => Ok(Typed::Text(number.to_string().into())),
        (FieldType::Text, ..) => Ok(Typed::Text(shown().into())),
        (FieldType::Identifier, ..) => Err(Fault::new("identifier_damaged").with("value", shown())),
        (FieldType::Date | FieldType::Moment, Raw::Moment { minutes, timed }, _) => {
            Ok(Typed::Moment(cut(field, Moment { minutes: *minutes, timed: *timed })))
        }
        (FieldType::Date | FieldType::Moment, ..) => Err(Fault::new("date_unreadable").with("value", shown())),
        (FieldType::Integer, _, Some(number)) => within(field, number),
        (FieldType::Integer, ..) => Err(Fault::new("number_not_whole").with("value", shown())),
        (FieldType::Boolean, Raw::Boolean(flag), _) => Ok(Typed::Boolean(*flag)),
        (FieldType::Boolean, _, Some(flag @ (0 | 1))) => Ok(Typed::Boolean(flag == 1)),
        (FieldType::Boolean, ..) => Err(Fault::new("boolean_unreadable").with("value", shown())),
        (FieldType::Code, ..) => Err(Fault::new("code_unknown").with("value", shown()).with("near", "")),
    }
}

fn unknown_code(list: &CodeList, text: &str) -> Fault {
    Fault::new("code_unknown").with("value", text).with("near", list.nearest(text))
}

/// The text behind marks by which programs keep spreadsheets from taking it for a number: `="0040"`, `'0040`, both.
fn unforced(text: Cow<'_, str>) -> Cow<'_, str> {
    let inner = if let Some(inner) = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"')) {
        let is_whole = !inner.replace("\"\"", "").contains('"');
        is_whole.then(|| inner.replace("\"\"", "\""))
    } else {
        // of two apostrophes the first one opens a quotation
        text.strip_prefix('\'').filter(|inner| !inner.contains('\'')).map(str::to_owned)
    };
    match inner {
        Some(inner) => unforced(inner.trim().to_owned().into()),
        None => text,
    }
}

/// Whether a value has signs that nobody sees: they are dropped.
pub fn has_unseen(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_control();
    !text.bytes().all(plain) && text.chars().any(is_unseen)
}

/// Trimmed, without signs that nobody sees, runs of white space as one space, NFC; borrowed when nothing changes.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains("  ") {
        return Cow::Borrowed(text);
    }
    if has_unseen(text) {
        let seen: String = text.chars().filter(|letter| !is_unseen(*letter)).collect();
        return Cow::Owned(clean(&seen).into_owned());
    }
    let spaced = text.chars().any(|letter| letter.is_whitespace() && letter != ' ') || text.contains("  ");
    if !spaced && is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Cow::Owned(joined.nfc().collect())
}

/// What spreadsheets make of codes: `1.11E+08`, `1E+11`, or a date: `01.02.2026`, `10.мар`; a quote that was left at an
/// end of it mends nothing.
fn is_damaged(text: &str) -> bool {
    let text = text.trim_matches([' ', '"', '\'', '«', '»', '“', '”']);
    let exponent = text.split_once(['E', 'e']).is_some_and(|(number, power)| {
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        let is_power = power.strip_prefix('+').is_some_and(|power| power.len() >= 2 && digits(power));
        digits(whole.trim_start_matches('-')) && digits(fraction) && is_power
    });
    exponent
        || marks().is_month_of_code(text)
        || (text.len() >= 8 && text.as_bytes()[0].is_ascii_digit() && parse_moment(text).is_some())
}

/// A `date` keeps the day only.
pub fn cut(field: &Field, moment: Moment) -> Moment {
    if field.kind == FieldType::Date {
        Moment { minutes: moment.minutes.div_euclid(DAY) * DAY, timed: false }
    } else {
        moment
    }
}

/// Reads `2026-07-31` or `31.7.2026`, each with an optional time; other orders are refused as ambiguous.
pub fn parse_moment(text: &str) -> Option<Moment> {
    plain(text.as_bytes()).or_else(|| any_moment(text))
}

fn any_moment(text: &str) -> Option<Moment> {
    let (date, time) = match text.find(['T', ' ']) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    };
    let number = |digits: &str, lengths: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let sound = lengths.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if sound { digits.parse().ok() } else { None }
    };
    let mut parts = date.split(['-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = if date.contains('-') && !date.contains('.') {
        (number(first, 4..=4)?, number(second, 2..=2)?, number(third, 2..=2)?)
    } else if date.contains('.') && !date.contains('-') {
        (number(third, 4..=4)?, number(second, 1..=2)?, number(first, 1..=2)?)
    } else {
        return None;
    };
    let day = Moment::from_day(NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?);
    let Some(time) = time else { return Some(day) };
    // Russian spreadsheets write 1.7.2026 9:05; anywhere else a lone digit is no hour.
    let short_hour = date.contains('.') && text.as_bytes()[date.len()] == b' ';
    let (minutes, timed) = parse_time(time, short_hour)?;
    Some(Moment { minutes: day.minutes + minutes, timed })
}

/// A day as people write it by hand, where the body said that it is one: `05.07.26`, `18,08,2026`, `5.7.2026 г.`.
pub fn parse_short<'a>(field: &Field, raw: &Raw<'_>) -> Option<Typed<'a>> {
    let (FieldType::Date | FieldType::Moment, Raw::Text(text)) = (field.kind, raw) else { return None };
    short_day(&clean(text)).map(|moment| Typed::Moment(cut(field, moment)))
}

/// The same day with points and the whole year.
fn long(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['.', ' ']).trim_end_matches(['г', 'ж', 'Г', 'Ж']).trim_end();
    let (day, time) = text.split_once(' ').map_or((text, ""), |(day, time)| (day, time.trim()));
    let mut parts = day.split(['.', ',']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if parts.next().is_some() || ![first, second, third].into_iter().all(digits) {
        return None;
    }
    let year = if third.len() == 2 { format!("20{third}") } else { third.to_owned() };
    Some(format!("{first}.{second}.{year} {time}").trim_end().to_owned())
}

/// The day that a text is where a body says so.
pub fn short_day(text: &str) -> Option<Moment> {
    parse_moment(&long(text)?)
}

/// Minutes of the day in Kazakhstan's time; seconds and fractions are cut off. `false`: midnight sharp, which programs
/// write for a day without a time.
fn parse_time(text: &str, short_hour: bool) -> Option<(i64, bool)> {
    let (clock, offset) = if let Some(clock) = text.strip_suffix('Z') {
        (clock.trim_end(), Some(0))
    } else if let Some(place) = text.rfind(['+', '-']) {
        let digits = &text[place + 1..];
        let (hours, minutes) = digits.split_once(':').or_else(|| match digits.len() {
            2 => Some((digits, "00")),
            4 if digits.is_ascii() => Some(digits.split_at(2)),
            _ => None,
        })?;
        let shift = two(hours, 14)? * 60 + two(minutes, 59)?;
        (text[..place].trim_end(), Some(if text[place..].starts_with('-') { -shift } else { shift }))
    } else {
        (text, None)
    };
    let is_local = offset.is_none_or(|offset| offset == OFFSET);
    let timed = !is_local || clock.bytes().any(|sign| matches!(sign, b'1'..=b'9'));
    let mut parts = clock.split(':');
    let hour = parts.next()?;
    let padded = format!("0{hour}");
    let hour = two(if short_hour && hour.len() == 1 { &padded } else { hour }, 23)?;
    let minute = two(parts.next()?, 59)?;
    if let Some(seconds) = parts.next() {
        let (seconds, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
        two(seconds, 59)?;
        if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
    }
    if parts.next().is_some() {
        return None;
    }
    Some((hour * 60 + minute + offset.map_or(0, |offset| OFFSET - offset), timed))
}

fn two(digits: &str, most: i64) -> Option<i64> {
    let sound = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|number| sound && *number <= most)
}

/// Digits, with spaces or no-break spaces between groups of three.
fn parse_integer<'a>(field: &Field, text: &str) -> Result<Typed<'a>, Fault> {
    let fault = || Fault::new("number_not_whole").with("value", text);
    let (negative, digits) = text.strip_prefix(['-', '−']).map_or((false, text), |digits| (true, digits));
    let groups: Vec<&str> = digits.split([' ', '\u{a0}', '\u{202f}']).collect();
    let grouped =
        groups.len() == 1 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let joined = groups.concat();
    if !grouped || joined.is_empty() || !joined.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(fault());
    }
    let number: i64 = joined.parse().map_err(|_| fault())?;
    within(field, if negative { -number } else { number })
}

/// A number within the bounds of its field.
///
/// # Errors
/// It is smaller or larger than they allow.
pub fn within<'a>(field: &Field, number: i64) -> Result<Typed<'a>, Fault> {
    let small = field.min.is_some_and(|least| number < least);
    let large = field.max.is_some_and(|most| number > most) || number > 1_000_000_000_000;
    if small || large {
        let bound = if small { field.min.unwrap_or(0) } else { field.max.unwrap_or(1_000_000_000_000) };
        let name = if small { "number_too_small" } else { "number_too_large" };
        return Err(Fault::new(name).with("value", number).with("bound", bound));
    }
    Ok(Typed::Integer(number))
}

impl Typed<'_> {
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn moment(&self) -> Option<Moment> {
        if let Self::Moment(moment) = self { Some(*moment) } else { None }
    }

    pub fn day(&self) -> Option<NaiveDate> {
        self.moment().map(Moment::day)
    }

    pub fn integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    pub fn boolean(&self) -> Option<bool> {
        if let Self::Boolean(flag) = self { Some(*flag) } else { None }
    }

    pub fn code(&self) -> Option<usize> {
        if let Self::Code(code) = self { Some(*code) } else { None }
    }

    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_moments_are_those_of_the_contract() {
        let times =
            ["", " 14:05", "T23:59:59", " 00:00", " 24:00", " 14:60", " 14:05:60", "  4:05", "x14:05", "T14:05Z"];
        let days = ["2026-07-31", "31.07.2026", "2024-02-29", "2026-02-29", "2026-13-01", "31.04.2026", "2026.07.31"];
        let odd = ["31-07-2026", "2026-07-3a", "1.7.2026", "", "x", "+026-07-31", "2026-07-31 +4:05", "2026-07-31 14"];
        let all = days.iter().flat_map(|day| times.map(|time| format!("{day}{time}"))).chain(odd.map(str::to_owned));
        let mut known = 0;
        for text in all {
            if let Some(moment) = plain(text.as_bytes()) {
                assert_eq!(Some(moment), any_moment(&text), "{text}");
                known += 1;
            }
        }
        assert_eq!(known, 12);
    }
}
