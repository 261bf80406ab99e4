//! What the analytical report is made from, and what it must ask people.

use crate::analytical::figures::figure::Figures;
use crate::analytical::figures::testimony::Testimony;
use crate::analytical::figures::units::{Member, answers};
use crate::body::narrative::{Attachment, Known, Narrative};
use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Owed, Section};
use crate::definitions::dimension::{SETS, TOLD};
use crate::definitions::form::Form;
use crate::definitions::sieve::Sieve;
use crate::definitions::slot;
use crate::facts::wordings::kept::OTHER;
use crate::filed::form::Filed;
use crate::report::Report;
use crate::report::testified::{SectionTold, Testified, WordsTold};
use crate::values::cells::Cells;
use crate::words::finding::{Finding, Place};
use crate::words::lang::Text;

/// Everything that the analytical report of one form is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    pub definitions: &'a Definitions,
    pub report: &'a Report<'a>,
    /// What the records say beside the cells.
    pub testimony: Testimony<'a>,
    /// The units that the report stands for, in their order.
    pub units: &'a [Member<'a>],
    pub earlier: &'a [Filed<'a>],
    pub narrative: &'a Narrative,
    /// `None`: no folder was given.
    pub attachments: Option<&'a [Attachment]>,
    /// Units of a consolidated report that do not say how many deadlines they do not know.
    pub silent_of_terms: usize,
}

impl Material<'_> {
    /// The report was made of reports.
    pub fn is_consolidated(&self) -> bool {
        self.report.standing.consolidated.is_some()
    }
}

/// What `report.json` holds beside the cells: the words of people, and the causes and measures that sections ask for.
pub fn testified(
    definitions: &Definitions,
    report: &Report<'_>,
    narrative: &Narrative,
    testimony: Testimony<'_>,
) -> Testified {
    let own = testimony.counts(report.cells.quarter);
    let counts = TOLD.iter().filter_map(|(name, _)| Some(((*name).to_owned(), *own.get(name)?))).collect();
    let Some(template) = template(definitions, report.form) else { return Testified::default() };
    let told = template.sections().map(|section| {
        let text = Text::by(|lang| narrative.text(&section.id, lang).unwrap_or_default());
        let words = section.asks.iter().flat_map(|asked| {
            let rows: Vec<String> = asked.of.split('+').map(str::to_owned).collect();
            let sieves = sieves(report.form, definitions, &rows);
            let passes = |set: usize, class| sieves.iter().any(|(of, sieve)| *of == set && sieve.passes(class));
            let groups = testimony.texts.groups(&asked.fields, testimony.unit, passes);
            let field = asked.fields.first().cloned().unwrap_or_default();
            let kept = groups.into_iter().filter(|group| group.count > 0 && group.text != OTHER).take(WORDINGS);
            kept.map(move |group| WordsTold { field: field.clone(), text: group.text, count: group.count })
        });
        let told = text != Text::NONE;
        SectionTold { section: section.id.clone(), text: told.then_some(text), words: words.collect() }
    });
    Testified { counts, sections: told.filter(|told| told.text.is_some() || !told.words.is_empty()).collect() }
}

/// Wordings of a field that a report hands on; the rest stands in the report of the unit.
const WORDINGS: usize = 12;

/// The template of the analytical report of a form.
pub fn template<'d>(definitions: &'d Definitions, form: &Form) -> Option<&'d Analytical> {
    definitions.analyticals.iter().find(|report| report.forms.contains(&form.form))
}

/// Sections that people may tell about, for the forms of a run.
pub fn sections<'d>(definitions: &'d Definitions, forms: &[&Form]) -> Vec<Known<'d>> {
    let asked = |report: &&Analytical| forms.iter().any(|form| report.forms.contains(&form.form));
    let reports = definitions.analyticals.iter().filter(asked);
    let numbered = reports.flat_map(Analytical::numbered);
    numbered.map(|(number, section)| Known { id: &section.id, number, title: &section.title }).collect()
}

/// Whether data or people answer a section: numbers answer for numbers, and only words for causes and measures.
pub fn is_answered(
    section: &Section,
    figures: &Figures<'_>,
    narrative: &Narrative,
    (testimony, definitions): (Testimony<'_>, &Definitions),
    units: &[Member<'_>],
) -> bool {
    let told_by = |member: &Member<'_>| answers(member, section, figures.form);
    if units.iter().any(|member| member.testified.is_some()) && units.iter().all(told_by) {
        return true;
    }
    let number = |of: &String| slot::terms(of).ok().and_then(|terms| figures.of(&terms));
    let told = |asked: &Owed| {
        let rows: Vec<String> = asked.of.split('+').map(str::to_owned).collect();
        let sieves = sieves(figures.form, definitions, &rows);
        let passes = |set: usize, class| sieves.iter().any(|(of, sieve)| *of == set && sieve.passes(class));
        number(&asked.of).is_none_or(|figure| figure.number() == 0)
            || testimony.texts.groups(&asked.fields, testimony.unit, passes).iter().any(|group| group.count > 0)
    };
    narrative.is_told(&section.id)
        || section.answered_by.iter().any(|of| number(of).is_some()) && section.asks.iter().all(told)
}

/// Filters of the rows that count records, or of those that a row sums.
pub fn sieves(form: &Form, definitions: &Definitions, rows: &[String]) -> Vec<(usize, Sieve)> {
    let mut sieves = Vec::new();
    let mut open: Vec<&String> = rows.iter().collect();
    while let Some(row) = open.pop() {
        if let Some((_, set)) = TOLD.iter().find(|(name, _)| name == row) {
            sieves.extend(Sieve::new(*set, &[], definitions).map(|sieve| (*set, sieve)));
            continue;
        }
        let Some(row) = form.row_position(row).map(|place| &form.rows[place]) else { continue };
        open.extend(&row.sum);
        let set = row.facts.as_ref().and_then(|facts| SETS.iter().position(|set| set.name == facts));
        let sieve = set.and_then(|set| Some((set, Sieve::new(set, &[&row.filter], definitions)?)));
        sieves.extend(sieve);
    }
    sieves
}

/// A finding for each section that neither data nor people answer.
pub fn open_questions(
    definitions: &Definitions,
    form: &Form,
    cells: &Cells,
    narrative: &Narrative,
    testimony: Testimony<'_>,
    units: &[Member<'_>],
) -> Vec<Finding> {
    let figures = Figures::new(form, cells).telling(testimony.counts(cells.quarter));
    let Some(report) = template(definitions, form) else { return Vec::new() };
    let open = report
        .numbered()
        .filter(|(_, section)| !is_answered(section, &figures, narrative, (testimony, definitions), units));
    open.map(|(number, section)| {
        let place = Place { form: Some(form.form.clone()), ..Place::default() };
        let (title, ask) = (&section.title, &section.ask);
        let finding = Finding::new("open_question", place).with("section", &section.id);
        finding.with_text("number", &Text::by(|_| number.clone())).with_text("title", title).with_text("ask", ask)
    })
    .collect()
}

/// A finding for each attached file of which nobody says what document it is.
pub fn undescribed(narrative: &Narrative, attachments: Option<&[Attachment]>) -> Vec<Finding> {
    let bare = attachments.into_iter().flatten().filter(|file| narrative.described(&file.name).is_none());
    bare.map(|file| Finding::new("attachment_undescribed", Place::default()).with("file", &file.name)).collect()
}

/// A finding for each file that the narrative names and nobody attached.
pub fn missing_attachments(
    definitions: &Definitions,
    narrative: &Narrative,
    attachments: Option<&[Attachment]>,
) -> Vec<Finding> {
    let attached = |file: &str| attachments.is_some_and(|files| files.iter().any(|known| known.name == file));
    let missing = narrative.named().map(|(section, named)| (section, named.file())).filter(|(_, file)| !attached(file));
    missing
        .map(|(section, file)| {
            let all = definitions.analyticals.iter().flat_map(Analytical::sections);
            let title = all.filter(|own| own.id == section).map(|own| own.title.clone()).next();
            let finding =
                Finding::new("attachment_missing", Place::default()).with_text("title", &title.unwrap_or_default());
            finding.with("section", section).with("file", file)
        })
        .collect()
}
