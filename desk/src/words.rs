//! The desk's words (`desk/words/*.toml`), in three languages.

use anyhow::{Context, Result};
use esep::definitions::notation::parse_toml;
use esep::words::lang::Text;
use std::collections::BTreeMap;

const FILES: [&str; 2] = [include_str!("../words/page.toml"), include_str!("../words/refused.toml")];

/// All words by key.
///
/// # Errors
/// A file inside the binary is not well-formed.
pub fn load() -> Result<BTreeMap<String, Text>> {
    let mut words = BTreeMap::new();
    for file in FILES {
        words.extend(parse_toml::<BTreeMap<String, Text>>(file).context("desk/words")?);
    }
    Ok(words)
}
