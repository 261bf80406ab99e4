//! Values that everything counts with: periods, moments, numbers of businesses, digests, cells.

pub mod business_number;
pub mod period;
pub mod cells;
pub mod digest;
pub mod moment;
pub mod inert;
pub mod file_name;
pub mod text_file;
pub mod personal;
