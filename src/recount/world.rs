//! What the second counter must know before it can count: names, events, the register's terms.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::records::Record;
use crate::records::typed::Typed;
use crate::recount::term::{CountedTerm, due, is_late};
use crate::recount::who::{Names, Who};
use crate::values::moment::Moment;
use crate::values::period::Period;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// Known after the first reading of all sources.
#[derive(Debug)]
pub struct World<'d> {
    pub definitions: &'d Definitions,
    pub period: Period,
    /// Tables handed over, and `table.field` for their columns.
    pub given: BTreeSet<String>,
    pub services: Names,
    pub providers: Names,
    pub systems: Names,
    pub units: Names,
    /// Event → its end and its unit as spelled.
    pub events: BTreeMap<String, (Option<NaiveDate>, (String, String))>,
    register: Vec<Registered>,
    /// Channels whose terms include the day of receipt (D5).
    with_receipt: BTreeSet<String>,
    /// Ids of own records that established violations name.
    asked: BTreeSet<String>,
    /// Results of these ids: id, refused, received, issued, own deadline (none: the register's), service, provider.
    results: Vec<AskedOf>,
}

/// A result that an established violation names, as its record has it.
#[derive(Debug)]
struct AskedOf {
    id: String,
    refused: bool,
    received: Moment,
    with_receipt: bool,
    issued: Moment,
    /// Its term is the register's.
    by_register: bool,
    due: Option<Moment>,
    service: (String, String),
    provider: (String, String),
}

#[derive(Debug)]
struct Registered {
    service: (String, String),
    provider: String,
    included: NaiveDate,
    excluded: Option<NaiveDate>,
    /// Absent: the row gives none.
    term: Option<CountedTerm>,
}

/// The fields of a record by name.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'r, 'v, 'a> {
    pub definitions: &'r Definitions,
    pub record: &'r Record<'v, 'a>,
}

impl<'r, 'v> Fields<'r, 'v, '_> {
    fn value(&self, name: &str) -> &'r Typed<'v> {
        let table = &self.definitions.tables[self.record.found.table];
        table.position(name).map_or(&Typed::Missing, |place| &self.record.values[place])
    }

    pub fn table(&self) -> &'r str {
        &self.definitions.tables[self.record.found.table].table
    }

    pub fn text(&self, name: &str) -> &'r str {
        self.value(name).text().unwrap_or_default()
    }

    pub fn moment(&self, name: &str) -> Option<Moment> {
        self.value(name).moment()
    }

    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.value(name).day()
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.value(name).integer()
    }

    pub fn is_true(&self, name: &str) -> bool {
        self.value(name).boolean() == Some(true)
    }

    /// The code itself, by its list; empty where there is none.
    pub fn code(&self, name: &str) -> &'r str {
        let table = &self.definitions.tables[self.record.found.table];
        let list = table.position(name).and_then(|place| table.fields[place].list.as_ref());
        let list = list.and_then(|list| self.definitions.codelist(list));
        let code = list.zip(self.value(name).code());
        code.map_or("", |(list, code)| &list.codes[code].code)
    }

    /// As `code`, or the code that it is a kind of (D17).
    pub fn kind_of(&self, name: &str) -> &'r str {
        let table = &self.definitions.tables[self.record.found.table];
        let list = table.position(name).and_then(|place| table.fields[place].list.as_ref());
        let entry = list.and_then(|list| self.definitions.codelist(list)).zip(self.value(name).code());
        entry.map_or("", |(list, code)| list.codes[code].parent.as_deref().unwrap_or(&list.codes[code].code))
    }

    /// Code and name of a service.
    pub fn service(&self) -> (&'r str, &'r str) {
        (self.text("service_code"), self.text("service_name"))
    }

    /// A unit is a KATO code of nine digits, or a name.
    pub fn unit(&self) -> (&'r str, &'r str) {
        let unit = self.text("unit");
        let is_code = unit.chars().count() == 9 && unit.chars().all(|digit| digit.is_ascii_digit());
        if is_code { (unit, "") } else { ("", unit) }
    }

    pub fn term(&self) -> Option<CountedTerm> {
        let unit = self.code("term_unit");
        Some(CountedTerm { value: self.number("term_value")?, unit: (!unit.is_empty()).then(|| unit.to_owned())? })
    }
}

impl Registered {
    fn covers(&self, day: NaiveDate) -> bool {
        self.included <= day && self.excluded.is_none_or(|out| day < out)
    }
}

impl<'d> World<'d> {
    pub fn new(
        definitions: &'d Definitions,
        period: Period,
        organisation: &Organisation,
        given: BTreeSet<String>,
    ) -> Self {
        let mut units = Names::default();
        for unit in &organisation.units {
            for name in [&unit.name_ru, &unit.name_kk] {
                units.meet(&unit.kato, name, Some(0));
            }
        }
        let channels = definitions.codelist("channel");
        let channel = |written: &String| channels.and_then(|list| Some(list.codes[list.find(written)?].code.clone()));
        Self {
            definitions,
            period,
            given,
            services: Names::default(),
            providers: Names::default(),
            systems: Names::default(),
            units,
            events: BTreeMap::new(),
            register: Vec::new(),
            with_receipt: organisation.terms.receipt_day_counts.iter().filter_map(channel).collect(),
            asked: BTreeSet::new(),
            results: Vec::new(),
        }
    }

    /// Takes note of one accepted record.
    pub fn meet(&mut self, fields: Fields<'_, '_, '_>) {
        let included = fields.day("included_on").map(|day| i64::from(day.num_days_from_ce()));
        let (code, name) = fields.service();
        let register = included.filter(|_| fields.table() == "register");
        self.services.meet(code, name, register);
        let provider = fields.text("provider_name");
        self.providers.meet(fields.text("provider_bin"), provider, register);
        self.systems.meet("", fields.text("information_system"), None);
        let (code, name) = fields.unit();
        self.units.meet(code, name, None);
        match fields.table() {
            "control_events" => {
                let unit = (code.to_owned(), name.to_owned());
                self.events.insert(fields.text("event_id").to_owned(), (fields.day("finished_on"), unit));
            }
            "register" => {
                let (code, name) = fields.service();
                self.register.extend(fields.day("included_on").map(|included| Registered {
                    service: (code.to_owned(), name.to_owned()),
                    provider: provider.to_owned(),
                    included,
                    excluded: fields.day("excluded_on"),
                    term: fields.term(),
                }));
            }
            "established_violations" => {
                self.asked
                    .extend(Some(fields.text("service_record_id")).filter(|id| !id.is_empty()).map(str::to_owned));
            }
            "services" | "refusals" => self.note(fields),
            _ => {}
        }
    }

    /// All records have been met: what is printed can be decided.
    pub fn close(&mut self) {
        for names in [&mut self.services, &mut self.providers, &mut self.systems, &mut self.units] {
            names.close();
        }
    }

    /// "The register's term: rows in force on the day of receipt; if they differ, the same provider's; else none."
    pub fn register_term(
        &self,
        service: Option<&Who>,
        provider: Option<&Who>,
        received: NaiveDate,
    ) -> Option<&CountedTerm> {
        let rows: Vec<&Registered> = self
            .register
            .iter()
            .filter(|row| self.services.who(&row.service.0, &row.service.1).as_ref() == service)
            .filter(|row| row.term.is_some() && row.covers(received))
            .collect();
        let one = |rows: &[&Registered]| -> Option<usize> {
            let first = rows.first()?;
            rows.iter().all(|row| row.term == first.term).then(|| self.place(first))
        };
        let own = |row: &&Registered| provider.is_some() && self.providers.who("", &row.provider).as_ref() == provider;
        let found = one(&rows).or_else(|| one(&rows.iter().copied().filter(own).collect::<Vec<_>>()));
        found.and_then(|place| self.register[place].term.as_ref())
    }

    /// D11: whether the register holds the service on a day.
    pub fn is_in_force(&self, service: Option<&Who>, day: NaiveDate) -> bool {
        let same = |row: &&Registered| self.services.who(&row.service.0, &row.service.1).as_ref() == service;
        self.register.iter().filter(same).any(|row| row.covers(day))
    }

    /// Takes note of a result that an established violation may name.
    fn note(&mut self, fields: Fields<'_, '_, '_>) {
        let refusal = fields.table() == "refusals";
        let issued = fields.moment(if refusal { "refused_at" } else { "completed_at" });
        let id = fields.text("record_id");
        let (Some(issued), Some(received)) = (issued, fields.moment("received_at")) else { return };
        if !self.asked.contains(id) || fields.code("outcome") == "in_progress" {
            return;
        }
        let calendar = &self.definitions.calendar;
        let owned = |(code, name): (&str, &str)| (code.to_owned(), name.to_owned());
        self.results.push(AskedOf {
            id: id.to_owned(),
            refused: refusal || fields.code("outcome") == "refused",
            received,
            with_receipt: self.has_receipt(fields),
            issued,
            by_register: fields.moment("due_at").is_none() && fields.term().is_none(),
            due: fields.moment("due_at").or_else(|| due(received, &fields.term()?, self.has_receipt(fields), calendar)),
            service: owned(fields.service()),
            provider: owned((fields.text("provider_bin"), fields.text("provider_name"))),
        });
    }

    /// D5: whether the body counts the day of receipt in terms of the record's channel.
    pub fn has_receipt(&self, fields: Fields<'_, '_, '_>) -> bool {
        [fields.code("channel"), fields.kind_of("channel")].iter().any(|code| self.with_receipt.contains(*code))
    }

    /// D15: whether a late record of the body's own stands under an id.
    pub fn has_late(&self, id: &str, refused: bool) -> bool {
        let own = self.results.iter().filter(|result| result.id == id && result.refused == refused);
        own.into_iter().any(|result| {
            let service = self.services.who(&result.service.0, &result.service.1);
            let provider = self.providers.who(&result.provider.0, &result.provider.1);
            let of_register = || {
                let term = self.register_term(service.as_ref(), provider.as_ref(), result.received.day())?;
                due(result.received, term, result.with_receipt, &self.definitions.calendar)
            };
            let due = if result.by_register { of_register() } else { result.due };
            due.is_some_and(|due| is_late(result.issued, due))
        })
    }

    fn place(&self, row: &Registered) -> usize {
        self.register.iter().position(|other| std::ptr::eq(other, row)).unwrap_or(0)
    }

    /// The month of the quarter (0, 1, 2) that a day is in, if that month has ended.
    pub fn month(&self, day: NaiveDate) -> Option<u32> {
        let quarter = self.period.quarter;
        let first = quarter.number * 3 - 2;
        let in_quarter = day.year() == quarter.year && (first..first + 3).contains(&day.month());
        let month = in_quarter.then(|| day.month() - first)?;
        self.has_ended(month).then_some(month)
    }

    /// "A month has ended when the as-of date is after its last day."
    pub fn has_ended(&self, month: u32) -> bool {
        self.last_day(month).is_some_and(|last| self.period.as_of > last)
    }

    /// The last day of a month of the quarter.
    pub fn last_day(&self, month: u32) -> Option<NaiveDate> {
        let quarter = self.period.quarter;
        let number = quarter.number * 3 - 2 + month;
        let (year, next) = if number == 12 { (quarter.year + 1, 1) } else { (quarter.year, number + 1) };
        NaiveDate::from_ymd_opt(year, next, 1)?.pred_opt()
    }
}
