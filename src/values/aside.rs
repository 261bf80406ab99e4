//! What is asked for again and is too much for memory: put aside in files without a name, gone with who holds them.

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

/// Values from one remembered place to the next: with 24 bytes a place, memory stays small for millions of them.
const STEP: usize = 64;

/// Values found by their place, put in in the order of their places.
#[derive(Debug)]
pub struct Shelf {
    /// A line of text a value: its place, a tab, the value as JSON.
    file: Mutex<BufWriter<File>>,
    /// Of every so many values the place, and where it stands in the file.
    places: Vec<((u64, u64), u64)>,
    count: usize,
    end: u64,
}

impl Shelf {
    /// An empty one.
    ///
    /// # Errors
    /// The system has no room for temporary files.
    pub fn new() -> Result<Self> {
        let file = Mutex::new(BufWriter::new(tempfile::tempfile()?));
        Ok(Self { file, places: Vec::new(), count: 0, end: 0 })
    }

    /// Puts in the value of a place behind those that are there.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn put(&mut self, place: (u64, u64), value: &impl Serialize) -> Result<()> {
        if self.count.is_multiple_of(STEP) {
            self.places.push((place, self.end));
        }
        let line = format!("{} {}\t{}\n", place.0, place.1, serde_json::to_string(value)?);
        self.count += 1;
        self.end += line.len() as u64;
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        Ok(file.write_all(line.as_bytes())?)
    }

    /// The values of some places, in order; places that have none give none.
    ///
    /// # Errors
    /// The file cannot be read, or holds other values.
    pub fn at<T: DeserializeOwned>(&self, wanted: &BTreeSet<(u64, u64)>) -> Result<Vec<((u64, u64), T)>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.flush()?;
        let before = |place: &(u64, u64)| self.places.partition_point(|(first, _)| first <= place).checked_sub(1);
        let steps: BTreeSet<usize> = wanted.iter().filter_map(before).collect();
        let (mut found, mut text) = (Vec::new(), String::new());
        for step in steps {
            let mut reader = BufReader::new(file.get_mut());
            reader.seek(SeekFrom::Start(self.places[step].1))?;
            for _ in 0..STEP {
                text.clear();
                reader.read_line(&mut text)?;
                let Some((place, value)) = text.split_once('\t') else { break };
                let (first, second) = place.split_once(' ').unwrap_or_default();
                let place = (first.parse()?, second.parse()?);
                if wanted.contains(&place) {
                    found.push((place, serde_json::from_str(value)?));
                }
            }
        }
        file.seek(SeekFrom::End(0))?;
        Ok(found)
    }
}

/// Rows of so many numbers, read from the first to the last.
#[derive(Debug)]
pub struct Tape<const N: usize> {
    file: Mutex<BufWriter<File>>,
}

impl<const N: usize> Tape<N> {
    /// An empty one.
    ///
    /// # Errors
    /// The system has no room for temporary files.
    pub fn new() -> Result<Self> {
        Ok(Self { file: Mutex::new(BufWriter::new(tempfile::tempfile()?)) })
    }

    /// Writes a row behind those that are there.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn push(&mut self, row: [u64; N]) -> Result<()> {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        Ok(row.iter().try_for_each(|number| file.write_all(&number.to_le_bytes()))?)
    }

    /// Calls `take` for every row.
    ///
    /// # Errors
    /// The file cannot be read, or what `take` says.
    pub fn each(&self, take: &mut dyn FnMut([u64; N]) -> Result<()>) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.rewind()?;
        let mut reader = BufReader::with_capacity(1 << 16, file.get_mut());
        let mut bytes = vec![0; N * size_of::<u64>()];
        loop {
            match reader.read_exact(&mut bytes) {
                Err(fault) if fault.kind() == ErrorKind::UnexpectedEof => break,
                read => read?,
            }
            let (numbers, _) = bytes.as_chunks();
            let mut row = [0; N];
            row.iter_mut().zip(numbers).for_each(|(number, bytes)| *number = u64::from_le_bytes(*bytes));
            take(row)?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Shelf, Tape};
    use anyhow::Result;
    use std::collections::BTreeSet;

    #[test]
    fn values_are_found_by_their_places_in_any_order_of_asking() -> Result<()> {
        let mut shelf = Shelf::new()?;
        let text = |line: u64| format!("№ {line}\t\"а\"\n");
        let places = (0..3).flat_map(|source| (0..200).map(move |line| (source, 2 + 3 * line)));
        for place in places {
            shelf.put(place, &text(place.1))?;
        }
        for wanted in [vec![(2, 599)], vec![(0, 2)], vec![(0, 1), (1, 2), (1, 194), (1, 195), (2, 9000)], vec![]] {
            let there = wanted.iter().filter(|(_, line)| (2..600).contains(line) && line % 3 == 2);
            let there: Vec<((u64, u64), String)> = there.map(|place| (*place, text(place.1))).collect();
            assert_eq!(shelf.at::<String>(&wanted.iter().copied().collect())?, there);
        }
        // what is put in after the asking stands behind the rest
        shelf.put((7, 1), &text(1))?;
        assert_eq!(shelf.at::<String>(&BTreeSet::from([(0, 2), (7, 1)]))?, [((0, 2), text(2)), ((7, 1), text(1))]);
        Ok(())
    }

    #[test]
    fn rows_of_numbers_come_back_as_they_were_written() -> Result<()> {
        let mut tape = Tape::<2>::new()?;
        let mut rows: Vec<[u64; 2]> = (0..10_000).map(|row| [row, u64::MAX - row]).collect();
        rows.iter().try_for_each(|row| tape.push(*row))?;
        let read = |tape: &Tape<2>| {
            let mut read = Vec::new();
            tape.each(&mut |row| {
                read.push(row);
                Ok(())
            })?;
            anyhow::Ok(read)
        };
        assert_eq!(read(&tape)?, rows);
        tape.push([1, 2])?;
        rows.push([1, 2]);
        assert_eq!(read(&tape)?, rows);
        Ok(())
    }
}
