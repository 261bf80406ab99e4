//! What of every request is looked at before anything else, and what every answer says of itself.

use crate::refusal::Refusal;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};

/// Header that carries the token.
pub const TOKEN: &str = "x-esep-token";
/// Bytes of a JSON body, at most.
pub const JSON_BYTES: usize = 8 << 20;
/// Bytes of a file that is dropped, at most.
pub const FILE_BYTES: u64 = 2 << 30;

/// Who may ask: the page that this desk served, and nobody else.
#[derive(Debug, Clone)]
pub struct Gate {
    host: String,
    origin: String,
    token: String,
}

impl Gate {
    pub fn new(port: u16, token: &str) -> Self {
        let host = format!("127.0.0.1:{port}");
        Self { origin: format!("http://{host}"), host, token: token.to_owned() }
    }

    /// # Errors
    /// Another name of this machine, another page, no token or a wrong one, a body that is not what it must be.
    pub fn check(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let only = |name: HeaderName| {
            let mut all = headers.get_all(name).iter();
            let first = all.next();
            (first.and_then(|value| value.to_str().ok()), first.is_some(), all.next().is_some())
        };
        // a name that somebody else's server points at this machine must not open it
        if only(header::HOST) != (Some(&self.host), true, false) {
            return Err(Refusal::new(421, "refused_host"));
        }
        let origin = only(header::ORIGIN);
        if origin.1 && origin != (Some(&self.origin), true, false) {
            return Err(Refusal::new(403, "refused_origin"));
        }
        let site = only(HeaderName::from_static("sec-fetch-site"));
        if site.1 && (site.2 || !matches!(site.0, Some("same-origin" | "none"))) {
            return Err(Refusal::new(403, "refused_origin"));
        }
        let is_plain = method == Method::GET && (path == "/" || path.starts_with("/api/out/"));
        if is_plain {
            return Ok(());
        }
        let token = only(HeaderName::from_static(TOKEN));
        if token.2 || !token.0.is_some_and(|given| is_same(given.as_bytes(), self.token.as_bytes())) {
            return Err(Refusal::new(401, "refused_token"));
        }
        if method == Method::GET {
            return Ok(());
        }
        let kind = only(header::CONTENT_TYPE);
        let wanted = if is_upload(method, path) { "application/octet-stream" } else { "application/json" };
        if kind != (Some(wanted), true, false) {
            return Err(Refusal::new(415, "refused_request"));
        }
        Ok(())
    }
}

/// Whether the body is a file.
pub fn is_upload(method: &Method, path: &str) -> bool {
    method == Method::PUT && path.starts_with("/api/files/")
}

/// Compares without telling by its time how far two texts agree.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// What every answer says of itself.
pub fn guard(headers: &mut HeaderMap) {
    let said = [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in said {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
}

/// 256 bits from the system, as 64 digits.
///
/// # Errors
/// The system gives none.
pub fn secret() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| std::io::Error::other("no random numbers"))?;
    Ok(esep::values::digest::hex(&bytes))
}
