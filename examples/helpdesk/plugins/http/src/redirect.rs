//! Which redirects are followed: within the host, and only where the request stays what it was.

use helpdesk_http_client::{HeaderMap, Method, StatusCode, Url, header};

/// What to do with an answer.
#[derive(Debug, PartialEq)]
pub(crate) enum Turn {
    /// It is the answer.
    Stay,
    /// The request is sent there, as it was.
    Follow(Url),
    /// It must not go there.
    Refuse(String),
}

/// Whether the answer is a redirect, and where to.
pub(crate) fn turn(method: &Method, from: &Url, status: StatusCode, headers: &HeaderMap) -> Turn {
    let kept = match status.as_u16() {
        307 | 308 => true,
        // Everybody makes a GET of these, which is what a GET is already.
        301..=303 => *method == Method::GET,
        _ => return Turn::Stay,
    };
    let location = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| from.join(text).ok());
    let Some(to) = location else {
        return Turn::Refuse("to no place that can be read".to_owned());
    };
    let shown = format!(
        "to {}://{}{}",
        to.scheme(),
        to.host_str().unwrap_or_default(),
        to.port().map(|port| format!(":{port}")).unwrap_or_default()
    );
    if !same_host(from, &to) {
        Turn::Refuse(format!(
            "{shown}, which is another server; is that the right address?"
        ))
    } else if !kept {
        Turn::Refuse(format!(
            "{shown}, where it would become a GET; is that the right address?"
        ))
    } else {
        Turn::Follow(to)
    }
}

/// Whether both are of one server, or of one host with encryption where there was none.
fn same_host(from: &Url, to: &Url) -> bool {
    let ports = (from.port_or_known_default(), to.port_or_known_default());
    let upgrade =
        from.scheme() == "http" && to.scheme() == "https" && ports == (Some(80), Some(443));
    let same = from.scheme() == to.scheme() && ports.0 == ports.1;
    from.host() == to.host() && (same || upgrade)
}

#[cfg(test)]
mod tests {
    use helpdesk_http_client::HeaderValue;

    use super::*;

    #[test]
    fn a_request_follows_within_its_server_and_never_changes() {
        let from: Url = "http://desk.invalid/api/a".parse().expect("an address");
        let get = Method::GET;
        let post = Method::POST;
        for (method, status, location, follows) in [
            (&get, 301, "/api/b", true),
            (&get, 303, "b", true),
            (&get, 302, "https://desk.invalid/api/a", true),
            (&post, 307, "/api/b", true),
            (&post, 302, "/api/b", false),
            (&get, 302, "http://other.invalid/api/a", false),
            (&get, 302, "http://desk.invalid:8080/api/a", false),
            (&get, 302, "//evil.invalid/", false),
            (&get, 302, "file:///etc/passwd", false),
            (&get, 308, "", true),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            let value = HeaderValue::from_static(location);
            let headers = HeaderMap::from_iter([(header::LOCATION, value)]);
            let turn = turn(method, &from, status, &headers);
            assert_eq!(
                matches!(turn, Turn::Follow(_)),
                follows,
                "{location}: {turn:?}"
            );
            assert_ne!(turn, Turn::Stay);
        }
        let secure: Url = "https://desk.invalid/".parse().expect("an address");
        let plain: Url = "http://desk.invalid/".parse().expect("an address");
        assert!(!same_host(&secure, &plain), "encryption is never given up");
        let stay = turn(&get, &from, StatusCode::NOT_MODIFIED, &HeaderMap::new());
        assert_eq!(stay, Turn::Stay);
    }
}
