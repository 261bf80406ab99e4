//! The layout of the sheets of a workbook: merged cells, hidden rows and columns, formats of numbers, read beside the values.

use crate::sources::layout::{Area, Layout, extend};
use crate::sources::number_format::NumberFormat;
use crate::sources::shown::ShownNumbers;
use crate::sources::workbook::ods_shape;
use crate::sources::workbook::open::{Book, Damage, Input, Kind, Sound, guarded};
use crate::sources::workbook::tags::{attribute, tags};
use crate::sources::workbook::{xls_layout, xls_shown};
use calamine::Xlsx;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;
use zip::ZipArchive;

/// The layouts of a workbook, each read when it is asked for.
pub(crate) struct Shapes<'p> {
    path: &'p Path,
    sound: Sound,
    /// All sheets of an ODS.
    ods: Option<BTreeMap<String, Layout>>,
    /// All sheets of an XLS.
    xls: Option<Vec<ShownNumbers>>,
    /// Formats that change what is read, by the styles of an XLSX.
    xlsx: Option<XlsxStyles>,
}

type XlsxStyles = BTreeMap<usize, Arc<NumberFormat>>;

impl<'p> Shapes<'p> {
    pub fn new(path: &'p Path, sound: Sound) -> Self {
        Self { path, sound, ods: None, xls: None, xlsx: None }
    }

    /// The layout of a sheet; what cannot be read of it is as if it were not there.
    pub fn of(&mut self, book: &mut Book, sheet: &str) -> Layout {
        if self.sound.kind == Kind::Ods {
            let (path, sound) = (self.path, self.sound);
            let all =
                self.ods.get_or_insert_with(|| ods_shape::read(path, sound.merged || sound.hidden || sound.percents));
            return all.get(sheet).cloned().unwrap_or_default();
        }
        let mut layout = Layout::default();
        if self.sound.kind == Kind::Xls {
            let path = self.path;
            let file = || std::fs::read(path).unwrap_or_default();
            let position = book.position(sheet).unwrap_or(usize::MAX);
            if self.sound.hidden {
                layout = xls_layout::hidden(&file(), position);
            }
            let all = self.xls.get_or_insert_with(|| xls_shown::read(&file()));
            layout.shown = all.get(position).cloned().unwrap_or_default();
        } else if self.sound.hidden {
            layout = xlsx(self.path, sheet).unwrap_or_default();
        }
        if let Book::Xlsx(book) = book {
            // damage is told by the reader of values
            let _ = guarded(|| shown(book, sheet, &mut self.xlsx, &mut layout.shown));
        }
        if self.sound.merged {
            let merged = book.merged(sheet).into_iter();
            layout.merged = merged.map(|area| Area { first: area.start, last: area.end }).collect();
        }
        layout
    }
}

/// Cells of a sheet of an XLSX by their formats; it is read for them only if a style of the workbook has such a format.
fn shown(
    book: &mut Xlsx<Input>,
    sheet: &str,
    known: &mut Option<XlsxStyles>,
    found: &mut ShownNumbers,
) -> Result<(), Damage> {
    if known.as_ref().is_some_and(BTreeMap::is_empty) {
        return Ok(());
    }
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|fault| Damage::of(&fault))?;
    let styles = known.get_or_insert_with(|| xlsx_styles(reader.styles()));
    if styles.is_empty() {
        return Ok(());
    }
    // cells that name no style have the first one
    let is_of_all = styles.contains_key(&0);
    let mut next = || {
        if !is_of_all {
            return reader.next_style_id();
        }
        let cell = reader.next_cell_with_style_id()?;
        Ok(cell.map(|(cell, style)| (cell.get_position().0, cell.get_position().1, style)))
    };
    while let Some((row, column, style)) = next().map_err(|fault| Damage::of(&fault))? {
        if let Some(format) = styles.get(&style) {
            found.add(column, row, row, format);
        }
    }
    Ok(())
}

fn xlsx_styles(styles: &[calamine::Style]) -> XlsxStyles {
    let mut formats: BTreeMap<&str, Option<Arc<NumberFormat>>> = BTreeMap::new();
    let own = styles.iter().enumerate().filter_map(|(id, style)| Some((id, style.number_format.as_ref()?)));
    let changing = own.filter_map(|(id, own)| {
        let format = formats.entry(&own.format_code).or_insert_with(|| {
            let format = NumberFormat::parse(&own.format_code);
            (!format.is_plain()).then(|| Arc::new(format))
        });
        Some((id, Arc::clone(format.as_ref()?)))
    });
    changing.collect()
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
