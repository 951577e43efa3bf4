//! The three engines: the same verdicts at different prices.

use super::FilterId;
use crate::ids::EnvId;

/// How filters are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One filter after the other is interpreted until one accepts, as MPF did.
    Linear,
    /// The patterns are merged, and their trie is interpreted cell by cell, as PATHFINDER did.
    Trie,
    /// The trie is compiled, constants folded in and hashed where it branches, as DPF did (A45).
    Compiled,
}

impl Engine {
    /// Every engine, in the order of the years.
    pub const ALL: [Engine; 3] = [Engine::Linear, Engine::Trie, Engine::Compiled];

    /// Its name, as a word.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Linear => "linear",
            Engine::Trie => "trie",
            Engine::Compiled => "compiled",
        }
    }
}

/// Whose a packet is, and what it took to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The filter that has it, and whose that is; none if no filter accepts it.
    pub accepted: Option<(FilterId, EnvId)>,
    /// Cycles that the engine took.
    pub cycles: u32,
}
