//! Formulas over columns of lines: how many of them break a rule, how many cannot be checked, and where the first one
//! stands. They are arrays, and ask nothing of a program that Excel since 2007 and Calc do not have.

use crate::definitions::form::Missing;
use crate::render::xlsx::formula::Refs;
use crate::rules::recipe::{Recipe, Stretch};
use crate::rules::term::{Relation, RuleTerm};
use std::fmt::Write;

/// Formulas of one gathered check.
#[derive(Debug)]
pub struct Counts {
    pub broken: String,
    pub unchecked: String,
    /// Row of the sheet of the first broken one, else of the first that cannot be checked; 0: of none.
    pub first: String,
}

/// What a term says of every line from its own to `last`, counted; `cells`: where the first two formulas will stand.
pub fn over_lines(refs: &Refs, term: &RuleTerm, last: usize, cells: [&str; 2]) -> Counts {
    let whole = Stretch { first: term.line, last, column: term.column };
    let state = state(refs, term, last);
    let rows = format!("ROW({})", refs.run(&whole));
    let first = |wanted: u8| format!("MIN(IF({state}={wanted},{rows}))");
    Counts {
        broken: format!("SUM(IF({state}=1,1,0))"),
        unchecked: format!("SUM(IF({state}=2,1,0))"),
        first: format!("IF({}>0,{},IF({}>0,{},0))", cells[0], first(1), cells[1], first(2)),
    }
}

/// The same over the results of single lines (`of_parts`), which stand in one range with their rows in another.
pub fn over_results(results: &str, rows: &str, cells: [&str; 2]) -> Counts {
    let broken = format!("IF(ISNUMBER({results}),{results},0)>0");
    Counts {
        broken: format!("COUNTIF({results},\">0\")"),
        unchecked: format!("SUM(IF(ISNUMBER({results}),0,1))"),
        first: format!(
            "IF({}>0,MIN(IF({broken},{rows})),IF({}>0,MIN(IF(ISNUMBER({results}),\"\",{rows})),0))",
            cells[0], cells[1]
        ),
    }
}

/// Column of the sheet, from 1, of the first cell of a line that is not the sum of its parts; 0: all are; "?": a cell is
/// neither a number nor "-".
pub fn of_parts(refs: &Refs, line: usize, parts: &Recipe) -> String {
    let columns = refs.sheet.report.cells.lines[line].values.len();
    let mut broken = String::new();
    for column in 0..columns {
        let (own, parts) = (Recipe::cell(line, column), parts.in_column(column));
        let at = refs.sheet.position(line, column).map_or(0, |(_, column)| column + 1);
        // Writing to a text cannot fail.
        let _ = write!(broken, "IF({}<>{},{at},", refs.plain(&own), refs.plain(&parts));
    }
    broken.push('0');
    broken.extend(std::iter::repeat_n(')', columns));
    let own = std::iter::once((line, line));
    let runs = own.chain(parts.stretches().iter().map(|run| (run.first, run.last)));
    let (ranges, counts): (Vec<String>, Vec<usize>) = runs.map(|(first, last)| refs.lines(first, last)).unzip();
    let dashes: Vec<String> = ranges.iter().map(|range| format!("COUNTIF({range},\"-\")")).collect();
    let cells: usize = counts.iter().sum();
    format!("IF(COUNT({})+{}<{cells},\"?\",{broken})", ranges.join(","), dashes.join("+"))
}

/// 0: holds, 1: broken, 2: cannot be checked, for each line; as `RuleTerm::judge` decides it.
fn state(refs: &Refs, term: &RuleTerm, last: usize) -> String {
    let cells = |recipe: &Option<Recipe>| -> Vec<String> {
        let runs = recipe.iter().flat_map(Recipe::stretches);
        runs.map(|run| refs.run(&if run.first == term.line { Stretch { last, ..*run } } else { *run })).collect()
    };
    let (left, right) = (cells(&term.left), cells(&term.right));
    let sound = left.iter().chain(&right).map(|cell| format!("(ISNUMBER({cell})+IFERROR({cell}=\"-\",FALSE))"));
    let mut open = vec![format!("({}=0)", sound.collect::<Vec<_>>().join("*"))];
    let (l, r) = (number(term.left.as_ref(), &left), number(term.right.as_ref(), &right));
    let dash = |cells: &[String]| format!("({}=0)", count(cells));
    if term.missing == Missing::CannotBeChecked {
        open.push(format!("({}<>{})", dash(&left), dash(&right)));
    } else if matches!(term.relation, Relation::AtMost | Relation::Needs) {
        open.push(format!("{}*({l}>0)", dash(&right)));
    }
    let holds = match term.relation {
        Relation::Equal => format!("{l}={r}"),
        Relation::AtMost | Relation::Within => format!("{l}<={r}"),
        Relation::Needs | Relation::NeedsNowOrBefore => format!("({l}<=0)+({r}>0)>0"),
    };
    let else_ = if term.relation == Relation::NeedsNowOrBefore { 2 } else { 1 };
    let state = format!("IF({}>0,2,IF({holds},0,{else_}))", open.join("+"));
    // heads once more, at the top of a page, stand between the lines
    match refs.levels_where_parted(term.line, last) {
        Some(levels) => format!("IF({levels}=\"\",0,{state})"),
        None => state,
    }
}

fn count(cells: &[String]) -> String {
    if cells.is_empty() {
        return "0".to_owned();
    }
    let counts: Vec<String> = cells.iter().map(|cell| format!("ISNUMBER({cell})")).collect();
    format!("({})", counts.join("+"))
}

fn number(recipe: Option<&Recipe>, cells: &[String]) -> String {
    if let Some(Recipe::Last(_)) = recipe {
        return cells.iter().fold("0".to_owned(), |earlier, cell| format!("IF(ISNUMBER({cell}),{cell},{earlier})"));
    }
    let cells: Vec<String> = cells.iter().map(|cell| format!("IF(ISNUMBER({cell}),{cell},0)")).collect();
    if cells.is_empty() { "0".to_owned() } else { format!("({})", cells.join("+")) }
}
