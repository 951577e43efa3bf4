//! Mistakes of syntax, each as the user sees it. `UPDATE_EXPECT=1` writes them anew.

use expect_test::{Expect, expect};

const BEFORE: &str = "\
use exo_prelude::*;
struct P { hand: usize, table: [u32; 4] }
impl P {
    pub const fn new() -> P { P { hand: 0, table: [0; 4] } }
}
impl LibOs for P {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        Ok(())
    }
}
";

fn messages(source: &str) -> String {
    let found = exo_policy::check(source).diagnostics;
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    match found.is_empty() {
        true => "accepted".to_string(),
        false => found.join("\n    "),
    }
}

/// The messages for each line of `snippets`, put into a file by `around`.
fn check(snippets: &str, around: impl Fn(&str) -> String, expected: Expect) {
    let mut found = String::new();
    let lines = snippets.lines().map(str::trim);
    for snippet in lines.filter(|line| !line.is_empty()) {
        let source = format!("{BEFORE}{}", around(snippet));
        found.push_str(&format!("{snippet}\n    {}\n", messages(&source)));
    }
    expected.assert_eq(&found);
}

fn statement(snippet: &str) -> String {
    format!("fn f(mut x: u32) -> u32 {{\n    {snippet}\n    x\n}}\n")
}

#[test]
fn statements_with_a_mistake() {
    check(
        r#"
        let y = 1
        let y;
        let = 3;
        let mut = 3;
        let 3y = 3;
        let y: = 3;
        let y == 3;
        let y := 3;
        int y = 3;
        var y = 3;
        if x = 1 { x = 2; }
        while x = 1 { x = 2; }
        if x == 1 x = 2;
        if x == 1 { x = 2; } else x = 3;
        if x == 1 { x = 2; } else if { x = 3; }
        if x == 1 { x = 2; } elif x == 2 { x = 3; }
        if { x = 1; }
        x++;
        x--;
        x = x + ;
        x = * 3;
        x = 1 +* 3;
        x =+ ;
        x = 1 => 2;
        x = 1 =< 2;
        if x === 1 { }
        if x <> 1 { }
        if x > 1 and x < 3 { }
        if not x { }
        if 1 < x < 3 { }
        x = x > 1 ? 1 : 2;
        x = 2 ** 3;
        for i in 0..3 x = i;
        for i = 0; i < 3; i++ { }
        for (i in 0..3) { }
        for 0..3 { }
        loop x = 1;
        match x { 1 -> 2, _ => 3 };
        match x { 1 => 2 _ => 3 };
        match x { 1 => 2; _ => 3 };
        match x { 1: 2, _ => 3 };
        match { 1 => 2 };
        f(1 2);
        f(1,, 2);
        f(, 1);
        let t = [1, 2 3];
        let t = [1; ];
        x.;
        x.1y;
        x..;
        return x
        break 'a
        do { x = 1; } while x < 3;
        x = if x > 1 { 1 } else { 2 }
        log!("a" x);
        let p = P { hand 0, table: [0; 4] };
        let p = P { hand = 0, table: [0; 4] };
        unless x { }
        else { x = 1; }
        x = 0x;
        x = 1_000u99;
        x = 12abc;
        x = @;
        x = #;
        x = $y;
        x = `1`;
        x = “1”;
        x = x – 1;
        x = 'ab';
        log!("open);
        log!("\q");
        x = 1; /* open
        x = (1;
        x = 1);
        x = [1;
        x = (1];
        if x > 1 {
        }
        "#,
        statement,
        expect![[r#"
            let y = 1
                12:14: error: expected `;`, found `x`; help: end the statement before with `;`
            let y;
                12:9: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
            let = 3;
                12:9: error: expected a name after `let`, found `=`; help: write `let name = …;`
            let mut = 3;
                12:13: error: expected a name after `mut`, found `=`; help: write `let name = …;`
            let 3y = 3;
                12:9: error: the type `y` is outside the subset of Rust for policies; help: use u8 to u64, usize, i32 or i64
            let y: = 3;
                12:12: error: expected a type after `:`, found `=`; help: write `let name = …;` or `let name: type = …;`
            let y == 3;
                12:11: error: expected `=`, found `==`; help: put `=` before it
            let y := 3;
                12:12: error: expected a type after `:`, found `=`; help: write `let name = …;` or `let name: type = …;`
            int y = 3;
                12:9: error: expected a statement, found `int`; help: write `let name = …;` or `let mut name = …;`
            var y = 3;
                12:9: error: expected a statement, found `var`; help: write `let name = …;` or `let mut name = …;`
            if x = 1 { x = 2; }
                12:8: error[E0308]: mismatched types: expected `bool`, found `()`; help: write `==` to compare
            while x = 1 { x = 2; }
                12:11: error[E0308]: mismatched types: expected `bool`, found `()`; help: write `==` to compare
            if x == 1 x = 2;
                12:15: error: expected `{`, found `x`; help: write what belongs there within `{ … }`
            if x == 1 { x = 2; } else x = 3;
                12:31: error: expected `{` or `if` after `else`, found `x`; help: write `else { … }`
            if x == 1 { x = 2; } else if { x = 3; }
                12:31: error: `if` lacks what stands between it and the `{`; help: write `if … { … }`
            if x == 1 { x = 2; } elif x == 2 { x = 3; }
                12:31: error: there is no such word in Rust; help: write `else if`
            if { x = 1; }
                12:5: error: `if` lacks what stands between it and the `{`; help: write `if … { … }`
            x++;
                12:7: error: Rust has no `++`; help: write `… += 1`
            x--;
                12:8: error: expected a value after `-`, found `;`; help: write what the operator works on
            x = x + ;
                12:13: error: expected a value after `+`, found `;`; help: write what the operator works on
            x = * 3;
                12:9: error[E0614]: type `{integer}` cannot be dereferenced; help: leave the `*` out; a power is `x.pow(n)`
            x = 1 +* 3;
                12:12: error[E0614]: type `{integer}` cannot be dereferenced; help: leave the `*` out; a power is `x.pow(n)`
            x =+ ;
                12:8: error: expected a value after `=`, found `+`; help: write what the operator works on
            x = 1 => 2;
                12:11: error: there is no operator `=>`; help: write `>=` to compare
            x = 1 =< 2;
                12:14: error: there is no operator `=<`; help: write `<=`
            if x === 1 { }
                12:12: error: there is no operator with three signs; help: write `==` or `!=`
            if x <> 1 { }
                12:11: error: there is no operator `<>`; help: write `!=`
            if x > 1 and x < 3 { }
                12:14: error: there is no operator `and`; help: write `&&`
            if not x { }
                12:12: error: there is no operator `not`; help: write `!`
            if 1 < x < 3 { }
                12:14: error: comparison operators cannot be chained; help: write `a < b && b < c`
            x = x > 1 ? 1 : 2;
                12:17: error: there is no `… ? … : …` in Rust; help: write `if … { … } else { … }`
            x = 2 ** 3;
                12:12: error[E0614]: type `{integer}` cannot be dereferenced; help: leave the `*` out; a power is `x.pow(n)`
            for i in 0..3 x = i;
                12:19: error: expected `{`, found `x`; help: write what belongs there within `{ … }`
            for i = 0; i < 3; i++ { }
                12:11: error: expected `in`, found `=`; help: write `for name in first..end { … }`
            for (i in 0..3) { }
                12:12: error: expected a name after `for`, found `(`; help: leave `(` and `)` out
            for 0..3 { }
                12:14: error: expected `in`, found `{`; help: write `for name in first..end { … }`
            loop x = 1;
                12:10: error: expected `{`, found `x`; help: write what belongs there within `{ … }`
            match x { 1 -> 2, _ => 3 };
                12:17: error: expected `=>`, found `->`; help: write `pattern => value,`
            match x { 1 => 2 _ => 3 };
                12:22: error: expected `,`, found `_`; help: put a `,` between the two
            match x { 1 => 2; _ => 3 };
                12:21: error: expected `,`, found `;`; help: put a `,` between the two
            match x { 1: 2, _ => 3 };
                12:16: error: expected `=>`, found `:`; help: write `pattern => value,`
            match { 1 => 2 };
                12:15: error: `match` lacks what stands between it and the `{`; help: write `match … { … }`
            f(1 2);
                12:9: error: expected `,`, found `2`; help: put a `,` between the two
            f(1,, 2);
                12:9: error: expected a value, found `,`; help: leave this `,` out
            f(, 1);
                12:7: error: expected a value, found `,`; help: leave this `,` out
            let t = [1, 2 3];
                12:19: error: expected `,`, found `3`; help: put a `,` between the two
            let t = [1; ];
                12:17: error: expected a value, found `]`
            x.;
                12:7: error: expected a field or method after `.`, found `;`; help: write its name
            x.1y;
                12:7: error: expected a field or method after `.`, found `1y`; help: write its name
            x..;
                12:5: error: a range here is outside the subset of Rust for policies; help: write `for i in a..b`, or compare: `a <= x && x < b`
            return x
                12:13: error: expected `;`, found `x`; help: end the statement before with `;`
            break 'a
                12:5: error[E0426]: use of undeclared label `'a`
            do { x = 1; } while x < 3;
                12:5: error: there is no `do … while` in Rust; help: write `loop { …; if !(…) { break; } }`
            x = if x > 1 { 1 } else { 2 }
                12:34: error: expected `;`, found `x`; help: end the statement before with `;`
            log!("a" x);
                12:14: error: `log!` takes a text and values: expected `,`; help: write `log!("page {}", page)`
            let p = P { hand 0, table: [0; 4] };
                12:22: error: expected `:`, found `0`; help: write `name: value`
            let p = P { hand = 0, table: [0; 4] };
                12:22: error: expected `:`, found `=`; help: write `name: value`
            unless x { }
                12:12: error: there is no `unless` in Rust; help: write `if !(…)`
            else { x = 1; }
                12:5: error: this `else` belongs to no `if`; help: it follows the `}` of an `if` directly: is there a `;` or a `}` too many?
            x = 0x;
                12:9: error: this is not a token of Rust; help: write numbers as `10` or `0xff`
            x = 1_000u99;
                12:9: error: the type `u99` is outside the subset of Rust for policies; help: use u8 to u64, usize, i32 or i64
            x = 12abc;
                12:9: error: the type `abc` is outside the subset of Rust for policies; help: use u8 to u64, usize, i32 or i64
            x = @;
                12:9: error: expected a value after `=`, found `@`; help: write what the operator works on
            x = #;
                12:9: error: expected a value after `=`, found `#`; help: write what the operator works on
            x = $y;
                12:9: error: expected a value after `=`, found `$`; help: write what the operator works on
            x = `1`;
                12:9: error: unknown start of token: ```; help: delete it
                12:11: error: unknown start of token: ```; help: delete it
            x = “1”;
                12:9: error: unknown start of token: `“`; help: write `"`
                12:11: error: unknown start of token: `”`; help: write `"`
            x = x – 1;
                12:11: error: unknown start of token: `–`; help: write `-`
            x = 'ab';
                12:12: error: unknown start of token: `'`; help: delete it
            log!("open);
                12:10: error[E0765]: unterminated double quote string; help: end it with `"`
            log!("\q");
                12:10: error: unknown character escape in this text; help: write `\\` for one `\`
            x = 1; /* open
                12:12: error[E0758]: unterminated block comment; help: end it with `*/`, or write `//`
            x = (1;
                12:11: error: a `)` is missing here; help: the `(` of line 12 is not closed
            x = 1);
                12:10: error: unexpected closing delimiter: `)`; help: delete it, or write the `(` that it closes
            x = [1;
                12:11: error: a `]` is missing here; help: the `[` of line 12 is not closed
            x = (1];
                12:11: error: mismatched closing delimiter: `]`; help: write `)`: it closes the `(` before it
            if x > 1 {
                12:15: error: a `}` is missing here; help: the `{` of line 12 is not closed
            }
                12:5: error: unexpected closing delimiter: `}`; help: delete it, or write the `{` that it closes
        "#]],
    );
}

#[test]
fn items_with_a_mistake() {
    check(
        r#"
        fn g() u32 { 1 }
        fn g() -> { 1 }
        fn g();
        fn g { 1 }
        fn () { 1 }
        fn 3() { 1 }
        fn g(x) { }
        fn g(x u32) { }
        fn g(x: ) { }
        fn g(u32 x) { }
        fn g(x: u32 y: u32) { }
        fn g(x: u32,, y: u32) { }
        function g() { }
        def g():
        func g() { }
        g() { }
        pub g() { }
        struct { a: u32 }
        struct S { a u32 }
        struct S { a: u32 b: u32 }
        struct S { a: u32; b: u32 }
        struct S { u32 a }
        struct S { a: }
        struct S { a = u32 }
        struct S { a: u32 };
        struct S a: u32
        class S { }
        enum E { A B }
        enum E { A; B }
        enum { A }
        const N: usize = 3
        const N = 3;
        const N: usize;
        const : usize = 3;
        const N: usize 3;
        let y = 3;
        x = 3;
        impl { }
        impl P { fn g(); }
        impl P { fn g() -> { } }
        impl P { let x = 3; }
        impl P { x: u32 }
        impl P fn g() { }
        impl P { const N: usize; }
        impl for P { }
        use exo_prelude::*
        use ;
        type T = ;
        static X: u32 = ;
        }
        )
        if x { }
        #[derive(Copy] struct S { a: u32 }
        #derive struct S { a: u32 }
        pub pub fn g() { }
        fn fn g() { }
        fn g() {} }
        mut fn g() { }
        "#,
        |item| format!("{item}\n"),
        expect![[r#"
            fn g() u32 { 1 }
                11:8: error: expected `->` or `{` after the parameters, found `u32`; help: write `-> u32` to give a value back
            fn g() -> { 1 }
                11:11: error: expected a type after `->`, found `{`; help: write the type that the function gives, or leave `->` out
            fn g();
                11:7: error: function without a body; help: write `{ … }` instead of the `;`
            fn g { 1 }
                11:6: error: expected `(` after the function's name, found `{`; help: write `fn name(…) { … }`
            fn () { 1 }
                11:4: error: expected the function's name, found `(`; help: write `fn name(…) { … }`
            fn 3() { 1 }
                11:4: error: expected the function's name, found `3`; help: write `fn name(…) { … }`
            fn g(x) { }
                11:7: error: expected `:`, found `)`; help: write `name: type`
            fn g(x u32) { }
                11:8: error: expected `:`, found `u32`; help: write `name: type`
            fn g(x: ) { }
                11:9: error: expected a type, found `)`
            fn g(u32 x) { }
                11:10: error: expected `:`, found `x`; help: write `name: type`
            fn g(x: u32 y: u32) { }
                11:13: error: expected `,`, found `y`; help: put a `,` between the two
            fn g(x: u32,, y: u32) { }
                11:13: error: expected a value, found `,`; help: leave this `,` out
            function g() { }
                11:10: error: expected an item, found `function`; help: write `fn`
            def g():
                11:5: error: expected an item, found `def`; help: write `fn`
            func g() { }
                11:6: error: expected an item, found `func`; help: write `fn`
            g() { }
                11:1: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `g`; help: write `fn` before it
            pub g() { }
                11:5: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `g`; help: write `fn` before it
            struct { a: u32 }
                11:8: error: expected a name after `struct`, found `{`; help: write `struct Name …`
            struct S { a u32 }
                11:14: error: expected `:`, found `u32`; help: write `name: type`
            struct S { a: u32 b: u32 }
                11:19: error: expected `,`, found `b`; help: put a `,` between the two
            struct S { a: u32; b: u32 }
                11:18: error: expected `,`, found `;`; help: put a `,` between the two
            struct S { u32 a }
                11:16: error: expected `:`, found `a`; help: write `name: type`
            struct S { a: }
                11:15: error: expected a type, found `}`
            struct S { a = u32 }
                11:14: error: expected `:`, found `=`; help: write `name: type`
            struct S { a: u32 };
                11:20: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `;`; help: delete this `;`
            struct S a: u32
                11:10: error: expected `{`, found `a`; help: write what belongs there within `{ … }`
            class S { }
                11:7: error: expected an item, found `class`; help: write `struct`
            enum E { A B }
                11:12: error: expected `,`, found `B`; help: put a `,` between the two
            enum E { A; B }
                11:11: error: expected `,`, found `;`; help: put a `,` between the two
            enum { A }
                11:6: error: expected a name after `enum`, found `{`; help: write `enum Name …`
            const N: usize = 3
                11:19: error: expected `;`, found the end of the file; help: end the statement before with `;`
            const N = 3;
                11:9: error: expected `:`, found `=`; help: write `name: type`
            const N: usize;
                11:15: error: constant without a value; help: write `= …` before the `;`
            const : usize = 3;
                11:7: error: expected a name after `const`, found `:`; help: write `const Name …`
            const N: usize 3;
                11:16: error: expected `=`, found `3`; help: put `=` before it
            let y = 3;
                11:1: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `let`; help: write `const NAME: type = …;`, or a field of the `struct`
            x = 3;
                11:1: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `x`; help: write `const NAME: type = …;`
            impl { }
                11:6: error: expected a type after `impl`; help: write `impl Type { … }`
            impl P { fn g(); }
                11:16: error: function without a body; help: write `{ … }` instead of the `;`
            impl P { fn g() -> { } }
                11:20: error: expected a type after `->`, found `{`; help: write the type that the function gives, or leave `->` out
            impl P { let x = 3; }
                11:10: error: expected an item (`fn` or `const`), found `let`; help: write `const NAME: type = …;`, or a field of the `struct`
            impl P { x: u32 }
                11:10: error: expected an item (`fn` or `const`), found `x`; help: fields belong into the `struct`
            impl P fn g() { }
                11:8: error: expected `{`, found `fn`; help: write what belongs there within `{ … }`
            impl P { const N: usize; }
                11:24: error: constant without a value; help: write `= …` before the `;`
            impl for P { }
                11:10: error: expected `LibOs` before `for`; help: write `impl LibOs for Type { … }`
            use exo_prelude::*
                11:19: error: expected `;`, found the end of the file; help: end the statement before with `;`
            use ;
                11:5: error: expected a path after `use`; help: write `use exo_prelude::*;`
            type T = ;
                11:1: error: a type alias is outside the subset of Rust for policies; help: write the type itself
            static X: u32 = ;
                11:1: error: a `static` is outside the subset of Rust for policies; help: keep it in a field of the policy's struct
            }
                11:1: error: unexpected closing delimiter: `}`; help: delete it, or write the `{` that it closes
            )
                11:1: error: unexpected closing delimiter: `)`; help: delete it, or write the `(` that it closes
            if x { }
                11:1: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `if`; help: statements belong into a function
            #[derive(Copy] struct S { a: u32 }
                11:1: error[E0277]: `Copy` also needs `Clone`; help: derive both
                11:14: error: a `)` is missing here; help: the `(` of line 11 is not closed
            #derive struct S { a: u32 }
                11:1: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `#`
            pub pub fn g() { }
                11:5: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `pub`
            fn fn g() { }
                11:4: error: expected the function's name, found `fn`; help: write `fn name(…) { … }`
            fn g() {} }
                11:11: error: unexpected closing delimiter: `}`; help: delete it, or write the `{` that it closes
            mut fn g() { }
                11:1: error: expected an item (`fn`, `struct`, `enum`, `impl` or `const`), found `mut`
        "#]],
    );
}
