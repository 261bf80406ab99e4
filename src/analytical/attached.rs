//! The materials that confirm the report: kind, number, date, sheets (Rules, Annex 1, expl. 33; Annex 2, expl. 32).

use crate::analytical::document::{ParagraphKind, Run, Side, TableRow};
use crate::analytical::say::Teller;
use crate::analytical::tables::{column, number_column};
use crate::body::narrative::Described;

impl Teller<'_> {
    /// The list of attached materials.
    pub fn attachments(&mut self, number: &str) {
        self.heading(1, number, self.word("attachments"));
        let Some(files) = self.material.attachments.filter(|files| !files.is_empty()) else {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(self.word("nothing_attached"))]);
            return;
        };
        let narrative = self.material.narrative;
        let none = || vec![Run::plain(self.word("not_stated"))];
        let row = |(nth, file): (usize, &crate::body::narrative::Attachment)| {
            let described = narrative.described(&file.name);
            let cell = |of: &dyn Fn(&Described) -> String| {
                described.map(of).filter(|text| !text.is_empty()).map_or_else(none, |text| vec![Run::quoted(text)])
            };
            let cells = vec![
                vec![Run::reference(format!("{}.", nth + 1))],
                cell(&|described| described.kind.clone()),
                cell(&|described| described.number.clone()),
                cell(&|described| described.date.map_or_else(String::new, |day| day.format("%d.%m.%Y").to_string())),
                cell(&|described| described.sheets.map_or_else(String::new, |sheets| sheets.to_string())),
                vec![Run::quoted(file.name.as_str())],
            ];
            TableRow { cells, total: false, level: 0 }
        };
        let rows = files.iter().enumerate().map(row).collect();
        let columns = vec![
            column(vec![Run::plain("№")], Side::Left, 0.45),
            column(vec![Run::plain(self.word("document_kind"))], Side::Left, 1.6),
            column(vec![Run::plain(self.word("document_number"))], Side::Left, 1.0),
            column(vec![Run::plain(self.word("document_date"))], Side::Left, 1.0),
            number_column(self.word("document_sheets")),
            column(vec![Run::plain(self.word("file"))], Side::Left, 1.6),
        ];
        self.add_table("attached", columns, rows);
    }

    /// «приказ № 12 от 12.07.2026 на 3 л. (prikaz-12.txt)»; of a file that nobody describes its name alone.
    pub(crate) fn material_name(&self, file: &str) -> Vec<Run> {
        let Some(described) = self.material.narrative.described(file) else { return vec![Run::quoted(file)] };
        let mut runs = vec![Run::quoted(described.kind.as_str())];
        let mut part = |phrase: &str, value: Option<String>| {
            runs.extend(
                value.into_iter().flat_map(|value| self.phrase(phrase, &[("value", vec![Run::quoted(value)])])),
            );
        };
        part("of_number", Some(described.number.clone()).filter(|number| !number.is_empty()));
        part("of_date", described.date.map(|day| day.format("%d.%m.%Y").to_string()));
        part("of_sheets", described.sheets.map(|sheets| sheets.to_string()));
        runs.push(Run::quoted(format!(" ({file})")));
        runs
    }
}
