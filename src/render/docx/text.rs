//! Paragraphs, tables and styles of a text document.

use crate::analytical::document::{ParagraphKind, Run, Side, Table, text};
use crate::definitions::theme::{Align, Look, Theme};
use crate::words::lang::Lang;
use std::fmt::Write;

/// Twentieths of a point.
#[allow(clippy::cast_possible_truncation)] // lengths on paper
pub fn twips(points: f64) -> i64 {
    (points * 20.0).round() as i64
}

/// Text within XML; what XML cannot hold is left out.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {}
            other => safe.push(other),
        }
    }
    safe
}

/// A hyphen after a figure holds: 2-МК, 15-тен.
fn held(text: &str) -> String {
    let mut held = String::with_capacity(text.len());
    let mut figure = false;
    for letter in text.chars() {
        if letter == '-' && figure {
            held.push_str("</w:t><w:noBreakHyphen/><w:t xml:space=\"preserve\">");
        } else {
            held.push(letter);
        }
        figure = letter.is_ascii_digit();
    }
    held
}

fn runs(xml: &mut String, runs: &[Run], bold: bool, lang: Lang) {
    let bold = if bold { "<w:b/>" } else { "" };
    let _ = write!(
        xml,
        "<w:r><w:rPr>{bold}<w:lang w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
        lang.locale(),
        held(&escape(&text(runs)))
    );
}

fn styled(xml: &mut String, style: &str, text: &[Run], lang: Lang) {
    let _ = write!(xml, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
    runs(xml, text, false, lang);
    xml.push_str("</w:p>");
}

pub fn heading(xml: &mut String, level: u8, runs: &[Run], lang: Lang) {
    styled(xml, if level == 1 { "Heading1" } else { "Heading2" }, runs, lang);
}

pub fn paragraph(xml: &mut String, kind: ParagraphKind, runs: &[Run], lang: Lang) {
    let style = match kind {
        ParagraphKind::Title => "Title",
        ParagraphKind::Subtitle => "Subtitle",
        ParagraphKind::Body => "Normal",
        ParagraphKind::Item => "ListItem",
        ParagraphKind::Question => "Question",
        ParagraphKind::Note => "Note",
        ParagraphKind::Signature => "SignatureLine",
    };
    if kind == ParagraphKind::Item {
        let item: Vec<Run> = [Run::plain("–\u{a0}")].into_iter().chain(runs.iter().cloned()).collect();
        return styled(xml, style, &item, lang);
    }
    styled(xml, style, runs, lang);
}

/// A table with its title above; the heads are repeated on every page, no row is torn.
pub fn table(xml: &mut String, table: &Table, theme: &Theme, lang: Lang) {
    styled(xml, "TableTitle", &table.title, lang);
    let width = theme.portrait.width - theme.portrait.left - theme.portrait.right;
    let weights: f64 = table.columns.iter().map(|column| column.weight).sum();
    let widths: Vec<i64> = table.columns.iter().map(|column| twips(width * column.weight / weights)).collect();
    let line = |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"{}\"/>", theme.line);
    let lines: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(line).concat();
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type=\"autofit\"/>\
         <w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
        widths.iter().sum::<i64>()
    );
    for width in &widths {
        let _ = write!(xml, "<w:gridCol w:w=\"{width}\"/>");
    }
    xml.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (column, width) in table.columns.iter().zip(&widths) {
        let fill = theme.prose.head.fill.as_deref().unwrap_or("FFFFFF");
        let _ = write!(
            xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>\
             <w:vAlign w:val=\"center\"/></w:tcPr>"
        );
        styled(xml, "TableHead", &column.head, lang);
        xml.push_str("</w:tc>");
    }
    xml.push_str("</w:tr>");
    for (nth, row) in table.rows.iter().enumerate() {
        xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        // The last row takes the one before it along.
        let keep = if nth + 2 == table.rows.len() || nth == 0 { "<w:keepNext/>" } else { "" };
        // a cell that is alone in its row has the whole table
        let is_alone = row.cells.len() == 1;
        let span = if is_alone { format!("<w:gridSpan w:val=\"{}\"/>", widths.len()) } else { String::new() };
        let whole = [widths.iter().sum()];
        let widths = if is_alone { whole.iter() } else { widths.iter() };
        for (place, ((cell, column), width)) in row.cells.iter().zip(&table.columns).zip(widths).enumerate() {
            let side = if column.side == Side::Right { "right" } else { "left" };
            let indent = if place == 0 { i64::from(row.level) * 180 } else { 0 };
            let _ = write!(
                xml,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}</w:tcPr><w:p><w:pPr><w:pStyle w:val=\"TableText\"/>{keep}\
                 <w:ind w:left=\"{indent}\"/><w:jc w:val=\"{side}\"/></w:pPr>"
            );
            runs(xml, cell, row.total, lang);
            xml.push_str("</w:p></w:tc>");
        }
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl><w:p><w:pPr><w:pStyle w:val=\"TableText\"/></w:pPr></w:p>");
}

/// One style: paragraph properties beyond alignment stand in `more`.
fn style(xml: &mut String, id: &str, name: &str, look: &Look, more: &str) {
    let side = match look.align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    };
    let (bold, italic) = (if look.bold { "<w:b/>" } else { "" }, if look.italic { "<w:i/>" } else { "" });
    let default = if id == "Normal" { " w:default=\"1\"" } else { "" };
    let based = if id == "Normal" { "" } else { "<w:basedOn w:val=\"Normal\"/>" };
    let fill = look.fill.as_ref().filter(|_| !look.border);
    let fill =
        fill.map_or(String::new(), |fill| format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>"));
    let (keep, rest) = more.split_once('|').unwrap_or(("", more));
    let _ = write!(
        xml,
        "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"{default}><w:name w:val=\"{name}\"/>{based}<w:qFormat/><w:pPr>{keep}{fill}{rest}\
         <w:jc w:val=\"{side}\"/>{}</w:pPr><w:rPr>{bold}{italic}<w:sz w:val=\"{}\"/><w:szCs w:val=\"{}\"/></w:rPr></w:style>",
        match id {
            "Heading1" => "<w:outlineLvl w:val=\"0\"/>",
            "Heading2" => "<w:outlineLvl w:val=\"1\"/>",
            _ => "",
        },
        twips(look.size) / 10,
        twips(look.size) / 10,
    );
}

/// The styles of the document, from the looks of the theme.
pub fn styles(theme: &Theme, lang: Lang) -> String {
    let prose = &theme.prose;
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:cs=\"{font}\" w:eastAsia=\"{font}\"/><w:lang w:val=\"{}\"/></w:rPr>\
         </w:rPrDefault></w:docDefaults>",
        lang.locale(),
        font = escape(&theme.font),
    );
    let space = |before: u32, after: u32| format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>");
    let kept = "<w:keepNext/><w:keepLines/>|";
    style(&mut xml, "Normal", "Normal", &prose.body, &space(0, 100));
    style(&mut xml, "Title", "Title", &prose.title, &space(0, 80));
    style(&mut xml, "Subtitle", "Subtitle", &prose.subtitle, &space(0, 60));
    style(&mut xml, "Heading1", "heading 1", &prose.part, &format!("{kept}{}", space(240, 80)));
    style(&mut xml, "Heading2", "heading 2", &prose.section, &format!("{kept}{}", space(160, 80)));
    style(
        &mut xml,
        "ListItem",
        "List Item",
        &prose.body,
        &format!("{}<w:ind w:left=\"320\" w:hanging=\"200\"/>", space(0, 40)),
    );
    style(&mut xml, "Question", "Question", &prose.question, &format!("<w:keepLines/>|{}", space(60, 120)));
    style(&mut xml, "Note", "Note", &prose.note, &space(0, 80));
    style(&mut xml, "SignatureLine", "Signature Line", &prose.body, &format!("{kept}{}", space(320, 0)));
    style(&mut xml, "TableTitle", "Table Title", &prose.caption, &format!("{kept}{}", space(80, 60)));
    style(&mut xml, "TableHead", "Table Head", &prose.head, &format!("<w:keepNext/>|{}", space(20, 20)));
    style(&mut xml, "TableText", "Table Text", &prose.cell, &space(10, 10));
    style(&mut xml, "Footer", "footer", &prose.chart, &space(0, 0));
    xml + "</w:styles>"
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_is_safe_in_xml() {
        assert_eq!(escape("а<б>&\"в\"\u{1}\n"), "а&lt;б&gt;&amp;&quot;в&quot; ");
    }
}
