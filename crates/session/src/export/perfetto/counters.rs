//! Counters beside the tracks: frames, and how often the TLBs hit.

use std::io::{self, Write};

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::machine::Machine;

use super::lines::Lines;
use crate::explain::env_letter;

/// Look-ups that a hit rate is taken over, at least.
const LOOKUPS: u64 = 1_000;

/// Hits among look-ups, since the last value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rate {
    hits: u64,
    lookups: u64,
}

impl Rate {
    /// Hits in a thousand look-ups.
    fn per_mille(self) -> Option<u64> {
        (self.hits * 1000).checked_div(self.lookups)
    }
}

/// Writes a counter whenever its value changes.
#[derive(Debug, Default)]
pub(super) struct CounterTracks {
    free: Option<u32>,
    held: Vec<Option<u32>>,
    /// The machine's hits and misses at the last value.
    before: Rate,
    software: Rate,
    shown: [Option<u64>; 2],
}

/// References that the machine has looked up in its TLB.
fn looked_up(machine: &Machine) -> Rate {
    let environments = machine.kernel().environments.iter();
    environments.fold(Rate::default(), |sum, it| {
        let counters = &it.counters;
        Rate {
            hits: sum.hits + counters.tlb_hits,
            lookups: sum.lookups + counters.tlb_hits + counters.tlb_misses,
        }
    })
}

impl CounterTracks {
    /// The first values.
    pub(super) fn begin<W: Write>(
        &mut self,
        lines: &mut Lines<W>,
        machine: &Machine,
    ) -> io::Result<()> {
        self.before = looked_up(machine);
        self.frames(lines, machine)
    }

    /// The values behind an event.
    pub(super) fn step<W: Write>(
        &mut self,
        lines: &mut Lines<W>,
        machine: &Machine,
        event: &Event,
    ) -> io::Result<()> {
        self.frames(lines, machine)?;
        let probe = match event {
            Event::StlbHit { .. } => Some(1),
            Event::StlbMissed { .. } => Some(0),
            _ => None,
        };
        if let Some(hit) = probe {
            self.software.hits += hit;
            self.software.lookups += 1;
            // Look-ups are counted at misses only, where a stretch of hits is over.
            self.rates(lines, machine, LOOKUPS)?;
        }
        Ok(())
    }

    /// The last values.
    pub(super) fn finish<W: Write>(
        &mut self,
        lines: &mut Lines<W>,
        machine: &Machine,
    ) -> io::Result<()> {
        self.free = None;
        self.frames(lines, machine)?;
        self.shown = [None; 2];
        self.rates(lines, machine, 1)
    }

    fn frames<W: Write>(&mut self, lines: &mut Lines<W>, machine: &Machine) -> io::Result<()> {
        let kernel = machine.kernel();
        let now = machine.cycles();
        let free = kernel.frames.free();
        if self.free != Some(free) {
            self.free = Some(free);
            lines.counter(now, "free frames", "frames", free.into())?;
        }
        self.held.resize(kernel.environments.len(), None);
        for (index, (environment, shown)) in
            kernel.environments.iter().zip(&mut self.held).enumerate()
        {
            let held = environment.frames_held;
            if *shown != Some(held) {
                *shown = Some(held);
                let name = format!("frames of {}", env_letter(EnvId(index as u8)));
                lines.counter(now, &name, "frames", held.into())?;
            }
        }
        Ok(())
    }

    /// The hit rates, if there were so many look-ups since the last ones.
    fn rates<W: Write>(
        &mut self,
        lines: &mut Lines<W>,
        machine: &Machine,
        lookups: u64,
    ) -> io::Result<()> {
        let all = looked_up(machine);
        let since = Rate {
            hits: all.hits - self.before.hits,
            lookups: all.lookups - self.before.lookups,
        };
        if since.lookups < lookups {
            return Ok(());
        }
        let rates = [
            ("TLB hits, per mille", since.per_mille()),
            ("software TLB hits, per mille", self.software.per_mille()),
        ];
        for ((name, rate), shown) in rates.into_iter().zip(&mut self.shown) {
            if let Some(rate) = rate.filter(|rate| *shown != Some(*rate)) {
                *shown = Some(rate);
                lines.counter(machine.cycles(), name, "per mille", rate)?;
            }
        }
        self.before = all;
        self.software = Rate::default();
        Ok(())
    }
}
