//! The fast lane: a cache in front of the road that every record takes. Spans of a row that were met before mean what
//! `records` and `facts` answered of them; a row with anything else goes the road itself.

pub mod plain;
pub mod span;
pub mod columns;
pub mod cache;
