//! The browser's store as a shelf of entries: which stay on it, and how one more finds room without losing another.

use std::collections::BTreeMap;

use exo_policy::order::sorted;

use super::kept::Kept;

/// Documents whose newest entry stays, whatever other pages keep; the oldest go first.
pub const DOCUMENTS_MAX: usize = 40;
/// Earlier entries that stay beside those.
pub const EARLIER_MAX: usize = 40;
/// Versions of each text that are kept.
pub const VERSIONS_MAX: usize = 10;

/// For how long a flag stands of which nothing is kept: its page may still be there, in milliseconds.
const FLAG_MS: u64 = 24 * 3600 * 1000;

/// Whether a flag that something runs says nothing any more: nothing of its document is kept, and it was put up long
/// ago. What it says is when, or nothing of it as it did before.
pub fn is_stale(put_up: &str, kept: bool, now_ms: u64) -> bool {
    let put_up: u64 = put_up.parse().unwrap_or(0);
    !kept && put_up.saturating_add(FLAG_MS) < now_ms
}

/// Where entries lie, by name.
pub trait Shelf {
    /// What lies there, as it was put.
    fn get(&self, name: &str) -> Option<String>;
    /// Puts something there, in the place of what was. False if there is no room for it, and nothing has changed.
    fn put(&self, name: &str, stored: &str) -> bool;
    /// Takes away what lies there.
    fn remove(&self, name: &str);
}

/// Sorts entries, the newest first, and says which are too many: those that are not the newest of one of the last
/// [`DOCUMENTS_MAX`] documents, and hold none of the last [`VERSIONS_MAX`] versions of a text, or say the same as a
/// newer one, or are beyond [`EARLIER_MAX`].
pub fn bounded(all: Vec<Kept>) -> (Vec<Kept>, Vec<Kept>) {
    let all = sorted(all, |a, b| (b.when_ms, &b.name).cmp(&(a.when_ms, &a.name)));
    let (mut stays, mut goes): (Vec<Kept>, Vec<Kept>) = (Vec::new(), Vec::new());
    let mut documents: Vec<String> = Vec::new();
    let mut known: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut earlier = 0;
    for entry in all {
        let first = !documents.iter().any(|it| it == entry.document());
        if first {
            documents.push(entry.document().to_owned());
        }
        let newest = first && documents.len() <= DOCUMENTS_MAX;
        let adds = entry.texts.iter().any(|(place, hash)| {
            let versions = known.get(place).map_or(&[][..], |it| it);
            versions.len() < VERSIONS_MAX && !versions.contains(hash)
        });
        let wanted = adds && earlier < EARLIER_MAX;
        if !newest && (!wanted || stays.iter().any(|it| it.text == entry.text)) {
            goes.push(entry);
            continue;
        }
        earlier += usize::from(!newest);
        for (place, hash) in &entry.texts {
            let versions = known.entry(*place).or_default();
            if !versions.contains(hash) {
                versions.push(*hash);
            }
        }
        stays.push(entry);
    }
    (stays, goes)
}

/// Puts an entry on the shelf beside `all` that lie there, then takes away what is too much. Where there is no room,
/// earlier entries go, the oldest first; none is the newest of its document. False if that is not enough, or if it is
/// no entry: then everything lies there as it did.
pub fn shelve(
    shelf: &impl Shelf,
    all: impl FnOnce() -> Vec<Kept>,
    name: &str,
    stored: &str,
) -> bool {
    let Some(entry) = Kept::parse(name, stored) else {
        return false;
    };
    if shelf.get(name).is_some() && shelf.put(name, stored) {
        return true; // as many as before
    }
    let mut all = all();
    all.retain(|it| it.name != name);
    all.push(entry);
    let (stays, goes) = bounded(all);
    let is_newest = |entry: &&Kept| {
        let newest = stays.iter().find(|it| it.document() == entry.document());
        newest.is_some_and(|it| it.name == entry.name)
    };
    let others = |it: &&Kept| it.name != name;
    let earlier = stays.iter().rev().filter(|it| !is_newest(it));
    let mut spare = goes.iter().rev().chain(earlier).filter(others);
    let mut taken: Vec<(&String, String)> = Vec::new();
    while !shelf.put(name, stored) {
        let Some(next) = spare.next() else {
            for (name, stored) in &taken {
                shelf.put(name, stored);
            }
            return false;
        };
        if let Some(stored) = shelf.get(&next.name) {
            shelf.remove(&next.name);
            taken.push((&next.name, stored));
        }
    }
    goes.iter()
        .filter(others)
        .for_each(|it| shelf.remove(&it.name));
    true
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use super::{
        DOCUMENTS_MAX, EARLIER_MAX, FLAG_MS, Shelf, VERSIONS_MAX, bounded, is_stale, shelve,
    };
    use crate::store::Kept;

    /// A shelf with room for so many bytes.
    struct Narrow {
        room: usize,
        entries: RefCell<BTreeMap<String, String>>,
    }

    impl Shelf for Narrow {
        fn get(&self, name: &str) -> Option<String> {
            self.entries.borrow().get(name).cloned()
        }

        fn put(&self, name: &str, stored: &str) -> bool {
            let mut entries = self.entries.borrow_mut();
            let others = entries.iter().filter(|it| it.0 != name);
            let used: usize = others.map(|it| it.1.len()).sum();
            let fits = used + stored.len() <= self.room;
            if fits {
                entries.insert(name.to_owned(), stored.to_owned());
            }
            fits
        }

        fn remove(&self, name: &str) {
            self.entries.borrow_mut().remove(name);
        }
    }

    impl Narrow {
        fn new(room: usize) -> Narrow {
            Narrow {
                room,
                entries: RefCell::default(),
            }
        }

        fn all(&self) -> Vec<Kept> {
            let entries = self.entries.borrow();
            let all = entries.iter().filter_map(|it| Kept::parse(it.0, it.1));
            all.collect()
        }

        fn shelve(&self, name: &str, when_ms: u64, text: &str) -> bool {
            let stored = Kept::render(when_ms, &[(7, when_ms)], "words", text);
            shelve(self, || self.all(), name, &stored)
        }

        fn names(&self) -> Vec<String> {
            self.entries.borrow().keys().cloned().collect()
        }
    }

    fn holding(name: &str, when_ms: u64, texts: &[(u64, u64)], text: &str) -> Kept {
        Kept::parse(name, &Kept::render(when_ms, texts, "words", text)).unwrap()
    }

    /// Of one text.
    fn entry(name: &str, when_ms: u64, text: &str) -> Kept {
        holding(name, when_ms, &[(7, when_ms)], text)
    }

    #[test]
    fn the_last_versions_of_each_text_stay_and_the_same_is_kept_once() {
        // One text that was typed a hundred times, and before that another one, twice.
        let version = |it: u64| entry(&format!("d.{it:04}"), 10 + it, &format!("text {it}"));
        let mut all: Vec<Kept> = (0..100).map(version).collect();
        all.push(entry("d.0100", 200, "text 99"));
        all.push(holding("d.before", 1, &[(8, 1)], "other"));
        all.push(holding("d.after", 2, &[(8, 2), (7, 110)], "others"));
        let (stays, goes) = bounded(all);
        let names: Vec<&str> = stays.iter().map(|it| &*it.name).collect();
        assert_eq!((stays.len(), goes.len()), (VERSIONS_MAX + 2, 91));
        assert_eq!(names[..2], ["d.0100", "d.0098"]);
        assert_eq!(names[VERSIONS_MAX..], ["d.after", "d.before"]);
        assert_eq!(goes.last().unwrap().name, "d.0000");
    }

    #[test]
    fn the_newest_of_each_document_stays_whatever_another_keeps() {
        let mut all = vec![entry("idle.0000", 1, "mine"), entry("idle.0001", 2, "mine")];
        all.extend((0..100).map(|it| entry(&format!("busy.{it:04}"), 10 + it, &it.to_string())));
        let (stays, _) = bounded(all);
        assert_eq!(stays.len(), VERSIONS_MAX + 1);
        assert_eq!(stays.last().unwrap().name, "idle.0001");
        // It stays too where another page shows the same.
        let same = [("one.0000", 1), ("two.0000", 2)];
        let (stays, goes) = bounded(same.map(|it| entry(it.0, it.1, "same")).into());
        assert_eq!((stays.len(), goes.len()), (2, 0));
        // There is an end to both.
        let many =
            (0..200).map(|it| holding(&format!("d{it}.0000"), it, &[(it, it)], &it.to_string()));
        assert_eq!(bounded(many.collect()).0.len(), DOCUMENTS_MAX + EARLIER_MAX);
    }

    #[test]
    fn where_there_is_no_room_earlier_versions_go_the_oldest_first() {
        let shelf = Narrow::new(1000);
        for (name, when) in [("a.0000", 1), ("a.0001", 2), ("b.0000", 3), ("b.0001", 4)] {
            assert!(shelf.shelve(name, when, &format!("{when}{}", "x".repeat(190))));
        }
        assert!(shelf.shelve("c.0000", 5, &"y".repeat(190)));
        assert_eq!(shelf.names(), ["a.0001", "b.0000", "b.0001", "c.0000"]);
        // Its own version before is one of them.
        assert!(shelf.shelve("c.0001", 6, &"z".repeat(190)));
        assert!(shelf.shelve("c.0002", 7, &"w".repeat(190)));
        assert_eq!(shelf.names(), ["a.0001", "b.0001", "c.0001", "c.0002"]);
    }

    #[test]
    fn what_does_not_fit_takes_nothing_else_away() {
        let shelf = Narrow::new(1000);
        for (name, when) in [("a.0000", 1), ("a.0001", 2), ("b.0000", 3), ("b.0001", 4)] {
            assert!(shelf.shelve(name, when, &format!("{when}{}", "x".repeat(190))));
        }
        let before = shelf.entries.borrow().clone();
        assert!(!shelf.shelve("c.0000", 5, &"y".repeat(900)));
        assert!(!shelf.shelve("b.0001", 6, &"y".repeat(1100)));
        assert_eq!(*shelf.entries.borrow(), before);
    }

    #[test]
    fn a_flag_goes_when_nothing_of_its_document_is_kept_and_its_page_is_long_gone() {
        let now = 5 * FLAG_MS;
        let yesterday = (now - FLAG_MS - 1).to_string();
        assert!(is_stale(&yesterday, false, now) && is_stale("1", false, now));
        assert!(!is_stale(&yesterday, true, now) && !is_stale("1", true, now));
        assert!(!is_stale(&now.to_string(), false, now));
    }
}
