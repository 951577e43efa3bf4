//! A small server of static files, on this machine only, that sends what a good host would.
//!
//! The protocol is parsed by `httparse`. One request a connection is enough for one page on one machine.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::headers::{self, Header};
use crate::page_files;

/// How much of a request is read: more than any browser sends for a file.
const LONGEST_REQUEST: usize = 64 * 1024;
/// How many headers of a request are looked at.
const MOST_HEADERS: usize = 128;
/// How long a connection may say nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that holds its port, and can be told later which directory to serve.
#[derive(Debug)]
pub struct PageServer {
    listener: TcpListener,
    address: SocketAddr,
}

impl PageServer {
    /// Takes this port of the loopback interface; 0 takes any free one.
    ///
    /// # Errors
    /// When the port is taken, or may not be used. Nothing is then held.
    pub fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where a browser finds the page, with a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves the directory until the process ends.
    pub fn serve(self, directory: &Path) {
        let directory: Arc<Path> = directory.into();
        for connection in self.listener.incoming().flatten() {
            let directory = Arc::clone(&directory);
            // A connection that fails concerns nobody else: the browser asks again.
            thread::spawn(move || answer(connection, &directory));
        }
    }

    /// Serves the directory from a thread of its own, until the process ends; returns the page's address.
    #[must_use]
    pub fn serve_in_background(self, directory: PathBuf) -> String {
        let url = self.url();
        thread::spawn(move || self.serve(&directory));
        url
    }
}

/// What is sent back.
struct Response {
    status: &'static str,
    media_type: &'static str,
    body: Vec<u8>,
}

impl Response {
    /// A refusal in one line of text.
    fn refusal(status: &'static str) -> Self {
        Self {
            status,
            media_type: "text/plain; charset=utf-8",
            body: format!("{status}\n").into_bytes(),
        }
    }
}

/// Reads one request, answers it, and closes.
fn answer(mut connection: TcpStream, directory: &Path) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let Some(request) = read_request(&mut connection)? else {
        let refusal = Response::refusal("400 Bad Request");
        return send(&mut connection, &refusal, &[], true);
    };
    let response = respond(&request, directory);
    // Read at each request: a build that ended a moment ago has a new policy.
    let text = std::fs::read_to_string(directory.join(headers::FILE_NAME)).unwrap_or_default();
    let with_body = request.method != "HEAD";
    send(
        &mut connection,
        &response,
        &headers::parse(&text),
        with_body,
    )
}

/// The two parts of a request that matter here.
struct Request {
    method: String,
    target: String,
}

/// The next request on the connection; `None` if it is not one, or too long.
fn read_request(connection: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut received = Vec::new();
    let mut chunk = [0; 4096];
    while received.len() < LONGEST_REQUEST {
        let length = connection.read(&mut chunk)?;
        if length == 0 {
            return Ok(None);
        }
        received.extend_from_slice(&chunk[..length]);
        match parse_request(&received) {
            Ok(None) => {}
            Ok(request) => return Ok(request),
            Err(_) => return Ok(None),
        }
    }
    Ok(None)
}

/// The request in these bytes, or `None` if its end has not come yet.
fn parse_request(received: &[u8]) -> Result<Option<Request>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    if request.parse(received)?.is_partial() {
        return Ok(None);
    }
    let part = |part: Option<&str>| part.unwrap_or_default().to_owned();
    Ok(Some(Request {
        method: part(request.method),
        target: part(request.path),
    }))
}

/// The answer to a request, from the files of the directory.
fn respond(request: &Request, directory: &Path) -> Response {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Response::refusal("405 Method Not Allowed");
    }
    let Some(file) = page_files::resolve(directory, &request.target) else {
        return Response::refusal("404 Not Found");
    };
    match std::fs::read(&file) {
        Ok(body) => Response {
            status: "200 OK",
            media_type: page_files::media_type(&file),
            body,
        },
        Err(_) => Response::refusal("404 Not Found"),
    }
}

/// Writes the response with these headers besides its own.
fn send(
    connection: &mut TcpStream,
    response: &Response,
    headers: &[Header],
    with_body: bool,
) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n",
        response.status,
        response.media_type,
        response.body.len()
    );
    for header in headers {
        head.push_str(&format!("{}: {}\r\n", header.name, header.value));
    }
    head.push_str("\r\n");
    connection.write_all(head.as_bytes())?;
    if with_body {
        connection.write_all(&response.body)?;
    }
    connection.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the server answers to these bytes, in a page of one file with one header of its own.
    fn exchange(name: &str, request: &str) -> String {
        let page = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&page).unwrap();
        std::fs::write(page.join("index.html"), "the page").unwrap();
        let own = [Header::new("Referrer-Policy", "no-referrer")];
        std::fs::write(page.join(headers::FILE_NAME), headers::render(&own)).unwrap();
        let server = PageServer::bind(0).unwrap();
        let address = server.address;
        let _ = server.serve_in_background(page.clone());
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        std::fs::remove_dir_all(page).unwrap();
        answer
    }

    #[test]
    fn the_page_is_served_with_its_headers() {
        let answer = exchange("page", "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\nReferrer-Policy: no-referrer\r\n"));
        assert!(answer.contains("\r\nCache-Control: no-cache\r\n"));
        assert!(answer.ends_with("\r\n\r\nthe page"));
    }

    #[test]
    fn a_head_request_gets_no_body() {
        let answer = exchange("head", "HEAD / HTTP/1.1\r\n\r\n");
        assert!(answer.contains("\r\nContent-Length: 8\r\n"));
        assert!(answer.ends_with("\r\n\r\n"));
    }

    #[test]
    fn what_is_not_there_or_not_asked_properly_is_refused() {
        for (request, status) in [
            ("GET /absent HTTP/1.1\r\n\r\n", "404"),
            ("GET /_headers HTTP/1.1\r\n\r\n", "404"),
            ("GET /../Cargo.toml HTTP/1.1\r\n\r\n", "404"),
            ("POST / HTTP/1.1\r\n\r\n", "405"),
            ("nonsense\r\n\r\n", "400"),
        ] {
            let answer = exchange("refused", request);
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{answer}"
            );
        }
    }

    #[test]
    fn a_taken_port_is_refused_at_once() {
        let first = PageServer::bind(0).unwrap();
        let second = PageServer::bind(first.address.port());
        assert_eq!(second.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}
