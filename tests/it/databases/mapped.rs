//! Tables under a body's own headers, with values and days of its own, as a mapping explains them.

use super::lake::Lake;
use crate::bench::Case;

const HEADS: &str = "Наш №,Код,Что оказали,Куда пришли,Поступило,Выдали,Дней,Каких,Отдел";
const COLUMNS: &str = r#""Наш №" = "record_id"
"Код" = "service_code"
"Что оказали" = "service_name"
"Куда пришли" = "channel"
"Поступило" = "received_at"
"Выдали" = "completed_at"
"Дней" = "term_value"
"Каких" = "term_unit"
"Отдел" = "unit"
"#;

/// Days as people write them, sound and not.
const DAYS: [&str; 22] = [
    "05.07.26",
    "5.7.26",
    "05.7.2026",
    "05.07.26 10:00",
    "05.07.26 10:00:30",
    "18,08,2026",
    "18,08,2026 10:00",
    "18,08,2026T10:00",
    "18,08,26",
    "05.07.26 г.",
    "18.08.2026 г",
    "05.07.2026",
    "2026-07-05",
    "05.13.26",
    "31.06.26",
    "05.07.1926",
    "05.07.99",
    "05-07-26",
    "05/07/26",
    "05.07.",
    "н/д",
    "",
];

/// The same records under the three ways in which a mapping means its sources; `short`: days may be short.
pub fn mapped(short: bool) -> Vec<Lake> {
    let mut text = format!("{HEADS}\n");
    let mut number = 0;
    let mut add = |received: &str, issued: &str, channel: &str, unit: &str| {
        number += 1;
        text += &format!(
            "Р-{number},0040{},Справка,{channel},\"{received}\",\"{issued}\",5,рабочих дней,{unit}\n",
            number % 3
        );
    };
    for day in DAYS {
        add(day, "10.08.2026", "Окно 5", "Север");
        add("01.07.2026", day, "Киоск", "Юг");
        add(day, day, "egov_portal", "Север");
    }
    for channel in ["Окно 5", "ОКНО 5", "окно  5", "Окно 6", "Киоск", "киоск", ""] {
        add("01.07.2026", "03.07.2026", channel, "Юг");
        add("01.07.2026", "30.07.2026", channel, "Север");
    }
    // a repeated id, and one that is not plain
    text += "Р-1,00400,Справка,Киоск,01.07.2026,03.07.2026,5,рабочих дней,Юг\n";
    text += "Р 900,00400,Справка,Киоск,01.07.2026,03.07.2026,5,рабочих дней,Юг\n";
    let made = |name: &str, meant: &str, unseen: bool| {
        let place = tempfile::tempdir().unwrap().keep();
        let mapping = place.join("mapping.toml");
        let short_days = if short { "short_days = true\n" } else { "" };
        std::fs::write(
            &mapping,
            format!(
                "confirmed = true\n[[head]]\n{meant}\ntable = \"services\"\nconfirmed = true\n{short_days}\
                 [head.columns]\n{COLUMNS}[head.fixed]\napplicant = \"individual\"\n\
                 [[values]]\nlist = \"channel\"\nconfirmed = true\n[values.codes]\n\
                 \"Окно 5\" = \"office_paper\"\n\"Киоск\" = \"egov_portal\"\n"
            ),
        )
        .unwrap();
        let mut case = Case::new(&place, "2-mk", "2026Q3");
        case.mapping = Some(mapping);
        case.by_unit = true;
        Lake { unseen, ..Lake::with_own_headers(name, &[("services.csv", &text)], case) }
    };
    let group: Vec<String> = HEADS.split(',').map(|head| format!("\"{head}\"")).collect();
    let by_name = "sources = [\"services.csv\"]";
    vec![
        made("mapped by name", by_name, false),
        made("mapped by its head", &format!("headers = [{}]", group.join(", ")), false),
        made("mapped, no file seen", by_name, true),
    ]
}
