//! What the program says on the terminal: in the language that was asked for, from one catalogue.

mod faults;

use self::faults::{BEYOND, FAULTS, STANDING, faulty_files};
use super::bench::{definitions, root};
use esep::words::lang::{Lang, Text};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Latin words that belong into a Russian or Kazakh help: names of formats, values, columns of files.
const NAMES: &str = "esep XLSX Parquet JSON TOML Markdown warnings schemas templates results individual unit received \
    review help services refusals Windows chcp district region body informatization \
    territorial";

fn esep(dir: &Path, arguments: &[&str], system: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
    let done = command.current_dir(dir).args(arguments).env("LC_ALL", system).output().expect("the binary");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code().expect("a status"), text(done.stdout), text(done.stderr))
}

/// The help of the program and of every command.
fn helps(lang: Lang) -> Vec<(String, String)> {
    let ask = |words: &[&str]| {
        let (status, text, _) = esep(root(), &[words, &["--help", "--lang", lang.code()]].concat(), "C");
        assert_eq!(status, 0, "{words:?}");
        text
    };
    let whole = ask(&[]);
    let head = definitions().words("help_commands").get(lang);
    let list = whole.split(head).nth(1).expect("the commands").lines().skip(1);
    let names = list.take_while(|line| !line.trim().is_empty()).filter_map(|line| line.split_whitespace().next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 11, "{whole}");
    let below = names.iter().filter(|name| *name != "help").map(|name| (name.clone(), ask(&[name])));
    let below: Vec<(String, String)> = below.collect();
    [(String::new(), whole)].into_iter().chain(below).collect()
}

#[test]
fn no_english_is_left_in_the_help() {
    let commands: Vec<String> = helps(Lang::En).into_iter().map(|(name, _)| name).collect();
    let names: Vec<&str> = NAMES.split_whitespace().chain(commands.iter().map(String::as_str)).collect();
    for lang in [Lang::Kk, Lang::Ru] {
        for (command, text) in helps(lang) {
            let words = text.split(|sign: char| sign.is_whitespace() || "<>[](),;:«»–→=".contains(sign));
            let plain = words.filter(|word| !word.starts_with('-') && !word.contains(['.', '/', '_', '-']));
            let english: Vec<&str> = plain
                .filter(|word| word.chars().filter(char::is_ascii_alphabetic).count() > 3 && !names.contains(word))
                .collect();
            assert!(english.is_empty(), "{command} {lang:?}: {english:?}");
        }
    }
}

#[test]
fn every_word_of_the_help_is_shown_and_nothing_goes_without() {
    let helps = helps(Lang::Ru);
    let whole: String = helps.iter().map(|(_, text)| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let (_, topic, _) = esep(root(), &["help", "help"], "ru");
    let whole = whole + &topic.split_whitespace().collect::<Vec<_>>().join(" ");
    for (key, text) in &definitions().words {
        if ["help_", "option_", "value_"].iter().any(|start| key.starts_with(start)) {
            let said = text.get(Lang::Ru).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(whole.contains(&said), "templates/words: {key} is in no help");
        }
    }
    for (command, text) in &helps {
        // an option, or what is given, begins its line; its help stands two spaces behind
        let lines = text.lines().filter(|line| line.starts_with("  ") && !line.trim_start().starts_with("esep "));
        let bare: Vec<&str> = lines.filter(|line| !line.trim_start().contains("  ")).collect();
        assert!(bare.is_empty(), "{command}: {bare:?} has no help");
    }
}

#[test]
fn the_language_is_asked_for_else_the_organisations_else_the_systems_else_russian() {
    let place = tempfile::tempdir().unwrap();
    let organisation = "name_ru = \"Орган\"\nbin = \"160440007161\"\nlanguages = [\"kk\", \"ru\"]\n";
    fs::write(place.path().join("body.toml"), organisation).unwrap();
    let fault = definitions().words("fault_period");
    let own = ["blank", "--form", "2-mk", "--period", "soon", "--out", "out", "--organisation=body.toml"];
    let said = |more: &[&str], own: &[&str], system: &str| esep(place.path(), &[own, more].concat(), system).2;
    let starts = |text: &str, lang: Lang| text.contains(fault.get(lang).split('}').nth(1).unwrap());
    assert!(starts(&said(&["--lang", "en"], &own, "ru_RU.UTF-8"), Lang::En));
    assert!(starts(&said(&["--lang=ru,kk"], &own, "en_US.UTF-8"), Lang::Ru));
    assert!(starts(&said(&[], &own, "en_US.UTF-8"), Lang::Kk));
    assert!(starts(&said(&[], &own[..7], "en_US.UTF-8"), Lang::En));
    assert!(starts(&said(&[], &own[..7], "kk_KZ"), Lang::Kk));
    assert!(starts(&said(&[], &own[..7], "C.UTF-8"), Lang::Ru));
    // a program that shows a page of its own says which
    let mut paged = Command::new(env!("CARGO_BIN_EXE_esep"));
    let paged = paged.current_dir(place.path()).args(own).env("ESEP_LANG", "ru").env("LC_ALL", "C").output().unwrap();
    assert!(starts(&String::from_utf8(paged.stderr).unwrap(), Lang::Ru));
}

/// The words of a text between its slots.
fn pieces(text: &str) -> Vec<&str> {
    let pieces = text.split('{').enumerate();
    let pieces =
        pieces.map(|(place, piece)| if place == 0 { piece } else { piece.split_once('}').map_or("", |(_, own)| own) });
    pieces.filter(|piece| piece.chars().any(char::is_alphabetic)).collect()
}

#[test]
fn every_fault_of_the_command_line_is_said_in_the_language() {
    let place = faulty_files();
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mut faults = Vec::new();
    for line in FAULTS.lines().filter(|line| !line.is_empty()) {
        let (asked, keys) = line.split_once('|').unwrap();
        let (status, asked) = asked.split_once(' ').unwrap();
        let asked = asked.replace("{long}", &"ә".repeat(200));
        let asked = STANDING.iter().fold(asked.to_owned(), |text, (name, words)| text.replace(name, words));
        for lang in Lang::ALL {
            let words: Vec<&str> = asked.split_whitespace().chain(["--lang", lang.code()]).collect();
            let (found, _, said) = esep(place.path(), &words, "C");
            let mut missing = keys.split_whitespace().filter(|key| {
                let text: &Text = definitions().words(key);
                !pieces(text.get(lang)).iter().all(|piece| said.contains(piece)) || text.get(Lang::Ru).is_empty()
            });
            if let Some(key) = missing.next() {
                faults.push(format!("{asked} {lang:?}: not {key}, but {said}"));
            }
            if found.to_string() != status {
                faults.push(format!("{asked} {lang:?}: {found}, expected {status}: {said}"));
            }
        }
        met.extend(keys.split_whitespace());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let is_fault = |key: &&str| {
        let starts = ["fault_", "usage_", "explain_no_", "explain_several_"];
        starts.iter().any(|start| key.starts_with(start))
    };
    let all: BTreeSet<&str> = definitions().words.keys().map(String::as_str).filter(is_fault).collect();
    // these say something of a cell, and where to look further
    let said_elsewhere = ["explain_no_rules", "explain_no_result", "usage_more"];
    let known: BTreeSet<&str> = met.iter().copied().chain(BEYOND).chain(said_elsewhere).collect();
    assert_eq!(all, known);
    assert!(BEYOND.iter().all(|key| !met.contains(key)), "{met:?}");
}

#[test]
fn what_is_not_shown_is_said_where_to_find() {
    let place = tempfile::tempdir().unwrap();
    let [organisation, out] = ["organisation.toml", "out"].map(|name| place.path().join(name).display().to_string());
    fs::write(&organisation, "name_ru = \"Орган\"\nbin = \"160440007161\"\n").unwrap();
    let words = ["--form", "1-mk", "--period", "2026Q3", "--organisation", &organisation];
    let (status, _, said) = esep(place.path(), &[&["blank"], &words[..], &["--out", &out]].concat(), "C");
    assert_eq!(status, 0, "{said}");
    // nine cells with nine texts: findings of one text would be one
    let mut report: serde_json::Value =
        serde_json::from_slice(&fs::read(super::bench::root().join("sample-data/adjustments/report.json")).unwrap())
            .unwrap();
    for (nth, line) in report["lines"].as_array_mut().unwrap().iter_mut().take(9).enumerate() {
        *line["values"].as_object_mut().unwrap().values_mut().next().unwrap() = format!("x{nth}").into();
    }
    let form = place.path().join("form.json").display().to_string();
    fs::write(&form, report.to_string()).unwrap();
    let (_, _, said) = esep(place.path(), &["check", &form, "--lang", "ru"], "C");
    assert!(said.contains("все даёт --out ПАПКА или --json"), "{said}");
    let (_, _, said) = esep(place.path(), &["check", &form, "--lang", "ru", "--out", &format!("{out}/checked")], "C");
    assert!(said.contains("полный список – в findings.xlsx"), "{said}");
    // where nothing is written, all is said
    let strange = place.path().join("strange");
    fs::create_dir(&strange).unwrap();
    (0..9).for_each(|nth| fs::write(strange.join(format!("t{nth}.csv")), "a,b\n1,2\n").unwrap());
    let strange = strange.display().to_string();
    let (_, _, said) = esep(place.path(), &[&["generate", &strange], &words[..], &["--out", &out]].concat(), "C");
    assert!((0..9).all(|nth| said.contains(&format!("t{nth}.csv"))), "{said}");
}

/// `"C:\data\" --form 2-mk` reaches a program of Windows as one word with a quote in it.
#[test]
fn a_path_that_swallowed_the_words_behind_it_is_named() {
    for (lang, system) in [(Lang::Ru, "ru_RU.UTF-8"), (Lang::Kk, "kk_KZ.UTF-8")] {
        let dir = TempDir::new().unwrap();
        let hint = definitions().words("quote_swallows").get(lang);
        let (status, _, told) = esep(dir.path(), &["generate", "C:\\data\" --form 2-mk"], system);
        assert!(status == 2 && told.contains(hint), "{told}");
        let (_, _, told) = esep(dir.path(), &["generate", "C:\\data"], system);
        assert!(!told.contains(hint), "{told}");
    }
}
