//! Values that no list knows: asked for in full where they are codes, never where they may name somebody; and answers
//! that met nothing.

use super::super::bench::{Case, folder};
use super::{answered, answered_in_workbook, looked_at};
use std::fs;

const HEAD: &str = "№;Услуга;Канал;Кто обратился;Дата приёма;Дата выдачи;Статус\n";
const STATUSES: [&str; 10] = [
    "Выдано",
    "Отказано",
    "Отозвано заявителем",
    "Выдано",
    "Аннулировано",
    "Выдано",
    "Снято с контроля",
    "Ааааов Бббб",
    "Выдано",
    "ввввгиной Дддд",
];

/// A journal of forty rows; the channel and the status of the first one may be others.
fn journal(first: [&str; 2]) -> String {
    let row = |at: usize| {
        let [channel, status] = if at == 0 {
            first
        } else {
            [["канцелярия", "портал", "курьер"][at % 3], STATUSES[at % 10]]
        };
        let who = ["физ.лицо", "юр.лицо", "КХ", "физ.лицо"][at / 3 % 4];
        let (from, to) = (1 + at % 20, 5 + at % 20);
        format!("{};Справка;{channel};{who};{from:02}.07.2026;{to:02}.07.2026;{status}\n", at + 1)
    };
    HEAD.to_owned() + &(0..40).map(row).collect::<String>()
}

/// What `questions.xlsx` says, row by row.
fn rows(workbook: &std::path::Path) -> Vec<Vec<String>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(workbook).unwrap();
    let cells = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    cells.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn a_strange_code_is_asked_for_in_full_and_a_name_is_not() {
    let place = folder(&[]);
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("Журнал услуг.csv"), journal(["канцелярия", "Ееееров"])).unwrap();
    let (out, told) = looked_at(&own);
    let mapping = fs::read_to_string(out.join("mapping.toml")).unwrap();
    let asked = rows(&out.join("questions.xlsx"));
    for (code, column) in [
        ("Отозвано заявителем", "Статус"),
        ("Аннулировано", "Статус"),
        ("Снято с контроля", "Статус"),
        ("курьер", "Канал"),
        ("КХ", "Кто обратился"),
    ] {
        assert!(mapping.contains(&format!("# \"{code}\" = \"\"  # встречается: ")), "{code}: {mapping}");
        let row = asked.iter().find(|row| row[3] == code).unwrap_or_else(|| panic!("{code}: {asked:?}"));
        assert!(row[4].ends_with(&format!(" · «{column}»")) && row[7].contains("без ответа строки"), "{row:?}");
    }
    assert!(mapping.contains("например «Выдано», ") && mapping.contains("«Аннулировано»\n"), "{mapping}");
    for name in ["Ааааов", "Бббб", "ввввгиной", "Дддд", "Ееееров"] {
        assert!(!mapping.contains(name) && !told.contains(name), "{name}: {mapping}");
        assert!(!asked.iter().flatten().any(|cell| cell.contains(name)), "{name}: {asked:?}");
    }
    let hidden = asked.iter().find(|row| row[3] == "Xxxxxx Xxxx").expect("a row of its own");
    assert!(hidden[7].contains("может быть именем человека") && hidden[5].is_empty(), "{hidden:?}");
    assert!(mapping.contains("# \"Xxxxxx Xxxx\" = \"\"  # встречается: 4 · «Статус» · скрыто"), "{mapping}");
}

#[test]
fn an_answer_that_met_no_value_is_told_and_a_slip_of_one_is_known() {
    let place = folder(&[]);
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("Журнал услуг.csv"), journal(["курьерр", "Исполнена"])).unwrap();
    let (out, _) = looked_at(&own);
    let file = out.join("mapping.toml");
    let (mapping, _) = answered(&fs::read_to_string(&file).unwrap());
    // two answers of a person, and one more for what this quarter does not have
    let said = |text: String, from: &str, to: &str| {
        assert!(text.contains(from), "{from}: {text}");
        text.replace(from, to)
    };
    let mapping = said(
        mapping,
        "# \"Аннулировано\" = \"\"",
        "\"Передано в архив\" = \"refused\"\n\"Аннулировано\" = \"refused\"",
    );
    let mapping =
        said(mapping, "# \"курьер\" = \"\"", "\"курьер\" = \"office_paper\"\n\"Курьером\" = \"office_paper\"");
    // what init proposed for a status is not taken here
    let mapping = said(mapping, "\n\"Исполнена\" = ", "\n# \"Исполнена\" = ");
    fs::write(&file, mapping).unwrap();
    let mut case = Case::new(&own, "2-mk", "2026Q3");
    case.mapping = Some(file);
    let ran = case.run();
    let findings = ran.json("findings.json");
    let of = |code: &str| -> Vec<&serde_json::Value> {
        findings["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).collect()
    };
    let unmet: Vec<&str> = of("F-466").iter().map(|finding| finding["message"]["ru"].as_str().unwrap()).collect();
    assert_eq!(unmet.len(), 2, "one for each list: {unmet:?}");
    assert!(unmet.iter().any(|text| text.ends_with(": «Передано в архив»")), "{unmet:?}");
    assert!(unmet.iter().any(|text| text.ends_with(": «Курьером»")), "{unmet:?}");
    assert!(of("F-466").iter().all(|finding| finding["severity"] == "notice"));
    let hint = |field: &str| {
        let own = of("F-107").into_iter().find(|finding| finding["field"] == field && finding["line"] == 2);
        own.unwrap_or_else(|| panic!("{field}: {findings:#}"))["hint"]["ru"].as_str().unwrap().to_owned()
    };
    assert!(hint("channel").contains("«курьер»"), "{}", hint("channel"));
    assert!(!hint("outcome").contains('«'), "never a suggestion across outcomes: {}", hint("outcome"));
    // with them all met nothing is told
    answered_in_workbook(&out.join("questions.xlsx"));
    case.mapping = Some(out.join("questions.xlsx"));
    let ran = case.run();
    assert!(!ran.codes().contains(&"F-466".to_owned()), "{:?}", ran.codes());
}
