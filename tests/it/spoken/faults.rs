//! Command lines that are refused, and the files that they name.

use crate::bench::root;
use crate::made::MadeReport;
use esep::words::lang::Lang;
use std::fs;
use tempfile::TempDir;

/// Keys that no argument provokes: the system, the size of the input or the program itself is at fault.
pub const BEYOND: [&str; 17] = [
    "fault_answer",
    "fault_aside",
    "fault_changed_lines",
    "fault_changes_while_read",
    "fault_denied",
    "fault_files",
    "fault_file_limit",
    "fault_full",
    "fault_held",
    "fault_internal",
    "fault_read_only",
    "fault_size",
    "fault_system",
    "fault_recount",
    "fault_temporary",
    "fault_too_large",
    "usage_not_utf8",
];

/// Arguments, exit status, keys of what is said. `{adjust}` and the like stand for the arguments below.
pub const FAULTS: &str = "
2 generte | usage_unknown_command fault_near
2 check --quiett a.xlsx | usage_unknown_option fault_near
2 generate | usage_missing
2 generate --period | usage_no_value
2 generate a --encoding latin1 | usage_value_of
2 blank --lines 900 --out out --form 2-mk | usage_value
2 rules --coverage --coverage | usage_repeated
2 forms all | usage_surplus
2 | usage_no_command
2 --definitions nowhere forms | fault_definitions fault_definitions_folder
2 --definitions definitions forms | fault_definitions fault_within fault_toml fault_toml_key fault_near
2 --definitions unused forms | fault_definitions fault_definitions_unused
2 schema servces | fault_table fault_near
2 calendar 1990 | fault_year
2 demo . | fault_not_empty
2 deadlines --role regoin | fault_role fault_near
2 deadlines --ics body.toml | fault_exists
2 blank --form 5-mk --out out | fault_form fault_near
2 blank --form 2-mk --period 2001Q1 --out out | fault_edition
2 blank --form 2-mk --period Q3 --out out | fault_period
2 blank --form 2-mk --out blanks | fault_exists
3 blank --form 2-mk --out body.toml/out | fault_writing fault_is_file
3 blank --form 2-mk --out {long} | fault_writing fault_name_too_long
2 {generate} --period 2031Q1 --organisation body.toml | fault_calendar_span
2 generate facts.csv --period 2026Q3 --organisation body.toml --out o | fault_no_form
3 generate long.csv --form 3-mk --period 2026Q3 --organisation body.toml --out o | fault_writing fault_code_too_long
2 {generate} --period 2026Q3 --as-of 2026-07-01 --organisation body.toml | fault_as_of
2 {generate} --period 2026Q3 --separator ab --organisation body.toml | fault_separator
2 generate facts-definitions.csv --form 4-mk --period 2026Q3 --organisation body.toml --out o | fault_facts_definitions
2 generate facts-engine.csv --form 4-mk --period 2026Q3 --organisation body.toml --out o | fault_facts_engine
2 generate facts-period.csv --form 4-mk --period 2026Q3 --organisation body.toml --out o | fault_facts_period
2 generate facts-forms.csv --form 4-mk --period 2026Q3 --organisation body.toml --out o | fault_facts_forms
2 generate facts-of.csv --form 4-mk --period 2026Q3 --organisation body.toml --out o | fault_facts_of
2 generate facts-mixed.csv --form 4-mk --period 2026Q3 --organisation body.toml --out o | fault_facts_mixed
2 generate facts.csv --form 4-mk --period 2026Q3 --organisation body.toml --paranoid --out o | fault_facts_paranoid
2 sql --form 4-mk --period 2026Q3 --from training=lake.training --out o | fault_sql_from
2 sql --form 4-mk --period 2026Q3 --mapping numbered.toml --out o | fault_sql_numbered
2 sql --form 4-mk --period 2026Q3 --mapping sectioned.toml --out o | fault_sql_part
2 sql --form 4-mk --period 2026Q3 --mapping sheet_named.toml --out o | fault_sql_part
2 sql --form 4-mk --period 2026Q3 --mapping titled.toml --out o | fault_sql_part
2 sql --form 4-mk --period 2026Q3 --mapping moments.toml --out o | fault_sql_moments
2 sql --form 4-mk --period 2026Q3 --mapping heads.toml --out o | fault_sql_heads
2 sql --form 4-mk --period 2026Q3 --mapping unconfirmed.toml --out o | fault_sql_unconfirmed
2 sql strange.csv --form 4-mk --period 2026Q3 --out o | fault_sql_head
2 {quarter} nameless.toml | fault_within fault_organisation_name
2 {quarter} channel.toml | fault_within fault_receipt_channel
2 {quarter} number.toml | fault_within fault_organisation_bin
2 {quarter} unknown.toml | fault_within fault_toml fault_toml_key fault_near
2 {quarter} strange.toml | fault_within fault_toml fault_toml_key fault_toml_known
2 {quarter} lang.toml | fault_within fault_toml fault_toml_choice fault_toml_known
2 {quarter} missing.toml | fault_within fault_toml_missing
2 {quarter} repeated.toml | fault_within fault_toml fault_toml_twice
2 {quarter} text.toml | fault_within fault_toml fault_toml_text
2 {quarter} list.toml | fault_within fault_toml fault_toml_list
2 {quarter} form.toml | fault_within fault_toml fault_toml_form
2 {quarter} backslash.toml | fault_within fault_toml fault_toml_backslash
2 {quarter} body.toml --mapping boolean.toml | fault_within fault_toml fault_toml_boolean
2 {quarter} body.toml --narrative section-text.toml | fault_within fault_toml fault_toml_section
2 {quarter} body.toml --confirm line-text.toml | fault_within fault_toml fault_toml_number
2 {quarter} body.toml --confirm date-text.toml | fault_within fault_toml fault_toml_date
2 {quarter} body.toml --confirm undated.toml | fault_within fault_confirmed_date
2 {quarter} body.toml --empty strange-table.toml | fault_within fault_empty_table fault_near
2 {quarter} body.toml --empty strange-word.toml | fault_within fault_empty_word
2 {quarter} body.toml --mends cut.xlsx | fault_reading fault_mends_workbook
2 {quarter} body.toml --mends headless.csv | fault_mends_column
2 {quarter} body.toml --mends action.csv | fault_within fault_mend_action
2 {quarter} body.toml --mends line.csv | fault_within fault_mend_line
2 {quarter} body.toml --mends place.csv | fault_within fault_mend_place
2 {quarter} body.toml --mends reasonless.csv | fault_within fault_mend_reason
2 {quarter} body.toml --mapping label.xlsx | fault_reading fault_is_workbook
2 {quarter} body.toml --narrative scan.pdf | fault_reading fault_is_pdf
2 {quarter} body.toml --confirm binary.toml | fault_reading fault_is_binary
2 {quarter} body.toml --confirm /dev/null | fault_reading fault_no_file
2 adjust several --out out --changes changes.toml | explain_several_reports
2 adjust report.json --out out --changes empty | fault_reading fault_is_folder
3 explain scan.pdf 11 | fault_reading fault_told
2 consolidate third.json --out out --organisation districts.toml --received label.xlsx | fault_received_column
2 consolidate third.json --out out --organisation districts.toml --received scan.pdf | fault_within fault_told
2 consolidate third.json --out out --organisation districts.toml --received empty | fault_reading fault_is_folder
2 consolidate third.json --out out --organisation districts.toml --received quote.csv | fault_received_row
2 {quarter} bytes.toml | fault_reading fault_not_utf8
2 {quarter} empty | fault_reading fault_is_folder
2 {quarter} nowhere.toml | fault_reading fault_not_found
2 {quarter} broken.xlsx | fault_told
2 {quarter} label.xlsx | fault_within fault_label fault_near
2 {quarter} twice.xlsx | fault_within fault_label_twice
2 {quarter} body.toml --narrative section.toml | fault_within fault_section
2 {quarter} body.toml --narrative heading.md | fault_within fault_before_heading
2 {quarter} body.toml --mapping table.toml | fault_within fault_told
3 init empty --out out | fault_nothing_read
2 {quarter} body.toml --confirm code.toml | fault_within fault_confirmed_code
2 {quarter} body.toml --confirm reason.toml | fault_within fault_confirmed_reason
2 {quarter} body.toml --confirm person.toml | fault_within fault_confirmed_person
3 {quarter} body.toml | fault_nothing_read
3 generate nowhere --form 2-mk --out out --period 2026Q3 --organisation body.toml | fault_reading fault_not_found
3 generate /dev/null --form 2-mk --out out --period 2026Q3 --organisation body.toml | fault_neither
2 explain F-0999 | explain_no_code fault_near
2 explain empty | explain_no_report
2 explain several | explain_several_reports
3 explain other.json 1 q | fault_reading fault_not_report fault_json_data
3 explain cut.json 1 q | fault_reading fault_not_report fault_json_cut
3 explain bytes.toml 1 q | fault_reading fault_not_report fault_json_syntax
3 {quarter} body.toml --previous other.json | fault_reading fault_not_report fault_json_data
3 {quarter} body.toml --previous nowhere.json | fault_reading fault_not_found
3 adjust bytes.toml --out out --changes changes.toml | fault_reading fault_not_report fault_json_syntax
3 consolidate other.json --out out --organisation districts.toml | fault_nothing_read
3 check other.json |
3 consolidate third.json cut.json --out out2 --force --provisional --organisation districts.toml | fault_reports_unread
3 consolidate third.json cut.json --out out2 --organisation districts.toml | fault_incomplete
3 explain version.json 1 q | fault_reading fault_version
3 explain as_of.json 1 q | fault_reading fault_stored_value
3 explain row.json 1 q | fault_reading fault_stored_row fault_near
3 explain column.json 1 q | fault_reading fault_stored_column
2 explain report.json | explain_no_cell
2 explain report.json evnts | explain_no_row fault_near
2 explain report.json 1 m9 | explain_no_column
2 explain report.json 11.1 m1.individual nobody | explain_no_line
2 explain report.json 11.1 m1.individual 0 | explain_several_lines
2 explain report.json --record nobody | explain_no_record
2 adjust report.json --out out --changes none.toml | fault_no_changes
2 {adjust} no-reason.toml | fault_within fault_change fault_change_reason
2 {adjust} no-person.toml | fault_within fault_change fault_change_person
2 {adjust} no-date.toml | fault_within fault_change fault_change_date
2 {adjust} no-document.toml | fault_within fault_change fault_change_document
2 {adjust} empty-document.toml | fault_within fault_change fault_document_empty
2 {adjust} figure.toml | fault_within fault_change fault_figure
2 {adjust} row.toml | fault_changes fault_change fault_changed_row
2 {adjust} column.toml | fault_changes fault_change fault_changed_column
2 {adjust} old.toml | fault_changes fault_change fault_changed_old
2 {adjust} same.toml | fault_changes fault_change fault_changed_same
2 {adjust} sum.toml | fault_changes fault_change fault_changed_sum
2 {adjust} line.toml | fault_changes fault_change fault_changed_no_line
2 {adjust} changed-twice.toml | fault_changes fault_change fault_changed_twice
2 {adjust} line-none.toml | fault_changes fault_line fault_line_none
2 {adjust} line-service.toml | fault_changes fault_line fault_line_service
2 {adjust} line-system.toml | fault_changes fault_line fault_line_system
2 {adjust} line-no-system.toml | fault_changes fault_line fault_line_no_system
2 {adjust} line-present.toml | fault_changes fault_line fault_line_present
2 {adjust} line-no-provider.toml | fault_changes fault_line fault_line_no_provider
2 adjust fourth.json --out out --changes line-provider.toml | fault_changes fault_line fault_line_provider
2 {adjust} line-column.toml | fault_changes fault_line fault_line_column
2 {adjust} line-sum.toml | fault_changes fault_line fault_line_sum
2 {adjust} line-value.toml | fault_changes fault_line fault_line_value
2 {adjust} changes.toml --organisation body.toml | fault_other_body
2 adjust label.xlsx --out out --changes changes.toml | fault_one_form
2 adjust blank.json --out out --changes changes.toml | fault_unsound
2 year third.json before.json --out out | fault_years
2 year third.json fourth.json --out out | fault_bodies
2 year third.json --year 2024 --out out | fault_no_quarter
3 year other.json --out out | fault_nothing_read
3 year third.json cut.json --out out3 --force | fault_reports_unread
2 adjust third.json --out out --changes early.toml | fault_fourth_quarter
2 adjust third.json --out out --changes undecided.toml | fault_no_decision
2 consolidate nothing*.json --out out --organisation districts.toml | fault_no_match
2 adjust history/report.json --out out --changes changes.toml | fault_history fault_history_broken
2 consolidate third.json --out out --organisation districts.toml | fault_incomplete
2 consolidate third.json report.json --out out --organisation districts.toml | fault_subject
2 consolidate third.json --out out --organisation body.toml | fault_no_units
2 consolidate third.json --out out --organisation unit.toml | fault_unit_nameless
2 consolidate third.json --out out --organisation units.toml | fault_unit_repeated
2 consolidate third.json --out out --organisation districts.toml --received column.csv | fault_received_column
2 consolidate third.json --out out --organisation districts.toml --received unit.csv | fault_received_unit
2 consolidate third.json --out out --organisation districts.toml --received date.csv | fault_received_date
";

pub const STANDING: [(&str, &str); 3] = [
    ("{generate}", "generate empty --form 2-mk --out out"),
    ("{quarter}", "generate empty --form 2-mk --out out --period 2026Q3 --organisation"),
    ("{adjust}", "adjust report.json --out out --changes"),
];

/// The files that are at fault.
pub fn faulty_files() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let sample = |name: &str| fs::read_to_string(root().join("sample-data").join(name)).unwrap();
    fs::create_dir(place.path().join("empty")).unwrap();
    let body = "name_ru = \"Орган\"\nbin = \"160440007161\"\n";
    write("body.toml", body);
    write("nameless.toml", "bin = \"160440007161\"\n");
    write("channel.toml", &format!("{body}[terms]\nreceipt_day_counts = [\"почта\"]\n"));
    write("number.toml", "name_ru = \"Орган\"\nbin = \"123\"\n");
    write("unknown.toml", &format!("{body}adress = \"\"\n"));
    write("unit.toml", &format!("{body}[[unit]]\ncontact = \"\"\n"));
    write("units.toml", &format!("{body}[[unit]]\nkato = \"439100000\"\n[[unit]]\nkato = \"439100000\"\n"));
    fs::write(place.path().join("bytes.toml"), b"name_ru = \"\xCE\xF0\"\n").unwrap();
    write("broken.xlsx", "PK\u{3}\u{4} broken");
    for (name, label) in [("label.xlsx", "Наименавание органа"), ("twice.xlsx", "БСН")] {
        let (_made, path) = crate::body::sheet(&[&["БИН", "160440007161"], &[label, "160440007161"]]);
        fs::copy(path, place.path().join(name)).unwrap();
    }
    write("table.toml", "[[head]]\nsources = [\"a.csv\"]\ntable = \"nowhere\"\nconfirmed = true\n");
    write("definitions/templates/deadlines.toml", "[[deadline]]\nrol = \"\"\n");
    for (name, text) in [
        ("strange", "zzz = 1\n"),
        ("lang", "languages = [\"de\"]\n"),
        ("repeated", "bin = \"1\"\n"),
        ("text", "phone = 5\n"),
        ("list", "languages = \"ru\"\n"),
        ("form", "phone: 5\n"),
        ("backslash", "phone = \"C:\\дом\"\n"),
    ] {
        write(&format!("{name}.toml"), &format!("{body}{text}"));
    }
    write("missing.toml", "name_ru = \"Орган\"\n");
    write("boolean.toml", "[[head]]\nsources = []\ntable = \"services\"\nconfirmed = \"да\"\n");
    write("section-text.toml", "measures = \"Проведено\"\n");
    let confirmation = "[[confirmation]]\ncode = \"F-013\"\nreason = \"а\"\nperson = \"а\"\n";
    write("line-text.toml", &format!("{confirmation}line = \"5\"\ndate = 2026-10-01\n"));
    write("date-text.toml", &format!("{confirmation}date = \"вчера\"\n"));
    write("undated.toml", confirmation);
    write("strange-table.toml", "outreech = \"0\"\n");
    write("strange-word.toml", "outreach = \"нет\"\n");
    write("cut.xlsx", "PK\u{3}\u{4}");
    write("headless.csv", "source,line\n");
    let mend = |line: &str| format!("source,sheet,line,column,action,old,new,reason\n{line}\n");
    write("action.csv", &mend("a.csv,,2,Дата,удалить,1,2,"));
    write("line.csv", &mend("a.csv,,вторая,Дата,change,1,2,"));
    write("place.csv", &mend("a.csv,,2,,change,1,2,"));
    write("reasonless.csv", &mend("a.csv,,2,Дата,leave_out,1,,"));
    write("scan.pdf", "%PDF-1.7");
    let head = "record_id,provider_name,service_code,channel,form,received_at,due_at,completed_at,outcome";
    let row = "ЦОН,{long},state_corporation,paper,2026-07-01,2026-07-10,2026-07-03,rendered";
    write("long.csv", &format!("{head}\na1,{}\n", row.replace("{long}", &"А".repeat(33_000))));
    write("binary.toml", "a\u{0}");
    write("unused/x.toml", "");
    write("section.toml", "[nowhere]\ntext = \"а\"\n");
    write("heading.md", "Текст без заголовка\n");
    for (name, code, reason, person) in
        [("code", "F-0000", "а", "а"), ("reason", "F-013", "", "а"), ("person", "F-013", "а", "")]
    {
        let text = format!("code = \"{code}\"\nreason = \"{reason}\"\nperson = \"{person}\"\ndate = 2026-10-01\n");
        write(&format!("{name}.toml"), &format!("[[confirmation]]\n{text}"));
    }
    for lang in Lang::ALL {
        write(&format!("blanks/2-mk_{}.xlsx", lang.code()), "");
    }
    let report = sample("adjustments/report.json");
    write("report.json", &report);
    write("other.json", "{}");
    write("cut.json", &report[..report.len() / 2]);
    write("version.json", &report.replacen("\"version\": 1", "\"version\": 2", 1));
    write("as_of.json", &report.replacen("2027-01-01", "soon", 1));
    write("row.json", &report.replacen("\"row_id\": \"events\"", "\"row_id\": \"evnts\"", 1));
    write("column.json", &report.replacen("\"m1\": 1", "\"m9\": 1", 1));
    write("blank.json", &report.replacen("\"m1\": 1", "\"m1\": null", 1));
    write("third.json", &sample("districts-2026Q3/tasbulak.json"));
    write("before.json", &sample("previous/2-mk_2025Q3.json"));
    write("history/report.json", &report);
    write("history/history.json", "{}");
    for folder in ["2-mk_2026Q3_1", "2-mk_2026Q4_1"] {
        write(&format!("several/{folder}/report.json"), &report);
    }
    write("akt-sverki.txt", "Акт");
    write("empty.txt", "");
    let changes = sample("adjustments/changes.toml");
    write("changes.toml", &changes);
    write("early.toml", &changes.replace("date = 2027-01-20", "date = 2026-12-20"));
    write("undecided.toml", &changes.replace("number = ", "number = \"\" # "));
    write("none.toml", "change = []\n");
    let (head, first) = changes.split_once("[[change]]").unwrap();
    let first = format!("{head}[[change]]{}", first.split("[[change]]").next().unwrap());
    for (name, was, is) in [
        ("no-reason", "reason = \"Три", "reason = \"\" # "),
        ("no-person", "person = \"", "person = \"\" # "),
        ("no-date", "date = ", "# "),
        ("no-document", "document = \"", "document = \"\" # "),
        ("empty-document", "akt-sverki.txt", "empty.txt"),
        ("figure", "old = 2", "old = -2"),
        ("row", "row = \"11.1\"", "row = \"99\""),
        ("column", "m2.individual", "m9"),
        ("old", "old = 2", "old = 3"),
        ("same", "new = 5", "new = 2"),
        ("line", "00202001", "99999999"),
    ] {
        assert!(first.contains(was), "{name}");

        write(&format!("{name}.toml"), &first.replacen(was, is, 1));
    }
    write("changed-twice.toml", &format!("{first}[[change]]{}", first.split("[[change]]").nth(1).unwrap()));
    let sum =
        "[[change]]\nrow = \"1\"\ncolumn = \"q\"\nold = 3\nnew = 4\nreason = \"а\"\ndocument = \"akt-sverki.txt\"\n";
    write("sum.toml", &format!("{head}{sum}"));
    let line = "[[line]]\nrow = \"11.1\"\nservice = \"77777777\"\nvalues = { VALUES }\nreason = \"а\"\n\
        document = \"akt-sverki.txt\"\n";
    let cells = ["m1", "m2", "m3"].map(|month| format!("\"{month}.individual\" = 1, \"{month}.legal_entity\" = 0"));
    let line = line.replace("VALUES", &cells.join(", "));
    for (name, was, is) in [
        ("none", "11.1", "19"),
        ("service", "service = \"77777777\"", ""),
        ("system", "11.1", "11.3"),
        ("no-system", "values", "system = \"а\"\nvalues"),
        ("present", "77777777", "00202001"),
        ("no-provider", "values", "provider = \"090340017774\"\nvalues"),
        ("provider", "row = \"11.1\"", "row = \"1\"\nprovider = \"090340017774\""),
        ("column", "m1.individual", "m9"),
        ("sum", "{", "{ \"q.individual\" = 3,"),
        ("value", "\"m1.individual\" = 1, ", ""),
    ] {
        assert!(line.contains(was), "{name}");
        write(&format!("line-{name}.toml"), &format!("{head}{}", line.replacen(was, is, 1)));
    }
    let [file, form, period] = ["fourth.json", "4-mk", "2026Q4"].map(str::to_owned);
    MadeReport { file, form, period, ..MadeReport::default() }.write(place.path());
    write("districts.toml", &sample("districts-2026Q3/organisation.toml"));
    let facts = String::from_utf8(crate::fixtures::make("facts")).unwrap();
    let digest = facts.split(',').find(|part| part.len() == 64).unwrap();
    let (head, row) = facts.split_once('\n').unwrap();
    write("facts.csv", &facts);
    write("facts-definitions.csv", &facts.replace(digest, &"0".repeat(64)));
    write("facts-engine.csv", &facts.replace(digest, "unsuited"));
    write("facts-period.csv", &facts.replace("2026Q3", "2026Q2"));
    write("facts-forms.csv", &facts.replace("4-mk", "3-mk"));
    write("facts-of.csv", &facts.replace("services,", "training,"));
    let (one, other) = (row.replace(",2026-07,", ",2026-08,"), row.replace(",3,2026", ",4,2026"));
    write("facts-mixed.csv", &format!("{head}\n{one}{other}"));
    let services = |own: &str| format!("[[head]]\nsources = [\"*\"]\ntable = \"services\"\n{own}\n");
    for (name, own) in [
        ("numbered", "numbered = true"),
        ("sectioned", "section = \"service_name\""),
        ("sheet_named", "sheet_name = \"unit\""),
        ("titled", "titled = { \"Район\" = \"unit\" }"),
        ("moments", "local_moments = true"),
    ] {
        write(&format!("{name}.toml"), &services(&format!("confirmed = true\n{own}")));
    }
    write("unconfirmed.toml", &services("columns = { \"Номер\" = \"record_id\" }"));
    let fixed = |unit: &str| services(&format!("confirmed = true\nfixed = {{ unit = \"{unit}\" }}"));
    write("heads.toml", &(fixed("Север") + &fixed("Юг")));
    write("strange.csv", "one,other\n1,2\n");
    write("column.csv", "unit,day\n");
    write("quote.csv", "unit,received\n\"439100000\" x,2026-10-05\n");
    write("unit.csv", "unit,received\nnobody,2026-10-05\n");
    write("date.csv", "unit,received\n439100000,soon\n");
    place
}
