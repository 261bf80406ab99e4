//! What a sheet is where it cannot be read as records: months side by side, months counted.

use crate::commands::init::layout::Layout;
use crate::commands::out::speech::Speech;
use crate::sources::raw::{Format, column_letters};
use crate::values::personal::veiled;

/// What to do with the sheets of such a layout; empty: nothing.
pub fn told(layout: &Layout, speech: Speech<'_>) -> Vec<String> {
    let is_sheet = layout.sources.iter().any(|source| source.format == Format::Workbook);
    let letters = |column: usize| if is_sheet { column_letters(column) } else { (column + 1).to_string() };
    let title = |first: usize| match layout.columns[first].above.trim() {
        "" => String::new(),
        above => format!(" («{}»)", veiled(above)),
    };
    let tables = layout.beside();
    let tables: Vec<String> =
        tables.iter().map(|(first, last)| format!("{}–{}{}", letters(*first), letters(*last), title(*first))).collect();
    let beside = || speech.fill("init_beside", &[("columns", &tables.join(", "))]);
    let months: Vec<String> = layout.months().iter().map(|header| format!("«{}»", veiled(header))).collect();
    let counted = || speech.fill("init_months", &[("columns", &months.join(", "))]);
    let told = (!tables.is_empty()).then(beside).into_iter();
    told.chain((tables.is_empty() && !months.is_empty()).then(counted)).collect()
}
