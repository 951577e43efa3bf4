//! Shows packet filters right: against a naive reading of their atoms that shares no code, over every
//! set of a small universe and over random ones.

pub mod exhaustive;
pub mod naive;
pub mod random;
pub mod way;

use exo_core::kernel::filter::{Atom, Engine, Filter, FilterError, FilterId, FilterSet, Pattern};

use naive::Claim;

/// The pattern of atoms, unless no packet can match them.
pub fn pattern(atoms: &[Atom]) -> Option<Pattern> {
    Pattern::new(atoms).ok()
}

/// A set and what the naive reading makes of the same filters.
#[derive(Clone, Debug, Default)]
pub struct Both {
    /// The set.
    pub set: FilterSet,
    /// What is in it, by the number it got.
    pub claims: Vec<(FilterId, Claim)>,
}

impl Both {
    /// Installs a filter in both.
    ///
    /// # Errors
    /// As [`FilterSet::install`].
    pub fn install(&mut self, claim: Claim) -> Result<FilterId, FilterError> {
        let filter = Filter {
            owner: claim.owner,
            yields: claim.yields,
            patterns: claim.patterns.iter().filter_map(|it| pattern(it)).collect(),
        };
        let id = self.set.install(filter)?;
        self.claims.push((id, claim));
        Ok(id)
    }

    /// Removes a filter from both.
    pub fn remove(&mut self, id: FilterId) {
        self.set.remove(id);
        self.claims.retain(|(it, _)| *it != id);
    }

    /// Compares every engine's verdict over a packet with the naive one.
    ///
    /// # Errors
    /// What differs.
    pub fn compare(&self, packet: &[u8]) -> Result<(), String> {
        let right = naive::winner(&self.claims, packet);
        for engine in Engine::ALL {
            let verdict = self.set.classify(engine, packet);
            let id = verdict.accepted.map(|(id, _)| id);
            if id != right || verdict.cycles > self.set.cycles_max(engine) {
                return Err(format!(
                    "{packet:02x?}: {} says {verdict:?}, of at most {} cycles, and the atoms {right:?}, of\n{:#?}",
                    engine.name(),
                    self.set.cycles_max(engine),
                    self.claims
                ));
            }
        }
        Ok(())
    }
}
