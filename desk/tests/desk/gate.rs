//! Nobody but the page that the desk served is answered, and nothing is written for anybody else.

use super::client::{Desk, command};
use serde_json::json;
use std::fs;
use std::io::Read;

#[test]
fn a_foreign_page_a_foreign_name_and_a_wrong_token_are_refused() {
    let desk = Desk::with_sample();
    let before = desk.tree();
    let (port, token) = (desk.port, &desk.token);
    let body = json!({ "name": "2026Q2", "form": "2-mk" }).to_string();
    let own = [
        format!("Host: 127.0.0.1:{port}"),
        format!("X-Esep-Token: {token}"),
        "Content-Type: application/json".to_owned(),
    ];
    let send = |method: &str, path: &str, headers: &[String]| {
        let head = format!(
            "{method} {path} HTTP/1.1\n{}\nContent-Length: {}\nConnection: close\n\n",
            headers.join("\n"),
            body.len()
        );
        desk.raw(&head, body.as_bytes())
    };
    let with = |place: usize, header: &str| {
        let mut headers = own.to_vec();
        header.clone_into(&mut headers[place]);
        headers
    };
    let and = |header: &str| [&own[..], &[header.to_owned()]].concat();
    let wrong = token.chars().rev().collect::<String>();
    for (status, headers) in [
        (421, with(0, &format!("Host: localhost:{port}"))),
        (421, with(0, &format!("Host: rebound.example:{port}"))),
        (421, with(0, "Host: 127.0.0.1")),
        (400, with(0, "X-None: 1")),
        (421, and(&format!("Host: 127.0.0.1:{port}"))),
        (403, and("Origin: http://rebound.example")),
        (403, and("Origin: null")),
        (403, and(&format!("Origin: https://127.0.0.1:{port}"))),
        (403, and("Sec-Fetch-Site: cross-site")),
        (403, and("Sec-Fetch-Site: same-site")),
        (401, with(1, "X-Esep-Token: ")),
        (401, with(1, &format!("X-Esep-Token: {wrong}"))),
        (401, with(1, &format!("Cookie: token={token}"))),
        (401, and(&format!("X-Esep-Token: {token}"))),
        (415, with(2, "Content-Type: text/plain")),
        (415, with(2, "Content-Type: application/x-www-form-urlencoded")),
        (415, with(2, "X-None: 1")),
    ] {
        for (method, path) in [("POST", "/api/quarter"), ("PUT", "/api/mends?q=2026Q3"), ("GET", "/api/state")] {
            let answer = send(method, path, &headers);
            // what is asked for by GET has no body to be of a kind
            let is_read = method == "GET" && status == 415;
            // a server of HTTP/1.1 answers a request without a host by itself
            let fits = answer.status == status || status == 400 && answer.status == 421;
            assert!(is_read || fits, "{method} {path} {headers:?}: {}", answer.status);
            assert!(!answer.head.contains("access-control-"), "{}", answer.head);
        }
    }
    // the same with everything right is answered
    assert_eq!(send("GET", "/api/state", &own).status, 200);
    assert_eq!(send("GET", "/api/state", &and(&format!("Origin: http://127.0.0.1:{port}"))).status, 200);
    assert_eq!(send("OPTIONS", "/api/quarter", &and("Origin: http://rebound.example")).status, 403);
    assert_eq!(desk.tree(), before);
}

#[test]
fn the_page_is_bound_to_itself() {
    let desk = Desk::start();
    let head = format!("GET / HTTP/1.1\nHost: 127.0.0.1:{}\nConnection: close\n\n", desk.port);
    let answer = desk.raw(&head, b"");
    assert_eq!(answer.status, 200);
    for wanted in [
        "content-security-policy: default-src 'none'; style-src 'sha256-",
        "frame-ancestors 'none'",
        "connect-src 'self'",
        "x-content-type-options: nosniff",
        "cross-origin-resource-policy: same-origin",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
    ] {
        assert!(answer.head.contains(wanted), "{wanted}: {}", answer.head);
    }
    assert!(!answer.head.contains("set-cookie") && !answer.head.contains("unsafe"), "{}", answer.head);
    let page = String::from_utf8(answer.body).unwrap();
    let page = page.replace("http://www.w3.org/2000/svg", ""); // a name, no address
    assert!(!page.contains(&desk.token) && !page.contains("http://") && !page.contains("https://"));
    // an unknown ticket opens nothing
    let path = "0".repeat(64);
    let head = format!("GET /api/out/{path} HTTP/1.1\nHost: 127.0.0.1:{}\nConnection: close\n\n", desk.port);
    assert_eq!(desk.raw(&head, b"").status, 404);
}

#[test]
fn hostile_names_links_and_sizes_leave_nothing() {
    let desk = Desk::with_sample();
    let outside = desk.home.path().join("outside");
    fs::create_dir(&outside).unwrap();
    let before = desk.tree();
    for name in [
        "..",
        "..%2Fx.csv",
        "%2E%2E%2Fx.csv",
        "a%2Fb.csv",
        "a%5Cb.csv",
        "%00.csv",
        "a%00b.csv",
        ".hidden",
        "con.csv",
        "a%3Ab",
        "C:x.csv",
        "..%5Cx",
        "%FF.csv",
        "a.csv%20",
        "a.csv.",
        &"x".repeat(300),
    ] {
        let answer = desk.drop_file(name, "", b"a,b\n1,2\n");
        assert!(matches!(answer.status, 400 | 404), "{name}: {}", answer.status);
    }
    for quarter in ["..", "2026Q5", "%2E%2E", "2026Q3%2F..", ""] {
        let answer = desk.ask("PUT", &format!("mends?q={quarter}"), Some(&json!({ "known": "", "add": [] })));
        assert!(matches!(answer.status, 400 | 404), "{quarter}: {}", answer.status);
    }
    for file in ["../../organisation.toml", "/etc/passwd", "quarantine/../report.json"] {
        assert_eq!(desk.ask("POST", "ticket?q=2026Q3", Some(&json!({ "file": file }))).status, 400, "{file}");
        let sent = json!({ "file": "report.pdf", "sent": file });
        assert!(matches!(desk.ask("POST", "ticket?q=2026Q3", Some(&sent)).status, 400 | 404), "{file}");
    }
    assert_eq!(desk.ask("POST", "show?q=2026Q3", Some(&json!({ "what": "/" }))).status, 400);
    // five gigabytes are refused by what they say of themselves, and by their bytes where they say nothing
    let large = |name: &str, kind: &str, length: u64| {
        let head = format!(
            "PUT /api/{name} HTTP/1.1\nHost: 127.0.0.1:{}\nX-Esep-Token: {}\nContent-Type: {kind}\nContent-Length: {length}\n\n",
            desk.port, desk.token
        );
        desk.raw(&head, b"a,b\n").status
    };
    assert_eq!(large("files/large.csv?q=2026Q3", "application/octet-stream", 5 << 30), 413);
    assert_eq!(large("mends?q=2026Q3", "application/json", 5 << 30), 413);
    let chunked = format!(
        "PUT /api/mends?q=2026Q3 HTTP/1.1\nHost: 127.0.0.1:{}\nX-Esep-Token: {}\nContent-Type: application/json\n\
         Transfer-Encoding: chunked\n\n",
        desk.port, desk.token
    );
    let chunk = [b"100000\r\n".to_vec(), vec![b' '; 0x0010_0000], b"\r\n".to_vec()].concat();
    assert_eq!(desk.raw(&chunked, &chunk.repeat(9)).status, 413);
    assert_eq!(desk.tree(), before);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, desk.root().join("2026Q3/attachments/link")).unwrap();
        std::os::unix::fs::symlink(outside.join("a.csv"), desk.root().join("2026Q3/records/a.csv")).unwrap();
        assert_eq!(desk.drop_file("a.csv", "", b"a,b\n1,2\n").status, 400);
        std::os::unix::fs::symlink(&outside, desk.root().join("2026Q1")).unwrap();
        let answer = desk.ask("PUT", "mends?q=2026Q1", Some(&json!({ "known": "", "add": [] })));
        assert!(matches!(answer.status, 400 | 404), "{}", answer.status);
    }
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn a_second_start_opens_the_first_and_the_profile_is_its_owners() {
    let desk = Desk::start();
    let mut second = command(desk.home.path()).spawn().unwrap();
    let mut said = String::new();
    second.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(second.wait().unwrap().success());
    assert_eq!(said.trim(), desk.address);
    let profile = desk.home.path().join("config/esep/desk.json");
    assert!(fs::read_to_string(&profile).unwrap().contains(&desk.token));
    #[cfg(unix)]
    for name in ["desk.json", "desk.lock"] {
        let about = fs::metadata(profile.with_file_name(name)).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777, 0o600, "{name}");
    }
}

#[test]
fn it_ends_when_nobody_is_there_and_when_it_is_told_to() {
    let mut idle = Desk::start_with(&["--idle", "1"]);
    assert!(idle.ended());
    let profile = fs::read_to_string(idle.home.path().join("config/esep/desk.json")).unwrap();
    assert!(!profile.contains(&idle.token), "{profile}");
    let mut told = Desk::start();
    told.ask("POST", "quit", Some(&json!({}))).ok();
    assert!(told.ended());
}

/// Only 127.0.0.1 listens: no other address of this machine answers.
#[test]
#[cfg(target_os = "linux")]
fn nothing_but_loopback_is_open() {
    let desk = Desk::start();
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    let port = format!(":{:04X}", desk.port);
    let listening: Vec<&str> = tables
        .iter()
        .flat_map(|table| table.lines())
        .filter_map(|line| {
            let mut parts = line.split_whitespace().skip(1);
            let (local, _, state) = (parts.next()?, parts.next()?, parts.next()?);
            (state == "0A" && local.ends_with(&port)).then_some(local)
        })
        .collect();
    assert_eq!(listening, [format!("0100007F{port}")]);
}
