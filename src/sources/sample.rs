//! Small tables for the tests of this module.

use crate::definitions::record::Table;
use crate::sources::discover::discover;
use crate::sources::formats::read;
use crate::sources::options::Options;
use crate::sources::raw::{Raw, Row};
use anyhow::Result;
use std::path::Path;

/// `events` (`record_id`, `kind`, `held_on`), `meetings` that requires more, `register` with `any_of`, `twins` like `events`.
///
/// # Panics
/// A table of the sample is not well-formed.
pub fn tables() -> Vec<Table> {
    let field = |name: &str, required: bool, headers: &str| {
        format!(
            "[[field]]\nname = '{name}'\ntype = 'text'\nrequired = {required}\nheaders = {{ kk = [], ru = [{headers}], en = [] }}\nhelp = {{ kk = 'x', ru = 'x', en = 'x' }}\n"
        )
    };
    let table = |name: &str, key: &str, names: &str, extra: &str, fields: &[String]| {
        let text = format!(
            "table = '{name}'\nkey = [{key}]\nnames = {{ kk = [], ru = [{names}], en = [] }}\nbasis = 'x'\n{extra}\n{}",
            fields.concat()
        );
        toml::from_str(&text).unwrap_or_else(|fault| panic!("{fault}"))
    };
    let id = || field("record_id", true, "'Номер записи', '№ записи'");
    let kind = || field("kind", true, "'Вид события'");
    let held = || field("held_on", true, "'Дата приема', 'Дата'");
    let note = || field("note", false, "'Примечание'");
    vec![
        table("events", "'record_id'", "'События'", "", &[id(), kind(), held(), note()]),
        table("meetings", "'record_id'", "'Встречи'", "", &[id(), kind(), held(), field("room", true, "'Комната'")]),
        table(
            "register",
            "'code', 'title', 'since'",
            "'Реестр услуг'",
            "any_of = ['code', 'title']",
            &[field("code", false, "'Код'"), field("title", false, "'Название'"), field("since", true, "'Включено'")],
        ),
        table("twins", "'record_id'", "'Близнецы'", "", &[id(), kind(), held(), field("twin", false, "'Близнец'")]),
    ]
}

/// Findings and rows of a path, each in one line.
pub fn all(path: &Path, options: &Options) -> Result<Vec<String>> {
    let tables = tables();
    let mut found = discover(&[path.to_owned()], &tables, options)?;
    let mut lines: Vec<String> = Vec::new();
    for source in std::mem::take(&mut found.tables) {
        let sheet = source.sheet.as_ref().map(|sheet| format!("[{sheet}]")).unwrap_or_default();
        lines.push(format!("= {}{sheet}:{} {}", source.name, source.header_line, tables[source.table].table));
        let notices = read(&source, &tables[source.table], options, &mut |row| {
            lines.push(print(row));
            Ok(())
        })?;
        found.findings.extend(notices);
    }
    for finding in &found.findings {
        let slots: Vec<&str> = finding
            .slots
            .iter()
            .filter(|(slot, _)| !["kk", "ru", "en"].contains(&slot.rsplit('_').next().unwrap_or_default()))
            .map(|(_, value)| value.as_str())
            .collect();
        let line = finding.place.line.map(|line| format!(":{line}")).unwrap_or_default();
        lines.push(format!("{}{line} {}", finding.name, slots.join(" ")).trim_end().to_owned());
    }
    Ok(lines)
}

fn print(row: &Row<'_>) -> String {
    let cell = |cell: &Raw<'_>| match cell {
        Raw::Empty => String::new(),
        Raw::Text(text) => (*text).to_owned(),
        Raw::Integer(number) => format!("i{number}"),
        Raw::Moment { minutes, timed } => format!("m{minutes}{}", if *timed { "t" } else { "" }),
        other => format!("{other:?}"),
    };
    let cells: Vec<String> = row.cells.iter().map(cell).collect();
    let fault = row.fault.as_ref().map(|fault| format!(" !{fault:?}")).unwrap_or_default();
    format!("{} {}{fault}", row.line, cells.join("|"))
}
