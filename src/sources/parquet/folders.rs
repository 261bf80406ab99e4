//! Values that the folders of a file give to all its rows.

use std::path::Path;

/// What stands in a folder's name for a missing value.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// `month=2026-07` among the folders of a file gives all its rows a column `month`.
pub(crate) fn folders(path: &Path) -> Vec<(String, String)> {
    let parts = path.parent().into_iter().flat_map(Path::components);
    let pairs = parts.filter_map(|part| {
        let part = part.as_os_str().to_str()?;
        let (name, value) = part.split_once('=')?;
        let value = if value == NO_VALUE { String::new() } else { decoded(value) };
        (!name.is_empty()).then(|| (decoded(name), value))
    });
    pairs.collect()
}

/// `%20` and the like.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
