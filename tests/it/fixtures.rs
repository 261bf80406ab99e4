//! Workbooks that no spreadsheet program would write, made by recipe.

use esep::render::xlsx::questions::{self, Question};
use esep::sources::workbook::asked::ALL;
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const HEAD: [&str; 3] = ["record_id", "completed_on", "course"];
const ROOT: &str = r#"<Relationships><Relationship Id="r" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook><sheets><sheet name="training" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const PARTS: &str =
    r#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/s1.xml"/></Relationships>"#;

/// 120 million bytes of text in 120 thousand.
fn packed_bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"record_id,held_on,title\n").expect("written");
    let line = [b'1'; 1 << 20];
    (0..120).for_each(|_| packed.write_all(&line).expect("written"));
    packed.finish().expect("packed")
}

/// Training as old programs write it: days as nanoseconds and Julian days, which do not say in which time.
fn old_moments() -> Vec<u8> {
    use parquet::data_type::{ByteArrayType, Int96, Int96Type};
    let schema = "message rows { required binary record_id (UTF8); required int96 completed_on; }";
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).expect("a schema"));
    let mut file = Vec::new();
    let mut writer =
        parquet::file::writer::SerializedFileWriter::new(&mut file, schema, std::sync::Arc::default()).expect("a file");
    let mut group = writer.next_row_group().expect("a group");
    let mut column = group.next_column().expect("a column").expect("a column");
    column.typed::<ByteArrayType>().write_batch(&["1".into()], None, None).expect("written");
    column.close().expect("written");
    let mut column = group.next_column().expect("a column").expect("a column");
    let mut moment = Int96::new();
    moment.set_data(0, 0, 2_461_253); // 2026-07-31
    column.typed::<Int96Type>().write_batch(&[moment], None, None).expect("written");
    column.close().expect("written");
    group.close().expect("written");
    writer.close().expect("written");
    file
}

/// What a database counted: two of three services.
fn facts() -> Vec<u8> {
    use super::bench::definitions;
    use esep::sql::plan::Plan;
    use esep::values::period::{Period, Quarter};
    let quarter = Quarter::parse("2026Q3").expect("a quarter");
    let form = definitions().form("4-mk", quarter).expect("a form");
    let period = Period { quarter, as_of: quarter.day_after() };
    let deriver = Plan::deriver(definitions(), &[form], period, &esep::body::organisation::Organisation::default());
    let made_of = esep::facts::groups::made_of(definitions(), &deriver).expect("a digest");
    let text = format!(
        "facts_of,definitions,period,as_of,forms,engine,part,table_records,month,channel,outcome,late,provider_name,service_code,quantity,records\n\
         services,{made_of},2026Q3,2026-10-01,4-mk,DuckDB,lake,3,2026-07,egov_portal,rendered,no,ТОО,00401001,2,2\n"
    );
    text.into_bytes()
}

/// The bytes of a fixture.
pub fn make(recipe: &str) -> Vec<u8> {
    match recipe {
        "facts" => facts(),
        "sound" => book(|_| {}),
        "bare_sheet" => book(|book| {
            book.add_worksheet().write(0, 0, "apples").expect("written");
        }),
        "hidden_sheet" => book(|book| {
            book.add_worksheet();
            book.worksheets_mut()[0].set_hidden(true);
            book.worksheets_mut()[1].set_active(true);
        }),
        "questions" => {
            let all = Question { key: ALL, ..Question::default() };
            let lists = [("services".to_owned(), vec!["Номер записи".to_owned()])].into();
            questions::write("Вопросы", &<[String; 6]>::default(), &[all], &lists).expect("written")
        }
        "stray_cell" => book(|book| {
            book.worksheets_mut()[0].write(1, 40, "far").expect("written");
        }),
        "table_beside" => book(|book| {
            let head = ["record_id", "held_on", "people_covered"];
            book.worksheets_mut()[0].write_row(1, 10, head).expect("written");
        }),
        "error_cell" => book(|book| {
            let sheet = &mut book.worksheets_mut()[0];
            sheet.write(2, 0, "2").expect("written");
            sheet.write(2, 1, "2026-07-04").expect("written");
            sheet.write_formula(2, 2, Formula::new("=NA()").set_result("#N/A")).expect("written");
        }),
        "merged_ids" => book(|book| {
            let sheet = &mut book.worksheets_mut()[0];
            for (row, course) in [(2, "B"), (3, "C")] {
                sheet.write(row, 1, "2026-07-04").expect("written");
                sheet.write(row, 2, course).expect("written");
            }
            sheet.merge_range(2, 0, 3, 0, "2", &Format::new()).expect("merged");
        }),
        "second_head" => rows(&[&HEAD, &["2", "2026-07-04", "B"]]),
        "second_table" => rows(&[&["record_id", "held_on", "people_covered"]]),
        "second_table_with_rows" => rows(&[&["record_id", "held_on", "people_covered"], &["R1", "2026-07-04", "250"]]),
        "hidden_row" => book(|book| {
            book.worksheets_mut()[0].set_row_hidden(1).expect("hidden");
        }),
        "hidden_column" => book(|book| {
            book.worksheets_mut()[0].set_column_hidden(2).expect("hidden");
        }),
        "many_objects" => {
            let styles = "<styleSheet><cellXfs>".to_owned() + &"<xf/>".repeat(1_000_001) + "</cellXfs></styleSheet>";
            let sheet = sheet("");
            let mut members = parts(&sheet, "");
            members.push(("xl/styles.xml", styles.as_bytes()));
            archive(&members)
        }
        "old_xls" => {
            let texts = |texts: [&[u8]; 3]| texts.map(<[u8]>::to_vec).to_vec();
            // «курс» in Windows-1251
            let record = texts([b"1", b"2026-07-03", b"\xEA\xF3\xF0\xF1"]);
            super::books::old::xls(None, &[HEAD.map(|head| head.as_bytes().to_vec()).to_vec(), record])
        }
        "bare_formula" => raw(&row(3, r#"<c r="A3"><v>2</v></c><c r="B3"><f>TODAY()</f></c>"#), ""),
        "sheet_cut" => {
            let filled = r#"<c r="A3"><v>2</v></c><c r="B3" t="str"><v>2026-07-04</v></c>"#;
            let whole = sheet(&(row(3, filled) + r#"<row r="4"><c r="A4">"#));
            archive(&parts(whole.split("</sheetData>").next().unwrap_or_default(), ""))
        }
        "cut" => {
            let whole = book(|_| {});
            whole[..whole.len() - 60].to_vec()
        }
        // A workbook with a password is a compound file with these streams.
        "protected" => protected(),
        "bomb" => bomb(),
        "packed_bomb" => packed_bomb(),
        "old_moments" => old_moments(),
        "long_token" => raw(&format!("<row r=\"3\">{}</row>", " ".repeat(17 << 20)), ""),
        "many_strings" => raw("", r#"<?xml version="1.0"?><sst uniqueCount="4000000000"></sst>"#),
        "far_cell" => far_cell(),
        other => panic!("no fixture {other:?}"),
    }
}

/// A workbook with one sheet `training`, its head and one record.
fn book(change: impl Fn(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("training").expect("a name");
    for (column, (head, value)) in (0..).zip(HEAD.iter().zip(["1", "2026-07-03", "A"])) {
        sheet.write(0, column, *head).expect("written");
        sheet.write(1, column, value).expect("written");
    }
    change(&mut book);
    book.save_to_buffer().expect("a workbook")
}

/// The workbook with these rows of texts below its record.
fn rows(rows: &[&[&str]]) -> Vec<u8> {
    book(|book| {
        for (row, texts) in (2..).zip(rows) {
            for (column, text) in (0..).zip(*texts) {
                book.worksheets_mut()[0].write(row, column, *text).expect("written");
            }
        }
    })
}

fn row(number: u32, cells: &str) -> String {
    format!(r#"<row r="{number}">{cells}</row>"#)
}

/// The XML of the sheet with its head, a record and these rows.
fn sheet(rows: &str) -> String {
    let cells = |line: u32, values: [&str; 3]| {
        let cell = |(letter, value): (char, &str)| format!(r#"<c r="{letter}{line}" t="str"><v>{value}</v></c>"#);
        row(line, &('A'..).zip(values).map(cell).collect::<String>())
    };
    format!(
        "<worksheet><sheetData>{}{}{rows}</sheetData></worksheet>",
        cells(1, HEAD),
        cells(2, ["1", "2026-07-03", "A"])
    )
}

fn parts<'a>(sheet: &'a str, strings: &'a str) -> Vec<(&'a str, &'a [u8])> {
    let mut members: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
        ("xl/worksheets/s1.xml", sheet.as_bytes()),
    ];
    if !strings.is_empty() {
        members.push(("xl/sharedStrings.xml", strings.as_bytes()));
    }
    members
}

fn raw(rows: &str, strings: &str) -> Vec<u8> {
    archive(&parts(&sheet(rows), strings))
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

/// Three gigabytes of nothing in a few megabytes.
fn bomb() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let whole = sheet("");
    let body = whole.split("</sheetData>").next().unwrap_or_default();
    let nothing = vec![b'<'; 1 << 20];
    for (name, content) in parts(body, "") {
        writer.start_file(name, SimpleFileOptions::default().large_file(true)).expect("a member");
        writer.write_all(content).expect("written");
        if name.ends_with("s1.xml") {
            for _ in 0..3 << 10 {
                writer.write_all(&nothing).expect("written");
            }
        }
    }
    writer.finish().expect("an archive").into_inner()
}

/// A sheet whose one stray cell stands at the far corner.
fn far_cell() -> Vec<u8> {
    let cell = |text: &str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    let head: String = HEAD.iter().map(|head| cell(head)).collect();
    let far = r#"<table:table-cell table:number-columns-repeated="16000"/>"#;
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="training"><table:table-row>{head}</table:table-row><table:table-row table:number-rows-repeated="1000000">{far}</table:table-row><table:table-row>{far}{}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
        cell("x")
    );
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

/// The members of a workbook stand in an encrypted archive.
fn protected() -> Vec<u8> {
    let mut bytes = book(|_| {});
    // the flag of encryption, in every local head and in the directory
    for (mark, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> =
            bytes.windows(4).enumerate().filter(|(_, window)| window == mark).map(|(place, _)| place).collect();
        for place in places {
            bytes[place + at] |= 1;
        }
    }
    bytes
}

/// Every recipe that a folder of findings names makes something. `ESEP_FIXTURES`: the folder into which all are written
/// for `tests/same_bytes.py`.
#[test]
fn recipes_make_files() {
    let target = std::env::var_os("ESEP_FIXTURES").map(std::path::PathBuf::from);
    let cases = std::fs::read_dir(super::bench::root().join("tests/findings")).expect("the folders");
    for case in cases.map(|entry| entry.expect("a folder").path().join("case.toml")) {
        let told: toml::Table = std::fs::read_to_string(case).expect("a case").parse().expect("TOML");
        let recipes = told.get("made").and_then(toml::Value::as_table).into_iter().flat_map(|made| made.values());
        for recipe in recipes.filter_map(toml::Value::as_str) {
            let file = make(recipe);
            assert!(!file.is_empty(), "{recipe}");
            if let Some(target) = &target {
                std::fs::write(target.join(recipe), file).expect("written");
            }
        }
    }
}
