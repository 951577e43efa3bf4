//! Files fetched over TCP with HTTP/1.0, one after the other, each over a connection of its own.

use std::net::Ipv4Addr;

use smoltcp::iface::{Interface, SocketHandle, SocketSet};
use smoltcp::socket::tcp::{RecvError, Socket, SocketBuffer, State};
use smoltcp::wire::{IpAddress, IpEndpoint};

use super::Client;
use crate::clock::Clock;
use crate::exchange::Pace;
use crate::peer::{Outcome, Report, hash, hash_on};

/// How many bytes a connection takes before its reader has taken them.
const WINDOW_BYTES: usize = 16 * 1024;
/// How many bytes wait to be sent: more than a request has.
const SENT_BYTES: usize = 4096;
/// The longest head of an answer.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// The ports that connections are made from, in turn.
const PORT_FIRST: u16 = 49_152;
const PORTS: u64 = 16_384;

/// What is fetched, and how.
#[derive(Clone, Debug)]
pub struct FetchSettings {
    /// From which address.
    pub from: Ipv4Addr,
    /// From which server, and its port.
    pub target: (Ipv4Addr, u16),
    /// Which file: it begins with a slash, and has at most 1,024 bytes.
    pub path: String,
    /// How often and when. The time-out is the connection's: how long the server may be silent.
    pub pace: Pace,
    /// Which of its ports the first connection is made from.
    pub seed: u64,
    /// The machine's clock.
    pub clock: Clock,
}

/// The client.
pub struct Fetch {
    settings: FetchSettings,
    report: Report,
    /// When the next connection is made, unless one is open.
    next: Option<u64>,
    current: Option<Connection>,
    /// Connections that are done and not closed on both sides.
    leaving: Vec<SocketHandle>,
    /// Fetches that failed, and why the first one did.
    failures: u64,
    first_failure: Option<String>,
    /// What the first file's contents were.
    first_hash: Option<u64>,
}

/// A fetch under way.
struct Connection {
    handle: SocketHandle,
    began: u64,
    /// When it last had something to read.
    last: u64,
    asked: bool,
    /// What came before the contents, as long as it is not whole.
    head: Vec<u8>,
    /// What the head said, when it was whole.
    answer: Option<Answer>,
    bytes: u64,
    hash: u64,
}

/// What the head of an answer says.
struct Answer {
    status: String,
    length: Option<u64>,
}

/// How a fetch ends.
type End = Result<(), String>;

impl Fetch {
    /// The client.
    pub fn client(settings: FetchSettings) -> Box<dyn Client> {
        let (server, port) = settings.target;
        let name = format!("http {} > {server}:{port}{}", settings.from, settings.path);
        Box::new(Fetch {
            next: (settings.pace.count > 0).then_some(settings.pace.start),
            report: Report::new(name),
            settings,
            current: None,
            leaving: Vec::new(),
            failures: 0,
            first_failure: None,
            first_hash: None,
        })
    }

    fn connect(&mut self, at: u64, interface: &mut Interface, sockets: &mut SocketSet<'static>) {
        let [received, sent] = [WINDOW_BYTES, SENT_BYTES].map(|it| SocketBuffer::new(vec![0; it]));
        let mut socket = Socket::new(received, sent);
        let timeout = self.settings.clock.duration(self.settings.pace.timeout);
        socket.set_timeout(Some(timeout));
        let (server, port) = self.settings.target;
        let turn = self.settings.seed.wrapping_add(self.report.sent) % PORTS;
        let end = IpEndpoint::new(IpAddress::Ipv4(server), port);
        let from = PORT_FIRST + turn as u16;
        // A port and an address that are not 0 are not refused; if they were, the connection is over at once.
        let _ = socket.connect(interface.context(), end, from);
        self.report.sent += 1;
        self.current = Some(Connection {
            handle: sockets.add(socket),
            began: at,
            last: at,
            asked: false,
            head: Vec::new(),
            answer: None,
            bytes: 0,
            hash: hash(&[]),
        });
    }

    /// Counts a fetch that is over, and lets its connection go.
    fn over(&mut self, connection: Connection, end: End, at: u64) {
        match end {
            Ok(()) => {
                self.report.replies += 1;
                self.report.bytes += connection.bytes;
                self.report.hash = connection.hash;
                self.report.round_trips.add(at - connection.began);
                if *self.first_hash.get_or_insert(connection.hash) != connection.hash {
                    self.report.wrong += 1;
                    self.fail("the contents are others than the first time".to_owned());
                }
            }
            Err(why) => self.fail(why),
        }
        self.leaving.push(connection.handle);
        let left = self.report.sent < self.settings.pace.count;
        let interval = self.settings.pace.interval.unwrap_or(0);
        let next = connection.began.saturating_add(interval).max(at);
        self.next = left.then_some(next);
    }

    fn fail(&mut self, why: String) {
        self.failures += 1;
        self.first_failure.get_or_insert(why);
    }
}

impl Client for Fetch {
    fn open(&mut self, _: &mut SocketSet<'static>) {}

    fn act(&mut self, at_cycles: u64, interface: &mut Interface, sockets: &mut SocketSet<'static>) {
        self.leaving.retain(|handle| {
            let closed = sockets.get::<Socket>(*handle).state() == State::Closed;
            if closed {
                sockets.remove(*handle);
            }
            !closed
        });
        if let Some(mut connection) = self.current.take() {
            let timeout = self.settings.pace.timeout;
            let socket = sockets.get_mut::<Socket>(connection.handle);
            match connection.go_on(socket, &self.settings.path, at_cycles, timeout) {
                Some(end) => {
                    match end {
                        Ok(()) => socket.close(),
                        Err(_) => socket.abort(),
                    }
                    self.over(connection, end, at_cycles);
                }
                None => self.current = Some(connection),
            }
        }
        if self.next.is_some_and(|next| next <= at_cycles) {
            self.next = None;
            self.connect(at_cycles, interface, sockets);
        }
    }

    fn due_cycles(&self) -> Option<u64> {
        self.next
    }

    fn report(&self) -> Report {
        let mut report = self.report.clone();
        let running = self.next.is_some() || self.current.is_some();
        report.outcome = match &self.first_failure {
            _ if running => Outcome::Running,
            None => Outcome::Finished,
            Some(why) if report.sent == 1 => Outcome::Failed(why.clone()),
            Some(why) => Outcome::Failed(format!(
                "{} of {} fetches; the first one since {why}",
                self.failures, report.sent
            )),
        };
        report
    }
}

impl Connection {
    /// Asks, and takes what has come; says how it ended, if it did.
    fn go_on(&mut self, socket: &mut Socket, path: &str, at: u64, timeout: u64) -> Option<End> {
        if !self.asked && socket.may_send() {
            let request = format!("GET {path} HTTP/1.0\r\n\r\n");
            self.asked = socket.send_slice(request.as_bytes()).is_ok();
        }
        let end = loop {
            let taken = socket.recv(|bytes| {
                let taken = self.take(bytes);
                (bytes.len(), (taken, bytes.is_empty()))
            });
            match taken {
                Ok((Err(why), _)) => return Some(Err(why)),
                Ok((Ok(()), false)) => self.last = at,
                Ok((Ok(()), true)) => break None,
                Err(error) => break Some(error),
            }
        };
        let length = self.answer.as_ref().and_then(|answer| answer.length);
        if length == Some(self.bytes) {
            return Some(self.whole());
        }
        match end {
            Some(RecvError::Finished) => Some(self.whole()),
            _ if socket.state() == State::Closed => Some(Err(self.broken(at, timeout))),
            _ => None,
        }
    }

    /// Takes what came next: head or contents.
    fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut contents = bytes;
        let rest;
        if self.answer.is_none() {
            self.head.extend(bytes);
            let end = self.head.windows(4).position(|it| it == b"\r\n\r\n");
            let Some(end) = end else {
                return match self.head.len() {
                    0..=HEAD_BYTES_MAX => Ok(()),
                    _ => Err("the answer's head does not end".to_owned()),
                };
            };
            rest = self.head.split_off(end + 4);
            self.answer = Some(answer(&self.head)?);
            contents = &rest;
        }
        self.bytes += contents.len() as u64;
        self.hash = hash_on(self.hash, contents);
        Ok(())
    }

    /// Whether what came before the end is all of it.
    fn whole(&self) -> End {
        let Some(answer) = &self.answer else {
            return Err("the server closed the connection within the answer's head".to_owned());
        };
        match answer.length {
            Some(length) if length != self.bytes => Err(format!(
                "the answer has {} bytes and was said to have {length}",
                self.bytes
            )),
            _ if answer.status != "200" => {
                Err(format!("the server answered with status {}", answer.status))
            }
            _ => Ok(()),
        }
    }

    /// Why a connection is over that was not closed.
    fn broken(&self, at: u64, timeout: u64) -> String {
        let silent = at.saturating_sub(self.last) >= timeout;
        match (self.asked, silent) {
            (false, true) => "no connection came about in time".to_owned(),
            (false, false) => "the server refused the connection".to_owned(),
            (true, true) => format!("the server fell silent behind {} bytes", self.bytes),
            (true, false) => format!(
                "the server broke the connection off behind {} bytes",
                self.bytes
            ),
        }
    }
}

/// Reads the head of an answer.
fn answer(head: &[u8]) -> Result<Answer, String> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("");
    let mut words = first.split_ascii_whitespace();
    let version = words.next().unwrap_or("");
    let status = words.next().unwrap_or("");
    if !version.starts_with("HTTP/1.") || status.len() != 3 {
        let first: String = first.chars().take(60).collect();
        return Err(format!("the answer does not begin as HTTP's do: {first:?}"));
    }
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let wanted = name.trim().eq_ignore_ascii_case("content-length");
        wanted.then(|| value.trim().to_owned())
    };
    let length = match lines.find_map(named) {
        Some(text) => {
            let length = text.parse();
            Some(length.map_err(|_| format!("the answer's length is no number: {text:?}"))?)
        }
        None => None,
    };
    Ok(Answer {
        status: status.to_owned(),
        length,
    })
}
