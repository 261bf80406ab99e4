//! Results for programs and the lists beside them: JSON, calendars, rejected rows, contributors.

pub mod analytical;
pub mod contributors;
pub mod findings;
pub mod ready;
pub mod ics;
pub mod json;
pub mod year;
pub mod rejected;
