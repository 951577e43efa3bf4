//! What is within the subset and means nothing: types, names, places, patterns.

use expect_test::expect;

use super::check_statements;

#[test]
fn types_have_to_agree() {
    check_statements(
        r#"
        let y: u64 = x;
        let y: Frame = x;
        let y: u32 = self.frame;
        let y: Option<u32> = x;
        let y: u32 = sys.allocate();
        let y: u32 = self.maybe;
        let y = x + self.hand;
        let y = self.frame + 1;
        let y = true + true;
        let y = x << true;
        let y = -x;
        let y = -true;
        let y = !self.frame;
        let y = *x;
        if x { }
        if x = 1 { }
        while x { }
        let y = if x > 1 { 1 };
        let y = if x > 1 { 1 } else { true };
        let y = match x { 0 => 1, _ => false };
        self.table[x] = 1;
        let y = x[0];
        let y = self.hand < self.frame;
        let y = self.frame < self.frame;
        let y = self.loose == self.loose;
        let y = x as bool;
        let y = x as Frame;
        let y = self.frame as u32;
        let y = 300u8;
        let y: u8 = 256;
        let y: i32 = -2147483649;
        let y = 99999999999999999999999999999999999999999;
        let y = 255u8 + 1;
        let y = 1 - 2u32;
        let y = x / 0;
        let y = x << 32;
        let y = self.table[4];
        let y = None;
        let y = 1.min(2);
        let mut y = None; y = Some(y);
        return x;
        return;
        "#,
        expect![[r#"
            let y: u64 = x;
                22:14: error[E0308]: mismatched types: expected `u64`, found `u32`; help: write `… as u64`
            let y: Frame = x;
                22:16: error[E0308]: mismatched types: expected `Frame`, found `u32`; help: write `Frame::new(…)`
            let y: u32 = self.frame;
                22:14: error[E0308]: mismatched types: expected `u32`, found `Frame`; help: write `….number()`
            let y: Option<u32> = x;
                22:22: error[E0308]: mismatched types: expected `Option<u32>`, found `u32`; help: write `Some(…)`
            let y: u32 = sys.allocate();
                22:14: error[E0308]: mismatched types: expected `u32`, found `Result<Frame, SysError>`
            let y: u32 = self.maybe;
                22:14: error[E0308]: mismatched types: expected `u32`, found `Option<u32>`; help: write `match` or `if let Some(…)`
            let y = x + self.hand;
                22:13: error[E0308]: mismatched types: expected `u32`, found `usize`; help: write `… as u32`
            let y = self.frame + 1;
                22:9: error[E0369]: operator `+` cannot be applied to type `Frame`; help: write `Frame::new(….number() …)`
            let y = true + true;
                22:9: error[E0369]: operator `+` cannot be applied to type `bool`
            let y = x << true;
                22:9: error[E0277]: no implementation for `u32 << bool`
            let y = -x;
                22:9: error[E0600]: cannot apply unary operator `-` to type `u32`
            let y = -true;
                22:9: error[E0600]: cannot apply unary operator `-` to type `bool`
            let y = !self.frame;
                22:9: error[E0600]: cannot apply unary operator `!` to type `Frame`
            let y = *x;
                22:9: error[E0614]: type `u32` cannot be dereferenced; help: leave the `*` out; a power is `x.pow(n)`
            if x { }
                22:4: error[E0308]: mismatched types: expected `bool`, found `u32`
            if x = 1 { }
                22:4: error[E0308]: mismatched types: expected `bool`, found `()`; help: write `==` to compare
            while x { }
                22:7: error[E0308]: mismatched types: expected `bool`, found `u32`
            let y = if x > 1 { 1 };
                22:18: error[E0317]: `if` without `else` has no value: expected `()`, found `{integer}`; help: add an `else`, or `return` the value
            let y = if x > 1 { 1 } else { true };
                22:31: error[E0308]: mismatched types: expected `{integer}`, found `bool`
            let y = match x { 0 => 1, _ => false };
                22:32: error[E0308]: mismatched types: expected `{integer}`, found `bool`
            self.table[x] = 1;
                22:12: error[E0277]: the type `[u32; 4]` cannot be indexed by `u32`; help: write `… as usize`
            let y = x[0];
                22:9: error[E0608]: cannot index into a value of type `u32`
            let y = self.hand < self.frame;
                22:21: error[E0308]: mismatched types: expected `usize`, found `Frame`; help: write `….number()`
            let y = self.frame < self.frame;
                22:9: error[E0369]: binary operation `<` cannot be applied to type `Frame`; help: compare `….number()`
            let y = self.loose == self.loose;
                22:9: error[E0369]: binary operation `==` cannot be applied to type `Loose`; help: add `#[derive(PartialEq)]` to `Loose`
            let y = x as bool;
                22:9: error[E0054]: cannot cast to `bool`; help: write `… != 0`
            let y = x as Frame;
                22:9: error[E0605]: non-primitive cast: `u32` as `Frame`; help: write `Frame::new(…)`
            let y = self.frame as u32;
                22:9: error[E0605]: non-primitive cast: `Frame` as `u32`; help: write `….number()`
            let y = 300u8;
                22:9: error: literal out of range for `u8`
            let y: u8 = 256;
                22:13: error: literal out of range for `u8`
            let y: i32 = -2147483649;
                22:15: error: literal out of range for `i32`
            let y = 99999999999999999999999999999999999999999;
                22:9: error: integer literal is too large
            let y = 255u8 + 1;
                22:9: error: this arithmetic operation will overflow
            let y = 1 - 2u32;
                22:9: error: this arithmetic operation will overflow
            let y = x / 0;
                22:9: error: this operation will panic at runtime: division by zero
            let y = x << 32;
                22:9: error: this arithmetic operation will overflow: a shift by the type's width or more
            let y = self.table[4];
                22:9: error: this operation will panic at runtime: the length is 4 but the index is 4
            let y = None;
                22:5: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
            let y = 1.min(2);
                22:11: error[E0689]: can't call method `min` on an integer of any type; help: say the type: `let x: u32 = …`, or `1_u32`
            let mut y = None; y = Some(y);
                22:9: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
                22:28: error[E0308]: mismatched types: expected `_`, found `Option<_>`; help: write `match` or `if let Some(…)`
            return x;
                22:8: error[E0308]: mismatched types: expected `Result<u32, SysError>`, found `u32`; help: write `Ok(…)`
            return;
                22:1: error[E0308]: mismatched types: expected `Result<u32, SysError>`, found `()`
        "#]],
    );
}

#[test]
fn names_have_to_exist() {
    check_statements(
        r#"
        let y = z;
        let y = hand;
        let y = SIZ;
        let y = self.hnd;
        let y = self.get;
        let y = self.gte();
        let y = self.hand();
        let y = get();
        let y = fre(1);
        let y = free;
        let free = 1; let y = free(1);
        let y = free(1, 2);
        let y = free();
        let y = self.set();
        let y = P::get();
        let y = P::nwe();
        let y = Q::new();
        let y = self.new();
        let y = SysError::Limits;
        let y = u16::MAXIMUM;
        let y = Acess::Read;
        let y = core::mem::size_of();
        let y = sys.alocate();
        let y = sys.free();
        let y: Fram = self.frame;
        let y: f64 = 1;
        let y: Vec<u32> = x;
        let y: Option = x;
        let y: i8 = 1;
        let y = self.frame.0;
        let y = self.maybe.unwrap();
        let y = self.table.iter();
        let y = x.pow(2);
        let y = Pair { a: 1 };
        let y = Pair { a: 1, b: 2, c: 3 };
        let y = Pair { a: 1, a: 1, b: 2 };
        let y = Pear { a: 1 };
        let y = Some();
        break;
        continue;
        loop { break 'a; }
        while true { break 1; }
        while true { 'a: { break; } }
        'b: loop { 'a: { continue; } }
        'b: loop { 'a: { continue 'b; } }
        "#,
        expect![[r#"
            let y = z;
                22:9: error[E0425]: cannot find value `z` in this scope
            let y = hand;
                22:9: error[E0425]: cannot find value `hand` in this scope; help: did you mean `self.hand`?
            let y = SIZ;
                22:9: error[E0425]: cannot find value `SIZ` in this scope; help: did you mean `SIZE`?
            let y = self.hnd;
                22:14: error[E0609]: no field `hnd` on type `P`; help: did you mean `hand`?
            let y = self.get;
                22:14: error[E0615]: attempted to take value of method `get` on type `P`; help: call it: `get(…)`
            let y = self.gte();
                22:14: error[E0599]: no method named `gte` found for `P`
            let y = self.hand();
                22:14: error[E0599]: no method named `hand` found for `P`; help: `hand` is a field: leave the `(…)` out
            let y = get();
                22:9: error[E0425]: cannot find function `get` in this scope; help: did you mean `self.get(…)`?
            let y = fre(1);
                22:9: error[E0425]: cannot find function `fre` in this scope; help: did you mean `free`?
            let y = free;
                22:9: error: a function as a value is outside the subset of Rust for policies; help: call it: write `(…)` after it
            let free = 1; let y = free(1);
                22:23: error[E0618]: expected function, found variable `free`; help: give the variable another name
            let y = free(1, 2);
                22:9: error[E0061]: `free` takes 1 argument, 2 given
            let y = free();
                22:9: error[E0061]: `free` takes 1 argument, 0 given
            let y = self.set();
                22:9: error[E0061]: `P::set` takes 1 argument, 0 given
            let y = P::get();
                22:9: error: to call the method `get` by its path is outside the subset of Rust for policies; help: write `value.get(…)`
            let y = P::nwe();
                22:9: error[E0599]: no function named `nwe` found for `P`
            let y = Q::new();
                22:9: error[E0433]: cannot find type `Q` in this scope
            let y = self.new();
                22:14: error[E0599]: `new` is a function of `P`, not a method; help: write `P::new(…)`
            let y = SysError::Limits;
                22:9: error[E0599]: no variant or associated item named `Limits` found for `SysError`; help: did you mean `SysError::Limit`?
            let y = u16::MAXIMUM;
                22:9: error[E0599]: no associated constant `MAXIMUM` on `u16`; help: there are `MAX`, `MIN` and `BITS`
            let y = Acess::Read;
                22:9: error[E0433]: cannot find type `Acess` in this scope; help: did you mean `Access`?
            let y = core::mem::size_of();
                22:9: error: to call `core::mem::size_of` is outside the subset of Rust for policies; help: call a function by its name
            let y = sys.alocate();
                22:13: error[E0599]: no method named `alocate` found for `Sys`; help: did you mean `allocate`?
            let y = sys.free();
                22:9: error[E0061]: `sys.free` takes 1 argument, 0 given
            let y: Fram = self.frame;
                22:8: error[E0412]: cannot find type `Fram`; help: did you mean `Frame`?
            let y: f64 = 1;
                22:8: error: `f64` is outside the subset of Rust for policies; help: count in integers, for example in thousandths
            let y: Vec<u32> = x;
                22:8: error: `Vec` is outside the subset of Rust for policies; help: there is no heap: keep an array of the most there can be
            let y: Option = x;
                22:8: error[E0107]: `Option` takes 1 types within `<…>`
            let y: i8 = 1;
                22:8: error: `i8` is outside the subset of Rust for policies; help: the signed integers are `i32` and `i64`
            let y = self.frame.0;
                22:20: error[E0616]: field `0` of struct `Frame` is private; help: write `.number()`
            let y = self.maybe.unwrap();
                accepted
            let y = self.table.iter();
                22:20: error[E0599]: no method named `iter` found for `[u32; 4]`; help: write `for i in 0..array.len()`
            let y = x.pow(2);
                accepted
            let y = Pair { a: 1 };
                22:9: error[E0063]: missing fields of `Pair`: `b`
            let y = Pair { a: 1, b: 2, c: 3 };
                22:28: error[E0560]: struct `Pair` has no field named `c`
            let y = Pair { a: 1, a: 1, b: 2 };
                22:22: error[E0062]: field `a` specified more than once
            let y = Pear { a: 1 };
                22:9: error[E0422]: cannot find a struct of this name; help: did you mean `Pair`?
            let y = Some();
                22:9: error[E0061]: `Some` takes 1 argument, 0 given
            break;
                22:1: error[E0268]: `break` outside of a loop
            continue;
                22:1: error[E0268]: `continue` outside of a loop
            loop { break 'a; }
                22:8: error[E0426]: use of undeclared label `'a`
            while true { break 1; }
                22:20: error[E0571]: `break` with value from a `while` or `for` loop; help: write `loop`
            while true { 'a: { break; } }
                22:20: error[E0695]: `break` without a label, within a block that has one; help: give the loop a label, and name it here
            'b: loop { 'a: { continue; } }
                22:18: error[E0695]: `continue` without a label, within a block that has one; help: give the loop a label, and name it here
            'b: loop { 'a: { continue 'b; } }
                accepted
        "#]],
    );
}

#[test]
fn places_have_to_be_writable_and_values_copyable() {
    check_statements(
        r#"
        let y = 1; y = 2;
        x = 2;
        let p = self.pair; p.a = 1;
        1 = x;
        self.get() = 1;
        SIZE = 1;
        self = self;
        sys = sys;
        let s = sys;
        let s = self;
        let l = self.loose;
        let l = Loose { n: 1 }; let m = l;
        let l = Loose { n: 1 }; let m = l.get();
        let m = self.both(sys, sys.frame_limit() as u32);
        sys.free(sys.allocate()?)?;
        let m = self.set(self.get());
        let m = self.set(self.set(1));
        let m = self.loose.add(self.set(1));
        let m = self.loose.add(self.hand as u32);
        let m = self.set({ self.table[1] = 2; 1 });
        let t = self.table;
        let t = [1, 2, 3];
        self.table = [0; SIZE];
        let m = Mode::On; let n = m; let o = m;
        let m = [Loose { n: 1 }; 2];
        "#,
        expect![[r#"
            let y = 1; y = 2;
                22:12: error[E0384]: cannot assign twice to immutable variable `y`; help: declare it with `mut y`
            x = 2;
                22:1: error[E0384]: cannot assign twice to immutable variable `x`; help: declare it with `mut x`
            let p = self.pair; p.a = 1;
                22:20: error[E0594]: cannot assign to a field of `p`, which is not declared as mutable; help: declare it with `mut p`
            1 = x;
                22:1: error[E0070]: invalid left-hand side of assignment
            self.get() = 1;
                22:1: error[E0070]: invalid left-hand side of assignment
            SIZE = 1;
                22:1: error[E0070]: invalid left-hand side of assignment
            self = self;
                22:1: error[E0384]: cannot assign to `self`; help: write `*self = …`
                22:8: error: `self` can only be used through its fields and methods; help: write `self.field` or `self.method(…)`, or `*self` for all of it
            sys = sys;
                22:1: error[E0070]: invalid left-hand side of assignment
                22:7: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            let s = sys;
                22:9: error: `sys` can only be passed on, or asked with a method; help: write `sys.method(…)`
            let s = self;
                22:9: error: `self` can only be used through its fields and methods; help: write `self.field` or `self.method(…)`, or `*self` for all of it
            let l = self.loose;
                22:9: error[E0507]: this would move a value of type `Loose` from behind a reference, and it is not `Copy`; help: add `#[derive(Clone, Copy)]` to `Loose`
            let l = Loose { n: 1 }; let m = l;
                accepted
            let l = Loose { n: 1 }; let m = l.get();
                accepted
            let m = self.both(sys, sys.frame_limit() as u32);
                22:24: error[E0499]: cannot borrow `sys` as mutable more than once at a time; help: give the value a name with `let` first
            sys.free(sys.allocate()?)?;
                22:10: error[E0499]: cannot borrow `sys` as mutable more than once at a time; help: give the value a name with `let` first
            let m = self.set(self.get());
                accepted
            let m = self.set(self.set(1));
                22:18: error[E0499]: cannot borrow this as mutable more than once at a time; help: give the value a name with `let` first
            let m = self.loose.add(self.set(1));
                22:24: error[E0499]: cannot borrow this as mutable more than once at a time; help: give the value a name with `let` first
            let m = self.loose.add(self.hand as u32);
                accepted
            let m = self.set({ self.table[1] = 2; 1 });
                22:20: error[E0506]: cannot assign to this: the call around borrows it; help: give the value a name with `let` first
            let t = self.table;
                accepted
            let t = [1, 2, 3];
                accepted
            self.table = [0; SIZE];
                accepted
            let m = Mode::On; let n = m; let o = m;
                22:38: error[E0382]: use of moved value: `m`; help: it, or a part of it, was moved away before: lend it with `&`, or add `#[derive(Clone, Copy)]` to `Mode`
            let m = [Loose { n: 1 }; 2];
                22:10: error[E0277]: a value of type `Loose` cannot be repeated: it is not `Copy`; help: add `#[derive(Clone, Copy)]` to it, or make the value a `const`
        "#]],
    );
}

#[test]
fn patterns_have_to_cover_and_to_fit() {
    check_statements(
        r#"
        match x { 0 => {} 1..=9 => {} }
        match self.maybe { Some(y) => {} }
        match self.maybe { Some(0) => {} None => {} }
        match sys.allocate() { Ok(f) => {} Err(SysError::Limit) => {} }
        match x > 1 { true => {} }
        match fault() { _ => {} }
        match x { 0 => {} y if y > 1 => {} }
        match x { true => {} _ => {} }
        match x { Some(y) => {} _ => {} }
        match x { 5..=1 => {} _ => {} }
        match x { 5..5 => {} _ => {} }
        match x { 4294967296 => {} _ => {} }
        match x { 1 | y => {} }
        match x { ref y => {} }
        match x { y @ 1 => {} _ => {} }
        match self.pair { Pair { a, b } => {} }
        match self.maybe { Some(1, 2) => {} _ => {} }
        match x { SIZE => {} _ => {} }
        match self.frame { Frame => {} }
        let Some(y) = self.maybe;
        let Some(y) = self.maybe else { 1; };
        let 1 = x;
        let SIZE = self.hand;
        let (a, b) = x;
        let y;
        "#,
        expect![[r#"
            match x { 0 => {} 1..=9 => {} }
                22:7: error[E0004]: non-exhaustive patterns: `10` not covered; help: add an arm: `10 => …`
            match self.maybe { Some(y) => {} }
                22:7: error[E0004]: non-exhaustive patterns: `None` not covered; help: add an arm: `None => …`
            match self.maybe { Some(0) => {} None => {} }
                22:7: error[E0004]: non-exhaustive patterns: `Some(1)` not covered; help: add an arm: `Some(1) => …`
            match sys.allocate() { Ok(f) => {} Err(SysError::Limit) => {} }
                22:7: error[E0004]: non-exhaustive patterns: `Err(SysError::NoFreeFrame)` not covered; help: add an arm: `Err(SysError::NoFreeFrame) => …`
            match x > 1 { true => {} }
                22:7: error[E0004]: non-exhaustive patterns: `false` not covered; help: add an arm: `false => …`
            match fault() { _ => {} }
                22:7: error[E0425]: cannot find function `fault` in this scope
            match x { 0 => {} y if y > 1 => {} }
                22:7: error[E0004]: non-exhaustive patterns: `1` not covered; help: add an arm: `1 => …`
            match x { true => {} _ => {} }
                22:11: error[E0308]: mismatched types: expected `u32`, found `bool`
            match x { Some(y) => {} _ => {} }
                22:11: error[E0308]: mismatched types: expected `u32`, found `Option<_>`
            match x { 5..=1 => {} _ => {} }
                22:11: error[E0030]: lower range bound must be less than or equal to upper
            match x { 5..5 => {} _ => {} }
                22:11: error[E0579]: lower range bound must be less than upper
            match x { 4294967296 => {} _ => {} }
                22:11: error: literal out of range for `u32`
            match x { 1 | y => {} }
                22:11: error: a name within `|` is outside the subset of Rust for policies; help: write an arm for each
            match x { ref y => {} }
                22:11: error: `ref` or `@` in a pattern is outside the subset of Rust for policies; help: name the value with `let` first
            match x { y @ 1 => {} _ => {} }
                22:11: error: `ref` or `@` in a pattern is outside the subset of Rust for policies; help: name the value with `let` first
            match self.pair { Pair { a, b } => {} }
                22:19: error: a struct in a pattern is outside the subset of Rust for policies; help: name the value, then its fields
            match self.maybe { Some(1, 2) => {} _ => {} }
                22:20: error[E0023]: this pattern takes one value within `(…)`
            match x { SIZE => {} _ => {} }
                22:11: error[E0308]: mismatched types: expected `u32`, found `usize`
            match self.frame { Frame => {} }
                22:20: error: a variable with the name of a constant or type is outside the subset of Rust for policies; help: rename it
            let Some(y) = self.maybe;
                22:5: error[E0005]: refutable pattern in `let`: `None` not covered; help: write `let … else { … };`, `if let` or `match`
            let Some(y) = self.maybe else { 1; };
                22:31: error[E0308]: the `else` of a `let` has to leave: `return`, `break` or `continue`
            let 1 = x;
                22:5: error[E0005]: refutable pattern in `let`: `0` not covered; help: write `let … else { … };`, `if let` or `match`
            let SIZE = self.hand;
                22:5: error[E0005]: refutable pattern in `let`: `0` not covered; help: write `let … else { … };`, `if let` or `match`
            let (a, b) = x;
                22:5: error: a tuple or slice is outside the subset of Rust for policies; help: name each value
            let y;
                22:5: error[E0282]: type annotations needed; help: say the type: `let x: Option<u32> = None;`
        "#]],
    );
}
