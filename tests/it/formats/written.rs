//! What programs and people write beside plain values: words for nothing, forced text, midnights, signs nobody sees.

use super::super::bench::definitions;
use super::super::books::{HEAD, changed, csv, record};
use super::super::pass::{agree, pace};
use super::{assert_books, case, file, places, run, services};

/// The CSV of one record with these changes.
fn one(changes: &[(&str, &str)]) -> String {
    csv(&[changed("a1", changes)])
}

/// Late services to individuals in the quarter.
fn late(changes: &[(&str, &str)]) -> String {
    run("services.csv", one(changes)).cell("13.1", "q.individual")
}

#[test]
fn words_for_nothing_are_missing_in_every_field() {
    for word in ["NULL", "null", "\\N", "nan", "NaT", "None", "<NA>", "(null)", "н/д", "Н/Д"] {
        let rows = [
            changed("a1", &[("service_code", word), ("quantity", word), ("due_at", word)]),
            changed("a2", &[("service_code", word), ("service_name", "Выдача")]),
            changed("a3", &[("received_at", word)]),
            changed(word, &[]),
        ];
        let ran = run("services.csv", csv(&rows));
        assert_eq!(services(&ran), ["|Выдача|1 0 0", "|Справка|1 0 0"], "{word}");
        assert_books(&ran, [4, 2, 0, 2], word);
        let faults: Vec<String> = places(&ran).into_iter().filter(|place| place.starts_with("F-101")).collect();
        assert_eq!(faults, ["F-101:4", "F-101:5"], "{word}");
    }
    // words that say something
    let ran = run("services.csv", csv(&[changed("None-1", &[("service_name", "Нет данных")])]));
    assert_books(&ran, [1, 1, 0, 0], "other words");
}

#[test]
fn marks_that_force_text_are_no_part_of_it() {
    let quoted = |text: &str| one(&[("service_code", text)]);
    let raw = |text: &str| one(&[("service_code", "@")]).replace('@', text);
    let once = [quoted("=\"00100101\""), raw("=\"00100101\""), quoted("'00100101"), quoted(" '00100101 ")];
    let twice = [raw("=\"'00100101\""), quoted("=\"'00100101\""), quoted("'=\"00100101\""), quoted("=\" '00100101\"")];
    for text in once.iter().chain(&twice) {
        let ran = run("services.csv", text);
        assert_eq!(services(&ran), ["00100101|Справка|1 0 0"], "{text}");
        assert_eq!(places(&ran), Vec::<String>::new(), "{text}");
    }
    for (name, expected) in [
        ("=\"ТОО \"\"Рост\"\"\"", "ТОО \"Рост\""),
        ("'Рост' выплата", "'Рост' выплата"),
        ("=\"а\" и \"б\"", "=\"а\" и \"б\""),
    ] {
        let ran = run("services.csv", one(&[("service_name", name)]));
        assert_eq!(services(&ran), [format!("00100101|{expected}|1 0 0")], "{name}");
    }
    let dates = [("received_at", "'2026-07-01"), ("due_at", "=\"10.07.2026\""), ("quantity", "'1")];
    assert_books(&run("services.csv", one(&dates)), [1, 1, 0, 0], "dates and numbers");
    let twice = csv(&[record("0017"), record("'0017"), record("=\"0017\"")]);
    assert_books(&run("services.csv", twice), [3, 1, 2, 0], "an id is an id");
}

#[test]
fn midnight_written_out_is_a_day_without_a_time() {
    for due in [
        "10.07.2026 0:00:00",
        "10.07.2026 0:00",
        "2026-07-10 00:00",
        "2026-07-10T00:00:00",
        "2026-07-10 00:00:00.000",
        "2026-07-10T00:00:00.0000000+05:00",
        "2026-07-10 00:00:00+05",
    ] {
        assert_eq!(late(&[("due_at", due), ("completed_at", "2026-07-10 14:05")]), "0", "{due}");
    }
    // moments of their own
    for due in ["2026-07-10 00:00:15", "2026-07-09T19:00Z", "2026-07-09 19:00:00+00", "2026-07-10 01:00:00+06:00"] {
        assert_eq!(late(&[("due_at", due), ("completed_at", "2026-07-10 14:05")]), "1", "{due}");
    }
}

#[test]
fn offsets_as_databases_print_them() {
    for (moment, expected) in [
        ("2026-07-10 10:00:00+05", "0"),
        ("2026-07-10 10:00:00.0000000 +05:00", "0"),
        ("2026-07-10 10:00 +0500", "0"),
        ("2026-07-10T05:00:00Z", "0"),
        ("2026-07-10 05:00:00.123 Z", "0"),
        ("2026-07-10 12:00-03", "1"),
    ] {
        let changes = [("due_at", "2026-07-10 10:30"), ("completed_at", moment)];
        assert_eq!(late(&changes), expected, "{moment}");
        assert_books(&run("services.csv", one(&changes)), [1, 1, 0, 0], moment);
    }
    for moment in ["2026-07-10 10:00+5", "2026-07-10 10:00+050", "2026-07-10 10:00 05", "2026-07-10 10:00+05:00:00"] {
        let ran = run("services.csv", one(&[("completed_at", moment)]));
        assert!(places(&ran).contains(&"F-102:2".to_owned()), "{moment}");
    }
}

/// Beside what a database counted, the rest is written by a program: a value of several lines is one value.
#[test]
fn the_rest_of_a_database_has_values_of_several_lines() {
    let lines = format!("Справка\n{}\n{}\nдля семьи", record("a2").join(","), record("a3").join(","));
    let rest = csv(&[changed("a1", &[("service_name", &lines)]), record("a4")]);
    assert_books(&run("services.csv", &rest), [5, 3, 0, 2], "a person wrote it");
    let fields = definitions().tables.iter().find(|table| table.counted).expect("facts").fields.iter();
    let facts = fields.map(|field| field.name.as_str()).collect::<Vec<_>>().join(",") + "\n";
    // a head that was imported as a row, and one of spaces: to the database they are records
    let blank = format!("{}\n", vec![" "; HEAD.len()].join(","));
    let rest = format!("{rest}{}\n{blank}Итого{}\n", HEAD.join(","), ",".repeat(HEAD.len() - 1));
    for glance_bytes in [1, u64::MAX] {
        let folder = file("rest.csv", &rest);
        std::fs::write(folder.path().join("facts.csv"), &facts).unwrap();
        let mut both = case(folder.path());
        both.pace.glance_bytes = glance_bytes;
        let ran = both.run();
        assert_books(&ran, [4, 2, 0, 2], "a program wrote it");
        assert!(!places(&ran).iter().any(|place| place.starts_with("F-032")), "{:?}", places(&ran));
    }
}

/// A quote that closes in another record hides the records between: none is lost.
#[test]
fn a_quoted_field_never_swallows_records() {
    let line = |id: &str| record(id).join(",");
    let opened = |id: &str| line(id).replace("Справка", "\"Справка");
    let closed = |id: &str| line(id).replace("Справка", "Справка\"");
    for (rows, books) in [
        (vec![opened("a1"), closed("a2"), line("a3")], [3, 2, 0, 1]),
        (vec![opened("a1"), line("a2"), line("a3"), closed("a4")], [4, 3, 0, 1]),
        (vec![line("a0"), opened("a1"), "".to_owned(), line("a2"), closed("a3")], [4, 3, 0, 1]),
    ] {
        for end in ["\n", "\r\n"] {
            let ran = run("services.csv", format!("{}{end}{}{end}", HEAD.join(","), rows.join(end)));
            assert_books(&ran, books, &rows.join("|"));
            assert_eq!(places(&ran).len(), 1, "{:?}", places(&ran));
            assert!(places(&ran)[0].starts_with("F-032"), "{:?}", places(&ran));
        }
    }
    // text of several lines is a value like another
    let name = "Справка,\nвыдача; приём,\nучёт";
    let ran = run("services.csv", one(&[("service_name", name)]));
    assert_eq!(services(&ran), ["00100101|Справка, выдача; приём, учёт|1 0 0"]);
}

#[test]
fn text_behind_a_closing_quote_is_an_error() {
    for name in ["\"Алтын\" выплата", "\"Справка\"1", "\"\"Алтын\"\""] {
        let text = csv(&[record("a1"), changed("a2", &[("service_name", "@")]), record("a3")]).replace('@', name);
        let ran = run("services.csv", text);
        assert_eq!(places(&ran), ["F-055:3"], "{name}");
        assert_books(&ran, [3, 2, 0, 1], name);
    }
    let spaced = one(&[("service_name", "@")]).replace('@', "\"Справка\" ");
    assert_eq!(places(&run("services.csv", spaced)), Vec::<String>::new());
}

#[test]
fn quotes_behind_backslashes_where_the_whole_file_has_them() {
    let with = |names: &[&str]| {
        let row = |id: usize| changed(&format!("a{id}"), &[("service_name", "@")]);
        let rows: Vec<_> = (0..names.len()).map(row).collect();
        names.iter().fold(csv(&rows), |text, name| text.replacen('@', name, 1))
    };
    let ran = run("services.csv", with(&["\"\\\"Алтын алқа\\\" выплата\"", "\"Выплата \\\"Алтын алқа\\\"\"", "Приём"]));
    let names = ["Выплата \"Алтын алқа\"", "Приём", "\"Алтын алқа\" выплата"];
    let mut found = services(&ran);
    found.sort();
    // one code, the commonest name: all three count
    assert_eq!(found.len(), 1, "{found:?} {names:?}");
    assert!(found[0].ends_with("|3 0 0"), "{found:?}");
    assert_eq!(places(&ran), ["F-056:null"]);
    // a path ends in a backslash; quotes are doubled: nothing is special
    let ran = run("services.csv", with(&["\"Папка C:\\\"", "\"\"\"Алтын\"\" выплата\""]));
    assert_eq!(places(&ran), Vec::<String>::new());
    // both ways in one file: the row is an error
    let ran = run("services.csv", with(&["\"\\\"Алтын\\\" выплата\"", "\"Папка C:\\\""]));
    assert_books(&ran, [2, 1, 0, 1], "both ways");
}

#[test]
fn signs_that_nobody_sees_make_no_difference() {
    for sign in ["\u{200b}", "\u{200e}", "\u{ad}", "\u{feff}", "\u{2060}", "\u{7f}", "\u{1}"] {
        let hidden = format!("0{sign}0100101{sign}");
        let id = format!("a{sign}2");
        let rows = [
            record("a1"),
            changed(&id, &[("service_code", &hidden), ("received_at", &format!("2026-07-01{sign}"))]),
            changed("a2", &[]),
        ];
        let ran = run("services.csv", csv(&rows));
        assert_eq!(services(&ran), ["00100101|Справка|2 0 0"], "{sign:?}");
        assert_books(&ran, [3, 2, 1, 0], &format!("{sign:?}"));
        let told: Vec<String> = places(&ran).into_iter().filter(|place| place.starts_with("F-059")).collect();
        assert_eq!(told, ["F-059:3"], "{sign:?}");
    }
}

#[test]
fn letters_of_another_alphabet_in_ids_and_codes_are_told() {
    let rows = [record("АС-1"), record("AC-1"), record("АС-1"), record("17"), record("ЖС-1")];
    let ran = run("services.csv", csv(&rows));
    assert_eq!(places(&ran), ["F-148:3", "F-111:4"]);
    assert_books(&ran, [5, 4, 1, 0], "ids");
    let rows = [changed("1", &[("service_code", "Е-5")]), changed("2", &[("service_code", "E-5")])];
    assert_eq!(places(&run("services.csv", csv(&rows))), ["F-149:null"]);
    let rows = [
        changed("1", &[("service_code", ""), ("service_name", "Выдача")]),
        changed("2", &[("service_code", ""), ("service_name", "Выдaча")]),
    ];
    assert_eq!(places(&run("services.csv", csv(&rows))), ["F-149:null"]);
}

/// A header with some letters of another alphabet, or with a unit of what is counted one by one, is that header.
#[test]
fn headers_that_differ_by_letters_or_units() {
    for header in ["Koличecтвo", "Количество, ед.", "Количество (шт.)", "КОЛИЧЕСТВО (чел)", "Саны, бірлік", "quаntity"]
    {
        let text = one(&[("quantity", "5")]).replace("quantity", &format!("\"{header}\""));
        let ran = run("services.csv", text);
        assert_eq!(services(&ran), ["00100101|Справка|5 0 0"], "{header}");
        assert_eq!(places(&ran), Vec::<String>::new(), "{header}");
    }
}

#[test]
fn near_misses_of_headers_name_the_field_and_what_follows() {
    for (field, header, says) in [
        ("quantity", "Статус", "«Результат»; без неё отказы считаются оказанными услугами"),
        ("quantity", "Итог (услуги)", "«Результат»; без неё отказы"),
        ("quantity", "Количество, тыс.", "«Количество»; без неё каждая запись считается за один случай"),
        ("quantity", "сколько", "«Количество»; без неё каждая запись"),
        ("due_at", "Срок, раб.дн.", "«Срок»; без неё срок может остаться неизвестным"),
    ] {
        let ran = run("services.csv", csv(&[record("a1")]).replace(field, &format!("\"{header}\"")));
        let findings = ran.json("findings.json");
        let found = findings["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "F-014");
        let found = found.unwrap_or_else(|| panic!("{header}: {:?}", places(&ran)));
        assert_eq!(found["severity"], "warning");
        let message = found["message"]["ru"].as_str().unwrap();
        assert!(message.contains(says), "{header}: {message}");
    }
    // where the field has its column, another header says nothing of it
    let text = csv(&[record("a1")])
        .replace("quantity", "Статус")
        .replace("due_at", "outcome")
        .replace("2026-07-10", "rendered");
    let text = text.replace(",1\n", ",готово\n");
    let found = places(&run("services.csv", text));
    assert!(!found.iter().any(|place| place.starts_with("F-014")), "{found:?}");
}

#[test]
fn no_old_encoding_is_taken_for_windows_1251_in_silence() {
    let name = "Выдача справки о составе семьи";
    let text = one(&[("service_name", name)]);
    let bytes = encoding_rs::KOI8_R.encode(&text).0.into_owned();
    let ran = run("services.csv", &bytes);
    assert_eq!(services(&ran), [format!("00100101|{name}|1 0 0")]);
    assert_eq!(places(&ran), ["F-057:null"]);
    let folder = file("services.csv", &bytes);
    let mut given = case(folder.path());
    given.encoding = Some("koi8-r".to_owned());
    assert_eq!(places(&given.run()), Vec::<String>::new(), "given, it is not guessed");
    for (table, label) in [
        (encoding_rs::X_MAC_CYRILLIC, "mac-cyrillic"),
        (encoding_rs::ISO_8859_5, "iso-8859-5"),
        (encoding_rs::IBM866, "cp866"),
    ] {
        let bytes = table.encode(&text).0.into_owned();
        let ran = run("services.csv", &bytes);
        assert_eq!(services(&ran), [format!("00100101|{name}|1 0 0")], "{label}");
        assert_eq!(places(&ran), ["F-057:null"], "{label}");
        let folder = file("services.csv", &bytes);
        let mut given = case(folder.path());
        given.encoding = Some(label.to_owned());
        assert_eq!(places(&given.run()), Vec::<String>::new(), "{label}: given, it is not guessed");
    }
    for name in ["ВЫДАЧА СПРАВКИ", "Приём", "ТОО «Рост» № 5", "Акимат г. Алматы"]
    {
        let text = one(&[("service_name", name)]);
        let ran = run("services.csv", encoding_rs::WINDOWS_1251.encode(&text).0);
        assert_eq!(services(&ran), [format!("00100101|{name}|1 0 0")]);
        assert_eq!(places(&ran), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn encodings_that_are_mixed_in_one_file_are_told() {
    let names = ["Выдача справки", "Приём", "Учёт"].map(|name| changed(name, &[("service_name", name)]));
    let [a1, a2, a3] = names.map(|record| record.join(",").into_bytes());
    let text = |rows: &[&[u8]]| [HEAD.join(",").as_bytes(), &rows.join(&b'\n')[..], b""].join(&b'\n');
    let legacy = |row: &[u8]| encoding_rs::WINDOWS_1251.encode(std::str::from_utf8(row).unwrap()).0.into_owned();
    // few letters, and the last one cut in two: rows of no letter are told, the others are UTF-8
    let cut = [&a3[..], b"\xD0"].concat();
    let ran = run("services.csv", text(&[&a2, &cut]));
    assert_eq!(places(&ran), ["F-034:3"]);
    assert_books(&ran, [2, 1, 0, 1], "a letter cut in two");
    let ran = run("services.csv", text(&[&a1, &legacy(&a2), &a3]));
    assert_eq!(places(&ran), ["F-034:3"]);
    let ran = run("services.csv", text(&[&legacy(&a1), &legacy(&a1), &a3]));
    assert!(places(&ran).contains(&"F-058:null".to_owned()), "{:?}", places(&ran));
}

#[test]
fn errors_of_spreadsheets_are_no_values() {
    for error in ["#Н/Д", "#ССЫЛКА!", "#ДЕЛ/0!", "#N/A", "#REF!", "#ИМЯ?", "#BEZUG!", "Err:502", "########"]
    {
        for field in ["service_code", "service_name", "completed_at", "quantity", "record_id", "channel"] {
            let ran = run("services.csv", csv(&[record("a1"), changed("a2", &[(field, error)])]));
            assert_eq!(places(&ran), ["F-035:3"], "{error} {field}");
            assert_books(&ran, [2, 1, 0, 1], error);
        }
    }
}

#[test]
fn codes_that_became_days_of_months_are_damaged() {
    for code in ["10.мар", "3-Oct", "мар.10", "Oct-03", "5.нау", "12.дек.2026"] {
        for field in ["service_code", "record_id"] {
            let ran = run("services.csv", csv(&[record("a1"), changed("a2", &[(field, code)])]));
            assert_eq!(places(&ran), ["F-108:3"], "{code} {field}");
        }
    }
    for code in ["1.11E+08\"", "\"1.11E+08", "«10.мар»", "'3-Oct'", "“2026-07-01”"] {
        let ran = run("services.csv", csv(&[record("a1"), changed("a2", &[("record_id", code)])]));
        assert_eq!(places(&ran), ["F-108:3"], "{code}: a quote mends nothing");
    }
    let own = ["MAR-10", "У07-000001", "10-ЖС", "\"А-1\"", "№ 5 «Б»"].map(record);
    assert_books(&run("services.csv", csv(&own)), [5, 5, 0, 0], "codes of a body's own");
}

/// The short way of clean rows and the way of all others come to the same, whatever is written.
#[test]
fn both_ways_agree_on_what_is_written() {
    let odd = [
        ("record_id", "NULL"),
        ("record_id", "'0017"),
        ("record_id", "0017"),
        ("record_id", "А-7"),
        ("record_id", "A-7"),
        ("record_id", "3-Oct"),
        ("record_id", "#Н/Д"),
        ("record_id", "н/д"),
        ("service_code", "=\"00100101\""),
        ("service_code", "\\N"),
        ("service_code", "0010\u{200b}0101"),
        ("service_code", "10.мар"),
        ("service_name", "Спpaвка"),
        ("service_name", "<NA>"),
        ("service_name", "#REF!"),
        ("received_at", "2026-07-01 00:00"),
        ("due_at", "10.07.2026 00:00:00"),
        ("due_at", "NaT"),
        ("completed_at", "2026-07-10 00:00:15"),
        ("completed_at", "2026-07-03 10:00:00+05"),
        ("completed_at", "2026-07-03\u{200e}"),
        ("quantity", "(null)"),
        ("quantity", "'2"),
        ("channel", "None"),
    ];
    let mut text = format!("{}\n", HEAD.join(","));
    for round in 0..8 {
        for (place, (field, value)) in odd.iter().enumerate() {
            let id = format!("R{round}-{place}");
            let own: Vec<String> = changed(&id, &[(field, value)]).to_vec();
            text.push_str(&own.join(","));
            text.push_str(if round % 2 == 0 { "\n" } else { "\r\n" });
        }
        text.push_str("q,1,\"A\" b,office_paper,individual,2026-07-01,2026-07-10,2026-07-03,1\n");
        text.push_str(&format!("o{round},1,\"A,office_paper,individual,2026-07-01,2026-07-10,2026-07-03,1\n"));
        text.push_str(&format!("c{round},1,B\",office_paper,individual,2026-07-01,2026-07-10,2026-07-03,1\n"));
    }
    let folder = file("services.csv", text);
    let paces = [pace(1, 1 << 20, true), pace(2, 300, true), pace(3, 64, false), pace(2, 1 << 20, false)];
    agree(&case(folder.path()), &paces, "what is written");
}
