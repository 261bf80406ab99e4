//! Steps that several commands share.

pub mod answers;
pub mod board;
pub mod body;
pub mod compared;
pub mod count;
pub mod given;
pub mod stored;
pub mod judged;
pub mod mapping;
pub mod recount;
pub mod returns;
pub mod gathered;
pub mod standing;
pub mod telling;
