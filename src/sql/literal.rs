//! Values and calls as the text writes them: nothing that two engines understand differently.

/// A text: quotes doubled; signs that engines take for more than themselves never come here.
pub fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Whether a value can stand in the text: Spark takes a backslash for the beginning of a sign.
pub fn is_safe(value: &str) -> bool {
    !value.contains(['\\', '\n', '\r', '\0'])
}

/// `what IN ('a', 'b')`; no value: never.
pub fn one_of(what: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let values: Vec<String> =
        values.into_iter().filter(|value| is_safe(value.as_ref())).map(|value| text(value.as_ref())).collect();
    if values.is_empty() { "1 = 0".to_owned() } else { format!("{what} IN ({})", values.join(", ")) }
}

/// The value with letters replaced; those without a counterpart are dropped.
pub fn translated(what: &str, from: &str, to: &str) -> String {
    format!("TRANSLATE({what}, {}, {})", text(from), text(to))
}

/// All of them, each on a line; none: always.
pub fn all(conditions: &[String], indent: usize) -> String {
    joined(conditions, "AND", "1 = 1", indent)
}

/// Any of them, in brackets; none: never.
pub fn any(conditions: &[String]) -> String {
    let joined: Vec<String> = conditions.iter().map(|condition| format!("({condition})")).collect();
    if joined.is_empty() { "1 = 0".to_owned() } else { format!("({})", joined.join(" OR ")) }
}

fn joined(conditions: &[String], word: &str, empty: &str, indent: usize) -> String {
    let conditions: Vec<String> = conditions.iter().map(|condition| format!("({condition})")).collect();
    let between = format!("\n{}{word} ", " ".repeat(indent));
    if conditions.is_empty() { empty.to_owned() } else { conditions.join(&between) }
}
