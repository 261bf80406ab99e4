//! Filed forms: read back, drawn by other hands, refused where they must be.

mod canvas;
mod draw;
mod foreign;
mod refused;
mod roundtrip;
