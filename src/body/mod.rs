//! What a body hands over beside its records: who it is, what its headers mean, what only people can tell.

pub mod empty;
pub mod mapping;
pub mod narrative;
pub mod organisation;
