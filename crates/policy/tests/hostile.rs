//! Sources that mean harm, or none at all: an error, never a panic, never an overflowing stack.

/// What a browser gives a module; half of it, if the code is optimised as it is there.
const STACK_BYTES: usize = if cfg!(debug_assertions) {
    1 << 20
} else {
    1 << 19
};

fn compile_on_a_small_stack(source: String) -> bool {
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || exo_policy::compile(&source).is_ok())
        .expect("a thread")
        .join()
        .expect("no panic")
}

fn in_a_function(body: &str) -> String {
    format!(
        "use exo_prelude::*;
        const A: usize = {body};
        struct P {{ a: [u32; {body}], b: Option<u32> }}
        impl P {{
            const fn new() -> P {{ P {{ a: [0; {body}], b: None }} }}
            fn f(&mut self, sys: &mut Sys, x: u32) -> u32 {{ {body} }}
        }}
        impl LibOs for P {{ fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{ {body}; Ok(()) }} }}"
    )
}

/// Ways to nest: what comes before, what is inside, what comes after.
const AROUND: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("{", "1", "}"),
    ("[", "1", "]"),
    ("[0; ", "1", "]"),
    ("-", "1", ""),
    ("!", "1", ""),
    ("*", "self", ""),
    ("1 + ", "1", ""),
    ("1 + (", "1", ")"),
    ("", "1", " + 1"),
    ("", "1", " as u32"),
    ("", "self", ".a"),
    ("", "self", ".f(sys, 1)"),
    ("", "self.a", "[0]"),
    ("self.a[", "0", "]"),
    ("", "f", "()"),
    ("", "x", "?"),
    ("f(", "1", ")"),
    ("self.f(sys, ", "1", ")"),
    ("Some(", "1", ")"),
    ("if x > 1 { ", "1", " } else { 2 }"),
    ("if x > 1 { 1 } else ", "{ 2 }", ""),
    ("if ", "true", " { 1 } else { 2 }"),
    ("match x { _ => ", "1", " }"),
    ("match ", "x", " { _ => 1 }"),
    ("loop { break ", "1", " }"),
    ("while ", "true", " { }"),
    ("for i in 0..", "1", " { }"),
    ("return ", "1", ""),
    ("x = ", "1", ""),
    ("let y = ", "1", ""),
    ("&", "x", ""),
    ("&mut ", "x", ""),
    ("|| ", "x", ""),
    ("|a, ", "x", ""),
    ("|a, b| ", "x", ""),
    ("for<'a, 'b> ", "x", ""),
    ("x as fn() -> ", "u32", ""),
    ("x as impl A + ", "B", ""),
    ("x as Vec<u8> + ", "B", ""),
    ("x += ", "1", ""),
    ("x <<= ", "1", ""),
    ("{} - ", "1", ""),
    ("x = {} - ", "1", ""),
    ("if x {} - ", "1", ""),
    ("true && ", "true", ""),
    ("", "true", " || true"),
    ("1..", "1", ""),
    ("P { a: ", "1", " }"),
    ("x as Option<", "u32", ">"),
    ("x as Option<u32, ", "u32", ">"),
    ("x as [", "u32", "; 1]"),
    ("x as &", "u32", ""),
    ("match x { Some(", "y", ") => 1 }"),
    ("if let Some(", "y", ") = x { }"),
    ("log!(\"{}\", ", "1", ")"),
    ("'a: ", "loop {}", ""),
    ("unsafe { ", "1", " }"),
    ("#[a] ", "1", ""),
    ("a::", "b", ""),
    ("fn f() { ", "1", " }"),
    ("mod a { ", "", " }"),
];

#[test]
fn nesting_of_any_kind_ends_before_the_stack_does() {
    let around = AROUND;
    for (before, middle, after) in around {
        for times in [15, 20, 25, 38, 60, 100, 190, 390, 5_000] {
            let body = format!("{}{middle}{}", before.repeat(times), after.repeat(times));
            compile_on_a_small_stack(in_a_function(&body));
            compile_on_a_small_stack(body);
        }
    }
}

#[test]
fn the_deepest_source_that_is_accepted_fits_the_stack() {
    let body = format!("{}1{}", "(1 + ".repeat(34), ")".repeat(34));
    let source = |body: &str| {
        format!(
            "use exo_prelude::*;
            struct P {{ a: u64 }}
            impl P {{ const fn new() -> P {{ P {{ a: 0 }} }} fn f(&self) -> u64 {{ {body} }} }}
            impl LibOs for P {{ fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{ Ok(()) }} }}"
        )
    };
    assert!(compile_on_a_small_stack(source(&body)));
    let chain = "self.a + ".repeat(90) + "1";
    assert!(compile_on_a_small_stack(source(&chain)));
    let ifs = "if self.a > 1 { 1 } else ".repeat(16) + "{ 2 }";
    assert!(compile_on_a_small_stack(source(&ifs)));
}

#[test]
fn items_that_need_each_other_end_before_the_stack_does() {
    let mut constants = "use exo_prelude::*;".to_string();
    let mut structs = constants.clone();
    let mut functions = constants.clone();
    let mut types = constants.clone();
    for i in 0..500 {
        let next = i + 1;
        constants.push_str(&format!("const C{i}: u32 = C{next} + 1;"));
        structs.push_str(&format!("struct S{i} {{ a: S{next}, b: S{next} }}"));
        functions.push_str(&format!(
            "const fn f{i}() -> u32 {{ f{next}() }} const C{i}: u32 = f{i}();"
        ));
        types.push_str(&format!("let a{i} = Some(a{next});"));
    }
    compile_on_a_small_stack(constants);
    compile_on_a_small_stack(structs);
    compile_on_a_small_stack(functions);
    compile_on_a_small_stack(format!("fn f() {{ {types} }}"));
    let mut growing = "use exo_prelude::*; struct S0 { } const V0: S0 = S0 { };".to_string();
    for i in 1..30 {
        let last = i - 1;
        let field = |name: &str| format!("{name}: S{last}, ");
        let value = |name: &str| format!("{name}: V{last}, ");
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        growing.push_str(&format!(
            "struct S{i} {{ {} }} const V{i}: S{i} = S{i} {{ {} }};",
            names.map(field).concat(),
            names.map(value).concat()
        ));
    }
    growing.push_str("struct P { s: S15 } impl P { const fn new() -> P { P { s: V15 } } } impl LibOs for P { fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> { let s = self.s; Ok(()) } }");
    compile_on_a_small_stack(growing);
}

/// A small generator of numbers that are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

#[test]
fn sources_with_anything_changed_are_compiled_or_refused() {
    let sources = [
        exo_libos_samples::SAMPLES[0].source,
        exo_libos_samples::SAMPLES[1].source,
        include_str!("twins/control.rs"),
    ];
    let mut numbers = Numbers(42);
    let mut accepted = 0;
    for _ in 0..600 {
        let source = sources[numbers.below(sources.len())];
        let mut words: Vec<&str> = source
            .split_inclusive(|c: char| !c.is_alphanumeric())
            .collect();
        for _ in 0..=numbers.below(3) {
            let (from, to) = (numbers.below(words.len()), numbers.below(words.len()));
            match numbers.below(4) {
                0 => words.swap(from, to),
                1 => words[to] = words[from],
                2 => drop(words.remove(from)),
                _ => words.insert(to, words[from]),
            }
        }
        accepted += u32::from(exo_policy::compile(&words.concat()).is_ok());
    }
    assert!(accepted > 0);
}
