//! Days of records that cannot be meant: told of every record, whatever it feeds (records.md).

use crate::facts::deriver::Deriver;
use crate::facts::odd_days::OddDay;
use crate::records::Record;
use crate::records::typed::Typed;
use crate::values::moment::{Moment, print_moment};
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;

impl Deriver<'_> {
    /// Whether something is to be told of the days of a row; `day` gives the one of a field.
    #[inline]
    pub(crate) fn has_odd_days(&self, table: usize, day: impl Fn(usize) -> Option<Moment>) -> bool {
        let mut is_odd = false;
        self.days[table].odd(&self.plausible, day, |_| is_odd = true);
        is_odd
    }

    /// Days that no quarter can mean, and an end before its beginning: an error where the record then feeds nothing.
    pub(crate) fn judge_days(&self, record: &Record<'_, '_>, counts: bool, findings: &mut Gathered) {
        let place = |field: usize| record.place(&self.definitions.tables[record.found.table].fields[field].name);
        let day = |field: usize| record.values.get(field).and_then(Typed::moment);
        self.days[record.found.table].odd(&self.plausible, day, |odd| match odd {
            OddDay::Implausible(field, moment) => {
                let name = if counts { "date_doubtful" } else { "date_impossible" };
                findings.push(Finding::new(name, place(field)).with("value", print_moment(moment)));
            }
            OddDay::Reversed(second) => {
                let name = if counts { "result_before_receipt" } else { "end_before_beginning" };
                findings.push(Finding::new(name, place(second)));
            }
        });
    }
}
