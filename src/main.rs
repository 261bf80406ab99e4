//! esep: see `README.md`.

fn main() -> std::process::ExitCode {
    esep::commands::main()
}
