//! The printed form, read back by another program (poppler), holds what the workbook holds, and nothing is
//! clipped or overlapped. Every page, of paper and of the workbook, says whose it is and has the heads of its rows.

mod heads;

use super::bench::{BIN, Case, Ran, definitions, folder, root};
use super::samples::{SAMPLES, only_folder};
use calamine::{Data, DataType, Range, Reader};
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

/// A row of the workbook's form sheet, its texts without spaces.
struct BookRow {
    text: String,
    /// What stands in the two columns before the values.
    stub: String,
    /// Columns of values of a row of the form.
    columns: Option<usize>,
    /// Heads that stand once more at the top of a page.
    again: bool,
}

/// The rows of the workbook's form sheet.
fn workbook_rows(folder: &Path, form: &str) -> Vec<BookRow> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.join("report.xlsx")).unwrap();
    let name = book.sheet_names()[0].clone();
    let range: Range<Data> = book.worksheet_range(&name).unwrap();
    let level =
        range.rows().find_map(|row| row.iter().position(|cell| cell.get_string() == Some("esep.level"))).unwrap();
    let form = definitions().forms.iter().find(|known| known.form == form).unwrap();
    let breaks = workbook_breaks(folder);
    let row = |(at, row): (usize, &[Data])| {
        let position = form.row_position(&row[level + 1].to_string());
        let texts = |cells: &[Data]| cells.iter().map(|cell| solid(&cell.to_string())).collect::<String>();
        let (text, stub) = (texts(&row[..level]), texts(&row[..2]));
        let again = at > 0 && breaks.contains(&at) && stub.is_empty() && !text.is_empty();
        BookRow { text, stub, columns: position.map(|row| form.grid_of(row).columns.len()), again }
    };
    range.rows().enumerate().map(row).collect()
}

/// Rows at which the pages of the workbook's form sheet begin, from 0.
fn workbook_breaks(folder: &Path) -> Vec<usize> {
    let sheet = workbook_part(folder, "xl/worksheets/sheet1.xml");
    let breaks = sheet.split("<rowBreaks").nth(1).unwrap_or("").split("</rowBreaks>").next().unwrap();
    let id = |part: &str| part.split('"').next().unwrap().parse().unwrap();
    std::iter::once(0).chain(breaks.split("<brk id=\"").skip(1).map(id)).collect()
}

fn workbook_part(folder: &Path, name: &str) -> String {
    let file = std::fs::File::open(folder.join("report.xlsx")).unwrap();
    std::io::read_to_string(zip::ZipArchive::new(file).unwrap().by_name(name).unwrap()).unwrap()
}

/// The row that tells individuals from legal entities, as heads have it.
const SPLIT: &str = "физическоелицоюридическоелицо";

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
            let all: Vec<String> = workbook_rows(&ran.folder, form)
                .into_iter()
                .filter(|row| !row.text.is_empty() && !row.again)
                .map(|row| row.text)
                .collect();
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
            assert_eq!(text.contains("Кестеніңжалғасы"), page > 1, "{form}: page {page}");
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

/// No word of a first page stands on another: of the forms, and of the table of a year, which has no annex.
#[test]
fn nothing_is_printed_over_something_else() {
    for (sample, form) in SAMPLES {
        for langs in LANGS {
            let ran = printed(sample, form, langs);
            let year = ran.out.path().join("year");
            let esep = |words: &[&std::ffi::OsStr]| {
                std::process::Command::new(env!("CARGO_BIN_EXE_esep")).args(words).status()
            };
            let report = ran.folder.join("report.json");
            esep(&["year".as_ref(), report.as_ref(), "--out".as_ref(), year.as_ref(), "--quiet".as_ref()]).unwrap();
            for pdf in [ran.folder.join("report.pdf"), only_folder(&year).join("year.pdf")] {
                let Some(pages) = words(&pdf) else { return };
                for (place, one) in pages[0].iter().enumerate() {
                    let over = |other: &&Word| {
                        let depth = |side: usize| {
                            one.place[side + 2].min(other.place[side + 2]) - one.place[side].max(other.place[side])
                        };
                        depth(0) > 1.0 && depth(1) > 3.0
                    };
                    let other = pages[0][place + 1..].iter().find(over).map(|other| &other.text);
                    assert_eq!(other, None, "{form} {langs} {}: over «{}»", pdf.display(), one.text);
                }
            }
        }
    }
}

/// Whose report it is stands on every page; the workbook counts the pages of the form only, the other sheets theirs.
#[test]
fn every_page_says_whose_it_is_and_counts_its_own() {
    for (sample, form) in SAMPLES {
        let ran = printed(sample, form, "[\"ru\"]");
        let organisation = std::fs::read_to_string(ran.folder.join("report.json")).unwrap();
        let name =
            serde_json::from_str::<serde_json::Value>(&organisation).unwrap()["head"]["organisation"]["name"]["ru"]
                .as_str()
                .unwrap()
                .to_owned();
        for pdf in ["report.pdf", "analytical.pdf", "internal.pdf"] {
            let Some(text) = poppler("pdftotext", &["-layout"], &ran.folder.join(pdf)) else { return };
            let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
            for (nth, page) in pages.iter().enumerate() {
                let counted = format!("Страница {} из {}", nth + 1, pages.len());
                assert!(page.trim_start().starts_with(&name), "{form} {pdf}, page {}: {page}", nth + 1);
                assert!(page.trim_end().ends_with(&counted), "{form} {pdf}: {counted}");
            }
        }
        let pages = workbook_breaks(&ran.folder).len();
        let own = workbook_part(&ran.folder, "xl/worksheets/sheet1.xml");
        assert!(own.contains(&format!("Страница &amp;P из {pages}<")), "{form}: {pages} pages");
        let checks = workbook_part(&ran.folder, "xl/worksheets/sheet2.xml");
        assert!(checks.contains("Страница &amp;P<") && !checks.contains("&amp;N"), "{form}");
        for sheet in [own, checks] {
            assert!(sheet.contains(&format!("&amp;8 {name}</oddHeader>")), "{form}");
            assert!(sheet.contains("useFirstPageNumber=\"1\""), "{form}");
        }
    }
}

/// No page but the last is half empty; before the last one the room for signatures may be missing.
#[test]
fn pages_are_filled() {
    for (sample, form) in SAMPLES {
        for langs in LANGS {
            let ran = printed(sample, form, langs);
            let Some(pages) = words(&ran.folder.join("report.pdf")) else { return };
            let (top, bottom) = (36.0, 595.3 - 43.2);
            for (nth, page) in pages[..pages.len() - 1].iter().enumerate() {
                let lowest = page.iter().map(|word| word.place[3]).filter(|low| *low < bottom).fold(top, f64::max);
                let empty = (bottom - lowest) / (bottom - top);
                let most = if nth + 2 == pages.len() { 0.48 } else { 0.40 };
                assert!(empty < most, "{form} {langs}: {empty:.2} of page {} is empty", nth + 1);
            }
        }
    }
}

/// Providers of 4-mk are numbered, their services are not; the total has no number.
#[test]
fn providers_of_4_mk_are_numbered() {
    let ran = printed("national-2026Q3", "4-mk", "[\"ru\"]");
    let mut cells = csv::Reader::from_path(ran.folder.join("cells.csv")).unwrap();
    let mut providers: Vec<String> = Vec::new();
    for record in cells.records().map(Result::unwrap).filter(|record| record[9].is_empty() && &record[5] == "1") {
        if providers.last().is_none_or(|last| *last != record[7]) {
            providers.push(record[7].to_owned());
        }
    }
    assert!(providers.len() > 5);
    let rows = workbook_rows(&ran.folder, "4-mk");
    for (nth, provider) in (1..).zip(&providers) {
        let stub = format!("{nth}{}", solid(provider));
        assert_eq!(rows.iter().filter(|row| row.stub == stub).count(), 1, "{stub}");
    }
    let lines = rows.iter().filter(|row| row.columns.is_some());
    let numbered = lines.filter(|row| row.stub.starts_with(|sign: char| sign.is_ascii_digit())).count();
    assert_eq!(numbered, providers.len());
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
