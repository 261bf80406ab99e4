//! The analytical report as a neutral document: its sections in the order of the Rules, each number from cells.

pub mod figures;
pub mod document;
pub mod say;
pub mod tables;
pub mod compare;
pub mod lists;
pub mod attached;
pub mod method;
pub mod annex;
pub mod units;
pub mod course;
pub mod apart;
pub mod members;

use crate::analytical::course::Around;
use crate::analytical::document::{Document, ParagraphKind, Run};
use crate::analytical::figures::material::{Material, is_answered, template};
use crate::analytical::say::Teller;
use crate::definitions::analytical::{Block, Section, When};
use crate::definitions::form::Form;
use crate::definitions::printed::{Printer, roman};
use crate::report::Report;
use crate::words::lang::Lang;
use anyhow::{Context, Result};

/// What stands at the foot of every page: form, period, marks of the report and, where there is room, the fingerprint of
/// its data.
pub fn foot(report: &Report<'_>, printer: &Printer, lang: Lang, fingerprint: Option<&str>) -> String {
    let marks: String = report.standing.marks.iter().flat_map(|mark| ["  ·  ", mark.get(lang)]).collect();
    let (index, period) = (report.form.index.get(lang), printer.period(report.period.quarter));
    let data = |digest: &str| format!("  ·  {}: {digest}", printer.words.data.get(lang));
    format!("{index}  ·  {}{marks}{}", period.get(lang), fingerprint.map(data).unwrap_or_default())
}

/// What is for the body's own eyes, in each of the languages of the report: nobody signs it.
///
/// # Errors
/// As `documents`.
pub fn annexes(material: &Material<'_>) -> Result<Vec<Document>> {
    let form = material.report.form;
    let report =
        template(material.definitions, form).with_context(|| format!("{}: no analytical report", form.form))?;
    let langs = if material.report.langs.is_empty() { &[Lang::Ru] } else { material.report.langs };
    let annex = |lang: &Lang| Teller::new(material, report, *lang).annex();
    langs.iter().map(annex).collect()
}

/// Stands where somebody writes by hand.
const BLANK: &str = "________________";

/// The report in each of its languages.
///
/// # Errors
/// The form has no analytical report, or the words inside the binary are not well-formed.
pub fn documents(material: &Material<'_>) -> Result<Vec<Document>> {
    let langs = if material.report.langs.is_empty() { &[Lang::Ru] } else { material.report.langs };
    langs.iter().map(|lang| document(material, *lang)).collect()
}

fn document(material: &Material<'_>, lang: Lang) -> Result<Document> {
    let form = material.report.form;
    let report =
        template(material.definitions, form).with_context(|| format!("{}: no analytical report", form.form))?;
    let mut teller = Teller::new(material, report, lang);
    teller.head();
    teller.blocks(&report.lead)?;
    for (nth, part) in report.parts.iter().enumerate() {
        teller.heading(1, &format!("{}.", nth + 1), part.title.get(lang));
        teller.blocks(&part.lead)?;
        for (below, section) in part.sections.iter().enumerate() {
            teller.heading(2, &format!("{}.{}.", nth + 1, below + 1), section.title.get(lang));
            teller.section(section)?;
        }
    }
    let number = report.parts.len();
    teller.attachments(&format!("{}.", number + 1));
    teller.method(&format!("{}.", number + 2));
    teller.signatures();
    let title = format!("{}: {}", report.title.get(lang), form.index.get(lang));
    Ok(Document { lang, title, pieces: teller.pieces })
}

impl Teller<'_> {
    /// Title, whose report it is, the period, and where the Rules ask for it.
    fn head(&mut self) {
        let (report, lang) = (self.material.report, self.lang);
        let about = self.known_words(self.template.about.get(lang));
        self.paragraph(ParagraphKind::Title, vec![Run::plain(self.template.title.get(lang))]);
        self.paragraph(ParagraphKind::Subtitle, about);
        self.paragraph(ParagraphKind::Subtitle, vec![Run::quoted(report.organisation.name().get(lang))]);
        if let Some(unit) = &report.unit {
            let unit = self.phrase("unit_of", &[("unit", vec![Run::quoted(unit.label())])]);
            self.paragraph(ParagraphKind::Subtitle, unit);
        }
        let period = self.printer.period(report.period.quarter);
        self.paragraph(ParagraphKind::Subtitle, vec![Run::reference(period.get(lang))]);
        for mark in &report.standing.marks {
            self.paragraph(ParagraphKind::Subtitle, vec![Run::reference(mark.get(lang))]);
        }
        if let Some(asked) = self.template.asked_by.get(&report.form.form) {
            self.paragraph(ParagraphKind::Subtitle, vec![Run::reference(asked.get(lang))]);
        }
    }

    /// A section: what the data say, what people told, or a question to them.
    fn section(&mut self, section: &Section) -> Result<()> {
        self.blocks(&section.blocks)?;
        self.told_by_units(section);
        let material = self.material;
        if let Some(text) = material.narrative.text(&section.id, self.lang) {
            self.told(text);
        }
        let files = material.narrative.attachments(&section.id);
        if !files.is_empty() {
            let named: Vec<Vec<Run>> = files.iter().map(|named| self.material_name(named.file())).collect();
            let mut listed = Vec::new();
            for (nth, named) in named.into_iter().enumerate() {
                listed.extend((nth > 0).then(|| Run::plain("; ")));
                listed.extend(named);
            }
            let files = self.phrase("section_attachments", &[("files", listed)]);
            self.paragraph(ParagraphKind::Body, files);
        }
        let records = (material.testimony, material.definitions);
        if !is_answered(section, &self.figures, material.narrative, records, material.units) {
            let question = self.phrase("question", &[("question", vec![Run::plain(section.ask.get(self.lang))])]);
            self.paragraph(ParagraphKind::Question, question);
            self.silent_units(section);
        }
        Ok(())
    }

    /// Paragraphs and list items of the narrative.
    pub(crate) fn told(&mut self, text: &str) {
        let mut open = String::new();
        let mut kind = ParagraphKind::Body;
        for line in text.lines().map(str::trim).chain([""]) {
            let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
            if (line.is_empty() || item.is_some()) && !open.is_empty() {
                self.paragraph(kind, vec![Run::quoted(std::mem::take(&mut open))]);
            }
            if line.is_empty() {
                continue;
            }
            if open.is_empty() {
                kind = if item.is_some() { ParagraphKind::Item } else { ParagraphKind::Body };
            } else {
                open.push(' ');
            }
            open.push_str(item.unwrap_or(line));
        }
    }

    /// Blocks in order; sentences that follow each other make one paragraph.
    fn blocks(&mut self, blocks: &[Block]) -> Result<()> {
        let mut paragraph: Vec<Run> = Vec::new();
        for block in blocks {
            if let Block::Say { of, is, beside, beside_is, terms, text } = block {
                let fits = |of: &String, is: &When| Ok::<bool, anyhow::Error>(self.state(of)? == *is);
                if !fits(of, is)? || !beside.as_ref().map_or(Ok(true), |of| fits(of, beside_is))? {
                    continue;
                }
                let said = self.say(text)?;
                let said = self.with_unknown_terms(said, *terms, *is);
                if !said.is_empty() && !paragraph.is_empty() {
                    paragraph.push(Run::plain(" "));
                }
                paragraph.extend(said);
                continue;
            }
            self.paragraph(ParagraphKind::Body, std::mem::take(&mut paragraph));
            self.block(block)?;
        }
        self.paragraph(ParagraphKind::Body, paragraph);
        Ok(())
    }

    fn block(&mut self, block: &Block) -> Result<()> {
        match block {
            Block::Say { .. } => Ok(()),
            Block::Rows { title, rows, parts, share_of, chart } => {
                self.rows(title, rows, *parts, share_of.as_deref(), chart.as_ref());
                Ok(())
            }
            Block::Columns { title, rows, of, columns, rest, chart } => {
                self.columns(title, rows, of, (columns, *rest), chart.as_ref());
                Ok(())
            }
            Block::Lines { title, rows, by, column, more, longest, chart } => {
                self.lines(title, rows, *by, column.as_deref(), (more, *longest), chart.as_ref());
                Ok(())
            }
            Block::Texts { title, head, fields, rows, of, chart } => {
                self.texts(title, head, fields, rows, of.as_deref(), chart.as_ref())
            }
            Block::List { title, none, table, date, fields, heads } => {
                self.list(title, none, (table, date), fields, heads);
                Ok(())
            }
            Block::Units { title, columns, chart } => self.units(title, columns, chart.as_ref()),
            Block::Compare { items } => self.compare(items),
            Block::Apart { title, by, columns, longest } => self.apart(title, *by, columns, *longest),
            Block::Course { title, none, absent, list, columns, longest } => {
                let around = Around { title, none: none.as_ref(), absent: absent.as_ref(), longest: *longest };
                self.course(around, *list, columns);
                Ok(())
            }
        }
    }

    /// Who made it and who signs it.
    fn signatures(&mut self) {
        let (organisation, lang) = (self.material.report.organisation, self.lang);
        let labels = &self.material.report.form.signature;
        let label =
            |id: &str| Form::label(labels, id).map_or("", |label| label.get(lang)).trim_end_matches(':').to_owned();
        let performer = format!("{} {}", organisation.performer, organisation.performer_phone);
        for (id, name) in [("head", organisation.head.as_str()), ("performer", performer.as_str())] {
            let name = if name.trim().is_empty() { BLANK } else { name.trim() };
            let runs = vec![Run::plain(format!("{}: ", label(id))), Run::quoted(format!("{name}   {BLANK}"))];
            self.paragraph(ParagraphKind::Signature, runs);
        }
        let date = Form::label(labels, "date").map_or("", |label| label.get(lang));
        self.paragraph(ParagraphKind::Signature, vec![Run::reference(date)]);
    }

    /// What the program knows by name.
    pub(crate) fn known(&self, name: &str) -> Vec<Run> {
        let report = self.material.report;
        match name {
            "quarter" => vec![Run::reference(roman(report.period.quarter))],
            "year" => vec![Run::reference(report.period.quarter.year.to_string())],
            "form" => vec![Run::reference(report.form.index.get(self.lang))],
            _ => Vec::new(),
        }
    }
}
