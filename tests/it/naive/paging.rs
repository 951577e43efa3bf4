//! Page replacement in the plainest way: a list of frames and a hand.

/// What a replacement policy comes to.
#[derive(Debug, PartialEq, Eq)]
pub struct Paging {
    pub page_loads: u64,
    pub evictions: u64,
}

/// First in, first out.
pub fn fifo(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let mut queue = std::collections::VecDeque::new();
    let (mut page_loads, mut evictions) = (0, 0);
    for page in pages {
        if queue.contains(&page) {
            continue;
        }
        if queue.len() == frames {
            queue.pop_front();
            evictions += 1;
        }
        queue.push_back(page);
        page_loads += 1;
    }
    Paging {
        page_loads,
        evictions,
    }
}

/// Second chance. The hand starts at the first frame loaded, clears set bits as it passes, takes
/// the first clear one; the new page goes there, the hand moves on, the access sets the bit.
pub fn clock(pages: impl Iterator<Item = u64>, frames: usize) -> Paging {
    let (mut held, mut bits): (Vec<u64>, Vec<bool>) = (vec![], vec![]);
    let (mut hand, mut page_loads, mut evictions) = (0, 0, 0);
    for page in pages {
        if let Some(place) = held.iter().position(|it| *it == page) {
            bits[place] = true;
            continue;
        }
        page_loads += 1;
        if held.len() < frames {
            held.push(page);
            bits.push(true);
            continue;
        }
        while bits[hand] {
            bits[hand] = false;
            hand = (hand + 1) % frames;
        }
        held[hand] = page;
        bits[hand] = true;
        hand = (hand + 1) % frames;
        evictions += 1;
    }
    Paging {
        page_loads,
        evictions,
    }
}
