//! What a consolidation is told beside the reports: what was mended in them, and when they came.

use super::bench::definitions;
use super::made::{consolidated, json_of, organisation};
use super::units::{Dice, UNITS, random};

#[test]
fn what_was_mended_in_a_report_is_told_by_the_consolidation() {
    use super::filed::draw::{Style, Values, draw};
    let scratch = tempfile::tempdir().unwrap();
    let form = definitions().forms.iter().find(|form| form.form == "2-mk").unwrap();
    let report = random(UNITS[0], &mut Dice(3)).write(scratch.path());
    let (own, _) = esep::filed::read::read(&report, definitions()).unwrap();
    let file = scratch.path().join("form.xlsx");
    let style = Style { values: Values::Text, ..Style::new(form) };
    let mut canvas = draw(form, &own[0].cells, &style);
    canvas.swap("19", "20");
    canvas.save(&file);
    let organisation =
        format!("{}\n[[unit]]\nkato = \"439900000\"\nname_ru = \"Управление образцов\"\n", organisation(&UNITS[..1]));
    let folder = consolidated(scratch.path(), vec![report, file.clone()], &organisation, None);
    let findings = json_of(&folder.join("findings.json"));
    let about = |code: &str| -> Vec<serde_json::Value> {
        findings["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).cloned().collect()
    };
    // numbers that are texts, once with all their lines; a row that stands elsewhere
    let (texts, moved) = (about("F-318"), about("F-317"));
    assert_eq!((texts.len(), moved.len()), (1, 1), "{findings}");
    assert_eq!((&texts[0]["source"], &moved[0]["source"]), (&"form.xlsx".into(), &"form.xlsx".into()));
    assert!(texts[0]["rows"].as_u64().unwrap() > 100 && texts[0]["lines"].is_string(), "{}", texts[0]);
    assert!(super::made::checked(&file).is_superset(&["F-317", "F-318"].map(str::to_owned).into()));
}

#[test]
fn a_day_of_receipt_has_a_year_of_four_digits() {
    use esep::body::organisation::Organisation;
    use esep::consolidate::roster::Roster;
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("organisation.toml");
    std::fs::write(&path, organisation(&UNITS)).unwrap();
    let organisation = Organisation::read(&path).unwrap();
    let roster = Roster::new(&organisation, esep::words::lang::Lang::Ru).unwrap();
    let read = |day: &str| {
        let path = scratch.path().join("received.csv");
        std::fs::write(&path, format!("unit,received\n{},{day}\n", UNITS[0])).unwrap();
        roster.receipts(&path, definitions())
    };
    for day in ["2026-10-05", "05.10.2026", "5.10.2026"] {
        assert!(read(day).is_ok(), "{day}");
    }
    for day in ["05.10.26", "26-10-05", "5.10.26", "0026.10.05", "05/10/2026", "2026.10.05", "31.09.2026", ""] {
        let fault = format!("{:#}", read(day).expect_err(day));
        assert!(fault.contains("fault_received_date") && fault.contains(day), "{day}: {fault}");
    }
}

#[test]
fn days_of_receipt_come_in_any_table() {
    use esep::body::organisation::Organisation;
    use esep::consolidate::roster::Roster;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("organisation.toml");
    std::fs::write(&path, organisation(&UNITS)).unwrap();
    let organisation = Organisation::read(&path).unwrap();
    let roster = Roster::new(&organisation, esep::words::lang::Lang::Ru).unwrap();
    let code = UNITS[0];
    let russian = format!(
        "Отчёты районов;;\nКод КАТО;Район;Дата поступления\n{code};;05.10.2026\n;Район {};07.10.2026\n",
        UNITS[1]
    );
    let kazakh = format!("Бөлімше\tКелген күні\n{code}\t2026-10-05\n");
    let utf16 = format!("\u{feff}{kazakh}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = ExcelDateTime::from_ymd(2026, 10, 5).unwrap();
    sheet.write(1, 0, "КАТО").unwrap().write(1, 1, "День поступления").unwrap();
    sheet.write(2, 0, code.parse::<f64>().unwrap()).unwrap();
    sheet.write_with_format(2, 1, &day, &Format::new().set_num_format("dd.mm.yyyy")).unwrap();
    let files: [(&str, Vec<u8>, usize); 5] = [
        ("a.csv", encoding_rs::WINDOWS_1251.encode(&russian).0.into_owned(), 2),
        ("b.csv", russian.clone().into_bytes(), 2),
        ("c.txt", utf16, 1),
        ("d.csv", kazakh.into_bytes(), 1),
        ("e.xlsx", book.save_to_buffer().unwrap(), 1),
    ];
    for (name, bytes, count) in files {
        let path = scratch.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let receipts = roster.receipts(&path, definitions()).unwrap_or_else(|fault| panic!("{name}: {fault:#}"));
        let days: Vec<String> = (0..2).filter_map(|unit| receipts.day(unit)).map(|day| day.to_string()).collect();
        assert_eq!(days, ["2026-10-05", "2026-10-07"][..count], "{name}");
    }
}
