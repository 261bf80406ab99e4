//! Recipes as formulas of a workbook. Every formula is written with the value that it gives.

use crate::filed::marks::COLUMNS;
use crate::render::sheet::{FormSheet, a1};
use crate::rules::recipe::{Level, Recipe, Stretch};
use crate::sources::raw::column_letters;

/// Writes references to the cells of a laid out form, from its own sheet or from another one.
#[derive(Debug)]
pub struct Refs<'s, 'a> {
    pub sheet: &'s FormSheet<'a>,
    /// `'2-МК'!`, or nothing on the form's own sheet.
    pub prefix: String,
    /// Letters of the columns of the sheet, and of those for programs.
    pub columns: Vec<String>,
}

impl<'s, 'a> Refs<'s, 'a> {
    pub fn new(sheet: &'s FormSheet<'a>, prefix: String) -> Self {
        let columns = (0..sheet.widths.len() + COLUMNS.len()).map(column_letters).collect();
        Self { sheet, prefix, columns }
    }

    /// Rows of the sheet of the first and last line of a run, and its column.
    fn corners(&self, run: &Stretch) -> (usize, usize, usize) {
        let (first, column) = self.sheet.position(run.first, run.column).unwrap_or_default();
        let (last, _) = self.sheet.position(run.last, run.column).unwrap_or_default();
        (first, last, column)
    }

    fn range(&self, range: &mut String, (first, last, column): (usize, usize, usize)) {
        let mut digits = itoa::Buffer::new();
        range.extend([self.prefix.as_str(), &self.columns[column], digits.format(first + 1)]);
        if first < last {
            range.extend([":", &self.columns[column], digits.format(last + 1)]);
        }
    }

    /// A cell or a range of one column.
    pub fn run(&self, run: &Stretch) -> String {
        let mut range = String::new();
        self.range(&mut range, self.corners(run));
        range
    }

    /// All values of a line, and how many they are.
    pub fn line(&self, line: usize) -> (String, usize) {
        self.lines(line, line)
    }

    /// All values of the lines of one row from one to another, and how many they are.
    pub fn lines(&self, line: usize, last: usize) -> (String, usize) {
        let count = self.sheet.report.cells.lines[line].values.len();
        let (row, first) = self.sheet.position(line, 0).unwrap_or_default();
        let (end, column) = self.sheet.position(last, count.saturating_sub(1)).unwrap_or_default();
        let range = format!("{}{}:{}{}", self.prefix, a1(row, first), self.columns[column], end + 1);
        (range, count * (last + 1 - line))
    }

    /// Levels of the lines from one to another where other rows of the sheet stand between them.
    pub fn levels_where_parted(&self, first: usize, last: usize) -> Option<String> {
        let run = Stretch { first, last, column: 0 };
        let (top, bottom, _) = self.corners(&run);
        (bottom - top != last - first).then(|| self.levels(&run))
    }

    fn list(&self, runs: &[Stretch]) -> String {
        let mut list = String::with_capacity(runs.len() * (self.prefix.len() + 14));
        for run in runs {
            if !list.is_empty() {
                list.push(',');
            }
            self.range(&mut list, self.corners(run));
        }
        list
    }

    /// Levels of the lines of a run, in the first of the columns for programs.
    fn levels(&self, run: &Stretch) -> String {
        let (first, last, _) = self.corners(run);
        let mut range = String::new();
        self.range(&mut range, (first, last, self.sheet.widths.len()));
        range
    }

    /// How many numbers a recipe has.
    pub fn numbers(&self, recipe: &Recipe) -> String {
        match recipe {
            Recipe::Sum(runs) | Recipe::Last(runs) if runs.is_empty() => "0".to_owned(),
            Recipe::Sum(runs) | Recipe::Last(runs) => format!("COUNT({})", self.list(runs)),
            Recipe::Providers(run) => {
                let (levels, range, provider) = (self.levels(run), self.run(run), Level::Provider.code());
                format!("SUMPRODUCT(({levels}=\"{provider}\")*ISNUMBER({range}))")
            }
        }
    }

    /// The plain sum.
    fn sum(&self, recipe: &Recipe) -> String {
        match recipe {
            Recipe::Sum(runs) | Recipe::Last(runs) if runs.is_empty() => "0".to_owned(),
            Recipe::Sum(runs) | Recipe::Last(runs) => format!("SUM({})", self.list(runs)),
            Recipe::Providers(run) => {
                format!("SUMIF({},\"{}\",{})", self.levels(run), Level::Provider.code(), self.run(run))
            }
        }
    }

    /// How many cells hold "-".
    fn dashes(&self, recipe: &Recipe) -> String {
        match recipe {
            Recipe::Sum(runs) | Recipe::Last(runs) => {
                runs.iter().map(|run| format!("COUNTIF({},\"-\")", self.run(run))).collect::<Vec<_>>().join("+")
            }
            Recipe::Providers(run) => {
                format!("COUNTIFS({},\"{}\",{},\"-\")", self.levels(run), Level::Provider.code(), self.run(run))
            }
        }
    }

    /// The value of a sum on the form: it skips "-", and of only "-" it is "-" (forms.md, D2).
    pub fn value(&self, recipe: &Recipe) -> String {
        if let Recipe::Last(runs) = recipe {
            return runs.iter().fold("\"-\"".to_owned(), |earlier, run| {
                let cell = self.run(run);
                format!("IF(ISNUMBER({cell}),{cell},{earlier})")
            });
        }
        if let Recipe::Sum(runs) = recipe
            && !runs.is_empty()
        {
            let list = self.list(runs);
            return format!("IF(COUNT({list})=0,\"-\",SUM({list}))");
        }
        format!("IF({}=0,\"-\",{})", self.numbers(recipe), self.sum(recipe))
    }

    /// One side of a check: as the value, but "?" when a cell is neither a number nor "-".
    pub fn side(&self, recipe: Option<&Recipe>) -> String {
        let Some(recipe) = recipe else { return "\"?\"".to_owned() };
        let cells = self.sheet.sums().places(recipe).count();
        if cells == 0 {
            return "\"-\"".to_owned();
        }
        if let Recipe::Sum(runs) = recipe
            && cells == 1
        {
            let cell = self.list(runs);
            return format!("IF(ISNUMBER({cell}),{cell},IF({cell}=\"-\",\"-\",\"?\"))");
        }
        if self.has_room(recipe) {
            return self.value(recipe);
        }
        format!("IF({}+{}<{cells},\"?\",{})", self.numbers(recipe), self.dashes(recipe), self.value(recipe))
    }

    /// Whether a sum runs over lines of an empty form, of which not all need be filled.
    fn has_room(&self, recipe: &Recipe) -> bool {
        let lines = &self.sheet.report.cells.lines;
        let over = |run: &Stretch| run.first < run.last && Level::of(&lines[run.first]) != Level::Row;
        self.sheet.is_blank() && recipe.stretches().iter().any(over)
    }

    /// The plain number of a recipe, 0 where there is none.
    pub fn plain(&self, recipe: &Recipe) -> String {
        match recipe {
            Recipe::Last(_) => format!("N({})", self.value(recipe)),
            Recipe::Sum(_) | Recipe::Providers(_) => self.sum(recipe),
        }
    }
}
