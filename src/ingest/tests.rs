use super::*;

#[test]
fn try_paths() {
    for path in std::env::var("TRY").unwrap_or_default().split_whitespace() {
        eprintln!("##### {path}");
        match sample::all(Path::new(path), &Options::default()) {
            Ok(lines) => lines.iter().for_each(|line| eprintln!("{line}")),
            Err(fault) => eprintln!("ERR {fault:#}"),
        }
    }
}
