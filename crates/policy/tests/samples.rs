//! The samples compile, to the code and the state that they are meant to have.

use exo_libos_samples::{SAMPLES, TABLES};
use expect_test::expect;

#[test]
fn every_sample_compiles_with_every_table() {
    for (sample, table) in SAMPLES
        .iter()
        .flat_map(|it| TABLES.iter().map(move |table| (it, table)))
    {
        if let Err(errors) = exo_policy::compile(&sample.with_table(table)) {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!(
                "{} with {}:\n{}",
                sample.name,
                table.name,
                errors.join("\n")
            );
        }
    }
}

const SMALL: &str = "\
use exo_prelude::*;
#[derive(Clone, Copy)]
struct Entry { used: bool, frame: Frame, stamp: Option<u64> }
struct Small { first: u8, entries: [Entry; 2], back: [i32; 3], hand: usize }
impl Small {
    pub const fn new() -> Small {
        let entry = Entry { used: true, frame: Frame::new(0x01020304), stamp: Some(5) };
        Small { first: 9, entries: [entry; 2], back: [-1, 2, 3], hand: 7 }
    }
    fn sum(&self, most: usize) -> i32 {
        let mut sum = 0;
        for i in 0..self.back.len() {
            if i < most && self.entries[self.hand].used {
                sum += self.back[i];
            }
        }
        sum
    }
}
impl LibOs for Small {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        log!(\"sum {}\", self.sum(2));
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, fault.access)
    }
}
";

#[test]
fn the_listing_shows_each_instruction_beside_its_line() {
    let program = exo_policy::compile(SMALL).expect("it compiles");
    expect![[r#"
        Small::page_fault: 5 arguments, 10 registers
            0   22  r5 = r0
            1   22  r6 = 2
            2   22  call Small::sum at r5
            3   22  log "sum {}" of 1 at r5
            4   23  sys.allocate at r5
            5   23  jump 11 if r5
            6   24  r7 = r2
            7   24  r8 = r6
            8   24  r9 = r3
            9   24  sys.tlb_write at r7
           10   24  return 2 at r7
           11   23  return 2 at r5
        Small::sum: 2 arguments, 6 registers
           12   11  r2 = 0
           13   12  r3 = 0
           14   12  jump 23 if r3 >= 3
           15   13  jump 21 if r1 <= r3
           16   13  r5 = u64 [r0 + 72]
           17   13  r4 = u8 [r0 + 8 + r5 * 24, r5 < 2]
           18   13  jump 21 if not r4
           19   14  r4 = i32 [r0 + 56 + r3 * 4, r3 < 3]
           20   14  r2 = r2 + r4 as i32
           21   12  r3 = r3 + 1 as u64
           22   12  jump 15 if r3 < 3
           23   17  return 1 at r2
    "#]]
    .assert_eq(&exo_policy::listing::disassemble(&program));
}

#[test]
fn state_is_laid_out_in_order_with_natural_alignment_and_zeros_between() {
    let program = exo_policy::compile(SMALL).expect("it compiles");
    let mut text = String::new();
    for field in &program.fields {
        let range = field.offset as usize..(field.offset + field.size_bytes) as usize;
        text.push_str(&format!(
            "{} at {} +{} frames {}: {}\n    {:?}\n",
            field.name,
            field.offset,
            field.size_bytes,
            field.holds_frames,
            field.type_text,
            &program.initial_state[range]
        ));
    }
    text.push_str(&format!("{} bytes\n", program.initial_state.len()));
    expect![[r#"
        first at 0 +1 frames false: u8
            [9]
        entries at 8 +48 frames true: [Entry { used: bool, frame: Frame, stamp: Option<u64> }; 2]
            [1, 0, 0, 0, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]
        back at 56 +12 frames false: [i32; 3]
            [255, 255, 255, 255, 2, 0, 0, 0, 3, 0, 0, 0]
        hand at 72 +8 frames false: usize
            [7, 0, 0, 0, 0, 0, 0, 0]
        80 bytes
    "#]].assert_eq(&text);
}

#[test]
fn compiling_again_and_again_gives_the_same_program() {
    let program = exo_policy::compile(SMALL);
    for _ in 0..100 {
        assert_eq!(exo_policy::compile(SMALL), program);
    }
}

#[test]
fn what_takes_and_gives_nothing_can_be_called_when_every_register_is_taken() {
    let source = "\
use exo_prelude::*;
struct P { n: u64 }
fn tick() { }
impl P {
    pub const fn new() -> P { P { n: 0 } }
    fn one(&self) { tick(); }
    fn two(&self, a: u64) { for i in 0..2 { for j in 0..2 { tick(); } } }
    fn three(&self, a: u64) { log!(\"here\"); }
    fn four(&self, a: u64) -> u64 { tick(); a }
}
impl LibOs for P {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        self.one();
        self.two(1);
        self.three(self.four(self.n));
        Ok(())
    }
}
";
    let errors = exo_policy::compile(source).err().unwrap_or_default();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
}
