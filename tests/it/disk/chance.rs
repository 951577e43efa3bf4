//! Calls at random by several environments, with frames taken under them: every invariant holds after
//! every step, and whoever waits is answered.

use exo_core::event::{Event, Stamped};
use exo_core::hw::DiskFault;
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_core::rng::Rng;
use exo_core::trace::Trace;

const ENVIRONMENTS: u32 = 3;
const CALLS: &[Call] = &[
    Call::Allocate,
    Call::Free,
    Call::TlbWrite,
    Call::Capability,
    Call::Derive,
    Call::Revoke,
    Call::TlbWriteShared,
    Call::ExtentAllocate,
    Call::ExtentAllocateAt,
    Call::ExtentFree,
    Call::DiskRead,
    Call::DiskWrite,
    Call::DiskRead,
    Call::DiskWrite,
];

fn machine(seed: u64) -> Machine {
    let environment = EnvironmentConfig {
        handler: Handler::Native,
        frame_limit: 3,
        application: Application::Trace(0),
        downloads: Vec::new(),
    };
    let mut config = MachineConfig {
        page_bits: 4,
        frames: 8,
        stlb_entries: 8,
        slice_references: 2,
        disk_blocks: 9,
        disk_fault: Some(DiskFault {
            transfer: seed % 7 + 1,
            for_ever: false,
        }),
        seed,
        environments: vec![environment; ENVIRONMENTS as usize],
        ..MachineConfig::default()
    };
    config.revocation.request_cycles = 100;
    config.revocation.imperative_cycles = 100;
    Machine::new(config).unwrap()
}

/// A run: the machine, the dice, and every number that a call has given to anyone.
struct Chance {
    machine: Machine,
    dice: Rng,
    numbers: Vec<u64>,
    /// As `numbers`, of extents.
    extents: Vec<u64>,
    events: Vec<Stamped>,
}

impl Chance {
    fn number(&mut self) -> u64 {
        let place = self.dice.below(self.numbers.len() as u32);
        self.numbers[place as usize]
    }

    /// One of the last extents, if it is worth anything still.
    fn extent(&mut self) -> u64 {
        let count = self.extents.len() as u32;
        let back = self.dice.below(count.min(4)) + 1;
        self.extents[(count - back) as usize]
    }

    /// A frame, and one of the environment's own more often than not.
    fn frame(&mut self, env: EnvId) -> u64 {
        let records = self.machine.kernel().frames.records().iter();
        let owned = records.enumerate().filter(|(_, it)| it.owner == Some(env));
        let owned: Vec<u64> = owned.map(|(index, _)| index as u64).collect();
        match self.dice.below(5) {
            0 => u64::from(self.dice.below(9)),
            _ if owned.is_empty() => 0,
            _ => owned[self.dice.below(owned.len() as u32) as usize],
        }
    }

    /// Arguments that mean something, most of the time.
    fn arguments(&mut self, env: EnvId, call: Call) -> [u64; 3] {
        let frame = self.frame(env);
        let small = u64::from(self.dice.below(3));
        match call {
            Call::TlbWrite => [u64::from(self.dice.below(6)), frame, small & 1],
            Call::TlbWriteShared => [small, self.number(), small & 1],
            Call::Derive => [self.number(), small & 1, 0],
            Call::Revoke => [self.number(), 0, 0],
            Call::ExtentFree => [self.extent(), 0, 0],
            Call::ExtentAllocate => [small, 0, 0],
            Call::ExtentAllocateAt => [frame, small, 0],
            Call::DiskRead | Call::DiskWrite => [self.extent(), small & 1, frame],
            _ => [frame, small & 1, 0],
        }
    }

    /// Lets the handler of `env` do one thing.
    fn answer(&mut self, env: EnvId) {
        if let Some(Ok(number)) = self.machine.native_outcome(env) {
            assert_eq!(number, 0);
        }
        if self.dice.below(12) == 0 {
            let page = self.machine.native_fault(env).map(|fault| fault.page);
            let (page, frame) = (page.map_or(0, |page| page.0.into()), self.frame(env));
            for (call, arguments) in [(Call::Allocate, [0; 3]), (Call::TlbWrite, [page, frame, 1])]
            {
                let called = self
                    .machine
                    .native_call(env, call, arguments, &mut self.events);
                assert!(called.is_some());
            }
            let done = self.machine.native_return(env, Ok(()), &mut self.events);
            return done.unwrap();
        }
        let call = CALLS[self.dice.below(CALLS.len() as u32) as usize];
        let arguments = self.arguments(env, call);
        let given = self
            .machine
            .native_call(env, call, arguments, &mut self.events);
        let waits = matches!(
            self.machine.environment(env).unwrap().phase,
            Phase::Waiting(_)
        );
        assert_eq!(given.is_none(), waits);
        let keeps = [
            Call::Capability,
            Call::Derive,
            Call::ExtentAllocate,
            Call::ExtentAllocateAt,
        ];
        if let Some(Ok(number)) = given
            && keeps.contains(&call)
        {
            self.numbers.push(number);
            if !matches!(call, Call::Capability) {
                self.extents.push(number);
            }
        }
    }
}

/// How many transfers were asked for, done, and refused at their end.
fn run(seed: u64) -> [usize; 3] {
    let mut trace = Trace::new();
    for number in 0..300 {
        trace.push((number % 5) << 4, ReferenceKind::Modify);
    }
    let mut chance = Chance {
        machine: machine(seed),
        dice: Rng::new(seed, 1),
        numbers: vec![7],
        extents: vec![7],
        events: Vec::new(),
    };
    for turn in 0.. {
        if turn % 100 == 0 && turn < 5_000 {
            let env = EnvId(chance.dice.below(ENVIRONMENTS) as u8);
            let limit = chance.dice.below(4) + 1;
            chance.machine.set_frame_limit(env, limit).unwrap();
        }
        match chance.machine.step(&[&trace], &mut chance.events) {
            Stop::Reached => {}
            Stop::Upcall(env) => chance.answer(env),
            Stop::Halted => break,
        }
        chance.machine.check().unwrap();
    }
    let over = |phase| matches!(phase, Phase::Finished | Phase::Broken(_));
    let environments = &chance.machine.kernel().environments;
    assert!(environments.iter().all(|it| over(it.phase)), "seed {seed}");
    let count = |wanted: &dyn Fn(&Event) -> bool| {
        let events = chance.events.iter();
        events.filter(|it| wanted(&it.event)).count()
    };
    let asked = count(&|it| matches!(it, Event::DiskRequested { .. }));
    let done = count(&|it| matches!(it, Event::DiskCompleted { result: Ok(()), .. }));
    let refused = count(&|it| matches!(it, Event::DiskCompleted { result: Err(_), .. }));
    assert_eq!(asked, done + refused);
    [asked, done, refused]
}

#[test]
fn inv_rev_4_inv_disk_1_hold_whatever_environments_ask_for_and_whatever_is_taken() {
    let mut all = [0; 3];
    for seed in 0..60 {
        for (total, count) in all.iter_mut().zip(run(seed)) {
            *total += count;
        }
    }
    let [asked, done, refused] = all;
    assert!(asked > 300 && done > 200 && refused > 60, "{all:?}");
}
