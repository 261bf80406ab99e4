//! Figures of the analytical report: sums, shares and changes over cells, each knowing its formula.

pub mod figure;
pub mod compare;
pub mod lines;
pub mod units;
pub mod testimony;
pub mod material;
pub mod numeral;

pub use crate::analytical::figures::figure::{At, Figure, Figures, Formula, Ratio, SMALL};
