//! `blank`: empty forms and an empty workbook for records.

use crate::commands::out::output::Staging;
use crate::commands::out::status::Misuse;
use crate::definitions::Definitions;
use crate::definitions::form::{Form, LineBy};
use crate::render;
use crate::report::standing::Standing;
use crate::report::{Outcomes, Provenance, Report};
use crate::values::cells::{Cells, Line, LineKey, Party, Value};
use crate::values::period::{Period, Quarter};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::Lang;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct BlankRequest {
    /// Forms to write; several make several files.
    pub forms: Vec<String>,
    /// Also the workbook for records.
    pub records: bool,
    pub period: Option<Quarter>,
    pub organisation: Option<PathBuf>,
    pub langs: Vec<Lang>,
    /// Empty lines under each row that has lines.
    pub lines: usize,
    pub out: PathBuf,
    pub force: bool,
}

/// Providers of an empty 3-mk or 4-mk.
const PROVIDERS: usize = 3;

/// Writes the files; their names.
///
/// # Errors
/// An unknown form, a period outside its editions, an organisation file that cannot be read, an existing output.
pub fn blank(request: &BlankRequest, definitions: &Definitions) -> Result<Vec<String>> {
    let organisation = request
        .organisation
        .as_ref()
        .map(|path| crate::commands::parts::body::read(path, definitions).context(Misuse))
        .transpose()?;
    let of_file = organisation.as_ref().map(|body| body.languages.clone()).unwrap_or_default();
    let given = [&request.langs, &of_file].into_iter().find(|langs| !langs.is_empty());
    let langs = given.cloned().unwrap_or_else(|| vec![Lang::Ru]);
    let organisation = organisation.unwrap_or_default();
    let codes: Vec<&str> = langs.iter().map(|lang| lang.code()).collect();
    let mut staging = Staging::new(&request.out)?;
    for name in &request.forms {
        let newest = definitions.forms.iter().filter(|form| form.form == *name).map(|form| form.valid_from).max();
        let first = newest
            .map(|day| Quarter { year: chrono::Datelike::year(&day), number: chrono::Datelike::month0(&day) / 3 + 1 });
        let quarter = request.period.or(first).unwrap_or(Quarter { year: 2021, number: 3 });
        let form = definitions.form(name, quarter).context(Misuse)?;
        let provenance = Provenance {
            definitions: definitions.digest.clone(),
            version: format!("esep {}", env!("CARGO_PKG_VERSION")),
            ..Provenance::default()
        };
        let report = Report {
            definitions,
            fingerprint: OnceLock::new(),
            form,
            period: Period { quarter, as_of: quarter.day_after() },
            organisation: &organisation,
            unit: None,
            langs: &langs,
            cells: cells(form, quarter, request.lines),
            findings: Vec::new(),
            outcomes: Outcomes::default(),
            ledger: &[],
            provenance: &provenance,
            decisions: BTreeMap::new(),
            standing: Standing::default(),
        };
        let period = request.period.map(|period| format!("_{period}")).unwrap_or_default();
        let file = staging.file(&format!("{name}{period}_{}.xlsx", codes.join("-")));
        let file = BufWriter::new(File::create(&file).or_halt(|| Halt::writing(&file))?);
        render::xlsx::write_blank(&report, request.period.is_some(), file)?;
    }
    if request.records {
        let file = staging.file(&format!("records_{}.xlsx", codes[0]));
        let workbook = render::xlsx::records::write(definitions, langs[0])?;
        std::fs::write(&file, workbook).or_halt(|| Halt::writing(&file))?;
    }
    staging.publish(request.force).context(Misuse)
}

/// The cells of an empty form: leaves are blank, sums of nothing are "-", rows with lines have room for some.
fn cells(form: &Form, quarter: Quarter, room: usize) -> Cells {
    let mut lines = Vec::new();
    for (row, definition) in form.rows.iter().enumerate() {
        let blank = |key: LineKey| Line { row, key, values: vec![Value::Blank; form.grid_of(row).columns.len()] };
        if !definition.lines_only {
            lines.push(blank(LineKey::default()));
        }
        let system = || definition.lines.contains(&LineBy::System).then(String::new);
        let service =
            |provider: Option<Arc<Party>>| LineKey { provider, service: Some(Arc::default()), system: system() };
        if definition.lines.contains(&LineBy::Provider) {
            for _ in 0..PROVIDERS {
                lines.push(blank(LineKey { provider: Some(Arc::default()), ..LineKey::default() }));
                lines.extend((0..room).map(|_| blank(service(Some(Arc::default())))));
            }
        } else if !definition.lines.is_empty() {
            lines.extend((0..room).map(|_| blank(service(None))));
        }
    }
    Cells { quarter, lines }
}
