//! Values that everything counts with: periods, moments, numbers of businesses, digests, cells.

pub mod abreast;
pub mod aside;
pub mod business_number;
pub mod period;
pub mod cells;
pub mod digest;
pub mod file_name;
pub mod inert;
pub mod moment;
pub mod personal;
pub mod text_file;
