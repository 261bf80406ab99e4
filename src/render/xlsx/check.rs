//! The second sheet of the workbook: every check with its sides as formulas over the form's cells.

use crate::definitions::form::Missing;
use crate::definitions::theme::Role;
use crate::render::sheet::FormSheet;
use crate::render::sheet::checks::{Plan, shown};
use crate::render::sheet::measure;
use crate::render::xlsx::formula::Refs;
use crate::render::xlsx::style::{Style, Styles, tint};
use crate::render::xlsx::worksheet::{around, at, clean_name, paper, pixels, put_text, put_value};
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

/// Writes the sheet.
///
/// # Errors
/// Those of the library.
pub fn write(worksheet: &mut Worksheet, refs: &Refs, plan: &Plan, styles: &mut Styles) -> Result<()> {
    let sheet = refs.sheet;
    let words = &sheet.printer.words.check;
    let name = sheet.printer.beside(&words.sheet).replace(" / ", " – ");
    worksheet.set_name(clean_name(&name))?;
    for (column, width) in WIDTHS.iter().enumerate() {
        worksheet.set_column_width_pixels(u16::try_from(column)?, pixels(*width))?;
    }
    paper(worksheet, sheet);
    around(worksheet, sheet, None);
    let last = HEADS + plan.checks();
    top(worksheet, sheet, plan, last, styles)?;
    for (row, check) in (HEADS + 1..).zip(shown(sheet, plan.compact)) {
        line(worksheet, refs, row, &check, styles)?;
    }
    finish(worksheet, sheet, last)
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
    let texts = texts(sheet, check);
    let look = sheet.theme.look(Role::Line);
    let heights = texts.iter().zip(WIDTHS).map(|(text, width)| measure::height(text, width - 6.0, look.size, false));
    worksheet.set_row_height(u32::try_from(row)?, heights.fold(0.0, f64::max).min(409.0))?;
    for (column, text) in texts.iter().enumerate() {
        let (row, column) = at(row, column)?;
        put_text(worksheet, row, column, text, styles.get(Style::plain(Role::Line)))?;
    }
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
    let difference = format!("IF(AND(ISNUMBER(F{number}),ISNUMBER(G{number})),F{number}-G{number},\"-\")");
    put_formula(worksheet, row, 7, &difference, &gap(&judged), figure, styles)?;
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
