//! Attributes that rustc reads: what they silence, what they ask to be used, and where they may not
//! stand.

use expect_test::expect;

use super::warnings::check;

#[test]
fn an_attribute_silences_what_rustc_silences_by_it() {
    check(
        "silenced",
        r#"
        #[allow(dead_code)] fn f() { }
        #[allow(unused)] fn f() { let y = 1; }
        #[allow(warnings)] fn f() { let y = 1; }
        #[allow(unused_variables)] pub fn f() { let y = 1; }
        #[allow(unused_variables)] pub fn f() { let y = 1; } pub fn g() { let z = 1; }
        #[allow(dead_code)] pub fn f() { let y = 1; }
        #[allow(dead_code, unused_variables)] fn f() { let y = 1; }
        #[allow(unreachable_code)] pub fn f() -> u32 { return 1; loop { } }
        #[allow(clippy::all)] fn f() { }
        #[allow(dead_code)] impl P { fn f(&self) { } const C: u32 = 1; }
        impl P { #[allow(dead_code)] fn f(&self) { } fn g() { } }
        impl P { #[allow(dead_code)] const C: u32 = 1; }
        #[allow(dead_code)] struct S { a: u32, b: u32 }
        struct S { a: u32, #[allow(dead_code)] b: u32 } pub fn f() -> u32 { let s = S { a: 1, b: 2 }; s.a }
        enum E { A, #[allow(dead_code)] B } pub fn f() -> u32 { E::A as u32 }
        #[allow(dead_code)] const A: u32 = 1;
        pub fn f() { #![allow(unused_variables)] let y = 1; }
        #[warn(dead_code)] fn f() { }
        #[allow(dead_code)] fn f() { g() } fn g() { }
        #[allow(dead_code)] fn f() -> u32 { A } const A: u32 = 1; const B: u32 = 2;
        #[allow(dead_code)] fn f() -> S { S { a: 1 } } struct S { a: u32 }
        #[allow(dead_code)] const A: u32 = B; const B: u32 = 1;
        "#,
        str::to_string,
        expect![[r#"
            #[allow(dead_code)] fn f() { }
                nothing to say
            #[allow(unused)] fn f() { let y = 1; }
                nothing to say
            #[allow(warnings)] fn f() { let y = 1; }
                nothing to say
            #[allow(unused_variables)] pub fn f() { let y = 1; }
                nothing to say
            #[allow(unused_variables)] pub fn f() { let y = 1; } pub fn g() { let z = 1; }
                16:71: warning[unused_variables]: unused variable: `z`; help: if this is intentional, prefix it with an underscore: `_z`
            #[allow(dead_code)] pub fn f() { let y = 1; }
                16:38: warning[unused_variables]: unused variable: `y`; help: if this is intentional, prefix it with an underscore: `_y`
            #[allow(dead_code, unused_variables)] fn f() { let y = 1; }
                nothing to say
            #[allow(unreachable_code)] pub fn f() -> u32 { return 1; loop { } }
                nothing to say
            #[allow(clippy::all)] fn f() { }
                16:26: warning[dead_code]: function `f` is never used; help: delete it, if it is not needed
            #[allow(dead_code)] impl P { fn f(&self) { } const C: u32 = 1; }
                nothing to say
            impl P { #[allow(dead_code)] fn f(&self) { } fn g() { } }
                16:49: warning[dead_code]: associated function `g` is never used; help: delete it, if it is not needed
            impl P { #[allow(dead_code)] const C: u32 = 1; }
                nothing to say
            #[allow(dead_code)] struct S { a: u32, b: u32 }
                nothing to say
            struct S { a: u32, #[allow(dead_code)] b: u32 } pub fn f() -> u32 { let s = S { a: 1, b: 2 }; s.a }
                nothing to say
            enum E { A, #[allow(dead_code)] B } pub fn f() -> u32 { E::A as u32 }
                nothing to say
            #[allow(dead_code)] const A: u32 = 1;
                nothing to say
            pub fn f() { #![allow(unused_variables)] let y = 1; }
                nothing to say
            #[warn(dead_code)] fn f() { }
                16:23: warning[dead_code]: function `f` is never used; help: delete it, if it is not needed
            #[allow(dead_code)] fn f() { g() } fn g() { }
                nothing to say
            #[allow(dead_code)] fn f() -> u32 { A } const A: u32 = 1; const B: u32 = 2;
                16:65: warning[dead_code]: constant `B` is never used; help: delete it, if it is not needed
            #[allow(dead_code)] fn f() -> S { S { a: 1 } } struct S { a: u32 }
                16:59: warning[dead_code]: field `a` is never read; help: delete it, if it is not needed
            #[allow(dead_code)] const A: u32 = B; const B: u32 = 1;
                nothing to say
        "#]],
    );
}

#[test]
fn what_must_be_used_is_missed_as_by_rustc() {
    check(
        "must_use",
        r#"
        #[must_use] pub fn f() -> u32 { 1 } pub fn g() { f(); }
        #[must_use = "it counts"] pub fn f() -> u32 { 1 } pub fn g() { f(); }
        #[must_use] pub fn f() -> u32 { 1 } pub fn g() -> u32 { let _ = f(); f() }
        #[must_use] pub struct S { pub a: u32 } pub fn f() -> S { S { a: 1 } } pub fn g() { f(); }
        #[must_use] pub enum E { A, B } pub fn f() -> E { E::A } pub fn g() { f(); }
        impl P { #[must_use] pub fn f(&self) -> u32 { self.x } pub fn g(&self) { self.f(); } }
        #[inline] pub fn f() -> u32 { 1 } pub fn g() { f(); }
        #[inline(always)] pub fn f() { } #[inline(never)] #[cold] pub fn g() { }
        "#,
        str::to_string,
        expect![[r##"
            #[must_use] pub fn f() -> u32 { 1 } pub fn g() { f(); }
                16:50: warning[unused_must_use]: unused return value of `f` that must be used; help: use it, or leave it out
            #[must_use = "it counts"] pub fn f() -> u32 { 1 } pub fn g() { f(); }
                16:64: warning[unused_must_use]: unused return value of `f` that must be used; help: use it, or leave it out
            #[must_use] pub fn f() -> u32 { 1 } pub fn g() -> u32 { let _ = f(); f() }
                nothing to say
            #[must_use] pub struct S { pub a: u32 } pub fn f() -> S { S { a: 1 } } pub fn g() { f(); }
                16:85: warning[unused_must_use]: unused `S` that must be used; help: use it, or leave it out
            #[must_use] pub enum E { A, B } pub fn f() -> E { E::A } pub fn g() { f(); }
                16:71: warning[unused_must_use]: unused `E` that must be used; help: use it, or leave it out
            impl P { #[must_use] pub fn f(&self) -> u32 { self.x } pub fn g(&self) { self.f(); } }
                16:74: warning[unused_must_use]: unused return value of `P::f` that must be used; help: use it, or leave it out
            #[inline] pub fn f() -> u32 { 1 } pub fn g() { f(); }
                nothing to say
            #[inline(always)] pub fn f() { } #[inline(never)] #[cold] pub fn g() { }
                nothing to say
        "##]],
    );
}
