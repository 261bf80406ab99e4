//! Adjustment of a submitted report (Rules, para 63): changes with their documents, sums that follow, and a history
//! that shows whatever was changed outside it.

mod apply;
mod changes;
mod history;
mod key;
mod lines;
mod verify;

pub use apply::{Adjusted, apply};
pub use changes::{Changes, Grounds, NewFigure, NewLine};
pub use history::{FILE, History};
pub use verify::verify;
