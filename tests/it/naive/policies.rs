//! The other replacement policies in the plainest way: whole lists of pages, searched from end to
//! end, written from the definitions.
//!
//! A page's place in its list says all that is to be known of it; nothing has a frame or a number.

use std::collections::VecDeque;

use super::paging::Paging;

/// Counts what a policy does. `touch` is told each page and answers whether it had to be loaded, and
/// whether another went for it.
fn count(pages: impl Iterator<Item = u64>, mut touch: impl FnMut(u64) -> (bool, bool)) -> Paging {
    let mut paging = Paging {
        page_loads: 0,
        evictions: 0,
    };
    for page in pages {
        let (loaded, evicted) = touch(page);
        paging.page_loads += u64::from(loaded);
        paging.evictions += u64::from(evicted);
    }
    paging
}

/// A page with the bit that its touches set.
type Marked = (u64, bool);

fn position(held: &VecDeque<Marked>, page: u64) -> Option<usize> {
    held.iter().position(|(it, _)| *it == page)
}

/// The first page of a queue that was not touched; those before it lose their mark and queue again.
fn give_second_chances(queue: &mut VecDeque<Marked>) -> u64 {
    loop {
        match queue.pop_front().unwrap() {
            (page, false) => return page,
            (page, true) => queue.push_back((page, false)),
        }
    }
}

/// Second chance, as a queue: who is at the front and was touched goes to the back.
pub fn second_chance(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let mut queue: VecDeque<Marked> = VecDeque::new();
    count(pages, |page| {
        if let Some(place) = position(&queue, page) {
            queue[place].1 = true;
            return (false, false);
        }
        let full = queue.len() == frames;
        if full {
            give_second_chances(&mut queue);
        }
        queue.push_back((page, true));
        (true, full)
    })
}

/// How many of the pages that go under second chance were written since they came.
pub fn written_when_evicted(touches: impl Iterator<Item = (u64, bool)>, frames: usize) -> u64 {
    let mut queue: VecDeque<Marked> = VecDeque::new();
    let mut written = std::collections::HashSet::new();
    let mut counted = 0;
    for (page, stores) in touches {
        match position(&queue, page) {
            Some(place) => queue[place].1 = true,
            None => {
                if queue.len() == frames {
                    let gone = give_second_chances(&mut queue);
                    counted += u64::from(written.remove(&gone));
                }
                queue.push_back((page, true));
            }
        }
        if stores {
            written.insert(page);
        }
    }
    counted
}

/// Pages in the order in which they were touched last, the oldest first.
fn touched(held: &mut Vec<u64>, page: u64) -> bool {
    let place = held.iter().position(|it| *it == page);
    if let Some(place) = place {
        held.remove(place);
        held.push(page);
    }
    place.is_some()
}

/// Least recently used: the page that was touched the longest ago goes.
pub fn lru(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let mut held: Vec<u64> = Vec::new();
    count(pages, |page| {
        if touched(&mut held, page) {
            return (false, false);
        }
        let full = held.len() == frames;
        if full {
            held.remove(0);
        }
        held.push(page);
        (true, full)
    })
}

/// Most recently used: the page that was touched last goes.
pub fn mru(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let mut held: Vec<u64> = Vec::new();
    count(pages, |page| {
        if touched(&mut held, page) {
            return (false, false);
        }
        let full = held.len() == frames;
        if full {
            held.pop();
        }
        held.push(page);
        (true, full)
    })
}

/// Last in, first out: the page that was loaded last goes, used or not.
pub fn last_in_first_out(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let mut held: Vec<u64> = Vec::new();
    count(pages, |page| {
        if held.contains(&page) {
            return (false, false);
        }
        let full = held.len() == frames;
        if full {
            held.pop();
        }
        held.push(page);
        (true, full)
    })
}

/// Random: any page goes, and the new one takes its place; `dice` gives the numbers.
pub fn random(
    pages: impl Iterator<Item = u64>,
    frames: usize,
    mut dice: impl FnMut() -> u64,
) -> Paging {
    let mut held: Vec<u64> = Vec::new();
    count(pages, |page| {
        if held.contains(&page) {
            return (false, false);
        }
        let full = held.len() == frames;
        if full {
            let place = (dice() % frames as u64) as usize;
            held[place] = page;
        } else {
            held.push(page);
        }
        (true, full)
    })
}

/// A page under WSClock.
struct Timed {
    page: u64,
    touched: bool,
    in_use_at: u64,
}

/// WSClock without a disk, its time counted in page loads: the ring is turned so that the hand is at
/// its front. A page that was idle for more than `window` goes; if none was, the one that was idle
/// for longest, the first of those that the hand met.
pub fn wsclock(pages: impl Iterator<Item = u64>, frames: usize, window: u64) -> Paging {
    let mut ring: VecDeque<Timed> = VecDeque::new();
    let mut now = 0;
    count(pages, |page| {
        if let Some(it) = ring.iter_mut().find(|it| it.page == page) {
            it.touched = true;
            return (false, false);
        }
        let full = ring.len() == frames;
        now += 1;
        let new = Timed {
            page,
            touched: true,
            in_use_at: now,
        };
        match full.then(|| turn(&mut ring, now - 1, window)) {
            Some(place) => ring[place] = new,
            None => ring.push_back(new),
        }
        (true, full)
    })
}

/// Turns the ring until the hand has passed the page that goes, and says where that is: the new page
/// takes its place.
fn turn(ring: &mut VecDeque<Timed>, now: u64, window: u64) -> usize {
    for _ in 0..ring.len() {
        let mut first = ring.pop_front().unwrap();
        let idle = now - first.in_use_at;
        if !first.touched && idle > window {
            ring.push_back(first);
            return ring.len() - 1;
        }
        if first.touched {
            (first.touched, first.in_use_at) = (false, now);
        }
        ring.push_back(first);
    }
    let oldest = ring.iter().map(|it| it.in_use_at).min().unwrap();
    ring.iter().position(|it| it.in_use_at == oldest).unwrap()
}

/// 2Q with a second chance in its main queue: a quarter of the frames for pages that are new, and as
/// many numbers of pages that went from there as half of the frames.
pub fn two_queues(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let (mut new, mut main, mut gone) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
    count(pages, |page| {
        for queue in [&mut new, &mut main] {
            if let Some(place) = position(queue, page) {
                queue[place].1 = true;
                return (false, false);
            }
        }
        let known = gone.iter().position(|it| *it == page);
        if let Some(place) = known {
            gone.remove(place);
        }
        let full = new.len() + main.len() == frames;
        if full && (new.len() > frames / 4 || main.is_empty()) {
            gone.push_back(new.pop_front().unwrap().0);
            while gone.len() > frames / 2 {
                gone.pop_front();
            }
        } else if full {
            give_second_chances(&mut main);
        }
        let queue = if known.is_some() { &mut main } else { &mut new };
        queue.push_back((page, true));
        (true, full)
    })
}

/// FIFO in a ring, whose hand passes over the pages that stay; if all stay, it comes back to where it
/// began, and that page goes.
pub fn keeping(
    pages: impl Iterator<Item = u64>,
    frames: usize,
    stays: std::ops::Range<u64>,
) -> Paging {
    let mut ring: VecDeque<u64> = VecDeque::new();
    count(pages, |page| {
        if ring.contains(&page) {
            return (false, false);
        }
        let full = ring.len() == frames;
        if full {
            let passed = ring.iter().position(|it| !stays.contains(it));
            ring.rotate_left(passed.unwrap_or(0));
            ring.pop_front();
        }
        ring.push_back(page);
        (true, full)
    })
}

/// The best there can be (Belady, 1966): the page that is needed latest goes. It must know the
/// future.
pub fn best(pages: &[u64], frames: usize) -> Paging {
    let mut next = vec![usize::MAX; pages.len()];
    let mut seen = std::collections::HashMap::new();
    for (place, page) in pages.iter().enumerate().rev() {
        next[place] = seen.insert(*page, place).unwrap_or(usize::MAX);
    }
    let mut held: Vec<(u64, usize)> = Vec::new();
    let mut place = 0;
    count(pages.iter().copied(), |page| {
        let needed = next[place];
        place += 1;
        if let Some(it) = held.iter_mut().find(|it| it.0 == page) {
            it.1 = needed;
            return (false, false);
        }
        let full = held.len() == frames;
        if full {
            let latest = held.iter().enumerate().max_by_key(|(_, it)| it.1).unwrap();
            let latest = latest.0;
            held.swap_remove(latest);
        }
        held.push((page, needed));
        (true, full)
    })
}
