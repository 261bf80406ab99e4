//! The pages of one column, unpacked within bounds: what a page says of its size is not believed.

use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page as Stored, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// Bytes of a page, unpacked.
const PAGE_BYTES: usize = 1 << 28;
/// Values of a page.
const PAGE_VALUES: usize = 1 << 24;
/// Bytes that one packed byte may come to: no codec but a bomb's comes near.
const EXPANSION: usize = 1 << 10;
/// Bytes that any page may come to, however well it is packed.
const FREE: usize = 1 << 20;

pub(crate) const CUT: &str = "a page is cut short";

pub(crate) type Fallible<T> = Result<T, String>;

pub(crate) fn told(fault: impl std::fmt::Display) -> String {
    fault.to_string()
}

/// A page of values or of what they may be.
pub(crate) enum Page {
    Dictionary { values: Vec<u8>, count: usize },
    Data { levels: Vec<u8>, values: Vec<u8>, count: usize, encoding: Encoding },
}

/// Pages in their order.
pub(crate) struct Pages {
    stored: SerializedPageReader<File>,
    codec: Compression,
    nullable: bool,
}

impl Pages {
    pub fn open(file: &Arc<File>, chunk: &ColumnChunkMetaData, rows: usize) -> Fallible<Self> {
        let codec = chunk.compression();
        if !matches!(
            codec,
            Compression::UNCOMPRESSED
                | Compression::SNAPPY
                | Compression::GZIP(_)
                | Compression::ZSTD(_)
                | Compression::LZ4
                | Compression::LZ4_RAW
        ) {
            return Err(format!("packed by {codec}"));
        }
        let nullable = chunk.column_descr().max_def_level() > 0;
        // the library unpacks without a bound, so it hands over the pages as they are stored
        let stored = chunk.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build().map_err(told)?;
        let stored = SerializedPageReader::new(Arc::clone(file), &stored, rows, None).map_err(told)?;
        Ok(Self { stored, codec, nullable })
    }

    /// The next page; `None` at the end.
    pub fn turn(&mut self) -> Fallible<Option<Page>> {
        let Some(page) = self.stored.get_next_page().map_err(told)? else { return Ok(None) };
        let count = usize::try_from(page.num_values()).map_err(told)?;
        if count > PAGE_VALUES {
            return Err(format!("{count} values on a page, the bound is {PAGE_VALUES}"));
        }
        Ok(Some(match page {
            Stored::DictionaryPage { buf, .. } => Page::Dictionary { values: self.unpack(&buf)?, count },
            Stored::DataPage { buf, encoding, def_level_encoding, .. } => {
                let mut values = self.unpack(&buf)?;
                let mut levels = Vec::new();
                if self.nullable {
                    if def_level_encoding != Encoding::RLE {
                        return Err(format!("levels by {def_level_encoding}"));
                    }
                    let length = values.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
                    let end = length.and_then(|length| usize::try_from(length).ok()?.checked_add(4));
                    let end = end.filter(|end| *end <= values.len()).ok_or(CUT)?;
                    levels = values[4..end].to_vec();
                    values.drain(..end);
                }
                Page::Data { levels, values, count, encoding }
            }
            Stored::DataPageV2 { buf, encoding, def_levels_byte_len, rep_levels_byte_len, is_compressed, .. } => {
                let start = usize::try_from(rep_levels_byte_len).map_err(told)?;
                let end = usize::try_from(def_levels_byte_len).ok().and_then(|length| start.checked_add(length));
                let (levels, values) = end.and_then(|end| buf.split_at_checked(end)).ok_or(CUT)?;
                let unpacked = if is_compressed && !values.is_empty() { self.unpack(values)? } else { values.to_vec() };
                Page::Data { levels: levels[start..].to_vec(), values: unpacked, count, encoding }
            }
        }))
    }

    fn unpack(&self, packed: &[u8]) -> Fallible<Vec<u8>> {
        let bound = packed.len().saturating_mul(EXPANSION).saturating_add(FREE).min(PAGE_BYTES);
        let too_large = || format!("a page of {} bytes comes to more than {bound}", packed.len());
        let streamed = |stream: &mut dyn Read| -> io::Result<Vec<u8>> {
            let mut text = Vec::new();
            stream.take(bound as u64 + 1).read_to_end(&mut text)?;
            Ok(text)
        };
        let text = match self.codec {
            Compression::SNAPPY => {
                let length = snap::raw::decompress_len(packed).map_err(told)?;
                if length > bound {
                    return Err(too_large());
                }
                snap::raw::Decoder::new().decompress_vec(packed).map_err(told)?
            }
            Compression::GZIP(_) => streamed(&mut flate2::bufread::MultiGzDecoder::new(packed)).map_err(told)?,
            Compression::ZSTD(_) => {
                let mut stream = zstd::stream::read::Decoder::with_buffer(packed).map_err(told)?;
                streamed(&mut stream).map_err(told)?
            }
            Compression::LZ4_RAW => unpack_lz4(packed, bound)?,
            Compression::LZ4 => unpack_framed_lz4(packed, bound)?,
            _ => packed.to_vec(),
        };
        if text.len() > bound { Err(too_large()) } else { Ok(text) }
    }
}

/// The block does not say how long its text is: the space grows until it fits.
fn unpack_lz4(packed: &[u8], bound: usize) -> Fallible<Vec<u8>> {
    let mut space = packed.len().saturating_mul(4).saturating_add(1 << 12).min(bound);
    loop {
        let mut text = vec![0; space];
        match lz4_flex::block::decompress_into(packed, &mut text) {
            Ok(length) => {
                text.truncate(length);
                return Ok(text);
            }
            Err(lz4_flex::block::DecompressError::OutputTooSmall { .. }) if space < bound => {
                space = space.saturating_mul(4).min(bound);
            }
            Err(fault) => return Err(told(fault)),
        }
    }
}

/// The old way of Hadoop, Spark's `lz4`: the length of a text, then its blocks, each behind its own length, until the
/// text is whole; and so on. Lengths begin with their highest byte.
fn unpack_framed_lz4(mut packed: &[u8], bound: usize) -> Fallible<Vec<u8>> {
    let broken = || "a text packed by LZ4 breaks off".to_owned();
    let number = |packed: &mut &[u8]| {
        let (bytes, rest) = packed.split_first_chunk::<4>()?;
        *packed = rest;
        usize::try_from(u32::from_be_bytes(*bytes)).ok()
    };
    let mut text = Vec::new();
    while !packed.is_empty() {
        let length = number(&mut packed).ok_or_else(broken)?;
        let mut place = text.len();
        let end = place.saturating_add(length);
        if end > bound {
            return Err(format!("a page comes to more than {bound}"));
        }
        text.resize(end, 0);
        while place < end {
            let size = number(&mut packed).ok_or_else(broken)?;
            let (block, rest) = packed.split_at_checked(size).ok_or_else(broken)?;
            let written = lz4_flex::block::decompress_into(block, &mut text[place..]).map_err(told)?;
            if written == 0 {
                return Err(broken());
            }
            (place, packed) = (place + written, rest);
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::unpack_framed_lz4;

    /// As Hadoop writes them.
    fn framed(texts: &[&[&str]]) -> Vec<u8> {
        let number = |length: usize| u32::try_from(length).unwrap().to_be_bytes();
        let mut packed = Vec::new();
        for blocks in texts {
            packed.extend(number(blocks.iter().map(|block| block.len()).sum()));
            for block in *blocks {
                let block = lz4_flex::block::compress(block.as_bytes());
                packed.extend(number(block.len()).into_iter().chain(block));
            }
        }
        packed
    }

    #[test]
    fn texts_packed_as_hadoop_does_are_unpacked_and_broken_ones_told() {
        let long = "справка ".repeat(100);
        let packed = framed(&[&["один", &long], &["два"]]);
        let text = unpack_framed_lz4(&packed, 10_000).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), format!("один{long}два"));
        assert!(unpack_framed_lz4(&packed, 100).is_err(), "no page grows beyond its bound");
        assert!((1..packed.len()).filter(|cut| unpack_framed_lz4(&packed[..*cut], 10_000).is_ok()).count() <= 1);
    }
}
