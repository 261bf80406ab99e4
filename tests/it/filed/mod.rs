//! Filed forms: read back, drawn by other hands, refused where they must be.

pub mod blank;
pub mod canvas;
mod causes;
pub mod draw;
mod foreign;
mod parted;
mod refused;
mod roundtrip;
mod values;
