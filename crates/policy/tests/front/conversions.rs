//! `u64::from(x)` for every two types: accepted where rustc has it, and refused elsewhere.

use expect_test::expect;

use super::rustc;

const TYPES: [&str; 8] = ["bool", "u8", "u16", "u32", "u64", "usize", "i32", "i64"];

const POLICY: &str = "\
use exo_prelude::*;
pub struct P;
impl P { pub const fn new() -> P { P } }
impl LibOs for P {
    fn page_fault(&mut self, _: &mut Sys, _: Fault) -> Result<(), SysError> { Ok(()) }
}
";

fn messages(source: &str) -> Vec<String> {
    let diagnostics = exo_policy::check(source).diagnostics;
    diagnostics.iter().map(ToString::to_string).collect()
}

#[test]
fn from_is_accepted_of_the_types_that_rustc_makes_a_type_from() {
    let pairs = TYPES.iter().flat_map(|from| TYPES.map(|to| (*from, to)));
    let pairs: Vec<(&str, &str)> = pairs.filter(|(_, to)| *to != "bool").collect();
    let sources: Vec<String> = pairs
        .iter()
        .map(|(from, to)| format!("{POLICY}pub fn f(x: {from}) -> {to} {{ {to}::from(x) }}\n"))
        .collect();
    let native = rustc::errors("conversions", &sources);
    let mut accepted = 0;
    for (((from, to), source), native) in pairs.iter().zip(&sources).zip(native) {
        let ours = messages(source);
        assert_eq!(
            ours.is_empty(),
            native.is_empty(),
            "{to}::from({from}): {ours:?}, {native:?}"
        );
        accepted += u32::from(ours.is_empty());
    }
    assert_eq!(accepted, 28);
}

#[test]
fn a_conversion_that_is_refused_says_what_to_write() {
    let lines = [
        "pub fn f(x: u64) -> u32 { u32::from(x) }",
        "pub fn f(x: &u32) -> u64 { u64::from(x) }",
        "pub fn f(x: &u32) -> u64 { u64::from(*x) }",
        "pub fn f() -> u64 { u64::from(3) }",
        "pub fn f() -> u64 { u64::from(3u8) }",
        "pub fn f(x: u32) -> u64 { u64::from(x, x) }",
        "pub fn f(x: Frame) -> u64 { u64::from(x) }",
        "pub const A: u64 = u64::from(3u8);",
        "pub const fn f(x: u8) -> u64 { u64::from(x) }",
        "pub fn f(x: u64) -> u32 { u32::try_from(x) }",
    ];
    let found: Vec<String> = lines
        .iter()
        .map(|line| {
            let mut said = messages(&format!("{POLICY}{line}\n"));
            if said.is_empty() {
                said.push("accepted".to_string());
            }
            format!("{line}\n    {}\n", said.join("\n    "))
        })
        .collect();
    expect![[r#"
        pub fn f(x: u64) -> u32 { u32::from(x) }
            7:37: error[E0277]: `u32` is not made from `u64` without loss; help: write `… as u32`
        pub fn f(x: &u32) -> u64 { u64::from(x) }
            7:38: error: `x` is a reference, which can only be passed on or used through; help: write `*x` for what it refers to
        pub fn f(x: &u32) -> u64 { u64::from(*x) }
            accepted
        pub fn f() -> u64 { u64::from(3) }
            7:31: error[E0283]: which integer type this has is not known here; help: write `… as u64`
        pub fn f() -> u64 { u64::from(3u8) }
            accepted
        pub fn f(x: u32) -> u64 { u64::from(x, x) }
            7:27: error[E0061]: `from` takes 1 argument, 2 given
        pub fn f(x: Frame) -> u64 { u64::from(x) }
            7:39: error[E0277]: `u64` is not made from `Frame` without loss; help: write `… as u64`
        pub const A: u64 = u64::from(3u8);
            7:20: error[E0015]: cannot call the non-const function `from` here; help: write `… as u64`
        pub const fn f(x: u8) -> u64 { u64::from(x) }
            7:32: error[E0015]: cannot call the non-const function `from` here; help: write `… as u64`
        pub fn f(x: u64) -> u32 { u32::try_from(x) }
            7:27: error[E0599]: no function named `try_from` found for `u32`; help: write `… as u32`
    "#]].assert_eq(&found.concat());
}
