//! The port and the clock: what the machine lends to the server.

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream, ToSocketAddrs},
    time::Duration,
};

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::Report;
use crate::config::{Config, Http};

const PORT: &str = "port";
const CLOCK: &str = "clock";
/// Tokens and deadlines are off by as much as the clocks are.
const SKEW_SECONDS: i64 = 2;
/// No clock that runs shows an earlier year than the one this was written in.
const LEAST_YEAR: i32 = 2026;
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks whether the port is free, or held by a server like us.
pub(super) async fn examine_port(config: &Config, report: &mut Report) {
    let http = config.http.clone();
    let address = format!("{}:{}", http.host, http.port);
    let outcome = tokio::task::spawn_blocking(move || look_at(&http)).await;
    match outcome {
        Ok(Ok(Port::Free)) => report.fine(PORT, format!("{address} is free")),
        Ok(Ok(Port::Ours)) => {
            report.fine(PORT, format!("{address} answers as a Switchboard server"));
        }
        Ok(Ok(Port::Foreign)) => report.fail(
            PORT,
            format!("{address} is used by another program"),
            "stop that program, or choose another port (--port, http.port)",
        ),
        Ok(Err(error)) => report.fail(
            PORT,
            format!("{address}: {error}"),
            "choose an address of this machine (http.host) and a port this account may use",
        ),
        Err(panic) => report.fail(PORT, panic.to_string(), "report this"),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Port {
    Free,
    Ours,
    Foreign,
}

fn look_at(http: &Http) -> io::Result<Port> {
    match TcpListener::bind((http.host.as_str(), http.port)) {
        Ok(_) => Ok(Port::Free),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            // One that does not answer in our way is not ours, whatever the reason.
            let answer = ask(http).unwrap_or_default();
            let ours = answer.contains("application/problem+json") && answer.contains("\"unauthenticated\"");
            Ok(if ours { Port::Ours } else { Port::Foreign })
        }
        Err(error) => Err(error),
    }
}

/// Asks who we are, which a server of ours answers to nobody in a way of its own.
fn ask(http: &Http) -> io::Result<String> {
    let address = (http.host.as_str(), http.port)
        .to_socket_addrs()?
        .next()
        .ok_or(io::ErrorKind::NotFound)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!(
        "GET /api/v1/identity/me HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        http.host
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Compares our clock with reason, and with the database's.
pub(super) fn examine_clock(ours: DateTime<Utc>, database: Option<DateTime<Utc>>, report: &mut Report) {
    if ours.year() < LEAST_YEAR {
        report.fail(
            CLOCK,
            format!("it shows {ours}"),
            "set the clock; tokens and certificates depend on it",
        );
        return;
    }
    let skew = database.map_or(TimeDelta::zero(), |theirs| ours - theirs);
    if skew.abs() > TimeDelta::seconds(SKEW_SECONDS) {
        report.warn(
            CLOCK,
            format!("it differs from the database's by {} s", skew.num_seconds()),
            "let both machines follow a time server",
        );
    } else {
        report.fine(CLOCK, ours.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Verdict;
    use super::*;

    fn http(port: u16) -> Http {
        Http {
            host: "127.0.0.1".to_owned(),
            port,
            public_url: None,
            workers: None,
            trusted_proxies: Vec::new(),
        }
    }

    /// Answers one request on a port of its own.
    fn answering(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let _n = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        port
    }

    #[test]
    fn a_port_is_free_ours_or_foreign() {
        assert_eq!(look_at(&http(0)).unwrap(), Port::Free);
        let foreign = answering("HTTP/1.1 200 OK\r\n\r\nhello");
        assert_eq!(look_at(&http(foreign)).unwrap(), Port::Foreign);
        let ours = answering(
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\n\r\n\
             {\"code\":\"unauthenticated\"}",
        );
        assert_eq!(look_at(&http(ours)).unwrap(), Port::Ours);
    }

    #[test]
    fn clocks_are_judged() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-11-21T10:00:00Z");
        let cases = [
            (now, None, Verdict::Fine),
            (now, Some(at("2026-11-21T10:00:01Z")), Verdict::Fine),
            (now, Some(at("2026-11-21T10:00:05Z")), Verdict::Warning),
            (at("1970-01-01T00:00:00Z"), None, Verdict::Failed),
        ];
        for (ours, theirs, expect) in cases {
            let mut report = Report::default();
            examine_clock(ours, theirs, &mut report);
            assert_eq!(report.verdict(), expect, "{ours} {theirs:?}");
        }
    }
}
