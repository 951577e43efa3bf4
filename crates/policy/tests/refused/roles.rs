//! Roles, doors, and what downloaded code may not do.

use exo_core::cpu::Role;
use expect_test::{Expect, expect};

use super::{check_sources, messages};

/// The messages for each line of `snippets` as a statement of an application's `main`.
fn check_main(snippets: &str, expected: Expect) {
    let mut found = String::new();
    let lines = snippets.lines().map(str::trim);
    for snippet in lines.filter(|line| !line.is_empty()) {
        let source = format!(
            "use exo_prelude::*;\nstruct A {{ n: u32 }}\n\
             fn both(mem: &mut Mem, x: u32) -> u32 {{ mem.load_u32(x) }}\n\
             fn two(a: &mut Mem, b: &mut Mem) {{ }}\n\
             impl A {{ const fn new() -> A {{ A {{ n: 0 }} }} }}\n\
             impl Application for A {{ fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {{\n{snippet}\n}} }}\n"
        );
        found.push_str(&format!("{snippet}\n    {}\n", messages(&source)));
    }
    expected.assert_eq(&found);
}

/// The messages for each line of `snippets` as statements of the function of a downloaded role.
fn check_downloaded(role: &str, signature: &str, snippets: &str, expected: Expect) {
    let mut found = String::new();
    let lines = snippets.lines().map(str::trim);
    for snippet in lines.filter(|line| !line.is_empty()) {
        let source = format!(
            "use exo_prelude::*;\nstruct D {{ n: u32, table: [u32; 4] }}\n\
             fn twice(n: u32) -> u32 {{ n + n }}\n\
             impl D {{ const fn new() -> D {{ D {{ n: 0, table: [0; 4] }} }}\n\
             const fn port() -> u32 {{ 53 }} }}\n\
             impl {role} for D {{ {signature} {{\n{snippet}\n}} }}\n"
        );
        found.push_str(&format!("{snippet}\n    {}\n", messages(&source)));
    }
    expected.assert_eq(&found);
}

#[test]
fn a_door_is_asked_or_passed_on_and_by_one_at_a_time() {
    check_main(
        r#"
        mem;
        let m = mem;
        let x = mem.load_u32(mem.load_u32(0));
        mem.store_u32(0, mem.load_u32(4));
        mem.load_u32({ mem.store_u32(0, 1); 4 });
        mem.store_u32(0, { mem.store_u32(0, 1); 4 });
        mem.store_u64(0, mem.request(1, 2, 3).unwrap_or(0));
        mem.store_u32(0, both(mem, 4));
        both(mem, mem.load_u32(0));
        both(mem, both(mem, 0));
        two(mem, mem);
        mem.load_u32(both(mem, 0));
        sys.free(sys.allocate().unwrap_or(Frame::new(0)));
        mem.store_u64(0, sys.cycles());
        mem.load(0);
        mem.load_u23(0);
        mem.load_u32();
        mem.store_u8(0, 1u32);
        mem.store_u8(0, 256);
        mem.load_u32(-1);
        let x: u64 = mem.load_u32(0);
        mem = mem;
        mem.n = 1;
        both(sys, 1);
        both(3, 1);
        if mem == mem { }
        log!("{}", mem);
        sys.load_u32(0);
        "#,
        expect![[r#"
            mem;
                7:1: error: `mem` can only be passed on, or asked with a method; help: write `mem.method(…)`
            let m = mem;
                7:9: error: `mem` can only be passed on, or asked with a method; help: write `mem.method(…)`
            let x = mem.load_u32(mem.load_u32(0));
                accepted
            mem.store_u32(0, mem.load_u32(4));
                accepted
            mem.load_u32({ mem.store_u32(0, 1); 4 });
                7:16: error[E0502]: cannot borrow `mem` as mutable: it is borrowed already; help: give the value a name with `let` first
            mem.store_u32(0, { mem.store_u32(0, 1); 4 });
                7:20: error[E0499]: cannot borrow `mem` as mutable more than once at a time; help: give the value a name with `let` first
            mem.store_u64(0, mem.request(1, 2, 3).unwrap_or(0));
                7:18: error[E0499]: cannot borrow `mem` as mutable more than once at a time; help: give the value a name with `let` first
            mem.store_u32(0, both(mem, 4));
                7:23: error[E0499]: cannot borrow `mem` as mutable more than once at a time; help: give the value a name with `let` first
            both(mem, mem.load_u32(0));
                accepted
            both(mem, both(mem, 0));
                7:16: error[E0499]: cannot borrow `mem` as mutable more than once at a time; help: give the value a name with `let` first
            two(mem, mem);
                7:10: error[E0499]: cannot borrow `mem` as mutable more than once at a time; help: give the value a name with `let` first
            mem.load_u32(both(mem, 0));
                7:19: error[E0502]: cannot borrow `mem` as mutable: it is borrowed already; help: give the value a name with `let` first
            sys.free(sys.allocate().unwrap_or(Frame::new(0)));
                7:10: error[E0499]: cannot borrow `sys` as mutable more than once at a time; help: give the value a name with `let` first
            mem.store_u64(0, sys.cycles());
                accepted
            mem.load(0);
                7:5: error[E0599]: no method named `load` found for `Mem`
            mem.load_u23(0);
                7:5: error[E0599]: no method named `load_u23` found for `Mem`; help: did you mean `load_u16`?
            mem.load_u32();
                7:1: error[E0061]: `mem.load_u32` takes 1 argument, 0 given
            mem.store_u8(0, 1u32);
                7:17: error[E0308]: mismatched types: expected `u8`, found `u32`; help: write `… as u8`
            mem.store_u8(0, 256);
                7:17: error: literal out of range for `u8`
            mem.load_u32(-1);
                7:14: error[E0600]: cannot apply unary operator `-` to type `u32`
            let x: u64 = mem.load_u32(0);
                7:14: error[E0308]: mismatched types: expected `u64`, found `u32`; help: write `… as u64`
            mem = mem;
                7:1: error[E0070]: invalid left-hand side of assignment
                7:7: error: `mem` can only be passed on, or asked with a method; help: write `mem.method(…)`
            mem.n = 1;
                7:5: error[E0609]: no field `n` on type `&mut Mem`
            both(sys, 1);
                7:6: error[E0308]: mismatched types: expected `&mut Mem`, found `&mut Sys`
            both(3, 1);
                7:6: error[E0308]: mismatched types: expected `&mut Mem`, found `{integer}`
            if mem == mem { }
                7:4: error[E0369]: binary operation `==` cannot be applied to type `&mut Mem`
            log!("{}", mem);
                7:12: error: `log!` cannot show a value of type `&mut Mem`; help: show its parts
            sys.load_u32(0);
                7:5: error: only a libOS may use `sys.load_u32`; help: write `mem.load_u32`
        "#]],
    );
}

#[test]
fn a_door_stands_only_in_parameters_and_behind_its_own_reference() {
    let around = "impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }";
    let sources: Vec<String> = [
        "struct A { n: u32 } fn f(mem: &Mem) { }",
        "struct A { n: u32 } fn f(packet: &mut Packet) { }",
        "struct A { n: u32 } fn f(mem: Mem) { }",
        "struct A { n: u32 } fn f(mem: &'a mut Mem) { }",
        "struct A { n: u32 } fn f(mem: &mut Mem) -> &mut Mem { mem }",
        "struct A { n: u32, mem: &mut Mem }",
        "struct A { n: u32 } struct Reply { n: u32 }",
        "struct A { n: u32 } impl Packet { fn f(self) { } }",
        "struct A { n: u32 } const fn f(mem: &mut Mem) -> u32 { mem.load_u32(0) }",
        "struct A { n: u32 } fn f(mem: Option<&mut Mem>) { }",
        "struct A { n: u32 } fn f(mem: [&mut Mem; 2]) { }",
        "struct A { n: u32 } fn f(block: &Block, packet: &Packet) -> usize { packet.len() + block.len() }",
    ]
    .iter()
    .map(|items| format!("use exo_prelude::*; {items} {around}"))
    .collect();
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    check_sources(
        &sources,
        expect![[r#"
            use exo_prelude::*; struct A { n: u32 } fn f(mem: &Mem) { } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:51: error: `&Mem` is outside the subset of Rust for policies; help: write `&mut Mem`
            use exo_prelude::*; struct A { n: u32 } fn f(packet: &mut Packet) { } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:54: error: `&mut Packet` is outside the subset of Rust for policies; help: write `&Packet`
            use exo_prelude::*; struct A { n: u32 } fn f(mem: Mem) { } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:51: error: `Mem` itself is outside the subset of Rust for policies; help: write `&mut Mem`
            use exo_prelude::*; struct A { n: u32 } fn f(mem: &'a mut Mem) { } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:51: error: a lifetime is outside the subset of Rust for policies; help: write `&mut Mem`
            use exo_prelude::*; struct A { n: u32 } fn f(mem: &mut Mem) -> &mut Mem { mem } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:64: error: to return `&mut Mem` is outside the subset of Rust for policies; help: the caller has it already
                1:75: error: `mem` can only be passed on, or asked with a method; help: write `mem.method(…)`
            use exo_prelude::*; struct A { n: u32, mem: &mut Mem } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:40: error: a field that holds `&mut Mem` is outside the subset of Rust for policies; help: handlers are given `mem` anew each time
                1:87: error[E0063]: missing fields of `A`: `mem`
            use exo_prelude::*; struct A { n: u32 } struct Reply { n: u32 } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:48: error: `Reply` is a name of the prelude; help: choose another name
            use exo_prelude::*; struct A { n: u32 } impl Packet { fn f(self) { } } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:46: error: `Packet` itself is outside the subset of Rust for policies; help: write `&Packet`
            use exo_prelude::*; struct A { n: u32 } const fn f(mem: &mut Mem) -> u32 { mem.load_u32(0) } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:80: error[E0015]: cannot call the non-const method `load_u32` here; help: leave `const` out of the function around
            use exo_prelude::*; struct A { n: u32 } fn f(mem: Option<&mut Mem>) { } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:51: error: `&mut Mem` within another type is outside the subset of Rust for policies; help: write a parameter `mem: &mut Mem`
            use exo_prelude::*; struct A { n: u32 } fn f(mem: [&mut Mem; 2]) { } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:51: error: `&mut Mem` within another type is outside the subset of Rust for policies; help: write a parameter `mem: &mut Mem`
            use exo_prelude::*; struct A { n: u32 } fn f(block: &Block, packet: &Packet) -> usize { packet.len() + block.len() } impl A { const fn new() -> A { A { n: 0 } } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:96: error: an application may not read packets; help: a packet is for filters and message handlers
                1:110: error: an application may not read packets; help: a packet is for filters and message handlers
        "#]],
    );
}

#[test]
fn a_source_has_one_role_with_the_functions_that_it_asks_for() {
    let sources: Vec<String> = [
        "struct A; impl A { const fn new() -> A { A } }",
        "struct A; impl A { const fn new() -> A { A } } impl Aplication for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }",
        "struct A; impl A { const fn new() -> A { A } } impl Application for A { }",
        "struct A; impl A { const fn new() -> A { A } } impl Application for A { fn main(&mut self, sys: &mut Sys, mem: &mut Mem) { } }",
        "struct A; impl A { const fn new() -> A { A } } impl Application for A { fn main(&self, mem: &mut Mem, sys: &mut Sys) { } }",
        "struct A; impl A { const fn new() -> A { A } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } fn mian(&self) { } }",
        "struct A; impl A { const fn new() -> A { A } } impl PacketFilter for A { fn accept(&mut self, packet: &Packet) -> bool { true } }",
        "struct A; impl A { const fn new() -> A { A } } impl PacketFilter for A { fn accept(&self, packet: &Packet) -> u32 { 1 } }",
        "struct A; impl A { const fn new() -> A { A } } impl MessageHandler for A { fn arrived(&mut self, packet: &Packet, reply: &mut Reply) { } }",
        "struct A; impl A { const fn new() -> A { A } } impl Udf for A { fn evaluate(&self, block: &Packet) -> u64 { 0 } }",
        "struct A; impl A { const fn new() -> A { A } } impl Udf for A { fn evaluate(&self, block: &Block) -> u64 { 0 } } impl PacketFilter for A { fn accept(&self, packet: &Packet) -> bool { true } }",
        "struct A; impl A { const fn new() -> A { A } } impl LibOs for A { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } fn request(&mut self, sys: &mut Sys, request: u32) -> Result<u64, SysError> { Ok(1) } }",
        "enum A { B } impl Udf for A { fn evaluate(&self, block: &Block) -> u64 { 0 } }",
        "struct A; impl Udf for A { fn evaluate(&self, block: &Block) -> u64 { 0 } }",
    ]
    .iter()
    .map(|items| format!("use exo_prelude::*; {items}"))
    .collect();
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    check_sources(
        &sources,
        expect![[r#"
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } }
                1:1: error: this source has no role: an `impl … for …` of `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf` is missing; help: write `impl LibOs for Policy { fn page_fault(…) … }`
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Aplication for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:1: error: this source has no role: an `impl … for …` of `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf` is missing; help: write `impl LibOs for Policy { fn page_fault(…) … }`
                1:73: error: an `impl` of any other trait than `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf` is outside the subset of Rust for policies; help: write `impl Type { … }`, or `#[derive(Clone, Copy, PartialEq, Eq)]`
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Application for A { }
                1:73: error[E0046]: missing `main` in implementation of `Application`; help: fn main(&mut self, mem: &mut Mem, sys: &mut Sys)
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Application for A { fn main(&mut self, sys: &mut Sys, mem: &mut Mem) { } }
                1:96: error[E0053]: `main` does not have the signature that `Application` asks for; help: fn main(&mut self, mem: &mut Mem, sys: &mut Sys)
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Application for A { fn main(&self, mem: &mut Mem, sys: &mut Sys) { } }
                1:96: error[E0053]: `main` does not have the signature that `Application` asks for; help: fn main(&mut self, mem: &mut Mem, sys: &mut Sys)
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Application for A { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } fn mian(&self) { } }
                1:149: error[E0407]: method `mian` is not a member of trait `Application`; help: did you mean `main`?
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl PacketFilter for A { fn accept(&mut self, packet: &Packet) -> bool { true } }
                1:97: error[E0053]: `accept` does not have the signature that `PacketFilter` asks for; help: fn accept(&self, packet: &Packet) -> bool
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl PacketFilter for A { fn accept(&self, packet: &Packet) -> u32 { 1 } }
                1:97: error[E0053]: `accept` does not have the signature that `PacketFilter` asks for; help: fn accept(&self, packet: &Packet) -> bool
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl MessageHandler for A { fn arrived(&mut self, packet: &Packet, reply: &mut Reply) { } }
                1:99: error[E0053]: `arrived` does not have the signature that `MessageHandler` asks for; help: fn arrived(&mut self, packet: &Packet, mem: &mut Mem, reply: &mut Reply) -> Fate
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Udf for A { fn evaluate(&self, block: &Packet) -> u64 { 0 } }
                1:88: error[E0053]: `evaluate` does not have the signature that `Udf` asks for; help: fn evaluate(&self, block: &Block) -> u64
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl Udf for A { fn evaluate(&self, block: &Block) -> u64 { 0 } } impl PacketFilter for A { fn accept(&self, packet: &Packet) -> bool { true } }
                1:139: error[E0119]: a source has one role, for one struct: `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf`
            use exo_prelude::*; struct A; impl A { const fn new() -> A { A } } impl LibOs for A { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } fn request(&mut self, sys: &mut Sys, request: u32) -> Result<u64, SysError> { Ok(1) } }
                1:179: error[E0053]: `request` does not have the signature that `LibOs` asks for; help: fn request(&mut self, sys: &mut Sys, request: u32, first: u64, second: u64) -> Result<u64, SysError>
            use exo_prelude::*; enum A { B } impl Udf for A { fn evaluate(&self, block: &Block) -> u64 { 0 } }
                1:1: error: this source has no role: an `impl … for …` of `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf` is missing; help: write `impl LibOs for Policy { fn page_fault(…) … }`
                1:39: error[E0119]: a source has one role, for one struct: `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf`
            use exo_prelude::*; struct A; impl Udf for A { fn evaluate(&self, block: &Block) -> u64 { 0 } }
                1:28: error: `A` has no `new()`, which makes its first state; help: write `pub const fn new() -> A { … }` in `impl A`
        "#]],
    );
}

#[test]
fn a_filter_is_bounded_by_its_length() {
    check_downloaded(
        "PacketFilter",
        "fn accept(&self, packet: &Packet) -> bool",
        r#"
        packet.len() > 20 && packet.u16_at(12) == 0x0800 && self.n > 1
        match packet.u8_at(0) { 1 | 2 => true, 3..=5 => packet.u8_at(1) == 0, _ => false }
        let mut i = 0; while i < packet.len() { i += 1; } true
        for i in 0..4 { } true
        loop { }
        twice(self.n) == 4
        self.n == D::port()
        log!("{}", self.n); true
        self.table[packet.len()] == 1
        self.n = 1; true
        packet.u64_at(0) == 0
        packet.len
        "#,
        expect![[r#"
            packet.len() > 20 && packet.u16_at(12) == 0x0800 && self.n > 1
                accepted
            match packet.u8_at(0) { 1 | 2 => true, 3..=5 => packet.u8_at(1) == 0, _ => false }
                accepted
            let mut i = 0; while i < packet.len() { i += 1; } true
                7:22: error: a packet filter may not jump backward; help: there are no loops: write each step on its own
            for i in 0..4 { } true
                7:1: error: a packet filter may not jump backward; help: there are no loops: write each step on its own
            loop { }
                7:1: error: a packet filter may not jump backward; help: there are no loops: write each step on its own
            twice(self.n) == 4
                7:1: error: a packet filter may not call functions; help: write its lines here; what is known beforehand can be a `const`
            self.n == D::port()
                7:11: error: a packet filter may not call functions; help: write its lines here; what is known beforehand can be a `const`
            log!("{}", self.n); true
                7:1: error: a packet filter may not make system calls or write to the log; help: it runs in the kernel already: leave this out
            self.table[packet.len()] == 1
                accepted
            self.n = 1; true
                7:1: error[E0594]: cannot assign to what lies behind `&self`; help: write `&mut self`
            packet.u64_at(0) == 0
                7:8: error[E0599]: no method named `u64_at` found for `Packet`; help: did you mean `u16_at`?
            packet.len
                7:8: error[E0609]: no field `len` on type `&Packet`
        "#]],
    );
}

#[test]
fn a_message_handler_has_no_kernel_and_no_libos() {
    check_downloaded(
        "MessageHandler",
        "fn arrived(&mut self, packet: &Packet, mem: &mut Mem, reply: &mut Reply) -> Fate",
        r#"
        for at in 0..packet.len() { mem.store_u8(at as u32, packet.u8_at(at)); } reply.send(0); Fate::Done
        log!("{}", self.n); Fate::Done
        mem.request(1, 2, 3); Fate::Done
        self.n = mem.square_root(9) as u32; Fate::Done
        sys.cycles(); Fate::Done
        reply.store_u64(0, 1); Fate::Done
        reply.store_u32(0, self.table[twice(1) as usize]); Fate::Done
        "#,
        expect![[r#"
            for at in 0..packet.len() { mem.store_u8(at as u32, packet.u8_at(at)); } reply.send(0); Fate::Done
                accepted
            log!("{}", self.n); Fate::Done
                7:1: error: a message handler may not make system calls or write to the log; help: it runs in the kernel already: leave this out
            mem.request(1, 2, 3); Fate::Done
                7:5: error: a message handler may not call a libOS; help: only an application calls its libOS
            self.n = mem.square_root(9) as u32; Fate::Done
                7:14: error: a message handler may not use the coprocessor; help: only an application has a coprocessor
            sys.cycles(); Fate::Done
                7:1: error[E0425]: cannot find value `sys` in this scope
            reply.store_u64(0, 1); Fate::Done
                7:7: error[E0599]: no method named `store_u64` found for `Reply`; help: did you mean `store_u16`?
            reply.store_u32(0, self.table[twice(1) as usize]); Fate::Done
                accepted
        "#]],
    );
}

#[test]
fn a_deterministic_function_only_computes() {
    check_downloaded(
        "Udf",
        "fn evaluate(&self, block: &Block) -> u64",
        r#"
        let mut sum = 0; for at in 0..block.len() { sum += block.u8_at(at) as u64; } sum
        log!("{}", self.n); 0
        self.n = 1; 0
        "#,
        expect![[r#"
            let mut sum = 0; for at in 0..block.len() { sum += block.u8_at(at) as u64; } sum
                accepted
            log!("{}", self.n); 0
                7:1: error: a deterministic function may not make system calls or write to the log; help: it runs in the kernel already: leave this out
            self.n = 1; 0
                7:1: error[E0594]: cannot assign to what lies behind `&self`; help: write `&mut self`
        "#]],
    );
    check_sources(
        &[
            "use exo_prelude::*; struct D; impl D { const fn new() -> D { D } fn f(&self, n: u32) -> u32 { self.g(n) } fn g(&self, n: u32) -> u32 { if n > 0 { self.f(n - 1) } else { 0 } } } impl Udf for D { fn evaluate(&self, block: &Block) -> u64 { self.f(3) as u64 } }",
            "use exo_prelude::*; struct D; impl D { const fn new() -> D { D } fn f(&self, mem: &mut Mem) -> u32 { mem.load_u32(0) } } impl Udf for D { fn evaluate(&self, block: &Block) -> u64 { 0 } }",
            "use exo_prelude::*; struct D; impl D { const fn new() -> D { D } fn f(&self, packet: &Packet, reply: &mut Reply) { reply.send(packet.len()); } } impl Application for D { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }",
        ],
        expect![[r#"
            use exo_prelude::*; struct D; impl D { const fn new() -> D { D } fn f(&self, n: u32) -> u32 { self.g(n) } fn g(&self, n: u32) -> u32 { if n > 0 { self.f(n - 1) } else { 0 } } } impl Udf for D { fn evaluate(&self, block: &Block) -> u64 { self.f(3) as u64 } }
                1:152: error: a deterministic function may not call functions in a circle, or nest calls too deep; help: write a loop
            use exo_prelude::*; struct D; impl D { const fn new() -> D { D } fn f(&self, mem: &mut Mem) -> u32 { mem.load_u32(0) } } impl Udf for D { fn evaluate(&self, block: &Block) -> u64 { 0 } }
                1:106: error: a deterministic function may not load or store application memory; help: application memory is for applications, their libOSes and message handlers
            use exo_prelude::*; struct D; impl D { const fn new() -> D { D } fn f(&self, packet: &Packet, reply: &mut Reply) { reply.send(packet.len()); } } impl Application for D { fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { } }
                1:122: error: an application may not reply; help: a reply is for message handlers
                1:134: error: an application may not read packets; help: a packet is for filters and message handlers
        "#]],
    );
}

#[test]
fn an_application_loads_and_stores_by_mem_and_a_libos_by_sys() {
    let with = |role: &str, upcall: &str| {
        format!(
            "use exo_prelude::*; struct D; impl D {{ const fn new() -> D {{ D }} }} impl {role} for D {{ {upcall} }}"
        )
    };
    let libos = with(
        "LibOs",
        "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { sys.store_u8(fault.address, sys.load_u8(4096)); Ok(()) }",
    );
    assert!(
        exo_policy::compile(&libos).is_err(),
        "sys is borrowed twice"
    );
    let libos = libos.replace(
        "sys.store_u8(fault.address, sys.load_u8(4096));",
        "let byte = sys.load_u8(4096); sys.store_u8(fault.address, byte);",
    );
    assert!(exo_policy::compile(&libos).is_ok());
    let application = with(
        "Application",
        "fn main(&mut self, mem: &mut Mem, sys: &mut Sys) { sys.store_u32(4096, mem.load_u32(8192)); }",
    );
    let errors = exo_policy::compile(&application).unwrap_err();
    expect!["1:148: error: only a libOS may use `sys.store_u32`; help: write `mem.store_u32`"]
        .assert_eq(&errors[0].to_string());
    assert_eq!(errors.len(), 1);
}

#[test]
fn a_place_for_one_role_takes_no_other() {
    let source = "use exo_prelude::*; struct D; impl D { const fn new() -> D { D } } impl Udf for D { fn evaluate(&self, block: &Block) -> u64 { 0 } }";
    assert!(exo_policy::compile_as(Role::Udf, source).is_ok());
    let errors = exo_policy::compile_as(Role::LibOs, source).unwrap_err();
    expect!["1:73: error: an `impl LibOs` is wanted here, and this is an `impl Udf`"]
        .assert_eq(&errors[0].to_string());
    assert_eq!(errors.len(), 1);
}
