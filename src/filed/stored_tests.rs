use crate::definitions::Definitions;
use crate::filed::stored::read;
use crate::values::cells::Value;

fn report(row: &str, values: &str) -> String {
    format!(
        r#"{{"version":1,"head":{{"form":"3-mk","edition":"2021-07","period":"2026Q3","as_of":"2026-10-01",
        "organisation":{{"bin":"111140000008","name":{{"kk":"а","ru":"а","en":"a"}}}},"languages":["ru"]}},
        "lines":[{{"section":"","row":"TOTAL","row_id":"{row}","values":{{{values}}}}}]}}"#
    )
}

fn fault(text: &str) -> String {
    format!("{:#}", read(text.as_bytes(), &Definitions::load(None).unwrap()).unwrap_err())
}

fn first_row(definitions: &Definitions) -> String {
    definitions.forms.iter().find(|form| form.form == "3-mk").unwrap().rows[0].id.clone()
}

#[test]
fn numbers_dashes_blanks_and_faults_stay_apart() {
    let definitions = Definitions::load(None).unwrap();
    let row = first_row(&definitions);
    let text = report(&row, r#""1":5,"2":0,"3":"-","4":"","5":null,"6":-1,"7":1.5,"8":"пять""#);
    let filed = read(text.as_bytes(), &definitions).unwrap();
    let fault = |text: &str| Value::Fault(text.to_owned());
    let (blank, number) = (Value::Blank, Value::Number);
    let expected = [
        number(5),
        number(0),
        Value::NoInfo,
        blank.clone(),
        blank.clone(),
        fault("-1"),
        fault("1.5"),
        fault("пять"),
        blank,
    ];
    assert_eq!(filed.cells.lines[0].values[..9], expected);
    assert_eq!(filed.form.rows[filed.cells.lines[0].row].id, row);
}

#[test]
fn what_no_edition_knows_is_refused() {
    let row = first_row(&Definitions::load(None).unwrap());
    assert!(fault(&report(&format!("{row}l"), "")).contains("near="));
    assert!(fault(r#"{"a":1}"#).contains("fault_not_report"));
    assert!(fault(&report(&row, r#""14":1"#)).contains("fault_stored_column"));
    assert!(fault(&report(&row, "").replace(r#""version":1"#, r#""version":2"#)).contains("version=\"2\""));
}
