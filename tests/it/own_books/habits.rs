//! Books in other people's habits: heads of two storeys whose lower words repeat, months below each other and side by
//! side, terms with their units in one cell, the journal of an accounting program.

use super::super::bench::{Ran, folder};
use super::super::formats::office::convert;
use super::made::PEOPLE;
use super::{answered, counted, looked_at};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use std::fs;
use std::path::Path;

/// The book looked at, all confirmed with what is offered first, and counted; the mapping as it was offered.
fn walked(own: &Path) -> (String, Ran) {
    let (out, _) = looked_at(own);
    let file = out.join("mapping.toml");
    let mapping = fs::read_to_string(&file).unwrap();
    fs::write(&file, answered(&mapping).0).unwrap();
    (mapping, counted(own, "2026Q3", &file))
}

fn said<'m>(mapping: &'m str, header: &str) -> &'m str {
    let line = mapping.lines().find(|line| line.starts_with(&format!("\"{header}\" = ")));
    line.unwrap_or_else(|| panic!("{header}: {mapping}")).split(" = ").nth(1).unwrap().split("  #").next().unwrap()
}

fn day(number: u32, month: u32) -> String {
    format!("{number:02}.{month:02}.2026")
}

/// «План» and «Факт» twice, under «Дата приёма» and «Дата выдачи».
fn storeys(sheet: &mut Worksheet) {
    let plain = Format::new();
    sheet.write(0, 0, "Журнал учета государственных услуг").unwrap();
    for (column, header) in [(0, "№ п/п"), (1, "Услуга"), (2, "Канал"), (3, "Кто обратился"), (8, "Результат")]
    {
        sheet.merge_range(2, column, 3, column, header, &plain).unwrap();
    }
    sheet.merge_range(2, 4, 2, 5, "Дата приёма", &plain).unwrap();
    sheet.merge_range(2, 6, 2, 7, "Дата выдачи", &plain).unwrap();
    sheet.write_row(3, 4, ["План", "Факт", "План", "Факт"]).unwrap();
    for row in 0..60_u32 {
        let (month, first) = (7 + row % 3, 1 + row % 15);
        sheet.write(4 + row, 0, row + 1).unwrap();
        sheet.write_row(4 + row, 1, ["Адресная справка", "канцелярия", "физ.лицо"]).unwrap();
        let days = [first, first + 1, first + 6, first + 4].map(|number| day(number, month));
        sheet.write_row(4 + row, 4, days).unwrap();
        sheet.write(4 + row, 8, "Выдано").unwrap();
    }
}

fn storeys_as_text() -> String {
    let mut text = "Журнал учета государственных услуг;;;;;;;;\n№ п/п;Услуга;Канал;Кто обратился;Дата приёма;;Дата выдачи;;Результат\n;;;;План;Факт;План;Факт;\n".to_owned();
    for row in 0..60_u32 {
        let (month, first) = (7 + row % 3, 1 + row % 15);
        let days = [first, first + 1, first + 6, first + 4].map(|number| day(number, month)).join(";");
        text += &format!("{};Адресная справка;канцелярия;физ.лицо;{days};Выдано\n", row + 1);
    }
    text
}

#[test]
fn words_of_a_head_that_repeat_are_told_apart_in_every_format() {
    let mut book = Workbook::new();
    storeys(book.add_worksheet().set_name("3 квартал").unwrap());
    let book = book.save_to_buffer().unwrap();
    let others = ["ods", "xls"].into_iter().filter_map(|format| Some((format, convert(&book, format)?)));
    let mut all: Vec<(&str, Vec<u8>)> = others.collect();
    all.extend([("csv", storeys_as_text().into_bytes()), ("xlsx", book)]);
    for (format, bytes) in all {
        let place = folder(&[]);
        let own = place.path().join("own");
        fs::create_dir(&own).unwrap();
        fs::write(own.join(format!("Журнал.{format}")), bytes).unwrap();
        let (mapping, ran) = walked(&own);
        for (header, field) in
            [("Дата приёма Факт", "received_at"), ("Дата выдачи План", "due_at"), ("Дата выдачи Факт", "completed_at")]
        {
            assert_eq!(said(&mapping, header), format!("\"{field}\""), "{format}");
        }
        assert!(mapping.contains("\n# \"Дата приёма План\" = \"\""), "a planned day is none of receipt: {mapping}");
        assert_eq!(ran.ledger(), [60, 60, 0, 0], "{format}");
        let late = ["11", "12"].map(|row| ran.cell(row, "q.individual"));
        assert_eq!(late, ["60", "0"], "{format}: nothing was late");
    }
}

/// Months below each other with the head again, in Kazakh alone; terms with their units.
#[test]
fn months_below_each_other_and_terms_with_units() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("3-тоқсан").unwrap();
    sheet.write(0, 0, "Халыққа көрсетілген қызметтер кітабы").unwrap();
    let head =
        "Р/с|Азаматтың аты-жөні|Қызметтің атауы|Кім|Қалай жүгінді|Қабылданған күні|Мерзімі|Берілген күні|Нәтижесі";
    let mut row = 2;
    for (name, month) in [("ШІЛДЕ", 7), ("ТАМЫЗ", 8), ("ҚЫРКҮЙЕК", 9)] {
        sheet.write(row, 0, name).unwrap();
        sheet.write_row(row + 1, 0, head.split('|')).unwrap();
        for number in 0..30_u32 {
            let (at, line) = (number as usize, row + 2 + number);
            // one term in ninety does not say which days are meant
            let is_open = (month, number) == (8, 7);
            let term = if is_open {
                "5 күн"
            } else {
                ["5 жұмыс күні", "10 күнтізбелік күн", "15 ж.к."][at % 3]
            };
            sheet.write(line, 0, number + 1).unwrap();
            sheet.write_row(line, 1, [PEOPLE[at % 3], "Анықтама беру", "жеке тұлға", "кеңсе арқылы"]).unwrap();
            let days = [1 + number % 18, 5 + number % 18].map(|number| format!("{} ж.", day(number, month)));
            sheet.write_row(line, 5, [days[0].as_str(), term, &days[1], "берілді"]).unwrap();
        }
        sheet.write(row + 32, 0, "Айда барлығы:").unwrap().write(row + 32, 2, 30).unwrap();
        row += 34;
    }
    let place = folder(&[]);
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    book.save(own.join("Кітап 2026.xlsx")).unwrap();
    let (mapping, ran) = walked(&own);
    assert_eq!(said(&mapping, "Мерзімі"), "\"term_value\"");
    assert!(!mapping.contains("term_unit = "), "the unit stands in the cells: {mapping}");
    assert_eq!(ran.ledger(), [90, 89, 0, 1]);
    assert!(ran.codes().contains(&"F-464".to_owned()), "{:?}", ran.codes());
}

/// Months side by side from column A on, each under its name where that is `titled`; or one below the other.
fn months(sheet: &mut Worksheet, titled: bool, below: bool) {
    for (block, month, name) in [(0_u16, 7, "Июль"), (8, 8, "Август"), (16, 9, "Сентябрь")] {
        let (column, top) = if below { (0, u32::from(block / 8) * 27) } else { (block, 0) };
        if titled {
            sheet.write(top + 1, column, name).unwrap();
        }
        let head = "№|Услуга|Канал|Заявитель|Поступило|Срок исполнения|Исполнено";
        sheet.write_row(top + 2, column, head.split('|')).unwrap();
        for row in 0..25_u32 {
            let days = [1, 8, 4].map(|first| day(first + row % 15, month));
            let texts = ["1", "Справка", "канцелярия", "физическое лицо", &days[0], &days[1], &days[2]];
            sheet.write_row(top + 3 + row, column, texts).unwrap();
        }
    }
}

fn book_of_months(titled: bool, below: bool) -> (tempfile::TempDir, std::path::PathBuf) {
    let mut book = Workbook::new();
    months(book.add_worksheet().set_name("Учет").unwrap(), titled, below);
    let place = folder(&[]);
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    book.save(own.join("Учет.xlsx")).unwrap();
    (place, own)
}

/// Nobody can tell which of several columns of one name is meant: nothing is read, and that is told beforehand.
#[test]
fn months_side_by_side_are_told_and_not_read() {
    let (_place, own) = book_of_months(false, false);
    let (out, _) = looked_at(&own);
    let mapping = fs::read_to_string(out.join("mapping.toml")).unwrap();
    assert!(mapping.contains("эти заголовки стоят над несколькими графами: №, Услуга"), "{mapping}");
    assert!(mapping.contains("таблицы с одинаковыми заголовками: графы A–G, I–O, Q–W."), "{mapping}");
    assert_eq!(mapping.matches("\n\"Услуга\" = ").count(), 1, "{mapping}");
    let (_, read) = (fs::write(out.join("mapping.toml"), answered(&mapping).0).unwrap(), out.join("mapping.toml"));
    let mut case = super::super::bench::Case::new(&own, "2-mk", "2026Q3");
    case.mapping = Some(read);
    let told = format!("{:#}", case.try_run().map(|_| ()).unwrap_err());
    assert!(told.contains("Не прочитано ни одной таблицы") || told.contains("nothing_read"), "{told}");
}

/// Under names of their own the first of the months could be read alone: it is not proposed, and who reads it all the
/// same is told what is lost. Below each other, as the words say, all of them are read.
#[test]
fn months_side_by_side_under_their_names() {
    let (_place, own) = book_of_months(true, false);
    let (out, told) = looked_at(&own);
    let mapping = fs::read_to_string(out.join("mapping.toml")).unwrap();
    let said = "графы A–G («Июль»), I–O («Август»), Q–W («Сентябрь»). Вырежьте каждую, начиная со второй";
    assert!(mapping.contains(said) && told.contains(said), "{mapping}\n{told}");
    assert!(!mapping.contains("[[head]]"), "nothing is proposed: {mapping}");
    let mut asked: calamine::Xlsx<_> = calamine::open_workbook(out.join("questions.xlsx")).unwrap();
    let asked = calamine::Reader::worksheet_range_at(&mut asked, 0).unwrap().unwrap();
    assert!(asked.rows().any(|row| row[2] == "Учет.xlsx [Учет]" && row[7].to_string().contains(said)), "{asked:?}");
    let of = |month: &str| {
        let headers = "№|Услуга|Канал|Заявитель|Поступило|Срок исполнения|Исполнено".split('|');
        headers.map(|header| format!("\"{month} {header}\"")).collect::<Vec<_>>()
    };
    let (all, july) = (["Июль", "Август", "Сентябрь"].map(of).concat().join(", "), of("Июль"));
    let fields = ["", "service_name", "channel", "applicant", "received_at", "due_at", "completed_at"];
    let columns = july.iter().zip(fields).map(|(header, field)| format!("{header} = \"{field}\"\n"));
    let columns: String = columns.collect();
    let head = format!("headers = [{all}]\ntable = \"services\"\nconfirmed = true\nnumbered = true\n");
    let file = out.join("mapping.toml");
    fs::write(&file, format!("[[head]]\n{head}[head.columns]\n{columns}")).unwrap();
    let ran = counted(&own, "2026Q3", &file);
    let findings = ran.json("findings.json");
    let lost = findings["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "F-467");
    let lost = lost.unwrap_or_else(|| panic!("{:?}", ran.codes()));
    assert_eq!(lost["severity"], "error");
    assert!(lost["message"]["ru"].as_str().unwrap().contains("графы I–O, Q–W"), "{lost:#}");
    let (_place, below) = book_of_months(true, true);
    let (_, ran) = walked(&below);
    assert_eq!(ran.ledger(), [75, 75, 0, 0], "{:?}", ran.codes());
    assert_eq!(ran.cell("11", "q.individual"), "75");
}

/// A sheet that counts by month holds no records: that is told, with what to hand over.
#[test]
fn counts_by_month_are_no_records() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Свод").unwrap();
    sheet.write(0, 0, "Количество оказанных услуг").unwrap();
    sheet.write_row(1, 0, ["№", "Наименование услуги", "Канал", "Июль", "Август", "Сентябрь", "Итого"]).unwrap();
    for row in 0..3_u32 {
        sheet.write_row(2 + row, 1, ["Справка", "канцелярия"]).unwrap();
        sheet.write(2 + row, 0, row + 1).unwrap().write_row(2 + row, 3, [10 + row, 20, 30, 60 + row]).unwrap();
    }
    let place = folder(&[]);
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    book.save(own.join("Свод.xlsx")).unwrap();
    let (out, told) = looked_at(&own);
    let mapping = fs::read_to_string(out.join("mapping.toml")).unwrap();
    let said = "свод по месяцам: в графах «Июль», «Август», «Сентябрь» стоят количества";
    assert!(mapping.contains(said) && told.contains(said), "{mapping}\n{told}");
}

/// The journal of an accounting program: lines about itself above the head, its own words, a total below.
#[test]
fn a_journal_of_documents() {
    let mut text = "Журнал документов \"Обращения за государственными услугами\";;;;;;;;;;\r\nПериод: 01.07.2026 - 30.09.2026;;;;;;;;;;\r\n;;;;;;;;;;\r\n".to_owned();
    text += "Дата;Номер;Вид операции;Контрагент;Тип контрагента;Номенклатура;Источник;Срок исполнения;Дата выполнения;Состояние;Ответственный\r\n";
    for number in 0..150_u32 {
        let (month, first) = (7 + number % 3, 1 + number % 20);
        let who = if number % 7 == 6 { "Юридическое лицо" } else { "Физическое лицо" };
        let service = ["Выдача справки", "Назначение пособия"][number as usize % 2];
        let channel = ["Портал", "Канцелярия", "ГК ПдГ"][number as usize % 3];
        let term = ["5 раб. дней", "3 р.д.", "15 календ. дн.", "1 раб. день"][number as usize % 4];
        text += &format!(
            "{} {}:05:00;ОБР-{number:06};Обращение;{};{who};{service};{channel};{term};{} 10:00:00;{};Петрова А.С.\r\n",
            day(first, month),
            9 + number % 8,
            PEOPLE[2],
            day(first + 1, month),
            if number % 9 == 0 { "Отклонен" } else { "Выполнен" }
        );
    }
    text += "Итого;150;;;;;;;;;\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    let place = folder(&[]);
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("Журнал документов.csv"), bytes).unwrap();
    let (mapping, ran) = walked(&own);
    for (header, field) in
        [("Номенклатура", "service_name"), ("Источник", "channel"), ("Срок исполнения", "term_value")]
    {
        assert_eq!(said(&mapping, header), format!("\"{field}\""), "{mapping}");
    }
    // beside the number of its rows the line of the total is told as a day that cannot be read
    assert_eq!(ran.ledger(), [151, 150, 0, 1]);
}
