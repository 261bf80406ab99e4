//! What only people know: the narrative file by section, and the materials that are attached.

use crate::definitions::notation::parse_toml;
use crate::values::digest::sha256;
use crate::values::file_name::is_litter;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, Text, fold, nearest};
use anyhow::{Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Texts by section id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrative {
    sections: BTreeMap<String, Told>,
}

/// What was told about one section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// In whatever language it was written.
    #[serde(default)]
    text: String,
    #[serde(default)]
    kk: String,
    #[serde(default)]
    ru: String,
    #[serde(default)]
    en: String,
    /// Attached materials that belong to the section.
    #[serde(default)]
    pub attachments: Vec<Named>,
}

/// A material as the narrative names it: by its file, or with what the document is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Named {
    File(String),
    Described(Described),
}

/// What an attached document is (Rules, Annex 1, expl. 33; Annex 2, expl. 32).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Described {
    pub file: String,
    /// Order, protocol, decision, letter …
    pub kind: String,
    #[serde(default)]
    pub number: String,
    #[serde(default, deserialize_with = "crate::definitions::date::optional")]
    pub date: Option<chrono::NaiveDate>,
    pub sheets: Option<u32>,
}

impl Named {
    /// The file in the folder of attached materials.
    pub fn file(&self) -> &str {
        match self {
            Self::File(file) => file,
            Self::Described(described) => &described.file,
        }
    }

    pub fn described(&self) -> Option<&Described> {
        match self {
            Self::File(_) => None,
            Self::Described(described) => Some(described),
        }
    }
}

/// A section that may be told about: its id, its printed number, and its title as other names for it.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    pub id: &'a str,
    /// `2.1`
    pub number: String,
    pub title: &'a Text,
}

/// One attached material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Path within the folder, with `/`.
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Narrative {
    /// Reads a TOML or Markdown file.
    ///
    /// # Errors
    /// The file cannot be read, is not well-formed, or names a section that no form of the run has.
    pub fn read(path: &Path, known: &[Known<'_>]) -> Result<Self> {
        let text = text_file::text(path)?;
        let markdown = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"));
        let read = if markdown { Self::markdown(&text, known) } else { Self::toml(&text, known) };
        read.or_halt(|| Halt::within(path))
    }

    fn toml(text: &str, known: &[Known<'_>]) -> Result<Self> {
        let told: BTreeMap<String, Told> = parse_toml(text)?;
        let mut sections = BTreeMap::new();
        for (name, told) in told {
            sections.insert(section(&name, known)?, told);
        }
        Ok(Self { sections })
    }

    /// Headings are section ids, or titles as printed; `id.kk` gives the text in Kazakh.
    fn markdown(text: &str, known: &[Known<'_>]) -> Result<Self> {
        let mut sections: BTreeMap<String, Told> = BTreeMap::new();
        let mut place: Option<(String, Option<Lang>)> = None;
        for line in text.trim_start_matches('\u{feff}').lines() {
            if let Some(heading) = line.strip_prefix('#') {
                let heading = heading.trim_start_matches('#').trim();
                let (name, lang) = match heading.rsplit_once('.').map(|(name, code)| (name, Lang::parse(code))) {
                    Some((name, Some(lang))) => (name, Some(lang)),
                    _ => (heading, None),
                };
                place = Some((section(name, known)?, lang));
                continue;
            }
            let Some((id, lang)) = &place else {
                if line.trim().is_empty() {
                    continue;
                }
                bail!(Halt::new("fault_before_heading").with("line", line));
            };
            let told = sections.entry(id.clone()).or_default();
            let text = told.slot(*lang);
            text.push_str(line);
            text.push('\n');
        }
        Ok(Self { sections })
    }

    /// What was told about a section, in the language, else in another one.
    pub fn text(&self, section: &str, lang: Lang) -> Option<&str> {
        let told = self.sections.get(section)?;
        let order: [&str; 5] = [told.of(lang), &told.text, &told.ru, &told.kk, &told.en];
        order.into_iter().map(str::trim).find(|text| !text.is_empty())
    }

    /// All that was told, in whatever language.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.sections.values().flat_map(|told| [told.text.as_str(), &told.kk, &told.ru, &told.en])
    }

    /// Whether anything was told about a section.
    pub fn is_told(&self, section: &str) -> bool {
        self.text(section, Lang::Ru).is_some()
    }

    /// Attached materials that a section names.
    pub fn attachments(&self, section: &str) -> &[Named] {
        self.sections.get(section).map_or(&[], |told| &told.attachments)
    }

    /// Sections with the attached materials that they name.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Named)> {
        self.sections.iter().flat_map(|(id, told)| told.attachments.iter().map(move |named| (id.as_str(), named)))
    }

    /// What a file is, as far as some section says it.
    pub fn described(&self, file: &str) -> Option<&Described> {
        self.named().filter_map(|(_, named)| named.described()).find(|described| described.file == file)
    }
}

impl Told {
    fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }

    fn slot(&mut self, lang: Option<Lang>) -> &mut String {
        match lang {
            None => &mut self.text,
            Some(Lang::Kk) => &mut self.kk,
            Some(Lang::Ru) => &mut self.ru,
            Some(Lang::En) => &mut self.en,
        }
    }
}

fn section(name: &str, known: &[Known<'_>]) -> Result<String> {
    let folded = fold(name);
    let fits = |section: &&Known| section.id == name || Lang::ALL.iter().any(|l| fold(section.title.get(*l)) == folded);
    if let Some(section) = known.iter().find(fits) {
        return Ok(section.id.to_owned());
    }
    // as printed: the number alone, or before the title; reports of several forms may have a number each
    let end = folded.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(folded.len());
    let (number, title) = (folded[..end].trim_end_matches('.'), folded[end..].trim());
    let is_titled = |section: &&Known| Lang::ALL.iter().any(|l| fold(section.title.get(*l)) == title);
    let mut numbered = known.iter().filter(|section| section.number == number);
    if let Some(section) = numbered.next().filter(|_| title.is_empty() && numbered.next().is_none()) {
        return Ok(section.id.to_owned());
    }
    if let Some(section) = known.iter().find(is_titled).filter(|_| !number.is_empty()) {
        return Ok(section.id.to_owned());
    }
    let near = nearest(name, known.iter().map(|section| section.id));
    let all: Vec<&str> = known.iter().map(|section| section.id).collect();
    bail!(Halt::new("fault_section").with("section", name).with("known", all.join(", ")).near(near))
}

/// The files of a folder and below, ordered by name; hidden ones are left out.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn attachments(folder: &Path) -> Result<Vec<Attachment>> {
    let mut found = Vec::new();
    collect(folder, "", &mut found).or_halt(|| Halt::reading(folder))?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Attachment>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || is_litter(&name) {
            continue;
        }
        let (path, name) = (entry.path(), format!("{prefix}{name}"));
        // A link is not followed: it may lead out of the folder, or round in a circle.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&path, &format!("{name}/"), found)?;
        } else if kind.is_file() {
            let bytes = entry.metadata()?.len();
            let digest = sha256(fs::File::open(&path).or_halt(|| Halt::reading(&path))?)?;
            found.push(Attachment { name, bytes, sha256: digest });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(title: &Text) -> [Known<'_>; 2] {
        [("processes", "1.1"), ("new_services", "1.2")].map(|(id, number)| Known {
            id,
            number: number.to_owned(),
            title,
        })
    }

    #[test]
    fn markdown_by_id_title_and_language() {
        let title = Text::by(|lang| match lang {
            Lang::Kk => "Үдерістер",
            Lang::Ru => "Процессы",
            Lang::En => "Processes",
        });
        let text = "# Процессы\nПервое.\n\n- второе\n## new_services.kk\nҚазақша\n";
        let told = Narrative::markdown(text, &known(&title)).expect("a narrative");
        assert_eq!(told.text("processes", Lang::En), Some("Первое.\n\n- второе"));
        assert_eq!(told.text("new_services", Lang::Ru), Some("Қазақша"));
    }

    #[test]
    fn toml_and_a_near_miss() {
        let title = Text::default();
        let told = Narrative::toml("[processes]\nru = \"а\"\nkk = \"б\"", &known(&title)).expect("a narrative");
        assert_eq!([told.text("processes", Lang::Ru), told.text("processes", Lang::Kk)], [Some("а"), Some("б")]);
        assert_eq!(told.text("new_services", Lang::Ru), None);
        let fault = Narrative::toml("[proceses]\ntext = \"а\"", &known(&title)).expect_err("a fault").to_string();
        assert!(fault.contains("near=\"processes\""), "{fault}");
    }

    #[test]
    fn litter_beside_attachments_is_not_attached() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for name in ["приказ.docx", "~$приказ.docx", "Thumbs.db", "desktop.ini", ".hidden"] {
            fs::write(folder.path().join(name), name)?;
        }
        let found = attachments(folder.path())?;
        assert_eq!(found.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["приказ.docx"]);
        Ok(())
    }
}
