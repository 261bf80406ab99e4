//! What the second counter must know before it can count: names, events, the register's terms.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::records::Record;
use crate::records::typed::Typed;
use crate::recount::term::CountedTerm;
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
}

#[derive(Debug)]
struct Registered {
    service: (String, String),
    provider: String,
    included: NaiveDate,
    excluded: Option<NaiveDate>,
    term: CountedTerm,
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
                let term = fields.term().zip(fields.day("included_on"));
                self.register.extend(term.map(|(term, included)| Registered {
                    service: (code.to_owned(), name.to_owned()),
                    provider: provider.to_owned(),
                    included,
                    excluded: fields.day("excluded_on"),
                    term,
                }));
            }
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
            .filter(|row| row.included <= received && row.excluded.is_none_or(|out| received < out))
            .collect();
        let one = |rows: &[&Registered]| -> Option<usize> {
            let first = rows.first()?;
            rows.iter().all(|row| row.term == first.term).then(|| self.place(first))
        };
        let own = |row: &&Registered| provider.is_some() && self.providers.who("", &row.provider).as_ref() == provider;
        let found = one(&rows).or_else(|| one(&rows.iter().copied().filter(own).collect::<Vec<_>>()));
        found.map(|place| &self.register[place].term)
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
