//! Why a request is refused: a status, a key of the words, and what may be said beside it.

use esep::words::failure::{is_held, say};
use esep::words::lang::Text;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::ErrorKind;

/// A refusal; nothing was done.
#[derive(Debug)]
pub struct Refusal {
    /// Status of HTTP.
    pub status: u16,
    /// Key of the desk's words.
    pub key: &'static str,
    /// What esep said, where it was esep that refused.
    pub text: Option<Text>,
}

impl Refusal {
    pub fn new(status: u16, key: &'static str) -> Self {
        Self { status, key, text: None }
    }

    /// The request is none that the desk knows.
    pub fn malformed() -> Self {
        Self::new(400, "refused_request")
    }

    /// What was to be changed has changed meanwhile.
    pub fn stale() -> Self {
        Self::new(409, "refused_stale")
    }

    /// What a command of esep said.
    pub fn said(fault: &anyhow::Error, words: &BTreeMap<String, Text>) -> Self {
        Self { status: 422, key: "refused_by_esep", text: Some(say(fault, words)) }
    }

    /// As the page reads it.
    pub fn body(&self) -> Value {
        json!({ "error": self.key, "text": self.text })
    }
}

impl From<std::io::Error> for Refusal {
    fn from(fault: std::io::Error) -> Self {
        let key = match fault.kind() {
            _ if is_held(&fault) => "refused_held",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "refused_full",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "refused_denied",
            ErrorKind::NotFound => return Self::new(404, "refused_absent"),
            _ => "refused_disk",
        };
        Self::new(500, key)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(_: serde_json::Error) -> Self {
        Self::malformed()
    }
}
