//! What is too much of anything, and how a policy stops.

use expect_test::expect;

use super::{HANDLER, ITEMS, messages};

#[test]
fn too_much_of_anything_is_refused_with_its_bound() {
    let many =
        |count: usize, text: &dyn Fn(usize) -> String| (0..count).map(text).collect::<String>();
    let within = |inner: &str| format!("{ITEMS}{HANDLER}{inner}");
    let chain = many(20, &|n| format!("const A{n}: u32 = A{} + 1; ", n + 1));
    let code = format!(
        "use exo_prelude::*; #[derive(Clone, Copy)] struct S {{ {} }} const K: S = S {{ {} }}; \
         struct P {{ s: S }} impl P {{ const fn new() -> P {{ P {{ s: K }} }} }} \
         impl LibOs for P {{ fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> \
         {{ {} Ok(()) }} }}",
        many(16, &|n| format!("f{n}: u32, ")),
        many(16, &|n| format!("f{n}: {n}, ")),
        "self.s = K; ".repeat(9000),
    );
    let options = many(20, &|n| format!("let o{} = Some(o{n}); ", n + 1));
    let names = many(300, &|n| format!("let a{n} = x + {n}; "));
    let uses = many(300, &|n| format!("free(a{n}); "));
    let types = many(14, &|n| {
        format!("struct S{n} {{ a: S{m}, b: S{m} }} ", m = n + 1)
    });
    let sources = [
        ("long", " ".repeat(300_000)),
        ("constants", within(&format!("{chain} const A20: u32 = 1;"))),
        (
            "sum",
            within(&format!(
                "fn f(x: u32) -> u32 {{ {} x }}",
                "x + ".repeat(300)
            )),
        ),
        (
            "brackets",
            within(&format!(
                "fn f() -> u32 {{ {}1{} }}",
                "(".repeat(60),
                ")".repeat(60)
            )),
        ),
        ("code", code),
        ("turned", within("// \u{202E}")),
        (
            "options",
            within(&format!("fn f() {{ let o0 = Some(1u32); {options} }}")),
        ),
        (
            "locals",
            within(&format!("fn f(x: u32) {{ {names}{uses} }}")),
        ),
        (
            "types",
            format!(
                "use exo_prelude::*; {types} struct S14 {{ a: u32 }} struct P {{ s: S0 }} impl P {{ const fn new() -> P {{ loop {{ }} }} }} {HANDLER}"
            ),
        ),
    ];
    let mut found = String::new();
    for (name, source) in &sources {
        found.push_str(&format!("{name}\n    {}\n", messages(source)));
    }
    expect![[r#"
        long
            1:1: error: this source has 300000 bytes; a policy may have at most 262144
        constants
            24:389: error: more than 16 items are needed to compute each other; help: declare what is used before what uses it
        sum
            24:779: error: this expression is too long: more than 400 tokens; help: name parts of it with `let`
        brackets
            24:56: error: more than 40 brackets within each other; help: move the inner part into a function
        code
            1:1: error: this policy is too large: over 262144 instructions, or 65,536 of anything else
        turned
            24:4: error: this character changes the direction of the text, and is not shown itself; help: delete it
        options
            24:331: error: this type has too many `Option`s within each other
            24:363: error[E0308]: mismatched types: expected `_`, found `_`
        locals
            24:4: error: `f` needs 302 registers; a function has at most 256; help: split it into smaller functions, or keep more of it in fields
        types
            1:447: error: the type of this field, spelt out, is over 16384 characters; help: use fewer structs
    "#]].assert_eq(&found);
}

#[test]
fn each_stop_has_a_text_of_its_own() {
    let statements = r#"
        panic!();
        panic!("no frame is left");
        unreachable!();
        unreachable!("twice");
        todo!();
        todo!("twice");
        unimplemented!();
        unimplemented!("twice");
        assert!(x > 1);
        assert_eq!(x, 1);
        assert_ne!(x, 1);
        self.maybe.unwrap();
        self.maybe.expect("no frame is left");
        let y: Result<u32, SysError> = Ok(1); y.unwrap();
        x.clamp(x, 2);
        for _ in (0..x).step_by(self.hand) { }
        x.ilog2();
    "#;
    let mut found = String::new();
    for statement in statements
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
    {
        let source =
            format!("{ITEMS}impl P {{ fn test(&mut self, x: u32) {{ {statement} }} }}\n{HANDLER}");
        let program = exo_policy::compile(&source).unwrap_or_else(|errors| panic!("{errors:?}"));
        let texts = program.messages.iter().map(|it| it.pieces.concat());
        let texts: Vec<String> = texts.collect();
        found.push_str(&format!("{statement}\n    stops: {}\n", texts.join("; ")));
    }
    expect![[r#"
        panic!();
            stops: explicit panic
        panic!("no frame is left");
            stops: no frame is left
        unreachable!();
            stops: internal error: entered unreachable code
        unreachable!("twice");
            stops: internal error: entered unreachable code: twice
        todo!();
            stops: not yet implemented
        todo!("twice");
            stops: not yet implemented: twice
        unimplemented!();
            stops: not implemented
        unimplemented!("twice");
            stops: not implemented: twice
        assert!(x > 1);
            stops: assertion failed: x > 1
        assert_eq!(x, 1);
            stops: assertion `left == right` failed
        assert_ne!(x, 1);
            stops: assertion `left != right` failed
        self.maybe.unwrap();
            stops: called `Option::unwrap()` on a `None` value
        self.maybe.expect("no frame is left");
            stops: no frame is left
        let y: Result<u32, SysError> = Ok(1); y.unwrap();
            stops: called `Result::unwrap()` on an `Err` value
        x.clamp(x, 2);
            stops: assertion failed: min <= max
        for _ in (0..x).step_by(self.hand) { }
            stops: assertion failed: step != 0
        x.ilog2();
            stops: argument of integer logarithm must be positive
    "#]]
    .assert_eq(&found);
}
