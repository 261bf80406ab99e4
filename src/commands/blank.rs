//! `blank`: empty forms and an empty workbook for records.

use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::Misuse;
use crate::commands::parts::body;
use crate::definitions::Definitions;
use crate::definitions::form::{Form, LineBy};
use crate::render;
use crate::report::{Provenance, Report};
use crate::values::cells::{Cells, Line, LineKey, Party, Value};
use crate::values::period::{Period, Quarter};
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Context, Result};
use chrono::Datelike;
use clap::Args;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;

/// `blank`: which empty forms.
#[derive(Debug, Clone, Default, Args)]
pub struct BlankArgs {
    /// Forms to write; several make several files.
    #[arg(long, value_delimiter = ',', required_unless_present = "records")]
    pub form: Vec<String>,
    /// Also the workbook for records.
    #[arg(long)]
    pub records: bool,
    #[arg(long)]
    pub period: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub organisation: Option<PathBuf>,
    /// Empty lines under each row that has lines.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=500))]
    pub lines: u16,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[arg(long)]
    pub force: bool,
}

/// Providers of an empty 3-mk or 4-mk.
const PROVIDERS: usize = 3;

impl BlankArgs {
    /// Writes the files; their names.
    ///
    /// # Errors
    /// An unknown form, a period outside its editions, an organisation file that cannot be read, an existing output.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<Vec<String>> {
        let period = self.period.as_deref().map(Quarter::parse).transpose().context(Misuse)?;
        let body = self.organisation.as_ref().map(|path| body::read(path, definitions)).transpose();
        let organisation = body.context(Misuse)?.unwrap_or_default();
        let langs = spoken.of_report(&organisation.languages);
        let codes: Vec<&str> = langs.iter().map(|lang| lang.code()).collect();
        let provenance = Provenance::of(definitions);
        let mut staging = Staging::new(&self.out)?;
        for name in self.form.iter().map(|name| definitions.form_meant(name)) {
            let newest = definitions.forms.iter().filter(|form| form.form == name).map(|form| form.valid_from).max();
            let first = newest.map(|day| Quarter { year: day.year(), number: day.month0() / 3 + 1 });
            let quarter = period.or(first).unwrap_or(Quarter { year: 2021, number: 3 });
            let form = definitions.form(name, quarter).context(Misuse)?;
            let cells = cells(form, quarter, usize::from(self.lines));
            let of = Period { quarter, as_of: quarter.day_after() };
            let report = Report::of(definitions, form, of, &organisation, &langs, cells, &provenance);
            let given = period.map(|period| format!("_{period}")).unwrap_or_default();
            let file = staging.file(&format!("{name}{given}_{}.xlsx", codes.join("-")));
            let file = BufWriter::new(File::create(&file).or_halt(|| Halt::writing(&file))?);
            let sheet = render::sheet::build_blank(&report, period.is_some());
            staging.making(name, || render::xlsx::report::write(&sheet, &[], file))?;
        }
        if self.records {
            let file = staging.file(&format!("records_{}.xlsx", codes[0]));
            let workbook = staging.making("records", || render::xlsx::records::write(definitions, langs[0]))?;
            std::fs::write(&file, workbook).or_halt(|| Halt::writing(&file))?;
        }
        staging.publish(self.force, (definitions, spoken.terminal))
    }
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
