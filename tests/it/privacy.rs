//! What may name a person never leaves the quarantine; our own results and files of other kinds among the sources;
//! days that no quarter can mean.

use super::bench::{Case, Ran, definitions, folder};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const HEAD: &str = "record_id,service_code,service_name,channel,applicant,received_at,due_at,completed_at,quantity";
const SOUND: &str = "00100101,Справка,office_paper,individual,2026-07-01,2026-07-10,2026-07-03,1";

/// Every file below a folder, by its name from there; workbooks unpacked.
fn texts(place: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![place.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(place).unwrap().to_string_lossy().into_owned();
            let bytes = fs::read(&path).unwrap();
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(&bytes)) {
                for member in 0..archive.len() {
                    let mut inner = Vec::new();
                    std::io::Read::read_to_end(&mut archive.by_index(member).unwrap(), &mut inner).unwrap();
                    text += &String::from_utf8_lossy(&inner);
                }
            }
            found.push((name, text));
        }
    }
    found.sort();
    found
}

fn lines(ran: &Ran, code: &str) -> Vec<u64> {
    let findings = ran.json("findings.json");
    let own = findings["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    own.map(|finding| finding["line"].as_u64().unwrap()).collect()
}

#[test]
fn what_may_name_a_person_stays_in_the_quarantine() {
    // (column of HEAD and one more, value): each alone makes a row that is rejected or told
    let secret = [
        (4, "Ааааов Бббб"),
        (4, "Ггггева"),
        (3, "Ддддд Еееевич"),
        (5, "Жжжж Зззз"),
        (7, "850101 300123"),
        (8, "+7 701 234 56 78"),
        (8, "хат@почта.қаз"),
        (0, "KZ86125KZT5004100100"),
        (0, "2026/850101300123"),
        (9, "Ккккк Лллл, 8 701 234-56-78"),
        (2, "анкета 850101300123"),
    ];
    let mut text = format!("{HEAD},Примечание\n");
    for (row, (column, value)) in secret.iter().enumerate() {
        let mut cells: Vec<String> = format!("r{row},{SOUND},-").split(',').map(str::to_owned).collect();
        cells[*column] = format!("\"{value}\"");
        if matches!(column, 0 | 2 | 9) {
            cells[5] = "31.02.2026".to_owned();
        }
        text += &(cells.join(",") + "\n");
    }
    let sanctions = "sanction_id,person_id,person_kind,kind,imposed_on\n1,Мммм Нннн,body_employee,remark,31.02.2026\n";
    let sanctions = format!("{sanctions}2,Мммм Нннн,Оооо Пппп,remark,2026-07-03\n");
    let place = folder(&[("services.csv", &text), ("sanctions.csv", &sanctions)]);
    let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
    let [read, accepted, ..] = ran.ledger();
    assert_eq!((read, accepted), (13, 0), "{:?}", ran.codes());
    let secret = secret.iter().map(|(_, value)| *value).chain(["Мммм Нннн", "Оооо Пппп", "850101300123"]);
    let all = texts(&ran.folder);
    for secret in secret {
        for (name, text) in &all {
            let is_own = name.starts_with("quarantine");
            assert!(is_own || !text.contains(secret), "{secret} stands in {name}");
        }
        let list = all.iter().find(|(name, _)| name == "quarantine/rejected.xlsx").unwrap();
        let is_kept = ["Ааааов Бббб", "Ггггева", "Ддддд Еееевич", "Жжжж Зззз", "Оооо Пппп"].contains(&secret);
        assert!(!is_kept || list.1.contains(secret), "{secret}");
    }
    // what names nobody is shown: a slip of the pen, a day that is none, a number
    let shown =
        format!("{HEAD}\na,{},\n", SOUND.replace("office_paper", "office_papr").replace("2026-07-01", "31.02.2026"));
    let place = folder(&[("services.csv", shown.trim_end_matches(",\n"))]);
    let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
    let findings = ran.file("findings.json");
    assert!(findings.contains("office_papr") && findings.contains("31.02.2026"), "{findings}");
}

/// A foreign table stands beside the head, below it or over its rows; its first row is in line with the head.
#[test]
fn words_of_a_table_beside_the_head_are_no_headers() {
    let people = ["Ааааов Бббб", "Ггггева Дддд Жжжевна", "850101300123", "Зззз", "ivanov_a"];
    let row = |cells: &[&str]| cells.join(",");
    let bad = SOUND.replace("individual", "Ыыыы");
    let beside = format!("{HEAD},,{}\na,{SOUND},,,,,,\nb,{bad},,,,,,\n", row(&people));
    let touching = format!("{HEAD},Примечание,{}\na,{SOUND},-,Ккккк,,,,\nb,{bad},,,,,,\n", row(&people));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("services").unwrap();
    // a head of two rows, each of its columns merged, beside the last record of another table
    let look = rust_xlsxwriter::Format::new();
    for (column, header) in (0..).zip(HEAD.split(',')) {
        sheet.merge_range(3, column, 4, column, header, &look).unwrap();
        sheet.write(5, column, ["a", SOUND].join(",").split(',').nth(column.into()).unwrap()).unwrap();
        sheet.write(6, column, ["b", &bad].join(",").split(',').nth(column.into()).unwrap()).unwrap();
    }
    for (column, text) in (10..).zip(people) {
        sheet.write(if column % 2 == 0 { 3 } else { 4 }, column, text).unwrap();
        sheet.write(2, column, "Сотрудник").unwrap();
    }
    let merged = book.save_to_buffer().unwrap();
    for (name, content) in
        [("services.csv", beside.as_bytes()), ("services.csv", touching.as_bytes()), ("services.xlsx", &merged)]
    {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(name), content).unwrap();
        let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
        assert_eq!(ran.ledger(), [2, 1, 0, 1], "{:?}", ran.codes());
        let all = texts(&ran.folder);
        for (file, text) in &all {
            let named = people.iter().chain(&["Ыыыы"]).find(|secret| text.contains(**secret));
            assert!(file.starts_with("quarantine") || named.is_none(), "{named:?} stands in {file}");
        }
        let told = ran.file("findings.json");
        assert!(told.contains("Xxxxxx Xxxx") && told.contains("F-013"), "{told}");
        assert_eq!(told.contains("Примечание"), content == touching.as_bytes(), "a header is shown");
    }
}

#[cfg(unix)]
#[test]
fn the_quarantine_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let text = format!("{HEAD}\na,{SOUND}\nb,{}\n", SOUND.replace("individual", "Ааааов"));
    let place = folder(&[("services.csv", &text)]);
    let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let quarantine = ran.folder.join("quarantine");
    assert_eq!(mode(&quarantine), 0o700);
    let files: Vec<PathBuf> = fs::read_dir(&quarantine).unwrap().map(|entry| entry.unwrap().path()).collect();
    let names: BTreeSet<String> = files.iter().map(|path| path.file_name().unwrap().to_string_lossy().into()).collect();
    assert_eq!(names, ["rejected.xlsx", "services.csv"].map(str::to_owned).into());
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

/// A run whose results lie among its sources, as often as it is asked; all files of the results.
fn run_within(place: &Path) -> (String, Vec<(String, String)>) {
    let organisation = place.join("organisation.toml");
    fs::write(&organisation, "name_ru = \"Орган\"\nbin = \"600440000267\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
    command.arg("generate").arg(place).args(["--form", "2-mk", "--period", "2026Q3", "--force", "--lang", "ru"]);
    command.arg("--organisation").arg(&organisation).arg("--out").arg(place.join("итоги"));
    let done = command.output().unwrap();
    assert!(matches!(done.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&done.stderr));
    (String::from_utf8_lossy(&done.stderr).into_owned(), texts(&place.join("итоги")))
}

#[test]
fn a_second_run_over_the_same_folder_gives_the_same_bytes() {
    let bad = SOUND.replace("individual", "Ааааов");
    let place = folder(&[("services.csv", &format!("{HEAD}\na,{SOUND}\nb,{bad}\nc,{bad}\n"))]);
    let (told, first) = run_within(place.path());
    assert!(!told.contains("пропущены"), "{told}");
    let (told, second) = run_within(place.path());
    assert!(told.contains("итоги/2-mk_2026Q3_600440000267") && told.contains("пропущены"), "{told}");
    let names = |all: &[(String, String)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    for ((name, one), (_, other)) in first.iter().zip(&second) {
        assert!(one == other, "{name} differs");
    }
    // a file of rejected rows that somebody mended is a source: what was mended counts, once
    let results = place.path().join("итоги/2-mk_2026Q3_600440000267");
    let file = results.join("quarantine/services.csv");
    let mended = fs::read_to_string(&file).unwrap().replacen("Ааааов", "individual", 1);
    fs::write(&file, mended).unwrap();
    run_within(place.path());
    let report: serde_json::Value = serde_json::from_slice(&fs::read(results.join("report.json")).unwrap()).unwrap();
    let accepted: u64 =
        report["ledger"].as_array().unwrap().iter().map(|line| line["accepted"].as_u64().unwrap()).sum();
    assert_eq!(accepted, 2, "{}", report["ledger"]);
    assert!(report["findings"].to_string().contains("F-074"), "it is told");
}

#[cfg(unix)]
#[test]
fn devices_and_names_that_move_the_terminal() {
    let place = folder(&[("services.csv", &format!("{HEAD}\na,{SOUND}\n"))]);
    std::os::unix::fs::symlink("/dev/null", place.path().join("services-08.csv")).unwrap();
    let pipe = place.path().join("services-09.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::write(place.path().join("services\u{1b}[2J.csv"), format!("{HEAD}\nb,{SOUND}\nc,x\n")).unwrap();
    let mut case = Case::new(place.path(), "2-mk", "2026Q3");
    let ran = case.run();
    let codes = ran.codes();
    assert_eq!(codes.iter().filter(|code| *code == "F-072").count(), 2, "{codes:?}");
    let (_, told) = case.terminal();
    assert!(!told.contains('\u{1b}') && told.contains("services\\u{1b}[2J.csv"), "{told}");
    case.paths = vec![pipe];
    assert_eq!(case.terminal().0, 3, "a pipe that is given by name is refused");
}

#[test]
fn what_a_file_is_is_said_in_every_command() {
    let html = "<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>";
    let place = folder(&[("a.xls", html), ("b.xlsx", "%PDF-1.4\n"), ("c.pdf", "%PDF-1.4\n")]);
    let organisation = place.path().join("organisation.toml");
    fs::write(&organisation, "name_ru = \"Орган\"\nbin = \"600440000267\"\n").unwrap();
    let out = place.path().join("out");
    let run = |args: &[&str], file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
        command.args(args).arg(place.path().join(file)).env("ESEP_LANG", "ru").env("LANG", "ru_RU.UTF-8");
        let done = command.output().unwrap();
        (done.status.code().unwrap(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let generate = ["generate", "--form", "2-mk", "--period", "2026Q3", "--organisation"];
    let generate = [&generate[..], &[organisation.to_str().unwrap(), "--out", out.to_str().unwrap()]].concat();
    let consolidate = ["consolidate", "--organisation", organisation.to_str().unwrap(), "--out", out.to_str().unwrap()];
    for (file, kind) in [("a.xls", "HTML"), ("b.xlsx", "PDF"), ("c.pdf", "PDF")] {
        for args in [&generate[..], &["check"], &["init", "--out", out.to_str().unwrap()]] {
            let (code, told) = run(args, file);
            assert!(told.contains(kind) && told.contains("F-071"), "{args:?} {file}: {told}");
            assert_eq!(code, 3, "{args:?} {file}: {told}");
        }
        // whoever consolidates without units is told of that first
        let (code, _) = run(&consolidate, file);
        assert!(matches!(code, 2 | 3), "{file}");
    }
}

#[test]
fn odd_days_are_told_of_every_record() {
    let odd = [
        ("2062-07-03", "2026-07-01", "F-160"), // nothing is counted by a result of 2062
        ("9999-12-31", "2026-07-01", "F-160"),
        ("0001-01-01", "0001-01-01", "F-160"),
        ("2026-07-03", "1926-07-01", "F-161"),
        ("2026-07-01", "2026-07-03", "F-117"),
        ("2025-07-01", "2026-07-03", "F-162"),
        ("", "2062-07-03", "F-160"),
    ];
    let mut text = format!("{HEAD}\n");
    let mut expected = Vec::new();
    for row in 0_u64..4000 {
        let nth = usize::try_from(row / 500).unwrap();
        let (completed, received, code) = odd.get(nth).copied().unwrap_or(("2026-07-03", "2026-07-01", ""));
        let is_odd = row % 500 == 250 && !code.is_empty();
        let (completed, received) = if is_odd { (completed, received) } else { ("2026-07-03", "2026-07-01") };
        text += &format!("r{row},00100101,Справка,office_paper,individual,{received},2027-01-10,{completed},1\n");
        expected.extend(is_odd.then(|| (code, row + 2)));
    }
    let place = folder(&[("services.csv", &text)]);
    for one_by_one in [false, true] {
        let mut case = Case::new(place.path(), "2-mk", "2026Q3");
        case.pace.one_by_one = one_by_one;
        let ran = case.run();
        for code in ["F-160", "F-161", "F-162", "F-117"] {
            let mut own: Vec<u64> = lines(&ran, code);
            own.dedup(); // a record may have two such days
            let wanted = expected.iter().filter(|(of, _)| *of == code).map(|(_, line)| *line);
            assert_eq!(own, wanted.collect::<Vec<_>>(), "{code} {one_by_one}");
        }
        assert_eq!(ran.ledger(), [4000, 4000, 0, 0]);
    }
}

#[test]
fn days_of_other_tables_are_judged_too() {
    let place = folder(&[
        ("services.csv", &format!("{HEAD}\na,{SOUND}\n")),
        ("training.csv", "record_id,completed_on,course\n1,2026-07-03,A\n2,1926-07-03,A\n"),
        ("register.csv", "service_code,service_name,included_on,excluded_on\n00100101,Справка,2026-07-01,2025-07-01\n"),
    ]);
    let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
    assert_eq!(lines(&ran, "F-160"), [3]);
    // the register's row is counted as included in the quarter
    let codes = ran.codes();
    assert!(codes.iter().any(|code| code == "F-117" || code == "F-162"), "{codes:?}");
}

#[test]
fn a_column_of_names_is_not_the_kind_of_applicant() {
    let text = |values: &[&str]| {
        let rows = values.iter().enumerate();
        let rows = rows.map(|(row, value)| format!("r{row},{}\n", SOUND.replace("individual", value)));
        format!("{}\n{}", HEAD.replace("applicant", "Заявитель"), rows.collect::<String>())
    };
    // half of them are codes or labels: the others are told one by one
    let place = folder(&[("services.csv", &text(&["физическое лицо", "юридическое лицо", "Аааа", "Бббб", ""]))]);
    let ran = Case::new(place.path(), "2-mk", "2026Q3").run();
    let codes = ran.codes();
    assert!(!codes.contains(&"F-075".to_owned()) && codes.contains(&"F-107".to_owned()), "{codes:?}");
    let place = folder(&[("services.csv", &text(&["физическое лицо", "Аааа", "Бббб"]))]);
    let ran = Case::new(place.path(), "4-mk", "2026Q3").try_run();
    let found = ran.map(|ran| (ran.codes(), texts(&ran.folder)));
    if let Ok((codes, all)) = found {
        assert_eq!(codes.iter().filter(|code| *code == "F-075").count(), 1, "{codes:?}");
        let told = |(name, text): &(String, String)| !name.starts_with("quarantine") && text.contains("Аааа");
        assert!(!all.iter().any(told));
    }
    assert!(definitions().tables.iter().any(|table| table.fields.iter().any(|field| !field.doubtful.is_empty())));
}

/// The libraries hold code for networks (polars brings tokio); what is linked into the program asks the system for none
/// of it.
#[cfg(target_os = "linux")]
#[test]
fn the_program_asks_the_system_for_no_socket() {
    use object::{Object, ObjectSymbol};
    const NETWORK: [&str; 12] = [
        "socket",
        "socketpair",
        "connect",
        "bind",
        "listen",
        "accept",
        "accept4",
        "sendto",
        "recvfrom",
        "sendmsg",
        "recvmsg",
        "getaddrinfo",
    ];
    let bytes = fs::read(env!("CARGO_BIN_EXE_esep")).unwrap();
    let program = object::File::parse(&*bytes).unwrap();
    let asked: BTreeSet<&str> =
        program.dynamic_symbols().filter(ObjectSymbol::is_undefined).map(|symbol| symbol.name().unwrap()).collect();
    assert!(asked.contains("read") && asked.contains("rename"), "{asked:?}");
    let network: Vec<&&str> = NETWORK.iter().filter(|name| asked.contains(**name)).collect();
    assert!(network.is_empty(), "{network:?}");
}
