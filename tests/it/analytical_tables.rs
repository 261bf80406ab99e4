//! Tables of the analytical report that no cell tells: each row from its records, each sum with its cell.

use super::analytical::text;
use super::bench::{Case, Ran, folder, root};
use calamine::Reader;
use serde_json::Value;

/// A table of the Russian report by the start of its title: rows of printed cells, and the rows beyond the page.
fn find(ran: &Ran, title: &str) -> Option<(Vec<Vec<String>>, usize)> {
    let report = ran.json("analytical.json");
    let documents = report["documents"].as_array().unwrap();
    let document = documents.iter().find(|document| document["language"] == "ru").expect("Russian");
    let pieces = document["pieces"].as_array().unwrap();
    let table = pieces.iter().find(|piece| text(&piece["table"]).starts_with(title))?;
    let cells = |row: &Value| row.as_array().unwrap().iter().map(|cell| text(cell).replace('\u{a0}', " ")).collect();
    let beyond = table["beyond"].as_array().map_or(0, Vec::len);
    Some((table["rows"].as_array().unwrap().iter().map(cells).collect(), beyond))
}

fn table(ran: &Ran, title: &str) -> (Vec<Vec<String>>, usize) {
    find(ran, title).unwrap_or_else(|| panic!("{title}"))
}

fn said(ran: &Ran) -> String {
    let report = ran.json("analytical.json");
    let documents = report["documents"].as_array().unwrap();
    let document = documents.iter().find(|document| document["language"] == "ru").expect("Russian");
    let pieces = document["pieces"].as_array().unwrap().iter();
    pieces.map(|piece| text(&piece["runs"]).replace('\u{a0}', " ") + "\n").collect()
}

fn ran(files: &[(&str, &str)], form: &str) -> Ran {
    let files = folder(files);
    Case::new(files.path(), form, "2026Q3").run()
}

const EVENTS: &str = "event_id,basis,title,order_no,order_date,started_on,finished_on,act_no,act_date\n\
    КМ-1,annual_plan,Контроль сроков,7-п,2026-06-20,2026-07-06,2026-07-10,А-1,2026-07-10\n\
    КМ-2,appeal,,,,2026-08-03,2026-08-07,,\n\
    КМ-3,annual_plan,Прошлый квартал,3-п,2026-05-20,2026-06-01,2026-06-05,,\n\
    КМ-4,annual_plan,Не окончено,9-п,2026-09-20,2026-09-28,,,\n";

#[test]
fn events_stand_with_their_papers_and_objects_and_no_natural_person_is_named() {
    let ran = ran(
        &[
            ("control_events.csv", EVENTS),
            (
                "control_objects.csv",
                "event_id,object_name,object_kind\nКМ-1,Отдел А,state_body\nКМ-1,Сидоров Сидор,individual_provider\n\
                 КМ-2,ТОО Б,legal_entity_provider\nКМ-3,Отдел В,state_body\n",
            ),
            (
                "violations.csv",
                "violation_id,event_id,kind,object_name,quantity,rights_restored,persons_restored\n\
                 1,КМ-1,procedure,ОТДЕЛ А,2,true,3\n2,КМ-1,complaint_deadline,Отдел А,4,,\n\
                 3,КМ-2,procedure,Сидоров  Сидор,5,,\n4,КМ-2,procedure,,1,,\n5,КМ-3,procedure,Отдел В,9,,\n",
            ),
        ],
        "2-mk",
    );
    let unknown = "не указано".to_owned();
    let (events, _) = table(&ran, "Контрольные мероприятия: приказы");
    let first = ["КМ-1", "Контроль сроков", "годовой план", "№ 7-п от 20.06.2026", "06.07.2026 – 10.07.2026"];
    assert_eq!(events[0][..5], first);
    assert_eq!(events[0][5..], ["№ А-1 от 10.07.2026", "Отдел А; физическое лицо, оказывающее услуги"]);
    // what is not stated is said so; other quarters and unfinished events are not told
    let second = [&events[1][1], &events[1][3], &events[1][5]];
    assert_eq!((second, &*events[1][6]), ([&unknown; 3], "ТОО Б"));
    assert_eq!(events.len(), 2);
    let (objects, _) = table(&ran, "Нарушения по объектам");
    let numbers: Vec<String> = objects.iter().map(|row| format!("{}: {}", row[0], row[2..].join(" "))).collect();
    let expected = [
        "Отдел А: 2 4 2 3", // the commonest words of the objects are not asked for: the first spelling stands
        "физические лица, оказывающие услуги: 5 0 0 0",
        "Объект не указан: 1 0 0 0",
        "Всего: 8 4 2 3",
    ];
    let mut folded: Vec<String> = numbers.iter().map(|line| line.replace("ОТДЕЛ", "Отдел")).collect();
    folded.dedup();
    assert_eq!(folded, expected);
    for file in ["analytical.json", "findings.json", "report.json", "review.html", "cells.csv"] {
        assert!(!ran.file(file).contains("Сидоров"), "{file}");
    }
}

#[test]
fn the_plan_stands_beside_what_was_carried_out() {
    let plan = "planned_id,quarter,object_name,event_id\n1,2026Q2,Отдел А,КМ-3\n2,2026Q3,Отдел Б,КМ-1\n\
                3,2026Q3,Отдел В,КМ-4\n4,2026Q3,Отдел Г,КМ-77\n5,2026Q3,Отдел Д,\n6,2026Q4,Отдел Е,\n7,2025Q3,Отдел Ж,\n\
                8,2026Q1,Отдел З,\n";
    let ran = ran(&[("control_events.csv", EVENTS), ("control_plan.csv", plan)], "2-mk");
    let (rows, _) = table(&ran, "План и факт");
    let facts: Vec<String> = rows.iter().map(|row| format!("{} {}: {}", row[0], row[1], row[3])).collect();
    assert_eq!(
        facts,
        [
            "I Отдел З: проведенное мероприятие не указано",
            "II Отдел А: проведено: КМ-3, завершено 05.06.2026",
            "III Отдел Б: проведено: КМ-1, завершено 10.07.2026",
            "III Отдел В: КМ-4: на конец периода не завершено",
            "III Отдел Г: КМ-77: в таблице мероприятий нет, исполнение неизвестно",
            "III Отдел Д: проведенное мероприятие не указано",
        ]
    );
    let said = said(&ran);
    let sentence = "намечено контрольных мероприятий: 4; проведено – 1, не проведено – 1, не завершено или не найдено в записях – 2.";
    assert!(said.contains(sentence), "{said}");
    assert!(said.contains("завершение которых в записях не указано: 1."), "{said}");
    let without = self::ran(&[("control_events.csv", EVENTS)], "2-mk");
    assert!(self::said(&without).contains("план с фактом не сопоставлялся"));
}

#[test]
fn recommendations_past_their_day_are_named_and_those_without_a_day_are_not_judged() {
    let recommendations = "recommendation_id,event_id,text,due_on,executed_on,reason\n\
        1,КМ-1,В срок,2026-08-01,2026-08-01,\n2,КМ-1,Поздно,2026-08-01,2026-08-03,\n3,КМ-1,Нет,2026-09-30,,нет средств\n\
        4,КМ-1,Рано судить,2026-10-01,,\n5,КМ-2,Без срока,,,\n6,КМ-3,Старая,2026-07-01,,\n";
    let ran = ran(&[("control_events.csv", EVENTS), ("recommendations.csv", recommendations)], "2-mk");
    let (rows, _) = table(&ran, "Рекомендации с нарушением");
    let rows: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(
        rows,
        [
            "Старая|КМ-3|01.07.2026|не исполнено|не указано",
            "Поздно|КМ-1|01.08.2026|03.08.2026|не указано",
            "Нет|КМ-1|30.09.2026|не исполнено|нет средств",
        ]
    );
    let said = said(&ran);
    assert!(
        said.contains("не исполнено рекомендаций с истекшим сроком: 2; исполнено в периоде после срока: 1."),
        "{said}"
    );
    assert!(said.contains("срок исполнения которых не указан: 1; истек ли по ним срок, неизвестно."), "{said}");
}

#[test]
fn monitoring_feeds_its_tables_and_answers_only_what_it_says() {
    let monitoring = "record_id,held_on,point,result,proposal_kind,proposal,addressed_to,submitted_on,due_on,answered_on,answer\n\
        1,2026-07-20,p57_6,Два лишних шага,p58_1,Убрать шаг,Отдел А,2026-07-22,2026-08-10,2026-08-09,Шаг убран\n\
        2,2026-08-20,p57_5,Стенды устарели,p58_5,Обновить стенды,Отдел Б,2026-08-21,2026-09-10,,\n\
        3,2026-04-20,p57_9,Пандусы,p58_3,Поставить пандус,Отдел В,2026-04-21,2026-05-20,2026-05-19,Поставлен\n";
    let files = folder(&[("monitoring.csv", monitoring)]);
    let mut case = Case::new(files.path(), "2-mk", "2026Q3");
    case.narrative = Some(String::new());
    let ran = case.run();
    let (points, _) = table(&ran, "Внутренний мониторинг");
    let points: Vec<String> = points.iter().map(|row| format!("{} {} {}", &row[0][..2], row[1], row[3])).collect();
    assert_eq!(points, ["5) 20.08.2026 Стенды устарели", "6) 20.07.2026 Два лишних шага"]);
    let (proposals, _) = table(&ran, "Предложения по итогам");
    let answers: Vec<String> = proposals.iter().map(|row| format!("{} {}", &row[0][..2], row[5])).collect();
    // what was answered before the quarter is not told again
    assert_eq!(answers, ["1) 09.08.2026: Шаг убран", "5) ответа нет, срок истек"]);
    let open: Vec<String> = ran.json("findings.json")["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["code"] == "F-201")
        .map(|finding| finding["message"]["ru"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert!(open.iter().all(|asked| !asked.contains("бизнес-процесс")), "{open:?}");
    assert!(open.iter().any(|asked| asked.contains("новых государственных услуг")), "{open:?}");
}

#[test]
fn the_register_tells_new_continued_and_excluded_services_apart() {
    let register = "service_code,service_name,included_on,excluded_on,term_value,term_unit\n\
        01,Первая,2020-01-01,2026-08-01,8,working_days\n01,Первая,2026-08-01,,6,working_days\n\
        02,Вторая,2020-01-01,2026-09-01,5,hours\n02,Вторая новая,2026-09-01,,5,hours\n\
        03,Третья,2026-07-15,,,\n04,Четвертая,2020-01-01,2026-09-15,,\n05,Пятая,2020-01-01,,,\n";
    let bylaws = "act_no,title,approved_on,repealed_on,amended_on,amended_by,service_code,service_name\n\
        1-НҚ,Правила А,2020-05-01,,2026-08-11,№ 9-НҚ от 11.08.2026,01,Первая\n\
        1-НҚ,Правила А,2020-05-01,,2026-08-11,№ 9-НҚ от 11.08.2026,02,Вторая\n\
        2-НҚ,Правила Б,2026-07-02,,,,03,Третья\n3-НҚ,Правила В,2019-05-01,2026-09-15,,,04,Четвертая\n";
    let ran = ran(&[("register.csv", register), ("bylaws.csv", bylaws)], "1-mk");
    let rows = |title: &str| -> Vec<String> { table(&ran, title).0.iter().map(|row| row.join("|")).collect() };
    assert_eq!(rows("Услуги, включенные"), ["Третья|03|15.07.2026"]);
    assert_eq!(rows("Услуги, исключенные"), ["Четвертая|04|15.09.2026"]);
    assert_eq!(
        rows("Услуги, запись"),
        [
            "Первая|01|01.08.2026|срок: было 8 (рабочие дни), стало 6 (рабочие дни)",
            "Вторая новая|02|01.09.2026|наименование: было «Вторая», стало «Вторая новая»",
        ]
    );
    assert_eq!(rows("Утвержденные подзаконные"), ["Правила Б|2-НҚ|02.07.2026|Третья"]);
    // one act of two services is one line
    assert_eq!(
        rows("Измененные подзаконные"),
        ["Правила А|1-НҚ|01.05.2020|11.08.2026|№ 9-НҚ от 11.08.2026|Вторая; Первая"]
    );
    assert_eq!(rows("Подзаконные акты, утратившие"), ["Правила В|3-НҚ|01.05.2019|15.09.2026|Четвертая"]);
    assert!(said(&ran).contains("за период включена 1 услуга"), "row 10.1 says the same");
}

/// Refusals by service and late results by cause add up to the cells of the form, in samples and in a long list.
#[test]
fn rows_told_apart_add_up_to_their_cells() {
    let number = |text: &String| text.replace(' ', "").parse::<i64>().unwrap_or(0);
    for (sample, form) in [("akimat-2026Q3", "2-mk"), ("central-body-2026Q3", "1-mk")] {
        let ran = super::samples::sample(sample, form);
        for title in ["Отказы по услугам", "Результаты с нарушением срока по причинам"]
        {
            let (rows, beyond) = table(&ran, title);
            assert_eq!(beyond, 0, "{sample}");
            let (total, parts) = rows.split_last().unwrap();
            for column in 1..total.len() {
                let sum: i64 = parts.iter().map(|row| number(&row[column])).sum();
                assert_eq!(sum, number(&total[column]), "{sample}: {title}, column {column}");
                assert!(total[column] != "-" && parts.len() > 3, "{sample}: {title}");
            }
        }
    }
    let head = "record_id,service_name,channel,applicant,received_at,refused_at,due_at,delay_cause,quantity\n";
    let row = |nth: usize| {
        let (id, cause) = (nth + 1, if nth == 0 { "provider" } else { "" });
        format!("{id},Услуга {id:02},office_paper,individual,2026-07-01,2026-07-10,2026-07-09,{cause},{id}\n")
    };
    let refusals: String = std::iter::once(head.to_owned()).chain((0..45).map(row)).collect();
    let ran = ran(&[("refusals.csv", &refusals)], "2-mk");
    let (rows, beyond) = table(&ran, "Отказы по услугам");
    assert_eq!((rows.len(), beyond), (42, 5));
    assert_eq!(rows[0][0], "Услуга 45");
    assert_eq!(rows[40][0], "Остальные (5): полный список – на листе «Список 1» файла report.xlsx");
    assert_eq!(rows[41][5], "1 035");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(ran.folder.join("report.xlsx")).unwrap();
    let whole = book.worksheet_range("Список 1").expect("the sheet that the page names");
    let whole: Vec<_> = whole.rows().skip(2).map(|row| (row[0].to_string(), row[5].to_string())).collect();
    assert_eq!(whole.len(), 46, "{whole:?}");
    for (nth, (service, count)) in whole[..45].iter().enumerate() {
        assert_eq!((service, count), (&format!("Услуга {:02}", 45 - nth), &(45 - nth).to_string()));
    }
    assert_eq!(whole[45], ("Всего".to_owned(), "1035".to_owned()));
    let (rows, _) = table(&ran, "Результаты с нарушением срока по причинам");
    let rows: Vec<String> = rows.iter().map(|row| row[..3].join("|")).collect();
    // without the table of services their late results are not known
    assert_eq!(rows, ["Не указано|-|1 034", "По вине услугодателя|-|1", "Всего|-|1 035"]);
}

/// A form, and a unit of it, tells how many of its own results rest on a decision: one term each through the portal and
/// the State Corporation, three through the office of two units, one issued in another quarter, one not issued.
#[test]
fn decisions_are_told_with_the_cases_of_the_form() {
    let head = "record_id,unit,provider_name,service_name,channel,form,applicant,received_at,completed_at,term_value,term_unit\n";
    let row = |id: &str, unit: &str, channel: &str, days: &str| {
        format!("{id},{unit},Услугодатель,Услуга,{channel},paper,individual,{days},5,working_days\n")
    };
    let rows = [
        row("1", "Первый", "office_paper", "2026-07-01,2026-07-03"),
        row("2", "Первый", "office_paper", "2026-07-01,2026-07-03"),
        row("3", "Второй", "office_paper", "2026-07-01,2026-07-03"),
        row("4", "Второй", "egov_portal", "2026-07-01,2026-07-03"),
        row("5", "Второй", "state_corporation", "2026-07-01,2026-07-03"),
        row("6", "Второй", "office_paper", "2026-06-01,2026-06-03"),
        row("7", "Второй", "office_paper", "2026-09-29,"),
    ];
    let files = folder(&[("services.csv", &(head.to_owned() + &rows.concat()))]);
    for (form, wanted) in [("2-mk", 5), ("3-mk", 1), ("4-mk", 1)] {
        let mut case = Case::new(files.path(), form, "2026Q3");
        case.by_unit = form == "2-mk";
        let mut ran = case.run();
        ran.folder = super::samples::only_folder(&ran.out.path().join("out"));
        let out = ran.out.path().join("out");
        let folders = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        let mut cases: Vec<u64> = Vec::new();
        for folder in folders.filter(|path| path.is_dir()) {
            ran.folder = folder;
            cases.push(ran.json("report.json")["decisions"]["D5"].as_u64().unwrap_or(0));
        }
        cases.sort_unstable();
        let units: &[u64] = if form == "2-mk" { &[2, 3, wanted] } else { &[wanted] };
        assert_eq!(cases, units, "{form}");
    }
}

#[test]
fn a_report_of_a_unit_tells_its_own_events() {
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    case.by_unit = true;
    let mut ran = case.run();
    let out = ran.out.path().join("out");
    let mut events = 0;
    for entry in std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let whole = entry.display().to_string().ends_with("_600440000267");
        ran.folder = entry;
        let own = find(&ran, "Контрольные мероприятия: приказы").map_or(0, |(rows, _)| rows.len());
        if whole {
            assert_eq!(own, 15);
        } else {
            events += own;
        }
    }
    assert_eq!(events, 15);
}
