//! Peers with a state, as functions of what they heard: kept where they are, and made anew for the past.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError};

use exo_core::wire::{Heard, Wire};

use crate::peer::{Peer, Report};

/// A [`Wire`] that can say how it got on.
pub trait End: Wire {
    /// How each of its tasks had got on when it had been let act until `polled`.
    fn reports(&self, heard: &Heard, polled: Option<u64>) -> Vec<Report>;
}

/// Makes a peer as it was in the beginning.
type Factory = Box<dyn Fn() -> Box<dyn Peer> + Send + Sync>;

/// How many peers at different moments are kept. Several machines may have the same other end, each at
/// a moment of its own.
const KEPT_MAX: usize = 4;

/// A [`Wire`] around a [`Peer`]. If it is asked about the moment at which one of its peers is, or a later one,
/// that peer goes on; else a new peer does again all that the first one did.
pub struct PeerWire {
    identity: u64,
    factory: Factory,
    /// Those that are kept, the one that was asked last in the last place.
    kept: Mutex<Vec<Progress>>,
}

impl PeerWire {
    /// A wire around what `factory` makes. Of two with the same identity, it must make the same.
    pub fn new(
        identity: u64,
        factory: impl Fn() -> Box<dyn Peer> + Send + Sync + 'static,
    ) -> PeerWire {
        PeerWire {
            identity,
            factory: Box::new(factory),
            kept: Mutex::new(Vec::new()),
        }
    }

    /// Asks a peer that has heard this much and acted until `polled`.
    fn ask<T>(
        &self,
        heard: &Heard,
        polled: Option<u64>,
        ask: impl FnOnce(&mut Progress) -> T,
    ) -> T {
        // What a panic left behind is at worst a peer at an earlier moment.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Most often it is the last one, at this very moment: then the others need not be looked at.
        let ready = |it: &Progress| it.polled == polled && it.leads_to(heard, polled);
        let best = kept.iter().rposition(ready).or_else(|| {
            let usable = kept.iter().enumerate();
            let usable = usable.filter(|(_, it)| it.leads_to(heard, polled));
            usable.max_by_key(|(_, it)| it.polled).map(|(at, _)| at)
        });
        let mut progress = match best {
            Some(at) => kept.remove(at),
            None => Progress::new((self.factory)()),
        };
        progress.take(heard);
        if let Some(until) = polled {
            progress.run(until);
        }
        let answer = ask(&mut progress);
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push(progress);
        answer
    }
}

impl Debug for PeerWire {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut all = formatter.debug_struct("PeerWire");
        all.field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Wire for PeerWire {
    fn identity(&self) -> u64 {
        self.identity
    }

    fn due_cycles(&self, heard: &Heard, polled: Option<u64>) -> Option<u64> {
        self.ask(heard, polled, |progress| progress.due_cycles())
    }

    fn poll(&self, heard: &Heard, polled: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        self.ask(heard, polled, |progress| progress.run(at))
    }
}

impl End for PeerWire {
    fn reports(&self, heard: &Heard, polled: Option<u64>) -> Vec<Report> {
        self.ask(heard, polled, |progress| progress.peer.reports())
    }
}

/// A peer at a moment.
struct Progress {
    peer: Box<dyn Peer>,
    /// Until when it was let act.
    polled: Option<u64>,
    /// The last moment at which it did act.
    acted: Option<u64>,
    /// How many frames it knows of, and their mark.
    count: u64,
    mark: Option<u64>,
    /// Those of them that have not arrived, by time and number.
    coming: BTreeMap<(u64, u64), Arc<[u8]>>,
}

impl Progress {
    fn new(peer: Box<dyn Peer>) -> Progress {
        Progress {
            peer,
            polled: None,
            acted: None,
            count: 0,
            mark: Heard::new().mark_at(0),
            coming: BTreeMap::new(),
        }
    }

    /// Whether going on from here comes to the same as beginning anew: nothing else was heard so far, and
    /// nothing new arrives before what has been done.
    fn leads_to(&self, heard: &Heard, polled: Option<u64>) -> bool {
        if self.polled > polled || heard.mark_at(self.count) != self.mark {
            return false;
        }
        let new = heard.since(self.count);
        new.iter().all(|it| Some(it.at_cycles) > self.polled)
    }

    /// Notes the frames that it does not know of.
    fn take(&mut self, heard: &Heard) {
        for message in heard.since(self.count) {
            let place = (message.at_cycles, message.number);
            self.coming.insert(place, message.bytes);
        }
        self.count = heard.count();
        self.mark = Some(heard.mark());
    }

    /// The next moment at which it acts: later than all at which it did.
    fn due_cycles(&self) -> Option<u64> {
        let arrival = self.coming.keys().next().map(|(at, _)| *at);
        let due = [arrival, self.peer.due_cycles()]
            .into_iter()
            .flatten()
            .min()?;
        match self.acted {
            Some(u64::MAX) => None,
            Some(acted) => Some(due.max(acted + 1)),
            None => Some(due),
        }
    }

    /// Does all of the moments up to and with `until`; gives what is sent meanwhile.
    fn run(&mut self, until: u64) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        while let Some(at) = self.due_cycles().filter(|at| *at <= until) {
            while let Some(next) = self.coming.first_entry().filter(|it| it.key().0 <= at) {
                self.peer.hear(at, &next.remove());
            }
            frames.extend(self.peer.poll(at));
            self.acted = Some(at);
        }
        self.polled = self.polled.max(Some(until));
        frames
    }
}

#[cfg(test)]
mod tests;
