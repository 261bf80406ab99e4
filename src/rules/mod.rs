//! Rules over cells. Every check holds, fails, or cannot be checked; a failure shows both sides.
//!
//! What a rule compares stands once, in `terms`; the findings, the workbook's formulas, the page and the likely causes
//! read it there.

pub mod recipe;
pub mod term;
pub mod terms;
pub mod beside;
pub mod repeated;
pub mod findings;
pub mod guess;
pub mod causes;
pub mod part;

pub use findings::{Checked, cell_place, check, check_between};
