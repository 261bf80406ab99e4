//! Whether the form is one that bodies of this kind file. Source: Rules, para 60–62; Annex 1, expl. 3.

use crate::definitions::Definitions;
use crate::report::filled::Report;
use crate::words::finding::{Finding, Place};
use std::collections::BTreeSet;

/// Forms that bodies of a role file; `also`: as bodies of another kind, too.
pub fn forms<'d>(definitions: &'d Definitions, role: &str, also: bool) -> BTreeSet<&'d str> {
    let own =
        definitions.deadlines.iter().filter(|known| if also { known.is_of(role) } else { known.organisation == role });
    own.flat_map(|known| &known.forms).map(String::as_str).collect()
}

/// That the body files other forms, where it says what it is.
pub fn told(report: &Report<'_>) -> Option<Finding> {
    let role = report.organisation.role?.code();
    let form = &report.form.form;
    let known = forms(report.definitions, role, true);
    if known.is_empty() || known.contains(form.as_str()) {
        return None;
    }
    let place = Place { form: Some(form.clone()), period: Some(report.period_id()), ..Place::default() };
    let known = report.definitions.indexes(&known.into_iter().collect::<Vec<_>>());
    let finding = Finding::new("form_of_other_role", place).with("role", role);
    Some(finding.with_text("form", &report.form.index).with_text("forms", &known))
}
