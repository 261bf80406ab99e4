//! The tags of XML, one after another, for what the readers of values do not tell.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::BufRead;

/// An attribute by its name without a prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// A tag that opens, a text, or the name of what ends.
pub(crate) enum XmlPiece<'p> {
    Tag(&'p BytesStart<'p>),
    Text(&'p str),
    End(&'p str),
}

/// Every tag that opens; stops at damage, which the reader of values tells.
pub(crate) fn tags(xml: impl BufRead, mut visit: impl FnMut(&BytesStart<'_>) -> bool) {
    pieces(xml, |piece| if let XmlPiece::Tag(tag) = piece { visit(tag) } else { true });
}

/// As `tags`, with texts and ends; what is empty ends where it opens.
pub(crate) fn pieces(xml: impl BufRead, mut visit: impl FnMut(&XmlPiece<'_>) -> bool) {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let goes_on = match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => visit(&XmlPiece::Tag(&tag)),
            Ok(Event::Empty(tag)) => visit(&XmlPiece::Tag(&tag)) && visit(&XmlPiece::End(tag.name().as_ref())),
            Ok(Event::End(tag)) => visit(&XmlPiece::End(tag.name().as_ref())),
            Ok(Event::Text(text)) => visit(&XmlPiece::Text(&text)),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(sign)) => visit(&XmlPiece::Text(sign.encode_utf8(&mut [0; 4]))),
                _ => resolve_xml_entity(&name).is_none_or(|text| visit(&XmlPiece::Text(text))),
            },
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => true,
        };
        if !goes_on {
            return;
        }
    }
}
