//! From people's own books to figures: `init`, confirm all, answer with what is offered first, `generate`; then the
//! books of the next quarter with the same answers.

mod habits;
pub mod made;
mod strange;

use super::bench::{Case, Ran, definitions};
use esep::commands::init::InitArgs;
use esep::commands::out::spoken::Spoken;
use esep::words::lang::Lang;
use made::{FOURTH, Quarter, THIRD, Truth};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn books(place: &Path, name: &str, quarter: &Quarter) -> (PathBuf, Truth) {
    let own = place.join(name);
    fs::create_dir(&own).unwrap();
    let truth = made::write(&own, quarter);
    (own, truth)
}

fn looked_at(own: &Path) -> (PathBuf, String) {
    let out = own.with_extension("init");
    let asked = InitArgs { paths: vec![own.to_owned()], out: Some(out.clone()), ..InitArgs::default() };
    let told = asked.run(&Spoken { given: vec![Lang::Ru], terminal: Lang::Ru }, definitions()).unwrap();
    (out, told)
}

/// The whole is confirmed by one word; every question gets its first answer by taking the sign of a question away.
fn answered(mapping: &str) -> (String, usize) {
    let questions = mapping.matches("\n#? ").count();
    (mapping.replacen("\nconfirmed = false", "\nconfirmed = true", 1).replace("\n#? ", "\n"), questions)
}

fn counted(own: &Path, period: &str, mapping: &Path) -> Ran {
    let mut case = Case::new(own, "2-mk", period);
    case.mapping = Some(mapping.to_owned());
    case.paranoid = true;
    case.run()
}

/// Every source is read as what it is; all rows count, or are rejected with the cell that is wrong. Rows of the State
/// Corporation without their form, which these books do not have, are rejected for it.
fn holds(ran: &Ran, truth: &Truth) {
    let report = ran.json("report.json");
    let mut ledger: BTreeMap<String, Vec<(String, u64, u64, u64)>> = BTreeMap::new();
    for line in report["ledger"].as_array().unwrap() {
        let source = source(line);
        let count = |key: &str| line[key].as_u64().unwrap();
        let entry =
            (line["table"].as_str().unwrap().to_owned(), count("read"), count("accepted"), count("quarantined"));
        ledger.entry(source).or_default().push(entry);
    }
    let findings = ran.json("findings.json");
    let mut reasons: BTreeMap<String, BTreeMap<u64, Vec<String>>> = BTreeMap::new();
    for finding in findings["findings"].as_array().unwrap() {
        if finding["kind"] == "record" && finding["severity"] == "error" {
            let (line, field) = (finding["line"].as_u64(), finding["field"].as_str());
            let (Some(line), Some(field)) = (line, field) else { panic!("a cell is named: {finding:#}") };
            reasons.entry(source(finding)).or_default().entry(line).or_default().push(field.to_owned());
        }
    }
    let (mut all, mut accepted, mut without_form) = (0, 0, 0);
    for (source, table, rows) in truth {
        let Some(lines) = ledger.remove(source) else { panic!("{source} is not read: {ledger:#?}") };
        let [(own, read, taken, refused)] = lines.as_slice() else { panic!("{source}: {lines:?}") };
        assert_eq!((own.as_str(), *read, taken + refused), (*table, *rows, *rows), "{source}");
        let reasons = reasons.get(source).cloned().unwrap_or_default();
        assert_eq!(reasons.len() as u64, *refused, "{source}: every rejected row has its reason");
        let forms = reasons.values().filter(|fields| fields.iter().all(|field| field == "form")).count() as u64;
        println!("{source}: {own}, {read} read, {taken} accepted, {refused} rejected, {forms} for their form alone");
        (all, accepted, without_form) = (all + rows, accepted + taken, without_form + forms);
    }
    assert!(ledger.is_empty(), "no row in a wrong table: {ledger:?}");
    println!("{accepted} of {all} accepted, {without_form} lack the form");
    assert!((accepted + without_form) * 100 >= 95 * all && accepted > 0, "{accepted} + {without_form} of {all}");
}

fn source(line: &serde_json::Value) -> String {
    let sheet = line["sheet"].as_str().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
    line["source"].as_str().unwrap_or_default().to_owned() + &sheet
}

/// The workbook as a person saves it: everything confirmed, every open question answered with what is offered.
fn answered_in_workbook(file: &Path) {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(file).unwrap();
    let range = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    let mut answered = rust_xlsxwriter::Workbook::new();
    let sheet = answered.add_worksheet();
    for (row, cells) in (0_u32..).zip(range.rows()) {
        let texts: Vec<String> = cells.iter().map(ToString::to_string).collect();
        for (column, text) in (0_u16..).zip(&texts) {
            let is_open = row > 0 && column == 5 && text.is_empty();
            sheet.write(row, column, if is_open { &texts[6] } else { text }).unwrap();
        }
    }
    answered.save(file).unwrap();
}

#[test]
fn the_workbook_of_questions_is_the_same_mapping() {
    let place: TempDir = tempfile::tempdir().unwrap();
    let (own, truth) = books(place.path(), "third", &THIRD);
    let (out, told) = looked_at(&own);
    assert!(told.contains("questions.xlsx"), "{told}");
    let toml = out.join("mapping.toml");
    fs::write(&toml, answered(&fs::read_to_string(&toml).unwrap()).0).unwrap();
    let workbook = out.join("questions.xlsx");
    let mut asked: calamine::Xlsx<_> = calamine::open_workbook(&workbook).unwrap();
    let cells = calamine::Reader::worksheet_range_at(&mut asked, 0).unwrap().unwrap();
    for private in made::PEOPLE.iter().chain(&made::NUMBERS) {
        assert!(!cells.rows().flatten().any(|cell| cell.to_string().contains(private)), "{private}");
    }
    answered_in_workbook(&workbook);
    let ran = counted(&own, "2026Q3", &workbook);
    holds(&ran, &truth);
    assert_eq!(ran.cells(), counted(&own, "2026Q3", &toml).cells());
}

#[test]
fn own_books_are_answered_once() {
    let place: TempDir = tempfile::tempdir().unwrap();
    let (own, truth) = books(place.path(), "third", &THIRD);
    let (out, told) = looked_at(&own);
    let file = out.join("mapping.toml");
    let mapping = fs::read_to_string(&file).unwrap();
    if let Ok(place) = std::env::var("ESEP_SHOW") {
        fs::write(place, format!("{told}\n\n{mapping}")).unwrap();
    }
    let (mapping, questions) = answered(&mapping);
    // one word and so many marks taken away, in one file
    assert!((1..10).contains(&questions), "{questions} questions");
    fs::write(&file, mapping).unwrap();
    holds(&counted(&own, "2026Q3", &file), &truth);
    // the next quarter's books have other names, and the file is as it was
    let (next, truth) = books(place.path(), "fourth", &FOURTH);
    holds(&counted(&next, "2026Q4", &file), &truth);
}

/// What is a question decides nothing before it is answered, though all else is confirmed by the one word.
#[test]
fn questions_that_nobody_answered_decide_nothing() {
    let place: TempDir = tempfile::tempdir().unwrap();
    let (own, _) = books(place.path(), "third", &THIRD);
    let (out, _) = looked_at(&own);
    let file = out.join("mapping.toml");
    let mapping = fs::read_to_string(&file).unwrap();
    let asked = mapping.lines().filter_map(|line| line.strip_prefix("#? \"")?.split_once("\" = \""));
    let asked: Vec<String> = asked.map(|(value, _)| format!("«{value}» →")).collect();
    assert!(!asked.is_empty() && mapping.contains("#? short_days = true"), "{mapping}");
    fs::write(&file, mapping.replacen("\nconfirmed = false", "\nconfirmed = true", 1)).unwrap();
    let ran = counted(&own, "2026Q3", &file);
    let findings = ran.file("findings.json");
    assert!(findings.contains("F-040") && !ran.codes().contains(&"F-462".to_owned()), "{:?}", ran.codes());
    for said in asked {
        assert!(!findings.contains(&said), "{said}");
    }
}

#[test]
fn a_copy_of_a_book_does_not_count_twice_untold() {
    let place: TempDir = tempfile::tempdir().unwrap();
    let (own, _) = books(place.path(), "third", &THIRD);
    let (out, _) = looked_at(&own);
    let file = out.join("mapping.toml");
    fs::write(&file, answered(&fs::read_to_string(&file).unwrap()).0).unwrap();
    let before = counted(&own, "2026Q3", &file);
    assert!(!before.codes().contains(&"F-463".to_owned()), "seven books of one quarter are not alike");
    fs::copy(own.join("Журнал 3 кв.xlsx"), own.join("Журнал 3 кв - копия.xlsx")).unwrap();
    let copied = counted(&own, "2026Q3", &file);
    assert_eq!(copied.cells(), before.cells(), "byte for byte the same counts once");
    fs::remove_file(own.join("Журнал 3 кв - копия.xlsx")).unwrap();
    let name = made::sections(&own, &THIRD, true);
    let mended = counted(&own, "2026Q3", &file);
    let findings = mended.json("findings.json");
    let told = findings["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "F-463").unwrap();
    assert_eq!((&told["source"], &told["severity"]), (&"Журнал 3 кв.xlsx".into(), &"error".into()), "{told:#}");
    let said = format!("98 % со строками {name} [3 кв]");
    assert!(told["message"]["ru"].as_str().unwrap().contains(&said), "{told:#}");
}
