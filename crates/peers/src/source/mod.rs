//! Frames that come whatever is heard: at a rate, or at the times of a capture.
//!
//! Which frame comes when follows from its number alone, so that going back in time costs nothing.

pub mod capture;
pub mod flood;
pub mod hostile;
pub mod mix;

use std::fmt::{self, Debug, Formatter};
use std::net::Ipv4Addr;

use exo_core::wire::{Heard, Wire};
use exo_net::frames::{self, Ipv4, Mac};

use crate::peer::{Outcome, Report, hash_on};
use crate::wire::End;

/// The frame of each number, from 0.
pub type Frames = Box<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Between whom frames go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The sender's hardware address.
    pub mac: Mac,
    /// The sender's address.
    pub address: Ipv4Addr,
    /// The receiver's hardware address.
    pub target_mac: Mac,
    /// The receiver's address.
    pub target: Ipv4Addr,
}

impl Ends {
    /// The header of a packet from here to there.
    pub fn header(&self, protocol: u8) -> Ipv4<'static> {
        Ipv4 {
            source: self.address,
            destination: self.target,
            protocol,
            options: &[],
            fragment: 0,
        }
    }

    /// A frame with a packet of these contents, filled up to the least length.
    pub fn frame(&self, protocol: u8, carried: &[u8]) -> Vec<u8> {
        self.ethernet(0x0800, &self.header(protocol).packet(carried))
    }

    /// A frame of a type, filled up to the least length.
    pub fn ethernet(&self, kind: u16, carried: &[u8]) -> Vec<u8> {
        let mut frame = frames::ethernet(self.target_mac, self.mac, kind, carried);
        frame.resize(frame.len().max(FRAME_BYTES_MIN), 0);
        frame
    }
}

/// The shortest frame, without its check sequence.
const FRAME_BYTES_MIN: usize = 60;

/// When frames come, in cycles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Times {
    /// At a rate.
    Rate {
        /// When the first one comes.
        start: u64,
        /// How long after one the next comes; at least 1.
        interval: u64,
        /// How many there are; `None`: no end of them.
        count: Option<u64>,
    },
    /// At these times, the earliest first; several may come at one time.
    List(Vec<u64>),
}

impl Times {
    /// When the frame with a number comes.
    fn at_cycles(&self, number: u64) -> Option<u64> {
        match self {
            Times::Rate { count, .. } if count.is_some_and(|count| number >= count) => None,
            Times::Rate {
                start, interval, ..
            } => start.checked_add(number.checked_mul((*interval).max(1))?),
            Times::List(times) => times.get(usize::try_from(number).ok()?).copied(),
        }
    }

    /// How many come up to and with a moment; none before the first.
    fn until(&self, moment: Option<u64>) -> u64 {
        let Some(moment) = moment else { return 0 };
        match self {
            Times::Rate {
                start,
                interval,
                count,
            } => {
                let passed = moment.checked_sub(*start);
                let come = passed.map_or(0, |it| (it / (*interval).max(1)).saturating_add(1));
                come.min(count.unwrap_or(u64::MAX))
            }
            Times::List(times) => times.partition_point(|at| *at <= moment) as u64,
        }
    }
}

/// Frames at their times.
pub struct Source {
    identity: u64,
    name: String,
    times: Times,
    frames: Frames,
}

impl Source {
    /// Frames at their times. Of two with the same identity, all else must be the same.
    pub fn new(identity: u64, name: String, times: Times, frames: Frames) -> Source {
        Source {
            identity,
            name,
            times,
            frames,
        }
    }
}

impl Debug for Source {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut all = formatter.debug_struct("Source");
        all.field("name", &self.name);
        all.field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Wire for Source {
    fn identity(&self) -> u64 {
        self.identity
    }

    fn due_cycles(&self, _: &Heard, polled: Option<u64>) -> Option<u64> {
        self.times.at_cycles(self.times.until(polled))
    }

    fn poll(&self, _: &Heard, polled: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        let numbers = self.times.until(polled)..self.times.until(Some(at));
        numbers.map(|number| (self.frames)(number)).collect()
    }
}

impl End for Source {
    /// What was sent; every frame that arrived counts as a reply.
    fn reports(&self, heard: &Heard, polled: Option<u64>) -> Vec<Report> {
        let mut report = Report::new(self.name.clone());
        report.sent = self.times.until(polled);
        let messages = heard.since(0).into_iter();
        for message in messages.filter(|it| Some(it.at_cycles) <= polled) {
            report.replies += 1;
            report.bytes += message.bytes.len() as u64;
            report.hash = hash_on(report.hash, &message.bytes);
        }
        if self.times.at_cycles(report.sent).is_none() {
            report.outcome = Outcome::Finished;
        }
        vec![report]
    }
}

#[cfg(test)]
mod tests;
