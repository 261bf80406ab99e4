//! The layout of the sheets of a workbook: merged cells, hidden rows and columns, read beside the values.

use crate::sources::layout::{Area, Layout, extend};
use crate::sources::workbook::ods_shape;
use crate::sources::workbook::open::{Book, Kind, Sound};
use crate::sources::workbook::tags::{attribute, tags};
use crate::sources::workbook::xls_layout;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use zip::ZipArchive;

/// The layouts of a workbook, each read when it is asked for.
pub(crate) struct Shapes<'p> {
    path: &'p Path,
    sound: Sound,
    /// All sheets of an ODS.
    ods: Option<BTreeMap<String, Layout>>,
}

impl<'p> Shapes<'p> {
    pub fn new(path: &'p Path, sound: Sound) -> Self {
        Self { path, sound, ods: None }
    }

    /// The layout of a sheet; what cannot be read of it is as if it were not there.
    pub fn of(&mut self, book: &mut Book, sheet: &str) -> Layout {
        if self.sound.kind == Kind::Ods {
            let (path, is_laid_out) = (self.path, self.sound.merged || self.sound.hidden);
            let all = self.ods.get_or_insert_with(|| if is_laid_out { ods_shape::read(path) } else { BTreeMap::new() });
            return all.get(sheet).cloned().unwrap_or_default();
        }
        let mut layout = match (self.sound.kind, self.sound.hidden) {
            (_, false) | (Kind::Ods, _) => Layout::default(),
            (Kind::Xlsx, _) => xlsx(self.path, sheet).unwrap_or_default(),
            (Kind::Xls, _) => {
                let file = std::fs::read(self.path).unwrap_or_default();
                book.position(sheet).map(|position| xls_layout::hidden(&file, position)).unwrap_or_default()
            }
        };
        if self.sound.merged {
            let merged = book.merged(sheet).into_iter();
            layout.merged = merged.map(|area| Area { first: area.start, last: area.end }).collect();
        }
        layout
    }
}

/// Hidden rows and columns of a sheet of an XLSX.
fn xlsx(path: &Path, sheet: &str) -> Option<Layout> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?;
    let member = member_of(&mut archive, sheet)?;
    let mut layout = Layout::default();
    let is_true = |text: Option<String>| text.is_some_and(|text| matches!(text.as_str(), "1" | "true" | "on"));
    let number = |text: Option<String>| text.and_then(|text| text.parse::<u64>().ok());
    let mut row = 0;
    tags(BufReader::new(archive.by_name(&member).ok()?), |tag| {
        match tag.local_name().as_ref() {
            "row" => {
                row = number(attribute(tag, "r")).unwrap_or(row + 1);
                if is_true(attribute(tag, "hidden")) {
                    extend(&mut layout.hidden_rows, row, row);
                }
            }
            "col" if is_true(attribute(tag, "hidden")) => {
                if let (Some(first), Some(last)) = (number(attribute(tag, "min")), number(attribute(tag, "max"))) {
                    extend(&mut layout.hidden_columns, first.saturating_sub(1), last.saturating_sub(1));
                }
            }
            _ => {}
        }
        true
    });
    layout.hidden_rows.sort_unstable();
    layout.hidden_columns.sort_unstable();
    Some(layout)
}

/// The member of an XLSX that holds a sheet: by its relation to the workbook.
fn member_of(archive: &mut ZipArchive<BufReader<File>>, sheet: &str) -> Option<String> {
    const OF_BOOK: &str = "/officeDocument";
    let root = relations(archive, "_rels/.rels");
    let book = root.into_iter().find(|(_, kind, _)| kind.ends_with(OF_BOOK)).map(|(.., target)| target);
    let book = book.unwrap_or_else(|| "xl/workbook.xml".to_owned()).trim_start_matches('/').to_owned();
    let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
    let mut id = None;
    tags(BufReader::new(archive.by_name(&book).ok()?), |tag| {
        if tag.local_name().as_ref() == "sheet" && attribute(tag, "name").is_some_and(|name| name == sheet) {
            id = attribute(tag, "id");
        }
        id.is_none()
    });
    let own = relations(archive, &format!("{folder}/_rels/{name}.rels"));
    let target = own.into_iter().find(|(known, ..)| Some(known) == id.as_ref()).map(|(.., target)| target)?;
    Some(match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    })
}

/// Id, type and target of the relations in a member.
fn relations(archive: &mut ZipArchive<BufReader<File>>, member: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let Ok(member) = archive.by_name(member) else { return found };
    tags(BufReader::new(member), |tag| {
        if tag.local_name().as_ref() == "Relationship" {
            let of = |name: &str| attribute(tag, name).unwrap_or_default();
            found.push((of("Id"), of("Type"), of("Target")));
        }
        true
    });
    found
}
