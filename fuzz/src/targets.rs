//! What each target does with its bytes; a panic is a fault.

use super::{as_workbook, balance, counted, definitions, folder, placed};
use esep::definitions::Definitions;
use esep::report::wording::word;
use esep::rules::beside::{Beside, Other};
use esep::rules::check;
use esep::sources::Pace;

const TABLES: [&str; 8] = [
    "services.csv",
    "refusals.csv",
    "complaints.csv",
    "control_events.csv",
    "violations.csv",
    "register.csv",
    "training.csv",
    "records.csv",
];

const DEFINITIONS: [&str; 10] = [
    "templates/forms/2-mk.toml",
    "templates/forms/3-mk.toml",
    "templates/findings/ingest.toml",
    "templates/words/explain.toml",
    "templates/analytical/control.toml",
    "templates/phrases.toml",
    "templates/deadlines.toml",
    "schemas/records/services.toml",
    "schemas/codelists/channel.toml",
    "schemas/calendar/2026.toml",
];

/// CSV of any bytes: books balance, and the pass on all processors gives what the reader of single records gives.
pub fn csv(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let name = TABLES[usize::from(first % 8)];
    let folder = placed(name, text);
    let slow = counted(folder.path(), Pace { one_by_one: true, glance_bytes: u64::MAX, ..Pace::default() });
    slow.iter().for_each(balance);
    let block_bytes = 16 + usize::from(first / 8) * 7;
    let fast = Pace { threads: 2, block_bytes, glance_bytes: u64::MAX, ..Pace::default() };
    assert_eq!(slow, counted(folder.path(), fast), "{name}, blocks of {block_bytes} bytes");
}

/// Records planted into a file as people make them: none is lost, none counts twice, nothing else counts.
pub fn planted(data: &[u8]) {
    super::planted::planted(data);
}

/// Parquet of any bytes: counted whole or refused, and the same by the pass and by the reader of single records.
pub fn parquet(data: &[u8]) {
    let name = "services.parquet";
    let folder = placed(name, data);
    let slow = counted(folder.path(), Pace { one_by_one: true, glance_bytes: u64::MAX, ..Pace::default() });
    slow.iter().for_each(balance);
    let fast = Pace { threads: 2, glance_bytes: u64::MAX, ..Pace::default() };
    assert_eq!(slow, counted(folder.path(), fast));
}

/// Header rows of any cells, a line each, with rows of values below: a table is recognised or refused, never half.
pub fn header(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let tables = &definitions().tables;
    let known: Vec<&str> = tables.iter().flat_map(|table| &table.fields).map(|field| field.name.as_str()).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let (mut heads, mut values) = (Vec::new(), Vec::new());
    for (place, cell) in text.lines().enumerate().take(60) {
        let kind = cell.bytes().next().map_or(0, usize::from);
        let field = known[(kind * 7 + place) % known.len()];
        let (head, value) = if kind.is_multiple_of(3) { (cell, field) } else { (field, cell) };
        heads.push(quoted(head));
        values.push(quoted(value));
    }
    let text = format!("{}\n{}\n{}\n", heads.join(","), values.join(","), values.join(","));
    let folder = placed("records.csv", text.as_bytes());
    counted(folder.path(), Pace { one_by_one: true, ..Pace::default() }).iter().for_each(balance);
}

/// Workbooks of records: any bytes as XLSX, XLS, ODS, and any part of a sound archive.
pub fn workbook(data: &[u8]) {
    let Some((name, bytes)) = as_workbook(data) else { return };
    let folder = placed(name, &bytes);
    counted(folder.path(), Pace { one_by_one: true, ..Pace::default() }).iter().for_each(balance);
}

/// Filled forms: any bytes as XLSX, XLS, ODS, and any part of a sound archive, are read, judged and worded.
pub fn form(data: &[u8]) {
    let Some((name, bytes)) = as_workbook(data) else { return };
    let folder = placed(name, &bytes);
    let Ok((forms, findings)) = esep::filed::read::read(&folder.path().join(name), definitions()) else { return };
    for finding in &findings {
        let _ = word(finding, definitions(), None);
    }
    for filed in &forms {
        for finding in &check(filed.form, &filed.cells, &Beside::default()).findings {
            let _ = word(finding, definitions(), Some(filed.form));
        }
    }
}

/// Definitions of any text in place of a shipped one: refused with a reason, or sound.
pub fn changed_definitions(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let folder = folder();
    let path = folder.path().join(DEFINITIONS[usize::from(first % 10)]);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, text).expect("written");
    let _ = Definitions::load(Some(folder.path()));
}

/// `report.json` of any bytes: read and judged, or refused with a reason.
pub fn report(data: &[u8]) {
    let Ok(filed) = esep::filed::stored::read(data, definitions()) else { return };
    let reports = vec![Other::of(&filed, &[])];
    let _ = check(filed.form, &filed.cells, &Beside { reports, ..Beside::default() });
}
