use crate::sources::header::*;
use crate::sources::sample;

fn found(rows: &[&[&str]], names: &[&str]) -> String {
    let tables = sample::tables();
    let heads = Heads::new(&tables, None);
    let rows: Vec<HeadRow> = rows
        .iter()
        .zip(1..)
        .map(|(cells, line)| HeadRow { line, cells: cells.iter().map(ToString::to_string).collect() })
        .collect();
    match heads.recognise(&rows, names) {
        Verdict::Found(found) => format!(
            "{}:{} {:?}",
            tables[found.table].table,
            found.line,
            found.columns.iter().flatten().collect::<Vec<_>>()
        ),
        Verdict::Ambiguous { tables: found, .. } => format!("{found:?}"),
        Verdict::Unknown(near) => near.map_or_else(String::new, |near| {
            let missing: Vec<&str> =
                near.missing.iter().map(|field| tables[near.table].fields[*field].name.as_str()).collect();
            format!("{}? {}{}", tables[near.table].table, missing.join(" "), if near.lacks_any { " +any" } else { "" })
        }),
    }
}

#[test]
fn heads_are_recognised() {
    let events: &[&str] = &["", "№ ЗАПИСИ", "«Вид  события»", "дата_приёма *", "?"];
    for (rows, names, expected) in [
        (&[&["Отчёт"][..], events][..], &["события"][..], "events:2 [1, 2, 3]"),
        (&[events], &[], "[0, 3]"),
        (&[events], &["лист1", "Близнецы_Астана"], "twins:1 [1, 2, 3]"),
        (&[events], &["eventsmania"], "[0, 3]"),
        (&[&["record_id", "kind", "held_on", "room"]], &["events"], "meetings:1 [0, 1, 2, 3]"),
        (&[&["Включено", "Код"]], &[], "register:1 [1, 0]"),
        (&[&["Включено"]], &[], "register?  +any"),
        (&[&["Комната", "kind", "held_on"]], &[], "meetings? record_id"),
        (&[&["record_id", "kind"]], &["meetings"], "meetings? held_on room"),
        (&[&["x"]], &["events"], "events? record_id kind held_on"),
        (&[&["x"]], &[], ""),
        (&[&["record_id", "Сведения", ""], &["", "kind", "held_on"]], &["events"], "events:2 [0, 1, 2]"),
    ] {
        assert_eq!(found(rows, names), expected, "{rows:?} {names:?}");
    }
}
