//! Header rows of any cells, with a row of values below: a table is recognised or refused, never half.
#![no_main]

use esep::ingest::Pace;
use esep_fuzz::{balance, counted, placed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|cells: Vec<(u8, String)>| esep_fuzz::judge(|| {
    let aliases: Vec<&str> = esep_fuzz::definitions()
        .tables
        .iter()
        .flat_map(|table| &table.fields)
        .map(|field| field.name.as_str())
        .collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut heads = Vec::new();
    let mut values = Vec::new();
    for (place, (kind, text)) in cells.iter().enumerate() {
        let known = aliases[(usize::from(*kind) * 7 + place) % aliases.len()];
        heads.push(quoted(if kind % 3 == 0 { text } else { known }));
        values.push(quoted(if kind % 3 == 0 { known } else { text }));
    }
    let text = format!("{}\n{}\n{}\n", heads.join(","), values.join(","), values.join(","));
    let folder = placed("records.csv", text.as_bytes());
    let counted = counted(folder.path(), Pace { one_by_one: true, ..Pace::default() });
    counted.iter().for_each(balance);
}));
