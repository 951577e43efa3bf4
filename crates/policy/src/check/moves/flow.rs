//! What may be gone, or was given, at one place in the code.

use crate::tree::LocalId;

/// A local, or a field of it, or a field of that.
pub(super) type Path = (LocalId, Vec<usize>);

/// What is known at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// Something leads here.
    pub(super) reached: bool,
    /// What may be gone; whether it ever was there. In order, each path once.
    gone: Vec<(Path, bool)>,
    /// The variables declared without a value that may have been given one. In order, each once.
    given: Vec<LocalId>,
}

impl Default for Flow {
    fn default() -> Flow {
        Flow {
            reached: true,
            gone: Vec::new(),
            given: Vec::new(),
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
        let first = self.gone.partition_point(|((of, _), _)| *of < path.0);
        let mut rest = self.gone.iter().skip(first);
        rest.by_ref()
            .take_while(|((local, _), _)| *local == path.0)
            .find(|((_, fields), _)| fields.starts_with(&path.1) || path.1.starts_with(fields))
            .map(|(_, there)| *there)
    }

    /// Whether what a path is a part of may be gone as a whole.
    pub(super) fn lacks_owner(&self, path: &Path) -> bool {
        (0..path.1.len()).any(|length| {
            let fields = path.1.get(..length).unwrap_or(&[]);
            self.place(&(path.0, fields.to_vec())).is_ok()
        })
    }

    pub(super) fn move_away(&mut self, path: Path) {
        match self.place(&path) {
            Ok(place) => self.change(place, |there| *there = true),
            Err(place) => self.gone.insert(place, (path, true)),
        }
    }

    /// The place of a path in what is gone, or the place where it would be.
    fn place(&self, path: &Path) -> Result<usize, usize> {
        self.gone.binary_search_by(|(known, _)| known.cmp(path))
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut bool)) {
        if let Some((_, there)) = self.gone.get_mut(place) {
            change(there);
        }
    }

    /// Whether a variable declared without a value may have been given one.
    pub(super) fn is_given(&self, local: LocalId) -> bool {
        self.given.binary_search(&local).is_ok()
    }

    fn note_given(&mut self, local: LocalId) {
        if let Err(place) = self.given.binary_search(&local) {
            self.given.insert(place, local);
        }
    }

    pub(super) fn declare(&mut self, local: LocalId) {
        self.forget(local);
        let first = self.gone.partition_point(|((of, _), _)| *of < local);
        self.gone.insert(first, ((local, Vec::new()), false));
    }

    /// A path has a value again.
    pub(super) fn give(&mut self, path: &Path) {
        self.gone
            .retain(|((local, fields), _)| *local != path.0 || !fields.starts_with(&path.1));
        if path.1.is_empty() {
            self.note_given(path.0);
        }
    }

    /// A local is declared anew, or its scope ends.
    pub(super) fn forget(&mut self, local: LocalId) {
        self.gone.retain(|((of, _), _)| *of != local);
        self.given.retain(|given| *given != local);
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
            match self.place(path) {
                Ok(place) => self.change(place, |known| *known |= *there),
                Err(place) => self.gone.insert(place, (path.clone(), *there)),
            }
        }
        for local in &other.given {
            self.note_given(*local);
        }
    }
}
