//! `findings.xlsx`: overview, summary by rule, all findings, and the rejected rows in the sender's columns.

use crate::definitions::Definitions;
use crate::definitions::head_words::HeadWords;
use crate::records::quarantine::Quarantine;
use crate::render::data::findings::Findings;
use crate::render::data::rejected;
use crate::render::data::rejected::Rejects;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::temporary::{pack, saved, workbook};
use crate::report::idle;
use crate::report::wording::Worded;
use crate::report::{LedgerLine, Outcomes, Report};
use crate::words::finding::{Confirmed, Outcome, Severity};
use crate::words::lang::{Lang, Text};
use anyhow::Result;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// Rows of a sheet that are used before the next one is begun; Excel ends at 1,048,576.
const SHEET_ROWS: usize = 1_000_000;

/// Columns of the details: the word of the head and the width in letters.
const DETAILS: [(&str, f64); 22] = [
    ("severity", 15.0),
    ("outcome", 14.0),
    ("code", 22.0),
    ("message", 52.0),
    ("hint", 40.0),
    ("source", 26.0),
    ("sheet", 16.0),
    ("line", 9.0),
    ("field", 18.0),
    ("value", 20.0),
    ("cell", 9.0),
    ("section", 9.0),
    ("row", 9.0),
    ("column", 16.0),
    ("provider", 30.0),
    ("service", 36.0),
    ("system", 20.0),
    ("left", 10.0),
    ("right", 10.0),
    ("difference", 10.0),
    ("basis", 34.0),
    ("confirmed", 40.0),
];

/// By severity and code: how many rows have it, and the place of the first finding.
type ByRule = BTreeMap<(Severity, String), (u64, usize)>;

/// What is said, in one language.
struct Speaker<'d> {
    definitions: &'d Definitions,
    lang: Lang,
    looks: TableFormats,
}

/// Makes the workbook of a file that was checked; `report` is absent where no form could be read from it.
pub fn write_checked(
    file: &str,
    report: Option<&Report<'_>>,
    findings: &[Worded],
    lang: Lang,
    definitions: &Definitions,
) -> Result<Vec<u8>> {
    let speaker = Speaker { definitions, lang, looks: TableFormats::default() };
    let mut workbook = workbook()?;
    // the date of a file is none of its findings: the same file gives the same bytes
    let created = ExcelDateTime::from_ymd(2021, 7, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let mut facts = vec![("source", file.to_owned())];
    if let Some(report) = report {
        facts.extend([
            ("form", report.form.index.get(lang).to_owned()),
            ("period", definitions.printed.when(report.form, report.period.quarter).get(lang).to_owned()),
            ("organisation", report.organisation.name().get(lang).to_owned()),
        ]);
    }
    let outcomes = report.map(|report| report.outcomes).unwrap_or_default();
    speaker.tell(&mut workbook, facts, &Findings::Kept(findings), (outcomes, &[], &[]))?;
    saved(&mut workbook)
}

/// Makes the workbook; rejected rows are read back from the quarantine folder.
pub fn write(
    report: &Report<'_>,
    findings: &Findings<'_>,
    quarantine: Option<&Quarantine>,
    definitions: &Definitions,
) -> Result<Vec<u8>> {
    let lang = report.langs.first().copied().unwrap_or(Lang::Ru);
    let speaker = Speaker { definitions, lang, looks: TableFormats::default() };
    let mut workbook = workbook()?;
    let day = report.period.as_of;
    let created = ExcelDateTime::from_timestamp(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let facts = vec![
        ("form", report.form.index.get(lang).to_owned()),
        ("period", definitions.printed.when(report.form, report.period.quarter).get(lang).to_owned()),
        ("as_of", report.period.as_of.format("%d.%m.%Y").to_string()),
        ("organisation", report.organisation.name().get(lang).to_owned()),
    ];
    let idle = idle::told(report.ledger, report.form, report.period.quarter, definitions);
    speaker.tell(&mut workbook, facts, findings, (report.outcomes, report.ledger, &idle))?;
    if let Some(quarantine) = quarantine.filter(|quarantine| !quarantine.rejected.is_empty()) {
        speaker.rejected(&mut workbook, quarantine, report.ledger)?;
    }
    let rejected = quarantine.map_or(0, |quarantine| quarantine.rejected.len().min(rejected::SHOWN));
    pack(&mut workbook, rejected + findings.count());
    saved(&mut workbook)
}

impl Speaker<'_> {
    /// What to do, and what may have happened.
    fn hint(&self, finding: &Worded) -> String {
        let cause = self.words("likely_cause");
        let causes = finding.causes.iter().map(|found| format!("{cause}: {}", found.message.get(self.lang)));
        std::iter::once(finding.hint.get(self.lang).to_owned()).chain(causes).collect::<Vec<_>>().join("\n")
    }

    fn words(&self, key: &str) -> String {
        self.definitions.words(key).get(self.lang).to_owned()
    }

    /// The sheets that every workbook has.
    fn tell(
        &self,
        workbook: &mut Workbook,
        facts: Vec<(&str, String)>,
        findings: &Findings<'_>,
        books: (Outcomes, &[LedgerLine], &[Text]),
    ) -> Result<()> {
        let mut rules: ByRule = BTreeMap::new();
        for (place, kind) in findings.kinds().enumerate() {
            rules.entry((kind.severity, kind.code)).or_insert((0, place)).0 += kind.rows;
        }
        self.overview(workbook, facts, &rules, books)?;
        self.by_rule(workbook, rules, findings)?;
        self.details(workbook, findings)
    }

    fn overview(
        &self,
        workbook: &mut Workbook,
        mut facts: Vec<(&str, String)>,
        rules: &ByRule,
        (outcomes, ledger, idle): (Outcomes, &[LedgerLine], &[Text]),
    ) -> Result<()> {
        let of = |wanted| {
            let own = rules.iter().filter(|((severity, _), _)| *severity == wanted);
            own.map(|(_, (count, _))| count).sum::<u64>().to_string()
        };
        let widths = [44.0, 44.0, 30.0, 12.0, 13.0, 12.0, 12.0, 18.0];
        let mut table = TextTable::begin(workbook, &self.words("overview"), &widths, &self.looks)?;
        facts.extend([
            ("error", of(Severity::Error)),
            ("warning", of(Severity::Warning)),
            ("notice", of(Severity::Notice)),
            ("holds", outcomes.holds.to_string()),
            ("failed", outcomes.fails.to_string()),
            ("uncheckable", outcomes.cannot_be_checked.to_string()),
        ]);
        for (label, value) in facts {
            table.fact(&self.words(label), &value)?;
        }
        if ledger.is_empty() {
            return Ok(());
        }
        table.gap();
        let heads = ["source", "sheet", "table", "read", "accepted", "duplicates", "quarantined", "feeds_nothing"];
        table.head(&heads.map(|key| self.words(key)))?;
        for line in ledger {
            let table_of = self.definitions.table(&line.table).map(|at| self.definitions.tables[at].names.first());
            let called = table_of.map_or(line.table.clone(), |names| names.get(self.lang).to_owned());
            let words = [line.source.as_str(), line.sheet.as_deref().unwrap_or_default(), called.as_str()];
            table.counts(&words, &[line.read, line.accepted, line.duplicates, line.quarantined, line.feeds_nothing])?;
        }
        if !idle.is_empty() {
            table.gap();
        }
        idle.iter().try_for_each(|kind| table.title(kind.get(self.lang), false))?;
        Ok(())
    }

    fn by_rule(&self, workbook: &mut Workbook, rules: ByRule, findings: &Findings<'_>) -> Result<()> {
        let widths = [15.0, 28.0, 12.0, 60.0, 48.0, 36.0];
        let mut table = TextTable::begin(workbook, &self.words("by_rule"), &widths, &self.looks)?;
        table.head(&["severity", "code", "count", "message", "hint", "basis"].map(|key| self.words(key)))?;
        for ((severity, code), (count, first)) in rules {
            let Some(example) = findings.get(first) else { continue };
            let (severity, count) = (self.severity(severity), count.to_string());
            let (message, hint) = (example.message.get(self.lang), example.hint.get(self.lang));
            let basis = example.cited.get(self.lang);
            table.body(&[&severity, &code, &count, message, hint, basis])?;
        }
        table.finish(false)
    }

    fn details(&self, workbook: &mut Workbook, findings: &Findings<'_>) -> Result<()> {
        let name = self.words("details");
        let mut findings = findings.each().peekable();
        for part in 0.. {
            let widths = DETAILS.map(|(_, width)| width);
            let mut table = TextTable::begin(workbook, &numbered(&name, part), &widths, &self.looks)?;
            table.head(&DETAILS.map(|(key, _)| self.words(key)))?;
            for finding in findings.by_ref().take(SHEET_ROWS) {
                table.body(&self.detail(&finding))?;
            }
            table.finish(true)?;
            if findings.peek().is_none() {
                break;
            }
        }
        Ok(())
    }

    fn detail(&self, finding: &Worded) -> [String; 22] {
        let place = &finding.place;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = |value: Option<i64>| value.map(|number| number.to_string()).unwrap_or_default();
        let party = |code: &Option<String>, name: &Option<String>| [text(code), text(name)].join(" ").trim().to_owned();
        [
            self.severity(finding.severity),
            self.words(if finding.outcome == Outcome::CannotBeChecked { "cannot_be_checked" } else { "fails" }),
            finding.code.clone(),
            finding.message.get(self.lang).to_owned(),
            self.hint(finding),
            text(&place.source),
            text(&place.sheet),
            place.line.map(|line| line.to_string()).unwrap_or_default(),
            text(&place.field),
            text(&place.value),
            text(if finding.cells.is_some() { &finding.cells } else { &place.cell }),
            text(&place.section),
            text(&place.row),
            text(&place.column),
            party(&place.provider_bin, &place.provider_name),
            party(&place.service_code, &place.service_name),
            text(&place.information_system),
            number(finding.left),
            number(finding.right),
            number(finding.difference),
            finding.cited.get(self.lang).to_owned(),
            finding.confirmed.as_ref().map(|confirmed| self.confirmed(confirmed)).unwrap_or_default(),
        ]
    }

    /// Reason, person and date.
    fn confirmed(&self, confirmed: &Confirmed) -> String {
        let slots = [("reason", &confirmed.reason), ("person", &confirmed.person), ("date", &confirmed.date)];
        let slots = slots.map(|(slot, value)| (slot.to_owned(), value.clone()));
        self.definitions.words("confirmed_by").fill(&slots).get(self.lang).to_owned()
    }

    fn severity(&self, severity: Severity) -> String {
        self.words(match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        })
    }

    /// Rejected rows, source by source: place and reasons, and of their values those that may be shown.
    fn rejected(&self, workbook: &mut Workbook, quarantine: &Quarantine, ledger: &[LedgerLine]) -> Result<()> {
        let heads = ["source", "sheet", "line", "field", "reason"].map(|key| self.words(key));
        let name = self.words("rejected");
        let mut part = 0;
        let mut table = TextTable::begin(workbook, &name, &[26.0, 16.0, 8.0, 18.0, 52.0], &self.looks)?;
        if quarantine.rejected.len() > rejected::SHOWN {
            let count = [("count".to_owned(), quarantine.rejected.len().to_string())];
            let told = self.definitions.words("rejected_elsewhere").fill(&count);
            return table.title(told.get(self.lang), false);
        }
        let rejects = Rejects { quarantine, ledger, definitions: self.definitions, lang: self.lang };
        let words = LazyCell::new(|| HeadWords::new(&self.definitions.tables));
        let mut last = None;
        for row in quarantine.rows()? {
            let row = row?;
            if last.replace(row.source) != Some(row.source) {
                let of = |source: usize| quarantine.rejected.partition_point(|rejected| rejected.source < source);
                let rows = of(row.source + 1) - of(row.source);
                if table.rows() > 0 {
                    table.gap();
                }
                if table.rows() > 0 && table.rows() as usize + rows >= SHEET_ROWS {
                    part += 1;
                    table.turn(&numbered(&name, part))?;
                }
                let own = quarantine.head(row.source).map(|head| rejects.headers(head, &words)).unwrap_or_default();
                table.head(&[&heads[..], &own].concat())?;
            }
            let (place, values) = rejects.told(&row);
            table.body(&[&place[..], &values].concat())?;
        }
        Ok(())
    }
}

fn numbered(name: &str, part: usize) -> String {
    if part == 0 { name.to_owned() } else { format!("{name} {}", part + 1) }
}
