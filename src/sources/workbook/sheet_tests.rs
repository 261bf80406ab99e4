use crate::sources::sample;
use crate::sources::workbook::sheet::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Look, Formula, Workbook};
use std::io::Write;
use zip::write::SimpleFileOptions;

fn archive(members: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default())?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn lines(name: &str, content: &[u8], options: &Options) -> Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(name);
    std::fs::write(&path, content)?;
    sample::all(&path, options)
}

/// A small XLSX with these sheets of raw XML.
fn xlsx(sheets: &[(&str, &str)], strings: &str) -> Result<Vec<u8>> {
    let entry = |(index, (name, _)): (usize, &(&str, &str))| {
        format!(r#"<sheet name="{name}" sheetId="{0}" r:id="r{0}"/>"#, index + 1)
    };
    let relation = |index: usize| {
        format!(r#"<Relationship Id="r{0}" Type="http://x/worksheet" Target="worksheets/s{0}.xml"/>"#, index + 1)
    };
    let book =
        format!("<workbook><sheets>{}</sheets></workbook>", sheets.iter().enumerate().map(entry).collect::<String>());
    let relations = format!("<Relationships>{}</Relationships>", (0..sheets.len()).map(relation).collect::<String>());
    let root = r#"<Relationships><Relationship Id="r" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let bodies: Vec<(String, String)> = sheets
        .iter()
        .enumerate()
        .map(|(index, (_, body))| {
            (
                format!("xl/worksheets/s{}.xml", index + 1),
                format!("<worksheet><sheetData>{body}</sheetData></worksheet>"),
            )
        })
        .collect();
    let mut members: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
    ];
    if !strings.is_empty() {
        members.push(("xl/sharedStrings.xml", strings.as_bytes()));
    }
    members.extend(bodies.iter().map(|(name, body)| (name.as_str(), body.as_bytes())));
    archive(&members)
}

const HEAD: &str = r#"<row r="1"><c r="A1" t="str"><v>record_id</v></c><c r="B1" t="str"><v>kind</v></c><c r="C1" t="str"><v>held_on</v></c></row>"#;

#[test]
fn sheets_of_a_real_workbook() -> Result<()> {
    let (mut book, day) = (Workbook::new(), Look::new().set_num_format("dd.mm.yyyy hh:mm"));
    let sheet = book.add_worksheet().set_name("События")?;
    sheet.write(1, 1, "Отчёт")?;
    for (column, header) in [(1, "№ записи"), (3, "Вид события"), (2, "Дата приёма"), (4, "Лишнее")]
    {
        sheet.write(4, column, header)?;
    }
    sheet.write(5, 1, "001")?.write_with_format(5, 2, &ExcelDateTime::from_ymd(2026, 7, 31)?, &day)?;
    sheet
        .write(6, 1, 2)?
        .write_with_format(6, 2, &ExcelDateTime::from_ymd(2026, 7, 31)?.and_hms(9, 0, 29)?, &day)?
        .write(6, 3, true)?;
    sheet.write(8, 1, "Барлығы")?.write(8, 4, 5)?;
    sheet.write(9, 1, 4)?.write_formula(9, 3, Formula::new("=1+1").set_result("2"))?;
    sheet.write(1_048_575, 16_383, "far")?;
    let merged = book.add_worksheet().set_name("События 2")?;
    for (column, header) in [(0, "№ записи"), (2, "Дата")] {
        merged.merge_range(0, column, 1, column, header, &Look::new())?;
    }
    merged
        .merge_range(0, 3, 0, 4, "Сведения", &Look::new())?
        .write(0, 1, "Вид события")?
        .write(1, 3, "Примечание")?
        .write(2, 0, "7")?
        .write(2, 3, "n")?;
    book.add_worksheet().set_name("Заметки")?.write(0, 0, "просто текст")?;
    book.add_worksheet().set_name("Реестр услуг")?.set_hidden(true).write(0, 0, "Код")?.write(0, 1, "Включено")?;
    assert_eq!(
        lines("a.xlsx", &book.save_to_buffer()?, &Options::default())?,
        [
            "= a.xlsx[События]:5 events",
            "6 |001|m29757600||",
            "7 |i2|m29758140t|Boolean(true)|",
            "10 |i4||i2|",
            "= a.xlsx[События 2]:2 events",
            "3 7|||n",
            "= a.xlsx[Реестр услуг]:1 register",
            "columns_unknown:5 1 «Лишнее»",
            "sheet_hidden",
            "sheet_without_header",
            "totals_left_out:9 Барлығы",
            "cells_without_header:1048576 XFD1048576",
            "table_without_rows:1",
        ]
    );
    Ok(())
}

/// A table beside another whose head is merged over two rows: its first row is no part of that head.
#[test]
fn a_table_beside_a_merged_head_is_told() -> Result<()> {
    let names = ["№ записи", "Вид события", "Дата"];
    for (is_left, lower) in [(true, "7"), (false, "7"), (true, "Б-1")] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("События")?;
        let (merged, beside) = if is_left { (0, 4) } else { (4, 0) };
        for (place, name) in (0..).zip(names) {
            sheet.merge_range(0, merged + place, 1, merged + place, name, &Look::new())?;
            sheet.write(0, beside + place, name)?;
            sheet.write(1, beside + place, [lower, "вид", "01.07.2026"][usize::from(place)])?;
            sheet.write(2, merged + place, ["8", "вид", "02.07.2026"][usize::from(place)])?;
        }
        let told = lines("a.xlsx", &book.save_to_buffer()?, &Options::default())?;
        let twice = |line: &String| line.starts_with("column_twice:1 ");
        assert!(told.iter().any(twice) && told.iter().all(|line| !line.starts_with('=')), "{told:?}");
    }
    // words under words are a head of two rows
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("События")?;
    for (column, name) in [(0, "№ записи"), (1, "Вид события")] {
        sheet.merge_range(0, column, 1, column, name, &Look::new())?;
    }
    for (column, name) in (2..).zip(["Дата", "Примечание"]) {
        sheet.write(0, column, "Сведения")?.write(1, column, name)?;
    }
    sheet.merge_range(0, 4, 1, 4, "Дата приёма заявки", &Look::new())?;
    for (column, value) in (0..).zip(["8", "вид", "02.07.2026", "н"]) {
        sheet.write(2, column, value)?;
    }
    let told = lines("a.xlsx", &book.save_to_buffer()?, &Options::default())?;
    assert!(told.contains(&"3 8|вид|02.07.2026|н|".to_owned()), "{told:?}");
    Ok(())
}

#[test]
fn cells_of_sheets() -> Result<()> {
    for (body, expected) in [
        (
            r#"<row r="3"><c r="A3"><f>B3</f></c><c r="B3" t="str"><f>""</f><v></v></c><c r="C3" t="e"><v>#REF!</v></c></row>"#,
            &["3 Uncached(\"=B3\")||Error(\"#REF!\")"][..],
        ),
        (
            r#"<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="99999999999">B2</f><v>1</v></c></row><row r="3"><c r="A3"><f t="shared" si="99999999999"/></c></row>"#,
            &["2 i1||", "3 Uncached(\"=B2\")||"],
        ),
        (
            r#"<row r="2"><c r="A2" t="inlineStr"><is><t>07</t></is></c><c r="B2"><v>12345678901234567890</v></c><c r="C2" t="d"><v>2026-07-31</v></c></row>"#,
            &["2 07|Number(1.2345678901234567e19)|m29757600"],
        ),
        ("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>", &["2 i1||", "3 i2||"]),
        // rows out of order are rows all the same
        (
            r#"<row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>"#,
            &["3 i3||", "1 i1||", "2 i2||"],
        ),
        // two values for one cell: one of them would be lost
        (
            r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>4</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>"#,
            &["2 i1||", "sheet_cut:2 2"],
        ),
        (r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3" t="s"><v>5</v></c></row>"#, &["sheet_cut:1 1"]),
        (
            r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row><row r="4"><c r="A4">"#,
            &["2 i1||", "sheet_cut:2 2"],
        ),
    ] {
        let found = lines("events.xlsx", &xlsx(&[("events", &format!("{HEAD}{body}"))], "")?, &Options::default())?;
        assert_eq!(found[1..], expected.iter().map(ToString::to_string).collect::<Vec<_>>(), "{body}");
    }
    Ok(())
}

#[test]
fn a_sheet_of_days_is_not_empty() -> Result<()> {
    let days = r#"<row r="1"><c r="A1" t="d"><v>2026-07-31</v></c><c r="B1"><v>0.5</v></c></row>"#;
    let book = xlsx(&[("days", days), ("events", HEAD)], "")?;
    let found = lines("a.xlsx", &book, &Options::default())?;
    assert_eq!(found, ["= a.xlsx[events]:1 events", "sheet_without_header", "table_without_rows:1"]);
    let found = lines("a.xlsx", &xlsx(&[("days", days)], "")?, &Options::default())?;
    assert_eq!(found, ["header_not_found"]);
    Ok(())
}

#[test]
fn a_sheet_that_ends_in_the_middle_is_cut() -> Result<()> {
    let whole = xlsx(&[("events", &format!("{HEAD}@@@"))], "")?;
    assert_eq!(lines("a.xlsx", &whole, &Options::default())?.len(), 2);
    let row = r#"<row r="2"><c r="A2"><v>1</v></c></row>"#;
    let mut members = zip::ZipArchive::new(std::io::Cursor::new(&whole))?;
    let mut rewritten: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..members.len() {
        let mut member = members.by_index(index)?;
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut content)?;
        let text = String::from_utf8_lossy(&content).into_owned();
        let cut = text.split("@@@").next().map(str::to_owned).filter(|_| text.contains("@@@"));
        rewritten.push((member.name()?.into_owned(), cut.map_or(content, |cut| format!("{cut}{row}").into_bytes())));
    }
    let members: Vec<(&str, &[u8])> = rewritten.iter().map(|(name, content)| (name.as_str(), &content[..])).collect();
    let found = lines("a.xlsx", &archive(&members)?, &Options::default())?;
    assert_eq!(found, ["= a.xlsx[events]:1 events", "sheet_cut:1 1"], "half a row is no row");
    Ok(())
}

#[test]
fn hostile_archives_are_refused() -> Result<()> {
    let bounds = |change: fn(&mut crate::sources::bounds::Bounds)| {
        let mut options = Options::default();
        change(&mut options.bounds);
        options
    };
    let sound = xlsx(&[("events", HEAD)], "")?;
    let zeros = " ".repeat(1 << 20);
    let bomb = xlsx(&[("events", &format!("{HEAD}{}", "<x/>".repeat(1 << 18)))], "")?;
    let strings = xlsx(&[("events", HEAD)], r#"<?xml version="1.0"?><sst uniqueCount="99999999999999999999"></sst>"#)?;
    let token = xlsx(&[("events", &format!("{HEAD}{zeros}"))], "")?;
    let mut lying = bomb.clone();
    // the directory states another size for the last member than is unpacked
    let entry = lying.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap_or_default();
    lying[entry + 24..entry + 28].copy_from_slice(&100_u32.to_le_bytes());
    let cut = &sound[..sound.len() - 30];
    for (content, options, expected) in [
        (&sound[..], bounds(|bounds| bounds.workbook_bytes = 100), "workbook_too_large"),
        (&sound, bounds(|bounds| bounds.members = 3), "archive_members 4 3"),
        (&bomb, bounds(|bounds| bounds.member_bytes = 1 << 16), "archive_size"),
        (&bomb, bounds(|bounds| bounds.archive_bytes = 1 << 16), "archive_size"),
        (&lying, bounds(|bounds| bounds.member_bytes = 1 << 16), "workbook_unreadable"),
        (&strings, Options::default(), "strings_declared 18446744073709551615"),
        (&token, bounds(|bounds| bounds.token_bytes = 1 << 16), "archive_token"),
        (cut, Options::default(), "workbook_unreadable"),
        (b"PK\x03\x04", Options::default(), "workbook_unreadable"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Options::default(), "workbook_unreadable"),
    ] {
        let found = lines("events.xlsx", content, &options)?;
        assert!(found.len() == 1 && found[0].starts_with(expected), "{expected}: {found:?}");
    }
    Ok(())
}

#[test]
fn repeated_cells_of_an_ods() -> Result<()> {
    let cell = |text: &str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    let row = |repeats: &str, cells: &str| {
        format!(r#"<table:table-row table:number-rows-repeated="{repeats}">{cells}</table:table-row>"#)
    };
    let far = r#"<table:table-cell table:number-columns-repeated="16000"/>"#;
    let date = r#"<table:table-cell office:value-type="date" office:date-value="2026-07-31T09:00:00"/>"#;
    let head = row("1", &[cell("record_id"), cell("kind"), cell("held_on")].concat());
    let sound = format!(
        "{}{head}{}{}",
        row("3", far),
        row("2", &format!("{}{}{date}", cell("1"), cell("#N/A"))),
        row("1048000", far)
    );
    let bomb = format!("{head}{}{}", row("1000000", far), row("1", &format!("{far}{}", cell("x"))));
    let expected: [&[&str]; 2] = [
        &["= events.ods[events]:4 events", "5 1|Error(\"#N/A\")|m29758140t", "6 1|Error(\"#N/A\")|m29758140t"],
        &["sheet_dimensions 16001032002 8000000"],
    ];
    for (table, expected) in [sound, bomb].iter().zip(expected) {
        let content = format!(
            r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="events">{table}</table:table></office:spreadsheet></office:body></office:document-content>"#
        );
        let book = archive(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", b"<manifest:manifest/>"),
            ("content.xml", content.as_bytes()),
        ])?;
        assert_eq!(lines("events.ods", &book, &Options::default())?, expected);
    }
    Ok(())
}
