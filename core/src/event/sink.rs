//! Who listens to a machine, and what is heard: events with their places.

use super::Event;
use crate::ids::Position;

/// Who listens to a machine. A sink that does not record costs nothing: no event is built for it.
pub trait Sink {
    /// Whether every event is wanted.
    const RECORDING: bool;
    /// Whether events other than completed references are wanted, which are rare.
    const REMARKS: bool = Self::RECORDING;

    /// Is told the number of the event that it takes next, counted from 1.
    fn number(&mut self, _: u64) {}

    /// Takes an event, caused at `position`; `cycles` is the machine's count when it is over.
    fn take(&mut self, position: Position, cycles: u64, event: Event);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    const RECORDING: bool = false;

    fn take(&mut self, _: Position, _: u64, _: Event) {}
}

/// An event with its place and price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// The position before the event.
    pub position: Position,
    /// Cycles of the machine after it.
    pub cycles: u64,
    /// What happened.
    pub event: Event,
}

impl Sink for alloc::vec::Vec<Stamped> {
    const RECORDING: bool = true;

    fn take(&mut self, position: Position, cycles: u64, event: Event) {
        self.push(Stamped {
            position,
            cycles,
            event,
        });
    }
}
