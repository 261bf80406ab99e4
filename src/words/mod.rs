//! How the program speaks: languages, failures, citations, findings. It knows nothing of forms or records.

pub mod lang;
pub mod citation;
pub mod visible;
pub mod number;
pub mod failure;
pub mod lines;
pub mod finding;
pub mod gathered;
pub mod progress;
