//! Numbers of records that a sheet shows otherwise than it holds them: what is shown is read, or told.

use super::super::books::{Cell, HEAD, archive, cells, edit, ods_row, record, services as book};
use super::office::convert;
use super::{assert_books, places, run, services};

fn quantity(id: &str, number: f64, code: &'static str) -> Vec<Cell> {
    cells(id, vec![("quantity", Cell::Shown(number, code))])
}

/// The workbook and, where LibreOffice is, its conversions.
fn in_all_formats(xlsx: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    let made = ["ods", "xls"].map(|format| Some((format, convert(&xlsx, format)?)));
    std::iter::once(("xlsx", xlsx.clone())).chain(made.into_iter().flatten()).collect()
}

const SPOILT: [(f64, &str, &str); 7] = [
    (1.0, "0%", "100%"),
    (12.0, "0\" тыс.\"", "12 тыс."),
    (12_000.0, "#,##0,", "12 (12000)"),
    (5.0, "\"минус \"0", "минус 5"),
    (12_000.0, "[>=1000]0.0,\" тыс.\";0", "12,0 тыс."),
    (5.0, "0\"00\"", "500 (5)"),
    (7.0, ";;;", "[ ] (7)"),
];

#[test]
fn another_number_than_the_cell_holds_is_told() {
    let mut records: Vec<Vec<Cell>> =
        SPOILT.iter().enumerate().map(|(nth, (number, code, _))| quantity(&format!("a{nth}"), *number, code)).collect();
    records.push(quantity("b", 5.0, "[>=1000]0.0,\" тыс.\";0"));
    for (format, bytes) in in_all_formats(book(&records)) {
        let ran = run(&format!("services.{format}"), bytes);
        assert_books(&ran, [8, 1, 0, 7], format);
        assert_eq!(services(&ran), ["00100101|Справка|5 0 0"], "{format}");
        let findings = ran.json("findings.json");
        let told: Vec<&str> = findings["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|finding| finding["code"] == "F-103")
            .map(|finding| finding["message"]["ru"].as_str().expect("a text"))
            .collect();
        // words are masked: nobody knows whose they are
        let masked = |shown: &str| {
            match shown {
                "12 тыс." => "## xxx.",
                "минус 5" => "xxxxx #",
                "12,0 тыс." => "##,# xxx.",
                shown => shown,
            }
            .to_owned()
        };
        let wanted: Vec<String> =
            SPOILT.iter().map(|(.., shown)| format!("Не целое число: «{}»", masked(shown))).collect();
        assert_eq!(told, wanted, "{format}");
    }
}

#[test]
fn ordinary_formats_change_nothing() {
    let accounts = "_-* #,##0\\ \"₸\"_-;\\-* #,##0\\ \"₸\"_-;_-* \"-\"??\\ \"₸\"_-;_-@_-";
    let codes = [
        "General",
        "0",
        "#,##0",
        "0.00",
        "@",
        "000000",
        "0\" шт.\"",
        "0\" дн.\"",
        "#,##0\\ [$₸-43F]",
        accounts,
        "0;-0;;@",
    ];
    let records: Vec<Vec<Cell>> =
        codes.iter().enumerate().map(|(nth, code)| quantity(&nth.to_string(), 2.0, code)).collect();
    for (format, bytes) in in_all_formats(book(&records)) {
        let ran = run(&format!("services.{format}"), bytes);
        assert_books(&ran, [11, 11, 0, 0], format);
        assert_eq!(services(&ran), ["00100101|Справка|22 0 0"], "{format}");
    }
}

/// A code that lost its zeros in the cell and not on the sheet is the code that people see.
#[test]
fn zeros_that_the_sheet_shows_belong_to_a_code() {
    let code = |id: &str, cell: Cell| cells(id, vec![("service_code", cell)]);
    let records = [
        code("a", Cell::Shown(100_101.0, "00000000")),
        code("b", "00100101".into()),
        code("c", Cell::Shown(700.0, "000\\-000")),
    ];
    for (format, bytes) in in_all_formats(book(&records)) {
        let ran = run(&format!("services.{format}"), bytes);
        assert_books(&ran, [3, 3, 0, 0], format);
        assert_eq!(services(&ran), ["000-700|Справка|1 0 0", "00100101|Справка|2 0 0"], "{format}");
        assert!(!places(&ran).iter().any(|place| place.starts_with("F-089")), "{format}");
    }
}

/// Cells without a style have the first one of the workbook.
#[test]
fn the_first_style_is_that_of_cells_without_one() {
    let made = book(&[cells("a", vec![("quantity", Cell::Number(2.0))]), cells("b", Vec::new())]);
    let ran = run(
        "services.xlsx",
        edit(&made, "xl/styles.xml", |styles| {
            styles.replacen("<cellXfs count=\"1\"><xf numFmtId=\"0\"", "<cellXfs count=\"1\"><xf numFmtId=\"9\"", 1)
        }),
    );
    assert_books(&ran, [2, 1, 0, 1], "a percent everywhere");
    assert!(ran.file("findings.json").contains("«200%»"));
}

/// An ODS by hand: a percentage without a style, styles of a column, of a row, of a parent and of the file of styles.
#[test]
fn styles_of_an_ods_in_every_place() {
    let quantity = |id: &str, attributes: &str, row: &str| {
        let texts = record(id);
        let texts: Vec<&str> = texts[..8].iter().map(String::as_str).collect();
        let cell = format!(r#"<table:table-cell office:value="2" {attributes}/></table:table-row>"#);
        ods_row(&texts).replace("</table:table-row>", &cell).replacen(
            "<table:table-row",
            &format!("<table:table-row {row}"),
            1,
        )
    };
    let float = r#"office:value-type="float""#;
    let rows = [
        quantity("1", r#"office:value-type="percentage""#, ""),
        quantity("2", float, ""),
        quantity("3", float, r#"table:default-cell-style-name="parent""#),
        quantity("4", &format!(r#"{float} table:style-name="less""#), ""),
        quantity("5", &format!(r#"{float} table:style-name="plain""#), ""),
        quantity("6", &format!(r#"{float} table:style-name="zeros""#), r#"table:default-cell-style-name="parent""#),
    ];
    let number = r#"<number:number number:min-integer-digits="1"/>"#;
    let styles = format!(
        r#"<office:document-styles><office:styles><number:number-style style:name="N1">{number}<number:text> тыс.</number:text></number:number-style><style:style style:name="child" style:family="table-cell" style:data-style-name="N1"/></office:styles></office:document-styles>"#
    );
    let content = format!(
        r#"<office:document-content><office:automatic-styles><number:number-style style:name="N2"><number:text>&lt;</number:text>{number}</number:number-style><number:number-style style:name="N3">{number}<number:text> шт.</number:text></number:number-style><number:number-style style:name="N4"><number:number number:min-integer-digits="3"/></number:number-style><style:style style:name="parent" style:family="table-cell" style:parent-style-name="child"/><style:style style:name="less" style:family="table-cell" style:data-style-name="N2"/><style:style style:name="plain" style:family="table-cell" style:data-style-name="N3"/><style:style style:name="zeros" style:family="table-cell" style:data-style-name="N4"/></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="services"><table:table-column table:number-columns-repeated="8"/><table:table-column table:default-cell-style-name="child"/>{}{}</table:table></office:spreadsheet></office:body></office:document-content>"#,
        ods_row(&HEAD),
        rows.concat()
    );
    let parts = |styles: &str, content: &str| {
        archive([
            ("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]),
            ("META-INF/manifest.xml", b"<manifest:manifest/>"),
            ("styles.xml", styles.as_bytes()),
            ("content.xml", content.as_bytes()),
        ])
    };
    let ran = run("services.ods", parts(&styles, &content));
    assert_eq!(
        places(&ran).iter().filter(|place| place.starts_with("F-103")).collect::<Vec<_>>(),
        ["F-103:2", "F-103:3", "F-103:4", "F-103:5"]
    );
    assert_books(&ran, [6, 2, 0, 4], "styles");
    assert_eq!(services(&ran), ["00100101|Справка|4 0 0"]);
    // a percentage alone is found without a format in any style
    let bare = content.replace("тыс.", "шт.").replace("&lt;", "№");
    let ran = run("services.ods", parts(&styles.replace("тыс.", "шт."), &bare));
    assert_books(&ran, [6, 5, 0, 1], "a percentage");
}
