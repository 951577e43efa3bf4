//! Every message of the compiler, as the user sees it. `UPDATE_EXPECT=1` writes them anew.

mod bounds;
mod every;
mod follow;
mod lending;
mod meaning;
mod rest;
mod roles;
mod subset;

use expect_test::Expect;

/// What a snippet is put into.
const ITEMS: &str = "\
use exo_prelude::*;
const SIZE: usize = 4;
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pair { a: u32, b: u32 }
enum Mode { On, Off }
struct Loose { n: u32 }
impl Loose {
    fn add(&mut self, by: u32) -> u32 { self.n += by; self.n }
    fn get(&self) -> u32 { self.n }
}
fn free(x: u32) -> u32 { x }
struct P { table: [u32; SIZE], frame: Frame, pair: Pair, loose: Loose, hand: usize, maybe: Option<u32> }
impl P {
    pub const fn new() -> P {
        P { table: [0; SIZE], frame: Frame::new(0), pair: Pair { a: 1, b: 2 }, loose: Loose { n: 0 }, hand: 0, maybe: None }
    }
    fn get(&self) -> u32 { self.table[0] }
    fn set(&mut self, to: u32) -> u32 { self.table[0] = to; to }
    fn both(&mut self, sys: &mut Sys, x: u32) -> u32 { x }
}
";

const HANDLER: &str = "\
impl LibOs for P {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) }
}
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

/// The messages for each line of `snippets` as a statement of a method.
fn check_statements(snippets: &str, expected: Expect) {
    let mut found = String::new();
    for snippet in snippets
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let source = format!(
            "{ITEMS}impl P {{ fn test(&mut self, sys: &mut Sys, x: u32) -> Result<u32, SysError> {{\n{snippet}\nOk(x) }} }}\n{HANDLER}"
        );
        found.push_str(&format!("{snippet}\n    {}\n", messages(&source)));
    }
    expected.assert_eq(&found);
}

/// The messages for each line of `snippets` as items.
fn check_items(snippets: &str, expected: Expect) {
    let mut found = String::new();
    for snippet in snippets
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let source = format!("{ITEMS}{HANDLER}{snippet}\n");
        found.push_str(&format!("{snippet}\n    {}\n", messages(&source)));
    }
    expected.assert_eq(&found);
}

/// The messages for whole sources.
fn check_sources(sources: &[&str], expected: Expect) {
    let mut found = String::new();
    for source in sources {
        found.push_str(&format!("{source}\n    {}\n", messages(source)));
    }
    expected.assert_eq(&found);
}
