//! Filed forms: read back, drawn by other hands, refused where they must be.

pub mod blank;
pub mod canvas;
mod causes;
mod draw;
mod foreign;
mod refused;
mod roundtrip;
