//! The second sheet of the workbook: every check with its sides as formulas over the form's cells.

use crate::definitions::form::Missing;
use crate::definitions::theme::Role;
use crate::render::sheet::FormSheet;
use crate::render::sheet::checks::{Plan, plan, shown};
use crate::render::sheet::condensed::{LinesTally, Many, Over, PartsResult, SheetCheck, entries, is_large};
use crate::render::sheet::{a1, measure};
use crate::render::xlsx::condensed;
use crate::render::xlsx::formula::Refs;
use crate::render::xlsx::style::{Style, Styles, tint};
use crate::render::xlsx::worksheet::{around, at, clean_name, paper, pixels, put_text, put_value};
use crate::rules::recipe::Recipe;
use crate::rules::term::{CheckResult, Relation, RuleCheck, RuleTerm};
use crate::values::cells::Value;
use crate::words::finding::Outcome;
use crate::words::lang::Text;
use anyhow::Result;
use rust_xlsxwriter::{ConditionalFormatFormula, Formula, ProtectionOptions, Worksheet};

/// Widths in points: rule, text, row, column, cell, left, right, difference, verdict.
const WIDTHS: [f64; 9] = [96.0, 200.0, 150.0, 80.0, 42.0, 50.0, 50.0, 50.0, 64.0];
/// Row of the heads, counted from 0; above them the title, a remark and the three counts.
const HEADS: usize = 5;
/// Cells with the words of the verdicts.
const BROKEN: &str = "$A$3";
const HOLDS: &str = "$A$4";
const UNCHECKED: &str = "$A$5";
/// Hidden columns of a large form, behind the others: of a gathered check how many are broken, how many cannot be
/// checked, and the row of the first; of each line with parts of its own what comes of it, and its row.
const HIDDEN: [usize; 5] = [9, 10, 11, 12, 13];

/// Writes the sheet.
///
/// # Errors
/// Those of the library.
pub fn write(worksheet: &mut Worksheet, refs: &Refs, styles: &mut Styles) -> Result<()> {
    let sheet = refs.sheet;
    let words = &sheet.printer.words.check;
    let name = sheet.printer.beside(&words.sheet).replace(" / ", " – ");
    worksheet.set_name(clean_name(&name))?;
    for (column, width) in WIDTHS.iter().enumerate() {
        worksheet.set_column_width_pixels(u16::try_from(column)?, pixels(*width))?;
    }
    paper(worksheet, sheet);
    around(worksheet, sheet, None);
    if is_large(sheet) {
        let (entries, plan) = entries(sheet);
        let last = HEADS + plan.checks();
        top(worksheet, sheet, &plan, last, styles)?;
        gathered(worksheet, refs, &entries, styles)?;
        worksheet.set_column_range_hidden(u16::try_from(HIDDEN[0])?, u16::try_from(HIDDEN[4])?)?;
        worksheet.set_print_area(0, 0, u32::try_from(last)?, 8)?;
        return finish(worksheet, sheet, last);
    }
    let plan = plan(sheet);
    let last = HEADS + plan.checks();
    top(worksheet, sheet, &plan, last, styles)?;
    for (row, check) in (HEADS + 1..).zip(shown(sheet, plan.compact)) {
        line(worksheet, refs, row, &check, styles)?;
    }
    finish(worksheet, sheet, last)
}

/// The entries of a large form; beside them, row by row, what each line with parts of its own comes to.
fn gathered(worksheet: &mut Worksheet, refs: &Refs, entries: &[SheetCheck], styles: &mut Styles) -> Result<()> {
    let mut results = entries.iter().flat_map(SheetCheck::parts);
    let mut entries = entries.iter();
    // the next of the rows with results of lines
    let mut result = HEADS + 1;
    for row in HEADS + 1.. {
        let (entry, part) = (entries.next(), results.next());
        match entry {
            Some(SheetCheck::One(check)) => line(worksheet, refs, row, check, styles)?,
            Some(SheetCheck::Many(many)) => many_lines(worksheet, refs, row, many, result, styles)?,
            None if part.is_none() => break,
            None => {}
        }
        result += entry.map_or(0, |entry| entry.parts().count());
        if let Some(part) = part {
            part_line(worksheet, refs, row, part, styles)?;
        }
    }
    Ok(())
}

/// What a line with parts of its own comes to, and its row.
fn part_line(
    worksheet: &mut Worksheet,
    refs: &Refs,
    row: usize,
    (line, parts, result): (usize, &Recipe, PartsResult),
    styles: &mut Styles,
) -> Result<()> {
    let place = |column| refs.sheet.position(line, column).unwrap_or_default();
    let result = match result {
        PartsResult::Holds => "0".to_owned(),
        PartsResult::Broken(column) => (place(column).1 + 1).to_string(),
        PartsResult::Unchecked => "?".to_owned(),
    };
    let figure = Style::plain(Role::Figure);
    put_formula(worksheet, row, HIDDEN[3], &condensed::of_parts(refs, line, parts), &result, figure, styles)?;
    let ((row, column), number) = (at(row, HIDDEN[4])?, i64::try_from(place(0).0 + 1)?);
    put_value(worksheet, row, column, &Value::Number(number), styles.get(figure))
}

/// A rule on many lines: how many break it, and which cell is the first; `result`: row of the results of its lines.
fn many_lines(
    worksheet: &mut Worksheet,
    refs: &Refs,
    row: usize,
    many: &Many,
    result: usize,
    styles: &mut Styles,
) -> Result<()> {
    let (sheet, tally) = (refs.sheet, many.tally);
    let [broken, unchecked, first, ..] = HIDDEN.map(|column| a1(row, column));
    let term = &many.check.terms[0];
    let (_, own) = sheet.position(many.check.line, term.column).unwrap_or_default();
    let (counts, column) = match &many.over {
        Over::Lines(last) => (condensed::over_lines(refs, term, *last, [&broken, &unchecked]), (own + 1).to_string()),
        Over::Parts(parts) => {
            let run = |column| format!("{}:{}", a1(result, column), a1(result + parts.len() - 1, column));
            let (results, rows) = (run(HIDDEN[3]), run(HIDDEN[4]));
            let column = format!("IF({broken}>0,SUMIF({rows},{first},{results}),{})", own + 1);
            (condensed::over_results(&results, &rows, [&broken, &unchecked]), column)
        }
    };
    let [ids, text, _, column_name, _] = texts(sheet, &many.check);
    let places = [("places".to_owned(), tally.places.to_string())];
    let text = format!("{text}\n{}", sheet.printer.join(&sheet.printer.words.check.gathered.fill(&places)));
    let own = &sheet.report.form.rows[sheet.report.cells.lines[many.check.line].row];
    let place = format!("{} {}", own.print, sheet.printer.beside(&own.label)).trim().to_owned();
    let column_name = if let Over::Parts(_) = many.over { String::new() } else { column_name };
    let address = tally.first.and_then(|(line, column)| sheet.address(line, column));
    put_texts(worksheet, sheet, row, &[ids, text, place, column_name], styles)?;
    let (figure, plain) = (Style::plain(Role::Figure), Style::plain(Role::Line));
    let cell = format!("IF({first}=0,\"-\",ADDRESS({first},{column},4))");
    put_formula(worksheet, row, 4, &cell, address.as_deref().unwrap_or("-"), plain, styles)?;
    let left = match tally {
        LinesTally { broken: 0, unchecked: 1.., .. } => "?".to_owned(),
        LinesTally { broken, .. } => broken.to_string(),
    };
    let counted = format!("IF({broken}>0,{broken},IF({unchecked}>0,\"?\",0))");
    put_formula(worksheet, row, 5, &counted, &left, figure, styles)?;
    let (row_number, column) = at(row, 6)?;
    put_value(worksheet, row_number, column, &Value::Number(0), styles.get(figure))?;
    put_formula(worksheet, row, 7, &difference(row + 1), if left == "?" { "-" } else { &left }, figure, styles)?;
    put_formula(worksheet, row, 8, &verdict(None, row + 1), &word(sheet, tally.outcome()), plain, styles)?;
    let row_of = tally.first.and_then(|(line, _)| sheet.row_of(line)).map_or(0, |row| row + 1);
    let figures = [(counts.broken, tally.broken), (counts.unchecked, tally.unchecked), (counts.first, row_of)];
    for (column, (formula, value)) in HIDDEN.into_iter().zip(figures) {
        let ((row, column), formula) = (at(row, column)?, Formula::new(formula).set_result(value.to_string()));
        worksheet.write_array_formula_with_format(row, column, row, column, formula, styles.get(figure))?;
    }
    Ok(())
}

/// Title, counts and heads.
fn top(worksheet: &mut Worksheet, sheet: &FormSheet, plan: &Plan, last: usize, styles: &mut Styles) -> Result<()> {
    let (printer, words) = (&sheet.printer, &sheet.printer.words.check);
    for (row, role, text) in [(0, Role::Title, &words.title), (1, Role::Note, &words.elsewhere)] {
        let look = sheet.theme.look(role);
        // What the pages of the form say of it stands here, too.
        let marks = sheet.report.standing.marks.iter().filter(|_| role == Role::Title);
        let text = marks.fold(printer.join(text), |text, mark| format!("{text}\n{}", printer.beside(mark)));
        worksheet.set_row_height(row, measure::height(&text, WIDTHS.iter().sum(), look.size, look.bold))?;
        worksheet.merge_range(row, 0, row, 8, &text, styles.get(Style::plain(role)))?;
    }
    let counts =
        [(2, &words.broken, plan.broken), (3, &words.holds, plan.holds), (4, &words.unchecked, plan.unchecked)];
    for (row, word, count) in counts {
        let look = sheet.theme.look(Role::Stub);
        let text = printer.beside(word);
        worksheet.set_row_height(row, measure::height(&text, WIDTHS[0] - 6.0, look.size, false))?;
        put_text(worksheet, row, 0, &text, styles.get(Style::plain(Role::Stub)))?;
        let formula = Formula::new(format!("COUNTIF($I${}:$I${},A{})", HEADS + 2, last.max(HEADS + 1) + 1, row + 1));
        worksheet.write_formula_with_format(
            row,
            1,
            formula.set_result(count.to_string()),
            styles.get(Style::plain(Role::Provider)),
        )?;
    }
    let heads = [
        &words.rule,
        &words.text,
        &words.place,
        &words.column,
        &words.cell,
        &words.left,
        &words.right,
        &words.difference,
        &words.verdict,
    ];
    let look = sheet.theme.look(Role::Head);
    let mut height = 0.0_f64;
    for (column, head) in heads.into_iter().enumerate() {
        let text = printer.join(head);
        height = height.max(measure::height(&text, WIDTHS[column] - 6.0, look.size, true));
        let (row, column) = at(HEADS, column)?;
        put_text(worksheet, row, column, &text, styles.get(Style::plain(Role::Head)))?;
    }
    worksheet.set_row_height(u32::try_from(HEADS)?, height)?;
    Ok(())
}

fn line(worksheet: &mut Worksheet, refs: &Refs, row: usize, check: &RuleCheck, styles: &mut Styles) -> Result<()> {
    let sheet = refs.sheet;
    let judged = check.judge(&sheet.sums());
    put_texts(worksheet, sheet, row, &texts(sheet, check), styles)?;
    let (left, right) = sides(refs, check);
    let figure = Style::plain(Role::Figure);
    put_formula(worksheet, row, 5, &left, &side(judged.left.as_ref()), figure, styles)?;
    if let Some(right) = right {
        put_formula(worksheet, row, 6, &right, &side(judged.right.as_ref()), figure, styles)?;
    } else {
        let (row, column) = at(row, 6)?;
        put_value(worksheet, row, column, &Value::Number(0), styles.get(figure))?;
    }
    let number = row + 1;
    put_formula(worksheet, row, 7, &difference(number), &gap(&judged), figure, styles)?;
    put_formula(
        worksheet,
        row,
        8,
        &verdict(check.term(), number),
        &word(sheet, judged.outcome),
        Style::plain(Role::Line),
        styles,
    )
}

/// The first texts of a row, which is as high as they need.
fn put_texts(
    worksheet: &mut Worksheet,
    sheet: &FormSheet,
    row: usize,
    texts: &[String],
    styles: &mut Styles,
) -> Result<()> {
    let look = sheet.theme.look(Role::Line);
    let heights = texts.iter().zip(WIDTHS).map(|(text, width)| measure::height(text, width - 6.0, look.size, false));
    worksheet.set_row_height(u32::try_from(row)?, heights.fold(0.0, f64::max).min(409.0))?;
    for (column, text) in texts.iter().enumerate() {
        let (row, column) = at(row, column)?;
        put_text(worksheet, row, column, text, styles.get(Style::plain(Role::Line)))?;
    }
    Ok(())
}

fn put_formula(
    worksheet: &mut Worksheet,
    row: usize,
    column: usize,
    formula: &str,
    result: &str,
    style: Style,
    styles: &mut Styles,
) -> Result<()> {
    let (row, column) = at(row, column)?;
    worksheet.write_formula_with_format(row, column, Formula::new(formula).set_result(result), styles.get(style))?;
    Ok(())
}

fn difference(row: usize) -> String {
    format!("IF(AND(ISNUMBER(F{row}),ISNUMBER(G{row})),F{row}-G{row},\"-\")")
}

fn side(value: Option<&Value>) -> String {
    value.map_or_else(|| "?".to_owned(), Value::print)
}

fn gap(judged: &CheckResult) -> String {
    let numbers = judged.left.as_ref().and_then(Value::number).zip(judged.right.as_ref().and_then(Value::number));
    numbers.map_or_else(|| "-".to_owned(), |(left, right)| (left - right).to_string())
}

fn word(sheet: &FormSheet, outcome: Outcome) -> String {
    let words = &sheet.printer.words.check;
    let word: &Text = match outcome {
        Outcome::Holds => &words.holds,
        Outcome::Fails => &words.broken,
        Outcome::CannotBeChecked => &words.unchecked,
    };
    sheet.printer.beside(word)
}

/// Rule, text, row, column and cell of a check.
fn texts(sheet: &FormSheet, check: &RuleCheck) -> [String; 5] {
    let (report, printer) = (sheet.report, &sheet.printer);
    let line = &report.cells.lines[check.line];
    let row = &report.form.rows[line.row];
    let ids: Vec<&str> = check.rules.iter().map(|rule| rule.id.as_str()).collect();
    let text = if check.term().is_some() { &check.rules[0].text } else { &printer.words.check.counted };
    let label = if line.key.is_row() && row.print.is_empty() { printer.beside(&row.label) } else { line.key.label() };
    let place = format!("{} {label}", row.print).trim().to_owned();
    let grid = report.form.grid_of(line.row);
    let column =
        check.term().map(|term| printer.column(report.form, grid, &grid.columns[term.column], report.period.quarter));
    let cell = sheet.address(check.line, check.term().map_or(0, |term| term.column)).unwrap_or_default();
    [ids.join(", "), printer.join(text), place, column.unwrap_or_default(), cell]
}

/// Formulas of both sides; counted terms are broken terms against none.
fn sides(refs: &Refs, check: &RuleCheck) -> (String, Option<String>) {
    if let Some(term) = check.term() {
        let left = refs.side(term.left.as_ref());
        let left = if term.less == 0 { left } else { format!("IF(ISNUMBER({left}),{left}-{},{left})", term.less) };
        return (left, Some(refs.side(term.right.as_ref())));
    }
    let (cells, count) = refs.line(check.line);
    let broken = check.terms.iter().filter_map(|term| {
        let (left, right) = (term.left.as_ref()?, term.right.as_ref()?);
        let (one, other) = (refs.plain(left), refs.plain(right));
        Some(match term.relation {
            Relation::Equal => format!("({one}<>{other})"),
            _ => format!("AND({}>0,{one}>{other})", refs.numbers(right)),
        })
    });
    let broken = broken.collect::<Vec<_>>().join("+");
    (format!("IF(COUNT({cells})+COUNTIF({cells},\"-\")<{count},\"?\",{broken})"), None)
}

/// The verdict in terms of the sides in F and G, as `RuleTerm::judge` decides it.
fn verdict(term: Option<&RuleTerm>, row: usize) -> String {
    let (left, right) = (format!("F{row}"), format!("G{row}"));
    let Some(term) = term else {
        return format!("IF({left}=\"?\",{UNCHECKED},IF({left}=0,{HOLDS},{BROKEN}))");
    };
    let mut open = vec![format!("{left}=\"?\""), format!("{right}=\"?\"")];
    if term.missing == Missing::CannotBeChecked {
        open.push(format!("({left}=\"-\")<>({right}=\"-\")"));
    } else if matches!(term.relation, Relation::AtMost | Relation::Needs) {
        open.push(format!("AND({right}=\"-\",N({left})>0)"));
    }
    let holds = match term.relation {
        Relation::Equal => format!("N({left})=N({right})"),
        Relation::AtMost | Relation::Within => format!("N({left})<=N({right})"),
        Relation::Needs | Relation::NeedsNowOrBefore => format!("OR(N({left})<=0,N({right})>0)"),
    };
    let else_ = if term.relation == Relation::NeedsNowOrBefore { UNCHECKED } else { BROKEN };
    format!("IF(OR({}),{UNCHECKED},IF({holds},{HOLDS},{else_}))", open.join(","))
}

/// Colours, filter, frozen heads, protection.
fn finish(worksheet: &mut Worksheet, sheet: &FormSheet, last: usize) -> Result<()> {
    let verdicts = &sheet.theme.verdict;
    let (first, last) = (u32::try_from(HEADS + 1)?, u32::try_from(last.max(HEADS + 1))?);
    for (word, tinted) in [(BROKEN, &verdicts.broken), (HOLDS, &verdicts.holds), (UNCHECKED, &verdicts.unchecked)] {
        let rule = format!("=$I{}={word}", first + 1);
        let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(tint(tinted));
        worksheet.add_conditional_format(first, 4, last, 8, &rule)?;
    }
    for (rule, tinted) in [("=$B$3>0", &verdicts.broken), ("=$B$3=0", &verdicts.holds)] {
        let rule = ConditionalFormatFormula::new().set_rule(rule).set_format(tint(tinted));
        worksheet.add_conditional_format(2, 0, 2, 1, &rule)?;
    }
    worksheet.autofilter(u32::try_from(HEADS)?, 0, last, 8)?;
    worksheet.set_repeat_rows(u32::try_from(HEADS)?, u32::try_from(HEADS)?)?;
    worksheet.set_freeze_panes(first, 0)?;
    worksheet.protect_with_options(&ProtectionOptions {
        use_autofilter: true,
        sort: true,
        ..ProtectionOptions::default()
    });
    Ok(())
}
