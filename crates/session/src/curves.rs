//! Page loads against frames: what a trace costs under LRU, FIFO and the policy that knows the future,
//! for many sizes of memory. No machine runs for it: these are the textbook's policies, to compare with.

use std::collections::{HashMap, HashSet, VecDeque};

use exo_core::trace::Trace;

use crate::optimal::{best_of, pages_of};

/// Sizes of memory that are looked at, besides those that are asked for.
const SIZES: u64 = 20;

/// One size of memory, and what each policy loads with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// Frames.
    pub frames: u32,
    /// Page loads when the page goes that was used longest ago.
    pub lru: u64,
    /// When the page goes that was loaded first.
    pub fifo: u64,
    /// When the page goes whose next use is furthest away: nobody loads fewer (Belady 1966).
    pub best: u64,
}

/// The curves of one trace, made size by size.
#[derive(Debug)]
pub struct Curves {
    pages: Vec<u32>,
    /// How many uses of a page there are with so many other pages since the use before it.
    distances: Vec<u64>,
    sizes: VecDeque<u32>,
    /// What is known so far, the smallest memory first.
    pub points: Vec<CurvePoint>,
}

impl Curves {
    /// Sets out on the first `references` references; `wanted` are sizes that must be among them.
    pub fn new(trace: &Trace, references: u64, page_bits: u8, wanted: &[u32]) -> Curves {
        let pages = pages_of(trace, references, page_bits);
        let all = pages.iter().collect::<HashSet<_>>().len() as u64;
        let even = (1..=SIZES).map(|it| (all * it).div_ceil(SIZES) as u32);
        let mut sizes: Vec<u32> = even.chain(wanted.iter().copied()).collect();
        sizes.retain(|it| *it > 0);
        sizes.sort_unstable();
        sizes.dedup();
        Curves {
            distances: distances(&pages),
            pages,
            sizes: sizes.into(),
            points: Vec::new(),
        }
    }

    /// Does one size more; false if there is none.
    pub fn go_on(&mut self) -> bool {
        let Some(frames) = self.sizes.pop_front() else {
            return false;
        };
        let within = self.distances.iter().take(frames as usize).sum::<u64>();
        self.points.push(CurvePoint {
            frames,
            lru: self.pages.len() as u64 - within,
            fifo: fifo(&self.pages, frames),
            best: best_of(&self.pages, frames),
        });
        true
    }

    /// How many sizes are left.
    pub fn left(&self) -> usize {
        self.sizes.len()
    }
}

/// For each number of other pages since a page's use before, how many uses have it: one run for every
/// size of memory at once (Mattson and others 1970), the positions of last uses in a Fenwick tree.
fn distances(pages: &[u32]) -> Vec<u64> {
    let mut counts: Vec<u64> = Vec::new();
    let mut last: HashMap<u32, usize> = HashMap::new();
    let mut tree = vec![0_i32; pages.len() + 1];
    let add = |tree: &mut [i32], at: usize, by: i32| {
        let mut at = at + 1;
        while let Some(sum) = tree.get_mut(at) {
            *sum += by;
            at += at & at.wrapping_neg();
        }
    };
    let up_to = |tree: &[i32], at: usize| {
        let (mut at, mut all) = (at + 1, 0);
        while at > 0 {
            all += tree.get(at).copied().unwrap_or(0);
            at &= at - 1;
        }
        all
    };
    for (place, page) in pages.iter().enumerate() {
        if let Some(before) = last.insert(*page, place) {
            let since = up_to(&tree, place) - up_to(&tree, before);
            let since = usize::try_from(since).unwrap_or(0);
            if counts.len() <= since {
                counts.resize(since + 1, 0);
            }
            if let Some(count) = counts.get_mut(since) {
                *count += 1;
            }
            add(&mut tree, before, -1);
        }
        add(&mut tree, place, 1);
    }
    counts
}

fn fifo(pages: &[u32], frames: u32) -> u64 {
    let mut held: HashSet<u32> = HashSet::new();
    let mut order: VecDeque<u32> = VecDeque::new();
    let mut loads = 0;
    for page in pages {
        if held.insert(*page) {
            loads += 1;
            order.push_back(*page);
            if order.len() as u64 > u64::from(frames)
                && let Some(first) = order.pop_front()
            {
                held.remove(&first);
            }
        }
    }
    loads
}

#[cfg(test)]
mod tests {
    use exo_core::ids::ReferenceKind;
    use exo_core::trace::Trace;

    use super::{CurvePoint, Curves};

    fn curves(pages: &[u32], wanted: &[u32]) -> Vec<CurvePoint> {
        let mut trace = Trace::new();
        for page in pages {
            trace.push(page << 12, ReferenceKind::Load);
        }
        let mut curves = Curves::new(&trace, u64::MAX, 12, wanted);
        while curves.go_on() {}
        assert_eq!(curves.left(), 0);
        curves.points
    }

    /// LRU as one would write it down, for one size.
    fn lru(pages: &[u32], frames: usize) -> u64 {
        let mut held: Vec<u32> = Vec::new();
        let mut loads = 0;
        for page in pages {
            match held.iter().position(|it| it == page) {
                Some(at) => {
                    held.remove(at);
                }
                None => loads += 1,
            }
            held.push(*page);
            if held.len() > frames {
                held.remove(0);
            }
        }
        loads
    }

    #[test]
    fn belady_s_string_loads_more_with_more_frames_under_fifo_and_never_under_the_others() {
        let string = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
        let points = curves(&string, &[3, 4]);
        let at = |frames: u32| *points.iter().find(|it| it.frames == frames).unwrap();
        assert_eq!((at(3).fifo, at(4).fifo), (9, 10));
        assert_eq!((at(3).lru, at(4).lru), (10, 8));
        assert_eq!((at(3).best, at(4).best), (7, 6));
        assert_eq!(points.last().unwrap().best, 5);
    }

    #[test]
    fn one_run_over_a_trace_knows_lru_for_every_size() {
        let pages: Vec<u32> = (0..3000_u32)
            .map(|it| (it * it % 97 + it / 50) % 61)
            .collect();
        for point in curves(&pages, &[1, 2, 3, 5, 8, 13, 21, 34, 55]) {
            assert_eq!(point.lru, lru(&pages, point.frames as usize), "{point:?}");
            assert!(point.best <= point.lru && point.best <= point.fifo);
        }
    }
}
