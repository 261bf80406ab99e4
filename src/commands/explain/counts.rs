//! What a cell counts, in words.

use crate::commands::out::speech::{Speech, one_line};
use crate::definitions::dimension::{Class, Dimension, SETS};
use crate::definitions::form::{Column, Filter, Form, Measure, Row, RowKind};
use crate::facts::parts::{leaves, set_of};
use crate::values::cells::Line;
use crate::values::period::Period;
use chrono::Datelike;

impl Speech<'_> {
    /// What a cell counts, one sentence a line.
    pub fn counts(&self, form: &Form, line: &Line, column: usize, period: Period) -> Vec<String> {
        let row = &form.rows[line.row];
        let own = &form.grid_of(line.row).columns[column];
        let mut said = Vec::new();
        if !row.sum.is_empty() {
            let rows = row.sum.iter().filter_map(|id| form.row_position(id)).map(|part| &form.rows[part]);
            let rows: Vec<String> =
                rows.map(|part| format!("{} «{}»", part.no, one_line(part.label.get(self.lang)))).collect();
            said.push(self.fill("explain_sum_rows", &[("rows", &rows.join("; "))]));
        }
        let Some(leaf) = leaves(form, line.row).first().map(|leaf| &form.rows[*leaf]) else { return said };
        let Some(set) = set_of(leaf) else { return said };
        let Some(facts) = self.definitions.vocabulary.facts.get(SETS[set].name) else { return said };
        said.push(facts.counts.get(self.lang).to_owned());
        if row.sum.is_empty() {
            said.extend(self.filters(set, &row.filter));
        }
        said.extend(self.filters(set, &own.filter));
        let measured = match leaf.measure {
            Measure::Quantity => None,
            Measure::Amount => facts.amount.as_ref(),
            Measure::Distinct | Measure::DistinctItems => facts.distinct.as_ref(),
        };
        said.push(measured.map_or(self.words("explain_quantity"), |text| text.get(self.lang)).to_owned());
        said.push(self.dated(leaf, own, facts.dated.get(self.lang), period));
        if !line.key.is_row() {
            let provider = line.key.provider.as_ref().filter(|_| line.key.service.is_some());
            let provider = provider.map(|party| format!("{} · ", party.label())).unwrap_or_default();
            said.push(self.fill("explain_line", &[("line", &format!("{provider}{}", line.key.label()))]));
        }
        said
    }

    /// What a row that counts facts counts, whatever the column.
    pub fn counts_of(&self, row: &Row, set: usize) -> Vec<String> {
        let facts = self.definitions.vocabulary.facts.get(SETS[set].name);
        let counts = facts.map(|facts| facts.counts.get(self.lang).to_owned());
        counts.into_iter().chain(self.filters(set, &row.filter)).collect()
    }

    fn dated(&self, leaf: &Row, column: &Column, dated: &str, period: Period) -> String {
        let key = match (column.month, column.months.is_empty(), leaf.kind) {
            (Some(month), ..) => {
                let first = period.quarter.month_start(month.saturating_sub(1));
                let name = self.definitions.printed.months[first.month0() as usize].get(self.lang);
                let slots = [("month", name), ("year", &first.year().to_string()), ("dated", dated)];
                return self.fill("explain_month", &slots);
            }
            (None, true, _) => "explain_quarter_only",
            (None, false, RowKind::Flow) => "explain_quarter_flow",
            (None, false, RowKind::Stock) => "explain_quarter_stock",
        };
        self.fill(key, &[("dated", dated)])
    }

    /// A filter in words: a sentence for each dimension.
    fn filters(&self, set: usize, filter: &Filter) -> Vec<String> {
        let known = |name: &String| SETS[set].dimensions.iter().find(|dimension| dimension.name == name);
        let filters = filter.iter().filter_map(|(name, codes)| Some((known(name)?, codes)));
        filters
            .map(|(dimension, codes)| {
                let slots = [("name", self.name(*dimension)), ("codes", &self.codes(*dimension, codes))];
                self.fill("explain_filter", &slots)
            })
            .collect()
    }

    /// The name of a dimension.
    pub fn name(&self, dimension: Dimension) -> &str {
        match dimension.list {
            Some(list) => self.definitions.codelist(list).map_or(dimension.name, |list| list.names.get(self.lang)),
            None => self.definitions.vocabulary.flags.get(dimension.name).map_or("", |flag| flag.name.get(self.lang)),
        }
    }

    /// Codes of a dimension, any of which will do.
    pub fn codes(&self, dimension: Dimension, codes: &[String]) -> String {
        let labels: Vec<String> = codes.iter().map(|code| format!("«{}»", self.label(dimension, code))).collect();
        labels.join(self.words("explain_or"))
    }

    fn label(&self, dimension: Dimension, code: &str) -> String {
        if let Some(list) = dimension.list {
            return self.definitions.code_label(list, code, self.lang);
        }
        let flag = self.definitions.vocabulary.flags.get(dimension.name);
        let text = flag.map(|flag| if code == "yes" { &flag.yes } else { &flag.no });
        text.map_or_else(|| code.to_owned(), |text| text.get(self.lang).to_owned())
    }

    /// The code of a fact in a dimension.
    pub fn own_code(&self, class: Class, set: usize, place: usize) -> String {
        let dimension = SETS[set].dimensions[place];
        let Some(position) = class.code(place).checked_sub(1) else {
            return self.words("explain_nothing").to_owned();
        };
        let code = match dimension.list {
            Some(list) => self.definitions.codelist(list).map(|list| list.codes[position].code.clone()),
            None => Some(["no", "yes"][position.min(1)].to_owned()),
        };
        code.map(|code| format!("«{}»", self.label(dimension, &code))).unwrap_or_default()
    }
}
