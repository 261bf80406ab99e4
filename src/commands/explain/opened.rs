//! A stored report that was opened to be explained, and what it was made from.

use crate::body::organisation::{Organisation, OwnTerms};
use crate::commands::out::status::{Misuse, misuse, unreadable};
use crate::definitions::Definitions;
use crate::filed;
use crate::filed::form::Filed;
use crate::report::Provenance;
use crate::report::wording::word;
use crate::sources::nature;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Place;
use anyhow::{Context, Error, Result, bail};
use std::path::{Path, PathBuf};

/// A stored report with what it was made from.
#[derive(Debug)]
pub struct Opened<'d> {
    pub filed: Filed<'d>,
    pub made: Provenance,
    /// Joins names and codes of units; without it they are known by the records alone.
    pub organisation: Option<PathBuf>,
    /// Where it lies.
    pub file: PathBuf,
}

impl<'d> Opened<'d> {
    /// A `report.json`, the folder of a report, or a folder of such folders.
    ///
    /// # Errors
    /// There is none, there are several, it cannot be read.
    pub fn open(path: &Path, form: Option<&str>, definitions: &'d Definitions) -> Result<Self> {
        let file = file_of(path, form)?;
        let bytes = std::fs::read(&file).or_halt(|| Halt::new("explain_no_report").at(path))?;
        let filed = filed::stored::read(&bytes, definitions).or_halt(|| Halt::reading(&file));
        let filed = filed.map_err(|fault| unreadable(other_kind(&file, &bytes, definitions).unwrap_or(fault)))?;
        if let Some(form) = form.filter(|form| *form != filed.form.form) {
            bail!(misuse(Halt::new("explain_no_report").with("path", format!("{} {form}", path.display()))));
        }
        Ok(Self { made: filed::stored::provenance(&bytes)?, filed, organisation: None, file })
    }

    /// Who reported.
    ///
    /// # Errors
    /// The organisation file cannot be read.
    pub fn organisation(&self) -> Result<Organisation> {
        let organisation = match &self.organisation {
            Some(path) => Organisation::read(path).context(Misuse)?,
            None => Organisation { bin: self.filed.organisation.bin.clone(), ..Organisation::default() },
        };
        // what counted is what the report was made with
        Ok(Organisation {
            terms: OwnTerms { receipt_day_counts: self.made.receipt_day_counts.clone() },
            ..organisation
        })
    }
}

/// What a file is that is no report at all.
fn other_kind(file: &Path, bytes: &[u8], definitions: &Definitions) -> Option<Error> {
    // of a report that was damaged its reader knows more
    let format = nature::of(file).ok().flatten().filter(|_| !bytes.trim_ascii_start().starts_with(b"{"))?;
    let told = word(&nature::told(format, Place::default()), definitions, None);
    Some(Halt::reading(file).because(Halt::new("fault_told").with_text("message", &told.message)).into())
}

/// The `report.json` that is meant by a path.
fn file_of(path: &Path, form: Option<&str>) -> Result<PathBuf> {
    Ok(if path.is_dir() && !path.join("report.json").exists() {
        let mut folders: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(path).or_halt(|| Halt::reading(path))? {
            let folder = entry?.path();
            let own = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let meant = form.is_none_or(|form| own.starts_with(&format!("{form}_")));
            if meant && folder.join("report.json").exists() {
                folders.push(folder);
            }
        }
        folders.sort();
        // The whole before its units: a unit's folder has the unit at the end.
        let whole = folders
            .iter()
            .filter(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().matches('_').count() == 2))
            .cloned();
        match (&folders[..], &whole.collect::<Vec<_>>()[..]) {
            ([folder], _) | (_, [folder]) => folder.join("report.json"),
            ([], _) => bail!(misuse(Halt::new("explain_no_report").at(path))),
            (several, _) => {
                let own = several.iter().filter_map(|folder| folder.file_name()).map(|name| name.to_string_lossy());
                let names = own.collect::<Vec<_>>().join(", ");
                bail!(misuse(Halt::new("explain_several_reports").at(path).with("names", names)));
            }
        }
    } else if path.is_dir() {
        path.join("report.json")
    } else {
        path.to_owned()
    })
}
