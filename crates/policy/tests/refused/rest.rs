//! What few people write, and what is too much of anything.

use exo_core::cpu::Role;
use expect_test::expect;

use super::{check_items, check_sources, check_statements};

#[test]
fn rare_statements_are_named() {
    check_statements(
        r#"
        match x { #[cold] 0 => { } _ => { } }
        let y = #[inline] x;
        let y = Pair { #[cold] a: 1, b: 2 };
        let z = let Some(y) = self.maybe;
        let y = &raw const x;
        'a: { continue 'a; }
        let y: Frame = sys.allocate();
        let y = ::x;
        let y = a::b::c;
        let y = Some;
        let y = both;
        match x { &y => { } }
        match x { foo!() => { } _ => { } }
        match x { 1.5 => { } _ => { } }
        match x { 'a'..='b' => { } _ => { } }
        match x { 1..=const { 3 } => { } _ => { } }
        match x { Many(y) => { } _ => { } }
        let y = None; if let Some(z) = y { let a = z.a; }
        let y = None; if let Some(z) = y { let a = z.a(); }
        let y = None; if let Some(z) = y { let a = z + 1; }
        let y = self.table.len;
        let y = self.maybe.get_or_insert(1);
        let y = self.maybe.as_ref();
        self.table.sort();
        let y = (x as i32).div_ceil(2);
        let y = self.maybe.unwrap_or_default(1);
        let y = Some(self.frame).unwrap_or_default();
        let y = x.is_multiple_of(2);
        let y: u32 = true.into();
        let y = self.pair.clone();
        x or 2;
        if x > 1 or x < 3 { }
        let y = 2 ** 3;
        let y = ~x;
        if let Some(y) self.maybe { }
        "#,
        expect![[r#"
            match x { #[cold] 0 => { } _ => { } }
                22:11: error: an attribute of an arm is outside the subset of Rust for policies; help: leave it out
            let y = #[inline] x;
                22:9: error: an attribute of an expression is outside the subset of Rust for policies; help: leave it out
            let y = Pair { #[cold] a: 1, b: 2 };
                22:16: error: an attribute of an expression is outside the subset of Rust for policies; help: leave it out
            let z = let Some(y) = self.maybe;
                22:9: error: `let` here is outside the subset of Rust for policies; help: write it directly after `if`, `while` or `&&`
            let y = &raw const x;
                22:9: error: this expression is outside the subset of Rust for policies; help: write it with operators, calls, `if` and `match`
            'a: { continue 'a; }
                22:7: error[E0696]: `continue` of a block that is not a loop
            let y: Frame = sys.allocate();
                22:16: error[E0308]: mismatched types: expected `Frame`, found `Result<Frame, SysError>`; help: write `?` after it to pass an error on
            let y = ::x;
                22:9: error: `::<…>` or a leading `::` is outside the subset of Rust for policies; help: write the name alone
            let y = a::b::c;
                22:9: error: a path of more than two names is outside the subset of Rust for policies; help: write `Type::NAME`
            let y = Some;
                22:9: error: `Some` as a value is outside the subset of Rust for policies; help: give it its value
            let y = both;
                22:9: error[E0425]: cannot find value `both` in this scope; help: did you mean `Self::both`?
            match x { &y => { } }
                22:11: error: a reference in a pattern is outside the subset of Rust for policies; help: leave the `&` out
            match x { foo!() => { } _ => { } }
                22:11: error: this pattern is outside the subset of Rust for policies; help: write a name, a value, a range, `Some(x)` or `_`
            match x { 1.5 => { } _ => { } }
                22:11: error: this literal in a pattern is outside the subset of Rust for policies; help: match integers, `bool`s or enums
            match x { 'a'..='b' => { } _ => { } }
                22:11: error[E0029]: only integers can be the ends of a range pattern
                22:17: error[E0029]: only integers can be the ends of a range pattern
            match x { 1..=const { 3 } => { } _ => { } }
                22:15: error: this end of a range is outside the subset of Rust for policies; help: write a number or a constant
            match x { Many(y) => { } _ => { } }
                22:11: error: this pattern is outside the subset of Rust for policies; help: write `Some(x)`, `Ok(x)` or `Err(x)`
            let y = None; if let Some(z) = y { let a = z.a; }
                22:46: error[E0282]: type annotations needed; help: say the type where the value is made: `let x: Option<u32> = …`
            let y = None; if let Some(z) = y { let a = z.a(); }
                22:46: error[E0282]: type annotations needed; help: say the type where the value is made: `let x: Option<u32> = …`
            let y = None; if let Some(z) = y { let a = z + 1; }
                22:44: error[E0369]: operator `+` cannot be applied to type `_`; help: say its type: `let x: u32 = …`
            let y = self.table.len;
                22:20: error[E0609]: no field `len` on type `[u32; 4]`; help: write `.len()`
            let y = self.maybe.get_or_insert(1);
                22:20: error[E0599]: no method named `get_or_insert` found for `Option<u32>`; help: write `if ….is_none() { … }`
            let y = self.maybe.as_ref();
                22:20: error[E0599]: no method named `as_ref` found for `Option<u32>`; help: leave it out: `match` takes the value
            self.table.sort();
                22:12: error[E0599]: no method named `sort` found for `[u32; 4]`; help: write a loop over its indices, or `a[i]`
            let y = (x as i32).div_ceil(2);
                22:20: error[E0599]: no method named `div_ceil` found for `i32`; help: only unsigned integers have it: write `… as u32`
            let y = self.maybe.unwrap_or_default(1);
                22:9: error[E0061]: `unwrap_or_default` takes 0 arguments, 1 given
            let y = Some(self.frame).unwrap_or_default();
                22:9: error: the default of `Frame` is outside the subset of Rust for policies; help: write `.unwrap_or(…)`
            let y = x.is_multiple_of(2);
                22:11: error[E0599]: no method named `is_multiple_of` found for `u32`; help: write `a % b == 0`
            let y: u32 = true.into();
                22:19: error[E0599]: no method named `into` found for `bool`; help: write `….number()` or `… as u32`
            let y = self.pair.clone();
                22:19: error[E0599]: no method named `clone` found for `Pair`; help: leave it out: the value is `Copy`
            x or 2;
                22:3: error: there is no operator `or`; help: write `||`
            if x > 1 or x < 3 { }
                22:10: error: there is no operator `or`; help: write `||`
            let y = 2 ** 3;
                22:12: error[E0614]: type `{integer}` cannot be dereferenced; help: leave the `*` out; a power is `x.pow(n)`
            let y = ~x;
                22:9: error: there is no operator `~`; help: write `!` to turn every bit around
            if let Some(y) self.maybe { }
                22:16: error: expected `=`, found `self`; help: put `=` before it
        "#]],
    );
}

#[test]
fn rare_items_are_named() {
    check_items(
        r#"
        fn f(sys: &mut Sys) -> u32 { sys.allocate()?; 1 }
        fn f() -> u32 { self.hand }
        const A: Pair = Pair { a: 1, b: 2 }; fn f(p: Pair) -> u32 { match p { A => 1, _ => 2 } }
        fn one(x: &mut u32) { } fn f(p: &Pair) { one(&mut p.a); }
        const fn f(x: &u32) -> u32 { *x } const A: u32 = f(&1);
        const fn f() -> u8 { let mut a = [0u8; 100000]; a[0] = 1; a[0] } const A: u8 = f();
        const fn f(i: usize) -> u8 { let mut a = [0u8; 2]; a[i] = 1; a[0] } const A: u8 = f(2);
        const fn f(i: usize) -> u8 { [1, 2][i] } const A: u8 = f(2);
        const A: u32 = Some(1).unwrap_or(2);
        const A: u32 = 1u32.min(2);
        #[derive(1)] struct S { }
        #[cold] use exo_prelude::*;
        pub(in a b) fn f() { }
        pub impl Loose { }
        static X;
        type X;
        struct S { p: *const u32 }
        struct S { p: dyn Copy }
        struct S { p: m!() }
        fn f() -> ! { loop { } }
        struct S { p: u128 }
        struct S { p: isize }
        #[derive(Clone)] struct S { l: Loose }
        #[derive(PartialEq)] struct M { } #[derive(PartialEq, Eq)] struct S { m: M }
        fn f(...) { }
        impl Loose { fn f(self: &Self) { } }
        fn f(#[cold] x: u32) { }
        fn f(SIZE: u32) { }
        const A: u32 1;
        const A u32 = 1;
        struct Wide { a: u32, b: u64 } fn one(r: &Result<Pair, Wide>) { } fn f(p: Pair) { let r = Ok(p); one(&r); }
        impl P { pub }
        "#,
        expect![[r#"
            fn f(sys: &mut Sys) -> u32 { sys.allocate()?; 1 }
                24:44: error[E0277]: `?` on `Result<Frame, SysError>` cannot be used in a function that returns `u32`; help: let the function return `Result<…, SysError>`
            fn f() -> u32 { self.hand }
                24:17: error[E0424]: there is no `self` here; help: give the function a `&self` parameter
            const A: Pair = Pair { a: 1, b: 2 }; fn f(p: Pair) -> u32 { match p { A => 1, _ => 2 } }
                24:71: error: this value as a pattern is outside the subset of Rust for policies; help: compare with `==`
            fn one(x: &mut u32) { } fn f(p: &Pair) { one(&mut p.a); }
                24:51: error[E0596]: cannot borrow what lies behind the `&` of `p` as mutable; help: take it as `p: &mut …`
            const fn f(x: &u32) -> u32 { *x } const A: u32 = f(&1);
                24:52: error[E0080]: evaluation of constant value failed: this cannot be computed before the policy runs
            const fn f() -> u8 { let mut a = [0u8; 100000]; a[0] = 1; a[0] } const A: u8 = f();
                24:49: error[E0080]: evaluation of constant value failed: an array of so many elements cannot be changed
            const fn f(i: usize) -> u8 { let mut a = [0u8; 2]; a[i] = 1; a[0] } const A: u8 = f(2);
                24:52: error[E0080]: evaluation of constant value failed: index 2 is out of bounds
            const fn f(i: usize) -> u8 { [1, 2][i] } const A: u8 = f(2);
                24:30: error[E0080]: evaluation of constant value failed: index 2 is out of bounds
            const A: u32 = Some(1).unwrap_or(2);
                24:16: error[E0015]: cannot call the non-const method `unwrap_or` here; help: write `match`
            const A: u32 = 1u32.min(2);
                24:16: error[E0015]: cannot call the non-const method `min` here; help: write `if`
            #[derive(1)] struct S { }
                24:1: error: this `derive` is outside the subset of Rust for policies; help: `#[derive(Clone, Copy)]`
            #[cold] use exo_prelude::*;
                24:1: error: this attribute of an import is outside the subset of Rust for policies; help: leave it out; it may have `allow`
            pub(in a b) fn f() { }
                24:10: error: this does not fit here: `b`
            pub impl Loose { }
                24:5: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `impl`
            static X;
                24:1: error: a `static` is outside the subset of Rust for policies; help: keep it in a field of the policy's struct
            type X;
                24:1: error: a type alias is outside the subset of Rust for policies; help: write the type itself
            struct S { p: *const u32 }
                24:15: error: a raw pointer is outside the subset of Rust for policies; help: write an index into an array
            struct S { p: dyn Copy }
                24:15: error: a trait as a type is outside the subset of Rust for policies; help: write the type itself
            struct S { p: m!() }
                24:15: error: this type is outside the subset of Rust for policies; help: write an integer, `bool`, an array or a struct
            fn f() -> ! { loop { } }
                24:11: error: the type `!` is outside the subset of Rust for policies; help: return a `Result`
            struct S { p: u128 }
                24:15: error: `u128` is outside the subset of Rust for policies; help: the widest integers are `u64` and `i64`
            struct S { p: isize }
                24:15: error: `isize` is outside the subset of Rust for policies; help: write `i64`
            #[derive(Clone)] struct S { l: Loose }
                24:29: error[E0277]: the type `Loose` of this field is not `Clone`
            #[derive(PartialEq)] struct M { } #[derive(PartialEq, Eq)] struct S { m: M }
                24:71: error[E0277]: the type `M` of this field is not `Eq`
            fn f(...) { }
                24:6: error: `...` is outside the subset of Rust for policies; help: name each parameter
            impl Loose { fn f(self: &Self) { } }
                24:19: error: this form of `self` is outside the subset of Rust for policies; help: write `&self` or `&mut self`
            fn f(#[cold] x: u32) { }
                24:6: error: an attribute here is outside the subset of Rust for policies; help: write `//` above the function
            fn f(SIZE: u32) { }
                24:6: error: a parameter with the name of a constant or type is outside the subset of Rust for policies; help: rename it
            const A: u32 1;
                24:14: error: expected `=`, found `1`; help: put `=` before it
            const A u32 = 1;
                24:9: error: expected `:`, found `u32`; help: write `name: type`
            struct Wide { a: u32, b: u64 } fn one(r: &Result<Pair, Wide>) { } fn f(p: Pair) { let r = Ok(p); one(&r); }
                24:91: error: `Result<Pair, Wide>` cannot lie in memory: its two values lie differently; help: match it where it is made
            impl P { pub }
                24:14: error: expected an item (`fn` or `const`), found `}`
        "#]],
    );
}

#[test]
fn rare_sources_are_named() {
    let role = "use exo_prelude::*; struct P; impl P { const fn new() -> P { P } }";
    let handler =
        "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) }";
    let with = |inner: &str| format!("{role} impl LibOs for P {{ {inner} }}");
    let filter = "impl PacketFilter for P { fn accept(&self, packet: &Packet) -> bool { let mut a = [0u32; 40]; a[packet.len()] = 1; true } }";
    let sources = [
        format!("{role} {filter}"),
        format!("#![no_std] {}", with(handler)),
        with(&format!("const A: u32 = 1; {handler}")),
        with(&format!("pub {handler}")),
        "fn f() { let x = '\\n; }".to_string(),
        "fn f() { let x = \u{2018}c\u{2019}; }".to_string(),
        "fn f(x: u32) { let y = x \u{f7} 2; }".to_string(),
        "fn f(x: u32) \u{2192} u32 { 1 }".to_string(),
        "fn f() { let x = 1\u{37e} }".to_string(),
        "fn f(x: u32) {\n    if x > 1\n        f(2);\n    }\n}\nfn g() { }".to_string(),
    ];
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    check_sources(
        &sources,
        expect![[r#"
            use exo_prelude::*; struct P; impl P { const fn new() -> P { P } } impl PacketFilter for P { fn accept(&self, packet: &Packet) -> bool { let mut a = [0u32; 40]; a[packet.len()] = 1; true } }
                1:97: error: a packet filter may not store anything; help: it keeps nothing: use locals that registers can hold
                1:150: error: a packet filter may not store anything; help: it keeps nothing: use locals that registers can hold
                1:151: error: a packet filter may not store anything; help: it keeps nothing: use locals that registers can hold
                1:162: error: a packet filter may not store anything; help: it keeps nothing: use locals that registers can hold
            #![no_std] use exo_prelude::*; struct P; impl P { const fn new() -> P { P } } impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
                1:1: error: this attribute of a file is outside the subset of Rust for policies; help: leave it out; it may have `allow`
            use exo_prelude::*; struct P; impl P { const fn new() -> P { P } } impl LibOs for P { const A: u32 = 1; fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
                1:87: error: this item is outside the subset of Rust for policies; help: write it in `impl Type { … }`
            use exo_prelude::*; struct P; impl P { const fn new() -> P { P } } impl LibOs for P { pub fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
                1:87: error[E0449]: visibility qualifiers are not permitted here; help: leave `pub` out
            fn f() { let x = '\n; }
                1:18: error[E0763]: unterminated character literal; help: write its number; there are no characters here
                1:19: error: unknown start of token: `\`; help: delete it
            fn f() { let x = ‘c’; }
                1:18: error: unknown start of token: `‘`; help: write `'`
                1:20: error: unknown start of token: `’`; help: write `'`
            fn f(x: u32) { let y = x ÷ 2; }
                1:26: error: unknown start of token: `÷`; help: write `/`
            fn f(x: u32) → u32 { 1 }
                1:14: error: unknown start of token: `→`; help: write `->`
            fn f() { let x = 1; }
                1:19: error: unknown start of token: `;`; help: write `;`
            fn f(x: u32) {
                if x > 1
                    f(2);
                }
            }
            fn g() { }
                2:13: error: a `{` is missing here; help: the `}` of line 4 would have no partner
        "#]],
    );
    let wanted = exo_policy::compile_as(Role::Application, &with(handler)).unwrap_err();
    expect!["1:73: error: an `impl Application` is wanted here, and this is an `impl LibOs`"]
        .assert_eq(&wanted[0].to_string());
}
