//! Every file is looked at once, and its tables are found.

use crate::sources::columnar;
use crate::sources::database;
use crate::sources::files;
use crate::sources::formats;
use crate::sources::found::{Discovered, SourceFile};
use crate::sources::judgement;
use crate::sources::mapped;
use crate::sources::mends_settled;
use crate::sources::nature;
use crate::sources::options::Options;
use crate::sources::origin::Origin;
use crate::sources::repeated_file;
use crate::sources::text::encoding;
use crate::sources::text::quotes;
use crate::sources::text::separator;

use crate::sources::packed::{Fault as PackFault, Unpacked};
use crate::sources::text::separator::label as separator_label;

use crate::definitions::record::Table;
use crate::sources::files::{Listed, Listing, Promise};
use crate::sources::header::{Heads, Verdict};
use crate::sources::own;
use crate::sources::raw::{Format, FoundTable, Signs, Supplied};
use crate::sources::text::encoding::Look;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Findings about a text in which nothing is like a table.
const UNLIKE: [&str; 4] = ["header_not_found", "file_not_text", "encoding_unknown", "encoding_wrong"];

/// Finds the tables in files and folders; the order in which these are given changes nothing.
///
/// # Errors
/// A path does not exist, or a file cannot be read.
pub fn discover(paths: &[PathBuf], tables: &[Table], options: &Options) -> Result<Discovered> {
    let Listing { files: mut listed, findings, passed } = files::list(paths)?;
    listed.retain(|file| !options.mends.as_ref().is_some_and(|mends| mends.stand_in(&file.path)));
    let mapping = options.mapping.as_ref().map(|used| &used.mapping);
    let heads = Heads::new(tables, mapping);
    let mut discovered = Discovered { passed, findings, ..Discovered::default() };
    for file in listed {
        let unreadable = || Halt::reading(&file.name);
        if formats::is_columnar(&file.path).or_halt(unreadable)? {
            look_at_parquet(&file, &heads, options, &mut discovered).or_halt(unreadable)?;
            continue;
        }
        let glanced = glance(&file, options).or_halt(unreadable)?;
        let before = discovered.findings.len();
        let mut found = None;
        if let Some(look) = &glanced {
            let tables_of = examine(&file, look, &heads, options, &mut discovered.findings).or_halt(unreadable)?;
            let tables_of = tables_of.unwrap_or_default();
            let is_result = |table: &FoundTable| tables[table.table].is_result();
            let has_mends = options.mends.as_ref().is_some_and(|mends| mends.concern(&file.name));
            // what a mapping supplies or a mend changes is read row by row
            let has_short_days = |table: &FoundTable| database::has_short_days(mapping, &tables[table.table]);
            let is_plain = |table: &FoundTable| {
                let is_changed = has_mends || has_short_days(table);
                is_result(table) && table.is_plain() && !is_changed && !table.is_backslashed()
            };
            found = Some(tables_of).filter(|found| !found.is_empty() && found.iter().all(is_plain));
        }
        if let (Some(look), Some(found)) = (&glanced, found) {
            discovered.files.push(SourceFile {
                path: file.path.clone(),
                name: file.name.clone(),
                bytes: look.bytes,
                sha256: String::new(),
            });
            discovered.tables.extend(found);
            continue;
        }
        discovered.findings.truncate(before);
        let (look, source) = look_whole(&file, options, &mut discovered.findings).or_halt(unreadable)?;
        discovered.files.push(source);
        let Some(look) = look else { continue };
        let before = discovered.findings.len();
        let examined = examine(&file, &look, &heads, options, &mut discovered.findings).or_halt(unreadable)?;
        let Some(found) = examined else {
            discovered.files.pop();
            continue;
        };
        if found.is_empty() {
            say_what_it_is(&file, &look, before, &mut discovered.findings).or_halt(unreadable)?;
        }
        discovered.tables.extend(found);
    }
    drop_unnumbered(&mut discovered);
    database::settle(&mut discovered, tables, mapping);
    mends_settled::settle(&mut discovered, tables, options);
    repeated_file::part(&mut discovered)?;
    if let Some(mapping) = mapping {
        let about = mapped::about(mapping, &heads.met(), &discovered, tables);
        discovered.findings.extend(about);
    }
    Ok(discovered)
}

/// Rejected rows that a person changed and whose numbers are their places: nobody can tell them from the rows they were
/// taken from, so they are not read, and mends are asked for.
fn drop_unnumbered(discovered: &mut Discovered) {
    let Discovered { tables, findings, .. } = discovered;
    tables.retain(|table| {
        let folder = table.path.parent().unwrap_or(Path::new(""));
        let is_numbered = table.supplied.values().any(|supplied| *supplied == Supplied::Place);
        let is_rejected = is_numbered && !own::written(folder).is_empty();
        if is_rejected {
            let place = Place { source: Some(table.name.clone()), ..Place::default() };
            findings.push(Finding::new("rejected_unnumbered", place));
        }
        !is_rejected
    });
}

/// Nothing in a file is like a table, its name alone says that it should be one.
fn is_named(finding: &Finding) -> bool {
    finding.name == "table_unknown" && finding.place.line.is_none()
}

/// That a file is no table that can be read: with its kind, where that is known.
fn say_what_it_is(file: &Listed, look: &Look, before: usize, findings: &mut Vec<Finding>) -> std::io::Result<()> {
    let unread = ["workbook_unreadable", "parquet_unreadable", "file_ignored"];
    // a workbook that was opened is one, whatever stands in it
    let is_binary = look.head.starts_with(b"PK") || look.head.starts_with(b"\xD0\xCF\x11\xE0");
    let is_unlike = |finding: &Finding| UNLIKE.contains(&finding.name) || is_named(finding);
    let is_told = |finding: &Finding| unread.contains(&finding.name) || !is_binary && is_unlike(finding);
    if findings[before..].iter().any(is_told)
        && let Some(format) = nature::of(&file.path)?
    {
        let place = Place { source: Some(file.name.clone()), ..Place::default() };
        findings.truncate(before);
        findings.push(nature::told(format, place));
    }
    Ok(())
}

/// A large file is proved and gets its fingerprint while it is read, when all of it is services or refusals.
fn look_at_parquet(
    file: &Listed,
    heads: &Heads<'_>,
    options: &Options,
    discovered: &mut Discovered,
) -> std::io::Result<()> {
    let bytes = std::fs::metadata(&file.path)?.len();
    let origin = Origin { path: &file.path, name: &file.name, bytes };
    let has_mends = options.mends.as_ref().is_some_and(|mends| mends.concern(&file.name));
    let is_large = !options.pace.one_by_one && !has_mends && bytes >= options.pace.glance_bytes;
    let before = discovered.findings.len();
    let mut found = columnar::discover(&origin, heads, options, !is_large, &mut discovered.findings)?;
    let is_glanced = is_large && !found.is_empty() && found.iter().all(|found| heads.table(found.table).is_result());
    if is_large && !is_glanced {
        discovered.findings.truncate(before);
        found = columnar::discover(&origin, heads, options, true, &mut discovered.findings)?;
    }
    let sha256 = if is_glanced { String::new() } else { crate::values::digest::sha256(File::open(&file.path)?)? };
    discovered.files.push(SourceFile { path: file.path.clone(), name: file.name.clone(), bytes, sha256 });
    discovered.tables.extend(found);
    Ok(())
}

/// Reads all of a file. Packed text that is torn or comes to too much is a finding.
fn look_whole(
    file: &Listed,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> std::io::Result<(Option<Look>, SourceFile)> {
    let text = Unpacked::open(&file.path, &options.bounds)?;
    let is_packed = text.is_packed();
    let mut source = SourceFile { path: file.path.clone(), name: file.name.clone(), bytes: 0, sha256: String::new() };
    let looked = encoding::look(text);
    if is_packed {
        source.bytes = std::fs::metadata(&file.path)?.len();
        source.sha256 = crate::values::digest::sha256(File::open(&file.path)?)?;
    }
    match looked {
        Ok(look) => {
            if !is_packed {
                (source.bytes, source.sha256) = (look.bytes, look.sha256.clone());
            }
            Ok((Some(look), source))
        }
        Err(error) => {
            let place = Place { source: Some(file.name.clone()), ..Place::default() };
            findings.push(match PackFault::of(&error) {
                Some(PackFault::Broken { text, reason }) => {
                    Finding::new("packed_broken", place).with("text", text).with("reason", reason)
                }
                Some(PackFault::Expands { bound, .. }) => {
                    Finding::new("packed_too_large", place).with("bytes", source.bytes).with("bound", bound)
                }
                Some(PackFault::Parquet { .. }) | None => return Err(error),
            });
            Ok((None, source))
        }
    }
}

/// A large file that is perhaps UTF-8 throughout; what is wrong with a packed one is left to a look at the whole.
fn glance(file: &Listed, options: &Options) -> std::io::Result<Option<Look>> {
    let bytes = std::fs::metadata(&file.path)?.len();
    if options.encoding.is_some() || options.pace.one_by_one || bytes < options.pace.glance_bytes {
        return Ok(None);
    }
    match Unpacked::open(&file.path, &options.bounds).and_then(|text| encoding::glance(text, bytes)) {
        Err(error) if PackFault::of(&error).is_some() => Ok(None),
        glanced => glanced,
    }
}

/// The content decides what a file is; its extension only says what was meant. `None`: it is ours, and no source.
fn examine(
    file: &Listed,
    look: &Look,
    heads: &Heads<'_>,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<Option<Vec<FoundTable>>> {
    let origin = Origin { path: &file.path, name: &file.name, bytes: look.bytes };
    // the answered questions by which this run reads
    if options.mapping.as_ref().is_some_and(|used| used.sha256 == look.sha256) {
        return Ok(None);
    }
    if let Some(tables) = formats::tables(&origin, &look.head, heads, options, findings) {
        return tables;
    }
    if look.is_blank() {
        findings.push(Finding::new("file_empty", origin.place()));
        return Ok(Some(Vec::new()));
    }
    let mut own = Vec::new();
    let table = text(&origin, look, heads, options, &mut own)?;
    let is_other = table.is_none() && own.iter().all(|finding| UNLIKE.contains(&finding.name) || is_named(finding));
    match files::promise(&file.path) {
        // exports of tables in text, named as workbooks, are common; anything else is no workbook
        Promise::Workbook if is_other => {
            findings.push(Finding::new("workbook_unreadable", origin.place()).with("reason", "not a workbook"));
        }
        Promise::Parquet if is_other => {
            findings.push(Finding::new("parquet_unreadable", origin.place()).with("reason", "not a Parquet file"));
        }
        Promise::PerhapsText if is_other && !file.explicit && !own.iter().any(is_named) => {
            findings.push(Finding::new("file_ignored", origin.place()));
        }
        _ => findings.append(&mut own),
    }
    Ok(Some(table.into_iter().collect()))
}

fn text(
    origin: &Origin<'_>,
    look: &Look,
    heads: &Heads<'_>,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<Option<FoundTable>> {
    let Some(encoding) = encoding::find(look, options.encoding, &origin.place(), findings) else { return Ok(None) };
    let mapped = separator::mapped(origin, encoding, options, heads)?;
    let heads = mapped.as_ref().unwrap_or(heads);
    if let Some(finding) = heads.left_out(&origin.place()) {
        findings.push(finding);
        return Ok(None);
    }
    let choice = separator::find(origin.path, encoding, options, heads, &[origin.stem()])?;
    match choice.verdict {
        Verdict::Found(found) => {
            findings.extend(judgement::about(heads, &found, &origin.place(), false));
            let backslash =
                look.has_backslash() && quotes::are_backslashed(origin.path, encoding, choice.separator, options)?;
            if backslash {
                findings.push(Finding::new("quotes_backslash", origin.place()));
            }
            let format = Format::Csv { encoding, signs: Signs { backslash, ..choice.separator.into() } };
            return Ok(origin.table(found, None, format, options, findings));
        }
        Verdict::Ambiguous { line, tables } => {
            findings.push(judgement::ambiguous(heads, line, &tables, &origin.place()));
        }
        Verdict::Unknown(near) => findings.push(match choice.better {
            Some(better) => Finding::new("separator_wrong", origin.place())
                .with("given", separator_label(choice.separator))
                .with("better", separator_label(better)),
            None => judgement::unknown(heads, near.as_ref(), &origin.place()),
        }),
    }
    Ok(None)
}
