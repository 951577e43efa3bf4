//! What rustc refuses for reasons that are not in the types, and what it accepts: so do we.

use expect_test::{Expect, expect};

const ITEMS: &str = "\
use exo_prelude::*;
#[derive(Clone, Copy, PartialEq)]
struct Pair { a: u32 }
enum Plain { A, B }
const PLAIN: Plain = Plain::A;
const WEIGHTS: [u32; 4] = [1, 2, 3, 4];
struct Loose { n: u32 }
const LOOSE: [Loose; 2] = [Loose { n: 1 }, Loose { n: 2 }];
struct P { table: [u32; 4], n: usize, x: u32, u: u8, y: i32, o: Option<Frame>, f: Frame, pair: Pair, plain: Plain }
impl P {
    pub const fn new() -> P {
        P { table: [0; 4], n: 0, x: 0, u: 0, y: 0, o: None, f: Frame::new(0), pair: Pair { a: 0 }, plain: Plain::A }
    }
    fn more(&mut self) -> u32 { self.x += 1; self.x }
    fn frame(&mut self) -> Frame { self.x += 1; self.f }
    fn maybe(&mut self) -> Option<Frame> { self.o = None; self.o }
}
impl LibOs for P {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
";

fn messages(source: &str) -> String {
    match exo_policy::compile(source) {
        Ok(_) => "accepted".to_string(),
        Err(errors) => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            errors.join("\n    ")
        }
    }
}

/// The messages for each line of `snippets` as a statement of a handler.
fn check(snippets: &str, expected: Expect) {
    let mut found = String::new();
    let lines = snippets.lines().map(str::trim);
    for snippet in lines.filter(|line| !line.is_empty()) {
        let source = format!("{ITEMS}{snippet}\nOk(()) }} }}\n");
        found.push_str(&format!("{snippet}\n    {}\n", messages(&source)));
    }
    expected.assert_eq(&found);
}

#[test]
fn a_cast_says_nothing_of_branches_and_all_of_a_plain_block() {
    check(
        r#"
        let k = (if self.n > 1 { 3000000000 } else { 1 }) as u64;
        let k = (match self.n { 0 => 3000000000, _ => 1 }) as u64;
        let k = (if self.n > 1 { -1 } else { 2 }) as u32;
        let k = (if self.n > 1 { 5 } else { self.y }) as u8;
        let k = { 300 } as u8;
        let k = { { 3000000000 } } as u64;
        let k = loop { break 3000000000; } as u64;
        let k = 'a: { if self.n > 1 { break 'a 3000000000; } 3 } as u64;
        let k = 'a: { if self.n > 1 { break 'a 3; } 300 } as u8;
        "#,
        expect![[r#"
            let k = (if self.n > 1 { 3000000000 } else { 1 }) as u64;
                20:26: error: literal out of range for `i32`
            let k = (match self.n { 0 => 3000000000, _ => 1 }) as u64;
                20:30: error: literal out of range for `i32`
            let k = (if self.n > 1 { -1 } else { 2 }) as u32;
                accepted
            let k = (if self.n > 1 { 5 } else { self.y }) as u8;
                accepted
            let k = { 300 } as u8;
                20:11: error: literal out of range for `u8`
            let k = { { 3000000000 } } as u64;
                accepted
            let k = loop { break 3000000000; } as u64;
                20:22: error: literal out of range for `i32`
            let k = 'a: { if self.n > 1 { break 'a 3000000000; } 3 } as u64;
                accepted
            let k = 'a: { if self.n > 1 { break 'a 3; } 300 } as u8;
                20:45: error: literal out of range for `u8`
        "#]],
    );
}

#[test]
fn names_of_variants_are_not_variables() {
    check(
        r#"
        match fault.cause { Miss => {} }
        match fault.cause { Cause::Miss => {}, Protection => {} }
        match sys.free(self.f) { Ok(()) => {}, Err(Limit) => {} }
        let Miss = fault.cause;
        if let Some(A) = Some(Plain::A) { }
        match fault.cause { other => {} }
        match self.plain { PLAIN => {}, _ => {} }
        match self.plain { Plain::A => {}, _ => {} }
        "#,
        expect![[r#"
            match fault.cause { Miss => {} }
                20:21: error[E0170]: `Miss` is a new variable here, and matches every `Cause`; help: write `Cause::Miss`
            match fault.cause { Cause::Miss => {}, Protection => {} }
                20:40: error[E0170]: `Protection` is a new variable here, and matches every `Cause`; help: write `Cause::Protection`
            match sys.free(self.f) { Ok(()) => {}, Err(Limit) => {} }
                20:44: error[E0170]: `Limit` is a new variable here, and matches every `SysError`; help: write `SysError::Limit`
            let Miss = fault.cause;
                20:5: error[E0170]: `Miss` is a new variable here, and matches every `Cause`; help: write `Cause::Miss`
            if let Some(A) = Some(Plain::A) { }
                20:13: error[E0170]: `A` is a new variable here, and matches every `Plain`; help: write `Plain::A`
            match fault.cause { other => {} }
                accepted
            match self.plain { PLAIN => {}, _ => {} }
                20:20: error: a constant of type `Plain` cannot be a pattern; help: add `#[derive(PartialEq, Eq)]` to `Plain`, or name the variant
            match self.plain { Plain::A => {}, _ => {} }
                accepted
        "#]],
    );
}

#[test]
fn keywords_and_suffixes_do_not_pass_for_names() {
    check(
        r#"
        let self = 1;
        let mut self = 1;
        for self in 0..3 { }
        if let Some(self) = self.o { }
        match self.n { 0x00x0 => {}, _ => {} }
        match self.n { 0..3many => {}, _ => {} }
        log!("n {}"text, self.n);
        'while: loop { break; }
        'static: { }
        "#,
        expect![[r#"
            let self = 1;
                20:5: error: `self` is a keyword, and cannot be a variable; help: choose another name
            let mut self = 1;
                20:5: error: `self` is a keyword, and cannot be a variable; help: choose another name
            for self in 0..3 { }
                20:5: error: `self` is a keyword, and cannot be a variable; help: choose another name
            if let Some(self) = self.o { }
                20:13: error: `self` is a keyword, and cannot be a variable; help: choose another name
            match self.n { 0x00x0 => {}, _ => {} }
                20:16: error: the type `x0` is outside the subset of Rust for policies; help: use u8 to u64, usize, i32 or i64
            match self.n { 0..3many => {}, _ => {} }
                20:19: error: the type `many` is outside the subset of Rust for policies; help: use u8 to u64, usize, i32 or i64
            log!("n {}"text, self.n);
                20:6: error: suffixes on string literals are invalid; help: write a `,`
            'while: loop { break; }
                20:1: error: labels cannot use keyword names; help: choose another name
            'static: { }
                20:1: error: labels cannot use keyword names; help: choose another name
        "#]],
    );
}

#[test]
fn patterns_of_numbers_cover_and_fit_what_rustc_says() {
    check(
        r#"
        match self.n { 0..=usize::MAX => {} }
        match self.n { 0..=18446744073709551615 => {} }
        match self.n { 0 => {}, 1.. => {} }
        match self.n { ..usize::MAX => {}, usize::MAX => {} }
        match self.x { 0..=4294967295 => {} }
        match self.u { 0..256 => {} }
        match self.u { 0..=255 => {} }
        match self.u { 0 => {}, 300 => {}, _ => {} }
        match 5 { 0..3000000000 => {}, _ => {} }
        "#,
        expect![[r#"
            match self.n { 0..=usize::MAX => {} }
                20:7: error[E0004]: non-exhaustive patterns: `usize::MAX..` not covered; help: add an arm: `usize::MAX.. => …`
            match self.n { 0..=18446744073709551615 => {} }
                20:7: error[E0004]: non-exhaustive patterns: `usize::MAX..` not covered; help: add an arm: `usize::MAX.. => …`
            match self.n { 0 => {}, 1.. => {} }
                accepted
            match self.n { ..usize::MAX => {}, usize::MAX => {} }
                20:7: error[E0004]: non-exhaustive patterns: `usize::MAX..` not covered; help: add an arm: `usize::MAX.. => …`
            match self.x { 0..=4294967295 => {} }
                accepted
            match self.u { 0..256 => {} }
                20:19: error: literal out of range for `u8`
            match self.u { 0..=255 => {} }
                accepted
            match self.u { 0 => {}, 300 => {}, _ => {} }
                20:25: error: literal out of range for `u8`
            match 5 { 0..3000000000 => {}, _ => {} }
                20:14: error: literal out of range for `i32`
        "#]],
    );
}

#[test]
fn what_is_matched_compared_or_shown_is_borrowed() {
    check(
        r#"
        match self.o { Some(f) if { self.o = None; true } => {}, _ => {} }
        match self.x { 3 if self.more() > 1 => {}, _ => {} }
        match self.x { 3 if { self.n += 1; true } => {}, _ => {} }
        match self.x + 0 { 3 if self.more() > 1 => {}, _ => {} }
        let mut k = 3; match k { 3 if { k = 4; true } => {}, _ => {} }
        let y = self.f == self.frame();
        let y = self.o != self.maybe();
        let y = self.pair == { self.pair.a = 1; self.pair };
        let y = self.x == self.more();
        let y = self.frame() == self.f;
        log!("{} {}", self.x, self.more());
        log!("{} {}", self.more(), self.x);
        let mut i = 0; log!("{} {}", i, { i += 1; i });
        sys;
        (sys);
        if self.n > 1 { sys; }
        match sys { s => {} }
        if let s = sys { }
        self;
        let l = LOOSE[self.n];
        "#,
        expect![[r#"
            match self.o { Some(f) if { self.o = None; true } => {}, _ => {} }
                20:29: error[E0510]: a guard cannot change the value that is being matched; help: give the value a name with `let` first, or change it in the arm
            match self.x { 3 if self.more() > 1 => {}, _ => {} }
                20:21: error[E0510]: a guard cannot change the value that is being matched; help: give the value a name with `let` first, or change it in the arm
            match self.x { 3 if { self.n += 1; true } => {}, _ => {} }
                accepted
            match self.x + 0 { 3 if self.more() > 1 => {}, _ => {} }
                accepted
            let mut k = 3; match k { 3 if { k = 4; true } => {}, _ => {} }
                20:33: error[E0510]: a guard cannot change the value that is being matched; help: give the value a name with `let` first, or change it in the arm
            let y = self.f == self.frame();
                20:19: error[E0502]: cannot borrow this as mutable: `==` borrows it already; help: give the value a name with `let` first
            let y = self.o != self.maybe();
                20:19: error[E0502]: cannot borrow this as mutable: `!=` borrows it already; help: give the value a name with `let` first
            let y = self.pair == { self.pair.a = 1; self.pair };
                20:24: error[E0506]: cannot assign to this: `==` borrows it; help: give the value a name with `let` first
            let y = self.x == self.more();
                accepted
            let y = self.frame() == self.f;
                accepted
            log!("{} {}", self.x, self.more());
                20:23: error[E0502]: cannot borrow this as mutable: `log!` borrows it already; help: give the value a name with `let` first
            log!("{} {}", self.more(), self.x);
                accepted
            let mut i = 0; log!("{} {}", i, { i += 1; i });
                20:35: error[E0506]: cannot assign to this: `log!` borrows it; help: give the value a name with `let` first
            sys;
                20:1: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            (sys);
                20:1: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            if self.n > 1 { sys; }
                20:17: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            match sys { s => {} }
                20:7: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            if let s = sys { }
                20:12: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            self;
                20:1: error: `self` can only be used through its fields and methods; help: write `self.field` or `self.method(…)`, or `*self` for all of it
            let l = LOOSE[self.n];
                20:9: error[E0508]: this would move a value of type `Loose` out of an array, and it is not `Copy`; help: add `#[derive(Clone, Copy)]` to `Loose`
        "#]],
    );
}

#[test]
fn what_goes_wrong_for_sure_is_refused() {
    check(
        r#"
        self.x /= 0;
        self.x %= 0;
        self.x <<= 32;
        let d = 0; self.x = 5 / d;
        let d = 255u8; let e = d + 1;
        let i = 3; let j = i + 1; self.x = self.table[j];
        let k = 4; let m = 1u32 << (k * 8);
        let y = { 255u8 } + 1;
        let y: i32 = -2147483648; let z = -y;
        let d = 0; if d != 0 { self.x = 5 / d; }
        let d = 0; if self.n > 5 { self.x = 5 / d; }
        let mut d = 0; d += 1; self.x = 5 / d;
        self.x = WEIGHTS[4];
        self.x = WEIGHTS[self.n];
        "#,
        expect![[r#"
            self.x /= 0;
                20:1: error: this operation will panic at runtime: division by zero
            self.x %= 0;
                20:1: error: this operation will panic at runtime: division by zero
            self.x <<= 32;
                20:1: error: this arithmetic operation will overflow: a shift by the type's width or more
            let d = 0; self.x = 5 / d;
                20:21: error: this operation will panic at runtime: division by zero
            let d = 255u8; let e = d + 1;
                20:24: error: this arithmetic operation will overflow
            let i = 3; let j = i + 1; self.x = self.table[j];
                20:36: error: this operation will panic at runtime: the length is 4 but the index is 4
            let k = 4; let m = 1u32 << (k * 8);
                20:20: error: this arithmetic operation will overflow: a shift by the type's width or more
            let y = { 255u8 } + 1;
                20:9: error: this arithmetic operation will overflow
            let y: i32 = -2147483648; let z = -y;
                20:35: error: this arithmetic operation will overflow
            let d = 0; if d != 0 { self.x = 5 / d; }
                accepted
            let d = 0; if self.n > 5 { self.x = 5 / d; }
                20:37: error: this operation will panic at runtime: division by zero
            let mut d = 0; d += 1; self.x = 5 / d;
                accepted
            self.x = WEIGHTS[4];
                20:10: error: this operation will panic at runtime: the length is 4 but the index is 4
            self.x = WEIGHTS[self.n];
                accepted
        "#]],
    );
}

#[test]
fn what_is_shown_is_a_number_or_a_bool() {
    check(
        r#"
        log!("{}", true);
        log!("{}", self.n > 1);
        log!("{:?}", self.n);
        log!("{:?}", self.f);
        log!("{}", self.f);
        log!("{:?}", fault.cause);
        log!("{}", fault.cause as u32);
        let r = 1; log!("{r#r}");
        let r#r = 1; log!("{r}");
        "#,
        expect![[r#"
            log!("{}", true);
                accepted
            log!("{}", self.n > 1);
                accepted
            log!("{:?}", self.n);
                20:14: error: `{:?}` is outside the subset of Rust for policies; help: write `{}`
            log!("{:?}", self.f);
                20:14: error[E0277]: `log!` does not show a `Frame`; help: write `{}`, and give it `….number()`
            log!("{}", self.f);
                20:12: error[E0277]: `log!` does not show a `Frame`; help: write `{}`, and give it `….number()`
            log!("{:?}", fault.cause);
                20:14: error: `log!` shows integers and `bool`s, and this is `Cause`; help: write `{}`, and give it `… as u32`
            log!("{}", fault.cause as u32);
                accepted
            let r = 1; log!("{r#r}");
                20:17: error: in this text, `{r#r}` is not understood; help: write `{}` where a value goes
            let r#r = 1; log!("{r}");
                20:19: error[E0425]: cannot find value `r` in this scope
        "#]],
    );
}

#[test]
fn words_and_characters_that_rustc_refuses() {
    check(
        "
        let gen = 1;
        let y: ::i32 = 1;
        ",
        expect![[r#"
            let gen = 1;
                20:5: error: expected identifier, found reserved keyword `gen`; help: choose another name
            let y: ::i32 = 1;
                20:8: error[E0433]: the type `i32` is not known here; help: types have one name; the prelude's need no path
        "#]],
    );
    for hidden in [
        "// \u{202e} turned",
        "/* \u{2066} */",
        "log!(\"\u{2069}\");",
    ] {
        let source = format!("{ITEMS}{hidden}\nOk(()) }} }}\n");
        let found = messages(&source);
        assert!(
            found.contains("changes the direction of the text"),
            "{found}"
        );
    }
    let items = [
        "pub(super) fn f() {}",
        "pub(crate) fn f() {}",
        "struct S { pub(in a::b) x: u32 }",
        "impl ::P { }",
    ];
    let found = items.map(|item| {
        let source = format!("{ITEMS}Ok(()) }} }}\n{item}\n");
        format!("{item}\n    {}\n", messages(&source))
    });
    expect![[r#"
        pub(super) fn f() {}
            21:1: error: `pub(super)` is outside the subset of Rust for policies; help: write `pub`, or leave it out
        pub(crate) fn f() {}
            accepted
        struct S { pub(in a::b) x: u32 }
            21:12: error: `pub(a::b)` is outside the subset of Rust for policies; help: write `pub`, or leave it out
        impl ::P { }
            21:6: error[E0433]: the type `P` is not known here; help: types have one name; the prelude's need no path
    "#]].assert_eq(&found.concat());
}

#[test]
fn hints_say_what_to_write() {
    check(
        r#"
        Err(SysError::Limit)?;
        *self = P::new();
        let y = self.y.checked_add(1);
        let y = self.y.saturating_sub(1);
        let y = self.y.is_power_of_two();
        let y = self.x.pow(2);
        let y = self.x.leading_zeros();
        let y = self.x.clamp(1, 2);
        let y: u64 = self.x.into();
        let y = self.o.map(1);
        let y = self.o.is_some_and(1);
        let y = self.o.take();
        let y = self.o.replace(self.f);
        self.table.swap(0, 1);
        self.table.fill(0);
        let y = WEIGHTS;
        "#,
        expect![[r#"
            Err(SysError::Limit)?;
                accepted
            *self = P::new();
                accepted
            let y = self.y.checked_add(1);
                accepted
            let y = self.y.saturating_sub(1);
                accepted
            let y = self.y.is_power_of_two();
                20:16: error[E0599]: no method named `is_power_of_two` found for `i32`; help: only unsigned integers have it: write `… as u32`
            let y = self.x.pow(2);
                accepted
            let y = self.x.leading_zeros();
                accepted
            let y = self.x.clamp(1, 2);
                accepted
            let y: u64 = self.x.into();
                20:21: error[E0599]: no method named `into` found for `u32`; help: write `… as u64`
            let y = self.o.map(1);
                20:16: error[E0599]: no method named `map` found for `Option<Frame>`; help: write `match`
            let y = self.o.is_some_and(1);
                20:16: error[E0599]: no method named `is_some_and` found for `Option<Frame>`; help: write `match`: `match x { Some(y) => …, None => false }`
            let y = self.o.take();
                20:16: error[E0599]: no method named `take` found for `Option<Frame>`; help: read it with `let old = …;`, then assign `None`
            let y = self.o.replace(self.f);
                20:16: error[E0599]: no method named `replace` found for `Option<Frame>`; help: read it with `let old = …;`, then assign `Some(…)`
            self.table.swap(0, 1);
                accepted
            self.table.fill(0);
                20:12: error[E0599]: no method named `fill` found for `[u32; 4]`; help: write `for i in 0..a.len() { a[i] = …; }`
            let y = WEIGHTS;
                accepted
        "#]],
    );
    let ifs = "if self.x == 1 { self.n = 1; } else ".repeat(30);
    let source = format!("{ITEMS}{ifs} {{ }}\nOk(()) }} }}\n");
    expect!["20:592: error: this expression is too long: more than 400 tokens; help: write `match` instead of so many `else if`"].assert_eq(&messages(&source));
}

/// A policy whose `new()` is `body`.
fn new(items: &str, body: &str) -> String {
    format!(
        "use exo_prelude::*; {items} struct P {{ t: [u16; N] }}
        impl P {{ const fn new() -> P {{ {body} }} }}
        impl LibOs for P {{ fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{ Ok(()) }} }}"
    )
}

#[test]
fn loops_fill_large_arrays_before_the_policy_runs() {
    let fill = "let mut t = [0; N]; let mut i = 0; while i < N { t[i] = i as u16; i += 1; }";
    for size in [4096, 65_536] {
        let constant = format!("const N: usize = {size}; const T: [u16; N] = {{ {fill} t }};");
        assert_eq!(messages(&new(&constant, "P { t: T }")), "accepted");
        let size = format!("const N: usize = {size};");
        let local = format!("{fill} P {{ t: t }}");
        assert_eq!(messages(&new(&size, &local)), "accepted");
        let whole = "let mut p = P { t: [0; N] }; let mut i = 0; while i < N { p.t[i] = i as u16; i += 1; } p";
        assert_eq!(messages(&new(&size, whole)), "accepted");
    }
    let copies = "let t = [0; N]; loop { let mut c = t; c[0] = 1; }";
    let endless = "loop { }";
    let both = format!(
        "const N: usize = 4096; const A: u32 = {{ {endless} }}; const B: u32 = {{ {endless} }};"
    );
    let huge = "const N: usize = 4; const B: [u8; 1 << 60] = [0; 1 << 60]; const fn b(i: usize) -> u8 { B[i] } impl P { fn f(&self) -> u8 { b(self.t[0] as usize) } }";
    let found = [
        messages(&new("const N: usize = 4096;", copies)),
        messages(&new(&both, "P { t: [0; N] }")),
        messages(&new(huge, "P { t: [0; N] }")),
    ];
    expect![[r#"
        2:78: error[E0080]: evaluation of constant value failed: it takes more than 4000000 steps
        1:66: error[E0080]: evaluation of constant value failed: it takes more than 4000000 steps
        1:1: error: state and constant arrays take 1152921504606846984 bytes; they may take at most 8388608; help: make the arrays shorter"#]].assert_eq(&found.join("\n"));
}
