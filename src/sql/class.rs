//! Filters of the forms over the columns of the text.

use crate::definitions::dimension::{RESULTS, SETS};
use crate::definitions::form::{Check, Filter, Form};
use crate::sql::literal::{any, one_of};

/// The columns of the text that tell results apart, by the names of the filters.
pub const COLUMNS: [(&str, &str); 8] = [
    ("channel", "channel_parent"),
    ("outcome", "outcome_kept"),
    ("applicant", "applicant_parent"),
    ("form", "form_code"),
    ("delay_cause", "cause_kept"),
    ("refusal_reason", "top_reason"),
    ("late", "is_late"),
    // the body's own records never are
    ("established", "'no'"),
];

/// The condition of filters; a record passes all of them.
pub fn filtered(filters: &[&Filter]) -> String {
    let known = |name: &str| COLUMNS.iter().find(|(dimension, _)| *dimension == name).map(|(_, column)| *column);
    let each = filters.iter().flat_map(|filter| filter.iter());
    let conditions: Vec<String> =
        each.map(|(name, codes)| known(name).map_or("1 = 0".to_owned(), |column| one_of(column, codes))).collect();
    if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
}

/// Conditions under which no finding is due by the sums of columns of a form: a late result has a cause that a column
/// counts, and an act where one must confirm it.
pub fn without_findings(form: &Form) -> Vec<String> {
    debug_assert_eq!(SETS[RESULTS].dimensions.len(), COLUMNS.len());
    let mut conditions = Vec::new();
    for rule in form.rules.iter().filter(|rule| rule.check == Check::ColumnsSum) {
        for row in form.rows.iter().filter(|row| row.facts.as_deref() == Some("results")) {
            let side = |id: &String| {
                let column = form.grids.iter().find_map(|grid| grid.column(id).map(|place| &grid.columns[place]))?;
                Some(filtered(&[&row.filter, &column.filter]))
            };
            let right: Vec<String> = rule.right_columns.iter().filter_map(side).collect();
            for left in rule.left_columns.iter().filter_map(side) {
                conditions.push(format!("NOT ({left}) OR {}", any(&right)));
                if !rule.acts.is_empty() {
                    let acts = one_of("cause_kept", &rule.acts);
                    conditions.push(format!("NOT ({left} AND is_late = 'yes' AND {acts}) OR delay_act <> ''"));
                }
            }
        }
    }
    conditions
}
