//! The same definitions as one SQL text without any dialect, for the engine that has the records.

pub mod letters;
pub mod literal;
pub mod plan;
pub mod small;
pub mod parquet;
pub mod plain;
pub mod class;
pub mod rows;
pub mod due;
pub mod verdict;
pub mod text;
pub mod runner;
