//! Each piece of syntax begins and ends where the parser says that it does.

use syn::spanned::Spanned;

use super::{Around, around};

fn ends(span: proc_macro2::Span) -> [usize; 4] {
    let (start, end) = (span.start(), span.end());
    [start.line, start.column, end.line, end.column]
}

#[track_caller]
fn agrees<T: syn::parse::Parse + Around + Spanned>(text: &str) {
    let syntax: T = syn::parse_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(
        ends(around(&syntax)),
        ends(Spanned::span(&syntax)),
        "{text}"
    );
}

const EXPRESSIONS: &[&str] = &[
    "[1, 2]",
    "a = b",
    "async { 1 }",
    "async move { 1 }",
    "a.await",
    "a + b * c",
    "{ 1 }",
    "'a: { 1 }",
    "break",
    "break 'a",
    "break 'a 1",
    "break 1",
    "f(1)(2)",
    "a as u8",
    "a as Option<u8>",
    "|a| b",
    "|| -> u8 { 1 }",
    "move |a, b| a",
    "static || 1",
    "async move |a| 1",
    "for<'a> |x| 1",
    "const { 1 }",
    "continue",
    "continue 'a",
    "a.b.0",
    "for a in b { }",
    "'a: for a in b { }",
    "if a { } else if b { } else { }",
    "if a { }",
    "a[1]",
    "_",
    "if let Some(a) = b { }",
    "\"text\"",
    "b'a'",
    "1.5",
    "true",
    "loop { }",
    "'b: loop { }",
    "m!(a)",
    "std::m![a]",
    "m! { a }",
    "match a { _ => 1 }",
    "a.b::<u8>(1)",
    "(a)",
    "a::<u8>::b",
    "::a::b",
    "<A as B>::c",
    "1..",
    "..",
    "..=2",
    "1..=2",
    "&raw const a",
    "&mut a",
    "&a",
    "[0; 4]",
    "return",
    "return a + 1",
    "A { b: 1, ..c }",
    "<A>::B { b }",
    "a?",
    "(a, b)",
    "()",
    "-a",
    "!a",
    "*a",
    "unsafe { 1 }",
    "while a { }",
    "'a: while a { }",
    "#[a] b",
    "#[a] { b }",
    "#[a] loop {}",
    "#[a] #[b] f(1)",
    "a += 1",
    "a <<= 1",
    "a && b",
    "a.b(|x| x).c",
    "-1",
    "a == b",
    "a < b",
    "if a && let Some(b) = c { }",
    "yield 1",
    "yield",
];

#[test]
fn expressions_lie_where_the_parser_says() {
    for text in EXPRESSIONS {
        agrees::<syn::Expr>(text);
    }
    for sign in
        "+ - * / % ^ & | << >> == < <= != >= > += -= *= /= %= ^= &= |= <<= >>= && ||".split(' ')
    {
        agrees::<syn::BinOp>(sign);
    }
    for sign in ["*", "!", "-"] {
        agrees::<syn::UnOp>(sign);
    }
}

#[test]
fn types_lie_where_the_parser_says() {
    for text in [
        "[u8; 4]",
        "fn(u8) -> u8",
        "fn(u8)",
        "unsafe extern \"C\" fn()",
        "for<'a> fn(&'a u8)",
        "impl A + B",
        "impl ?Sized",
        "_",
        "m!(a)",
        "!",
        "(u8)",
        "u8",
        "a::b<u8>",
        "<A as B>::C",
        "*const u8",
        "&'a mut u8",
        "[u8]",
        "dyn A + 'a",
        "dyn for<'a> A<'a>",
        "(u8, u8)",
        "()",
        "impl Fn(u8) -> u8",
        "impl Fn(u8)",
        "impl (A)",
        "impl A + use<'a>",
    ] {
        agrees::<syn::Type>(text);
    }
}

#[test]
fn items_lie_where_the_parser_says() {
    for text in [
        "const A: u8 = 1;",
        "pub const A: u8 = 1;",
        "#[a] pub(crate) const A: u8 = 1;",
        "enum A { B, C }",
        "extern crate a;",
        "pub fn f() { #![a] }",
        "const fn f() {}",
        "async unsafe extern \"C\" fn f() {}",
        "extern \"C\" { fn a(); }",
        "unsafe extern {}",
        "impl A {}",
        "unsafe impl A for B {}",
        "default impl A for B {}",
        "m!(a);",
        "m! { a }",
        "macro_rules! a { () => {} }",
        "mod a;",
        "mod a { }",
        "pub unsafe mod a;",
        "static A: u8 = 1;",
        "struct A;",
        "struct A(u8);",
        "struct A { b: u8 }",
        "struct A<T>(T) where T: B;",
        "trait A {}",
        "pub unsafe auto trait A {}",
        "auto trait A {}",
        "trait A = B;",
        "type A = u8;",
        "union A { b: u8 }",
        "pub use a::b;",
        "/// Text.\nfn f() {}",
    ] {
        agrees::<syn::Item>(text);
    }
    for text in [
        "const A: u8 = 1;",
        "default const A: u8 = 1;",
        "pub fn f() {}",
        "default fn f() {}",
        "type A = u8;",
        "pub default type A = u8;",
        "m!();",
        "m! {}",
        "#[a] fn f(&self) {}",
        "fn f();",
    ] {
        agrees::<syn::ImplItem>(text);
    }
}

#[test]
fn parts_of_items_lie_where_the_parser_says() {
    for text in [
        "self",
        "&self",
        "&'a mut self",
        "mut self",
        "self: &Self",
        "a: u8",
        "#[a] a: u8",
    ] {
        agrees::<syn::FnArg>(text);
    }
    for text in [
        "A",
        "A(u8)",
        "A { b: u8 }",
        "A = 1",
        "#[a] A",
        "A(u8) = 1 + 2",
    ] {
        agrees::<syn::Variant>(text);
    }
    for text in ["a: 1", "a", "#[a] a: b.c", "0: b"] {
        agrees::<syn::FieldValue>(text);
    }
    for text in [
        "a => b,",
        "a => {}",
        "#[a] a | b if c => d,",
        "| a | b => c",
    ] {
        agrees::<syn::Arm>(text);
    }
    for text in [
        "where T: A,",
        "where 'a: 'b",
        "where for<'a> T: B + C",
        "where T:",
        "where",
    ] {
        agrees::<syn::WhereClause>(text);
    }
    for text in [
        "'a",
        "'a: 'b",
        "T",
        "T: A + B",
        "T: A = B",
        "const N: u8",
        "const N: u8 = 1",
        "#[a] T",
    ] {
        agrees::<syn::GenericParam>(text);
    }
    for text in ["pub", "pub(crate)", "pub(in a::b)", ""] {
        agrees::<syn::Visibility>(text);
    }
    for text in ["-> u8", "-> Option<u8>", ""] {
        agrees::<syn::ReturnType>(text);
    }
}

#[test]
fn statements_and_patterns_lie_where_the_parser_says() {
    let text = "fn f() { let a = 1; #[a] let (b, c): u8 = d else { return; }; fn g() {} a.b; a\n; \
                m!(a); m! { a } #[a] m!(b); if a {} match a { \
                A | B => 1, | A => 1, A { b, .. } => 1, A(..) => 1, 1..=2 => 1, 1.. => 1, ..=1 => 1, \
                &a => 1, ref mut a => 1, a @ (b) => 1, [a, ..] => 1, (a, b) => 1, <A>::B => 1, \
                -1 => 1, m!(a) => 1, _ => 1, a::b => 1, const { 1 } => 1, mut a => 1 } }";
    let function: syn::ItemFn = syn::parse_str(text).unwrap();
    assert_eq!(function.block.stmts.len(), 10);
    for statement in &function.block.stmts {
        assert_eq!(ends(around(statement)), ends(Spanned::span(statement)));
        match statement {
            syn::Stmt::Expr(syn::Expr::Match(it), _) => {
                assert_eq!(it.arms.len(), 19);
                for arm in &it.arms {
                    assert_eq!(ends(around(&arm.pat)), ends(Spanned::span(&arm.pat)));
                }
            }
            syn::Stmt::Local(it) => {
                assert_eq!(ends(around(&it.pat)), ends(Spanned::span(&it.pat)));
            }
            _ => {}
        }
    }
}
