//! Values of records in the spellings of life, each with what it means.

use super::super::definitions;
use super::dice::Dice;
use esep::definitions::record::Table;
use esep::words::lang::Lang;

/// A cell as a person or a program left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(u32),
    /// A day of 2026: month and day.
    Day(u32, u32),
    /// A number that a formula gave.
    Formula(u32),
    /// What a spreadsheet leaves where a formula could not be counted.
    Error(&'static str),
}

impl Cell {
    pub fn print(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) | Self::Formula(number) => number.to_string(),
            Self::Error(error) => (*error).to_owned(),
            Self::Day(month, day) => format!("{day:02}.{month:02}.2026"),
        }
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// What a record must say of a field if it counts; `None`: nobody knows, the record must not count.
pub type Meaning = Option<String>;

pub const SERVICES: [&str; 8] =
    ["record_id", "service_code", "service_name", "channel", "applicant", "received_at", "completed_at", "quantity"];
pub const TRAINING: [&str; 4] = ["record_id", "completed_on", "course", "quantity"];

const NOTHING: [&str; 8] = ["", " ", "-", "—", "NULL", "н/д", "(null)", "None"];
const BROKEN: [&str; 5] = ["#Н/Д", "#REF!", "#ДЕЛ/0!", "Err:502", "###"];

pub fn table(name: &str) -> &'static Table {
    definitions().tables.iter().find(|table| table.table == name).expect("a table")
}

fn is_russian(text: &str) -> bool {
    text.chars().all(|letter| super::letters::windows_1251(letter).is_some())
}

/// A header of a field: any of its spellings, as people and programs disfigure them.
pub fn header(table: &Table, field: &str, dice: &mut Dice<'_>) -> String {
    let definition = &table.fields[table.position(field).expect("a field")];
    let all = definition.headers.all().chain([field]);
    let spellings: Vec<&str> = all.filter(|text| !dice.is_russian || is_russian(text)).collect();
    let plain = dice.of(&spellings).to_owned();
    match dice.roll(16) {
        0 => format!(" {plain} "),
        1 => plain.to_uppercase(),
        2 => format!("{plain}*"),
        3 if !dice.is_russian => format!("\u{feff}{plain}"),
        4 => plain.replace(' ', "\u{a0}"),
        5 => format!("{plain}:"),
        6 => plain.replace('а', "a").replace('о', "o"),
        _ => plain,
    }
}

/// A value of a field of the record with this number, and what it means.
pub fn value(field: &str, number: u32, dice: &mut Dice<'_>) -> (Cell, Meaning) {
    let text = |text: &str| Cell::Text(text.to_owned());
    match dice.roll(150) {
        0 => return (text(dice.of(&BROKEN)), None),
        1 => return (Cell::Error(["#N/A", "#REF!", "#DIV/0!", "#VALUE!"][dice.roll(4)]), None),
        _ => {}
    }
    match field {
        "record_id" => id(number, dice),
        "service_code" => match dice.roll(40) {
            0 => (text("10.мар"), None),
            1 => (text("01.02.2026"), None),
            2 => (text(dice.of(&NOTHING)), Some(String::new())),
            _ => forced("00401001", dice),
        },
        "service_name" | "course" => {
            let name = dice.of(&[
                "Справка",
                "Выдача справки",
                "Справка; копия, дубликат | выписка",
                "Справка «А» \"Б\"",
                "Выдача  справки\u{a0}о составе",
                "Справка\nо доходах",
                "Всего одна справка",
                "1",
                "Spravka",
            ]);
            (text(name), Some(name.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        "channel" => code("channel", &["office_paper", "egov_portal", "elicense"], dice),
        "applicant" if dice.is_one_in(50) => (text(dice.of(&NOTHING)), None),
        "applicant" => code("applicant", &["individual", "legal_entity"], dice),
        "quantity" => match dice.roll(30) {
            0 => (text("1 000"), Some("1000".to_owned())),
            1 => (text("2,5"), None),
            2 => (text("0"), None),
            3 => (text("3 шт"), None),
            4..=7 => (text(dice.of(&NOTHING)), Some("1".to_owned())),
            8 => (text("7"), Some("7".to_owned())),
            _ => {
                let number = u32::try_from(dice.roll(5)).unwrap_or_default() + 1;
                let cell = if dice.is_one_in(6) { Cell::Formula(number) } else { Cell::Number(number) };
                (cell, Some(number.to_string()))
            }
        },
        _ => day(field == "completed_at" || field == "completed_on", dice),
    }
}

fn id(number: u32, dice: &mut Dice<'_>) -> (Cell, Meaning) {
    let plain = match dice.roll(5) {
        0 => format!("{number:08}"),
        1 => format!("KZ/{number}-26"),
        2 => format!("{}", 1000 + number),
        3 => format!("№ {number}"),
        _ => format!("A-{number}"),
    };
    match dice.roll(40) {
        0 if !dice.is_russian => (Cell::Text(format!("\u{200b}{plain}")), Some(plain)),
        1 => (Cell::Text(format!("{plain}\u{a0}")), Some(plain)),
        2 => {
            let (first, rest) = plain.split_at(plain.char_indices().nth(1).map_or(0, |(at, _)| at));
            (Cell::Text(format!("{first}\u{ad}{rest}")), Some(plain))
        }
        3 => (Cell::Text("1.11E+08".to_owned()), None),
        4 => (Cell::Text(dice.of(&NOTHING).to_owned()), None),
        5 if plain.starts_with('1') => (Cell::Number(1000 + number), Some(plain)),
        6 | 7 => forced(&plain, dice),
        _ => (Cell::Text(plain.clone()), Some(plain)),
    }
}

/// A text, perhaps with the marks by which people force a spreadsheet to leave it.
fn forced(plain: &str, dice: &mut Dice<'_>) -> (Cell, Meaning) {
    let spelled = match dice.roll(8) {
        0 => format!("=\"{plain}\""),
        1 => format!("'{plain}"),
        2 => format!("  {plain}\t"),
        _ => plain.to_owned(),
    };
    (Cell::Text(spelled), Some(plain.to_owned()))
}

fn code(list: &str, codes: &[&str], dice: &mut Dice<'_>) -> (Cell, Meaning) {
    let code = dice.of(codes);
    let known = definitions().codelist(list).expect("a list");
    let label = &known.codes[known.position(code).expect("a code")].label;
    let spelled = match dice.roll(8) {
        0 => label.get(Lang::Ru),
        1 if !dice.is_russian => label.get(Lang::Kk),
        2 => label.get(Lang::En),
        3 if dice.is_one_in(4) => return (Cell::Text("неизвестно".to_owned()), None),
        _ => code,
    };
    (Cell::Text(spelled.to_owned()), Some(code.to_owned()))
}

fn day(is_later: bool, dice: &mut Dice<'_>) -> (Cell, Meaning) {
    let (month, day) = if is_later { (8, dice.roll(20) + 1) } else { (7, dice.roll(28) + 1) };
    let day = u32::try_from(day).unwrap_or(1);
    let iso = format!("2026-{month:02}-{day:02}");
    let spelled = match dice.roll(16) {
        0 => format!("{iso}T00:00:00"),
        1 => format!("{iso} 00:00:00.000+05"),
        2 => format!("{iso} 10:15"),
        3 => format!("{day}.{month}.2026"),
        4 => format!("{day:02}.{month:02}.2026 9:05"),
        5 => format!("{iso}T23:30:00+05:00"),
        6 => format!("{iso}T04:00:00Z"),
        7 if dice.is_one_in(6) => return (Cell::Text(format!("{day:02}.{month:02}.26")), None),
        12 if dice.is_one_in(8) => return (Cell::Number(46_210), None),
        8 if dice.is_one_in(6) => return (Cell::Text(format!("{month:02}/{day:02}/2026")), None),
        9..=11 => return (Cell::Day(month, day), Some(iso)),
        _ => iso.clone(),
    };
    (Cell::Text(spelled), Some(iso))
}
