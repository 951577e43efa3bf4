//! The texts in the editors of a session that was written down.

use exo_core::ids::EnvId;

use super::{SavedApplication, SavedChange, SavedEnvironment, SavedSession, SourceName};
use crate::debugger::Side;

impl SavedEnvironment {
    /// What is in its editors and does not run.
    pub(super) fn editors(&self) -> impl Iterator<Item = (Side, &SourceName)> {
        let libos = self.editor.iter().map(|it| (Side::LibOs, it));
        libos.chain(self.app_editor.iter().map(|it| (Side::Application, it)))
    }
}

impl SavedSession {
    /// The text that was in the editor of one program of an environment. None if there is no such program,
    /// or the text is in a file of its own.
    pub fn text_of(&self, env: EnvId, side: Side) -> Option<String> {
        let place = self.environments.get(env.index())?;
        let had = self.inputs.iter().rev();
        let had = had.filter(|it| it.env == env && it.at <= self.position);
        let mut applied = had.filter_map(|it| match (&it.change, side) {
            (SavedChange::Policy { libos: name, .. }, Side::LibOs)
            | (SavedChange::Application(name), Side::Application) => Some(name),
            _ => None,
        });
        let runs = match (&place.runs, side) {
            (_, Side::LibOs) => Some(&place.libos),
            (SavedApplication::Program(name), Side::Application) => Some(name),
            (SavedApplication::Trace(_) | SavedApplication::Nothing, Side::Application) => None,
        };
        let edited = place.editors().find(|(of, _)| *of == side);
        match edited.map(|(_, name)| name).or(applied.next()).or(runs)? {
            SourceName::Shipped(shipped) => Some(shipped.text()),
            SourceName::Own(own) => {
                let source = self.sources.iter().find(|it| it.name == *own)?;
                Some(source.text.clone())
            }
        }
    }
}
