//! The server: this machine alone, one page, an interface of JSON behind the token.

use crate::api::answer;
use crate::api::asked::Asked;
use crate::api::outcome::prepare;
use crate::door::{self, PATIENCE};
use crate::gate::{FILE_BYTES, JSON_BYTES, guard, is_upload};
use crate::refusal::Refusal;
use crate::state::App;
use crate::store;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tempfile::NamedTempFile;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;

/// What handlers share.
#[derive(Debug, Clone)]
struct Shared {
    app: Arc<App>,
    quit: Arc<Notify>,
}

/// Serves until nobody has been there for so long, or the page ends it.
pub async fn serve(listener: TcpListener, app: Arc<App>, idle: Duration) {
    let quit = Arc::new(Notify::new());
    let shared = Shared { app: Arc::clone(&app), quit: Arc::clone(&quit) };
    let router = Router::new().fallback(respond).with_state(shared);
    let (runs, behind) = (app.runs.ended(), Arc::downgrade(&app));
    thread::spawn(move || {
        for quarter in runs {
            let Some(app) = behind.upgrade() else { return };
            let _ = prepare(&app, &quarter);
        }
    });
    let watched = Arc::clone(&app);
    let ended = async move {
        loop {
            let pause = idle.min(Duration::from_secs(5));
            tokio::select! {
                () = quit.notified() => return,
                () = tokio::time::sleep(pause) => {
                    if watched.quiet() >= idle && !watched.runs.standing().running {
                        return;
                    }
                }
            }
        }
    };
    // no waiting for what a browser keeps open
    tokio::select! {
        () = door::serve(listener, router) => {},
        () = ended => {},
    }
    app.runs.end();
}

async fn respond(State(shared): State<Shared>, request: Request) -> Response {
    let mut response = match route(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => refused(&refusal),
    };
    guard(response.headers_mut());
    response
}

async fn route(shared: &Shared, request: Request) -> Result<Response, Refusal> {
    let app = &shared.app;
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method, parts.uri.path().to_owned());
    // a request that names another server was meant for it
    if parts.uri.authority().is_some() {
        return Err(Refusal::new(421, "refused_host"));
    }
    app.gate.check(&method, &path, &parts.headers)?;
    let rest = path.strip_prefix("/api/");
    let Some(rest) = rest else {
        let is_page = path == "/" && method == Method::GET;
        return if is_page { page(app) } else { Err(Refusal::new(404, "refused_absent")) };
    };
    let decoded = |text: &str| decode(text).ok_or_else(Refusal::malformed);
    let path: Vec<String> = rest.split('/').map(decoded).collect::<Result<_, _>>()?;
    let mut query = BTreeMap::new();
    for pair in parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        query.insert(decoded(key)?, decoded(value)?);
    }
    if method == Method::GET && path.first().is_some_and(|first| first == "out") {
        return out(app, path.get(1).map_or("", String::as_str)).await;
    }
    if method == Method::POST && path == ["quit"] {
        shared.quit.notify_one();
        return Ok(said(StatusCode::OK, &json!({})));
    }
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let upload = is_upload(&method, parts.uri.path());
    let most = if upload { FILE_BYTES } else { JSON_BYTES as u64 };
    if length.is_some_and(|length| length > most) {
        return Err(Refusal::new(413, "refused_large"));
    }
    let mut asked = Asked { method, path, query, body: Vec::new(), file: None };
    if upload {
        asked.file = Some(receive(app, &asked, body).await?);
    } else {
        asked.body = whole(body).await?;
    }
    let app = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || answer(&app, asked)).await;
    let done = done.map_err(|_| Refusal::new(500, "refused_fault"))??;
    Ok(said(StatusCode::OK, &done))
}

async fn whole(body: Body) -> Result<Vec<u8>, Refusal> {
    let limited = Limited::new(body, JSON_BYTES);
    let collected = timeout(PATIENCE, limited.collect()).await.map_err(|_| slow())?.map_err(|fault| {
        let is_large = fault.downcast_ref::<LengthLimitError>().is_some();
        if is_large { Refusal::new(413, "refused_large") } else { Refusal::malformed() }
    })?;
    Ok(collected.to_bytes().to_vec())
}

/// The rest of a request did not come.
fn slow() -> Refusal {
    Refusal::new(408, "refused_slow")
}

/// Writes a body that comes beside the files of its quarter; what is refused leaves nothing.
async fn receive(app: &App, asked: &Asked, mut body: Body) -> Result<NamedTempFile, Refusal> {
    let quarter = asked.query.get("q").ok_or_else(Refusal::malformed)?;
    let open = crate::quarter::OpenQuarter::open(&app.folder, quarter)?;
    open.writable()?;
    let name = asked.path.get(1).and_then(|name| crate::folder::component(name));
    name.ok_or(Refusal::new(400, "refused_name"))?;
    let mut file = store::beside(&open.place(&app.folder, &[".bin", "received"])?)?;
    let mut bytes = 0;
    while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(|_| slow())? {
        let frame = frame.map_err(|_| Refusal::malformed())?;
        if let Some(data) = frame.data_ref() {
            bytes += data.len() as u64;
            if bytes > FILE_BYTES {
                return Err(Refusal::new(413, "refused_large"));
            }
            file.write_all(data)?;
        }
        app.beat();
    }
    Ok(file)
}

fn page(app: &App) -> Result<Response, Refusal> {
    let mut response = Response::new(Body::from(app.page.html.clone()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = HeaderValue::from_str(&app.page.policy).map_err(|_| Refusal::new(500, "refused_fault"))?;
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY"));
    Ok(response)
}

/// A file that a ticket opens.
async fn out(app: &Arc<App>, ticket: &str) -> Result<Response, Refusal> {
    let (path, kind) = app.redeem(ticket).ok_or(Refusal::new(404, "refused_absent"))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let bytes = read.map_err(|_| Refusal::new(500, "refused_fault"))??;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let is_page = kind.starts_with("text/html");
    // the review page lives in a frame of the desk, as a stranger: its own policy allows its script alone
    let policy = if is_page {
        "sandbox allow-scripts; frame-ancestors 'self'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    let shown = if is_page || kind == "application/pdf" { "inline" } else { "attachment" };
    let disposition = format!("{shown}; filename=\"{name}\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

fn said(status: StatusCode, value: &serde_json::Value) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(value.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn refused(refusal: &Refusal) -> Response {
    let mut response =
        said(StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &refusal.body());
    // what was not read of the request is not taken for the next one
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Undoes `%D0%B0`; `None`: what comes of it is no text.
fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}
