//! References, moves and stops that are not as they have to be.

use expect_test::expect;

use super::{check_items, check_statements};

#[test]
fn references_are_parameters_and_nothing_else() {
    check_items(
        r#"
        struct R { r: &'static u32 }
        fn f(x: u32) -> &u32 { x }
        fn f(x: &'static u32) { }
        fn f(x: &[u32]) { }
        fn f(x: &mut [u32]) { }
        fn f(x: &&u32) { }
        fn f(x: &str) { }
        fn f(x: &mut u32) { let y = x; }
        fn f(x: &mut u32) { x = 1; }
        fn f(x: &u32) { *x = 1; }
        fn f(x: &Pair) { x.a = 1; }
        fn f(x: &mut u32) -> u32 { x + 1 }
        fn f(x: &mut u32) -> u32 { x.min(1) }
        fn f(x: &u32, y: &u32) -> bool { x == y }
        fn f(x: &Option<u32>) -> u32 { match x { Some(y) => 1, None => 2 } }
        fn f(x: &Option<u32>) -> u32 { if let Some(y) = x { 1 } else { 2 } }
        fn f(x: &Option<u32>) -> bool { matches!(x, Some(y)) }
        fn f(x: &Loose) { let y = *x; }
        fn one(x: &mut u32) { } fn f(x: &u32) { one(x); }
        fn one(x: &mut u32) { } fn f(x: u32) { one(&mut x); }
        fn one(x: &mut u32) { } fn f(mut x: u32) { one(x); }
        fn one(x: &mut u32) { } fn f(mut x: u32) { one(&x); }
        fn one(x: &mut u32) { } fn f(mut x: u64) { one(&mut x); }
        fn one(x: &mut u32) { } fn f(x: &mut u32) { one(&mut x); }
        fn one(x: &mut u32) { } fn f(x: &mut u64) { one(x); }
        fn one(x: &mut u32) { } const A: [u32; 2] = [1, 2]; fn f() { one(&mut A[0]); }
        fn two(x: &mut u32, y: &mut u32) { } fn f(mut x: u32) { two(&mut x, &mut x); }
        fn two(x: &mut u32, y: &u32) { } fn f(mut x: u32) { two(&mut x, &x); }
        fn two(x: &mut u32, y: u32) { } fn f(mut x: u32) { two(&mut x, x); }
        fn two(x: &u32, y: u32) { } fn f(mut x: u32) { two(&x, { x = 1; x }); }
        fn two(x: &Loose, y: Loose) { } fn f(x: Loose) { two(&x, x); }
        "#,
        expect![[r#"
            struct R { r: &'static u32 }
                24:15: error: a reference that is not a parameter is outside the subset of Rust for policies; help: keep the value itself, or its index; lend it to functions with `&` or `&mut`
            fn f(x: u32) -> &u32 { x }
                24:17: error: a reference that is not a parameter is outside the subset of Rust for policies; help: keep the value itself, or its index; lend it to functions with `&` or `&mut`
            fn f(x: &'static u32) { }
                24:10: error: a lifetime is outside the subset of Rust for policies; help: leave it out: `&u32`, `&mut u32`
            fn f(x: &[u32]) { }
                24:9: error: a slice is outside the subset of Rust for policies; help: write `&` and an array: `&[u32; 64]`
            fn f(x: &mut [u32]) { }
                24:9: error: a slice is outside the subset of Rust for policies; help: write `&` and an array: `&[u32; 64]`
            fn f(x: &&u32) { }
                24:10: error: a reference that is not a parameter is outside the subset of Rust for policies; help: keep the value itself, or its index; lend it to functions with `&` or `&mut`
            fn f(x: &str) { }
                24:10: error: `str` is outside the subset of Rust for policies; help: text can only be written in `log!`
            fn f(x: &mut u32) { let y = x; }
                24:29: error: `x` is a reference, which can only be passed on or used through; help: write `*x` for what it refers to
            fn f(x: &mut u32) { x = 1; }
                24:21: error[E0384]: cannot assign to `x`; help: write `*x = …`
                24:25: error[E0308]: mismatched types: expected `&mut u32`, found `{integer}`
            fn f(x: &u32) { *x = 1; }
                24:17: error[E0594]: cannot assign to what lies behind the `&` of `x`; help: take it as `x: &mut …`
            fn f(x: &Pair) { x.a = 1; }
                24:18: error[E0594]: cannot assign to what lies behind the `&` of `x`; help: take it as `x: &mut …`
            fn f(x: &mut u32) -> u32 { x + 1 }
                24:28: error: `x` is a reference, which can only be passed on or used through; help: write `*x` for what it refers to
                24:28: error[E0369]: operator `+` cannot be applied to type `&mut u32`
            fn f(x: &mut u32) -> u32 { x.min(1) }
                24:28: error[E0308]: of a reference, `min` compares references; help: write `(*…).min(…)`
            fn f(x: &u32, y: &u32) -> bool { x == y }
                24:34: error[E0369]: binary operation `==` cannot be applied to type `&u32`
            fn f(x: &Option<u32>) -> u32 { match x { Some(y) => 1, None => 2 } }
                24:38: error: a name in a pattern for what a reference refers to is outside the subset of Rust for policies; help: write `*` before the reference, so that it is copied
            fn f(x: &Option<u32>) -> u32 { if let Some(y) = x { 1 } else { 2 } }
                24:49: error: a name in a pattern for what a reference refers to is outside the subset of Rust for policies; help: write `*` before the reference, so that it is copied
            fn f(x: &Option<u32>) -> bool { matches!(x, Some(y)) }
                24:42: error: a name in a pattern for what a reference refers to is outside the subset of Rust for policies; help: write `*` before the reference, so that it is copied
            fn f(x: &Loose) { let y = *x; }
                24:27: error[E0507]: this would move a value of type `Loose` from behind a reference, and it is not `Copy`; help: add `#[derive(Clone, Copy)]` to `Loose`
            fn one(x: &mut u32) { } fn f(x: &u32) { one(x); }
                24:45: error[E0308]: mismatched types: expected `&mut u32`, found `&u32`
            fn one(x: &mut u32) { } fn f(x: u32) { one(&mut x); }
                24:49: error[E0596]: cannot borrow `x` as mutable, as it is not declared as mutable; help: declare it with `mut x`
            fn one(x: &mut u32) { } fn f(mut x: u32) { one(x); }
                24:48: error[E0308]: mismatched types: expected `&mut u32`, found `u32`; help: lend it: write `&mut …`
            fn one(x: &mut u32) { } fn f(mut x: u32) { one(&x); }
                24:48: error[E0308]: mismatched types: expected `&mut u32`, found `&u32`; help: write `&mut`
            fn one(x: &mut u32) { } fn f(mut x: u64) { one(&mut x); }
                24:53: error[E0308]: mismatched types: expected `u32`, found `u64`; help: write `… as u32`
            fn one(x: &mut u32) { } fn f(x: &mut u32) { one(&mut x); }
                24:49: error: this is a reference already; help: leave the `&` out: it is passed on as it is
            fn one(x: &mut u32) { } fn f(x: &mut u64) { one(x); }
                24:49: error[E0308]: mismatched types: expected `&mut u32`, found `&mut u64`
            fn one(x: &mut u32) { } const A: [u32; 2] = [1, 2]; fn f() { one(&mut A[0]); }
                24:71: error: to lend a part of a value that has no name as `&mut` is outside the subset of Rust for policies; help: give it a name with `let mut` first
            fn two(x: &mut u32, y: &mut u32) { } fn f(mut x: u32) { two(&mut x, &mut x); }
                24:74: error[E0499]: cannot borrow this as mutable more than once at a time; help: give the value a name with `let` first
            fn two(x: &mut u32, y: &u32) { } fn f(mut x: u32) { two(&mut x, &x); }
                24:66: error[E0502]: cannot borrow this: the call around borrows it as mutable already; help: give the value a name with `let` first
            fn two(x: &mut u32, y: u32) { } fn f(mut x: u32) { two(&mut x, x); }
                24:64: error[E0503]: cannot use this: the call around borrows it as mutable already; help: give the value a name with `let` first
            fn two(x: &u32, y: u32) { } fn f(mut x: u32) { two(&x, { x = 1; x }); }
                24:58: error[E0506]: cannot assign to this: the call around borrows it; help: give the value a name with `let` first
            fn two(x: &Loose, y: Loose) { } fn f(x: Loose) { two(&x, x); }
                24:58: error[E0505]: cannot move out of this: the call around borrows it; help: give the value a name with `let` first
        "#]],
    );
}

#[test]
fn what_was_moved_is_gone_and_what_was_not_given_is_not_there() {
    check_statements(
        r#"
        let l = Loose { n: 1 }; let m = l; let n = l.n;
        let l = Loose { n: 1 }; loop { let m = l; }
        let mut l = Loose { n: 1 }; let m = l; l.n = 2;
        let ls = [Loose { n: 1 }]; let m = ls[0];
        let l = Loose { n: 1 }; l.add(1);
        let o = Some(Loose { n: 1 }); match o { Some(l) if { let m = l; true } => { } _ => { } }
        let y: u32; let z = y;
        let y; y = 1; y = 2;
        let Some(y);
        let ref y;
        let y = self.maybe.take();
        let y = [1, 2].swap(0, 1);
        let t = self.table; t.swap(0, 1);
        self.table.swap(0, self.table[1] as usize);
        let big = [0u64; 9000];
        "#,
        expect![[r#"
            let l = Loose { n: 1 }; let m = l; let n = l.n;
                22:44: error[E0382]: use of moved value: `l`; help: it, or a part of it, was moved away before: lend it with `&`, or add `#[derive(Clone, Copy)]` to `Loose`
            let l = Loose { n: 1 }; loop { let m = l; }
                22:40: error[E0382]: use of moved value: `l`; help: it, or a part of it, was moved away before: lend it with `&`, or add `#[derive(Clone, Copy)]` to `Loose`
            let mut l = Loose { n: 1 }; let m = l; l.n = 2;
                22:40: error[E0382]: assign to part of moved value: `l`; help: assign all of it first
            let ls = [Loose { n: 1 }]; let m = ls[0];
                22:36: error[E0508]: this would move a value of type `Loose` out of an array, and it is not `Copy`; help: add `#[derive(Clone, Copy)]` to `Loose`
            let l = Loose { n: 1 }; l.add(1);
                22:25: error[E0596]: cannot borrow `l` as mutable, as it is not declared as mutable; help: declare it with `mut l`
            let o = Some(Loose { n: 1 }); match o { Some(l) if { let m = l; true } => { } _ => { } }
                22:62: error[E0507]: cannot move `l` in a guard; help: move it in the arm
            let y: u32; let z = y;
                22:21: error[E0381]: `y` is used here without a value; help: give it one on every way that leads here
            let y; y = 1; y = 2;
                22:15: error[E0384]: cannot assign twice to immutable variable `y`; help: declare it with `mut y`
            let Some(y);
                22:5: error: `let` of this pattern without a value is outside the subset of Rust for policies; help: give it its value here: `let … = …;`
            let ref y;
                22:5: error: `ref` or `@` in a pattern is outside the subset of Rust for policies; help: name the value alone
            let y = self.maybe.take();
                22:20: error[E0599]: no method named `take` found for `Option<u32>`; help: read it with `let old = …;`, then assign `None`
            let y = [1, 2].swap(0, 1);
                22:9: error: `swap` in an array without a name is outside the subset of Rust for policies; help: give it a name with `let mut`
            let t = self.table; t.swap(0, 1);
                22:21: error[E0596]: cannot borrow `t` as mutable, as it is not declared as mutable; help: declare it with `mut t`
            self.table.swap(0, self.table[1] as usize);
                22:20: error[E0503]: cannot use this: the call around borrows it as mutable already; help: give the value a name with `let` first
            let big = [0u64; 9000];
                21:13: error: the locals of `P::test` take 72000 bytes; they may take at most 65536; help: keep large arrays in fields
        "#]],
    );
}

#[test]
fn stops_say_why_in_a_plain_text() {
    check_statements(
        r#"
        panic!("x is {}", x);
        panic!("x is {x}");
        panic!("a } b");
        panic!(x);
        assert!();
        assert!(x);
        assert!(x > 1, "x is {}", x);
        assert_eq!(x);
        assert!(if x);
        assert!(x.f::<u32>);
        assert!(x as u32.y);
        assert!(matches!(x, ));
        assert_eq!(x, true);
        assert_eq!(self.loose, self.loose);
        assert_ne!(x, 1, "{x}");
        assert!(matches!(x));
        let y = matches!(x, true);
        let y = self.maybe.expect(x);
        let y = self.maybe.unwrap(1);
        let y: Result<u32, Mode> = Ok(1); let z = y.unwrap();
        let y = x.overflowing_add(1);
        let y = x.abs();
        let y = x.rotate_left(true);
        vec![1];
        "#,
        expect![[r#"
            panic!("x is {}", x);
                22:8: error: a value in the text of `panic!` is outside the subset of Rust for policies; help: show it with `log!` before
            panic!("x is {x}");
                22:8: error: a value in the text of `panic!` is outside the subset of Rust for policies; help: show it with `log!` before
            panic!("a } b");
                22:8: error: in this text, a `}` has no `{` before it
            panic!(x);
                22:8: error: `panic!` is not written like this: expected string literal
            assert!();
                22:9: error: `assert!` is not written like this: expected an expression
            assert!(x);
                22:9: error[E0308]: mismatched types: expected `bool`, found `u32`
            assert!(x > 1, "x is {}", x);
                22:16: error: a value in the text of `assert!` is outside the subset of Rust for policies; help: show it with `log!` before
            assert_eq!(x);
                22:13: error: `assert_eq!` is not written like this: expected an expression
            assert!(if x);
                22:13: error: `assert!` is not written like this: expected curly braces
            assert!(x.f::<u32>);
                22:19: error: `assert!` is not written like this: expected parentheses
            assert!(x as u32.y);
                22:17: error: `assert!` is not written like this: casts cannot be followed by this
            assert!(matches!(x, ));
                22:21: error: `matches!` takes a value and a pattern: expected a pattern; help: write `matches!(x, Some(1..=3))`
            assert_eq!(x, true);
                22:15: error[E0308]: mismatched types: expected `u32`, found `bool`
            assert_eq!(self.loose, self.loose);
                22:1: error[E0369]: binary operation `==` cannot be applied to type `Loose`; help: add `#[derive(PartialEq)]` to `Loose`
                22:1: error[E0277]: the type `Loose` is not `Debug`, so that a stop could not tell it; help: add `#[derive(Debug)]` to `Loose`
            assert_ne!(x, 1, "{x}");
                22:18: error: a value in the text of `assert_ne!` is outside the subset of Rust for policies; help: show it with `log!` before
            assert!(matches!(x));
                22:19: error: `matches!` takes a value and a pattern: expected `,`; help: write `matches!(x, Some(1..=3))`
            let y = matches!(x, true);
                22:21: error[E0308]: mismatched types: expected `u32`, found `bool`
            let y = self.maybe.expect(x);
                22:27: error: anything but a text in `expect` is outside the subset of Rust for policies; help: write a text: `.expect("a frame is free")`
            let y = self.maybe.unwrap(1);
                22:9: error[E0061]: `unwrap` takes 0 arguments, 1 given
            let y: Result<u32, Mode> = Ok(1); let z = y.unwrap();
                22:43: error[E0277]: the type `Mode` is not `Debug`, so that a stop could not tell it; help: add `#[derive(Debug)]` to `Mode`
            let y = x.overflowing_add(1);
                22:11: error[E0599]: no method named `overflowing_add` found for `u32`; help: write `checked_…`, or `wrapping_…` and compare
            let y = x.abs();
                22:11: error[E0599]: no method named `abs` found for `u32`; help: only signed integers have it
            let y = x.rotate_left(true);
                22:23: error[E0308]: mismatched types: expected `u32`, found `bool`
            vec![1];
                22:1: error: the macro `vec!` is outside the subset of Rust for policies; help: there is no heap: keep an array of the most there can be
        "#]],
    );
    check_items(
        r#"
        const fn f(x: u32) -> u32 { assert_eq!(x, 1); x }
        const fn f(x: u32) -> u32 { assert!(x == 1); x }
        const fn f(x: u32) -> u32 { assert!(x == 1); x } const A: u32 = f(2);
        const A: u32 = panic!("no");
        const A: u32 = None.unwrap();
        const A: Option<u32> = Some(1); const B: u32 = A.unwrap();
        const A: u32 = 200u8.pow(2) as u32;
        const A: u32 = 3u32.pow(4) + 5u32.leading_zeros();
        const fn f() -> u32 { let mut a = [1, 2]; a.swap(0, 1); a[0] }
        const fn f(r: Result<u32, SysError>) -> u32 { r.unwrap() }
        struct S { r: Result<u32, i32> }
        struct S { r: Result<u64, SysError> }
        "#,
        expect![[r#"
            const fn f(x: u32) -> u32 { assert_eq!(x, 1); x }
                24:29: error: `assert_eq!` in a `const fn` or constant is outside the subset of Rust for policies; help: write `assert!`
            const fn f(x: u32) -> u32 { assert!(x == 1); x }
                accepted
            const fn f(x: u32) -> u32 { assert!(x == 1); x } const A: u32 = f(2);
                24:29: error[E0080]: evaluation of constant value failed: assertion failed: x == 1
            const A: u32 = panic!("no");
                24:16: error[E0080]: evaluation of constant value failed: no
            const A: u32 = None.unwrap();
                24:16: error[E0080]: evaluation of constant value failed: called `Option::unwrap()` on a `None` value
            const A: Option<u32> = Some(1); const B: u32 = A.unwrap();
                accepted
            const A: u32 = 200u8.pow(2) as u32;
                24:16: error[E0080]: evaluation of constant value failed: an overflow, or a division by zero
            const A: u32 = 3u32.pow(4) + 5u32.leading_zeros();
                accepted
            const fn f() -> u32 { let mut a = [1, 2]; a.swap(0, 1); a[0] }
                24:43: error: `swap` in a `const fn` is outside the subset of Rust for policies; help: assign the elements one by one
            const fn f(r: Result<u32, SysError>) -> u32 { r.unwrap() }
                24:47: error[E0015]: cannot call the non-const method `unwrap` here; help: write `match`
            struct S { r: Result<u32, i32> }
                24:12: error: `Result<u32, i32>` cannot lie in memory: its two values lie differently; help: keep an `Option`
            struct S { r: Result<u64, SysError> }
                accepted
        "#]],
    );
}
