//! Why a run cannot be done: a key of the catalogue and its values, worded where it is printed.

use crate::words::lang::{Lang, Text};
use crate::words::visible::visible;
use serde_json::error::Category;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{Error as IoError, ErrorKind};
use std::path::Path;

/// Words by key (`templates/words/`).
type Words = BTreeMap<String, Text>;

/// Why a run cannot be done. What a library says about it is its reason.
#[derive(Debug)]
pub struct Halt {
    key: &'static str,
    slots: Vec<(String, String)>,
    near: Option<String>,
    parts: Vec<anyhow::Error>,
    reason: Option<anyhow::Error>,
}

impl Halt {
    pub fn new(key: &'static str) -> Self {
        Self { key, slots: Vec::new(), near: None, parts: Vec::new(), reason: None }
    }

    /// A file or folder that cannot be read.
    pub fn reading(path: impl AsRef<Path>) -> Self {
        Self::new("fault_reading").at(path)
    }

    /// A file or folder that cannot be written.
    pub fn writing(path: impl AsRef<Path>) -> Self {
        Self::new("fault_writing").at(path)
    }

    /// What is wrong inside a file.
    pub fn within(path: impl AsRef<Path>) -> Self {
        Self::new("fault_within").at(path)
    }

    /// Fills the slot `{path}`.
    #[must_use]
    pub fn at(self, path: impl AsRef<Path>) -> Self {
        self.with("path", path.as_ref().display())
    }

    /// Fills a slot; what would steer the terminal is written out.
    #[must_use]
    pub fn with(mut self, slot: &str, value: impl fmt::Display) -> Self {
        self.slots.push((slot.to_owned(), visible(&value.to_string()).into_owned()));
        self
    }

    /// Whether a file could not be read or written, not the program or its user being at fault.
    pub fn is_of_files(&self) -> bool {
        ["fault_reading", "fault_writing", "fault_temporary", "fault_aside"].contains(&self.key)
    }

    /// Fills `{name_kk}`, `{name_ru}` and `{name_en}`.
    #[must_use]
    pub fn with_text(self, slot: &str, text: &Text) -> Self {
        Lang::ALL.into_iter().fold(self, |halt, lang| halt.with(&format!("{slot}_{}", lang.code()), text.get(lang)))
    }

    /// What was probably meant.
    #[must_use]
    pub fn near(self, near: Option<&str>) -> Self {
        Self { near: near.map(str::to_owned), ..self }
    }

    /// Several faults of one kind of work, each on a line of its own.
    #[must_use]
    pub fn parts(self, parts: Vec<anyhow::Error>) -> Self {
        Self { parts, ..self }
    }

    #[must_use]
    pub fn because(self, reason: impl Into<anyhow::Error>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    fn say(&self, words: &Words, lang: Lang) -> String {
        let mut text = word(words, self.key, &self.slots, lang);
        if let Some(near) = &self.near {
            text += &word(words, "fault_near", &[("near".to_owned(), near.clone())], lang);
        }
        self.parts.iter().fold(text, |text, part| format!("{text}\n  {}", say_in(part, words, lang)))
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)?;
        self.slots.iter().try_for_each(|(slot, value)| write!(f, " {slot}={value:?}"))?;
        self.near.iter().try_for_each(|near| write!(f, " near={near:?}"))?;
        self.parts.iter().try_for_each(|part| write!(f, "\n  {part:#}"))
    }
}

impl std::error::Error for Halt {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.reason.as_ref().map(|reason| &**reason as &(dyn std::error::Error + 'static))
    }
}

/// Says of a failure why the run cannot be done.
pub trait OrHalt<T> {
    /// # Errors
    /// The failure, as the reason of the halt.
    fn or_halt(self, halt: impl FnOnce() -> Halt) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrHalt<T> for Result<T, E> {
    fn or_halt(self, halt: impl FnOnce() -> Halt) -> anyhow::Result<T> {
        self.map_err(|reason| halt().because(reason).into())
    }
}

impl<T> OrHalt<T> for Option<T> {
    fn or_halt(self, halt: impl FnOnce() -> Halt) -> anyhow::Result<T> {
        self.ok_or_else(|| halt().into())
    }
}

/// A fault in words. What only a library knows to say stands in brackets, as it says it.
pub fn say(fault: &anyhow::Error, words: &Words) -> Text {
    Text::by(|lang| say_in(fault, words, lang))
}

fn say_in(fault: &anyhow::Error, words: &Words, lang: Lang) -> String {
    let (mut said, mut reasons): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for cause in fault.chain() {
        match cause.downcast_ref::<Halt>() {
            Some(halt) => said.push(halt.say(words, lang)),
            None => reasons.push(foreign(cause, words, lang)),
        }
    }
    // what the system says of a file is the reason, whatever was being done with it
    let of_system = fault.chain().find_map(<dyn std::error::Error>::downcast_ref::<IoError>);
    if let Some(fault) = of_system.filter(|_| !said.is_empty()) {
        reasons = vec![self::of_system(fault, words, lang)];
    }
    // libraries repeat their cause in their own words, markers of the exit status say nothing
    reasons.dedup_by(|next, first| next.is_empty() || first.contains(next.as_str()));
    reasons.retain(|reason| !reason.is_empty());
    if said.is_empty() {
        let of_files = fault.chain().any(<dyn std::error::Error>::is::<IoError>);
        said.push(word(words, if of_files { "fault_files" } else { "fault_internal" }, &[], lang));
    }
    let (said, reason) = (said.join(": "), reasons.join(": "));
    match reason.lines().count() {
        0 => said,
        1 => format!("{said} ({reason})"),
        _ => format!("{said}:\n{reason}"),
    }
}

/// What a library says, in the reader's language where it is about files; else as it says it.
fn foreign(cause: &(dyn std::error::Error + 'static), words: &Words, lang: Lang) -> String {
    if let Some(fault) = cause.downcast_ref::<IoError>() {
        return of_system(fault, words, lang);
    }
    let Some(fault) = cause.downcast_ref::<serde_json::Error>() else { return cause.to_string() };
    let key = match fault.classify() {
        Category::Io => return String::new(), // its cause follows
        Category::Eof => "fault_json_cut",
        Category::Syntax => "fault_json_syntax",
        Category::Data => "fault_json_data",
    };
    word(words, key, &[("line".to_owned(), fault.line().to_string())], lang)
}

fn of_system(fault: &IoError, words: &Words, lang: Lang) -> String {
    let key = match fault.kind() {
        _ if is_held(fault) => "fault_held",
        ErrorKind::NotFound => "fault_not_found",
        ErrorKind::PermissionDenied => "fault_denied",
        ErrorKind::ReadOnlyFilesystem => "fault_read_only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "fault_full",
        ErrorKind::FileTooLarge => "fault_file_limit",
        ErrorKind::IsADirectory => "fault_is_folder",
        ErrorKind::NotADirectory => "fault_is_file",
        ErrorKind::InvalidFilename => "fault_name_too_long",
        ErrorKind::InvalidData if fault.raw_os_error().is_none() => "fault_not_utf8",
        _ => {
            let Some(code) = fault.raw_os_error() else { return fault.to_string() };
            return word(words, "fault_system", &[("code".to_owned(), code.to_string())], lang);
        }
    };
    word(words, key, &[], lang)
}

/// Whether another program has the file open, or something in the folder: it may let go of it soon.
pub fn is_held(fault: &IoError) -> bool {
    holds(fault.raw_os_error(), fault.kind(), cfg!(windows))
}

/// Windows: access denied, sharing violation, lock violation.
fn holds(code: Option<i32>, kind: ErrorKind, is_windows: bool) -> bool {
    let busy = matches!(kind, ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy);
    busy || is_windows && code.is_some_and(|code| [5, 32, 33].contains(&code))
}

fn word(words: &Words, key: &str, slots: &[(String, String)], lang: Lang) -> String {
    words.get(key).map_or_else(|| key.to_owned(), |text| text.fill(slots).get(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_file_is_known() {
        for code in [5, 32, 33] {
            assert!(holds(Some(code), ErrorKind::Other, true) && !holds(Some(code), ErrorKind::Other, false));
        }
        assert!(holds(None, ErrorKind::ResourceBusy, false) && !holds(Some(2), ErrorKind::NotFound, true));
    }
}
