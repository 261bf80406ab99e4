use crate::sources::raw::Encoding;
use crate::sources::*;
use anyhow::Result;
use std::fs;

/// Rows and findings of one file with this content.
fn file(name: &str, content: impl AsRef<[u8]>, options: &Options) -> Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(name);
    fs::write(&path, content)?;
    sample::all(&path, options)
}

fn folder(files: &[(&str, &str)]) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, text) in files {
        fs::write(folder.path().join(name), text)?;
    }
    Ok(folder)
}

fn check(name: &str, content: impl AsRef<[u8]>, expected: &[&str]) -> Result<()> {
    let content = content.as_ref();
    assert_eq!(file(name, content, &Options::default())?, expected, "{name}: {}", content.escape_ascii());
    Ok(())
}

#[test]
fn rows_of_csv_files() -> Result<()> {
    let head = "record_id,kind,held_on\n";
    check(
        "events.csv",
        format!("\u{feff}{head}1,a,b\n\n,\" \",\n2,\"c\nd\",\"\"\"e\"\"\"\n3,f,g"),
        &["= events.csv:1 events", "2 1|a|b", "5 2|c\nd|\"e\"", "7 3|f|g"],
    )?;
    check(
        "events.csv",
        "Отчёт;;\r\n\r\n№  Записи*;\"Вид\nсобытия\";ДАТА ПРИЁМА:;лишнее;\r\n1;a;b;c;\r\nИтого;;;7\r\n",
        &["= events.csv:3 events", "5 1|a|b|c|", "columns_unknown:3 1 «лишнее»", "totals_left_out:6 Итого"],
    )?;
    check(
        "events.csv",
        format!("{head}1,a\n2,a,b,c\n3,a,b,,\n4,\"a,b\n5,a,b\nВсего,3\n"),
        &[
            "= events.csv:1 events",
            "2 1|a !Ragged { found: 2, expected: 3 }",
            "3 2|a|b|c !Ragged { found: 4, expected: 3 }",
            "4 3|a|b",
            "5 4|a,b !OpenQuote",
            "6 5|a|b",
            "totals_left_out:7 Всего",
        ],
    )?;
    check("events.csv", head, &["= events.csv:1 events", "table_without_rows:1"])?;
    check("events.csv", "", &["file_empty"])?;
    check("events.csv", "\u{feff}\r\n \n", &["file_empty"])?;
    check(
        "events.csv",
        "record_id,kind,held_on,,note\n1,a,b,,\n2,a,b,c,\n3,a,b,d,\n",
        &["= events.csv:1 events", "2 1|a|b||", "3 2|a|b|c|", "4 3|a|b|d|", "cells_without_header:3 D3"],
    )?;
    check("events.xls", "record_id\tkind\theld_on\n1\ta\tb\n", &["= events.xls:1 events", "2 1|a|b"])?;
    check("events.xlsx", "<html><table></table></html>", &["file_other_kind"])
}

#[test]
fn encodings_of_csv_files() -> Result<()> {
    let text = "Номер записи;Вид события;Дата\n1;Жалоба ё;b\n";
    let rows = ["= events.csv:1 events", "2 1|Жалоба ё|b"];
    let utf16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        mark.into_iter().chain(text.encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
    };
    check("events.csv", text, &rows)?;
    check("events.csv", encoding_rs::WINDOWS_1251.encode(text).0, &rows)?;
    check("events.csv", utf16(u16::to_le_bytes, [0xFF, 0xFE]), &rows)?;
    check("events.csv", utf16(u16::to_be_bytes, [0xFE, 0xFF]), &rows)?;

    let offset = text.len() + 2;
    let bad = [text.as_bytes(), b"2;\xFF\xFE;x\n3;ok;z\n"].concat();
    check("events.csv", bad, &[rows[0], rows[1], &format!("3 2|BadBytes([255, 254], {offset})|x"), "4 3|ok|z"])?;
    let bad = [encoding_rs::WINDOWS_1251.encode(text).0.as_ref(), b"2;\"\xE0\"\"\x98\";x\n"].concat();
    let at = bad.len() - 5;
    check("events.csv", bad, &[rows[0], rows[1], &format!("3 2|BadBytes([34, 224, 34, 34, 152, 34], {at})|x")])?;
    let zero = format!("{text}2;a\0;{}\n", "x".repeat(200));
    let at = text.len() + 3;
    let zero_row = |at: usize| format!("3 2|BadBytes([97, 0], {at})|{}", "x".repeat(200));
    check("events.csv", &zero, &[rows[0], rows[1], &zero_row(at)])?;
    let at = text.chars().count() + 3;
    check("events.csv", encoding_rs::WINDOWS_1251.encode(&zero).0, &[rows[0], rows[1], &zero_row(at)])?;
    let mut wide = utf16(u16::to_le_bytes, [0xFF, 0xFE]);
    wide.extend(format!("2;a\0;{}\n", "x".repeat(200)).encode_utf16().flat_map(u16::to_le_bytes));
    let row = zero_row(2 + at * 2).replace("97, 0", "97, 255");
    check("events.csv", wide, &[rows[0], rows[1], &row])?;
    let mut bad = utf16(u16::to_le_bytes, [0xFF, 0xFE]);
    let at = bad.len() + 4;
    bad.extend(b"2\0;\0\0\xD8x\0;\0y\0\n\0");
    check("events.csv", bad, &[rows[0], rows[1], &format!("3 2|BadBytes([255, 120], {at})|y")])?;

    let given = Options { encoding: Some(Encoding::Kz1048), ..Options::default() };
    assert_eq!(
        file("events.csv", b"record_id,kind,held_on\n1,\x8D\xE0\xE7\xE0\x9D,b\n", &given)?,
        ["= events.csv:1 events", "2 1|Қазақ|b"]
    );
    assert_eq!(file("events.csv", text, &given)?, ["encoding_wrong KZ-1048 0"]);
    let given = Options { separator: Some(b','), ..Options::default() };
    assert_eq!(file("events.csv", text, &given)?, ["separator_wrong , ;"]);
    Ok(())
}

#[test]
fn heads_that_are_not_clear() -> Result<()> {
    check("x.csv", "record_id,kind,held_on\n1,a,b\n", &["table_ambiguous:1"])?;
    check("twins-2026-07.csv", "record_id,kind,held_on\n", &["= twins-2026-07.csv:1 twins", "table_without_rows:1"])?;
    check("Близнецы (2).csv", "record_id,kind,held_on\n", &["= Близнецы (2).csv:1 twins", "table_without_rows:1"])?;
    check("events.csv", "record_id,kind,held_on,room\n", &["= events.csv:1 meetings", "table_without_rows:1"])?;
    check("events.csv", "record_id,kind,held_on,Вид события\n", &["column_twice:1 2 4"])?;
    check(
        "events.csv",
        "record_id,kind,held_on,Примичание\n",
        &["= events.csv:1 events", "column_similar:1 Примичание 4", "table_without_rows:1"],
    )?;
    check("events.csv", "record_id,kind\n1,2\n", &["table_unknown:1 events"])?;
    check("x.csv", "Включено,b\n1,2\n", &["table_unknown:1 register"])?;
    check("x.csv", "a,b\n1,2\n", &["header_not_found"])?;
    let late = format!("{}record_id,kind,held_on\n", "x,y\n\n".repeat(29));
    check("events.csv", &late, &["= events.csv:59 events", "table_without_rows:59"])?;
    check("events.csv", format!("x,y\n{late}"), &["table_unknown events"])?;
    let wide = format!("record_id,kind,held_on{}\n", ",x".repeat(1000));
    let found = file("events.csv", wide, &Options::default())?;
    assert_eq!(found.last().map(String::as_str), Some("columns_over_bound:1 1003 1000"));
    Ok(())
}

#[test]
fn folders_have_an_order_and_fingerprints() -> Result<()> {
    let folder = folder(&[
        ("events-2.csv", "record_id,kind,held_on\n2,,\n"),
        ("events-1.csv", "record_id,kind,held_on\n1,,\n"),
        ("readme.txt", "notes"),
        ("a.dbf", "\u{3}"),
    ])?;
    assert_eq!(
        sample::all(folder.path(), &Options::default())?,
        ["= events-1.csv:1 events", "2 1||", "= events-2.csv:1 events", "2 2||", "records_unread", "file_ignored",]
    );
    let tables = sample::tables();
    let found = discover(&[folder.path().join("readme.txt"), folder.path().to_owned()], &tables, &Options::default())?;
    let names: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["events-1.csv", "events-2.csv", "readme.txt"]);
    assert_eq!(found.files[2].sha256, crate::values::digest::sha256(&b"notes"[..])?);
    assert_eq!(
        found.findings.iter().map(|finding| finding.name).collect::<Vec<_>>(),
        ["records_unread", "header_not_found"]
    );
    Ok(())
}

#[test]
fn no_finding_lacks_its_words() -> Result<()> {
    let mut words = Vec::new();
    for file in [
        include_str!("../../templates/findings/ingest.toml"),
        include_str!("../../templates/findings/mends.toml"),
        include_str!("../../templates/findings/mapping.toml"),
    ] {
        let file: toml::Table = toml::from_str(file)?;
        words.extend(file["finding"].as_array().cloned().unwrap_or_default());
    }
    for line in [
        include_str!("files.rs"),
        include_str!("text/encoding.rs"),
        include_str!("workbook/sheet.rs"),
        include_str!("parquet/mod.rs"),
        include_str!("discover.rs"),
        include_str!("origin.rs"),
        include_str!("judgement.rs"),
        include_str!("rows.rs"),
        include_str!("totals.rs"),
    ]
    .join("\n")
    .lines()
    {
        let Some((_, rest)) = line.split_once("Finding::new(\"") else { continue };
        let name = rest.split('"').next().unwrap_or_default();
        assert!(words.iter().any(|word| word["name"].as_str() == Some(name)), "{name}");
    }
    Ok(())
}

#[test]
fn text_files_beside_the_tables() -> Result<()> {
    let folder = folder(&[
        ("a.txt", "record_id\tkind\n1\t2\n"),
        ("events.txt", "record_id\tkind\theld_on\n"),
        ("twins.txt", "просто текст"),
        ("заметка.txt", "просто текст, и ещё"),
    ])?;
    assert_eq!(
        sample::all(folder.path(), &Options::default())?,
        [
            "= events.txt:1 events",
            "table_unknown:1 events",
            "table_unknown twins",
            "file_ignored",
            "table_without_rows:1"
        ]
    );
    Ok(())
}
