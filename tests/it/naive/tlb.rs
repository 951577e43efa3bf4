//! A TLB in the plainest way: for each set a list of pages, oldest first.

/// Misses of a TLB of `sets` sets of `ways` entries. `lru`: a use makes an entry the youngest.
pub fn misses(pages: impl Iterator<Item = u64>, sets: usize, ways: usize, lru: bool) -> u64 {
    let mut held: Vec<Vec<u64>> = vec![Vec::new(); sets];
    let mut misses = 0;
    for page in pages {
        let set = &mut held[page as usize % sets];
        match set.iter().position(|it| *it == page) {
            Some(place) if lru => {
                let page = set.remove(place);
                set.push(page);
            }
            Some(_) => {}
            None => {
                misses += 1;
                if set.len() == ways {
                    set.remove(0);
                }
                set.push(page);
            }
        }
    }
    misses
}
