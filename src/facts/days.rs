//! Days of records that cannot be meant: told of every record, whatever it feeds (records.md).

use crate::facts::deriver::Deriver;
use crate::records::Record;
use crate::values::moment::{Moment, print_moment};
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;

impl Deriver<'_> {
    /// Days that no quarter can mean, and an end before its beginning: an error where the record then feeds nothing.
    pub(crate) fn judge_days(&self, record: &Record<'_, '_>, counts: bool, findings: &mut Gathered) {
        let table = &self.definitions.tables[record.found.table];
        let is_meant = |moment: &Moment| self.plausible.contains(&moment.minutes);
        for (field, value) in table.fields.iter().zip(record.values) {
            let Some(moment) = value.moment().filter(|moment| !is_meant(moment)) else { continue };
            let name = if counts { "date_doubtful" } else { "date_impossible" };
            findings.push(Finding::new(name, record.place(&field.name)).with("value", print_moment(moment)));
        }
        let moment = |name: &String| {
            let value = record.values.get(table.position(name)?)?;
            value.moment().filter(is_meant)
        };
        for [first, second] in &table.order {
            let (Some(beginning), Some(end)) = (moment(first), moment(second)) else { continue };
            if beginning.is_after(end) {
                let name = if counts { "result_before_receipt" } else { "end_before_beginning" };
                findings.push(Finding::new(name, record.place(second)));
            }
        }
    }
}
