//! Seven books as people keep them: nobody thought of a program when the columns were named.

use parquet::basic::{Compression, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// People and numbers that must never be shown.
pub const PEOPLE: [&str; 3] = ["Ахметов Серик Болатович", "Қасым Айгүл Нұрланқызы", "Петрова А.С."];
pub const NUMBERS: [&str; 2] = ["870715300123", "910203400456"];

/// A quarter: its months as the books call them, and what the files are called.
pub struct Quarter {
    pub months: [u8; 3],
    kazakh: [&'static str; 3],
    russian: &'static str,
    /// Added to every day: no two quarters have the same rows.
    shift: u8,
}

pub const THIRD: Quarter =
    Quarter {
        months: [7, 8, 9], kazakh: ["Шілде", "Тамыз", "Қыркүйек"], russian: "3 кв", shift: 0
    };
pub const FOURTH: Quarter =
    Quarter {
        months: [10, 11, 12], kazakh: ["Қазан", "Қараша", "Желтоқсан"], russian: "4 кв", shift: 1
    };

/// Source, table, rows that are records.
pub type Truth = Vec<(String, &'static str, u64)>;

/// Writes all seven; what is in them.
pub fn write(folder: &Path, quarter: &Quarter) -> Truth {
    let mut truth = Truth::new();
    months(folder, quarter, &mut truth);
    let name = sections(folder, quarter, false);
    truth.push((format!("{name} [{}]", quarter.russian), "services", 200));
    complaints(folder, quarter, &mut truth);
    training(folder, quarter, &mut truth);
    export(folder, quarter, &mut truth);
    columnar(folder, quarter, &mut truth);
    sheets_of_channels(folder, quarter, &mut truth);
    truth
}

/// Day `number` of a month, as one and the same person writes days in one and the same column.
fn day(sheet: &mut Worksheet, row: u32, column: u16, (number, month): (u8, u8), habit: u32) {
    match habit % 5 {
        0 => {
            let date = ExcelDateTime::from_ymd(2026, month, number).unwrap();
            sheet.write_with_format(row, column, date, &Format::new().set_num_format("dd.mm.yyyy")).unwrap();
        }
        4 => drop(sheet.write(row, column, format!("{number:02},{month:02},2026")).unwrap()),
        1 => drop(sheet.write(row, column, format!("{number:02}.{month:02}.2026")).unwrap()),
        _ => drop(sheet.write(row, column, format!("{number:02}.{month:02}.26")).unwrap()),
    }
}

/// Three sheets of months under merged titles, in Kazakh; the numbers begin again on each.
fn months(folder: &Path, quarter: &Quarter, truth: &mut Truth) {
    let mut book = Workbook::new();
    for (name, month) in quarter.kazakh.into_iter().zip(quarter.months) {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.merge_range(0, 0, 0, 9, "Мемлекеттік қызметтерді тіркеу журналы", &Format::new()).unwrap();
        sheet.write(1, 0, format!("2026 жылғы {}", name.to_lowercase())).unwrap();
        let head = "Р/с|Өтініш берушінің аты-жөні|ЖСН|Тұлға түрі|Қызмет түрі|Қайдан түсті|Түскен күні|Мерзімі (жұмыс күні)|Орындалған күні|Күйі|Ескерту";
        sheet.write_row(3, 0, head.split('|')).unwrap();
        for row in 4..104_u32 {
            let at = row as usize;
            sheet.write(row, 0, row - 3).unwrap();
            sheet.write_row(row, 1, [PEOPLE[at % 3], NUMBERS[at % 2]]).unwrap();
            sheet.write(row, 3, ["жеке тұлға", "жеке", "заңды тұлға"][at % 3]).unwrap();
            sheet.write(row, 4, ["Анықтама беру", "Жәрдемақы тағайындау"][at % 2]).unwrap();
            sheet.write(row, 5, ["кеңсе", "ХҚКО", "egov", "пошта"][at % 4]).unwrap();
            let first = u8::try_from(row % 20).unwrap() + 1 + quarter.shift;
            day(sheet, row, 6, (first, month), row);
            sheet.write(row, 7, if row % 2 == 0 { "3" } else { "5" }).unwrap();
            let outcome = ["Орындалды", "Орындалды", "Бас тартылды", "Орындалды"][(at / 7) % 4];
            day(sheet, row, 8, (first + 3, month), row + 1);
            sheet.write(row, 9, outcome).unwrap();
            if row % 9 == 0 {
                sheet.write(row, 10, "қайта хабарласу").unwrap();
            }
        }
        // a slip of the keyboard
        sheet.write(20, 6, "31.06.26").unwrap();
        sheet.write_row(104, 0, ["Барлығы", "", "", "100"]).unwrap();
        truth.push((format!("Қызметтер {}.xlsx [{name}]", quarter.russian), "services", 100));
    }
    book.add_worksheet().set_name("Телефондар").unwrap().write(0, 0, "бөлімдер").unwrap();
    book.save(folder.join(format!("Қызметтер {}.xlsx", quarter.russian))).unwrap();
}

/// A head of two storeys; the service stands above its rows. `mended`: a copy with three rows changed; the file's name.
pub fn sections(folder: &Path, quarter: &Quarter, mended: bool) -> String {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(quarter.russian).unwrap();
    let plain = Format::new();
    sheet.write(0, 0, "Сведения об оказании услуг отделом").unwrap();
    for (column, header) in
        [(0, "№"), (3, "Категория"), (6, "Срок, раб.дн."), (7, "Способ обращения"), (8, "Результат")]
    {
        sheet.merge_range(2, column, 3, column, header, &plain).unwrap();
    }
    sheet.merge_range(2, 1, 2, 2, "Заявитель", &plain).unwrap();
    sheet.merge_range(2, 4, 2, 5, "Дата", &plain).unwrap();
    sheet.write_row(3, 1, ["ФИО", "ИИН"]).unwrap();
    sheet.write_row(3, 4, ["подачи", "выдачи"]).unwrap();
    let mut row = 4;
    for (place, service) in
        ["Выдача архивных справок", "Постановка на учет", "Назначение выплаты"].into_iter().enumerate()
    {
        if place == 1 {
            sheet.write(row, 0, format!("{}. {service}", place + 1)).unwrap();
        } else {
            sheet.merge_range(row, 0, row, 8, service, &plain).unwrap();
        }
        row += 1;
        for number in 1..=[80, 70, 50][place] {
            let at = number as usize;
            sheet.write(row, 0, number).unwrap();
            sheet.write_row(row, 1, [PEOPLE[at % 3], NUMBERS[at % 2]]).unwrap();
            sheet.write(row, 3, ["физ.лицо", "физ.лицо", "юр.лицо"][at % 3]).unwrap();
            let (first, month) = (u8::try_from(number % 18).unwrap() + 1 + quarter.shift, quarter.months[at % 3]);
            day(sheet, row, 4, (first, month), number);
            day(sheet, row, 5, (first + 5, month), number + 2);
            sheet.write(row, 6, 10).unwrap();
            sheet.write(row, 7, ["через канцелярию", "ЦОН", "лично"][at % 3]).unwrap();
            sheet.write(row, 8, ["Исполнено", "Завершено"][at % 2]).unwrap();
            if mended && number == 7 {
                sheet.write(row, 6, 15).unwrap();
            }
            row += 1;
        }
        sheet.write_row(row, 0, [format!("Итого по услуге: {}", [80, 70, 50][place])]).unwrap();
        row += 1;
    }
    let name = format!("Журнал {}{}.xlsx", quarter.russian, if mended { " исправленный" } else { "" });
    book.save(folder.join(&name)).unwrap();
    name
}

/// Three rows that have nothing but general columns; the title says what they are.
fn complaints(folder: &Path, quarter: &Quarter, truth: &mut Truth) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Лист1").unwrap();
    sheet.write(0, 0, "Журнал регистрации жалоб").unwrap();
    sheet.write_row(2, 0, "№ п/п|Дата|ФИО|Услуга|От кого|Куда обращался за услугой|Дата ответа".split('|')).unwrap();
    for row in 3..6_u32 {
        sheet.write(row, 0, row - 2).unwrap();
        day(sheet, row, 1, (5 + quarter.shift, quarter.months[row as usize % 3]), 2);
        sheet
            .write_row(row, 2, [PEOPLE[row as usize % 3], "Выдача архивных справок", "физ. лицо", "канцелярия"])
            .unwrap();
        day(sheet, row, 6, (9 + quarter.shift, quarter.months[row as usize % 3]), 2);
    }
    let name = format!("жалобы {}.xlsx", quarter.russian);
    book.save(folder.join(&name)).unwrap();
    truth.push((format!("{name} [Лист1]"), "complaints", 3));
}

fn training(folder: &Path, quarter: &Quarter, truth: &mut Truth) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Лист1").unwrap();
    sheet.write_row(0, 0, "№ п/п|ФИО|Должность|Тема обучения|Дата".split('|')).unwrap();
    for row in 1..=42_u32 {
        sheet.write(row, 0, row).unwrap();
        sheet.write_row(row, 1, [PEOPLE[row as usize % 3], "специалист", "Этика"]).unwrap();
        let first = u8::try_from(row % 20).unwrap() + 1 + quarter.shift;
        day(sheet, row, 4, (first, quarter.months[row as usize % 3]), row);
    }
    let name = format!("обучение {}.xlsx", quarter.russian);
    book.save(folder.join(&name)).unwrap();
    truth.push((format!("{name} [Лист1]"), "training", 42));
}

/// An export of another system: semicolons, Windows-1251, its own words.
fn export(folder: &Path, quarter: &Quarter, truth: &mut Truth) {
    let mut text =
        "ИД заявки;Наименование госуслуги;Канал подачи;Тип заявителя;Создано;Плановый срок;Закрыто;Итог;Оператор\r\n"
            .to_owned();
    for number in 0..120_usize {
        let month = quarter.months[number % 3];
        let first = number % 17 + 1 + usize::from(quarter.shift);
        let channel = ["ПЭП", "ЦОН", "Канцелярия"][number % 3];
        let who = ["ФЛ", "ЮЛ"][number % 2];
        let outcome = ["Услуга оказана", "Услуга оказана", "Отказано в оказании"][number % 3];
        text += &format!(
            "Z-{month:02}-{number:04};Регистрация рождения;{channel};{who};{first:02}.{month:02}.2026 10:15:00;{:02}.{month:02}.2026 18:00:00;{:02}.{month:02}.2026 09:30:00;{outcome};оператор {}\r\n",
            first + 5,
            first + 3,
            number % 4
        );
    }
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    let name = format!("export_{}.csv", quarter.months[2]);
    fs::write(folder.join(&name), bytes).unwrap();
    truth.push((name, "services", 120));
}

/// Columns that a programmer of another country named.
fn columnar(folder: &Path, quarter: &Quarter, truth: &mut Truth) {
    let heads = ["req_no", "svc_name", "channel", "client_type", "created_at", "due_date", "closed_at", "result"];
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); heads.len()];
    for number in 0..60_usize {
        let month = quarter.months[number % 3];
        let first = number % 15 + 1 + usize::from(quarter.shift);
        let row = [
            format!("R{month:02}{number:05}"),
            "Land plot registration".to_owned(),
            ["egov", "office", "PSC"][number % 3].to_owned(),
            ["individual", "company"][number % 2].to_owned(),
            format!("2026-{month:02}-{first:02}T08:00:00"),
            format!("2026-{month:02}-{:02}", first + 10),
            format!("2026-{month:02}-{:02}T17:30:00", first + 4),
            ["done", "done", "rejected"][number % 3].to_owned(),
        ];
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    let fields = heads.map(|head| {
        let field = Type::primitive_type_builder(head, Physical::BYTE_ARRAY).with_repetition(Repetition::REQUIRED);
        Arc::new(field.with_converted_type(parquet::basic::ConvertedType::UTF8).build().unwrap())
    });
    let schema = Type::group_type_builder("rows").with_fields(fields.to_vec()).build().unwrap();
    let settings = WriterProperties::builder().set_compression(Compression::UNCOMPRESSED).build();
    let name = format!("dump_m{}.parquet", quarter.months[2]);
    let file = fs::File::create(folder.join(&name)).unwrap();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(settings)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in columns {
        let values: Vec<ByteArray> = column.iter().map(|value| value.as_str().into()).collect();
        let mut own = group.next_column().unwrap().unwrap();
        own.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        own.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    truth.push((name, "services", 60));
}

/// A sheet a channel, heads in Latin letters, the service once above the head.
fn sheets_of_channels(folder: &Path, quarter: &Quarter, truth: &mut Truth) {
    let mut book = Workbook::new();
    let name = format!("PGU {}.xlsx", quarter.months[2]);
    for (channel, rows) in [("ЦОН", 40_u32), ("Портал", 25), ("Канцелярия", 15)] {
        let sheet = book.add_worksheet().set_name(channel).unwrap();
        sheet.write(0, 0, "Услуга: Выдача удостоверения").unwrap();
        sheet
            .write_row(2, 0, "NN|Zayavitel|Fiz/Yur|Data podachi|Srok (rab.dn)|Data vydachi|Status".split('|'))
            .unwrap();
        for row in 3..3 + rows {
            let at = row as usize;
            sheet.write(row, 0, row - 2).unwrap();
            sheet.write_row(row, 1, [PEOPLE[at % 3], ["физ", "юр"][at % 2]]).unwrap();
            let (first, month) = (u8::try_from(row % 19).unwrap() + 1 + quarter.shift, quarter.months[at % 3]);
            day(sheet, row, 3, (first, month), 2);
            sheet.write(row, 4, 5).unwrap();
            day(sheet, row, 5, (first + 4, month), row);
            sheet.write(row, 6, ["Выдано", "Выдано", "Отказ"][at % 3]).unwrap();
        }
        truth.push((format!("{name} [{channel}]"), "services", u64::from(rows)));
    }
    book.save(folder.join(name)).unwrap();
}
