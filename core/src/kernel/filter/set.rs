//! The filters that are installed: who may claim what (A46), and whose a packet is.
//!
//! **The rule.** Of the filters that accept a packet the one has it that does not yield; of those, the
//! one whose pattern looks at more bits (then: shifts more often, then: needs more bytes); of those,
//! the one that was installed first. So that nobody's packets are taken, a filter is refused
//! ([`FilterError::Overlap`]) if another environment's accepts a packet that it accepts too, unless the
//! other yields, or the new one gets none of these: it yields and the other does not, or the other's
//! pattern lies within its own. An environment's own filters may overlap as they like.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use super::compiled::Compiled;
use super::pattern::Pattern;
use super::relation::{disjoint, within};
use super::trie::{Node, follow};
use super::{Engine, Verdict, cost};
use crate::derived::Derived;
use crate::ids::EnvId;
use crate::limits::{FILTER_NODES_MAX, FILTER_PATTERNS_MAX, FILTERS_MAX, PATTERNS_MAX};
use crate::mutants::Mutant;

/// A filter of a set, by its number. Numbers grow and are not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilterId(pub u32);

/// What an environment claims: the packets that one of the patterns accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Who gets the packets.
    pub owner: EnvId,
    /// Whether others may claim what it accepts: its owner's consent.
    pub yields: bool,
    /// Any of them will do.
    pub patterns: Vec<Pattern>,
}

/// Why a filter was refused. The set is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// It would take packets that another environment's filter has claimed.
    Overlap(FilterId),
    /// It has no pattern, and so no packet, or more than [`FILTER_PATTERNS_MAX`].
    Patterns(usize),
    /// The set has no room: filters, patterns or places of the trie.
    Full,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilterError::Overlap(FilterId(other)) => write!(
                f,
                "it would take packets that filter {other}, of another environment, has claimed"
            ),
            FilterError::Patterns(0) => f.write_str("it accepts no packet"),
            FilterError::Patterns(count) => write!(
                f,
                "it has {count} patterns: there may be {FILTER_PATTERNS_MAX}"
            ),
            FilterError::Full => f.write_str("there is no room for another filter"),
        }
    }
}

impl core::error::Error for FilterError {}

/// Which of the patterns that accept a packet has it: the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    yields: bool,
    bits: Reverse<u32>,
    shifts: Reverse<u32>,
    reach: Reverse<u32>,
    pub(super) filter: FilterId,
    index: u32,
    pub(super) owner: EnvId,
}

impl Rank {
    fn of(filter: &Filter, id: FilterId, index: usize, pattern: &Pattern) -> Rank {
        Rank {
            yields: filter.yields,
            bits: Reverse(pattern.bits()),
            shifts: Reverse(pattern.shifts()),
            reach: Reverse(pattern.reach()),
            filter: id,
            index: index as u32,
            owner: filter.owner,
        }
    }
}

/// The filters that are installed, and what they were merged into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterSet {
    filters: BTreeMap<FilterId, Filter>,
    /// The number that the next filter gets.
    next: u32,
    /// All patterns, the best first.
    order: Vec<(Rank, Pattern)>,
    pub(super) trie: Node,
    nodes: usize,
    compiled: Derived<Compiled>,
}

impl FilterSet {
    /// A set without filters.
    pub fn new() -> FilterSet {
        FilterSet::default()
    }

    /// The filters, in the order in which they were installed.
    pub fn filters(&self) -> impl Iterator<Item = (FilterId, &Filter)> {
        self.filters.iter().map(|(id, filter)| (*id, filter))
    }

    /// One of them; none if it was removed or never was.
    pub fn filter(&self, id: FilterId) -> Option<&Filter> {
        self.filters.get(&id)
    }

    /// Places of the trie, its root included.
    pub fn nodes(&self) -> usize {
        self.nodes + 1
    }

    /// Whether another set was merged into the same trie.
    pub fn same_trie(&self, other: &FilterSet) -> bool {
        self.trie == other.trie && self.nodes == other.nodes
    }

    /// All patterns, the best first.
    pub(super) fn order(&self) -> impl Iterator<Item = &(Rank, Pattern)> {
        self.order.iter()
    }

    /// Installs a filter, and compiles the set again. The same pattern twice counts once.
    ///
    /// # Errors
    /// [`FilterError`], and the set is as it was.
    pub fn install(&mut self, filter: Filter) -> Result<FilterId, FilterError> {
        let id = self.add(filter)?;
        self.compile();
        Ok(id)
    }

    /// Installs filters in their order, and compiles the set once.
    ///
    /// # Errors
    /// Which of them was refused, from 0, and why. Those before it are installed, those behind it not.
    pub fn install_all(
        &mut self,
        filters: impl IntoIterator<Item = Filter>,
    ) -> Result<Vec<FilterId>, (usize, FilterError)> {
        let mut ids = Vec::new();
        let mut refused = Ok(());
        for (index, filter) in filters.into_iter().enumerate() {
            match self.add(filter) {
                Ok(id) => ids.push(id),
                Err(error) => {
                    refused = Err((index, error));
                    break;
                }
            }
        }
        self.compile();
        refused.map(|()| ids)
    }

    fn add(&mut self, mut filter: Filter) -> Result<FilterId, FilterError> {
        unique(&mut filter.patterns);
        let count = filter.patterns.len();
        if count == 0 || count > FILTER_PATTERNS_MAX {
            return Err(FilterError::Patterns(count));
        }
        let room = self.filters.len() < FILTERS_MAX && self.order.len() + count <= PATTERNS_MAX;
        if !room || self.next == u32::MAX {
            return Err(FilterError::Full);
        }
        if let Some(other) = self.robbed(&filter) {
            return Err(FilterError::Overlap(other));
        }
        let id = FilterId(self.next);
        for (index, pattern) in filter.patterns.iter().enumerate() {
            let rank = Rank::of(&filter, id, index, pattern);
            self.nodes += self.trie.insert(pattern, rank);
        }
        if self.nodes >= FILTER_NODES_MAX {
            self.unlink(id, &filter);
            return Err(FilterError::Full);
        }
        for (index, pattern) in filter.patterns.iter().enumerate() {
            let rank = Rank::of(&filter, id, index, pattern);
            let place = self.order.partition_point(|(it, _)| *it < rank);
            self.order.insert(place, (rank, pattern.clone()));
        }
        self.filters.insert(id, filter);
        self.next += 1;
        Ok(id)
    }

    /// The first filter of another environment from which this one would take a packet.
    fn robbed(&self, filter: &Filter) -> Option<FilterId> {
        if Mutant::OverlapUnchecked.made() {
            return None;
        }
        let others = self
            .filters
            .iter()
            .filter(|(_, it)| it.owner != filter.owner);
        let mut robbed = others.filter(|(_, other)| {
            other.patterns.iter().any(|theirs| {
                filter.patterns.iter().any(|mine| {
                    !other.yields
                        && !filter.yields
                        && !disjoint(mine, theirs)
                        && !leaves(mine, theirs)
                })
            })
        });
        robbed.next().map(|(id, _)| *id)
    }

    /// Removes a filter; what others accepted of its packets is theirs again. Returns it; none if it is
    /// not installed, and then nothing changed.
    pub fn remove(&mut self, id: FilterId) -> Option<Filter> {
        let filter = self.filters.remove(&id)?;
        self.unlink(id, &filter);
        self.order.retain(|(rank, _)| rank.filter != id);
        self.compile();
        Some(filter)
    }

    /// Removes every filter of an environment. Returns how many there were.
    pub fn remove_owner(&mut self, owner: EnvId) -> usize {
        let own = self.filters.iter().filter(|(_, it)| it.owner == owner);
        let ids: Vec<FilterId> = own.map(|(id, _)| *id).collect();
        for id in &ids {
            if let Some(filter) = self.filters.remove(id) {
                self.unlink(*id, &filter);
            }
        }
        self.order.retain(|(rank, _)| rank.owner != owner);
        self.compile();
        ids.len()
    }

    fn unlink(&mut self, id: FilterId, filter: &Filter) {
        for (index, pattern) in filter.patterns.iter().enumerate() {
            let rank = Rank::of(filter, id, index, pattern);
            self.nodes -= self.trie.remove(pattern, rank);
        }
    }

    fn compile(&mut self) {
        self.compiled = Derived(Compiled::new(&self.trie));
    }

    /// Whose a packet is, by one of the engines.
    #[inline(always)]
    pub fn classify(&self, engine: Engine, packet: &[u8]) -> Verdict {
        match engine {
            Engine::Compiled => self.compiled.0.run(packet),
            Engine::Linear => self.linear(packet),
            Engine::Trie => {
                let (best, cycles) = self.trie.interpret(packet, 0);
                Verdict {
                    accepted: best.map(|rank| (rank.filter, rank.owner)),
                    cycles: cost::ENTER + cycles,
                }
            }
        }
    }

    /// Tries one pattern after the other, the best first.
    fn linear(&self, packet: &[u8]) -> Verdict {
        let mut cycles = cost::ENTER;
        for (rank, pattern) in &self.order {
            cycles += cost::PROGRAM;
            let mut base = 0;
            let accepts = pattern.steps.iter().all(|(step, wanted)| {
                cycles += cost::interpreted(*step);
                let answer = follow(*step, packet, base);
                let holds = answer.is_some_and(|(answer, _)| answer == *wanted);
                base = answer.map_or(base, |(_, moved)| moved);
                holds
            });
            if accepts {
                let accepted = Some((rank.filter, rank.owner));
                return Verdict { accepted, cycles };
            }
        }
        Verdict {
            accepted: None,
            cycles,
        }
    }

    /// The most cycles that one packet can take, whatever it is (A47, INV-CODE-1).
    pub fn cycles_max(&self, engine: Engine) -> u32 {
        let rest = match engine {
            Engine::Compiled => self.compiled.0.cycles_max(),
            Engine::Linear => {
                let patterns = self.order.iter();
                let costs = patterns.map(|(_, pattern)| {
                    let steps = pattern.steps.iter();
                    cost::PROGRAM + steps.map(|(step, _)| cost::interpreted(*step)).sum::<u32>()
                });
                costs.sum()
            }
            Engine::Trie => cells(&self.trie),
        };
        cost::ENTER + rest
    }
}

/// A set that is being made: filters are added one after the other, and compiled once, at its end.
#[derive(Clone, Debug, Default)]
pub struct FilterSetBuilder(FilterSet);

impl FilterSetBuilder {
    /// Adds a filter. Filters get their numbers in order, from 0.
    ///
    /// # Errors
    /// [`FilterError`], and nothing was added.
    pub fn add(&mut self, filter: Filter) -> Result<FilterId, FilterError> {
        self.0.add(filter)
    }

    /// The set, compiled.
    pub fn build(mut self) -> FilterSet {
        self.0.compile();
        self.0
    }
}

/// Whether a new pattern gets no packet that an older one accepts, neither of which yields.
fn leaves(new: &Pattern, old: &Pattern) -> bool {
    within(old, new) && new != old
}

/// Drops patterns that stand there twice.
fn unique(patterns: &mut Vec<Pattern>) {
    let mut kept: Vec<Pattern> = Vec::with_capacity(patterns.len());
    for pattern in patterns.drain(..) {
        if !kept.contains(&pattern) {
            kept.push(pattern);
        }
    }
    *patterns = kept;
}

/// What interpreting every cell takes.
fn cells(node: &Node) -> u32 {
    let branches = node.branches.iter();
    let costs = branches
        .map(|(step, answers)| cost::cell(*step) + answers.values().map(cells).sum::<u32>());
    costs.sum()
}
