//! `explain --sql`: the query of a cell, run in the database, lists what the database counted of the cell.

use super::engine::{is_there, run};
use super::{goldens, samples};
use crate::bench::definitions;
use esep::commands::explain::opened::Opened;
use esep::commands::explain::query::query;
use esep::commands::explain::sources::Sources;
use esep::commands::out::speech::Speech;
use esep::definitions::dimension::RESULTS;
use esep::facts::parts::{Owner, parts, set_of};
use esep::facts::trace::Wanted;
use esep::values::cells::Value;
use esep::words::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// So many cells of a report are asked for.
const CELLS: usize = 12;

#[test]
fn the_query_of_a_cell_lists_what_the_database_counted_of_it() {
    if !is_there("the_query_of_a_cell_lists_what_the_database_counted_of_it", "duckdb") {
        return;
    }
    let mut lakes = samples();
    lakes.retain(|lake| !lake.name.starts_with("central"));
    lakes.extend(goldens().into_iter().filter(|lake| lake.name == "2-mk-receipt-day-counts"));
    run("duckdb", &lakes);
    let mut expected = Vec::new();
    for lake in &mut lakes {
        let ran = lake.parts().expect("a run");
        let opened = Opened::open(&ran.folder, None, definitions()).unwrap();
        let found = Sources::find((&opened.made, &opened.file), (&lake.files_of_parts(), &[]), definitions()).unwrap();
        assert!(found.are_same(), "{}", lake.name);
        let (filed, speech) = (&opened.filed, Speech { definitions: definitions(), lang: Lang::Ru });
        let organisation = opened.organisation().unwrap();
        let reading =
            found.trace(filed, &opened.made, &organisation, definitions(), Wanted::All, &BTreeSet::new()).unwrap();
        let owner = Owner::new(&reading.derived, None);
        let mut cells = Vec::new();
        for (place, line) in filed.cells.lines.iter().enumerate() {
            for column in 0..line.values.len() {
                let parts = parts(filed.form, line.row, column, filed.period, definitions());
                let counts = parts.iter().any(|part| set_of(&filed.form.rows[part.row]) == Some(RESULTS));
                if counts && matches!(line.values[column], Value::Number(number) if number > 0) {
                    let all = owner.contributions(filed.form, line, &parts, &reading.derived.traced);
                    let counted =
                        all.iter().filter(|one| definitions().tables[found.tables[one.traced.source].table].counted);
                    cells.push(((place, column), counted.map(|one| one.quantity).sum::<i64>()));
                }
            }
        }
        assert!(cells.len() > CELLS && cells.iter().any(|(_, counted)| *counted > 0), "{}", lake.name);
        let step = cells.len() / CELLS;
        let mut sums = BTreeMap::new();
        for (number, (at, counted)) in cells.into_iter().step_by(step).enumerate() {
            let name = format!("cell_{number:02}.sql");
            std::fs::write(lake.texts().join(&name), query(&opened, at, &found, speech).unwrap()).unwrap();
            sums.insert(name, counted);
        }
        expected.push(sums);
    }
    run("duckdb", &lakes);
    for (lake, expected) in lakes.iter().zip(expected) {
        let listed = std::fs::read(lake.texts().join("cells.json")).unwrap();
        let listed: BTreeMap<String, i64> = serde_json::from_slice(&listed).unwrap();
        assert_eq!(listed, expected, "{}", lake.name);
    }
}
