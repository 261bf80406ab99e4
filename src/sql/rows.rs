//! The rows of the tables, their values looked up in the small tables.

use crate::definitions::record::FieldType;
use crate::sql::letters::{SIMPLE, alike, of_keys};
use crate::sql::literal::{all, text, translated};
use crate::sql::plain::{Days, IS_SIMPLE, given, is_plain, when};
use crate::sql::plan::{LakeTable, Plan, PlanField};
use crate::sql::small::NUMBER;
use std::fmt::Write;

/// Texts by which facts are grouped.
pub const NAMES: [&str; 6] =
    ["unit", "provider_bin", "provider_name", "service_code", "service_name", "information_system"];

impl Plan<'_> {
    /// The first steps of every text: all rows, words for nothing left out, values looked up. `raw`: the values as
    /// they stand are kept, too, with the order of the rows.
    pub fn rows(&self, raw: bool) -> String {
        let fields = self.fields();
        let mut sql = "WITH source_rows AS (\n".to_owned();
        let each: Vec<String> = self.tables.iter().map(|lake| self.selected(lake, &fields, raw)).collect();
        let _ = writeln!(sql, "{}\n),", each.join("\n  UNION ALL\n"));
        sql += "given_rows AS (\n  SELECT facts_of";
        for field in &fields {
            let _ = write!(sql, ",\n    {} AS {}", self.value(field), field.name);
        }
        if raw {
            sql += ",\n    source_row";
            sql.extend(fields.iter().map(|field| format!(",\n    {0} AS raw_{0}", field.name)));
        }
        let (from, to) = alike();
        let foreign = translated("record_id", &of_keys(), "");
        let key = format!("TRANSLATE(TRANSLATE(record_id, {foreign}, ''), {}, {})", text(&from), text(&to));
        let is_simple = when(&format!("{} = ''", translated("record_id", SIMPLE, "")));
        let _ = writeln!(
            sql,
            "\n  FROM source_rows\n),\nread_rows AS (\n  SELECT given_rows.*, {is_simple} AS {IS_SIMPLE}\n  FROM given_rows\n),\n\
             keyed_rows AS (\n  SELECT read_rows.*, CASE WHEN {IS_SIMPLE} = 1 THEN record_id ELSE {key} END AS id_key\n  FROM read_rows\n),"
        );
        sql += "repeated_keys AS (\n  SELECT id_key FROM keyed_rows GROUP BY id_key HAVING COUNT(*) > 1\n),\n";
        sql += &named(&fields);
        sql + &looked_up(&fields)
    }

    /// The rows of one table; blank rows are none.
    fn selected(&self, lake: &LakeTable, fields: &[PlanField<'_>], raw: bool) -> String {
        let table = self.table(lake);
        let mut sql = format!("  SELECT {} AS facts_of", text(&table.table));
        let mut filled = Vec::new();
        for field in fields {
            let place = self.position(lake, field.name).filter(|place| lake.columns.contains_key(place));
            match place.map(|place| &table.fields[place].name) {
                Some(own) => {
                    let _ = write!(sql, ",\n    COALESCE({own}, '') AS {}", field.name);
                    filled.push(format!("COALESCE({own}, '') <> ''"));
                }
                None => {
                    let _ = write!(sql, ",\n    '' AS {}", field.name);
                }
            }
        }
        if raw {
            sql += ",\n    source_row";
        }
        let _ = write!(sql, "\n  FROM esep_{}\n  WHERE {}", table.table, filled.join(" OR "));
        sql
    }

    /// A value, or what stands for it in the tables that fix it.
    fn value(&self, field: &PlanField<'_>) -> String {
        let fixed = self.tables.iter().filter_map(|lake| {
            let place = self.position(lake, field.name)?;
            Some((self.table(lake), lake.fixed.get(&place)?))
        });
        let cases: Vec<String> = fixed
            .map(|(table, value)| {
                // what is supplied to go with another field says nothing where that one is missing
                let others =
                    table.together.iter().filter(|group| group.iter().any(|name| name == field.name)).flatten();
                let none: Vec<String> =
                    others.filter(|name| *name != field.name).map(|name| format!("{name} = ''")).collect();
                let supplied = match none.as_slice() {
                    [] => text(value),
                    none => format!("CASE WHEN {} THEN '' ELSE {} END", none.join(" AND "), text(value)),
                };
                format!("WHEN facts_of = {} THEN {}", text(&table.table), given(field.name, field, &supplied))
            })
            .collect();
        let default = field.field.default.as_deref().unwrap_or_default();
        let own = given(field.name, field, &text(default));
        if cases.is_empty() { own } else { format!("CASE {} ELSE {own} END", cases.join(" ")) }
    }
}

/// Names and codes of bodies, units, services and systems, each set of them judged once: they are met again and again,
/// and to look through their letters costs engines more than to find them.
fn named(fields: &[PlanField<'_>]) -> String {
    let named: Vec<&PlanField<'_>> = fields.iter().filter(|field| NAMES.contains(&field.name)).collect();
    let columns = named.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
    let plain: Vec<String> = named.iter().map(|field| is_plain(field, false, Days::Whole)).collect();
    format!(
        "met_names AS (\n  SELECT {columns}\n  FROM keyed_rows\n  GROUP BY {columns}\n),\n\
         judged_names AS (\n  SELECT met_names.*,\n    {} AS are_plain\n  FROM met_names\n),\n",
        when(&all(&plain, 6))
    )
}

/// Values beside their spellings: codes, numbers, days and minutes.
fn looked_up(fields: &[PlanField<'_>]) -> String {
    let (mut columns, mut joins) = (String::new(), String::new());
    for PlanField { name, field } in fields {
        let list = field.list.as_deref();
        match field.kind {
            FieldType::Code | FieldType::Integer => {
                let kind = text(list.unwrap_or(NUMBER));
                let _ = write!(
                    joins,
                    "\n  LEFT JOIN esep_spellings AS of_{name} ON of_{name}.kind = {kind} AND of_{name}.spelling = keyed_rows.{name}"
                );
                let _ = if list.is_some() {
                    write!(
                        columns,
                        ",\n    COALESCE(of_{name}.code, '') AS {name}_code, COALESCE(of_{name}.parent, '') AS {name}_parent"
                    )
                } else {
                    write!(columns, ",\n    of_{name}.amount AS {name}_amount")
                };
            }
            FieldType::Date | FieldType::Moment => {
                let _ = write!(
                    joins,
                    "\n  LEFT JOIN esep_calendar AS day_{name} ON day_{name}.day = SUBSTR(keyed_rows.{name}, 1, 10)\n  \
                     LEFT JOIN esep_clock AS clock_{name} ON clock_{name}.clock = SUBSTR(keyed_rows.{name}, 12, 5)"
                );
                let midnight = format!("clock_{name}.minute_no = 0 AND SUBSTR(keyed_rows.{name}, 17) IN ('', ':00')");
                let _ = write!(
                    columns,
                    ",\n    day_{name}.day_no AS {name}_no, day_{name}.working_no AS {name}_working_no, day_{name}.is_working AS {name}_is_working, \
                     clock_{name}.minute_no AS {name}_clock,\n    \
                     day_{name}.day_no * 1440 + COALESCE(clock_{name}.minute_no, 0) AS {name}_minute,\n    \
                     CASE WHEN clock_{name}.minute_no IS NULL OR ({midnight}) THEN 0 ELSE 1 END AS {name}_timed"
                );
            }
            FieldType::Identifier | FieldType::Text | FieldType::Boolean => {}
        }
    }
    let names = fields.iter().filter(|field| NAMES.contains(&field.name));
    let names: Vec<String> = names.map(|field| format!("judged_names.{0} = keyed_rows.{0}", field.name)).collect();
    let repeated = "CASE WHEN repeated_keys.id_key IS NULL THEN 0 ELSE 1 END AS is_repeated,\n    \
                    CASE WHEN esep_asked.id IS NULL THEN 0 ELSE 1 END AS is_asked";
    format!(
        "typed_rows AS (\n  SELECT keyed_rows.*, COALESCE(are_plain, 0) AS has_plain_names, {repeated}{columns}\n  FROM keyed_rows\n  \
         LEFT JOIN judged_names ON {}\n  \
         LEFT JOIN repeated_keys ON repeated_keys.id_key = keyed_rows.id_key\n  \
         LEFT JOIN esep_asked ON esep_asked.id = keyed_rows.record_id{joins}\n),\n",
        names.join(" AND ")
    )
}
