//! Days of records that cannot be meant (records.md).

use crate::definitions::record::Table;
use crate::values::moment::Moment;
use std::ops::Range;

/// The days of a table.
#[derive(Debug, Clone)]
pub(crate) struct Days {
    fields: Vec<usize>,
    /// Fields of which the second is never before the first.
    order: Vec<(usize, usize)>,
}

/// What is odd about a day.
pub(crate) enum OddDay {
    /// No quarter can mean it.
    Implausible(usize, Moment),
    /// An end, by its field, before its beginning.
    Reversed(usize),
}

impl Days {
    pub(crate) fn new(table: &Table) -> Self {
        let fields = table.fields.iter().enumerate().filter(|(_, field)| field.kind.is_moment());
        let place = |name: &String| table.position(name);
        Self {
            fields: fields.map(|(place, _)| place).collect(),
            order: table.order.iter().filter_map(|[first, second]| place(first).zip(place(second))).collect(),
        }
    }

    /// Tells of each odd day of a row; `day` gives the one of a field, `plausible` the minutes that days may have.
    #[inline]
    pub(crate) fn odd(
        &self,
        plausible: &Range<i64>,
        day: impl Fn(usize) -> Option<Moment>,
        mut tell: impl FnMut(OddDay),
    ) {
        let is_meant = |moment: &Moment| plausible.contains(&moment.minutes);
        for field in &self.fields {
            if let Some(moment) = day(*field).filter(|moment| !is_meant(moment)) {
                tell(OddDay::Implausible(*field, moment));
            }
        }
        for (first, second) in &self.order {
            let both = day(*first).filter(is_meant).zip(day(*second).filter(is_meant));
            if both.is_some_and(|(beginning, end)| beginning.is_after(end)) {
                tell(OddDay::Reversed(*second));
            }
        }
    }
}
