//! Native charts of a text document: drawn over an embedded workbook with the numbers.

use crate::analytical::document::{Chart, Series};
use crate::definitions::analytical::Draw;
use crate::definitions::theme::Theme;
use crate::render::docx::text::escape;
use crate::render::sheet::a1;
use std::fmt::Write;

/// English metric units of a point.
const EMU: f64 = 12_700.0;
/// Height of a chart of columns, and of a bar with its name, in points.
const TALL: f64 = 210.0;
const BAR: f64 = 24.0;

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // lengths on paper
fn size(chart: &Chart, theme: &Theme) -> (i64, i64) {
    let width = theme.portrait.width - theme.portrait.left - theme.portrait.right;
    let tall = if chart.draw == Draw::Bars { chart.categories.len() as f64 * BAR + 60.0 } else { TALL };
    ((width * EMU) as i64, (tall.min(500.0) * EMU) as i64)
}

/// Puts a chart into the text, by its number.
pub fn place(xml: &mut String, chart: &Chart, number: usize, theme: &Theme) {
    let (width, height) = size(chart, theme);
    let title = escape(&chart.title);
    let _ = write!(
        xml,
        "<w:p><w:pPr><w:keepLines/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" \
         cy=\"{height}\"/><wp:docPr id=\"{number}\" name=\"Chart {number}\" descr=\"{title}\"/><a:graphic><a:graphicData \
         uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart \
         xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"rChart{number}\"/></a:graphicData></a:graphic>\
         </wp:inline></w:drawing></w:r></w:p>"
    );
}

/// Text properties: size in hundredths of a point.
fn letters(theme: &Theme, size: u32, bold: bool) -> String {
    let font = escape(&theme.font);
    format!(
        "<a:defRPr sz=\"{size}\" b=\"{}\"><a:latin typeface=\"{font}\"/><a:cs typeface=\"{font}\"/></a:defRPr>",
        u8::from(bold)
    )
}

fn properties(theme: &Theme) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{}</a:pPr><a:endParaRPr lang=\"ru-RU\"/></a:p></c:txPr>",
        letters(theme, 850, false)
    )
}

/// The chart's own file.
pub fn xml(chart: &Chart, theme: &Theme) -> String {
    let bars = chart.draw == Draw::Bars;
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<c:chartSpace \
         xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:roundedCorners val=\"0\"/><c:chart>\
         <c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{}</a:pPr><a:r><a:rPr lang=\"ru-RU\" sz=\"1000\" b=\"1\">\
         <a:latin typeface=\"{}\"/></a:rPr><a:t>{}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>\
         <c:autoTitleDeleted val=\"0\"/><c:plotArea><c:layout/><c:barChart><c:barDir val=\"{}\"/><c:grouping val=\"clustered\"/>\
         <c:varyColors val=\"0\"/>",
        letters(theme, 1000, true),
        escape(&theme.font),
        escape(&chart.title),
        if bars { "bar" } else { "col" },
    );
    for (nth, one) in chart.series.iter().enumerate() {
        series(&mut xml, chart, one, nth, theme);
    }
    let turned = if bars { "maxMin" } else { "minMax" };
    let (beside, below) = if bars { ("l", "t") } else { ("b", "l") };
    let _ = write!(
        xml,
        "<c:gapWidth val=\"{}\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart><c:catAx><c:axId val=\"1\"/><c:scaling>\
         <c:orientation val=\"{turned}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{beside}\"/><c:numFmt formatCode=\"General\" \
         sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/>{text}\
         <c:crossAx val=\"2\"/><c:crosses val=\"autoZero\"/></c:catAx><c:valAx><c:axId val=\"2\"/><c:scaling>\
         <c:orientation val=\"minMax\"/><c:min val=\"0\"/></c:scaling><c:delete val=\"1\"/><c:axPos val=\"{below}\"/><c:numFmt \
         formatCode=\"#,##0\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
         <c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"1\"/></c:valAx></c:plotArea>",
        if bars { 45 } else { 70 },
        text = properties(theme),
    );
    if chart.series.len() > 1 {
        let _ = write!(xml, "<c:legend><c:legendPos val=\"b\"/><c:overlay val=\"0\"/>{}</c:legend>", properties(theme));
    }
    xml + "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart><c:externalData r:id=\"rData\"><c:autoUpdate \
           val=\"0\"/></c:externalData></c:chartSpace>"
}

fn series(xml: &mut String, chart: &Chart, series: &Series, nth: usize, theme: &Theme) {
    let color = theme.palette.get(nth % theme.palette.len().max(1)).map_or("0072B2", String::as_str);
    let count = chart.categories.len();
    let (head, first, last) = (a1(0, nth + 1), a1(1, nth + 1), a1(count, nth + 1));
    let _ = write!(
        xml,
        "<c:ser><c:idx val=\"{nth}\"/><c:order val=\"{nth}\"/><c:tx><c:strRef><c:f>Sheet1!{head}</c:f><c:strCache><c:ptCount \
         val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr><a:solidFill><a:srgbClr \
         val=\"{color}\"/></a:solidFill></c:spPr><c:invertIfNegative val=\"0\"/><c:dLbls><c:numFmt formatCode=\"#,##0\" \
         sourceLinked=\"0\"/><c:spPr><a:noFill/></c:spPr>{}<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/>\
         <c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls><c:cat><c:strRef>\
         <c:f>Sheet1!{}:{}</c:f><c:strCache><c:ptCount val=\"{count}\"/>",
        escape(&series.name),
        properties(theme),
        a1(1, 0),
        a1(count, 0),
    );
    for (place, name) in chart.categories.iter().enumerate() {
        let _ = write!(xml, "<c:pt idx=\"{place}\"><c:v>{}</c:v></c:pt>", escape(name));
    }
    let _ = write!(
        xml,
        "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!{first}:{last}</c:f><c:numCache><c:formatCode>#,##0</c:formatCode>\
         <c:ptCount val=\"{count}\"/>"
    );
    for (place, figure) in series.values.iter().enumerate() {
        if let Some(figure) = figure {
            let _ = write!(xml, "<c:pt idx=\"{place}\"><c:v>{}</c:v></c:pt>", figure.number());
        }
    }
    xml.push_str("</c:numCache></c:numRef></c:val></c:ser>");
}
