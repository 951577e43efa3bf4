//! The language's own methods and macros, as the editor explains them.

use exo_policy::services::{Kind, completions, hover};
use expect_test::expect;

/// A policy with a statement, and where `|` stands in it.
fn source(statement: &str) -> (String, usize) {
    let source = format!(
        "use exo_prelude::*;\nstruct P {{ table: [u32; 4], maybe: Option<u32> }}\n\
         impl P {{ const fn new() -> P {{ P {{ table: [0; 4], maybe: None }} }} }}\n\
         impl LibOs for P {{\n    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{\n\
         let x: u32 = fault.page;\n let y: i64 = 1;\n {statement}\n Ok(())\n }}\n}}\n"
    );
    let offset = source.find('|').expect("a cursor");
    (source.replacen('|', "", 1), offset)
}

#[test]
fn methods_and_macros_of_the_language_are_explained() {
    let statements = [
        "let z = x.|pow(2);",
        "let z = x.|rotate_left(2);",
        "let z = x.|leading_zeros();",
        "let z = x.checked_div(2).|unwrap();",
        "let z = y.|unsigned_abs();",
        "let z = y.unsigned_abs().|abs_diff(1);",
        "let z = y.|abs_diff(2);",
        "let z = y.|signum();",
        "let z = self.maybe.|expect(\"a number\");",
        "let z = self.maybe.unwrap().|count_ones();",
        "self.table.|swap(0, 1);",
        "|assert!(x > 1);",
        "|assert_eq!(x, 1);",
        "|assert_ne!(x, 1);",
        "|debug_assert!(x > 1);",
        "|debug_assert_eq!(x, 1);",
        "|debug_assert_ne!(x, 1);",
        "|panic!(\"why\");",
        "|unreachable!();",
        "|todo!();",
        "|unimplemented!();",
        "let z = |matches!(x, 1..=3);",
        "|log!(\"{}\", x);",
    ];
    let mut found = String::new();
    for statement in statements {
        let (source, offset) = source(statement);
        assert!(exo_policy::compile(&source).is_ok(), "{statement}");
        let hover = hover(&source, offset).unwrap_or_else(|| panic!("nothing of {statement}"));
        found.push_str(&format!(
            "{}\n    {}\n",
            hover.signature, hover.documentation
        ));
    }
    expect![[r#"
        fn pow(self, exponent: u32) -> u32
            The value multiplied with itself so often. Stops if there is no such value.
        fn rotate_left(self, bits: u32) -> u32
            Moved to the left; what leaves there comes back at the right.
        fn leading_zeros(self) -> u32
            How many bits above the highest one that is set are not.
        fn unwrap(self) -> T
            The value. Stops if there is none.
        fn unsigned_abs(self) -> u64
            The value without its sign, as an unsigned integer.
        fn abs_diff(self, other: u64) -> u64
            How far the two are apart, without a sign.
        fn abs_diff(self, other: i64) -> u64
            How far the two are apart, without a sign.
        fn signum(self) -> i64
            -1, 0 or 1: below, at or above zero.
        fn expect(self, text: &str) -> T
            The value. Stops with the text if there is none.
        fn count_ones(self) -> u32
            How many bits are set.
        fn swap(&mut self, first: usize, second: usize)
            Exchanges two elements. Stops if there is no such element.
        assert!(condition, "text")
            Stops if the condition does not hold. The text may be left out.
        assert_eq!(left, right, "text")
            Stops if the two are not equal. The text may be left out.
        assert_ne!(left, right, "text")
            Stops if the two are equal. The text may be left out.
        debug_assert!(condition, "text")
            The same as `assert!`: policies are debug builds.
        debug_assert_eq!(left, right, "text")
            The same as `assert_eq!`: policies are debug builds.
        debug_assert_ne!(left, right, "text")
            The same as `assert_ne!`: policies are debug builds.
        panic!("text")
            Stops. The text says why.
        unreachable!("text")
            Stops: nothing was to get here. The text may be left out.
        todo!("text")
            Stops: this is not written yet. The text may be left out.
        unimplemented!("text")
            Stops: this is not there. The text may be left out.
        matches!(value, pattern) -> bool
            Whether the value is as the pattern says. A pattern may end with `if condition`.
        log!("text {} {}", value, value)
            Writes a line to the event log, with at most three integers. It never fails.
    "#]]
    .assert_eq(&found);
}

#[test]
fn a_method_of_signed_integers_is_not_offered_of_others() {
    let labels = |statement: &str| -> Vec<String> {
        let (source, offset) = source(statement);
        let found = completions(&source, offset).into_iter();
        found.map(|it| it.label).collect()
    };
    assert_eq!(labels("x.si|"), Vec::<String>::new());
    assert_eq!(labels("y.si|"), ["signum"]);
    assert_eq!(labels("x.is_p|"), ["is_power_of_two"]);
    assert_eq!(labels("y.is_p|"), ["is_positive"]);
    let (source, offset) = source("unreach|");
    let macros = completions(&source, offset);
    assert_eq!(macros[0].kind, Kind::Macro);
    assert_eq!(macros[0].insert, "unreachable!(");
}
