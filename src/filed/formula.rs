//! Formulas of sums counted anew: a workbook written by a program often has no results, or stale ones.

use crate::sources::workbook::grid::{Cell, Datum, Grid};
use std::collections::BTreeMap;

/// Formulas that lead to formulas: a circle or worse beyond this.
const DEPTH: u32 = 64;
/// Rows of one range at most.
const RANGE: u32 = 200_000;
/// Cells and rows of ranges that are looked at for each cell of the sheet, at most, and for a small one: sums of sums
/// look at each cell some times.
const LOOKS: usize = 100;
const LOOKS_LEAST: usize = 1_000_000;

/// What a formula gives.
#[derive(Debug, Clone, PartialEq)]
pub enum FormulaResult {
    Number(f64),
    Text(String),
    Truth(bool),
    Blank,
}

/// Counts the formulas of a sheet, each once. It knows sums, differences, products, `SUM`, `COUNT`, `IF`,
/// `ISNUMBER`, `N`, comparisons and texts: what forms need. Of anything else it says nothing.
#[derive(Debug)]
pub struct Recount<'g> {
    grid: &'g Grid,
    known: BTreeMap<(u32, u32), Option<FormulaResult>>,
    looks: usize,
}

impl<'g> Recount<'g> {
    pub fn new(grid: &'g Grid) -> Self {
        Self { grid, known: BTreeMap::new(), looks: LOOKS_LEAST.max(grid.cells.len().saturating_mul(LOOKS)) }
    }

    /// The result of the formula of a cell; `None` where there is no formula or it is not understood.
    pub fn result(&mut self, place: (u32, u32)) -> Option<FormulaResult> {
        self.grid.cells.get(&place)?.formula.as_ref()?;
        self.formula(place, 0)
    }

    fn formula(&mut self, place: (u32, u32), depth: u32) -> Option<FormulaResult> {
        if let Some(known) = self.known.get(&place) {
            return known.clone();
        }
        if depth > DEPTH {
            return None;
        }
        // a circle finds no result
        self.known.insert(place, None);
        let text = self.grid.cells.get(&place)?.formula.clone()?;
        let mut parser = Parser { text: text.as_bytes(), at: 0, recount: self, depth };
        let outcome = parser.comparison().filter(|_| parser.rest_is_blank()).and_then(Operand::single);
        self.known.insert(place, outcome.clone());
        outcome
    }

    fn cell(&mut self, place: (u32, u32), depth: u32) -> Option<FormulaResult> {
        let Some(cell) = self.grid.cells.get(&place) else { return Some(FormulaResult::Blank) };
        if cell.formula.is_some() {
            // a formula that is not understood keeps its stored result
            return self.formula(place, depth + 1).or_else(|| stored(cell));
        }
        stored(cell)
    }
}

/// What is stored in a cell; an error or an absent result gives nothing.
#[allow(clippy::cast_precision_loss)] // a spreadsheet keeps 15 digits
fn stored(cell: &Cell) -> Option<FormulaResult> {
    match &cell.datum {
        Datum::Integer(number) => Some(FormulaResult::Number(*number as f64)),
        Datum::Number(number) => Some(FormulaResult::Number(*number)),
        Datum::Moment(moment) => Some(FormulaResult::Number(moment.days() as f64)),
        Datum::Text(text) => Some(FormulaResult::Text(text.clone())),
        Datum::Boolean(flag) => Some(FormulaResult::Truth(*flag)),
        Datum::Error(_) | Datum::Absent => None,
    }
}

/// A value, or the cells of a range.
#[derive(Debug, Clone)]
enum Operand {
    One(FormulaResult),
    Many(Vec<FormulaResult>),
}

impl Operand {
    fn single(self) -> Option<FormulaResult> {
        match self {
            Self::One(FormulaResult::Blank) => Some(FormulaResult::Number(0.0)),
            Self::One(outcome) => Some(outcome),
            Self::Many(_) => None,
        }
    }

    fn number(self) -> Option<f64> {
        match self.single()? {
            FormulaResult::Number(number) => Some(number),
            FormulaResult::Truth(flag) => Some(f64::from(u8::from(flag))),
            FormulaResult::Text(_) | FormulaResult::Blank => None,
        }
    }

    fn all(self) -> Vec<FormulaResult> {
        match self {
            Self::One(outcome) => vec![outcome],
            Self::Many(outcomes) => outcomes,
        }
    }
}

struct Parser<'p, 't, 'g> {
    text: &'t [u8],
    at: usize,
    recount: &'p mut Recount<'g>,
    depth: u32,
}

impl Parser<'_, '_, '_> {
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn take(&mut self, sign: u8) -> bool {
        let met = self.peek() == Some(sign);
        self.at += usize::from(met);
        met
    }

    fn rest_is_blank(&mut self) -> bool {
        self.peek().is_none()
    }

    fn comparison(&mut self) -> Option<Operand> {
        let left = self.sum()?;
        if !matches!(self.peek(), Some(b'=' | b'<' | b'>')) {
            return Some(left);
        }
        let sign = self.word(|byte| matches!(byte, b'=' | b'<' | b'>'));
        let (left, right) = (left.single()?, self.sum()?.single()?);
        let truth = match (&left, &right) {
            (FormulaResult::Number(left), FormulaResult::Number(right)) => compare(&sign, left.partial_cmp(right)?)?,
            (FormulaResult::Text(left), FormulaResult::Text(right)) => {
                compare(&sign, left.to_lowercase().cmp(&right.to_lowercase()))?
            }
            _ if sign == "=" => false,
            _ if sign == "<>" => true,
            _ => return None,
        };
        Some(Operand::One(FormulaResult::Truth(truth)))
    }

    fn sum(&mut self) -> Option<Operand> {
        let mut left = self.product()?;
        while let Some(sign @ (b'+' | b'-')) = self.peek() {
            self.at += 1;
            let right = self.product()?.number()?;
            let sum = left.number()? + if sign == b'+' { right } else { -right };
            left = Operand::One(FormulaResult::Number(sum));
        }
        Some(left)
    }

    fn product(&mut self) -> Option<Operand> {
        let mut left = self.factor()?;
        while self.take(b'*') {
            let right = self.factor()?.number()?;
            left = Operand::One(FormulaResult::Number(left.number()? * right));
        }
        Some(left)
    }

    fn factor(&mut self) -> Option<Operand> {
        match self.peek()? {
            b'+' => {
                self.at += 1;
                self.factor()
            }
            b'-' => {
                self.at += 1;
                Some(Operand::One(FormulaResult::Number(-self.factor()?.number()?)))
            }
            b'(' => {
                self.at += 1;
                let inner = self.comparison()?;
                self.take(b')').then_some(inner)
            }
            b'"' => self.quoted(),
            b'0'..=b'9' => {
                let digits = self.word(|byte| byte.is_ascii_digit() || byte == b'.');
                Some(Operand::One(FormulaResult::Number(digits.parse().ok()?)))
            }
            b'[' => {
                // ODS: [.C5:.C9]
                self.at += 1;
                let inner = self.word(|byte| byte != b']').replace('.', "");
                self.take(b']').then_some(())?;
                self.reference(&inner)
            }
            _ => self.named(),
        }
    }

    fn word(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.text.get(self.at).copied().is_some_and(&belongs) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[start..self.at]).into_owned()
    }

    fn quoted(&mut self) -> Option<Operand> {
        self.at += 1;
        let text = self.word(|byte| byte != b'"');
        self.take(b'"').then_some(Operand::One(FormulaResult::Text(text)))
    }

    /// A function or a reference.
    fn named(&mut self) -> Option<Operand> {
        let word = self.word(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b':' | b'_' | b'.'));
        if word.is_empty() {
            return None;
        }
        if self.take(b'(') { self.call(&word.to_uppercase()) } else { self.reference(&word) }
    }

    fn call(&mut self, name: &str) -> Option<Operand> {
        let mut arguments = Vec::new();
        while !self.take(b')') {
            arguments.push(self.comparison());
            if !(self.take(b',') || self.take(b';') || self.peek() == Some(b')')) {
                return None;
            }
        }
        let number = |number: f64| Some(Operand::One(FormulaResult::Number(number)));
        match name {
            "SUM" => number(numbers(arguments)?.iter().sum()),
            #[allow(clippy::cast_precision_loss)] // cells of a sheet
            "COUNT" => number(numbers(arguments)?.len() as f64),
            "N" => number(numbers(arguments)?.first().copied().unwrap_or(0.0)),
            "ISNUMBER" => {
                let first = arguments.into_iter().next()??;
                Some(Operand::One(FormulaResult::Truth(matches!(first, Operand::One(FormulaResult::Number(_))))))
            }
            "IF" => {
                let mut arguments = arguments.into_iter();
                let FormulaResult::Truth(truth) = arguments.next()??.single()? else { return None };
                // the other branch may be anything
                if truth { arguments.next()? } else { arguments.nth(1)? }
            }
            _ => None,
        }
    }

    fn reference(&mut self, word: &str) -> Option<Operand> {
        let clean = word.replace('$', "");
        let (first, last) = match clean.split_once(':') {
            None => return Some(Operand::One(self.recount.cell(address(&clean)?, self.depth)?)),
            Some((first, last)) => (address(first)?, address(last)?),
        };
        if last.0.checked_sub(first.0)? > RANGE || last.1 < first.1 {
            return None;
        }
        let grid = self.recount.grid;
        let mut cells = Vec::new();
        for row in first.0..=last.0 {
            // blank cells add nothing to what a range is asked for
            self.recount.looks = self.recount.looks.checked_sub(1)?;
            for (place, _) in grid.cells.range((row, first.1)..=(row, last.1)) {
                self.recount.looks = self.recount.looks.checked_sub(1)?;
                cells.push(self.recount.cell(*place, self.depth)?);
            }
        }
        Some(Operand::Many(cells))
    }
}

fn compare(sign: &str, order: std::cmp::Ordering) -> Option<bool> {
    Some(match sign {
        "=" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        ">" => order.is_gt(),
        "<=" => order.is_le(),
        ">=" => order.is_ge(),
        _ => return None,
    })
}

/// The numbers among arguments, as `SUM` sees them: texts and blanks are passed over.
fn numbers(arguments: Vec<Option<Operand>>) -> Option<Vec<f64>> {
    let outcomes = arguments.into_iter().map(|argument| argument.map(Operand::all)).collect::<Option<Vec<_>>>()?;
    let number = |outcome: FormulaResult| if let FormulaResult::Number(number) = outcome { Some(number) } else { None };
    Some(outcomes.into_iter().flatten().filter_map(number).collect())
}

/// Row and column, from 0, of an A1 address.
fn address(text: &str) -> Option<(u32, u32)> {
    let split = text.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        letter.is_ascii_alphabetic().then(|| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(cells: &[(&str, Datum, Option<&str>)]) -> Grid {
        let cell =
            |datum: &Datum, formula: Option<&str>| Cell { datum: datum.clone(), formula: formula.map(str::to_owned) };
        let cells = cells
            .iter()
            .map(|(at, datum, formula)| (address(at).expect("an address"), cell(datum, *formula)))
            .collect();
        Grid { sheet: String::new(), hidden: false, cells, merged: Vec::new() }
    }

    fn of(formula: &str) -> Option<FormulaResult> {
        let grid = grid(&[
            ("A1", Datum::Integer(2), None),
            ("A2", Datum::Text("-".to_owned()), None),
            ("A3", Datum::Integer(5), None),
            ("A5", Datum::Absent, Some("A1+A3")),
            ("A6", Datum::Error("#REF!"), None),
            ("B1", Datum::Absent, Some(formula)),
        ]);
        Recount::new(&grid).result((0, 1))
    }

    #[test]
    fn sums_skip_texts_and_follow_formulas() {
        let number = |number| Some(FormulaResult::Number(number));
        assert_eq!(of("SUM(A1:A3)"), number(7.0));
        assert_eq!(of("SUM($A$1:A3,A5)*2-1"), number(27.0));
        assert_eq!(of("SUM([.A1:.A3];[.A5])"), number(14.0));
        assert_eq!(of("A1+A3+A4"), number(7.0));
        assert_eq!(of("IF(COUNT(A1:A3)=0,\"-\",SUM(A1:A3))"), number(7.0));
        assert_eq!(of("IF(COUNT(A2:A2)=0,\"-\",SUM(A2:A2))"), Some(FormulaResult::Text("-".to_owned())));
        assert_eq!(of("IF(ISNUMBER(A2),A2,IF(ISNUMBER(A1),A1,\"-\"))"), number(2.0));
    }

    #[test]
    fn what_is_not_understood_gives_nothing() {
        for formula in ["A1+A2", "VLOOKUP(A1,A1:A3,1)", "SUM(A6)", "B1+1", "SUM(A1:A3", "Лист2!A1", "A1+", ""] {
            assert_eq!(of(formula), None, "{formula}");
        }
    }
}
