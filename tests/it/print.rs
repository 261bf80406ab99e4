//! The printed form, read back by another program (poppler), holds what the workbook holds, and nothing is
//! clipped or overlapped.

use super::bench::{BIN, Case, Ran, folder, root};
use super::samples::{SAMPLES, only_folder};
use calamine::{Data, DataType, Reader};
use std::path::Path;
use std::process::Command;

/// Output of a poppler program; none where poppler is not installed.
fn poppler(program: &str, options: &[&str], file: &Path) -> Option<String> {
    let run = Command::new(program).args(options).arg(file).arg("-").output();
    let Ok(run) = run else {
        assert!(std::env::var_os("CI").is_none(), "{program} is missing: install poppler-utils");
        eprintln!("NOT TESTED: {program} is missing, install poppler-utils to test printed forms");
        return None;
    };
    assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    Some(String::from_utf8(run.stdout).expect("UTF-8"))
}

/// A sample printed in the languages.
fn printed(sample: &str, form: &str, langs: &str) -> Ran {
    let path = root().join("sample-data").join(sample);
    let mut case = Case::new(&path, form, "2026Q3");
    let organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    let kept = organisation.lines().filter(|line| !line.starts_with("languages"));
    // keys of the organisation itself stand above its units
    case.organisation = format!("languages = {langs}\n{}", kept.collect::<Vec<_>>().join("\n"));
    let mut ran = case.run();
    ran.folder = only_folder(&ran.out.path().join("out"));
    ran
}

fn solid(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Every row of the workbook's form sheet as one string without spaces.
fn workbook_rows(folder: &Path) -> Vec<String> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.join("report.xlsx")).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let level =
        range.rows().find_map(|row| row.iter().position(|cell| cell.get_string() == Some("esep.level"))).unwrap();
    let cell = |cell: &Data| solid(&cell.to_string());
    range.rows().map(|row| row[..level].iter().map(cell).collect()).collect()
}

const LANGS: [&str; 4] = ["[\"ru\"]", "[\"kk\"]", "[\"en\"]", "[\"kk\", \"ru\"]"];

#[test]
fn paper_and_workbook_agree_cell_by_cell() {
    for (sample, form) in SAMPLES {
        for langs in LANGS {
            let ran = printed(sample, form, langs);
            let pdf = ran.folder.join("report.pdf");
            let Some(text) = poppler("pdftotext", &["-raw"], &pdf) else { return };
            let index = form.replace("mk", if langs.contains("ru") || langs.contains("kk") { "МК" } else { "mk" });
            let text = solid(&text.replace('\u{c}', "¶")).replace('−', "-");
            let foot = format!("{index}·");
            let all: Vec<String> = workbook_rows(&ran.folder).into_iter().filter(|row| !row.is_empty()).collect();
            let (mut at, mut rows) = (0_usize, 0_usize);
            for row in &all {
                let found = text[at..].find(row).unwrap_or_else(|| {
                    panic!(
                        "{form} {langs}: {row:?} is not after {:?}",
                        text[at..].chars().take(300).collect::<String>()
                    )
                });
                let between = &text[at..at + found];
                // between two rows there is nothing, or the end of one page and the heads of the next
                let pages = between.is_empty() || (between.starts_with(&foot) && between.matches('¶').count() == 1);
                assert!(pages, "{form} {langs}: {between:?} stands before {row:?}");
                if let (Some(above), Some(below)) = (rows.checked_sub(1).map(|nth| &all[nth]), all.get(rows + 1)) {
                    let twice = below.len() > 40 && between.contains(below);
                    assert!(!twice, "{form} {langs}: the heads stand on both sides of {row:?}");
                    let number = |row: &str| row.split(|sign: char| sign.is_alphabetic()).next().unwrap().to_owned();
                    let (above, own) = (number(above).trim_end_matches('.').to_owned(), number(row));
                    // the first row of a form may stand alone under the heads of the first page
                    let parted = !between.is_empty()
                        && !["", "1"].contains(&above.as_str())
                        && own.starts_with(&format!("{above}."));
                    assert!(!parted, "{form} {langs}: {row:?} is parted from its row {above}");
                }
                (at, rows) = (at + found + row.len(), rows + 1);
            }
            assert!(rows > 60, "{form}: {rows} rows");
            assert!(text[at..].starts_with(&foot) && text[at..].matches('¶').count() == 1, "{:?}", &text[at..]);
        }
    }
}

/// Pages, their numbers, the fingerprint, bookmarks, language and title.
#[test]
fn the_document_says_what_it_is() {
    for (sample, form) in SAMPLES {
        let ran = printed(sample, form, "[\"kk\"]");
        let file = lopdf::Document::load(ran.folder.join("report.pdf")).unwrap();
        let catalog = file.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"kk");
        assert!(catalog.has(b"OutputIntents") && catalog.has(b"Metadata"));
        let toc: Vec<String> = file.get_toc().unwrap().toc.into_iter().map(|entry| entry.title).collect();
        let expected = if form.starts_with(['1', '2']) { 8 } else { 3 };
        assert!(toc.len() >= expected, "{form}: {toc:?}");
        assert_eq!(toc.last().unwrap(), "Қолдар");
        let info = file.get_dictionary(file.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
        assert_eq!(info.get(b"CreationDate").unwrap().as_str().unwrap(), b"D:20261001000000Z");
        let pages = u32::try_from(file.get_pages().len()).unwrap();
        let digest = esep::values::digest::sha256(std::fs::File::open(ran.folder.join("cells.csv")).unwrap()).unwrap();
        for page in 1..=pages {
            let text = solid(&file.extract_text(&[page]).unwrap());
            assert!(text.contains(&format!("{page}-бет,барлығы{pages}")), "{form}: page {page}: {text}");
            assert!(text.contains(&digest[..12]), "{form}: page {page}");
            assert_eq!(text.contains("Кестеніңжалғасы"), page > 1 || form == "3-mk", "{form}: page {page}");
        }
        for (id, object) in &file.objects {
            let Ok(font) = object.as_dict() else { continue };
            if font.get(b"Type").and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"FontDescriptor") {
                assert!(font.has(b"FontFile2"), "{form}: {id:?} is not embedded");
            }
        }
    }
}

/// A word of a page: its letters and its box (left, top, right, bottom) in points.
struct Word {
    text: String,
    place: [f64; 4],
}

fn words(pdf: &Path) -> Option<Vec<Vec<Word>>> {
    let text = poppler("pdftotext", &["-bbox"], pdf)?;
    let mut pages = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("<page") {
            pages.push(Vec::new());
        }
        let Some((head, text)) = line.strip_suffix("</word>").and_then(|line| line.split_once('>')) else { continue };
        let number = |nth: usize| head.split('"').nth(nth * 2 + 1).unwrap().parse().unwrap();
        pages.last_mut().unwrap().push(Word { text: text.to_owned(), place: [0, 1, 2, 3].map(number) });
    }
    Some(pages)
}

/// Every word lies within the margins, and no two words lie on one another.
fn lies_well(pages: &[Vec<Word>], name: &str) {
    for (nth, page) in pages.iter().enumerate() {
        for (first, word) in page.iter().enumerate() {
            let [left, top, right, bottom] = word.place;
            let inside = left > 28.0 && top > 35.0 && right < 814.0 && bottom < 577.0;
            assert!(inside, "{name}, page {}: {:?} at {:?}", nth + 1, word.text, word.place);
            for other in &page[first + 1..] {
                let across = right.min(other.place[2]) - left.max(other.place[0]);
                let down = bottom.min(other.place[3]) - top.max(other.place[1]);
                let apart = across < 0.6 || down < 0.6;
                assert!(apart, "{name}, page {}: {:?} lies on {:?}", nth + 1, word.text, other.text);
            }
        }
    }
}

#[test]
fn nothing_is_clipped_or_overlapped() {
    for (sample, form) in SAMPLES {
        for langs in LANGS {
            let ran = printed(sample, form, langs);
            let Some(pages) = words(&ran.folder.join("report.pdf")) else { return };
            lies_well(&pages, &format!("{form} {langs}"));
        }
    }
}

/// `count` lines of services of one provider, the name of each by `name`.
fn long_form(count: usize, name: impl Fn(usize) -> String) -> Ran {
    let mut services = String::from(
        "record_id,provider_bin,provider_name,service_code,service_name,channel,form,received_at,due_at,completed_at,outcome\n",
    );
    for nth in 0..count {
        let name = name(nth);
        services.push_str(&format!(
            "S-{nth},{BIN},Орган,{nth:08},{name},state_corporation,paper,2026-07-06,2026-07-20,2026-07-10,provided\n"
        ));
    }
    let dir = folder(&[("services.csv", &services)]);
    Case::new(dir.path(), "3-mk", "2026Q3").run()
}

/// 5,000 lines, a name of 350 letters, and one that is higher than a page.
#[test]
fn long_tables_and_long_names_behave() {
    let long: String = "Көрсетілетін мемлекеттік қызметтің өте ұзақ атауы ".chars().cycle().take(350).collect();
    let endless = "сверхдлинноеслово".repeat(300);
    let name = |nth: usize| match nth {
        7 => long.trim().to_owned(),
        9 => endless.clone(),
        _ => format!("Услуга номер {nth}"),
    };
    let ran = long_form(5000, name);
    let pdf = ran.folder.join("report.pdf");
    let Some(pages) = words(&pdf) else { return };
    lies_well(&pages, "5,000 lines");
    assert!((100..400).contains(&pages.len()), "{} pages", pages.len());
    let raw = poppler("pdftotext", &["-raw"], &pdf).unwrap();
    let text = solid(&raw);
    assert!(text.contains(&solid(&long)));
    // the endless name goes on over pages, with a foot and heads between its parts
    let parts = raw.matches("сверхдлинноеслово").count();
    assert!(parts > 150, "{parts}");
    let mut at = 0;
    for nth in (0..5000).filter(|nth| ![7, 9].contains(nth)) {
        let row = format!("Услуганомер{nth}1000000000000");
        at += text[at..].find(&row).unwrap_or_else(|| panic!("{row}")) + row.len();
    }
}

/// A report of nothing is still a proper document.
#[test]
fn an_empty_form_is_printed() {
    let dir =
        folder(&[("services.csv", "record_id,service_code,service_name,channel,received_at,completed_at,outcome\n")]);
    for form in ["2-mk", "3-mk"] {
        let ran = Case::new(dir.path(), form, "2026Q3").try_run();
        let Ok(ran) = ran else { panic!("{form}: {:?}", ran.err()) };
        let Some(pages) = words(&ran.folder.join("report.pdf")) else { return };
        lies_well(&pages, form);
        assert!(pages.iter().flatten().any(|word| word.text.starts_with("Исполнитель")), "{form}");
    }
}
