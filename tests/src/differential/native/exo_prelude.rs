//! The prelude as generated programs see it under rustc: the real one, with a `log!` that keeps
//! what it is given, and a runner that writes what a program did.

mod straw;

use std::cell::{Cell, RefCell};
use std::fmt::Arguments;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

pub use real::*;
use straw::Straw;

thread_local! {
    static STRAW: RefCell<Straw> = RefCell::default();
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
    static LINE: Cell<u32> = const { Cell::new(0) };
}

/// Keeps a line.
#[macro_export]
macro_rules! log {
    ($($part:tt)*) => {{
        $crate::keep(::std::format_args!($($part)*));
    }};
}

/// Notes a line of `log!`.
pub fn keep(line: Arguments<'_>) {
    let line = line.to_string();
    STRAW.with_borrow_mut(|straw| straw.note(line));
}

struct Door;

impl SystemCalls for Door {
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError> {
        let answer = STRAW.with_borrow_mut(|straw| straw.answer(number, arguments));
        answer.map_err(|number| SysError::from_number(number).expect("a refusal"))
    }
}

fn note_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a panic without words");
    PANIC.set(message.to_string());
    let own = info
        .location()
        .filter(|place| !place.file().contains("/library/"));
    LINE.set(own.map_or(0, |place| place.line()));
}

/// What a panic's words say about the kind of trap.
fn kind(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("index out of bounds: the len is ") {
        return match rest.split_once(" but the index is ") {
            Some((length, index)) => format!("index {index} of {length}"),
            None => message.to_string(),
        };
    }
    let known = [
        ("shift", "shift"),
        ("divide by zero", "zero"),
        ("divisor of zero", "zero"),
        ("with overflow", "overflow"),
        ("`Option::unwrap()`", "unwrap"),
        ("`Result::unwrap()`", "unwrap"),
    ];
    let found = known.iter().find(|(words, _)| message.contains(words));
    found.map_or_else(
        || format!("panic {message}"),
        |(_, kind)| (*kind).to_string(),
    )
}

/// Runs one program, and prints what it did.
pub fn run(index: u64, policy: &mut impl LibOs) {
    set_hook(Box::new(note_panic));
    STRAW.set(Straw::default());
    for turn in 0..straw::FAULTS {
        answer(policy, straw::fault(index, turn));
        answer(policy, [0, 4095, 0, 0]);
    }
    println!("#{index}\n{}", STRAW.take().text.trim_end());
}

fn answer(policy: &mut impl LibOs, [address, page, access, cause]: [u64; 4]) {
    let fault = Fault {
        address: address as u32,
        page: page as u32,
        access: [Access::Read, Access::ReadWrite][access as usize],
        cause: [Cause::Miss, Cause::Protection][cause as usize],
    };
    keep(format_args!("> {address} {page} {access} {cause}"));
    let result = catch_unwind(AssertUnwindSafe(|| {
        policy.page_fault(&mut Sys::new(&mut Door), fault)
    }));
    match result {
        Ok(Ok(())) => keep(format_args!("= ok")),
        Ok(Err(error)) => keep(format_args!("= error {}", error as u64)),
        Err(_) => keep(format_args!("= {} at {}", kind(&PANIC.take()), LINE.get())),
    }
}
