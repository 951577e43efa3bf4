//! What the browser keeps: what is offered when the page opens, and the list.

use std::rc::Rc;

use crate::store::{Kept, Playground};

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptView {
    /// The newest, while it is offered.
    pub offered: Option<KeptRow>,
    /// All of it, the newest first.
    pub rows: Vec<KeptRow>,
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRow {
    /// Its name.
    pub name: String,
    /// When it was kept.
    pub when: String,
    /// What it is.
    pub words: String,
    /// Whether its page ended, or goes on elsewhere, while it ran.
    pub interrupted: bool,
}

fn row(kept: &Kept) -> KeptRow {
    KeptRow {
        name: kept.name.clone(),
        when: kept.when.clone(),
        words: kept.words.clone(),
        interrupted: kept.interrupted,
    }
}

pub(super) fn select(playground: &Playground) -> Rc<KeptView> {
    let (kept, offered) = (&playground.kept, playground.offered_kept());
    if offered.is_none() && playground.share.is_none() {
        return Rc::default(); // neither the offer nor the list is shown
    }
    // Two pages may keep the same, each for itself; it is listed once.
    let first =
        |(index, it): &(usize, &Kept)| !kept.iter().take(*index).any(|other| other.text == it.text);
    Rc::new(KeptView {
        offered: offered.map(row),
        rows: kept
            .iter()
            .enumerate()
            .filter(first)
            .map(|it| row(it.1))
            .collect(),
    })
}
