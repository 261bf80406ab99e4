use crate::sources::header::*;
use crate::sources::sample;

fn found(rows: &[&[&str]], names: &[&str], joined: bool) -> String {
    let tables = sample::tables();
    let heads = Heads::new(&tables, None);
    let rows: Vec<HeadRow> = rows
        .iter()
        .zip(1..)
        .map(|(cells, line)| HeadRow { line, cells: cells.iter().map(ToString::to_string).collect() })
        .collect();
    match heads.recognise(&rows, names, joined) {
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
    for (rows, names, joined, expected) in [
        (&[&["Отчёт"][..], events][..], &["события"][..], false, "events:2 [1, 2, 3]"),
        (&[events], &[], false, "[0, 3]"),
        (&[events], &["лист1", "Близнецы_Астана"], false, "twins:1 [1, 2, 3]"),
        (&[events], &["eventsmania"], false, "[0, 3]"),
        (&[&["record_id", "kind", "held_on", "room"]], &["events"], false, "meetings:1 [0, 1, 2, 3]"),
        (&[&["Включено", "Код"]], &[], false, "register:1 [1, 0]"),
        (&[&["Включено"]], &[], false, "register?  +any"),
        (&[&["Комната", "kind", "held_on"]], &[], false, "meetings? record_id"),
        (&[&["record_id", "kind"]], &["meetings"], false, "meetings? held_on room"),
        (&[&["x"]], &["events"], false, "events? record_id kind held_on"),
        (&[&["x"]], &[], false, ""),
        (&[&["record_id", "Сведения", ""], &["", "kind", "held_on"]], &["events"], false, "events? record_id"),
        (&[&["record_id", "Сведения", ""], &["", "kind", "held_on"]], &["events"], true, "events:2 [0, 1, 2]"),
    ] {
        assert_eq!(found(rows, names, joined), expected, "{rows:?} {names:?}");
    }
}
