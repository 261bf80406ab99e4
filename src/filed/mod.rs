//! Filled forms that come from outside: our own `report.json`, workbooks of esep, forms filled by hand.

pub mod stack;
pub mod form;
pub mod lines;
pub mod locate;
pub mod columns;
pub mod likely;
pub mod value;
pub mod merges;
pub mod marks;
pub mod labels;
pub mod number;
pub mod rows;
pub mod table;
pub mod blocks;
pub mod formula;
pub mod head;
pub mod sheet;
pub mod continued;
pub mod book;
pub mod earlier;
pub mod stored;
pub mod ledger;
pub mod read;
