//! What must hold of a set of filters, each a function: tests call them after every change.

use alloc::format;
use alloc::string::String;

use super::set::FilterSet;
use super::trie::{Node, follow};
use super::{Engine, Pattern};
use crate::kernel::check::Violation;
use crate::limits::{FILTER_NODES_MAX, FILTERS_MAX};

/// One invariant, of a set and the packets at hand.
type Invariant = fn(&FilterSet, &[&[u8]]) -> Result<(), String>;

/// Every invariant of a set by its number.
pub const INVARIANTS: &[(&str, Invariant)] = &[
    ("INV-FILT-1", inv_filt_1),
    ("INV-FILT-2", inv_filt_2),
    ("INV-CODE-1", inv_code_1),
    ("INV-LIM-1", inv_lim_1),
];

/// Checks all of them, over these packets.
///
/// # Errors
/// The first that does not hold.
pub fn all(set: &FilterSet, packets: &[&[u8]]) -> Result<(), Violation> {
    for (invariant, holds) in INVARIANTS {
        holds(set, packets).map_err(|detail| Violation { invariant, detail })?;
    }
    Ok(())
}

/// Whether a pattern accepts a packet, step by step and alone.
fn accepts(pattern: &Pattern, packet: &[u8]) -> bool {
    let mut base = 0;
    pattern.steps.iter().all(|(step, wanted)| {
        let answer = follow(*step, packet, base);
        base = answer.map_or(base, |(_, moved)| moved);
        answer.is_some_and(|(answer, _)| answer == *wanted)
    })
}

/// A packet goes to a filter that accepts it, to nobody only if none does, and the engines agree.
fn inv_filt_1(set: &FilterSet, packets: &[&[u8]]) -> Result<(), String> {
    for packet in packets {
        let [linear, trie, compiled] = Engine::ALL.map(|it| set.classify(it, packet).accepted);
        if linear != trie || trie != compiled {
            return Err(format!(
                "{packet:02x?}: linear says {linear:?}, trie {trie:?}, compiled {compiled:?}"
            ));
        }
        let accepting = |patterns: &[Pattern]| patterns.iter().any(|it| accepts(it, packet));
        let right = match linear {
            None => !set.filters().any(|(_, filter)| accepting(&filter.patterns)),
            Some((id, owner)) => set
                .filter(id)
                .is_some_and(|it| it.owner == owner && accepting(&it.patterns)),
        };
        if !right {
            return Err(format!(
                "{packet:02x?}: {linear:?} does not follow from the filters"
            ));
        }
    }
    Ok(())
}

/// No filter has a packet that an older filter of another environment accepts too, unless that one
/// yields; and the trie is the one that the filters give when they are merged at once.
fn inv_filt_2(set: &FilterSet, packets: &[&[u8]]) -> Result<(), String> {
    for packet in packets {
        let Some((winner, owner)) = set.classify(Engine::Compiled, packet).accepted else {
            continue;
        };
        let mut older = set.filters().take_while(|(id, _)| *id < winner);
        let robbed = older.find(|(_, filter)| {
            let others = filter.owner != owner && !filter.yields;
            others && filter.patterns.iter().any(|it| accepts(it, packet))
        });
        if let Some((robbed, _)) = robbed {
            return Err(format!(
                "{packet:02x?}: {winner:?} takes it from {robbed:?}"
            ));
        }
    }
    let mut merged = Node::default();
    let mut nodes = 1;
    for (rank, pattern) in set.order() {
        nodes += merged.insert(pattern, *rank);
    }
    if merged != set.trie || nodes != set.nodes() {
        return Err(String::from("the trie is not that of its filters"));
    }
    Ok(())
}

/// Every run ends within the bound that was known when the set was compiled.
fn inv_code_1(set: &FilterSet, packets: &[&[u8]]) -> Result<(), String> {
    for engine in Engine::ALL {
        let most = set.cycles_max(engine);
        for packet in packets {
            let cycles = set.classify(engine, packet).cycles;
            if cycles > most {
                return Err(format!("{}: {cycles} of {most} cycles", engine.name()));
            }
        }
    }
    Ok(())
}

/// The set is within its limits.
fn inv_lim_1(set: &FilterSet, _: &[&[u8]]) -> Result<(), String> {
    if set.filters().count() > FILTERS_MAX || set.nodes() > FILTER_NODES_MAX {
        return Err(String::from("a set of filters is larger than its limit"));
    }
    Ok(())
}
