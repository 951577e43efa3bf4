//! What a session that was written down names: sources that come along, inputs, environments.

use exo_core::ids::EnvId;

use super::shipped::{Shipped, shipped_hash};
use super::{SavedChange, SavedInput, SavedSession, SourceName};

impl SavedSession {
    /// The sources that come with the playground and that it names, in order.
    pub(super) fn shipped_sources(&self) -> Vec<Shipped> {
        let mut found: Vec<Shipped> = Vec::new();
        let mut note = |name: &SourceName| {
            if let SourceName::Shipped(shipped) = name
                && !found.contains(shipped)
            {
                found.push(*shipped);
            }
        };
        for environment in &self.environments {
            environment.named().for_each(&mut note);
        }
        for input in self.all_inputs() {
            match &input.change {
                SavedChange::Policy { libos, .. } => note(libos),
                SavedChange::Application(program) => note(program),
                SavedChange::Frames(_) => {}
            }
        }
        found
    }

    /// The inputs of the branch that runs, then those of the others.
    pub(super) fn all_inputs(&self) -> impl Iterator<Item = &SavedInput> {
        let others = self.branches.iter().flat_map(|branch| &branch.inputs);
        self.inputs.iter().chain(others)
    }

    /// The same with nothing but the branch that runs, and the sources that it needs.
    pub(super) fn without_branches(&self) -> SavedSession {
        let mut saved = SavedSession {
            branch: 0,
            branches: Vec::new(),
            ..self.clone()
        };
        let mut named: Vec<&SourceName> = Vec::new();
        for environment in &self.environments {
            named.extend(environment.named());
            named.extend(environment.editors().map(|(_, name)| name));
        }
        for input in &self.inputs {
            match &input.change {
                SavedChange::Policy { libos: name, .. } | SavedChange::Application(name) => {
                    named.push(name);
                }
                SavedChange::Frames(_) => {}
            }
        }
        saved.sources.retain(|source| {
            let mut own = named.iter().map(|name| name.own());
            own.any(|name| name == Some(&source.name))
        });
        if saved.shipped_sources() != self.shipped_sources() {
            saved.shipped = Some(shipped_hash(&saved.shipped_sources()));
        }
        saved
    }

    /// The names of its environments, A first.
    pub fn letters(&self) -> impl Iterator<Item = EnvId> {
        (0..self.environments.len()).map(|index| EnvId(index as u8))
    }
}
