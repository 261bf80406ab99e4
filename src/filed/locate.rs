//! Where the columns of values stand: the heads of the table, found by their labels or by the marks under them.

use crate::definitions::form::{Form, Grid as Heads};
use crate::definitions::spelling::{Spellings, fold, likeness, likeness_from};
use crate::sources::workbook::grid::{Cell, Datum, Grid};
use crate::words::lang::{ByLang, Lang};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// Rows of one tree of heads at most.
const TALL: u32 = 6;
/// Texts in one row of heads at most: the widest form has fewer than twenty, whatever somebody wrote beside them.
const WIDE: usize = 256;

/// Heads found: from here downwards these columns hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Position of the grid in the form.
    pub grid: usize,
    /// Last row of the heads, from 0.
    pub row: u32,
    /// Of each column of the grid, the column of the sheet; absent in a table that has only some of them.
    pub columns: Vec<Option<u32>>,
}

/// What a head says of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// Month of the quarter, 1 to 3.
    Month(u32),
    Quarter,
    Individual,
    LegalEntity,
}

/// Finds heads on one sheet.
pub struct Locator<'a> {
    form: &'a Form,
    spellings: &'a Spellings,
    /// Folded heads of the quarter's columns, and the beginnings of their words.
    quarters: Vec<String>,
    quarter_stems: HashSet<String>,
    /// Folded heads of the columns of a form that has one table.
    labels: Vec<ByLang<String>>,
    /// Beginning of a word → the heads that have it, in which language.
    label_stems: HashMap<String, Vec<(usize, usize)>>,
    /// Texts that were looked at: sheets repeat them thousands of times.
    met: RefCell<HashMap<String, Option<Token>>>,
    /// Tokens of rows that were looked at: each is asked for by its neighbours, too.
    rows: RefCell<BTreeMap<u32, Rc<Tokens>>>,
    /// Of texts that were looked at the heads that they are like, a bit each.
    alike: RefCell<HashMap<String, u64>>,
}

/// Distinct texts that are kept to be recognised again.
const KEPT: usize = 100_000;

/// Columns of the sheet with what their heads say.
type Tokens = Vec<(u32, Token)>;

impl<'a> Locator<'a> {
    pub fn new(form: &'a Form, spellings: &'a Spellings) -> Self {
        let mut quarters: Vec<String> = spellings.quarter.iter().map(|spelling| fold(spelling)).collect();
        for heads in &form.grids {
            for column in heads.columns.iter().filter(|column| column.month.is_none()) {
                let group = column.group.as_ref().and_then(|id| heads.groups.iter().find(|group| group.id == *id));
                let labels = column.label.iter().chain(group.map(|group| &group.label));
                quarters.extend(labels.flat_map(|label| Lang::ALL.map(|lang| fold(label.get(lang)))));
            }
        }
        let columns = form.grids[0].columns.iter().take(64);
        let labels: Vec<ByLang<String>> = columns
            .map(|column| {
                Lang::ALL.map(|lang| column.label.as_ref().map_or_else(String::new, |label| fold(label.get(lang))))
            })
            .collect();
        Self {
            form,
            spellings,
            quarter_stems: quarters.iter().flat_map(|text| stems(text)).collect(),
            label_stems: by_stem(&labels),
            quarters,
            labels,
            met: RefCell::default(),
            rows: RefCell::default(),
            alike: RefCell::default(),
        }
    }

    /// Whether the sheet has heads, or a part of them.
    pub fn begins(&self, grid: &Grid) -> bool {
        !self.all(grid).is_empty()
    }

    /// All heads, top to bottom.
    pub fn regions(&self, grid: &Grid) -> Vec<Region> {
        let mut regions = self.all(grid);
        let of = |nth: usize| regions.iter().filter(move |region| region.grid == nth);
        let missing: Vec<usize> = (0..self.form.grids.len())
            .filter(|nth| {
                let covered: BTreeSet<usize> = of(*nth)
                    .flat_map(|region| (0..region.columns.len()).filter(|at| region.columns[*at].is_some()))
                    .collect();
                covered.len() < self.form.grids[*nth].columns.len()
            })
            .collect();
        regions.retain(|region| !missing.contains(&region.grid));
        if !self.form.monthly && missing.contains(&0) {
            regions.extend(self.labels(grid));
        }
        regions.sort_by_key(|region| region.row);
        regions
    }

    /// Heads by marks, months and applicants, those of a table that has only some of the columns included; where there
    /// are none, by their labels.
    fn all(&self, grid: &Grid) -> Vec<Region> {
        self.rows.borrow_mut().clear();
        let mut regions: Vec<Region> = Vec::new();
        for row in grid.rows() {
            regions.extend(self.marks(grid, row));
            if self.form.monthly {
                regions.extend(self.months(grid, row));
                regions.extend(self.applicants(grid, row));
            }
        }
        if regions.is_empty() && !self.form.monthly {
            regions.extend(self.labels(grid));
        }
        regions
    }

    /// The row of letters and numbers under the heads: `А Б 1 2 3 4`, or a run of its marks at either end.
    fn marks(&self, grid: &Grid, row: u32) -> Option<Region> {
        let cells: Vec<(u32, &Cell)> = grid.row(row).filter(|(_, cell)| !is_blank(cell)).collect();
        let first = cells.iter().position(|(_, cell)| mark(cell).is_some())?;
        let is_stub = |cell: &Cell| matches!(&cell.datum, Datum::Text(text) if text.trim().chars().count() <= 2);
        if !cells[..first].iter().all(|(_, cell)| is_stub(cell)) {
            return None;
        }
        let marks: Vec<(u32, String)> =
            cells[first..].iter().map_while(|(column, cell)| Some((*column, mark(cell)?))).collect();
        self.form.grids.iter().enumerate().find_map(|(nth, heads)| {
            let printed: Vec<&str> = heads.columns.iter().filter_map(|column| column.mark.as_deref()).collect();
            let start = printed.iter().position(|mark| *mark == marks[0].1)?;
            let run = printed[start..].iter().zip(&marks).take_while(|(printed, met)| **printed == met.1).count();
            let at_an_end = start == 0 || start + run == printed.len();
            let whole = run == marks.len() && run >= 3.min(printed.len()) && at_an_end;
            // numbers of the columns that count the stub, too, say nothing of ours
            let others = cells.len() > first + marks.len()
                && grid.text(row, cells[first + marks.len()].0).is_none_or(|text| !text.starts_with("esep."));
            (whole && printed.len() == heads.columns.len() && !others).then(|| {
                let mut columns = vec![None; printed.len()];
                for (at, (column, _)) in marks.iter().enumerate() {
                    columns[start + at] = Some(*column);
                }
                Region { grid: nth, row, columns }
            })
        })
    }

    fn tokens(&self, grid: &Grid, row: u32) -> Rc<Tokens> {
        if let Some(tokens) = self.rows.borrow().get(&row) {
            return Rc::clone(tokens);
        }
        let texts = texts(grid, row).into_iter();
        let tokens: Tokens = texts.filter_map(|(column, text)| Some((column, self.token(text)?))).collect();
        let tokens = Rc::new(tokens);
        self.rows.borrow_mut().insert(row, Rc::clone(&tokens));
        tokens
    }

    fn token(&self, text: &str) -> Option<Token> {
        if let Some(token) = self.met.borrow().get(text) {
            return *token;
        }
        let folded = fold(text);
        // a head is short; titles and stubs are not
        let token = if folded.chars().count() > 160 { None } else { self.recognise(&folded) };
        keep(&mut self.met.borrow_mut(), text, token);
        token
    }

    fn recognise(&self, text: &str) -> Option<Token> {
        let begins =
            |stems: &[String]| text.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem.as_str())));
        if begins(&self.spellings.individual) && text.split(' ').count() <= 8 {
            return Some(Token::Individual);
        }
        if begins(&self.spellings.legal_entity) && text.split(' ').count() <= 8 {
            return Some(Token::LegalEntity);
        }
        let met = months_in(text, self.spellings);
        let months: BTreeSet<u32> = met.iter().map(|month| (month - 1) % 3 + 1).collect();
        match months.iter().next() {
            Some(month) if months.len() == 1 => Some(Token::Month(*month)),
            Some(_) => None,
            None => self.is_quarter(text).then_some(Token::Quarter),
        }
    }

    fn is_quarter(&self, text: &str) -> bool {
        if text.chars().count() > 40 {
            return false;
        }
        if !stems(text).any(|stem| self.quarter_stems.contains(&stem)) && !holds_quarter_word(text, self.spellings) {
            return false;
        }
        let word = |word: &str| self.spellings.quarter_words.iter().any(|known| known == word && known.len() > 2);
        self.quarters.iter().any(|known| known == text || likeness(text, known) >= 0.9) || text.split(' ').any(word)
    }

    /// Three months and the quarter; where the row below tells individuals from legal entities it is another grid.
    fn months(&self, grid: &Grid, row: u32) -> Option<Region> {
        let nth = self.form.grids.iter().position(|heads| of_month(heads) == 1)?;
        let tokens = self.tokens(grid, row);
        let month = |wanted| tokens.iter().find(|(_, token)| *token == Token::Month(wanted)).map(|(column, _)| *column);
        let (one, two, three) = (month(1)?, month(2)?, month(3)?);
        if !(one < two && two < three) || (row..=row + 3).any(|row| self.applicants(grid, row).is_some()) {
            return None;
        }
        let near = row.saturating_sub(3)..=row + 2;
        let quarters =
            near.clone().flat_map(|row| self.tokens(grid, row).to_vec()).filter(|(_, token)| *token == Token::Quarter);
        let quarter = quarters.map(|(column, _)| column).filter(|column| *column > three).min()?;
        let last = near.filter(|row| self.tokens(grid, *row).contains(&(quarter, Token::Quarter))).max().unwrap_or(row);
        Some(Region { grid: nth, row: row.max(last), columns: [one, two, three, quarter].map(Some).to_vec() })
    }

    /// Four pairs of an individual and a legal entity.
    fn applicants(&self, grid: &Grid, row: u32) -> Option<Region> {
        let nth = self.form.grids.iter().position(|heads| of_month(heads) == 2)?;
        let tokens = self.tokens(grid, row);
        let pairs: Vec<&(u32, Token)> =
            tokens.iter().filter(|(_, token)| matches!(token, Token::Individual | Token::LegalEntity)).collect();
        if pairs.len() != 8 {
            return None;
        }
        let mut columns = Vec::new();
        for pair in pairs.chunks_exact(2) {
            let of = |wanted| pair.iter().find(|(_, token)| *token == wanted).map(|(column, _)| *column);
            columns.extend([Some(of(Token::Individual)?), Some(of(Token::LegalEntity)?)]);
        }
        Some(Region { grid: nth, row, columns })
    }

    /// Heads without marks: every column by the likeness of its own label, in printed order.
    fn labels(&self, grid: &Grid) -> Option<Region> {
        let most = self.labels.len();
        let masks = |row: u32| texts(grid, row).into_iter().map(|(column, text)| (column, self.alike(text)));
        let hits = |row: &u32| masks(*row).fold(0, |all, (_, mask)| all | mask).count_ones() as usize * 2 >= most;
        let bottom = grid.rows().into_iter().rev().find(hits)?;
        let mut columns: BTreeMap<u32, u64> = BTreeMap::new();
        for (column, mask) in (bottom.saturating_sub(TALL)..=bottom + 1).flat_map(masks) {
            *columns.entry(column).or_default() |= mask;
        }
        // the stub's own heads come first and are like no label
        let mut found = Vec::new();
        let mut columns = columns.into_iter();
        for label in 0..most {
            found.push(Some(columns.find(|(_, mask)| mask >> label & 1 == 1)?.0));
        }
        Some(Region { grid: 0, row: bottom, columns: found })
    }

    /// The heads that a text is like, a bit each.
    fn alike(&self, text: &str) -> u64 {
        if let Some(mask) = self.alike.borrow().get(text) {
            return *mask;
        }
        let folded = fold(text);
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for place in stems(&folded).filter_map(|stem| self.label_stems.get(&stem)).flatten() {
            *shared.entry(*place).or_default() += 1;
        }
        let words = |text: &str| text.split(' ').count();
        let own = words(&folded);
        let like = |((nth, lang), shared): (&(usize, usize), &usize)| {
            let label = &self.labels[*nth][*lang];
            // what has fewer words in common is neither like the head nor a part of it
            let (all, least) = (own + words(label), own.min(words(label)));
            let is_near = shared * 20 >= all * 3 || shared + 1 >= least;
            (is_near && likeness_from(&folded, label, 0.75) >= 0.75).then_some(*nth)
        };
        let mask = shared.iter().filter_map(like).fold(0, |mask, nth| mask | 1 << nth);
        keep(&mut self.alike.borrow_mut(), text, mask);
        mask
    }
}

/// The texts of a row with their columns; of a row that has too many for a head none.
fn texts(grid: &Grid, row: u32) -> Vec<(u32, &str)> {
    let texts = grid.row(row).filter_map(|(column, cell)| match &cell.datum {
        Datum::Text(text) => Some((column, text.as_str())),
        _ => None,
    });
    let texts: Vec<(u32, &str)> = texts.take(WIDE + 1).collect();
    if texts.len() > WIDE { Vec::new() } else { texts }
}

/// Remembers what a text is; when too many are known, all of them are forgotten.
fn keep<T>(known: &mut HashMap<String, T>, text: &str, is: T) {
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(text.to_owned(), is);
}

fn by_stem(labels: &[ByLang<String>]) -> HashMap<String, Vec<(usize, usize)>> {
    let mut found: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (nth, labels) in labels.iter().enumerate() {
        for (lang, label) in labels.iter().enumerate() {
            for stem in stems(label).collect::<BTreeSet<_>>() {
                found.entry(stem).or_default().push((nth, lang));
            }
        }
    }
    found
}

/// Beginnings of the words of a folded text: what has none in common with another is not like it.
fn stems(text: &str) -> impl Iterator<Item = String> {
    text.split(' ').map(|word| word.chars().take(5).collect())
}

fn holds_quarter_word(text: &str, spellings: &Spellings) -> bool {
    text.split(' ').any(|word| spellings.quarter_words.iter().any(|known| known == word))
}

/// How many columns each month has.
fn of_month(heads: &Heads) -> usize {
    heads.columns.iter().filter(|column| column.month == Some(1)).count()
}

/// Months of the year, 1 to 12, that are named in a folded text.
pub fn months_in(text: &str, spellings: &Spellings) -> Vec<u32> {
    let words: Vec<&str> = text.split(' ').filter(|word| word.chars().count() >= 3).collect();
    let named = |names: &Vec<String>| words.iter().any(|word| names.iter().any(|name| name.starts_with(word)));
    (1..).zip(&spellings.months).filter(|(_, names)| named(names)).map(|(month, _)| month).collect()
}

fn is_blank(cell: &Cell) -> bool {
    matches!(&cell.datum, Datum::Text(text) if text.trim().is_empty())
}

/// A number of a column.
fn mark(cell: &Cell) -> Option<String> {
    match &cell.datum {
        Datum::Integer(number) if (1..100).contains(number) => Some(number.to_string()),
        Datum::Text(text) => {
            let text = text.trim();
            (text.len() <= 2 && !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()))
                .then(|| text.to_owned())
        }
        _ => None,
    }
}
