//! Nobody but the page that the desk served is answered, and nothing is written for anybody else.

use super::client::{Desk, command};
use serde_json::json;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

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

/// Heads that are no plain request of the page, and texts that are no plain JSON: refused, and nothing is written.
#[test]
fn requests_that_are_made_by_hand_are_refused() {
    let desk = Desk::with_sample();
    let before = desk.tree();
    let host = format!("127.0.0.1:{}", desk.port);
    let sent = |method: &str, place: &str, headers: &str, body: &[u8]| {
        let head = format!("{method} {place} HTTP/1.1\nX-Esep-Token: {}\n{headers}Connection: close\n\n", desk.token);
        desk.raw(&head, body).status
    };
    let own = format!("Host: {host}\n");
    let json = |length: usize| format!("{own}Content-Type: application/json\nContent-Length: {length}\n");
    let long = |letters: usize| "a".repeat(letters);
    // another server's name in the line itself, in the host, in what a proxy adds
    assert_eq!(sent("GET", "http://rebound.example/api/state", &own, b""), 421);
    assert_eq!(sent("GET", &format!("http://{host}/api/state"), &own, b""), 421);
    for name in [format!("rebound@{host}"), format!("2130706433:{}", desk.port), format!("[::1]:{}", desk.port)] {
        assert_eq!(sent("GET", "/api/state", &format!("Host: {name}\n"), b""), 421, "{name}");
    }
    assert_eq!(sent("GET", "/api/state", &format!("Host: rebound.example\nX-Forwarded-Host: {host}\n"), b""), 421);
    // a body that is told twice, a body inside a body, heads that do not end
    assert_eq!(sent("POST", "/api/quarter", &format!("{}Content-Length: 5\n", json(50)), b"{}"), 400);
    assert_eq!(
        sent(
            "POST",
            "/api/quarter",
            &format!("{}Transfer-Encoding: chunked\n", json(4)),
            b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
        ),
        400
    );
    assert_eq!(sent("GET", "/api/state", &format!("{own}X-A: {}\n", long(300_000)), b""), 431);
    assert!(matches!(sent("GET", &format!("/api/state?{}", long(100_000)), &own, b""), 414 | 431));
    for (place, body) in [
        ("quarter", "[".repeat(100_000)),
        ("quarter", r#"{"name":"../2026Q1","form":"2-mk"}"#.to_owned()),
        ("quarter", r#"{"name":"2026Q1/..","form":"2-mk"}"#.to_owned()),
        ("undo?q=2026Q3", r#"{"n":-1}"#.to_owned()),
        ("undo?q=2026Q3", r#"{"n":1e400}"#.to_owned()),
        ("show?q=2026Q3", r#"{"what":"../.."}"#.to_owned()),
    ] {
        let status = sent("POST", &format!("/api/{place}"), &json(body.len()), body.as_bytes());
        assert!(matches!(status, 400 | 422), "{place}: {status}");
    }
    let attached =
        json!({ "known": "", "answer": { "ru": "а", "attachments": [{ "file": "../../organisation.toml" }] } });
    assert_eq!(desk.ask("PUT", "narrative/new_services?q=2026Q3", Some(&attached)).status, 400);
    for method in ["TRACE", "PUT", "DELETE"] {
        assert_eq!(sent(method, "/", &json(0), b""), 404, "{method}");
    }
    for place in ["state?q=%ZZ", "state?q=%FF", "cell?q=2026Q3&place=--out%1Fx"] {
        assert_eq!(sent("GET", &format!("/api/{place}"), &own, b""), 400, "{place}");
    }
    assert_eq!(desk.tree(), before);
}

/// Whoever sends half a request and keeps silent is let go, leaves nothing, and stops nobody.
#[test]
fn a_client_that_keeps_silent_stops_nobody() {
    let desk = Desk::with_sample();
    let before = desk.tree();
    let begun = |text: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", desk.port)).unwrap();
        stream.write_all(text.replace('\n', "\r\n").as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    };
    let silent: Vec<TcpStream> = (0..200).map(|_| begun("GET /api/state HTTP/1.1\n")).collect();
    let head = |place: &str, kind: &str| {
        format!(
            "PUT /api/{place}?q=2026Q3 HTTP/1.1\nHost: 127.0.0.1:{}\nX-Esep-Token: {}\nContent-Type: {kind}\n\
             Content-Length: 1000\n\n{{",
            desk.port, desk.token
        )
    };
    let halves =
        [begun(&head("files/slow.csv", "application/octet-stream")), begun(&head("mends", "application/json"))];
    assert_eq!(desk.ask("GET", "state", None).status, 200);
    for mut half in halves {
        let mut said = String::new();
        half.read_to_string(&mut said).unwrap();
        assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
    }
    for mut stream in silent {
        assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap_or(0), 0);
    }
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
    // not for another folder, and not beside another user's desk: said, and nothing is opened
    let refused = |home: &Path, folder: &Path| {
        let ran = command(home).arg(folder).env("LC_ALL", "ru_RU.UTF-8").output().unwrap();
        assert_eq!((ran.status.code(), ran.stdout.as_slice()), (Some(2), &b""[..]));
        String::from_utf8(ran.stderr).unwrap()
    };
    let said = refused(desk.home.path(), &desk.home.path().join("other"));
    assert!(said.contains("уже открыт с другой папкой") && said.contains("Закончить работу"), "{said}");
    let other = tempfile::tempdir().unwrap();
    let said = refused(other.path(), &desk.root());
    assert!(said.contains("держит открытой другой esep-desk"), "{said}");
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
