//! An application calls its own libOS: a procedure call, with nothing of the kernel in it.

use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event, Stamped};
use exo_core::kernel::call::Call;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::Stop;
use exo_session::explain::explain;

use super::{A, B, compiled, ends, environment, logged, machine, of};
use crate::fixture::render;

/// A libOS that adds, refuses odd sums, and cannot divide.
pub const ADDER: &str = "
    use exo_prelude::*;
    pub struct Adder { asked: u64 }
    impl Adder { pub const fn new() -> Adder { Adder { asked: 0 } } }
    impl LibOs for Adder {
        fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
            let frame = sys.allocate()?;
            sys.tlb_write(fault.page, frame, Access::ReadWrite)
        }
        fn request(&mut self, sys: &mut Sys, request: u32, first: u64, second: u64) -> Result<u64, SysError> {
            self.asked += 1;
            if request == 9 {
                return Ok(first / second);
            }
            if (first + second) % 2 == 1 {
                return Err(SysError::Limit);
            }
            Ok(first + second + self.asked)
        }
    }";

/// Logs what its libOS says to one request, or 1,000 and the number of the refusal.
pub fn asking(request: u32, first: u64, second: u64) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Asking {{}}
         impl Asking {{ pub const fn new() -> Asking {{ Asking {{}} }} }}
         impl Application for Asking {{
             fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {{
                 match mem.request({request}, {first}, {second}) {{
                     Ok(value) => log!(\"said {{}}\", value),
                     Err(SysError::NoSuchRequest) => log!(\"refused {{}}\", 1008),
                     Err(_) => log!(\"refused {{}}\", 1001),
                 }}
             }}
         }}"
    )
}

/// Runs one request under a libOS to the end.
fn ask(libos: &str, request: (u32, u64, u64)) -> (exo_core::machine::Machine, Vec<Stamped>) {
    let program = compiled(&asking(request.0, request.1, request.2));
    let mut environment = environment(&program, 4);
    environment.handler = super::policy(libos);
    ends(&machine(vec![environment]))
}

#[test]
fn the_answer_comes_back_to_the_application_and_no_crossing_is_made() {
    let (end, events) = ask(ADDER, (1, 20, 22));
    assert_eq!(logged(&events, A), [43]);
    let environment = of(&end, A);
    assert_eq!(environment.counters.requests, 1);
    assert_eq!(environment.counters.crossings, 1, "the log line's");
    assert_eq!(environment.cycles.kernel, 40);
    assert!(environment.cycles.libos > 5, "the libOS's own work");
    let told: Vec<String> = events.iter().map(|it| render::event(&it.event)).collect();
    assert_eq!(
        told,
        [
            "a requests 1 (20, 22)",
            "a replied Ok(43)",
            "a log #0 [43]",
            "a finished"
        ]
    );
}

#[test]
fn a_request_is_told_in_plain_words() {
    let (end, events) = ask(ADDER, (1, 20, 21));
    let told = |place: usize| explain(&events[place].event, &end).text;
    assert_eq!(
        told(0),
        "A's application calls its own libOS: request 1 with 20 and 21. A procedure call, 7 \
         cycles; the kernel takes no part."
    );
    assert_eq!(
        told(1),
        "A's libOS refuses its application's request: Err(Limit), the environment already holds \
         as many frames as it may."
    );
    assert_eq!(logged(&events, A), [1001]);
}

#[test]
fn a_libos_without_requests_refuses_them_at_the_price_of_a_procedure_call() {
    let silent = &ADDER.replace("fn request(", "fn not_asked(").replacen(
        "impl LibOs for Adder {",
        "impl LibOs for Adder {\n fn adopted(&mut self, sys: &mut Sys) {}",
        1,
    );
    let silent = split_methods(silent);
    let (end, events) = ask(&silent, (1, 2, 2));
    assert_eq!(logged(&events, A), [1008]);
    let environment = of(&end, A);
    assert_eq!(environment.cycles.libos, 0);
    assert_eq!(
        environment.cycles.application,
        environment.counters.instructions - 1 + 7
    );
    let answer = Err(SysError::NoSuchRequest);
    assert!(
        events
            .iter()
            .any(|it| it.event == Event::Replied { env: A, answer })
    );
}

/// Moves `not_asked` out of the trait's implementation, where it has no place.
fn split_methods(source: &str) -> String {
    let start = source.find("fn not_asked").unwrap();
    let (before, rest) = source.split_at(start);
    let end = rest.rfind('}').unwrap();
    let method = &rest[..end];
    format!("{before} }} impl Adder {{ {method} }}")
}

#[test]
fn a_request_that_traps_in_the_libos_gives_the_environment_up_at_the_policys_line() {
    let (end, events) = ask(ADDER, (9, 1, 0));
    let broken = events.iter().find_map(|it| match it.event {
        Event::Broken { reason, place, .. } => Some((reason, place.line)),
        _ => None,
    });
    let line = 1 + ADDER
        .lines()
        .position(|line| line.contains("first / second"))
        .unwrap();
    let trap = exo_core::cpu::Trap::DivideByZero;
    assert_eq!(broken, Some((BreakReason::Trap(trap), line as u32)));
    assert!(matches!(of(&end, A).phase, Phase::Broken(_)));
}

#[test]
fn a_native_handler_answers_requests_through_the_same_door() {
    let mut environment = environment(&compiled(&asking(7, 20, 22)), 4);
    environment.handler = Handler::Native;
    let start = machine(vec![environment]);
    for (answer, said) in [(Ok(5), 5), (Err(SysError::NoSuchRequest), 1008)] {
        let (mut machine, mut events) = (start.clone(), Vec::new());
        assert_eq!(machine.native_request(A), None, "none is asked yet");
        let stop = machine.run(u64::MAX, &[], &mut events);
        assert_eq!(stop, Stop::Upcall(A));
        let asked = machine.native_request(A).unwrap();
        assert_eq!((asked.request, asked.first, asked.second), (7, 20, 22));
        assert_eq!(machine.native_fault(A), None);
        let before = machine.clone();
        assert_eq!(machine.native_return(A, Ok(()), &mut events), None);
        assert_eq!(machine.native_answer(B, answer, &mut events), None);
        assert!(machine == before);
        let limit = machine.native_call(A, Call::FrameLimit, [0; 3], &mut events);
        assert_eq!(limit, Some(Ok(4)));
        machine.native_answer(A, answer, &mut events).unwrap();
        assert_eq!(machine.native_answer(A, answer, &mut events), None);
        machine.check().unwrap();
        assert_eq!(machine.run(u64::MAX, &[], &mut events), Stop::Halted);
        assert_eq!(logged(&events, A), [said]);
        assert_eq!(of(&machine, A).cycles.libos, 0);
    }
}

#[test]
fn a_policy_that_takes_over_after_a_break_is_asked_again() {
    let (mut end, _) = ask(ADDER, (9, 8, 0));
    let mended = ADDER.replace("first / second", "first / (second + 1)");
    let program = std::sync::Arc::new(exo_policy::compile(&mended).unwrap());
    end.install(A, program, false).unwrap();
    let (end, events) = ends(&end);
    assert_eq!(logged(&events, A), [8]);
    assert_eq!(of(&end, A).phase, Phase::Finished);
    assert_eq!(of(&end, A).counters.requests, 1, "it asked once");
}

#[test]
fn a_request_is_not_cut_by_the_end_of_a_slice_and_the_others_go_on_after_it() {
    let programs = [asking(1, 20, 22), asking(1, 2, 2)].map(|it| compiled(&it));
    let environments = programs.map(|program| {
        let mut environment = environment(&program, 4);
        environment.handler = super::policy(ADDER);
        environment
    });
    let mut config = super::config(environments.to_vec());
    config.slice_references = 1;
    let (_, events) = ends(&exo_core::machine::Machine::new(config).unwrap());
    assert_eq!(logged(&events, A), [43]);
    assert_eq!(logged(&events, B), [5]);
    for pair in events.windows(2) {
        if let Event::Requested { env, .. } = pair[0].event {
            assert!(matches!(pair[1].event, Event::Replied { env: who, .. } if who == env));
        }
    }
}
