//! A file that tables are found in.

use crate::sources::files;
use crate::sources::header::Match;
use crate::sources::options::Options;
use crate::sources::raw::{Format, FoundTable};
use crate::words::finding::{Finding, Place};
use std::path::Path;

/// A file that tables are found in.
pub struct Origin<'f> {
    pub(crate) path: &'f Path,
    pub(crate) name: &'f str,
    pub(crate) bytes: u64,
}

impl Origin<'_> {
    pub(crate) fn place(&self) -> Place {
        Place { source: Some(self.name.to_owned()), ..Place::default() }
    }

    /// The file's name without folders and extension.
    pub(crate) fn stem(&self) -> &str {
        let own = self.name.rsplit('/').next().unwrap_or(self.name);
        let own = files::unpacked_name(own);
        own.rsplit_once('.').map_or(own, |(stem, _)| stem)
    }

    /// The table, unless its head leaves open what its columns are: nothing is guessed.
    pub(crate) fn table(
        &self,
        found: Match,
        sheet: Option<String>,
        format: Format,
        options: &Options,
        findings: &mut Vec<Finding>,
    ) -> Option<FoundTable> {
        let (width, bound) = (found.cells.len(), options.bounds.fields);
        if width > bound {
            let place = Place { sheet, line: Some(found.line), ..self.place() };
            findings.push(Finding::new("columns_over_bound", place).with("found", width).with("bound", bound));
            return None;
        }
        found.twice.is_empty().then(|| FoundTable {
            path: self.path.to_owned(),
            name: self.name.to_owned(),
            sheet,
            table: found.table,
            head_top: found.top,
            header_line: found.line,
            headers: found.cells,
            head_rows: found.rows,
            columns: found.columns,
            supplied: found.supplied,
            habits: found.habits,
            is_rest: false,
            format,
            spelled: found.spelled,
            layout: None,
            mends: None,
        })
    }
}
