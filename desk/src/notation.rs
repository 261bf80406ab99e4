//! TOML as the desk writes it.

use std::fmt::Write;

/// A string of TOML: JSON's, in which one more sign is written out.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Adds `key = "value"`.
pub fn entry(file: &mut String, key: &str, value: &str) {
    let _ = writeln!(file, "{key} = {}", quoted(value));
}

/// `["one", "two"]`.
pub fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_quoted_is_read_back() {
        for text in ["", "а \"б\" \\ в", "a\nb\tc\r", "\u{7f}\u{1}\u{0}", "]\n[x]", "'''\"\"\"", "😀"] {
            let read: BTreeMap<String, String> =
                esep::definitions::notation::parse_toml(&format!("{} = {}\n", quoted(text), quoted(text))).unwrap();
            assert_eq!(read[text], text);
        }
    }
}
