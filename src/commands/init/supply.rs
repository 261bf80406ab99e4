//! What no column holds and yet is there: in lines above the rows, in the names of sheets, in titles, in headers.

use crate::commands::init::column::OwnColumn;
use crate::commands::init::layout::Layout;
use crate::commands::init::meaning::{Meaning, meant};
use crate::definitions::Definitions;
use crate::definitions::record::{Field, FieldType, Table};
use crate::sources::group::titles;
use crate::sources::raw::FoundTable;
use crate::sources::survey::folded;
use std::collections::BTreeMap;

/// A value for all rows; `asked`: nothing says that it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedValue {
    pub field: usize,
    pub value: String,
    pub asked: bool,
}

/// What a mapping may supply to the rows of a layout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Supply {
    pub fixed: Vec<FixedValue>,
    pub section: Option<usize>,
    pub sheet_name: Option<usize>,
    /// Word before the colon → field.
    pub titled: Vec<(String, usize)>,
}

impl Supply {
    pub fn has(&self, field: usize) -> bool {
        let alone = [self.section, self.sheet_name].contains(&Some(field));
        let fixed = self.fixed.iter().any(|fixed| fixed.field == field && !fixed.asked);
        alone || fixed || self.titled.iter().any(|(_, own)| *own == field)
    }
}

/// What a layout may be given as such a table. `given`: fields and their columns.
pub fn supply(layout: &Layout, table: &Table, given: &BTreeMap<usize, usize>, definitions: &Definitions) -> Supply {
    let mut own = Supply { fixed: together(layout, given, table, definitions), ..Supply::default() };
    let lacks = |own: &Supply, field: usize| !given.contains_key(&field) && !own.has(field);
    for (word, value) in titles(&layout.above) {
        let header = folded(&word);
        let is_meant = |field: &Field| {
            let hints = definitions.hints.fields.get(&field.name).into_iter().flatten().map(String::as_str);
            field.headers.all().chain(hints).any(|spelling| folded(spelling) == header)
        };
        let field = table.fields.iter().position(|field| is_meant(field) && !field.private);
        if let Some(field) =
            field.filter(|field| lacks(&own, *field) && fits(&table.fields[*field], &value, definitions))
        {
            own.titled.push((word, field));
        }
    }
    let coded = |field: &usize| table.fields[*field].kind == FieldType::Code;
    let free: Vec<usize> = (0..table.fields.len()).filter(|field| !given.contains_key(field)).collect();
    let sheet = |source: &FoundTable| source.sheet.clone().unwrap_or_default();
    let names: Vec<String> = layout.sources.iter().map(sheet).collect();
    let is_sheet = |field: &usize| names.iter().all(|name| fits(&table.fields[*field], name, definitions));
    own.sheet_name = free.iter().copied().find(|field| coded(field) && lacks(&own, *field) && is_sheet(field));
    if is_used(&layout.section, layout.rows) {
        let values: Vec<&str> = layout.section.commonest().into_iter().map(|(value, _)| value).collect();
        let all_fit = |field: &usize| values.iter().all(|value| fits(&table.fields[*field], value, definitions));
        let code = free.iter().copied().find(|field| coded(field) && lacks(&own, *field) && all_fit(field));
        let named = table.any_of.iter().filter_map(|name| table.position(name));
        let texts: Vec<usize> = named.filter(|field| table.fields[*field].kind == FieldType::Text).collect();
        let any = table.any_of.iter().filter_map(|name| table.position(name)).all(|field| lacks(&own, field));
        let unit = table.position("unit").filter(|field| lacks(&own, *field));
        own.section = code.or(texts.first().copied().filter(|_| any)).or(unit);
    }
    own
}

/// Most rows stand below such a line.
fn is_used(section: &OwnColumn, rows: u64) -> bool {
    section.filled * 10 >= rows * 8 && section.filled > 0
}

/// Whether a value may be one of a field: of a code list only what it knows or is like.
fn fits(field: &Field, value: &str, definitions: &Definitions) -> bool {
    match field.kind {
        FieldType::Code => {
            let list = field.list.as_ref().and_then(|list| definitions.codelist(list));
            list.is_some_and(|list| list.find(value).is_some() || meant(value, list, definitions).is_some())
        }
        FieldType::Text => true,
        FieldType::Identifier => field.name == "unit",
        _ => false,
    }
}

/// Of fields that go together the one that no column has: the unit of a term stands in the term's header.
fn together(
    layout: &Layout,
    given: &BTreeMap<usize, usize>,
    table: &Table,
    definitions: &Definitions,
) -> Vec<FixedValue> {
    let mut found = Vec::new();
    for group in &table.together {
        let fields: Vec<usize> = group.iter().filter_map(|name| table.position(name)).collect();
        let Some(column) = fields.iter().find_map(|field| given.get(field)) else { continue };
        let column = &layout.columns[*column];
        // the unit stands in the cells
        if column.measured > 0 && column.whole == 0 {
            continue;
        }
        for field in fields.iter().copied().filter(|field| !given.contains_key(field)) {
            let Some(list) = table.fields[field].list.as_ref().and_then(|list| definitions.codelist(list)) else {
                continue;
            };
            let header = format!("{} {}", column.above, column.header);
            let said = meant(&header, list, definitions).map(|Meaning { code, .. }| (code, false));
            let first = list.codes.first().map(|code| (code.code.as_str(), true));
            found.extend(said.or(first).map(|(code, asked)| FixedValue { field, value: code.to_owned(), asked }));
        }
    }
    found
}
