//! From a folder of one's own spreadsheets to a form: `init`, confirm, `generate --mapping`, `explain`.

use super::bench::{Case, definitions, root};
use super::own_books::made::{NUMBERS, PEOPLE};
use esep::commands::init::InitArgs;
use esep::commands::out::spoken::Spoken;
use esep::words::lang::Lang;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A journal with a sheet a month under two title rows, and a book of complaints with a merged head in Kazakh.
fn own_files(folder: &Path) {
    let mut book = Workbook::new();
    for (name, month) in [("Июль", 7), ("Август", 8), ("Сентябрь", 9)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.merge_range(0, 0, 0, 9, "Журнал учета государственных услуг", &Format::new()).unwrap();
        sheet.write(1, 0, format!("{name} 2026 года")).unwrap();
        let head = "№ п/п|ФИО|ИИН|Кто обратился|Вид услуги|Куда обратился|Дата подачи|Исполнить до|Дата исполнения|Статус|Прим.";
        sheet.write_row(3, 0, head.split('|')).unwrap();
        for row in 4..16 {
            let day = u8::try_from(row).unwrap();
            sheet.write(row, 0, row - 3).unwrap();
            sheet.write_row(row, 1, [PEOPLE[row as usize % 3], NUMBERS[row as usize % 2]]).unwrap();
            sheet.write(row, 3, ["физ. лицо", "гражданин", "компания"][row as usize % 3]).unwrap();
            sheet.write(row, 4, ["Выдача справки", "Назначение пособия"][row as usize % 2]).unwrap();
            sheet.write(row, 5, ["через сайт egov", "нарочно (канцелярия)"][row as usize % 2]).unwrap();
            // half of the days are dates, half are text
            for (column, day) in [(6, day), (7, day + 10), (8, if row == 15 { 28 } else { day + 5 })] {
                if row % 2 == 0 {
                    let date = ExcelDateTime::from_ymd(2026, month, day).unwrap();
                    sheet.write_with_format(row, column, date, &Format::new().set_num_format("dd.mm.yyyy")).unwrap();
                } else {
                    sheet.write(row, column, format!("{day:02}.{month:02}.2026")).unwrap();
                }
            }
            sheet.write(row, 9, if row == 13 { "Отказано в услуге" } else { "Исполнено" }).unwrap();
        }
        sheet.write_row(16, 0, ["Итого", "", "", "12"]).unwrap();
    }
    book.add_worksheet().set_name("Телефоны").unwrap().write(0, 0, "отделы").unwrap();
    book.save(folder.join("Журнал услуг.xlsx")).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Шағымдар").unwrap();
    sheet.write(0, 0, "Шағымдар журналы").unwrap();
    for (column, header) in [(0, "Р/с №"), (1, "Өтініш беруші"), (2, "Қызмет"), (5, "Кімнен"), (6, "Қайдан түсті")]
    {
        sheet.merge_range(1, column, 2, column, header, &Format::new()).unwrap();
    }
    sheet.merge_range(1, 3, 1, 4, "Күні", &Format::new()).unwrap();
    sheet.write_row(2, 3, ["Тіркелген", "Қаралды"]).unwrap();
    for row in 3..6 {
        let name = PEOPLE[row as usize % 3];
        let cells = [&format!("Ш-{row}"), name, "Выдача справки", "03.08.2026", "10.08.2026", "жеке тұлға", "кеңсе"];
        sheet.write_row(row, 0, cells).unwrap();
    }
    book.save(folder.join("Шағымдар.xlsx")).unwrap();
    let training = "record_id;completed_on;Курс\n1;03.07.2026;Этика\n2;05.08.2026;Этика\n";
    fs::write(folder.join("обучение.csv"), training).unwrap();
}

/// What `init` says of the files.
fn run(asked: &InitArgs, lang: Lang) -> anyhow::Result<String> {
    asked.run(&Spoken { given: vec![lang], terminal: lang }, definitions())
}

fn looked_at() -> (TempDir, InitArgs, String) {
    let place = tempfile::tempdir().unwrap();
    let own = place.path().join("own");
    fs::create_dir(&own).unwrap();
    own_files(&own);
    let request = InitArgs { paths: vec![own], out: Some(place.path().join("out")), ..InitArgs::default() };
    let told = run(&request, Lang::Ru).unwrap();
    (place, request, told)
}

#[test]
fn own_spreadsheets_become_a_form() {
    let (place, request, told) = looked_at();
    assert!(told.contains("--form 2-mk --period 2026Q3"), "{told}");
    assert!(told.contains("похоже на «Услуги»") && told.contains("распознано: «Повышение квалификации»"), "{told}");
    let file = request.out.as_ref().unwrap().join("mapping.toml");
    let mapping = fs::read_to_string(&file).unwrap();
    for private in PEOPLE.iter().chain(&NUMBERS) {
        assert!(!mapping.contains(private) && !told.contains(private), "{private}");
    }
    for line in [
        "\"Дата подачи\" = \"received_at\"",
        "\"Тіркелген\" = \"registered_at\"",
        "\"гражданин\" = \"individual\"",
        "numbered = true",
    ] {
        assert!(mapping.contains(line), "{line}\n{mapping}");
    }
    let mut case = Case::new(&request.paths[0], "2-mk", "2026Q3");
    case.mapping = Some(file.clone());
    let codes = case.run().codes();
    assert!(codes.iter().any(|code| code == "F-043"), "nothing is used before it is confirmed: {codes:?}");
    // Notepad begins the file with a mark
    fs::write(&file, format!("\u{feff}{}", mapping.replace("confirmed = false", "confirmed = true"))).unwrap();
    case.paranoid = true;
    let ran = case.run();
    let report = ran.json("report.json");
    for line in report["ledger"].as_array().unwrap() {
        assert_eq!(line["read"], line["accepted"], "{line}");
    }
    let quarter = |row: &str, column: &str| {
        let lines = report["lines"].as_array().unwrap();
        lines.iter().find(|line| line["row"] == row && line["service_name"].is_null()).unwrap()["values"][column]
            .clone()
    };
    // of twelve a month six come through the office: one of them is refused, one is late, two are of companies
    assert_eq!(quarter("11", "q.individual"), 9);
    assert_eq!(quarter("11", "q.legal_entity"), 6);
    assert_eq!(quarter("12", "q.individual"), 3);
    assert_eq!(quarter("13", "q.individual"), 3);
    assert_eq!(quarter("15", "q"), 3);
    assert_eq!(quarter("21", "q"), 2);
    assert_eq!(report["provenance"]["mapping"]["sha256"].as_str().unwrap().len(), 64);
    let explained = Command::new(env!("CARGO_BIN_EXE_esep"))
        .args(["explain", ran.folder.to_str().unwrap(), "12", "q.individual", "--json", "--sources"])
        .arg(&request.paths[0])
        .output()
        .unwrap();
    let page: serde_json::Value = serde_json::from_slice(&explained.stdout).expect("a page");
    assert_eq!(explained.status.code(), Some(0), "{page:#}");
    assert!(page.to_string().contains("Журнал услуг.xlsx [Июль]:14"), "the place is the id: {page:#}");
    drop(place);
}

#[test]
fn what_init_wrote_among_the_spreadsheets_is_no_source() {
    let place = tempfile::tempdir().unwrap();
    own_files(place.path());
    let looked = |out: &str| {
        let paths = vec![place.path().to_owned()];
        let request = InitArgs { paths, out: Some(place.path().join(out)), ..InitArgs::default() };
        run(&request, Lang::Ru).unwrap().replace(out, "OUT")
    };
    let (first, second) = (looked("first"), looked("second"));
    assert!(second.contains("F-090") && !first.contains("F-090"), "{second}");
    let without =
        |told: &str| told.lines().filter(|line| !line.contains("F-090")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without(&first), without(&second));
    fs::remove_dir_all(place.path().join("second")).unwrap();
    let codes = |mapping: &str| {
        let mut case = Case::new(place.path(), "2-mk", "2026Q3");
        case.mapping = Some(place.path().join("first").join(mapping));
        case.run().codes()
    };
    let answered = codes("questions.xlsx");
    assert!(!answered.iter().any(|code| code == "F-012" || code == "F-090"), "{answered:?}");
    assert!(codes("mapping.toml").iter().any(|code| code == "F-090"));
}

/// A body's own workbook may have hidden lists, and a record of this name.
#[test]
fn an_own_workbook_with_lists_is_a_source() {
    let place = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("training").unwrap();
    sheet.write_row(0, 0, ["record_id", "completed_on", "course"]).unwrap();
    sheet.write_row(1, 0, ["all", "2026-07-03", "Этика"]).unwrap();
    book.add_worksheet().set_name("lists").unwrap().set_hidden(true).write(0, 0, "Этика").unwrap();
    book.save(place.path().join("own.xlsx")).unwrap();
    let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
    assert_eq!((ran.ledger(), ran.cell("21", "q").as_str()), ([1, 1, 0, 0], "1"));
}

#[test]
fn existing_files_stay_without_force() {
    let (_place, request, _) = looked_at();
    fs::write(request.out.as_ref().unwrap().join("organisation.toml"), "bin = \"mine\"").unwrap();
    let fault = run(&request, Lang::Ru).unwrap_err();
    assert!(format!("{fault:#}").contains("fault_exists"), "{fault:#}");
    assert_eq!(fs::read_to_string(request.out.as_ref().unwrap().join("organisation.toml")).unwrap(), "bin = \"mine\"");
    run(&InitArgs { force: true, ..request }, Lang::Ru).unwrap();
}

/// The sample's own headers are all known: there is nothing to confirm, and the body is guessed.
#[test]
fn the_samples_are_recognised() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let paths = vec![root().join("sample-data/akimat-2026Q3")];
    let told = run(&InitArgs { paths, out: Some(out.clone()), ..InitArgs::default() }, Lang::En).unwrap();
    let mapping = fs::read_to_string(out.join("mapping.toml")).unwrap();
    assert!(!mapping.contains("[[head]]"), "{mapping}");
    assert!(told.contains("--form 2-mk --period 2026Q3"), "{told}");
    let organisation = fs::read_to_string(out.join("organisation.toml")).unwrap();
    assert!(organisation.contains("Кокарналинский район (пример)"), "{organisation}");
}

#[test]
fn a_wrong_mapping_is_refused_in_words() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("training.csv"), "record_id,completed_on\n1,2026-07-03\n").unwrap();
    let head = "[[head]]\nsources = ['training.csv']\nconfirmed = true\n";
    let values = "[[values]]\nconfirmed = true\n";
    for (text, said) in [
        (format!("{head}table = 'trainings'"), "возможные: training"),
        (format!("{head}table = 'training'\ncolumns = {{ 'a' = 'curse' }}"), "возможные: course"),
        (format!("{head}table = 'training'\ncolumns = {{ 'a' = 'course', 'b' = 'course' }}"), "«a» и «b»"),
        (format!("{head}table = 'services'\nfixed = {{ channel = 'post' }}"), "channel нет такого кода"),
        (format!("{head}table = 'control_events'\nnumbered = true"), "собственный номер"),
        (format!("{values}list = 'chanel'\ncodes = {{ 'a' = 'b' }}"), "возможные: channel"),
        (format!("{values}list = 'outcome'\ncodes = {{ 'a' = 'refuse' }}"), "возможные: refused"),
        (format!("{values}list = 'outcome'\ncodes = {{ 'отказ' = 'rendered' }}"), "уже означает другой код"),
        ("[[head]]\nsorces = ['a']".to_owned(), "; возможно, имелось в виду «sources»"),
    ] {
        let file = place.path().join("mapping.toml");
        fs::write(&file, &text).unwrap();
        let mut case = Case::new(place.path(), "2-mk", "2026Q3");
        case.mapping = Some(file);
        let Err(fault) = case.try_run() else { panic!("{text}") };
        let fault = esep::words::failure::say(&fault, &definitions().words);
        assert!(fault.get(Lang::Ru).contains(said), "{text}\n{fault:?}");
    }
}
