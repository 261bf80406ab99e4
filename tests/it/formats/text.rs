//! CSV: encodings, separators, quotes, line ends, and damage.

use super::super::books::{HEAD, changed, csv, record};
use super::{assert_books, case, file, places, run, services};

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
}

fn legacy(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

#[test]
fn every_encoding_separator_and_line_end_gives_the_same_records() {
    let name = "Справка о «ёлках» № 7, и ещё; раз|два";
    let records = csv(&[record("a1"), changed("a2", &[("service_code", "00700"), ("service_name", name)])]);
    let expected = ["00100101|Справка|1 0 0".to_owned(), format!("00700|{name}|1 0 0")];
    for (separator, line_end) in [(b',', "\n"), (b';', "\r\n"), (b'\t', "\n"), (b'|', "\r\n"), (b',', "\r")] {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        for row in csv::ReaderBuilder::new().has_headers(false).from_reader(records.as_bytes()).records() {
            writer.write_record(&row.unwrap()).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap().replace('\n', line_end);
        let encodings: [(&str, Vec<u8>); 5] = [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
            ("UTF-16LE", utf16(&text, u16::to_le_bytes)),
            ("UTF-16BE", utf16(&text, u16::to_be_bytes)),
            ("Windows-1251", legacy(&text)),
        ];
        for (encoding, bytes) in encodings {
            let what = format!("{encoding} {:?} {line_end:?}", char::from(separator));
            let ran = run("services.csv", bytes);
            assert_eq!(places(&ran), Vec::<String>::new(), "{what}");
            assert_eq!(services(&ran), expected, "{what}");
            assert_books(&ran, [2, 2, 0, 0], &what);
        }
    }
}

/// KZ-1048 differs from Windows-1251 in the letters of Kazakh; it must be given.
#[test]
fn kazakh_letters_of_one_byte() {
    let kazakh = b"\x8D\x8E\x9D\x9E\xA1\xA2\xA3\xA5\xAA\xAF\xB2\xB3\xB4\xBA\xBC\xBD\xBE\xBF ";
    let russian = "Справка о составе семьи и о месте жительства ".repeat(3);
    let bytes = [&kazakh[..], &legacy(russian.trim())].concat();
    let text = csv(&[changed("a1", &[("service_name", "@")])]);
    let (before, after) = text.split_once('@').unwrap();
    let folder = file("services.csv", [before.as_bytes(), &bytes, after.as_bytes()].concat());
    let mut given = case(folder.path());
    given.encoding = Some("kz-1048".to_owned());
    let ran = given.run();
    assert_eq!(services(&ran), [format!("00100101|ҚҺқһҰұӘӨҒҮІіөғәҢңү {}|1 0 0", russian.trim())]);
    assert_eq!(places(&ran), Vec::<String>::new());
    let ran = case(folder.path()).run();
    assert_eq!(places(&ran), ["F-008:null"], "read as Windows-1251 with a warning");
    assert_books(&ran, [1, 1, 0, 0], "not given");
}

#[test]
fn line_breaks_within_quotes_keep_the_count_of_lines() {
    let name = "Справка\nо \"\"составе\"\"\r\nсемьи";
    let text = format!(
        "{}\n\na1,1,\"{name}\",office_paper,individual,2026-07-01,2026-07-10,2026-07-03,1\na2,1,x,office_paper,individual,2026-07-01,2026-07-10,2026-07-03,many\n",
        HEAD.join(",")
    );
    let ran = run("services.csv", text);
    assert_eq!(services(&ran), ["1|Справка о \"составе\" семьи|1 0 0"]);
    assert_eq!(places(&ran), ["F-103:6"]);
    assert_books(&ran, [2, 1, 0, 1], "line breaks");
}

/// Every damaged row is counted and quarantined, and costs no other row.
#[test]
fn damage_stays_in_its_row() {
    let line = |id: &str| record(id).join(",");
    let (a1, a2, a9) = (line("a1"), line("a2"), line("a9"));
    let half = a2.rsplit_once(',').unwrap().0.to_owned();
    for (damaged, findings) in [
        (a2.replace("Справка", "Спра\0вка"), &["F-034:3"][..]),
        (half.clone(), &["F-031:3"]),
        (format!("{a2},more"), &["F-031:3"]),
        (a2.replace("Справка", "\"Справка"), &["F-032:3"]),
        (a2.replace("Справка", &"я".repeat(600_000)), &["F-033:3"]),
        (a2.replace("Справка", &format!("\"{}\"", format!("{}\n", "я".repeat(100)).repeat(6_000))), &["F-032:3"]),
    ] {
        let ran = run("services.csv", format!("{}\n{a1}\n{damaged}\n{a9}\n", HEAD.join(",")));
        let what: String = damaged.chars().take(100).collect();
        if damaged.len() < 1 << 20 || !damaged.contains('\n') {
            assert_eq!(places(&ran), findings, "{what}");
            assert_books(&ran, [3, 2, 0, 1], &what);
        } else {
            // a field of many lines that is over the bound: its lines are read as rows, and none of them is lost
            assert_eq!(places(&ran)[..1], *findings, "{what}");
            assert_books(&ran, [6_003, 2, 0, 6_001], &what);
        }
    }
    for sound in [format!("{a2},,,"), format!("{a2}\r"), format!("\n ,\n{a2}\n\t\n")] {
        let ran = run("services.csv", format!("{}\n{a1}\n{sound}\n{a9}\n", HEAD.join(",")));
        assert_eq!(places(&ran), Vec::<String>::new(), "{sound:?}");
        assert_books(&ran, [3, 3, 0, 0], &sound);
    }
    // the last line is not ended
    let ran = run("services.csv", format!("{}\n{a1}\n{a2}", HEAD.join(",")));
    assert_books(&ran, [2, 2, 0, 0], "no last line end");
}

#[test]
fn bytes_of_no_letter_are_told_by_their_place_in_the_file() {
    let text = csv(&[record("a1"), changed("a2", &[("service_name", "Справка@")]), record("a3")]);
    let (before, after) = text.split_once('@').unwrap();
    for (bytes, offset) in [
        ([before.as_bytes(), b"\xC3", after.as_bytes()].concat(), before.len()),
        ([legacy(before), vec![0x98], legacy(after)].concat(), legacy(before).len()),
        (
            [utf16(before, u16::to_le_bytes), vec![0, 0xD8], utf16(after, u16::to_le_bytes)[2..].to_vec()].concat(),
            utf16(before, u16::to_le_bytes).len(),
        ),
    ] {
        let ran = run("services.csv", bytes);
        let findings = ran.json("findings.json");
        let found = findings["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "F-034").unwrap();
        let message = found["message"]["en"].as_str().unwrap();
        assert!(message.contains(&offset.to_string()), "{message}: expected {offset}");
        assert_eq!(places(&ran), ["F-034:3"]);
        assert_books(&ran, [3, 2, 0, 1], "a bad byte");
    }
}

/// A rejected row goes out byte by byte as it came in, ready to be mended.
#[test]
fn the_quarantine_is_the_source() {
    let rows = ["a2;\"x;\"\"y\"\"\";never", "a3;ё;=1+1"];
    let head = "№ записи;Тема;Дата проведения;Количество участников";
    let text = format!("{head}\n{};5\n{};6\nb1;z;01.07.2026;7\n", rows[0], rows[1]);
    let head_known = text.replace("Количество участников", "people_covered");
    let ran = run("outreach.csv", &head_known);
    assert_books(&ran, [3, 1, 0, 2], "quarantine");
    // a text is no formula for whoever opens the file (outputs.md, "Added on 2026-11-28"); the mark is read back as nothing
    let inert = rows[1].replace("=1", "'=1");
    let expected = format!("{}\n{};5\n{inert};6\n", head.replace("Количество участников", "people_covered"), rows[0]);
    assert_eq!(ran.file("quarantine/outreach.csv"), expected);
}

#[test]
fn a_table_without_records_counts_as_handed_over() {
    let folder = file("services.csv", csv(&[record("a1")]));
    for (content, code, value) in [("record_id,completed_on\n", "F-019:1", "0"), ("", "F-001:null", "-")] {
        std::fs::write(folder.path().join("training.csv"), content).unwrap();
        let ran = case(folder.path()).run();
        assert_eq!(places(&ran), [code]);
        assert_eq!(ran.cell("21", "q"), value, "nothing to count is 0, nothing handed over is -");
    }
}

/// A head further down: the same one is passed over, below any other no row is read by the first one's columns.
#[test]
fn heads_that_stand_among_the_records() {
    let records: Vec<_> = (1..=40).map(|number| record(&format!("a{number}"))).collect();
    let sound = csv(&records[..20]);
    let head = HEAD.join(",");
    let second = |head: &str, rows: &[[String; 9]]| {
        let rows = csv(rows);
        format!("{sound}\n{head}\n{}", rows.split_once('\n').unwrap().1)
    };
    let same = run("services.csv", second(&head.replace("record_id", " ID записи "), &records[20..]));
    assert_books(&same, [40, 40, 0, 0], "the same head in other words");
    assert_eq!(places(&same), ["F-061:23"]);
    // columns of days, of identifiers; a column that is something else; one that is not there; one more
    let others = [
        head.replace("received_at", "x").replace("completed_at", "received_at").replace(",x,", ",completed_at,"),
        head.replace("record_id,service_code", "service_code,record_id"),
        head.replace("quantity", "Заметки"),
        head.replace(",quantity", ""),
        format!("{head},outcome"),
    ];
    for other in others {
        let text = second(&other, &records[20..]);
        for block in [16, 100, 4096] {
            let folder = file("services.csv", &text);
            let mut by_blocks = case(folder.path());
            by_blocks.pace = crate::pass::pace(2, block, true);
            let ran = by_blocks.run();
            assert_books(&ran, [40, 20, 0, 20], &other);
            let mut expected = vec!["F-062:23".to_owned()];
            expected.extend((24..44).map(|line| format!("F-063:{line}")));
            assert_eq!(places(&ran), expected, "{other}");
        }
    }
}

/// A row above the head is known as a record by its codes, too.
#[test]
fn records_above_the_head_that_have_but_codes() {
    let above = ",00100101,Справка,office_paper,individual,,,,\n";
    let ran = run("services.csv", format!("{above}{}", csv(&[record("a1")])));
    assert_books(&ran, [2, 1, 0, 1], "codes above the head");
    assert_eq!(places(&ran), ["F-066:1"]);
    let ran = run(
        "services.csv",
        format!(
            "{}{}",
            above.replace("office_paper", "за квартал").replace("individual", "отдел"),
            csv(&[record("a1")])
        ),
    );
    assert_books(&ran, [1, 1, 0, 0], "words above the head");
    // of a row with an open quote nobody knows what it holds
    let ran = run("services.csv", format!("x,\"Справка\n{}", csv(&[record("a1")])));
    assert_books(&ran, [2, 1, 0, 1], "an open quote above the head");
}
