//! Where which id stood: fingerprints in temporary files, so that repeats among any number of records are found.

use crate::values::abreast::abreast;
use crate::words::failure::{Halt, OrHalt};
use anyhow::Result;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Parts by the first bits of a fingerprint; one part at a time is sorted in memory.
const PARTS: usize = 64;
/// Bytes of an entry: fingerprint and place.
const ENTRY: usize = 16;
/// Bytes that a thread gathers for a part before it hands them on.
const GATHERED: usize = 1 << 14;
/// Bytes of a part that stay in memory; small inputs need no files.
const KEPT: usize = 1 << 17;

/// All fingerprints of a run.
#[derive(Debug)]
pub struct Ids {
    folder: PathBuf,
    parts: Vec<Mutex<IdPart>>,
}

#[derive(Debug, Default)]
struct IdPart {
    kept: Vec<u8>,
    file: Option<File>,
}

/// What one thread adds.
#[derive(Debug)]
pub struct Gatherer<'i> {
    ids: &'i Ids,
    parts: Vec<Vec<u8>>,
}

impl Ids {
    /// Files, if there must be any, go into `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), parts: (0..PARTS).map(|_| Mutex::default()).collect() }
    }

    /// Space for one thread.
    pub fn gatherer(&self) -> Gatherer<'_> {
        Gatherer { ids: self, parts: vec![Vec::new(); PARTS] }
    }

    fn add(&self, part: usize, bytes: &mut Vec<u8>) -> Result<()> {
        let mut held = self.parts[part].lock().unwrap_or_else(PoisonError::into_inner);
        held.kept.append(bytes);
        if held.kept.len() < KEPT {
            return Ok(());
        }
        let IdPart { kept, file } = &mut *held;
        if file.is_none() {
            let path = self.folder.join(format!("ids-{part}"));
            let options = File::options().read(true).write(true).create(true).truncate(true).open(&path);
            *file = Some(options.or_halt(|| Halt::new("fault_temporary"))?);
        }
        if let Some(file) = file {
            file.write_all(kept).or_halt(|| Halt::new("fault_temporary"))?;
        }
        kept.clear();
        Ok(())
    }

    /// Places whose fingerprint is not the only one of its kind.
    ///
    /// # Errors
    /// A temporary file cannot be read.
    pub fn repeated(&self, threads: usize) -> Result<Vec<u64>> {
        let repeated = |part: usize| self.parts[part].lock().unwrap_or_else(PoisonError::into_inner).repeated();
        let mut places = abreast(PARTS, threads, repeated).into_iter().collect::<Result<Vec<_>>>()?.concat();
        places.sort_unstable();
        Ok(places)
    }
}

impl IdPart {
    fn repeated(&mut self) -> Result<Vec<u64>> {
        let mut bytes = std::mem::take(&mut self.kept);
        if let Some(mut file) = self.file.take() {
            file.rewind()?;
            file.read_to_end(&mut bytes).or_halt(|| Halt::new("fault_temporary"))?;
        }
        let number = |bytes: &[u8]| u64::from_le_bytes(std::array::from_fn(|byte| bytes[byte]));
        let entries = bytes.chunks_exact(ENTRY).map(|entry| (number(entry), number(&entry[8..])));
        let mut met = Marked::new(entries.len());
        let mut met_again = Marked::new(entries.len());
        for (fingerprint, _) in entries.clone() {
            if !met.mark(fingerprint) {
                met_again.mark(fingerprint);
            }
        }
        // few are left to be compared: repeats, and what shares a mark with another
        let mut entries: Vec<(u64, u64)> = entries.filter(|(fingerprint, _)| met_again.has(*fingerprint)).collect();
        drop(bytes);
        entries.sort_unstable();
        let repeats = entries.chunk_by(|one, next| one.0 == next.0).filter(|same| same.len() > 1);
        Ok(repeats.flatten().map(|(_, place)| *place).collect())
    }
}

/// Marks of fingerprints of one part, a bit each, which a few others share.
#[derive(Debug)]
struct Marked {
    bits: Vec<u64>,
}

impl Marked {
    /// Bits for each fingerprint.
    const BITS: usize = 16;

    fn new(fingerprints: usize) -> Self {
        Self { bits: vec![0; (fingerprints * Self::BITS / 64).next_power_of_two()] }
    }

    #[allow(clippy::cast_possible_truncation)] // the last bits are taken
    fn place(&self, fingerprint: u64) -> (usize, u64) {
        ((fingerprint >> 6) as usize & (self.bits.len() - 1), 1 << (fingerprint & 63))
    }

    /// Whether it was not marked yet.
    fn mark(&mut self, fingerprint: u64) -> bool {
        let (place, bit) = self.place(fingerprint);
        let is_new = self.bits[place] & bit == 0;
        self.bits[place] |= bit;
        is_new
    }

    fn has(&self, fingerprint: u64) -> bool {
        let (place, bit) = self.place(fingerprint);
        self.bits[place] & bit != 0
    }
}

impl Gatherer<'_> {
    /// Notes where a fingerprint stands.
    pub fn push(&mut self, fingerprint: u64, place: u64) -> Result<()> {
        let part = (fingerprint >> 58) as usize;
        let bytes = &mut self.parts[part];
        bytes.extend_from_slice(&fingerprint.to_le_bytes());
        bytes.extend_from_slice(&place.to_le_bytes());
        if bytes.len() >= GATHERED { self.ids.add(part, bytes) } else { Ok(()) }
    }

    /// Hands on what is left.
    pub fn finish(mut self) -> Result<()> {
        let mut parts = std::mem::take(&mut self.parts);
        parts.iter_mut().enumerate().try_for_each(|(part, bytes)| self.ids.add(part, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_found_in_memory_and_in_files() -> Result<()> {
        for count in [10_u64, 800_000] {
            let folder = tempfile::tempdir()?;
            let ids = Ids::new(folder.path());
            let mut gatherer = ids.gatherer();
            for place in 0..count {
                gatherer.push((place % (count - 3)).wrapping_mul(0x9E37_79B9_7F4A_7C15), place)?;
            }
            gatherer.finish()?;
            assert_eq!(std::fs::read_dir(folder.path())?.count() > 0, count > 10);
            assert_eq!(ids.repeated(2)?, [0, 1, 2, count - 3, count - 2, count - 1]);
        }
        Ok(())
    }
}
