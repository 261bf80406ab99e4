//! A desk of one test, and the plainest client.

use esep::values::digest::sha256;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The program.
pub const DESK: &str = env!("CARGO_BIN_EXE_esep-desk");

/// A desk that runs, over a folder of its own.
pub struct Desk {
    pub home: TempDir,
    pub address: String,
    pub port: u16,
    pub token: String,
    child: Child,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The same, where it is an answer and no refusal.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
}

pub fn command(home: &Path) -> Command {
    let mut command = Command::new(DESK);
    command.arg("--no-browser").stdin(Stdio::null()).stdout(Stdio::piped());
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join("config")).env("LOCALAPPDATA", home.join("config"));
    command
}

impl Desk {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(options: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options)
    }

    pub fn start_in(home: TempDir, options: &[&str]) -> Self {
        let mut child = command(home.path()).args(options).arg(home.path().join("esep")).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let (before, token) = address.split_once("/#").unwrap();
        let port = before.rsplit(':').next().unwrap().parse().unwrap();
        Self { home, port, token: token.to_owned(), address, child }
    }

    pub fn root(&self) -> PathBuf {
        self.home.path().join("esep").canonicalize().unwrap()
    }

    /// Sends a request as it is written.
    pub fn raw(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(head.replace('\n', "\r\n").as_bytes()).unwrap();
        // the desk may refuse before all of a body is sent
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len().saturating_sub(4));
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
    }

    /// A request as the page sends it.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} /api/{path} HTTP/1.1\nHost: 127.0.0.1:{}\nX-Esep-Token: {}\nContent-Type: application/json\n\
             Content-Length: {}\nConnection: close\n\n",
            self.port,
            self.token,
            body.len()
        );
        self.raw(&head, body.as_bytes())
    }

    pub fn state(&self) -> Value {
        self.ask("GET", "state?q=2026Q3", None).ok()
    }

    /// Drops a file among the records.
    pub fn drop_file(&self, name: &str, known: &str, bytes: &[u8]) -> Answer {
        self.upload(&format!("{name}?q=2026Q3&known={known}"), bytes)
    }

    /// Drops a file elsewhere.
    pub fn drop_in(&self, folder: &str, name: &str, bytes: &[u8]) -> Answer {
        self.upload(&format!("{name}?q=2026Q3&in={folder}"), bytes)
    }

    /// Sends a file to a place.
    pub fn upload(&self, path: &str, bytes: &[u8]) -> Answer {
        let head = format!(
            "PUT /api/files/{path} HTTP/1.1\nHost: 127.0.0.1:{}\nX-Esep-Token: {}\n\
             Content-Type: application/octet-stream\nContent-Length: {}\nConnection: close\n\n",
            self.port,
            self.token,
            bytes.len()
        );
        self.raw(&head, bytes)
    }

    /// A quarter with the sample's body.
    pub fn with_body() -> Self {
        let desk = Self::start();
        desk.ask("POST", "quarter", Some(&json!({ "name": "2026Q3", "form": "2-mk" }))).ok();
        let organisation =
            json!({ "name_ru": "Акимат района (пример)", "name_kk": "Аудан әкімдігі (мысал)", "bin": "600440000267" });
        let body = json!({ "known": "", "organisation": organisation, "languages": ["kk", "ru"] });
        desk.ask("PUT", "organisation?q=2026Q3", Some(&body)).ok();
        desk
    }

    /// The same with the sample's records.
    pub fn with_sample() -> Self {
        let desk = Self::with_body();
        for path in records() {
            let name = path.file_name().unwrap().to_str().unwrap();
            desk.drop_file(name, "", &fs::read(&path).unwrap()).ok();
        }
        desk
    }

    /// Number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Runs to the end; how it ended.
    pub fn count(&self) -> Value {
        self.count_of("")
    }

    /// The same for one of the two works.
    pub fn count_of(&self, work: &str) -> Value {
        self.ask("POST", &format!("run?q=2026Q3&of={work}"), Some(&json!({ "lang": "ru" }))).ok();
        self.ended_run()
    }

    /// Waits for the run to end; how it ended.
    pub fn ended_run(&self) -> Value {
        loop {
            let run = self.ask("GET", "run", None).ok();
            if run["running"] == false {
                return run;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Every file of the folder with its SHA-256.
    pub fn tree(&self) -> BTreeMap<String, String> {
        tree(&self.root())
    }

    /// Ends the program as the system would, at once.
    pub fn kill(mut self) -> TempDir {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::replace(&mut self.home, tempfile::tempdir().unwrap())
    }

    /// Waits until the program has ended by itself.
    pub fn ended(&mut self) -> bool {
        for _ in 0..200 {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The records of the sample.
pub fn records() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample-data/akimat-2026Q3");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut records: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "csv")).collect();
    records.sort();
    records
}

pub fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, sha256(fs::File::open(&path).unwrap()).unwrap());
            }
        }
    }
    found
}
