//! Borrows and moves: each function here is accepted by rustc if it is accepted by us, and refused
//! by both unless it says that only we refuse it.

use std::process::Command;

/// What the functions use. It stands before each for us, and before all of them for rustc.
const ITEMS: &str = "
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pair { a: u32, b: u32 }
pub struct Loose { n: u32, rows: [u32; 3] }
pub struct Twin { left: Loose, right: Loose, count: u32 }
pub struct P { table: [u32; 4], n: usize, x: u32, pair: Pair, loose: Loose, maybe: Option<Loose> }
pub fn two(a: &mut u32, b: &mut u32) { *a += *b; }
pub fn one(a: &mut u32) -> u32 { *a += 1; *a }
pub fn get(a: &u32) -> u32 { *a }
pub fn both(a: &u32, b: &u32) -> u32 { *a + *b }
pub fn mixed(a: &mut u32, b: &u32) { *a += *b; }
pub fn plain(a: &mut u32, b: u32) { *a += b; }
pub fn pair(a: &mut Pair, b: u32) { a.a += b; }
pub fn eat(l: Loose) -> u32 { l.n + l.rows[0] }
pub fn look(l: &Loose) -> u32 { l.n }
pub fn grow(l: &mut Loose) { l.n += 1; }
pub fn make(n: u32) -> Loose { Loose { n, rows: [n; 3] } }
pub fn lend_eat(a: &Loose, b: Loose) -> u32 { a.n + b.n }
pub fn fill(a: &mut [u32; 4], v: u32) { a[0] = v; }
pub fn sum(a: &[u32; 4]) -> u32 { a[0] + a[1] }
impl Loose {
    pub fn add(&mut self, by: u32) -> u32 { self.n += by; self.n }
    pub fn value(&self) -> u32 { self.n }
    pub fn eaten(self) -> u32 { self.n }
    pub fn join(&mut self, other: &Loose) { self.n += other.n; }
    pub fn with(&self, other: &mut Loose) { other.n += self.n; }
}
impl P {
    pub fn step(&mut self, by: u32) -> u32 { self.x += by; self.x }
    pub fn read(&self, at: usize) -> u32 { self.table[at] }
    pub fn take(&mut self, l: &Loose) { self.x += l.n; }
    pub fn index(&mut self) -> usize { self.n += 1; self.n % 4 }
}
";

/// What rustc takes for the prelude.
const PRELUDE: &str = "
pub struct Frame; pub struct Fault; pub struct SysError; pub struct Sys;
pub trait LibOs { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError>; }
";

const POLICY: &str = "
struct Policy;
impl Policy { const fn new() -> Policy { Policy } }
impl LibOs for Policy { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { Ok(()) } }
";

/// One function a line. `ours` before one says that rustc accepts it.
const FUNCTIONS: &str = "
fn f(mut x: u32) { two(&mut x, &mut x); }
fn f(mut x: u32, mut y: u32) { two(&mut x, &mut y); }
fn f(mut x: u32) { mixed(&mut x, &x); }
fn f(mut x: u32) { plain(&mut x, x); }
fn f(mut x: u32) { let y = x; plain(&mut x, y); }
fn f(x: u32) { one(&mut x); }
fn f(x: &mut u32) { one(x); one(x); one(&mut *x); get(x); }
fn f(x: &mut u32) { two(x, x); }
fn f(x: &mut u32) { plain(x, *x); }
fn f(x: &mut u32) { plain(&mut *x, *x); }
fn f(x: &mut u32) { mixed(x, x); }
fn f(x: &mut u32, y: &mut u32) { two(x, y); two(y, x); mixed(x, y); }
fn f(x: &u32) { both(x, x); both(&*x, x); }
fn f(x: &u32) { *x = 1; }
fn f(x: &mut u32) { *x = one(x); *x += get(x); }
fn f(mut x: u32) { x = one(&mut x); x += one(&mut x); }
fn f(mut x: u32) -> u32 { x + one(&mut x) }
fn f(mut x: u32) -> bool { x == one(&mut x) }
fn f(mut p: Pair) { two(&mut p.a, &mut p.b); }
fn f(mut p: Pair) { two(&mut p.a, &mut p.a); }
fn f(mut p: Pair) { pair(&mut p, p.a); }
fn f(mut p: Pair) { let a = p.a; pair(&mut p, a); }
fn f(mut p: Pair) { plain(&mut p.a, p.b); }
fn f(mut p: Pair) -> bool { p == { p.a = 1; p } }
fn f(mut a: [u32; 4]) { two(&mut a[0], &mut a[1]); }
fn f(mut a: [u32; 4]) { plain(&mut a[0], a[1]); }
fn f(mut a: [u32; 4]) { a.swap(0, a.len() - 1); }
fn f(mut a: [u32; 4], i: usize) { a.swap(i, a[0] as usize); }
fn f(mut a: [u32; 4], i: usize) { let n = a.len(); a.swap(i, n - 1); }
fn f(a: [u32; 4]) { a.swap(0, 1); }
fn f(mut a: [u32; 4]) { fill(&mut a, sum(&a)); }
fn f(mut a: [u32; 4]) { let s = sum(&a); fill(&mut a, s); }
fn f(mut i: usize, mut a: [u32; 4]) { a[i] = { i += 1; 2 }; }
fn f(mut i: u32, mut a: [u32; 4]) { a[i as usize] = one(&mut i); a[i as usize] += one(&mut i); }
fn f(mut i: u32, a: [u32; 4]) -> u32 { a[one(&mut i) as usize] + i }
fn f(a: &mut [u32; 4]) { fill(a, a[0]); }
fn f(a: &mut [u32; 4]) { fill(a, sum(a)); }
fn f(s: &mut P) { s.step(s.x); }
fn f(s: &mut P) { s.step(s.read(s.n)); }
fn f(s: &mut P) { s.step(s.step(1)); }
fn f(s: &mut P) { s.take(&s.loose); }
fn f(s: &mut P) { plain(&mut s.x, s.pair.a); }
fn f(s: &mut P) { plain(&mut s.x, s.step(1)); }
fn f(s: &mut P) { plain(&mut s.table[s.n], s.x); }
fn f(s: &mut P) { plain(&mut s.table[s.index()], s.x); }
fn f(s: &mut P) { s.table[s.index()] = s.x; s.table[s.n] = s.step(1); }
fn f(s: &P) { s.step(1); }
fn f(s: &P) { grow(&mut s.loose); }
fn f(s: &mut P) { s.loose.add(s.loose.n); s.loose.add(s.x); }
fn f(s: &mut P) { s.loose.add(s.step(1)); }
fn f(s: &mut P) { s.loose.join(&s.loose); }
fn f(s: &mut P, l: &Loose) { s.loose.join(l); l.with(&mut s.loose); }
fn f(s: &mut P) { s.loose.with(&mut s.loose); }
fn f(l: Loose) -> u32 { eat(l) }
fn f(l: Loose) -> u32 { eat(l) + eat(l) }
fn f(l: Loose) -> u32 { eat(l) + look(&l) }
fn f(l: Loose) -> u32 { look(&l) + l.n + eat(l) }
fn f(l: Loose) -> u32 { l.eaten() + l.n }
fn f(l: Loose) { let a = l; let b = a; look(&b); }
fn f(l: Loose) { let a = l; look(&l); }
fn f(l: Loose) { grow(&mut l); }
fn f(mut l: Loose) { eat(l); l = make(1); eat(l); }
fn f(mut l: Loose) { eat(l); l.n = 1; }
fn f(mut l: Loose) { eat(l); l.rows[0] = 1; }
fn f(l: &Loose) { eat(*l); }
fn f(s: &mut P) { eat(s.loose); }
fn f(s: P) { eat(s.loose); get(&s.x); }
fn f(s: P) { eat(s.loose); s.read(0); }
fn f(mut s: P) { eat(s.loose); s.loose = make(2); s.read(0); }
fn f(t: Twin) { eat(t.left); eat(t.right); get(&t.count); }
fn f(t: Twin) { eat(t.left); eat(t.left); }
fn f(t: Twin) { eat(t.left); let u = t; }
fn f(t: Twin) { let u = t; eat(t.left); }
fn f(mut t: Twin) { eat(t.left); t.left = make(1); let u = t; look(&u.left); }
fn f(mut t: Twin) { eat(t.left); t.left.n = 1; }
fn f(t: Twin) { lend_eat(&t.left, t.right); }
fn f(l: Loose) { lend_eat(&l, l); }
fn f(a: [Loose; 2]) { eat(a[0]); }
fn f(a: [Loose; 2]) { look(&a[0]); let b = a; look(&a[1]); }
fn f(l: Loose, c: bool) { if c { eat(l); } else { look(&l); } }
fn f(l: Loose, c: bool) { if c { eat(l); } look(&l); }
fn f(l: Loose, c: bool) { if c { eat(l); return; } look(&l); }
fn f(l: Loose, c: bool) -> u32 { if c && eat(l) > 1 { return 1; } 2 }
fn f(l: Loose, c: bool) -> u32 { if c && eat(l) > 1 { return 1; } look(&l) }
fn f(l: Loose) { loop { eat(l); } }
fn f(l: Loose) { loop { eat(l); break; } }
fn f(mut l: Loose) { for i in 0..3 { eat(l); l = make(i); } }
fn f(l: Loose) { for i in 0..3 { eat(l); } }
fn f(l: Loose) { let mut i = 0; while i < 3 { i += 1; if i == 2 { eat(l); break; } } }
fn f(l: Loose) { let mut i = 0; while i < 3 { i += 1; if i == 2 { eat(l); continue; } } }
fn f(mut l: Loose) { let mut i = 0; while look(&l) < 3 { i += 1; eat(l); if i == 2 { break; } l = make(i); } }
fn f(mut l: Loose) { let mut i = 0; while i < 3 { i += 1; eat(l); if i == 2 { continue; } l = make(i); } }
fn f(l: Loose) { 'a: loop { loop { eat(l); break 'a; } } }
fn f(l: Loose) { 'a: loop { loop { eat(l); continue 'a; } } }
fn f(c: bool) { loop { let l = make(1); eat(l); if c { break; } } }
fn f(l: Loose, c: bool) { let m = if c { l } else { make(1) }; look(&m); }
fn f(l: Loose, c: bool) { let m = if c { l } else { make(1) }; look(&l); }
fn f(o: Option<Loose>) { if let Some(l) = o { eat(l); } }
fn f(o: Option<Loose>) { if let Some(l) = o { eat(l); } o.is_some(); }
fn f(o: Option<Loose>) { if let Some(_) = o { } o.is_some(); }
fn f(o: Option<Loose>) -> u32 { match o { Some(l) => eat(l), None => 1 } }
fn f(o: Option<Loose>) -> u32 { match o { Some(l) if l.n > 1 => eat(l), Some(l) => l.n, None => 1 } }
fn f(o: Option<Loose>) -> u32 { match o { Some(l) if eat(l) > 1 => 2, _ => 1 } }
fn f(s: &mut P) -> u32 { match s.maybe { Some(l) => eat(l), None => 1 } }
fn f(s: &P) -> u32 { match s.maybe { Some(_) => 2, None => 1 } }
fn f(s: &mut P) { s.maybe = Some(make(1)); s.maybe = None; }
fn f(o: Option<Loose>) -> u32 { let Some(l) = o else { return 1; }; eat(l) }
fn f(o: Option<Loose>) -> u32 { let Some(l) = o else { return 1; }; o.is_some(); eat(l) }
fn f(o: Option<Loose>) -> u32 { let l = o.unwrap(); eat(l) }
fn f(o: Option<Loose>) -> u32 { let l = o.unwrap_or(make(1)); o.is_none(); eat(l) }
fn f(l: Loose) { let _ = l; eat(l); }
fn f() -> u32 { let x; x = 1; x }
fn f() -> u32 { let x: u32; x }
fn f(c: bool) -> u32 { let x; if c { x = 1; } else { x = 2; } x }
fn f(c: bool) -> u32 { let x: u32; if c { x = 1; } x }
fn f(c: bool) -> u32 { let x; if c { x = 1; } else { return 3; } x }
fn f() { let x; x = 1; x = 2; get(&x); }
fn f() { let mut x; x = 1; one(&mut x); x = 2; get(&x); }
fn f(c: bool) { let x; loop { x = 1; if c { break; } } get(&x); }
fn f(c: bool) { let x; loop { x = 1; break; } get(&x); }
fn f(c: bool) { loop { let x; x = 1; get(&x); if c { break; } } }
fn f() { let p: Pair; p.a = 1; }
fn f() { let a: [u32; 4]; get(&a[0]); }
fn f(x: u32) { x = 2; }
fn f(mut x: u32) { x = 2; get(&x); }
fn f(p: Pair) { p.a = 2; }
fn f(c: bool, l: Loose) { let m; if c { m = l; } else { m = make(1); } eat(m); }
fn f(c: bool, l: Loose) { let m; if c { m = l; } else { m = make(1); } eat(l); }
fn f(l: Loose) { panic!(\"no\"); eat(l); eat(l); }
fn f(l: Loose) { let m = make(eat(l)); lend_eat(&m, make(look(&m))); }
fn f(mut m: Loose) { m = make(eat(m)); look(&m); }
fn f(s: &mut P) { let l = Loose { n: s.x, rows: [s.step(1); 3] }; s.take(&l); s.take(&make(1)); }
fn f(s: &mut P) { plain(&mut s.x, { s.pair.a = 3; 1 }); plain(&mut s.pair.b, { s.pair.a = 3; 1 }); }
fn f(s: &mut P) { plain(&mut s.x, { s.x = 3; 1 }); }
fn f(s: &mut P) { s.step({ s.x = 3; 1 }); }
fn f(s: &mut P) { s.step({ let y = get(&s.x); y }); }
fn f(a: &[u32; 4], i: usize) -> u32 { both(&a[i], &a[i]) }
fn f(mut l: Loose) { mixed(&mut l.n, &l.rows[0]); mixed(&mut l.rows[0], &l.n); }
fn f(mut l: Loose) { mixed(&mut l.rows[1], &l.rows[0]); }
fn f(mut x: u32) { assert_eq!(x, { x = 1; x }); }
fn f(mut x: u32) { assert!(x == { x = 1; x }); assert!(matches!(x, 1..=3)); }
fn f(l: Loose) { assert!(eat(l) == 1); assert!(l.n == 1); }
fn f(o: Option<Loose>) { assert!(matches!(o, Some(_))); assert!(o.is_some()); }
";

/// The functions, and whether only we refuse each.
fn functions() -> Vec<(bool, &'static str)> {
    let lines = FUNCTIONS.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| match line.strip_prefix("ours ") {
            Some(line) => (true, line),
            None => (false, line),
        })
        .collect()
}

/// The numbers of the functions that rustc refuses.
fn refused_by_rustc(functions: &[(bool, &str)]) -> Vec<usize> {
    let mut source = format!("#![allow(warnings)]\npub mod exo_prelude {{ {PRELUDE} }}\n");
    source.push_str(&format!("pub mod items {{ {ITEMS} }}\n").replace("{ a: u32", "{ pub a: u32"));
    let mut source = open_fields(&source);
    let first = source.lines().count() + 1;
    for (number, (_, function)) in functions.iter().enumerate() {
        source.push_str(&format!(
            "mod f{number} {{ use crate::items::*; {function} }}\n"
        ));
    }
    let folder = env!("CARGO_TARGET_TMPDIR");
    let path = format!("{folder}/borrows.rs");
    std::fs::write(&path, source).expect("a file for rustc");
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    let output = Command::new(rustc)
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
        ])
        .args(["--error-format", "short", "-o"])
        .args([&format!("{folder}/borrows.rmeta"), &path])
        .output()
        .expect("rustc runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let mut refused = Vec::new();
    for line in said.lines().filter(|line| line.contains(": error")) {
        let place = line.rsplit_once("borrows.rs:").map_or("", |(_, rest)| rest);
        let place = place
            .split(':')
            .next()
            .and_then(|line| line.parse::<usize>().ok());
        let place = place.unwrap_or_else(|| panic!("{line}"));
        assert!(place >= first, "the items themselves: {line}");
        for kind in ["E0308", "E0425", "E0432", "E0433", "E0599", "E0616"] {
            assert!(!line.contains(kind), "rustc looked at no borrow: {line}");
        }
        refused.push(place - first);
    }
    refused
}

/// The items with all fields `pub`, as other modules see them.
fn open_fields(source: &str) -> String {
    source
        .lines()
        .map(|line| match line.contains("pub struct") {
            true => {
                let line = line.replace("pub a:", "a:");
                let line = line.replace("{ ", "{ pub ").replace(", ", ", pub ");
                format!("{line}\n")
            }
            false => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn what_we_accept_of_borrows_and_moves_rustc_accepts_and_we_refuse_little_more() {
    let functions = functions();
    let refused = refused_by_rustc(&functions);
    let mut wrong = String::new();
    for (number, (only_ours, function)) in functions.iter().enumerate() {
        let source = format!("use exo_prelude::*;{ITEMS}{function}\n{POLICY}");
        let ours = exo_policy::compile(&source).err().unwrap_or_default();
        let theirs = refused.contains(&number);
        if ours.is_empty() == theirs || *only_ours == theirs && *only_ours {
            let ours: Vec<String> = ours.iter().map(ToString::to_string).collect();
            wrong.push_str(&format!(
                "rustc refuses: {theirs}, we refuse: {ours:?}\n    {function}\n"
            ));
        }
    }
    let same = wrong
        .lines()
        .filter(|line| line.starts_with("rustc"))
        .count();
    assert!(wrong.is_empty(), "{same} differ\n{wrong}");
}
