//! All that is at the other end of the link, together.

use exo_core::digest::Digest;
use exo_core::wire::{Heard, Wire};

use crate::peer::Report;
use crate::wire::End;

/// Several ends at one link: each hears every frame that the machine sends, as on a cable that all share. They
/// do not hear each other.
#[derive(Debug)]
pub struct Segment {
    parts: Vec<Box<dyn End>>,
}

impl Segment {
    /// The ends, in the order in which those act that do so at the same moment.
    pub fn new(parts: Vec<Box<dyn End>>) -> Segment {
        Segment { parts }
    }
}

impl Wire for Segment {
    fn identity(&self) -> u64 {
        let mut digest = Digest::new(0x7365_676d_656e_7421);
        for part in &self.parts {
            digest.u64(part.identity());
        }
        digest.finish()
    }

    fn due_cycles(&self, heard: &Heard, polled: Option<u64>) -> Option<u64> {
        let due = self.parts.iter();
        due.filter_map(|part| part.due_cycles(heard, polled)).min()
    }

    fn poll(&self, heard: &Heard, polled: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        let parts = self.parts.iter();
        parts
            .flat_map(|part| part.poll(heard, polled, at))
            .collect()
    }
}

impl End for Segment {
    fn reports(&self, heard: &Heard, polled: Option<u64>) -> Vec<Report> {
        let parts = self.parts.iter();
        parts.flat_map(|part| part.reports(heard, polled)).collect()
    }
}
