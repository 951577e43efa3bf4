//! A datagram back and forth without a protocol stack in between: what the paper's table 11 measures.
//!
//! Both ends here answer questions for their address (ARP) and look at nothing but UDP.

use std::collections::VecDeque;

use exo_net::frames::{self, UDP};

use crate::exchange::{Echo, Pace, Protocol, Requests};
use crate::peer::{Peer, Report, hash_on};
use crate::source::Ends;

/// Where a frame with UDP in IPv4 without options has its fields.
const TYPE: usize = 12;
const IPV4: usize = 14;
const DATAGRAM: usize = 34;
const CONTENTS: usize = 42;

/// The contents of a datagram that a frame carries to an address, and its ports; `None` if it carries none, if
/// it is a fragment, or if its header has options.
fn datagram(frame: &[u8], ends: &Ends) -> Option<(u16, u16, Vec<u8>)> {
    let word = |at: usize| {
        let bytes = frame.get(at..at + 2)?;
        Some(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]))
    };
    let to_us = frame.starts_with(&ends.mac);
    let right = word(TYPE)? == 0x0800 && frame.get(IPV4) == Some(&0x45);
    let whole = word(IPV4 + 6)? & 0x3fff == 0;
    let udp = frame.get(IPV4 + 9) == Some(&UDP);
    let address = frame.get(IPV4 + 16..DATAGRAM)? == ends.address.octets();
    if !(to_us && right && whole && udp && address) {
        return None;
    }
    let end = DATAGRAM + usize::from(word(DATAGRAM + 4)?);
    let contents = frame.get(CONTENTS..end)?;
    Some((word(DATAGRAM)?, word(DATAGRAM + 2)?, contents.to_vec()))
}

/// The answer to a question for an address of ours.
fn arp_answer(frame: &[u8], ends: &Ends) -> Option<Vec<u8>> {
    let message = frame.get(TYPE..42)?;
    let (head, rest) = message.split_first_chunk::<10>()?;
    if head != &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1] {
        return None;
    }
    let (mac, rest) = rest.split_first_chunk::<6>()?;
    let (address, rest) = rest.split_first_chunk::<4>()?;
    let asked = rest.get(6..10)?;
    let asker = (*mac, (*address).into());
    let answer = frames::arp(2, (ends.mac, ends.address), asker);
    let back = Ends {
        target_mac: *mac,
        ..*ends
    };
    (asked == ends.address.octets()).then(|| back.ethernet(0x0806, &answer))
}

/// Sends every datagram back to where it came from.
pub struct Reflector {
    ends: Ends,
    delay: u64,
    /// What is on its way back, and when it goes: the earliest first.
    leaving: VecDeque<(u64, Vec<u8>)>,
    report: Report,
}

impl Reflector {
    /// A reflector that takes `delay` cycles; of the ends, only its own are looked at.
    pub fn new(ends: Ends, delay: u64) -> Reflector {
        let name = format!("reflector {}", ends.address);
        Reflector {
            ends,
            delay,
            leaving: VecDeque::new(),
            report: Report::new(name),
        }
    }

    /// The frame that goes back: addresses and ports change places, which no checksum notices.
    fn reflected(&mut self, frame: &[u8]) -> Option<Vec<u8>> {
        let (_, _, contents) = datagram(frame, &self.ends)?;
        self.report.sent += 1;
        self.report.bytes += contents.len() as u64;
        self.report.hash = hash_on(self.report.hash, &contents);
        let mut back = frame.to_vec();
        for (at, half) in [(0, 6), (IPV4 + 12, 4), (DATAGRAM, 2)] {
            if let Some(both) = back.get_mut(at..at + 2 * half) {
                both.rotate_left(half);
            }
        }
        Some(back)
    }
}

impl Peer for Reflector {
    fn hear(&mut self, at_cycles: u64, frame: &[u8]) {
        let back = match arp_answer(frame, &self.ends) {
            Some(answer) => Some(answer),
            None => self.reflected(frame),
        };
        let at = at_cycles.saturating_add(self.delay);
        self.leaving.extend(back.map(|frame| (at, frame)));
    }

    fn due_cycles(&self) -> Option<u64> {
        self.leaving.front().map(|(at, _)| *at)
    }

    fn poll(&mut self, at_cycles: u64) -> Vec<Vec<u8>> {
        let ready = self.leaving.partition_point(|(at, _)| *at <= at_cycles);
        self.leaving
            .drain(..ready)
            .map(|(_, frame)| frame)
            .collect()
    }

    fn reports(&self) -> Vec<Report> {
        vec![self.report.clone()]
    }
}

/// Sends a datagram, and the next one as soon as it is back.
pub struct PingPong {
    ends: Ends,
    /// From which port to which.
    ports: (u16, u16),
    echo: Echo,
    requests: Requests,
    /// Answers to questions for our address.
    answers: Vec<Vec<u8>>,
}

impl PingPong {
    /// A client of this pace, whose datagrams hold what those of [`Echo`] do. The receiver's hardware address is
    /// known to it.
    pub fn new(ends: Ends, ports: (u16, u16), echo: Echo, pace: Pace) -> PingPong {
        let [from, to] = [(ends.address, ports.0), (ends.target, ports.1)];
        let name = format!("ping-pong {}:{} > {}:{}", from.0, from.1, to.0, to.1);
        PingPong {
            ends,
            ports,
            echo,
            requests: Requests::new(pace, name),
            answers: Vec::new(),
        }
    }
}

impl Peer for PingPong {
    fn hear(&mut self, at_cycles: u64, frame: &[u8]) {
        if let Some(answer) = arp_answer(frame, &self.ends) {
            self.answers.push(answer);
        } else if let Some((from, to, contents)) = datagram(frame, &self.ends)
            && (to, from) == self.ports
        {
            let reply = self.echo.reply(&contents, &self.requests);
            self.requests.take(reply, at_cycles);
        }
    }

    fn due_cycles(&self) -> Option<u64> {
        self.requests.due_cycles()
    }

    fn poll(&mut self, at_cycles: u64) -> Vec<Vec<u8>> {
        let mut sent = std::mem::take(&mut self.answers);
        while let Some(number) = self.requests.due(at_cycles) {
            let contents = self.echo.request(number);
            let datagram = frames::udp(self.ports.0, self.ports.1, &contents);
            let datagram = frames::checked(&self.ends.header(UDP), datagram);
            sent.push(self.ends.frame(UDP, &datagram));
        }
        sent
    }

    fn reports(&self) -> Vec<Report> {
        vec![self.requests.report()]
    }
}
