//! `..base` in a struct literal: accepted where rustc accepts it, and refused where it would move what must
//! stay.

use exo_policy::Severity;

use super::rustc;

const POLICY: &str = "\
use exo_prelude::*;
#[derive(Clone, Copy)]
pub struct Pair { pub a: u32, pub b: u32 }
pub struct Inner { pub n: u32 }
pub struct Outer { pub x: u32, pub inner: Inner, pub pair: Pair }
pub struct P { pub outer: Outer, pub pairs: [Pair; 4], pub inners: [Inner; 2] }
impl P {
    pub const fn new() -> P {
        P { outer: Outer { x: 1, inner: Inner { n: 1 }, pair: Pair { a: 1, b: 2 } }, pairs: [Pair { a: 1, b: 2 }; 4],
            inners: [Inner { n: 1 }, Inner { n: 2 }] }
    }
}
impl LibOs for P {
    fn page_fault(&mut self, _: &mut Sys, _: Fault) -> Result<(), SysError> { Ok(()) }
}
";

/// Bodies of a function that is given `&mut self`, an `Outer` and a `Pair`.
const BODIES: [&str; 15] = [
    "let p = Pair { a: 1, ..q }; p.a + q.b",
    "let p = Pair { a: 1, ..self.outer.pair }; p.b",
    "let p = Pair { a: 1, ..self.pairs[q.a as usize % 4] }; p.b",
    "let p = Pair { a: 1, b: 2, ..q }; p.b",
    "let p = Pair { ..q }; p.b",
    "let p = Pair { a: true, ..q }; p.b",
    "let p = Pair { c: 1, ..q }; p.b",
    "let p = Pair { a: 1, ..o }; p.b",
    "let p = Pair { a: 1, ..self }; p.b",
    "let n = Outer { x: 1, ..o }; n.inner.n",
    "let n = Outer { x: 1, ..o }; n.inner.n + o.x",
    "let n = Outer { x: 1, ..o }; n.inner.n + o.inner.n",
    "let n = Outer { inner: Inner { n: 3 }, ..o }; n.x + o.inner.n",
    "let n = Outer { x: 1, ..self.outer }; n.x",
    "self.outer = Outer { x: 1, ..o }; self.outer.inner.n",
];

#[test]
fn a_base_is_accepted_where_rustc_accepts_it() {
    let sources: Vec<String> = BODIES
        .iter()
        .map(|body| {
            format!(
                "{POLICY}impl P {{ pub fn f(&mut self, o: Outer, q: Pair) -> u32 {{ {body} }} }}\n"
            )
        })
        .collect();
    // One by one: rustc says nothing of moves once it has refused a type elsewhere.
    for (number, (body, source)) in BODIES.iter().zip(&sources).enumerate() {
        let native = rustc::errors(&format!("updates{number}"), std::slice::from_ref(source));
        let diagnostics = exo_policy::check(source).diagnostics;
        let errors = diagnostics
            .iter()
            .filter(|it| it.severity == Severity::Error);
        let ours: Vec<String> = errors.map(ToString::to_string).collect();
        let theirs: Vec<&str> = native[0].iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(
            ours.is_empty(),
            theirs.is_empty(),
            "{body}: {ours:?}, rustc {theirs:?}"
        );
    }
}
