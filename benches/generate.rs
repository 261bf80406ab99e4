//! Writes service records of any size: `generate ROWS FILE [--faults PER_MILLE] [--seed N]`, by default one fault in
//! 1,000 rows; `organisation.toml` goes beside the file.
#![allow(clippy::unwrap_used, clippy::pedantic)]

mod records;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str, default: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        place.map_or(default, |place| arguments[place + 1].parse().expect("a number"))
    };
    let rows: u64 = arguments[0].replace('_', "").parse().expect("number of rows");
    let path = PathBuf::from(&arguments[1]);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&path).expect("a file that can be written"));
    records::write(rows, option("--faults", 1), option("--seed", 1), &mut file).expect("written");
    file.flush().expect("written");
    let organisation = "name_ru = \"Оператор (пример)\"\nbin = \"160440007161\"\nlanguages = [\"ru\"]\n";
    std::fs::write(path.with_file_name("organisation.toml"), organisation).expect("written");
}
