//! What may be gone, or was given, at one place in the code.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::LocalId;

/// A local, or a field of it, or a field of that.
pub(super) type Path = (LocalId, Vec<usize>);

/// What is known at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// Something leads here.
    pub(super) reached: bool,
    /// What may be gone; whether it ever was there.
    gone: BTreeMap<Path, bool>,
    /// The variables declared without a value that may have been given one.
    pub(super) given: BTreeSet<LocalId>,
}

impl Default for Flow {
    fn default() -> Flow {
        Flow {
            reached: true,
            gone: BTreeMap::new(),
            given: BTreeSet::new(),
        }
    }
}

impl Flow {
    /// Where nothing leads.
    pub(super) fn nowhere() -> Flow {
        Flow {
            reached: false,
            ..Flow::default()
        }
    }

    /// Whether all or a part of a path may be gone; true if it was there once.
    pub(super) fn missing(&self, path: &Path) -> Option<bool> {
        let mut of = self.gone.range((path.0, Vec::new())..);
        of.by_ref()
            .take_while(|((local, _), _)| *local == path.0)
            .find(|((_, fields), _)| fields.starts_with(&path.1) || path.1.starts_with(fields))
            .map(|(_, there)| *there)
    }

    /// Whether what a path is a part of may be gone as a whole.
    pub(super) fn lacks_owner(&self, path: &Path) -> bool {
        (0..path.1.len()).any(|length| {
            let fields = path.1.get(..length).unwrap_or(&[]);
            self.gone.contains_key(&(path.0, fields.to_vec()))
        })
    }

    pub(super) fn move_away(&mut self, path: Path) {
        self.gone.insert(path, true);
    }

    pub(super) fn declare(&mut self, local: LocalId) {
        self.forget(local);
        self.gone.insert((local, Vec::new()), false);
    }

    /// A path has a value again.
    pub(super) fn give(&mut self, path: &Path) {
        self.gone
            .retain(|(local, fields), _| *local != path.0 || !fields.starts_with(&path.1));
        if path.1.is_empty() {
            self.given.insert(path.0);
        }
    }

    /// A local is declared anew, or its scope ends.
    pub(super) fn forget(&mut self, local: LocalId) {
        self.gone.retain(|(of, _), _| *of != local);
        self.given.remove(&local);
    }

    /// Takes in what is known on another way to the same place.
    pub(super) fn join(&mut self, other: &Flow) {
        if !other.reached {
            return;
        }
        if !self.reached {
            *self = other.clone();
            return;
        }
        for (path, there) in &other.gone {
            *self.gone.entry(path.clone()).or_default() |= *there;
        }
        self.given.extend(&other.given);
    }
}
