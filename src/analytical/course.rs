//! Tables of records that no cell tells: control events, objects, the plan, recommendations past their day, the
//! monitoring and its proposals, what happened in the Register.

use crate::analytical::document::{Beyond, ParagraphKind, Piece, Run, Side, Table, TableRow, text};
use crate::analytical::figures::{Figure, Formula};
use crate::analytical::say::{Teller, books, number_run};
use crate::analytical::tables::{capital, cell, column, term};
use crate::definitions::analytical::{CourseColumn, CourseList};
use crate::definitions::printed::roman;
use crate::facts::course::{
    Carried, Changed, FoundAt, HeldEvent, Monitored, ObjectNamed, Overdue, Paper, PlannedEvent, RegisterChange,
};
use crate::facts::deadline::Term;
use crate::words::lang::Text;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// One record in the columns of its list.
type CourseLine<'t> = Box<dyn Fn(&str) -> Vec<Run> + 't>;

/// What a table of records says around its rows, and how many of them stand on the page.
#[derive(Debug, Clone, Copy)]
pub struct Around<'t> {
    pub title: &'t Text,
    pub none: Option<&'t Text>,
    pub absent: Option<&'t Text>,
    pub longest: usize,
}

impl Teller<'_> {
    /// A list of records; those beyond the longest are named as a number and stand in the data of the report.
    pub fn course(&mut self, around: Around<'_>, list: CourseList, columns: &[CourseColumn]) {
        let testimony = self.material.testimony;
        if list.is_of_the_whole() && testimony.unit.is_some() || testimony.given.is_empty() {
            return;
        }
        let say = |teller: &mut Self, text: Option<&Text>| {
            let said = text.map_or_else(Vec::new, |text| vec![Run::plain(text.get(teller.lang))]);
            teller.paragraph(ParagraphKind::Body, said);
        };
        if !testimony.has(list.needs()) {
            say(self, around.absent);
            return;
        }
        let row = |line: &CourseLine<'_>| TableRow {
            cells: columns.iter().map(|column| line(&column.of)).collect(),
            total: false,
            level: 0,
        };
        let mut rows: Vec<TableRow> = self.records(list).iter().map(row).collect();
        if rows.is_empty() {
            say(self, around.none);
            return;
        }
        let beyond = self.shorten(&mut rows, around.longest);
        rows.extend(self.totals(list, columns));
        let heads = columns.iter().map(|own| {
            let side = if self.totalled(list, own).is_some() { Side::Right } else { Side::Left };
            column(vec![Run::plain(own.head.get(self.lang))], side, own.weight)
        });
        let table =
            Table { title: vec![Run::plain(around.title.get(self.lang))], columns: heads.collect(), rows, beyond };
        self.pieces.push(Piece::Table(table));
    }

    /// Leaves the first rows and a line that names how many do not stand on the page, and the sheet where all do.
    pub(crate) fn shorten(&self, rows: &mut Vec<TableRow>, longest: usize) -> Option<Beyond> {
        let beyond = rows.split_off(longest.min(rows.len()));
        beyond.first()?;
        let before = self.pieces.iter().filter(|piece| matches!(piece, Piece::Table(Table { beyond: Some(_), .. })));
        let number = books(u64::try_from(before.count() + 1).unwrap_or(u64::MAX));
        let sheet = text(&self.phrase("list_sheet", &[("number", number)]));
        let count = vec![number_run(Self::how_many(beyond.len()))];
        let slots = [("count", count), ("sheet", vec![Run::reference(sheet.as_str())])];
        rows.push(TableRow { cells: vec![self.phrase("rest_on_sheet", &slots)], total: false, level: 0 });
        Some(Beyond { sheet, after: longest, rows: beyond })
    }

    /// The row of the form that a column adds up to.
    fn totalled<'c>(&self, list: CourseList, column: &'c CourseColumn) -> Option<&'c str> {
        let is_row = self.material.report.form.row_position(&column.of).is_some();
        (list == CourseList::Objects && is_row).then_some(column.of.as_str())
    }

    /// What no object is named for, and the cells that the columns add up to.
    fn totals(&self, list: CourseList, columns: &[CourseColumn]) -> Vec<TableRow> {
        if list != CourseList::Objects {
            return Vec::new();
        }
        let found = self.found_at();
        let whole = |column: &CourseColumn| self.figures.of(&term(self.totalled(list, column)?, None));
        let rest = |column: &CourseColumn| {
            let stated = found.iter().map(|found| of_row(found, &column.of)).sum();
            Some(whole(column)?.minus(&figure(stated)))
        };
        let row = |key: &str, total: bool, of: &dyn Fn(&CourseColumn) -> Option<Figure>| {
            let first = vec![Run::plain(capital(self.word(key)))];
            let numbers = columns.iter().skip(1).map(|column| match self.totalled(list, column) {
                Some(_) => cell(of(column)),
                None => Vec::new(),
            });
            TableRow { cells: std::iter::once(first).chain(numbers).collect(), total, level: 0 }
        };
        let unstated = columns.iter().any(|column| rest(column).is_some_and(|rest| rest.number() != 0));
        let rest = unstated.then(|| row("object_not_stated", false, &rest));
        rest.into_iter().chain([row("total", true, &whole)]).collect()
    }

    /// What was found at each object, whatever the unit of its events; the largest first.
    fn found_at(&self) -> Vec<FoundAt> {
        let testimony = self.material.testimony;
        let mut by_object: BTreeMap<&str, FoundAt> = BTreeMap::new();
        for ((_, name), found) in testimony.course.objects.iter().filter(|((unit, _), _)| testimony.owns(*unit)) {
            by_object.entry(name).or_default().add(found.clone());
        }
        let mut found: Vec<FoundAt> = by_object.into_values().collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.violations + found.complaints));
        found
    }

    /// The records of a list, in its order.
    fn records(&self, list: CourseList) -> Vec<CourseLine<'_>> {
        let testimony = self.material.testimony;
        let course = testimony.course;
        let change = |wanted: fn(&Changed) -> bool| -> Vec<CourseLine<'_>> {
            let own = course.changes.iter().filter(move |change| wanted(&change.what));
            own.map(|change| -> CourseLine<'_> { Box::new(move |of| self.change_cell(change, of)) }).collect()
        };
        match list {
            CourseList::Events => {
                let own = course.events.iter().filter(|event| testimony.owns(event.unit));
                own.map(|event| -> CourseLine<'_> { Box::new(move |of| self.event_cell(event, of)) }).collect()
            }
            CourseList::Objects => {
                let found = self.found_at().into_iter();
                found.map(|found| -> CourseLine<'_> { Box::new(move |of| self.found_cell(&found, of)) }).collect()
            }
            CourseList::Overdue => {
                let own = course.overdue.iter().filter(|one| testimony.owns(one.unit));
                own.map(|one| -> CourseLine<'_> { Box::new(move |of| self.overdue_cell(one, of)) }).collect()
            }
            CourseList::Plan => {
                let own: Vec<&PlannedEvent> = testimony.planned(self.material.report.period.quarter);
                own.into_iter().map(|one| -> CourseLine<'_> { Box::new(move |of| self.plan_cell(one, of)) }).collect()
            }
            CourseList::Points | CourseList::Proposals => {
                let points = list == CourseList::Points;
                let mut own: Vec<&Monitored> =
                    course.monitoring.iter().filter(|one| testimony.owns(one.unit)).collect();
                own.retain(|one| if points { one.own } else { one.proposes() });
                let place = |one: &Monitored| {
                    let (list, code) =
                        if points { ("monitoring_point", &one.point) } else { ("proposal_kind", &one.proposal_kind) };
                    self.material.definitions.codelist(list).and_then(|list| list.position(code))
                };
                own.sort_by_key(|one| (place(one), one.held_on));
                own.into_iter()
                    .map(|one| -> CourseLine<'_> { Box::new(move |of| self.monitored_cell(one, of)) })
                    .collect()
            }
            CourseList::Included => change(|what| *what == Changed::Included),
            CourseList::Excluded => change(|what| *what == Changed::Excluded),
            CourseList::Continued => change(|what| matches!(what, Changed::Continued { .. })),
        }
    }

    fn event_cell(&self, event: &HeldEvent, of: &str) -> Vec<Run> {
        match of {
            "number" => self.stated(&event.number),
            "title" => self.stated(&event.title),
            "basis" => self.label("basis", &event.basis),
            "order" => self.paper(&event.order),
            "act" => self.paper(&event.act),
            "held" => {
                let days = event.started.into_iter().chain([event.finished]).map(day);
                vec![Run::reference(days.collect::<Vec<_>>().join("\u{a0}– "))]
            }
            _ => {
                let names: Vec<Vec<Run>> = event.objects.iter().map(|object| self.object(object)).collect();
                if names.is_empty() { self.not_stated() } else { joined(names) }
            }
        }
    }

    fn found_cell(&self, found: &FoundAt, of: &str) -> Vec<Run> {
        match of {
            "object" if found.object.name.is_empty() => vec![Run::plain(self.word("persons_together"))],
            "object" => self.object(&found.object),
            "kind" => self.label("object_kind", &found.object.kind),
            _ => vec![number_run(figure(of_row(found, of)))],
        }
    }

    fn overdue_cell(&self, one: &Overdue, of: &str) -> Vec<Run> {
        match of {
            "recommendation" => self.stated(&one.text),
            "event" => self.stated(&one.event),
            "due" => vec![Run::reference(day(one.due))],
            "executed" => one
                .executed
                .map_or_else(|| vec![Run::plain(self.word("not_executed"))], |on| vec![Run::reference(day(on))]),
            _ => self.stated(&one.reason),
        }
    }

    fn plan_cell(&self, one: &PlannedEvent, of: &str) -> Vec<Run> {
        match of {
            "quarter" => vec![Run::reference(roman(one.quarter))],
            "object" => self.object(&one.object),
            "topic" => self.stated(&one.topic),
            _ => {
                let event = ("event", vec![Run::quoted(one.event.as_str())]);
                match one.fact {
                    Carried::Held(on) => self.phrase("plan_held", &[event, ("day", vec![Run::reference(day(on))])]),
                    Carried::Unfinished => self.phrase("plan_unfinished", &[event]),
                    Carried::Unknown => self.phrase("plan_unknown", &[event]),
                    Carried::NotHeld => self.phrase("plan_not_held", &[]),
                    Carried::Ahead => self.phrase("plan_ahead", &[]),
                }
            }
        }
    }

    fn monitored_cell(&self, one: &Monitored, of: &str) -> Vec<Run> {
        let some_day = |on: Option<NaiveDate>| on.map_or_else(|| self.not_stated(), |on| vec![Run::reference(day(on))]);
        match of {
            "point" => self.subparagraph("monitoring_point", &one.point),
            "held" => vec![Run::reference(day(one.held_on))],
            "service" => vec![Run::quoted(one.service.as_str())],
            "result" => self.stated(&one.result),
            "kind" => self.subparagraph("proposal_kind", &one.proposal_kind),
            "proposal" => self.stated(&one.proposal),
            "addressed" => self.stated(&one.addressed_to),
            "submitted" => some_day(one.submitted_on),
            "due" => some_day(one.due_on),
            _ => {
                let mut said: Vec<Run> = one.answered_on.map(|on| Run::reference(day(on))).into_iter().collect();
                if !one.answer.is_empty() {
                    let before = if said.is_empty() { "" } else { ": " };
                    said.push(Run::quoted(format!("{before}{}", one.answer)));
                }
                if said.is_empty() {
                    let key = if one.unanswered { "no_answer_overdue" } else { "no_answer" };
                    said.push(Run::plain(self.word(key)));
                }
                said
            }
        }
    }

    fn change_cell(&self, change: &RegisterChange, of: &str) -> Vec<Run> {
        match of {
            "name" => self.stated(&change.name),
            "code" => self.stated(&change.code),
            "on" => vec![Run::reference(day(change.on))],
            _ => {
                let Changed::Continued { name, term } = &change.what else { return Vec::new() };
                let mut said: Vec<Vec<Run>> = Vec::new();
                if let Some([before, after]) = name {
                    let slots = [("before", vec![Run::quoted(before)]), ("after", vec![Run::quoted(after)])];
                    said.push(self.phrase("name_changed", &slots));
                }
                if let Some([before, after]) = term {
                    let slots = [("before", self.term_words(*before)), ("after", self.term_words(*after))];
                    said.push(self.phrase("term_changed", &slots));
                }
                if said.is_empty() { self.phrase("entry_renewed", &[]) } else { joined(said) }
            }
        }
    }

    fn term_words(&self, term: Option<Term>) -> Vec<Run> {
        let Some(term) = term else { return self.not_stated() };
        let slots = [("value", books(term.value.unsigned_abs())), ("unit", self.label("term_unit", term.unit.code()))];
        self.phrase("of_unit", &slots)
    }

    /// A subparagraph of the Rules with its words: `6) …`.
    fn subparagraph(&self, list: &str, code: &str) -> Vec<Run> {
        let place = self.material.definitions.codelist(list).and_then(|list| list.position(code));
        let Some(place) = place else { return self.not_stated() };
        let mut said = vec![Run::reference(format!("{}) ", place + 1))];
        said.extend(self.label(list, code));
        said
    }

    fn paper(&self, paper: &Paper) -> Vec<Run> {
        let mut said = Vec::new();
        let mut part = |key: &str, value: Run| said.extend(self.phrase(key, &[("value", vec![value])]));
        if !paper.number.is_empty() {
            part("of_number", Run::quoted(paper.number.as_str()));
        }
        if let Some(on) = paper.day {
            part("of_date", Run::reference(day(on)));
        }
        if let Some(first) = said.first_mut() {
            first.text = first.text.trim_start_matches([' ', ',']).to_owned();
        }
        if said.is_empty() { self.not_stated() } else { said }
    }

    fn object(&self, object: &ObjectNamed) -> Vec<Run> {
        if object.name.is_empty() { self.label("object_kind", &object.kind) } else { vec![Run::quoted(&*object.name)] }
    }

    fn label(&self, list: &str, code: &str) -> Vec<Run> {
        if code.is_empty() {
            return self.not_stated();
        }
        vec![Run::quoted(self.material.definitions.code_short(list, code, self.lang))]
    }

    fn stated(&self, text: &str) -> Vec<Run> {
        if text.is_empty() { self.not_stated() } else { vec![Run::quoted(text)] }
    }

    fn not_stated(&self) -> Vec<Run> {
        vec![Run::plain(self.word("not_stated"))]
    }
}

/// What was found at an object, as a row of the form counts it.
fn of_row(found: &FoundAt, row: &str) -> i64 {
    match row {
        "violations" => found.violations,
        "complaint_deadline_violations" => found.complaints,
        "violations_restored" => found.restored,
        _ => found.persons,
    }
}

fn figure(value: i64) -> Figure {
    Figure::count(Formula::Records { field: "violations.object_name".to_owned(), value }, value)
}

fn joined(parts: Vec<Vec<Run>>) -> Vec<Run> {
    let mut runs = Vec::new();
    for (nth, part) in parts.into_iter().enumerate() {
        runs.extend((nth > 0).then(|| Run::plain("; ")));
        runs.extend(part);
    }
    runs
}

fn day(on: NaiveDate) -> String {
    on.format("%d.%m.%Y").to_string()
}
