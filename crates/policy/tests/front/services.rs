//! The editor's help: completions, explanations and colours, in sources that need not be whole.

use exo_policy::services::{self, Kind, completions, hover, semantic_tokens};
use expect_test::{Expect, expect};

const SOURCE: &str = "\
use exo_prelude::*;

/// How many.
const SIZE: usize = 2 + 2;

/// What a slot holds.
#[derive(Clone, Copy)]
struct Entry {
    /// Where it lies.
    frame: Frame,
    used: bool,
}

enum Mode { Fast, Slow }

/// Doubles.
fn twice(x: u32) -> u32 { x * 2 }

struct Policy { entries: [Entry; SIZE], hand: usize, maybe: Option<u32>, mode: Mode }

impl Policy {
    const LIMIT: u32 = 7;
    pub const fn new() -> Policy {
        Policy { entries: [Entry { frame: Frame::new(0), used: false }; SIZE], hand: 0, maybe: None, mode: Mode::Fast }
    }

    /// The slot that goes next.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> { Ok(self.hand) }
}

impl LibOs for Policy {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let slot = self.victim(sys)?;
        let entry = self.entries[slot];
        for index in 0..SIZE {
            HERE
        }
        Ok(())
    }
}
";

/// What can be written at `|` in a source.
fn completed(source: &str) -> Vec<services::Completion> {
    let offset = source.find('|').expect("a cursor");
    completions(&source.replacen('|', "", 1), offset)
}

/// The completions of a statement, half written, in a method.
fn shown(statement: &str) -> String {
    let found = completed(&SOURCE.replace("HERE", statement));
    let lines: Vec<String> = found
        .iter()
        .map(|it| {
            format!(
                "{} {}: {} => {}",
                it.kind.name(),
                it.label,
                it.detail,
                it.insert
            )
        })
        .collect();
    lines.join("\n")
}

fn labels(source: &str) -> Vec<String> {
    completed(source).into_iter().map(|it| it.label).collect()
}

#[test]
fn after_sys_come_the_system_calls_of_the_table() {
    let found = completed(&SOURCE.replace("HERE", "sys.|"));
    let calls: Vec<&str> = found.iter().map(|it| it.label.as_str()).collect();
    let vocabulary = exo_policy::vocabulary();
    let known: Vec<&str> = vocabulary
        .iter()
        .filter(|entry| entry.owner == Some("Sys"))
        .map(|entry| entry.name)
        .collect();
    assert_eq!(calls, known);
    assert!(calls.len() > 10);
    for call in &found {
        assert_eq!(call.kind, Kind::SystemCall);
        assert!(!call.documentation.is_empty(), "{}", call.label);
    }
    let free = found.iter().find(|it| it.label == "free").expect("a call");
    assert_eq!(free.insert, "free(");
}

#[test]
fn after_a_dot_comes_what_the_value_has() {
    let statements = [
        "self.|",
        "self.h|;",
        "self.entries[slot].|",
        "entry.|",
        "entry.frame.|",
        "fault.|",
        "fault.page.wr|",
        "sys.allocate()?.|",
        "self.maybe.|",
        "self.entries.|",
        "slot.ab|",
        "index.che|",
        "twice(1).wrapping_a|",
        "let x = self.victim(sys)?.mi|",
        "Frame::new(3).|",
        "self.victim(sys).|",
        "fault.access.|",
        "nobody.|",
    ];
    let mut text = String::new();
    for statement in statements {
        text.push_str(&format!("{statement}\n{}\n\n", shown(statement)));
    }
    expect![[r#"
        self.|
        field entries: entries: [Entry; 4] => entries
        field hand: hand: usize => hand
        field maybe: maybe: Option<u32> => maybe
        field mode: mode: Mode => mode
        method page_fault: fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> => page_fault(
        method victim: fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> => victim(

        self.h|;
        field hand: hand: usize => hand

        self.entries[slot].|
        field frame: frame: Frame => frame
        field used: used: bool => used

        entry.|
        field frame: frame: Frame => frame
        field used: used: bool => used

        entry.frame.|
        method number: const fn number(self) -> u32 => number()

        fault.|
        field address: address: u32 => address
        field page: page: u32 => page
        field access: access: Access => access
        field cause: cause: Cause => cause

        fault.page.wr|
        method wrapping_add: fn wrapping_add(self, other: u32) -> u32 => wrapping_add(
        method wrapping_sub: fn wrapping_sub(self, other: u32) -> u32 => wrapping_sub(
        method wrapping_mul: fn wrapping_mul(self, other: u32) -> u32 => wrapping_mul(
        method wrapping_div: fn wrapping_div(self, other: u32) -> u32 => wrapping_div(
        method wrapping_rem: fn wrapping_rem(self, other: u32) -> u32 => wrapping_rem(
        method wrapping_neg: fn wrapping_neg(self) -> u32 => wrapping_neg()
        method wrapping_pow: fn wrapping_pow(self, exponent: u32) -> u32 => wrapping_pow(
        method wrapping_shl: fn wrapping_shl(self, bits: u32) -> u32 => wrapping_shl(
        method wrapping_shr: fn wrapping_shr(self, bits: u32) -> u32 => wrapping_shr(

        sys.allocate()?.|
        method number: const fn number(self) -> u32 => number()

        self.maybe.|
        method is_some: fn is_some(&self) -> bool => is_some()
        method is_none: fn is_none(&self) -> bool => is_none()
        method unwrap: fn unwrap(self) -> T => unwrap()
        method expect: fn expect(self, text: &str) -> T => expect(
        method unwrap_or: fn unwrap_or(self, other: T) -> T => unwrap_or(
        method unwrap_or_default: fn unwrap_or_default(self) -> T => unwrap_or_default()
        method ok_or: fn ok_or(self, error: E) -> Result<T, E> => ok_or(

        self.entries.|
        method len: fn len(&self) -> usize => len()
        method swap: fn swap(&mut self, first: usize, second: usize) => swap(

        slot.ab|
        method abs_diff: fn abs_diff(self, other: usize) -> usize => abs_diff(

        index.che|
        method checked_add: fn checked_add(self, other: usize) -> Option<usize> => checked_add(
        method checked_sub: fn checked_sub(self, other: usize) -> Option<usize> => checked_sub(
        method checked_mul: fn checked_mul(self, other: usize) -> Option<usize> => checked_mul(
        method checked_div: fn checked_div(self, other: usize) -> Option<usize> => checked_div(
        method checked_rem: fn checked_rem(self, other: usize) -> Option<usize> => checked_rem(
        method checked_neg: fn checked_neg(self) -> Option<usize> => checked_neg()
        method checked_pow: fn checked_pow(self, exponent: u32) -> Option<usize> => checked_pow(
        method checked_shl: fn checked_shl(self, bits: u32) -> Option<usize> => checked_shl(
        method checked_shr: fn checked_shr(self, bits: u32) -> Option<usize> => checked_shr(

        twice(1).wrapping_a|
        method wrapping_add: fn wrapping_add(self, other: u32) -> u32 => wrapping_add(

        let x = self.victim(sys)?.mi|
        method min: fn min(self, other: usize) -> usize => min(

        Frame::new(3).|
        method number: const fn number(self) -> u32 => number()

        self.victim(sys).|
        method is_ok: fn is_ok(&self) -> bool => is_ok()
        method is_err: fn is_err(&self) -> bool => is_err()
        method unwrap: fn unwrap(self) -> T => unwrap()
        method expect: fn expect(self, text: &str) -> T => expect(
        method unwrap_or: fn unwrap_or(self, other: T) -> T => unwrap_or(
        method unwrap_or_default: fn unwrap_or_default(self) -> T => unwrap_or_default()
        method ok: fn ok(self) -> Option<T> => ok()

        fault.access.|


        nobody.|


    "#]].assert_eq(&text);
}

#[test]
fn elsewhere_comes_what_can_be_named_there() {
    let statements = [
        "Access::|",
        "Mode::|",
        "Self::|",
        "Entry::|",
        "u32::|",
        "let x: Op|",
        "let x = x as u|",
        "en|",
        "tw|",
        "lo|",
        "let y = S|",
        "if self.hand > LI|",
        "ret|",
        "let z|",
        "// en|",
        "let w = \"sl|\"",
    ];
    let mut text = String::new();
    for statement in statements {
        text.push_str(&format!("{statement}\n{}\n\n", shown(statement)));
    }
    expect![[r#"
        Access::|
        variant Read: Read => Read
        variant ReadWrite: ReadWrite => ReadWrite

        Mode::|
        variant Fast: Mode::Fast => Fast
        variant Slow: Mode::Slow => Slow

        Self::|
        constant LIMIT: const LIMIT: u32 = 7 => LIMIT
        function new: fn new() -> Policy => new()
        method page_fault: fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> => page_fault(
        method victim: fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> => victim(

        Entry::|


        u32::|
        constant MAX: MAX: u32 => MAX
        constant MIN: MIN: u32 => MIN
        constant BITS: BITS: u32 => BITS

        let x: Op|
        type Option: Option<T> => Option

        let x = x as u|
        type Urgency: Urgency => Urgency
        type Udf: Udf => Udf
        type u8: u8 => u8
        type u16: u16 => u16
        type u32: u32 => u32
        type u64: u64 => u64
        type usize: usize => usize

        en|
        local entry: let entry: Entry => entry
        type Entry: struct Entry => Entry
        type Environment: Environment => Environment

        tw|
        function twice: fn twice(x: u32) -> u32 => twice(

        lo|
        macro log: log!("text {} {}", value, value) => log!(
        keyword loop: loop => loop

        let y = S|
        local slot: let slot: usize => slot
        parameter sys: sys: &mut Sys => sys
        keyword self: self: Policy => self
        constant SIZE: const SIZE: usize = 4 => SIZE
        keyword Self: Self => Self
        variant Some: Some(T) => Some
        type SysError: SysError => SysError
        type Sys: Sys => Sys

        if self.hand > LI|
        type LibOs: LibOs => LibOs

        ret|
        keyword return: return => return

        let z|


        // en|


        let w = "sl|"


    "#]].assert_eq(&text);
}

#[test]
fn a_file_that_has_hardly_begun_is_helped_too() {
    assert_eq!(labels("u|"), ["use"]);
    assert_eq!(labels("use exo_prelude::|"), ["*"]);
    assert_eq!(
        labels("struct P { x: u|"),
        ["Urgency", "Udf", "u8", "u16", "u32", "u64", "usize"]
    );
    assert_eq!(
        labels("struct P {} impl LibOs for P { fn |"),
        [
            "page_fault",
            "adopted",
            "request",
            "exception",
            "slice_began",
            "slice_ended",
            "entered",
            "signalled",
            "revoke",
            "repossessed",
            "packets",
            "alarm"
        ]
    );
    assert!(labels("impl Li|").contains(&"LibOs".to_string()));
    assert!(labels("fn f(&mut self, sys: &mut S|").contains(&"Sys".to_string()));
    assert!(labels("fn f(sys: &mut Sys) { sys.al|").contains(&"allocate".to_string()));
}

fn explained(word: &str, nth: usize) -> String {
    let source = SOURCE.replace(
        "HERE",
        "log!(\"{}\", index.min(slot)); sys.free(entry.frame)?; twice(SIZE as u32);",
    );
    let mut places = source.match_indices(word).map(|(at, _)| at);
    let at = places.nth(nth).expect("the word is there");
    match hover(&source, at) {
        Some(found) => {
            assert_eq!(&source[found.range.clone()], word);
            let documentation = found.documentation.replace('\n', " ");
            format!("{word}: {} // {documentation}", found.signature)
        }
        None => format!("{word}: nothing"),
    }
}

fn check_hover(words: &[(&str, usize)], expected: Expect) {
    let text: Vec<String> = words
        .iter()
        .map(|(word, nth)| explained(word, *nth))
        .collect();
    let lines = text.iter().map(|line| line.trim_end());
    expected.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_word_is_explained() {
    check_hover(
        &[
            ("SIZE", 0),
            ("SIZE", 2),
            ("Entry", 0),
            ("frame", 0),
            ("frame", 1),
            ("entry", 0),
            ("entry", 1),
            ("twice", 0),
            ("twice", 1),
            ("victim", 0),
            ("victim", 1),
            ("free", 0),
            ("slot", 1),
            ("slot", 2),
            ("index", 0),
            ("index", 1),
            ("min", 0),
            ("page_fault", 0),
            ("fault", 1),
            ("sys", 1),
            ("LibOs", 0),
            ("Frame", 0),
            ("usize", 0),
            ("log", 0),
            ("LIMIT", 0),
            ("Fast", 1),
            ("None", 0),
            ("hand", 0),
            ("hand", 1),
            ("Ok", 0),
            ("impl", 0),
            ("Doubles", 0),
        ],
        expect![[r#"
            SIZE: const SIZE: usize = 4 // How many.
            SIZE: const SIZE: usize = 4 // How many.
            Entry: struct Entry // What a slot holds.
            frame: frame: Frame // Where it lies.
            frame: frame: Frame // Where it lies.
            entry: let entry: Entry //
            entry: let entry: Entry //
            twice: fn twice(x: u32) -> u32 // Doubles.
            twice: fn twice(x: u32) -> u32 // Doubles.
            victim: fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> // The slot that goes next.
            victim: fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> // The slot that goes next.
            free: fn free(&mut self, frame: Frame) -> Result<(), SysError> // Gives the frame back. Every binding to it is broken first. Refused: `NoSuchFrame` (the machine has no such frame), `Pinned` (it holds your own program state), `NoAuthority` (you do not own it). Costs 58 cycles beside the instruction itself.
            slot: nothing
            slot: let slot: usize //
            index: let index: usize //
            index: let index: usize //
            min: fn min(self, other: usize) -> usize // The smaller of the two.
            page_fault: fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> // The application touched a page that is not mapped: map it (`sys.tlb_write`) and return `Ok(())`; the reference is then run again. `Err` ends the environment, and so do three returns without a mapping that serves the reference.
            fault: fault: Fault //
            sys: sys: &mut Sys //
            LibOs: LibOs // A library operating system: the handlers that the kernel calls up to.
            Frame: Frame // A physical frame, by its number: names are physical. Knowing a name gives no right to it.
            usize: usize // From 0 to 18446744073709551615.
            log: log!("text {} {}", value, value) // Writes a line to the event log, with at most three integers. It never fails.
            LIMIT: const LIMIT: u32 = 7 //
            Fast: Mode::Fast //
            None: None // There is no value.
            hand: hand: usize //
            hand: hand: usize //
            Ok: Ok(T) // It went well, and this is the value.
            impl: nothing
            Doubles: nothing"#]],
    );
}

#[test]
fn every_token_has_a_colour() {
    let source = SOURCE.replace(
        "HERE",
        "'a: loop { sys.free(entry.frame)?; log!(\"x\", 1); break 'a; } // end",
    );
    let tokens = semantic_tokens(&source);
    let mut lines: Vec<String> = Vec::new();
    for token in &tokens {
        if token.kind != Kind::Operator {
            let line = format!("{} {}", token.kind.name(), &source[token.range.clone()]);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    expect![[r#"
        keyword use
        type exo_prelude
        documentation /// How many.
        keyword const
        constant SIZE
        type usize
        number 2
        documentation /// What a slot holds.
        function derive
        type Clone
        type Copy
        keyword struct
        type Entry
        documentation /// Where it lies.
        field frame
        type Frame
        field used
        type bool
        keyword enum
        type Mode
        variant Fast
        variant Slow
        documentation /// Doubles.
        keyword fn
        function twice
        parameter x
        type u32
        type Policy
        field entries
        field hand
        field maybe
        type Option
        field mode
        keyword impl
        constant LIMIT
        number 7
        keyword pub
        function new
        number 0
        keyword false
        variant None
        documentation /// The slot that goes next.
        function victim
        keyword mut
        keyword self
        parameter sys
        type Sys
        type Result
        type SysError
        variant Ok
        type LibOs
        keyword for
        function page_fault
        parameter fault
        type Fault
        keyword let
        local slot
        method victim
        local entry
        local index
        keyword in
        label 'a
        keyword loop
        system-call free
        macro log
        text "x"
        number 1
        keyword break
        comment // end"#]]
    .assert_eq(&lines.join("\n"));
    let ends: Vec<usize> = tokens.iter().map(|token| token.range.end).collect();
    assert!(ends.is_sorted());
}

#[test]
fn help_is_given_anywhere_in_anything() {
    let sources = [
        SOURCE,
        exo_libos_samples::SAMPLES[0].source,
        "}{",
        "a.",
        ".",
        "::",
        "\u{e4}.\u{e4}",
        "",
    ];
    for source in sources {
        for offset in (0..=source.len()).step_by(17) {
            let cut = source.get(..offset).unwrap_or(source);
            let _ = completions(cut, cut.len());
            let _ = completions(source, offset);
            let _ = hover(source, offset);
            let _ = semantic_tokens(cut);
        }
    }
    assert_eq!(services::place("a\nb", 2).line, 2);
    assert_eq!(services::offset("a\nb", services::place("a\nb", 2)), 2);
}
