//! What the units of a consolidated report told of a section: causes, measures, answers, and who told nothing.

use crate::analytical::document::{ParagraphKind, Piece, Run, Side, Table, TableRow};
use crate::analytical::figures::units::{Member, answers};
use crate::analytical::figures::{Figure, Formula};
use crate::analytical::say::{Teller, number_run};
use crate::analytical::tables::{STUB, column, number_column};
use crate::definitions::analytical::{Block, Section};
use crate::words::lang::Lang;

/// Rows of a table, answers and names on the page at most.
const LONGEST: usize = 60;
/// Names of units in a sentence at most.
const NAMED: usize = 30;

impl Teller<'_> {
    /// Causes and measures by unit, and the answers of units in their own words.
    pub fn told_by_units(&mut self, section: &Section) {
        let told: Vec<&Member<'_>> = self.material.units.iter().filter(|member| member.testified.is_some()).collect();
        if told.is_empty() {
            return;
        }
        let asked: Vec<&Vec<String>> = section.asks.iter().map(|asked| &asked.fields).collect();
        for block in &section.blocks {
            let Block::Texts { title, head, fields, .. } = block else { continue };
            if asked.contains(&fields) {
                let title = self.phrase("by_units", &[("title", vec![Run::plain(title.get(self.lang))])]);
                self.words_by_unit(title, head.get(self.lang), (section, fields), &told);
            }
        }
        let lang = self.lang;
        let answer = |member: &&Member<'_>| {
            let text = member.testified?.section(&section.id)?.text(lang)?.to_owned();
            Some((member.name.get(lang).to_owned(), text))
        };
        let mut answers: Vec<(String, String)> = told.iter().filter_map(answer).collect();
        let beyond = answers.split_off(LONGEST.min(answers.len()));
        for (unit, text) in answers {
            let said = self.phrase("unit_tells", &[("unit", vec![Run::quoted(unit)])]);
            self.paragraph(ParagraphKind::Body, said);
            self.told(&text);
        }
        if !beyond.is_empty() {
            let count = vec![number_run(Self::how_many(beyond.len()))];
            let said = self.phrase("units_beyond", &[("count", count)]);
            self.paragraph(ParagraphKind::Body, said);
        }
    }

    fn words_by_unit(
        &mut self,
        title: Vec<Run>,
        head: &str,
        (section, fields): (&Section, &[String]),
        told: &[&Member<'_>],
    ) {
        let mut rows = Vec::new();
        for member in told {
            let words = member.testified.and_then(|testified| testified.section(&section.id));
            for words in words.iter().flat_map(|told| told.words(fields)) {
                let unit =
                    if member.code.is_empty() { member.name.get(Lang::Ru).to_owned() } else { member.code.clone() };
                let formula = Formula::Unit { unit, of: words.field.clone(), value: words.count };
                let cells = vec![
                    vec![Run::quoted(member.name.get(self.lang))],
                    vec![self.wording(&words.text, fields)],
                    vec![number_run(Figure::count(formula, words.count))],
                ];
                rows.push(TableRow { cells, total: false, level: 0 });
            }
        }
        if rows.is_empty() {
            return;
        }
        let beyond = rows.split_off(LONGEST.min(rows.len()));
        rows.extend(self.beyond(beyond.len(), 3));
        let columns = vec![
            column(vec![Run::plain(self.word("unit"))], Side::Left, STUB * 0.6),
            column(vec![Run::plain(head)], Side::Left, STUB),
            number_column(self.word("count")),
        ];
        self.pieces.push(Piece::Table(Table { title, columns, rows, beyond }));
    }

    /// Which units did not answer an open question.
    pub fn silent_units(&mut self, section: &Section) {
        let form = self.material.report.form;
        let units = self.material.units.iter();
        if self.material.units.iter().all(|member| member.testified.is_none()) && !self.material.is_consolidated() {
            return;
        }
        let silent: Vec<&str> =
            units.filter(|member| !answers(member, section, form)).map(|member| member.name.get(self.lang)).collect();
        if silent.is_empty() {
            return;
        }
        let mut names = vec![Run::quoted(silent.iter().take(NAMED).copied().collect::<Vec<_>>().join("; "))];
        if silent.len() > NAMED {
            let more = vec![number_run(Self::how_many(silent.len() - NAMED))];
            names.extend(self.phrase("and_more", &[("count", more)]));
        }
        let said = self.phrase("units_silent", &[("units", names)]);
        self.paragraph(ParagraphKind::Note, said);
    }
}
