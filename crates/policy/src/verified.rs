//! What comes out is verified as bytecode, as whoever installs it will: a rule of the role that is
//! broken is told here, with its line.

use exo_core::cpu::Program;
use exo_core::verify::{Ban, Flaw, Refusal, banned, verify};

use crate::diagnostic::{Report, Sink, Span};

/// Reports everything for which the program would be refused.
pub(crate) fn check(program: &Program, sink: &Sink) {
    for refusal in banned(program) {
        sink.add(report(program, refusal));
    }
    if sink.errors() > 0 {
        return;
    }
    if let Err(refusal) = verify(program) {
        sink.add(report(program, refusal));
    }
}

fn report(program: &Program, refusal: Refusal) -> Report {
    let mut span = Span::top();
    if let Some(instruction) = refusal.instruction {
        span.start = program.place(instruction);
        span.end = span.start;
        span.end.column = span.end.column.saturating_add(1);
    }
    let hint = match refusal.flaw {
        Flaw::Banned(_, ban) => Some(instead(ban)),
        _ => None,
    };
    Report::error(span, refusal.flaw.to_string()).maybe_hint(hint.map(str::to_string))
}

/// What to do about something that a role may not do.
fn instead(ban: Ban) -> &'static str {
    match ban {
        Ban::JumpBackward => "there are no loops: write each step on its own",
        Ban::CallFunction => "write its lines here; what is known beforehand can be a `const`",
        Ban::Recurse => "write a loop",
        Ban::SystemCall => "it runs in the kernel already: leave this out",
        Ban::LibosCall => "only an application calls its libOS",
        Ban::Store => "it keeps nothing: use locals that registers can hold",
        Ban::ApplicationMemory => {
            "application memory is for applications, their libOSes and message handlers"
        }
        Ban::ReadPacket => "a packet is for filters and message handlers",
        Ban::Reply => "a reply is for message handlers",
        Ban::Coprocessor => "only an application has a coprocessor",
    }
}
