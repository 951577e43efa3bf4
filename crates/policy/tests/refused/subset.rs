//! What is Rust and not in the subset, and what a policy must have.

use expect_test::expect;

use super::{check_items, check_sources, check_statements};

#[test]
fn constructs_outside_the_subset_are_named() {
    check_statements(
        r#"
        let y = |a| a;
        let y = &x;
        let y = (1, 2);
        let y = 0..3;
        let y = "text";
        let y = 'c';
        let y = 1.5;
        let y = 1i8;
        let y = unsafe { 1 };
        let y = async { 1 };
        let y = Pair { a: 1, ..self.pair };
        let y = Pair { a: 1, ..(if self.x > 1 { self.pair } else { self.pair }) };
        for y in self.table { }
        for y in 0.. { }
        for (a, b) in 0..3 { }
        for y in true..false { }
        let y = x.min::<u32>(1);
        let y = free::<u32>(1);
        let y = <u32>::MAX;
        let y = ::free(1);
        let y = (free)(1);
        println!("{}", x);
        log!("{} {}", x);
        log!("{}", x, x);
        log!("{} {} {} {}", x, x, x, x);
        log!("{:x}", x);
        log!("{", x);
        log!("}", x);
        log!("{}", self.frame);
        log!("{:?}", self.frame);
        log!("{}", self.pair);
        log!(x);
        log!("{z}");
        log!("{y}", y = x);
        #[inline] let y = 1;
        fn inner() {}
        let y: &u32 = x;
        let y: (u32, u32) = x;
        let y: [u32] = x;
        let y: Sys = x;
        let y: _ = x;
        let y: fn() = x;
        _ = x;
        let y = x?;
        let y = self.maybe?;
        P::get(self);
        let y = const { 1 };
        let y = x + return Ok(1);
        self.table[return Ok(1)] = 1;
        (return Ok(1)).foo();
        "#,
        expect![[r#"
            let y = |a| a;
                22:9: error: a closure is outside the subset of Rust for policies; help: write a function
            let y = &x;
                22:9: error: a reference that is not an argument is outside the subset of Rust for policies; help: use the value itself, or lend it where a function takes a reference: `f(&mut x)`
            let y = (1, 2);
                22:9: error: a tuple is outside the subset of Rust for policies; help: declare a struct
            let y = 0..3;
                22:9: error: a range here is outside the subset of Rust for policies; help: write `for i in a..b`, or compare: `a <= x && x < b`
            let y = "text";
                22:9: error: a string is outside the subset of Rust for policies; help: text can only be written in `log!`
            let y = 'c';
                22:9: error: a character is outside the subset of Rust for policies; help: write its number
            let y = 1.5;
                22:9: error: a floating-point number is outside the subset of Rust for policies; help: count in integers, e.g. thousandths
            let y = 1i8;
                22:9: error: the type `i8` is outside the subset of Rust for policies; help: use u8 to u64, usize, i32 or i64
            let y = unsafe { 1 };
                22:9: error: an `unsafe` block is outside the subset of Rust for policies; help: leave `unsafe` out
            let y = async { 1 };
                22:9: error: `async` is outside the subset of Rust for policies; help: system calls wait by themselves
            let y = Pair { a: 1, ..self.pair };
                accepted
            let y = Pair { a: 1, ..(if self.x > 1 { self.pair } else { self.pair }) };
                22:24: error: `..` of anything but a place is outside the subset of Rust for policies; help: give it a name with `let` first
            for y in self.table { }
                22:10: error: a `for` over anything but a range is outside the subset of Rust for policies; help: count over its indices: `for i in 0..self.table.len()`
            for y in 0.. { }
                22:10: error: a range without both ends is outside the subset of Rust for policies; help: write `a..b` or `a..=b`
            for (a, b) in 0..3 { }
                22:5: error: this pattern of a `for` is outside the subset of Rust for policies; help: name it: `for i in …`
            for y in true..false { }
                22:10: error[E0277]: cannot count in values of type `bool`
            let y = x.min::<u32>(1);
                22:14: error: `::<…>` is outside the subset of Rust for policies; help: leave it out
            let y = free::<u32>(1);
                22:9: error: to call this is outside the subset of Rust for policies; help: call a function by its name
            let y = <u32>::MAX;
                22:14: error: `<T as Trait>::` is outside the subset of Rust for policies; help: write `Type::name`
            let y = ::free(1);
                22:9: error: to call this is outside the subset of Rust for policies; help: call a function by its name
            let y = (free)(1);
                22:9: error: to call this is outside the subset of Rust for policies; help: call a function by its name
            println!("{}", x);
                22:1: error: the macro `println!` is outside the subset of Rust for policies; help: write to the event log: `log!("page {}", page)`
            log!("{} {}", x);
                22:6: error: this text has 2 `{}`, and 1 values follow it
            log!("{}", x, x);
                22:6: error: this text has 1 `{}`, and 2 values follow it
            log!("{} {} {} {}", x, x, x, x);
                22:6: error: `log!` shows at most 3 values; help: write a second `log!`
            log!("{:x}", x);
                22:6: error: in this text, `{:x}` is not understood; help: write `{}` where a value goes
            log!("{", x);
                22:6: error: in this text, a `{` has no `}` after it; help: write `{}` where a value goes
            log!("}", x);
                22:6: error: in this text, a `}` has no `{` before it; help: write `{}` where a value goes
            log!("{}", self.frame);
                22:12: error[E0277]: `log!` does not show a `Frame`; help: write `{}`, and give it `….number()`
            log!("{:?}", self.frame);
                22:14: error[E0277]: `log!` does not show a `Frame`; help: write `{}`, and give it `….number()`
            log!("{}", self.pair);
                22:12: error: `log!` cannot show a value of type `Pair`; help: show its parts
            log!(x);
                22:6: error: `log!` takes a text and values: expected string literal; help: write `log!("page {}", page)`
            log!("{z}");
                22:6: error[E0425]: cannot find value `z` in this scope
            log!("{y}", y = x);
                22:6: error[E0425]: cannot find value `y` in this scope
                22:6: error: this text has 0 `{}`, and 1 values follow it
                22:13: error: a named value is outside the subset of Rust for policies; help: name it within the braces
            #[inline] let y = 1;
                22:1: error: an attribute or `///` of a statement is outside the subset of Rust for policies; help: write `//`
            fn inner() {}
                22:1: error: an item within a function is outside the subset of Rust for policies; help: declare it outside of the function
            let y: &u32 = x;
                22:8: error: a reference that is not a parameter is outside the subset of Rust for policies; help: keep the value itself, or its index; lend it to functions with `&` or `&mut`
            let y: (u32, u32) = x;
                22:8: error: a tuple is outside the subset of Rust for policies; help: declare a struct
            let y: [u32] = x;
                22:8: error: a slice is outside the subset of Rust for policies; help: write an array: `[u32; 64]`
            let y: Sys = x;
                22:8: error: `Sys` itself is outside the subset of Rust for policies; help: write `&mut Sys`
            let y: _ = x;
                22:8: error: the type `_` here is outside the subset of Rust for policies; help: write the type
            let y: fn() = x;
                22:8: error: a function pointer is outside the subset of Rust for policies; help: match on an enum
            _ = x;
                22:1: error: `_ =` is outside the subset of Rust for policies; help: write `let _ = …`
            let y = x?;
                22:9: error[E0277]: the `?` operator can only be applied to `Option` and `Result`, not to `u32`
            let y = self.maybe?;
                22:19: error[E0277]: `?` on `Option<u32>` cannot be used in a function that returns `Result<u32, SysError>`; help: write `match` or `let Some(x) = … else { … };`
            P::get(self);
                22:1: error: to call the method `get` by its path is outside the subset of Rust for policies; help: write `value.get(…)`
            let y = const { 1 };
                22:9: error: a `const` block is outside the subset of Rust for policies; help: declare a `const`
            let y = x + return Ok(1);
                22:13: error[E0277]: this leaves, and never gives the value that is used here; help: make it a statement of its own
            self.table[return Ok(1)] = 1;
                22:12: error[E0277]: this leaves, and never gives the value that is used here; help: make it a statement of its own
            (return Ok(1)).foo();
                22:1: error[E0277]: this leaves, and never gives the value that is used here; help: make it a statement of its own
        "#]],
    );
}

#[test]
fn items_outside_the_subset_are_named() {
    check_items(
        r#"
        use std::collections::HashMap;
        static X: u32 = 1;
        trait T { }
        type Page = u32;
        mod inner { }
        macro_rules! m { () => {} }
        union U { a: u32 }
        extern crate alloc;
        struct G<T> { t: T }
        struct L<'a> { t: u32 }
        struct T(u32);
        struct S { s: S }
        struct S { a: u32, a: u32 }
        struct S { a: Result<u32, SysError> }
        struct Pair { }
        struct Frame { }
        struct u32 { }
        fn Some(a: u32) -> u32 { a }
        const None: u32 = 1;
        struct Ok;
        enum Err { A }
        impl Pair { fn Some(a: u32) -> u32 { a } }
        enum E { A(u32) }
        enum E { A = 3 }
        enum E { A, A }
        enum E { }
        #[derive(Hash)] struct S { }
        #[derive(Copy)] struct S { }
        #[derive(Eq)] struct S { }
        #[derive(Clone, Clone)] struct S { }
        #[derive(Clone, Copy)] struct S { l: Loose }
        #[derive(PartialEq)] struct S { l: Loose }
        #[derive(Debug)] struct S { l: Loose }
        #[repr(C)] struct S { }
        #[inline] struct S { }
        #[must_use] const A: u32 = 1;
        #[inline(sometimes)] fn f() { }
        #[allow] fn f() { }
        #[allow(1)] fn f() { }
        #[test] fn f() { }
        fn f<T>(t: T) { }
        fn f(self) { }
        fn f(x: u32, x: u32) { }
        fn f((a, b): u32) { }
        fn f(x: &u32) { }
        fn f(sys: &Sys) { }
        fn f() -> &mut Sys { }
        fn f() -> u32 { }
        fn f() -> u32 { 1; }
        fn f(x: u32) -> u32 { if x > 1 { 1 } }
        fn f(x: u32) -> u32 { while x > 1 { return 1; } }
        async fn f() { }
        unsafe fn f() { }
        extern "C" fn f() { }
        fn free() { }
        impl Frame { }
        impl Fault { }
        impl u32 { }
        impl Clone for Pair { }
        impl LibOs for Pair { }
        impl Pair { fn a(&self) { } fn a(&self) { } }
        impl Pair { type T = u32; }
        impl Mode { fn a(&self) { } }
        const A: u32 = B; const B: u32 = A;
        const A: u8 = 255 + 1;
        const A: u32 = free(1);
        const A: u32 = x;
        const A: usize = [1, 2][SIZE - 2];
        const fn f(x: u32) -> u32 { x - 1 } const A: u32 = f(0);
        const fn f() -> u32 { loop { } } const A: u32 = f();
        const fn f() -> u32 { for i in 0..3 { } 1 }
        const fn f(x: u32) -> u32 { x.min(1) }
        const A: u32 = return 1;
        const A: Option<u32> = None?;
        const fn f() { log!("x") }
        const fn f(a: Frame) -> bool { a == a }
        const fn f(sys: &mut Sys) -> u64 { sys.random() }
        struct U; const U: u32 = 1;
        unsafe impl Pair { }
        fn f(p: Pair) -> u32 { p.a } fn g() -> u32 { f(Pair { a: 1, b: 2 }).c }
        "#,
        expect![[r#"
            use std::collections::HashMap;
                24:1: error: any other `use` than `use exo_prelude::*;` is outside the subset of Rust for policies; help: the prelude and the file itself hold all there is
            static X: u32 = 1;
                24:1: error: a `static` is outside the subset of Rust for policies; help: keep it in a field of the policy's struct
            trait T { }
                24:1: error: a trait of one's own is outside the subset of Rust for policies; help: write a function for each type
            type Page = u32;
                24:1: error: a type alias is outside the subset of Rust for policies; help: write the type itself
            mod inner { }
                24:1: error: a module is outside the subset of Rust for policies; help: a policy is one file
            macro_rules! m { () => {} }
                24:1: error: a macro is outside the subset of Rust for policies; help: write a function
            union U { a: u32 }
                24:1: error: a union is outside the subset of Rust for policies; help: write a struct
            extern crate alloc;
                24:1: error: foreign code is outside the subset of Rust for policies; help: ask the kernel through `sys`
            struct G<T> { t: T }
                24:10: error: a generic parameter is outside the subset of Rust for policies; help: write the type that it stands for
                24:18: error[E0412]: cannot find type `T`
            struct L<'a> { t: u32 }
                24:10: error: a lifetime is outside the subset of Rust for policies; help: leave it out: `&mut self`, `&mut Sys`
            struct T(u32);
                24:9: error: a tuple struct is outside the subset of Rust for policies; help: name its fields: `{ number: u32 }`
            struct S { s: S }
                24:8: error[E0072]: recursive type `S` has infinite size; help: keep the others in an array and name one by its index
            struct S { a: u32, a: u32 }
                24:20: error[E0124]: field `a` is already declared
            struct S { a: Result<u32, SysError> }
                accepted
            struct Pair { }
                24:8: error[E0428]: the name `Pair` is defined more than once
            struct Frame { }
                24:8: error: `Frame` is a name of the prelude; help: choose another name
            struct u32 { }
                24:8: error: `u32` is a name of the prelude; help: choose another name
            fn Some(a: u32) -> u32 { a }
                24:4: error: `Some` is a name of the prelude; help: choose another name
            const None: u32 = 1;
                15:119: error[E0308]: mismatched types: expected `Option<u32>`, found `u32`; help: write `Some(…)`
                24:7: error: `None` is a name of the prelude; help: choose another name
            struct Ok;
                24:8: error: `Ok` is a name of the prelude; help: choose another name
            enum Err { A }
                24:6: error: `Err` is a name of the prelude; help: choose another name
            impl Pair { fn Some(a: u32) -> u32 { a } }
                accepted
            enum E { A(u32) }
                24:10: error: a variant with fields is outside the subset of Rust for policies; help: use `Option`, or a struct with an enum and the fields
            enum E { A = 3 }
                24:10: error: a variant with a number of its own is outside the subset of Rust for policies; help: write a method that matches the variant and gives the number
            enum E { A, A }
                24:13: error[E0428]: the name `A` is defined more than once
            enum E { }
                24:6: error: an enum without variants, or with over 256, is outside the subset of Rust for policies; help: use an integer
            #[derive(Hash)] struct S { }
                24:10: error: to derive `Hash` is outside the subset of Rust for policies; help: derive `Clone`, `Copy`, `PartialEq`, `Eq` or `Debug`
            #[derive(Copy)] struct S { }
                24:1: error[E0277]: `Copy` also needs `Clone`; help: derive both
            #[derive(Eq)] struct S { }
                24:1: error[E0277]: `Eq` also needs `PartialEq`; help: derive both
            #[derive(Clone, Clone)] struct S { }
                24:17: error[E0119]: `Clone` is derived twice
            #[derive(Clone, Copy)] struct S { l: Loose }
                24:35: error[E0204]: `S` cannot be `Copy`: its field `l` is not
            #[derive(PartialEq)] struct S { l: Loose }
                24:33: error[E0369]: values of type `Loose` cannot be compared; help: derive `PartialEq` for it as well
            #[derive(Debug)] struct S { l: Loose }
                24:29: error[E0277]: the type `Loose` of this field is not `Debug`
            #[repr(C)] struct S { }
                24:1: error: this attribute of a struct is outside the subset of Rust for policies; help: leave it out; a type may have `derive`, `allow` and `must_use`
            #[inline] struct S { }
                24:1: error: this attribute of a struct is outside the subset of Rust for policies; help: leave it out; a type may have `derive`, `allow` and `must_use`
            #[must_use] const A: u32 = 1;
                24:1: error: this attribute of a constant is outside the subset of Rust for policies; help: leave it out; it may have `allow`
            #[inline(sometimes)] fn f() { }
                24:1: error: this attribute of a function is outside the subset of Rust for policies; help: leave it out; a function may have `allow`, `inline`, `cold` and `must_use`
            #[allow] fn f() { }
                24:1: error: this attribute of a function is outside the subset of Rust for policies; help: leave it out; a function may have `allow`, `inline`, `cold` and `must_use`
            #[allow(1)] fn f() { }
                24:1: error: anything but names in an attribute about warnings is outside the subset of Rust for policies; help: `#[allow(dead_code)]`
            #[test] fn f() { }
                24:1: error: this attribute of a function is outside the subset of Rust for policies; help: leave it out; a function may have `allow`, `inline`, `cold` and `must_use`
            fn f<T>(t: T) { }
                24:6: error: a generic parameter is outside the subset of Rust for policies; help: write the type that it stands for
                24:12: error[E0412]: cannot find type `T`
            fn f(self) { }
                24:6: error: `self` parameter is only allowed in associated functions; help: move it into an `impl`
            fn f(x: u32, x: u32) { }
                24:14: error[E0415]: identifier `x` is bound more than once
            fn f((a, b): u32) { }
                24:6: error: a pattern as a parameter is outside the subset of Rust for policies; help: name it, then `match`
            fn f(x: &u32) { }
                accepted
            fn f(sys: &Sys) { }
                24:11: error: `&Sys` is outside the subset of Rust for policies; help: write `&mut Sys`
            fn f() -> &mut Sys { }
                24:11: error: to return `&mut Sys` is outside the subset of Rust for policies; help: the caller has it already
            fn f() -> u32 { }
                24:11: error[E0308]: mismatched types: expected `u32`, found `()`; help: end the function with the value that it gives back
            fn f() -> u32 { 1; }
                24:11: error[E0308]: mismatched types: expected `u32`, found `()`; help: leave out the last `;` to give that value back
            fn f(x: u32) -> u32 { if x > 1 { 1 } }
                24:32: error[E0317]: `if` without `else` has no value: expected `()`, found `u32`; help: add an `else`, or `return` the value
            fn f(x: u32) -> u32 { while x > 1 { return 1; } }
                24:23: error[E0308]: mismatched types: expected `u32`, found `()`
            async fn f() { }
                24:1: error: `async` is outside the subset of Rust for policies; help: leave it out
            unsafe fn f() { }
                24:1: error: `unsafe` is outside the subset of Rust for policies; help: leave it out
            extern "C" fn f() { }
                24:1: error: `extern` is outside the subset of Rust for policies; help: leave it out
            fn free() { }
                24:4: error[E0428]: the name `free` is defined more than once
            impl Frame { }
                24:6: error[E0390]: `Frame` is not a type of this file
            impl Fault { }
                24:6: error[E0116]: `Fault` is not a type of this file
            impl u32 { }
                24:6: error[E0390]: `u32` is not a type of this file
            impl Clone for Pair { }
                24:6: error: an `impl` of any other trait than `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf` is outside the subset of Rust for policies; help: write `impl Type { … }`, or `#[derive(Clone, Copy, PartialEq, Eq)]`
            impl LibOs for Pair { }
                24:6: error[E0119]: a source has one role, for one struct: `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf`
            impl Pair { fn a(&self) { } fn a(&self) { } }
                24:32: error[E0592]: duplicate definitions with name `a`
            impl Pair { type T = u32; }
                24:13: error: this item is outside the subset of Rust for policies; help: write a `const` or a `fn`
            impl Mode { fn a(&self) { } }
                accepted
            const A: u32 = B; const B: u32 = A;
                24:7: error[E0391]: the value of `A` is needed to compute itself
            const A: u8 = 255 + 1;
                24:15: error: this arithmetic operation will overflow
            const A: u32 = free(1);
                24:16: error[E0015]: cannot call the non-const function `free` here; help: a constant and a `const fn` can only call `const fn`s
            const A: u32 = x;
                24:16: error[E0425]: cannot find value `x` in this scope
            const A: usize = [1, 2][SIZE - 2];
                24:18: error: this operation will panic at runtime: the length is 2 but the index is 2
            const fn f(x: u32) -> u32 { x - 1 } const A: u32 = f(0);
                24:29: error[E0080]: evaluation of constant value failed: an overflow, or a division by zero
            const fn f() -> u32 { loop { } } const A: u32 = f();
                24:28: error[E0080]: evaluation of constant value failed: it takes more than 4000000 steps
            const fn f() -> u32 { for i in 0..3 { } 1 }
                24:23: error: `for` in a `const fn` is outside the subset of Rust for policies; help: write `while`, as rustc asks as well
            const fn f(x: u32) -> u32 { x.min(1) }
                24:29: error[E0015]: cannot call the non-const method `min` here; help: write `if`
            const A: u32 = return 1;
                24:16: error[E0572]: `return` outside of a function
            const A: Option<u32> = None?;
                24:28: error: `?` in a `const fn` or constant is outside the subset of Rust for policies; help: write `match`
            const fn f() { log!("x") }
                24:16: error: `log!` in a `const fn` or constant is outside the subset of Rust for policies; help: leave it out
            const fn f(a: Frame) -> bool { a == a }
                24:32: error[E0015]: values of type `Frame` cannot be compared in a constant or `const fn`; help: write `match`, or compare its parts
            const fn f(sys: &mut Sys) -> u64 { sys.random() }
                24:40: error[E0015]: cannot call the non-const method `random` here; help: leave `const` out of the function around
            struct U; const U: u32 = 1;
                24:17: error[E0428]: the name `U` is defined more than once
            unsafe impl Pair { }
                24:8: error: `unsafe` or `!` of an `impl` is outside the subset of Rust for policies; help: leave it out
            fn f(p: Pair) -> u32 { p.a } fn g() -> u32 { f(Pair { a: 1, b: 2 }).c }
                24:69: error[E0609]: no field `c` on type `u32`
        "#]],
    );
}

#[test]
fn a_policy_has_one_struct_its_handler_and_its_first_state() {
    check_sources(
        &[
            "",
            "fn f() {",
            "fn f() { \"x }",
            "fn f( { }",
            "struct S { x }",
            "use exo_prelude::*; struct P; impl LibOs for P { }",
            "use exo_prelude::*; struct P; impl LibOs for P { fn page_fault(&self) { } fn fault(&mut self) { } }",
            "use exo_prelude::*; struct P; impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }",
            "use exo_prelude::*; struct P; impl P { fn new() -> P { P } } impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }",
            "use exo_prelude::*; struct P { a: [u8; 9000000] } impl P { const fn new() -> P { P { a: [0; 9000000] } } } impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }",
        ],
        expect![[r#"

                1:1: error: a policy begins with `use exo_prelude::*;`; help: add that line before the first item
                1:1: error: this source has no role: an `impl … for …` of `LibOs`, `Application`, `PacketFilter`, `MessageHandler` or `Udf` is missing; help: write `impl LibOs for Policy { fn page_fault(…) … }`
            fn f() {
                1:9: error: a `}` is missing here; help: the `{` of line 1 is not closed
            fn f() { "x }
                1:10: error[E0765]: unterminated double quote string; help: end it with `"`
            fn f( { }
                1:10: error: a `)` is missing here; help: the `(` of line 1 is not closed
            struct S { x }
                1:14: error: expected `:`, found `}`; help: write `name: type`
            use exo_prelude::*; struct P; impl LibOs for P { }
                1:36: error[E0046]: missing `page_fault` in implementation of `LibOs`; help: fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError>
            use exo_prelude::*; struct P; impl LibOs for P { fn page_fault(&self) { } fn fault(&mut self) { } }
                1:53: error[E0053]: `page_fault` does not have the signature that `LibOs` asks for; help: fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError>
                1:78: error[E0407]: method `fault` is not a member of trait `LibOs`; help: write it in `impl P { … }`
            use exo_prelude::*; struct P; impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
                1:28: error: `P` has no `new()`, which makes its first state; help: write `pub const fn new() -> P { … }` in `impl P`
            use exo_prelude::*; struct P; impl P { fn new() -> P { P } } impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
                1:43: error: `new` is computed before the policy runs, and takes nothing; help: write `pub const fn new() -> P`
            use exo_prelude::*; struct P { a: [u8; 9000000] } impl P { const fn new() -> P { P { a: [0; 9000000] } } } impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
                1:28: error: the state of `P` takes 9000000 bytes; it may take at most 8388608; help: make its arrays shorter
        "#]],
    );
}
