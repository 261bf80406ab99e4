//! Which rows are plainly clean: those are counted in the database, all others go to the rest. Source: records.md.

use crate::definitions::record::Field;
use crate::facts::wordings::Texts;
use crate::sql::class::without_findings;
use crate::sql::literal::{all, one_of, text};
use crate::sql::plain::{Days, is_plain};
use crate::sql::plan::{LakeTable, Plan, shared_name};
use crate::sql::rows::NAMES;
use crate::sql::small::number_of;
use crate::values::moment::DAY;
use std::fmt::Write;

/// Fields whose words are for the analytical report: their rows go to the rest.
const WORDS: [&str; 2] = ["cause", "measure"];

impl Plan<'_> {
    /// The last step of every text: each row with its verdict.
    pub fn verdicts(&self) -> String {
        let mut sql = "verdicts AS (\n  SELECT class_rows.*,\n    CASE\n".to_owned();
        for lake in &self.tables {
            let table = &self.table(lake).table;
            let mut conditions = vec![
                format!("facts_of = {}", text(table)),
                "is_repeated = 0 AND is_asked = 0 AND has_plain_names = 1".to_owned(),
            ];
            conditions.extend(self.sound(lake));
            conditions.extend(self.judged(lake));
            let _ = writeln!(sql, "      WHEN {}\n      THEN 1", all(&conditions, 6));
        }
        sql + "      ELSE 0\n    END AS is_clean\n  FROM class_rows\n)\n"
    }

    /// What the contract asks of a row.
    fn sound(&self, lake: &LakeTable) -> Vec<String> {
        let table = self.table(lake);
        let mut conditions = Vec::new();
        let days = match (lake.short_days, self.has_short_days()) {
            (true, _) => Days::Short,
            (false, true) => Days::WholeHere,
            (false, false) => Days::Whole,
        };
        for field in self.fields() {
            let own = self.position(lake, field.name).filter(|place| {
                lake.columns.contains_key(place)
                    || lake.fixed.contains_key(place)
                    || table.fields[*place].default.is_some()
            });
            let is_id = own.is_some_and(|place| table.key.contains(&table.fields[place].name));
            // names are judged before, each set of them once
            if own.is_some() && !NAMES.contains(&field.name) {
                conditions.push(is_plain(&field, is_id, days));
            }
        }
        let given = |name: &str| format!("{} <> ''", shared_name(name));
        let asked = self.form_names();
        let forms: Vec<String> = asked.iter().map(|form| (*form).to_owned()).collect();
        let needed =
            |field: &&Field| field.required || field.required_for.iter().any(|form| asked.contains(&form.as_str()));
        conditions.extend(table.fields.iter().filter(needed).map(|field| given(&field.name)));
        if !table.any_of.is_empty() {
            conditions.push(table.any_of.iter().map(|name| given(name)).collect::<Vec<_>>().join(" OR "));
        }
        for group in &table.together {
            let (all, none): (Vec<String>, Vec<String>) =
                group.iter().map(|name| (given(name), format!("{} = ''", shared_name(name)))).unzip();
            conditions.push(format!("({}) OR ({})", all.join(" AND "), none.join(" AND ")));
        }
        for field in &table.fields {
            let Some(when) = field.required_when.as_ref().filter(|when| when.concerns(&forms)) else { continue };
            let asks = one_of(&format!("{}_code", when.field), &when.values);
            conditions.push(format!("NOT {asks} OR {}", given(&field.name)));
        }
        conditions
    }

    /// What is told of a row that is sound: such rows are read by the program, which tells it.
    fn judged(&self, lake: &LakeTable) -> Vec<String> {
        let table = self.table(lake);
        let has = |name: &str| table.position(name).is_some();
        let mut conditions: Vec<String> =
            WORDS.into_iter().filter(|name| has(name)).map(|name| format!("{name} = ''")).collect();
        let listed = Texts::new(self.definitions, &self.forms).brevity(lake.table, None).listed;
        let dates = table.fields.iter().enumerate().filter(|(place, _)| listed >> place & 1 == 1);
        conditions.extend(dates.map(|(_, field)| format!("{} = ''", shared_name(&field.name))));
        conditions.push("result = 'in_progress' OR completed_at <> ''".to_owned());
        conditions.push("result <> 'in_progress' OR completed_at = ''".to_owned());
        conditions.push("due_by <> 'unclear' AND (in_days = 0 OR due_minute IS NOT NULL)".to_owned());
        let end = number_of(self.period.known_until()) * DAY;
        conditions.push(format!("result <> 'in_progress' OR due_minute IS NULL OR {end} <= due_minute"));
        for [first, second] in &table.order {
            let (first, second) = (shared_name(first), shared_name(second));
            conditions.push(format!(
                "{first} = '' OR {second} = '' OR ({first}_timed = 1 AND {second}_timed = 1 AND {first}_minute <= {second}_minute)\n        \
                 OR (({first}_timed = 0 OR {second}_timed = 0) AND {first}_no <= {second}_no)"
            ));
        }
        let plausible = self.definitions.plausible.minutes(self.period.quarter.last());
        for field in
            self.fields().iter().filter(|field| field.field.kind.is_moment() && has_column(self, lake, field.name))
        {
            let name = field.name;
            let (least, most) = (plausible.start, plausible.end);
            conditions.push(format!("{name} = '' OR ({name}_minute >= {least} AND {name}_minute < {most})"));
        }
        let findings = self.forms.iter().flat_map(|form| without_findings(form));
        conditions.extend(findings.map(|condition| format!("month = '' OR {condition}")));
        conditions
    }
}

fn has_column(plan: &Plan<'_>, lake: &LakeTable, name: &str) -> bool {
    plan.position(lake, name).is_some_and(|place| lake.columns.contains_key(&place))
}
