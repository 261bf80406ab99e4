//! In which language the program speaks: known before the arguments are understood, so that their faults are too.

use crate::commands::parts::body;
use crate::definitions::Definitions;
use crate::words::lang::Lang;
use std::ffi::OsString;
use std::path::Path;

/// What a program that shows somebody else's page sets: the language of that page.
const ASKED: &str = "ESEP_LANG";
/// What the system calls its language, the strongest first.
const SYSTEM: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// `--lang`, else what `ESEP_LANG` says, else the first language of the organisation file, else the system's, else Russian.
pub fn of(words: &[OsString], definitions: &Definitions) -> Lang {
    let given = || value(words, "--lang")?.to_str()?.split(',').find_map(Lang::parse);
    let asked = || Lang::parse(&std::env::var(ASKED).ok()?);
    let own = || body::read(Path::new(&value(words, "--organisation")?), definitions).ok()?.languages.first().copied();
    let named = || SYSTEM.into_iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    given().or_else(asked).or_else(own).or_else(|| of_locale(&named().or_else(of_system)?)).unwrap_or_default()
}

/// The language in which Windows itself speaks: it has no such variables.
#[cfg(windows)]
fn of_system() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(not(windows))]
fn of_system() -> Option<String> {
    None
}

/// `kk_KZ.UTF-8` → Kazakh.
fn of_locale(locale: &str) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| locale.to_lowercase().starts_with(lang.code()))
}

/// The value of an option, `--name value` or `--name=value`.
fn value(words: &[OsString], name: &str) -> Option<OsString> {
    let mut rest = words.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = rest.next() {
        if word == name {
            return rest.next().cloned();
        }
        if let Some(value) = word.to_str().and_then(|word| word.strip_prefix(name)?.strip_prefix('=')) {
            return Some(value.into());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_a_language() {
        let known = [
            ("kk_KZ.UTF-8", Some(Lang::Kk)),
            ("kk-KZ", Some(Lang::Kk)),
            ("kk-Cyrl-KZ", Some(Lang::Kk)),
            ("ru", Some(Lang::Ru)),
            ("en_US", Some(Lang::En)),
            ("C.UTF-8", None),
        ];
        for (locale, lang) in known {
            assert_eq!(of_locale(locale), lang, "{locale}");
        }
    }
}
