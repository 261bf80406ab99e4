//! STUB
pub mod raw;
#[derive(Debug, Clone, Default)]
pub struct Options { pub encoding: Option<raw::Encoding>, pub separator: Option<u8> }
pub struct SourceFile { pub path: std::path::PathBuf, pub name: String, pub bytes: u64, pub sha256: String }
pub struct Discovered { pub files: Vec<SourceFile>, pub tables: Vec<raw::FoundTable>, pub findings: Vec<crate::finding::Finding> }
pub fn discover(p: &[std::path::PathBuf], t: &[crate::definitions::record::Table], _o: &Options) -> anyhow::Result<Discovered> {
    let mut d = Discovered { files: vec![], tables: vec![], findings: vec![] };
    let mut names: Vec<_> = std::fs::read_dir(&p[0])?.map(|e| e.unwrap_or_else(|_| panic!()).path()).filter(|p| p.extension().is_some_and(|e| e == "csv")).collect();
    names.sort();
    for path in names {
        let mut r = csv::ReaderBuilder::new().flexible(true).from_path(&path)?;
        let headers: Vec<String> = r.headers()?.iter().map(str::to_owned).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem: String = name.split(['-', '.']).next().unwrap_or_default().to_owned();
        let Some(table) = t.iter().position(|t| t.table == stem) else { continue };
        let columns = t[table].fields.iter().map(|f| headers.iter().position(|h| *h == f.name)).collect();
        d.files.push(SourceFile { path: path.clone(), name: name.clone(), bytes: 0, sha256: String::new() });
        d.tables.push(raw::FoundTable { path, name, sheet: None, table, header_line: 1, headers, columns, format: raw::Format::Csv { encoding: raw::Encoding::Utf8, separator: b',' } });
    }
    Ok(d)
}
pub fn read(f: &raw::FoundTable, _d: &crate::definitions::record::Table, _o: &Options, s: &mut dyn FnMut(&raw::Row<'_>) -> anyhow::Result<()>) -> anyhow::Result<Vec<crate::finding::Finding>> {
    let mut r = csv::ReaderBuilder::new().flexible(true).from_path(&f.path)?;
    let mut rec = csv::StringRecord::new();
    while r.read_record(&mut rec)? {
        let line = rec.position().map_or(0, csv::Position::line);
        let cells: Vec<raw::Raw> = rec.iter().map(|c| if c.is_empty() { raw::Raw::Empty } else { raw::Raw::Text(c) }).collect();
        let fault = (cells.len() != f.headers.len()).then_some(raw::RowFault::Ragged { found: cells.len(), expected: f.headers.len() });
        s(&raw::Row { line, cells: &cells, fault })?;
    }
    Ok(vec![])
}
