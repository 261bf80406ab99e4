//! esep: see `README.md`.

fn main() -> std::process::ExitCode {
    esep::cli::main()
}
