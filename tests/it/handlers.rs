//! Handlers that reach for their application's memory: through the TLB, and never into another
//! handler (A32, INV-UP-2).

use exo_core::event::{BreakReason, Event, Silent, Stamped};
use exo_core::ids::{Cause, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, EnvironmentConfig, Machine, Stop};
use exo_core::trace::Trace;
use exo_session::explain::{broken, explain};
use expect_test::expect;

use crate::applications::{A, B, compiled, config, ends, environment, logged, of, policy};
use crate::fixture::render;

/// A libOS that maps each page for its first access, in frames that it never takes back.
fn libos(functions: &str) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Own {{ pages: [u32; 8], frames: [Frame; 8], used: usize }}
         impl Own {{
             pub const fn new() -> Own {{
                 Own {{ pages: [0; 8], frames: [Frame::new(0); 8], used: 0 }}
             }}
             fn map(&mut self, sys: &mut Sys, page: u32, access: Access) -> Result<(), SysError> {{
                 for slot in 0..self.used {{
                     if self.pages[slot] == page {{
                         return sys.tlb_write(page, self.frames[slot], access);
                     }}
                 }}
                 self.pages[self.used] = page;
                 self.frames[self.used] = sys.allocate()?;
                 self.used += 1;
                 sys.tlb_write(page, self.frames[self.used - 1], access)
             }}
         }}
         impl LibOs for Own {{ {functions} }}"
    )
}

/// Serves faults, beside other functions.
fn serving(functions: &str) -> String {
    libos(&format!(
        "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{
             self.map(sys, fault.page, fault.access)
         }}
         {functions}"
    ))
}

fn program(body: &str) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Body {{ value: u64 }}
         impl Body {{ pub const fn new() -> Body {{ Body {{ value: 0 }} }} }}
         impl Application for Body {{
             fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {{ {body} }}
         }}"
    )
}

fn made(body: &str, libos: &str) -> EnvironmentConfig {
    EnvironmentConfig {
        handler: policy(libos),
        ..environment(&compiled(&program(body)), 4)
    }
}

fn machine(tlb: &str, stlb: u32, environments: Vec<EnvironmentConfig>) -> Machine {
    let mut config = config(environments);
    config.tlb = exo_session::parse_tlb(tlb).unwrap();
    config.stlb_entries = stlb;
    Machine::new(config).unwrap()
}

fn told(events: &[Stamped]) -> String {
    let lines = events.iter().map(|it| render::event(&it.event) + "\n");
    format!("\n{}", lines.collect::<String>())
}

/// Adds one to the word that its application names, as a system call of UNIX would.
const INCREMENTS: &str = "
    fn request(&mut self, sys: &mut Sys, request: u32, first: u64, _second: u64) -> Result<u64, SysError> {
        self.map(sys, request, Access::ReadWrite)?;
        let value = sys.load_u32(first as u32);
        sys.store_u32(first as u32, value + 1);
        Ok(value as u64)
    }";

#[test]
fn a32_a_handler_loads_and_stores_what_its_application_sees() {
    let body = "
        mem.store_u32(0x1004, 41);
        match mem.request(1, 0x1004, 0) { Ok(value) => log!(\"{}\", value), Err(_) => log!(\"no\") }
        log!(\"{}\", mem.load_u32(0x1004));";
    let (end, events) = ends(&machine(
        "full:4:lru",
        0,
        vec![made(body, &serving(INCREMENTS))],
    ));
    assert_eq!(logged(&events, A), [41, 42]);
    let counters = of(&end, A).counters;
    assert_eq!(
        counters.references, 2,
        "what the handler does is not the application's"
    );
    assert_eq!(counters.upcalls, 1);
    expect![[r#"

        a miss p1 rw at 0x1004
        a upcall p1 rw miss
        a allocated f2
        a bound p1 f2 rw slot=0 loaded
        a resumed
        a write p1 f2 slot=0 again
        a requests 1 (4100, 0)
        a bound p1 f2 rw slot=0
        a handler read p1 f2 slot=0
        a handler write p1 f2 slot=0
        a replied Ok(41)
        a log #0 [41]
        a read p1 f2 slot=0
        a log #2 [42]
        a finished
    "#]]
    .assert_eq(&told(&events));
}

#[test]
fn a32_a_miss_of_a_handler_is_answered_by_the_software_tlb_and_by_no_upcall() {
    // The TLB has one entry: the page that the handler stores to drives the other out.
    let swaps = "
        fn request(&mut self, sys: &mut Sys, _request: u32, first: u64, second: u64) -> Result<u64, SysError> {
            self.map(sys, 1, Access::ReadWrite)?;
            self.map(sys, 2, Access::ReadWrite)?;
            let value = sys.load_u64(first as u32);
            sys.store_u64(second as u32, value);
            sys.store_u8(second as u32 + 7, 9);
            Ok(sys.load_u8(second as u32) as u64)
        }";
    let body = "
        mem.store_u64(0x1008, 77);
        if let Ok(value) = mem.request(0, 0x1008, 0x2010) { log!(\"{}\", value); }
        log!(\"{}\", mem.load_u64(0x2010));";
    let (end, events) = ends(&machine(
        "full:1:lru",
        16,
        vec![made(body, &serving(swaps))],
    ));
    assert_eq!(logged(&events, A), [77, 77 + (9 << 56)]);
    let hits = events
        .iter()
        .filter(|it| matches!(it.event, Event::StlbHit { .. }));
    assert_eq!(hits.count() as u64, of(&end, A).counters.stlb_hits);
    assert_eq!(of(&end, A).counters.stlb_hits, 2);
    assert_eq!(of(&end, A).counters.upcalls, 1);
}

/// The first environment reaches where it has bound nothing, in the handler that `functions` has; the
/// second one goes on.
fn double_fault(tlb: &str, body: &str, libos: &str) -> (Machine, Vec<Stamped>) {
    let bystander = made("log!(\"{}\", mem.load_u8(0x5000));", &serving(""));
    let mut config = config(vec![made(body, libos), bystander]);
    config.tlb = exo_session::parse_tlb(tlb).unwrap();
    config.slice_references = 40;
    ends(&Machine::new(config).unwrap())
}

#[test]
fn inv_up_2_a_fault_of_a_handler_ends_its_environment_and_is_passed_up_to_nobody() {
    let libos = libos(
        "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
             let beside = sys.load_u8(fault.address + 0x1000);
             self.map(sys, fault.page + beside as u32, Access::ReadWrite)
         }",
    );
    let (end, events) = double_fault("full:4:lru", "mem.store_u8(0x1000, 1);", &libos);
    let reason = BreakReason::DoubleFault {
        address: 0x2000,
        cause: Cause::Miss,
    };
    assert_eq!(of(&end, A).phase, Phase::Broken(reason));
    assert_eq!(of(&end, A).counters.upcalls, 1, "no second upcall");
    assert_eq!(of(&end, B).phase, Phase::Finished);
    assert_eq!(logged(&events, B), [0]);
    expect!["a double fault: its handler reached for its application's memory at 0x00002000, which neither the TLB nor the software TLB maps. A fault within a handler is passed up to nobody (bind the page with sys.tlb_write before you load or store there)"].assert_eq(&broken(reason));
    let given_up = events
        .iter()
        .find(|it| matches!(it.event, Event::Broken { .. }));
    let sentence = explain(&given_up.unwrap().event, &end).text;
    assert!(
        sentence.contains("double fault") && sentence.contains("line 20"),
        "{sentence}"
    );
}

#[test]
fn a32_a_native_handler_reaches_what_it_has_bound_and_ends_at_what_it_has_not() {
    let environment = EnvironmentConfig {
        handler: Handler::Native,
        frame_limit: 2,
        application: Application::Trace(0),
        downloads: Vec::new(),
    };
    let mut trace = Trace::new();
    trace.push(0x1000, ReferenceKind::Load);
    let mut machine = Machine::new(config(vec![environment])).unwrap();
    let mut events: Vec<Stamped> = Vec::new();
    assert_eq!(machine.native_reach(A, 0x1000, 8, None, &mut events), None);
    assert_eq!(
        machine.run(u64::MAX, &[&trace], &mut events),
        Stop::Upcall(A)
    );
    let mut call = |call, arguments| {
        let answer = machine.native_call(A, call, arguments, &mut Silent);
        answer.unwrap().unwrap()
    };
    let frame = call(Call::Allocate, [0; 3]);
    call(Call::TlbWrite, [1, frame, 1]);
    events.clear();
    let mut reach = |address, bits, stored| {
        let reached = machine.native_reach(A, address, bits, stored, &mut events);
        machine.check().unwrap();
        reached
    };
    assert_eq!(reach(0x1008, 32, Some(0x0403_0201)), Some(0x0403_0201));
    assert_eq!(reach(0x1008, 64, None), Some(0x0403_0201));
    assert_eq!(reach(0x100A, 8, None), Some(3));
    // No multiple of the size: nothing happens.
    assert_eq!(reach(0x1009, 32, None), None);
    assert_eq!(reach(0x2000, 8, None), None);
    assert_eq!(reach(0x1008, 8, None), None, "it was given up");
    let reason = BreakReason::DoubleFault {
        address: 0x2000,
        cause: Cause::Miss,
    };
    assert_eq!(of(&machine, A).phase, Phase::Broken(reason));
    let reached = events
        .iter()
        .filter(|it| matches!(it.event, Event::HandlerAccessed { .. }));
    assert_eq!(reached.count(), 3);
}

#[test]
fn inv_up_2_a_store_of_a_handler_to_what_is_bound_for_reading_is_a_double_fault_too() {
    let libos = serving(
        "fn request(&mut self, sys: &mut Sys, _request: u32, first: u64, _second: u64) -> Result<u64, SysError> {
             sys.store_u32(first as u32, 1);
             Ok(0)
         }",
    );
    let body = "self.value = mem.load_u8(0x3000) as u64; let _ = mem.request(0, 0x3000, 0);";
    let (end, events) = double_fault("full:4:lru", body, &libos);
    let reason = BreakReason::DoubleFault {
        address: 0x3000,
        cause: Cause::Protection,
    };
    assert_eq!(of(&end, A).phase, Phase::Broken(reason));
    assert!(broken(reason).contains("for reading only"));
    assert_eq!(logged(&events, B), [0]);
}

/// Each handler by the function that reaches where nothing is bound, and what leads there.
const REACHING: &[(&str, &str)] = &[
    (
        "fn request(&mut self, sys: &mut Sys, _request: u32, _first: u64, _second: u64) -> Result<u64, SysError> { Ok(sys.load_u64(0x7000)) }",
        "let _ = mem.request(0, 0, 0);",
    ),
    (
        "fn exception(&mut self, sys: &mut Sys, _exception: Exception) -> Result<Resume, SysError> {
             Ok(Resume { how: Resumption::Skip, value: sys.load_u64(0x7000) })
         }",
        "self.value = mem.load_u32(0x1001) as u64;",
    ),
    (
        "fn slice_began(&mut self, sys: &mut Sys, _position: u32) { sys.store_u8(0x7000, 1); }",
        "while self.value < 1000 { self.value += 1; }",
    ),
    (
        "fn slice_ended(&mut self, sys: &mut Sys) { sys.store_u8(0x7000, 1); }",
        "while self.value < 1000 { self.value += 1; }",
    ),
];

#[test]
fn inv_up_2_every_kind_of_handler_ends_at_a_fault_of_its_own() {
    for (function, body) in REACHING {
        let (end, events) = double_fault("full:4:lru", body, &serving(function));
        let reason = BreakReason::DoubleFault {
            address: 0x7000,
            cause: Cause::Miss,
        };
        assert_eq!(of(&end, A).phase, Phase::Broken(reason), "{function}");
        let ends = events
            .iter()
            .filter(|it| matches!(it.event, Event::Broken { .. }));
        assert_eq!(ends.count(), 1);
        assert_eq!(logged(&events, B), [0]);
    }
}

#[test]
fn inv_up_2_who_is_entered_by_another_and_faults_gives_the_caller_a_refusal() {
    let reaches = serving(
        "fn entered(&mut self, sys: &mut Sys, _caller: Environment, message: Message) -> Message {
             sys.store_u64(0x7000, message.first);
             message
         }",
    );
    let calls = "match sys.transfer_sync(Environment::new(1), 1, 2, 3, 4) {
        Ok(_) => log!(\"answered\"),
        Err(_) => log!(\"refused {}\", self.value + 1),
    }";
    let both = vec![made(calls, &serving("")), made("", &reaches)];
    let (end, events) = ends(&machine("full:4:lru", 0, both));
    assert!(matches!(
        of(&end, B).phase,
        Phase::Broken(BreakReason::DoubleFault {
            address: 0x7000,
            ..
        })
    ));
    assert_eq!(logged(&events, A), [1]);
    assert_eq!(of(&end, A).phase, Phase::Finished);
}

#[test]
fn an_unaligned_address_stops_a_handler_where_it_stands() {
    let libos = libos(
        "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
             self.map(sys, fault.page, Access::ReadWrite)?;
             sys.store_u32(fault.address + 1, 1);
             Ok(())
         }",
    );
    let (end, _) = double_fault("full:4:lru", "mem.store_u8(0x1000, 1);", &libos);
    let Phase::Broken(reason) = of(&end, A).phase else {
        panic!("it goes on");
    };
    assert!(broken(reason).contains("no multiple"), "{}", broken(reason));
}
