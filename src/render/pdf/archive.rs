//! What a document says of itself, and what an archive asks for: PDF/A-2u (ISO 19005-2, all text in Unicode).

use crate::render::pdf::font::seen;
use crate::render::pdf::icc;
use crate::render::pdf::metadata::Metadata;
use anyhow::Result;
use lopdf::{Dictionary, Document, Object, Stream, StringFormat};

/// A text in UTF-16, as PDF wants texts that are not ASCII.
pub fn text_string(text: &str) -> Object {
    let mark = [0xFE, 0xFF].into_iter();
    let bytes = mark.chain(seen(text).encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// Sets title, author, dates, language and the marks of PDF/A.
///
/// # Errors
/// The file has no catalog.
pub fn describe(file: &mut Document, metadata: &Metadata) -> Result<()> {
    VERSION.clone_into(&mut file.version);
    let date = Object::string_literal(metadata.date.format("D:%Y%m%d000000Z").to_string());
    let mut info = Dictionary::new();
    info.set("Title", text_string(&metadata.title));
    info.set("Author", text_string(&metadata.author));
    info.set("Subject", text_string(&metadata.subject));
    info.set("Creator", text_string(&metadata.producer));
    info.set("Producer", text_string(PRODUCER));
    info.set("CreationDate", date.clone());
    info.set("ModDate", date);
    if let Ok(old) = file.trailer.get(b"Info").and_then(Object::as_reference) {
        file.objects.remove(&old);
    }
    let info = file.add_object(info);
    file.trailer.set("Info", info);
    let mut head = Dictionary::new();
    head.set("Type", "Metadata");
    head.set("Subtype", "XML");
    let xmp = file.add_object(Stream::new(head, xmp(metadata).into_bytes()).with_compression(false));
    let intent = intent(file);
    let mut preferences = Dictionary::new();
    preferences.set("DisplayDocTitle", true);
    let catalog = file.catalog_mut()?;
    catalog.set("OutputIntents", vec![intent.into()]);
    catalog.set("Metadata", xmp);
    catalog.set("Lang", Object::string_literal(metadata.language));
    catalog.set("ViewerPreferences", preferences);
    Ok(())
}

/// Of PDF, as PDF/A-2 asks for.
const VERSION: &str = concat!(1, '.', 7);
const PRODUCER: &str = "printpdf";

/// What the colours of the document mean: an archive asks for it.
fn intent(file: &mut Document) -> Dictionary {
    let mut head = Dictionary::new();
    head.set("N", 3);
    let mut profile = Stream::new(head, icc::srgb());
    // Compression makes it smaller or leaves it as it is.
    let _ = profile.compress();
    let profile = file.add_object(profile);
    let mut intent = Dictionary::new();
    intent.set("Type", "OutputIntent");
    intent.set("S", "GTS_PDFA1");
    intent.set("OutputConditionIdentifier", Object::string_literal("sRGB"));
    intent.set("Info", Object::string_literal("sRGB IEC61966-2.1"));
    intent.set("DestOutputProfile", profile);
    intent
}

fn escape(text: &str) -> String {
    seen(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn xmp(metadata: &Metadata) -> String {
    let date = metadata.date.format("%Y-%m-%dT00:00:00Z");
    let [title, author, subject, creator] =
        [&metadata.title, &metadata.author, &metadata.subject, &metadata.producer].map(|text| escape(text));
    let language = metadata.language;
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">
<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end=\"r\"?>"
    )
}
