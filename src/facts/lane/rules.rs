//! What a table asks of a row, as bits: one a field, so that a clean row is known by a few comparisons.

use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::definitions::record::{Field, FieldType, Table};
use crate::facts::lane::spellings::Memo;

/// A set of fields.
pub type Fields = u64;

/// How a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// The id of the record: nearly every one is new.
    Id,
    /// Few spellings, or spellings that tell parties apart.
    Spelling,
    /// A day, with its time or without.
    Moment { day_only: bool },
    /// Only whether it is given matters.
    Remark,
}

/// The rules of one table.
#[derive(Debug)]
pub struct Rules<'d> {
    pub table: &'d Table,
    pub kinds: Vec<FieldKind>,
    pub lists: Vec<Option<&'d CodeList>>,
    required: Fields,
    any_of: Fields,
    together: Vec<Fields>,
    /// Field whose code decides, the codes as bits, the field that is then looked for: a row without it is rejected, or
    /// told of where no asked form counts by it.
    when: Vec<(usize, u64, Fields)>,
    /// Fields with a default and its text.
    pub defaults: Vec<(usize, &'d str)>,
    pub places: Places,
    pub is_refusal: bool,
}

/// Positions of the fields that a result is made of.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    pub unit: Option<usize>,
    pub bin: Option<usize>,
    pub provider: Option<usize>,
    pub code: Option<usize>,
    pub name: Option<usize>,
    pub system: Option<usize>,
    pub channel: Option<usize>,
    pub form: Option<usize>,
    pub applicant: Option<usize>,
    pub received: Option<usize>,
    pub due: Option<usize>,
    pub term_value: Option<usize>,
    pub term_unit: Option<usize>,
    pub completed: Option<usize>,
    pub outcome: Option<usize>,
    pub reason: Option<usize>,
    pub cause: Option<usize>,
    pub act: Option<usize>,
    pub quantity: Option<usize>,
}

impl<'d> Rules<'d> {
    /// `None`: the table is not one of results, or asks for what is not known here.
    pub fn new(definitions: &'d Definitions, table: usize, forms: &[String]) -> Option<Self> {
        let table = &definitions.tables[table];
        let is_refusal = table.table == "refusals";
        let key = table.key.first().and_then(|name| table.position(name))?;
        if table.key.len() != 1 || table.fields.len() > 64 || table.fields[key].kind != FieldType::Identifier {
            return None;
        }
        let places = Places::of(table, if is_refusal { "refused_at" } else { "completed_at" });
        let kind = |(place, field): (usize, &Field)| match field.kind {
            FieldType::Date => FieldKind::Moment { day_only: true },
            FieldType::Moment => FieldKind::Moment { day_only: false },
            _ if place == key => FieldKind::Id,
            FieldType::Text | FieldType::Identifier if !places.parties().contains(&Some(place)) => FieldKind::Remark,
            _ => FieldKind::Spelling,
        };
        let all = |names: &[String]| {
            names.iter().filter_map(|name| table.position(name)).fold(0, |all, place| all | bit(place))
        };
        let mut when = Vec::new();
        for (place, field) in table.fields.iter().enumerate() {
            let Some(condition) = &field.required_when else { continue };
            let other = table.position(&condition.field)?;
            let list = table.fields[other].list.as_ref().and_then(|list| definitions.codelist(list))?;
            let codes = condition.values.iter().filter_map(|code| list.position(code));
            when.push((other, codes.fold(0, |codes, code| codes | 1 << code), bit(place)));
        }
        let needed = |field: &Field| field.required || field.required_for.iter().any(|form| forms.contains(form));
        let fields = || table.fields.iter().enumerate();
        Some(Self {
            table,
            kinds: fields().map(kind).collect(),
            lists: fields().map(|(_, field)| definitions.codelist(field.list.as_ref()?)).collect(),
            required: fields().filter(|(_, field)| needed(field)).fold(0, |all, (place, _)| all | bit(place)),
            any_of: all(&table.any_of),
            together: table.together.iter().map(|group| all(group)).collect(),
            when,
            defaults: fields().filter_map(|(place, field)| Some((place, field.default.as_deref()?))).collect(),
            places,
            is_refusal,
        })
    }

    /// Whether the fields that are given make a sound row; `code` gives the code of a coded field.
    pub fn hold(&self, given: Fields, with_defaults: Fields, code: impl Fn(usize) -> Option<usize>) -> bool {
        given & self.required == self.required
            && (self.any_of == 0 || with_defaults & self.any_of != 0)
            && self.together.iter().all(|group| matches!(with_defaults & group, 0) || with_defaults & group == *group)
            && self.when.iter().all(|(field, codes, needed)| {
                let asks = with_defaults & bit(*field) != 0 && code(*field).is_none_or(|code| codes >> code & 1 == 1);
                !asks || with_defaults & needed != 0
            })
    }

    /// One empty memo a field.
    pub fn memos(&self) -> Vec<Memo> {
        self.kinds.iter().map(|_| Memo::default()).collect()
    }
}

/// The bit of a field.
pub fn bit(field: usize) -> Fields {
    1 << field
}

impl Places {
    fn of(table: &Table, completed: &str) -> Self {
        let place = |name: &str| table.position(name);
        Self {
            unit: place("unit"),
            bin: place("provider_bin"),
            provider: place("provider_name"),
            code: place("service_code"),
            name: place("service_name"),
            system: place("information_system"),
            channel: place("channel"),
            form: place("form"),
            applicant: place("applicant"),
            received: place("received_at"),
            due: place("due_at"),
            term_value: place("term_value"),
            term_unit: place("term_unit"),
            completed: place(completed),
            outcome: place("outcome"),
            reason: place("refusal_reason"),
            cause: place("delay_cause"),
            act: place("delay_act"),
            quantity: place("quantity"),
        }
    }

    fn parties(&self) -> [Option<usize>; 6] {
        [self.unit, self.bin, self.provider, self.code, self.name, self.system]
    }
}
