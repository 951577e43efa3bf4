//! Use stamps: which reference used a frame last, on machines that keep them.

use exo_core::event::Event;
use exo_core::ids::Frame;
use exo_core::machine::Machine;

use super::assembly::{application, back, constant, load, store_and_load};
use super::{A, compiled, config, ends, environment, logged};

#[test]
fn a_stamp_is_the_number_of_the_reference_that_used_the_frame_last() {
    let code = vec![
        constant(1, 0x2000),
        constant(3, 0x3000),
        load(2, 1, 8),
        load(2, 3, 8),
        load(2, 3, 8),
        load(2, 1, 8),
        load(2, 3, 8),
        back(),
    ];
    let mut config = config(vec![environment(&application(code), 4)]);
    config.use_stamps = true;
    let (end, _) = ends(&Machine::new(config).unwrap());
    let records = end.kernel().frames.records().iter();
    let stamps: Vec<(u32, Option<u64>)> = records
        .enumerate()
        .filter_map(|(frame, record)| {
            let stamp = end.hardware().use_stamps.of(Frame(frame as u32));
            Some((record.page?.0, stamp))
        })
        .collect();
    assert_eq!(stamps, [(2, Some(4)), (3, Some(5))]);
}

/// Logs the stamp of the frame of its first page, or 1,007 where there are none.
const ASKING: &str = "
    use exo_prelude::*;
    pub struct Asking { page: Frame }
    impl Asking { pub const fn new() -> Asking { Asking { page: Frame::new(0) } } }
    impl Application for Asking {
        fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
            let Ok(frame) = sys.allocate() else { return };
            if sys.tlb_write(7, frame, Access::ReadWrite).is_err() { return; }
            self.tell(sys, frame);
            mem.store_u32(0x7000, 1);
            mem.store_u32(0x7004, 1);
            self.tell(sys, frame);
        }
    }
    impl Asking {
        fn tell(&self, sys: &mut Sys, frame: Frame) {
            match sys.use_stamp(frame) {
                Ok(stamp) => log!(\"stamp {}\", stamp),
                Err(SysError::NotOffered) => log!(\"refused {}\", 1007),
                Err(_) => log!(\"refused {}\", 1000),
            }
        }
    }";

#[test]
fn a_stamp_is_told_where_there_are_stamps_and_not_offered_elsewhere() {
    let mut config = config(vec![environment(&compiled(ASKING), 4)]);
    let (_, events) = ends(&Machine::new(config.clone()).unwrap());
    assert_eq!(logged(&events, A), [1007, 1007]);
    config.use_stamps = true;
    let (_, events) = ends(&Machine::new(config).unwrap());
    assert_eq!(logged(&events, A), [0, 2]);
    assert!(
        events
            .iter()
            .any(|it| matches!(it.event, Event::StampRead { stamp: 2, .. }))
    );
}

#[test]
fn a_frame_that_changes_hands_has_not_been_used() {
    let mut config = config(vec![environment(
        &application(store_and_load(0x1_0000, 0x1000, 3)),
        4,
    )]);
    config.use_stamps = true;
    let mut machine = Machine::new(config).unwrap();
    machine.run(u64::MAX, &[], &mut exo_core::event::Silent);
    let clock = exo_libos_samples::sample("clock").unwrap().source;
    let program = std::sync::Arc::new(exo_policy::compile(clock).unwrap());
    machine.install(A, program, true).unwrap();
    machine.load(A, compiled(ASKING)).unwrap();
    let (_, events) = ends(&machine);
    assert_eq!(logged(&events, A)[0], 0);
}

#[test]
fn stamps_change_nothing_but_themselves() {
    let program = application(store_and_load(0x1_0000, 0x800, 24));
    let mut config = config(vec![environment(&program, 7)]);
    let (without, _) = ends(&Machine::new(config.clone()).unwrap());
    config.use_stamps = true;
    let (with, events) = ends(&Machine::new(config).unwrap());
    assert!(with.kernel() == without.kernel());
    assert!(with.hardware().memory == without.hardware().memory);
    assert_eq!(with.events(), without.events());
    assert_ne!(with.state_digest(), without.state_digest());
    assert_eq!(logged(&events, A).len(), 24);
}
