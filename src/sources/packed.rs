//! Text files as they lie on the disk, or packed by gzip or zstd: the content decides, the reader sees text alone.

use crate::sources::bounds::Bounds;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use zstd::stream::read::Decoder;

const GZIP: &[u8] = b"\x1F\x8B\x08";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";
/// Text that any packed file may come to, whatever its own size.
const FREE: u64 = 64 << 20;

/// Reads the text of a file from its beginning.
pub struct Unpacked {
    source: PackedSource,
    /// Bytes that were looked at and put back.
    back: Vec<u8>,
    /// Bytes of the text so far.
    text: u64,
    expansion: u64,
}

enum PackedSource {
    Plain(File),
    Gzip(Box<MultiGzDecoder<BufReader<File>>>),
    Zstd(Box<Decoder<'static, BufReader<File>>>),
}

/// Why the records of a packed file end where they should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Torn or damaged, behind so many bytes of text.
    Broken { text: u64, reason: String },
    /// A Parquet file that cannot be read, or not as it is written.
    Parquet { reason: String },
    /// More text than a file of its size may come to.
    Expands { text: u64, bound: u64 },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken { text, reason } => write!(f, "packed text is damaged behind {text} bytes: {reason}"),
            Self::Parquet { reason } => write!(f, "the Parquet file is damaged: {reason}"),
            Self::Expands { text, bound } => write!(f, "packed text has {text} bytes, the bound is {bound}"),
        }
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// The fault of a packed file behind an error of reading, if it is one.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref())
    }

    /// The same, however deep it lies.
    pub fn within(error: &anyhow::Error) -> bool {
        error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| Self::of(error).is_some()))
    }
}

impl std::fmt::Debug for Unpacked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacked").field("packed", &self.is_packed()).field("text", &self.text).finish_non_exhaustive()
    }
}

impl Unpacked {
    pub fn open(path: &Path, bounds: &Bounds) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut start = Vec::new();
        file.by_ref().take(ZSTD.len() as u64).read_to_end(&mut start)?;
        file.seek(SeekFrom::Start(0))?;
        let source = if start.starts_with(GZIP) {
            PackedSource::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, file))))
        } else if start == ZSTD {
            PackedSource::Zstd(Box::new(Decoder::new(file)?))
        } else {
            PackedSource::Plain(file)
        };
        Ok(Self { source, back: Vec::new(), text: 0, expansion: bounds.expansion })
    }

    pub fn is_packed(&self) -> bool {
        !matches!(self.source, PackedSource::Plain(_))
    }

    /// Passes over `mark` if the text begins with it; bytes passed over.
    pub fn skip_mark(&mut self, mark: &[u8]) -> io::Result<u64> {
        let mut start = Vec::new();
        self.by_ref().take(mark.len() as u64).read_to_end(&mut start)?;
        if start == mark {
            return Ok(mark.len() as u64);
        }
        self.back = start;
        Ok(0)
    }

    /// Appends text until there are so many more bytes; fewer at the end.
    pub fn append(&mut self, held: &mut Vec<u8>, bytes: usize) -> io::Result<usize> {
        match &mut self.source {
            // straight into the space, without a copy
            PackedSource::Plain(file) if self.back.is_empty() => file.take(bytes as u64).read_to_end(held),
            _ => self.take(bytes as u64).read_to_end(held),
        }
    }

    /// Goes to a place in the text; in packed text only forwards, from `here`.
    pub fn go_to(&mut self, here: u64, place: u64) -> io::Result<()> {
        if let PackedSource::Plain(file) = &mut self.source {
            self.back.clear();
            return file.seek(SeekFrom::Start(place)).map(|_| ());
        }
        io::copy(&mut self.take(place.saturating_sub(here)), &mut io::sink()).map(|_| ())
    }

    /// How much of the file is read.
    pub fn file_position(&self) -> u64 {
        let mut file = match &self.source {
            PackedSource::Plain(file) => file,
            PackedSource::Gzip(decoder) => decoder.get_ref().get_ref(),
            PackedSource::Zstd(decoder) => decoder.get_ref().get_ref(),
        };
        file.stream_position().unwrap_or(0)
    }

    /// A decoder's answer, judged: what is damaged, torn or beyond the bound ends the text with a fault.
    fn judge(&mut self, read: io::Result<usize>) -> io::Result<usize> {
        let fault = match read {
            Ok(bytes) => {
                self.text += bytes as u64;
                let bound = self.file_position().saturating_mul(self.expansion).saturating_add(FREE);
                if self.text <= bound {
                    return Ok(bytes);
                }
                Fault::Expands { text: self.text, bound }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => Fault::Broken { text: self.text, reason: error.to_string() },
        };
        Err(io::Error::new(io::ErrorKind::InvalidData, fault))
    }
}

impl Read for Unpacked {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if !self.back.is_empty() {
            let count = self.back.len().min(space.len());
            space[..count].copy_from_slice(&self.back[..count]);
            self.back.drain(..count);
            return Ok(count);
        }
        let read = match &mut self.source {
            PackedSource::Plain(file) => return file.read(space),
            PackedSource::Gzip(decoder) => decoder.read(space),
            PackedSource::Zstd(decoder) => decoder.read(space),
        };
        self.judge(read)
    }
}
