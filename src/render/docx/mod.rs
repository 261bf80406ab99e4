//! `analytical.docx`: the analytical report to edit, with native tables and charts.

pub mod text;
pub mod chart;

use crate::analytical::document::{Document, Piece};
use crate::analytical::foot;
use crate::definitions::printed::Printer;
use crate::definitions::theme::Theme;
use crate::render::docx::text::escape;
use crate::render::packed::of_any_system;
use crate::render::xlsx::charts;
use crate::report::Report;
use crate::report::fingerprint::fingerprint;
use crate::words::lang::Lang;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Files of the archive, in order.
type Parts = Vec<(String, Vec<u8>)>;

/// Writes the documents one after another, each from a new page. The same documents give the same bytes.
///
/// # Errors
/// The target cannot be written.
pub fn write(report: &Report<'_>, documents: &[Document], mut target: impl Write) -> Result<()> {
    let theme = &report.definitions.theme;
    let lang = documents.first().map_or(Lang::Ru, |document| document.lang);
    let (body, charts) = body(documents, theme);
    let mut parts: Parts = vec![
        ("_rels/.rels".to_owned(), package_links().into_bytes()),
        ("docProps/core.xml".to_owned(), core(report, documents, lang).into_bytes()),
        ("word/document.xml".to_owned(), body.into_bytes()),
        ("word/styles.xml".to_owned(), text::styles(theme, lang).into_bytes()),
        ("word/settings.xml".to_owned(), settings().into_bytes()),
        ("word/footer1.xml".to_owned(), footer(report, theme, lang)?.into_bytes()),
        ("word/_rels/document.xml.rels".to_owned(), document_links(charts.len()).into_bytes()),
    ];
    for (nth, chart) in charts.iter().enumerate() {
        let number = nth + 1;
        parts.push((format!("word/charts/chart{number}.xml"), chart::xml(chart, theme).into_bytes()));
        parts.push((format!("word/charts/_rels/chart{number}.xml.rels"), chart_links(number).into_bytes()));
        parts.push((format!("word/embeddings/chart{number}.xlsx"), charts::data(chart)?));
    }
    parts.insert(0, ("[Content_Types].xml".to_owned(), types(charts.len()).into_bytes()));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    for (name, bytes) in parts {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    target.write_all(&of_any_system(archive.finish()?.into_inner())).context("writing the document")
}

/// The text with its charts, in order.
fn body<'d>(documents: &'d [Document], theme: &Theme) -> (String, Vec<&'d crate::analytical::document::Chart>) {
    let mut charts = Vec::new();
    let mut xml = String::from(HEAD);
    let _ = write!(
        xml,
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"{OFFICE}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><w:body>"
    );
    for (nth, document) in documents.iter().enumerate() {
        if nth > 0 {
            xml.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        }
        for piece in &document.pieces {
            match piece {
                Piece::Heading { level, runs } => text::heading(&mut xml, *level, runs, document.lang),
                Piece::Paragraph { kind, runs } => text::paragraph(&mut xml, *kind, runs, document.lang),
                Piece::Table(table) => text::table(&mut xml, table, theme, document.lang),
                Piece::Chart(chart) => {
                    charts.push(chart);
                    chart::place(&mut xml, chart, charts.len(), theme);
                }
            }
        }
    }
    let paper = theme.portrait;
    let twips = text::twips;
    let _ = write!(
        xml,
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rFooter\"/><w:pgSz w:w=\"{}\" w:h=\"{}\"/>\
         <w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"400\" w:footer=\"{}\" w:gutter=\"0\"/>\
         </w:sectPr></w:body></w:document>",
        twips(paper.width),
        twips(paper.height),
        twips(paper.top),
        twips(paper.right),
        twips(paper.bottom),
        twips(paper.left),
        twips(paper.footer - 8.0),
    );
    (xml, charts)
}

fn types(charts: usize) -> String {
    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut xml = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Default Extension=\"xlsx\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/>"
    );
    let mut part = |name: &str, kind: &str| {
        let _ = write!(xml, "<Override PartName=\"{name}\" ContentType=\"{kind}\"/>");
    };
    part("/word/document.xml", &format!("{WORD}.document.main+xml"));
    part("/word/styles.xml", &format!("{WORD}.styles+xml"));
    part("/word/settings.xml", &format!("{WORD}.settings+xml"));
    part("/word/footer1.xml", &format!("{WORD}.footer+xml"));
    part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    for number in 1..=charts {
        part(
            &format!("/word/charts/chart{number}.xml"),
            "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        );
    }
    xml + "</Types>"
}

/// A list of links: id, kind, target.
fn links(all: &[(String, String, String)]) -> String {
    let mut xml = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (id, kind, target) in all {
        let _ = write!(xml, "<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>");
    }
    xml + "</Relationships>"
}

fn package_links() -> String {
    links(&[
        ("rDocument".to_owned(), format!("{OFFICE}/officeDocument"), "word/document.xml".to_owned()),
        (
            "rCore".to_owned(),
            format!("{PACKAGE}/relationships/metadata/core-properties"),
            "docProps/core.xml".to_owned(),
        ),
    ])
}

fn document_links(charts: usize) -> String {
    let link = |id: &str, kind: &str, target: String| (id.to_owned(), format!("{OFFICE}/{kind}"), target);
    let mut all = vec![
        link("rStyles", "styles", "styles.xml".to_owned()),
        link("rSettings", "settings", "settings.xml".to_owned()),
        link("rFooter", "footer", "footer1.xml".to_owned()),
    ];
    all.extend((1..=charts).map(|nth| link(&format!("rChart{nth}"), "chart", format!("charts/chart{nth}.xml"))));
    links(&all)
}

fn chart_links(number: usize) -> String {
    links(&[("rData".to_owned(), format!("{OFFICE}/package"), format!("../embeddings/chart{number}.xlsx"))])
}

fn settings() -> String {
    format!(
        "{HEAD}<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"708\"/><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

/// Title, author, language and the as-of date: the clock is never asked.
fn core(report: &Report<'_>, documents: &[Document], lang: Lang) -> String {
    let title = documents.first().map_or("", |document| document.title.as_str());
    let period = Printer::new(&[lang], &report.definitions.printed).period(report.period.quarter);
    let day = report.period.as_of;
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dc:language>{}</dc:language><dcterms:created xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:modified></cp:coreProperties>",
        escape(&format!("{title}, {}", period.get(lang))),
        escape(report.organisation.name().get(lang)),
        lang.code(),
    )
}

/// Form, period and fingerprint at the left, the page at the right.
fn footer(report: &Report<'_>, theme: &Theme, lang: Lang) -> Result<String> {
    let printer = Printer::new(&[lang], &report.definitions.printed);
    let left = foot(report, &printer, lang, Some(&fingerprint(report)?));
    let field = |name: &str| {
        format!(
            "</w:t></w:r><w:fldSimple w:instr=\"{name}\"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space=\"preserve\">"
        )
    };
    let page =
        escape(printer.words.page.get(lang)).replace("{page}", &field("PAGE")).replace("{pages}", &field("NUMPAGES"));
    let right = text::twips(theme.portrait.width - theme.portrait.left - theme.portrait.right);
    Ok(format!(
        "{HEAD}<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:pPr>\
         <w:pStyle w:val=\"Footer\"/><w:tabs><w:tab w:val=\"right\" w:pos=\"{right}\"/></w:tabs></w:pPr><w:r>\
         <w:t xml:space=\"preserve\">{}</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t xml:space=\"preserve\">{page}</w:t></w:r></w:p></w:ftr>",
        escape(&left)
    ))
}
