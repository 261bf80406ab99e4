//! Formats of numbers of an ODS, as far as by them a person reads another number than a cell holds.

use crate::sources::number_format::NumberFormat;
use crate::sources::workbook::tags::{XmlPiece, attribute};
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A format that is longer is none that a person made.
const LONGEST: usize = 1_000;
/// A style may have itself for a parent.
const GENERATIONS: usize = 20;

/// The styles of cells and the formats of numbers that they have.
#[derive(Default)]
pub(crate) struct OdsFormats {
    /// Formats by their names, as an XLSX writes them, without those that stand for some numbers only.
    codes: BTreeMap<String, OdsCode>,
    styles: BTreeMap<String, OdsStyle>,
    known: BTreeMap<String, Option<Arc<NumberFormat>>>,
    open: Option<(String, OdsCode)>,
    is_text: bool,
}

#[derive(Default)]
struct OdsCode {
    code: String,
    is_percentage: bool,
    /// What it says itself is of texts.
    is_of_texts: bool,
    digits: Option<OdsDigits>,
    /// Conditions and the formats of the numbers that meet them.
    maps: Vec<(String, String)>,
}

/// The digits of a format as they are written when all of them were read.
struct OdsDigits {
    zeros: usize,
    /// What follows those before the point.
    behind: String,
    /// Texts between the digits, by the number of digits behind each.
    words: Vec<(usize, String)>,
}

struct OdsStyle {
    format: Option<String>,
    parent: Option<String>,
}

impl OdsFormats {
    /// Takes what stands before the sheets, or in the file of styles.
    pub fn take(&mut self, piece: &XmlPiece<'_>) {
        match piece {
            XmlPiece::Tag(tag) => self.tag(tag),
            XmlPiece::Text(text) if self.is_text => {
                if let Some((_, code)) = &mut self.open {
                    code.push_text(text);
                }
            }
            XmlPiece::Text(_) => {}
            XmlPiece::End(name) => match *name {
                "number:text" | "number:embedded-text" | "number:currency-symbol" => self.is_text = false,
                "number:number-style" | "number:percentage-style" | "number:currency-style" | "number:text-style" => {
                    if let Some((name, mut code)) = self.open.take() {
                        code.flush();
                        self.codes.insert(name, code);
                    }
                }
                _ => {}
            },
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>) {
        let name = || attribute(tag, "name").unwrap_or_default();
        let kind = tag.name();
        match kind.as_ref() {
            "number:number-style" | "number:percentage-style" | "number:currency-style" | "number:text-style" => {
                let (is_percentage, is_of_texts) =
                    (kind.as_ref() == "number:percentage-style", kind.as_ref() == "number:text-style");
                self.open = Some((name(), OdsCode { is_percentage, is_of_texts, ..OdsCode::default() }));
            }
            "style:style" if attribute(tag, "family").is_some_and(|family| family == "table-cell") => {
                let (format, parent) = (attribute(tag, "data-style-name"), attribute(tag, "parent-style-name"));
                self.styles.insert(name(), OdsStyle { format, parent });
            }
            kind => {
                let Some((_, code)) = &mut self.open else { return };
                self.is_text = matches!(kind, "number:text" | "number:embedded-text" | "number:currency-symbol");
                code.tag(kind, tag);
            }
        }
    }

    /// The format of a cell, if it changes what is read: by its style, the parents of that, or as a percentage.
    pub fn of(&mut self, style: Option<&str>, is_percentage: bool) -> Option<Arc<NumberFormat>> {
        let own = style.and_then(|style| {
            if let Some(known) = self.known.get(style) {
                return known.clone();
            }
            let styles = std::iter::successors(self.styles.get(style), |style| self.styles.get(style.parent.as_ref()?));
            let name = styles.take(GENERATIONS).find_map(|style| style.format.as_ref());
            let found = name.and_then(|name| self.format(name)).map(Arc::new);
            self.known.insert(style.to_owned(), found.clone());
            found
        });
        if own.is_some() || !is_percentage {
            return own;
        }
        let percent = || Some(Arc::new(NumberFormat::parse("0%")));
        self.known.entry("%".to_owned()).or_insert_with(percent).clone()
    }

    /// Whether every number is shown as it is, whatever style its cell has.
    pub fn are_plain(&self) -> bool {
        self.codes.keys().all(|name| self.format(name).is_none())
    }

    /// The format of this name, if it changes what is read.
    fn format(&self, name: &str) -> Option<NumberFormat> {
        let own = self.codes.get(name)?;
        let of_maps = own.maps.iter().filter_map(|(condition, name)| {
            let bound = condition.trim().strip_prefix("value()")?;
            Some(format!("[{}]{}", bound.replace("!=", "<>"), self.codes.get(name)?.code))
        });
        let sections: Vec<String> = of_maps.chain((!own.is_of_texts).then(|| own.code.clone())).collect();
        let format = NumberFormat::parse(&sections.join(";"));
        (!format.is_plain()).then_some(format)
    }
}

impl OdsCode {
    fn tag(&mut self, kind: &str, tag: &BytesStart<'_>) {
        let number = |name: &str| attribute(tag, name).and_then(|text| text.parse::<usize>().ok());
        match kind {
            "number:number" => {
                self.flush();
                let zeros = number("min-integer-digits").unwrap_or(1).min(20);
                let decimals = number("decimal-places").unwrap_or_default().min(20);
                let mut behind = if decimals > 0 { format!(".{}", "0".repeat(decimals)) } else { String::new() };
                // 1000 for a comma, 1000000 for two
                if let Some(factor) = attribute(tag, "display-factor").filter(|factor| factor != "1") {
                    let zeros = factor.bytes().take_while(u8::is_ascii_digit).count().saturating_sub(1);
                    behind.push_str(&",".repeat((zeros / 3).clamp(1, 9)));
                }
                self.digits = Some(OdsDigits { zeros, behind, words: Vec::new() });
            }
            "number:embedded-text" => {
                if let Some(digits) = &mut self.digits {
                    digits.words.push((number("position").unwrap_or_default().min(20), String::new()));
                }
            }
            "number:scientific-number" => self.code.push_str("0E+0"),
            "number:fraction" => self.code.push_str("?/?"),
            "number:boolean" => self.code.push_str("General"),
            "number:text" | "number:currency-symbol" => self.flush(),
            "style:map" => {
                let map = attribute(tag, "condition").zip(attribute(tag, "apply-style-name"));
                self.maps.extend(map);
            }
            _ => {}
        }
    }

    fn push_text(&mut self, text: &str) {
        if let Some(digits) = &mut self.digits
            && let Some((_, word)) = digits.words.last_mut()
        {
            word.extend(text.chars().take(LONGEST));
        } else if self.code.len() < LONGEST {
            for sign in text.chars().take(LONGEST) {
                if sign != '%' || !self.is_percentage {
                    self.code.push('\\');
                }
                self.code.push(sign);
            }
        }
    }

    /// Writes the digits that are open, with the texts between them.
    fn flush(&mut self) {
        let Some(OdsDigits { zeros, behind, words }) = self.digits.take() else { return };
        let places = words.iter().map(|(place, _)| place + 1).fold(zeros.max(1), usize::max);
        for place in (0..places).rev() {
            self.code.push(if place < zeros { '0' } else { '#' });
            for (_, word) in words.iter().filter(|(own, word)| *own == place && place > 0 && !word.is_empty()) {
                self.code.extend(["\"", &word.replace('"', ""), "\""]);
            }
        }
        self.code.push_str(&behind);
    }
}
