//! Rows that repeat others one after another are told as one: an export that was handed over twice repeats millions.

use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;

/// So many repeats in a row are told as one.
const TOLD_AS_ONE: u64 = 100;
/// Lines from one repeat to the next: a few rows of another kind may stand between.
const STEP: u64 = 10;

/// Repeats as they are met, in the order of their sources.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    open: Option<Run>,
}

/// Rows of one source that repeat rows of one source, at the same distance.
#[derive(Debug)]
struct Run {
    /// Sources of the repeats and of what they repeat.
    sources: (usize, u32),
    /// First and last line.
    lines: [u64; 2],
    repeated: [u64; 2],
    count: u64,
    /// A finding each, as long as they are few.
    singles: Vec<Finding>,
}

impl Runs {
    /// A row of a source that repeats a row of a source.
    pub fn add(&mut self, (source, line): (usize, u64), first: (u32, u64), finding: Finding, told: &mut Gathered) {
        let follows = |run: &Run| {
            let (step, first_step) = (line.checked_sub(run.lines[1]), first.1.checked_sub(run.repeated[1]));
            run.sources == (source, first.0)
                && step == first_step
                && step.is_some_and(|step| (1..=STEP).contains(&step))
        };
        if !self.open.as_ref().is_some_and(follows) {
            self.close(told);
        }
        let run = self.open.get_or_insert_with(|| Run {
            sources: (source, first.0),
            lines: [line; 2],
            repeated: [first.1; 2],
            count: 0,
            singles: Vec::new(),
        });
        (run.lines[1], run.repeated[1]) = (line, first.1);
        run.count += 1;
        if run.count < TOLD_AS_ONE {
            run.singles.push(finding);
        }
    }

    /// Tells what was met.
    pub fn close(&mut self, told: &mut Gathered) {
        let Some(mut run) = self.open.take() else { return };
        if run.count < TOLD_AS_ONE {
            told.extend(run.singles);
            return;
        }
        let single = run.singles.swap_remove(0);
        let place = Place { value: None, cell: None, ..single.place };
        let mut finding = Finding::new("duplicates_in_a_row", Place { line: Some(run.lines[0]), ..place });
        finding.slots = single.slots;
        let finding = finding.with("count", run.count).with("first_line", run.lines[0]).with("last_line", run.lines[1]);
        told.push(finding.with("last_first", run.repeated[1]));
    }
}
