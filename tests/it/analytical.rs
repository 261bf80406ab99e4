//! The analytical report: sentences in three languages, open questions, narrative, comparison, attachments.

use super::bench::{Case, Ran, definitions, folder, root};
use esep::analytical::figures::numeral::ending;
use esep::definitions::slot::Bend;
use esep::words::lang::Lang;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Text of runs.
pub fn text(runs: &Value) -> String {
    runs.as_array().into_iter().flatten().map(|run| run["text"].as_str().unwrap_or_default()).collect()
}

/// Paragraphs of a document of `analytical.json`, with what they are for.
fn paragraphs(ran: &Ran, lang: &str) -> Vec<(String, String)> {
    let report = ran.json("analytical.json");
    let documents = report["documents"].as_array().unwrap();
    let document = documents.iter().find(|document| document["language"] == lang).expect("the language");
    let of = |piece: &Value| Some((piece["paragraph"].as_str()?.to_owned(), text(&piece["runs"])));
    document["pieces"].as_array().unwrap().iter().filter_map(of).collect()
}

fn said(ran: &Ran, lang: &str) -> String {
    paragraphs(ran, lang).into_iter().map(|(_, text)| text.replace('\u{a0}', " ") + "\n").collect()
}

fn langs() -> Vec<Lang> {
    Lang::ALL.to_vec()
}

/// Training of so many persons and as many complaints.
fn counted(number: u32) -> Ran {
    let day = if number == 0 { "2026-06-30" } else { "2026-07-10" };
    let quantity = number.max(1);
    let files = folder(&[
        ("training.csv", &format!("record_id,completed_on,course,quantity\n1,{day},Курс,{quantity}\n")),
        (
            "complaints.csv",
            &format!(
                "record_id,service_name,channel,source,registered_at,considered_at,quantity\n\
                 1,Услуга,electronic,individual,{day},{day},{quantity}\n"
            ),
        ),
    ]);
    let mut case = Case::new(files.path(), "2-mk", "2026Q3");
    case.langs = langs();
    case.run()
}

#[test]
fn sentences_have_the_right_forms() {
    let golden = [
        (
            0,
            "Лиц, прошедших в отчетном периоде повышение квалификации по вопросам оказания государственных услуг, не учтено.",
            "В отчетном периоде жалоб на качество услуг не поступало.",
            "Есепті кезеңде мемлекеттік қызметтер көрсету мәселелері бойынша біліктілігін арттырған тұлғалар есепке алынбаған.",
            "No persons are counted as trained in the provision of public services in the period.",
        ),
        (
            1,
            "Повышение квалификации по вопросам оказания государственных услуг прошло 1 лицо.",
            "Поступила 1 жалоба на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 1 тұлға біліктілігін арттырды.",
            "1 person completed training.",
        ),
        (
            2,
            "Повышение квалификации по вопросам оказания государственных услуг прошли 2 лица.",
            "Поступили 2 жалобы на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 2 тұлға біліктілігін арттырды.",
            "2 persons completed training.",
        ),
        (
            5,
            "Повышение квалификации по вопросам оказания государственных услуг прошло 5 лиц.",
            "Поступило 5 жалоб на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 5 тұлға біліктілігін арттырды.",
            "5 persons completed training.",
        ),
        (
            11,
            "Повышение квалификации по вопросам оказания государственных услуг прошло 11 лиц.",
            "Поступило 11 жалоб на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 11 тұлға біліктілігін арттырды.",
            "11 persons completed training.",
        ),
        (
            21,
            "Повышение квалификации по вопросам оказания государственных услуг прошло 21 лицо.",
            "Поступила 21 жалоба на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 21 тұлға біліктілігін арттырды.",
            "21 persons completed training.",
        ),
        (
            101,
            "Повышение квалификации по вопросам оказания государственных услуг прошло 101 лицо.",
            "Поступила 101 жалоба на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 101 тұлға біліктілігін арттырды.",
            "101 persons completed training.",
        ),
        (
            1_012,
            "Повышение квалификации по вопросам оказания государственных услуг прошло 1 012 лиц.",
            "Поступило 1 012 жалоб на качество оказания государственных услуг.",
            "Мемлекеттік қызметтер көрсету мәселелері бойынша 1 012 тұлға біліктілігін арттырды.",
            "1 012 persons completed training.",
        ),
    ];
    for (number, training, complaints, kazakh, english) in golden {
        let ran = counted(number);
        let russian = said(&ran, "ru");
        assert!(russian.contains(training), "{number}: {training}\n{russian}");
        assert!(russian.contains(complaints), "{number}: {complaints}\n{russian}");
        assert!(said(&ran, "kk").contains(kazakh), "{number}: {kazakh}");
        assert!(said(&ran, "en").contains(english), "{number}: {english}");
    }
}

#[test]
fn kazakh_numbers_take_their_endings() {
    let phrases = &definitions().phrases;
    let golden = [
        (0, "ге", "ден"),
        (1, "ге", "ден"),
        (2, "ге", "ден"),
        (5, "ке", "тен"),
        (6, "ға", "дан"),
        (10, "ға", "нан"),
        (11, "ге", "ден"),
        (21, "ге", "ден"),
        (40, "қа", "тан"),
        (70, "ке", "тен"),
        (80, "ге", "нен"),
        (90, "ға", "нан"),
        (101, "ге", "ден"),
        (300, "ге", "ден"),
        (2_000, "ға", "нан"),
        (5_000_000, "ға", "нан"),
    ];
    for (number, to, from) in golden {
        assert_eq!(ending(number, Bend::To, phrases), to, "{number}");
        assert_eq!(ending(number, Bend::From, phrases), from, "{number}");
    }
}

/// The akimat's sample with what `change` makes of it.
fn akimat(change: impl Fn(&mut Case)) -> Ran {
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    case.langs = langs();
    change(&mut case);
    let mut ran = case.run();
    ran.folder = super::samples::only_folder(&ran.out.path().join("out"));
    ran
}

fn with_everything() -> Ran {
    let data = root().join("sample-data");
    akimat(|case| {
        case.previous = vec![data.join("previous/2-mk_2026Q2.json"), data.join("previous/2-mk_2025Q3.json")];
        case.narrative = Some(std::fs::read_to_string(data.join("akimat-2026Q3/narrative.toml")).unwrap());
        case.attachments = Some(data.join("attachments"));
    })
}

#[test]
fn earlier_quarters_are_compared() {
    let ran = with_everything();
    let golden = [
        (
            "ru",
            "По сравнению с показателем II квартала 2026 года число выявленных нарушений увеличилось на 12 (9,6 %) – с 125 до 137.",
        ),
        (
            "kk",
            "2026 жылғы II тоқсанмен салыстырғанда анықталған бұзушылықтар саны 12-ге (9,6 %) артып, 125-тен 137-ге жетті.",
        ),
        ("en", "Against quarter II of 2026 the number of violations found grew by 12 (9.6%), from 125 to 137."),
        ("ru", "число контрольных мероприятий не изменилось (15)."),
    ];
    for (lang, sentence) in golden {
        assert!(said(&ran, lang).contains(sentence), "{sentence}\n{}", said(&ran, lang));
    }
    let report = ran.json("analytical.json");
    let tables: Vec<&Value> = report["documents"][1]["pieces"].as_array().unwrap().iter().collect();
    let compared = tables.iter().filter(|piece| text(&piece["table"]) == "Сравнение с прошлыми периодами");
    let rows: Vec<Vec<String>> = compared
        .flat_map(|table| table["rows"].as_array().unwrap())
        .map(|row| row.as_array().unwrap().iter().map(|cell| text(cell).replace('\u{a0}', " ")).collect())
        .collect();
    let row = |name: &str| rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{name}: {rows:?}"));
    assert_eq!(row("Число выявленных нарушений")[1..], ["137", "125", "+12", "+9,6", "137", "0", "0,0"]);
    // shares in percentage points, small bases as numbers only
    assert_eq!(row("Доля нарушений сроков оказания услуг")[1..5], ["15,3 %", "16,8 %", "−1,5 п. п.", "–"]);
    assert_eq!(row("Доля исполненных рекомендаций")[1..5], ["8 из 24", "7 из 21", "–", "–"]);
}

#[test]
fn an_unfinished_quarter_is_not_compared() {
    let data = root().join("sample-data");
    let ran = akimat(|case| {
        case.previous = vec![data.join("previous/2-mk_2026Q2.json")];
        case.as_of = chrono::NaiveDate::from_ymd_opt(2026, 9, 1);
    });
    let russian = said(&ran, "ru");
    assert!(!russian.contains("По сравнению с"), "{russian}");
    assert!(russian.contains("На дату отчета завершилось месяцев квартала: 2"), "{russian}");
}

#[test]
fn people_tell_what_only_they_know() {
    let ran = with_everything();
    let told = paragraphs(&ran, "ru");
    assert!(told.iter().any(|(kind, text)| kind == "item" && text.starts_with("срок выдачи разрешения")), "{told:?}");
    assert!(said(&ran, "kk").contains("Уәкілетті органға көпбалалы отбасының"));
    assert!(told.iter().all(|(kind, _)| kind != "question"));
    assert!(!ran.codes().contains(&"F-201".to_owned()));
    // the list of materials: by name, with size and digest
    let report = ran.json("analytical.json");
    let pieces = report["documents"][1]["pieces"].as_array().unwrap();
    let list = pieces.iter().find(|piece| text(&piece["table"]).starts_with("Материалы")).expect("the list");
    let names: Vec<String> = list["rows"].as_array().unwrap().iter().map(|row| text(&row[5])).collect();
    assert_eq!(names, ["pismo-345.txt", "prikaz-12.txt", "protokol-7.txt"]);
    let digest = esep::values::digest::sha256(
        std::fs::File::open(root().join("sample-data/attachments/pismo-345.txt")).unwrap(),
    );
    let described: Vec<String> = (1..5).map(|cell| text(&list["rows"][0][cell])).collect();
    assert_eq!(described, ["письмо", "345", "14.08.2026", "1"]);
    let told: String = paragraphs(&ran, "ru").into_iter().map(|(_, text)| text + "\n").collect();
    assert!(told.contains("Приложены: приказ № 12 от 06.07.2026 на 2 л. (prikaz-12.txt)."), "{told}");
    // the digest stands in the annex that nobody signs, and nowhere else
    let digest = digest.unwrap();
    assert!(report["annexes"].to_string().contains(&digest) && !report["documents"].to_string().contains(&digest));
}

#[test]
fn open_sections_ask_and_are_found() {
    let asked = |ran: &Ran| -> Vec<String> {
        paragraphs(ran, "ru").into_iter().filter(|(kind, _)| kind == "question").map(|(_, text)| text).collect()
    };
    // the monitoring of the sample tells of business processes and new services
    let ran = akimat(|case| case.narrative = Some(String::new()));
    assert_eq!(asked(&ran).len(), 1, "{:?}", asked(&ran));
    let without = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(root().join("sample-data/akimat-2026Q3")).unwrap().map(|file| file.unwrap().path()) {
        if !file.ends_with("monitoring.csv") {
            std::fs::copy(&file, without.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let mut case = Case::new(without.path(), "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(without.path().join("organisation.toml")).unwrap();
    (case.narrative, case.langs) = (Some(String::new()), langs());
    let mut ran = case.run();
    ran.folder = super::samples::only_folder(&ran.out.path().join("out"));
    let questions = asked(&ran);
    // business processes, new services, and the measures on late results, of which numbers say nothing
    assert_eq!(questions.len(), 3, "{questions:?}");
    assert_eq!(ran.codes().iter().filter(|code| *code == "F-201").count(), 3);
    // no data at all but services: every other section asks
    let files = folder(&[(
        "services.csv",
        "record_id,service_name,channel,applicant,received_at,completed_at\n1,Услуга,office_paper,individual,2026-01-05,2026-01-06\n",
    )]);
    let mut case = Case::new(files.path(), "2-mk", "2026Q3");
    (case.narrative, case.langs) = (Some(String::new()), langs());
    let ran = case.run();
    for lang in ["kk", "ru", "en"] {
        let asked = paragraphs(&ran, lang).into_iter().filter(|(kind, _)| kind == "question").count();
        // of thirteen only lateness is known: refusals need their own table or column
        assert_eq!(asked, 12, "{lang}");
    }
    assert!(!said(&ran, "ru").contains("{"), "no slot stays open");
}

#[test]
fn an_unknown_section_is_answered_with_the_nearest() {
    let mut case = Case::new(&root().join("sample-data/akimat-2026Q3"), "2-mk", "2026Q3");
    case.narrative = Some("[busines_processes]\ntext = \"…\"\n".to_owned());
    let fault = format!("{:#}", case.try_run().err().expect("a fault"));
    assert!(fault.contains("near=\"business_processes\""), "{fault}");
}

/// Opened by LibreOffice the document has its headings, tables and numbers.
#[test]
fn the_text_document_opens() {
    let ran = with_everything();
    let out = tempfile::tempdir().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", out.path().join("profile").display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(out.path())
        .arg(ran.folder.join("analytical.docx"))
        .output();
    let pdf = out.path().join("analytical.pdf");
    if run.is_err() || !pdf.exists() {
        assert!(std::env::var_os("CI").is_none(), "soffice cannot open text documents: install libreoffice-writer");
        eprintln!("NOT TESTED: soffice is missing or has no writer, install libreoffice-writer to test text documents");
        return;
    }
    let Some(text) = printed(&pdf) else { return };
    for words in
        ["Талдамалық анықтама", "Аналитическая справка", "1.2. Нарушения порядка", "Бұзушылықтар түрлері бойынша"]
    {
        assert!(text.contains(words), "{words}");
    }
}

/// Text of a PDF; none where poppler is not installed.
pub fn printed(file: &Path) -> Option<String> {
    let Ok(run) = Command::new("pdftotext").arg(file).arg("-").output() else {
        assert!(std::env::var_os("CI").is_none(), "pdftotext is missing: install poppler-utils");
        eprintln!("NOT TESTED: pdftotext is missing, install poppler-utils to test printed reports");
        return None;
    };
    Some(String::from_utf8(run.stdout).expect("UTF-8"))
}
