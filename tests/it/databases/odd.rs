//! Values that look like sound ones and are not, and the other way round.

use super::lake::Lake;
use crate::bench::Case;
use std::collections::BTreeMap;

/// Values that look like sound ones and are not, and the other way round, a row each.
pub fn odd(form: &str) -> Lake {
    const BASE: [(&str, &str); 17] = [
        ("record_id", ""),
        ("unit", "Район Көктал"),
        ("provider_name", "Отдел «Мысал»"),
        ("service_code", "00401001"),
        ("service_name", "Выдача справки"),
        ("channel", "egov_portal"),
        ("form", "paper"),
        ("information_system", "ИС ЕНИС"),
        ("applicant", "individual"),
        ("received_at", "2026-07-01 09:00"),
        ("due_at", ""),
        ("term_value", "5"),
        ("term_unit", "working_days"),
        ("completed_at", "2026-07-10 10:00"),
        ("outcome", "rendered"),
        ("delay_cause", "provider"),
        ("quantity", "2"),
    ];
    let days = [
        "2026-07-01",
        "01.07.2026",
        "1.7.2026",
        "01.07.2026 9:05",
        "2026-07-08T10:00",
        "2026-07-09 10:00:30",
        "2026-07-01 00:00",
        "2026-07-01 00:00:15",
        "2026-07-01 10:00:00.5",
        "2026-07-01 10:00Z",
        "2026-07-01 10:00+05",
        "2026/07/01",
        "20260701",
        "2015-01-01",
        "2031-01-01",
        "31.02.2026",
        "2026-07-01 24:00",
        " 2026-07-01",
        "null",
        "н/д",
        "2026-07-01 10:00:61",
        "2026-07-01x10:00",
        "2026-07-31 ",
        "",
        "2026-08-30",
        "30.09.2026 23:59",
        "2027-12-30",
        "2026-10-01",
    ];
    let numbers = ["1", "2", "0", "-1", "1.5", "10000", "12345678", "1 000", "007", "", "NULL", " 3", "x"];
    let texts = [
        "ТОО «Ромашка»",
        "  X",
        "X  Y",
        "\"X\"",
        "'X'",
        "'X",
        "=\"X\"",
        "#Н/Д",
        "Err:502",
        "н/д",
        "None",
        "Нет",
        "X\u{a0}Y",
        "X\tY",
        "Қызмет",
        "Zürich",
        "-",
        "–",
        "X: Y",
        "X\u{200b}Y",
        "й",
        "и\u{306}",
        "Итого",
        "1.2.2026",
        "01.02.2026",
        "10.мар",
        "«10.мар»",
        "3-Oct",
        "1E+08\"",
        "1E+08",
        "2026-07-01",
        "00401001",
        "\\N",
        "ОТДЕЛ «МЫСАЛ»",
        "12345678901234567890",
    ];
    let ids = [
        "A 1",
        "A1",
        " A-2",
        "A-2",
        "A-3 ",
        "А-4",
        "A-4",
        "a-5",
        "A-5",
        "'A-6",
        "A-6",
        "=\"A-7\"",
        "A-7",
        "Итого",
        "Сумма_1",
        "SUM-1",
        "3-Oct",
        "10-мар",
        "2026-07-01",
        "1E+08",
        "1E+8",
        "",
        "-",
        "NULL",
        "Null",
        "A\u{200b}-8",
        "A-8",
        "№9",
        "9",
        "й1",
        "и\u{306}1",
        "Ё2",
        "Е2",
        "итог/7",
        "K-10",
        "\u{212A}-10",
        "A-11",
        "A-11",
        "A-12",
        "A-12",
        "A.13",
        "A\\14",
    ];
    let codes: [(&str, &[&str]); 6] = [
        (
            "channel",
            &[
                "egov_portal",
                "EGOV_PORTAL",
                "Портал egov.kz",
                "портал «egov.kz»",
                " egov_portal",
                "elicense",
                "?",
                "",
                "state_corporation",
                "is_no_contact",
            ],
        ),
        ("outcome", &["rendered", "refused", "in_progress", "", "Оказана", "оказана", "отказано", "x", "Н/Д"]),
        (
            "delay_cause",
            &["provider", "mail_delivery", "power_outage", "по вине услугодателя", "?", "", "other_technical"],
        ),
        ("applicant", &["individual", "физическое лицо", "ФИЗИЧЕСКОЕ ЛИЦО", "", "ИП", "x"]),
        ("form", &["paper", "electronic", "", "бумажная", "?"]),
        ("term_unit", &["working_days", "calendar_days", "hours", "minutes", "", "рабочих дней", "?"]),
    ];
    let mut rows: Vec<BTreeMap<&str, String>> = Vec::new();
    let mut add = |field: &'static str, value: &str, channel: &str| {
        let mut row: BTreeMap<&str, String> = BASE.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        row.insert("record_id", format!("Z-{}", rows.len()));
        row.insert("channel", channel.to_owned());
        row.insert(field, value.to_owned());
        if field == "record_id" && value == "A-12" {
            row.insert("quantity", rows.len().to_string());
        }
        rows.push(row);
    };
    for channel in ["egov_portal", "state_corporation", "office_paper"] {
        for day in days {
            ["received_at", "due_at", "completed_at"].iter().for_each(|field| add(field, day, channel));
        }
        for number in numbers {
            ["term_value", "quantity"].iter().for_each(|field| add(field, number, channel));
        }
        for text in texts {
            let fields = ["unit", "provider_name", "service_code", "service_name", "information_system"];
            fields.iter().for_each(|field| add(field, text, channel));
        }
        for (field, values) in codes {
            values.iter().for_each(|value| add(field, value, channel));
        }
    }
    ids.iter().for_each(|id| add("record_id", id, "elicense"));
    let dir = tempfile::tempdir().unwrap().keep();
    let mut writer = csv::Writer::from_path(dir.join("services.csv")).unwrap();
    writer.write_record(BASE.iter().map(|(name, _)| name)).unwrap();
    for row in &rows {
        writer.write_record(BASE.iter().map(|(name, _)| &row[name])).unwrap();
    }
    writer.flush().unwrap();
    let lake = Lake::of(&format!("odd {form}"), &dir, Case::new(&dir, form, "2026Q3")).unwrap();
    // the values as they stand, whatever reading them would make of them
    std::fs::copy(dir.join("services.csv"), lake.lake().join("services.csv")).unwrap();
    lake
}
