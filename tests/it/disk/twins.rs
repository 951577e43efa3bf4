//! Twins on a machine with a disk: each policy with its store, as rustc and as our compiler has it.

use exo_core::event::Event;
use exo_core::ids::Direction;

use crate::twins::{compare_with, joined_with};

/// A test that a sample that pages to the disk does the same under both compilers.
macro_rules! twins {
    ($($test:ident: $module:ident $policy:ident $name:literal;)*) => {
        $(
            #[test]
            fn $test() {
                use exo_libos_samples::$module::{inverted_swap, linear_swap, two_level_swap};
                let joined = |table| joined_with($name, table, "swap");
                let few = (16, "full:8:lru", 512);
                let one = compare_with(inverted_swap::$policy::new(), &joined("inverted"), few);
                let two = compare_with(linear_swap::$policy::new(), &joined("linear"), few);
                let three = compare_with(two_level_swap::$policy::new(), &joined("two-level"), few);
                assert!(one == two && two == three, "the table decides how fast, not what");
                for wanted in [Direction::Read, Direction::Write] {
                    let done = |it: &&Event| matches!(
                        it,
                        Event::DiskCompleted { direction, .. } if *direction == wanted
                    );
                    assert!(one.iter().any(|it| done(&it)));
                }
            }
        )*
    };
}

twins! {
    fifo_with_a_disk_does_the_same: fifo Fifo "fifo";
    clock_with_a_disk_does_the_same: clock Clock "clock";
    second_chance_with_a_disk_does_the_same: second_chance SecondChance "second-chance";
    lru_with_a_disk_does_the_same: lru Lru "lru";
    mru_with_a_disk_does_the_same: mru Mru "mru";
    wsclock_with_a_disk_does_the_same: wsclock WsClock "wsclock";
    random_with_a_disk_does_the_same: random Random "random";
    two_queues_with_a_disk_do_the_same: two_queues TwoQueues "2q";
    join_with_a_disk_does_the_same: join Join "join";
}
