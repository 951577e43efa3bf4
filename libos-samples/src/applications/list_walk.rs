use exo_prelude::*;

/// Linked-list walk: the same list twice, in order of addresses and scattered.
///
/// Both walks follow 8192 links and add up as many values, in the same instructions. In the first,
/// 64 nodes in a row lie on one page. In the second each link leads to another page, so most steps
/// miss a TLB that holds only half of the list's 128 pages. The kernel's software TLB answers, the
/// libOS is not asked, and a step costs more than three times as much: the log has the cycles. Nothing
/// here is the policy's to repair; how a program lays out what it links is its own.
///
/// It needs 128 frames. With fewer, and no disk, pages come back as zeros: the walk then meets a link
/// that leads nowhere and ends early, and says how far it came.
pub struct ListWalk {
    sum: u64,
}

/// Where the nodes lie: 64 bytes each, the address of the next one and a value in the first eight.
const START: u32 = 0x0010_0000;
const NODES: u32 = 1 << 13;
const NODE_BYTES: u32 = 64;

/// The address of a node.
fn at(node: u32) -> u32 {
    START + node % NODES * NODE_BYTES
}

/// The node that follows in the scattered list, which comes to each node once: the 129th from here,
/// two pages and a node further on.
fn scattered(node: u32) -> u32 {
    (node + 129) % NODES
}

impl ListWalk {
    /// No list is linked yet.
    pub const fn new() -> ListWalk {
        ListWalk { sum: 0 }
    }

    /// Follows links from the first node until one leads back to it, or nowhere; gives the number of
    /// links followed.
    fn walk(&mut self, mem: &mut Mem) -> u32 {
        let mut steps = 0;
        let mut node = START;
        self.sum = 0;
        loop {
            self.sum += mem.load_u32(node + 4) as u64;
            node = mem.load_u32(node);
            steps += 1;
            if node == START || node == 0 {
                return steps;
            }
        }
    }

    /// Walks, and tells the outcome and the price of a step.
    fn tell(&mut self, mem: &mut Mem, sys: &mut Sys) {
        let start = sys.cycles();
        let steps = self.walk(mem);
        let cycles = sys.cycles() - start;
        let each = cycles / steps as u64;
        log!("{} steps, sum {}: {} cycles a step", steps, self.sum, each);
    }
}

impl Application for ListWalk {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        for node in 0..NODES {
            mem.store_u32(at(node), at(node + 1));
            mem.store_u32(at(node) + 4, node + 1);
        }
        self.tell(mem, sys);
        for node in 0..NODES {
            mem.store_u32(at(node), at(scattered(node)));
        }
        self.tell(mem, sys);
    }
}
