//! The part of a face that a document carries: the glyphs of the letters it shows.
//!
//! printpdf does the same with its feature `text_layout`, whose layout engine takes a sixth of a build from nothing and
//! does nothing else here.

use crate::render::pdf::content::resource;
use crate::render::pdf::font::Face;
use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use anyhow::{Context, Result, anyhow};
use printpdf::ParsedFont;
use std::collections::{BTreeMap, BTreeSet};

/// The face with the glyphs of some letters, which keep their order.
///
/// # Errors
/// The font inside the binary is not well-formed.
pub(super) fn embedded(face: Face, letters: &BTreeSet<char>) -> Result<ParsedFont> {
    let whole = ParsedFont::from_bytes(face.bytes()?, 0, &mut Vec::new());
    let whole = whole.with_context(|| format!("{face:?} is no font that can be embedded"))?;
    let glyphs: BTreeMap<u32, u16> = letters
        .iter()
        .filter_map(|letter| Some((u32::from(*letter), whole.lookup_glyph_index(u32::from(*letter))?)))
        .collect();
    // The glyph for what is missing comes first: the library takes the first one for it.
    let kept: BTreeSet<u16> = glyphs.values().copied().chain([0]).collect();
    let kept = Vec::from_iter(kept);
    let place = |glyph: u16| kept.binary_search(&glyph).ok().and_then(|place| u16::try_from(place).ok());
    let tables = ReadScope::new(&whole.original_bytes).read::<FontData>()?.table_provider(0)?;
    let bytes = subset(&tables, &kept, &SubsetProfile::Pdf, CmapTarget::Unicode);
    let bytes = bytes.map_err(|fault| anyhow!("{face:?} cannot be cut: {fault}"))?;
    let widths = (0..).zip(&kept).filter_map(|(place, glyph)| Some((place, whole.get_glyph_width(*glyph)?)));
    Ok(ParsedFont {
        glyph_widths: widths.collect(),
        codepoint_to_glyph: glyphs.into_iter().filter_map(|(code, glyph)| Some((code, place(glyph)?))).collect(),
        font_name: Some(format!("{}+{}", resource(face), face.name()?)),
        original_bytes: bytes,
        ..whole
    })
}
