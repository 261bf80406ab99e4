//! One sheet as a filed form: which form it is, of which quarter, and its table.

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::definitions::spelling::{Spellings, fold, holds_words};
use crate::filed::columns::Columns;
use crate::filed::form::{Body, CellOrigin, Filed};
use crate::filed::head;
use crate::filed::head::{Dated, Titles};
use crate::filed::locate::{Locator, Region};
use crate::filed::marks;
use crate::filed::marks::Marks;
use crate::filed::nameless::Nameless;
use crate::filed::rows::{Found, Rows, What};
use crate::filed::table::FormTable;
use crate::report::standing::Standing;
use crate::report::testified::Aside;
use crate::sources::workbook::grid::Grid;
use crate::values::cells::{Cells, Party};
use crate::values::period::{Period, Quarter};
use crate::words::finding::{Finding, Place};
use crate::words::lang::{Lang, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Reads workbooks: one sheet here, what goes on over several in `continued`, all of them in `book`.
pub struct WorkbookReader<'d> {
    pub definitions: &'d Definitions,
    pub spellings: Spellings,
    /// The file's name.
    pub source: String,
}

/// Forms of which one has so few more misfits than the other fit equally well.
const NEAR: usize = 2;

/// A sheet read as one form.
pub(crate) struct SheetAsForm<'d> {
    pub filed: Filed<'d>,
    pub findings: Vec<Finding>,
    /// Findings that show that the form may be another one.
    misfits: usize,
    /// Rows of the form that were found.
    rows: usize,
}

/// What is prepared once for all sheets of a workbook.
pub(crate) struct Prepared<'r> {
    /// In the order of the definitions.
    pub locators: Vec<Locator<'r>>,
    pub titles: Vec<Titles>,
}

impl<'d> WorkbookReader<'d> {
    pub(crate) fn prepare(&self) -> Prepared<'_> {
        let forms = &self.definitions.forms;
        Prepared {
            locators: forms.iter().map(|form| Locator::new(form, &self.spellings)).collect(),
            titles: forms.iter().map(Titles::of).collect(),
        }
    }

    pub(crate) fn place(&self, grid: &Grid) -> Place {
        Place { source: Some(self.source.clone()), sheet: Some(grid.sheet.clone()), ..Place::default() }
    }

    /// One sheet; `None` where it is no form, or where it cannot be told which.
    pub(crate) fn sheet(
        &self,
        grid: &Grid,
        names: &BTreeMap<String, String>,
        prepared: &Prepared<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<SheetAsForm<'d>> {
        let forms = self.definitions.forms.iter().zip(&prepared.locators);
        let located: Vec<(&'d Form, Vec<Region>)> = forms
            .map(|(form, locator)| (form, locator.regions(grid)))
            .filter(|(_, regions)| !regions.is_empty())
            .collect();
        let top = located.iter().filter_map(|(_, regions)| regions.first()).map(|region| region.row).min()?;
        let above = head::texts(grid, top);
        let marked = Marks::find(grid).start().and_then(|_| marks::name(names, "esep_form"));
        let said = marked.map_or_else(|| head::forms(&above, &prepared.titles), |form| vec![form]);
        let place = self.place(grid);
        let quarter = self.quarter(grid, names, &above, &place, findings)?;
        let mut tried: Vec<SheetAsForm<'d>> = Vec::new();
        for (form, regions) in located {
            let in_force = self.definitions.form(&form.form, quarter).is_ok_and(|known| std::ptr::eq(known, form));
            if in_force && (said.is_empty() || said.contains(&form.form)) {
                tried.push(self.table(grid, form, regions, quarter, names));
            }
        }
        tried.sort_by_key(|sheet| (sheet.misfits, std::cmp::Reverse(sheet.rows)));
        let mut tried = tried.into_iter().filter(|sheet| sheet.rows > 0);
        let Some(best) = tried.next() else {
            if !said.is_empty() {
                findings.push(Finding::new("form_not_found", place));
            }
            return None;
        };
        if let Some(second) =
            tried.next().filter(|second| best.misfits > 0 && second.misfits <= best.misfits + NEAR && said.len() != 1)
        {
            let forms = [&best, &second].map(|sheet| &sheet.filed.form.index);
            let forms = Text::by(|lang| forms.map(|index| index.get(lang)).join(", "));
            findings.push(Finding::new("form_ambiguous", place).with_text("forms", &forms));
            return None;
        }
        Some(best)
    }

    /// The quarter: of our own names, else the texts above the table, else the names of the sheet and the file.
    fn quarter(
        &self,
        grid: &Grid,
        names: &BTreeMap<String, String>,
        above: &[((u32, u32), String)],
        place: &Place,
        findings: &mut Vec<Finding>,
    ) -> Option<Quarter> {
        let own = marks::name(names, "esep_period").filter(|_| Marks::find(grid).start().is_some());
        let own = own.and_then(|period| Quarter::parse(&period).ok());
        let mut found: Vec<Dated> = head::quarters(above, &self.spellings);
        found.extend(
            own.filter(|own| found.iter().all(|met| met.quarter != *own)).map(|quarter| Dated { quarter, place: None }),
        );
        if found.is_empty() {
            let outside = [grid.sheet.as_str(), self.source.as_str()].map(crate::definitions::spelling::fold);
            let told =
                outside.iter().map(|name| head::quarters_in(name, &self.spellings)).find(|told| !told.is_empty());
            found.extend(told.into_iter().flatten().map(|quarter| Dated { quarter, place: None }));
            if let [only] = found.as_slice() {
                findings.push(Finding::new("period_of_name", place.clone()).with("period", only.quarter));
            }
        }
        let heads: Vec<String> = above.iter().map(|(_, text)| text.clone()).collect();
        let months = head::quarter_of_months(&heads, &self.spellings);
        match found.as_slice() {
            [] => findings.push(Finding::new("period_unknown", place.clone())),
            [one] if months.is_none_or(|number| number == one.quarter.number) => return Some(one.quarter),
            [one] => {
                let by_months = Quarter { number: months.unwrap_or(one.quarter.number), ..one.quarter };
                let both = format!("{}, {by_months}", one.quarter);
                findings.push(Finding::new("period_ambiguous", place.clone()).with("periods", both));
            }
            several => {
                let all: Vec<String> = several.iter().map(|met| met.quarter.to_string()).collect();
                findings.push(Finding::new("period_ambiguous", place.clone()).with("periods", all.join(", ")));
            }
        }
        None
    }

    /// The number in the mark that an adjusted report carries above its table.
    fn revision(&self, grid: &Grid, columns: &Columns<'_>) -> Option<u64> {
        let first = columns.regions.first().map_or(0, |region| region.row);
        let mark = self.definitions.words("revision_mark");
        let number = |text: &str| {
            let numbers = text.split(' ').filter_map(|word| word.parse().ok());
            let is_mark = |number: &u64| {
                let filled = mark.fill(&[("number".to_owned(), number.to_string())]);
                Lang::ALL.iter().any(|lang| holds_words(text, &fold(filled.get(*lang))))
            };
            numbers.into_iter().find(is_mark)
        };
        head::texts(grid, first).iter().find_map(|(_, text)| number(text))
    }

    /// The sheet as a certain form.
    fn table(
        &self,
        grid: &Grid,
        form: &'d Form,
        regions: Vec<Region>,
        quarter: Quarter,
        names: &BTreeMap<String, String>,
    ) -> SheetAsForm<'d> {
        let marks = Marks::find(grid);
        let last = grid.cells.keys().map(|(_, column)| *column).max().unwrap_or(0) + 1;
        let columns = Columns { form, regions, end: marks.start().unwrap_or(last) };
        let mut rows = Rows::new(form, grid, &columns, &marks, &self.spellings);
        let found = rows.find();
        let place = Place { form: Some(form.form.clone()), period: Some(quarter.to_string()), ..self.place(grid) };
        let nameless = nameless(&rows.nameless, &place);
        let langs = languages(&found, names);
        let lang = langs.first().copied().unwrap_or(Lang::Ru);
        let mut table = FormTable {
            lang,
            form,
            grid,
            columns: &columns,
            marks: &marks,
            spellings: &self.spellings,
            place,
            findings: nameless.into_iter().collect(),
            entries: Vec::new(),
            told: BTreeSet::new(),
        };
        table.take(&found);
        let (lines, places) = table.lines();
        let misfits = ["row_missing", "row_foreign", "row_doubtful", "row_repeated"];
        let misfits = table.findings.iter().filter(|finding| misfits.contains(&finding.name)).count();
        let rows = found.iter().filter(|found| matches!(found.what, What::Row(_))).count();
        let (bin, name) = head::body(grid, form, &self.spellings);
        let own = |key: &str| marks::name(names, key).filter(|_| marks.start().is_some());
        let unit = own("esep_unit").or_else(|| own("esep_unit_name")).map(|_| Party {
            code: own("esep_unit").unwrap_or_default(),
            name: own("esep_unit_name").unwrap_or_default(),
        });
        let as_of = own("esep_as_of").and_then(|day| day.parse().ok()).unwrap_or_else(|| quarter.day_after());
        let filed = Filed {
            form,
            period: Period { quarter, as_of },
            organisation: Body { bin: own("esep_organisation").unwrap_or(bin), name },
            unit,
            langs,
            standing: if marks.start().is_some() { marks::standing(names) } else { Standing::default() },
            cells: Cells { quarter, lines },
            aside: Aside::default(),
            origin: CellOrigin {
                source: self.source.clone(),
                sheet: Some(grid.sheet.clone()),
                places,
                told: table.told,
                revision: self.revision(grid, table.columns),
                stacked: Vec::new(),
            },
        };
        SheetAsForm { filed, findings: table.findings, misfits, rows }
    }
}

/// What became of rows without names.
fn nameless(rows: &Nameless, place: &Place) -> Option<Finding> {
    let first = rows.rows.first()?;
    let joined = rows.rows.len() == rows.first;
    let name = if joined { "continuation_by_order" } else { "continuation_rows_differ" };
    let place = Place { line: Some(u64::from(*first) + 1), ..place.clone() };
    Some(Finding::new(name, place).with("count", rows.rows.len()).with("first", rows.first))
}

fn languages(found: &[Found], names: &BTreeMap<String, String>) -> Vec<Lang> {
    let own = marks::name(names, "esep_languages");
    let own: Vec<Lang> = own.iter().flat_map(|list| list.split(',')).filter_map(Lang::parse).collect();
    if !own.is_empty() {
        return own;
    }
    let mut met: BTreeMap<Lang, usize> = BTreeMap::new();
    let known: Vec<&[Lang]> = found.iter().map(|found| found.langs).filter(|langs| !langs.is_empty()).collect();
    for lang in known.iter().copied().flatten() {
        *met.entry(*lang).or_default() += 1;
    }
    head::languages(&met, known.len())
}
