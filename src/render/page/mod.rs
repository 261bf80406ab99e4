//! `review.html`: one page that opens from disk, with the form, its findings, charts, ledger and units.
//!
//! The data stand in the page as JSON that cannot end its element; style and script are allowed by their hashes,
//! and nothing else may be loaded or run.

pub mod texts;
pub mod board;
pub mod checks;
pub mod findings;
pub mod form;
pub mod law;

use crate::definitions::Definitions;
use crate::facts::first::FirstRecords;
use crate::filed::earlier::Earlier;
use crate::filed::form::Filed;
use crate::render::data::findings::Findings;
use crate::render::data::json;
use crate::render::page::board::{Member, Tile};
use crate::render::page::checks::PageChecks;
use crate::render::page::findings as html_findings;
use crate::render::page::findings::{LinePlaces, PageFindings, Unsettled};
use crate::render::page::form::PageForm;
use crate::render::page::law::Law;
use crate::render::page::texts::Texts;
use crate::render::sheet::{FormSheet, build_in};
use crate::report::idle;
use crate::report::stored::StoredCounts;
use crate::report::wording::Worded;
use crate::report::{LedgerLine, Provenance, Report};
use crate::values::cells::Value;
use crate::words::lang::{ByLang, Lang, Text};
use anyhow::Result;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// More lines than this are not shown; `cells.csv` has them.
pub const LINES: usize = 5_000;
/// More findings than this are not shown; `findings.xlsx` has them.
pub const FINDINGS: usize = 5_000;

const PAGE: &str = include_str!("../../../templates/review/page.html");
const STYLES: [&str; 3] = [
    include_str!("../../../templates/review/page.css"),
    include_str!("../../../templates/review/form.css"),
    include_str!("../../../templates/review/parts.css"),
];
/// In the order in which they build on each other.
const SCRIPTS: [&str; 10] = [
    include_str!("../../../templates/review/model.js"),
    include_str!("../../../templates/review/element.js"),
    include_str!("../../../templates/review/filter.js"),
    include_str!("../../../templates/review/form.js"),
    include_str!("../../../templates/review/cell.js"),
    include_str!("../../../templates/review/findings.js"),
    include_str!("../../../templates/review/chart.js"),
    include_str!("../../../templates/review/charts.js"),
    include_str!("../../../templates/review/board.js"),
    include_str!("../../../templates/review/page.js"),
];

/// Words that the page shares with other outputs.
const SHARED: [&str; 35] = [
    "accepted",
    "as_of",
    "basis",
    "cell",
    "code",
    "column",
    "confirmed",
    "count",
    "difference",
    "duplicates",
    "error",
    "failed",
    "feeds_nothing",
    "field",
    "hint",
    "holds",
    "ledger",
    "left",
    "line",
    "notice",
    "provider",
    "quarantined",
    "read",
    "recounted",
    "right",
    "row",
    "section",
    "service",
    "sheet",
    "source",
    "table",
    "total",
    "uncheckable",
    "value",
    "warning",
];

/// Everything the page shows.
#[derive(Serialize)]
struct ReviewPage<'a> {
    version: u32,
    lang: &'static str,
    form: &'a str,
    edition: &'a str,
    index: usize,
    title: usize,
    organisation: usize,
    bin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    period: usize,
    as_of: String,
    monthly: bool,
    /// Whether the records of its cells are known.
    traced: bool,
    /// The quarter before, where its report was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<usize>,
    basis: usize,
    deadline_basis: usize,
    words: BTreeMap<&'a str, usize>,
    #[serde(flatten)]
    law: Law<'a>,
    #[serde(flatten)]
    sheet: PageForm<'a>,
    #[serde(flatten)]
    checks: PageChecks<'a>,
    #[serde(flatten)]
    findings: PageFindings<'a>,
    counts: StoredCounts,
    verdict: Unsettled,
    /// Headers of the fields that findings name.
    fields: BTreeMap<&'a str, usize>,
    ledger: &'a [LedgerLine],
    /// What of the records is not in the form, and why.
    idle: Vec<usize>,
    /// Names of the tables of records, by their id.
    tables_of_records: BTreeMap<&'a str, usize>,
    provenance: &'a Provenance,
    board: Vec<Tile<'a>>,
    limits: Limits,
    texts: Texts,
}

/// How much of a large report the page shows.
#[derive(Serialize)]
struct Limits {
    lines: [usize; 2],
    findings: [usize; 2],
}

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub report: &'a Report<'a>,
    /// The form as it was laid out for other files of the report.
    pub own: Option<&'a FormSheet<'a>>,
    /// Its findings in words.
    pub findings: &'a [Worded],
    /// The units whose reports it stands for.
    pub board: &'a [Member<'a>],
    /// Earlier reports to compare with.
    pub earlier: &'a [&'a Filed<'a>],
    /// The first records of its cells, by line and column; absent where they are not known.
    pub records: Option<&'a BTreeMap<(usize, usize), FirstRecords>>,
    pub definitions: &'a Definitions,
}

/// Writes the page of a report.
///
/// # Errors
/// The target cannot be written, or the theme inside the binary is not well-formed.
pub fn write(subject: Subject<'_>, mut target: impl Write) -> Result<()> {
    let Subject { report, definitions, .. } = subject;
    let data = data(subject)?;
    let (style, script) = (STYLES.concat(), format!("(() => {{\n\"use strict\";\n{}}})();\n", SCRIPTS.concat()));
    let lang = report.langs.first().copied().unwrap_or(Lang::Ru);
    let title =
        format!("{} {} – {}", report.form.index.get(lang), report.period.quarter, report.organisation.name().get(lang));
    let slots = [
        ("lang", lang.code().to_owned()),
        ("title", escape(&title)),
        ("policy", policy(&style, &script)),
        ("style", style),
        ("noscript", escape(&definitions.words("review_noscript").join(&Lang::ALL))),
        ("data", data),
        ("script", script),
    ];
    let mut rest = PAGE;
    for (slot, value) in &slots {
        let mark = format!("{{{{{slot}}}}}");
        let Some((before, after)) = rest.split_once(&mark) else {
            anyhow::bail!("templates/review/page.html: no {mark}")
        };
        target.write_all(before.as_bytes())?;
        target.write_all(value.as_bytes())?;
        rest = after;
    }
    target.write_all(rest.as_bytes())?;
    target.flush()?;
    Ok(())
}

/// The page's data as JSON that may stand inside a script element.
fn data(subject: Subject<'_>) -> Result<String> {
    let Subject { report, own, findings, board, earlier, records, definitions } = subject;
    let mut texts = Texts::default();
    let made: ByLang<OnceCell<FormSheet<'_>>> = Default::default();
    let sheets: ByLang<&FormSheet<'_>> = std::array::from_fn(|nth| {
        let lang = Lang::ALL[nth];
        match own.filter(|own| own.printer.langs == [lang]) {
            Some(own) => own,
            None => made[nth].get_or_init(|| build_in(report, &[lang])),
        }
    });
    let sheet = sheets[Lang::Ru as usize];
    let none = BTreeMap::new();
    let known = LinePlaces::new(report);
    let at: Vec<Option<(usize, usize)>> = findings.iter().map(|finding| known.of(finding, report)).collect();
    let marked: BTreeSet<usize> = at.iter().flatten().map(|(line, _)| *line).collect();
    let kept = form::kept(sheet, &marked, LINES);
    let places: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(place, line)| (*line, place)).collect();
    let printed = sheet.strips.iter().filter(|strip| strip.line().is_some()).count();
    let form = report.form;
    let earlier = Earlier::find(form, report.unit.as_ref(), report.period.quarter, earlier.iter().copied());
    let before = before(report, earlier.as_ref(), &kept);
    let by_cause = html_findings::findings(report, findings, &at, &places, FINDINGS, definitions, &mut texts);
    let page = ReviewPage {
        version: 1,
        lang: report.langs.first().copied().unwrap_or(Lang::Ru).code(),
        form: &form.form,
        edition: &form.edition,
        index: texts.id(&form.index),
        title: crate::definitions::form::Form::label(&form.head, "data_title").map_or(0, |title| texts.id(title)),
        organisation: texts.id(&report.organisation.name()),
        bin: &report.organisation.bin,
        unit: report.unit.as_ref().map(|unit| unit.label().to_owned()),
        period: texts.id(&sheet.printer.period(report.period.quarter)),
        as_of: report.period.as_of.to_string(),
        monthly: form.monthly,
        traced: records.is_some(),
        before: earlier.map(|earlier| texts.id(&sheet.printer.period(earlier.quarter()))),
        basis: texts.id(&definitions.citations.say(&form.basis)),
        deadline_basis: texts.id(&definitions.citations.say(&form.deadline_basis)),
        words: words(definitions, &mut texts),
        law: law::law(form, report.period.quarter, &sheet.printer, definitions, &mut texts),
        sheet: form::form(&sheets, &kept, &before, records.unwrap_or(&none), &mut texts),
        checks: checks::checks(sheet, &places, definitions, &mut texts),
        limits: Limits { lines: [kept.len(), printed], findings: [by_cause.findings.len(), findings.len()] },
        findings: by_cause,
        verdict: Unsettled::of(findings, definitions),
        fields: html_findings::fields(findings, definitions, &mut texts),
        counts: json::counts(&Findings::Kept(findings), report.outcomes),
        ledger: report.ledger,
        idle: idle::told(report.ledger, form, report.period.quarter, definitions)
            .iter()
            .map(|text| texts.id(text))
            .collect(),
        tables_of_records: tables(report, definitions, &mut texts),
        provenance: report.provenance,
        board: board::tiles(board, &mut texts),
        texts,
    };
    Ok(embed(&serde_json::to_string(&page)?))
}

/// Values of the same cells in the quarter before, for lines that the page keeps.
fn before(
    report: &Report<'_>,
    earlier: Option<&Earlier<'_>>,
    kept: &BTreeSet<usize>,
) -> BTreeMap<usize, Vec<Option<Value>>> {
    let Some(earlier) = earlier else { return BTreeMap::new() };
    let values = |place: &usize| {
        let line = &report.cells.lines[*place];
        let columns = (0..line.values.len()).map(|column| earlier.value(report.form, line, column));
        (*place, columns.collect())
    };
    kept.iter().map(values).collect()
}

/// Names of the tables in the ledger.
fn tables<'a>(report: &Report<'_>, definitions: &'a Definitions, texts: &mut Texts) -> BTreeMap<&'a str, usize> {
    let used: BTreeSet<&str> = report.ledger.iter().map(|line| line.table.as_str()).collect();
    let known = definitions.tables.iter().filter(|table| used.contains(table.table.as_str()));
    known.map(|table| (table.table.as_str(), texts.id(&table.names.first()))).collect()
}

/// The page's own words by their short keys, and the shared ones.
fn words<'a>(definitions: &'a Definitions, texts: &mut Texts) -> BTreeMap<&'a str, usize> {
    let own = definitions.words.iter().filter_map(|(key, text)| Some((key.strip_prefix("review_")?, text)));
    let shared = SHARED.into_iter().map(|key| (key, definitions.words(key)));
    let all: Vec<(&str, &Text)> =
        shared.chain(own).filter(|(key, _)| *key != "noscript" && !key.starts_with("flag_")).collect();
    all.into_iter().map(|(key, text)| (key, texts.id(text))).collect()
}

/// JSON in which no text can end the element or, in an older script, the line.
fn embed(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// Text as HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "<br>")
}

/// What the page may load and run: its own style and script, and nothing else.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}
