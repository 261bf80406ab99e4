//! Filled forms that come from outside: our own `report.json`, workbooks of esep, forms filled by hand.

pub mod lines;
pub mod locate;
pub mod columns;
pub mod likely;
pub mod value;
pub mod marks;
pub mod merges;
pub mod labels;
pub mod number;
pub mod stack;
pub mod nameless;
pub mod rows;
pub mod table;
pub mod blocks;
pub mod form;
pub mod formula;
pub mod head;
pub mod sheet;
pub mod book;
pub mod continued;
pub mod earlier;
pub mod ledger;
pub mod stored;
pub mod read;
