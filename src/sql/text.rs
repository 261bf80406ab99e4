//! The texts: what is counted, what is left, which records a figure stands for.

use crate::facts::groups::UNSUITED;
use crate::sql::literal::text;
use crate::sql::plan::{LakeTable, Plan, shared_name};
use std::fmt::Write;

/// By what counted records are grouped: name among the facts, column of the text, and whether it tells results apart.
const GROUPS: [(&str, &str, bool); 14] = [
    ("channel", "channel_code", true),
    ("outcome", "outcome_kept", true),
    ("applicant", "applicant_code", true),
    ("form", "form_code", true),
    ("delay_cause", "cause_kept", true),
    ("refusal_reason", "reason_kept", true),
    ("late", "lateness", true),
    ("terms", "decisions", false),
    ("unit", "unit", false),
    ("provider_bin", "provider_bin", false),
    ("provider_name", "provider_name", false),
    ("service_code", "service_code", false),
    ("service_name", "service_name", false),
    ("information_system", "information_system", false),
];

/// Functions that the text may call; everything else is a comparison, a sum or a condition.
pub const FUNCTIONS: [&str; 6] = ["COALESCE", "COUNT", "LENGTH", "SUBSTR", "SUM", "TRANSLATE"];

/// What an engine must understand as the text means it: an empty text is none that is missing, texts differ by case,
/// accents and spaces, letters are counted and not bytes, what an outer join does not find is missing. Oracle, a
/// collation of SQL Server or `MySQL`, and `ClickHouse` break one of them each; there rows would be counted wrongly.
const SUITED: [&str; 10] = [
    "COALESCE('', 'a') = ''",
    "'a' <> 'A'",
    "'и' <> 'й'",
    "'a' <> 'a '",
    "'a ' LIKE '% '",
    "LENGTH('ә ') = 2",
    "SUBSTR('аәб', 2, 1) = 'ә'",
    "SUBSTR('a', 5, 1) = ''",
    "TRANSLATE('әбa', 'әa', 'Ә') = 'Әб'",
    "never_met.minute_no IS NULL",
];

impl Plan<'_> {
    /// Plainly clean rows, grouped.
    pub fn facts(&self) -> String {
        let mut sql = self.steps(false);
        sql += ",\ncounted_rows AS (\n  SELECT facts_of, month, quantity_amount";
        for (name, column, of_results) in GROUPS {
            let _ = match (of_results, name) {
                // what is in progress is told apart, and its terms are used, too
                (_, "outcome" | "terms") => write!(
                    sql,
                    ",\n    CASE WHEN month = '' AND result <> 'in_progress' THEN '' ELSE {column} END AS {name}_of"
                ),
                (true, _) => write!(sql, ",\n    CASE WHEN month = '' THEN '' ELSE {column} END AS {name}_of"),
                (false, _) => write!(sql, ",\n    {column} AS {name}_of"),
            };
        }
        let names: Vec<&str> = GROUPS.iter().map(|(name, ..)| *name).collect();
        let keys: Vec<String> = names.iter().map(|name| format!("{name}_of")).collect();
        let keys = keys.join(", ");
        let _ = write!(
            sql,
            "\n  FROM verdicts\n  WHERE is_clean = 1\n),\ngrouped_rows AS (\n  SELECT facts_of, month, {keys}, SUM(quantity_amount) AS quantity, COUNT(*) AS records\n  \
             FROM counted_rows\n  GROUP BY facts_of, month, {keys}\n),\n\
             all_rows AS (\n  SELECT facts_of, COUNT(*) AS table_records FROM source_rows GROUP BY facts_of\n)\n"
        );
        let made = [
            (self.period.quarter.to_string(), "period"),
            (self.period.as_of.to_string(), "as_of"),
            (self.form_names().join(","), "forms"),
        ];
        let listed = |items: Vec<String>| items.join(", ");
        let suited = format!(
            "CASE WHEN {} THEN {} ELSE {} END AS definitions",
            SUITED.join(" AND "),
            text(&self.made_of),
            text(UNSUITED)
        );
        let made = listed(made.iter().map(|(value, name)| format!("{} AS {name}", text(value))).collect());
        let shown = listed(names.iter().map(|name| format!("grouped_rows.{name}_of AS {name}")).collect());
        let none = listed(names.iter().map(|name| format!("'' AS {name}")).collect());
        let head = format!("SELECT all_rows.facts_of AS facts_of, {suited}, {made}, engine, part, table_records");
        let beside = "LEFT JOIN esep_clock AS never_met ON never_met.clock = all_rows.facts_of\nCROSS JOIN esep_engine";
        let _ = write!(
            sql,
            "{head}, grouped_rows.month AS month, {shown}, grouped_rows.quantity AS quantity, grouped_rows.records AS records\n\
             FROM grouped_rows\nJOIN all_rows ON all_rows.facts_of = grouped_rows.facts_of\n{beside}\n\
             UNION ALL\n{head}, '' AS month, {none}, 0 AS quantity, 0 AS records\nFROM all_rows\n{beside}\n\
             ORDER BY facts_of, month, {};\n",
            names.join(", ")
        );
        sql
    }

    /// The rows of one table that are not plainly clean, as they stand.
    pub fn rest(&self, lake: &LakeTable) -> String {
        let table = self.table(lake);
        let mut sql = self.steps(true);
        let mut columns = Vec::new();
        for (place, field) in table.fields.iter().enumerate() {
            let name = shared_name(&field.name);
            if lake.fixed.contains_key(&place) {
                columns.push(format!("{name} AS {}", field.name));
            } else if lake.columns.contains_key(&place) {
                columns.push(format!("raw_{name} AS {}", field.name));
            }
        }
        let _ = write!(
            sql,
            "SELECT {}\nFROM verdicts\nWHERE is_clean = 0 AND facts_of = {}\nORDER BY source_row;\n",
            columns.join(", "),
            text(&table.table)
        );
        sql
    }

    /// The counted records that pass a condition.
    pub fn records(&self, condition: &str) -> String {
        let columns = "facts_of, record_id, month, result, lateness, unit, provider_bin, provider_name, service_code, \
                       service_name, received_at, completed_at, quantity_amount";
        let sql = self.steps(false);
        format!(
            "{sql}SELECT {columns}\nFROM verdicts\nWHERE is_clean = 1 AND {condition}\nORDER BY facts_of, record_id;\n"
        )
    }

    fn steps(&self, raw: bool) -> String {
        self.rows(raw) + &self.classes() + &self.verdicts()
    }
}
