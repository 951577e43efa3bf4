//! The station's network card: what arrived and what is to be sent, frame by frame.

use std::collections::VecDeque;

use smoltcp::phy::{self, DeviceCapabilities, Medium};
use smoltcp::time::Instant;

/// The longest frame, without its check sequence.
const FRAME_BYTES_MAX: usize = 1514;
/// The shortest frame, without its check sequence: shorter ones are filled up with zeros, as cards do.
const FRAME_BYTES_MIN: usize = 60;

/// Frames that arrived and frames to be sent.
#[derive(Debug, Default)]
pub(super) struct Device {
    arrived: VecDeque<Vec<u8>>,
    sent: Vec<Vec<u8>>,
}

impl Device {
    /// A frame has arrived. One that is longer than Ethernet's is not taken.
    pub(super) fn arrive(&mut self, frame: &[u8]) {
        if frame.len() <= FRAME_BYTES_MAX {
            self.arrived.push_back(frame.to_vec());
        }
    }

    /// The frames to be sent, in order; none is left.
    pub(super) fn take_sent(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.sent)
    }
}

impl phy::Device for Device {
    type RxToken<'run> = Arrived;
    type TxToken<'run> = Sending<'run>;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Sending<'_>)> {
        let frame = self.arrived.pop_front()?;
        Some((Arrived(frame), Sending(&mut self.sent)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        Some(Sending(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME_BYTES_MAX;
        capabilities
    }
}

/// A frame that arrived.
pub(super) struct Arrived(Vec<u8>);

impl phy::RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, take: F) -> R {
        take(&self.0)
    }
}

/// Where a frame is put to be sent.
pub(super) struct Sending<'run>(&'run mut Vec<Vec<u8>>);

impl phy::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut frame = vec![0; length];
        let result = fill(&mut frame);
        frame.resize(length.max(FRAME_BYTES_MIN), 0);
        self.0.push(frame);
        result
    }
}
