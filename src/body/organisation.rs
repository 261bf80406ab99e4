//! Who reports: the organisation file.

use crate::definitions::Definitions;
use crate::definitions::notation::parse_toml;
use crate::values::cells::Party;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, Text};
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The body that reports. Keys: `schemas/organisation.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    #[serde(default)]
    pub name_ru: String,
    #[serde(default)]
    pub name_kk: String,
    #[serde(default)]
    pub name_en: String,
    pub bin: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub performer: String,
    #[serde(default)]
    pub performer_phone: String,
    #[serde(default)]
    pub head: String,
    #[serde(default)]
    pub languages: Vec<Lang>,
    #[serde(default)]
    pub zeros: Zeros,
    #[serde(default)]
    pub terms: OwnTerms,
    /// Decides forms, deadline and addressee where it is given.
    #[serde(default)]
    pub role: Option<FilerRole>,
    /// Which names the forms print of places that were renamed after their edition.
    #[serde(default)]
    pub place_names: PlaceNames,
    #[serde(default, rename = "unit")]
    pub units: Vec<Unit>,
}

/// How known zeros are printed (forms.md, D1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Zeros {
    #[default]
    #[serde(rename = "0")]
    Zero,
    #[serde(rename = "-")]
    Dash,
}

/// Names of places that were renamed after the edition of a form (`templates/places.toml`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceNames {
    /// As the annex was approved.
    #[default]
    AsInForm,
    /// As the places are called on the day of the report.
    Current,
}

/// How terms in days are counted (forms.md, D5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnTerms {
    /// Channels whose terms include the day of receipt, as the body writes them; all others begin on the day after.
    #[serde(default)]
    pub receipt_day_counts: Vec<String>,
}

impl OwnTerms {
    /// Whether the day of receipt counts, by positions of channels: what holds for one holds for its kinds, too (D17).
    ///
    /// # Errors
    /// A channel that there is not.
    pub fn by_channel(&self, definitions: &Definitions) -> Result<Vec<bool>> {
        let Some(list) = definitions.codelist("channel") else { return Ok(Vec::new()) };
        let mut counts = vec![false; list.codes.len()];
        for written in &self.receipt_day_counts {
            let meant = list.find(written);
            let codes = || list.codes.iter().map(|code| code.code.as_str()).collect::<Vec<_>>().join(", ");
            let halt = || Halt::new("fault_receipt_channel").with("channel", written).with("codes", codes());
            let meant = meant.ok_or_else(halt)?;
            for (code, counts) in counts.iter_mut().enumerate() {
                *counts |= code == meant || list.top(code) == meant;
            }
        }
        Ok(counts)
    }
}

/// What the body is to the Rules. Source: para 60–62, Annex 1 expl. 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilerRole {
    Central,
    Akimat,
    Territorial,
    Informatization,
}

impl FilerRole {
    /// As the organisation file and `templates/deadlines.toml` have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Akimat => "akimat",
            Self::Territorial => "territorial",
            Self::Informatization => "informatization",
        }
    }
}

/// A subordinate body or district.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    #[serde(default)]
    pub kato: String,
    #[serde(default)]
    pub name_ru: String,
    #[serde(default)]
    pub name_kk: String,
    /// BIN, for a unit that reports under its own name.
    #[serde(default)]
    pub bin: String,
    /// Other spellings of the name, as the unit's reports have them.
    #[serde(default)]
    pub names: Vec<String>,
    /// File of the report that counts, where the unit sent several.
    #[serde(default)]
    pub report: String,
    #[serde(default)]
    pub contact: String,
}

impl Unit {
    /// KATO, else BIN; empty for a unit that is known by its name.
    pub fn code(&self) -> &str {
        if self.kato.is_empty() { &self.bin } else { &self.kato }
    }

    /// The name in each language; a missing one is filled from the other.
    pub fn name(&self) -> Text {
        filled([(Lang::Kk, &self.name_kk), (Lang::Ru, &self.name_ru)])
    }
}

impl Organisation {
    /// Reads a TOML organisation file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = text_file::text(path)?;
        let organisation: Self = parse_toml(&text).or_halt(|| Halt::within(path))?;
        organisation.check().or_halt(|| Halt::within(path))?;
        Ok(organisation)
    }

    /// What every organisation file must hold, wherever it was read from.
    pub fn check(&self) -> Result<()> {
        let named = [&self.name_ru, &self.name_kk, &self.name_en].into_iter().any(|name| !name.trim().is_empty());
        ensure!(named, Halt::new("fault_organisation_name"));
        ensure!(
            crate::values::business_number::is_sound(&self.bin),
            Halt::new("fault_organisation_bin").with("bin", &self.bin)
        );
        Ok(())
    }

    /// The name of a unit in each language: as it stands here, else as its records have it.
    pub fn unit_name(&self, unit: &Party) -> Text {
        let known = self.units.iter().find(|own| !unit.code.is_empty() && own.code() == unit.code);
        let label = || Text::same(unit.label());
        known.map(Unit::name).filter(|name| !name.get(Lang::Ru).is_empty()).unwrap_or_else(label)
    }

    /// The name in each language; a missing one is filled from another.
    pub fn name(&self) -> Text {
        filled([(Lang::Ru, &self.name_ru), (Lang::Kk, &self.name_kk), (Lang::En, &self.name_en)])
    }
}

/// The name in each language; a missing one is the first that there is, those of the forms' languages before others.
fn filled<const N: usize>(names: [(Lang, &String); N]) -> Text {
    let own = |lang: Lang| names.iter().find(|(of, name)| *of == lang && !name.is_empty());
    let first = || [Lang::Ru, Lang::Kk].into_iter().chain(Lang::ALL).find_map(own);
    Text::by(|lang| own(lang).or_else(first).map_or("", |(_, name)| name.as_str()))
}
