//! What no policy can do better than, and what a machine without a TLB would do: lines to compare with.

use std::collections::{BinaryHeap, HashMap};

use exo_core::cost;
use exo_core::kernel::Environment;
use exo_core::trace::Trace;

/// Page loads of the first `references` references of a trace under the policy that knows the future:
/// it gives up the page whose next use is furthest away (Belady 1966). No policy with `frames` frames
/// loads fewer.
pub fn optimal_loads(trace: &Trace, references: u64, page_bits: u8, frames: u32) -> u64 {
    best_of(&pages_of(trace, references, page_bits), frames)
}

/// The pages of the first `references` references, one after the other; the same page again is left out.
pub(crate) fn pages_of(trace: &Trace, references: u64, page_bits: u8) -> Vec<u32> {
    let mut pages: Vec<u32> = Vec::new();
    for (address, _) in trace
        .iter()
        .take(usize::try_from(references).unwrap_or(usize::MAX))
    {
        let page = address.checked_shr(page_bits.into()).unwrap_or(0);
        if pages.last() != Some(&page) {
            pages.push(page); // the same page again is no use of another
        }
    }
    pages
}

/// Page loads of these pages under the policy that knows the future.
pub(crate) fn best_of(pages: &[u32], frames: u32) -> u64 {
    let next = next_uses(pages);
    // Of each page that is held when it is used next; what the heap says beside that is out of date.
    let mut held: HashMap<u32, usize> = HashMap::new();
    let mut furthest: BinaryHeap<(usize, u32)> = BinaryHeap::new();
    let mut loads = 0;
    for (page, next) in pages.iter().copied().zip(next) {
        if !held.contains_key(&page) {
            loads += 1;
            if held.len() as u64 >= u64::from(frames.max(1)) {
                give_up(&mut held, &mut furthest);
            }
        }
        held.insert(page, next);
        furthest.push((next, page));
    }
    loads
}

/// For each place the next one with the same page; the length where there is none.
fn next_uses(pages: &[u32]) -> Vec<usize> {
    let mut seen: HashMap<u32, usize> = HashMap::new();
    let mut next: Vec<usize> = pages
        .iter()
        .enumerate()
        .rev()
        .map(|(place, page)| seen.insert(*page, place).unwrap_or(pages.len()))
        .collect();
    next.reverse();
    next
}

/// Gives up the held page whose next use is furthest away.
fn give_up(held: &mut HashMap<u32, usize>, furthest: &mut BinaryHeap<(usize, u32)>) {
    while let Some((next, page)) = furthest.pop() {
        if held.get(&page) == Some(&next) {
            held.remove(&page);
            return;
        }
    }
}

/// Cycles that an environment would have spent on a machine without a TLB: each reference that hit
/// would have trapped, and been answered by the software TLB.
pub fn cycles_without_tlb(environment: &Environment) -> u64 {
    environment.cycles.total() + environment.counters.tlb_hits * cost::STLB_HIT
}

#[cfg(test)]
mod tests {
    use exo_core::ids::ReferenceKind;
    use exo_core::rng::Rng;
    use exo_core::trace::Trace;

    use super::optimal_loads;

    fn trace(pages: &[u32]) -> Trace {
        let mut trace = Trace::new();
        for page in pages {
            trace.push(page << 12, ReferenceKind::Load);
        }
        trace
    }

    #[test]
    fn the_textbooks_example_loads_nine_pages_into_three_frames() {
        // Silberschatz, Galvin, Gagne: 9.4.3.
        let pages = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
        assert_eq!(optimal_loads(&trace(&pages), 20, 12, 3), 9);
        assert_eq!(optimal_loads(&trace(&pages), 4, 12, 3), 4);
    }

    /// The fewest loads that any choice of victims leads to, by trying all.
    fn tried(pages: &[u32], held: &[u32], frames: usize) -> u64 {
        let Some((page, rest)) = pages.split_first() else {
            return 0;
        };
        if held.contains(page) {
            return tried(rest, held, frames);
        }
        let mut with = held.to_vec();
        with.push(*page);
        if with.len() <= frames {
            return 1 + tried(rest, &with, frames);
        }
        let others = (0..held.len()).map(|victim| {
            let mut with = with.clone();
            with.remove(victim);
            tried(rest, &with, frames)
        });
        1 + others.min().unwrap_or(0)
    }

    #[test]
    fn no_choice_of_victims_loads_fewer() {
        let mut random = Rng::new(7, 0);
        for frames in 1..4_u32 {
            for _ in 0..40 {
                let pages: Vec<u32> = (0..12).map(|_| random.below(8)).collect();
                let best = tried(&pages, &[], frames as usize);
                assert_eq!(
                    optimal_loads(&trace(&pages), 12, 12, frames),
                    best,
                    "{pages:?} in {frames}"
                );
            }
        }
    }
}
