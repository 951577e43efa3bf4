//! What both formats of captures say before and beside their packets.

use super::{CaptureError, SECTION};

/// What both formats call Ethernet.
pub(super) const ETHERNET: u32 = 1;

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        })
    }

    pub(super) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        })
    }

    /// Two words, the higher one first.
    fn high_low(self, bytes: &[u8], at: usize) -> Option<u64> {
        let (high, low) = (self.u32(bytes, at)?, self.u32(bytes, at + 4)?);
        Some(u64::from(high) << 32 | u64::from(low))
    }
}

/// How the older format's packets are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frames {
    pub(super) order: Order,
    /// Bytes before a packet.
    pub(super) header: usize,
    /// Nanoseconds of a unit of the smaller part of a time.
    pub(super) unit_ns: u64,
}

/// What the newer format's blocks said so far of those behind them.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    pub(super) order: Order,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u32,
    /// Of its times: units a second, and seconds to add.
    resolution: u64,
    offset: i64,
}

/// A packet within its block.
pub(super) struct Found<'run> {
    /// Bytes of the block's body before it.
    pub(super) header: usize,
    pub(super) data: &'run [u8],
    pub(super) length: u32,
    pub(super) nanoseconds: u64,
}

impl Blocks {
    /// The kind of the block that begins there. One that begins a section tells the byte order; none if it tells
    /// neither.
    pub(super) fn begin(&mut self, block: &[u8]) -> Option<u32> {
        let kind = self.order.u32(block, 0)?;
        if kind == SECTION {
            self.order = match Order::Little.u32(block, 8)? {
                0x1a2b_3c4d => Order::Little,
                0x4d3c_2b1a => Order::Big,
                _ => return None,
            };
        }
        Some(kind)
    }

    /// Takes what a block holds: its packet, if it is one. None if no such block can stand here.
    pub(super) fn take<'run>(
        &mut self,
        kind: u32,
        body: &'run [u8],
    ) -> Option<Result<Option<Found<'run>>, CaptureError>> {
        let (interface, found) = match kind {
            SECTION => {
                self.interfaces.clear();
                return Some(Ok(None));
            }
            1 => {
                let interface = Interface::of(self.order, body)?;
                self.interfaces.push(interface);
                return Some(Ok(None));
            }
            3 => {
                let length = self.order.u32(body, 0)?;
                let rest = body.get(4..)?;
                let found = Found {
                    header: 4,
                    // Behind it the block may be filled up.
                    data: rest.get(..length as usize).unwrap_or(rest),
                    length,
                    nanoseconds: 0,
                };
                (self.interfaces.first()?, found)
            }
            6 => {
                let interface = self.order.u32(body, 0)? as usize;
                let interface = self.interfaces.get(interface)?;
                let captured = self.order.u32(body, 12)? as usize;
                let found = Found {
                    header: 20,
                    data: body.get(20..)?.get(..captured)?,
                    length: self.order.u32(body, 16)?,
                    nanoseconds: interface.nanoseconds(self.order.high_low(body, 4)?),
                };
                (interface, found)
            }
            _ => return Some(Ok(None)),
        };
        Some(link(interface.link).map(|()| Some(found)))
    }
}

impl Interface {
    /// What a block says of an interface.
    fn of(order: Order, body: &[u8]) -> Option<Interface> {
        let mut interface = Interface {
            link: order.u16(body, 0)?.into(),
            resolution: 1_000_000,
            offset: 0,
        };
        let mut options = body.get(8..)?;
        while let Some(kind) = order.u16(options, 0).filter(|kind| *kind != 0) {
            let length = usize::from(order.u16(options, 2)?);
            let value = options.get(4..)?.get(..length)?;
            match (kind, value) {
                // Its highest bit says whether it counts powers of two.
                (9, [power]) => {
                    let base = if power & 0x80 == 0 { 10_u64 } else { 2 };
                    interface.resolution = base.saturating_pow(u32::from(power & 0x7f));
                }
                (14, value) => {
                    let value = *value.first_chunk()?;
                    interface.offset = match order {
                        Order::Little => i64::from_le_bytes(value),
                        Order::Big => i64::from_be_bytes(value),
                    };
                }
                _ => {}
            }
            options = options.get(4 + length.next_multiple_of(4)..)?;
        }
        Some(interface)
    }

    /// A time in nanoseconds; the nearest that can be told.
    fn nanoseconds(&self, ticks: u64) -> u64 {
        let ns = u128::from(ticks) * 1_000_000_000 / u128::from(self.resolution.max(1));
        let moved = ns as i128 + i128::from(self.offset) * 1_000_000_000;
        u64::try_from(moved.max(0)).unwrap_or(u64::MAX)
    }
}

pub(super) fn link(kind: u32) -> Result<(), CaptureError> {
    match kind {
        ETHERNET => Ok(()),
        number => Err(CaptureError::LinkType(number as i32)),
    }
}
