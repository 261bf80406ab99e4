//! Lines of a source that have something in common.

use std::fmt;

/// Lines of rows, as ranges from the first line to the last.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lines(Vec<(u64, u64)>);

impl Lines {
    /// The lines, in ascending order.
    pub fn of(lines: &[u64]) -> Self {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for line in lines {
            match ranges.last_mut() {
                Some((_, last)) if *line <= *last + 1 => *last = *line,
                _ => ranges.push((*line, *line)),
            }
        }
        Self(ranges)
    }

    pub fn contains(&self, line: u64) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= line);
        after.checked_sub(1).is_some_and(|place| line <= self.0[place].1)
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The last of them.
    pub fn last(&self) -> Option<u64> {
        self.0.last().map(|(_, last)| *last)
    }
}

/// `2–40, 45`
impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (first, last)) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}–{last}")?;
            }
        }
        Ok(())
    }
}
