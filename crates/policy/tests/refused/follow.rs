//! What follows from an error that was told is not told as another, and hides none.

use expect_test::expect;

use super::check_statements;

#[test]
fn the_names_in_a_refused_pattern_are_known() {
    check_statements(
        r#"
        let Pair { a, b } = self.pair; log!("{} {}", a, b);
        let Pair { a, .. } = self.pair; let y = a + 1;
        if let Some(Pair { a: first, b: 0 }) = Some(self.pair) { log!("{}", first); }
        match x { n @ 1..=9 => log!("{}", n), _ => {} }
        match x { (n @ (1 | 2)) => log!("{}", n), _ => {} }
        match self.table { [a, .., b] => { let c = a + b; } }
        let (a, mut b) = self.pair; b += a;
        let &a = self.pair; let b = a;
        let Mode::On(a) = self.pair; let b = a;
        if let Some(n) = &mut self.maybe { *n += 1; }
        if let Some(n) = &self.maybe { let y = n.min(3); log!("{n}"); }
        match &mut self.maybe { Some(n) => { n.bump(); } None => {} }
        match &mut self.maybe { None => {} Some(n) => { let y = Some(n); } }
        let y: Missing = Ok(3);
        let y: Missing = Err(3);
        let y: Missing = Some(None);
        let y = panic!("here"); if let Some(n) = y { log!("{}", 1); }
        let y = return Ok(x); match y { None => {} Some(n) => log!("{}", n) }
        const K: u32 = 3; log!("{}", K + 1);
        "#,
        expect![[r#"
            let Pair { a, b } = self.pair; log!("{} {}", a, b);
                22:5: error: a struct in a pattern is outside the subset of Rust for policies; help: name the value, then its fields
            let Pair { a, .. } = self.pair; let y = a + 1;
                22:5: error: a struct in a pattern is outside the subset of Rust for policies; help: name the value, then its fields
            if let Some(Pair { a: first, b: 0 }) = Some(self.pair) { log!("{}", first); }
                22:13: error: a struct in a pattern is outside the subset of Rust for policies; help: name the value, then its fields
            match x { n @ 1..=9 => log!("{}", n), _ => {} }
                22:11: error: `ref` or `@` in a pattern is outside the subset of Rust for policies; help: name the value with `let` first
            match x { (n @ (1 | 2)) => log!("{}", n), _ => {} }
                22:12: error: `ref` or `@` in a pattern is outside the subset of Rust for policies; help: name the value with `let` first
            match self.table { [a, .., b] => { let c = a + b; } }
                22:20: error: a tuple or slice is outside the subset of Rust for policies; help: name each value
            let (a, mut b) = self.pair; b += a;
                22:5: error: a tuple or slice is outside the subset of Rust for policies; help: name each value
            let &a = self.pair; let b = a;
                22:5: error: a reference in a pattern is outside the subset of Rust for policies; help: leave the `&` out
            let Mode::On(a) = self.pair; let b = a;
                22:5: error: this pattern is outside the subset of Rust for policies; help: write `Some(x)`, `Ok(x)` or `Err(x)`
            if let Some(n) = &mut self.maybe { *n += 1; }
                22:18: error: a reference that is not an argument is outside the subset of Rust for policies; help: use the value itself, or lend it where a function takes a reference: `f(&mut x)`
            if let Some(n) = &self.maybe { let y = n.min(3); log!("{n}"); }
                22:18: error: a reference that is not an argument is outside the subset of Rust for policies; help: use the value itself, or lend it where a function takes a reference: `f(&mut x)`
            match &mut self.maybe { Some(n) => { n.bump(); } None => {} }
                22:7: error: a reference that is not an argument is outside the subset of Rust for policies; help: use the value itself, or lend it where a function takes a reference: `f(&mut x)`
            match &mut self.maybe { None => {} Some(n) => { let y = Some(n); } }
                22:7: error: a reference that is not an argument is outside the subset of Rust for policies; help: use the value itself, or lend it where a function takes a reference: `f(&mut x)`
            let y: Missing = Ok(3);
                22:8: error[E0412]: cannot find type `Missing`; help: did you mean `Binding`?
            let y: Missing = Err(3);
                22:8: error[E0412]: cannot find type `Missing`; help: did you mean `Binding`?
            let y: Missing = Some(None);
                22:8: error[E0412]: cannot find type `Missing`; help: did you mean `Binding`?
            let y = panic!("here"); if let Some(n) = y { log!("{}", 1); }
                22:37: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
            let y = return Ok(x); match y { None => {} Some(n) => log!("{}", n) }
                22:49: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
            const K: u32 = 3; log!("{}", K + 1);
                22:1: error: an item within a function is outside the subset of Rust for policies; help: declare it outside of the function
        "#]],
    );
}

#[test]
fn the_body_of_a_refused_for_is_checked() {
    check_statements(
        r#"
        for i in (0..9).step_by(2).rev() { if i == 4 { z = 1; } }
        for i in (0..9).rev().rev() { log!("{}", z); }
        for i in (0..9).step_by(2).step_by(2) { }
        for i in (0..9).step_by() { }
        for i in (0..9).step_by(self.count) { }
        for i in (0..9).rev(1) { }
        for i in (0..).rev() { }
        for i in (true..false).rev() { }
        for i in 0..x.rev() { }
        for i in self.table.rev() { }
        for i in (0..9).map(|i| i + 1) { }
        for (i, row) in self.table.iter().enumerate() { let y = row + i; z = 1; }
        for row in &mut self.table { *row = true as Frame; continue; }
        for row in self.table { let y: bool = x; }
        "#,
        expect![[r#"
            for i in (0..9).step_by(2).rev() { if i == 4 { z = 1; } }
                22:28: error: `.rev()` after `.step_by(…)` is outside the subset of Rust for policies; help: count with `while`
                22:48: error[E0425]: cannot find value `z` in this scope
            for i in (0..9).rev().rev() { log!("{}", z); }
                22:23: error: `.rev()` twice is outside the subset of Rust for policies; help: count with `while`
                22:42: error[E0425]: cannot find value `z` in this scope
            for i in (0..9).step_by(2).step_by(2) { }
                22:28: error: `.step_by(…)` twice is outside the subset of Rust for policies; help: count with `while`
            for i in (0..9).step_by() { }
                22:17: error[E0061]: `step_by` takes 1 argument, 0 given
            for i in (0..9).step_by(self.count) { }
                22:30: error[E0609]: no field `count` on type `P`
            for i in (0..9).rev(1) { }
                22:17: error[E0061]: `rev` takes 0 arguments, 1 given
            for i in (0..).rev() { }
                22:11: error: a range without both ends is outside the subset of Rust for policies; help: write `a..b` or `a..=b`
            for i in (true..false).rev() { }
                22:11: error[E0277]: cannot count in values of type `bool`
            for i in 0..x.rev() { }
                22:15: error[E0599]: no method named `rev` found for `u32`; help: put the range in parentheses: `(a..b).rev()`
            for i in self.table.rev() { }
                22:10: error: a `for` over anything but a range is outside the subset of Rust for policies; help: count over its indices: `for i in (0..self.table.len()).rev()`
            for i in (0..9).map(|i| i + 1) { }
                22:10: error: a `for` over anything but a range is outside the subset of Rust for policies; help: count over its indices: `for i in 0..self.table.len()`
            for (i, row) in self.table.iter().enumerate() { let y = row + i; z = 1; }
                22:5: error: this pattern of a `for` is outside the subset of Rust for policies; help: name it: `for i in …`
                22:17: error: a `for` over anything but a range is outside the subset of Rust for policies; help: count over its indices: `for i in 0..self.table.len()`
                22:66: error[E0425]: cannot find value `z` in this scope
            for row in &mut self.table { *row = true as Frame; continue; }
                22:12: error: a `for` over anything but a range is outside the subset of Rust for policies; help: count over its indices: `for i in 0..self.table.len()`
                22:37: error[E0605]: non-primitive cast: `bool` as `Frame`; help: write `Frame::new(…)`
            for row in self.table { let y: bool = x; }
                22:12: error: a `for` over anything but a range is outside the subset of Rust for policies; help: count over its indices: `for i in 0..self.table.len()`
                22:39: error[E0308]: mismatched types: expected `bool`, found `u32`
        "#]],
    );
}

#[test]
fn a_value_of_log_may_get_its_type_later() {
    check_statements(
        r#"
        let y; log!("{}", 1); y = 3; log!("{}", y);
        let mut y = None; while let Some(n) = y { log!("{}", n); y = Some(3u64); } y = None;
        let mut y = None; if let Some(n) = y { log!("{}", n); } y = Some(self.frame);
        let mut y = None; if let Some(n) = y { log!("{:?}", n); } y = Some(true);
        let y; log!("{y}");
        let y = None; log!("{}", y);
        "#,
        expect![[r#"
            let y; log!("{}", 1); y = 3; log!("{}", y);
                accepted
            let mut y = None; while let Some(n) = y { log!("{}", n); y = Some(3u64); } y = None;
                accepted
            let mut y = None; if let Some(n) = y { log!("{}", n); } y = Some(self.frame);
                22:51: error[E0277]: `log!` does not show a `Frame`; help: write `{}`, and give it `….number()`
            let mut y = None; if let Some(n) = y { log!("{:?}", n); } y = Some(true);
                22:53: error: `{:?}` is outside the subset of Rust for policies; help: write `{}`
            let y; log!("{y}");
                22:5: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
            let y = None; log!("{}", y);
                22:5: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
                22:26: error: `log!` cannot show a value of type `Option<_>`; help: show its parts
        "#]],
    );
}

#[test]
fn what_is_outside_is_named_as_it_is_written() {
    check_statements(
        r#"
        let y = vec![1, 2];
        println!("{}", x);
        dbg!(x);
        write!(x, "a");
        std::println!("a");
        std::mem::swap(x, y);
        let y = core::mem::replace(x, 3);
        let y = u64::from(x);
        let y = u8::try_from(x);
        if (0..3).contains(x) { }
        let y = x.isqrt();
        "#,
        expect![[r#"
            let y = vec![1, 2];
                22:9: error: the macro `vec!` is outside the subset of Rust for policies; help: there is no heap: keep an array of the most there can be
            println!("{}", x);
                22:1: error: the macro `println!` is outside the subset of Rust for policies; help: write to the event log: `log!("page {}", page)`
            dbg!(x);
                22:1: error: the macro `dbg!` is outside the subset of Rust for policies; help: write to the event log: `log!("page {}", page)`
            write!(x, "a");
                22:1: error: the macro `write!` is outside the subset of Rust for policies; help: there are `log!`, `assert!`, `assert_eq!`, `panic!` and `matches!`
            std::println!("a");
                22:1: error: this macro is outside the subset of Rust for policies; help: there are `log!`, `assert!`, `assert_eq!`, `panic!` and `matches!`
            std::mem::swap(x, y);
                22:1: error: to call `std::mem::swap` is outside the subset of Rust for policies; help: write `let old = a; a = b; b = old;`
                22:19: error[E0425]: cannot find value `y` in this scope
            let y = core::mem::replace(x, 3);
                22:9: error: to call `core::mem::replace` is outside the subset of Rust for policies; help: write `let old = a; a = b; b = old;`
            let y = u64::from(x);
                accepted
            let y = u8::try_from(x);
                22:9: error[E0599]: no function named `try_from` found for `u8`; help: write `… as u8`
            if (0..3).contains(x) { }
                22:5: error: a range here is outside the subset of Rust for policies; help: write `for i in a..b`, or compare: `a <= x && x < b`
            let y = x.isqrt();
                22:11: error[E0599]: no method named `isqrt` found for `u32`; help: write a loop
        "#]],
    );
}
