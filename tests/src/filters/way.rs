//! The way of a packet through the trie, as it is drawn, held against the engine that interprets the trie.

use exo_core::kernel::filter::{Engine, FilterSet};

/// Whether the looks of a packet's way take what the trie engine takes, lead only to places that are there, and pass
/// the filter that has the packet.
///
/// # Errors
/// What is not so.
pub fn follows(set: &FilterSet, packet: &[u8]) -> Result<(), String> {
    let trie = set.trie_view();
    if trie.places.len() != set.nodes() {
        let drawn = trie.places.len();
        return Err(format!("{drawn} places are drawn of {}", set.nodes()));
    }
    let looks = trie.way(packet);
    let verdict = set.classify(Engine::Trie, packet);
    let nothing = FilterSet::new().classify(Engine::Trie, packet).cycles;
    let cycles = nothing + looks.iter().map(|it| it.cycles).sum::<u32>();
    if cycles != verdict.cycles {
        return Err(format!(
            "{looks:?} take {cycles}, the engine {}",
            verdict.cycles
        ));
    }
    let reached = looks.iter().filter_map(|it| it.next).chain([0]);
    let places: Option<Vec<_>> = reached.map(|it| trie.places.get(it)).collect();
    let places = places.ok_or("a look leads nowhere")?;
    let ended = places.iter().flat_map(|it| &it.ends);
    let passed = match verdict.accepted {
        Some((filter, _)) => ended.clone().any(|it| *it == filter),
        None => ended.clone().next().is_none(),
    };
    passed
        .then_some(())
        .ok_or_else(|| format!("{:?} is not on the way {looks:?}", verdict.accepted))
}
