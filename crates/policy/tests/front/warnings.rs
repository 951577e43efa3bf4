//! Warnings: those of rustc, at the same lines and under the same names.

use expect_test::{Expect, expect};

use super::rustc::{self, Warning};

const ITEMS: &str = "\
use exo_prelude::*;
#[derive(Clone, Copy)]
pub struct Pair { pub a: u32, pub b: u32 }
pub enum Mode { On, Off }
pub struct P { pub table: [u32; 4], pub hand: usize, pub maybe: Option<u32>, pub x: u32, pub pair: Pair, pub mode: Mode }
impl P {
    pub const fn new() -> P {
        P { table: [0; 4], hand: 0, maybe: None, x: 0, pair: Pair { a: 1, b: 2 }, mode: Mode::On }
    }
    pub fn get(&self) -> u32 { self.x }
    pub fn put(&mut self, to: u32) -> u32 { self.x = to; to }
}
impl LibOs for P {
    fn page_fault(&mut self, _: &mut Sys, _: Fault) -> Result<(), SysError> { Ok(()) }
}
";

fn ours(source: &str) -> Vec<Warning> {
    let checked = exo_policy::check(source);
    let said: Vec<String> = checked
        .diagnostics
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(checked.program.is_some(), "{}", said.join("\n"));
    let warnings = checked.diagnostics.iter().map(|diagnostic| {
        let lint = diagnostic.code.expect("a lint has a name");
        (lint.to_string(), diagnostic.place.line)
    });
    let mut warnings: Vec<Warning> = warnings.collect();
    warnings.sort_by_key(|(lint, line)| (*line, lint.clone()));
    warnings
}

fn shown(source: &str) -> String {
    let diagnostics = exo_policy::check(source).diagnostics;
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    match lines.is_empty() {
        true => "nothing to say".to_string(),
        false => lines.join("\n    "),
    }
}

/// Compares each snippet with rustc, and what is said with `expected`.
pub(super) fn check(name: &str, snippets: &str, around: impl Fn(&str) -> String, expected: Expect) {
    let mut text = String::new();
    let mut differing = Vec::new();
    let lines = snippets.lines().map(str::trim);
    let snippets: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let sources: Vec<String> = snippets
        .iter()
        .map(|snippet| format!("{ITEMS}{}", around(snippet)))
        .collect();
    let native = rustc::warnings(name, &sources);
    for ((snippet, source), native) in snippets.iter().zip(&sources).zip(native) {
        text.push_str(&format!("{snippet}\n    {}\n", shown(source)));
        // Which write is never read takes rustc a second pass; we say it of the variable alone.
        let native: Vec<Warning> = native
            .into_iter()
            .filter(|(lint, _)| lint != "unused_assignments")
            .collect();
        let ours = ours(source);
        if ours != native {
            differing.push(format!("{snippet}\n  rustc {native:?}\n  we    {ours:?}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    expected.assert_eq(&text);
}

fn statement(snippet: &str) -> String {
    format!(
        "impl P {{ pub fn test(&mut self, sys: &mut Sys, n: u32) -> Result<u32, SysError> {{ sys.free(Frame::new(n))?;\n{snippet}\n}} }}\n"
    )
}

#[test]
fn variables_that_nobody_reads() {
    check(
        "variables",
        r#"
        let y = 1; Ok(n)
        let _y = 1; Ok(n)
        let mut y = 1; Ok(n)
        let mut y = 1; y = 2; Ok(n)
        let mut y = 1; y += 2; Ok(n)
        let mut y = 1; y = y + 1; Ok(n)
        let mut y = 1; Ok(y)
        let mut y = 1; y += 1; Ok(y)
        let mut pair = self.pair; pair.a = 1; Ok(n)
        let mut pair = self.pair; pair.a = 1; Ok(pair.b)
        for i in 0..3 { } Ok(n)
        for _ in 0..3 { } Ok(n)
        match self.maybe { Some(y) => Ok(n), None => Ok(1) }
        match self.maybe { Some(_) => Ok(n), None => Ok(1) }
        match n { y => Ok(1) }
        match n { y if y > 1 => Ok(1), _ => Ok(2) }
        if let Some(y) = self.maybe { return Ok(1); } Ok(n)
        let Some(y) = self.maybe else { return Ok(1); }; Ok(n)
        let y = 1; log!("{}", y); Ok(n)
        let y = 1; log!("{y}"); Ok(n)
        let n = 1; Ok(n)
        let n = n; Ok(1)
        let mut i = 0; while i < 3 { i += 1; } Ok(n)
        let y = self.get(); let y = y + 1; Ok(y)
        Ok(1) } pub fn other(&self, a: u32, mut b: u32) -> Result<u32, SysError> { Ok(1)
        Ok(1) } pub fn other(sys: &mut Sys) -> Result<u32, SysError> { Ok(1)
        Ok(1) } pub fn other(sys: &mut Sys) -> Result<u32, SysError> { sys.allocate()?; Ok(1)
        "#,
        statement,
        expect![[r#"
            let y = 1; Ok(n)
                17:5: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
            let _y = 1; Ok(n)
                nothing to say
            let mut y = 1; Ok(n)
                17:9: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
                17:9: warning[unused_mut]: variable does not need to be mutable; help: write `y` without `mut`
            let mut y = 1; y = 2; Ok(n)
                17:9: warning[unused_variables]: variable `y` is assigned to, but never used; help: leave it out, or name it `_y`
            let mut y = 1; y += 2; Ok(n)
                17:9: warning[unused_variables]: variable `y` is assigned to, but never used; help: leave it out, or name it `_y`
            let mut y = 1; y = y + 1; Ok(n)
                nothing to say
            let mut y = 1; Ok(y)
                17:9: warning[unused_mut]: variable does not need to be mutable; help: write `y` without `mut`
            let mut y = 1; y += 1; Ok(y)
                nothing to say
            let mut pair = self.pair; pair.a = 1; Ok(n)
                17:9: warning[unused_variables]: variable `pair` is assigned to, but never used; help: leave it out, or name it `_pair`
            let mut pair = self.pair; pair.a = 1; Ok(pair.b)
                nothing to say
            for i in 0..3 { } Ok(n)
                17:5: warning[unused_variables]: unused variable: `i`; help: if this is intentional, prefix it with an underscore: `_i`
            for _ in 0..3 { } Ok(n)
                nothing to say
            match self.maybe { Some(y) => Ok(n), None => Ok(1) }
                17:25: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
            match self.maybe { Some(_) => Ok(n), None => Ok(1) }
                nothing to say
            match n { y => Ok(1) }
                17:11: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
            match n { y if y > 1 => Ok(1), _ => Ok(2) }
                nothing to say
            if let Some(y) = self.maybe { return Ok(1); } Ok(n)
                17:13: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
            let Some(y) = self.maybe else { return Ok(1); }; Ok(n)
                17:10: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
            let y = 1; log!("{}", y); Ok(n)
                nothing to say
            let y = 1; log!("{y}"); Ok(n)
                nothing to say
            let n = 1; Ok(n)
                nothing to say
            let n = n; Ok(1)
                17:5: warning[unused_variables]: unused variable: `n`; help: if this is intentional, prefix it with an underscore: `_n`
            let mut i = 0; while i < 3 { i += 1; } Ok(n)
                nothing to say
            let y = self.get(); let y = y + 1; Ok(y)
                nothing to say
            Ok(1) } pub fn other(&self, a: u32, mut b: u32) -> Result<u32, SysError> { Ok(1)
                17:29: warning[unused_variables]: unused variable: `a`; help: if this is intentional, prefix it with an underscore: `_a`
                17:37: warning[unused_variables]: unused variable: `b`; help: if this is intentional, prefix it with an underscore: `_b`
                17:37: warning[unused_mut]: variable does not need to be mutable; help: write `b` without `mut`
            Ok(1) } pub fn other(sys: &mut Sys) -> Result<u32, SysError> { Ok(1)
                17:22: warning[unused_variables]: unused variable: `sys`; help: if this is intentional, prefix it with an underscore: `_sys`
            Ok(1) } pub fn other(sys: &mut Sys) -> Result<u32, SysError> { sys.allocate()?; Ok(1)
                nothing to say
        "#]],
    );
}

#[test]
fn values_that_nobody_uses() {
    check(
        "values",
        r#"
        sys.free(Frame::new(1)); Ok(n)
        let _ = sys.free(Frame::new(1)); Ok(n)
        sys.allocate()?; Ok(n)
        sys.random(); Ok(n)
        n + 1; Ok(n)
        n < 1; Ok(n)
        n & 1; Ok(n)
        n << 1; Ok(n)
        !n; Ok(n)
        n > 1 && n < 3; Ok(n)
        n; Ok(n)
        self.x; Ok(n)
        self.get(); Ok(n)
        n.min(3); Ok(n)
        n.wrapping_add(3); Ok(n)
        n.checked_add(3); Ok(n)
        self.maybe.is_some(); Ok(n)
        self.maybe.unwrap_or(1); Ok(n)
        self.maybe.ok_or(SysError::Limit); Ok(n)
        if n > 1 { sys.free(Frame::new(1)) } else { Ok(()) }; Ok(n)
        if n > 1 { sys.free(Frame::new(1)); } Ok(n)
        ; Ok(n)
        self.put(1);; Ok(n)
        while true { break; } Ok(n)
        "#,
        statement,
        expect![[r#"
            sys.free(Frame::new(1)); Ok(n)
                17:1: warning[unused_must_use]: unused `Result` that must be used; help: it may be an error: write `?` after it to pass that on, or `let _ = …;` to ignore it
            let _ = sys.free(Frame::new(1)); Ok(n)
                nothing to say
            sys.allocate()?; Ok(n)
                nothing to say
            sys.random(); Ok(n)
                nothing to say
            n + 1; Ok(n)
                17:1: warning[unused_must_use]: unused arithmetic operation that must be used; help: use it, or leave it out
            n < 1; Ok(n)
                17:1: warning[unused_must_use]: unused comparison that must be used; help: use it, or leave it out
            n & 1; Ok(n)
                17:1: warning[unused_must_use]: unused bitwise operation that must be used; help: use it, or leave it out
            n << 1; Ok(n)
                17:1: warning[unused_must_use]: unused bitwise operation that must be used; help: use it, or leave it out
            !n; Ok(n)
                17:1: warning[unused_must_use]: unused unary operation that must be used; help: use it, or leave it out
            n > 1 && n < 3; Ok(n)
                17:1: warning[unused_must_use]: unused logical operation that must be used; help: use it, or leave it out
            n; Ok(n)
                17:1: warning[path_statements]: path statement with no effect; help: leave it out, or use its value
            self.x; Ok(n)
                nothing to say
            self.get(); Ok(n)
                nothing to say
            n.min(3); Ok(n)
                17:1: warning[unused_must_use]: unused return value that must be used; help: use it, or leave it out
            n.wrapping_add(3); Ok(n)
                17:1: warning[unused_must_use]: unused return value that must be used; help: use it, or leave it out
            n.checked_add(3); Ok(n)
                17:1: warning[unused_must_use]: unused return value that must be used; help: use it, or leave it out
            self.maybe.is_some(); Ok(n)
                17:1: warning[unused_must_use]: unused return value that must be used; help: use it, or leave it out
            self.maybe.unwrap_or(1); Ok(n)
                nothing to say
            self.maybe.ok_or(SysError::Limit); Ok(n)
                17:1: warning[unused_must_use]: unused `Result` that must be used; help: it may be an error: write `?` after it to pass that on, or `let _ = …;` to ignore it
            if n > 1 { sys.free(Frame::new(1)) } else { Ok(()) }; Ok(n)
                17:1: warning[unused_must_use]: unused `Result` that must be used; help: it may be an error: write `?` after it to pass that on, or `let _ = …;` to ignore it
            if n > 1 { sys.free(Frame::new(1)); } Ok(n)
                17:12: warning[unused_must_use]: unused `Result` that must be used; help: it may be an error: write `?` after it to pass that on, or `let _ = …;` to ignore it
            ; Ok(n)
                17:1: warning[redundant_semicolons]: unnecessary trailing semicolon; help: delete it
            self.put(1);; Ok(n)
                17:13: warning[redundant_semicolons]: unnecessary trailing semicolon; help: delete it
            while true { break; } Ok(n)
                17:7: warning[while_true]: denote infinite loops with `loop { ... }`; help: write `loop`
        "#]],
    );
}

#[test]
fn lines_that_nobody_reaches() {
    check(
        "lines",
        r#"
        return Ok(n); self.put(1); Ok(1)
        return Ok(n); Ok(1)
        return Ok(n); let y = self.put(1); self.put(y); self.put(2); Ok(1)
        loop { } Ok(n)
        loop { break; self.put(1); } Ok(n)
        loop { if n > 1 { continue; self.put(1); } return Ok(1); }
        if n > 1 { return Ok(1); } else { return Ok(2); } Ok(n)
        if n > 1 { return Ok(1); } Ok(n)
        match n { 1 => return Ok(1), _ => return Ok(2) } Ok(n)
        match n { 1 => return Ok(1), _ => {} } Ok(n)
        { return Ok(n); self.put(1); } self.put(2); Ok(1)
        while n > 1 { return Ok(1); } Ok(n)
        'a: { break 'a; } Ok(n)
        'a: { if n > 1 { break 'a; } return Ok(1); } Ok(n)
        'a: loop { loop { break 'a; } } Ok(n)
        for i in 0..n { self.put(i); continue; } Ok(n)
        Err(SysError::Limit)?; Ok(n)
        let y = loop { break 1; }; Ok(y)
        return Ok(n);
        "#,
        statement,
        expect![[r#"
            return Ok(n); self.put(1); Ok(1)
                17:15: warning[unreachable_code]: unreachable statement; help: nothing gets past what stands before it: delete one of them
            return Ok(n); Ok(1)
                17:15: warning[unreachable_code]: unreachable expression; help: nothing gets past what stands before it: delete one of them
            return Ok(n); let y = self.put(1); self.put(y); self.put(2); Ok(1)
                17:15: warning[unreachable_code]: unreachable statement; help: nothing gets past what stands before it: delete one of them
            loop { } Ok(n)
                17:10: warning[unreachable_code]: unreachable expression; help: nothing gets past what stands before it: delete one of them
            loop { break; self.put(1); } Ok(n)
                17:15: warning[unreachable_code]: unreachable statement; help: nothing gets past what stands before it: delete one of them
            loop { if n > 1 { continue; self.put(1); } return Ok(1); }
                17:29: warning[unreachable_code]: unreachable statement; help: nothing gets past what stands before it: delete one of them
            if n > 1 { return Ok(1); } else { return Ok(2); } Ok(n)
                17:51: warning[unreachable_code]: unreachable expression; help: nothing gets past what stands before it: delete one of them
            if n > 1 { return Ok(1); } Ok(n)
                nothing to say
            match n { 1 => return Ok(1), _ => return Ok(2) } Ok(n)
                17:50: warning[unreachable_code]: unreachable expression; help: nothing gets past what stands before it: delete one of them
            match n { 1 => return Ok(1), _ => {} } Ok(n)
                nothing to say
            { return Ok(n); self.put(1); } self.put(2); Ok(1)
                17:17: warning[unreachable_code]: unreachable statement; help: nothing gets past what stands before it: delete one of them
            while n > 1 { return Ok(1); } Ok(n)
                nothing to say
            'a: { break 'a; } Ok(n)
                nothing to say
            'a: { if n > 1 { break 'a; } return Ok(1); } Ok(n)
                nothing to say
            'a: loop { loop { break 'a; } } Ok(n)
                nothing to say
            for i in 0..n { self.put(i); continue; } Ok(n)
                nothing to say
            Err(SysError::Limit)?; Ok(n)
                nothing to say
            let y = loop { break 1; }; Ok(y)
                nothing to say
            return Ok(n);
                nothing to say
        "#]],
    );
}

#[test]
fn items_that_nobody_uses() {
    check(
        "items",
        r#"
        const A: u32 = 1;
        const A: u32 = 1; const B: u32 = A;
        const A: usize = 1; pub const T: [u32; A] = [1; A];
        const A: usize = 1; pub struct S { pub a: [u32; A] }
        const A: u32 = 1; pub fn f(x: u32) -> bool { match x { A => true, _ => false } }
        const _A: u32 = 1;
        fn f() { }
        fn f() { g() } fn g() { }
        fn f(x: u32) { if x > 1 { f(x - 1) } }
        pub fn f() { g() } fn g() { }
        const fn f() -> u32 { 1 } pub const A: u32 = f();
        impl P { fn f(&self) { } fn g() { } const C: u32 = 1; }
        impl P { pub fn f(&self) -> u32 { Self::C + P::g() } fn g() -> u32 { 1 } const C: u32 = 1; }
        struct S { a: u32 }
        struct S { a: u32 } impl S { fn f(&self) -> u32 { self.a } }
        struct S { a: u32 } impl S { pub fn f(&self) -> u32 { self.a } }
        struct S { a: u32, b: u32 } pub fn f() -> u32 { let s = S { a: 1, b: 2 }; s.a }
        pub struct S { a: u32, pub b: u32 }
        enum E { A, B }
        enum E { A, B } pub fn f() -> u32 { E::A as u32 }
        #[derive(PartialEq)] enum E { A, B } pub fn f(x: u32) -> bool { let e = if x > 1 { E::A } else { E::B }; e == E::A }
        enum E { A, B } pub fn f(x: bool) -> u32 { let e = if x { E::A } else { E::A }; match e { E::A => 1, E::B => 2 } }
        pub enum E { A, B }
        "#,
        |items| format!("{items}\n"),
        expect![[r#"
            const A: u32 = 1;
                16:7: warning[dead_code]: constant `A` is never used; help: delete it, if it is not needed
            const A: u32 = 1; const B: u32 = A;
                16:7: warning[dead_code]: constant `A` is never used; help: delete it, if it is not needed
                16:25: warning[dead_code]: constant `B` is never used; help: delete it, if it is not needed
            const A: usize = 1; pub const T: [u32; A] = [1; A];
                nothing to say
            const A: usize = 1; pub struct S { pub a: [u32; A] }
                nothing to say
            const A: u32 = 1; pub fn f(x: u32) -> bool { match x { A => true, _ => false } }
                nothing to say
            const _A: u32 = 1;
                nothing to say
            fn f() { }
                16:4: warning[dead_code]: function `f` is never used; help: delete it, if it is not needed
            fn f() { g() } fn g() { }
                16:4: warning[dead_code]: function `f` is never used; help: delete it, if it is not needed
                16:19: warning[dead_code]: function `g` is never used; help: delete it, if it is not needed
            fn f(x: u32) { if x > 1 { f(x - 1) } }
                16:4: warning[dead_code]: function `f` is never used; help: delete it, if it is not needed
            pub fn f() { g() } fn g() { }
                nothing to say
            const fn f() -> u32 { 1 } pub const A: u32 = f();
                nothing to say
            impl P { fn f(&self) { } fn g() { } const C: u32 = 1; }
                16:13: warning[dead_code]: method `f` is never used; help: delete it, if it is not needed
                16:29: warning[dead_code]: associated function `g` is never used; help: delete it, if it is not needed
                16:43: warning[dead_code]: associated constant `C` is never used; help: delete it, if it is not needed
            impl P { pub fn f(&self) -> u32 { Self::C + P::g() } fn g() -> u32 { 1 } const C: u32 = 1; }
                nothing to say
            struct S { a: u32 }
                16:8: warning[dead_code]: struct `S` is never constructed; help: delete it, if it is not needed
            struct S { a: u32 } impl S { fn f(&self) -> u32 { self.a } }
                16:8: warning[dead_code]: struct `S` is never constructed; help: delete it, if it is not needed
                16:33: warning[dead_code]: method `f` is never used; help: delete it, if it is not needed
            struct S { a: u32 } impl S { pub fn f(&self) -> u32 { self.a } }
                16:8: warning[dead_code]: struct `S` is never constructed; help: delete it, if it is not needed
                16:37: warning[dead_code]: method `f` is never used; help: delete it, if it is not needed
            struct S { a: u32, b: u32 } pub fn f() -> u32 { let s = S { a: 1, b: 2 }; s.a }
                16:20: warning[dead_code]: field `b` is never read; help: delete it, if it is not needed
            pub struct S { a: u32, pub b: u32 }
                16:16: warning[dead_code]: field `a` is never read; help: delete it, if it is not needed
            enum E { A, B }
                16:6: warning[dead_code]: enum `E` is never used; help: delete it, if it is not needed
            enum E { A, B } pub fn f() -> u32 { E::A as u32 }
                16:13: warning[dead_code]: variant `B` is never constructed; help: delete it, if it is not needed
            #[derive(PartialEq)] enum E { A, B } pub fn f(x: u32) -> bool { let e = if x > 1 { E::A } else { E::B }; e == E::A }
                nothing to say
            enum E { A, B } pub fn f(x: bool) -> u32 { let e = if x { E::A } else { E::A }; match e { E::A => 1, E::B => 2 } }
                16:13: warning[dead_code]: variant `B` is never constructed; help: delete it, if it is not needed
            pub enum E { A, B }
                nothing to say
        "#]],
    );
}

#[test]
fn the_samples_are_free_of_warnings() {
    for sample in exo_libos_samples::SAMPLES {
        assert_eq!(shown(sample.source), "nothing to say", "{}", sample.name);
    }
}

#[test]
fn of_a_source_with_errors_nothing_else_is_said() {
    let source = format!("{ITEMS}fn f() {{ let y = 1; true + 1; }}\n");
    expect!["16:21: error[E0369]: operator `+` cannot be applied to type `bool`"]
        .assert_eq(&shown(&source));
}
