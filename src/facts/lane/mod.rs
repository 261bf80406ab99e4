//! The fast lane: what rows that are plainly clean mean and count as, worked out once a spelling and then looked up.

pub mod brief;
pub mod plain;
pub mod spellings;
pub mod rules;
pub mod clean;
pub mod columns;
